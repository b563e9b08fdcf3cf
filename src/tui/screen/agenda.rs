//! Today: what is due, in groups, the most pressing first, and who holds it now.
//!
//! The second line of the program: counts for the clerk's own cases or the whole town. A hint below
//! says what the selected row asks for and by when.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::refusal::Refusal;
use crate::api::reply::{AgendaGroup, AgendaView, CaseRow, Reply};
use crate::api::request::{AgendaQuery, Cursor, Request, Whose};
use crate::domain::ids::Kind;
use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::window::{Beyond, Item, Reach, Show, Turn, Window};
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::widget::table::{Cell, Column};

/// Lines above and below the list: counts, titles, hint.
const FRAME_LINES: u16 = 3;
/// From this width on, number and stage stand in columns of their own.
const WIDE: usize = 100;
/// From this width on, leader and unit do too.
const WIDEST: usize = 118;

/// The agenda.
pub struct AgendaScreen {
    whose: Whose,
    /// After which places earlier windows began; the last is the present one's.
    starts: Vec<Cursor>,
    view: Option<AgendaView>,
    window: Window,
}

impl Default for AgendaScreen {
    fn default() -> Self {
        Self { whose: Whose::Mine, starts: Vec::new(), view: None, window: Window::default() }
    }
}

impl AgendaScreen {
    /// The agenda of one's own cases.
    pub fn new() -> Self {
        Self::default()
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
        let mine = [("count", agenda.mine.to_string())];
        let all = [("count", agenda.all.to_string())];
        let tabs = [
            locale::fill(view.lang, "agenda.mine", &mine),
            locale::fill(view.lang, "agenda.all", &all),
        ];
        let open = usize::from(self.whose != Whose::Mine);
        let mut cells = vec![Cell::role(view.me.town.clone(), Role::Title), row::tabs(&tabs, open)];
        cells.extend(agenda.counts.iter().map(|(group, count)| {
            let role = if *count > 0 { role_of(*group) } else { Role::Dim };
            let args = [("count", count.to_string()), ("days", view.me.soon_workdays.to_string())];
            Cell::role(
                locale::fill(view.lang, &format!("agenda.count.{}", key(*group)), &args),
                role,
            )
        }));
        row::strip(view, &cells, width)
    }

    fn heading(&self, view: &View<'_>, group: AgendaGroup) -> String {
        let counts = self.view.iter().flat_map(|agenda| &agenda.counts);
        let count = counts.filter(|(own, _)| *own == group).map(|(_, count)| *count).sum::<u64>();
        let args = [("count", count.to_string()), ("days", view.me.soon_workdays.to_string())];
        locale::fill(view.lang, &format!("agenda.group.{}", key(group)), &args)
    }

    /// The columns that have room, with what stands in each.
    fn columns(&self, view: &View<'_>, width: usize) -> Vec<(Column, Show)> {
        let due = row::due_width(self.window.due_days(), view.me.today);
        let due_cell: Show = |row, view| row::due_cell(row.next.as_ref(), view.me.today);
        let left_cell: Show = |row, view| row::left_cell(row.next.as_ref(), view.lang);
        let matter_cell: Show = |row, view| Cell::text(matter(row, view));
        let holder_cell: Show = |row, view| row::holder_cell(row, view.lang);
        let mut columns = Vec::new();
        if width >= WIDE {
            let number: Show = |row, _| Cell::text(row.number.clone());
            columns.push((row::fixed(view, "row.number", 13), number));
        }
        columns.push((row::fixed(view, "row.due", due), due_cell));
        columns.push((row::fixed(view, "row.left", 8), left_cell));
        columns.push((row::fixed(view, "agenda.limit", 16), limit_or_stage as Show));
        columns.push((row::flex(view, "row.title", 8), matter_cell));
        if width >= WIDE {
            let stage: Show = |row, view| Cell::text(row::stage(row, view.lang));
            columns.push((row::fixed(view, "row.stage", 8), stage));
        }
        if width >= WIDEST {
            let lead: Show = |row, _| row::maybe(row.lead.as_ref());
            let unit: Show = |row, _| row::maybe(row.unit.as_ref());
            let holder: Show = |row, view| row::holder_name_cell(row, view.lang);
            columns.push((row::fixed(view, "row.lead", 6), lead));
            columns.push((row::fixed(view, "row.unit", 10), unit));
            columns.push((row::fixed(view, "row.holder", 6), holder));
        } else {
            columns.push((row::fixed(view, "row.holder", 14), holder_cell));
        }
        columns
    }

    fn draw_rows(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) {
        let height = usize::from(area.height.saturating_sub(1));
        let columns = self.columns(view, usize::from(area.width));
        let heading = |group| self.heading(view, group);
        let table = self.window.table(view, columns, (height, &heading));
        table.draw(area, frame.buffer_mut(), view.look);
    }

    fn empty(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let key = match (self.window.is_filled(), self.whose) {
            (false, _) => "row.waiting",
            (true, Whose::Mine) => "agenda.empty.mine",
            (true, _) => "agenda.empty.all",
        };
        let text = locale::text(view.lang, key);
        let lines = text.lines().map(|line| row::strip(view, &[Cell::text(line)], width));
        std::iter::once(Line::default()).chain(lines).collect()
    }

