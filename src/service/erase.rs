//! Erasure of a person: asked for by one, done or sent back by another, and then found nowhere. All their files
//! lie in the archive then, and need not be kept any longer.
//!
//! The journal keeps its lines and what they are committed to; what was said is gone. In the texts of
//! the person's matters, which the office keeps, and of the names of saved filters, their name and
//! numbers are put out. Drafts and searches that hold them go too. The file itself is made smaller at the next start of a
//! server, and the backup beside it goes with it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::api::refusal::Refusal;
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::entry::Entry;
use crate::domain::fact::Fact;
use crate::domain::given::GivenFigure;
use crate::domain::ids::{CaseId, PersonId, RecordRef, Version};
use crate::domain::office::Clerk;
use crate::domain::person::{Erasure, Person};
use crate::domain::policy::{self, Link, Scope, Verdict};
use crate::domain::receipt::Receipt;
use crate::domain::record::Record;
use crate::domain::saved::SavedView;
use crate::domain::step::Deed;
use crate::service::case::fill;
use crate::service::erase::marks::{About, Marks, texts_of};
use crate::service::order::{Desk, Indexed, Made};
use crate::service::stop::Stop;
use crate::service::{Asking, care, judge, meeting, people, roster, tell, undo};
use crate::store::history;
use crate::store::key::{Order, Space, Span};
use crate::store::read::Read;

pub mod marks;

/// The field of a case in which its attachments stand.
const ATTACHMENTS: &str = "attachments";

/// Asks that a person be erased, with the basis for it.
///
/// # Errors
/// Not found; something of theirs is open or still kept; it was asked for already.
pub fn ask(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    if let Some(gone) = gone(desk)? {
        // Only the journal knows them still; a record that says nothing holds what is asked.
        let erasure = Some(asked(desk)?);
        let bare = Person { erasure, version: gone.version, ..Person::bare(gone.id) };
        return Ok(Made::of(&desk.create(bare)?));
    }
    let person = person(desk)?;
    if person.erasure.is_some() {
        return Err(Broken::new("erasure_is_asked").into());
    }
    must_be_over(desk, &person)?;
    let next = Person { erasure: Some(asked(desk)?), ..person.clone() };
    Ok(Made::of(&desk.put(&person, next)?))
}

fn asked(desk: &Desk<'_, '_>) -> Result<Erasure, Stop> {
    Ok(Erasure {
        basis: fill(desk)?.text("basis").unwrap_or_default(),
        asked_by: desk.asking.clerk.id,
        asked_on: desk.asking.today,
        document: None,
        erased_by: None,
        erased_on: None,
    })
}

/// Takes an erasure back that was asked for and is not done: whoever asked may, and whoever was to do
/// it. That it was asked, and why, stays in the journal.
///
/// # Errors
/// Not found; nobody has asked for it; it is done; somebody else asked, and one may not do it.
pub fn withdraw(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let person = person(desk)?;
    let asked = person.erasure.as_ref().ok_or_else(|| Broken::new("erasure_is_not_asked"))?;
    if asked.erased_on.is_some() {
        return Err(Broken::new("person_is_erased").into());
    }
    let scope = Scope { village: person.village, ..Scope::default() };
    let link = policy::link(&desk.asking.asker, &scope);
    if !may_withdraw(desk.work, asked, (desk.asking, link))? {
        return Err(Broken::new("erasure_is_not_yours").into());
    }
    let next = Person { erasure: None, ..person.clone() };
    let is_bare = next == Person { version: next.version, ..Person::bare(next.id) };
    let is_alone = people::records_of(desk.work, person.id)?.len() == 1;
    if is_bare && is_alone && tell::cases_of(desk.work, person.id)?.is_empty() {
        // It was there for what was asked alone.
        desk.work.remove_record(&desk.stamp(), &person, person.rows())?;
        desk.touched.add_record(person.reference());
        return Ok(Made { version: person.version.next(), ..Made::of(&person) });
    }
    Ok(Made::of(&desk.put(&person, next)?))
}

