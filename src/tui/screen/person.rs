//! The sheet of one person: their fields, masked where the field table says so, and their cases.
//!
//! A masked value is seen in clear for a reason: one digit for a telephone, a typed reason for an ID
//! number. The reason of the first digit holds while the sheet is open; each look is logged.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::refusal::Refusal;
use crate::api::reply::{PersonSheet, Reply};
use crate::api::request::Request;
use crate::api::roster::EntryRow;
use crate::domain::field::FieldKind;
use crate::domain::ids::{Kind, PersonId, RecordRef};
use crate::domain::person::ID_REASON_MIN;
use crate::domain::schema;
use crate::domain::text::Lines;
use crate::locale;
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::look::Role;
use crate::tui::screen::copy::{self, Plain};
use crate::tui::screen::loaded::Loaded;
use crate::tui::screen::person::field::Row;
use crate::tui::screen::roster::owed::told;
use crate::tui::screen::window::{Beyond, Item, Window};
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::widget::input::{Editor, Typed};
use crate::tui::widget::table::Cell;

pub mod cases;
mod field;
mod list;
pub mod union;

/// The heading of the fields, the heading of the cases, and the titles of their columns.
const LINES_ABOVE: usize = 3;
/// The most entries of the roster that have a line of their own.
const ENTRIES_SHOWN: usize = 2;
/// The most characters of a typed reason.
const REASON_MAX: usize = 200;
/// The reasons that a digit names, in the order of the digits; texts under `person.reason.`.
const REASONS: [&str; 4] = ["phone", "delivery", "check", "document"];

/// The sheet.
pub struct PersonScreen {
    id: PersonId,
    sheet: Loaded<PersonSheet>,
    part: Part,
    /// The selected field.
    field: usize,
    cases: Window,
    area: Rect,
    ask: Ask,
    /// The reason that a digit gave.
    reason: Option<String>,
    /// Fields seen in clear, with their values.
    clear: Vec<(String, String)>,
    /// Where one is in the plain text, while that is seen.
    plain: Option<Plain>,
}

/// The parts of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Fields,
    Cases,
}

/// How far a reveal is.
#[derive(Debug)]
enum Ask {
    /// None is under way.
    Quiet,
    /// Waits for the sheet, then asks for a reason.
    Soon,
    /// Waits for the digit of a reason.
    Digit { field: String },
    /// Waits for a typed reason.
    Text { field: String, text_box: Box<Editor> },
    /// Has asked the server.
    Sent { field: String, reason: String },
}

impl PersonScreen {
    /// The sheet of a person.
    pub fn new(id: PersonId) -> Self {
        Self {
            id,
            sheet: Loaded::Waiting,
            part: Part::Fields,
            field: 0,
            cases: Window::default(),
            area: Rect::default(),
            ask: Ask::Quiet,
            reason: None,
            clear: Vec::new(),
            plain: None,
        }
    }

    /// The sheet of a person that asks at once for the reason to see the telephone.
    pub fn asking(id: PersonId) -> Self {
        Self { ask: Ask::Soon, ..Self::new(id) }
    }

    fn rows(&self) -> Vec<Row> {
        let Some(sheet) = self.sheet.get() else { return Vec::new() };
        field::rows(sheet, &self.clear)
    }

    /// The sheet as text: fields as they are seen now, and the cases.
    fn text(&self, sheet: &PersonSheet, view: &View<'_>) -> Vec<String> {
        let mut text = copy::of_table(&field::table(&self.rows(), view, None));
        text.extend(sheet.entries.iter().flat_map(|entry| {
            copy::of_lines(&[row::strip(view, &told(entry, view), copy::UNCUT)])
        }));
        text.push(String::new());
        text.extend(list::heading(view, sheet, None).pieces.into_iter().map(|(text, _)| text));
        let n_cases = self.cases.items().len();
        text.extend(copy::of_table(&list::table(&self.cases, view, n_cases, None)));
        text
    }

