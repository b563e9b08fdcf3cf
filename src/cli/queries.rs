//! Questions from the shell: what is due, who is there, how many days.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use clap::ArgMatches;
use serde::Serialize;

use crate::api::days::WhyQuery;
use crate::api::door::Door;
use crate::api::limit::LimitRow;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{AgendaGroup, CheckView, LineRow, Reply};
use crate::api::request::{AgendaQuery, HITS_MAX, ROWS_MAX, Request};
use crate::cli::tell::{Outcome, Told, Voice, label, table};
use crate::cli::{law, listing, orders, roster, story, why};
use crate::domain::field::parse_date;
use crate::domain::ids::{Kind, PersonId};
use crate::domain::line::LineKind;
use crate::domain::listing::Column;
use crate::domain::standing::Standing;
use crate::locale::{self, Lang};
use crate::service::clock::Clock;

/// What the line of a limit says; the rest stands below it, with labels.
const IN_THE_HEAD: [&str; 7] =
    ["name", "norm", "article", "length", "effect", "in_force", "certainty"];
/// The most items of `due`.
const DUE_MAX: usize = 5_000;

#[derive(Debug, Serialize)]
struct DueItem {
    kind: Kind,
    id: u64,
    line: LineKind,
    on: NaiveDate,
    number: String,
    title: String,
    rule: Option<String>,
    target: Option<NaiveDate>,
    latest: Option<NaiveDate>,
    standing: Option<Standing>,
    provisional: bool,
    days_left: Option<i64>,
    lead: Option<String>,
    unit: Option<String>,
}

#[derive(Debug, Serialize)]
struct Due {
    items: Vec<DueItem>,
    /// Whether the list was too long to be told whole.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cut: bool,
}

fn odd() -> Refusal {
    Refusal::new(RefusalKind::Fault, "fault")
}

