//! P3's peer: fzf over the same persons and matters, as text with their readings, on the same terminal.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anjie::api::door::Door;
use anjie::api::reply::Reply;
use anjie::api::request::{CaseQuery, ROWS_MAX, Request};
use anjie::api::roster::PersonQuery;
use anjie::domain::listing::Sort;
use anjie::link::open::whoami;
use anjie::service::clock::Clock;
use anjie::service::{LocalDoor, Service};
use anjie::spell::reading::Speller;

use crate::scene::{Ledger, scratch};
use crate::terminal::Terminal;

/// The list that fzf reads, written before anybody serves the ledger; none without the command.
pub fn list(ledger: &Ledger) -> Option<PathBuf> {
    Command::new("fzf").arg("--version").output().ok().filter(|said| said.status.success())?;
    let list = scratch().join("lines.txt");
    fs::write(&list, lines(ledger)).expect("the list is written");
    Some(list)
}

/// fzf over a list, on a terminal.
pub fn fzf(list: &Path) -> Terminal {
    let run = format!("exec fzf < '{}'", list.display());
    Terminal::start(Path::new("sh"), &["-c", &run], &[("FZF_DEFAULT_OPTS", "")])
}

/// A line for each person and matter: the words that the finder searches too, and their readings.
fn lines(ledger: &Ledger) -> String {
    let service = Service::open(&ledger.folder, Clock::System).expect("the ledger opens");
    let mut door = LocalDoor::new(Arc::new(service), whoami());
    let speller = Speller::new();
    let mut text = String::new();
    let mut query = PersonQuery { most: ROWS_MAX, ..PersonQuery::default() };
    while let Ok(Reply::Persons(page)) = door.call(Request::Persons(query.clone())) {
        for row in &page.rows {
            let village = row.village.as_deref().unwrap_or_default();
            push(&mut text, &speller, (row.name.as_deref().unwrap_or_default(), village));
        }
        query.from = page.rows.last().map(|row| row.cursor.clone()).filter(|_| page.after);
        if query.from.is_none() {
            break;
        }
    }
    let sort = Sort::RECEIVED;
    let mut query = CaseQuery { sort, most: ROWS_MAX, ..CaseQuery::default() };
    while let Ok(Reply::Cases(page)) = door.call(Request::Cases(query.clone())) {
        for row in &page.rows {
            push(&mut text, &speller, (&row.title, &row.number));
        }
        query.from = page.rows.last().map(|row| row.cursor.clone()).filter(|_| page.after);
        if query.from.is_none() {
            break;
        }
    }
    text
}

/// Adds a line: a text, its readings, their initials, what stands beside it.
fn push(text: &mut String, speller: &Speller, (name, beside): (&str, &str)) {
    let letters: Vec<&str> = name.chars().filter_map(|it| first(speller, it)).collect();
    let initials: String = letters.iter().filter_map(|it| it.chars().next()).collect();
    *text += &format!("{name} {} {initials} {beside}\n", letters.concat());
}

fn first(speller: &Speller, char: char) -> Option<&'static str> {
    speller.readings(char).all().first().map(|id| speller.letters(*id))
}