    /// Begins to reveal the selected field, or the first masked one if that is not masked.
    fn reveal(&mut self) -> Step {
        let rows = self.rows();
        let is_masked = |row: &&Row| row.is_masked();
        let own = rows.get(self.field).filter(|row| self.part == Part::Fields && is_masked(row));
        let Some(row) = own.or_else(|| rows.iter().find(is_masked)) else {
            return Step::Say("person.nothing_masked".to_owned(), Vec::new());
        };
        let field = row.name.clone();
        let is_id_number = schema::find(&format!("person.{field}"))
            .is_some_and(|known| known.kind == FieldKind::IdNumber);
        match (&self.reason, is_id_number) {
            (_, true) => {
                let text_box = Box::new(Editor::new(Lines::One, REASON_MAX));
                self.ask = Ask::Text { field, text_box };
            }
            (None, false) => self.ask = Ask::Digit { field },
            (Some(reason), false) => {
                self.ask = Ask::Sent { field, reason: reason.clone() };
                return Step::Ask;
            }
        }
        Step::Stay
    }

    fn digit(&mut self, field: String, key: Key, view: &View<'_>) -> Step {
        let place = match key.fold() {
            Key::Char(char @ '1'..='9') => char.to_digit(10),
            _ => None,
        };
        let place = place.and_then(|digit| usize::try_from(digit - 1).ok());
        let Some(word) = place.and_then(|place| REASONS.get(place)) else {
            if key == Key::Esc {
                self.ask = Ask::Quiet;
            }
            return Step::Stay;
        };
        let reason = locale::text(view.lang, &format!("person.reason.{word}"));
        self.reason = Some(reason.clone());
        self.ask = Ask::Sent { field, reason };
        Step::Ask
    }

    /// Takes a key into the box of the typed reason.
    fn reason_typed(&mut self, key: Key) -> Step {
        let Ask::Text { field, text_box } = &mut self.ask else { return Step::Pass };
        match key {
            Key::Enter if text_box.text().trim().chars().count() < ID_REASON_MIN => {
                Step::Say("person.reason_is_needed".to_owned(), Vec::new())
            }
            Key::Enter => {
                let reason = text_box.text().trim().to_owned();
                self.ask = Ask::Sent { field: field.clone(), reason };
                Step::Ask
            }
            Key::Esc => {
                self.ask = Ask::Quiet;
                Step::Stay
            }
            other => said(text_box.take(other)),
        }
    }

    fn take(&mut self, sheet: Box<PersonSheet>) -> Step {
        if self.sheet.get().is_some_and(|old| old.version != sheet.version) {
            // A value that was changed since has not been asked for.
            self.clear.clear();
        }
        let items = sheet.cases.iter().map(|row| Item { group: None, row: row.clone() });
        // The sheet holds all rows: no move needs others.
        let _inside = self.cases.fill(items.collect(), Beyond::default());
        self.sheet = Loaded::There(sheet);
        self.field = self.field.min(self.rows().len().saturating_sub(1));
        if matches!(self.ask, Ask::Soon) {
            self.ask = Ask::Quiet;
            return self.reveal();
        }
        Step::Stay
    }

    fn go(&mut self, nav: Nav) -> Step {
        if self.part == Part::Cases {
            let _inside = self.cases.go(nav);
            return Step::Stay;
        }
        let last = self.rows().len().saturating_sub(1);
        self.field = match nav {
            Nav::Up => self.field.saturating_sub(1),
            Nav::Down => (self.field + 1).min(last),
            Nav::PageUp | Nav::First => 0,
            Nav::PageDown | Nav::Last => last,
            Nav::Open
            | Nav::NextPane
            | Nav::PreviousPane
            | Nav::Sort
            | Nav::Filter
            | Nav::Stage
            | Nav::Clear
            | Nav::Columns
            | Nav::Views
            | Nav::Reveal
            | Nav::Left
            | Nav::Right
            | Nav::Mark
            | Nav::Tick
            | Nav::HandOver
            | Nav::TakeOut
            | Nav::PutIn
            | Nav::Page
            | Nav::Why
            | Nav::Row(_) => self.field,
        };
        Step::Stay
    }

    /// The lines that fields, their titles and the heading of the cases take.
    fn n_above(&self) -> usize {
        self.rows().len() + self.entries().len() + LINES_ABOVE
    }

    /// The entries of the roster that have a line below the fields.
    fn entries(&self) -> &[EntryRow] {
        let entries = self.sheet.get().map_or(&[][..], |sheet| sheet.entries.as_slice());
        entries.get(..ENTRIES_SHOWN).unwrap_or(entries)
    }

