//! A one-line text box inside a screen: the text that narrows a list, the reason for a reveal.

use ratatui::text::Span;

use crate::domain::text::{Lines, clean};
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::text;

/// The most characters that a box takes.
const CHARS_MAX: usize = 200;

/// The box, with its cursor behind the last character.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prompt {
    text: String,
}

/// What became of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The text may have changed.
    Typing,
    /// Enter: this is the text.
    Given(String),
    /// Escape.
    Left,
    /// The box does not know the key.
    Other(Key),
}

impl Prompt {
    /// A box that holds a text already.
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned() }
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Takes a key.
    pub fn typed(&mut self, key: Key) -> Answer {
        match key {
            Key::Char(char) => self.pasted(char.encode_utf8(&mut [0; 4])),
            Key::Backspace => {
                let last = text::glyphs(&self.text).next_back().map_or(0, |glyph| glyph.at);
                self.text.truncate(last);
                Answer::Typing
            }
            Key::Ctrl('u') => {
                self.text.clear();
                Answer::Typing
            }
            Key::Enter => Answer::Given(self.text.trim().to_owned()),
            Key::Esc => Answer::Left,
            other => Answer::Other(other),
        }
    }

    /// Takes a text in.
    pub fn pasted(&mut self, text: &str) -> Answer {
        let room = CHARS_MAX.saturating_sub(self.text.chars().count());
        let is_space = text == " ";
        let cleaned = if is_space { text.to_owned() } else { clean(text, Lines::One).text };
        self.text.extend(cleaned.chars().take(room));
        Answer::Typing
    }

    /// The end of the text that fits into a width, and the column of the cursor behind it.
    pub fn draw(&self, view: &View<'_>, width: usize) -> (Vec<Span<'static>>, usize) {
        let room = width.saturating_sub(1);
        let shown = view.look.shown(&self.text).into_owned();
        let mut start = 0;
        let mut n_columns = text::width(&shown);
        for glyph in text::glyphs(&shown) {
            if n_columns <= room {
                break;
            }
            n_columns = n_columns.saturating_sub(glyph.width);
            start = glyph.end();
        }
        let tail = shown.get(start..).unwrap_or_default().to_owned();
        let box_width = width.saturating_sub(n_columns);
        let style = view.look.style(Role::Input);
        (vec![Span::styled(format!("{tail}{}", " ".repeat(box_width)), style)], n_columns)
    }
}
