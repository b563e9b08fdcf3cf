//! Index rows of agenda lines: one row for each owner facet and day, for any kind of record.
//!
//! A case's next due day stands in its list by due day and is not written again here; what else it
//! owes, and what all other records owe, stands under the tag `LINES`. Counts hold both.

use chrono::NaiveDate;

use crate::domain::case::Case;
use crate::domain::ids::{Kind, OfficerId, RecordRef, UnitId};
use crate::domain::line::{Line, LineKind, Manner};
use crate::domain::policy::Scope;
use crate::store::key::{Row, Space, Span, join, split_number};
use crate::store::tables::{Facet, day_number, day_of_number, list_prefix, parse_listed};
use crate::store::tables::{Sort, is_fresh_stage};

/// Rows of lines, and counts of lines by facet, day and kind.
const LINES: u8 = 0x40;
/// Counts of hints by facet, last day and kind.
const ENDS: u8 = 0x41;
/// Counts of new cases by facet and the day of their next clock.
const FRESH: u8 = 0x42;

/// Counts of cases by facet and the day on which they came.
const CAME: u8 = 0x43;
/// Counts of cases by facet and the day on which they were over.
const OVER: u8 = 0x44;

/// Whose record it is, for the row of a line: what a scan tests before it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The record.
    pub record: RecordRef,
    /// Who may see it.
    pub scope: Scope,
    /// The responsible unit.
    pub unit: Option<UnitId>,
}

/// A line as a row of an index says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lined {
    /// Whose record it is.
    pub owner: Owner,
    /// The line.
    pub line: Line,
    /// Whether it is the next clock of a case about which nobody has decided.
    pub of_fresh: bool,
}

impl Lined {
    /// Its place among all lines: day, kind, record.
    pub fn place(&self) -> Vec<u8> {
        place(&self.line, self.owner.record)
    }
}

/// The rows that follow from what a record owes; facets are those under which it is listed.
///
/// Two lines of one kind and day are one.
pub fn line_rows(owner: Owner, facets: &[Facet], lines: &[Line]) -> Vec<Row> {
    let mut lines = lines.to_vec();
    lines.sort_unstable();
    lines.dedup_by_key(|line| (line.on, line.kind));
    let mut rows = Vec::with_capacity(lines.len() * facets.len() * 2);
    for line in &lines {
        for facet in facets {
            let place = place(line, owner.record);
            let key = join(&[&[LINES], &facet.bytes(), &place]);
            rows.push(Row::Entry { key, value: value(&owner, line) });
            rows.extend(counted(*facet, line));
        }
    }
    rows
}

/// The counts of a line under a facet.
pub fn counted(facet: Facet, line: &Line) -> Vec<Row> {
    let mut rows = vec![Row::Count { key: count_key(LINES, facet, (line.on, line.kind)) }];
    if line.kind.manner() == Manner::Hint {
        rows.push(Row::Count { key: count_key(ENDS, facet, (line.said_until(), line.kind)) });
    }
    rows
}

/// The count of a new case whose next clock ends on a day.
pub fn fresh_due(facet: Facet, day: NaiveDate) -> Row {
    Row::Count { key: join(&[&[FRESH], &facet.bytes(), &day_number(day).to_be_bytes()]) }
}

/// The counts of a case by the days on which it came and was over, under a facet.
pub fn came_and_over(facet: Facet, case: &Case) -> Vec<Row> {
    let count = |tag: u8, day: NaiveDate| Row::Count {
        key: join(&[&[tag], &facet.bytes(), &day_number(day).to_be_bytes()]),
    };
    let over = (!case.stage().is_open()).then(|| case.ended_on()).flatten();
    let came = std::iter::once(count(CAME, case.received_on));
    came.chain(over.map(|day| count(OVER, day))).collect()
}

/// The days from a first to a last one, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
}

/// What is counted by day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tally {
    /// Lines by their day.
    Lines,
    /// Hints by their last day.
    Ends,
    /// New cases by the day of their next clock.
    Fresh,
    /// Cases by the day on which they came.
    Came,
    /// Cases by the day on which they were over.
    Over,
}

/// The keys of the counts of a facet for some days.
pub fn counts(tally: Tally, facet: Facet, days: Days) -> Span {
    let tag = match tally {
        Tally::Lines => LINES,
        Tally::Ends => ENDS,
        Tally::Fresh => FRESH,
        Tally::Came => CAME,
        Tally::Over => OVER,
    };
    span(Space::Count, &join(&[&[tag], &facet.bytes()]), days)
}

/// The day and the kind of a count's key; new cases have no kind.
pub fn counted_on(key: &[u8]) -> Option<(NaiveDate, Option<LineKind>)> {
    let day = day_at(key, 10)?;
    Some((day, key.get(14).and_then(|code| LineKind::from_code(*code))))
}

