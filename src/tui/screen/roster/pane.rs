//! A list that pages by key in both directions: its window, from where its page goes, and the text
//! that narrows it.

use chrono::NaiveDate;

use crate::api::request::{Cursor, Way};
use crate::api::roster::{EntryRow, PersonRow};
use crate::domain::ids::Version;
use crate::tui::screen::window::{Beyond, Identity, Item, Listed, Reach, Turn, Window};
use crate::tui::screen::{Nav, Step};

/// A row that knows its place in its list.
pub trait Placed: Listed {
    /// The place.
    fn cursor(&self) -> Cursor;
}

impl Listed for EntryRow {
    fn identity(&self) -> Identity {
        (self.id.into(), None)
    }

    fn version(&self) -> Version {
        self.version
    }

    fn due_on(&self) -> Option<NaiveDate> {
        self.owed.first().map(|owed| owed.on)
    }

    fn name(&self) -> String {
        let name = self.name.clone().unwrap_or_default();
        format!("{name} {} {}", self.number, self.title).trim_start().to_owned()
    }
}

impl Placed for EntryRow {
    fn cursor(&self) -> Cursor {
        self.cursor.clone()
    }
}

impl Listed for PersonRow {
    fn identity(&self) -> Identity {
        (self.id.into(), None)
    }

    fn version(&self) -> Version {
        self.version
    }

    fn due_on(&self) -> Option<NaiveDate> {
        None
    }

    fn name(&self) -> String {
        self.name.clone().unwrap_or_default()
    }
}

impl Placed for PersonRow {
    fn cursor(&self) -> Cursor {
        self.cursor.clone()
    }
}

/// The list.
pub struct Pane<R> {
    /// The rows that are held.
    pub window: Window<R>,
    /// From where the page goes, and which way.
    pub place: (Option<Cursor>, Way),
    /// How many there are, where that is known.
    pub total: Option<u64>,
    /// The text that narrows it.
    pub text: String,
}

impl<R> Default for Pane<R> {
    fn default() -> Self {
        Self {
            window: Window::default(),
            place: (None, Way::Forward),
            total: None,
            text: String::new(),
        }
    }
}

impl<R: Placed> Pane<R> {
    /// Begins at the first row of another list.
    pub fn restart(&mut self) -> Step {
        self.place = (None, Way::Forward);
        self.window.expect(Turn::Start);
        Step::Ask
    }

    /// Narrows the list; asks only if the text has changed.
    pub fn narrow(&mut self, text: String) -> Step {
        if text == self.text {
            return Step::Stay;
        }
        self.text = text;
        self.restart()
    }

    /// The text, if there is one.
    pub fn narrowing(&self) -> Option<String> {
        Some(self.text.clone()).filter(|text| !text.is_empty())
    }

    /// Moves the selection.
    pub fn go(&mut self, nav: Nav) -> Step {
        let reach = self.window.go(nav);
        self.reach(reach)
    }

    /// Marks the selected row, or takes its mark away.
    pub fn mark(&mut self) -> Step {
        let reach = self.window.mark();
        self.reach(reach)
    }

    /// Takes a page in.
    pub fn fill(&mut self, rows: Vec<R>, beyond: Beyond) -> Step {
        if rows.is_empty() && self.place.0.is_some() {
            // Everything on this side was taken out meanwhile.
            return match self.place.1 {
                Way::Forward => self.reach(Reach::End),
                Way::Backward | Way::FromEnd => self.restart(),
            };
        }
        let items = rows.into_iter().map(|row| Item { group: None, row });
        let reach = self.window.fill(items.collect(), beyond);
        let step = self.reach(reach);
        self.window.after_fill(step)
    }

    fn reach(&mut self, reach: Reach) -> Step {
        let cursor = |row: Option<&R>| row.map(Placed::cursor);
        let (place, turn) = match reach {
            Reach::Inside => return Step::Stay,
            Reach::Start => ((None, Way::Forward), Turn::Start),
            Reach::End => ((None, Way::FromEnd), Turn::End),
            Reach::After => ((cursor(self.window.seam_after()), Way::Forward), Turn::Along),
            Reach::Before => ((cursor(self.window.seam_before()), Way::Backward), Turn::Along),
        };
        self.place = place;
        self.window.expect(turn);
        Step::Ask
    }
}
