//! The clocks that one limit sets going in one course, and where each of them ends.
//!
//! A limit per receipt has a clock for each receipt. A limit per case has a clock for each round:
//! a case that is taken up again starts a new one, and the old one stands as it ended.

use chrono::NaiveDate;

use crate::domain::course::{Course, Event, Extension, Occurrence, Pause};
use crate::domain::ids::ReceiptId;
use crate::law::calendar::{Calendar, OutOfRange};
use crate::law::count::{Count, count_paused};
use crate::law::rule::{Law, Limit, Per};

/// What every clock of a case depends on.
#[derive(Clone, Copy)]
pub(in crate::law) struct Facts<'a> {
    pub course: &'a Course,
    pub law: &'a Law,
    pub calendar: &'a Calendar,
}

/// One clock: its trigger and what ended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::law) struct Clock {
    /// The day of the trigger.
    pub from: NaiveDate,
    /// The receipt that it is about.
    pub receipt: Option<ReceiptId>,
    /// The day on which the next round began.
    pub next_round_on: Option<NaiveDate>,
    /// The day on which it was met.
    pub met_on: Option<NaiveDate>,
    /// The day on which it ended lawfully without being met, and what ended it.
    pub ended: Option<(NaiveDate, Event)>,
    /// The day on which the option was given up.
    pub lapsed_on: Option<NaiveDate>,
}

/// Where a clock ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::law) struct End {
    /// The days, as if no open pause were.
    pub count: Count,
    /// The days that extensions add.
    pub extended_days: u32,
    /// The day since which the clock stands still.
    pub paused_since: Option<NaiveDate>,
}

/// The clocks of a limit, in the order of their triggers.
pub(in crate::law) fn clocks(course: &Course, limit: &Limit) -> Vec<Clock> {
    let Some(starts) = limit.starts else { return Vec::new() };
    match limit.per {
        Per::Receipt => per_receipt(course, (limit, starts)),
        Per::Case => rounds(course, (limit, starts)),
        Per::Year => Vec::new(),
    }
}

/// The day on which the present round began, if the case was opened again.
pub(in crate::law) fn reopened_on(course: &Course) -> Option<NaiveDate> {
    let reopened = course.occurrences.iter().filter(|one| one.event == Event::Reopened);
    reopened.map(|one| one.on).max()
}

/// The first of some events in the present round of a case, on or after a day if one is given.
pub(in crate::law) fn first_of_round(
    course: &Course,
    events: &[Event],
    since: Option<NaiveDate>,
) -> Option<NaiveDate> {
    let occurrences = in_order(course);
    let starts = places(&occurrences, Event::Accepted);
    // With one acceptance or none there is one round, and the matter may end before it is accepted.
    let accepted = if starts.len() > 1 { starts.last().copied().unwrap_or(0) } else { 0 };
    let reopened = places(&occurrences, Event::Reopened).last().copied().unwrap_or(0);
    let first = accepted.max(reopened);
    occurrences
        .iter()
        .skip(first)
        .filter(|one| events.contains(&one.event))
        .map(|one| one.on)
        .find(|on| since.is_none_or(|since| *on >= since))
}

impl Facts<'_> {
    /// Where a clock of a limit ends, with pauses and lawful extensions.
    pub fn end(&self, limit: &Limit, clock: &Clock) -> Result<End, OutOfRange> {
        let pauses = self.pauses(limit, clock);
        let mut end = self.end_after(limit, clock, &pauses, 0)?;
        let Some(row) = self.law.prolongation(limit, clock.from) else { return Ok(end) };
        for extension in self.extensions(clock) {
            if end.is_in_time(extension.approved_on) {
                let days = extension.days.min(row.days_max - end.extended_days);
                end = self.end_after(limit, clock, &pauses, end.extended_days + days)?;
            }
        }
        Ok(end)
    }

    fn end_after(
        &self,
        limit: &Limit,
        clock: &Clock,
        pauses: &[Pause],
        extended_days: u32,
    ) -> Result<End, OutOfRange> {
        let length = limit.length.ok_or(OutOfRange)?.lengthened(extended_days);
        let count = count_paused(clock.from, length, pauses, self.calendar)?;
        // A clock that had run out before the pause stays late.
        let paused_since = pauses
            .iter()
            .filter(|pause| pause.to.is_none() && pause.from < count.latest)
            .map(|pause| pause.from)
            .min();
        Ok(End { count, extended_days, paused_since })
    }

    /// Where a clock stands still; a pause that still lasts ends for it when the clock is met.
    pub fn pauses(&self, limit: &Limit, clock: &Clock) -> Vec<Pause> {
        self.course
            .pauses
            .iter()
            .filter(|pause| limit.pauses.contains(&pause.ground))
            .map(|pause| Pause { to: pause.to.or(clock.over_on()), ..*pause })
            .collect()
    }

    /// The extensions of the clock's round, in the order of their approval.
    pub fn extensions(&self, clock: &Clock) -> Vec<Extension> {
        let mut extensions: Vec<_> = self
            .course
            .extensions
            .iter()
            .copied()
            .filter(|extension| {
                extension.approved_on >= clock.from
                    && clock.next_round_on.is_none_or(|next| extension.approved_on < next)
                    && clock.over_on().is_none_or(|over| extension.approved_on <= over)
            })
            .collect();
        extensions.sort_by_key(|extension| extension.approved_on);
        extensions
    }
}

