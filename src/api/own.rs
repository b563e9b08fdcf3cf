//! What belongs to one account alone: how its screen looks, and the forms that it has half typed.
//!
//! None of it is journaled, raises a revision or sends a notice; nobody else can ask for it.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::form::Fields;
use crate::domain::ids::{RecordRef, Version};

/// The most half-typed forms of one account; beyond them the oldest goes.
pub const DRAFTS_MAX: usize = 20;
/// The days after which a half-typed form goes.
pub const DRAFT_DAYS: i64 = 14;
/// The most settings of one account.
pub const SETTINGS_MAX: usize = 100;
/// The most bytes of a setting's name, and of the name of a half-typed form.
pub const NAME_MAX: usize = 64;
/// The most bytes of a setting.
pub const SETTING_MAX: usize = 4_000;

/// A half-typed form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its name, chosen by the client; the same form is kept again under the same name.
    pub name: String,
    /// The command that it belongs to.
    pub command: String,
    /// The record that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<(RecordRef, Option<Version>)>,
    /// The record around that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub around: Option<(RecordRef, Version)>,
    /// The version that the form was filled from, if it read the record itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Version>,
    /// What the record is called.
    #[serde(default)]
    pub title: String,
    /// The texts as typed, by field.
    pub fields: Fields,
    /// When it was kept, as the server says.
    #[serde(default)]
    pub kept_at: DateTime<Utc>,
}

impl fmt::Debug for Draft {
    /// Half-typed texts are about persons: only the names of form and fields are told.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<&String> = self.fields.keys().collect();
        out.debug_struct("Draft")
            .field("name", &self.name)
            .field("command", &self.command)
            .field("on", &self.on)
            .field("fields", &fields)
            .finish_non_exhaustive()
    }
}

/// Something to keep or to let go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// A setting; none lets it go.
    Setting {
        /// Its name.
        name: String,
        /// Its value.
        value: Option<String>,
    },
    /// A half-typed form, in place of the one of the same name.
    Draft(Box<Draft>),
    /// Let a half-typed form go.
    DropDraft {
        /// Its name.
        name: String,
    },
}

/// All that belongs to one account alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnView {
    /// Its settings, by name.
    pub settings: BTreeMap<String, String>,
    /// Its half-typed forms, the newest first.
    pub drafts: Vec<Draft>,
}
