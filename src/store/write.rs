//! A unit of work: what one change wants to write, laid over what is there.
//!
//! It moves into the batch only when its closure returned `Ok`; a refused one leaves nothing.
//! A large change (an import) spills into a transaction of its own, which is undone as a whole.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::ids::{Kind, RecordRef, RequestId, Revision, Version};
use crate::store::codec;
use crate::store::engine::{Range, Sheet};
use crate::store::fault::Fault;
use crate::store::journal::{Hash, Head};
use crate::store::key::{self, Order, Space, Span};
use crate::store::read::{Read, Visit};

/// How much a large change keeps in memory before it spills, in bytes of keys and values.
const SPILL_BYTES: usize = 8 * 1024 * 1024;

/// Whether a change shares a commit with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// It is small and waits in memory until its closure returned.
    Shared,
    /// It has a transaction of its own and may write while it runs.
    Alone,
}

/// What a request id led to; it holds no values of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The key of the reply.
    pub code: String,
    /// The record that was made or changed first, if one was.
    pub record: Option<RecordRef>,
    /// That record's version afterwards.
    pub version: Option<Version>,
    /// The ledger's revision afterwards.
    pub revision: Revision,
    /// The server's day, by which the row is forgotten later.
    pub on: NaiveDate,
}

/// Who asked, and how they named what they asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The account's number, as the kernel gave it.
    pub uid: u32,
    /// The name of the change.
    pub request: RequestId,
}

impl Asked {
    fn key(self) -> Vec<u8> {
        key::join(&[&self.uid.to_be_bytes(), &self.request.0.to_be_bytes()])
    }
}

type Overlay = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// One change on its way: reads see what it has written so far.
pub struct Work<'b> {
    sheet: Sheet<'b>,
    overlay: Overlay,
    n_bytes: usize,
    pace: Pace,
    head: Head,
    before: Head,
    has_written: bool,
}

impl<'b> Work<'b> {
    /// Begins a unit of work upon a batch whose chain ends with `head`.
    pub(super) fn new(sheet: Sheet<'b>, head: Head, pace: Pace) -> Self {
        let overlay = Overlay::new();
        Self { sheet, overlay, n_bytes: 0, pace, head, before: head, has_written: false }
    }

    /// Writes a row of a namespace that does not follow from records.
    ///
    /// # Errors
    /// [`Fault::Reserved`] for the machine's own namespaces.
    pub fn put(&mut self, space: Space, key: &[u8], value: Vec<u8>) -> Result<(), Fault> {
        if !space.is_free() {
            return Err(Fault::Reserved);
        }
        self.set(space, key, Some(value));
        Ok(())
    }

    /// Writes a value as `[form][JSON]`, for [`Read::value`].
    ///
    /// # Errors
    /// [`Fault::Reserved`] for the machine's own namespaces.
    pub fn put_value(
        &mut self,
        space: Space,
        key: &[u8],
        value: &impl Serialize,
    ) -> Result<(), Fault> {
        let bytes = codec::encode(value)?;
        self.put(space, key, bytes)
    }

    /// Removes a row of a namespace that does not follow from records.
    ///
    /// # Errors
    /// [`Fault::Reserved`] for the machine's own namespaces.
    pub fn remove(&mut self, space: Space, key: &[u8]) -> Result<(), Fault> {
        if !space.is_free() {
            return Err(Fault::Reserved);
        }
        self.set(space, key, None);
        Ok(())
    }

    /// The next number of a series, which is never handed out again.
    ///
    /// # Errors
    /// A fault of the storage.
    pub fn allot(&mut self, series: &str) -> Result<u64, Fault> {
        let next = self.last_number(series)? + 1;
        self.set(Space::Number, series.as_bytes(), Some(next.to_be_bytes().to_vec()));
        Ok(next)
    }

    /// Makes sure that a series hands out only numbers above `last`, as after an import.
    ///
    /// # Errors
    /// A fault of the storage.
    pub fn reserve(&mut self, series: &str, last: u64) -> Result<(), Fault> {
        if self.last_number(series)? < last {
            self.set(Space::Number, series.as_bytes(), Some(last.to_be_bytes().to_vec()));
        }
        Ok(())
    }

    /// The number for a new record of a kind.
    ///
    /// # Errors
    /// A fault of the storage.
    pub fn allot_id(&mut self, kind: Kind) -> Result<u64, Fault> {
        self.allot(&format!("id.{}", kind.key()))
    }

    /// What an earlier request of that name led to, if it is remembered.
    ///
    /// # Errors
    /// A fault of the storage.
    pub fn request(&self, asked: Asked) -> Result<Option<Outcome>, Fault> {
        self.value(Space::Request, &asked.key())
    }

    /// Remembers what a request led to, in the same commit as the change itself.
    ///
    /// # Errors
    /// A fault of the storage.
    pub fn remember(&mut self, asked: Asked, outcome: &Outcome) -> Result<(), Fault> {
        let bytes = codec::encode(outcome)?;
        self.set(Space::Request, &asked.key(), Some(bytes));
        Ok(())
    }

