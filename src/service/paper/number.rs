//! The numbers of papers in a year: which is used by which case, which was voided or left out, and
//! why.

use chrono::NaiveDate;

use crate::api::paper::{NumberRow, NumberState};
use crate::api::reply::Reply;
use crate::domain::case::Case;
use crate::domain::ids::CaseId;
use crate::domain::paper::{Bears, Paper, Seal, year_of};
use crate::domain::policy::{self, Scope};
use crate::domain::step::Deed;
use crate::service::book::Book;
use crate::service::stop::Stop;
use crate::service::{Asking, Service};
use crate::store::key::{Order, Space, Span};
use crate::store::paper;
use crate::store::read::{Read, Snapshot};

/// Numbers that are read at most of one series.
const NUMBERS_MAX: usize = 20_000;

/// The counter of a series.
pub fn counter(series: &str) -> String {
    format!("paper-{series}")
}

/// The number that a paper of a case would get now; none if it has none. Of a sealed case only one
/// that its step bears already is said: a serial would tell how many other such papers there are.
///
/// # Errors
/// A damaged ledger.
pub fn next(
    ledger: &impl Read,
    (book, today): (&Book, NaiveDate),
    (paper, case): (Paper, &Case),
) -> Result<Option<String>, Stop> {
    let prefix = book.office.papers_begin_with();
    if let Some(own) = own(ledger, (paper, case))? {
        return Ok(Some(own));
    }
    let (year, seal) = (year_of(today), Seal::of(case));
    let Some(series) = paper.series(year, seal).filter(|_| seal == Seal::Open) else {
        return Ok(None);
    };
    let serial = free(ledger, &series, |serial| paper.print(prefix, (year, seal), serial))?;
    Ok(Some(paper.print(prefix, (year, seal), serial)))
}

/// The next serial of a series whose printed number nobody bears: what was typed in a step before it
/// was its turn is passed over.
///
/// # Errors
/// A damaged ledger.
pub fn free(ledger: &impl Read, series: &str, print: impl Fn(u32) -> String) -> Result<u32, Stop> {
    let last = u32::try_from(ledger.last_number(&counter(series))?).unwrap_or(u32::MAX);
    for serial in last.saturating_add(1)..u32::MAX {
        if paper::bearers(ledger, &print(serial))?.is_empty() {
            return Ok(serial);
        }
    }
    Ok(u32::MAX)
}

/// The number that the step of a paper bears already; none that a case has or had a paper under,
/// voided or not.
///
/// # Errors
/// A damaged ledger.
pub fn own(ledger: &impl Read, (paper, case): (Paper, &Case)) -> Result<Option<String>, Stop> {
    let Some(own) = paper.own_number(case) else { return Ok(None) };
    let is_paper = |(_, _, bears): &(CaseId, u32, Bears)| *bears == Bears::Paper;
    let is_taken = paper::bearers(ledger, &own)?.iter().any(is_paper);
    Ok((!is_taken).then_some(own))
}

/// What the rows are made with.
#[derive(Clone, Copy)]
struct Eye<'e> {
    book: &'e Book,
    snapshot: &'e Snapshot,
    asking: &'e Asking,
}

/// A series: its paper, its year, and whether its cases are sealed.
#[derive(Clone, Copy)]
struct Series {
    paper: Paper,
    year: i32,
    seal: Seal,
}

/// Answers `PaperNumbers`: the numbers of each series in their order, without gaps.
///
/// # Errors
/// A damaged ledger.
pub fn list(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    year: Option<i32>,
) -> Result<Reply, Stop> {
    let year = year.unwrap_or_else(|| year_of(asking.today));
    let book = service.core.book();
    let eye = Eye { book: &book, snapshot, asking };
    let mut rows = Vec::new();
    for paper in Paper::ALL.iter().copied() {
        for seal in [Seal::Open, Seal::Sealed] {
            rows.extend(of_series(eye, Series { paper, year, seal })?);
        }
    }
    Ok(Reply::PaperNumbers(rows))
}

