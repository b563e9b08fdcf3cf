//! Handing over, standing in, and leaving: who holds what, and to whom it may go.
//!
//! The rules of each change are those of the single act: a case goes to a new leader as by
//! `AssignLead`. What is here besides is what an officer may hold, the days of a substitute, and
//! what is set of many cases at once.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::choice::{Choice, choices};
use crate::domain::entry::Entry;
use crate::domain::handling;
use crate::domain::ids::{CaseId, Kind, OfficerId, RecordRef, Version};
use crate::domain::office::Officer;
use crate::domain::roster;
use crate::domain::step::Deed;
use crate::domain::step_choice::PaperStep;

/// The longest time for which somebody stands in, in calendar days.
pub const STAND_IN_DAYS_MAX: u64 = 366;

choices! {
    /// As what somebody holds a thing.
    Part("held_as") {
        /// They lead the case.
        Lead = "lead",
        /// They handle it, or registered it while nobody handles it.
        Handler = "handler",
        /// The paper lies with them.
        Holder = "holder",
        /// They lead the help under an entry of the roster.
        EntryLead = "entry_lead",
        /// They give the help and make the contacts.
        EntryOfficer = "entry_officer",
        /// They answer for a task of the campaign.
        Task = "task",
        /// They answer for what a meeting decided.
        Decision = "decision",
        /// They answer for recurring work, such as a village's monthly report.
        Duty = "duty",
        /// They head a unit or village.
        UnitHead = "unit_head",
    }
}

impl Part {
    /// The act by which one such thing changes hands; its permission is asked for each.
    pub const fn act(self) -> Act {
        match self {
            Self::Lead => Act::AssignLead,
            Self::Handler => Act::HandTo,
            Self::Holder => Act::Pass,
            Self::EntryLead | Self::EntryOfficer => Act::EditEntry,
            Self::Task => Act::EditTask,
            Self::Decision => Act::EditDecision,
            Self::Duty => Act::EditDuty,
            Self::UnitHead => Act::EditUnit,
        }
    }

    /// The kind of record that is held so.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Lead | Self::Handler | Self::Holder => Kind::Case,
            Self::EntryLead | Self::EntryOfficer => Kind::Entry,
            Self::Task => Kind::Task,
            Self::Decision => Kind::Decision,
            Self::Duty => Kind::Duty,
            Self::UnitHead => Kind::Unit,
        }
    }
}

/// One thing that somebody holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Held {
    /// As what.
    pub part: Part,
    /// Its number among the records of its kind.
    pub id: u64,
}

impl Held {
    /// The record.
    pub const fn record(self) -> RecordRef {
        RecordRef { kind: self.part.kind(), id: self.id }
    }
}

/// A thing that is given, and to whom, if not to whoever takes the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// What.
    pub held: Held,
    /// To whom; none for whoever takes the rest.
    pub to: Option<OfficerId>,
}

/// The things of a text such as `lead:12 task:7>3`, as an order carries them.
///
/// # Errors
/// The first that is none.
pub fn parse_given(text: &str) -> Result<Vec<Given>, Broken> {
    let wrong =
        |word: &str| Broken::new("nothing_is_held_so").at("handover.items").with("name", word);
    let one = |word: &str| {
        let (held, to) = match word.split_once('>') {
            Some((held, to)) => (held, Some(to.parse().map(OfficerId).ok()?)),
            None => (word, None),
        };
        let (part, id) = held.split_once(':')?;
        Some(Given { held: Held { part: Part::parse(part)?, id: id.parse().ok()? }, to })
    };
    text.split_whitespace().map(|word| one(word).ok_or_else(|| wrong(word))).collect()
}

/// The text of things, as [`parse_given`] reads it.
pub fn format_given(given: &[Given]) -> String {
    let one = |given: &Given| {
        let held = format!("{}:{}", given.held.part.word(), given.held.id);
        given.to.map_or_else(|| held.clone(), |to| format!("{held}>{}", to.0))
    };
    given.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// A case as somebody saw it who gives it to somebody else together with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Which.
    pub case: CaseId,
    /// The version that was seen; none if nobody looked.
    pub version: Option<Version>,
}

/// The cases of a text such as `12@3 14`, as an order carries them.
///
/// # Errors
/// The first that is none.
pub fn parse_shown(text: &str) -> Result<Vec<Shown>, Broken> {
    let one = |word: &str| {
        let (case, version) = match word.split_once('@') {
            Some((case, version)) => (case, Some(Version(version.parse().ok()?))),
            None => (word, None),
        };
        Some(Shown { case: CaseId(case.parse().ok()?), version })
    };
    let wrong = |word: &str| {
        Broken::new("no_case_of_that_number").at("assign_many.cases").with("number", word)
    };
    let words = text.split([' ', ',', '\n']).filter(|word| !word.is_empty());
    words.map(|word| one(word).ok_or_else(|| wrong(word))).collect()
}

