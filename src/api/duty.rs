//! Recurring work at the door: lists by period, sheets, and what stands above today.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::act::Act;
use crate::domain::choice::{Period, ReportManner, ReportState};
use crate::domain::duty::Duty;
use crate::domain::ids::{DutyId, OfficerId, Version};
use crate::domain::standing::Standing;

/// The most periods that a sheet shows, and the most that a list goes back.
pub const PERIODS_MAX: u32 = 60;

/// Which recurring work, and of which period.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyQuery {
    /// Only that of a number, such as `M3`.
    pub code: Option<String>,
    /// The period of that key; only duties that have such a period.
    pub period: Option<String>,
    /// How many periods before the present one, if no key is given.
    pub back: u32,
    /// Only what is owed, sent back included.
    pub owed_only: bool,
}

/// Recurring work by duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyView {
    /// One group for each duty of the template.
    pub groups: Vec<DutyGroup>,
}

/// One duty of the template in one period, for the town or for villages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyGroup {
    /// Its number, such as `M3`.
    pub code: String,
    /// What is to be done.
    pub title: String,
    /// What comes of it.
    pub output: Option<String>,
    /// Who does it, in the plan's words.
    pub who: Option<String>,
    /// How often it is owed.
    pub period: Period,
    /// The key of the period, such as `2026-10`.
    pub key: String,
    /// The period's first and last day.
    pub days: (NaiveDate, NaiveDate),
    /// By when it is owed.
    pub due: NaiveDate,
    /// The nearest working day, if that is a rest day.
    pub due_workday: Option<NaiveDate>,
    /// Whether a zero report is one.
    pub zero: bool,
    /// How many places are in which state, the filter apart.
    pub counts: Vec<(ReportState, u64)>,
    /// The places, in a fixed order.
    pub rows: Vec<DutyRow>,
}

impl DutyGroup {
    /// How many places are in a state.
    pub fn count(&self, state: ReportState) -> u64 {
        self.counts.iter().filter(|(own, _)| *own == state).map(|(_, count)| count).sum()
    }
}

/// One place in one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyRow {
    /// Which duty.
    pub id: DutyId,
    /// Its version.
    pub version: Version,
    /// Its number, such as `M3`.
    pub code: String,
    /// What is to be done.
    pub title: String,
    /// The village's name; none for the whole town.
    pub village: Option<String>,
    /// The officer who answers for it.
    pub officer: Option<String>,
    /// The key of the period.
    pub key: String,
    /// By when it is owed.
    pub due: NaiveDate,
    /// The nearest working day, if that is a rest day.
    pub due_workday: Option<NaiveDate>,
    /// How far it is.
    pub state: ReportState,
    /// How it stands today.
    pub standing: Standing,
    /// Days from today to the day; negative when late.
    pub days_left: i64,
    /// The newest report, or that it was sent back.
    pub newest: Option<ReportView>,
    /// How many earlier periods are owed too.
    pub n_before: u64,
}

/// A report, or that it was sent back, with names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportView {
    /// The day.
    pub on: NaiveDate,
    /// The day on which it was entered.
    pub entered_on: NaiveDate,
    /// Who entered it.
    pub by: Option<String>,
    /// Who reported it, where somebody else entered it.
    pub reporter: Option<String>,
    /// In which way it came.
    pub manner: Option<ReportManner>,
    /// Who signed it.
    pub signer: Option<String>,
    /// The number of a document.
    pub document: Option<String>,
    /// Where it lies.
    pub place: Option<String>,
    /// What there is to say.
    pub text: Option<String>,
}

/// Recurring work of one place in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutySheet {
    /// The duty.
    pub duty: Duty,
    /// The unit's name.
    pub unit: Option<String>,
    /// Its periods, the newest first, at most [`PERIODS_MAX`].
    pub rows: Vec<DutyRow>,
    /// Names of the officers that it mentions.
    pub officers: Vec<(OfficerId, String)>,
    /// What may be done with it, and why not.
    pub permits: Vec<(Act, Option<String>)>,
}

/// What stands above today: the running phases of the campaign, and what villages still owe.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadView {
    /// The phases that have begun and are open, else the next one.
    pub phases: Vec<PhaseGlance>,
    /// Periods of villages' recurring work that are not reported by all.
    pub duties: Vec<DutyGlance>,
}

/// A phase in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseGlance {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// Its first and last day.
    pub days: (NaiveDate, NaiveDate),
    /// Tasks that are done or excused.
    pub settled: u64,
    /// Tasks that are being worked on.
    pub doing: u64,
    /// Tasks that were sent back.
    pub back: u64,
    /// Open tasks past their last day.
    pub late: u64,
    /// All its tasks.
    pub total: u64,
    /// What comes next: the day, its nearest working day if it is a rest day, and the name of the
    /// phase that begins then; no name where this phase ends.
    pub next: (NaiveDate, Option<NaiveDate>, Option<String>),
}

/// A period of recurring work in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyGlance {
    /// Its number, such as `M3`.
    pub code: String,
    /// What is to be done.
    pub title: String,
    /// The key of the period.
    pub key: String,
    /// By when it is owed.
    pub due: NaiveDate,
    /// How many places are in which state.
    pub counts: Vec<(ReportState, u64)>,
    /// The places that have not reported, sent back included.
    pub owing: Vec<String>,
}
