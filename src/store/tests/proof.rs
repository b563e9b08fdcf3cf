//! What `check` finds, each damage planted by hand, and what it lets pass.

use chrono::NaiveDate;

use crate::domain::ids::{Kind, RecordRef, Version};
use crate::store::Store;
use crate::store::access::{self, Access, Months, Note};
use crate::store::check::{self, Flaw, Report};
use crate::store::fault::Fault;
use crate::store::history;
use crate::store::journal::Actor;
use crate::store::key::{Order, Row, Space, Span, join};
use crate::store::read::Read;
use crate::store::tests::desk::{Toy, amend, day, empty_ledger, register, rows, stamp, toy};

const CASE_2: RecordRef = RecordRef { kind: Kind::Case, id: 2 };

fn toy_rows(record: RecordRef, bytes: &[u8]) -> Option<Vec<Row>> {
    check::record::<Toy>(record, bytes).map(|toy| rows(&toy))
}

fn report(store: &Store) -> Report {
    check::check(&store.read().unwrap(), &toy_rows).unwrap()
}

fn flaws(store: &Store) -> Vec<Flaw> {
    let mut flaws: Vec<_> = report(store).findings.iter().map(|finding| finding.flaw).collect();
    flaws.dedup();
    flaws
}

fn look(on: NaiveDate, records: &[RecordRef]) -> Access {
    Access {
        act: "person.look".to_owned(),
        actor: Actor::Clerk { uid: 1001, login: "wang".to_owned() },
        on,
        at: chrono::DateTime::UNIX_EPOCH,
        records: records.to_vec(),
        n_rows: 1,
    }
}

fn reason(text: &str) -> Note {
    Note { name: "reason".to_owned(), text: Some(text.to_owned()) }
}

/// Three cases, some changed, one removed, and looks in two months.
fn busy_ledger() -> (tempfile::TempDir, Store) {
    let (folder, store) = empty_ledger();
    for id in 1..=3 {
        store.write(move |work| register(work, toy(id, "水渠堵塞"))).unwrap();
    }
    store.write(|work| amend(work, 2, |toy| Toy { lead: Some(7), ..toy })).unwrap();
    store
        .write(|work| {
            amend(work, 2, |mut toy| {
                toy.steps.insert(3, "实地查看".to_owned());
                toy
            })
        })
        .unwrap();
    store
        .write(|work| {
            let old: Toy = work.load(3)?.expect("it is there");
            work.remove_record(&stamp(9, "case.undo"), &old, rows(&old))
        })
        .unwrap();
    for on in [day(), day(), day() + chrono::Days::new(20)] {
        store
            .write(move |work| work.log_access(&look(on, &[CASE_2]), &[reason("核对电话")]))
            .unwrap();
    }
    (folder, store)
}

/// Replaces a row by hand; `change` makes the new value of the old one.
fn damage(store: &Store, span: Span, change: impl Fn(Vec<u8>) -> Option<Vec<u8>> + Send + 'static) {
    store
        .write(move |work| {
            let (key, value) = work.page(&span, Order::Forward, 1)?.pop().expect("a row");
            work.set(span.space, &key, change(value));
            Ok::<_, Fault>(())
        })
        .unwrap();
}

fn flip(place: usize) -> impl Fn(Vec<u8>) -> Option<Vec<u8>> {
    move |mut bytes| {
        let place = place.min(bytes.len() - 1);
        bytes[place] ^= 1;
        Some(bytes)
    }
}

#[test]
fn a_busy_ledger_is_clean() {
    let (_folder, store) = busy_ledger();
    let report = report(&store);
    assert_eq!(report.findings, vec![]);
    assert!(report.is_clean());
    assert_eq!((report.n_records, report.n_lines, report.n_accesses), (2, 7, 3));
    assert_eq!((report.n_rows, report.n_counts, report.n_values), (3, 1, 6));
}

#[test]
fn a_missing_row_a_surplus_row_and_a_wrong_count_are_found() {
    let (_folder, store) = busy_ledger();
    damage(&store, Span::prefix(Space::Index, b"l"), |_| None);
    assert_eq!(flaws(&store), [Flaw::RowMissing]);
    let (_folder, store) = busy_ledger();
    store
        .write(|work| {
            work.set(Space::Index, b"l-of-nobody", Some(vec![]));
            Ok::<_, Fault>(())
        })
        .unwrap();
    assert_eq!(flaws(&store), [Flaw::RowSurplus]);
    let (_folder, store) = busy_ledger();
    store.write(|work| work.add(&join(&[b"l", &7_u64.to_be_bytes()]), 1)).unwrap();
    assert_eq!(flaws(&store), [Flaw::Count]);
    let (_folder, store) = busy_ledger();
    damage(&store, Span::all(Space::Count), |_| None);
    assert_eq!(flaws(&store), [Flaw::Count]);
}

