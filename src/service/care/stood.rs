//! The roster as it stood at the end of an earlier day.
//!
//! Nothing of it is kept: the facts of each entry and of its case are replayed up to that day, and
//! what was owed is computed as it would have been then, by the limits and the calendar of now. Who
//! may see an entry is asked as of today: what is sealed since is not told of earlier days either.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Whose;
use crate::api::roster::{EntryRow, StoodQuery, StoodView};
use crate::domain::case::Case;
use crate::domain::entry::Entry;
use crate::domain::ids::{EntryId, OfficerId};
use crate::domain::stood;
use crate::service::agenda::facets_of;
use crate::service::care::{row, visible};
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service, roster};
use crate::store::history;
use crate::store::key::{Order, Space, Span};
use crate::store::read::{Read, Snapshot};
use crate::store::roster::{self as keys, Shelf};

/// The most entries that are looked at; an office has a few dozen at a time.
const ENTRIES_MAX: usize = 2_000;
/// Longer than an entry that is past its review day may wait for its renewal: ten working days, with
/// the longest holiday among them.
const PENDING_MOST: Days = Days::new(31);
/// The most rows of one answer.
const ROWS_MAX: usize = 500;

/// Answers `RosterOn`.
///
/// # Errors
/// A day in the future, or a damaged ledger.
pub fn read(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: StoodQuery,
) -> Result<Reply, Stop> {
    let on = query.on.unwrap_or(asking.today);
    if on > asking.today {
        let refusal = Refusal::new(RefusalKind::Invalid, "roster_of_the_future");
        return Err(refusal.with("day", asking.today).into());
    }
    let then = Asking { today: on, ..asking.clone() };
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking: &then };
    let (ids, mut more) = ids(snapshot, asking, on)?;
    let mut rows = Vec::new();
    for id in ids {
        if visible(asking, snapshot, id)?.is_some() {
            rows.extend(stood(&eye, snapshot, (id, query.whose))?);
        }
    }
    rows.sort_by_key(|row| (row.owed.first().map(|owed| owed.on), row.id));
    more |= rows.len() > ROWS_MAX;
    rows.truncate(ROWS_MAX);
    Ok(Reply::RosterOn(StoodView { on, rows, more }))
}

/// An entry as it stood then; none if the office owed nothing under it.
fn stood(
    eye: &Eye<'_>,
    snapshot: &Snapshot,
    (id, whose): (EntryId, Whose),
) -> Result<Option<EntryRow>, Stop> {
    let on = eye.asking.today;
    let entry = history::as_of::<Entry>(snapshot, id.0, on)?;
    let pending_until = |entry: &Entry| roster::days(eye.core, entry, on).pending_until;
    let entry = entry.and_then(|entry| stood::entry(entry, on, pending_until));
    let Some(entry) = entry.filter(|entry| is_of(eye.asking, entry, whose)) else {
        return Ok(None);
    };
    let case = history::as_of::<Case>(snapshot, entry.case.0, on)?;
    let Some(case) = case.map(|case| stood::case(case, on)) else { return Ok(None) };
    let row = row(eye, snapshot, (&entry, &case))?;
    Ok(row.state.is_open().then_some(row))
}

/// Whether an entry was theirs then; whose it is now says nothing of that.
fn is_of(asking: &Asking, entry: &Entry, whose: Whose) -> bool {
    let answers = |officer: &OfficerId| [entry.lead, entry.officer].contains(officer);
    match whose {
        Whose::All => true,
        Whose::Mine => asking.asker.officer.iter().chain(&asking.asker.stands_in).any(answers),
        Whose::Officer(officer) => answers(&officer),
        Whose::Unit(unit) => entry.village == Some(unit),
    }
}

/// Those that have not ended, that ended after the day, or that were to be renewed then, and whether
/// there are too many.
fn ids(
    snapshot: &Snapshot,
    asking: &Asking,
    day: NaiveDate,
) -> Result<(BTreeSet<EntryId>, bool), Stop> {
    let mut ids = BTreeSet::new();
    let mut more = false;
    let last = day.checked_sub_days(PENDING_MOST).unwrap_or(day);
    for facet in facets_of(asking, Whose::All) {
        for shelf in [Shelf::Open, Shelf::Ended] {
            let span = Span::prefix(Space::Index, &keys::entries_prefix(facet, shelf));
            let found = snapshot.page(&span, Order::Forward, ENTRIES_MAX)?;
            more |= found.len() == ENTRIES_MAX;
            for (key, _) in found {
                let Some(id) = keys::entry_of_key(shelf, &key) else { continue };
                if shelf == Shelf::Ended && keys::ended_on(&key).is_none_or(|on| on <= last) {
                    // The newest end comes first: all behind it ended before.
                    break;
                }
                ids.insert(EntryId(id));
            }
        }
    }
    Ok((ids, more))
}
