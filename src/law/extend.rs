//! Whether the office may lengthen the limit of a case, and to which day (Reg. 34).
//!
//! Who approved, with which reason and notice, is asked elsewhere; here only days are judged.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::course::{Course, Extension};
use crate::law::calendar::Calendar;
use crate::law::clock::{Clock, Facts, clocks};
use crate::law::rule::{Law, Limit};

/// Why a limit cannot be lengthened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ExtendRefusal {
    /// No day at all.
    #[error("an extension has at least one day")]
    ZeroDays,
    /// No limit that can be lengthened governs the case, or its clocks do not run.
    #[error("no limit that can be extended governs the case")]
    NoLimit,
    /// The procedure that governs the case has no such limit, or is undecided.
    #[error("the route of the case has no limit that can be extended")]
    WrongRoute,
    /// The case was not accepted.
    #[error("the case was not accepted")]
    NotAccepted,
    /// The case is concluded.
    #[error("the case was concluded on {on}")]
    Concluded {
        /// The day on which it was.
        on: NaiveDate,
    },
    /// The approval is older than the acceptance.
    #[error("the case was accepted only on {accepted_on}")]
    BeforeAcceptance {
        /// The day of the acceptance.
        accepted_on: NaiveDate,
    },
    /// The limit was over.
    #[error("the latest day was {latest}")]
    TooLate {
        /// The latest day, as it counted on the day of the approval.
        latest: NaiveDate,
    },
    /// The clock stands still, so that there is no day to lengthen.
    #[error("the clock stands still since {since}")]
    Paused {
        /// The day on which it stopped.
        since: NaiveDate,
    },
    /// More days than the law leaves.
    #[error("at most {remaining} more days can be granted")]
    TooManyDays {
        /// The days that are left, of the limit's unit.
        remaining: u32,
    },
    /// The new day lies beyond every calendar.
    #[error("the day lies beyond every calendar")]
    OutOfRange,
}

/// Judges an extension that is not yet in the course; gives the new latest day.
///
/// # Errors
/// [`ExtendRefusal`] says what stands against it, with the day or the days left.
pub fn may_extend(
    course: &Course,
    law: &Law,
    calendar: &Calendar,
    extension: Extension,
) -> Result<NaiveDate, ExtendRefusal> {
    if extension.days == 0 {
        return Err(ExtendRefusal::ZeroDays);
    }
    let (limit, clock) = present_clock(course, law)?;
    let row = law.prolongation(limit, clock.from).ok_or(ExtendRefusal::NoLimit)?;
    if let Some(on) = clock.met_on {
        return Err(ExtendRefusal::Concluded { on });
    }
    if extension.approved_on < clock.from {
        return Err(ExtendRefusal::BeforeAcceptance { accepted_on: clock.from });
    }
    let end = |extensions: Vec<Extension>| {
        let course = Course { extensions, ..course.clone() };
        Facts { course: &course, law, calendar }
            .end(limit, &clock)
            .map_err(|_| ExtendRefusal::OutOfRange)
    };
    let mut extensions = course.extensions.clone();
    extensions.retain(|earlier| earlier.approved_on <= extension.approved_on);
    let then = end(extensions)?;
    if !then.is_in_time(extension.approved_on) {
        return Err(ExtendRefusal::TooLate { latest: then.count.latest });
    }
    let now = end(course.extensions.clone())?;
    if let Some(since) = now.paused_since {
        return Err(ExtendRefusal::Paused { since });
    }
    let remaining = row.days_max.saturating_sub(now.extended_days);
    if extension.days > remaining {
        return Err(ExtendRefusal::TooManyDays { remaining });
    }
    let mut extensions = course.extensions.clone();
    extensions.push(extension);
    Ok(end(extensions)?.count.latest)
}

// The clock of the present round under the limit that the law lets the office lengthen.
fn present_clock<'a>(course: &Course, law: &'a Law) -> Result<(&'a Limit, Clock), ExtendRefusal> {
    let extendable = |limit: &&Limit| {
        law.prolongations().iter().any(|row| row.layer == limit.layer && row.extends == limit.id)
    };
    let mut limits = law.limits().iter().filter(extendable).peekable();
    if !course.counts || limits.peek().is_none() {
        return Err(ExtendRefusal::NoLimit);
    }
    let mut limits = limits.filter(|limit| limit.applies_to(course.route)).peekable();
    if limits.peek().is_none() {
        return Err(ExtendRefusal::WrongRoute);
    }
    let mut is_accepted = false;
    for limit in limits {
        let Some(clock) = clocks(course, limit).pop() else { continue };
        is_accepted = true;
        if law.governs(limit, clock.from) {
            return Ok((limit, clock));
        }
    }
    Err(if is_accepted { ExtendRefusal::NoLimit } else { ExtendRefusal::NotAccepted })
}
