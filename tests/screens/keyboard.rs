//! The input method stays on, pastes are text, and the terminal's own keys are nobody's.

use std::sync::Arc;

use anjie::tui::app::Msg;
use anjie::tui::key::Key;

use crate::desk::{Desk, Office};

#[test]
fn full_width_and_chinese_signs_work_as_their_ascii_twins() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    let seen = |desk: &mut Desk, keys: &str| desk.keys(keys).drawn();
    for (twin, plain) in [("２", "2"), ("１", "1"), ("？", "?"), ("：", ":"), ("ｆ", "f")] {
        let by_plain = seen(&mut desk, plain);
        desk.keys("<esc>");
        desk.keys("1");
        let by_twin = seen(&mut desk, twin);
        assert_eq!(by_twin, by_plain, "{twin} and {plain}");
        desk.keys("<esc> 1");
    }
    desk.keys("2").keys("、").sees("2事项");
    let (_, cursor) = desk.screen();
    assert!(cursor.is_some(), "the filter's box is open");
}

#[test]
fn chinese_characters_begin_a_search_with_the_cursor_behind_them() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.keys("张");
    let (rows, cursor) = desk.screen();
    let cursor = cursor.expect("a text box is open");
    let row = &rows[usize::from(cursor.y)];
    assert!(row.contains("张"), "{row}");
    desk.keys("<esc>");
    assert_eq!(desk.screen().1, None);
}

#[test]
fn a_pasted_text_is_never_a_command() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    for text in ["q", "n\nq\n", "2", ":quit\n", "\u{1b}q", "a1"] {
        desk.paste(text);
        assert_eq!(desk.exit, None, "{text:?}");
        desk.keys("<esc>").sees("[1今日]");
    }
    // A letter of ten lines in a text box of one line stays a text, and sends nothing.
    desk.keys("n").paste("一\n二\n三").sees("一 二 三");
    desk.keys("<tab>").paste("第一行\n第二行\nq\n").sees("第二行");
    assert_eq!(desk.exit, None);
}

#[test]
fn the_keys_of_terminals_and_input_methods_do_nothing() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    let before = desk.drawn();
    for key in [Key::Ctrl('s'), Key::Ctrl('q'), Key::Ctrl(' ')] {
        desk.key(key);
        assert_eq!(desk.exit, None);
        desk.sees("[1今日]");
        desk.keys("<up>");
        assert_eq!(desk.drawn(), before);
    }
}

#[test]
fn a_terminal_of_twenty_by_five_says_one_line_and_takes_no_key() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    let before = desk.drawn();
    desk.resize((20, 5)).keys("n q 2");
    assert_eq!(desk.exit, None);
    assert!(desk.drawn().lines().filter(|row| !row.is_empty()).count() <= 3, "{}", desk.drawn());
    assert_eq!(desk.resize((80, 24)).drawn(), before);
}

#[test]
fn only_moves_along_a_list_let_the_line_below_wait() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    assert!(!desk.is_held());
    for (keys, waits) in [
        ("<down>", true),
        ("<pgdn> <up>", true),
        ("<down> <tab>", false),
        ("2 <down>", true),
        ("<down> /", false),
        ("<esc> <down> <f2>", false),
        ("<esc> <down> <ret>", false),
        ("<down>", false),
    ] {
        desk.keys(keys);
        assert_eq!(desk.is_held(), waits, "after {keys}");
    }
    desk.keys("2 <down>").tell(Msg::Rest);
    assert!(!desk.is_held());
    desk.keys("<down>").tell(Msg::Idle);
    assert!(!desk.is_held(), "a cover hides every line");
}
