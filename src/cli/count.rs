//! `count`: a count on demand as text, as one JSON document, as docx or a workbook with charts, or as
//! text with commas;
//! and the figures that were given of such counts.

use clap::ArgMatches;

use crate::api::cut::{CutQuery, CutView, GivenPage};
use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::report::ReportSaid;
use crate::api::request::Request;
use crate::cli::export::{self, PURPOSE, RECIPIENT};
use crate::cli::print::report::document;
use crate::cli::print::{Printed, file_of, written};
use crate::cli::tell::{Outcome, Told, Voice, table};
use crate::cli::{orders, view};
use crate::domain::act::Act;
use crate::domain::cut::{Cut, Dimension, Measure, Timeframe};
use crate::domain::form::Fields;
use crate::domain::ids::GivenId;
use crate::domain::listing::List;
use crate::locale::{self, Lang};
use crate::tui::{cut, report};

/// Runs `count` and what is below it.
///
/// # Errors
/// What is not understood or missing, a file that is there already, or a refusal.
pub fn run(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    match matches.subcommand() {
        Some(("give", inner)) => give(door, voice, inner),
        Some(("list", inner)) => list(door, voice, inner),
        Some((_, inner)) => show(door, voice, inner),
        None => count(door, voice, matches),
    }
}

fn count(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let own = cut_of(door, matches)?;
    let file = matches.get_one::<String>("output").map(|_| file_of(matches)).transpose()?;
    let Some(name) = file else {
        let view = read(door, (own, None))?;
        return voice.say(&view, |lang| report::text(&cut::said(lang, &view)));
    };
    let said = export::said(door, voice.lang, matches)?;
    let from = ReportSaid { purpose: said.purpose, recipient: said.recipient };
    let printed = page(door, voice.lang, (own, from.clone()))?;
    if said.is_typed {
        export::remember(door, [(PURPOSE, from.purpose), (RECIPIENT, from.recipient)]);
    }
    written(voice, (name, matches), &printed)
}

/// What is to be counted: the saved count of a name, and what the arguments say otherwise.
fn cut_of(door: &mut dyn Door, matches: &ArgMatches) -> Result<Cut, Refusal> {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let mut own = match text("view") {
        Some(name) => Cut::parse(&view::named(door, Some(List::Counts), name)?.view.only)?,
        None => Cut::default(),
    };
    if let Some(days) = text("period") {
        own.days = Timeframe::parse(days)?;
    }
    own.rows = text("rows").and_then(Dimension::parse).unwrap_or(own.rows);
    own.measure = text("measure").and_then(Measure::parse).unwrap_or(own.measure);
    if let Some(word) = text("by") {
        own.columns = Dimension::parse(word);
    } else if text("rows").is_some() {
        // Rows that were named alone are wanted alone.
        own.columns = own.columns.filter(|_| text("view").is_some());
    }
    own.check()?;
    Ok(own)
}

fn odd() -> Refusal {
    Refusal::new(RefusalKind::Fault, "fault")
}

fn read(door: &mut dyn Door, (cut, said): (Cut, Option<ReportSaid>)) -> Result<CutView, Refusal> {
    match door.call(Request::Cut(CutQuery::Count { cut, said }))? {
        Reply::Cut(view) => Ok(*view),
        _ => Err(odd()),
    }
}

/// A count as a document.
///
/// # Errors
/// A refusal.
pub fn page(
    door: &mut dyn Door,
    lang: Lang,
    (own, said): (Cut, ReportSaid),
) -> Result<Printed, Refusal> {
    let view = read(door, (own, Some(said.clone())))?;
    let until = view.spans.first().map_or(view.today, |span| span.until);
    let stem = locale::text(Lang::Zh, "cut.file");
    Ok(Printed {
        n_rows: view.rows.len() as u64,
        n_sealed: 0,
        stem: format!("{stem}-{until}"),
        document: document(lang, cut::said(lang, &view), Some(said)),
    })
}

/// `count give`: keeps a figure that was given, as the ledger counts it now.
fn give(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let own = cut_of(door, matches)?;
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let counted = match text("counted") {
        Some(typed) => typed,
        None => {
            let view = read(door, (own, None))?;
            view.total.first().copied().unwrap_or(0).to_string()
        }
    };
    let mut fields = Fields::new();
    fields.insert("cut".to_owned(), own.text());
    fields.insert("counted".to_owned(), counted);
    fields.insert("to".to_owned(), text("recipient").unwrap_or_default());
    let today = match text("on") {
        Some(on) => on,
        None => match door.call(Request::Greet)? {
            Reply::Me(me) => me.today.to_string(),
            _ => return Err(odd()),
        },
    };
    fields.insert("on".to_owned(), today);
    fields.extend(text("note").map(|note| ("text".to_owned(), note)));
    let done = orders::send(door, (Act::GiveFigure, None, None), fields)?;
    orders::told(voice, &done)
}

/// `count list`: the figures that were given.
fn list(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let asked = Request::Cut(CutQuery::Given { year: matches.get_one::<i32>("year").copied() });
    let Reply::Given(GivenPage { rows, n_all, .. }) = door.call(asked)? else { return Err(odd()) };
    voice.say(&rows, |lang| {
        let cells = rows.iter().map(|row| {
            let number = std::iter::once(row.id.0.to_string());
            number.chain(cut::given_cells(lang, row)).collect()
        });
        let mut text = table(&cells.collect::<Vec<Vec<String>>>());
        if n_all > rows.len() as u64 {
            let args = [("shown", rows.len().to_string()), ("count", n_all.to_string())];
            text += &(locale::fill(lang, "shell.count.more", &args) + "\n");
        }
        text
    })?;
    Ok(if rows.is_empty() { Told::Nothing } else { Told::Done })
}

/// `count show`: a figure that was given beside what is counted now.
fn show(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let id = matches.get_one::<u64>("figure").copied().unwrap_or_default();
    let asked = Request::Cut(CutQuery::Figure(GivenId(id)));
    let Reply::GivenFigure(view) = door.call(asked)? else { return Err(odd()) };
    voice.say(&view, |lang| report::text(&cut::given_said(lang, &view)))
}
