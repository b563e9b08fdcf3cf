//! What a hand does to a window besides moving: opening, clicks and marks.

use crate::domain::ids::{CaseId, RecordRef};
use crate::tui::screen::meeting::answer::AnswerScreen;
use crate::tui::screen::window::{Listed, Reach, Shown, Window};
use crate::tui::screen::{Nav, Step, View, sheet_of};

impl<R: Listed> Window<R> {
    /// Opens what is selected, if it has a sheet, else the case that it is about. In a meeting a
    /// case is answered, and so are the others of the window, one key away.
    pub fn open(&self, view: &View<'_>) -> Step {
        let Some(row) = self.selected() else { return Step::Stay };
        if let Some(case) = row.case().filter(|_| view.me.masked) {
            let mut cases: Vec<CaseId> = Vec::new();
            for own in self.items.iter().filter_map(|item| item.row.case()) {
                if !cases.contains(&own) {
                    cases.push(own);
                }
            }
            let at = cases.iter().position(|own| *own == case).unwrap_or(0);
            return Step::Push(Box::new(AnswerScreen::new(cases, at)));
        }
        let of_case = || row.case().and_then(|case| sheet_of(case.into(), view));
        let sheet = sheet_of(row.identity().0, view).or_else(of_case);
        sheet.map_or(Step::Stay, Step::Push)
    }

    /// A click on a line of the list: the row there is selected; if it was already, it is opened.
    pub fn click(&mut self, line: usize, view: &View<'_>) -> Step {
        let clicked = match self.lines(self.height).get(line) {
            Some(Shown::Row { place, .. }) => *place,
            Some(Shown::Heading(_)) | None => return Step::Stay,
        };
        if clicked == self.at {
            return self.open(view);
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

    /// Lets go of all marks; says whether there were any.
    pub fn unmark(&mut self) -> bool {
        !std::mem::take(&mut self.marked).is_empty()
    }

    /// The rows that are marked, in the order of their numbers.
    pub fn marked(&self) -> impl Iterator<Item = RecordRef> {
        self.marked.iter().map(|(record, _)| *record)
    }
}
