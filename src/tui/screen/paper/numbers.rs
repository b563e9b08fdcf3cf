//! The numbers of papers of a year, by kind: which case used which, what was voided or left out and
//! why, and what nobody has explained.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::paper::{NumberRow, NumberState};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::act::Act;
use crate::domain::ids::Kind;
use crate::domain::paper::{Paper, year_of};
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::case::CaseScreen;
use crate::tui::screen::paper::{SKIPPED, voids};
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::widget::table::{Cell, Column, Mark, Row, Table};

/// Lines above and below the list: year and kind, titles of columns, hint.
const FRAME_LINES: u16 = 3;
/// The years for which one can ask.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;

/// The screen.
#[derive(Default)]
pub struct NumbersScreen {
    /// The year; none before the first look.
    year: Option<i32>,
    rows: Option<Vec<NumberRow>>,
    /// The kind that is seen; none for all.
    kind: Option<Paper>,
    roll: Roll,
}

impl NumbersScreen {
    /// The numbers of the present year.
    pub fn new() -> Self {
        Self::default()
    }

    fn rows(&self) -> impl Iterator<Item = &NumberRow> {
        let all = self.rows.as_deref().unwrap_or_default().iter();
        all.filter(|own| self.kind.is_none_or(|kind| kind == own.paper))
    }

    fn n_rows(&self) -> usize {
        self.rows().count()
    }

    fn own(&self) -> Option<&NumberRow> {
        self.rows().nth(self.roll.at)
    }

    fn year(&self, view: &View<'_>) -> i32 {
        self.year.unwrap_or_else(|| year_of(view.me.today))
    }

    /// The kinds of which there are numbers, and before them all together.
    fn kinds(&self) -> Vec<Option<Paper>> {
        let mut kinds = vec![None];
        for own in self.rows.as_deref().unwrap_or_default() {
            if !kinds.contains(&Some(own.paper)) {
                kinds.push(Some(own.paper));
            }
        }
        kinds
    }

    fn turn_kind(&mut self, by: usize) -> Step {
        let kinds = self.kinds();
        let at = kinds.iter().position(|kind| *kind == self.kind).unwrap_or(0);
        self.kind = kinds.get((at + by) % kinds.len()).copied().flatten();
        self.roll = Roll { at: 0, top: 0, ..self.roll };
        Step::Stay
    }

    fn turn_year(&mut self, by: i32, view: &View<'_>) -> Step {
        let year = (self.year(view) + by).clamp(*YEARS.start(), *YEARS.end());
        (self.year, self.rows) = (Some(year), None);
        self.roll = Roll { at: 0, top: 0, ..self.roll };
        Step::Ask
    }

    /// The sheet of the case that bears the selected number.
    fn open(&self) -> Step {
        match self.own() {
            Some(NumberRow { case_id: Some(case), .. }) => {
                Step::Push(Box::new(CaseScreen::new(*case)))
            }
            Some(_) => Step::Say("numbers.no_case".to_owned(), Vec::new()),
            None => Step::Stay,
        }
    }

    fn columns(view: &View<'_>) -> Vec<Column> {
        vec![
            row::flex(view, "numbers.number", 22),
            row::words(view, "numbers.state", (8, 9)),
            row::fixed(view, "numbers.on", 10),
            row::fixed(view, "numbers.case", 14),
            row::fixed(view, "numbers.why", 16),
        ]
    }

    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let kind = match self.kind {
            Some(kind) => locale::text(view.lang, &format!("choice.paper.{}", kind.word())),
            None => locale::text(view.lang, "numbers.all"),
        };
        // A row of a gap stands for several numbers.
        let n_of = |state| {
            let of = self.rows().filter(|own| own.state == state);
            of.map(|own| u64::from(own.until.saturating_sub(own.serial)) + 1).sum::<u64>()
        };
        let n_of = |state| n_of(state).to_string();
        let args = [
            ("year", self.year(view).to_string()),
            ("used", n_of(NumberState::Used)),
            ("voided", n_of(NumberState::Voided)),
            ("gap", n_of(NumberState::Gap)),
        ];
        let left = [
            Cell::role(locale::fill(view.lang, "numbers.title", &args), Role::Title),
            Cell::role(format!("[{kind}]"), Role::Title),
        ];
        let right = [Cell::role(locale::fill(view.lang, "numbers.count", &args), Role::Dim)];
        row::sides(view, &left, &right, width)
    }

    fn hint(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let more = self.roll.has_more_below(self.n_rows());
        let hint = Cell::role(locale::text(view.lang, "numbers.hint"), Role::Hint);
        row::foot(view, &[hint], more, width)
    }
}

