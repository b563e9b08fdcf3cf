//! Handing over, standing in, and assigning many: load, let the rule decide for each, write together.
//!
//! The preview and the order go through the same function for each thing, so that they cannot differ;
//! what a rule keeps back stays as it is, and the rest goes in one change with one batch id.

use std::ops::ControlFlow;

use crate::api::handover::{
    AssignRow, AssignTerms, AssignView, HANDED_MAX, HandoverTerms, HeldRow, HoldingsView,
};
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::campaign::Task;
use crate::domain::case::Case;
use crate::domain::duty::Duty;
use crate::domain::entry::Entry;
use crate::domain::form::{Filled, Wrong};
use crate::domain::handling;
use crate::domain::handover::{Away, Given, Held, parse_given, parse_shown};
use crate::domain::ids::{Kind, OfficerId, UnitId, Version};
use crate::domain::meeting::{self as decisions, Decision};
use crate::domain::office::{Officer, Unit};
use crate::domain::policy::{self, Link, Scope, Verdict};
use crate::domain::record::Record;
use crate::service::case::{check_links, fill};
use crate::service::handover::held::{
    all_held, count_held, row, visible_case, visible_decision, visible_entry,
};
use crate::service::order::{Desk, Made};
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service, roster, seal};
use crate::store::history;
use crate::store::read::Read;

pub mod held;

/// A thing before and after it changes hands.
enum Swapped {
    Case(Box<(Case, Case)>),
    Entry(Box<(Entry, Entry)>),
    Task(Box<(Task, Task)>),
    Duty(Box<(Duty, Duty)>),
    Decision(Box<(Decision, Decision)>),
    Unit(Box<(Unit, Unit)>),
}

/// Answers `Holdings`.
///
/// # Errors
/// Nobody of that number, or a damaged ledger.
pub fn holdings(
    service: &Service,
    snapshot: &crate::store::read::Snapshot,
    asking: &Asking,
    terms: &HandoverTerms,
) -> Result<Reply, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let officer = book.officers.get(&terms.officer).ok_or_else(Refusal::not_found)?;
    let mut given = given_or_all(&eye, snapshot, (officer, &terms.given))?;
    let more = given.len() > HANDED_MAX;
    given.truncate(HANDED_MAX);
    let mut rows = Vec::with_capacity(given.len());
    for one in &given {
        let Some(row) = row(&eye, snapshot, one.held)? else { continue };
        let to = one.to.or(terms.to).and_then(|to| book.officers.get(&to));
        let why = match to {
            Some(to) => {
                let entry = bare(asking);
                let next = given_to(&eye, snapshot, (one.held, officer), (to, entry))?;
                next.err().map(|broken| (format!("broken.{}", broken.key), broken.args))
            }
            None => None,
        };
        rows.push(HeldRow { to: to.map(|to| (to.id, to.name.clone())), why, ..row });
    }
    let (name, version) = (officer.name.clone(), officer.version);
    Ok(Reply::Holdings(HoldingsView { officer: officer.id, name, version, rows, more }))
}

/// Hands over what an officer holds.
///
/// # Errors
/// A wrong form, or nothing can be handed over.
pub fn hand_over(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let filled = fill(desk)?;
    check_links(desk, &filled)?;
    let book = desk.core.book();
    let id = desk.order.on.ok_or_else(Refusal::not_found)?;
    let officer = book.officers.get(&OfficerId(id)).ok_or_else(Refusal::not_found)?;
    let items = filled.text("items").unwrap_or_default();
    let (core, asking) = (desk.core, desk.asking);
    let eye = Eye { core, book: &book, asking };
    let given = given_or_all(&eye, desk.work, (officer, &parse_given(&items)?))?;
    too_many(given.len())?;
    let rest = filled.link("to").map(OfficerId);
    let (mut n_done, mut n_left) = (0_usize, 0_usize);
    for one in given {
        let to = one.to.or(rest).and_then(|to| book.officers.get(&to));
        let entry = entry(desk, &filled);
        let next = match to {
            Some(to) => given_to(&eye, desk.work, (one.held, officer), (to, entry))?,
            None => return Err(Broken::new("empty").at("handover.to").into()),
        };
        match next {
            Ok(swapped) => {
                put(desk, swapped)?;
                n_done += 1;
            }
            Err(_) => n_left += 1,
        }
    }
    if n_done == 0 {
        return Err(Broken::new("nothing_to_hand_over").with("count", n_left).into());
    }
    let number = Some(format!("{n_done}/{}", n_done + n_left));
    Ok(Made { number, ..Made::of(officer) })
}

