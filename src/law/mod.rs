//! Which deadline follows from which fact: pure, with the law and the calendar as values.
//!
//! `deadlines` takes no day: a clock is what happened and what the law says of it. How it stands
//! on a day is asked of the deadline. INVARIANT: an option is never late, and a case whose clocks
//! do not count has none.

pub mod calendar;
pub mod count;
pub mod deadline;
pub mod extend;
pub mod figure;
pub mod plan;
pub mod rule;
pub mod text;
pub mod why;

mod clock;
mod raw;
mod tighter;

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
use crate::law::clock::{Clock, Facts, clocks, first_of_round, reopened_on};
use crate::law::count::{Length, Unit};
use crate::law::deadline::{AGREED, ASSIGNED, Basis, Deadline, State, Why};
use crate::law::rule::{Effect, Law, Limit, Per, Shown, Who};

/// Every clock of a case: those of the law in its order, each by its triggers, then the office's
/// own and the assigning body's.
pub fn deadlines(course: &Course, law: &Law, calendar: &Calendar) -> Vec<Deadline> {
    if !course.counts {
        return Vec::new();
    }
    let facts = Facts { course, law, calendar };
    let mut deadlines = Vec::new();
    for id in law.ids() {
        let rows: Vec<&Limit> = law.of_id(id).filter(|limit| limit.concerns(course)).collect();
        deadlines.extend(facts.strictest(&rows));
        if let Some(limit) = rows.iter().find(|limit| law.is_newest(limit)) {
            deadlines.extend(facts.not_running(limit));
        }
    }
    deadlines.extend(agreed(course));
    deadlines.extend(assigned(course));
    deadlines
}

impl Facts<'_> {
    // The clocks of rows of one id. Where rows of several norms govern one trigger, the one that
    // ends first is the clock: a local row can shorten a limit and never lengthen it.
    fn strictest(&self, rows: &[&Limit]) -> Vec<Deadline> {
        let mut strictest: Vec<Deadline> = Vec::new();
        for limit in rows.iter().filter(|limit| limit.shown != Shown::Never) {
            for clock in clocks(self.course, limit) {
                if !self.law.governs(limit, clock.from) {
                    continue;
                }
                let one = self.deadline(limit, &clock);
                let same =
                    |other: &&mut Deadline| (other.receipt, other.from) == (one.receipt, one.from);
                match strictest.iter_mut().find(same) {
                    Some(other) if is_stricter(&one, other) => *other = one,
                    Some(_) => {}
                    None => strictest.push(one),
                }
            }
        }
        strictest
    }

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
        if limit.length.is_none() {
            deadline.state = match (clock.met_on, clock.ended) {
                (Some(on), _) => State::Met { on },
                (None, Some((on, by))) => State::Ended { on, by },
                (None, None) if limit.fill_in => State::NotStarted(Why::NotFilledIn),
                (None, None) => State::NotStarted(Why::NoNumber),
            };
            return deadline;
        }
        let Ok(end) = self.end(limit, clock) else {
            deadline.state = State::NotStarted(Why::OutOfRange);
            return deadline;
        };
        deadline.extended_days = end.extended_days;
        let length = limit.length.map(|length| length.lengthened(end.extended_days));
        deadline.span = length.map(|length| (length, end.count.target));
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
        let Some(starts) = limit.starts else { return self.without_trigger(limit) };
        if limit.shown == Shown::Never {
            return Vec::new();
        }
        let clocks = clocks(self.course, limit);
        let began = reopened_on(self.course);
        let is_idle = clocks.last().is_none_or(|last| began.is_some_and(|on| last.from < on));
        if is_idle && limit.per == Per::Case && limit.shown == Shown::Always {
            let why = self.off_route(limit).unwrap_or(Why::Awaiting(starts));
            return vec![unstarted(limit, State::NotStarted(why))];
        }
        clocks
            .iter()
            .filter(|clock| {
                limit.shown == Shown::Always && self.law.in_force(&limit.id, clock.from).is_none()
            })
            .map(|clock| Deadline {
                receipt: clock.receipt,
                from: Some(clock.from),
                ..unstarted(limit, State::NotStarted(Why::NotInForce))
            })
            .collect()
    }

    // A rule of a procedure that names neither trigger nor number: it says why nothing is counted.
    fn without_trigger(&self, limit: &Limit) -> Vec<Deadline> {
        if limit.shown == Shown::Never || self.off_route(limit).is_some() {
            return Vec::new();
        }
        let met_on = first_of_round(self.course, &limit.met_by, None);
        let state = met_on.map_or(State::NotStarted(Why::NoNumber), |on| State::Met { on });
        vec![unstarted(limit, state)]
    }

    fn off_route(&self, limit: &Limit) -> Option<Why> {
        match self.course.route {
            route if limit.applies_to(route) => None,
            None => Some(Why::RouteUndecided),
            Some(_) => Some(Why::OtherRoute),
        }
    }
}

// Of two rows for one trigger, whether the first binds more.
fn is_stricter(one: &Deadline, other: &Deadline) -> bool {
    match (one.latest, other.latest) {
        (Some(one), Some(other)) => one < other,
        (Some(_), None) => matches!(other.state, State::NotStarted(_)),
        (None, _) => false,
    }
}

fn state(limit: &Limit, clock: &Clock, latest: NaiveDate) -> State {
    if let Some((on, by)) = clock.ended {
        return State::Ended { on, by };
    }
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
        span: None,
        effect: limit.effect,
        who: limit.who,
        mark: Some(limit.mark),
        name: limit.name.clone(),
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
        clock.span =
            clock.from.zip(clock.target).and_then(|(from, due_on)| named_span(from, due_on));
        let met_on = first_of_round(course, &[Event::Reported, Event::Concluded], clock.from);
        clock.state = met_on.map_or(State::Running, |on| State::Met { on });
    }
    clocks
}

// The days from a letter to the day that it names.
fn named_span(from: NaiveDate, due_on: NaiveDate) -> Option<(Length, NaiveDate)> {
    let days = u32::try_from(due_on.signed_duration_since(from).num_days()).ok()?;
    Length::new(days, Unit::Day).ok().map(|length| (length, due_on))
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
        span: None,
        effect: Effect::Duty,
        who: Who::HandlingBody,
        mark: None,
        name: None,
        state: met_on.map_or(State::Running, |on| State::Met { on }),
    }
}
