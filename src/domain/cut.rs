//! A count on demand: of which days, by what in rows and columns, and what is counted.
//!
//! Items, batches and people are counted from receipts, persons from those who raise the matter.
//! What can stand in rows and columns is a closed list, and nobody is in it.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use crate::domain::broken::Broken;
use crate::domain::choice::{Choice, choices};
use crate::domain::report::{ReportKind, Span, spans};

pub mod pile;

/// The earliest and the latest year of which anything is counted.
const YEARS: std::ops::RangeInclusive<i32> = 1949..=2199;
/// What stands between the first and the last day.
const BETWEEN: &str = "..";
/// What stands for no columns.
const NONE: &str = "none";

choices! {
    /// What is counted.
    Measure("measure") {
        /// Receipts.
        Items = "items",
        /// Receipts that were visits.
        Batches = "batches",
        /// People who came, wrote or signed, each as often as they did.
        People = "people",
        /// Persons who raise a matter, each once.
        Persons = "persons",
    }

    /// What can stand in rows or columns.
    Dimension("dimension") {
        /// How they came.
        Channel = "channel",
        /// From whom they came.
        Source = "source",
        /// Whether the same matter had been raised before.
        Repeat = "repeat",
        /// The month in which they came.
        Month = "month",
        /// The purpose.
        Purpose = "purpose",
        /// The procedure that governs the matter.
        Route = "route",
        /// The class in the office's dictionary.
        Class = "class",
        /// The village where it happened.
        Village = "village",
        /// The responsible unit.
        Unit = "unit",
        /// The level at which it was raised first.
        Level = "level",
        /// How far the matter is now.
        Stage = "stage",
    }

    /// A stretch of days that a calendar knows.
    Whole("whole") {
        /// A day.
        Day = "day",
        /// A week, from Monday.
        Week = "week",
        /// A month.
        Month = "month",
        /// A quarter.
        Quarter = "quarter",
        /// A year.
        Year = "year",
    }
}

/// The words of what is a repeat and what is not.
pub const REPEATS: [&str; 2] = ["first", "again"];

/// The days of which is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Timeframe {
    /// A whole one, with its first day; the present one if none is named.
    Whole(Whole, Option<NaiveDate>),
    /// From a day to another.
    Between(Span),
}

/// A count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cut {
    /// Of which days.
    pub days: Timeframe,
    /// By what in rows.
    pub rows: Dimension,
    /// By what in columns.
    pub columns: Option<Dimension>,
    /// Of what.
    pub measure: Measure,
}

impl Default for Cut {
    fn default() -> Self {
        Self {
            days: Timeframe::Whole(Whole::Month, None),
            rows: Dimension::Unit,
            columns: Some(Dimension::Channel),
            measure: Measure::Items,
        }
    }
}

impl Dimension {
    /// Whether what stands in it is drawn: villages are not held against each other by how much
    /// comes from them.
    pub const fn may_be_drawn(self) -> bool {
        !matches!(self, Self::Village)
    }
}

impl Whole {
    /// The first day of the one that has a day.
    fn first(self, day: NaiveDate) -> NaiveDate {
        let month = day.with_day(1).unwrap_or(day);
        match self {
            Self::Day => day,
            Self::Week => {
                let behind = u64::from(day.weekday().num_days_from_monday());
                day.checked_sub_days(Days::new(behind)).unwrap_or(day)
            }
            Self::Month => month,
            Self::Quarter => month.with_month0(day.month0() / 3 * 3).unwrap_or(month),
            Self::Year => month.with_month(1).unwrap_or(month),
        }
    }

    /// The first day of the one behind that which begins on a day.
    fn next(self, first: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => first.checked_add_days(Days::new(1)),
            Self::Week => first.checked_add_days(Days::new(7)),
            Self::Month => first.checked_add_months(Months::new(1)),
            Self::Quarter => first.checked_add_months(Months::new(3)),
            Self::Year => first.checked_add_months(Months::new(12)),
        }
    }

    /// As which report its days are compared with others.
    const fn report(self) -> ReportKind {
        match self {
            Self::Day => ReportKind::SelfInspection,
            Self::Week => ReportKind::Weekly,
            Self::Month => ReportKind::Monthly,
            Self::Quarter => ReportKind::Quarterly,
            Self::Year => ReportKind::Annual,
        }
    }
}

