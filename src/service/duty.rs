//! Recurring work: lists by period, sheets, and the orders on it.
//!
//! What is owed in a period follows from the record and the day; nothing is written ahead. A scope is
//! tested in the scan, before anything is loaded or counted.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use chrono::NaiveDate;

use crate::api::duty::{
    DutyGroup, DutyQuery, DutyRow, DutySheet, DutyView, PERIODS_MAX, ReportView,
};
use crate::api::refusal::Refusal;
use crate::api::reply::{LineRow, Reply};
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::choice::{ReportManner, ReportState, ReportWord};
use crate::domain::duty::{Duty, DutyTurn, Occasion};
use crate::domain::form::Filled;
use crate::domain::ids::{DutyId, Kind, OfficerId, PlanId};
use crate::domain::policy::{self, Verdict};
use crate::domain::standing::Standing;
use crate::service::campaign::nearest_workday;
use crate::service::case::{check_links, fill, set};
use crate::service::order::{Desk, Indexed, Made};
use crate::service::stop::Stop;
use crate::service::view::{self, Eye};
use crate::service::{Asking, Service, judge, owed};
use crate::store::duty as rows;
use crate::store::key::{Order, Row, Space, Span};
use crate::store::read::{Read, Snapshot};
use crate::store::tables::line::Lined;

impl Indexed for Duty {
    fn rows(&self) -> Vec<Row> {
        rows::duty_rows(self)
    }
}

/// All recurring work that one may see, in the order of template and villages.
///
/// # Errors
/// A damaged ledger.
pub fn all(ledger: &impl Read, asking: &Asking) -> Result<Vec<Duty>, Stop> {
    all_of(ledger, &|scope| policy::sees_duty(&asking.asker, scope))
}

/// All recurring work of the scopes that are meant, in the order of template and villages.
///
/// # Errors
/// A damaged ledger.
pub fn all_of(
    ledger: &impl Read,
    is_meant: &dyn Fn(&policy::Scope) -> bool,
) -> Result<Vec<Duty>, Stop> {
    let span = Span::prefix(Space::Index, &rows::duties_prefix());
    let mut ids = Vec::new();
    ledger.scan(&span, Order::Forward, &mut |_, value| {
        let listed = rows::parse_duty(value);
        let listed = listed.filter(|row| is_meant(&row.scope));
        ids.extend(listed.map(|row| row.id));
        Ok(ControlFlow::Continue(()))
    })?;
    let mut duties = Vec::with_capacity(ids.len());
    for id in ids {
        duties.extend(ledger.load::<Duty>(id.0)?);
    }
    Ok(duties)
}

/// Answers `Duties`.
///
/// # Errors
/// A damaged ledger.
pub fn list(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &DutyQuery,
) -> Result<Reply, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let mut groups: Vec<DutyGroup> = Vec::new();
    for duty in all(snapshot, asking)? {
        if query.code.as_ref().is_some_and(|code| *code != duty.code) {
            continue;
        }
        let Some(occasion) = wanted(&duty, query, asking.today) else { continue };
        let row = row(&eye, &duty, &occasion);
        let key = occasion.key();
        let at = groups.iter().position(|own| own.code == duty.code && own.key == key);
        let at = at.unwrap_or_else(|| {
            groups.push(group(&eye, &duty, &occasion));
            groups.len() - 1
        });
        let Some(group) = groups.get_mut(at) else { continue };
        let counted = group.counts.iter_mut().find(|(state, _)| *state == row.state);
        if let Some((_, count)) = counted {
            *count += 1;
        }
        if !query.owed_only || !row.state.is_settled() {
            group.rows.push(row);
        }
    }
    groups.retain(|group| !query.owed_only || !group.rows.is_empty());
    Ok(Reply::Duties(DutyView { groups }))
}

/// The period that a list shows of a duty: the one of the key, else the newest that has begun or
/// one before it; the first one if none has begun.
fn wanted(duty: &Duty, query: &DutyQuery, today: NaiveDate) -> Option<Occasion> {
    if let Some(key) = &query.period {
        let own = duty.period.parse_key(key)?;
        return duty.occasions().take_while(|one| one.first <= own.first).find(|one| *one == own);
    }
    let begun: Vec<Occasion> = duty.begun(today).collect();
    let back = query.back.min(PERIODS_MAX) as usize;
    match begun.len().checked_sub(1 + back) {
        Some(at) => begun.get(at).copied(),
        None if begun.is_empty() && back == 0 => duty.occasions().next(),
        None => None,
    }
}

