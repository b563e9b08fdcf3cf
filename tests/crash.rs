//! The server is killed at a random moment, again and again: what it acknowledged is on disk.
//!
//! Each test runs itself once more as a child; the child is told by the environment what it is.
//! `ANJIE_SEED` repeats a run; the seed is printed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anjie::domain::ids::{Kind, RecordRef, RequestId, Version};
use anjie::domain::record::Record;
use anjie::store::Store;
use anjie::store::access::Access;
use anjie::store::anchor::Standing;
use anjie::store::change::Swap;
use anjie::store::check;
use anjie::store::fault::Fault;
use anjie::store::journal::{Actor, Stamp};
use anjie::store::key::Row;
use anjie::store::read::Read;
use anjie::store::write::{Asked, Outcome, Work};
use chrono::{DateTime, NaiveDate};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde::{Deserialize, Serialize};
use signal_hook::consts::{SIGABRT, SIGXFSZ};
use tempfile::TempDir;

const N_KILLS: usize = 60;
const N_CLERKS: u32 = 3;
/// The clerks' changes are numbered up to here; no child lives that long.
const N_MAX: u64 = 100_000;
const FOLDER: &str = "ANJIE_CRASH_FOLDER";
const STARTS: &str = "ANJIE_CRASH_STARTS";

/// A case with the clerk and number of the change that made it; case 1 counts the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Numbered {
    id: u64,
    version: Version,
    clerk: u32,
    number: u64,
    text: String,
}

impl Record for Numbered {
    const KIND: Kind = Kind::Case;

    fn id(&self) -> u64 {
        self.id
    }

    fn version(&self) -> Version {
        self.version
    }

    fn with_version(self, version: Version) -> Self {
        Self { version, ..self }
    }
}

fn rows(case: &Numbered) -> Vec<Row> {
    let key = [&case.clerk.to_be_bytes()[..], &case.number.to_be_bytes(), &case.id.to_be_bytes()];
    let count = case.clerk.to_be_bytes().to_vec();
    vec![Row::Entry { key: key.concat(), value: vec![1; 20] }, Row::Count { key: count }]
}

fn rows_of(record: RecordRef, bytes: &[u8]) -> Option<Vec<Row>> {
    check::record::<Numbered>(record, bytes).map(|case| rows(&case))
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 20).unwrap()
}

fn stamp(change: RequestId) -> Stamp {
    let actor = Actor::System;
    let at = DateTime::UNIX_EPOCH;
    let act = "case.register".to_owned();
    Stamp { change, batch: None, act, actor, on: day(), at, takes_back: None }
}

fn create(folder: &Path) -> Store {
    Store::create::<Fault>(folder, |work| {
        let id = work.allot_id(Kind::Case)?;
        let total = Numbered { id, version: Version(0), clerk: 0, number: 0, text: String::new() };
        let rows = rows(&total);
        work.create(&stamp(RequestId(0)), total, rows).map(drop)
    })
    .unwrap()
}

/// Registers a case and counts it, once, however often it is asked for.
fn register(work: &mut Work<'_>, clerk: u32, number: u64) -> Result<(), Fault> {
    let asked = Asked { uid: clerk, request: RequestId(number.into()) };
    if work.request(asked)?.is_some() {
        return Ok(());
    }
    let id = work.allot_id(Kind::Case)?;
    let text = "水渠".repeat(usize::try_from(number % 700).unwrap());
    let case = Numbered { id, version: Version(0), clerk, number, text };
    let new = rows(&case);
    let stamp = stamp(asked.request);
    let case = work.create(&stamp, case, new)?;
    let total: Numbered = work.load(1)?.expect("the ledger begins with it");
    let more = Numbered { number: total.number + 1, ..total.clone() };
    let swap = Swap { old: rows(&total), new: rows(&more) };
    work.patch(&stamp, more, &swap)?;
    let actor = Actor::System;
    let records = vec![case.reference()];
    let act = "case.look".to_owned();
    let at = DateTime::UNIX_EPOCH;
    work.log_access(&Access { act, actor, on: day(), at, records, n_rows: 1 }, &[])?;
    let (record, version) = (Some(case.reference()), Some(case.version));
    let revision = work.revision_after();
    let code = "done".to_owned();
    work.remember(asked, &Outcome { code, record, version, revision, on: day() })
}

