//! The command line: reads the arguments, opens the right door, hands over.

pub mod args;
pub mod attach;
pub mod backup;
pub mod compare;
pub mod count;
pub mod docs;
pub mod doctor;
pub mod dossier;
pub mod duty;
pub mod export;
pub mod founding;
pub mod handover;
pub mod import;
pub mod law;
pub mod like;
pub mod listing;
pub mod meeting;
mod misuse;
pub mod orders;
pub mod page;
pub mod paper;
pub mod place;
pub mod plan;
pub mod print;
pub mod queries;
pub mod recover;
pub mod remark;
mod remote;
pub mod roster;
pub mod screen;
pub mod setting;
pub mod shell;
pub mod story;
pub mod tell;
pub mod template;
pub mod trail;
pub mod undo;
pub mod unit;
pub mod view;
pub mod village;
pub mod why;
mod words;

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::ArgMatches;
use clap::error::ErrorKind;
use signal_hook::consts::SIGXFSZ;

use crate::api::door::Door;
use crate::api::incoming::Rows;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::cli::place::Place;
use crate::cli::tell::{Outcome, Told, Voice};
use crate::domain::act::Act;
use crate::exchange::child;
use crate::link::open;
use crate::locale::Lang;
use crate::service::bare::BareDoor;
use crate::tui::app::meeting::Room;

/// Runs the program with its arguments and gives its exit code.
pub fn run() -> ExitCode {
    if let Some(code) = child::run_if_asked(env::args_os().skip(1)) {
        return code;
    }
    outlive_full_disk();
    let args: Vec<OsString> = env::args_os().collect();
    let lang = language(&args);
    let original = env::var(remote::ORIGINAL).ok();
    let Some(args) = remote::arguments(args, original.as_deref()) else {
        let refusal = Refusal::new(RefusalKind::Denied, "not_from_afar");
        return end(Err(refusal), Voice { lang, json: false });
    };
    let lang = language(&args);
    if let Some(place) = Place::of_bare_start(&args, |name| env::var_os(name)) {
        let voice = Voice { lang, json: false };
        return end(founding::program(&place, voice, Room::Office), voice);
    }
    let matches = match args::tree(lang).try_get_matches_from(&args) {
        Ok(matches) => matches,
        Err(error) => {
            if !matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
                misuse::tell(lang, &error);
                return ExitCode::from(2);
            }
            // Whoever reads may have gone; there is nobody left to tell.
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
    };
    let voice = Voice { lang, json: matches.get_flag("json") };
    end(dispatch(&matches, voice), voice)
}

fn end(outcome: Outcome, voice: Voice) -> ExitCode {
    match outcome {
        Ok(Told::Done) => ExitCode::SUCCESS,
        Ok(Told::Nothing) => ExitCode::from(1),
        Ok(Told::Misuse) => ExitCode::from(2),
        Err(refusal) => voice.refuse(&refusal),
    }
}

/// Makes a file that may not grow an error like any other, instead of the end of the process.
fn outlive_full_disk() {
    let noticed = Arc::new(AtomicBool::new(false));
    // Where the kernel refuses, the process would end as it did without.
    let _ = signal_hook::flag::register(SIGXFSZ, noticed);
}

/// The language: the flag, the environment, else Chinese.
fn language(args: &[OsString]) -> Lang {
    let words: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let flag = words.iter().enumerate().find_map(|(at, word)| match word.strip_prefix("--lang") {
        Some("") => words.get(at + 1).copied(),
        Some(rest) => rest.strip_prefix('='),
        None => None,
    });
    let named = flag.map(str::to_owned).or_else(|| env::var("ANJIE_LANG").ok());
    named.and_then(|word| Lang::parse(&word)).unwrap_or(Lang::Zh)
}

fn dispatch(matches: &ArgMatches, voice: Voice) -> Outcome {
    let Some((name, inner)) = matches.subcommand() else {
        return founding::program(&Place::of(matches), voice, Room::Office);
    };
    let place = Place::of(inner);
    match name {
        "demo" => founding::demo(inner, voice),
        "look" => founding::program(&place, voice, Room::Meeting),
        "init" => founding::init(&place, voice, inner),
        "serve" => founding::serve(&place, inner),
        "docs" => founding::docs(inner),
        // What the law says is true without an office.
        "days" | "law" | "calendar" if is_question(inner) && !place.is_there() => {
            ask(&mut BareDoor::new(), voice, (name, inner))
        }
        "check" => check(&place, voice),
        "recover" => recover::recover(&place, voice, inner),
        "restore" => backup::restore(&place, voice, inner),
        "backup" if let Some(("verify", inner)) = inner.subcommand() => {
            backup::verify(voice, inner)
        }
        "backup" if let Some(("key", inner)) = inner.subcommand() => backup::key(voice, inner),
        "doctor" => doctor::doctor(&place, voice),
        "man" => shell::man(voice.lang),
        "completions" => shell::completions(voice.lang, inner),
        _ => {
            let mut door = open::brief_door(&place.link())?;
            founding::move_today(door.as_mut(), &place)?;
            ask(door.as_mut(), voice, (name, inner))
        }
    }
}

/// Whether a command on limits or calendar only asks.
fn is_question(matches: &ArgMatches) -> bool {
    matches.subcommand_name().is_none_or(|name| ["list", "show"].contains(&name))
}

