//! The ledger beside an export of the state system: lists by what was found, each with its count.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::compare::{CompareRow, CompareView, Found};
use crate::api::print::Print;
use crate::api::refusal::Refusal;
use crate::locale;
use crate::tui::incoming::{Matching, Origin, Outcome, Work, differs};
use crate::tui::look::Role;
use crate::tui::screen::case::CaseScreen;
use crate::tui::screen::import::name;
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Screen, Step, View, row};
use crate::tui::widget::table::{Cell, Mark, Row, Table};

/// Lines above and below the list: title, lists, days, titles of columns, hint.
const FRAME_LINES: u16 = 5;

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It is to be read.
    Wanted,
    /// It is being read.
    Reading,
    /// It is read, or cannot be.
    Read,
}

/// The screen.
pub struct CompareScreen {
    origin: Origin,
    /// The name under which its rows are kept aside.
    file: String,
    view: Option<Box<CompareView>>,
    state: State,
    /// The rows that are the same are fetched once their list is looked at.
    matching: Matching,
    /// The list that is seen.
    part: usize,
    roll: Roll,
}

impl CompareScreen {
    /// The ledger beside a file, or beside pasted cells.
    pub fn new(origin: Origin) -> Self {
        Self {
            origin,
            file: String::new(),
            view: None,
            state: State::Wanted,
            matching: Matching::Counted,
            part: 0,
            roll: Roll::default(),
        }
    }

    fn found(&self) -> Found {
        Found::ALL.get(self.part).copied().unwrap_or(Found::Same)
    }

    fn rows(&self) -> Vec<&CompareRow> {
        let rows = self.view.iter().flat_map(|view| &view.rows);
        rows.filter(|row| row.found == self.found()).collect()
    }

    fn open(&self) -> Step {
        match self.rows().get(self.roll.at).and_then(|row| row.case) {
            Some(case) => Step::Push(Box::new(CaseScreen::new(case))),
            None => Step::Say("compare.not_here".to_owned(), Vec::new()),
        }
    }

    fn turn(&mut self, nav: Nav) -> Step {
        let n_parts = Found::ALL.len();
        let steps = if nav == Nav::PreviousPane { n_parts - 1 } else { 1 };
        self.part = (self.part + steps) % n_parts;
        self.roll = Roll { height: self.roll.height, ..Roll::default() };
        if self.found() != Found::Same || self.matching == Matching::Listed {
            return Step::Stay;
        }
        (self.matching, self.state) = (Matching::Listed, State::Wanted);
        Step::Ask
    }

    fn settle(&mut self) {
        let n_rows = self.rows().len();
        self.roll.settle(n_rows);
    }

    /// The lists with their counts, the one that is seen in brackets.
    fn tabs(&self, view: &View<'_>) -> Cell {
        let names = Found::ALL.map(|found| {
            let counts = self.view.iter().flat_map(|view| &view.counts);
            let count = counts.filter(|(own, _)| *own == found).map(|(_, n)| *n).sum::<u64>();
            let name = locale::text(view.lang, &format!("compare.part.{}", found.word()));
            format!("{name}{count}")
        });
        row::tabs(&names, self.part)
    }
}

fn cells(row: &CompareRow, view: &View<'_>) -> Vec<Cell> {
    let said = match row.fields.is_empty() {
        true => row.title.clone().unwrap_or_default(),
        false => differs(view.lang, row),
    };
    vec![
        row::maybe(row.state_number.as_ref()),
        row::maybe(row.number.as_ref()),
        row::maybe(row.name.as_ref()),
        Cell::text(row::maybe_day(row.on, view.me.today)),
        Cell::text(row::flat(&said)),
    ]
}

