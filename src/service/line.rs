//! Lines read from index rows: merged over owners, filtered in the scan, counted from kept rows.
//!
//! A kind of record that owes something is named once here, in [`row`]; everything else of the
//! agenda, the list of deadlines and the calendar follows from its rows.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use chrono::NaiveDate;

use crate::api::listing::LineFilter;
use crate::api::reply::LineRow;
use crate::domain::campaign::Task;
use crate::domain::case::Case;
use crate::domain::ids::{Kind, UnitId};
use crate::domain::line::{LineKind, Manner};
use crate::domain::listing::Sort;
use crate::domain::policy::{self, Scope};
use crate::service::line::found::Found;
use crate::service::line::source::Source;
use crate::service::listing::{self, Groups};
use crate::service::stop::Stop;
use crate::service::view::{self, Eye};
use crate::service::{care, duty, meeting, owed};
use crate::store::fault::Fault;
use crate::store::key::{self, Order};
use crate::store::read::{Read, Snapshot, number};
use crate::store::tables::line::{self, Days, Lined, Tally};
use crate::store::tables::{self, Facet};

pub mod found;
mod source;

/// The most index rows of one owner that one page looks at.
pub const SCAN_MAX: usize = 20_000;

/// The deed that a village answers.
const WAITING: &str = "released";

/// Which lines of an owner are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What is owed on some days.
    Owed(Days),
    /// What is owed on some days, but not the next clocks of cases nobody has decided about.
    OwedButFresh(Days),
    /// Hints that are said on a day.
    Hints(NaiveDate),
    /// New cases whose next clock ends after a day.
    Fresh(NaiveDate),
}

/// Lines of several owners, read as one list.
#[derive(Clone, Copy)]
pub struct Reading<'r> {
    /// Who looks.
    pub eye: Eye<'r>,
    /// The ledger.
    pub ledger: &'r Snapshot,
    /// Whose lines.
    pub facets: &'r [Facet],
    /// Which of them.
    pub only: &'r LineFilter,
    /// In which order, if not by day.
    pub sort: Option<Sort>,
    /// The groups of days.
    pub groups: Groups,
    /// What a text finds, if one narrows them.
    pub found: Option<&'r Found>,
}

/// A page of lines.
pub struct Page {
    /// The lines, each at its place.
    pub lines: Vec<Placed>,
    /// Whether there may be more behind them.
    pub more: bool,
    /// Whether the list was too long to be looked at whole.
    pub cut: bool,
}

/// How many lines of each kind are owed on each day.
pub type ByDay = BTreeMap<NaiveDate, BTreeMap<LineKind, u64>>;

/// A line and its place in the list of its part.
pub type Placed = (Vec<u8>, Lined);

