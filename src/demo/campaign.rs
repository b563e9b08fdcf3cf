//! The campaign of a made-up town as it stands on its day: tasks in every state, made by the rules.
//!
//! What falls to a task follows from its place alone, so that it is the same each time.

use chrono::{Datelike, NaiveDate};

use crate::demo::Made;
use crate::demo::plan::before;
use crate::domain::broken::Broken;
use crate::domain::campaign::{Closing, Evidence, Plan, Task, Turn};
use crate::domain::choice::{TaskState, UnitKind};
use crate::domain::ids::{OfficerId, PlanId, TaskId};
use crate::domain::office::{Officer, Unit};
use crate::law::plan::{self as template, Ground};

/// The template of the campaign.
const TEMPLATE: &str = "demonstration-town";

/// The plan and its tasks; nothing if the day lies outside of the campaign's year.
pub fn records(
    today: NaiveDate,
    units: &[Unit],
    officers: &[Officer],
) -> impl Iterator<Item = Made> + use<> {
    let drawn = template::built_in(TEMPLATE)
        .and_then(|text| template::draw(text, &ground(today, units, officers)).ok());
    let mut made = Vec::new();
    if let Some(drawn) = drawn {
        let plan = Plan { id: PlanId(1), ..drawn.plan };
        let tasks: Vec<Task> = (1..)
            .zip(drawn.tasks)
            .map(|(id, task)| Task { id: TaskId(id), plan: plan.id, ..task })
            .map(|task| worked(task, today))
            .collect();
        made.push(Made::Plan(Box::new(closed(plan, today))));
        made.extend(tasks.into_iter().map(|task| Made::Task(Box::new(task))));
    }
    made.into_iter()
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

/// Closes the first phase on its last day, once that is past.
fn closed(plan: Plan, today: NaiveDate) -> Plan {
    let Some(last) = plan.phases.get(&1).map(|phase| phase.until) else { return plan };
    if last >= today {
        return plan;
    }
    let closing = Closing { on: last, by: Some(OfficerId(1)), text: None };
    plan.close_phase((1, 0), closing, today).unwrap_or(plan)
}

/// A task as far as it has got by today; one that a rule keeps back stays as it is.
fn worked(task: Task, today: NaiveDate) -> Task {
    let village = task.village.map_or(0, |id| id.0);
    let lot = (u64::from(task.order) * 7 + village * 5) % 12;
    let done_on = task.until.min(today);
    let done_on = before(done_on, lot % 3).max(task.from);
    if today < task.from {
        return task;
    }
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
        let next = stepped(&worked, *state, (done_on, today));
        worked = next.unwrap_or(worked);
    }
    worked
}

fn stepped(
    task: &Task,
    state: TaskState,
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
        TaskState::Done => task.finish(evidence(task, done_on), None, turn),
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
