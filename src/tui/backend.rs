//! Frames to a terminal with the fewest bytes, in one write.
//!
//! The painter remembers what the terminal shows and sends only what turns that into the frame: an
//! unchanged frame is nothing, rows that moved are moved by the terminal. A frame below
//! [`BARE_BYTES_MAX`] is sent as it is; a larger one as a synchronized update with a hidden cursor,
//! so that nothing is seen half done and an input method's window stays where it is.

use std::io::{self, Write};

use ratatui::Frame;
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use crate::tui::backend::grid::{Grid, Held, Spot};
use crate::tui::backend::ink::Ink;
use crate::tui::backend::scroll::best_scroll;
use crate::tui::look::Look;

pub mod grid;
pub mod ink;
pub mod scroll;

/// The most bytes of a frame that is sent without a synchronized update around it.
pub const BARE_BYTES_MAX: usize = 199;

/// The most moves of rows in one frame.
const SCROLLS_MAX: usize = 3;

const SYNC_START: &[u8] = b"\x1b[?2026h";
const SYNC_END: &[u8] = b"\x1b[?2026l";
const CURSOR_SHOW: &[u8] = b"\x1b[?25h";
const CURSOR_HIDE: &[u8] = b"\x1b[?25l";

/// Draws frames on a terminal.
#[derive(Debug)]
pub struct Painter<W: Write> {
    terminal: ratatui::Terminal<Canvas<W>>,
}

impl<W: Write> Painter<W> {
    /// A painter for a terminal of this size, of which nothing else is known.
    ///
    /// # Errors
    ///
    /// None today; the library allows for them.
    pub fn new(out: W, size: Size, look: Look) -> io::Result<Self> {
        Ok(Self { terminal: ratatui::Terminal::new(Canvas::new(out, size, look))? })
    }

    /// Draws a frame: what the picture leaves out is blank, and the cursor is shown where the
    /// picture sets it.
    ///
    /// # Errors
    ///
    /// The terminal could not be written; the next frame is then drawn whole.
    pub fn draw(&mut self, picture: impl FnOnce(&mut Frame)) -> io::Result<()> {
        let drawn = self.terminal.draw(picture).map(drop);
        // Forgets the frame, so that the canvas gets every cell of the next one: the library's own
        // comparison does not know what stands behind a wide character.
        self.terminal.swap_buffers();
        drawn
    }

    /// What stays as the terminal shows it, from the next frame on.
    pub fn hold(&mut self, held: Option<Held>) {
        self.terminal.backend_mut().held = held;
    }

    /// The terminal has a new size.
    pub fn resize(&mut self, size: Size) {
        self.terminal.backend_mut().resize(size);
    }

    /// The terminal has another look.
    pub fn set_look(&mut self, look: Look) {
        self.terminal.backend_mut().look = look;
    }

    /// What the terminal shows is not known any more; the next frame is drawn whole.
    pub fn forget(&mut self) {
        self.terminal.backend_mut().is_lost = true;
    }

    /// The size that frames have.
    pub fn size(&self) -> Size {
        self.terminal.backend().wanted.size()
    }

    /// Where bytes go.
    pub fn out(&self) -> &W {
        &self.terminal.backend().out
    }

    /// Where bytes go.
    pub fn out_mut(&mut self) -> &mut W {
        &mut self.terminal.backend_mut().out
    }
}

/// The cursor that a frame wants or a terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cursor {
    Hidden,
    Shown(Position),
}

/// The library's seam: it collects the cells of a frame and sends it when told to flush.
#[derive(Debug)]
struct Canvas<W: Write> {
    out: W,
    look: Look,
    wanted: Grid,
    wanted_cursor: Cursor,
    shown: Grid,
    /// Whether the terminal's cursor is visible; unknown at first.
    is_cursor_shown: Option<bool>,
    ink: Ink,
    held: Option<Held>,
    /// Whether what the terminal shows is unknown.
    is_lost: bool,
}

impl<W: Write> Canvas<W> {
    fn new(out: W, size: Size, look: Look) -> Self {
        Self {
            out,
            look,
            wanted: Grid::new(size),
            wanted_cursor: Cursor::Hidden,
            shown: Grid::new(size),
            is_cursor_shown: None,
            ink: Ink::new(size),
            held: None,
            is_lost: true,
        }
    }

    fn resize(&mut self, size: Size) {
        self.wanted = Grid::new(size);
        self.shown = Grid::new(size);
        self.is_lost = true;
    }

    /// Sends what turns the shown grid into the wanted one.
    fn send(&mut self) -> io::Result<()> {
        if self.is_lost {
            self.ink = Ink::new(self.wanted.size());
            self.is_cursor_shown = None;
            self.ink.clear();
            self.shown.clear();
        }
        self.paint();
        if let Cursor::Shown(at) = self.wanted_cursor
            && self.ink.cursor() != Some(at)
        {
            self.ink.go(at);
        }
        let body = std::mem::take(&mut self.ink.bytes);
        let frame = self.frame(&body);
        if frame.is_empty() {
            return Ok(());
        }
        // Until the write has succeeded nobody knows what the terminal shows.
        self.is_lost = true;
        self.out.write_all(&frame)?;
        self.out.flush()?;
        self.is_lost = false;
        self.is_cursor_shown = Some(self.wanted_cursor != Cursor::Hidden);
        Ok(())
    }

