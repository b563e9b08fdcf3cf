//! An export as a file: workbook, text with commas, or JSON.
//!
//! Nothing in a cell can be taken for a formula: workbooks have typed cells, and a text with commas
//! has an apostrophe before it, which an import takes off again.

use chrono::NaiveDate;
use encoding_rs::{Encoding, GB18030, GBK, UTF_8};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, IgnoreError, Workbook, Worksheet};
use serde_json::{Map, Value, json};

use crate::api::export::OutCell;
use crate::exchange::document::{Grid, Held};
use crate::exchange::outgoing::{Shown, Table, is_text, shown};
use crate::exchange::write::{WriteError, cell_text, sheet_name};
use crate::locale::Lang;

/// How many rows are looked at for the width of a column.
const WIDTH_ROWS: usize = 500;
/// The narrowest and the widest column, in characters of the usual size.
const WIDTHS: (u16, u16) = (6, 44);
/// How high a line is, in points.
const LINE_HEIGHT: f64 = 15.0;
/// How many lines of a long text are seen without opening the cell.
const LINES_MAX: u16 = 8;
/// The most columns that an A4 page holds.
const NARROW_MAX: u16 = 12;
/// How the height of the title is set, in points.
const TITLE_HEIGHT: f64 = 26.0;
/// The row of the header, behind the two titles.
const HEADER_ROW: u32 = 2;
/// The day of the number 0 of a workbook; right for all days after February 1900.
const EPOCH: NaiveDate = NaiveDate::from_ymd_opt(1899, 12, 30).expect("it is a day");
/// What a text with commas may not begin with: a spreadsheet would compute it.
pub const COMPUTED: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// A workbook.
    Xlsx,
    /// Text with commas.
    Csv,
    /// JSON.
    Json,
}

impl FileFormat {
    /// The words of all kinds.
    pub const WORDS: [&str; 3] = ["xlsx", "csv", "json"];

    /// The kind of a word.
    pub fn parse(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "xlsx" => Some(Self::Xlsx),
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// The kind that a file's name promises.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::parse(name.rsplit_once('.')?.1)
    }
}

/// How text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoded {
    /// UTF-8 with a mark, so that Excel reads it right.
    Utf8,
    /// GB18030.
    Gb18030,
    /// GBK, for programs that know nothing newer.
    Gbk,
}

impl Encoded {
    /// The words of all encodings.
    pub const WORDS: [&str; 3] = ["utf-8", "gb18030", "gbk"];

    /// The encoding of a word.
    pub fn parse(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Some(Self::Utf8),
            "gb18030" => Some(Self::Gb18030),
            "gbk" => Some(Self::Gbk),
            _ => None,
        }
    }

    const fn encoding(self) -> &'static Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Gb18030 => GB18030,
            Self::Gbk => GBK,
        }
    }
}

/// A character that an encoding does not have, written as a question mark.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Unmapped {
    /// The row, from 1, with the header counted.
    pub row: usize,
    /// The header of the column.
    pub column: String,
    /// The character.
    pub char: char,
}

/// The bytes of a workbook.
///
/// # Errors
/// [`WriteError`] if the rows do not fit.
pub fn xlsx(lang: Lang, table: &Table) -> Result<Vec<u8>, WriteError> {
    let mut book = Workbook::new();
    let columns = table.columns();
    let n_columns = u16::try_from(columns.len()).map_err(|_| WriteError)?;
    let n_rows = u32::try_from(table.rows.len()).map_err(|_| WriteError)?;
    let (last_row, last_column) = (HEADER_ROW + n_rows, n_columns.saturating_sub(1));
    let sheet = book.add_worksheet();
    let [title, line] = table.titles(lang);
    sheet.set_name(sheet_name(&title, 0))?;
    let plain = Format::new().set_align(FormatAlign::Top).set_border(FormatBorder::Thin);
    titles(sheet, [&title, &line], last_column)?;
    let head = plain.clone().set_bold().set_text_wrap().set_background_color(Color::RGB(0xE7EDF3));
    let head = head.set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
    let headers = table.headers(lang);
    let widths = widths(lang, table);
    for ((at, header), width) in (0_u16..).zip(&headers).zip(&widths) {
        sheet.write_string_with_format(HEADER_ROW, at, cell_text(header), &head)?;
        sheet.set_column_width(at, f64::from(*width))?;
    }
    let text = plain.clone().set_num_format("@").set_text_wrap();
    let day = plain.clone().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center);
    let count = plain.clone().set_num_format("0");
    for (row, cells) in (HEADER_ROW + 1..).zip(&table.rows) {
        let mut n_lines = 1;
        for ((at, cell), column) in (0_u16..).zip(cells).zip(&columns) {
            match shown(lang, cell.as_ref()) {
                Shown::Nothing if is_text(column.holds) => sheet.write_blank(row, at, &text)?,
                Shown::Nothing => sheet.write_blank(row, at, &plain)?,
                Shown::Text(said) => {
                    let own = widths.get(usize::from(at)).copied().unwrap_or(WIDTHS.1);
                    n_lines = n_lines.max(lines_of(&said, own));
                    sheet.write_string_with_format(row, at, cell_text(&said), &text)?
                }
                Shown::Day(on) => sheet.write_number_with_format(row, at, serial(on), &day)?,
                Shown::Count(number) => {
                    sheet.write_number_with_format(row, at, number as f64, &count)?
                }
            };
        }
        if n_lines > 1 {
            sheet.set_row_height(row, LINE_HEIGHT * f64::from(n_lines.min(LINES_MAX)))?;
        }
    }
    sheet.set_freeze_panes(HEADER_ROW + 1, 0)?;
    if n_rows > 0 && n_columns > 0 {
        sheet.autofilter(HEADER_ROW, 0, last_row, last_column)?;
        let area = (HEADER_ROW + 1, 0, last_row, last_column);
        sheet.ignore_error_range(
            area.0,
            area.1,
            area.2,
            area.3,
            IgnoreError::NumberStoredAsText,
        )?;
    }
    paper(sheet, n_columns)?;
    Ok(book.save_to_buffer()?)
}

