//! Taking a change back: what never can be, what was changed since, and what a record mentions.
//!
//! A change is taken back by the inverse of its facts. A step that is taken back is gone, and its
//! number is not used again; what follows from other records is made anew and never taken back.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::domain::act::Act;
use crate::domain::fact::{self, Fact};
use crate::domain::ids::{Kind, RecordRef};

/// Fields that follow from others, and numbers that are given out once.
const DERIVED: [&str; 2] = ["slips", "last_step"];
/// The field by which a petition is sealed.
const SEAL: &str = "readers";

/// The word of the deed by which a paper was made.
const PAPER_MADE: &str = "paper_made";

/// The word of what makes an administrator without a door.
pub const RECOVERED: &str = "ledger.recover";

/// Why an act can never be taken back, as the key of a rule; none if it can.
pub const fn never(act: Act) -> Option<&'static str> {
    match act {
        Act::Erase => Some("erasure_stays"),
        Act::AddClerk | Act::EditClerk => Some("accounts_stay"),
        Act::LoadLaw | Act::DropLaw | Act::LoadCalendar => Some("loaded_rules_stay"),
        Act::MoveToday => Some("day_stays"),
        Act::LoadPaper | Act::DropPaper => Some("template_stays"),
        Act::SkipNumbers => Some("skipped_numbers_stay"),
        Act::Readers => Some("seal_stays"),
        _ => None,
    }
}

/// Whether a fact can never be taken back, as the key of a rule: a seal is not lifted so (Reg. 30(3)),
/// and a number that a paper was given may be out of the house.
pub fn never_fact(kind: Kind, fact: &Fact) -> Option<&'static str> {
    match kind {
        Kind::Case if fact.field == SEAL => Some("seal_stays"),
        Kind::Case if gives_number(&fact.new) && !gives_number(&fact.old) => {
            Some("paper_number_stays")
        }
        _ => None,
    }
}

/// Whether a value is a step that gave a paper its number, or holds one.
fn gives_number(value: &Value) -> bool {
    let Value::Object(parts) = value else { return false };
    let kind = parts.get("deed").and_then(|deed| deed.get("kind")).and_then(Value::as_str);
    let is_numbered = parts.get("document").is_some_and(|it| !it.is_null());
    kind == Some(PAPER_MADE) && is_numbered || parts.values().any(gives_number)
}

/// Whether a field follows from others, so that it is not taken back but made anew.
pub fn is_derived(kind: Kind, field: &str) -> bool {
    let head = field.split_once('.').map_or(field, |(head, _)| head);
    kind == Kind::Case && DERIVED.contains(&head)
}

/// Whether two fields of a record are one, or one is a part of the other.
pub fn overlap(one: &str, other: &str) -> bool {
    let is_in = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    is_in(one, other) || is_in(other, one)
}

/// The facts that are taken back, each for itself: of numbered things that came or went together
/// every one is a fact of its own, so that one more of them disturbs nobody.
pub fn apart(kind: Kind, facts: Vec<Fact>) -> Vec<Fact> {
    let mut apart = Vec::with_capacity(facts.len());
    for fact in facts.into_iter().filter(|fact| !is_derived(kind, &fact.field)) {
        let (old, new) = match (&fact.old, &fact.new) {
            (Value::Null, Value::Object(new)) if is_numbered(new) => (&Map::new(), new),
            (Value::Object(old), Value::Null) if is_numbered(old) => (old, &Map::new()),
            _ => {
                apart.push(fact);
                continue;
            }
        };
        for (key, value) in old {
            let field = format!("{}.{key}", fact.field);
            apart.push(Fact { field, old: value.clone(), new: Value::Null });
        }
        for (key, value) in new {
            let field = format!("{}.{key}", fact.field);
            apart.push(Fact { field, old: Value::Null, new: value.clone() });
        }
    }
    apart
}

fn is_numbered(things: &Map<String, Value>) -> bool {
    !things.is_empty() && things.keys().all(|key| key.parse::<u64>().is_ok())
}

