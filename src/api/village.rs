//! The form of a village for a period of recurring work: as it goes out, and as it comes back.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::api::compare::{ComparePiece, CompareQuery};
use crate::api::handover::Why;
use crate::api::like::{LikeCase, LikePerson};
use crate::domain::act::Act;
use crate::domain::case::Stage;
use crate::domain::choice::ReportWord;
use crate::domain::ids::{CaseId, DutyId, PersonId};

/// The most rows of one page of what a returned form would do.
pub const PAGE_ROWS: usize = 100;

/// About tables that go out to villages, come back from them, or come from the state system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetQuery {
    /// The form of a village that leaves the ledger.
    Form(FormQuery),
    /// What a staged form that a village sent back would do.
    Return(ReturnTerms),
    /// The ledger beside a staged export of the state system.
    Compare(CompareQuery),
    /// A further page of it.
    ComparePiece(ComparePiece),
}

impl SheetQuery {
    /// The act that policy judges.
    pub const fn act(&self) -> Act {
        match self {
            Self::Form(_) => Act::Export,
            Self::Return(_) => Act::TakeReturn,
            // Whoever may bring a file in compares one; a list of names is none for a meeting.
            Self::Compare(_) | Self::ComparePiece(_) => Act::Import,
        }
    }
}

/// Which form goes out, what for and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormQuery {
    /// The duty of a village.
    pub duty: DutyId,
    /// The key of the period.
    pub period: String,
    /// What for.
    pub purpose: String,
    /// To whom.
    pub recipient: String,
}

/// What stands on a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormView {
    /// By what it is known.
    pub form: String,
    /// The town's name.
    pub town: String,
    /// The duty's number and what is to be done.
    pub duty: (String, String),
    /// The key of the period.
    pub period: String,
    /// By when it is owed.
    pub due: NaiveDate,
    /// Whether a zero report is one.
    pub zero: bool,
    /// The village's name.
    pub village: String,
    /// The village's open matters.
    pub matters: Vec<FormMatter>,
    /// The village's open tasks.
    pub tasks: Vec<FormTask>,
    /// How many of the matters that the asker sees are not for the village: sealed, or about it.
    pub n_left_out: u64,
}

/// A matter on a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormMatter {
    /// By what the row is known.
    pub row: String,
    /// The printed number.
    pub number: String,
    /// Whose it is; none if anonymous.
    pub person: Option<String>,
    /// Its title.
    pub title: String,
    /// How far it is.
    pub stage: Stage,
    /// Who leads it.
    pub lead: Option<String>,
}

/// A task on a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormTask {
    /// By what the row is known.
    pub row: String,
    /// Its number in the plan.
    pub code: String,
    /// What is to be done.
    pub title: String,
    /// Its last day.
    pub until: NaiveDate,
}

/// Which returned form is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnTerms {
    /// The name under which its rows are kept aside.
    pub file: String,
    /// What the clerk decides about its rows.
    pub decided: Decided,
    /// Rows from this place on.
    pub from: u64,
}

/// What the clerk decides about the rows of a returned form, by their place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Rows that are left out.
    pub without: BTreeSet<u64>,
    /// Where new requests belong; one that is not named is a matter of its own by somebody new.
    pub belongs: BTreeMap<u64, Belongs>,
}

impl Decided {
    /// As an order says it.
    pub fn fields(&self) -> [(&'static str, String); 2] {
        let without: Vec<String> = self.without.iter().map(u64::to_string).collect();
        let belongs =
            self.belongs.iter().map(|(row, belongs)| format!("{row}={}", belongs.print()));
        let belongs: Vec<String> = belongs.collect();
        [("without", without.join(" ")), ("belongs", belongs.join(" "))]
    }

    /// What an order says; what cannot be read decides nothing.
    pub fn parse(without: &str, belongs: &str) -> Self {
        let pair = |pair: &str| {
            let (row, belongs) = pair.split_once('=')?;
            Some((row.parse().ok()?, Belongs::parse(belongs)?))
        };
        Self {
            without: without.split_whitespace().filter_map(|row| row.parse().ok()).collect(),
            belongs: belongs.split_whitespace().filter_map(pair).collect(),
        }
    }
}

/// Where a new request of a returned form belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Belongs {
    /// To a matter that is there: a pending one takes the receipt, one that has ended is repeated.
    Matter(CaseId),
    /// To a person who is known, as a matter of its own.
    Person(PersonId),
}

