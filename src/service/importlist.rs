//! Taking a list of units, officers or persons in: each row is the form of one of them.
//!
//! Units and officers are known by their names, persons by their codes or their ID numbers; equal
//! names alone never make one person of two. A name that a row mentions must be in the ledger, or
//! stand in the same list.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

use serde_json::{Value, json};

use crate::api::incoming::{FieldChange, ImportRow, Known, RowChange, Rows};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::ImportView;
use crate::domain::act::Act;
use crate::domain::form::{self, Fields};
use crate::domain::ids::{Kind, PersonId, UnitId};
use crate::domain::office::{Officer, Unit};
use crate::domain::person::{Person, mask_number};
use crate::domain::policy::{self, Link, Scope, Verdict};
use crate::service::book::Book;
use crate::service::case::set;
use crate::service::importknown::{STRONG, There, Values, keys, text};
use crate::service::importpage::Page;
use crate::service::importrow::{self, Wrong};
use crate::service::order::{Desk, Indexed, Made};
use crate::service::stop::Stop;
use crate::service::{Asking, judge, people, task};
use crate::store::read::Read;

/// What a list would do.
pub struct List {
    topic: Rows,
    fresh: Vec<Values>,
    updates: Vec<(u64, Values)>,
    /// Of units: who looks after them, by name, because that may be a unit of the same list.
    cared_for: Vec<(String, String)>,
    /// Names of units by number, for the report.
    units: BTreeMap<u64, String>,
    /// The persons that rows were found to be.
    persons: Vec<PersonId>,
    page: Page,
}

/// The fields of a unit that a list has.
const UNIT: [&str; 7] = ["name", "kind", "code", "population", "head", "phone", "looked_after_by"];
/// The fields of an officer that a list has.
const OFFICER: [&str; 5] = ["name", "post", "unit", "phone", "leads"];
/// The numbers of a person that come back masked from an export.
const MASKED: [&str; 2] = ["person.phone", "person.id_number"];

/// Whether an account may take such a list in.
///
/// # Errors
/// Denied.
pub fn may(asking: &Asking, topic: Rows) -> Result<(), Stop> {
    match topic {
        Rows::Units => judge(asking, Act::AddUnit, Link::Whole),
        Rows::Officers => judge(asking, Act::AddOfficer, Link::Whole),
        Rows::Persons | Rows::Cases => Ok(()),
    }
}

impl List {
    /// The plan for the rows of a list.
    ///
    /// # Errors
    /// Denied, or a damaged ledger.
    pub fn make(
        ledger: &impl Read,
        (book, asking): (&Book, &Asking),
        (topic, known, rows): (Rows, Known, &[ImportRow]),
    ) -> Result<Self, Stop> {
        may(asking, topic)?;
        let there = There::of(ledger, book, topic)?;
        let page = Page { n_rows: rows.len() as u64, ..Page::default() };
        let (fresh, updates, cared_for) = (Vec::new(), Vec::new(), Vec::new());
        let units = there.units.iter().map(|(name, id)| (id.0, name.clone())).collect();
        let persons = Vec::new();
        let mut list = Self { topic, fresh, updates, cared_for, units, persons, page };
        let named = list.named(rows, asking, &there);
        let mut seen: HashMap<String, u32> = HashMap::new();
        for (index, raw) in rows.iter().enumerate() {
            let index = index as u64;
            let (values, cared_for) = match list.values(raw, asking, (&there, &named)) {
                Ok(values) => values,
                Err(wrongs) => {
                    list.page.refuse(index, raw, wrongs);
                    continue;
                }
            };
            let keys = keys(topic, &values);
            let again = keys.iter().find_map(|key| seen.get(key).copied());
            if let Some(first) = again {
                let wrong = (main_column(topic), "repeated_row", Some(first.to_string()));
                list.page.refuse(index, raw, vec![wrong.into()]);
                continue;
            }
            seen.extend(keys.iter().map(|key| (key.clone(), raw.row)));
            let name = text(&values, "name").unwrap_or_default();
            let found = match there.find(ledger, asking, (topic, &keys, &values))? {
                Ok(found) => found,
                Err(wrong) => {
                    list.page.refuse(index, raw, vec![wrong]);
                    continue;
                }
            };
            match found {
                None => {
                    list.cared_for.extend(cared_for.map(|by| (name, by)));
                    list.fresh.push(values);
                    list.page.n_new += 1;
                    list.page.new_persons += u64::from(topic == Rows::Persons);
                }
                Some((id, old)) => {
                    list.compare((index, raw), (id, old, values, cared_for), (known, asking));
                }
            }
        }
        Ok(list)
    }

