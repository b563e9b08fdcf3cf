//! P7: sixty-four writers through one server, beside SQLite with a connection for each.

use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anjie::link::open::{self, Place};
use anjie::link::server::{Manner, Stay};

use crate::office::{Desk, door};
use crate::proc;
use crate::report::{Limit, Report, Row, median};
use crate::scene::{Ledger, Plan, Server, scratch};

const N_WRITERS: usize = 64;
const TIME: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;
const N_ALONE: usize = 200;

/// This program as a server of its own build; `main` calls it for `--serve`.
pub fn serve(folder: &Path, socket: &Path) -> ExitCode {
    let place = Place { data: folder.to_owned(), named: true, socket: Some(socket.to_owned()) };
    let stay = Stay { per_account: Some(N_WRITERS), ..Stay::default() };
    match open::serve(&place, stay, Manner::Foreground) {
        Ok(()) => ExitCode::SUCCESS,
        Err(refusal) => {
            eprintln!("{}", refusal.key);
            ExitCode::FAILURE
        }
    }
}

/// How many changes a second, and the least and the most of one writer.
struct Rate {
    per_second: f64,
    least: f64,
    most: f64,
}

impl Rate {
    fn of(counts: &[f64], time: Duration) -> Self {
        Self {
            per_second: counts.iter().sum::<f64>() / time.as_secs_f64(),
            least: counts.iter().copied().fold(f64::INFINITY, f64::min),
            most: counts.iter().copied().fold(0.0, f64::max),
        }
    }
}

/// Measures both in turn.
pub fn together(report: &mut Report, plan: &Plan, large: &Ledger) {
    let ledger = large.copy("writers");
    let server = Server::start_here(&ledger);
    server.warm();
    alone(report, (&ledger, &server));
    let rounds = plan.rounds.min(ROUNDS);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.push(through_server(&ledger));
        theirs.extend(through_sqlite());
    }
    let per_second =
        |rates: &[Rate]| median(&rates.iter().map(|r| r.per_second).collect::<Vec<_>>());
    let fairness =
        |rates: &[Rate]| median(&rates.iter().map(|r| r.least / r.most).collect::<Vec<_>>());
    let slowest = per_second(&ours);
    if theirs.is_empty() {
        report.tell("P7", "SQLite", "not measured: there is no command `sqlite3`".to_owned());
    } else {
        let figure =
            format!("{:.0} a second, least/most {:.3}", per_second(&theirs), fairness(&theirs));
        report.tell("P7", "64 writers, sqlite3, WAL, FULL, a process each", figure);
    }
    let ratio = (slowest / per_second(&theirs), "SQLite");
    report.add(Row {
        budget: "P7",
        what: "64 writers through the server".to_owned(),
        figure: format!("{slowest:.0} a second"),
        ratio: Some(ratio).filter(|_| !theirs.is_empty()),
        limit: Some(Limit::AtLeast(10.0)),
    });
    let what = ("P7", "least / most of one writer");
    report.judge(what, (fairness(&ours), ""), Limit::AtLeast(0.5));
}

/// One writer alone: what a change costs the disk.
fn alone(report: &mut Report, (ledger, server): (&Ledger, &Server)) {
    let mut desk = Desk::at(door(ledger));
    let before = (proc::written(server.pid()), proc::cpu_ms(server.pid()));
    for nth in 0..N_ALONE {
        desk.change_one(nth);
    }
    let n = N_ALONE as f64;
    let bytes = (proc::written(server.pid()) - before.0) as f64 / n / 1e3;
    let cpu = (proc::cpu_ms(server.pid()) - before.1) / n;
    let figure = format!("{bytes:.0} kB written, {cpu:.2} ms of processor");
    report.tell("P7", "one change, one writer", figure);
    let mut again = || {
        for nth in 0..N_ALONE {
            desk.change_one(nth);
        }
    };
    match syncs(server.pid(), &mut again) {
        Some(syncs) => {
            let what = ("P7", "one change: waits for the disk (fsync)");
            // The anchor beside the file is synced every hundred lines.
            report.judge(what, (syncs / n, ""), Limit::AtMost(2.1));
        }
        None => report.tell("P7", "waits for the disk", "not counted: no `strace`".to_owned()),
    }
}

