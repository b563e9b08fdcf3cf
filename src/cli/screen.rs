//! Runs the terminal program over the door of a place, and offers a ledger where there is none.

use std::env;
use std::io::{IsTerminal, Write as _};

use crate::api::refusal::{Refusal, RefusalKind};
use crate::cli::founding;
use crate::cli::orders::new_id;
use crate::cli::place::Place;
use crate::cli::tell::{Outcome, Told, Voice};
use crate::link::open;
use crate::locale;
use crate::tui::app::Exit;
use crate::tui::look::{colours_of, is_utf8_locale};
use crate::tui::runtime;

/// Runs the program; `offer` says whether there is no ledger yet.
///
/// # Errors
/// No terminal, no ledger, or no server.
pub fn run(place: &Place, (voice, offer): (Voice, bool)) -> Outcome {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Refusal::new(RefusalKind::Invalid, "no_terminal"));
    }
    if !is_utf8() {
        return Err(Refusal::new(RefusalKind::Invalid, "not_utf8"));
    }
    let place = if offer { first_start(place, voice)? } else { place.clone() };
    let mut first = open::live_door(&place.link())?;
    founding::move_today(first.as_mut(), &place)?;
    let mut first = Some(first);
    let link = place.link();
    let maker = Box::new(move || match first.take() {
        Some(door) => Ok(door),
        None => open::live_door(&link),
    });
    let term = set("TERM").unwrap_or_default();
    let kind = (voice.lang, colours_of(set), term);
    match runtime::run(maker, kind, new_id()?.0)? {
        Exit::Left => Ok(Told::Done),
        Exit::Lost(loss) => {
            // The terminal is gone or the program was told to end: nobody reads a word.
            std::process::exit(i32::from(loss.exit_code()));
        }
    }
}

/// The first start: a new ledger, or the demo. The answer is a digit or the town's name.
fn first_start(place: &Place, voice: Voice) -> Result<Place, Refusal> {
    loop {
        let answer = ask(voice, "welcome.choose")?;
        match answer.as_str() {
            "1" => return new_ledger(place, voice),
            "2" => return founding::demo_place(place),
            "" | "q" => return Err(Refusal::new(RefusalKind::Closed, "no_ledger")),
            _ => {}
        }
    }
}

fn new_ledger(place: &Place, voice: Voice) -> Result<Place, Refusal> {
    loop {
        let town = ask(voice, "welcome.town")?;
        if town.is_empty() {
            return Err(Refusal::new(RefusalKind::Closed, "no_ledger"));
        }
        let population = ask(voice, "welcome.population")?;
        let code = founding::code_of(&town);
        let Ok(population) = population.parse() else {
            say(voice, "welcome.not_a_number");
            continue;
        };
        let made = founding::make(place, (&town, &code, population), (open::whoami(), false));
        match made {
            Ok(()) => return Ok(place.clone()),
            Err(refusal) if refusal.kind == RefusalKind::Invalid => {
                voice.refuse(&refusal);
            }
            Err(refusal) => return Err(refusal),
        }
    }
}

fn say(voice: Voice, key: &str) {
    // Whoever reads may have gone; the answer is then empty too.
    let _ = write!(std::io::stderr().lock(), "{} ", locale::text(voice.lang, key));
}

fn ask(voice: Voice, key: &str) -> Result<String, Refusal> {
    say(voice, key);
    let mut answer = String::new();
    match std::io::stdin().read_line(&mut answer) {
        Ok(0) | Err(_) => Err(Refusal::new(RefusalKind::Closed, "no_ledger")),
        Ok(_) => {
            let typed = crate::domain::text::half_width(answer.trim());
            Ok(typed.trim().to_owned())
        }
    }
}

/// Whether the terminal shows UTF-8; where no locale is named at all it is taken for granted.
fn is_utf8() -> bool {
    let is_named = ["LC_ALL", "LC_CTYPE", "LANG"].iter().any(|name| set(name).is_some());
    !is_named || is_utf8_locale(set)
}

fn set(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
