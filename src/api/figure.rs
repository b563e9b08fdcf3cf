//! Indicators at the door: totals by month against their targets.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::act::Act;
use crate::domain::choice::IndicatorKey;
use crate::domain::listing::{Column, Value};

/// The indicators of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureView {
    /// The year.
    pub year: i32,
    /// The population by which ceilings are counted.
    pub population: u32,
    /// The indicators, in the order of the plan.
    pub rows: Vec<FigureRow>,
    /// What may be done with them, and why not.
    pub permits: Vec<(Act, Option<String>)>,
}

/// By what an indicator is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureRule {
    /// None in the year.
    Zero,
    /// At most one for so many of the population.
    Ceiling(u32),
    /// Fewer than in the same months of last year.
    Less,
}

/// How an indicator stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureStanding {
    /// What is needed to judge it is not known.
    Unknown,
    /// It is met.
    Met,
    /// Nothing last year and nothing this year: met, with a note.
    Level,
    /// It is not met.
    Missed,
}

impl FigureStanding {
    /// The word of the standing, as in JSON and in the catalogue.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Met => "met",
            Self::Level => "level",
            Self::Missed => "missed",
        }
    }
}

/// An indicator in a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureRow {
    /// Which.
    pub key: IndicatorKey,
    /// What is counted: `item`, `batch`, `person` or `event`.
    pub measure: String,
    /// By what it is measured.
    pub rule: FigureRule,
    /// The totals of the twelve months, as far as they are known.
    pub months: Vec<Option<u32>>,
    /// The total so far; none if no month is known.
    pub total: Option<u64>,
    /// Up to which month it is known.
    pub until: Option<u32>,
    /// How many months before that one are not known.
    pub gaps: u32,
    /// The total of the same months of last year; none unless all of them are known.
    pub last_year: Option<u64>,
    /// The highest total by the target, if it has one.
    pub ceiling: Option<u64>,
    /// How many more there may be; negative if there are too many.
    pub headroom: Option<i64>,
    /// How it stands.
    pub standing: FigureStanding,
    /// The newest total: its source, the source's day, and who entered it.
    pub newest: Option<(String, NaiveDate, Option<String>)>,
}

/// What the ledger counts now, of what the asker may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountView {
    /// The first day of the month that is counted.
    pub month: NaiveDate,
    /// All open matters.
    pub open: Counted,
    /// How many came in that month.
    pub came: u64,
    /// How many were over in that month.
    pub over: u64,
    /// The open matters by stage, by leader and by responsible unit, each in a fixed order that no
    /// count changes.
    pub rows: Vec<CountRow>,
    /// Whether there are more open matters than were looked at.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

/// How many open matters there are, and how pressing they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// All of them.
    pub open: u64,
    /// Those whose next clock is late.
    pub late: u64,
    /// Those whose next clock ends today or within seven days.
    pub week: u64,
}

/// The open matters with a value in a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountRow {
    /// The column: stage, lead or unit.
    pub by: Column,
    /// What stands there.
    pub value: Value,
    /// Its name, if it is a unit or an officer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many.
    #[serde(flatten)]
    pub counted: Counted,
}
