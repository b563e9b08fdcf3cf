//! Units and the people who work there: two lists, in a fixed order that no count changes.
//!
//! Villages stand in the order of their kinds and numbers, never by how many petitions come from
//! them. What is selected can be corrected by the form of its act; the server gives its values.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::print::Print;
use crate::api::reply::{OfficerRow, Reply, UnitRow};
use crate::api::request::{Request, Whose};
use crate::domain::act::Act;
use crate::domain::ids::{Kind, OfficerId};
use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::handover::HandoverScreen;
use crate::tui::screen::plain::PlainScreen;
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, filter, row, sheet_of};
use crate::tui::text::wrap;
use crate::tui::widget::input::{Editor, Typed};
use crate::tui::widget::table::{Cell, Mark, Row, Table};

pub mod sheet;

/// The most characters of the text that narrows the list.
const CHARS_MAX: usize = 60;
/// The lines of the head and of the titles.
const LINES_ABOVE: usize = 2;
/// The lines below the list: who works there, and which villages are looked after.
const TOLD_LINES: u16 = 4;
/// From this height on they are shown.
const TELLS_FROM: u16 = 10;

/// The parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Units,
    Officers,
}

/// Units and officers.
pub struct UnitsScreen {
    part: Part,
    units: Vec<UnitRow>,
    officers: Vec<OfficerRow>,
    n_answers: u8,
    text: String,
    text_box: Option<Editor>,
    roll: Roll,
}

impl Default for UnitsScreen {
    fn default() -> Self {
        Self {
            part: Part::Units,
            units: Vec::new(),
            officers: Vec::new(),
            n_answers: 0,
            text: String::new(),
            text_box: None,
            roll: Roll::default(),
        }
    }
}

/// The value of a field among those of a row.
fn value<'v>(values: &'v [(String, String)], field: &str) -> &'v str {
    values.iter().find(|(name, _)| name == field).map_or("", |(_, text)| text.as_str())
}

impl UnitsScreen {
    /// The units.
    pub fn new() -> Self {
        Self::default()
    }

    fn fits(&self, values: &[(String, String)]) -> bool {
        self.text.is_empty() || values.iter().any(|(_, text)| text.contains(&self.text))
    }

    /// The units in sight of the filter: by kind, those that ended last.
    fn shown_units(&self) -> Vec<&UnitRow> {
        let mut rows: Vec<&UnitRow> =
            self.units.iter().filter(|row| self.fits(&row.values)).collect();
        rows.sort_by_key(|row| (!row.exists, row.kind, row.id));
        rows
    }

    fn shown_officers(&self) -> Vec<&OfficerRow> {
        let mut rows: Vec<&OfficerRow> =
            self.officers.iter().filter(|row| self.fits(&row.values)).collect();
        rows.sort_by_key(|row| (!row.in_office, row.id));
        rows
    }

    fn n_rows(&self) -> usize {
        match self.part {
            Part::Units => self.units.iter().filter(|row| self.fits(&row.values)).count(),
            Part::Officers => self.officers.iter().filter(|row| self.fits(&row.values)).count(),
        }
    }

    /// The daily reminder of the selected officer.
    fn page(&self) -> Step {
        let rows = self.shown_officers();
        match rows.get(self.roll.at).filter(|_| self.part == Part::Officers) {
            Some(row) => {
                let whose = (Whose::Officer(row.id), Some(row.name.clone()));
                Step::Push(Box::new(PlainScreen::due(whose, None)))
            }
            None => Step::Pass,
        }
    }

    fn go(&mut self, nav: Nav) -> Step {
        self.roll.go(nav, self.n_rows());
        Step::Stay
    }

    /// Opens the sheet of a unit; who may not read it corrects it, as all correct an officer.
    fn open(&self, view: &View<'_>) -> Step {
        if self.n_rows() == 0 {
            return Step::Stay;
        }
        let reads = !view.me.denied.contains(&Act::ReadUnit);
        let units = self.shown_units();
        let unit = units.get(self.roll.at).filter(|_| self.part == Part::Units && reads);
        if let Some(sheet) = unit.and_then(|unit| sheet_of(unit.id.into(), view)) {
            return Step::Push(sheet);
        }
        Step::Run(match self.part {
            Part::Units => "edit_unit",
            Part::Officers => "edit_officer",
        })
    }

    fn narrow(&mut self, text: String) -> Step {
        self.text = text;
        (self.roll.at, self.roll.top) = (0, 0);
        Step::Stay
    }

