//! What is there twice: matters that say the same, persons who may be one, all of them at once, as
//! after an old ledger was brought in. The clerk decides; nothing is joined by itself.
//!
//! What the asker may not see is left out before anything is compared, and what is known to belong
//! together already, a matter and what repeats it, is none that is there twice.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;

use crate::api::like::{
    APART, Among, LikePerson, MEMBERS_MAX, RECORDS_MAX, Reason, TwinQuery, TwinView, Twins,
};
use crate::api::reply::{AlikeRows, Reply};
use crate::domain::case::Case;
use crate::domain::ids::{CaseId, PersonId, Revision};
use crate::domain::person::{Person, mask_number};
use crate::domain::step::Deed;
use crate::search::twins::{self, Texts};
use crate::service::importrow::Row;
use crate::service::like::{row, sees};
use crate::service::lookup::request_of;
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service, erase, own, people, tell};
use crate::store::fault::Fault;
use crate::store::read::{Read, Snapshot};

/// A telephone number or a name that more persons have is that of an office, or says nothing.
const BEARERS_MAX: usize = 8;

/// Answers `Twins`.
///
/// # Errors
/// A damaged ledger.
pub fn read(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: TwinQuery,
) -> Result<Reply, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let apart = own::setting(snapshot, asking, APART)?.unwrap_or_default();
    let apart: Vec<&str> = apart.split_whitespace().collect();
    let all = service.finder.twins.of(snapshot, asking, query.among)?;
    let open: Vec<&Ids> = all.iter().filter(|ids| !apart.contains(&ids.key.as_str())).collect();
    let mut view = TwinView {
        n_groups: open.len() as u64,
        n_records: open.iter().map(|ids| ids.all.len() as u64).sum(),
        n_apart: (all.len() - open.len()) as u64,
        apart: apart.iter().map(|key| (*key).to_owned()).collect(),
        ..TwinView::default()
    };
    let mut n_told = 0;
    let from = usize::try_from(query.from).unwrap_or(usize::MAX);
    let mut groups = open.into_iter().skip(from);
    for ids in groups.by_ref() {
        let twins = match query.among {
            Among::Matters => told(&eye, snapshot, ids)?,
            Among::Persons => bearers(&eye, snapshot, ids)?,
        };
        n_told += twins.cases.len() + twins.persons.len();
        view.groups.push(twins);
        if n_told >= RECORDS_MAX {
            break;
        }
    }
    view.more = groups.next().is_some();
    Ok(Reply::Twins(Box::new(view)))
}

/// Records that may be one.
#[derive(Debug)]
struct Ids {
    /// By what the group is known.
    key: String,
    /// Whose it is, in rising order, with the reasons.
    all: BTreeMap<u64, BTreeSet<Reason>>,
}

impl Ids {
    fn of(all: BTreeMap<u64, BTreeSet<Reason>>) -> Self {
        Self { key: key_of(all.keys().copied()), all }
    }
}

/// For whom, of which state of the ledger, and among what the groups were found.
type Look = (u32, Revision, NaiveDate, Among);

/// The groups that were found last, so that the next page of them compares nothing again.
#[derive(Debug, Default)]
pub struct Held {
    last: Mutex<Option<(Look, Arc<Vec<Ids>>)>>,
}

impl Held {
    fn of(
        &self,
        snapshot: &Snapshot,
        asking: &Asking,
        among: Among,
    ) -> Result<Arc<Vec<Ids>>, Stop> {
        let look = (asking.session.uid, snapshot.revision()?, asking.today, among);
        let held = || self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, ids)) = held().as_ref().filter(|(own, _)| *own == look) {
            return Ok(Arc::clone(ids));
        }
        // Nobody waits for it here: two who ask at once compare twice.
        let found = Arc::new(match among {
            Among::Matters => matters(snapshot, asking)?,
            Among::Persons => persons(snapshot, asking)?,
        });
        *held() = Some((look, Arc::clone(&found)));
        Ok(found)
    }
}