impl Clock {
    /// The day on which it was met or ended.
    pub fn over_on(&self) -> Option<NaiveDate> {
        self.met_on.or(self.ended.map(|(on, _)| on))
    }

    /// Whether the option was given up before a day.
    pub fn is_given_up_before(&self, day: NaiveDate) -> bool {
        self.lapsed_on.is_some_and(|lapsed_on| lapsed_on < day)
    }
}

impl End {
    /// Whether an extension approved on a day comes in time (Reg. 34: before the limit is over).
    pub fn is_in_time(&self, approved_on: NaiveDate) -> bool {
        approved_on <= self.count.latest || self.paused_since.is_some_and(|on| on < approved_on)
    }
}

fn per_receipt(course: &Course, (limit, starts): (&Limit, Event)) -> Vec<Clock> {
    let occurrences = in_order(course);
    let mut clocks: Vec<Clock> = Vec::new();
    for start in occurrences.iter().filter(|one| one.event == starts) {
        if !limit.takes(course, start.receipt) {
            continue;
        }
        if start.receipt.is_some() && clocks.iter().any(|clock| clock.receipt == start.receipt) {
            continue;
        }
        let first = |events: &[Event]| {
            let mut of_receipt = occurrences.iter().filter(|one| answers(one, start));
            of_receipt.find(|one| events.contains(&one.event)).map(|one| (one.on, one.event))
        };
        clocks.push(over(Clock {
            from: start.on,
            receipt: start.receipt,
            next_round_on: None,
            met_on: first(&limit.met_by).map(|(on, _)| on),
            ended: first(&limit.ends_on),
            lapsed_on: first(&limit.lapses_on).map(|(on, _)| on),
        }));
    }
    clocks
}

// Whatever came first, meeting or ending, made an end of the clock.
fn over(mut clock: Clock) -> Clock {
    if let (Some(met_on), Some((ended_on, _))) = (clock.met_on, clock.ended) {
        if met_on <= ended_on {
            clock.ended = None;
        } else {
            clock.met_on = None;
        }
    }
    clock
}

// What is recorded of the case as a whole answers every receipt that was there by then.
fn answers(one: &Occurrence, start: &Occurrence) -> bool {
    match (one.receipt, start.receipt) {
        (Some(one), Some(start)) => one == start,
        (None, _) | (_, None) => one.on >= start.on,
    }
}

fn rounds(course: &Course, (limit, starts): (&Limit, Event)) -> Vec<Clock> {
    let occurrences = in_order(course);
    let starts = places(&occurrences, starts);
    let reopened = places(&occurrences, Event::Reopened);
    let mut clocks = Vec::new();
    for (n, &start) in starts.iter().enumerate() {
        let Some(from) = occurrences.get(start).map(|one| one.on) else { continue };
        let restart = starts.get(n + 1).copied();
        let reopening = reopened.iter().copied().find(|place| *place > start);
        let next = [restart, reopening].into_iter().flatten().min();
        let end = next.unwrap_or(occurrences.len());
        let first = |events: &[Event]| {
            let mut of_round = occurrences
                .iter()
                .enumerate()
                // On the day of the first trigger the order says nothing.
                .filter(|(place, _)| *place < end && (*place > start || n == 0))
                .map(|(_, one)| one)
                .filter(|one| one.on >= from);
            of_round.find(|one| events.contains(&one.event)).map(|one| (one.on, one.event))
        };
        let clock = over(Clock {
            from,
            receipt: None,
            next_round_on: next.and_then(|next| occurrences.get(next)).map(|one| one.on),
            met_on: first(&limit.met_by).map(|(on, _)| on),
            ended: first(&limit.ends_on),
            lapsed_on: first(&limit.lapses_on).map(|(on, _)| on),
        });
        // A trigger that came again before the clock was met begins anew; nothing of the first is
        // left, unless the case was opened again in between: the old round stands as it ended.
        let is_again = restart.is_some() && restart == next;
        if !is_again || clock.over_on().is_some() {
            clocks.push(clock);
        }
    }
    clocks
}

fn in_order(course: &Course) -> Vec<Occurrence> {
    let mut occurrences = course.occurrences.clone();
    occurrences.sort_by_key(|one| one.on);
    occurrences
}

fn places(occurrences: &[Occurrence], event: Event) -> Vec<usize> {
    let places = occurrences.iter().enumerate().filter(|(_, one)| one.event == event);
    places.map(|(place, _)| place).collect()
}
