//! The earlier matter that a matter raises again, where its second review has been: a notice that
//! nothing more is taken on names who reviewed it, when and by which paper (Reg. 36(3)).

use crate::domain::case::Case;
use crate::domain::policy::{self, Scope};
use crate::domain::step::Deed;
use crate::service::stop::Stop;
use crate::service::{Asking, split};
use crate::store::read::Read;

/// The newest of the matters that a case repeats, and that those repeat, which had its second review
/// and which the asker sees.
///
/// # Errors
/// A damaged ledger.
pub fn rechecked(ledger: &impl Read, asking: &Asking, case: &Case) -> Result<Option<Case>, Stop> {
    let was_it = |own: &Case| {
        own.id != case.id
            && policy::sees(&asking.asker, &Scope::of(own), own.readers.as_ref())
            && own.newest(|deed| matches!(deed, Deed::Rechecked { .. })).is_some()
    };
    Ok(split::first_earlier(ledger, case.repeats, was_it)?)
}
