//! One 64-bit mask a row, so that most rows are rejected without a look at their text.
//!
//! It covers the row's own spoken fields. Bits 0-25: a syllable begins with the letter, or the
//! letter itself stands there. Bits 26-35: one of the ten letters that also occur within
//! syllables occurs anywhere. Bits 36-45: the digit stands there. Bits 46-63: a hash of each
//! Chinese or other character.
//! INVARIANT: a word that fits such a field needs no bit that the row's mask lacks.

use crate::spell::fold::{fold, is_passed_over};
use crate::spell::reading::Speller;
use crate::spell::term::Term;

// The letters that stand inside syllables; every other letter only ever begins one.
const INNER: &[u8; 10] = b"aeghinoruv";
const INNER_AT: u32 = 26;
// The first letters of syllables, and letters that stand alone.
const LETTERS: u32 = (1 << INNER_AT) - 1;
const DIGITS_AT: u32 = 36;
const HASH_AT: u32 = 46;
const HASH_BITS: u32 = 18;

/// The mask of a text.
pub fn of_text(speller: &Speller, chars: impl Iterator<Item = char>) -> u64 {
    chars.fold(0, |mask, char| mask | of_char(speller, fold(char)))
}

/// The bits that a row must have for a word to fit it.
pub fn of_term(speller: &Speller, term: &Term) -> u64 {
    let mut mask = 0;
    for (nth, char) in term.chars().iter().enumerate() {
        mask |= match u8::try_from(*char) {
            Ok(letter @ b'a'..=b'z') => {
                let inner = inner(letter);
                if nth == 0 || inner == 0 { inner | initial(letter) } else { inner }
            }
            _ => of_char(speller, *char),
        };
    }
    mask
}

/// Where the spoken fields of a row begin: a bit for the letters and a few for all else. A word
/// fits at the beginning of a field only if a row has the bit of its first character.
pub fn beginnings(speller: &Speller, firsts: impl Iterator<Item = char>) -> u32 {
    firsts.map(fold).fold(0, |bits, char| {
        // Whatever stands behind it may be where a fit begins.
        let is_open = is_passed_over(char);
        bits | if is_open { u32::MAX } else { beginning(of_char(speller, char)) }
    })
}

/// The bits of which a row needs one for a word to fit at the beginning of a field.
pub fn beginnings_of_term(speller: &Speller, term: &Term) -> u32 {
    match term.chars().first() {
        Some(letter @ 'a'..='z') => beginning(initial(u8::try_from(*letter).unwrap_or(b'z'))),
        Some(char) => beginning(of_char(speller, *char)) & !LETTERS,
        None => 0,
    }
}

/// The first letters as they are, the rest folded into the bits behind them.
fn beginning(mask: u64) -> u32 {
    let letters = u32::try_from(mask & u64::from(LETTERS)).unwrap_or(0);
    let rest = mask >> DIGITS_AT;
    let folded = (0..u64::BITS - DIGITS_AT).filter(|at| rest >> at & 1 == 1);
    folded.fold(letters, |bits, at| bits | 1 << (INNER_AT + at % (u32::BITS - INNER_AT)))
}

/// The bits of a folded character.
fn of_char(speller: &Speller, char: char) -> u64 {
    match u8::try_from(char) {
        Ok(letter @ b'a'..=b'z') => return initial(letter) | inner(letter),
        Ok(digit @ b'0'..=b'9') => return 1 << (DIGITS_AT + u32::from(digit - b'0')),
        Ok(other) if other.is_ascii() => return 0,
        _ => {}
    }
    if !char.is_alphanumeric() {
        return 0;
    }
    let mut mask = 1 << (HASH_AT + (u32::from(char).wrapping_mul(0x9e37_79b1) >> 8) % HASH_BITS);
    for reading in speller.readings_anywhere(char).all() {
        mask |= of_syllable(speller.letters(*reading));
    }
    mask
}

/// The bits that a row has in which a character with that reading stands.
pub fn of_syllable(letters: &str) -> u64 {
    let bits = letters.bytes().enumerate().map(|(nth, letter)| {
        let inner = inner(letter);
        if nth == 0 || inner == 0 { initial(letter) | inner } else { inner }
    });
    bits.fold(0, |mask, bits| mask | bits)
}

fn initial(letter: u8) -> u64 {
    1 << u32::from(letter.wrapping_sub(b'a')).min(25)
}

fn inner(letter: u8) -> u64 {
    let place = INNER.iter().position(|inner| *inner == letter);
    place.and_then(|place| u32::try_from(place).ok()).map_or(0, |place| 1 << (INNER_AT + place))
}
