//! The best rows of a scan, without sorting all that fit.
//!
//! INVARIANT: what is kept does not depend on the order in which rows are offered.

use std::cmp::Reverse;

use crate::domain::ids::RecordRef;
use crate::search::arena::RowId;

/// A row that fits, with all that decides its place. The least comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The sum of its words' scores.
    pub score: Reverse<u32>,
    /// The code of its kind.
    pub kind: u8,
    /// What is under way comes before what is over.
    pub is_over: bool,
    /// Its number: newer records first.
    pub id: Reverse<u64>,
    /// The row.
    pub row: RowId,
}

impl Place {
    /// The place of a row's record.
    pub const fn of(score: u32, record: RecordRef, row: RowId) -> Self {
        let (kind, id) = (record.kind.code(), Reverse(record.id));
        Self { score: Reverse(score), kind, is_over: false, id, row }
    }

    /// The same behind all that fit as well and are under way.
    pub const fn over(self, is_over: bool) -> Self {
        Self { is_over, ..self }
    }
}

/// The best so many places of those offered.
#[derive(Debug)]
pub struct Top {
    places: Vec<Place>,
    most: usize,
    // The worst place that still counts, once there are enough.
    bar: Option<Place>,
}

impl Top {
    /// Room for so many.
    pub fn new(most: usize) -> Self {
        Self { places: Vec::new(), most, bar: None }
    }

    /// Offers a place.
    #[inline]
    pub fn offer(&mut self, place: Place) {
        if self.takes(place) {
            self.places.push(place);
            if self.places.len() >= self.most.saturating_mul(2).max(64) {
                self.cut();
            }
        }
    }

    /// Whether a place would be kept as things stand.
    #[inline]
    pub fn takes(&self, place: Place) -> bool {
        self.most > 0 && self.bar.is_none_or(|bar| place < bar)
    }

    /// Whether a score would be kept whatever the record.
    #[inline]
    pub fn takes_score(&self, score: u32) -> bool {
        self.most > 0 && self.bar.is_none_or(|bar| Reverse(score) <= bar.score)
    }

    /// Sets the bar by all that was offered so far.
    pub fn cut(&mut self) {
        if self.places.len() > self.most {
            self.places.select_nth_unstable(self.most);
            self.places.truncate(self.most);
        }
        if self.places.len() == self.most {
            self.bar = self.places.iter().max().copied();
        }
    }

    /// The places kept, the best first.
    pub fn into_sorted(mut self) -> Vec<Place> {
        self.places.sort_unstable();
        self.places.truncate(self.most);
        self.places
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Top};
    use crate::domain::ids::{Kind, RecordRef};
    use proptest::prelude::{prop, proptest};

    proptest! {
        #[test]
        fn the_best_are_kept_in_whatever_order_they_come(
            scores in prop::collection::vec(0_u32..50, 0..400),
            most in 0_usize..60,
        ) {
            let mut places: Vec<Place> = (0_u32..)
                .zip(&scores)
                .map(|(row, score)| {
                    Place::of(*score, RecordRef { kind: Kind::Case, id: row.into() }, row)
                })
                .collect();
            let mut top = Top::new(most);
            places.iter().for_each(|place| top.offer(*place));
            places.sort_unstable();
            places.truncate(most);
            assert_eq!(top.into_sorted(), places);
        }
    }
}
