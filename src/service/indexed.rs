//! What the search index holds of each kind of record: fields by tag, and who may see it.

use crate::domain::campaign::Task;
use crate::domain::case::Case;
use crate::domain::entry::Entry as RosterEntry;
use crate::domain::ids::{CaseId, OfficerId};
use crate::domain::office::{Officer, Unit};
use crate::domain::person::Person;
use crate::domain::receipt::Receipt;
use crate::search::entry::{Entry, FieldTag, Scope};
use crate::service::book::Book;
use crate::service::glance::CaseGlance;
use crate::service::people;
use crate::store::fault::Fault;
use crate::store::read::Read;

/// Stands for the officer of a record that has none: a scope without anybody is that of units and
/// officers, which every account finds.
const NOBODY: OfficerId = OfficerId(0);

/// What hides a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Veil {
    /// The sealed case, if all of their cases are sealed.
    pub sealed: Option<CaseId>,
    /// Whether their own village's account does not see them: all of their cases are about it.
    pub from_village: bool,
}

/// What the index holds of a case besides what stands in it.
#[derive(Debug, Default)]
pub struct Beside {
    /// The names of its persons.
    pub names: Vec<String>,
    /// The state system's numbers of its receipts.
    pub codes: Vec<String>,
    /// Whether nothing more will come of it.
    pub is_over: bool,
}

/// Whether a case is over as far as a search is concerned: a sealed one is never, for whether it is
/// stands in no list.
pub fn is_over(case: &Case) -> bool {
    case.readers.is_none() && !case.stage().is_under_way()
}

/// The names of a case's persons, and the state system's numbers of its receipts.
///
/// # Errors
/// A damaged ledger.
pub fn beside(ledger: &impl Read, case: &Case) -> Result<Beside, Fault> {
    let (mut names, mut codes) = (Vec::new(), Vec::new());
    for person in case.persons.keys() {
        let own = ledger.load::<Person>(person.0)?.and_then(|person| person.name);
        let root = people::load_root(ledger, *person)?.and_then(|person| person.name);
        names.extend(root.filter(|root| own.as_ref() != Some(root)));
        names.extend(own);
    }
    for receipt in case.receipts() {
        if let Some(receipt) = ledger.load::<Receipt>(receipt.0)? {
            codes.extend([receipt.state_number, receipt.query_code].into_iter().flatten());
        }
    }
    Ok(Beside { names, codes, is_over: is_over(case) })
}

/// A case under its title, persons, place, numbers, and what a meeting is to decide on it.
pub fn case_entry(case: &CaseGlance, book: &Book, beside: Beside) -> Entry {
    let Beside { names, codes, is_over } = beside;
    let mut fields = vec![(FieldTag::Title, case.title.clone())];
    fields.extend(names.into_iter().map(|name| (FieldTag::Name, name)));
    fields.extend(book.unit(case.village).map(|name| (FieldTag::Place, name)));
    fields.extend(case.place.clone().map(|place| (FieldTag::Place, place)));
    // No meeting has a sealed matter.
    let tabled = case.tabled.as_ref().filter(|_| case.sealed.is_none());
    let question = tabled.and_then(|tabled| tabled.question.clone());
    fields.extend(question.map(|question| (FieldTag::Question, question)));
    fields.push((FieldTag::Number, case.number.clone()));
    fields.extend(case.old_number.clone().map(|number| (FieldTag::Number, number)));
    fields.extend(codes.into_iter().map(|code| (FieldTag::Code, code)));
    fields.push((FieldTag::Text, case.request.clone()));
    let scope = Scope {
        village: case.village.filter(|village| case.about_unit != Some(*village)),
        unit: case.unit,
        lead: case.lead,
        handler: case.handler.or(case.registrar).or(Some(NOBODY)),
        sealed: case.sealed.map(|_| case.id),
    };
    Entry { record: case.id.into(), scope, fields, is_over }
}

