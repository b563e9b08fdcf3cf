//! Recurring work: who owes what in each period, and what came of each.
//!
//! Periods are counted, never stored ahead: a duty knows its first one, and a period without a
//! report is owed. Reports lie in one list of turns, the newest of a period decides its state.
//! The day is the office's own and no lawful limit; it never rolls past rest days.
//! INVARIANT: numbers of turns only grow; each turn names a period of the duty.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::domain::broken::Broken;
use crate::domain::campaign::in_order;
use crate::domain::choice::{Period, ReportManner, ReportState, ReportWord};
use crate::domain::ids::{DutyId, OfficerId, PlanId, UnitId, Version};
use crate::domain::line::{Line, LineKind};
use crate::domain::office::is_false;
use crate::domain::policy::Scope;

/// The most periods that are looked at: a hundred years of months.
const PERIODS_MAX: usize = 1_200;

/// Recurring work of the town or of one village.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Its number.
    pub id: DutyId,
    /// How often it was changed.
    #[serde(default)]
    pub version: Version,
    /// The campaign from whose template it comes.
    pub plan: PlanId,
    /// Its place among the duties of the template; villages share it.
    pub order: u32,
    /// Its number in the plan, such as `M3`; villages share it.
    pub code: String,
    /// What is to be done in each period.
    pub title: String,
    /// What comes of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// Who does it, in the plan's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// The village; none for the whole town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub village: Option<UnitId>,
    /// The unit that answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The officer who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<OfficerId>,
    /// How often it is owed.
    pub period: Period,
    /// By which day of the last month of a period; the last day where the month has no such day.
    pub day: u32,
    /// A day of the first period that is owed.
    pub from: NaiveDate,
    /// No period that begins later is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// Whether a report needs evidence; a zero report never does.
    #[serde(default, skip_serializing_if = "is_false")]
    pub proof: bool,
    /// Whether a zero report is one.
    #[serde(default, skip_serializing_if = "is_false")]
    pub zero: bool,
    /// The part of the plan's text from which it comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// What was reported or sent back, by number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub turns: BTreeMap<u32, DutyTurn>,
    /// The number of the newest turn that was ever made.
    #[serde(default)]
    pub last_turn: u32,
}

/// A report of a period, or that it was sent back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyTurn {
    /// The period, by its key.
    pub period: String,
    /// The state of the period from then on.
    pub state: ReportState,
    /// The day on which it happened.
    pub on: NaiveDate,
    /// The day on which it was entered.
    pub entered_on: NaiveDate,
    /// The officer who entered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// Who reported it, where somebody else entered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporter: Option<String>,
    /// In which way it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manner: Option<ReportManner>,
    /// Who signed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
    /// The number of a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Where it lies in the archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What there is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// By when it is to come again, if it was sent back with a new day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

impl DutyTurn {
    fn has_evidence(&self) -> bool {
        [&self.document, &self.place, &self.text].iter().any(|text| text.is_some())
    }
}

/// One period of a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Occasion {
    /// Its first day.
    pub first: NaiveDate,
    /// Its last day.
    pub last: NaiveDate,
    /// How long it is.
    pub period: Period,
}

impl Period {
    const fn n_months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::HalfYear => 6,
            Self::Year => 12,
        }
    }

    /// The period in which a day lies.
    pub fn around(self, day: NaiveDate) -> Occasion {
        let n_months = self.n_months();
        let month = day.month0() / n_months * n_months + 1;
        let first = NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap_or(day);
        let next = first.checked_add_months(Months::new(n_months));
        let last = next.and_then(|next| next.pred_opt()).unwrap_or(NaiveDate::MAX);
        Occasion { first, last, period: self }
    }

    /// The period of a key such as `2026-10`, `2026-Q4`, `2026-H2` or `2026`.
    pub fn parse_key(self, key: &str) -> Option<Occasion> {
        let (year, part) = key.split_once('-').unwrap_or((key, ""));
        let n_parts = 12 / self.n_months();
        let number: u32 = match self {
            Self::Month => part.parse().ok()?,
            Self::Quarter => part.strip_prefix(['Q', 'q'])?.parse().ok()?,
            Self::HalfYear => part.strip_prefix(['H', 'h'])?.parse().ok()?,
            Self::Year if part.is_empty() => 1,
            Self::Year => return None,
        };
        let month = number.checked_sub(1).filter(|at| *at < n_parts)? * self.n_months() + 1;
        Some(self.around(NaiveDate::from_ymd_opt(year.parse().ok()?, month, 1)?))
    }
}

impl Occasion {
    /// The key of the period: `2026-10`, `2026-Q4`, `2026-H2` or `2026`.
    pub fn key(&self) -> String {
        let (year, part) = (self.first.year(), self.first.month0() / self.period.n_months() + 1);
        match self.period {
            Period::Month => format!("{year}-{part:02}"),
            Period::Quarter => format!("{year}-Q{part}"),
            Period::HalfYear => format!("{year}-H{part}"),
            Period::Year => year.to_string(),
        }
    }

