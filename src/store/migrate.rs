//! Older ledgers brought up to date: numbered steps, each with its reason, in one transaction.
//!
//! A step sees the rows as the shape before it left them; old shapes are frozen beside their step.
//! An added optional field needs no step, because bytes keep the names of fields.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;

use crate::domain::campaign::Task;
use crate::domain::case::Case;
use crate::domain::ids::{Kind, PlanId, ReceiptId, RequestId};
use crate::domain::receipt::Receipt;
use crate::domain::slip::Slip;
use crate::store::campaign::task_rows;
use crate::store::change::Swap;
use crate::store::fault::Fault;
use crate::store::history;
use crate::store::journal::{Actor, Stamp};
use crate::store::key::Space;
use crate::store::read::Read;
use crate::store::write::Work;

/// One change of the shape on disk.
pub(super) struct Step {
    /// The schema that it makes, one above the one that it starts from.
    pub to: u32,
    /// What it does.
    pub run: fn(&mut Work<'_>) -> Result<(), Fault>,
}

/// All steps, oldest first. The first ledgers have schema 1, which no step makes.
pub(super) const STEPS: &[Step] = &[
    Step { to: 2, run: rest_closed_phases },
    Step { to: 3, run: read_slips },
    KEEPS_FILES,
    KEEPS_FIGURES,
];

/// Nothing to change: a program that knows no attachments would drop them from a case with its next
/// change, and their files with the next start after it, so it is told that the ledger is newer.
const KEEPS_FILES: Step = Step { to: 4, run: |_| Ok(()) };

/// Nothing to change: a program that knows no figures that were given would take their records for
/// damage, so it is told that the ledger is newer.
const KEEPS_FIGURES: Step = Step { to: 5, run: |_| Ok(()) };

const SCHEMA_KEY: &[u8] = b"schema";
const FIRST: u32 = 1;

/// The schema that a list of steps leads to.
pub(super) fn newest(steps: &[Step]) -> u32 {
    steps.last().map_or(FIRST, |step| step.to)
}

/// The schema of a ledger.
///
/// # Errors
/// [`Fault::Foreign`] if the file holds none.
pub(super) fn schema(ledger: &impl Read) -> Result<u32, Fault> {
    let bytes = ledger.get(Space::Meta, SCHEMA_KEY)?.ok_or(Fault::Foreign)?;
    bytes.try_into().map(u32::from_be_bytes).map_err(|_| Fault::Damaged("the schema is no number"))
}

/// Notes the schema of a ledger.
pub(super) fn set_schema(work: &mut Work<'_>, schema: u32) {
    work.set(Space::Meta, SCHEMA_KEY, Some(schema.to_be_bytes().to_vec()));
}

/// Runs the steps that a ledger has not seen; all of them or, on a fault, none.
///
/// # Errors
/// [`Fault::Newer`] if no step leads to the ledger's schema, or a step's own fault.
pub(super) fn bring_up(work: &mut Work<'_>, steps: &[Step]) -> Result<(), Fault> {
    let present = schema(work)?;
    if present > newest(steps) {
        return Err(Fault::Newer(present));
    }
    for step in steps.iter().filter(|step| step.to > present) {
        (step.run)(work)?;
        set_schema(work, step.to);
    }
    Ok(())
}

/// What schema 1 says of a campaign, as far as step 2 asks.
#[derive(Deserialize)]
struct PlanOf1 {
    id: PlanId,
    phases: BTreeMap<u32, PhaseOf1>,
}

#[derive(Deserialize)]
struct PhaseOf1 {
    #[serde(default)]
    closed: Option<ClosingOf1>,
}

#[derive(Deserialize)]
struct ClosingOf1 {
    on: NaiveDate,
}

/// To 2: a task that was open when its phase was closed says that it is over. Before, it was late on
/// the agenda for good, and nobody could finish it.
fn rest_closed_phases(work: &mut Work<'_>) -> Result<(), Fault> {
    let mut closed: BTreeMap<(PlanId, u32), NaiveDate> = BTreeMap::new();
    work.each_glance::<PlanOf1>(Kind::Plan, &mut |plan| {
        let phases = plan.phases.iter();
        let closings = phases.filter_map(|(number, own)| Some((*number, own.closed.as_ref()?.on)));
        closed.extend(closings.map(|(number, on)| ((plan.id, number), on)));
        Ok(ControlFlow::Continue(()))
    })?;
    let mut open: Vec<(Task, NaiveDate)> = Vec::new();
    work.each::<Task>(&mut |task| {
        let on = closed.get(&(task.plan, task.phase)).filter(|_| task.is_owed());
        open.extend(on.map(|on| (task, *on)));
        Ok(ControlFlow::Continue(()))
    })?;
    for (task, on) in open {
        let stamp = Stamp {
            change: RequestId(0),
            batch: None,
            act: "ledger.migrate".to_owned(),
            actor: Actor::System,
            on,
            // A step knows no clock: the moment is that of the day on which the phase was closed.
            at: on.and_time(NaiveTime::MIN).and_utc(),
            takes_back: None,
        };
        let next = Task { over: true, ..task.clone() };
        let swap = Swap { old: task_rows(&task), new: task_rows(&next) };
        work.patch(&stamp, next, &swap)?;
    }
    Ok(())
}

/// To 3: a case says what the lists need to know of its receipts. Before, one that nobody had changed
/// since that was kept did not say what the state system lacks of it, and nobody was reminded.
///
/// Its rows follow when the ledger is opened, as after any change of the code that makes them.
fn read_slips(work: &mut Work<'_>) -> Result<(), Fault> {
    let mut stale: Vec<u64> = Vec::new();
    let ledger = &*work;
    ledger.each::<Case>(&mut |case| {
        if slips(ledger, &case)? != case.slips {
            stale.push(case.id.0);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let Some(last) = history::line(work, work.head()?.sequence)? else { return Ok(()) };
    for id in stale {
        let Some(case) = work.load::<Case>(id)? else { continue };
        let stamp = Stamp {
            change: RequestId(0),
            batch: None,
            act: "ledger.migrate".to_owned(),
            actor: Actor::System,
            // A step knows no clock: it stands at the moment of the line before it.
            on: last.stamp.on,
            at: last.stamp.at,
            takes_back: None,
        };
        let next = Case { slips: slips(work, &case)?, ..case };
        work.patch(&stamp, next, &Swap { old: Vec::new(), new: Vec::new() })?;
    }
    Ok(())
}

/// What the receipts of a case say.
fn slips(ledger: &impl Read, case: &Case) -> Result<BTreeMap<ReceiptId, Slip>, Fault> {
    let mut slips = BTreeMap::new();
    for id in case.receipts() {
        slips.extend(ledger.load::<Receipt>(id.0)?.map(|receipt| (id, Slip::of(&receipt))));
    }
    Ok(slips)
}
