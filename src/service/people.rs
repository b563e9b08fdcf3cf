//! Persons: which records are one, the list of all, merge and un-merge.
//!
//! A merge changes one field of one record: the alias names the person that it was found to be.
//! Cases and entries keep the number with which they were written; readers resolve it. So an
//! un-merge gives everything back, whatever came later.

use std::ops::ControlFlow;

use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::{self, ROWS_MAX, Way, Whose};
use crate::api::roster::{Alias, PersonPage, PersonQuery, PersonRow};
use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::choice::Tie;
use crate::domain::ids::{Kind, PersonId, RecordRef, UnitId, Version};
use crate::domain::person::{Person, mask_number};
use crate::domain::policy::{self, Asker, Scope};
use crate::search::query::Query;
use crate::service::agenda::facets_of;
use crate::service::case::fill;
use crate::service::order::{Desk, Made};
use crate::service::stop::Stop;
use crate::service::{Asking, Service, erase, judge, lookup, tell, undo, view};
use crate::store::fault::Fault;
use crate::store::key::{Order, Space, Span};
use crate::store::read::{Read, Snapshot};
use crate::store::roster;
use crate::store::tables::{self, Facet};
use crate::store::{history, taken};

/// The longest chain of aliases that is followed.
const CHAIN_MAX: usize = 32;
/// The most records that are one person.
const ALIASES_MAX: usize = 64;
/// So many more index rows are read at a time than rows are wanted.
const SPARE: usize = 50;

/// The person that a record was found to be: itself, unless it is an alias.
///
/// # Errors
/// A damaged ledger.
pub fn root_of(ledger: &impl Read, id: PersonId) -> Result<PersonId, Fault> {
    Ok(follow(ledger, id)?.0)
}

/// The record of the person that a number stands for.
///
/// # Errors
/// A damaged ledger.
pub fn load_root(ledger: &impl Read, id: PersonId) -> Result<Option<Person>, Fault> {
    Ok(follow(ledger, id)?.1)
}

/// The root of a record with its own: each record on the way is read once.
fn follow(ledger: &impl Read, id: PersonId) -> Result<(PersonId, Option<Person>), Fault> {
    let mut root = (id, ledger.load::<Person>(id.0)?);
    for _ in 0..CHAIN_MAX {
        match root.1.as_ref().and_then(|person| person.same_as) {
            Some(next) => root = (next, ledger.load(next.0)?),
            None => break,
        }
    }
    Ok(root)
}

/// The name of whoever raises a case; none if they are anonymous.
///
/// # Errors
/// A damaged ledger.
pub fn name_on(ledger: &impl Read, case: &Case) -> Result<Option<String>, Fault> {
    let petitioner = case.persons.iter().find(|(_, tie)| **tie == Tie::Petitioner);
    match petitioner.or_else(|| case.persons.iter().next()) {
        Some((id, _)) => Ok(load_root(ledger, *id)?.and_then(|person| person.label())),
        None => Ok(None),
    }
}

/// All records that are one person: the root first, then its aliases and theirs.
///
/// # Errors
/// A damaged ledger.
pub fn records_of(ledger: &impl Read, id: PersonId) -> Result<Vec<PersonId>, Fault> {
    let mut all = vec![root_of(ledger, id)?];
    let mut at = 0;
    while let Some(person) = all.get(at).copied() {
        at += 1;
        let span = Span::prefix(Space::Index, &roster::aliases(person));
        for (key, _) in ledger.page(&span, Order::Forward, ALIASES_MAX)? {
            let alias = tables::last_id(&key).map(PersonId);
            all.extend(alias.filter(|alias| !all.contains(alias)));
        }
        if all.len() >= ALIASES_MAX {
            break;
        }
    }
    Ok(all)
}

