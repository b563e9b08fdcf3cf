//! Many cases given to somebody else, or put into a class or under a target: those of the list as
//! it is filtered, or the marked ones of them.
//!
//! The server says for each whether it can go there; nothing is closed here, and nothing is changed
//! without a reason.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::handover::{AssignRow, AssignTerms, HANDED_MAX};
use crate::api::reply::Reply;
use crate::api::request::{CaseQuery, ROWS_MAX, Request, Way};
use crate::domain::field::FieldKind;
use crate::domain::handover::{Shown, format_shown};
use crate::domain::ids::{CaseId, Kind, OfficerId, UnitId};
use crate::locale;
use crate::tui::command;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::filter::{self, Meant};
use crate::tui::screen::picker::Picker;
use crate::tui::screen::roll::{Roll, toggle};
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::widget::input::Editor;
use crate::tui::widget::table::{Cell, Column, Mark, Row, Table};

/// Lines above and below the list: title, heads of columns, hint.
const FRAME_LINES: u16 = 3;

/// What can be given, in the order of Tab.
const GIVEN: [What; 5] = [
    What::Picked("assign_lead", "lead"),
    What::Picked("allot", "unit"),
    What::Picked("hand_to", "handler"),
    What::Typed("class", FieldKind::Line { most: CHARS_MAX }),
    What::Typed("agreed_on", FieldKind::Date),
];
/// The most characters of what is typed.
const CHARS_MAX: usize = 60;

/// One thing that can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// Somebody whom the picker of that command chooses, for the field of that name.
    Picked(&'static str, &'static str),
    /// A value of that field of a case, which is typed.
    Typed(&'static str, FieldKind),
}

impl What {
    const fn field(self) -> &'static str {
        match self {
            Self::Picked(_, field) | Self::Typed(field, _) => field,
        }
    }

    fn label(self, view: &View<'_>) -> String {
        let key = match self {
            Self::Picked(command, _) => format!("cmd.{command}"),
            Self::Typed(field, _) => format!("field.case.{field}"),
        };
        locale::text(view.lang, &key)
    }
}

/// The preview.
pub struct AssignScreen {
    query: CaseQuery,
    /// The cases, once all pages have come.
    cases: Vec<CaseId>,
    is_read: bool,
    what: usize,
    /// The number of whom was picked, or what was typed.
    to: Option<String>,
    /// The box in which a value is typed, while it is open.
    text_box: Option<Editor>,
    rows: Vec<AssignRow>,
    marked: Vec<CaseId>,
    roll: Roll,
}

impl AssignScreen {
    /// The preview for the cases of a list.
    pub fn new(query: CaseQuery) -> Self {
        Self {
            query: CaseQuery { from: None, way: Way::Forward, most: ROWS_MAX, ..query },
            cases: Vec::new(),
            is_read: false,
            what: 0,
            to: None,
            text_box: None,
            rows: Vec::new(),
            marked: Vec::new(),
            roll: Roll::default(),
        }
    }

    /// The preview for cases that were marked.
    pub fn of(cases: Vec<CaseId>) -> Self {
        Self { cases, is_read: true, ..Self::new(CaseQuery::default()) }
    }

    fn given(&self) -> What {
        let [first, ..] = GIVEN;
        GIVEN.get(self.what).copied().unwrap_or(first)
    }

    /// Takes what was typed, if it is a value of its field.
    fn take(&mut self, text: &str, view: &View<'_>) -> Step {
        let What::Typed(_, kind) = self.given() else { return Step::Stay };
        match kind.parse(text, view.me.today) {
            Ok(value) if !value.is_null() => {
                self.text_box = None;
                self.to = Some(kind.format(&value));
                Step::Ask
            }
            Ok(_) => {
                self.text_box = None;
                Step::Stay
            }
            Err(why) => Step::Say(format!("wrong.{why}"), Vec::new()),
        }
    }

    /// The cases that would go.
    fn going(&self) -> Vec<Shown> {
        let is_meant = |id: CaseId| self.marked.is_empty() || self.marked.contains(&id);
        let goes = self.rows.iter().filter(|own| own.why.is_none() && self.to.is_some());
        let goes = goes.filter(|own| is_meant(own.row.id));
        goes.map(|own| Shown { case: own.row.id, version: Some(own.row.version) }).collect()
    }

    fn columns(&self, view: &View<'_>) -> Vec<Column> {
        let held = match self.given() {
            What::Picked(..) => vec![
                row::fixed(view, "row.lead", 8),
                row::fixed(view, "row.unit", 10),
                row::fixed(view, "assign.handler", 8),
            ],
            What::Typed(field, _) => vec![
                row::fixed(view, "row.unit", 12),
                row::fixed(view, &format!("field.case.{field}"), 15),
            ],
        };
        let mut columns =
            vec![row::fixed(view, "row.number", 13), row::flex(view, "row.title", 12)];
        columns.extend(held);
        columns.push(row::words(view, "handover.result", (18, 20)));
        columns
    }

