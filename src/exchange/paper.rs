//! Papers as docx: built-in templates laid out as GB/T 9704 asks, templates that an office edited,
//! and what fills them.
//!
//! A template says by labels between two pairs of braces what stands where. What is unknown or empty
//! is named before anything is written; whatever is filled in is text and never markup.

use std::collections::BTreeSet;

use crate::api::paper::{PaperRow, PaperView};
use crate::domain::paper::Paper;
use crate::domain::placeholder::{Guard, List, Origin, PLACEHOLDERS, Placeholder};
use crate::exchange::paper::package::Package;
use crate::locale::{self, Lang};

pub mod built_in;
mod fill;
mod guard;
pub mod layout;
pub mod make;
pub mod package;
pub mod said;

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// It is no docx.
    #[error("paper_is_no_docx")]
    NotDocx,
    /// It, or what it holds when unpacked, is too large.
    #[error("template_is_too_large")]
    TooLarge,
    /// It holds a program.
    #[error("paper_has_macros")]
    Macros,
    /// It fetches something from elsewhere when it is opened.
    #[error("paper_fetches")]
    Fetches,
    /// It is not built as documents are.
    #[error("paper_is_odd")]
    Odd,
    /// It asks for what there is not.
    #[error("no_such_placeholder")]
    Unknown(Vec<String>),
    /// It asks for ID numbers and is no paper that may hold them.
    #[error("paper_holds_no_id_numbers")]
    IdNumbers,
    /// It asks for a petitioner and speaks of units only.
    #[error("paper_names_no_petitioner")]
    Petitioner,
}

/// A placeholder as it stands in a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Which one.
    pub row: &'static Placeholder,
    /// Whether it may be empty.
    pub need: Need,
}

/// Whether a placeholder may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// It must have something.
    Must,
    /// It may be empty: a question mark stands behind its label.
    May,
}

/// A template that was read.
pub struct Template {
    /// Its hash, in hexadecimal digits.
    pub digest: String,
    package: Package,
    /// What it asks for, in the order in which it does first.
    pub asked: Vec<Asked>,
}

/// What stands for the placeholders of a template.
pub struct Filling<'f> {
    /// What the case has.
    pub view: &'f PaperView,
    /// What was typed for it, by key.
    pub typed: &'f [(String, String)],
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// What is wrong with it; all labels that nothing is behind.
    pub fn read(bytes: Vec<u8>) -> Result<Self, PaperError> {
        let digest = package::digest(&bytes);
        let package = Package::read(bytes)?;
        let (mut asked, mut unknown) = (Vec::<Asked>::new(), BTreeSet::new());
        for text in package.texts()? {
            for label in fill::labels(&text) {
                match parse(&label) {
                    Some(new) => {
                        let known = asked.iter_mut().find(|own| own.row.key == new.row.key);
                        match known {
                            Some(known) => known.need = known.need.min(new.need),
                            None => asked.push(new),
                        }
                    }
                    None => {
                        unknown.insert(label);
                    }
                }
            }
        }
        if unknown.is_empty() {
            return Ok(Self { digest, package, asked });
        }
        Err(PaperError::Unknown(unknown.into_iter().collect()))
    }

    /// Whether it can be that paper.
    ///
    /// # Errors
    /// It asks for ID numbers where they have no place.
    pub fn suits(&self, paper: Paper) -> Result<(), PaperError> {
        let asks = self.asked.iter().any(|asked| asked.row.guard == Guard::IdNumber);
        if asks && !paper.may_hold_id_numbers() {
            return Err(PaperError::IdNumbers);
        }
        if paper.names_nobody() && self.asked.iter().any(|one| one.row.origin == Origin::Person) {
            return Err(PaperError::Petitioner);
        }
        Ok(())
    }

    /// The keys of what it asks for.
    pub fn keys(&self) -> Vec<String> {
        self.asked.iter().map(|asked| asked.row.key.to_owned()).collect()
    }

    /// The labels of what must stand there and does not; a number comes with the writing.
    pub fn empty(&self, filling: &Filling<'_>) -> Vec<String> {
        let asked = self.asked.iter().filter(|asked| asked.need == Need::Must);
        let empty = asked.filter(|asked| match asked.row.list() {
            Some(list) => filling.rows(list).is_empty(),
            None => asked.row.key != "number" && filling.value(asked.row.key).is_none(),
        });
        empty.map(|asked| label(asked.row.key)).collect()
    }

    /// Its bytes, filled.
    ///
    /// # Errors
    /// It is not built as documents are.
    pub fn filled(&self, filling: &Filling<'_>) -> Result<Vec<u8>, PaperError> {
        self.package.written(|text| fill::filled(text, filling))
    }

    /// Its text with its placeholders, a line for each paragraph.
    ///
    /// # Errors
    /// It is not built as documents are.
    pub fn lines(&self) -> Result<Vec<String>, PaperError> {
        fill::lines(&self.package.document()?)
    }

    /// Its text, filled, a line for each paragraph; cells of a row stand on one line.
    ///
    /// # Errors
    /// It is not built as documents are.
    pub fn text(&self, filling: &Filling<'_>) -> Result<Vec<String>, PaperError> {
        let document = self.package.document()?;
        fill::lines(&fill::filled(&document, filling)?)
    }
}

impl Filling<'_> {
    /// What stands for a placeholder.
    pub fn value(&self, key: &str) -> Option<String> {
        let typed = self.typed.iter().find(|(own, _)| own == key).map(|(_, text)| text.clone());
        let said = || self.view.values.iter().find(|(own, _)| own == key);
        typed.or_else(|| said().map(|(_, said)| said::text(said)))
    }

    /// The rows of a list.
    pub fn rows(&self, list: List) -> &[PaperRow] {
        let found = self.view.lists.iter().find(|(own, _)| own == list.word());
        found.map_or(&[], |(_, rows)| rows.as_slice())
    }
}

/// What stands for an empty placeholder.
pub fn blank() -> String {
    locale::text(Lang::Zh, "paper.blank")
}

/// The label of a placeholder.
pub fn label(key: &str) -> String {
    locale::text(Lang::Zh, &format!("placeholder.{key}"))
}

/// The placeholder of what stands between braces: a label in Chinese or the key, and a question mark
/// if it may be empty.
pub fn parse(text: &str) -> Option<Asked> {
    let text = text.trim();
    let (name, need) = match text.strip_suffix(['?', '\u{ff1f}']) {
        Some(name) => (name.trim(), Need::May),
        None => (text, Need::Must),
    };
    let row = PLACEHOLDERS.iter().find(|row| row.key == name || label(row.key) == name)?;
    Some(Asked { row, need })
}
