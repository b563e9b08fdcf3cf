//! The calendar of a month: its counts are those of the list, whoever looks and whatever is left out.

use std::collections::BTreeMap;
use std::sync::Arc;

use anjie::api::days::{DayMark, MonthQuery, MonthView};
use anjie::api::door::Door;
use anjie::api::listing::LineFilter;
use anjie::api::reply::{AgendaView, Reply};
use anjie::api::request::{AgendaQuery, Layout, Request, Whose};
use anjie::cli::founding::write_demo;
use anjie::demo;
use anjie::domain::act::Act;
use anjie::domain::ids::{OfficerId, UnitId};
use anjie::domain::line::{LineKind, Manner};
use anjie::link::open::whoami;
use anjie::service::clock::Clock;
use anjie::service::{LocalDoor, Service, Session};
use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::desk::{Office, day};

fn month(door: &mut dyn Door, query: MonthQuery) -> MonthView {
    match door.call(Request::Month(query)).unwrap() {
        Reply::Month(view) => view,
        other => panic!("a month was answered with {other:?}"),
    }
}

fn on(text: &str) -> MonthQuery {
    MonthQuery { on: day(text), whose: Whose::All, only: LineFilter::default() }
}

/// The lines between two days as the list has them, counted by day and kind.
fn listed(
    door: &mut dyn Door,
    query: &MonthQuery,
    days: (NaiveDate, NaiveDate),
) -> BTreeMap<(NaiveDate, LineKind), u64> {
    let mut counts = BTreeMap::new();
    let mut after = None;
    loop {
        let asked = AgendaQuery {
            whose: query.whose,
            since: Some(days.0),
            until: Some(days.1),
            after,
            most: 7,
            layout: Layout::Deadlines,
            only: query.only.clone(),
            sort: None,
        };
        let view: AgendaView = match door.call(Request::Agenda(asked)).unwrap() {
            Reply::Agenda(view) => view,
            other => panic!("an agenda was answered with {other:?}"),
        };
        for (_, row) in &view.rows {
            *counts.entry((row.on, row.line)).or_default() += 1;
        }
        if !view.more {
            return counts;
        }
        after = view.rows.last().map(|(_, row)| row.cursor.clone());
    }
}

fn assert_same(door: &mut dyn Door, query: &MonthQuery) -> u64 {
    let view = month(door, query.clone());
    let days = (view.days.first().unwrap().day.on, view.days.last().unwrap().day.on);
    let counted: BTreeMap<_, _> = view
        .days
        .iter()
        .flat_map(|of| of.counts.iter().map(|(kind, count)| ((of.day.on, *kind), *count)))
        .collect();
    assert_eq!(counted, listed(door, query, days), "{query:?}");
    counted.values().sum()
}

/// A town at work, and the doors of whoever has an account in it.
pub fn town(folder: &std::path::Path) -> (Arc<Service>, Vec<LocalDoor>) {
    let place = folder.join("ledger");
    let size = demo::Size { persons: 60, cases: 60, ..demo::Size::default() };
    write_demo(&place, 3, size).unwrap();
    let service = Arc::new(Service::open(&place, Clock::System).unwrap());
    let mut door = LocalDoor::new(Arc::clone(&service), whoami());
    let Reply::Officers(officers) = door.call(Request::Officers).unwrap() else { panic!("none") };
    let Reply::Units(units) = door.call(Request::Units).unwrap() else { panic!("none") };
    let village = units.iter().find(|unit| unit.kind.word() == "village").unwrap().id.0;
    let lead = officers.iter().find(|officer| officer.leads).unwrap().id.0;
    let mut doors = vec![door];
    let accounts =
        [("leader", "officer", lead), ("village", "unit", village), ("viewer", "officer", lead)];
    for (at, (role, field, id)) in accounts.into_iter().enumerate() {
        let uid = 2000 + u32::try_from(at).unwrap();
        let fields = [
            ("login", role.to_owned()),
            ("uid", uid.to_string()),
            ("roles", role.to_owned()),
            (field, id.to_string()),
        ];
        let fields = fields.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
        let id = anjie::domain::ids::RequestId(9_000 + at as u128);
        let order =
            anjie::api::request::Order { id, act: Act::AddClerk, on: None, seen: None, fields };
        doors[0].call(Request::Do(order)).unwrap();
        let session = Session { uid, login: role.to_owned() };
        doors.push(LocalDoor::new(Arc::clone(&service), session));
    }
    (service, doors)
}

