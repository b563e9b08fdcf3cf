//! Reading the roster: lists in the order of what the office owes, and one entry in full.
//!
//! The order follows from days that the office missed or will miss next; nothing is counted or
//! weighed about a person.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use crate::api::refusal::Refusal;
use crate::api::reply::{LineRow, Reply};
use crate::api::request::{self, ROWS_MAX};
use crate::api::roster::{EntryRow, EntrySheet, OwedView, RosterPage, RosterPart, RosterQuery};
use crate::domain::act::Act;
use crate::domain::case::Case;
use crate::domain::entry::{Entry, EntryState, OwedKind};
use crate::domain::ids::{EntryId, Kind};
use crate::domain::line::{Line, LineKind};
use crate::domain::policy::{self, Scope, Verdict};
use crate::law::deadline::next_due;
use crate::search::query::Query;
use crate::service::agenda::facets_of;
use crate::service::stop::Stop;
use crate::service::view::{self, Eye};
use crate::service::{Asking, Service, clocks, lookup, owed, people, roster};
use crate::store::key::{Order, Space, Span};
use crate::store::read::{Read, Snapshot};
use crate::store::roster::{self as keys, Shelf};
use crate::store::tables::line::Lined;

/// The most entries of one list that are put in order; an office has a few dozen.
const ENTRIES_MAX: usize = 2_000;

/// Answers `Roster`.
///
/// # Errors
/// A damaged ledger.
pub fn list(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &RosterQuery,
) -> Result<Reply, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let most = query.most.clamp(1, ROWS_MAX) as usize;
    let wanted = named(service, snapshot, asking, query)?;
    let is_wanted = |id: &EntryId| wanted.as_ref().is_none_or(|wanted| wanted.contains(id));
    let after = query.after.as_ref().and_then(view::key_of);
    let mut rows = Vec::new();
    if query.part != RosterPart::Ended || after.is_none() {
        for id in ids(snapshot, asking, (query, Shelf::Open))?.into_iter().filter(is_wanted) {
            rows.extend(
                seen(&eye, snapshot, id)?.filter(|row| fits(query.part, row, asking.today)),
            );
        }
        rows.sort_by(|one, two| one.cursor.0.cmp(&two.cursor.0));
    }
    if query.part == RosterPart::Ended {
        return ended((&eye, snapshot), (query, most), rows, is_wanted);
    }
    let total = rows.len() as u64;
    if let Some(after) = &after {
        let after = view::cursor(after).0;
        rows.retain(|row| row.cursor.0 > after);
    }
    let more = rows.len() > most;
    rows.truncate(most);
    Ok(Reply::Roster(RosterPage { rows, total: Some(total), after: more }))
}

