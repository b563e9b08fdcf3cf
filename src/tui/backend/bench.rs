//! A bench for the painter: a terminal that obeys it, and the comparison with what was wanted.

use std::io::{self, Write};

use ratatui::Frame;
use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::{Color, Modifier};
use vt100::{Callbacks, Parser, Screen};

use crate::tui::backend::Painter;
use crate::tui::look::colour::fit;
use crate::tui::look::twin::is_ambiguous;
use crate::tui::look::{Colours, Look};

/// Fails on every byte that the painter has no business to send.
pub struct Strict;

impl Callbacks for Strict {
    fn unhandled_char(&mut self, _: &mut Screen, char: char) {
        panic!("character {char:?}");
    }

    fn unhandled_control(&mut self, _: &mut Screen, byte: u8) {
        panic!("control character {byte}");
    }

    fn unhandled_escape(&mut self, _: &mut Screen, one: Option<u8>, two: Option<u8>, byte: u8) {
        panic!("escape {one:?} {two:?} {byte}");
    }

    fn unhandled_csi(
        &mut self,
        _: &mut Screen,
        one: Option<u8>,
        two: Option<u8>,
        parameters: &[&[u16]],
        last: char,
    ) {
        let is_sync = (one, two, parameters) == (Some(b'?'), None, &[&[2026]]);
        assert!(is_sync && matches!(last, 'h' | 'l'), "{one:?} {two:?} {parameters:?} {last}");
    }
}

/// A writer that counts.
#[derive(Debug, Default)]
pub struct Wire {
    /// What was written.
    pub bytes: Vec<u8>,
    /// In how many writes.
    pub n_writes: usize,
    /// Whether writing fails.
    pub is_broken: bool,
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_broken {
            return Err(io::Error::other("the line is gone"));
        }
        self.n_writes += 1;
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A painter, a terminal that obeys it, and the frame that it should show.
pub struct Bench {
    /// The painter.
    pub painter: Painter<Wire>,
    terminal: Parser<Strict>,
    /// The frame that was drawn last.
    pub wanted: Buffer,
    cursor: Option<Position>,
    /// Whether the terminal draws ambiguous characters two columns wide.
    pub is_wide: bool,
}

impl Bench {
    /// A bench of this size.
    pub fn new(size: Size, look: Look) -> Self {
        Self {
            painter: Painter::new(Wire::default(), size, look).unwrap(),
            terminal: Parser::new_with_callbacks(
                size.height.try_into().unwrap(),
                size.width.try_into().unwrap(),
                0,
                Strict,
            ),
            wanted: Buffer::empty(Rect::ZERO),
            cursor: None,
            is_wide: false,
        }
    }

    /// Draws; gives the bytes and the writes.
    pub fn draw(
        &mut self,
        cursor: Option<Position>,
        picture: impl FnOnce(&mut Frame),
    ) -> (usize, usize) {
        let mut wanted = Buffer::empty(Rect::ZERO);
        let drawn = self.painter.draw(|frame| {
            picture(frame);
            wanted = frame.buffer_mut().clone();
            if let Some(at) = cursor {
                frame.set_cursor_position(at);
            }
        });
        self.wanted = wanted;
        self.cursor = cursor;
        let wire = std::mem::take(self.painter.out_mut());
        if drawn.is_ok() {
            let text = str::from_utf8(&wire.bytes).expect("UTF-8");
            let text = if self.is_wide { widened(text) } else { text.to_owned() };
            self.terminal.process(text.as_bytes());
        }
        (wire.bytes.len(), wire.n_writes)
    }

    /// What every cell of the terminal holds.
    pub fn cells(&self) -> Vec<String> {
        let screen = self.terminal.screen();
        let (rows, columns) = screen.size();
        let all = (0..rows.get()).flat_map(|y| (0..columns.get()).map(move |x| (x, y)));
        all.filter_map(|(x, y)| screen.cell(y, x)).map(|cell| cell.contents().to_owned()).collect()
    }

    /// The terminal's window gets a new size.
    pub fn resize(&mut self, size: Size) {
        self.terminal.set_size(size.height.try_into().unwrap(), size.width.try_into().unwrap());
        self.painter.resize(size);
    }

    /// Where the terminal does not show what was wanted.
    pub fn difference(&self) -> Option<String> {
        let screen = self.terminal.screen();
        let Rect { width, height, .. } = self.wanted.area;
        for y in 0..height {
            let mut x = 0;
            while x < width {
                let cell = &self.wanted[(x, y)];
                if self.is_wide && !cell.symbol().is_ascii() && cell.cell_width() == 1 {
                    // What it covers may be hidden by it, if nothing stands there.
                    let next = self.wanted.cell((x + 1, y));
                    x += 1 + u16::from(next.is_some_and(|next| next.symbol() == " "));
                    continue;
                }
                let shown = screen.cell(y, x)?;
                let wanted = (symbol(cell.symbol()), cell.cell_width() > 1, look_of(cell));
                let mut found = (symbol(shown.contents()), shown.is_wide(), look_at(shown));
                let weights = Modifier::BOLD | Modifier::DIM;
                if wanted.2.2.contains(weights) && found.2.2.intersects(weights) {
                    // This terminal knows only one of them at a time.
                    found.2.2 |= weights;
                }
                if wanted != found {
                    return Some(format!("({x}, {y}): wanted {wanted:?}, found {found:?}"));
                }
                x += cell.cell_width().max(1);
            }
        }
        let (row, column) = screen.cursor_position();
        let cursor = (!screen.hide_cursor()).then_some(Position::new(column, row));
        let wanted = self.cursor.map(|at| Position::new(at.x.min(width - 1), at.y.min(height - 1)));
        (cursor != wanted).then(|| format!("cursor: wanted {wanted:?}, found {cursor:?}"))
    }
}

/// The same bytes with a character of two columns for each ambiguous one.
fn widened(text: &str) -> String {
    text.chars().map(|char| if is_ambiguous(char) { '\u{53e3}' } else { char }).collect()
}

type Seen = (vt100::Color, vt100::Color, Modifier);

fn symbol(text: &str) -> String {
    if text.is_empty() { " ".into() } else { text.into() }
}

/// What can be seen of a style: on an empty cell only what shows there.
fn seen(text: &str, (fg, bg, modifiers): Seen) -> Seen {
    if symbol(text) != " " {
        return (fg, bg, modifiers);
    }
    let modifiers = modifiers & (Modifier::REVERSED | Modifier::UNDERLINED);
    let fg = if modifiers.is_empty() { vt100::Color::Default } else { fg };
    (fg, bg, modifiers)
}

fn look_of(cell: &ratatui::buffer::Cell) -> Seen {
    seen(cell.symbol(), (colour(cell.fg), colour(cell.bg), cell.modifier))
}

fn look_at(cell: &vt100::Cell) -> Seen {
    let mut modifiers = Modifier::empty();
    modifiers.set(Modifier::BOLD, cell.bold());
    modifiers.set(Modifier::DIM, cell.dim());
    modifiers.set(Modifier::ITALIC, cell.italic());
    modifiers.set(Modifier::UNDERLINED, cell.underline());
    modifiers.set(Modifier::REVERSED, cell.inverse());
    seen(cell.contents(), (cell.fgcolor(), cell.bgcolor(), modifiers))
}

fn colour(color: Color) -> vt100::Color {
    fit(color, Colours::Indexed).map_or(vt100::Color::Default, vt100::Color::Idx)
}
