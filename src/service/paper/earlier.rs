//! The earlier matter that a matter raises again, where its second review has been: a notice that
//! nothing more is taken on names who reviewed it, when and by which paper (Reg. 36(3)).

use std::collections::BTreeSet;

use crate::domain::case::Case;
use crate::domain::policy::{self, Scope};
use crate::domain::step::Deed;
use crate::service::Asking;
use crate::service::stop::Stop;
use crate::store::read::Read;

/// The newest of the matters that a case repeats, and that those repeat, which had its second review
/// and which the asker sees.
///
/// # Errors
/// A damaged ledger.
pub fn rechecked(ledger: &impl Read, asking: &Asking, case: &Case) -> Result<Option<Case>, Stop> {
    let (mut next, mut seen) = (case.repeats, BTreeSet::from([case.id]));
    while let Some(id) = next.filter(|id| seen.insert(*id)) {
        let Some(earlier) = ledger.load::<Case>(id.0)? else { break };
        let is_seen = policy::sees(&asking.asker, &Scope::of(&earlier), earlier.readers.as_ref());
        if is_seen && earlier.newest(|deed| matches!(deed, Deed::Rechecked { .. })).is_some() {
            return Ok(Some(earlier));
        }
        next = earlier.repeats;
    }
    Ok(None)
}