    /// The names of the units that rows bring in, so that other rows may mention them: a row that
    /// is refused brings none, nor does one that mentions only such a row.
    fn named<'r>(
        &self,
        rows: &'r [ImportRow],
        asking: &Asking,
        there: &There,
    ) -> BTreeSet<&'r str> {
        if self.topic != Rows::Units {
            return BTreeSet::new();
        }
        let link = "unit.looked_after_by";
        let all: BTreeSet<&str> = rows.iter().filter_map(|row| cell(row, "unit.name")).collect();
        let is_right = |row: &&ImportRow| self.values(row, asking, (there, &all)).is_ok();
        let right = rows.iter().filter(is_right);
        let mut right: Vec<(&str, Option<&str>)> =
            right.filter_map(|row| Some((cell(row, "unit.name")?, cell(row, link)))).collect();
        loop {
            let names: BTreeSet<&str> = right.iter().map(|(name, _)| *name).collect();
            let n_right = right.len();
            right.retain(|(_, by)| {
                by.is_none_or(|by| names.contains(by) || there.units.contains_key(by))
            });
            if right.len() == n_right {
                return names;
            }
        }
    }

    /// The persons that rows were found to be.
    pub fn persons(&self) -> &[PersonId] {
        &self.persons
    }

    /// The report, from a row on.
    pub fn view(&self, from: u64) -> ImportView {
        self.page.view(from)
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.fresh.is_empty() && self.updates.is_empty()
    }

    fn compare(
        &mut self,
        (index, raw): (u64, &ImportRow),
        (id, old, values, by): (u64, &Values, Values, Option<String>),
        (known, asking): (Known, &Asking),
    ) {
        if self.topic == Rows::Persons {
            self.persons.push(PersonId(id));
        }
        let prefix = main_column(self.topic).split_once('.').map_or("", |(head, _)| head);
        let changed: Values = values
            .into_iter()
            .filter(|(name, value)| old.get(name) != Some(value) && !is_false(old, name, value))
            .collect();
        // A unit of the same list is none that is there: to be looked after by it is a change.
        if changed.is_empty() && by.is_none() {
            self.page.n_same += 1;
            return;
        }
        let name = text(old, "name").unwrap_or_default();
        let column = main_column(self.topic);
        let wrong = match known {
            Known::Keep => Some((column, "is_there_with_others", Some(name.clone()))),
            Known::Update if !self.may_change(old, asking) => {
                Some((column, "update_is_denied", None))
            }
            Known::Update => None,
        };
        if let Some(wrong) = wrong {
            self.page.refuse(index, raw, vec![wrong.into()]);
            return;
        }
        let told = |name: &str, value: Option<&Value>| {
            let is_link = matches!(name, "looked_after_by" | "unit" | "village");
            let unit = value?.as_u64().filter(|_| is_link).and_then(|id| self.units.get(&id));
            let text = unit.cloned().or_else(|| value.map(said))?;
            let is_masked = matches!(name, "phone" | "id_number") && self.topic == Rows::Persons;
            Some(if is_masked { mask_number(&text) } else { text })
        };
        let fields = changed.iter().map(|(name, value)| FieldChange {
            field: format!("{prefix}.{name}"),
            old: told(name, old.get(name)),
            new: told(name, Some(value)),
        });
        let mut fields: Vec<FieldChange> = fields.collect();
        if let Some(by) = &by {
            let field = "unit.looked_after_by".to_owned();
            let old = told("looked_after_by", old.get("looked_after_by"));
            fields.push(FieldChange { field, old, new: Some(by.clone()) });
        }
        let (sheet, row) = (raw.sheet.clone(), raw.row);
        self.page.changes.push(RowChange { index, sheet, row, name: name.clone(), fields });
        self.cared_for.extend(by.map(|by| (name, by)));
        if !changed.is_empty() {
            self.updates.push((id, changed));
        }
    }

    /// Whether the asker may change a record; who may take in units and officers may change them.
    fn may_change(&self, old: &Values, asking: &Asking) -> bool {
        let village = old.get("village").and_then(Value::as_u64).map(UnitId);
        let scope = Scope { village, ..Scope::default() };
        let link = policy::link(&asking.asker, &scope);
        self.topic != Rows::Persons
            || policy::may(&asking.asker, Act::EditPerson, link) == Verdict::Allow
    }

    /// The values of a row, and the name of the unit that looks after it.
    fn values(
        &self,
        raw: &ImportRow,
        asking: &Asking,
        (there, named): (&There, &BTreeSet<&str>),
    ) -> Result<(Values, Option<String>), Vec<Wrong>> {
        let (link, act) = match self.topic {
            Rows::Units => ("unit.looked_after_by", Act::AddUnit),
            Rows::Officers => ("officer.unit", Act::AddOfficer),
            Rows::Persons | Rows::Cases => ("person.village", Act::EditPerson),
        };
        let problems = raw.problems.iter();
        let mut wrongs: Vec<Wrong> =
            problems.map(|(column, why)| (column.as_str(), why.as_str(), None).into()).collect();
        let linked = cell(raw, link).map(str::to_owned);
        let id = linked.as_ref().and_then(|name| there.units.get(name));
        let is_here = self.topic == Rows::Units
            && linked.as_ref().is_some_and(|name| named.contains(name.as_str()));
        if linked.is_some() && id.is_none() && !is_here {
            wrongs.push((link, "update_knows_no_such_name", linked.clone()).into());
        }
        let mut values = match self.topic {
            Rows::Units | Rows::Officers => filled(raw, act, (link, asking)),
            Rows::Persons | Rows::Cases => importrow::person_values(raw, asking.today),
        }
        .unwrap_or_else(|found| {
            wrongs.extend(found);
            Values::new()
        });
        if self.topic == Rows::Persons && !STRONG.iter().any(|name| values.contains_key(*name)) {
            // What came back from an export with its numbers masked is somebody who is there.
            let is_masked = |name: &&&str| cell(raw, name).is_some_and(|text| text.contains('*'));
            let masked = MASKED.iter().find(is_masked);
            wrongs.extend(masked.map(|name| (*name, "masked_is_nobody", None).into()));
        }
        if !wrongs.is_empty() {
            return Err(wrongs);
        }
        let name = link.split_once('.').map_or(link, |(_, name)| name);
        if let Some(id) = id {
            values.insert(name.to_owned(), json!(id));
        }
        Ok((values, linked.filter(|_| id.is_none())))
    }
}

