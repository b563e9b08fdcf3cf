//! Index keys of campaigns: tasks by place in the plan, by village, by owner and day; and counts.
//!
//! A row carries what a matrix or a list must know before it loads anything. Counts are kept by
//! phase, place and state, and of open tasks by phase, place and last day, so that a time line costs
//! what it shows.

use chrono::NaiveDate;

use crate::domain::campaign::{Plan, Task};
use crate::domain::choice::{TaskState, Weight};
use crate::domain::ids::{OfficerId, PlanId, TaskId, UnitId};
use crate::domain::line::{Line, LineKind};
use crate::domain::policy::Scope;
use crate::domain::record::Record;
use crate::store::key::{Row, join};
use crate::store::tables::line::{Owner, line_rows};
use crate::store::tables::{Facet, day_number, day_of_number, plain_rows};

/// Indexes, by the first byte of their keys.
const BY_ORDER: u8 = 0x30;
const BY_PLACE: u8 = 0x31;
const BY_OFFICER: u8 = 0x32;
const BY_UNIT: u8 = 0x33;
const BY_CODE: u8 = 0x34;
const PLANS: u8 = 0x35;

/// Counts, by the first byte of their keys.
const N_STATE: u8 = 0x30;
const N_OPEN_ON: u8 = 0x31;
const N_OPEN_MANDATORY: u8 = 0x32;

/// Flags of a task in a row's value.
const MANDATORY: u8 = 1;
const OVER: u8 = 2;

/// Whose tasks are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Those of the whole town, without those of its villages.
    Town,
    /// Those of a village.
    Village(UnitId),
    /// All of them.
    All,
}

impl Place {
    fn number(self) -> u64 {
        match self {
            Self::Town => 0,
            Self::Village(id) => id.0,
            Self::All => u64::MAX,
        }
    }

    /// The place of a task.
    pub fn of(task: &Task) -> Self {
        task.village.map_or(Self::Town, Self::Village)
    }
}

/// What a row says of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Which task.
    pub id: TaskId,
    /// The phase.
    pub phase: u32,
    /// The place among the tasks of the template.
    pub order: u32,
    /// Who may see it.
    pub scope: Scope,
    /// How far it is.
    pub state: TaskState,
    /// Whether its phase was closed over it.
    pub over: bool,
    /// Whether the phase can be closed without it.
    pub weight: Weight,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub until: NaiveDate,
}

/// The rows that follow from a plan.
pub fn plan_rows(plan: &Plan) -> Vec<Row> {
    let mut rows = plain_rows(plan.reference());
    let key = join(&[&[PLANS], &plan.id.0.to_be_bytes()]);
    rows.push(Row::Entry { key, value: Vec::new() });
    rows
}

/// The rows that follow from a task.
pub fn task_rows(task: &Task) -> Vec<Row> {
    let mut rows = plain_rows(task.reference());
    let value = listed_value(task);
    let id = task.id.0.to_be_bytes();
    let place = Place::of(task).number().to_be_bytes();
    let (phase, order) = (task.phase.to_be_bytes(), task.order.to_be_bytes());
    let mut enter = |key: Vec<u8>| {
        rows.push(Row::Entry { key, value: value.clone() });
    };
    enter(join(&[&order_prefix(task.plan, None), &phase, &order, &place, &id]));
    enter(join(&[&place_prefix(task.plan, Place::of(task)), &phase, &order, &id]));
    enter(join(&[&code_prefix(task.plan, &task.code), &place, &id]));
    let until = day_number(task.until).to_be_bytes();
    if let Some(officer) = task.officer {
        enter(join(&[&officer_prefix(task.plan, officer), &until, &id]));
    }
    if let Some(unit) = task.unit {
        enter(join(&[&unit_prefix(task.plan, unit), &until, &id]));
    }
    rows.extend(line_rows_of(task));
    for place in [Place::All, Place::of(task)] {
        rows.push(Row::Count { key: state_count((task.plan, task.phase), place, task.state) });
        if task.is_owed() {
            let key = join(&[&open_prefix((task.plan, task.phase), place), &until]);
            rows.push(Row::Count { key });
            if task.weight == Weight::Mandatory {
                rows.push(Row::Count { key: mandatory_count((task.plan, task.phase), place) });
            }
        }
    }
    rows
}

/// The line of the agenda of an open task: the town's, the village's, and those of who answers.
fn line_rows_of(task: &Task) -> Vec<Row> {
    if !task.is_owed() {
        return Vec::new();
    }
    let owner = Owner { record: task.id.into(), scope: task.scope(), unit: task.unit };
    let mut facets = vec![Facet::All];
    facets.extend(task.village.map(Facet::Village));
    facets.extend(task.unit.filter(|unit| task.village != Some(*unit)).map(Facet::Unit));
    facets.extend(task.officer.map(Facet::Officer));
    line_rows(owner, &facets, &[Line::new(LineKind::Task, task.until)])
}