    fn list_height(&self, height: usize) -> usize {
        let n_question = usize::from(self.is_asking());
        height.saturating_sub(self.n_above() + n_question)
    }

    fn is_asking(&self) -> bool {
        matches!(self.ask, Ask::Digit { .. } | Ask::Text { .. })
    }

    /// The line of the question; a box for the reason begins where it ends.
    fn question(&self, view: &View<'_>, width: usize) -> Option<Line<'static>> {
        let asked = |field: &str, key: &str| {
            let label = locale::text(view.lang, &format!("field.person.{field}"));
            Cell::role(locale::fill(view.lang, key, &[("field", label)]), Role::Warning)
        };
        match &self.ask {
            Ask::Quiet | Ask::Soon | Ask::Sent { .. } => None,
            Ask::Digit { field } => {
                let mut cells = vec![asked(field, "person.why")];
                cells.extend(REASONS.iter().enumerate().map(|(place, word)| {
                    let reason = locale::text(view.lang, &format!("person.reason.{word}"));
                    Cell::role(format!("{} {reason}", place + 1), Role::Key)
                }));
                cells.push(Cell::role(locale::text(view.lang, "row.escape"), Role::Dim));
                Some(row::padded(row::strip(view, &cells, width), width))
            }
            Ask::Text { field, .. } => {
                Some(row::strip(view, &[asked(field, "person.why_typed")], width))
            }
        }
    }

    fn draw_question(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        view: &View<'_>,
    ) -> Option<Position> {
        let line = self.question(view, usize::from(area.width))?;
        let bottom = row::bottom(area, 0)?;
        let n_columns = row::width_of(&line);
        row::paint(frame, bottom, &[line]);
        let boxed = row::behind(bottom, n_columns + 1)?;
        let Ask::Text { text_box, .. } = &self.ask else { return None };
        text_box.draw(boxed, frame.buffer_mut(), view.look);
        Some(text_box.cursor_in(boxed))
    }
}

/// What a key in the box of the reason leads to.
fn said(typed: Typed) -> Step {
    match typed {
        Typed::Changed { .. } | Typed::Moved | Typed::NotMine => Step::Stay,
        Typed::Full { most } => {
            Step::Say("row.text_is_full".to_owned(), vec![("most".to_owned(), most.to_string())])
        }
    }
}

impl Screen for PersonScreen {
    fn name(&self) -> &'static str {
        "person"
    }

    /// While a reveal is under way only that is asked: each opening of the sheet is logged too.
    fn stands_on(&self) -> Option<RecordRef> {
        self.sheet.get().map(|sheet| sheet.id.into())
    }

    fn wants(&self) -> Vec<Request> {
        match &self.ask {
            Ask::Sent { field, reason } => {
                vec![Request::Reveal { id: self.id, field: field.clone(), reason: reason.clone() }]
            }
            Ask::Quiet | Ask::Soon | Ask::Digit { .. } | Ask::Text { .. } => {
                vec![Request::Person { id: self.id }]
            }
        }
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        match (reply, &self.ask) {
            (Reply::Person(sheet), _) => self.take(sheet),
            (Reply::Revealed(value), Ask::Sent { field, .. }) => {
                self.clear.retain(|(own, _)| own != field);
                self.clear.push((field.clone(), value));
                self.ask = Ask::Quiet;
                Step::Stay
            }
            _ => Step::Stay,
        }
    }

