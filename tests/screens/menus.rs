//! Every command on every screen is in the numbered menu, does something, or says why not.

use std::sync::Arc;

use anjie::api::reply::Reply;
use anjie::api::request::Request;
use anjie::domain::ids::Kind;
use anjie::locale::{self, Lang};
use anjie::tui::command::{COMMANDS, Command, Does, Lay};
use anjie::tui::screen::Nav;

use crate::desk::{Desk, Office};

/// The ways to all screens, by keys.
pub fn ways(desk: &mut Desk) -> Vec<String> {
    let tabs = COMMANDS.iter().filter(|command| matches!(command.does, Does::Go(_)));
    let tabs = tabs.filter(|command| !command.keys.is_empty());
    let mut ways: Vec<String> = tabs.map(|command| format!("2 1 {}", command.keys[0])).collect();
    // Going where one is already says so; from elsewhere nothing is said.
    ways[0] = "2 1".to_owned();
    ways.push("2 <tab> <ret>".to_owned());
    let find = Request::Find { text: "王".to_owned(), kinds: Vec::new(), most: 50 };
    let Ok(Reply::Found(found)) = desk.ask(find) else { panic!("nothing is found") };
    let person = found.hits.iter().position(|hit| hit.kind == Kind::Person).unwrap();
    ways.push(format!("王 {} <ret>", "<down>".repeat(person)));
    ways
}

/// Whether a command moves, which arrows do.
fn is_moving(command: &Command) -> bool {
    match command.does {
        Does::Look(Nav::Left | Nav::Right) => true,
        Does::Look(nav) => !Nav::SPECIAL.contains(&nav),
        Does::Row | Does::Offer(_) | Does::Lay(Lay::Actions) => true,
        _ => false,
    }
}

/// The rows of the menu that is open, page by page.
fn menu_rows(desk: &mut Desk) -> Vec<Vec<String>> {
    let mut pages: Vec<Vec<String>> = Vec::new();
    loop {
        let (rows, _) = desk.screen();
        let digits = ('1'..='9').map(|digit| format!("{digit} "));
        let page: Vec<String> = digits
            .map_while(|digit| {
                let row = rows.iter().find_map(|row| {
                    let inner = row.split(['│', '|']).nth(1)?;
                    inner.get(2..)?.strip_prefix(digit.as_str())
                });
                row.map(|row| row.trim_end().to_owned())
            })
            .collect();
        if pages.first() == Some(&page) {
            return pages;
        }
        pages.push(page);
        assert!(pages.len() < 9, "{pages:?}");
        desk.keys("0");
    }
}

#[test]
fn every_command_is_in_the_menu_of_every_screen_where_it_can_be_given() {
    let office = Arc::new(Office::demo());
    let mut first = Desk::with(&office, Lang::Zh, (120, 40));
    for way in ways(&mut first) {
        let mut desk = Desk::with(&office, Lang::Zh, (120, 40));
        desk.keys(&way).keys("<f2>");
        let listed: Vec<String> = menu_rows(&mut desk).concat();
        for command in COMMANDS.iter().filter(|command| !is_moving(command)) {
            let label = locale::text(Lang::Zh, &command.label());
            let is_listed = listed.iter().any(|row| row.split("  ").next() == Some(&label));
            let is_of_kind = !matches!(command.on, anjie::tui::command::On::One(_));
            assert!(is_listed || !is_of_kind, "{label} after {way}: {listed:#?}");
        }
    }
}

#[test]
fn no_row_of_a_menu_is_dead() {
    let office = Arc::new(Office::demo());
    let mut first = Desk::with(&office, Lang::Zh, (120, 40));
    for way in ways(&mut first) {
        let mut desk = Desk::with(&office, Lang::Zh, (120, 40));
        desk.keys(&way);
        let before = desk.drawn();
        desk.keys("<f2>");
        let pages = menu_rows(&mut desk);
        for (page, rows) in pages.iter().enumerate() {
            for (at, row) in rows.iter().enumerate() {
                let mut desk = Desk::with(&office, Lang::Zh, (120, 40));
                desk.keys(&way).keys("<f2>").keys(&"0".repeat(page));
                desk.keys(&(at + 1).to_string());
                let is_answered = desk.exit.is_some() || desk.drawn() != before;
                assert!(is_answered, "{row} after {way} does nothing");
            }
        }
    }
}