fn group(eye: &Eye<'_>, duty: &Duty, occasion: &Occasion) -> DutyGroup {
    // A village whose report was sent back may have a day of its own; the group shows the duty's.
    let due = Duty { turns: BTreeMap::new(), ..duty.clone() }.due(occasion);
    DutyGroup {
        code: duty.code.clone(),
        title: duty.title.clone(),
        output: duty.output.clone(),
        who: duty.who.clone(),
        period: duty.period,
        key: occasion.key(),
        days: (occasion.first, occasion.last),
        due,
        due_workday: nearest_workday(eye, due),
        zero: duty.zero,
        counts: ReportState::ALL.iter().map(|state| (*state, 0)).collect(),
        rows: Vec::new(),
    }
}

/// A duty in a period as a row.
pub fn row(eye: &Eye<'_>, duty: &Duty, occasion: &Occasion) -> DutyRow {
    let key = occasion.key();
    let (due, state) = (duty.due(occasion), duty.state(&key));
    let newest = duty.newest(&key);
    let today = eye.asking.today;
    let standing = match newest.filter(|_| state.is_settled()) {
        Some(turn) if turn.on > due => Standing::MetLate,
        Some(_) => Standing::Met,
        None => owed::own_standing(eye, due),
    };
    let before = duty.begun(today).take_while(|one| one.first < occasion.first);
    let n_before = before.filter(|one| !duty.state(&one.key()).is_settled()).count();
    DutyRow {
        id: duty.id,
        version: duty.version,
        code: duty.code.clone(),
        title: duty.title.clone(),
        village: eye.book.unit(duty.village),
        officer: eye.book.officer(duty.officer),
        due,
        due_workday: nearest_workday(eye, due),
        state,
        standing,
        days_left: (due - today).num_days(),
        newest: newest.map(|turn| report_view(eye, turn)),
        n_before: u64::try_from(n_before).unwrap_or(0),
        key,
    }
}

fn report_view(eye: &Eye<'_>, turn: &DutyTurn) -> ReportView {
    ReportView {
        on: turn.on,
        entered_on: turn.entered_on,
        by: eye.book.officer(turn.by),
        reporter: turn.reporter.clone(),
        manner: turn.manner,
        signer: turn.signer.clone(),
        document: turn.document.clone(),
        place: turn.place.clone(),
        text: turn.text.clone(),
    }
}

/// Answers `Duty`.
///
/// # Errors
/// Not found, or a damaged ledger.
pub fn sheet(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    id: DutyId,
) -> Result<Reply, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let duty: Option<Duty> = snapshot.load(id.0)?;
    let duty = duty
        .filter(|duty| policy::sees_duty(&asking.asker, &duty.scope()))
        .ok_or_else(Refusal::not_found)?;
    let mut occasions: Vec<Occasion> = duty.begun(asking.today).collect();
    if occasions.is_empty() {
        occasions.extend(duty.occasions().next());
    }
    let newest = occasions.iter().rev().take(PERIODS_MAX as usize);
    let officers = duty.turns.values().filter_map(|turn| turn.by).chain(duty.officer);
    let officers: BTreeMap<OfficerId, String> =
        officers.filter_map(|id| book.officer(Some(id)).map(|name| (id, name))).collect();
    Ok(Reply::Duty(Box::new(DutySheet {
        rows: newest.map(|occasion| row(&eye, &duty, occasion)).collect(),
        unit: book.unit(duty.unit),
        officers: officers.into_iter().collect(),
        permits: permits(asking, &duty),
        duty,
    })))
}

fn permits(asking: &Asking, duty: &Duty) -> Vec<(Act, Option<String>)> {
    let link = policy::link(&asking.asker, &duty.scope());
    let acts = Act::ALL.iter().copied().filter(|act| act.on() == Some(Kind::Duty));
    let reason = |act| {
        let may = policy::may(&asking.asker, act, link) == Verdict::Allow;
        (!may).then(|| "refusal.denied".to_owned())
    };
    acts.map(|act| (act, reason(act))).collect()
}

