//! Days and articles of a paper: what the clocks of its case say, and to when an extension that is
//! asked for would lead.

use chrono::NaiveDate;

use crate::api::paper::Said;
use crate::domain::course::Extension;
use crate::domain::paper::Paper;
use crate::domain::placeholder::EXTENSION_DAYS;
use crate::domain::step::Deed;
use crate::law::deadline::{Basis, Deadline};
use crate::service::Core;
use crate::service::clocks::{self, would_end};
use crate::service::paper::value::{Source, text};
use crate::service::stop::Stop;

/// The ids of the limits that papers cite.
const CONCLUDE: &str = "conclude";
const OBJECTION: &str = "objection";
const REVIEW: &str = "review_request";
const NOTICES: [&str; 2] = ["notice_direct", "notice_transfer"];
const EXTENSION: &str = "extend_conclude";

impl Source<'_> {
    pub(super) fn of_clock(&self, key: &str) -> Option<Said> {
        let clocks = clocks::of(self.core, self.case);
        let clock =
            |ids: &[&str]| clocks.iter().rev().find(|clock| ids.contains(&clock.limit.as_str()));
        match key {
            "notice_until" => day(clock(&NOTICES)?),
            "notice_basis" => basis(self.core, clock(&NOTICES)?),
            "conclude_until" => day(clock(&[CONCLUDE])?),
            "conclude_basis" => basis(self.core, clock(&[CONCLUDE])?),
            "objection_until" => day(clock(&[OBJECTION])?),
            "objection_basis" => basis(self.core, clock(&[OBJECTION])?),
            "extended_until" => self.extended_until(&clocks),
            "review_basis" => basis(self.core, clock(&[REVIEW])?),
            "review_days" => {
                let rows = clocks::rows(&self.core.rules().law);
                rows.iter().find(|row| row.id == REVIEW).map(|row| Said::Count(row.length))
            }
            _ => {
                let rows = clocks::rows(&self.core.rules().law);
                let row = rows.iter().find(|row| row.id == EXTENSION)?;
                Some(Said::Basis(row.article.clone()))
            }
        }
    }

    /// The days for which an extension is asked that is not approved yet.
    pub fn asks_for_days(&self) -> Option<u32> {
        let typed = self.query.typed.iter().find(|(key, _)| key == EXTENSION_DAYS);
        let typed = typed.filter(|_| self.query.paper == Paper::ExtensionForm);
        typed.and_then(|(_, days)| days.trim().parse().ok())
    }

    /// Whether the extension that is asked for could be granted.
    ///
    /// # Errors
    /// What stands against it, with the days that are left.
    pub fn may_ask(&self) -> Result<(), Stop> {
        let Some(days) = self.asks_for_days() else { return Ok(()) };
        let extension = Extension { days, approved_on: self.asking.today };
        Ok(clocks::judge_extension(self.core, self.case, extension)?)
    }

    /// The last day with the extension: the one that is asked for, else the one that was approved.
    fn extended_until(&self, clocks: &[Deadline]) -> Option<Said> {
        if let Some(days) = self.asks_for_days() {
            let extension = Extension { days, approved_on: self.asking.today };
            let (latest, provisional) = would_end(self.core, self.case, extension)?;
            return Some(if provisional { Said::Provisional(latest) } else { Said::Day(latest) });
        }
        self.case.day_of(|deed| matches!(deed, Deed::Extended { .. }))?;
        day(clocks.iter().rev().find(|clock| clock.limit == CONCLUDE)?)
    }
}

fn day(clock: &Deadline) -> Option<Said> {
    let said: fn(NaiveDate) -> Said = if clock.provisional { Said::Provisional } else { Said::Day };
    clock.latest.map(said)
}

fn basis(core: &Core, clock: &Deadline) -> Option<Said> {
    match &clock.basis {
        Basis::Article { norm, article } => {
            Some(Said::Basis(clocks::cited(&core.rules().law, (norm.as_str(), article.as_str()))))
        }
        Basis::Letter { number } => text(number),
        Basis::Agreement => None,
    }
}
