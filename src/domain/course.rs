//! The course of a case as the clocks see it: what happened on which day.
//!
//! A case is rich; a clock asks little. `Case::course` boils a case and its receipts down to this,
//! and `law` answers it with deadlines. Days are days of the event, not of its entry.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::choice::{Channel, Position};
use crate::domain::ids::ReceiptId;

/// Something that may start, meet or end a clock. The words are those of `data/law`; a step of the
/// procedure is one of these, or it moves no clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A petition came straight to this office (Reg. 23(1)).
    ReceivedDirect,
    /// A petition came by transfer or assignment (Reg. 23(3)).
    ReceivedTransfer,
    /// This office passed the petition on to the body that handles it (Reg. 22(1), 23(1)).
    Forwarded,
    /// The petitioner was told in writing, or on the spot, what happens (Reg. 23).
    Notified,
    /// An objection to a transfer was sent (Reg. 23(3)).
    Objected,
    /// The sender agreed with the objection and took the material back (Reg. 23(3)).
    ObjectionUpheld,
    /// The sender did not agree; the notice clock runs from the receipt as before (Reg. 23(3)).
    ObjectionRefused,
    /// The office took the case on (Reg. 31(6)).
    Accepted,
    /// The office told the petitioner that it will not take the case on.
    Declined,
    /// The office told the petitioner that the matter is not taken on again (Reg. 36(3)).
    DeclinedFinal,
    /// The petitioner was led into another lawful procedure (Reg. 31(1) to (5)).
    Led,
    /// Simplified handling was chosen.
    Simplified,
    /// Simplified handling was given up for the ordinary procedure.
    Ordinary,
    /// The head of the office lengthened the sixty days (Reg. 34).
    Extended,
    /// The petitioner was told the reason of the extension (Reg. 34).
    ExtensionTold,
    /// The written opinion, or the answer to a suggestion, was made (Reg. 29, 32).
    Replied,
    /// The opinion supports a request, in whole or in part (Reg. 32(2)).
    Supported,
    /// What the opinion supports was carried out (Reg. 32(2)).
    Executed,
    /// The opinion reached the petitioner; never recorded while the delivery is in doubt (Reg. 35).
    Delivered,
    /// The body above received the request for a review (Reg. 35).
    ReviewAsked,
    /// The opinion of the review was made (Reg. 35).
    ReviewReplied,
    /// The opinion of the review reached the petitioner (Reg. 36(1)).
    ReviewDelivered,
    /// The body above the reviewing one received the request for a second review (Reg. 36(1)).
    SecondReviewAsked,
    /// The opinion of the second review was made; the procedure is at its end (Reg. 36(3)).
    SecondReviewReplied,
    /// It became known that the matter is major or urgent (Reg. 25).
    Urgent,
    /// A major or urgent matter was reported (Reg. 25).
    UrgentReported,
    /// The procedure was concluded (Reg. 34).
    Concluded,
    /// The report went to the body that assigned the case (Reg. 22(1)(iii)).
    Reported,
    /// The matter was settled with the petitioner.
    Settled,
    /// The superior struck the matter off its list.
    StruckOff,
    /// The petitioner took the petition back.
    Withdrawn,
    /// The matter was joined to another, which carries the clocks now.
    Merged,
    /// The matter was handed over to the body that has the power.
    HandedOver,
    /// The procedure was ended for another reason: death, or nobody can be reached.
    Terminated,
    /// The case was opened again; what follows belongs to a new round.
    Reopened,
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

/// An extension of the sixty days that was approved (Reg. 34); the law counts it if it is lawful.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Calendar days added.
    pub days: u32,
    /// The day on which the head of the office approved it.
    pub approved_on: NaiveDate,
}

/// Why a time does not count; a limit names the grounds that it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// A hearing (Reg. 36(2): in a second review).
    Hearing,
    /// An expert's appraisal, test or survey.
    Appraisal,
    /// Another lawful procedure on which the result depends.
    Procedure,
    /// Force majeure.
    ForceMajeure,
}

impl Ground {
    /// All grounds.
    pub const ALL: [Self; 4] =
        [Self::Hearing, Self::Appraisal, Self::Procedure, Self::ForceMajeure];
}

/// A time that does not count: the days `d` with `from < d <= to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Why.
    pub ground: Ground,
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
    /// The days set by bodies that assigned the case, in the order of their letters (Reg. 22).
    pub assigned: Vec<Assigned>,
    /// How each receipt came, where it is known; some channels have limits of their own.
    pub channels: BTreeMap<ReceiptId, Channel>,
    /// Which article binds the office (Reg. 22 or 23); none if it is not known.
    pub position: Option<Position>,
}

/// A date that an assigning body set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// What kind of letter it is.
    pub kind: Letter,
    /// The day of the letter.
    pub from: NaiveDate,
    /// The day by which the body wants its report.
    pub due_on: NaiveDate,
    /// The letter's number, which is the clock's basis.
    pub letter: String,
}

/// What a letter of an assigning body does to its date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Letter {
    /// It assigns the matter: a clock of its own.
    Assignment,
    /// It gives more time for the newest assignment (not Reg. 34): that clock's day is another.
    MoreTime,
    /// It returns the report for correction with a new day: a new clock.
    Returned,
}
