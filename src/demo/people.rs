//! The people and units of a made-up town: each follows from the seed and its own number, so that
//! none has to be kept in memory.
//!
//! Names are put together from common characters; telephone numbers are of a series that nobody
//! holds. There are no ID numbers.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::demo::chance::Chance;
use crate::demo::script::{Script, Section, all, fill, one};
use crate::domain::choice::{Position, Sex, UnitKind};
use crate::domain::handover::Away;
use crate::domain::ids::{OfficerId, PersonId, UnitId, Version};
use crate::domain::office::{Office, Officer, Unit};
use crate::domain::person::Person;

/// Heads of telephone numbers that are not given out.
const PHONE_HEADS: [&str; 8] =
    ["1380000", "1390000", "1360000", "1370000", "1350000", "1580000", "1590000", "1880000"];
/// The desk, its second, and the head of the office.
const OFFICERS_MIN: usize = 3;
/// How many surnames of a hundred come from each row of the list, the rare ones last.
const SURNAMES: [(&str, u32); 4] = [("often", 36), ("common", 68), ("some", 84), ("few", 97)];

/// The settings of the office.
pub fn office(script: &Script, today: NaiveDate) -> Office {
    Office {
        id: 1,
        version: Version(1),
        town: one(&script.town, "town", "name").to_owned(),
        code: one(&script.town, "town", "code").to_owned(),
        population: one(&script.town, "town", "population").parse().unwrap_or(1),
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
        trial_today: Some(today),
    }
}

/// The units: villages first, then departments, stations and the bodies above the town.
pub fn units(script: &Script, seed: u64, n_villages: u32) -> Vec<Unit> {
    let departments = all(&script.town, "department", "name");
    let stations = all(&script.town, "station", "name");
    let above = all(&script.town, "superior", "name");
    let villages = village_names(script, usize::try_from(n_villages).unwrap_or(usize::MAX));
    let n_departments = u64::try_from(departments.len()).unwrap_or(1);
    let first_department = u64::try_from(villages.len()).unwrap_or(0) + 1;
    let named = villages
        .into_iter()
        .map(|name| (UnitKind::Village, name))
        .chain(departments.into_iter().map(|name| (UnitKind::Department, name.to_owned())))
        .chain(stations.into_iter().map(|name| (UnitKind::Station, name.to_owned())))
        .chain(above.into_iter().map(|name| (UnitKind::Superior, name.to_owned())));
    (1..)
        .zip(named)
        .map(|(id, (kind, name))| {
            let mut chance = Chance::of(seed, "unit", id);
            let is_village = kind == UnitKind::Village;
            let department = first_department + chance.below(n_departments);
            Unit {
                id: UnitId(id),
                version: Version(1),
                name,
                kind,
                code: None,
                population: is_village.then(|| chance.between(900, 4_800)),
                head: None,
                phone: None,
                looked_after_by: is_village.then_some(UnitId(department)),
                ended_on: None,
                notes: BTreeMap::new(),
            }
        })
        .collect()
}

/// The officers: the petition desk, who heads and leads, the units' staff, then village secretaries
/// and, beyond them, further staff; at least the desk and the head are made.
pub fn officers(script: &Script, seed: u64, units: &[Unit], n_officers: u32) -> Vec<Officer> {
    let find = |name: &str| units.iter().find(|unit| unit.name == name).map(|unit| unit.id);
    let mut officers = Vec::new();
    let rows = script.town.iter().filter(|section| section.name == "officer");
    for (key, text) in rows.flat_map(|section| &section.rows) {
        let mut words = text.split(' ');
        let (name, post) = (words.next().unwrap_or_default(), words.next());
        let n_secretaries = officers
            .iter()
            .filter(|officer: &&Officer| officer.unit.is_some_and(|unit| is_village(units, unit)))
            .count();
        let unit = match words.next() {
            Some(unit) => find(unit),
            None => villages(units).nth(n_secretaries).map(|unit| unit.id),
        };
        let mut officer = officer(seed, officers.len(), name.to_owned());
        officer.post = post.map(str::to_owned);
        officer.unit = unit;
        officer.leads = matches!(*key, "head" | "lead");
        officer.head_from =
            (*key == "head").then(|| NaiveDate::from_ymd_opt(2021, 12, 20)).flatten();
        officers.push(officer);
    }
    let most = usize::try_from(n_officers).unwrap_or(usize::MAX);
    while officers.len() < most {
        let id = u64::try_from(officers.len()).unwrap_or(0);
        let mut chance = Chance::of(seed, "officer", id);
        let (name, _) = name(script, &mut chance);
        let mut officer = officer(seed, officers.len(), name);
        officer.unit = chance.pick(units).filter(|u| u.kind != UnitKind::Superior).map(|u| u.id);
        officers.push(officer);
    }
    officers.truncate(most.max(OFFICERS_MIN));
    officers
}

