//! Keys: what the keyboard can say, how it is written down, and how it is read with an input
//! method on.
//!
//! A key is written `f3`, `ctrl-p`, `space` or as itself; a script is written `f zs <ret>`.
//! What a terminal cannot tell apart (Ctrl-I and Tab, Shift with an arrow) is one key here.

use std::fmt;
use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use thiserror::Error;

/// A key that was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// A character as typed, also one that an input method committed.
    Char(char),
    /// Enter, or Return.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// The key that deletes backwards.
    Backspace,
    /// The key that deletes forwards.
    Delete,
    /// Insert.
    Insert,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// A word to the left: Ctrl or Alt with the arrow.
    WordLeft,
    /// A word to the right: Ctrl or Alt with the arrow.
    WordRight,
    /// Home.
    Home,
    /// End.
    End,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// A function key, from 1.
    F(u8),
    /// Ctrl with a small ASCII letter, a digit, a sign or a space.
    Ctrl(char),
    /// Alt with a character.
    Alt(char),
}

/// A text that names no key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no key is called {0:?}")]
pub struct UnknownKey(pub String);

/// Keys that no command may have: terminals stop and start their output with the first two, and
/// input methods are switched with the third.
pub const NEVER_BOUND: [Key; 3] = [Key::Ctrl('s'), Key::Ctrl('q'), Key::Ctrl(' ')];

const NAMES: [(&str, Key); 18] = [
    ("space", Key::Char(' ')),
    ("enter", Key::Enter),
    ("esc", Key::Esc),
    ("tab", Key::Tab),
    ("backtab", Key::BackTab),
    ("backspace", Key::Backspace),
    ("delete", Key::Delete),
    ("insert", Key::Insert),
    ("up", Key::Up),
    ("down", Key::Down),
    ("left", Key::Left),
    ("right", Key::Right),
    ("ctrl-left", Key::WordLeft),
    ("ctrl-right", Key::WordRight),
    ("home", Key::Home),
    ("end", Key::End),
    ("pgup", Key::PageUp),
    ("pgdn", Key::PageDown),
];

/// Short names that scripts may use besides.
const SHORT_NAMES: [(&str, Key); 6] = [
    ("ret", Key::Enter),
    ("bs", Key::Backspace),
    ("del", Key::Delete),
    ("ins", Key::Insert),
    ("lt", Key::Char('<')),
    ("s-tab", Key::BackTab),
];

/// Chinese punctuation and the ASCII sign on the same key of an input method.
const TWINS: [(char, char); 22] = [
    ('\u{3001}', '/'), // enumeration comma, typed with the slash key
    ('\u{3002}', '.'),
    ('\u{3010}', '['),
    ('\u{3011}', ']'),
    ('\u{300c}', '['),
    ('\u{300d}', ']'),
    ('\u{300e}', '{'),
    ('\u{300f}', '}'),
    ('\u{3014}', '['),
    ('\u{3015}', ']'),
    ('\u{300a}', '<'),
    ('\u{300b}', '>'),
    ('\u{3008}', '<'),
    ('\u{3009}', '>'),
    ('\u{2018}', '\''),
    ('\u{2019}', '\''),
    ('\u{201c}', '"'),
    ('\u{201d}', '"'),
    ('\u{2014}', '_'),
    ('\u{2026}', '^'),
    ('\u{ffe5}', '$'),
    ('\u{b7}', '`'),
];

