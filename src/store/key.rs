//! Where rows lie: one ordered space of bytes, cut by a first byte into namespaces.
//!
//! INVARIANT: a code is never given to another namespace; numbers in keys are big-endian, so that
//! the order of bytes is the order of numbers.

use crate::domain::ids::{Kind, RecordRef, Version};

/// A namespace: the first byte of every key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Space {
    /// What the machine notes about itself: schema, head, name of the ledger.
    Meta = 1,
    /// Kind and number → record.
    Record = 2,
    /// Index key → index value; made of records alone.
    Index = 3,
    /// Count key → how many records bear it; made of records alone.
    Count = 4,
    /// Name of a series → the last number handed out.
    Number = 5,
    /// Sequence → line of the journal.
    Line = 6,
    /// Kind, number and version → sequence.
    LineOfRecord = 7,
    /// Revision → its first sequence.
    LineOfRevision = 8,
    /// Sequence and place → salted old and new value.
    Value = 9,
    /// Account and request id → outcome.
    Request = 10,
    /// Month and number → line of the access log.
    Access = 11,
    /// Kind, number, month and number → nothing.
    AccessOfRecord = 12,
    /// Month and number → salted free text.
    AccessText = 13,
    /// Month → head of that segment of the access log.
    AccessHead = 14,
    /// Texts of open forms: no journal, no revision.
    Draft = 32,
    /// Rows of an import that is not yet committed.
    Staged = 33,
    /// Documents that the office loads: calendars, limits, templates.
    Document = 34,
    /// Saved filters and other small things that belong to one account.
    Setting = 35,
    /// Bytes of attachments.
    Blob = 36,
}

impl Space {
    /// Whether rows may be put here by hand; the others follow from records and changes.
    pub const fn is_free(self) -> bool {
        matches!(self, Self::Draft | Self::Staged | Self::Document | Self::Setting | Self::Blob)
    }
}

/// The order in which rows are visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// From the smallest key.
    Forward,
    /// From the largest key.
    Backward,
}

/// A range of keys within one namespace: `from <= key`, and `key < to` if there is a `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The namespace.
    pub space: Space,
    /// The first key that may be in the range.
    pub from: Vec<u8>,
    /// The first key behind the range; none if the range ends with the namespace.
    pub to: Option<Vec<u8>>,
}

impl Span {
    /// The whole namespace.
    pub fn all(space: Space) -> Self {
        Self { space, from: Vec::new(), to: None }
    }

    /// The keys that begin with a prefix.
    pub fn prefix(space: Space, prefix: &[u8]) -> Self {
        Self { space, from: prefix.to_vec(), to: successor(prefix) }
    }

    /// The part behind a key, which is left out.
    #[must_use]
    pub fn after(self, key: &[u8]) -> Self {
        let mut from = key.to_vec();
        from.push(0);
        Self { from: from.max(self.from), ..self }
    }

    /// The part before a key, which is left out.
    #[must_use]
    pub fn before(self, key: &[u8]) -> Self {
        let to = match self.to {
            Some(to) => to.min(key.to_vec()),
            None => key.to_vec(),
        };
        Self { to: Some(to), ..self }
    }

    /// The bounds as the engine knows them, the namespace's byte in front.
    pub(super) fn bounds(&self) -> (Vec<u8>, Vec<u8>) {
        let from = raw(self.space, &self.from);
        let to = match &self.to {
            Some(to) => raw(self.space, to),
            None => vec![self.space as u8 + 1],
        };
        (from, to)
    }
}

/// A row that follows from a record alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    /// A row of an index. No two records may make the same key: let it end with the record's id.
    Entry {
        /// The key within [`Space::Index`].
        key: Vec<u8>,
        /// What the row holds.
        value: Vec<u8>,
    },
    /// One more record under a count.
    Count {
        /// The key within [`Space::Count`].
        key: Vec<u8>,
    },
}

/// Joins the parts of a key.
pub fn join(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// The first eight bytes as a number, and the rest.
pub fn split_number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (head, rest) = bytes.split_first_chunk::<8>()?;
    Some((u64::from_be_bytes(*head), rest))
}

/// The key of a record.
pub(super) fn record_key(record: RecordRef) -> Vec<u8> {
    join(&[&[record.kind.code()], &record.id.to_be_bytes()])
}

/// The record of a key, and what follows it in the key.
pub(super) fn split_record(key: &[u8]) -> Option<(RecordRef, &[u8])> {
    let (code, rest) = key.split_first()?;
    let kind = Kind::from_code(*code)?;
    let (id, rest) = split_number(rest)?;
    Some((RecordRef { kind, id }, rest))
}

/// The key under which a version of a record finds its journal line.
pub(super) fn version_key(record: RecordRef, version: Version) -> Vec<u8> {
    join(&[&record_key(record), &version.0.to_be_bytes()])
}

/// The key of a value beside a journal line.
pub(super) fn value_key(sequence: u64, place: usize) -> Vec<u8> {
    let place = u32::try_from(place).unwrap_or(u32::MAX);
    join(&[&sequence.to_be_bytes(), &place.to_be_bytes()])
}

/// A key with the namespace's byte in front.
pub(super) fn raw(space: Space, key: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(key.len() + 1);
    bytes.push(space as u8);
    bytes.extend_from_slice(key);
    bytes
}

/// The smallest key that begins with no such prefix; none if there is none.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte != u8::MAX)?;
    let mut next = prefix.get(..=last)?.to_vec();
    if let Some(byte) = next.last_mut() {
        *byte += 1;
    }
    Some(next)
}
