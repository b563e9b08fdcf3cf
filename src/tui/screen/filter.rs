//! The text box that narrows a list, on the line above it: one look for every screen that has one.
//!
//! What is done with the text, and when, is the screen's own.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::domain::text::Lines;
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::screen::{Nav, Step, View, row};
use crate::tui::widget::input::{Editor, Typed};

/// A box with the text that narrows the list now.
pub fn open(text: &str, chars_max: usize) -> Editor {
    let mut text_box = Editor::new(Lines::One, chars_max);
    text_box.set_text(text);
    text_box
}

/// What a key means to a list while its box is open.
pub enum Meant {
    /// This text narrows the list now.
    Narrow(String),
    /// The list moves.
    Go(Nav),
    /// Nothing of the list's own.
    Step(Step),
}

/// Takes a key into the box, if one is open; moving keys still move in the list.
pub fn typed(open: &mut Option<Editor>, key: Key) -> Meant {
    let Some(mut text_box) = open.take() else { return Meant::Step(Step::Pass) };
    match key {
        // Enter closes the box and keeps the text, Esc lets it go.
        Key::Enter => return Meant::Step(Step::Stay),
        Key::Esc => return Meant::Narrow(String::new()),
        _ => {}
    }
    let typed = text_box.take(key);
    let text = text_box.text().trim().to_owned();
    *open = Some(text_box);
    match (typed, key) {
        (Typed::Changed { .. }, _) => Meant::Narrow(text),
        (Typed::Moved, _) => Meant::Step(Step::Stay),
        (Typed::Full { most }, _) => Meant::Step(full(most)),
        (Typed::NotMine, Key::Up) => Meant::Go(Nav::Up),
        (Typed::NotMine, Key::Down) => Meant::Go(Nav::Down),
        (Typed::NotMine, Key::PageUp) => Meant::Go(Nav::PageUp),
        (Typed::NotMine, Key::PageDown) => Meant::Go(Nav::PageDown),
        (Typed::NotMine, _) => Meant::Step(Step::Pass),
    }
}

/// A text is pasted into the box.
pub fn paste(text_box: &mut Editor, text: &str) -> Typed {
    text_box.paste(&Pasted::text(text))
}

/// A text is pasted into the box of a list: the text that narrows the list now.
///
/// # Errors
/// What to say, if the box takes no more.
pub fn pasted(text_box: &mut Editor, text: &str) -> Result<String, Step> {
    match paste(text_box, text) {
        Typed::Full { most } => Err(full(most)),
        Typed::Changed { .. } | Typed::Moved | Typed::NotMine => {
            Ok(text_box.text().trim().to_owned())
        }
    }
}

/// The box takes no more.
pub fn full(most: usize) -> Step {
    Step::Say("row.text_is_full".to_owned(), vec![("most".to_owned(), most.to_string())])
}

/// Draws the box, if one is open, behind so many columns of an area's first line.
pub fn draw(
    text_box: Option<&Editor>,
    frame: &mut Frame<'_>,
    (area, n_head): (Rect, usize),
    view: &View<'_>,
) -> Option<Position> {
    let boxed = row::behind(area, n_head)?;
    text_box.map(|text_box| {
        text_box.draw(boxed, frame.buffer_mut(), view.look);
        text_box.cursor_in(boxed)
    })
}
