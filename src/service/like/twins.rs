//! What is there twice: matters that say the same, persons who may be one, all of them at once, as
//! after an old ledger was brought in. The clerk decides; nothing is joined by itself.
//!
//! What the asker may not see is left out before anything is compared, and what is known to belong
//! together already, a matter and what repeats it, is none that is there twice.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

use crate::api::like::{
    APART, Among, GROUPS_MAX, LikePerson, MEMBERS_MAX, Reason, TwinQuery, TwinView, Twins,
};
use crate::api::reply::{AlikeRows, Reply};
use crate::domain::case::Case;
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::person::{Person, mask_number};
use crate::domain::step::Deed;
use crate::search::twins::{Group, Texts};
use crate::service::importrow::Row;
use crate::service::like::{row, sees};
use crate::service::lookup::request_of;
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service, erase, own, people, tell};
use crate::store::fault::Fault;
use crate::store::read::{Read, Snapshot};

/// The characters of a request that says something by itself.
const SHORT: usize = 16;
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
    let from = usize::try_from(query.from).unwrap_or(usize::MAX);
    let most = usize::try_from(query.most.min(GROUPS_MAX)).unwrap_or(usize::MAX);
    let apart = own::setting(snapshot, asking, APART)?.unwrap_or_default();
    let apart: Vec<&str> = apart.split_whitespace().collect();
    let mut view = TwinView::default();
    match query.among {
        Among::Matters => {
            let mut groups = matters(snapshot, asking)?;
            let n_all = groups.len();
            groups.retain(|group| !apart.contains(&key_of(group.ids.iter().copied()).as_str()));
            view.n_apart = (n_all - groups.len()) as u64;
            view.count(groups.iter().map(|group| group.ids.len()));
            for group in groups.into_iter().skip(from).take(most) {
                view.groups.push(told(&eye, snapshot, &group)?);
            }
        }
        Among::Persons => {
            let mut groups = persons(snapshot, asking)?;
            let n_all = groups.len();
            groups.retain(|group| !apart.contains(&key_of(group.keys().map(|id| id.0)).as_str()));
            view.n_apart = (n_all - groups.len()) as u64;
            view.count(groups.iter().map(BTreeMap::len));
            for group in groups.into_iter().skip(from).take(most) {
                view.groups.push(bearers(&eye, snapshot, group)?);
            }
        }
    }
    view.apart = apart.iter().map(|key| (*key).to_owned()).collect();
    view.more = view.n_groups > query.from + view.groups.len() as u64;
    Ok(Reply::Twins(Box::new(view)))
}

/// By what a group is known: whose it is, hashed to eight digits (FNV-1a).
fn key_of(ids: impl Iterator<Item = u64>) -> String {
    let bytes = ids.flat_map(u64::to_le_bytes);
    let add = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    format!("{:08x}", bytes.fold(0x811c_9dc5_u32, add))
}

/// The matters that say the same or nearly so, and are not known to belong together.
fn matters(snapshot: &Snapshot, asking: &Asking) -> Result<Vec<Group>, Fault> {
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
    Ok(groups)
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
        let whose = match case.persons.keys().next().filter(|_| is_short(&case.request)) {
            Some(id) => people::root_of(snapshot, *id)?.0.to_string(),
            None => String::new(),
        };
        texts.add(case.id.0, &case.request, &whose);
        parents.extend(case.repeats.map(|earlier| (case.id.0, earlier)));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(parents)
}

/// A request with fewer characters than that says too little by itself.
fn is_short(request: &str) -> bool {
    request.chars().take(SHORT).count() < SHORT
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

fn told(eye: &Eye<'_>, snapshot: &Snapshot, group: &Group) -> Result<Twins, Stop> {
    let key = key_of(group.ids.iter().copied());
    let mut twins = Twins { key, n_records: group.ids.len() as u64, ..Twins::default() };
    for id in group.ids.iter().take(MEMBERS_MAX) {
        let Some(case): Option<Case> = snapshot.load(*id)? else { continue };
        let reasons = BTreeSet::from([Reason::Text { percent: group.share }]);
        let mut row = row(eye, snapshot, (&case, reasons, BTreeSet::new()))?;
        row.persons = case.persons.keys().copied().collect();
        twins.cases.push(row);
    }
    Ok(twins)
}

/// The persons who may be one, each with the reasons, the newest first.
fn persons(
    snapshot: &Snapshot,
    asking: &Asking,
) -> Result<Vec<BTreeMap<PersonId, BTreeSet<Reason>>>, Stop> {
    let mut bearers: BTreeMap<(Reason, String), Vec<PersonId>> = BTreeMap::new();
    snapshot.each::<Person>(&mut |person| {
        if person.same_as.is_none() && erase::must_be_there(&person).is_ok() {
            for key in keys(&person) {
                bearers.entry(key).or_default().push(person.id);
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let mut homes: BTreeMap<PersonId, usize> = BTreeMap::new();
    let mut groups: Vec<BTreeMap<PersonId, BTreeSet<Reason>>> = Vec::new();
    let shared = bearers.into_iter().filter(|((reason, _), ids)| {
        ids.len() > 1 && (*reason == Reason::IdNumber || ids.len() <= BEARERS_MAX)
    });
    for ((reason, _), ids) in shared {
        let mut seen = Vec::new();
        for id in ids {
            if tell::person_is_visible(snapshot, &asking.asker, id)? {
                seen.push(id);
            }
        }
        if seen.len() < 2 {
            continue;
        }
        // Those that hang together already become one group.
        let known: BTreeSet<usize> = seen.iter().filter_map(|id| homes.get(id).copied()).collect();
        let mut own: BTreeMap<PersonId, BTreeSet<Reason>> = BTreeMap::new();
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
    Ok(groups)
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

fn bearers(
    eye: &Eye<'_>,
    snapshot: &Snapshot,
    group: BTreeMap<PersonId, BTreeSet<Reason>>,
) -> Result<Twins, Stop> {
    let key = key_of(group.keys().map(|id| id.0));
    let mut twins = Twins { key, n_records: group.len() as u64, ..Twins::default() };
    for (id, reasons) in group.into_iter().take(MEMBERS_MAX) {
        let Some(person) = people::whole(snapshot, id)? else { continue };
        twins.persons.push(LikePerson {
            id,
            name: person.name,
            village: eye.book.unit(person.village),
            phone: person.phone.as_deref().map(mask_number),
            reasons: reasons.into_iter().collect(),
        });
    }
    Ok(twins)
}
