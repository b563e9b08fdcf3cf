//! Backups at the door: made by the server, fetched piece by piece, told of afterwards.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::ids::Revision;

/// The most bytes of a backup that one answer brings.
pub const PIECE_BYTES: u64 = 192 << 10;

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupView {
    /// The SHA-256 of its file, in hexadecimal digits: its name when it is fetched.
    pub digest: String,
    /// The ledger's day on which it was made.
    pub on: NaiveDate,
    /// The moment at which it was made.
    pub at: DateTime<Utc>,
    /// The revision that it holds.
    pub revision: Revision,
    /// The number of the journal's last line.
    pub journal: u64,
    /// The SHA-256 of that line, in hexadecimal digits.
    pub head: String,
    /// How many rows it holds.
    pub n_rows: u64,
    /// How many files of attachments it holds.
    #[serde(default)]
    pub n_files: u64,
    /// How many such files were missing or damaged when it was made, so that it lacks them.
    #[serde(default)]
    pub n_lost: u64,
    /// How many bytes its file has.
    pub n_bytes: u64,
    /// The public keys that it is encrypted to.
    pub to: Vec<String>,
}

/// Which part of the newest backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PieceQuery {
    /// The SHA-256 of its file: another may have been made meanwhile.
    pub digest: String,
    /// From which byte on.
    pub from: u64,
}

/// Bytes of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupPiece {
    /// Hexadecimal digits, at most [`PIECE_BYTES`] bytes; none behind the end.
    pub hex: String,
}

impl BackupPiece {
    /// A piece of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self { hex: bytes.iter().map(|byte| format!("{byte:02x}")).collect() }
    }

    /// Its bytes; none if these are no hexadecimal digits.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let pairs = self.hex.as_bytes().chunks(2);
        pairs.map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()).collect()
    }
}

/// That the newest backup is too old.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateBackup {
    /// The day of the newest one; none if there never was one.
    pub on: Option<NaiveDate>,
    /// The days since then, or since the ledger was begun.
    pub days: i64,
}
