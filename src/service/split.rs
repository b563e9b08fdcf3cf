//! Orders that move receipts between matters: split one off, join two matters, tell two apart that
//! were taken for one raised again.

use std::collections::BTreeSet;

use chrono::Datelike;

use crate::api::refusal::Refusal;
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::form::Filled;
use crate::domain::ids::{CaseId, Kind, ReceiptId};
use crate::domain::number::Series;
use crate::domain::policy::{self, Scope};
use crate::domain::receipt::Receipt;
use crate::service::case::{entry, fill};
use crate::service::order::{Desk, Made};
use crate::service::stop::Stop;
use crate::service::{crowd, intake, judge, sheet};
use crate::store::fault::Fault;
use crate::store::read::Read;

/// Moves receipts: one off its case, or all of a case to another.
///
/// # Errors
/// A wrong form, a broken rule, a conflict, or a fault.
pub fn move_receipts(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    if desk.order.act == Act::Split { split(desk) } else { merge_into(desk) }
}

/// Finds that a case repeats an earlier one, or takes that back.
///
/// # Errors
/// A wrong form, a broken rule, a conflict, or a fault.
pub fn mark(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    if desk.order.act == Act::Repeat { repeat(desk) } else { unrepeat(desk) }
}

/// Splits a receipt off its case, to another case or to a matter of its own.
///
/// # Errors
/// A wrong form, a broken rule, a conflict, or a fault.
fn split(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let id = desk.order.on.ok_or_else(Refusal::not_found)?;
    let receipt: Receipt = desk.work.load(id)?.ok_or_else(Refusal::not_found)?;
    let from: Case = desk.work.load(receipt.case.0)?.ok_or_else(Refusal::not_found)?;
    desk.may_touch(&from)?;
    let filled = fill(desk)?;
    if from.readers.is_some() {
        return Err(Broken::new("sealed_receipts_stay").into());
    }
    let entry = entry(desk, &filled);
    let Some(number) = filled.text("into") else {
        let request = filled
            .text("request")
            .ok_or_else(|| Broken::new("split_needs_a_request").at("split.request"))?;
        let into = CaseId(desk.work.allot_id(Kind::Case)?);
        let (next, steps) = from.split_off(&receipt, into, entry)?;
        let blank = own_matter(desk, (&from, &filled), (into, request))?;
        let target = blank.take_in(&from, &receipt, steps)?;
        hang(desk, &receipt, Receipt { case: into, ..receipt.clone() })?;
        crowd::follow_repeats(desk, &target)?;
        crowd::follow_repeats(desk, &next)?;
        desk.put_case(&from, next)?;
        return Ok(Made::case(&desk.create_case(target)?));
    };
    let target = other(desk, (&from, &number), "split.into")?;
    let (next, steps) = from.split_off(&receipt, target.id, entry)?;
    let taken = target.take_in(&from, &receipt, steps)?;
    hang(desk, &receipt, Receipt { case: target.id, ..receipt.clone() })?;
    crowd::follow_repeats(desk, &taken)?;
    crowd::follow_repeats(desk, &next)?;
    desk.put_case(&from, next)?;
    Ok(Made::case(&desk.put_case(&target, taken)?))
}

/// Joins a whole case to another, with its receipts.
///
/// # Errors
/// As [`split`].
fn merge_into(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&["route"])?;
    let filled = fill(desk)?;
    let number = filled.text("into").unwrap_or_default();
    let target = other(desk, (&case, &number), "merge_into.into")?;
    let entry = entry(desk, &filled);
    let (next, steps) = case.merge_into(target.id, entry)?;
    let mut taken = target.clone();
    let mut steps = Some(steps);
    for ReceiptId(id) in case.receipts() {
        let Some(receipt) = desk.work.load::<Receipt>(id)? else { continue };
        taken = taken.take_in(&case, &receipt, steps.take().unwrap_or_default())?;
        hang(desk, &receipt, Receipt { case: target.id, ..receipt.clone() })?;
    }
    crowd::follow_repeats(desk, &taken)?;
    for (person, tie) in &case.persons {
        taken.persons.entry(*person).or_insert(*tie);
    }
    desk.put_case(&target, taken)?;
    Ok(Made::case(&desk.put_case(&case, next)?))
}

fn hang(desk: &mut Desk<'_, '_>, old: &Receipt, new: Receipt) -> Result<(), Stop> {
    desk.put(old, new)?;
    Ok(())
}

