//! What is asked and answered about one unit.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::api::reply::UnitRow;
use crate::domain::act::Act;
use crate::domain::ids::OfficerId;
use crate::domain::unit_note::UnitNote;

/// A unit in full: what it is, who works there, and what the office recorded about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitSheet {
    /// It as a row.
    pub row: UnitRow,
    /// Who works there now: name, post and telephone.
    pub people: Vec<UnitPerson>,
    /// The villages that it looks after.
    pub villages: Vec<String>,
    /// Talks, circulars and extra points, by number.
    pub notes: BTreeMap<u32, UnitNote>,
    /// Names of the officers who entered them.
    pub officers: BTreeMap<OfficerId, String>,
    /// What may be done with it, and why not.
    pub permits: Vec<(Act, Option<String>)>,
}

/// Somebody who works in a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitPerson {
    /// Their name.
    pub name: String,
    /// Their post.
    pub post: Option<String>,
    /// Their telephone, which is the office's and not masked.
    pub phone: Option<String>,
}
