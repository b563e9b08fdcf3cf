//! The table of limits: one row for each limit of a norm, read from `data/law` or from a text that
//! an office loads.
//!
//! Which row of an id governs is decided by the day of the trigger. Of a national norm the newest
//! text governs; a local row stands beside it and can only shorten: the stricter wins. INVARIANT: an extension names a limit of its own text
//! (`text::parse` checks it, as it checks every field).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::choice::{Channel, Position};
use crate::domain::course::{Course, Event, Ground};
use crate::domain::ids::ReceiptId;
use crate::law::count::Length;
use crate::law::text::{self, LawError};

/// The limits that are built in.
const BUILT_IN: &str = include_str!("../../data/law/cn-regulation.toml");

/// Texts that are brought along and off: none of them is verified, or all are samples.
pub const OPTIONAL: [(&str, &str); 3] = [
    ("simplified", include_str!("../../data/law/simplified.toml")),
    ("example-local", include_str!("../../data/law/example-local.toml")),
    ("example-channels", include_str!("../../data/law/example-channels.toml")),
];

/// Whether the office must or may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The office must; past the latest day it is late.
    Duty,
    /// The office may; past the latest day the chance is gone and nothing is late.
    Option,
}

/// What a limit is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Once for each receipt.
    Receipt,
    /// Once for the case, or for each time it is taken up again.
    Case,
    /// Once a year for the body, whatever its cases are; no case has a clock of it.
    Year,
}

/// How sure it is that a row is what the norm says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// Read in the full text of the norm.
    A,
    /// Read in an excerpt or an official answer.
    B,
    /// Not found in a source.
    C,
    /// Inferred.
    D,
}

/// Whose limit it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Every body that handles petitions.
    EveryBody,
    /// A petition department of Party committee and government (Reg. 22).
    PetitionDepartment,
    /// The body that handles the matter.
    HandlingBody,
    /// The body to which the matter was transferred.
    ReceivingBody,
    /// The petitioner, whose right it is.
    Petitioner,
    /// The body that reviews (Reg. 35).
    ReviewBody,
    /// The body that reviews a second time (Reg. 36).
    SecondReviewBody,
    /// The body above.
    Superior,
}

impl Who {
    /// Whether this office owes it; what others owe or may do is shown, and never late here.
    pub const fn is_office(self) -> bool {
        matches!(
            self,
            Self::EveryBody | Self::PetitionDepartment | Self::HandlingBody | Self::ReceivingBody
        )
    }
}

/// Whether a norm binds everywhere or can only tighten what does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// A norm of the whole state.
    National,
    /// A norm of a place or of the office itself.
    Local,
}

/// In which matters a limit holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// In all.
    #[default]
    Always,
    /// In those that are handled in the simplified way.
    Simplified,
}

/// Whether a case shows the limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Always, with the reason where it does not run.
    #[default]
    Always,
    /// Once its trigger has happened, or where its procedure governs and there is no trigger.
    Started,
    /// Never: it stands in the table of limits only.
    Never,
}

/// Who approves an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approver {
    /// The head of the handling unit (Reg. 34).
    Head,
}

/// Until when an extension can be approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// On or before the latest day, as it counts on the day of the approval.
    LatestDay,
}

/// One limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// The key of its name in the texts.
    pub id: String,
    /// Its own name, for a row whose id the texts do not know.
    pub name: Option<String>,
    /// The norm's name.
    pub norm: String,
    /// Where the norm applies.
    pub jurisdiction: String,
    /// Whether it binds everywhere or only tightens.
    pub level: Level,
    /// Whose it is.
    pub who: Who,
    /// The article, such as `23(3)`.
    pub article: String,
    /// What starts it; none where the norm names no trigger.
    pub starts: Option<Event>,
    /// What meets it: the first of these.
    pub met_by: Vec<Event>,
    /// What ends it lawfully without meeting it.
    pub ends_on: Vec<Event>,
    /// What takes an option away.
    pub lapses_on: Vec<Event>,
    /// How long it is; none where the norm gives no number, which is never made up.
    pub length: Option<Length>,
    /// Whether the length is the office's to fill in, from a text that the program does not know.
    pub fill_in: bool,
    /// What it is counted for.
    pub per: Per,
    /// The procedures that it applies to, as the text of their article; empty for all.
    pub routes: Vec<String>,
    /// The position of an office that it binds; none for all.
    pub position: Option<Position>,
    /// The channels of receipts that it applies to; empty for all.
    pub channels: Vec<Channel>,
    /// In which matters it holds.
    pub applies_when: When,
    /// Whether an unclear name or address excuses it (Reg. 23(2)).
    pub excusable: bool,
    /// Whether it is a duty or an option.
    pub effect: Effect,
    /// The grounds on which recorded pauses are left out of it.
    pub pauses: Vec<Ground>,
    /// Whether a case shows it.
    pub shown: Shown,
    /// The first day of a trigger that it governs.
    pub in_force_from: NaiveDate,
    /// How sure the row is.
    pub mark: Mark,
    /// Which text it came with: 0 for the national one, more for those loaded after it.
    pub layer: usize,
    /// The line of its text, from 1.
    pub line: usize,
}

impl Limit {
    /// Whether the limit is one of a procedure; an undecided one has only the limits of all.
    pub fn applies_to(&self, route: Option<&str>) -> bool {
        self.routes.is_empty()
            || route.is_some_and(|route| self.routes.iter().any(|one| one == route))
    }

