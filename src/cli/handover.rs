//! What an officer holds, the list to be signed when it is handed over, and many cases given to
//! somebody else, from the shell.

use std::fmt::Write as _;
use std::io::Write as _;

use clap::ArgMatches;
use serde::Serialize;

use crate::api::door::Door;
use crate::api::handover::{AssignRow, AssignTerms, HandoverTerms, HeldRow, HoldingsView, Why};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{Me, Reply};
use crate::api::request::Request;
use crate::cli::orders;
use crate::cli::queries::date;
use crate::cli::tell::{Outcome, Told, Voice, table};
use crate::domain::act::Act;
use crate::domain::form::Fields;
use crate::domain::handover::{Shown, format_shown};
use crate::domain::ids::{CaseId, Kind, OfficerId, Revision, UnitId, Version};
use crate::locale::{self, Lang};

/// What giving many cases answers: the change, and what became of each.
#[derive(Debug, Serialize)]
struct Given<'g> {
    version: Version,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<Revision>,
    number: Option<&'g str>,
    rows: &'g [AssignRow],
}

/// `officer holdings`: what somebody holds, and what would become of it; `-o` writes the list.
///
/// # Errors
/// No such officer, or a refusal.
pub fn holdings(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let name = matches.get_one::<String>("record").map_or("", String::as_str);
    let officer = OfficerId(orders::named(door, Kind::Officer, name)?);
    let to = match matches.get_one::<String>("to") {
        Some(name) => Some(OfficerId(orders::named(door, Kind::Officer, name)?)),
        None => None,
    };
    let terms = HandoverTerms { officer, to, given: Vec::new() };
    let Reply::Holdings(view) = door.call(Request::Holdings(terms))? else {
        return Err(Refusal::new(RefusalKind::Fault, "fault"));
    };
    let Some(out) = matches.get_one::<String>("output") else {
        voice.say(&view, |lang| {
            table(&view.rows.iter().map(|row| cells(lang, row)).collect::<Vec<_>>())
        })?;
        return Ok(if view.rows.is_empty() { Told::Nothing } else { Told::Done });
    };
    let Reply::Me(me) = door.call(Request::Greet)? else {
        return Err(Refusal::new(RefusalKind::Fault, "fault"));
    };
    let page = page(voice.lang, (&me, &view));
    if out == "-" {
        // A reader that has seen enough closes the pipe: that is no failure.
        let _ = std::io::stdout().lock().write_all(page.as_bytes());
        return Ok(Told::Done);
    }
    std::fs::write(out, page)
        .map_err(|_| Refusal::new(RefusalKind::Invalid, "cannot_write").with("name", out))?;
    Ok(Told::Done)
}

fn cells(lang: Lang, row: &HeldRow) -> Vec<String> {
    vec![
        locale::text(lang, &format!("choice.held_as.{}", row.held.part.word())),
        row.number.clone(),
        row.village.clone().unwrap_or_default(),
        row.title.clone(),
        row.due.map(|day| day.to_string()).unwrap_or_default(),
        row.to.as_ref().map(|(_, name)| name.clone()).unwrap_or_default(),
        why_text(lang, &row.why),
    ]
}

fn why_text(lang: Lang, why: &Why) -> String {
    let Some((key, args)) = why else { return String::new() };
    let args: Vec<(&str, String)> =
        args.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    locale::fill(lang, key, &args)
}

/// The list to be signed.
fn page(lang: Lang, (me, view): (&Me, &HoldingsView)) -> String {
    let args = [
        ("town", me.town.clone()),
        ("name", view.name.clone()),
        ("day", me.today.to_string()),
        ("count", view.rows.len().to_string()),
    ];
    let mut page = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(page, "{}\n", locale::fill(lang, "shell.handover.title", &args));
    for (place, row) in view.rows.iter().enumerate() {
        let cells = cells(lang, row).into_iter().filter(|cell| !cell.is_empty());
        let _ = writeln!(page, "{:>3}  {}", place + 1, cells.collect::<Vec<_>>().join("  "));
    }
    let _ = writeln!(page, "\n{}", locale::fill(lang, "shell.handover.counts", &args));
    let _ = writeln!(page, "\n{}", locale::text(lang, "shell.handover.sign"));
    page
}

/// `case assign` of several cases: one change, and what became of each.
///
/// # Errors
/// A case or name that is not there, or a refusal.
pub fn assign_many(
    door: &mut dyn Door,
    voice: Voice,
    (records, matches): (&[&String], &ArgMatches),
) -> Outcome {
    let mut terms = AssignTerms::default();
    for record in records {
        terms.cases.push(CaseId(orders::case(door, record)?.case.id.0));
    }
    let mut fields = Fields::new();
    for flag in ["lead", "unit", "handler"] {
        let Some(name) = matches.get_one::<String>(flag) else { continue };
        let kind = if flag == "unit" { Kind::Unit } else { Kind::Officer };
        let id = orders::named(door, kind, name)?;
        fields.insert(flag.to_owned(), id.to_string());
        match flag {
            "lead" => terms.lead = Some(OfficerId(id)),
            "unit" => terms.unit = Some(UnitId(id)),
            _ => terms.handler = Some(OfficerId(id)),
        }
    }
    for extra in ["on", "text"] {
        if let Some(value) = matches.get_one::<String>(extra) {
            fields.insert(extra.to_owned(), value.clone());
        }
    }
    let Reply::Me(me) = door.call(Request::Greet)? else {
        return Err(Refusal::new(RefusalKind::Fault, "fault"));
    };
    fields.entry("on".to_owned()).or_insert_with(|| me.today.to_string());
    terms.class = matches.get_one::<String>("class").cloned();
    fields.extend(terms.class.clone().map(|class| ("class".to_owned(), class)));
    if let Some(text) = matches.get_one::<String>("agreed-on") {
        let day = date(text, me.today)?;
        terms.agreed_on = Some(day);
        fields.insert("agreed_on".to_owned(), day.to_string());
    }
    // What the rules say of each is asked before, since afterwards each is as it was wanted.
    let Reply::Assign(view) = door.call(Request::TryAssign(terms))? else {
        return Err(Refusal::new(RefusalKind::Fault, "fault"));
    };
    let shown = |own: &AssignRow| Shown { case: own.row.id, version: Some(own.row.version) };
    let shown: Vec<Shown> = view.rows.iter().map(shown).collect();
    fields.insert("cases".to_owned(), format_shown(&shown));
    let done = orders::send(door, (Act::AssignMany, None, None), fields)?;
    let (version, revision) = (done.version, done.revision);
    let given = Given { version, revision, number: done.number.as_deref(), rows: &view.rows };
    voice.say(&given, |lang| {
        let row = |own: &AssignRow| {
            vec![own.row.number.clone(), own.row.title.clone(), why_text(lang, &own.why)]
        };
        let args = [("name", done.number.clone().unwrap_or_default())];
        let head = locale::fill(lang, "shell.assigned", &args) + "\n";
        head + &table(&view.rows.iter().map(row).collect::<Vec<_>>())
    })
}
