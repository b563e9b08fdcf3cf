//! A page of plain text without borders, to be copied with the mouse or read as it will be printed.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::campaign::{PlanView, TaskList, TaskQuery, TaskRow};
use crate::api::door::Notice;
use crate::api::duty::{DutyGroup, DutyQuery, DutyRow};
use crate::api::print::Print;
use crate::api::refusal::Refusal;
use crate::api::reply::{AgendaGroup, LineRow, OfficerRow, Reply};
use crate::api::request::{ROWS_MAX, Request, Whose};
use crate::api::roster::EntrySheet;
use crate::domain::ids::{EntryId, Kind, UnitId};
use crate::locale;
use crate::tui::screen::{Nav, Screen, Step, View, row};
use crate::tui::text::wrap;
use crate::tui::widget::table::Cell;
use crate::tui::{letter, page, remind};

/// Where the text comes from.
enum Source {
    /// It is there.
    Ready(String),
    /// The page of a village, made of what the door answers.
    Village(Box<Village>),
    /// The reminders of what villages owe.
    Reminders(Vec<DutyGroup>),
    /// The daily reminder of somebody.
    Due(Box<Daily>),
    /// The letters that follow from an entry of the roster.
    Letters(Box<Letters>),
}

/// What the page of a village is made of.
struct Village {
    unit: UnitId,
    plan: Option<Box<PlanView>>,
    rows: Option<Vec<TaskRow>>,
    duties: Vec<DutyRow>,
}

/// What the daily reminder is made of.
struct Daily {
    whose: Whose,
    name: Option<String>,
    rows: Option<Vec<(AgendaGroup, LineRow)>>,
    villages: Option<Villages>,
    duties: Vec<DutyGroup>,
}

/// What villages owe stands below a reminder.
#[derive(Debug, Clone, Copy)]
pub struct Villages;

/// What the letters of an entry are made of.
struct Letters {
    entry: EntryId,
    sheet: Option<Box<EntrySheet>>,
    officers: Option<Vec<OfficerRow>>,
}

/// The page.
pub struct PlainScreen {
    source: Source,
    top: usize,
    area: Rect,
}

impl PlainScreen {
    /// A text that is there already.
    pub fn new(text: String) -> Self {
        Self { source: Source::Ready(text), top: 0, area: Rect::default() }
    }

    /// The page of a village.
    pub fn village(unit: UnitId) -> Self {
        let village = Village { unit, plan: None, rows: None, duties: Vec::new() };
        Self { source: Source::Village(Box::new(village)), top: 0, area: Rect::default() }
    }

    /// The reminders of what villages owe and is due within a month.
    pub fn reminders() -> Self {
        Self { source: Source::Reminders(Vec::new()), top: 0, area: Rect::default() }
    }

    /// The daily reminder of somebody, with what villages owe below it where that is wanted.
    pub fn due((whose, name): (Whose, Option<String>), villages: Option<Villages>) -> Self {
        let daily = Daily { whose, name, rows: None, villages, duties: Vec::new() };
        Self { source: Source::Due(Box::new(daily)), top: 0, area: Rect::default() }
    }

    /// The letters that tell the person and the leader who answers for the help.
    pub fn letters(entry: EntryId) -> Self {
        let letters = Letters { entry, sheet: None, officers: None };
        Self { source: Source::Letters(Box::new(letters)), top: 0, area: Rect::default() }
    }

    fn text(&self, view: &View<'_>) -> String {
        let village = match &self.source {
            Source::Ready(text) => return text.clone(),
            Source::Reminders(groups) => {
                return reminders(view, groups, "");
            }
            Source::Due(daily) => {
                let Some(rows) = &daily.rows else {
                    return locale::text(view.lang, "row.waiting");
                };
                let whose = (daily.whose, daily.name.as_deref());
                let name = remind::name(view.lang, view.me, whose);
                let dues = remind::dues(view.lang, view.me, rows);
                let own = remind::text(view.lang, (view.me, &name), &dues);
                return own + &reminders(view, &daily.duties, "\n");
            }
            Source::Letters(letters) => {
                let (Some(sheet), Some(officers)) = (&letters.sheet, &letters.officers) else {
                    return locale::text(view.lang, "row.waiting");
                };
                return letter::notices(view.lang, view.me, (sheet, officers));
            }
            Source::Village(village) => village,
        };
        let (Some(plan), Some(rows)) = (&village.plan, &village.rows) else {
            return locale::text(view.lang, "row.waiting");
        };
        let name = rows.first().and_then(|row| row.village.as_ref());
        let own =
            village.duties.iter().filter(|row| name.is_some() && row.village.as_ref() == name);
        let own: Vec<DutyRow> = own.cloned().collect();
        page::village(view.lang, (view.me, plan), rows, &own)
    }

