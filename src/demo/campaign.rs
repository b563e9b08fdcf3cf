//! The campaign of a made-up town as it stands on its day: tasks in every state, made by the rules.
//!
//! What falls to a task follows from its place alone, so that it is the same each time.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use crate::demo::plan::before;
use crate::demo::{Made, duty, figure};
use crate::domain::broken::Broken;
use crate::domain::campaign::{Closing, Evidence, Plan, Task, Turn};
use crate::domain::choice::{TaskState, UnitKind, Weight};
use crate::domain::ids::{OfficerId, PlanId, TaskId};
use crate::domain::office::{Officer, Unit};
use crate::law::plan::{self as template, Ground};

/// The template of the campaign.
const TEMPLATE: &str = "demonstration-town";

/// The plan, its tasks and its recurring work. What a rule refuses is told, never left out: it is a
/// defect here.
pub fn records(
    today: NaiveDate,
    units: &[Unit],
    officers: &[Officer],
) -> impl Iterator<Item = Result<Made, Broken>> + use<> {
    let made = match made(today, units, officers) {
        Ok(made) => made.into_iter().map(Ok).collect(),
        Err(broken) => vec![Err(broken)],
    };
    made.into_iter()
}

fn made(today: NaiveDate, units: &[Unit], officers: &[Officer]) -> Result<Vec<Made>, Broken> {
    let text = template::built_in(TEMPLATE).unwrap_or_default();
    let drawn = template::draw(text, &ground(today, units, officers)).map_err(|faults| {
        let first = faults.first().map_or("", |fault| fault.why);
        Broken::new("template_is_wrong").with("why", first)
    })?;
    let plan = Plan { id: PlanId(1), ..drawn.plan };
    let numbered =
        (1..).zip(drawn.tasks).map(|(id, task)| Task { id: TaskId(id), plan: plan.id, ..task });
    let tasks = worked(numbered.collect(), today)?;
    let mut made = vec![Made::Plan(Box::new(closed(plan, &tasks, today)?))];
    made.extend(tasks.into_iter().map(|task| Made::Task(Box::new(task))));
    made.extend(duty::records(drawn.duties, today));
    made.extend(figure::records(today));
    Ok(made)
}

fn ground(today: NaiveDate, units: &[Unit], officers: &[Officer]) -> Ground {
    let villages = || units.iter().filter(|unit| unit.kind == UnitKind::Village);
    let name = |unit: &Unit| (unit.id, unit.name.clone());
    let secretary = |unit: &Unit| {
        let own = officers.iter().find(|officer| officer.unit == Some(unit.id));
        own.map(|officer| (unit.id, officer.id))
    };
    Ground {
        year: today.year(),
        today,
        villages: villages().map(name).collect(),
        units: units.iter().map(name).collect(),
        secretaries: villages().filter_map(secretary).collect(),
    }
}

/// Closes the first phase on its last day, once that is past and nothing mandatory is missing.
fn closed(plan: Plan, tasks: &[Task], today: NaiveDate) -> Result<Plan, Broken> {
    let Some(last) = plan.phases.get(&1).map(|phase| phase.until) else { return Ok(plan) };
    if last >= today {
        return Ok(plan);
    }
    let is_missing = |task: &Task| {
        task.phase == 1 && task.weight == Weight::Mandatory && !task.state.is_settled()
    };
    if tasks.iter().any(is_missing) {
        return Ok(plan);
    }
    let closing = Closing { on: last, by: Some(OfficerId(1)), text: None };
    plan.close_phase((1, 0), closing, today)
}

/// All tasks as far as they have got by today, those that others wait for first.
fn worked(tasks: Vec<Task>, today: NaiveDate) -> Result<Vec<Task>, Broken> {
    let (mut pending, mut worked) = (tasks, Vec::new());
    while !pending.is_empty() {
        let open: BTreeSet<String> = pending.iter().map(|task| task.code.clone()).collect();
        let is_ready = |task: &Task| task.needs.iter().all(|need| !open.contains(need));
        let (ready, waiting): (Vec<Task>, Vec<Task>) = pending.into_iter().partition(is_ready);
        if ready.is_empty() {
            worked.extend(waiting);
            break;
        }
        for task in ready {
            let next = one(task, &worked, today)?;
            worked.push(next);
        }
        pending = waiting;
    }
    worked.sort_by_key(|task| task.id);
    Ok(worked)
}

/// A task as far as it has got by today; one that waits for others is not tried.
fn one(task: Task, others: &[Task], today: NaiveDate) -> Result<Task, Broken> {
    if today < task.from {
        return Ok(task);
    }
    let mut needed: Vec<Task> = Vec::new();
    for code in &task.needs {
        let of_code: Vec<Task> =
            others.iter().filter(|other| other.code == *code).cloned().collect();
        needed.extend(task.waits_for(&of_code).into_iter().cloned());
    }
    let unmet = needed.iter().find(|need| !need.state.is_settled());
    let unmet = unmet.map(|need| format!("{} {}", need.code, need.title));
    let village = task.village.map_or(0, |id| id.0);
    let lot = (u64::from(task.order) * 7 + village * 5) % 12;
    let done_on = before(task.until.min(today), lot % 3).max(task.from);
    let done_on = needed.iter().filter_map(Task::done_on).fold(done_on, NaiveDate::max);
    let steps: &[TaskState] = match (task.phase, lot) {
        (1, _) => &[TaskState::Done],
        (2, _) if task.until > today && lot > 7 => &[],
        (2, 0..=4) => &[TaskState::Doing, TaskState::Done],
        (2, 5) => &[TaskState::Doing, TaskState::Done, TaskState::SentBack],
        (2, 6) if task.village.is_some() => &[TaskState::NotApplicable],
        (2, 6..=9) => &[TaskState::Doing],
        _ => &[],
    };
    let mut worked = task;
    for state in steps {
        if *state == TaskState::Done && unmet.is_some() {
            break;
        }
        worked = stepped(&worked, (*state, unmet.clone()), (done_on, today))?;
    }
    Ok(worked)
}

fn stepped(
    task: &Task,
    (state, unmet): (TaskState, Option<String>),
    (done_on, today): (NaiveDate, NaiveDate),
) -> Result<Task, Broken> {
    let on = if state == TaskState::SentBack { today } else { done_on };
    let said = |key: &str| crate::demo::script::word("campaign", key);
    let is_for_village = task.village.is_some() && state == TaskState::Done;
    let turn = Turn {
        state,
        on,
        entered_on: on,
        by: Some(OfficerId(1)),
        reporter: None,
        source: is_for_village.then(|| said("source")).flatten(),
        text: match state {
            TaskState::SentBack => said("back"),
            TaskState::NotApplicable => said("excuse"),
            TaskState::Todo | TaskState::Doing | TaskState::Done => None,
        },
    };
    match state {
        TaskState::Doing => task.start(turn),
        TaskState::Done => task.finish(evidence(task, done_on), unmet, turn),
        TaskState::NotApplicable => task.excuse(turn),
        TaskState::SentBack | TaskState::Todo => task.send_back(None, turn),
    }
}

fn evidence(task: &Task, on: NaiveDate) -> Evidence {
    let number = task.id.0;
    let place = task.village.is_some().then(|| format!("{}-{number}", task.phase));
    let document = task.village.is_none().then(|| format!("{}-{number:03}", on.format("%Y")));
    Evidence { on, by: Some(OfficerId(1)), document, place, note: None }
}
