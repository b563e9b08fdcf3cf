//! A list of tasks: of a village, of one task in all villages, or of what a phase still lacks.
//!
//! Space marks a row, and several marked ones are changed together after a preview.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::campaign::{TaskList, TaskQuery, TaskRow};
use crate::api::door::Notice;
use crate::api::reply::Reply;
use crate::api::request::{Cursor, ROWS_MAX, Request, Way};
use crate::domain::choice::TaskState;
use crate::domain::ids::{Kind, PlanId, TaskId};
use crate::domain::standing::Standing;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::campaign::mark;
use crate::tui::screen::campaign::sheet::TaskScreen;
use crate::tui::screen::campaign::tick::TickScreen;
use crate::tui::screen::plain::PlainScreen;
use crate::tui::screen::roll::toggle;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::widget::table::{Cell, Column, Mark, Row, Table, follow};

/// Lines above and below the list: title, heads of columns, hint.
const FRAME_LINES: u16 = 3;

/// Which tasks of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Only {
    All,
    Late,
    In(TaskState),
}

/// The list.
pub struct Checklist {
    plan: PlanId,
    list: TaskList,
    title: String,
    only: Only,
    rows: Vec<TaskRow>,
    is_filled: bool,
    /// Where the page begins, and which way from there; whether there is more on both sides.
    place: (Option<Cursor>, Way),
    beyond: (bool, bool),
    at: usize,
    marked: Vec<TaskId>,
    height: usize,
}

impl Checklist {
    /// A list with its title.
    pub fn new((plan, list): (PlanId, TaskList), title: String) -> Self {
        Self {
            plan,
            list,
            title,
            only: Only::All,
            rows: Vec::new(),
            is_filled: false,
            place: (None, Way::Forward),
            beyond: (false, false),
            at: 0,
            marked: Vec::new(),
            height: 1,
        }
    }

    fn selected_row(&self) -> Option<&TaskRow> {
        self.rows.get(self.at)
    }

    fn go(&mut self, nav: Nav) -> Step {
        let last = self.rows.len().saturating_sub(1);
        let cursor = |row: Option<&TaskRow>| row.map(|row| row.cursor.clone());
        match nav {
            Nav::Up if self.at == 0 && self.beyond.0 => {
                self.place = (cursor(self.rows.first()), Way::Backward);
                return Step::Ask;
            }
            Nav::Down if self.at == last && self.beyond.1 => {
                self.place = (cursor(self.rows.last()), Way::Forward);
                return Step::Ask;
            }
            Nav::First if self.beyond.0 => {
                self.place = (None, Way::Forward);
                return Step::Ask;
            }
            Nav::Last if self.beyond.1 => {
                self.place = (None, Way::FromEnd);
                return Step::Ask;
            }
            _ => self.at = nav.moved(self.at, (self.height, last)).unwrap_or(self.at),
        }
        Step::Stay
    }

    fn filter(&mut self) -> Step {
        let states = TaskState::ALL;
        self.only = match self.only {
            Only::All => Only::Late,
            Only::Late => states.first().map_or(Only::All, |state| Only::In(*state)),
            Only::In(state) => {
                let next = states.iter().skip_while(|own| **own != state).nth(1);
                next.map_or(Only::All, |state| Only::In(*state))
            }
        };
        self.place = (None, Way::Forward);
        self.at = 0;
        Step::Ask
    }

    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let only = match self.only {
            Only::All => locale::text(view.lang, "cases.only.all"),
            Only::Late => locale::text(view.lang, "cases.only.late"),
            Only::In(state) => {
                locale::text(view.lang, &format!("choice.task_state.{}", state.word()))
            }
        };
        let only = locale::fill(view.lang, "campaign.only", &[("value", only)]);
        let marked = [("count", self.marked.len().to_string())];
        let marked = locale::fill(view.lang, "campaign.marked", &marked);
        let left = [Cell::role(self.title.clone(), Role::Title), Cell::text(only)];
        let right: &[Cell] =
            if self.marked.is_empty() { &[] } else { &[Cell::role(marked, Role::Mark)] };
        row::sides(view, &left, right, width)
    }

    fn hint(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let own = self.selected_row().map(|own| Cell::role(advice(own, view), Role::Hint));
        let more = self.beyond.1 || self.rows.len() > self.height;
        let own: Vec<Cell> = own.into_iter().collect();
        row::foot(view, &own, more, width)
    }
}

/// The columns of a list of tasks.
pub fn columns(view: &View<'_>, width: usize) -> Vec<Column> {
    let mut columns = vec![
        row::words(view, "campaign.state", (8, 11)),
        row::fixed(view, "campaign.code", 5),
        row::fixed(view, "row.village", 8),
        row::flex(view, "campaign.task", 10),
        row::fixed(view, "row.due", 5),
        row::fixed(view, "row.left", 8),
        row::fixed(view, "campaign.officer", 6),
    ];
    if width >= 110 {
        columns.push(row::fixed(view, "campaign.deliverable", 30));
    }
    columns
}

/// What stands in them for a task.
pub fn cells(own: &TaskRow, view: &View<'_>) -> Vec<Cell> {
    let role = mark::role(own.state, own.standing);
    let state = locale::text(view.lang, &format!("campaign.short.{}", own.state.word()));
    let town = || locale::text(view.lang, "campaign.town");
    let village =
        own.village.as_ref().map_or_else(town, |name| row::short_village(name).to_owned());
    let today = view.me.today;
    let sign = mark::urgency(own.standing);
    vec![
        Cell::role(format!("{}{}{state}", mark::sign(own.state), sign), role),
        Cell::text(own.code.clone()),
        Cell::text(village),
        Cell::text(own.title.clone()),
        Cell::role(row::short_day(own.until, today), role),
        Cell::role(left(own, view), role),
        row::maybe(own.officer.as_ref()),
        row::maybe(own.deliverable.as_ref()),
    ]
}