/// The text of cases, as [`parse_shown`] reads it.
pub fn format_shown(shown: &[Shown]) -> String {
    let one = |shown: &Shown| match shown.version {
        Some(version) => format!("{}@{}", shown.case.0, version.0),
        None => shown.case.0.to_string(),
    };
    shown.iter().map(one).collect::<Vec<_>>().join(" ")
}

impl Case {
    /// Says by which day it is to be settled.
    ///
    /// # Errors
    /// It has ended, or the day lies before its first receipt.
    pub fn agreed(&self, day: NaiveDate) -> Result<Self, Broken> {
        self.must_be_open()?;
        if day < self.received_on {
            let broken = Broken::new("day_is_before_what_it_follows");
            return Err(broken.with("day", self.received_on).at("assign_many.agreed_on"));
        }
        Ok(Self { agreed_on: Some(day), ..self.clone() })
    }
}

/// As what an officer holds a case.
pub fn parts_of_case(case: &Case, officer: OfficerId) -> Vec<Part> {
    if !case.stage().is_open() {
        return Vec::new();
    }
    let own = Some(officer);
    let handles = case.handler == own || (case.handler.is_none() && case.registrar == own);
    let holds = case.held_by == own && case.handler != own;
    [(Part::Lead, case.lead == own), (Part::Handler, handles), (Part::Holder, holds)]
        .into_iter()
        .filter_map(|(part, is_so)| is_so.then_some(part))
        .collect()
}

impl Case {
    /// The case with somebody else in a part of it.
    ///
    /// # Errors
    /// As the single acts say; it is no longer held so.
    pub fn handed_over(
        &self,
        (part, from): (Part, OfficerId),
        to: &Officer,
        entry: handling::Entry,
    ) -> Result<Self, Broken> {
        if !parts_of_case(self, from).contains(&part) {
            return Err(Broken::new("is_no_longer_held"));
        }
        match part {
            Part::Lead => self.assign_lead(to, entry),
            Part::Handler => {
                let next = self.hand_to(to, entry)?;
                // The paper stays with whoever has it on the table, if that is somebody else.
                Ok(Self { held_by: self.held_by.filter(|held| *held != from), ..next })
            }
            _ => self.pass_on(to, entry),
        }
    }

    /// The paper goes to somebody else, at the step of its way where it lies.
    fn pass_on(&self, to: &Officer, entry: handling::Entry) -> Result<Self, Broken> {
        roster::must_be_in_office(to, entry.on, "handover.to")?;
        if self.has_interest(to.id) {
            let broken = Broken::new("officer_has_an_interest").at("handover.to");
            return Err(broken.with("name", &to.name));
        }
        self.accused().may_hold(to).map_err(|broken| broken.at("handover.to"))?;
        self.in_order(&entry, self.received_on, "handover.on")?;
        let step = self.steps.values().rev().find_map(|step| match step.deed {
            Deed::Passed { step, .. } => Some(step),
            _ => None,
        });
        let step = step.unwrap_or(PaperStep::Drafting);
        let mut next = self.clone();
        next.held_by = Some(to.id);
        next.add(Deed::Passed { step, to: Some(to.id) }, entry);
        Ok(next)
    }
}

impl Entry {
    /// The entry with somebody else in a part of it.
    ///
    /// # Errors
    /// They may not, or it is no longer held so.
    pub fn handed_over(
        &self,
        (part, from): (Part, OfficerId),
        to: &Officer,
        on: NaiveDate,
    ) -> Result<Self, Broken> {
        if self.ending.is_some() {
            return Err(Broken::new("entry_has_ended"));
        }
        match part {
            Part::EntryLead if self.lead == from => {
                roster::must_lead(to, on, "handover.to")?;
                Ok(Self { lead: to.id, ..self.clone() })
            }
            Part::EntryOfficer if self.officer == from => {
                roster::must_be_in_office(to, on, "handover.to")?;
                Ok(Self { officer: to.id, ..self.clone() })
            }
            _ => Err(Broken::new("is_no_longer_held")),
        }
    }
}

/// The days for which somebody stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Away {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
}

impl Officer {
    /// The days on which somebody stands in for them.
    pub fn away(&self) -> Option<Away> {
        self.stand_in?;
        Some(Away { from: self.away_from?, until: self.away_until? })
    }

    /// Who stands in for them on a day; it ends by itself.
    pub fn stand_in_on(&self, day: NaiveDate) -> Option<OfficerId> {
        let away = self.away()?;
        self.stand_in.filter(|_| away.from <= day && day <= away.until)
    }