/// `find`.
///
/// # Errors
/// A refusal.
pub fn find(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let words: Vec<String> =
        matches.get_many::<String>("text").into_iter().flatten().cloned().collect();
    let mut text = words.join(" ");
    if text == "-" {
        text.clear();
        std::io::Read::read_to_string(&mut std::io::stdin().lock(), &mut text)
            .map_err(|_| Refusal::new(RefusalKind::Invalid, "input_is_not_text"))?;
    }
    let kinds = match matches.get_one::<String>("kind") {
        Some(word) => vec![Kind::from_key(word).ok_or_else(|| {
            Refusal::new(RefusalKind::Invalid, "no_such_kind").with("name", word)
        })?],
        None => Vec::new(),
    };
    let most = matches.get_one::<u32>("limit").copied().unwrap_or(50).min(HITS_MAX);
    let found = loop {
        let Reply::Found(found) =
            door.call(Request::Find { text: text.clone(), kinds: kinds.clone(), most })?
        else {
            return Err(odd());
        };
        if !found.warming {
            break found;
        }
        // A one-shot command has just opened the ledger: it waits for the index.
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    voice.say(&found, |lang| {
        let rows: Vec<Vec<String>> = found
            .hits
            .iter()
            .map(|hit| {
                let kind = locale::text(lang, &format!("kind.{}", hit.kind.key()));
                let why = locale::text(lang, &format!("why.{}", hit.why));
                let shown =
                    hit.shown.as_ref().map_or(why.clone(), |shown| format!("{why} {shown}"));
                vec![kind, hit.id.to_string(), hit.title.clone(), hit.note.clone(), shown]
            })
            .collect();
        let args = [("shown", found.hits.len().to_string()), ("total", found.total.to_string())];
        let key = if found.at_least { "shell.found_at_least" } else { "shell.found" };
        table(&rows) + &locale::fill(lang, key, &args) + "\n"
    })?;
    Ok(if found.hits.is_empty() { Told::Nothing } else { Told::Done })
}

/// `due`.
///
/// # Errors
/// A refusal.
pub fn due(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let (query, _) = listing::line_query(door, matches)?;
    let is_named = query.only.narrow.get(Column::Due).is_some()
        || ["view", "text"].iter().any(|name| matches.get_one::<String>(name).is_some());
    // What is far off is told to whoever asks for it.
    let is_wanted = |group: AgendaGroup| match group {
        AgendaGroup::Week | AgendaGroup::Later => is_named || query.until.is_some(),
        AgendaGroup::Late | AgendaGroup::Today | AgendaGroup::Soon => true,
        AgendaGroup::Nudge | AgendaGroup::Fresh => true,
    };
    let mut due = Due { items: Vec::new(), cut: false };
    let mut after = None;
    loop {
        let page = AgendaQuery { after, most: ROWS_MAX, ..query.clone() };
        let Reply::Agenda(view) = door.call(Request::Agenda(page))? else { return Err(odd()) };
        due.cut |= view.cut;
        let passed = view.rows.last().is_none_or(|(group, _)| !is_wanted(*group));
        after = view.rows.last().map(|(_, row)| row.cursor.clone());
        let wanted = view.rows.into_iter().filter(|(group, _)| is_wanted(*group));
        due.items.extend(wanted.map(|(_, row)| item(row)));
        if passed || !view.more {
            break;
        }
        if due.items.len() >= DUE_MAX {
            due.cut = true;
            break;
        }
    }
    voice.say(&due, |lang| {
        let rows: Vec<Vec<String>> = due.items.iter().map(|item| due_row(lang, item)).collect();
        let cut = if due.cut { locale::text(lang, "shell.cut") + "\n" } else { String::new() };
        table(&rows) + &cut
    })?;
    Ok(if due.items.is_empty() { Told::Nothing } else { Told::Done })
}

fn item(row: LineRow) -> DueItem {
    let next = row.clock;
    DueItem {
        kind: row.record.kind,
        id: row.record.id,
        line: row.line,
        on: row.on,
        number: row.number,
        title: row.title,
        rule: next.as_ref().map(|clock| clock.rule.clone()),
        target: next.as_ref().and_then(|clock| clock.target),
        latest: next.as_ref().and_then(|clock| clock.latest),
        standing: next.as_ref().map(|clock| clock.standing),
        provisional: next.as_ref().is_some_and(|clock| clock.provisional),
        days_left: next.as_ref().and_then(|clock| clock.days_left),
        lead: row.lead,
        unit: row.unit,
    }
}

fn due_row(lang: Lang, item: &DueItem) -> Vec<String> {
    let standing = item.standing.map_or("", Standing::word);
    vec![
        item.latest.map(|day| day.to_string()).unwrap_or_default(),
        locale::text(lang, &format!("standing.{standing}")),
        item.days_left.map(|days| days.to_string()).unwrap_or_default(),
        locale::text(lang, &format!("limit.{}", item.rule.as_deref().unwrap_or_default())),
        item.number.clone(),
        item.title.clone(),
        item.lead.clone().unwrap_or_default(),
        item.unit.clone().unwrap_or_default(),
    ]
}

/// `case show`.
///
/// # Errors
/// A refusal.
pub fn case_show(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let text = matches.get_one::<String>("record").map_or("", String::as_str);
    let sheet = orders::case(door, text)?;
    voice.say(&*sheet, |lang| story::case(lang, &sheet))
}

/// `person show`.
///
/// # Errors
/// A refusal.
pub fn person_show(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let id = matches
        .get_one::<String>("record")
        .and_then(|text| text.parse().ok())
        .ok_or_else(Refusal::not_found)?;
    let Reply::Person(sheet) = door.call(Request::Person { id: PersonId(id) })? else {
        return Err(odd());
    };
    voice.say(&*sheet, |lang| {
        let fields = sheet
            .fields
            .iter()
            .map(|(name, text)| vec![label(lang, &format!("person.{name}")), text.clone()]);
        let cases = sheet.cases.iter().map(|case| vec![case.number.clone(), case.title.clone()]);
        let entries = sheet.entries.iter().map(|entry| roster::line(lang, entry));
        table(&fields.chain(entries).chain(cases).collect::<Vec<_>>())
    })
}

/// `officer list`.
///
/// # Errors
/// A refusal.
pub fn officers(door: &mut dyn Door, voice: Voice) -> Outcome {
    let Reply::Officers(rows) = door.call(Request::Officers)? else { return Err(odd()) };
    voice.say(&rows, |_| {
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| {
                vec![
                    row.id.0.to_string(),
                    row.name.clone(),
                    row.post.clone().unwrap_or_default(),
                    row.unit.clone().unwrap_or_default(),
                    row.n_cases.to_string(),
                ]
            })
            .collect();
        table(&rows)
    })
}

