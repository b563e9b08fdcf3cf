//! The campaign: a time line of its phases with today, and villages by tasks of one phase.
//!
//! Tab goes from phase to phase and then to recurring work, arrows from cell to cell. Enter opens the task of a cell; on the
//! name of a village its checklist, on the head of a column the task in all villages, in the corner
//! what keeps the phase from being closed.

use std::cell::Cell as Flag;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::campaign::{MatrixCell, MatrixQuery, MatrixView, PlanView, TaskList};
use crate::api::door::Notice;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::form::Fields;
use crate::domain::ids::{Kind, TaskId};
use crate::locale;
use crate::tui::screen::campaign::checklist::Checklist;
use crate::tui::screen::campaign::mechanism::Mechanism;
use crate::tui::screen::campaign::sheet::TaskScreen;
use crate::tui::screen::campaign::tick::TickScreen;
use crate::tui::screen::plain::PlainScreen;
use crate::tui::screen::roll::toggle;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::widget::table::{Cell, follow};

pub mod checklist;
pub mod duty;
pub mod mark;
mod matrix;
mod mechanism;
pub mod sheet;
pub mod tick;
mod timeline;
mod told;

/// The most columns that are asked for at once.
const COLUMNS: u32 = 60;

/// What the list of recurring work takes besides moving.
const MECHANISM_NAVS: &[Nav] =
    &[Nav::NextPane, Nav::PreviousPane, Nav::Left, Nav::Right, Nav::Stage, Nav::Page];
/// What the matrix takes besides moving.
const MATRIX_NAVS: &[Nav] =
    &[Nav::NextPane, Nav::PreviousPane, Nav::Left, Nav::Right, Nav::Mark, Nav::Tick, Nav::Page];

/// The screen.
#[derive(Default)]
pub struct CampaignScreen {
    view: Option<Box<PlanView>>,
    is_filled: bool,
    /// The phase whose tasks are shown; 0 until the plan is known.
    phase: u32,
    matrix: Option<MatrixView>,
    /// The place of the template from which columns are asked for.
    from: u32,
    /// The row, 0 for the heads of the columns, and the column, 0 for the names of the villages.
    at: (usize, usize),
    marked: Vec<TaskId>,
    /// Recurring work, while it is shown instead of a phase.
    mechanism: Option<Mechanism>,
    /// Whether the plan is as new as what is asked for now, so that it is not asked for again.
    knows_plan: Flag<bool>,
    area: Rect,
}

impl CampaignScreen {
    /// The newest campaign.
    pub fn new() -> Self {
        Self { at: (1, 0), ..Self::default() }
    }

    fn cell(&self) -> Option<MatrixCell> {
        let (row, column) = self.at;
        let row = self.matrix.as_ref()?.rows.get(row.checked_sub(1)?)?;
        row.cells.get(column.checked_sub(1)?).copied().flatten()
    }

    /// What the task of the selected cell is called: its number, its title and the village.
    fn cell_name(&self) -> Option<String> {
        self.cell()?;
        let matrix = self.matrix.as_ref()?;
        let (row, column) = self.at;
        let row = matrix.rows.get(row.checked_sub(1)?)?;
        let column = matrix.columns.get(column.checked_sub(1)?)?;
        let village = row.name.as_deref().unwrap_or_default();
        Some(format!("{} {} {village}", column.code, column.title).trim_end().to_owned())
    }

    /// Goes to another phase; the columns begin anew.
    fn turn(&mut self, nav: Nav) -> Step {
        let Some(view) = &self.view else { return Step::Stay };
        let numbers: Vec<u32> = view.plan.phases.keys().copied().collect();
        let at = match &self.mechanism {
            Some(_) => numbers.len(),
            None => numbers.iter().position(|number| *number == self.phase).unwrap_or(0),
        };
        let n_parts = numbers.len() + 1;
        let next = match nav {
            Nav::PreviousPane => (at + n_parts - 1) % n_parts,
            _ => (at + 1) % n_parts,
        };
        let phase = numbers.get(next).copied();
        // What was marked is seen no more, and nothing unseen is changed.
        self.marked.clear();
        self.mechanism = if phase.is_none() { Some(Mechanism::default()) } else { None };
        self.fit();
        self.phase = phase.unwrap_or(self.phase);
        self.knows_plan.set(true);
        self.matrix = None;
        self.from = 0;
        self.at.1 = 0;
        Step::Ask
    }

