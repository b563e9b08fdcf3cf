//! Several tasks brought to one state: first what it would do to each, then the form, then what it
//! did.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::campaign::{TickTerms, Ticked};
use crate::api::door::Notice;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::choice::TaskState;
use crate::domain::ids::{Kind, TaskId};
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::campaign::checklist;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::widget::table::{Cell, Mark, Row, Table, follow};

/// The states that tasks can be brought to, in the order of Tab.
const STATES: [TaskState; 4] =
    [TaskState::Done, TaskState::Doing, TaskState::NotApplicable, TaskState::SentBack];

/// The preview.
pub struct TickScreen {
    tasks: Vec<TaskId>,
    state: usize,
    rows: Vec<Ticked>,
    is_filled: bool,
    at: usize,
    height: usize,
}

impl TickScreen {
    /// The preview for these tasks.
    pub fn new(tasks: Vec<TaskId>) -> Self {
        Self { tasks, state: 0, rows: Vec::new(), is_filled: false, at: 0, height: 1 }
    }

    fn state(&self) -> TaskState {
        STATES.get(self.state).copied().unwrap_or(TaskState::Done)
    }

    /// How many would be changed.
    fn n_goes(&self) -> usize {
        self.rows.iter().filter(|own| own.why.is_none()).count()
    }

    fn row(own: &Ticked, view: &View<'_>) -> Row {
        let said = match &own.why {
            None => Cell::role(locale::text(view.lang, "campaign.tick.goes"), Role::Ok),
            Some((key, args)) => Cell::role(locale::fill(view.lang, key, args), Role::Warning),
        };
        let mut cells: Vec<Cell> = checklist::cells(&own.row, view).into_iter().take(4).collect();
        cells.push(said);
        Row::Cells { cells, mark: Mark::Off }
    }
}

impl Screen for TickScreen {
    fn name(&self) -> &'static str {
        "tick"
    }

    fn wants(&self) -> Vec<Request> {
        let (tasks, state) = (self.tasks.clone(), self.state());
        vec![Request::TryTick(TickTerms { tasks, state, with_evidence: true })]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        if let Reply::Tick(view) = reply {
            self.rows = view.rows;
            self.is_filled = true;
            self.at = self.at.min(self.rows.len().saturating_sub(1));
        }
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let kinds = [Kind::Plan, Kind::Task];
        notice.everything || notice.touched.iter().any(|record| kinds.contains(&record.kind))
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        let last = self.rows.len().saturating_sub(1);
        match nav {
            Nav::NextPane | Nav::Right => self.state = (self.state + 1) % STATES.len(),
            Nav::PreviousPane | Nav::Left => {
                self.state = (self.state + STATES.len() - 1) % STATES.len();
            }
            Nav::Open | Nav::Tick if self.is_filled && self.n_goes() == 0 => {
                let state = format!("choice.task_state.{}", self.state().word());
                let args = vec![("state".to_owned(), locale::text(view.lang, &state))];
                return Step::Say("campaign.tick.none".to_owned(), args);
            }
            Nav::Open | Nav::Tick => return Step::Run("tick"),
            _ => match nav.moved(self.at, (self.height, last)) {
                Some(at) => self.at = at,
                None => return Step::Pass,
            },
        }
        let is_turned = matches!(nav, Nav::NextPane | Nav::PreviousPane | Nav::Left | Nav::Right);
        if is_turned { Step::Ask } else { Step::Stay }
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane, Nav::Left, Nav::Right, Nav::Tick]
    }

    fn selected(&self) -> Selection {
        let goes = self.rows.iter().filter(|own| own.why.is_none());
        let tasks: Vec<String> = goes.map(|own| own.row.id.0.to_string()).collect();
        let record = self.rows.get(self.at).map(|own| own.row.id.into());
        Selection {
            record,
            name: self.rows.len().to_string(),
            given: vec![
                ("tasks".to_owned(), tasks.join(" ")),
                ("state".to_owned(), self.state().word().to_owned()),
            ],
            ..Selection::default()
        }
    }

    fn resized(&mut self, area: Rect) {
        self.height = usize::from(area.height.saturating_sub(4)).max(1);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let names = STATES
            .map(|state| locale::text(view.lang, &format!("choice.task_state.{}", state.word())));
        let n_goes = self.n_goes();
        let args =
            [("goes", n_goes.to_string()), ("stays", (self.rows.len() - n_goes).to_string())];
        let head = [
            Cell::role(locale::text(view.lang, "campaign.tick.title"), Role::Title),
            row::tabs(&names, self.state),
            Cell::text(locale::fill(view.lang, "campaign.tick.counts", &args)),
        ];
        row::paint(frame, area, &[row::strip(view, &head, width)]);
        let (list, bottom) = row::hinted(row::below(area, 1));
        let height = usize::from(list.height.saturating_sub(1)).max(1);
        let first = follow(0, self.at, height);
        let mut columns = checklist::columns(view, 0);
        columns.truncate(3);
        columns.push(row::fixed(view, "campaign.task", 24));
        columns.push(row::flex(view, "campaign.tick.what", 20));
        let rows = self.rows.iter().skip(first).take(height).map(|own| Self::row(own, view));
        let table = Table { columns, rows: rows.collect(), selected: Some(self.at - first) };
        table.draw(list, frame.buffer_mut(), view.look);
        if let Some(bottom) = bottom {
            let key = if self.is_filled { "campaign.tick.hint" } else { "row.waiting" };
            let hint = Cell::role(locale::text(view.lang, key), Role::Hint);
            row::paint(frame, bottom, &[row::strip(view, &[hint], width)]);
        }
        None
    }
}
