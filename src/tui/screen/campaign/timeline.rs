//! The time line: one row a phase, its bar over the days of the whole campaign, today as an upright.

use chrono::NaiveDate;
use ratatui::text::Line;

use crate::api::campaign::{PhaseView, PlanView};
use crate::domain::campaign::Phase;
use crate::domain::choice::TaskState;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::{View, row};
use crate::tui::text::{pad_right, width};
use crate::tui::widget::table::Cell;

/// The columns of name and days, and of what is counted.
const SIDES: (usize, usize) = (26, 31);

/// The phase to begin with: the newest that has begun and is open, else the first open one.
pub fn present(view: &PlanView) -> u32 {
    let today = view.plan.phases.iter().rev().find(|(number, phase)| {
        let counted = view.phases.iter().find(|counted| counted.number == **number);
        let has_begun =
            counted.is_some_and(|counted| counted.count(TaskState::Todo) < counted.total());
        phase.closed.is_none() && has_begun
    });
    let open = view.plan.phases.iter().find(|(_, phase)| phase.closed.is_none());
    let first = view.plan.phases.keys().next().copied().unwrap_or(1);
    today.or(open).map_or(first, |(number, _)| *number)
}

/// Head, one line a phase, one for recurring work, and the rule above the matrix of a phase.
pub fn lines(
    plan: &PlanView,
    (view, columns): (&View<'_>, usize),
    selected: Option<u32>,
) -> Vec<Line<'static>> {
    let mut lines = vec![head(plan, (view, columns))];
    for phase in &plan.phases {
        if let Some(own) = plan.plan.phases.get(&phase.number) {
            lines.push(bar(plan, (own, phase), (view, columns), selected == Some(phase.number)));
        }
    }
    lines.push(mechanism(view, columns, selected));
    lines.extend(selected.map(|selected| rule(plan, (view, columns), selected)));
    lines
}

