//! The list of cases: whose, of which stage, in which order, narrowed by a text.
//!
//! It pages by key in both directions and from the end; it never counts rows by number.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::listing::ListQuery;
use crate::api::print::Print;
use crate::api::refusal::Refusal;
use crate::api::reply::{CaseRow, Reply};
use crate::api::request::{CaseQuery, Cursor, Request, Way, Whose};
use crate::domain::ids::{CaseId, Kind, OfficerId};
use crate::domain::listing::{self as domain, List, Value};
use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::arrange::{self, Arrange, Arrangement, nothing_to_clear, whose_of};
use crate::tui::screen::assign::AssignScreen;
use crate::tui::screen::filter::Meant;
use crate::tui::screen::window::{Beyond, Item, Reach, Show, Turn, Window};
use crate::tui::screen::{Nav, Screen, Selection, Step, View, filter, row, why};
use crate::tui::widget::input::Editor;
use crate::tui::widget::table::{Cell, Column};

/// Lines above and below the list: filters, titles, hint.
const FRAME_LINES: u16 = 3;
/// The most characters of the text that narrows the list.
const CHARS_MAX: usize = 100;

/// The list of cases.
pub struct CasesScreen {
    whose: Whose,
    arrangement: Arrangement,
    /// The text that narrows the list.
    text: String,
    /// The box in which that text is typed, while it is open.
    text_box: Option<Editor>,
    /// From where the window goes, and which way.
    place: (Option<Cursor>, Way),
    total: Option<u64>,
    /// Whether the list was too long to be looked at whole.
    is_cut: bool,
    /// The columns of the terminal.
    width: usize,
    window: Window,
}

impl Default for CasesScreen {
    fn default() -> Self {
        Self {
            whose: Whose::Mine,
            arrangement: Arrangement::usual(List::Cases),
            text: String::new(),
            text_box: None,
            place: (None, Way::Forward),
            total: None,
            is_cut: false,
            width: 0,
            window: Window::default(),
        }
    }
}

impl CasesScreen {
    /// One's own cases, the earliest due day first.
    pub fn new() -> Self {
        Self::default()
    }

    /// All open cases with a value in a column, which may have a name.
    pub fn of_all(column: domain::Column, (value, name): (Value, Option<String>)) -> Self {
        let mut screen = Self { whose: Whose::All, ..Self::default() };
        screen.arrangement.take(Arrange::Narrow(column, Some((value, name))));
        screen
    }

    fn restart(&mut self) -> Step {
        self.place = (None, Way::Forward);
        self.window.expect(Turn::Start);
        Step::Ask
    }

    fn reach(&mut self, reach: Reach) -> Step {
        let cursor = |row: Option<&CaseRow>| row.map(|row| row.cursor.clone());
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

    /// Narrows by the text of the box; asks only if it has changed.
    fn narrow(&mut self, text: String) -> Step {
        if text == self.text {
            return Step::Stay;
        }
        self.text = text;
        self.restart()
    }

    /// The page that is asked for.
    fn query(&self) -> CaseQuery {
        let (from, way) = self.place.clone();
        // A text finds cases of every stage.
        let only = match self.text.is_empty() {
            true => self.arrangement.asked(),
            false => self.arrangement.only.clone(),
        };
        CaseQuery {
            sort: self.arrangement.sort,
            whose: self.whose,
            stage: None,
            only,
            text: Some(self.text.clone()).filter(|text| !text.is_empty()),
            from,
            way,
            most: self.window.rows_wanted(),
        }
    }

    /// The cases that the clerk marked.
    fn marked(&self) -> Vec<CaseId> {
        self.window.marked().map(|record| CaseId(record.id)).collect()
    }

    fn go(&mut self, nav: Nav) -> Step {
        let reach = self.window.go(nav);
        self.reach(reach)
    }

    /// The line of filters; while the text box is open it ends where that begins.
    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let tabs = ["cases.mine", "cases.all"].map(|key| locale::text(view.lang, key));
        let open = usize::from(self.whose != Whose::Mine);
        let fill = |key: &str, value: &str| locale::fill(view.lang, key, &[("value", value)]);
        // What a text finds comes in the order of how well it fits.
        let best = locale::text(view.lang, "cases.sort.best");
        let best = Some(best.as_str()).filter(|_| !self.text.is_empty());
        let tabs = row::tabs(&tabs, open);
        let only = self.arrangement.filter_cell(view, best.is_some());
        let sort = self.arrangement.sort_cell(view, best);
        let (_, n_left_out) = self.columns(view, width);
        let n_marked = self.window.marked().count();
        let marked = (n_marked > 0).then(|| arrange::marked_text(view, n_marked));
        // That not all was looked at comes before how many there are.
        let total = match (self.is_cut, self.total) {
            (true, _) => Some(Cell::role(locale::text(view.lang, "list.cut"), Role::Warning)),
            (false, Some(count)) => {
                Some(Cell::role(fill("cases.total", &count.to_string()), Role::Dim))
            }
            (false, None) => None,
        };
        let said: Vec<_> = marked
            .map(|text| Cell::role(text, Role::Mark))
            .into_iter()
            .chain(total)
            .chain(Arrangement::left_out(view, n_left_out))
            .collect();
        if self.text_box.is_some() {
            let name = Cell::role(fill("cases.text", ""), Role::Key);
            // What was marked stays while one looks for more to mark, and is never out of sight.
            let kept: Vec<_> = match n_marked {
                0 => vec![tabs],
                _ => {
                    vec![tabs, Cell::role(fill("list.n_marked", &n_marked.to_string()), Role::Mark)]
                }
            };
            return row::before_box(view, (&kept, &[only, sort]), name, width);
        }
        let text = (!self.text.is_empty())
            .then(|| Cell::role(fill("cases.text", &self.text), Role::Input));
        let kept: Vec<_> = [Some(tabs), text, Some(only)].into_iter().flatten().collect();
        row::yielding(view, (&kept, &[sort]), &said, width)
    }