    fn typed_in(&mut self, mut text_box: Editor, key: Key) -> Step {
        match key {
            Key::Enter => return Step::Stay,
            Key::Esc => return self.narrow(String::new()),
            _ => {}
        }
        let typed = text_box.take(key);
        let text = text_box.text().trim().to_owned();
        self.text_box = Some(text_box);
        match (typed, key) {
            (Typed::Changed { .. }, _) => self.narrow(text),
            (Typed::Full { most }, _) => filter::full(most),
            (Typed::NotMine, Key::Up) => self.go(Nav::Up),
            (Typed::NotMine, Key::Down) => self.go(Nav::Down),
            (Typed::Moved | Typed::NotMine, _) => Step::Stay,
        }
    }

    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let fill = |key: &str, value: &str| locale::fill(view.lang, key, &[("value", value)]);
        let tabs = ["units.units", "units.officers"].map(|key| locale::text(view.lang, key));
        let mut cells = vec![row::tabs(&tabs, usize::from(self.part == Part::Officers))];
        if self.text_box.is_some() {
            cells.push(Cell::role(fill("units.only", ""), Role::Key));
            return row::strip(view, &cells, width);
        }
        if !self.text.is_empty() {
            cells.push(Cell::role(fill("units.only", &self.text), Role::Input));
        }
        let count = fill("units.count", &self.n_rows().to_string());
        row::sides(view, &cells, &[Cell::role(count, Role::Dim)], width)
    }

    fn table(&self, view: &View<'_>) -> Table {
        let (columns, cells) = match self.part {
            Part::Units => (
                vec![
                    row::flex(view, "units.name", 12),
                    row::fixed(view, "units.kind", 10),
                    row::fixed(view, "units.head", 8),
                    row::fixed(view, "units.phone", 13),
                    row::fixed(view, "units.population", 8),
                    row::fixed(view, "units.looked_after_by", 12),
                ],
                self.shown_units().into_iter().map(|unit| unit_cells(unit, view)).collect(),
            ),
            Part::Officers => (
                vec![
                    row::fixed(view, "units.officer", 8),
                    row::flex(view, "units.post", 10),
                    row::fixed(view, "units.unit", 14),
                    row::fixed(view, "units.phone", 13),
                    row::fixed(view, "units.leads", 6),
                    row::fixed(view, "units.is_head", 6),
                    row::fixed(view, "units.n_cases", 5),
                ],
                self.shown_officers()
                    .into_iter()
                    .map(|officer| officer_cells(officer, view))
                    .collect::<Vec<Vec<Cell>>>(),
            ),
        };
        let rows = cells.into_iter().skip(self.roll.top).take(self.roll.height);
        let rows = rows.map(|cells| Row::Cells { cells, mark: Mark::Off }).collect();
        let selected = (self.n_rows() > 0).then(|| self.roll.at.saturating_sub(self.roll.top));
        Table { columns, rows, selected }
    }

    /// Who works in the selected unit, and which villages it looks after.
    fn told(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let units = self.shown_units();
        let Some(unit) = units.get(self.roll.at).filter(|_| self.part == Part::Units) else {
            return Vec::new();
        };
        let people = self.officers.iter().filter(|officer| officer.in_office);
        let people = people.filter(|officer| officer.unit.as_ref() == Some(&unit.name));
        let people: Vec<&str> = people.map(|officer| officer.name.as_str()).collect();
        let villages = self.units.iter().filter(|other| other.exists);
        let villages =
            villages.filter(|other| value(&other.values, "looked_after_by") == unit.name);
        let villages: Vec<&str> = villages.map(|other| other.name.as_str()).collect();
        let texts = [("units.people", people), ("units.villages", villages)];
        let texts = texts.into_iter().filter(|(_, names)| !names.is_empty());
        let texts: Vec<String> = texts
            .map(|(key, names)| locale::fill(view.lang, key, &[("names", names.join(" "))]))
            .collect();
        let lines = texts.iter().flat_map(|text| wrap(text, width.saturating_sub(1).max(1)));
        lines.map(|text| row::strip(view, &[Cell::role(text, Role::Hint)], width)).collect()
    }

    fn empty(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let key = match (self.n_answers < 2, self.text.is_empty()) {
            (true, _) => "row.waiting",
            (false, false) => "units.empty.narrowed",
            (false, true) => "units.empty",
        };
        vec![Line::default(), row::strip(view, &[Cell::text(locale::text(view.lang, key))], width)]
    }
}

fn unit_cells(unit: &UnitRow, view: &View<'_>) -> Vec<Cell> {
    let role = if unit.exists { Role::Text } else { Role::Dim };
    let mut name = Cell::role(unit.name.clone(), role);
    if !unit.exists {
        name = name.and(locale::text(view.lang, "units.ended"), Role::Dim);
    }
    let kind = locale::text(view.lang, &format!("choice.unit_kind.{}", unit.kind.word()));
    let mut cells = vec![name, Cell::role(kind, role)];
    let fields = ["head", "phone", "population", "looked_after_by"];
    cells.extend(fields.map(|field| Cell::role(value(&unit.values, field).to_owned(), role)));
    cells
}

fn officer_cells(officer: &OfficerRow, view: &View<'_>) -> Vec<Cell> {
    let role = if officer.in_office { Role::Text } else { Role::Dim };
    let yes =
        |is_so: bool| if is_so { locale::text(view.lang, "units.yes") } else { String::new() };
    let mut post = Cell::role(officer.post.clone().unwrap_or_default(), role);
    if !officer.in_office {
        post = post.and(locale::text(view.lang, "units.left"), Role::Dim);
    }
    vec![
        Cell::role(officer.name.clone(), role),
        post,
        Cell::role(officer.unit.clone().unwrap_or_default(), role),
        Cell::role(value(&officer.values, "phone").to_owned(), role),
        Cell::role(yes(officer.leads), role),
        Cell::role(yes(officer.head), role),
        Cell::role(officer.n_cases.to_string(), role),
    ]
}

