//! What is asked and answered about the columns of a list: which values stand there, and how often.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::api::request::{AgendaQuery, CaseQuery};
use crate::api::roster::RosterQuery;
use crate::domain::act::Act;
use crate::domain::ids::{OfficerId, UnitId};
use crate::domain::line::LineKind;
use crate::domain::listing::{Column, List, Narrow, Value};
use crate::domain::saved::SavedView;

/// Which values are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueQuery {
    /// Of which list; what it is narrowed to in that column itself does not count.
    pub list: ListQuery,
    /// Of which column.
    pub column: Column,
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListQuery {
    /// Cases.
    Cases(CaseQuery),
    /// The roster.
    Roster(RosterQuery),
    /// Deadlines.
    Deadlines(AgendaQuery),
}

impl ValueQuery {
    /// The act that policy judges: that of the list.
    pub const fn act(&self) -> Act {
        match self.list {
            ListQuery::Cases(_) => Act::ListCases,
            ListQuery::Roster(_) => Act::ListRoster,
            ListQuery::Deadlines(_) => Act::ReadAgenda,
        }
    }
}

impl ListQuery {
    /// Which list it is.
    pub const fn list(&self) -> List {
        match self {
            Self::Cases(_) => List::Cases,
            Self::Roster(_) => List::Roster,
            Self::Deadlines(_) => List::Deadlines,
        }
    }
}

/// A saved filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewRow {
    /// The filter.
    #[serde(flatten)]
    pub view: SavedView,
    /// Who saved it.
    pub by: Option<String>,
    /// Whether the asker saved it.
    pub own: bool,
    /// The names of the units and officers that it names, by column.
    pub names: BTreeMap<Column, String>,
    /// What may be done with it, and why not.
    pub permits: Vec<(Act, Option<String>)>,
}

/// The values of a column, in the order in which the list would stand by it; nothing comes last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValuePage {
    /// The values.
    pub values: Vec<ValueRow>,
    /// Whether the list was too long to be looked at whole.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

/// A value of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueRow {
    /// The value.
    pub value: Value,
    /// The name of the unit or officer, if it is one.
    pub name: Option<String>,
    /// In how many rows it stands.
    pub count: u64,
}

/// Which lines of the agenda.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFilter {
    /// Only these kinds; empty for all.
    #[serde(default)]
    pub kinds: Vec<LineKind>,
    /// Only what this leader took.
    #[serde(default)]
    pub lead: Option<OfficerId>,
    /// Only what this unit answers for, or what is in this village.
    #[serde(default)]
    pub unit: Option<UnitId>,
    /// Only those in whose columns these values stand.
    #[serde(default, skip_serializing_if = "Narrow::is_empty")]
    pub narrow: Narrow,
    /// Only what a text finds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl LineFilter {
    /// The text that narrows the lines, if one does.
    pub fn wanted_text(&self) -> Option<&str> {
        self.text.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }
}
