//! The sheet of a unit: what it is, who works there, and what the office recorded about it, the
//! newest first, with the selected record in full below.
//!
//! It counts no petitions: a village is not measured by how many its people made.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::api::unit::{UnitPerson, UnitSheet};
use crate::domain::ids::{Kind, RecordRef, UnitId};
use crate::domain::unit_note::UnitNote;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::loaded::Loaded;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::text::{pad_right, wrap};
use crate::tui::widget::table::{Cell, Mark, Row, Table, follow};

/// The columns of a label.
const LABEL: usize = 14;
/// The lines in which the selected record is told, with their rule.
const TOLD_LINES: u16 = 8;

/// The sheet.
pub struct UnitScreen {
    id: UnitId,
    sheet: Loaded<UnitSheet>,
    /// The selected record.
    at: usize,
    height: usize,
}

impl UnitScreen {
    /// The sheet of a unit.
    pub fn new(id: UnitId) -> Self {
        Self { id, sheet: Loaded::Waiting, at: 0, height: 1 }
    }

    /// The records, the newest first.
    fn notes(&self) -> Vec<(u32, &UnitNote)> {
        let notes = self.sheet.get().into_iter().flat_map(|sheet| &sheet.notes);
        let mut notes: Vec<_> = notes.map(|(number, note)| (*number, note)).collect();
        notes.sort_by_key(|(number, note)| std::cmp::Reverse((note.on, *number)));
        notes
    }

    /// Which record a correction is about.
    fn given(&self) -> Vec<(String, String)> {
        let number = self.notes().get(self.at).map(|(number, _)| number.to_string());
        number.map(|number| ("note".to_owned(), number)).into_iter().collect()
    }

    fn head(&self, sheet: &UnitSheet, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let kind = locale::text(view.lang, &format!("choice.unit_kind.{}", sheet.row.kind.word()));
        let mut title = vec![Cell::role(sheet.row.name.clone(), Role::Title), Cell::text(kind)];
        if !sheet.row.exists {
            title.push(Cell::role(locale::text(view.lang, "units.ended"), Role::Warning));
        }
        let mut lines = vec![row::strip(view, &title, width)];
        let label = |name: &str, text: &str| {
            let cell = Cell::role(pad_right(name, LABEL), Role::Dim);
            row::strip(view, &[cell.and(format!(" {text}"), Role::Text)], width)
        };
        for field in ["head", "phone", "population", "looked_after_by", "code", "ended_on"] {
            let found = sheet.row.values.iter().find(|(name, _)| name == field);
            let found = found.filter(|(_, text)| !text.trim().is_empty());
            let name = locale::text(view.lang, &format!("field.unit.{field}"));
            lines.extend(found.map(|(_, text)| label(&name, text)));
        }
        let people: Vec<String> = sheet.people.iter().map(person).collect();
        let lists = [("unit.people", people), ("unit.villages", sheet.villages.clone())];
        for (key, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
            let (name, text) = (locale::text(view.lang, key), names.join("  "));
            let room = width.saturating_sub(LABEL + 1).max(2);
            for (at, part) in wrap(&text, room).iter().enumerate() {
                lines.push(label(if at == 0 { &name } else { "" }, part.trim_start()));
            }
        }
        lines
    }

    /// So many records around the selected one.
    fn table(&self, view: &View<'_>, n_shown: usize) -> Table {
        let columns = vec![
            row::fixed(view, "unit.day", 10),
            row::words(view, "unit.kind_of_note", (14, 26)),
            row::fixed(view, "unit.decided_by", 16),
            row::flex(view, "unit.why", 10),
        ];
        let notes = self.notes();
        let first = follow(0, self.at, n_shown);
        let rows = notes.iter().skip(first).take(n_shown).map(|(_, note)| {
            let kind = format!("choice.note_kind.{}", note.kind.word());
            let cells = vec![
                Cell::text(row::day(note.on, view.me.today)),
                Cell::role(locale::text(view.lang, &kind), Role::Title),
                Cell::text(note.decided_by.clone()),
                Cell::text(row::flat(&note.why)),
            ];
            Row::Cells { cells, mark: Mark::Off }
        });
        let rows: Vec<Row> = rows.collect();
        Table { columns, rows, selected: Some(self.at.saturating_sub(first)) }
    }

