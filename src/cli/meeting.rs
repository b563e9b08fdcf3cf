//! Meetings on the shell: the list of matters, decisions, and minutes, as pages to print or send.
//!
//! What leaves the office is masked unless names are asked for: the server masks, not this page.

use std::fmt::Write as _;

use clap::ArgMatches;

use crate::api::door::Door;
use crate::api::meeting::{
    DecisionPage, DecisionPart, DecisionQuery, DecisionRow, MeetingView, TabledRow,
};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{Me, Reply};
use crate::api::request::{ROWS_MAX, Request};
use crate::cli::queries::date;
use crate::cli::tell::{Outcome, Told, Voice, table};
use crate::cli::{orders, print};
use crate::domain::ids::{Kind, OfficerId};
use crate::locale::{self, Lang};
use crate::tui::app::picture::dated;
use crate::tui::screen::row;
use crate::tui::text::{pad_right, wrap};

/// The columns of a page.
const PAGE: usize = 76;
/// The columns before a text.
const MARGIN: usize = 3;
/// The columns of a label.
const LABEL: usize = 12;

fn odd() -> Refusal {
    Refusal::new(RefusalKind::Fault, "fault")
}

/// Asks masked, unless names in clear are wanted.
fn ask(door: &mut dyn Door, matches: &ArgMatches, request: Request) -> Result<Reply, Refusal> {
    match matches.get_flag("clear") {
        true => door.call(request),
        false => door.call(Request::Masked(Box::new(request))),
    }
}

fn me(door: &mut dyn Door) -> Result<Box<Me>, Refusal> {
    match door.call(Request::Greet)? {
        Reply::Me(me) => Ok(me),
        _ => Err(odd()),
    }
}

/// `meeting list`.
///
/// # Errors
/// A refusal.
pub fn list(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let me = me(door)?;
    let file = matches.get_one::<String>("output").map(|_| print::file_of(matches)).transpose()?;
    let Reply::Meeting(view) = ask(door, matches, Request::Meeting)? else { return Err(odd()) };
    let is_masked = me.masked || !matches.get_flag("clear");
    if let Some(name) = file {
        let printed = print::meeting::list(voice.lang, (&me, Some(Masked)), &view);
        return print::written(voice, (name, matches), &printed);
    }
    voice.say(&view, |lang| list_page(lang, (&me, is_masked.then_some(Masked)), &view))?;
    Ok(if view.rows.is_empty() { Told::Nothing } else { Told::Done })
}

/// Names are covered on the page.
#[derive(Debug, Clone, Copy)]
pub struct Masked;

/// The list as a page.
pub fn list_page(lang: Lang, (me, masked): (&Me, Option<Masked>), view: &MeetingView) -> String {
    if view.rows.is_empty() {
        return locale::text(lang, "shell.meeting.none") + "\n";
    }
    let args = [
        ("town", me.town.clone()),
        ("day", dated(lang, me.today)),
        ("count", view.rows.len().to_string()),
    ];
    let mut page = locale::fill(lang, "shell.meeting.title", &args) + "\n";
    if masked.is_some() {
        page.push_str(&locale::text(lang, "shell.meeting.masked"));
        page.push('\n');
    }
    for (at, row) in view.rows.iter().enumerate() {
        matter(lang, (me, at + 1, row), &mut page);
    }
    page
}

fn matter(lang: Lang, (me, number, row): (&Me, usize, &TabledRow), page: &mut String) {
    let case = &row.case;
    let who = row::petitioner(case.person.as_ref(), case.people, lang);
    // Writing to a string cannot fail.
    let _ = writeln!(page, "\n{number}. {} {}  {who}", case.number, case.title);
    let _ = writeln!(page, "{}{}", " ".repeat(MARGIN), parts(lang, row).join("  "));
    let mut line = |key: &str, text: Option<String>| labelled(lang, (key, text), page);
    line("shell.meeting.request", Some(row.request.clone()));
    line("shell.meeting.progress", progress(lang, row));
    if let Some(text) = told_next(lang, me, row) {
        line("shell.meeting.next", Some(text));
    }
    line("shell.meeting.difficulty", row.tabled.difficulty.clone());
    line("shell.meeting.advice", row.tabled.advice.clone());
    line("shell.meeting.question", row.tabled.question.clone());
}

/// How far a matter is, who answers for it, and for which meeting it is.
pub fn parts(lang: Lang, row: &TabledRow) -> Vec<String> {
    let case = &row.case;
    let named = |key: &str, name: String| locale::fill(lang, key, &[("name", name)]);
    let stage = row::stage(case, lang);
    let mut parts = vec![format!("[{stage}]")];
    parts.extend(case.lead.clone().map(|name| named("shell.meeting.lead", name)));
    let holder: Vec<String> = [&case.holder, &case.unit].into_iter().flatten().cloned().collect();
    if !holder.is_empty() {
        parts.push(named("shell.meeting.holder", holder.join(" ")));
    }
    parts.extend(
        row.tabled
            .on
            .map(|on| locale::fill(lang, "shell.meeting.for_day", &[("day", on.to_string())])),
    );
    parts
}

/// What was done last on a matter.
pub fn progress(lang: Lang, row: &TabledRow) -> Option<String> {
    let (on, word, text) = row.last.as_ref()?;
    let deed = locale::text(lang, &format!("deed.{word}"));
    Some(format!("{on} {deed} {}", text.clone().unwrap_or_default()))
}

