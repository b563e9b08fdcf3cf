//! Today: what is due, in groups, the most pressing first, and who holds it now; and the list of
//! deadlines, which is the same in other groups and narrowed by kind.
//!
//! The second line of the program: counts for the clerk's own cases or the whole town. A hint below
//! says what the selected row asks for and by when.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::days::CalendarDay;
use crate::api::door::Notice;
use crate::api::listing::LineFilter;
use crate::api::print::Print;
use crate::api::refusal::Refusal;
use crate::api::reply::{AgendaGroup, AgendaView, LineRow, Reply};
use crate::api::request::{AgendaQuery, Cursor, Layout, Request, Whose};
use crate::domain::ids::Kind;
use crate::domain::line::LineKind;
use crate::domain::listing::{Column, List, Sort};
use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::arrange::{Arrange, Arrangement};
use crate::tui::screen::filter::Meant;
use crate::tui::screen::line::{self, Lines};
use crate::tui::screen::month::{self, Part};
use crate::tui::screen::plain::{PlainScreen, Villages};
use crate::tui::screen::window::{Beyond, Item, Reach, Show, Turn};
use crate::tui::screen::{Nav, Screen, Selection, Step, View, filter, row, why};
use crate::tui::widget::input::Editor;
use crate::tui::widget::table::{self, Cell};

/// Lines above the list whatever the day: counts and titles.
const ABOVE: usize = 2;
/// Lines below it: the hint.
const BELOW: usize = 1;

/// The agenda.
pub struct AgendaScreen {
    layout: Layout,
    arrangement: Arrangement,
    /// Only what is owed on this day.
    day: Option<CalendarDay>,
    whose: Whose,
    /// After which places earlier windows began; the last is the present one's.
    starts: Vec<Cursor>,
    view: Option<AgendaView>,
    window: Lines,
    /// The lines of the screen.
    height: usize,
    /// The columns of the screen.
    width: usize,
    /// The text that narrows the list of deadlines.
    text: String,
    /// The box in which that text is typed, while it is open.
    text_box: Option<Editor>,
}

impl Default for AgendaScreen {
    fn default() -> Self {
        Self {
            layout: Layout::Today,
            arrangement: Arrangement::usual(List::Deadlines),
            day: None,
            whose: Whose::Mine,
            starts: Vec::new(),
            view: None,
            window: Lines::default(),
            height: 0,
            width: 0,
            text: String::new(),
            text_box: None,
        }
    }
}

impl AgendaScreen {
    /// The agenda of one's own cases.
    pub fn new() -> Self {
        Self::default()
    }

    /// The list of one's own deadlines.
    pub fn deadlines() -> Self {
        Self { layout: Layout::Deadlines, ..Self::default() }
    }

    /// The same lines, but only those of one day.
    pub fn of_day(&self, day: CalendarDay) -> Self {
        let (arrangement, text) = (self.arrangement.clone(), self.text.clone());
        Self { arrangement, text, whose: self.whose, day: Some(day), ..Self::deadlines() }
    }

    /// Whose lines they are.
    pub fn whose(&self) -> Whose {
        self.whose
    }

    /// Which lines they are.
    pub fn only(&self) -> LineFilter {
        let only = &self.arrangement.only;
        let kind = only.word(Column::Kind).and_then(LineKind::parse);
        let narrow = only.without(Column::Kind).without(Column::Whose);
        let text = Some(self.text.clone()).filter(|text| !text.is_empty());
        LineFilter { kinds: kind.into_iter().collect(), narrow, text, ..LineFilter::default() }
    }

    /// Other lines: one's own, or those of the whole office.
    pub fn turn(&mut self, whose: Whose) -> Step {
        self.whose = whose;
        self.restart(Turn::Start)
    }

    fn query(&self) -> AgendaQuery {
        AgendaQuery {
            whose: self.whose,
            since: self.day.as_ref().map(|day| day.on),
            until: self.day.as_ref().map(|day| day.on),
            after: self.starts.last().cloned(),
            most: self.window.rows_wanted(),
            layout: self.layout,
            only: self.only(),
            sort: Some(self.arrangement.sort),
        }
    }

