//! A filled form: typed texts checked against the field table, all wrong ones at once.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::act::Act;
use crate::domain::field::FieldKind;
use crate::domain::schema::{self, Change, Need};

/// Typed texts by field name (without the form's own key in front).
pub type Fields = BTreeMap<String, String>;

/// A field that is wrong, with the key of the reason (`wrong.KEY` in the catalogue).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrong {
    /// The field's key in the field table.
    pub field: String,
    /// The key of the reason.
    pub why: String,
}

/// The values of a form.
#[derive(Debug, Clone, Default)]
pub struct Filled(Map<String, Value>);

impl Filled {
    /// A text value.
    pub fn text(&self, name: &str) -> Option<String> {
        self.0.get(name)?.as_str().map(str::to_owned)
    }

    /// A date value.
    pub fn date(&self, name: &str) -> Option<NaiveDate> {
        self.0.get(name)?.as_str()?.parse().ok()
    }

    /// A time value.
    pub fn time(&self, name: &str) -> Option<NaiveTime> {
        self.0.get(name)?.as_str()?.parse().ok()
    }

    /// A count.
    pub fn count(&self, name: &str) -> Option<u32> {
        u32::try_from(self.0.get(name)?.as_u64()?).ok()
    }

    /// The number of another record.
    pub fn link(&self, name: &str) -> Option<u64> {
        self.0.get(name)?.as_u64()
    }

    /// A word of a closed list, as the list's own type.
    pub fn word<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        parse(self.0.get(name)?.as_str()?)
    }

    /// All values by field name; `Null` stands for a field that was emptied.
    pub fn values(&self) -> &Map<String, Value> {
        &self.0
    }
}

/// Checks the form of an act that makes something: every field of the form is looked at.
///
/// # Errors
/// All wrong fields.
pub fn fill(act: Act, fields: &Fields, today: NaiveDate) -> Result<Filled, Vec<Wrong>> {
    let table = schema::form(act);
    let (mut filled, mut wrongs) = read(act, fields, today);
    for field in table {
        let empty = filled.0.get(field.name()).is_none_or(Value::is_null);
        let named = wrongs.iter().any(|wrong| wrong.field == field.key);
        if field.need == Need::Required && empty && !named {
            wrongs.push(Wrong { field: field.key.to_owned(), why: "empty".to_owned() });
        }
    }
    filled.0.retain(|_, value| !value.is_null());
    if wrongs.is_empty() { Ok(filled) } else { Err(wrongs) }
}

/// Checks the form of an act that edits a record: only the fields given; emptied ones are `Null`.
///
/// # Errors
/// All wrong fields.
pub fn fill_some(act: Act, fields: &Fields, today: NaiveDate) -> Result<Filled, Vec<Wrong>> {
    let (filled, mut wrongs) = read(act, fields, today);
    for field in schema::form(act) {
        let emptied = filled.0.get(field.name()).is_some_and(Value::is_null);
        if field.need == Need::Required && emptied {
            wrongs.push(Wrong { field: field.key.to_owned(), why: "empty".to_owned() });
        }
    }
    if wrongs.is_empty() { Ok(filled) } else { Err(wrongs) }
}

fn read(act: Act, fields: &Fields, today: NaiveDate) -> (Filled, Vec<Wrong>) {
    let table = schema::form(act);
    let (mut filled, mut wrongs) = (Filled::default(), Vec::new());
    for (name, text) in fields {
        let Some(field) = table.iter().find(|field| field.name() == name) else {
            wrongs.push(Wrong { field: name.clone(), why: "unknown_field".to_owned() });
            continue;
        };
        if field.kind == FieldKind::Inner || (is_edit(act) && field.change == Change::Ruled) {
            wrongs.push(Wrong { field: field.key.to_owned(), why: "not_typed".to_owned() });
            continue;
        }
        match field.kind.parse(text, today) {
            Ok(value) => {
                filled.0.insert(name.clone(), value);
            }
            Err(why) => wrongs.push(Wrong { field: field.key.to_owned(), why: why.to_owned() }),
        }
    }
    (filled, wrongs)
}

/// Whether an act changes fields of a record that is there already.
pub const fn is_edit(act: Act) -> bool {
    matches!(
        act,
        Act::EditCase
            | Act::EditReceipt
            | Act::EditPerson
            | Act::EditEntry
            | Act::EditUnit
            | Act::CorrectNote
            | Act::CorrectStep
            | Act::EditOfficer
            | Act::EditClerk
            | Act::EditOffice
            | Act::EditTask
            | Act::Table
            | Act::EditDecision
            | Act::EditDuty
            | Act::EditView
    )
}

/// The fields of an act's form that can be typed, in the order of the field table.
pub fn typed(act: Act) -> impl Iterator<Item = &'static schema::Field> {
    let of_record = is_edit(act) || matches!(act, Act::AddUnit | Act::AddOfficer | Act::AddClerk);
    schema::form(act).iter().filter(move |field| {
        field.kind != FieldKind::Inner && !(of_record && field.change == Change::Ruled)
    })
}