/// By what a group is known: whose it is, hashed to eight digits (FNV-1a).
fn key_of(ids: impl Iterator<Item = u64>) -> String {
    let bytes = ids.flat_map(u64::to_le_bytes);
    let add = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    format!("{:08x}", bytes.fold(0x811c_9dc5_u32, add))
}

/// The matters that say the same or nearly so, and are not known to belong together.
fn matters(snapshot: &Snapshot, asking: &Asking) -> Result<Vec<Ids>, Fault> {
    let mut texts = Texts::default();
    let parents = add_matters(&mut texts, snapshot, asking)?;
    let mut groups = texts.groups(|id| request_of(snapshot, CaseId(id).into()));
    let first = |mut id: u64| {
        // None repeats what repeats it, so the way has an end, unless the ledger is damaged.
        for _ in 0..parents.len() {
            let Some(earlier) = parents.get(&id) else { break };
            id = earlier.0;
        }
        id
    };
    groups.retain(|group| group.ids.iter().map(|id| first(*id)).collect::<BTreeSet<_>>().len() > 1);
    let ids = groups.into_iter().map(|group| {
        let reasons = BTreeSet::from([Reason::Text { percent: group.share }]);
        Ids::of(group.ids.into_iter().map(|id| (id, reasons.clone())).collect())
    });
    Ok(ids.collect())
}

