//! What a local row may do to a national one of the same id: tighten it, never loosen it. Nor may a
//! row that calls itself national, unless it comes into force later: then the law has changed.
//!
//! The clocks hold to that by themselves, since of two rows the one that ends first counts; here a
//! text that asks for more time is refused with the article, so that nobody relies on it.

use std::cmp::Ordering;

use crate::law::count::{Length, Unit};
use crate::law::rule::{Effect, Law, Level, Limit, Prolongation};
use crate::law::text::{LawError, LawFault, LawReason};

/// Working days of an ordinary week, and the days of one.
const WEEK: (u64, u64) = (5, 7);

impl Law {
    /// Judges a text that is to stand beside these limits.
    ///
    /// # Errors
    /// Each row that gives more time, or asks less, than the national row of its id: local ones, and
    /// national ones that come into force no later.
    pub fn judge(&self, text: &Self) -> Result<(), LawError> {
        let mut faults = Vec::new();
        for local in text.limits() {
            let national = self.of_id(&local.id).filter(|limit| limit.level == Level::National);
            let national = national.max_by_key(|limit| (limit.in_force_from, limit.layer));
            let is_bound = |national: &&Limit| {
                local.level == Level::Local || local.in_force_from <= national.in_force_from
            };
            if let Some(national) = national.filter(is_bound) {
                let reasons = looser(national, local).into_iter().chain(
                    text.prolongations()
                        .iter()
                        .filter(|row| row.extends == local.id)
                        .filter_map(|row| self.looser_extension(national, row)),
                );
                faults.extend(reasons.map(|reason| LawFault {
                    line: local.line,
                    row: local.id.clone(),
                    reason,
                }));
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(LawError { faults }) }
    }

    fn looser_extension(&self, national: &Limit, row: &Prolongation) -> Option<LawReason> {
        let most = self.prolongation(national, row.in_force_from.max(national.in_force_from));
        let is_looser = most.is_none_or(|most| row.days_max > most.days_max);
        is_looser.then(|| LawReason::Looser {
            field: "days_max",
            article: most.map_or(&national.article, |most| &most.article).clone(),
        })
    }
}

fn looser(national: &Limit, local: &Limit) -> Vec<LawReason> {
    let mut reasons = Vec::new();
    if let Some(days) = national.length
        && local.length.is_none_or(|length| compare(length, days) == Ordering::Greater)
    {
        let article = national.article.clone();
        reasons.push(LawReason::Longer { article, days: days.to_string() });
    }
    let is_within = |local: &[_], national: &[_]| local.iter().all(|one| national.contains(one));
    for (field, is_tight) in [
        ("starts", national.starts.is_none() || local.starts == national.starts),
        ("per", local.per == national.per),
        ("met_by", is_within(&local.met_by, &national.met_by)),
        ("ends_on", is_within(&local.ends_on, &national.ends_on)),
        ("excusable", national.excusable || !local.excusable),
        ("effect", national.effect == Effect::Option || local.effect == Effect::Duty),
        ("pauses", local.pauses.iter().all(|ground| national.pauses.contains(ground))),
    ] {
        if !is_tight {
            reasons.push(LawReason::Looser { field, article: national.article.clone() });
        }
    }
    reasons
}

// By ordinary weeks; where holidays turn it round, the clock that ends first counts all the same.
fn compare(one: Length, other: Length) -> Ordering {
    let (workdays, days) = WEEK;
    let weight = |length: Length| match length.unit() {
        Unit::Day => u64::from(length.n()) * workdays,
        Unit::Workday => u64::from(length.n()) * days,
    };
    weight(one).cmp(&weight(other))
}
