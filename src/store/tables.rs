//! Every index key of the ledger, as pure functions of a record.
//!
//! A case stands in the list of each facet that it has (all, an officer, a unit, a village, a stage);
//! a sealed case only in the lists of its readers, a case of an old ledger only in that of its stage.
//! The row's value carries what a scan must test before it counts. `check` makes all rows again.

pub mod line;

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use crate::domain::case::{Case, Stage};
use crate::domain::choice::Channel;
use crate::domain::ids::{CaseId, ClerkId, OfficerId, PersonId, RecordRef, UnitId};
use crate::domain::line::{Line, LineKind};
use crate::domain::office::Clerk;
use crate::domain::person::Person;
use crate::domain::policy::Scope;
use crate::domain::receipt::Receipt;
use crate::store::journal;
use crate::store::key::{Row, Space, Span, join, split_number};
use crate::store::tables::line::{Owner, counted, fresh_due, line_rows};
use crate::store::{attached, meeting, paper, roster};

/// Indexes, by the first byte of their keys.
const CASES: u8 = 1;
const NUMBERS: u8 = 2;
const PERSON_CODES: u8 = 3;
const CASES_OF_PERSON: u8 = 4;
const CLERKS: u8 = 5;
const DIGESTS: u8 = 6;
const RECEIVED: u8 = 7;

/// Counts, by the first byte of their keys.
const N_OPEN: u8 = 1;
const N_LISTED: u8 = 3;
const N_FRESH: u8 = 4;
const N_PROVISIONAL: u8 = 5;
const N_RECORDS: u8 = 6;

/// What a list of cases is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Facet {
    /// All cases that are not sealed and not from an old ledger.
    All,
    /// Those that an officer leads, handles, or registered while nobody handles them.
    Officer(OfficerId),
    /// Those of a responsible unit.
    Unit(UnitId),
    /// Those of a village.
    Village(UnitId),
    /// Those of a stage.
    Stage(Stage),
    /// Sealed ones that an account may read.
    Reader(ClerkId),
    /// Those in which something is missing.
    Without(Lack),
}

/// What may be missing in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// A leader.
    Lead = 1,
    /// A responsible unit.
    Unit = 2,
    /// A village.
    Village = 3,
    /// Somebody who holds it.
    Holder = 4,
}

impl Facet {
    pub(super) fn bytes(self) -> [u8; 9] {
        let (tag, id) = match self {
            Self::All => (1, 0),
            Self::Officer(id) => (2, id.0),
            Self::Unit(id) => (3, id.0),
            Self::Village(id) => (4, id.0),
            Self::Stage(stage) => (5, u64::from(stage.code())),
            Self::Reader(id) => (6, id.0),
            Self::Without(lack) => (7, lack as u64),
        };
        let mut bytes = [tag; 9];
        for (to, from) in bytes.iter_mut().skip(1).zip(id.to_be_bytes()) {
            *to = from;
        }
        bytes
    }
}

/// The order of a list of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Open cases by the latest day of their next clock; those without one last.
    Due = 1,
    /// All cases, the newest receipt first.
    Received = 2,
    /// New cases that nobody has decided about, the newest first.
    Fresh = 3,
}

/// What the limits say of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Due {
    /// Its next clock, which stands in its list by due day; none if no clock runs.
    pub next: Option<Line>,
    /// What it owes besides.
    pub others: Vec<Line>,
}

impl Due {
    /// The latest day of the next clock.
    pub fn on(&self) -> Option<NaiveDate> {
        self.next.map(|line| line.on)
    }

    /// Whether a calendar that is not loaded may change that day.
    pub fn is_provisional(&self) -> bool {
        self.next.is_some_and(|line| line.provisional)
    }
}