/// The rows of a facet's lines for some days.
pub fn lines(facet: Facet, days: Days) -> Span {
    span(Space::Index, &join(&[&[LINES], &facet.bytes()]), days)
}

/// The rows of a facet's cases whose next due day is one of some days.
pub fn clocks(facet: Facet, days: Days) -> Span {
    span(Space::Index, &list_prefix(facet, Sort::Due), days)
}

/// What a row under [`lines`] says.
pub fn parse_line(key: &[u8], value: &[u8]) -> Option<Lined> {
    let on = day_at(key, 10)?;
    let kind = LineKind::from_code(*key.get(14)?)?;
    let record_kind = Kind::from_code(*key.get(15)?)?;
    let (id, _) = split_number(key.get(16..)?)?;
    let flags = *value.first()?;
    let id_at = |at: usize| {
        let bytes = value.get(at..at + 4)?.try_into().ok()?;
        let number = u32::from_be_bytes(bytes);
        Some((number != 0).then_some(u64::from(number)))
    };
    let scope = Scope {
        village: id_at(1)?.map(UnitId),
        lead: id_at(5)?.map(OfficerId),
        handler: id_at(9)?.map(OfficerId),
        sealed: flags & 1 != 0,
    };
    let unit = id_at(13)?.map(UnitId);
    let until = id_at(17)?.and_then(|day| day_of_number(u32::try_from(day).ok()?));
    let owner = Owner { record: RecordRef { kind: record_kind, id }, scope, unit };
    let line = Line { on, kind, until, provisional: flags & 2 != 0 };
    Some(Lined { owner, line, of_fresh: false })
}

/// What a row under [`clocks`] says.
pub fn parse_clock(key: &[u8], value: &[u8]) -> Option<Lined> {
    let listed = parse_listed(key, value)?;
    let owner = Owner { record: listed.id.into(), scope: listed.scope, unit: listed.unit };
    let line = Line {
        on: listed.due_on?,
        kind: listed.line?,
        until: None,
        provisional: listed.provisional,
    };
    Some(Lined { owner, line, of_fresh: is_fresh_stage(listed.stage) })
}

/// The keys under a prefix in which a day follows that is one of some days.
pub fn span(space: Space, prefix: &[u8], days: Days) -> Span {
    let from = join(&[prefix, &day_number(days.first).to_be_bytes()]);
    let to = join(&[prefix, &(day_number(days.last).saturating_add(1)).to_be_bytes()]);
    Span { space, to: Some(to.max(from.clone())), from }
}

fn place(line: &Line, record: RecordRef) -> Vec<u8> {
    let head = [line.kind.code(), record.kind.code()];
    join(&[&day_number(line.on).to_be_bytes(), &head, &record.id.to_be_bytes()])
}

fn count_key(tag: u8, facet: Facet, (day, kind): (NaiveDate, LineKind)) -> Vec<u8> {
    join(&[&[tag], &facet.bytes(), &day_number(day).to_be_bytes(), &[kind.code()]])
}

fn value(owner: &Owner, line: &Line) -> Vec<u8> {
    let scope = &owner.scope;
    let mut value = vec![u8::from(scope.sealed) | u8::from(line.provisional) << 1];
    let ids = [
        scope.village.map(|id| id.0),
        scope.lead.map(|id| id.0),
        scope.handler.map(|id| id.0),
        owner.unit.map(|id| id.0),
    ];
    for id in ids {
        let id = id.and_then(|id| u32::try_from(id).ok()).unwrap_or(0);
        value.extend_from_slice(&id.to_be_bytes());
    }
    let until = match line.kind.manner() {
        Manner::Hint => day_number(line.said_until()),
        Manner::Owed => 0,
    };
    value.extend_from_slice(&until.to_be_bytes());
    value
}

/// The day that stands in a key at a place.
pub fn day_at(key: &[u8], at: usize) -> Option<NaiveDate> {
    day_of_number(u32::from_be_bytes(key.get(at..at + 4)?.try_into().ok()?))
}

/// What a row of the list of new cases says; `until` is the day of the case's next clock.
pub fn parse_fresh(key: &[u8], value: &[u8]) -> Option<Lined> {
    let listed = parse_listed(key, value)?;
    let owner = Owner { record: listed.id.into(), scope: listed.scope, unit: listed.unit };
    let line = Line {
        on: listed.due_on.unwrap_or_default(),
        kind: LineKind::Fresh,
        until: listed.due_on,
        provisional: listed.provisional,
    };
    Some(Lined { owner, line, of_fresh: true })
}