/// Erases a person whose erasure somebody else has asked for.
///
/// # Errors
/// Not found; nobody, or oneself, has asked for it; it is done; something of theirs is open or
/// still kept.
pub fn erase(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let person = person(desk)?;
    let filled = fill(desk)?;
    let asked = person.erasure.clone().ok_or_else(|| Broken::new("erasure_is_not_asked"))?;
    if asked.erased_on.is_some() {
        return Err(Broken::new("person_is_erased").into());
    }
    if is_in_own_hand(desk.work, &asked, &desk.asking.clerk)? {
        return Err(Broken::new("erasure_needs_a_second").into());
    }
    must_be_over(desk, &person)?;
    let mut records: Vec<Person> = Vec::new();
    for id in people::records_of(desk.work, person.id)? {
        records.extend(desk.work.load::<Person>(id.0)?);
    }
    let marks = Marks::of(desk.work, &records)?;
    let basis = marks.put_out(&asked.basis).unwrap_or(asked.basis.clone());
    let done = Erasure {
        basis,
        document: filled.text("document"),
        erased_by: Some(desk.asking.clerk.id),
        erased_on: Some(desk.asking.today),
        ..asked
    };
    let mut made = None;
    for record in &records {
        let bare = Person { erasure: Some(done.clone()), ..Person::bare(record.id) };
        let bare = Person { version: record.version, same_as: record.same_as, ..bare };
        let put = desk.put(record, bare)?;
        if record.id == person.id {
            made = Some(Made::of(&put));
        }
    }
    let by = desk.work.head()?.sequence;
    for record in &records {
        erase_lines(desk, record.reference(), (by, &|_| true))?;
    }
    let is_meant = |fact: &Fact| marks.are_in(fact) || is_of_attachment(fact);
    let mut about: About = records.iter().map(Record::reference).collect();
    for case in cases_of(desk, &person)? {
        of_case(desk, &case, &marks)?;
        // The index holds names beside a matter that says none itself.
        desk.touched.add(&case);
        for record in all_of(desk, &case)? {
            erase_lines(desk, record, (by, &is_meant))?;
            about.insert(record);
        }
    }
    // What was registered and taken back tells of them too, though in the journal alone.
    for case in undo::all_gone(desk.work)? {
        if records.iter().any(|record| case.persons.contains_key(&record.id)) {
            for record in all_of(desk, &case)? {
                erase_lines(desk, record, (by, &is_meant))?;
                about.insert(record);
            }
        }
    }
    for entry in entries_of(desk, &person)? {
        if let Some(next) = marks.without(&entry)? {
            roster::put(desk, &entry, next)?;
        }
        desk.touched.add_record(entry.reference());
        erase_lines(desk, entry.reference(), (by, &is_meant))?;
        about.insert(entry.reference());
    }
    of_names(desk, (&marks, by))?;
    forget(desk, (&marks, &about))?;
    let is_theirs = |text: &str, records: &[RecordRef]| {
        marks.tell_in(&[text], || records.iter().any(|record| about.contains(record)))
    };
    desk.work.erase_notes(&is_theirs, by)?;
    desk.work.want_compaction();
    made.ok_or_else(|| Refusal::not_found().into())
}

/// Why an act on a person is not possible now, as far as their erasure is the reason.
///
/// # Errors
/// A damaged ledger.
pub fn why_not(
    ledger: &impl Read,
    (act, erasure): (Act, Option<&Erasure>),
    (asking, link): (&Asking, Link),
) -> Result<Option<String>, Stop> {
    let is_done = erasure.is_some_and(|asked| asked.erased_on.is_some());
    let key = match (act, erasure) {
        (Act::EditPerson | Act::MergePersons, _) if is_done => "person_is_erased",
        (Act::AskErasure, Some(_)) => "erasure_is_asked",
        (Act::Erase | Act::WithdrawErasure, None) => "erasure_is_not_asked",
        (Act::Erase | Act::WithdrawErasure, Some(_)) if is_done => "person_is_erased",
        (Act::Erase, Some(asked)) if is_in_own_hand(ledger, asked, &asking.clerk)? => {
            "erasure_needs_a_second"
        }
        (Act::WithdrawErasure, Some(asked)) if !may_withdraw(ledger, asked, (asking, link))? => {
            "erasure_is_not_yours"
        }
        _ => return Ok(None),
    };
    Ok(Some(format!("broken.{key}")))
}

/// Nothing more is written about a person who was erased: nobody could erase it again.
///
/// # Errors
/// The person was erased.
pub fn must_be_there(person: &Person) -> Result<(), Broken> {
    match &person.erasure {
        Some(asked) if asked.erased_on.is_some() => Err(Broken::new("person_is_erased")),
        _ => Ok(()),
    }
}

