//! The index in memory over everything that can be found: persons, cases, units, officers.
//!
//! The service upserts an entry after each commit and asks with [`Index::find`]; what the clerk
//! may not see is skipped in the scan, before ranking and counting. Held beside short fields: a
//! list of places per character for request texts, never the texts. Pinyin is not stored: words
//! are walked along the characters, and one 64-bit mask a row rejects nearly all rows first.
//! INVARIANT: the answer to a query depends on the entries held, never on how they came in.

pub mod arena;
pub mod body;
pub mod column;
pub mod entry;
pub mod find;
pub mod fit;
pub mod group;
pub mod like;
pub mod mask;
pub mod query;
pub mod reader;
pub mod row;
pub mod sift;
pub mod sight;
pub mod top;
pub mod twins;
pub mod wanted;

use crate::domain::ids::RecordRef;
use crate::search::arena::Arena;
use crate::search::body::Bodies;
use crate::search::entry::{Entry, FieldTag};
use crate::search::row::{Draft, Piece, chars, spoken};
use crate::spell::reading::Speller;

/// The index. Reading takes `&self`, so that many may read behind one lock.
#[derive(Debug, Default)]
pub struct Index {
    speller: Speller,
    arena: Arena,
    bodies: Bodies,
}

/// How much memory an index holds, in bytes, unused capacity included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Short fields, masks, numbers and scopes of rows.
    pub rows: usize,
    /// Places of characters in request texts.
    pub bodies: usize,
}

impl Index {
    /// An index with nothing in it.
    pub fn new() -> Self {
        Self::default()
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
        let texts = entry.fields.iter().filter(|(tag, _)| *tag == FieldTag::Text);
        let body: Vec<&str> = texts.map(|(_, text)| text.as_str()).collect();
        let draft = Draft::of(&entry.fields);
        if let Some(row) = self.arena.row_of(entry.record) {
            if self.arena.is_same(row, &draft) && self.bodies.is_same(row, &body) {
                self.arena.set_scope(row, &entry.scope);
                self.arena.set_over(row, entry.is_over);
                self.tidy();
                return;
            }
            self.arena.kill(row);
        }
        let mask = mask::of_text(&self.speller, chars(&draft.spoken));
        let firsts = spoken(&draft.spoken).filter_map(|(_, piece)| match piece {
            Piece::Spoken(units) => chars(units).next(),
            Piece::Printed(_) => None,
        });
        let begins = mask::beginnings(&self.speller, firsts);
        let row = self.arena.push(entry.record, &entry.scope, (&draft, mask, begins));
        self.arena.set_over(row, entry.is_over);
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
        Memory { rows: self.arena.bytes(), bodies: self.bodies.bytes() }
    }

    fn tidy(&mut self) {
        if self.arena.is_wasteful() {
            self.rewrite();
        }
    }

    /// Writes everything anew without the dead rows and without scopes that nothing has.
    fn rewrite(&mut self) {
        let moved = self.arena.compact();
        self.bodies.compact(&moved);
    }
}

#[cfg(test)]
mod tests;
