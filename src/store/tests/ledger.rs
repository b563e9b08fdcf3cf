//! Records, changes, requests and the journal, as the service uses them.

use std::os::unix::fs::{MetadataExt, PermissionsExt};

use crate::domain::fact;
use crate::domain::ids::{Kind, RecordRef, RequestId, Revision, Version};
use crate::store::Store;
use crate::store::fault::Fault;
use crate::store::history::{self, Touched};
use crate::store::journal::{Deed, WHOLE};
use crate::store::key::{Order, Space, Span, join};
use crate::store::read::Read;
use crate::store::tests::desk::{
    Toy, amend, day, empty_ledger, folder, register, rows, stamp, toy,
};
use crate::store::write::{Asked, Outcome};

const CASE_1: RecordRef = RecordRef { kind: Kind::Case, id: 1 };

#[test]
fn a_registered_case_is_there_after_closing_and_opening() {
    let (folder, store) = empty_ledger();
    let made = store.write(|work| register(work, toy(1, "水渠堵塞"))).unwrap();
    assert_eq!(made.version, Version(1));
    store.close().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let snapshot = store.read().unwrap();
    assert_eq!(snapshot.load::<Toy>(1).unwrap(), Some(made));
    assert_eq!(snapshot.revision().unwrap(), Revision(1));
}

#[test]
fn a_reader_sees_the_ledger_as_it_was_when_they_asked() {
    let (_folder, store) = empty_ledger();
    let before = store.read().unwrap();
    store.write(|work| register(work, toy(1, "水渠堵塞"))).unwrap();
    assert_eq!(before.load::<Toy>(1).unwrap(), None);
    assert!(store.read().unwrap().load::<Toy>(1).unwrap().is_some());
}

#[test]
fn a_refused_change_leaves_nothing() {
    let (_folder, store) = empty_ledger();
    for large in [false, true] {
        let change = |work: &mut crate::store::write::Work<'_>| {
            register(work, toy(1, "水渠堵塞"))?;
            work.allot("case.2026")?;
            work.put(Space::Draft, b"1001", b"text".to_vec())?;
            Err::<(), Fault>(Fault::Stale(CASE_1))
        };
        let refused = if large { store.write_large(change) } else { store.write(change) };
        assert_eq!(refused, Err(Fault::Stale(CASE_1)));
    }
    let snapshot = store.read().unwrap();
    for space in [Space::Record, Space::Index, Space::Line, Space::Value, Space::Draft] {
        assert_eq!(snapshot.page(&Span::all(space), Order::Forward, 9).unwrap(), vec![]);
    }
    assert_eq!(snapshot.last_number("case.2026").unwrap(), 0);
    assert_eq!(snapshot.revision().unwrap(), Revision(0));
}

#[test]
fn changes_that_wait_together_see_one_another_and_get_numbers_in_turn() {
    let (_folder, store) = empty_ledger();
    let numbers: Vec<u64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..64)
            .map(|_| {
                scope.spawn(|| {
                    store.write(|work| {
                        let id = work.allot_id(Kind::Case)?;
                        assert_eq!(work.load::<Toy>(id - 1)?.is_some(), id > 1);
                        register(work, toy(id, "水渠堵塞"))?;
                        Ok::<_, Fault>(id)
                    })
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect()
    });
    let mut sorted = numbers.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (1..=64).collect::<Vec<_>>());
    assert_eq!(store.read().unwrap().revision().unwrap(), Revision(64));
}

#[test]
fn a_change_journals_only_the_fields_that_differ_and_moves_the_rows() {
    let (_folder, store) = empty_ledger();
    store.write(|work| register(work, toy(1, "水渠堵塞"))).unwrap();
    let assigned = store.write(|work| amend(work, 1, |toy| Toy { lead: Some(7), ..toy })).unwrap();
    assert_eq!(assigned.version, Version(2));
    let snapshot = store.read().unwrap();
    let lines = history::lines_of(&snapshot, CASE_1, Version(0), 9).unwrap();
    assert_eq!(lines.len(), 2);
    assert_eq!((lines[0].deed, lines[1].deed), (Deed::Created, Deed::Changed));
    assert_eq!(lines[0].fields, [WHOLE]);
    assert_eq!(lines[1].fields, ["lead"]);
    assert_eq!(lines[1].stamp, stamp(77, "case.amend"));
    let lead = join(&[b"l", &7_u64.to_be_bytes()]);
    assert_eq!(snapshot.count(&lead).unwrap(), 1);
    let held = snapshot.page(&Span::prefix(Space::Index, &lead), Order::Forward, 9).unwrap();
    assert_eq!(held.len(), 1);
    store.write(|work| amend(work, 1, |toy| Toy { lead: Some(8), ..toy })).unwrap();
    let snapshot = store.read().unwrap();
    assert_eq!(snapshot.count(&lead).unwrap(), 0);
    assert_eq!(snapshot.get(Space::Count, &lead).unwrap(), None);
}

