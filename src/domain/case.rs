//! A case: the matter, which alone carries the sixty days. A list of steps in cycles.
//!
//! Receipts hang on it; persons are tied to it; what it asks for stands in its claims.
//! Stage and course are computed from the steps and never kept.
//! INVARIANT: step numbers only grow; an undone step is gone, its number is not used again.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::attachment::Attachment;
use crate::domain::choice::{Channel, ClaimResult, Level, Purpose, Route, Source, Tie};
use crate::domain::ids::{CaseId, ClerkId, OfficerId, PersonId, ReceiptId, UnitId, Version};
use crate::domain::meeting::Tabled;
use crate::domain::office::is_false;
use crate::domain::slip::Slip;
use crate::domain::step::{Deed, Step};
use crate::domain::step_choice::ObjectionAnswer;

/// A matter.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its number among all cases.
    pub id: CaseId,
    /// How often it was changed.
    #[serde(default)]
    pub version: Version,
    /// The printed number, with the town's code; never used again.
    pub number: String,
    /// The number in an old ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_number: Option<String>,
    /// A short title.
    pub title: String,
    /// The request, word for word (Reg. 19(1)).
    pub request: String,
    /// What it asks for, one by one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub claims: BTreeMap<u32, Claim>,
    /// The persons tied to it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub persons: BTreeMap<PersonId, Tie>,
    /// How many people it concerns.
    pub people: u32,
    /// The level at which it was raised first.
    pub level: Level,
    /// Its purpose in the state system's list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// The procedure that governs it; none while undecided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<Route>,
    /// Its class in the office's dictionary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// The earlier case that it repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<CaseId>,
    /// The village where it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub village: Option<UnitId>,
    /// The place within it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The person or unit that the petition is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The unit of this ledger that the petition is about: it handles nothing of it, and a village
    /// sees neither text nor contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about_unit: Option<UnitId>,
    /// The officer of this ledger that the petition is about: they hold and see nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about_officer: Option<OfficerId>,
    /// The leader who took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<OfficerId>,
    /// The responsible unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The officer who handles it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handler: Option<OfficerId>,
    /// The officer who registered it and holds it until it has a handler.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registrar: Option<OfficerId>,
    /// The officer to whom its paper was passed last, while they hold it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_by: Option<OfficerId>,
    /// Units that help.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub assisting: BTreeSet<UnitId>,
    /// The letter by which a superior assigned it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrusted: Option<Entrusted>,
    /// What the list of the next meeting says of it; none if it does not stand there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tabled: Option<Tabled>,
    /// What is planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measures: Option<String>,
    /// The day agreed for settling it; the office's own clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_on: Option<NaiveDate>,
    /// Whether it is long pending.
    #[serde(default, skip_serializing_if = "is_false")]
    pub backlog: bool,
    /// Whether it is major or urgent (Reg. 25).
    #[serde(default, skip_serializing_if = "is_false")]
    pub urgent: bool,
    /// The day on which it was marked so, from which its report is owed; none if it was marked
    /// before that was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgent_on: Option<NaiveDate>,
    /// Whether it came over from an old ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
    /// The first receipt's day.
    pub received_on: NaiveDate,
    /// What is kept of its receipts for lists and agenda.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub slips: BTreeMap<ReceiptId, Slip>,
    /// Its scans and evidence, by number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attachments: BTreeMap<u32, Attachment>,
    /// The accounts that alone may see it; none if it is not sealed (Reg. 30(3)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readers: Option<BTreeSet<ClerkId>>,
    /// The present cycle, from 1; reopening begins the next.
    pub cycle: u32,
    /// What was done, by number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub steps: BTreeMap<u32, Step>,
    /// The number of the newest step that was ever made.
    pub last_step: u32,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Case({}, {})", self.id.0, self.number)
    }
}

/// One thing that a case asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// What is asked.
    pub text: String,
    /// What was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// What follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<ClaimResult>,
}

/// The letter by which a superior assigned a case (Reg. 22(1)(iii)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrusted {
    /// Who assigned it.
    pub by: String,
    /// The letter's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<String>,
    /// The letter's day.
    pub on: NaiveDate,
    /// The day by which a report is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
}

/// What an old ledger said of a case: kept and found, but without clocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Whether the old ledger called it closed; not a lawful closure.
    #[serde(default, skip_serializing_if = "is_false")]
    pub closed: bool,
    /// The day of that closing, if the old ledger had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<NaiveDate>,
    /// The day on which the petitioner was answered, if the old ledger had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replied_on: Option<NaiveDate>,
}

