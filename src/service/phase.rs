//! Phases of a campaign: closed by the director when nothing mandatory is missing, and reopened.
//!
//! INVARIANT: what is open in a closed phase is over, and over nowhere else.

use std::ops::ControlFlow;

use crate::api::refusal::Refusal;
use crate::domain::campaign::{Closing, Plan, Task};
use crate::domain::form::Filled;
use crate::domain::policy;
use crate::service::case::fill;
use crate::service::judge;
use crate::service::order::{Desk, Made};
use crate::service::stop::Stop;
use crate::store::campaign::{self as rows, Place};
use crate::store::key::{Order, Space, Span};
use crate::store::read::Read;

/// Closes a phase.
///
/// # Errors
/// A wrong form, a broken rule, a conflict, or a fault.
pub fn close(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let plan = plan(desk)?;
    let filled = fill(desk)?;
    let number = filled.count("phase").unwrap_or(0);
    let n_missing = desk.work.count(&rows::mandatory_count((plan.id, number), Place::All))?;
    let closing = closing(desk, &filled);
    let next = plan.close_phase((number, n_missing), closing, desk.asking.today)?;
    follow_phases(desk, (&plan, &next))?;
    Ok(Made::of(&desk.put(&plan, next)?))
}

/// Opens a closed phase again.
///
/// # Errors
/// As [`close`].
pub fn reopen(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let plan = plan(desk)?;
    let filled = fill(desk)?;
    let number = filled.count("phase").unwrap_or(0);
    let closing = closing(desk, &filled);
    let next = plan.reopen_phase(number, &closing, desk.asking.today)?;
    follow_phases(desk, (&plan, &next))?;
    Ok(Made::of(&desk.put(&plan, next)?))
}

/// Tells the open tasks of each phase that was closed or opened again: what a closed phase no
/// longer asks for is late on nobody's agenda.
fn follow_phases(desk: &mut Desk<'_, '_>, (old, new): (&Plan, &Plan)) -> Result<(), Stop> {
    for (number, phase) in &new.phases {
        let was_closed = old.phases.get(number).is_some_and(|phase| phase.closed.is_some());
        if was_closed == phase.closed.is_some() {
            continue;
        }
        let span = Span::prefix(Space::Index, &rows::order_prefix(new.id, Some(*number)));
        let mut open = Vec::new();
        desk.work.scan(&span, Order::Forward, &mut |_, value| {
            let listed = rows::parse_listed(value);
            open.extend(listed.filter(|row| !row.state.is_settled()).map(|row| row.id));
            Ok(ControlFlow::Continue(()))
        })?;
        for id in open {
            let Some(task) = desk.work.load::<Task>(id.0)? else { continue };
            let next = task.clone().of_phase(phase);
            if next.over != task.over {
                desk.put(&task, next)?;
            }
        }
    }
    Ok(())
}

fn closing(desk: &mut Desk<'_, '_>, filled: &Filled) -> Closing {
    desk.on = filled.date("on").unwrap_or(desk.asking.today);
    Closing { on: desk.on, by: desk.asking.clerk.officer, text: filled.text("text") }
}

fn plan(desk: &Desk<'_, '_>) -> Result<Plan, Stop> {
    let id = desk.order.on.ok_or_else(Refusal::not_found)?;
    let plan: Plan = desk.work.load(id)?.ok_or_else(Refusal::not_found)?;
    judge(desk.asking, desk.order.act, policy::Link::Other)?;
    desk.in_step(&plan, &["phases"])?;
    Ok(plan)
}
