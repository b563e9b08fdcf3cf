//! What the ledger counts now: open matters by stage, leader and responsible unit, and what came and
//! was over this month.
//!
//! Counted is what the asker may see: the rows are those of their lists, so that a sealed matter is
//! counted for its readers alone. Nothing is counted by person or by village.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use chrono::{Datelike, Days as Span, NaiveDate};

use crate::api::figure::{CountRow, CountView, Counted};
use crate::api::reply::Reply;
use crate::api::request::Whose;
use crate::domain::case::Stage;
use crate::domain::ids::{CaseId, OfficerId, UnitId};
use crate::domain::listing::{Column, Value};
use crate::domain::policy;
use crate::service::agenda::facets_of;
use crate::service::book::Book;
use crate::service::listing::{self, Groups, WEEK_DAYS};
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service};
use crate::store::key::{self, Order, Space};
use crate::store::read::{Read, Snapshot, number};
use crate::store::tables::line::{self, Days, Tally};
use crate::store::tables::{self, Facet};

/// The most open matters that are looked at.
const OPEN_MAX: usize = 50_000;
/// By what open matters are counted.
const BY: [Column; 3] = [Column::Stage, Column::Lead, Column::Unit];

/// Answers `Counts`.
///
/// # Errors
/// A damaged ledger.
pub fn read(service: &Service, snapshot: &Snapshot, asking: &Asking) -> Result<Reply, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let facets = facets_of(asking, Whose::All);
    let (open, by, cut) = open(&eye, snapshot, &facets)?;
    let mut rows = Vec::new();
    for ((by, _, value), counted) in by {
        let name = name_of(&book, by, &value);
        rows.push(CountRow { by, value, name, counted });
    }
    let month = asking.today.with_day(1).unwrap_or(asking.today);
    let days = Days { first: month, last: last_of(month) };
    Ok(Reply::Counts(Box::new(CountView {
        month,
        open,
        came: tallied(snapshot, (Tally::Came, &facets), days)?,
        over: tallied(snapshot, (Tally::Over, &facets), days)?,
        rows,
        cut,
    })))
}

/// Counts by column and place of the value in it; what has no value stands last.
pub(in crate::service) type By = BTreeMap<(Column, Option<u64>, Value), Counted>;

/// All open matters, and the same by column and value, each matter once.
///
/// # Errors
/// A damaged ledger.
pub(in crate::service) fn open(
    eye: &Eye<'_>,
    ledger: &Snapshot,
    facets: &[Facet],
) -> Result<(Counted, By, bool), Stop> {
    let groups = Groups::of(eye);
    let today = eye.asking.today;
    let week = today.checked_add_days(Span::new(WEEK_DAYS)).unwrap_or(today);
    let mut known: BTreeSet<CaseId> = BTreeSet::new();
    let (mut all, mut by, mut cut) = (Counted::default(), By::new(), false);
    for facet in facets {
        let span = key::Span::prefix(Space::Index, &tables::list_prefix(*facet, tables::Sort::Due));
        ledger.scan(&span, Order::Forward, &mut |key, value| {
            if known.len() >= OPEN_MAX {
                cut = true;
                return Ok(ControlFlow::Break(()));
            }
            let Some(row) = tables::parse_listed(key, value) else {
                return Ok(ControlFlow::Continue(()));
            };
            // A sealed row stands in its readers' lists only.
            let may = row.scope.sealed || policy::sees(&eye.asking.asker, &row.scope, None);
            if !may || !known.insert(row.id) {
                return Ok(ControlFlow::Continue(()));
            }
            let one = Counted {
                open: 1,
                late: u64::from(row.due_on.is_some_and(|due| due < today)),
                week: u64::from(row.due_on.is_some_and(|due| (today..=week).contains(&due))),
            };
            add(&mut all, one);
            for column in BY {
                let value = listing::of_case(&row, column, &groups);
                let place = place_of(&value);
                add(by.entry((column, place, value)).or_default(), one);
            }
            Ok(ControlFlow::Continue(()))
        })?;
    }
    Ok((all, by, cut))
}

fn add(sum: &mut Counted, one: Counted) {
    sum.open += one.open;
    sum.late += one.late;
    sum.week += one.week;
}

/// Where a value stands among those of its column: stages in their order, numbers as they are.
fn place_of(value: &Value) -> Option<u64> {
    match value {
        Value::Word(word) => Stage::parse(word).map(|stage| u64::from(stage.code())),
        Value::Id(id) => Some(*id),
        Value::Nothing => Some(u64::MAX),
    }
}

fn name_of(book: &Book, by: Column, value: &Value) -> Option<String> {
    let Value::Id(id) = value else { return None };
    match by {
        Column::Unit => book.unit(Some(UnitId(*id))),
        _ => book.officer(Some(OfficerId(*id))),
    }
}

/// The sum of kept counts of some days.
fn tallied(ledger: &Snapshot, (tally, facets): (Tally, &[Facet]), days: Days) -> Result<u64, Stop> {
    let mut sum = 0;
    for facet in facets {
        let span = line::counts(tally, *facet, days);
        ledger.scan(&span, Order::Forward, &mut |_, value| {
            sum += number(value)?;
            Ok(ControlFlow::Continue(()))
        })?;
    }
    Ok(sum)
}

/// The last day of a month.
fn last_of(month: NaiveDate) -> NaiveDate {
    let next = month.with_day(28).and_then(|day| day.checked_add_days(Span::new(4)));
    next.and_then(|next| next.with_day(1)).and_then(|first| first.pred_opt()).unwrap_or(month)
}
