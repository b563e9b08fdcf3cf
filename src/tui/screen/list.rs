//! A box with rows of which one is chosen: what menus, pickers and searches have in common.

use std::ops::Range;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Position, Rect, Size};

use crate::tui::key::Key;
use crate::tui::look::{Look, Role};
use crate::tui::text::{cut, width};
use crate::tui::widget::frame::{centred, draw_box};
use crate::tui::widget::input::Editor;

/// Pieces of one row, each with what it is.
pub type Pieces = Vec<(String, Role)>;

/// Which row is chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Choice {
    /// The place of the row, from 0.
    pub at: usize,
}

impl Choice {
    /// Moves by a key; says whether it was one that moves.
    pub fn moved(&mut self, key: Key, n_rows: usize) -> bool {
        const PAGE: usize = 10;
        let last = n_rows.saturating_sub(1);
        self.at = match key {
            Key::Up => self.at.saturating_sub(1),
            Key::Down => (self.at + 1).min(last),
            Key::PageUp => self.at.saturating_sub(PAGE),
            Key::PageDown => (self.at + PAGE).min(last),
            _ => return false,
        };
        true
    }

    /// The first row to show, so that the chosen one is seen.
    pub const fn first(self, height: usize) -> usize {
        (self.at + 1).saturating_sub(height)
    }
}

/// The columns of the marker before each row.
const MARKER: usize = 2;

/// What stands above the rows of a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Above {
    /// Nothing.
    Nothing,
    /// A line to type in.
    Editor,
}

/// What is drawn.
pub struct Panel<'p> {
    /// The title of the box.
    pub title: &'p str,
    /// A line to type in, if there is one.
    pub editor: Option<&'p Editor>,
    /// All rows.
    pub rows: Vec<Pieces>,
    /// The chosen one.
    pub choice: Choice,
    /// A line below the rows.
    pub foot: String,
}

/// The box of a panel of so many rows.
fn outline(area: Rect, n_rows: usize, has_editor: bool) -> Rect {
    let columns = area.width.saturating_sub(4).min(100);
    let most = area.height.saturating_sub(2);
    let extra = 3 + u16::from(has_editor);
    let rows = u16::try_from(n_rows).unwrap_or(u16::MAX);
    let height = rows.max(if has_editor { 12 } else { 1 }).saturating_add(extra).min(most);
    centred(area, Size::new(columns, height))
}

/// The room inside the box of a panel, and the line of its first row.
fn inside(area: Rect, n_rows: usize, above: Above) -> (Rect, u16) {
    let has_editor = above == Above::Editor;
    let inner = outline(area, n_rows, has_editor).inner(Margin::new(1, 1));
    (inner, inner.y + u16::from(has_editor))
}

impl Panel<'_> {
    /// The columns that a row has.
    pub fn columns(area: Rect) -> usize {
        let (inner, _) = inside(area, 1, Above::Nothing);
        usize::from(inner.width).saturating_sub(MARKER)
    }

    /// The row of a panel that was clicked on, if it was one.
    pub fn row_at(
        (area, at): (Rect, Position),
        (n_rows, choice): (usize, Choice),
        above: Above,
    ) -> Option<usize> {
        let (inner, first) = inside(area, n_rows, above);
        let line = usize::from(at.y.checked_sub(first)?);
        let seen = Self::seen(area, (n_rows, choice), above);
        let row = seen.start + line;
        (inner.contains(at) && seen.contains(&row)).then_some(row)
    }

    /// The rows of a panel that have room: no other needs to be made.
    pub fn seen(area: Rect, (n_rows, choice): (usize, Choice), above: Above) -> Range<usize> {
        let (inner, first) = inside(area, n_rows, above);
        let shown = usize::from(inner.bottom().saturating_sub(1).saturating_sub(first));
        let start = choice.first(shown).min(n_rows);
        start..(start + shown).min(n_rows)
    }

    /// Draws the panel in the middle of an area; gives the place of the cursor.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, look: &Look) -> Option<Position> {
        let buffer = frame.buffer_mut();
        let outer = outline(area, self.rows.len(), self.editor.is_some());
        let inner = draw_box(outer, buffer, self.title, look);
        if inner.height == 0 || inner.width < 4 {
            return None;
        }
        let mut top = inner.y;
        let cursor = self.editor.map(|editor| {
            let line = Rect::new(inner.x, top, inner.width, 1);
            editor.draw(line, buffer, look);
            top += 1;
            editor.cursor_in(line)
        });
        let bottom = inner.bottom().saturating_sub(1);
        let shown = usize::from(bottom.saturating_sub(top));
        let first = self.choice.first(shown);
        for (at, pieces) in self.rows.iter().enumerate().skip(first).take(shown) {
            let row = Rect::new(inner.x, top, inner.width, 1);
            let marker = if at == self.choice.at { "> " } else { "  " };
            let line =
                std::iter::once((marker.to_owned(), Role::Marker)).chain(pieces.iter().cloned());
            draw_pieces(buffer, row, line, look);
            top += 1;
        }
        let foot = Rect::new(inner.x, bottom, inner.width, 1);
        draw_pieces(buffer, foot, std::iter::once((self.foot.clone(), Role::Dim)), look);
        cursor
    }
}

/// Draws pieces one behind the other, cut by width.
pub fn draw_pieces(
    buffer: &mut Buffer,
    area: Rect,
    pieces: impl Iterator<Item = (String, Role)>,
    look: &Look,
) {
    let area = area.intersection(buffer.area);
    let mut x = area.x;
    for (text, role) in pieces {
        let left = usize::from(area.right().saturating_sub(x));
        if left == 0 || area.height == 0 {
            return;
        }
        let text = look.shown(&text);
        let text = cut(&text, left);
        buffer.set_stringn(x, area.y, &text, left, look.style(role));
        x += u16::try_from(width(&text)).unwrap_or(0);
    }
}

/// A text in pieces, so that the characters that matched stand out.
pub fn marked(text: &str, marks: &[(u32, u32)], role: Role) -> Pieces {
    let mut pieces: Pieces = Vec::new();
    for (at, char) in text.chars().enumerate() {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let hit = marks.iter().any(|(first, end)| (*first..*end).contains(&at));
        let wanted = if hit { Role::Mark } else { role };
        match pieces.last_mut() {
            Some((piece, role)) if *role == wanted => piece.push(char),
            _ => pieces.push((char.to_string(), wanted)),
        }
    }
    pieces
}
