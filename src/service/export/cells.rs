//! What stands in the columns of a row that goes out.
//!
//! Numbers that reach a person are read in clear here: only columns that were named with a reason
//! come this far.

use std::ops::ControlFlow;

use chrono::NaiveDate;

use crate::api::campaign::TaskRow;
use crate::api::export::OutCell;
use crate::api::reply::{CaseRow, DeadlineView, LineRow, OfficerRow, UnitRow};
use crate::api::roster::EntryRow;
use crate::domain::case::{Case, Stage};
use crate::domain::choice::Tie;
use crate::domain::entry::Entry;
use crate::domain::export::{Holds, Outgoing};
use crate::domain::ids::PersonId;
use crate::domain::person::Person;
use crate::domain::receipt::Receipt;
use crate::domain::slip::Crowd;
use crate::domain::step::Deed;
use crate::service::export::choose::Row;
use crate::service::people;
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::store::read::{Read, Snapshot};

/// The most characters of all that was done that go into one cell; the newest are kept.
const STEPS_CHARS_MAX: usize = 20_000;

type Cell = Option<OutCell>;

fn text(text: &str) -> Cell {
    (!text.is_empty()).then(|| OutCell::Text(text.to_owned()))
}

fn maybe(value: Option<&String>) -> Cell {
    value.and_then(|value| text(value))
}

fn day(day: Option<NaiveDate>) -> Cell {
    day.map(OutCell::Day)
}

fn count(number: impl Into<i64>) -> Cell {
    Some(OutCell::Count(number.into()))
}

fn word(key: String) -> Cell {
    Some(OutCell::Word(key))
}

fn choice(list: &str, value: &str) -> Cell {
    word(format!("choice.{list}.{value}"))
}

fn truth(yes: bool) -> Cell {
    word(if yes { "export.yes" } else { "export.no" }.to_owned())
}

fn row_of(columns: &[&'static Outgoing], mut cell: impl FnMut(&str) -> Cell) -> Row {
    columns.iter().map(|column| cell(column.key)).collect()
}

/// What a case is read with.
struct Sheet<'s> {
    case: &'s Case,
    row: CaseRow,
    person: Option<Person>,
    receipts: Vec<Receipt>,
    village: Option<String>,
    handler: Option<String>,
    group: u32,
}

