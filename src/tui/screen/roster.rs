//! The roster in two parts: the entries in the order of what the office owes, and all persons.
//!
//! The order says why in words; persons are never sorted by what they ask or how often.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::listing::ListQuery;
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::{Request, Whose};
use crate::api::roster::{EntryRow, PersonQuery, PersonRow, RosterPart, RosterQuery};
use crate::domain::ids::Kind;
use crate::domain::listing::{Column, List};
use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::arrange::{Arrange, Arrangement, nothing_to_clear, whose_of};
use crate::tui::screen::filter::Meant;
use crate::tui::screen::roster::pane::Pane;
use crate::tui::screen::window::{Beyond, Show};
use crate::tui::screen::{Nav, Screen, Selection, Step, View, filter, row};
use crate::tui::widget::input::Editor;
use crate::tui::widget::table::{self, Cell};

mod columns;
pub mod owed;
pub mod pane;
pub mod round;
pub mod sheet;
pub mod stood;
/// Rows of the roster for all tests of screens, and what the list shows of them.
#[cfg(test)]
pub mod tests;

/// Lines above and below the list: filters, titles, hint.
const FRAME_LINES: u16 = 3;
/// The most characters of the text that narrows a list.
const CHARS_MAX: usize = 100;

/// The parts of the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Entries,
    Persons,
}

/// The screen.
pub struct RosterScreen {
    part: Part,
    whose: Whose,
    arrangement: Arrangement,
    /// The columns of the terminal.
    width: usize,
    entries: Pane<EntryRow>,
    persons: Pane<PersonRow>,
    /// The box in which the text that narrows the list is typed, while it is open.
    text_box: Option<Editor>,
}

impl Default for RosterScreen {
    fn default() -> Self {
        Self {
            part: Part::Entries,
            whose: Whose::Mine,
            arrangement: Arrangement::usual(List::Roster),
            width: 0,
            entries: Pane::default(),
            persons: Pane::default(),
            text_box: None,
        }
    }
}

impl RosterScreen {
    /// One's own entries, what is owed longest first.
    pub fn new() -> Self {
        Self::default()
    }

    /// Which part of the roster is seen.
    fn only(&self) -> RosterPart {
        let word = self.arrangement.only.word(Column::State);
        word.and_then(RosterPart::parse).unwrap_or_default()
    }

    /// The page of entries that is asked for.
    fn query(&self) -> RosterQuery {
        let (from, way) = self.entries.place.clone();
        RosterQuery {
            part: self.only(),
            sort: self.arrangement.sort,
            whose: self.whose,
            only: self.arrangement.only.without(Column::State),
            text: self.entries.narrowing(),
            from,
            way,
            most: self.entries.window.rows_wanted(),
        }
    }

    /// The columns of entries that have room, with what stands in each, and how many have none.
    fn columns(
        &self,
        view: &View<'_>,
        width: usize,
    ) -> (Vec<(table::Column, Show<EntryRow>)>, usize) {
        let of = |column| columns::entry(column, &self.entries.window, (view, width));
        self.arrangement.laid_out((view, width), &of)
    }

    fn restart(&mut self) -> Step {
        match self.part {
            Part::Entries => self.entries.restart(),
            Part::Persons => self.persons.restart(),
        }
    }

    fn go(&mut self, nav: Nav) -> Step {
        match self.part {
            Part::Entries => self.entries.go(nav),
            Part::Persons => self.persons.go(nav),
        }
    }

    fn text(&self) -> &str {
        match self.part {
            Part::Entries => &self.entries.text,
            Part::Persons => &self.persons.text,
        }
    }

    fn narrow(&mut self, text: String) -> Step {
        match self.part {
            Part::Entries => self.entries.narrow(text),
            Part::Persons => self.persons.narrow(text),
        }
    }

