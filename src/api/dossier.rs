//! Whole files of cases that leave the ledger: asked for with a purpose, as exports are.
//!
//! The answer says which cases go out; what is in each is asked for case by case, as always.

use serde::{Deserialize, Serialize};

use crate::domain::ids::CaseId;

/// The most cases of one asking.
pub const CASES_MAX: usize = 200;

/// Whose whole files go out, what for and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DossierQuery {
    /// The cases.
    pub cases: Vec<CaseId>,
    /// What for.
    pub purpose: String,
    /// To whom.
    pub recipient: String,
    /// Whether sealed matters go out too, if the asker is one of their readers.
    #[serde(default)]
    pub sealed: bool,
}

/// Whose whole files go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DossierView {
    /// The cases, in the order in which they were asked for.
    pub cases: Vec<CaseId>,
    /// How many sealed matters the asker reads were left out.
    pub n_sealed: u64,
}
