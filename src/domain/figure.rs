//! Monthly totals of an indicator of the plan, typed in from a superior's bulletin.
//!
//! Totals only: no person, case or unit is named in them, and the town cannot know more. What they
//! are measured by stands in `law::figure`.
//! INVARIANT: months are 1 to 12; a record holds one indicator of one year.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::broken::Broken;
use crate::domain::choice::IndicatorKey;
use crate::domain::ids::{IndicatorId, OfficerId, Version};

/// An indicator in one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indicator {
    /// Its number.
    pub id: IndicatorId,
    /// How often it was changed.
    #[serde(default)]
    pub version: Version,
    /// Which indicator.
    pub key: IndicatorKey,
    /// The year.
    pub year: i32,
    /// The totals, by month.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub months: BTreeMap<u32, Figure>,
}

/// The total of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// The total.
    pub value: u32,
    /// From where it is known.
    pub source: String,
    /// The day of that source.
    pub on: NaiveDate,
    /// The day on which it was entered.
    pub entered_on: NaiveDate,
    /// The officer who entered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// What there is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Indicator {
    /// Enters or corrects the total of a month.
    ///
    /// # Errors
    /// The month has not begun, or the source is from the future or from before the month.
    pub fn enter(&self, month: u32, figure: Figure) -> Result<Self, Broken> {
        let today = figure.entered_on;
        let first = NaiveDate::from_ymd_opt(self.year, month, 1);
        let first = first.ok_or_else(|| Broken::new("no_such_month").at("enter_figure.month"))?;
        if first > today {
            let broken = Broken::new("period_has_not_begun").with("day", first);
            return Err(broken.at("enter_figure.month"));
        }
        if figure.on > today {
            let broken = Broken::new("day_is_in_the_future").with("day", today);
            return Err(broken.at("enter_figure.on"));
        }
        if figure.on < first {
            let broken = Broken::new("day_is_before_what_it_follows").with("day", first);
            return Err(broken.at("enter_figure.on"));
        }
        let mut next = self.clone();
        next.months.insert(month, figure);
        Ok(next)
    }

    /// The sum of the totals up to a month, and the number of months that are known among them.
    pub fn sum_until(&self, month: u32) -> (u64, u32) {
        let known = self.months.range(..=month);
        known.fold((0, 0), |(sum, n), (_, figure)| (sum + u64::from(figure.value), n + 1))
    }

    /// The newest month that is known.
    pub fn newest(&self) -> Option<(u32, &Figure)> {
        self.months.last_key_value().map(|(month, figure)| (*month, figure))
    }
}