/// Says who stands in for an officer, or that nobody does any longer.
///
/// # Errors
/// A wrong form, a broken rule, a conflict, or a fault.
pub fn substitute(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let id = desk.order.on.ok_or_else(Refusal::not_found)?;
    let officer: Officer = desk.work.load(id)?.ok_or_else(Refusal::not_found)?;
    desk.in_step(&officer, &["stand_in", "away_from", "away_until"])?;
    let filled = fill(desk)?;
    let Some(by) = desk.officer(filled.link("by"), "substitute.by")? else {
        let next = officer.without_stand_in()?;
        return Ok(Made::of(&desk.put(&officer, next)?));
    };
    let day = |name: &str| {
        let at = format!("substitute.{name}");
        filled.date(name).ok_or_else(|| Stop::from(Broken::new("empty").at(&at)))
    };
    let away = Away { from: day("from")?, until: day("until")? };
    // Who is away cannot stand in: whoever relies on them needs somebody else first.
    let mut others: Vec<Officer> = Vec::new();
    desk.work.each::<Officer>(&mut |other| {
        others.extend(Some(other).filter(|other| other.stand_in == Some(officer.id)));
        Ok(ControlFlow::Continue(()))
    })?;
    for other in others {
        let overlaps = other.away().is_some_and(|own| {
            own.from <= away.until && away.from <= own.until && own.until >= desk.asking.today
        });
        if overlaps {
            let broken = Broken::new("stands_in_for_somebody").at("substitute.from");
            return Err(broken.with("name", &officer.name).with("other", &other.name).into());
        }
    }
    let next = officer.with_stand_in(&by, away, desk.asking.today)?;
    Ok(Made::of(&desk.put(&officer, next)?))
}

/// Whether an officer can leave: they hold nothing any more.
///
/// # Errors
/// They hold something; the text points to handing over.
pub fn must_hold_nothing(desk: &Desk<'_, '_>, officer: &Officer, field: &str) -> Result<(), Stop> {
    let book = desk.core.book();
    let eye = Eye { core: desk.core, book: &book, asking: desk.asking };
    let count = count_held(&eye, desk.work, officer)?;
    if count == 0 {
        return Ok(());
    }
    let broken = Broken::new("officer_holds_something").at(field);
    Err(broken.with("name", &officer.name).with("count", count).into())
}

/// Answers `TryAssign`.
///
/// # Errors
/// Too many, or a damaged ledger.
pub fn try_assign(
    service: &Service,
    snapshot: &crate::store::read::Snapshot,
    asking: &Asking,
    terms: &AssignTerms,
) -> Result<Reply, Stop> {
    too_many(terms.cases.len())?;
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let mut rows = Vec::with_capacity(terms.cases.len());
    for id in &terms.cases {
        let Some(case) = visible_case(asking, snapshot, id.0)? else { continue };
        let next = assigned((&eye, snapshot), &case, terms, &|| bare(asking))?;
        let why = next.err().map(|broken| (format!("broken.{}", broken.key), broken.args));
        let handler = book.officer(case.handler);
        let row = eye.row(snapshot, &case, &[])?;
        let (class, agreed_on) = (case.class, case.agreed_on);
        rows.push(AssignRow { row, handler, class, agreed_on, why });
    }
    Ok(Reply::Assign(AssignView { rows }))
}

/// Gives many cases to a leader, a unit or a handler, or says their class or their target; those
/// that a rule keeps back stay as they are.
///
/// # Errors
/// A wrong form, or nothing can be assigned.
pub fn assign_many(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let filled = fill(desk)?;
    check_links(desk, &filled)?;
    let shown = parse_shown(&filled.text("cases").unwrap_or_default())?;
    too_many(shown.len())?;
    let terms = AssignTerms {
        cases: Vec::new(),
        lead: filled.link("lead").map(OfficerId),
        unit: filled.link("unit").map(UnitId),
        handler: filled.link("handler").map(OfficerId),
        class: filled.text("class"),
        agreed_on: filled.date("agreed_on"),
    };
    if terms == AssignTerms::default() {
        return Err(Broken::new("nobody_is_named").at("assign_many.lead").into());
    }
    let is_given = terms.lead.is_some() || terms.unit.is_some() || terms.handler.is_some();
    if is_given && filled.text("text").is_none() {
        let (field, why) = ("assign_many.text".to_owned(), "empty".to_owned());
        return Err(vec![Wrong { field, why }].into());
    }
    let book = desk.core.book();
    let (core, asking) = (desk.core, desk.asking);
    let eye = Eye { core, book: &book, asking };
    let first = entry(desk, &filled);
    let mut made = None;
    let (mut n_done, mut n_left) = (0_usize, 0_usize);
    for one in shown {
        let Some(case) = visible_case(asking, desk.work, one.case.0)? else {
            n_left += 1;
            continue;
        };
        // What somebody else gave away meanwhile is not taken back unseen.
        if !in_step(desk, (&case, one.version), &terms)? {
            n_left += 1;
            continue;
        }
        match assigned((&eye, &*desk.work), &case, &terms, &|| first.clone())? {
            Ok(next) => {
                let put = desk.put_case(&case, next)?;
                made.get_or_insert(Made::of(&put));
                n_done += 1;
            }
            Err(_) => n_left += 1,
        }
    }
    let made = made.ok_or_else(|| Broken::new("nothing_to_assign").with("count", n_left))?;
    Ok(Made { number: Some(format!("{n_done}/{}", n_done + n_left)), ..made })
}

