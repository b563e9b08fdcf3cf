//! What an officer holds: found by the lists and lines of the index, and shown as rows.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use chrono::NaiveDate;

use crate::api::handover::{HANDED_MAX, HeldRow};
use crate::api::refusal::Refusal;
use crate::domain::campaign::Task;
use crate::domain::case::Case;
use crate::domain::duty::Duty;
use crate::domain::entry::Entry;
use crate::domain::handover::{Held, Part, parts_of_case};
use crate::domain::ids::{CaseId, Kind, UnitId};
use crate::domain::meeting::Decision;
use crate::domain::office::{Clerk, Officer};
use crate::domain::policy::{self, Scope};
use crate::service::book::Book;
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, care, duty, meeting};
use crate::store::key::{Order, Space, Span};
use crate::store::read::Read;
use crate::store::roster::{self as keys, Shelf};
use crate::store::tables::line::{self, Days};
use crate::store::tables::{self, Facet, Sort};

/// With whose eyes it is looked at what an officer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sight {
    /// Only what the asker may know of.
    Askers,
    /// All of it, to be counted and told no further.
    Counting,
}

/// Everything that an officer holds and that the asker may know of, by kind and day.
///
/// # Errors
/// A damaged ledger.
pub fn all_held(eye: &Eye<'_>, ledger: &impl Read, officer: &Officer) -> Result<Vec<Held>, Stop> {
    held(eye, ledger, (officer, Sight::Askers))
}

/// How many things an officer holds, whoever may know of them: nobody leaves with one of them.
///
/// # Errors
/// A damaged ledger.
pub fn count_held(eye: &Eye<'_>, ledger: &impl Read, officer: &Officer) -> Result<usize, Stop> {
    Ok(held(eye, ledger, (officer, Sight::Counting))?.len())
}

fn held(
    eye: &Eye<'_>,
    ledger: &impl Read,
    (officer, sight): (&Officer, Sight),
) -> Result<Vec<Held>, Stop> {
    let mut held = Vec::new();
    for CaseId(id) in listed_cases(eye, ledger, (officer, sight))? {
        let case = match sight {
            Sight::Askers => visible_case(eye.asking, ledger, id)?,
            Sight::Counting => ledger.load(id)?,
        };
        let Some(case) = case else { continue };
        held.extend(parts_of_case(&case, officer.id).into_iter().map(|part| Held { part, id }));
    }
    let prefix = keys::entries_prefix(Facet::Officer(officer.id), Shelf::Open);
    for (key, _) in ledger.page(&Span::prefix(Space::Index, &prefix), Order::Forward, HANDED_MAX)? {
        let Some(id) = keys::entry_of_key(Shelf::Open, &key) else { continue };
        let entry = match sight {
            Sight::Askers => visible_entry(eye.asking, ledger, id)?,
            Sight::Counting => ledger.load(id)?,
        };
        let Some(entry) = entry else { continue };
        let parts =
            [(Part::EntryLead, entry.lead), (Part::EntryOfficer, entry.officer)].into_iter();
        let own = parts.filter(|(_, who)| *who == officer.id);
        held.extend(own.map(|(part, _)| Held { part, id }));
    }
    held.extend(listed_lines(ledger, officer)?);
    let duties = match sight {
        Sight::Askers => duty::all(ledger, eye.asking)?,
        Sight::Counting => duty::all_of(ledger, &|_| true)?,
    };
    let duties = duties.into_iter().filter(|duty| {
        duty.officer == Some(officer.id) && duty.until.is_none_or(|until| eye.asking.today <= until)
    });
    held.extend(duties.map(|duty| Held { part: Part::Duty, id: duty.id.0 }));
    let heads = eye.book.units.values().filter(|unit| {
        unit.head.as_ref() == Some(&officer.name)
            && unit.ended_on.is_none_or(|ended| eye.asking.today < ended)
    });
    held.extend(heads.map(|unit| Held { part: Part::UnitHead, id: unit.id.0 }));
    held.sort_by_key(|one| one.part);
    held.dedup();
    Ok(held)
}

/// The cases in whose lists an officer may stand. A sealed one stands in those of its readers alone.
fn listed_cases(
    eye: &Eye<'_>,
    ledger: &impl Read,
    (officer, sight): (&Officer, Sight),
) -> Result<Vec<CaseId>, Stop> {
    let mut facets = vec![Facet::Officer(officer.id)];
    match sight {
        Sight::Askers => facets.push(Facet::Reader(eye.asking.asker.clerk)),
        Sight::Counting => ledger.each::<Clerk>(&mut |clerk| {
            facets.push(Facet::Reader(clerk.id));
            Ok(ControlFlow::Continue(()))
        })?,
    }
    let (mut cases, mut known) = (Vec::new(), BTreeSet::new());
    for facet in facets {
        let span = Span::prefix(Space::Index, &tables::list_prefix(facet, Sort::Due));
        ledger.scan(&span, Order::Forward, &mut |key, value| {
            let id = tables::parse_listed(key, value).map(|listed| listed.id);
            cases.extend(id.filter(|id| known.insert(*id)));
            Ok(ControlFlow::Continue(()))
        })?;
    }
    Ok(cases)
}