    /// The period behind it.
    pub fn next(&self) -> Self {
        let day = self.last.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
        self.period.around(day)
    }
}

impl Duty {
    /// What decides who sees it: the village, and the officer who answers for it.
    pub fn scope(&self) -> Scope {
        Scope { village: self.village, handler: self.officer, ..Scope::default() }
    }

    /// The newest turn of a period.
    pub fn newest(&self, key: &str) -> Option<&DutyTurn> {
        self.turns.values().rev().find(|turn| turn.period == key)
    }

    /// How far a period is.
    pub fn state(&self, key: &str) -> ReportState {
        self.newest(key).map_or(ReportState::Owed, |turn| turn.state)
    }

    /// The day by which a period is owed: the duty's own, or the one set when it was sent back.
    pub fn due(&self, occasion: &Occasion) -> NaiveDate {
        let moved = self.newest(&occasion.key()).and_then(|turn| turn.until);
        moved.unwrap_or_else(|| {
            let day = occasion.last.with_day(self.day.max(1));
            day.map_or(occasion.last, |day| day.min(occasion.last))
        })
    }

    /// All periods, the oldest first.
    pub fn occasions(&self) -> impl Iterator<Item = Occasion> + use<> {
        let until = self.until.unwrap_or(NaiveDate::MAX);
        let first = self.period.around(self.from);
        std::iter::successors(Some(first), |occasion| Some(occasion.next()))
            .take(PERIODS_MAX)
            .take_while(move |occasion| occasion.first <= until)
    }

    /// The periods that have begun by a day.
    pub fn begun(&self, today: NaiveDate) -> impl Iterator<Item = Occasion> + use<> {
        self.occasions().take_while(move |occasion| occasion.first <= today)
    }

    /// The oldest period that is owed.
    pub fn owed(&self) -> Option<Occasion> {
        self.occasions().find(|occasion| !self.state(&occasion.key()).is_settled())
    }

    /// The line of the agenda: the oldest period that is owed; the next follows when it is settled.
    pub fn lines(&self) -> Vec<Line> {
        self.owed().map(|own| Line::new(LineKind::Duty, self.due(&own))).into_iter().collect()
    }

    /// Records the report of a period.
    ///
    /// # Errors
    /// No such period, it was reported, a zero report is none here, evidence is missing, or the day
    /// is out of order.
    pub fn report(&self, word: ReportWord, turn: DutyTurn) -> Result<Self, Broken> {
        let occasion = self.occasion(&turn.period, "report_duty.period")?;
        if self.state(&turn.period).is_settled() {
            return Err(Broken::new("duty_is_reported").with("period", &turn.period));
        }
        if occasion.first > turn.entered_on {
            let broken = Broken::new("period_has_not_begun").with("day", occasion.first);
            return Err(broken.at("report_duty.period"));
        }
        let state = match word {
            ReportWord::Zero if !self.zero => {
                return Err(Broken::new("duty_takes_no_zero_report").at("report_duty.word"));
            }
            ReportWord::Zero => ReportState::Zero,
            ReportWord::Reported => ReportState::Reported,
        };
        if self.proof && word == ReportWord::Reported && !turn.has_evidence() {
            return Err(Broken::new("duty_needs_evidence").at("report_duty.document"));
        }
        self.turned(DutyTurn { state, ..turn }, &occasion, "report_duty.on")
    }

    /// Sends the report of a period back, perhaps with a new day.
    ///
    /// # Errors
    /// No such period, it was not reported, or a day is out of order.
    pub fn send_back(&self, turn: DutyTurn) -> Result<Self, Broken> {
        let occasion = self.occasion(&turn.period, "send_back_duty.period")?;
        if !self.state(&turn.period).is_settled() {
            return Err(Broken::new("duty_is_not_reported").with("period", &turn.period));
        }
        if let Some(until) = turn.until.filter(|until| *until < turn.on) {
            let broken = Broken::new("day_is_before_what_it_follows").with("day", turn.on);
            return Err(broken.at("send_back_duty.until").with("until", until));
        }
        let state = ReportState::SentBack;
        self.turned(DutyTurn { state, ..turn }, &occasion, "send_back_duty.on")
    }

    /// The period of a key; `field` is where it was typed.
    ///
    /// # Errors
    /// The duty has no such period.
    pub fn occasion(&self, key: &str, field: &str) -> Result<Occasion, Broken> {
        let occasion = self.period.parse_key(key).filter(|one| {
            let is_late_enough = one.first >= self.period.around(self.from).first;
            is_late_enough && self.until.is_none_or(|until| one.first <= until)
        });
        let odd = || Broken::new("no_such_period").at(field).with("period", key);
        occasion.filter(|one| one.key() == key).ok_or_else(odd)
    }

    fn turned(&self, turn: DutyTurn, occasion: &Occasion, field: &str) -> Result<Self, Broken> {
        let newest = self.newest(&turn.period).map_or(occasion.first, |newest| newest.on);
        in_order((turn.on, turn.entered_on), newest.max(occasion.first), field)?;
        let mut next = self.clone();
        next.last_turn += 1;
        next.turns.insert(next.last_turn, turn);
        Ok(next)
    }
}

