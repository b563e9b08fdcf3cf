//! What happened to a record: fields with their old and new values.
//!
//! A record is a JSON object. A field that holds an object (steps, claims, petitioners, a small
//! struct) is taken apart one level, so that `steps.7` and `steps.8` are two fields and two clerks
//! who each add a step do not disturb one another.
//! INVARIANT: `apply(old, diff(old, new)) == new`, and `apply(new, inverse) == old`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Fields that say which record and which version it is; they are never part of a change.
const ENVELOPE: [&str; 2] = ["id", "version"];

/// One field that changed; `Null` stands for "not there".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The field's key within its record, such as `lead` or `steps.7`.
    pub field: String,
    /// The value before.
    pub old: Value,
    /// The value after.
    pub new: Value,
}

impl Fact {
    /// The fact that takes this one back.
    pub fn inverse(&self) -> Self {
        Self { field: self.field.clone(), old: self.new.clone(), new: self.old.clone() }
    }
}

/// A fact that does not fit the record: the field no longer has the old value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("field {field} does not have the value that the fact starts from")]
pub struct Mismatch {
    /// The field in question.
    pub field: String,
}

/// The facts that lead from one state of a record to another, in the order of the fields.
pub fn diff(old: &Value, new: &Value) -> Vec<Fact> {
    let empty = Map::new();
    let old = old.as_object().unwrap_or(&empty);
    let new = new.as_object().unwrap_or(&empty);
    let mut facts = Vec::new();
    for key in keys(old, new) {
        if ENVELOPE.contains(&key.as_str()) {
            continue;
        }
        let (before, after) = (value(old, key), value(new, key));
        match (before, after) {
            (Value::Object(before), Value::Object(after)) => {
                for inner in keys(before, after) {
                    push(
                        &mut facts,
                        format!("{key}.{inner}"),
                        value(before, inner),
                        value(after, inner),
                    );
                }
            }
            _ => push(&mut facts, key.clone(), before, after),
        }
    }
    facts
}

/// Applies facts to a record.
///
/// # Errors
/// [`Mismatch`] if a field does not have the old value that its fact names; the record may then
/// be half changed and must be thrown away.
pub fn apply(record: &mut Value, facts: &[Fact]) -> Result<(), Mismatch> {
    for fact in facts {
        let mismatch = || Mismatch { field: fact.field.clone() };
        let (home, key) = home(record, fact).ok_or_else(mismatch)?;
        if *value(home, key) != fact.old {
            return Err(mismatch());
        }
        put(home, key, &fact.new);
    }
    Ok(())
}

/// Gives fields the new values of facts, whatever they had before: for a replay that leaves some
/// facts out.
pub fn set(record: &mut Value, facts: &[Fact]) {
    for fact in facts {
        if let Some((home, key)) = home(record, fact) {
            put(home, key, &fact.new);
        }
    }
}

/// What a record says in the field of a fact; `Null` if it is not there.
pub fn value_of(record: &Value, field: &str) -> Value {
    let found = match field.split_once('.') {
        Some((outer, inner)) => record.get(outer).and_then(|home| home.get(inner)),
        None => record.get(field),
    };
    found.cloned().unwrap_or_default()
}

/// The object that holds the field of a fact, and its key there.
fn home<'r>(
    record: &'r mut Value,
    fact: &'r Fact,
) -> Option<(&'r mut Map<String, Value>, &'r str)> {
    let top = record.as_object_mut()?;
    match fact.field.split_once('.') {
        Some((outer, inner)) => {
            let home = top.entry(outer).or_insert_with(|| Value::Object(Map::new()));
            Some((home.as_object_mut()?, inner))
        }
        None => Some((top, fact.field.as_str())),
    }
}

fn put(home: &mut Map<String, Value>, key: &str, new: &Value) {
    if new.is_null() {
        home.remove(key);
    } else {
        home.insert(key.to_owned(), new.clone());
    }
}

fn push(facts: &mut Vec<Fact>, field: String, old: &Value, new: &Value) {
    if old != new {
        facts.push(Fact { field, old: old.clone(), new: new.clone() });
    }
}

fn keys<'a>(old: &'a Map<String, Value>, new: &'a Map<String, Value>) -> Vec<&'a String> {
    let mut keys: Vec<_> = old.keys().chain(new.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn value<'a>(map: &'a Map<String, Value>, key: &str) -> &'a Value {
    map.get(key).unwrap_or(&Value::Null)
}
