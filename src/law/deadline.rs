//! A deadline: one clock of a case, with its basis, its days and how it stands.
//!
//! How it stands on a day is asked of it, never stored in it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::course::Event;
use crate::domain::ids::ReceiptId;
use crate::domain::standing::Standing;
use crate::law::calendar::Calendar;
use crate::law::count::{LENGTH_MAX, Length, Unit};
use crate::law::rule::{Effect, Mark, Who};

/// The id of the clock that the office set for itself or agreed with the petitioner.
pub const AGREED: &str = "agreed";
/// The id of the clock that the assigning body set.
pub const ASSIGNED: &str = "assigned";
/// The working days to the latest day from which a clock is soon due, if the office sets no other.
pub const SOON_WORKDAYS: u32 = 3;

/// One clock of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The id of the limit's row, or [`AGREED`] or [`ASSIGNED`].
    pub limit: String,
    /// What it rests on.
    pub basis: Basis,
    /// The receipt that it is about; none if it is about the case.
    pub receipt: Option<ReceiptId>,
    /// The day of the trigger, which is not counted.
    pub from: Option<NaiveDate>,
    /// The last day counted, not rolled.
    pub target: Option<NaiveDate>,
    /// The last lawful day; none while the clock does not run towards one.
    pub latest: Option<NaiveDate>,
    /// Whether a day beyond the loaded calendar was touched, so that the days may change.
    pub provisional: bool,
    /// Days that were lawfully added, of the limit's unit.
    pub extended_days: u32,
    /// How long it is with those days, and the last day counted, also while it stands still; none
    /// for a clock without a length.
    pub span: Option<(Length, NaiveDate)>,
    /// Whether it is a duty or an option.
    pub effect: Effect,
    /// Whose it is.
    pub who: Who,
    /// How sure the limit is; none for a day that somebody named.
    pub mark: Option<Mark>,
    /// Its own name, for a limit whose id the texts do not know.
    pub name: Option<String>,
    /// What became of it.
    pub state: State,
}

/// What a deadline rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// An article of a norm.
    Article {
        /// The norm's name.
        norm: String,
        /// The article, such as `23(3)`.
        article: String,
    },
    /// The letter of the body that assigned the case (Reg. 22(1)(iii)).
    Letter {
        /// The letter's number.
        number: String,
    },
    /// The office's word to the petitioner or to itself.
    Agreement,
}

/// What became of a clock, whatever day it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It runs.
    Running,
    /// It stands still.
    Paused {
        /// The day on which it stopped.
        since: NaiveDate,
    },
    /// What it asked for was done.
    Met {
        /// The day on which it was done.
        on: NaiveDate,
    },
    /// It ended lawfully without being met.
    Ended {
        /// The day on which it ended.
        on: NaiveDate,
        /// What ended it.
        by: Event,
    },
    /// The chance was given up or used too late; of options only.
    Lapsed,
    /// It does not run.
    NotStarted(Why),
}

/// Why a clock does not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// What starts it has not happened.
    Awaiting(Event),
    /// It is not decided which procedure governs the case.
    RouteUndecided,
    /// The procedure that governs the case has no such limit.
    OtherRoute,
    /// The petitioner's name or address is unclear (Reg. 23(2)).
    Excused,
    /// No row was in force on the day of the trigger.
    NotInForce,
    /// The norm gives no number of days: at once, or without delay.
    NoNumber,
    /// The office has yet to fill in the days of a row that it loaded.
    NotFilledIn,
    /// The days lie beyond every calendar.
    OutOfRange,
}

impl Deadline {
    /// How the clock stands; `soon_workdays` is the office's setting, in working days to the
    /// latest day.
    pub fn standing(&self, today: NaiveDate, calendar: &Calendar, soon_workdays: u32) -> Standing {
        match self.state {
            State::Paused { .. } => Standing::Paused,
            State::Lapsed => Standing::Lapsed,
            State::NotStarted(_) => Standing::NotStarted,
            // What had run out before it ended stays late.
            State::Ended { on, .. } if self.latest.is_some_and(|latest| on > latest) => {
                self.late(Standing::MetLate)
            }
            State::Ended { .. } => Standing::Ended,
            State::Met { on } if self.latest.is_some_and(|latest| on > latest) => Standing::MetLate,
            State::Met { .. } => Standing::Met,
            State::Running => {
                let Some(latest) = self.latest else { return Standing::NotStarted };
                if today > latest {
                    return self.late(Standing::Late);
                }
                if today == latest {
                    Standing::Today
                } else if self.target.is_some_and(|target| today > target) {
                    Standing::Rolled
                } else if calendar.workdays_between(today, latest) <= u64::from(soon_workdays) {
                    Standing::Soon
                } else {
                    Standing::Running
                }
            }
        }
    }

    fn late(&self, standing: Standing) -> Standing {
        match self.effect {
            Effect::Duty => standing,
            Effect::Option => Standing::Lapsed,
        }
    }

    /// The calendar days to the latest day, negative when late; none unless the clock runs.
    pub fn days_left(&self, today: NaiveDate) -> Option<i64> {
        match self.state {
            State::Running => {
                self.latest.map(|latest| latest.signed_duration_since(today).num_days())
            }
            State::Paused { .. }
            | State::Met { .. }
            | State::Ended { .. }
            | State::Lapsed
            | State::NotStarted(_) => None,
        }
    }
}

/// How much of a clock is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spent {
    /// Days that are gone, of the clock's unit; more than `length` once it ran out.
    pub n: u32,
    /// How long it is.
    pub length: Length,
}

impl Deadline {
    /// How much of it is gone on a day, or was when it stopped; days on which it stood still do not
    /// count. None for a clock that does not run or has no length.
    pub fn spent(&self, today: NaiveDate, calendar: &Calendar) -> Option<Spent> {
        let upto = match self.state {
            State::Running => today,
            State::Paused { since } => since,
            State::Met { .. } | State::Ended { .. } | State::Lapsed | State::NotStarted(_) => {
                return None;
            }
        };
        let (length, end) = self.span?;
        let (left, over) = match length.unit() {
            Unit::Day => (days_between(upto, end), days_between(end, upto)),
            Unit::Workday => {
                (calendar.workdays_between(upto, end), calendar.workdays_between(end, upto))
            }
        };
        let least = |days: u64| u32::try_from(days).unwrap_or(LENGTH_MAX);
        let n = length.n().saturating_sub(least(left)).saturating_add(least(over));
        Some(Spent { n, length })
    }
}

fn days_between(after: NaiveDate, to: NaiveDate) -> u64 {
    u64::try_from(to.signed_duration_since(after).num_days()).unwrap_or(0)
}

/// The running duty with the earliest latest day: what the case must do next.
pub fn next_due(deadlines: &[Deadline]) -> Option<&Deadline> {
    deadlines
        .iter()
        .filter(|deadline| {
            deadline.state == State::Running
                && deadline.effect == Effect::Duty
                && deadline.who.is_office()
                && deadline.latest.is_some()
        })
        .min_by_key(|deadline| deadline.latest)
}
