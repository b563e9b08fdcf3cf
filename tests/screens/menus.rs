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
fn pages_of(desk: &mut Desk) -> Vec<Vec<String>> {
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

/// Every row of the menu after these keys, the folded parts too, with the keys that lead to it.
fn menu_rows(office: &Arc<Office>, way: &str) -> Vec<(String, String)> {
    let read =
        |before: &str| {
            let mut desk = Desk::with(office, Lang::Zh, (120, 40));
            let pages = pages_of(desk.keys(before));
            let mut rows = Vec::new();
            for (page, own) in pages.iter().enumerate() {
                let at_page = format!("{before} {}", "0".repeat(page));
                rows.extend(own.iter().zip(1..).map(|(row, digit): (&String, u32)| {
                    (row.clone(), format!("{at_page} {digit}"))
                }));
            }
            rows
        };
    let mut rows = read(&format!("{way} <f2>"));
    let is_fold = |(row, _): &&(String, String)| {
        row.starts_with("其他操作 ") || row.starts_with("现在不能办的 ")
    };
    let folds: Vec<String> = rows.iter().filter(is_fold).map(|(_, keys)| keys.clone()).collect();
    rows.extend(folds.iter().flat_map(|keys| read(keys)));
    rows
}

/// What a screen calls otherwise.
const OTHERWISE: [(&str, &str); 7] = [
    ("tick_marked", "批量调整"),
    ("tick_marked", "交接"),
    ("tick_marked", "再读"),
    ("tick_marked", "带入台账"),
    ("tick_marked", "并到一起"),
    ("mark", "排除这一组"),
    ("clear", "恢复排除的组"),
];

#[test]
fn every_command_is_in_the_menu_of_every_screen_where_it_can_be_given() {
    let office = Arc::new(Office::demo());
    let mut first = Desk::with(&office, Lang::Zh, (120, 40));
    for way in ways(&mut first) {
        let rows = menu_rows(&office, &way);
        let listed: Vec<&String> = rows.iter().map(|(row, _)| row).collect();
        for command in COMMANDS.iter().filter(|command| !is_moving(command)) {
            let label = locale::text(Lang::Zh, &command.label());
            let is_listed =
                |label: &str| listed.iter().any(|row| row.split("  ").next() == Some(label));
            // A screen may call it otherwise.
            let mut is_called = OTHERWISE.iter().filter(|(word, _)| *word == command.word);
            let is_listed = is_listed(&label) || is_called.any(|(_, own)| is_listed(own));
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
        for (row, keys) in menu_rows(&office, &way) {
            let mut desk = Desk::with(&office, Lang::Zh, (120, 40));
            desk.keys(&keys);
            let is_answered = desk.exit.is_some() || desk.drawn() != before;
            assert!(is_answered, "{row} after {way} does nothing");
        }
    }
}

#[test]
fn the_menu_of_any_thing_is_two_pages_and_leads_back_from_what_is_folded() {
    let office = Arc::new(Office::demo());
    let mut first = Desk::with(&office, Lang::Zh, (80, 24));
    for way in ways(&mut first) {
        let mut desk = Desk::with(&office, Lang::Zh, (80, 24));
        desk.keys(&way).keys("<f2>");
        let pages = pages_of(&mut desk);
        assert!(pages.len() <= 3, "{way}: {pages:#?}");
    }
    let mut desk = Desk::at(&office);
    desk.keys("2 <tab> <ret> <f2>");
    let pages = pages_of(&mut desk);
    assert!(pages.len() <= 3, "{pages:#?}");
    desk.chose("现在不能办的");
    desk.keys("<down> <esc>")
        .sees("> ")
        .sees("现在不能办的")
        .keys("<esc>")
        .sees_not("现在不能办的");
}