    /// Forgets requests of before a day, at most `limit` of them; says how many they were.
    ///
    /// # Errors
    /// A fault of the storage.
    pub fn forget_requests(&mut self, before: NaiveDate, limit: usize) -> Result<usize, Fault> {
        let mut old = Vec::new();
        self.scan(&Span::all(Space::Request), Order::Forward, &mut |key, bytes| {
            if codec::decode(bytes).is_none_or(|outcome: Outcome| outcome.on < before) {
                old.push(key.to_vec());
            }
            let is_enough = old.len() >= limit;
            Ok(if is_enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        for key in &old {
            self.set(Space::Request, key, None);
        }
        Ok(old.len())
    }

    /// The revision that the ledger has once this change is in it.
    ///
    /// It is one more than before from the first record that is changed.
    pub fn revision_after(&self) -> Revision {
        self.head.revision
    }

    /// The chain's end as this work leaves it.
    pub(super) fn chain(&self) -> Head {
        self.head
    }

    /// Raises the revision for the first line of this work; `sequence` is that line's number.
    pub(super) fn raise(&mut self, sequence: u64) -> Revision {
        if self.head.revision == self.before.revision {
            self.head.revision = Revision(self.before.revision.0 + 1);
            let key = self.head.revision.0.to_be_bytes();
            self.set(Space::LineOfRevision, &key, Some(sequence.to_be_bytes().to_vec()));
        }
        self.head.revision
    }

    /// Moves the chain's end.
    pub(super) fn advance(&mut self, sequence: u64, hash: Hash) {
        self.head.sequence = sequence;
        self.head.hash = hash;
    }

    /// Sets or removes a row of any namespace.
    pub(super) fn set(&mut self, space: Space, key: &[u8], value: Option<Vec<u8>>) {
        self.n_bytes += key.len() + value.as_ref().map_or(0, Vec::len);
        self.overlay.insert(key::raw(space, key), value);
        self.has_written = true;
        if self.pace == Pace::Alone && self.n_bytes > SPILL_BYTES {
            // A failure is kept by the sheet and ends the batch.
            let _noted_by_sheet = self.spill();
        }
    }

    /// Adds to a count; a count of nothing has no row.
    pub(super) fn add(&mut self, key: &[u8], delta: i64) -> Result<(), Fault> {
        let count = self.count(key)?.saturating_add_signed(delta);
        let value = (count > 0).then(|| count.to_be_bytes().to_vec());
        self.set(Space::Count, key, value);
        Ok(())
    }

    /// The first failure of the storage that this work met, even if its closure went on.
    pub(super) fn failure(&self) -> Option<Fault> {
        self.sheet.failure()
    }

    /// Moves the work into its batch and gives the chain's new end and whether there was anything.
    pub(super) fn absorb(mut self) -> Result<(Head, Wrote), Fault> {
        if self.head != self.before {
            let bytes = self.head.to_bytes();
            self.set(Space::Meta, Head::KEY, Some(bytes));
        }
        self.spill()?;
        let wrote = if self.has_written { Wrote::Something } else { Wrote::Nothing };
        Ok((self.head, wrote))
    }

    fn spill(&mut self) -> Result<(), Fault> {
        self.n_bytes = 0;
        let rows = std::mem::take(&mut self.overlay);
        match self.pace {
            Pace::Alone => self.sheet.set_all(rows),
            Pace::Shared => {
                rows.into_iter().try_for_each(|(key, value)| self.sheet.set(&key, value.as_deref()))
            }
        }
    }
}

/// Whether a unit of work changed any row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrote {
    /// There is something to commit.
    Something,
    /// There is nothing.
    Nothing,
}

impl Read for Work<'_> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        let key = key::raw(space, key);
        match self.overlay.get(&key) {
            Some(value) => Ok(value.clone()),
            None => self.sheet.get(&key, <[u8]>::to_vec),
        }
    }

    fn scan(&self, span: &Span, order: Order, visit: &mut Visit<'_>) -> Result<(), Fault> {
        let (from, to) = span.bounds();
        if from >= to {
            return Ok(());
        }
        let above = self.overlay.range::<Vec<u8>, _>(&from..&to);
        let mut merge = Merge { visit, order, is_over: false };
        let range = Range { from: &from, to: &to, order };
        match order {
            Order::Forward => merge.run(&self.sheet, range, above),
            Order::Backward => merge.run(&self.sheet, range, above.rev()),
        }
    }

    fn head(&self) -> Result<Head, Fault> {
        Ok(self.head)
    }
}

/// Visits two sorted runs of rows as one; where both have a key, the upper one counts.
struct Merge<'m, 'v> {
    visit: &'m mut Visit<'v>,
    order: Order,
    is_over: bool,
}

impl Merge<'_, '_> {
    fn run<'o>(
        &mut self,
        sheet: &Sheet<'_>,
        range: Range<'_>,
        above: impl Iterator<Item = (&'o Vec<u8>, &'o Option<Vec<u8>>)>,
    ) -> Result<(), Fault> {
        let mut above = above.peekable();
        sheet.scan(range, &mut |key, value| {
            while let Some((upper, _)) = above.peek() {
                let is_first = match self.order {
                    Order::Forward => upper.as_slice() < key,
                    Order::Backward => upper.as_slice() > key,
                };
                if !is_first {
                    break;
                }
                if let Some((key, value)) = above.next() {
                    self.offer(key, value.as_deref())?;
                }
                if self.is_over {
                    return Ok(ControlFlow::Break(()));
                }
            }
            match above.next_if(|(upper, _)| upper.as_slice() == key) {
                Some((key, value)) => self.offer(key, value.as_deref())?,
                None => self.offer(key, Some(value))?,
            }
            Ok(if self.is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        for (key, value) in above {
            if self.is_over {
                break;
            }
            self.offer(key, value.as_deref())?;
        }
        Ok(())
    }

    fn offer(&mut self, key: &[u8], value: Option<&[u8]>) -> Result<(), Fault> {
        let Some(value) = value else { return Ok(()) };
        let step = (self.visit)(key.get(1..).unwrap_or_default(), value)?;
        self.is_over = step.is_break();
        Ok(())
    }
}
