//! Figures in four parts: the indicators of the plan against population and last year, what the
//! ledger counts now, counts on demand, and the figures that were given.
//!
//! Indicators are totals from superiors' bulletins, typed in month by month. Nothing here names a
//! person, and units are never put in an order of how much comes from them.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::figure::{FigureRow, FigureRule, FigureStanding, FigureView};
use crate::api::print::Print;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::ids::Kind;
use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::arrange::Arrange;
use crate::tui::screen::figures::counting::Counting;
use crate::tui::screen::figures::counts::Counts;
use crate::tui::screen::figures::given::Given;
use crate::tui::screen::figures::report::ReportScreen;
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::text::Align;
use crate::tui::widget::table::{Cell, Column, Mark, Row, Rule, Table};

/// Lines above and below the list: head, titles, months, source.
const FRAME_LINES: u16 = 4;

mod choose;
mod counting;
mod counts;
mod given;
mod report;

/// The parts of the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Indicators,
    Counts,
    Counting,
    Given,
}

/// All parts, in the order of their names.
const PARTS: [Part; 4] = [Part::Indicators, Part::Counts, Part::Counting, Part::Given];

impl Part {
    fn turned(self, by: usize) -> Self {
        let at = PARTS.iter().position(|own| *own == self).unwrap_or(0);
        PARTS.get((at + by) % PARTS.len()).copied().unwrap_or_default()
    }
}

/// The screen.
#[derive(Default)]
pub struct FiguresScreen {
    part: Part,
    counts: Counts,
    counting: Counting,
    given: Given,
    view: Option<Box<FigureView>>,
    /// The year; the present one until the answer is there.
    year: Option<i32>,
    roll: Roll,
}

impl FiguresScreen {
    /// The indicators of the present year.
    pub fn new() -> Self {
        Self::default()
    }

    /// The counts on demand.
    pub fn counting() -> Self {
        Self { part: Part::Counting, ..Self::default() }
    }

    fn rows(&self) -> &[FigureRow] {
        self.view.as_ref().map_or(&[], |view| &view.rows)
    }

    fn tabs(&self, view: &View<'_>) -> Cell {
        let names = ["indicators", "counts", "counting", "given"];
        let names = names.map(|key| locale::text(view.lang, &format!("figure.part.{key}")));
        row::tabs(&names, PARTS.iter().position(|own| *own == self.part).unwrap_or(0))
    }

    fn turn(&mut self, years: i32) -> Step {
        let Some(view) = &self.view else { return Step::Stay };
        self.year = Some((view.year + years).clamp(2000, 2199));
        Step::Ask
    }

    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let Some(own) = &self.view else {
            return row::strip(view, &[Cell::text(locale::text(view.lang, "row.waiting"))], width);
        };
        let count = |wanted: FigureStanding| {
            own.rows.iter().filter(|row| row.standing == wanted).count().to_string()
        };
        let args = [
            ("year", own.year.to_string()),
            ("population", own.population.to_string()),
            ("met", count(FigureStanding::Met)),
            ("level", count(FigureStanding::Level)),
            ("missed", count(FigureStanding::Missed)),
            ("unknown", count(FigureStanding::Unknown)),
        ];
        let kept = [
            self.tabs(view),
            Cell::role(locale::fill(view.lang, "figure.title", &args), Role::Title),
        ];
        let rest = [Cell::text(locale::fill(view.lang, "figure.population", &args))];
        let right = [Cell::text(locale::fill(view.lang, "figure.counts", &args))];
        row::yielding(view, (&kept, &rest), &right, width)
    }

    /// The months of the selected indicator, and from where the newest is known.
    fn told(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let Some(own) = self.rows().get(self.roll.at) else { return Vec::new() };
        let months = own.months.iter().enumerate().map(|(at, value)| {
            let value = value.map_or_else(|| "-".to_owned(), |value| value.to_string());
            let args = [("month", (at + 1).to_string()), ("value", value)];
            locale::fill(view.lang, "figure.month", &args)
        });
        let months = months.collect::<Vec<_>>().join(" ");
        let source = match &own.newest {
            Some((source, on, by)) => {
                let args = [
                    ("source", source.clone()),
                    ("day", row::day(*on, view.me.today)),
                    ("by", by.clone().unwrap_or_else(|| row::NOTHING.to_owned())),
                ];
                locale::fill(view.lang, "figure.source", &args)
            }
            None => locale::text(view.lang, "figure.none"),
        };
        let note = note(own, view);
        let cells = [Cell::role(source, Role::Hint), Cell::role(note, Role::Warning)];
        let more = self.roll.has_more_below(self.rows().len());
        vec![row::strip(view, &[Cell::text(months)], width), row::foot(view, &cells, more, width)]
    }
}

