//! `duty take`: a form that a village sent back is read, looked at row by row, and entered.

use std::io::{self, IsTerminal as _, Write as _};

use clap::ArgMatches;
use serde::Serialize;

use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::api::village::{
    Belongs, Decided, ReturnCounts, ReturnRow, ReturnTerms, ReturnView, SheetQuery,
};
use crate::cli::import::reading::{Source, stage};
use crate::cli::orders;
use crate::cli::tell::{Outcome, Told, Voice, table};
use crate::cli::village::odd;
use crate::domain::act::Act;
use crate::domain::choice::ReportManner;
use crate::domain::form::Fields;
use crate::exchange::village::read::Reader;
use crate::locale::{self, Lang};
use crate::tui::incoming::said_of;

/// What a form that was entered came to, as JSON.
#[derive(Debug, Serialize)]
struct Taken {
    #[serde(flatten)]
    changed: orders::Changed,
    counts: ReturnCounts,
}

/// Reads a form, keeps its rows aside, and says what it would do.
///
/// # Errors
/// It cannot be read, or is none; a refusal.
pub fn read(door: &mut dyn Door, source: &Source, lang: Lang) -> Result<ReturnView, Refusal> {
    let mut reader = Reader::new(lang);
    source.rows(&mut |row| reader.take(&row))?;
    let rows = reader.finish().map_err(Refusal::from)?;
    stage(door, &source.hash, rows)?;
    whole(door, &source.hash, &Decided::default())
}

/// What a staged form would do, with all its rows.
///
/// # Errors
/// A refusal.
pub fn whole(door: &mut dyn Door, file: &str, decided: &Decided) -> Result<ReturnView, Refusal> {
    let mut from = 0;
    let mut view: Option<ReturnView> = None;
    loop {
        let terms = ReturnTerms { file: file.to_owned(), decided: decided.clone(), from };
        let Reply::Return(page) = door.call(Request::Sheets(SheetQuery::Return(terms)))? else {
            return Err(odd());
        };
        let last = page.rows.last().map(|row| row.index);
        let has_more = page.more;
        match &mut view {
            Some(view) => view.rows.extend(page.rows),
            None => view = Some(*page),
        }
        match last.filter(|_| has_more) {
            Some(last) => from = last + 1,
            None => break,
        }
    }
    view.map(|view| ReturnView { more: false, ..view }).ok_or_else(odd)
}

/// `duty take FILE`.
///
/// # Errors
/// A file that cannot be read or is no form, or a refusal. Where nobody can be asked, nothing is
/// read without `--yes`.
pub fn take(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let named = |name: &str| matches.get_one::<String>(name).cloned();
    let manner = named("manner").map(|word| manner(&word)).transpose()?;
    let may_ask = io::stdin().is_terminal() && io::stderr().is_terminal();
    if !may_ask && !matches.get_flag("yes") && !matches.get_flag("dry-run") {
        let refusal = Refusal::new(RefusalKind::Invalid, "yes_is_missing");
        voice.refuse(&refusal);
        return Ok(Told::Misuse);
    }
    let source = Source::open(&named("file").unwrap_or_default(), None)?;
    let mut view = read(door, &source, voice.lang)?;
    let decided = decided(door, matches)?;
    let is_new = |row: &u64| view.rows.iter().any(|own| own.index == *row && own.is_new());
    if let Some(row) = decided.belongs.keys().find(|row| !is_new(row)) {
        return Err(Refusal::new(RefusalKind::Invalid, "row_is_no_request").with("row", row));
    }
    if decided != Decided::default() {
        view = whole(door, &source.hash, &decided)?;
    }
    if let Some((key, args)) = &view.why_not {
        if matches.get_flag("dry-run") {
            voice.say(&view, |lang| tried_text(lang, &view))?;
            return Ok(Told::Nothing);
        }
        let refusal = Refusal::new(RefusalKind::Invalid, "fault");
        return Err(Refusal { key: key.clone(), args: args.clone(), ..refusal });
    }
    if matches.get_flag("dry-run") {
        return voice.say(&view, |lang| tried_text(lang, &view));
    }
    if !matches.get_flag("yes") && !is_wanted(voice.lang, &view) {
        return Ok(Told::Nothing);
    }
    let fields = [
        ("file", source.hash.clone()),
        ("manner", manner.unwrap_or(ReportManner::File).word().to_owned()),
        ("place", named("place").unwrap_or_default()),
    ];
    let fields = fields.into_iter().chain(decided.fields());
    let fields: Fields = fields.map(|(name, text)| (name.to_owned(), text)).collect();
    let done = orders::send(door, (Act::TakeReturn, None, None), fields)?;
    let taken = Taken { changed: orders::Changed::of(&done), counts: view.counts };
    voice.say(&taken, |lang| {
        let sums = sums(lang, (&view, "village.sums.taken"));
        // What nobody was shown before is told now.
        if matches.get_flag("yes") { preview(lang, &view) + &sums } else { sums }
    })
}

