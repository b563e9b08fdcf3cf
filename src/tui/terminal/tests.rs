//! A terminal is left as it was found, on every way out.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;

use portable_pty::{MasterPty, PtySize, native_pty_system};
use ratatui::layout::Size;
use rustix::fs::{Mode, OFlags, open};
use rustix::termios::{LocalModes, tcgetattr};

use crate::tui::look::Ambiguous;
use crate::tui::terminal::{Mouse, Tty, is_too_small};

/// A made-up terminal: the side that a window has, and the side that a program has.
pub fn pty() -> (Box<dyn MasterPty + Send>, OwnedFd) {
    let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).expect("a pseudo terminal");
    let path = pair.master.tty_name().expect("a name");
    let slave = open(&path, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).expect("the other side");
    (pair.master, slave)
}

fn read_until(from: &mut dyn Read, end: &str) -> String {
    let mut bytes = Vec::new();
    while !String::from_utf8_lossy(&bytes).ends_with(end) {
        let mut byte = [0];
        from.read_exact(&mut byte).expect("more bytes");
        bytes.extend_from_slice(&byte);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn is_raw(slave: &OwnedFd) -> bool {
    !tcgetattr(slave).unwrap().local_modes.contains(LocalModes::ICANON)
}

#[test]
fn a_terminal_is_left_as_it_was_found_and_only_once() {
    let (master, slave) = pty();
    let mut window = master.try_clone_reader().unwrap();
    let tty = Tty::new(slave.try_clone().unwrap(), slave.try_clone().unwrap()).unwrap();
    assert!(!is_raw(&slave));
    tty.enter(Mouse::On).unwrap();
    assert!(is_raw(&slave));
    let entered = read_until(&mut window, "\x1b[?1006h");
    assert!(entered.contains("\x1b[?1049h") && entered.contains("\x1b[?2004h"), "{entered:?}");
    tty.leave();
    assert!(!is_raw(&slave));
    tty.leave();
    drop(tty);
    File::from(slave.try_clone().unwrap()).write_all(b"end").unwrap();
    let left = read_until(&mut window, "end");
    assert_eq!(left.matches("\x1b[?1049l").count(), 1, "{left:?}");
    assert!(left.contains("\x1b[?2004l") && left.contains("\x1b[?25h"), "{left:?}");
}

#[test]
fn a_dropped_terminal_is_left() {
    let (_master, slave) = pty();
    let tty = Tty::new(slave.try_clone().unwrap(), slave.try_clone().unwrap()).unwrap();
    tty.enter(Mouse::Off).unwrap();
    drop(tty);
    assert!(!is_raw(&slave));
}

#[test]
fn leaving_a_terminal_that_is_gone_is_no_error() {
    let (master, slave) = pty();
    let tty = Tty::new(slave.try_clone().unwrap(), slave).unwrap();
    tty.enter(Mouse::Off).unwrap();
    drop(master);
    tty.leave();
    assert!(tty.enter(Mouse::Off).is_err());
}

#[test]
fn a_file_is_no_terminal() {
    let file = tempfile::tempfile().unwrap();
    let other = file.try_clone().unwrap();
    assert!(Tty::new(OwnedFd::from(file), OwnedFd::from(other)).is_err());
}

#[test]
fn a_terminal_says_how_large_it_is_and_how_wide_it_draws() {
    for (column, expected) in [(2, Some(Ambiguous::Narrow)), (3, Some(Ambiguous::Wide)), (9, None)]
    {
        let (master, slave) = pty();
        let tty = Tty::new(slave.try_clone().unwrap(), slave).unwrap();
        assert_eq!(tty.size(), Size::new(80, 24));
        tty.enter(Mouse::Off).unwrap();
        let mut window = master.take_writer().unwrap();
        window.write_all(format!("\x1b[1;{column}R").as_bytes()).unwrap();
        window.flush().unwrap();
        assert_eq!(tty.measure_ambiguous().unwrap(), expected);
    }
}

#[test]
fn below_forty_columns_or_ten_rows_no_screen_is_drawn() {
    assert!(is_too_small(Size::new(39, 24)));
    assert!(is_too_small(Size::new(80, 9)));
    assert!(!is_too_small(Size::new(40, 10)));
}
