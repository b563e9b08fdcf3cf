//! Counts on demand: receipts of some days, by what is asked, beside the days before and last year.
//!
//! Counted is what the asker may see, but for sealed matters and those of an old ledger, which are
//! counted apart: so a figure that is given says the same whoever gives it. It is read from the
//! receipts of the days, by the day on which they came; what the ledger holds besides costs
//! nothing.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use chrono::{Datelike, Months, NaiveDate};

use crate::api::cut::{CutHead, CutQuery, CutView};
use crate::api::reply::Reply;
use crate::api::report::ReportSaid;
use crate::domain::act::Act;
use crate::domain::case::{Case, Stage};
use crate::domain::choice::{Channel, Level, Purpose, Route, Source, Tie, UnitKind};
use crate::domain::cut::pile::{One, Piles, Place};
use crate::domain::cut::{Cut, Dimension, Measure, REPEATS};
use crate::domain::ids::{PersonId, ReceiptId, UnitId};
use crate::domain::listing::Value;
use crate::domain::policy::{self, Link, Scope};
use crate::domain::receipt::Receipt;
use crate::domain::report::Span;
use crate::service::book::Book;
use crate::service::people;
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service, export, given, judge};
use crate::store::fault::Fault;
use crate::store::key::Order;
use crate::store::read::{Read, Snapshot};
use crate::store::tables::{self, line::Days};

/// The most receipts of some days that are looked at.
const RECEIPTS_MAX: usize = 500_000;
/// The most rows that are listed.
const ROWS_MAX: usize = 400;
/// The most columns that are listed.
const COLUMNS_MAX: usize = 60;
/// Where what has no value stands: last.
const NOWHERE: u64 = u64::MAX;

/// What was counted in some days.
pub struct Counted {
    /// The numbers.
    pub piles: Piles,
    /// How many receipts of matters of an old ledger there were besides.
    pub n_history: u64,
    /// How many of sealed matters that the asker reads.
    pub n_sealed: u64,
    /// Whether there were more than were looked at.
    pub cut_off: bool,
}

/// Answers `Cut`.
///
/// # Errors
/// Days that have not begun, rows and columns that are one, what is missing if it goes out, no
/// figure of that number, or a damaged ledger.
pub fn answer(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: CutQuery,
) -> Result<Reply, Stop> {
    match query {
        CutQuery::Count { cut, said } => read(service, snapshot, asking, (cut, said)),
        CutQuery::Given { year } => given::list(service, snapshot, year),
        CutQuery::Figure(id) => given::figure(service, snapshot, asking, id),
    }
}

fn read(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    (cut, said): (Cut, Option<ReportSaid>),
) -> Result<Reply, Stop> {
    let said = match said {
        Some(said) => {
            judge(asking, Act::Export, Link::Whole)?;
            Some(export::said_lines(&said.purpose, &said.recipient)?)
        }
        None => None,
    };
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    cut.check()?;
    let spans = cut.days.spans(asking.today)?;
    let view = view(&eye, snapshot, (cut, spans))?;
    if let Some((purpose, recipient)) = said {
        let notes = [
            ("purpose", purpose),
            ("recipient", recipient),
            ("rows", format!("count {}", cut.text())),
        ];
        export::note_bare(service, asking, (&notes, view.rows.len() as u64))?;
    }
    Ok(Reply::Cut(Box::new(view)))
}

fn view(
    eye: &Eye<'_>,
    ledger: &impl Read,
    (cut, spans): (Cut, [Span; 3]),
) -> Result<CutView, Stop> {
    let mut all = Vec::with_capacity(spans.len());
    let [own, ..] = spans;
    for span in spans {
        all.push(count_beside(eye, ledger, (cut, Beside { span, own }))?);
    }
    let counts = |of: &dyn Fn(&Piles) -> u64| -> [u64; 3] {
        std::array::from_fn(|at| all.get(at).map_or(0, |own| of(&own.piles)))
    };
    let head = |dimension: Dimension, place: &Place, counts: [u64; 3]| CutHead {
        value: place.1.clone(),
        name: name_of(eye.book, dimension, &place.1),
        counts,
    };
    let mut rows: BTreeSet<Place> = all.iter().flat_map(|own| own.piles.rows().cloned()).collect();
    // A village's account counts its own: a nought beside another village would be a lie.
    if eye.asking.asker.sees_town() {
        rows.extend(places(eye.book, cut.rows));
    }
    if cut.rows == Dimension::Month {
        rows = spans.first().map(|span| months(*span)).unwrap_or_default().into_iter().collect();
    }
    let own = all.first();
    let mut columns: Vec<Place> =
        own.map(|own| own.piles.columns().cloned().collect()).unwrap_or_default();
    let left_out = rows.len().saturating_sub(ROWS_MAX) + columns.len().saturating_sub(COLUMNS_MAX);
    let rows: Vec<Place> = rows.into_iter().take(ROWS_MAX).collect();
    columns.truncate(COLUMNS_MAX);
    let cell = |row: &Place, column: &Place| own.map_or(0, |own| own.piles.of_cell(row, column));
    let cells = rows.iter().map(|row| columns.iter().map(|column| cell(row, column)).collect());
    let of_rows =
        rows.iter().map(|row| head(cut.rows, row, counts(&|piles: &Piles| piles.of_row(row))));
    let by = cut.columns.unwrap_or(cut.rows);
    let of_columns = columns
        .iter()
        .map(|column| head(by, column, counts(&|piles: &Piles| piles.of_column(column))));
    Ok(CutView {
        cut,
        town: eye.book.office.town.clone(),
        today: eye.asking.today,
        spans,
        rows: of_rows.collect(),
        columns: of_columns.collect(),
        cells: cells.collect(),
        total: counts(&Piles::total),
        history: own.map_or(0, |own| own.n_history),
        sealed: own.map_or(0, |own| own.n_sealed),
        left_out: left_out as u64,
        cut_off: all.iter().any(|own| own.cut_off),
    })
}

