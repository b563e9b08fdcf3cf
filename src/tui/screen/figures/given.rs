//! The figures that were given: all of them, the newest first, and one of them beside what is
//! counted now.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::cut::{CutQuery, GivenPage, GivenRow, GivenView};
use crate::api::door::Notice;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::ids::{GivenId, Kind};
use crate::locale;
use crate::tui::cut;
use crate::tui::look::Role;
use crate::tui::report;
use crate::tui::screen::figures::report::{height, wrapped};
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::text::Align;
use crate::tui::widget::table::{Cell, Column, Mark, Row, Table};

/// Lines above and below the list: head, titles, hint.
const FRAME_LINES: u16 = 3;

/// The part of the screen.
#[derive(Default)]
pub struct Given {
    page: Option<GivenPage>,
    /// The year that is seen; none for all of them.
    year: Option<i32>,
    roll: Roll,
}

impl Given {
    /// Takes the answer.
    pub fn got(&mut self, page: GivenPage) {
        self.roll.settle(page.rows.len());
        self.page = Some(page);
    }

    /// What it asks for.
    pub const fn wants(&self) -> Request {
        Request::Cut(CutQuery::Given { year: self.year })
    }

    /// The year before or after, among those in which some were given; all of them stand first.
    fn turn(&mut self, nav: Nav) -> Step {
        let years = self.page.iter().flat_map(|page| &page.years).copied().map(Some);
        let years: Vec<Option<i32>> = std::iter::once(None).chain(years).collect();
        let at = years.iter().position(|year| *year == self.year).unwrap_or(0);
        let by = if nav == Nav::Right { 1 } else { years.len() - 1 };
        self.year = years.get((at + by) % years.len()).copied().flatten();
        self.roll = Roll { at: 0, top: 0, ..self.roll };
        Step::Ask
    }

    /// Whether a change touches it.
    pub fn touched(notice: &Notice) -> bool {
        let shows = |kind| matches!(kind, Kind::Given | Kind::Officer);
        notice.everything || notice.touched.iter().any(|record| shows(record.kind))
    }

    fn rows(&self) -> &[GivenRow] {
        self.page.as_ref().map_or(&[], |page| &page.rows)
    }

    /// Moves, and opens the selected figure.
    pub fn on(&mut self, nav: Nav) -> Step {
        let n_rows = self.rows().len();
        match nav {
            Nav::Open => self.open(),
            Nav::Left | Nav::Right => self.turn(nav),
            Nav::Row(_) => {
                self.roll.go(nav, n_rows);
                self.open()
            }
            _ => self.roll.on(nav, n_rows),
        }
    }

    fn open(&self) -> Step {
        match self.rows().get(self.roll.at) {
            Some(own) => Step::Push(Box::new(GivenScreen::new(own.id))),
            None => Step::Stay,
        }
    }

    /// What is selected.
    pub fn selected(&self) -> Selection {
        let own = self.rows().get(self.roll.at);
        own.map_or_else(Selection::default, |own| Selection {
            record: Some(own.id.into()),
            name: format!("{} {}", own.on, own.to),
            ..Selection::default()
        })
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
        let head = [tabs, Cell::role(self.count(view), Role::Title)];
        let year = match self.year {
            Some(year) => locale::fill(view.lang, "given.year", &[("year", year.to_string())]),
            None => locale::text(view.lang, "given.years"),
        };
        let year = Cell::role(format!("[{year}]"), Role::Title);
        row::paint(frame, area, &[row::sides(view, &head, &[year], width)]);
        let (list, bottom) = row::hinted(row::below(area, 1));
        if self.rows().is_empty() {
            let key = if self.page.is_some() { "given.empty" } else { "row.waiting" };
            let text = Cell::text(locale::text(view.lang, key));
            return row::paint(frame, list, &[Line::default(), row::strip(view, &[text], width)]);
        }
        let shown = self.rows().iter().skip(self.roll.top).take(self.roll.height);
        let columns = columns(view, width);
        let cells = |own| {
            let cells = cut::given_cells(view.lang, own).into_iter().map(Cell::text);
            cells.take(columns.len()).collect()
        };
        let rows = shown.map(|own| Row::Cells { cells: cells(own), mark: Mark::Off }).collect();
        let table = Table { columns, rows, selected: self.roll.at.checked_sub(self.roll.top) };
        table.draw(list, frame.buffer_mut(), view.look);
        if let Some(bottom) = bottom {
            let hint = Cell::role(locale::text(view.lang, "given.hint"), Role::Hint);
            let more = self.roll.has_more_below(self.rows().len());
            row::paint(frame, bottom, &[row::foot(view, &[hint], more, width)]);
        }
    }

    /// How many there are, and how many of them are listed if not all.
    fn count(&self, view: &View<'_>) -> String {
        let (n_rows, n_all) =
            (self.rows().len() as u64, self.page.as_ref().map_or(0, |own| own.n_all));
        if n_rows >= n_all {
            return row::counted(view, "given.count", n_rows);
        }
        let args = [("shown", n_rows.to_string()), ("count", n_all.to_string())];
        locale::fill(view.lang, "given.count_of", &args)
    }
}

fn columns(view: &View<'_>, width: usize) -> Vec<Column> {
    let mut columns = vec![
        row::fixed(view, "given.on", 10),
        row::flex(view, "given.what", 30),
        Column { align: Align::Right, ..row::fixed(view, "given.value", 6) },
        row::fixed(view, "given.to", 14),
        row::words(view, "given.by", (8, 8)),
    ];
    if width >= 100 {
        columns.push(row::flex(view, "given.text", 6));
    }
    columns
}

/// One figure then and now, as text without borders.
pub struct GivenScreen {
    id: GivenId,
    view: Option<Box<GivenView>>,
    top: usize,
    area: Rect,
}

impl GivenScreen {
    /// The figure of that number.
    pub fn new(id: GivenId) -> Self {
        Self { id, view: None, top: 0, area: Rect::default() }
    }

    fn lines(&self, view: &View<'_>) -> Vec<String> {
        match &self.view {
            Some(own) => wrapped(&report::text(&cut::given_said(view.lang, own)), self.area.width),
            None => vec![locale::text(view.lang, "row.waiting")],
        }
    }
}

impl Screen for GivenScreen {
    fn name(&self) -> &'static str {
        "given"
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Cut(CutQuery::Figure(self.id))]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        if let Reply::GivenFigure(view) = reply {
            self.view = Some(view);
        }
        Step::Stay
    }

    fn touched(&self, _notice: &Notice) -> bool {
        // Its days are counted anew for it, so it waits until it is opened again.
        false
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        let height = height(self.area);
        let last = self.lines(view).len().saturating_sub(height);
        match nav.moved(self.top, (height, last)) {
            Some(top) => self.top = top,
            None => return Step::Pass,
        }
        Step::Stay
    }

    fn navs(&self) -> &'static [Nav] {
        &[]
    }

    fn selected(&self) -> Selection {
        Selection { record: Some(self.id.into()), ..Selection::default() }
    }

    fn resized(&mut self, area: Rect) {
        self.area = area;
        self.top = 0;
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let shown = self.lines(view).into_iter().skip(self.top).take(height(area));
        let shown: Vec<Line<'_>> =
            shown.map(|line| Line::raw(view.look.shown(&line).into_owned())).collect();
        row::paint(frame, area, &shown);
        if let Some(bottom) = row::bottom(area, 1) {
            let hint = Cell::role(locale::text(view.lang, "given.sheet_hint"), Role::Hint);
            row::paint(frame, bottom, &[row::strip(view, &[hint], usize::from(area.width))]);
        }
        None
    }
}
