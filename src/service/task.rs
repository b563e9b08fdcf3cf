//! Orders on campaigns and tasks: load, let the rule decide, write.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::api::campaign::{TICKED_MAX, TickTerms, TickView, Ticked};
use crate::api::incoming::ImportRow;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::campaign::{Evidence, Plan, Task, Turn};
use crate::domain::choice::{TaskState, UnitKind};
use crate::domain::form::{Filled, Wrong};
use crate::domain::ids::{Kind, PlanId, TaskId};
use crate::domain::office::Unit;
use crate::domain::policy::{self, Verdict};
use crate::law::plan::{self as template, Drawn, Fault, Ground};
use crate::service::book::Book;
use crate::service::campaign::{find_plan, needed, row};
use crate::service::case::{check_links, fill, set};
use crate::service::order::{Desk, Indexed, Made};
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service, duty, judge, phase};
use crate::store::campaign as rows;
use crate::store::key::{Order, Row, Space, Span};
use crate::store::read::{Read, Snapshot};

impl Indexed for Plan {
    fn rows(&self) -> Vec<Row> {
        rows::plan_rows(self)
    }
}

impl Indexed for Task {
    fn rows(&self) -> Vec<Row> {
        rows::task_rows(self)
    }
}

/// Performs an order on a campaign or a task.
///
/// # Errors
/// A refusal, or a fault of the ledger.
pub fn perform(desk: &mut Desk<'_, '_>, staged: Option<&Vec<ImportRow>>) -> Result<Made, Stop> {
    match desk.order.act {
        Act::LoadPlan => load_plan(desk, staged.map_or(&[], Vec::as_slice)),
        Act::ClosePhase => phase::close(desk),
        Act::ReopenPhase => phase::reopen(desk),
        Act::StartTask => start(desk),
        Act::FinishTask => finish(desk),
        Act::AddEvidence => add_evidence(desk),
        Act::ExcuseTask => excuse(desk),
        Act::SendBackTask => send_back(desk),
        Act::EditTask => edit(desk),
        Act::TickTasks => tick(desk),
        _ => Err(Refusal::new(RefusalKind::Invalid, "not_an_order").into()),
    }
}

/// Begins a campaign from a template that is built in, or from the lines of a staged file.
///
/// # Errors
/// No such template, all faults of the text by line, or a fault of the ledger.
fn load_plan(desk: &mut Desk<'_, '_>, staged: &[ImportRow]) -> Result<Made, Stop> {
    let filled = fill(desk)?;
    let year = filled.count("year").and_then(|year| i32::try_from(year).ok()).unwrap_or(0);
    let built_in = filled.text("template").map(|key| {
        let text = template::built_in(&key);
        text.map(str::to_owned).ok_or_else(|| {
            Refusal::new(RefusalKind::NotFound, "no_such_template").with("name", key)
        })
    });
    let text = match built_in {
        Some(text) => text?,
        None if staged.is_empty() => {
            return Err(Refusal::new(RefusalKind::Invalid, "file_is_not_staged").into());
        }
        None => {
            let lines = staged.iter().map(|row| row.values.first().map_or("", |(_, text)| text));
            lines.collect::<Vec<_>>().join("\n")
        }
    };
    let book = desk.core.book();
    let drawn = template::draw(&text, &ground(&book, year, desk.asking.today)).map_err(refused)?;
    let there = same_plan(desk.work, &drawn.plan)?;
    match there {
        None => Ok(Made::of(&put_plan(desk, (drawn, &text))?)),
        Some(plan) => {
            let n_added = add_missing(desk, plan.id, drawn.tasks)?
                + duty::add_missing(desk, plan.id, drawn.duties)?;
            if n_added == 0 {
                let broken = Broken::new("plan_is_there");
                return Err(broken.with("name", &plan.name).with("year", plan.year).into());
            }
            Ok(Made::of(&plan))
        }
    }
}

/// Gives a new village its tasks of the newest plan.
///
/// # Errors
/// A fault of the ledger.
pub fn greet_village(desk: &mut Desk<'_, '_>, unit: &Unit) -> Result<(), Stop> {
    let Some(plan) = find_plan(desk.work, None)? else { return Ok(()) };
    let text: Option<String> = desk.work.value(Space::Document, &template_key(plan.id))?;
    let (Some(text), UnitKind::Village) = (text, unit.kind) else { return Ok(()) };
    let mut ground = ground(&desk.core.book(), plan.year, desk.asking.today);
    if !ground.villages.iter().any(|(id, _)| *id == unit.id) {
        ground.villages.push((unit.id, unit.name.clone()));
    }
    // A template that names what is gone by now gives the village nothing; loading it again says why.
    let Ok(drawn) = template::draw(&text, &ground) else { return Ok(()) };
    let duties = drawn.duties.into_iter().filter(|duty| duty.village == Some(unit.id)).collect();
    duty::add_missing(desk, plan.id, duties)?;
    let own = drawn.tasks.into_iter().filter(|task| task.village == Some(unit.id)).collect();
    add_missing(desk, plan.id, own).map(|_n_added| ())
}

