//! `undo`, `redo` and `import undo`: what it would do is always told; then it is done.

use clap::ArgMatches;
use serde::Serialize;

use crate::api::door::Door;
use crate::api::handover::Why;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::api::undo::{KeptRow, UndoQuery, UndoRow, UndoView, UndoWay};
use crate::cli::orders;
use crate::cli::tell::{Outcome, Told, Voice};
use crate::domain::act::Act;
use crate::domain::form::Fields;
use crate::domain::ids::{RecordRef, RequestId};
use crate::locale::{self, Lang};
use crate::tui::screen::changed;

/// What is answered as JSON.
#[derive(Debug, Serialize)]
struct Taken<'v> {
    change: Option<String>,
    act: &'v str,
    who: Option<&'v String>,
    at: Option<String>,
    /// Whether it was done, and not only tried.
    done: bool,
    count: u64,
    rows: &'v [UndoRow],
    n_kept: u64,
    kept: &'v [KeptRow],
    why: &'v Why,
    older: Option<String>,
}

/// `undo` and `redo`.
///
/// # Errors
/// There is no such change, or a refusal.
pub fn newest(door: &mut dyn Door, voice: Voice, (word, matches): (&str, &ArgMatches)) -> Outcome {
    let way = if word == "redo" { UndoWay::Redo } else { UndoWay::Undo };
    let change = matches.get_one::<String>("change").map(|text| change(text)).transpose()?;
    run(door, voice, (UndoQuery { way, change }, matches.get_flag("dry-run")))
}

/// `import undo BATCH`.
///
/// # Errors
/// There is no such batch, or a refusal.
pub fn batch(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let text = matches.get_one::<String>("batch").map_or("", String::as_str);
    let query = UndoQuery { way: UndoWay::Undo, change: Some(change(text)?) };
    run(door, voice, (query, matches.get_flag("dry-run")))
}

/// The name of a change from its hexadecimal digits.
fn change(text: &str) -> Result<RequestId, Refusal> {
    let number = u128::from_str_radix(text.trim(), 16);
    number.map(RequestId).map_err(|_| Refusal::not_found())
}

fn run(door: &mut dyn Door, voice: Voice, (query, is_trial): (UndoQuery, bool)) -> Outcome {
    let way = query.way;
    let Reply::Undo(view) = door.call(Request::TryUndo(query))? else {
        return Err(Refusal::new(RefusalKind::Fault, "fault"));
    };
    let Some(change) = view.change.map(hex) else {
        let key = if way == UndoWay::Undo { "nothing_to_undo" } else { "nothing_to_redo" };
        return Err(Refusal::new(RefusalKind::NotFound, key));
    };
    if !is_trial {
        let act = if way == UndoWay::Undo { Act::Undo } else { Act::Redo };
        let fields = Fields::from([
            ("change".to_owned(), change.clone()),
            ("act".to_owned(), view.act.clone()),
        ]);
        orders::send(door, (act, None, None), fields)?;
    }
    let taken = Taken {
        change: Some(change),
        act: &view.act,
        who: view.who.as_ref(),
        at: view.at.map(|at| at.format("%Y-%m-%dT%H:%M:%S").to_string()),
        done: !is_trial,
        count: view.count,
        rows: &view.rows,
        n_kept: view.n_kept,
        kept: &view.kept,
        why: &view.why,
        older: view.older.map(hex),
    };
    voice.say(&taken, |lang| text(lang, &view, is_trial))?;
    Ok(if view.why.is_some() { Told::Nothing } else { Told::Done })
}

fn hex(change: RequestId) -> String {
    format!("{:032x}", change.0)
}

fn text(lang: Lang, view: &UndoView, is_trial: bool) -> String {
    let way = if view.way == UndoWay::Undo { "undo" } else { "redo" };
    let state = if is_trial { "tried" } else { "done" };
    let args = [
        ("act", locale::text(lang, &format!("act.{}", view.act))),
        ("who", view.who.clone().unwrap_or_default()),
        ("at", view.at.map(|at| at.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()),
        ("count", view.count.to_string()),
        ("kept", view.n_kept.to_string()),
    ];
    let mut text = locale::fill(lang, &format!("shell.undo.{way}.{state}"), &args) + "\n";
    if let Some(why) = reason(lang, &view.why) {
        text.push_str(&format!("  {why}\n"));
    }
    for row in &view.rows {
        text.push_str(&row_text(lang, row));
    }
    for kept in &view.kept {
        let why = reason(lang, &kept.why).unwrap_or_default();
        let name = called(lang, (&kept.record, &kept.name));
        let args = [("name", name), ("why", why)];
        text.push_str(&(locale::fill(lang, "shell.undo.kept", &args) + "\n"));
    }
    text
}

fn row_text(lang: Lang, row: &UndoRow) -> String {
    let name = called(lang, (&row.record, &row.name));
    let deed = locale::text(lang, &format!("undo.deed.{}", row.deed));
    let mut text = format!("  {name}  {deed}\n");
    for field in row.fields.iter().filter(|field| changed::is_told(&field.field)) {
        let change = changed::in_full(lang, row.record.kind.key(), field);
        text.push_str(&format!("    {change}\n"));
    }
    for (key, steps) in [("undo.gone", &row.gone), ("undo.back", &row.back)] {
        let words = steps.iter().map(|word| locale::text(lang, &format!("deed.{word}")));
        let words = words.collect::<Vec<_>>().join(" ");
        if !words.is_empty() {
            text.push_str(&format!("    {}: {words}\n", locale::text(lang, key)));
        }
    }
    text
}

fn called(lang: Lang, (record, name): (&RecordRef, &str)) -> String {
    let kind = locale::text(lang, &format!("kind.{}", record.kind.key()));
    format!("{kind} {name}").trim_end().to_owned()
}

fn reason(lang: Lang, why: &Why) -> Option<String> {
    let (key, args) = why.as_ref()?;
    let args: Vec<(&str, String)> =
        args.iter().map(|(name, value)| (name.as_str(), locale::said(lang, name, value))).collect();
    Some(locale::fill(lang, key, &args))
}
