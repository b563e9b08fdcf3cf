//! Counting days: from the day of a trigger to the day that a limit asks for.
//!
//! The first day is not counted (Civil Code 201). A limit in calendar days has a target and, if
//! that is a rest day, a later latest day (Civil Code 203); one in working days ends on a working
//! day by itself. Paused days are skipped, and the roll comes once, at the end.

use std::fmt;
use std::str::FromStr;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::domain::course::Pause;
use crate::law::calendar::{Calendar, Day, OutOfRange};

/// The longest limit, in days of either kind: ten years.
pub const LENGTH_MAX: u32 = 3_660;
/// The most days that an explanation walks through; the longest limit in working days fits.
pub const STEPS_MAX: i64 = 6_000;

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Calendar days.
    Day,
    /// Working days, make-up Saturdays and Sundays included.
    Workday,
}

/// How long a limit is; at least one day and at most [`LENGTH_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Length {
    n: u32,
    unit: Unit,
}

/// Why a length is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum LengthError {
    /// Not `15` (calendar days) or `5w` (working days).
    #[error("a length is 15 (calendar days) or 5w (working days)")]
    Form,
    /// No day at all.
    #[error("a length has at least one day")]
    Zero,
    /// More than [`LENGTH_MAX`] days.
    #[error("a length has at most 3660 days")]
    TooLong,
}

/// The end of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// The last day counted, not rolled.
    pub target: NaiveDate,
    /// The last lawful day: the target, rolled past rest days.
    pub latest: NaiveDate,
    /// Whether a day beyond the loaded years was counted or rolled over.
    pub provisional: bool,
}

/// One day on the way from the trigger to the latest day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayStep {
    /// The day.
    pub date: NaiveDate,
    /// What the day is.
    pub day: Day,
    /// What the count does with it.
    pub role: Role,
}

/// What a count does with a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The day of the trigger, which is not counted.
    Trigger,
    /// The n-th day of the limit; the last such day is the target.
    Counted(u32),
    /// A rest day within a limit in working days.
    Skipped,
    /// A day on which the clock stood still.
    Paused,
    /// A rest day after the limit ran out, or the rest day on which it did so.
    Rolled,
    /// The working day to which the target was rolled.
    Latest,
}

impl Length {
    /// A length of so many days.
    ///
    /// # Errors
    /// [`LengthError::Zero`] or [`LengthError::TooLong`].
    pub const fn new(n: u32, unit: Unit) -> Result<Self, LengthError> {
        match n {
            0 => Err(LengthError::Zero),
            1..=LENGTH_MAX => Ok(Self { n, unit }),
            _ => Err(LengthError::TooLong),
        }
    }

    /// Reads `15` as calendar days and `5w` as working days.
    ///
    /// # Errors
    /// [`LengthError`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, LengthError> {
        let text = text.trim();
        let (digits, unit) = match text.strip_suffix(['w', 'W']) {
            Some(digits) => (digits, Unit::Workday),
            None => (text, Unit::Day),
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(LengthError::Form);
        }
        Self::new(digits.parse().map_err(|_| LengthError::TooLong)?, unit)
    }

    /// How many days.
    pub const fn n(self) -> u32 {
        self.n
    }

    /// Which days.
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// The length with more days of its kind, at most [`LENGTH_MAX`].
    #[must_use]
    pub fn lengthened(self, days: u32) -> Self {
        Self { n: self.n.saturating_add(days).min(LENGTH_MAX), unit: self.unit }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            Unit::Day => write!(out, "{}", self.n),
            Unit::Workday => write!(out, "{}w", self.n),
        }
    }
}

impl FromStr for Length {
    type Err = LengthError;

