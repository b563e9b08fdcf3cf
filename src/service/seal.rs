//! Sealed petitions at the desk: who reads them, whom they accuse, and their open part.
//!
//! What is written about an open part names neither the sealed one nor that there is one: it is
//! journaled as any registration.

use std::ops::ControlFlow;

use chrono::{Datelike, NaiveDate};

use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::choice::{Purpose, Role, Route};
use crate::domain::form::Filled;
use crate::domain::handling::Entry;
use crate::domain::ids::{CaseId, Kind, OfficerId, ReceiptId, UnitId, Version};
use crate::domain::number::Series;
use crate::domain::office::{Clerk, Officer};
use crate::domain::receipt::Receipt;
use crate::domain::seal::{Accused, Naming, Sealing};
use crate::domain::step::Deed;
use crate::service::case::{check_links, fill};
use crate::service::intake;
use crate::service::order::{Desk, Made};
use crate::service::stop::Stop;
use crate::store::read::Read;

/// The open part of a petition.
pub struct Part {
    /// Its request, in the petitioner's words.
    pub request: String,
    /// Its title; the first clause of the request if none is given.
    pub title: Option<String>,
    /// Where it happened.
    pub village: Option<UnitId>,
}

/// Who is to read a petition that is registered as sealed; none if it is not.
///
/// # Errors
/// Readers or an open part without the seal; the readers cannot read it.
pub fn at_registration(desk: &Desk<'_, '_>, filled: &Filled) -> Result<Option<Sealing>, Stop> {
    let is_sealed = filled.values().get("sealed").and_then(serde_json::Value::as_bool);
    if is_sealed != Some(true) {
        for name in ["readers", "open_part"] {
            if filled.values().contains_key(name) {
                let broken = Broken::new("only_sealed_petitions_have_that");
                return Err(broken.at(&format!("register.{name}")).into());
            }
        }
        return Ok(None);
    }
    let accused = Accused {
        name: filled.text("about"),
        unit: filled.link("about_unit").map(UnitId),
        officer: filled.link("about_officer").map(OfficerId),
    };
    if !accused.is_known() {
        return Err(Broken::new("accused_is_missing").at("register.about").into());
    }
    Ok(Some(readers_of(desk, &accused, filled)?))
}

/// The readers that a form names, and whoever fills it in unless they are accused themselves.
///
/// # Errors
/// One is accused, or has no account that reads cases; nobody is left.
pub fn readers_of(
    desk: &Desk<'_, '_>,
    accused: &Accused,
    filled: &Filled,
) -> Result<Sealing, Stop> {
    let field = format!("{}.readers", form_of(desk.order.act));
    let book = desk.core.book();
    let mut sealing = Sealing::default();
    let own = &desk.asking.clerk;
    let own_officer = own.officer.and_then(|officer| book.officers.get(&officer));
    if !accused.has(own, own_officer) {
        sealing.readers.insert(own.id);
        sealing.officers.extend(own.officer);
    }
    let named = filled.values().get("readers").and_then(serde_json::Value::as_array);
    for id in named.into_iter().flatten().filter_map(serde_json::Value::as_u64) {
        let Some(officer) = desk.officer(Some(id), &field)? else { continue };
        let clerk = reader(desk, &officer, &field)?;
        if accused.has(&clerk, Some(&officer)) {
            let broken = Broken::new("reader_is_accused").with("name", &officer.name);
            return Err(broken.at(&field).into());
        }
        sealing.readers.insert(clerk.id);
        sealing.officers.insert(officer.id);
    }
    if sealing.readers.is_empty() {
        return Err(Broken::new("sealed_needs_a_reader").at(&field).into());
    }
    Ok(sealing)
}

/// Makes a case that is being registered a sealed accusation (Reg. 30(3)).
///
/// # Errors
/// Nobody is accused, or nobody reads it.
pub fn begin(case: &mut Case, sealing: &Sealing, entry: Entry) -> Result<(), Stop> {
    case.seal(sealing)?;
    case.purpose = Some(Purpose::Accusation);
    case.route = Some(Route::Accusation);
    case.add(Deed::Routed { route: Route::Accusation }, Entry { text: None, ..entry });
    Ok(())
}