fn head(plan: &PlanView, (view, columns): (&View<'_>, usize)) -> Line<'static> {
    let sum = |count: &dyn Fn(&PhaseView) -> u64| plan.phases.iter().map(count).sum::<u64>();
    let args = [
        ("settled", sum(&settled).to_string()),
        ("total", sum(&PhaseView::total).to_string()),
        ("late", sum(&|phase: &PhaseView| phase.late).to_string()),
    ];
    let left = [
        Cell::role(view.me.town.clone(), Role::Title),
        Cell::text(format!("{} {}", plan.plan.name, plan.plan.year)),
    ];
    let right = [Cell::text(locale::fill(view.lang, "campaign.sum", &args))];
    row::sides(view, &left, &right, columns)
}

fn settled(phase: &PhaseView) -> u64 {
    phase.count(TaskState::Done) + phase.count(TaskState::NotApplicable)
}

fn bar(
    plan: &PlanView,
    (own, phase): (&Phase, &PhaseView),
    (view, columns): (&View<'_>, usize),
    is_selected: bool,
) -> Line<'static> {
    let today = view.me.today;
    let marker = if is_selected { ">" } else { " " };
    let days = format!("{}..{}", row::short_day(own.from, today), row::short_day(own.until, today));
    let label = format!("{marker} {} {}", phase.number, own.name);
    let label = pad_right(&label, SIDES.0.saturating_sub(width(&days) + 1));
    let mut cell = Cell::role(label, if is_selected { Role::Title } else { Role::Text });
    cell = cell.and(format!(" {days}"), Role::Dim);
    let room = columns.saturating_sub(SIDES.0 + SIDES.1 + 4).min(96);
    let drawn = drawn(plan, own, (today, room));
    let role = if own.closed.is_some() { Role::Dim } else { Role::Ok };
    let counts = counts(own, phase, view);
    let late = if phase.late > 0 { Role::Late } else { Role::Text };
    row::strip(view, &[cell, Cell::role(drawn, role), Cell::role(counts, late)], columns)
}

fn counts(own: &Phase, phase: &PhaseView, view: &View<'_>) -> String {
    let args = [
        ("settled", settled(phase).to_string()),
        ("total", phase.total().to_string()),
        ("doing", phase.count(TaskState::Doing).to_string()),
        ("back", phase.count(TaskState::SentBack).to_string()),
        ("late", phase.late.to_string()),
    ];
    let counts = locale::fill(view.lang, "campaign.counts", &args);
    match &own.closed {
        Some(closed) => {
            let day = row::short_day(closed.on, view.me.today);
            let args = [("day", day), ("settled", settled(phase).to_string())];
            locale::fill(view.lang, "campaign.closed", &args)
        }
        None => counts,
    }
}

/// The bar of a phase: its days as equals signs, closed as hashes, today as an upright.
fn drawn(plan: &PlanView, own: &Phase, (today, room): (NaiveDate, usize)) -> String {
    let Some((first, last)) = plan.plan.days() else { return String::new() };
    let n_days = usize::try_from((last - first).num_days()).unwrap_or(0) + 1;
    let place = |day: NaiveDate| {
        let passed = usize::try_from((day - first).num_days()).unwrap_or(0);
        (passed * room).checked_div(n_days).unwrap_or(0)
    };
    let (from, until) = (place(own.from), place(own.until));
    let at_today = (first..=last).contains(&today).then(|| place(today));
    let sign = if own.closed.is_some() { '#' } else { '=' };
    (0..room)
        .map(|at| match at {
            at if Some(at) == at_today => '|',
            at if (from..=until).contains(&at) => sign,
            _ => '.',
        })
        .collect()
}

/// The line behind the phases: recurring work, which has no end of its own.
fn mechanism(view: &View<'_>, columns: usize, selected: Option<u32>) -> Line<'static> {
    let (marker, role) = if selected.is_none() { (">", Role::Title) } else { (" ", Role::Text) };
    let label = format!("{marker}   {}", locale::text(view.lang, "duty.title"));
    let label = pad_right(&label, SIDES.0);
    let told = Cell::role(locale::text(view.lang, "duty.about"), Role::Dim);
    row::strip(view, &[Cell::role(label, role), told], columns)
}

fn rule(plan: &PlanView, (view, columns): (&View<'_>, usize), selected: u32) -> Line<'static> {
    let (Some(own), Some(phase)) = (
        plan.plan.phases.get(&selected),
        plan.phases.iter().find(|phase| phase.number == selected),
    ) else {
        return row::rule(view, &[], &[], columns);
    };
    let today = view.me.today;
    let mut left = vec![Cell::role(format!("{selected} {}", own.name), Role::Title)];
    let n_days = (own.until - own.from).num_days() + 1;
    let when = match (today < own.from, today > own.until) {
        (true, _) => ("campaign.ahead", (own.from - today).num_days()),
        (_, true) => ("campaign.over", (today - own.until).num_days()),
        (false, false) => ("campaign.day", (today - own.from).num_days() + 1),
    };
    let args = [("day", when.1.to_string()), ("days", n_days.to_string())];
    left.push(Cell::text(locale::fill(view.lang, when.0, &args)));
    for (day, near) in [(own.from, phase.from_workday), (own.until, phase.until_workday)] {
        let Some(near) = near else { continue };
        let args = [("day", row::short_day(day, today)), ("near", row::short_day(near, today))];
        left.push(Cell::role(locale::fill(view.lang, "campaign.workday", &args), Role::Warning));
    }
    let missing = [("count", phase.missing.to_string())];
    let missing = match (&own.closed, phase.missing) {
        (Some(_), _) => locale::text(view.lang, "campaign.is_closed"),
        (None, 0) => locale::text(view.lang, "campaign.can_close"),
        (None, _) => locale::fill(view.lang, "campaign.n_missing", &missing),
    };
    row::rule(view, &left, &[Cell::text(missing)], columns)
}
