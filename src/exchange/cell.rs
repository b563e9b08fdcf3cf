//! Rows and cells as they stand in a file, whatever kind of file it is.
//!
//! The parsing child writes them as frames, one JSON line each; the parent makes rows of the
//! frames. No meaning is given to a cell here: that is done in `value` and `ledger`.

use std::sync::Arc;

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

/// The most characters of a cell, which is also the limit of spreadsheet programs.
pub const CELL_CHARS_MAX: usize = 32_767;
/// The last column that is read; what stands farther out is counted and named, not read.
pub const COLUMN_MAX: u16 = 256;

/// A cell.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Cell {
    /// A text as it stands, not cleaned.
    #[serde(rename = "t")]
    Text(String),
    /// A number, which may be infinite or not a number.
    #[serde(rename = "n", with = "bits")]
    Number(f64),
    /// A true date, with its time of day.
    #[serde(rename = "d")]
    Date(NaiveDateTime),
    /// True or false.
    #[serde(rename = "b")]
    Bool(bool),
    /// A spreadsheet's error such as `#REF!`.
    #[serde(rename = "e")]
    Error(String),
    /// A text of more than [`CELL_CHARS_MAX`] characters, which is not read.
    #[serde(rename = "l")]
    Long,
    /// Nothing.
    #[serde(rename = "0")]
    Empty,
}

// The contents are persons' data, so that no log may hold them.
impl std::fmt::Debug for Cell {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Text(_) => "Text",
            Self::Number(_) => "Number",
            Self::Date(_) => "Date",
            Self::Bool(_) => "Bool",
            Self::Error(_) => "Error",
            Self::Long => "Long",
            Self::Empty => "Empty",
        })
    }
}

/// From which day a workbook counts its serial dates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Epoch {
    /// The usual one: day 1 is 1 January 1900.
    #[default]
    From1900,
    /// Old workbooks of another system: day 0 is 1 January 1904.
    From1904,
}

/// A sheet of a workbook; a text file is one sheet without a name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether the workbook shows it.
    pub shown: Shown,
    /// How it counts days.
    pub epoch: Epoch,
}

/// Whether a workbook shows a sheet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    /// As any sheet.
    #[default]
    Yes,
    /// Hidden: such sheets hold the lists of drop-down cells and are read only when asked for.
    Hidden,
}

/// Where a cell's value stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// In the cell.
    Own,
    /// In the first cell of a merged range, in a row above.
    Above,
}

/// A cell that is not blank, with its column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Placed {
    /// The column, from 1.
    pub column: u16,
    /// What stands there.
    pub cell: Cell,
    /// Where the value comes from.
    pub origin: Origin,
}

/// Columns that are merged into one cell in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first column, from 1.
    pub first: u16,
    /// The last column, which lies after the first.
    pub last: u16,
}

/// The content of a row that is not blank.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The row's number in its sheet, from 1.
    pub number: u32,
    /// The cells that are not blank, by rising column.
    pub cells: Vec<Placed>,
    /// The merged cells that begin in the row or come down from above.
    pub spans: Vec<Span>,
}

/// A row of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The sheet.
    pub sheet: Arc<Sheet>,
    /// What stands in the row.
    pub line: Line,
}

impl Line {
    /// The cell of a column, from 1; empty if nothing stands there.
    pub fn cell(&self, column: u16) -> &Cell {
        self.cells
            .binary_search_by_key(&column, |placed| placed.column)
            .ok()
            .and_then(|at| self.cells.get(at))
            .map_or(&Cell::Empty, |placed| &placed.cell)
    }
}

/// What the child says, one JSON line each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Frame {
    /// A sheet begins.
    #[serde(rename = "s")]
    Sheet(Sheet),
    /// A row of that sheet.
    #[serde(rename = "r")]
    Line(Line),
    /// All is read.
    #[serde(rename = "end")]
    End(Remarks),
    /// Reading stopped.
    #[serde(rename = "bad")]
    Bad(SheetError),
}

/// What the clerk should know of a file that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remarks {
    /// The encoding of a text file.
    pub encoding: Option<String>,
    /// Characters of a text file that its encoding does not know and that were replaced.
    pub n_replaced: u64,
    /// Cells beyond [`COLUMN_MAX`], which were not read.
    pub n_outside: u64,
    /// The first of them.
    pub outside: Option<Place>,
}

/// A cell's place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The sheet's name; none in a text file.
    pub sheet: Option<String>,
    /// The row, from 1; in a text file whose quotes are wrong, the line.
    pub row: Option<u32>,
    /// The column, from 1.
    pub column: Option<u16>,
}

impl Place {
    /// The place as it is named in a list: `sheet!R3C2`, as far as it is known.
    pub fn print(&self) -> String {
        let sheet = self.sheet.as_ref().map(|sheet| format!("{sheet}!")).unwrap_or_default();
        let row = self.row.map(|row| format!("R{row}")).unwrap_or_default();
        let column = self.column.map(|column| format!("C{column}")).unwrap_or_default();
        format!("{sheet}{row}{column}")
    }
}

