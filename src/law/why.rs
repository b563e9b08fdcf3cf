//! Why a clock ends on its day: its limit, what was added to it, where it stood still, and every day.
//!
//! The same facts as those of the deadline are asked again, so that the reason cannot differ from
//! the answer.

use chrono::NaiveDate;

use crate::domain::course::{Course, Extension, Pause};
use crate::law::calendar::{Calendar, OutOfRange};
use crate::law::clock::{Facts, clocks};
use crate::law::count::{Count, DayStep, Length, explain};
use crate::law::deadline::{Basis, Deadline};
use crate::law::rule::{Law, Limit};

/// Why a clock ends on its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reckoning {
    /// The length that the norm gives.
    pub length: Length,
    /// What was lawfully added, in the order of approval.
    pub extensions: Vec<Extension>,
    /// The days that extensions add; the norm bounds their sum.
    pub extended_days: u32,
    /// Where the clock stood still, by the grounds that the limit knows.
    pub pauses: Vec<Pause>,
    /// The day since which it stands still.
    pub paused_since: Option<NaiveDate>,
    /// Where it ends, as if it did not stand still now.
    pub count: Count,
    /// Every day from the trigger on: to the latest day, or to that on which the clock stopped.
    pub days: Vec<DayStep>,
}

/// Counts a clock of a course day by day; none if its days are named and not counted, or if nothing
/// started it.
///
/// # Errors
/// [`OutOfRange`] if the end lies beyond every calendar.
pub fn reckon(
    course: &Course,
    law: &Law,
    calendar: &Calendar,
    deadline: &Deadline,
) -> Result<Option<Reckoning>, OutOfRange> {
    let facts = Facts { course, law, calendar };
    let Some((limit, clock)) = law
        .of_id(&deadline.limit)
        .filter(|limit| is_of(limit, deadline) && limit.concerns(course))
        .flat_map(|limit| clocks(course, limit).into_iter().map(move |clock| (limit, clock)))
        .filter(|(limit, clock)| law.governs(limit, clock.from))
        .find(|(_, clock)| (clock.receipt, Some(clock.from)) == (deadline.receipt, deadline.from))
    else {
        return Ok(None);
    };
    let Some(length) = limit.length else { return Ok(None) };
    let end = facts.end(limit, &clock)?;
    let pauses = facts.pauses(limit, &clock);
    let whole = length.lengthened(end.extended_days);
    let mut days = explain(clock.from, whole, &pauses, calendar)?;
    if let Some(since) = end.paused_since {
        days.retain(|step| step.date <= since);
    }
    let extensions = if end.extended_days > 0 { facts.extensions(&clock) } else { Vec::new() };
    Ok(Some(Reckoning {
        length,
        extensions,
        extended_days: end.extended_days,
        pauses,
        paused_since: end.paused_since,
        count: end.count,
        days,
    }))
}

/// Whether a row is the one that a deadline rests on: several norms may have one of the same id.
fn is_of(limit: &Limit, deadline: &Deadline) -> bool {
    match &deadline.basis {
        Basis::Article { norm, article } => limit.norm == *norm && limit.article == *article,
        Basis::Letter { .. } | Basis::Agreement => false,
    }
}
