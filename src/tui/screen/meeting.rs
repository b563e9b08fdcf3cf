//! The list of the meeting and what meetings decided: three lists by Tab, and the selected row in
//! full below.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::meeting::{DecisionPart, DecisionQuery, DecisionRow, MeetingView, TabledRow};
use crate::api::print::Print;
use crate::api::reply::Reply;
use crate::api::request::{ROWS_MAX, Request};
use crate::domain::ids::{CaseId, Kind};
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::case::CaseScreen;
use crate::tui::screen::meeting::answer::AnswerScreen;
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::text::{pad_right, wrap};
use crate::tui::widget::table::{Cell, Mark, Row, Table};

pub mod answer;
pub mod find;
#[cfg(test)]
mod tests;

/// The columns of a label.
pub const LABEL: usize = 10;
/// The lines above the rows: the parts and the titles.
const LINES_ABOVE: usize = 2;
/// The lines in which the selected row is told, with their rule.
const TOLD_LINES: u16 = 11;
/// From this height on there is room for them.
const TELLS_FROM: u16 = 18;

/// A list of the screen, in the order of Tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The matters on the list of the meeting.
    Tabled,
    /// Decisions that are owed.
    Owed,
    /// Decisions that are done.
    Done,
}

impl Part {
    const ALL: [Self; 3] = [Self::Tabled, Self::Owed, Self::Done];

    const fn title(self) -> &'static str {
        match self {
            Self::Tabled => "meeting.part.tabled",
            Self::Owed => "meeting.part.owed",
            Self::Done => "meeting.part.done",
        }
    }
}

/// The screen.
pub struct MeetingScreen {
    part: Part,
    list: Option<MeetingView>,
    owed: Option<Vec<DecisionRow>>,
    done: Option<Vec<DecisionRow>>,
    roll: Roll,
}

/// Something to say in the status line.
pub fn said(key: &str) -> Step {
    Step::Say(key.to_owned(), Vec::new())
}

/// When a decision is due, who answers for it, and how it stands, in a few words.
pub fn decision_head(decision: &DecisionRow, view: &View<'_>) -> String {
    let day = row::maybe_day(decision.clock.latest, view.me.today);
    let officer = decision.officer.clone().unwrap_or_else(|| row::NOTHING.to_owned());
    format!("{day} {officer} {}", standing(decision, view))
}

/// How many days are left, or that it is done.
fn standing(decision: &DecisionRow, view: &View<'_>) -> String {
    match decision.outcome {
        Some(_) => {
            let word = decision.clock.standing.word();
            locale::text(view.lang, &format!("standing.{word}"))
        }
        None => row::days_left(&decision.clock, view.lang),
    }
}

impl MeetingScreen {
    /// The screen with the list of the meeting.
    pub fn new() -> Self {
        let roll = Roll { height: 1, ..Roll::default() };
        Self { part: Part::Tabled, list: None, owed: None, done: None, roll }
    }

    fn matters(&self) -> &[TabledRow] {
        let rows = self.list.as_ref().filter(|_| self.part == Part::Tabled);
        rows.map_or(&[], |list| list.rows.as_slice())
    }

    fn matter(&self) -> Option<&TabledRow> {
        self.matters().get(self.roll.at)
    }

    fn decisions(&self) -> &[DecisionRow] {
        match self.part {
            Part::Tabled => &[],
            Part::Owed => self.owed.as_deref().unwrap_or_default(),
            Part::Done => self.done.as_deref().unwrap_or_default(),
        }
    }

    fn decision(&self) -> Option<&DecisionRow> {
        self.decisions().get(self.roll.at)
    }

    fn n_rows(&self) -> usize {
        self.matters().len() + self.decisions().len()
    }

    fn is_filled(&self) -> bool {
        match self.part {
            Part::Tabled => self.list.is_some(),
            Part::Owed => self.owed.is_some(),
            Part::Done => self.done.is_some(),
        }
    }

    fn turn(&mut self, by: usize) -> Step {
        let place = Part::ALL.iter().position(|part| *part == self.part).unwrap_or(0) + by;
        self.part = Part::ALL.into_iter().cycle().nth(place).unwrap_or(Part::Tabled);
        self.roll = Roll { height: self.roll.height, ..Roll::default() };
        Step::Ask
    }

