//! Orders on the office: units, officers, accounts, settings, and the day of a trial.

use std::ops::ControlFlow;

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use crate::api::refusal::{Refusal, RefusalKind};
use crate::domain::broken::Broken;
use crate::domain::choice::Role;
use crate::domain::ids::Kind;
use crate::domain::office::{Clerk, Office, Officer, Unit};
use crate::domain::record::Record;
use crate::service::Session;
use crate::service::book::Book;
use crate::service::case::{check_links, fill, set};
use crate::service::handover;
use crate::service::loading;
use crate::service::order::{Desk, Indexed, Made};
use crate::service::roster;
use crate::service::stop::Stop;
use crate::service::task;
use crate::store::key::{Order, Space, Span};
use crate::store::read::Read;
use crate::store::tables;

/// The most administrators that a stranger is told of.
const NAMED_MAX: usize = 3;

/// The account of a session, if it may be used today.
///
/// # Errors
/// There is none, or it is closed: whom to ask is told by the administrators' names.
pub fn open_account(
    ledger: &impl Read,
    session: &Session,
    (book, today): (&Book, NaiveDate),
) -> Result<Clerk, Stop> {
    let key = match account(ledger, session)? {
        Some(clerk) if clerk.is_open_on(today) => return Ok(clerk),
        Some(_) => "account_is_closed",
        None => "no_account",
    };
    let mut names: Vec<String> = Vec::new();
    ledger.each::<Clerk>(&mut |clerk| {
        let is_admin = clerk.roles.contains(&Role::Admin) && clerk.is_open_on(today);
        let name = book.officer(clerk.officer.filter(|_| is_admin));
        names.extend(name.filter(|name| !names.contains(name)));
        Ok(ControlFlow::Continue(()))
    })?;
    names.truncate(NAMED_MAX);
    let refusal = Refusal::new(RefusalKind::Denied, key).with("login", &session.login);
    Err(refusal.with("admins", names.join("\n")).into())
}

/// The account of a session: the kernel's user id and login must both be those on record. Of
/// several it is the one that is open, else the one that was open last.
///
/// # Errors
/// A damaged ledger.
pub fn account(ledger: &impl Read, session: &Session) -> Result<Option<Clerk>, Stop> {
    let span = Span::prefix(Space::Index, &tables::clerk_key(session.uid));
    let mut own: Option<Clerk> = None;
    for (key, _) in ledger.page(&span, Order::Forward, usize::MAX)? {
        let Some(id) = tables::last_id(&key) else { continue };
        let clerk: Option<Clerk> = ledger.load(id)?;
        let Some(clerk) = clerk.filter(|clerk| clerk.login == session.login) else { continue };
        let until = |clerk: &Clerk| clerk.closed_on.unwrap_or(NaiveDate::MAX);
        if own.as_ref().is_none_or(|own| until(own) <= until(&clerk)) {
            own = Some(clerk);
        }
    }
    Ok(own)
}

/// Adds a unit.
///
/// # Errors
/// A wrong form, a name that is taken, or a fault.
pub fn add_unit(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let filled = fill(desk)?;
    check_links(desk, &filled)?;
    let name = filled.text("name").unwrap_or_default();
    // The names that all know by now may lack the unit of a change just before.
    let mut is_taken = false;
    desk.work.each::<Unit>(&mut |unit| {
        is_taken |= unit.name == name;
        Ok(ControlFlow::Continue(()))
    })?;
    if is_taken {
        return Err(Broken::new("name_is_taken").at("unit.name").with("name", name).into());
    }
    let made = add::<Unit>(desk, filled.values())?;
    let unit: Unit = desk.work.load(made.record.id)?.ok_or_else(Refusal::not_found)?;
    task::greet_village(desk, &unit)?;
    Ok(made)
}

/// Adds an officer.
///
/// # Errors
/// A wrong form, or a fault.
pub fn add_officer(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let filled = fill(desk)?;
    check_links(desk, &filled)?;
    add::<Officer>(desk, filled.values())
}

