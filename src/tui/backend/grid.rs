//! The grid: what a terminal shows, as spots that compare equal when they look equal.
//!
//! The last gate before the wire: whatever a cell holds, a spot holds one character that can be
//! drawn and its marks, at most [`SPOT_BYTES_MAX`] bytes, and nothing that acts on a terminal.
//! INVARIANT: behind a spot of two columns stands its half, and a half stands nowhere else.

use ratatui::buffer::{Cell, CellWidth};
use ratatui::layout::Size;
use ratatui::style::Modifier;
use unicode_width::UnicodeWidthChar;

use crate::domain::text::is_hidden;
use crate::tui::look::colour::fit;
use crate::tui::look::twin::{cell_twin, is_ambiguous};
use crate::tui::look::{Ambiguous, Look};

/// The most bytes of one spot: a character and four combining marks.
pub const SPOT_BYTES_MAX: usize = 20;

/// The most combining marks on one character.
const MARKS_MAX: usize = 4;

/// What shows on an empty spot.
const VISIBLE_ON_BLANK: Modifier =
    Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);

/// Colours and modifiers; colours are indexes, `None` is the terminal's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pen {
    /// The colour of the text.
    pub fg: Option<u8>,
    /// The colour behind it.
    pub bg: Option<u8>,
    /// Bold and the like.
    pub modifiers: Modifier,
}

impl Pen {
    /// Whether an empty spot written with this pen looks like one written with the other.
    pub fn blanks_like(self, other: Self) -> bool {
        self.on_blank() == other.on_blank()
    }

    /// Whether erasing with this pen leaves the terminal's own background.
    pub fn erases_clean(self) -> bool {
        self.bg.is_none() && !self.modifiers.intersects(VISIBLE_ON_BLANK)
    }

    fn on_blank(self) -> Self {
        let modifiers = self.modifiers & VISIBLE_ON_BLANK;
        let fg = if modifiers.is_empty() { None } else { self.fg };
        Self { fg, modifiers, ..self }
    }
}

/// One spot of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    bytes: [u8; SPOT_BYTES_MAX],
    n_bytes: u8,
    /// 1 or 2; 0 is the half behind a spot of two columns.
    pub columns: u8,
    /// Whether every terminal moves on by exactly these columns.
    pub is_sure: bool,
    /// How it is drawn.
    pub pen: Pen,
}

impl Spot {
    /// Nothing, on the terminal's own background.
    pub const BLANK: Self = Self::of_byte(b' ', 1);

    const HALF: Self = Self { n_bytes: 0, ..Self::of_byte(0, 0) };

    const fn of_byte(byte: u8, columns: u8) -> Self {
        let mut bytes = [0; SPOT_BYTES_MAX];
        bytes[0] = byte;
        let pen = Pen { fg: None, bg: None, modifiers: Modifier::empty() };
        Self { bytes, n_bytes: 1, columns, is_sure: true, pen }
    }

    /// What is sent for it.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.n_bytes)).unwrap_or_default()
    }

    /// Whether nothing is drawn but the background.
    pub fn is_blank(&self) -> bool {
        self.bytes() == b" "
    }

    fn is_digit_or_blank(&self) -> bool {
        matches!(self.bytes(), [b' ' | b'0'..=b'9'])
    }

    /// Whether this is the half behind a spot of two columns.
    pub fn is_half(&self) -> bool {
        self.columns == 0
    }

    fn of_cell(cell: &Cell, look: &Look) -> Self {
        let mut spot = match cell.symbol().as_bytes() {
            // One ASCII character is as wide everywhere.
            [byte @ b' '..=b'~'] => Self::of_byte(*byte, 1),
            _ => Self::of_symbol(cell, look),
        };
        spot.pen = Pen {
            fg: fit(cell.fg, look.colours()),
            bg: fit(cell.bg, look.colours()),
            modifiers: cell.modifier,
        };
        if spot.is_blank() {
            spot.pen = spot.pen.on_blank();
        }
        spot
    }

    /// A spot with what a cell shows, whatever that is, and no pen.
    fn of_symbol(cell: &Cell, look: &Look) -> Self {
        let mut spot = Self { n_bytes: 0, columns: 0, ..Self::BLANK };
        let room = cell.cell_width();
        let (mut n_columns, mut n_marks) = (0, 0);
        for char in cell.symbol().chars().filter(|char| !is_hidden(*char)) {
            let char = on_terminal(char, look);
            let n_more = char.width().unwrap_or(1);
            n_marks += usize::from(n_more == 0);
            let fits = n_columns + n_more <= usize::from(room) && n_marks <= MARKS_MAX;
            if !fits || (n_columns == 0 && n_more == 0) {
                continue;
            }
            spot.is_sure &= n_columns == 0 && is_sure(char);
            n_columns += n_more;
            spot.push(char);
        }
        if n_columns == 0 || n_columns > 2 {
            spot = Self::BLANK;
            n_columns = 1;
        }
        spot.columns = if n_columns == 2 { 2 } else { 1 };
        spot
    }

    fn push(&mut self, char: char) {
        let start = usize::from(self.n_bytes);
        let end = start + char.len_utf8();
        if let Some(room) = self.bytes.get_mut(start..end) {
            char.encode_utf8(room);
            self.n_bytes += u8::try_from(char.len_utf8()).unwrap_or_default();
        }
    }

    fn blank_of(pen: Pen) -> Self {
        Self { pen: pen.on_blank(), ..Self::BLANK }
    }
}