    fn cells(&self, own: &AssignRow, view: &View<'_>) -> Vec<Cell> {
        let unit = row::maybe(own.row.unit.as_ref());
        let day = own.agreed_on.map(|day| row::day(day, view.me.today));
        let held = match self.given() {
            What::Picked(..) => {
                vec![row::maybe(own.row.lead.as_ref()), unit, row::maybe(own.handler.as_ref())]
            }
            What::Typed("class", _) => vec![unit, row::maybe(own.class.as_ref())],
            What::Typed(..) => vec![unit, row::maybe(day.as_ref())],
        };
        let mut cells =
            vec![Cell::text(own.row.number.clone()), Cell::text(row::title(&own.row, view.lang))];
        cells.extend(held);
        cells.push(self.result(own, view));
        cells
    }

    fn result(&self, own: &AssignRow, view: &View<'_>) -> Cell {
        let is_left = !self.marked.is_empty() && !self.marked.contains(&own.row.id);
        match (&own.why, &self.to) {
            _ if is_left => Cell::role(locale::text(view.lang, "assign.unmarked"), Role::Dim),
            (Some((key, args)), _) => {
                let args: Vec<(&str, String)> =
                    args.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
                Cell::role(locale::fill(view.lang, key, &args), Role::Warning)
            }
            (None, Some(to)) => {
                let text = match self.given() {
                    What::Picked(..) => locale::text(view.lang, "assign.goes"),
                    What::Typed(..) => {
                        locale::fill(view.lang, "assign.becomes", &[("value", to.clone())])
                    }
                };
                Cell::role(text, Role::Ok)
            }
            (None, None) => {
                let key = match self.given() {
                    What::Picked(_, "unit") => "assign.no_unit",
                    What::Picked(..) => "handover.nobody",
                    What::Typed(..) => "assign.nothing",
                };
                Cell::role(locale::text(view.lang, key), Role::Dim)
            }
        }
    }

    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let tabs = GIVEN.map(|what| what.label(view));
        let args = [
            ("count", self.rows.len().to_string()),
            ("marked", self.marked.len().to_string()),
            ("goes", self.going().len().to_string()),
        ];
        let counts = Cell::text(locale::fill(view.lang, "assign.counts", &args));
        if self.text_box.is_some() {
            let name = Cell::role(format!("{}:", self.given().label(view)), Role::Key);
            return row::before_box(view, (&[], &[counts]), name, width);
        }
        let title = Cell::role(locale::text(view.lang, "cmd.assign_many"), Role::Title);
        row::yielding(view, (&[row::tabs(&tabs, self.what)], &[title]), &[counts], width)
    }
}

