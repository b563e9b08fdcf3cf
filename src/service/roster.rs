//! Orders on the roster, and what the system notes by itself: lapses, and grounds that are gone.

use std::ops::ControlFlow;

use chrono::NaiveDate;

use crate::api::refusal::Refusal;
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::choice::{ContactManner, EndReason, RosterGround, Tie};
use crate::domain::entry::{Days, Ending, Entry, EntryState, Promise};
use crate::domain::form::Filled;
use crate::domain::ids::{CaseId, EntryId, Kind, OfficerId, PersonId};
use crate::domain::line::{Line, LineKind};
use crate::domain::office::{Clerk, Officer};
use crate::domain::policy::{self, Scope};
use crate::domain::roster::{
    self as rule, Accounts, Approver, Approving, Contacting, Given, PENDING_WORKDAYS, Proposal,
};
use crate::law::count::{Length, Unit, count};
use crate::service::case::{check_links, fill, set};
use crate::service::order::{Desk, Made};
use crate::service::stop::Stop;
use crate::service::{Core, care, judge, people};
use crate::store::change::Swap;
use crate::store::fault::Fault;
use crate::store::journal::{Actor, Stamp};
use crate::store::key::{Order, Row, Space, Span};
use crate::store::read::Read;
use crate::store::{roster as keys, tables};

/// The most lapses that one change notes; the next change goes on.
const LAPSES_MAX: usize = 64;
/// The most entries of one person or case.
const ENTRIES_MAX: usize = 64;

/// Today, and the last day on which an entry may be renewed after its review day.
pub fn days(core: &Core, entry: &Entry, today: NaiveDate) -> Days {
    let length = Length::new(PENDING_WORKDAYS, Unit::Workday);
    let until = length
        .ok()
        .and_then(|length| count(entry.review_on, length, &core.rules().calendar).ok())
        .map_or(entry.review_on, |count| count.latest);
    Days { today, pending_until: until }
}

/// The rows that follow from an entry.
pub fn rows(core: &Core, entry: &Entry) -> Vec<Row> {
    keys::entry_rows(entry, &lines(core, entry))
}

/// What an entry puts on the agenda: contact and review; once it has lapsed, for ten working days
/// that something must be decided.
fn lines(core: &Core, entry: &Entry) -> Vec<Line> {
    if entry.ending.is_some() || entry.approval.is_none() {
        return Vec::new();
    }
    match entry.lapsed_on {
        Some(from) => {
            let until = days(core, entry, from).pending_until;
            vec![Line::hint(LineKind::Lapsed, from, until)]
        }
        None => vec![
            Line::new(LineKind::Contact, entry.contact_on),
            Line::new(LineKind::Review, entry.review_on),
        ],
    }
}

/// The entries of one record of a person.
///
/// # Errors
/// A damaged ledger.
pub fn entries_of(ledger: &impl Read, person: PersonId) -> Result<Vec<Entry>, Fault> {
    load_all(ledger, &keys::entries_of_person(person))
}

/// The entries on a case.
///
/// # Errors
/// A damaged ledger.
pub fn entries_on(ledger: &impl Read, case: CaseId) -> Result<Vec<Entry>, Fault> {
    load_all(ledger, &keys::entries_of_case(case))
}

fn load_all(ledger: &impl Read, prefix: &[u8]) -> Result<Vec<Entry>, Fault> {
    let span = Span::prefix(Space::Index, prefix);
    let mut entries = Vec::new();
    for (key, _) in ledger.page(&span, Order::Forward, ENTRIES_MAX)? {
        let Some(id) = tables::last_id(&key) else { continue };
        entries.extend(ledger.load::<Entry>(id)?);
    }
    Ok(entries)
}

