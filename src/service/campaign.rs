//! Questions about campaigns: time line, matrix, lists and sheets, from index rows and counts.
//!
//! A scope is tested in the scan, before anything is counted or loaded: a village sees its own tasks
//! alone, and its time line counts nothing else.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use chrono::{Days, NaiveDate};

use crate::api::campaign::{
    COLUMNS_MAX, Column, MatrixCell, MatrixQuery, MatrixRow, MatrixView, PhaseView, PlanView,
    TaskList, TaskPage, TaskQuery, TaskRow, TaskSheet,
};
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::{ROWS_MAX, Way};
use crate::domain::act::Act;
use crate::domain::campaign::{Phase, Plan, Task};
use crate::domain::choice::{TaskState, UnitKind, Weight};
use crate::domain::ids::{Kind, OfficerId, PlanId, TaskId, UnitId};
use crate::domain::policy::{self, Verdict};
use crate::domain::standing::Standing;
use crate::service::stop::Stop;
use crate::service::view::{self, Eye};
use crate::service::{Asking, Service};
use crate::store::campaign::{self as rows, Listed, Place};
use crate::store::key::{Order, Space, Span, split_number};
use crate::store::read::{Read, Snapshot};
use crate::store::tables;

/// The most index rows that one page looks at: more than any plan has.
const SCAN_MAX: usize = 10_000;
/// The most campaigns that are listed.
const PLANS_MAX: usize = 50;
/// How far a working day is looked for around a rest day.
const WORKDAY_SEARCH: u64 = 15;

/// Answers `Plan`.
///
/// # Errors
/// Not found, or a damaged ledger.
pub fn plan(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    id: Option<PlanId>,
) -> Result<Reply, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let Some(plan) = find_plan(snapshot, id)? else {
        return if id.is_some() { Err(Refusal::not_found().into()) } else { Ok(Reply::Plan(None)) };
    };
    let mut phases = Vec::with_capacity(plan.phases.len());
    for number in plan.phases.keys() {
        phases.push(phase_view(&eye, snapshot, &plan, *number)?);
    }
    let permits = Act::ALL.iter().filter(|act| act.on() == Some(Kind::Plan)).map(|act| {
        let may = policy::may(&asking.asker, *act, policy::Link::Whole);
        (*act, (may != Verdict::Allow).then(|| "refusal.denied".to_owned()))
    });
    let permits = permits.collect();
    let others = others(snapshot)?;
    Ok(Reply::Plan(Some(Box::new(PlanView { plan, phases, others, permits }))))
}

/// A phase with what is counted of it, as far as one may see it.
///
/// # Errors
/// No such phase, or a damaged ledger.
pub fn phase_view(
    eye: &Eye<'_>,
    ledger: &impl Read,
    plan: &Plan,
    number: u32,
) -> Result<PhaseView, Stop> {
    let phase = plan.phase(number)?;
    let (at, places) = ((plan.id, number), places_of(eye.asking));
    let (mut late, mut missing) = (0, 0);
    let mut counts: Vec<(TaskState, u64)> = Vec::new();
    for place in &places {
        late += late_of(ledger, at, (*place, eye.asking.today))?;
        missing += ledger.count(&rows::mandatory_count(at, *place))?;
    }
    for state in TaskState::ALL {
        let mut sum = 0;
        for place in &places {
            sum += ledger.count(&rows::state_count(at, *place, *state))?;
        }
        counts.push((*state, sum));
    }
    Ok(PhaseView {
        number,
        from_workday: nearest_workday(eye, phase.from),
        until_workday: nearest_workday(eye, phase.until),
        counts,
        late,
        missing,
    })
}

/// The plan of a number, or the newest.
///
/// # Errors
/// A damaged ledger.
pub fn find_plan(ledger: &impl Read, id: Option<PlanId>) -> Result<Option<Plan>, Stop> {
    let id = match id {
        Some(id) => id.0,
        None => {
            let span = Span::prefix(Space::Index, &rows::plans_prefix());
            let newest = ledger.page(&span, Order::Backward, 1)?.pop();
            match newest.and_then(|(key, _)| tables::last_id(&key)) {
                Some(id) => id,
                None => return Ok(None),
            }
        }
    };
    Ok(ledger.load(id)?)
}

fn others(ledger: &impl Read) -> Result<Vec<(PlanId, String, i32)>, Stop> {
    let span = Span::prefix(Space::Index, &rows::plans_prefix());
    let mut others = Vec::new();
    for (key, _) in ledger.page(&span, Order::Backward, PLANS_MAX)? {
        let Some(id) = tables::last_id(&key) else { continue };
        let plan: Option<Plan> = ledger.load(id)?;
        others.extend(plan.map(|plan| (plan.id, plan.name, plan.year)));
    }
    Ok(others)
}

