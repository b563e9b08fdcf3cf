//! The index of the files of attachments: which cases name which content.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use chrono::{Days, NaiveDate};

use crate::domain::attachment::KEPT_DAYS;
use crate::domain::case::Case;
use crate::domain::ids::CaseId;
use crate::store::fault::Fault;
use crate::store::journal::{self, Hash};
use crate::store::key::{Order, Row, Space, Span, join};
use crate::store::read::Read;

/// The index, by the first byte of its keys.
const PREFIX: &[u8] = &[0x70];
const ODD_ROW: Fault = Fault::Damaged("an attachment has an odd row");

/// The rows of the files that a case names: a file that two name stays while one of them does. That
/// of an attachment which was removed holds the day of it.
pub fn attached_rows(case: &Case) -> impl Iterator<Item = Row> {
    case.attachments.iter().filter_map(|(number, own)| {
        let digest = journal::parse_hex(&own.digest)?;
        let tail = [&case.id.0.to_be_bytes()[..], &number.to_be_bytes()].concat();
        let key = join(&[PREFIX, &digest, &tail]);
        let removed_on = own.removed.as_ref().map(|removed| removed.on.to_string());
        Some(Row::Entry { key, value: removed_on.unwrap_or_default().into_bytes() })
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
    ledger.scan(&span, Order::Forward, &mut |key, removed_on| {
        let (digest, case) = attached_of(key).ok_or(ODD_ROW)?;
        if removed_on.is_empty() {
            visit(journal::hex(&digest), case);
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// The digests whose files stay on a day: those that cases name, and those of attachments that were
/// removed not long ago.
///
/// # Errors
/// A fault of the ledger.
pub fn kept(ledger: &impl Read, today: NaiveDate) -> Result<BTreeSet<String>, Fault> {
    let first = today.checked_sub_days(Days::new(KEPT_DAYS)).unwrap_or(today);
    let mut kept = BTreeSet::new();
    let span = Span::prefix(Space::Index, PREFIX);
    ledger.scan(&span, Order::Forward, &mut |key, removed_on| {
        let (digest, _) = attached_of(key).ok_or(ODD_ROW)?;
        let day = std::str::from_utf8(removed_on).ok().and_then(|text| text.parse().ok());
        if day.is_none_or(|day: NaiveDate| day >= first) {
            kept.insert(journal::hex(&digest));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(kept)
}