impl Screen for CompareScreen {
    fn name(&self) -> &'static str {
        "compared"
    }

    fn prints(&self) -> Option<Print> {
        self.view.as_ref().map(|_| Print::Compare(self.file.clone()))
    }

    fn work(&mut self) -> Option<Work> {
        if self.state != State::Wanted {
            return None;
        }
        self.state = State::Reading;
        Some(Work::Compare(self.origin.clone(), self.matching))
    }

    fn worked(&mut self, outcome: Result<Outcome, Refusal>) -> Step {
        match outcome {
            Ok(Outcome::Compared(file, view)) => {
                (self.file, self.view, self.state) = (file, Some(view), State::Read);
            }
            Ok(Outcome::Going(_)) => return Step::Stay,
            // What was read before is of rows that are not kept aside any more.
            Ok(_) | Err(_) => (self.view, self.state) = (None, State::Read),
        }
        self.settle();
        Step::Stay
    }

    fn on(&mut self, nav: Nav, _view: &View<'_>) -> Step {
        match nav {
            Nav::Open => self.open(),
            Nav::NextPane | Nav::PreviousPane => self.turn(nav),
            Nav::Tick => {
                self.state = State::Wanted;
                Step::Ask
            }
            _ => {
                let n_rows = self.rows().len();
                self.roll.on(nav, n_rows)
            }
        }
    }

    fn labels(&self) -> &'static [(Nav, &'static str)] {
        &[(Nav::Tick, "cmd.tick.again")]
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane, Nav::Tick]
    }

    fn clicked(&mut self, at: Position, area: Rect, _view: &View<'_>) -> Step {
        let line = at.y.checked_sub(area.y + FRAME_LINES - 1);
        let n_rows = self.rows().len();
        if self.roll.click(line, n_rows) { self.open() } else { Step::Stay }
    }

    fn resized(&mut self, area: Rect) {
        self.roll.height = usize::from(area.height.saturating_sub(FRAME_LINES)).max(1);
        self.settle();
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let title = Cell::role(locale::text(view.lang, "cmd.compare"), Role::Title);
        let days = self.view.as_ref().and_then(|view| view.days);
        let days = match (days, &self.view) {
            (Some((first, last)), _) => {
                let args = [("first", first.to_string()), ("last", last.to_string())];
                locale::fill(view.lang, "compare.days", &args)
            }
            (None, Some(_)) => locale::text(view.lang, "compare.no_days"),
            (None, None) if self.state == State::Read => locale::text(view.lang, "village.unread"),
            (None, None) => locale::text(view.lang, "row.waiting"),
        };
        let lines = [
            row::sides(view, &[title], &[Cell::text(name(view, &self.origin))], width),
            row::strip(view, &[self.tabs(view)], width),
            row::strip(view, &[Cell::role(days, Role::Dim)], width),
        ];
        row::paint(frame, area, &lines);
        let (list, bottom) = row::hinted(row::below(area, lines.len()));
        let rows = self.rows();
        let shown = rows.iter().skip(self.roll.top).take(self.roll.height);
        let table = Table {
            columns: vec![
                row::fixed(view, "compare.column.state_number", 16),
                row::fixed(view, "compare.column.number", 13),
                row::fixed(view, "compare.column.name", 8),
                row::fixed(view, "compare.column.on", 10),
                row::flex(view, "compare.column.fields", 20),
            ],
            rows: shown
                .map(|row| Row::Cells { cells: cells(row, view), mark: Mark::Off })
                .collect(),
            selected: Some(self.roll.at.saturating_sub(self.roll.top)),
        };
        table.draw(list, frame.buffer_mut(), view.look);
        if rows.is_empty() && self.state == State::Read && self.view.is_some() {
            let none = Cell::role(locale::text(view.lang, "compare.none"), Role::Dim);
            row::paint(frame, row::below(list, 1), &[row::strip(view, &[none], width)]);
        }
        if let Some(bottom) = bottom {
            // A difference that the list cuts is read below it.
            let differs = rows.get(self.roll.at).map(|row| differs(view.lang, row));
            let differs = differs.filter(|text| !text.is_empty());
            let hint = differs.unwrap_or_else(|| locale::text(view.lang, "compare.hint"));
            let hint = Cell::role(hint, Role::Hint);
            row::paint(frame, bottom, &[row::strip(view, &[hint], width)]);
        }
        None
    }
}