/// Adds an account.
///
/// # Errors
/// A wrong form, an account of that login or user id, or a fault.
pub fn add_clerk(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let filled = fill(desk)?;
    check_links(desk, &filled)?;
    let login = filled.text("login").unwrap_or_default();
    let known = || desk.core.logins.get().and_then(|logins| logins(&login));
    // The machine knows the number of a login; it is typed only where it does not.
    let uid = filled.count("uid").or_else(known);
    let Some(uid) = uid else {
        return Err(Broken::new("no_such_login").at("clerk.uid").with("name", login).into());
    };
    let mut taken = false;
    desk.work.each::<Clerk>(&mut |clerk| {
        taken |= clerk.closed_on.is_none() && (clerk.login == login || clerk.uid == uid);
        Ok(ControlFlow::Continue(()))
    })?;
    if taken {
        return Err(Broken::new("account_is_there").at("clerk.login").with("name", login).into());
    }
    let mut values = filled.values().clone();
    values.insert("uid".to_owned(), json!(uid));
    add::<Clerk>(desk, &values)
}

/// Changes a unit.
///
/// # Errors
/// A wrong form, a conflict, or a fault.
pub fn edit_unit(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    edit::<Unit>(desk)
}

/// Changes an officer.
///
/// # Errors
/// As [`edit_unit`].
pub fn edit_officer(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let id = desk.order.on.ok_or_else(Refusal::not_found)?;
    let officer: Officer = desk.work.load(id)?.ok_or_else(Refusal::not_found)?;
    let leaves = desk.order.fields.get("left_on").is_some_and(|day| !day.trim().is_empty());
    if leaves && officer.left_on.is_none() {
        handover::must_hold_nothing(desk, &officer, "officer.left_on")?;
    }
    edit::<Officer>(desk)
}

/// Changes an account.
///
/// # Errors
/// As [`edit_unit`].
pub fn edit_clerk(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let id = desk.order.on.ok_or_else(Refusal::not_found)?;
    let clerk: Clerk = desk.work.load(id)?.ok_or_else(Refusal::not_found)?;
    let closes = desk.order.fields.get("closed_on").is_some_and(|day| !day.trim().is_empty());
    if closes && clerk.closed_on.is_none() {
        let officer: Option<Officer> = match clerk.officer {
            Some(officer) => desk.work.load(officer.0)?,
            None => None,
        };
        if let Some(officer) = officer {
            handover::must_hold_nothing(desk, &officer, "clerk.closed_on")?;
        }
    }
    edit::<Clerk>(desk)
}

/// Changes the settings of the office.
///
/// # Errors
/// As [`edit_unit`].
pub fn edit_office(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let made = edit::<Office>(desk)?;
    // The office's position decides which limits bind it (Reg. 22, 23).
    loading::follow(desk.core, desk)?;
    Ok(made)
}

/// Moves the day of a trial ledger, forwards only.
///
/// # Errors
/// The ledger is no trial, or the day lies before its present one.
pub fn move_today(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let filled = fill(desk)?;
    let office: Office = desk.work.load(1)?.ok_or_else(Refusal::not_found)?;
    let Some(present) = office.trial_today else {
        return Err(Refusal::new(RefusalKind::Denied, "trial_only").into());
    };
    let today = filled.date("today").unwrap_or(present);
    if today < present {
        let refusal = Refusal::new(RefusalKind::Denied, "backwards").with("day", present);
        return Err(refusal.into());
    }
    let next = Office { trial_today: Some(today), ..office.clone() };
    let made = Made::of(&desk.put(&office, next)?);
    // The new day may let entries lapse.
    roster::note_lapses(desk, today)?;
    Ok(made)
}

fn add<R: Indexed>(desk: &mut Desk<'_, '_>, values: &Map<String, Value>) -> Result<Made, Stop> {
    let mut json = values.clone();
    json.insert("id".to_owned(), json!(desk.work.allot_id(kind_of::<R>())?));
    json.insert("version".to_owned(), json!(0));
    let record: R = serde_json::from_value(Value::Object(json))
        .map_err(|_| Refusal::new(RefusalKind::Invalid, "wrong_fields"))?;
    Ok(Made::of(&desk.create(record)?))
}

fn edit<R: Indexed>(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let id = desk.order.on.ok_or_else(Refusal::not_found)?;
    let record: R = desk.work.load(id)?.ok_or_else(Refusal::not_found)?;
    let names: Vec<&str> = desk.order.fields.keys().map(String::as_str).collect();
    desk.in_step(&record, &names)?;
    let filled = fill(desk)?;
    check_links(desk, &filled)?;
    let next = set(&record, filled.values())?;
    Ok(Made::of(&desk.put(&record, next)?))
}

fn kind_of<R: Record>() -> Kind {
    R::KIND
}
