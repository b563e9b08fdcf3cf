//! Erasure of a person: asked for by one, done by another, and then found nowhere.
//!
//! The journal keeps its lines and what they are committed to; what was said is gone. In the texts of
//! the person's matters, which the office keeps, their name and numbers are put out. Drafts, saved
//! filters and searches that hold them go too. The file itself is made smaller at the next start of a
//! server, and the backup beside it goes with it.

use serde_json::Value;

use crate::api::refusal::Refusal;
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::fact::Fact;
use crate::domain::ids::{ClerkId, RecordRef, Version};
use crate::domain::person::{Erasure, Person};
use crate::domain::policy::{self, Scope};
use crate::domain::receipt::Receipt;
use crate::domain::record::Record;
use crate::service::case::fill;
use crate::service::order::{Desk, Made};
use crate::service::stop::Stop;
use crate::service::{judge, meeting, people, roster, tell};
use crate::store::fault::Fault;
use crate::store::history;
use crate::store::journal::WHOLE;
use crate::store::key::{Order, Space, Span};
use crate::store::read::Read;

/// What stands in a text where something of the person stood.
const PUT_OUT: &str = "***";
/// The fields of a person that are looked for in texts, with the least characters that such a value
/// must have: a shorter one would stand in texts about others too.
const TELLING: [(&str, usize); 4] = [("name", 2), ("phone", 5), ("id_number", 5), ("address", 6)];

/// Asks that a person be erased, with the basis for it.
///
/// # Errors
/// Not found; something of theirs is open; it was asked for already.
pub fn ask(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let person = person(desk)?;
    let filled = fill(desk)?;
    if person.erasure.is_some() {
        return Err(Broken::new("erasure_is_asked").into());
    }
    must_be_over(desk, &person)?;
    let erasure = Erasure {
        basis: filled.text("basis").unwrap_or_default(),
        asked_by: desk.asking.clerk.id,
        asked_on: desk.asking.today,
        document: None,
        erased_by: None,
        erased_on: None,
    };
    let next = Person { erasure: Some(erasure), ..person.clone() };
    Ok(Made::of(&desk.put(&person, next)?))
}

/// Erases a person whose erasure somebody else has asked for.
///
/// # Errors
/// Not found; nobody, or oneself, has asked for it; it is done; something of theirs is open.
pub fn erase(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let person = person(desk)?;
    let filled = fill(desk)?;
    let asked = person.erasure.clone().ok_or_else(|| Broken::new("erasure_is_not_asked"))?;
    if asked.erased_on.is_some() {
        return Err(Broken::new("person_is_erased").into());
    }
    if asked.asked_by == desk.asking.clerk.id {
        return Err(Broken::new("erasure_needs_a_second").into());
    }
    must_be_over(desk, &person)?;
    let mut records: Vec<Person> = Vec::new();
    for id in people::records_of(desk.work, person.id)? {
        records.extend(desk.work.load::<Person>(id.0)?);
    }
    let marks = marks(desk, &records)?;
    let basis = put_out(&asked.basis, &marks).unwrap_or(asked.basis.clone());
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
    let is_meant = |text: &str| marks.iter().any(|mark| text.contains(mark.as_str()));
    for case in tell::cases_of(desk.work, person.id)? {
        of_case(desk, &case, &marks)?;
        for record in all_of(desk, &case)? {
            erase_lines(desk, record, (by, &is_meant))?;
        }
    }
    for entry in roster::entries_of(desk.work, person.id)? {
        if let Some(next) = without(&entry, &marks)? {
            roster::put(desk, &entry, next)?;
        }
        erase_lines(desk, entry.reference(), (by, &is_meant))?;
    }
    forget(desk, &is_meant)?;
    desk.work.erase_notes(&is_meant, by)?;
    desk.work.want_compaction();
    made.ok_or_else(|| Refusal::not_found().into())
}