#[test]
fn a_change_without_difference_writes_no_line_and_raises_nothing() {
    let (_folder, store) = empty_ledger();
    store.write(|work| register(work, toy(1, "水渠堵塞"))).unwrap();
    let same = store.write(|work| amend(work, 1, |toy| toy)).unwrap();
    assert_eq!(same.version, Version(1));
    assert_eq!(store.read().unwrap().revision().unwrap(), Revision(1));
}

#[test]
fn a_change_from_an_old_version_is_stale() {
    let (_folder, store) = empty_ledger();
    let old = store.write(|work| register(work, toy(1, "水渠堵塞"))).unwrap();
    store.write(|work| amend(work, 1, |toy| Toy { lead: Some(7), ..toy })).unwrap();
    let late = store.write(move |work| {
        let new = Toy { title: "道路".to_owned(), ..old };
        work.patch(&stamp(9, "case.amend"), new, &Default::default())
    });
    assert_eq!(late, Err(Fault::Stale(CASE_1)));
}

#[test]
fn a_removed_case_comes_back_above_its_removal() {
    let (_folder, store) = empty_ledger();
    let made = store.write(|work| register(work, toy(1, "水渠堵塞"))).unwrap();
    let removed = made.clone();
    store
        .write(move |work| work.remove_record(&stamp(2, "case.undo"), &removed, rows(&removed)))
        .unwrap();
    let snapshot = store.read().unwrap();
    assert_eq!(snapshot.load::<Toy>(1).unwrap(), None);
    assert_eq!(snapshot.page(&Span::all(Space::Index), Order::Forward, 9).unwrap(), vec![]);
    let again = store.write(|work| register(work, made)).unwrap();
    assert_eq!(again.version, Version(3));
    let twice = store.write(|work| register(work, toy(1, "道路")));
    assert_eq!(twice, Err(Fault::Taken(CASE_1)));
}

#[test]
fn an_impossible_record_is_never_written() {
    let (_folder, store) = empty_ledger();
    let refused = store.write(|work| register(work, toy(1, "")));
    assert_eq!(refused, Err(Fault::Unsound { record: CASE_1, field: "title" }));
}

#[test]
fn an_answer_that_got_lost_is_asked_for_again_and_done_once() {
    let (folder, store) = empty_ledger();
    let asked = Asked { uid: 1001, request: RequestId(5) };
    let once = move |work: &mut crate::store::write::Work<'_>| {
        if let Some(outcome) = work.request(asked)? {
            return Ok::<_, Fault>(outcome);
        }
        let id = work.allot_id(Kind::Case)?;
        let made = register(work, toy(id, "水渠堵塞"))?;
        let record = Some(RecordRef { kind: Kind::Case, id });
        let (version, revision) = (Some(made.version), work.revision_after());
        let outcome = Outcome { code: "done".to_owned(), record, version, revision, on: day() };
        work.remember(asked, &outcome)?;
        Ok(outcome)
    };
    let first = store.write(once).unwrap();
    drop(store);
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.write(once).unwrap(), first);
    assert_eq!(first.revision, Revision(1));
    assert_eq!(store.read().unwrap().last_number("id.case").unwrap(), 1);
    let other = Asked { uid: 1002, ..asked };
    assert_eq!(store.write(move |work| work.request(other)).unwrap(), None);
    let next = day().succ_opt().unwrap();
    assert_eq!(store.write(move |work| work.forget_requests(day(), 9)).unwrap(), 0);
    assert_eq!(store.write(move |work| work.forget_requests(next, 9)).unwrap(), 1);
}

#[test]
fn what_changed_since_a_version_is_told_with_both_values_and_who() {
    let (_folder, store) = empty_ledger();
    store.write(|work| register(work, toy(1, "水渠堵塞"))).unwrap();
    store.write(|work| amend(work, 1, |toy| Toy { lead: Some(7), ..toy })).unwrap();
    store
        .write(|work| {
            amend(work, 1, |mut toy| {
                toy.steps.insert(3, "实地查看".to_owned());
                toy
            })
        })
        .unwrap();
    let snapshot = store.read().unwrap();
    let changed = history::changed_fields(&snapshot, CASE_1, Version(1)).unwrap();
    let facts: Vec<_> = changed.iter().flat_map(|changed| changed.fact.clone()).collect();
    assert_eq!(facts.iter().map(|fact| fact.field.as_str()).collect::<Vec<_>>(), ["lead", "steps"]);
    let mut first = serde_json::to_value(toy(1, "水渠堵塞")).unwrap();
    fact::apply(&mut first, &facts).unwrap();
    let mut now = serde_json::to_value(snapshot.load::<Toy>(1).unwrap()).unwrap();
    now["version"] = 0.into();
    assert_eq!(first, now);
    assert!(history::changed_fields(&snapshot, CASE_1, Version(3)).unwrap().is_empty());
}

