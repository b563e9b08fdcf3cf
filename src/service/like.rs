//! Compares a newcomer at the window with the persons and matters that are there.
//!
//! What the asker may not see is left out before it is compared: a sealed matter is never named, and
//! a newcomer who stands in one is as new as any other.

pub mod twins;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use crate::api::like::{LikeCase, LikePerson, LikeQuery, LikeView, MATTERS_MAX, Reason};
use crate::api::reply::Reply;
use crate::domain::act::Act;
use crate::domain::case::Case;
use crate::domain::ids::{CaseId, Kind, PersonId};
use crate::domain::person::mask_number;
use crate::domain::policy::{self, Scope};
use crate::domain::step::Deed;
use crate::search::Index;
use crate::search::like::{Bond, Newcomer, Pairs};
use crate::service::book::Book;
use crate::service::lookup::{is_visible, request_of};
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service, people, tell};
use crate::store::fault::Fault;
use crate::store::key::{Order, Space, Span};
use crate::store::read::{Read, Snapshot};
use crate::store::tables;

/// The most persons whose matters are looked at.
const PERSONS_MAX: usize = 12;
/// The newest matters of one person that are looked at.
const CASES_MAX: usize = 6;
/// The most texts that are like the new one.
const TEXTS_MAX: usize = 12;

/// Answers `Like`.
///
/// # Errors
/// A damaged ledger.
pub fn read(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &LikeQuery,
) -> Result<Reply, Stop> {
    let most = query.most.clamp(1, MATTERS_MAX) as usize;
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let found = if service.finder.is_asleep() {
        look(&tell::index_of_matters(snapshot)?, (snapshot, &book), asking, query)
    } else {
        service.finder.look(|index| look(index, (snapshot, &book), asking, query))
    };
    let mut persons = Vec::new();
    let mut cases: BTreeMap<CaseId, (Case, BTreeSet<Reason>, BTreeSet<PersonId>)> = BTreeMap::new();
    for (id, bonds) in found.persons.into_iter().take(PERSONS_MAX.max(most)) {
        let Some(person) = people::whole(snapshot, id)? else { continue };
        let reasons = reasons(&bonds);
        for case in newest_seen(snapshot, asking, id)? {
            let own = cases.entry(case.id).or_insert((case, BTreeSet::new(), BTreeSet::new()));
            own.1.extend(&reasons);
            own.2.insert(id);
        }
        persons.push(LikePerson {
            id,
            name: person.name,
            village: book.unit(person.village),
            phone: person.phone.as_deref().map(mask_number),
            reasons,
        });
    }
    for (id, percent) in found.texts {
        let Some(case) = snapshot.load::<Case>(id.0)?.filter(|case| sees(asking, case)) else {
            continue;
        };
        let own = cases.entry(id).or_insert((case, BTreeSet::new(), BTreeSet::new()));
        own.1.insert(Reason::Text { percent });
    }
    let mut rows = Vec::new();
    for (case, reasons, persons) in cases.into_values() {
        rows.push(row(&eye, snapshot, (&case, reasons, persons))?);
    }
    rows.sort_by_key(|row| (std::cmp::Reverse(rank(row)), std::cmp::Reverse(row.last_on), row.id));
    rows.truncate(most);
    persons.sort_by_key(|person| (person.reasons.first().copied(), person.id));
    persons.truncate(most);
    let warming = !service.finder.is_ready();
    Ok(Reply::Like(LikeView { cases: rows, persons, warming }))
}

/// Whether an asker sees what a matter says.
fn sees(asking: &Asking, case: &Case) -> bool {
    policy::sees(&asking.asker, &Scope::of(case), case.readers.as_ref())
        && !policy::is_withheld(&asking.asker, case)
}

