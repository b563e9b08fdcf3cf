//! A changed field as a reply carries it: its values in a few words, and, of a step, a claim or a
//! loading, what changed within it. A word of a list stays a word; clients tell it in their language.

use serde_json::{Map, Value};

use crate::api::trail::ChangedField;
use crate::domain::act::Act;
use crate::domain::fact::Fact;
use crate::domain::ids::Kind;
use crate::domain::schema::{self, Field};
use crate::domain::step::Step;
use crate::domain::step_field;
use crate::service::loading;
use crate::service::trail::{Reader, field_of};

impl Reader<'_> {
    /// The fields that a fact changes; several where things came or went together.
    pub fn changed(&self, kind: Kind, fact: &Fact) -> Vec<ChangedField> {
        match (kind, fact.field.split('.').next()) {
            (Kind::Case, Some("steps")) => each(fact, |fact| self.step(fact)),
            (Kind::Case, Some("claims")) => each(fact, |fact| self.claim(fact)),
            (Kind::Office, Some("loaded")) => each(fact, loading::changed),
            _ => {
                let known = field_of(kind, &fact.field);
                vec![ChangedField {
                    old: self.told(&fact.old, known),
                    new: self.told(&fact.new, known),
                    ..named(&fact.field)
                }]
            }
        }
    }

    /// A step: what was done, its day before and after, and every value that is another.
    fn step(&self, fact: &Fact) -> ChangedField {
        let read = |value: &Value| serde_json::from_value::<Step>(value.clone()).ok();
        let (old, new) = (read(&fact.old), read(&fact.new));
        let Some(deed) = new.as_ref().or(old.as_ref()).map(|step| &step.deed) else {
            return named(&fact.field);
        };
        let fields = step_field::fields_of(deed);
        ChangedField {
            step: Some(deed.word().to_owned()),
            old: old.as_ref().map(|step| step.on.to_string()),
            new: new.as_ref().map(|step| step.on.to_string()),
            parts: self.parts(&fields, (&flat(&fact.old), &flat(&fact.new))),
            ..named(&fact.field)
        }
    }

    fn claim(&self, fact: &Fact) -> ChangedField {
        let fields: Vec<&Field> = schema::form(Act::EditClaim).iter().collect();
        let flat = |value: &Value| value.as_object().cloned().unwrap_or_default();
        let parts = self.parts(&fields, (&flat(&fact.old), &flat(&fact.new)));
        ChangedField { parts, ..named(&fact.field) }
    }

    fn parts(
        &self,
        fields: &[&'static Field],
        (old, new): (&Map<String, Value>, &Map<String, Value>),
    ) -> Vec<ChangedField> {
        let differs = |field: &&&Field| old.get(field.name()) != new.get(field.name());
        let part = |field: &&'static Field| ChangedField {
            old: old.get(field.name()).and_then(|value| self.told(value, Some(*field))),
            new: new.get(field.name()).and_then(|value| self.told(value, Some(*field))),
            ..named(field.key)
        };
        fields.iter().filter(differs).map(part).collect()
    }
}

/// A field of which nothing is told but its name.
pub fn named(field: &str) -> ChangedField {
    ChangedField { field: field.to_owned(), ..ChangedField::default() }
}

/// What a step says and what was done, side by side, as its form has them.
fn flat(step: &Value) -> Map<String, Value> {
    let mut flat = step.as_object().cloned().unwrap_or_default();
    if let Some(Value::Object(deed)) = flat.remove("deed") {
        flat.extend(deed);
    }
    flat
}

/// Tells each of several things of which the first came or the last went with this fact.
fn each(fact: &Fact, tell: impl Fn(&Fact) -> ChangedField) -> Vec<ChangedField> {
    if fact.field.contains('.') {
        return vec![tell(fact)];
    }
    let all = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let (old, new) = (all(&fact.old), all(&fact.new));
    let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let value = |of: &Map<String, Value>, key: &str| of.get(key).cloned().unwrap_or_default();
    let one = |key: &String| {
        let field = format!("{}.{key}", fact.field);
        tell(&Fact { field, old: value(&old, key), new: value(&new, key) })
    };
    keys.into_iter().map(one).collect()
}
