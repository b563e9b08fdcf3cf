//! A campaign: a plan with phases, and its tasks, town-wide or of one village.
//!
//! A task goes on by turns, which are its history; evidence lies beside it. Dates are the plan's own
//! and not lawful limits: they never roll, and a rest day is only shown with its nearest working day.
//! INVARIANT: numbers of turns and of evidence only grow; `until` is never before `from`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::broken::Broken;
use crate::domain::choice::{TaskState, Weight};
use crate::domain::ids::{OfficerId, PlanId, TaskId, UnitId, Version};
use crate::domain::office::is_false;
use crate::domain::policy::Scope;

/// The most tasks that one plan may have, those of all villages counted.
pub const TASKS_MAX: usize = 5_000;

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Its number.
    pub id: PlanId,
    /// How often it was changed.
    #[serde(default)]
    pub version: Version,
    /// The key of its template.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The year for which it was made.
    pub year: i32,
    /// Its phases, by number from 1. Two phases may share their boundary day.
    pub phases: BTreeMap<u32, Phase>,
    /// The day on which it was loaded.
    pub loaded_on: NaiveDate,
}

/// A phase of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    /// Its name.
    pub name: String,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub until: NaiveDate,
    /// That it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closing>,
    /// The newest reason for which it was opened again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopened: Option<Closing>,
}

/// By whom and when a phase was closed or opened again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// The day.
    pub on: NaiveDate,
    /// The officer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// What there is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A task of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its number.
    pub id: TaskId,
    /// How often it was changed.
    #[serde(default)]
    pub version: Version,
    /// The campaign.
    pub plan: PlanId,
    /// The phase.
    pub phase: u32,
    /// Its place among the tasks of the template; villages share it.
    pub order: u32,
    /// Its number in the plan, such as `2.1`; villages share it.
    pub code: String,
    /// What is to be done.
    pub title: String,
    /// What comes of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deliverable: Option<String>,
    /// Who does it, in the plan's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// The village; none for a task of the whole town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub village: Option<UnitId>,
    /// The unit that answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The officer who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<OfficerId>,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub until: NaiveDate,
    /// Whether the phase can be closed without it.
    pub weight: Weight,
    /// Whether it is done only with evidence.
    #[serde(default, skip_serializing_if = "is_false")]
    pub proof: bool,
    /// Numbers of the tasks that must be done before it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub needs: BTreeSet<String>,
    /// The part of the plan's text from which it comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// How far it is.
    pub state: TaskState,
    /// Whether its phase was closed before it was done: nothing more is expected of it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub over: bool,
    /// What happened to it, by number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub turns: BTreeMap<u32, Turn>,
    /// The number of the newest turn that was ever made.
    #[serde(default)]
    pub last_turn: u32,
    /// What proves it, by number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub evidence: BTreeMap<u32, Evidence>,
    /// The number of the newest evidence that was ever added.
    #[serde(default)]
    pub last_evidence: u32,
}

/// One change of a task's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// The state from then on.
    pub state: TaskState,
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
    /// From where it is known: a message, a call, a paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What there is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// What proves that a task is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Its day.
    pub on: NaiveDate,
    /// The officer who entered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// The number of a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Where it lies in the archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// A note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Evidence {
    /// Whether it says anything.
    pub fn is_empty(&self) -> bool {
        [&self.document, &self.place, &self.note].iter().all(|text| text.is_none())
    }
}

impl TaskState {
    /// Whether nothing more is expected.
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Done | Self::NotApplicable)
    }

    /// The byte that stands for it in keys on disk.
    pub const fn code(self) -> u8 {
        match self {
            Self::Todo => 1,
            Self::Doing => 2,
            Self::Done => 3,
            Self::NotApplicable => 4,
            Self::SentBack => 5,
        }
    }

    /// The state of a byte.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }
}

impl Plan {
    /// The phase of a number.
    ///
    /// # Errors
    /// The plan has none of that number.
    pub fn phase(&self, number: u32) -> Result<&Phase, Broken> {
        self.phases.get(&number).ok_or_else(|| Broken::new("no_such_phase").with("phase", number))
    }

