//! The course of a case as the clocks see it: what happened on which day.
//!
//! A case is rich; a clock asks little. `Case::course` boils a case and its receipts down to this,
//! and `law` answers it with deadlines. Days are days of the event, not of its entry.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::ids::ReceiptId;

/// Something that may start, meet or end a clock. The words are those of `data/law`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A petition came straight to this office (Reg. 23(1)).
    ReceivedDirect,
    /// A petition came by transfer or assignment (Reg. 23(3)).
    ReceivedTransfer,
    /// The petitioner was told in writing, or on the spot, what happens (Reg. 23).
    Notified,
    /// An objection to a transfer was sent (Reg. 23(3)).
    Objected,
    /// The office took the case on (Reg. 31(6)).
    Accepted,
    /// The office told the petitioner that it will not take the case on, or led them elsewhere.
    Declined,
    /// The written opinion was made (Reg. 32).
    Replied,
    /// The opinion reached the petitioner (Reg. 35).
    Delivered,
    /// The procedure was concluded (Reg. 34).
    Concluded,
    /// The report went to the body that assigned the case (Reg. 22(1)(iii)).
    Reported,
    /// The matter was settled with the petitioner.
    Settled,
}

/// One event on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// What happened.
    pub event: Event,
    /// The day on which it happened.
    pub on: NaiveDate,
    /// The receipt that it is about; none if it is about the case as a whole.
    pub receipt: Option<ReceiptId>,
}

/// A lawful extension of the sixty days (Reg. 34).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Calendar days added.
    pub days: u32,
    /// The day on which the head of the office approved it.
    pub approved_on: NaiveDate,
}

/// A time that does not count: the days `d` with `from < d <= to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// The day on which the clock stopped.
    pub from: NaiveDate,
    /// The day on which it went on; none while it is still stopped.
    pub to: Option<NaiveDate>,
}

/// Everything that the clocks of one case depend on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Course {
    /// Whether clocks run at all; not for a matter taken over from an old ledger.
    pub counts: bool,
    /// The procedure that governs the case, as the text of its article: `29`, `30`, `31(6)`;
    /// none while undecided.
    pub route: Option<&'static str>,
    /// Whether the written notice is excused because name or address is unclear (Reg. 23(2)).
    pub notice_excused: bool,
    /// What happened, in the order of days.
    pub occurrences: Vec<Occurrence>,
    /// Extensions granted.
    pub extensions: Vec<Extension>,
    /// Times that do not count.
    pub pauses: Vec<Pause>,
    /// The day agreed with the petitioner or set by the office itself (化解时限), its own clock.
    pub agreed_on: Option<NaiveDate>,
    /// The day set by the body that assigned the case, with the number of its letter (Reg. 22).
    pub assigned: Option<Assigned>,
}

/// The date that an assigning body set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// The day of the letter.
    pub from: NaiveDate,
    /// The day by which the body wants its report.
    pub due_on: NaiveDate,
    /// The letter's number, which is the clock's basis.
    pub letter: String,
}