impl Belongs {
    /// As an order says it, such as `c12` and `p7`.
    fn print(self) -> String {
        match self {
            Self::Matter(id) => format!("c{}", id.0),
            Self::Person(id) => format!("p{}", id.0),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let matter = text.strip_prefix('c').map(|id| id.parse().map(|id| Self::Matter(CaseId(id))));
        let person =
            text.strip_prefix('p').map(|id| id.parse().map(|id| Self::Person(PersonId(id))));
        matter.or(person)?.ok()
    }
}

/// What a returned form would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnView {
    /// By what it is known.
    pub form: String,
    /// The village's name.
    pub village: String,
    /// The duty's number and what is to be done.
    pub duty: (String, String),
    /// The key of the period.
    pub period: String,
    /// By when it is owed.
    pub due: NaiveDate,
    /// What would be reported of the period; none if nothing can be.
    pub word: Option<ReportWord>,
    /// Who reports it.
    pub reporter: Option<String>,
    /// Who signed it.
    pub signer: Option<String>,
    /// The day on which it was reported.
    pub on: NaiveDate,
    /// Why none of it can be taken in.
    pub why_not: Why,
    /// How many rows become what.
    pub counts: ReturnCounts,
    /// The rows of this page, in the order of the file.
    pub rows: Vec<ReturnRow>,
    /// Whether there are more.
    pub more: bool,
}

/// How many rows of a returned form become what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnCounts {
    /// Rows in which nothing was filled in, or only what was entered before.
    pub same: u64,
    /// Steps on matters.
    pub progress: u64,
    /// New requests, each a matter of its own.
    pub fresh: u64,
    /// New requests that hang on a matter that is there.
    pub joined: u64,
    /// Tasks that are done.
    pub tasks: u64,
    /// Rows that are refused.
    pub refused: u64,
    /// Rows that the clerk leaves out.
    pub left_out: u64,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Becomes {
    /// Nothing was filled in, or only what was entered before.
    Same,
    /// A step on a matter.
    Progress,
    /// A new request, as a matter of its own.
    Fresh,
    /// A new request, as a further receipt of a matter that is there.
    Joined,
    /// A task is done.
    Task,
    /// It is refused.
    Refused,
    /// The clerk leaves it out.
    LeftOut,
}

impl Becomes {
    /// The word of it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Progress => "progress",
            Self::Fresh => "fresh",
            Self::Joined => "joined",
            Self::Task => "task",
            Self::Refused => "refused",
            Self::LeftOut => "left_out",
        }
    }
}

/// A row of a returned form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnRow {
    /// Its place among all rows of the file, from 0; by it the clerk leaves it out.
    pub index: u64,
    /// The sheet.
    pub sheet: String,
    /// The row in the sheet, from 1.
    pub row: u32,
    /// What becomes of it.
    pub becomes: Becomes,
    /// What it is about: the number of a case, of a task, a name.
    pub name: String,
    /// What would be written.
    pub text: String,
    /// The day of it.
    pub on: Option<NaiveDate>,
    /// The column that is wrong, by its key under `village.column.`.
    pub column: Option<String>,
    /// Why it is refused; or that it was entered before, if nothing becomes of it.
    pub why: Why,
    /// Matters that a new request may be a part of, the likest first.
    pub like: Vec<LikeCase>,
    /// Persons whose request it may be, the strongest reason first.
    pub persons: Vec<LikePerson>,
    /// Where the clerk says that it belongs.
    pub placed: Option<Placed>,
}

impl ReturnRow {
    /// Whether it is a new request that the clerk can give to a matter or a person.
    pub fn is_new(&self) -> bool {
        matches!(self.becomes, Becomes::Fresh | Becomes::Joined)
    }

    /// The key of what becomes of it.
    pub fn becomes_key(&self) -> String {
        match (self.becomes, &self.why) {
            // Why nothing becomes of it is that it was entered before.
            (Becomes::Same, Some(_)) => "village.becomes.entered".to_owned(),
            (becomes, _) => format!("village.becomes.{}", becomes.word()),
        }
    }
}

/// Where a new request would go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// As the clerk said it.
    pub belongs: Belongs,
    /// What that is called: number and title, or the name.
    pub name: String,
    /// Whether it repeats a matter that has ended.
    pub repeats: bool,
}

impl Placed {
    /// The word of its text.
    pub const fn word(&self) -> &'static str {
        match (self.belongs, self.repeats) {
            (Belongs::Matter(_), false) => "joined",
            (Belongs::Matter(_), true) => "repeats",
            (Belongs::Person(_), _) => "person",
        }
    }
}
