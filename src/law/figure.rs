//! What the indicators of the plan are measured by: the rows of `data/plan/indicators.toml`, and
//! how a year's totals stand against population and last year.
//!
//! "Not more than 1 in N of the population" holds where `total * N <= population`, so that no
//! fraction is rounded in anybody's favour. What is not known is never counted as zero.

use serde::Deserialize;

use crate::domain::choice::IndicatorKey;
use crate::domain::figure::Indicator;

const ROWS: &str = include_str!("../../data/plan/indicators.toml");

/// By what an indicator is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// None in the year.
    Zero,
    /// At most one for so many of the population.
    Ceiling(u32),
    /// Fewer than in the same months of last year.
    Less,
}

/// An indicator of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aim {
    /// Which.
    pub key: IndicatorKey,
    /// What is counted: `item`, `batch`, `person` or `event`.
    pub measure: String,
    /// By what it is measured.
    pub target: Target,
}

/// How an indicator stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// What is needed to judge it is not known.
    Unknown,
    /// It is met.
    Met,
    /// Nothing last year and nothing this year: met, with a note.
    Level,
    /// It is not met.
    Missed,
}

/// An indicator against its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// The total of the year so far; none if no month is known.
    pub total: Option<u64>,
    /// Up to which month it is known.
    pub until: Option<u32>,
    /// How many months before that one are not known.
    pub n_gaps: u32,
    /// The total of the same months of last year; none unless all of them are known.
    pub last_year: Option<u64>,
    /// The highest lawful total by the target, if it has one.
    pub ceiling: Option<u64>,
    /// How it stands.
    pub verdict: Verdict,
}

