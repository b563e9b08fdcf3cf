//! Orders on a case: load, let the rule decide, write.

use serde_json::{Map, Value};

use crate::api::refusal::{Refusal, RefusalKind};
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::case::{Case, Stage};
use crate::domain::choice::{Manner, Purpose, Route, Work as Kind};
use crate::domain::course::Extension;
use crate::domain::form::{self, Filled, Wrong};
use crate::domain::handling::{Entry, Extending};
use crate::domain::person::Person;
use crate::domain::policy::{self, Scope};
use crate::domain::receipt::Receipt;
use crate::domain::record::Record;
use crate::domain::schema::{self, Change};
use crate::domain::slip::Slip;
use crate::domain::step::Deed;
use crate::service::clocks;
use crate::service::erase;
use crate::service::order::{Desk, Made};
use crate::service::people;
use crate::service::seal;
use crate::service::stop::Stop;
use crate::service::tell;
use crate::store::read::Read;

/// Decides purpose and procedure.
///
/// # Errors
/// A wrong form, a broken rule, a conflict, or a fault.
pub fn route(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&["purpose", "route"])?;
    let filled = fill(desk)?;
    let purpose = filled.word("purpose", Purpose::parse).unwrap_or(Purpose::Other);
    let route = filled.word("route", Route::parse).unwrap_or(Route::Petition);
    let entry = entry(desk, &filled);
    let mut named = case.clone();
    seal::name_accused(&mut named, &filled);
    let sealing = match route {
        Route::Accusation => Some(seal::readers_of(desk, &named.accused(), &filled)?),
        _ => None,
    };
    let next = named.decide_route((purpose, route), sealing.as_ref(), entry)?;
    if next.accused() != case.accused() || next.readers != case.readers {
        seal::judge_accused(desk, &next)?;
    }
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Records a written notice.
///
/// # Errors
/// As [`route`].
pub fn notify(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&[])?;
    let filled = fill(desk)?;
    let manner = filled.word("manner", Manner::parse).unwrap_or(Manner::InPerson);
    let entry = entry(desk, &filled);
    let next = case.notify(Deed::Notified { receipt: None, manner }, entry)?;
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Objects to a transfer.
///
/// # Errors
/// As [`route`].
pub fn object(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&["route"])?;
    let filled = fill(desk)?;
    let entry = entry(desk, &filled);
    let latest = clocks::objection_until(desk.core, &case)
        .ok_or_else(|| Broken::new("nothing_was_transferred"))?;
    let next = case.object(latest, entry)?;
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Takes a case on.
///
/// # Errors
/// As [`route`].
pub fn accept(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&["route"])?;
    let filled = fill(desk)?;
    let entry = entry(desk, &filled);
    let next = case.accept(entry)?;
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Extends the sixty days: the limits are asked first, then the rule.
///
/// # Errors
/// As [`route`].
pub fn extend(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&[])?;
    let filled = fill(desk)?;
    let approver = desk
        .officer(filled.link("approver"), "extend.approver")?
        .ok_or_else(|| Broken::new("empty").at("extend.approver"))?;
    let days = filled.count("days").unwrap_or(0);
    let entry = entry(desk, &filled);
    let extension = Extension { days, approved_on: entry.on };
    clocks::judge_extension(desk.core, &case, extension)?;
    let extending = Extending { days, told_on: filled.date("told_on") };
    let next = case.extend(extending, &approver, entry)?;
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Gives a case to a leader.
///
/// # Errors
/// As [`route`].
pub fn assign_lead(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&["lead"])?;
    let filled = fill(desk)?;
    let lead = desk
        .officer(filled.link("lead"), "assign_lead.lead")?
        .ok_or_else(|| Broken::new("empty").at("assign_lead.lead"))?;
    seal::must_read(desk, (&case, &lead), "assign_lead.lead")?;
    let entry = entry(desk, &filled);
    let next = case.assign_lead(&lead, entry)?;
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Gives a case to a unit.
///
/// # Errors
/// As [`route`].
pub fn allot(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&["unit"])?;
    let filled = fill(desk)?;
    let unit = desk
        .unit(filled.link("unit"), "allot.unit")?
        .ok_or_else(|| Broken::new("empty").at("allot.unit"))?;
    let entry = entry(desk, &filled);
    let next = case.allot(&unit, entry)?;
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Gives a case to an officer.
///
/// # Errors
/// As [`route`].
pub fn hand_to(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&["handler"])?;
    let filled = fill(desk)?;
    let handler = desk
        .officer(filled.link("handler"), "hand_to.handler")?
        .ok_or_else(|| Broken::new("empty").at("hand_to.handler"))?;
    seal::must_read(desk, (&case, &handler), "hand_to.handler")?;
    let entry = entry(desk, &filled);
    let next = case.hand_to(&handler, entry)?;
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Records a step.
///
/// # Errors
/// As [`route`].
pub fn record(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&[])?;
    let filled = fill(desk)?;
    let work = filled.word("work", Kind::parse).unwrap_or(Kind::Other);
    let entry = entry(desk, &filled);
    let next = case.record(Deed::Worked { work }, entry)?;
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Corrects or completes a case.
///
/// # Errors
/// As [`route`]; the request is fixed once the case is taken on (Reg. 19(1)).
pub fn edit(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let names = field_names(desk);
    let case = desk.case(&names)?;
    let filled = fill(desk)?;
    if case.stage() >= Stage::Handling {
        let fixed = schema::CASE.iter().filter(|field| field.change == Change::UntilAccepted);
        for field in fixed {
            if filled.values().contains_key(field.name()) {
                return Err(Broken::new("request_is_fixed").at(field.key).into());
            }
        }
    }
    check_links(desk, &filled)?;
    let mut next = set(&case, filled.values())?;
    if next.urgent != case.urgent {
        next.urgent_on = next.urgent.then_some(desk.asking.today);
    }
    if next.accused() != case.accused() {
        seal::judge_accused(desk, &next)?;
    }
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Completes a receipt.
///
/// # Errors
/// As [`route`].
pub fn edit_receipt(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let id = desk.order.on.ok_or_else(Refusal::not_found)?;
    let receipt: Receipt = desk.work.load(id)?.ok_or_else(Refusal::not_found)?;
    let case: Case = desk.work.load(receipt.case.0)?.ok_or_else(Refusal::not_found)?;
    desk.may_touch(&case)?;
    desk.in_step(&receipt, &field_names(desk))?;
    let filled = fill(desk)?;
    check_links(desk, &filled)?;
    let next = set(&receipt, filled.values())?;
    let made = desk.put(&receipt, next)?;
    // Whoever looks at the case, finds it by the receipt's numbers or owes something must see it.
    if Slip::of(&receipt) == Slip::of(&made) {
        desk.touched.add(&case);
    } else {
        desk.put_case(&case, case.clone())?;
    }
    Ok(Made::of(&made))
}

/// Corrects or completes a person.
///
/// # Errors
/// As [`route`]; not found for whoever may see none of the person's cases.
pub fn edit_person(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let id = desk.order.on.ok_or_else(Refusal::not_found)?;
    let person: Person = desk.work.load(id)?.ok_or_else(Refusal::not_found)?;
    if !tell::person_is_visible(desk.work, &desk.asking.asker, person.id)? {
        return Err(Refusal::not_found().into());
    }
    let scope = Scope { village: person.village, ..Scope::default() };
    crate::service::judge(desk.asking, Act::EditPerson, policy::link(&desk.asking.asker, &scope))?;
    erase::must_be_there(&person)?;
    desk.in_step(&person, &field_names(desk))?;
    let filled = fill(desk)?;
    check_links(desk, &filled)?;
    let next: Person = set(&person, filled.values())?;
    if next.name != person.name {
        people::touch_all(desk, person.id)?;
    }
    Ok(Made::of(&desk.put(&person, next)?))
}

/// The checked form of the order.
///
/// # Errors
/// All wrong fields.
pub fn fill(desk: &Desk<'_, '_>) -> Result<Filled, Stop> {
    let (act, fields, today) = (desk.order.act, &desk.order.fields, desk.asking.today);
    let filled = if form::is_edit(act) {
        form::fill_some(act, fields, today)
    } else {
        form::fill(act, fields, today)
    };
    Ok(filled?)
}

/// What every step has, from the form; the journal's day of the event follows.
pub fn entry(desk: &mut Desk<'_, '_>, filled: &Filled) -> Entry {
    let on = filled.date("on").unwrap_or(desk.asking.today);
    desk.on = on;
    Entry {
        on,
        today: desk.asking.today,
        by: desk.asking.clerk.officer,
        text: filled.text("text"),
        document: filled.text("document"),
    }
}

/// A record with some fields set, as its table of fields allows.
///
/// # Errors
/// A value that the record cannot hold.
pub fn set<R: Record>(record: &R, values: &Map<String, Value>) -> Result<R, Stop> {
    let broken = || Refusal::new(RefusalKind::Invalid, "wrong_fields");
    let mut json = serde_json::to_value(record).map_err(|_| broken())?;
    let object = json.as_object_mut().ok_or_else(broken)?;
    for (name, value) in values {
        if value.is_null() {
            object.remove(name);
        } else {
            object.insert(name.clone(), value.clone());
        }
    }
    serde_json::from_value(json).map_err(|_| broken().into())
}

/// Whether all units and officers that a form names are there.
///
/// # Errors
/// The wrong fields.
pub fn check_links(desk: &Desk<'_, '_>, filled: &Filled) -> Result<(), Stop> {
    let book = desk.core.book();
    let mut wrongs = Vec::new();
    for field in schema::form(desk.order.act) {
        let crate::domain::field::FieldKind::Link(kind) = field.kind else { continue };
        let Some(id) = filled.link(field.name()) else { continue };
        let there = match kind {
            crate::domain::ids::Kind::Unit => {
                book.units.contains_key(&crate::domain::ids::UnitId(id))
            }
            crate::domain::ids::Kind::Officer => {
                book.officers.contains_key(&crate::domain::ids::OfficerId(id))
            }
            crate::domain::ids::Kind::Person => desk.work.load::<Person>(id)?.is_some(),
            crate::domain::ids::Kind::Office
            | crate::domain::ids::Kind::Clerk
            | crate::domain::ids::Kind::Receipt
            | crate::domain::ids::Kind::Case
            | crate::domain::ids::Kind::Plan
            | crate::domain::ids::Kind::Task
            | crate::domain::ids::Kind::Entry
            | crate::domain::ids::Kind::Decision
            | crate::domain::ids::Kind::Duty
            | crate::domain::ids::Kind::Indicator
            | crate::domain::ids::Kind::View
            | crate::domain::ids::Kind::Given => false,
        };
        if !there {
            let why = "no_such_record".to_owned();
            wrongs.push(Wrong { field: field.key.to_owned(), why });
        }
    }
    if wrongs.is_empty() { Ok(()) } else { Err(wrongs.into()) }
}

fn field_names<'d>(desk: &Desk<'d, '_>) -> Vec<&'d str> {
    desk.order.fields.keys().map(String::as_str).collect()
}
