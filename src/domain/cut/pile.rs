//! What is counted in each place of a table, and in its rows, its columns and all of it.
//!
//! INVARIANT: of items, batches and people a row is the sum of its places; of persons it is not,
//! for somebody who stands in two of them is one person.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::cut::Measure;
use crate::domain::ids::PersonId;
use crate::domain::listing::Value;

/// A value with its place among those of its dimension; what has none stands last.
pub type Place = (u64, Value);

/// One receipt, as far as it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct One<'o> {
    /// How many came or signed.
    pub people: u32,
    /// Whether it was a visit.
    pub is_visit: bool,
    /// Those who raise its matter, each under the number of the person that they were found to be.
    pub persons: &'o [PersonId],
}

/// What was counted in one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Pile {
    count: u64,
    persons: BTreeSet<PersonId>,
}

impl Pile {
    fn add(&mut self, measure: Measure, one: One<'_>) {
        match measure {
            Measure::Items => self.count += 1,
            Measure::Batches => self.count += u64::from(one.is_visit),
            Measure::People => self.count += u64::from(one.people),
            Measure::Persons => self.persons.extend(one.persons.iter().copied()),
        }
    }

    fn value(&self) -> u64 {
        // Of each measure only one of the two is ever more than nothing.
        self.count + self.persons.len() as u64
    }
}

/// What was counted in some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piles {
    measure: Measure,
    cells: BTreeMap<(Place, Place), Pile>,
    rows: BTreeMap<Place, Pile>,
    columns: BTreeMap<Place, Pile>,
    all: Pile,
}

impl Piles {
    /// Nothing yet.
    pub fn new(measure: Measure) -> Self {
        Self {
            measure,
            cells: BTreeMap::new(),
            rows: BTreeMap::new(),
            columns: BTreeMap::new(),
            all: Pile::default(),
        }
    }

    /// Adds a receipt where it stands.
    pub fn add(&mut self, (row, column): (Place, Option<Place>), one: One<'_>) {
        self.all.add(self.measure, one);
        self.rows.entry(row.clone()).or_default().add(self.measure, one);
        if let Some(column) = column {
            self.columns.entry(column.clone()).or_default().add(self.measure, one);
            self.cells.entry((row, column)).or_default().add(self.measure, one);
        }
    }

    /// All rows in which anything stands, in their order.
    pub fn rows(&self) -> impl Iterator<Item = &Place> {
        self.rows.iter().filter(|(_, pile)| pile.value() > 0).map(|(place, _)| place)
    }

    /// All columns in which anything stands, in their order.
    pub fn columns(&self) -> impl Iterator<Item = &Place> {
        self.columns.iter().filter(|(_, pile)| pile.value() > 0).map(|(place, _)| place)
    }

    /// What was counted in a row.
    pub fn of_row(&self, row: &Place) -> u64 {
        self.rows.get(row).map_or(0, Pile::value)
    }

    /// What was counted in a column.
    pub fn of_column(&self, column: &Place) -> u64 {
        self.columns.get(column).map_or(0, Pile::value)
    }

    /// What was counted where a row and a column meet.
    pub fn of_cell(&self, row: &Place, column: &Place) -> u64 {
        self.cells.get(&(row.clone(), column.clone())).map_or(0, Pile::value)
    }

    /// What was counted in all.
    pub fn total(&self) -> u64 {
        self.all.value()
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec as some;
    use proptest::prelude::any;
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::{One, Piles, Place};
    use crate::domain::cut::Measure;
    use crate::domain::ids::PersonId;
    use crate::domain::listing::Value;

    /// Row, column, how many came, whether it was a visit, who raises it.
    type Drawn = (u64, u64, u32, bool, Vec<u64>);

    fn piles(measure: Measure, drawn: &[Drawn]) -> Piles {
        let mut piles = Piles::new(measure);
        for (row, column, people, is_visit, persons) in drawn {
            let persons: Vec<PersonId> = persons.iter().map(|id| PersonId(*id)).collect();
            let one = One { people: *people, is_visit: *is_visit, persons: &persons };
            let place = |id: u64| -> Place { (id, Value::Id(id)) };
            piles.add((place(*row), Some(place(*column))), one);
        }
        piles
    }

    proptest! {
        #[test]
        fn totals_are_sums_but_of_persons_they_lie_between_the_largest_and_the_sum(
            drawn in some(
                (0..4_u64, 0..4_u64, 1..60_u32, any::<bool>(), some(0..9_u64, 0..4)),
                0..40,
            )
        ) {
            for measure in Measure::ALL {
                let piles = piles(*measure, &drawn);
                let rows: Vec<u64> = piles.rows().map(|row| piles.of_row(row)).collect();
                let columns: Vec<u64> = piles.columns().map(|own| piles.of_column(own)).collect();
                for (parts, whole) in [(&rows, piles.total()), (&columns, piles.total())] {
                    let (sum, largest) = (parts.iter().sum::<u64>(), parts.iter().max());
                    match measure {
                        Measure::Persons => {
                            prop_assert!(whole <= sum && whole >= largest.copied().unwrap_or(0));
                        }
                        _ => prop_assert_eq!(whole, sum),
                    }
                }
                for row in piles.rows() {
                    let cells = piles.columns().map(|column| piles.of_cell(row, column));
                    let (sum, own) = (cells.sum::<u64>(), piles.of_row(row));
                    prop_assert!(own <= sum && (*measure == Measure::Persons || own == sum));
                }
            }
        }
    }

    #[test]
    fn a_place_where_nothing_of_it_stands_is_no_row() {
        let letter: [Drawn; 1] = [(1, 1, 30, false, vec![1])];
        assert_eq!(piles(Measure::Batches, &letter).rows().count(), 0);
        assert_eq!(piles(Measure::People, &letter).total(), 30);
    }
}
