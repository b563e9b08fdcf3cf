//! Changes of the ledger as wholes: who made each, which lines it has, what it takes back.
//!
//! A change is one revision; its lines stand one behind the other. Nothing is judged here.

use std::ops::ControlFlow;

use serde_json::Value;

use crate::domain::fact::Fact;
use crate::domain::ids::{RecordRef, Revision};
use crate::domain::record::Record;
use crate::store::codec;
use crate::store::fault::Fault;
use crate::store::history;
use crate::store::journal::{self, Actor, Deed, Line, Stamp};
use crate::store::key::{self, Order, Space, Span};
use crate::store::read::Read;

/// Lines by the program itself that may stand before the first one of whoever asked.
const BY_ITSELF_MAX: u64 = 70;

const ODD_LINE: Fault = Fault::Damaged("a journal line has an odd form");

/// A change that somebody with an account made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The revision that it made.
    pub revision: Revision,
    /// The stamp of its first line by that account.
    pub stamp: Stamp,
}

/// The changes before a revision that somebody made, newest first, among at most `limit` revisions;
/// also the revision where the next ones are to be looked for, if there may be any.
///
/// # Errors
/// [`Fault::Damaged`] if a line cannot be read.
pub fn changes_before(
    ledger: &impl Read,
    revision: Option<Revision>,
    limit: usize,
) -> Result<(Vec<Change>, Option<Revision>), Fault> {
    let mut span = Span::all(Space::LineOfRevision);
    if let Some(revision) = revision {
        span = span.before(&revision.0.to_be_bytes());
    }
    let rows = ledger.page(&span, Order::Backward, limit)?;
    let mut changes = Vec::with_capacity(rows.len());
    let mut last = None;
    for (key, value) in &rows {
        let (revision, _) = key::split_number(key).ok_or(ODD_LINE)?;
        let (first, _) = key::split_number(value).ok_or(ODD_LINE)?;
        last = Some(Revision(revision));
        changes.extend(by_somebody(ledger, Revision(revision), first)?);
    }
    Ok((changes, last.filter(|_| rows.len() >= limit)))
}

fn by_somebody(
    ledger: &impl Read,
    revision: Revision,
    first: u64,
) -> Result<Option<Change>, Fault> {
    for sequence in first..first + BY_ITSELF_MAX {
        let line = history::line(ledger, sequence)?;
        let Some(line) = line.filter(|line| line.revision == revision) else { return Ok(None) };
        if matches!(line.stamp.actor, Actor::Clerk { .. }) {
            return Ok(Some(Change { revision, stamp: line.stamp }));
        }
    }
    Ok(None)
}

/// The lines of a change that are about a record, in their order.
///
/// # Errors
/// [`Fault::Damaged`] if a line cannot be read.
pub fn lines_of_change(ledger: &impl Read, revision: Revision) -> Result<Vec<Line>, Fault> {
    let first = ledger.get(Space::LineOfRevision, &revision.0.to_be_bytes())?;
    let Some((first, _)) = first.as_deref().and_then(key::split_number) else {
        return Ok(Vec::new());
    };
    let mut lines = Vec::new();
    lines_from(ledger, first, &mut |line| {
        if line.revision != revision {
            return Ok(ControlFlow::Break(()));
        }
        lines.extend(Some(line).filter(|line| line.record.is_some()));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(lines)
}

/// Visits the lines from a number on.
///
/// # Errors
/// [`Fault::Damaged`] if a line cannot be read.
pub fn lines_from(
    ledger: &impl Read,
    first: u64,
    visit: &mut dyn FnMut(Line) -> Result<ControlFlow<()>, Fault>,
) -> Result<(), Fault> {
    let span = Span { space: Space::Line, from: first.to_be_bytes().to_vec(), to: None };
    ledger.scan(&span, Order::Forward, &mut |_, bytes| {
        visit(journal::parse_line(bytes).ok_or(ODD_LINE)?.line)
    })
}

/// A record as JSON, if it is there.
///
/// # Errors
/// [`Fault::Undecodable`] if it cannot be read.
pub fn json(ledger: &impl Read, record: RecordRef) -> Result<Option<Value>, Fault> {
    let Some(bytes) = ledger.get(Space::Record, &key::record_key(record))? else {
        return Ok(None);
    };
    codec::decode(&bytes).map(Some).ok_or(Fault::Undecodable(record))
}

/// The line that took a record out of the ledger, and what the record was then; none if it was not
/// taken out, or what it was has been erased.
///
/// # Errors
/// [`Fault::Damaged`] if the journal cannot be read.
pub fn removal(ledger: &impl Read, record: RecordRef) -> Result<Option<(Line, Value)>, Fault> {
    let span = Span::prefix(Space::LineOfRecord, &key::record_key(record));
    let Some((_, value)) = ledger.page(&span, Order::Backward, 1)?.pop() else {
        return Ok(None);
    };
    let (sequence, _) = key::split_number(&value).ok_or(ODD_LINE)?;
    let line = history::line(ledger, sequence)?.ok_or(ODD_LINE)?;
    if line.deed != Deed::Removed {
        return Ok(None);
    }
    let whole: Option<Fact> = history::facts_of(ledger, &line)?.into_iter().flatten().next();
    Ok(whole.map(|whole| (line, whole.old)))
}

/// A record as it is or, where it was taken out of the ledger, as it was last.
///
/// # Errors
/// [`Fault::Undecodable`] if it cannot be read.
pub fn last<R: Record>(ledger: &impl Read, id: u64) -> Result<Option<R>, Fault> {
    if let Some(record) = ledger.load(id)? {
        return Ok(Some(record));
    }
    let record = RecordRef { kind: R::KIND, id };
    let Some((_, value)) = removal(ledger, record)? else { return Ok(None) };
    serde_json::from_value(value).map(Some).map_err(|_| Fault::Undecodable(record))
}
