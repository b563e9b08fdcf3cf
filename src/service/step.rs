//! Orders that make a step of the procedure: the form becomes a deed, the rule decides.

use crate::api::refusal::{Refusal, RefusalKind};
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::case::{Case, Claim};
use crate::domain::choice::ClaimResult;
use crate::domain::course::Extension;
use crate::domain::field::FieldKind;
use crate::domain::form::Filled;
use crate::domain::ids::Kind;
use crate::domain::policy;
use crate::domain::procedure::{self, Around};
use crate::domain::receipt::Receipt;
use crate::domain::schema;
use crate::domain::step::{Deed, Step};
use crate::service::case::{check_links, entry, fill};
use crate::service::clocks;
use crate::service::crowd;
use crate::service::indexed;
use crate::service::order::{Desk, Made};
use crate::service::seal;
use crate::service::split;
use crate::service::stop::Stop;
use crate::store::read::Read;

/// The ids of the limits within which a petitioner may ask for a review, and for a second one.
const REVIEW: &str = "review_request";
const RECHECK: &str = "second_review_request";

/// Makes a step of the table of `procedure`.
///
/// # Errors
/// A wrong form, a broken rule, a conflict, or a fault.
pub fn make(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    if procedure::of(desk.order.act).is_none() {
        return Err(Refusal::new(RefusalKind::Invalid, "not_an_order").into());
    }
    let case = desk.case(depends_on(desk.order.act))?;
    let filled = fill(desk)?;
    check_links(desk, &filled)?;
    if desk.order.act == Act::Simplify {
        clocks::may_simplify(desk.core, &case)?;
    }
    let deed = procedure::deed(desk.order.act, &filled)
        .ok_or_else(|| Refusal::new(RefusalKind::Invalid, "wrong_fields"))?;
    if let (Some(own), Deed::Answered { unit }) =
        (policy::asked_village(&desk.asking.asker, &case), &deed)
        && own != *unit
    {
        return Err(Broken::new("unit_was_not_asked").at("answer.unit").with("name", "").into());
    }
    let mut around = around(desk, &filled)?;
    around.latest = match desk.order.act {
        Act::Review => clocks::latest_of(desk.core, &case, REVIEW),
        Act::Recheck => clocks::latest_of(desk.core, &case, RECHECK),
        _ => None,
    };
    match desk.order.act {
        Act::Forward => around.is_accused = is_accused(desk, &case, &deed),
        Act::Decline => around.was_rechecked = was_rechecked(desk, &case)?,
        _ => {}
    }
    if let Some(officer) = around.officer.as_ref().filter(|_| desk.order.act == Act::Pass) {
        seal::must_read(desk, (&case, officer), "pass.to")?;
    }
    let entry = entry(desk, &filled);
    let next = case.step(desk.order.act, deed, &around, entry)?;
    supervises_units(desk, (&case, &next), "supervise.text")?;
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Corrects a step: its day, or what it says. Clocks follow, and what the law asked of later steps
/// is asked again.
///
/// # Errors
/// As [`make`]; a step that follows would come before it, or would no longer be lawful.
pub fn correct(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&[])?;
    let filled = fill(desk)?;
    check_links(desk, &filled)?;
    let correction = case.corrected(filled.values())?;
    desk.step_in_step(&case, correction.number, &filled)?;
    let deed = &correction.step.deed;
    let around = Around {
        officer: desk.officer(deed.officer().map(|id| id.0), "correct.step")?,
        unit: desk.unit(deed.unit().map(|id| id.0), "correct.step")?,
        is_accused: is_accused(desk, &case, deed),
        was_rechecked: was_rechecked(desk, &case)?,
        ..Around::default()
    };
    let is_another = case.steps.get(&correction.number).is_none_or(|old| old.deed != *deed);
    if let (true, Some(officer), Deed::LeadAssigned { .. } | Deed::HandedTo { .. }) =
        (is_another, &around.officer, deed)
    {
        seal::must_read(desk, (&case, officer), "correct.step")?;
    }
    let next = case.correct(&correction, &around, desk.asking.today)?;
    lawful(desk, (&case, &next))?;
    desk.on = correction.step.on;
    supervises_units(desk, (&case, &next), "correct.text")?;
    if let Deed::Received { receipt, .. } = correction.step.deed {
        let old: Receipt = desk.work.load(receipt.0)?.ok_or_else(Refusal::not_found)?;
        desk.put(&old, Receipt { received_on: correction.step.on, ..old.clone() })?;
        crowd::follow_repeats(desk, &next)?;
    }
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// A supervision is about bodies and leaders; whoever petitions is not named in it (Reg. 39, 40).
fn supervises_units(
    desk: &Desk<'_, '_>,
    (old, new): (&Case, &Case),
    field: &str,
) -> Result<(), Stop> {
    let is_new = |(number, step): &(&u32, &Step)| {
        matches!(step.deed, Deed::Supervised { .. }) && old.steps.get(number) != Some(step)
    };
    let indexed::Beside { names, .. } = indexed::beside(desk.work, new)?;
    for (_, step) in new.steps.iter().filter(is_new) {
        let texts = [step.text.as_ref(), step.document.as_ref()];
        let is_named = |name: &&String| {
            // One character alone is a word as often as a name.
            name.chars().count() > 1
                && texts.iter().flatten().any(|text| text.contains(name.as_str()))
        };
        if names.iter().any(|name| is_named(&name)) {
            return Err(Broken::new("supervision_is_about_units").at(field).into());
        }
    }
    Ok(())
}

/// Extensions and objections that came in time must still have come in time.
fn lawful(desk: &Desk<'_, '_>, (old, new): (&Case, &Case)) -> Result<(), Stop> {
    let judge = |case: &Case, number: u32, step: &Step| {
        let before = case.before(number, step.cycle);
        match step.deed {
            Deed::Extended { days, .. } => {
                let extension = Extension { days, approved_on: step.on };
                clocks::judge_extension(desk.core, &before, extension)
            }
            Deed::Objected { .. } => match clocks::objection_until(desk.core, &before) {
                Some(latest) if step.on > latest => {
                    Err(Broken::new("objection_is_too_late").with("day", latest))
                }
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    };
    for (number, step) in &new.steps {
        let was_lawful = old.steps.get(number).is_some_and(|own| judge(old, *number, own).is_ok());
        if was_lawful && let Err(mut broken) = judge(new, *number, step) {
            broken.field = Some("correct.on".to_owned());
            return Err(broken.into());
        }
    }
    Ok(())
}

/// Says what one claim asks, what was found, and what follows (Reg. 32).
///
/// # Errors
/// As [`make`]; a new claim needs its text.
pub fn claim(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&["claims"])?;
    let filled = fill(desk)?;
    if case.history.is_some() {
        return Err(Broken::new("case_is_history").into());
    }
    if !case.stage().is_open() {
        return Err(Broken::new("case_has_ended").into());
    }
    let number = filled.count("number").unwrap_or(1);
    let mut next = case.clone();
    let text = filled.text("text");
    let claim = match (next.claims.get(&number).cloned(), text) {
        (Some(claim), None) => claim,
        (Some(claim), Some(text)) => Claim { text, ..claim },
        (None, Some(text)) => Claim { text, finding: None, result: None },
        (None, None) => return Err(Broken::new("claim_needs_a_text").at("claim.text").into()),
    };
    let claim = Claim {
        finding: filled.text("finding").or(claim.finding),
        result: filled.word("result", ClaimResult::parse).or(claim.result),
        ..claim
    };
    next.claims.insert(number, claim);
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Whether the body to which a deed hands the case is whom the case is about.
fn is_accused(desk: &Desk<'_, '_>, case: &Case, deed: &Deed) -> bool {
    let Deed::Forwarded { body, .. } = deed else { return false };
    let book = desk.core.book();
    case.accused().is_called(body, (book.units.values(), book.officers.values()))
}

/// Whether a case that this one repeats, or one that that one repeats, had its second review, or was
/// over before this ledger began.
fn was_rechecked(desk: &Desk<'_, '_>, case: &Case) -> Result<bool, Stop> {
    let is_it = |step: &Step| matches!(step.deed, Deed::Rechecked { .. });
    let was_it =
        |own: &Case| own.id != case.id && (own.history.is_some() || own.steps.values().any(is_it));
    Ok(split::first_earlier(desk.work, case.repeats, was_it)?.is_some())
}

/// The unit and the officer that a form names.
fn around(desk: &Desk<'_, '_>, filled: &Filled) -> Result<Around, Stop> {
    let mut around = Around::default();
    for field in schema::form(desk.order.act) {
        match field.kind {
            FieldKind::Link(Kind::Unit) => {
                around.unit = desk.unit(filled.link(field.name()), field.key)?;
            }
            FieldKind::Link(Kind::Officer) => {
                around.officer = desk.officer(filled.link(field.name()), field.key)?;
            }
            _ => {}
        }
    }
    Ok(around)
}

/// The fields on which a step depends: what others changed there meanwhile is a conflict.
const fn depends_on(act: Act) -> &'static [&'static str] {
    match act {
        Act::Decline | Act::Forward | Act::Guide | Act::Reply => &["route"],
        Act::Entrust => &["unit"],
        Act::Pass => &["held_by"],
        Act::Conclude => &["route", "claims", "lead", "handler"],
        _ => &[],
    }
}