/// The number by which a workbook knows a day.
pub(in crate::exchange) fn serial(on: NaiveDate) -> f64 {
    on.signed_duration_since(EPOCH).num_days() as f64
}

fn titles(sheet: &mut Worksheet, [title, line]: [&str; 2], last: u16) -> Result<(), WriteError> {
    let large = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    let large = large.set_align(FormatAlign::VerticalCenter);
    let small = Format::new().set_font_size(9).set_font_color(Color::RGB(0x59_5959));
    for (row, text, format) in [(0, title, &large), (1, line, &small)] {
        if last > 0 {
            sheet.merge_range(row, 0, row, last, "", format)?;
        }
        sheet.write_string_with_format(row, 0, cell_text(text), format)?;
    }
    sheet.set_row_height(0, TITLE_HEIGHT)?;
    Ok(())
}

/// How it is printed: across, one page wide, the header on every page; what is wide on A3.
fn paper(sheet: &mut Worksheet, n_columns: u16) -> Result<(), WriteError> {
    sheet.set_landscape();
    sheet.set_paper_size(if n_columns > NARROW_MAX { 8 } else { 9 });
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, HEADER_ROW)?;
    sheet.set_footer("&C&P / &N");
    Ok(())
}

/// How wide each column is: as wide as what stands in it, within bounds.
fn widths(lang: Lang, table: &Table) -> Vec<u16> {
    let mut widths: Vec<usize> = table.headers(lang).iter().map(|text| width(text) + 4).collect();
    for cells in table.rows.iter().take(WIDTH_ROWS) {
        for (own, cell) in widths.iter_mut().zip(cells) {
            let text = shown(lang, cell.as_ref()).text();
            let widest = text.lines().map(|line| width(line) + 2).max().unwrap_or(0);
            *own = (*own).max(widest);
        }
    }
    let within = |width| u16::try_from(width).unwrap_or(u16::MAX).clamp(WIDTHS.0, WIDTHS.1);
    widths.into_iter().map(within).collect()
}

/// How many lines a text takes in a column of that width.
fn lines_of(text: &str, own: u16) -> u16 {
    let lines = text.lines().map(|line| width(line).div_ceil(usize::from(own).max(1)).max(1));
    u16::try_from(lines.sum::<usize>()).unwrap_or(u16::MAX)
}

/// How wide a line is: a Chinese character takes two places.
fn width(line: &str) -> usize {
    line.chars().map(|char| if char >= '\u{1100}' { 2 } else { 1 }).sum()
}

/// The bytes of a text with commas, and the characters that its encoding does not have.
///
/// # Errors
/// [`WriteError`] if it cannot be written.
pub fn csv(
    lang: Lang,
    table: &Table,
    encoded: Encoded,
) -> Result<(Vec<u8>, Vec<Unmapped>), WriteError> {
    let columns = table.columns();
    let rows = table.rows.iter().map(|cells| {
        let texts = cells.iter().zip(&columns).map(|(cell, column)| {
            let text = shown(lang, cell.as_ref()).text();
            if is_text(column.holds) { guarded(&cell_text(&text)) } else { text }
        });
        texts.collect()
    });
    delimited(&table.headers(lang), rows, encoded)
}

