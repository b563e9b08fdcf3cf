//! Files on their way in: what the program asks of whoever started it, who alone reaches files.
//!
//! The terminal program knows neither folders nor kinds of files; it names a file of the exchange
//! folder or hands over what was pasted, and hears what stands there and what would become of it.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::NaiveDate;

use crate::api::compare::{CompareRow, CompareView};
use crate::api::door::Door;
use crate::api::dossier::DossierQuery;
use crate::api::incoming::{Book, ImportTerms, Known, Rows};
use crate::api::refusal::Refusal;
use crate::api::reply::RowRefusal;
use crate::api::request::Order;
use crate::api::village::{Decided, ReturnRow, ReturnView};
use crate::domain::act::Act;
use crate::domain::attachment::Attachment;
use crate::domain::form::Fields;
use crate::domain::ids::{CaseId, RequestId};
use crate::domain::paper::Paper;
use crate::locale::{self, Lang};
use crate::tui::incoming::table::TableRead;
use crate::tui::screen::form::like::reasons_text;

pub mod table;

/// Does what is asked with files, and says how far it is; breaking off ends it.
pub type Worker = fn(&mut dyn Door, (&Work, Lang), Told<'_>) -> Result<Outcome, Refusal>;

/// Hears how far it is.
pub type Told<'t> = &'t mut dyn FnMut(Progress) -> ControlFlow<()>;

/// Headers, and the keys of the fields that they shall fill; no key leaves a column out.
pub type Pairs = Vec<(String, String)>;

/// What is to be done with files.
#[derive(Debug, Clone, PartialEq)]
pub enum Work {
    /// List the files of the exchange folder.
    List,
    /// Read a table, keep its rows aside at the server, and say what would become of them.
    Read(Box<ReadTerms>, Stop),
    /// List the files of the exchange folder that may be attached.
    ListScans,
    /// Send a file of the exchange folder, so that it can be attached.
    Send(String, Stop),
    /// Write an attachment into the exchange folder.
    Fetch(Box<Fetch>),
    /// Write the whole files of cases into a folder of their own there.
    Dossier(Box<DossierQuery>),
    /// Write the forms of villages into a folder of their own there.
    SendForms(Box<FormsWanted>),
    /// Read a form that a village sent back, keep its rows aside, and say what it would do.
    ReadForm(Origin),
    /// Say what a form that is kept aside would do after what the clerk decided about its rows.
    TryForm(String, Decided),
    /// Read an export of the state system, keep its rows aside, and compare the ledger with it.
    Compare(Origin, Matching),
    /// List the documents of the exchange folder that may be templates.
    ListTemplates,
    /// Write the template that a paper uses now into the exchange folder.
    TakeTemplate(Paper),
    /// Read a document of the exchange folder as the template of a paper, and lay it aside.
    ReadTemplate(Paper, String),
    /// Write the rows that were refused as a workbook with reasons.
    Refused(Box<ReadTerms>, Arc<TableRead>),
}

/// What became of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The files of the exchange folder.
    Folder(Folder),
    /// It is under way.
    Going(Progress),
    /// A table was read.
    Read(Arc<TableRead>),
    /// A file was sent: its name, and the hash under which it can be attached.
    Sent(String, String),
    /// A file was written there.
    Written(String),
    /// The files of cases were written.
    Dossiers(Dossiers),
    /// The forms of villages were written.
    Forms(Forms),
    /// A form that a village sent back was read: the name under which its rows are kept aside, and
    /// what it would do.
    Form(String, Box<ReturnView>),
    /// An export of the state system was compared: the name under which its rows are kept aside, and
    /// what was found.
    Compared(String, Box<CompareView>),
    /// A document was read as the template of a paper.
    Template(Arc<TemplateRead>),
    /// Somebody wanted it to end.
    Stopped,
}

/// A document that was read as the template of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateRead {
    /// The paper.
    pub paper: Paper,
    /// The name of the file.
    pub name: String,
    /// The hash under which it is laid aside; empty if it asks for what there is not.
    pub digest: String,
    /// What it asks for and nothing is behind.
    pub unknown: Vec<String>,
    /// The labels of what the built-in template asks for and it does not.
    pub lacks: Vec<String>,
    /// Its text with its placeholders.
    pub lines: Vec<String>,
}

/// The files of cases that were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dossiers {
    /// Where their folder lies.
    pub place: String,
    /// How many cases they are of.
    pub n_cases: usize,
    /// How much is missing in all of them.
    pub n_gaps: usize,
    /// How many sealed matters were left out.
    pub n_sealed: u64,
}