/// Proposes somebody for the roster, on a case.
///
/// # Errors
/// A wrong form, a broken rule, or a fault.
pub fn propose(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&[])?;
    let filled = fill(desk)?;
    let today = desk.asking.today;
    let person = person_of(desk, &case, filled.link("person").map(PersonId))?;
    let (lead, officer) = officers(desk, &filled, "propose")?;
    let ground = filled.word("ground", RosterGround::parse).unwrap_or(RosterGround::Hardship);
    must_be_new(desk, &case, person)?;
    let proposal = Proposal {
        id: EntryId(desk.work.allot_id(Kind::Entry)?),
        person,
        ground,
        reason: filled.text("reason").unwrap_or_default(),
        by: (desk.asking.clerk.id, desk.asking.clerk.officer),
        measures: filled.text("measures").unwrap_or_default(),
        danger: (filled.text("help_called"), filled.date("reported_on")),
        told: (filled.date("told_on"), filled.text("not_told")),
        contact_on: filled.date("contact_on").unwrap_or(today),
        review_on: filled.date("review_on").unwrap_or(today),
        promise: promise(&filled, "propose")?,
    };
    let entry = rule::propose(proposal, &case, (&lead, &officer), today)?;
    let rows = rows(desk.core, &entry);
    let entry = desk.work.create(&desk.stamp(), entry, rows)?;
    desk.touched.add_record(entry.id.into());
    Ok(Made::of(&entry))
}

/// Approves a proposal.
///
/// # Errors
/// As [`propose`]; the proposer may not approve while the office has a second account.
pub fn approve(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let (entry, case) = entry(desk, &["approval", "ending", "review_on"])?;
    let filled = fill(desk)?;
    rule::must_carry(&case, entry.ground).map_err(|broken| Broken { field: None, ..broken })?;
    let on_paper = desk.officer(filled.link("approver"), "approve.approver")?;
    let approver = Approver {
        by: (desk.asking.clerk.id, desk.asking.clerk.officer),
        on_paper: on_paper.as_ref(),
        accounts: accounts(desk)?,
    };
    let approving = Approving {
        on: filled.date("on"),
        document: filled.text("document"),
        told: (filled.date("told_on"), filled.text("not_told")),
        review_on: filled.date("review_on"),
    };
    desk.on = approving.on.unwrap_or(desk.asking.today);
    let next = entry.approve(approver, approving, desk.asking.today)?;
    put(desk, &entry, next)
}

/// Records a contact.
///
/// # Errors
/// As [`propose`].
pub fn contact(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let (entry, _) = entry(desk, &["ending", "promise"])?;
    let filled = fill(desk)?;
    let today = desk.asking.today;
    let on = filled.date("on").unwrap_or(today);
    desk.on = on;
    let contacting = Contacting {
        on,
        by: desk.asking.clerk.officer,
        manner: filled.word("manner", ContactManner::parse).unwrap_or(ContactManner::Call),
        text: filled.text("text").unwrap_or_default(),
        next_on: filled.date("next_on").unwrap_or(today),
        given: if filled.values().contains_key("given") { Given::Yes } else { Given::No },
        promise: promise(&filled, "contact")?,
    };
    let next = entry.contact(contacting, days(desk.core, &entry, today))?;
    put(desk, &entry, next)
}

/// Renews an entry after a review.
///
/// # Errors
/// As [`propose`].
pub fn renew(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let (entry, case) = entry(desk, &["ending", "review_on"])?;
    let filled = fill(desk)?;
    let today = desk.asking.today;
    let until = filled.date("review_on").unwrap_or(today);
    let text = filled.text("text").unwrap_or_default();
    let by = desk.asking.clerk.officer;
    let next = entry.renew(&case, (until, text, by), days(desk.core, &entry, today))?;
    put(desk, &entry, next)
}

/// Ends an entry by a decision.
///
/// # Errors
/// As [`propose`].
pub fn end(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let (entry, _) = entry(desk, &["ending"])?;
    let filled = fill(desk)?;
    let on = filled.date("on").unwrap_or(desk.asking.today);
    desk.on = on;
    let ending = Ending {
        on,
        by: desk.asking.clerk.officer,
        why: filled.word("why", EndReason::parse).unwrap_or(EndReason::GroundGone),
        text: filled.text("text"),
    };
    let next = entry.end(ending, desk.asking.today)?;
    put(desk, &entry, next)
}

