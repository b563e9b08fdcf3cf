//! `compare FILE`: the ledger beside an export of the state system, as lists, as one JSON document, or
//! as a file.

use std::ops::ControlFlow;

use clap::ArgMatches;

use crate::api::compare::{ComparePiece, CompareQuery, CompareRow, CompareView, Found};
use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::report::ReportSaid;
use crate::api::request::Request;
use crate::api::village::SheetQuery;
use crate::cli::export::{self, PURPOSE, RECIPIENT};
use crate::cli::import::reading::{Source, read_all};
use crate::cli::print::{Printed, file_of, written};
use crate::cli::tell::{Outcome, Told, Voice, table};
use crate::exchange::columns::Topic;
use crate::exchange::document::{Column, Document, Grid, Held, Part};
use crate::exchange::paper::layout::Sheet;
use crate::locale::{self, Lang};
use crate::tui::incoming::differs;

/// The fields by one of which a row is found here.
const NUMBERS: [&str; 2] = ["state_number", "query_code"];
/// The columns of a list in a document, each with its width in millimetres.
const COLUMNS: [(&str, u32); 6] =
    [("state_number", 38), ("number", 30), ("name", 22), ("on", 24), ("title", 60), ("fields", 80)];

fn odd() -> Refusal {
    Refusal::new(RefusalKind::Fault, "fault")
}

/// Runs the command.
///
/// # Errors
/// A file that cannot be read or has no numbers, what is missing, or a refusal.
pub fn compare(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let file = matches.get_one::<String>("output").map(|_| file_of(matches)).transpose()?;
    let name = matches.get_one::<String>("file").map_or("", String::as_str);
    let sheet = matches.get_one::<String>("sheet").cloned();
    let source = Source::open(name, sheet)?;
    let hash = stage(door, source)?;
    let Some(out) = file else {
        let view = whole(door, CompareQuery { file: hash, same: voice.json, said: None })?;
        voice.say(&view, |lang| text(lang, &view))?;
        return Ok(if is_even(&view) { Told::Done } else { Told::Nothing });
    };
    let said = export::said(door, voice.lang, matches)?;
    let own = ReportSaid { purpose: said.purpose, recipient: said.recipient };
    let query = CompareQuery { file: hash, same: true, said: Some(own.clone()) };
    let printed = page(door, voice.lang, query)?;
    if said.is_typed {
        export::remember(door, [(PURPOSE, own.purpose), (RECIPIENT, own.recipient)]);
    }
    written(voice, (out, matches), &printed)
}

/// Whether both say the same.
fn is_even(view: &CompareView) -> bool {
    view.counts.iter().all(|(found, n)| *found == Found::Same || *n == 0)
}

/// Reads an export and keeps its rows aside; gives the name under which they are.
///
/// # Errors
/// It cannot be read, or has no column of numbers; a refusal.
pub fn stage(door: &mut dyn Door, mut source: Source) -> Result<String, Refusal> {
    source.topic = Topic::State;
    let read = read_all(door, &source, (&[], &mut |_| ControlFlow::Continue(())))?;
    let columns = read.report.mappings.iter().flat_map(|mapping| &mapping.columns);
    let has_numbers =
        columns.map(|column| column.field.as_str()).any(|field| NUMBERS.contains(&field));
    if has_numbers {
        Ok(source.hash)
    } else {
        Err(Refusal::new(RefusalKind::Invalid, "compare_needs_numbers"))
    }
}

/// The whole comparison with what is kept aside.
///
/// # Errors
/// A refusal.
pub fn whole(door: &mut dyn Door, query: CompareQuery) -> Result<CompareView, Refusal> {
    let mut ask = |query| match door.call(Request::Sheets(query))? {
        Reply::Compare(page) => Ok(*page),
        _ => Err(odd()),
    };
    let mut view = ask(SheetQuery::Compare(query))?;
    while view.more {
        let from = view.rows.len() as u64;
        let page = ask(SheetQuery::ComparePiece(ComparePiece { ticket: view.ticket, from }))?;
        view.more = page.more && !page.rows.is_empty();
        view.rows.extend(page.rows);
    }
    Ok(view)
}

/// The comparison as a document.
///
/// # Errors
/// A refusal.
pub fn page(door: &mut dyn Door, lang: Lang, query: CompareQuery) -> Result<Printed, Refusal> {
    let view = whole(door, query)?;
    let label = |key: &str| locale::text(lang, &format!("compare.column.{key}"));
    let parts = Found::ALL.iter().map(|found| {
        let rows: Vec<&CompareRow> = view.rows.iter().filter(|row| row.found == *found).collect();
        let title = locale::text(lang, &format!("compare.found.{}", found.word()));
        let grid = Grid {
            columns: COLUMNS.map(|(key, width)| Column::new(label(key), width)).into(),
            rows: rows.iter().map(|row| cells(lang, row).map(Held::Text).into()).collect(),
            ..Grid::default()
        };
        Part {
            name: title.clone(),
            title: format!("{title} {}", rows.len()),
            lines: vec![head(lang, &view)],
            grids: vec![grid],
            ..Part::default()
        }
    });
    let stem = format!("{}-{}", locale::text(Lang::Zh, "cmd.compare"), view.today);
    Ok(Printed {
        document: Document { sheet: Sheet::Across, parts: parts.collect() },
        stem,
        n_rows: view.rows.len() as u64,
        n_sealed: 0,
    })
}

fn head(lang: Lang, view: &CompareView) -> String {
    let days = view.days.map(|(first, last)| format!("{first}..{last}"));
    let args = [
        ("town", view.town.clone()),
        ("today", view.today.to_string()),
        ("days", days.unwrap_or_default()),
    ];
    locale::fill(lang, "compare.head", &args)
}

fn cells(lang: Lang, row: &CompareRow) -> [String; 6] {
    [
        row.state_number.clone().unwrap_or_default(),
        row.number.clone().unwrap_or_default(),
        row.name.clone().unwrap_or_default(),
        row.on.map(|on| on.to_string()).unwrap_or_default(),
        row.title.clone().unwrap_or_default(),
        differs(lang, row),
    ]
}

fn text(lang: Lang, view: &CompareView) -> String {
    let mut text = head(lang, view) + "\n";
    for (found, count) in &view.counts {
        let title = locale::text(lang, &format!("compare.found.{}", found.word()));
        text += &format!("{title} {count}\n");
        // What is the same asks for nothing.
        let rows = view.rows.iter().filter(|row| row.found == *found && *found != Found::Same);
        let rows: Vec<Vec<String>> = rows.map(|row| cells(lang, row).into()).collect();
        text += &table(&rows);
    }
    text
}