    fn open(&self, view: &View<'_>) -> Step {
        let cases: Vec<CaseId> = match self.part {
            Part::Tabled => self.matters().iter().map(|row| row.case.id).collect(),
            Part::Owed | Part::Done => self.decisions().iter().map(|row| row.case).collect(),
        };
        match cases.get(self.roll.at) {
            Some(_) if view.me.masked => {
                Step::Push(Box::new(AnswerScreen::new(cases, self.roll.at)))
            }
            Some(case) => Step::Push(Box::new(CaseScreen::new(*case))),
            None => Step::Pass,
        }
    }

    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let names: Vec<String> =
            Part::ALL.iter().map(|part| locale::text(view.lang, part.title())).collect();
        let open = Part::ALL.iter().position(|part| *part == self.part).unwrap_or(0);
        let args = [("count", self.n_rows().to_string())];
        let count = locale::fill(view.lang, "meeting.count", &args);
        let count: &[Cell] = if self.is_filled() { &[Cell::role(count, Role::Dim)] } else { &[] };
        row::sides(view, &[row::tabs(&names, open)], count, width)
    }

    fn table(&self, view: &View<'_>) -> Table {
        let due = row::due_width(
            self.decisions().iter().filter_map(|row| row.clock.latest),
            view.me.today,
        );
        let (columns, cells): (_, Vec<Vec<Cell>>) = match self.part {
            Part::Tabled => (
                vec![
                    row::fixed(view, "row.number", 14),
                    row::flex(view, "row.title", 14),
                    row::fixed(view, "row.lead", 6),
                    row::fixed(view, "row.holder", 6),
                    row::fixed(view, "row.left", 8),
                    row::flex(view, "meeting.question", 14),
                ],
                self.matters().iter().map(|row| matter_cells(row, view)).collect(),
            ),
            Part::Owed | Part::Done => (
                vec![
                    row::fixed(view, "row.due", due),
                    row::fixed(view, "row.left", 8),
                    row::fixed(view, "meeting.officer", 6),
                    row::flex(view, "meeting.decided", 16),
                    row::flex(view, "row.title", 14),
                ],
                self.decisions().iter().map(|row| decision_cells(row, view)).collect(),
            ),
        };
        let rows = cells.into_iter().skip(self.roll.top).take(self.roll.height);
        let rows: Vec<Row> = rows.map(|cells| Row::Cells { cells, mark: Mark::Off }).collect();
        let selected = (!rows.is_empty()).then(|| self.roll.at.saturating_sub(self.roll.top));
        Table { columns, rows, selected }
    }

    /// The selected row in full.
    fn told(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let mut lines = Vec::new();
        let mut say = |key: &str, text: Option<String>, most: usize| {
            let missing = || locale::text(view.lang, "meeting.not_filled");
            let text = text.filter(|text| !text.trim().is_empty()).unwrap_or_else(missing);
            let room = width.saturating_sub(LABEL + 1).max(2);
            let text = view.look.shown(&row::flat(&text)).into_owned();
            for (at, part) in wrap(text.trim(), room).into_iter().take(most).enumerate() {
                let label = if at == 0 { locale::text(view.lang, key) } else { String::new() };
                let cell = Cell::role(pad_right(&label, LABEL), Role::Dim);
                lines.push(row::strip(view, &[cell.and(format!(" {part}"), Role::Text)], width));
            }
        };
        if let Some(row) = self.matter() {
            say("meeting.request", Some(row.request.clone()), 2);
            let last = row.last.as_ref().map(|(on, word, text)| {
                let deed = locale::text(view.lang, &format!("deed.{word}"));
                let day = row::day(*on, view.me.today);
                format!("{day} {deed} {}", text.clone().unwrap_or_default())
            });
            say("meeting.progress", last, 2);
            say("meeting.difficulty", row.tabled.difficulty.clone(), 2);
            say("meeting.advice", row.tabled.advice.clone(), 2);
            say("meeting.question", row.tabled.question.clone(), 2);
        }
        if let Some(row) = self.decision() {
            say("meeting.decided", Some(row.text.clone()), 3);
            say("meeting.case", Some(format!("{} {}", row.number, row.title)), 1);
            let by = row.by.clone().unwrap_or_default();
            let met = format!("{} {by}", row::day(row.met_on, view.me.today));
            say("meeting.met", Some(met), 1);
            if let Some(outcome) = &row.outcome {
                let day = row::day(outcome.on, view.me.today);
                say("meeting.feedback", Some(format!("{day} {}", outcome.text)), 3);
            }
        }
        lines
    }

    fn empty(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let key = match (self.is_filled(), self.part) {
            (false, _) => "row.waiting",
            (true, Part::Tabled) => "meeting.empty.tabled",
            (true, Part::Owed) => "meeting.empty.owed",
            (true, Part::Done) => "meeting.empty.done",
        };
        let text = locale::text(view.lang, key);
        let lines = wrap(&text, width.saturating_sub(1).max(2)).into_iter();
        let lines = lines.map(|text| row::strip(view, &[Cell::text(text)], width));
        std::iter::once(Line::default()).chain(lines).collect()
    }
}