impl Timeframe {
    /// What a text says: a word for the present one, `2026`, `2026-Q4`, `2026-10`, `2026-W43`, a
    /// day, or two days with two dots between.
    ///
    /// # Errors
    /// It says nothing of the kind.
    pub fn parse(text: &str) -> Result<Self, Broken> {
        let text = text.trim();
        let odd = || Broken::new("no_such_days").with("text", text);
        if let Some(whole) = Whole::parse(text) {
            return Ok(Self::Whole(whole, None));
        }
        if let Some((from, until)) = text.split_once(BETWEEN) {
            let (from, until) = (day(from).ok_or_else(odd)?, day(until).ok_or_else(odd)?);
            return match from <= until {
                true => Ok(Self::Between(Span { from, until })),
                false => Err(odd()),
            };
        }
        let upper = text.to_ascii_uppercase();
        let (whole, first) = match upper.split_once('-') {
            None => (Whole::Year, day(&format!("{upper}-01-01"))),
            Some((year, rest)) => match (rest.strip_prefix('Q'), rest.strip_prefix('W')) {
                (Some(quarter), _) => (Whole::Quarter, quarter_of(year, quarter)),
                (_, Some(week)) => (Whole::Week, week_of(year, week)),
                (None, None) if rest.contains('-') => (Whole::Day, day(&upper)),
                (None, None) => (Whole::Month, day(&format!("{upper}-01"))),
            },
        };
        first.map(|first| Self::Whole(whole, Some(first))).ok_or_else(odd)
    }

    /// What it says as a text.
    pub fn text(self) -> String {
        let (whole, first) = match self {
            Self::Between(Span { from, until }) => return format!("{from}{BETWEEN}{until}"),
            Self::Whole(whole, None) => return whole.word().to_owned(),
            Self::Whole(whole, Some(first)) => (whole, first),
        };
        match whole {
            Whole::Day => first.to_string(),
            Whole::Week => first.format("%G-W%V").to_string(),
            Whole::Month => first.format("%Y-%m").to_string(),
            Whole::Quarter => format!("{}-Q{}", first.year(), first.month0() / 3 + 1),
            Whole::Year => first.year().to_string(),
        }
    }

    /// Its days up to today, those before, and the same days of last year.
    ///
    /// # Errors
    /// It has not begun.
    pub fn spans(self, today: NaiveDate) -> Result<[Span; 3], Broken> {
        let (from, until, kind) = match self {
            Self::Between(own) => (own.from, own.until, ReportKind::SelfInspection),
            Self::Whole(whole, first) => {
                let from = whole.first(first.unwrap_or(today));
                let last = whole.next(from).and_then(|next| next.pred_opt());
                (from, last.unwrap_or(from), whole.report())
            }
        };
        if from > today {
            return Err(Broken::new("days_have_not_begun").with("day", from));
        }
        Ok(spans(kind, until.min(today), Some(from)))
    }

    /// The one before, or the one behind where that has begun.
    pub fn turned(self, today: NaiveDate, forwards: Turn) -> Option<Self> {
        let next = match (self, forwards) {
            (Self::Whole(whole, first), turn) => {
                let own = whole.first(first.unwrap_or(today));
                let first = match turn {
                    Turn::Back => own.pred_opt().map(|before| whole.first(before)),
                    Turn::Forwards => whole.next(own),
                };
                Self::Whole(whole, Some(first?))
            }
            (Self::Between(Span { from, until }), turn) => {
                let n_days = until.signed_duration_since(from).num_days().unsigned_abs() + 1;
                let by = Days::new(n_days);
                let moved = |day: NaiveDate| match turn {
                    Turn::Back => day.checked_sub_days(by),
                    Turn::Forwards => day.checked_add_days(by),
                };
                Self::Between(Span { from: moved(from)?, until: moved(until)? })
            }
        };
        let first = match next {
            Self::Whole(_, first) => first?,
            Self::Between(own) => own.from,
        };
        (first <= today && YEARS.contains(&first.year())).then_some(next)
    }
}

/// Which way one goes from days to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// To those before.
    Back,
    /// To those behind.
    Forwards,
}

fn day(text: &str) -> Option<NaiveDate> {
    let day: NaiveDate = text.trim().parse().ok()?;
    YEARS.contains(&day.year()).then_some(day)
}

fn quarter_of(year: &str, quarter: &str) -> Option<NaiveDate> {
    let first = match quarter {
        "1" => "01",
        "2" => "04",
        "3" => "07",
        "4" => "10",
        _ => return None,
    };
    day(&format!("{year}-{first}-01"))
}

fn week_of(year: &str, week: &str) -> Option<NaiveDate> {
    let year: i32 = year.parse().ok().filter(|year| YEARS.contains(year))?;
    NaiveDate::from_isoywd_opt(year, week.parse().ok()?, Weekday::Mon)
}

impl Cut {
    /// What a text says that was made by [`Self::text`].
    ///
    /// # Errors
    /// It says nothing of the kind, or rows and columns are one.
    pub fn parse(text: &str) -> Result<Self, Broken> {
        let mut cut = Self { columns: None, ..Self::default() };
        for word in text.split_whitespace() {
            let odd = || Broken::new("no_such_count").with("text", word);
            let (name, value) = word.split_once('=').ok_or_else(odd)?;
            match name {
                "days" => cut.days = Timeframe::parse(value)?,
                "rows" => cut.rows = Dimension::parse(value).ok_or_else(odd)?,
                "columns" if value == NONE => cut.columns = None,
                "columns" => cut.columns = Some(Dimension::parse(value).ok_or_else(odd)?),
                "measure" => cut.measure = Measure::parse(value).ok_or_else(odd)?,
                _ => return Err(odd()),
            }
        }
        cut.check()?;
        Ok(cut)
    }