    /// The officer with somebody who stands in for some days.
    ///
    /// # Errors
    /// The days are odd or over, or the other is nobody who could.
    pub fn with_stand_in(&self, by: &Self, away: Away, today: NaiveDate) -> Result<Self, Broken> {
        let at = |key: &str, field: &str| Broken::new(key).at(&format!("substitute.{field}"));
        let longest = Days::new(STAND_IN_DAYS_MAX);
        if away.until < away.from {
            let broken = at("day_is_before_what_it_follows", "until");
            return Err(broken.with("day", away.from));
        }
        if away.until < today {
            return Err(at("days_are_over", "until").with("day", today));
        }
        if away.from.checked_add_days(longest).is_some_and(|last| away.until > last) {
            return Err(at("stands_in_too_long", "until").with("days", STAND_IN_DAYS_MAX));
        }
        if by.id == self.id {
            return Err(at("stands_in_for_themselves", "by").with("name", &by.name));
        }
        if !by.is_in_office_on(away.from) || !by.is_in_office_on(away.until) {
            return Err(at("officer_has_left", "by").with("name", &by.name));
        }
        let overlaps =
            by.away().is_some_and(|own| own.from <= away.until && away.from <= own.until);
        if overlaps {
            return Err(at("stand_in_is_away", "by").with("name", &by.name));
        }
        Ok(Self {
            stand_in: Some(by.id),
            away_from: Some(away.from),
            away_until: Some(away.until),
            ..self.clone()
        })
    }

    /// The officer back at work.
    ///
    /// # Errors
    /// Nobody stands in.
    pub fn without_stand_in(&self) -> Result<Self, Broken> {
        if self.stand_in.is_none() {
            let broken = Broken::new("nobody_stands_in").at("substitute.by");
            return Err(broken.with("name", &self.name));
        }
        Ok(Self { stand_in: None, away_from: None, away_until: None, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{
        Away, Given, Held, Part, Shown, format_given, format_shown, parse_given, parse_shown,
    };
    use crate::domain::ids::{CaseId, OfficerId, Version};
    use crate::domain::office::Officer;

    #[test]
    fn cases_are_written_as_they_are_read_with_the_version_that_was_seen() {
        let seen = |case, version: Option<u64>| Shown {
            case: CaseId(case),
            version: version.map(Version),
        };
        let shown = [seen(12, Some(3)), seen(14, None)];
        assert_eq!(format_shown(&shown), "12@3 14");
        assert_eq!(parse_shown("12@3,  14").unwrap(), shown);
        for wrong in ["x", "12@", "12@x"] {
            assert_eq!(parse_shown(wrong).unwrap_err().key, "no_case_of_that_number");
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn away(from: &str, until: &str) -> Away {
        Away { from: day(from), until: day(until) }
    }

    #[test]
    fn what_is_given_is_written_as_it_is_read() {
        let held = Held { part: Part::Lead, id: 12 };
        let given = [
            Given { held, to: None },
            Given { held: Held { part: Part::Task, id: 7 }, to: Some(OfficerId(3)) },
        ];
        assert_eq!(format_given(&given), "lead:12 task:7>3");
        assert_eq!(parse_given("lead:12  task:7>3").unwrap(), given);
        for wrong in ["lead", "mood:3", "lead:x", "lead:1>x"] {
            assert_eq!(parse_given(wrong).unwrap_err().key, "nothing_is_held_so");
        }
    }

    #[test]
    fn a_substitute_stands_in_from_day_to_day_and_no_longer() {
        let today = day("2026-10-20");
        let (wang, li) =
            (Officer::named(OfficerId(1), "王建国"), Officer::named(OfficerId(2), "李娟"));
        let wang = wang.with_stand_in(&li, away("2026-10-20", "2026-10-24"), today).unwrap();
        assert_eq!(wang.stand_in_on(day("2026-10-19")), None);
        assert_eq!(wang.stand_in_on(day("2026-10-20")), Some(li.id));
        assert_eq!(wang.stand_in_on(day("2026-10-24")), Some(li.id));
        assert_eq!(wang.stand_in_on(day("2026-10-25")), None);
        assert_eq!(wang.without_stand_in().unwrap().stand_in, None);
    }

    #[test]
    fn a_substitute_for_odd_days_or_who_is_away_is_refused() {
        let today = day("2026-10-20");
        let (wang, li) =
            (Officer::named(OfficerId(1), "王建国"), Officer::named(OfficerId(2), "李娟"));
        let key = |by: &Officer, days| wang.with_stand_in(by, days, today).unwrap_err().key;
        assert_eq!(key(&li, away("2026-10-24", "2026-10-20")), "day_is_before_what_it_follows");
        assert_eq!(key(&li, away("2026-10-01", "2026-10-02")), "days_are_over");
        assert_eq!(key(&li, away("2026-10-20", "2028-10-20")), "stands_in_too_long");
        assert_eq!(key(&wang, away("2026-10-20", "2026-10-21")), "stands_in_for_themselves");
        let left = Officer { left_on: Some(day("2026-10-21")), ..li.clone() };
        assert_eq!(key(&left, away("2026-10-20", "2026-10-22")), "officer_has_left");
        let zhao = Officer::named(OfficerId(3), "赵敏");
        let li = li.with_stand_in(&zhao, away("2026-10-22", "2026-10-30"), today).unwrap();
        assert_eq!(key(&li, away("2026-10-20", "2026-10-22")), "stand_in_is_away");
        assert!(wang.with_stand_in(&li, away("2026-10-20", "2026-10-21"), today).is_ok());
        assert_eq!(zhao.without_stand_in().unwrap_err().key, "nobody_stands_in");
    }
}