/// What the flags decide about single rows.
///
/// # Errors
/// What is no pair of a row and a number or name; no such case or person.
fn decided(door: &mut dyn Door, matches: &ArgMatches) -> Result<Decided, Refusal> {
    let without = matches.get_many::<u64>("without").into_iter().flatten().copied().collect();
    let mut decided = Decided { without, ..Decided::default() };
    for flag in ["part-of", "of-person"] {
        for pair in matches.get_many::<String>(flag).into_iter().flatten() {
            let parts =
                pair.split_once('=').and_then(|(row, name)| Some((row.parse().ok()?, name)));
            let (row, name) = parts.ok_or_else(|| {
                Refusal::new(RefusalKind::Invalid, "no_pair_of_row").with("name", pair)
            })?;
            let belongs = match flag {
                "part-of" => Belongs::Matter(orders::case(door, name)?.case.id),
                _ => Belongs::Person(orders::person(door, name)?),
            };
            decided.belongs.insert(row, belongs);
        }
    }
    Ok(decided)
}

/// Shows at the terminal what would be entered, and asks.
fn is_wanted(lang: Lang, view: &ReturnView) -> bool {
    // Whoever reads may have gone; the answer is then none.
    let _ = write!(
        io::stderr().lock(),
        "{}{} ",
        tried_text(lang, view),
        locale::text(lang, "shell.village.ask")
    );
    let mut answer = String::new();
    let _ = io::stdin().read_line(&mut answer);
    let yes = locale::text(lang, "shell.village.yes");
    yes.split(' ').any(|word| word == answer.trim().to_lowercase())
}

fn manner(word: &str) -> Result<ReportManner, Refusal> {
    ReportManner::parse(word).ok_or_else(|| {
        let words = ReportManner::CHOICE.words.join(" ");
        let refusal = Refusal::new(RefusalKind::Invalid, "no_such_manner").with("name", word);
        refusal.with("names", words)
    })
}

/// What would be entered, row by row, and that it is not yet.
fn tried_text(lang: Lang, view: &ReturnView) -> String {
    preview(lang, view) + &sums(lang, (view, "village.sums.tried"))
}

fn preview(lang: Lang, view: &ReturnView) -> String {
    let word =
        view.word.map(|word| locale::text(lang, &format!("choice.report_word.{}", word.word())));
    let args = [
        ("village", view.village.clone()),
        ("code", view.duty.0.clone()),
        ("duty", view.duty.1.clone()),
        ("period", view.period.clone()),
        ("word", word.unwrap_or_default()),
        ("reporter", view.reporter.clone().unwrap_or_default()),
        ("signer", view.signer.clone().unwrap_or_default()),
        ("day", view.on.to_string()),
    ];
    let mut text = locale::fill(lang, "village.head", &args) + "\n";
    let rows: Vec<Vec<String>> = view.rows.iter().map(|row| cells(lang, row)).collect();
    text += &table(&rows);
    if let Some((key, args)) = &view.why_not {
        text += &(locale::fill(lang, key, args) + "\n");
    }
    text
}

/// How many rows became what, or would.
fn sums(lang: Lang, (view, key): (&ReturnView, &str)) -> String {
    let counts = &view.counts;
    let args = [
        ("same", counts.same),
        ("progress", counts.progress),
        ("fresh", counts.fresh),
        ("joined", counts.joined),
        ("tasks", counts.tasks),
        ("refused", counts.refused),
    ];
    locale::fill(lang, key, &args.map(|(name, n)| (name, n.to_string()))) + "\n"
}

fn cells(lang: Lang, row: &ReturnRow) -> Vec<String> {
    let place = [("sheet", row.sheet.clone()), ("row", row.row.to_string())];
    vec![
        row.index.to_string(),
        locale::fill(lang, "village.place", &place),
        locale::text(lang, &row.becomes_key()),
        row.name.clone(),
        row.on.map(|on| on.to_string()).unwrap_or_default(),
        said_of(lang, row).replace('\n', "  "),
    ]
}
