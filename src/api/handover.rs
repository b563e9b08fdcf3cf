//! The words of handing over and of assigning many: what is held, to whom it would go, and why not.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::api::reply::CaseRow;
use crate::domain::handover::{Given, Held};
use crate::domain::ids::{CaseId, OfficerId, UnitId, Version};

/// The most things that one change hands over or assigns.
pub const HANDED_MAX: usize = 500;

/// What an officer holds, and what a handing over would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverTerms {
    /// Who gives.
    pub officer: OfficerId,
    /// Who takes what is not given to somebody else; none to see only what is held.
    pub to: Option<OfficerId>,
    /// Only these things, each perhaps to somebody of its own; empty for all.
    pub given: Vec<Given>,
}

/// Why something stays as it is: the key of the reason, and the values that it names.
pub type Why = Option<(String, Vec<(String, String)>)>;

/// What an officer holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldingsView {
    /// Who.
    pub officer: OfficerId,
    /// Their name.
    pub name: String,
    /// The version of their record.
    pub version: Version,
    /// What they hold, at most [`HANDED_MAX`].
    pub rows: Vec<HeldRow>,
    /// Whether there is more.
    pub more: bool,
}

/// One thing that is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRow {
    /// As what, and its number.
    pub held: Held,
    /// Its printed number or code.
    pub number: String,
    /// What it is called.
    pub title: String,
    /// The village's name.
    pub village: Option<String>,
    /// The day of what is owed next.
    pub due: Option<NaiveDate>,
    /// Who would take it.
    pub to: Option<(OfficerId, String)>,
    /// Why it cannot go there.
    pub why: Why,
}

/// To whom many cases would go, and what else would be said of all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignTerms {
    /// Which cases.
    pub cases: Vec<CaseId>,
    /// The new leader.
    pub lead: Option<OfficerId>,
    /// The new responsible unit.
    pub unit: Option<UnitId>,
    /// The new handler.
    pub handler: Option<OfficerId>,
    /// The new class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// The new day agreed for settling them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_on: Option<NaiveDate>,
}

/// What assigning many would do to each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignView {
    /// The cases, in the order in which they were named.
    pub rows: Vec<AssignRow>,
}

/// One case among many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignRow {
    /// The case.
    pub row: CaseRow,
    /// The name of its handler.
    pub handler: Option<String>,
    /// Its class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// The day agreed for settling it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_on: Option<NaiveDate>,
    /// Why it is left as it is.
    pub why: Why,
}
