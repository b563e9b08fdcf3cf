//! Everything that can be computed twice, compared: rows from records, records from the journal.
//!
//! It reads one snapshot, so that it can run while clerks work. The engine's own checksums are
//! verified at each opening. A finding names numbers, never a value.

use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;

use serde_json::Value;

use crate::domain::ids::{Kind, RecordRef, Version};
use crate::domain::record::Record;
use crate::store::codec;
use crate::store::fault::Fault;
use crate::store::journal;
use crate::store::key::{self, Order, Row, Space, Span};
use crate::store::read::{self, Read};
use crate::store::replay;
use crate::store::write::Outcome;

/// How many findings are listed; the rest is counted.
const FINDINGS_MAX: usize = 200;

/// The rows that follow from a record's bytes; none if they are no such record.
///
/// It must be made of the same functions as the rows that are written; [`record`] reads the bytes.
pub type RowsOf<'f> = dyn Fn(RecordRef, &[u8]) -> Option<Vec<Row>> + 'f;

/// What is wrong with a place in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// A record cannot be read, or is not the one that its key says.
    Undecodable,
    /// A record is there at a version that the journal does not know.
    Unjournaled,
    /// The journal's facts do not lead to the record, or it has lost the record.
    Replay,
    /// An index row is missing or holds something else.
    RowMissing,
    /// An index row belongs to no record.
    RowSurplus,
    /// Two records make the same index row.
    RowTwice,
    /// A count is not the number of records that bear it.
    Count,
    /// A series would hand out a number that is taken.
    Number,
    /// A request's row cannot be read.
    Request,
    /// A journal line is missing, or cannot be read.
    Line,
    /// A journal line does not follow from the one before, or the head from the last.
    Chain,
    /// A value beside a line is missing, surplus, or not the one that was committed to.
    Value,
    /// A line cannot be found by its record or revision.
    Finder,
    /// A line of the access log is missing, unreadable, or does not follow from the one before.
    Access,
    /// The head of a month of the access log is not the one that the journal has sealed.
    Seal,
}

impl Flaw {
    /// The word that stands for the flaw in texts and JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Undecodable => "undecodable",
            Self::Unjournaled => "unjournaled",
            Self::Replay => "replay",
            Self::RowMissing => "row_missing",
            Self::RowSurplus => "row_surplus",
            Self::RowTwice => "row_twice",
            Self::Count => "count",
            Self::Number => "number",
            Self::Request => "request",
            Self::Line => "line",
            Self::Chain => "chain",
            Self::Value => "value",
            Self::Finder => "finder",
            Self::Access => "access",
            Self::Seal => "seal",
        }
    }
}

/// One thing that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub flaw: Flaw,
    /// The record that it concerns, if it concerns one.
    pub record: Option<RecordRef>,
    /// The line of the journal, or year and month of the access log, that it concerns.
    pub line: Option<u64>,
}

impl Finding {
    /// A finding that concerns a record.
    pub(super) fn of(flaw: Flaw, record: RecordRef) -> Self {
        Self { flaw, record: Some(record), line: None }
    }

    /// A finding that concerns a line.
    pub(super) fn at(flaw: Flaw, line: u64) -> Self {
        Self { flaw, record: None, line: Some(line) }
    }

    fn somewhere(flaw: Flaw) -> Self {
        Self { flaw, record: None, line: None }
    }
}

/// What was compared, and what does not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Records.
    pub n_records: u64,
    /// Index rows that follow from them.
    pub n_rows: u64,
    /// Counts that follow from them.
    pub n_counts: u64,
    /// Journal lines.
    pub n_lines: u64,
    /// Old and new values beside them.
    pub n_values: u64,
    /// Values that were erased by order; what they were cannot be replayed.
    pub n_erased: u64,
    /// Lines of the access log.
    pub n_accesses: u64,
    /// Requests that are remembered.
    pub n_requests: u64,
    /// What does not hold, at most 200 of it.
    pub findings: Vec<Finding>,
    /// How much does not hold.
    pub n_findings: u64,
}

impl Report {
    /// Whether everything holds.
    pub fn is_clean(&self) -> bool {
        self.n_findings == 0
    }

    /// Adds a finding.
    pub(super) fn find(&mut self, finding: Finding) {
        self.n_findings += 1;
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        }
    }
}

/// Compares everything in a snapshot that can be computed twice.
///
/// # Errors
/// A fault of the storage; what is merely wrong is in the report.
pub fn check(ledger: &impl Read, rows_of: &RowsOf<'_>) -> Result<Report, Fault> {
    let mut report = Report::default();
    check_records(ledger, rows_of, &mut report)?;
    check_requests(ledger, &mut report)?;
    replay::check_chain(ledger, &mut report)?;
    replay::check_records(ledger, &mut report)?;
    replay::check_accesses(ledger, &mut report)?;
    Ok(report)
}