fn of_series(eye: Eye<'_>, of: Series) -> Result<Vec<NumberRow>, Stop> {
    let Some(series) = of.paper.series(of.year, of.seal) else { return Ok(Vec::new()) };
    let prefix = paper::numbers_prefix(&series);
    let span = Span::prefix(Space::Index, &prefix);
    let mut rows = Vec::new();
    let mut next = 1;
    for (key, _) in eye.snapshot.page(&span, Order::Forward, NUMBERS_MAX)? {
        let Some((serial, step, case)) = paper::number_of(&prefix, &key) else { continue };
        let row = used(eye, of, (serial, step, case))?;
        // Of a sealed case nobody but its readers learns that its number was given out.
        if row.state == NumberState::Withheld && of.seal == Seal::Sealed {
            next = serial + 1;
            continue;
        }
        if of.seal == Seal::Open {
            rows.extend(unused(eye, of, (&series, next, serial))?);
        }
        rows.push(row);
        next = serial + 1;
    }
    if of.seal == Seal::Open {
        let last = eye.snapshot.last_number(&counter(&series))?;
        let end = u32::try_from(last).unwrap_or(u32::MAX).saturating_add(1);
        rows.extend(unused(eye, of, (&series, next, end))?);
    }
    Ok(rows)
}

/// A number that a case holds.
fn used(
    eye: Eye<'_>,
    of: Series,
    (serial, step, case): (u32, u32, CaseId),
) -> Result<NumberRow, Stop> {
    let asker = &eye.asking.asker;
    let case: Option<Case> = eye.snapshot.load(case.0)?;
    let seen = case.filter(|case| policy::sees(asker, &Scope::of(case), case.readers.as_ref()));
    let blank = blank(eye, of, (serial, serial), NumberState::Withheld);
    let Some(case) = seen else { return Ok(blank) };
    let step = case.steps.get(&step);
    let why = step.and_then(|step| match &step.deed {
        Deed::PaperMade { voided, .. } => voided.clone(),
        _ => None,
    });
    let number = step.and_then(|step| step.document.clone()).unwrap_or(blank.number);
    Ok(NumberRow {
        number,
        state: if why.is_some() { NumberState::Voided } else { NumberState::Used },
        on: step.map(|step| step.on),
        by: step.and_then(|step| eye.book.officer(step.by)),
        case: Some(case.number.clone()),
        case_id: Some(case.id),
        why,
        ..blank
    })
}

/// The serials from one to before another under which no paper was made: left out with why, typed in
/// a step by hand, or a gap.
fn unused(
    eye: Eye<'_>,
    of: Series,
    (series, from, end): (&str, u32, u32),
) -> Result<Vec<NumberRow>, Stop> {
    let mut rows = Vec::new();
    let mut next = from;
    let all = eye.book.office.skipped.iter();
    let mut skipped: Vec<_> =
        all.filter(|(key, one)| one.is_of(series, key)).map(|(_, one)| one).collect();
    skipped.sort_by_key(|one| one.from);
    for one in skipped.into_iter().filter(|one| one.until >= from && one.from < end) {
        if next < one.from {
            rows.extend(gap(eye, of, (next, one.from - 1))?);
        }
        let (first, until) = (one.from.max(next), one.until.min(end - 1));
        let row = blank(eye, of, (first, until), NumberState::Skipped);
        rows.push(NumberRow { on: Some(one.on), why: Some(one.why.clone()), ..row });
        next = until + 1;
    }
    if next < end {
        rows.extend(gap(eye, of, (next, end - 1))?);
    }
    Ok(rows)
}

/// Serials without a paper, parted by those that a step bears.
fn gap(eye: Eye<'_>, of: Series, (from, until): (u32, u32)) -> Result<Vec<NumberRow>, Stop> {
    let prefix = eye.book.office.papers_begin_with();
    let (mut rows, mut next) = (Vec::new(), from);
    for serial in (from..=until).take(NUMBERS_MAX) {
        let number = of.paper.print(prefix, (of.year, of.seal), serial);
        let bearers = paper::bearers(eye.snapshot, &number)?;
        // A paper under it says more than the step for which it was made: whether it was voided.
        let made = bearers.iter().find(|(_, _, bears)| *bears == Bears::Paper);
        let Some((case, step, _)) = made.or(bearers.first()).copied() else { continue };
        if next < serial {
            rows.push(blank(eye, of, (next, serial - 1), NumberState::Gap));
        }
        rows.push(used(eye, of, (serial, step, case))?);
        next = serial.saturating_add(1);
    }
    if next <= until {
        rows.push(blank(eye, of, (next, until), NumberState::Gap));
    }
    Ok(rows)
}

fn blank(eye: Eye<'_>, of: Series, (serial, until): (u32, u32), state: NumberState) -> NumberRow {
    let prefix = eye.book.office.papers_begin_with();
    NumberRow {
        paper: of.paper,
        serial,
        until,
        number: of.paper.print(prefix, (of.year, of.seal), serial),
        state,
        on: None,
        by: None,
        case: None,
        case_id: None,
        why: None,
    }
}
