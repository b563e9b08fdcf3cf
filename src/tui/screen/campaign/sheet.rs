//! The sheet of one task: what the plan asks, what comes before it, its evidence and its history.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::campaign::{TaskRow, TaskSheet};
use crate::api::door::Notice;
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::campaign::{Evidence, Turn};
use crate::domain::ids::{Kind, OfficerId, RecordRef, TaskId};
use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::campaign::mark;
use crate::tui::screen::campaign::tick::TickScreen;
use crate::tui::screen::copy::{self, Plain};
use crate::tui::screen::loaded::Loaded;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::text::{pad_right, wrap};
use crate::tui::widget::table::Cell;

/// The columns of a label.
const LABEL: usize = 12;

/// The sheet.
pub struct TaskScreen {
    id: TaskId,
    sheet: Loaded<TaskSheet>,
    top: usize,
    area: Rect,
    /// Where one is in the plain text, while that is seen.
    plain: Option<Plain>,
}

impl TaskScreen {
    /// The sheet of a task.
    pub fn new(id: TaskId) -> Self {
        Self { id, sheet: Loaded::Waiting, top: 0, area: Rect::default(), plain: None }
    }
}

fn label(view: &View<'_>, field: &str) -> String {
    pad_right(&locale::text(view.lang, &format!("field.task.{field}")), LABEL)
}

fn state(own: &TaskRow, view: &View<'_>) -> Cell {
    let word = locale::text(view.lang, &format!("choice.task_state.{}", own.state.word()));
    let standing = locale::text(view.lang, &format!("standing.{}", own.standing.word()));
    let role = mark::role(own.state, own.standing);
    Cell::role(format!("[{}] {word}  {standing}", mark::sign(own.state)), role)
}

/// All lines of the sheet for a width.
fn lines(sheet: &TaskSheet, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let (own, task) = (&sheet.row, &sheet.task);
    let today = view.me.today;
    let town = || locale::text(view.lang, "campaign.town");
    let title = [
        Cell::role(format!("{} {}", own.code, own.title), Role::Title),
        Cell::text(own.village.clone().unwrap_or_else(town)),
        state(own, view),
    ];
    let mut lines = vec![row::strip(view, &title, width)];
    let mut say = |field: &str, text: Option<String>| {
        let Some(text) = text else { return };
        for (at, part) in wrap(&text, width.saturating_sub(LABEL + 1).max(1)).iter().enumerate() {
            let head = if at == 0 { label(view, field) } else { " ".repeat(LABEL) };
            let cell = Cell::role(head, Role::Dim).and(format!(" {part}"), Role::Text);
            lines.push(row::strip(view, &[cell], width));
        }
    };
    say("phase", Some(format!("{} {}", own.phase, sheet.phase)));
    let near = own.until_workday.map(|near| {
        let args =
            [("day", row::short_day(own.until, today)), ("near", row::short_day(near, today))];
        format!("  {}", locale::fill(view.lang, "campaign.workday", &args))
    });
    say("until", Some(format!("{}..{}{}", own.from, own.until, near.unwrap_or_default())));
    say("weight", Some(locale::text(view.lang, &format!("choice.weight.{}", own.weight.word()))));
    say("deliverable", own.deliverable.clone());
    let proof = if task.proof { "campaign.proof.yes" } else { "campaign.proof.no" };
    say("proof", Some(locale::text(view.lang, proof)));
    say("who", own.who.clone());
    say("unit", sheet.unit.clone());
    say("officer", own.officer.clone());
    say("basis", task.basis.clone());
    let needs = sheet.needs.iter().map(|need| {
        let sign = mark::sign(need.state);
        let place = need.village.clone().unwrap_or_else(town);
        format!("[{sign}] {} {} {place}", need.code, need.title)
    });
    let needs: Vec<String> = needs.collect();
    say("needs", (!needs.is_empty()).then(|| needs.join("\n")));
    let heading = |key: &str, count: usize| {
        let text = locale::fill(view.lang, key, &[("count", count.to_string())]);
        row::rule(view, &[Cell::role(text, Role::Group)], &[], width)
    };
    lines.push(heading("campaign.evidence", task.evidence.len()));
    for piece in task.evidence.values().rev() {
        lines.push(row::strip(view, &evidence(piece, sheet, view), width));
    }
    lines.push(heading("campaign.history", task.turns.len()));
    for turn in task.turns.values().rev() {
        lines.push(row::strip(view, &history(turn, sheet, view), width));
    }
    lines
}

fn officer(sheet: &TaskSheet, id: Option<OfficerId>) -> String {
    let known = sheet.officers.iter().find(|(own, _)| Some(*own) == id);
    known.map_or_else(|| row::NOTHING.to_owned(), |(_, name)| name.clone())
}