/// Counts the receipts of some days.
///
/// # Errors
/// A damaged ledger.
pub fn count(eye: &Eye<'_>, ledger: &impl Read, (cut, span): (Cut, Span)) -> Result<Counted, Stop> {
    count_beside(eye, ledger, (cut, Beside { span, own: span }))
}

/// Days, and those beside which they are counted.
#[derive(Clone, Copy)]
struct Beside {
    span: Span,
    own: Span,
}

fn count_beside(
    eye: &Eye<'_>,
    ledger: &impl Read,
    (cut, days): (Cut, Beside),
) -> Result<Counted, Stop> {
    let mut counted =
        Counted { piles: Piles::new(cut.measure), n_history: 0, n_sealed: 0, cut_off: false };
    let mut n_seen = 0;
    let keys = tables::received(Days { first: days.span.from, last: days.span.until });
    ledger.scan(&keys, Order::Forward, &mut |key, _| {
        if n_seen == RECEIPTS_MAX {
            counted.cut_off = true;
            return Ok(ControlFlow::Break(()));
        }
        n_seen += 1;
        if let Some(id) = tables::last_id(key) {
            add(eye, ledger, (cut, days, ReceiptId(id)), &mut counted)?;
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(counted)
}

/// Adds a receipt, if it is one that is counted.
fn add(
    eye: &Eye<'_>,
    ledger: &impl Read,
    (cut, days, id): (Cut, Beside, ReceiptId),
    counted: &mut Counted,
) -> Result<(), Fault> {
    let Some(receipt) = ledger.load::<Receipt>(id.0)? else { return Ok(()) };
    let Some(case) = ledger.load::<Case>(receipt.case.0)? else { return Ok(()) };
    if !policy::sees(&eye.asking.asker, &Scope::of(&case), case.readers.as_ref()) {
        return Ok(());
    }
    if case.readers.is_some() {
        counted.n_sealed += 1;
        return Ok(());
    }
    if case.stage() == Stage::History {
        counted.n_history += 1;
        return Ok(());
    }
    let persons = match cut.measure {
        Measure::Persons => persons_of(ledger, &case)?,
        Measure::Items | Measure::Batches | Measure::People => Vec::new(),
    };
    let place = |dimension| place(dimension, (&receipt, days), &case);
    let one = One {
        people: receipt.people,
        is_visit: receipt.channel == Channel::Visit,
        persons: &persons,
    };
    counted.piles.add((place(cut.rows), cut.columns.map(place)), one);
    Ok(())
}

/// Those who raise a matter, under the number of the person that each was found to be. Who acts for
/// them, or can be called, raises nothing.
fn persons_of(ledger: &impl Read, case: &Case) -> Result<Vec<PersonId>, Fault> {
    let raises = |tie: Tie| matches!(tie, Tie::Petitioner | Tie::Representative);
    let own = case.persons.iter().filter(|(_, tie)| raises(**tie));
    own.map(|(id, _)| people::root_of(ledger, *id)).collect()
}

/// Where a receipt stands in a dimension.
fn place(dimension: Dimension, (receipt, days): (&Receipt, Beside), case: &Case) -> Place {
    let of = |at: Option<usize>, word: Option<&str>| match (at, word) {
        (Some(at), Some(word)) => (at as u64, Value::word(word)),
        _ => (NOWHERE, Value::Nothing),
    };
    let unit = |id: Option<UnitId>| match id {
        Some(id) => (id.0, Value::Id(id.0)),
        None => (NOWHERE, Value::Nothing),
    };
    match dimension {
        Dimension::Channel => {
            let at = Channel::ALL.iter().position(|own| *own == receipt.channel);
            of(at, Some(receipt.channel.word()))
        }
        Dimension::Source => {
            let at = Source::ALL.iter().position(|own| *own == receipt.source);
            of(at, Some(receipt.source.word()))
        }
        Dimension::Repeat => {
            let at = usize::from(receipt.repeat);
            of(Some(at), REPEATS.get(at).copied())
        }
        Dimension::Month => days.month(receipt.received_on),
        Dimension::Purpose => {
            let at = Purpose::ALL.iter().position(|own| Some(*own) == case.purpose);
            of(at, case.purpose.map(Purpose::word))
        }
        Dimension::Route => {
            let at = Route::ALL.iter().position(|own| Some(*own) == case.route);
            of(at, case.route.map(Route::word))
        }
        // Its words are the office's own, and stand in the order of their characters.
        Dimension::Class => of(case.class.is_some().then_some(0), case.class.as_deref()),
        Dimension::Village => unit(case.village),
        Dimension::Unit => unit(case.unit),
        Dimension::Level => {
            let at = Level::ALL.iter().position(|own| *own == case.level);
            of(at, Some(case.level.word()))
        }
        Dimension::Stage => stage(case.stage()),
    }
}

/// The number of the month of a day among all months.
fn n_month(day: NaiveDate) -> i32 {
    day.year() * 12 + i32::try_from(day.month0()).unwrap_or(0)
}

fn month(day: NaiveDate) -> Place {
    let at = u64::try_from(n_month(day)).unwrap_or(0);
    (at, Value::Word(day.format("%Y-%m").to_string()))
}

impl Beside {
    /// The month beside which a day is counted: the first of these days stands beside the first of
    /// those, and what is left over beside the last.
    fn month(self, day: NaiveDate) -> Place {
        let behind = n_month(day) - n_month(self.span.from);
        let most = n_month(self.own.until) - n_month(self.own.from);
        let months = Months::new(u32::try_from(behind.clamp(0, most)).unwrap_or(0));
        let first = self.own.from.with_day(1).unwrap_or(self.own.from);
        month(first.checked_add_months(months).unwrap_or(first))
    }
}

fn stage(stage: Stage) -> Place {
    (u64::from(stage.code()), Value::word(stage.word()))
}

/// All that could stand in a dimension, also where nothing comes from: lists in their order,
/// villages and units in that of their numbers. Of what is the office's own, or a day's, only what
/// is there.
fn places(book: &Book, dimension: Dimension) -> Vec<Place> {
    let listed = |words: &[&str]| -> Vec<Place> {
        (0..).zip(words).map(|(at, word)| (at, Value::word(word))).collect()
    };
    let units = |is: &dyn Fn(UnitKind) -> bool| -> Vec<Place> {
        let own = book.units.values().filter(|unit| is(unit.kind));
        own.map(|unit| (unit.id.0, Value::Id(unit.id.0))).collect()
    };
    match dimension {
        Dimension::Channel => listed(Channel::CHOICE.words),
        Dimension::Source => listed(Source::CHOICE.words),
        Dimension::Repeat => listed(&REPEATS),
        Dimension::Purpose => listed(Purpose::CHOICE.words),
        Dimension::Route => listed(Route::CHOICE.words),
        Dimension::Level => listed(Level::CHOICE.words),
        Dimension::Village => units(&|kind| kind == UnitKind::Village),
        Dimension::Unit => units(&|kind| matches!(kind, UnitKind::Department | UnitKind::Station)),
        Dimension::Stage => {
            let stages = Stage::ALL.into_iter().filter(|own| *own != Stage::History);
            stages.map(stage).collect()
        }
        Dimension::Month | Dimension::Class => Vec::new(),
    }
}

/// Where a value stands that was counted before.
pub fn place_of(book: &Book, dimension: Dimension, value: &Value) -> Place {
    let at = match value {
        Value::Nothing => NOWHERE,
        Value::Id(id) => *id,
        Value::Word(_) => {
            let all = places(book, dimension);
            all.iter().find(|(_, own)| own == value).map_or(0, |(at, _)| *at)
        }
    };
    (at, value.clone())
}

/// What a value is called, if it is a unit.
pub fn name_of(book: &Book, dimension: Dimension, value: &Value) -> Option<String> {
    match (dimension, value) {
        (Dimension::Village | Dimension::Unit, Value::Id(id)) => book.unit(Some(UnitId(*id))),
        _ => None,
    }
}

/// The months of some days.
fn months(span: Span) -> Vec<Place> {
    let first = span.from.with_day(1).unwrap_or(span.from);
    let months = (0..).map_while(|n| first.checked_add_months(Months::new(n)));
    months.take_while(|first| *first <= span.until).map(month).collect()
}
