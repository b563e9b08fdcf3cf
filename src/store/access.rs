//! The access log: who looked at what, in monthly segments with chains of their own.
//!
//! Lines name records by number; free text (search text, reasons) lies beside as salted values.
//! The log raises no revision. When a new month begins, the old one's head goes into the journal.

use std::ops::ControlFlow;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::ids::{RecordRef, RequestId, Version};
use crate::store::codec;
use crate::store::fault::Fault;
use crate::store::history;
use crate::store::journal::{self, Actor, Beside, Deed, Hash, Line, Seal, Sealed, Stamp};
use crate::store::key::{self, Order, Space, Span};
use crate::store::read::{Pair, Read};
use crate::store::write::Work;

const ODD_LINE: Fault = Fault::Damaged("a line of the access log has an odd form");

/// One look, search, reveal, export, print or refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// The key of the act, such as `person.reveal`.
    pub act: String,
    /// Who did it.
    pub actor: Actor,
    /// The day on which it happened.
    pub on: NaiveDate,
    /// The moment at which it happened.
    pub at: DateTime<Utc>,
    /// The records that it was about.
    pub records: Vec<RecordRef>,
    /// How many rows were shown, found or written.
    pub n_rows: u64,
}

/// A free text that belongs to a line, such as a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is, as a key: `reason`, `search`, `field`.
    pub name: String,
    /// What was typed; none if it was erased.
    pub text: Option<String>,
}

impl Note {
    /// A note of that name.
    pub fn of(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: Some(text.to_owned()) }
    }
}

/// A line of the access log as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLine {
    /// Its month: year times hundred plus month.
    pub month: u32,
    /// Its number within the month, from 1.
    pub number: u64,
    /// What it says.
    pub access: Access,
    /// What was typed.
    pub notes: Vec<Note>,
}

/// What the bytes of a line hold beside hashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Body {
    pub month: u32,
    pub number: u64,
    pub access: Access,
    pub notes: Vec<String>,
}

/// The end of a month's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Segment {
    /// Year times hundred plus month.
    pub month: u32,
    /// How many lines it has.
    pub n_lines: u64,
    /// The SHA-256 of its last line.
    pub hash: Hash,
}

impl Segment {
    fn to_bytes(self) -> Vec<u8> {
        key::join(&[&[codec::JSON], &self.n_lines.to_be_bytes(), &self.hash])
    }

    /// The end of a month from a row of [`Space::AccessHead`].
    pub(super) fn from_row(key: &[u8], value: &[u8]) -> Option<Self> {
        let month = u32::from_be_bytes(key.try_into().ok()?);
        let (n_lines, hash) = key::split_number(value.get(1..)?)?;
        Some(Self { month, n_lines, hash: hash.try_into().ok()? })
    }

    /// The end as the journal keeps it.
    pub(super) fn seal(&self) -> Seal {
        Seal { month: self.month, n_lines: self.n_lines, head: journal::hex(&self.hash) }
    }
}

/// Which lines of the access log are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Months {
    /// The first month: year times hundred plus month.
    pub from: u32,
    /// The last month.
    pub to: u32,
}

