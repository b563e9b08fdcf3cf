//! The settings of the office as they are shown: values, accounts, sets of limits, years, caps.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::api::campaign::TICKED_MAX;
use crate::api::own::DRAFTS_MAX;
use crate::api::request::{HITS_MAX, ROWS_MAX};
use crate::domain::campaign::TASKS_MAX;
use crate::domain::choice::Role;
use crate::domain::field::TEXT_MAX;
use crate::domain::ids::{ClerkId, Version};

/// The most bytes of a call.
pub const REQUEST_MAX: usize = 64 << 10;
/// The most bytes of an answer.
pub const REPLY_MAX: usize = 1 << 20;

/// Every cap that somebody at a desk can run into, with its name; its text stands under `cap.WORD`.
pub const CAPS: [(&str, u64); 8] = [
    ("rows", ROWS_MAX as u64),
    ("hits", HITS_MAX as u64),
    ("bulk", TICKED_MAX as u64),
    ("text", TEXT_MAX as u64),
    ("drafts", DRAFTS_MAX as u64),
    ("tasks", TASKS_MAX as u64),
    ("request", REQUEST_MAX as u64),
    ("reply", REPLY_MAX as u64),
];

/// All settings of the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    /// The version of the record that holds them.
    pub version: Version,
    /// Each setting by name, with its text as set; empty where the usual value holds.
    pub values: Vec<(String, String)>,
    /// The accounts, for whoever may see them.
    pub clerks: Option<Vec<ClerkRow>>,
    /// Sets of limits besides the national one.
    pub sets: Vec<SetRow>,
    /// The years of the calendar, the earliest first.
    pub years: Vec<YearRow>,
}

/// An account as a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClerkRow {
    /// Which.
    pub id: ClerkId,
    /// The version of its record.
    pub version: Version,
    /// The login.
    pub login: String,
    /// The user id.
    pub uid: u32,
    /// The name of its officer.
    pub officer: Option<String>,
    /// Its roles.
    pub roles: Vec<Role>,
    /// The name of its village.
    pub unit: Option<String>,
    /// Whether it is open today.
    pub is_open: bool,
    /// The day from which it is closed.
    pub closed_on: Option<NaiveDate>,
    /// Its fields that a form has, with their texts.
    pub values: Vec<(String, String)>,
}

/// A set of limits that can be put in force and taken out again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetRow {
    /// The name by which the program brings it along; none for a file of the office.
    pub built_in: Option<String>,
    /// The norm.
    pub norm: String,
    /// Whether it is in force.
    pub is_on: bool,
    /// How many limits it has, as far as they are known.
    pub n_limits: usize,
    /// The day on which it was put in force or taken out.
    pub on: Option<NaiveDate>,
    /// How many cases have another next due day by it.
    pub n_moved: u64,
}

/// Where a text that an office loaded came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceView {
    /// The file, or the name by which the program brings it along.
    pub file: Option<String>,
    /// Who loaded it; none where that was not noted yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The day.
    pub on: NaiveDate,
}

/// A year of the calendar as a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearRow {
    /// Which year.
    pub year: i32,
    /// Its working days.
    pub n_workdays: u32,
    /// Days off that a notice names.
    pub n_off: usize,
    /// Make-up working days.
    pub n_work: usize,
    /// The notice.
    pub notice: Option<String>,
    /// The day on which the office loaded it; none for what the program brings along.
    pub loaded_on: Option<NaiveDate>,
}