/// What must be known beside the number.
fn note(own: &FigureRow, view: &View<'_>) -> String {
    let gaps = [("count", own.gaps.to_string())];
    if own.gaps > 0 {
        return locale::fill(view.lang, "figure.note.gaps", &gaps);
    }
    let key = match (own.standing, own.rule, own.measure.as_str()) {
        (FigureStanding::Level, ..) => "figure.note.level",
        (FigureStanding::Unknown, FigureRule::Less, _) if own.total.is_some() => {
            "figure.note.last_year"
        }
        (_, _, "person") if own.total.is_some_and(|total| total > 0) => "figure.note.person",
        _ => return String::new(),
    };
    locale::text(view.lang, key)
}

/// By what an indicator is measured, in words.
fn target(rule: FigureRule, view: &View<'_>) -> String {
    match rule {
        FigureRule::Zero => locale::text(view.lang, "figure.rule.zero"),
        FigureRule::Less => locale::text(view.lang, "figure.rule.less"),
        FigureRule::Ceiling(per) => {
            locale::fill(view.lang, "figure.rule.ceiling", &[("per", per.to_string())])
        }
    }
}

const fn role(standing: FigureStanding) -> Role {
    match standing {
        FigureStanding::Unknown => Role::Dim,
        FigureStanding::Met | FigureStanding::Level => Role::Ok,
        FigureStanding::Missed => Role::Late,
    }
}

const fn sign(standing: FigureStanding) -> &'static str {
    match standing {
        FigureStanding::Unknown => "?",
        FigureStanding::Met => "x",
        FigureStanding::Level => "=",
        FigureStanding::Missed => "!",
    }
}

fn columns(view: &View<'_>, width: usize) -> Vec<Column> {
    let number = |key: &str, (zh, en): (u16, u16)| Column {
        align: Align::Right,
        ..row::words(view, key, (zh, en))
    };
    let mut columns = vec![
        row::fixed(view, "figure.code", 4),
        Column {
            title: locale::text(view.lang, "figure.name"),
            rule: Rule::Flex(14),
            align: Align::Left,
        },
        row::words(view, "figure.target", (13, 13)),
        number("figure.total", (5, 5)),
        number("figure.until", (4, 5)),
        number("figure.last", (8, 9)),
        number("figure.ceiling", (4, 4)),
        number("figure.left", (4, 4)),
        row::words(view, "figure.standing", (6, 8)),
    ];
    if width >= 100 {
        columns.push(row::words(view, "figure.measure", (6, 7)));
    }
    columns
}

fn cells(own: &FigureRow, view: &View<'_>) -> Vec<Cell> {
    let number = |value: Option<u64>| {
        Cell::text(value.map_or_else(|| row::NOTHING.to_owned(), |value| value.to_string()))
    };
    let role = role(own.standing);
    let name = locale::text(view.lang, &format!("choice.indicator.{}", own.key.word()));
    let standing = locale::text(view.lang, &format!("figure.standing.{}", own.standing.word()));
    let signed = [("sign", sign(own.standing)), ("standing", standing.as_str())];
    let left = own.headroom.map_or_else(|| row::NOTHING.to_owned(), |left| left.to_string());
    vec![
        Cell::text(own.key.word()),
        Cell::text(name),
        Cell::text(target(own.rule, view)),
        number(own.total),
        Cell::text(own.until.map_or_else(String::new, |month| {
            locale::fill(view.lang, "figure.until.month", &[("month", month.to_string())])
        })),
        number(own.last_year),
        number(own.ceiling),
        Cell::role(left, role),
        Cell::role(locale::fill(view.lang, "figure.signed", &signed), role),
        Cell::text(locale::text(view.lang, &format!("figure.measure.{}", own.measure))),
    ]
}