    /// The line of filters; while the text box is open it ends where that begins.
    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let word = |key: &str| locale::text(view.lang, key);
        let fill = |key: &str, value: &str| locale::fill(view.lang, key, &[("value", value)]);
        let parts = ["roster.entries", "roster.persons"].map(word);
        let mut kept = vec![row::tabs(&parts, usize::from(self.part == Part::Persons))];
        let mut rest = Vec::new();
        let total = match self.part {
            Part::Entries => {
                let whose = if self.whose == Whose::Mine { "cases.mine" } else { "cases.all" };
                rest.push(Cell::text(fill("roster.whose", &word(whose))));
                let ended = word("roster.sort.ended");
                let ended = Some(ended.as_str()).filter(|_| self.only() == RosterPart::Ended);
                kept.push(self.arrangement.filter_cell(view, false));
                rest.push(self.arrangement.sort_cell(view, ended));
                self.entries.total
            }
            Part::Persons => {
                let sort = if self.text().is_empty() { "roster.newest" } else { "cases.sort.best" };
                rest.push(Cell::text(fill("cases.sort", &word(sort))));
                self.persons.total
            }
        };
        let total = total.map(|count| fill("roster.total", &count.to_string()));
        let n_left_out = match self.part {
            Part::Entries => self.columns(view, width).1,
            Part::Persons => 0,
        };
        let n_marked = self.entries.window.marked().count();
        let n_marked = if self.part == Part::Entries { n_marked } else { 0 };
        let marked = (n_marked > 0).then(|| fill("list.marked_out", &n_marked.to_string()));
        let marked = marked.map(|text| Cell::role(text, Role::Mark)).into_iter();
        let total = total.map(|text| Cell::role(text, Role::Dim));
        let said: Vec<_> =
            marked.chain(total).chain(Arrangement::left_out(view, n_left_out)).collect();
        if self.text_box.is_some() {
            let name = Cell::role(fill("cases.text", ""), Role::Key);
            return row::before_box(view, (&kept, &rest), name, width);
        }
        if !self.text().is_empty() {
            kept.insert(1, Cell::role(fill("cases.text", self.text()), Role::Input));
        }
        row::yielding(view, (&kept, &rest), &said, width)
    }

    fn is_empty(&self) -> bool {
        match self.part {
            Part::Entries => self.entries.window.items().is_empty(),
            Part::Persons => self.persons.window.items().is_empty(),
        }
    }

    fn empty(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let is_filled = match self.part {
            Part::Entries => self.entries.window.is_filled(),
            Part::Persons => self.persons.window.is_filled(),
        };
        let has_text = !self.text().is_empty();
        let is_narrowed = has_text || !self.arrangement.only.is_empty();
        let key = match (is_filled, self.part, &self.whose) {
            (false, ..) => "row.waiting",
            (true, Part::Persons, _) if has_text => "roster.empty.no_person_fits",
            (true, Part::Persons, _) => "roster.empty.persons",
            (true, Part::Entries, _) if is_narrowed => "roster.empty.narrowed",
            (true, Part::Entries, Whose::Mine) => "roster.empty.mine",
            (true, Part::Entries, _) => "roster.empty.all",
        };
        let text = locale::text(view.lang, key);
        let lines = text.lines().map(|line| row::strip(view, &[Cell::text(line)], width));
        std::iter::once(Line::default()).chain(lines).collect()
    }

    /// Why the selected row stands where it stands, and whether there is more below.
    fn hint(&self, view: &View<'_>, (width, height): (usize, usize)) -> Line<'static> {
        let (more, hint) = match self.part {
            Part::Entries => {
                let window = &self.entries.window;
                let hint = window.selected().map(|entry| columns::entry_hint(entry, view));
                (window.has_more_below(height), hint)
            }
            Part::Persons => {
                let window = &self.persons.window;
                let hint = window.selected().map(|person| columns::person_hint(person, view));
                (window.has_more_below(height), hint)
            }
        };
        let hint: Vec<_> = hint.map(|text| Cell::role(text, Role::Hint)).into_iter().collect();
        row::foot(view, &hint, more, width)
    }

    fn draw_rows(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) {
        let height = usize::from(area.height.saturating_sub(1));
        let width = usize::from(area.width);
        let heads = (height, &|_| String::new() as String);
        let table = match self.part {
            Part::Entries => {
                let window = &self.entries.window;
                let (columns, _) = self.columns(view, width);
                window.table(view, columns, (heads.0, heads.1))
            }
            Part::Persons => {
                let columns = columns::persons(view, width);
                self.persons.window.table(view, columns, (heads.0, heads.1))
            }
        };
        table.draw(area, frame.buffer_mut(), view.look);
    }
}

