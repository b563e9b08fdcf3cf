//! A superior's own workbook, filled: its header is found as an import finds it, and our rows go in
//! below, in its columns, order and styles.
//!
//! Only the sheet that is filled is changed, and what follows from its rows; every other part of the
//! package keeps its bytes. Columns that nothing answers are named, never guessed.

use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::domain::export::{Meets, Subject};
use crate::exchange::cell::{Cell, Line, Row, SheetError, Trouble};
use crate::exchange::columns::{Columns, Cut, Meaning, Topic};
use crate::exchange::form::book::Book;
use crate::exchange::form::sheet::{Filling, Room};
use crate::exchange::header::{self, Header, Told};
use crate::exchange::kind::{Kind, Promise};
use crate::exchange::ledger::Mapping;
use crate::exchange::outgoing::{Shown, Table, header as own_header, shown};
use crate::exchange::record::{self, Fate, Plan};
use crate::exchange::sheet::{Reading, read_rows};
use crate::locale::Lang;

pub mod book;
pub mod grid;
pub mod height;
pub mod sheet;
pub mod style;
pub mod xml;

/// Where the columns that only an export knows begin among the fields of a table.
const OWN_FROM: usize = 10_000;
/// How many rows below the header are looked at for what stands there.
const LINES_MAX: usize = 5_000;

/// Why a form cannot be filled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// It is no xlsx.
    #[error("form_is_no_xlsx")]
    NotXlsx,
    /// None of its sheets has a header that is known.
    #[error("form_has_no_header")]
    NoHeader,
    /// It is not built as workbooks are.
    #[error("form_is_odd")]
    Odd,
    /// It cannot be read.
    #[error("file_is_unreadable")]
    Unreadable(SheetError),
}

impl From<xml::Odd> for FormError {
    fn from(_: xml::Odd) -> Self {
        Self::Odd
    }
}

impl From<SheetError> for FormError {
    fn from(error: SheetError) -> Self {
        Self::Unreadable(error)
    }
}

/// A superior's workbook and what its columns ask for.
pub struct Form {
    bytes: Vec<u8>,
    /// The sheet that is filled.
    pub sheet: String,
    /// The row of its header.
    pub header_row: u32,
    /// Rows that stand there already; ours go below them.
    pub n_kept: u32,
    /// The headers of columns that nothing answers.
    pub unmatched: Vec<String>,
    columns: Vec<FormColumn>,
    room: Room,
}

/// A column of a form.
struct FormColumn {
    index: u16,
    asks: Asks,
}

/// What a column asks for.
enum Asks {
    /// The running number.
    Serial,
    /// The first of these that has something.
    First(Vec<&'static str>),
    /// Both, with that between.
    Both([Vec<&'static str>; 2], &'static str),
}

/// What is said about a form.
pub struct Wanted<'w> {
    /// The program that reads workbooks in a process of its own.
    pub program: PathBuf,
    /// What the rows are.
    pub subject: Subject,
    /// The sheet, if it is named.
    pub sheet: Option<&'w str>,
}

impl Form {
    /// Reads a form.
    ///
    /// # Errors
    /// Why it cannot be filled.
    pub fn read(mut file: File, wanted: &Wanted<'_>) -> Result<Self, FormError> {
        let kind = Kind::of(&mut file, Promise::Anything).map_err(SheetError::from)?;
        if kind != Kind::Xlsx {
            return Err(FormError::NotXlsx);
        }
        let unreadable = |_| FormError::from(SheetError::from(Trouble::NotAFile));
        let copy = file.try_clone().map_err(unreadable)?;
        let sheets = lines(copy, wanted)?;
        let tables = tables(wanted.subject);
        let told = told(wanted.subject);
        let found = sheets.iter().filter_map(|(name, lines)| {
            let header =
                header::find(lines.get(..lines.len().min(header::ROWS_MAX))?, &tables, &told);
            header.map(|header| (name, lines, header))
        });
        let known = |header: &Header| {
            header.columns.iter().filter(|column| column.meaning != Meaning::Unknown).count()
        };
        let best = found.max_by_key(|(_, _, header)| known(header));
        let (name, lines, header) = best.ok_or(FormError::NoHeader)?;
        let mut bytes = Vec::new();
        file.rewind().and_then(|()| file.read_to_end(&mut bytes)).map_err(unreadable)?;
        let mut form = Self {
            bytes,
            sheet: name.clone(),
            header_row: lines.get(header.at).map_or(0, |line| line.number),
            n_kept: 0,
            unmatched: Vec::new(),
            columns: Vec::new(),
            room: Room { first: 0, tail: None },
        };
        form.look_below(lines, &header, &tables);
        form.map(&header, &tables, wanted.subject);
        if form.columns.iter().all(|column| matches!(column.asks, Asks::Serial)) {
            return Err(FormError::NoHeader);
        }
        Ok(form)
    }

