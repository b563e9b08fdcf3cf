//! All rows of index and count made anew from the records, in one transaction and little memory.
//!
//! Rows follow from records, from the code that makes them, and from limits and calendar. The
//! ledger notes from which of these its rows were made; where that differs, only rows that are
//! wrong are written, so that a new program whose rows are the same costs one reading.

use std::collections::{BTreeMap, HashSet};

use crate::domain::ids::RecordRef;
use crate::store::change::Swap;
use crate::store::check::RowsOf;
use crate::store::fault::Fault;
use crate::store::journal;
use crate::store::key::{self, Order, Row, Space, Span};
use crate::store::read::{self, Read};
use crate::store::write::Work;

/// Where the ledger notes from what its rows were made.
const ORIGIN_KEY: &[u8] = b"rows";
/// Records or rows that are held in memory at a time.
const PORTION: usize = 512;
/// Rows whose hashes are held at a time while surplus rows are looked for: about 16 MiB.
const ROWS_A_PASS: u64 = 1_000_000;

/// What was wrong and is right now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Remade {
    /// Index rows that were missing or held something else.
    pub n_written: u64,
    /// Index rows that follow from no record.
    pub n_removed: u64,
    /// Counts that were not the number of records that bear them.
    pub n_counts: u64,
}

/// From what the rows of a ledger were made, as [`Work::note_origin`] noted it.
///
/// # Errors
/// A fault of the storage.
pub fn origin(ledger: &impl Read) -> Result<Option<Vec<u8>>, Fault> {
    ledger.get(Space::Meta, ORIGIN_KEY)
}

/// A text as the short bytes that [`Work::note_origin`] keeps.
pub fn digest(text: &[u8]) -> Vec<u8> {
    journal::hash(text).to_vec()
}

/// What is called for each row, key and value, and may write.
type Rewrite<'v, 'b> = dyn FnMut(&mut Work<'b>, &[u8], &[u8]) -> Result<(), Fault> + 'v;

impl<'b> Work<'b> {
    /// Notes from what the rows of the ledger are made from this change on.
    pub fn note_origin(&mut self, origin: &[u8]) {
        self.set(Space::Meta, ORIGIN_KEY, Some(origin.to_vec()));
    }

    /// Makes all rows of index and count anew. A record that cannot be read has none.
    ///
    /// # Errors
    /// A fault of the storage.
    pub fn remake_rows(&mut self, rows_of: &RowsOf<'_>) -> Result<Remade, Fault> {
        let mut remade = Remade::default();
        let mut counts: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
        let mut n_expected = 0;
        self.each_row(rows_of, &mut |work, row| {
            match row {
                Row::Count { key } => *counts.entry(key).or_default() += 1,
                Row::Entry { key, value } => {
                    n_expected += 1;
                    if work.get(Space::Index, &key)?.as_ref() != Some(&value) {
                        remade.n_written += 1;
                        work.set(Space::Index, &key, Some(value));
                    }
                }
            }
            Ok(())
        })?;
        remade.n_removed = self.remove_surplus(rows_of, n_expected)?;
        remade.n_counts = self.set_counts(counts)?;
        Ok(remade)
    }

    /// Gives every record the new one of two sets of rows, as after a change of what they follow
    /// from. Rows that stay are not written.
    ///
    /// # Errors
    /// A fault of the storage.
    pub fn move_rows(
        &mut self,
        swap_of: &mut dyn FnMut(RecordRef, &[u8]) -> Swap,
    ) -> Result<(), Fault> {
        self.each_pair(Space::Record, &mut |work, key, bytes| {
            let Some((record, [])) = key::split_record(key) else { return Ok(()) };
            let swap = swap_of(record, bytes);
            if swap.old == swap.new { Ok(()) } else { work.swap_rows(&swap) }
        })
    }

    /// Visits the rows of every record, so that the visitor may write.
    fn each_row(
        &mut self,
        rows_of: &RowsOf<'_>,
        visit: &mut dyn FnMut(&mut Self, Row) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.each_pair(Space::Record, &mut |work, key, bytes| {
            let Some((record, [])) = key::split_record(key) else { return Ok(()) };
            let rows = rows_of(record, bytes).unwrap_or_default();
            rows.into_iter().try_for_each(|row| visit(work, row))
        })
    }

    /// Removes index rows that follow from no record.
    ///
    /// All that follow from records are there by now, so equal numbers mean equal sets.
    fn remove_surplus(&mut self, rows_of: &RowsOf<'_>, n_expected: u64) -> Result<u64, Fault> {
        let mut n_stored = 0;
        self.each_pair(Space::Index, &mut |_, _, _| {
            n_stored += 1;
            Ok(())
        })?;
        if n_stored == n_expected {
            return Ok(0);
        }
        let (mut n_removed, n_passes) = (0, n_expected / ROWS_A_PASS + 1);
        for pass in 0..n_passes {
            let mut expected = HashSet::new();
            self.each_row(rows_of, &mut |_, row| {
                if let Row::Entry { key, .. } = row {
                    let mark = mark(&key);
                    if mark % n_passes == pass {
                        expected.insert(mark);
                    }
                }
                Ok(())
            })?;
            self.each_pair(Space::Index, &mut |work, key, _| {
                let mark = mark(key);
                if mark % n_passes == pass && !expected.contains(&mark) {
                    work.set(Space::Index, key, None);
                    n_removed += 1;
                }
                Ok(())
            })?;
        }
        Ok(n_removed)
    }

    fn set_counts(&mut self, mut counts: BTreeMap<Vec<u8>, u64>) -> Result<u64, Fault> {
        let mut n_wrong = 0;
        self.each_pair(Space::Count, &mut |work, key, value| {
            let count = counts.remove(key);
            if count.is_none() || read::number(value).ok() != count {
                n_wrong += 1;
                let value = count.map(|count| count.to_be_bytes().to_vec());
                work.set(Space::Count, key, value);
            }
            Ok(())
        })?;
        for (key, count) in counts {
            n_wrong += 1;
            self.set(Space::Count, &key, Some(count.to_be_bytes().to_vec()));
        }
        Ok(n_wrong)
    }

    /// Visits every row of a namespace, so that the visitor may write.
    fn each_pair(&mut self, space: Space, visit: &mut Rewrite<'_, 'b>) -> Result<(), Fault> {
        let mut span = Span::all(space);
        loop {
            let portion = self.page(&span, Order::Forward, PORTION)?;
            let Some((last, _)) = portion.last() else { return Ok(()) };
            span = span.after(last);
            for (key, value) in &portion {
                visit(self, key, value)?;
            }
        }
    }
}

/// Eight bytes of a key's hash: two keys of one ledger do not share them in any ledger's lifetime.
fn mark(key: &[u8]) -> u64 {
    key::split_number(&journal::hash(key)).map_or(0, |(mark, _)| mark)
}
