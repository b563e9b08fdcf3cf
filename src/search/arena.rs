//! The rows: their fields in a few long texts, and beside them one number a row for each thing
//! that the scan tests.
//!
//! A changed record gets a new row at the end and its old one dies; the dead go when they are too
//! many.
//! INVARIANT: a dead row has an empty mask and no group, and `pages` names live rows only.

use std::collections::BTreeMap;

use crate::domain::ids::{Kind, RecordRef};
use crate::search::column::Column;
use crate::search::entry::{FieldTag, Scope};
use crate::search::group::{GroupId, Groups};
use crate::search::row::{Draft, Front, Piece, printed, spoken};

/// The place of a row.
pub type RowId = u32;

const DEAD: GroupId = GroupId::MAX;
const PAGE: usize = 256;
const DEAD_ROWS_MIN: usize = 1_024;

/// All rows.
#[derive(Debug, Default)]
pub struct Arena {
    /// The spoken fields, those of a row one after the other.
    spoken: Vec<u16>,
    starts: Vec<u32>,
    /// Numbers and codes.
    pub codes: Column,
    /// Telephone and ID numbers.
    pub privates: Column,
    /// Scopes and villages.
    pub groups: Groups,
    masks: Vec<u64>,
    beginnings: Vec<u32>,
    fronts: Vec<Front>,
    group_of: Vec<GroupId>,
    ids: Vec<u64>,
    kinds: Vec<Kind>,
    // Bits of rows, 64 a word: whether the record is over.
    over: Vec<u64>,
    // Numbers of records are given out in a row, so a page of 256 is mostly full.
    pages: BTreeMap<(Kind, u64), Box<[RowId; PAGE]>>,
    n_dead: usize,
}

impl Arena {
    /// How many rows there are, the dead included.
    pub fn n_rows(&self) -> RowId {
        RowId::try_from(self.starts.len()).unwrap_or(RowId::MAX)
    }

    /// How many rows are alive.
    pub fn n_live(&self) -> usize {
        self.starts.len() - self.n_dead
    }

    /// The masks of all rows.
    pub fn masks(&self) -> &[u64] {
        &self.masks
    }

    /// Where the spoken fields of a row begin.
    #[inline]
    pub fn beginnings(&self, row: RowId) -> u32 {
        self.beginnings.get(row as usize).copied().unwrap_or(u32::MAX)
    }

    /// What bounds a fit at the beginning of a row's spoken fields.
    #[inline]
    pub fn front(&self, row: RowId) -> Front {
        self.fronts.get(row as usize).copied().unwrap_or(Front::NONE)
    }

    /// The groups of all rows; a dead row's is none that there is.
    pub fn group_ids(&self) -> &[GroupId] {
        &self.group_of
    }

    /// The spoken fields of a row with their heads.
    #[inline]
    pub fn spoken(&self, row: RowId) -> &[u16] {
        let at = row as usize;
        let start = self.starts.get(at).map_or(usize::MAX, |start| *start as usize);
        let end = self.starts.get(at + 1).map_or(self.spoken.len(), |start| *start as usize);
        self.spoken.get(start..end).unwrap_or_default()
    }

    /// The short fields of a row in the order of their tags.
    pub fn fields(&self, row: RowId) -> impl Iterator<Item = (FieldTag, Piece<'_>)> + Clone {
        let place = self.group(row).map(|group| self.groups.place(group)).unwrap_or_default();
        let place = Some(place).filter(|place| !place.is_empty());
        spoken(self.spoken(row))
            .chain(place.map(|place| (FieldTag::Place, Piece::Spoken(place))))
            .chain(self.printed(row))
    }

    /// The printed fields of a row.
    pub fn printed(&self, row: RowId) -> impl Iterator<Item = (FieldTag, Piece<'_>)> + Clone {
        printed(self.codes.row(row)).chain(printed(self.privates.row(row)))
    }

    /// The group of a row; none if it is dead.
    pub fn group(&self, row: RowId) -> Option<GroupId> {
        self.group_of.get(row as usize).copied().filter(|group| *group != DEAD)
    }

    /// The kind of a row's record.
    pub fn kind(&self, row: RowId) -> Kind {
        self.kinds.get(row as usize).copied().unwrap_or(Kind::Office)
    }

    /// The record of a row.
    pub fn record(&self, row: RowId) -> RecordRef {
        RecordRef { kind: self.kind(row), id: self.ids.get(row as usize).copied().unwrap_or(0) }
    }

