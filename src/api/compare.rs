//! The ledger beside an export of the state system: what stands where, and where both differ.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::api::report::ReportSaid;
use crate::domain::ids::CaseId;

/// The most rows of one page.
pub const PAGE_ROWS: usize = 500;

/// What is compared with the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareQuery {
    /// The name under which the rows of the export are kept aside.
    pub file: String,
    /// Whether the rows that are the same are wanted too; they are counted in any case.
    pub same: bool,
    /// What for and to whom, if the answer goes out as a file.
    pub said: Option<ReportSaid>,
}

/// A further page of a comparison that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparePiece {
    /// Which, as its first page said.
    pub ticket: u64,
    /// Rows from this place on.
    pub from: u64,
}

/// What a comparison found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareView {
    /// Under which its further pages are asked for; 0 if there are none.
    pub ticket: u64,
    /// The town's name.
    pub town: String,
    /// The day of it.
    pub today: NaiveDate,
    /// The first and the last day of the export: what is here alone is told of these days only.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// How many rows stand in which list, in the order of the lists.
    pub counts: Vec<(Found, u64)>,
    /// The rows of this page, list by list.
    pub rows: Vec<CompareRow>,
    /// Whether there are more.
    pub more: bool,
}

/// In which list a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// Here, and not there.
    Here,
    /// There, and not here.
    There,
    /// Both, and not the same.
    Differs,
    /// Here, without a number by which it could be found there.
    BareHere,
    /// There, without a number.
    BareThere,
    /// Both, and the same.
    Same,
}

impl Found {
    /// All lists, what asks for something first.
    pub const ALL: [Self; 6] =
        [Self::Here, Self::There, Self::Differs, Self::BareHere, Self::BareThere, Self::Same];

    /// The word of the list.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::There => "there",
            Self::Differs => "differs",
            Self::BareHere => "bare_here",
            Self::BareThere => "bare_there",
            Self::Same => "same",
        }
    }
}

/// A receipt here, a row there, or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareRow {
    /// In which list it stands.
    pub found: Found,
    /// The state system's number, or the query code where there is no number.
    pub state_number: Option<String>,
    /// The case here.
    pub case: Option<CaseId>,
    /// Its printed number.
    pub number: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Whose it is, here or else there.
    pub name: Option<String>,
    /// The day on which it came, here or else there.
    pub on: Option<NaiveDate>,
    /// The row of the export.
    pub row: Option<u32>,
    /// What differs.
    pub fields: Vec<Differing>,
}

/// A field that is not the same here and there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differing {
    /// The field, a key under `compare.field.`.
    pub field: String,
    /// What stands here.
    pub here: Option<String>,
    /// What stands there.
    pub there: Option<String>,
}