    fn refused(&mut self, _place: usize, refusal: &Refusal) -> Step {
        if matches!(self.ask, Ask::Sent { .. }) {
            self.ask = Ask::Quiet;
            return Step::Stay;
        }
        if self.sheet.refused(refusal) {
            self.clear.clear();
        }
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let Some(sheet) = self.sheet.get() else { return true };
        notice.everything
            || notice.touched.iter().any(|record| match record.kind {
                Kind::Person => record.id == self.id.0,
                Kind::Case => sheet.cases.iter().any(|case| case.id.0 == record.id),
                Kind::Unit | Kind::Officer | Kind::Office => true,
                Kind::Entry => true,
                Kind::Receipt | Kind::Clerk | Kind::Plan | Kind::Task => false,
                Kind::Decision | Kind::Duty | Kind::Indicator | Kind::View | Kind::Given => false,
            })
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        match nav {
            Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown | Nav::First | Nav::Last => {
                self.go(nav)
            }
            Nav::Open if self.part == Part::Cases => self.cases.open(view),
            Nav::Row(digit) => self.cases.open_digit(digit, view),
            Nav::NextPane | Nav::PreviousPane => {
                self.part = match self.part {
                    Part::Fields => Part::Cases,
                    Part::Cases => Part::Fields,
                };
                Step::Stay
            }
            Nav::Reveal => self.reveal(),
            Nav::Page => {
                self.plain = self.sheet.get().map(|_| Plain::new(self.area));
                Step::Stay
            }
            Nav::Open
            | Nav::Sort
            | Nav::Filter
            | Nav::Stage
            | Nav::Clear
            | Nav::Columns
            | Nav::Views
            | Nav::Left
            | Nav::Right
            | Nav::Mark
            | Nav::Tick
            | Nav::HandOver
            | Nav::TakeOut
            | Nav::PutIn
            | Nav::Why => Step::Pass,
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane, Nav::Reveal, Nav::Page]
    }

    fn is_typing(&self) -> bool {
        self.is_asking() || self.plain.is_some()
    }

    fn typed(&mut self, key: Key, view: &View<'_>) -> Step {
        if let Some(plain) = &mut self.plain {
            let step = plain.typed(key);
            self.plain = self.plain.filter(|plain| !plain.is_done());
            return step;
        }
        match &self.ask {
            Ask::Digit { field } => {
                let field = field.clone();
                self.digit(field, key, view)
            }
            Ask::Text { .. } => self.reason_typed(key),
            Ask::Quiet | Ask::Soon | Ask::Sent { .. } => Step::Pass,
        }
    }

    fn pasted(&mut self, text: &str, _view: &View<'_>) -> Step {
        match &mut self.ask {
            Ask::Text { text_box, .. } => said(text_box.paste(&Pasted::text(text))),
            Ask::Quiet | Ask::Soon | Ask::Digit { .. } | Ask::Sent { .. } => Step::Stay,
        }
    }

    fn selected(&self) -> Selection {
        let Some(sheet) = self.sheet.get() else { return Selection::default() };
        if self.part == Part::Cases && self.cases.selected().is_some() {
            let around = Some((sheet.id.into(), sheet.version));
            let case = self.cases.selected().map(|row| row.id);
            let on_case = sheet.entries.iter().filter(|entry| Some(entry.case) == case);
            let links = on_case.map(|entry| entry.id.into()).collect();
            return Selection { around, links, ..self.cases.selection() };
        }
        let name = sheet.fields.iter().find(|(field, _)| field == "name");
        Selection {
            record: Some(sheet.id.into()),
            version: Some(sheet.version),
            name: name.map(|(_, name)| name.clone()).unwrap_or_default(),
            permits: sheet.permits.clone(),
            links: sheet.entries.iter().map(|entry| entry.id.into()).collect(),
            ..Selection::default()
        }
    }

    fn resized(&mut self, area: Rect) {
        self.area = area;
        let height = self.list_height(usize::from(area.height));
        self.cases.resize(height);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let Some(sheet) = self.sheet.get() else {
            self.sheet.draw_absence(frame, area, ("person.gone", view));
            return None;
        };
        if let Some(plain) = self.plain {
            plain.draw(&self.text(sheet, view), frame, area, view);
            return None;
        }
        let at = (self.part == Part::Fields).then_some(self.field);
        row::paint(frame, area, &[row::rule(view, &[list::heading(view, sheet, at)], &[], width)]);
        let rows = self.rows();
        let fields = row::below(area, 1);
        field::table(&rows, view, at).draw(fields, frame.buffer_mut(), view.look);
        let entries = row::below(fields, rows.len());
        let told = self.entries().iter().map(|entry| row::strip(view, &told(entry, view), width));
        row::paint(frame, entries, &told.collect::<Vec<_>>());
        let cases = row::below(entries, self.entries().len());
        let height = self.list_height(usize::from(area.height));
        row::paint(frame, cases, &[list::rule(&self.cases, view, (width, height), at)]);
        let table = list::table(&self.cases, view, height, at);
        table.draw(row::below(cases, 1), frame.buffer_mut(), view.look);
        self.draw_question(frame, area, view)
    }
}

#[cfg(test)]
mod tests;