/// The plan of the same template and year, if it is there.
fn same_plan(ledger: &impl Read, drawn: &Plan) -> Result<Option<Plan>, Stop> {
    let mut found = None;
    ledger.each::<Plan>(&mut |plan| {
        if plan.key == drawn.key && plan.year == drawn.year {
            found = Some(plan);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(found)
}

/// Adds the tasks that a plan does not have yet.
fn add_missing(desk: &mut Desk<'_, '_>, plan: PlanId, tasks: Vec<Task>) -> Result<usize, Stop> {
    let mut known = BTreeSet::new();
    let span = Span::prefix(Space::Index, &rows::order_prefix(plan, None));
    desk.work.scan(&span, Order::Forward, &mut |_, value| {
        known.extend(rows::parse_listed(value).map(|row| (row.order, row.scope.village)));
        Ok(ControlFlow::Continue(()))
    })?;
    let mut n_added = 0;
    let phases = find_plan(desk.work, Some(plan))?.map(|plan| plan.phases).unwrap_or_default();
    for task in tasks.into_iter().filter(|task| !known.contains(&(task.order, task.village))) {
        let id = TaskId(desk.work.allot_id(Kind::Task)?);
        let task = Task { id, plan, ..task };
        desk.create(match phases.get(&task.phase) {
            Some(phase) => task.of_phase(phase),
            None => task,
        })?;
        n_added += 1;
    }
    Ok(n_added)
}

fn template_key(plan: PlanId) -> Vec<u8> {
    format!("plan.{}", plan.0).into_bytes()
}

/// Writes a drawn plan with its tasks.
fn put_plan(desk: &mut Desk<'_, '_>, (drawn, text): (Drawn, &str)) -> Result<Plan, Stop> {
    let id = PlanId(desk.work.allot_id(Kind::Plan)?);
    desk.work.put_value(Space::Document, &template_key(id), &text)?;
    let plan = desk.create(Plan { id, ..drawn.plan })?;
    for task in drawn.tasks {
        let id = TaskId(desk.work.allot_id(Kind::Task)?);
        desk.create(Task { id, plan: plan.id, ..task })?;
    }
    duty::add_missing(desk, plan.id, drawn.duties)?;
    Ok(plan)
}

/// What a template may name in this office.
pub fn ground(book: &Arc<Book>, year: i32, today: chrono::NaiveDate) -> Ground {
    let is_there = |ended: Option<chrono::NaiveDate>| ended.is_none_or(|ended| today < ended);
    let units = || book.units.values().filter(|unit| is_there(unit.ended_on));
    let name = |unit: &Unit| (unit.id, unit.name.clone());
    let villages = units().filter(|unit| unit.kind == UnitKind::Village);
    let mut secretaries = BTreeMap::new();
    for officer in book.officers.values().filter(|officer| officer.is_in_office_on(today)) {
        let unit = officer.unit.and_then(|id| book.units.get(&id));
        if let Some(unit) = unit.filter(|unit| unit.kind == UnitKind::Village) {
            secretaries.entry(unit.id).or_insert(officer.id);
        }
    }
    Ground {
        year,
        today,
        villages: villages.map(name).collect(),
        units: units().map(name).collect(),
        secretaries,
    }
}

/// The faults of a template, by line.
pub fn refused(faults: Vec<Fault>) -> Stop {
    let count = faults.len();
    let wrongs = faults.into_iter().map(|fault| Wrong {
        field: format!("line.{}.{}", fault.line, fault.about),
        why: fault.why.to_owned(),
    });
    let refusal = Refusal::new(RefusalKind::Invalid, "template_is_wrong").with("count", count);
    Refusal { wrongs: wrongs.collect(), ..refusal }.into()
}

/// Begins a task.
///
/// # Errors
/// A wrong form, a broken rule, a conflict, or a fault.
fn start(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let task = task(desk)?;
    let turn = turn(desk)?;
    let next = task.start(turn.0)?;
    put(desk, &task, next)
}

/// Records that a task is done.
///
/// # Errors
/// A wrong form, a broken rule, a conflict, or a fault.
fn finish(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let task = task(desk)?;
    let (turn, evidence, _) = turn(desk)?;
    let unmet = unmet(desk.work, &task)?;
    let next = task.finish(evidence, unmet, turn)?;
    put(desk, &task, next)
}

/// Adds evidence to a task.
///
/// # Errors
/// A wrong form, a broken rule, a conflict, or a fault.
fn add_evidence(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let task = task(desk)?;
    let (_, evidence, _) = turn(desk)?;
    let next = task.add_evidence(evidence, desk.asking.today)?;
    put(desk, &task, next)
}

/// Excuses a task.
///
/// # Errors
/// A wrong form, a broken rule, a conflict, or a fault.
fn excuse(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let task = task(desk)?;
    let (turn, _, _) = turn(desk)?;
    let next = task.excuse(turn)?;
    put(desk, &task, next)
}

/// Sends a task back.
///
/// # Errors
/// A wrong form, a broken rule, a conflict, or a fault.
fn send_back(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let task = task(desk)?;
    let (turn, _, filled) = turn(desk)?;
    let next = task.send_back(filled.date("until"), turn)?;
    put(desk, &task, next)
}

/// Corrects a task or says whose it is.
///
/// # Errors
/// A wrong form, a broken rule, a conflict, or a fault.
fn edit(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let task = task(desk)?;
    let names: Vec<&str> = desk.order.fields.keys().map(String::as_str).collect();
    desk.in_step(&task, &names)?;
    let filled = fill(desk)?;
    check_links(desk, &filled)?;
    let next = set(&task, filled.values())?;
    if next.until < next.from {
        let broken = Broken::new("day_is_before_what_it_follows");
        return Err(broken.at("task.until").with("day", next.from).into());
    }
    Ok(Made::of(&desk.put(&task, next)?))
}

/// Brings several tasks to one state; those that a rule keeps back stay as they are.
///
/// # Errors
/// A wrong form, or nothing can be changed.
fn tick(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let (turn, evidence, filled) = turn(desk)?;
    let state = filled.word("state", TaskState::parse).unwrap_or(TaskState::Done);
    let ids: Vec<u64> =
        filled.values().get("tasks").and_then(|ids| ids.as_array()).map_or_else(Vec::new, |ids| {
            ids.iter().filter_map(serde_json::Value::as_u64).collect()
        });
    too_many(ids.len())?;
    let mut first = None;
    let (mut n_done, mut n_left) = (0_usize, 0_usize);
    for id in ids {
        let task: Option<Task> = desk.work.load(id)?;
        let next = match &task {
            Some(task) => brought(desk.asking, desk.work, (task, state), (&turn, &evidence))?,
            None => Err(Broken::new("task_is_gone")),
        };
        match (task, next) {
            (Some(task), Ok(next)) => {
                must_be_open(desk.work, &task)?;
                let put = desk.put(&task, next)?;
                first.get_or_insert(Made::of(&put));
                n_done += 1;
            }
            (_, Err(_) | Ok(_)) => n_left += 1,
        }
    }
    let made = first.ok_or_else(|| Broken::new("nothing_to_tick").with("count", n_left))?;
    Ok(Made { number: Some(format!("{n_done}/{}", n_done + n_left)), ..made })
}

/// Answers `TryTick`.
///
/// # Errors
/// Too many, or a damaged ledger.
pub fn try_tick(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    terms: &TickTerms,
) -> Result<Reply, Stop> {
    too_many(terms.tasks.len())?;
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let turn = bare_turn(asking);
    let note = terms.with_evidence.then(String::new);
    let evidence = Evidence { on: asking.today, by: None, document: None, place: None, note };
    let mut ticked = Vec::with_capacity(terms.tasks.len());
    for id in &terms.tasks {
        let task: Option<Task> = snapshot.load(id.0)?;
        let seen = task.filter(|task| policy::sees_task(&asking.asker, &task.scope()));
        let Some(task) = seen else { continue };
        let next = brought(asking, snapshot, (&task, terms.state), (&turn, &evidence))?;
        let why = next.err().map(|broken| (format!("broken.{}", broken.key), broken.args));
        ticked.push(Ticked { row: row(&eye, &task, &[]), why });
    }
    Ok(Reply::Tick(TickView { rows: ticked }))
}

fn too_many(count: usize) -> Result<(), Stop> {
    if count > TICKED_MAX {
        return Err(Broken::new("too_many_tasks").with("most", TICKED_MAX).into());
    }
    Ok(())
}

/// A task brought to a state, or what keeps it back.
fn brought(
    asking: &Asking,
    ledger: &impl Read,
    (task, state): (&Task, TaskState),
    (turn, evidence): (&Turn, &Evidence),
) -> Result<Result<Task, Broken>, Stop> {
    let act = match state {
        TaskState::Doing => Act::StartTask,
        TaskState::Done => Act::FinishTask,
        TaskState::NotApplicable => Act::ExcuseTask,
        TaskState::SentBack => Act::SendBackTask,
        TaskState::Todo => return Ok(Err(Broken::new("state_is_not_ticked"))),
    };
    let link = policy::link(&asking.asker, &task.scope());
    match policy::may(&asking.asker, act, link) {
        Verdict::Allow => {}
        Verdict::Deny => return Ok(Err(Broken::new("task_is_not_yours"))),
        Verdict::Hidden => return Ok(Err(Broken::new("task_is_gone"))),
    }
    let plan: Option<Plan> = ledger.load(task.plan.0)?;
    let phase = plan.as_ref().and_then(|plan| plan.phases.get(&task.phase));
    if phase.is_some_and(|phase| phase.closed.is_some()) {
        return Ok(Err(Broken::new("phase_is_closed").with("phase", task.phase)));
    }
    let turn = turn.clone();
    Ok(match state {
        TaskState::Doing => task.start(turn),
        TaskState::Done => task.finish(evidence.clone(), unmet(ledger, task)?, turn),
        TaskState::NotApplicable => task.excuse(turn),
        TaskState::SentBack | TaskState::Todo => task.send_back(None, turn),
    })
}

/// The first task that must be done before one and is not.
fn unmet(ledger: &impl Read, task: &Task) -> Result<Option<String>, Stop> {
    unmet_besides(ledger, task, &BTreeSet::new())
}

/// The same, where some tasks are about to be done.
///
/// # Errors
/// A damaged ledger.
pub fn unmet_besides(
    ledger: &impl Read,
    task: &Task,
    done: &BTreeSet<TaskId>,
) -> Result<Option<String>, Stop> {
    let needed = needed(ledger, task)?;
    let open = needed.iter().find(|need| need.is_owed() && !done.contains(&need.id));
    Ok(open.map(|need| format!("{} {}", need.code, need.title)))
}

fn bare_turn(asking: &Asking) -> Turn {
    Turn {
        state: TaskState::Todo,
        on: asking.today,
        entered_on: asking.today,
        by: asking.clerk.officer,
        reporter: None,
        source: None,
        text: None,
    }
}

/// What a form says: a turn, and evidence.
fn turn(desk: &mut Desk<'_, '_>) -> Result<(Turn, Evidence, Filled), Stop> {
    let filled = fill(desk)?;
    desk.on = filled.date("on").unwrap_or(desk.asking.today);
    let turn = Turn {
        on: desk.on,
        reporter: filled.text("reporter"),
        source: filled.text("source"),
        text: filled.text("text"),
        ..bare_turn(desk.asking)
    };
    let evidence = Evidence {
        on: desk.on,
        by: turn.by,
        document: filled.text("document"),
        place: filled.text("place"),
        note: filled.text("note"),
    };
    Ok((turn, evidence, filled))
}

/// The task of the order, if the asker may do the act on it.
fn task(desk: &Desk<'_, '_>) -> Result<Task, Stop> {
    let id = desk.order.on.ok_or_else(Refusal::not_found)?;
    let task: Task = desk.work.load(id)?.ok_or_else(Refusal::not_found)?;
    let asker = &desk.asking.asker;
    if !policy::sees_task(asker, &task.scope()) {
        return Err(Refusal::not_found().into());
    }
    judge(desk.asking, desk.order.act, policy::link(asker, &task.scope()))?;
    desk.in_step(&task, &["state"])?;
    Ok(task)
}

fn put(desk: &mut Desk<'_, '_>, old: &Task, next: Task) -> Result<Made, Stop> {
    if next.state != old.state {
        must_be_open(desk.work, old)?;
    }
    Ok(Made::of(&desk.put(old, next)?))
}

/// Evidence may come late; the state of a task in a closed phase stays.
fn must_be_open(ledger: &impl Read, task: &Task) -> Result<(), Stop> {
    let plan = find_plan(ledger, Some(task.plan))?.ok_or_else(Refusal::not_found)?;
    if plan.phase(task.phase)?.closed.is_some() {
        return Err(Broken::new("phase_is_closed").with("phase", task.phase).into());
    }
    Ok(())
}