    /// The columns that have room, with what stands in each, and how many have none.
    fn columns(
        &self,
        view: &View<'_>,
        width: usize,
    ) -> (Vec<(table::Column, Show<LineRow>)>, usize) {
        match self.layout {
            Layout::Today => (line::usual(&self.window, view, width), 0),
            Layout::Deadlines => {
                let of = |column| line::of(column, &self.window, (view, width));
                self.arrangement.laid_out((view, width), &of)
            }
        }
    }

    /// The first line of the list's rows, counted from the top of the screen.
    fn n_above(&self) -> usize {
        let Some(agenda) = &self.view else { return ABOVE };
        let n_head = agenda.head.as_ref().map_or(0, |own| head::n_lines(own, self.height));
        let notes = [agenda.missing_year.is_some(), agenda.late_backup.is_some()];
        ABOVE + notes.into_iter().map(usize::from).sum::<usize>() + n_head
    }

    /// Tells the list how much room it has below what stands above it.
    fn fit(&mut self) {
        self.window.resize(self.height.saturating_sub(self.n_above() + BELOW));
    }

    /// What is to be reminded of, as one page: whoever the list is about, and on Today the villages.
    fn page(&self) -> Step {
        let head = self.view.as_ref().and_then(|agenda| agenda.head.as_ref());
        let has_duties = head.is_some_and(|own| !own.duties.is_empty());
        Step::Push(Box::new(PlainScreen::due((self.whose, None), has_duties.then_some(Villages))))
    }

    fn restart(&mut self, turn: Turn) -> Step {
        self.starts.clear();
        self.window.expect(turn);
        Step::Ask
    }

    /// Asks for what a move needs; earlier windows are known by the places where they began.
    fn reach(&mut self, reach: Reach) -> Step {
        let (seam, turn) = match reach {
            Reach::Inside => return Step::Stay,
            Reach::Start => return self.restart(Turn::Start),
            Reach::Before => {
                self.starts.pop();
                self.window.expect(Turn::Along);
                return Step::Ask;
            }
            Reach::After => (self.window.seam_after(), Turn::Along),
            // There is no way from the end: it is reached window by window.
            Reach::End => (self.window.seam_end(), Turn::End),
        };
        let Some(row) = seam else { return Step::Stay };
        self.starts.push(row.cursor.clone());
        self.window.expect(turn);
        Step::Ask
    }

    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let Some(agenda) = &self.view else {
            return row::strip(view, &[Cell::role(&view.me.town, Role::Title)], width);
        };
        let tabs = match (self.layout, &self.day) {
            (Layout::Deadlines, None) => {
                month::tabs(view, (agenda.mine, agenda.all), (self.whose, Part::List))
            }
            (Layout::Today, _) | (Layout::Deadlines, Some(_)) => {
                let tabs = [
                    row::counted(view, "agenda.mine", agenda.mine),
                    row::counted(view, "agenda.all", agenda.all),
                ];
                row::tabs(&tabs, usize::from(self.whose != Whose::Mine))
            }
        };
        let day = self.day.as_ref().map(|day| Cell::role(month::day_text(view, day), Role::Title));
        let mut kept: Vec<_> = day.into_iter().collect();
        if self.text_box.is_some() {
            kept.push(tabs);
            let name = locale::fill(view.lang, "cases.text", &[("value", "")]);
            let rest = [self.only_cell(view)];
            return row::before_box(view, (&kept, &rest), Cell::role(name, Role::Key), width);
        }
        // The town's name, or behind the tabs what the list is narrowed to.
        match self.layout {
            Layout::Today => kept.extend([self.only_cell(view), tabs]),
            Layout::Deadlines => {
                kept.push(tabs);
                kept.extend(self.text_cell(view));
                kept.push(self.only_cell(view));
            }
        }
        let mut rest = Vec::new();
        if self.layout == Layout::Deadlines && self.arrangement.sort != Sort::DUE {
            rest.push(self.arrangement.sort_cell(view, None));
        }
        // Hints are rare: that there are none is no news.
        let is_rare = |group| self.day.is_some() || group == AgendaGroup::Nudge;
        let said = agenda.counts.iter().filter(|(group, count)| !is_rare(*group) || *count > 0);
        rest.extend(said.map(|(group, count)| {
            let role = if *count > 0 { role_of(*group) } else { Role::Dim };
            let args = [("count", count.to_string()), ("days", view.me.soon_workdays.to_string())];
            Cell::role(
                locale::fill(view.lang, &format!("agenda.count.{}", key(*group)), &args),
                role,
            )
        }));
        let (_, n_left_out) = self.columns(view, width);
        let cut = agenda.cut.then(|| locale::text(view.lang, "list.cut"));
        let cut = cut.map(|text| Cell::role(text, Role::Warning)).into_iter();
        let left_out: Vec<_> = cut.chain(Arrangement::left_out(view, n_left_out)).collect();
        row::yielding(view, (&kept, &rest), &left_out, width)
    }

    fn heading(&self, view: &View<'_>, group: AgendaGroup) -> String {
        let counts = self.view.iter().flat_map(|agenda| &agenda.counts);
        let count = counts.filter(|(own, _)| *own == group).map(|(_, count)| *count).sum::<u64>();
        let args = [("count", count.to_string()), ("days", view.me.soon_workdays.to_string())];
        locale::fill(view.lang, &format!("agenda.group.{}", key(group)), &args)
    }

    fn draw_rows(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) {
        let height = usize::from(area.height.saturating_sub(1));
        let (columns, _) = self.columns(view, usize::from(area.width));
        let heading = |group| self.heading(view, group);
        let table = self.window.table(view, columns, (height, &heading));
        table.draw(area, frame.buffer_mut(), view.look);
    }

    fn empty(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let key = match (self.window.is_filled(), self.layout, self.whose) {
            (false, ..) => "row.waiting",
            (true, Layout::Deadlines, _) if self.day.is_some() => "agenda.empty.day",
            (true, Layout::Deadlines, _) if self.is_narrowed() => "agenda.empty.narrowed",
            (true, Layout::Deadlines, _) => "agenda.empty.deadlines",
            (true, Layout::Today, Whose::Mine) => "agenda.empty.mine",
            (true, Layout::Today, _) => "agenda.empty.all",
        };
        let text = locale::text(view.lang, key);
        let lines = text.lines().map(|line| row::strip(view, &[Cell::text(line)], width));
        std::iter::once(Line::default()).chain(lines).collect()
    }

    /// What the selected row asks for, and whether there is more below.
    fn hint(&self, view: &View<'_>, width: usize, height: usize) -> Line<'static> {
        let more = self.window.has_more_below(height);
        let hint =
            self.window.selected().map(|row| Cell::role(line::advice(row, view), Role::Hint));
        let hint: Vec<_> = hint.into_iter().collect();
        row::foot(view, &hint, more, width)
    }
}

