//! Writes rows as a workbook: the rows that an import refused, with the reason beside each.
//!
//! Every cell is a text, so that nothing is computed, rounded or turned into a day. Columns that
//! are never taken do not come back.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Format, FormatAlign, IgnoreError, Workbook, Worksheet, XlsxError};

use crate::domain::text::{Lines, clean};
use crate::exchange::cell::{Cell, Row};
use crate::exchange::columns::Columns;
use crate::exchange::ledger::{Layout, Mapping};
use crate::exchange::value::{Shape, field_text, shown_text};

/// The most characters of a cell.
const CELL_CHARS_MAX: usize = 32_767;
/// The most characters of a sheet's name.
const NAME_CHARS_MAX: usize = 31;
/// Characters that a sheet's name cannot have.
const NAME_BARRED: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];
/// How wide a column of texts is, in characters of the usual size.
const WIDTH: f64 = 18.0;
/// How wide the column of reasons is.
const WIDTH_REASON: f64 = 40.0;

/// A workbook could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("file_not_saved")]
pub struct WriteError;

impl From<XlsxError> for WriteError {
    fn from(_: XlsxError) -> Self {
        Self
    }
}

/// Texts of the list, in the clerk's language.
#[derive(Debug, Clone)]
pub struct Labels {
    /// Header of the column of reasons.
    pub reason: String,
    /// Header of the column of row numbers.
    pub row: String,
    /// Name of a sheet that has none.
    pub sheet: String,
}

/// Rows that were refused, sheet by sheet.
pub struct Rejects<'a> {
    tables: &'a Columns,
    mappings: BTreeMap<&'a str, &'a Mapping>,
    labels: &'a Labels,
    sheets: Vec<Page<'a>>,
}

struct Page<'a> {
    name: &'a str,
    columns: Vec<(u16, &'a str)>,
    /// The columns that are read as days.
    days: Vec<(u16, Shape)>,
    rows: Vec<Vec<String>>,
}

impl<'a> Rejects<'a> {
    /// An empty list for a file with these mappings.
    pub fn new((tables, mappings): (&'a Columns, &'a [Mapping]), labels: &'a Labels) -> Self {
        let mappings = mappings.iter().map(|mapping| (mapping.sheet.as_str(), mapping)).collect();
        Self { tables, mappings, labels, sheets: Vec::new() }
    }

    /// Adds a row as it stands in the file, with the reason in words. A row of a sheet without
    /// header is left out, because it was never read.
    pub fn push(&mut self, row: &Row, reason: &str) {
        let Some(mapping) = self.mappings.get(row.sheet.name.as_str()).copied() else { return };
        if self.sheets.last().is_none_or(|page| page.name != mapping.sheet) {
            let columns = kept_columns(mapping);
            let days = self.days(mapping);
            self.sheets.push(Page { name: &mapping.sheet, columns, days, rows: Vec::new() });
        }
        let Some(page) = self.sheets.last_mut() else { return };
        let mut texts = vec![reason.to_owned(), row.line.number.to_string()];
        let text = |(index, _): &(u16, &str)| {
            let cell = row.line.cell(*index);
            let shape = page.days.iter().find(|(day, _)| day == index).map(|(_, shape)| *shape);
            // A day that is stored as a bare number would be none as a text.
            let day = shape.filter(|_| matches!(cell, Cell::Number(_)));
            let day = day.and_then(|shape| field_text(cell, shape, row.sheet.epoch).ok().flatten());
            day.unwrap_or_else(|| shown_text(cell))
        };
        texts.extend(page.columns.iter().map(text));
        page.rows.push(texts);
    }

    fn days(&self, mapping: &Mapping) -> Vec<(u16, Shape)> {
        let day = |(index, field): (u16, &str)| {
            let field = self.tables.fields.get(self.tables.field(field)?)?;
            matches!(field.shape, Shape::Date | Shape::Moment).then_some((index, field.shape))
        };
        let columns = mapping.columns.iter();
        columns.filter_map(|column| day((column.index, column.field.as_str()))).collect()
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.sheets.is_empty()
    }

