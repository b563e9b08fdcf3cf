//! What the ledger counts: open matters by stage, leader and responsible unit, and the month.
//!
//! Enter opens the list that a number counts.

use std::cell;
use std::time::{Duration, Instant};

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::api::door::Notice;
use crate::api::figure::{CountRow, CountView, Counted};
use crate::domain::ids::Kind;
use crate::domain::listing::Column as By;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::arrange::value_text;
use crate::tui::screen::cases::CasesScreen;
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Step, View, row};
use crate::tui::text::Align;
use crate::tui::widget::table::{Cell, Column, Mark, Row, Table};

/// Lines above and below the list: head, the month, titles, hint.
const FRAME_LINES: u16 = 4;
/// How long a count is good enough while others go on changing what it counts.
const REST: Duration = Duration::from_secs(10);

/// The part of the screen.
#[derive(Default)]
pub struct Counts {
    view: Option<CountView>,
    /// When that came.
    got_at: Option<Instant>,
    /// Whether something changed since that is not counted yet.
    is_stale: cell::Cell<bool>,
    roll: Roll,
}

impl Counts {
    /// Takes the answer.
    pub fn got(&mut self, view: CountView) {
        self.roll.settle(view.rows.len());
        self.view = Some(view);
        self.got_at = Some(Instant::now());
        self.is_stale.set(false);
    }

    /// Whether to count again at once after a change: all open matters are looked at each time, so
    /// that soon after the last count it waits for the next key.
    pub fn touched(&self, notice: &Notice) -> bool {
        let counts = |kind| matches!(kind, Kind::Case | Kind::Officer | Kind::Unit);
        if !notice.everything && !notice.touched.iter().any(|record| counts(record.kind)) {
            return false;
        }
        let is_soon = self.got_at.is_some_and(|at| at.elapsed() < REST);
        self.is_stale.set(is_soon);
        !is_soon
    }

    fn rows(&self) -> &[CountRow] {
        self.view.as_ref().map_or(&[], |view| &view.rows)
    }

    /// Moves, and opens the list that the selected number counts.
    pub fn on(&mut self, nav: Nav) -> Step {
        match nav {
            Nav::Open => self.open(),
            Nav::Row(_) => {
                self.roll.go(nav, self.rows().len());
                self.open()
            }
            Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown | Nav::First | Nav::Last => {
                self.roll.go(nav, self.rows().len());
                if self.is_stale.take() { Step::Ask } else { Step::Stay }
            }
            _ => Step::Pass,
        }
    }

    fn open(&self) -> Step {
        let Some(own) = self.rows().get(self.roll.at) else { return Step::Stay };
        let value = (own.value.clone(), own.name.clone());
        Step::Push(Box::new(CasesScreen::of_all(own.by, value)))
    }

    /// How much room it has.
    pub fn resized(&mut self, area: Rect) {
        self.roll.height = usize::from(area.height.saturating_sub(FRAME_LINES)).max(1);
        let n_rows = self.rows().len();
        self.roll.settle(n_rows);
    }

    /// Draws it, with the names of the parts before its head.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, (view, tabs): (&View<'_>, Cell)) {
        let width = usize::from(area.width);
        let Some(own) = &self.view else {
            let waiting = Cell::text(locale::text(view.lang, "row.waiting"));
            row::paint(frame, area, &[row::strip(view, &[tabs, waiting], width)]);
            return;
        };
        let Counted { open, late, week } = own.open;
        let fill =
            |key: &str, count: u64| locale::fill(view.lang, key, &[("count", count.to_string())]);
        let cut = own.cut.then(|| locale::text(view.lang, "count.cut"));
        let stale = self.is_stale.get().then(|| locale::text(view.lang, "count.stale"));
        let said = cut.into_iter().chain(stale);
        let cut: Vec<Cell> = said.map(|text| Cell::role(text, Role::Warning)).collect();
        let head = [
            tabs,
            Cell::role(fill("count.open", open), Role::Title),
            Cell::role(fill("count.late", late), if late > 0 { Role::Late } else { Role::Dim }),
            Cell::role(fill("count.week", week), if week > 0 { Role::Soon } else { Role::Dim }),
        ];
        let month = own.month.format("%Y-%m").to_string();
        let month = [
            Cell::text(locale::fill(view.lang, "count.month", &[("month", month)])),
            Cell::text(fill("count.came", own.came)),
            Cell::text(fill("count.over", own.over)),
        ];
        let lines = [row::sides(view, &head, &cut, width), row::strip(view, &month, width)];
        row::paint(frame, area, &lines);
        let (list, bottom) = row::hinted(row::below(area, lines.len()));
        let shown = self.rows().iter().enumerate().skip(self.roll.top).take(self.roll.height);
        let rows =
            shown.map(|(at, own)| Row::Cells { cells: self.cells(at, own, view), mark: Mark::Off });
        let table = Table {
            columns: columns(view),
            rows: rows.collect(),
            selected: self.roll.at.checked_sub(self.roll.top),
        };
        table.draw(list, frame.buffer_mut(), view.look);
        if let Some(bottom) = bottom {
            let more = self.roll.has_more_below(self.rows().len());
            let hint = [Cell::role(locale::text(view.lang, "count.hint"), Role::Hint)];
            row::paint(frame, bottom, &[row::foot(view, &hint, more, width)]);
        }
    }

    /// By what is counted is said on the first row of each and on the first that is seen.
    fn cells(&self, at: usize, own: &CountRow, view: &View<'_>) -> Vec<Cell> {
        let before = at.checked_sub(1).and_then(|before| self.rows().get(before));
        let is_first = at == self.roll.top || before.is_none_or(|before| before.by != own.by);
        let by = if is_first { locale::text(view.lang, by_key(own.by)) } else { String::new() };
        let value = value_text(view.lang, own.by, (&own.value, own.name.as_deref()));
        let number = |count: u64, role: Role| match count {
            0 => Cell::role("0", Role::Dim),
            count => Cell::role(count.to_string(), role),
        };
        vec![
            Cell::role(by, Role::Group),
            Cell::text(value),
            number(own.counted.open, Role::Text),
            number(own.counted.late, Role::Late),
            number(own.counted.week, Role::Soon),
        ]
    }
}

const fn by_key(by: By) -> &'static str {
    match by {
        By::Stage => "count.by.stage",
        By::Lead => "count.by.lead",
        _ => "count.by.unit",
    }
}

fn columns(view: &View<'_>) -> Vec<Column> {
    let number = |key: &str| Column { align: Align::Right, ..row::fixed(view, key, 6) };
    vec![
        row::words(view, "count.by", (10, 8)),
        row::flex(view, "count.value", 16),
        number("count.title.open"),
        number("count.title.late"),
        number("count.title.week"),
    ]
}