/// The second at the petition desk is away for some days, and the first stands in.
pub fn stand_in(officers: &mut [Officer], today: NaiveDate) {
    let [desk, second, ..] = officers else { return };
    let around = |back: u64, on: u64| {
        Some(Away {
            from: today.checked_sub_days(Days::new(back))?,
            until: today.checked_add_days(Days::new(on))?,
        })
    };
    // Who could not stand in by the rules does not.
    let away = around(1, 3).and_then(|away| second.with_stand_in(desk, away, today).ok());
    if let Some(away) = away {
        *second = away;
    }
}

/// A person.
pub fn person(script: &Script, seed: u64, units: &[Unit], id: PersonId) -> Person {
    let mut chance = Chance::of(seed, "person", id.0);
    let (name, sex) = name(script, &mut chance);
    let n_villages = u64::try_from(villages(units).count()).unwrap_or(0);
    let village = village_of(seed, n_villages, id);
    let address = [
        ("village", unit_name(units, village).to_owned()),
        ("group", chance.text(&all(&script.openings, "group", "text")).to_owned()),
        ("n", chance.between(1, 180).to_string()),
    ];
    Person {
        id,
        version: Version(1),
        name: Some(name),
        sex: Some(sex),
        phone: chance.in_hundred(92).then(|| phone(id.0)),
        address: Some(fill(one(&script.openings, "address", "text"), &address)),
        village,
        id_number: None,
        code: None,
        same_as: None,
        erasure: None,
    }
}

/// The village of a person, without making the person.
pub fn village_of(seed: u64, n_villages: u64, id: PersonId) -> Option<UnitId> {
    let mut chance = Chance::of(seed, "village", id.0);
    (n_villages > 0).then(|| UnitId(chance.below(n_villages) + 1))
}

/// The villages among the units.
pub fn villages(units: &[Unit]) -> impl Iterator<Item = &Unit> {
    units.iter().filter(|unit| unit.kind == UnitKind::Village)
}

/// The name of a unit; empty if there is none.
pub fn unit_name(units: &[Unit], id: Option<UnitId>) -> &str {
    units.iter().find(|unit| Some(unit.id) == id).map_or("", |unit| &unit.name)
}

fn is_village(units: &[Unit], id: UnitId) -> bool {
    villages(units).any(|unit| unit.id == id)
}

fn village_names(script: &Script, most: usize) -> Vec<String> {
    let mut names: Vec<String> =
        all(&script.town, "village", "name").into_iter().map(str::to_owned).collect();
    let end = names.first().and_then(|name| name.chars().last()).map(String::from);
    let end = end.unwrap_or_default();
    for tail in one(&script.town, "village_more", "tail").split(' ') {
        for head in one(&script.town, "village_more", "head").split(' ') {
            names.push(format!("{head}{tail}{end}"));
        }
    }
    names.truncate(most.max(1));
    names
}

fn officer(seed: u64, place: usize, name: String) -> Officer {
    let id = u64::try_from(place).unwrap_or(0) + 1;
    let tail = Chance::of(seed, "officer phone", id).below(10_000);
    Officer {
        id: OfficerId(id),
        version: Version(1),
        name,
        post: None,
        unit: None,
        phone: Some(format!("1330000{tail:04}")),
        leads: false,
        head_from: None,
        head_until: None,
        left_on: None,
        stand_in: None,
        away_from: None,
        away_until: None,
    }
}

fn name(script: &Script, chance: &mut Chance) -> (String, Sex) {
    let drawn = chance.between(0, 99);
    let row = SURNAMES.iter().find(|(_, below)| drawn < *below).map_or("rare", |(row, _)| row);
    let surname = word(&script.names, ("surname", row), chance);
    let (sex, row) =
        if chance.in_hundred(50) { (Sex::Male, "male") } else { (Sex::Female, "female") };
    let given = word(&script.names, ("given", row), chance);
    (format!("{surname}{given}"), sex)
}

fn word(sections: &[Section], (name, key): (&str, &str), chance: &mut Chance) -> &'static str {
    let words: Vec<&'static str> = one(sections, name, key).split(' ').collect();
    chance.text(&words)
}

fn phone(id: u64) -> String {
    let head = usize::try_from(id / 10_000).map_or(0, |group| group % PHONE_HEADS.len());
    // An odd multiplier prime to ten thousand: each tail stands once in ten thousand persons.
    format!("{}{:04}", PHONE_HEADS.get(head).unwrap_or(&"1380000"), id * 7_919 % 10_000)
}
