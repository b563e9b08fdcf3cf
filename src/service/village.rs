//! The form of a village for a period of recurring work, as it goes out: its open matters and tasks.
//!
//! INVARIANT: on it stands what the village's own account may see, and never a sealed matter nor one
//! that is or may be about the village or somebody of it; the line of the access log is on disk before the answer.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::village::{FormMatter, FormQuery, FormTask, FormView, SheetQuery};
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::campaign::Task;
use crate::domain::case::Case;
use crate::domain::duty::{Duty, Occasion};
use crate::domain::ids::{RecordRef, UnitId};
use crate::domain::policy::{self, Link, Scope};
use crate::domain::text::half_width;
use crate::domain::village_form::{FormId, ROWS_MAX, RowOf};
use crate::service::book::Book;
use crate::service::importplace::parted;
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service, campaign, compare, export, judge, people, returned};
use crate::store::campaign as rows;
use crate::store::key::{Order, Space, Span};
use crate::store::read::{Read, Snapshot};
use crate::store::tables::{self, Facet};

/// Answers `Sheets`.
///
/// # Errors
/// As the part that is asked.
pub fn answer(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &SheetQuery,
) -> Result<Reply, Stop> {
    match query {
        SheetQuery::Form(query) => form(service, snapshot, asking, query),
        SheetQuery::Return(terms) => returned::attempt(service, snapshot, asking, terms),
        SheetQuery::Compare(query) => compare::begin(service, snapshot, asking, query),
        SheetQuery::ComparePiece(piece) => compare::piece(service, asking, piece),
    }
}

/// Answers for the form of a village.
///
/// # Errors
/// No purpose or recipient, no duty of a village, no such period, too many rows, or a fault.
fn form(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &FormQuery,
) -> Result<Reply, Stop> {
    judge(asking, Act::Export, Link::Whole)?;
    let (purpose, recipient) = export::said_lines(&query.purpose, &query.recipient)?;
    let book = service.core.book();
    let duty: Option<Duty> = snapshot.load(query.duty.0)?;
    let duty = duty
        .filter(|duty| policy::sees_duty(&asking.asker, &duty.scope()))
        .ok_or_else(Refusal::not_found)?;
    let village = duty.village.ok_or_else(|| Broken::new("duty_is_of_no_village"))?;
    let occasion = duty.occasion(&query.period, "report_duty.period")?;
    let id = id_of(&book, (&duty, village), &occasion);
    let eye = Eye { core: &service.core, book: &book, asking };
    let chosen = matters(snapshot, &eye, village)?;
    let tasks = tasks(snapshot, asking, (village, &occasion))?;
    if chosen.cases.len() + tasks.len() > ROWS_MAX {
        let refusal = Refusal::new(RefusalKind::Invalid, "form_is_too_long");
        return Err(refusal.with("most", ROWS_MAX).into());
    }
    let name = book.unit(Some(village)).unwrap_or_default();
    let said = [
        ("purpose", purpose),
        ("recipient", recipient),
        ("rows", format!("form {} {} unit={}", duty.code, id.period, village.0)),
    ];
    let n_rows = (chosen.cases.len() + tasks.len()) as u64;
    export::note_about(service, asking, (&said, n_rows), export::parts(&chosen.about, &[]))?;
    let matters = chosen.cases.iter().map(|case| matter(snapshot, &book, (&id, case)));
    Ok(Reply::VillageForm(Box::new(FormView {
        form: id.print(),
        town: book.office.town.clone(),
        duty: (duty.code.clone(), duty.title.clone()),
        period: occasion.key(),
        due: duty.due(&occasion),
        zero: duty.zero,
        village: name,
        matters: matters.collect::<Result<_, Stop>>()?,
        tasks: tasks.iter().map(|task| listed(&id, task)).collect(),
        n_left_out: chosen.n_left_out,
    })))
}

/// By what the form of a village for a period is known.
pub fn id_of(book: &Book, (duty, village): (&Duty, UnitId), occasion: &Occasion) -> FormId {
    FormId {
        town: book.office.code.clone(),
        code: duty.code.clone(),
        period: occasion.key(),
        village,
        duty: duty.id,
    }
}

/// Whether a matter is one for the form of a village: the village may know of it, and it is about
/// neither the village nor an officer of it.
pub fn is_for(book: &Book, village: UnitId, case: &Case) -> bool {
    let officer = case.about_officer.and_then(|id| book.officers.get(&id));
    let is_about_one_of_it = officer.is_some_and(|officer| officer.unit == Some(village));
    case.readers.is_none()
        && case.village_that_sees() == Some(village)
        && !is_about_one_of_it
        && !may_be_about(book, village, case)
}

