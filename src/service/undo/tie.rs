//! What an account is to a record that a change touched, as it is and as it would be again.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::domain::act::Act;
use crate::domain::campaign::Task;
use crate::domain::case::Case;
use crate::domain::duty::Duty;
use crate::domain::entry::Entry;
use crate::domain::ids::{Kind, PersonId, RecordRef};
use crate::domain::meeting::Decision;
use crate::domain::person::Person;
use crate::domain::policy::{self, Link, Scope, Verdict};
use crate::domain::receipt::Receipt;
use crate::domain::saved::SavedView;
use crate::service::stop::Stop;
use crate::service::{Asking, care, tell};
use crate::store::read::Read;
use crate::store::taken;

/// Whether an account may still do an act on a record, as it is or as it would be again: whoever gave
/// a case away may take that back.
///
/// # Errors
/// A damaged ledger.
pub fn may(
    ledger: &impl Read,
    asking: &Asking,
    (record, act, states): (RecordRef, &str, [Option<&Value>; 2]),
) -> Result<bool, Stop> {
    // What the program does by itself follows from what somebody did.
    let Some(act) = Act::parse(act) else { return Ok(true) };
    let allows = |link| policy::may(&asking.asker, act, link) == Verdict::Allow;
    let is_asked_of_it = match act.on() {
        None if !allows(Link::Whole) => return Ok(false),
        Some(_) if !Link::ALL.into_iter().any(allows) => return Ok(false),
        on => on == Some(record.kind),
    };
    for state in states.into_iter().flatten() {
        let link = of(ledger, asking, (record, state))?;
        if link.is_some_and(|link| !is_asked_of_it || allows(link)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The tie of an account to a record; none if it may not know of it.
fn of(
    ledger: &impl Read,
    asking: &Asking,
    (record, state): (RecordRef, &Value),
) -> Result<Option<Link>, Stop> {
    let asker = &asking.asker;
    let case_link = |case: &Case| {
        let scope = Scope::of(case);
        let is_asked = policy::asked_village(asker, case).map(|_| Link::Village);
        let sees = policy::sees(asker, &scope, case.readers.as_ref());
        if sees { Some(policy::link(asker, &scope)) } else { is_asked }
    };
    Ok(match record.kind {
        Kind::Case => read::<Case>(state).and_then(|case| case_link(&case)),
        Kind::Receipt => match read::<Receipt>(state) {
            Some(receipt) => taken::last(ledger, receipt.case.0)?.and_then(|case| case_link(&case)),
            None => None,
        },
        Kind::Decision => match read::<Decision>(state) {
            Some(decision) => {
                let case = taken::last(ledger, decision.case.0)?;
                let link = policy::link(asker, &decision.scope());
                case.and_then(|case| case_link(&case)).map(|_| link)
            }
            None => None,
        },
        Kind::Entry => match read::<Entry>(state) {
            Some(entry) => {
                let case: Option<Case> = taken::last(ledger, entry.case.0)?;
                let case = case.filter(|case| care::is_visible(asker, &entry, case));
                case.map(|_| policy::link(asker, &Scope::of_entry(&entry)))
            }
            None => None,
        },
        Kind::Person => match read::<Person>(state) {
            Some(person) => {
                let scope = Scope { village: person.village, ..Scope::default() };
                let is_there = ledger.load::<Person>(record.id)?.is_some();
                let sees = match is_there {
                    true => tell::person_is_visible(ledger, asker, PersonId(record.id))?,
                    false => policy::sees(asker, &scope, None),
                };
                sees.then(|| policy::link(asker, &scope))
            }
            None => None,
        },
        Kind::Task => read::<Task>(state).map(|task| task.scope()).and_then(|scope| {
            policy::sees_task(asker, &scope).then(|| policy::link(asker, &scope))
        }),
        Kind::Duty => read::<Duty>(state).map(|duty| duty.scope()).and_then(|scope| {
            policy::sees_duty(asker, &scope).then(|| policy::link(asker, &scope))
        }),
        Kind::View => read::<SavedView>(state).and_then(|view| {
            let is_own = view.owner == asking.clerk.id;
            let own = if asker.village.is_some() { Link::Village } else { Link::Handler };
            view.is_seen_by(asking.clerk.id).then_some(if is_own { own } else { Link::Other })
        }),
        Kind::Office
        | Kind::Unit
        | Kind::Officer
        | Kind::Clerk
        | Kind::Plan
        | Kind::Indicator
        | Kind::Given => Some(Link::Other),
    })
}

fn read<T: DeserializeOwned>(state: &Value) -> Option<T> {
    serde_json::from_value(state.clone()).ok()
}
