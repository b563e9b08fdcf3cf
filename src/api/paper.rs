//! What is asked and answered about papers: what a template asks for, what a case has for it, the
//! numbers that were given out, and the templates that an office has loaded.
//!
//! Words stay words until they are written: a paper is in the language of the office.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::api::refusal::Refusal;
use crate::domain::act::Act;
use crate::domain::ids::{CaseId, PersonId, RecordRef, Version};
use crate::domain::paper::{Fit, Paper, Template};

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
    /// What was typed for placeholders that are weighed: to whom it goes, what is computed with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub typed: Vec<(String, String)>,
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

/// The papers that can be made of a case, those that fit it first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperOffers {
    /// The case.
    pub case: CaseId,
    /// Its version.
    pub version: Version,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Whether only its readers see it.
    #[serde(default)]
    pub sealed: bool,
    /// What may be done with it, and why not.
    pub permits: Vec<(Act, Option<String>)>,
    /// Its petitioners, of whom a paper for one person alone names one.
    pub petitioners: Vec<(PersonId, String)>,
    /// The papers.
    pub offers: Vec<PaperOffer>,
}

/// A paper that can be made of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperOffer {
    /// The paper.
    pub paper: Paper,
    /// How it fits.
    pub fit: Fit,
    /// The number under which it was made last in this cycle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The number that it would get now. Of a sealed case it is not said: it would tell how many
    /// other such papers there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The number of the step by which it was made last in this cycle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
    /// That the one which was made last was voided, and it was not made again since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voided: Option<VoidedPaper>,
    /// The day on which it was made last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_on: Option<NaiveDate>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The day on which happened what it tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_on: Option<NaiveDate>,
    /// The file of the template that the office has loaded for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// That a paper was voided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoidedPaper {
    /// Why.
    pub why: String,
    /// The day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// Who voided it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The number that is not used any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// Which paper of what, and what is said for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The case.
    pub case: CaseId,
    /// The paper.
    pub paper: Paper,
    /// The petitioner, where it is about one alone.
    pub person: Option<PersonId>,
    /// What was typed for placeholders, by key.
    pub typed: Vec<(String, String)>,
    /// Why ID numbers are needed.
    pub reason: String,
    /// What becomes of a placeholder that has nothing.
    pub blanks: Blanks,
    /// The number of a paper that was made already and is written once more.
    pub again: Option<String>,
}

/// What becomes of a placeholder that has nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blanks {
    /// The paper is not made.
    Refused,
    /// A blank stands there, to be filled by hand.
    Left,
}

/// A paper as it would be.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Its lines.
    pub lines: Vec<String>,
    /// The labels of what is empty and must not be.
    pub empty: Vec<String>,
    /// What it says in one place each, in the order in which it does.
    pub says: Vec<Saying>,
    /// Whether it shows ID numbers, so that a reason is wanted.
    pub shows_id_numbers: bool,
    /// Why it would not be written as it is typed.
    pub refused: Option<Refusal>,
}

/// What stands for a placeholder of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saying {
    /// Its key.
    pub key: String,
    /// Its label.
    pub label: String,
    /// What stands there; empty if nothing does.
    pub text: String,
    /// Whether something must stand there.
    pub is_needed: bool,
}

/// A paper that was written into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// Where it lies.
    pub place: String,
    /// The case.
    pub case: CaseId,
    /// The paper.
    pub paper: Paper,
    /// The petitioner, where it is about one alone.
    pub person: Option<PersonId>,
    /// Its number, if it has one.
    pub number: Option<String>,
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
    /// The case, if one may know of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<CaseId>,
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
