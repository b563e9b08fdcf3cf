//! The indicators of a made-up town: totals of last year and of this year up to the month before
//! the day, as a bulletin would give them; entered by the rule.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};

use crate::demo::Made;
use crate::demo::plan::after;
use crate::demo::script::word;
use crate::domain::choice::IndicatorKey;
use crate::domain::figure::{Figure, Indicator};
use crate::domain::ids::{IndicatorId, OfficerId, Version};

/// The totals of last year, of one month in four, of what a town has now and then.
const LAST: [(IndicatorKey, u32); 4] = [
    (IndicatorKey::G2b, 1),
    (IndicatorKey::G3b, 1),
    (IndicatorKey::G3c, 2),
    (IndicatorKey::G4b, 2),
];
/// In which months of this year there was one.
const THIS: [(IndicatorKey, &[u32]); 6] = [
    (IndicatorKey::G2c, &[3]),
    (IndicatorKey::G3a, &[2, 7]),
    (IndicatorKey::G3b, &[7]),
    (IndicatorKey::G3c, &[1, 4, 6, 8]),
    (IndicatorKey::G4a, &[2, 3, 5, 9]),
    (IndicatorKey::G4b, &[5]),
];

/// All indicators of both years.
pub fn records(today: NaiveDate) -> impl Iterator<Item = Made> + use<> {
    let years = [today.year() - 1, today.year()];
    let all =
        years.into_iter().flat_map(|year| IndicatorKey::ALL.iter().map(move |key| (*key, year)));
    let made = (1..).zip(all).filter_map(move |(id, (key, year))| {
        let own = filled(key, year, today);
        let is_known = !own.months.is_empty();
        is_known.then(|| Made::Indicator(Box::new(Indicator { id: IndicatorId(id), ..own })))
    });
    made.collect::<Vec<_>>().into_iter()
}

fn filled(key: IndicatorKey, year: i32, today: NaiveDate) -> Indicator {
    let (id, version) = (IndicatorId(0), Version::default());
    let mut own = Indicator { id, version, key, year, months: BTreeMap::new() };
    for month in 1..=12 {
        let first = NaiveDate::from_ymd_opt(year, month, 1);
        let next = first.and_then(|first| first.checked_add_months(Months::new(1)));
        // The bulletin of a month comes on the eighth of the next.
        let Some(on) = next.map(|next| after(next, 7)).filter(|on| *on <= today) else { break };
        let figure = Figure {
            value: value(key, (year, month), today),
            source: word("figure", "source").unwrap_or_default(),
            on,
            entered_on: on,
            by: Some(OfficerId(1)),
            text: None,
        };
        let Ok(next) = own.enter(month, figure) else { break };
        own = next;
    }
    own
}

fn value(key: IndicatorKey, (year, month): (i32, u32), today: NaiveDate) -> u32 {
    if year < today.year() {
        let usual = LAST.iter().find(|(own, _)| *own == key).map_or(0, |(_, value)| *value);
        return if month % 4 == 1 { usual } else { 0 };
    }
    u32::from(THIS.iter().any(|(own, months)| *own == key && months.contains(&month)))
}
