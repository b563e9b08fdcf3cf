//! The indicators of the plan: what was typed in, month by month, against what is aimed at.
//!
//! Totals only; a request for them answers with nothing about any person, case or unit.

use std::collections::BTreeMap;

use chrono::Datelike;

use crate::api::figure::{FigureRow, FigureRule, FigureStanding, FigureView};
use crate::api::reply::Reply;
use crate::domain::act::Act;
use crate::domain::choice::IndicatorKey;
use crate::domain::figure::{Figure, Indicator};
use crate::domain::ids::{IndicatorId, Kind, Version};
use crate::domain::policy::{self, Link, Verdict};
use crate::law::figure::{self as aims, Aim, Target};
use crate::service::case::fill;
use crate::service::order::{Desk, Indexed, Made};
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service};
use crate::store::duty as rows;
use crate::store::key::{Order, Row, Space, Span};
use crate::store::read::{Read, Snapshot};
use crate::store::tables;

/// The most indicators of a year.
const INDICATORS_MAX: usize = 100;

impl Indexed for Indicator {
    fn rows(&self) -> Vec<Row> {
        rows::indicator_rows(self)
    }
}

/// Answers `Figures`.
///
/// # Errors
/// A damaged ledger.
pub fn list(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    year: Option<i32>,
) -> Result<Reply, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let year = year.unwrap_or_else(|| asking.today.year());
    let (this, last) = (of_year(snapshot, year)?, of_year(snapshot, year - 1)?);
    let aims = aims::aims();
    let rows = aims.iter().map(|aim| row(&eye, aim, (this.get(&aim.key), last.get(&aim.key))));
    let may = policy::may(&asking.asker, Act::EnterFigure, Link::Whole) == Verdict::Allow;
    Ok(Reply::Figures(Box::new(FigureView {
        year,
        population: book.office.population,
        rows: rows.collect(),
        permits: vec![(Act::EnterFigure, (!may).then(|| "refusal.denied".to_owned()))],
    })))
}

fn row(eye: &Eye<'_>, aim: &Aim, years: (Option<&Indicator>, Option<&Indicator>)) -> FigureRow {
    let measured = aims::measure(aim, years, eye.book.office.population);
    let month = |month: u32| years.0?.months.get(&month).map(|figure| figure.value);
    let newest = years.0.and_then(Indicator::newest);
    FigureRow {
        key: aim.key,
        measure: aim.measure.clone(),
        rule: match aim.target {
            Target::Zero => FigureRule::Zero,
            Target::Ceiling(per) => FigureRule::Ceiling(per),
            Target::Less => FigureRule::Less,
        },
        months: (1..=12).map(month).collect(),
        total: measured.total,
        until: measured.until,
        gaps: measured.n_gaps,
        last_year: measured.last_year,
        ceiling: measured.ceiling,
        headroom: measured.headroom(),
        standing: match measured.verdict {
            aims::Verdict::Unknown => FigureStanding::Unknown,
            aims::Verdict::Met => FigureStanding::Met,
            aims::Verdict::Level => FigureStanding::Level,
            aims::Verdict::Missed => FigureStanding::Missed,
        },
        newest: newest
            .map(|(_, figure)| (figure.source.clone(), figure.on, eye.book.officer(figure.by))),
    }
}

fn of_year(ledger: &impl Read, year: i32) -> Result<BTreeMap<IndicatorKey, Indicator>, Stop> {
    let span = Span::prefix(Space::Index, &rows::indicator_prefix(year, None));
    let mut found = BTreeMap::new();
    for (key, _) in ledger.page(&span, Order::Forward, INDICATORS_MAX)? {
        let Some(id) = tables::last_id(&key) else { continue };
        found.extend(ledger.load::<Indicator>(id)?.map(|own| (own.key, own)));
    }
    Ok(found)
}

/// Enters or corrects the total of a month.
///
/// # Errors
/// A wrong form, a broken rule, or a fault.
pub fn enter(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let filled = fill(desk)?;
    let today = desk.asking.today;
    let key = filled.word("indicator", IndicatorKey::parse).unwrap_or(IndicatorKey::G1a);
    let year = filled.count("year").and_then(|year| i32::try_from(year).ok()).unwrap_or(0);
    let on = filled.date("on").unwrap_or(today);
    let figure = Figure {
        value: filled.count("value").unwrap_or(0),
        source: filled.text("source").unwrap_or_default(),
        on,
        entered_on: today,
        by: desk.asking.clerk.officer,
        text: filled.text("text"),
    };
    desk.on = on;
    let month = filled.count("month").unwrap_or(0);
    let span = Span::prefix(Space::Index, &rows::indicator_prefix(year, Some(key)));
    let there = desk.work.page(&span, Order::Forward, 1)?.pop();
    let there = there.and_then(|(key, _)| tables::last_id(&key));
    let there: Option<Indicator> = match there {
        Some(id) => desk.work.load(id)?,
        None => None,
    };
    if let Some(old) = there {
        let next = old.enter(month, figure)?;
        return Ok(Made::of(&desk.put(&old, next)?));
    }
    let (id, version) = (IndicatorId(0), Version::default());
    let blank = Indicator { id, version, key, year, months: BTreeMap::new() };
    let next = blank.enter(month, figure)?;
    let id = IndicatorId(desk.work.allot_id(Kind::Indicator)?);
    Ok(Made::of(&desk.create(Indicator { id, ..next })?))
}
