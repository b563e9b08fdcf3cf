//! Runs the terminal program over the door of a place, and offers a ledger where there is none.

use std::env;
use std::io::IsTerminal;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::cli::founding;
use crate::cli::import::folder;
use crate::cli::orders::new_id;
use crate::cli::place::Place;
use crate::cli::tell::{Outcome, Told, Voice};
use crate::cli::{export, paper, print};
use crate::exchange::paper::make;
use crate::link::open;
use crate::tui::app::Exit;
use crate::tui::app::meeting::Room;
use crate::tui::app::outgoing::Files;
use crate::tui::look::{colours_of, is_utf8_locale};
use crate::tui::runtime;
use crate::tui::welcome::{self, Ended, Wanted};

/// Runs the program; `offer` says whether there is no ledger yet.
///
/// # Errors
/// No terminal, no ledger, or no server.
pub fn run(place: &Place, (voice, offer): (Voice, bool), room: Room) -> Outcome {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Refusal::new(RefusalKind::Invalid, "no_terminal"));
    }
    if !is_utf8() {
        return Err(Refusal::new(RefusalKind::Invalid, "not_utf8"));
    }
    let place = match offer {
        true => match first_start(place, voice)? {
            Some(place) => place,
            None => return Ok(Told::Done),
        },
        false => place.clone(),
    };
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
    let files = Files {
        export: export::into_folder,
        print: print::into_folder,
        draft: make::draft,
        write: paper::into_folder,
        work: folder::work,
    };
    match runtime::run((maker, files), kind, (new_id()?.0, room))? {
        Exit::Left => Ok(Told::Done),
        Exit::Lost(loss) => {
            // The terminal is gone or the program was told to end: nobody reads a word.
            std::process::exit(i32::from(loss.exit_code()));
        }
    }
}

/// The first start: a new ledger, or the demo, chosen on the screen. None if the clerk left.
fn first_start(place: &Place, voice: Voice) -> Result<Option<Place>, Refusal> {
    let mut made = place.clone();
    let ended = welcome::run((voice.lang, colours_of(set)), |wanted| {
        match wanted {
            Wanted::New(founder) => founding::make_for(place, founder)?,
            Wanted::Demo => made = founding::demo_place(place)?,
        }
        Ok(())
    })?;
    match ended {
        Ended::Made => Ok(Some(made)),
        Ended::Left => Ok(None),
        Ended::Lost(loss) => std::process::exit(i32::from(loss.exit_code())),
    }
}

/// Whether the terminal shows UTF-8; where no locale is named at all it is taken for granted.
pub fn is_utf8() -> bool {
    let is_named = ["LC_ALL", "LC_CTYPE", "LANG"].iter().any(|name| set(name).is_some());
    !is_named || is_utf8_locale(set)
}

/// A variable of the environment that is not empty.
pub fn set(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