/// A person of whom the journal alone tells, because their registration was taken back, as they
/// stood there last; none for whoever may not see what they came with: a matter that is sealed, or
/// another village's.
///
/// # Errors
/// A damaged ledger.
pub fn gone(ledger: &impl Read, asker: &Asker, id: PersonId) -> Result<Option<Person>, Stop> {
    let Some(person) = taken::last::<Person>(ledger, id.0)? else { return Ok(None) };
    let scope = Scope { village: person.village, ..Scope::default() };
    if !policy::sees(asker, &scope, None) {
        return Ok(None);
    }
    let is_hidden = |case: &Case| !policy::sees(asker, &Scope::of(case), case.readers.as_ref());
    let raises = |case: &&Case| case.persons.contains_key(&id);
    if undo::all_gone(ledger)?.iter().filter(raises).any(is_hidden) {
        return Ok(None);
    }
    for own in history::lines_of(ledger, id.into(), Version(0), usize::MAX)? {
        for line in taken::lines_of_change(ledger, own.revision)? {
            let Some(RecordRef { kind: Kind::Case, id }) = line.record else { continue };
            let now: Option<Case> = ledger.load(id)?;
            let case =
                now.map_or_else(|| taken::last::<Case>(ledger, id), |case| Ok(Some(case)))?;
            if case.as_ref().is_some_and(is_hidden) {
                return Ok(None);
            }
        }
    }
    Ok(Some(person))
}

/// A person with what their own record leaves empty filled in from their aliases.
///
/// # Errors
/// A damaged ledger.
pub fn whole(ledger: &impl Read, id: PersonId) -> Result<Option<Person>, Fault> {
    let records = records_of(ledger, id)?;
    let mut whole: Option<Person> = None;
    for record in records {
        let Some(next) = ledger.load::<Person>(record.0)? else { continue };
        whole = Some(match whole {
            None => next,
            Some(first) => Person {
                name: first.name.clone().or(next.name),
                sex: first.sex.or(next.sex),
                phone: first.phone.clone().or(next.phone),
                address: first.address.clone().or(next.address),
                village: first.village.or(next.village),
                id_number: first.id_number.clone().or(next.id_number),
                code: first.code.clone().or(next.code),
                ..first
            },
        });
    }
    Ok(whole)
}

/// The aliases of a person, for their sheet.
///
/// # Errors
/// A damaged ledger.
pub fn aliases_of(
    (service, asking): (&Service, &Asking),
    ledger: &impl Read,
    id: PersonId,
) -> Result<Vec<Alias>, Fault> {
    let book = service.core.book();
    let mut aliases = Vec::new();
    for record in records_of(ledger, id)?.into_iter().skip(1) {
        let Some(person) = ledger.load::<Person>(record.0)? else { continue };
        aliases.push(Alias {
            id: record,
            name: person.label(),
            phone: person.phone.as_deref().map(mask_number),
            village: book.unit(person.village),
            cases: own_cases(asking, ledger, record)?,
            n_entries: super::roster::entries_of(ledger, record)?.len() as u64,
        });
    }
    Ok(aliases)
}

/// Number and title of each case that hangs on a record itself and may be seen.
fn own_cases(
    asking: &Asking,
    ledger: &impl Read,
    record: PersonId,
) -> Result<Vec<(String, String)>, Fault> {
    let cases = tell::cases_of_record(ledger, record)?.into_iter();
    let seen = cases
        .filter(|case| policy::sees(&asking.asker, &Scope::of(case), case.readers.as_ref()))
        .map(|case| (case.number, case.title));
    Ok(seen.collect())
}

