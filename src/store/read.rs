//! Reading: the few functions that a snapshot and a unit of work share.
//!
//! Nothing here knows the engine; what is built on [`Read`] works the same before and after a
//! commit.

use std::ops::ControlFlow;

use serde::de::DeserializeOwned;

use crate::domain::ids::{Kind, RecordRef, Revision};
use crate::domain::record::Record;
use crate::store::codec;
use crate::store::engine::{Frozen, Range};
use crate::store::fault::Fault;
use crate::store::journal::Head;
use crate::store::key::{self, Order, Space, Span};

/// What a scan calls for each row: key without namespace, value, and whether to go on.
pub type Visit<'v> = dyn FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, Fault> + 'v;

/// A key without its namespace, and its value.
pub type Pair = (Vec<u8>, Vec<u8>);

/// The ledger as a snapshot or a unit of work sees it.
pub trait Read {
    /// The value of a key.
    ///
    /// # Errors
    /// A fault of the storage, here and in all that follow.
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, Fault>;

    /// Visits the rows of a range until the visitor breaks off.
    ///
    /// # Errors
    /// A fault of the storage, or the visitor's.
    fn scan(&self, span: &Span, order: Order, visit: &mut Visit<'_>) -> Result<(), Fault>;

    /// The record with a number, if there is one.
    ///
    /// # Errors
    /// [`Fault::Undecodable`] or [`Fault::Unsound`] if it is damaged.
    fn load<R: Record>(&self, id: u64) -> Result<Option<R>, Fault>
    where
        Self: Sized,
    {
        let record = RecordRef { kind: R::KIND, id };
        match self.get(Space::Record, &key::record_key(record))? {
            Some(bytes) => codec::decode_record(record, &bytes).map(Some),
            None => Ok(None),
        }
    }

    /// Visits all records of a kind in the order of their numbers, until the visitor breaks off.
    ///
    /// # Errors
    /// A damaged record's fault, or the visitor's.
    fn each<R: Record>(
        &self,
        visit: &mut dyn FnMut(R) -> Result<ControlFlow<()>, Fault>,
    ) -> Result<(), Fault>
    where
        Self: Sized,
    {
        let span = Span::prefix(Space::Record, &[R::KIND.code()]);
        self.scan(&span, Order::Forward, &mut |key, bytes| {
            let (record, _) =
                key::split_record(key).ok_or(Fault::Damaged("a record has an odd key"))?;
            visit(codec::decode_record(record, bytes)?)
        })
    }

    /// Some fields of one record, as [`Self::each_glance`] reads them.
    ///
    /// # Errors
    /// [`Fault::Undecodable`] if the record lacks one of the fields.
    fn glance<T: DeserializeOwned>(&self, record: RecordRef) -> Result<Option<T>, Fault>
    where
        Self: Sized,
    {
        let Some(bytes) = self.get(Space::Record, &key::record_key(record))? else {
            return Ok(None);
        };
        codec::decode(&bytes).map(Some).ok_or(Fault::Undecodable(record))
    }

    /// Visits all records of a kind as some of their fields, in a fraction of the time.
    ///
    /// Only these fields are read; whether the whole record is sound is not looked at.
    ///
    /// # Errors
    /// [`Fault::Undecodable`] if a record lacks one of the fields, or the visitor's fault.
    fn each_glance<T: DeserializeOwned>(
        &self,
        kind: Kind,
        visit: &mut dyn FnMut(T) -> Result<ControlFlow<()>, Fault>,
    ) -> Result<(), Fault>
    where
        Self: Sized,
    {
        let span = Span::prefix(Space::Record, &[kind.code()]);
        self.scan(&span, Order::Forward, &mut |key, bytes| {
            let (record, _) =
                key::split_record(key).ok_or(Fault::Damaged("a record has an odd key"))?;
            visit(codec::decode(bytes).ok_or(Fault::Undecodable(record))?)
        })
    }

    /// A value that was written by `put_value`, if there is one.
    ///
    /// # Errors
    /// [`Fault::Damaged`] if it does not have the expected form.
    fn value<T: DeserializeOwned>(&self, space: Space, key: &[u8]) -> Result<Option<T>, Fault>
    where
        Self: Sized,
    {
        let Some(bytes) = self.get(space, key)? else { return Ok(None) };
        codec::decode(&bytes).map(Some).ok_or(Fault::Damaged("a value has an odd form"))
    }

    /// The first rows of a range, at most `limit` of them.
    ///
    /// # Errors
    /// A fault of the storage.
    fn page(&self, span: &Span, order: Order, limit: usize) -> Result<Vec<Pair>, Fault> {
        let mut rows = Vec::new();
        if limit == 0 {
            return Ok(rows);
        }
        self.scan(span, order, &mut |key, value| {
            rows.push((key.to_vec(), value.to_vec()));
            Ok(if rows.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        Ok(rows)
    }

    /// How many records bear a count.
    ///
    /// # Errors
    /// [`Fault::Damaged`] if the row is no number.
    fn count(&self, key: &[u8]) -> Result<u64, Fault> {
        self.get(Space::Count, key)?.map_or(Ok(0), |bytes| number(&bytes))
    }

    /// The last number that a series handed out; 0 if it has not begun.
    ///
    /// # Errors
    /// [`Fault::Damaged`] if the row is no number.
    fn last_number(&self, series: &str) -> Result<u64, Fault> {
        self.get(Space::Number, series.as_bytes())?.map_or(Ok(0), |bytes| number(&bytes))
    }

    /// The head of the journal: how often the ledger has been changed, and the chain's end.
    ///
    /// # Errors
    /// [`Fault::Damaged`] if the row is missing.
    fn head(&self) -> Result<Head, Fault> {
        let bytes = self.get(Space::Meta, Head::KEY)?;
        bytes
            .and_then(|bytes| Head::from_bytes(&bytes))
            .ok_or(Fault::Damaged("the journal has no head"))
    }

    /// The ledger's revision.
    ///
    /// # Errors
    /// [`Fault::Damaged`] if the journal has no head.
    fn revision(&self) -> Result<Revision, Fault> {
        Ok(self.head()?.revision)
    }
}

/// A committed state of the ledger, which stays as it is while others write.
///
/// It is cheap to take and keeps old pages from being used again: drop it after the request.
pub struct Snapshot {
    frozen: Frozen,
}

impl Snapshot {
    pub(super) fn new(frozen: Frozen) -> Self {
        Self { frozen }
    }
}

impl Snapshot {
    /// Visits every row of the ledger in the order of keys, each key with its namespace's byte.
    ///
    /// # Errors
    /// A fault of the storage, or the visitor's.
    pub fn dump(&self, visit: &mut Visit<'_>) -> Result<(), Fault> {
        self.frozen.scan(Range { from: &[0], to: &[u8::MAX], order: Order::Forward }, visit)
    }
}

impl Read for Snapshot {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        self.frozen.get(&key::raw(space, key), <[u8]>::to_vec)
    }

    fn scan(&self, span: &Span, order: Order, visit: &mut Visit<'_>) -> Result<(), Fault> {
        let (from, to) = span.bounds();
        let range = Range { from: &from, to: &to, order };
        self.frozen.scan(range, &mut |key, value| visit(key.get(1..).unwrap_or_default(), value))
    }
}

/// A row's value as a number.
pub fn number(bytes: &[u8]) -> Result<u64, Fault> {
    match key::split_number(bytes) {
        Some((number, [])) => Ok(number),
        _ => Err(Fault::Damaged("a counter is no number")),
    }
}
