//! Which deadline follows from which fact: pure, with the law and the calendar as values.
//!
//! `deadlines` takes no day: a clock is what happened and what the law says of it. How it stands
//! on a day is asked of the deadline. INVARIANT: an option is never late, and a case whose clocks
//! do not count has none.

pub mod calendar;
pub mod count;
pub mod deadline;
pub mod extend;
pub mod plan;
pub mod rule;
pub mod text;

mod clock;

#[cfg(test)]
mod tests_calendar;
#[cfg(test)]
mod tests_count;
#[cfg(test)]
mod tests_deadline;
#[cfg(test)]
mod tests_extend;
#[cfg(test)]
mod tests_rule;

use chrono::NaiveDate;

use crate::domain::course::{Course, Event, Letter};
use crate::law::calendar::Calendar;
use crate::law::clock::{Clock, Facts, clocks, first_of_round};
use crate::law::deadline::{AGREED, ASSIGNED, Basis, Deadline, State, Why};
use crate::law::rule::{Effect, Law, Limit, Per};

/// Every clock of a case: those of the law in its order, each by its triggers, then the office's
/// own and the assigning body's.
pub fn deadlines(course: &Course, law: &Law, calendar: &Calendar) -> Vec<Deadline> {
    if !course.counts {
        return Vec::new();
    }
    let facts = Facts { course, law, calendar };
    let mut deadlines = Vec::new();
    for limit in law.limits() {
        for clock in clocks(course, limit) {
            if law.governs(limit, clock.from) {
                deadlines.push(facts.deadline(limit, &clock));
            }
        }
        if law.is_newest(limit) {
            deadlines.extend(facts.not_running(limit));
        }
    }
    deadlines.extend(agreed(course));
    deadlines.extend(assigned(course));
    deadlines
}

impl Facts<'_> {
    fn deadline(&self, limit: &Limit, clock: &Clock) -> Deadline {
        let mut deadline = unstarted(limit, State::Running);
        deadline.receipt = clock.receipt;
        deadline.from = Some(clock.from);
        if limit.excusable && self.course.notice_excused {
            deadline.state = State::NotStarted(Why::Excused);
            return deadline;
        }
        if let Some(why) = self.off_route(limit) {
            deadline.state = State::NotStarted(why);
            return deadline;
        }
        let Ok(end) = self.end(limit, clock) else {
            deadline.state = State::NotStarted(Why::OutOfRange);
            return deadline;
        };
        deadline.extended_days = end.extended_days;
        deadline.state = match end.paused_since {
            Some(since) => State::Paused { since },
            None => state(limit, clock, end.count.latest),
        };
        // While the clock stands still there is no due day.
        if end.paused_since.is_none() {
            deadline.target = Some(end.count.target);
            deadline.latest = Some(end.count.latest);
            deadline.provisional = end.count.provisional;
        }
        deadline
    }

    // What a case shows of a limit whose clock nothing has started, or which came too early for it.
    fn not_running(&self, limit: &Limit) -> Vec<Deadline> {
        let clocks = clocks(self.course, limit);
        if clocks.is_empty() && limit.per == Per::Case {
            let why = self.off_route(limit).unwrap_or(Why::Awaiting(limit.starts));
            return vec![unstarted(limit, State::NotStarted(why))];
        }
        clocks
            .iter()
            .filter(|clock| self.law.in_force(&limit.id, clock.from).is_none())
            .map(|clock| Deadline {
                receipt: clock.receipt,
                from: Some(clock.from),
                ..unstarted(limit, State::NotStarted(Why::NotInForce))
            })
            .collect()
    }

    fn off_route(&self, limit: &Limit) -> Option<Why> {
        match self.course.route {
            route if limit.applies_to(route) => None,
            None => Some(Why::RouteUndecided),
            Some(_) => Some(Why::OtherRoute),
        }
    }
}

fn state(limit: &Limit, clock: &Clock, latest: NaiveDate) -> State {
    match (limit.effect, clock.met_on) {
        (Effect::Duty, Some(on)) => State::Met { on },
        // An objection counts if it was sent in time and before the case was taken on.
        (Effect::Option, Some(on)) if on <= latest && !clock.is_given_up_before(on) => {
            State::Met { on }
        }
        (Effect::Option, Some(_)) => State::Lapsed,
        (Effect::Option, None) if clock.lapsed_on.is_some() => State::Lapsed,
        (Effect::Duty | Effect::Option, None) => State::Running,
    }
}

fn unstarted(limit: &Limit, state: State) -> Deadline {
    Deadline {
        limit: limit.id.clone(),
        basis: Basis::Article { norm: limit.norm.clone(), article: limit.article.clone() },
        receipt: None,
        from: None,
        target: None,
        latest: None,
        provisional: false,
        extended_days: 0,
        effect: limit.effect,
        state,
    }
}

fn agreed(course: &Course) -> Option<Deadline> {
    let due_on = course.agreed_on?;
    let met_on = first_of_round(course, &[Event::Settled, Event::Concluded], None);
    Some(own(AGREED, Basis::Agreement, due_on, met_on))
}

// One clock for each letter that sets a day; a letter that gives more time moves the one before it.
fn assigned(course: &Course) -> Vec<Deadline> {
    let mut clocks: Vec<Deadline> = Vec::new();
    for assigned in &course.assigned {
        let basis = Basis::Letter { number: assigned.letter.clone() };
        if let (Letter::MoreTime, Some(last)) = (assigned.kind, clocks.last_mut()) {
            *last = Deadline { from: last.from, ..own(ASSIGNED, basis, assigned.due_on, None) };
        } else {
            let clock = own(ASSIGNED, basis, assigned.due_on, None);
            clocks.push(Deadline { from: Some(assigned.from), ..clock });
        }
    }
    for clock in &mut clocks {
        let met_on = first_of_round(course, &[Event::Reported, Event::Concluded], clock.from);
        clock.state = met_on.map_or(State::Running, |on| State::Met { on });
    }
    clocks
}

// A day that somebody named is that day: it is not rolled.
fn own(id: &str, basis: Basis, due_on: NaiveDate, met_on: Option<NaiveDate>) -> Deadline {
    Deadline {
        limit: id.to_owned(),
        basis,
        receipt: None,
        from: None,
        target: Some(due_on),
        latest: Some(due_on),
        provisional: false,
        extended_days: 0,
        effect: Effect::Duty,
        state: met_on.map_or(State::Running, |on| State::Met { on }),
    }
}
