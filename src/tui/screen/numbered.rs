//! Numbered rows of which one is chosen, nine a page: what all menus have in common, so that none of
//! them needs a letter. Digits choose on the page that is seen, 0 turns it.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::list::{Above, Choice, Panel, Pieces};

/// The rows of a page: as many as there are digits.
const PAGE: usize = 9;

/// Which row is chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Numbered {
    /// The chosen one, among all.
    pub choice: Choice,
}

/// What follows from a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Took {
    /// The row of that place was chosen.
    Chose(usize),
    /// Nothing but another row.
    Moved,
    /// It is to be closed.
    Close,
    /// It was another key.
    Other(Key),
}

/// What is drawn.
pub struct Shown<'s> {
    /// The title of the box.
    pub title: &'s str,
    /// All rows, without their numbers.
    pub rows: &'s [Pieces],
    /// A line below the rows, where there is only one page.
    pub foot: String,
}

impl Numbered {
    /// The place of the first row of the page that is seen.
    const fn first(self) -> usize {
        self.choice.at / PAGE * PAGE
    }

    /// Takes a key, with so many rows.
    pub fn take(&mut self, key: Key, n_rows: usize) -> Took {
        let chose = |at: usize| if at < n_rows { Took::Chose(at) } else { Took::Moved };
        match key.fold() {
            Key::Esc => Took::Close,
            Key::Enter => chose(self.choice.at),
            Key::Char('0') => {
                let next = self.first() + PAGE;
                self.choice.at = if next < n_rows { next } else { 0 };
                Took::Moved
            }
            Key::Char(digit @ '1'..='9') => chose(self.first() + digit as usize - '1' as usize),
            other if self.choice.moved(other, n_rows) => Took::Moved,
            other => Took::Other(other),
        }
    }

    /// Draws the page that is seen.
    pub fn draw(&self, (frame, area): (&mut Frame<'_>, Rect), shown: Shown<'_>, view: &View<'_>) {
        self.panel(&shown, view).draw(frame, area, view.look);
    }

    /// The place of the row that was clicked on, if it was one.
    pub fn row_at(&self, (area, at): (Rect, Position), n_rows: usize) -> Option<usize> {
        let n_shown = n_rows.saturating_sub(self.first()).min(PAGE);
        let choice = Choice { at: self.choice.at % PAGE };
        let row = Panel::row_at((area, at), (n_shown, choice), Above::Nothing)?;
        Some(self.first() + row)
    }

    fn panel<'s>(&self, shown: &Shown<'s>, view: &View<'_>) -> Panel<'s> {
        let n_rows = shown.rows.len();
        let page = shown.rows.iter().enumerate().skip(self.first()).take(PAGE);
        let rows = page.map(|(at, pieces)| {
            let is_grey = pieces.first().is_some_and(|(_, role)| *role == Role::Disabled);
            let role = if is_grey { Role::Disabled } else { Role::Key };
            let digit = (format!("{} ", at - self.first() + 1), role);
            std::iter::once(digit).chain(pieces.iter().cloned()).collect()
        });
        let pages = n_rows.div_ceil(PAGE);
        let args = [("page", self.first() / PAGE + 1), ("pages", pages)];
        let args = args.map(|(name, number)| (name, number.to_string()));
        let foot = match (pages > 1, shown.foot.is_empty()) {
            (true, true) => locale::fill(view.lang, "pick.pages", &args),
            (true, false) => {
                format!("{}  {}", locale::fill(view.lang, "pick.page", &args), shown.foot)
            }
            (false, _) => shown.foot.clone(),
        };
        let choice = Choice { at: self.choice.at % PAGE };
        Panel { title: shown.title, editor: None, rows: rows.collect(), choice, foot }
    }
}