/// The values of a form that a row fills, but for the field that names another record.
fn filled(
    raw: &ImportRow,
    act: Act,
    (link, asking): (&str, &Asking),
) -> Result<Values, Vec<Wrong>> {
    let cells =
        raw.values.iter().filter(|(column, text)| column != link && !text.trim().is_empty());
    let field = |(column, text): &(String, String)| {
        let (_, name) = column.split_once('.')?;
        Some((name.to_owned(), text.clone()))
    };
    let fields: Fields = cells.filter_map(field).collect();
    let own: &[&str] = if act == Act::AddUnit { &UNIT } else { &OFFICER };
    let others = fields.keys().filter(|name| !own.contains(&name.as_str()));
    let others: Vec<Wrong> =
        others.map(|name| (name.as_str(), "unknown_field", None).into()).collect();
    if !others.is_empty() {
        return Err(others);
    }
    let filled = form::fill(act, &fields, asking.today).map_err(|wrongs| {
        let wrong = |one: form::Wrong| (one.field.as_str(), one.why.as_str(), None).into();
        wrongs.into_iter().map(wrong).collect::<Vec<Wrong>>()
    })?;
    Ok(filled.values().clone())
}

fn cell<'r>(raw: &'r ImportRow, column: &str) -> Option<&'r str> {
    let (_, text) = raw.values.iter().find(|(name, _)| name == column)?;
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// A flag that says no and stands nowhere is no change.
fn is_false(old: &Values, name: &str, value: &Value) -> bool {
    *value == Value::Bool(false) && !old.contains_key(name)
}

