//! Characters whose width is ambiguous (UAX 11), and what stands for them on a terminal that draws
//! them two columns wide.
//!
//! A twin in a text may be longer; a twin in a cell is one column, so that no border moves.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

/// An ambiguous character, its twin in a text, and its twin in a cell.
const TWINS: [(char, &str, char); 40] = [
    ('\u{201c}', "\"", '"'),
    ('\u{201d}', "\"", '"'),
    ('\u{2018}', "'", '\''),
    ('\u{2019}', "'", '\''),
    ('\u{2026}', "..", '.'),
    ('\u{2025}', "..", '.'),
    ('\u{2014}', "-", '-'),
    ('\u{2015}', "-", '-'),
    ('\u{2013}', "-", '-'),
    ('\u{2010}', "-", '-'),
    ('\u{b7}', ".", '.'),
    ('\u{2022}', "*", '*'),
    ('\u{203b}', "*", '*'),
    ('\u{d7}', "x", 'x'),
    ('\u{f7}', "/", '/'),
    ('\u{b1}', "+-", '~'),
    ('\u{b0}', "deg", 'o'),
    ('\u{2103}', "C", 'C'),
    ('\u{2116}', "No.", '#'),
    ('\u{a7}', "S.", 'S'),
    ('\u{2192}', "->", '>'),
    ('\u{2190}', "<-", '<'),
    ('\u{2191}', "^", '^'),
    ('\u{2193}', "v", 'v'),
    ('\u{21d2}', "=>", '>'),
    ('\u{25a0}', "#", '#'),
    ('\u{25a1}', "[]", 'o'),
    ('\u{25cf}', "*", '*'),
    ('\u{25cb}', "o", 'o'),
    ('\u{25ce}', "o", 'o'),
    ('\u{25b2}', "^", '^'),
    ('\u{25b3}', "^", '^'),
    ('\u{25bc}', "v", 'v'),
    ('\u{25c6}', "*", '*'),
    ('\u{25c7}', "o", 'o'),
    ('\u{2605}', "*", '*'),
    ('\u{2606}', "*", '*'),
    ('\u{2264}', "<=", '<'),
    ('\u{2265}', ">=", '>'),
    ('\u{2260}', "!=", '!'),
];

/// Whether terminals disagree on the width of a character.
pub fn is_ambiguous(char: char) -> bool {
    !char.is_ascii() && char.width() == Some(1) && char.width_cjk() == Some(2)
}

/// The twin of an ambiguous character in a text, of any length.
pub fn text_twin(char: char) -> Option<Cow<'static, str>> {
    if let Some((_, twin, _)) = TWINS.iter().find(|(wide, _, _)| *wide == char) {
        return Some(Cow::Borrowed(twin));
    }
    if let Some(number) = circled(char) {
        return Some(Cow::Owned(format!("({number})")));
    }
    line_twin(char).map(|twin| Cow::Owned(twin.to_string()))
}

/// The twin of an ambiguous character in one cell.
pub fn cell_twin(char: char) -> Option<char> {
    if let Some((_, _, twin)) = TWINS.iter().find(|(wide, _, _)| *wide == char) {
        return Some(*twin);
    }
    let digit = circled(char).and_then(|number| char::from_digit(number % 10, 10));
    digit.or_else(|| line_twin(char))
}

fn circled(char: char) -> Option<u32> {
    let from = |first: char, number: u32| u32::from(char) - u32::from(first) + number;
    match char {
        '\u{2460}'..='\u{2473}' => Some(from('\u{2460}', 1)),
        '\u{2474}'..='\u{2487}' => Some(from('\u{2474}', 1)),
        '\u{2488}'..='\u{249b}' => Some(from('\u{2488}', 1)),
        _ => None,
    }
}

fn line_twin(char: char) -> Option<char> {
    Some(match char {
        '\u{2500}' | '\u{2501}' | '\u{2504}' | '\u{2505}' | '\u{2550}' => '-',
        '\u{2502}' | '\u{2503}' | '\u{2506}' | '\u{2507}' | '\u{2551}' => '|',
        '\u{2508}'..='\u{254b}' | '\u{2552}'..='\u{2570}' => '+',
        '\u{2580}'..='\u{258f}' | '\u{2592}'..='\u{2595}' => '#',
        _ => return None,
    })
}
