//! What is typed stays until it is deleted, and the cursor is where the next character goes.

use proptest::prelude::{
    ProptestConfig, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::text::Lines;
use crate::tui::key::{Key, script};
use crate::tui::listen::Pasted;
use crate::tui::look::Look;
use crate::tui::widget::input::{Editor, Typed};

const CHANGED: Typed = Typed::Changed { n_dropped: 0 };

fn line() -> Editor {
    Editor::new(Lines::One, 100)
}

fn page(text: &str, columns: u16) -> Editor {
    let mut editor = Editor::new(Lines::Many, 1000);
    editor.set_columns(columns);
    editor.set_text(text);
    editor
}

fn press(editor: &mut Editor, keys: &str) {
    for key in script(keys).unwrap() {
        editor.take(key);
    }
}

fn paste(editor: &mut Editor, text: &str) -> Typed {
    editor.paste(&Pasted::text(text))
}

fn drawn(editor: &Editor, width: u16, height: u16) -> Vec<String> {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    editor.draw(area, &mut buffer, &Look::default());
    let rows = buffer.content.chunks(usize::from(width).max(1));
    rows.map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect()).collect()
}

#[test]
fn backspace_deletes_what_the_clerk_sees_as_one_character() {
    let mut editor = line();
    press(&mut editor, "张e\u{301}𠮷");
    assert_eq!(editor.text(), "张e\u{301}𠮷");
    press(&mut editor, "<bs>");
    assert_eq!(editor.text(), "张e\u{301}");
    press(&mut editor, "<bs>");
    assert_eq!(editor.text(), "张");
    press(&mut editor, "<bs><bs>");
    assert!(editor.is_empty());
}

#[test]
fn the_cursor_goes_by_characters_words_and_lines() {
    let mut editor = line();
    press(&mut editor, "abc<space>def<space>张三");
    press(&mut editor, "<home>x<end>y<left><left>z");
    assert_eq!(editor.text(), "xabc def 张z三y");
    press(&mut editor, "<home><ctrl-right><del>");
    assert_eq!(editor.text(), "xabcdef 张z三y");
    press(&mut editor, "<end><c-u>");
    assert!(editor.is_empty());
    press(&mut editor, "one<space>two<c-w>");
    assert_eq!(editor.text(), "one ");
    press(&mut editor, "<home><c-k>");
    assert!(editor.is_empty());
}

#[test]
fn undo_takes_back_a_phrase_and_redo_brings_it_again() {
    let mut editor = line();
    press(&mut editor, "征地补偿<space>未到账");
    press(&mut editor, "<c-z>");
    assert_eq!(editor.text(), "征地补偿 ");
    press(&mut editor, "<c-z>");
    assert_eq!(editor.text(), "");
    assert_eq!(editor.take(Key::Ctrl('z')), Typed::Moved);
    press(&mut editor, "<c-y><c-y><c-y>");
    assert_eq!(editor.text(), "征地补偿 未到账");
    press(&mut editor, "<bs><c-z>");
    assert_eq!(editor.text(), "征地补偿 未到账");
    assert_eq!(editor.cursor(), editor.text().len());
}

#[test]
fn a_text_over_its_limit_is_refused_whole_and_never_cut() {
    let mut editor = Editor::new(Lines::One, 3);
    press(&mut editor, "李娟a");
    assert_eq!(editor.take(Key::Char('b')), Typed::Full { most: 3 });
    press(&mut editor, "<bs>");
    assert_eq!(paste(&mut editor, "bc"), Typed::Full { most: 3 });
    assert_eq!(editor.text(), "李娟");
    assert_eq!((editor.n_chars(), editor.most()), (2, 3));
}

#[test]
fn what_acts_or_hides_is_left_out_and_said_so() {
    let mut editor = line();
    for char in ['\u{202e}', '\u{200b}', '\u{7}', '\u{fe0f}'] {
        assert_eq!(editor.take(Key::Char(char)), Typed::Changed { n_dropped: 1 });
    }
    press(&mut editor, "e\u{301}\u{301}\u{301}\u{301}");
    assert_eq!(editor.take(Key::Char('\u{301}')), Typed::Changed { n_dropped: 1 });
    assert_eq!(editor.text(), "e\u{301}\u{301}\u{301}\u{301}");
    let hidden = Pasted { n_dropped: 2, ..Pasted::text("张三") };
    assert_eq!(editor.paste(&hidden), Typed::Changed { n_dropped: 2 });
}

#[test]
fn a_pasted_letter_is_one_line_in_a_box_of_one_and_one_undo() {
    let mut editor = line();
    press(&mut editor, "a");
    assert_eq!(paste(&mut editor, "一\n二"), CHANGED);
    press(&mut editor, "b");
    assert_eq!(editor.text(), "a一 二b");
    press(&mut editor, "<c-z><c-z>");
    assert_eq!(editor.text(), "a");
    assert_eq!(editor.take(Key::Enter), Typed::NotMine);
    let mut many = page("", 20);
    paste(&mut many, "一\n二");
    assert_eq!(many.text(), "一\n二");
}