    fn go(&mut self, nav: Nav) -> Step {
        let Some(matrix) = &self.matrix else { return Step::Stay };
        let (n_rows, n_columns) = (matrix.rows.len(), matrix.columns.len());
        let page = usize::from(self.area.height / 2).max(1);
        let (row, column) = &mut self.at;
        match nav {
            Nav::Up => *row = row.saturating_sub(1),
            Nav::Down => *row = (*row + 1).min(n_rows),
            Nav::PageUp => *row = row.saturating_sub(page),
            Nav::PageDown => *row = (*row + page).min(n_rows),
            Nav::First => *row = usize::from(n_rows > 0),
            Nav::Last => *row = n_rows,
            Nav::Left if *column == 1 && self.from > 0 => {
                // The columns before these: those of the template that end here.
                let first = matrix.columns.first().map_or(0, |column| column.order);
                self.from = first.saturating_sub(COLUMNS);
                self.at.1 = 0;
                self.knows_plan.set(true);
                return Step::Ask;
            }
            Nav::Left => *column = column.saturating_sub(1),
            Nav::Right if *column == n_columns && matrix.more => {
                self.from = matrix.columns.last().map_or(0, |column| column.order);
                self.at.1 = 1;
                self.knows_plan.set(true);
                return Step::Ask;
            }
            Nav::Right => *column = (*column + 1).min(n_columns),
            _ => {}
        }
        Step::Stay
    }

    fn open(&self, view: &View<'_>) -> Step {
        let Some(plan) = &self.view else { return Step::Pass };
        if let Some(cell) = self.cell() {
            return Step::Push(Box::new(TaskScreen::new(cell.id)));
        }
        let Some(matrix) = &self.matrix else { return Step::Stay };
        let (at_row, at_column) = self.at;
        let row = at_row.checked_sub(1).and_then(|at| matrix.rows.get(at));
        let column = at_column.checked_sub(1).and_then(|at| matrix.columns.get(at));
        let (list, title) = match (row, column) {
            (Some(_), Some(_)) => return Step::Stay,
            (None, Some(column)) => {
                let title = format!("{} {}", column.code, column.title);
                (TaskList::Column(self.phase, column.order), title)
            }
            (Some(row), None) => match row.village {
                Some(id) => (TaskList::Village(id), row.name.clone().unwrap_or_default()),
                None => (TaskList::Town, locale::text(view.lang, "campaign.town")),
            },
            (None, None) => {
                let args = [("phase", self.phase.to_string())];
                (TaskList::Missing(self.phase), locale::fill(view.lang, "campaign.missing", &args))
            }
        };
        Step::Push(Box::new(Checklist::new((plan.plan.id, list), title)))
    }

    /// The page of the village in whose row one is.
    fn page(&self) -> Step {
        let row = self.at.0.checked_sub(1);
        let row = row.and_then(|at| self.matrix.as_ref()?.rows.get(at));
        match row.and_then(|row| row.village) {
            Some(village) => Step::Push(Box::new(PlainScreen::village(village))),
            None => Step::Say("campaign.no_page".to_owned(), Vec::new()),
        }
    }

    /// Tells the list of recurring work how much room it has below the time line.
    fn fit(&mut self) {
        let n_above = self.view.as_ref().map_or(0, |view| view.phases.len()) + 3;
        // Below them: the titles of the columns and the hint.
        let height = usize::from(self.area.height).saturating_sub(n_above + 2);
        if let Some(mechanism) = &mut self.mechanism {
            mechanism.resized(height);
        }
    }

    fn mark(&mut self) -> Step {
        let Some(cell) = self.cell() else {
            return Step::Say("campaign.nothing_marked".to_owned(), Vec::new());
        };
        toggle(&mut self.marked, cell.id);
        self.go(Nav::Down)
    }

    fn draw_empty(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) {
        let key = if self.is_filled { "campaign.none" } else { "row.waiting" };
        let text = locale::text(view.lang, key);
        let width = usize::from(area.width);
        let lines = text.lines().map(|line| row::strip(view, &[Cell::text(line)], width));
        row::paint(frame, area, &lines.collect::<Vec<_>>());
    }
}

