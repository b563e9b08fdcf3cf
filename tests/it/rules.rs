//! Rows follow from records, code, limits and calendar, and are made anew when one of them changes.

use std::path::Path;
use std::sync::Arc;

use anjie::api::reply::Reply;
use anjie::api::request::Request;
use anjie::domain::case::Case;
use anjie::law::calendar::Calendar;
use anjie::service::clock::Clock;
use anjie::service::rules::{self, Moved, Rules};
use anjie::service::{Service, order};
use anjie::store::Store;
use anjie::store::change::Swap;
use anjie::store::fault::Fault;
use anjie::store::read::Read;
use anjie::store::{remake, tables};

use crate::desk::{Office, me};

/// An office with two cases, and its ledger's folder.
fn office() -> Office {
    let mut office = Office::on("2026-08-10");
    for (name, on) in [("张明", "2026-08-03"), ("李英", "2026-08-07")] {
        office.register(name, "路灯不亮", on);
    }
    office
}

/// What rows are made with, as a service makes them.
fn core(ledger: &impl Read) -> anjie::service::Core {
    let book = anjie::service::book::Book::read(ledger).unwrap();
    anjie::service::Core {
        rules: rules::in_use(Rules::national()),
        clock: Clock::System,
        book: std::sync::RwLock::new(Arc::new(book)),
        vault: None,
        logins: std::sync::OnceLock::new(),
    }
}

fn is_sound(folder: &Path) -> bool {
    let service = Service::open(folder, Clock::System).unwrap();
    let sound = match service.call(&me(), Request::Check).unwrap() {
        Reply::Check(view) => view.good,
        other => panic!("a check was answered with {other:?}"),
    };
    service.close().unwrap();
    sound
}

#[test]
fn rows_of_another_program_are_made_anew_when_the_ledger_is_opened() {
    let folder = office().leave();
    let store = Store::open(&folder.path()).unwrap();
    let core = core(&store.read().unwrap());
    let spoiled = store.write_large(move |work| {
        let case: Case = work.load(1)?.expect("the case is there");
        let old = tables::case_rows(&case, &order::due(&core, &case));
        work.swap_rows(&Swap { old, new: Vec::new() })?;
        work.note_origin(b"another program");
        Ok::<_, Fault>(())
    });
    spoiled.unwrap();
    store.close().unwrap();
    assert!(is_sound(&folder.path()));
    let store = Store::open(&folder.path()).unwrap();
    let snapshot = store.read().unwrap();
    let noted = remake::origin(&snapshot).unwrap();
    assert_eq!(noted, Some(Rules::read(&snapshot).unwrap().origin()));
}

#[test]
fn a_new_calendar_moves_due_days_and_nothing_else() {
    let folder = office().leave();
    let store = Store::open(&folder.path()).unwrap();
    let core = core(&store.read().unwrap());
    let due = |core: &anjie::service::Core| {
        let case: Case = store.read().unwrap().load(1).unwrap().unwrap();
        order::due(core, &case).on().unwrap()
    };
    let before = due(&core);
    let all_off = Rules { calendar: longer_leave(before), ..Rules::national() };
    assert_ne!(all_off.origin(), Rules::national().origin());
    let moved = store
        .write_large(move |work| {
            core.follow_rules(work)?;
            rules::put_in_force(&core, work, all_off)
        })
        .unwrap();
    assert_eq!(moved, Moved { n_days: 1, n_certain: 0 });
    let noted = remake::origin(&store.read().unwrap()).unwrap();
    assert_ne!(noted, Some(Rules::national().origin()));
    store.close().unwrap();
    // The ledger holds no such calendar: with the next opening its rows are the national ones.
    assert!(is_sound(&folder.path()));
}

/// The national calendar of 2026 with one more day off.
fn longer_leave(day: chrono::NaiveDate) -> Calendar {
    let own = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/calendar/cn.csv"));
    let own = own.unwrap();
    let rows = own.lines().filter(|row| !row.starts_with('#'));
    let header = rows.clone().next().unwrap();
    let year = rows.filter(|row| row.starts_with("2026-") && !row.starts_with("2026-12"));
    let mut text: Vec<String> = std::iter::once(header).chain(year).map(str::to_owned).collect();
    text.push(format!("{day},off,高温假,县政发〔2026〕1号"));
    Calendar::national().with(&Calendar::parse(&text.join("\n")).unwrap())
}

#[test]
fn a_change_takes_over_the_rules_that_the_ledger_names() {
    let folder = office().leave();
    let store = Store::open(&folder.path()).unwrap();
    let core = Arc::new(core(&store.read().unwrap()));
    let first = core.rules();
    let own = Arc::clone(&core);
    store
        .write(move |work| {
            work.note_origin(b"others");
            own.follow_rules(work)
        })
        .unwrap();
    assert!(!Arc::ptr_eq(&first, &core.rules()), "the rules were read again");
    let second = core.rules();
    let own = Arc::clone(&core);
    store.write(move |work| own.follow_rules(work)).unwrap();
    assert!(Arc::ptr_eq(&second, &core.rules()), "and then kept");
}
