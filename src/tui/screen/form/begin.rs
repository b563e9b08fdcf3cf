//! The values that a form begins with: those of the record that it is to change.

use serde_json::Value;

use crate::api::campaign::TaskSheet;
use crate::api::duty::DutySheet;
use crate::api::listing::ViewRow;
use crate::api::meeting::DecisionPage;
use crate::api::reply::{CaseSheet, PersonSheet};
use crate::api::roster::EntrySheet;
use crate::api::unit::UnitSheet;
use crate::domain::act::Act;
use crate::domain::choice::Tie;
use crate::domain::field::FieldKind;
use crate::domain::form;
use crate::domain::ids::{Kind, OfficerId, UnitId, Version};
use crate::domain::schema::{Field, Need};
use crate::locale;
use crate::tui::screen::form::kept::Came;
use crate::tui::screen::form::{Form, Slot};
use crate::tui::screen::picker::Item;

/// Fields that one of two commands with the same act asks for, so that each asks for what it needs
/// and no more.
const ASKED: &[(&str, &[&str])] = &[
    ("approve_entry", &["told_on", "not_told", "review_on"]),
    ("tell_entry", &["told_on", "not_told"]),
];

/// Whether the form of a command asks for a field of its act.
pub fn is_asked(word: &str, field: &str) -> bool {
    let own = ASKED.iter().find(|(command, _)| *command == word);
    own.is_none_or(|(_, fields)| fields.contains(&field))
}

/// Where the field of a name stands.
pub(super) fn at(slots: &[Slot], name: &str) -> Option<usize> {
    slots.iter().position(|slot| slot.field.name() == name)
}

/// The field with which one begins where something is wanted yet: the first one that is no day that
/// stands there already. None of a form that changes what is there.
pub(super) fn wanted(slots: &[Slot], act: Act) -> Option<usize> {
    let is_wanted = |slot: &Slot| slot.field.need == Need::Required && slot.editor.is_empty();
    if form::is_edit(act) || !slots.iter().any(is_wanted) {
        return None;
    }
    let is_day = |slot: &Slot| slot.field.kind == FieldKind::Date && !slot.editor.is_empty();
    slots.iter().position(|slot| !is_day(slot))
}

/// Whether a form begins with what its case says.
pub(super) const fn reads_case(act: Act) -> bool {
    matches!(
        act,
        Act::EditCase | Act::EditReceipt | Act::CorrectStep | Act::Table | Act::ProposeEntry
    )
}

/// A value as the form of a case holds it: units and officers by their names.
pub(super) fn shown(sheet: &CaseSheet, field: &Field, value: &Value) -> Option<String> {
    let unit = |id: u64| sheet.units.get(&UnitId(id)).cloned();
    match field.kind {
        FieldKind::Link(Kind::Unit) => unit(value.as_u64()?),
        FieldKind::Link(Kind::Officer) => sheet.officers.get(&OfficerId(value.as_u64()?)).cloned(),
        FieldKind::Links(Kind::Unit) => {
            let ids = value.as_array()?.iter().filter_map(Value::as_u64);
            Some(ids.filter_map(unit).collect::<Vec<_>>().join(" "))
        }
        kind => Some(kind.format(value)),
    }
}

impl Form {
    pub(super) fn begin_case(&mut self, sheet: &CaseSheet) {
        if self.act == Act::Table {
            return self.begin_table(sheet);
        }
        let receipt = self.selection.record.filter(|record| record.kind == Kind::Receipt);
        let receipt = receipt
            .and_then(|record| sheet.receipts.iter().find(|receipt| receipt.id.0 == record.id));
        let (json, version) = match (self.act, receipt) {
            (Act::EditReceipt, Some(receipt)) => (serde_json::to_value(receipt), receipt.version),
            _ => (serde_json::to_value(&sheet.case), sheet.case.version),
        };
        let json = json.unwrap_or_default();
        self.seen.get_or_insert(version);
        self.begin(&|field: &Field| shown(sheet, field, json.get(field.name())?));
    }

    /// What the list of the meeting says of a case; what is masked stays empty, and untouched.
    fn begin_table(&mut self, sheet: &CaseSheet) {
        self.seen.get_or_insert(sheet.case.version);
        let json = serde_json::to_value(&sheet.case.tabled).unwrap_or_default();
        self.begin(&|field: &Field| {
            let text = field.kind.format(json.get(field.name())?);
            (!text.contains('*')).then_some(text)
        });
    }

    /// The present values of a decision.
    pub(super) fn begin_decision(&mut self, page: &DecisionPage) {
        let own = self.selection.of(Kind::Decision).map(|(record, _)| record.id);
        let Some(row) = page.rows.iter().find(|row| Some(row.id.0) == own) else { return };
        self.seen.get_or_insert(row.version);
        self.begin(&|field: &Field| match field.name() {
            "text" => Some(row.text.clone()),
            "officer" => row.officer.clone(),
            _ => row.clock.latest.map(|day| day.to_string()),
        });
    }

