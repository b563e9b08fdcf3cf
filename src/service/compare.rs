//! The ledger beside an export of the state system, receipt by receipt; nothing is written but that it
//! went out.
//!
//! INVARIANT: what the asker may not see counts nowhere; what is sealed is left out, also where it
//! stands in the export, for whoever may read it here.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::time::Duration;

use chrono::NaiveDate;

use crate::api::compare::{
    ComparePiece, CompareQuery, CompareRow, CompareView, Differing, Found, PAGE_ROWS,
};
use crate::api::incoming::ImportRow;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::domain::act::Act;
use crate::domain::case::Case;
use crate::domain::ids::RecordRef;
use crate::domain::policy::{self, Link, Scope};
use crate::domain::receipt::Receipt;
use crate::domain::text::half_width;
use crate::service::held::{Held, Terms};
use crate::service::import::not_staged;
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service, export, judge, people};
use crate::store::fault::Fault;
use crate::store::read::{Read, Snapshot};

/// The words of the table of columns for a matter that has ended there, and for one that has not.
const CLOSED: &str = "closed";
const OPEN: &str = "open";

/// How many comparisons may be under way; the oldest gives way.
const GOING_MAX: usize = 8;
/// How long one may rest between two pages.
const REST_MAX: Duration = Duration::from_secs(60);

/// A comparison whose later pages are still to be fetched.
struct Going {
    head: CompareView,
    rows: Vec<CompareRow>,
    /// Whether it goes out as a file.
    goes_out: bool,
}

/// The comparisons that are under way: one of each user id.
pub struct Comparisons {
    going: Held<Going>,
}

impl Default for Comparisons {
    fn default() -> Self {
        Self { going: Held::new(Terms { most: GOING_MAX, rest: REST_MAX }) }
    }
}

/// A row of the export.
#[derive(Default)]
struct There {
    row: u32,
    number: Option<String>,
    code: Option<String>,
    name: Option<String>,
    on: Option<NaiveDate>,
    state: Option<String>,
    closed_on: Option<NaiveDate>,
    /// The fields whose cells cannot be read.
    unread: BTreeSet<String>,
}

/// Answers for an export of the state system: what stands where. The ledger is read once; all pages
/// are of that one look.
///
/// # Errors
/// The export is not staged; no purpose or recipient where it goes out; a damaged ledger.
pub fn begin(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &CompareQuery,
) -> Result<Reply, Stop> {
    let said = match &query.said {
        Some(said) => {
            judge(asking, Act::Export, Link::Whole)?;
            Some(export::said_lines(&said.purpose, &said.recipient)?)
        }
        None => None,
    };
    let raw = service.staging.rows(asking.session.uid, &query.file).ok_or_else(not_staged)?;
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let rows: Vec<There> = raw.iter().map(there).collect();
    let (days, mut rows) = compare(snapshot, &eye, &rows)?;
    let count = |found: &Found| {
        let n = rows.iter().filter(|row| row.found == *found).count();
        (*found, n as u64)
    };
    let counts = Found::ALL.iter().map(count).collect();
    if !query.same {
        rows.retain(|row| row.found != Found::Same);
    }
    let goes_out = said.is_some();
    // What goes out is written down once, before the first page of it.
    if let Some((purpose, recipient)) = said {
        let notes =
            [("purpose", purpose), ("recipient", recipient), ("rows", "compare".to_owned())];
        let about: Vec<RecordRef> =
            rows.iter().filter_map(|row| row.case.map(Into::into)).collect();
        let parts = export::parts(&about, &[]);
        export::note_about(service, asking, (&notes, rows.len() as u64), parts)?;
    }
    let head = CompareView {
        ticket: 0,
        town: book.office.town.clone(),
        today: asking.today,
        days,
        counts,
        rows: Vec::new(),
        more: false,
    };
    Ok(page(service, asking, (Going { head, rows, goes_out }, 0)))
}

