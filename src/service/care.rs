//! Reading the roster: lists in the order of what the office owes, and one entry in full.
//!
//! The order follows from days that the office missed or will miss next; nothing is counted or
//! weighed about a person.

use chrono::{Datelike, NaiveDate};

use crate::api::refusal::Refusal;
use crate::api::reply::{LineRow, Reply};
use crate::api::roster::{EntryRow, EntrySheet, OwedView};
use crate::domain::act::Act;
use crate::domain::case::Case;
use crate::domain::entry::{Entry, EntryState, OwedKind};
use crate::domain::ids::{EntryId, Kind, PersonId};
use crate::domain::line::{Line, LineKind};
use crate::domain::policy::{self, Scope, Sight, Verdict};
use crate::law::deadline::next_due;
use crate::service::stop::Stop;
use crate::service::view::{self, Eye};
use crate::service::{Asking, Service, clocks, owed, people, roster};
use crate::store::read::{Read, Snapshot};
use crate::store::tables::line::Lined;

pub mod list;
pub mod stood;

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
        && !policy::is_withheld(asker, case)
        && policy::sees(asker, &Scope::of_entry(entry), None)
}

/// The entries of a person that the asker may know of, those that are open first.
///
/// # Errors
/// A damaged ledger.
pub fn of_person(eye: &Eye<'_>, snapshot: &Snapshot, id: PersonId) -> Result<Vec<EntryRow>, Stop> {
    let mut rows = Vec::new();
    for record in people::records_of(snapshot, id)? {
        for entry in roster::entries_of(snapshot, record)? {
            let found = visible(eye.asking, snapshot, entry.id)?;
            let Some((entry, case)) = found else { continue };
            rows.push(row(eye, snapshot, (&entry, &case))?);
        }
    }
    rows.sort_by_key(|row| (!row.state.is_open(), std::cmp::Reverse(row.id)));
    Ok(rows)
}

/// The entries on a case that the asker may know of, those that are open first; a meeting has no
/// roster.
///
/// # Errors
/// A damaged ledger.
pub fn of_case(eye: &Eye<'_>, snapshot: &Snapshot, case: &Case) -> Result<Vec<EntryRow>, Stop> {
    let mut rows = Vec::new();
    if eye.asking.asker.sight == Sight::Masked {
        return Ok(rows);
    }
    for entry in roster::entries_on(snapshot, case.id)? {
        let link = policy::link(&eye.asking.asker, &Scope::of_entry(&entry));
        let may_read = policy::may(&eye.asking.asker, Act::ReadEntry, link) == Verdict::Allow;
        if may_read && is_visible(&eye.asking.asker, &entry, case) {
            rows.push(row(eye, snapshot, (&entry, case))?);
        }
    }
    rows.sort_by_key(|row| (!row.state.is_open(), std::cmp::Reverse(row.id)));
    Ok(rows)
}

/// An entry as a row, and whether its matter is sealed, if the asker may know of it; a meeting has
/// no roster.
///
/// # Errors
/// A damaged ledger.
pub fn entry_row(
    eye: &Eye<'_>,
    snapshot: &Snapshot,
    id: EntryId,
) -> Result<Option<(EntryRow, bool)>, Stop> {
    let found = visible(eye.asking, snapshot, id)?;
    let is_shown = eye.asking.asker.sight == Sight::Clear;
    let Some((entry, case)) = found.filter(|_| is_shown) else { return Ok(None) };
    let row = row(eye, snapshot, (&entry, &case))?;
    Ok(Some((row, case.readers.is_some())))
}

/// Whether a sheet leads to an entry, and why not.
pub fn permit(entries: &[EntryRow]) -> (Act, Option<String>) {
    (Act::ReadEntry, entries.is_empty().then(|| "broken.not_on_roster".to_owned()))
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
            what: entry
                .promise
                .as_ref()
                .filter(|_| owed.kind == OwedKind::Promise)
                .map(|promise| promise.text.clone()),
        })
        .collect();
    let person = people::whole(snapshot, entry.person)?;
    let state = entry.state(days);
    let place = owed.first().map_or(NaiveDate::MAX, |owed| owed.on);
    // One that lapsed for good stands among the ended ones, also before the journal says so.
    let lapsed_on = entry.review_on.succ_opt().filter(|_| state == EntryState::Lapsed);
    let key = match entry.ending.as_ref().map(|ending| ending.on).or(lapsed_on) {
        Some(ended_on) => {
            let newest_first = u32::MAX - day_number(ended_on);
            [newest_first.to_be_bytes().as_slice(), &(u64::MAX - entry.id.0).to_be_bytes()].concat()
        }
        None => [day_number(place).to_be_bytes().as_slice(), &entry.id.0.to_be_bytes()].concat(),
    };
    Ok(EntryRow {
        id: entry.id,
        version: entry.version,
        person: people::root_of(snapshot, entry.person)?,
        name: person.and_then(|person| person.label()),
        village: eye.book.unit(case.village),
        ground: entry.ground,
        state,
        lead: eye.book.officer(Some(entry.lead)),
        officer: eye.book.officer(Some(entry.officer)),
        case: case.id,
        number: case.number.clone(),
        title: case.title.clone(),
        since: entry.approval.as_ref().map(|approval| approval.on),
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
        case: Some(case.id),
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
