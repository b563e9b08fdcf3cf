//! Counts on demand at the door, and the figures that were given of them.
//!
//! Numbers only: nothing in them is about one person or one matter.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::api::report::ReportSaid;
use crate::domain::act::Act;
use crate::domain::cut::Cut;
use crate::domain::ids::GivenId;
use crate::domain::listing::Value;
use crate::domain::report::Span;

/// What is asked about counts on demand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutQuery {
    /// A count.
    Count {
        /// What is counted.
        cut: Cut,
        /// What for and to whom it goes out; none if it is only looked at.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said: Option<ReportSaid>,
    },
    /// The figures that were given, the newest first: of a year, or of all.
    Given {
        /// The year in which they were given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        year: Option<i32>,
    },
    /// A figure that was given, beside what is counted now.
    Figure(GivenId),
}

impl CutQuery {
    /// The act that policy judges: whoever may see cases may count those that they see, but what
    /// was given is the office's.
    pub const fn act(&self) -> Act {
        match self {
            Self::Count { .. } => Act::ListCases,
            Self::Given { .. } | Self::Figure(_) => Act::ReadFigures,
        }
    }
}

/// A count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutView {
    /// What was counted.
    pub cut: Cut,
    /// The town's name.
    pub town: String,
    /// The day on which it was counted.
    pub today: NaiveDate,
    /// Its days, those before, and the same of last year.
    pub spans: [Span; 3],
    /// The rows, in an order that no count changes.
    pub rows: Vec<CutHead>,
    /// The columns in which anything stands, in such an order; none if it has none.
    pub columns: Vec<CutHead>,
    /// What was counted in its days, row by row, column by column.
    pub cells: Vec<Vec<u64>>,
    /// What was counted in all, in each of the days.
    pub total: [u64; 3],
    /// How many receipts of matters of an old ledger came in its days; they are not counted.
    pub history: u64,
    /// How many receipts of sealed matters that the asker reads came in its days; they are not
    /// counted either, so that the count says the same whoever asks.
    pub sealed: u64,
    /// How many rows and columns there are besides.
    #[serde(default, skip_serializing_if = "is_none")]
    pub left_out: u64,
    /// Whether there were more receipts than were looked at.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut_off: bool,
}

/// A row or a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutHead {
    /// What stands there.
    pub value: Value,
    /// Its name, if it is a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What was counted in each of the days.
    pub counts: [u64; 3],
}

/// Figures that were given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenPage {
    /// The newest of them.
    pub rows: Vec<GivenRow>,
    /// How many there are of that year, or of all.
    pub n_all: u64,
    /// The years in which some were given, the newest first.
    pub years: Vec<i32>,
}

/// A figure that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenRow {
    /// Its number.
    pub id: GivenId,
    /// What was counted.
    pub cut: Cut,
    /// The number that was said.
    pub value: u32,
    /// The day on which it was said.
    pub on: NaiveDate,
    /// To whom.
    pub to: String,
    /// Who said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What there is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A figure that was given, beside what is counted now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenView {
    /// The figure.
    pub row: GivenRow,
    /// What is counted in all now.
    pub now: u64,
    /// Today.
    pub today: NaiveDate,
    /// Each number then and now, in an order that no count changes.
    pub lines: Vec<GivenLine>,
}

/// A number of a figure, then and now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenLine {
    /// The row; none for all rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<Value>,
    /// Its name, if it is a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row_name: Option<String>,
    /// The column; none for all columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<Value>,
    /// Its name, if it is a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column_name: Option<String>,
    /// How many were said.
    pub then: u64,
    /// How many are counted now.
    pub now: u64,
}

// The lint wants a value because a number is small; serde hands a reference.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_none(count: &u64) -> bool {
    *count == 0
}
