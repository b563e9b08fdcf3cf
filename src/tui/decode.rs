//! Bytes of a terminal to events: UTF-8, control characters, escape sequences, bracketed paste.
//!
//! crossterm's own reader is not used: it spins on a lost terminal, and takes an arrow key that was
//! split over two packets for Escape and two letters. Here a beginning waits a moment for its rest.
//! INVARIANT: what is pasted never becomes a key, even if it holds the mark that ends a paste.

use std::collections::VecDeque;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use crate::tui::decode::sequence::{Step, step};

pub mod sequence;

/// The most bytes of one paste that are kept; the rest is counted and dropped.
pub const PASTE_BYTES_MAX: usize = 400_400;

const PASTE_START: &[u8] = b"\x1b[200~";
const PASTE_END: &[u8] = b"\x1b[201~";

/// A decoder: bytes in as they come, events out.
#[derive(Debug, Default)]
pub struct Decoder {
    /// Bytes that are no event yet.
    bytes: Vec<u8>,
    events: VecDeque<Event>,
    state: State,
}

#[derive(Debug, Default)]
enum State {
    /// Keys are typed.
    #[default]
    Keys,
    /// Escape was given away after waiting; the rest of its sequence may still come.
    AfterEscape,
    /// A paste is running.
    Paste(Vec<u8>),
    /// A paste has ended, if its end mark was not part of what was pasted.
    PasteEnded(Vec<u8>),
}

impl Decoder {
    /// Takes the bytes of one read.
    pub fn feed(&mut self, bytes: &[u8]) {
        if matches!(self.state, State::AfterEscape) {
            self.state = State::Keys;
            if bytes.len() > 1 && matches!(bytes.first(), Some(b'[' | b'O')) {
                self.bytes.push(b'\x1b');
            }
        }
        self.bytes.extend_from_slice(bytes);
        self.advance();
    }

    /// The next event.
    pub fn next_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Whether something was begun that a moment of quiet would end: call [`Decoder::settle`] then.
    pub fn is_waiting(&self) -> bool {
        match self.state {
            State::Keys | State::AfterEscape => !self.bytes.is_empty(),
            State::Paste(_) => false,
            State::PasteEnded(_) => true,
        }
    }

    /// Ends what was begun, as nothing more has come for a moment.
    pub fn settle(&mut self) {
        match std::mem::take(&mut self.state) {
            State::PasteEnded(pasted) => {
                self.give_paste(&pasted);
                self.advance();
            }
            paste @ State::Paste(_) => self.state = paste,
            State::Keys | State::AfterEscape => self.give_rest(),
        }
    }

    fn advance(&mut self) {
        loop {
            match std::mem::take(&mut self.state) {
                State::Paste(pasted) => {
                    if !self.take_paste(pasted) {
                        return;
                    }
                }
                State::PasteEnded(pasted) => {
                    if !self.end_paste(pasted) {
                        return;
                    }
                }
                State::Keys | State::AfterEscape => {
                    if !self.take_key() {
                        return;
                    }
                }
            }
        }
    }

    /// Takes one key from the bytes; false if they hold no whole one.
    fn take_key(&mut self) -> bool {
        if self.bytes.starts_with(PASTE_START) {
            self.bytes.drain(..PASTE_START.len());
            self.state = State::Paste(Vec::new());
            return true;
        }
        match step(&self.bytes) {
            Step::Event(n_bytes, event) => {
                self.bytes.drain(..n_bytes);
                self.events.push_back(event);
                true
            }
            Step::Skip(n_bytes) => {
                self.bytes.drain(..n_bytes);
                true
            }
            Step::More => false,
        }
    }

    /// Moves pasted bytes; true when the end mark was found.
    fn take_paste(&mut self, mut pasted: Vec<u8>) -> bool {
        if let Some(at) = find(&self.bytes, PASTE_END) {
            keep(&mut pasted, self.bytes.drain(..at));
            self.bytes.drain(..PASTE_END.len());
            self.state = State::PasteEnded(pasted);
            return true;
        }
        // The last bytes may be the beginning of the end mark.
        let n_safe = self.bytes.len().saturating_sub(PASTE_END.len() - 1);
        keep(&mut pasted, self.bytes.drain(..n_safe));
        self.state = State::Paste(pasted);
        false
    }

    /// A second end mark means that the first was pasted, and so was what lies between.
    fn end_paste(&mut self, mut pasted: Vec<u8>) -> bool {
        let start = find(&self.bytes, PASTE_START);
        match find(&self.bytes, PASTE_END) {
            Some(end) if start.is_none_or(|start| end < start) => {
                keep(&mut pasted, self.bytes.drain(..end));
                self.bytes.drain(..PASTE_END.len());
                self.state = State::PasteEnded(pasted);
                true
            }
            Some(_) | None if start.is_some() => {
                self.give_paste(&pasted);
                true
            }
            Some(_) | None => {
                self.state = State::PasteEnded(pasted);
                false
            }
        }
    }

    fn give_paste(&mut self, pasted: &[u8]) {
        self.events.push_back(Event::Paste(String::from_utf8_lossy(pasted).into_owned()));
    }

    /// Nothing follows: a lone escape is the key, a broken character is shown as broken, and the
    /// rest of a broken sequence is dropped rather than typed.
    fn give_rest(&mut self) {
        let rest = std::mem::take(&mut self.bytes);
        let event = match rest.as_slice() {
            [] => return,
            [b'\x1b'] => {
                self.state = State::AfterEscape;
                KeyEvent::from(KeyCode::Esc)
            }
            [b'\x1b', sign @ (b'[' | b'O')] => {
                KeyEvent::new(KeyCode::Char(char::from(*sign)), KeyModifiers::ALT)
            }
            [b'\x1b', ..] => return,
            _ => KeyEvent::from(KeyCode::Char(char::REPLACEMENT_CHARACTER)),
        };
        self.events.push_back(Event::Key(event));
    }
}

fn keep(pasted: &mut Vec<u8>, more: impl Iterator<Item = u8>) {
    let room = PASTE_BYTES_MAX.saturating_sub(pasted.len());
    // The iterator is a drain: what is not taken is removed when it is dropped.
    pasted.extend(more.take(room));
}

fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).position(|window| window == mark)
}

#[cfg(test)]
mod tests;
