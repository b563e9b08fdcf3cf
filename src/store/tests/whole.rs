//! The file as a whole: copied, brought back, made smaller, damaged.

use std::ops::ControlFlow;

use crate::domain::ids::{Kind, RecordRef, Version};
use crate::store::Store;
use crate::store::anchor::Standing;
use crate::store::backup::Piece;
use crate::store::check;
use crate::store::fault::Fault;
use crate::store::history;
use crate::store::key::Row;
use crate::store::read::{Pair, Read, Snapshot};
use crate::store::tests::desk::{Toy, amend, empty_ledger, folder, register, rows, toy};

fn toy_rows(record: RecordRef, bytes: &[u8]) -> Option<Vec<Row>> {
    check::record::<Toy>(record, bytes).map(|toy| rows(&toy))
}

fn dump(snapshot: &Snapshot) -> Vec<Pair> {
    let mut rows = Vec::new();
    snapshot
        .dump(&mut |key, value| {
            rows.push((key.to_vec(), value.to_vec()));
            Ok(ControlFlow::Continue(()))
        })
        .unwrap();
    rows
}

fn restored(folder: &std::path::Path, rows: Vec<Pair>) -> Result<Store, Fault> {
    Store::restore(folder, rows.into_iter().map(Piece::Row).map(Ok::<_, Fault>))
}

#[test]
fn a_copy_taken_while_others_write_is_brought_back_whole() {
    let (_folder, store) = empty_ledger();
    for id in 1..=20 {
        store.write(move |work| register(work, toy(id, "水渠堵塞"))).unwrap();
    }
    let snapshot = store.read().unwrap();
    store.write(|work| amend(work, 1, |toy| Toy { lead: Some(7), ..toy })).unwrap();
    let rows = std::thread::spawn(move || dump(&snapshot)).join().unwrap();
    let other = folder();
    let back = restored(other.path(), rows.clone()).unwrap();
    assert_eq!(back.standing(), Standing::Holds { n_unproven: 0 });
    assert_eq!(dump(&back.read().unwrap()), rows);
    let report = check::check(&back.read().unwrap(), &toy_rows).unwrap();
    assert_eq!((report.findings, report.n_records), (vec![], 20));
    back.write(|work| amend(work, 1, |toy| Toy { lead: Some(8), ..toy })).unwrap();
    let over = restored(other.path(), rows).err();
    assert_eq!(over, Some(Fault::Exists));
}

#[test]
fn a_copy_that_breaks_off_makes_no_ledger() {
    let (_folder, store) = empty_ledger();
    let rows = dump(&store.read().unwrap());
    let other = folder();
    let broken = rows.into_iter().map(Piece::Row).map(Ok).chain([Err(Fault::Closed)]);
    assert_eq!(Store::restore(other.path(), broken).err(), Some(Fault::Closed));
    let nothing = std::iter::empty::<Result<Piece, Fault>>();
    assert_eq!(Store::restore(other.path(), nothing).err(), Some(Fault::Foreign));
    assert_eq!(Store::open(other.path()).err(), Some(Fault::Missing));
}

#[test]
fn an_erased_value_is_in_no_byte_of_the_file_once_it_is_compacted() {
    const SECRET: &str = "13800001234";
    let (folder, store) = empty_ledger();
    let holds = || {
        let bytes = std::fs::read(folder.path().join("office.redb")).unwrap();
        bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes())
    };
    store.write(|work| register(work, toy(1, SECRET))).unwrap();
    for id in 2..200 {
        store.write(move |work| register(work, toy(id, "水渠堵塞"))).unwrap();
    }
    store.write(|work| amend(work, 1, |toy| Toy { title: "x".to_owned(), ..toy })).unwrap();
    store
        .write(|work| {
            let case = RecordRef { kind: Kind::Case, id: 1 };
            let last = work.head()?.sequence;
            for line in history::lines_of(work, case, Version(0), 9)? {
                work.erase_value(line.sequence, 0, last)?;
            }
            Ok::<_, Fault>(())
        })
        .unwrap();
    store.close().unwrap();
    assert!(holds(), "without compacting it would be no use");
    Store::compact(folder.path()).unwrap();
    assert!(!holds());
    let store = Store::open(folder.path()).unwrap();
    let report = check::check(&store.read().unwrap(), &toy_rows).unwrap();
    assert_eq!((report.findings, report.n_erased), (vec![], 2));
}

#[test]
fn a_flipped_bit_is_refused_or_changes_nothing() {
    let (folder, store) = empty_ledger();
    for id in 1..=40 {
        store.write(move |work| register(work, toy(id, "水渠堵塞"))).unwrap();
    }
    let whole = dump(&store.read().unwrap());
    store.close().unwrap();
    let file = folder.path().join("office.redb");
    let bytes = std::fs::read(&file).unwrap();
    let (mut n_refused, mut n_same) = (0, 0);
    for place in (0..bytes.len()).step_by(1_499) {
        let mut flipped = bytes.clone();
        flipped[place] ^= 0x10;
        std::fs::write(&file, flipped).unwrap();
        match Store::open(folder.path()) {
            Err(fault) => {
                assert!(matches!(fault, Fault::Damaged(_) | Fault::Foreign), "{place}: {fault}");
                n_refused += 1;
            }
            Ok(store) => {
                assert_eq!(dump(&store.read().unwrap()), whole, "byte {place}");
                n_same += 1;
            }
        }
    }
    assert!(n_refused > 10 && n_same > 10, "{n_refused} refused, {n_same} the same");
}

#[test]
fn taking_a_ledger_away_leaves_the_backup_beside_it() {
    let (folder, store) = empty_ledger();
    let to = [crate::store::backup::Key::fresh().public().parse().unwrap()];
    let now = (chrono::NaiveDate::default(), chrono::DateTime::UNIX_EPOCH);
    store.back_up(now, &to).unwrap();
    store.close().unwrap();
    Store::unmake(folder.path());
    assert!(!Store::is_there(folder.path()));
    assert!(folder.path().join("backup.age").exists());
}