/// Which forms of villages are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormsWanted {
    /// The number of the duty.
    pub code: String,
    /// The key of the period; none for the present one.
    pub period: Option<String>,
    /// Only the form of the village of that name.
    pub village: Option<String>,
    /// What for.
    pub purpose: String,
    /// To whom.
    pub recipient: String,
}

/// The forms of villages that were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forms {
    /// Where they lie.
    pub place: String,
    /// How many there are.
    pub n_forms: usize,
    /// How many villages have reported already.
    pub n_reported: usize,
    /// How many matters are on no form.
    pub n_left_out: u64,
}

/// Whether the rows that are the same here and there are wanted with the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matching {
    /// They are only counted.
    Counted,
    /// They are wanted too.
    Listed,
}

/// Which attachment is wanted as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// The case, and its printed number.
    pub case: (CaseId, String),
    /// The number of the attachment.
    pub number: u32,
    /// The attachment.
    pub own: Attachment,
}

/// Says to work that is under way that it is to end.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl PartialEq for Stop {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Stop {
    /// It is to end.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it is to end.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How far the reading of a table is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows that were read.
    pub n_rows: u64,
    /// How much of the file that is, in hundredths.
    pub percent: u8,
}

/// An import that was ordered and has no answer yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writing {
    /// The order.
    pub order: RequestId,
    /// The name under which its rows are kept aside.
    pub file: String,
    /// Rows that are done, and rows in all; zero until it is heard of.
    pub n_rows: (u64, u64),
}

impl Writing {
    /// An import that was just ordered.
    pub fn of(order: &Order) -> Option<Self> {
        let file = order.fields.get("file").filter(|_| order.act == Act::Import)?;
        Some(Self { order: order.id, file: file.clone(), n_rows: (0, 0) })
    }

    /// How far it is, in words whose key begins so.
    pub fn said(&self, lang: Lang, words: &str) -> String {
        let (n_done, n_all) = self.n_rows;
        let end = match n_all {
            0 => "begins",
            _ if n_done < n_all => "goes",
            _ => "ends",
        };
        let args = [("done", n_done.to_string()), ("all", n_all.to_string())];
        locale::fill(lang, &format!("{words}.{end}"), &args)
    }

    /// How much of it that is, in hundredths.
    pub fn percent(&self) -> usize {
        let (n_done, n_all) = self.n_rows;
        usize::try_from(n_done.saturating_mul(100) / n_all.max(1)).unwrap_or(100)
    }
}

/// The exchange folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folder {
    /// Where it lies.
    pub place: String,
    /// Whether there is one; else this is where the program was started.
    pub is_set: bool,
    /// Its files that may be tables, the newest first.
    pub files: Vec<FileRow>,
    /// Files beyond those.
    pub n_more: usize,
}

/// A file of the exchange folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// Its name.
    pub name: String,
    /// Its size.
    pub n_bytes: u64,
    /// When it was changed, to the minute.
    pub changed_at: String,
}

/// Where a table comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file of the exchange folder.
    File(String),
    /// Cells that were pasted.
    Cells(Arc<str>, Heads),
}

// What was pasted is persons' data, so that no log may hold it.
impl std::fmt::Debug for Origin {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(_) => out.write_str("File"),
            Self::Cells(_, heads) => write!(out, "Cells({heads:?})"),
        }
    }
}

/// What the first row of pasted cells is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Heads {
    /// A header if it knows any, else a row like the others.
    #[default]
    Guess,
    /// A header.
    First,
    /// A row like the others.
    Without,
}

/// How a table is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadTerms {
    /// Where it comes from.
    pub origin: Origin,
    /// What its rows are.
    pub rows: Rows,
    /// What becomes of them.
    pub book: Book,
    /// What becomes of rows that are there already.
    pub known: Known,
    /// The only sheet that is read; none for every sheet that the workbook shows.
    pub sheet: Option<String>,
    /// The day of rows that name none.
    pub received_on: Option<String>,
    /// Which columns fill which fields, as the clerk says.
    pub columns: Pairs,
}

impl ReadTerms {
    /// Usual terms: old cases, none of which is to be changed.
    pub fn new(origin: Origin) -> Self {
        Self {
            origin,
            rows: Rows::Cases,
            book: Book::History,
            known: Known::Keep,
            sheet: None,
            received_on: None,
            columns: Pairs::new(),
        }
    }