/// Whether somebody asked for it, or may do it, and so may take it back.
fn may_withdraw(
    ledger: &impl Read,
    asked: &Erasure,
    (asking, link): (&Asking, Link),
) -> Result<bool, Stop> {
    let may_erase = policy::may(&asking.asker, Act::Erase, link) == Verdict::Allow;
    Ok(may_erase || is_in_own_hand(ledger, asked, &asking.clerk)?)
}

/// Whether it is an account of the same hand that asked: one human is not two.
fn is_in_own_hand(ledger: &impl Read, asked: &Erasure, own: &Clerk) -> Result<bool, Stop> {
    let other: Option<Clerk> = ledger.load(asked.asked_by.0)?;
    Ok(asked.asked_by == own.id || other.is_some_and(|other| other.is_in_hand_of(own)))
}

fn person(desk: &Desk<'_, '_>) -> Result<Person, Stop> {
    let id = desk.order.on.ok_or_else(Refusal::not_found)?;
    let person: Person = desk.work.load(id)?.ok_or_else(Refusal::not_found)?;
    if !tell::person_is_visible(desk.work, &desk.asking.asker, person.id)? {
        return Err(Refusal::not_found().into());
    }
    let scope = Scope { village: person.village, ..Scope::default() };
    judge(desk.asking, desk.order.act, policy::link(&desk.asking.asker, &scope))?;
    if person.same_as.is_some() {
        return Err(Broken::new("person_is_an_alias").into());
    }
    desk.in_step(&person, &["erasure"])?;
    Ok(person)
}

/// The person of whom the journal alone tells, because their registration was taken back, as they
/// stood there last; none if the record is there, or is none that the asker may know of.
fn gone(desk: &Desk<'_, '_>) -> Result<Option<Person>, Stop> {
    let id = desk.order.on.ok_or_else(Refusal::not_found)?;
    if desk.work.load::<Person>(id)?.is_some() {
        return Ok(None);
    }
    let asker = &desk.asking.asker;
    let Some(person) = people::gone(desk.work, asker, PersonId(id))? else { return Ok(None) };
    let scope = Scope { village: person.village, ..Scope::default() };
    judge(desk.asking, desk.order.act, policy::link(asker, &scope))?;
    Ok(Some(person))
}

/// Nothing is erased while the office still owes something to the person, or keeps their file.
///
/// What the asker may not know of is told by no more than that there is something.
fn must_be_over(desk: &Desk<'_, '_>, person: &Person) -> Result<(), Stop> {
    let (asker, today) = (&desk.asking.asker, desk.asking.today);
    let hidden = || Stop::from(Broken::new("person_is_still_needed"));
    for case in cases_of(desk, person)? {
        let Err(broken) = case.lets_persons_go(today) else { continue };
        if !policy::sees(asker, &Scope::of(&case), case.readers.as_ref()) {
            return Err(hidden());
        }
        return Err(broken.with("number", &case.number).into());
    }
    for entry in entries_of(desk, person)? {
        let days = roster::days(desk.core, &entry, today);
        if !entry.state(days).is_open() {
            continue;
        }
        let case: Option<Case> = desk.work.load(entry.case.0)?;
        if !case.is_some_and(|case| care::is_visible(asker, &entry, &case)) {
            return Err(hidden());
        }
        return Err(Broken::new("person_is_on_the_roster").into());
    }
    Ok(())
}

/// The cases of a person, and those to which their receipts were moved, whoever raises these.
fn cases_of(desk: &Desk<'_, '_>, person: &Person) -> Result<Vec<Case>, Stop> {
    let mut cases = tell::cases_of(desk.work, person.id)?;
    let mut known: BTreeSet<CaseId> = cases.iter().map(|case| case.id).collect();
    let mut at = 0;
    while let Some(case) = cases.get(at) {
        at += 1;
        let moved = case.steps.values().filter_map(|step| match step.deed {
            Deed::SplitOff { into, .. } | Deed::Merged { into } => Some(into),
            _ => None,
        });
        for into in moved.collect::<Vec<_>>() {
            if known.insert(into) {
                cases.extend(desk.work.load::<Case>(into.0)?);
            }
        }
    }
    Ok(cases)
}

/// The entries of a person under all their records.
fn entries_of(desk: &Desk<'_, '_>, person: &Person) -> Result<Vec<Entry>, Stop> {
    let mut entries = Vec::new();
    for record in people::records_of(desk.work, person.id)? {
        entries.extend(roster::entries_of(desk.work, record)?);
    }
    Ok(entries)
}

