//! Bytes for a terminal, the fewest that do it: moves of the cursor, changes of the pen, text.
//!
//! Sequences are those of ECMA-48 that xterm, the Linux console, PuTTY and tmux share. Where the
//! cursor is after the last column or after a character of unsure width is not known, and a move
//! from there names its column.

use std::io::Write;

use ratatui::layout::{Position, Size};
use ratatui::style::Modifier;

use crate::tui::backend::grid::{Pen, Scroll, Spot, Way};

/// Modifiers, what turns each on, and what turns it off.
const MODIFIERS: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// The bytes of a frame, and what the terminal will be like after them.
#[derive(Debug, Clone)]
pub struct Ink {
    /// What is to be sent.
    pub bytes: Vec<u8>,
    size: Size,
    pen: Option<Pen>,
    row: Option<u16>,
    column: Option<u16>,
}

impl Ink {
    /// Nothing sent yet to a terminal of which nothing is known.
    pub fn new(size: Size) -> Self {
        Self { bytes: Vec::new(), size, pen: None, row: None, column: None }
    }

    /// Where the cursor is, if that is known.
    pub fn cursor(&self) -> Option<Position> {
        Some(Position::new(self.column?, self.row?))
    }

    /// Clears the screen.
    pub fn clear(&mut self) {
        self.bytes.extend_from_slice(b"\x1b[m\x1b[H\x1b[2J");
        (self.pen, self.row, self.column) = (Some(Pen::default()), Some(0), Some(0));
    }

    /// Moves rows: lines are deleted at one end of the region and inserted at the other, so that no
    /// margin is set that could stay behind.
    pub fn scroll(&mut self, scroll: Scroll) {
        self.clean_pen();
        let Scroll { top, end, n_rows, way } = scroll;
        let (delete, insert) = match way {
            Way::Up => (top, end - n_rows),
            Way::Down => (end - n_rows, top),
        };
        // At the bottom of the screen lines come and go by themselves.
        let is_at_bottom = end >= self.size.height;
        if way == Way::Up || !is_at_bottom {
            self.go(Position::new(0, delete));
            self.code(n_rows, b'M');
        }
        if way == Way::Down || !is_at_bottom {
            self.go(Position::new(0, insert));
            self.code(n_rows, b'L');
        }
    }

    /// Writes a spot where the cursor is.
    pub fn write(&mut self, spot: &Spot) {
        self.use_pen(spot);
        self.bytes.extend_from_slice(spot.bytes());
        let column = self.column.map(|column| column + u16::from(spot.columns));
        let is_at_edge = column.is_none_or(|column| column >= self.size.width);
        self.column = column.filter(|_| spot.is_sure && !is_at_edge);
        if !spot.is_sure && is_at_edge {
            self.row = None;
        }
    }

    /// Erases from the cursor to the end of the row.
    pub fn erase(&mut self) {
        self.clean_pen();
        self.bytes.extend_from_slice(b"\x1b[K");
    }

    /// The bytes that an erasure to the end of the row takes.
    pub fn erase_cost(&self) -> usize {
        if self.pen.is_some_and(Pen::erases_clean) { 3 } else { 6 }
    }

    /// Whether the spot can be written without changing the pen.
    pub fn suits(&self, spot: &Spot) -> bool {
        self.pen
            .is_some_and(|pen| pen == spot.pen || (spot.is_blank() && pen.blanks_like(spot.pen)))
    }

    /// Moves the cursor.
    pub fn go(&mut self, to: Position) {
        let mut best = self.absolute(to);
        if let Some(row) = self.row {
            for along in self.along(row, to) {
                if along.len() < best.len() {
                    best = along;
                }
            }
        }
        self.bytes.append(&mut best);
        (self.row, self.column) = (Some(to.y), Some(to.x));
    }

    /// The bytes that a move would take.
    pub fn go_cost(&self, to: Position) -> usize {
        let mut other = Self { bytes: Vec::new(), ..*self };
        other.go(to);
        other.bytes.len()
    }

