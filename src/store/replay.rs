//! The journal read from its beginning: is the chain whole, do its facts lead to the records?

use std::ops::ControlFlow;

use serde_json::Value;

use crate::domain::fact::{self, Fact};
use crate::domain::ids::{RecordRef, Revision, Version};
use crate::store::access::{self, Body, Segment};
use crate::store::check::{Finding, Flaw, Report};
use crate::store::codec;
use crate::store::fault::Fault;
use crate::store::history;
use crate::store::journal::{self, Beside, Deed, Hash, Line, Sealed};
use crate::store::key::{self, Order, Space, Span};
use crate::store::read::Read;

/// Verifies each line: its number, the hash of the one before, its values, and how it is found.
pub(super) fn check_chain(ledger: &impl Read, report: &mut Report) -> Result<(), Fault> {
    let head = ledger.head()?;
    let mut previous = history::origin(ledger)?.unwrap_or_default();
    let (mut sequence, mut revision) = (0, Revision(0));
    let mut n = Found::default();
    ledger.scan(&Span::all(Space::Line), Order::Forward, &mut |key, bytes| {
        sequence += 1;
        report.n_lines += 1;
        let sealed = journal::parse_line::<Line>(bytes).filter(|sealed| {
            let number = sealed.line.sequence;
            number.to_be_bytes() == key && sealed.commitments.len() == sealed.line.fields.len()
        });
        let Some(sealed) = sealed else {
            report.find(Finding::at(Flaw::Line, sequence));
            previous = journal::hash(bytes);
            return Ok(ControlFlow::Continue(()));
        };
        let line = &sealed.line;
        if line.sequence != sequence {
            report.find(Finding::at(Flaw::Line, sequence));
            sequence = line.sequence;
        } else if sealed.previous != previous {
            report.find(Finding::at(Flaw::Chain, sequence));
        }
        previous = journal::hash(bytes);
        n.add(line, revision);
        check_values(ledger, &sealed, report)?;
        check_finders(ledger, line, revision, report)?;
        revision = line.revision;
        Ok(ControlFlow::Continue(()))
    })?;
    if (head.sequence, head.revision, head.hash) != (sequence, revision, previous) {
        report.find(Finding::at(Flaw::Chain, head.sequence));
    }
    let finders = [(Space::LineOfRecord, n.of_record), (Space::LineOfRevision, n.of_revision)];
    for (space, expected) in finders {
        if count(ledger, space)? != expected {
            report.find(Finding::at(Flaw::Finder, head.sequence));
        }
    }
    if count(ledger, Space::Value)? != n.values {
        report.find(Finding::at(Flaw::Value, head.sequence));
    }
    Ok(())
}

/// How many rows of other namespaces the lines speak of.
#[derive(Default)]
struct Found {
    of_record: u64,
    of_revision: u64,
    values: u64,
}

impl Found {
    fn add(&mut self, line: &Line, before: Revision) {
        self.of_record += u64::from(line.record.is_some());
        self.of_revision += u64::from(line.revision != before);
        self.values += line.fields.len() as u64;
    }
}

/// Applies each record's facts in order and compares the result with the record.
pub(super) fn check_records(ledger: &impl Read, report: &mut Report) -> Result<(), Fault> {
    let mut replay: Option<Replay> = None;
    ledger.scan(&Span::all(Space::LineOfRecord), Order::Forward, &mut |key, value| {
        let line = key::split_number(value)
            .map(|(sequence, _)| history::sealed(ledger, sequence))
            .transpose();
        // A line that cannot be read was found with the chain.
        let (Some((record, _)), Ok(Some(Some(sealed)))) = (key::split_record(key), line) else {
            replay = None;
            return Ok(ControlFlow::Continue(()));
        };
        if replay.as_ref().is_none_or(|replay| replay.record != record)
            && let Some(done) = replay.replace(Replay::new(record))
        {
            done.compare(ledger, report)?;
        }
        if let Some(replay) = &mut replay {
            replay.step(ledger, &sealed.line)?;
        }
        Ok(ControlFlow::Continue(()))
    })?;
    replay.map_or(Ok(()), |done| done.compare(ledger, report))
}

