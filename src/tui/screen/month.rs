//! A month of the calendar: a cell for each day with what the day is and how much is due on it.
//!
//! What a day is, is said by a word in its cell; what is late, by a sign. The lines of the selected
//! day stand beside the grid where there is room, else below it.
//! INVARIANT: from `begin` on, a day is selected.

use chrono::{Datelike, Days, Months, NaiveDate};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::api::days::{CalendarDay, DayMark, MonthDay, MonthQuery, MonthView};
use crate::api::listing::LineFilter;
use crate::api::reply::{LineRow, Reply};
use crate::api::request::{AgendaQuery, Layout, Request, Whose};
use crate::domain::line::LineKind;
use crate::domain::standing::Standing;
use crate::locale;
use crate::tui::app::picture::dated;
use crate::tui::look::Role;
use crate::tui::screen::{Nav, Step, View, line, row};
use crate::tui::text;
use crate::tui::widget::table::{Cell, Mark, Row, Table};

/// The days of a week.
const WEEK: usize = 7;
/// The lines of a day's cell.
const CELL_LINES: usize = 2;
/// From this width on, the lines of the day stand beside the grid.
const WIDE: u16 = 110;
/// The columns of a day's cell where the lines of the day stand beside.
const CELL_BESIDE: u16 = 9;
/// The lines of the selected day that are asked for.
const LINES_MOST: u32 = 30;
/// The first and the last year that can be turned to.
const YEARS: (i32, i32) = (1980, 2199);

/// The parts of the screen of deadlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The list.
    List,
    /// The calendar.
    Month,
}

/// The month that is shown.
#[derive(Debug, Default)]
pub struct Month {
    /// The selected day.
    at: Option<NaiveDate>,
    view: Option<MonthView>,
    /// The first lines of the selected day.
    lines: Vec<LineRow>,
}

impl Month {
    /// Selects today, unless a day is selected already.
    pub fn begin(&mut self, today: NaiveDate) {
        self.at.get_or_insert(today);
    }

    /// The queries: the month, and the lines of the selected day.
    pub fn wants(&self, whose: Whose, only: &LineFilter) -> Vec<Request> {
        let Some(on) = self.at else { return Vec::new() };
        let month = MonthQuery { on, whose, only: only.clone() };
        let day = AgendaQuery {
            whose,
            since: Some(on),
            until: Some(on),
            after: None,
            most: LINES_MOST,
            layout: Layout::Deadlines,
            only: only.clone(),
            sort: None,
        };
        vec![Request::Month(month), Request::Agenda(day)]
    }

    /// Takes an answer.
    pub fn got(&mut self, reply: Reply) -> Step {
        match reply {
            Reply::Month(view) => self.view = Some(view),
            Reply::Agenda(view) => {
                self.lines = view.rows.into_iter().map(|(_, row)| row).collect();
            }
            _ => {}
        }
        Step::Stay
    }

    /// Moves by days, weeks and months.
    pub fn go(&mut self, nav: Nav, today: NaiveDate) -> Step {
        let at = self.at.unwrap_or(today);
        let to = match nav {
            Nav::Left => at.pred_opt(),
            Nav::Right => at.succ_opt(),
            Nav::Up => at.checked_sub_days(Days::new(7)),
            Nav::Down => at.checked_add_days(Days::new(7)),
            Nav::PageUp => at.checked_sub_months(Months::new(1)),
            Nav::PageDown => at.checked_add_months(Months::new(1)),
            Nav::First => Some(today),
            Nav::Last => last_of(at),
            _ => None,
        };
        let fits = |day: &NaiveDate| (YEARS.0..=YEARS.1).contains(&day.year());
        let Some(to) = to.filter(fits).filter(|to| *to != at) else { return Step::Stay };
        self.at = Some(to);
        self.lines.clear();
        Step::Ask
    }

    /// The selected day, once it is told.
    pub fn selected(&self, today: NaiveDate) -> Option<&MonthDay> {
        let at = self.at.unwrap_or(today);
        self.view.as_ref()?.days.iter().find(|day| day.day.on == at)
    }