/// Whose counts somebody sees.
fn places_of(asking: &Asking) -> Vec<Place> {
    if asking.asker.sees_town() {
        return vec![Place::All];
    }
    asking.asker.village.map(Place::Village).into_iter().collect()
}

fn late_of(
    ledger: &impl Read,
    at: (PlanId, u32),
    (place, today): (Place, NaiveDate),
) -> Result<u64, Stop> {
    let to = Some(rows::open_before(at, place, today));
    let span = Span { space: Space::Count, from: rows::open_prefix(at, place), to };
    let mut sum = 0;
    ledger.scan(&span, Order::Forward, &mut |_, value| {
        sum += split_number(value).map_or(0, |(count, _)| count);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(sum)
}

/// The nearest working day to a rest day, the earlier of two; none if the day is a working day.
pub fn nearest_workday(eye: &Eye<'_>, day: NaiveDate) -> Option<NaiveDate> {
    let rules = eye.core.rules();
    let calendar = &rules.calendar;
    if calendar.is_working(day) {
        return None;
    }
    (1..=WORKDAY_SEARCH).map(Days::new).find_map(|away| {
        let around = [day.checked_sub_days(away), day.checked_add_days(away)];
        around.into_iter().flatten().find(|day| calendar.is_working(*day))
    })
}

/// How a task stands on the day of an eye.
pub fn standing(
    eye: &Eye<'_>,
    (state, over): (TaskState, bool),
    (from, until): (NaiveDate, NaiveDate),
) -> Standing {
    let today = eye.asking.today;
    match state {
        TaskState::Done => Standing::Met,
        TaskState::NotApplicable => Standing::Lapsed,
        TaskState::Todo | TaskState::Doing | TaskState::SentBack if over => Standing::Ended,
        TaskState::Todo | TaskState::Doing | TaskState::SentBack => {
            if until < today {
                Standing::Late
            } else if until == today {
                Standing::Today
            } else if state == TaskState::Todo && today < from {
                Standing::NotStarted
            } else if n_workdays(eye, today, until) <= eye.book.office.soon_workdays {
                Standing::Soon
            } else {
                Standing::Running
            }
        }
    }
}

fn n_workdays(eye: &Eye<'_>, after: NaiveDate, until: NaiveDate) -> u32 {
    let soon = eye.book.office.soon_workdays;
    let mut count = 0;
    for day in after.iter_days().skip(1).take_while(|day| *day <= until) {
        count += u32::from(eye.core.rules().calendar.is_working(day));
        if count > soon {
            break;
        }
    }
    count
}

/// A task as a row; `key` is its place in the list.
pub fn row(eye: &Eye<'_>, task: &Task, key: &[u8]) -> TaskRow {
    TaskRow {
        id: task.id,
        version: task.version,
        phase: task.phase,
        code: task.code.clone(),
        title: task.title.clone(),
        deliverable: task.deliverable.clone(),
        who: task.who.clone(),
        village: eye.book.unit(task.village),
        officer: eye.book.officer(task.officer),
        from: task.from,
        until: task.until,
        until_workday: nearest_workday(eye, task.until),
        state: task.state,
        standing: match task.done_on() {
            Some(on) if on > task.until => Standing::MetLate,
            _ => standing(eye, (task.state, task.over), (task.from, task.until)),
        },
        days_left: (task.until - eye.asking.today).num_days(),
        weight: task.weight,
        n_evidence: task.evidence.len() as u64,
        cursor: view::cursor(key),
    }
}

/// Answers `Matrix`.
///
/// # Errors
/// Not found, or a damaged ledger.
pub fn matrix(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &MatrixQuery,
) -> Result<Reply, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    if find_plan(snapshot, Some(query.plan))?.is_none() {
        return Err(Refusal::not_found().into());
    }
    let most = query.most.clamp(1, COLUMNS_MAX) as usize;
    let from = rows::column_prefix(query.plan, (query.phase, query.from));
    let span = Span::prefix(Space::Index, &rows::order_prefix(query.plan, Some(query.phase)));
    let span = Span { from, ..span };
    let mut found: BTreeMap<u32, Vec<Listed>> = BTreeMap::new();
    let (mut more, mut n_looked) = (false, 0);
    snapshot.scan(&span, Order::Forward, &mut |_, value| {
        n_looked += 1;
        let Some(listed) = rows::parse_listed(value) else { return Ok(ControlFlow::Continue(())) };
        if policy::sees_task(&asking.asker, &listed.scope) {
            more = found.len() >= most && !found.contains_key(&listed.order);
            if more {
                return Ok(ControlFlow::Break(()));
            }
            found.entry(listed.order).or_default().push(listed);
        }
        let enough = n_looked >= SCAN_MAX;
        Ok(if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    let mut columns = Vec::with_capacity(found.len());
    for (order, cells) in &found {
        let Some(first) = cells.first() else { continue };
        let Some(task) = snapshot.load::<Task>(first.id.0)? else { continue };
        columns.push(Column {
            order: *order,
            code: task.code,
            title: task.title,
            weight: task.weight,
        });
    }
    let mut table = Vec::new();
    for place in places(&eye) {
        table.push(matrix_row(&eye, snapshot, ((query.plan, query.phase), place), &found)?);
    }
    table.retain(|row| row.settled.1 > 0);
    Ok(Reply::Matrix(MatrixView { columns, rows: table, more }))
}

/// The town and its villages in a fixed order, as far as one may see them.
fn places(eye: &Eye<'_>) -> Vec<Option<UnitId>> {
    let asker = &eye.asking.asker;
    let villages = eye.book.units.values().filter(|unit| unit.kind == UnitKind::Village);
    if asker.sees_town() {
        return std::iter::once(None).chain(villages.map(|unit| Some(unit.id))).collect();
    }
    asker.village.map(Some).into_iter().collect()
}

fn matrix_row(
    eye: &Eye<'_>,
    ledger: &impl Read,
    (at, village): ((PlanId, u32), Option<UnitId>),
    found: &BTreeMap<u32, Vec<Listed>>,
) -> Result<MatrixRow, Stop> {
    let cell = |cells: &Vec<Listed>| {
        let own = cells.iter().find(|listed| listed.scope.village == village)?;
        let standing = standing(eye, (own.state, own.over), (own.from, own.until));
        Some(MatrixCell { id: own.id, state: own.state, standing })
    };
    let place = village.map_or(Place::Town, Place::Village);
    let (mut settled, mut total) = (0, 0);
    for state in TaskState::ALL {
        let count = ledger.count(&rows::state_count(at, place, *state))?;
        total += count;
        settled += if state.is_settled() { count } else { 0 };
    }
    let cells = found.values().map(cell).collect();
    let name = eye.book.unit(village);
    Ok(MatrixRow { village, name, cells, settled: (settled, total) })
}

/// Answers `Tasks`.
///
/// # Errors
/// Not found, or a damaged ledger.
pub fn tasks(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &TaskQuery,
) -> Result<Reply, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let Some(plan) = find_plan(snapshot, query.plan)? else {
        return Err(Refusal::not_found().into());
    };
    let prefix = prefix_of(plan.id, &query.list);
    let most = query.most.clamp(1, ROWS_MAX) as usize;
    let order = match query.way {
        Way::Forward => Order::Forward,
        Way::Backward | Way::FromEnd => Order::Backward,
    };
    let mut span = Span::prefix(Space::Index, &prefix);
    let from = query.from.as_ref().and_then(view::key_of);
    if let Some(from) = &from {
        let place = [prefix.as_slice(), from].concat();
        span = if order == Order::Forward { span.after(&place) } else { span.before(&place) };
    }
    let mut found: Vec<(Vec<u8>, TaskId)> = Vec::new();
    let mut n_looked = 0;
    snapshot.scan(&span, order, &mut |key, value| {
        n_looked += 1;
        if let Some(listed) = rows::parse_listed(value).filter(|row| passes(asking, query, row)) {
            found.push((key.get(prefix.len()..).unwrap_or_default().to_vec(), listed.id));
        }
        let enough = found.len() > most || n_looked >= SCAN_MAX;
        Ok(if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    let more = found.len() > most;
    found.truncate(most);
    if order == Order::Backward {
        found.reverse();
    }
    let mut page = Vec::with_capacity(found.len());
    for (place, id) in &found {
        let task: Option<Task> = snapshot.load(id.0)?;
        page.extend(task.map(|task| row(&eye, &task, place)));
    }
    let (before, after) = match query.way {
        Way::Forward => (from.is_some(), more),
        Way::Backward => (more, from.is_some()),
        Way::FromEnd => (more, false),
    };
    Ok(Reply::Tasks(TaskPage { rows: page, before, after }))
}

fn prefix_of(plan: PlanId, list: &TaskList) -> Vec<u8> {
    match list {
        TaskList::All => rows::order_prefix(plan, None),
        TaskList::Phase(phase) | TaskList::Missing(phase) => rows::order_prefix(plan, Some(*phase)),
        TaskList::Town => rows::place_prefix(plan, Place::Town),
        TaskList::Village(unit) => rows::place_prefix(plan, Place::Village(*unit)),
        TaskList::Column(phase, order) => rows::column_prefix(plan, (*phase, *order)),
        TaskList::Code(code) => rows::code_prefix(plan, code),
        TaskList::Officer(officer) => rows::officer_prefix(plan, *officer),
        TaskList::Unit(unit) => rows::unit_prefix(plan, *unit),
    }
}

fn passes(asking: &Asking, query: &TaskQuery, row: &Listed) -> bool {
    let is_owed = !row.state.is_settled() && !row.over;
    let is_missing = is_owed && row.weight == Weight::Mandatory;
    let in_list = !matches!(query.list, TaskList::Missing(_)) || is_missing;
    let in_state = query.state.is_none_or(|state| state == row.state);
    let is_late = is_owed && row.until < asking.today;
    in_list
        && in_state
        && (!query.late_only || is_late)
        && policy::sees_task(&asking.asker, &row.scope)
}

/// Answers `Task`.
///
/// # Errors
/// Not found, or a damaged ledger.
pub fn task(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    id: TaskId,
) -> Result<Reply, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let task: Option<Task> = snapshot.load(id.0)?;
    let task = task
        .filter(|task| policy::sees_task(&asking.asker, &task.scope()))
        .ok_or_else(Refusal::not_found)?;
    let plan: Option<Plan> = snapshot.load(task.plan.0)?;
    let phase = plan.and_then(|plan| plan.phases.get(&task.phase).cloned());
    let mut officers: BTreeMap<OfficerId, String> = BTreeMap::new();
    let by_turn = task.turns.values().filter_map(|turn| turn.by);
    let by_evidence = task.evidence.values().filter_map(|evidence| evidence.by);
    for id in by_turn.chain(by_evidence).chain(task.officer) {
        officers.extend(book.officer(Some(id)).map(|name| (id, name)));
    }
    let needs = needed(snapshot, &task)?;
    let seen = needs.iter().filter(|need| policy::sees_task(&asking.asker, &need.scope()));
    let needs = seen.map(|need| row(&eye, need, &[])).collect();
    Ok(Reply::Task(Box::new(TaskSheet {
        row: row(&eye, &task, &[]),
        permits: permits(asking, &task, phase.as_ref()),
        phase: phase.map(|phase| phase.name).unwrap_or_default(),
        unit: book.unit(task.unit),
        officers: officers.into_iter().collect(),
        needs,
        task,
    })))
}

/// The tasks that must be done before one: those of the same village, or of the town.
///
/// # Errors
/// A damaged ledger.
pub fn needed(ledger: &impl Read, task: &Task) -> Result<Vec<Task>, Stop> {
    let mut needed = Vec::new();
    for code in &task.needs {
        let span = Span::prefix(Space::Index, &rows::code_prefix(task.plan, code));
        let mut all: Vec<Task> = Vec::new();
        for (_, value) in ledger.page(&span, Order::Forward, SCAN_MAX)? {
            let Some(listed) = rows::parse_listed(&value) else { continue };
            all.extend(ledger.load::<Task>(listed.id.0)?);
        }
        needed.extend(task.waits_for(&all).into_iter().cloned());
    }
    Ok(needed)
}

fn permits(asking: &Asking, task: &Task, phase: Option<&Phase>) -> Vec<(Act, Option<String>)> {
    let is_closed = phase.is_some_and(|phase| phase.closed.is_some());
    let link = policy::link(&asking.asker, &task.scope());
    let state = task.state;
    let acts = Act::ALL.iter().copied().filter(|act| act.on() == Some(Kind::Task));
    let reason = |act: Act| {
        if policy::may(&asking.asker, act, link) != Verdict::Allow {
            return Some("refusal.denied");
        }
        let turns = [Act::StartTask, Act::FinishTask, Act::ExcuseTask, Act::SendBackTask];
        if is_closed && turns.contains(&act) {
            return Some("broken.task_is_over");
        }
        match (act, state) {
            (Act::StartTask, TaskState::Doing) => Some("broken.task_is_begun"),
            (Act::StartTask | Act::FinishTask | Act::ExcuseTask, TaskState::Done) => {
                Some("broken.task_is_done")
            }
            (Act::FinishTask | Act::ExcuseTask, TaskState::NotApplicable) => {
                Some("broken.task_is_excused")
            }
            (Act::SendBackTask, state) if state != TaskState::Done => {
                Some("broken.task_is_not_done")
            }
            _ => None,
        }
    };
    acts.map(|act| (act, reason(act).map(str::to_owned))).collect()
}
