//! Recurring work and indicators from the shell.

use clap::ArgMatches;

use crate::api::door::Door;
use crate::api::duty::{DutyQuery, DutyRow, DutySheet, DutyView};
use crate::api::figure::{FigureRow, FigureRule, FigureView};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{Me, Reply};
use crate::api::request::Request;
use crate::cli::tell::{Outcome, Told, Voice, table};
use crate::cli::village;
use crate::domain::ids::{DutyId, Version};
use crate::locale::{self, Lang};
use crate::tui::page;

fn odd() -> Refusal {
    Refusal::new(RefusalKind::Fault, "fault")
}

fn word<'m>(matches: &'m ArgMatches, name: &str) -> Option<&'m String> {
    // Not every command has every flag.
    matches.try_get_one::<String>(name).ok().flatten()
}

fn asked(door: &mut dyn Door, matches: &ArgMatches, owed_only: bool) -> Result<DutyView, Refusal> {
    let code = word(matches, "duty-code").cloned();
    let period = word(matches, "period").cloned();
    let query = DutyQuery { code, period, back: 0, owed_only };
    let Reply::Duties(mut view) = door.call(Request::Duties(query))? else { return Err(odd()) };
    if let Some(name) = word(matches, "village") {
        for group in &mut view.groups {
            group.rows.retain(|row| row.village.as_ref() == Some(name));
        }
        view.groups.retain(|group| !group.rows.is_empty());
    }
    Ok(view)
}

/// The commands on recurring work that are no orders.
///
/// # Errors
/// A refusal.
pub fn run(door: &mut dyn Door, voice: Voice, (word, matches): (&str, &ArgMatches)) -> Outcome {
    match word {
        "list" => list(door, voice, matches),
        "show" => show(door, voice, matches),
        "remind" => remind(door, voice, matches),
        "send" => village::send(door, voice, matches),
        "take" => village::back::take(door, voice, matches),
        _ => Err(Refusal::new(RefusalKind::Invalid, "no_such_command")),
    }
}

/// `duty list`.
///
/// # Errors
/// A refusal.
fn list(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let view = asked(door, matches, matches.get_flag("owed"))?;
    voice.say(&view, |lang| duties_text(lang, &view))?;
    Ok(if view.groups.is_empty() { Told::Nothing } else { Told::Done })
}

fn duties_text(lang: Lang, view: &DutyView) -> String {
    let mut text = String::new();
    for group in &view.groups {
        let mut args = vec![
            ("code", group.code.clone()),
            ("title", group.title.clone()),
            ("period", group.key.clone()),
            ("due", group.due.to_string()),
        ];
        args.extend(group.counts.iter().map(|(state, n)| (state.word(), n.to_string())));
        text += &(locale::fill(lang, "shell.duty.group", &args) + "\n");
        text += &table(&group.rows.iter().map(|row| cells(lang, row)).collect::<Vec<_>>());
    }
    text
}

fn cells(lang: Lang, row: &DutyRow) -> Vec<String> {
    let newest = row.newest.as_ref();
    let who = newest.and_then(|own| own.reporter.clone().or_else(|| own.by.clone()));
    let manner = newest.and_then(|own| own.manner);
    let evidence = newest.and_then(|own| own.document.clone().or_else(|| own.place.clone()));
    vec![
        row.id.0.to_string(),
        row.village.clone().unwrap_or_else(|| locale::text(lang, "shell.plan.town")),
        locale::text(lang, &format!("choice.report_state.{}", row.state.word())),
        row.due.to_string(),
        locale::text(lang, &format!("standing.{}", row.standing.word())),
        newest.map(|own| own.on.to_string()).unwrap_or_default(),
        who.unwrap_or_default(),
        manner.map_or_else(String::new, |manner| {
            locale::text(lang, &format!("choice.report_manner.{}", manner.word()))
        }),
        newest.and_then(|own| own.signer.clone()).unwrap_or_default(),
        evidence.unwrap_or_default(),
    ]
}

/// `duty remind`: the text of a reminder, to be copied into a message.
///
/// # Errors
/// A refusal.
fn remind(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let Reply::Me(me) = door.call(Request::Greet)? else { return Err(odd()) };
    let mut view = asked(door, matches, true)?;
    if word(matches, "duty-code").is_none() {
        // Without a number: what villages owe and is due within a month.
        view.groups.retain(|group| page::is_due_soon(&me, group));
    }
    let text = reminders(voice.lang, &me, &view);
    voice.say(&text, |_| text.join("\n"))?;
    Ok(if text.is_empty() { Told::Nothing } else { Told::Done })
}

