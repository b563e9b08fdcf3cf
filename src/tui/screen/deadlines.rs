//! Deadlines: the list of them, and a calendar of the month beside it.
//!
//! Four parts, one behind the other by Tab: one's own list and calendar, the office's list and
//! calendar. What narrows the list narrows the calendar too.

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::door::Notice;
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::{Request, Whose};
use crate::domain::ids::Kind;
use crate::tui::key::Key;
use crate::tui::screen::agenda::AgendaScreen;
use crate::tui::screen::arrange::Arrange;
use crate::tui::screen::month::{Month, Part};
use crate::tui::screen::{Nav, Screen, Selection, Step, View};

/// The screen.
pub struct DeadlinesScreen {
    part: Part,
    list: AgendaScreen,
    month: Month,
}

impl Default for DeadlinesScreen {
    fn default() -> Self {
        Self { part: Part::List, list: AgendaScreen::deadlines(), month: Month::default() }
    }
}

impl DeadlinesScreen {
    /// The list of one's own deadlines.
    pub fn new() -> Self {
        Self::default()
    }

    /// To another part: `by` parts further.
    fn turn(&mut self, by: usize, today: NaiveDate) -> Step {
        const PARTS: [(Whose, Part); 4] = [
            (Whose::Mine, Part::List),
            (Whose::Mine, Part::Month),
            (Whose::All, Part::List),
            (Whose::All, Part::Month),
        ];
        let present = (self.list.whose(), self.part);
        let at = PARTS.iter().position(|part| *part == present).unwrap_or(0);
        let (whose, part) = PARTS[(at + by) % PARTS.len()];
        self.part = part;
        self.month.begin(today);
        if whose == self.list.whose() { Step::Ask } else { self.list.turn(whose) }
    }

    fn on_month(&mut self, nav: Nav, view: &View<'_>) -> Step {
        match nav {
            Nav::Up
            | Nav::Down
            | Nav::Left
            | Nav::Right
            | Nav::PageUp
            | Nav::PageDown
            | Nav::First
            | Nav::Last => self.month.go(nav, view.me.today),
            Nav::Open => match self.month.selected(view.me.today) {
                Some(day) if day.counts.is_empty() => Step::Say("month.empty".to_owned(), vec![]),
                Some(day) => Step::Push(Box::new(self.list.of_day(day.day.clone()))),
                None => Step::Stay,
            },
            // A text is typed above the list.
            Nav::Filter => {
                self.part = Part::List;
                self.list.put(nav, view);
                Step::Ask
            }
            Nav::Stage | Nav::Clear => self.list.put(nav, view),
            Nav::NextPane
            | Nav::PreviousPane
            | Nav::Sort
            | Nav::Columns
            | Nav::Views
            | Nav::Reveal
            | Nav::Mark
            | Nav::Tick
            | Nav::HandOver
            | Nav::Page
            | Nav::Why
            | Nav::TakeOut
            | Nav::PutIn
            | Nav::Row(_) => Step::Pass,
        }
    }
}

impl Screen for DeadlinesScreen {
    fn name(&self) -> &'static str {
        "deadlines"
    }

    fn wants(&self) -> Vec<Request> {
        match self.part {
            Part::List => self.list.wants(),
            Part::Month => self.month.wants(self.list.whose(), &self.list.only()),
        }
    }

    fn got(&mut self, place: usize, reply: Reply) -> Step {
        match self.part {
            Part::List => self.list.got(place, reply),
            Part::Month => self.month.got(reply),
        }
    }

    fn refused(&mut self, place: usize, refusal: &Refusal) -> Step {
        match self.part {
            Part::List => self.list.refused(place, refusal),
            Part::Month => Step::Stay,
        }
    }

    fn touched(&self, notice: &Notice) -> bool {
        notice.everything || notice.touched.iter().any(|record| record.kind != Kind::Clerk)
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        match (nav, self.part) {
            (Nav::NextPane, _) => self.turn(1, view.me.today),
            (Nav::PreviousPane, _) => self.turn(3, view.me.today),
            (nav, Part::List) => self.list.on(nav, view),
            (nav, Part::Month) => self.on_month(nav, view),
        }
    }

    fn navs(&self) -> &'static [Nav] {
        match self.part {
            Part::List => self.list.navs(),
            Part::Month => &[
                Nav::NextPane,
                Nav::PreviousPane,
                Nav::Filter,
                Nav::Stage,
                Nav::Clear,
                Nav::Left,
                Nav::Right,
            ],
        }
    }

    fn arrange(&mut self, arrange: Arrange, _view: &View<'_>) -> Step {
        self.list.arranged(arrange)
    }

    fn clicked(&mut self, at: Position, area: Rect, view: &View<'_>) -> Step {
        match self.part {
            Part::List => self.list.clicked(at, area, view),
            Part::Month => Step::Stay,
        }
    }

    fn is_typing(&self) -> bool {
        self.part == Part::List && self.list.is_typing()
    }

    fn typed(&mut self, key: Key, view: &View<'_>) -> Step {
        self.list.typed(key, view)
    }

    fn pasted(&mut self, text: &str, view: &View<'_>) -> Step {
        self.list.pasted(text, view)
    }

    fn selected(&self) -> Selection {
        match self.part {
            Part::List => self.list.selected(),
            Part::Month => Selection::default(),
        }
    }

    fn resized(&mut self, area: Rect) {
        self.list.resized(area);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        match self.part {
            Part::List => self.list.draw(frame, area, view),
            Part::Month => {
                let text = self.list.text_cell(view);
                let only = text.into_iter().chain([self.list.only_cell(view)]).collect();
                self.month.draw(frame, area, (view, self.list.whose(), only));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests;