    fn paint(&mut self) {
        for _ in 0..SCROLLS_MAX {
            let Some(scroll) = best_scroll(&self.shown, &self.wanted) else { break };
            self.ink.scroll(scroll);
            self.shown.scroll(scroll);
        }
        // Held after rows have moved: a digit that moved with its row is held where it went.
        if let Some(held) = self.held.filter(|_| !self.is_lost) {
            self.wanted.keep(held, &self.shown);
        }
        for y in 0..self.wanted.size().height {
            paint_row(&mut self.ink, y, self.shown.row(y), self.wanted.row(y));
        }
        self.shown.clone_from(&self.wanted);
    }

    /// Puts around the bytes of a frame what it needs.
    fn frame(&self, body: &[u8]) -> Vec<u8> {
        let wants_cursor = self.wanted_cursor != Cursor::Hidden;
        let mut frame = Vec::with_capacity(body.len() + 32);
        let is_bare = body.len() <= BARE_BYTES_MAX;
        if !is_bare {
            frame.extend_from_slice(SYNC_START);
        }
        let hides = !wants_cursor || !is_bare;
        let is_hidden = if hides && self.is_cursor_shown != Some(false) {
            frame.extend_from_slice(CURSOR_HIDE);
            true
        } else {
            self.is_cursor_shown == Some(false)
        };
        frame.extend_from_slice(body);
        if wants_cursor && (is_hidden || self.is_cursor_shown.is_none()) {
            frame.extend_from_slice(CURSOR_SHOW);
        }
        if !is_bare {
            frame.extend_from_slice(SYNC_END);
        }
        frame
    }
}

/// Turns one row into another.
fn paint_row(ink: &mut Ink, y: u16, from: &[Spot], to: &[Spot]) {
    let n_drawn = to.iter().rposition(|spot| *spot != Spot::BLANK).map_or(0, |at| at + 1);
    let mut changed = from.iter().zip(to).map(|(was, is)| was != is);
    let n_blanked = from.len() - from.iter().rev().take_while(|spot| **spot == Spot::BLANK).count();
    let n_blanks = n_blanked.saturating_sub(n_drawn);
    let erases = n_blanks > ink.erase_cost();
    let end = if erases { n_drawn } else { to.len() };
    let mut is_disturbed = false;
    for (x, (was, is)) in from.iter().zip(to).enumerate().take(end) {
        let is_changed = changed.next() == Some(true);
        if is.is_half() {
            is_disturbed |= !was.is_sure;
            continue;
        }
        if !(is_changed || is_disturbed) {
            continue;
        }
        reach(ink, (x, y), to);
        ink.write(is);
        // A terminal that draws one of them wider than we do has covered the next spot, or bares it.
        let next = to.get(x + usize::from(is.columns));
        let covers = !is.is_sure && next.is_some_and(|next| !next.is_blank());
        is_disturbed = covers || (!was.is_sure && is.is_sure);
    }
    let n_same = if is_disturbed { Some(0) } else { changed.position(|is_changed| is_changed) };
    if let Some(n_same) = n_same.filter(|_| erases) {
        reach(ink, (end + n_same, y), to);
        ink.erase();
    }
}

/// Brings the cursor to a spot: by a move, or by writing again what stands between if that is
/// shorter.
fn reach(ink: &mut Ink, (x, y): (usize, u16), row: &[Spot]) {
    let to = Position::new(u16::try_from(x).unwrap_or(u16::MAX), y);
    let Some(at) = ink.cursor() else { return ink.go(to) };
    if at == to {
        return;
    }
    if at.y == y && at.x < to.x {
        let between = row.get(usize::from(at.x)..x).unwrap_or_default();
        let n_bytes: usize = between.iter().map(|spot| spot.bytes().len()).sum();
        let can_write = between.first().is_some_and(|spot| !spot.is_half())
            && between.iter().all(|spot| spot.is_half() || (spot.is_sure && ink.suits(spot)));
        if can_write && n_bytes <= ink.go_cost(to) {
            between.iter().filter(|spot| !spot.is_half()).for_each(|spot| ink.write(spot));
            return;
        }
    }
    ink.go(to);
}

impl<W: Write> Backend for Canvas<W> {
    type Error = io::Error;

    /// Takes every cell of a frame that is not blank.
    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.wanted.clear();
        for (x, y, cell) in content {
            self.wanted.put((x, y), cell, &self.look);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.wanted_cursor = Cursor::Hidden;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.wanted_cursor = Cursor::Shown(self.get_cursor_position()?);
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(match self.wanted_cursor {
            Cursor::Hidden => Position::ORIGIN,
            Cursor::Shown(at) => at,
        })
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let Position { x, y } = position.into();
        let Size { width, height } = self.wanted.size();
        let at = Position::new(x.min(width.saturating_sub(1)), y.min(height.saturating_sub(1)));
        if self.wanted_cursor != Cursor::Hidden {
            self.wanted_cursor = Cursor::Shown(at);
        }
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.is_lost = true;
        Ok(())
    }

    fn clear_region(&mut self, _: ClearType) -> io::Result<()> {
        self.clear()
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.wanted.size())
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.wanted.size(), pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send()
    }
}

#[cfg(test)]
mod bench;
#[cfg(test)]
mod budget;
#[cfg(test)]
mod tests;
