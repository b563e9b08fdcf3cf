//! Ledgers that are older than their anchor, or than the program, or newer.

use std::path::Path;

use crate::domain::campaign::{Plan, Task};
use crate::domain::choice::TaskState;
use crate::domain::ids::{Kind, Revision, Version};
use crate::store::Store;
use crate::store::anchor::Standing;
use crate::store::campaign::{plan_rows, task_rows};
use crate::store::check;
use crate::store::fault::Fault;
use crate::store::key::Space;
use crate::store::migrate::{self, Step};
use crate::store::read::Read;
use crate::store::tests::desk::{Toy, amend, empty_ledger, register, stamp, toy};
use crate::store::write::Work;

fn put_back(folder: &Path, from: &str, to: &str) {
    let bytes = std::fs::read(folder.join(from)).unwrap();
    std::fs::write(folder.join(to), bytes).unwrap();
}

fn add(store: &Store, ids: std::ops::RangeInclusive<u64>) {
    for id in ids {
        store.write(move |work| register(work, toy(id, "水渠堵塞"))).unwrap();
    }
}

#[test]
fn a_ledger_that_was_put_back_to_an_earlier_day_is_refused() {
    let (folder, store) = empty_ledger();
    add(&store, 1..=2);
    store.close().unwrap();
    put_back(folder.path(), "office.redb", "earlier");
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.standing(), Standing::Holds { n_unproven: 0 });
    add(&store, 3..=3);
    store.close().unwrap();
    put_back(folder.path(), "earlier", "office.redb");
    assert_eq!(Store::open(folder.path()).err(), Some(Fault::RolledBack));
}

#[test]
fn another_ledger_in_the_same_place_is_refused() {
    let (folder, store) = empty_ledger();
    add(&store, 1..=2);
    store.close().unwrap();
    let (other, store) = empty_ledger();
    add(&store, 1..=3);
    store.close().unwrap();
    let bytes = std::fs::read(other.path().join("office.redb")).unwrap();
    std::fs::write(folder.path().join("office.redb"), bytes).unwrap();
    assert_eq!(Store::open(folder.path()).err(), Some(Fault::RolledBack));
}

#[test]
fn lines_behind_an_old_anchor_are_told_as_unproven() {
    let (folder, store) = empty_ledger();
    add(&store, 1..=2);
    put_back(folder.path(), "head.anchor", "anchor.earlier");
    add(&store, 3..=5);
    store.close().unwrap();
    put_back(folder.path(), "anchor.earlier", "head.anchor");
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.standing(), Standing::Holds { n_unproven: 3 });
    store.close().unwrap();
    std::fs::write(folder.path().join("head.anchor"), b"anjie-head-1 torn").unwrap();
    assert_eq!(Store::open(folder.path()).unwrap().standing(), Standing::Missing);
    std::fs::remove_file(folder.path().join("head.anchor")).unwrap();
    assert_eq!(Store::open(folder.path()).unwrap().standing(), Standing::Missing);
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.standing(), Standing::Holds { n_unproven: 0 });
}

#[test]
fn a_new_ledger_does_not_answer_for_the_anchor_of_an_old_one() {
    let (folder, store) = empty_ledger();
    add(&store, 1..=2);
    store.close().unwrap();
    std::fs::remove_file(folder.path().join("office.redb")).unwrap();
    let store = Store::create::<Fault>(folder.path(), |_| Ok(())).unwrap();
    assert_eq!(store.standing(), Standing::Holds { n_unproven: 0 });
}

fn capitals(work: &mut Work<'_>) -> Result<(), Fault> {
    amend(work, 1, |toy| Toy { title: toy.title.to_uppercase(), ..toy }).map(drop)
}

fn broken(work: &mut Work<'_>) -> Result<(), Fault> {
    amend(work, 1, |toy| Toy { lead: Some(9), ..toy })?;
    Err(Fault::Damaged("a step failed"))
}