/// How far a case is; computed from its steps. The words stand in the catalogue under `stage.`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Registered; purpose and procedure undecided.
    Registered,
    /// Procedure decided; not yet taken on.
    Routed,
    /// Taken on and being handled.
    Handling,
    /// The opinion is made.
    Replied,
    /// The opinion was delivered.
    Delivered,
    /// Concluded.
    Concluded,
    /// Another procedure governs it, or it was not taken on.
    Elsewhere,
    /// From an old ledger.
    History,
    /// A review or second review is under way.
    Reviewing,
    /// Over for good (Reg. 36(3)).
    Ended,
    /// In the archive.
    Archived,
}

impl Stage {
    /// All stages in order.
    pub const ALL: [Self; 11] = [
        Self::Registered,
        Self::Routed,
        Self::Handling,
        Self::Replied,
        Self::Delivered,
        Self::Concluded,
        Self::Elsewhere,
        Self::History,
        Self::Reviewing,
        Self::Ended,
        Self::Archived,
    ];

    /// The word of the stage.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Routed => "routed",
            Self::Handling => "handling",
            Self::Replied => "replied",
            Self::Delivered => "delivered",
            Self::Concluded => "concluded",
            Self::Elsewhere => "elsewhere",
            Self::History => "history",
            Self::Reviewing => "reviewing",
            Self::Ended => "ended",
            Self::Archived => "archived",
        }
    }

    /// The stage of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.word() == word)
    }

    /// The byte that stands for it in index rows.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The stage of a byte.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }

    /// Whether the office still owes something.
    pub fn is_open(self) -> bool {
        self <= Self::Delivered
    }

    /// Whether something may still come of it: the office owes something, or a review is under way.
    pub fn is_under_way(self) -> bool {
        self.is_open() || self == Self::Reviewing
    }
}

impl Case {
    /// The steps of the present cycle, in the order of their days, then of their entry.
    pub fn steps_now(&self) -> impl Iterator<Item = (u32, &Step)> {
        let mut steps: Vec<_> = self
            .steps
            .iter()
            .filter(|(_, step)| step.cycle == self.cycle)
            .map(|(&number, step)| (number, step))
            .collect();
        steps.sort_by_key(|(number, step)| (step.on, *number));
        steps.into_iter()
    }

    /// The day of the newest step of that kind in the present cycle.
    pub fn day_of(&self, is: impl Fn(&Deed) -> bool) -> Option<NaiveDate> {
        self.steps
            .values()
            .filter(|step| step.cycle == self.cycle && is(&step.deed))
            .map(|step| step.on)
            .max()
    }

    /// The newest step in the present cycle whose deed is one of these; on one day the one that was
    /// entered last.
    pub fn newest(&self, is: impl Fn(&Deed) -> bool) -> Option<&Step> {
        self.steps_now().map(|(_, step)| step).filter(|step| is(&step.deed)).last()
    }

    /// Whether the newest step of the first kind came after the newest of the second, so that it
    /// still waits for that.
    pub fn awaits(&self, first: impl Fn(&Deed) -> bool, then: impl Fn(&Deed) -> bool) -> bool {
        let last = |is: &dyn Fn(&Deed) -> bool| {
            self.steps_now().filter(|(_, step)| is(&step.deed)).map(|(n, step)| (step.on, n)).max()
        };
        last(&first) > last(&then)
    }

    /// How far it is.
    pub fn stage(&self) -> Stage {
        if self.history.is_some() {
            return Stage::History;
        }
        let has = |is: fn(&Deed) -> bool| self.day_of(is).is_some();
        if has(|deed| matches!(deed, Deed::Archived { .. })) {
            Stage::Archived
        } else if has(|deed| matches!(deed, Deed::Ended)) {
            Stage::Ended
        } else if self.is_reviewed_now() {
            Stage::Reviewing
        } else if has(|deed| matches!(deed, Deed::Concluded)) {
            Stage::Concluded
        } else if self.turned_away_on().is_some() {
            Stage::Elsewhere
        } else if self.delivered_on().is_some() {
            Stage::Delivered
        } else if has(|deed| matches!(deed, Deed::Replied { .. })) {
            Stage::Replied
        } else if has(|deed| matches!(deed, Deed::Accepted)) {
            Stage::Handling
        } else if self.route.is_some() {
            Stage::Routed
        } else {
            Stage::Registered
        }
    }