/// What a row of a list of cases carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Which case.
    pub id: CaseId,
    /// How far it is.
    pub stage: Stage,
    /// Who may see it.
    pub scope: Scope,
    /// The responsible unit.
    pub unit: Option<UnitId>,
    /// The latest day of its next clock.
    pub due_on: Option<NaiveDate>,
    /// What that clock is.
    pub line: Option<LineKind>,
    /// Whether a calendar that is not loaded may change that day.
    pub provisional: bool,
    /// The village, also where its own account does not see the case.
    pub village: Option<UnitId>,
    /// Who holds it now.
    pub holder: Option<OfficerId>,
    /// How it came first.
    pub channel: Option<Channel>,
    /// The day of its first receipt.
    pub received_on: Option<NaiveDate>,
    /// How many came at most on one visit.
    pub visitors: u32,
    /// Whether it was raised more than once.
    pub repeat: bool,
}

impl Listed {
    /// What the rows of a case say.
    pub fn of(case: &Case, due: &Due) -> Self {
        Self {
            id: case.id,
            stage: case.stage(),
            scope: Scope::of(case),
            unit: case.unit,
            due_on: due.on(),
            line: due.next.map(|line| line.kind),
            provisional: due.is_provisional(),
            village: case.village,
            holder: case.holder(),
            channel: case.channel(),
            received_on: Some(case.received_on),
            visitors: case.visitors(),
            repeat: case.is_repeat(),
        }
    }
}

/// Whether nobody has decided about a case yet.
pub fn is_fresh(case: &Case) -> bool {
    is_fresh_stage(case.stage())
}

/// Whether nobody has decided about cases of a stage yet.
pub const fn is_fresh_stage(stage: Stage) -> bool {
    matches!(stage, Stage::Registered)
}

/// The rows that follow from a case and its clocks.
pub fn case_rows(case: &Case, due: &Due) -> Vec<Row> {
    let (stage, id) = (case.stage(), case.id.0);
    let value = listed_value(&Listed::of(case, due));
    let facets = facets(case);
    let owner = Owner { record: case.id.into(), scope: Scope::of(case), unit: case.unit };
    let mut rows = line_rows(owner, &facets, &due.others);
    rows.extend(asked_rows(case));
    // A count that everybody reads says nothing of sealed cases.
    if case.readers.is_none() {
        rows.push(Row::Count { key: vec![N_RECORDS, 7] });
    }
    for facet in facets {
        let bytes = facet.bytes();
        let mut enter = |sort: Sort, place: u32, id: u64| {
            let key =
                join(&[&[CASES], &bytes, &[sort as u8], &place.to_be_bytes(), &id.to_be_bytes()]);
            rows.push(Row::Entry { key, value: value.clone() });
        };
        let newest_first = u32::MAX - day_number(case.received_on);
        enter(Sort::Received, newest_first, u64::MAX - id);
        if stage.is_open() {
            enter(Sort::Due, due.on().map_or(u32::MAX, day_number), id);
        }
        if is_fresh(case) {
            enter(Sort::Fresh, newest_first, u64::MAX - id);
        }
        rows.push(Row::Count { key: count_key(N_LISTED, facet) });
        if stage.is_open() {
            rows.push(Row::Count { key: count_key(N_OPEN, facet) });
        }
        if is_fresh(case) {
            rows.push(Row::Count { key: count_key(N_FRESH, facet) });
        }
        // Only those lists are counted by months that are somebody's whole ledger.
        if matches!(facet, Facet::All | Facet::Village(_) | Facet::Reader(_)) {
            rows.extend(line::came_and_over(facet, case));
        }
        if let Some(next) = &due.next {
            rows.extend(counted(facet, next));
            rows.extend(is_fresh(case).then(|| fresh_due(facet, next.on)));
        }
    }
    // Only lists are put in order by what may be missing; nothing is owed to it.
    for facet in lacks(case).into_iter().map(Facet::Without) {
        let received = u32::MAX - day_number(case.received_on);
        let mut places = vec![(Sort::Received, received, u64::MAX - id, N_LISTED)];
        if stage.is_open() {
            places.push((Sort::Due, due.on().map_or(u32::MAX, day_number), id, N_OPEN));
        }
        for (sort, place, id, count) in places {
            let head = list_prefix(facet, sort);
            let key = join(&[&head, &place.to_be_bytes(), &id.to_be_bytes()]);
            rows.push(Row::Entry { key, value: value.clone() });
            rows.push(Row::Count { key: count_key(count, facet) });
        }
    }
    let provisional = due.next.iter().chain(&due.others).filter(|line| line.provisional);
    rows.extend(provisional.map(|_| Row::Count { key: vec![N_PROVISIONAL] }));
    let numbers = [Some(&case.number), case.old_number.as_ref()];
    for number in numbers.into_iter().flatten().collect::<BTreeSet<_>>() {
        rows.push(Row::Entry { key: number_key(number, id), value: Vec::new() });
    }
    let digest = digest_prefix(case.received_on, &case.title, &case.request);
    rows.push(Row::Entry { key: join(&[&digest, &id.to_be_bytes()]), value: Vec::new() });
    rows.extend(meeting::tabled_row(case));
    rows.extend(paper::paper_rows(case));
    rows.extend(attached::attached_rows(case));
    for person in case.persons.keys() {
        let key = join(&[&[CASES_OF_PERSON], &person.0.to_be_bytes(), &id.to_be_bytes()]);
        rows.push(Row::Entry { key, value: Vec::new() });
    }
    rows
}