    /// What it says as a text.
    pub fn text(self) -> String {
        let columns = self.columns.map_or(NONE, Dimension::word);
        let (days, rows, measure) = (self.days.text(), self.rows.word(), self.measure.word());
        format!("days={days} rows={rows} columns={columns} measure={measure}")
    }

    /// Whether rows and columns tell two things.
    ///
    /// # Errors
    /// They are one.
    pub fn check(self) -> Result<(), Broken> {
        match self.columns == Some(self.rows) {
            true => Err(Broken::new("rows_and_columns_are_one")),
            false => Ok(()),
        }
    }
}

impl From<Timeframe> for String {
    fn from(days: Timeframe) -> Self {
        days.text()
    }
}

impl TryFrom<String> for Timeframe {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|broken| broken.key)
    }
}

impl From<Cut> for String {
    fn from(cut: Cut) -> Self {
        cut.text()
    }
}

impl TryFrom<String> for Cut {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|broken| broken.key)
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Cut, Dimension, Measure, Timeframe, Turn};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn said(text: &str, today: &str) -> Vec<String> {
        let spans = Timeframe::parse(text).unwrap().spans(day(today)).unwrap();
        spans.map(|span| format!("{}..{}", span.from, span.until)).to_vec()
    }

    #[test]
    fn days_are_written_as_they_are_said_and_compared_with_as_many_before_and_last_year() {
        for (text, wanted) in [
            (
                "month",
                ["2026-10-01..2026-10-20", "2026-09-01..2026-09-20", "2025-10-01..2025-10-20"],
            ),
            (
                "2026-09",
                ["2026-09-01..2026-09-30", "2026-08-01..2026-08-31", "2025-09-01..2025-09-30"],
            ),
            (
                "2026-Q3",
                ["2026-07-01..2026-09-30", "2026-04-01..2026-06-30", "2025-07-01..2025-09-30"],
            ),
            (
                "2025",
                ["2025-01-01..2025-12-31", "2024-01-01..2024-12-31", "2024-01-01..2024-12-31"],
            ),
            (
                "2026-W42",
                ["2026-10-12..2026-10-18", "2026-10-05..2026-10-11", "2025-10-12..2025-10-18"],
            ),
            (
                "2026-10-20",
                ["2026-10-20..2026-10-20", "2026-10-19..2026-10-19", "2025-10-20..2025-10-20"],
            ),
            (
                "2026-10-05..2026-10-14",
                ["2026-10-05..2026-10-14", "2026-09-25..2026-10-04", "2025-10-05..2025-10-14"],
            ),
        ] {
            assert_eq!(said(text, "2026-10-20"), wanted, "{text}");
            assert_eq!(Timeframe::parse(text).unwrap().text(), text);
        }
    }

    #[test]
    fn days_that_no_calendar_has_are_refused() {
        for text in ["", "2026-Q5", "2026-13", "2026-W54", "1800", "2026-10-20..2026-10-01", "昨天"]
        {
            assert_eq!(Timeframe::parse(text).unwrap_err().key, "no_such_days", "{text}");
        }
        let next = Timeframe::parse("2026-11").unwrap();
        assert_eq!(next.spans(day("2026-10-20")).unwrap_err().key, "days_have_not_begun");
    }

    #[test]
    fn one_goes_to_the_days_before_and_back_to_the_present_ones_but_not_ahead() {
        let today = day("2026-10-20");
        let turned = |text: &str, turn| {
            Timeframe::parse(text).unwrap().turned(today, turn).map(Timeframe::text)
        };
        assert_eq!(turned("month", Turn::Back).as_deref(), Some("2026-09"));
        assert_eq!(turned("2026-09", Turn::Forwards).as_deref(), Some("2026-10"));
        assert_eq!(turned("2026-10", Turn::Forwards), None);
        assert_eq!(turned("2026-Q1", Turn::Back).as_deref(), Some("2025-Q4"));
        assert_eq!(
            turned("2026-10-05..2026-10-14", Turn::Back).as_deref(),
            Some("2026-09-25..2026-10-04")
        );
    }

    #[test]
    fn a_count_is_read_back_as_it_was_written() {
        let cut = Cut {
            days: Timeframe::parse("2026-Q3").unwrap(),
            rows: Dimension::Village,
            columns: None,
            measure: Measure::Persons,
        };
        let text = "days=2026-Q3 rows=village columns=none measure=persons";
        assert_eq!((cut.text().as_str(), Cut::parse(text)), (text, Ok(cut)));
        assert_eq!(Cut::parse("rows=person").unwrap_err().key, "no_such_count");
        let one = Cut::parse("rows=unit columns=unit").unwrap_err();
        assert_eq!(one.key, "rows_and_columns_are_one");
    }
}