/// The child: each clerk registers case after case and says so.
fn serve(folder: &Path, starts: &str) {
    let store = Store::open(folder).unwrap();
    println!("\nopen 0 0");
    std::thread::scope(|scope| {
        for (clerk, start) in (1..).zip(starts.split(' ')) {
            let (store, start) = (&store, start.parse::<u64>().unwrap());
            scope.spawn(move || {
                for number in start..N_MAX {
                    let result = if number % 16 == 0 {
                        store.write_large(move |work| register(work, clerk, number))
                    } else {
                        store.write(move |work| register(work, clerk, number))
                    };
                    result.unwrap();
                    println!("ack {clerk} {number}");
                }
            });
        }
    });
}

#[test]
fn what_was_acknowledged_outlives_a_killed_server() {
    let name = "what_was_acknowledged_outlives_a_killed_server";
    if let Some((folder, starts)) = role() {
        return serve(&folder, &starts);
    }
    let seed = std::env::var("ANJIE_SEED").ok().and_then(|seed| seed.parse().ok());
    let mut chance = Chance(seed.unwrap_or_else(|| u64::from(std::process::id()) << 20));
    println!("ANJIE_SEED={}", chance.0);
    let (folder, copy) = (closed_folder(), closed_folder());
    drop(create(folder.path()));
    let mut acked = [0; N_CLERKS as usize];
    let (mut n_kept, mut n_unproven_max) = (0, 0);
    for kill in 0..N_KILLS {
        let starts: Vec<_> = acked.iter().map(|last| (last + 1).to_string()).collect();
        let mut child = spawn(name, folder.path(), &starts.join(" "));
        let words = listen(&mut child);
        // One kill in four comes while the file is being opened.
        let n_acks = if kill % 4 == 0 { 0 } else { chance.below(40) };
        for _ in 0..n_acks {
            note(&words.recv().expect("the child goes on"), &mut acked);
        }
        let pause = Duration::from_micros(chance.below(if n_acks == 0 { 40_000 } else { 3_000 }));
        wait(&words, pause, &mut acked);
        child.kill().unwrap();
        child.wait().unwrap();
        for word in words {
            note(&word, &mut acked);
        }
        // A copy is verified, so that the ledger itself stays as the kill left it.
        for name in ["office.redb", "head.anchor"] {
            std::fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
        }
        let (kept, n_unproven) = verify(copy.path(), &acked, kill);
        n_unproven_max = n_unproven.max(n_unproven_max);
        n_kept = kept;
    }
    println!("{N_KILLS} kills, {n_kept} changes, at most {n_unproven_max} lines unproven");
    assert!(n_kept > 100, "the children did too little: {n_kept}");
}

/// Opens a ledger and compares it with what was acknowledged; gives its changes and the number
/// of lines behind the anchor.
fn verify(folder: &Path, acked: &[u64], kill: usize) -> (u64, u64) {
    let store = Store::open(folder).unwrap();
    let Standing::Holds { n_unproven } = store.standing() else {
        panic!("kill {kill}: the anchor is lost");
    };
    // The kill may have come between a commit and its anchor: one batch of one change per clerk,
    // and two lines a change.
    assert!(n_unproven <= 2 * u64::from(N_CLERKS), "kill {kill}: {n_unproven} lines");
    let snapshot = store.read().unwrap();
    let mut found: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
    snapshot
        .each(&mut |case: Numbered| {
            found.entry(case.clerk).or_default().push(case.number);
            Ok(ControlFlow::Continue(()))
        })
        .unwrap();
    let total = found.remove(&0).unwrap()[0];
    for (clerk, acked) in (1..).zip(acked) {
        let numbers = found.remove(&clerk).unwrap_or_default();
        let last = numbers.len() as u64;
        assert_eq!(numbers, (1..=last).collect::<Vec<_>>(), "kill {kill}: lost or done twice");
        assert!(last == *acked || last == acked + 1, "kill {kill}: {last} of {acked}");
    }
    let made = snapshot.last_number("id.case").unwrap() - 1;
    assert_eq!(made, total, "kill {kill}: the count is off");
    let report = check::check(&snapshot, &rows_of).unwrap();
    assert_eq!(report.findings, vec![], "kill {kill}");
    assert_eq!((report.n_records, report.n_requests), (total + 1, total));
    (total, n_unproven)
}