    /// The columns that have room, with what stands in each, and how many have none.
    fn columns(&self, view: &View<'_>, width: usize) -> (Vec<(Column, Show)>, usize) {
        let of = |column| columns::of(column, &self.window, (view, width));
        self.arrangement.laid_out((view, width), &of)
    }

    fn draw_rows(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) {
        let height = usize::from(area.height.saturating_sub(1));
        let (columns, _) = self.columns(view, usize::from(area.width));
        let table = self.window.table(view, columns, (height, &|_| String::new()));
        table.draw(area, frame.buffer_mut(), view.look);
    }

    fn empty(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let is_narrowed = !self.text.is_empty() || !self.arrangement.only.is_empty();
        let key = match (self.window.is_filled(), is_narrowed, &self.whose) {
            (false, ..) => "row.waiting",
            (true, true, _) => "cases.empty.narrowed",
            (true, false, Whose::Mine) => "cases.empty.mine",
            (true, false, _) => "cases.empty.all",
        };
        let text = locale::text(view.lang, key);
        let lines = text.lines().map(|line| row::strip(view, &[Cell::text(line)], width));
        std::iter::once(Line::default()).chain(lines).collect()
    }

    /// The newest step of the selected case with its whole title, and whether there is more below.
    fn hint(&self, view: &View<'_>, width: usize, height: usize) -> Line<'static> {
        let more = self.window.has_more_below(height);
        let hint = self.window.selected();
        let hint = hint.map(|row| Cell::role(columns::hint(row, view), Role::Hint));
        let hint: Vec<_> = hint.into_iter().collect();
        row::foot(view, &hint, more, width)
    }
}

impl Screen for CasesScreen {
    fn name(&self) -> &'static str {
        "cases"
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Cases(self.query())]
    }

    fn prints(&self) -> Option<Print> {
        let lead = self.arrangement.only.id(domain::Column::Lead);
        Some(Print::Leads(lead.into_iter().map(OfficerId).collect()))
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        let Reply::Cases(page) = reply else { return Step::Stay };
        if page.rows.is_empty() && self.place.0.is_some() {
            // Everything on this side was taken out meanwhile.
            return match self.place.1 {
                Way::Forward => self.reach(Reach::End),
                Way::Backward | Way::FromEnd => self.restart(),
            };
        }
        let beyond = Beyond { before: page.before, after: page.after };
        let items = page.rows.into_iter().map(|row| Item { group: None, row });
        let reach = self.window.fill(items.collect(), beyond);
        self.total = page.total;
        self.is_cut = page.cut;
        let step = self.reach(reach);
        self.window.after_fill(step)
    }

    fn refused(&mut self, _place: usize, _refusal: &Refusal) -> Step {
        self.window.forget();
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        // Any case may enter or leave the list; only accounts never show on it.
        notice.everything || notice.touched.iter().any(|record| record.kind != Kind::Clerk)
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        match nav {
            Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown | Nav::First | Nav::Last => {
                self.go(nav)
            }
            Nav::Open => self.window.open(view),
            Nav::Row(digit) => self.window.open_digit(digit, view),
            Nav::NextPane | Nav::PreviousPane => {
                self.whose = match self.whose {
                    Whose::Mine => Whose::All,
                    Whose::All | Whose::Officer(_) | Whose::Unit(_) => Whose::Mine,
                };
                // What was marked is in another list than the one that is seen now.
                self.window.unmark();
                self.restart()
            }
            Nav::Sort | Nav::Stage | Nav::Columns | Nav::Views => {
                let query = ListQuery::Cases(self.query());
                self.arrangement.menu(nav, query, (view, self.width))
            }
            Nav::Clear => {
                // What was marked stands nearest: it goes first, and the conditions stay.
                if self.window.unmark() {
                    return Step::Stay;
                }
                let had_text = !std::mem::take(&mut self.text).is_empty();
                let had_more = self.arrangement.take(Arrange::Clear);
                if had_text || had_more { self.restart() } else { nothing_to_clear() }
            }
            Nav::Mark => {
                let reach = self.window.mark();
                self.reach(reach)
            }
            Nav::Why => match self.window.selected() {
                Some(row) => why::open(row.id.into(), row.next.as_ref()),
                None => Step::Stay,
            },
            Nav::Tick => match self.marked() {
                cases if cases.is_empty() => Step::Push(Box::new(AssignScreen::new(self.query()))),
                cases => {
                    self.window.unmark();
                    Step::Push(Box::new(AssignScreen::of(cases)))
                }
            },
            Nav::Filter => {
                self.text_box = Some(filter::open(&self.text, CHARS_MAX));
                Step::Stay
            }
            Nav::Reveal
            | Nav::Left
            | Nav::Right
            | Nav::HandOver
            | Nav::TakeOut
            | Nav::PutIn
            | Nav::Page => Step::Pass,
        }
    }

    fn labels(&self) -> &'static [(Nav, &'static str)] {
        &[(Nav::Tick, "cmd.tick.many")]
    }

    fn navs(&self) -> &'static [Nav] {
        &[
            Nav::NextPane,
            Nav::PreviousPane,
            Nav::Sort,
            Nav::Filter,
            Nav::Stage,
            Nav::Clear,
            Nav::Columns,
            Nav::Views,
            Nav::Why,
            Nav::Mark,
            Nav::Tick,
        ]
    }

    fn arrange(&mut self, arrange: Arrange, _view: &View<'_>) -> Step {
        let before = self.whose;
        // Another order shows the same rows, another condition shows others.
        if !matches!(arrange, Arrange::Sort(_) | Arrange::Own) {
            self.window.unmark();
        }
        self.whose = whose_of(&arrange).unwrap_or(self.whose);
        let has_changed = self.arrangement.take(arrange);
        if has_changed || before != self.whose { self.restart() } else { Step::Stay }
    }

    fn clicked(&mut self, at: Position, area: Rect, view: &View<'_>) -> Step {
        let first = area.y + FRAME_LINES - 1;
        let line = at.y.checked_sub(first).filter(|_| at.y + 1 < area.bottom());
        line.map_or(Step::Stay, |line| self.window.click(usize::from(line), view))
    }

    fn tells_of_row(&self) -> bool {
        true
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
        let marked = self.marked();
        let n_marked = marked.len();
        let selection = self.window.selection();
        let own = selection.record.map(|record| CaseId(record.id));
        let cases: Vec<CaseId> = if marked.is_empty() { own.into_iter().collect() } else { marked };
        let cases = cases.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(" ");
        let mut given = self.arrangement.given(self.whose);
        given.push(("cases".to_owned(), cases));
        Selection { given, n_marked, ..selection }
    }

    fn resized(&mut self, area: Rect) {
        self.width = usize::from(area.width);
        self.window.resize(usize::from(area.height.saturating_sub(FRAME_LINES)));
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let head = self.head(view, width);
        let n_head = row::width_of(&head);
        row::paint(frame, area, &[head]);
        let (list, bottom) = row::hinted(row::below(area, 1));
        if self.window.items().is_empty() {
            row::paint(frame, list, &self.empty(view, width));
        } else {
            self.draw_rows(frame, list, view);
        }
        if let Some(bottom) = bottom {
            let height = usize::from(list.height.saturating_sub(1));
            row::paint(frame, bottom, &[self.hint(view, width, height)]);
        }
        filter::draw(self.text_box.as_ref(), frame, (area, n_head), view)
    }
}

pub mod columns;
#[cfg(test)]
mod tests;
