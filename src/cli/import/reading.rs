//! A file on its way to the server: read in a child process, its rows staged piece by piece.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, Seek};
use std::ops::ControlFlow;
use std::path::Path;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::api::door::Door;
use crate::api::incoming::{ImportRow, Piece};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::cli::import::glimpse::Glimpse;
use crate::cli::import::mapping::bad_column;
use crate::cli::import::unreadable;
use crate::domain::form::Wrong;
use crate::exchange::cell::{Row, SheetError, Trouble};
use crate::exchange::columns::{Columns, Topic};
use crate::exchange::file;
use crate::exchange::kind::{Kind, Promise};
use crate::exchange::ledger::{HeaderRow, LedgerReader, LedgerRow, Report, Terms};
use crate::exchange::sheet::{Book, Reading, own_program, read_rows};
use crate::tui::incoming::extent;

/// The most bytes of rows in one piece, so that its frame stays below the cap of a request.
const PIECE_BYTES_MAX: usize = 40 * 1024;
/// How many values of a column are shown as samples.
pub const SAMPLES_MAX: usize = 3;
/// The most characters of a sample.
pub const SAMPLE_CHARS_MAX: usize = 24;
/// After how many rows whoever watches hears of it.
const WATCHED_ROWS: u64 = 100;
/// The fields of a unit's name and kind.
const UNIT: (&str, &str) = ("unit.name", "unit.kind");
/// The field of the day on which a petition came.
const RECEIVED_ON: &str = "received_on";

/// A file that is open.
pub struct Source {
    /// How it is read.
    pub reading: Reading,
    /// It.
    pub file: File,
    /// Its SHA-256 in hex: the name under which its rows are staged.
    pub hash: String,
    /// What its rows are.
    pub topic: Topic,
    /// The day of rows that name none.
    pub received_on: Option<String>,
    /// Which row is the header.
    pub header: HeaderRow,
    /// Of what was pasted the lines that were put above it, which are counted in no row's number;
    /// none if it is a file.
    above_pasted: Option<u32>,
}

/// Hears how many rows were read; breaking off ends the reading.
pub type Watch<'w> = &'w mut dyn FnMut(u64) -> ControlFlow<()>;

/// What was read and staged.
pub struct Staged {
    /// What became of its rows.
    pub report: Report,
    /// What was seen of it besides.
    pub book: Book,
    /// Rows that name no day of receipt.
    pub n_undated: u64,
    /// What stands in its columns.
    pub samples: Vec<Sample>,
    /// Its first rows as they stand there.
    pub glimpse: Glimpse,
}

/// The first different values of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// The field.
    pub field: String,
    /// The values.
    pub values: Vec<String>,
}

impl Source {
    /// Opens a file, or copies standard input for `-`.
    ///
    /// # Errors
    /// It is no file that can be read.
    pub fn open(name: &str, sheet: Option<String>) -> Result<Self, Refusal> {
        let opened =
            if name == "-" { file::spool(std::io::stdin()) } else { file::open(Path::new(name)) };
        Self::of(opened.map_err(|why| unreadable(&why.into()))?, (name, sheet))
    }

