//! What must always hold of a measure: nothing lost, nothing too wide, no glyph in halves.

use proptest::prelude::{
    ProptestConfig, Strategy, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::text::{
    Align, Glyph, blank_edges, cut, cut_middle, fit, glyphs, head, pad_left, pad_right, width,
    wrap, wrap_ranges,
};

/// Texts as clerks type them: Chinese, numbers, marks, rare characters, combining marks, breaks.
pub fn any_text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "征",
        "地",
        "补偿款",
        "。",
        "，",
        "（",
        "）",
        "《",
        "》",
        "“",
        "”",
        "…",
        "—",
        "①",
        " ",
        "  ",
        "a",
        "abc",
        "2026-0187",
        "13800138000",
        "\n",
        "𠮷",
        "㐂",
        "e\u{301}",
        "가",
        "é",
        "·",
        "村委会！",
        "？",
        "%",
        "/",
        "-",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Texts of nothing but ideographs, their marks and printable ASCII.
fn plain_text() -> impl Strategy<Value = String> {
    let char = prop_oneof![
        prop::char::range(' ', '~'),
        prop::char::range('\u{3000}', '\u{3029}'),
        prop::char::range('\u{3400}', '\u{4dbf}'),
        prop::char::range('\u{4e00}', '\u{9fff}'),
        prop::char::range('\u{ff01}', '\u{ff60}'),
    ];
    prop::collection::vec(char, 0..40).prop_map(|chars| chars.into_iter().collect())
}

#[test]
fn a_chinese_character_takes_two_columns() {
    assert_eq!(width("张家庄 a1"), 9);
    assert_eq!(width("𠮷"), 2);
    assert_eq!(width("e\u{301}"), 1);
    assert_eq!(width("a\u{7}b"), 2);
    assert_eq!(width(""), 0);
}

#[test]
fn a_cut_text_says_so_and_never_halves_a_glyph() {
    assert_eq!(cut("征地补偿款", 10), "征地补偿款");
    assert_eq!(cut("征地补偿款", 9), "征地补..");
    assert_eq!(cut("征地补偿款", 7), "征地..");
    assert_eq!(cut("征地", 3), "..");
    assert_eq!(cut("征地", 1), ".");
    assert_eq!(cut("征地", 0), "");
    assert_eq!(head("征地", 3), "征");
}

#[test]
fn a_number_is_padded_on_its_left_and_a_name_on_its_right() {
    assert_eq!(pad_left("31", 5), "   31");
    assert_eq!(pad_right("李娟", 6), "李娟  ");
    assert_eq!(fit("李娟", 3, Align::Right), " ..");
}

#[test]
fn no_line_begins_with_a_closing_mark() {
    assert_eq!(wrap("征地补偿款。未到", 10), ["征地补偿", "款。未到"]);
    assert_eq!(wrap("他说（征地）", 6), ["他说", "（征", "地）"]);
    assert_eq!(wrap("one two three", 7), ["one two", "three"]);
    assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
    assert_eq!(wrap("", 3), [""]);
    assert_eq!(wrap("a\n\nb", 3), ["a", "", "b"]);
}

#[test]
fn a_box_over_chinese_text_keeps_both_its_edges() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 2));
    buffer.set_string(0, 0, "征地补偿款", Style::new());
    buffer.set_string(0, 1, "a征地补偿", Style::new());
    blank_edges(&mut buffer, Rect::new(3, 0, 4, 2));
    let text = |x, y| buffer[(x, y)].symbol().to_owned();
    assert_eq!((text(2, 0), text(4, 0), text(6, 0)), (" ".into(), "补".into(), " ".into()));
    assert_eq!((text(1, 1), text(3, 1), text(5, 1)), ("征".into(), "地".into(), "补".into()));
    blank_edges(&mut buffer, Rect::new(0, 0, 0, 0));
    blank_edges(&mut buffer, Rect::new(200, 200, 5, 5));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_fitted_text_is_exactly_as_wide_as_its_room(text in any_text(), columns in 0_usize..40) {
        let text = text.replace('\n', "");
        prop_assert!(width(&cut(&text, columns)) <= columns);
        prop_assert_eq!(width(&fit(&text, columns, Align::Left)), columns);
        prop_assert_eq!(width(&fit(&text, columns, Align::Right)), columns);
        prop_assert!(text.starts_with(head(&text, columns)));
    }

    #[test]
    fn a_wrapped_text_loses_nothing_and_is_never_too_wide(
        text in any_text(), columns in 2_usize..30,
    ) {
        let ranges = wrap_ranges(&text, columns);
        let all: String = ranges.iter().map(|range| &text[range.clone()]).collect();
        prop_assert_eq!(all, text.replace('\n', ""));
        for line in wrap(&text, columns) {
            prop_assert!(width(line) <= columns, "{:?} is wider than {}", line, columns);
        }
        for range in ranges {
            let whole = glyphs(&text).all(|glyph| {
                glyph.end() <= range.start || glyph.at >= range.end
                    || (glyph.at >= range.start && glyph.end() <= range.end)
            });
            prop_assert!(whole);
        }
    }

    #[test]
    fn a_plain_text_is_measured_as_its_glyphs_are(text in plain_text(), columns in 0_usize..40) {
        prop_assert_eq!(width(&text), glyphs(&text).map(|glyph| glyph.width).sum::<usize>());
        prop_assert_eq!(glyphs(&text).count(), text.chars().count());
        let mut left = columns;
        let fits = |glyph: &Glyph<'_>| {
            let rest = left.checked_sub(glyph.width);
            left = rest.unwrap_or(left);
            rest.is_some()
        };
        let whole: String = glyphs(&text).take_while(fits).map(|glyph| glyph.text).collect();
        prop_assert_eq!(head(&text, columns), whole);
    }

    #[test]
    fn glyphs_hold_the_whole_text(text in any_text()) {
        let all: String = glyphs(&text).map(|glyph| glyph.text).collect();
        prop_assert_eq!(all, text);
    }
}

#[test]
fn a_name_is_shortened_in_its_middle_and_its_ending_stays() {
    let name = "2019年信访台账（各村汇总）.xlsx";
    assert_eq!(cut_middle(name, 40), name);
    assert_eq!(cut_middle(name, 20), "2019年信访台...xlsx".to_owned());
    for columns in 0..40 {
        assert!(width(&cut_middle(name, columns)) <= columns, "{columns}");
    }
}
