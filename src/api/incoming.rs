//! A file on its way in: pieces of rows, and the terms on which they are tried and taken in.

use serde::{Deserialize, Serialize};

/// A piece of a file: rows of texts under field names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The SHA-256 of the file, in hex.
    pub file: String,
    /// The number of the first row of this piece among all rows of the file, from 0.
    pub first: u64,
    /// The rows.
    pub rows: Vec<ImportRow>,
}

/// One row of a file to import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// The sheet's name.
    pub sheet: String,
    /// The row's number in the sheet, from 1.
    pub row: u32,
    /// Field names and texts.
    pub values: Vec<(String, String)>,
    /// Cells that could not be read, with the key of the reason.
    pub problems: Vec<(String, String)>,
}

/// How a file is taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportTerms {
    /// The SHA-256 of the file, in hex.
    pub file: String,
    /// What its rows become.
    pub book: Book,
    /// Outcomes from this row on, for reading a long report by pages.
    pub from: u64,
    /// What its rows are.
    #[serde(default)]
    pub rows: Rows,
    /// What becomes of rows that are there already.
    #[serde(default)]
    pub known: Known,
}

impl ImportTerms {
    /// The terms for a file of cases, none of which is to be changed.
    pub fn cases(file: &str, book: Book) -> Self {
        let (rows, known) = (Rows::default(), Known::default());
        Self { file: file.to_owned(), book, from: 0, rows, known }
    }
}

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rows {
    /// Cases.
    #[default]
    Cases,
    /// Units.
    Units,
    /// Officers.
    Officers,
    /// Persons.
    Persons,
}

impl Rows {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Cases, Self::Units, Self::Officers, Self::Persons];

    /// The word of the kind.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cases => "cases",
            Self::Units => "units",
            Self::Officers => "officers",
            Self::Persons => "persons",
        }
    }

    /// The kind of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rows| rows.word() == word)
    }
}

/// What becomes of rows that are there already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// What is there stays; a row that says something else is refused.
    #[default]
    Keep,
    /// What is there is changed.
    Update,
}

impl Known {
    /// The word of the choice.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Update => "update",
        }
    }

    /// The choice of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Keep, Self::Update].into_iter().find(|known| known.word() == word)
    }
}

/// What imported rows become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Book {
    /// Open cases: clocks run.
    Open,
    /// Old cases: kept and found, without clocks.
    History,
}

impl Book {
    /// The word of the book.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::History => "history",
        }
    }

    /// The book of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Open, Self::History].into_iter().find(|book| book.word() == word)
    }
}

/// What a row changes in a record that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowChange {
    /// The row's place among all rows of the file, from 0.
    pub index: u64,
    /// The sheet.
    pub sheet: String,
    /// The row in the sheet, from 1.
    pub row: u32,
    /// What the record is called: the number of a case, a name.
    pub name: String,
    /// Its fields.
    pub fields: Vec<FieldChange>,
}

/// A field before and after; numbers of telephones and ID cards are masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field.
    pub field: String,
    /// What stands there.
    pub old: Option<String>,
    /// What will stand there.
    pub new: Option<String>,
}