/// The rows of what a village was asked that a petition is about. Sealed since it was asked, there
/// is nothing that the village may know of.
fn asked_rows(case: &Case) -> Vec<Row> {
    let asked = case.owed_by_village().filter(|_| case.readers.is_none());
    let Some((village, on)) = asked else { return Vec::new() };
    let scope = Scope { village: Some(village), ..Scope::default() };
    let asked = Owner { record: case.id.into(), scope, unit: None };
    line_rows(asked, &[Facet::Village(village)], &[Line::new(LineKind::Cooperate, on)])
}

/// The rows that follow from a receipt: its place among those of its day, and its state system's
/// numbers, which lead to its case.
pub fn receipt_rows(receipt: &Receipt) -> Vec<Row> {
    let day = day_number(receipt.received_on).to_be_bytes();
    let key = join(&[&[RECEIVED], &day, &receipt.id.0.to_be_bytes()]);
    let mut rows =
        vec![Row::Count { key: vec![N_RECORDS, 6] }, Row::Entry { key, value: Vec::new() }];
    let numbers = [&receipt.state_number, &receipt.query_code];
    for number in numbers.into_iter().flatten().collect::<BTreeSet<_>>() {
        let key = join(&[&number_key(number, receipt.case.0), &receipt.id.0.to_be_bytes()]);
        rows.push(Row::Entry { key, value: Vec::new() });
    }
    rows
}

/// The keys of the receipts that came on some days, the earliest first.
pub fn received(days: line::Days) -> Span {
    line::span(Space::Index, &[RECEIVED], days)
}

/// The rows that follow from a person.
pub fn person_rows(person: &Person) -> Vec<Row> {
    let mut rows = vec![Row::Count { key: vec![N_RECORDS, 5] }];
    if let Some(code) = &person.code {
        let key = join(&[&code_key(code), &person.id.0.to_be_bytes()]);
        rows.push(Row::Entry { key, value: Vec::new() });
    }
    rows.extend(roster::person_list_rows(person));
    rows
}

/// The rows that follow from an account.
pub fn clerk_rows(clerk: &Clerk) -> Vec<Row> {
    let key = join(&[&clerk_key(clerk.uid), &clerk.id.0.to_be_bytes()]);
    vec![Row::Count { key: vec![N_RECORDS, 4] }, Row::Entry { key, value: Vec::new() }]
}

