//! Lists narrowed and put in order: in windows they are what one gets by looking at every case that
//! one may see, and what is sealed is in nobody's list and count but its readers'.

use std::collections::{BTreeMap, BTreeSet};

use anjie::api::door::Door;
use anjie::api::listing::{ListQuery, ValuePage, ValueQuery};
use anjie::api::reply::{CaseRow, CaseSheet, Me, Reply};
use anjie::api::request::{CaseQuery, Request, Way, Whose};
use anjie::domain::case::{Case, Stage};
use anjie::domain::ids::{CaseId, OfficerId};
use anjie::domain::listing::{Column, Direction, List, Narrow, Sort, Value};
use anjie::domain::slip::Crowd;
use anjie::service::LocalDoor;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::month::town;

/// A case that somebody may see, as its sheet and its row say it.
struct Seen {
    case: Case,
    row: CaseRow,
}

/// Somebody who looks, and every case that they may see.
struct Looker {
    door: LocalDoor,
    me: Me,
    // Their own, and those for whom they stand in.
    officers: Vec<OfficerId>,
    all: Vec<Seen>,
}

fn cases(door: &mut dyn Door, query: CaseQuery) -> anjie::api::reply::CasePage {
    match door.call(Request::Cases(query)).unwrap() {
        Reply::Cases(page) => page,
        other => panic!("a list was answered with {other:?}"),
    }
}

fn values(door: &mut dyn Door, query: CaseQuery, column: Column) -> ValuePage {
    let list = ListQuery::Cases(query);
    match door.call(Request::Values(ValueQuery { list, column })).unwrap() {
        Reply::Values(page) => page,
        other => panic!("values were answered with {other:?}"),
    }
}

fn looker(mut door: LocalDoor) -> Looker {
    let Reply::Me(me) = door.call(Request::Greet).unwrap() else { panic!("nobody") };
    let officers = match door.call(Request::Officers) {
        Ok(Reply::Officers(rows)) => rows,
        _ => Vec::new(),
    };
    let stood_in = officers.iter().filter(|row| me.stands_in.contains(&row.name));
    let own = me.officer.as_ref().map(|(id, _)| *id);
    let officers = own.into_iter().chain(stood_in.map(|row| row.id)).collect();
    let mut rows = BTreeMap::new();
    for stage in [None, Some(Stage::History)] {
        let query = CaseQuery { sort: Sort::RECEIVED, stage, most: 200, ..CaseQuery::default() };
        rows.extend(cases(&mut door, query).rows.into_iter().map(|row| (row.id, row)));
    }
    let is_village = me.roles.iter().any(|role| role.word() == "village");
    let mut all = Vec::new();
    for id in 1..=80 {
        let Ok(Reply::Case(sheet)) = door.call(Request::Case { id: CaseId(id) }) else { continue };
        let CaseSheet { case, .. } = *sheet;
        let row = rows.remove(&case.id);
        // What a village was asked about itself has a sheet and no place in lists.
        assert!(row.is_some() || is_village, "{} may be seen and is in no list", case.number);
        all.extend(row.map(|row| Seen { case, row }));
    }
    assert!(rows.is_empty(), "a list shows what may not be seen");
    Looker { door, me: *me, officers, all }
}

fn due(seen: &Seen) -> Option<chrono::NaiveDate> {
    seen.row.next.as_ref().and_then(|clock| clock.latest)
}

/// What stands in a column, so that it can be compared.
fn rank(seen: &Seen, by: Column) -> Option<String> {
    let number = |id: Option<u64>| id.map(|id| format!("{id:020}"));
    let case = &seen.case;
    match by {
        Column::Number => number(Some(case.id.0)),
        Column::Title => Some(case.title.clone()),
        Column::Petitioner => seen.row.person.clone(),
        Column::Village => number(case.village.map(|id| id.0)),
        Column::Stage => number(Some(u64::from(seen.row.stage.code()))),
        Column::Due => due(seen).map(|day| day.to_string()),
        Column::Lead => number(case.lead.map(|id| id.0)),
        Column::Unit => number(case.unit.map(|id| id.0)),
        Column::Holder => number(case.holder().map(|id| id.0)),
        Column::Received => Some(case.received_on.to_string()),
        Column::Channel => {
            let all = anjie::domain::choice::Channel::ALL;
            let place = all.iter().position(|own| Some(*own) == case.channel());
            number(place.map(|place| place as u64))
        }
        other => panic!("cases are not put in order by {other:?}"),
    }
}

