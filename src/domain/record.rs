//! What the ledger asks of everything that it keeps as a record.
//!
//! A record is one JSON object with `id` and `version` beside its own fields; `fact.rs` tells two
//! states of it apart field by field.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::ids::{Kind, RecordRef, Version};

/// A thing of the ledger that is kept, versioned and journaled as a whole.
///
/// INVARIANT: its JSON is an object whose `id` and `version` are those that the methods give.
pub trait Record: Serialize + DeserializeOwned {
    /// The kind of record.
    const KIND: Kind;

    /// Its number among all records of the kind.
    fn id(&self) -> u64;

    /// How often it has been changed; 0 before it is in the ledger.
    fn version(&self) -> Version;

    /// The same record under another version.
    #[must_use]
    fn with_version(self, version: Version) -> Self;

    /// The key of a field whose value no rule of the domain could have made, if there is one.
    ///
    /// It is asked before each write and after each read, so it may name only what can never be
    /// right, not what is merely unfinished.
    fn flaw(&self) -> Option<&'static str> {
        None
    }

    /// Its kind and number.
    fn reference(&self) -> RecordRef {
        RecordRef { kind: Self::KIND, id: self.id() }
    }
}