/// Why a file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trouble {
    /// It is not a plain file, or cannot be opened.
    NotAFile,
    /// Nothing stands in it.
    Blank,
    /// It is larger than what is read, packed or unpacked, or needs more memory.
    TooLarge,
    /// Reading took too long.
    TooSlow,
    /// It is neither a workbook nor a text.
    NotAWorkbook,
    /// It is a web page or an XML file that only calls itself a workbook.
    WebPage,
    /// It is a workbook of a kind that is not read.
    OtherKind,
    /// It is protected by a password.
    Encrypted,
    /// It is damaged.
    Damaged,
    /// Rows or cells do not stand in order, or twice.
    Disordered,
    /// A cell says that it stands outside of any sheet.
    OutOfGrid,
    /// A quotation mark is never closed, or closed in the middle of a field.
    OpenQuote,
    /// The sheet that was asked for is not there.
    NoSuchSheet,
    /// The parsing process could not be started.
    NotStarted,
}

impl Trouble {
    /// The key of the reason, under `wrong.` in the catalogue.
    pub const fn key(self) -> &'static str {
        match self {
            Self::NotAFile => "file_not_plain",
            Self::Blank => "file_blank",
            Self::TooLarge => "file_too_large",
            Self::TooSlow => "file_too_slow",
            Self::NotAWorkbook => "file_not_workbook",
            Self::WebPage => "file_web_page",
            Self::OtherKind => "file_other_kind",
            Self::Encrypted => "file_encrypted",
            Self::Damaged => "file_damaged",
            Self::Disordered => "file_disordered",
            Self::OutOfGrid => "file_out_of_grid",
            Self::OpenQuote => "file_open_quote",
            Self::NoSuchSheet => "file_no_such_sheet",
            Self::NotStarted => "file_not_started",
        }
    }
}

/// A file cannot be read: why, and where reading stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", .why.key())]
pub struct SheetError {
    /// Why.
    pub why: Trouble,
    /// Where, as far as it is known.
    pub at: Place,
}

impl From<Trouble> for SheetError {
    fn from(why: Trouble) -> Self {
        Self { why, at: Place::default() }
    }
}

/// The day and time of a serial number, or none if it is no day that a workbook can hold.
///
/// Serial 61 is 1 March 1900; the years before it are not read, because the usual count has a
/// 29 February 1900 that never was.
pub fn serial_moment(serial: f64, epoch: Epoch) -> Option<NaiveDateTime> {
    let serial = match epoch {
        Epoch::From1900 => serial,
        Epoch::From1904 => serial + 1_462.0,
    };
    if !(61.0..2_958_466.0).contains(&serial) {
        return None;
    }
    // The range check keeps both casts exact.
    let seconds = ((serial - serial.floor()) * 86_400.0).round() as i64;
    let day = NaiveDate::from_ymd_opt(1899, 12, 30)?
        .checked_add_days(Days::new(serial.floor() as u64))?;
    day.and_hms_opt(0, 0, 0)?.checked_add_signed(TimeDelta::seconds(seconds))
}

/// Numbers travel as their bits, because JSON has neither infinity nor every last digit.
mod bits {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(number: &f64, to: S) -> Result<S::Ok, S::Error> {
        number.to_bits().serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        u64::deserialize(from).map(f64::from_bits)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Epoch, serial_moment};

    #[test]
    fn a_serial_number_is_the_day_that_the_workbook_shows() {
        let day = |serial, epoch| serial_moment(serial, epoch).unwrap().to_string();
        assert_eq!(day(45_580.0, Epoch::From1900), "2024-10-15 00:00:00");
        assert_eq!(day(43_524.475_752_314_815, Epoch::From1900), "2019-02-28 11:25:05");
        assert_eq!(day(44_118.0, Epoch::From1904), "2024-10-15 00:00:00");
        assert_eq!(serial_moment(f64::NAN, Epoch::From1900), None);
        assert_eq!(serial_moment(2_958_466.0, Epoch::From1900), None);
        assert_eq!(serial_moment(-3.0, Epoch::From1900), None);
    }

    #[test]
    fn a_number_that_json_does_not_know_survives_the_way() {
        for number in [f64::INFINITY, f64::MIN_POSITIVE, 0.1 + 0.2, -0.0] {
            let line = serde_json::to_string(&Cell::Number(number)).unwrap();
            assert_eq!(serde_json::from_str::<Cell>(&line).unwrap(), Cell::Number(number));
        }
        let line = serde_json::to_string(&Cell::Number(f64::NAN)).unwrap();
        let Cell::Number(back) = serde_json::from_str(&line).unwrap() else { panic!() };
        assert!(back.is_nan());
    }
}
