//! What a clerk has printed of what a screen shows: which document, what for and to whom.

use serde::{Deserialize, Serialize};

use crate::api::report::ReportQuery;
use crate::api::request::Whose;
use crate::domain::cut::Cut;
use crate::domain::ids::OfficerId;

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Print {
    /// A page of what each of these officers leads; of all who lead something if none is named.
    Leads(Vec<OfficerId>),
    /// What somebody is reminded of today, which names nobody.
    Reminder(Whose),
    /// The list of the meeting, masked.
    Meeting,
    /// A report.
    Report(ReportQuery),
    /// The ledger beside an export of the state system that is kept aside under this name.
    Compare(String),
    /// A count on demand.
    Cut(Cut),
}

impl Print {
    /// Whether what for and to whom is asked: where names go out, and with reports.
    pub const fn is_asked_for(&self) -> bool {
        match self {
            Self::Leads(_) | Self::Report(_) | Self::Compare(_) | Self::Cut(_) => true,
            Self::Reminder(_) | Self::Meeting => false,
        }
    }
}

/// A document that is wanted as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintWanted {
    /// Which.
    pub print: Print,
    /// What for.
    pub purpose: String,
    /// To whom.
    pub recipient: String,
    /// Whether sealed matters go out too, if the asker is one of their readers.
    pub sealed: bool,
}
