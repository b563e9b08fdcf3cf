//! The ledger beside an export of the state system, receipt by receipt; nothing is written but that it
//! went out.
//!
//! INVARIANT: what the asker may not see counts nowhere; what is sealed is left out, also where it
//! stands in the export, for whoever may read it here.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use chrono::NaiveDate;

use crate::api::compare::{CompareQuery, CompareRow, CompareView, Differing, Found, PAGE_ROWS};
use crate::api::incoming::ImportRow;
use crate::api::reply::Reply;
use crate::domain::act::Act;
use crate::domain::case::Case;
use crate::domain::ids::RecordRef;
use crate::domain::policy::{self, Link, Scope};
use crate::domain::receipt::Receipt;
use crate::domain::text::half_width;
use crate::service::import::not_staged;
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service, export, judge, people};
use crate::store::read::{Read, Snapshot};

/// The words of the table of columns for a matter that has ended there, and for one that has not.
const CLOSED: &str = "closed";
const OPEN: &str = "open";

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
}

/// Answers for an export of the state system: what stands where.
///
/// # Errors
/// The export is not staged; no purpose or recipient where it goes out; a damaged ledger.
pub fn read(
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
    let compared = Compared::make(snapshot, &eye, &rows)?;
    // What goes out is written down once, before the first page of it.
    if let Some((purpose, recipient)) = said.filter(|_| query.from == 0) {
        let notes =
            [("purpose", purpose), ("recipient", recipient), ("rows", "compare".to_owned())];
        let n_rows = compared.rows.len() as u64;
        let parts = export::parts(&compared.about, &[]);
        export::note_about(service, asking, (&notes, n_rows), parts)?;
    }
    let count = |found: &Found| {
        let n = compared.rows.iter().filter(|row| row.found == *found).count();
        (*found, n as u64)
    };
    let from = usize::try_from(query.from).unwrap_or(usize::MAX);
    let page: Vec<CompareRow> = compared.rows.iter().skip(from).take(PAGE_ROWS).cloned().collect();
    Ok(Reply::Compare(Box::new(CompareView {
        town: book.office.town.clone(),
        today: asking.today,
        days: compared.days,
        counts: Found::ALL.iter().map(count).collect(),
        more: compared.rows.len() > from.saturating_add(page.len()),
        rows: page,
    })))
}

fn there(raw: &ImportRow) -> There {
    let text = |name: &str| {
        let (_, text) = raw.values.iter().find(|(own, _)| own == name)?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let day = |name: &str| text(name)?.parse().ok();
    There {
        row: raw.row,
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

/// What was found.
struct Compared {
    rows: Vec<CompareRow>,
    days: Option<(NaiveDate, NaiveDate)>,
    about: Vec<RecordRef>,
}

/// The rows of the export by number and by query code, and those that were met here.
struct Export<'r> {
    rows: &'r [There],
    by_number: BTreeMap<&'r str, Vec<usize>>,
    by_code: BTreeMap<&'r str, Vec<usize>>,
    met: BTreeSet<usize>,
}

impl Compared {
    fn make(ledger: &Snapshot, eye: &Eye<'_>, rows: &[There]) -> Result<Self, Stop> {
        let on = || rows.iter().filter_map(|row| row.on);
        let days = on().min().zip(on().max());
        let mut export = Export {
            rows,
            by_number: BTreeMap::new(),
            by_code: BTreeMap::new(),
            met: BTreeSet::new(),
        };
        for (at, row) in rows.iter().enumerate() {
            if let Some(number) = &row.number {
                export.by_number.entry(number).or_default().push(at);
            }
            if let Some(code) = &row.code {
                export.by_code.entry(code).or_default().push(at);
            }
        }
        let mut compared = Self { rows: Vec::new(), days, about: Vec::new() };
        let asker = &eye.asking.asker;
        ledger.each::<Case>(&mut |case| {
            if !policy::sees(asker, &Scope::of(&case), case.readers.as_ref()) {
                return Ok(ControlFlow::Continue(()));
            }
            for id in case.receipts() {
                // A receipt that went to another matter is told there.
                let receipt = ledger.load::<Receipt>(id.0)?.filter(|own| own.case == case.id);
                if let Some(receipt) = receipt {
                    compared.receipt(ledger, (&case, &receipt), &mut export)?;
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        for (_, row) in rows.iter().enumerate().filter(|(at, _)| !export.met.contains(at)) {
            let is_bare = row.number.is_none() && row.code.is_none();
            compared.rows.push(CompareRow {
                found: if is_bare { Found::BareThere } else { Found::There },
                state_number: row.number.clone().or_else(|| row.code.clone()),
                case: None,
                number: None,
                title: None,
                name: row.name.clone(),
                on: row.on,
                row: Some(row.row),
                fields: Vec::new(),
            });
        }
        compared.rows.sort_by_key(|row| (row.found, row.on, row.case, row.row));
        Ok(compared)
    }

    fn receipt(
        &mut self,
        ledger: &Snapshot,
        (case, receipt): (&Case, &Receipt),
        export: &mut Export<'_>,
    ) -> Result<(), crate::store::fault::Fault> {
        let number = receipt.state_number.as_deref().map(folded);
        let code = receipt.query_code.as_deref().map(folded);
        let at = number
            .as_deref()
            .and_then(|number| export.by_number.get(number))
            .or_else(|| export.by_code.get(code.as_deref()?));
        // Of a number that stands in several rows the first is compared.
        let at = at.cloned().unwrap_or_default();
        export.met.extend(&at);
        let is_within =
            self.days.is_none_or(|(first, last)| (first..=last).contains(&receipt.received_on));
        let met = at.first().and_then(|at| export.rows.get(*at));
        // What the state system has of an old ledger is not known, and not asked for.
        let is_asked = is_within && !receipt.imported && case.history.is_none();
        if case.readers.is_some() || (met.is_none() && !is_asked) {
            return Ok(());
        }
        let name = people::name_on(ledger, case)?;
        let fields = met.map(|met| differing((case, receipt), name.as_deref(), met));
        let found = match &fields {
            Some(fields) if fields.is_empty() => Found::Same,
            Some(_) => Found::Differs,
            None if number.is_none() && code.is_none() => Found::BareHere,
            None => Found::Here,
        };
        self.about.push(case.id.into());
        self.rows.push(CompareRow {
            found,
            state_number: receipt.state_number.clone().or_else(|| receipt.query_code.clone()),
            case: Some(case.id),
            number: Some(case.number.clone()),
            title: Some(case.title.clone()),
            name,
            on: Some(receipt.received_on),
            row: met.map(|met| met.row),
            fields: fields.unwrap_or_default(),
        });
        Ok(())
    }
}

/// The fields that are not the same; what one side does not say is no difference, but for the end.
fn differing(
    (case, receipt): (&Case, &Receipt),
    name: Option<&str>,
    there: &There,
) -> Vec<Differing> {
    let mut fields = Vec::new();
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