/// Answers for a further page of it.
///
/// # Errors
/// The comparison is not under way any more, or the right to export is gone since.
pub fn piece(service: &Service, asking: &Asking, piece: &ComparePiece) -> Result<Reply, Stop> {
    let going = &service.comparisons.going;
    let going = going.take(asking.session.uid, |going| going.head.ticket == piece.ticket);
    let going = going.ok_or_else(|| Refusal::new(RefusalKind::Invalid, "compare_is_over"))?;
    if going.goes_out {
        judge(asking, Act::Export, Link::Whole)?;
    }
    Ok(page(service, asking, (going, piece.from)))
}

/// The rows from a place on; while there are some behind them, all of them are kept.
fn page(service: &Service, asking: &Asking, (mut going, from): (Going, u64)) -> Reply {
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    let rows: Vec<CompareRow> = going.rows.iter().skip(from).take(PAGE_ROWS).cloned().collect();
    let more = going.rows.len() > from.saturating_add(rows.len());
    if more && going.head.ticket == 0 {
        going.head.ticket = service.comparisons.going.ticket();
    }
    let view = CompareView { rows, more, ..going.head.clone() };
    if more {
        service.comparisons.going.put(asking.session.uid, going);
    }
    Reply::Compare(Box::new(view))
}

fn there(raw: &ImportRow) -> There {
    let text = |name: &str| {
        let (_, text) = raw.values.iter().find(|(own, _)| own == name)?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let day = |name: &str| text(name)?.parse().ok();
    let unread = raw.problems.iter().map(|(field, _)| field.clone()).collect();
    There {
        row: raw.row,
        unread,
        number: text("state_number").map(|number| folded(&number)),
        code: text("query_code").map(|code| folded(&code)),
        name: text("name"),
        on: day("received_on"),
        state: text("state"),
        closed_on: day("closed_on"),
    }
}

/// A number or a name as it is compared: without blanks, in half width, in capitals.
fn folded(text: &str) -> String {
    let text = half_width(text);
    let kept = text.chars().filter(|char| !char.is_whitespace());
    kept.collect::<String>().to_uppercase()
}

/// The rows of the export by number and by query code, and those that were met here.
struct Export<'r> {
    rows: &'r [There],
    by_number: BTreeMap<&'r str, Vec<usize>>,
    by_code: BTreeMap<&'r str, Vec<usize>>,
    met: BTreeSet<usize>,
}

impl<'r> Export<'r> {
    fn new(rows: &'r [There]) -> Self {
        let (mut by_number, mut by_code) = (BTreeMap::new(), BTreeMap::new());
        for (at, row) in rows.iter().enumerate() {
            if let Some(number) = row.number.as_deref() {
                by_number.entry(number).or_insert_with(Vec::new).push(at);
            }
            if let Some(code) = row.code.as_deref() {
                by_code.entry(code).or_insert_with(Vec::new).push(at);
            }
        }
        Self { rows, by_number, by_code, met: BTreeSet::new() }
    }

    /// The rows of a number, or else of a code; from now on they count as met.
    fn meet(&mut self, (number, code): (Option<&str>, Option<&str>)) -> Vec<usize> {
        let all = number.and_then(|number| self.by_number.get(number));
        let all = all.or_else(|| self.by_code.get(code?)).cloned().unwrap_or_default();
        self.met.extend(&all);
        all
    }

    /// How many rows have the number of a row, or the code if it has no number.
    fn n_alike(&self, row: &There) -> usize {
        let all = match (&row.number, &row.code) {
            (Some(number), _) => self.by_number.get(number.as_str()),
            (None, Some(code)) => self.by_code.get(code.as_str()),
            (None, None) => None,
        };
        all.map_or(1, Vec::len)
    }
}

/// A receipt beside the export: its number as it is compared, the rows that have it, and what is told.
struct Here {
    key: Option<String>,
    at: Vec<usize>,
    row: CompareRow,
}

