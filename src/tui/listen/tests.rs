//! What comes from outside arrives once; a lost terminal ends the listener.

use std::io::Write;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use ratatui::layout::{Position, Size};
use signal_hook::consts::{SIGCONT, SIGWINCH};
use signal_hook::low_level::raise;

use crate::tui::key::Key;
use crate::tui::listen::{Input, Listener, Loss, PASTE_CHARS_MAX, Pasted, Signals, Wheel};
use crate::tui::terminal::tests::pty;
use crate::tui::terminal::{Mouse, Tty};

/// Longer than anything here takes; a test that waits so long has failed.
const LONG: Duration = Duration::from_secs(20);

/// The next thing that is not about a signal: signals reach every listener of the process.
fn next(from: &Receiver<Input>) -> Option<Input> {
    loop {
        let input = from.recv_timeout(LONG).ok()?;
        if !matches!(input, Input::Resize(_) | Input::Resumed) {
            return Some(input);
        }
    }
}

struct Desk {
    window: Box<dyn Write + Send>,
    master: Box<dyn portable_pty::MasterPty + Send>,
    from: Receiver<Input>,
    listener: Listener,
    _tty: Tty,
}

fn desk() -> Desk {
    let (master, slave) = pty();
    let tty = Tty::new(slave.try_clone().unwrap(), slave).unwrap();
    tty.enter(Mouse::Off).unwrap();
    let (to, from) = channel();
    let listener =
        Listener::start(tty.descriptors().unwrap(), Signals::catch().unwrap(), to).unwrap();
    let window = master.take_writer().unwrap();
    Desk { window, master, from, listener, _tty: tty }
}

#[test]
fn keys_pastes_and_the_wheel_arrive_in_order() {
    let mut desk = desk();
    desk.window.write_all("f征\x1b[A\x1b[200~一\r二\x1b[201~\x1b[<65;1;1M".as_bytes()).unwrap();
    desk.window.write_all(b"\x1b[<0;3;4M").unwrap();
    assert_eq!(next(&desk.from), Some(Input::Key(Key::Char('f'))));
    assert_eq!(next(&desk.from), Some(Input::Key(Key::Char('征'))));
    assert_eq!(next(&desk.from), Some(Input::Key(Key::Up)));
    let pasted = Pasted::text("一\n二");
    assert_eq!(next(&desk.from), Some(Input::Paste(pasted)));
    assert_eq!(next(&desk.from), Some(Input::Wheel(Wheel::Down)));
    assert_eq!(next(&desk.from), Some(Input::Click(Position::new(2, 3))));
}

#[test]
fn a_lone_escape_is_heard_after_a_moment() {
    let mut desk = desk();
    desk.window.write_all(b"\x1b").unwrap();
    assert_eq!(next(&desk.from), Some(Input::Key(Key::Esc)));
}

#[test]
fn a_lost_terminal_is_told_once_and_ends_the_listener() {
    let Desk { mut window, master, from, listener, _tty } = desk();
    window.write_all(b"a").unwrap();
    assert_eq!(next(&from), Some(Input::Key(Key::Char('a'))));
    // The made-up window sends an end of file when it is dropped, which may be heard before.
    drop(window);
    drop(master);
    let rest: Vec<Input> = std::iter::from_fn(|| next(&from)).collect();
    assert_eq!(rest.last(), Some(&Input::Gone(Loss::HungUp)));
    let n_gone = rest.iter().filter(|input| matches!(input, Input::Gone(_))).count();
    assert_eq!(n_gone, 1);
    assert!(from.recv().is_err(), "the thread has ended and let go of its end");
    drop(listener);
}

#[test]
fn a_terminal_lost_in_the_middle_of_a_key_is_told_too() {
    let Desk { mut window, master, from, listener: _listener, _tty } = desk();
    window.write_all(b"\x1b[1;").unwrap();
    drop(window);
    drop(master);
    let all: Vec<Input> = std::iter::from_fn(|| next(&from)).collect();
    assert_eq!(all.last(), Some(&Input::Gone(Loss::HungUp)));
}

#[test]
fn the_end_of_a_pipe_is_the_end_of_the_terminal() {
    let (read, mut write) = std::io::pipe().unwrap();
    let (_master, screen) = pty();
    let (to, from) = channel::<Input>();
    let _listener = Listener::start((read.into(), screen), Signals::catch().unwrap(), to).unwrap();
    write.write_all(b"q").unwrap();
    drop(write);
    let heard: Vec<Input> = std::iter::from_fn(|| next(&from)).collect();
    assert_eq!(heard.last(), Some(&Input::Gone(Loss::HungUp)));
}

#[test]
fn a_new_size_and_going_on_after_a_stop_are_told() {
    let desk = desk();
    desk.master
        .resize(portable_pty::PtySize { rows: 30, cols: 100, pixel_width: 0, pixel_height: 0 })
        .unwrap();
    raise(SIGWINCH).unwrap();
    let heard = desk.from.iter().find(|input| matches!(input, Input::Resize(_)));
    assert_eq!(heard, Some(Input::Resize(Size::new(100, 30))));
    raise(SIGCONT).unwrap();
    assert!(desk.from.iter().any(|input| input == Input::Resumed));
}

#[test]
fn a_listener_that_is_dropped_ends_at_once() {
    let desk = desk();
    drop(desk.listener);
    assert_eq!(next(&desk.from), None);
}

#[test]
fn a_paste_is_cleaned_and_kept_up_to_its_limit() {
    let hostile = Pasted::of("张\u{202e}三\u{1b}[31m\r\n第二行");
    assert_eq!(hostile.text, "张三[31m\n第二行");
    assert_eq!((hostile.n_dropped, hostile.is_cut), (2, false));
    let long = Pasted::of(&"征".repeat(PASTE_CHARS_MAX + 1));
    assert_eq!((long.text.chars().count(), long.is_cut), (PASTE_CHARS_MAX, true));
}

#[test]
fn an_end_by_signal_has_the_exit_code_of_shells() {
    assert_eq!((Loss::HungUp.exit_code(), Loss::Terminated.exit_code()), (129, 143));
}