/// Lapsed and ended entries by key, the newest first.
fn ended(
    (eye, snapshot): (&Eye<'_>, &Snapshot),
    (query, most): (&RosterQuery, usize),
    mut rows: Vec<EntryRow>,
    is_wanted: impl Fn(&EntryId) -> bool,
) -> Result<Reply, Stop> {
    let mut more = false;
    for id in ids(snapshot, eye.asking, (query, Shelf::Ended))?.into_iter().filter(is_wanted) {
        if rows.len() >= most {
            more = true;
            break;
        }
        rows.extend(seen(eye, snapshot, id)?);
    }
    Ok(Reply::Roster(RosterPage { rows, total: None, after: more }))
}

/// The entries of the asked lists, each once.
fn ids(
    snapshot: &Snapshot,
    asking: &Asking,
    (query, shelf): (&RosterQuery, Shelf),
) -> Result<Vec<EntryId>, Stop> {
    let mut found: BTreeMap<Vec<u8>, EntryId> = BTreeMap::new();
    for facet in facets_of(asking, query.whose) {
        let prefix = keys::entries_prefix(facet, shelf);
        let mut span = Span::prefix(Space::Index, &prefix);
        if let Some(key) = query.after.as_ref().and_then(view::key_of)
            && shelf == Shelf::Ended
        {
            span = span.after(&[prefix.as_slice(), &key].concat());
        }
        for (key, _) in snapshot.page(&span, Order::Forward, ENTRIES_MAX)? {
            let Some(id) = keys::entry_of_key(shelf, &key) else { continue };
            found.insert(key.get(prefix.len()..).unwrap_or_default().to_vec(), EntryId(id));
        }
    }
    let mut known = BTreeSet::new();
    Ok(found.into_values().filter(|id| known.insert(*id)).collect())
}

/// The entries that a text finds; none if no text narrows the list.
fn named(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &RosterQuery,
) -> Result<Option<BTreeSet<EntryId>>, Stop> {
    let text = query.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let Some(text) = text else { return Ok(None) };
    let mut wanted = Query::new(text, request::HITS_MAX as usize);
    wanted.kinds = vec![Kind::Entry];
    let found = lookup::search(service, snapshot, asking, &wanted)?;
    Ok(Some(found.hits.iter().map(|hit| EntryId(hit.record.id)).collect()))
}

fn fits(part: RosterPart, row: &EntryRow, today: NaiveDate) -> bool {
    match part {
        RosterPart::Open => row.state.is_open(),
        RosterPart::Review => match row.state {
            EntryState::Running => row.review_on <= end_of_month(today),
            EntryState::Pending => true,
            EntryState::Proposed | EntryState::Lapsed | EntryState::Ended => false,
        },
        RosterPart::Ended => !row.state.is_open(),
    }
}

fn end_of_month(today: NaiveDate) -> NaiveDate {
    let (year, month) =
        if today.month() == 12 { (today.year() + 1, 1) } else { (today.year(), today.month() + 1) };
    NaiveDate::from_ymd_opt(year, month, 1).and_then(|next| next.pred_opt()).unwrap_or(today)
}

/// An entry with its case, if the asker may know of it: a sealed case hides its entries.
fn visible(
    asking: &Asking,
    snapshot: &impl Read,
    id: EntryId,
) -> Result<Option<(Entry, Case)>, Stop> {
    let Some(entry) = snapshot.load::<Entry>(id.0)? else { return Ok(None) };
    let Some(case) = snapshot.load::<Case>(entry.case.0)? else { return Ok(None) };
    Ok(is_visible(&asking.asker, &entry, &case).then_some((entry, case)))
}

/// Whether an asker may know of an entry.
pub fn is_visible(asker: &policy::Asker, entry: &Entry, case: &Case) -> bool {
    policy::reads(asker, case.readers.as_ref())
        && policy::sees(asker, &Scope::of_entry(entry), None)
}

fn seen(eye: &Eye<'_>, snapshot: &impl Read, id: EntryId) -> Result<Option<EntryRow>, Stop> {
    match visible(eye.asking, snapshot, id)? {
        Some((entry, case)) => row(eye, snapshot, (&entry, &case)).map(Some),
        None => Ok(None),
    }
}

fn row(
    eye: &Eye<'_>,
    snapshot: &impl Read,
    (entry, case): (&Entry, &Case),
) -> Result<EntryRow, Stop> {
    let today = eye.asking.today;
    let days = roster::days(eye.core, entry, today);
    let clock = if case.stage().is_open() {
        next_due(&clocks::of(eye.core, case)).map(|next| eye.deadline(next))
    } else {
        None
    };
    let latest = clock.as_ref().and_then(|clock| clock.latest);
    let owed: Vec<OwedView> = entry
        .owed(days, latest)
        .into_iter()
        .map(|owed| OwedView {
            kind: owed.kind,
            on: owed.on,
            days_left: (owed.on - today).num_days(),
            rule: clock
                .as_ref()
                .filter(|_| owed.kind == OwedKind::Clock)
                .map(|clock| clock.rule.clone()),
        })
        .collect();
    let person = people::whole(snapshot, entry.person)?;
    let state = entry.state(days);
    let place = owed.first().map_or(NaiveDate::MAX, |owed| owed.on);
    let key = match &entry.ending {
        Some(ending) => {
            let newest_first = u32::MAX - day_number(ending.on);
            [newest_first.to_be_bytes().as_slice(), &(u64::MAX - entry.id.0).to_be_bytes()].concat()
        }
        None => [day_number(place).to_be_bytes().as_slice(), &entry.id.0.to_be_bytes()].concat(),
    };
    Ok(EntryRow {
        id: entry.id,
        version: entry.version,
        person: people::root_of(snapshot, entry.person)?,
        name: person.and_then(|person| person.label()),
        village: eye.book.unit(entry.village),
        ground: entry.ground,
        state,
        lead: eye.book.officer(Some(entry.lead)),
        officer: eye.book.officer(Some(entry.officer)),
        case: case.id,
        number: case.number.clone(),
        title: case.title.clone(),
        contact_on: entry.contact_on,
        review_on: entry.review_on,
        last_contact_on: entry.last_contact().map(|contact| contact.on),
        owed,
        pending_until: days.pending_until,
        cursor: view::cursor(&key),
    })
}

/// A line of the agenda about an entry; none if it is no longer true or may not be seen.
///
/// # Errors
/// A damaged ledger.
pub fn line(
    eye: &Eye<'_>,
    ledger: &Snapshot,
    (lined, key): (&Lined, &[u8]),
) -> Result<Option<LineRow>, Stop> {
    let id = EntryId(lined.owner.record.id);
    let Some((entry, case)) = visible(eye.asking, ledger, id)? else { return Ok(None) };
    let row = row(eye, ledger, (&entry, &case))?;
    // Until the first change after a lapse the index still has the lines of a running entry.
    let kind = match (row.state, lined.line.kind) {
        (EntryState::Running, kind) | (EntryState::Pending, kind @ LineKind::Lapsed) => kind,
        (EntryState::Pending, LineKind::Review) => LineKind::Lapsed,
        (_, _) => return Ok(None),
    };
    let line = LineRow {
        record: entry.id.into(),
        version: entry.version,
        line: kind,
        on: lined.line.on,
        clock: Some(owed::own_clock(eye, &Line { kind, ..lined.line })),
        number: row.number,
        title: row.title,
        person: row.name,
        people: 1,
        village: row.village,
        state: format!("entry.state.{}", row.state.word()),
        lead: row.lead,
        unit: None,
        holder: row.officer,
        last: None,
        sealed: false,
        cursor: view::cursor(key),
    };
    eye.told(ledger, &case, line).map(Some)
}

fn day_number(day: NaiveDate) -> u32 {
    u32::try_from(day.num_days_from_ce()).unwrap_or(u32::MAX)
}

/// Answers `Entry`.
///
/// # Errors
/// Not found, also where the asker may not know of it.
pub fn sheet(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    id: EntryId,
) -> Result<Reply, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let (entry, case) = visible(asking, snapshot, id)?.ok_or_else(Refusal::not_found)?;
    let row = row(&eye, snapshot, (&entry, &case))?;
    let officers = roster::mentioned(&entry).into_iter();
    let officers = officers.filter_map(|id| Some((id, book.officer(Some(id))?))).collect();
    let link = policy::link(&asking.asker, &Scope::of_entry(&entry));
    let days = roster::days(&service.core, &entry, asking.today);
    let acts = Act::ALL.iter().copied().filter(|act| act.on() == Some(Kind::Entry));
    let permits = acts.map(|act| {
        let why = if policy::may(&asking.asker, act, link) == Verdict::Allow {
            roster::reason(&entry, &case, act, days).map(|key| format!("broken.{key}"))
        } else {
            Some("refusal.denied".to_owned())
        };
        (act, why)
    });
    let permits = permits.collect();
    let case = eye.row(snapshot, &case, &[])?;
    Ok(Reply::Entry(Box::new(EntrySheet { entry, row, case, officers, permits })))
}