/// A record from the bytes that a [`RowsOf`] is given; none if they are no such record.
pub fn record<R: Record>(reference: RecordRef, bytes: &[u8]) -> Option<R> {
    codec::decode_record(reference, bytes).ok()
}

fn check_records(
    ledger: &impl Read,
    rows_of: &RowsOf<'_>,
    report: &mut Report,
) -> Result<(), Fault> {
    let mut counts: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    let mut last_ids: BTreeMap<Kind, u64> = BTreeMap::new();
    ledger.scan(&Span::all(Space::Record), Order::Forward, &mut |key, bytes| {
        report.n_records += 1;
        let Some((record, [])) = key::split_record(key) else {
            report.find(Finding::somewhere(Flaw::Undecodable));
            return Ok(ControlFlow::Continue(()));
        };
        last_ids.insert(record.kind, record.id);
        let (Some(version), Some(rows)) = (version(record, bytes), rows_of(record, bytes)) else {
            report.find(Finding::of(Flaw::Undecodable, record));
            return Ok(ControlFlow::Continue(()));
        };
        if ledger.get(Space::LineOfRecord, &key::version_key(record, version))?.is_none() {
            report.find(Finding::of(Flaw::Unjournaled, record));
        }
        for row in rows {
            match row {
                Row::Count { key } => *counts.entry(key).or_default() += 1,
                Row::Entry { key, value } => {
                    report.n_rows += 1;
                    if ledger.get(Space::Index, &key)? != Some(value) {
                        report.find(Finding::of(Flaw::RowMissing, record));
                    }
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    check_surplus(ledger, rows_of, report)?;
    check_counts(ledger, counts, report)?;
    for (kind, last) in last_ids {
        let handed_out = ledger.last_number(&format!("id.{}", kind.key()))?;
        if handed_out > 0 && handed_out < last {
            report.find(Finding::of(Flaw::Number, RecordRef { kind, id: last }));
        }
    }
    Ok(())
}

/// Finds index rows that follow from no record.
///
/// All rows that follow from records were looked up, so equal numbers mean equal sets; only if the
/// numbers differ is the set of rows that should be there held in memory, as hashes.
fn check_surplus(
    ledger: &impl Read,
    rows_of: &RowsOf<'_>,
    report: &mut Report,
) -> Result<(), Fault> {
    let mut n_stored = 0_u64;
    ledger.scan(&Span::all(Space::Index), Order::Forward, &mut |_, _| {
        n_stored += 1;
        Ok(ControlFlow::Continue(()))
    })?;
    if n_stored == report.n_rows {
        return Ok(());
    }
    let mut expected = HashSet::new();
    ledger.scan(&Span::all(Space::Record), Order::Forward, &mut |key, bytes| {
        let Some((record, [])) = key::split_record(key) else {
            return Ok(ControlFlow::Continue(()));
        };
        for row in rows_of(record, bytes).unwrap_or_default() {
            if let Row::Entry { key, .. } = row
                && !expected.insert(journal::hash(&key))
            {
                report.find(Finding::of(Flaw::RowTwice, record));
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    ledger.scan(&Span::all(Space::Index), Order::Forward, &mut |key, _| {
        if !expected.contains(&journal::hash(key)) {
            report.find(Finding::somewhere(Flaw::RowSurplus));
        }
        Ok(ControlFlow::Continue(()))
    })
}

fn check_counts(
    ledger: &impl Read,
    mut counts: BTreeMap<Vec<u8>, u64>,
    report: &mut Report,
) -> Result<(), Fault> {
    report.n_counts = counts.len() as u64;
    ledger.scan(&Span::all(Space::Count), Order::Forward, &mut |key, bytes| {
        let expected = counts.remove(key);
        if expected.is_none() || read::number(bytes).ok() != expected {
            report.find(Finding::somewhere(Flaw::Count));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    for _ in counts {
        report.find(Finding::somewhere(Flaw::Count));
    }
    Ok(())
}

fn check_requests(ledger: &impl Read, report: &mut Report) -> Result<(), Fault> {
    ledger.scan(&Span::all(Space::Request), Order::Forward, &mut |key, bytes| {
        report.n_requests += 1;
        let is_known = key.len() == 20 && codec::decode::<Outcome>(bytes).is_some();
        if !is_known {
            report.find(Finding::somewhere(Flaw::Request));
        }
        Ok(ControlFlow::Continue(()))
    })
}

fn version(record: RecordRef, bytes: &[u8]) -> Option<Version> {
    let (id, version) = codec::envelope(&codec::decode::<Value>(bytes)?)?;
    (id == record.id).then_some(version)
}
