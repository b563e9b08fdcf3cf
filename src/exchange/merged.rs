//! Merged cells: a value that stands once and is meant for several rows or columns.
//!
//! Downwards, a value is given to every row of its range that has content of its own; sideways,
//! only the range is told, because the header of a group is not the header of each column.

use std::collections::HashMap;

use calamine::Dimensions;

use crate::exchange::cell::{COLUMN_MAX, Cell, Origin, Placed, Span, Trouble};

/// The most merged ranges of a sheet.
const RANGES_MAX: usize = 100_000;

/// The merged ranges of a sheet, asked row by row from the top.
#[derive(Debug, Default)]
pub struct Merges {
    /// The last row and column by the first, all from 1.
    ranges: HashMap<(u32, u16), (u32, u16)>,
    open: Vec<Open>,
}

#[derive(Debug)]
struct Open {
    first_row: u32,
    last_row: u32,
    last_column: u16,
    placed: Placed,
}

impl Merges {
    /// The ranges of a sheet, as the workbook gives them (counted from 0).
    ///
    /// # Errors
    /// [`Trouble::TooLarge`] if there are too many.
    pub fn new(ranges: &[Dimensions]) -> Result<Self, Trouble> {
        if ranges.len() > RANGES_MAX {
            return Err(Trouble::TooLarge);
        }
        let mut merges = Self::default();
        for range in ranges {
            let Ok(first) = u16::try_from(range.start.1.saturating_add(1)) else { continue };
            let last = u16::try_from(range.end.1.saturating_add(1)).unwrap_or(COLUMN_MAX);
            let rows = (range.start.0.saturating_add(1), range.end.0.saturating_add(1));
            if first <= COLUMN_MAX && last >= first && rows.1 >= rows.0 {
                merges.ranges.insert((rows.0, first), (rows.1, last.min(COLUMN_MAX)));
            }
        }
        Ok(merges)
    }

    /// Notes a cell that is not blank, in case a range begins there.
    pub fn note(&mut self, row: u32, column: u32, cell: &Cell) {
        if self.ranges.is_empty() {
            return;
        }
        let Ok(column) = u16::try_from(column) else { return };
        let Some((last_row, last_column)) = self.ranges.get(&(row, column)).copied() else {
            return;
        };
        let placed = Placed { column, cell: cell.clone(), origin: Origin::Above };
        // One open range a column: overlapping ranges are a damage that must not grow.
        self.open.retain(|open| open.placed.column != column);
        self.open.push(Open { first_row: row, last_row, last_column, placed });
    }

    /// What ranges bring into a row from above, and the ranges that are wider than a column.
    /// Ranges that ended before the row are forgotten.
    pub fn reach(&mut self, row: u32) -> (Vec<Placed>, Vec<Span>) {
        self.open.retain(|open| open.last_row >= row);
        let above = self.open.iter().filter(|open| open.first_row < row);
        let above = above.map(|open| open.placed.clone()).collect();
        let wide = self.open.iter().filter(|open| open.last_column > open.placed.column);
        let spans =
            wide.map(|open| Span { first: open.placed.column, last: open.last_column }).collect();
        (above, spans)
    }
}