    /// The keys of the columns that it asks for.
    pub fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for column in &self.columns {
            let asked: Vec<&str> = match &column.asks {
                Asks::Serial => Vec::new(),
                Asks::First(own) => own.clone(),
                Asks::Both([front, back], _) => [front.clone(), back.clone()].concat(),
            };
            for key in asked {
                if !keys.iter().any(|own| own == key) {
                    keys.push(key.to_owned());
                }
            }
        }
        keys
    }

    /// The bytes of the workbook with the rows in it.
    ///
    /// # Errors
    /// [`FormError::Odd`] if it is not built as workbooks are.
    pub fn fill(&self, lang: Lang, table: &Table) -> Result<Vec<u8>, FormError> {
        let rows = (0..table.rows.len()).map(|at| self.row(lang, table, at)).collect();
        let columns = self.columns.iter().map(|column| column.index).collect();
        let filling = Filling { room: self.room, columns, rows, header_row: self.header_row };
        Book::open(Cursor::new(&self.bytes), &self.sheet)?.filled(&filling)
    }

    fn row(&self, lang: Lang, table: &Table, at: usize) -> Vec<Shown> {
        let cells = table.rows.get(at);
        let first = |keys: &[&str]| {
            let places = keys.iter().filter_map(|key| table.place(key));
            let mut cells = places.filter_map(|place| cells?.get(place)?.as_ref());
            cells.next().map_or(Shown::Nothing, |cell| shown(lang, Some(cell)))
        };
        let number = i64::from(self.n_kept) + i64::try_from(at).unwrap_or(0) + 1;
        let asked = |column: &FormColumn| match &column.asks {
            Asks::Serial => Shown::Count(number),
            Asks::First(keys) => first(keys),
            Asks::Both([front, back], between) => {
                let both = [first(front).text(), first(back).text()];
                let both: Vec<_> = both.into_iter().filter(|text| !text.is_empty()).collect();
                if both.is_empty() { Shown::Nothing } else { Shown::Text(both.join(between)) }
            }
        };
        self.columns.iter().map(asked).collect()
    }

    /// Where rows go in: below those that stand there, above what belongs under the table.
    fn look_below(&mut self, lines: &[Line], header: &Header, tables: &Columns) {
        let plan = Plan::new(tables, &header.columns, Mapping::default());
        self.room.first = self.header_row + 1;
        for line in lines.iter().skip(header.at + 1) {
            match record::fate(line, &plan, tables) {
                Fate::Record => {
                    self.n_kept += 1;
                    self.room.first = line.number + 1;
                }
                Fate::Blank if line.cells.iter().all(|placed| is_number(&placed.cell)) => {}
                Fate::Header => self.room.first = line.number + 1,
                Fate::Total | Fate::Footer | Fate::Blank => {
                    self.room.tail = Some(line.number);
                    return;
                }
            }
        }
    }