/// Whether a fact tells of attachments, which nobody can put a person out of.
fn is_of_attachment(fact: &Fact) -> bool {
    fact.field == ATTACHMENTS || fact.field.split_once('.').is_some_and(|(it, _)| it == ATTACHMENTS)
}

/// Puts the person out of a matter, its receipts and what meetings decided on it. Its scans go whole:
/// the term of its file is over, and nothing can be put out of a picture.
fn of_case(desk: &mut Desk<'_, '_>, case: &Case, marks: &Marks) -> Result<(), Stop> {
    let bare = Case { attachments: BTreeMap::new(), ..case.clone() };
    let next = marks.without(&bare)?.unwrap_or(bare);
    if next != *case {
        desk.put_case(case, next)?;
    }
    for id in case.receipts() {
        if let Some(receipt) = desk.work.load::<Receipt>(id.0)? {
            scrub(desk, &receipt, marks)?;
        }
    }
    for decision in meeting::of(desk.work, case.id)? {
        scrub(desk, &decision, marks)?;
    }
    Ok(())
}

/// The records of a matter whose lines may tell of the person.
fn all_of(desk: &Desk<'_, '_>, case: &Case) -> Result<Vec<RecordRef>, Stop> {
    let mut records = vec![case.reference()];
    records.extend(case.receipts().into_iter().map(RecordRef::from));
    let decisions = meeting::of(desk.work, case.id)?;
    records.extend(decisions.iter().map(Record::reference));
    Ok(records)
}

fn scrub<R: Indexed>(desk: &mut Desk<'_, '_>, record: &R, marks: &Marks) -> Result<(), Stop> {
    if let Some(next) = marks.without(record)? {
        desk.put(record, next)?;
    }
    Ok(())
}

/// Erases what the lines of a record say, where it is meant.
fn erase_lines(
    desk: &mut Desk<'_, '_>,
    record: RecordRef,
    (by, is_meant): (u64, &dyn Fn(&Fact) -> bool),
) -> Result<(), Stop> {
    for line in history::lines_of(desk.work, record, Version(0), usize::MAX)? {
        let facts = history::facts_of(desk.work, &line)?;
        for (place, fact) in facts.iter().enumerate() {
            if fact.as_ref().is_some_and(is_meant) {
                desk.work.erase_value(line.sequence, place, by)?;
            }
        }
    }
    Ok(())
}

/// Puts the person out of the names of saved filters, of what was said of figures that were given,
/// and of what the journal tells of them and of those that are removed.
fn of_names(desk: &mut Desk<'_, '_>, marks: (&Marks, u64)) -> Result<(), Stop> {
    of_kind::<SavedView>(desk, marks)?;
    of_kind::<GivenFigure>(desk, marks)
}

fn of_kind<R: Indexed>(desk: &mut Desk<'_, '_>, (marks, by): (&Marks, u64)) -> Result<(), Stop> {
    for record in history::ever(desk.work, R::KIND)? {
        if let Some(own) = desk.work.load::<R>(record.id)? {
            scrub(desk, &own, marks)?;
        }
        erase_lines(desk, record, (by, &|fact| marks.are_in(fact)))?;
    }
    Ok(())
}

/// Drops half-typed forms and settings of a screen in which the person stands.
fn forget(desk: &mut Desk<'_, '_>, (marks, about): (&Marks, &About)) -> Result<(), Stop> {
    for space in [Space::Draft, Space::Setting] {
        for (key, _) in desk.work.page(&Span::all(space), Order::Forward, usize::MAX)? {
            let Some(value) = desk.work.value::<Value>(space, &key)? else { continue };
            let mut texts = Vec::new();
            texts_of(&value, &mut texts);
            if marks.tell_in(&texts, || is_about(&value, about)) {
                desk.work.remove(space, &key)?;
            }
        }
    }
    Ok(())
}

/// Whether a half-typed form is about one of the records, or about something around one.
fn is_about(draft: &Value, about: &About) -> bool {
    let record = |name: &str| draft.get(name)?.get(0).cloned();
    let records = ["on", "around"].into_iter().filter_map(record);
    let mut records = records.filter_map(|value| serde_json::from_value(value).ok());
    records.any(|record: RecordRef| about.contains(&record))
}
