//! A box keeps its edges over Chinese text, in lines or in ASCII, at any size.

use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::{Rect, Size};
use ratatui::style::Style;

use crate::tui::look::{Borders, Colours, Look, Wish};
use crate::tui::widget::frame::{centred, draw_box, draw_notice};

fn page(columns: u16, rows: u16) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
    for y in 0..rows {
        let odd = if y % 2 == 1 { "x" } else { "" };
        let text = format!("{odd}{}", "征地补偿款".repeat(30));
        buffer.set_stringn(0, y, text, usize::from(columns), Style::new());
    }
    buffer
}

fn lines(buffer: &Buffer) -> Vec<String> {
    let Rect { width, height, .. } = buffer.area;
    let line = |y: u16| {
        let mut line = String::new();
        let mut x = 0;
        while x < width {
            line.push_str(buffer[(x, y)].symbol());
            x += buffer[(x, y)].cell_width().max(1);
        }
        line
    };
    (0..height).map(line).collect()
}

#[test]
fn a_box_over_chinese_text_keeps_both_edges_on_every_row() {
    let mut buffer = page(16, 4);
    let ascii = Wish { borders: Borders::Ascii, ..Wish::default() };
    let look = Look::new(ascii, Colours::Indexed);
    let inner = draw_box(Rect::new(3, 0, 10, 4), &mut buffer, "派办给谁", &look);
    assert_eq!(inner, Rect::new(4, 1, 8, 2));
    assert_eq!(
        lines(&buffer),
        ["征 +- 派.. -+ 补", "x征|        |地 ", "征 |        | 补", "x征+--------+地 ",]
    );
}

#[test]
fn a_box_has_light_lines_where_they_are_straight() {
    let mut buffer = page(8, 3);
    draw_box(Rect::new(0, 0, 8, 3), &mut buffer, "", &Look::default());
    assert_eq!(lines(&buffer), ["┌──────┐", "│      │", "└──────┘"]);
}

#[test]
fn a_box_is_in_the_middle_and_never_larger_than_its_area() {
    let area = Rect::new(0, 0, 80, 24);
    assert_eq!(centred(area, Size::new(40, 10)), Rect::new(20, 7, 40, 10));
    assert_eq!(centred(area, Size::new(400, 100)), area);
}

#[test]
fn a_terminal_that_is_too_small_says_so() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 2));
    draw_notice(buffer.area, &mut buffer, "窗口太小", &Look::default());
    assert_eq!(lines(&buffer), ["窗口太小", "        "]);
    let mut narrow = Buffer::empty(Rect::new(0, 0, 4, 3));
    draw_notice(narrow.area, &mut narrow, "窗口太小", &Look::default());
    assert_eq!(lines(&narrow), ["窗口", "太小", "    "]);
}

#[test]
fn boxes_are_drawn_at_any_size_and_place_without_fail() {
    let look = Look::default();
    for columns in 0..60 {
        for rows in 0..12 {
            let mut buffer = page(columns, rows);
            let area = buffer.area;
            draw_box(centred(area, Size::new(20, 5)), &mut buffer, "标题很长的框", &look);
            for (x, y, width, height) in [(0, 0, 1, 1), (5, 3, 2, 9), (59, 11, 9, 9), (0, 0, 3, 2)]
            {
                draw_box(Rect::new(x, y, width, height), &mut buffer, "标题", &look);
            }
            draw_notice(area, &mut buffer, "窗口太小, 请放大到四十列十行", &look);
        }
    }
}
