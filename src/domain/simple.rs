//! Simplified handling: for which cases it can be chosen, and what it must not be used for.
//!
//! What it is for is known from Articles 4 and 5 of the rules of 2022; their days are not: those
//! stand in a text of limits that is off until the office has checked it and loads it. How many
//! people make a petition one of many is a setting, so the service asks that.

use crate::domain::broken::Broken;
use crate::domain::case::{Case, Stage};
use crate::domain::choice::{ClaimResult, Route};
use crate::domain::procedure::{After, after_day};
use crate::domain::step_choice::SimpleGround;

/// Whether a case is handled in the simplified way now.
pub fn is_simple(case: &Case) -> bool {
    after_day(case, After::Simplified).is_some()
}

/// Whether it can be chosen as the case stands.
///
/// # Errors
/// It was chosen already, comes too late, or the case is not fit for it.
pub fn can(case: &Case) -> Result<(), Broken> {
    if is_simple(case) {
        return Err(Broken::new("already_simplified"));
    }
    if case.stage() >= Stage::Replied {
        return Err(Broken::new("simplified_comes_before_the_answer"));
    }
    fits(case)
}

/// Whether a case is fit for it: the office may have learnt more since it was chosen.
///
/// # Errors
/// Why not.
pub fn fits(case: &Case) -> Result<(), Broken> {
    // Art. 4: first-time matters only; Art. 5(1) to (5): and none of these.
    let unfit = match case.route {
        _ if case.repeats.is_some() || case.cycle > 1 => Some("simplified_is_for_first_matters"),
        Some(
            Route::Accusation
            | Route::Justice
            | Route::Arbitration
            | Route::Party
            | Route::Administrative
            | Route::Duty,
        ) => Some("simplified_is_not_for_that_route"),
        _ if case.entrusted.is_some() => Some("assigned_is_not_simplified"),
        _ if !case.assisting.is_empty() => Some("several_units_are_not_simplified"),
        _ if case.urgent || case.backlog => Some("major_is_not_simplified"),
        None | Some(Route::Petition | Route::Suggestion) => None,
    };
    unfit.map_or(Ok(()), |key| Err(Broken::new(key)))
}

/// Judges what its form says.
///
/// # Errors
/// A part of the request may be refused, or another ground is not told.
pub fn judge(
    (ground, supportable): (SimpleGround, Option<bool>),
    text: Option<&String>,
) -> Result<(), Broken> {
    if supportable != Some(true) {
        return Err(Broken::new("refusable_is_not_simplified").at("simplify.supportable"));
    }
    if ground == SimpleGround::Other && text.is_none() {
        return Err(Broken::new("simplified_needs_its_reason").at("simplify.text"));
    }
    Ok(())
}

/// Whether an opinion can say so while the case is simple: what is refused goes the ordinary way.
///
/// # Errors
/// It refuses a request.
pub fn may_answer(case: &Case, result: Option<ClaimResult>) -> Result<(), Broken> {
    let refuses = result == Some(ClaimResult::Refused)
        || case.claims.values().any(|claim| claim.result == Some(ClaimResult::Refused));
    if refuses && is_simple(case) {
        return Err(Broken::new("refusal_is_not_simplified").at("reply.result"));
    }
    Ok(())
}