    /// The selected record in full.
    fn told(&self, sheet: &UnitSheet, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let notes = self.notes();
        let Some((_, note)) = notes.get(self.at) else { return Vec::new() };
        let by = note.by.and_then(|by| sheet.officers.get(&by).cloned());
        let entered = [
            ("day", row::day(note.entered_on, view.me.today)),
            ("who", by.unwrap_or_else(|| row::NOTHING.to_owned())),
        ];
        let mut lines = Vec::new();
        let mut say = |name: String, text: &str| {
            let room = width.saturating_sub(LABEL + 1).max(2);
            for (at, part) in wrap(&row::flat(text), room).iter().enumerate() {
                let name = if at == 0 { name.as_str() } else { "" };
                let cell = Cell::role(pad_right(name, LABEL), Role::Dim);
                let cell = cell.and(format!(" {part}"), Role::Text);
                lines.push(row::strip(view, &[cell], width));
            }
        };
        let label = |field: &str| locale::text(view.lang, &format!("field.note_unit.{field}"));
        say(label("decided_by"), &note.decided_by);
        say(label("why"), &note.why);
        for (field, text) in [("follows", &note.follows), ("document", &note.document)] {
            if let Some(text) = text {
                say(label(field), text);
            }
        }
        say(
            locale::text(view.lang, "unit.entered"),
            &locale::fill(view.lang, "roster.day_who", &entered),
        );
        lines
    }
}

/// A name with post and telephone.
fn person(own: &UnitPerson) -> String {
    let parts = [Some(&own.name), own.post.as_ref(), own.phone.as_ref()];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}

impl Screen for UnitScreen {
    fn name(&self) -> &'static str {
        "unit"
    }

    fn stands_on(&self) -> Option<RecordRef> {
        self.sheet.get().map(|_| self.id.into())
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Unit { id: self.id }]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        if let Reply::Unit(sheet) = reply {
            self.sheet = Loaded::There(sheet);
            self.at = self.at.min(self.notes().len().saturating_sub(1));
        }
        Step::Stay
    }

    fn refused(&mut self, _place: usize, refusal: &Refusal) -> Step {
        self.sheet.refused(refusal);
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let kinds = [Kind::Unit, Kind::Officer];
        notice.everything || notice.touched.iter().any(|record| kinds.contains(&record.kind))
    }

    fn on(&mut self, nav: Nav, _view: &View<'_>) -> Step {
        let last = self.notes().len().saturating_sub(1);
        let Some(at) = nav.moved(self.at, (self.height, last)) else { return Step::Pass };
        self.at = at;
        Step::Stay
    }

    fn navs(&self) -> &'static [Nav] {
        &[]
    }

    fn selected(&self) -> Selection {
        let Some(sheet) = self.sheet.get() else { return Selection::default() };
        Selection {
            record: Some(self.id.into()),
            version: Some(sheet.row.version),
            name: sheet.row.name.clone(),
            permits: sheet.permits.clone(),
            given: self.given(),
            ..Selection::default()
        }
    }

    fn resized(&mut self, area: Rect) {
        self.height = usize::from(area.height / 2).max(1);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let Some(sheet) = self.sheet.get() else {
            self.sheet.draw_absence(frame, area, ("unit.gone", view));
            return None;
        };
        let mut lines = self.head(sheet, view, width);
        let n_notes = self.notes().len();
        let args = [("count", n_notes.to_string())];
        let heading = Cell::role(locale::fill(view.lang, "unit.notes", &args), Role::Group);
        lines.push(row::rule(view, &[heading], &[], width));
        row::paint(frame, area, &lines);
        let list = row::below(area, lines.len());
        if n_notes == 0 {
            let text = locale::text(view.lang, "unit.no_notes");
            let parts = wrap(&text, width.saturating_sub(1).max(2)).into_iter();
            let lines = parts.map(|part| row::strip(view, &[Cell::text(part)], width));
            row::paint(frame, list, &lines.collect::<Vec<_>>());
            return None;
        }
        let told = TOLD_LINES.min(list.height / 2);
        let n_shown = usize::from(list.height.saturating_sub(told + 1)).clamp(1, n_notes);
        let table = self.table(view, n_shown);
        let n_list = u16::try_from(table.rows.len() + 1).unwrap_or(u16::MAX).min(list.height);
        table.draw(Rect { height: n_list, ..list }, frame.buffer_mut(), view.look);
        let below = row::below(list, usize::from(n_list));
        let more = follow(0, self.at, n_shown) + n_shown < n_notes;
        let more = more.then(|| Cell::role(locale::text(view.lang, "row.more"), Role::Dim));
        let title = self.notes().get(self.at).map(|(number, note)| {
            let kind = format!("choice.note_kind.{}", note.kind.word());
            let kind = locale::text(view.lang, &kind);
            Cell::role(format!("{number} {kind}"), Role::Group)
        });
        let title: Vec<Cell> = title.into_iter().collect();
        let mut lines = vec![row::rule(view, &title, more.as_slice(), width)];
        lines.extend(self.told(sheet, view, width));
        row::paint(frame, below, &lines);
        None
    }
}
