//! Meetings: the list of matters, what was decided, and the orders that change them.

use crate::api::meeting::{
    DecisionPage, DecisionPart, DecisionQuery, DecisionRow, MeetingView, TabledRow,
};
use crate::api::refusal::Refusal;
use crate::api::reply::{LineRow, Reply};
use crate::api::request::ROWS_MAX;
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::ids::{CaseId, DecisionId, Kind};
use crate::domain::line::{Line, LineKind};
use crate::domain::meeting::{self as rule, Deciding, Decision, Outcome, Tabled};
use crate::domain::policy::{self, Link, Scope, Verdict};
use crate::domain::standing::Standing;
use crate::service::case::fill;
use crate::service::order::{Desk, Indexed, Made};
use crate::service::stop::Stop;
use crate::service::view::{self, Eye};
use crate::service::{Asking, Service, judge, owed};
use crate::store::key::{Order, Row, Space, Span};
use crate::store::meeting as keys;
use crate::store::read::{Read, Snapshot};
use crate::store::tables;
use crate::store::tables::line::Lined;

/// The most matters of one list.
const TABLED_MAX: usize = 200;
/// The most decisions on one case that are shown.
const OF_CASE_MAX: usize = 100;
/// The most index rows that one page of decisions looks at.
const SCAN_MAX: usize = 5_000;

/// Answers `Meeting`.
///
/// # Errors
/// A damaged ledger.
pub fn list(service: &Service, snapshot: &Snapshot, asking: &Asking) -> Result<Reply, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let span = Span::prefix(Space::Index, &keys::tabled());
    let found = snapshot.page(&span, Order::Forward, TABLED_MAX + 1)?;
    let mut view = MeetingView { rows: Vec::new(), more: found.len() > TABLED_MAX };
    for (key, _) in found.iter().take(TABLED_MAX) {
        let Some(id) = tables::last_id(key) else { continue };
        let Some(case) = visible(asking, snapshot, CaseId(id))? else { continue };
        view.rows.extend(tabled(&eye, snapshot, &case)?);
    }
    Ok(Reply::Meeting(view))
}

fn tabled(eye: &Eye<'_>, snapshot: &Snapshot, case: &Case) -> Result<Option<TabledRow>, Stop> {
    let Some(tabled) = case.tabled.clone() else { return Ok(None) };
    let last = case.steps.values().max_by_key(|step| step.on);
    let permits = eye.permits(case).into_iter();
    let permits = permits.filter(|(act, _)| policy::is_for_meetings(*act));
    let n_owed = of(snapshot, case.id)?.iter().filter(|it| it.outcome.is_none()).count();
    let row = TabledRow {
        case: eye.row(snapshot, case, &[])?,
        request: case.request.clone(),
        last: last.map(|step| (step.on, step.deed.word().to_owned(), step.text.clone())),
        by: eye.book.officer(tabled.by),
        tabled,
        n_owed: u32::try_from(n_owed).unwrap_or(u32::MAX),
        permits: permits.collect(),
    };
    eye.told(snapshot, case, row).map(Some)
}

/// Answers `Decisions`.
///
/// # Errors
/// A damaged ledger.
pub fn decisions(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &DecisionQuery,
) -> Result<Reply, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let most = query.most.clamp(1, ROWS_MAX) as usize;
    let prefix = match query.part {
        DecisionPart::Owed => keys::owed(),
        DecisionPart::Done => keys::done(),
        DecisionPart::Of(on) => keys::of_meeting(on),
    };
    let mut span = Span::prefix(Space::Index, &prefix);
    if let Some(after) = query.after.as_ref().and_then(view::key_of) {
        span = span.after(&[prefix.as_slice(), &after].concat());
    }
    let mut page = DecisionPage::default();
    for (key, _) in snapshot.page(&span, Order::Forward, SCAN_MAX)? {
        let Some(decision) = load(snapshot, &key)? else { continue };
        if query.officer.is_some_and(|officer| officer != decision.officer) {
            continue;
        }
        let Some(case) = visible(asking, snapshot, decision.case)? else { continue };
        if page.rows.len() >= most {
            page.after = true;
            break;
        }
        let place = key.get(prefix.len()..).unwrap_or_default();
        page.rows.push(row(&eye, snapshot, (&decision, &case, place))?);
    }
    Ok(Reply::Decisions(page))
}

