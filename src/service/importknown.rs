//! What a list finds in the ledger: by which keys its rows and the records there are told apart.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

use serde_json::{Map, Value};

use crate::api::incoming::Rows;
use crate::domain::ids::{PersonId, UnitId};
use crate::domain::person::Person;
use crate::domain::record::Record;
use crate::service::book::Book;
use crate::service::importrow::Wrong;
use crate::service::stop::Stop;
use crate::service::{Asking, tell};
use crate::store::read::Read;

/// By what one person is told from all others.
pub const STRONG: [&str; 2] = ["code", "id_number"];

/// The values of a record's fields.
pub type Values = Map<String, Value>;

/// A record that is there: its number and its values.
pub type Known<'t> = (u64, &'t Values);

/// What is in the ledger already, by what it is known by.
pub struct There {
    by_key: HashMap<String, Vec<u64>>,
    values: HashMap<u64, Values>,
    /// Units by their names.
    pub units: BTreeMap<String, UnitId>,
}

/// The text of a value.
pub fn text(values: &Values, name: &str) -> Option<String> {
    values.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// By what a record is known.
pub fn keys(topic: Rows, values: &Values) -> Vec<String> {
    let key = |name: &str| text(values, name).map(|text| format!("{name}:{text}"));
    match topic {
        Rows::Units | Rows::Officers => key("name").into_iter().collect(),
        Rows::Persons | Rows::Cases => {
            // Without code and number a row is known only by all that it says.
            let strong: Vec<String> = STRONG.into_iter().filter_map(key).collect();
            if strong.is_empty() { whole(values).into_iter().collect() } else { strong }
        }
    }
}

/// All that a row says of a person; a name alone is not one person.
fn whole(values: &Values) -> Option<String> {
    let parts = ["name", "phone", "address"].map(|name| text(values, name));
    let [_, phone, address] = &parts;
    (phone.is_some() || address.is_some()).then(|| format!("all:{parts:?}"))
}

impl There {
    /// What is there.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn of(ledger: &impl Read, book: &Book, topic: Rows) -> Result<Self, Stop> {
        let units = book.units.values().map(|unit| (unit.name.clone(), unit.id)).collect();
        let mut there = Self { by_key: HashMap::new(), values: HashMap::new(), units };
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
        let mut keys: BTreeSet<String> = keys(topic, &values).into_iter().collect();
        if topic == Rows::Persons {
            keys.extend(whole(&values));
        }
        for key in keys {
            self.by_key.entry(key).or_default().push(id);
        }
        self.values.insert(id, values);
    }

    /// The record of a row; a person that the asker may not know of is not there.
    ///
    /// # Errors
    /// The inner one is why the row is refused; the outer one is a damaged ledger.
    pub fn find(
        &self,
        ledger: &impl Read,
        asking: &Asking,
        (topic, keys, values): (Rows, &[String], &Values),
    ) -> Result<Result<Option<Known<'_>>, Wrong>, Stop> {
        let mut found = Vec::new();
        for key in keys {
            for id in self.by_key.get(key).into_iter().flatten().copied() {
                if topic != Rows::Persons
                    || tell::person_is_visible(ledger, &asking.asker, PersonId(id))?
                {
                    found.push(id);
                    break;
                }
            }
        }
        let Some(id) = found.first().copied() else { return Ok(Ok(None)) };
        if found.iter().any(|other| *other != id) {
            return Ok(Err(("person.code", "two_persons", None).into()));
        }
        let Some(old) = self.values.get(&id) else { return Ok(Ok(None)) };
        // A number says who somebody is; under which code the office knows them it does not say.
        let (was, is) = (old.get("code"), values.get("code"));
        if topic == Rows::Persons && was.is_some() && is.is_some() && was != is {
            return Ok(Err(("person.code", "code_is_another", None).into()));
        }
        Ok(Ok(Some((id, old))))
    }
}
