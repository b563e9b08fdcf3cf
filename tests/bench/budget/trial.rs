//! Trials of many clerks at once: a crowd that writes, and a server that is killed under its clients.
//!
//! Each order has a name of its own and is asked for again until it is answered; in the end the
//! ledger holds each exactly once, and `check` finds nothing.

#![expect(clippy::panic, reason = "a trial that cannot go on must stop")]

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anjie::api::refusal::RefusalKind;
use anjie::api::reply::Reply;
use anjie::api::request::{Order, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::{Kind, RequestId};

use crate::office::door;
use crate::report::{Limit, Report};
use crate::scene::{Ledger, Server};

const N_CROWD: u64 = 50;
const N_CHANGES: u64 = 200;
const N_CLIENTS: u64 = 8;
const N_KILLS: u64 = 100;
/// The least and the most time from one start of the server to its kill, in milliseconds.
const LIFE: (u64, u64) = (150, 900);
const REST: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(60);

/// What one clerk did.
#[derive(Default)]
struct Done {
    records: Vec<u64>,
    n_again: u64,
    longest: Duration,
}

/// Fifty connections, each making two hundred changes at once.
pub fn crowd(report: &mut Report, small: &Ledger) {
    let ledger = small.copy("crowd");
    let server = Server::start_here(&ledger);
    server.warm();
    let before = n_cases(&ledger);
    let since = Instant::now();
    let done = together(N_CROWD, &|nth| clerk(&ledger, nth, &|number| number < N_CHANGES));
    let n = N_CROWD * N_CHANGES;
    let per_second = n as f64 / since.elapsed().as_secs_f64();
    report.tell("crowd", "50 connections, 200 changes each", format!("{per_second:.0} a second"));
    tell(report, "crowd", &done);
    prove(report, "crowd", (&ledger, before, &done));
    drop(server);
}

/// Eight clients that write while their server is killed a hundred times.
pub fn kills(report: &mut Report, small: &Ledger) {
    let ledger = small.copy("kills");
    let mut server = Server::start_here(&ledger);
    server.warm();
    let before = n_cases(&ledger);
    let is_over = AtomicBool::new(false);
    let done = thread::scope(|scope| {
        let (ledger, is_over) = (&ledger, &is_over);
        let clerks = scope.spawn(move || {
            together(N_CLIENTS, &|nth| clerk(ledger, nth, &|_| !is_over.load(Ordering::Relaxed)))
        });
        for nth in 0..N_KILLS {
            let (least, most) = LIFE;
            thread::sleep(Duration::from_millis(least + nth * 7_919 % (most - least)));
            server.kill();
            server = Server::start_here(ledger);
        }
        is_over.store(true, Ordering::Relaxed);
        clerks.join().expect("the clerks end")
    });
    let n: usize = done.iter().map(|done| done.records.len()).sum();
    report.tell("kills", "8 clients, 100 kills of their server", format!("{n} changes"));
    tell(report, "kills", &done);
    prove(report, "kills", (&ledger, before, &done));
}

fn together(n: u64, work: &(dyn Fn(u64) -> Done + Sync)) -> Vec<Done> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..n).map(|nth| scope.spawn(move || work(nth))).collect();
        threads.into_iter().map(|thread| thread.join().expect("a clerk")).collect()
    })
}

/// Registers case after case, each until it is answered.
fn clerk(ledger: &Ledger, nth: u64, goes_on: &dyn Fn(u64) -> bool) -> Done {
    let mut door = door(ledger);
    let mut done = Done::default();
    for number in 0.. {
        if !goes_on(number) {
            break;
        }
        let request = Request::Do(register(nth, number));
        let since = Instant::now();
        loop {
            match door.call(request.clone()) {
                Ok(Reply::Done(outcome)) => {
                    let record = outcome.record.expect("a case was made");
                    done.records.push(record.id);
                    break;
                }
                Err(refusal) if is_passing(refusal.kind) => {
                    done.n_again += 1;
                    thread::sleep(REST);
                }
                other => panic!("clerk {nth}, change {number}: {other:?}"),
            }
            assert!(since.elapsed() < PATIENCE, "clerk {nth} waits in vain");
        }
        done.longest = done.longest.max(since.elapsed());
    }
    done
}

const fn is_passing(kind: RefusalKind) -> bool {
    matches!(kind, RefusalKind::Busy | RefusalKind::Closed | RefusalKind::Unknown)
}

fn register(nth: u64, number: u64) -> Order {
    let run = u128::from(std::process::id());
    let text = format!("第{nth}人第{number}件：村道损坏");
    let fields = [
        ("name", "张三"),
        ("request", text.as_str()),
        ("received_on", "2026-10-19"),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "visit"),
        ("source", "direct"),
    ];
    Order {
        id: RequestId(run << 96 | u128::from(nth) << 64 | u128::from(number)),
        act: Act::Register,
        on: None,
        seen: None,
        fields: fields.map(|(name, text)| (name.to_owned(), text.to_owned())).into(),
    }
}

fn tell(report: &mut Report, budget: &'static str, done: &[Done]) {
    let again: u64 = done.iter().map(|done| done.n_again).sum();
    let longest = done.iter().map(|done| done.longest).max().unwrap_or_default();
    let figure = format!("{again} asked again, the longest wait {} ms", longest.as_millis());
    report.tell(budget, "answers that were lost or put off", figure);
}

/// Compares what was acknowledged with what is there.
fn prove(report: &mut Report, what: &'static str, (ledger, before, done): (&Ledger, u64, &[Done])) {
    let records: Vec<u64> = done.iter().flat_map(|done| done.records.iter().copied()).collect();
    let distinct: BTreeSet<u64> = records.iter().copied().collect();
    let made = n_cases(ledger) - before;
    let acked = records.len() as u64;
    let zero = Limit::AtMost(0.0);
    let lost = acked.saturating_sub(made) as f64;
    report.judge((what, "acknowledged changes that are lost"), (lost, ""), zero);
    let doubled = made.saturating_sub(acked) + (acked - distinct.len() as u64);
    report.judge((what, "changes that are there twice"), (doubled as f64, ""), zero);
    let Ok(Reply::Check(view)) = door(ledger).call(Request::Check) else { panic!("no check") };
    let findings = view.findings.len() + usize::from(!view.good);
    report.judge((what, "findings of `check`"), (findings as f64, ""), zero);
}

fn n_cases(ledger: &Ledger) -> u64 {
    match door(ledger).call(Request::Status) {
        Ok(Reply::Status(view)) => {
            view.n_records.iter().find(|(kind, _)| *kind == Kind::Case).map_or(0, |(_, n)| *n)
        }
        other => panic!("{other:?} is no status"),
    }
}
