//! Which days are worked: the State Council's notices of each year, read from a table of text.
//!
//! A year is known once its notice is loaded; every other day is judged by its weekday alone and
//! says that it is not known. INVARIANT: each year in `years` has its 1 January among `days`, and
//! a make-up day is a Saturday or a Sunday (both checked by `parse`).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// The calendar that is built in: `date,kind,name,notice`, one row for each day out of the week.
const BUILT_IN: &str = include_str!("../../data/calendar/cn.csv");
/// The first row of a calendar text that is not a note.
const HEADER: [&str; 4] = ["date", "kind", "name", "notice"];
/// The longest calendar text, in bytes; a year takes about 2,500.
pub const TEXT_BYTES_MAX: usize = 1 << 20;
/// The longest name or notice, in characters.
const WORDS_MAX: usize = 200;
/// The first year that a calendar may speak of.
pub const YEAR_MIN: i32 = 1950;
/// The last year that a calendar may speak of.
pub const YEAR_MAX: i32 = 2199;
/// The law has given ten days off a year or more since 1999: a shorter year is half typed in.
const DAYS_OFF_MIN: usize = 10;
/// Faults that one refusal names.
pub const FAULTS_MAX: usize = 50;

/// What a day is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A weekday like any other.
    Working,
    /// A Saturday or Sunday.
    Rest,
    /// A Saturday or Sunday that is worked, in return for a day off.
    MakeUp,
    /// A day off by the notice, with the festival's name.
    Off(String),
}

/// A day, and whether its year's notice is loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// What the day is; by the weekday alone while `known` is false.
    pub kind: DayKind,
    /// Whether the notice of the day's year is loaded.
    pub known: bool,
}

impl Day {
    /// Whether offices work on the day.
    pub fn is_working(&self) -> bool {
        matches!(self.kind, DayKind::Working | DayKind::MakeUp)
    }
}

/// A day that was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The day.
    pub date: NaiveDate,
    /// Whether a day beyond the loaded years was touched, so that the answer may change.
    pub provisional: bool,
}

/// A day that no calendar can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the day lies beyond every calendar")]
pub struct OutOfRange;

/// The days off and the make-up days of some years.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, Row>,
    years: BTreeSet<i32>,
}

/// Why a calendar text is refused: every fault found, up to [`FAULTS_MAX`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("the calendar is refused: {}", faults.iter().map(ToString::to_string)
    .collect::<Vec<_>>().join("; "))]
pub struct CalendarError {
    /// The faults in the order of lines.
    pub faults: Vec<CalendarFault>,
}

/// One fault of a calendar text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct CalendarFault {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: CalendarReason,
}

/// What can be wrong with a line of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum CalendarReason {
    /// The text is longer than [`TEXT_BYTES_MAX`].
    #[error("the text is too long")]
    TooLong,
    /// The first row does not name the columns.
    #[error("the first row must be date,kind,name,notice")]
    Header,
    /// The line is not a row of four columns.
    #[error("the line does not have four columns: {0}")]
    Row(String),
    /// Not a day written as `2026-10-01`.
    #[error("not a day between 1950 and 2199: {0}")]
    Date(String),
    /// Neither `off` nor `work`.
    #[error("the kind is neither off nor work: {0}")]
    Kind(String),
    /// The festival's name or the notice is missing or too long.
    #[error("the {0} is empty or too long")]
    Words(&'static str),
    /// The day stands there twice.
    #[error("{0} stands there twice")]
    Twice(NaiveDate),
    /// A make-up day on a weekday, which is worked anyway: most likely a slip.
    #[error("{0} is no Saturday or Sunday, so it cannot be a make-up day")]
    Weekday(NaiveDate),
    /// A day of a year whose 1 January is missing.
    #[error("{date} belongs to {year}, whose 1 January is not there as a day off")]
    NewYear {
        /// The day.
        date: NaiveDate,
        /// The year whose arrangement it belongs to.
        year: i32,
    },
    /// A year with too few days off to be whole.
    #[error("{year} has only {n_off} days off, so it is not whole")]
    HalfYear {
        /// The year.
        year: i32,
        /// Its days off.
        n_off: usize,
    },
    /// No day at all.
    #[error("there is no day in the text")]
    Empty,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    is_off: bool,
    name: String,
    notice: String,
}

