//! The first rows of a file as they stand there, so that a column can be shown before it fills
//! anything.

use crate::cli::import::reading::{SAMPLE_CHARS_MAX, SAMPLES_MAX, Staged};
use crate::exchange::cell::{Row, Shown};
use crate::exchange::columns::fold;
use crate::exchange::ledger::{Layout, Mapping};
use crate::exchange::value::shown_text;
use crate::tui::incoming::table::{ColumnRead, Fills, SheetRead, SheetState};

/// The most rows of a sheet that are kept.
const ROWS_MAX: usize = 32;
/// The most sheets of which rows are kept.
const SHEETS_MAX: usize = 40;

/// The first rows of each sheet, cut short.
#[derive(Default)]
pub struct Glimpse {
    sheets: Vec<(String, Vec<Seen>)>,
}

/// A row: its number, and its columns with what stands there.
type Seen = (u32, Vec<(u16, String)>);

impl Glimpse {
    /// Notes a row, as long as few are noted.
    pub fn note(&mut self, row: &Row) {
        if self.sheets.last().is_none_or(|(name, _)| *name != row.sheet.name) {
            if self.sheets.len() >= SHEETS_MAX {
                return;
            }
            self.sheets.push((row.sheet.name.clone(), Vec::new()));
        }
        let Some((_, rows)) = self.sheets.last_mut().filter(|(_, rows)| rows.len() < ROWS_MAX)
        else {
            return;
        };
        let cells = row.line.cells.iter();
        let cells = cells.map(|placed| (placed.column, cut(&shown_text(&placed.cell))));
        rows.push((row.line.number, cells.collect()));
    }

    /// The first different values of a column, below its header.
    fn values(&self, (sheet, header_row): (&str, u32), column: u16) -> Vec<String> {
        let rows = self.sheets.iter().find(|(name, _)| name == sheet).map(|(_, rows)| rows);
        let below = rows.into_iter().flatten().filter(|(number, _)| *number > header_row);
        let values = below.flat_map(|(_, cells)| cells).filter(|(index, _)| *index == column);
        let mut found: Vec<String> = Vec::new();
        for (_, value) in values {
            if found.len() < SAMPLES_MAX && !value.is_empty() && !found.contains(value) {
                found.push(value.clone());
            }
        }
        found
    }
}

fn cut(text: &str) -> String {
    text.replace('\n', " ").chars().take(SAMPLE_CHARS_MAX).collect()
}

/// The columns of a file, each header once, with what stands there; a column that is never taken is
/// named, and nothing of it is shown.
pub fn columns(read: &Staged) -> Vec<ColumnRead> {
    let mut columns: Vec<ColumnRead> = Vec::new();
    for mapping in &read.report.mappings {
        for (index, header, fills) in of_sheet(mapping) {
            let samples = match (&fills, mapping.layout) {
                (Fills::Never(_), _) => Vec::new(),
                (_, Layout::Table) => {
                    read.glimpse.values((&mapping.sheet, mapping.header_row), index)
                }
                (fills, Layout::Card) => of_fields(read, fills),
            };
            let folded = fold(&header);
            match columns.iter_mut().find(|known| fold(&known.header) == folded) {
                Some(known) => {
                    if known.sheets.last() != Some(&mapping.sheet) {
                        known.sheets.push(mapping.sheet.clone());
                    }
                    for sample in samples {
                        if known.samples.len() < SAMPLES_MAX && !known.samples.contains(&sample) {
                            known.samples.push(sample);
                        }
                    }
                    // Beside another table a header may be left out that fills its field elsewhere.
                    if known.fills == Fills::Nothing {
                        known.fills = fills;
                    }
                }
                None => columns.push(ColumnRead {
                    letter: letter(index),
                    header,
                    sheets: vec![mapping.sheet.clone()],
                    samples,
                    fills,
                }),
            }
        }
    }
    columns
}

/// The sheets of a workbook, and what became of each; none of a file that is one table.
pub fn sheets(read: &Staged) -> Vec<SheetRead> {
    let book = &read.book;
    if book.sheets.len() < 2 {
        return Vec::new();
    }
    let state = |name: &String, shown: Shown| {
        if read.report.mappings.iter().any(|mapping| mapping.sheet == *name) {
            SheetState::Read
        } else if read.report.headless.contains(name) {
            SheetState::Headless
        } else if shown == Shown::Hidden {
            SheetState::Hidden
        } else {
            SheetState::Aside
        }
    };
    let sheets = book.sheets.iter().zip(&book.n_lines).map(|(sheet, n_rows)| SheetRead {
        name: sheet.name.clone(),
        n_rows: *n_rows,
        state: state(&sheet.name, sheet.shown),
    });
    sheets.collect()
}

/// The columns of a sheet from left to right; one without a header cannot be named and is none.
fn of_sheet(mapping: &Mapping) -> Vec<(u16, String, Fills)> {
    let mut columns: Vec<(u16, String, Fills)> = Vec::new();
    for one in &mapping.columns {
        match columns.iter_mut().find(|(index, ..)| *index == one.index) {
            Some((_, _, Fills::Fields(fields))) => fields.push(one.field.clone()),
            _ => {
                let fills = Fills::Fields(vec![one.field.clone()]);
                columns.push((one.index, one.header.clone(), fills));
            }
        }
    }
    let dropped = mapping.dropped.iter();
    columns.extend(
        dropped.map(|one| (one.index, one.header.clone(), Fills::Never(one.reason.clone()))),
    );
    let ignored = mapping.ignored.iter().filter(|one| !one.header.is_empty());
    columns.extend(ignored.map(|one| (one.index, one.header.clone(), Fills::Nothing)));
    columns.sort_by_key(|(index, ..)| *index);
    columns
}

/// What stands in the fields that a label of a form fills.
fn of_fields(read: &Staged, fills: &Fills) -> Vec<String> {
    let Fills::Fields(fields) = fills else { return Vec::new() };
    let samples = read.samples.iter().filter(|sample| fields.contains(&sample.field));
    samples.flat_map(|sample| sample.values.clone()).take(SAMPLES_MAX).collect()
}

/// The letters of a column, as spreadsheet programs name it.
fn letter(index: u16) -> String {
    let mut letters = Vec::new();
    let mut left = index;
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    letters.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::letter;

    #[test]
    fn columns_are_called_as_a_spreadsheet_calls_them() {
        let letters: Vec<String> = [1, 26, 27, 52, 256].into_iter().map(letter).collect();
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "IV"]);
    }
}
