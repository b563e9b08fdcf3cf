//! Questions to the journal: what happened since, to what, by whom.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use chrono::NaiveDate;
use serde_json::Value;

use crate::domain::fact::{self, Fact};
use crate::domain::ids::{Kind, RecordRef, Revision, Version};
use crate::domain::record::Record;
use crate::store::fault::Fault;
use crate::store::journal::{self, Deed, Hash, Line, Sealed};
use crate::store::key::{self, Order, Space, Span};
use crate::store::read::Read;

/// Where the ledger's own random name lies.
pub(super) const NAME_KEY: &[u8] = b"name";

const ODD_LINE: Fault = Fault::Damaged("a journal line has an odd form");

/// A field that was changed after a version that a clerk saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedField {
    /// The field, the value before and the value after; none if the values were erased.
    pub fact: Option<Fact>,
    /// The field's key.
    pub field: String,
    /// The line that tells of it: who, when, by which act.
    pub line: Line,
}

/// What one change of the ledger touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// The revision that it made.
    pub revision: Revision,
    /// The records, in the order of their lines.
    pub records: Vec<RecordRef>,
}

/// The line with a number, if there is one.
///
/// # Errors
/// [`Fault::Damaged`] if it cannot be read.
pub fn line(ledger: &impl Read, sequence: u64) -> Result<Option<Line>, Fault> {
    Ok(sealed(ledger, sequence)?.map(|sealed| sealed.line))
}

/// The lines of a record with versions above `since`, oldest first, at most `limit`.
///
/// # Errors
/// [`Fault::Damaged`] if a line is missing or cannot be read.
pub fn lines_of(
    ledger: &impl Read,
    record: RecordRef,
    since: Version,
    limit: usize,
) -> Result<Vec<Line>, Fault> {
    let span = Span::prefix(Space::LineOfRecord, &key::record_key(record))
        .after(&key::version_key(record, since));
    let mut lines = Vec::new();
    for (_, value) in ledger.page(&span, Order::Forward, limit)? {
        let (sequence, _) = key::split_number(&value).ok_or(ODD_LINE)?;
        lines.push(line(ledger, sequence)?.ok_or(ODD_LINE)?);
    }
    Ok(lines)
}