    /// Closes a phase; `n_missing` mandatory tasks of it are neither done nor excused.
    ///
    /// # Errors
    /// It is closed, an earlier one is open, something is missing, or the day is out of order.
    pub fn close_phase(
        &self,
        (number, n_missing): (u32, u64),
        closing: Closing,
        today: NaiveDate,
    ) -> Result<Self, Broken> {
        let phase = self.phase(number)?;
        if phase.closed.is_some() {
            return Err(Broken::new("phase_is_closed").with("phase", number));
        }
        let earlier = self.phases.range(..number).find(|(_, phase)| phase.closed.is_none());
        if let Some((earlier, _)) = earlier {
            return Err(Broken::new("earlier_phase_is_open").with("phase", earlier));
        }
        if n_missing > 0 {
            return Err(Broken::new("tasks_are_missing").with("count", n_missing));
        }
        in_order((closing.on, today), phase.from, "close_phase.on")?;
        let mut next = self.clone();
        if let Some(phase) = next.phases.get_mut(&number) {
            phase.closed = Some(closing);
        }
        Ok(next)
    }

    /// Opens a closed phase again, and with it those that follow it.
    ///
    /// # Errors
    /// It is not closed, or the day is out of order.
    pub fn reopen_phase(
        &self,
        number: u32,
        closing: &Closing,
        today: NaiveDate,
    ) -> Result<Self, Broken> {
        let Some(closed) = &self.phase(number)?.closed else {
            return Err(Broken::new("phase_is_open").with("phase", number));
        };
        in_order((closing.on, today), closed.on, "reopen_phase.on")?;
        let mut next = self.clone();
        for (_, phase) in next.phases.range_mut(number..) {
            if phase.closed.take().is_some() {
                phase.reopened = Some(closing.clone());
            }
        }
        Ok(next)
    }

    /// Its first and its last day.
    pub fn days(&self) -> Option<(NaiveDate, NaiveDate)> {
        let from = self.phases.values().map(|phase| phase.from).min()?;
        Some((from, self.phases.values().map(|phase| phase.until).max()?))
    }
}

impl Task {
    /// What decides who sees it: the village, and the officer who answers for it.
    pub fn scope(&self) -> Scope {
        Scope { village: self.village, handler: self.officer, ..Scope::default() }
    }

    /// Whether somebody still owes it: neither done nor excused, and its phase goes on.
    pub const fn is_owed(&self) -> bool {
        !self.state.is_settled() && !self.over
    }

    /// As its phase leaves it: what is open when the phase is closed is over, until it is reopened.
    #[must_use]
    pub fn of_phase(self, phase: &Phase) -> Self {
        let over = phase.closed.is_some() && !self.state.is_settled();
        Self { over, ..self }
    }

    /// Begins it, also again.
    ///
    /// # Errors
    /// It is being worked on or done, or the day is out of order.
    pub fn start(&self, turn: Turn) -> Result<Self, Broken> {
        match self.state {
            TaskState::Doing => Err(Broken::new("task_is_begun")),
            TaskState::Done => Err(Broken::new("task_is_done")),
            TaskState::Todo | TaskState::NotApplicable | TaskState::SentBack => {
                self.turned(TaskState::Doing, turn, "start_task.on")
            }
        }
    }

    /// Records that it is done; `unmet` names a task that must be done first.
    ///
    /// # Errors
    /// It is done or excused, something must be done first, evidence is missing, or the day is out
    /// of order.
    pub fn finish(
        &self,
        evidence: Evidence,
        unmet: Option<String>,
        turn: Turn,
    ) -> Result<Self, Broken> {
        match self.state {
            TaskState::Done => return Err(Broken::new("task_is_done")),
            TaskState::NotApplicable => return Err(Broken::new("task_is_excused")),
            TaskState::Todo | TaskState::Doing | TaskState::SentBack => {}
        }
        if let Some(unmet) = unmet {
            return Err(Broken::new("task_needs_another").with("task", unmet));
        }
        if self.proof && evidence.is_empty() && self.evidence.is_empty() {
            return Err(Broken::new("task_needs_evidence").at("finish_task.document"));
        }
        let mut next = self.turned(TaskState::Done, turn, "finish_task.on")?;
        if !evidence.is_empty() {
            next.push_evidence(evidence);
        }
        Ok(next)
    }

