//! The orders of a list of cases: as the index has them, as lists of values one behind the other, or
//! made here of the rows that were looked at.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::domain::case::Stage;
use crate::domain::ids::CaseId;
use crate::domain::listing::{Column, Direction, Narrow, Sort, Value};
use crate::service::agenda::own_sealed;
use crate::service::lists::{List, facets_of_value};
use crate::service::stop::Stop;
use crate::service::{listing, people};
use crate::store::key::{Order, Space, Span};
use crate::store::read::Read;
use crate::store::tables::{self, Facet, Listed};

/// The most index rows that one page looks at in one list.
const SCAN_MAX: usize = 20_000;
/// The most cases that are opened to put a list in the order of their texts.
const TEXTS_MAX: usize = 2_000;
/// The head of places without a day.
const NO_DAY: [u8; 4] = [u8::MAX; 4];

/// A case at its place in the list.
type Placed = (Vec<u8>, CaseId);

impl List<'_> {
    /// As many rows of the index as a page needs and one more, in the order of the walk.
    pub(super) fn native(&self, facets: &[Facet]) -> Result<(Vec<Placed>, bool), Stop> {
        let natural = match self.tag() {
            tables::Sort::Due => Direction::Up,
            tables::Sort::Received | tables::Sort::Fresh => Direction::Down,
        };
        let is_turned = (self.sort.direction != natural) != self.is_backward();
        let order = if is_turned { Order::Backward } else { Order::Forward };
        let mut found: Vec<(Vec<u8>, Placed)> = Vec::new();
        let mut cut = false;
        for facet in facets {
            let (rows, is_cut) = self.walk(*facet, order)?;
            cut |= is_cut;
            found.extend(rows.into_iter().map(|(key, id)| {
                // What has no day comes last, whichever way the days go.
                let last = self.tag() == tables::Sort::Due && key.starts_with(&NO_DAY);
                let turned = key.iter().map(|byte| if is_turned { !byte } else { *byte });
                let is_first = self.is_backward() == last;
                let place = std::iter::once(u8::from(!is_first)).chain(turned).collect();
                (place, (key, id))
            }));
        }
        found.sort_unstable();
        found.dedup_by_key(|(_, (_, id))| *id);
        Ok((found.into_iter().map(|(_, placed)| placed).collect(), cut))
    }

    /// The rows of one list from where the page goes, and whether there may be more than were seen.
    fn walk(&self, facet: Facet, order: Order) -> Result<(Vec<Placed>, bool), Stop> {
        let prefix = tables::list_prefix(facet, self.tag());
        let from = self.from().map(|from| [prefix.as_slice(), &from].concat());
        let all = Span::prefix(Space::Index, &prefix);
        let border = [prefix.as_slice(), &NO_DAY].concat();
        let mut spans = match self.tag() {
            tables::Sort::Due => {
                vec![Span { to: Some(border.clone()), ..all.clone() }, Span { from: border, ..all }]
            }
            tables::Sort::Received | tables::Sort::Fresh => vec![all],
        };
        if self.is_backward() {
            spans.reverse();
        }
        let has = |span: &Span, key: &Vec<u8>| {
            *key >= span.from && span.to.as_ref().is_none_or(|to| key < to)
        };
        let begun = from.as_ref().and_then(|key| spans.iter().position(|span| has(span, key)));
        let mut found = Vec::new();
        let mut n_looked = 0;
        for (at, span) in spans.into_iter().enumerate().skip(begun.unwrap_or(0)) {
            let span = match (&from, order) {
                (Some(key), Order::Forward) if begun == Some(at) => span.after(key),
                (Some(key), Order::Backward) if begun == Some(at) => span.before(key),
                (Some(_) | None, _) => span,
            };
            self.snapshot.scan(&span, order, &mut |key, value| {
                n_looked += 1;
                if let Some(row) = tables::parse_listed(key, value).filter(|row| self.passes(row)) {
                    found.push((key.get(prefix.len()..).unwrap_or_default().to_vec(), row.id));
                }
                let enough = found.len() > self.most() || n_looked >= SCAN_MAX;
                Ok(if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            })?;
            if found.len() > self.most() || n_looked >= SCAN_MAX {
                break;
            }
        }
        Ok((found, n_looked >= SCAN_MAX))
    }

    /// The list as values of a column one behind the other: only those that the page touches are
    /// read.
    pub(super) fn chained(&self, column: Column) -> Result<(Vec<Placed>, bool), Stop> {
        let from = self.from();
        let mut values = self.values_of(column);
        if self.sort.direction == Direction::Down {
            values.reverse();
        }
        values.push((None, Value::Nothing));
        if self.is_backward() {
            values.reverse();
        }
        let mut found = Vec::new();
        let mut cut = false;
        for (rank, value) in values {
            let head = listing::head(rank.as_deref(), self.sort.direction);
            let begun = from.as_deref().and_then(|from| from.get(..head.len()));
            let is_behind = begun.is_some_and(|begun| match self.is_backward() {
                true => head.as_slice() > begun,
                false => head.as_slice() < begun,
            });
            let mut facets = facets_of_value(column, &value);
            if is_behind || facets.is_empty() {
                continue;
            }
            facets.extend(own_sealed(self.eye.asking));
            let mut only = self.only.clone();
            only.set(column, Some(value));
            let (rows, is_cut) = self.rows(&facets, &only)?;
            cut |= is_cut;
            let (placed, is_cut) = self.placed(rows)?;
            cut |= is_cut;
            found.extend(self.beyond(placed));
            if found.len() > self.most() {
                break;
            }
        }
        Ok((found, cut))
    }

    /// The values that the column of some case may have, upwards.
    fn values_of(&self, column: Column) -> Vec<(Option<Vec<u8>>, Value)> {
        let id = |id: u64| (Some(id.to_be_bytes().to_vec()), Value::Id(id));
        let book = self.eye.book;
        match column {
            Column::Stage => {
                let own = Stage::ALL.into_iter().filter(|stage| self.stages.has(*stage));
                let mut own: Vec<_> = own.filter(|stage| *stage != Stage::History).collect();
                own.sort_by_key(|stage| stage.code());
                let value = |stage: Stage| (Some(vec![stage.code()]), Value::word(stage.word()));
                own.into_iter().map(value).collect()
            }
            Column::Unit | Column::Village => book.units.keys().map(|unit| id(unit.0)).collect(),
            _ => book.officers.keys().map(|officer| id(officer.0)).collect(),
        }
    }

    /// The list as it is put in order here, of the rows that were read.
    pub(super) fn gathered(
        &self,
        (rows, is_cut): (Vec<Listed>, bool),
    ) -> Result<(Vec<Placed>, bool), Stop> {
        let (placed, cut) = self.placed(rows)?;
        Ok((self.beyond(placed), cut || is_cut))
    }

    /// The rows of some lists that pass, each case once, and whether there may be more.
    pub(super) fn rows(
        &self,
        facets: &[Facet],
        only: &Narrow,
    ) -> Result<(Vec<Listed>, bool), Stop> {
        let mut known = BTreeSet::new();
        let mut rows = Vec::new();
        let mut cut = false;
        let tag = self.tag();
        // Where the order is that of the index, what was looked at is the first of it.
        let is_oldest_first = (tag, self.sort)
            == (tables::Sort::Received, Sort { direction: Direction::Up, ..Sort::RECEIVED });
        let is_latest_first = (tag, self.sort)
            == (tables::Sort::Due, Sort { direction: Direction::Down, ..Sort::DUE });
        let order =
            if is_oldest_first || is_latest_first { Order::Backward } else { Order::Forward };
        for facet in facets {
            let mut n_looked = 0;
            let span = Span::prefix(Space::Index, &tables::list_prefix(*facet, tag));
            self.snapshot.scan(&span, order, &mut |key, value| {
                n_looked += 1;
                let row = tables::parse_listed(key, value).filter(|row| {
                    self.passes(row)
                        && only.passes(|column| listing::of_case(row, column, &self.groups))
                });
                rows.extend(row.filter(|row| known.insert(row.id)));
                cut |= n_looked >= SCAN_MAX;
                let is_over = n_looked >= SCAN_MAX;
                Ok(if is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            })?;
        }
        Ok((rows, cut))
    }

    /// Rows at their places, upwards, and whether some of them could not be looked at.
    fn placed(&self, mut rows: Vec<Listed>) -> Result<(Vec<Placed>, bool), Stop> {
        let (by, direction) = (self.sort.by, self.sort.direction);
        let is_text = matches!(by, Column::Title | Column::Petitioner);
        let cut = is_text && rows.len() > TEXTS_MAX;
        if cut {
            rows.truncate(TEXTS_MAX);
        }
        let mut placed = Vec::with_capacity(rows.len());
        for row in rows {
            let rank = match by {
                Column::Title | Column::Petitioner => self.text_of(row.id)?,
                _ => listing::rank_of_case(&row, by),
            };
            let mut place = listing::head(rank.as_deref(), direction);
            // Equal days stand as the index has them; else the newest comes first.
            let is_by_index = matches!(by, Column::Due | Column::Received | Column::Number);
            let is_up = is_by_index && direction == Direction::Up;
            let last = if is_up { row.id.0 } else { u64::MAX - row.id.0 };
            place.extend_from_slice(&last.to_be_bytes());
            placed.push((place, row.id));
        }
        placed.sort_unstable();
        Ok((placed, cut))
    }

    fn text_of(&self, id: CaseId) -> Result<Option<Vec<u8>>, Stop> {
        let Some(case) = self.visible(id)? else { return Ok(None) };
        let text = match self.sort.by {
            Column::Title => Some(case.title),
            _ => people::name_on(self.snapshot, &case)?,
        };
        Ok(text.as_deref().and_then(listing::rank_of_text))
    }

    /// What lies beyond where the page goes from, in the order of the walk.
    fn beyond(&self, mut placed: Vec<Placed>) -> Vec<Placed> {
        let is_backward = self.is_backward();
        if let Some(from) = self.from() {
            placed.retain(|(place, _)| if is_backward { *place < from } else { *place > from });
        }
        if is_backward {
            placed.reverse();
        }
        placed
    }
}
