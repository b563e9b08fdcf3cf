//! What a hand does to a window besides moving: clicks and marks.

use crate::domain::ids::RecordRef;
use crate::tui::screen::window::{Listed, Reach, Shown, Window};
use crate::tui::screen::{Nav, Step};

impl<R: Listed> Window<R> {
    /// A click on a line of the list: the row there is selected; if it was already, it is opened.
    pub fn click(&mut self, line: usize) -> Step {
        let clicked = match self.lines(self.height).get(line) {
            Some(Shown::Row { place, .. }) => *place,
            Some(Shown::Heading(_)) | None => return Step::Stay,
        };
        if clicked == self.at {
            return self.open();
        }
        self.changed.clear();
        self.at = clicked;
        self.top = self.top_in(self.height);
        Step::Stay
    }

    /// Marks the selected row, or takes its mark away, and goes on to the next.
    pub fn mark(&mut self) -> Reach {
        let Some(own) = self.selected().map(Listed::identity) else { return Reach::Inside };
        if !self.marked.remove(&own) {
            self.marked.insert(own);
        }
        self.go(Nav::Down)
    }

    /// The rows that are marked, in the order of their numbers.
    pub fn marked(&self) -> impl Iterator<Item = RecordRef> {
        self.marked.iter().map(|(record, _)| *record)
    }

    /// Takes all marks away.
    pub fn unmark(&mut self) {
        self.marked.clear();
    }
}