/// Whom a form that decides the procedure says the petition is about.
pub fn name_accused(case: &mut Case, filled: &Filled) {
    if let Some(name) = filled.text("about") {
        case.about = Some(name);
    }
    if let Some(unit) = filled.link("about_unit") {
        case.about_unit = Some(UnitId(unit));
    }
    if let Some(officer) = filled.link("about_officer") {
        case.about_officer = Some(OfficerId(officer));
    }
}

/// Whether whoever a petition is about now neither holds nor reads it, nor handles it as a unit.
///
/// # Errors
/// Who does; a sealed petition that accuses nobody.
pub fn judge_accused(desk: &Desk<'_, '_>, case: &Case) -> Result<(), Stop> {
    let (accused, book) = (case.accused(), desk.core.book());
    let form = if desk.order.act == Act::Route { "route" } else { "case" };
    let at = |key: &str, field: &str| Broken::new(key).at(&format!("{form}.{field}"));
    for id in case.unit.iter().chain(&case.assisting) {
        if let Some(unit) = book.units.get(id).filter(|unit| accused.is_unit(unit)) {
            return Err(at("accused_holds_it", "about_unit").with("name", &unit.name).into());
        }
    }
    for id in [case.lead, case.handler, case.held_by].into_iter().flatten() {
        if let Some(officer) = book.officers.get(&id) {
            accused
                .may_hold(officer)
                .map_err(|_| at("accused_holds_it", "about_unit").with("name", &officer.name))?;
        }
    }
    let Some(readers) = &case.readers else { return Ok(()) };
    if !accused.is_known() {
        return Err(at("accused_is_missing", "about").into());
    }
    for reader in readers {
        let Some(clerk) = desk.work.load::<Clerk>(reader.0)? else { continue };
        let officer = clerk.officer.and_then(|officer| book.officers.get(&officer));
        if accused.has(&clerk, officer) {
            let name = officer.map_or(clerk.login.as_str(), |officer| officer.name.as_str());
            let broken = at("accused_reads_it", "about_unit");
            return Err(broken.with("name", name).into());
        }
    }
    Ok(())
}

/// Whether an officer who is to hold a sealed case is one of its readers.
///
/// # Errors
/// They are none: a reader names them first.
pub fn must_read(
    desk: &Desk<'_, '_>,
    (case, officer): (&Case, &Officer),
    field: &str,
) -> Result<(), Stop> {
    let judged = reads(desk.work, (case, officer), desk.asking.today)?;
    Ok(judged.map_err(|broken| broken.at(field))?)
}

/// Whether an officer is a reader of a case, if it is sealed.
///
/// # Errors
/// A damaged ledger.
pub fn reads(
    ledger: &impl Read,
    (case, officer): (&Case, &Officer),
    today: NaiveDate,
) -> Result<Result<(), Broken>, Stop> {
    let Some(readers) = &case.readers else { return Ok(Ok(())) };
    // Whom it is about is told so, not that somebody may name them.
    if let Err(broken) = case.accused().may_hold(officer) {
        return Ok(Err(broken));
    }
    Ok(match account_of(ledger, officer, today)? {
        Ok(clerk) if readers.contains(&clerk.id) => Ok(()),
        Ok(_) => Err(Broken::new("officer_is_no_reader").with("name", &officer.name)),
        Err(broken) => Err(broken),
    })
}