/// The decisions on a case, the newest first; none for whoever may not read what meetings decided.
///
/// # Errors
/// A damaged ledger.
pub fn of_case(eye: &Eye<'_>, snapshot: &Snapshot, case: &Case) -> Result<Vec<DecisionRow>, Stop> {
    let mut rows = Vec::new();
    if may_read(eye.asking) {
        for decision in of(snapshot, case.id)?.iter().rev() {
            rows.push(row(eye, snapshot, (decision, case, &[]))?);
        }
    }
    Ok(rows)
}

/// Whether somebody may read what meetings work with.
pub fn may_read(asking: &Asking) -> bool {
    policy::may(&asking.asker, Act::ReadDecisions, Link::Whole) == Verdict::Allow
}

/// A line of the agenda about a decision; none if it may not be seen.
///
/// # Errors
/// A damaged ledger.
pub fn line(
    eye: &Eye<'_>,
    ledger: &Snapshot,
    (lined, key): (&Lined, &[u8]),
) -> Result<Option<LineRow>, Stop> {
    let decision: Option<Decision> = ledger.load(lined.owner.record.id)?;
    let Some(decision) = decision else { return Ok(None) };
    let Some(case) = visible(eye.asking, ledger, decision.case)? else { return Ok(None) };
    let row = eye.row(ledger, &case, key)?;
    let line = LineRow {
        record: decision.id.into(),
        version: decision.version,
        line: LineKind::Decision,
        on: lined.line.on,
        clock: Some(owed::own_clock(eye, &lined.line)),
        number: row.number,
        title: format!("{} {}", decision.text.replace('\n', " "), row.title),
        person: None,
        people: 0,
        village: None,
        state: "decision.owed".to_owned(),
        lead: row.lead,
        unit: None,
        holder: eye.book.officer(Some(decision.officer)),
        last: row.last,
        sealed: false,
        case: Some(case.id),
        cursor: row.cursor,
    };
    eye.told(ledger, &case, line).map(Some)
}

fn row(
    eye: &Eye<'_>,
    snapshot: &Snapshot,
    (decision, case, place): (&Decision, &Case, &[u8]),
) -> Result<DecisionRow, Stop> {
    let mut clock = owed::own_clock(eye, &Line::new(LineKind::Decision, decision.due_on));
    if let Some(outcome) = &decision.outcome {
        let is_late = outcome.on > decision.due_on;
        clock.standing = if is_late { Standing::MetLate } else { Standing::Met };
        clock.met_on = Some(outcome.on);
        clock.days_left = None;
    }
    let row = DecisionRow {
        id: decision.id,
        version: decision.version,
        case: case.id,
        number: case.number.clone(),
        title: case.title.clone(),
        village: eye.book.unit(case.village),
        met_on: decision.met_on,
        text: decision.text.clone(),
        officer: eye.book.officer(Some(decision.officer)),
        clock,
        outcome: decision.outcome.clone(),
        by: eye.book.officer(decision.by),
        cursor: view::cursor(place),
        permits: permits(eye.asking, decision),
    };
    eye.told(snapshot, case, row)
}

fn permits(asking: &Asking, decision: &Decision) -> Vec<(Act, Option<String>)> {
    let link = policy::link(&asking.asker, &decision.scope());
    let reason = |act| {
        if policy::may(&asking.asker, act, link) != Verdict::Allow {
            return Some("refusal.denied".to_owned());
        }
        decision.outcome.as_ref().map(|_| "broken.decision_is_done_now".to_owned())
    };
    [Act::FinishDecision, Act::EditDecision].map(|act| (act, reason(act))).to_vec()
}

