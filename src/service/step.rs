//! Orders that make a step of the procedure: the form becomes a deed, the rule decides.

use crate::api::refusal::{Refusal, RefusalKind};
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::case::Claim;
use crate::domain::choice::ClaimResult;
use crate::domain::field::FieldKind;
use crate::domain::form::Filled;
use crate::domain::ids::Kind;
use crate::domain::procedure::{self, Around};
use crate::domain::schema;
use crate::service::case::{check_links, entry, fill};
use crate::service::clocks;
use crate::service::order::{Desk, Made};
use crate::service::stop::Stop;

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
    let deed = procedure::deed(desk.order.act, &filled)
        .ok_or_else(|| Refusal::new(RefusalKind::Invalid, "wrong_fields"))?;
    let mut around = around(desk, &filled)?;
    around.latest = match desk.order.act {
        Act::Review => clocks::latest_of(desk.core, &case, REVIEW),
        Act::Recheck => clocks::latest_of(desk.core, &case, RECHECK),
        _ => None,
    };
    let entry = entry(desk, &filled);
    let next = case.step(desk.order.act, deed, &around, entry)?;
    Ok(Made::case(&desk.put_case(&case, next)?))
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