/// Names a reader of a sealed case, or takes the name back.
///
/// # Errors
/// A wrong form, a broken rule, a conflict, or a fault.
pub fn readers(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&["readers"])?;
    let filled = fill(desk)?;
    let (add, remove) = (filled.link("add"), filled.link("remove"));
    if add.is_none() && remove.is_none() {
        return Err(Broken::new("no_reader_is_named").at("readers.add").into());
    }
    let mut next = case.clone();
    if let Some(officer) = desk.officer(add, "readers.add")? {
        let clerk = reader(desk, &officer, "readers.add")?;
        let entry = words(desk, &filled);
        next = next.name_reader(Naming::Add(&officer, &clerk), entry)?;
    }
    if let Some(officer) = desk.officer(remove, "readers.remove")? {
        let clerk = reader(desk, &officer, "readers.remove")?;
        let entry = words(desk, &filled);
        next = next.name_reader(Naming::Remove(&officer, &clerk), entry)?;
    }
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Takes the open part out of a sealed petition: a matter of its own, as if it had been registered
/// alone.
///
/// # Errors
/// As [`readers`].
pub fn part(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&[])?;
    let filled = fill(desk)?;
    check_links(desk, &filled)?;
    if case.readers.is_none() {
        return Err(Broken::new("case_is_not_sealed").into());
    }
    let first = case.receipts().first().copied();
    let receipt = match first {
        Some(ReceiptId(id)) => desk.work.load::<Receipt>(id)?,
        None => None,
    };
    let receipt = receipt.ok_or_else(|| Broken::new("case_is_history"))?;
    let part = Part {
        request: filled.text("request").unwrap_or_default(),
        title: filled.text("title"),
        village: filled.link("village").map(UnitId),
    };
    let open = open_part(desk, (&case, &receipt), part)?;
    let mut next = case.clone();
    next.add(Deed::Parted { into: open }, parted_on(desk));
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Registers the open part of a petition, with the day and the way of its receipt.
///
/// # Errors
/// A fault of the ledger.
pub fn open_part(
    desk: &mut Desk<'_, '_>,
    (case, receipt): (&Case, &Receipt),
    part: Part,
) -> Result<CaseId, Stop> {
    let id = CaseId(desk.work.allot_id(Kind::Case)?);
    let series = Series::Case { year: desk.asking.today.year() };
    let serial = desk.work.allot(&series.counter())?;
    let number = series.print(&desk.core.book().office.code, serial);
    let registrar = receipt.taken_by.or(desk.asking.clerk.officer);
    let own = Receipt {
        id: ReceiptId(desk.work.allot_id(Kind::Receipt)?),
        version: Version::default(),
        case: id,
        words: None,
        state_number: None,
        query_code: None,
        ..receipt.clone()
    };
    let mut open = intake::blank(id, number, &Filled::default());
    open.title = part.title.unwrap_or_else(|| intake::title_of(&part.request));
    open.request = part.request;
    open.village = part.village;
    open.people = case.people;
    open.persons = case.persons.clone();
    open.received_on = own.received_on;
    open.registrar = registrar;
    let deed = Deed::Received { receipt: own.id, source: own.source, channel: Some(own.channel) };
    let entry = Entry { on: own.received_on, by: registrar, ..parted_on(desk) };
    open.add(deed, entry);
    let (told_as, on) = (desk.told_as, desk.on);
    desk.told_as = Act::Register;
    desk.on = own.received_on;
    desk.create(own)?;
    desk.create_case(open)?;
    desk.told_as = told_as;
    desk.on = on;
    Ok(id)
}

/// When an open part was taken out: today.
pub fn parted_on(desk: &Desk<'_, '_>) -> Entry {
    Entry {
        on: desk.asking.today,
        today: desk.asking.today,
        by: desk.asking.clerk.officer,
        text: None,
        document: None,
    }
}

fn words(desk: &Desk<'_, '_>, filled: &Filled) -> Entry {
    Entry { text: filled.text("text"), ..parted_on(desk) }
}

/// The account of an officer whom a form names as a reader.
fn reader(desk: &Desk<'_, '_>, officer: &Officer, field: &str) -> Result<Clerk, Stop> {
    let found = account_of(desk.work, officer, desk.asking.today)?;
    Ok(found.map_err(|broken| broken.at(field))?)
}

/// The account of an officer who may be a reader.
fn account_of(
    ledger: &impl Read,
    officer: &Officer,
    today: NaiveDate,
) -> Result<Result<Clerk, Broken>, Stop> {
    const READ: [Role; 4] = [Role::Director, Role::Clerk, Role::Leader, Role::Village];
    let mut found = None;
    ledger.each::<Clerk>(&mut |clerk| {
        let is_open = clerk.closed_on.is_none_or(|closed| today < closed);
        let reads = clerk.roles.iter().any(|role| READ.contains(role));
        if is_open && reads && clerk.officer == Some(officer.id) {
            found = Some(clerk);
            return Ok(ControlFlow::Break(()));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let nobody = || Broken::new("officer_has_no_account").with("name", &officer.name);
    Ok(found.ok_or_else(nobody))
}

fn form_of(act: Act) -> &'static str {
    if act == Act::Register { "register" } else { "route" }
}
