//! A case: the matter, which alone carries the sixty days. A list of steps in cycles.
//!
//! Receipts hang on it; persons are tied to it; what it asks for stands in its claims.
//! Stage and course are computed from the steps and never kept.
//! INVARIANT: step numbers only grow; an undone step is gone, its number is not used again.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::choice::{
    Channel, ClaimResult, Level, Manner, Purpose, Route, Source, Tie, Work,
};
use crate::domain::course::{Assigned, Course, Event, Extension, Letter, Occurrence};
use crate::domain::ids::{CaseId, ClerkId, OfficerId, PersonId, ReceiptId, UnitId, Version};
use crate::domain::office::is_false;

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
    /// Units that help.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub assisting: BTreeSet<UnitId>,
    /// The letter by which a superior assigned it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrusted: Option<Entrusted>,
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
    /// Whether it came over from an old ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
    /// The first receipt's day.
    pub received_on: NaiveDate,
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
}

/// One thing that was done about a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The cycle to which it belongs.
    pub cycle: u32,
    /// The day on which it happened.
    pub on: NaiveDate,
    /// The day on which it was entered; later than `on` if it was entered afterwards.
    pub entered_on: NaiveDate,
    /// The officer who did it or entered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// What was done.
    pub deed: Deed,
    /// What there is to say about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The number of the document that belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Deed {
    /// A receipt came: the first registers the case, each later one joins it.
    Received {
        /// The receipt.
        receipt: ReceiptId,
        /// From whom it came.
        source: Source,
        /// How it came; some channels have limits of their own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        channel: Option<Channel>,
    },
    /// Purpose and procedure were decided (Reg. 29 to 31).
    Routed {
        /// The procedure.
        route: Route,
    },
    /// The petitioner was told in writing what happens (Reg. 23).
    Notified {
        /// The receipt that it answers; none for all so far.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<ReceiptId>,
        /// How they were told.
        manner: Manner,
    },
    /// An objection to a transfer was sent (Reg. 23(3)).
    Objected {
        /// The receipt by which it had come.
        receipt: ReceiptId,
    },
    /// The case was taken on (Reg. 31(6)).
    Accepted,
    /// The case was not taken on, or led elsewhere.
    Declined,
    /// The sixty days were extended (Reg. 34).
    Extended {
        /// Calendar days added.
        days: u32,
        /// Who approved it, head of the office on that day.
        approver: OfficerId,
        /// The day on which the petitioner was told the reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        told_on: Option<NaiveDate>,
    },
    /// A leader took the case (Reg. 18(2)).
    LeadAssigned {
        /// The leader.
        lead: OfficerId,
    },
    /// The case was given to a unit.
    Allotted {
        /// The unit.
        unit: UnitId,
    },
    /// The case was given to an officer.
    HandedTo {
        /// The officer.
        handler: OfficerId,
    },
    /// Other work on the case.
    Worked {
        /// What kind of work.
        work: Work,
    },
    /// The written opinion was made (Reg. 32).
    Replied,
    /// The opinion reached the petitioner (Reg. 35).
    Delivered {
        /// How.
        manner: Manner,
    },
    /// The report went to the body that assigned the case.
    Reported,
    /// The matter was settled with the petitioner.
    Settled,
    /// The procedure was concluded.
    Concluded,
    /// The case was opened again; a new cycle.
    Reopened,
}

impl Deed {
    /// The word of the deed, as in JSON and in the catalogue under `deed.WORD`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Received { .. } => "received",
            Self::Routed { .. } => "routed",
            Self::Notified { .. } => "notified",
            Self::Objected { .. } => "objected",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Extended { .. } => "extended",
            Self::LeadAssigned { .. } => "lead_assigned",
            Self::Allotted { .. } => "allotted",
            Self::HandedTo { .. } => "handed_to",
            Self::Worked { .. } => "worked",
            Self::Replied => "replied",
            Self::Delivered { .. } => "delivered",
            Self::Reported => "reported",
            Self::Settled => "settled",
            Self::Concluded => "concluded",
            Self::Reopened => "reopened",
        }
    }
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
}