    /// Draws the month of the selected day.
    pub fn draw(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        (view, whose, only): (&View<'_>, Whose, Vec<Cell>),
    ) {
        let at = self.at.unwrap_or(view.me.today);
        let width = usize::from(area.width);
        row::paint(frame, area, &[self.head(view, (at, whose, only), width)]);
        let rest = row::below(area, 1);
        let is_wide = area.width >= WIDE;
        let cell = if is_wide { CELL_BESIDE } else { area.width / 7 };
        let grid = self.grid(view, at, usize::from(cell));
        let n_grid = grid.len();
        let left = Rect { width: if is_wide { cell * 7 } else { rest.width }, ..rest };
        row::paint(frame, left, &grid);
        let under = row::below(rest, n_grid);
        if is_wide {
            row::paint(frame, under, &legend(view, width));
            let gap = left.width + 2;
            let beside = Rect { x: rest.x + gap, width: rest.width - gap, ..rest };
            self.draw_day(frame, Rect { height: beside.height.saturating_sub(3), ..beside }, view);
            return;
        }
        let legend = legend(view, width);
        let n_legend = u16::try_from(legend.len()).unwrap_or(u16::MAX).min(under.height);
        let day = Rect { height: under.height - n_legend, ..under };
        self.draw_day(frame, day, view);
        row::paint(frame, row::below(under, usize::from(day.height)), &legend);
    }

    fn head(
        &self,
        view: &View<'_>,
        (at, whose, only): (NaiveDate, Whose, Vec<Cell>),
        width: usize,
    ) -> Line<'static> {
        let args = [("year", at.year().to_string()), ("month", at.month().to_string())];
        let month = Cell::role(locale::fill(view.lang, "month.title", &args), Role::Title);
        let (mine, all) = self.view.as_ref().map_or((0, 0), |view| (view.mine, view.all));
        let tabs = tabs(view, (mine, all), (whose, Part::Month));
        let cells: Vec<Cell> = [month, tabs].into_iter().chain(only).collect();
        let is_cut = self.view.as_ref().is_some_and(|view| view.cut);
        let cut = is_cut.then(|| Cell::role(locale::text(view.lang, "list.cut"), Role::Warning));
        row::yielding(view, (&cells, &[]), cut.as_slice(), width)
    }