/// The decisions on a case, in the order of their making.
pub(in crate::service) fn of(snapshot: &impl Read, case: CaseId) -> Result<Vec<Decision>, Stop> {
    let span = Span::prefix(Space::Index, &keys::of_case(case));
    let mut decisions = Vec::new();
    for (key, _) in snapshot.page(&span, Order::Forward, OF_CASE_MAX)? {
        decisions.extend(load(snapshot, &key)?);
    }
    Ok(decisions)
}

fn load(snapshot: &impl Read, key: &[u8]) -> Result<Option<Decision>, Stop> {
    match tables::last_id(key) {
        Some(id) => Ok(snapshot.load(id)?),
        None => Ok(None),
    }
}

fn visible(asking: &Asking, ledger: &impl Read, id: CaseId) -> Result<Option<Case>, Stop> {
    let case: Option<Case> = ledger.load(id.0)?;
    let sees = |case: &Case| {
        // A meeting has no sealed matter, not even before its readers.
        case.readers.is_none() && policy::sees(&asking.asker, &Scope::of(case), None)
    };
    Ok(case.filter(sees))
}

impl Indexed for Decision {
    fn rows(&self) -> Vec<Row> {
        keys::decision_rows(self)
    }
}

/// Puts a case on the list, or changes what the list says of it.
///
/// # Errors
/// A wrong form, a broken rule, a conflict, or a fault.
pub fn table(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let names: Vec<String> =
        desk.order.fields.keys().map(|name| format!("tabled.{name}")).collect();
    let names: Vec<&str> =
        names.iter().map(String::as_str).chain(std::iter::once("tabled")).collect();
    let case = desk.case(&names)?;
    let filled = fill(desk)?;
    let (today, by) = (desk.asking.today, desk.asking.clerk.officer);
    let fresh =
        || Tabled { on: None, put_on: today, by, difficulty: None, advice: None, question: None };
    let mut tabled = case.tabled.clone().unwrap_or_else(fresh);
    for (name, text) in [
        ("difficulty", &mut tabled.difficulty),
        ("advice", &mut tabled.advice),
        ("question", &mut tabled.question),
    ] {
        if filled.values().contains_key(name) {
            *text = filled.text(name);
        }
    }
    if filled.values().contains_key("on") {
        tabled.on = filled.date("on");
    }
    let next = rule::table(&case, tabled, today)?;
    if next == case {
        return Ok(Made::case(&case));
    }
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Puts several cases on the list; those that a rule keeps back, and those that stand there already,
/// stay as they are.
///
/// # Errors
/// A wrong form, too many, or nothing that can be put there.
pub fn table_many(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let filled = fill(desk)?;
    let ids = filled.values().get("cases").and_then(|ids| ids.as_array());
    let ids: Vec<u64> = ids.into_iter().flatten().filter_map(serde_json::Value::as_u64).collect();
    if ids.len() > TABLED_MAX {
        return Err(Broken::new("too_many_at_once").with("most", TABLED_MAX).into());
    }
    let (today, by) = (desk.asking.today, desk.asking.clerk.officer);
    let tabled = Tabled {
        on: filled.date("on"),
        put_on: today,
        by,
        difficulty: None,
        advice: None,
        question: filled.text("question"),
    };
    let mut made = None;
    let (mut n_done, mut n_left) = (0_usize, 0_usize);
    for id in ids {
        let case = visible(desk.asking, desk.work, CaseId(id))?.filter(|case| {
            let link = policy::link(&desk.asking.asker, &Scope::of(case));
            let may = policy::may(&desk.asking.asker, Act::Table, link) == Verdict::Allow;
            may && case.tabled.is_none()
        });
        let next = case.map(|case| (rule::table(&case, tabled.clone(), today), case));
        match next {
            Some((Ok(next), case)) => {
                let put = desk.put_case(&case, next)?;
                made.get_or_insert(Made::of(&put));
                n_done += 1;
            }
            // A day that has passed keeps all of them back alike.
            Some((Err(broken), _)) if broken.field.is_some() => {
                return Err(Broken { field: Some("table_many.on".to_owned()), ..broken }.into());
            }
            Some((Err(_), _)) | None => n_left += 1,
        }
    }
    let made = made.ok_or_else(|| Broken::new("nothing_to_table").with("count", n_left))?;
    Ok(Made { number: Some(format!("{n_done}/{}", n_done + n_left)), ..made })
}

/// Takes a case off the list.
///
/// # Errors
/// As [`table`].
pub fn take_off(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&["tabled"])?;
    let next = rule::take_off(&case)?;
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Writes down what a meeting decided on a case.
///
/// # Errors
/// As [`table`].
pub fn decide(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&[])?;
    let filled = fill(desk)?;
    let today = desk.asking.today;
    let officer = desk
        .officer(filled.link("officer"), "decide.officer")?
        .ok_or_else(|| Broken::new("empty").at("decide.officer"))?;
    let met_on = filled.date("met_on").unwrap_or(today);
    desk.on = met_on;
    let deciding = Deciding {
        id: DecisionId(desk.work.allot_id(Kind::Decision)?),
        text: filled.text("text").unwrap_or_default(),
        due_on: filled.date("due_on").unwrap_or(met_on),
        met_on,
        by: desk.asking.clerk.officer,
    };
    let (decision, next) = rule::decide(&case, deciding, &officer, today)?;
    let made = Made { number: Some(case.number.clone()), ..Made::of(&desk.create(decision)?) };
    if next == case {
        // Whoever looks at the case must see it all the same.
        desk.touched.add(&case);
    } else {
        desk.put_case(&case, next)?;
    }
    Ok(made)
}