#[test]
fn changes_since_a_revision_are_told_in_order_and_within_a_limit() {
    let (_folder, store) = empty_ledger();
    for id in 1..=3 {
        store.write(move |work| register(work, toy(id, "水渠堵塞"))).unwrap();
    }
    store
        .write(|work| {
            amend(work, 1, |toy| Toy { lead: Some(7), ..toy })?;
            amend(work, 3, |toy| Toy { lead: Some(7), ..toy })
        })
        .unwrap();
    let snapshot = store.read().unwrap();
    let case = |id| RecordRef { kind: Kind::Case, id };
    let since =
        |revision, limit| history::changes_since(&snapshot, Revision(revision), limit).unwrap();
    let third = Touched { revision: Revision(3), records: vec![case(3)] };
    let both = Touched { revision: Revision(4), records: vec![case(1), case(3)] };
    assert_eq!(since(2, 9), Some(vec![third, both]));
    assert_eq!(since(4, 9), Some(vec![]));
    assert_eq!(since(2, 3).map(|changes| changes.len()), Some(2));
    assert_eq!(since(2, 2), None);
}

#[test]
fn drafts_raise_no_revision_and_write_no_line() {
    let (_folder, store) = empty_ledger();
    store.write(|work| work.put(Space::Draft, b"1001", b"text".to_vec())).unwrap();
    let snapshot = store.read().unwrap();
    assert_eq!(snapshot.get(Space::Draft, b"1001").unwrap(), Some(b"text".to_vec()));
    assert_eq!(snapshot.revision().unwrap(), Revision(0));
    let by_hand = store.write(|work| work.put(Space::Line, b"1", vec![]));
    assert_eq!(by_hand, Err(Fault::Reserved));
}

#[test]
fn a_ledger_is_judged_as_that_of_the_account_that_is_named() {
    let (folder, store) = empty_ledger();
    drop(store);
    let own = std::fs::metadata(folder.path()).unwrap().uid();
    let looked = |owner| Store::examine(folder.path(), owner).into_iter().map(|(_, looked)| looked);
    assert!(looked(None).all(|looked| looked.is_ok()) && looked(Some(own)).all(|it| it.is_ok()));
    let others: Vec<_> = looked(Some(own + 1)).collect();
    assert_eq!(others, [Err(Fault::Owner)], "the folder already is somebody else's");
}

#[test]
fn a_ledger_is_its_owners_alone_and_is_never_made_over_another() {
    let (folder, store) = empty_ledger();
    let file = folder.path().join("office.redb");
    assert_eq!(std::fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    assert_eq!(Store::open(folder.path()).err(), Some(Fault::Busy));
    let again = Store::create::<Fault>(folder.path(), |_| Ok(())).err();
    assert_eq!(again, Some(Fault::Exists));
    drop(store);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(Store::open(folder.path()).err(), Some(Fault::Mode));
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::hard_link(&file, folder.path().join("other")).unwrap();
    assert_eq!(Store::open(folder.path()).err(), Some(Fault::Shape));
    std::fs::rename(folder.path().join("other"), &file).unwrap();
    std::fs::remove_file(folder.path().join("other")).unwrap();
    std::fs::rename(&file, folder.path().join("other")).unwrap();
    assert_eq!(Store::open(folder.path()).err(), Some(Fault::Missing));
    std::os::unix::fs::symlink("other", &file).unwrap();
    assert_eq!(Store::open(folder.path()).err(), Some(Fault::Symlink));
    std::fs::remove_file(&file).unwrap();
    std::fs::File::create(&file).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(Store::open(folder.path()).err(), Some(Fault::Foreign));
    std::fs::write(&file, vec![7; 70_000]).unwrap();
    assert_eq!(Store::open(folder.path()).err(), Some(Fault::Foreign));
}

#[test]
fn a_genesis_that_refuses_leaves_no_ledger() {
    let folder = folder();
    let refused = Store::create(folder.path(), |_| Err(Fault::Closed)).err();
    assert_eq!(refused, Some(Fault::Closed));
    assert_eq!(Store::open(folder.path()).err(), Some(Fault::Missing));
    std::fs::write(folder.path().join("office.redb.new"), b"half").unwrap();
    let closed = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(folder.path().join("office.redb.new"), closed).unwrap();
    assert!(Store::create::<Fault>(folder.path(), |_| Ok(())).is_ok());
}

#[test]
fn a_file_that_was_removed_under_the_server_acknowledges_nothing() {
    let (folder, store) = empty_ledger();
    std::fs::remove_file(folder.path().join("office.redb")).unwrap();
    let lost = store.write(|work| register(work, toy(1, "水渠堵塞")));
    assert_eq!(lost, Err(Fault::Replaced));
    let next = store.write(|work| register(work, toy(2, "水渠堵塞")));
    assert_eq!(next, Err(Fault::Replaced));
    assert_eq!(store.trouble().halted_by, Some(Fault::Replaced));
}

#[test]
fn what_was_refused_while_the_file_was_elsewhere_is_not_in_it_when_it_comes_back() {
    let (folder, store) = empty_ledger();
    let [file, aside] = ["office.redb", "aside"].map(|name| folder.path().join(name));
    std::fs::rename(&file, &aside).unwrap();
    let lost = store.write(|work| register(work, toy(1, "水渠堵塞")));
    assert_eq!(lost, Err(Fault::Replaced));
    std::fs::rename(&aside, &file).unwrap();
    store.close().unwrap();
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.read().unwrap().load::<Toy>(1).unwrap(), None);
}
