//! `like`: what is like a newcomer, as the form at the window shows it.

use clap::ArgMatches;

use crate::api::door::Door;
use crate::api::like::{LikeQuery, LikeView, MATTERS_MAX, Reason};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::cli::orders;
use crate::cli::tell::{Outcome, Told, Voice, table};
use crate::domain::ids::{Kind, UnitId};
use crate::locale::{self, Lang};
use crate::tui::screen::form::like::reason_text;

/// Says what is like a newcomer.
///
/// # Errors
/// A refusal.
pub fn like(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
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

fn typed_in() -> Result<String, Refusal> {
    let mut text = String::new();
    std::io::Read::read_to_string(&mut std::io::stdin().lock(), &mut text)
        .map_err(|_| Refusal::new(RefusalKind::Invalid, "input_is_not_text"))?;
    Ok(text)
}

fn told(view: &LikeView, lang: Lang) -> String {
    let kind = |kind: Kind| locale::text(lang, &format!("kind.{}", kind.key()));
    let words = |reasons: &[Reason]| {
        let texts = reasons.iter().map(|reason| reason_text(*reason, lang));
        texts.collect::<Vec<_>>().join(" ")
    };
    let cases = view.cases.iter().map(|case| {
        let stage = locale::text(lang, &format!("stage.{}", case.stage.word()));
        vec![
            kind(Kind::Case),
            case.number.clone(),
            case.title.clone(),
            stage,
            case.person.clone().unwrap_or_else(|| locale::text(lang, "row.anonymous")),
            words(&case.reasons),
        ]
    });
    let persons = view.persons.iter().map(|person| {
        vec![
            kind(Kind::Person),
            person.id.0.to_string(),
            person.name.clone().unwrap_or_default(),
            person.village.clone().unwrap_or_default(),
            person.phone.clone().unwrap_or_default(),
            words(&person.reasons),
        ]
    });
    let rows: Vec<Vec<String>> = cases.chain(persons).collect();
    let args = [("count", rows.len().to_string())];
    table(&rows) + &locale::fill(lang, "shell.like", &args) + "\n"
}
