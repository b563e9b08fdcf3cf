//! Saved filters from the shell: listed, shown, removed by name.

use clap::ArgMatches;

use crate::api::door::Door;
use crate::api::listing::ViewRow;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::cli::orders;
use crate::cli::tell::{Outcome, Told, Voice, label, table};
use crate::domain::act::Act;
use crate::domain::form::Fields;
use crate::domain::listing::List;
use crate::locale;

/// The commands on saved filters that are no orders.
///
/// # Errors
/// A refusal.
pub fn run(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    match matches.subcommand() {
        Some(("list", inner)) => list(door, voice, inner),
        Some(("show", inner)) => show(door, voice, inner),
        Some(("remove", inner)) => remove(door, voice, inner),
        _ => Err(Refusal::new(RefusalKind::Invalid, "no_such_command")),
    }
}

/// The saved filters of a list, or of all.
///
/// # Errors
/// A refusal.
pub fn all(door: &mut dyn Door, list: Option<List>) -> Result<Vec<ViewRow>, Refusal> {
    match door.call(Request::Views(list))? {
        Reply::Views(rows) => Ok(rows),
        _ => Err(Refusal::new(RefusalKind::Fault, "fault")),
    }
}

/// The saved filter of a name or a number: one's own before one that somebody shares.
///
/// # Errors
/// There is none, or several share the name.
pub fn named(door: &mut dyn Door, list: Option<List>, name: &str) -> Result<ViewRow, Refusal> {
    let rows = all(door, list)?;
    let of_name: Vec<&ViewRow> = rows.iter().filter(|row| row.view.name == name).collect();
    let own: Vec<&ViewRow> = of_name.iter().copied().filter(|row| row.own).collect();
    let of_number = || rows.iter().find(|row| Ok(row.view.id.0) == name.parse());
    let refusal = |kind, key: &str| Err(Refusal::new(kind, key).with("name", name));
    match (own.as_slice(), of_name.as_slice()) {
        ([one], _) | ([], [one]) => Ok((*one).clone()),
        ([], []) => match of_number() {
            Some(one) => Ok(one.clone()),
            None => refusal(RefusalKind::NotFound, "no_such_view"),
        },
        (_, _) => refusal(RefusalKind::Invalid, "several_of_that_name"),
    }
}

fn list_of(matches: &ArgMatches) -> Option<List> {
    matches.get_one::<String>("list").and_then(|word| List::parse(word))
}

fn name_of(matches: &ArgMatches) -> &str {
    matches.get_one::<String>("view-name").map_or("", String::as_str)
}

/// `view list`.
///
/// # Errors
/// A refusal.
fn list(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let rows = all(door, list_of(matches))?;
    voice.say(&rows, |lang| {
        let cells = rows.iter().map(|row| {
            let shared = if row.view.shared { "shell.view.shared" } else { "shell.view.own" };
            vec![
                row.view.id.0.to_string(),
                locale::text(lang, &format!("choice.list.{}", row.view.list.word())),
                row.view.name.clone(),
                row.view.only.clone(),
                row.view.sort.clone(),
                locale::text(lang, shared),
                row.by.clone().unwrap_or_default(),
            ]
        });
        table(&cells.collect::<Vec<_>>())
    })?;
    Ok(if rows.is_empty() { Told::Nothing } else { Told::Done })
}

/// `view show`.
///
/// # Errors
/// A refusal.
fn show(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let row = named(door, list_of(matches), name_of(matches))?;
    voice.say(&row, |lang| {
        let view = &row.view;
        let names = row.names.values().cloned().collect::<Vec<_>>().join(" ");
        let fields = [
            ("name", view.name.clone()),
            ("list", locale::text(lang, &format!("choice.list.{}", view.list.word()))),
            ("only", format!("{}  {names}", view.only).trim().to_owned()),
            ("sort", view.sort.clone()),
            ("columns", view.columns.clone()),
            ("owner", row.by.clone().unwrap_or_default()),
        ];
        let cells = fields.map(|(name, text)| vec![label(lang, &format!("view.{name}")), text]);
        table(&cells)
    })
}

/// `view remove`.
///
/// # Errors
/// A refusal.
fn remove(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let row = named(door, list_of(matches), name_of(matches))?;
    let order = (Act::RemoveView, Some(row.view.id.0), Some(row.view.version));
    let done = orders::send(door, order, Fields::new())?;
    orders::told(voice, &done)
}