    /// What the selected row asks for, and whether there is more below.
    fn hint(&self, view: &View<'_>, width: usize, height: usize) -> Line<'static> {
        let more = self.window.has_more_below(height);
        let more = more.then(|| Cell::role(locale::text(view.lang, "row.more"), Role::Dim));
        let hint = self.window.selected().map(|row| Cell::role(advice(row, view), Role::Hint));
        let hint: Vec<_> = hint.into_iter().collect();
        row::sides(view, &hint, more.as_slice(), width)
    }
}

impl Screen for AgendaScreen {
    fn name(&self) -> &'static str {
        "agenda"
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Agenda(AgendaQuery {
            whose: self.whose,
            until: None,
            after: self.starts.last().cloned(),
            most: self.window.rows_wanted(),
        })]
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
        self.reach(reach)
    }

    fn refused(&mut self, _place: usize, _refusal: &Refusal) -> Step {
        self.window.forget();
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        // Any case may enter or leave the agenda; only accounts never show on it.
        notice.everything || notice.touched.iter().any(|record| record.kind != Kind::Clerk)
    }

    fn on(&mut self, nav: Nav, _view: &View<'_>) -> Step {
        match nav {
            Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown | Nav::First | Nav::Last => {
                let reach = self.window.go(nav);
                self.reach(reach)
            }
            Nav::Open => self.window.open(),
            Nav::Row(digit) => self.window.open_digit(digit),
            Nav::NextPane | Nav::PreviousPane => {
                self.whose = match self.whose {
                    Whose::Mine => Whose::All,
                    Whose::All | Whose::Officer(_) | Whose::Unit(_) => Whose::Mine,
                };
                self.restart(Turn::Start)
            }
            Nav::Sort | Nav::Filter | Nav::Stage | Nav::Reveal => Step::Pass,
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane]
    }

    fn is_typing(&self) -> bool {
        false
    }

    fn typed(&mut self, _key: Key, _view: &View<'_>) -> Step {
        Step::Pass
    }

    fn pasted(&mut self, _text: &str, _view: &View<'_>) -> Step {
        Step::Pass
    }

    fn selected(&self) -> Selection {
        self.window.selection()
    }

    fn resized(&mut self, area: Rect) {
        self.window.resize(usize::from(area.height.saturating_sub(FRAME_LINES)));
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let mut lines = vec![self.head(view, width)];
        lines.extend(missing_year(view, width));
        row::paint(frame, area, &lines);
        let mut list = row::below(area, lines.len());
        let bottom = row::bottom(list, 2);
        list.height -= u16::from(bottom.is_some());
        if self.window.items().is_empty() {
            row::paint(frame, list, &self.empty(view, width));
        } else {
            self.draw_rows(frame, list, view);
        }
        if let Some(bottom) = bottom {
            let height = usize::from(list.height.saturating_sub(1));
            row::paint(frame, bottom, &[self.hint(view, width, height)]);
        }
        None
    }
}

/// From November: that next year's calendar is missing.
fn missing_year(view: &View<'_>, width: usize) -> Option<Line<'static>> {
    let (year, count) = view.me.missing_year?;
    let args = [("year", year.to_string()), ("count", count.to_string())];
    let text = locale::fill(view.lang, "agenda.missing_year", &args);
    Some(row::strip(view, &[Cell::role(text, Role::Warning)], width))
}

/// Who, where and what; a village that the title names already is not named twice.
fn matter(row: &CaseRow, view: &View<'_>) -> String {
    let person = row::petitioner(row.person.as_ref(), row.people, view.lang);
    let village = row.village.as_deref().filter(|village| !row.title.contains(village));
    let title = row::title(row, view.lang);
    [Some(person.as_str()), village, Some(title.as_str())]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The limit that is due next; without one, how far the case is.
fn limit_or_stage(row: &CaseRow, view: &View<'_>) -> Cell {
    match &row.next {
        Some(_) => row::limit_cell(row.next.as_ref(), view.lang),
        None => Cell::text(row::stage(row, view.lang)),
    }
}

fn advice(row: &CaseRow, view: &View<'_>) -> String {
    let today = view.me.today;
    let Some(next) = &row.next else {
        let stage = row::stage(row, view.lang);
        let args = [("number", row.number.as_str()), ("stage", &stage)];
        return locale::fill(view.lang, "agenda.hint.none", &args);
    };
    let args = [
        ("number", row.number.clone()),
        ("limit", row::limit(next, view.lang)),
        ("from", row::maybe_day(next.from, today)),
        ("latest", row::maybe_day(next.latest, today)),
    ];
    let key = if next.provisional { "agenda.hint.provisional" } else { "agenda.hint.due" };
    locale::fill(view.lang, key, &args)
}

const fn key(group: AgendaGroup) -> &'static str {
    match group {
        AgendaGroup::Late => "late",
        AgendaGroup::Today => "today",
        AgendaGroup::Soon => "soon",
        AgendaGroup::Fresh => "fresh",
        AgendaGroup::Later => "later",
    }
}

const fn role_of(group: AgendaGroup) -> Role {
    match group {
        AgendaGroup::Late => Role::Late,
        AgendaGroup::Today => Role::Today,
        AgendaGroup::Soon => Role::Soon,
        AgendaGroup::Fresh | AgendaGroup::Later => Role::Group,
    }
}

#[cfg(test)]
mod tests;
