//! Reading the recurring work of a template: one row for the town, or one for each village.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use crate::domain::campaign::Phase;
use crate::domain::choice::Period;
use crate::domain::duty::Duty;
use crate::domain::ids::{DutyId, PlanId, Version};
use crate::law::plan::{RawScope, Reader, is_code};

/// The most recurring work that one plan may have, that of all villages counted.
const DUTIES_MAX: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::law::plan) struct RawDuty {
    code: String,
    title: String,
    #[serde(default)]
    output: Option<String>,
    #[serde(default)]
    who: Option<String>,
    #[serde(default)]
    unit: Option<String>,
    scope: RawScope,
    period: String,
    day: i64,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    until: Option<String>,
    #[serde(default)]
    proof: bool,
    #[serde(default)]
    zero: bool,
    #[serde(default)]
    basis: Option<String>,
}

impl Reader<'_> {
    /// The recurring work of all places; it begins with the plan where no day is given.
    pub(in crate::law::plan) fn duties(
        &mut self,
        raw: &[Spanned<RawDuty>],
        phases: &BTreeMap<u32, Phase>,
    ) -> Vec<Duty> {
        let begin = phases.values().map(|phase| phase.from).min().unwrap_or(self.ground.today);
        let mut codes = BTreeSet::new();
        let mut duties: Vec<Duty> = Vec::new();
        for (order, row) in (1..).zip(raw) {
            self.at(row);
            let raw = row.get_ref();
            let code = raw.code.trim();
            if !is_code(code) {
                self.push("template_field", format!("code = {code:?}"));
            } else if !codes.insert(code) {
                self.push("template_twice", format!("code {code}"));
            }
            let places = self.places(&raw.scope);
            if duties.len() + places.len() > DUTIES_MAX {
                self.push("template_too_many_duties", DUTIES_MAX.to_string());
                break;
            }
            let Some(one) = self.duty(raw, (order, begin)) else { continue };
            duties.extend(places.into_iter().map(|village| Duty {
                village,
                officer: village.and_then(|id| self.ground.secretaries.get(&id).copied()),
                unit: one.unit.or(village),
                ..one.clone()
            }));
        }
        duties
    }

    fn duty(&mut self, raw: &RawDuty, (order, begin): (u32, chrono::NaiveDate)) -> Option<Duty> {
        self.words("title", &raw.title);
        let period = Period::parse(&raw.period);
        if period.is_none() {
            self.push("template_field", format!("period = {:?}", raw.period));
        }
        let day = u32::try_from(raw.day).ok().filter(|day| (1..=31).contains(day));
        if day.is_none() {
            self.push("template_field", format!("day = {}", raw.day));
        }
        let from = match &raw.from {
            Some(from) => self.day(from),
            None => Some(begin),
        };
        let until = raw.until.as_ref().map(|until| self.day(until));
        if let (Some(from), Some(Some(until))) = (from, until)
            && until < from
        {
            self.push("template_end_before_start", format!("{from} > {until}"));
        }
        let unit = self.unit(raw.unit.as_ref());
        let output = self.maybe("output", raw.output.as_ref());
        let who = self.maybe("who", raw.who.as_ref());
        let basis = self.maybe("basis", raw.basis.as_ref());
        Some(Duty {
            id: DutyId(0),
            version: Version::default(),
            plan: PlanId(0),
            order,
            code: raw.code.trim().to_owned(),
            title: raw.title.trim().to_owned(),
            output,
            who,
            village: None,
            unit,
            officer: None,
            period: period?,
            day: day?,
            from: from?,
            until: until.flatten(),
            proof: raw.proof,
            zero: raw.zero,
            basis,
            turns: BTreeMap::new(),
            last_turn: 0,
        })
    }
}
