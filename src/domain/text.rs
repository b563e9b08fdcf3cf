//! One function that cleans text from outside, and one that says whether a text is clean.
//!
//! Control, bidirectional, zero-width and tag characters can act on a terminal or hide in a name;
//! they are dropped once, at the edge (typing, import), and refused in names and numbers.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The most combining marks that one character keeps.
const MARKS_MAX: usize = 4;

/// Whether a text may have more than one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// Line breaks become spaces.
    One,
    /// Line breaks stay, as `\n`.
    Many,
}

/// A cleaned text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaned {
    /// The text without anything that could act or hide.
    pub text: String,
    /// How many characters were dropped; white space that became a plain space is not counted.
    pub n_dropped: usize,
}

/// Cleans a text: composes it (NFC), drops what acts or hides, folds odd white space to a space,
/// undoes the `_x000D_` of spreadsheets, and trims.
pub fn clean(text: &str, lines: Lines) -> Cleaned {
    let text = text.replace("\r\n", "\n").replace("_x000D_\n", "\n").replace("_x000D_", "\n");
    let mut out = String::with_capacity(text.len());
    let (mut n_dropped, mut n_marks) = (0, 0);
    for char in text.nfc() {
        if is_combining_mark(char) {
            n_marks += 1;
            if n_marks > MARKS_MAX {
                n_dropped += 1;
                continue;
            }
        } else {
            n_marks = 0;
        }
        match char {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}' => {
                out.push(if lines == Lines::Many { '\n' } else { ' ' });
            }
            _ if is_space(char) => out.push(' '),
            _ if is_hidden(char) => n_dropped += 1,
            _ => out.push(char),
        }
    }
    let text = match lines {
        Lines::One => out.trim().to_owned(),
        Lines::Many => trim_lines(&out),
    };
    Cleaned { text, n_dropped }
}

/// Whether a character acts on a terminal or cannot be seen.
pub fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}' | '\u{fff0}'..='\u{fff8}' | '\u{fffe}' | '\u{ffff}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}' | '\u{115f}' | '\u{1160}'
            | '\u{3164}' | '\u{ffa0}' | '\u{34f}' | '\u{17b4}' | '\u{17b5}')
}

/// Folds full-width letters, digits and signs to their ASCII twins, as an ID number needs.
pub fn half_width(text: &str) -> String {
    text.chars()
        .map(|char| match char {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(char) - 0xfee0).unwrap_or(char),
            '\u{3000}' => ' ',
            other => other,
        })
        .collect()
}

fn is_space(char: char) -> bool {
    matches!(
        char,
        ' ' | '\t' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

fn trim_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split('\n') {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out.trim_matches(|char| char == '\n' || char == ' ').to_owned()
}