/// The records of a kind that were ever there, those that were removed too.
///
/// # Errors
/// [`Fault::Damaged`] if a key has an odd form.
pub fn ever(ledger: &impl Read, kind: Kind) -> Result<BTreeSet<RecordRef>, Fault> {
    let mut records = BTreeSet::new();
    let span = Span::prefix(Space::LineOfRecord, &[kind.code()]);
    ledger.scan(&span, Order::Forward, &mut |key, _| {
        records.insert(key::split_record(key).ok_or(ODD_LINE)?.0);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(records)
}

/// The newest lines before a sequence, newest first, at most `limit`.
///
/// # Errors
/// [`Fault::Damaged`] if a line cannot be read.
pub fn lines_before(
    ledger: &impl Read,
    sequence: Option<u64>,
    limit: usize,
) -> Result<Vec<Line>, Fault> {
    let mut span = Span::all(Space::Line);
    if let Some(sequence) = sequence {
        span = span.before(&sequence.to_be_bytes());
    }
    let rows = ledger.page(&span, Order::Backward, limit)?;
    rows.iter()
        .map(|(_, bytes)| {
            journal::parse_line(bytes).map(|sealed: Sealed<Line>| sealed.line).ok_or(ODD_LINE)
        })
        .collect()
}

/// A record as the facts make it that happened up to a day; none if it was not there. What it came
/// with when it was made counts, whatever its day: its own dates tell when that happened. For a value
/// that was erased stands what the record says there now.
///
/// # Errors
/// [`Fault::Damaged`] if the journal cannot be read.
pub fn as_of<R: Record>(ledger: &impl Read, id: u64, day: NaiveDate) -> Result<Option<R>, Fault> {
    let record = RecordRef { kind: R::KIND, id };
    let unreadable = |_| Fault::Undecodable(record);
    let now = ledger.load::<R>(id)?.map(serde_json::to_value).transpose().map_err(unreadable)?;
    let mut told: Vec<Told> = Vec::new();
    for line in lines_of(ledger, record, Version(0), usize::MAX)? {
        let facts = facts_of(ledger, &line)?;
        told.push((line, facts));
    }
    let mut state: Option<Value> = None;
    for (at, (line, facts)) in told.iter().enumerate() {
        match (line.deed, facts.as_slice(), &mut state) {
            (Deed::Created, [Some(whole)], state) => *state = Some(whole.new.clone()),
            (Deed::Created, _, state) => {
                let later = told.get(at + 1..).unwrap_or_default();
                *state = now.clone().map(|now| begun(now, later));
            }
            (Deed::Changed, facts, Some(state)) if line.stamp.on <= day => {
                for (field, fact) in line.fields.iter().zip(facts) {
                    let known = fact.as_ref().map(|fact| fact.new.clone());
                    let new = known.or_else(|| Some(fact::value_of(now.as_ref()?, field)));
                    let new = new.unwrap_or_default();
                    fact::set(state, &[Fact { field: field.clone(), old: Value::Null, new }]);
                }
            }
            (Deed::Removed, _, state) if line.stamp.on <= day => *state = None,
            _ => {}
        }
    }
    state.map(|state| serde_json::from_value(state).map_err(unreadable)).transpose()
}

/// A line with its facts; none where the values were erased.
type Told = (Line, Vec<Option<Fact>>);

/// What a record began as, if that was erased: what it says now, but for what changed later.
fn begun(now: Value, later: &[Told]) -> Value {
    let mut begun = now;
    let mut known = BTreeSet::new();
    for (field, fact) in later.iter().flat_map(|(line, facts)| line.fields.iter().zip(facts)) {
        let is_first = known.insert(field);
        if let Some(fact) = fact.as_ref().filter(|_| is_first) {
            fact::set(&mut begun, &[fact.inverse()]);
        }
    }
    begun
}

/// The facts of a line, in the order of its fields; none where the values were erased.
///
/// # Errors
/// [`Fault::Damaged`] if a value is missing or cannot be read.
pub fn facts_of(ledger: &impl Read, line: &Line) -> Result<Vec<Option<Fact>>, Fault> {
    let mut facts = Vec::with_capacity(line.fields.len());
    for (place, field) in line.fields.iter().enumerate() {
        let bytes = ledger.get(Space::Value, &key::value_key(line.sequence, place))?;
        let beside = bytes
            .and_then(|bytes| journal::parse_beside(&bytes))
            .ok_or(Fault::Damaged("a journal line has lost a value"))?;
        facts.push(journal::fact(field, &beside)?);
    }
    Ok(facts)
}

/// The fields of a record that were changed after a version, oldest change first.
///
/// # Errors
/// [`Fault::Damaged`] if the journal cannot be read.
pub fn changed_fields(
    ledger: &impl Read,
    record: RecordRef,
    since: Version,
) -> Result<Vec<ChangedField>, Fault> {
    let mut changed = Vec::new();
    for line in lines_of(ledger, record, since, usize::MAX)? {
        for (field, fact) in line.fields.iter().zip(facts_of(ledger, &line)?) {
            changed.push(ChangedField { fact, field: field.clone(), line: line.clone() });
        }
    }
    Ok(changed)
}

/// What was changed after a revision: each revision with its records, oldest first.
///
/// None if that is more than `limit` records: whoever asks must then ask for everything again.
///
/// # Errors
/// [`Fault::Damaged`] if the journal cannot be read.
pub fn changes_since(
    ledger: &impl Read,
    revision: Revision,
    limit: usize,
) -> Result<Option<Vec<Touched>>, Fault> {
    let next = Span::all(Space::LineOfRevision).after(&revision.0.to_be_bytes());
    let Some((_, first)) = ledger.page(&next, Order::Forward, 1)?.pop() else {
        return Ok(Some(Vec::new()));
    };
    let mut changes: Vec<Touched> = Vec::new();
    let mut n_records = 0;
    let span = Span { space: Space::Line, from: first, to: None };
    ledger.scan(&span, Order::Forward, &mut |_, bytes| {
        let Sealed { line, .. } = journal::parse_line::<Line>(bytes).ok_or(ODD_LINE)?;
        let Some(record) = line.record else { return Ok(ControlFlow::Continue(())) };
        n_records += 1;
        if n_records > limit {
            return Ok(ControlFlow::Break(()));
        }
        match changes.last_mut() {
            Some(last) if last.revision == line.revision => last.records.push(record),
            _ => changes.push(Touched { revision: line.revision, records: vec![record] }),
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok((n_records <= limit).then_some(changes))
}

/// A line with its place in the chain.
pub(super) fn sealed(ledger: &impl Read, sequence: u64) -> Result<Option<Sealed<Line>>, Fault> {
    match ledger.get(Space::Line, &sequence.to_be_bytes())? {
        Some(bytes) => journal::parse_line(&bytes).map(Some).ok_or(ODD_LINE),
        None => Ok(None),
    }
}

/// The hash that the first line starts from: that of the ledger's own random name.
pub(super) fn origin(ledger: &impl Read) -> Result<Option<Hash>, Fault> {
    let name = ledger.get(Space::Meta, NAME_KEY)?;
    Ok(name.map(|name| journal::hash(&name)))
}
