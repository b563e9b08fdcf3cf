//! An entry of the roster: somebody whose unresolved request, hardship or safety needs the
//! office's attention, so that a leader and an officer are responsible for helping.
//!
//! It holds duties of the office and nothing about the person. How it stands follows from the day;
//! an entry lapses by itself once its review day has passed.
//! INVARIANT: a ground is tied to one case; a running entry was approved by somebody other than
//! its proposer, on paper, or says that the office has one account only.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::choice::{ContactManner, EndReason, RosterGround};
use crate::domain::ids::{CaseId, ClerkId, EntryId, OfficerId, PersonId, UnitId, Version};

/// An entry of the roster.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number.
    pub id: EntryId,
    /// How often it was changed.
    #[serde(default)]
    pub version: Version,
    /// Whom the office owes help.
    pub person: PersonId,
    /// The case that carries the ground.
    pub case: CaseId,
    /// Why the office's attention is needed.
    pub ground: RosterGround,
    /// The ground in words: facts and necessity.
    pub reason: String,
    /// The village of the case, unless the petition is about it: its own account sees nothing then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub village: Option<UnitId>,
    /// The account that proposed it.
    pub proposed_by: ClerkId,
    /// The officer who proposed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposer: Option<OfficerId>,
    /// The day of the proposal.
    pub proposed_on: NaiveDate,
    /// The approval; none while it is only proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// The leader who answers for the help.
    pub lead: OfficerId,
    /// The officer who gives it.
    pub officer: OfficerId,
    /// The measures of help.
    pub measures: String,
    /// The help that was called for somebody in danger (Reg. 25).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_called: Option<String>,
    /// The day of the report about the danger (Reg. 25).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_on: Option<NaiveDate>,
    /// The day on which the person was told of the entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_on: Option<NaiveDate>,
    /// Why the person was not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_told: Option<String>,
    /// The day of the next contact.
    pub contact_on: NaiveDate,
    /// Help that was promised and not given yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<Promise>,
    /// The last day on which the entry runs without a renewal.
    pub review_on: NaiveDate,
    /// Renewals by number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reviews: BTreeMap<u32, Renewal>,
    /// Contacts by number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub contacts: BTreeMap<u32, Contact>,
    /// The number of the newest renewal or contact that was ever made.
    #[serde(default)]
    pub last_line: u32,
    /// The day since which it has lapsed, once the system has noted that in the journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lapsed_on: Option<NaiveDate>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Entry({})", self.id.0)
    }
}

/// Who approved an entry, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// In which way.
    pub way: ApprovalWay,
    /// The account that entered it.
    pub by: ClerkId,
    /// The officer who approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approver: Option<OfficerId>,
    /// The day of the approval.
    pub on: NaiveDate,
    /// The number of the paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

/// In which way an entry was approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalWay {
    /// By a second account.
    Second,
    /// On paper, with number and day.
    Paper,
    /// By the proposer, since the office has one account only; the entry says so.
    OneAccount,
}

impl ApprovalWay {
    /// The word of the way, as in JSON and in the catalogue under `entry.way.`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Paper => "paper",
            Self::OneAccount => "one_account",
        }
    }
}

/// Help that was promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// What.
    pub text: String,
    /// By which day.
    pub by_on: NaiveDate,
}

/// A renewal after a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewal {
    /// The day of the review.
    pub on: NaiveDate,
    /// Who reviewed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// The review day that it had.
    pub was: NaiveDate,
    /// The review day that it got.
    pub until: NaiveDate,
    /// Why it goes on.
    pub text: String,
}

/// A contact with the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The day.
    pub on: NaiveDate,
    /// The day on which it was entered.
    pub entered_on: NaiveDate,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// How.
    pub manner: ContactManner,
    /// What was done.
    pub text: String,
    /// The promised help that was given with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
    /// The next day of contact that was agreed.
    pub next_on: NaiveDate,
}

/// How an entry ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// The day.
    pub on: NaiveDate,
    /// Who decided it; none if it followed by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// Why.
    pub why: EndReason,
    /// The reason in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// How an entry stands on a day. The words stand in the catalogue under `entry.state.`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// Proposed; not approved yet.
    Proposed,
    /// It runs.
    Running,
    /// It has lapsed, and for ten working days the office may still decide otherwise.
    Pending,
    /// It has lapsed.
    Lapsed,
    /// It has ended.
    Ended,
}

impl EntryState {
    /// All states.
    pub const ALL: [Self; 5] =
        [Self::Proposed, Self::Running, Self::Pending, Self::Lapsed, Self::Ended];

    /// The word of the state.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Running => "running",
            Self::Pending => "pending",
            Self::Lapsed => "lapsed",
            Self::Ended => "ended",
        }
    }

    /// Whether the office still owes something under the entry.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Proposed | Self::Running | Self::Pending)
    }
}

/// Today, and the last day on which a lapsed entry may still be renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// Today.
    pub today: NaiveDate,
    /// Ten working days behind the review day.
    pub pending_until: NaiveDate,
}

/// What the office owes under an entry. The words stand in the catalogue under `owed.`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwedKind {
    /// The next clock of the case.
    Clock,
    /// Promised help.
    Promise,
    /// The next contact.
    Contact,
    /// The review.
    Review,
    /// The decision about a lapsed entry.
    Decision,
    /// The approval of a proposal.
    Approval,
}

impl OwedKind {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::Clock, Self::Promise, Self::Contact, Self::Review, Self::Decision, Self::Approval];

    /// The word of the kind.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Promise => "promise",
            Self::Contact => "contact",
            Self::Review => "review",
            Self::Decision => "decision",
            Self::Approval => "approval",
        }
    }
}

/// One thing that the office owes, and its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Owed {
    /// The day.
    pub on: NaiveDate,
    /// What.
    pub kind: OwedKind,
}

impl Entry {
    /// How it stands on a day.
    pub fn state(&self, days: Days) -> EntryState {
        if self.ending.is_some() {
            EntryState::Ended
        } else if days.today <= self.review_on {
            if self.approval.is_some() { EntryState::Running } else { EntryState::Proposed }
        } else if self.approval.is_some() && days.today <= days.pending_until {
            EntryState::Pending
        } else {
            EntryState::Lapsed
        }
    }

    /// What the office owes, the earliest day first; `clock` is the latest day of the case's next
    /// clock. Nothing here is about what the person does.
    pub fn owed(&self, days: Days, clock: Option<NaiveDate>) -> Vec<Owed> {
        let owed = |kind, on| Owed { on, kind };
        let state = self.state(days);
        let mut all: Vec<Owed> = match state {
            EntryState::Proposed => vec![owed(OwedKind::Approval, self.review_on)],
            EntryState::Running => {
                vec![
                    owed(OwedKind::Contact, self.contact_on),
                    owed(OwedKind::Review, self.review_on),
                ]
            }
            EntryState::Pending => vec![owed(OwedKind::Decision, self.review_on)],
            EntryState::Lapsed | EntryState::Ended => return Vec::new(),
        };
        all.extend(clock.map(|on| owed(OwedKind::Clock, on)));
        all.extend(self.promise.as_ref().map(|promise| owed(OwedKind::Promise, promise.by_on)));
        all.sort();
        all
    }

    /// The newest contact.
    pub fn last_contact(&self) -> Option<&Contact> {
        self.contacts.iter().max_by_key(|(number, contact)| (contact.on, **number)).map(|(_, c)| c)
    }
}