/// The line of the agenda of recurring work: the oldest period that is owed.
///
/// # Errors
/// A damaged ledger.
pub fn line(
    eye: &Eye<'_>,
    ledger: &Snapshot,
    (lined, key): (&Lined, &[u8]),
) -> Result<Option<LineRow>, Stop> {
    let duty: Option<Duty> = ledger.load(lined.owner.record.id)?;
    let asker = &eye.asking.asker;
    let Some(duty) = duty.filter(|duty| policy::sees_duty(asker, &duty.scope())) else {
        return Ok(None);
    };
    let Some(occasion) = duty.owed() else { return Ok(None) };
    let state = duty.state(&occasion.key());
    Ok(Some(LineRow {
        record: duty.id.into(),
        version: duty.version,
        line: lined.line.kind,
        on: lined.line.on,
        clock: Some(owed::own_clock(eye, &lined.line)),
        number: duty.code.clone(),
        title: format!("{} {}", occasion.key(), duty.title),
        person: None,
        people: 0,
        village: eye.book.unit(duty.village),
        state: format!("choice.report_state.{}", state.word()),
        lead: None,
        unit: eye.book.unit(duty.unit),
        holder: eye.book.officer(duty.officer),
        last: None,
        sealed: false,
        case: None,
        cursor: view::cursor(key),
    }))
}

/// Adds the recurring work that no other of the same number and place stands for already.
///
/// # Errors
/// A fault of the ledger.
pub fn add_missing(
    desk: &mut Desk<'_, '_>,
    plan: PlanId,
    duties: Vec<Duty>,
) -> Result<usize, Stop> {
    let mut known: Vec<Duty> = Vec::new();
    desk.work.each::<Duty>(&mut |duty| {
        known.push(duty);
        Ok(ControlFlow::Continue(()))
    })?;
    let mut n_added = 0;
    for duty in duties {
        let stands = known.iter().any(|own| {
            own.code == duty.code
                && own.village == duty.village
                && own.until.is_none_or(|until| until >= duty.from)
        });
        if stands {
            continue;
        }
        let id = DutyId(desk.work.allot_id(Kind::Duty)?);
        desk.create(Duty { id, plan, ..duty })?;
        n_added += 1;
    }
    Ok(n_added)
}

/// Performs an order on recurring work.
///
/// # Errors
/// A refusal, or a fault of the ledger.
pub fn perform(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let duty = duty(desk)?;
    if desk.order.act == Act::EditDuty {
        return edit(desk, &duty);
    }
    let filled = fill(desk)?;
    desk.on = filled.date("on").unwrap_or(desk.asking.today);
    let turn = turn(desk, &duty, &filled);
    let next = match desk.order.act {
        Act::SendBackDuty => duty.send_back(turn)?,
        _ => {
            let word = filled.word("word", ReportWord::parse).unwrap_or(ReportWord::Reported);
            duty.report(word, turn)?
        }
    };
    Ok(Made::of(&desk.put(&duty, next)?))
}

fn turn(desk: &Desk<'_, '_>, duty: &Duty, filled: &Filled) -> DutyTurn {
    let today = desk.asking.today;
    let usual = match desk.order.act {
        // What was reported last is what is sent back.
        Act::SendBackDuty => duty.turns.values().next_back().map(|turn| turn.period.clone()),
        _ => duty.owed().map(|occasion| occasion.key()),
    };
    DutyTurn {
        period: filled.text("period").or(usual).unwrap_or_default(),
        state: ReportState::Owed,
        on: desk.on,
        entered_on: today,
        by: desk.asking.clerk.officer,
        reporter: filled.text("reporter"),
        manner: filled.word("via", ReportManner::parse),
        signer: filled.text("signer"),
        document: filled.text("document"),
        place: filled.text("place"),
        text: filled.text("text"),
        until: filled.date("until"),
    }
}

fn edit(desk: &mut Desk<'_, '_>, duty: &Duty) -> Result<Made, Stop> {
    let names: Vec<&str> = desk.order.fields.keys().map(String::as_str).collect();
    desk.in_step(duty, &names)?;
    let filled = fill(desk)?;
    check_links(desk, &filled)?;
    let next = set(duty, filled.values())?;
    if next.until.is_some_and(|until| until < next.from) {
        let broken = Broken::new("day_is_before_what_it_follows");
        return Err(broken.at("duty.until").with("day", next.from).into());
    }
    Ok(Made::of(&desk.put(duty, next)?))
}

/// The duty of the order, if the asker may do the act on it.
fn duty(desk: &Desk<'_, '_>) -> Result<Duty, Stop> {
    let id = desk.order.on.ok_or_else(Refusal::not_found)?;
    let duty: Duty = desk.work.load(id)?.ok_or_else(Refusal::not_found)?;
    let asker = &desk.asking.asker;
    if !policy::sees_duty(asker, &duty.scope()) {
        return Err(Refusal::not_found().into());
    }
    judge(desk.asking, desk.order.act, policy::link(asker, &duty.scope()))?;
    if desk.order.act != Act::EditDuty {
        desk.in_step(&duty, &["turns"])?;
    }
    Ok(duty)
}