impl Key {
    /// The key of an event of the keyboard; `None` for releases and keys without a meaning here.
    pub fn from_event(event: &KeyEvent) -> Option<Self> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let has_ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let has_alt = event.modifiers.contains(KeyModifiers::ALT);
        let is_word = has_ctrl || has_alt;
        Some(match event.code {
            KeyCode::Char(char) if has_ctrl => Self::Ctrl(char.to_ascii_lowercase()),
            KeyCode::Char(char) if has_alt => Self::Alt(char),
            KeyCode::Char(char) => Self::Char(char),
            KeyCode::Enter => Self::Enter,
            KeyCode::Esc => Self::Esc,
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => Self::BackTab,
            KeyCode::Tab => Self::Tab,
            KeyCode::BackTab => Self::BackTab,
            KeyCode::Backspace => Self::Backspace,
            KeyCode::Delete => Self::Delete,
            KeyCode::Insert => Self::Insert,
            KeyCode::Up => Self::Up,
            KeyCode::Down => Self::Down,
            KeyCode::Left if is_word => Self::WordLeft,
            KeyCode::Right if is_word => Self::WordRight,
            KeyCode::Left => Self::Left,
            KeyCode::Right => Self::Right,
            KeyCode::Home => Self::Home,
            KeyCode::End => Self::End,
            KeyCode::PageUp => Self::PageUp,
            KeyCode::PageDown => Self::PageDown,
            KeyCode::F(number) => Self::F(number),
            KeyCode::Null
            | KeyCode::CapsLock
            | KeyCode::ScrollLock
            | KeyCode::NumLock
            | KeyCode::PrintScreen
            | KeyCode::Pause
            | KeyCode::Menu
            | KeyCode::KeypadBegin
            | KeyCode::Media(_)
            | KeyCode::Modifier(_) => return None,
        })
    }

    /// The key as a command reads it: full-width letters, digits and signs and Chinese punctuation
    /// become their ASCII twins, so that an input method may stay on.
    pub fn fold(self) -> Self {
        if let Self::Char(char) = self { Self::Char(ascii_twin(char)) } else { self }
    }

    /// Whether the key is a Chinese character: one typed where no text is open starts a search.
    pub fn is_chinese_text(self) -> bool {
        matches!(self, Self::Char(char) if is_han(char))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((name, _)) = NAMES.iter().find(|(_, key)| key == self) {
            return out.write_str(name);
        }
        let (prefix, char) = match self {
            Self::F(number) => return write!(out, "f{number}"),
            Self::Ctrl(char) => ("ctrl-", char),
            Self::Alt(char) => ("alt-", char),
            Self::Char(char) => ("", char),
            Self::Enter
            | Self::Esc
            | Self::Tab
            | Self::BackTab
            | Self::Backspace
            | Self::Delete
            | Self::Insert
            | Self::Up
            | Self::Down
            | Self::Left
            | Self::Right
            | Self::WordLeft
            | Self::WordRight
            | Self::Home
            | Self::End
            | Self::PageUp
            | Self::PageDown => return Ok(()),
        };
        out.write_str(prefix)?;
        if *char == ' ' { out.write_str("space") } else { write!(out, "{char}") }
    }
}

impl FromStr for Key {
    type Err = UnknownKey;

    /// Reads `f3`, `ctrl-p`, `space`, `ret`, or a character that stands for itself.
    fn from_str(text: &str) -> Result<Self, UnknownKey> {
        let unknown = || UnknownKey(text.to_owned());
        if let Some(char) = only_char(text) {
            return Ok(Self::Char(char));
        }
        let mut named = NAMES.iter().chain(&SHORT_NAMES);
        if let Some((_, key)) = named.find(|(name, _)| text.eq_ignore_ascii_case(name)) {
            return Ok(*key);
        }
        if let Some(name) = strip_any(text, ["ctrl-", "c-"]) {
            let char = char_called(name).ok_or_else(unknown)?;
            return Ok(Self::Ctrl(char.to_ascii_lowercase()));
        }
        if let Some(name) = strip_any(text, ["alt-", "a-"]) {
            return char_called(name).map(Self::Alt).ok_or_else(unknown);
        }
        let number = strip_any(text, ["f", "F"]).and_then(|digits| digits.parse().ok());
        number.filter(|number| (1..=24).contains(number)).map(Self::F).ok_or_else(unknown)
    }
}

/// The keys of a script such as `f zs <ret>`: blanks only part, `<name>` is a named key, and every
/// other character is itself.
///
/// # Errors
///
/// A name between `<` and `>` that no key has.
pub fn script(text: &str) -> Result<Vec<Key>, UnknownKey> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let after = rest.get(char.len_utf8()..).unwrap_or_default();
        rest = after;
        match (char, after.split_once('>')) {
            ('<', Some((name, behind))) if is_name(name) => {
                keys.push(name.parse()?);
                rest = behind;
            }
            _ if char.is_whitespace() => {}
            _ => keys.push(Key::Char(char)),
        }
    }
    Ok(keys)
}

/// The ASCII twin of a full-width or Chinese character; any other character itself.
pub fn ascii_twin(char: char) -> char {
    match char {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(char) - 0xfee0).unwrap_or(char),
        '\u{3000}' => ' ',
        _ => TWINS.iter().find(|(wide, _)| *wide == char).map_or(char, |(_, ascii)| *ascii),
    }
}

/// Whether a character is Han, with the extensions in which rare names are written.
pub fn is_han(char: char) -> bool {
    matches!(char,
        '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn strip_any<'a, const N: usize>(text: &'a str, prefixes: [&str; N]) -> Option<&'a str> {
    prefixes.iter().find_map(|prefix| text.strip_prefix(prefix))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(|char: char| char == '<' || char.is_whitespace())
}

fn char_called(name: &str) -> Option<char> {
    if name == "space" { Some(' ') } else { only_char(name) }
}

fn only_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests;