/// Whether what was typed about whom a petition is may mean the village: it names the village or
/// somebody of it, or nobody has said yet which unit or officer is meant.
fn may_be_about(book: &Book, village: UnitId, case: &Case) -> bool {
    let text = bare(case.about.as_deref().unwrap_or_default());
    if text.is_empty() {
        return false;
    }
    if case.about_unit.is_none() && case.about_officer.is_none() {
        return true;
    }
    let Some(unit) = book.units.get(&village) else { return false };
    let own = book.officers.values().filter(|officer| officer.unit == Some(village));
    let names = [unit.name.as_str(), parted(&unit.name).0].into_iter();
    let names = names.chain(unit.head.as_deref()).chain(own.map(|officer| officer.name.as_str()));
    // One character is no name: it stands in too many words.
    names.map(bare).any(|name| name.chars().count() > 1 && text.contains(&name))
}

/// A text without white space and full-width twins.
fn bare(text: &str) -> String {
    half_width(text).chars().filter(|char| !char.is_whitespace()).collect()
}

/// The matters of a form.
#[derive(Default)]
struct Chosen {
    cases: Vec<Case>,
    about: Vec<RecordRef>,
    n_left_out: u64,
}

fn matters(ledger: &Snapshot, eye: &Eye<'_>, village: UnitId) -> Result<Chosen, Stop> {
    let asker = &eye.asking.asker;
    // What the village sees, what is about it, and what is sealed for the asker among others.
    let facets = [Facet::Village(village), Facet::Unit(village), Facet::Reader(asker.clerk)];
    let mut ids = BTreeSet::new();
    for facet in facets {
        let span = Span::prefix(Space::Index, &tables::list_prefix(facet, tables::Sort::Due));
        ledger.scan(&span, Order::Forward, &mut |key, value| {
            let listed = tables::parse_listed(key, value);
            ids.extend(listed.filter(|row| row.village == Some(village)).map(|row| row.id));
            Ok(ControlFlow::Continue(()))
        })?;
    }
    let mut chosen = Chosen::default();
    for id in ids {
        let Some(case): Option<Case> = ledger.load(id.0)? else { continue };
        if !policy::sees(asker, &Scope::of(&case), case.readers.as_ref()) {
            continue;
        }
        if is_for(eye.book, village, &case) {
            chosen.cases.push(case);
        } else {
            chosen.n_left_out += 1;
        }
    }
    for case in &chosen.cases {
        chosen.about.push(case.id.into());
        for person in case.persons.keys() {
            chosen.about.push(people::root_of(ledger, *person)?.into());
        }
    }
    Ok(chosen)
}

fn matter(
    ledger: &Snapshot,
    book: &Book,
    (form, case): (&FormId, &Case),
) -> Result<FormMatter, Stop> {
    Ok(FormMatter {
        row: form.print_row(RowOf::Matter(case.id.0), [&case.number, &case.title]),
        number: case.number.clone(),
        person: people::name_on(ledger, case)?,
        title: case.title.clone(),
        stage: case.stage(),
        lead: book.officer(case.lead),
    })
}

/// The tasks of a village in the newest campaign that are owed and have begun by the end of a period,
/// in the order of their last days.
fn tasks(
    ledger: &Snapshot,
    asking: &Asking,
    (village, occasion): (UnitId, &Occasion),
) -> Result<Vec<Task>, Stop> {
    let Some(plan) = campaign::find_plan(ledger, None)? else { return Ok(Vec::new()) };
    let mut ids = Vec::new();
    let span = Span::prefix(Space::Index, &rows::order_prefix(plan.id, None));
    ledger.scan(&span, Order::Forward, &mut |_, value| {
        let listed = rows::parse_listed(value);
        let listed = listed.filter(|row| row.scope.village == Some(village));
        ids.extend(listed.map(|row| row.id));
        Ok(ControlFlow::Continue(()))
    })?;
    let mut tasks = Vec::new();
    for id in ids {
        let task: Option<Task> = ledger.load(id.0)?;
        let is_meant = |task: &Task| {
            task.is_owed()
                && task.from <= occasion.last
                && policy::sees_task(&asking.asker, &task.scope())
        };
        tasks.extend(task.filter(is_meant));
    }
    tasks.sort_by_key(|task| (task.until, task.order));
    Ok(tasks)
}

fn listed(form: &FormId, task: &Task) -> FormTask {
    FormTask {
        row: form.print_row(RowOf::Task(task.id.0), [&task.code, &task.title]),
        code: task.code.clone(),
        title: task.title.clone(),
        until: task.until,
    }
}