    /// A file that is open already.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub fn of(mut file: File, (name, sheet): (&str, Option<String>)) -> Result<Self, Refusal> {
        let hash = hash(&mut file)?;
        let kind = Kind::of(&mut file, Promise::of_name(name));
        let kind = kind.map_err(|why| unreadable(&why.into()))?;
        let reading = Reading { program: own_program(), kind, sheet };
        let (topic, header) = (Topic::Cases, HeaderRow::Find);
        Ok(Self { reading, file, hash, topic, received_on: None, header, above_pasted: None })
    }

    /// Cells that were pasted, with tabs between; below these headers if they have none.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub fn pasted(cells: &str, headers: Option<&[String]>) -> Result<Self, Refusal> {
        if extent(cells).0 == 0 {
            let refusal = Refusal::new(RefusalKind::Invalid, "cells_are_unreadable");
            return Err(with_reason(refusal, "cells_blank"));
        }
        let headers = headers.map(|headers| headers.join("\t") + "\n");
        // Commas in the cells must not be taken for delimiters.
        let text = format!("sep=\t\n{}{cells}\n", headers.as_deref().unwrap_or_default());
        let opened = file::spool(text.as_bytes()).map_err(|why| unreadable(&why.into()))?;
        let source = Self::of(opened, ("-", None))?;
        let header = if headers.is_some() { HeaderRow::First } else { HeaderRow::Find };
        Ok(Self { header, above_pasted: Some(1 + u32::from(headers.is_some())), ..source })
    }

    /// Reads its rows, as they are numbered where they come from.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn rows(&self, on_row: &mut dyn FnMut(Row) -> ControlFlow<()>) -> Result<Book, Refusal> {
        let n_above = self.above_pasted.unwrap_or(0);
        let mut numbered = |mut row: Row| {
            // The first line above pasted cells names their delimiter.
            if self.above_pasted.is_some() && row.line.number == 1 {
                return ControlFlow::Continue(());
            }
            row.line.number = row.line.number.saturating_sub(n_above);
            on_row(row)
        };
        let read = read_rows(&self.reading, self.handle()?, &mut numbered);
        let mut book = read.map_err(|error| self.unreadable(&error))?;
        if let Some(row) = book.remarks.outside.as_mut().and_then(|place| place.row.as_mut()) {
            *row = row.saturating_sub(n_above);
        }
        Ok(book)
    }

    /// Why it cannot be read; of what was pasted in words of its own, for there is no file.
    fn unreadable(&self, error: &SheetError) -> Refusal {
        let Some(n_above) = self.above_pasted else { return unreadable(error) };
        let row = error.at.row.and_then(|row| row.checked_sub(n_above));
        let refusal = match row.filter(|row| *row > 0) {
            Some(row) => {
                Refusal::new(RefusalKind::Invalid, "cells_are_unreadable_at").with("row", row)
            }
            None => Refusal::new(RefusalKind::Invalid, "cells_are_unreadable"),
        };
        let why = match error.why {
            Trouble::Blank => "cells_blank",
            Trouble::OpenQuote => "cells_open_quote",
            Trouble::TooLarge | Trouble::TooSlow => "cells_too_many",
            Trouble::NotStarted => error.why.key(),
            Trouble::NotAFile
            | Trouble::NotAWorkbook
            | Trouble::WebPage
            | Trouble::OtherKind
            | Trouble::Encrypted
            | Trouble::Damaged
            | Trouble::Disordered
            | Trouble::OutOfGrid
            | Trouble::NoSuchSheet => "cells_no_table",
        };
        with_reason(refusal, why)
    }

    /// Another handle of the file.
    ///
    /// # Errors
    /// The system has none.
    pub fn handle(&self) -> Result<File, Refusal> {
        self.file.try_clone().map_err(|_| unreadable(&Trouble::NotAFile.into()))
    }
}

fn with_reason(refusal: Refusal, why: &str) -> Refusal {
    let wrong = Wrong { field: String::new(), why: why.to_owned() };
    Refusal { wrongs: vec![wrong], ..refusal }
}

