//! Attachments at the door: sent and fetched piece by piece.

use serde::{Deserialize, Serialize};

use crate::api::backup::BackupPiece;
use crate::domain::ids::CaseId;

/// The most bytes of a file that one call brings.
pub const UPLOAD_BYTES: usize = 24 << 10;
/// The most bytes of a file that one answer brings.
pub const PIECE_BYTES: u64 = 192 << 10;

/// A piece of a file that is to be attached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadPiece {
    /// The SHA-256 of the whole file, in hexadecimal digits.
    pub file: String,
    /// How many bytes the whole file has.
    pub n_bytes: u64,
    /// From which byte on.
    pub from: u64,
    /// The bytes, at most [`UPLOAD_BYTES`].
    pub piece: BackupPiece,
}

/// Which part of which attachment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentQuery {
    /// The case.
    pub case: CaseId,
    /// The number of the attachment.
    pub number: u32,
    /// From which byte on.
    pub from: u64,
}