impl Screen for UnitsScreen {
    fn name(&self) -> &'static str {
        "units"
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Units, Request::Officers]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        match reply {
            Reply::Units(rows) => self.units = rows,
            Reply::Officers(rows) => self.officers = rows,
            _ => return Step::Stay,
        }
        self.n_answers = self.n_answers.saturating_add(1);
        self.roll.settle(self.n_rows());
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let is_shown = |kind| matches!(kind, Kind::Unit | Kind::Officer);
        notice.everything || notice.touched.iter().any(|record| is_shown(record.kind))
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        match nav {
            Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown | Nav::First | Nav::Last => {
                self.go(nav)
            }
            Nav::Row(_) => self.go(nav),
            Nav::Open => self.open(view),
            Nav::NextPane | Nav::PreviousPane => {
                self.part = match self.part {
                    Part::Units => Part::Officers,
                    Part::Officers => Part::Units,
                };
                self.narrow(String::new())
            }
            Nav::Filter => {
                self.text_box = Some(filter::open(&self.text, CHARS_MAX));
                Step::Stay
            }
            Nav::Sort
            | Nav::Stage
            | Nav::Clear
            | Nav::Columns
            | Nav::Views
            | Nav::Reveal
            | Nav::Left
            | Nav::Right
            | Nav::Mark
            | Nav::Tick
            | Nav::Why
            | Nav::TakeOut
            | Nav::PutIn => Step::Pass,
            Nav::Page => self.page(),
            Nav::HandOver => match self.selected().record {
                Some(record) if record.kind == Kind::Officer => {
                    Step::Push(Box::new(HandoverScreen::new(OfficerId(record.id))))
                }
                Some(_) | None => Step::Pass,
            },
        }
    }

    fn navs(&self) -> &'static [Nav] {
        match self.part {
            Part::Units => &[Nav::NextPane, Nav::PreviousPane, Nav::Filter],
            Part::Officers => {
                &[Nav::NextPane, Nav::PreviousPane, Nav::Filter, Nav::HandOver, Nav::Page]
            }
        }
    }

    fn prints(&self) -> Option<Print> {
        let rows = self.shown_officers();
        let row = rows.get(self.roll.at).filter(|_| self.part == Part::Officers)?;
        Some(Print::Leads(vec![row.id]))
    }

    fn is_typing(&self) -> bool {
        self.text_box.is_some()
    }

    fn typed(&mut self, key: Key, _view: &View<'_>) -> Step {
        match self.text_box.take() {
            Some(text_box) => self.typed_in(text_box, key),
            None => Step::Pass,
        }
    }

    fn pasted(&mut self, text: &str, _view: &View<'_>) -> Step {
        let Some(text_box) = &mut self.text_box else { return Step::Pass };
        match filter::pasted(text_box, text) {
            Ok(text) => self.narrow(text),
            Err(full) => full,
        }
    }

    fn selected(&self) -> Selection {
        let at = self.roll.at;
        let (record, version, name) = match self.part {
            Part::Units => match self.shown_units().get(at) {
                Some(unit) => (Some(unit.id.into()), Some(unit.version), unit.name.clone()),
                None => (None, None, String::new()),
            },
            Part::Officers => match self.shown_officers().get(at) {
                Some(one) => (Some(one.id.into()), Some(one.version), one.name.clone()),
                None => (None, None, String::new()),
            },
        };
        Selection { record, version, name, ..Selection::default() }
    }

    fn resized(&mut self, area: Rect) {
        let told = if area.height >= TELLS_FROM { TOLD_LINES } else { 0 };
        self.roll.height =
            usize::from(area.height.saturating_sub(told)).saturating_sub(LINES_ABOVE);
        self.roll.settle(self.n_rows());
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let head = self.head(view, width);
        let n_head = row::width_of(&head);
        row::paint(frame, area, &[head]);
        let list = row::below(area, 1);
        if self.n_rows() == 0 {
            row::paint(frame, list, &self.empty(view, width));
        } else {
            let rows = u16::try_from(self.roll.height + 1).unwrap_or(u16::MAX);
            let table = Rect { height: list.height.min(rows), ..list };
            self.table(view).draw(table, frame.buffer_mut(), view.look);
            if area.height >= TELLS_FROM {
                let below = row::below(area, usize::from(area.height - TOLD_LINES));
                let more = self.roll.has_more_below(self.n_rows());
                let more = more.then(|| Cell::role(locale::text(view.lang, "row.more"), Role::Dim));
                let name = Cell::role(locale::text(view.lang, "units.related"), Role::Group);
                let mut lines = vec![row::rule(view, &[name], more.as_slice(), width)];
                lines.extend(self.told(view, width));
                row::paint(frame, below, &lines);
            }
        }
        filter::draw(self.text_box.as_ref(), frame, (area, n_head), view)
    }
}

#[cfg(test)]
mod tests;
