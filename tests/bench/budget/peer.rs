//! P3's peer: fzf over the same persons, as text with their readings, on the same terminal.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anjie::api::door::Door;
use anjie::api::reply::Reply;
use anjie::api::request::{ROWS_MAX, Request};
use anjie::api::roster::PersonQuery;
use anjie::link::open::whoami;
use anjie::service::clock::Clock;
use anjie::service::{LocalDoor, Service};
use anjie::spell::reading::Speller;

use crate::scene::{Ledger, scratch};
use crate::terminal::Terminal;

/// The list that fzf reads, written before anybody serves the ledger; none without the command.
pub fn list(ledger: &Ledger) -> Option<PathBuf> {
    Command::new("fzf").arg("--version").output().ok().filter(|said| said.status.success())?;
    let list = scratch().join("persons.txt");
    fs::write(&list, persons(ledger)).expect("the list is written");
    Some(list)
}

/// fzf over a list, on a terminal.
pub fn fzf(list: &Path) -> Terminal {
    let run = format!("exec fzf < '{}'", list.display());
    Terminal::start(Path::new("sh"), &["-c", &run], &[("FZF_DEFAULT_OPTS", "")])
}

/// A line for each person: name, readings, initials, village.
fn persons(ledger: &Ledger) -> String {
    let service = Service::open(&ledger.folder, Clock::System).expect("the ledger opens");
    let mut door = LocalDoor::new(Arc::new(service), whoami());
    let speller = Speller::new();
    let mut text = String::new();
    let mut query = PersonQuery { most: ROWS_MAX, ..PersonQuery::default() };
    loop {
        let Ok(Reply::Persons(page)) = door.call(Request::Persons(query.clone())) else {
            return text;
        };
        for row in &page.rows {
            let name = row.name.as_deref().unwrap_or_default();
            let letters: Vec<&str> = name.chars().filter_map(|it| first(&speller, it)).collect();
            let initials: String = letters.iter().filter_map(|it| it.chars().next()).collect();
            let village = row.village.as_deref().unwrap_or_default();
            text += &format!("{name} {} {initials} {village}\n", letters.concat());
        }
        query.from = page.rows.last().map(|row| row.cursor.clone()).filter(|_| page.after);
        if query.from.is_none() {
            return text;
        }
    }
}

fn first(speller: &Speller, char: char) -> Option<&'static str> {
    speller.readings(char).all().first().map(|id| speller.letters(*id))
}