#[test]
fn a_full_disk_is_named_and_ends_when_there_is_room() {
    let name = "a_full_disk_is_named_and_ends_when_there_is_room";
    if let Some((folder, _)) = role() {
        return fill(&folder);
    }
    let folder = closed_folder();
    let status = spawn(name, folder.path(), "").wait().unwrap();
    assert!(status.success());
}

/// The child: a limit on the size of files stands for a disk without room.
fn fill(folder: &Path) {
    // Without a handler the signal of the limit would end the process.
    let told = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(SIGXFSZ, told).unwrap();
    let store = create(folder);
    let whole = getrlimit(Resource::Fsize);
    let room = std::fs::metadata(folder.join("office.redb")).unwrap().len() + 100_000;
    setrlimit(Resource::Fsize, Rlimit { current: Some(room), ..whole }).unwrap();
    let mut number = 0;
    let fault = loop {
        number += 1;
        let kept = store.write(move |work| register(work, 1, number));
        assert!(number < N_MAX, "the limit is not felt");
        if let Err(fault) = kept {
            break fault;
        }
    };
    assert_eq!(fault, Fault::Full);
    assert_eq!(store.trouble().halted_by, Some(Fault::Full));
    let large = store.write_large(|work| (1..500).try_for_each(|number| register(work, 2, number)));
    assert_eq!(large, Err(Fault::Full));
    let snapshot = store.read().unwrap();
    let total: Numbered = snapshot.load(1).unwrap().unwrap();
    assert_eq!(total.number, number - 1);
    drop(snapshot);
    setrlimit(Resource::Fsize, whole).unwrap();
    for number in number..number + 50 {
        store.write(move |work| register(work, 1, number)).unwrap();
    }
    assert_eq!(store.trouble().halted_by, None);
    let report = check::check(&store.read().unwrap(), &rows_of).unwrap();
    assert_eq!(report.findings, vec![]);
    assert_eq!(report.n_requests, number + 49);
    store.close().unwrap();
}

#[test]
fn a_panic_in_a_change_ends_the_server_and_harms_nothing() {
    let name = "a_panic_in_a_change_ends_the_server_and_harms_nothing";
    if let Some((folder, _)) = role() {
        let store = create(&folder);
        store.write(|work| register(work, 1, 1)).unwrap();
        let _never: Result<(), Fault> = store.write(|work| {
            register(work, 1, 2)?;
            panic!("a defect")
        });
        return;
    }
    let folder = closed_folder();
    let status = spawn(name, folder.path(), "").wait().unwrap();
    assert_eq!(status.signal(), Some(SIGABRT));
    let (kept, _) = verify(folder.path(), &[1, 0, 0], 0);
    assert_eq!(kept, 1);
}

/// What this process is to do, if it is a child.
fn role() -> Option<(PathBuf, String)> {
    let folder = std::env::var_os(FOLDER)?;
    Some((PathBuf::from(folder), std::env::var(STARTS).unwrap_or_default()))
}

fn spawn(test: &str, folder: &Path, starts: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(STARTS, starts)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

/// The child's lines, until it ends.
fn listen(child: &mut Child) -> Receiver<String> {
    let (sender, words) = channel();
    let lines = BufReader::new(child.stdout.take().unwrap());
    std::thread::spawn(move || {
        for line in lines.lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    words
}

/// Takes what the child says for a while.
fn wait(words: &Receiver<String>, pause: Duration, acked: &mut [u64]) {
    let end = Instant::now() + pause;
    loop {
        match words.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(word) => note(&word, acked),
            Err(RecvTimeoutError::Timeout) => return,
            Err(RecvTimeoutError::Disconnected) => panic!("the child ended by itself"),
        }
    }
}

/// Notes an acknowledgement; other lines are the harness's.
fn note(word: &str, acked: &mut [u64]) {
    let words: Vec<_> = word.split(' ').collect();
    if let ["ack", clerk, number] = words[..] {
        let clerk: usize = clerk.parse().unwrap();
        acked[clerk - 1] = number.parse().unwrap();
    }
}

fn closed_folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    folder
}

/// Splitmix: enough chance for moments, and repeatable.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}