impl Screen for CampaignScreen {
    fn name(&self) -> &'static str {
        "campaign"
    }

    fn wants(&self) -> Vec<Request> {
        let mut wants = Vec::new();
        if !self.knows_plan.get() {
            wants.push(Request::Plan { id: None });
        }
        if self.mechanism.is_some() {
            wants.extend(self.mechanism.as_ref().map(|own| Request::Duties(own.query())));
        } else if let Some(view) = &self.view {
            let (plan, phase, from) = (view.plan.id, self.phase, self.from);
            wants.push(Request::Matrix(MatrixQuery { plan, phase, from, most: COLUMNS }));
        }
        wants
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        match reply {
            Reply::Plan(view) => {
                self.is_filled = true;
                let was_known = self.view.is_some();
                self.view = view;
                let Some(view) = &self.view else { return Step::Stay };
                if !view.plan.phases.contains_key(&self.phase) {
                    self.phase = timeline::present(view);
                }
                self.knows_plan.set(!was_known);
                if was_known { Step::Stay } else { Step::Ask }
            }
            Reply::Matrix(matrix) => {
                self.at.0 = self.at.0.min(matrix.rows.len());
                self.at.1 = self.at.1.min(matrix.columns.len());
                self.matrix = Some(matrix);
                self.knows_plan.set(false);
                Step::Stay
            }
            Reply::Duties(view) => {
                if let Some(mechanism) = &mut self.mechanism {
                    mechanism.got(view);
                }
                self.knows_plan.set(false);
                self.fit();
                Step::Stay
            }
            _ => Step::Stay,
        }
    }

    fn touched(&self, notice: &Notice) -> bool {
        let kinds = [Kind::Plan, Kind::Task, Kind::Duty, Kind::Unit, Kind::Office];
        let is_touched =
            notice.everything || notice.touched.iter().any(|record| kinds.contains(&record.kind));
        self.knows_plan.set(self.knows_plan.get() && !is_touched);
        is_touched
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        match nav {
            Nav::NextPane | Nav::PreviousPane => self.turn(nav),
            Nav::Row(_) | Nav::Sort | Nav::Filter | Nav::Reveal => Step::Pass,
            _ if self.mechanism.is_some() => {
                self.mechanism.as_mut().map_or(Step::Stay, |own| own.on(nav, view))
            }
            Nav::Open => self.open(view),
            Nav::Page => self.page(),
            Nav::Stage => Step::Pass,
            Nav::Mark => self.mark(),
            Nav::Tick => {
                let marked = std::mem::take(&mut self.marked);
                tick_of(marked, self.cell().map(|cell| cell.id))
            }
            _ => self.go(nav),
        }
    }

    fn navs(&self) -> &'static [Nav] {
        match &self.mechanism {
            Some(_) => MECHANISM_NAVS,
            None => MATRIX_NAVS,
        }
    }

    fn selected(&self) -> Selection {
        if let Some(mechanism) = &self.mechanism {
            let plan = self.view.as_ref().map(|view| (view.plan.id.into(), view.plan.version));
            let own = mechanism.selected().unwrap_or_default();
            return Selection { around: plan, ..own };
        }
        let file = ("file".to_owned(), String::new());
        let Some(view) = &self.view else {
            return Selection { given: vec![file], ..Selection::default() };
        };
        let plan = &view.plan;
        let phase = ("phase".to_owned(), self.phase.to_string());
        let name = plan.phases.get(&self.phase).map_or(&plan.name, |phase| &phase.name);
        let cell = self.cell().map(|cell| cell.id.into());
        let around_name = format!("{} {name}", self.phase);
        Selection {
            record: cell.or(Some(plan.id.into())),
            version: if cell.is_some() { None } else { Some(plan.version) },
            name: self.cell_name().unwrap_or_else(|| around_name.clone()),
            around_name,
            permits: view.permits.clone(),
            around: Some((plan.id.into(), plan.version)),
            given: vec![file, phase],
            ..Selection::default()
        }
    }

    fn tells(&self, text: &str, view: &View<'_>) -> Option<(Selection, Fields)> {
        self.mechanism.as_ref()?.tells(text, view)
    }

    fn resized(&mut self, area: Rect) {
        self.area = area;
        self.fit();
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let Some(plan) = &self.view else {
            self.draw_empty(frame, area, view);
            return None;
        };
        let width = usize::from(area.width);
        let selected = if self.mechanism.is_some() { None } else { Some(self.phase) };
        let mut lines = timeline::lines(plan, (view, width), selected);
        lines.extend(self.mechanism.as_ref().map(|own| own.rule(view, width)));
        row::paint(frame, area, &lines);
        let mut rest = row::below(area, lines.len());
        let bottom = row::bottom(rest, 2);
        rest.height -= u16::from(bottom.is_some());
        if let Some(mechanism) = &self.mechanism {
            mechanism.draw(frame, rest, view);
        } else if let Some(matrix) = &self.matrix {
            let height = usize::from(rest.height).saturating_sub(1).max(1);
            let first = follow(0, self.at.0.saturating_sub(1), height);
            let shown = matrix::Shown { at: self.at, first, height, marked: &self.marked };
            matrix::table(matrix, (view, width), shown).draw(rest, frame.buffer_mut(), view.look);
        }
        if let Some(bottom) = bottom {
            let hint = match &self.mechanism {
                Some(mechanism) => mechanism.hint(view, width),
                None => matrix::hint(self.matrix.as_ref(), (view, width), self.at),
            };
            row::paint(frame, bottom, &[hint]);
        }
        None
    }
}

/// The screen on which several tasks are changed: the marked ones, else the selected one.
fn tick_of(marked: Vec<TaskId>, selected: Option<TaskId>) -> Step {
    let tasks = if marked.is_empty() { selected.into_iter().collect() } else { marked };
    if tasks.is_empty() {
        return Step::Say("campaign.nothing_marked".to_owned(), Vec::new());
    }
    Step::Push(Box::new(TickScreen::new(tasks)))
}

#[cfg(test)]
mod tests;
