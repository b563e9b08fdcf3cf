//! Names of records: a kind and a number that the ledger hands out once and never again.
//!
//! A number says nothing about the thing; what people read is the printed number (`number.rs`).

use serde::{Deserialize, Serialize};
use std::fmt;

/// The kinds of record that the ledger keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The office's own settings; there is exactly one, with id 1.
    Office,
    /// A village, department or station.
    Unit,
    /// A person who works for the office or one of its units.
    Officer,
    /// An account.
    Clerk,
    /// A petitioner.
    Person,
    /// One letter, visit, call, online item or transfer.
    Receipt,
    /// The matter, which carries the clocks.
    Case,
    /// A campaign with its phases.
    Plan,
    /// A task of a campaign.
    Task,
    /// An entry of the roster.
    Entry,
    /// What a meeting decided.
    Decision,
    /// Recurring work.
    Duty,
    /// The monthly totals of an indicator in a year.
    Indicator,
    /// A saved filter of a list.
    View,
    /// A figure that was given to somebody.
    Given,
}

impl Kind {
    /// All kinds, in the order of their codes.
    pub const ALL: [Self; 15] = [
        Self::Office,
        Self::Unit,
        Self::Officer,
        Self::Clerk,
        Self::Person,
        Self::Receipt,
        Self::Case,
        Self::Plan,
        Self::Task,
        Self::Entry,
        Self::Decision,
        Self::Duty,
        Self::Indicator,
        Self::View,
        Self::Given,
    ];

    /// The byte that stands for the kind in keys on disk.
    pub const fn code(self) -> u8 {
        match self {
            Self::Office => 1,
            Self::Unit => 2,
            Self::Officer => 3,
            Self::Clerk => 4,
            Self::Person => 5,
            Self::Receipt => 6,
            Self::Case => 7,
            Self::Plan => 9,
            Self::Task => 10,
            Self::Entry => 8,
            Self::Decision => 14,
            Self::Duty => 12,
            Self::Indicator => 13,
            Self::View => 15,
            Self::Given => 16,
        }
    }

    /// The kind of a code, or none if no kind has it.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The word that stands for the kind in field keys, texts and JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Unit => "unit",
            Self::Officer => "officer",
            Self::Clerk => "clerk",
            Self::Person => "person",
            Self::Receipt => "receipt",
            Self::Case => "case",
            Self::Plan => "plan",
            Self::Task => "task",
            Self::Entry => "entry",
            Self::Decision => "decision",
            Self::Duty => "duty",
            Self::Indicator => "indicator",
            Self::View => "view",
            Self::Given => "given",
        }
    }

    /// The kind of a word, or none if no kind has it.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// Which record: its kind and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordRef {
    /// The kind of record.
    pub kind: Kind,
    /// Its number among all records of that kind.
    pub id: u64,
}

impl fmt::Display for RecordRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.kind.key(), self.id)
    }
}

// Some newtypes with the same three conversions: a macro says it once, an array cannot.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident => $kind:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(
            /// The number among all records of the kind.
            pub u64,
        );

        impl From<$name> for RecordRef {
            fn from(id: $name) -> Self {
                Self { kind: $kind, id: id.0 }
            }
        }
    )*};
}

ids! {
    /// The number of a unit.
    UnitId => Kind::Unit;
    /// The number of an officer.
    OfficerId => Kind::Officer;
    /// The number of an account.
    ClerkId => Kind::Clerk;
    /// The number of a person.
    PersonId => Kind::Person;
    /// The number of a receipt.
    ReceiptId => Kind::Receipt;
    /// The number of a case.
    CaseId => Kind::Case;
    /// The number of a campaign.
    PlanId => Kind::Plan;
    /// The number of a task.
    TaskId => Kind::Task;
    /// The number of an entry of the roster.
    EntryId => Kind::Entry;
    /// The number of a decision.
    DecisionId => Kind::Decision;
    /// The number of recurring work.
    DutyId => Kind::Duty;
    /// The number of an indicator's year.
    IndicatorId => Kind::Indicator;
    /// The number of a saved filter.
    ViewId => Kind::View;
    /// The number of a figure that was given.
    GivenId => Kind::Given;
}

/// How often a record has been changed; 1 when it is made.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Version(
    /// The count of changes.
    pub u64,
);

impl Version {
    /// The version after one more change.
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// How often the ledger has been changed; every change, of however many records, raises it by one.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Revision(
    /// The count of changes.
    pub u64,
);

/// The name that a client gives to one change, so that asking twice does it once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(
    /// 128 random bits.
    pub u128,
);
