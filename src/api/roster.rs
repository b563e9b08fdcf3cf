//! What is asked and answered about the roster and about all persons.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::api::reply::CaseRow;
use crate::api::request::{Cursor, Way, Whose};
use crate::domain::act::Act;
use crate::domain::choice::RosterGround;
use crate::domain::entry::{Entry, EntryState, OwedKind};
use crate::domain::ids::{CaseId, EntryId, OfficerId, PersonId, UnitId, Version};
use crate::domain::listing::{Narrow, Sort};

/// Which part of the roster.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RosterPart {
    /// All under which the office owes something, what is owed longest first.
    #[default]
    Open,
    /// Those of them for which something is late: a clock, a contact, promised help.
    Late,
    /// Those that wait for their approval.
    Approval,
    /// Those whose review falls due this month, and those that lapsed and may still be renewed.
    Review,
    /// Those that lapsed and may still be renewed.
    Pending,
    /// Those that have lapsed or ended, the newest first.
    Ended,
}

impl RosterPart {
    /// All parts.
    pub const ALL: [Self; 6] =
        [Self::Open, Self::Late, Self::Approval, Self::Review, Self::Pending, Self::Ended];

    /// The word of the part, as in JSON and in the catalogue under `roster.part.`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Late => "late",
            Self::Approval => "approval",
            Self::Review => "review",
            Self::Pending => "pending",
            Self::Ended => "ended",
        }
    }

    /// The part of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.word() == word)
    }
}

/// Which page of the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterQuery {
    /// Which part.
    pub part: RosterPart,
    /// In which order: by a duty of the office or by who has it, never by a person; what has ended
    /// stands by its end.
    pub sort: Sort,
    /// Whose.
    pub whose: Whose,
    /// Only those in whose columns these values stand.
    #[serde(default, skip_serializing_if = "Narrow::is_empty")]
    pub only: Narrow,
    /// Only those narrowed by this text.
    pub text: Option<String>,
    /// From where the page goes.
    pub from: Option<Cursor>,
    /// Which way it goes from there.
    #[serde(default)]
    pub way: Way,
    /// The most rows wanted.
    pub most: u32,
}

impl Default for RosterQuery {
    fn default() -> Self {
        Self {
            part: RosterPart::Open,
            sort: Sort::OWED,
            whose: Whose::All,
            only: Narrow::default(),
            text: None,
            from: None,
            way: Way::Forward,
            most: 0,
        }
    }
}

/// A page of the roster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterPage {
    /// The rows.
    pub rows: Vec<EntryRow>,
    /// How many there are in the whole part; none where counting would cost a walk.
    pub total: Option<u64>,
    /// Whether there are rows before these.
    #[serde(default)]
    pub before: bool,
    /// Whether there are rows after these.
    pub after: bool,
    /// How far this month's review is, where the part of reviews was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<Round>,
}

/// How far the review of a month is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// The last day of the month.
    pub until: NaiveDate,
    /// How many have a review day up to then and run.
    pub due: u64,
    /// How many were renewed this month.
    pub renewed: u64,
    /// How many were ended by a decision this month.
    pub ended: u64,
    /// How many have lapsed and may still be renewed.
    pub pending: u64,
    /// How many have lapsed for good this month.
    pub lapsed: u64,
}

/// One thing that the office owes under an entry, as of today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwedView {
    /// What; its text stands in the catalogue under `owed.`.
    pub kind: OwedKind,
    /// Its last day.
    pub on: NaiveDate,
    /// Calendar days from today to that day; negative when it has passed.
    pub days_left: i64,
    /// The limit, where it is a clock of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What was promised, where it is a promise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
}

/// An entry as a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryRow {
    /// Which entry.
    pub id: EntryId,
    /// Its version.
    pub version: Version,
    /// The person.
    pub person: PersonId,
    /// The person's name; none if anonymous.
    pub name: Option<String>,
    /// The village's name.
    pub village: Option<String>,
    /// The ground.
    pub ground: RosterGround,
    /// How it stands.
    pub state: EntryState,
    /// The leader's name.
    pub lead: Option<String>,
    /// The officer's name.
    pub officer: Option<String>,
    /// The case.
    pub case: CaseId,
    /// The case's number.
    pub number: String,
    /// The case's title.
    pub title: String,
    /// Since when it runs: the day of its approval; none while it is only proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<NaiveDate>,
    /// The next contact.
    pub contact_on: NaiveDate,
    /// The review.
    pub review_on: NaiveDate,
    /// The newest contact.
    pub last_contact_on: Option<NaiveDate>,
    /// What the office owes, the earliest day first.
    pub owed: Vec<OwedView>,
    /// The last day on which it may be renewed after it lapsed.
    pub pending_until: NaiveDate,
    /// The place of this row in its list.
    pub cursor: Cursor,
}

/// Which day's roster, and whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoodQuery {
    /// The day, not after today; today if none.
    pub on: Option<NaiveDate>,
    /// Whose entries.
    pub whose: Whose,
}

/// The roster as it stood at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoodView {
    /// The day.
    pub on: NaiveDate,
    /// The entries under which the office owed something then, what was owed longest first.
    pub rows: Vec<EntryRow>,
    /// Whether there were more than one answer holds.
    pub more: bool,
}

/// An entry in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntrySheet {
    /// The entry.
    pub entry: Entry,
    /// It as a row.
    pub row: EntryRow,
    /// Its case.
    pub case: CaseRow,
    /// Names of the officers that it mentions.
    pub officers: BTreeMap<OfficerId, String>,
    /// What may be done with it, and why not: the key of a refusal, or none if it may.
    pub permits: Vec<(Act, Option<String>)>,
}

/// Which page of the list of all persons.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonQuery {
    /// Only those of this village.
    pub village: Option<UnitId>,
    /// Only those narrowed by this text.
    pub text: Option<String>,
    /// From where the page goes.
    pub from: Option<Cursor>,
    /// Which way it goes from there.
    #[serde(default)]
    pub way: Way,
    /// The most rows wanted.
    pub most: u32,
}

/// A page of persons, the newest first: they are not sorted by how often they came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonPage {
    /// The rows.
    pub rows: Vec<PersonRow>,
    /// Whether there are rows before these.
    #[serde(default)]
    pub before: bool,
    /// Whether there are rows after these.
    pub after: bool,
}

/// A person as a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    /// Who.
    pub id: PersonId,
    /// The version of the record.
    pub version: Version,
    /// Their name; none if anonymous.
    pub name: Option<String>,
    /// Their telephone, masked.
    pub phone: Option<String>,
    /// The village's name.
    pub village: Option<String>,
    /// Their address.
    pub address: Option<String>,
    /// The newest of their cases that may be seen: its number and title.
    pub case: Option<(String, String)>,
    /// How many records were found to be this person.
    pub n_aliases: u64,
    /// The place of this row in its list.
    pub cursor: Cursor,
}

/// A record that was found to be the same person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// Its number.
    pub id: PersonId,
    /// Its own name.
    pub name: Option<String>,
    /// Its telephone, masked.
    pub phone: Option<String>,
    /// Its village.
    pub village: Option<String>,
    /// Number and title of each of its own cases that may be seen.
    #[serde(default)]
    pub cases: Vec<(String, String)>,
    /// How many entries of the roster are its own.
    #[serde(default)]
    pub n_entries: u64,
}