/// Answers `Persons`.
///
/// # Errors
/// A damaged ledger.
pub fn list(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &PersonQuery,
) -> Result<Reply, Stop> {
    let most = query.most.clamp(1, ROWS_MAX) as usize;
    let text = query.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let mut rows = Vec::new();
    let mut more = false;
    match text {
        Some(text) => {
            let mut wanted = Query::new(text, request::HITS_MAX as usize);
            wanted.kinds = vec![Kind::Person];
            let raw =
                lookup::search(service, (snapshot, asking), (&wanted, !service.finder.is_made()))?;
            for hit in &raw.hits {
                let id = PersonId(hit.record.id);
                rows.extend(visible((service, snapshot, asking), query, (&[], id))?);
            }
            rows.truncate(most);
        }
        None => {
            let place = query.from.as_ref().and_then(view::key_of);
            let mut scan = Scan { place, chunk: most + SPARE, is_over: false };
            while rows.len() <= most && !scan.is_over {
                for (key, id) in scan.next(snapshot, asking, query)? {
                    rows.extend(visible((service, snapshot, asking), query, (&key, id))?);
                }
            }
            more = rows.len() > most;
            rows.truncate(most);
            if query.way != Way::Forward {
                rows.reverse();
            }
        }
    }
    let is_inside = query.from.is_some() && text.is_none();
    let (before, after) = match query.way {
        Way::Forward => (is_inside, more),
        Way::Backward => (more, is_inside),
        Way::FromEnd => (more, false),
    };
    Ok(Reply::Persons(PersonPage { rows, before, after }))
}

/// The persons of the list, a few index rows at a time: those of sealed cases are left out later.
struct Scan {
    /// The last key that was read.
    place: Option<Vec<u8>>,
    chunk: usize,
    is_over: bool,
}

impl Scan {
    fn next(
        &mut self,
        snapshot: &Snapshot,
        asking: &Asking,
        query: &PersonQuery,
    ) -> Result<Vec<(Vec<u8>, PersonId)>, Stop> {
        let mut own = facets_of(asking, Whose::All).into_iter();
        let own = own.find(|facet| matches!(facet, Facet::All | Facet::Village(_)));
        let facet = match (own, query.village) {
            (Some(Facet::All), Some(village)) => Facet::Village(village),
            (Some(facet), _) => facet,
            (None, _) => {
                self.is_over = true;
                return Ok(Vec::new());
            }
        };
        let order = if query.way == Way::Forward { Order::Forward } else { Order::Backward };
        let mut span = Span::prefix(Space::Index, &roster::persons_prefix(facet));
        if let Some(place) = &self.place {
            span = match order {
                Order::Forward => span.after(place),
                Order::Backward => span.before(place),
            };
        }
        let rows = snapshot.page(&span, order, self.chunk)?;
        self.is_over = rows.len() < self.chunk;
        if let Some((key, _)) = rows.last() {
            self.place = Some(key.clone());
        }
        let found = rows.into_iter().filter_map(|(key, _)| {
            let id = roster::person_of_key(&key)?;
            Some((key, id))
        });
        Ok(found.collect())
    }
}

/// A person as a row, if the asker may know of them and they are of the wanted village.
fn visible(
    (service, snapshot, asking): (&Service, &Snapshot, &Asking),
    query: &PersonQuery,
    (key, id): (&[u8], PersonId),
) -> Result<Option<PersonRow>, Stop> {
    if !tell::person_is_visible(snapshot, &asking.asker, id)? {
        return Ok(None);
    }
    let found = row(service, snapshot, asking, (key, id))?;
    let is_wanted =
        |village: Option<UnitId>| query.village.is_none_or(|wanted| village == Some(wanted));
    Ok(found.and_then(|(row, village)| is_wanted(village).then_some(row)))
}

fn row(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    (key, id): (&[u8], PersonId),
) -> Result<Option<(PersonRow, Option<UnitId>)>, Stop> {
    let records = records_of(snapshot, id)?;
    let (Some(person), Some(own)) = (whole(snapshot, id)?, snapshot.load::<Person>(id.0)?) else {
        return Ok(None);
    };
    let book = service.core.book();
    let mut newest: Option<Case> = None;
    for case in tell::cases_of(snapshot, id)? {
        let is_newer = newest.as_ref().is_none_or(|newest| newest.received_on < case.received_on);
        let sees = policy::sees(&asking.asker, &Scope::of(&case), case.readers.as_ref());
        if is_newer && sees {
            newest = Some(case);
        }
    }
    let row = PersonRow {
        id,
        version: own.version,
        name: person.label(),
        phone: person.phone.as_deref().map(mask_number),
        village: book.unit(person.village),
        address: person.address.clone(),
        case: newest.map(|case| (case.number, case.title)),
        n_aliases: records.len().saturating_sub(1) as u64,
        cursor: view::cursor(key),
    };
    Ok(Some((row, person.village)))
}