    /// Whether the record of a row is over.
    pub fn is_over(&self, row: RowId) -> bool {
        let (word, bit) = bit_of(row);
        self.over.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// Says whether the record of a row is over.
    pub fn set_over(&mut self, row: RowId, is_over: bool) {
        let (word, bit) = bit_of(row);
        while self.over.len() <= word {
            grow(&mut self.over);
            self.over.push(0);
        }
        if let Some(bits) = self.over.get_mut(word) {
            *bits = if is_over { *bits | bit } else { *bits & !bit };
        }
    }

    /// The live row of a record.
    pub fn row_of(&self, record: RecordRef) -> Option<RowId> {
        let (page, place) = split(record);
        self.pages.get(&page)?.get(place).copied().filter(|row| *row != DEAD)
    }

    /// Whether a row has just these fields.
    pub fn is_same(&self, row: RowId, draft: &Draft) -> bool {
        let place = self.group(row).map(|group| self.groups.place(group)).unwrap_or_default();
        self.spoken(row) == draft.spoken
            && self.codes.row(row) == draft.codes
            && self.privates.row(row) == draft.privates
            && draft.place.as_deref().unwrap_or_default().encode_utf16().eq(place.iter().copied())
    }

    /// Appends a row with its mask and its beginnings.
    pub fn push(&mut self, record: RecordRef, scope: &Scope, row: (&Draft, u64, u32)) -> RowId {
        let (draft, mask, beginnings) = row;
        let group = self.groups.id_of(scope, draft.place.as_deref());
        let row = self.n_rows();
        grow(&mut self.starts);
        grow(&mut self.masks);
        grow(&mut self.beginnings);
        grow(&mut self.fronts);
        grow(&mut self.group_of);
        grow(&mut self.ids);
        grow(&mut self.kinds);
        if self.spoken.capacity() - self.spoken.len() < draft.spoken.len() {
            self.spoken.reserve_exact(draft.spoken.len() + self.spoken.len() / 8 + 256);
        }
        // Eight gigabytes of names and titles are beyond any office's memory.
        self.starts.push(u32::try_from(self.spoken.len()).unwrap_or(u32::MAX));
        self.spoken.extend_from_slice(&draft.spoken);
        self.codes.push(&draft.codes);
        self.privates.push(&draft.privates);
        self.masks.push(mask);
        self.beginnings.push(beginnings);
        self.fronts.push(Front::of(&draft.spoken));
        self.group_of.push(group);
        self.ids.push(record.id);
        self.kinds.push(record.kind);
        let (page, place) = split(record);
        let rows = self.pages.entry(page).or_insert_with(|| Box::new([DEAD; PAGE]));
        if let Some(home) = rows.get_mut(place) {
            *home = row;
        }
        row
    }

    /// Gives a live row another scope.
    pub fn set_scope(&mut self, row: RowId, scope: &Scope) {
        let old = self.group(row).map(|group| self.groups.place(group)).unwrap_or_default();
        let place = String::from_utf16_lossy(old);
        let group = self.groups.id_of(scope, Some(&place));
        if let Some(home) = self.group_of.get_mut(row as usize) {
            *home = group;
        }
    }

    /// Takes a live row out of every search.
    pub fn kill(&mut self, row: RowId) {
        let (page, place) = split(self.record(row));
        if let Some(rows) = self.pages.get_mut(&page) {
            if let Some(home) = rows.get_mut(place) {
                *home = DEAD;
            }
            if rows.iter().all(|row| *row == DEAD) {
                self.pages.remove(&page);
            }
        }
        if let Some(group) = self.group_of.get_mut(row as usize) {
            *group = DEAD;
        }
        if let Some(mask) = self.masks.get_mut(row as usize) {
            *mask = 0;
        }
        self.n_dead += 1;
    }

    /// Whether more than a quarter is dead, or most groups are those of nothing.
    pub fn is_wasteful(&self) -> bool {
        self.n_dead > DEAD_ROWS_MIN && self.n_dead > self.starts.len() / 4
            || self.groups.len() > 2 * self.n_live() + DEAD_ROWS_MIN
    }

    /// Drops the dead rows; the answer gives the new place of each old row, none for the dead.
    pub fn compact(&mut self) -> Vec<Option<RowId>> {
        let old = std::mem::take(self);
        (0..old.n_rows())
            .map(|row| {
                let group = old.group(row)?;
                let place = old.groups.place(group);
                let draft = Draft {
                    spoken: old.spoken(row).to_vec(),
                    codes: old.codes.row(row).to_owned(),
                    privates: old.privates.row(row).to_owned(),
                    place: Some(String::from_utf16_lossy(place)),
                };
                let mask = old.masks.get(row as usize).copied().unwrap_or(0);
                let scope = old.groups.scope(group)?;
                let moved = (&draft, mask, old.beginnings(row));
                let moved = self.push(old.record(row), &scope, moved);
                self.set_over(moved, old.is_over(row));
                Some(moved)
            })
            .collect()
    }

    /// How many bytes are held.
    pub fn bytes(&self) -> usize {
        self.spoken.capacity() * size_of::<u16>()
            + self.starts.capacity() * size_of::<u32>()
            + self.codes.bytes()
            + self.privates.bytes()
            + self.groups.bytes()
            + self.masks.capacity() * size_of::<u64>()
            + self.beginnings.capacity() * size_of::<u32>()
            + self.fronts.capacity() * size_of::<Front>()
            + self.group_of.capacity() * size_of::<GroupId>()
            + self.ids.capacity() * size_of::<u64>()
            + self.kinds.capacity() * size_of::<Kind>()
            + self.over.capacity() * size_of::<u64>()
            + self.pages.len() * (size_of::<[RowId; PAGE]>() + 2 * size_of::<(Kind, u64)>())
    }
}

/// Makes room for one more, by an eighth and not by doubling: memory is scarcer than time here.
pub fn grow<T>(list: &mut Vec<T>) {
    if list.len() == list.capacity() {
        list.reserve_exact(list.len() / 8 + 8);
    }
}

fn bit_of(row: RowId) -> (usize, u64) {
    ((row / u64::BITS) as usize, 1 << (row % u64::BITS))
}

fn split(record: RecordRef) -> ((Kind, u64), usize) {
    let page = PAGE as u64;
    ((record.kind, record.id / page), usize::try_from(record.id % page).unwrap_or(0))
}
