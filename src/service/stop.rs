//! Why a call ends early: a refusal, or a fault of the ledger that is told as one.

use crate::api::refusal::{Refusal, RefusalKind};
use crate::domain::broken::Broken;
use crate::domain::form::Wrong;
use crate::store::fault::Fault;

/// Why a call ends early.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Stop {
    /// Something expected.
    #[error("{0}")]
    Refusal(Refusal),
    /// A defect or a broken machine.
    #[error("{0}")]
    Fault(Fault),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Stop {
    /// An order, what is masked twice, and several within several are no questions of a program of
    /// ours.
    pub fn no_question() -> Self {
        Refusal::not_found().into()
    }
}

impl From<Broken> for Stop {
    fn from(broken: Broken) -> Self {
        Self::Refusal(broken.into())
    }
}

impl From<Vec<Wrong>> for Stop {
    fn from(wrongs: Vec<Wrong>) -> Self {
        Self::Refusal(Refusal::wrong(wrongs))
    }
}

impl From<Stop> for Refusal {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refusal(refusal) => refusal,
            Stop::Fault(fault) => told(&fault),
        }
    }
}

/// A fault while the ledger is being opened: it stays closed.
pub fn closed(fault: &Fault) -> Refusal {
    Refusal { kind: RefusalKind::Closed, ..told(fault) }
}

/// A fault as whoever asked is told of it.
fn told(fault: &Fault) -> Refusal {
    let (kind, key) = match fault {
        Fault::Missing => (RefusalKind::Closed, "no_ledger"),
        Fault::Exists => (RefusalKind::Closed, "already_exists"),
        Fault::Busy => (RefusalKind::Closed, "already_open"),
        Fault::Foreign => (RefusalKind::Closed, "not_a_ledger"),
        Fault::Owner => (RefusalKind::Closed, "wrong_owner"),
        Fault::Mode => (RefusalKind::Closed, "wrong_mode"),
        Fault::Symlink | Fault::Shape => (RefusalKind::Closed, "not_a_plain_file"),
        Fault::Remote => (RefusalKind::Closed, "remote_disk"),
        Fault::RolledBack => (RefusalKind::Closed, "rolled_back"),
        Fault::Newer(_) => (RefusalKind::Closed, "newer_schema"),
        Fault::Damaged(_) | Fault::Undecodable(_) | Fault::Unsound { .. } => {
            (RefusalKind::Fault, "damaged")
        }
        Fault::Replaced => (RefusalKind::Busy, "replaced"),
        Fault::NoAccess => (RefusalKind::Closed, "no_access"),
        Fault::NoFolder => (RefusalKind::Closed, "no_folder"),
        Fault::Full => (RefusalKind::Busy, "disk_full"),
        Fault::ReadOnly => (RefusalKind::Busy, "disk_read_only"),
        Fault::Halted => (RefusalKind::Busy, "read_only"),
        Fault::Closed => (RefusalKind::Closed, "closed"),
        Fault::Unsure => (RefusalKind::Unknown, "unknown"),
        Fault::Stale(_) => (RefusalKind::Conflict, "conflict"),
        Fault::Taken(_) | Fault::Reserved | Fault::Io { .. } => (RefusalKind::Fault, "fault"),
    };
    Refusal::new(kind, key)
}