/// The row of a case.
///
/// # Errors
/// A damaged ledger.
pub fn of_case(
    (eye, snapshot): (Eye<'_>, &Snapshot),
    columns: &[&'static Outgoing],
    id: u64,
) -> Result<Row, Stop> {
    let Some(case) = snapshot.load::<Case>(id)? else {
        return Ok(vec![None; columns.len()]);
    };
    let mut receipts = Vec::new();
    if columns.iter().any(|column| column.key == "state_number") {
        for id in case.receipts() {
            receipts.extend(snapshot.load::<Receipt>(id.0)?);
        }
    }
    let sheet = Sheet {
        row: eye.row(snapshot, &case, &[])?,
        person: petitioner(snapshot, &case)?,
        receipts,
        village: eye.book.unit(case.village),
        handler: eye.book.officer(case.handler),
        group: eye.book.office.group(),
        case: &case,
    };
    Ok(row_of(columns, |key| {
        of_matter(&sheet, key).or_else(|| of_handling(&sheet, key)).or_else(|| {
            let person = sheet.person.as_ref()?;
            of_whom(person, key)
        })
    }))
}

/// Whoever raises a case first, with what their aliases know.
fn petitioner(snapshot: &Snapshot, case: &Case) -> Result<Option<Person>, Stop> {
    let own = case.persons.iter().find(|(_, tie)| **tie == Tie::Petitioner);
    match own.or_else(|| case.persons.iter().next()) {
        Some((id, _)) => Ok(people::whole(snapshot, *id)?),
        None => Ok(None),
    }
}

/// What the matter is.
fn of_matter(sheet: &Sheet<'_>, key: &str) -> Cell {
    let (case, row) = (sheet.case, &sheet.row);
    match key {
        "number" => text(&case.number),
        "state_number" => {
            let first = sheet.receipts.iter().find_map(|receipt| receipt.state_number.as_ref());
            maybe(first)
        }
        "received" => day(Some(case.received_on)),
        "channel" => row.channel.and_then(|channel| choice("channel", channel.word())),
        "petitioner" => maybe(row.person.as_ref()),
        "people" => count(case.people),
        "village" => maybe(sheet.village.as_ref()),
        "title" => text(&case.title),
        "request" => text(&case.request),
        "class" => maybe(case.class.as_ref()),
        "about" => maybe(case.about.as_ref()),
        "repeat" => truth(row.repeat),
        "crowd" => {
            let flags = Crowd::of(row.visitors, sheet.group);
            flags.last().and_then(|crowd| word(format!("crowd.{}", crowd.word())))
        }
        _ => None,
    }
}

/// Who answers for it, how far it is, and what came of it.
fn of_handling(sheet: &Sheet<'_>, key: &str) -> Cell {
    let (case, row) = (sheet.case, &sheet.row);
    let next = row.next.as_ref();
    match key {
        "unit" => maybe(row.unit.as_ref()),
        "lead" => maybe(row.lead.as_ref()),
        "handler" => maybe(sheet.handler.as_ref()),
        "holder" => maybe(row.holder.as_ref()),
        "agreed_on" => day(case.agreed_on),
        "due" => day(next.and_then(|clock| clock.latest)),
        "left" => next.and_then(|clock| clock.days_left).map(OutCell::Count),
        "limit" => next.and_then(limit),
        "basis" => next.and_then(|clock| text(&clock.basis)),
        "stage" => word(format!("stage.{}", row.stage.word())),
        "measures" => maybe(case.measures.as_ref()),
        "progress" => progress(case),
        "last" => row
            .last
            .as_ref()
            .map(|(on, deed)| OutCell::Steps(vec![(*on, format!("deed.{deed}"), String::new())])),
        "closed" => truth(is_closed(case)),
        "closed_on" => {
            let own = case.day_of(|deed| matches!(deed, Deed::Concluded));
            let old = case.history.as_ref().and_then(|history| history.closed_on);
            day(own.or(old))
        }
        "replied_on" => {
            let own = case.day_of(|deed| matches!(deed, Deed::Replied { .. }));
            let old = case.history.as_ref().and_then(|history| history.replied_on);
            day(own.or(old))
        }
        "result" => {
            let replied = case.newest(|deed| matches!(deed, Deed::Replied { .. }));
            match replied.map(|step| (&step.deed, &step.text)) {
                Some((Deed::Replied { opinion: Some(opinion), .. }, _)) => text(opinion),
                Some((_, said)) => maybe(said.as_ref()),
                None => None,
            }
        }
        _ => None,
    }
}

fn is_closed(case: &Case) -> bool {
    match &case.history {
        Some(history) => history.closed,
        None => matches!(case.stage(), Stage::Concluded | Stage::Ended | Stage::Archived),
    }
}

/// What was done and has a text, the oldest first; of very much the newest.
fn progress(case: &Case) -> Cell {
    let mut steps = Vec::new();
    for (_, step) in case.steps_now() {
        let Some(said) = step.text.as_ref().filter(|said| !said.is_empty()) else { continue };
        steps.push((step.on, format!("deed.{}", step.deed.word()), said.clone()));
    }
    newest_of(steps)
}

fn newest_of(steps: Vec<(NaiveDate, String, String)>) -> Cell {
    let mut n_chars = 0;
    let kept = steps.iter().rev().try_fold(0, |n_kept, (_, _, said)| {
        n_chars += said.chars().count() + 20;
        if n_chars > STEPS_CHARS_MAX {
            return ControlFlow::Break(n_kept);
        }
        ControlFlow::Continue(n_kept + 1)
    });
    let (ControlFlow::Break(n_kept) | ControlFlow::Continue(n_kept)) = kept;
    let steps: Vec<_> = steps.into_iter().rev().take(n_kept).rev().collect();
    (!steps.is_empty()).then_some(OutCell::Steps(steps))
}

fn of_whom(person: &Person, key: &str) -> Cell {
    match key {
        "phone" => maybe(person.phone.as_ref()),
        "id_number" => maybe(person.id_number.as_ref()),
        "address" => maybe(person.address.as_ref()),
        "sex" => person.sex.and_then(|sex| choice("sex", sex.word())),
        "code" | "person_code" => maybe(person.code.as_ref()),
        _ => None,
    }
}

/// The row of a person.
///
/// # Errors
/// A damaged ledger.
pub fn of_person(
    (eye, snapshot): (Eye<'_>, &Snapshot),
    columns: &[&'static Outgoing],
    id: u64,
) -> Result<Row, Stop> {
    let Some(person) = people::whole(snapshot, PersonId(id))? else {
        return Ok(vec![None; columns.len()]);
    };
    Ok(row_of(columns, |key| match key {
        "name" => maybe(person.label().as_ref()),
        "village" => maybe(eye.book.unit(person.village).as_ref()),
        _ => of_whom(&person, key),
    }))
}

/// The row of an entry of the roster.
///
/// # Errors
/// A damaged ledger.
pub fn of_entry(
    (_, snapshot): (Eye<'_>, &Snapshot),
    columns: &[&'static Outgoing],
    row: &EntryRow,
) -> Result<Row, Stop> {
    let person = people::whole(snapshot, row.person)?;
    let entry = snapshot.load::<Entry>(row.id.0)?;
    let case = snapshot.load::<Case>(row.case.0)?;
    let owed = row.owed.first();
    let contacts = || {
        let contacts = entry.as_ref()?.contacts.values();
        let steps = contacts.map(|contact| {
            let manner = format!("choice.contact_manner.{}", contact.manner.word());
            (contact.on, manner, contact.text.clone())
        });
        newest_of(steps.collect())
    };
    Ok(row_of(columns, |key| match key {
        "number" => text(&row.number),
        "petitioner" => maybe(row.name.as_ref()),
        "village" => maybe(row.village.as_ref()),
        "title" => text(&row.title),
        "request" => case.as_ref().and_then(|case| text(&case.request)),
        "ground" => choice("roster_ground", row.ground.word()),
        "state" => word(format!("entry.state.{}", row.state.word())),
        "lead" => maybe(row.lead.as_ref()),
        "officer" => maybe(row.officer.as_ref()),
        "measures" => entry.as_ref().and_then(|entry| text(&entry.measures)),
        "progress" => contacts(),
        "owed" => owed.and_then(|owed| match &owed.rule {
            Some(rule) => word(format!("limit.{rule}")),
            None => word(format!("owed.{}", owed.kind.word())),
        }),
        "due" => day(owed.map(|owed| owed.on)),
        "left" => owed.map(|owed| OutCell::Count(owed.days_left)),
        "since" => day(row.since),
        "last_contact" => day(row.last_contact_on),
        "contact" => day(Some(row.contact_on)),
        "review" => day(Some(row.review_on)),
        _ => person.as_ref().and_then(|person| of_whom(person, key)),
    }))
}

/// What a clock is called.
fn limit(clock: &DeadlineView) -> Cell {
    match &clock.name {
        Some(name) => text(name),
        None => word(format!("limit.{}", clock.rule)),
    }
}

/// The row of a line of the list of deadlines.
pub fn of_line(columns: &[&'static Outgoing], row: &LineRow) -> Row {
    let clock = row.clock.as_ref();
    row_of(columns, |key| match key {
        "number" => text(&row.number),
        "due" => day(Some(row.on)),
        "left" => clock.and_then(|clock| clock.days_left).map(OutCell::Count),
        "kind" => match clock {
            Some(clock) => limit(clock),
            None => word(format!("limit.{}", row.line.word())),
        },
        "title" => text(&row.title),
        "petitioner" => maybe(row.person.as_ref()),
        "village" => maybe(row.village.as_ref()),
        "stage" => word(row.state.clone()),
        "lead" => maybe(row.lead.as_ref()),
        "unit" => maybe(row.unit.as_ref()),
        "holder" => maybe(row.holder.as_ref()),
        _ => None,
    })
}

/// The row of a task.
pub fn of_task(columns: &[&'static Outgoing], row: &TaskRow) -> Row {
    row_of(columns, |key| match key {
        "phase" => count(row.phase),
        "task" => text(&row.code),
        "what" => text(&row.title),
        "deliverable" => maybe(row.deliverable.as_ref()),
        "who" => maybe(row.who.as_ref()),
        "village" => maybe(row.village.as_ref()),
        "officer" => maybe(row.officer.as_ref()),
        "from" => day(Some(row.from)),
        "until" => day(Some(row.until)),
        "task_state" => choice("task_state", row.state.word()),
        "weight" => choice("weight", row.weight.word()),
        "evidence" => i64::try_from(row.n_evidence).ok().map(OutCell::Count),
        "left" => Some(OutCell::Count(row.days_left)),
        _ => None,
    })
}

/// The row of a unit.
pub fn of_unit(columns: &[&'static Outgoing], row: &UnitRow) -> Row {
    of_values(columns, &row.values, |key| match key {
        "unit_name" => text(&row.name),
        "unit_kind" => choice("unit_kind", row.kind.word()),
        _ => None,
    })
}

/// The row of an officer.
pub fn of_officer(columns: &[&'static Outgoing], row: &OfficerRow) -> Row {
    of_values(columns, &row.values, |key| match key {
        "workplace" => maybe(row.unit.as_ref()),
        "leads" => truth(row.leads),
        _ => None,
    })
}

/// A row whose columns are the fields of a form, but for some.
fn of_values(
    columns: &[&'static Outgoing],
    values: &[(String, String)],
    own: impl Fn(&str) -> Cell,
) -> Row {
    let cell = |column: &&'static Outgoing| {
        let name = column.key.strip_prefix("unit_").unwrap_or(column.key);
        let value = || values.iter().find(|(field, _)| field == name).map(|(_, value)| value);
        own(column.key).or_else(|| match column.holds {
            Holds::Count => value()?.parse().ok().map(OutCell::Count),
            Holds::Day => value()?.parse().ok().map(OutCell::Day),
            Holds::Line | Holds::Text | Holds::Code | Holds::Word => maybe(value()),
        })
    };
    columns.iter().map(cell).collect()
}
