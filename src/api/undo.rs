//! The words of taking a change back: which one, what it would do, and what stays.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use crate::api::handover::Why;
use crate::api::trail::ChangedField;
use crate::domain::ids::{RecordRef, RequestId};

/// The most records and the most kept ones that a view lists.
pub const SHOWN_MAX: usize = 100;

/// Whether a change is taken back or made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UndoWay {
    /// It is taken back.
    #[default]
    Undo,
    /// It is made again.
    Redo,
}

/// Which change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoQuery {
    /// Which way.
    pub way: UndoWay,
    /// The change; the newest of one's own that can come next if none is named.
    pub change: Option<RequestId>,
}

/// What taking a change back, or making it again, would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoView {
    /// Which way.
    pub way: UndoWay,
    /// The change; none if there is none that can come next.
    pub change: Option<RequestId>,
    /// The word of its act.
    pub act: String,
    /// Who made it.
    pub who: Option<String>,
    /// When it was made.
    pub at: Option<NaiveDateTime>,
    /// Whether it was made on many records at once, so that a part of them may stay.
    pub batch: bool,
    /// How many records would be changed.
    pub count: u64,
    /// The first of them.
    pub rows: Vec<UndoRow>,
    /// How many records would stay as they are.
    pub n_kept: u64,
    /// The first of them.
    pub kept: Vec<KeptRow>,
    /// Why nothing can be done, if so.
    pub why: Why,
    /// The change of one's own before this one.
    pub older: Option<RequestId>,
}

/// A record that would be changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoRow {
    /// Which.
    pub record: RecordRef,
    /// What it is called.
    pub name: String,
    /// What would happen to it: `changed`, `removed`, `created`.
    pub deed: String,
    /// Its fields, with the value now and the value then.
    pub fields: Vec<ChangedField>,
    /// The words of the steps that would go.
    pub gone: Vec<String>,
    /// The words of the steps that would come back.
    pub back: Vec<String>,
}

/// A record that would stay as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRow {
    /// Which.
    pub record: RecordRef,
    /// What it is called.
    pub name: String,
    /// Why: the key of the reason, and the values that it names.
    pub why: Why,
    /// The field that was changed since, if that is why.
    pub field: Option<String>,
}
