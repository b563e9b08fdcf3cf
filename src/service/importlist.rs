//! Taking a list of units, officers or persons in: each row is the form of one of them.
//!
//! Units and officers are known by their names, persons by their codes or their ID numbers; equal
//! names alone never make one person of two. A name that a row mentions must be in the ledger, or
//! stand in the same list.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

use serde_json::{Map, Value, json};

use crate::api::incoming::{FieldChange, ImportRow, Known, RowChange, Rows};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::ImportView;
use crate::domain::act::Act;
use crate::domain::form::{self, Fields};
use crate::domain::ids::{Kind, PersonId, UnitId};
use crate::domain::office::{Officer, Unit};
use crate::domain::person::{Person, mask_number};
use crate::domain::policy::Link;
use crate::domain::record::Record;
use crate::service::book::Book;
use crate::service::case::set;
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
    page: Page,
}

/// The values of a record's fields.
type Values = Map<String, Value>;

/// What is in the ledger already, by what it is known by.
struct There {
    by_key: HashMap<String, (u64, Values)>,
    units: BTreeMap<String, UnitId>,
}

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
        let mut list = Self { topic, fresh, updates, cared_for, units, page };
        let named: BTreeSet<&str> = rows.iter().filter_map(|row| cell(row, "unit.name")).collect();
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
            match keys.iter().find_map(|key| there.by_key.get(key)) {
                None => {
                    list.cared_for.extend(cared_for.map(|by| (name, by)));
                    list.fresh.push(values);
                    list.page.n_new += 1;
                    list.page.new_persons += u64::from(topic == Rows::Persons);
                }
                Some((id, old)) => {
                    list.compare((index, raw), (*id, old, values), known);
                }
            }
        }
        Ok(list)
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
        (id, old, values): (u64, &Values, Values),
        known: Known,
    ) {
        let prefix = main_column(self.topic).split_once('.').map_or("", |(head, _)| head);
        let changed: Values = values
            .into_iter()
            .filter(|(name, value)| old.get(name) != Some(value) && !is_false(old, name, value))
            .collect();
        if changed.is_empty() {
            self.page.n_same += 1;
            return;
        }
        let name = text(old, "name").unwrap_or_default();
        if known == Known::Keep {
            let wrong = (main_column(self.topic), "is_there_with_others", Some(name));
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
        let change = RowChange {
            index,
            sheet: raw.sheet.clone(),
            row: raw.row,
            name,
            fields: fields.collect(),
        };
        self.page.changes.push(change);
        self.updates.push((id, changed));
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

fn text(values: &Values, name: &str) -> Option<String> {
    values.get(name).and_then(Value::as_str).map(str::to_owned)
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

/// By what a record is known.
fn keys(topic: Rows, values: &Values) -> Vec<String> {
    let key = |name: &str| text(values, name).map(|text| format!("{name}:{text}"));
    match topic {
        Rows::Units | Rows::Officers => key("name").into_iter().collect(),
        Rows::Persons | Rows::Cases => {
            // Without code and number a row is known only by all that it says.
            let strong: Vec<String> = ["code", "id_number"].into_iter().filter_map(key).collect();
            let whole = || {
                let parts = ["name", "phone", "address"].map(|name| text(values, name));
                vec![format!("all:{parts:?}")]
            };
            if strong.is_empty() { whole() } else { strong }
        }
    }
}

impl There {
    fn of(ledger: &impl Read, book: &Book, topic: Rows) -> Result<Self, Stop> {
        let units = book.units.values().map(|unit| (unit.name.clone(), unit.id)).collect();
        let mut there = Self { by_key: HashMap::new(), units };
        match topic {
            Rows::Units => {
                book.units.values().for_each(|unit| there.note(topic, (unit.id.0, unit)));
            }
            Rows::Officers => {
                book.officers.values().for_each(|one| there.note(topic, (one.id.0, one)));
            }
            Rows::Persons | Rows::Cases => ledger.each::<Person>(&mut |person| {
                if person.same_as.is_none() && person.erasure.is_none() {
                    there.note(topic, (person.id.0, &person));
                }
                Ok(ControlFlow::Continue(()))
            })?,
        }
        Ok(there)
    }

    fn note(&mut self, topic: Rows, (id, record): (u64, &impl Record)) {
        let Ok(Value::Object(values)) = serde_json::to_value(record) else { return };
        let mut keys = keys(topic, &values);
        if topic == Rows::Persons {
            let parts = ["name", "phone", "address"].map(|name| text(&values, name));
            keys.push(format!("all:{parts:?}"));
        }
        for key in keys {
            self.by_key.entry(key).or_insert_with(|| (id, values.clone()));
        }
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
    for values in &list.fresh {
        let one = match list.topic {
            Rows::Units => add_unit(desk, values)?,
            Rows::Officers => add::<Officer>(desk, (Kind::Officer, values))?,
            Rows::Persons | Rows::Cases => add::<Person>(desk, (Kind::Person, values))?,
        };
        made.get_or_insert(one);
    }
    for (name, by) in &list.cared_for {
        care_for(desk, (name, by))?;
    }
    for (id, values) in &list.updates {
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
