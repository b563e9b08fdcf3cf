//! What a sheet shows: on its way, there, or no longer to be seen.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::api::refusal::Refusal;
use crate::locale;
use crate::tui::screen::{View, row};
use crate::tui::widget::table::Cell;

/// A sheet that was asked for.
#[derive(Debug, Default)]
pub enum Loaded<T> {
    /// Its answer has not come.
    #[default]
    Waiting,
    /// As it is.
    There(Box<T>),
    /// It does not exist, or may not be seen any more.
    Gone,
}

impl<T> Loaded<T> {
    /// The sheet, if it is there.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::There(sheet) => Some(sheet),
            Self::Waiting | Self::Gone => None,
        }
    }

    /// It was refused: what may no longer be seen must not stay on the screen. Says whether it went.
    pub fn refused(&mut self, refusal: &Refusal) -> bool {
        let hides = refusal.hides();
        if hides {
            *self = Self::Gone;
        }
        hides
    }

    /// Says in the place of the sheet why it is not there; `gone` is the key of what is said of one
    /// that may not be seen.
    pub fn draw_absence(&self, frame: &mut Frame<'_>, area: Rect, (gone, view): (&str, &View<'_>)) {
        let key = if matches!(self, Self::Gone) { gone } else { "row.waiting" };
        let text = Cell::text(locale::text(view.lang, key));
        row::paint(frame, area, &[row::strip(view, &[text], usize::from(area.width))]);
    }
}
