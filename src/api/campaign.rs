//! Campaigns at the door: time line, matrix, lists and sheets of tasks, and changes of several.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::api::request::{Cursor, Way};
use crate::domain::act::Act;
use crate::domain::campaign::{Plan, Task};
use crate::domain::choice::{TaskState, Weight};
use crate::domain::ids::{OfficerId, PlanId, TaskId, UnitId, Version};
use crate::domain::standing::Standing;

/// The most columns of one page of a matrix.
pub const COLUMNS_MAX: u32 = 60;
/// The most tasks of one change of several.
pub const TICKED_MAX: usize = 500;

/// Which part of a matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatrixQuery {
    /// Of which campaign.
    pub plan: PlanId,
    /// Of which phase.
    pub phase: u32,
    /// From this place of the template on.
    pub from: u32,
    /// The most columns wanted, at most [`COLUMNS_MAX`].
    pub most: u32,
}

/// Which tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskList {
    /// All that one may see.
    All,
    /// Those of a phase.
    Phase(u32),
    /// Those of the whole town.
    Town,
    /// Those of a village.
    Village(UnitId),
    /// One task of the template: phase and place.
    Column(u32, u32),
    /// Those of a number, such as `2.1`.
    Code(String),
    /// Those of an officer.
    Officer(OfficerId),
    /// Those of a unit.
    Unit(UnitId),
    /// What keeps a phase from being closed.
    Missing(u32),
}

/// A page of tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskQuery {
    /// Of which campaign; the newest if none is named.
    pub plan: Option<PlanId>,
    /// Which.
    pub list: TaskList,
    /// Only those in this state.
    pub state: Option<TaskState>,
    /// Only those that are open and past their last day.
    pub late_only: bool,
    /// Continue from this place.
    pub from: Option<Cursor>,
    /// Which way from there.
    pub way: Way,
    /// The most rows wanted.
    pub most: u32,
}

impl TaskQuery {
    /// The first page of a list.
    pub fn of(plan: Option<PlanId>, list: TaskList) -> Self {
        let way = Way::Forward;
        Self { plan, list, state: None, late_only: false, from: None, way, most: 200 }
    }
}

/// A change of several tasks, to be tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TickTerms {
    /// Which tasks, at most [`TICKED_MAX`].
    pub tasks: Vec<TaskId>,
    /// The state that they are to have.
    pub state: TaskState,
    /// Whether evidence will come with it.
    pub with_evidence: bool,
}

/// A campaign as a screen shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanView {
    /// The campaign.
    pub plan: Plan,
    /// Its phases with what is counted.
    pub phases: Vec<PhaseView>,
    /// All campaigns, the newest first: number, name and year.
    pub others: Vec<(PlanId, String, i32)>,
    /// What may be done with it, and why not.
    pub permits: Vec<(Act, Option<String>)>,
}

/// A phase with what is counted of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseView {
    /// Its number.
    pub number: u32,
    /// The nearest working day, if its first day is a rest day.
    pub from_workday: Option<NaiveDate>,
    /// The nearest working day, if its last day is a rest day.
    pub until_workday: Option<NaiveDate>,
    /// Tasks by state, in the order of the list of states.
    pub counts: Vec<(TaskState, u64)>,
    /// Open tasks past their last day.
    pub late: u64,
    /// Mandatory tasks that are neither done nor excused.
    pub missing: u64,
}

impl PhaseView {
    /// How many tasks it has.
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }

    /// How many are in a state.
    pub fn count(&self, state: TaskState) -> u64 {
        self.counts.iter().filter(|(own, _)| *own == state).map(|(_, count)| count).sum()
    }
}

/// Villages by tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatrixView {
    /// The tasks of the template.
    pub columns: Vec<Column>,
    /// The town and the villages, in a fixed order.
    pub rows: Vec<MatrixRow>,
    /// Whether there are columns behind these.
    pub more: bool,
}

/// One task of the template as a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its place in the template.
    pub order: u32,
    /// Its number in the plan.
    pub code: String,
    /// What is to be done.
    pub title: String,
    /// Whether the phase can be closed without it.
    pub weight: Weight,
}

/// The town or a village as a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatrixRow {
    /// The village; none for the town.
    pub village: Option<UnitId>,
    /// Its name; none for the town.
    pub name: Option<String>,
    /// A cell for each column; none where it has no such task.
    pub cells: Vec<Option<MatrixCell>>,
    /// How many tasks of the phase are done or excused, and how many there are.
    pub settled: (u64, u64),
}

/// A task as a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatrixCell {
    /// Which task.
    pub id: TaskId,
    /// How far it is.
    pub state: TaskState,
    /// How it stands today.
    pub standing: Standing,
}

/// A task as a row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRow {
    /// Which task.
    pub id: TaskId,
    /// Its version.
    pub version: Version,
    /// The phase.
    pub phase: u32,
    /// Its number in the plan.
    pub code: String,
    /// What is to be done.
    pub title: String,
    /// What comes of it.
    pub deliverable: Option<String>,
    /// Who does it, in the plan's words.
    pub who: Option<String>,
    /// The village's name; none for a task of the whole town.
    pub village: Option<String>,
    /// The officer's name.
    pub officer: Option<String>,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub until: NaiveDate,
    /// The nearest working day, if the last day is a rest day.
    pub until_workday: Option<NaiveDate>,
    /// How far it is.
    pub state: TaskState,
    /// How it stands today.
    pub standing: Standing,
    /// Days from today to the last day; negative when late.
    pub days_left: i64,
    /// Whether the phase can be closed without it.
    pub weight: Weight,
    /// How many pieces of evidence it has.
    pub n_evidence: u64,
    /// The place of this row in its list.
    pub cursor: Cursor,
}

/// A page of tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskPage {
    /// The rows.
    pub rows: Vec<TaskRow>,
    /// Whether there are rows before these.
    pub before: bool,
    /// Whether there are rows after these.
    pub after: bool,
}

/// One task in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskSheet {
    /// The task.
    pub task: Task,
    /// Its row, with names.
    pub row: TaskRow,
    /// The name of the phase.
    pub phase: String,
    /// The unit's name.
    pub unit: Option<String>,
    /// Names of the officers that it mentions.
    pub officers: Vec<(OfficerId, String)>,
    /// What must be done before it.
    pub needs: Vec<TaskRow>,
    /// What may be done with it, and why not.
    pub permits: Vec<(Act, Option<String>)>,
}

/// What a change of several tasks would do, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TickView {
    /// The tasks, in the order in which they were named.
    pub rows: Vec<Ticked>,
}

/// One task of a change of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticked {
    /// The task.
    pub row: TaskRow,
    /// The key of the reason why it is left as it is, with the values that it names; none if it is
    /// changed.
    pub why: Option<(String, Vec<(String, String)>)>,
}
