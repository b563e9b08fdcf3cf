//! What is asked and answered about papers: what a template asks for, what a case has for it, the
//! numbers that were given out, and the templates that an office has loaded.
//!
//! Words stay words until they are written: a paper is in the language of the office.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::ids::{CaseId, PersonId, RecordRef};
use crate::domain::paper::{Paper, Template};

/// The most bytes of a template.
pub const TEMPLATE_BYTES_MAX: usize = 512 << 10;
/// The most bytes of a template that one call brings.
pub const PIECE_BYTES: usize = 16 << 10;

/// What a template asks of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperQuery {
    /// The case.
    pub case: CaseId,
    /// The paper.
    pub paper: Paper,
    /// The keys of the placeholders.
    pub keys: Vec<String>,
    /// The petitioner, where the paper is about one alone and the case has several.
    #[serde(default)]
    pub person: Option<PersonId>,
    /// Whether it is looked at or written.
    pub use_of: PaperUse,
}

/// What the values are for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperUse {
    /// To be looked at: numbers of persons are masked.
    Preview,
    /// To be written: numbers of persons are in clear, and that is on disk before the answer.
    Write {
        /// The number that was given out for it, if the paper has one.
        number: Option<String>,
        /// Why ID numbers are needed, where the template asks for them.
        reason: String,
    },
}

/// What a case has for a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperView {
    /// The case's number.
    pub case: String,
    /// What stands for each placeholder; one that has nothing is left out.
    pub values: Vec<(String, Said)>,
    /// What stands in the rows of tables, by the word of the list.
    pub lists: PaperLists,
    /// The case and the persons that it tells of, for the access log alone.
    #[serde(skip)]
    pub shown: Vec<RecordRef>,
}

/// The rows of tables, by the word of their list.
pub type PaperLists = Vec<(String, Vec<PaperRow>)>;

/// A row of a table: what stands for each placeholder of the list.
pub type PaperRow = Vec<(String, Said)>;

/// What stands for a placeholder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said {
    /// Text as it is.
    #[serde(rename = "t")]
    Text(String),
    /// A word, by its key in the catalogue.
    #[serde(rename = "w")]
    Word(String),
    /// A day.
    #[serde(rename = "d")]
    Day(NaiveDate),
    /// A day of a year whose calendar is not out yet.
    #[serde(rename = "p")]
    Provisional(NaiveDate),
    /// A whole number.
    #[serde(rename = "n")]
    Count(u32),
    /// An article, or the number of a letter.
    #[serde(rename = "b")]
    Basis(String),
}

/// A template that an office has loaded, and a piece of its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateView {
    /// The paper.
    pub paper: Paper,
    /// The template.
    pub template: Template,
}

/// Which part of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateQuery {
    /// The paper.
    pub paper: Paper,
    /// From which byte on.
    pub from: u64,
}

/// A number in its series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberRow {
    /// The paper.
    pub paper: Paper,
    /// The first serial that the row is about.
    pub serial: u32,
    /// The last one.
    pub until: u32,
    /// How it looks; of several the first.
    pub number: String,
    /// What became of it.
    pub state: NumberState,
    /// The day on which it was given out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// Who made the paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The case's number, if one may know of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Why it is not used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What became of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberState {
    /// A paper bears it.
    Used,
    /// It was voided.
    Voided,
    /// It was used before this ledger, or left out.
    Skipped,
    /// Its paper belongs to a case that one may not know of.
    Withheld,
    /// Nothing bears it any more, and nobody has said why.
    Gap,
}

impl NumberState {
    /// The word of the state.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Voided => "voided",
            Self::Skipped => "skipped",
            Self::Withheld => "withheld",
            Self::Gap => "gap",
        }
    }
}
