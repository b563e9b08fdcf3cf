//! `journal` and `access`: what was changed, and who looked, on the shell.

use chrono::NaiveDate;
use clap::ArgMatches;
use serde::Serialize;

use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::{AccessQuery, JournalQuery, ROWS_MAX, Request};
use crate::api::trail::{AccessPage, AccessRow, JournalPage, JournalRow};
use crate::cli::tell::{Outcome, Told, Voice, table};
use crate::cli::{orders, queries};
use crate::domain::field::parse_date;
use crate::domain::form::Wrong;
use crate::domain::ids::{CaseId, RecordRef};
use crate::locale::{self, Lang};
use crate::tui::screen::changed;

/// Rows that are shown unless a number is asked for.
const SHOWN: u32 = 50;
/// Findings of a check that are about the two logs.
const OF_THE_CHAIN: [&str; 7] =
    ["line", "chain", "value", "finder", "access", "seal", "unjournaled"];

#[derive(Debug, Serialize)]
struct Head {
    sequence: u64,
    revision: u64,
    head: String,
    words: String,
}

#[derive(Debug, Serialize)]
struct Verified {
    good: bool,
    lines: u64,
    head: String,
    findings: Vec<(String, String)>,
    unproven: Vec<String>,
}

fn odd() -> Refusal {
    Refusal::new(RefusalKind::Fault, "fault")
}

/// Asks for page after page, each of at most so many rows and from where the last one ended, until
/// there are so many rows or no more; also where the next page would go on.
fn gather<R, C: Copy>(
    most: usize,
    mut next: impl FnMut(u32, Option<C>) -> Result<(Vec<R>, Option<C>), Refusal>,
) -> Result<(Vec<R>, Option<C>), Refusal> {
    let (mut rows, mut before) = (Vec::new(), None);
    loop {
        let asked = u32::try_from(most - rows.len()).unwrap_or(ROWS_MAX).clamp(1, ROWS_MAX);
        let (page, more) = next(asked, before)?;
        rows.extend(page);
        before = more;
        if more.is_none() || rows.len() >= most {
            return Ok((rows, more));
        }
    }
}

/// `journal list`.
///
/// # Errors
/// A refusal.
pub fn journal(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let today = today(door)?;
    let mut query = JournalQuery {
        clerk: matches.get_one::<String>("clerk").cloned(),
        act: matches.get_one::<String>("act").cloned(),
        from: day(matches, "from-day", today)?,
        to: day(matches, "to-day", today)?,
        ..JournalQuery::default()
    };
    if let Some(on) = day(matches, "day", today)? {
        (query.from, query.to) = (Some(on), Some(on));
    }
    if let Some(number) = matches.get_one::<String>("case") {
        query.case = Some(CaseId(orders::case(door, number)?.case.id.0));
    }
    if let Some(name) = matches.get_one::<String>("person") {
        query.person = Some(orders::person(door, name)?);
    }
    let most = matches.get_one::<u32>("limit").copied().unwrap_or(SHOWN) as usize;
    let (rows, more) = gather(most, |most, before| {
        let query = JournalQuery { most, before, ..query.clone() };
        match door.call(Request::Journal(query))? {
            Reply::Journal(next) => Ok((next.rows, next.more)),
            _ => Err(odd()),
        }
    })?;
    let page = JournalPage { rows, more };
    voice.say(&page, |lang| page.rows.iter().map(|row| journal_text(lang, row)).collect())?;
    Ok(if page.rows.is_empty() { Told::Nothing } else { Told::Done })
}

/// A line in one row, and below it what was changed.
fn journal_text(lang: Lang, row: &JournalRow) -> String {
    let who = row.who.clone().unwrap_or_else(|| locale::text(lang, "journal.system"));
    let of = row.of.as_ref().map(|of| format!(" {}", act_text(lang, of)));
    let act = act_text(lang, &row.act) + &of.unwrap_or_default();
    let late = if row.on == row.at.date() { String::new() } else { format!("({})", row.on) };
    let mut text = format!(
        "{:>6} {} {who} {act} {} {late}",
        row.sequence,
        row.at.format("%Y-%m-%d %H:%M"),
        row.name
    );
    text.truncate(text.trim_end().len());
    text.push('\n');
    for field in row.fields.iter().filter(|field| changed::is_told(&field.field)) {
        let kind = row.record.map_or("", |record| record.kind.key());
        text.push_str(&format!("       {}\n", changed::in_full(lang, kind, field)));
    }
    text
}

/// What an act is called.
pub fn act_text(lang: Lang, act: &str) -> String {
    locale::find(lang, &format!("act.{act}")).unwrap_or(act).to_owned()
}

/// `journal head`: what is written into the paper register.
///
/// # Errors
/// A refusal.
pub fn head(door: &mut dyn Door, voice: Voice) -> Outcome {
    let Reply::Status(view) = door.call(Request::Status)? else { return Err(odd()) };
    let (Some(sequence), Some(revision), Some(head)) = (view.journal, view.revision, view.head)
    else {
        return Err(Refusal::new(RefusalKind::Denied, "denied"));
    };
    let words: Vec<String> = head
        .as_bytes()
        .chunks(4)
        .take(8)
        .map(|four| String::from_utf8_lossy(four).into_owned())
        .collect();
    let head = Head { sequence, revision: revision.0, words: words.join(" "), head };
    voice.say(&head, |_| format!("{}  {}\n", head.sequence, head.words))
}

