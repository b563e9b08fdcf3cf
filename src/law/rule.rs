//! The table of limits: one row for each limit of a norm, read from `data/law` or from a text that
//! an office loads.
//!
//! Which row of an id governs is decided by the day of the trigger; a text that is loaded later
//! goes before the national one. INVARIANT: an extension names a limit of its own text
//! (`text::parse` checks it, as it checks every field).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::course::Event;
use crate::law::count::Length;
use crate::law::text::{self, LawError};

/// The limits that are built in.
const BUILT_IN: &str = include_str!("../../data/law/cn-regulation.toml");

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
    /// The norm's name.
    pub norm: String,
    /// Where the norm applies.
    pub jurisdiction: String,
    /// The article, such as `23(3)`.
    pub article: String,
    /// What starts it.
    pub starts: Event,
    /// What meets it: the first of these.
    pub met_by: Vec<Event>,
    /// What takes an option away.
    pub lapses_on: Vec<Event>,
    /// How long it is.
    pub length: Length,
    /// What it is counted for.
    pub per: Per,
    /// The procedures that it applies to, as the text of their article; empty for all.
    pub routes: Vec<String>,
    /// Whether an unclear name or address excuses it (Reg. 23(2)).
    pub excusable: bool,
    /// Whether it is a duty or an option.
    pub effect: Effect,
    /// Whether recorded pauses are left out of it.
    pub pausable: bool,
    /// The first day of a trigger that it governs.
    pub in_force_from: NaiveDate,
    /// How sure the row is.
    pub mark: Mark,
    /// Which text it came with: 0 for the national one, more for those loaded after it.
    pub layer: usize,
}

impl Limit {
    /// Whether the limit is one of a procedure; an undecided one has only the limits of all.
    pub fn applies_to(&self, route: Option<&str>) -> bool {
        self.routes.is_empty()
            || route.is_some_and(|route| self.routes.iter().any(|one| one == route))
    }
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

    /// These limits with another text's before them: where both have a row for an id in force on
    /// the day of the trigger, the other's governs.
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

    /// The row of an id that governs a trigger on a day; none if none was in force.
    pub fn in_force(&self, id: &str, day: NaiveDate) -> Option<&Limit> {
        self.limits
            .iter()
            .filter(|limit| limit.id == id && limit.in_force_from <= day)
            .max_by_key(|limit| (limit.layer, limit.in_force_from))
    }

    /// Whether a row is the one of its id that governs a trigger on a day.
    pub fn governs(&self, limit: &Limit, day: NaiveDate) -> bool {
        self.in_force(&limit.id, day).is_some_and(|row| std::ptr::eq(row, limit))
    }

    /// Whether no other row of the same id goes before this one.
    pub fn is_newest(&self, limit: &Limit) -> bool {
        !self.limits.iter().any(|other| {
            other.id == limit.id
                && (other.layer, other.in_force_from) > (limit.layer, limit.in_force_from)
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