    fn from_str(text: &str) -> Result<Self, LengthError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Length {
    type Error = LengthError;

    fn try_from(text: String) -> Result<Self, LengthError> {
        Self::parse(&text)
    }
}

impl From<Length> for String {
    fn from(length: Length) -> Self {
        length.to_string()
    }
}

/// The end of a limit that starts on the day after `from`.
///
/// # Errors
/// [`OutOfRange`] if the end lies beyond every calendar.
pub fn count(from: NaiveDate, length: Length, calendar: &Calendar) -> Result<Count, OutOfRange> {
    count_paused(from, length, &[], calendar)
}

/// The end of a limit whose clock stood still at times; a pause that has not ended is left out,
/// since a clock that stands has no end.
///
/// # Errors
/// [`OutOfRange`] if the end lies beyond every calendar.
pub fn count_paused(
    from: NaiveDate,
    length: Length,
    pauses: &[Pause],
    calendar: &Calendar,
) -> Result<Count, OutOfRange> {
    let stops = Stops::new(pauses);
    let first = from.succ_opt().ok_or(OutOfRange)?;
    let target = if length.unit == Unit::Day && stops.0.is_empty() {
        from.checked_add_days(Days::new(length.n.into())).ok_or(OutOfRange)?
    } else {
        let mut day = stops.next(first, length.unit, calendar)?;
        for _ in 1..length.n {
            day = stops.next(day.succ_opt().ok_or(OutOfRange)?, length.unit, calendar)?;
        }
        day
    };
    let latest = stops.next(target, Unit::Workday, calendar)?;
    Ok(Count { target, latest, provisional: !calendar.knows(first, latest) })
}

/// Why a limit ends where it ends: every day from the trigger to the latest day.
///
/// # Errors
/// [`OutOfRange`] if the end lies beyond every calendar or more than [`STEPS_MAX`] days away.
pub fn explain(
    from: NaiveDate,
    length: Length,
    pauses: &[Pause],
    calendar: &Calendar,
) -> Result<Vec<DayStep>, OutOfRange> {
    let stops = Stops::new(pauses);
    let end = count_paused(from, length, pauses, calendar)?;
    if end.latest.signed_duration_since(from).num_days() > STEPS_MAX {
        return Err(OutOfRange);
    }
    let step = |date, role| DayStep { date, day: calendar.day(date), role };
    let mut steps = vec![step(from, Role::Trigger)];
    let (mut date, mut n) = (from, 0);
    while date < end.latest {
        date = date.succ_opt().ok_or(OutOfRange)?;
        let role = if stops.end(date).is_some() {
            Role::Paused
        } else if n == length.n {
            if date == end.latest { Role::Latest } else { Role::Rolled }
        } else if stops.counts(date, length.unit, calendar) {
            n += 1;
            Role::Counted(n)
        } else {
            Role::Skipped
        };
        steps.push(step(date, role));
    }
    Ok(steps)
}

// Pauses that have ended, as the days `d` with `from < d <= to`.
struct Stops(Vec<(NaiveDate, NaiveDate)>);

impl Stops {
    fn new(pauses: &[Pause]) -> Self {
        let ended = pauses.iter().filter_map(|pause| pause.to.map(|to| (pause.from, to)));
        Self(ended.filter(|(from, to)| from < to).collect())
    }

    // The end of a pause that holds the day.
    fn end(&self, date: NaiveDate) -> Option<NaiveDate> {
        self.0.iter().find(|&&(from, to)| from < date && date <= to).map(|&(_, to)| to)
    }

    fn counts(&self, date: NaiveDate, unit: Unit, calendar: &Calendar) -> bool {
        self.end(date).is_none() && (unit == Unit::Day || calendar.is_working(date))
    }

    // The first day on or after a day that counts; leaps over a pause, however long.
    fn next(
        &self,
        date: NaiveDate,
        unit: Unit,
        calendar: &Calendar,
    ) -> Result<NaiveDate, OutOfRange> {
        let mut date = date;
        while !self.counts(date, unit, calendar) {
            date = self.end(date).unwrap_or(date).succ_opt().ok_or(OutOfRange)?;
        }
        Ok(date)
    }
}
