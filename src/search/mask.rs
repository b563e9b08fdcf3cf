//! One 64-bit mask a row, so that most rows are rejected without a look at their text, and the
//! sets of characters whose reading begins with a letter.
//!
//! Bits 0–25: a syllable begins with the letter, or the letter itself stands in the row.
//! Bits 26–35: one of the ten letters that also occur within syllables occurs anywhere.
//! Bits 36–63: a hash of each Chinese or other character. Digits have no bit: an ID number holds
//! most of them.
//! INVARIANT: a word that fits a row needs no bit that the row's mask lacks.

use crate::search::arena::Fields;
use crate::spell::fold::fold;
use crate::spell::reading::Speller;
use crate::spell::term::Term;

// The letters that stand inside syllables; every other letter only ever begins one.
const INNER: &[u8; 10] = b"aeghinoruv";
const INNER_AT: u32 = 26;
const HASH_AT: u32 = 36;
const HASH_BITS: u32 = 28;

const HAN_FIRST: u32 = 0x4e00;
const HAN_COUNT: u32 = 0x5200;
const WORDS: usize = (HAN_COUNT / 64) as usize;

/// For each letter the common Chinese characters that have a reading that begins with it.
#[derive(Debug)]
pub struct Masks {
    begins: Vec<[u64; WORDS]>,
}

impl Default for Masks {
    fn default() -> Self {
        Self { begins: vec![[0; WORDS]; 26] }
    }
}

/// What the first character of a word asks of a character of the text.
#[derive(Debug, Clone, Copy)]
pub enum Begin<'a> {
    /// The letter itself, or a Chinese character of this set.
    Letter(u8, &'a [u64; WORDS]),
    /// This character.
    Char(char),
}

impl Masks {
    /// The sets for the readings of a speller.
    pub fn new(speller: &Speller) -> Self {
        let mut masks = Self::default();
        for nth in 0..HAN_COUNT {
            let Some(char) = char::from_u32(HAN_FIRST + nth) else { continue };
            for reading in speller.readings_anywhere(char).all() {
                let set = speller
                    .letters(*reading)
                    .bytes()
                    .next()
                    .and_then(|letter| masks.set_mut(letter));
                if let Some(word) = set.and_then(|set| set.get_mut(nth as usize / 64)) {
                    *word |= 1 << (nth % 64);
                }
            }
        }
        masks
    }

    /// How many bytes are held.
    pub fn bytes(&self) -> usize {
        self.begins.capacity() * size_of::<[u64; WORDS]>()
    }

    /// The mask of a row.
    pub fn of_row(&self, speller: &Speller, row: &str) -> u64 {
        let chars = Fields::of(row).flat_map(|(_, text)| text.chars());
        chars.fold(0, |mask, char| mask | of_char(speller, fold(char)))
    }

    /// The bits that a row must have for a word to fit it.
    pub fn of_term(&self, speller: &Speller, term: &Term) -> u64 {
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

    /// What the first character of a word asks for.
    pub fn begin(&self, term: &Term) -> Option<Begin<'_>> {
        let first = *term.chars().first()?;
        if let Ok(letter @ b'a'..=b'z') = u8::try_from(first) {
            return Some(Begin::Letter(letter, self.begins.get(usize::from(letter - b'a'))?));
        }
        Some(Begin::Char(first))
    }

    fn set_mut(&mut self, letter: u8) -> Option<&mut [u64; WORDS]> {
        self.begins.get_mut(usize::from(letter.checked_sub(b'a')?))
    }
}

impl Begin<'_> {
    /// The first byte at or behind `from` where the word may begin; a fit is not certain there.
    pub fn next(&self, text: &str, from: usize) -> Option<usize> {
        match self {
            Self::Letter(letter, set) => next_letter(text.as_bytes(), from, (*letter, set)),
            Self::Char(char) => {
                let mut rest = text.get(from..)?.char_indices();
                rest.find(|(_, found)| fold(*found) == *char).map(|(at, _)| from + at)
            }
        }
    }
}

/// Reads the bytes by hand: this loop is where a search for letters spends its time.
fn next_letter(bytes: &[u8], from: usize, wanted: (u8, &[u64; WORDS])) -> Option<usize> {
    let (letter, set) = wanted;
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        if *byte < 0x80 {
            if byte.to_ascii_lowercase() == letter {
                return Some(at);
            }
            at += 1;
            continue;
        }
        match bytes.get(at..at + 3) {
            Some([first @ 0xe0..=0xef, second, third]) => {
                let code = (u32::from(first & 0x0f) << 12)
                    | (u32::from(second & 0x3f) << 6)
                    | u32::from(third & 0x3f);
                let nth = code.wrapping_sub(HAN_FIRST);
                if nth >= HAN_COUNT {
                    // Rare blocks: let the walk decide, but not for punctuation.
                    if !(0x2000..0x3040).contains(&code) {
                        return Some(at);
                    }
                } else if set.get(nth as usize / 64).is_some_and(|w| w >> (nth % 64) & 1 == 1) {
                    return Some(at);
                }
                at += 3;
            }
            _ if *byte >= 0xf0 => return Some(at),
            _ => at += 2,
        }
    }
    None
}

/// The bits of a folded character.
fn of_char(speller: &Speller, char: char) -> u64 {
    match u8::try_from(char) {
        Ok(letter @ b'a'..=b'z') => return initial(letter) | inner(letter),
        Ok(other) if other.is_ascii() => return 0,
        _ => {}
    }
    if !char.is_alphanumeric() {
        return 0;
    }
    let mut mask = 1 << (HASH_AT + (u32::from(char).wrapping_mul(0x9e37_79b1) >> 8) % HASH_BITS);
    for reading in speller.readings_anywhere(char).all() {
        for (nth, letter) in speller.letters(*reading).bytes().enumerate() {
            let inner = inner(letter);
            mask |= if nth == 0 || inner == 0 { initial(letter) | inner } else { inner };
        }
    }
    mask
}

fn initial(letter: u8) -> u64 {
    1 << u32::from(letter.wrapping_sub(b'a')).min(25)
}

fn inner(letter: u8) -> u64 {
    let place = INNER.iter().position(|inner| *inner == letter);
    place.and_then(|place| u32::try_from(place).ok()).map_or(0, |place| 1 << (INNER_AT + place))
}
