//! What is like a newcomer at the window: persons who may be the same one, matters that may be the
//! same, each with the reasons. The clerk decides; nothing is joined by itself.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::case::Stage;
use crate::domain::ids::{CaseId, PersonId, UnitId, Version};

/// The most matters of one answer.
pub const MATTERS_MAX: u32 = 20;

/// What is known of the newcomer so far; empty where nothing is.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LikeQuery {
    /// The name.
    #[serde(default)]
    pub name: String,
    /// The telephone number.
    #[serde(default)]
    pub phone: String,
    /// The ID number.
    #[serde(default)]
    pub id_number: String,
    /// The village.
    #[serde(default)]
    pub village: Option<UnitId>,
    /// The request.
    #[serde(default)]
    pub text: String,
    /// The most matters and the most persons wanted, at most [`MATTERS_MAX`].
    pub most: u32,
}

impl fmt::Debug for LikeQuery {
    /// What is typed at the window is about persons: nothing of it is told.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("LikeQuery").field("most", &self.most).finish_non_exhaustive()
    }
}

/// Why something may be the same. The words stand in the catalogue under `like.`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The same ID number.
    IdNumber,
    /// The same telephone number.
    Phone,
    /// The same name in the same village.
    NameAndVillage,
    /// The same name.
    Name,
    /// A name that sounds the same.
    Sound,
    /// The request says much the same.
    Text {
        /// How much of the shorter text the other says too.
        percent: u8,
    },
}

impl Reason {
    /// The word of the reason.
    pub const fn word(self) -> &'static str {
        match self {
            Self::IdNumber => "id_number",
            Self::Phone => "phone",
            Self::NameAndVillage => "name_and_village",
            Self::Name => "name",
            Self::Sound => "sound",
            Self::Text { .. } => "text",
        }
    }
}

/// A person who may be the newcomer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LikePerson {
    /// Who.
    pub id: PersonId,
    /// The name; none if anonymous.
    pub name: Option<String>,
    /// The village's name.
    pub village: Option<String>,
    /// The telephone number, masked.
    pub phone: Option<String>,
    /// Why, the strongest reason first.
    pub reasons: Vec<Reason>,
}

/// A matter that may be the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LikeCase {
    /// Which.
    pub id: CaseId,
    /// Its version.
    pub version: Version,
    /// Its printed number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// How far it is.
    pub stage: Stage,
    /// Whose it is; none if anonymous.
    pub person: Option<String>,
    /// Those of its persons who may be the newcomer.
    pub persons: Vec<PersonId>,
    /// The name of whoever holds it now.
    pub holder: Option<String>,
    /// How many receipts hang on it.
    pub n_receipts: u32,
    /// The day of the newest of them.
    pub last_on: NaiveDate,
    /// The day of the oldest.
    pub received_on: NaiveDate,
    /// Why, the strongest reason first.
    pub reasons: Vec<Reason>,
    /// Why a receipt cannot be hung on it; none if it can.
    pub not_joined: Option<String>,
}

/// What is like a newcomer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LikeView {
    /// The matters, the likest first.
    pub cases: Vec<LikeCase>,
    /// The persons, the strongest reason first.
    pub persons: Vec<LikePerson>,
    /// Whether the index is not complete yet.
    pub warming: bool,
}

/// The setting of an account that holds the keys of groups that it has found to be no twins.
pub const APART: &str = "twins.apart";
/// An answer to [`TwinQuery`] holds no further group after so many records.
pub const RECORDS_MAX: usize = 200;
/// The most records of a group that are told, the pending matters among them first.
pub const MEMBERS_MAX: usize = 20;

/// What is there twice: groups of records that may be one, the newest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwinQuery {
    /// Among what.
    pub among: Among,
    /// Groups from this place on.
    pub from: u64,
}

/// Among what something is there twice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Among {
    /// Matters whose requests say the same or nearly so.
    #[default]
    Matters,
    /// Persons with the same ID number, telephone number, or name in the same village.
    Persons,
}

impl Among {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Matters, Self::Persons];

    /// The word of it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Matters => "matters",
            Self::Persons => "persons",
        }
    }
}

/// What is there twice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwinView {
    /// The groups of this page, that with the newest record first.
    pub groups: Vec<Twins>,
    /// How many groups there are.
    pub n_groups: u64,
    /// How many records stand in them.
    pub n_records: u64,
    /// Whether there are more.
    pub more: bool,
    /// How many groups the asker has found to be no twins; they are not among these.
    pub n_apart: u64,
    /// The keys of all groups that the asker has found to be none, the oldest decision first.
    pub apart: Vec<String>,
}

/// Records that may be one, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Twins {
    /// By what the asker says that these are no twins; another one among them makes another key.
    pub key: String,
    /// The matters, if it is about matters.
    pub cases: Vec<LikeCase>,
    /// The persons, if it is about persons.
    pub persons: Vec<LikePerson>,
    /// How many records there are, told or not.
    pub n_records: u64,
}
