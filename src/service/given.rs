//! Figures that were given: kept with what was counted then, and told beside what is counted now.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use chrono::{Datelike, NaiveDate};

use crate::api::cut::{GivenLine, GivenPage, GivenRow, GivenView};
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::Order;
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::cut::Cut;
use crate::domain::cut::pile::{Piles, Place};
use crate::domain::form::{self, Filled};
use crate::domain::given::{GivenCount, GivenFigure, Said, counts_of};
use crate::domain::ids::{GivenId, Kind};
use crate::domain::listing::Value;
use crate::domain::policy::Link;
use crate::domain::record::Record;
use crate::domain::report::Span;
use crate::service::book::Book;
use crate::service::case::fill;
use crate::service::order::{Desk, Indexed, Made};
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service, cut, judge};
use crate::store::key::Row;
use crate::store::read::{Read, Snapshot};
use crate::store::tables;

/// The most figures that are listed: the newest.
const FIGURES_MAX: usize = 500;

/// Where a number of a figure stands: its row and its column, if it is not of all of them.
type At = (Option<Place>, Option<Place>);

impl Indexed for GivenFigure {
    fn rows(&self) -> Vec<Row> {
        tables::plain_rows(self.reference())
    }
}

/// The figures that were given, of a year or of all: the one that was given last comes first.
///
/// # Errors
/// A damaged ledger.
pub fn list(service: &Service, snapshot: &Snapshot, year: Option<i32>) -> Result<Reply, Stop> {
    let book = service.core.book();
    let mut rows = Vec::new();
    snapshot.each::<GivenFigure>(&mut |own| {
        rows.push(row(&book, &own));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(Reply::Given(page(rows, year, FIGURES_MAX)))
}

/// The newest of the figures of a year, or of all, and how many there are.
fn page(mut rows: Vec<GivenRow>, year: Option<i32>, most: usize) -> GivenPage {
    let years: BTreeSet<i32> = rows.iter().map(|row| row.on.year()).collect();
    rows.retain(|row| year.is_none_or(|year| row.on.year() == year));
    rows.sort_by_key(|row| std::cmp::Reverse((row.on, row.id)));
    let n_all = rows.len() as u64;
    rows.truncate(most);
    GivenPage { rows, n_all, years: years.into_iter().rev().collect() }
}

fn row(book: &Book, own: &GivenFigure) -> GivenRow {
    GivenRow {
        id: own.id,
        cut: own.cut,
        value: own.value,
        on: own.on,
        to: own.to.clone(),
        by: book.officer(own.by),
        text: own.text.clone(),
    }
}

/// A figure that was given, beside what is counted now.
///
/// # Errors
/// There is none of that number, or a damaged ledger.
pub fn figure(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    id: GivenId,
) -> Result<Reply, Stop> {
    let own: Option<GivenFigure> = snapshot.load(id.0)?;
    let own = own.ok_or_else(Refusal::not_found)?;
    let days = own.days().ok_or_else(Refusal::not_found)?;
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let piles = cut::count(&eye, snapshot, (own.cut, days))?.piles;
    let by = own.cut.columns.unwrap_or(own.cut.rows);
    let at = |count: &GivenCount| -> At {
        let place = |dimension, value: &Option<Value>| {
            value.as_ref().map(|value| cut::place_of(&book, dimension, value))
        };
        (place(own.cut.rows, &count.row), place(by, &count.column))
    };
    let mut both: BTreeMap<At, [u64; 2]> = BTreeMap::new();
    both.insert((None, None), [u64::from(own.value), piles.total()]);
    for then in &own.counts {
        both.entry(at(then)).or_default()[0] = then.count;
    }
    for now in counts_of(&piles) {
        both.entry(at(&now)).or_default()[1] = now.count;
    }
    let line = |((row, column), [then, now]): (At, [u64; 2])| {
        let (row, column) = (row.map(|(_, value)| value), column.map(|(_, value)| value));
        let name = |dimension, value: &Option<Value>| {
            value.as_ref().and_then(|value| cut::name_of(&book, dimension, value))
        };
        GivenLine {
            row_name: name(own.cut.rows, &row),
            column_name: name(by, &column),
            row,
            column,
            then,
            now,
        }
    };
    Ok(Reply::GivenFigure(Box::new(GivenView {
        row: row(&book, &own),
        now: piles.total(),
        today: asking.today,
        lines: both.into_iter().map(line).collect(),
    })))
}

/// What an order that keeps a figure counts, before the writer is asked: many receipts may be read for
/// it. None for other orders.
///
/// # Errors
/// No such count, one that is cut off, or a damaged ledger.
pub fn counted(
    service: &Service,
    snapshot: &Snapshot,
    (asking, order): (&Asking, &Order),
) -> Result<Option<Piles>, Stop> {
    if order.act != Act::GiveFigure {
        return Ok(None);
    }
    judge(asking, Act::GiveFigure, Link::Whole)?;
    let filled = form::fill(Act::GiveFigure, &order.fields, asking.today)?;
    let (own, days) = asked(&filled, asking.today)?;
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let counted = cut::count(&eye, snapshot, (own, days))?;
    if counted.cut_off {
        return Err(Broken::new("figure_is_cut_off").at("give_figure.cut").into());
    }
    Ok(Some(counted.piles))
}

/// The count that a form names, and its days.
fn asked(filled: &Filled, today: NaiveDate) -> Result<(Cut, Span), Broken> {
    let text = filled.text("cut").unwrap_or_default();
    let own = Cut::parse(&text).map_err(|broken| broken.at("give_figure.cut"))?;
    let [days, ..] = own.days.spans(today).map_err(|broken| broken.at("give_figure.cut"))?;
    Ok((own, days))
}

/// Keeps a figure that was given, with all that was counted of it.
///
/// # Errors
/// A wrong form, a broken rule, or a fault.
pub fn give(desk: &mut Desk<'_, '_>, counted: Option<&Piles>) -> Result<Made, Stop> {
    let filled = fill(desk)?;
    let today = desk.asking.today;
    let (own, days) = asked(&filled, today)?;
    let on = filled.date("on").unwrap_or(today);
    let said = Said {
        value: filled.count("counted").unwrap_or(0),
        on,
        today,
        to: filled.text("to").unwrap_or_default(),
        by: desk.asking.clerk.officer,
        text: filled.text("text"),
    };
    let piles = counted.ok_or_else(Refusal::not_found)?;
    let figure = GivenFigure::of(own, days, piles, said)?;
    desk.on = on;
    let id = GivenId(desk.work.allot_id(Kind::Given)?);
    Ok(Made::of(&desk.create(GivenFigure { id, ..figure })?))
}

#[cfg(test)]
mod tests {
    use super::page;
    use crate::api::cut::GivenRow;
    use crate::domain::cut::Cut;
    use crate::domain::ids::GivenId;

    #[test]
    fn more_figures_than_are_listed_are_counted_and_told_by_year() {
        let row = |id: u64| GivenRow {
            id: GivenId(id),
            cut: Cut::default(),
            value: 3,
            on: format!("{}-10-20", 2024 + id % 3).parse().unwrap(),
            to: "区信访局".to_owned(),
            by: None,
            text: None,
        };
        let rows: Vec<GivenRow> = (1..=30).map(row).collect();
        let all = page(rows.clone(), None, 12);
        assert_eq!((all.rows.len(), all.n_all, all.years), (12, 30, vec![2026, 2025, 2024]));
        let (first, last) = (all.rows[0].id, all.rows[10].id);
        assert_eq!((first, last), (GivenId(29), GivenId(28)), "the newest come first");
        let one = page(rows, Some(2024), 12);
        assert_eq!((one.rows.len(), one.n_all, one.years.len()), (10, 10, 3));
    }
}