/// Verifies the segments of the access log and compares them with what the journal has sealed.
pub(super) fn check_accesses(ledger: &impl Read, report: &mut Report) -> Result<(), Fault> {
    let (mut seals, mut dropped) = (Vec::new(), Vec::new());
    ledger.scan(&Span::all(Space::Line), Order::Forward, &mut |_, bytes| {
        let line = journal::parse_line::<Line>(bytes).map(|sealed| sealed.line);
        match line.map(|line| (line.deed, line.seal)) {
            Some((Deed::Sealed, seal)) => seals.extend(seal),
            Some((Deed::Dropped, seal)) => dropped.extend(seal),
            Some((Deed::Created | Deed::Changed | Deed::Removed, _)) | None => {}
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let mut previous = history::origin(ledger)?.unwrap_or_default();
    let mut heads = Vec::new();
    ledger.scan(&Span::all(Space::AccessHead), Order::Forward, &mut |key, value| {
        heads.extend(Segment::from_row(key, value));
        Ok(ControlFlow::Continue(()))
    })?;
    for (place, segment) in heads.iter().enumerate() {
        let is_open = place + 1 == heads.len();
        if !is_open && !seals.contains(&segment.seal()) {
            report.find(Finding::at(Flaw::Seal, segment.month.into()));
        }
        if dropped.contains(&segment.seal()) {
            // Its head is all that is left; a line of it would be counted as one too many.
            previous = segment.hash;
            continue;
        }
        check_segment(ledger, segment, previous, report)?;
        previous = segment.hash;
    }
    if seals.len() != heads.len().saturating_sub(1)
        || count(ledger, Space::Access)? != report.n_accesses
    {
        report.find(Finding::at(Flaw::Seal, heads.last().map_or(0, |last| last.month.into())));
    }
    Ok(())
}

fn check_segment(
    ledger: &impl Read,
    segment: &Segment,
    mut previous: Hash,
    report: &mut Report,
) -> Result<(), Fault> {
    let flaw = Finding::at(Flaw::Access, segment.month.into());
    let mut n_lines = 0;
    let span = Span::prefix(Space::Access, &segment.month.to_be_bytes());
    ledger.scan(&span, Order::Forward, &mut |key, bytes| {
        n_lines += 1;
        report.n_accesses += 1;
        match journal::parse_line::<Body>(bytes) {
            Some(sealed) if sealed.previous == previous && sealed.line.number == n_lines => {
                if !are_notes_whole(ledger, key, &sealed)? {
                    report.find(flaw);
                }
            }
            _ => report.find(flaw),
        }
        previous = journal::hash(bytes);
        Ok(ControlFlow::Continue(()))
    })?;
    if (n_lines, previous) != (segment.n_lines, segment.hash) {
        report.find(flaw);
    }
    Ok(())
}

fn are_notes_whole(
    ledger: &impl Read,
    line_key: &[u8],
    sealed: &Sealed<Body>,
) -> Result<bool, Fault> {
    for (place, (name, commitment)) in sealed.line.notes.iter().zip(&sealed.commitments).enumerate()
    {
        let bytes = ledger.get(Space::AccessText, &access::note_key(line_key, place))?;
        match bytes.and_then(|bytes| journal::parse_beside(&bytes)) {
            Some(Beside::Erased { .. }) => {}
            Some(kept) if journal::commitment(name, &kept) == *commitment => {}
            _ => return Ok(false),
        }
    }
    for record in &sealed.line.access.records {
        let key = key::join(&[&key::record_key(*record), line_key]);
        if ledger.get(Space::AccessOfRecord, &key)?.is_none() {
            return Ok(false);
        }
    }
    Ok(sealed.line.notes.len() == sealed.commitments.len())
}

fn check_values(
    ledger: &impl Read,
    sealed: &Sealed<Line>,
    report: &mut Report,
) -> Result<(), Fault> {
    let sequence = sealed.line.sequence;
    for (place, (field, commitment)) in
        sealed.line.fields.iter().zip(&sealed.commitments).enumerate()
    {
        report.n_values += 1;
        let bytes = ledger.get(Space::Value, &key::value_key(sequence, place))?;
        match bytes.and_then(|bytes| journal::parse_beside(&bytes)) {
            Some(Beside::Erased { .. }) => report.n_erased += 1,
            Some(kept) if journal::commitment(field, &kept) == *commitment => {}
            _ => report.find(Finding::at(Flaw::Value, sequence)),
        }
    }
    Ok(())
}

fn check_finders(
    ledger: &impl Read,
    line: &Line,
    before: Revision,
    report: &mut Report,
) -> Result<(), Fault> {
    let sequence = line.sequence.to_be_bytes().to_vec();
    if let Some(record) = line.record {
        let found = ledger.get(Space::LineOfRecord, &key::version_key(record, line.version))?;
        if found.as_ref() != Some(&sequence) {
            report.find(Finding::at(Flaw::Finder, line.sequence));
        }
    }
    if line.revision != before {
        let found = ledger.get(Space::LineOfRevision, &line.revision.0.to_be_bytes())?;
        if found != Some(sequence) || line.revision != Revision(before.0 + 1) {
            report.find(Finding::at(Flaw::Finder, line.sequence));
        }
    }
    Ok(())
}

/// A record as its facts make it.
struct Replay {
    record: RecordRef,
    state: Option<Value>,
    version: Version,
    standing: Standing,
}

/// Whether the facts say all.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Each fact fitted the state before it.
    Exact,
    /// A value was erased, so that the state can no longer be known.
    Unknown,
    /// A fact did not fit.
    Broken,
}

impl Replay {
    fn new(record: RecordRef) -> Self {
        Self { record, state: None, version: Version(0), standing: Standing::Exact }
    }

    fn step(&mut self, ledger: &impl Read, line: &Line) -> Result<(), Fault> {
        if line.record != Some(self.record) || line.version != self.version.next() {
            self.standing = Standing::Broken;
        }
        self.version = line.version;
        // A value that is missing was found with the chain.
        let Ok(facts) = history::facts_of(ledger, line) else {
            self.standing = Standing::Broken;
            return Ok(());
        };
        let Some(facts) = facts.into_iter().collect::<Option<Vec<Fact>>>() else {
            if self.standing == Standing::Exact {
                self.standing = Standing::Unknown;
            }
            return Ok(());
        };
        if self.standing == Standing::Exact && !self.apply(line.deed, &facts) {
            self.standing = Standing::Broken;
        }
        Ok(())
    }

    fn apply(&mut self, deed: Deed, facts: &[Fact]) -> bool {
        match (deed, facts, &mut self.state) {
            (Deed::Created, [whole], state @ None) => {
                *state = Some(whole.new.clone());
                true
            }
            (Deed::Changed, facts, Some(state)) => {
                let fits = fact::apply(state, facts).is_ok();
                if let Some(version) = state.get_mut("version") {
                    *version = self.version.0.into();
                }
                fits
            }
            (Deed::Removed, [whole], state @ Some(_)) => state.take().as_ref() == Some(&whole.old),
            _ => false,
        }
    }

    fn compare(self, ledger: &impl Read, report: &mut Report) -> Result<(), Fault> {
        let stored = ledger.get(Space::Record, &key::record_key(self.record))?;
        let holds = match self.standing {
            Standing::Broken => false,
            Standing::Unknown => true,
            Standing::Exact => stored.map(|bytes| codec::decode(&bytes)) == self.state.map(Some),
        };
        if !holds {
            report.find(Finding::of(Flaw::Replay, self.record));
        }
        Ok(())
    }
}

fn count(ledger: &impl Read, space: Space) -> Result<u64, Fault> {
    let mut n = 0;
    ledger.scan(&Span::all(space), Order::Forward, &mut |_, _| {
        n += 1;
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(n)
}
