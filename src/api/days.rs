//! Days as the door speaks of them: what a day is, and a month with what is due on each day.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::api::request::{LineFilter, Whose};
use crate::domain::line::LineKind;

/// What a day is. The words stand in the catalogue under `day.`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayMark {
    /// A weekday like any other.
    Working,
    /// A Saturday or Sunday.
    Rest,
    /// A day off by the notice.
    Off,
    /// A Saturday or Sunday that is worked.
    MakeUp,
}

impl DayMark {
    /// The word of the mark, as in JSON and in the catalogue.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Rest => "rest",
            Self::Off => "off",
            Self::MakeUp => "make_up",
        }
    }
}

/// A day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarDay {
    /// The day.
    pub on: NaiveDate,
    /// What it is; by its weekday alone while the year is not known.
    pub mark: DayMark,
    /// The festival or the festival that it is worked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether the notice of its year is loaded.
    pub known: bool,
}

/// Which month, and whose lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthQuery {
    /// Any day of the month.
    pub on: NaiveDate,
    /// Whose lines.
    pub whose: Whose,
    /// Which of them.
    #[serde(default)]
    pub only: LineFilter,
}

/// A month in whole weeks, from a Monday to a Sunday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthView {
    /// The server's day.
    pub today: NaiveDate,
    /// Open cases of one's own.
    pub mine: u64,
    /// Open cases that one may see.
    pub all: u64,
    /// Its days, those of the months around it in its first and last week included.
    pub days: Vec<MonthDay>,
}

/// A day of a month, with what is owed on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthDay {
    /// The day.
    #[serde(flatten)]
    pub day: CalendarDay,
    /// How many lines of each kind stand on it; kinds without any are left out.
    pub counts: Vec<(LineKind, u64)>,
}

impl MonthDay {
    /// Lawful clocks that end on the day.
    pub fn lawful(&self) -> u64 {
        self.sum(|kind| kind == LineKind::Clock)
    }

    /// Everything else that is owed on the day: dates set, agreed or promised.
    pub fn own(&self) -> u64 {
        self.sum(|kind| kind != LineKind::Clock)
    }

    fn sum(&self, fits: impl Fn(LineKind) -> bool) -> u64 {
        self.counts.iter().filter(|(kind, _)| fits(*kind)).map(|(_, count)| count).sum()
    }
}