fn value(seen: &Seen, column: Column) -> Value {
    let case = &seen.case;
    match column {
        Column::Stage => Value::word(seen.row.stage.word()),
        Column::Lead => Value::id(case.lead.map(|id| id.0)),
        Column::Unit => Value::id(case.unit.map(|id| id.0)),
        Column::Village => Value::id(case.village.map(|id| id.0)),
        Column::Holder => Value::id(case.holder().map(|id| id.0)),
        Column::Channel => {
            case.channel().map_or(Value::Nothing, |channel| Value::word(channel.word()))
        }
        Column::Crowd => {
            let flags = Crowd::of(case.visitors(), 5);
            flags.last().map_or(Value::Nothing, |crowd| Value::word(crowd.word()))
        }
        Column::Repeat if case.is_repeat() => Value::word("repeat"),
        Column::Repeat => Value::Nothing,
        other => panic!("{other:?} is not compared"),
    }
}

/// The list as one gets it by looking at every case.
fn naive(looker: &Looker, query: &CaseQuery) -> Vec<CaseId> {
    let me = &looker.me;
    let is_village = me.roles.iter().any(|role| role.word() == "village");
    let sort = match query.sort.by {
        Column::Petitioner | Column::Title if me.masked => Sort::RECEIVED,
        Column::Due if query.stage.is_some_and(|stage| !stage.is_open()) => Sort::RECEIVED,
        _ => query.sort,
    };
    let is_of_stage = |stage: Stage| match query.stage {
        Some(own) => stage == own,
        None if query.sort.by == Column::Received => stage != Stage::History,
        None => stage.is_open(),
    };
    let is_of_owner = |case: &Case| {
        query.whose == Whose::All
            || query.stage == Some(Stage::History)
            || is_village
            || case.readers.is_some()
            || looker.officers.iter().any(|own| case.officers().contains(own))
    };
    let mut list: Vec<&Seen> = looker
        .all
        .iter()
        .filter(|seen| is_of_stage(seen.row.stage) && is_of_owner(&seen.case))
        .filter(|seen| query.only.passes(|column| value(seen, column)))
        .collect();
    let is_down = sort.direction == Direction::Down;
    let is_by_index = matches!(sort.by, Column::Due | Column::Received | Column::Number);
    list.sort_by(|one, other| {
        let ranks = (rank(one, sort.by), rank(other, sort.by));
        let by_rank = match &ranks {
            (Some(one), Some(other)) if is_down => other.cmp(one),
            (Some(one), Some(other)) => one.cmp(other),
            (one, other) => one.is_none().cmp(&other.is_none()),
        };
        let by_number = one.case.id.cmp(&other.case.id);
        let is_up = is_by_index && !is_down;
        by_rank.then(if is_up { by_number } else { by_number.reverse() })
    });
    list.into_iter().map(|seen| seen.case.id).collect()
}

/// The list in windows of so many rows, from its start or from its end.
fn walked(door: &mut dyn Door, query: &CaseQuery, (most, start): (u32, Way)) -> Vec<CaseId> {
    let mut seen: Vec<CaseId> = Vec::new();
    let mut query = CaseQuery { most, way: start, from: None, ..query.clone() };
    loop {
        let page = cases(door, query.clone());
        assert!(page.rows.len() <= most as usize && !page.cut);
        let ids = page.rows.iter().map(|row| row.id);
        let (more, edge) = match start {
            Way::Forward => {
                seen.extend(ids);
                (page.after, page.rows.last())
            }
            Way::Backward | Way::FromEnd => {
                seen.splice(0..0, ids);
                query.way = Way::Backward;
                (page.before, page.rows.first())
            }
        };
        query.from = edge.map(|row| row.cursor.clone());
        if !more {
            assert_eq!(page.total, Some(seen.len() as u64), "{query:?}");
            return seen;
        }
    }
}

