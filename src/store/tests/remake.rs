//! Rows made anew: whatever they were, they are right afterwards, and the note tells from what.

use crate::domain::ids::RecordRef;
use crate::store::change::Swap;
use crate::store::check;
use crate::store::fault::Fault;
use crate::store::key::{Row, Space, Span, join};
use crate::store::read::Read;
use crate::store::remake::{self, Remade};
use crate::store::tests::desk::{Toy, empty_ledger, register, rows, toy};

/// How an older program may have made rows: under another key, and without a count.
fn old_rows(toy: &Toy) -> Vec<Row> {
    vec![Row::Entry { key: join(&[b"old", &toy.id.to_be_bytes()]), value: vec![] }]
}

fn rows_of(record: RecordRef, bytes: &[u8]) -> Option<Vec<Row>> {
    check::record::<Toy>(record, bytes).map(|toy| rows(&toy))
}

#[test]
fn rows_of_an_older_program_are_all_made_anew() {
    let (_folder, store) = empty_ledger();
    for id in 1..=700 {
        let toy = Toy { lead: Some(id % 3), ..toy(id, "水渠堵塞") };
        store.write(move |work| register(work, toy)).unwrap();
    }
    let spoil = |work: &mut crate::store::write::Work<'_>| {
        for id in 1..=650 {
            let toy: Toy = work.load(id)?.expect("the case is there");
            work.swap_rows(&Swap { old: rows(&toy), new: old_rows(&toy) })?;
        }
        work.add(b"nobody's", 3)?;
        work.note_origin(b"older");
        Ok::<_, Fault>(())
    };
    store.write_large(spoil).unwrap();
    assert!(!check::check(&store.read().unwrap(), &rows_of).unwrap().is_clean());
    let before = store.read().unwrap();
    let remade = store
        .write_large(|work| {
            let remade = work.remake_rows(&rows_of)?;
            work.note_origin(b"newer");
            Ok::<_, Fault>(remade)
        })
        .unwrap();
    assert_eq!(remade, Remade { n_written: 1_300, n_removed: 650, n_counts: 4 });
    let after = store.read().unwrap();
    assert_eq!(check::check(&after, &rows_of).unwrap().findings, vec![]);
    assert_eq!(remake::origin(&after).unwrap().as_deref(), Some(b"newer".as_slice()));
    // Who reads meanwhile sees what was there before, whole.
    assert_eq!(remake::origin(&before).unwrap().as_deref(), Some(b"older".as_slice()));
    let old = Span::prefix(Space::Index, b"old");
    let n_old = before.page(&old, crate::store::key::Order::Forward, 9_999).unwrap().len();
    assert_eq!(n_old, 650);
    let again = store.write_large(|work| work.remake_rows(&rows_of)).unwrap();
    assert_eq!(again, Remade::default());
}

#[test]
fn a_remaking_that_breaks_off_leaves_rows_and_note_as_they_were() {
    let (folder, store) = empty_ledger();
    store.write(|work| register(work, toy(1, "road"))).unwrap();
    store
        .write(|work| {
            work.swap_rows(&Swap { old: rows(&toy(1, "road")), new: old_rows(&toy(1, "road")) })?;
            work.note_origin(b"older");
            Ok::<_, Fault>(())
        })
        .unwrap();
    let broken = store.write_large(|work| {
        work.remake_rows(&rows_of)?;
        work.note_origin(b"newer");
        Err::<(), _>(Fault::Closed)
    });
    assert_eq!(broken, Err(Fault::Closed));
    store.close().unwrap();
    let store = crate::store::Store::open(folder.path()).unwrap();
    let snapshot = store.read().unwrap();
    assert_eq!(remake::origin(&snapshot).unwrap().as_deref(), Some(b"older".as_slice()));
    assert!(!check::check(&snapshot, &rows_of).unwrap().is_clean());
}
