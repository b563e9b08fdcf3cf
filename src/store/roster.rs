//! Index keys of the roster and of persons, as pure functions of a record.
//!
//! An entry without an ending stands by its review day in the list of each facet that it has; one
//! with an ending behind them, the newest first. A person stands in the list of all and of the
//! village; an alias only under the person that it was found to be.

use chrono::{Datelike, NaiveDate};

use crate::domain::entry::Entry;
use crate::domain::ids::{CaseId, Kind, PersonId};
use crate::domain::line::Line;
use crate::domain::person::Person;
use crate::domain::policy::Scope;
use crate::store::key::{Row, join};
use crate::store::tables::line::{Owner, line_rows};
use crate::store::tables::{self, Facet};

/// Indexes, by the first byte of their keys.
const ENTRIES: u8 = 0x20;
const REVIEWS: u8 = 0x21;
const ENTRIES_OF_CASE: u8 = 0x22;
const ENTRIES_OF_PERSON: u8 = 0x23;
const PERSONS: u8 = 0x24;
const ALIASES: u8 = 0x25;

/// Counts, by the first byte of their keys.
const N_ENTRIES: u8 = 0x20;

/// Which entries of a facet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// Those without an ending, the earliest review first.
    Open = 1,
    /// Those with one, the newest first.
    Ended = 2,
}

/// The rows that follow from an entry of the roster and from what is owed under it.
pub fn entry_rows(entry: &Entry, lines: &[Line]) -> Vec<Row> {
    let id = entry.id.0;
    let mut rows = vec![Row::Count { key: tables::record_count(Kind::Entry) }];
    let mut enter = |parts: &[&[u8]]| {
        rows.push(Row::Entry { key: join(parts), value: Vec::new() });
    };
    enter(&[&entries_of_case(entry.case), &id.to_be_bytes()]);
    enter(&[&entries_of_person(entry.person), &id.to_be_bytes()]);
    if entry.ending.is_none() {
        enter(&[&[REVIEWS], &day_bytes(entry.review_on), &id.to_be_bytes()]);
    }
    for facet in facets(entry) {
        match &entry.ending {
            None => enter(&[
                &entries_prefix(facet, Shelf::Open),
                &day_bytes(entry.review_on),
                &id.to_be_bytes(),
            ]),
            Some(ending) => enter(&[
                &entries_prefix(facet, Shelf::Ended),
                &(u32::MAX - day_number(ending.on)).to_be_bytes(),
                &(u64::MAX - id).to_be_bytes(),
            ]),
        }
    }
    if entry.ending.is_none() {
        rows.extend(facets(entry).into_iter().map(|facet| Row::Count { key: open_entries(facet) }));
    }
    let owner = Owner { record: entry.id.into(), scope: Scope::of_entry(entry), unit: None };
    rows.extend(line_rows(owner, &facets(entry), lines));
    rows
}

/// The rows that a person has beside those of their code.
pub fn person_list_rows(person: &Person) -> Vec<Row> {
    let id = person.id.0;
    let entry = |key| Row::Entry { key, value: Vec::new() };
    if let Some(same_as) = person.same_as {
        return vec![entry(join(&[&aliases(same_as), &id.to_be_bytes()]))];
    }
    let last = (u64::MAX - id).to_be_bytes();
    let mut rows = vec![entry(join(&[&persons_prefix(Facet::All), &last]))];
    let village = person.village.map(|village| persons_prefix(Facet::Village(village)));
    rows.extend(village.map(|prefix| entry(join(&[&prefix, &last]))));
    rows
}

/// The facets under which an entry is listed.
fn facets(entry: &Entry) -> Vec<Facet> {
    let mut facets = vec![Facet::All, Facet::Officer(entry.lead)];
    if entry.officer != entry.lead {
        facets.push(Facet::Officer(entry.officer));
    }
    facets.extend(entry.village.map(Facet::Village));
    facets
}

/// The head of the keys of a facet's entries.
pub fn entries_prefix(facet: Facet, shelf: Shelf) -> Vec<u8> {
    join(&[&[ENTRIES], &facet.bytes(), &[shelf as u8]])
}

/// The number of the entry of a key of that shelf.
pub fn entry_of_key(shelf: Shelf, key: &[u8]) -> Option<u64> {
    let id = tables::last_id(key)?;
    Some(match shelf {
        Shelf::Open => id,
        Shelf::Ended => u64::MAX - id,
    })
}

/// The day on which the entry of a key of the ended ones ended.
pub fn ended_on(key: &[u8]) -> Option<NaiveDate> {
    let at = key.len().checked_sub(12)?;
    let day: [u8; 4] = key.get(at..at + 4)?.try_into().ok()?;
    let number = i32::try_from(u32::MAX - u32::from_be_bytes(day)).ok()?;
    NaiveDate::from_num_days_from_ce_opt(number)
}

/// The key of how many entries of a facet have no ending.
pub fn open_entries(facet: Facet) -> Vec<u8> {
    join(&[&[N_ENTRIES], &facet.bytes()])
}

/// The head of the keys of all entries without an ending, by review day.
pub fn reviews_prefix() -> Vec<u8> {
    vec![REVIEWS]
}

/// The key behind those whose review day is before a day.
pub fn reviews_before(day: NaiveDate) -> Vec<u8> {
    join(&[&[REVIEWS], &day_bytes(day)])
}

/// The head of the keys of a case's entries.
pub fn entries_of_case(case: CaseId) -> Vec<u8> {
    join(&[&[ENTRIES_OF_CASE], &case.0.to_be_bytes()])
}

/// The head of the keys of a person's entries.
pub fn entries_of_person(person: PersonId) -> Vec<u8> {
    join(&[&[ENTRIES_OF_PERSON], &person.0.to_be_bytes()])
}

/// The head of the keys of the persons of a facet, the newest first.
pub fn persons_prefix(facet: Facet) -> Vec<u8> {
    join(&[&[PERSONS], &facet.bytes()])
}

/// The person of a key under [`persons_prefix`].
pub fn person_of_key(key: &[u8]) -> Option<PersonId> {
    tables::last_id(key).map(|id| PersonId(u64::MAX - id))
}

/// The head of the keys of a person's aliases.
pub fn aliases(person: PersonId) -> Vec<u8> {
    join(&[&[ALIASES], &person.0.to_be_bytes()])
}

fn day_bytes(day: NaiveDate) -> [u8; 4] {
    day_number(day).to_be_bytes()
}

fn day_number(day: NaiveDate) -> u32 {
    u32::try_from(day.num_days_from_ce()).unwrap_or(0)
}