/// How many days are left; nothing where nothing more is expected.
fn left(own: &TaskRow, view: &View<'_>) -> String {
    if own.state.is_settled() || own.standing == Standing::Ended {
        return row::NOTHING.to_owned();
    }
    let days = own.days_left.unsigned_abs().to_string();
    let key = match own.days_left {
        0 => "row.today",
        1.. => "row.days_left",
        _ => "row.days_late",
    };
    locale::fill(view.lang, key, &[("days", &days)])
}

/// What the plan asks of a task.
fn advice(own: &TaskRow, view: &View<'_>) -> String {
    let today = view.me.today;
    let near = own.until_workday.map(|near| {
        let args =
            [("day", row::short_day(own.until, today)), ("near", row::short_day(near, today))];
        locale::fill(view.lang, "campaign.workday", &args)
    });
    let days = format!("{}..{}", row::short_day(own.from, today), row::short_day(own.until, today));
    let parts = [Some(days), near, own.who.clone(), own.deliverable.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
}

impl Screen for Checklist {
    fn name(&self) -> &'static str {
        "checklist"
    }

    fn wants(&self) -> Vec<Request> {
        let (from, way) = self.place.clone();
        vec![Request::Tasks(TaskQuery {
            plan: Some(self.plan),
            list: self.list.clone(),
            state: match self.only {
                Only::In(state) => Some(state),
                Only::All | Only::Late => None,
            },
            late_only: self.only == Only::Late,
            from,
            way,
            most: ROWS_MAX,
        })]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        let Reply::Tasks(page) = reply else { return Step::Stay };
        if page.rows.is_empty() && self.place.0.is_some() {
            self.place = (None, Way::Forward);
            return Step::Ask;
        }
        let old = self.selected_row().map(|row| row.id);
        self.rows = page.rows;
        self.beyond = (page.before, page.after);
        self.is_filled = true;
        let last = self.rows.len().saturating_sub(1);
        let same = self.rows.iter().position(|row| Some(row.id) == old);
        self.at = match (same, self.place.1) {
            (Some(at), _) => at,
            (None, Way::Forward) if self.place.0.is_some() => 0,
            (None, Way::Forward) => self.at.min(last),
            (None, Way::Backward | Way::FromEnd) => last,
        };
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let kinds = [Kind::Plan, Kind::Task, Kind::Officer];
        notice.everything || notice.touched.iter().any(|record| kinds.contains(&record.kind))
    }

    fn on(&mut self, nav: Nav, _view: &View<'_>) -> Step {
        match nav {
            Nav::Open => match self.selected_row() {
                Some(own) => Step::Push(Box::new(TaskScreen::new(own.id))),
                None => Step::Pass,
            },
            Nav::Stage => self.filter(),
            Nav::Mark => {
                if let Some(id) = self.selected_row().map(|own| own.id) {
                    toggle(&mut self.marked, id);
                }
                self.go(Nav::Down)
            }
            Nav::Tick => {
                let own = self.selected_row().map(|own| own.id);
                let tasks: Vec<TaskId> = if self.marked.is_empty() {
                    own.into_iter().collect()
                } else {
                    std::mem::take(&mut self.marked)
                };
                if tasks.is_empty() {
                    return Step::Say("campaign.nothing_marked".to_owned(), Vec::new());
                }
                Step::Push(Box::new(TickScreen::new(tasks)))
            }
            Nav::Page => match self.list {
                TaskList::Village(unit) => Step::Push(Box::new(PlainScreen::village(unit))),
                _ => Step::Say("campaign.no_page".to_owned(), Vec::new()),
            },
            Nav::Sort | Nav::Filter | Nav::Reveal | Nav::NextPane | Nav::PreviousPane => Step::Pass,
            _ => self.go(nav),
        }
    }

    fn navs(&self) -> &'static [Nav] {
        match self.list {
            TaskList::Village(_) => &[Nav::Stage, Nav::Mark, Nav::Tick, Nav::Page],
            _ => &[Nav::Stage, Nav::Mark, Nav::Tick],
        }
    }

    fn selected(&self) -> Selection {
        self.selected_row().map_or_else(Selection::default, |own| Selection {
            record: Some(own.id.into()),
            version: Some(own.version),
            name: format!("{} {}", own.code, own.title),
            ..Selection::default()
        })
    }

    fn resized(&mut self, area: Rect) {
        self.height = usize::from(area.height.saturating_sub(FRAME_LINES)).max(1);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        row::paint(frame, area, &[self.head(view, width)]);
        let (list, bottom) = row::hinted(row::below(area, 1));
        if self.rows.is_empty() {
            let key = if self.is_filled { "campaign.empty" } else { "row.waiting" };
            let text = Cell::text(locale::text(view.lang, key));
            row::paint(frame, list, &[Line::default(), row::strip(view, &[text], width)]);
        } else {
            let height = usize::from(list.height.saturating_sub(1)).max(1);
            let first = follow(0, self.at, height);
            let rows = self.rows.iter().skip(first).take(height).map(|own| {
                let mark = if self.marked.contains(&own.id) { Mark::On } else { Mark::Off };
                Row::Cells { cells: cells(own, view), mark }
            });
            let table = Table {
                columns: columns(view, width),
                rows: rows.collect(),
                selected: Some(self.at - first),
            };
            table.draw(list, frame.buffer_mut(), view.look);
        }
        if let Some(bottom) = bottom {
            row::paint(frame, bottom, &[self.hint(view, width)]);
        }
        None
    }
}
