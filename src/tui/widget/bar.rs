//! The bars above and below a screen: tabs, keys, the status line.
//!
//! An entry is drawn whole or not at all, never half a word.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::look::{Look, Role};
use crate::tui::text::{Align, fit, width};

/// A key and what it does, for the bottom bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The key, as it is written on the keyboard.
    pub key: String,
    /// What it does.
    pub label: String,
    /// Whether it does it now.
    pub state: State,
}

/// Whether a command is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// It is.
    #[default]
    Possible,
    /// It is not: drawn grey.
    Disabled,
}

/// The tabs of the screens, the open one in brackets, and a text at the right end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tabs<'a> {
    /// What they are called.
    pub names: &'a [String],
    /// Which of them is open.
    pub open: usize,
    /// What stands at the right end, if there is room for it.
    pub right: &'a str,
}

impl Tabs<'_> {
    /// The tabs that have room in a width, as they are drawn.
    fn texts(&self, room: usize, look: &Look) -> Vec<String> {
        let mut texts = Vec::new();
        let mut left = room;
        for (at, name) in self.names.iter().enumerate() {
            // Brackets take the place of the blanks between two tabs.
            let (before, after) = match (at == self.open, at == self.open + 1) {
                (true, _) => ("[", "]"),
                (false, true) => ("", ""),
                (false, false) => (" ", ""),
            };
            let text = format!("{before}{}{after}", look.shown(name));
            let Some(rest) = left.checked_sub(width(&text)) else { break };
            left = rest;
            texts.push(text);
        }
        texts
    }

    /// The tab on which a column of a row of that width lies, if it lies on one.
    pub fn at(&self, column: u16, room: u16, look: &Look) -> Option<usize> {
        let texts = self.texts(usize::from(room), look);
        place_of(column, texts.iter().map(|text| width(text)))
    }

    /// Draws them on one row.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, look: &Look) {
        let mut spans = Vec::new();
        let mut left = usize::from(area.width);
        for (at, text) in self.texts(left, look).into_iter().enumerate() {
            left = left.saturating_sub(width(&text));
            let role = if at == self.open { Role::Tab } else { Role::Status };
            spans.push(Span::styled(text, look.style(role)));
        }
        let right = look.shown(self.right);
        if width(&right) < left {
            spans.push(Span::raw(" ".repeat(left - width(&right))));
            spans.push(Span::styled(right.into_owned(), look.style(Role::Status)));
        }
        draw(area, buffer, spans);
    }
}

/// A status line: what is to be said, and what stands at the right end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status<'a> {
    /// What is to be said; cut if there is no room for it.
    pub text: &'a str,
    /// What it is.
    pub role: Role,
    /// What stands at the right end; whole, or not at all.
    pub right: &'a str,
}

impl Status<'_> {
    /// Draws it on one row.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, look: &Look) {
        let room = usize::from(area.width);
        let right = match look.shown(self.right) {
            text if text.is_empty() || width(&text) >= room => String::new(),
            text => format!(" {text}"),
        };
        let text = fit(&look.shown(self.text), room - width(&right), Align::Left);
        let spans = vec![
            Span::styled(text, look.style(self.role)),
            Span::styled(right, look.style(Role::Status)),
        ];
        draw(area, buffer, spans);
    }
}

/// Which of some things one behind the other a column lies on.
fn place_of(column: u16, widths: impl Iterator<Item = usize>) -> Option<usize> {
    let mut end = 0;
    for (at, width) in widths.enumerate() {
        end += width;
        if usize::from(column) < end {
            return Some(at);
        }
    }
    None
}

/// The columns between two hints, before the one at that place.
const fn gap_before(at: usize) -> &'static str {
    if at > 0 { " " } else { "" }
}

/// The hints that have room in a width, each with its place and its columns.
fn seated<'h>(hints: &'h [Hint], room: usize, look: &Look) -> Vec<(usize, &'h Hint, usize)> {
    let mut left = room;
    let mut seated = Vec::new();
    for (at, hint) in hints.iter().enumerate() {
        let columns = gap_before(at).len() + width(&hint.key) + width(&look.shown(&hint.label));
        let Some(rest) = left.checked_sub(columns) else { continue };
        left = rest;
        seated.push((at, hint, columns));
    }
    seated
}

/// The hint on which a column of a row of that width lies, if it lies on one.
pub fn hint_at(hints: &[Hint], (column, room): (u16, u16), look: &Look) -> Option<usize> {
    let seated = seated(hints, usize::from(room), look);
    let place = place_of(column, seated.iter().map(|(_, _, columns)| *columns))?;
    seated.get(place).map(|(at, _, _)| *at)
}

/// Draws keys and what they do, as many as there is room for, the first first.
pub fn draw_hints(area: Rect, buffer: &mut Buffer, hints: &[Hint], look: &Look) {
    let mut spans = Vec::new();
    for (at, hint, _) in seated(hints, usize::from(area.width), look) {
        let gap = gap_before(at);
        let label = look.shown(&hint.label);
        let (key, text) = match hint.state {
            State::Possible => (Role::Key, Role::Status),
            State::Disabled => (Role::Disabled, Role::Disabled),
        };
        spans.push(Span::raw(gap));
        spans.push(Span::styled(hint.key.clone(), look.style(key)));
        spans.push(Span::styled(label.into_owned(), look.style(text)));
    }
    draw(area, buffer, spans);
}

fn draw(area: Rect, buffer: &mut Buffer, spans: Vec<Span<'_>>) {
    let area = area.intersection(buffer.area);
    if !area.is_empty() {
        buffer.set_line(area.x, area.y, &Line::from(spans), area.width);
    }
}

#[cfg(test)]
mod tests;
