//! One word against the fields of one row.
//!
//! A spoken field (name, title, place) is matched with its pinyin; a number by its digits, its
//! tail first. Short numbers are not looked for in telephone and ID numbers: three digits occur
//! in one of a hundred of them and would only tell a stranger that somebody is there.

use crate::search::arena::Fields;
use crate::search::body::RowSet;
use crate::search::entry::FieldTag;
use crate::search::mask::Begin;
use crate::spell::pinyin::Sort;
use crate::spell::reading::Speller;
use crate::spell::term::{Fit, Grade, Term};

/// The fewest digits that are looked for in telephone and ID numbers.
pub const DIGITS_MIN: usize = 4;

const GRADE_WEIGHT: u32 = 64;
const FIELD_WEIGHT: u32 = 8;

/// A word of the query with what the index made ready for it.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// The word.
    pub term: Term,
    /// The bits that a row must have.
    pub mask: u64,
    /// What the word begins with.
    pub begin: Begin<'a>,
    /// The rows whose long text holds all its characters.
    pub bodies: RowSet,
}

/// A fit of a word in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowFit {
    /// How well: grade, then the field's weight, then what is finer.
    pub score: u32,
    /// How well, without the field.
    pub grade: Grade,
    /// The place of the field among the row's short fields that are not barred.
    pub field: usize,
    /// Where in the field, in bytes.
    pub bytes: (usize, usize),
}

/// A set of field tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tags(u16);

impl Tags {
    /// The set of these tags.
    pub fn of(tags: &[FieldTag]) -> Self {
        Self(tags.iter().fold(0, |set, tag| set | 1 << *tag as u16))
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

/// The best fit of a word among the fields of a row.
pub fn fit_row(speller: &Speller, wanted: &Wanted, fields: Fields, barred: Tags) -> Option<RowFit> {
    let mut best: Option<RowFit> = None;
    for (field, (tag, text)) in fields.filter(|(tag, _)| !barred.has(*tag)).enumerate() {
        let fit = if tag.is_spoken() {
            // A fit inside a lesser field cannot beat anything found so far.
            let reach = if best.is_none() { Reach::Anywhere } else { Reach::Beginning };
            fit_spoken(speller, wanted, (tag, text), reach)
        } else {
            fit_number(&wanted.term, tag, text)
        };
        let Some(fit) = fit else { continue };
        let score = score(fit.grade, tag, fit.fine);
        if best.is_none_or(|best| score > best.score) {
            best = Some(RowFit { score, grade: fit.grade, field, bytes: (fit.from, fit.to) });
        }
    }
    best
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Beginning,
    Anywhere,
}

fn fit_spoken(
    speller: &Speller,
    wanted: &Wanted,
    field: (FieldTag, &str),
    reach: Reach,
) -> Option<Fit> {
    let (tag, text) = field;
    let sort = if tag == FieldTag::Name { Sort::Name } else { Sort::Plain };
    let mut from = 0;
    while let Some(at) = wanted.begin.next(text, from) {
        if reach == Reach::Beginning && at > 0 {
            return None;
        }
        if let Some(fit) = wanted.term.fit_at(speller, text, (at, sort)) {
            return Some(fit);
        }
        from = at + text.get(at..)?.chars().next()?.len_utf8();
    }
    None
}

fn fit_number(term: &Term, tag: FieldTag, text: &str) -> Option<Fit> {
    if matches!(tag, FieldTag::Phone | FieldTag::IdNumber) && !may_be_tail(term, tag) {
        return None;
    }
    let (bytes, word) = (text.as_bytes(), term.text().as_bytes());
    let is_at = |at: usize| {
        bytes.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word))
    };
    let tail = bytes.len().checked_sub(word.len())?;
    let fit = |grade, fine, from| Some(Fit { grade, fine, from, to: from + word.len() });
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

/// Whether a word can be four digits or more of such a number; an ID number may end in x.
fn may_be_tail(term: &Term, tag: FieldTag) -> bool {
    let chars = term.chars();
    let digits = match (tag, chars) {
        (FieldTag::IdNumber, [digits @ .., 'x']) => digits,
        _ => chars,
    };
    chars.len() >= DIGITS_MIN && digits.iter().all(char::is_ascii_digit)
}