#[test]
fn a_list_in_windows_is_what_one_gets_by_looking_at_every_case() {
    let folder = tempfile::tempdir().unwrap();
    let (_service, doors) = town(folder.path());
    let mut lookers: Vec<Looker> = doors.into_iter().map(looker).collect();
    let sorts: Vec<Column> = List::Cases.sorts().collect();
    let narrows: Vec<Column> =
        List::Cases.narrows().filter(|own| !matches!(own, Column::Due | Column::Stage)).collect();
    let config = Config { failure_persistence: None, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, random);
    let stage = proptest::option::weighted(0.3, proptest::sample::select(Stage::ALL.to_vec()));
    let only = proptest::collection::vec(
        (proptest::sample::select(narrows), any::<proptest::sample::Index>()),
        0..2,
    );
    let whose = prop_oneof![3 => Just(Whose::All), 1 => Just(Whose::Mine)];
    let sort = (proptest::sample::select(sorts), any::<bool>());
    let asked = (0..lookers.len(), sort, whose, stage, (only, 1..9_u32));
    let all = std::cell::RefCell::new((&mut lookers, 0));
    let run = runner.run(&asked, |(at, (by, is_down), whose, stage, (only, most))| {
        let (lookers, n_rows) = &mut *all.borrow_mut();
        let looker = &mut lookers[at];
        let direction = if is_down { Direction::Down } else { Direction::Up };
        let mut narrow = Narrow::default();
        for (column, index) in only {
            // A value that some case has, so that lists are seldom empty.
            if !looker.all.is_empty() {
                let seen = &looker.all[index.index(looker.all.len())];
                narrow.set(column, Some(value(seen, column)));
            }
        }
        let sort = Sort { by, direction };
        let query = CaseQuery { sort, whose, stage, only: narrow, ..CaseQuery::default() };
        let expected = naive(looker, &query);
        assert_eq!(walked(&mut looker.door, &query, (most, Way::Forward)), expected, "{query:?}");
        assert_eq!(walked(&mut looker.door, &query, (most, Way::FromEnd)), expected, "{query:?}");
        *n_rows += expected.len();
        Ok(())
    });
    run.unwrap();
    assert!(all.borrow().1 > 500, "only {} rows were compared", all.borrow().1);
}

#[test]
fn every_value_that_is_offered_says_how_many_rows_it_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let (_service, doors) = town(folder.path());
    for mut looker in doors.into_iter().map(looker) {
        for (whose, sort) in [(Whose::All, Sort::DUE), (Whose::Mine, Sort::RECEIVED)] {
            for column in List::Cases.narrows() {
                let query = CaseQuery { whose, sort, most: 200, ..CaseQuery::default() };
                let offered = values(&mut looker.door, query.clone(), column);
                let mut known = BTreeSet::new();
                for own in offered.values {
                    assert!(column.has(&own.value) && own.count > 0, "{own:?}");
                    assert_eq!(own.name.is_some(), matches!(own.value, Value::Id(_)));
                    let mut only = Narrow::default();
                    only.set(column, Some(own.value.clone()));
                    let page = cases(&mut looker.door, CaseQuery { only, ..query.clone() });
                    assert_eq!(page.rows.len() as u64, own.count, "{column:?} {:?}", own.value);
                    assert!(page.rows.iter().all(|row| known.insert(row.id)), "two values of one");
                }
            }
        }
    }
}

#[test]
fn groups_of_due_days_are_those_of_the_list_of_deadlines() {
    let folder = tempfile::tempdir().unwrap();
    let (_service, mut doors) = town(folder.path());
    let offered = values(&mut doors[0], CaseQuery::default(), Column::Due);
    let counts: BTreeMap<String, u64> =
        offered.values.into_iter().map(|own| (own.value.into(), own.count)).collect();
    let today = match doors[0].call(Request::Greet).unwrap() {
        Reply::Me(me) => me.today,
        other => panic!("{other:?}"),
    };
    let query = CaseQuery { most: 200, ..CaseQuery::default() };
    let rows = cases(&mut doors[0], query).rows;
    let latest = |row: &CaseRow| row.next.as_ref().and_then(|clock| clock.latest);
    let late = rows.iter().filter(|row| latest(row).is_some_and(|day| day < today)).count();
    let without = rows.iter().filter(|row| latest(row).is_none()).count();
    assert_eq!(counts.get("late").copied().unwrap_or_default(), late as u64);
    assert_eq!(counts.get("-").copied().unwrap_or_default(), without as u64);
    assert_eq!(counts.values().sum::<u64>(), rows.len() as u64);
}