/// The rows that follow from a record of a kind that has no index: only its count.
pub fn plain_rows(record: RecordRef) -> Vec<Row> {
    vec![Row::Count { key: vec![N_RECORDS, record.kind.code()] }]
}

/// The facets under which a case is listed.
pub fn facets(case: &Case) -> Vec<Facet> {
    if let Some(readers) = &case.readers {
        return readers.iter().map(|clerk| Facet::Reader(*clerk)).collect();
    }
    let stage = case.stage();
    if stage == Stage::History {
        return vec![Facet::Stage(stage)];
    }
    let mut facets = vec![Facet::All, Facet::Stage(stage)];
    facets.extend(case.officers().into_iter().map(Facet::Officer));
    // A village that answers for itself is one owner, not two.
    facets.extend(case.unit.filter(|unit| case.village != Some(*unit)).map(Facet::Unit));
    let seeing = case.village_that_sees();
    facets.extend(seeing.map(Facet::Village));
    // What is about the village stands in the list of that unit, which its own account never reads.
    let withheld = case.village.filter(|_| seeing.is_none());
    facets.extend(withheld.map(Facet::Unit));
    facets
}

/// What is missing in a case; nothing is said of sealed ones and of those of an old ledger.
fn lacks(case: &Case) -> Vec<Lack> {
    if case.readers.is_some() || case.stage() == Stage::History {
        return Vec::new();
    }
    let missing = [
        (Lack::Lead, case.lead.is_none()),
        (Lack::Unit, case.unit.is_none()),
        (Lack::Village, case.village.is_none()),
        (Lack::Holder, case.holder().is_none()),
    ];
    missing.into_iter().filter(|(_, missing)| *missing).map(|(lack, _)| lack).collect()
}

/// The head of all keys of a list in an order, within the index namespace.
pub fn list_prefix(facet: Facet, sort: Sort) -> Vec<u8> {
    join(&[&[CASES], &facet.bytes(), &[sort as u8]])
}

/// What a row of a list says.
pub fn parse_listed(key: &[u8], value: &[u8]) -> Option<Listed> {
    let sort = *key.get(10)?;
    let (id, _) = split_number(key.get(15..)?)?;
    let id = if sort == Sort::Due as u8 { id } else { u64::MAX - id };
    let number = |at: usize| {
        let bytes = value.get(at..at + 4)?.try_into().ok()?;
        let number = u32::from_be_bytes(bytes);
        Some((number != 0).then_some(number))
    };
    let due = number(18)?;
    Some(Listed {
        id: CaseId(id),
        stage: Stage::from_code(*value.first()?)?,
        scope: Scope {
            village: number(2)?.map(|id| UnitId(u64::from(id))),
            lead: number(6)?.map(|id| OfficerId(u64::from(id))),
            handler: number(10)?.map(|id| OfficerId(u64::from(id))),
            sealed: *value.get(1)? != 0,
        },
        unit: number(14)?.map(|id| UnitId(u64::from(id))),
        due_on: due.and_then(day_of_number),
        line: LineKind::from_code(*value.get(22)?),
        provisional: *value.get(23)? != 0,
        village: number(24)?.map(|id| UnitId(u64::from(id))),
        holder: number(28)?.map(|id| OfficerId(u64::from(id))),
        received_on: number(32)?.and_then(day_of_number),
        channel: match *value.get(36)? {
            0 => None,
            place => Channel::ALL.get(usize::from(place) - 1).copied(),
        },
        visitors: number(37)?.unwrap_or(0),
        repeat: *value.get(41)? != 0,
    })
}

/// The key of how many open cases a facet has.
pub fn open_count(facet: Facet) -> Vec<u8> {
    count_key(N_OPEN, facet)
}

/// The key of how many cases a facet lists in all.
pub fn listed_count(facet: Facet) -> Vec<u8> {
    count_key(N_LISTED, facet)
}

/// The key of how many new cases a facet has.
pub fn fresh_count(facet: Facet) -> Vec<u8> {
    count_key(N_FRESH, facet)
}