impl Screen for AssignScreen {
    fn name(&self) -> &'static str {
        "assign_many"
    }

    fn wants(&self) -> Vec<Request> {
        if !self.is_read {
            return vec![Request::Cases(self.query.clone())];
        }
        let of = |field: &str| self.to.clone().filter(|_| self.given().field() == field);
        let id = |field: &str| of(field).and_then(|text| text.parse().ok());
        vec![Request::TryAssign(AssignTerms {
            cases: self.cases.clone(),
            lead: id("lead").map(OfficerId),
            unit: id("unit").map(UnitId),
            handler: id("handler").map(OfficerId),
            class: of("class"),
            agreed_on: of("agreed_on").and_then(|text| text.parse().ok()),
        })]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        match reply {
            Reply::Cases(page) => {
                self.query.from = page.rows.last().map(|row| row.cursor.clone());
                self.cases.extend(page.rows.iter().map(|row| row.id));
                self.cases.truncate(HANDED_MAX);
                self.is_read = !page.after || self.cases.len() >= HANDED_MAX;
                Step::Ask
            }
            Reply::Assign(view) => {
                self.rows = view.rows;
                let n_rows = self.rows.len();
                self.roll.settle(n_rows);
                Step::Stay
            }
            _ => Step::Stay,
        }
    }

    fn touched(&self, notice: &Notice) -> bool {
        let kinds = [Kind::Case, Kind::Officer, Kind::Unit];
        notice.everything || notice.touched.iter().any(|record| kinds.contains(&record.kind))
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        let n_rows = self.rows.len();
        match nav {
            // What is typed is seen in the rows before it is given.
            Nav::Tick if self.text_box.is_some() => {
                let typed = self.text_box.as_ref().map(|own| own.text().to_owned());
                self.take(&typed.unwrap_or_default(), view)
            }
            Nav::NextPane | Nav::Right | Nav::PreviousPane | Nav::Left => {
                let is_next = matches!(nav, Nav::NextPane | Nav::Right);
                let steps = if is_next { 1 } else { GIVEN.len() - 1 };
                self.what = (self.what + steps) % GIVEN.len();
                (self.to, self.text_box) = (None, None);
                Step::Ask
            }
            Nav::Open if n_rows == 0 => Step::Stay,
            Nav::Open => {
                let (word, field) = match self.given() {
                    What::Picked(word, field) => (word, field),
                    What::Typed(..) => {
                        let typed = self.to.clone().unwrap_or_default();
                        self.text_box = Some(filter::open(&typed, CHARS_MAX));
                        return Step::Stay;
                    }
                };
                let args = [n_rows, self.marked.len()];
                let count = if self.marked.is_empty() { args[0] } else { args[1] };
                match command::find(word) {
                    Some(command) => {
                        let name = format!("({count})");
                        let selection = Selection { name, ..Selection::default() };
                        Step::Lay(Box::new(Picker::new((command, field), &selection, "")))
                    }
                    None => Step::Pass,
                }
            }
            Nav::Mark => {
                if let Some(id) = self.rows.get(self.roll.at).map(|own| own.row.id) {
                    toggle(&mut self.marked, id);
                }
                self.roll.go(Nav::Down, n_rows);
                Step::Stay
            }
            Nav::Tick if self.going().is_empty() => {
                Step::Say("assign.choose_first".to_owned(), Vec::new())
            }
            Nav::Tick => Step::Run("assign_many"),
            _ => self.roll.on(nav, n_rows),
        }
    }

    fn labels(&self) -> &'static [(Nav, &'static str)] {
        &[(Nav::Tick, "cmd.tick.go")]
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane, Nav::Left, Nav::Right, Nav::Mark, Nav::Tick]
    }

    fn chosen(&mut self, id: u64, _view: &View<'_>) -> Step {
        self.to = Some(id.to_string());
        Step::Ask
    }

    fn is_typing(&self) -> bool {
        self.text_box.is_some()
    }

    fn typed(&mut self, key: Key, view: &View<'_>) -> Step {
        let typed = self.text_box.as_ref().map(|text_box| text_box.text().to_owned());
        match (key, typed) {
            (Key::Enter, Some(text)) => self.take(&text, view),
            // Esc lets what was typed go, and what stood there before stays.
            (Key::Esc, _) => {
                self.text_box = None;
                Step::Stay
            }
            _ => match filter::typed(&mut self.text_box, key) {
                Meant::Narrow(_) => Step::Stay,
                Meant::Go(nav) => self.on(nav, view),
                Meant::Step(step) => step,
            },
        }
    }

    fn pasted(&mut self, text: &str, _view: &View<'_>) -> Step {
        let Some(text_box) = &mut self.text_box else { return Step::Pass };
        filter::pasted(text_box, text).map_or_else(|full| full, |_| Step::Stay)
    }

    fn selected(&self) -> Selection {
        let own = self.rows.get(self.roll.at);
        let cases = format_shown(&self.going());
        let field = self.given().field();
        let mut given = vec![("cases".to_owned(), cases.clone())];
        for what in GIVEN {
            let to = self.to.clone().filter(|_| what.field() == field);
            given.push((what.field().to_owned(), to.unwrap_or_default()));
        }
        given.push(("previewed".to_owned(), cases));
        Selection {
            record: own.map(|own| own.row.id.into()),
            version: own.map(|own| own.row.version),
            name: format!("({})", self.going().len()),
            given,
            ..Selection::default()
        }
    }

    fn resized(&mut self, area: Rect) {
        self.roll.height = usize::from(area.height.saturating_sub(FRAME_LINES)).max(1);
        let n_rows = self.rows.len();
        self.roll.settle(n_rows);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let head = self.head(view, width);
        let n_head = row::width_of(&head);
        row::paint(frame, area, &[head]);
        let (list, bottom) = row::hinted(row::below(area, 1));
        if self.rows.is_empty() {
            let key = if self.is_read { "assign.empty" } else { "row.waiting" };
            let text = Cell::text(locale::text(view.lang, key));
            row::paint(frame, list, &[Line::default(), row::strip(view, &[text], width)]);
            return None;
        }
        let shown = self.rows.iter().skip(self.roll.top).take(self.roll.height);
        let rows = shown.map(|own| {
            let mark = if self.marked.contains(&own.row.id) { Mark::On } else { Mark::Off };
            Row::Cells { cells: self.cells(own, view), mark }
        });
        let table = Table {
            columns: self.columns(view),
            rows: rows.collect(),
            selected: Some(self.roll.at.saturating_sub(self.roll.top)),
        };
        table.draw(list, frame.buffer_mut(), view.look);
        if let Some(bottom) = bottom {
            let why = self.rows.get(self.roll.at).filter(|own| own.why.is_some());
            let hint = match why {
                Some(own) => self.result(own, view),
                None => Cell::role(locale::text(view.lang, "assign.hint"), Role::Hint),
            };
            row::paint(frame, bottom, &[row::strip(view, &[hint], width)]);
        }
        filter::draw(self.text_box.as_ref(), frame, (area, n_head), view)
    }
}

#[cfg(test)]
mod tests;