/// `law list`.
///
/// # Errors
/// A refusal.
pub fn limits(door: &mut dyn Door, voice: Voice) -> Outcome {
    let Reply::Limits(rows) = door.call(Request::Limits)? else { return Err(odd()) };
    let told: Vec<ToldLimit> = rows.iter().map(|row| told_limit(voice.lang, row)).collect();
    voice.say(&told, |lang| {
        let head = |row: &LimitRow| {
            vec![
                law::name(lang, (&row.id, row.name.as_ref())),
                law::length(lang, row),
                format!("{} {}", row.norm, row.article),
                locale::text(lang, &format!("shell.effect.{}", row.effect)),
                row.in_force_from.to_string(),
                row.certainty.clone(),
                law::source(lang, row.loaded.as_ref()),
            ]
        };
        let heads = table(&rows.iter().map(head).collect::<Vec<_>>());
        let lines = heads.lines().zip(&told).map(|(head, told)| format!("{head}\n{}", rest(told)));
        lines.collect()
    })
}

/// A limit with everything that it says in words, by the keys of the page of limits.
#[derive(Debug, Serialize)]
struct ToldLimit<'r> {
    #[serde(flatten)]
    row: &'r LimitRow,
    words: BTreeMap<&'static str, String>,
    #[serde(skip)]
    labelled: Vec<(&'static str, String)>,
}

fn told_limit(lang: Lang, row: &LimitRow) -> ToldLimit<'_> {
    let text = |key: &str| locale::text(lang, key);
    let cells = law::in_words(row, law::name(lang, (&row.id, row.name.as_ref())), &text);
    let cells: Vec<_> = cells.into_iter().filter(|(_, text)| !text.is_empty()).collect();
    let labelled = cells.iter().filter(|(key, _)| !IN_THE_HEAD.contains(key));
    let labelled = labelled
        .map(|(key, said)| (*key, format!("{}: {said}", text(&format!("docs.limits.{key}")))));
    ToldLimit { row, labelled: labelled.collect(), words: cells.into_iter().collect() }
}

/// What the line of a limit does not say yet, below it.
fn rest(told: &ToldLimit<'_>) -> String {
    let texts: Vec<&str> = told.labelled.iter().map(|(_, text)| text.as_str()).collect();
    format!("    {}\n", texts.join("  "))
}

/// `calendar show`.
///
/// # Errors
/// A refusal.
pub fn calendar(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let year = matches.get_one::<i32>("year").copied().unwrap_or_default();
    let Reply::Calendar(view) = door.call(Request::Calendar { year })? else { return Err(odd()) };
    voice.say(&view, |lang| {
        let state = if view.known { "shell.calendar.known" } else { "shell.calendar.unknown" };
        let args = [
            ("year", view.year.to_string()),
            ("notice", view.notice.clone().unwrap_or_default()),
            ("days", view.n_workdays.to_string()),
        ];
        let mut text = locale::fill(lang, state, &args) + "\n";
        if view.known {
            text.push_str(&law::source(lang, view.loaded.as_ref()));
            text.push('\n');
        }
        let off = view.off.iter().map(|(day, name)| vec![day.to_string(), name.clone()]);
        let made_up = locale::text(lang, "shell.calendar.make_up");
        let work = view.work.iter().map(|(day, _)| vec![day.to_string(), made_up.clone()]);
        let mut rows: Vec<Vec<String>> = off.chain(work).collect();
        rows.sort();
        text.push_str(&table(&rows));
        text
    })
}

