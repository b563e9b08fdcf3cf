//! The folder and the files of a ledger as an installation's test sees them; nothing is opened.

use std::path::Path;

use crate::api::refusal::Refusal;
use crate::service::stop;
use crate::store::Store;

/// What is wrong with `folder`, `file` and `anchor` of a ledger, and whether something is `left_over`
/// from one that was being made.
pub fn examine(folder: &Path) -> Vec<(&'static str, Option<Refusal>)> {
    let parts = Store::examine(folder).into_iter();
    parts.map(|(part, looked)| (part, looked.err().map(|it| stop::closed(&it)))).collect()
}

/// The bytes that are free where a ledger lies, and those of its file.
pub fn room(folder: &Path) -> Option<(u64, u64)> {
    Store::room(folder)
}