impl ReportState {
    /// Whether nothing more is expected of the period.
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Zero | Self::Reported)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn duty(period: Period, due: u32) -> Duty {
        Duty {
            id: DutyId(1),
            version: Version::default(),
            plan: PlanId(1),
            order: 1,
            code: "M3".to_owned(),
            title: "一月一排查".to_owned(),
            output: None,
            who: None,
            village: Some(UnitId(1)),
            unit: None,
            officer: None,
            period,
            day: due,
            from: day("2026-10-10"),
            until: None,
            proof: true,
            zero: true,
            basis: None,
            turns: BTreeMap::new(),
            last_turn: 0,
        }
    }

    fn turn(period: &str, on: &str) -> DutyTurn {
        DutyTurn {
            period: period.to_owned(),
            state: ReportState::Owed,
            on: day(on),
            entered_on: day("2026-12-31"),
            by: None,
            reporter: None,
            manner: None,
            signer: None,
            document: Some("1号".to_owned()),
            place: None,
            text: None,
            until: None,
        }
    }

    #[test]
    fn every_period_has_a_key_that_is_read_back() {
        for (period, key, first, last) in [
            (Period::Month, "2026-10", "2026-10-01", "2026-10-31"),
            (Period::Quarter, "2026-Q4", "2026-10-01", "2026-12-31"),
            (Period::HalfYear, "2026-H2", "2026-07-01", "2026-12-31"),
            (Period::Year, "2026", "2026-01-01", "2026-12-31"),
        ] {
            let occasion = period.around(day("2026-10-10"));
            assert_eq!((occasion.first, occasion.last), (day(first), day(last)));
            assert_eq!(occasion.key(), key);
            assert_eq!(period.parse_key(key), Some(occasion));
        }
        for wrong in ["2026-13", "2026-0", "2026", "x", "2026-Q5", ""] {
            assert_eq!(Period::Month.parse_key(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_month_without_the_day_ends_on_its_last_one() {
        let own = duty(Period::Month, 31);
        let days: Vec<_> = own.occasions().take(5).map(|one| own.due(&one).to_string()).collect();
        assert_eq!(days, ["2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"]);
        let quarter = duty(Period::Quarter, 20);
        assert_eq!(quarter.due(&quarter.occasions().next().unwrap()), day("2026-12-20"));
    }

    #[test]
    fn the_oldest_period_without_a_report_is_owed_until_it_is_settled() {
        let own = duty(Period::Month, 20);
        assert_eq!(own.lines(), [Line::new(LineKind::Duty, day("2026-10-20"))]);
        let later = own.report(ReportWord::Reported, turn("2026-11", "2026-11-15")).unwrap();
        assert_eq!(later.lines()[0].on, day("2026-10-20"), "October is still owed");
        let both = later.report(ReportWord::Zero, turn("2026-10", "2026-11-16")).unwrap();
        assert_eq!(both.lines()[0].on, day("2026-12-20"));
        let again = DutyTurn { until: Some(day("2026-11-25")), ..turn("2026-11", "2026-11-20") };
        let back = both.send_back(again).unwrap();
        assert_eq!(back.lines()[0].on, day("2026-11-25"));
        assert_eq!(back.state("2026-11"), ReportState::SentBack);
    }

    #[test]
    fn a_duty_that_has_ended_owes_no_later_period() {
        let own = Duty { until: Some(day("2026-11-30")), ..duty(Period::Month, 20) };
        assert_eq!(own.occasions().count(), 2);
        let refused = own.report(ReportWord::Zero, turn("2026-12", "2026-12-01")).unwrap_err();
        assert_eq!(refused.key, "no_such_period");
        assert!(own.report(ReportWord::Zero, turn("2026-09", "2026-10-01")).is_err());
    }

    #[test]
    fn what_a_rule_forbids_is_refused_with_its_reason() {
        let own = duty(Period::Month, 20);
        let bare = DutyTurn { document: None, ..turn("2026-10", "2026-10-12") };
        let key = |result: Result<Duty, Broken>| result.unwrap_err().key;
        assert_eq!(key(own.report(ReportWord::Reported, bare.clone())), "duty_needs_evidence");
        let done = own.report(ReportWord::Zero, bare.clone()).unwrap();
        assert_eq!(key(done.report(ReportWord::Zero, bare.clone())), "duty_is_reported");
        assert_eq!(key(own.send_back(bare.clone())), "duty_is_not_reported");
        let early = DutyTurn { entered_on: day("2026-10-20"), ..turn("2026-11", "2026-10-20") };
        assert_eq!(key(own.report(ReportWord::Zero, early)), "period_has_not_begun");
        let strict = Duty { zero: false, ..own };
        assert_eq!(key(strict.report(ReportWord::Zero, bare)), "duty_takes_no_zero_report");
    }
}