/// The first and the last day of an export.
type Days = Option<(NaiveDate, NaiveDate)>;

/// What stands where, list by list, and of which days the export is.
fn compare(
    ledger: &Snapshot,
    eye: &Eye<'_>,
    rows: &[There],
) -> Result<(Days, Vec<CompareRow>), Stop> {
    let on = || rows.iter().filter_map(|row| row.on);
    let days = on().min().zip(on().max());
    let mut export = Export::new(rows);
    let mut all = Vec::new();
    let asker = &eye.asking.asker;
    ledger.each::<Case>(&mut |case| {
        if !policy::sees(asker, &Scope::of(&case), case.readers.as_ref()) {
            return Ok(ControlFlow::Continue(()));
        }
        for id in case.receipts() {
            // A receipt that went to another matter is told there.
            let receipt = ledger.load::<Receipt>(id.0)?.filter(|own| own.case == case.id);
            if let Some(receipt) = receipt {
                all.extend(here(ledger, (&case, &receipt), (&mut export, days))?);
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let mut found = told(all, &export);
    for (_, row) in rows.iter().enumerate().filter(|(at, _)| !export.met.contains(at)) {
        let is_bare = row.number.is_none() && row.code.is_none();
        let list = if is_bare { Found::BareThere } else { Found::There };
        found.push(alone(list, row, (0, export.n_alike(row))));
    }
    found.sort_by_key(|row| (row.found, row.on, row.case, row.row));
    Ok((days, found))
}

/// A row of the export that stands by itself in a list.
fn alone(found: Found, row: &There, n_alike: (usize, usize)) -> CompareRow {
    let mut fields = unread(row, &|_| None);
    fields.extend(twice(n_alike));
    CompareRow {
        found,
        state_number: row.number.clone().or_else(|| row.code.clone()),
        case: None,
        number: None,
        title: None,
        name: row.name.clone(),
        on: row.on,
        row: Some(row.row),
        fields,
    }
}

/// A receipt beside the export; none if it is not asked for.
fn here(
    ledger: &Snapshot,
    (case, receipt): (&Case, &Receipt),
    (export, days): (&mut Export<'_>, Days),
) -> Result<Option<Here>, Fault> {
    let number = receipt.state_number.as_deref().map(folded);
    let code = receipt.query_code.as_deref().map(folded);
    let at = export.meet((number.as_deref(), code.as_deref()));
    let is_within = days.is_none_or(|(first, last)| (first..=last).contains(&receipt.received_on));
    // Of a number that stands in several rows the first is compared.
    let met = at.first().and_then(|at| export.rows.get(*at));
    // What the state system has of an old ledger is not known, and not asked for.
    let is_asked = is_within && !receipt.imported && case.history.is_none();
    if case.readers.is_some() || (met.is_none() && !is_asked) {
        return Ok(None);
    }
    let name = people::name_on(ledger, case)?;
    let fields = met.map(|met| differing((case, receipt), name.as_deref(), met));
    let found = match &fields {
        Some(fields) if fields.is_empty() => Found::Same,
        Some(_) => Found::Differs,
        None if number.is_none() && code.is_none() => Found::BareHere,
        None => Found::Here,
    };
    let row = CompareRow {
        found,
        state_number: receipt.state_number.clone().or_else(|| receipt.query_code.clone()),
        case: Some(case.id),
        number: Some(case.number.clone()),
        title: Some(case.title.clone()),
        name,
        on: Some(receipt.received_on),
        row: met.map(|met| met.row),
        fields: fields.unwrap_or_default(),
    };
    Ok(Some(Here { key: number.or(code), at, row }))
}

/// What is told of the receipts: a number that several of them have, or several rows, makes none of
/// them the same, and each of those rows is told.
fn told(all: Vec<Here>, export: &Export<'_>) -> Vec<CompareRow> {
    let mut n_of = BTreeMap::<String, usize>::new();
    // A row may also be met by the number of one receipt and by the code of another.
    let mut n_met = BTreeMap::<usize, usize>::new();
    for own in &all {
        own.key.iter().for_each(|key| *n_of.entry(key.clone()).or_default() += 1);
        own.at.first().into_iter().for_each(|at| *n_met.entry(*at).or_default() += 1);
    }
    let (mut found, mut extra) = (Vec::new(), BTreeMap::new());
    for Here { key, at, mut row } in all {
        let n_of = key.as_ref().and_then(|key| n_of.get(key)).copied().unwrap_or(1);
        let n_met = at.first().and_then(|at| n_met.get(at)).copied().unwrap_or(1);
        let n_alike = (n_of.max(n_met), at.len());
        row.fields.extend(twice(n_alike));
        if row.found == Found::Same && !row.fields.is_empty() {
            row.found = Found::Differs;
        }
        found.push(row);
        extra.extend(at.into_iter().skip(1).map(|at| (at, n_alike)));
    }
    let extra = extra
        .into_iter()
        .filter_map(|(at, n_alike)| Some(alone(Found::Differs, export.rows.get(at)?, n_alike)));
    found.extend(extra);
    found
}

/// That a number stands more than once here or there.
fn twice((here, there): (usize, usize)) -> Option<Differing> {
    (here > 1 || there > 1).then(|| Differing {
        field: "twice".to_owned(),
        here: Some(here.to_string()),
        there: Some(there.to_string()),
    })
}

/// The cells of a row that cannot be read, beside what stands here.
fn unread(row: &There, here: &dyn Fn(&str) -> Option<String>) -> Vec<Differing> {
    let cells = row.unread.iter().map(|field| Differing {
        field: field.clone(),
        here: here(field),
        there: Some("compare.unread".to_owned()),
    });
    cells.collect()
}

/// The fields that are not the same; what one side does not say is no difference, but for the end.
fn differing(
    (case, receipt): (&Case, &Receipt),
    name: Option<&str>,
    there: &There,
) -> Vec<Differing> {
    let mut fields = unread(there, &|field| match field {
        "name" => name.map(str::to_owned),
        "received_on" => Some(receipt.received_on.to_string()),
        "state" => Some(format!("stage.{}", case.stage().word())),
        "closed_on" => case.ended_on().map(|on| on.to_string()),
        "state_number" => receipt.state_number.clone(),
        _ => receipt.query_code.clone(),
    });
    let mut note = |field: &str, here: Option<String>, there: Option<String>| {
        fields.push(Differing { field: field.to_owned(), here, there });
    };
    if let (Some(here), Some(said)) = (name, &there.name)
        && folded(here) != folded(said)
        && !is_masked(said)
    {
        note("name", Some(here.to_owned()), Some(said.clone()));
    }
    if let Some(on) = there.on.filter(|on| *on != receipt.received_on) {
        note("received_on", Some(receipt.received_on.to_string()), Some(on.to_string()));
    }
    let ended = (!case.stage().is_open()).then(|| case.ended_on()).flatten();
    let says_ended = match there.state.as_deref() {
        Some(CLOSED) => Some(true),
        Some(OPEN) => Some(false),
        _ => there.closed_on.map(|_| true),
    };
    if let Some(says) = says_ended.filter(|says| *says == case.stage().is_open()) {
        let here = format!("stage.{}", case.stage().word());
        let there = if says { CLOSED } else { OPEN };
        note("state", Some(here), Some(format!("compare.state.{there}")));
    } else if let (Some(here), Some(said)) = (ended, there.closed_on)
        && here != said
    {
        note("closed_on", Some(here.to_string()), Some(said.to_string()));
    }
    fields
}

/// Whether a name was masked there, so that it says nothing.
fn is_masked(name: &str) -> bool {
    name.contains(['*', '\u{d7}', '\u{25cb}', '\u{67d0}'])
}