fn hash(source: &mut File) -> Result<String, Refusal> {
    let broken = |_| unreadable(&Trouble::NotAFile.into());
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    source.rewind().map_err(broken)?;
    loop {
        let n_read = source.read(&mut buffer).map_err(broken)?;
        let Some(part) = buffer.get(..n_read).filter(|part| !part.is_empty()) else { break };
        hasher.update(part);
    }
    source.rewind().map_err(broken)?;
    let mut text = String::new();
    for byte in hasher.finalize() {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

/// Reads a file and stages its rows piece by piece as they come.
///
/// # Errors
/// The file cannot be read, or a refusal.
pub fn read_all(
    door: &mut dyn Door,
    source: &Source,
    (told, watch): (&[(String, String)], Watch<'_>),
) -> Result<Staged, Refusal> {
    let columns = Columns::built_in(source.topic);
    let villages = match door.call(Request::Units)? {
        Reply::Units(units) => units.into_iter().map(|unit| unit.name).collect(),
        _ => BTreeSet::new(),
    };
    let terms = Terms { villages, columns: told.to_vec(), header: source.header };
    let mut reader =
        LedgerReader::new(&columns, &terms).map_err(|why| bad_column(source.topic, &why))?;
    let mut stage = Stage {
        door,
        source,
        first: 0,
        rows: Vec::new(),
        n_bytes: 0,
        samples: Vec::new(),
        n_undated: 0,
        village_endings: &columns.words.village_endings,
        failed: None,
    };
    // The first piece, even an empty one, clears what an earlier attempt left.
    stage.send();
    let (mut glimpse, mut n_rows) = (Glimpse::default(), 0);
    let book = source.rows(&mut |row| {
        glimpse.note(&row);
        n_rows += 1;
        if n_rows % WATCHED_ROWS == 0 {
            watch(n_rows)?;
        }
        reader.take(row, &mut |row| stage.take(row))
    })?;
    let report = reader.finish(&mut |row| stage.take(row));
    stage.send();
    let Stage { failed, n_undated, samples, .. } = stage;
    match failed {
        Some(refusal) => Err(refusal),
        None => Ok(Staged { report, book, n_undated, samples, glimpse }),
    }
}

/// Rows on their way to the server.
struct Stage<'d> {
    door: &'d mut dyn Door,
    source: &'d Source,
    first: u64,
    rows: Vec<ImportRow>,
    n_bytes: usize,
    samples: Vec<Sample>,
    n_undated: u64,
    village_endings: &'d [String],
    failed: Option<Refusal>,
}

impl Stage<'_> {
    fn take(&mut self, row: LedgerRow) -> ControlFlow<()> {
        self.sample(&row);
        let mut values = row.values;
        // A list of villages has no column of kinds; of another name the kind must be said.
        let has_kind = values.iter().any(|(name, _)| name == UNIT.1);
        let name = values.iter().find(|(name, _)| name == UNIT.0).map(|(_, text)| text.as_str());
        if !has_kind && name.is_some_and(|name| self.is_village(name)) {
            values.push((UNIT.1.to_owned(), "village".to_owned()));
        }
        let is_dated = values.iter().any(|(name, _)| name == RECEIVED_ON)
            || row.problems.iter().any(|problem| problem.field == RECEIVED_ON);
        self.n_undated += u64::from(!is_dated);
        if let Some(day) = self.source.received_on.as_ref().filter(|_| !is_dated) {
            values.push((RECEIVED_ON.to_owned(), day.clone()));
        }
        let size: usize = values.iter().map(|(name, text)| name.len() + text.len() + 8).sum();
        if self.n_bytes + size > PIECE_BYTES_MAX {
            self.send();
        }
        self.n_bytes += size + 64;
        let problems = row.problems.iter();
        let problems = problems.map(|problem| (problem.field.clone(), problem.why.to_string()));
        self.rows.push(ImportRow {
            sheet: row.sheet.name.clone(),
            row: row.row,
            problems: problems.collect(),
            values,
        });
        if self.failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn is_village(&self, name: &str) -> bool {
        self.village_endings.iter().any(|ending| name.ends_with(ending.as_str()))
    }

    /// Notes what stands in the row, as long as a field has few samples.
    fn sample(&mut self, row: &LedgerRow) {
        for (field, text) in &row.values {
            let at = self.samples.iter().position(|sample| sample.field == *field);
            let at = at.unwrap_or_else(|| {
                self.samples.push(Sample { field: field.clone(), values: Vec::new() });
                self.samples.len() - 1
            });
            let Some(sample) = self.samples.get_mut(at) else { continue };
            let text: String = text.replace('\n', " ").chars().take(SAMPLE_CHARS_MAX).collect();
            if sample.values.len() < SAMPLES_MAX && !sample.values.contains(&text) {
                sample.values.push(text);
            }
        }
    }

    fn send(&mut self) {
        if self.failed.is_some() {
            return;
        }
        let rows = std::mem::take(&mut self.rows);
        let n_rows = rows.len() as u64;
        let piece = Piece { file: self.source.hash.clone(), first: self.first, rows };
        self.failed = self.door.call(Request::Stage(piece)).err();
        self.first += n_rows;
        self.n_bytes = 0;
    }
}

/// Keeps rows that were read aside at the server, piece by piece.
///
/// # Errors
/// A refusal.
pub fn stage(door: &mut dyn Door, hash: &str, rows: Vec<ImportRow>) -> Result<(), Refusal> {
    let mut piece = Piece { file: hash.to_owned(), first: 0, rows: Vec::new() };
    let mut n_bytes = 0;
    for row in rows {
        let cells = row.values.iter().chain(&row.problems);
        let size: usize = cells.map(|(name, text)| name.len() + text.len() + 8).sum();
        if n_bytes + size > PIECE_BYTES_MAX && !piece.rows.is_empty() {
            let first = piece.first + piece.rows.len() as u64;
            let next = Piece { file: hash.to_owned(), first, rows: Vec::new() };
            door.call(Request::Stage(std::mem::replace(&mut piece, next)))?;
            n_bytes = 0;
        }
        n_bytes += size + 64;
        piece.rows.push(row);
    }
    door.call(Request::Stage(piece)).map(|_| ())
}