fn said(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

const fn main_column(topic: Rows) -> &'static str {
    match topic {
        Rows::Units => "unit.name",
        Rows::Officers => "officer.name",
        Rows::Persons | Rows::Cases => "person.name",
    }
}

/// Takes a staged list in.
///
/// # Errors
/// Nothing of it is new, or a fault.
pub fn take_in(desk: &mut Desk<'_, '_>, list: &List) -> Result<Made, Stop> {
    if list.is_empty() {
        let refusal = Refusal::new(RefusalKind::Invalid, "nothing_is_new");
        let view = list.view(0);
        return Err(refusal.with("refused", view.refused).into());
    }
    let mut made: Option<Made> = None;
    let n_all = list.fresh.len() + list.updates.len();
    for (at, values) in list.fresh.iter().enumerate() {
        let one = match list.topic {
            Rows::Units => add_unit(desk, values)?,
            Rows::Officers => add::<Officer>(desk, (Kind::Officer, values))?,
            Rows::Persons | Rows::Cases => add::<Person>(desk, (Kind::Person, values))?,
        };
        made.get_or_insert(one);
        desk.going(at + 1, n_all);
    }
    for (name, by) in &list.cared_for {
        care_for(desk, (name, by))?;
    }
    for (at, (id, values)) in list.updates.iter().enumerate() {
        let one = match list.topic {
            Rows::Units => change::<Unit>(desk, (*id, values))?,
            Rows::Officers => change::<Officer>(desk, (*id, values))?,
            Rows::Persons | Rows::Cases => {
                if values.contains_key("name") {
                    people::touch_all(desk, PersonId(*id))?;
                }
                change::<Person>(desk, (*id, values))?
            }
        };
        if let Some(one) = one {
            made.get_or_insert(one);
        }
        desk.going(list.fresh.len() + at + 1, n_all);
    }
    let mut view = list.view(0);
    view.batch = Some(format!("{:032x}", desk.order.id.0));
    let made = made.ok_or_else(|| Refusal::new(RefusalKind::Invalid, "nothing_is_new"))?;
    Ok(Made { import: Some(Box::new(view)), ..made })
}

fn add<R: Indexed>(desk: &mut Desk<'_, '_>, (kind, values): (Kind, &Values)) -> Result<Made, Stop> {
    let mut json = values.clone();
    json.insert("id".to_owned(), json!(desk.work.allot_id(kind)?));
    json.insert("version".to_owned(), json!(0));
    let record: R = serde_json::from_value(Value::Object(json))
        .map_err(|_| Refusal::new(RefusalKind::Invalid, "wrong_fields"))?;
    Ok(Made::of(&desk.create(record)?))
}

fn add_unit(desk: &mut Desk<'_, '_>, values: &Values) -> Result<Made, Stop> {
    let made = add::<Unit>(desk, (Kind::Unit, values))?;
    if let Some(unit) = desk.work.load::<Unit>(made.record.id)? {
        task::greet_village(desk, &unit)?;
    }
    Ok(made)
}

/// Says who looks after a unit, once all units of the list are there.
fn care_for(desk: &mut Desk<'_, '_>, (name, by): (&str, &str)) -> Result<(), Stop> {
    let mut found: [Option<Unit>; 2] = [None, None];
    desk.work.each::<Unit>(&mut |unit| {
        for (slot, wanted) in found.iter_mut().zip([name, by]) {
            if slot.is_none() && unit.name == wanted {
                *slot = Some(unit.clone());
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    if let [Some(unit), Some(by)] = found {
        let next = Unit { looked_after_by: Some(by.id), ..unit.clone() };
        desk.put(&unit, next)?;
    }
    Ok(())
}

fn change<R: Indexed>(
    desk: &mut Desk<'_, '_>,
    (id, values): (u64, &Values),
) -> Result<Option<Made>, Stop> {
    let Some(record) = desk.work.load::<R>(id)? else { return Ok(None) };
    let next: R = set(&record, values)?;
    Ok(Some(Made::of(&desk.put(&record, next)?)))
}
