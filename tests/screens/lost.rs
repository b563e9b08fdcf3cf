//! A form is lost in every way in which a form can be lost, ten times each, and is there again.
//!
//! Five clerks in five towns fill in a form each. A window is hung up or closed, the client or the
//! server is killed, and each next start offers what was typed by then.

use std::time::Duration;

use rustix::process::Signal;

use crate::pty::{Town, Window, town};

/// How often each clerk loses the form in each way.
const ROUNDS: usize = 2;
/// What a process may still use after the terminal is gone, in hundredths of a second.
const CPU_MAX: u64 = 50;
/// Longer than the two seconds after which a form is kept while nobody types.
const KEPT: Duration = Duration::from_millis(2_400);

/// A way to lose a form.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// The line is dropped: SIGHUP.
    HungUp,
    /// The window is closed, and nobody sends a signal.
    Closed,
    /// The client is killed.
    ClientKilled,
    /// The server is killed, and the line is dropped before anybody serves again.
    ServerKilled,
}

const WAYS: [Way; 4] = [Way::HungUp, Way::Closed, Way::ClientKilled, Way::ServerKilled];

/// The keys that open a form, each with what is seen then; its title; the fields before its text.
type Form = (&'static [(&'static str, &'static str)], &'static str, usize);

/// To the list of all cases, whose first row is then selected.
const CASES: (&str, &str) = ("2\t", "[全办");
/// And it has come.
const ROWS: (&str, &str) = ("", "> 1");

const FORMS: [Form; 5] = [
    (&[("n", "F10")], "新登记", 0),
    (&[CASES, ROWS, ("t", "F10")], "记进展", 2),
    (&[CASES, ROWS, ("d", "F10")], "议定", 0),
    (&[CASES, ROWS, (":", "回车选定"), ("提请帮扶", "提请帮扶"), ("\r", "F10")], "提请帮扶", 2),
    (&[("3", "[3帮扶]"), ROWS, ("t", "F10")], "记联系", 2),
];

/// What is typed, a character more each time.
const TYPED: &str = "甲乙丙丁戊己庚辛";

fn open(town: &Town) -> Window {
    Window::open(town.path(), (80, 24))
}

/// Loses the form of a window.
fn lose(town: &Town, mut window: Window, way: Way) {
    let before = window.cpu();
    match way {
        Way::HungUp => window.signal(Signal::HUP),
        Way::Closed => window.hang_up(),
        Way::ClientKilled => {
            std::thread::sleep(KEPT);
            window.signal(Signal::KILL);
        }
        Way::ServerKilled => {
            town.kill_server().expect("somebody serves");
            window.signal(Signal::HUP);
        }
    }
    let (_, took) = window.ends();
    assert!(took < Duration::from_secs(3), "{way:?} took {took:?}");
    let used = window.cpu() - before;
    assert!(used <= CPU_MAX, "{way:?} used {used} hundredths of a second");
}

fn fills_in((keys, title, n_fields): Form) {
    let town = town();
    let mut typed = String::new();
    let ways = WAYS.iter().cycle().take(ROUNDS * WAYS.len());
    for (way, more) in ways.zip(TYPED.chars()) {
        let mut window = open(&town);
        if typed.is_empty() {
            window.sees("全办");
            for (keys, seen) in keys {
                window.types(keys).sees(seen);
            }
            window.sees(title);
        } else {
            window.sees("草稿").sees(title).types("\r").sees("F10").sees(&typed);
        }
        window.types(&"\t".repeat(n_fields));
        typed.push(more);
        window.types(&more.to_string()).sees(&typed);
        lose(&town, window, *way);
    }
    open(&town).sees("草稿").sees(title).types("\r").sees(&typed);
    let left = town.processes();
    assert!(left.len() <= 1, "more than a server is left: {left:?}");
    if town.kill_server().is_some() {
        town.is_left_by_all();
    }
}

#[test]
fn no_way_to_lose_a_form_loses_what_was_typed() {
    assert!(ROUNDS * FORMS.len() >= 10);
    std::thread::scope(|scope| {
        let clerks: Vec<_> = FORMS.map(|form| scope.spawn(move || fills_in(form))).into();
        clerks.into_iter().for_each(|clerk| clerk.join().unwrap());
    });
}
