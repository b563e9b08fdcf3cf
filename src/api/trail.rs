//! Rows of the two logs, as replies carry them.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::domain::ids::{RecordRef, Revision, Version};

/// A page of the journal, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalPage {
    /// The rows.
    pub rows: Vec<JournalRow>,
    /// Where to go on; none if there are no more.
    pub more: Option<u64>,
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalRow {
    /// Its number.
    pub sequence: u64,
    /// The revision that the change made.
    pub revision: Revision,
    /// The moment at which it was entered, by the office's clock.
    pub at: NaiveDateTime,
    /// The day on which it happened.
    pub on: NaiveDate,
    /// The login of who did it; none for the program itself.
    pub who: Option<String>,
    /// The word of the act.
    pub act: String,
    /// The word of the act of the change that it takes back or makes again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// What happened to the record: `created`, `changed`, `removed`, `sealed`, `dropped`.
    pub deed: String,
    /// The record; none for a line about a month of the access log.
    pub record: Option<RecordRef>,
    /// What the record is called.
    pub name: String,
    /// The record's version afterwards.
    pub version: Version,
    /// The fields that changed.
    pub fields: Vec<ChangedField>,
}

/// A field that was changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedField {
    /// Its name; `*` for a record that was made or removed as a whole.
    pub field: String,
    /// The word of what was done, of a step of a case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The value before, if it may be shown; of a step its day, of a loading its file.
    pub old: Option<String>,
    /// The value after, if it may be shown, as before.
    pub new: Option<String>,
    /// Whether the values were erased by order.
    pub erased: bool,
    /// What changed within it, each by the whole key of its field; none of them has parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ChangedField>,
}

/// A page of the access log, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessPage {
    /// The rows.
    pub rows: Vec<AccessRow>,
    /// Month and number behind which to go on; none if there are no more.
    pub more: Option<(u32, u64)>,
}

/// One look, search, reveal, export, print or refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRow {
    /// Its month: year times hundred plus month.
    pub month: u32,
    /// Its number within the month.
    pub number: u64,
    /// The moment, by the office's clock.
    pub at: NaiveDateTime,
    /// The ledger's day.
    pub on: NaiveDate,
    /// The login of who looked; none for the program itself.
    pub who: Option<String>,
    /// The word of the act.
    pub act: String,
    /// The records that it was about, with their names.
    pub about: Vec<(RecordRef, String)>,
    /// How many rows were shown or found.
    pub n_rows: u64,
    /// What was typed or answered: `search`, `reason`, `refused`; none if it was erased.
    pub notes: Vec<(String, Option<String>)>,
}