/// What is due next on a matter, with its limit and what is left.
pub fn told_next(lang: Lang, me: &Me, row: &TabledRow) -> Option<String> {
    let clock = row.case.next.as_ref()?;
    let day = row::maybe_day(clock.latest, me.today);
    let limit = row::limit_cell(Some(clock), lang);
    let limit: String = limit.pieces.iter().map(|piece| piece.0.as_str()).collect();
    Some(format!("{day} {limit} {}", row::days_left(clock, lang)))
}

/// A label with a text behind it, wrapped under itself.
fn labelled(lang: Lang, (key, text): (&str, Option<String>), page: &mut String) {
    let text = text.filter(|text| !text.trim().is_empty());
    let text = text.unwrap_or_else(|| locale::text(lang, "shell.meeting.nothing"));
    let text = row::flat(&text);
    let mut label = locale::text(lang, key);
    for line in wrap(text.trim(), PAGE - MARGIN - LABEL) {
        let _ = writeln!(page, "{}{}{line}", " ".repeat(MARGIN), pad_right(&label, LABEL));
        label.clear();
    }
}

/// `decision list`.
///
/// # Errors
/// A refusal.
pub fn decisions(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let today = me(door)?.today;
    let part = match (matches.get_one::<String>("on"), matches.get_one::<String>("decisions")) {
        (Some(on), _) => DecisionPart::Of(date(on, today)?),
        (None, None) => DecisionPart::Owed,
        (None, Some(word)) if word == "done" => DecisionPart::Done,
        (None, Some(_)) => DecisionPart::Owed,
    };
    let officer = match matches.get_one::<String>("officer") {
        Some(name) => Some(OfficerId(orders::named(door, Kind::Officer, name)?)),
        None => None,
    };
    let page = all(door, matches, (part, officer))?;
    voice.say(&page, |lang| {
        table(&page.rows.iter().map(|row| cells(lang, row)).collect::<Vec<_>>())
    })?;
    Ok(if page.rows.is_empty() { Told::Nothing } else { Told::Done })
}

fn all(
    door: &mut dyn Door,
    matches: &ArgMatches,
    (part, officer): (DecisionPart, Option<OfficerId>),
) -> Result<DecisionPage, Refusal> {
    let mut query = DecisionQuery { part, officer, after: None, most: ROWS_MAX };
    let mut whole = DecisionPage::default();
    loop {
        let request = Request::Decisions(query.clone());
        let Reply::Decisions(page) = ask(door, matches, request)? else { return Err(odd()) };
        query.after = page.rows.last().map(|row| row.cursor.clone());
        whole.rows.extend(page.rows);
        if !page.after || query.after.is_none() {
            return Ok(whole);
        }
    }
}

fn cells(lang: Lang, row: &DecisionRow) -> Vec<String> {
    let standing = locale::text(lang, &format!("standing.{}", row.clock.standing.word()));
    let due = row.clock.latest.map(|day| day.to_string()).unwrap_or_default();
    vec![
        row.id.0.to_string(),
        due,
        standing,
        row.officer.clone().unwrap_or_default(),
        row.number.clone(),
        row::flat(&row.text),
        row.outcome.as_ref().map(|outcome| row::flat(&outcome.text)).unwrap_or_default(),
    ]
}

/// `meeting minutes`.
///
/// # Errors
/// A refusal, or a day that is none.
pub fn minutes(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let me = me(door)?;
    let on = match matches.get_one::<String>("on") {
        Some(text) => date(text, me.today)?,
        None => me.today,
    };
    let page = all(door, matches, (DecisionPart::Of(on), None))?;
    voice.say(&page, |lang| minutes_page(lang, &me.town, (on, &page.rows)))?;
    Ok(if page.rows.is_empty() { Told::Nothing } else { Told::Done })
}

/// The minutes of a day as a page.
pub fn minutes_page(
    lang: Lang,
    town: &str,
    (on, rows): (chrono::NaiveDate, &[DecisionRow]),
) -> String {
    let day = dated(lang, on);
    if rows.is_empty() {
        return locale::fill(lang, "shell.minutes.none", &[("day", day)]) + "\n";
    }
    let mut page = locale::fill(lang, "shell.minutes.title", &[("town", town)]) + "\n";
    let args = [("day", day), ("count", rows.len().to_string())];
    page.push_str(&locale::fill(lang, "shell.minutes.head", &args));
    page.push('\n');
    let mut cases: Vec<&DecisionRow> = Vec::new();
    for row in rows {
        if cases.iter().all(|known| known.case != row.case) {
            cases.push(row);
        }
    }
    for (at, case) in cases.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "\n{}. {} {}", at + 1, case.number, case.title);
        for row in rows.iter().filter(|row| row.case == case.case) {
            labelled(lang, ("shell.minutes.text", Some(row.text.clone())), &mut page);
            let officer = row.officer.clone().unwrap_or_default();
            let due = row.clock.latest.map(|day| day.to_string()).unwrap_or_default();
            let who = locale::fill(lang, "shell.minutes.officer", &[("name", officer)]);
            let when = locale::fill(lang, "shell.minutes.due", &[("day", due)]);
            let _ = writeln!(page, "{}{who}  {when}", " ".repeat(MARGIN + LABEL));
            if let Some(outcome) = &row.outcome {
                let args = [("day", outcome.on.to_string()), ("text", outcome.text.clone())];
                let text = locale::fill(lang, "shell.minutes.done", &args);
                labelled(lang, ("shell.minutes.outcome", Some(text)), &mut page);
            }
        }
    }
    page.push('\n');
    page.push_str(&locale::text(lang, "shell.minutes.sign"));
    page.push('\n');
    page
}