/// The key of how many due days are provisional.
pub fn provisional_count() -> Vec<u8> {
    vec![N_PROVISIONAL]
}

/// The key of how many records of a kind there are.
pub fn record_count(kind: crate::domain::ids::Kind) -> Vec<u8> {
    vec![N_RECORDS, kind.code()]
}

/// The head of the keys of a printed, old or state system's number.
pub fn number_prefix(number: &str) -> Vec<u8> {
    join(&[&[NUMBERS], number.to_ascii_uppercase().as_bytes(), &[0]])
}

/// The case of a key under [`number_prefix`].
pub fn case_of_number(prefix: &[u8], key: &[u8]) -> Option<CaseId> {
    split_number(key.get(prefix.len()..)?).map(|(id, _)| CaseId(id))
}

/// The head of the keys of cases that came on a day with a title and a request.
pub fn digest_prefix(received_on: NaiveDate, title: &str, request: &str) -> Vec<u8> {
    let text = [received_on.to_string().as_str(), title, request].join("\0");
    join(&[&[DIGESTS], journal::hash(text.as_bytes()).get(..16).unwrap_or_default()])
}

/// The head of the keys of a petitioner's code.
pub fn code_key(code: &str) -> Vec<u8> {
    join(&[&[PERSON_CODES], code.as_bytes(), &[0]])
}

/// The head of the keys of a person's cases.
pub fn cases_of_person(person: PersonId) -> Vec<u8> {
    join(&[&[CASES_OF_PERSON], &person.0.to_be_bytes()])
}

/// The head of the keys of the accounts of a user id.
pub fn clerk_key(uid: u32) -> Vec<u8> {
    join(&[&[CLERKS], &uid.to_be_bytes()])
}

/// The number with which a key ends.
pub fn last_id(key: &[u8]) -> Option<u64> {
    key.last_chunk::<8>().map(|bytes| u64::from_be_bytes(*bytes))
}

fn number_key(number: &str, case: u64) -> Vec<u8> {
    join(&[&number_prefix(number), &case.to_be_bytes()])
}

fn count_key(what: u8, facet: Facet) -> Vec<u8> {
    join(&[&[what], &facet.bytes()])
}

fn listed_value(listed: &Listed) -> Vec<u8> {
    let scope = &listed.scope;
    let mut value = vec![listed.stage.code(), u8::from(scope.sealed)];
    let day = |day: Option<NaiveDate>| day.map(|day| u64::from(day_number(day)));
    push_number(&mut value, scope.village.map(|id| id.0));
    push_number(&mut value, scope.lead.map(|id| id.0));
    push_number(&mut value, scope.handler.map(|id| id.0));
    push_number(&mut value, listed.unit.map(|id| id.0));
    push_number(&mut value, day(listed.due_on));
    value.push(listed.line.map_or(0, LineKind::code));
    value.push(u8::from(listed.provisional));
    push_number(&mut value, listed.village.map(|id| id.0));
    push_number(&mut value, listed.holder.map(|id| id.0));
    push_number(&mut value, day(listed.received_on));
    let place = |channel| Channel::ALL.iter().position(|own| *own == channel);
    let channel = listed.channel.and_then(place).and_then(|place| u8::try_from(place + 1).ok());
    value.push(channel.unwrap_or(0));
    push_number(&mut value, Some(u64::from(listed.visitors)));
    value.push(u8::from(listed.repeat));
    value
}

fn push_number(value: &mut Vec<u8>, number: Option<u64>) {
    let number = number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
    value.extend_from_slice(&number.to_be_bytes());
}

/// The number of a day, as it stands in keys.
pub fn day_number(day: NaiveDate) -> u32 {
    u32::try_from(day.num_days_from_ce()).unwrap_or(0)
}

/// The day of a number.
pub fn day_of_number(number: u32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(number).ok()?)
}
