//! What can be wrong with the ledger or the machine under it.
//!
//! A fault is no refusal: nothing that a clerk typed is at issue. It names no path, no type and no
//! value; a record is named by kind and number alone.

use std::io;

use crate::domain::ids::RecordRef;

/// A defect of the ledger or of the machine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is no ledger in the folder.
    #[error("there is no ledger here")]
    Missing,
    /// A ledger was to be made where there is one.
    #[error("there is a ledger here already")]
    Exists,
    /// Another process has the ledger open.
    #[error("the ledger is open elsewhere")]
    Busy,
    /// The file is something else, or empty, or cut off at its beginning.
    #[error("the file is not a ledger")]
    Foreign,
    /// The engine's checksums, or the machine's own rows, do not hold.
    #[error("the ledger is damaged: {0}")]
    Damaged(&'static str),
    /// A record cannot be read, or is not what it says it is.
    #[error("record {0} cannot be read")]
    Undecodable(RecordRef),
    /// A record holds a value that no rule could have made.
    #[error("record {record} has an impossible {field}")]
    Unsound {
        /// The record in question.
        record: RecordRef,
        /// The key of the field.
        field: &'static str,
    },
    /// The folder or a file belongs to somebody else.
    #[error("the ledger belongs to another account")]
    Owner,
    /// Somebody else may read or write the folder or a file.
    #[error("the ledger is open to other accounts")]
    Mode,
    /// A symbolic link stands where folder or file should be.
    #[error("a symbolic link stands in the ledger's place")]
    Symlink,
    /// The file has a second name, or is no plain file.
    #[error("the ledger's file is no plain file with one name")]
    Shape,
    /// The folder lies on a file system of another machine.
    #[error("the ledger lies on another machine's file system")]
    Remote,
    /// The file was removed or replaced while the ledger was open; nothing is acknowledged.
    #[error("the ledger's file was removed or replaced while it was open")]
    Replaced,
    /// There is no room left, or a limit on the size of files is reached.
    #[error("the disk is full")]
    Full,
    /// The machine does not let this account make or open it.
    #[error("this account may not make or open it")]
    NoAccess,
    /// The folder cannot be made there.
    #[error("no folder can be made there")]
    NoFolder,
    /// The file system does not take changes.
    #[error("the disk takes no changes")]
    ReadOnly,
    /// The ledger is older than the head that was noted beside it.
    #[error("the ledger is older than its anchor: it was rolled back")]
    RolledBack,
    /// A newer program has changed the shape of the ledger.
    #[error("the ledger has schema {0}, which this program does not know")]
    Newer(u32),
    /// A commit broke off; it may be on disk all the same. Ask again with the same request id.
    #[error("it is not known whether the change was kept")]
    Unsure,
    /// After a storage error the ledger is read only until a probe succeeds.
    #[error("the ledger takes no changes until its disk answers again")]
    Halted,
    /// The ledger is being closed.
    #[error("the ledger is closed")]
    Closed,
    /// A record was changed or removed since the caller read it.
    #[error("record {0} is no longer at the version that the change starts from")]
    Stale(RecordRef),
    /// A record was to be made under a number that is taken.
    #[error("record {0} is there already")]
    Taken(RecordRef),
    /// A row was to be written by hand that only the machine writes.
    #[error("rows of this namespace follow from others")]
    Reserved,
    /// Any other error of the machine.
    #[error("the machine failed while it was {doing} (error {code})")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The operating system's number of the error; 0 if it gave none.
        code: i32,
    },
}

impl Fault {
    /// The word that stands for the fault in texts and JSON.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Exists => "exists",
            Self::Busy => "busy",
            Self::Foreign => "foreign",
            Self::Damaged(_) => "damaged",
            Self::Undecodable(_) => "undecodable",
            Self::Unsound { .. } => "unsound",
            Self::Owner => "owner",
            Self::Mode => "mode",
            Self::Symlink => "symlink",
            Self::Shape => "shape",
            Self::Remote => "remote",
            Self::Replaced => "replaced",
            Self::Full => "full",
            Self::ReadOnly => "read_only",
            Self::NoAccess => "no_access",
            Self::NoFolder => "no_folder",
            Self::RolledBack => "rolled_back",
            Self::Newer(_) => "newer",
            Self::Unsure => "unsure",
            Self::Halted => "halted",
            Self::Closed => "closed",
            Self::Stale(_) => "stale",
            Self::Taken(_) => "taken",
            Self::Reserved => "reserved",
            Self::Io { .. } => "io",
        }
    }

    /// Whether the storage itself failed, so that the ledger must be closed and opened again.
    pub fn is_storage(&self) -> bool {
        matches!(
            self,
            Self::Damaged(_)
                | Self::Full
                | Self::ReadOnly
                | Self::NoAccess
                | Self::Halted
                | Self::Io { .. }
        )
    }

    /// The fault of an error of the operating system.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the kernel's list of errors may grow")]
    pub(super) fn from_io(doing: &'static str, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::Full,
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            io::ErrorKind::PermissionDenied => Self::NoAccess,
            _ => Self::Io { doing, code: error.raw_os_error().unwrap_or_default() },
        }
    }
}
