//! A box that is typed into: one line that scrolls sideways, or many that wrap.
//!
//! The editor keeps every character that is typed until it is deleted; what is over its limit is
//! refused whole and never cut. The real cursor of the terminal stands where the next character
//! goes, so that the window of an input method follows it.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::text::{Lines, is_hidden};
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::look::{Look, Role};
use crate::tui::text::{glyphs, head, width, wrap_ranges};
use crate::tui::widget::input::history::{Edit, History};
use crate::tui::widget::table::follow;

pub mod history;

/// The most combining marks on one character, as the cleaning of texts has it.
const MARKS_MAX: usize = 4;

/// What a key or a paste did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// The text changed. So many characters were left out because they act or hide.
    Changed {
        /// How many were left out.
        n_dropped: usize,
    },
    /// Only the cursor moved, or there was nothing to do.
    Moved,
    /// Refused: the text would be longer than it may be.
    Full {
        /// The characters it may have.
        most: usize,
    },
    /// The key means nothing to an editor.
    NotMine,
}

/// The state of a box.
#[derive(Debug, Clone)]
pub struct Editor {
    text: String,
    /// INVARIANT: between two glyphs of the text, checked by `move_to`.
    cursor: usize,
    lines: Lines,
    most: usize,
    columns: u16,
    /// The column that moving up and down keeps to.
    goal: Option<usize>,
    history: History,
    hint: String,
}

impl Editor {
    /// An empty box for a text of at most so many characters.
    pub fn new(lines: Lines, most: usize) -> Self {
        Self {
            text: String::new(),
            cursor: 0,
            lines,
            most,
            columns: 80,
            goal: None,
            history: History::default(),
            hint: String::new(),
        }
    }

    /// Puts a text into the box, with the cursor behind it; what was there is forgotten.
    pub fn set_text(&mut self, text: &str) {
        self.text = text.to_owned();
        self.history = History::default();
        self.move_to(self.text.len());
    }

    /// Says what the box would hold, shown while it is empty.
    pub fn set_hint(&mut self, hint: String) {
        self.hint = hint;
    }

    /// Says how wide the box is drawn, so that up and down go by the lines that are seen.
    pub fn set_columns(&mut self, columns: u16) {
        self.columns = columns;
    }

    /// What is typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing is typed.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// How many characters are typed.
    pub fn n_chars(&self) -> usize {
        self.text.chars().count()
    }

    /// How many characters there may be.
    pub fn most(&self) -> usize {
        self.most
    }

    /// The byte before which the next character goes.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Takes a key.
    pub fn take(&mut self, key: Key) -> Typed {
        match key {
            Key::Char(char) => self.insert_typed(char),
            Key::Enter if self.lines == Lines::Many => self.insert_typed('\n'),
            Key::Backspace => self.remove(self.before()..self.cursor),
            Key::Delete => self.remove(self.cursor..self.after()),
            Key::Ctrl('w') => self.remove(self.word_before()..self.cursor),
            Key::Ctrl('u') => self.remove(self.line().start..self.cursor),
            Key::Ctrl('k') => self.remove(self.cursor..self.line().end),
            Key::Ctrl('z') => self.undo(),
            Key::Ctrl('y' | 'r') => self.redo(),
            Key::Left | Key::Ctrl('b') => self.go(self.before()),
            Key::Right | Key::Ctrl('f') => self.go(self.after()),
            Key::WordLeft | Key::Alt('b') => self.go(self.word_before()),
            Key::WordRight | Key::Alt('f') => self.go(self.word_after()),
            Key::Home | Key::Ctrl('a') => self.go(self.line().start),
            Key::End | Key::Ctrl('e') => self.go(self.line().end),
            Key::Up if self.lines == Lines::Many => self.go_rows(-1),
            Key::Down if self.lines == Lines::Many => self.go_rows(1),
            Key::Enter
            | Key::Up
            | Key::Down
            | Key::Esc
            | Key::Tab
            | Key::BackTab
            | Key::Insert
            | Key::PageUp
            | Key::PageDown
            | Key::F(_)
            | Key::Ctrl(_)
            | Key::Alt(_) => Typed::NotMine,
        }
    }

