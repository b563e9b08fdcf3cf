//! Workbooks in a zip: xlsx cell by cell, ods sheet by sheet; and the old xls, sheet by sheet.
//!
//! An xlsx is never read as a range: two cells in opposite corners would then ask for half a
//! terabyte. The two other kinds are read as ranges, which the child's memory limit bounds.
//! Formulas give the value that was last computed.

use std::collections::HashMap;
use std::io::{BufReader, Read, Seek};

use calamine::{
    Data, DataRef, Ods, OdsError, Range, Reader, Sheet as BookSheet, SheetType, SheetVisible, Xls,
    XlsError, Xlsx, XlsxError,
};
use chrono::{NaiveDate, NaiveDateTime};
use memchr::memmem::Finder;

use crate::domain::text::is_hidden;
use crate::exchange::cell::{CELL_CHARS_MAX, Cell, Epoch, Sheet, Shown, Trouble, serial_moment};
use crate::exchange::guard::{self, Merging};
use crate::exchange::merged::Merges;
use crate::exchange::sink::{Sink, Stop};
use crate::exchange::spanned;

/// How the stream of a workbook with a password is called in its compound file.
const LOCKED: &str = "EncryptedPackage";
/// The most sheets; more of them could name one part many times.
const SHEETS_MAX: usize = 256;

/// Reads an xlsx.
///
/// # Errors
/// What is wrong with the workbook, with the sheet and the last row that was read.
pub fn read_xlsx<F: Read + Seek>(mut file: F, sink: &mut Sink) -> Result<(), Stop> {
    let merging = guard::check(&mut file)?;
    let mut book = Xlsx::new(BufReader::new(file)).map_err(|error| xlsx_trouble(&error))?;
    let epoch = if book.has_1904_epoch() { Epoch::From1904 } else { Epoch::From1900 };
    for sheet in sheets(book.sheets_metadata(), epoch)? {
        let name = sheet.name.clone();
        sink.sheet(sheet)?;
        let merges = match merging {
            Merging::Absent => Vec::new(),
            Merging::Present => match book.merge_cells_by_sheet_name(&name) {
                Ok(ranges) => ranges,
                Err(error) => return sink.bad(xlsx_trouble(&error), None),
            },
        };
        read_cells(&mut book, &name, Merges::new(&merges)?, sink)?;
    }
    Ok(())
}

/// Reads an ods.
///
/// # Errors
/// What is wrong with the workbook.
pub fn read_ods<F: Read + Seek>(mut file: F, sink: &mut Sink) -> Result<(), Stop> {
    let mut merged = match guard::check(&mut file)? {
        Merging::Absent => HashMap::new(),
        Merging::Present => spanned::ranges(&mut file),
    };
    let mut book = Ods::new(BufReader::new(file)).map_err(|error| ods_trouble(&error))?;
    for sheet in sheets(book.sheets_metadata(), Epoch::From1900)? {
        let name = sheet.name.clone();
        sink.sheet(sheet)?;
        let range = book.worksheet_range(&name).map_err(|error| ods_trouble(&error))?;
        let merges = Merges::new(&merged.remove(&name).unwrap_or_default())?;
        read_range(&range, (Epoch::From1900, merges), sink)?;
    }
    Ok(())
}

/// Reads an xls.
///
/// # Errors
/// What is wrong with the workbook.
pub fn read_xls<F: Read + Seek>(mut file: F, sink: &mut Sink) -> Result<(), Stop> {
    if is_locked(&mut file) {
        return Err(Stop::from(Trouble::Encrypted));
    }
    file.rewind().map_err(|_| Trouble::NotAFile)?;
    let mut book = Xls::new(BufReader::new(file)).map_err(|error| xls_trouble(&error))?;
    let epoch = if book.has_1904_epoch() { Epoch::From1904 } else { Epoch::From1900 };
    for sheet in sheets(book.sheets_metadata(), epoch)? {
        let name = sheet.name.clone();
        sink.sheet(sheet)?;
        let merges = Merges::new(&book.merge_cells_by_sheet_name(&name).unwrap_or_default())?;
        let range = book.worksheet_range(&name).map_err(|error| xls_trouble(&error))?;
        read_range(&range, (epoch, merges), sink)?;
    }
    Ok(())
}

/// Whether a compound file holds another workbook that is scrambled: that is how today's programs
/// store one with a password. What cannot be read is found out by its reader.
fn is_locked(file: &mut (impl Read + Seek)) -> bool {
    let name: Vec<u8> = LOCKED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let finder = Finder::new(&name);
    let mut buffer = vec![0_u8; 64 << 10];
    let mut n_kept = 0;
    // The end of the last piece is kept in front, so that a name cut in two is found.
    while let Ok(n_read) = file.read(buffer.get_mut(n_kept..).unwrap_or_default()) {
        let n_filled = n_kept + n_read;
        if finder.find(buffer.get(..n_filled).unwrap_or_default()).is_some() {
            return true;
        }
        if n_read == 0 {
            return false;
        }
        n_kept = n_filled.min(name.len() - 1);
        buffer.copy_within(n_filled - n_kept..n_filled, 0);
    }
    false
}

