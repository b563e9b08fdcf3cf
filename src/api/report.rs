//! Reports at the door: what came in, what was done in time and how it ended, in some days and in
//! those that they are compared with.
//!
//! Numbers only: nothing in them is about one person or one matter.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::api::figure::Counted;
use crate::domain::report::{ReportKind, Span};

/// Which report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportQuery {
    /// Of which kind.
    pub kind: ReportKind,
    /// Up to which day; today if none is named.
    #[serde(default)]
    pub until: Option<NaiveDate>,
    /// What for and to whom it goes out; none if it is only looked at.
    #[serde(default)]
    pub said: Option<ReportSaid>,
}

/// What for and to whom a report goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSaid {
    /// What for.
    pub purpose: String,
    /// To whom.
    pub recipient: String,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportView {
    /// Its kind.
    pub kind: ReportKind,
    /// The town's name.
    pub town: String,
    /// The day on which it was made.
    pub today: NaiveDate,
    /// Its days, those before, and the same of last year.
    pub spans: [Span; 3],
    /// What was counted in each of them.
    pub total: [Tally; 3],
    /// The same by channel, kind, village and unit, each in a fixed order that no count changes.
    pub rows: Vec<ReportRow>,
    /// The matters that are open on the day on which it was made.
    pub open: Counted,
    /// Whether there were more matters than were looked at.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

/// What was counted of one value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRow {
    /// By what.
    pub by: ReportBy,
    /// The word of the value, if it is one of a closed list; none for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    /// The name of the unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What was counted in each of the days.
    pub counts: [Tally; 3],
}

/// By what receipts and matters are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportBy {
    /// How they came.
    Channel,
    /// The procedure that governs them.
    Kind,
    /// Where they are about.
    Village,
    /// Who answers for them.
    Unit,
}

/// What a report counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Receipts.
    pub receipts: u64,
    /// Receipts that were visits.
    pub visits: u64,
    /// People who came, wrote or signed.
    pub people: u64,
    /// New matters.
    pub matters: u64,
    /// Matters that were taken on.
    pub accepted: u64,
    /// Matters that were not taken on, or no longer.
    pub declined: u64,
    /// Matters that went to another body or into another procedure.
    pub forwarded: u64,
    /// Notices whose last day it was, and that were given in time.
    pub notices_met: u64,
    /// Notices whose last day it was, and that were late.
    pub notices_late: u64,
    /// Ends of the sixty days, and the matter was concluded in time.
    pub ends_met: u64,
    /// Ends of the sixty days, and it was concluded late or not yet.
    pub ends_late: u64,
    /// Extensions.
    pub extended: u64,
    /// Matters whose procedure was concluded.
    pub concluded: u64,
    /// Matters that were settled.
    pub settled: u64,
    /// Reviews that were asked for.
    pub reviews: u64,
    /// Second reviews that were asked for.
    pub second_reviews: u64,
    /// Matters that were opened again.
    pub reopened: u64,
}

impl Tally {
    /// What was counted, each by its word, in the order of a report.
    pub const fn named(&self) -> [(&'static str, u64); 17] {
        [
            ("receipts", self.receipts),
            ("visits", self.visits),
            ("people", self.people),
            ("matters", self.matters),
            ("accepted", self.accepted),
            ("declined", self.declined),
            ("forwarded", self.forwarded),
            ("notices_met", self.notices_met),
            ("notices_late", self.notices_late),
            ("ends_met", self.ends_met),
            ("ends_late", self.ends_late),
            ("extended", self.extended),
            ("concluded", self.concluded),
            ("settled", self.settled),
            ("reviews", self.reviews),
            ("second_reviews", self.second_reviews),
            ("reopened", self.reopened),
        ]
    }
}