fn reminders(lang: Lang, me: &Me, view: &DutyView) -> Vec<String> {
    view.groups.iter().map(|group| page::reminder(lang, me, group)).collect()
}

/// `duty show`.
///
/// # Errors
/// A refusal.
fn show(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let (id, _) = named(door, matches)?;
    let Reply::Duty(sheet) = door.call(Request::Duty { id: DutyId(id) })? else {
        return Err(odd());
    };
    voice.say(&*sheet, |lang| sheet_text(lang, &sheet))
}

fn sheet_text(lang: Lang, sheet: &DutySheet) -> String {
    let duty = &sheet.duty;
    let period = locale::text(lang, &format!("choice.period.{}", duty.period.word()));
    let head = vec![vec![duty.code.clone(), duty.title.clone(), period, duty.day.to_string()]];
    let row = |row: &DutyRow| [vec![row.key.clone()], cells(lang, row)].concat();
    table(&head) + &table(&sheet.rows.iter().map(row).collect::<Vec<_>>())
}

/// The duty that a command names, by number or by code and village: its number, and the version
/// that is seen.
///
/// # Errors
/// Not found, or several of that code.
pub fn named(door: &mut dyn Door, matches: &ArgMatches) -> Result<(u64, Option<Version>), Refusal> {
    let text = word(matches, "record").map_or("", String::as_str);
    if let Ok(id) = text.parse::<u64>()
        && let Ok(Reply::Duty(sheet)) = door.call(Request::Duty { id: DutyId(id) })
    {
        return Ok((id, Some(sheet.duty.version)));
    }
    let (code, place) = match text.split_once('@') {
        Some((code, place)) => (code, Some(place)),
        None => (text, None),
    };
    let query = DutyQuery { code: Some(code.to_owned()), ..DutyQuery::default() };
    let Reply::Duties(view) = door.call(Request::Duties(query))? else { return Err(odd()) };
    let mut rows: Vec<DutyRow> = view.groups.into_iter().flat_map(|group| group.rows).collect();
    if let Some(place) = place {
        rows.retain(|row| match &row.village {
            Some(village) => village == place,
            None => crate::cli::plan::is_town(place),
        });
    }
    match rows.as_slice() {
        [row] => Ok((row.id.0, Some(row.version))),
        [] => Err(Refusal::not_found()),
        _ => Err(Refusal::new(RefusalKind::Invalid, "several_of_that_code").with("name", code)),
    }
}

/// `figure list`.
///
/// # Errors
/// A refusal.
pub fn figures(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let year = matches.get_one::<i32>("year").copied();
    let Reply::Figures(view) = door.call(Request::Figures { year })? else { return Err(odd()) };
    voice.say(&*view, |lang| figures_text(lang, &view))
}

fn figures_text(lang: Lang, view: &FigureView) -> String {
    let args = [("year", view.year.to_string()), ("count", view.population.to_string())];
    let head = locale::fill(lang, "shell.figure.head", &args) + "\n";
    let title = |key: &str| locale::text(lang, &format!("figure.{key}"));
    let titles = ["code", "name", "target", "total", "last", "ceiling", "left", "standing"];
    let mut rows = vec![titles.map(title).to_vec()];
    rows.extend(view.rows.iter().map(|row| figure_cells(lang, row)));
    head + &table(&rows)
}

fn figure_cells(lang: Lang, row: &FigureRow) -> Vec<String> {
    let number = |value: Option<u64>| value.map_or_else(|| "-".to_owned(), |own| own.to_string());
    let until = row.until.map_or_else(String::new, |month| format!(" (1-{month})"));
    vec![
        row.key.word().to_owned(),
        locale::text(lang, &format!("choice.indicator.{}", row.key.word())),
        target(lang, row.rule),
        number(row.total) + &until,
        number(row.last_year),
        number(row.ceiling),
        row.headroom.map_or_else(|| "-".to_owned(), |left| left.to_string()),
        locale::text(lang, &format!("figure.standing.{}", row.standing.word())),
    ]
}

fn target(lang: Lang, rule: FigureRule) -> String {
    match rule {
        FigureRule::Zero => locale::text(lang, "figure.rule.zero"),
        FigureRule::Less => locale::text(lang, "figure.rule.less"),
        FigureRule::Ceiling(per) => {
            locale::fill(lang, "figure.rule.ceiling", &[("per", per.to_string())])
        }
    }
}
