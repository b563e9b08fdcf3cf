//! Whether what an order changes is still as its clerk saw it (optimistic concurrency, by field).

use serde_json::Value;

use crate::api::refusal::{Clash, Refusal, RefusalKind};
use crate::domain::form::Filled;
use crate::domain::ids::Kind;
use crate::domain::person::mask_number;
use crate::domain::record::Record;
use crate::domain::schema::{self, Shield};
use crate::domain::step::Step;
use crate::domain::step_field;
use crate::service::clock::at_office;
use crate::service::order::Desk;
use crate::service::stop::Stop;
use crate::service::{Session, office};
use crate::store::history::{self, ChangedField};
use crate::store::journal::Actor;

/// A field of the form of an order, and what somebody else made of it.
type Theirs = (String, Value);

impl Desk<'_, '_> {
    /// Whether the fields that an act depends on are as the clerk saw them.
    ///
    /// # Errors
    /// A conflict with both values, who and when.
    pub fn in_step<R: Record>(&self, record: &R, depends_on: &[&str]) -> Result<(), Stop> {
        self.compare(record, &|change| {
            let theirs = || change.fact.as_ref().map_or(Value::Null, |fact| fact.new.clone());
            let depends = depends_on.contains(&change.field.as_str());
            depends.then(|| (change.field.clone(), theirs())).into_iter().collect()
        })
    }

    /// Whether what a correction makes another of a step, is as the clerk saw it.
    ///
    /// # Errors
    /// As [`Self::in_step`].
    pub fn step_in_step<R: Record>(
        &self,
        record: &R,
        number: u32,
        correction: &Filled,
    ) -> Result<(), Stop> {
        let field = format!("steps.{number}");
        self.compare(record, &|change| {
            let Some(fact) = &change.fact else { return Vec::new() };
            if change.field == "purpose" {
                return changed(
                    correction,
                    &|_| (fact.old.clone(), fact.new.clone()),
                    &["purpose"],
                );
            }
            if change.field != field {
                return Vec::new();
            }
            let [old, new] = [&fact.old, &fact.new].map(step_of);
            let names: Vec<&str> = correction.values().keys().map(String::as_str).collect();
            let value = |step: &Option<Step>, name: &str| {
                step.as_ref().and_then(|step| step_field::value(step, name)).unwrap_or(Value::Null)
            };
            changed(correction, &|name| (value(&old, name), value(&new, name)), &names)
        })
    }

    /// What others made since the clerk's version of the parts that an order depends on; of each
    /// part the newest.
    fn compare<R: Record>(
        &self,
        record: &R,
        parts: &dyn Fn(&ChangedField) -> Vec<Theirs>,
    ) -> Result<(), Stop> {
        let Some(seen) = self.order.seen.filter(|seen| *seen < record.version()) else {
            return Ok(());
        };
        let mut clashes: Vec<Clash> = Vec::new();
        for change in history::changed_fields(self.work, record.reference(), seen)? {
            for (field, theirs) in parts(&change) {
                clashes.retain(|clash| clash.field != field);
                clashes.push(Clash {
                    theirs: shielded((R::KIND, &field), theirs),
                    field,
                    who: self.name_of(&change.line.stamp.actor)?,
                    when: at_office(change.line.stamp.at).to_rfc3339(),
                });
            }
        }
        if clashes.is_empty() {
            return Ok(());
        }
        let now = Some(record.version());
        Err(Refusal { clashes, now, ..Refusal::new(RefusalKind::Conflict, "conflict") }.into())
    }

    /// What whoever made a change is called: the officer, or the login of an account without one.
    fn name_of(&self, actor: &Actor) -> Result<String, Stop> {
        let Actor::Clerk { uid, login } = actor else { return Ok(String::new()) };
        let session = Session { uid: *uid, login: login.clone() };
        let officer = office::account(self.work, &session)?.and_then(|clerk| clerk.officer);
        Ok(self.core.book().officer(officer).unwrap_or(session.login))
    }
}

/// The fields of a correction that somebody else changed, and not to what the correction says.
fn changed(
    correction: &Filled,
    values: &dyn Fn(&str) -> (Value, Value),
    names: &[&str],
) -> Vec<Theirs> {
    let theirs = names.iter().filter_map(|name| {
        let mine = correction.values().get(*name)?;
        let (old, new) = values(name);
        (old != new && new != *mine).then(|| ((*name).to_owned(), new))
    });
    theirs.collect()
}

fn step_of(value: &Value) -> Option<Step> {
    serde_json::from_value(value.clone()).ok()
}

/// A value as an answer may say it: masked where the field table says so, for nobody has asked to
/// reveal it.
fn shielded((kind, field): (Kind, &str), value: Value) -> Value {
    let mut fields = schema::record(kind).iter();
    let is_masked = fields.any(|row| row.name() == field && row.shield == Shield::Masked);
    match value {
        Value::String(text) if is_masked => Value::String(mask_number(&text)),
        value => value,
    }
}