    fn lines(&self, view: &View<'_>) -> Vec<Line<'static>> {
        let width = usize::from(self.area.width).max(1);
        let text = self.text(view);
        let wrapped = text.lines().flat_map(|line| match wrap(line, width) {
            parts if parts.is_empty() => vec![String::new()],
            parts => parts.iter().map(ToString::to_string).collect(),
        });
        wrapped.map(|line| row::strip(view, &[Cell::text(line)], width)).collect()
    }
}

/// The reminders of what villages owe and is due within a month, each behind what parts them.
fn reminders(view: &View<'_>, groups: &[DutyGroup], parted: &str) -> String {
    let own = groups.iter().filter(|group| page::is_due_soon(view.me, group));
    let texts = own.map(|group| page::reminder(view.lang, view.me, group));
    texts.map(|text| format!("{parted}{text}")).collect::<Vec<_>>().join("\n")
}

impl Screen for PlainScreen {
    fn name(&self) -> &'static str {
        "plain"
    }

    fn wants(&self) -> Vec<Request> {
        match &self.source {
            Source::Ready(_) => Vec::new(),
            Source::Letters(letters) => {
                vec![Request::Entry { id: letters.entry }, Request::Officers]
            }
            Source::Due(daily) => {
                let query = DutyQuery { owed_only: true, ..DutyQuery::default() };
                let duties = daily.villages.map(|_| Request::Duties(query));
                let agenda = Request::Agenda(remind::query(daily.whose));
                std::iter::once(agenda).chain(duties).collect()
            }
            Source::Reminders(_) => {
                let query = DutyQuery { owed_only: true, ..DutyQuery::default() };
                vec![Request::Duties(query)]
            }
            Source::Village(village) => {
                let list = TaskList::Village(village.unit);
                let query = TaskQuery { most: ROWS_MAX, ..TaskQuery::of(None, list) };
                let duties = Request::Duties(DutyQuery::default());
                vec![Request::Plan { id: None }, Request::Tasks(query), duties]
            }
        }
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        let (village, reply) = match (&mut self.source, reply) {
            (Source::Reminders(groups), Reply::Duties(view)) => {
                *groups = view.groups;
                return Step::Stay;
            }
            (Source::Due(daily), reply) => {
                match reply {
                    Reply::Agenda(agenda) => daily.rows = Some(agenda.rows),
                    Reply::Duties(view) => daily.duties = view.groups,
                    _ => {}
                }
                return Step::Stay;
            }
            (Source::Letters(letters), reply) => {
                match reply {
                    Reply::Entry(sheet) => letters.sheet = Some(sheet),
                    Reply::Officers(officers) => letters.officers = Some(officers),
                    _ => {}
                }
                return Step::Stay;
            }
            (Source::Village(village), reply) => (village, reply),
            (Source::Ready(_) | Source::Reminders(_), _) => return Step::Stay,
        };
        match reply {
            Reply::Plan(plan) => village.plan = plan,
            Reply::Tasks(page) => village.rows = Some(page.rows),
            Reply::Duties(view) => {
                village.duties = view.groups.into_iter().flat_map(|group| group.rows).collect();
            }
            _ => {}
        }
        Step::Stay
    }

    fn refused(&mut self, _place: usize, refusal: &Refusal) -> Step {
        if let Source::Letters(letters) = &mut self.source
            && refusal.hides()
        {
            // What may no longer be seen must not stay on the screen.
            letters.sheet = None;
        }
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        if matches!(self.source, Source::Due(_)) {
            return notice.everything || notice.touched.iter().any(|own| own.kind != Kind::Clerk);
        }
        let kinds = match self.source {
            Source::Letters(_) => [Kind::Entry, Kind::Case, Kind::Officer, Kind::Person],
            _ => [Kind::Plan, Kind::Task, Kind::Duty, Kind::Unit],
        };
        let is_made = !matches!(self.source, Source::Ready(_));
        let is_touched = notice.touched.iter().any(|record| kinds.contains(&record.kind));
        is_made && (notice.everything || is_touched)
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        let height = usize::from(self.area.height).max(1);
        let last = self.lines(view).len().saturating_sub(height);
        self.top = match nav {
            Nav::Up => self.top.saturating_sub(1),
            Nav::Down => (self.top + 1).min(last),
            Nav::PageUp => self.top.saturating_sub(height),
            Nav::PageDown => (self.top + height).min(last),
            Nav::First => 0,
            Nav::Last => last,
            _ => return Step::Pass,
        };
        Step::Stay
    }

    fn navs(&self) -> &'static [Nav] {
        &[]
    }

    fn prints(&self) -> Option<Print> {
        match &self.source {
            Source::Due(daily) => Some(Print::Reminder(daily.whose)),
            Source::Ready(_) | Source::Village(_) | Source::Reminders(_) | Source::Letters(_) => {
                None
            }
        }
    }

    fn resized(&mut self, area: Rect) {
        self.area = area;
        self.top = 0;
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let shown: Vec<Line<'_>> = self.lines(view).into_iter().skip(self.top).collect();
        row::paint(frame, area, &shown);
        None
    }
}