/// A record without facts that once led to it, given from the newest to the oldest.
///
/// # Errors
/// The field that no longer has the value that a fact gave it.
pub fn without<'f>(record: &Value, facts: impl Iterator<Item = &'f Fact>) -> Result<Value, String> {
    let mut next = record.clone();
    let mut heads = BTreeSet::new();
    for fact in facts {
        fact::apply(&mut next, &[fact.inverse()]).map_err(|mismatch| mismatch.field)?;
        heads.extend(fact.field.split_once('.').map(|(head, _)| head));
    }
    if let Some(fields) = next.as_object_mut() {
        for head in heads {
            let is_empty = |value: &Value| value.as_object().is_some_and(Map::is_empty);
            if fields.get(head).is_some_and(is_empty) {
                fields.remove(head);
            }
        }
    }
    Ok(next)
}

/// The records that a record's JSON mentions.
pub fn mentions(record: &Value) -> BTreeSet<RecordRef> {
    let mut found = BTreeSet::new();
    collect(record, &mut found);
    found
}

fn collect(value: &Value, found: &mut BTreeSet<RecordRef>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if let Some(kind) = kind_of(name) {
                    note(kind, value, found);
                }
                collect(value, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn note(kind: Kind, value: &Value, found: &mut BTreeSet<RecordRef>) {
    let one = |id: u64| RecordRef { kind, id };
    match value {
        Value::Number(number) => found.extend(number.as_u64().map(one)),
        Value::Array(values) => found.extend(values.iter().filter_map(Value::as_u64).map(one)),
        Value::Object(things) => {
            found.extend(things.keys().filter_map(|key| key.parse().ok()).map(one));
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// The kind of record that a name within a record stands for, if it stands for one.
fn kind_of(name: &str) -> Option<Kind> {
    Some(match name {
        "unit" | "village" | "about_unit" | "assisting" | "looked_after_by" => Kind::Unit,
        "officer" | "lead" | "handler" | "registrar" | "held_by" | "by" | "to" | "taken_by"
        | "approver" | "proposer" | "stand_in" | "about_officer" | "signed_by" | "voided_by" => {
            Kind::Officer
        }
        "person" | "persons" | "same_as" => Kind::Person,
        "receipt" | "slips" => Kind::Receipt,
        "case" | "repeats" | "into" => Kind::Case,
        "plan" => Kind::Plan,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{apart, mentions, overlap, without};
    use crate::domain::fact::diff;
    use crate::domain::ids::{Kind, RecordRef};

    #[test]
    fn the_first_of_numbered_things_is_taken_back_though_another_came_after_it() {
        let before = json!({"id": 1, "version": 1});
        let first = json!({"id": 1, "version": 2, "claims": {"1": {"text": "a"}}});
        let both =
            json!({"id": 1, "version": 3, "claims": {"1": {"text": "a"}, "2": {"text": "b"}}});
        let facts = apart(Kind::Case, diff(&before, &first));
        let left = without(&both, facts.iter().rev()).unwrap();
        assert_eq!(left["claims"], json!({"2": {"text": "b"}}));
        let none = without(&first, facts.iter().rev()).unwrap();
        assert_eq!(none.get("claims"), None);
    }

    #[test]
    fn a_field_that_has_another_value_by_now_is_named() {
        let facts = diff(&json!({"lead": 1}), &json!({"lead": 2}));
        assert_eq!(without(&json!({"lead": 3}), facts.iter()), Err("lead".to_owned()));
    }

    #[test]
    fn a_part_of_a_field_is_that_field_and_one_that_begins_alike_is_not() {
        assert!(overlap("tabled", "tabled.advice"));
        assert!(overlap("steps.7", "steps.7"));
        assert!(!overlap("steps.7", "steps.70"));
        assert!(!overlap("unit", "unit_name"));
    }

    #[test]
    fn a_case_mentions_its_persons_receipts_and_officers() {
        let case = json!({"persons": {"4": "petitioner"}, "lead": 2,
            "steps": {"1": {"deed": {"kind": "received", "receipt": 9}, "on": "2026-10-20"}}});
        let found = mentions(&case);
        let one = |kind, id| RecordRef { kind, id };
        assert!(found.contains(&one(Kind::Person, 4)));
        assert!(found.contains(&one(Kind::Officer, 2)));
        assert!(found.contains(&one(Kind::Receipt, 9)));
    }
}
