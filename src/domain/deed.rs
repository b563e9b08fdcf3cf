//! What a deed says of itself: whom it names, and what it does to the round of its case.

use crate::domain::choice::{Route, Work};
use crate::domain::ids::{OfficerId, UnitId};
use crate::domain::step::{Deed, Step};

impl Deed {
    /// The officer that it names.
    pub const fn officer(&self) -> Option<OfficerId> {
        match self {
            Self::Passed { to, .. } => *to,
            Self::Extended { approver, .. } => Some(*approver),
            Self::LeadAssigned { lead } => Some(*lead),
            Self::HandedTo { handler } => Some(*handler),
            Self::Declared { officer, .. }
            | Self::ReaderAdded { officer }
            | Self::ReaderRemoved { officer } => Some(*officer),
            Self::Nudged { officer } | Self::Supervised { officer, .. } => *officer,
            Self::Replied { signed_by, .. } => *signed_by,
            _ => None,
        }
    }

    /// The unit that it names.
    pub const fn unit(&self) -> Option<UnitId> {
        match self {
            Self::Entrusted { unit, .. }
            | Self::Assisted { unit, .. }
            | Self::Released { unit, .. }
            | Self::Answered { unit }
            | Self::Allotted { unit }
            | Self::Supervised { unit, .. } => Some(*unit),
            _ => None,
        }
    }

    /// The procedure that it decides on.
    pub const fn route(&self) -> Option<Route> {
        match self {
            Self::Routed { route } | Self::Guided { procedure: route, .. } => Some(*route),
            _ => None,
        }
    }

    /// Whether it gives the case to a unit.
    pub const fn gives_to_unit(&self) -> bool {
        matches!(self, Self::Allotted { .. } | Self::Entrusted { .. })
    }

    /// Whether facts are looked into by it (Reg. 31(6)).
    pub const fn is_inquiry(&self) -> bool {
        matches!(self, Self::Investigated | Self::Heard | Self::Worked { work: Work::Inquiry })
    }

    /// Whether it ends the case without an opinion.
    pub const fn turns_away(&self) -> bool {
        matches!(
            self,
            Self::Declined { .. }
                | Self::Forwarded { .. }
                | Self::Guided { .. }
                | Self::Stopped { .. }
                | Self::Merged { .. }
        )
    }

    /// Whether it ends a round of the case, with an opinion or without.
    pub const fn ends_round(&self) -> bool {
        matches!(self, Self::Concluded | Self::Ended) || self.turns_away()
    }
}

impl Step {
    /// The cycle in which it is judged: what reopens a case rests on the one that had ended.
    pub fn judged_in(&self) -> u32 {
        let is_reopening = matches!(self.deed, Deed::Reopened { .. });
        self.cycle - u32::from(is_reopening && self.cycle > 1)
    }
}
