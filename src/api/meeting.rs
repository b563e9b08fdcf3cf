//! What is asked and answered about meetings: the matters on the list, and what was decided.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::api::reply::{CaseRow, DeadlineView};
use crate::api::request::Cursor;
use crate::domain::act::Act;
use crate::domain::ids::{CaseId, DecisionId, OfficerId, Version};
use crate::domain::meeting::{Outcome, Tabled};

/// The matters on the list of the meeting.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingView {
    /// They, in the order of the list.
    pub rows: Vec<TabledRow>,
    /// Whether there are more than one list holds.
    pub more: bool,
}

/// A matter on the list of the meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TabledRow {
    /// The case.
    pub case: CaseRow,
    /// What it asks for, word for word.
    pub request: String,
    /// What was done last: its day, the word of its deed, and what was said about it.
    pub last: Option<(NaiveDate, String, Option<String>)>,
    /// What the list says of it.
    pub tabled: Tabled,
    /// The name of whoever put it there.
    pub by: Option<String>,
    /// How many decisions on it are still owed.
    pub n_owed: u32,
    /// What may be done with it, and why not.
    pub permits: Vec<(Act, Option<String>)>,
}

/// Which decisions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionPart {
    /// Those that are owed, the earliest first.
    #[default]
    Owed,
    /// Those that are done, the newest first.
    Done,
    /// Those of the meeting of a day, in the order of their making.
    Of(NaiveDate),
}

/// Which page of decisions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionQuery {
    /// Which part.
    #[serde(default)]
    pub part: DecisionPart,
    /// Only those that this officer answers for.
    #[serde(default)]
    pub officer: Option<OfficerId>,
    /// Continue after this place.
    #[serde(default)]
    pub after: Option<Cursor>,
    /// The most rows wanted.
    #[serde(default)]
    pub most: u32,
}

/// A page of decisions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionPage {
    /// The rows.
    pub rows: Vec<DecisionRow>,
    /// Whether there are rows after these.
    pub after: bool,
}

/// A decision as a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRow {
    /// Which.
    pub id: DecisionId,
    /// Its version.
    pub version: Version,
    /// The case.
    pub case: CaseId,
    /// The printed number of the case.
    pub number: String,
    /// The title of the case.
    pub title: String,
    /// The village of the case.
    pub village: Option<String>,
    /// The day of the meeting.
    pub met_on: NaiveDate,
    /// What is to be done.
    pub text: String,
    /// The name of whoever answers for it.
    pub officer: Option<String>,
    /// By when, as a clock; of what is done, the day on which it was due.
    pub clock: DeadlineView,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// The name of whoever wrote it down.
    pub by: Option<String>,
    /// The place of this row in its list.
    pub cursor: Cursor,
    /// What may be done with it, and why not.
    pub permits: Vec<(Act, Option<String>)>,
}
