//! What narrows the list of deadlines: conditions from menus, and a text.

use crate::api::listing::ListQuery;
use crate::api::request::Layout;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::agenda::AgendaScreen;
use crate::tui::screen::arrange::{self, Arrange};
use crate::tui::screen::window::Turn;
use crate::tui::screen::{Nav, Step, View, filter};
use crate::tui::widget::table::Cell;

/// The most characters of the text that narrows the list.
const CHARS_MAX: usize = 100;

impl AgendaScreen {
    /// Lays a menu of the list of deadlines over it, or lets go of what narrows it.
    pub fn put(&mut self, nav: Nav, view: &View<'_>) -> Step {
        if self.layout == Layout::Today {
            return Step::Pass;
        }
        let query = ListQuery::Deadlines(self.query());
        match nav {
            Nav::Clear if !self.is_narrowed() => arrange::nothing_to_clear(),
            Nav::Clear => {
                self.text.clear();
                self.arrangement.take(Arrange::Clear);
                self.restart(Turn::Start)
            }
            Nav::Filter => {
                self.text_box = Some(filter::open(&self.text, CHARS_MAX));
                Step::Stay
            }
            nav => self.arrangement.menu(nav, query, (view, self.width)),
        }
    }

    /// Whether conditions or a text narrow the list.
    pub(super) fn is_narrowed(&self) -> bool {
        !self.text.is_empty() || !self.arrangement.only.is_empty()
    }

    /// Narrows by the text of the box; asks only if it has changed.
    pub(super) fn narrow(&mut self, text: String) -> Step {
        if text == self.text {
            return Step::Stay;
        }
        self.text = text;
        self.restart(Turn::Start)
    }

    /// Puts the list another way.
    pub fn arranged(&mut self, arrange: Arrange) -> Step {
        let before = self.whose;
        self.whose = arrange::whose_of(&arrange).unwrap_or(self.whose);
        let has_changed = self.arrangement.take(arrange);
        match has_changed || before != self.whose {
            true => self.restart(Turn::Start),
            false => Step::Stay,
        }
    }

    /// What the list of deadlines is narrowed to; today is never narrowed.
    pub fn only_cell(&self, view: &View<'_>) -> Cell {
        match self.layout {
            Layout::Today => Cell::role(view.me.town.clone(), Role::Title),
            Layout::Deadlines => self.arrangement.filter_cell(view, false),
        }
    }

    /// The text that narrows the list.
    pub fn text_cell(&self, view: &View<'_>) -> Option<Cell> {
        let text = || locale::fill(view.lang, "cases.text", &[("value", self.text.clone())]);
        (!self.text.is_empty()).then(|| Cell::role(text(), Role::Input))
    }
}