    /// Whom a proposal may name: the persons of its case; who it is and who answers, where the case
    /// says so.
    pub(super) fn begin_proposal(&mut self, sheet: &CaseSheet) {
        let item = |of: &crate::api::reply::PersonOf| Item {
            id: of.id.0,
            name: of.name.clone().unwrap_or_else(|| locale::text(self.lang, "row.anonymous")),
            note: locale::text(self.lang, &format!("choice.tie.{}", of.tie.word())),
        };
        self.persons = sheet.persons.iter().map(item).collect();
        let mut own = sheet.persons.iter().filter(|of| of.tie == Tie::Petitioner);
        let only = match (own.next(), own.next()) {
            (Some(only), None) => only.name.clone(),
            _ => None,
        };
        let officer = |id| sheet.officers.get(&id).cloned();
        let found = [
            ("person", only),
            ("lead", sheet.case.lead.and_then(officer)),
            ("officer", sheet.case.handler.and_then(officer)),
        ];
        for slot in self.slots.iter_mut().filter(|slot| slot.came == Came::Made) {
            let text = found.iter().find(|(name, _)| *name == slot.field.name());
            let text = text.and_then(|(_, text)| text.clone());
            if let Some(text) = text.filter(|_| slot.editor.is_empty()) {
                slot.editor.set_text(&text);
                slot.begun = text;
            }
        }
    }

    /// The present values of an entry of the roster.
    pub(super) fn begin_entry(&mut self, sheet: &EntrySheet) {
        let json = serde_json::to_value(&sheet.entry).unwrap_or_default();
        self.seen.get_or_insert(sheet.entry.version);
        self.begin(&|field: &Field| match field.name() {
            "lead" => sheet.officers.get(&sheet.entry.lead).cloned(),
            "officer" => sheet.officers.get(&sheet.entry.officer).cloned(),
            name => Some(field.kind.format(json.get(name)?)),
        });
    }

    /// The present values of a person; a masked one stays empty, and untouched when sent.
    pub(super) fn begin_person(&mut self, sheet: &PersonSheet) {
        self.seen.get_or_insert(sheet.version);
        self.begin(&|field: &Field| {
            let is_masked = sheet.masked.iter().any(|name| name == field.name());
            let found = sheet.fields.iter().find(|(name, _)| name == field.name());
            found.filter(|_| !is_masked).map(|(_, text)| text.clone())
        });
    }

    /// The present values of a unit or officer, which come with its row.
    pub(super) fn begin_row(&mut self, version: Version, values: &[(String, String)]) {
        self.seen.get_or_insert(version);
        self.begin(&|field: &Field| {
            let found = values.iter().find(|(name, _)| name == field.name());
            found.map(|(_, text)| text.clone())
        });
    }

    /// The present values of a unit's record that is to be put right.
    pub(super) fn begin_note(&mut self, sheet: &UnitSheet) {
        let own = self.selection.given.iter().find(|(name, _)| name == "note");
        let own = own.and_then(|(_, number)| number.parse().ok());
        let Some(note) = own.and_then(|number: u32| sheet.notes.get(&number)) else { return };
        let json = serde_json::to_value(note).unwrap_or_default();
        self.seen.get_or_insert(sheet.row.version);
        self.begin(&|field: &Field| Some(field.kind.format(json.get(field.name())?)));
    }

    /// The present values of a saved filter.
    pub(super) fn begin_view(&mut self, rows: &[ViewRow]) {
        let own = self.selection.of(Kind::View).map(|(record, _)| record.id);
        let Some(row) = rows.iter().find(|row| Some(row.view.id.0) == own) else { return };
        self.seen.get_or_insert(row.view.version);
        let json = serde_json::to_value(&row.view).unwrap_or_default();
        self.begin(&|field: &Field| Some(field.kind.format(json.get(field.name())?)));
    }

    /// The present values of recurring work.
    pub(super) fn begin_duty(&mut self, sheet: &DutySheet) {
        let json = serde_json::to_value(&sheet.duty).unwrap_or_default();
        self.seen.get_or_insert(sheet.duty.version);
        let officer = sheet.rows.first().and_then(|row| row.officer.clone());
        self.begin(&|field: &Field| match field.name() {
            "unit" => sheet.unit.clone(),
            "officer" => officer.clone(),
            name => Some(field.kind.format(json.get(name)?)),
        });
    }

    /// The present values of a task.
    pub(super) fn begin_task(&mut self, sheet: &TaskSheet) {
        let json = serde_json::to_value(&sheet.task).unwrap_or_default();
        self.seen.get_or_insert(sheet.task.version);
        self.begin(&|field: &Field| match field.name() {
            "unit" => sheet.unit.clone(),
            "officer" => sheet.row.officer.clone(),
            name => Some(field.kind.format(json.get(name)?)),
        });
    }
}