    /// The workbook's bytes.
    ///
    /// # Errors
    /// [`WriteError`] if the rows do not fit into a workbook.
    pub fn bytes(&self) -> Result<Vec<u8>, WriteError> {
        let mut book = Workbook::new();
        let mut names: Vec<String> = Vec::new();
        for (at, page) in self.sheets.iter().enumerate() {
            let name = if page.name.is_empty() { &self.labels.sheet } else { page.name };
            let mut headers = vec![self.labels.reason.as_str(), self.labels.row.as_str()];
            headers.extend(page.columns.iter().map(|(_, header)| *header));
            let sheet = book.add_worksheet();
            // A sheet that is named for its village keeps that name, so that it can come in again.
            let own = sheet_name(name, 0);
            let is_taken = names.iter().any(|other| other.to_lowercase() == own.to_lowercase());
            let own = if is_taken { sheet_name(name, at) } else { own };
            sheet.set_name(&own)?;
            names.push(own);
            write_table(sheet, &headers, &page.rows)?;
        }
        if self.sheets.is_empty() {
            book.add_worksheet();
        }
        Ok(book.save_to_buffer()?)
    }
}

/// Writes a table of texts with a frozen header onto a sheet.
///
/// # Errors
/// [`WriteError`] if it does not fit.
pub fn write_table(
    sheet: &mut Worksheet,
    headers: &[&str],
    rows: &[Vec<String>],
) -> Result<(), WriteError> {
    let text = Format::new().set_num_format("@").set_align(FormatAlign::Top).set_text_wrap();
    let bold = Format::new().set_num_format("@").set_bold().set_text_wrap();
    let n_columns = u16::try_from(headers.len()).map_err(|_| WriteError)?;
    let n_rows = u32::try_from(rows.len()).map_err(|_| WriteError)?;
    for (column, header) in (0_u16..).zip(headers) {
        sheet.write_string_with_format(0, column, cell_text(header), &bold)?;
        sheet.set_column_width(column, if column == 0 { WIDTH_REASON } else { WIDTH })?;
    }
    for (row, texts) in (1_u32..).zip(rows) {
        for (column, value) in (0_u16..).zip(texts) {
            sheet.write_string_with_format(row, column, cell_text(value), &text)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    if n_rows > 0 && n_columns > 0 {
        sheet.autofilter(0, 0, n_rows, n_columns - 1)?;
        sheet.ignore_error_range(1, 0, n_rows, n_columns - 1, IgnoreError::NumberStoredAsText)?;
    }
    Ok(())
}

/// The columns of a sheet that come back: all but those that are never taken, each once.
fn kept_columns(mapping: &Mapping) -> Vec<(u16, &str)> {
    if mapping.layout == Layout::Card {
        // The sheet is mended where it is: it has no header that could be read again.
        return Vec::new();
    }
    let mapped = mapping.columns.iter().map(|column| (column.index, column.header.as_str()));
    let ignored = mapping.ignored.iter().map(|column| (column.index, column.header.as_str()));
    let columns: BTreeMap<u16, &str> = mapped.chain(ignored).collect();
    columns.into_iter().collect()
}

/// A text that a workbook can hold and nothing can come out of.
pub(in crate::exchange) fn cell_text(text: &str) -> String {
    let mut text = clean(text, Lines::Many).text;
    if let Some((end, _)) = text.char_indices().nth(CELL_CHARS_MAX) {
        text.truncate(end);
    }
    text
}

/// A name that a workbook allows and that no other of its sheets has.
pub(in crate::exchange) fn sheet_name(name: &str, at: usize) -> String {
    let suffix = if at == 0 { String::new() } else { format!(" {}", at + 1) };
    let room = NAME_CHARS_MAX.saturating_sub(suffix.len());
    let kept = clean(name, Lines::One).text;
    let kept = kept.chars().filter(|char| !NAME_BARRED.contains(char));
    let kept: String = kept.take(room).collect();
    let kept = kept.trim_matches('\'').trim();
    if kept.is_empty() { format!("{}", at + 1) } else { format!("{kept}{suffix}") }
}