    /// Takes a paste; in a box of one line its line ends become spaces.
    pub fn paste(&mut self, pasted: &Pasted) -> Typed {
        let text = match self.lines {
            Lines::One => pasted.text.replace('\n', " "),
            Lines::Many => pasted.text.clone(),
        };
        self.history.close();
        let typed = self.insert(&text, pasted.n_dropped);
        self.history.close();
        typed
    }

    /// Draws the box, and the hint while it is empty.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, look: &Look) {
        let area = area.intersection(buffer.area);
        buffer.set_style(area, look.style(Role::Input));
        if self.text.is_empty() {
            let hint = Span::styled(look.shown(&self.hint), look.style(Role::Hint));
            let line = Line::from(hint);
            if !area.is_empty() {
                buffer.set_line(area.x, area.y, &line, area.width);
            }
            return;
        }
        for (row, y) in self.rows(area).into_iter().zip(area.top()..area.bottom()) {
            let text = self.text.get(row).unwrap_or_default();
            let line = Line::from(Span::styled(text, look.style(Role::Input)));
            buffer.set_line(area.x, y, &line, area.width);
        }
    }

    /// Where the cursor of the terminal belongs when the box is drawn in this area.
    pub fn cursor_in(&self, area: Rect) -> Position {
        let rows = self.rows(area);
        let at = rows.iter().rposition(|row| row.start <= self.cursor).unwrap_or_default();
        let start = rows.get(at).map_or(0, |row| row.start);
        let before = self.text.get(start..self.cursor).unwrap_or_default();
        let x = width(before).min(usize::from(area.width.saturating_sub(1)));
        let y = at.min(usize::from(area.height.saturating_sub(1)));
        let at = |start: u16, more: usize| start.saturating_add(u16::try_from(more).unwrap_or(0));
        Position::new(at(area.x, x), at(area.y, y))
    }

    /// How many rows the whole text takes at this width, for a box that grows.
    pub fn n_rows(&self, columns: u16) -> usize {
        match self.lines {
            Lines::One => 1,
            Lines::Many => self.wrapped(columns).len(),
        }
    }

    /// The byte ranges that are seen in an area, from its first row on.
    fn rows(&self, area: Rect) -> Vec<Range<usize>> {
        match self.lines {
            Lines::One => std::iter::once(self.seen(usize::from(area.width))).collect(),
            Lines::Many => {
                let rows = self.wrapped(area.width);
                let first = follow(0, row_of(&rows, self.cursor), usize::from(area.height));
                rows.into_iter().skip(first).take(usize::from(area.height)).collect()
            }
        }
    }

    /// One column is left for the cursor behind the last glyph.
    fn wrapped(&self, columns: u16) -> Vec<Range<usize>> {
        wrap_ranges(&self.text, usize::from(columns.saturating_sub(1)).max(1))
    }

    /// What is seen of one line: it scrolls by halves of the box, so that text is seen on both
    /// sides of the cursor, and begins between two glyphs.
    fn seen(&self, columns: usize) -> Range<usize> {
        let before = self.text.get(..self.cursor).unwrap_or_default();
        let cursor = width(before);
        let step = (columns / 2).max(1);
        let n_steps = (cursor + 1).saturating_sub(columns).div_ceil(step);
        let (hidden, mut passed) = (n_steps * step, 0);
        let start = glyphs(&self.text).find(|glyph| {
            let is_seen = passed >= hidden;
            passed += glyph.width;
            is_seen
        });
        let start = start.map_or(self.text.len(), |glyph| glyph.at).min(self.cursor);
        let rest = self.text.get(start..).unwrap_or_default();
        start..start + head(rest, columns).len()
    }

    fn insert_typed(&mut self, char: char) -> Typed {
        let is_piled = is_combining_mark(char)
            && self.text.get(..self.cursor).is_some_and(|before| {
                before.chars().rev().take_while(|char| is_combining_mark(*char)).count()
                    >= MARKS_MAX
            });
        if (is_hidden(char) && char != '\n') || is_piled {
            return Typed::Changed { n_dropped: 1 };
        }
        let mut bytes = [0; 4];
        self.insert(char.encode_utf8(&mut bytes), 0)
    }

    fn insert(&mut self, text: &str, n_dropped: usize) -> Typed {
        if self.n_chars() + text.chars().count() > self.most {
            return Typed::Full { most: self.most };
        }
        self.replace(self.cursor..self.cursor, text);
        Typed::Changed { n_dropped }
    }

    fn remove(&mut self, range: Range<usize>) -> Typed {
        if range.is_empty() {
            return Typed::Moved;
        }
        self.replace(range, "");
        Typed::Changed { n_dropped: 0 }
    }

    fn replace(&mut self, range: Range<usize>, text: &str) {
        let removed = self.text.get(range.clone()).unwrap_or_default().to_owned();
        let edit = Edit { at: range.start, removed, inserted: text.to_owned() };
        self.text.replace_range(range.clone(), text);
        self.history.push(edit, self.cursor);
        self.move_to(range.start + text.len());
    }

    fn undo(&mut self) -> Typed {
        let Some((edit, cursor)) = self.history.undo() else { return Typed::Moved };
        self.text.replace_range(edit.at..edit.at + edit.inserted.len(), &edit.removed);
        self.move_to(cursor);
        Typed::Changed { n_dropped: 0 }
    }

    fn redo(&mut self) -> Typed {
        let Some(edit) = self.history.redo() else { return Typed::Moved };
        self.text.replace_range(edit.at..edit.at + edit.removed.len(), &edit.inserted);
        self.move_to(edit.at + edit.inserted.len());
        Typed::Changed { n_dropped: 0 }
    }

    fn go(&mut self, to: usize) -> Typed {
        self.history.close();
        self.move_to(to);
        Typed::Moved
    }

    /// Moves by rows as they are seen; at the first and last row the key is left to the form.
    fn go_rows(&mut self, n_rows: isize) -> Typed {
        let rows = self.wrapped(self.columns);
        let at = row_of(&rows, self.cursor);
        let Some(to) = at.checked_add_signed(n_rows).and_then(|to| rows.get(to)) else {
            return Typed::NotMine;
        };
        let start = rows.get(at).map_or(0, |row| row.start);
        let column = width(self.text.get(start..self.cursor).unwrap_or_default());
        let goal = self.goal.unwrap_or(column);
        let row = self.text.get(to.clone()).unwrap_or_default();
        let mut bytes = head(row, goal).len();
        let goes_on =
            self.text.get(to.end..).is_some_and(|rest| !rest.is_empty() && !rest.starts_with('\n'));
        if bytes == row.len() && goes_on {
            // Behind the last glyph of a wrapped row the next row begins.
            bytes = glyphs(row).next_back().map_or(0, |glyph| glyph.at);
        }
        self.go(to.start + bytes);
        self.goal = Some(goal);
        Typed::Moved
    }

    /// Moves the cursor to a byte, or to the first place between two glyphs behind it.
    fn move_to(&mut self, at: usize) {
        let ends = glyphs(&self.text).map(|glyph| glyph.end());
        self.cursor = std::iter::once(0).chain(ends).find(|end| *end >= at).unwrap_or(0);
        self.goal = None;
    }

    fn before(&self) -> usize {
        let before = self.text.get(..self.cursor).unwrap_or_default();
        glyphs(before).next_back().map_or(0, |glyph| glyph.at)
    }

    fn after(&self) -> usize {
        let after = self.text.get(self.cursor..).unwrap_or_default();
        glyphs(after).next().map_or(self.cursor, |glyph| self.cursor + glyph.end())
    }

    fn word_before(&self) -> usize {
        let before = self.text.get(..self.cursor).unwrap_or_default();
        let mut words = before.split_word_bound_indices().rev();
        words.find(|(_, word)| !word.trim().is_empty()).map_or(0, |(at, _)| at)
    }

    fn word_after(&self) -> usize {
        let after = self.text.get(self.cursor..).unwrap_or_default();
        let mut words = after.split_word_bound_indices();
        let word = words.find(|(_, word)| !word.trim().is_empty());
        word.map_or(self.text.len(), |(at, word)| self.cursor + at + word.len())
    }

    /// The line of the text in which the cursor is, without its end.
    fn line(&self) -> Range<usize> {
        let before = self.text.get(..self.cursor).unwrap_or_default();
        let after = self.text.get(self.cursor..).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        start..after.find('\n').map_or(self.text.len(), |at| self.cursor + at)
    }
}

/// The row in which a byte stands: between two rows, the later.
fn row_of(rows: &[Range<usize>], at: usize) -> usize {
    rows.iter().rposition(|row| row.start <= at).unwrap_or_default()
}

#[cfg(test)]
mod tests;