#[test]
fn an_older_ledger_is_brought_up_step_by_step_or_not_at_all() {
    let (folder, store) = empty_ledger();
    store.write(|work| register(work, toy(1, "road"))).unwrap();
    store.close().unwrap();
    let next = migrate::newest(migrate::STEPS) + 1;
    let steps = [Step { to: next, run: capitals }, Step { to: next + 1, run: broken }];
    let failed = Store::open_with(folder.path(), &steps).err();
    assert_eq!(failed, Some(Fault::Damaged("a step failed")));
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.read().unwrap().load::<Toy>(1).unwrap().unwrap().title, "road");
    store.close().unwrap();
    let store = Store::open_with(folder.path(), &steps[..1]).unwrap();
    let snapshot = store.read().unwrap();
    let made = snapshot.load::<Toy>(1).unwrap().unwrap();
    assert_eq!((made.title.as_str(), made.version), ("ROAD", Version(2)));
    assert_eq!(snapshot.revision().unwrap(), Revision(2));
    assert_eq!(migrate::schema(&snapshot).unwrap(), next);
    drop(snapshot);
    store.close().unwrap();
    drop(Store::open_with(folder.path(), &steps[..1]).unwrap());
    assert_eq!(Store::open(folder.path()).err(), Some(Fault::Newer(next)));
}

#[test]
fn a_file_of_the_engine_that_is_no_ledger_is_not_opened() {
    let (folder, store) = empty_ledger();
    store
        .write(|work| {
            work.set(Space::Meta, b"schema", None);
            Ok::<_, Fault>(())
        })
        .unwrap();
    store.close().unwrap();
    assert_eq!(Store::open(folder.path()).err(), Some(Fault::Foreign));
}

#[test]
fn a_task_that_an_earlier_program_left_open_in_a_closed_phase_is_over() {
    let plan: Plan = serde_json::from_value(serde_json::json!({
        "id": 1, "key": "k", "name": "创建", "year": 2026, "loaded_on": "2026-10-08",
        "phases": {
            "1": {"name": "一", "from": "2026-10-10", "until": "2026-10-15",
                  "closed": {"on": "2026-10-16"}},
            "2": {"name": "二", "from": "2026-10-15", "until": "2026-10-25"},
        },
    }))
    .unwrap();
    let task = |id: u64, phase: u32, state: &str| -> Task {
        serde_json::from_value(serde_json::json!({
            "id": id, "plan": 1, "phase": phase, "order": id, "code": format!("{phase}.{id}"),
            "title": "任务", "from": "2026-10-10", "until": "2026-10-15", "weight": "optional",
            "state": state,
        }))
        .unwrap()
    };
    let tasks = [task(1, 1, "todo"), task(2, 1, "done"), task(3, 2, "todo")];
    let (folder, store) = empty_ledger();
    store
        .write(move |work| {
            let stamp = stamp(1, "plan.load");
            work.create(&stamp, plan.clone(), plan_rows(&plan))?;
            for task in tasks {
                let rows = task_rows(&task);
                work.create(&stamp, task, rows)?;
            }
            migrate::set_schema(work, 1);
            Ok::<_, Fault>(())
        })
        .unwrap();
    store.close().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let snapshot = store.read().unwrap();
    let over = |id: u64| {
        let task = snapshot.load::<Task>(id).unwrap().unwrap();
        (task.over, task.is_owed(), task.state)
    };
    assert_eq!(over(1), (true, false, TaskState::Todo));
    assert_eq!(over(2), (false, false, TaskState::Done));
    assert_eq!(over(3), (false, true, TaskState::Todo));
    let rows_of = |record: crate::domain::ids::RecordRef, bytes: &[u8]| match record.kind {
        Kind::Plan => check::record::<Plan>(record, bytes).map(|plan| plan_rows(&plan)),
        _ => check::record::<Task>(record, bytes).map(|task| task_rows(&task)),
    };
    assert_eq!(check::check(&snapshot, &rows_of).unwrap().findings, []);
}