    fn map(&mut self, header: &Header, tables: &Columns, subject: Subject) {
        let ranks = header.columns.iter().filter_map(|column| match column.meaning {
            Meaning::Field(field, rank) => Some((field, (rank, column.index))),
            _ => None,
        });
        let ranks: Vec<(usize, (usize, u16))> = ranks.collect();
        for column in &header.columns {
            // A column for remarks is the superior's.
            let is_of_progress = |field: usize| {
                tables.fields.get(field).is_some_and(|field| field.key == "progress")
            };
            let is_remark = tables.words.footers.contains(&column.own)
                && matches!(column.meaning, Meaning::Field(field, _) if is_of_progress(field));
            let is_best = |field: usize, rank: usize| {
                let own = ranks.iter().filter(|(other, _)| *other == field);
                own.map(|(_, place)| *place).min() == Some((rank, column.index))
            };
            let asks = match &column.meaning {
                Meaning::Serial => Some(Asks::Serial),
                Meaning::Field(field, rank) if !is_remark && is_best(*field, *rank) => {
                    let keys = answers(*field, tables, subject);
                    (!keys.is_empty()).then_some(Asks::First(keys))
                }
                Meaning::Pair(pair) => tables.pairs.get(*pair).and_then(|pair| {
                    let keys = pair.fields.each_ref().map(|key| of_field(key, subject));
                    let between = if pair.cut == Cut::Phone { " " } else { "/" };
                    keys.iter().any(|keys| !keys.is_empty()).then_some(Asks::Both(keys, between))
                }),
                _ => None,
            };
            match asks {
                Some(asks) => self.columns.push(FormColumn { index: column.index, asks }),
                None => self.unmatched.push(column.text.clone()),
            }
        }
    }
}

fn is_number(cell: &Cell) -> bool {
    match cell {
        Cell::Number(_) => true,
        Cell::Text(text) => text.chars().all(|char| char.is_ascii_digit() || char == '.'),
        _ => false,
    }
}

/// The rows of each sheet that are not blank, as far as they are looked at.
fn lines(file: File, wanted: &Wanted<'_>) -> Result<Vec<(String, Vec<Line>)>, FormError> {
    let reading = Reading {
        program: wanted.program.clone(),
        kind: Kind::Xlsx,
        sheet: wanted.sheet.map(str::to_owned),
    };
    let mut sheets: Vec<(String, Vec<Line>)> = Vec::new();
    read_rows(&reading, file, &mut |row: Row| {
        if sheets.last().is_none_or(|(name, _)| *name != row.sheet.name) {
            sheets.push((row.sheet.name.clone(), Vec::new()));
        }
        if let Some((_, lines)) = sheets.last_mut().filter(|(_, lines)| lines.len() < LINES_MAX) {
            lines.push(row.line);
        }
        ControlFlow::Continue(())
    })?;
    Ok(sheets)
}

fn tables(subject: Subject) -> Columns {
    Columns::built_in(match subject {
        Subject::Persons => Topic::Persons,
        Subject::Units => Topic::Units,
        Subject::Officers => Topic::Officers,
        Subject::Cases | Subject::Roster | Subject::Deadlines | Subject::Tasks => Topic::Cases,
    })
}

/// Headers that only an export knows: its own, in both languages.
fn told(subject: Subject) -> Vec<Told> {
    let mut told = Vec::new();
    for (at, column) in subject.columns().iter().enumerate() {
        // A header of an import is known already, with what may stand over it.
        let is_known = matches!(column.meets, Meets::Field(_)) && subject != Subject::Tasks;
        if !is_known {
            for lang in [Lang::Zh, Lang::En] {
                told.push((own_header(lang, column.key), Meaning::Field(OWN_FROM + at, 0)));
            }
        }
    }
    told
}

/// The columns that answer a field of a table, the best first.
fn answers(field: usize, tables: &Columns, subject: Subject) -> Vec<&'static str> {
    if let Some(own) = field.checked_sub(OWN_FROM) {
        return subject.columns().get(own).map(|column| column.key).into_iter().collect();
    }
    tables.fields.get(field).map_or_else(Vec::new, |field| of_field(&field.key, subject))
}

fn of_field(key: &str, subject: Subject) -> Vec<&'static str> {
    let all = || subject.columns().iter();
    let own = all().filter(|column| matches!(column.meets, Meets::Field(field) if field == key));
    let instead =
        all().filter(|column| matches!(column.meets, Meets::Instead(field) if field == key));
    own.chain(instead).map(|column| column.key).collect()
}