/// Rows of spots.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    size: Size,
    spots: Vec<Spot>,
}

impl Grid {
    /// A grid with nothing on it.
    pub fn new(size: Size) -> Self {
        let n_spots = usize::from(size.width) * usize::from(size.height);
        Self { size, spots: vec![Spot::BLANK; n_spots] }
    }

    /// Its columns and rows.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Takes everything off it.
    pub fn clear(&mut self) {
        self.spots.fill(Spot::BLANK);
    }

    /// The spots of a row; none below the last.
    pub fn row(&self, y: u16) -> &[Spot] {
        let width = usize::from(self.size.width);
        let start = usize::from(y) * width;
        self.spots.get(start..start + width).unwrap_or_default()
    }

    /// Puts a cell on the grid; outside of it and over its right edge nothing is drawn.
    pub fn put(&mut self, (x, y): (u16, u16), cell: &Cell, look: &Look) {
        let spot = Spot::of_cell(cell, look);
        let n_columns = u16::from(spot.columns);
        if y >= self.size.height || x.saturating_add(n_columns) > self.size.width {
            return;
        }
        self.set(x, y, spot);
        if cell.symbol().len() == 1 {
            return;
        }
        let covered = cell.cell_width().clamp(1, self.size.width - x);
        for column in 1..covered.max(n_columns) {
            let half = if column < n_columns { Spot::HALF } else { Spot::blank_of(spot.pen) };
            self.set(x + column, y, half);
        }
    }

    /// Moves rows as a terminal does: what leaves the region is lost, what comes in is blank.
    pub fn scroll(&mut self, scroll: Scroll) {
        let width = usize::from(self.size.width);
        let (top, end) = (usize::from(scroll.top) * width, usize::from(scroll.end) * width);
        let Some(region) = self.spots.get_mut(top..end) else { return };
        let n_spots = (usize::from(scroll.n_rows) * width).min(region.len());
        match scroll.way {
            Way::Up => {
                region.rotate_left(n_spots);
                let kept = region.len() - n_spots;
                region.iter_mut().skip(kept).for_each(|spot| *spot = Spot::BLANK);
            }
            Way::Down => {
                region.rotate_right(n_spots);
                region.iter_mut().take(n_spots).for_each(|spot| *spot = Spot::BLANK);
            }
        }
    }

    /// Takes over what is held as another grid shows it.
    pub fn keep(&mut self, held: Held, shown: &Self) {
        for y in held.top..held.last {
            let digit = |grid: &Self| grid.digit(held.column, y);
            if let (Some(_), Some(spot)) = (digit(self), digit(shown)) {
                self.set(held.column, y, spot);
            }
        }
        for (x, spot) in (0..).zip(shown.row(held.last)) {
            self.set(x, held.last, *spot);
        }
    }

    /// The digit beside a row, or the blank in its place; a heading, which begins with a dash, has
    /// none.
    fn digit(&self, x: u16, y: u16) -> Option<Spot> {
        let row = self.row(y);
        let is_heading = row.first().is_some_and(|spot| spot.bytes() == b"-");
        let spot = row.get(usize::from(x)).copied()?;
        (spot.is_digit_or_blank() && !is_heading).then_some(spot)
    }

    fn set(&mut self, x: u16, y: u16, spot: Spot) {
        let at = usize::from(y) * usize::from(self.size.width) + usize::from(x);
        if let Some(place) = self.spots.get_mut(at) {
            *place = spot;
        }
    }
}

/// A direction in which rows move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Later rows come up.
    Up,
    /// Earlier rows come down.
    Down,
}

/// Rows `top..end` move by `n_rows`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scroll {
    /// The first row of the region.
    pub top: u16,
    /// The row after its last.
    pub end: u16,
    /// By how many rows.
    pub n_rows: u16,
    /// In which direction.
    pub way: Way,
}

/// What stays as it is shown for a frame: a whole line, and digits in a column above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The first row of which the digit stays.
    pub top: u16,
    /// The row that stays as it is.
    pub last: u16,
    /// The column of the digits. What is no digit there is drawn.
    pub column: u16,
}

/// Whether terminals agree on the width of a character: they do not on emoji.
fn is_sure(char: char) -> bool {
    char.is_ascii() || !(is_ambiguous(char) || ('\u{1f000}'..='\u{1ffff}').contains(&char))
}

/// A character as this terminal can show it in one cell.
fn on_terminal(char: char, look: &Look) -> char {
    match look.ambiguous() {
        Ambiguous::Narrow => char,
        Ambiguous::Wide => cell_twin(char).unwrap_or(char),
    }
}
