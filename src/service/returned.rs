//! A form that a village sent back: a plan that only reads, and its execution as one change.
//!
//! The plan says of each row what becomes of it, or why it is refused; the rest goes. Looking at a
//! form is the plan; taking it in is the plan again on the writer's thread, and then its records and
//! the report of the period.

mod again;
mod plan;
mod row;

use crate::api::incoming::ImportRow;
use crate::api::like::LikeQuery;
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::village::{Decided, PAGE_ROWS, ReturnRow, ReturnTerms, ReturnView};
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::campaign::Task;
use crate::domain::case::Case;
use crate::domain::choice::ReportManner;
use crate::domain::duty::Duty;
use crate::domain::form::Wrong;
use crate::service::import::not_staged;
use crate::service::log::When;
use crate::service::order::{Desk, Made};
use crate::service::returned::plan::{Plan, Said, Todo};
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service, intake, like};
use crate::store::read::{Read, Snapshot};

/// The most matters, and the most persons, that are shown beside a new request.
const LIKE_MAX: u32 = 4;

/// Answers for a returned form: what it would do.
///
/// # Errors
/// The form is not staged, is none of this office, or its period is reported; a damaged ledger.
pub fn attempt(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    terms: &ReturnTerms,
) -> Result<Reply, Stop> {
    let rows = service.staging.rows(asking.session.uid, &terms.file).ok_or_else(not_staged)?;
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let said = Said { decided: terms.decided.clone(), ..Said::default() };
    let plan = Plan::make((snapshot, &eye), &rows, said)?;
    let mut view = plan.view(terms.from);
    let mut persons = Vec::new();
    let is_new = |row: &&mut ReturnRow| {
        // What cannot go where the clerk sent it can go elsewhere.
        row.is_new() || terms.decided.belongs.contains_key(&row.index)
    };
    for row in view.rows.iter_mut().filter(is_new) {
        let query = LikeQuery { most: LIKE_MAX, ..plan.newcomer(row.index) };
        if let Reply::Like(found) = like::read(service, snapshot, asking, &query)? {
            persons.extend(found.persons.iter().map(|person| person.id));
            (row.like, row.persons) = (found.cases, found.persons);
        }
    }
    let when = When { on: asking.today, at: asking.now };
    service.log.matched(&asking.session, when, &persons);
    Ok(Reply::Return(Box::new(view)))
}

/// Takes a staged form in, and reports the period.
///
/// # Errors
/// As [`attempt`]; nothing of it can be taken in; or a fault.
pub fn take_in(desk: &mut Desk<'_, '_>, rows: &[ImportRow]) -> Result<Made, Stop> {
    if rows.is_empty() {
        return Err(not_staged().into());
    }
    let text = |name: &str| desk.order.fields.get(name).map(String::as_str);
    let decided = ["without", "belongs"].map(|name| text(name).unwrap_or_default());
    let place = row::typed(text("place"), (Act::ReportDuty, "place"), desk.asking.today);
    let place = place.map_err(|why| {
        vec![Wrong { field: "report_duty.place".to_owned(), why: why.to_owned() }]
    })?;
    let said = Said {
        manner: text("manner").and_then(ReportManner::parse),
        place,
        decided: Decided::parse(decided[0], decided[1]),
    };
    let book = desk.core.book();
    let eye = Eye { core: desk.core, book: &book, asking: desk.asking };
    let plan = Plan::make((&*desk.work, &eye), rows, said)?;
    if let Some(broken) = plan.why_not {
        return Err(broken.into());
    }
    let told_by = plan.told_by;
    for (_, todo) in plan.todos {
        perform(desk, &told_by, todo)?;
    }
    let (duty, next) = plan.reported.ok_or_else(|| Broken::new("return_is_empty"))?;
    desk.on = next.newest(&plan.form.period).map_or(desk.asking.today, |turn| turn.on);
    let made: Duty = desk.put(&duty, next)?;
    Ok(Made { number: Some(plan.form.print()), ..Made::of(&made) })
}

/// Does what one row asks for.
fn perform(desk: &mut Desk<'_, '_>, told_by: &str, todo: Todo) -> Result<(), Stop> {
    match todo {
        Todo::Progress { case, deed, entry } => {
            let case: Case = desk.work.load(case.0)?.ok_or_else(Refusal::not_found)?;
            desk.on = entry.on;
            let next = case.record(deed, entry)?.as_told_by(told_by);
            desk.put_case(&case, next)?;
        }
        Todo::Fresh(filled) => {
            let (receipt, case) = intake::draw(desk, &filled)?;
            desk.create(receipt)?;
            desk.create_case(case.as_told_by(told_by))?;
        }
        Todo::Joined { case, filled } => {
            let case: Case = desk.work.load(case.0)?.ok_or_else(Refusal::not_found)?;
            intake::hang(desk, case, (&filled, Some(told_by)))?;
        }
        Todo::Task { task, evidence, turn } => {
            let task: Task = desk.work.load(task.0)?.ok_or_else(Refusal::not_found)?;
            desk.on = turn.on;
            // What it waits for was done before, or the plan would have refused it.
            let next = task.finish(evidence, None, turn)?;
            desk.put(&task, next)?;
        }
    }
    Ok(())
}

impl Plan<'_> {
    /// What is told of it, from a row on.
    fn view(&self, from: u64) -> ReturnView {
        let mut rows = self.rows.iter().filter(|row| row.index >= from);
        let page = rows.by_ref().take(PAGE_ROWS).cloned().collect();
        ReturnView {
            form: self.form.print(),
            village: self.village.clone(),
            duty: (self.duty.code.clone(), self.duty.title.clone()),
            period: self.form.period.clone(),
            due: self.due,
            word: self.word.filter(|_| self.why_not.is_none()),
            reporter: self.turn.reporter.clone(),
            signer: self.turn.signer.clone(),
            on: self.turn.on,
            why_not: self.why_not.as_ref().map(row::told),
            counts: self.counts,
            rows: page,
            more: rows.next().is_some(),
        }
    }
}
