//! Saved filters of lists: who sees which, and the orders that save, change and remove them.

use std::ops::ControlFlow;

use crate::api::listing::ViewRow;
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::ids::{Kind, OfficerId, UnitId, Version, ViewId};
use crate::domain::listing::{List, Narrow};
use crate::domain::policy::{self, Link, Verdict};
use crate::domain::record::Record;
use crate::domain::saved::{SavedView, VIEWS_MAX};
use crate::service::book::Book;
use crate::service::case::{fill, set};
use crate::service::order::{Desk, Indexed, Made};
use crate::service::stop::Stop;
use crate::service::{Asking, Service, judge};
use crate::store::key::Row;
use crate::store::read::{Read, Snapshot};
use crate::store::tables;

impl Indexed for SavedView {
    fn rows(&self) -> Vec<Row> {
        tables::plain_rows(self.reference())
    }
}

/// Answers `Views`: one's own first, then those that others share, by name.
///
/// # Errors
/// A damaged ledger.
pub fn list(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    list: Option<List>,
) -> Result<Reply, Stop> {
    let book = service.core.book();
    let seen = seen(snapshot, asking)?.into_iter();
    let mut views: Vec<SavedView> =
        seen.filter(|view| list.is_none_or(|list| view.list == list)).collect();
    views.sort_by(|one, other| {
        let key = |view: &SavedView| (view.list, view.owner != asking.clerk.id, view.name.clone());
        key(one).cmp(&key(other))
    });
    let mut rows = Vec::with_capacity(views.len());
    for view in views {
        let owner: Option<crate::domain::office::Clerk> = snapshot.load(view.owner.0)?;
        let officer = owner.as_ref().and_then(|owner| book.officer(owner.officer));
        rows.push(ViewRow {
            by: officer.or_else(|| owner.map(|owner| owner.login)),
            own: view.owner == asking.clerk.id,
            names: names(&book, &view),
            permits: permits(asking, &view),
            view,
        });
    }
    Ok(Reply::Views(rows))
}

/// The filters that somebody may know of.
fn seen(ledger: &impl Read, asking: &Asking) -> Result<Vec<SavedView>, Stop> {
    let mut seen = Vec::new();
    ledger.each::<SavedView>(&mut |view| {
        seen.extend(Some(view).filter(|view| view.is_seen_by(asking.clerk.id)));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(seen)
}

/// What a filter is called, for whoever may know of it; one that is removed was nobody else's.
///
/// # Errors
/// A damaged ledger.
pub fn name(ledger: &impl Read, asking: &Asking, id: u64) -> Result<Option<String>, Stop> {
    let view: Option<SavedView> = ledger.load(id)?;
    Ok(view.filter(|view| view.is_seen_by(asking.clerk.id)).map(|view| view.name))
}

fn names(
    book: &Book,
    view: &SavedView,
) -> std::collections::BTreeMap<crate::domain::listing::Column, String> {
    let narrow = Narrow::parse(view.list, &view.only).unwrap_or_default();
    let columns: Vec<_> = narrow.0.keys().copied().collect();
    let named = columns.into_iter().filter_map(|column| {
        let id = narrow.id(column)?;
        let name = match column.is_of_units() {
            true => book.unit(Some(UnitId(id))),
            false => book.officer(Some(OfficerId(id))),
        };
        Some((column, name?))
    });
    named.collect()
}

/// What an account is to a filter: whoever saved it has it in hand.
fn link(asking: &Asking, view: &SavedView) -> Link {
    match view.owner == asking.clerk.id {
        true if asking.asker.village.is_some() => Link::Village,
        true => Link::Handler,
        false => Link::Other,
    }
}

fn permits(asking: &Asking, view: &SavedView) -> Vec<(Act, Option<String>)> {
    let reason = |act| {
        let may = policy::may(&asking.asker, act, link(asking, view)) == Verdict::Allow;
        (act, (!may).then(|| "refusal.denied".to_owned()))
    };
    [Act::EditView, Act::RemoveView].map(reason).to_vec()
}

/// Saves, changes or removes how a list is put.
///
/// # Errors
/// A wrong form, a name that is taken, too many of them, one that is not the asker's, or a fault.
pub fn perform(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    match desk.order.act {
        Act::SaveView => save(desk),
        Act::EditView => edit(desk),
        _ => remove(desk),
    }
}

/// Saves how a list is put, under a name.
fn save(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let filled = fill(desk)?;
    let text = |name: &str| filled.text(name).unwrap_or_default();
    let list = filled.word("list", List::parse).ok_or_else(Refusal::not_found)?;
    let view = SavedView {
        id: ViewId(0),
        version: Version::default(),
        owner: desk.asking.clerk.id,
        list,
        name: text("name"),
        shared: filled.values().get("shared").and_then(serde_json::Value::as_bool) == Some(true),
        sort: text("sort"),
        only: text("only"),
        columns: text("columns"),
    };
    view.check()?;
    must_be_free(desk, &view)?;
    let id = ViewId(desk.work.allot_id(Kind::View)?);
    Ok(Made::of(&desk.create(SavedView { id, ..view })?))
}

/// Renames a filter, or shares it.
fn edit(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let view = owned(desk)?;
    let filled = fill(desk)?;
    let next: SavedView = set(&view, filled.values())?;
    next.check()?;
    must_be_free(desk, &next)?;
    Ok(Made::of(&desk.put(&view, next)?))
}

/// Removes a filter; lists that are put by it stay as they are.
fn remove(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let view = owned(desk)?;
    desk.work.remove_record(&desk.stamp(), &view, view.rows())?;
    desk.touched.add_record(view.reference());
    Ok(Made { version: view.version.next(), ..Made::of(&view) })
}

/// The filter that the order is about, if the asker may do the act on it.
fn owned(desk: &Desk<'_, '_>) -> Result<SavedView, Stop> {
    let id = desk.order.on.ok_or_else(Refusal::not_found)?;
    let view: Option<SavedView> = desk.work.load(id)?;
    let view = view.filter(|view| view.is_seen_by(desk.asking.clerk.id));
    let view = view.ok_or_else(Refusal::not_found)?;
    judge(desk.asking, desk.order.act, link(desk.asking, &view))?;
    let names: Vec<&str> = desk.order.fields.keys().map(String::as_str).collect();
    desk.in_step(&view, &names)?;
    Ok(view)
}

/// Whether its owner has no other filter of that name on that list, and not too many.
fn must_be_free(desk: &Desk<'_, '_>, view: &SavedView) -> Result<(), Stop> {
    let mut n_own = 0;
    let mut is_taken = false;
    desk.work.each::<SavedView>(&mut |other| {
        if other.owner == view.owner && other.id != view.id {
            n_own += 1;
            is_taken |= other.list == view.list && other.name == view.name;
        }
        Ok(ControlFlow::Continue(()))
    })?;
    if is_taken {
        return Err(Broken::new("view_name_is_taken")
            .at("view.name")
            .with("name", &view.name)
            .into());
    }
    if n_own >= VIEWS_MAX {
        return Err(Broken::new("too_many_views").with("most", VIEWS_MAX).into());
    }
    Ok(())
}