fn evidence(piece: &Evidence, sheet: &TaskSheet, view: &View<'_>) -> Vec<Cell> {
    let mut cells = vec![
        Cell::role(format!("  {}", row::day(piece.on, view.me.today)), Role::Dim),
        Cell::text(officer(sheet, piece.by)),
    ];
    let parts = [("document", &piece.document), ("place", &piece.place), ("note", &piece.note)];
    for (field, text) in parts {
        let Some(text) = text else { continue };
        let name = locale::text(view.lang, &format!("field.add_evidence.{field}"));
        cells.push(Cell::text(format!("{name} {}", row::flat(text))));
    }
    cells
}

fn history(turn: &Turn, sheet: &TaskSheet, view: &View<'_>) -> Vec<Cell> {
    let word = locale::text(view.lang, &format!("choice.task_state.{}", turn.state.word()));
    let mut cells = vec![
        Cell::role(format!("  {}", row::day(turn.on, view.me.today)), Role::Dim),
        Cell::text(format!("{} {word}", mark::sign(turn.state))),
        Cell::text(officer(sheet, turn.by)),
    ];
    if let Some(reporter) = &turn.reporter {
        let place = sheet.row.village.clone().unwrap_or_default();
        let source = turn.source.clone().unwrap_or_else(|| row::NOTHING.to_owned());
        let args = [("who", reporter.clone()), ("place", place), ("source", source)];
        cells.push(Cell::text(locale::fill(view.lang, "campaign.entered_for", &args)));
    } else if let Some(source) = &turn.source {
        cells.push(Cell::text(source.clone()));
    }
    if turn.entered_on != turn.on {
        let args = [("day", row::day(turn.entered_on, view.me.today))];
        cells.push(Cell::role(locale::fill(view.lang, "campaign.entered_later", &args), Role::Dim));
    }
    cells.extend(turn.text.as_ref().map(|text| Cell::text(row::flat(text))));
    cells
}

impl Screen for TaskScreen {
    fn name(&self) -> &'static str {
        "task"
    }

    fn stands_on(&self) -> Option<RecordRef> {
        self.sheet.get().map(|_| self.id.into())
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Task { id: self.id }]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        if let Reply::Task(sheet) = reply {
            self.sheet = Loaded::There(sheet);
        }
        Step::Stay
    }

    fn refused(&mut self, _place: usize, refusal: &Refusal) -> Step {
        self.sheet.refused(refusal);
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let kinds = [Kind::Plan, Kind::Task, Kind::Officer, Kind::Unit];
        notice.everything || notice.touched.iter().any(|record| kinds.contains(&record.kind))
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        let height = usize::from(self.area.height).max(1);
        let n_lines = self
            .sheet
            .get()
            .map_or(0, |sheet| lines(sheet, view, usize::from(self.area.width)).len());
        let last = n_lines.saturating_sub(height);
        match nav {
            Nav::Page => self.plain = self.sheet.get().map(|_| Plain::new(self.area)),
            Nav::Tick => return Step::Push(Box::new(TickScreen::new(vec![self.id]))),
            _ => match nav.moved(self.top, (height, last)) {
                Some(top) => self.top = top,
                None => return Step::Pass,
            },
        }
        Step::Stay
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::Tick, Nav::Page]
    }

    fn is_typing(&self) -> bool {
        self.plain.is_some()
    }

    fn typed(&mut self, key: Key, _view: &View<'_>) -> Step {
        let Some(plain) = &mut self.plain else { return Step::Pass };
        let step = plain.typed(key);
        self.plain = self.plain.filter(|plain| !plain.is_done());
        step
    }

    fn selected(&self) -> Selection {
        let Some(sheet) = self.sheet.get() else { return Selection::default() };
        Selection {
            record: Some(self.id.into()),
            version: Some(sheet.task.version),
            name: format!("{} {}", sheet.row.code, sheet.row.title),
            permits: sheet.permits.clone(),
            ..Selection::default()
        }
    }

    fn resized(&mut self, area: Rect) {
        self.area = area;
        self.top = 0;
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let Some(sheet) = self.sheet.get() else {
            self.sheet.draw_absence(frame, area, ("campaign.gone", view));
            return None;
        };
        if let Some(plain) = self.plain {
            plain.draw(&copy::of_lines(&lines(sheet, view, copy::UNCUT)), frame, area, view);
            return None;
        }
        let lines = lines(sheet, view, width);
        let shown: Vec<Line<'_>> = lines.into_iter().skip(self.top).collect();
        row::paint(frame, area, &shown);
        None
    }
}