/// A person with what their aliases say: whoever looks for an old number finds them.
///
/// # Errors
/// A damaged ledger.
pub fn person_entry(
    ledger: &impl Read,
    person: &Person,
    (book, veil): (&Book, Veil),
) -> Result<Entry, Fault> {
    let mut fields = Vec::new();
    for record in people::records_of(ledger, person.id)? {
        let alias = if record == person.id { None } else { ledger.load::<Person>(record.0)? };
        let one = alias.as_ref().unwrap_or(person);
        fields.extend(one.name.clone().map(|name| (FieldTag::Name, name)));
        fields.extend(book.unit(one.village).map(|name| (FieldTag::Place, name)));
        fields.extend(one.address.clone().map(|address| (FieldTag::Place, address)));
        fields.extend(one.code.clone().map(|code| (FieldTag::Code, code)));
        fields.extend(one.phone.clone().map(|phone| (FieldTag::Phone, phone)));
        fields.extend(one.id_number.clone().map(|number| (FieldTag::IdNumber, number)));
    }
    fields.dedup();
    let scope = Scope {
        village: person.village.filter(|_| !veil.from_village),
        handler: Some(NOBODY),
        sealed: veil.sealed,
        ..Scope::default()
    };
    Ok(Entry { record: person.id.into(), scope, fields, is_over: false })
}

/// An entry of the roster under the person's name, its case and its village.
///
/// # Errors
/// A damaged ledger.
pub fn roster_entry(ledger: &impl Read, entry: &RosterEntry, book: &Book) -> Result<Entry, Fault> {
    let mut fields = Vec::new();
    let person = people::load_root(ledger, entry.person)?;
    fields.extend(person.and_then(|person| person.name).map(|name| (FieldTag::Name, name)));
    let case = ledger.load::<Case>(entry.case.0)?;
    fields.extend(case.iter().map(|case| (FieldTag::Title, case.title.clone())));
    let village = case.as_ref().and_then(|case| case.village);
    fields.extend(book.unit(village).map(|name| (FieldTag::Place, name)));
    fields.extend(case.iter().map(|case| (FieldTag::Number, case.number.clone())));
    let scope = Scope {
        village: entry.village,
        unit: None,
        lead: Some(entry.lead),
        handler: Some(entry.officer),
        sealed: case.filter(|case| case.readers.is_some()).map(|case| case.id),
    };
    let is_over = entry.ending.is_some();
    Ok(Entry { record: entry.id.into(), scope, fields, is_over })
}

/// A task of a campaign under its title, village and code.
pub fn task_entry(task: &Task, book: &Book) -> Entry {
    let mut fields = vec![(FieldTag::Title, task.title.clone())];
    fields.extend(book.unit(task.village).map(|name| (FieldTag::Place, name)));
    fields.push((FieldTag::Code, task.code.clone()));
    fields.extend(task.who.clone().map(|who| (FieldTag::Name, who)));
    let scope = Scope { village: task.village, handler: task.officer, ..Scope::default() };
    Entry { record: task.id.into(), scope, fields, is_over: false }
}

/// A unit under its name and code.
pub fn unit_entry(unit: &Unit) -> Entry {
    let mut fields = vec![(FieldTag::Name, unit.name.clone())];
    fields.extend(unit.code.clone().map(|code| (FieldTag::Code, code)));
    Entry { record: unit.id.into(), scope: Scope::default(), fields, is_over: false }
}

/// An officer under name, post, unit and telephone.
pub fn officer_entry(officer: &Officer, book: &Book) -> Entry {
    let mut fields = vec![(FieldTag::Name, officer.name.clone())];
    fields.extend(officer.post.clone().map(|post| (FieldTag::Title, post)));
    fields.extend(book.unit(officer.unit).map(|name| (FieldTag::Place, name)));
    fields.extend(officer.phone.clone().map(|phone| (FieldTag::Phone, phone)));
    Entry { record: officer.id.into(), scope: Scope::default(), fields, is_over: false }
}
