//! One word of a query with all that the index makes ready for a scan.

use crate::search::arena::RowId;
use crate::search::body::RowSet;
use crate::search::entry::FieldTag;
use crate::search::fit::{Looker, Tags, begin_score_max, body_score, may_be_private};
use crate::search::group::{GroupId, Groups};
use crate::search::row::{self, Piece};
use crate::search::{Index, mask};
use crate::spell::reading::is_han;
use crate::spell::sieve::Sieve;
use crate::spell::term::Term;
use crate::spell::term::whole::Spelling;

/// A word of the query with what the index made ready for it.
#[derive(Debug)]
pub struct Wanted {
    /// The word.
    pub term: Term,
    /// Its sieve.
    pub sieve: Sieve,
    /// How well it can stand at the beginning of a field.
    pub spelling: Spelling,
    /// The bits that a row must have for the word to stand in its own spoken fields.
    pub mask: u64,
    /// The bits of which it must have one for the word to stand at the beginning of one.
    pub beginning: u32,
    /// For each village the score of the word in it.
    pub places: Vec<u32>,
    /// Whether it stands in any.
    pub has_places: bool,
    /// The rows whose printed fields may hold it.
    pub printed: RowSet,
    /// The rows whose long text may hold it.
    pub bodies: RowSet,
}

impl Index {
    /// Makes a word ready; nothing of it stands in a barred field.
    pub fn want(&self, term: Term, barred: Tags) -> Wanted {
        let sieve = Sieve::new(&self.speller, &term);
        let looker = Looker { speller: &self.speller, term: &term, sieve: &sieve };
        let places = self.arena.groups.places().map(|place| {
            let field = (FieldTag::Place, Piece::Spoken(place));
            let fields = Some(field).filter(|(tag, _)| !barred.has(*tag));
            looker.look(fields.into_iter()).map_or(0, |fit| fit.score)
        });
        let places: Vec<u32> = places.collect();
        let mut printed = RowSet::default();
        self.arena.codes.rows_with(term.text(), &mut printed);
        if may_be_private(&term, FieldTag::IdNumber) {
            self.arena.privates.rows_with(term.text(), &mut printed);
        }
        let is_text = term.chars().iter().any(|char| is_han(*char))
            && !term.chars().iter().any(char::is_ascii_alphabetic)
            && !barred.has(FieldTag::Text);
        Wanted {
            mask: mask::of_term(&self.speller, &term),
            beginning: mask::beginnings_of_term(&self.speller, &term),
            has_places: places.iter().any(|score| *score > 0),
            places,
            printed,
            bodies: if is_text { self.bodies.rows_with(term.chars()) } else { RowSet::default() },
            spelling: term.spelling(),
            sieve,
            term,
        }
    }
}

impl Wanted {
    /// Whether anything but a row's own spoken fields can hold the word.
    pub fn has_sets(&self) -> bool {
        self.has_places || !self.printed.is_empty() || !self.bodies.is_empty()
    }

    /// More than the word can be worth anywhere but in a row's own spoken fields.
    pub fn beside_score_max(&self) -> u32 {
        if !self.printed.is_empty() {
            return u32::MAX;
        }
        let body = if self.bodies.is_empty() { 0 } else { body_score() };
        self.places.iter().copied().fold(body, u32::max)
    }

    /// More than the word can be worth at the beginning of one of the fields in a row's units;
    /// nothing if it begins none.
    #[inline]
    pub fn begin_score_max(&self, units: &[u16]) -> u32 {
        let scores = row::spoken(units).map(|(tag, piece)| match piece {
            Piece::Spoken(field @ [first, ..]) if self.sieve.may_begin(*first) => {
                begin_score_max(tag, (field, self.term.chars().len()), self.spelling)
            }
            Piece::Spoken(_) | Piece::Printed(_) => 0,
        });
        scores.max().unwrap_or(0)
    }

    /// Whether a row can fit, by its mask, its village and the sets.
    #[inline]
    pub fn may_fit(&self, row: (RowId, u64, GroupId), index: &Index) -> bool {
        let (row, mask, group) = row;
        mask & self.mask == self.mask
            || self.printed.has(row)
            || self.bodies.has(row)
            || self.place_score(&index.arena.groups, group) > 0
    }

    /// The score of the word in the village of a group; zero is none.
    #[inline]
    pub fn place_score(&self, groups: &Groups, group: GroupId) -> u32 {
        if !self.has_places {
            return 0;
        }
        self.places.get(groups.place_id(group)).copied().unwrap_or(0)
    }
}
