//! Taking a change back, and making it again: the preview, and the orders.
//!
//! What was made is taken out of the ledger again: the journal keeps it, and its number is never
//! given out a second time. The inverse goes the way of any change, so that lists, agenda, index and
//! the other terminals follow.

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Order;
use crate::api::undo::{KeptRow, SHOWN_MAX, UndoQuery, UndoRow, UndoView, UndoWay};
use crate::domain::act::Act;
use crate::domain::case::Case;
use crate::domain::ids::{Kind, RequestId};
use crate::domain::step::Step;
use crate::service::clock::at_office;
use crate::service::order::{Desk, Made};
use crate::service::stop::Stop;
use crate::service::trail::Reader;
use crate::service::undo::own::{Target, Wanted};
use crate::service::undo::plan::{Item, Plan, What};
use crate::service::{Asking, Service, loading};
use crate::store::journal::{Actor, Line, TakesBack};
use crate::store::read::{Read, Snapshot};

mod forbidden;
mod own;
mod plan;
mod put;
mod tie;

/// The case of a printed number whose registration was taken back, with the line that says so.
///
/// # Errors
/// A damaged ledger.
pub fn gone(ledger: &impl Read, number: &str) -> Result<Option<(Case, Line)>, Stop> {
    Ok(put::gone(ledger, number)?)
}

/// The cases whose registration was taken back.
///
/// # Errors
/// A damaged ledger.
pub fn all_gone(ledger: &impl Read) -> Result<Vec<Case>, Stop> {
    Ok(put::all_gone(ledger)?)
}

/// Answers `TryUndo`.
///
/// # Errors
/// The change that is named is not there, or a damaged ledger.
pub fn preview(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &UndoQuery,
) -> Result<Reply, Stop> {
    let wanted = Wanted { uid: asking.session.uid, way: query.way, change: query.change };
    let Some(target) = own::find(snapshot, wanted)? else {
        return Ok(Reply::Undo(Box::new(nothing(query.way))));
    };
    let plan = Plan::make(snapshot, asking, target)?;
    let book = service.core.book();
    let reader = Reader { snapshot, asking, book: &book };
    view(&reader, &plan).map(|view| Reply::Undo(Box::new(view)))
}

fn nothing(way: UndoWay) -> UndoView {
    UndoView {
        way,
        change: None,
        act: String::new(),
        who: None,
        at: None,
        batch: false,
        count: 0,
        rows: Vec::new(),
        n_kept: 0,
        kept: Vec::new(),
        why: Some((none_key(way).to_owned(), Vec::new())),
        older: None,
    }
}

const fn none_key(way: UndoWay) -> &'static str {
    match way {
        UndoWay::Undo => "refusal.nothing_to_undo",
        UndoWay::Redo => "refusal.nothing_to_redo",
    }
}

fn view(reader: &Reader<'_>, plan: &Plan) -> Result<UndoView, Stop> {
    let mut rows = Vec::new();
    for item in plan.items.iter().filter(|item| !is_aside(item.record.kind)).take(SHOWN_MAX) {
        rows.push(row(reader, item)?);
    }
    let mut kept = Vec::new();
    for one in plan.kept.iter().take(SHOWN_MAX) {
        let name = reader.name(one.record)?.unwrap_or_default();
        let (why, field) = (one.why(), one.field.clone());
        kept.push(KeptRow { record: one.record, name, why, field });
    }
    let target = &plan.target;
    let who = match &target.actor {
        Actor::Clerk { login, .. } => Some(login.clone()),
        Actor::System => None,
    };
    Ok(UndoView {
        way: target.way,
        change: Some(target.change),
        act: target.act.clone(),
        who,
        at: Some(at_office(target.at).naive_local()),
        batch: target.is_batch,
        count: plan.items.len() as u64,
        rows,
        n_kept: plan.kept.len() as u64,
        kept,
        why: plan
            .refused
            .as_ref()
            .map(|broken| (format!("broken.{}", broken.key), broken.args.clone())),
        older: target.older,
    })
}

/// Whether records of a kind go with others and are not listed by themselves.
fn is_aside(kind: Kind) -> bool {
    kind == Kind::Receipt
}

fn row(reader: &Reader<'_>, item: &Item) -> Result<UndoRow, Stop> {
    let (mut fields, mut gone, mut back) = (Vec::new(), Vec::new(), Vec::new());
    for fact in &item.facts {
        if fact.field.starts_with("steps.") {
            gone.extend(deed_of(&fact.old));
            back.extend(deed_of(&fact.new));
        } else if !crate::domain::undo::is_derived(item.record.kind, &fact.field) {
            fields.extend(reader.changed(item.record.kind, fact));
        }
    }
    let deed = match item.what {
        What::Remove => "removed",
        What::Restore(_) => "created",
        What::Change(_) => "changed",
    };
    let name = reader.name(item.record)?.unwrap_or_default();
    Ok(UndoRow { record: item.record, name, deed: deed.to_owned(), fields, gone, back })
}

fn deed_of(step: &serde_json::Value) -> Option<String> {
    let step: Step = serde_json::from_value(step.clone()).ok()?;
    Some(step.deed.word().to_owned())
}

/// Takes a change back, or makes it again: the one that is named, or one's newest.
///
/// # Errors
/// There is none, a rule stands against it, or a fault.
pub fn perform(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let wanted = wanted(desk.order, desk.asking.session.uid)?;
    let target = own::find(desk.work, wanted)?;
    let target = target.ok_or_else(|| none(wanted.way))?;
    // Only what was shown is taken back.
    if desk.order.fields.get("act").is_some_and(|act| *act != target.act) {
        return Err(Refusal::not_found().into());
    }
    let plan = Plan::make(desk.work, desk.asking, target)?;
    if let Some(broken) = plan.refused {
        return Err(broken.into());
    }
    let (n_done, n_all) = (plan.items.len(), plan.items.len() + plan.kept.len());
    let is_batch = plan.target.is_batch;
    let has_office = plan.items.iter().any(|item| item.record.kind == Kind::Office);
    let Target { change, act, .. } = plan.target;
    desk.in_batch = is_batch;
    let mut made = put::all(desk, plan.items, &|own| TakesBack {
        change,
        act: if own.is_empty() { act.clone() } else { own.to_owned() },
    })?;
    if has_office {
        loading::follow(desk.core, desk)?;
    }
    if is_batch {
        made.number = Some(format!("{n_done}/{n_all}"));
    }
    Ok(made)
}

fn none(way: UndoWay) -> Refusal {
    let (_, key) = none_key(way).split_once('.').unwrap_or_default();
    Refusal::new(RefusalKind::NotFound, key)
}

/// Which change an order is about.
fn wanted(order: &Order, uid: u32) -> Result<Wanted, Refusal> {
    let way = if order.act == Act::Undo { UndoWay::Undo } else { UndoWay::Redo };
    let change = match order.fields.get("change").map(|text| text.trim()) {
        None | Some("") => None,
        Some(text) => Some(parse(text).ok_or_else(Refusal::not_found)?),
    };
    Ok(Wanted { uid, way, change })
}

/// The name of a change from its hexadecimal digits.
fn parse(text: &str) -> Option<RequestId> {
    u128::from_str_radix(text, 16).ok().map(RequestId)
}

/// The act that an order takes back or makes again, if there is one.
///
/// # Errors
/// A damaged ledger, or it names a change that is not there.
pub fn act_of(ledger: &impl Read, asking: &Asking, order: &Order) -> Result<Option<Act>, Stop> {
    let target = own::find(ledger, wanted(order, asking.session.uid)?)?;
    Ok(target.and_then(|target| Act::parse(&target.act)))
}
