//! Days as the door speaks of them: what a day is, a month with what is due on each day, and the
//! count of a clock day by day.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::api::listing::LineFilter;
use crate::api::reply::DeadlineView;
use crate::api::request::Whose;
use crate::domain::ids::{CaseId, ReceiptId};
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

/// How much of a clock is gone; days on which it stood still do not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// Days that are gone; more than `length` once it ran out.
    pub n: u32,
    /// How many days it has, with those that were lawfully added.
    pub length: u32,
    /// `day` or `workday`.
    pub unit: String,
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
    /// Whether there are more lines than were looked at, so that days may have more of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
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

/// What is to be counted day by day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyQuery {
    /// Days by the calendar alone.
    Plain {
        /// The day of the trigger.
        from: NaiveDate,
        /// `15` for calendar days, `5w` for working days.
        length: String,
    },
    /// A clock of a case, as its sheet or a line of the agenda names it.
    Clock {
        /// The case.
        case: CaseId,
        /// The id of the limit.
        rule: String,
        /// The receipt that it is about.
        receipt: Option<ReceiptId>,
        /// The day of the trigger.
        from: NaiveDate,
    },
}

/// Why a count ends on its day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyView {
    /// The clock as its sheet shows it; none of a plain count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<DeadlineView>,
    /// The norm of the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub norm: Option<String>,
    /// The case of the clock: number and title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The day of the trigger.
    pub from: NaiveDate,
    /// The number of days that are asked for.
    pub length: u32,
    /// `day` or `workday`.
    pub unit: String,
    /// What was added: so many days, approved on a day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<(u32, NaiveDate)>,
    /// The days that extensions add in all.
    #[serde(default)]
    pub extended_days: u32,
    /// Where the clock stood still: why, a key under `ground.`, from when, and until when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<(String, NaiveDate, Option<NaiveDate>)>,
    /// Since when it stands still; it has no due day then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_since: Option<NaiveDate>,
    /// The target day.
    pub target: NaiveDate,
    /// The latest day.
    pub latest: NaiveDate,
    /// Whether the calendar of a year that it touches is not loaded.
    pub provisional: bool,
    /// Every day from the trigger on.
    pub days: Vec<WhyDay>,
}

/// A day of a count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyDay {
    /// The day.
    #[serde(flatten)]
    pub day: CalendarDay,
    /// What the count does with it.
    pub part: DayPart,
    /// Which day of the limit it is, if it is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
}

/// What a count does with a day. The words stand in the catalogue under `why.part.`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayPart {
    /// The day of the trigger, which is not counted.
    Trigger,
    /// It is counted.
    Counted,
    /// It is counted, by an extension.
    Extended,
    /// A rest day within a limit in working days.
    Skipped,
    /// The clock stood still.
    Paused,
    /// A rest day at the end, which is passed over.
    Rolled,
    /// The working day to which the end was rolled.
    Latest,
}

impl DayPart {
    /// The word of the part, as in JSON and in the catalogue.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Trigger => "trigger",
            Self::Counted => "counted",
            Self::Extended => "extended",
            Self::Skipped => "skipped",
            Self::Paused => "paused",
            Self::Rolled => "rolled",
            Self::Latest => "latest",
        }
    }
}