/// The tasks and decisions that an officer owes.
fn listed_lines(ledger: &impl Read, officer: &Officer) -> Result<Vec<Held>, Stop> {
    let mut held = Vec::new();
    let days = Days { first: NaiveDate::default(), last: NaiveDate::MAX };
    let span = line::lines(Facet::Officer(officer.id), days);
    ledger.scan(&span, Order::Forward, &mut |key, value| {
        let record = line::parse_line(key, value).map(|lined| lined.owner.record);
        held.extend(record.and_then(|record| match record.kind {
            Kind::Task => Some(Held { part: Part::Task, id: record.id }),
            Kind::Decision => Some(Held { part: Part::Decision, id: record.id }),
            _ => None,
        }));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(held)
}

/// A thing as a row; none if it is not there, or may not be known.
///
/// # Errors
/// A damaged ledger.
pub fn row(eye: &Eye<'_>, ledger: &impl Read, held: Held) -> Result<Option<HeldRow>, Stop> {
    let plain = |number: String, title: String| HeldRow {
        held,
        number,
        title,
        village: None,
        due: None,
        to: None,
        why: None,
    };
    let book: &Book = eye.book;
    Ok(match held.part.kind() {
        Kind::Case => match visible_case(eye.asking, ledger, held.id)? {
            Some(case) => {
                let own = eye.row(ledger, &case, &[])?;
                let due = own.next.as_ref().and_then(|next| next.latest);
                Some(HeldRow { village: own.village, due, ..plain(own.number, own.title) })
            }
            None => None,
        },
        Kind::Entry => match visible_entry(eye.asking, ledger, held.id)? {
            Some(entry) => {
                let case: Option<Case> = ledger.load(entry.case.0)?;
                let case = case.ok_or_else(Refusal::not_found)?;
                let due =
                    if held.part == Part::EntryLead { entry.review_on } else { entry.contact_on };
                let title = case.title.clone();
                let village = book.unit(case.village);
                Some(HeldRow { village, due: Some(due), ..plain(case.number, title) })
            }
            None => None,
        },
        Kind::Task => {
            let task: Option<Task> = ledger.load(held.id)?;
            let sees = |task: &Task| policy::sees_task(&eye.asking.asker, &task.scope());
            task.filter(sees).map(|task| HeldRow {
                village: book.unit(task.village),
                due: Some(task.until),
                ..plain(task.code, task.title)
            })
        }
        Kind::Decision => {
            let found = visible_decision(eye.asking, ledger, held.id)?;
            found.map(|(decision, case)| HeldRow {
                village: book.unit(case.village),
                due: Some(decision.due_on),
                ..plain(case.number, decision.text.replace('\n', " "))
            })
        }
        Kind::Duty => {
            let duty: Option<Duty> = ledger.load(held.id)?;
            let sees = |duty: &Duty| policy::sees_task(&eye.asking.asker, &duty.scope());
            duty.filter(sees).map(|duty| HeldRow {
                village: book.unit(duty.village),
                ..plain(duty.code, duty.title)
            })
        }
        _ => book.units.get(&UnitId(held.id)).map(|unit| plain(String::new(), unit.name.clone())),
    })
}

/// A case that the asker may know of.
///
/// # Errors
/// A damaged ledger.
pub fn visible_case(asking: &Asking, ledger: &impl Read, id: u64) -> Result<Option<Case>, Stop> {
    let case: Option<Case> = ledger.load(id)?;
    let sees = |case: &Case| policy::sees(&asking.asker, &Scope::of(case), case.readers.as_ref());
    Ok(case.filter(sees))
}

/// An entry of the roster that the asker may know of.
///
/// # Errors
/// A damaged ledger.
pub fn visible_entry(asking: &Asking, ledger: &impl Read, id: u64) -> Result<Option<Entry>, Stop> {
    let Some(entry) = ledger.load::<Entry>(id)? else { return Ok(None) };
    let Some(case) = ledger.load::<Case>(entry.case.0)? else { return Ok(None) };
    Ok(care::is_visible(&asking.asker, &entry, &case).then_some(entry))
}

/// A decision that is still owed, with its case, if the asker may know of it.
///
/// # Errors
/// A damaged ledger.
pub fn visible_decision(
    asking: &Asking,
    ledger: &impl Read,
    id: u64,
) -> Result<Option<(Decision, Case)>, Stop> {
    let Some(decision) = ledger.load::<Decision>(id)? else { return Ok(None) };
    let may_read = meeting::may_read(asking) && decision.outcome.is_none();
    let case = visible_case(asking, ledger, decision.case.0)?;
    Ok(case.filter(|_| may_read).map(|case| (decision, case)))
}
