//! One step through the bytes of a terminal: the first whole key or sequence in them.
//!
//! Sequences are those of xterm, of the Linux console and of PuTTY (ECMA-48, sections 5.4 and 8.3).
//! Escape followed by a control character or by a Chinese one is two keys: on a slow line they
//! come in one packet, and neither may be lost.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

/// The longest sequence that is waited for.
const SEQUENCE_BYTES_MAX: usize = 64;

/// What the first bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// So many bytes are this event.
    Event(usize, Event),
    /// So many bytes mean nothing here.
    Skip(usize),
    /// There is no whole key yet.
    More,
}

/// Looks at the first bytes.
pub fn step(bytes: &[u8]) -> Step {
    match bytes {
        [] | [b'\x1b'] => Step::More,
        [b'\x1b', b'[', rest @ ..] => control_sequence(rest),
        [b'\x1b', b'O', rest @ ..] => single_shift(rest),
        [b'\x1b', char @ b' '..=b'~', ..] => {
            key(2, KeyCode::Char(char::from(*char)), KeyModifiers::ALT)
        }
        [b'\x1b', ..] => plain(1, KeyCode::Esc),
        [b'\r' | b'\n', ..] => plain(1, KeyCode::Enter),
        [b'\t', ..] => plain(1, KeyCode::Tab),
        [b'\x08' | b'\x7f', ..] => plain(1, KeyCode::Backspace),
        [b'\0', ..] => key(1, KeyCode::Char(' '), KeyModifiers::CONTROL),
        [byte @ 1..=0x1f, ..] => {
            let char = char::from(byte + b'@').to_ascii_lowercase();
            key(1, KeyCode::Char(char), KeyModifiers::CONTROL)
        }
        _ => character(bytes),
    }
}

fn character(bytes: &[u8]) -> Step {
    let head = bytes.get(..bytes.len().min(4)).unwrap_or(bytes);
    let (valid, n_broken) = match str::from_utf8(head) {
        Ok(text) => (text, None),
        Err(error) => {
            let text = head.get(..error.valid_up_to()).unwrap_or_default();
            (str::from_utf8(text).unwrap_or_default(), error.error_len())
        }
    };
    match (valid.chars().next(), n_broken) {
        (Some(char), _) => plain(char.len_utf8(), KeyCode::Char(char)),
        (None, Some(n_bytes)) => plain(n_bytes, KeyCode::Char(char::REPLACEMENT_CHARACTER)),
        (None, None) => Step::More,
    }
}

/// What follows `ESC O`.
fn single_shift(rest: &[u8]) -> Step {
    let Some(last) = rest.first() else { return Step::More };
    match last {
        b'P'..=b'S' => plain(3, KeyCode::F(last - b'P' + 1)),
        b'M' => plain(3, KeyCode::Enter),
        _ => motion(*last).map_or(Step::Skip(3), |code| plain(3, code)),
    }
}

/// What follows `ESC [`.
fn control_sequence(rest: &[u8]) -> Step {
    if let [b'[', rest @ ..] = rest {
        // The Linux console's F1 to F5.
        return match rest.first() {
            Some(last @ b'A'..=b'E') => plain(4, KeyCode::F(last - b'A' + 1)),
            Some(_) => Step::Skip(3),
            None => Step::More,
        };
    }
    let Some(at) = rest.iter().position(|byte| !(b' '..=b'?').contains(byte)) else {
        let is_endless = rest.len() > SEQUENCE_BYTES_MAX;
        return if is_endless { Step::Skip(rest.len() + 2) } else { Step::More };
    };
    let n_bytes = at + 3;
    let (Some(last), Some(parameters)) = (rest.get(at), rest.get(..at)) else {
        return Step::More;
    };
    match last {
        // A control character or a letter of text: the sequence was broken off before it.
        0..=0x1f | 0x7f.. => Step::Skip(n_bytes - 1),
        b'M' | b'm' if parameters.starts_with(b"<") => mouse(n_bytes, parameters, *last),
        _ => named(n_bytes, &numbers(parameters), *last),
    }
}

fn named(n_bytes: usize, numbers: &[u16], last: u8) -> Step {
    let modifiers = numbers.get(1).map_or(KeyModifiers::NONE, |number| modifiers(*number));
    let code = match last {
        b'~' => numbers.first().and_then(|number| numbered(*number)),
        b'Z' => Some(KeyCode::BackTab),
        b'P'..=b'S' => Some(KeyCode::F(last - b'P' + 1)),
        _ => motion(last),
    };
    code.map_or(Step::Skip(n_bytes), |code| key(n_bytes, code, modifiers))
}

fn motion(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        _ => return None,
    })
}

/// The keys of `ESC [ number ~`.
fn numbered(number: u16) -> Option<KeyCode> {
    let function = |first: u16, f: u16| u8::try_from(number - first + f).ok().map(KeyCode::F);
    match number {
        1 | 7 => Some(KeyCode::Home),
        2 => Some(KeyCode::Insert),
        3 => Some(KeyCode::Delete),
        4 | 8 => Some(KeyCode::End),
        5 => Some(KeyCode::PageUp),
        6 => Some(KeyCode::PageDown),
        11..=15 => function(11, 1),
        17..=21 => function(17, 6),
        23..=26 => function(23, 11),
        28..=29 => function(28, 15),
        31..=34 => function(31, 17),
        _ => None,
    }
}

/// A mouse report in SGR form: button, column and row, both from 1.
fn mouse(n_bytes: usize, parameters: &[u8], last: u8) -> Step {
    let parameters = parameters.get(1..).unwrap_or_default();
    let [button, column, row] = *numbers(parameters).as_slice() else {
        return Step::Skip(n_bytes);
    };
    let kind = match (button, last) {
        (0, b'M') => MouseEventKind::Down(MouseButton::Left),
        (64, _) => MouseEventKind::ScrollUp,
        (65, _) => MouseEventKind::ScrollDown,
        _ => return Step::Skip(n_bytes),
    };
    let (column, row) = (column.saturating_sub(1), row.saturating_sub(1));
    let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
    Step::Event(n_bytes, Event::Mouse(event))
}

fn numbers(parameters: &[u8]) -> Vec<u16> {
    let text = str::from_utf8(parameters).unwrap_or_default();
    text.split(';').map(|number| number.parse().unwrap_or_default()).collect()
}

/// xterm's modifier parameter is one more than a set of bits.
fn modifiers(number: u16) -> KeyModifiers {
    let bits = u8::try_from(number.saturating_sub(1)).unwrap_or_default();
    let all = [KeyModifiers::SHIFT, KeyModifiers::ALT, KeyModifiers::CONTROL];
    let set = all.into_iter().enumerate().filter(|(bit, _)| bits & (1 << bit) != 0);
    set.map(|(_, modifier)| modifier).collect()
}

fn plain(n_bytes: usize, code: KeyCode) -> Step {
    key(n_bytes, code, KeyModifiers::NONE)
}

fn key(n_bytes: usize, code: KeyCode, modifiers: KeyModifiers) -> Step {
    Step::Event(n_bytes, Event::Key(KeyEvent::new(code, modifiers)))
}