/// Adds the requests of all matters that the asker sees, and gives which of them repeats which; most
/// repeat none.
fn add_matters(
    texts: &mut Texts,
    snapshot: &Snapshot,
    asking: &Asking,
) -> Result<HashMap<u64, CaseId>, Fault> {
    let mut parents: HashMap<u64, CaseId> = HashMap::new();
    snapshot.each::<Case>(&mut |case| {
        let is_joined = case.steps.values().any(|step| matches!(step.deed, Deed::Merged { .. }));
        if is_joined || !sees(asking, &case) {
            return Ok(ControlFlow::Continue(()));
        }
        // The name that a row of a table has too: a person of its own is not there yet.
        let whose = match twins::says_little(&case.request) {
            true => people::name_on(snapshot, &case)?,
            false => None,
        };
        texts.add(case.id.0, &case.request, &whose.unwrap_or_default());
        parents.extend(case.repeats.map(|earlier| (case.id.0, earlier)));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(parents)
}

/// How many rows that are to become matters say the same as each other, or as matters that the asker
/// sees.
///
/// # Errors
/// A damaged ledger.
pub fn among_rows(snapshot: &Snapshot, asking: &Asking, rows: &[Row]) -> Result<AlikeRows, Fault> {
    /// From this number on stand the rows, which have none yet; no matter has one so large.
    const FIRST: u64 = 1 << 63;
    let mut texts = Texts::default();
    add_matters(&mut texts, snapshot, asking)?;
    for (id, row) in (FIRST..).zip(rows) {
        let name = row.person.name.as_deref().or(row.person.code.as_deref());
        texts.add(id, &row.request, name.unwrap_or_default());
    }
    let read = |id: u64| match id.checked_sub(FIRST) {
        Some(place) => rows.get(usize::try_from(place).ok()?).map(|row| row.request.clone()),
        None => request_of(snapshot, CaseId(id).into()),
    };
    let mut alike = AlikeRows::default();
    for group in texts.groups(read) {
        let n_rows = group.ids.iter().filter(|id| **id >= FIRST).count() as u64;
        alike.groups += u64::from(n_rows > 0);
        alike.rows += n_rows;
    }
    Ok(alike)
}

fn told(eye: &Eye<'_>, snapshot: &Snapshot, ids: &Ids) -> Result<Twins, Stop> {
    let mut cases: Vec<Case> = Vec::new();
    for id in ids.all.keys() {
        cases.extend(snapshot.load::<Case>(*id)?);
    }
    if cases.len() > MEMBERS_MAX {
        cases.sort_by_key(|case| (!case.stage().is_open(), case.id));
        cases.truncate(MEMBERS_MAX);
        cases.sort_by_key(|case| case.id);
    }
    let mut twins =
        Twins { key: ids.key.clone(), n_records: ids.all.len() as u64, ..Twins::default() };
    for case in cases {
        let reasons = ids.all.get(&case.id.0).cloned().unwrap_or_default();
        let mut row = row(eye, snapshot, (&case, reasons, BTreeSet::new()))?;
        for id in case.persons.keys() {
            row.persons.push(people::root_of(snapshot, *id)?);
        }
        twins.cases.push(row);
    }
    Ok(twins)
}

/// The persons who may be one, each with the reasons, the newest first.
fn persons(snapshot: &Snapshot, asking: &Asking) -> Result<Vec<Ids>, Stop> {
    let mut bearers: BTreeMap<(Reason, String), Vec<PersonId>> = BTreeMap::new();
    snapshot.each::<Person>(&mut |person| {
        if person.same_as.is_none() && erase::must_be_there(&person).is_ok() {
            for key in keys(&person) {
                bearers.entry(key).or_default().push(person.id);
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let mut homes: BTreeMap<u64, usize> = BTreeMap::new();
    let mut groups: Vec<BTreeMap<u64, BTreeSet<Reason>>> = Vec::new();
    for ((reason, _), ids) in bearers.into_iter().filter(|(_, ids)| ids.len() > 1) {
        let mut seen = Vec::new();
        for id in ids {
            if tell::person_is_visible(snapshot, &asking.asker, id)? {
                seen.push(id.0);
            }
        }
        // Who may not be seen is not counted either.
        let is_one = reason == Reason::IdNumber || seen.len() <= BEARERS_MAX;
        if seen.len() < 2 || !is_one {
            continue;
        }
        // Those that hang together already become one group.
        let known: BTreeSet<usize> = seen.iter().filter_map(|id| homes.get(id).copied()).collect();
        let mut own: BTreeMap<u64, BTreeSet<Reason>> = BTreeMap::new();
        for place in known {
            own.extend(groups.get_mut(place).map(std::mem::take).unwrap_or_default());
        }
        for id in seen {
            own.entry(id).or_default().insert(reason);
        }
        homes.extend(own.keys().map(|id| (*id, groups.len())));
        groups.push(own);
    }
    groups.retain(|group| !group.is_empty());
    groups.sort_by_key(|group| std::cmp::Reverse(group.keys().next_back().copied()));
    Ok(groups.into_iter().map(Ids::of).collect())
}

/// What one person alone should have: the ID number, the telephone number, the name in a village.
fn keys(person: &Person) -> Vec<(Reason, String)> {
    let plain = |text: &String| {
        let text: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        Some(text.to_ascii_uppercase()).filter(|text| text.len() > 5)
    };
    let id_number = person.id_number.as_ref().and_then(plain).map(|key| (Reason::IdNumber, key));
    let phone = person.phone.as_ref().and_then(plain).map(|key| (Reason::Phone, key));
    let name = person.name.as_ref().zip(person.village);
    let name =
        name.map(|(name, village)| (Reason::NameAndVillage, format!("{} {name}", village.0)));
    [id_number, phone, name].into_iter().flatten().collect()
}

fn bearers(eye: &Eye<'_>, snapshot: &Snapshot, ids: &Ids) -> Result<Twins, Stop> {
    let mut twins =
        Twins { key: ids.key.clone(), n_records: ids.all.len() as u64, ..Twins::default() };
    for (id, reasons) in ids.all.iter().take(MEMBERS_MAX) {
        let Some(person) = people::whole(snapshot, PersonId(*id))? else { continue };
        twins.persons.push(LikePerson {
            id: PersonId(*id),
            name: person.name,
            village: eye.book.unit(person.village),
            phone: person.phone.as_deref().map(mask_number),
            reasons: reasons.iter().copied().collect(),
        });
    }
    Ok(twins)
}