    /// The day on which the newest opinion reached the petitioner; a doubtful delivery counts from
    /// its confirmation only (Reg. 35).
    pub fn delivered_on(&self) -> Option<NaiveDate> {
        self.day_of(|deed| match deed {
            Deed::Delivered { manner, .. } => !crate::domain::delivery::is_doubtful(*manner),
            Deed::DeliveryConfirmed => true,
            _ => false,
        })
    }

    /// Whether a review or second review waits for its opinion.
    pub fn is_reviewed_now(&self) -> bool {
        let reviewed = |deed: &Deed| matches!(deed, Deed::Reviewed { .. });
        let rechecked = |deed: &Deed| matches!(deed, Deed::Rechecked { .. });
        self.awaits(|deed| matches!(deed, Deed::ReviewAsked { .. }), reviewed)
            || self.awaits(|deed| matches!(deed, Deed::RecheckAsked { .. }), rechecked)
    }

    /// Whether an officer declared an interest in it (Reg. 28(3)); the newest word counts.
    pub fn has_interest(&self, officer: OfficerId) -> bool {
        use crate::domain::step_choice::Interest;
        let own = self.steps.values().rev().find_map(|step| match step.deed {
            Deed::Declared { officer: who, interest } if who == officer => Some(interest),
            _ => None,
        });
        own == Some(Interest::Held)
    }

    /// The day on which its present cycle ended, in whatever way.
    pub fn ended_on(&self) -> Option<NaiveDate> {
        let ended = self.day_of(|deed| matches!(deed, Deed::Concluded | Deed::Ended));
        ended.max(self.turned_away_on())
    }

    /// The letter by which a superior assigned it, while the office has it: not of a case that was
    /// joined to another, nor when every transfer went back.
    pub fn assignment(&self) -> Option<&Entrusted> {
        let back = self.sent_back();
        let mut transfers = self.steps.values().filter_map(|step| match step.deed {
            Deed::Received { receipt, source, .. } if source != Source::Direct => Some(receipt),
            _ => None,
        });
        let is_gone = !back.is_empty() && transfers.all(|receipt| back.contains(&receipt));
        let is_joined = self.day_of(|deed| matches!(deed, Deed::Merged { .. })).is_some();
        self.entrusted.as_ref().filter(|_| !is_gone && !is_joined)
    }

    /// The day on which its present cycle ended without an opinion. An objection that was agreed to
    /// sends one transfer back: the case stays with the office if another receipt hangs on it
    /// (Reg. 23(3)).
    fn turned_away_on(&self) -> Option<NaiveDate> {
        let agreed_on = self.day_of(|deed| {
            matches!(deed, Deed::ObjectionAnswered { answer: ObjectionAnswer::Agreed })
        });
        self.day_of(Deed::turns_away).max(agreed_on.filter(|_| self.is_all_back()))
    }

    /// The day from which the report of a major or urgent matter is owed (Reg. 25); none if it is
    /// not such a matter, or was reported, with the hour, in whatever cycle.
    pub fn unreported_since(&self) -> Option<NaiveDate> {
        let was_reported = || self.steps.values().any(|s| matches!(s.deed, Deed::Alarmed { .. }));
        let since = self.urgent_on.unwrap_or(self.received_on);
        (self.urgent && self.history.is_none() && !was_reported()).then_some(since)
    }

    /// Who holds it now: whoever has the paper, the handler, the leader, whoever registered it.
    pub fn holder(&self) -> Option<OfficerId> {
        self.held_by.or(self.handler).or(self.lead).or(self.registrar)
    }

    /// The officers for whom it stands in lists of their own.
    pub fn officers(&self) -> BTreeSet<OfficerId> {
        let registrar = if self.handler.is_none() { self.registrar } else { None };
        [self.lead, self.handler, self.held_by, registrar].into_iter().flatten().collect()
    }

    /// How it came first; none if an old ledger did not say.
    pub fn channel(&self) -> Option<Channel> {
        self.steps.values().find_map(|step| match step.deed {
            Deed::Received { channel, .. } => channel,
            _ => None,
        })
    }

    /// The receipts that hang on it, in the order of their joining.
    pub fn receipts(&self) -> Vec<ReceiptId> {
        self.steps
            .values()
            .filter_map(|step| match step.deed {
                Deed::Received { receipt, .. } => Some(receipt),
                _ => None,
            })
            .collect()
    }
}