/// Why an act of erasing is not possible now, if it is not.
pub fn why_not(act: Act, erasure: Option<&Erasure>, own: ClerkId) -> Option<String> {
    let key = match (act, erasure) {
        (Act::AskErasure, Some(_)) => "erasure_is_asked",
        (Act::Erase, None) => "erasure_is_not_asked",
        (Act::Erase, Some(asked)) if asked.erased_on.is_some() => "person_is_erased",
        (Act::Erase, Some(asked)) if asked.asked_by == own => "erasure_needs_a_second",
        _ => return None,
    };
    Some(format!("broken.{key}"))
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

/// Nothing is erased while the office still owes something to the person.
fn must_be_over(desk: &Desk<'_, '_>, person: &Person) -> Result<(), Stop> {
    for case in tell::cases_of(desk.work, person.id)? {
        if case.stage().is_open() {
            return Err(Broken::new("person_has_open_case").with("number", &case.number).into());
        }
    }
    for entry in roster::entries_of(desk.work, person.id)? {
        let days = roster::days(desk.core, &entry, desk.asking.today);
        if entry.state(days).is_open() {
            return Err(Broken::new("person_is_on_the_roster").into());
        }
    }
    Ok(())
}

/// What is looked for in texts: all that the person's records hold and ever held, the longest first.
fn marks(desk: &Desk<'_, '_>, records: &[Person]) -> Result<Vec<String>, Stop> {
    let mut marks: Vec<String> = Vec::new();
    let mut note = |field: &str, value: &Value| {
        let least = TELLING.iter().find(|(name, _)| *name == field).map(|(_, least)| *least);
        let (Some(least), Some(text)) = (least, value.as_str()) else { return };
        let text = text.trim();
        if text.chars().count() >= least && !marks.iter().any(|mark| mark == text) {
            marks.push(text.to_owned());
        }
    };
    for record in records {
        for line in history::lines_of(desk.work, record.reference(), Version(0), usize::MAX)? {
            for fact in history::facts_of(desk.work, &line)?.into_iter().flatten() {
                for value in [&fact.old, &fact.new] {
                    match (fact.field.as_str(), value) {
                        (WHOLE, Value::Object(fields)) => {
                            fields.iter().for_each(|(field, value)| note(field, value));
                        }
                        (field, value) => note(field, value),
                    }
                }
            }
        }
    }
    marks.sort_by_key(|mark| std::cmp::Reverse(mark.len()));
    Ok(marks)
}

/// Puts the person out of a matter, its receipts and what meetings decided on it.
fn of_case(desk: &mut Desk<'_, '_>, case: &Case, marks: &[String]) -> Result<(), Stop> {
    if let Some(next) = without(case, marks)? {
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

fn scrub<R: crate::service::order::Indexed>(
    desk: &mut Desk<'_, '_>,
    record: &R,
    marks: &[String],
) -> Result<(), Stop> {
    if let Some(next) = without(record, marks)? {
        desk.put(record, next)?;
    }
    Ok(())
}

/// A record without the person; none if nothing of them stands in it.
fn without<R: Record>(record: &R, marks: &[String]) -> Result<Option<R>, Stop> {
    let odd = |_| Stop::from(Fault::Undecodable(record.reference()));
    let mut value = serde_json::to_value(record).map_err(odd)?;
    if !put_out_of(&mut value, marks) {
        return Ok(None);
    }
    serde_json::from_value(value).map(Some).map_err(odd)
}

/// Puts marks out of all texts of a value; says whether there were any.
fn put_out_of(value: &mut Value, marks: &[String]) -> bool {
    match value {
        Value::String(text) => match put_out(text, marks) {
            Some(next) => {
                *text = next;
                true
            }
            None => false,
        },
        Value::Array(values) => put_out_of_all(values.iter_mut(), marks),
        Value::Object(fields) => put_out_of_all(fields.values_mut(), marks),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Every one of them, whether or not one before it had a mark.
fn put_out_of_all<'v>(values: impl Iterator<Item = &'v mut Value>, marks: &[String]) -> bool {
    let mut was = false;
    for value in values {
        was |= put_out_of(value, marks);
    }
    was
}

/// A text without marks; none if it has none.
fn put_out(text: &str, marks: &[String]) -> Option<String> {
    let found = marks.iter().filter(|mark| text.contains(mark.as_str()));
    found.fold(None, |next: Option<String>, mark| {
        Some(next.as_deref().unwrap_or(text).replace(mark.as_str(), PUT_OUT))
    })
}

/// Erases what the lines of a record say, where it is meant.
fn erase_lines(
    desk: &mut Desk<'_, '_>,
    record: RecordRef,
    (by, is_meant): (u64, &dyn Fn(&str) -> bool),
) -> Result<(), Stop> {
    for line in history::lines_of(desk.work, record, Version(0), usize::MAX)? {
        let facts = history::facts_of(desk.work, &line)?;
        for (place, fact) in facts.iter().enumerate() {
            if fact.as_ref().is_some_and(|fact| is_meant(&told(fact))) {
                desk.work.erase_value(line.sequence, place, by)?;
            }
        }
    }
    Ok(())
}

fn told(fact: &Fact) -> String {
    format!("{}{}", fact.old, fact.new)
}

/// Drops drafts and saved filters in which the person stands.
fn forget(desk: &mut Desk<'_, '_>, is_meant: &dyn Fn(&str) -> bool) -> Result<(), Stop> {
    for space in [Space::Draft, Space::Setting] {
        for (key, bytes) in desk.work.page(&Span::all(space), Order::Forward, usize::MAX)? {
            if is_meant(&String::from_utf8_lossy(&bytes)) {
                desk.work.remove(space, &key)?;
            }
        }
    }
    Ok(())
}