#[test]
fn a_record_that_was_edited_by_hand_is_found() {
    let (_folder, store) = busy_ledger();
    let edited = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).unwrap().replace("\"lead\":7", "\"lead\":8");
        Some(text.into_bytes())
    };
    damage(&store, Span::all(Space::Record).after(&[7, 0, 0, 0, 0, 0, 0, 0, 1]), edited);
    let flaws = flaws(&store);
    assert!(flaws.contains(&Flaw::Replay), "{flaws:?}");
    assert!(flaws.contains(&Flaw::RowMissing), "{flaws:?}");
    let (_folder, store) = busy_ledger();
    damage(&store, Span::all(Space::Record), |_| Some(b"\x01{}".to_vec()));
    assert_eq!(report(&store).findings[0].flaw, Flaw::Undecodable);
    let unread = store.read().unwrap().load::<Toy>(1).unwrap_err();
    assert_eq!(unread, Fault::Undecodable(RecordRef { kind: Kind::Case, id: 1 }));
    let (_folder, store) = busy_ledger();
    damage(&store, Span::all(Space::Record), |_| None);
    assert!(self::flaws(&store).contains(&Flaw::Replay));
}

#[test]
fn each_byte_of_each_journal_line_matters() {
    let (_folder, store) = busy_ledger();
    let lines = store.read().unwrap().page(&Span::all(Space::Line), Order::Forward, 99).unwrap();
    for (key, bytes) in lines {
        for place in (0..bytes.len()).step_by(13) {
            let (key, whole) = (key.clone(), bytes.clone());
            let span = Span { from: key.clone(), ..Span::all(Space::Line) };
            damage(&store, span, flip(place));
            assert!(!report(&store).is_clean(), "line {key:?}, byte {place}");
            damage(&store, Span { from: key, ..Span::all(Space::Line) }, move |_| {
                Some(whole.clone())
            });
        }
    }
    assert!(report(&store).is_clean());
}

#[test]
fn lines_that_were_cut_off_or_taken_out_are_found() {
    let (_folder, store) = busy_ledger();
    damage(&store, Span::all(Space::Line), |_| None);
    assert!(flaws(&store).contains(&Flaw::Line));
    let (_folder, store) = busy_ledger();
    damage(&store, Span::all(Space::Line).after(&6_u64.to_be_bytes()), |_| None);
    assert!(flaws(&store).contains(&Flaw::Chain));
    let (_folder, store) = busy_ledger();
    damage(&store, Span::all(Space::Value), flip(30));
    assert!(flaws(&store).contains(&Flaw::Value));
    let (_folder, store) = busy_ledger();
    damage(&store, Span::all(Space::LineOfRecord), |_| None);
    assert!(flaws(&store).contains(&Flaw::Finder));
    let (_folder, store) = busy_ledger();
    damage(&store, Span::all(Space::LineOfRevision), flip(7));
    assert_eq!(flaws(&store), [Flaw::Finder]);
}

#[test]
fn an_erased_value_leaves_the_chain_whole_and_the_value_nowhere() {
    let (_folder, store) = busy_ledger();
    let snapshot = store.read().unwrap();
    let line = history::lines_of(&snapshot, CASE_2, Version(1), 1).unwrap().remove(0);
    let (sequence, last) = (line.sequence, snapshot.head().unwrap().sequence);
    assert!(store.write(move |work| work.erase_value(sequence, 0, last)).unwrap());
    assert!(!store.write(move |work| work.erase_value(sequence, 0, last)).unwrap());
    let report = report(&store);
    assert_eq!((report.findings, report.n_erased), (vec![], 1));
    let changed = history::changed_fields(&store.read().unwrap(), CASE_2, Version(1)).unwrap();
    assert_eq!((changed[0].field.as_str(), &changed[0].fact), ("lead", &None));
}

#[test]
fn who_looked_at_a_person_in_a_month_is_one_question() {
    let (_folder, store) = busy_ledger();
    let snapshot = store.read().unwrap();
    let october = Months { from: 202_610, to: 202_610 };
    let seen = access::accesses_of(&snapshot, CASE_2, october, 9).unwrap();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].access, look(day(), &[CASE_2]));
    assert_eq!(seen[0].notes, [reason("核对电话")]);
    let both = Months { from: 202_610, to: 202_611 };
    let newest = access::accesses(&snapshot, both, None, 2).unwrap();
    let places: Vec<_> = newest.iter().map(|line| (line.month, line.number)).collect();
    assert_eq!(places, [(202_611, 1), (202_610, 2)]);
    let rest = access::accesses(&snapshot, both, Some((202_610, 2)), 9).unwrap();
    assert_eq!(rest.iter().map(|line| line.number).collect::<Vec<_>>(), [1]);
}

#[test]
fn a_damaged_access_log_is_found_and_a_dropped_month_is_not_damage() {
    for space in [Space::Access, Space::AccessText, Space::AccessOfRecord, Space::AccessHead] {
        let (_folder, store) = busy_ledger();
        damage(&store, Span::all(space), |_| None);
        assert!(!report(&store).is_clean(), "{space:?}");
    }
    let (_folder, store) = busy_ledger();
    let drop = |month| store.write(move |work| work.drop_accesses(&stamp(1, "log.drop"), month));
    assert_eq!(drop(202_611), Ok(0));
    assert_eq!(drop(202_610), Ok(2));
    assert_eq!(drop(202_610), Ok(0));
    assert_eq!(report(&store).findings, vec![]);
    assert_eq!(report(&store).n_accesses, 1);
}
