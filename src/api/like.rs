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
