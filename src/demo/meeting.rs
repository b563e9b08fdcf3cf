//! What waits for the next meeting of a made-up town, and what its last one decided.
//!
//! A handful in a town of any size: the first cases under way whose leader can answer for them.

use chrono::{Datelike, NaiveDate};

use crate::demo::Town;
use crate::demo::plan::{after, before};
use crate::demo::script::word;
use crate::domain::broken::Broken;
use crate::domain::case::{Case, Stage};
use crate::domain::ids::DecisionId;
use crate::domain::meeting::{self, Deciding, Decision, Outcome, Tabled};
use crate::domain::office::Officer;

/// The matters that meetings of a demo are about.
pub const MATTERS: u64 = 7;
/// How many of them wait for the next meeting, and come first.
const TABLED: u64 = 3;
/// The days from a meeting to the day by which something is to be done.
const DUE: [u64; 4] = [3, 7, 10, 5];

/// The leader of a case that a meeting may be about; none if it is not for one.
pub fn leader<'t>(town: &'t Town, case: &Case) -> Option<&'t Officer> {
    let is_under_way = case.stage() == Stage::Handling && case.received_on < met_on(town);
    let lead = town.officer(case.lead?)?;
    let fits = is_under_way
        && meeting::may_be_met_about(case).is_ok()
        && meeting::must_answer(case, lead, (met_on(town), "decide.officer")).is_ok();
    fits.then_some(lead)
}

/// The case as the meetings left it, and what they decided on it; `nth` counts from 1.
///
/// # Errors
/// A rule is broken: a defect of the generator.
pub fn met(
    town: &Town,
    case: Case,
    (lead, nth): (&Officer, u64),
) -> Result<(Case, Option<Decision>), Broken> {
    let said = |key: &str| word("table", &format!("{key}_{nth}"));
    let by = town.desk().map(|officer| officer.id);
    if nth <= TABLED {
        let tabled = Tabled {
            on: None,
            put_on: before(town.today, 1),
            by,
            difficulty: said("difficulty"),
            advice: said("advice"),
            question: said("question"),
        };
        return Ok((meeting::table(&case, tabled, town.today)?, None));
    }
    let place = nth - TABLED;
    let met_on = met_on(town);
    let n_days = usize::try_from(place - 1).ok().and_then(|at| DUE.get(at)).copied();
    let deciding = Deciding {
        id: DecisionId(place),
        text: said("text").unwrap_or_default(),
        due_on: after(met_on, n_days.unwrap_or(7)),
        met_on,
        by,
    };
    let (decision, case) = meeting::decide(&case, deciding, lead, town.today)?;
    let outcome = said("outcome").map(|text| Outcome {
        on: before(town.today, 1).max(met_on),
        entered_on: town.today,
        by,
        text,
    });
    let decision = match outcome {
        Some(outcome) => decision.finish(outcome)?,
        None => decision,
    };
    Ok((case, Some(decision)))
}

/// The Friday before today, on which the office meets.
fn met_on(town: &Town) -> NaiveDate {
    let since_friday = u64::from(town.today.weekday().num_days_from_monday() + 3) % 7;
    before(town.today, if since_friday == 0 { 7 } else { since_friday })
}
