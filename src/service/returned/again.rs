//! What was entered from a form before: one that was sent back comes again with all its rows.
//!
//! INVARIANT: a row is known again only by its own words and day, and only from the same form; one
//! that was corrected says something new.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use chrono::NaiveDate;

use crate::domain::campaign::{Evidence, Task};
use crate::domain::case::Case;
use crate::domain::choice::TaskState;
use crate::domain::form::Fields;
use crate::domain::receipt::Receipt;
use crate::domain::step::Deed;
use crate::domain::village_form::FormId;
use crate::service::stop::Stop;
use crate::service::{intake, people};
use crate::store::key::Order;
use crate::store::read::Read;
use crate::store::tables::{self, line};

/// How the duty and period of a form are written down: as the number of a letter, and last in who
/// told of a step.
pub fn letter(form: &FormId) -> String {
    format!("{} {}", form.code, form.period)
}

/// Whether a step of a case was entered from a form, whoever reported it then.
fn is_told(told_by: Option<&String>, form: &FormId) -> bool {
    told_by.is_some_and(|who| who.ends_with(&format!(" {}", letter(form))))
}

/// Whether a case has a progress of a form already; one without a day on the form is known by its
/// words.
pub fn has_step(form: &FormId, case: &Case, (text, on): (&str, Option<NaiveDate>)) -> bool {
    case.steps.values().any(|step| {
        is_told(step.told_by.as_ref(), form)
            && step.text.as_deref() == Some(text)
            && on.is_none_or(|on| step.on == on)
    })
}

/// Whether a request of a form was registered already, on one of these days.
///
/// # Errors
/// A damaged ledger.
pub fn has_request(
    ledger: &impl Read,
    (form, village): (&FormId, &str),
    fields: &Fields,
    days: &BTreeSet<NaiveDate>,
) -> Result<bool, Stop> {
    let letter = letter(form);
    let mut ids = Vec::new();
    for day in days {
        let span = tables::received(line::Days { first: *day, last: *day });
        ledger.scan(&span, Order::Forward, &mut |key, _| {
            ids.extend(tables::last_id(key));
            Ok(ControlFlow::Continue(()))
        })?;
    }
    for id in ids {
        let receipt: Option<Receipt> = ledger.load(id)?;
        let Some(receipt) = receipt.filter(|own| own.letter.as_ref() == Some(&letter)) else {
            continue;
        };
        let Some(case): Option<Case> = ledger.load(receipt.case.0)? else { continue };
        let is_of_it = receipt.from_body.as_deref() == Some(village)
            && case.steps.values().any(|step| {
                matches!(step.deed, Deed::Received { .. }) && is_told(step.told_by.as_ref(), form)
            });
        let name = people::name_on(ledger, &case)?;
        // One that the clerk gave to somebody else says in its words whose it is.
        let said = words(name.as_deref(), fields);
        let says = receipt.words.as_ref() == Some(&said) || case.request == said;
        if is_of_it
            && (says || fields.get("request") == Some(&case.request) && is_from(name, fields))
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a request is from whoever the form names.
fn is_from(name: Option<String>, fields: &Fields) -> bool {
    let said = fields.get("name").map_or("", String::as_str);
    name.map_or_else(|| intake::is_anonymous(said), |name| name == said)
}

/// What a request says as a further receipt of a matter: whose it is stands before it, if it is not
/// who raises the matter.
pub fn words(name_on: Option<&str>, fields: &Fields) -> String {
    let text = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let (name, request) = (text("name"), text("request"));
    if Some(name.as_str()) == name_on || name.is_empty() || intake::is_anonymous(&name) {
        return request;
    }
    format!("{name}\u{ff1a}{request}")
}

/// Whether a task was done by a form already, with the same evidence.
pub fn is_done(task: &Task, source: &str, evidence: &Evidence) -> bool {
    let parts = |one: &Evidence| [one.document.clone(), one.place.clone(), one.note.clone()];
    let newest = task.turns.values().next_back();
    newest
        .is_some_and(|turn| turn.state == TaskState::Done && turn.source.as_deref() == Some(source))
        && (evidence.is_empty() || task.evidence.values().any(|own| parts(own) == parts(evidence)))
}