/// Corrects or completes an entry.
///
/// # Errors
/// As [`propose`].
pub fn edit(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let names: Vec<&str> = desk.order.fields.keys().map(String::as_str).collect();
    let (entry, _) = entry(desk, &names)?;
    let filled = fill(desk)?;
    check_links(desk, &filled)?;
    let today = desk.asking.today;
    if entry.ending.is_some() {
        return Err(Broken::new("entry_has_ended").into());
    }
    if let Some(lead) = desk.officer(filled.link("lead"), "entry.lead")? {
        rule::must_lead(&lead, today, "entry.lead")?;
    }
    if let Some(officer) = desk.officer(filled.link("officer"), "entry.officer")? {
        rule::must_be_in_office(&officer, today, "entry.officer")?;
    }
    for name in ["told_on", "reported_on"] {
        if filled.date(name).is_some_and(|on| on > today) {
            let broken = Broken::new("day_is_in_the_future").at(&format!("entry.{name}"));
            return Err(broken.with("day", today).into());
        }
    }
    let next: Entry = set(&entry, filled.values())?;
    if next.approval.is_some() && next.told_on.is_none() && next.not_told.is_none() {
        return Err(Broken::new("told_or_why_not").at("entry.told_on").into());
    }
    put(desk, &entry, next)
}

/// Puts a changed entry in the place of the old one.
///
/// # Errors
/// A fault of the ledger.
pub fn put(desk: &mut Desk<'_, '_>, old: &Entry, new: Entry) -> Result<Made, Stop> {
    let swap = Swap { old: rows(desk.core, old), new: rows(desk.core, &new) };
    let entry = desk.work.patch(&desk.stamp(), new, &swap)?;
    desk.touched.add_record(entry.id.into());
    Ok(Made::of(&entry))
}

/// The entry that the order is about, with its case, if the asker may do the act on it.
fn entry(desk: &Desk<'_, '_>, depends_on: &[&str]) -> Result<(Entry, Case), Stop> {
    let id = desk.order.on.ok_or_else(Refusal::not_found)?;
    let entry: Entry = desk.work.load(id)?.ok_or_else(Refusal::not_found)?;
    let case: Case = desk.work.load(entry.case.0)?.ok_or_else(Refusal::not_found)?;
    let asker = &desk.asking.asker;
    let scope = Scope::of_entry(&entry);
    if !care::is_visible(asker, &entry, &case) {
        return Err(Refusal::not_found().into());
    }
    judge(desk.asking, desk.order.act, policy::link(asker, &scope))?;
    desk.in_step(&entry, depends_on)?;
    Ok((entry, case))
}

fn person_of(desk: &Desk<'_, '_>, case: &Case, named: Option<PersonId>) -> Result<PersonId, Stop> {
    let at = |key: &str| Broken::new(key).at("propose.person");
    let Some(named) = named else {
        let mut petitioners = case.persons.iter().filter(|(_, tie)| **tie == Tie::Petitioner);
        return match (petitioners.next(), petitioners.next()) {
            (Some((id, _)), None) => Ok(people::root_of(desk.work, *id)?),
            (None, _) => Err(at("nobody_is_named_on_the_case").into()),
            (Some(_), Some(_)) => Err(at("several_petitioners").into()),
        };
    };
    let root = people::root_of(desk.work, named)?;
    for id in case.persons.keys() {
        if people::root_of(desk.work, *id)? == root {
            return Ok(root);
        }
    }
    Err(at("person_is_not_of_the_case").into())
}

/// Nobody stands on the roster twice for one case.
fn must_be_new(desk: &Desk<'_, '_>, case: &Case, person: PersonId) -> Result<(), Stop> {
    for record in people::records_of(desk.work, person)? {
        for entry in entries_of(desk.work, record)? {
            let state = entry.state(days(desk.core, &entry, desk.asking.today));
            if entry.case == case.id && state.is_open() {
                return Err(Broken::new("entry_is_there").at("propose.person").into());
            }
        }
    }
    Ok(())
}

fn officers(desk: &Desk<'_, '_>, filled: &Filled, form: &str) -> Result<(Officer, Officer), Stop> {
    let find = |name: &str| {
        let field = format!("{form}.{name}");
        let found = desk.officer(filled.link(name), &field)?;
        found.ok_or_else(|| Stop::from(Broken::new("empty").at(&field)))
    };
    Ok((find("lead")?, find("officer")?))
}

