//! One word against the fields of one row.
//!
//! A spoken field (name, title, place) is matched with its pinyin; a number by its digits, its
//! tail first. Short numbers are not looked for in telephone and ID numbers: three digits occur
//! in one of a hundred of them and would only tell a stranger that somebody is there.

use crate::search::entry::FieldTag;
use crate::search::row::{Front, Piece, chars, is_common_han};
use crate::spell::pinyin::Sort;
use crate::spell::reading::Speller;
use crate::spell::sieve::Sieve;
use crate::spell::term::whole::Spelling;
use crate::spell::term::{Fit, Grade, Term};

/// The fewest digits that are looked for in telephone and ID numbers.
pub const DIGITS_MIN: usize = 4;

const GRADE_WEIGHT: u32 = 64;
const FIELD_WEIGHT: u32 = 8;

/// A fit of a word in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowFit {
    /// How well: grade, then the field's weight, then what is finer.
    pub score: u32,
    /// How well, without the field.
    pub grade: Grade,
    /// The place of the field among the fields given.
    pub field: usize,
    /// Where in the field, in characters.
    pub chars: (usize, usize),
}

/// A set of field tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tags(u16);

impl Tags {
    /// The set of these tags.
    pub fn of(tags: &[FieldTag]) -> Self {
        Self(tags.iter().fold(0, |set, tag| set | 1 << *tag as u16))
    }

    /// Whether no tag is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a tag is in the set.
    pub const fn has(self, tag: FieldTag) -> bool {
        self.0 >> tag as u16 & 1 == 1
    }
}

/// The score of a fit in a long text, which ranks behind every other but a fuzzy one.
pub const fn body_score() -> u32 {
    score(Grade::Inside, FieldTag::Text, 4)
}

/// The score of a fit.
pub const fn score(grade: Grade, tag: FieldTag, fine: u32) -> u32 {
    grade as u32 * GRADE_WEIGHT + tag.weight() * FIELD_WEIGHT + fine
}

/// What is worth most of all that does not begin a field.
pub const fn inside_score_max() -> u32 {
    score(Grade::Inside, FieldTag::Name, 7)
}

/// More than a word of so many characters can be worth at the beginning of a spoken field, by the
/// field's length alone; no bound where not all that could fit are common ideographs.
pub fn begin_score_max(tag: FieldTag, (field, n_chars): (&[u16], usize), word: Spelling) -> u32 {
    if !field.iter().take(n_chars).all(|unit| is_common_han(*unit)) {
        return u32::MAX;
    }
    if field.len() <= word.n_whole {
        score(Grade::Exact, tag, 7)
    } else if word.is_full {
        score(Grade::Prefix, tag, 5)
    } else {
        score(Grade::Initials, tag, if field.len() <= n_chars { 3 } else { 1 })
    }
}

/// The same for all fields of a row by what is known without reading them: never less.
#[inline]
pub fn front_score_max(front: Front, n_chars: usize, word: Spelling) -> u32 {
    let (shortest, plain) = (usize::from(front.shortest), usize::from(front.plain));
    if n_chars > plain || word.n_whole >= shortest {
        u32::MAX
    } else if word.is_full {
        score(Grade::Prefix, FieldTag::Name, 5)
    } else {
        score(Grade::Initials, FieldTag::Name, if shortest <= n_chars { 3 } else { 1 })
    }
}

/// Looks for one word in fields.
#[derive(Debug, Clone, Copy)]
pub struct Looker<'a> {
    /// Who reads Chinese characters aloud.
    pub speller: &'a Speller,
    /// The word.
    pub term: &'a Term,
    /// The word's sieve.
    pub sieve: &'a Sieve,
}

impl Looker<'_> {
    /// The best fit of the word among some fields.
    pub fn look<'f>(self, fields: impl Iterator<Item = (FieldTag, Piece<'f>)>) -> Option<RowFit> {
        let mut best: Option<RowFit> = None;
        for (field, (tag, piece)) in fields.enumerate() {
            // A fit inside a lesser field cannot beat anything found so far.
            let reach = if best.is_none() { Reach::Anywhere } else { Reach::Beginning };
            let fit = match piece {
                Piece::Spoken(units) => self.fit_spoken(tag, units, reach),
                Piece::Printed(text) => fit_printed(self.term, tag, text),
            };
            let Some(fit) = fit else { continue };
            let score = score(fit.grade, tag, fit.fine);
            if best.is_none_or(|best| score > best.score) {
                best = Some(RowFit { score, grade: fit.grade, field, chars: (fit.from, fit.to) });
            }
        }
        best
    }

    fn fit_spoken(self, tag: FieldTag, units: &[u16], reach: Reach) -> Option<Fit> {
        let sort = if tag == FieldTag::Name { Sort::Name } else { Sort::Plain };
        let mut n_chars = 0;
        for (at, unit) in units.iter().enumerate() {
            if matches!(unit, 0xdc00..=0xdfff) {
                continue;
            }
            if self.sieve.may_begin(*unit) {
                let rest = chars(units.get(at..).unwrap_or_default());
                let fit = self.term.fit_at(self.speller, rest, (n_chars, sort));
                if fit.is_some() {
                    return fit;
                }
            }
            if reach == Reach::Beginning {
                return None;
            }
            n_chars += 1;
        }
        None
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Beginning,
    Anywhere,
}

fn fit_printed(term: &Term, tag: FieldTag, text: &str) -> Option<Fit> {
    if matches!(tag, FieldTag::Phone | FieldTag::IdNumber) && !may_be_private(term, tag) {
        return None;
    }
    let (bytes, word) = (text.as_bytes(), term.text().as_bytes());
    let is_at = |at: usize| {
        bytes.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word))
    };
    let tail = bytes.len().checked_sub(word.len())?;
    let fit = |grade, fine, from: usize| {
        let from = text.get(..from)?.chars().count();
        Some(Fit { grade, fine, from, to: from + term.chars().len() })
    };
    if is_at(tail) {
        if tail == 0 {
            return fit(Grade::Exact, 7, 0);
        }
        // `123` is more likely meant for 2026-000123 than for 2026-009123.
        let before = tail.checked_sub(1).and_then(|at| bytes.get(at));
        let is_whole = before.is_none_or(|byte| !matches!(byte, b'1'..=b'9'));
        return fit(Grade::Prefix, if is_whole { 7 } else { 5 }, tail);
    }
    if is_at(0) {
        return fit(Grade::Initials, 5, 0);
    }
    (1..tail).find(|at| is_at(*at)).and_then(|at| fit(Grade::Inside, 5, at))
}

/// Whether a word is looked for in telephone or ID numbers; the latter may end in x.
pub fn may_be_private(term: &Term, tag: FieldTag) -> bool {
    let chars = term.chars();
    let digits = match (tag, chars) {
        (FieldTag::IdNumber, [digits @ .., 'x']) => digits,
        _ => chars,
    };
    chars.len() >= DIGITS_MIN && digits.iter().all(char::is_ascii_digit)
}
