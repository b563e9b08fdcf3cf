//! The rows: all short fields in one text, and beside it one number a row for each thing that
//! the scan tests.
//!
//! A changed record gets a new row at the end and its old one dies; the dead go when they are too
//! many. A field is its tag and its length, as three ASCII bytes, and its text, so that the scan
//! jumps from field to field and the whole stays one valid string.
//! INVARIANT: a dead row has an empty mask and no scope, and `pages` names live rows only.

use std::collections::BTreeMap;

use crate::domain::ids::{Kind, RecordRef};
use crate::search::entry::FieldTag;
use crate::spell::fold::half_width;

/// The place of a row.
pub type RowId = u32;

/// The most bytes of one short field; what is longer is findable by its beginning.
pub const FIELD_BYTES_MAX: usize = 16_383;

// Bytes of tag and length before a field's text.
const HEAD: usize = 3;
const DEAD: u32 = u32::MAX;
const PAGE: usize = 256;
const DEAD_ROWS_MIN: usize = 1_024;

/// All rows.
#[derive(Debug, Default)]
pub struct Arena {
    text: String,
    starts: Vec<u32>,
    masks: Vec<u64>,
    scopes: Vec<u32>,
    ids: Vec<u64>,
    kinds: Vec<Kind>,
    // Numbers of records are given out in a row, so a page of 256 is mostly full.
    pages: BTreeMap<(Kind, u64), Box<[RowId; PAGE]>>,
    n_dead: usize,
    dead_bytes: usize,
}

/// The short fields of a row.
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    rest: &'a str,
}

