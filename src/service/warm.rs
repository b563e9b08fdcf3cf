//! What the search index is told of each record: of all of them, and of one that was changed.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use crate::domain::campaign::Task;
use crate::domain::case::{Case, Stage};
use crate::domain::entry::Entry as RosterEntry;
use crate::domain::ids::{CaseId, Kind, PersonId, RecordRef};
use crate::domain::office::{Officer, Unit};
use crate::domain::person::Person;
use crate::search::entry::Entry;
use crate::service::book::Book;
use crate::service::glance::{CaseGlance, NameGlance, Names, ReceiptGlance};
use crate::service::indexed::{
    Beside, Veil, beside, case_entry, officer_entry, person_entry, roster_entry, task_entry,
    unit_entry,
};
use crate::service::people;
use crate::service::tell::cases_of;
use crate::store::fault::Fault;
use crate::store::key::{Order, Space, Span};
use crate::store::read::{Read, Snapshot};
use crate::store::tables::{self, Facet, Sort};

/// Hands out the entry of every record that can be found, until `go_on` breaks it off.
///
/// # Errors
/// A damaged ledger.
pub fn each_entry(
    snapshot: &Snapshot,
    go_on: &dyn Fn() -> ControlFlow<()>,
    visit: &mut dyn FnMut(Entry),
) -> Result<(), Fault> {
    let book = Book::read(snapshot)?;
    book.units.values().map(unit_entry).for_each(&mut *visit);
    book.officers.values().map(|officer| officer_entry(officer, &book)).for_each(&mut *visit);
    let mut numbers: HashMap<CaseId, Vec<String>> = HashMap::new();
    snapshot.each_glance(Kind::Receipt, &mut |receipt: ReceiptGlance| {
        let codes = [receipt.state_number, receipt.query_code];
        let codes: Vec<String> = codes.into_iter().flatten().collect();
        if !codes.is_empty() {
            numbers.entry(receipt.case).or_default().extend(codes);
        }
        Ok(go_on())
    })?;
    let mut names = Names::default();
    snapshot.each_glance(Kind::Person, &mut |person: NameGlance| {
        if let Some(name) = person.name {
            names.push(person.id, &name);
        }
        Ok(go_on())
    })?;
    let aliases = people::all_aliases(snapshot)?;
    let under_way = under_way(snapshot)?;
    let mut veiled: HashSet<PersonId> = HashSet::new();
    snapshot.each_glance(Kind::Case, &mut |case: CaseGlance| {
        if case.sealed.is_some() || case.about_unit.is_some() {
            veiled.extend(case.persons.keys());
        }
        let names = case.persons.keys().flat_map(|id| named(*id, (&names, &aliases)));
        let codes = numbers.remove(&case.id).unwrap_or_default();
        let is_over = case.sealed.is_none() && !under_way.contains(&case.id);
        visit(case_entry(&case, &book, Beside { names: names.collect(), codes, is_over }));
        Ok(go_on())
    })?;
    drop(names);
    snapshot.each::<Task>(&mut |task| {
        visit(task_entry(&task, &book));
        Ok(go_on())
    })?;
    snapshot.each::<Person>(&mut |person| {
        let is_veiled = veiled.contains(&person.id);
        let veil = if is_veiled { veil_of(snapshot, &person)? } else { Veil::default() };
        if person.same_as.is_none() {
            visit(person_entry(snapshot, &person, (&book, veil))?);
        }
        Ok(go_on())
    })?;
    snapshot.each::<RosterEntry>(&mut |entry| {
        visit(roster_entry(snapshot, &entry, &book)?);
        Ok(go_on())
    })
}

/// The cases of which something may still come, as their lists say: their steps, which would say it
/// too, are most of what a ledger holds.
fn under_way(snapshot: &Snapshot) -> Result<HashSet<CaseId>, Fault> {
    let open = tables::list_prefix(Facet::All, Sort::Due);
    let reviewed = tables::list_prefix(Facet::Stage(Stage::Reviewing), Sort::Received);
    let mut cases = HashSet::new();
    for prefix in [open, reviewed] {
        snapshot.scan(
            &Span::prefix(Space::Index, &prefix),
            Order::Forward,
            &mut |key, value| {
                cases.extend(tables::parse_listed(key, value).map(|listed| listed.id));
                Ok(ControlFlow::Continue(()))
            },
        )?;
    }
    Ok(cases)
}

/// What hides a person: a seal if all of their cases are sealed; from their own village, that all
/// others are about it.
fn veil_of(ledger: &impl Read, person: &Person) -> Result<Veil, Fault> {
    let cases = cases_of(ledger, person.id)?;
    let mut open = cases.iter().filter(|case| case.readers.is_none()).peekable();
    if open.peek().is_none() {
        return Ok(Veil { sealed: cases.last().map(|case| case.id), from_village: false });
    }
    let is_about = |case: &Case| person.village.is_some() && case.about_unit == person.village;
    Ok(Veil { sealed: None, from_village: open.all(is_about) })
}

/// The names of a person's record and of the one that it was found to be.
fn named(id: PersonId, (names, aliases): (&Names, &HashMap<PersonId, PersonId>)) -> Vec<String> {
    let own = names.get(id);
    let mut root = id;
    while let Some(next) = aliases.get(&root).filter(|next| **next != id) {
        root = *next;
    }
    let root = names.get(root).filter(|root| own != Some(*root));
    [root, own].into_iter().flatten().map(str::to_owned).collect()
}

/// The entry of a record as it is now; none if it cannot be found.
///
/// # Errors
/// A damaged ledger.
pub fn entry_of(
    ledger: &impl Read,
    book: &Book,
    record: RecordRef,
) -> Result<Option<Entry>, Fault> {
    Ok(match record.kind {
        Kind::Case => match ledger.load::<Case>(record.id)? {
            Some(case) => {
                let beside = beside(ledger, &case)?;
                Some(case_entry(&case.into(), book, beside))
            }
            None => None,
        },
        Kind::Person => match ledger.load::<Person>(record.id)? {
            Some(person) if person.same_as.is_none() => {
                let veil = veil_of(ledger, &person)?;
                Some(person_entry(ledger, &person, (book, veil))?)
            }
            Some(_) | None => None,
        },
        Kind::Unit => ledger.load::<Unit>(record.id)?.as_ref().map(unit_entry),
        Kind::Officer => {
            ledger.load::<Officer>(record.id)?.map(|officer| officer_entry(&officer, book))
        }
        Kind::Task => ledger.load::<Task>(record.id)?.map(|task| task_entry(&task, book)),
        Kind::Entry => match ledger.load::<RosterEntry>(record.id)? {
            Some(entry) => Some(roster_entry(ledger, &entry, book)?),
            None => None,
        },
        Kind::Office | Kind::Clerk | Kind::Receipt | Kind::Plan | Kind::Decision => None,
        Kind::Duty | Kind::Indicator | Kind::View | Kind::Given => None,
    })
}
