//! What the lists need to know of the receipts of a case, as the receipts say it.
//!
//! It is kept with the case, so that the rows of a case follow from the case alone: how many came at
//! most on one visit, whether it is a repeat, what the state system still lacks (Reg. 21(2)).
//! INVARIANT: a slip says what its receipt says; whoever puts a case reads its receipts again.

use serde::{Deserialize, Serialize};

use crate::domain::case::Case;
use crate::domain::choice::Channel;
use crate::domain::office::is_false;
use crate::domain::receipt::Receipt;

/// From how many people on one visit the demonstration plan wants its first and its second flag.
pub const CROWDS: [u32; 2] = [20, 50];

/// What is kept of one receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// How many came on the visit; 0 if it was none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub visitors: u32,
    /// Whether the same matter had been raised before.
    #[serde(default, skip_serializing_if = "is_false")]
    pub repeat: bool,
    /// What the state system lacks of it.
    pub lacks: Lacks,
}

/// What the state system lacks of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lacks {
    /// The receipt is not entered.
    Entry,
    /// It is entered; its result is not.
    Result,
    /// Nothing.
    Nothing,
}

/// How many came at most on one visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Crowd {
    /// A visit of a group.
    Group,
    /// Twenty or more.
    Twenty,
    /// Fifty or more.
    Fifty,
}

impl Slip {
    /// What is kept of a receipt.
    pub fn of(receipt: &Receipt) -> Self {
        let is_entered = receipt.entered_on.is_some() || receipt.state_number.is_some();
        let lacks = if receipt.imported || receipt.returned_on.is_some() {
            Lacks::Nothing
        } else if is_entered {
            Lacks::Result
        } else {
            Lacks::Entry
        };
        let visitors = if receipt.channel == Channel::Visit { receipt.people } else { 0 };
        Self { visitors, repeat: receipt.repeat, lacks }
    }
}

impl Crowd {
    /// All flags, the least first.
    pub const ALL: [Self; 3] = [Self::Group, Self::Twenty, Self::Fifty];

    /// The flags of a visit of so many; `group` is the number from which the office speaks of a
    /// group.
    pub fn of(visitors: u32, group: u32) -> Vec<Self> {
        let [twenty, fifty] = CROWDS;
        let from = [(Self::Group, group), (Self::Twenty, twenty), (Self::Fifty, fifty)];
        from.into_iter().filter(|(_, least)| visitors >= *least).map(|(crowd, _)| crowd).collect()
    }

    /// The word of the flag.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Twenty => "twenty",
            Self::Fifty => "fifty",
        }
    }
}

impl Case {
    /// How many came at most on one visit; 0 if nobody came.
    pub fn visitors(&self) -> u32 {
        self.slips.values().map(|slip| slip.visitors).max().unwrap_or(0)
    }

    /// Whether it was raised more than once, or repeats an earlier case.
    pub fn is_repeat(&self) -> bool {
        self.repeats.is_some() || self.slips.values().any(|slip| slip.repeat)
    }
}

// The lint wants a reference because serde passes one.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests {
    use super::Crowd;

    #[test]
    fn twenty_and_fifty_are_flags_of_their_own_beside_the_group() {
        assert_eq!(Crowd::of(4, 5), []);
        assert_eq!(Crowd::of(5, 5), [Crowd::Group]);
        assert_eq!(Crowd::of(20, 5), [Crowd::Group, Crowd::Twenty]);
        assert_eq!(Crowd::of(50, 5), [Crowd::Group, Crowd::Twenty, Crowd::Fifty]);
        assert_eq!(Crowd::of(20, 30), [Crowd::Twenty], "an office that counts groups from thirty");
    }
}