fn cells(own: &NumberRow, view: &View<'_>) -> Vec<Cell> {
    let role = match own.state {
        NumberState::Used => Role::Text,
        NumberState::Voided | NumberState::Skipped | NumberState::Withheld => Role::Dim,
        NumberState::Gap => Role::Warning,
    };
    let state = locale::text(view.lang, &format!("paper.number.{}", own.state.word()));
    let sign = if own.state == NumberState::Gap { "!" } else { "" };
    let number = if own.until > own.serial {
        let until = [("number", own.number.clone()), ("until", own.until.to_string())];
        locale::fill(view.lang, "numbers.until", &until)
    } else {
        own.number.clone()
    };
    let why = match (&own.why, own.state) {
        (Some(why), _) => row::flat(why),
        (None, NumberState::Gap) => locale::text(view.lang, "numbers.unexplained"),
        (None, _) => own.by.clone().unwrap_or_default(),
    };
    vec![
        Cell::role(number, role),
        Cell::role(format!("{sign}{state}"), role),
        Cell::role(row::maybe_day(own.on, view.me.today), role),
        Cell::role(own.case.clone().unwrap_or_else(|| row::NOTHING.to_owned()), role),
        Cell::role(why, role),
    ]
}

impl Screen for NumbersScreen {
    fn name(&self) -> &'static str {
        "numbers"
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::PaperNumbers(self.year)]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        if let Reply::PaperNumbers(rows) = reply {
            self.rows = Some(rows);
            if !self.kinds().contains(&self.kind) {
                self.kind = None;
            }
            let n_rows = self.n_rows();
            self.roll.settle(n_rows);
        }
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let kinds = [Kind::Case, Kind::Office];
        notice.everything || notice.touched.iter().any(|record| kinds.contains(&record.kind))
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        let n_rows = self.n_rows();
        match nav {
            Nav::Open => self.open(),
            Nav::NextPane => self.turn_kind(1),
            Nav::PreviousPane => {
                let n_back = self.kinds().len() - 1;
                self.turn_kind(n_back)
            }
            Nav::Left => self.turn_year(-1, view),
            Nav::Right => self.turn_year(1, view),
            Nav::Row(_) => {
                self.roll.go(nav, n_rows);
                self.open()
            }
            _ => self.roll.on(nav, n_rows),
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane, Nav::Left, Nav::Right]
    }

    fn clicked(&mut self, at: Position, area: Rect, _view: &View<'_>) -> Step {
        let line = at.y.checked_sub(area.y + FRAME_LINES - 1);
        let n_rows = self.n_rows();
        if self.roll.click(line, n_rows) { self.open() } else { Step::Stay }
    }

    fn selected(&self) -> Selection {
        let own = self.own();
        // Numbers are left out in the series that is seen.
        let paper = self.kind.or_else(|| own.map(|own| own.paper));
        let begun = paper.map(|paper| (SKIPPED.to_owned(), paper.word().to_owned()));
        let skip = Selection {
            ahead: vec![Act::SkipNumbers],
            begun: begun.into_iter().collect(),
            ..Selection::default()
        };
        // One that is voided stays so: it is not offered again.
        let used = own.filter(|own| own.state == NumberState::Used);
        let Some((used, case)) = used.and_then(|used| Some((used, used.case_id?))) else {
            let case = own.and_then(|own| own.case_id);
            let name = own.and_then(|own| own.case.clone()).unwrap_or_default();
            return Selection { record: case.map(Into::into), name, ..skip };
        };
        Selection {
            record: Some(case.into()),
            name: used.number.clone(),
            ahead: vec![Act::VoidPaper, Act::SkipNumbers],
            given: voids(Some(&used.number), None),
            paper: Some(used.paper),
            ..skip
        }
    }

    fn resized(&mut self, area: Rect) {
        self.roll.height = usize::from(area.height.saturating_sub(FRAME_LINES)).max(1);
        let n_rows = self.n_rows();
        self.roll.settle(n_rows);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        row::paint(frame, area, &[self.head(view, width)]);
        let (list, bottom) = row::hinted(row::below(area, 1));
        if self.n_rows() == 0 {
            let key = if self.rows.is_some() { "numbers.empty" } else { "row.waiting" };
            let text = Cell::text(locale::text(view.lang, key));
            row::paint(frame, list, &[Line::default(), row::strip(view, &[text], width)]);
        } else {
            let shown = self.rows().skip(self.roll.top).take(self.roll.height);
            let rows = shown.map(|own| Row::Cells { cells: cells(own, view), mark: Mark::Off });
            let table = Table {
                columns: Self::columns(view),
                rows: rows.collect(),
                selected: Some(self.roll.at.saturating_sub(self.roll.top)),
            };
            table.draw(list, frame.buffer_mut(), view.look);
        }
        if let Some(bottom) = bottom {
            row::paint(frame, bottom, &[self.hint(view, width)]);
        }
        None
    }
}
