//! `import cases|units|officers|persons FILE`: read in a child process, staged in pieces, tried or
//! taken in as one change.

use std::io::{IsTerminal, Write as _};
use std::ops::ControlFlow;

use clap::ArgMatches;

use crate::api::door::Door;
use crate::api::incoming::{Book, ImportTerms, Known, Rows};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{Done, ImportView, Reply};
use crate::api::request::{Order, Request};
use crate::cli::import::mapping::{all_are_there, can_keep, keep_told, told};
use crate::cli::import::meter::Meter;
use crate::cli::import::reading::{Source, read_all};
use crate::cli::tell::{Outcome, Told, Voice};
use crate::cli::{orders, queries};
use crate::domain::act::Act;
use crate::exchange::cell::SheetError;
use crate::exchange::columns::Topic;
use crate::locale::{self, Lang};
use crate::tui::incoming::order_of;

pub mod folder;
pub mod glimpse;
pub mod mapping;
pub mod meter;
pub mod places;
pub mod reading;
pub mod rejects;
pub mod say;

/// Runs the command.
///
/// # Errors
/// A file that cannot be read, or a refusal.
pub fn run(door: &mut dyn Door, voice: Voice, (rows, matches): (Rows, &ArgMatches)) -> Outcome {
    let name = matches.get_one::<String>("file").map_or("", String::as_str);
    let sheet = matches.get_one::<String>("sheet").cloned();
    let mut source = Source::open(name, sheet)?;
    source.topic = topic(rows);
    let columns = told(door, voice.lang, (source.topic, matches))?;
    if rows == Rows::Cases {
        source.received_on = received_on(door, matches)?;
    }
    let meter = Meter::of_terminal(voice.lang);
    let mut watch = |n_rows| {
        meter.reads(n_rows);
        ControlFlow::Continue(())
    };
    let read = read_all(door, &source, (&columns.all, &mut watch))?;
    drop(meter);
    if read.report.mappings.is_empty() {
        return Err(Refusal::new(RefusalKind::Invalid, "no_header"));
    }
    all_are_there(&columns.typed, &read.report)?;
    let terms = terms(voice.lang, &source, (rows, matches))?;
    let mut view = whole(door, &terms)?;
    let save = matches.get_one::<String>("save");
    let rejects = matches.get_one::<String>("rejects");
    // What cannot be kept afterwards is refused before anything is taken in.
    save.map_or(Ok(()), |name| can_keep(door, (source.topic, name), &columns.all))?;
    rejects.map_or(Ok(()), |out| rejects::can_write(out))?;
    let is_trial = matches.get_flag("dry-run");
    if !is_trial && view.new + view.updated > 0 {
        let done = take_in(door, voice.lang, &terms)?;
        view.batch = done.import.and_then(|import| import.batch);
    }
    let kept = save.map_or(Ok(()), |name| keep_told(door, (source.topic, name), &columns.all));
    let written = rejects.map_or(Ok(()), |out| {
        rejects::write(voice.lang, (out, &source), (&read.report, &view.refusals))
    });
    let samples = if is_trial { read.samples.as_slice() } else { &[] };
    // What was done is told, whatever went wrong after it.
    say::say(voice, (&read, samples), &view)?;
    kept.and(written)?;
    let n_known = view.same + view.updated;
    Ok(if view.new + n_known == 0 { Told::Nothing } else { Told::Done })
}

/// Takes a staged file in, and says at the terminal how far that is.
fn take_in(door: &mut dyn Door, lang: Lang, terms: &ImportTerms) -> Result<Done, Refusal> {
    let (id, fields) = (orders::new_id()?, order_of(terms));
    let meter = Meter::of_terminal(lang);
    if meter.is_seen() {
        meter.follow(door.notices(), id);
    }
    orders::send_named(door, Order { id, act: Act::Import, on: None, seen: None, fields })
}

/// The tables of headers for these rows.
pub const fn topic(rows: Rows) -> Topic {
    match rows {
        Rows::Cases => Topic::Cases,
        Rows::Units => Topic::Units,
        Rows::Officers => Topic::Officers,
        Rows::Persons => Topic::Persons,
    }
}

fn terms(
    lang: Lang,
    source: &Source,
    (rows, matches): (Rows, &ArgMatches),
) -> Result<ImportTerms, Refusal> {
    let known = if matches.get_flag("update") { Known::Update } else { Known::Keep };
    let book = if rows == Rows::Cases { book(lang, matches)? } else { Book::History };
    Ok(ImportTerms { rows, known, ..ImportTerms::cases(&source.hash, book) })
}

/// What is wrong with a file, and where.
pub fn unreadable(error: &SheetError) -> Refusal {
    let mut refusal = Refusal::new(RefusalKind::Invalid, "file_is_unreadable");
    refusal.wrongs.push(crate::domain::form::Wrong {
        field: error.at.print(),
        why: error.why.key().to_owned(),
    });
    refusal
}

/// The day of rows that name none, as the clerk says it.
fn received_on(door: &mut dyn Door, matches: &ArgMatches) -> Result<Option<String>, Refusal> {
    let Some(text) = matches.get_one::<String>("received-on") else { return Ok(None) };
    let Reply::Me(me) = door.call(Request::Greet)? else {
        return Err(Refusal::new(RefusalKind::Fault, "fault"));
    };
    queries::date(text, me.today).map(|day| Some(day.to_string()))
}

/// What the rows become: the flag, an answer at the terminal, else history.
fn book(lang: Lang, matches: &ArgMatches) -> Result<Book, Refusal> {
    if let Some(word) = matches.get_one::<String>("as") {
        return Book::parse(word)
            .ok_or_else(|| Refusal::new(RefusalKind::Invalid, "book_is_missing"));
    }
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(Book::History);
    }
    // Whoever reads may have gone; the answer is then empty too.
    let _ = write!(std::io::stderr().lock(), "{} ", locale::text(lang, "shell.import.ask"));
    let mut answer = String::new();
    let _ = std::io::stdin().read_line(&mut answer);
    Ok(if answer.trim() == "1" { Book::Open } else { Book::History })
}

/// What a staged file would do.
///
/// # Errors
/// A refusal.
pub fn attempt(door: &mut dyn Door, terms: &ImportTerms) -> Result<ImportView, Refusal> {
    match door.call(Request::TryImport(terms.clone()))? {
        Reply::Import(view) => Ok(*view),
        _ => Err(Refusal::new(RefusalKind::Fault, "fault")),
    }
}

/// What a staged file would do, with all refusals and changes, page by page.
///
/// # Errors
/// A refusal.
pub fn whole(door: &mut dyn Door, terms: &ImportTerms) -> Result<ImportView, Refusal> {
    let mut view = attempt(door, terms)?;
    while let Some(from) = view.next() {
        let page = attempt(door, &ImportTerms { from, ..terms.clone() })?;
        view.more = page.more;
        view.refusals.extend(page.refusals);
        view.changes.extend(page.changes);
    }
    Ok(view)
}