    /// Whether the limit is one of this office, and of matters such as this one.
    pub fn concerns(&self, course: &Course) -> bool {
        let position = course.position.unwrap_or(Position::Handling);
        self.position.is_none_or(|bound| bound == position)
            && (self.applies_when == When::Always || is_simplified(course))
    }

    /// Whether the limit is one of receipts that came that way.
    pub fn takes(&self, course: &Course, receipt: Option<ReceiptId>) -> bool {
        let channel = receipt.and_then(|receipt| course.channels.get(&receipt));
        self.channels.is_empty() || channel.is_some_and(|channel| self.channels.contains(channel))
    }

    /// Whether two rows are texts of one norm, of which the newest alone governs.
    fn is_of_one_norm(&self, other: &Self) -> bool {
        self.id == other.id
            && self.level == other.level
            && (self.level == Level::National || self.norm == other.norm)
    }
}

fn is_simplified(course: &Course) -> bool {
    let turns = course
        .occurrences
        .iter()
        .filter(|one| matches!(one.event, Event::Simplified | Event::Ordinary | Event::Reopened));
    // Of turns on one day the later entry counts, as with all occurrences.
    let mut turns: Vec<_> = turns.collect();
    turns.sort_by_key(|one| one.on);
    turns.last().is_some_and(|one| one.event == Event::Simplified)
}

/// How a limit may be lengthened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Prolongation {
    /// The key of its name in the texts.
    pub id: String,
    /// The article, such as `34`.
    pub article: String,
    /// The id of the limit.
    pub extends: String,
    /// The most days in all, of the limit's unit.
    pub days_max: u32,
    /// Until when it can be approved.
    pub until: Until,
    /// Who approves it.
    pub approver: Approver,
    /// The first day of a trigger whose limit it lengthens.
    pub in_force_from: NaiveDate,
    /// How sure the row is.
    pub mark: Mark,
    /// Which text it came with, as in [`Limit`].
    pub layer: usize,
}

/// All limits in force for an office, and those that were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Law {
    pub(in crate::law) limits: Vec<Limit>,
    pub(in crate::law) prolongations: Vec<Prolongation>,
}

impl Law {
    /// The limits of the national Regulation, which are built in.
    pub fn national() -> Self {
        Self::parse(BUILT_IN).expect("the law in the binary is parsed by a test")
    }

    /// Reads the limits of one norm.
    ///
    /// # Errors
    /// [`LawError`] names each bad row with its line, field and reason; nothing is loaded then.
    pub fn parse(text: &str) -> Result<Self, LawError> {
        text::parse(text)
    }

    /// These limits with another text's added: of two texts of a national norm the newer governs, a
    /// local row stands beside the others.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        let layers = self.limits.iter().map(|limit| limit.layer + 1).max().unwrap_or(0);
        let mut merged = self.clone();
        merged.limits.extend(other.limits.iter().cloned().map(|mut limit| {
            limit.layer += layers;
            limit
        }));
        merged.prolongations.extend(other.prolongations.iter().cloned().map(|mut row| {
            row.layer += layers;
            row
        }));
        merged
    }

    /// Every limit, in the order of the texts.
    pub fn limits(&self) -> &[Limit] {
        &self.limits
    }

    /// Every row that lengthens a limit, in the order of the texts.
    pub fn prolongations(&self) -> &[Prolongation] {
        &self.prolongations
    }

    /// The ids of all limits, each once, in the order of the texts.
    pub fn ids(&self) -> Vec<&str> {
        let mut seen = BTreeSet::new();
        self.limits.iter().map(|limit| limit.id.as_str()).filter(|id| seen.insert(*id)).collect()
    }

    /// All rows of an id, in the order of the texts.
    pub fn of_id(&self, id: &str) -> impl Iterator<Item = &Limit> {
        self.limits.iter().filter(move |limit| limit.id == id)
    }

    /// The row of an id that governs a trigger on a day; none if none was in force. Where a local
    /// row stands beside a national one, it is the one that came last.
    pub fn in_force(&self, id: &str, day: NaiveDate) -> Option<&Limit> {
        self.of_id(id)
            .filter(|limit| limit.in_force_from <= day)
            .max_by_key(|limit| (limit.level == Level::Local, limit.layer, limit.in_force_from))
    }

    /// Whether a row is the one of its norm that governs a trigger on a day.
    pub fn governs(&self, limit: &Limit, day: NaiveDate) -> bool {
        limit.in_force_from <= day
            && !self.limits.iter().any(|other| {
                other.is_of_one_norm(limit)
                    && other.in_force_from <= day
                    && (other.in_force_from, other.layer) > (limit.in_force_from, limit.layer)
            })
    }

    /// Whether no other row of the same id goes before this one.
    pub fn is_newest(&self, limit: &Limit) -> bool {
        !self.limits.iter().any(|other| {
            other.id == limit.id
                && (other.level == Level::National, other.layer, other.in_force_from)
                    > (limit.level == Level::National, limit.layer, limit.in_force_from)
        })
    }

    /// How a limit may be lengthened whose trigger was on a day; none if it may not.
    pub fn prolongation(&self, limit: &Limit, day: NaiveDate) -> Option<&Prolongation> {
        self.prolongations
            .iter()
            .filter(|row| {
                row.layer == limit.layer && row.extends == limit.id && row.in_force_from <= day
            })
            .max_by_key(|row| row.in_force_from)
    }
}