/// Says what came of a decision.
///
/// # Errors
/// As [`table`].
pub fn finish(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let (decision, case) = decision(desk, &["outcome"])?;
    let filled = fill(desk)?;
    let today = desk.asking.today;
    let on = filled.date("on").unwrap_or(today);
    desk.on = on;
    let outcome = Outcome {
        on,
        entered_on: today,
        by: desk.asking.clerk.officer,
        text: filled.text("text").unwrap_or_default(),
    };
    let next = decision.finish(outcome)?;
    desk.touched.add(&case);
    Ok(Made::of(&desk.put(&decision, next)?))
}

/// Corrects a decision that is still owed.
///
/// # Errors
/// As [`table`].
pub fn edit(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let names: Vec<&str> = desk.order.fields.keys().map(String::as_str).collect();
    let (decision, case) = decision(desk, &names)?;
    let filled = fill(desk)?;
    decision.must_be_owed()?;
    let next: Decision = crate::service::case::set(&decision, filled.values())?;
    if let Some(officer) = desk.officer(filled.link("officer"), "decision.officer")? {
        rule::must_answer(&case, &officer, (desk.asking.today, "decision.officer"))?;
    }
    rule::in_time(next.due_on, next.met_on, "decision.due_on")?;
    desk.touched.add(&case);
    Ok(Made::of(&desk.put(&decision, next)?))
}

/// The decision that the order is about, with its case, if the asker may do the act on it.
fn decision(desk: &Desk<'_, '_>, depends_on: &[&str]) -> Result<(Decision, Case), Stop> {
    let id = desk.order.on.ok_or_else(Refusal::not_found)?;
    let decision: Decision = desk.work.load(id)?.ok_or_else(Refusal::not_found)?;
    let case = visible(desk.asking, desk.work, decision.case)?;
    let case = case.filter(|_| may_read(desk.asking)).ok_or_else(Refusal::not_found)?;
    let link = policy::link(&desk.asking.asker, &decision.scope());
    judge(desk.asking, desk.order.act, link)?;
    desk.in_step(&decision, depends_on)?;
    Ok((decision, case))
}