/// The head of all keys of the tasks of a plan in the order of its template, or of one phase.
pub fn order_prefix(plan: PlanId, phase: Option<u32>) -> Vec<u8> {
    let head = join(&[&[BY_ORDER], &plan.0.to_be_bytes()]);
    match phase {
        Some(phase) => join(&[&head, &phase.to_be_bytes()]),
        None => head,
    }
}

/// The head of the keys of one task of the template, for the town and all villages.
pub fn column_prefix(plan: PlanId, (phase, order): (u32, u32)) -> Vec<u8> {
    join(&[&order_prefix(plan, Some(phase)), &order.to_be_bytes()])
}

/// The head of the keys of the tasks of a place.
pub fn place_prefix(plan: PlanId, place: Place) -> Vec<u8> {
    join(&[&[BY_PLACE], &plan.0.to_be_bytes(), &place.number().to_be_bytes()])
}

/// The head of the keys of the tasks of an officer, by last day.
pub fn officer_prefix(plan: PlanId, officer: OfficerId) -> Vec<u8> {
    join(&[&[BY_OFFICER], &plan.0.to_be_bytes(), &officer.0.to_be_bytes()])
}

/// The head of the keys of the tasks of a unit, by last day.
pub fn unit_prefix(plan: PlanId, unit: UnitId) -> Vec<u8> {
    join(&[&[BY_UNIT], &plan.0.to_be_bytes(), &unit.0.to_be_bytes()])
}

/// The head of the keys of the tasks of a code.
pub fn code_prefix(plan: PlanId, code: &str) -> Vec<u8> {
    join(&[&[BY_CODE], &plan.0.to_be_bytes(), code.as_bytes(), &[0]])
}

/// The head of the keys of all plans.
pub fn plans_prefix() -> Vec<u8> {
    vec![PLANS]
}

/// The key of how many tasks of a phase and a place are in a state.
pub fn state_count((plan, phase): (PlanId, u32), place: Place, state: TaskState) -> Vec<u8> {
    let head = count_head(N_STATE, (plan, phase), place);
    join(&[&head, &[state.code()]])
}

/// The head of the keys of how many open tasks of a phase and a place end on each day.
pub fn open_prefix((plan, phase): (PlanId, u32), place: Place) -> Vec<u8> {
    count_head(N_OPEN_ON, (plan, phase), place)
}

/// The key behind all keys of [`open_prefix`] whose day is before a day.
pub fn open_before(at: (PlanId, u32), place: Place, day: NaiveDate) -> Vec<u8> {
    join(&[&open_prefix(at, place), &day_number(day).to_be_bytes()])
}

/// The key of how many mandatory tasks of a phase and a place are neither done nor excused.
pub fn mandatory_count((plan, phase): (PlanId, u32), place: Place) -> Vec<u8> {
    count_head(N_OPEN_MANDATORY, (plan, phase), place)
}

/// What a row says; it reads the value alone, which is the same in every index.
pub fn parse_listed(value: &[u8]) -> Option<Listed> {
    let number = |at: usize| -> Option<u32> {
        Some(u32::from_be_bytes(value.get(at..at + 4)?.try_into().ok()?))
    };
    let unit = |at| number(at).map(|id| (id != 0).then_some(id));
    Some(Listed {
        id: TaskId(u64::from_be_bytes(value.get(2..10)?.try_into().ok()?)),
        phase: number(10)?,
        order: number(14)?,
        scope: Scope {
            village: unit(18)?.map(|id| UnitId(u64::from(id))),
            handler: unit(22)?.map(|id| OfficerId(u64::from(id))),
            ..Scope::default()
        },
        state: TaskState::from_code(*value.first()?)?,
        over: *value.get(1)? & OVER != 0,
        weight: match *value.get(1)? & MANDATORY {
            0 => Weight::Optional,
            _ => Weight::Mandatory,
        },
        from: day_of_number(number(26)?)?,
        until: day_of_number(number(30)?)?,
    })
}

fn count_head(what: u8, (plan, phase): (PlanId, u32), place: Place) -> Vec<u8> {
    let place = place.number().to_be_bytes();
    join(&[&[what], &plan.0.to_be_bytes(), &phase.to_be_bytes(), &place])
}

fn listed_value(task: &Task) -> Vec<u8> {
    let id = |id: Option<u64>| id.and_then(|id| u32::try_from(id).ok()).unwrap_or(0).to_be_bytes();
    let mandatory = if task.weight == Weight::Mandatory { MANDATORY } else { 0 };
    let flags = mandatory | if task.over { OVER } else { 0 };
    join(&[
        &[task.state.code(), flags],
        &task.id.0.to_be_bytes(),
        &task.phase.to_be_bytes(),
        &task.order.to_be_bytes(),
        &id(task.village.map(|id| id.0)),
        &id(task.officer.map(|id| id.0)),
        &day_number(task.from).to_be_bytes(),
        &day_number(task.until).to_be_bytes(),
    ])
}
