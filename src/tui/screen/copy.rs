//! A sheet as plain text: no borders, nothing cut, to be copied with the mouse.
//!
//! It lies in the sheet's own place and shows what the sheet knows now, so that a value which may no
//! longer be seen goes from here too. Esc leads back to the sheet.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::{Step, View, row};
use crate::tui::text::wrap;
use crate::tui::widget::table::{Cell, Row, Table};

/// A width at which nothing is cut: no text of the ledger is wider.
pub const UNCUT: usize = 20_000;

/// How far one has gone in the text; the height of the room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Plain {
    top: usize,
    height: usize,
    is_done: bool,
}

impl Plain {
    /// From the first line on, in a room of so many lines.
    pub fn new(area: Rect) -> Self {
        Self { top: 0, height: usize::from(area.height).max(1), is_done: false }
    }

    /// Takes a key: moving keys move, Esc ends it.
    pub fn typed(&mut self, key: Key) -> Step {
        match key {
            Key::Esc => self.is_done = true,
            Key::Up => self.top = self.top.saturating_sub(1),
            Key::Down => self.top += 1,
            Key::PageUp => self.top = self.top.saturating_sub(self.height),
            Key::PageDown => self.top += self.height,
            Key::Home => self.top = 0,
            _ => return Step::Pass,
        }
        Step::Stay
    }

    /// Whether the sheet is to be seen again.
    pub fn is_done(self) -> bool {
        self.is_done
    }

    /// Draws the text; its last page is as far as one gets.
    pub fn draw(self, text: &[String], frame: &mut Frame<'_>, area: Rect, view: &View<'_>) {
        let width = usize::from(area.width);
        let lines: Vec<&str> = text.iter().flat_map(|line| wrap(line, width.max(2))).collect();
        let height = usize::from(area.height).saturating_sub(1);
        let top = self.top.min(lines.len().saturating_sub(height));
        let shown = lines.iter().skip(top).take(height);
        let shown: Vec<Line<'_>> = shown.map(|line| Line::raw(view.look.shown(line))).collect();
        row::paint(frame, area, &shown);
        if let Some(bottom) = row::bottom(area, 0) {
            let hint = Cell::role(locale::text(view.lang, "copy.hint"), Role::Dim);
            row::paint(frame, bottom, &[row::strip(view, &[hint], width)]);
        }
    }
}

/// Lines as text, without the dashes that fill a rule.
pub fn of_lines(lines: &[Line<'_>]) -> Vec<String> {
    let text = |line: &Line<'_>| {
        let text: String = line.spans.iter().map(|span| span.content.as_ref()).collect();
        text.trim_end().trim_end_matches('-').trim_end().to_owned()
    };
    lines.iter().map(text).collect()
}

/// The rows of a table as text, two spaces between values.
pub fn of_table(table: &Table) -> Vec<String> {
    let words = |cell: &Cell| {
        let text: String = cell.pieces.iter().map(|(text, _)| text.as_str()).collect();
        text.trim().to_owned()
    };
    let line = |row: &Row| match row {
        Row::Group(text) | Row::Note(text, _) => text.clone(),
        Row::Cells { cells, .. } => {
            let words: Vec<_> = cells.iter().map(words).filter(|text| !text.is_empty()).collect();
            words.join("  ")
        }
    };
    table.rows.iter().map(line).collect()
}