impl Work<'_> {
    /// Appends a line to the access log; `notes` are the free texts that belong to it.
    ///
    /// A day before the newest month counts to that month: a closed segment stays closed.
    ///
    /// # Errors
    /// A fault of the storage.
    pub fn log_access(&mut self, access: &Access, notes: &[Note]) -> Result<(), Fault> {
        let segment = self.segment(access)?;
        let (month, number) = (segment.month, segment.n_lines + 1);
        let line_key = line_key(month, number);
        let mut commitments = Vec::with_capacity(notes.len());
        for (place, note) in notes.iter().enumerate() {
            let beside = journal::salt(&note.text)?;
            commitments.push(journal::commitment(&note.name, &beside));
            let bytes = journal::beside_bytes(&beside);
            self.set(Space::AccessText, &note_key(&line_key, place), Some(bytes));
        }
        for record in &access.records {
            let key = key::join(&[&key::record_key(*record), &line_key]);
            self.set(Space::AccessOfRecord, &key, Some(Vec::new()));
        }
        let names = notes.iter().map(|note| note.name.clone()).collect();
        let line = Body { month, number, access: access.clone(), notes: names };
        let sealed = Sealed { line, previous: segment.hash, commitments };
        let bytes = journal::line_bytes(&sealed)?;
        let end = Segment { month, n_lines: number, hash: journal::hash(&bytes) };
        self.set(Space::Access, &line_key, Some(bytes));
        self.set(Space::AccessHead, &month.to_be_bytes(), Some(end.to_bytes()));
        Ok(())
    }

    /// Drops the lines of a month that is closed, and says so in the journal; gives their number.
    ///
    /// The month's head stays, here and in the journal. The newest month is never dropped.
    ///
    /// # Errors
    /// A fault of the storage.
    pub fn drop_accesses(&mut self, stamp: &Stamp, month: u32) -> Result<usize, Fault> {
        let prefix = month.to_be_bytes();
        let mut segments = self.page(&Span::all(Space::AccessHead), Order::Backward, usize::MAX)?;
        segments.drain(..segments.len().min(1));
        let Some((key, value)) = segments.iter().find(|(key, _)| *key == prefix) else {
            return Ok(0);
        };
        let segment = Segment::from_row(key, value).ok_or(ODD_LINE)?;
        let rows = self.page(&Span::prefix(Space::Access, &prefix), Order::Forward, usize::MAX)?;
        for (key, bytes) in &rows {
            let Sealed { line, .. }: Sealed<Body> = journal::parse_line(bytes).ok_or(ODD_LINE)?;
            for place in 0..line.notes.len() {
                self.set(Space::AccessText, &note_key(key, place), None);
            }
            for record in &line.access.records {
                let by_record = key::join(&[&key::record_key(*record), key]);
                self.set(Space::AccessOfRecord, &by_record, None);
            }
            self.set(Space::Access, key, None);
        }
        if !rows.is_empty() {
            self.push_seal(stamp.clone(), Deed::Dropped, segment)?;
        }
        Ok(rows.len())
    }

    /// Erases the free texts that are meant, each with the records of its line; the chains stay
    /// whole. Says how many.
    ///
    /// `by` is the journal line that orders it.
    ///
    /// # Errors
    /// A fault of the storage, or a line without its text.
    pub fn erase_notes(
        &mut self,
        is_meant: &dyn Fn(&str, &[RecordRef]) -> bool,
        by: u64,
    ) -> Result<usize, Fault> {
        let mut meant = Vec::new();
        self.scan(&Span::all(Space::Access), Order::Forward, &mut |key, bytes| {
            let line = read_line(self, &(key.to_vec(), bytes.to_vec()))?;
            for (place, note) in line.notes.iter().enumerate() {
                if note.text.as_ref().is_some_and(|text| is_meant(text, &line.access.records)) {
                    meant.push(note_key(key, place));
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        for key in &meant {
            let bytes = journal::beside_bytes(&Beside::Erased { by });
            self.set(Space::AccessText, key, Some(bytes));
        }
        Ok(meant.len())
    }

    /// The segment that takes the next line; closes the month before in the journal.
    fn segment(&mut self, access: &Access) -> Result<Segment, Fault> {
        let month = month_of(access.on);
        let newest = self.page(&Span::all(Space::AccessHead), Order::Backward, 1)?.pop();
        let Some((key, value)) = newest else {
            let hash = history::origin(self)?.ok_or(Fault::Damaged("it has no name"))?;
            return Ok(Segment { month, n_lines: 0, hash });
        };
        let open = Segment::from_row(&key, &value).ok_or(ODD_LINE)?;
        if open.month >= month {
            return Ok(open);
        }
        let stamp = Stamp {
            change: RequestId(0),
            batch: None,
            act: "log.seal".to_owned(),
            actor: Actor::System,
            on: access.on,
            at: access.at,
            takes_back: None,
        };
        self.push_seal(stamp, Deed::Sealed, open)?;
        Ok(Segment { month, n_lines: 0, hash: open.hash })
    }

    /// Writes a line about a month into the journal, without raising the revision.
    fn push_seal(&mut self, stamp: Stamp, deed: Deed, segment: Segment) -> Result<(), Fault> {
        let head = self.chain();
        let line = Line {
            sequence: head.sequence + 1,
            revision: head.revision,
            deed,
            record: None,
            version: Version(0),
            stamp,
            fields: Vec::new(),
            seal: Some(segment.seal()),
        };
        journal::push(self, line, Vec::new())
    }
}

/// Who looked at a record within some months, oldest first, at most `limit` lines.
///
/// # Errors
/// [`Fault::Damaged`] if a line is missing or cannot be read.
pub fn accesses_of(
    ledger: &impl Read,
    record: RecordRef,
    months: Months,
    limit: usize,
) -> Result<Vec<AccessLine>, Fault> {
    let record = key::record_key(record);
    let from = key::join(&[&record, &months.from.to_be_bytes()]);
    let to = Some(key::join(&[&record, &months.to.saturating_add(1).to_be_bytes()]));
    let span = Span { space: Space::AccessOfRecord, from, to };
    let mut lines = Vec::new();
    for (key, _) in ledger.page(&span, Order::Forward, limit)? {
        let line = key.get(record.len()..).ok_or(ODD_LINE)?;
        let bytes = ledger.get(Space::Access, line)?.ok_or(ODD_LINE)?;
        lines.push(read_line(ledger, &(line.to_vec(), bytes))?);
    }
    Ok(lines)
}

/// The lines of some months, newest first, behind a line that was seen last, at most `limit`.
///
/// # Errors
/// [`Fault::Damaged`] if a line cannot be read.
pub fn accesses(
    ledger: &impl Read,
    months: Months,
    seen: Option<(u32, u64)>,
    limit: usize,
) -> Result<Vec<AccessLine>, Fault> {
    let from = months.from.to_be_bytes().to_vec();
    let to = months.to.saturating_add(1).to_be_bytes().to_vec();
    let mut span = Span { space: Space::Access, from, to: Some(to) };
    if let Some((month, number)) = seen {
        span = span.before(&line_key(month, number));
    }
    let rows = ledger.page(&span, Order::Backward, limit)?;
    rows.iter().map(|row| read_line(ledger, row)).collect()
}

/// The month of a day: year times hundred plus month.
pub fn month_of(day: NaiveDate) -> u32 {
    u32::try_from(day.year()).unwrap_or_default() * 100 + day.month()
}

/// The key of a text beside a line.
pub(super) fn note_key(line_key: &[u8], place: usize) -> Vec<u8> {
    let place = u32::try_from(place).unwrap_or(u32::MAX);
    key::join(&[line_key, &place.to_be_bytes()])
}

fn line_key(month: u32, number: u64) -> Vec<u8> {
    key::join(&[&month.to_be_bytes(), &number.to_be_bytes()])
}

fn read_line(ledger: &impl Read, (key, bytes): &Pair) -> Result<AccessLine, Fault> {
    let Sealed { line, .. }: Sealed<Body> = journal::parse_line(bytes).ok_or(ODD_LINE)?;
    let mut notes = Vec::with_capacity(line.notes.len());
    for (place, name) in line.notes.into_iter().enumerate() {
        let beside = ledger
            .get(Space::AccessText, &note_key(key, place))?
            .and_then(|bytes| journal::parse_beside(&bytes))
            .ok_or(ODD_LINE)?;
        let text = journal::text(&beside).map_err(|_| ODD_LINE)?;
        notes.push(Note { name, text });
    }
    Ok(AccessLine { month: line.month, number: line.number, access: line.access, notes })
}