impl Stage {
    /// All stages in order.
    pub const ALL: [Self; 8] = [
        Self::Registered,
        Self::Routed,
        Self::Handling,
        Self::Replied,
        Self::Delivered,
        Self::Concluded,
        Self::Elsewhere,
        Self::History,
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
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Concluded | Self::Elsewhere | Self::History)
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

    /// How far it is.
    pub fn stage(&self) -> Stage {
        if self.history.is_some() {
            return Stage::History;
        }
        let has = |is: fn(&Deed) -> bool| self.day_of(is).is_some();
        if has(|deed| matches!(deed, Deed::Concluded)) {
            Stage::Concluded
        } else if has(|deed| matches!(deed, Deed::Declined)) {
            Stage::Elsewhere
        } else if has(|deed| matches!(deed, Deed::Delivered { .. })) {
            Stage::Delivered
        } else if has(|deed| matches!(deed, Deed::Replied)) {
            Stage::Replied
        } else if has(|deed| matches!(deed, Deed::Accepted)) {
            Stage::Handling
        } else if self.route.is_some() {
            Stage::Routed
        } else {
            Stage::Registered
        }
    }

    /// Who holds it now: the handler, else the leader, else whoever registered it.
    pub fn holder(&self) -> Option<OfficerId> {
        self.handler.or(self.lead).or(self.registrar)
    }

    /// The officers for whom it stands in lists of their own.
    pub fn officers(&self) -> BTreeSet<OfficerId> {
        let registrar = if self.handler.is_none() { self.registrar } else { None };
        [self.lead, self.handler, registrar].into_iter().flatten().collect()
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

    /// What the clocks need to know of it.
    pub fn course(&self) -> Course {
        let mut course = Course {
            counts: self.history.is_none(),
            route: self.route.map(Route::word),
            notice_excused: self.persons.is_empty(),
            agreed_on: self.agreed_on,
            assigned: self.entrusted.iter().filter_map(assigned).collect(),
            ..Course::default()
        };
        let mut steps: Vec<_> = self.steps.iter().collect();
        steps.sort_by_key(|(number, step)| (step.on, **number));
        for (_, step) in steps {
            if let Deed::Received { receipt, channel: Some(channel), .. } = step.deed {
                course.channels.insert(receipt, channel);
            }
            if let Deed::Extended { days, .. } = step.deed {
                course.extensions.push(Extension { days, approved_on: step.on });
            }
            if let Some((event, receipt)) = event_of(&step.deed) {
                course.occurrences.push(Occurrence { event, on: step.on, receipt });
            }
        }
        course
    }
}

fn assigned(entrusted: &Entrusted) -> Option<Assigned> {
    Some(Assigned {
        kind: Letter::Assignment,
        from: entrusted.on,
        due_on: entrusted.due_on?,
        letter: entrusted.letter.clone().unwrap_or_else(|| entrusted.by.clone()),
    })
}

fn event_of(deed: &Deed) -> Option<(Event, Option<ReceiptId>)> {
    match deed {
        Deed::Received { receipt, source: Source::Direct, .. } => {
            Some((Event::ReceivedDirect, Some(*receipt)))
        }
        Deed::Received { receipt, .. } => Some((Event::ReceivedTransfer, Some(*receipt))),
        Deed::Notified { receipt, .. } => Some((Event::Notified, *receipt)),
        Deed::Objected { receipt } => Some((Event::Objected, Some(*receipt))),
        Deed::Accepted => Some((Event::Accepted, None)),
        Deed::Declined => Some((Event::Declined, None)),
        Deed::Replied => Some((Event::Replied, None)),
        Deed::Delivered { .. } => Some((Event::Delivered, None)),
        Deed::Reported => Some((Event::Reported, None)),
        Deed::Settled => Some((Event::Settled, None)),
        Deed::Concluded => Some((Event::Concluded, None)),
        Deed::Extended { .. } => Some((Event::Extended, None)),
        Deed::Reopened => Some((Event::Reopened, None)),
        Deed::Routed { .. }
        | Deed::LeadAssigned { .. }
        | Deed::Allotted { .. }
        | Deed::HandedTo { .. }
        | Deed::Worked { .. } => None,
    }
}