/// Says that two records are one person: the other becomes an alias.
///
/// # Errors
/// Not found; one of them is an alias already; their ID numbers differ; a conflict.
pub fn merge(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let (keep, other) = two(desk)?;
    if keep.id == other.id {
        return Err(Broken::new("persons_are_one_record").at("merge.other").into());
    }
    if keep.same_as.is_some() || other.same_as.is_some() {
        return Err(Broken::new("person_is_an_alias").at("merge.other").into());
    }
    for person in [&keep, &other] {
        erase::must_be_there(person).map_err(|broken| broken.at("merge.other"))?;
    }
    let numbers = (keep.id_number.as_ref(), other.id_number.as_ref());
    if matches!(numbers, (Some(one), Some(two)) if one != two) {
        return Err(Broken::new("id_numbers_differ").at("merge.other").into());
    }
    let next = Person { same_as: Some(keep.id), ..other.clone() };
    put(desk, (keep, other), next)
}

/// Takes such a finding back.
///
/// # Errors
/// Not found; the other is no alias of this person; a conflict.
pub fn unmerge(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let (keep, other) = two(desk)?;
    let is_alias =
        other.same_as.is_some() && root_of(desk.work, other.id)? == root_of(desk.work, keep.id)?;
    if !is_alias {
        return Err(Broken::new("person_is_no_alias").at("merge.other").into());
    }
    let next = Person { same_as: None, ..other.clone() };
    put(desk, (keep, other), next)
}

fn put(
    desk: &mut Desk<'_, '_>,
    (keep, other): (Person, Person),
    next: Person,
) -> Result<Made, Stop> {
    for id in [keep.id, other.id] {
        touch_all(desk, id)?;
    }
    Ok(Made::of(&desk.put(&other, next)?))
}

/// Notes that the cases and entries of a person show another name from now on.
///
/// # Errors
/// A damaged ledger.
pub fn touch_all(desk: &mut Desk<'_, '_>, id: PersonId) -> Result<(), Stop> {
    for case in tell::cases_of(desk.work, id)? {
        desk.touched.add(&case);
    }
    for record in records_of(desk.work, id)? {
        desk.touched.add_record(record.into());
        for entry in super::roster::entries_of(desk.work, record)? {
            desk.touched.add_record(entry.id.into());
        }
    }
    Ok(())
}

fn two(desk: &mut Desk<'_, '_>) -> Result<(Person, Person), Stop> {
    let id = desk.order.on.ok_or_else(Refusal::not_found)?;
    let filled = fill(desk)?;
    let other = filled.link("other").ok_or_else(Refusal::not_found)?;
    let mut found = Vec::new();
    for id in [id, other] {
        let person: Person = desk.work.load(id)?.ok_or_else(Refusal::not_found)?;
        if !tell::person_is_visible(desk.work, &desk.asking.asker, person.id)? {
            return Err(Refusal::not_found().into());
        }
        let scope = Scope { village: person.village, ..Scope::default() };
        judge(desk.asking, desk.order.act, policy::link(&desk.asking.asker, &scope))?;
        found.push(person);
    }
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(keep), Some(other)) => {
            // The caller saw the person; whether the other fits is asked by the rules.
            desk.in_step(&keep, &["same_as"])?;
            Ok((keep, other))
        }
        (_, _) => Err(Refusal::not_found().into()),
    }
}

/// All records by the person that they were found to be, for the warming of the index.
///
/// # Errors
/// A damaged ledger.
pub fn all_aliases(
    ledger: &impl Read,
) -> Result<std::collections::HashMap<PersonId, PersonId>, Fault> {
    let mut aliases = std::collections::HashMap::new();
    ledger.each::<Person>(&mut |person| {
        if let Some(root) = person.same_as {
            aliases.insert(person.id, root);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(aliases)
}
