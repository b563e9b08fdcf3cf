//! Sheets: one case in full, one person with their cases.

use std::collections::BTreeSet;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{CaseSheet, PersonOf, PersonSheet, Reply};
use crate::domain::act::Act;
use crate::domain::case::{Case, Stage};
use crate::domain::closing;
use crate::domain::ids::{CaseId, Kind, OfficerId, PersonId, UnitId};
use crate::domain::office::Clerk;
use crate::domain::person::{Person, mask_number};
use crate::domain::policy::{self, Link, Scope, Verdict};
use crate::domain::receipt::Receipt;
use crate::domain::schema::{self, Shield};
use crate::domain::step::Deed;
use crate::law::deadline::next_due;
use crate::service::book::Book;
use crate::service::clock::at_office;
use crate::service::stop::Stop;
use crate::service::tell;
use crate::service::view::Eye;
use crate::service::{Asking, Service, care, clocks, erase, meeting, people, undo};
use crate::store::fault::Fault;
use crate::store::key::{Order, Space, Span};
use crate::store::read::{Read, Snapshot};
use crate::store::tables;

/// The most cases of one printed number: a number is given once, and those of an import may repeat it.
const ALIKE_MAX: usize = 16;

/// Answers `Case`.
///
/// # Errors
/// Not found, also where the asker may not know of it.
pub fn case(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    id: CaseId,
) -> Result<Reply, Stop> {
    let mut case: Case = snapshot.load(id.0)?.ok_or_else(Refusal::not_found)?;
    if let Some(village) = policy::asked_village(&asking.asker, &case) {
        return Ok(asked(service, &case.for_village(village)));
    }
    if !policy::sees(&asking.asker, &Scope::of(&case), case.readers.as_ref()) {
        return Err(Refusal::not_found().into());
    }
    case.tabled = case.tabled.filter(|_| meeting::may_read(asking));
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let mut receipts = Vec::new();
    for receipt in case.receipts() {
        receipts.extend(snapshot.load::<Receipt>(receipt.0)?);
    }
    let mut persons = Vec::new();
    for (id, tie) in &case.persons {
        let Some(person) = people::whole(snapshot, *id)? else { continue };
        if persons.iter().any(|known: &PersonOf| known.id == person.id) {
            continue;
        }
        persons.push(PersonOf {
            id: person.id,
            tie: *tie,
            name: person.label(),
            phone: person.phone.as_deref().map(mask_number),
            village: book.unit(person.village),
        });
    }
    let (units, officers) = mentioned(&case, &receipts);
    let unit_names = units.into_iter().filter_map(|id| Some((id, book.unit(Some(id))?)));
    let officer_names = officers.into_iter().filter_map(|id| Some((id, book.officer(Some(id))?)));
    let decisions = meeting::of_case(&eye, snapshot, &case)?;
    let entries = care::of_case(&eye, snapshot, &case)?;
    let mut permits = eye.permits(&case);
    permits.push(care::permit(&entries));
    let sheet = CaseSheet {
        stage: case.stage(),
        decisions,
        receipts,
        persons,
        deadlines: eye.deadlines(&case),
        next: next_due(&clocks::of(&service.core, &case))
            .filter(|_| case.stage().is_open())
            .map(|next| eye.deadline(next)),
        extendable: clocks::extendable(&service.core, &case, asking.today),
        units: unit_names.collect(),
        officers: officer_names.collect(),
        undecided: eye.undecided(&case),
        readers: readers_of(snapshot, &book, &case)?,
        requirements: closing::requirements(&case),
        permits,
        entries,
        repeats: repeats(snapshot, asking, &case)?,
        case,
    };
    Ok(Reply::Case(Box::new(eye.told_sheet(snapshot, sheet)?)))
}

/// What a village that a petition is about sees of it.
fn asked(service: &Service, case: &Case) -> Reply {
    let book = service.core.book();
    let (units, officers) = mentioned(case, &[]);
    let named = |id| Some((id, book.unit(Some(id))?));
    let owes = case.owed_by_village().is_some();
    let permits = Act::ALL.iter().filter(|act| act.on() == Some(Kind::Case)).map(|act| match act {
        Act::ReadCase => (*act, None),
        Act::Answer if owes => (*act, None),
        Act::Answer => (*act, Some("broken.nothing_was_asked".to_owned())),
        _ => (*act, Some("refusal.denied".to_owned())),
    });
    Reply::Case(Box::new(CaseSheet {
        stage: Stage::Registered,
        receipts: Vec::new(),
        persons: Vec::new(),
        deadlines: Vec::new(),
        next: None,
        extendable: None,
        units: units.into_iter().filter_map(named).collect(),
        officers: officers
            .into_iter()
            .filter_map(|id| Some((id, book.officer(Some(id))?)))
            .collect(),
        decisions: Vec::new(),
        entries: Vec::new(),
        undecided: None,
        readers: Vec::new(),
        requirements: Vec::new(),
        repeats: None,
        permits: permits.collect(),
        case: case.clone(),
    }))
}

/// The number of the case that another repeats, if the asker may see it.
fn repeats(snapshot: &Snapshot, asking: &Asking, case: &Case) -> Result<Option<String>, Stop> {
    let Some(id) = case.repeats else { return Ok(None) };
    let earlier: Option<Case> = snapshot.load(id.0)?;
    let seen = earlier.filter(|earlier| {
        policy::sees(&asking.asker, &Scope::of(earlier), earlier.readers.as_ref())
    });
    Ok(seen.map(|earlier| earlier.number))
}

/// The names of those who read a sealed case.
fn readers_of(snapshot: &Snapshot, book: &Book, case: &Case) -> Result<Vec<String>, Stop> {
    let mut names = Vec::new();
    for reader in case.readers.iter().flatten() {
        let Some(clerk) = snapshot.load::<Clerk>(reader.0)? else { continue };
        names.push(book.officer(clerk.officer).unwrap_or(clerk.login));
    }
    Ok(names)
}

