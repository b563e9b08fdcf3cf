//! Which rule stands against what a change taken back would make of a record: what is put back is
//! judged as if it were done today.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::domain::broken::Broken;
use crate::domain::campaign::{Plan as Campaign, Task};
use crate::domain::case::{Case, Stage};
use crate::domain::entry::Entry;
use crate::domain::ids::{Kind, OfficerId, RecordRef};
use crate::domain::office::{Officer, Unit};
use crate::domain::schema::{self, Change};
use crate::service::roster::entries_of;
use crate::service::stop::Stop;
use crate::service::undo::plan::What;
use crate::service::{Asking, split};
use crate::store::fault::Fault;
use crate::store::key::{Order, Space, Span};
use crate::store::read::Read;
use crate::store::{tables, taken};

/// Why it may not be done, if so.
///
/// # Errors
/// A damaged ledger.
pub fn why(
    ledger: &impl Read,
    asking: &Asking,
    (record, what): (RecordRef, &What),
) -> Result<Option<Broken>, Stop> {
    let present = taken::json(ledger, record)?;
    match (record.kind, &present, what) {
        (Kind::Case, Some(present), What::Change(next)) => {
            let (old, new) = (read(record, present)?, read(record, next)?);
            of_case(ledger, asking, (&old, &new))
        }
        (Kind::Case, _, What::Restore(next)) => is_there_again(ledger, &read(record, next)?),
        (Kind::Entry, _, What::Restore(next)) => {
            let entry: Entry = read(record, next)?;
            let others = entries_of(ledger, entry.person)?;
            let is_there = |other: &Entry| other.case == entry.case && other.ending.is_none();
            Ok(others.iter().any(is_there).then(|| Broken::new("entry_is_there")))
        }
        (Kind::Unit, _, What::Restore(next)) => {
            let unit: Unit = read(record, next)?;
            let mut is_there = false;
            ledger.each::<Unit>(&mut |other| {
                is_there |= other.name == unit.name;
                Ok(std::ops::ControlFlow::Continue(()))
            })?;
            Ok(is_there.then(|| Broken::new("name_is_taken").with("name", unit.name)))
        }
        (Kind::Task, Some(present), _) => {
            let task: Task = read(record, present)?;
            let phase = task.phase;
            let plan: Option<Campaign> = ledger.load(task.plan.0)?;
            let is_closed = plan
                .and_then(|plan| plan.phase(phase).ok().map(|phase| phase.closed.is_some()))
                .unwrap_or(false);
            Ok(is_closed.then(|| Broken::new("phase_is_closed").with("phase", phase)))
        }
        _ => Ok(None),
    }
}

/// The steps that stay or come back must hold, the request is fixed once the case is taken on, and
/// nobody gets it back who may not have it today.
fn of_case(
    ledger: &impl Read,
    asking: &Asking,
    (old, new): (&Case, &Case),
) -> Result<Option<Broken>, Stop> {
    if let Err(broken) = new.stands_without(old) {
        return Ok(Some(broken));
    }
    if old.stage() >= Stage::Handling && new.stage() >= Stage::Handling {
        let (old, new) = (json(old), json(new));
        let mut fixed = schema::CASE.iter().filter(|it| it.change == Change::UntilAccepted);
        if let Some(field) = fixed.find(|it| old.get(it.name()) != new.get(it.name())) {
            return Ok(Some(Broken::new("request_is_fixed").at(field.key)));
        }
    }
    if old.repeats != new.repeats && split::closes_ring(ledger, new.id, new.repeats)? {
        return Ok(Some(Broken::new("cases_repeat_each_other")));
    }
    let load = |id: OfficerId| -> Result<Option<Officer>, Fault> { ledger.load(id.0) };
    let is_other = old.accused() != new.accused();
    for (was, is) in [(old.lead, new.lead), (old.handler, new.handler), (old.held_by, new.held_by)]
    {
        let Some(officer) = is.filter(|is| is_other || was != Some(*is)) else { continue };
        let Some(officer) = load(officer)? else { return Ok(Some(Broken::new("record_is_gone"))) };
        if let Err(broken) = new.may_be_held_by(&officer, (was == is, asking.today)) {
            return Ok(Some(broken));
        }
    }
    if let Some(unit) = new.unit.filter(|unit| is_other || old.unit != Some(*unit)) {
        let Some(unit): Option<Unit> = ledger.load(unit.0)? else {
            return Ok(Some(Broken::new("record_is_gone")));
        };
        if new.accused().is_unit(&unit) {
            return Ok(Some(Broken::new("accused_holds_it").with("name", unit.name)));
        }
    }
    Ok(None)
}

/// A case of an old ledger that was brought in again meanwhile stays out.
fn is_there_again(ledger: &impl Read, case: &Case) -> Result<Option<Broken>, Stop> {
    let Some(number) = &case.old_number else { return Ok(None) };
    let prefix = tables::number_prefix(number);
    let span = Span::prefix(Space::Index, &prefix);
    for (key, _) in ledger.page(&span, Order::Forward, 4)? {
        let Some(id) = tables::case_of_number(&prefix, &key) else { continue };
        if id != case.id && ledger.load::<Case>(id.0)?.is_some() {
            return Ok(Some(Broken::new("number_is_there").with("number", number)));
        }
    }
    Ok(None)
}

fn json(case: &Case) -> Value {
    serde_json::to_value(case).unwrap_or_default()
}

fn read<T: DeserializeOwned>(record: RecordRef, value: &Value) -> Result<T, Fault> {
    serde_json::from_value(value.clone()).map_err(|_| Fault::Undecodable(record))
}
