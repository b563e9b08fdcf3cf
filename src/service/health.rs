//! The folder and the files of a ledger as an installation's test sees them; nothing is opened.

use std::path::Path;

use crate::api::refusal::Refusal;
use crate::service::rules::Rules;
use crate::service::stop::{self, Stop};
use crate::store::Store;
use crate::store::read::Snapshot;
use crate::store::remake;

/// What is wrong with `folder`, `file` and `anchor` of a ledger, and whether something is `left_over`
/// from one that was being made; as the ledger of the account of a user id, else of this process.
pub fn examine(folder: &Path, owner: Option<u32>) -> Vec<(&'static str, Option<Refusal>)> {
    let parts = Store::examine(folder, owner).into_iter();
    parts.map(|(part, looked)| (part, looked.err().map(|it| stop::closed(&it)))).collect()
}

/// Whether the ledger of a folder, which nobody serves, is as this program keeps it: whoever opens it
/// otherwise brings it up to date.
///
/// # Errors
/// What is wrong with it, or that somebody has it open.
pub fn is_current(folder: &Path) -> Result<bool, Refusal> {
    let look = |snapshot: &Snapshot| {
        let wanted = Rules::read(snapshot)?.origin();
        Ok::<_, Stop>(remake::origin(snapshot)?.as_ref() == Some(&wanted))
    };
    match Store::peek(folder, look) {
        Ok(found) => Ok(found.unwrap_or(false)),
        Err(stop) => Err(stop.into()),
    }
}

/// The bytes that are free where a ledger lies, and those of its file.
pub fn room(folder: &Path) -> Option<(u64, u64)> {
    Store::room(folder)
}
