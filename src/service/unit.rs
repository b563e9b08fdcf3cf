//! One unit in full, and what is recorded about it.

use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::unit::{UnitPerson, UnitSheet};
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::ids::UnitId;
use crate::domain::office::Unit;
use crate::domain::policy::{self, Asker, Link, Scope, Verdict};
use crate::domain::unit_note::{self, NoteKind, UnitNote};
use crate::service::case::fill;
use crate::service::order::{Desk, Made};
use crate::service::stop::Stop;
use crate::service::{Asking, Service, judge, lookup};
use crate::store::read::{Read, Snapshot};

/// What an asker is to a unit.
pub fn link(asker: &Asker, id: UnitId) -> Link {
    policy::link(asker, &Scope { village: Some(id), ..Scope::default() })
}

/// Answers `Unit`.
///
/// # Errors
/// Not found, also where the asker may not read it; a damaged ledger.
pub fn sheet(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    id: UnitId,
) -> Result<Reply, Stop> {
    let unit: Unit = snapshot.load(id.0)?.ok_or_else(Refusal::not_found)?;
    let link = link(&asking.asker, id);
    judge(asking, Act::ReadUnit, link)?;
    let book = service.core.book();
    let works = book.officers.values().filter(|own| own.unit == Some(id));
    let works = works.filter(|own| own.is_in_office_on(asking.today));
    let people = works.map(|own| UnitPerson {
        name: own.name.clone(),
        post: own.post.clone(),
        phone: own.phone.clone(),
    });
    let villages = book.units.values().filter(|other| other.looked_after_by == Some(id));
    let by = unit.notes.values().filter_map(|note| note.by);
    let none = unit.notes.is_empty().then(|| "broken.nothing_is_recorded".to_owned());
    let permits = [Act::ReadUnit, Act::NoteUnit, Act::CorrectNote, Act::EditUnit].map(|act| {
        let may = policy::may(&asking.asker, act, link) == Verdict::Allow;
        let denied = (!may).then(|| "refusal.denied".to_owned());
        (act, denied.or_else(|| none.clone().filter(|_| act == Act::CorrectNote)))
    });
    Ok(Reply::Unit(Box::new(UnitSheet {
        row: lookup::unit_row((&book, asking), &unit),
        people: people.collect(),
        villages: villages.map(|other| other.name.clone()).collect(),
        officers: by.filter_map(|by| Some((by, book.officer(Some(by))?))).collect(),
        notes: unit.notes,
        permits: permits.to_vec(),
    })))
}

/// Records something about a unit, or puts a record right; the old one stays in the journal.
///
/// # Errors
/// A wrong form, a broken rule, a conflict, or a fault.
pub fn note(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let id = desk.order.on.ok_or_else(Refusal::not_found)?;
    let unit: Unit = desk.work.load(id)?.ok_or_else(Refusal::not_found)?;
    judge(desk.asking, desk.order.act, link(&desk.asking.asker, unit.id))?;
    let filled = fill(desk)?;
    let today = desk.asking.today;
    let number = filled.count("note");
    let old = number.and_then(|number| unit.notes.get(&number));
    if let (Some(number), None) = (number, old) {
        let broken = Broken::new("no_such_note").at("correct_note.note");
        return Err(broken.with("number", number).into());
    }
    // Two clerks who each record something do not disturb one another.
    let own = number.map(|number| format!("notes.{number}"));
    desk.in_step(&unit, &own.iter().map(String::as_str).collect::<Vec<_>>())?;
    desk.on = filled.date("on").or(old.map(|old| old.on)).unwrap_or(today);
    let is_given = |name: &str| filled.values().contains_key(name);
    let text = |name: &str, old: Option<&String>| match is_given(name) {
        true => filled.text(name),
        false => old.cloned(),
    };
    let kind = filled.word("kind", NoteKind::parse).or(old.map(|old| old.kind));
    let note = UnitNote {
        kind: kind.unwrap_or(NoteKind::Meeting),
        on: desk.on,
        entered_on: today,
        by: desk.asking.clerk.officer,
        decided_by: text("decided_by", old.map(|old| &old.decided_by)).unwrap_or_default(),
        why: text("why", old.map(|old| &old.why)).unwrap_or_default(),
        follows: text("follows", old.and_then(|old| old.follows.as_ref())),
        document: text("document", old.and_then(|old| old.document.as_ref())),
    };
    let next = unit_note::note(&unit, (number, note), today)?;
    Ok(Made::of(&desk.put(&unit, next)?))
}
