//! `recover`: what is left of a ledger into which nobody comes any more, and the way back.

use chrono::NaiveDate;
use clap::ArgMatches;
use serde::Serialize;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::cli::orders::new_id;
use crate::cli::place::Place;
use crate::cli::tell::{Outcome, Told, Voice, refusal_text, table};
use crate::cli::{backup, trail};
use crate::link::open;
use crate::locale::{self, Lang};
use crate::service::recover::{self, Left, Reach, Unsaved};

/// What `recover --json` says.
#[derive(Serialize)]
struct Recovered<'l> {
    opens: bool,
    older: bool,
    why: Option<&'l str>,
    administrators: Vec<Admin>,
    noted: Option<Far>,
    journal: Option<Far>,
    backup: Option<Backup>,
    missing: Option<u64>,
    unsaved: Vec<Row<'l>>,
    more: u64,
}

/// An administrator, and whether somebody can come in as that one.
#[derive(Serialize)]
struct Admin {
    login: String,
    uid: u32,
    /// `ready`, `gone` or `other`.
    standing: &'static str,
}

#[derive(Serialize)]
struct Far {
    line: u64,
    revision: u64,
}

#[derive(Serialize)]
struct Backup {
    bytes: u64,
    on: Option<NaiveDate>,
    line: Option<u64>,
    why: Option<String>,
}

#[derive(Serialize)]
struct Row<'l> {
    line: u64,
    at: &'l str,
    login: Option<&'l str>,
    act: &'l str,
    record: &'l str,
}

/// `recover`: with `--admin` the login is made an administrator, without it is told what is left.
///
/// # Errors
/// The folder is somebody else's, the ledger is served, or the machine has no such login.
pub fn recover(place: &Place, voice: Voice, matches: &ArgMatches) -> Outcome {
    let Some(login) = matches.get_one::<String>("admin") else {
        return look(place, voice, matches);
    };
    let to = open::account(login)
        .ok_or_else(|| Refusal::new(RefusalKind::Invalid, "no_such_login").with("login", login))?;
    recover::grant(&place.data, (new_id()?, open::whoami()), to).map_err(served)?;
    voice.say(&serde_json::json!({ "administrator": login }), |lang| {
        locale::fill(lang, "shell.recover.granted", &[("login", login)]) + "\n"
    })
}

/// A ledger that somebody serves is to be left alone first.
fn served(refusal: Refusal) -> Refusal {
    match refusal.key.as_str() {
        "refusal.already_open" => Refusal::new(RefusalKind::Closed, "recover_while_served"),
        _ => refusal,
    }
}

fn look(place: &Place, voice: Voice, matches: &ArgMatches) -> Outcome {
    let keys = matches.get_one::<String>("identity").map(|_| backup::keys(matches)).transpose()?;
    let left = recover::look(&place.data, keys.as_ref()).map_err(served)?;
    let is_served = left.trouble.as_ref().is_some_and(|it| it.key == "refusal.already_open");
    if is_served {
        return Err(served(Refusal::new(RefusalKind::Closed, "already_open")));
    }
    let admins: Vec<Admin> =
        left.admins.iter().map(|admin| standing(&admin.login, admin.uid)).collect();
    let is_well = left.trouble.is_none() && admins.iter().any(|admin| admin.standing == "ready");
    let told = told(&left, admins);
    voice.say(&told, |lang| text(lang, (&left, &told)))?;
    Ok(if is_well { Told::Done } else { Told::Nothing })
}

/// Whether the machine still knows the login under the number that the ledger has.
fn standing(login: &str, uid: u32) -> Admin {
    let standing = match open::account(login) {
        Some(known) if known.uid == uid => "ready",
        Some(_) => "other",
        None => "gone",
    };
    Admin { login: login.to_owned(), uid, standing }
}

fn told(left: &Left, administrators: Vec<Admin>) -> Recovered<'_> {
    let far = |reach: Reach| Far { line: reach.sequence, revision: reach.revision };
    let card = left.whole.as_ref().and_then(|whole| Some(&whole.as_ref().ok()?.card));
    let wrong = left.whole.as_ref().and_then(|whole| whole.as_ref().err());
    Recovered {
        opens: left.trouble.is_none(),
        older: left.is_older,
        why: left.trouble.as_ref().map(|refusal| refusal.key.as_str()),
        administrators,
        noted: left.noted.map(far),
        journal: left.own.map(far),
        backup: left.backup.map(|bytes| Backup {
            bytes,
            on: card.map(|card| card.on),
            line: card.map(|card| card.sequence),
            why: wrong.map(|refusal| refusal.key.clone()),
        }),
        missing: left.n_missing(),
        unsaved: left.unsaved.iter().map(row).collect(),
        more: left.n_more,
    }
}

fn row(line: &Unsaved) -> Row<'_> {
    Row {
        line: line.sequence,
        at: &line.at,
        login: line.login.as_deref(),
        act: &line.act,
        record: &line.record,
    }
}

fn text(lang: Lang, (left, told): (&Left, &Recovered<'_>)) -> String {
    let fill = |key: &str, args: &[(&str, String)]| {
        locale::fill(lang, &format!("shell.recover.{key}"), args)
    };
    let mut lines = vec![match &left.trouble {
        None if left.is_older => fill("older", &[]),
        None => fill("opens", &[]),
        Some(refusal) => fill("closed", &[("why", refusal_text(lang, refusal))]),
    }];
    for admin in &told.administrators {
        let args = [("login", admin.login.clone()), ("uid", admin.uid.to_string())];
        lines.push(fill(admin.standing, &args));
    }
    let is_open = left.trouble.is_none() && !left.is_older;
    if is_open && !told.administrators.iter().any(|admin| admin.standing == "ready") {
        lines.push(fill("nobody", &[]));
    }
    lines.extend(told.noted.iter().map(|far| {
        fill("noted", &[("line", far.line.to_string()), ("revision", far.revision.to_string())])
    }));
    lines.extend(told.journal.iter().map(|far| {
        fill("journal", &[("line", far.line.to_string()), ("revision", far.revision.to_string())])
    }));
    lines.push(match (&told.backup, &left.whole) {
        (None, _) => fill("no_backup", &[]),
        (Some(backup), None) => fill("backup", &[("bytes", backup.bytes.to_string())]),
        (Some(_), Some(Err(refusal))) => {
            fill("bad_backup", &[("why", refusal_text(lang, refusal))])
        }
        (Some(_), Some(Ok(whole))) => fill(
            "whole_backup",
            &[
                ("day", whole.card.on.to_string()),
                ("line", whole.card.sequence.to_string()),
                ("missing", told.missing.unwrap_or_default().to_string()),
            ],
        ),
    });
    let rows: Vec<Vec<String>> = left.unsaved.iter().map(|line| cells(lang, line)).collect();
    let more =
        (left.n_more > 0).then(|| fill("more", &[("count", left.n_more.to_string())]) + "\n");
    lines.join("\n") + "\n" + &table(&rows) + &more.unwrap_or_default()
}

fn cells(lang: Lang, line: &Unsaved) -> Vec<String> {
    let who = line.login.clone().unwrap_or_else(|| locale::text(lang, "journal.system"));
    let act = trail::act_text(lang, &line.act);
    vec![line.sequence.to_string(), line.at.clone(), who, act, line.record.clone()]
}