/// Finds that a case repeats an earlier one that has ended; one that is pending takes its receipts
/// instead.
///
/// # Errors
/// No such case, a pending or a later one, or one that repeats this one itself; a fault.
fn repeat(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&["repeats"])?;
    if case.repeats.is_some() {
        return Err(Broken::new("case_repeats_already").into());
    }
    let text = fill(desk)?.text("of").unwrap_or_default();
    let earlier = other(desk, (&case, &text), "repeat.of")?;
    let broken = |key: &str| Broken::new(key).at("repeat.of").with("number", &earlier.number);
    if earlier.stage().is_open() {
        return Err(broken("repeated_matter_is_pending").into());
    }
    if earlier.received_on > case.received_on {
        return Err(broken("repeated_matter_came_later").into());
    }
    if closes_ring(desk.work, case.id, Some(earlier.id))? {
        return Err(broken("repeated_matter_came_later").into());
    }
    let next = Case { repeats: Some(earlier.id), ..case.clone() };
    crowd::follow_repeats(desk, &next)?;
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Whether a case would repeat itself, by way of others, if it repeated an earlier one.
///
/// # Errors
/// A fault of the ledger.
pub fn closes_ring(
    ledger: &impl Read,
    case: CaseId,
    earlier: Option<CaseId>,
) -> Result<bool, Fault> {
    Ok(first_earlier(ledger, earlier, |own| own.id == case)?.is_some())
}

/// The first case of a kind among one and what that repeats, one after the other; a damaged ring ends.
///
/// # Errors
/// A fault of the ledger.
pub fn first_earlier(
    ledger: &impl Read,
    from: Option<CaseId>,
    is_it: impl Fn(&Case) -> bool,
) -> Result<Option<Case>, Fault> {
    let (mut next, mut seen) = (from, BTreeSet::new());
    while let Some(id) = next.filter(|id| seen.insert(*id)) {
        let Some(case) = ledger.load::<Case>(id.0)? else { break };
        if is_it(&case) {
            return Ok(Some(case));
        }
        next = case.repeats;
    }
    Ok(None)
}

/// Takes the finding back that a matter repeats an earlier one; its first receipt is no repeat then.
/// Also where the matter has ended: what is counted as repeated is counted on.
///
/// # Errors
/// It repeats none, a conflict, or a fault.
fn unrepeat(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&["repeats"])?;
    if case.repeats.is_none() {
        return Err(Broken::new("case_repeats_nothing").into());
    }
    let next = Case { repeats: None, ..case.clone() };
    crowd::follow_repeats(desk, &next)?;
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// The other case of a move: there for the asker, theirs to change, and not the same one.
fn other(desk: &Desk<'_, '_>, (from, text): (&Case, &str), field: &str) -> Result<Case, Stop> {
    let unknown = || Broken::new("no_case_of_that_number").at(field).with("number", text);
    let case = of_number(desk, text)?.ok_or_else(unknown)?;
    let (asker, scope) = (&desk.asking.asker, Scope::of(&case));
    if !policy::sees(asker, &scope, case.readers.as_ref()) {
        return Err(unknown().into());
    }
    judge(desk.asking, desk.order.act, policy::link(asker, &scope))?;
    if case.id == from.id {
        return Err(Broken::new("that_is_the_same_case").at(field).into());
    }
    if case.readers != from.readers {
        return Err(Broken::new("sealed_receipts_stay").at(field).into());
    }
    Ok(case)
}

/// The case of a printed number, whoever may see it; the town's code and the year may be left out.
pub fn of_number(desk: &Desk<'_, '_>, text: &str) -> Result<Option<Case>, Stop> {
    let text = text.trim();
    let code = &desk.core.book().office.code;
    let mut numbers = vec![text.to_owned(), format!("{code}{text}")];
    if let Ok(serial) = text.parse() {
        let year = desk.asking.today.year();
        numbers.push(Series::Case { year }.print(code, serial));
    }
    for number in numbers {
        for id in sheet::of_number(desk.work, &number)? {
            if let Some(case) = desk.work.load::<Case>(id.0)? {
                return Ok(Some(case));
            }
        }
    }
    Ok(None)
}

/// The matter that a split receipt becomes, before the receipt hangs on it.
fn own_matter(
    desk: &mut Desk<'_, '_>,
    (from, filled): (&Case, &Filled),
    (id, request): (CaseId, String),
) -> Result<Case, Stop> {
    let series = Series::Case { year: desk.asking.today.year() };
    let serial = desk.work.allot(&series.counter())?;
    let number = series.print(&desk.core.book().office.code, serial);
    let mut case = intake::blank(id, number, &Filled::default());
    case.title = filled.text("title").unwrap_or_else(|| intake::title_of(&request));
    case.request = request;
    case.village = from.village;
    case.persons = from.persons.clone();
    case.registrar = desk.asking.clerk.officer;
    Ok(case)
}