/// Whether what is to change in a case is as it was shown.
fn in_step(
    desk: &Desk<'_, '_>,
    (case, seen): (&Case, Option<Version>),
    terms: &AssignTerms,
) -> Result<bool, Stop> {
    let Some(seen) = seen.filter(|seen| *seen < case.version) else { return Ok(true) };
    let changed = history::changed_fields(desk.work, case.reference(), seen)?;
    Ok(!changed.iter().any(|change| match change.field.as_str() {
        "lead" => terms.lead.is_some(),
        "unit" => terms.unit.is_some(),
        "handler" => terms.handler.is_some(),
        "class" => terms.class.is_some(),
        "agreed_on" => terms.agreed_on.is_some(),
        _ => false,
    }))
}

/// A case with those parts of it changed that are named and are others by now.
///
/// # Errors
/// The inner one is the rule that keeps it; the outer one is a fault.
pub fn assigned(
    (eye, ledger): (&Eye<'_>, &impl Read),
    case: &Case,
    terms: &AssignTerms,
    entry: &dyn Fn() -> handling::Entry,
) -> Result<Result<Case, Broken>, Stop> {
    let officer = |id: Option<OfficerId>| id.and_then(|id| eye.book.officers.get(&id));
    let (lead, handler) = (officer(terms.lead), officer(terms.handler));
    for holder in [lead, handler].into_iter().flatten() {
        if let Err(broken) = seal::reads(ledger, (case, holder), eye.asking.today)? {
            return Ok(Err(broken));
        }
    }
    let change = || {
        let mut next = case.clone();
        if let Some(lead) = lead {
            may(eye.asking, Act::AssignLead, &Scope::of(case))?;
            next = next.assign_lead(lead, entry())?;
        }
        if let Some(unit) = terms.unit.and_then(|id| eye.book.units.get(&id)) {
            may(eye.asking, Act::Allot, &Scope::of(case))?;
            next = next.allot(unit, entry())?;
        }
        if let Some(handler) = handler {
            may(eye.asking, Act::HandTo, &Scope::of(case))?;
            next = next.hand_to(handler, entry())?;
        }
        if terms.class.is_some() || terms.agreed_on.is_some() {
            may(eye.asking, Act::EditCase, &Scope::of(case))?;
        }
        // A class is put right late, at whatever stage. What is so already stands in the way of nothing else that is set with it.
        if let Some(class) = terms.class.clone() {
            next.class = Some(class);
        }
        if let Some(day) = terms.agreed_on.filter(|day| case.agreed_on != Some(*day)) {
            next = next.agreed(day)?;
        }
        if (terms.class.is_some() || terms.agreed_on.is_some()) && next == *case {
            return Err(Broken::new("is_so_already"));
        }
        Ok(next)
    };
    Ok(change())
}

fn too_many(count: usize) -> Result<(), Stop> {
    if count > HANDED_MAX {
        return Err(Broken::new("too_many_at_once").with("most", HANDED_MAX).into());
    }
    Ok(())
}

fn may(asking: &Asking, act: Act, scope: &Scope) -> Result<(), Broken> {
    let link = policy::link(&asking.asker, scope);
    match policy::may(&asking.asker, act, link) {
        Verdict::Allow => Ok(()),
        Verdict::Deny | Verdict::Hidden => Err(Broken::new("is_not_yours_to_give")),
    }
}

/// What every step of it has, where no form has been filled yet.
fn bare(asking: &Asking) -> handling::Entry {
    handling::Entry {
        on: asking.today,
        today: asking.today,
        by: asking.clerk.officer,
        text: None,
        document: None,
    }
}

fn entry(desk: &mut Desk<'_, '_>, filled: &Filled) -> handling::Entry {
    crate::service::case::entry(desk, filled)
}

/// A thing in the hands of somebody else, or why it stays where it is.
fn given_to(
    eye: &Eye<'_>,
    ledger: &impl Read,
    (held, from): (Held, &Officer),
    (to, entry): (&Officer, handling::Entry),
) -> Result<Result<Swapped, Broken>, Stop> {
    let gone = || Ok(Err(Broken::new("is_no_longer_held")));
    let (asking, act) = (eye.asking, held.part.act());
    match held.part.kind() {
        Kind::Case => {
            let Some(case) = visible_case(asking, ledger, held.id)? else { return gone() };
            let next = seal::reads(ledger, (&case, to), entry.today)?
                .and_then(|()| may(asking, act, &Scope::of(&case)))
                .and_then(|()| case.handed_over((held.part, from.id), to, entry));
            Ok(next.map(|next| Swapped::Case(Box::new((case, next)))))
        }
        Kind::Entry => {
            let Some(old) = visible_entry(asking, ledger, held.id)? else { return gone() };
            let next = may(asking, act, &Scope::of_entry(&old))
                .and_then(|()| old.handed_over((held.part, from.id), to, entry.on));
            Ok(next.map(|next| Swapped::Entry(Box::new((old, next)))))
        }
        Kind::Task => {
            let task: Option<Task> = ledger.load(held.id)?;
            let Some(task) = task.filter(|task| task.officer == Some(from.id)) else {
                return gone();
            };
            let next = may(asking, act, &task.scope()).and_then(|()| {
                crate::domain::roster::must_be_in_office(to, entry.on, "handover.to")?;
                Ok(Task { officer: Some(to.id), ..task.clone() })
            });
            Ok(next.map(|next| Swapped::Task(Box::new((task, next)))))
        }
        Kind::Duty => {
            let duty: Option<Duty> = ledger.load(held.id)?;
            let Some(duty) = duty.filter(|duty| duty.officer == Some(from.id)) else {
                return gone();
            };
            let next = may(asking, act, &duty.scope()).and_then(|()| {
                crate::domain::roster::must_be_in_office(to, entry.on, "handover.to")?;
                Ok(Duty { officer: Some(to.id), ..duty.clone() })
            });
            Ok(next.map(|next| Swapped::Duty(Box::new((duty, next)))))
        }
        Kind::Decision => {
            let found = visible_decision(asking, ledger, held.id)?;
            let Some((old, case)) = found.filter(|(old, _)| old.officer == from.id) else {
                return gone();
            };
            let next = may(asking, act, &old.scope()).and_then(|()| {
                decisions::must_answer(&case, to, (entry.on, "handover.to"))?;
                Ok(Decision { officer: to.id, ..old.clone() })
            });
            Ok(next.map(|next| Swapped::Decision(Box::new((old, next)))))
        }
        _ => {
            let unit: Option<Unit> = ledger.load(held.id)?;
            let is_head = |unit: &Unit| unit.head.as_ref() == Some(&from.name);
            let Some(unit) = unit.filter(is_head) else { return gone() };
            let verdict = policy::may(&asking.asker, act, Link::Other);
            if verdict != Verdict::Allow {
                return Ok(Err(Broken::new("is_not_yours_to_give")));
            }
            let next = Unit { head: Some(to.name.clone()), ..unit.clone() };
            Ok(Ok(Swapped::Unit(Box::new((unit, next)))))
        }
    }
}

fn put(desk: &mut Desk<'_, '_>, swapped: Swapped) -> Result<(), Stop> {
    match swapped {
        Swapped::Case(both) => desk.put_case(&both.0, both.1).map(|_put| ()),
        Swapped::Entry(both) => roster::put(desk, &both.0, both.1).map(|_made| ()),
        Swapped::Duty(both) => desk.put(&both.0, both.1).map(|_put| ()),
        Swapped::Decision(both) => desk.put(&both.0, both.1).map(|_put| ()),
        Swapped::Task(both) => desk.put(&both.0, both.1).map(|_put| ()),
        Swapped::Unit(both) => desk.put(&both.0, both.1).map(|_put| ()),
    }
}

/// The things that are named, or everything that an officer holds.
fn given_or_all(
    eye: &Eye<'_>,
    ledger: &impl Read,
    (officer, given): (&Officer, &[Given]),
) -> Result<Vec<Given>, Stop> {
    if !given.is_empty() {
        return Ok(given.to_vec());
    }
    let held = all_held(eye, ledger, officer)?;
    Ok(held.into_iter().map(|held| Given { held, to: None }).collect())
}