    /// The terms for the rows that the server keeps aside under a name.
    pub fn staged(&self, hash: &str) -> ImportTerms {
        // Only cases have clocks.
        let book = if self.rows == Rows::Cases { self.book } else { Book::History };
        ImportTerms { rows: self.rows, known: self.known, ..ImportTerms::cases(hash, book) }
    }

    /// The fields of the order that takes in what is kept aside under a name.
    pub fn order(&self, hash: &str) -> Fields {
        order_of(&self.staged(hash))
    }
}

/// How a table is to be read instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reread {
    /// Its columns fill these fields.
    Columns(Pairs),
    /// Rows that name no day are of this one.
    Day(Option<NaiveDate>),
}

/// How many rows and columns pasted cells have; a line break between quotes begins no row.
pub fn extent(cells: &str) -> (usize, usize) {
    let (mut n_rows, mut n_columns, mut column) = (0, 1, 1);
    let (mut is_quoted, mut is_blank) = (false, true);
    for char in cells.chars().chain(['\n']) {
        match char {
            '\n' if !is_quoted => {
                n_rows += usize::from(!is_blank);
                (column, is_blank) = (1, true);
            }
            '\t' if !is_quoted => {
                column += 1;
                n_columns = n_columns.max(column);
            }
            '"' => is_quoted = !is_quoted,
            _ => is_blank &= char.is_whitespace(),
        }
    }
    (n_rows, n_columns)
}

/// What stands before the names of saved mappings for such rows, among the settings of an account.
pub fn mapping_head(rows: &str) -> String {
    format!("import.map.{rows}.")
}

/// The fields of the order that takes a staged file in.
pub fn order_of(terms: &ImportTerms) -> Fields {
    let fields = [
        ("file", terms.file.as_str()),
        ("book", terms.book.word()),
        ("rows", terms.rows.word()),
        ("known", terms.known.word()),
    ];
    fields.map(|(name, text)| (name.to_owned(), text.to_owned())).into()
}

/// Why a row is refused, in words.
pub fn why(lang: Lang, refusal: &RowRefusal) -> String {
    if let Some((key, args)) = &refusal.rule {
        return locale::fill(lang, key, args);
    }
    let arg = refusal.arg.clone().unwrap_or_default();
    locale::fill(lang, &format!("wrong.{}", refusal.why), &[("arg", arg)])
}

/// What differs in a row of a comparison, here and there.
pub fn differs(lang: Lang, row: &CompareRow) -> String {
    let said = |value: &Option<String>| {
        let value = value.as_deref().unwrap_or("--");
        locale::find(lang, value).unwrap_or(value).to_owned()
    };
    let fields = row.fields.iter().map(|own| {
        let args = [
            ("field", locale::text(lang, &format!("compare.field.{}", own.field))),
            ("here", said(&own.here)),
            ("there", said(&own.there)),
        ];
        locale::fill(lang, "compare.differs", &args)
    });
    fields.collect::<Vec<_>>().join("  ")
}

/// What is to be said of a row of a form: why it is refused, else what would be written, and which
/// matters a new request may be a part of.
pub fn said_of(lang: Lang, row: &ReturnRow) -> String {
    let why = row.why.as_ref().map(|(key, args)| {
        let args: Vec<(&str, String)> = args
            .iter()
            .map(|(name, value)| (name.as_str(), locale::said(lang, name, value)))
            .collect();
        let column = row.column.as_ref();
        let column = column.map(|key| locale::text(lang, &format!("village.column.{key}")));
        let column = column.map_or_else(String::new, |column| format!("{column}: "));
        column + &locale::fill(lang, key, &args)
    });
    let placed = row.placed.as_ref().map(|placed| {
        let args = [("name", placed.name.clone())];
        locale::fill(lang, &format!("village.placed.{}", placed.word()), &args)
    });
    // Where the clerk has decided, there is nothing more to suspect.
    let open = row.like.iter().filter(|_| placed.is_none());
    let like = open.map(|like| {
        let args = [
            ("number", like.number.clone()),
            ("title", like.title.clone()),
            ("reasons", reasons_text(&like.reasons, lang)),
        ];
        locale::fill(lang, "village.like", &args)
    });
    let like = placed.clone().into_iter().chain(like);
    // What asks for a decision stands first, where a line is cut.
    let said = like.chain(std::iter::once(why.unwrap_or_else(|| row.text.clone())));
    said.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::extent;

    #[test]
    fn a_line_break_in_a_cell_begins_no_row() {
        assert_eq!(extent("姓名\t诉求\n王丽\t\"修路\n修桥\"\n\n李梅\t路灯\t1.10\n"), (3, 3));
        assert_eq!(extent(""), (0, 1));
    }
}
