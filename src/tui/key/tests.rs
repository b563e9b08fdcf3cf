//! Keys are read as they are written, and an input method may stay on.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::tui::key::{Key, NEVER_BOUND, UnknownKey, script};

#[test]
fn every_key_is_read_as_it_is_written() {
    let keys = [
        Key::Char('a'),
        Key::Char('-'),
        Key::Char('<'),
        Key::Char(' '),
        Key::Char('征'),
        Key::Enter,
        Key::Esc,
        Key::Tab,
        Key::BackTab,
        Key::Backspace,
        Key::Delete,
        Key::Insert,
        Key::Up,
        Key::Down,
        Key::Left,
        Key::Right,
        Key::WordLeft,
        Key::WordRight,
        Key::Home,
        Key::End,
        Key::PageUp,
        Key::PageDown,
        Key::F(1),
        Key::F(12),
        Key::Ctrl('p'),
        Key::Ctrl(' '),
        Key::Ctrl('-'),
        Key::Alt('b'),
        Key::Alt(' '),
    ];
    for key in keys {
        assert_eq!(key.to_string().parse(), Ok(key), "{key}");
    }
    assert_eq!(Key::F(3).to_string(), "f3");
    assert_eq!(Key::Ctrl('p').to_string(), "ctrl-p");
    assert_eq!(Key::Char(' ').to_string(), "space");
    assert_eq!(Key::PageDown.to_string(), "pgdn");
}

#[test]
fn a_name_that_no_key_has_is_refused() {
    for name in ["", "f0", "f25", "ctrl-", "ctrl-ab", "hyper-x", "fx"] {
        assert_eq!(name.parse::<Key>(), Err(UnknownKey(name.into())));
    }
    assert_eq!(script("a <nothing>"), Err(UnknownKey("nothing".into())));
}

#[test]
fn a_script_is_a_row_of_keys() {
    assert_eq!(
        script("f zs <ret> <f3><c-p>李 <space> <lt>"),
        Ok(vec![
            Key::Char('f'),
            Key::Char('z'),
            Key::Char('s'),
            Key::Enter,
            Key::F(3),
            Key::Ctrl('p'),
            Key::Char('李'),
            Key::Char(' '),
            Key::Char('<'),
        ])
    );
    assert_eq!(script("< > <"), Ok(vec![Key::Char('<'), Key::Char('>'), Key::Char('<')]));
}

#[test]
fn chinese_punctuation_means_its_ascii_twin() {
    let pairs = [
        ('？', '?'),
        ('：', ':'),
        ('／', '/'),
        ('、', '/'),
        ('１', '1'),
        ('ａ', 'a'),
        ('【', '['),
        ('】', ']'),
        ('。', '.'),
        ('，', ','),
        ('　', ' '),
        ('征', '征'),
        ('q', 'q'),
    ];
    for (typed, meant) in pairs {
        assert_eq!(Key::Char(typed).fold(), Key::Char(meant));
    }
    assert_eq!(Key::F(3).fold(), Key::F(3));
}

#[test]
fn only_a_chinese_character_starts_a_search() {
    for char in ['张', '𠮷', '㐂'] {
        assert!(Key::Char(char).is_chinese_text());
    }
    for key in [Key::Char('，'), Key::Char('a'), Key::Char('１'), Key::Enter] {
        assert!(!key.is_chinese_text());
    }
}

#[test]
fn a_released_key_is_not_pressed_again() {
    let mut event = KeyEvent::new(KeyCode::Char('a'), KeyModifiers::NONE);
    assert_eq!(Key::from_event(&event), Some(Key::Char('a')));
    event.kind = KeyEventKind::Repeat;
    assert_eq!(Key::from_event(&event), Some(Key::Char('a')));
    event.kind = KeyEventKind::Release;
    assert_eq!(Key::from_event(&event), None);
}

#[test]
fn modifiers_are_kept_where_terminals_agree_on_them() {
    let key = |code, modifiers| Key::from_event(&KeyEvent::new(code, modifiers));
    let pairs = [
        (KeyCode::Char('P'), KeyModifiers::CONTROL, Key::Ctrl('p')),
        (KeyCode::Char('B'), KeyModifiers::ALT, Key::Alt('B')),
        (KeyCode::Char('Q'), KeyModifiers::SHIFT, Key::Char('Q')),
        (KeyCode::Tab, KeyModifiers::SHIFT, Key::BackTab),
        (KeyCode::Left, KeyModifiers::CONTROL, Key::WordLeft),
        (KeyCode::Up, KeyModifiers::SHIFT, Key::Up),
    ];
    for (code, modifiers, expected) in pairs {
        assert_eq!(key(code, modifiers), Some(expected));
    }
    assert_eq!(key(KeyCode::CapsLock, KeyModifiers::NONE), None);
    assert!(NEVER_BOUND.contains(&Key::Ctrl('s')));
}