/// How often a process waits for the disk while something is done, by `strace` where it is there.
fn syncs(pid: u32, work: impl FnOnce()) -> Option<f64> {
    let mut command = Command::new("strace");
    command.args(["-f", "-e", "trace=fsync,fdatasync", "-p", &pid.to_string()]);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    thread::sleep(Duration::from_millis(500));
    work();
    let pid = rustix::process::Pid::from_child(&child);
    // It lets the server go and ends.
    let _gone = rustix::process::kill_process(pid, rustix::process::Signal::INT);
    let output = child.stderr.take().and_then(|mut pipe| {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut pipe, &mut text).ok().map(|_| text)
    })?;
    let _gone = child.wait();
    let n = output.lines().filter(|line| line.contains("sync(") && !line.contains("resumed"));
    Some(n.count() as f64).filter(|n| *n > 0.0)
}

fn through_server(ledger: &Ledger) -> Rate {
    let barrier = Barrier::new(N_WRITERS);
    let is_over = AtomicBool::new(false);
    let mut counts = Vec::new();
    let write = |nth: usize| {
        let mut desk = Desk::at(door(ledger));
        barrier.wait();
        let since = Instant::now();
        let mut n = 0;
        while since.elapsed() < TIME && !is_over.load(Ordering::Relaxed) {
            // Each begins with another case, and goes on to the next, as clerks do.
            desk.change_one(nth * 3 + n);
            n += 1;
        }
        let n = n as f64;
        is_over.store(true, Ordering::Relaxed);
        n
    };
    thread::scope(|scope| {
        let write = &write;
        let threads: Vec<_> = (0..N_WRITERS).map(|nth| scope.spawn(move || write(nth))).collect();
        counts.extend(threads.into_iter().map(|thread| thread.join().expect("a writer")));
    });
    Rate::of(&counts, TIME)
}

/// The same work in SQLite: one row changed, one line added to a log, on disk before the next.
fn through_sqlite() -> Option<Rate> {
    let file = scratch().join("peer.sqlite");
    for end in ["", "-wal", "-shm"] {
        let _none = std::fs::remove_file(format!("{}{end}", file.display()));
    }
    let mut made = Command::new("sqlite3");
    made.arg(&file).arg(
        "PRAGMA journal_mode=WAL; CREATE TABLE record(id INTEGER PRIMARY KEY, body TEXT); \
         CREATE TABLE line(id INTEGER PRIMARY KEY, who INT, body TEXT); \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<100000) \
         INSERT INTO record SELECT i, hex(randomblob(200)) FROM n;",
    );
    if !made.stdout(Stdio::null()).status().is_ok_and(|status| status.success()) {
        return None;
    }
    let children: Vec<_> = (0..N_WRITERS).filter_map(|nth| write_by_sqlite(&file, nth)).collect();
    thread::sleep(TIME);
    for mut child in children {
        // It may have gone already.
        let _gone = child.kill();
        let _gone = child.wait();
    }
    let counts = Command::new("sqlite3")
        .arg(&file)
        .arg("SELECT count(*) FROM line GROUP BY who;")
        .output()
        .ok()?;
    let text = String::from_utf8(counts.stdout).ok()?;
    let mut counts: Vec<f64> = text.lines().filter_map(|line| line.parse().ok()).collect();
    counts.resize(N_WRITERS, 0.0);
    Some(Rate::of(&counts, TIME))
}

fn write_by_sqlite(file: &Path, nth: usize) -> Option<std::process::Child> {
    let mut command = Command::new("sqlite3");
    command.arg(file).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let mut input = child.stdin.take()?;
    thread::spawn(move || {
        let mut text = ".timeout 60000\nPRAGMA synchronous=FULL;\n".to_owned();
        for round in 0.. {
            let id = 1 + (nth * 1_009 + round * 7) % 100_000;
            text.push_str(&format!(
                "BEGIN IMMEDIATE; UPDATE record SET body=hex(randomblob(200)) WHERE id={id}; \
                 INSERT INTO line(who, body) VALUES({nth}, hex(randomblob(200))); COMMIT;\n"
            ));
            // The end of the process ends the thread.
            if input.write_all(text.as_bytes()).is_err() {
                return;
            }
            text.clear();
        }
    });
    Some(child)
}
