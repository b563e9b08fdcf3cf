//! A figure that was given to somebody: what the ledger counted then, of which days, when and to
//! whom it was said, so that a later difference can be told.
//!
//! Numbers only: nothing in it is about one person or one matter. It is kept as it was given, and
//! nothing of it is edited; whoever misspoke takes it back and gives another.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::broken::Broken;
use crate::domain::cut::pile::{Piles, Place};
use crate::domain::cut::{Cut, Timeframe};
use crate::domain::ids::{GivenId, OfficerId, Version};
use crate::domain::listing::Value;
use crate::domain::report::Span;

/// The most numbers that are kept of one figure.
const COUNTS_MAX: usize = 2_000;

/// A figure that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenFigure {
    /// Its number.
    pub id: GivenId,
    /// How often it was changed.
    #[serde(default)]
    pub version: Version,
    /// What was counted, from a day to another.
    pub cut: Cut,
    /// What it came to in all.
    pub value: u32,
    /// What it came to by row and column, where anything stood.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<GivenCount>,
    /// The day on which it was given.
    pub on: NaiveDate,
    /// To whom.
    pub to: String,
    /// The officer who gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// What there is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// One number of a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenCount {
    /// The row; none for all rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<Value>,
    /// The column; none for all columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<Value>,
    /// How many.
    pub count: u64,
}

impl GivenFigure {
    /// What is kept of a count that was given: of its days as they were, and of what stood there.
    ///
    /// # Errors
    /// It was given on a day ahead or before its last day, the ledger counts another number, or
    /// there is more of it than is kept.
    pub fn of(cut: Cut, days: Span, piles: &Piles, said: Said) -> Result<Self, Broken> {
        if said.on > said.today {
            let broken = Broken::new("day_is_in_the_future").with("day", said.today);
            return Err(broken.at("give_figure.on"));
        }
        if said.on < days.until {
            let broken = Broken::new("figure_is_given_before_its_days").with("day", days.until);
            return Err(broken.at("give_figure.on"));
        }
        if u64::from(said.value) != piles.total() {
            let broken = Broken::new("figure_is_another").with("now", piles.total());
            return Err(broken.with("value", said.value).at("give_figure.counted"));
        }
        let counts = counts_of(piles);
        if counts.len() > COUNTS_MAX {
            return Err(Broken::new("figure_has_too_many_numbers").with("most", COUNTS_MAX));
        }
        Ok(Self {
            id: GivenId(0),
            version: Version::default(),
            cut: Cut { days: Timeframe::Between(days), ..cut },
            value: said.value,
            counts,
            on: said.on,
            to: said.to,
            by: said.by,
            text: said.text,
        })
    }

    /// Its days.
    pub fn days(&self) -> Option<Span> {
        match self.cut.days {
            Timeframe::Between(days) => Some(days),
            Timeframe::Whole(..) => None,
        }
    }
}

/// What is said of a figure when it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The number that was said.
    pub value: u32,
    /// The day on which it was said.
    pub on: NaiveDate,
    /// Today.
    pub today: NaiveDate,
    /// To whom.
    pub to: String,
    /// Who said it.
    pub by: Option<OfficerId>,
    /// What there is to say.
    pub text: Option<String>,
}

/// Where anything stands, as numbers: rows, then columns, then where they meet.
pub fn counts_of(piles: &Piles) -> Vec<GivenCount> {
    let value = |place: &Place| Some(place.1.clone());
    let rows = piles.rows().map(|row| (value(row), None, piles.of_row(row)));
    let columns = piles.columns().map(|column| (None, value(column), piles.of_column(column)));
    let cells = piles.rows().flat_map(|row| {
        let of = move |column| (value(row), value(column), piles.of_cell(row, column));
        piles.columns().map(of).filter(|(_, _, count)| *count > 0)
    });
    let all = rows.chain(columns).chain(cells);
    all.map(|(row, column, count)| GivenCount { row, column, count }).collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{GivenFigure, Said};
    use crate::domain::cut::pile::{One, Piles};
    use crate::domain::cut::{Cut, Measure};
    use crate::domain::listing::Value;
    use crate::domain::report::Span;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn given(value: u32, on: &str) -> Result<GivenFigure, String> {
        let mut piles = Piles::new(Measure::Items);
        let one = One { people: 1, is_visit: true, persons: &[] };
        piles.add(((0, Value::word("visit")), Some((7, Value::Id(7)))), one);
        let days = Span { from: day("2026-10-01"), until: day("2026-10-20") };
        let said = Said {
            value,
            on: day(on),
            today: day("2026-10-21"),
            to: "区信访局".to_owned(),
            by: None,
            text: None,
        };
        GivenFigure::of(Cut::default(), days, &piles, said).map_err(|broken| broken.key)
    }

    #[test]
    fn a_figure_keeps_its_days_and_its_numbers() {
        let own = given(1, "2026-10-21").unwrap();
        assert_eq!(own.cut.days.text(), "2026-10-01..2026-10-20");
        assert_eq!(own.counts.len(), 3, "a row, a column, and where they meet");
    }

    #[test]
    fn a_figure_that_the_ledger_does_not_count_or_that_lies_ahead_is_not_kept() {
        assert_eq!(given(2, "2026-10-21").unwrap_err(), "figure_is_another");
        assert_eq!(given(1, "2026-10-22").unwrap_err(), "day_is_in_the_future");
        assert_eq!(given(1, "2026-10-19").unwrap_err(), "figure_is_given_before_its_days");
    }
}