impl Screen for AgendaScreen {
    fn name(&self) -> &'static str {
        match (self.layout, &self.day) {
            (Layout::Today, _) => "agenda",
            (Layout::Deadlines, None) => "deadlines",
            (Layout::Deadlines, Some(_)) => "day",
        }
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Agenda(self.query())]
    }

    fn prints(&self) -> Option<Print> {
        Some(Print::Reminder(self.whose))
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        let Reply::Agenda(mut agenda) = reply else { return Step::Stay };
        let rows = std::mem::take(&mut agenda.rows);
        if rows.is_empty() && self.starts.pop().is_some() {
            self.window.expect(Turn::End);
            return Step::Ask;
        }
        let beyond = Beyond { before: !self.starts.is_empty(), after: agenda.more };
        let items = rows.into_iter().map(|(group, row)| Item { group: Some(group), row });
        let reach = self.window.fill(items.collect(), beyond);
        self.view = Some(agenda);
        self.fit();
        let step = self.reach(reach);
        self.window.after_fill(step)
    }

    fn refused(&mut self, _place: usize, _refusal: &Refusal) -> Step {
        self.window.forget();
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        // Any case may enter or leave the agenda; only accounts never show on it.
        notice.everything || notice.touched.iter().any(|record| record.kind != Kind::Clerk)
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        match nav {
            Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown | Nav::First | Nav::Last => {
                let reach = self.window.go(nav);
                self.reach(reach)
            }
            Nav::Open => self.window.open(view),
            Nav::Row(digit) => self.window.open_digit(digit, view),
            Nav::NextPane | Nav::PreviousPane => self.turn(match self.whose {
                Whose::Mine => Whose::All,
                Whose::All | Whose::Officer(_) | Whose::Unit(_) => Whose::Mine,
            }),
            Nav::Sort | Nav::Filter | Nav::Stage | Nav::Clear | Nav::Columns | Nav::Views => {
                self.put(nav, view)
            }
            Nav::Page => self.page(),
            Nav::Why => match self.window.selected() {
                Some(row) => why::open(row.record, row.clock.as_ref()),
                None => Step::Stay,
            },
            Nav::Reveal
            | Nav::Left
            | Nav::Right
            | Nav::Mark
            | Nav::Tick
            | Nav::HandOver
            | Nav::TakeOut
            | Nav::PutIn => Step::Pass,
        }
    }

    fn navs(&self) -> &'static [Nav] {
        match self.layout {
            Layout::Today => &[Nav::NextPane, Nav::PreviousPane, Nav::Page, Nav::Why],
            Layout::Deadlines => &[
                Nav::NextPane,
                Nav::PreviousPane,
                Nav::Sort,
                Nav::Filter,
                Nav::Stage,
                Nav::Clear,
                Nav::Columns,
                Nav::Views,
                Nav::Page,
                Nav::Why,
            ],
        }
    }

    fn arrange(&mut self, arrange: Arrange, _view: &View<'_>) -> Step {
        self.arranged(arrange)
    }

    fn clicked(&mut self, at: Position, area: Rect, view: &View<'_>) -> Step {
        let first = usize::from(area.y) + self.n_above();
        let line = usize::from(at.y).checked_sub(first).filter(|_| at.y + 1 < area.bottom());
        line.map_or(Step::Stay, |line| self.window.click(line, view))
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
            Meant::Go(nav) => {
                let reach = self.window.go(nav);
                self.reach(reach)
            }
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
        let given = match self.layout {
            Layout::Today => Vec::new(),
            Layout::Deadlines => self.arrangement.given(self.whose),
        };
        Selection { given, ..self.window.selection() }
    }

    fn resized(&mut self, area: Rect) {
        self.height = usize::from(area.height);
        self.width = usize::from(area.width);
        self.fit();
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let first = self.head(view, width);
        let n_head = row::width_of(&first);
        let mut lines = vec![first];
        let notes = self.view.iter().flat_map(|agenda| notes(agenda, view, width));
        lines.extend(notes);
        let above = self.view.as_ref().and_then(|agenda| agenda.head.as_ref());
        let height = usize::from(area.height);
        lines.extend(above.into_iter().flat_map(|own| head::lines(own, (view, width), height)));
        row::paint(frame, area, &lines);
        let (list, bottom) = row::hinted(row::below(area, lines.len()));
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

/// That next year's calendar is missing, and, for whoever has to see to it, that the newest backup
/// is too old.
fn notes(agenda: &AgendaView, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let year = agenda.missing_year.map(|(year, count)| {
        let args = [("year", year.to_string()), ("count", count.to_string())];
        locale::fill(view.lang, "agenda.missing_year", &args)
    });
    let backup = agenda.late_backup.map(|late| {
        let key = if late.on.is_some() { "agenda.late_backup" } else { "agenda.no_backup" };
        let day = row::maybe_day(late.on, view.me.today);
        locale::fill(view.lang, key, &[("days", late.days.to_string()), ("day", day)])
    });
    let line = |text| row::strip(view, &[Cell::role(text, Role::Warning)], width);
    year.into_iter().chain(backup).map(line).collect()
}

/// The word of a group in the catalogue.
pub const fn key(group: AgendaGroup) -> &'static str {
    match group {
        AgendaGroup::Late => "late",
        AgendaGroup::Today => "today",
        AgendaGroup::Soon => "soon",
        AgendaGroup::Nudge => "nudge",
        AgendaGroup::Week => "week",
        AgendaGroup::Fresh => "fresh",
        AgendaGroup::Later => "later",
    }
}

/// What a group looks like.
pub const fn role_of(group: AgendaGroup) -> Role {
    match group {
        AgendaGroup::Late => Role::Late,
        AgendaGroup::Today => Role::Today,
        AgendaGroup::Soon => Role::Soon,
        AgendaGroup::Nudge | AgendaGroup::Week | AgendaGroup::Fresh | AgendaGroup::Later => {
            Role::Group
        }
    }
}

mod head;
mod narrow;
#[cfg(test)]
mod tests;