fn sheets(of: &[BookSheet], epoch: Epoch) -> Result<Vec<Sheet>, Trouble> {
    if of.len() > SHEETS_MAX {
        return Err(Trouble::TooLarge);
    }
    let tables = of.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let sheet = |sheet: &BookSheet| {
        let shown = match sheet.visible {
            SheetVisible::Visible => Shown::Yes,
            SheetVisible::Hidden | SheetVisible::VeryHidden => Shown::Hidden,
        };
        Sheet { name: sheet.name.clone(), shown, epoch }
    };
    Ok(tables.map(sheet).collect())
}

fn read_cells<F: Read + Seek>(
    book: &mut Xlsx<BufReader<F>>,
    name: &str,
    mut merges: Merges,
    sink: &mut Sink,
) -> Result<(), Stop> {
    let epoch = if book.has_1904_epoch() { Epoch::From1904 } else { Epoch::From1900 };
    let mut cells = match book.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        Err(error) => return sink.bad(xlsx_trouble(&error), None),
    };
    loop {
        let next = match cells.next_cell() {
            Ok(Some(next)) => next,
            Ok(None) => return end_row(&mut merges, sink),
            Err(error) => return sink.bad(xlsx_trouble(&error), None),
        };
        let value = next.get_value();
        if is_blank(value) {
            continue;
        }
        let (row, column) = next.get_position();
        let cell = cell_of(Data::from(value.clone()), epoch);
        put((row, column), cell, (&mut merges, &mut *sink))?;
    }
}

fn read_range(
    range: &Range<Data>,
    (epoch, mut merges): (Epoch, Merges),
    sink: &mut Sink,
) -> Result<(), Stop> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        if let Data::String(text) = value
            && is_blank_text(text)
        {
            continue;
        }
        let row = u32::try_from(row).unwrap_or(u32::MAX).saturating_add(first_row);
        let column = u32::try_from(column).unwrap_or(u32::MAX).saturating_add(first_column);
        let cell = cell_of(value.clone(), epoch);
        put((row, column), cell, (&mut merges, &mut *sink))?;
    }
    end_row(&mut merges, sink)
}

/// Passes a cell on; its place counts from 0, and a place that overflows is out of the grid.
fn put(
    place: (u32, u32),
    cell: Cell,
    (merges, sink): (&mut Merges, &mut Sink),
) -> Result<(), Stop> {
    let (row, column) = (place.0.saturating_add(1), place.1.saturating_add(1));
    if row > sink.row() {
        end_row(merges, sink)?;
    }
    merges.note(row, column, &cell);
    sink.cell(row, column, cell)
}

fn end_row(merges: &mut Merges, sink: &mut Sink) -> Result<(), Stop> {
    let (above, spans) = merges.reach(sink.row());
    sink.end_row(&above, spans)
}

fn is_blank(value: &DataRef) -> bool {
    match value {
        DataRef::Empty => true,
        DataRef::String(text) => is_blank_text(text),
        DataRef::SharedString(text) => is_blank_text(text),
        DataRef::Int(_)
        | DataRef::Float(_)
        | DataRef::Bool(_)
        | DataRef::DateTime(_)
        | DataRef::DateTimeIso(_)
        | DataRef::DurationIso(_)
        | DataRef::Error(_) => false,
    }
}

/// Whether nothing of a text can be seen.
pub fn is_blank_text(text: &str) -> bool {
    text.chars().all(|char| char.is_whitespace() || is_hidden(char))
}

/// A text as a cell, if it is not too long for one.
pub fn text_cell(text: String) -> Cell {
    // A text of few bytes cannot have too many characters; most need no counting.
    if text.len() > CELL_CHARS_MAX && text.chars().count() > CELL_CHARS_MAX {
        return Cell::Long;
    }
    Cell::Text(text)
}

fn cell_of(value: Data, epoch: Epoch) -> Cell {
    match value {
        Data::Int(number) => Cell::Number(number as f64),
        Data::Float(number) => Cell::Number(number),
        Data::String(text) => text_cell(text),
        Data::Bool(yes) => Cell::Bool(yes),
        Data::DateTime(moment) => {
            let serial = moment.as_f64();
            let date = serial_moment(serial, epoch).filter(|_| !moment.is_duration());
            date.map_or(Cell::Number(serial), Cell::Date)
        }
        Data::DateTimeIso(text) => iso_moment(&text).map_or(text_cell(text), Cell::Date),
        Data::DurationIso(text) => text_cell(text),
        Data::Error(error) => Cell::Error(error.to_string()),
        Data::Empty => Cell::Empty,
    }
}

fn iso_moment(text: &str) -> Option<NaiveDateTime> {
    let moment = NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), "%Y-%m-%dT%H:%M:%S%.f");
    let midnight = || text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0);
    moment.ok().or_else(midnight)
}

fn xlsx_trouble(error: &XlsxError) -> Trouble {
    if matches!(error, XlsxError::Password) {
        Trouble::Encrypted
    } else if matches!(error, XlsxError::FileNotFound(_)) {
        Trouble::NotAWorkbook
    } else {
        Trouble::Damaged
    }
}

fn ods_trouble(error: &OdsError) -> Trouble {
    if matches!(error, OdsError::Password) {
        Trouble::Encrypted
    } else if matches!(error, OdsError::FileNotFound(_) | OdsError::InvalidMime(_)) {
        Trouble::NotAWorkbook
    } else if matches!(error, OdsError::CellLimitExceeded { .. }) {
        Trouble::TooLarge
    } else {
        Trouble::Damaged
    }
}

fn xls_trouble(error: &XlsError) -> Trouble {
    if matches!(error, XlsError::Password) { Trouble::Encrypted } else { Trouble::Damaged }
}
