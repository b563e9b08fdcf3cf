//! `like`: what is like a newcomer, as the form at the window shows it.

use clap::ArgMatches;

use crate::api::door::Door;
use crate::api::like::{
    Among, LikeCase, LikePerson, LikeQuery, LikeView, MATTERS_MAX, TwinQuery, TwinView,
};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::cli::orders;
use crate::cli::tell::{Outcome, Told, Voice, table};
use crate::domain::ids::{Kind, UnitId};
use crate::locale::{self, Lang};
use crate::tui::screen::form::like::reasons_text;

/// Says what is like a newcomer.
///
/// # Errors
/// A refusal.
pub fn like(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    if let Some(word) = matches.get_one::<String>("among") {
        return twins(door, voice, word);
    }
    let mut query = LikeQuery { most: MATTERS_MAX, ..LikeQuery::default() };
    let texts = [
        ("name", &mut query.name),
        ("phone", &mut query.phone),
        ("id-number", &mut query.id_number),
        ("text", &mut query.text),
    ];
    for (name, home) in texts {
        let text = matches.get_one::<String>(name).cloned().unwrap_or_default();
        *home = if text == "-" { typed_in()? } else { text };
    }
    let village = matches.get_one::<String>("village");
    query.village = match village {
        Some(name) => Some(UnitId(orders::named(door, Kind::Unit, name)?)),
        None => None,
    };
    let view = loop {
        let Reply::Like(view) = door.call(Request::Like(query.clone()))? else {
            return Err(Refusal::new(RefusalKind::Fault, "fault"));
        };
        if !view.warming {
            break view;
        }
        // A server that has just started: its index is waited for.
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    voice.say(&view, |lang| told(&view, lang))?;
    let is_new = view.cases.is_empty() && view.persons.is_empty();
    Ok(if is_new { Told::Nothing } else { Told::Done })
}

/// Says what is there twice.
///
/// # Errors
/// A refusal.
fn twins(door: &mut dyn Door, voice: Voice, word: &str) -> Outcome {
    let among = Among::ALL.into_iter().find(|among| among.word() == word).unwrap_or_default();
    let mut all = TwinView::default();
    loop {
        let from = all.groups.len() as u64;
        let Reply::Twins(page) = door.call(Request::Twins(TwinQuery { among, from }))? else {
            return Err(Refusal::new(RefusalKind::Fault, "fault"));
        };
        let is_last = !page.more || page.groups.is_empty();
        all.groups.extend(page.groups);
        (all.n_groups, all.n_records) = (page.n_groups, page.n_records);
        if is_last {
            break;
        }
    }
    voice.say(&all, |lang| groups_text(&all, lang))?;
    Ok(if all.groups.is_empty() { Told::Nothing } else { Told::Done })
}

/// The groups, each with a line between.
fn groups_text(view: &TwinView, lang: Lang) -> String {
    let mut text = String::new();
    for group in &view.groups {
        let rows: Vec<Vec<String>> = group
            .cases
            .iter()
            .map(|case| case_row(case, lang))
            .chain(group.persons.iter().map(|person| person_row(person, lang)))
            .collect();
        text += &table(&rows);
        let more = group.n_records.saturating_sub(rows.len() as u64);
        if more > 0 {
            text += &(locale::fill(lang, "twins.more", &[("count", more.to_string())]) + "\n");
        }
        text.push('\n');
    }
    let args = [("groups", view.n_groups.to_string()), ("count", view.n_records.to_string())];
    text + &locale::fill(lang, "like.twins", &args) + "\n"
}

fn typed_in() -> Result<String, Refusal> {
    let mut text = String::new();
    std::io::Read::read_to_string(&mut std::io::stdin().lock(), &mut text)
        .map_err(|_| Refusal::new(RefusalKind::Invalid, "input_is_not_text"))?;
    Ok(text)
}

fn told(view: &LikeView, lang: Lang) -> String {
    let cases = view.cases.iter().map(|case| case_row(case, lang));
    let persons = view.persons.iter().map(|person| person_row(person, lang));
    let rows: Vec<Vec<String>> = cases.chain(persons).collect();
    let args = [("count", rows.len().to_string())];
    table(&rows) + &locale::fill(lang, "shell.like", &args) + "\n"
}

fn case_row(case: &LikeCase, lang: Lang) -> Vec<String> {
    vec![
        kind(Kind::Case, lang),
        case.number.clone(),
        case.title.clone(),
        locale::text(lang, &format!("stage.{}", case.stage.word())),
        case.person.clone().unwrap_or_else(|| locale::text(lang, "row.anonymous")),
        reasons_text(&case.reasons, lang),
    ]
}

fn person_row(person: &LikePerson, lang: Lang) -> Vec<String> {
    vec![
        kind(Kind::Person, lang),
        person.id.0.to_string(),
        person.name.clone().unwrap_or_default(),
        person.village.clone().unwrap_or_default(),
        person.phone.clone().unwrap_or_default(),
        reasons_text(&person.reasons, lang),
    ]
}

fn kind(kind: Kind, lang: Lang) -> String {
    locale::text(lang, &format!("kind.{}", kind.key()))
}