/// `days`.
///
/// # Errors
/// A refusal.
pub fn days(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let text = matches.get_one::<String>("from").map_or("", String::as_str);
    let length = matches.get_one::<String>("length").cloned().unwrap_or_default();
    let today = if text.len() >= 8 {
        NaiveDate::default()
    } else {
        match door.call(Request::Greet) {
            Ok(Reply::Me(me)) => me.today,
            Ok(_) => return Err(odd()),
            // Without a ledger a day without its year is one of this year.
            Err(_no_ledger) => Clock::System.day(),
        }
    };
    let from = date(text, today)?;
    if matches.get_flag("explain") {
        return why::explain(door, voice, WhyQuery::Plain { from, length });
    }
    let Reply::Days(view) = door.call(Request::Days { from, length })? else { return Err(odd()) };
    voice.say(&view, |lang| {
        let key = if view.provisional { "shell.days.provisional" } else { "shell.days" };
        let args = [("target", view.target.to_string()), ("latest", view.latest.to_string())];
        locale::fill(lang, key, &args) + "\n"
    })
}

/// `status`.
///
/// # Errors
/// A refusal.
pub fn status(door: &mut dyn Door, voice: Voice) -> Outcome {
    let Reply::Status(view) = door.call(Request::Status)? else { return Err(odd()) };
    voice.say(&view, |lang| {
        let told = [
            ("build", Some(view.build.clone())),
            ("revision", view.revision.map(|revision| revision.0.to_string())),
            ("journal", view.journal.map(|line| line.to_string())),
            ("head", view.head.clone()),
        ];
        let row = |(name, text): (&str, Option<String>)| {
            Some(vec![locale::text(lang, &format!("shell.status.{name}")), text?])
        };
        let mut rows: Vec<_> = told.into_iter().filter_map(row).collect();
        for (kind, count) in &view.n_records {
            rows.push(vec![locale::text(lang, &format!("kind.{}", kind.key())), count.to_string()]);
        }
        if let Some(key) = &view.read_only {
            rows.push(vec![locale::text(lang, key)]);
        }
        table(&rows)
    })
}

/// `check`.
///
/// # Errors
/// A refusal.
pub fn check(door: &mut dyn Door) -> Result<CheckView, Refusal> {
    let Reply::Check(view) = door.call(Request::Check)? else { return Err(odd()) };
    Ok(view)
}

/// Says what a check found.
///
/// # Errors
/// A refusal of the output.
pub fn checked(voice: Voice, view: &CheckView) -> Outcome {
    voice.say(view, |lang| {
        let args = [
            ("records", view.n_records.to_string()),
            ("lines", view.n_lines.to_string()),
            ("rows", view.n_rows.to_string()),
        ];
        let key = if view.good { "shell.check.good" } else { "shell.check.bad" };
        let mut text = locale::fill(lang, key, &args) + "\n";
        for (flaw, about) in &view.findings {
            text.push_str(&format!(
                "  {} {about}\n",
                locale::text(lang, &format!("finding.{flaw}"))
            ));
        }
        if view.n_files + view.n_orphans > 0 {
            let args = [("files", view.n_files), ("orphans", view.n_orphans)];
            let args = args.map(|(name, count)| (name, count.to_string()));
            text.push_str(&format!("  {}\n", locale::fill(lang, "shell.check.files", &args)));
        }
        for key in &view.unproven {
            text.push_str(&format!("  {}\n", locale::text(lang, &format!("unproven.{key}"))));
        }
        text
    })?;
    Ok(if view.good { Told::Done } else { Told::Nothing })
}

/// A day as people write it.
///
/// # Errors
/// It is none.
pub fn date(text: &str, today: NaiveDate) -> Result<NaiveDate, Refusal> {
    parse_date(text, today).map_err(|why| {
        Refusal::wrong(vec![crate::domain::form::Wrong {
            field: text.to_owned(),
            why: why.to_owned(),
        }])
    })
}