/// The bytes of a list of a document as text with commas, and the characters that its encoding does
/// not have.
///
/// # Errors
/// [`WriteError`] if it cannot be written.
pub fn grid_csv(grid: &Grid, encoded: Encoded) -> Result<(Vec<u8>, Vec<Unmapped>), WriteError> {
    let text = |cell: &Held| match cell {
        // A sign before a number or a percentage computes nothing.
        Held::Text(text) if is_number(text) => text.clone(),
        Held::Text(text) => guarded(&cell_text(text)),
        Held::Count(number) => number.to_string(),
    };
    let rows = grid.rows.iter().map(|row| row.iter().map(text).collect());
    let titles: Vec<String> =
        grid.titles().iter().map(|title| guarded(&cell_text(title))).collect();
    delimited(&titles, rows, encoded)
}

fn delimited(
    headers: &[String],
    rows: impl Iterator<Item = Vec<String>>,
    encoded: Encoded,
) -> Result<(Vec<u8>, Vec<Unmapped>), WriteError> {
    let mut unmapped = Vec::new();
    let start = if encoded == Encoded::Utf8 { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(start);
    let mut write = |row: usize, texts: Vec<String>| {
        let mut record: Vec<Vec<u8>> = Vec::with_capacity(texts.len());
        for (text, header) in texts.iter().zip(headers) {
            record.push(encode(text, encoded, |char| {
                unmapped.push(Unmapped { row, column: header.clone(), char });
            }));
        }
        out.write_record(record).map_err(|_| WriteError)
    };
    write(1, headers.to_vec())?;
    for (at, texts) in rows.enumerate() {
        write(at + 2, texts)?;
    }
    let bytes = out.into_inner().map_err(|_| WriteError)?;
    Ok((bytes, unmapped))
}

/// Whether a text is a number in digits, with a sign or a percent sign or without.
fn is_number(text: &str) -> bool {
    let text = text.strip_suffix('%').unwrap_or(text);
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.starts_with(|char: char| char.is_ascii_digit()) && digits.parse::<f64>().is_ok()
}

/// A text that no spreadsheet computes.
fn guarded(text: &str) -> String {
    if text.starts_with(COMPUTED) { format!("'{text}") } else { text.to_owned() }
}

fn encode(text: &str, encoded: Encoded, mut miss: impl FnMut(char)) -> Vec<u8> {
    let encoding = encoded.encoding();
    let (bytes, _, is_lossy) = encoding.encode(text);
    if !is_lossy {
        return bytes.into_owned();
    }
    let mut all = Vec::with_capacity(text.len());
    let mut one = [0; 4];
    for char in text.chars() {
        let (bytes, _, is_missing) = encoding.encode(char.encode_utf8(&mut one));
        if is_missing {
            miss(char);
            all.push(b'?');
        } else {
            all.extend_from_slice(&bytes);
        }
    }
    all
}

/// The bytes of one JSON document: keys and words as the program knows them, in no language.
pub fn json(table: &Table) -> Vec<u8> {
    let head = &table.head;
    let rows = table.rows.iter().map(|cells| {
        let pairs = head.columns.iter().zip(cells);
        Value::Object(pairs.map(|(key, cell)| (key.clone(), plain(cell.as_ref()))).collect())
    });
    let document = json!({
        "subject": head.subject.word(),
        "town": head.town,
        "today": head.today,
        "columns": head.columns,
        "left_out": head.left_out,
        "total": head.total,
        "cut": head.cut,
        "rows": rows.collect::<Vec<_>>(),
    });
    let mut bytes = serde_json::to_vec_pretty(&document).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn plain(cell: Option<&OutCell>) -> Value {
    let word = |key: &String| Value::from(key.rsplit('.').next().unwrap_or(key));
    match cell {
        None => Value::Null,
        Some(OutCell::Text(text)) => Value::from(text.as_str()),
        Some(OutCell::Word(key)) => word(key),
        Some(OutCell::Day(day)) => Value::from(day.to_string()),
        Some(OutCell::Count(number)) => Value::from(*number),
        Some(OutCell::Steps(steps)) => {
            let step = |(on, deed, text): &(NaiveDate, String, String)| {
                let pairs = [("on", Value::from(on.to_string())), ("deed", word(deed))];
                let pairs = pairs.into_iter().chain([("text", Value::from(text.as_str()))]);
                Value::Object(
                    pairs.map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>(),
                )
            };
            Value::Array(steps.iter().map(step).collect())
        }
    }
}
