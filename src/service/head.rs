//! What stands above today: the running phases of the campaign, and what villages still owe.
//!
//! It costs a few kept counts and the recurring work that one may see, whatever the ledger holds.

use std::collections::BTreeMap;

use chrono::Days;

use crate::api::duty::{DutyGlance, HeadView, PhaseGlance};
use crate::domain::act::Act;
use crate::domain::campaign::Plan;
use crate::domain::choice::{ReportState, TaskState};
use crate::domain::duty::Duty;
use crate::domain::policy::{self, Link, Verdict};
use crate::service::campaign::{find_plan, nearest_workday, phase_view};
use crate::service::duty;
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::store::read::Snapshot;

/// How long before its day a period is named.
const DAYS_BEFORE: u64 = 31;
/// The most periods that are named.
const GLANCES_MAX: usize = 3;

/// What stands above today; none for who may not read the campaign.
///
/// # Errors
/// A damaged ledger.
pub fn read(eye: &Eye<'_>, snapshot: &Snapshot) -> Result<Option<Box<HeadView>>, Stop> {
    if policy::may(&eye.asking.asker, Act::ReadPlan, Link::Whole) != Verdict::Allow {
        return Ok(None);
    }
    let phases = match find_plan(snapshot, None)? {
        Some(plan) => phases(eye, snapshot, &plan)?,
        None => Vec::new(),
    };
    let duties = duties(eye, duty::all(snapshot, eye.asking)?);
    let is_empty = phases.is_empty() && duties.is_empty();
    Ok((!is_empty).then(|| Box::new(HeadView { phases, duties })))
}

fn phases(eye: &Eye<'_>, snapshot: &Snapshot, plan: &Plan) -> Result<Vec<PhaseGlance>, Stop> {
    let today = eye.asking.today;
    let open = || plan.phases.iter().filter(|(_, phase)| phase.closed.is_none());
    let mut numbers: Vec<u32> =
        open().filter(|(_, phase)| phase.from <= today).map(|(number, _)| *number).collect();
    if numbers.is_empty() {
        numbers.extend(open().map(|(number, _)| *number).next());
    }
    let mut glances = Vec::with_capacity(numbers.len());
    for number in numbers {
        let Some(phase) = plan.phases.get(&number) else { continue };
        let view = phase_view(eye, snapshot, plan, number)?;
        let following = plan.phases.range(number + 1..).next().map(|(_, next)| next);
        let next = following.filter(|next| next.from > today);
        let day = match next {
            _ if phase.from > today => phase.from,
            Some(next) => next.from,
            None => phase.until,
        };
        let name = match next {
            _ if phase.from > today => Some(phase.name.clone()),
            next => next.map(|next| next.name.clone()),
        };
        glances.push(PhaseGlance {
            number,
            name: phase.name.clone(),
            days: (phase.from, phase.until),
            settled: view.count(TaskState::Done) + view.count(TaskState::NotApplicable),
            doing: view.count(TaskState::Doing),
            back: view.count(TaskState::SentBack),
            late: view.late,
            total: view.total(),
            next: (day, nearest_workday(eye, day), name),
        });
    }
    Ok(glances)
}

/// Periods of villages' work that have begun and are owed by some, the oldest first.
fn duties(eye: &Eye<'_>, all: Vec<Duty>) -> Vec<DutyGlance> {
    let today = eye.asking.today;
    let horizon = today.checked_add_days(Days::new(DAYS_BEFORE)).unwrap_or(today);
    let mut by_code: BTreeMap<(u32, String), Vec<Duty>> = BTreeMap::new();
    for duty in all.into_iter().filter(|duty| duty.village.is_some()) {
        by_code.entry((duty.order, duty.code.clone())).or_default().push(duty);
    }
    let mut glances = Vec::new();
    for ((_, code), duties) in by_code {
        let Some(first) = duties.first() else { continue };
        let owed = duties.iter().filter_map(Duty::owed).map(|occasion| occasion.first).min();
        let Some(owed) = owed else { continue };
        for occasion in first.begun(today).skip_while(|occasion| occasion.first < owed) {
            let key = occasion.key();
            let state = |duty: &Duty| duty.state(&key);
            let owing = duties.iter().filter(|duty| !state(duty).is_settled());
            let names: Vec<String> =
                owing.clone().filter_map(|duty| eye.book.unit(duty.village)).collect();
            let due = owing.map(|duty| duty.due(&occasion)).min();
            let Some(due) = due.filter(|due| *due <= horizon) else { continue };
            let count = |wanted: &ReportState| {
                let n = duties.iter().filter(|duty| state(duty) == *wanted).count();
                (*wanted, u64::try_from(n).unwrap_or(0))
            };
            glances.push(DutyGlance {
                code: code.clone(),
                title: first.title.clone(),
                counts: ReportState::ALL.iter().map(count).collect(),
                owing: names,
                due,
                key,
            });
        }
    }
    glances.sort_by_key(|glance| glance.due);
    glances.truncate(GLANCES_MAX);
    glances
}