impl Reading<'_> {
    /// The first lines of a part behind a place, at most so many, and whether there may be more.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn page(&self, part: Part, after: Option<&[u8]>, most: usize) -> Result<Page, Stop> {
        let mut merged: Vec<Placed> = Vec::new();
        let mut is_cut = false;
        for facet in self.facets {
            for source in Source::of(part, self.only) {
                // In another order what comes next may lie on any day.
                let is_by_day = self.sort.is_none();
                let span = source.span(*facet, part, after.filter(|_| is_by_day));
                let (mut n_looked, mut n_here) = (0, 0);
                self.ledger.scan(&span, Order::Forward, &mut |key, value| {
                    n_looked += 1;
                    let placed = source.parse(key, value).map(|placed| self.placed(placed));
                    let placed = placed.filter(|(place, lined)| {
                        after.is_none_or(|after| place.as_slice() > after)
                            && self.wants(part, lined)
                    });
                    if let Some(placed) = placed {
                        merged.push(placed);
                        n_here += 1;
                    }
                    is_cut |= n_looked >= SCAN_MAX;
                    let has_most = n_here > most && is_by_day && self.found.is_none();
                    let is_enough = has_most || n_looked >= SCAN_MAX;
                    Ok(if is_enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
                })?;
            }
        }
        merged.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        merged.dedup_by(|(one, _), (other, _)| one == other);
        let mut lines = Vec::new();
        for placed in merged {
            if lines.len() > most {
                break;
            }
            if self.found.map_or(Ok(true), |found| found.has(self, &placed))? {
                lines.push(placed);
            }
        }
        // In another order what was not looked at may belong anywhere, so nothing more is offered.
        let more = (is_cut && self.sort.is_none() && !lines.is_empty()) || lines.len() > most;
        lines.truncate(most);
        let is_whole = self.found.is_none_or(|found| found.is_whole);
        Ok(Page { lines, more, cut: is_cut || !is_whole })
    }

    /// A line at its place in the wanted order; by day where nothing else tells lines apart.
    fn placed(&self, (place, lined): Placed) -> Placed {
        let Some(sort) = self.sort else { return (place, lined) };
        let rank = listing::rank_of_line(&lined, sort.by);
        let head = listing::head(rank.as_deref(), sort.direction);
        (key::join(&[&head, &place]), lined)
    }

    /// How many lines each part has, none where there is no part; from kept counts where those
    /// say it, each of which is read once for all parts. Also whether not all could be counted.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn counts(&self, parts: &[Option<Part>]) -> Result<(Vec<u64>, bool), Stop> {
        let mut sums = vec![0; parts.len()];
        if self.is_by_row() {
            let mut is_cut = false;
            for (sum, part) in sums.iter_mut().zip(parts) {
                if let Some(part) = part {
                    let page = self.page(*part, None, SCAN_MAX)?;
                    *sum = page.lines.len() as u64;
                    is_cut |= page.cut;
                }
            }
            return Ok((sums, is_cut));
        }
        for facet in self.facets {
            let counted = self.counted(*facet)?;
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += part.map_or(0, |part| self.count_of(part, &counted));
            }
        }
        Ok((sums, false))
    }

    /// All kept counts of an owner's lines.
    fn counted(&self, facet: Facet) -> Result<Counted, Stop> {
        let ever = Days { first: NaiveDate::default(), last: LAST_DAY };
        let of = |tally| {
            let mut rows = Vec::new();
            self.each_count((tally, facet, ever), &mut |day, kind, n| rows.push((day, kind, n)))?;
            Ok::<_, Stop>(rows)
        };
        Ok(Counted {
            lines: of(Tally::Lines)?,
            fresh: of(Tally::Fresh)?,
            ends: of(Tally::Ends)?,
            new: self.ledger.count(&tables::fresh_count(facet))?,
        })
    }

    /// How many lines of each kind are owed on each day of some; days without any are left out. Also
    /// whether not all could be counted.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn by_day(&self, days: Days) -> Result<(ByDay, bool), Stop> {
        let mut counts = ByDay::new();
        let mut add = |day, kind, n| {
            *counts.entry(day).or_default().entry(kind).or_default() += n;
        };
        if self.is_by_row() {
            let page = self.page(Part::Owed(days), None, SCAN_MAX)?;
            for (_, lined) in &page.lines {
                add(lined.line.on, lined.line.kind, 1);
            }
            return Ok((counts, page.cut || page.more));
        }
        for facet in self.facets {
            self.each_count((Tally::Lines, *facet, days), &mut |day, kind, n| {
                let is_wanted =
                    |kind: &LineKind| kind.manner() == Manner::Owed && self.has_kind(*kind);
                if let Some(kind) = kind.filter(is_wanted).filter(|_| n > 0) {
                    add(day, kind, n);
                }
            })?;
        }
        Ok((counts, false))
    }

    /// Whether kept counts do not say it, since lines are few enough: an owner's own.
    fn is_by_row(&self) -> bool {
        let of_officers = self.facets.iter().filter(|facet| matches!(facet, Facet::Officer(_)));
        // Whoever stands in may have the same line twice.
        let is_narrowed = !self.only.narrow.is_empty();
        let of_owner = self.only.lead.is_some() || self.only.unit.is_some();
        is_narrowed || self.found.is_some() || of_owner || of_officers.count() > 1
    }

    fn count_of(&self, part: Part, counted: &Counted) -> u64 {
        let sum = |rows: &[CountedDay], days: Days, manner: Option<Manner>| {
            let fits = |kind: &Option<LineKind>| match (kind, manner) {
                (Some(kind), Some(manner)) => kind.manner() == manner && self.has_kind(*kind),
                (_, None) => true,
                (None, Some(_)) => false,
            };
            let on_days = rows.iter().filter(|(day, ..)| (days.first..=days.last).contains(day));
            on_days.filter(|(_, kind, _)| fits(kind)).map(|(.., n)| n).sum::<u64>()
        };
        match part {
            Part::Owed(days) => sum(&counted.lines, days, Some(Manner::Owed)),
            Part::OwedButFresh(days) => {
                let has_fresh = self.only.kinds.is_empty();
                let fresh = if has_fresh { sum(&counted.fresh, days, None) } else { 0 };
                sum(&counted.lines, days, Some(Manner::Owed)).saturating_sub(fresh)
            }
            Part::Hints(today) => {
                let before = Days { first: NaiveDate::default(), last: before(today) };
                let begun = Days { last: today, ..before };
                let over = sum(&counted.ends, before, Some(Manner::Hint));
                sum(&counted.lines, begun, Some(Manner::Hint)).saturating_sub(over)
            }
            Part::Fresh(_) if !self.has_kind(LineKind::Fresh) => 0,
            Part::Fresh(soon) => {
                let days = Days { first: NaiveDate::default(), last: soon };
                counted.new.saturating_sub(sum(&counted.fresh, days, None))
            }
        }
    }

    fn each_count(
        &self,
        (tally, facet, days): (Tally, Facet, Days),
        visit: &mut dyn FnMut(NaiveDate, Option<LineKind>, u64),
    ) -> Result<(), Stop> {
        let span = line::counts(tally, facet, days);
        self.ledger.scan(&span, Order::Forward, &mut |key, value| {
            let (day, kind) =
                line::counted_on(key).ok_or(Fault::Damaged("a count has an odd key"))?;
            visit(day, kind, number(value)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(())
    }

    fn has_kind(&self, kind: LineKind) -> bool {
        self.only.kinds.is_empty() || self.only.kinds.contains(&kind)
    }

    /// Whether a line is of the part and passes filters and scope; tested before it is counted.
    fn wants(&self, part: Part, lined: &Lined) -> bool {
        let line = &lined.line;
        let of_part = match part {
            Part::Owed(_) => line.kind.manner() == Manner::Owed,
            Part::OwedButFresh(_) => {
                let is_elsewhere = lined.of_fresh && self.only.kinds.is_empty();
                line.kind.manner() == Manner::Owed && !is_elsewhere
            }
            Part::Hints(today) => line.kind.manner() == Manner::Hint && line.said_until() >= today,
            Part::Fresh(soon) => line.until.is_none_or(|due| due > soon),
        };
        let owner = &lined.owner;
        let of_lead = self.only.lead.is_none_or(|lead| owner.scope.lead == Some(lead));
        let of_unit = self
            .only
            .unit
            .is_none_or(|unit| owner.unit == Some(unit) || owner.scope.village == Some(unit));
        // A sealed row stands in its readers' lists only.
        let may = owner.scope.sealed || policy::sees(&self.eye.asking.asker, &owner.scope, None);
        let narrow = &self.only.narrow;
        let fits = || narrow.passes(|column| listing::of_line(lined, column, &self.groups));
        of_part && of_lead && of_unit && may && self.has_kind(line.kind) && fits()
    }
}

/// How many lines of a kind there are on a day.
type CountedDay = (NaiveDate, Option<LineKind>, u64);

/// The kept counts of an owner's lines.
struct Counted {
    lines: Vec<CountedDay>,
    fresh: Vec<CountedDay>,
    ends: Vec<CountedDay>,
    /// New cases, whatever their clocks.
    new: u64,
}

/// The last day that any list reaches.
pub const LAST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(9_999, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// The day before a day.
pub fn before(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or_default()
}

/// A line as a row; none if the asker may not see its record.
///
/// # Errors
/// A damaged ledger.
pub fn row(
    eye: &Eye<'_>,
    ledger: &Snapshot,
    (lined, key): (&Lined, &[u8]),
) -> Result<Option<LineRow>, Stop> {
    match lined.owner.record.kind {
        Kind::Case => of_case(eye, ledger, (lined, key)),
        Kind::Task => of_task(eye, ledger, (lined, key)),
        Kind::Entry => care::line(eye, ledger, (lined, key)),
        Kind::Decision => meeting::line(eye, ledger, (lined, key)),
        Kind::Duty => duty::line(eye, ledger, (lined, key)),
        Kind::Office
        | Kind::Unit
        | Kind::Officer
        | Kind::Clerk
        | Kind::Person
        | Kind::Receipt
        | Kind::Plan
        | Kind::Indicator
        | Kind::View
        | Kind::Given => Ok(None),
    }
}

fn of_task(
    eye: &Eye<'_>,
    ledger: &Snapshot,
    (lined, key): (&Lined, &[u8]),
) -> Result<Option<LineRow>, Stop> {
    let task: Option<Task> = ledger.load(lined.owner.record.id)?;
    let asker = &eye.asking.asker;
    let Some(task) = task.filter(|task| policy::sees_task(asker, &task.scope())) else {
        return Ok(None);
    };
    Ok(Some(LineRow {
        record: task.id.into(),
        version: task.version,
        line: lined.line.kind,
        on: lined.line.on,
        clock: Some(owed::own_clock(eye, &lined.line)),
        number: task.code.clone(),
        title: task.title.clone(),
        person: None,
        people: 0,
        village: eye.book.unit(task.village),
        state: format!("choice.task_state.{}", task.state.word()),
        lead: None,
        unit: eye.book.unit(task.unit),
        holder: eye.book.officer(task.officer),
        last: None,
        sealed: false,
        case: None,
        cursor: view::cursor(key),
    }))
}

fn of_case(
    eye: &Eye<'_>,
    ledger: &Snapshot,
    (lined, key): (&Lined, &[u8]),
) -> Result<Option<LineRow>, Stop> {
    let case: Option<Case> = ledger.load(lined.owner.record.id)?;
    let asker = &eye.asking.asker;
    if let Some(case) = &case
        && let Some(village) = policy::asked_village(asker, case)
    {
        let asked = case.for_village(village);
        return Ok(Some(of_asked(eye, (&asked, village), (lined, key))));
    }
    let Some(case) =
        case.filter(|case| policy::sees(asker, &Scope::of(case), case.readers.as_ref()))
    else {
        return Ok(None);
    };
    let row = eye.row(ledger, &case, key)?;
    let (on, clock) = match lined.line.kind {
        LineKind::Fresh => (case.received_on, row.next),
        _ => (lined.line.on, owed::clock(eye, &case, &lined.line)),
    };
    Ok(Some(LineRow {
        record: case.id.into(),
        version: row.version,
        line: lined.line.kind,
        on,
        clock,
        number: row.number,
        title: row.title,
        person: row.person,
        people: row.people,
        village: row.village,
        state: format!("stage.{}", row.stage.word()),
        lead: row.lead,
        unit: row.unit,
        holder: row.holder,
        last: row.last,
        sealed: row.sealed,
        case: Some(case.id),
        cursor: row.cursor,
    }))
}

/// What a village that a petition is about owes: it sees what it was asked and nothing else.
fn of_asked(
    eye: &Eye<'_>,
    (asked, village): (&Case, UnitId),
    (lined, key): (&Lined, &[u8]),
) -> LineRow {
    LineRow {
        record: asked.id.into(),
        version: asked.version,
        line: lined.line.kind,
        on: lined.line.on,
        clock: Some(owed::own_clock(eye, &lined.line)),
        number: asked.number.clone(),
        title: asked.title.clone(),
        person: None,
        people: 0,
        village: eye.book.unit(Some(village)),
        state: format!("deed.{}", WAITING),
        lead: None,
        unit: None,
        holder: None,
        last: None,
        sealed: false,
        case: Some(asked.id),
        cursor: view::cursor(key),
    }
}
