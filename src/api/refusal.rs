//! A refusal: why a call was not done, as a value with a key and what to do now.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::broken::Broken;
use crate::domain::form::Wrong;
use crate::domain::ids::Version;

/// What kind of refusal it is; decides the exit code of the shell commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// The account may not do that.
    Denied,
    /// The thing is not there, or may not be known.
    NotFound,
    /// A value or a rule is broken.
    Invalid,
    /// Somebody else changed the same field meanwhile.
    Conflict,
    /// The ledger takes no changes now, or the server is busy.
    Busy,
    /// No server, or no ledger.
    Closed,
    /// The answer was lost: the change may or may not be done; ask again with the same id.
    Unknown,
    /// A defect or a broken machine; nothing was written.
    Fault,
}

/// Why a call was not done. Its text stands in the catalogue under `refusal.KEY` or, for a rule of
/// the domain, `broken.KEY`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{key}")]
pub struct Refusal {
    /// What kind it is.
    pub kind: RefusalKind,
    /// The key of its text.
    pub key: String,
    /// The values that its text names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<(String, String)>,
    /// The fields that are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wrongs: Vec<Wrong>,
    /// The fields that somebody else changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clashes: Vec<Clash>,
    /// The version of the record now, where fields clash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<Version>,
}

/// A field that somebody else changed since it was seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clash {
    /// The field's key.
    pub field: String,
    /// Its value now.
    pub theirs: Value,
    /// Who changed it: the officer, or the login of an account without one.
    pub who: String,
    /// When, as RFC 3339.
    pub when: String,
}

impl Refusal {
    /// Whether what was asked for is not there for this account, or no longer: it must not stay on
    /// a screen.
    pub const fn hides(&self) -> bool {
        matches!(self.kind, RefusalKind::NotFound | RefusalKind::Denied)
    }

    /// A refusal of a kind with the key of its text, which starts with `refusal.`.
    pub fn new(kind: RefusalKind, key: &str) -> Self {
        Self {
            kind,
            key: format!("refusal.{key}"),
            args: Vec::new(),
            wrongs: Vec::new(),
            clashes: Vec::new(),
            now: None,
        }
    }

    /// The same, with a value for its text.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.push((name.to_owned(), value.to_string()));
        self
    }

    /// Nothing of that name, or nothing that may be known.
    pub fn not_found() -> Self {
        Self::new(RefusalKind::NotFound, "not_found")
    }

    /// Wrong fields.
    pub fn wrong(wrongs: Vec<Wrong>) -> Self {
        Self { wrongs, ..Self::new(RefusalKind::Invalid, "wrong_fields") }
    }
}

impl From<Broken> for Refusal {
    fn from(broken: Broken) -> Self {
        let wrongs = broken
            .field
            .map(|field| Wrong { field, why: broken.key.clone() })
            .into_iter()
            .collect();
        Self {
            kind: RefusalKind::Invalid,
            key: format!("broken.{}", broken.key),
            args: broken.args,
            wrongs,
            clashes: Vec::new(),
            now: None,
        }
    }
}
