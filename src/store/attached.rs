//! The index of the files of attachments: which cases name which content.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::domain::case::Case;
use crate::domain::ids::CaseId;
use crate::store::fault::Fault;
use crate::store::journal::{self, Hash};
use crate::store::key::{Order, Row, Space, Span, join};
use crate::store::read::Read;

/// The index, by the first byte of its keys.
const PREFIX: &[u8] = &[0x70];

/// The rows of the files that a case names: a file that two name stays while one of them does.
pub fn attached_rows(case: &Case) -> impl Iterator<Item = Row> {
    case.attached().filter_map(|(number, own)| {
        let digest = journal::parse_hex(&own.digest)?;
        let tail = [&case.id.0.to_be_bytes()[..], &number.to_be_bytes()].concat();
        let key = join(&[PREFIX, &digest, &tail]);
        Some(Row::Entry { key, value: Vec::new() })
    })
}

/// The digest and the case of a key.
fn attached_of(key: &[u8]) -> Option<(Hash, CaseId)> {
    let (digest, rest) = key.strip_prefix(PREFIX)?.split_first_chunk::<32>()?;
    let (case, _) = rest.split_first_chunk::<8>()?;
    Some((*digest, CaseId(u64::from_be_bytes(*case))))
}

/// The digests that cases name.
///
/// # Errors
/// A fault of the ledger.
pub fn named(ledger: &impl Read) -> Result<BTreeSet<String>, Fault> {
    let mut named = BTreeSet::new();
    each_named(ledger, &mut |digest, _case| {
        named.insert(digest);
    })?;
    Ok(named)
}

/// Visits the digests that cases name, with the case.
///
/// # Errors
/// A fault of the ledger.
pub fn each_named(ledger: &impl Read, visit: &mut dyn FnMut(String, CaseId)) -> Result<(), Fault> {
    let span = Span::prefix(Space::Index, PREFIX);
    ledger.scan(&span, Order::Forward, &mut |key, _| {
        let (digest, case) =
            attached_of(key).ok_or(Fault::Damaged("an attachment has an odd row"))?;
        visit(journal::hex(&digest), case);
        Ok(ControlFlow::Continue(()))
    })
}
