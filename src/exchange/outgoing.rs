//! Rows on their way out: fetched page by page, and put in the clerk's language.
//!
//! What a cell says in words is decided here, once, for every kind of file.

use chrono::NaiveDate;

use crate::api::door::Door;
use crate::api::export::{ExportPage, ExportPiece, ExportQuery, OutCell};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{Me, Reply};
use crate::api::request::Request;
use crate::domain::export::{Holds, Outgoing};
use crate::locale::{self, Lang};

/// The rows of an export, with what stands above them.
pub struct Table {
    /// The first page without its rows: subject, columns, what was left out.
    pub head: ExportPage,
    /// All rows.
    pub rows: Vec<Vec<Option<OutCell>>>,
    /// What for.
    pub purpose: String,
    /// To whom.
    pub recipient: String,
    /// Who exports: the officer's name, or the login.
    pub by: String,
}

/// A cell in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// Nothing.
    Nothing,
    /// Text.
    Text(String),
    /// A day.
    Day(NaiveDate),
    /// A whole number.
    Count(i64),
}

impl Shown {
    /// It as text.
    pub fn text(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => text.clone(),
            Self::Day(day) => day.to_string(),
            Self::Count(number) => number.to_string(),
        }
    }
}

/// Asks for all rows of an export.
///
/// # Errors
/// What the door refuses; an export that broke off half way goes nowhere.
pub fn fetch(door: &mut dyn Door, query: ExportQuery) -> Result<Table, Refusal> {
    let odd = || Refusal::new(RefusalKind::Fault, "fault");
    let (purpose, recipient) = (query.purpose.clone(), query.recipient.clone());
    let Reply::Me(me) = door.call(Request::Greet)? else { return Err(odd()) };
    let by = by(&me);
    let Reply::Export(first) = door.call(Request::Export(Box::new(query)))? else {
        return Err(odd());
    };
    let mut head = *first;
    let mut rows = std::mem::take(&mut head.rows);
    while head.more {
        let piece = ExportPiece { ticket: head.ticket, from: rows.len() as u64 };
        let Reply::Export(next) = door.call(Request::ExportPiece(piece))? else {
            return Err(odd());
        };
        head.more = next.more && !next.rows.is_empty();
        rows.extend(next.rows);
    }
    if rows.len() as u64 != head.total {
        return Err(odd());
    }
    Ok(Table { head, rows, purpose, recipient, by })
}

fn by(me: &Me) -> String {
    me.officer.as_ref().map_or_else(|| me.login.clone(), |(_, name)| name.clone())
}

impl Table {
    /// The columns.
    pub fn columns(&self) -> Vec<&'static Outgoing> {
        let keys = self.head.columns.iter();
        keys.filter_map(|key| self.head.subject.column(key)).collect()
    }

    /// The headers.
    pub fn headers(&self, lang: Lang) -> Vec<String> {
        self.columns().iter().map(|column| header(lang, column.key)).collect()
    }

    /// The title, and the line below it that says of what day, for what, to whom and by whom.
    pub fn titles(&self, lang: Lang) -> [String; 2] {
        let subject = locale::text(lang, &format!("export.subject.{}", self.head.subject.word()));
        let args = [
            ("town", self.head.town.clone()),
            ("subject", subject),
            ("day", self.head.today.to_string()),
            ("purpose", self.purpose.clone()),
            ("recipient", self.recipient.clone()),
            ("by", self.by.clone()),
            ("rows", self.rows.len().to_string()),
        ];
        ["export.heading", "export.heading_line"].map(|key| locale::fill(lang, key, &args))
    }

    /// The place of a column by its key.
    pub fn place(&self, key: &str) -> Option<usize> {
        self.head.columns.iter().position(|own| own == key)
    }
}

/// The header of a column.
pub fn header(lang: Lang, key: &str) -> String {
    locale::text(lang, &format!("export.{key}"))
}

/// A cell in words.
pub fn shown(lang: Lang, cell: Option<&OutCell>) -> Shown {
    let text = |text: String| if text.is_empty() { Shown::Nothing } else { Shown::Text(text) };
    match cell {
        None => Shown::Nothing,
        Some(OutCell::Text(said)) => text(said.clone()),
        Some(OutCell::Word(key)) => text(word(lang, key)),
        Some(OutCell::Day(day)) => Shown::Day(*day),
        Some(OutCell::Count(number)) => Shown::Count(*number),
        Some(OutCell::Steps(steps)) => {
            let lines = steps.iter().map(|(on, deed, said)| {
                format!("{on} {} {said}", word(lang, deed)).trim_end().to_owned()
            });
            text(lines.collect::<Vec<_>>().join("\n"))
        }
    }
}

/// A word by its key; one that the catalogue does not know, such as a limit of the office's own, by
/// itself.
fn word(lang: Lang, key: &str) -> String {
    let own = || key.rsplit('.').next().unwrap_or(key);
    locale::find(lang, key).unwrap_or_else(own).to_owned()
}

/// Whether what stands in a column is text to a spreadsheet, whatever it looks like.
pub const fn is_text(holds: Holds) -> bool {
    matches!(holds, Holds::Line | Holds::Text | Holds::Code | Holds::Word)
}