/// `check`: a ledger that cannot be opened because of what it holds has failed the check too.
fn check(place: &Place, voice: Voice) -> Outcome {
    const FAILED: [&str; 4] = ["damaged", "not_a_ledger", "rolled_back", "fault"];
    let failed = |refusal: &Refusal| {
        FAILED.iter().any(|word| refusal.key.strip_prefix("refusal.") == Some(word))
    };
    let link = place.link();
    // Whoever owns the file proves it as it lies there, and need be no user of it.
    let is_owners = |refusal: &Refusal| {
        refusal.kind == RefusalKind::Denied && !link.has_only_socket() && !link.is_served()
    };
    let checked = match open::brief_door(&link).and_then(|mut door| queries::check(door.as_mut())) {
        Err(refusal) if is_owners(&refusal) => crate::service::recover::check(&place.data),
        other => other,
    };
    match checked.and_then(|view| queries::checked(voice, &view)) {
        Err(refusal) if failed(&refusal) => {
            // The message is that of any refusal; only the exit code says that it was the check.
            let _ = voice.refuse(&refusal);
            Ok(Told::Nothing)
        }
        other => other,
    }
}

fn ask(door: &mut dyn Door, voice: Voice, (name, matches): (&str, &ArgMatches)) -> Outcome {
    let below = matches.subcommand();
    match (name, below) {
        ("status", _) => queries::status(door, voice),
        ("find", _) => queries::find(door, voice, matches),
        ("like", _) => like::like(door, voice, matches),
        ("due", _) => queries::due(door, voice, matches),
        ("days", _) => queries::days(door, voice, matches),
        ("law", Some(("load", inner))) => law::load(door, voice, inner),
        ("law", Some(("drop", inner))) => law::drop_law(door, voice, inner),
        ("calendar", Some(("load", inner))) => law::load_calendar(door, voice, inner),
        ("law", Some(_)) => queries::limits(door, voice),
        ("calendar", Some((_, inner))) => queries::calendar(door, voice, inner),
        ("backup", Some(_)) => backup::list(door, voice),
        ("backup", None) => backup::make(door, voice, matches),
        ("undo" | "redo", _) => undo::newest(door, voice, (name, matches)),
        ("import", Some(("undo", inner))) => undo::batch(door, voice, inner),
        ("import", Some((word, inner))) => {
            let rows = Rows::parse(word).unwrap_or_default();
            import::run(door, voice, (rows, inner))
        }
        ("export", Some((subject, inner))) => export::export(door, voice, (subject, inner)),
        ("count", _) => count::run(door, voice, matches),
        ("report", Some((word, inner))) => print::report::report(door, voice, (word, inner)),
        ("paper", Some(("leads", inner))) => print::leads(door, voice, inner),
        ("paper", Some(("reminder", inner))) => print::due::reminder(door, voice, inner),
        ("paper", _) => paper::paper(door, voice, matches),
        ("compare", _) => compare::compare(door, voice, matches),
        ("dossier", _) => dossier::dossier(door, voice, matches),
        ("attach", _) => attach::attach(door, voice, matches),
        ("settings", Some(("list", _))) => setting::list(door, voice),
        ("settings", Some((_, inner))) => setting::set(door, voice, inner),
        ("clerk", Some(("list", _))) => setting::clerks(door, voice),
        ("case", Some(("show", inner))) => queries::case_show(door, voice, inner),
        ("case", Some(("why", inner))) => why::case(door, voice, inner),
        ("case", Some(("list", inner))) => listing::case_list(door, voice, inner),
        ("case", Some(("assign", inner))) => orders::assign(door, voice, inner),
        ("person", Some(("show", inner))) => queries::person_show(door, voice, inner),
        ("journal", Some(("list", inner))) => trail::journal(door, voice, inner),
        ("journal", Some(("verify", _))) => trail::verify(door, voice),
        ("journal", Some(("head", _))) => trail::head(door, voice),
        ("access", Some((_, inner))) => trail::accesses(door, voice, inner),
        ("plan", Some(("show", _))) => plan::show(door, voice),
        ("plan", Some(("load", inner))) => plan::load(door, voice, inner),
        ("plan", Some(("page", inner))) => page::village(door, voice, inner),
        ("task", Some(("list", inner))) => plan::list(door, voice, inner),
        ("task", Some(("show", inner))) => plan::task(door, voice, inner),
        ("duty", Some((word, inner))) if order_of(name, word).is_none() => {
            duty::run(door, voice, (word, inner))
        }
        ("figure", Some(("list", inner))) => duty::figures(door, voice, inner),
        ("person", Some(("list", inner))) => roster::persons(door, voice, inner),
        ("roster", Some(("list", inner))) => roster::list(door, voice, inner),
        ("roster", Some(("show", inner))) => roster::show(door, voice, inner),
        ("roster", Some(("notice", inner))) => roster::notice(door, voice, inner),
        ("meeting", Some(("list", inner))) => meeting::list(door, voice, inner),
        ("meeting", Some(("minutes", inner))) => meeting::minutes(door, voice, inner),
        ("decision", Some(("list", inner))) => meeting::decisions(door, voice, inner),
        ("unit", Some(("list", _))) => unit::list(door, voice),
        ("unit", Some(("show", inner))) => unit::show(door, voice, inner),
        ("view", Some(("list" | "show" | "remove", _))) => view::run(door, voice, matches),
        ("officer", Some(("holdings", inner))) => handover::holdings(door, voice, inner),
        ("officer", Some(("list", _))) => queries::officers(door, voice),
        (group, Some((command, inner))) => {
            let act = order_of(group, command)
                .ok_or_else(|| Refusal::new(RefusalKind::Invalid, "no_such_command"))?;
            orders::give(door, voice, (act, inner))
        }
        (_, None) => Err(Refusal::new(RefusalKind::Invalid, "no_such_command")),
    }
}

fn order_of(group: &str, command: &str) -> Option<Act> {
    words::ORDERS.iter().find(|(path, _)| *path == [group, command]).map(|(_, act)| *act)
}