    /// Excuses it: it does not apply here.
    ///
    /// # Errors
    /// It is done or excused, or the day is out of order.
    pub fn excuse(&self, turn: Turn) -> Result<Self, Broken> {
        match self.state {
            TaskState::Done => Err(Broken::new("task_is_done")),
            TaskState::NotApplicable => Err(Broken::new("task_is_excused")),
            TaskState::Todo | TaskState::Doing | TaskState::SentBack => {
                self.turned(TaskState::NotApplicable, turn, "excuse_task.on")
            }
        }
    }

    /// Sends it back after it was reported as done, perhaps with a new last day.
    ///
    /// # Errors
    /// It is not done, or a day is out of order.
    pub fn send_back(&self, until: Option<NaiveDate>, turn: Turn) -> Result<Self, Broken> {
        if self.state != TaskState::Done {
            return Err(Broken::new("task_is_not_done"));
        }
        let on = turn.on;
        let mut next = self.turned(TaskState::SentBack, turn, "send_back_task.on")?;
        if let Some(until) = until {
            if until < on {
                let broken = Broken::new("day_is_before_what_it_follows");
                return Err(broken.at("send_back_task.until").with("day", on));
            }
            next.until = until;
        }
        Ok(next)
    }

    /// Adds evidence, whatever the state.
    ///
    /// # Errors
    /// It says nothing, or its day is in the future.
    pub fn add_evidence(&self, evidence: Evidence, today: NaiveDate) -> Result<Self, Broken> {
        if evidence.is_empty() {
            return Err(Broken::new("evidence_is_empty").at("add_evidence.document"));
        }
        if evidence.on > today {
            let broken = Broken::new("day_is_in_the_future");
            return Err(broken.at("add_evidence.on").with("day", today));
        }
        let mut next = self.clone();
        next.push_evidence(evidence);
        Ok(next)
    }

    /// The tasks that must be done before it, among all of one code that it needs: those of its own
    /// place first, then the town's; a task of the town alone may wait for all villages.
    pub fn waits_for<'t>(&self, all: &'t [Self]) -> Vec<&'t Self> {
        let own: Vec<&Self> = all.iter().filter(|other| other.village == self.village).collect();
        if !own.is_empty() {
            return own;
        }
        let town: Vec<&Self> = all.iter().filter(|other| other.village.is_none()).collect();
        if town.is_empty() { all.iter().collect() } else { town }
    }

    /// The day on which it was done, if it is.
    pub fn done_on(&self) -> Option<NaiveDate> {
        let newest = self.turns.values().next_back()?;
        (self.state == TaskState::Done).then_some(newest.on)
    }

    fn turned(&self, state: TaskState, turn: Turn, field: &str) -> Result<Self, Broken> {
        let after = self.turns.values().next_back().map_or(NaiveDate::MIN, |last| last.on);
        in_order((turn.on, turn.entered_on), after, field)?;
        let mut next = self.clone();
        next.state = state;
        next.last_turn += 1;
        next.turns.insert(next.last_turn, Turn { state, ..turn });
        Ok(next)
    }

    fn push_evidence(&mut self, evidence: Evidence) {
        self.last_evidence += 1;
        self.evidence.insert(self.last_evidence, evidence);
    }
}

/// Whether a day is neither in the future nor before what it follows.
///
/// # Errors
/// It is.
pub(in crate::domain) fn in_order(
    (on, today): (NaiveDate, NaiveDate),
    after: NaiveDate,
    field: &str,
) -> Result<(), Broken> {
    if on > today {
        return Err(Broken::new("day_is_in_the_future").at(field).with("day", today));
    }
    if on < after {
        return Err(Broken::new("day_is_before_what_it_follows").at(field).with("day", after));
    }
    Ok(())
}
