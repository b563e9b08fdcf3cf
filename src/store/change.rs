//! Records in a unit of work: made, changed and removed, each with its journal line and its rows.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::fact::{self, Fact};
use crate::domain::ids::{RecordRef, Version};
use crate::domain::record::Record;
use crate::store::codec;
use crate::store::fault::Fault;
use crate::store::journal::{self, Beside, Deed, Entry, Stamp, WHOLE};
use crate::store::key::{self, Order, Row, Space, Span};
use crate::store::read::Read;
use crate::store::write::Work;

/// The rows that follow from a record before and after a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Swap {
    /// The rows of the record as it was; none for a new one.
    pub old: Vec<Row>,
    /// The rows of the record as it is to be; none for one that is removed.
    pub new: Vec<Row>,
}

impl Work<'_> {
    /// Puts a new record into the ledger and gives it back with its version.
    ///
    /// The version is 1, or, where a record of that number was removed earlier, one above the
    /// removal: so a removal is taken back.
    ///
    /// # Errors
    /// [`Fault::Taken`] if there is a record of that number; [`Fault::Unsound`] or
    /// [`Fault::Undecodable`] if it could not be read back.
    pub fn create<R: Record>(
        &mut self,
        stamp: &Stamp,
        record: R,
        rows: Vec<Row>,
    ) -> Result<R, Fault> {
        let reference = record.reference();
        if self.get(Space::Record, &key::record_key(reference))?.is_some() {
            return Err(Fault::Taken(reference));
        }
        let version = self.last_version(reference)?.next();
        let record = record.with_version(version);
        let value = codec::record_value(&record)?;
        self.put_record(reference, &value)?;
        let facts = [Fact { field: WHOLE.to_owned(), old: Value::Null, new: value }];
        let entry = Entry { deed: Deed::Created, record: reference, version, facts: &facts };
        journal::append(self, stamp, &entry)?;
        self.swap_rows(&Swap { old: Vec::new(), new: rows })?;
        Ok(record)
    }

    /// Puts a changed record in the place of the one with the same version, one version higher.
    ///
    /// Only fields that differ are journaled; if none does, the record is left as it is and keeps
    /// its version.
    ///
    /// # Errors
    /// [`Fault::Stale`] if the ledger has another version of it, or none; [`Fault::Unsound`] or
    /// [`Fault::Undecodable`] if it could not be read back.
    pub fn patch<R: Record>(&mut self, stamp: &Stamp, record: R, rows: &Swap) -> Result<R, Fault> {
        let (reference, seen) = (record.reference(), record.version());
        let record = record.with_version(seen.next());
        let value = codec::record_value(&record)?;
        let is_changed = self.patch_value(stamp, reference, value)?;
        self.swap_rows(rows)?;
        Ok(if is_changed { record } else { record.with_version(seen) })
    }

    /// Takes a record out of the ledger; the journal keeps what it was.
    ///
    /// # Errors
    /// [`Fault::Stale`] if the ledger has another version of it, or none.
    pub fn remove_record<R: Record>(
        &mut self,
        stamp: &Stamp,
        record: &R,
        rows: Vec<Row>,
    ) -> Result<(), Fault> {
        let reference = record.reference();
        let old = self.present(reference, record.version())?;
        let facts = [Fact { field: WHOLE.to_owned(), old, new: Value::Null }];
        let version = record.version().next();
        let entry = Entry { deed: Deed::Removed, record: reference, version, facts: &facts };
        journal::append(self, stamp, &entry)?;
        self.set(Space::Record, &key::record_key(reference), None);
        self.swap_rows(&Swap { old: rows, new: Vec::new() })
    }

    /// Removes the rows that a record no longer has and writes those that it did not have.
    ///
    /// Called by itself when rows change and the record does not: a new calendar moves due days.
    ///
    /// # Errors
    /// A fault of the storage.
    pub fn swap_rows(&mut self, rows: &Swap) -> Result<(), Fault> {
        let mut entries: BTreeMap<&[u8], [Option<&[u8]>; 2]> = BTreeMap::new();
        let mut counts: BTreeMap<&[u8], i64> = BTreeMap::new();
        for row in &rows.old {
            match row {
                Row::Entry { key, value } => entries.entry(key).or_default()[0] = Some(value),
                Row::Count { key } => *counts.entry(key).or_default() -= 1,
            }
        }
        for row in &rows.new {
            match row {
                Row::Entry { key, value } => entries.entry(key).or_default()[1] = Some(value),
                Row::Count { key } => *counts.entry(key).or_default() += 1,
            }
        }
        for (key, [old, new]) in entries {
            if old != new {
                self.set(Space::Index, key, new.map(<[u8]>::to_vec));
            }
        }
        for (key, delta) in counts {
            if delta != 0 {
                self.add(key, delta)?;
            }
        }
        Ok(())
    }

    /// Erases the old and new value of a field of a journal line; the chain stays whole.
    ///
    /// `by` is the line that orders it. Says whether there was anything to erase.
    ///
    /// # Errors
    /// A fault of the storage.
    pub fn erase_value(&mut self, sequence: u64, place: usize, by: u64) -> Result<bool, Fault> {
        let key = key::value_key(sequence, place);
        let beside = self.get(Space::Value, &key)?;
        let is_kept = beside
            .and_then(|bytes| journal::parse_beside(&bytes))
            .is_some_and(|beside| matches!(beside, Beside::Kept { .. }));
        if is_kept {
            let bytes = journal::beside_bytes(&Beside::Erased { by });
            self.set(Space::Value, &key, Some(bytes));
        }
        Ok(is_kept)
    }

    /// Changes a record by its JSON, whose version is one above the present one.
    ///
    /// Says whether any field differs.
    pub(super) fn patch_value(
        &mut self,
        stamp: &Stamp,
        reference: RecordRef,
        value: Value,
    ) -> Result<bool, Fault> {
        let (id, version) = codec::envelope(&value).ok_or(Fault::Undecodable(reference))?;
        if id != reference.id || version == Version(0) {
            return Err(Fault::Undecodable(reference));
        }
        let old = self.present(reference, Version(version.0 - 1))?;
        let facts = fact::diff(&old, &value);
        if facts.is_empty() {
            return Ok(false);
        }
        let entry = Entry { deed: Deed::Changed, record: reference, version, facts: &facts };
        journal::append(self, stamp, &entry)?;
        self.put_record(reference, &value)?;
        Ok(true)
    }

    /// The version of a record's last journal line; 0 if it has none.
    fn last_version(&self, record: RecordRef) -> Result<Version, Fault> {
        let prefix = key::record_key(record);
        let span = Span::prefix(Space::LineOfRecord, &prefix);
        let last = self.page(&span, Order::Backward, 1)?.pop();
        let version = last
            .as_ref()
            .and_then(|(key, _)| key.get(prefix.len()..))
            .and_then(key::split_number)
            .map_or(0, |(version, _)| version);
        Ok(Version(version))
    }

    /// The present JSON of a record that must be at a version.
    fn present(&self, record: RecordRef, version: Version) -> Result<Value, Fault> {
        let bytes =
            self.get(Space::Record, &key::record_key(record))?.ok_or(Fault::Stale(record))?;
        let value: Value = codec::decode(&bytes).ok_or(Fault::Undecodable(record))?;
        match codec::envelope(&value) {
            Some((id, present)) if id == record.id && present == version => Ok(value),
            Some(_) => Err(Fault::Stale(record)),
            None => Err(Fault::Undecodable(record)),
        }
    }

    fn put_record(&mut self, record: RecordRef, value: &Value) -> Result<(), Fault> {
        let bytes = codec::encode(value)?;
        self.set(Space::Record, &key::record_key(record), Some(bytes));
        Ok(())
    }
}
