//! What is asked and answered about an export: rows that leave the ledger, from one state of it.
//!
//! The first request says what for and to whom; that is on disk before its answer goes out. The
//! pages behind it come from the state that the first one saw.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::api::campaign::{TaskList, TaskQuery};
use crate::api::request::{AgendaQuery, CaseQuery, Layout, Request};
use crate::api::roster::{PersonQuery, RosterQuery};
use crate::domain::export::Subject;
use crate::domain::ids::{CaseId, EntryId};

/// The most rows that are marked to go out.
pub const MARKED_MAX: usize = 2_000;

/// Which rows go out, in which columns, what for and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportQuery {
    /// Which rows, in which order.
    pub rows: ExportRows,
    /// The keys of the columns, in their order; empty for the usual ones.
    pub columns: Vec<String>,
    /// The keys of columns to be had in clear that are masked otherwise.
    #[serde(default)]
    pub in_clear: Vec<String>,
    /// Why they are needed.
    #[serde(default)]
    pub reason: String,
    /// What for.
    pub purpose: String,
    /// To whom.
    pub recipient: String,
    /// Whether sealed matters go out too, if the asker is one of their readers.
    #[serde(default)]
    pub sealed: bool,
}

/// Which rows go out: a list as it is asked for otherwise. Where its page begins and how long it is
/// counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportRows {
    /// Cases.
    Cases(CaseQuery),
    /// The roster.
    Roster(RosterQuery),
    /// These cases, at most [`MARKED_MAX`], in this order.
    MarkedCases(Vec<CaseId>),
    /// These entries of the roster, at most [`MARKED_MAX`], in this order.
    MarkedEntries(Vec<EntryId>),
    /// Persons.
    Persons(PersonQuery),
    /// Deadlines.
    Deadlines(AgendaQuery),
    /// Tasks of a campaign.
    Tasks(TaskQuery),
    /// Units.
    Units,
    /// Officers.
    Officers,
}

impl ExportRows {
    /// What the rows are.
    pub const fn subject(&self) -> Subject {
        match self {
            Self::Cases(_) | Self::MarkedCases(_) => Subject::Cases,
            Self::Roster(_) | Self::MarkedEntries(_) => Subject::Roster,
            Self::Persons(_) => Subject::Persons,
            Self::Deadlines(_) => Subject::Deadlines,
            Self::Tasks(_) => Subject::Tasks,
            Self::Units => Subject::Units,
            Self::Officers => Subject::Officers,
        }
    }
}

impl ExportRows {
    /// The rows of the list that a question asks for; none if it asks for no list that goes out.
    pub fn of(request: &Request) -> Option<Self> {
        Some(match request {
            Request::Cases(query) => Self::Cases(query.clone()),
            Request::Roster(query) => Self::Roster(query.clone()),
            Request::Persons(query) => Self::Persons(query.clone()),
            Request::Agenda(query) if query.layout == Layout::Deadlines => {
                Self::Deadlines(query.clone())
            }
            Request::Tasks(query) => Self::Tasks(query.clone()),
            Request::Matrix(query) => {
                Self::Tasks(TaskQuery::of(Some(query.plan), TaskList::Phase(query.phase)))
            }
            Request::Units => Self::Units,
            Request::Officers => Self::Officers,
            _ => return None,
        })
    }
}

/// Which page of an export that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportPiece {
    /// The number of the export.
    pub ticket: u64,
    /// From this row on.
    pub from: u64,
}

/// Rows of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportPage {
    /// The number under which the next page is asked for; 0 if there is none.
    pub ticket: u64,
    /// What the rows are.
    pub subject: Subject,
    /// The town's name.
    pub town: String,
    /// The day of the state that they show.
    pub today: NaiveDate,
    /// The keys of the columns.
    pub columns: Vec<String>,
    /// The keys of columns that were asked for and left out, because they are masked.
    pub left_out: Vec<String>,
    /// How many rows there are.
    pub total: u64,
    /// How many sealed matters the asker reads were left out.
    pub n_sealed: u64,
    /// Whether the list was too long to be put in order whole.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// The rows, each with a cell for each column.
    pub rows: Vec<Vec<Option<OutCell>>>,
    /// Whether there are more.
    pub more: bool,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum OutCell {
    /// Text as it is.
    #[serde(rename = "t")]
    Text(String),
    /// A word, by its key in the catalogue.
    #[serde(rename = "w")]
    Word(String),
    /// A day.
    #[serde(rename = "d")]
    Day(NaiveDate),
    /// A whole number.
    #[serde(rename = "n")]
    Count(i64),
    /// What was done, oldest first: the day, the key of the word, and what there is to say.
    #[serde(rename = "s")]
    Steps(Vec<(NaiveDate, String, String)>),
}