fn promise(filled: &Filled, form: &str) -> Result<Option<Promise>, Stop> {
    let at = |field: &str| Broken::new("promise_needs_text_and_day").at(&format!("{form}.{field}"));
    match (filled.text("promise"), filled.date("promise_by")) {
        (Some(text), Some(by_on)) => Ok(Some(Promise { text, by_on })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(at("promise_by").into()),
        (None, Some(_)) => Err(at("promise").into()),
    }
}

fn accounts(desk: &Desk<'_, '_>) -> Result<Accounts, Stop> {
    let today = desk.asking.today;
    let mut n_open = 0;
    desk.work.each::<Clerk>(&mut |clerk| {
        n_open += u32::from(clerk.closed_on.is_none_or(|closed| today < closed));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(if n_open > 1 { Accounts::Several } else { Accounts::One })
}

/// Entries whose case no longer carries their ground end with it, in the same change.
///
/// # Errors
/// A fault of the ledger.
pub fn follow_case(desk: &mut Desk<'_, '_>, case: &Case) -> Result<(), Stop> {
    for entry in entries_on(desk.work, case.id)? {
        if entry.ending.is_some() {
            continue;
        }
        let is_gone = rule::is_ground_gone(case, entry.ground);
        let why =
            if case.stage().is_open() { EndReason::GroundGone } else { EndReason::CaseClosed };
        let ending = Ending { on: desk.asking.today, by: None, why, text: None };
        let village = case.village_that_sees();
        let next = Entry { ending: is_gone.then_some(ending), village, ..entry.clone() };
        if next != entry {
            put_by_system(desk, &entry, next)?;
        }
    }
    Ok(())
}

/// Notes lapses: the first change after a review day has passed adds one line by the system.
///
/// # Errors
/// A fault of the ledger.
pub fn note_lapses(desk: &mut Desk<'_, '_>, today: NaiveDate) -> Result<(), Stop> {
    let span = Span {
        space: Space::Index,
        from: keys::reviews_prefix(),
        to: Some(keys::reviews_before(today)),
    };
    for (key, _) in desk.work.page(&span, Order::Forward, LAPSES_MAX)? {
        let Some(id) = tables::last_id(&key) else { continue };
        let Some(entry) = desk.work.load::<Entry>(id)? else { continue };
        let next = entry.noted_lapse(days(desk.core, &entry, today));
        if let Some(next) = next {
            put_by_system(desk, &entry, next)?;
        }
    }
    Ok(())
}

fn put_by_system(desk: &mut Desk<'_, '_>, old: &Entry, new: Entry) -> Result<(), Stop> {
    let swap = Swap { old: rows(desk.core, old), new: rows(desk.core, &new) };
    let act = match &new.ending {
        Some(_) => Act::EndEntry.word(),
        None if new.lapsed_on != old.lapsed_on => LAPSE,
        None => desk.order.act.word(),
    };
    let act = act.to_owned();
    let stamp = Stamp { act, actor: Actor::System, on: desk.asking.today, ..desk.stamp() };
    let record = desk.work.patch(&stamp, new, &swap)?;
    desk.touched.add_record(record.id.into());
    Ok(())
}

/// What the journal calls a lapse.
const LAPSE: &str = "roster.lapse";

/// Whether anything may be done under an entry, as the key of a refusal.
pub fn reason(entry: &Entry, case: &Case, act: Act, days: Days) -> Option<&'static str> {
    let state = entry.state(days);
    let is_carried = !rule::is_ground_gone(case, entry.ground);
    match (act, state) {
        (Act::ReadEntry, _) => None,
        (_, EntryState::Ended) => Some("entry_has_ended"),
        (Act::EndEntry | Act::EditEntry, _) => None,
        (_, EntryState::Lapsed) => Some("entry_has_lapsed_now"),
        (Act::ApproveEntry, EntryState::Proposed) => None,
        (Act::ApproveEntry, _) => Some("entry_is_approved"),
        (_, EntryState::Proposed) => Some("entry_is_not_approved"),
        (Act::RenewEntry, _) if !is_carried => Some("case_has_ended_for_roster"),
        (_, EntryState::Running | EntryState::Pending) => None,
    }
}

/// The officers that an entry mentions.
pub fn mentioned(entry: &Entry) -> Vec<OfficerId> {
    let mut officers = vec![entry.lead, entry.officer];
    officers.extend(entry.proposer);
    officers.extend(entry.approval.as_ref().and_then(|approval| approval.approver));
    officers.extend(entry.contacts.values().filter_map(|contact| contact.by));
    officers.extend(entry.reviews.values().filter_map(|renewal| renewal.by));
    officers.extend(entry.ending.as_ref().and_then(|ending| ending.by));
    officers
}