impl Screen for RosterScreen {
    fn name(&self) -> &'static str {
        "roster"
    }

    fn wants(&self) -> Vec<Request> {
        match self.part {
            Part::Entries => {
                vec![Request::Roster(self.query())]
            }
            Part::Persons => {
                let (from, way) = self.persons.place.clone();
                vec![Request::Persons(PersonQuery {
                    village: None,
                    text: self.persons.narrowing(),
                    from,
                    way,
                    most: self.persons.window.rows_wanted(),
                })]
            }
        }
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        match reply {
            Reply::Roster(page) => {
                self.entries.total = page.total;
                self.entries.fill(page.rows, Beyond { before: page.before, after: page.after })
            }
            Reply::Persons(page) => {
                self.persons.fill(page.rows, Beyond { before: page.before, after: page.after })
            }
            _ => Step::Stay,
        }
    }

    fn refused(&mut self, _place: usize, _refusal: &Refusal) -> Step {
        self.entries.window.forget();
        self.persons.window.forget();
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let shows = |kind| match self.part {
            Part::Entries => !matches!(kind, Kind::Clerk | Kind::Plan | Kind::Task),
            Part::Persons => matches!(kind, Kind::Person | Kind::Case | Kind::Unit),
        };
        notice.everything || notice.touched.iter().any(|record| shows(record.kind))
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        let is_entries = self.part == Part::Entries;
        match nav {
            Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown | Nav::First | Nav::Last => {
                self.go(nav)
            }
            Nav::Open if is_entries => self.entries.window.open(view),
            Nav::Open => self.persons.window.open(view),
            Nav::Row(digit) if is_entries => self.entries.window.open_digit(digit, view),
            Nav::Row(digit) => self.persons.window.open_digit(digit, view),
            Nav::NextPane | Nav::PreviousPane => {
                self.part = if is_entries { Part::Persons } else { Part::Entries };
                Step::Ask
            }
            Nav::Left | Nav::Right if is_entries => {
                self.entries.window.unmark();
                self.whose = match self.whose {
                    Whose::Mine => Whose::All,
                    Whose::All | Whose::Officer(_) | Whose::Unit(_) => Whose::Mine,
                };
                self.restart()
            }
            Nav::Sort | Nav::Stage | Nav::Columns | Nav::Views if is_entries => {
                let query = ListQuery::Roster(self.query());
                self.arrangement.menu(nav, query, (view, self.width))
            }
            Nav::Mark if is_entries => self.entries.mark(),
            // What was marked stands nearest: it goes first, and the conditions stay.
            Nav::Clear if is_entries && self.entries.window.unmark() => Step::Stay,
            Nav::Clear => {
                let had_more = is_entries && self.arrangement.take(Arrange::Clear);
                match self.narrow(String::new()) {
                    Step::Stay if had_more => self.restart(),
                    Step::Stay => nothing_to_clear(),
                    step => step,
                }
            }
            Nav::Filter => {
                self.text_box = Some(filter::open(self.text(), CHARS_MAX));
                Step::Stay
            }
            _ => Step::Pass,
        }
    }

    fn navs(&self) -> &'static [Nav] {
        match self.part {
            Part::Entries => &[
                Nav::NextPane,
                Nav::PreviousPane,
                Nav::Left,
                Nav::Right,
                Nav::Sort,
                Nav::Stage,
                Nav::Clear,
                Nav::Columns,
                Nav::Views,
                Nav::Filter,
                Nav::Mark,
            ],
            Part::Persons => &[Nav::NextPane, Nav::PreviousPane, Nav::Filter, Nav::Clear],
        }
    }

    fn arrange(&mut self, arrange: Arrange, _view: &View<'_>) -> Step {
        let before = self.whose;
        // Another order shows the same rows, another condition shows others.
        if !matches!(arrange, Arrange::Sort(_) | Arrange::Own) {
            self.entries.window.unmark();
        }
        self.whose = whose_of(&arrange).unwrap_or(self.whose);
        let has_changed = self.arrangement.take(arrange);
        if has_changed || before != self.whose { self.restart() } else { Step::Stay }
    }

    fn clicked(&mut self, at: Position, area: Rect, view: &View<'_>) -> Step {
        let first = area.y + FRAME_LINES - 1;
        let line = at.y.checked_sub(first).filter(|_| at.y + 1 < area.bottom());
        match (line.map(usize::from), self.part) {
            (None, _) => Step::Stay,
            (Some(line), Part::Entries) => self.entries.window.click(line, view),
            (Some(line), Part::Persons) => self.persons.window.click(line, view),
        }
    }

    fn is_typing(&self) -> bool {
        self.text_box.is_some()
    }

    fn typed(&mut self, key: Key, _view: &View<'_>) -> Step {
        match filter::typed(&mut self.text_box, key) {
            Meant::Narrow(text) => self.narrow(text),
            Meant::Go(nav) => self.go(nav),
            Meant::Step(step) => step,
        }
    }

    fn pasted(&mut self, text: &str, _view: &View<'_>) -> Step {
        let Some(text_box) = &mut self.text_box else { return Step::Pass };
        match filter::pasted(text_box, text) {
            Ok(text) => self.narrow(text),
            Err(full) => full,
        }
    }

    fn selected(&self) -> Selection {
        match self.part {
            Part::Entries => {
                let links = self.entries.window.selected();
                let links = links.map(|entry| vec![entry.case.into(), entry.person.into()]);
                let selection = self.entries.window.selection();
                let mut given = self.arrangement.given(self.whose);
                let marked = self.entries.window.marked().map(|record| record.id.to_string());
                let marked: Vec<String> = marked.collect();
                let n_marked = marked.len();
                given.push(("entries".to_owned(), marked.join(" ")));
                Selection { links: links.unwrap_or_default(), given, n_marked, ..selection }
            }
            Part::Persons => self.persons.window.selection(),
        }
    }

    fn resized(&mut self, area: Rect) {
        self.width = usize::from(area.width);
        let height = usize::from(area.height.saturating_sub(FRAME_LINES));
        self.entries.window.resize(height);
        self.persons.window.resize(height);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let head = self.head(view, width);
        let n_head = row::width_of(&head);
        row::paint(frame, area, &[head]);
        let (list, bottom) = row::hinted(row::below(area, 1));
        if self.is_empty() {
            row::paint(frame, list, &self.empty(view, width));
        } else {
            self.draw_rows(frame, list, view);
        }
        if let Some(bottom) = bottom {
            let height = usize::from(list.height.saturating_sub(1));
            row::paint(frame, bottom, &[self.hint(view, (width, height))]);
        }
        filter::draw(self.text_box.as_ref(), frame, (area, n_head), view)
    }
}
