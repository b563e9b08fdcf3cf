//! The office, its units, officers and accounts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::choice::{Position, Role, UnitKind};
use crate::domain::ids::{ClerkId, OfficerId, UnitId, Version};
use crate::domain::paper::{Skipped, Template};
use crate::domain::unit_note::UnitNote;

/// The settings of the office; one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// Always 1.
    pub id: u64,
    /// How often it was changed.
    #[serde(default)]
    pub version: Version,
    /// The town's name.
    pub town: String,
    /// The town's code: the head of every printed number.
    pub code: String,
    /// Inhabitants of the town.
    pub population: u32,
    /// Which article binds the office.
    pub position: Position,
    /// Up to how many working days before its latest day a clock is shown as soon.
    pub soon_workdays: u32,
    /// Beyond which part of a lawful clock, in percent, it is hinted that nothing was done yet; 0
    /// for never. None for the usual part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half_time_percent: Option<u32>,
    /// How many working days before a clock ends somebody is asked to get on; 0 for never. None for
    /// the usual number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nudge_workdays: Option<u32>,
    /// Within how many working days a receipt is entered into the state system; 0 where that is not
    /// owed. None for the usual number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enter_workdays: Option<u32>,
    /// Within how many working days after the end of a case its result is filled in there; 0 where
    /// that is not owed. None for the usual number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_workdays: Option<u32>,
    /// From how many people on a visit counts as one of a group. None for the usual number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_people: Option<u32>,
    /// After how many minutes without a key the screen of whoever has not chosen is covered; 0 for
    /// never. None for the usual time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_minutes: Option<u32>,
    /// How many connections one account may have. None for the usual number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_account: Option<u32>,
    /// How many connections there may be in all. None for the usual number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connections: Option<u32>,
    /// After how many days without a backup an administrator is told; 0 for never. None for the
    /// usual number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup_days: Option<u32>,
    /// How many mebibytes a file that is attached may have. None for the usual number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment_mib: Option<u32>,
    /// How many mebibytes all attachments of a case may have. None for the usual number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_mib: Option<u32>,
    /// What the numbers of papers begin with. None for the town's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper_prefix: Option<String>,
    /// The body that reviews the office's opinions (Reg. 35).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_body: Option<String>,
    /// Templates of papers that were loaded, by the word of the paper.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub templates: BTreeMap<String, Template>,
    /// Serials that are not given out, by their series.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skipped: BTreeMap<String, Skipped>,
    /// Limits and calendars that were loaded, by the name of their norm or years.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub loaded: BTreeMap<String, Loaded>,
    /// The day of a trial ledger; none in a real one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial_today: Option<NaiveDate>,
}

/// What was loaded, and what it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loaded {
    /// The name of its file; none where it was taken out of force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The day on which it was put in force.
    pub on: NaiveDate,
    /// Who put it in force: an officer's name, else a login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The head of the hash of all rules with it.
    pub digest: String,
    /// How many cases have another next due day by it.
    pub n_moved: u64,
    /// The numbers of the first of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<String>,
}

/// A village, department, station or superior body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its number.
    pub id: UnitId,
    /// How often it was changed.
    #[serde(default)]
    pub version: Version,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// Its administrative code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Inhabitants, of a village.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<u32>,
    /// Who heads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// Its telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The department that looks after this village.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked_after_by: Option<UnitId>,
    /// The day from which it no longer exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<NaiveDate>,
    /// Talks, circulars and extra points, by number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<u32, UnitNote>,
}

/// A person who works for the office or one of its units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Officer {
    /// Their number.
    pub id: OfficerId,
    /// How often the record was changed.
    #[serde(default)]
    pub version: Version,
    /// Their name.
    pub name: String,
    /// Their post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// Where they work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// Their telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Whether they may take cases as a leader (Reg. 18(2)).
    #[serde(default, skip_serializing_if = "is_false")]
    pub leads: bool,
    /// The day since when they count as head of the office (Reg. 34).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_from: Option<NaiveDate>,
    /// The last day on which they count as head of the office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_until: Option<NaiveDate>,
    /// The day from which they no longer work here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_on: Option<NaiveDate>,
    /// Who stands in for them while they are away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stand_in: Option<OfficerId>,
    /// The first day on which they are away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away_from: Option<NaiveDate>,
    /// The last day on which they are away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away_until: Option<NaiveDate>,
}

impl Office {
    /// A new office: it handles (Reg. 23), and calls soon what is due within three working days.
    pub fn new(town: &str, code: &str, population: u32) -> Self {
        Self {
            id: 1,
            version: Version::default(),
            town: town.to_owned(),
            code: code.to_owned(),
            population,
            position: Position::Handling,
            soon_workdays: 3,
            half_time_percent: None,
            nudge_workdays: None,
            enter_workdays: None,
            return_workdays: None,
            group_people: None,
            idle_minutes: None,
            per_account: None,
            connections: None,
            backup_days: None,
            attachment_mib: None,
            case_mib: None,
            paper_prefix: None,
            review_body: None,
            templates: BTreeMap::new(),
            skipped: BTreeMap::new(),
            loaded: BTreeMap::new(),
            trial_today: None,
        }
    }
}

impl Unit {
    /// A unit of which only name and kind are known.
    pub fn named(id: UnitId, name: &str, kind: UnitKind) -> Self {
        Self {
            id,
            version: Version::default(),
            name: name.to_owned(),
            kind,
            code: None,
            population: None,
            head: None,
            phone: None,
            looked_after_by: None,
            ended_on: None,
            notes: BTreeMap::new(),
        }
    }
}

impl Officer {
    /// An officer of whom only the name is known.
    pub fn named(id: OfficerId, name: &str) -> Self {
        Self {
            id,
            version: Version::default(),
            name: name.to_owned(),
            post: None,
            unit: None,
            phone: None,
            leads: false,
            head_from: None,
            head_until: None,
            left_on: None,
            stand_in: None,
            away_from: None,
            away_until: None,
        }
    }

    /// Whether they count as head of the office on a day (Reg. 34: approves extensions).
    pub fn is_head_on(&self, day: NaiveDate) -> bool {
        self.head_from.is_some_and(|from| from <= day)
            && self.head_until.is_none_or(|until| day <= until)
    }

    /// Whether they work here on a day.
    pub fn is_in_office_on(&self, day: NaiveDate) -> bool {
        self.left_on.is_none_or(|left| day < left)
    }
}

/// An account: an officer with a login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clerk {
    /// Its number.
    pub id: ClerkId,
    /// How often it was changed.
    #[serde(default)]
    pub version: Version,
    /// The login; identity is this and the user id together.
    pub login: String,
    /// The user id that the kernel names.
    pub uid: u32,
    /// The officer whose account it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<OfficerId>,
    /// The roles; an account without one may do nothing.
    pub roles: BTreeSet<Role>,
    /// The village of a village clerk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The day from which the account is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<NaiveDate>,
}

impl Clerk {
    /// Whether somebody can come in with it on a day.
    pub fn is_open_on(&self, day: NaiveDate) -> bool {
        self.closed_on.is_none_or(|closed| day < closed)
    }
}

/// Whether a flag is unset, so that it takes no room in a record.
pub fn is_false(flag: &bool) -> bool {
    !*flag
}