/// The newest matters of a person that an asker sees. Each is judged before it is counted: what is
/// hidden must not take the place of what is not.
fn newest_seen(snapshot: &Snapshot, asking: &Asking, person: PersonId) -> Result<Vec<Case>, Fault> {
    let mut cases: Vec<Case> = Vec::new();
    for record in people::records_of(snapshot, person)? {
        let span = Span::prefix(Space::Index, &tables::cases_of_person(record));
        let mut n_here = 0;
        snapshot.scan(&span, Order::Backward, &mut |key, _| {
            let Some(id) = tables::last_id(key) else { return Ok(ControlFlow::Continue(())) };
            let case = snapshot.load::<Case>(id)?.filter(|case| sees(asking, case));
            n_here += usize::from(case.is_some());
            cases.extend(case);
            let is_enough = n_here >= CASES_MAX;
            Ok(if is_enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
    }
    cases.sort_by_key(|case| std::cmp::Reverse(case.id));
    cases.dedup_by_key(|case| case.id);
    cases.truncate(CASES_MAX);
    Ok(cases)
}

/// What an index says of a newcomer.
struct Looked {
    persons: Vec<(PersonId, Vec<Bond>)>,
    texts: Vec<(CaseId, u8)>,
}

fn look(
    index: &Index,
    (snapshot, book): (&Snapshot, &Book),
    asking: &Asking,
    query: &LikeQuery,
) -> Looked {
    let visible = |scope: &crate::search::entry::Scope| is_visible(snapshot, asking, scope);
    let newcomer = Newcomer {
        name: query.name.clone(),
        phone: query.phone.clone(),
        id_number: query.id_number.clone(),
        village: book.unit(query.village).unwrap_or_default(),
    };
    let persons = index.like_person(&newcomer, visible).into_iter();
    let read = |record| request_of(snapshot, record);
    let pairs = Pairs::of(&query.text);
    let texts = index.like_text(&pairs, TEXTS_MAX, visible, read).into_iter();
    Looked {
        persons: persons.map(|(record, bonds)| (PersonId(record.id), bonds)).collect(),
        texts: texts
            .filter(|alike| alike.record.kind == Kind::Case)
            .map(|alike| (CaseId(alike.record.id), u8::try_from(alike.share).unwrap_or(100)))
            .collect(),
    }
}

/// Why a person may be the newcomer, in the words of the answer.
fn reasons(bonds: &[Bond]) -> Vec<Reason> {
    let reasons = bonds.iter().map(|bond| match bond {
        Bond::IdNumber => Reason::IdNumber,
        Bond::Phone => Reason::Phone,
        Bond::NameAndVillage => Reason::NameAndVillage,
        Bond::Name => Reason::Name,
        Bond::Sound => Reason::Sound,
    });
    reasons.collect()
}

fn row(
    eye: &Eye<'_>,
    ledger: &impl Read,
    (case, reasons, persons): (&Case, BTreeSet<Reason>, BTreeSet<PersonId>),
) -> Result<LikeCase, Fault> {
    // Who is like the newcomer stands beside the reasons, else whoever raises the matter.
    let person = match persons.first() {
        Some(id) => people::load_root(ledger, *id)?.and_then(|person| person.label()),
        None => people::name_on(ledger, case)?,
    };
    let came = case.steps.values().filter(|step| matches!(step.deed, Deed::Received { .. }));
    let joins = eye.permits(case).into_iter().find(|(act, _)| *act == Act::Join);
    let ended = (!case.stage().is_open()).then(|| "broken.case_has_ended".to_owned());
    Ok(LikeCase {
        id: case.id,
        version: case.version,
        number: case.number.clone(),
        title: case.title.clone(),
        stage: case.stage(),
        person,
        persons: persons.into_iter().collect(),
        holder: eye.book.officer(case.holder()),
        n_receipts: u32::try_from(case.receipts().len()).unwrap_or(u32::MAX),
        last_on: came.map(|step| step.on).max().unwrap_or(case.received_on),
        received_on: case.received_on,
        reasons: reasons.into_iter().collect(),
        not_joined: joins.and_then(|(_, why)| why).or(ended),
    })
}

/// How near a matter is to the new one: whose it is and what it says count together, and one that
/// is pending before one that has ended.
fn rank(row: &LikeCase) -> u32 {
    let weight = |reason: &Reason| match reason {
        Reason::IdNumber => 200,
        Reason::Phone => 120,
        Reason::NameAndVillage => 100,
        Reason::Name => 50,
        Reason::Sound => 20,
        Reason::Text { percent } => u32::from(*percent),
    };
    let sum: u32 = row.reasons.iter().map(weight).sum();
    sum + if row.stage.is_open() { 30 } else { 0 }
}