fn matter_cells(row: &TabledRow, view: &View<'_>) -> Vec<Cell> {
    let case = &row.case;
    vec![
        Cell::text(case.number.clone()),
        Cell::role(case.title.clone(), Role::Title),
        row::maybe(case.lead.as_ref()),
        row::holder_name_cell(case, view.lang),
        row::left_cell(case.next.as_ref(), view.lang),
        row::maybe(row.tabled.question.as_ref()),
    ]
}

fn decision_cells(row: &DecisionRow, view: &View<'_>) -> Vec<Cell> {
    let role = row::role(row.clock.standing);
    let sign = row::sign(row.clock.standing);
    vec![
        row::due_cell(Some(&row.clock), view.me.today),
        Cell::role(format!("{sign}{}", standing(row, view)), role),
        row::maybe(row.officer.as_ref()),
        Cell::role(row::flat(&row.text), Role::Title),
        Cell::text(row.title.clone()),
    ]
}

impl Default for MeetingScreen {
    fn default() -> Self {
        Self::new()
    }
}

impl Screen for MeetingScreen {
    fn name(&self) -> &'static str {
        "meeting"
    }

    fn wants(&self) -> Vec<Request> {
        let of = |part| DecisionQuery { part, most: ROWS_MAX, ..DecisionQuery::default() };
        vec![match self.part {
            Part::Tabled => Request::Meeting,
            Part::Owed => Request::Decisions(of(DecisionPart::Owed)),
            Part::Done => Request::Decisions(of(DecisionPart::Done)),
        }]
    }

    fn prints(&self) -> Option<Print> {
        let has_any = self.part == Part::Tabled && !self.matters().is_empty();
        has_any.then_some(Print::Meeting)
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        match (reply, self.part) {
            (Reply::Meeting(list), _) => self.list = Some(list),
            (Reply::Decisions(page), Part::Done) => self.done = Some(page.rows),
            (Reply::Decisions(page), _) => self.owed = Some(page.rows),
            _ => {}
        }
        let n_rows = self.n_rows();
        self.roll.settle(n_rows);
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let kinds = [Kind::Case, Kind::Decision, Kind::Officer];
        notice.everything || notice.touched.iter().any(|record| kinds.contains(&record.kind))
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        match nav {
            Nav::Open => self.open(view),
            Nav::NextPane => self.turn(1),
            Nav::PreviousPane => self.turn(Part::ALL.len() - 1),
            _ => {
                let n_rows = self.n_rows();
                self.roll.on(nav, n_rows)
            }
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane]
    }

    fn selected(&self) -> Selection {
        if let Some(row) = self.matter() {
            return Selection {
                record: Some(row.case.id.into()),
                version: Some(row.case.version),
                name: format!("{} {}", row.case.number, row.case.title),
                permits: row.permits.clone(),
                ..Selection::default()
            };
        }
        let Some(row) = self.decision() else { return Selection::default() };
        Selection {
            record: Some(row.id.into()),
            version: Some(row.version),
            name: row::flat(&row.text),
            permits: row.permits.clone(),
            ..Selection::default()
        }
    }

    fn resized(&mut self, area: Rect) {
        let told = if area.height >= TELLS_FROM { TOLD_LINES } else { 0 };
        let height = usize::from(area.height.saturating_sub(told)).saturating_sub(LINES_ABOVE);
        self.roll.height = height.max(1);
        let n_rows = self.n_rows();
        self.roll.settle(n_rows);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        row::paint(frame, area, &[self.head(view, width)]);
        let list = row::below(area, 1);
        if self.n_rows() == 0 {
            row::paint(frame, list, &self.empty(view, width));
            return None;
        }
        let rows = u16::try_from(self.roll.height + 1).unwrap_or(u16::MAX);
        let table = Rect { height: list.height.min(rows), ..list };
        self.table(view).draw(table, frame.buffer_mut(), view.look);
        if area.height >= TELLS_FROM {
            let below = row::below(area, usize::from(area.height - TOLD_LINES));
            let name = Cell::role(self.selected().name, Role::Group);
            let more = self.roll.has_more_below(self.n_rows());
            let more = more.then(|| Cell::role(locale::text(view.lang, "row.more"), Role::Dim));
            let mut lines = vec![row::rule(view, &[name], more.as_slice(), width)];
            lines.extend(self.told(view, width));
            row::paint(frame, below, &lines);
        }
        None
    }
}
