//! Where a parser puts what it reads: counts cells and characters and stops at their limits.
//!
//! A small file can name one long text many times, so the limits are on what comes out.

use crate::exchange::cell::{
    COLUMN_MAX, Cell, Frame, Line, Origin, Place, Placed, Remarks, Sheet, SheetError, Span, Trouble,
};

/// The most cells that are not blank.
const CELLS_MAX: u64 = 2_000_000;
/// The most bytes of text, all cells together.
const TEXT_MAX: u64 = 64 << 20;
/// The most bytes of text in one row.
pub const ROW_TEXT_MAX: u64 = 4 << 20;
/// The last row of a sheet.
const ROW_MAX: u32 = 1_048_576;
/// The last column of a sheet.
const GRID_COLUMN_MAX: u32 = 16_384;

/// Why a parser stops.
#[derive(Debug)]
pub enum Stop {
    /// The file is wrong.
    Bad(SheetError),
    /// Nobody listens any more.
    Unheard,
}

impl From<Trouble> for Stop {
    fn from(why: Trouble) -> Self {
        Self::Bad(SheetError::from(why))
    }
}

/// Takes cells in the order of the sheet and passes on whole rows.
pub struct Sink<'a> {
    put: &'a mut dyn FnMut(Frame) -> Result<(), Stop>,
    sheet: Option<String>,
    line: Line,
    row_text: u64,
    n_cells: u64,
    n_text: u64,
    /// What the clerk should know; the parser adds what it alone sees.
    pub remarks: Remarks,
}

impl<'a> Sink<'a> {
    /// A sink that passes frames on.
    pub fn new(put: &'a mut dyn FnMut(Frame) -> Result<(), Stop>) -> Self {
        Self {
            put,
            sheet: None,
            line: Line::default(),
            row_text: 0,
            n_cells: 0,
            n_text: 0,
            remarks: Remarks::default(),
        }
    }

    /// Begins a sheet.
    ///
    /// # Errors
    /// [`Stop::Unheard`] if nobody listens.
    pub fn sheet(&mut self, sheet: Sheet) -> Result<(), Stop> {
        self.sheet = Some(sheet.name.clone()).filter(|name| !name.is_empty());
        self.line = Line::default();
        (self.put)(Frame::Sheet(sheet))
    }

    /// Takes a cell; row and column count from 1. Returns whether it belongs to a new row, whose
    /// predecessor must then have been ended with [`Sink::end_row`].
    ///
    /// # Errors
    /// A cell outside of the grid or out of order, or more cells or text than is read.
    pub fn cell(&mut self, row: u32, column: u32, cell: Cell) -> Result<(), Stop> {
        if row == 0 || row > ROW_MAX || column == 0 || column > GRID_COLUMN_MAX {
            return self.bad(Trouble::OutOfGrid, None);
        }
        if row < self.line.number {
            return self.bad(Trouble::Disordered, Some(row));
        }
        if row > self.line.number {
            self.end_row(&[], Vec::new())?;
            self.line.number = row;
        }
        let Some(column) = u16::try_from(column).ok().filter(|column| *column <= COLUMN_MAX) else {
            self.outside(row, column);
            return Ok(());
        };
        if self.line.cells.last().is_some_and(|last| last.column >= column) {
            return self.bad(Trouble::Disordered, Some(row));
        }
        self.count(&cell)?;
        self.line.cells.push(Placed { column, cell, origin: Origin::Own });
        Ok(())
    }

    /// Ends the present row, if a cell stands in it, with what merged cells bring from above.
    ///
    /// # Errors
    /// More text than is read, or nobody listens.
    pub fn end_row(&mut self, above: &[Placed], spans: Vec<Span>) -> Result<(), Stop> {
        let number = self.line.number;
        if self.line.cells.is_empty() {
            return Ok(());
        }
        for placed in above {
            let cells = &self.line.cells;
            if let Err(at) = cells.binary_search_by_key(&placed.column, |other| other.column) {
                self.count(&placed.cell)?;
                self.line.cells.insert(at, placed.clone());
            }
        }
        let cells = std::mem::take(&mut self.line.cells);
        self.row_text = 0;
        (self.put)(Frame::Line(Line { number, cells, spans }))
    }

    /// The row of the last cell, 0 before the first.
    pub fn row(&self) -> u32 {
        self.line.number
    }

    /// Says that all is read.
    ///
    /// # Errors
    /// [`Stop::Unheard`] if nobody listens.
    pub fn end(&mut self) -> Result<(), Stop> {
        let remarks = std::mem::take(&mut self.remarks);
        (self.put)(Frame::End(remarks))
    }

    /// Stops at the present row.
    ///
    /// # Errors
    /// Always.
    pub fn bad<T>(&self, why: Trouble, row: Option<u32>) -> Result<T, Stop> {
        let row = row.or(Some(self.line.number)).filter(|row| *row > 0);
        let at = Place { sheet: self.sheet.clone(), row, column: None };
        Err(Stop::Bad(SheetError { why, at }))
    }

    fn outside(&mut self, row: u32, column: u32) {
        self.remarks.n_outside += 1;
        if self.remarks.outside.is_none() {
            let column = u16::try_from(column).ok();
            self.remarks.outside =
                Some(Place { sheet: self.sheet.clone(), row: Some(row), column });
        }
    }

    fn count(&mut self, cell: &Cell) -> Result<(), Stop> {
        let length = match cell {
            Cell::Text(text) | Cell::Error(text) => text.len() as u64,
            Cell::Number(_) | Cell::Date(_) | Cell::Bool(_) | Cell::Long | Cell::Empty => 0,
        };
        self.n_cells += 1;
        self.n_text += length;
        self.row_text += length;
        if self.n_cells > CELLS_MAX || self.n_text > TEXT_MAX || self.row_text > ROW_TEXT_MAX {
            return self.bad(Trouble::TooLarge, None);
        }
        Ok(())
    }
}