/// `journal verify`: the chain, the values beside it, and the months of the access log.
///
/// # Errors
/// A refusal.
pub fn verify(door: &mut dyn Door, voice: Voice) -> Outcome {
    let view = queries::check(door)?;
    let Reply::Status(status) = door.call(Request::Status)? else { return Err(odd()) };
    let findings: Vec<(String, String)> = view
        .findings
        .into_iter()
        .filter(|(flaw, _)| OF_THE_CHAIN.contains(&flaw.as_str()))
        .collect();
    let verified = Verified {
        good: findings.is_empty(),
        lines: view.n_lines,
        head: status.head.unwrap_or_default(),
        findings,
        unproven: view.unproven,
    };
    voice.say(&verified, |lang| {
        let key = if verified.good { "shell.journal.good" } else { "shell.journal.bad" };
        let args = [("lines", verified.lines.to_string()), ("head", verified.head.clone())];
        let mut text = locale::fill(lang, key, &args) + "\n";
        for (flaw, about) in &verified.findings {
            let flaw = locale::text(lang, &format!("finding.{flaw}"));
            text.push_str(&format!("  {flaw} {about}\n"));
        }
        for key in &verified.unproven {
            text.push_str(&format!("  {}\n", locale::text(lang, &format!("unproven.{key}"))));
        }
        text
    })?;
    Ok(if verified.good { Told::Done } else { Told::Nothing })
}

/// `access list`.
///
/// # Errors
/// A refusal.
pub fn accesses(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let today = today(door)?;
    let mut query = AccessQuery {
        clerk: matches.get_one::<String>("clerk").cloned(),
        act: matches.get_one::<String>("act").cloned(),
        from: day(matches, "from-day", today)?,
        to: day(matches, "to-day", today)?,
        ..AccessQuery::default()
    };
    if let Some(name) = matches.get_one::<String>("person") {
        query.person = Some(match orders::person(door, name) {
            // Who audits finds nobody by name: they have the number, from a line of either log.
            Err(refusal) if refusal.kind == RefusalKind::Denied => {
                return Err(Refusal::new(RefusalKind::Denied, "person_by_number"));
            }
            found => found?,
        });
    }
    let most = matches.get_one::<u32>("limit").copied().unwrap_or(SHOWN) as usize;
    let (rows, more) = gather(most, |most, before| {
        let query = AccessQuery { most, before, ..query.clone() };
        match door.call(Request::Accesses(query))? {
            Reply::Accesses(next) => Ok((next.rows, next.more)),
            _ => Err(odd()),
        }
    })?;
    let page = AccessPage { rows, more };
    voice.say(&page, |lang| {
        table(&page.rows.iter().map(|row| access_cells(lang, row)).collect::<Vec<_>>())
    })?;
    Ok(if page.rows.is_empty() { Told::Nothing } else { Told::Done })
}

fn access_cells(lang: Lang, row: &AccessRow) -> Vec<String> {
    let about: Vec<String> =
        row.about.iter().map(|(record, name)| record_text(lang, *record, name)).collect();
    let notes: Vec<String> = row
        .notes
        .iter()
        .map(|(name, text)| {
            let label = locale::text(lang, &format!("access.{name}"));
            format!("{label}:{}", note_text(lang, row, (name, text.as_deref())))
        })
        .collect();
    vec![
        row.at.format("%Y-%m-%d %H:%M").to_string(),
        row.who.clone().unwrap_or_else(|| locale::text(lang, "journal.system")),
        act_text(lang, &row.act),
        about.join(" "),
        row.n_rows.to_string(),
        notes.join(" "),
    ]
}

/// What a record is called: by its name, or by its number where it has none that may be told.
pub fn record_text(lang: Lang, record: RecordRef, name: &str) -> String {
    if name.is_empty() {
        return format!(
            "{} {}",
            locale::text(lang, &format!("kind.{}", record.kind.key())),
            record.id
        );
    }
    name.to_owned()
}

/// What was typed, shown or answered: a refusal and a field stand there by the key of their text.
fn note_text(lang: Lang, row: &AccessRow, (name, text): (&str, Option<&str>)) -> String {
    match (name, text) {
        (_, None) => locale::text(lang, "journal.erased"),
        ("refused" | "field", Some(key)) => {
            let who = row.who.clone().unwrap_or_default();
            let nobody = ("admins", String::new());
            let args = [("login", who), ("act", act_text(lang, &row.act)), nobody];
            locale::fill(lang, key, &args)
        }
        (_, Some(text)) => text.to_owned(),
    }
}

fn today(door: &mut dyn Door) -> Result<NaiveDate, Refusal> {
    match door.call(Request::Greet)? {
        Reply::Me(me) => Ok(me.today),
        _ => Err(odd()),
    }
}

fn day(matches: &ArgMatches, flag: &str, today: NaiveDate) -> Result<Option<NaiveDate>, Refusal> {
    let Some(text) = matches.get_one::<String>(flag) else { return Ok(None) };
    parse_date(text, today)
        .map(Some)
        .map_err(|why| Refusal::wrong(vec![Wrong { field: text.clone(), why: why.to_owned() }]))
}