#[test]
fn the_calendar_counts_what_the_list_shows_for_everybody() {
    let folder = tempfile::tempdir().unwrap();
    let (_service, mut doors) = town(folder.path());
    let Reply::Units(units) = doors[0].call(Request::Units).unwrap() else { panic!("none") };
    let owed: Vec<_> =
        LineKind::ALL.into_iter().filter(|kind| kind.manner() == Manner::Owed).collect();
    let config = Config { failure_persistence: None, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, random);
    let whose = prop_oneof![Just(Whose::All), Just(Whose::Mine)];
    let unit = proptest::option::of(proptest::sample::select(units));
    let lead = proptest::option::of(1..8_u64);
    let kinds = proptest::collection::vec(proptest::sample::select(owed), 0..3);
    let at = (0..doors.len(), -60..90_i64, whose, unit, (lead, kinds));
    let cases = std::cell::RefCell::new((&mut doors, 0));
    let run = runner.run(&at, |(door, days, whose, unit, (lead, kinds))| {
        let on = day("2026-10-20") + chrono::Duration::days(days);
        let only = LineFilter {
            kinds,
            lead: lead.filter(|lead| lead % 2 == 0).map(OfficerId),
            unit: unit.filter(|unit| unit.id.0 % 3 == 0).map(|unit| UnitId(unit.id.0)),
            ..LineFilter::default()
        };
        let (doors, n_lines) = &mut *cases.borrow_mut();
        *n_lines += assert_same(&mut doors[door], &MonthQuery { on, whose, only });
        Ok(())
    });
    run.unwrap();
    assert!(cases.borrow().1 > 100, "only {} lines were counted", cases.borrow().1);
}

#[test]
fn a_month_stands_in_whole_weeks_and_says_what_each_day_is() {
    let office = Office::on("2026-10-20");
    let view = month(&mut office.door_of(crate::desk::me()), on("2026-10-20"));
    assert_eq!(view.days.len(), 35);
    let mark = |text: &str| {
        view.days.iter().find(|of| of.day.on == day(text)).map(|of| of.day.mark).unwrap()
    };
    assert_eq!(view.days.first().unwrap().day.on, day("2026-09-28"));
    assert_eq!(mark("2026-10-01"), DayMark::Off);
    assert_eq!(mark("2026-10-10"), DayMark::MakeUp);
    assert_eq!(mark("2026-10-17"), DayMark::Rest);
    assert_eq!(mark("2026-10-20"), DayMark::Working);
    assert!(view.days.iter().all(|of| of.day.known));
    let next = month(&mut office.door_of(crate::desk::me()), on("2027-01-01"));
    let known = |of: &anjie::api::days::MonthDay| of.day.known;
    assert_eq!(next.days.iter().filter(|of| known(of)).count(), 4, "the end of 2026");
}

#[test]
fn a_month_narrowed_by_a_text_that_finds_too_much_says_so() {
    let mut office = Office::on("2026-08-06");
    let narrowed = |office: &mut Office| {
        let only = LineFilter { text: Some("路灯".to_owned()), ..LineFilter::default() };
        let query = MonthQuery { only, ..on("2026-08-06") };
        let view = month(&mut office.door_of(crate::desk::me()), query);
        let lines = view.days.iter().flat_map(|of| &of.counts).map(|(_, count)| count).sum::<u64>();
        (view.cut, lines > 0)
    };
    let most = anjie::api::request::HITS_MAX;
    for n in 0..most {
        office.register(&format!("张{n}"), "路灯不亮", "2026-08-06");
    }
    assert_eq!(narrowed(&mut office), (false, true));
    office.register("李英", "路灯不亮", "2026-08-06");
    assert_eq!(narrowed(&mut office), (true, true));
}

#[test]
fn a_sealed_matter_is_counted_for_its_readers_alone() {
    let mut office = Office::on("2026-08-06");
    let id = office.register("张小明", "反映某单位的问题", "2026-08-06");
    let fields = [("login", "zhaomin"), ("uid", "1001"), ("roles", "director clerk leader")];
    office.done(Act::AddClerk, None, &fields);
    let mut other = office.door_of(Session { uid: 1001, login: "zhaomin".to_owned() });
    assert_eq!(assert_same(&mut other, &on("2026-08-06")), 1);
    let route =
        [("purpose", "accusation"), ("route", "30"), ("about", "某站"), ("on", "2026-08-06")];
    office.done(Act::Route, Some(id), &route);
    assert_eq!(assert_same(&mut other, &on("2026-08-06")), 0);
    let mut reader = office.door_of(crate::desk::me());
    assert_eq!(assert_same(&mut reader, &on("2026-08-06")), 1);
}

#[test]
fn a_village_clerk_counts_the_village_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (_service, mut doors) = town(folder.path());
    let sums: Vec<u64> =
        doors.iter_mut().map(|door| assert_same(door, &on("2026-10-20"))).collect();
    assert!(0 < sums[2] && sums[2] < sums[0], "{sums:?}");
}
