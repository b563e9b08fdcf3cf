//! What day and what moment it is: the only place that reads the time.
//!
//! The office's day is that of China (UTC+8, no summer time since 1991). A trial ledger has a day of
//! its own, which stands in the office's settings.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, FixedOffset, NaiveDate, Offset, Utc};

/// Seconds by which China is ahead of UTC.
const AHEAD_SECONDS: i32 = 8 * 3600;

/// Where day and moment come from.
#[derive(Debug, Default)]
pub enum Clock {
    /// The machine.
    #[default]
    System,
    /// A day that tests set; moments count up from its morning.
    Fixed(Mutex<DateTime<Utc>>),
}

impl Clock {
    /// A clock that stands at eight in the morning of a day.
    pub fn fixed(day: NaiveDate) -> Self {
        let morning = day.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc();
        Self::Fixed(Mutex::new(morning))
    }

    /// The moment, in UTC.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now(),
            Self::Fixed(moment) => *moment.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// By how many seconds this machine's own time is ahead of UTC.
    pub fn machine_ahead() -> i32 {
        chrono::Local::now().offset().local_minus_utc()
    }

    /// The seconds by which the office's time is ahead of UTC.
    pub const fn office_ahead() -> i32 {
        AHEAD_SECONDS
    }

    /// The day in China.
    pub fn day(&self) -> NaiveDate {
        at_office(self.now()).date_naive()
    }
}

/// A moment as the office's clocks show it.
pub fn at_office(moment: DateTime<Utc>) -> DateTime<FixedOffset> {
    let zone = FixedOffset::east_opt(AHEAD_SECONDS).unwrap_or_else(|| Utc.fix());
    moment.with_timezone(&zone)
}