/// The cases that have a printed number, whoever may know of them.
///
/// # Errors
/// A damaged ledger.
pub fn of_number(ledger: &impl Read, number: &str) -> Result<Vec<CaseId>, Fault> {
    let prefix = tables::number_prefix(number.trim());
    let found = ledger.page(&Span::prefix(Space::Index, &prefix), Order::Forward, ALIKE_MAX)?;
    Ok(found.iter().filter_map(|(key, _)| tables::case_of_number(&prefix, key)).collect())
}

/// Answers `CaseByNumber`.
///
/// # Errors
/// As [`case`].
pub fn by_number(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    number: &str,
) -> Result<Reply, Stop> {
    for id in of_number(snapshot, number)? {
        if let Ok(reply) = case(service, snapshot, asking, id) {
            return Ok(reply);
        }
    }
    if let Some((gone, line)) = undo::gone(snapshot, number.trim())?
        && policy::sees(&asking.asker, &Scope::of(&gone), gone.readers.as_ref())
    {
        let refusal = Refusal::new(RefusalKind::NotFound, "registration_is_taken_back");
        let at = at_office(line.stamp.at).format("%Y-%m-%d %H:%M");
        return Err(refusal.with("number", &gone.number).with("at", at).into());
    }
    Err(Refusal::not_found().into())
}

/// Answers `Person`.
///
/// # Errors
/// Not found, also where the asker may not know of them.
pub fn person(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    id: PersonId,
) -> Result<Reply, Stop> {
    if !tell::person_is_visible(snapshot, &asking.asker, id)? {
        return Err(Refusal::not_found().into());
    }
    let person = people::whole(snapshot, id)?.ok_or_else(Refusal::not_found)?;
    let id = person.id;
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let mut cases = Vec::new();
    for case in tell::cases_of(snapshot, id)? {
        if policy::sees(&asking.asker, &Scope::of(&case), case.readers.as_ref()) {
            cases.push(eye.row(snapshot, &case, &[])?);
        }
    }
    cases.sort_by_key(|case| std::cmp::Reverse(case.received_on));
    let (fields, masked) = fields_of(&eye, &person);
    let link = policy::link(&asking.asker, &Scope { village: person.village, ..Scope::default() });
    let aliases = people::aliases_of((service, asking), snapshot, id)?;
    let none = aliases.is_empty().then(|| "broken.person_has_no_alias".to_owned());
    let acts = [
        Act::EditPerson,
        Act::Reveal,
        Act::MergePersons,
        Act::UnmergePersons,
        Act::AskErasure,
        Act::WithdrawErasure,
        Act::Erase,
    ];
    let entries = care::of_person(&eye, snapshot, id)?;
    let mut permits = Vec::with_capacity(acts.len() + 1);
    for act in acts {
        let why = match act {
            Act::UnmergePersons => none.clone(),
            _ => erase::why_not(snapshot, (act, person.erasure.as_ref()), (asking, link))?,
        };
        permits.push((act, denial(asking, act, link).or(why)));
    }
    permits.push(care::permit(&entries));
    Ok(Reply::Person(Box::new(PersonSheet {
        id,
        version: person.version,
        fields,
        masked,
        cases,
        aliases,
        permits,
        entries,
    })))
}

fn denial(asking: &Asking, act: Act, link: Link) -> Option<String> {
    let allowed = policy::may(&asking.asker, act, link) == Verdict::Allow;
    (!allowed).then(|| "refusal.denied".to_owned())
}

/// The fields of a person as texts, masked where the table says so, and which ones are masked.
fn fields_of(eye: &Eye<'_>, person: &Person) -> (Vec<(String, String)>, Vec<String>) {
    let json = serde_json::to_value(person).unwrap_or_default();
    let (mut fields, mut masked) = (Vec::new(), Vec::new());
    for field in schema::PERSON {
        if field.kind == crate::domain::field::FieldKind::Inner {
            continue;
        }
        let value = json.get(field.name()).cloned().unwrap_or_default();
        let mut text = field.kind.format(&value);
        if field.name() == "village" {
            text = eye.book.unit(person.village).unwrap_or_default();
        }
        if field.shield == Shield::Masked && !text.is_empty() {
            text = mask_number(&text);
            masked.push(field.name().to_owned());
        }
        fields.push((field.name().to_owned(), text));
    }
    (fields, masked)
}

fn mentioned(case: &Case, receipts: &[Receipt]) -> (BTreeSet<UnitId>, BTreeSet<OfficerId>) {
    let mut units: BTreeSet<UnitId> = case.assisting.clone();
    units.extend(case.village);
    units.extend(case.unit);
    let mut officers: BTreeSet<OfficerId> =
        [case.lead, case.handler, case.registrar, case.held_by].into_iter().flatten().collect();
    officers.extend(case.tabled.as_ref().and_then(|tabled| tabled.by));
    officers.extend(case.about_officer);
    for own in case.attachments.values() {
        officers.extend(own.by);
        officers.extend(own.removed.as_ref().and_then(|removed| removed.by));
    }
    officers.extend(receipts.iter().filter_map(|receipt| receipt.taken_by));
    units.extend(case.about_unit);
    for step in case.steps.values() {
        officers.extend(step.by);
        officers.extend(step.deed.officer());
        if let Deed::PaperMade { voided_by, .. } = step.deed {
            officers.extend(voided_by);
        }
        units.extend(step.deed.unit());
        officers.extend(step.first.as_deref().and_then(Deed::officer));
        units.extend(step.first.as_deref().and_then(Deed::unit));
    }
    (units, officers)
}