#[test]
fn keys_of_the_form_are_left_to_the_form() {
    let mut editor = line();
    for key in script("<esc><tab><backtab><f10><up><down><ret><pgdn><c-p>").unwrap() {
        assert_eq!(editor.take(key), Typed::NotMine, "{key}");
    }
}

#[test]
fn a_long_line_scrolls_and_never_shows_half_a_character() {
    let mut editor = line();
    press(&mut editor, "征地补偿款未到账");
    let area = Rect::new(0, 0, 7, 1);
    assert_eq!(drawn(&editor, 7, 1), ["到 账    "]);
    assert_eq!(editor.cursor_in(area), Position::new(4, 0));
    press(&mut editor, "<home>");
    assert_eq!(drawn(&editor, 7, 1), ["征 地 补  "]);
    assert_eq!(editor.cursor_in(area), Position::new(0, 0));
}

#[test]
fn a_page_wraps_and_up_and_down_go_by_the_rows_that_are_seen() {
    let mut editor = page("征地补偿款未到账\n二", 9);
    assert_eq!(drawn(&editor, 9, 3), ["征 地 补 偿  ", "款 未 到 账  ", "二        "]);
    assert_eq!(editor.cursor_in(Rect::new(5, 5, 9, 3)), Position::new(7, 7));
    press(&mut editor, "<home><right>");
    press(&mut editor, "<up>a<up>b");
    assert_eq!(editor.text(), "征b地补偿款a未到账\n二");
    assert_eq!(editor.n_rows(9), 4);
    assert_eq!(editor.take(Key::Up), Typed::NotMine);
}

#[test]
fn up_and_down_keep_to_their_column() {
    let mut editor = page("abcdef\n\nabcdef", 20);
    press(&mut editor, "<left><left><up><up>x");
    assert_eq!(editor.text(), "abcdxef\n\nabcdef");
}

#[test]
fn a_page_shows_the_row_with_the_cursor() {
    let mut editor = page("一\n二\n三\n四", 10);
    assert_eq!(drawn(&editor, 4, 2), ["三   ", "四   "]);
    assert_eq!(editor.cursor_in(Rect::new(0, 0, 4, 2)), Position::new(2, 1));
    press(&mut editor, "<up><up><up>");
    assert_eq!(drawn(&editor, 4, 2), ["一   ", "二   "]);
}

#[test]
fn an_empty_box_says_what_it_would_hold() {
    let mut editor = line();
    editor.set_hint("姓名".into());
    assert_eq!(drawn(&editor, 6, 1), ["姓 名   "]);
    press(&mut editor, "a");
    assert_eq!(drawn(&editor, 6, 1), ["a     "]);
}

fn any_key() -> impl Strategy<Value = Key> {
    let chars = prop::sample::select("征地a b。，\u{301}\u{202e}𠮷".chars().collect::<Vec<_>>());
    let others = prop::sample::select(
        script(
            "<ret><bs><del><left><right><up><down><home><end><ctrl-left><ctrl-right>\
             <c-w><c-u><c-k><c-z><c-y><c-a><c-e>",
        )
        .unwrap(),
    );
    prop_oneof![3 => chars.prop_map(Key::Char), 2 => others]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_is_pressed_the_cursor_is_inside_and_undo_leads_back(
        keys in prop::collection::vec(any_key(), 0..60),
        is_page in any::<bool>(),
        (width, height) in (0..25_u16, 0..5_u16),
    ) {
        let lines = if is_page { Lines::Many } else { Lines::One };
        let mut editor = Editor::new(lines, 40);
        editor.set_columns(width);
        for key in keys {
            let before = editor.text().to_owned();
            let typed = editor.take(key);
            if typed != CHANGED {
                prop_assert_eq!(editor.text(), before);
            }
            prop_assert!(editor.n_chars() <= 40);
            prop_assert!(editor.text().is_char_boundary(editor.cursor()));
            let area = Rect::new(3, 2, width, height);
            let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 6));
            editor.draw(area, &mut buffer, &Look::default());
            let at = editor.cursor_in(area);
            prop_assert!(at.x >= 3 && at.x < 3 + width.max(1) && at.y >= 2 && at.y < 2 + height.max(1));
        }
        let last = editor.text().to_owned();
        let mut n_undone = 0;
        while editor.take(Key::Ctrl('z')) == CHANGED {
            n_undone += 1;
        }
        prop_assert_eq!(editor.text(), "");
        for _ in 0..n_undone {
            editor.take(Key::Ctrl('y'));
        }
        // What had been taken back before may come again too.
        prop_assert!(editor.text() == last);
    }
}