impl<'a> Fields<'a> {
    /// The fields of a row's text.
    pub const fn of(rest: &'a str) -> Self {
        Self { rest }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (FieldTag, &'a str);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let [tag, low, high] = *self.rest.as_bytes().first_chunk::<HEAD>()?;
        let tag = *FieldTag::ALL.get(usize::from(tag).checked_sub(1)?)?;
        let end = HEAD + usize::from(low) + (usize::from(high) << 7);
        let text = self.rest.get(HEAD..end)?;
        self.rest = self.rest.get(end..)?;
        Some((tag, text))
    }
}

/// A row's text: the short fields by tag, letters and digits in half width, nothing that
/// controls. Every character of a field stays one character, so that ranges hold.
pub fn encode(fields: &[(FieldTag, String)]) -> String {
    let mut row = String::new();
    for (code, wanted) in (1_u8..).zip(FieldTag::ALL) {
        if wanted == FieldTag::Text {
            continue;
        }
        for (_, text) in fields.iter().filter(|(tag, _)| *tag == wanted) {
            let mut shown: String = text.chars().map(plain).collect();
            shown.truncate(shown.floor_char_boundary(FIELD_BYTES_MAX));
            let (low, high) = (shown.len() & 0x7f, shown.len() >> 7);
            for byte in [usize::from(code), low, high] {
                row.push(u8::try_from(byte).map_or('\0', char::from));
            }
            row.push_str(&shown);
        }
    }
    row
}

fn plain(char: char) -> char {
    let half = half_width(char);
    if half.is_ascii_alphanumeric() {
        half
    } else if char.is_control() {
        ' '
    } else {
        char
    }
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

    /// The text of all rows.
    pub fn whole(&self) -> &str {
        &self.text
    }

    /// The masks of all rows.
    pub fn masks(&self) -> &[u64] {
        &self.masks
    }

    /// The row that holds a byte of the whole text, not before a given row.
    pub fn row_at(&self, byte: usize, from: RowId) -> RowId {
        // The next hit is near: steps that double find it sooner than halving the whole.
        let starts = self.starts.get(from as usize..).unwrap_or_default();
        let is_before = |start: &u32| *start as usize <= byte;
        let mut step = 1;
        while starts.get(step).is_some_and(is_before) {
            step *= 2;
        }
        let low = step / 2;
        let near = starts.get(low..starts.len().min(step + 1)).unwrap_or_default();
        let n = low + near.partition_point(is_before);
        from + RowId::try_from(n.saturating_sub(1)).unwrap_or(0)
    }

    /// The byte at which a row ends.
    pub fn end(&self, row: RowId) -> usize {
        let next = self.starts.get(row as usize + 1);
        next.map_or(self.text.len(), |start| *start as usize)
    }

    /// The text of a row; empty if there is no such row.
    pub fn text(&self, row: RowId) -> &str {
        let start = self.starts.get(row as usize).map_or(usize::MAX, |start| *start as usize);
        self.text.get(start..self.end(row)).unwrap_or_default()
    }

    /// The scope of a row; none if it is dead.
    pub fn scope(&self, row: RowId) -> Option<u32> {
        self.scopes.get(row as usize).copied().filter(|scope| *scope != DEAD)
    }

    /// The kind of a row's record.
    pub fn kind(&self, row: RowId) -> Kind {
        self.kinds.get(row as usize).copied().unwrap_or(Kind::Office)
    }

    /// The record of a row.
    pub fn record(&self, row: RowId) -> RecordRef {
        RecordRef { kind: self.kind(row), id: self.ids.get(row as usize).copied().unwrap_or(0) }
    }

    /// The live row of a record.
    pub fn row_of(&self, record: RecordRef) -> Option<RowId> {
        let (page, place) = split(record);
        self.pages.get(&page)?.get(place).copied().filter(|row| *row != DEAD)
    }

    /// Appends a row with its mask and scope.
    pub fn push(&mut self, record: RecordRef, text: &str, tests: (u64, u32)) -> RowId {
        let row = self.n_rows();
        grow(&mut self.starts);
        grow(&mut self.masks);
        grow(&mut self.scopes);
        grow(&mut self.ids);
        grow(&mut self.kinds);
        if self.text.capacity() - self.text.len() < text.len() {
            self.text.reserve_exact(text.len() + self.text.len() / 8 + 256);
        }
        // Four gigabytes of names and titles are beyond any office's memory.
        self.starts.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        self.text.push_str(text);
        self.masks.push(tests.0);
        self.scopes.push(tests.1);
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
    pub fn set_scope(&mut self, row: RowId, scope: u32) {
        if let Some(home) = self.scopes.get_mut(row as usize) {
            *home = scope;
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
        self.set_scope(row, DEAD);
        if let Some(mask) = self.masks.get_mut(row as usize) {
            *mask = 0;
        }
        self.n_dead += 1;
        self.dead_bytes += self.text(row).len();
    }

    /// Whether more than a quarter is dead.
    pub fn is_wasteful(&self) -> bool {
        self.n_dead > DEAD_ROWS_MIN
            && (self.n_dead > self.starts.len() / 4 || self.dead_bytes > self.text.len() / 4)
    }

    /// Drops the dead rows; the answer gives the new place of each old row, none for the dead.
    pub fn compact(&mut self) -> Vec<Option<RowId>> {
        let old = std::mem::take(self);
        self.text.reserve_exact(old.text.len() - old.dead_bytes);
        (0..old.n_rows())
            .map(|row| {
                let scope = old.scope(row)?;
                let mask = old.masks.get(row as usize).copied().unwrap_or(0);
                Some(self.push(old.record(row), old.text(row), (mask, scope)))
            })
            .collect()
    }

    /// How many bytes are held.
    pub fn bytes(&self) -> usize {
        self.text.capacity()
            + self.starts.capacity() * size_of::<u32>()
            + self.masks.capacity() * size_of::<u64>()
            + self.scopes.capacity() * size_of::<u32>()
            + self.ids.capacity() * size_of::<u64>()
            + self.kinds.capacity() * size_of::<Kind>()
            + self.pages.len() * (size_of::<[RowId; PAGE]>() + 2 * size_of::<(Kind, u64)>())
    }
}

/// Makes room for one more, by an eighth and not by doubling: memory is scarcer than time here.
pub fn grow<T>(list: &mut Vec<T>) {
    if list.len() == list.capacity() {
        list.reserve_exact(list.len() / 8 + 8);
    }
}

fn split(record: RecordRef) -> ((Kind, u64), usize) {
    let page = PAGE as u64;
    ((record.kind, record.id / page), usize::try_from(record.id % page).unwrap_or(0))
}
