//! How the screen looks is the clerk's own, holds at once and at the next start.

use std::sync::Arc;

use anjie::locale::{self, Lang};
use anjie::tui::look::Theme;
use anjie::tui::terminal::Mouse;

use crate::desk::{Desk, Office};

/// Opens the preferences by their command's name.
fn preferences(desk: &mut Desk) {
    let label = locale::text(Lang::Zh, "cmd.preferences");
    desk.keys("<c-p>").paste(&label).keys("<ret>").sees(&label);
}

#[test]
fn colours_borders_and_mouse_hold_at_once_and_at_the_next_start() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    assert_eq!(desk.look().theme(), Theme::Dark);
    preferences(&mut desk);
    desk.keys("1");
    assert_eq!(desk.look().theme(), Theme::Light);
    desk.keys("<right>");
    assert_eq!(desk.look().theme(), Theme::Contrast);
    desk.sees("│").keys("2").sees("|").sees_not("│").keys("4");
    assert_eq!(desk.mouse(), Mouse::On);
    let again = Desk::at(&office);
    assert_eq!((again.look(), again.mouse()), (desk.look(), Mouse::On));
    // The width of ambiguous characters belongs to this kind of terminal.
    desk.keys("3");
    assert_eq!(desk.own().settings.get("width.xterm-256color").unwrap(), "wide");
}

#[test]
fn an_idle_screen_is_covered_and_a_key_only_takes_the_cover_away() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    preferences(&mut desk);
    desk.keys("5 <esc>").keys("n 王小明");
    let before = desk.drawn();
    desk.goes_away().sees("任意键").sees_not("王小明").sees_not("青石镇");
    assert_eq!(desk.own().drafts.len(), 1, "what was half typed is kept");
    desk.keys("q");
    assert_eq!((desk.drawn(), desk.exit), (before, None));
}
