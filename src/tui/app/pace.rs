//! The pace of the picture: what may wait while keys follow each other, and what a frame waits for.
//!
//! While the marker moves, the line that tells about its row and the digits beside the rows stay as
//! they are: each move would send them again, and nobody reads them meanwhile. They follow once,
//! when the keys rest. What a key does never depends on it.

use std::time::Duration;

use crate::tui::app::{Model, picture};
use crate::tui::backend::grid::Held;
use crate::tui::screen::Nav;
use crate::tui::terminal;
use crate::tui::widget::table::MARKER;

/// How long after the last key the rest of the picture follows: longer than between two repeats of
/// a held key.
pub const REST_AFTER: Duration = Duration::from_millis(120);

/// How long a frame waits for the answers to what was asked with it, so that one frame shows both.
pub const ANSWERS_WITHIN: Duration = Duration::from_millis(25);

/// The same for the first frame, before which there is nothing to read.
pub const FIRST_WITHIN: Duration = Duration::from_millis(100);

impl Model {
    /// Notes whether the marker of a list moves.
    pub(super) fn pace(&mut self, nav: Nav) {
        self.is_moving = matches!(
            nav,
            Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown | Nav::First | Nav::Last
        );
    }

    /// What stays as the terminal shows it until the keys rest.
    pub fn held(&self) -> Option<Held> {
        let seat = self.history.get(self.at)?;
        let is_seen = self.overs.is_empty() && !self.is_covered;
        let holds = self.is_moving && is_seen && seat.it.tells_of_row();
        if !holds || terminal::is_too_small(self.size) {
            return None;
        }
        let last = (self.size.height - picture::BARS + picture::ABOVE).checked_sub(1)?;
        Some(Held { top: picture::ABOVE, last, column: u16::try_from(MARKER).ok()? })
    }

    /// Whether something on the screen was asked for and has not come.
    pub fn is_waiting(&self) -> bool {
        self.history.get(self.at).is_some_and(|seat| seat.tickets.is_open())
            || self.overs.iter().any(|laid| laid.seat.tickets.is_open())
            || self.draft.is_some()
    }
}