impl Calendar {
    /// The calendar that is built in, from the State Council's notices.
    pub fn national() -> Self {
        Self::parse(BUILT_IN).expect("the calendar in the binary is parsed by a test")
    }

    /// Reads a calendar: rows `date,kind,name,notice`, `#` before a note, `kind` `off` or `work`.
    ///
    /// # Errors
    /// [`CalendarError`] names each bad line and the reason; nothing is loaded then.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(refuse(vec![CalendarFault { line: 1, reason: CalendarReason::TooLong }]));
        }
        let (mut calendar, mut lines) = (Self::default(), BTreeMap::new());
        let (mut faults, mut has_header) = (Vec::new(), false);
        for (line, row) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
            if row.trim().is_empty() || row.starts_with('#') {
                continue;
            }
            // Only the notice, which is last, may hold a comma.
            let fields: Vec<&str> =
                row.splitn(HEADER.len(), ',').map(|field| field.trim().trim_matches('"')).collect();
            let result = if has_header {
                calendar.add(&fields).map(|date| {
                    lines.insert(date, line);
                })
            } else {
                has_header = true;
                if fields == HEADER { Ok(()) } else { Err(CalendarReason::Header) }
            };
            if let Err(reason) = result {
                faults.push(CalendarFault { line, reason });
            }
        }
        faults.extend(calendar.know_years(&lines));
        if faults.is_empty() { Ok(calendar) } else { Err(refuse(faults)) }
    }

    /// This calendar with the years of another, which replace its own of the same number.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        let mut merged = self.clone();
        merged.days.retain(|date, _| !other.years.contains(&arrangement_year(*date)));
        merged.days.extend(other.days.iter().map(|(date, row)| (*date, row.clone())));
        merged.years.extend(&other.years);
        merged
    }

    /// Whether the notice of a year is loaded.
    pub fn is_known(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// The years whose notices are loaded, ascending.
    pub fn years(&self) -> impl Iterator<Item = i32> {
        self.years.iter().copied()
    }

    /// The notices that a year's days rest on, in the order of their first day.
    pub fn notices(&self, year: i32) -> Vec<&str> {
        let mut notices = Vec::new();
        for (date, row) in &self.days {
            if arrangement_year(*date) == year && !notices.contains(&row.notice.as_str()) {
                notices.push(row.notice.as_str());
            }
        }
        notices
    }

    /// What a day is.
    pub fn day(&self, date: NaiveDate) -> Day {
        let kind = match self.days.get(&date) {
            Some(row) if row.is_off => DayKind::Off(row.name.clone()),
            Some(_) => DayKind::MakeUp,
            None if is_weekend(date) => DayKind::Rest,
            None => DayKind::Working,
        };
        Day { kind, known: self.is_known(date.year()) }
    }

    /// Whether offices work on a day; by its weekday alone if its year is not known.
    pub fn is_working(&self, date: NaiveDate) -> bool {
        self.days.get(&date).map_or(!is_weekend(date), |row| !row.is_off)
    }

    /// The first working day on or after a day.
    ///
    /// # Errors
    /// [`OutOfRange`] if the search leaves every calendar.
    pub fn next_working(&self, date: NaiveDate) -> Result<Counted, OutOfRange> {
        let mut latest = date;
        while !self.is_working(latest) {
            latest = latest.succ_opt().ok_or(OutOfRange)?;
        }
        Ok(Counted { date: latest, provisional: !self.knows(date, latest) })
    }

    /// Whether every year from one day to another is known.
    pub fn knows(&self, first: NaiveDate, last: NaiveDate) -> bool {
        (first.year()..=last.year()).all(|year| self.is_known(year))
    }

    /// The working days `d` with `after < d <= to`; 0 if there are none.
    pub fn workdays_between(&self, after: NaiveDate, to: NaiveDate) -> u64 {
        let Some(first) = after.succ_opt().filter(|first| *first <= to) else { return 0 };
        let mut count = weekdays(first, to);
        for (date, row) in self.days.range(first..=to) {
            match (row.is_off, is_weekend(*date)) {
                (true, false) => count -= 1,
                (false, true) => count += 1,
                (true, true) | (false, false) => {}
            }
        }
        u64::try_from(count).unwrap_or(0)
    }

    fn add(&mut self, fields: &[&str]) -> Result<NaiveDate, CalendarReason> {
        let [date, kind, name, notice] = *fields else {
            return Err(CalendarReason::Row(short(&fields.join(","))));
        };
        // A spreadsheet writes 2027/1/1 where the clerk typed 2027-01-01.
        let date = NaiveDate::parse_from_str(&date.replace('/', "-"), "%Y-%m-%d")
            .ok()
            .filter(|date| (YEAR_MIN..=YEAR_MAX).contains(&date.year()))
            .ok_or_else(|| CalendarReason::Date(short(date)))?;
        let is_off = match kind {
            "off" => true,
            "work" => false,
            other => return Err(CalendarReason::Kind(short(other))),
        };
        for (what, words) in [("name", name), ("notice", notice)] {
            if words.is_empty() || words.chars().count() > WORDS_MAX {
                return Err(CalendarReason::Words(what));
            }
        }
        if !is_off && !is_weekend(date) {
            return Err(CalendarReason::Weekday(date));
        }
        let row = Row { is_off, name: name.to_owned(), notice: notice.to_owned() };
        match self.days.insert(date, row) {
            Some(_) => Err(CalendarReason::Twice(date)),
            None => Ok(date),
        }
    }

    fn know_years(&mut self, lines: &BTreeMap<NaiveDate, u64>) -> Vec<CalendarFault> {
        let line = |date: &NaiveDate| lines.get(date).copied().unwrap_or(1);
        let mut faults = Vec::new();
        let mut n_off: BTreeMap<i32, usize> = BTreeMap::new();
        for (date, row) in &self.days {
            let year = arrangement_year(*date);
            let new_year = NaiveDate::from_ymd_opt(year, 1, 1);
            if new_year.and_then(|day| self.days.get(&day)).is_some_and(|row| row.is_off) {
                *n_off.entry(year).or_default() += usize::from(row.is_off);
            } else {
                let reason = CalendarReason::NewYear { date: *date, year };
                faults.push(CalendarFault { line: line(date), reason });
            }
        }
        for (&year, &n_off) in &n_off {
            if n_off < DAYS_OFF_MIN {
                let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
                let reason = CalendarReason::HalfYear { year, n_off };
                faults.push(CalendarFault { line: line(&first), reason });
            }
        }
        if self.days.is_empty() {
            faults.push(CalendarFault { line: 1, reason: CalendarReason::Empty });
        }
        self.years = n_off.into_keys().collect();
        faults
    }
}

// Every notice so far that names a day in December means the New Year after it, so the day comes
// and goes with that year's notice.
fn arrangement_year(date: NaiveDate) -> i32 {
    if date.month() == 12 { date.year() + 1 } else { date.year() }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

fn weekdays(first: NaiveDate, last: NaiveDate) -> i64 {
    let n_days = last.signed_duration_since(first).num_days() + 1;
    let whole_weeks = n_days / 7;
    let rest = (0..7).take(usize::try_from(n_days % 7).unwrap_or(0));
    let n_rest = rest
        .filter_map(|days| first.checked_add_days(Days::new(days)))
        .filter(|date| !is_weekend(*date))
        .count();
    whole_weeks * 5 + i64::try_from(n_rest).unwrap_or(0)
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

fn refuse(mut faults: Vec<CalendarFault>) -> CalendarError {
    faults.sort_by_key(|fault| fault.line);
    faults.truncate(FAULTS_MAX);
    CalendarError { faults }
}