impl Measured {
    /// How many more there may be; negative if there are too many.
    pub fn headroom(&self) -> Option<i64> {
        let (ceiling, total) = (i64::try_from(self.ceiling?).ok()?, self.total.unwrap_or(0));
        Some(ceiling - i64::try_from(total).ok()?)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAims {
    indicator: Vec<RawAim>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAim {
    key: IndicatorKey,
    measure: String,
    rule: String,
    #[serde(default)]
    per: Option<u32>,
}

/// The indicators, in the order of the plan; empty only if the built-in rows are broken, which a
/// test excludes.
pub fn aims() -> Vec<Aim> {
    let Ok(raw) = toml::from_str::<RawAims>(ROWS) else { return Vec::new() };
    let aim = |raw: RawAim| {
        let target = match (raw.rule.as_str(), raw.per) {
            ("zero", None) => Target::Zero,
            ("less", None) => Target::Less,
            ("ceiling", Some(per)) if per > 0 => Target::Ceiling(per),
            _ => return None,
        };
        Some(Aim { key: raw.key, measure: raw.measure, target })
    };
    raw.indicator.into_iter().filter_map(aim).collect()
}

/// Measures an indicator by the totals of this year and the last.
pub fn measure(
    aim: &Aim,
    (this, last): (Option<&Indicator>, Option<&Indicator>),
    population: u32,
) -> Measured {
    let newest = this.and_then(Indicator::newest).map(|(month, _)| month);
    let (total, n_known) = match (this, newest) {
        (Some(this), Some(month)) => this.sum_until(month),
        _ => (0, 0),
    };
    let total = newest.map(|_| total);
    let last_year = newest.and_then(|month| {
        let (sum, n_known) = last?.sum_until(month);
        (n_known == month).then_some(sum)
    });
    let ceiling = match aim.target {
        Target::Zero => Some(0),
        Target::Ceiling(per) => Some(u64::from(population / per)),
        Target::Less => last_year.map(|last| last.saturating_sub(1)),
    };
    let verdict = match (total, aim.target, last_year) {
        (None, ..) | (Some(_), Target::Less, None) => Verdict::Unknown,
        (Some(0), Target::Less, Some(0)) => Verdict::Level,
        (Some(total), Target::Less, Some(last)) if total < last => Verdict::Met,
        (Some(total), Target::Zero | Target::Ceiling(_), _) if Some(total) <= ceiling => {
            Verdict::Met
        }
        (Some(_), ..) => Verdict::Missed,
    };
    let n_gaps = newest.map_or(0, |month| month - n_known);
    Measured { total, until: newest, n_gaps, last_year, ceiling, verdict }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::figure::Figure;
    use crate::domain::ids::{IndicatorId, Version};

    fn year(key: IndicatorKey, values: &[u32]) -> Indicator {
        let figure = |value: u32| Figure {
            value,
            source: "区信访局通报".to_owned(),
            on: "2026-10-08".parse().unwrap(),
            entered_on: "2026-10-09".parse().unwrap(),
            by: None,
            text: None,
        };
        let months: BTreeMap<u32, Figure> =
            (1..).zip(values.iter().map(|value| figure(*value))).collect();
        Indicator { id: IndicatorId(1), version: Version(1), key, year: 2026, months }
    }

    fn aim(key: IndicatorKey) -> Aim {
        aims().into_iter().find(|aim| aim.key == key).unwrap()
    }

    #[test]
    fn every_indicator_of_the_eight_targets_has_a_row() {
        let keys: Vec<_> = aims().iter().map(|aim| aim.key).collect();
        assert_eq!(keys, IndicatorKey::ALL);
        let zero = aims().iter().filter(|aim| aim.target == Target::Zero).count();
        let less = aims().iter().filter(|aim| aim.target == Target::Less).count();
        assert_eq!((keys.len(), zero, less), (19, 11, 3));
    }

    #[test]
    fn ceilings_are_those_of_the_table_for_each_population() {
        // Population, 1 in 100,000, 1 in 10,000, 1 in 2,000.
        for (population, wanted) in [
            (10_000, [0, 1, 5]),
            (20_000, [0, 2, 10]),
            (30_000, [0, 3, 15]),
            (50_000, [0, 5, 25]),
            (100_000, [1, 10, 50]),
        ] {
            for (key, ceiling) in
                [IndicatorKey::G2a, IndicatorKey::G3a, IndicatorKey::G4a].into_iter().zip(wanted)
            {
                let own = measure(&aim(key), (None, None), population);
                assert_eq!(own.ceiling, Some(ceiling), "{key:?} of {population}");
                assert_eq!(own.verdict, Verdict::Unknown, "what is not known is not zero");
            }
        }
    }

    #[test]
    fn a_ceiling_is_met_up_to_its_last_unit() {
        let own = |values: &[u32]| {
            let this = year(IndicatorKey::G3a, values);
            measure(&aim(IndicatorKey::G3a), (Some(&this), None), 49_999)
        };
        assert_eq!(own(&[2, 2]).verdict, Verdict::Met);
        assert_eq!(own(&[2, 2]).headroom(), Some(0));
        assert_eq!(own(&[2, 3]).verdict, Verdict::Missed);
        assert_eq!(own(&[2, 3]).headroom(), Some(-1));
    }

    #[test]
    fn a_decrease_is_measured_by_the_same_months_and_nothing_to_nothing_is_level() {
        let own = |this: &[u32], last: &[u32]| {
            let (this, last) = (year(IndicatorKey::G3b, this), year(IndicatorKey::G3b, last));
            measure(&aim(IndicatorKey::G3b), (Some(&this), Some(&last)), 50_000)
        };
        assert_eq!(own(&[1, 1], &[2, 1, 9, 9]).verdict, Verdict::Met);
        assert_eq!(own(&[1, 1], &[2, 1, 9, 9]).last_year, Some(3));
        assert_eq!(own(&[1, 2], &[2, 1, 9]).verdict, Verdict::Missed, "as many is no decrease");
        assert_eq!(own(&[0, 0], &[0, 0]).verdict, Verdict::Level);
        assert_eq!(own(&[1, 1], &[2]).verdict, Verdict::Unknown, "last year's month is missing");
    }

    #[test]
    fn a_single_one_breaks_what_must_be_none() {
        let none = year(IndicatorKey::G1a, &[0, 0, 0]);
        assert_eq!(measure(&aim(IndicatorKey::G1a), (Some(&none), None), 1).verdict, Verdict::Met);
        let one = year(IndicatorKey::G1a, &[0, 1, 0]);
        let own = measure(&aim(IndicatorKey::G1a), (Some(&one), None), 1);
        assert_eq!((own.verdict, own.headroom()), (Verdict::Missed, Some(-1)));
    }

    #[test]
    fn a_month_that_nobody_typed_is_a_gap_and_no_zero() {
        let mut this = year(IndicatorKey::G3a, &[1, 1, 1]);
        this.months.remove(&2);
        let own = measure(&aim(IndicatorKey::G3a), (Some(&this), None), 50_000);
        assert_eq!((own.total, own.until, own.n_gaps), (Some(2), Some(3), 1));
    }
}