    /// The weekdays and the weeks, two lines a week.
    fn grid(&self, view: &View<'_>, at: NaiveDate, cell: usize) -> Vec<Line<'static>> {
        let heads = (1..=WEEK).map(|weekday| {
            let text = locale::text(view.lang, &format!("app.weekday.{weekday}"));
            let role = if weekday > 5 { Role::Dim } else { Role::Title };
            (text::pad_right(&format!(" {text}"), cell), role)
        });
        let mut lines = vec![line_of(view, heads)];
        let known = self.view.as_ref().map_or(&[][..], |view| &view.days);
        let Some(days) = Some(known).filter(|days| days.iter().any(|day| day.day.on == at)) else {
            lines.push(row::strip(view, &[Cell::role(waiting(view), Role::Dim)], cell * WEEK));
            return lines;
        };
        for week in days.chunks(WEEK) {
            let first = week.iter().map(|day| self.first_line(view, (day, at), cell));
            lines.push(line_of(view, first));
            let counts = week.iter().map(|day| {
                let is_late = day.day.on < view.me.today;
                let role = if is_late { Role::Late } else { Role::Text };
                (text::pad_right(&in_words(view, day), cell), role)
            });
            lines.push(line_of(view, counts));
        }
        debug_assert!(lines.len() <= 1 + 6 * CELL_LINES);
        lines
    }

    /// The number of a day, and what it is.
    fn first_line(
        &self,
        view: &View<'_>,
        (day, at): (&MonthDay, NaiveDate),
        cell: usize,
    ) -> (String, Role) {
        let CalendarDay { on, mark, known, .. } = &day.day;
        let is_other = on.month() != at.month();
        let marker = if *on == at { ">" } else { " " };
        let format = if is_other { "%m-%d" } else { "%d" };
        let mut words = vec![format!("{marker}{}", on.format(format))];
        if *on == view.me.today {
            words.push(locale::text(view.lang, "month.today"));
        }
        if *mark != DayMark::Working {
            words.push(locale::text(view.lang, &format!("month.{}", mark.word())));
        }
        if !known {
            words.push(locale::text(view.lang, "month.unknown"));
        }
        let role = match mark {
            _ if *on == at => Role::Marker,
            _ if *on == view.me.today => Role::Today,
            _ if is_other => Role::Dim,
            DayMark::Rest | DayMark::Off => Role::Dim,
            DayMark::Working | DayMark::MakeUp => Role::Text,
        };
        (text::pad_right(&words.join(" "), cell), role)
    }

    /// The selected day: what it is, what is due on it, and its first lines.
    fn draw_day(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) {
        let Some(day) = self.selected(view.me.today) else { return };
        let width = usize::from(area.width);
        let mut left = vec![Cell::role(day_text(view, &day.day), Role::Title)];
        left.extend(
            day.counts
                .iter()
                .map(|(kind, count)| Cell::text(format!("{} {count}", kind_text(view, *kind)))),
        );
        row::paint(frame, area, &[row::rule(view, &left, &[], width)]);
        let below = row::below(area, 1);
        if below.height == 0 {
            return;
        }
        if day.counts.is_empty() {
            let text = Cell::role(locale::text(view.lang, "month.empty"), Role::Dim);
            row::paint(frame, below, &[row::strip(view, &[text], width)]);
            return;
        }
        let height = usize::from(below.height);
        let n_all = usize::try_from(day.lawful() + day.own()).unwrap_or(usize::MAX);
        let is_cut = n_all > height;
        let n_shown = if is_cut { height - 1 } else { height };
        let columns = [
            row::words(view, "", (16, 19)),
            row::flex(view, "", 8),
            row::fixed(view, "", if width >= 60 { 14 } else { 6 }),
        ];
        let rows = self.lines.iter().take(n_shown).map(|of| Row::Cells {
            cells: vec![
                row::limit_cell(of.clock.as_ref(), view.lang),
                Cell::text(line::matter(of, view)),
                row::holding_cell((of.holder.as_ref(), of.unit.as_ref()), view.lang),
            ],
            mark: Mark::Off,
        });
        let table = Table { columns: columns.to_vec(), rows: rows.collect(), selected: None };
        table.draw(below, frame.buffer_mut(), view.look);
        if is_cut && let Some(bottom) = row::bottom(below, 0) {
            let n_more = n_all.saturating_sub(n_shown);
            let text = row::counted(view, "month.more", n_more as u64);
            let line = row::strip(view, &[Cell::role(text, Role::Dim)], width);
            row::paint(frame, bottom, &[line]);
        }
    }
}

/// The names of the four parts of the screen, the open one in brackets.
pub fn tabs(view: &View<'_>, (mine, all): (u64, u64), (whose, part): (Whose, Part)) -> Cell {
    let month = locale::text(view.lang, "month.tab");
    let names = [
        row::counted(view, "agenda.mine", mine),
        month.clone(),
        row::counted(view, "agenda.all", all),
        month,
    ];
    let open = 2 * usize::from(whose != Whose::Mine) + usize::from(part == Part::Month);
    row::tabs(&names, open)
}

/// A day with its weekday, its festival and whether it is a day of rest.
pub fn day_text(view: &View<'_>, day: &CalendarDay) -> String {
    let mut words = vec![dated(view.lang, day.on)];
    words.extend(day.name.clone().filter(|name| !name.is_empty()));
    match day.mark {
        DayMark::Working => {}
        DayMark::Rest | DayMark::Off => words.push(locale::text(view.lang, "app.rest_day")),
        DayMark::MakeUp => words.push(locale::text(view.lang, "app.make_up")),
    }
    if !day.known {
        words.push(locale::text(view.lang, "row.provisional"));
    }
    words.join(" ")
}

fn kind_text(view: &View<'_>, kind: LineKind) -> String {
    match kind {
        LineKind::Clock => locale::text(view.lang, "agenda.only.clock"),
        kind => locale::text(view.lang, &format!("limit.{}", kind.word())),
    }
}

/// How much is due on a day; what is late bears the sign of all late clocks.
fn in_words(view: &View<'_>, day: &MonthDay) -> String {
    let parts = [("month.lawful", day.lawful()), ("month.own", day.own())];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(key, count)| row::counted(view, key, count))
        .collect();
    let standing = if day.day.on < view.me.today { Standing::Late } else { Standing::Running };
    if parts.is_empty() { String::new() } else { row::sign(standing).to_owned() + &parts.join(" ") }
}

fn legend(view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let text = locale::text(view.lang, "month.legend");
    let lines = text.lines().map(|line| row::strip(view, &[Cell::role(line, Role::Dim)], width));
    lines.collect()
}

fn waiting(view: &View<'_>) -> String {
    locale::text(view.lang, "row.waiting")
}

fn line_of(view: &View<'_>, parts: impl Iterator<Item = (String, Role)>) -> Line<'static> {
    let spans = parts.map(|(text, role)| Span::styled(text, view.look.style(role)));
    Line::from(spans.collect::<Vec<_>>())
}

fn last_of(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}