impl Screen for FiguresScreen {
    fn name(&self) -> &'static str {
        "figures"
    }

    fn wants(&self) -> Vec<Request> {
        match self.part {
            Part::Indicators => vec![Request::Figures { year: self.year }],
            Part::Counts => vec![Request::Counts],
            Part::Counting => vec![self.counting.wants()],
            Part::Given => vec![self.given.wants()],
        }
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        match reply {
            Reply::Figures(view) => {
                self.view = Some(view);
                self.roll.settle(self.rows().len());
            }
            Reply::Counts(view) => self.counts.got(*view),
            Reply::Cut(view) => self.counting.got(*view),
            Reply::Given(page) => self.given.got(page),
            _ => {}
        }
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let kinds = match self.part {
            Part::Indicators => [Kind::Indicator, Kind::Office],
            Part::Counts => return self.counts.touched(notice),
            // All receipts of its days are looked at for it: it waits until it is asked for again.
            Part::Counting => return false,
            Part::Given => return Given::touched(notice),
        };
        notice.everything || notice.touched.iter().any(|record| kinds.contains(&record.kind))
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        self.counting.shown_in(view.lang);
        match nav {
            Nav::NextPane | Nav::PreviousPane => {
                let by = if nav == Nav::NextPane { 1 } else { PARTS.len() - 1 };
                self.part = self.part.turned(by);
                Step::Ask
            }
            _ if self.part == Part::Counting => self.counting.on(nav, view),
            Nav::Page => Step::Push(Box::new(ReportScreen::default())),
            _ if self.part == Part::Counts => self.counts.on(nav),
            _ if self.part == Part::Given => self.given.on(nav),
            Nav::Open => Step::Run("enter_figure"),
            Nav::Left => self.turn(-1),
            Nav::Right => self.turn(1),
            Nav::Sort
            | Nav::Filter
            | Nav::Stage
            | Nav::Clear
            | Nav::Columns
            | Nav::Views
            | Nav::Reveal
            | Nav::Mark
            | Nav::Tick
            | Nav::HandOver
            | Nav::TakeOut
            | Nav::PutIn => Step::Pass,
            _ => {
                self.roll.go(nav, self.rows().len());
                Step::Stay
            }
        }
    }

    fn navs(&self) -> &'static [Nav] {
        match self.part {
            Part::Indicators => {
                &[Nav::NextPane, Nav::PreviousPane, Nav::Left, Nav::Right, Nav::Page]
            }
            Part::Counts => &[Nav::NextPane, Nav::PreviousPane, Nav::Page],
            Part::Given => &[Nav::NextPane, Nav::PreviousPane, Nav::Left, Nav::Right, Nav::Page],
            Part::Counting => &[
                Nav::NextPane,
                Nav::PreviousPane,
                Nav::Left,
                Nav::Right,
                Nav::Stage,
                Nav::Columns,
                Nav::Views,
                Nav::Page,
            ],
        }
    }

    fn arrange(&mut self, arrange: Arrange, view: &View<'_>) -> Step {
        self.counting.shown_in(view.lang);
        self.counting.arrange(arrange)
    }

    fn prints(&self) -> Option<Print> {
        (self.part == Part::Counting).then(|| Print::Cut(self.counting.cut()))
    }

    fn is_typing(&self) -> bool {
        self.part == Part::Counting && self.counting.is_plain()
    }

    fn typed(&mut self, key: Key, _view: &View<'_>) -> Step {
        self.counting.typed(key)
    }

    fn selected(&self) -> Selection {
        match self.part {
            Part::Counting => return self.counting.selected(),
            Part::Given => return self.given.selected(),
            Part::Indicators | Part::Counts => {}
        }
        let is_indicator = self.part == Part::Indicators;
        let own = self.rows().get(self.roll.at).filter(|_| is_indicator);
        let (Some(view), Some(own)) = (&self.view, own) else {
            return Selection::default();
        };
        Selection {
            name: format!("{} {}", own.key.word(), view.year),
            permits: view.permits.clone(),
            given: vec![
                ("indicator".to_owned(), own.key.word().to_owned()),
                ("year".to_owned(), view.year.to_string()),
            ],
            ..Selection::default()
        }
    }

    fn resized(&mut self, area: Rect) {
        self.roll.height = usize::from(area.height.saturating_sub(FRAME_LINES));
        self.roll.settle(self.rows().len());
        self.counts.resized(area);
        self.counting.resized(area);
        self.given.resized(area);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let tabs = self.tabs(view);
        match self.part {
            Part::Indicators => self.draw_indicators(frame, area, view),
            Part::Counts => self.counts.draw(frame, area, (view, tabs)),
            Part::Counting => self.counting.draw(frame, area, (view, tabs)),
            Part::Given => self.given.draw(frame, area, (view, tabs)),
        }
        None
    }
}

impl FiguresScreen {
    fn draw_indicators(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) {
        let width = usize::from(area.width);
        row::paint(frame, area, &[self.head(view, width)]);
        let list = row::below(area, 1);
        let told = self.told(view, width);
        let n_told = u16::try_from(told.len()).unwrap_or(0);
        let height = list.height.saturating_sub(n_told);
        let list = Rect { height, ..list };
        let rows = self.rows().iter().skip(self.roll.top).take(usize::from(height));
        let table = Table {
            columns: columns(view, width),
            rows: rows.map(|own| Row::Cells { cells: cells(own, view), mark: Mark::Off }).collect(),
            selected: self.roll.at.checked_sub(self.roll.top),
        };
        table.draw(list, frame.buffer_mut(), view.look);
        let n_above = usize::from(height) + 1;
        row::paint(frame, row::below(area, n_above), &told);
    }
}

#[cfg(test)]
mod tests;