    fn absolute(&self, to: Position) -> Vec<u8> {
        let (row, column) = (u32::from(to.y) + 1, u32::from(to.x) + 1);
        match (row, column) {
            (1, 1) => b"\x1b[H".to_vec(),
            (row, 1) => format!("\x1b[{row}H").into_bytes(),
            (1, column) => format!("\x1b[;{column}H").into_bytes(),
            (row, column) => format!("\x1b[{row};{column}H").into_bytes(),
        }
    }

    /// Ways to go first along the column and then along the row.
    fn along(&self, row: u16, to: Position) -> Vec<Vec<u8>> {
        let down = if to.y >= row {
            let n_rows = to.y - row;
            if n_rows <= 4 { vec![b'\n'; usize::from(n_rows)] } else { code(n_rows, b'B') }
        } else if row - to.y == 1 {
            b"\x1bM".to_vec()
        } else {
            code(row - to.y, b'A')
        };
        let mut across = vec![code(to.x + 1, b'G'), from_edge(to.x)];
        match self.column {
            Some(column) if column <= to.x => across.push(code(to.x - column, b'C')),
            Some(column) => {
                let n_columns = column - to.x;
                across.push(code(n_columns, b'D'));
                if n_columns <= 4 {
                    across.push(vec![b'\x08'; usize::from(n_columns)]);
                }
            }
            None => {}
        }
        across.into_iter().map(|across| [down.as_slice(), across.as_slice()].concat()).collect()
    }

    fn code(&mut self, number: u16, last: u8) {
        self.bytes.extend(code(number, last));
    }

    /// Takes a pen whose background is the terminal's own, for what the terminal fills itself.
    fn clean_pen(&mut self) {
        if !self.pen.is_some_and(Pen::erases_clean) {
            self.bytes.extend_from_slice(b"\x1b[m");
            self.pen = Some(Pen::default());
        }
    }

    fn use_pen(&mut self, spot: &Spot) {
        if self.suits(spot) {
            return;
        }
        let wanted = spot.pen;
        let fresh = changes(Pen::default(), wanted);
        let fresh = if fresh.is_empty() { String::new() } else { format!("0;{fresh}") };
        let best = match self.pen.map(|pen| changes(pen, wanted)) {
            Some(changes) if !fresh.is_empty() && changes.len() <= fresh.len() => changes,
            Some(_) | None => fresh,
        };
        // The write is to memory and does not fail.
        let _ = write!(self.bytes, "\x1b[{best}m");
        self.pen = Some(wanted);
    }
}

/// A control sequence with one number; nothing for none, and no number for one.
fn code(number: u16, last: u8) -> Vec<u8> {
    match number {
        0 => Vec::new(),
        1 => vec![b'\x1b', b'[', last],
        _ => {
            let mut bytes = format!("\x1b[{number}").into_bytes();
            bytes.push(last);
            bytes
        }
    }
}

/// From the left edge to a column.
fn from_edge(column: u16) -> Vec<u8> {
    let mut bytes = vec![b'\r'];
    bytes.extend(code(column, b'C'));
    bytes
}

/// The parameters that turn one pen into another.
fn changes(from: Pen, to: Pen) -> String {
    let mut numbers: Vec<String> = Vec::new();
    let gone = from.modifiers - to.modifiers;
    let mut kept = from.modifiers & to.modifiers;
    for (modifier, _, off) in MODIFIERS {
        if gone.contains(modifier) && !numbers.contains(&off.to_string()) {
            numbers.push(off.to_string());
        }
    }
    // One number turns two modifiers off: the other of them must be turned on again.
    for (modifier, _, off) in MODIFIERS {
        if numbers.contains(&off.to_string()) {
            kept -= modifier;
        }
    }
    for (modifier, on, _) in MODIFIERS {
        if (to.modifiers - kept).contains(modifier) {
            numbers.push(on.to_string());
        }
    }
    if from.fg != to.fg {
        numbers.push(colour(to.fg, 30));
    }
    if from.bg != to.bg {
        numbers.push(colour(to.bg, 40));
    }
    numbers.join(";")
}

/// The parameter of a colour, before the text (30) or behind it (40).
fn colour(index: Option<u8>, base: u8) -> String {
    match index {
        None => (base + 9).to_string(),
        Some(index) if index < 8 => (base + index).to_string(),
        Some(index) if index < 16 => (base + 60 + index - 8).to_string(),
        Some(index) => format!("{};5;{index}", base + 8),
    }
}
