//! Rows of a file, kept aside piece by piece until the file is tried or taken in.
//!
//! They lie in memory and belong to one user id, one file each; nothing of them is in the ledger.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::api::incoming::{ImportRow, Piece};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Order;
use crate::domain::act::Act;
use crate::service::Asking;
use crate::service::stop::Stop;

/// The most bytes of one file's rows.
const BYTES_MAX: usize = 32 << 20;
/// The most bytes that all files together may take.
const ALL_BYTES_MAX: usize = 64 << 20;

/// The files that are kept aside.
#[derive(Debug, Default)]
pub struct Staging {
    files: Mutex<HashMap<u32, Staged>>,
}

#[derive(Debug, Default)]
struct Staged {
    file: String,
    rows: Arc<Vec<ImportRow>>,
    n_bytes: usize,
}

impl Staging {
    /// Keeps a piece aside; a piece that came before is not kept twice.
    ///
    /// # Errors
    /// A gap before the piece, or a file that is too large.
    pub fn stage(&self, asking: &Asking, piece: Piece) -> Result<Reply, Stop> {
        let uid = asking.session.uid;
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let others: usize =
            files.iter().filter(|(other, _)| **other != uid).map(|(_, file)| file.n_bytes).sum();
        let staged = files.entry(uid).or_default();
        if staged.file != piece.file || piece.first == 0 {
            *staged = Staged { file: piece.file, ..Staged::default() };
        }
        let n_rows = staged.rows.len() as u64;
        if piece.first > n_rows {
            return Err(Refusal::new(RefusalKind::Invalid, "piece_is_missing").into());
        }
        let known = usize::try_from(n_rows - piece.first).unwrap_or(usize::MAX);
        let fresh: Vec<ImportRow> = piece.rows.into_iter().skip(known).collect();
        let n_bytes = staged.n_bytes + fresh.iter().map(size).sum::<usize>();
        if n_bytes > BYTES_MAX || n_bytes + others > ALL_BYTES_MAX {
            files.remove(&uid);
            return Err(Refusal::new(RefusalKind::Invalid, "file_is_too_large").into());
        }
        staged.n_bytes = n_bytes;
        Arc::make_mut(&mut staged.rows).extend(fresh);
        Ok(Reply::Staged(staged.rows.len() as u64))
    }

    /// The rows of a file, if they are here.
    pub fn rows(&self, uid: u32, file: &str) -> Option<Arc<Vec<ImportRow>>> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let staged = files.get(&uid).filter(|staged| staged.file == file)?;
        Some(Arc::clone(&staged.rows))
    }

    /// The rows of the file that an order is about, if it is about one.
    pub fn taken(&self, uid: u32, order: &Order) -> Option<Arc<Vec<ImportRow>>> {
        if !is_of_rows(order.act) {
            return None;
        }
        self.rows(uid, order.fields.get("file")?)
    }

    /// Forgets the file of a user id.
    pub fn forget(&self, uid: u32) {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).remove(&uid);
    }
}

/// Whether an order takes in the rows of a file that was kept aside.
pub const fn is_of_rows(act: Act) -> bool {
    matches!(act, Act::Import | Act::LoadPlan | Act::LoadPaper | Act::TakeReturn)
}

fn size(row: &ImportRow) -> usize {
    let pair = |(name, text): &(String, String)| name.len() + text.len() + 48;
    96 + row.values.iter().chain(&row.problems).map(pair).sum::<usize>()
}
