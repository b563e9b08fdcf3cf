//! The index in memory over everything that can be found: persons, cases, units, officers.
//!
//! The service upserts an entry after each commit and asks with [`Index::find`]; what the clerk
//! may not see is skipped in the scan, before ranking and counting. Held beside short fields: a
//! list of places per character for request texts, never the texts. Pinyin is not stored: words
//! are walked along the characters, and one 64-bit mask a row rejects nearly all rows first.
//! INVARIANT: the answer to a query depends on the entries held, never on how they came in.

pub mod arena;
pub mod body;
pub mod entry;
pub mod find;
pub mod fit;
pub mod mask;
pub mod query;
pub mod reader;
pub mod top;

use std::collections::HashMap;

use crate::domain::ids::RecordRef;
use crate::search::arena::{Arena, RowId};
use crate::search::body::Bodies;
use crate::search::entry::{Entry, FieldTag, Scope};
use crate::search::mask::Masks;
use crate::spell::reading::Speller;

/// The index. Reading takes `&self`, so that many may read behind one lock.
#[derive(Debug, Default)]
pub struct Index {
    speller: Speller,
    masks: Masks,
    arena: Arena,
    bodies: Bodies,
    // Each different scope once; rows name it by its place, so that a search asks about it once.
    scopes: Vec<Scope>,
    scope_places: HashMap<Scope, u32>,
}

/// How much memory an index holds, in bytes, unused capacity included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Short fields, masks, numbers and scopes of rows.
    pub rows: usize,
    /// Places of characters in request texts.
    pub bodies: usize,
    /// Tables that do not grow with the ledger.
    pub fixed: usize,
}

impl Index {
    /// An index with nothing in it.
    pub fn new() -> Self {
        let speller = Speller::new();
        let masks = Masks::new(&speller);
        Self { speller, masks, ..Self::default() }
    }

    /// How many records can be found.
    pub fn len(&self) -> usize {
        self.arena.n_live()
    }

    /// Whether nothing can be found.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Makes a record findable by this entry and by nothing that it said before.
    pub fn upsert(&mut self, entry: &Entry) {
        let scope = self.place_of(&entry.scope);
        let texts = entry.fields.iter().filter(|(tag, _)| *tag == FieldTag::Text);
        let body: Vec<&str> = texts.map(|(_, text)| text.as_str()).collect();
        let row_text = arena::encode(&entry.fields);
        if let Some(row) = self.arena.row_of(entry.record) {
            if self.arena.text(row) == row_text && self.bodies.is_same(row, &body) {
                self.arena.set_scope(row, scope);
                return;
            }
            self.arena.kill(row);
        }
        let mask = self.masks.of_row(&self.speller, &row_text);
        let row = self.arena.push(entry.record, &row_text, (mask, scope));
        self.bodies.push(row, &body);
        self.tidy();
    }

    /// Makes a record unfindable; nothing happens if it was.
    pub fn remove(&mut self, record: RecordRef) {
        if let Some(row) = self.arena.row_of(record) {
            self.arena.kill(row);
            self.tidy();
        }
    }

    /// How much memory the index holds.
    pub fn memory(&self) -> Memory {
        let scopes = self.scopes.capacity() * size_of::<Scope>()
            + self.scope_places.capacity() * (size_of::<Scope>() + size_of::<u64>());
        Memory {
            rows: self.arena.bytes() + scopes,
            bodies: self.bodies.bytes(),
            fixed: self.masks.bytes() + Bodies::FIXED_BYTES,
        }
    }

    fn place_of(&mut self, scope: &Scope) -> u32 {
        if let Some(place) = self.scope_places.get(scope) {
            return *place;
        }
        let place = RowId::try_from(self.scopes.len()).unwrap_or(RowId::MAX);
        self.scopes.push(scope.clone());
        self.scope_places.insert(scope.clone(), place);
        place
    }

    fn tidy(&mut self) {
        if self.arena.is_wasteful() {
            self.rewrite();
        }
    }

    /// Writes everything anew without the dead rows and without scopes that nothing has.
    fn rewrite(&mut self) {
        let old_scopes = std::mem::take(&mut self.scopes);
        self.scope_places.clear();
        let moved = self.arena.compact();
        self.bodies.compact(&moved);
        for row in 0..self.arena.n_rows() {
            let scope = self.arena.scope(row).and_then(|old| old_scopes.get(old as usize));
            if let Some(scope) = scope {
                let place = self.place_of(&scope.clone());
                self.arena.set_scope(row, place);
            }
        }
    }
}

#[cfg(test)]
mod tests;
