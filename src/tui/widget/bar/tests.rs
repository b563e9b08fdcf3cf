//! Bars show whole entries or none.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::look::{Look, Role};
use crate::tui::text::width;
use crate::tui::widget::bar::{Hint, State, Status, Tabs, draw_hints};

fn line(columns: u16, draw: impl FnOnce(Rect, &mut Buffer)) -> String {
    let area = Rect::new(0, 0, columns, 1);
    let mut buffer = Buffer::empty(area);
    draw(area, &mut buffer);
    let mut line = String::new();
    let mut x = 0;
    while x < columns {
        let symbol = buffer[(x, 0)].symbol();
        line.push_str(symbol);
        x += u16::try_from(width(symbol)).unwrap().max(1);
    }
    line
}

fn names() -> Vec<String> {
    ["1今日", "2事项", "3帮扶"].map(str::to_owned).to_vec()
}

fn tabs(columns: u16, open: usize, right: &str) -> String {
    let names = names();
    let tabs = Tabs { names: &names, open, right };
    line(columns, |area, buffer| tabs.draw(area, buffer, &Look::default()))
}

fn hints(columns: u16) -> String {
    let hint = |key: &str, label: &str, state| Hint { key: key.into(), label: label.into(), state };
    let hints = [
        hint("F1", "帮助", State::Possible),
        hint("F6", "新登记", State::Disabled),
        hint("Esc", "返回", State::Possible),
    ];
    line(columns, |area, buffer| draw_hints(area, buffer, &hints, &Look::default()))
}

#[test]
fn the_open_tab_is_in_brackets() {
    assert_eq!(tabs(34, 0, "周五 李娟"), "[1今日]2事项 3帮扶       周五 李娟");
    assert_eq!(tabs(24, 1, ""), " 1今日[2事项]3帮扶      ");
    assert_eq!(tabs(24, 2, "周五 李娟"), " 1今日 2事项[3帮扶]     ");
}

#[test]
fn a_tab_that_does_not_fit_is_left_out_whole() {
    assert_eq!(tabs(14, 0, "x"), "[1今日]2事项 x");
    assert_eq!(tabs(13, 0, "x"), "[1今日]2事项 ");
    assert_eq!(tabs(3, 0, "x"), "  x");
}

#[test]
fn keys_are_shown_whole_or_not_at_all() {
    assert_eq!(hints(24), "F1帮助 F6新登记 Esc返回 ");
    assert_eq!(hints(23), "F1帮助 F6新登记 Esc返回");
    assert_eq!(hints(22), "F1帮助 F6新登记       ");
    assert_eq!(hints(14), "F1帮助 Esc返回");
    assert_eq!(hints(3), "   ");
}

#[test]
fn the_status_line_cuts_its_text_before_its_right_end() {
    let status = |columns, text, right| {
        let status = Status { text, role: Role::Status, right };
        line(columns, |area, buffer| status.draw(area, buffer, &Look::default()))
    };
    assert_eq!(status(20, "已保存", "试用"), "已保存          试用");
    assert_eq!(status(12, "已保存第一条", "试用"), "已保..  试用");
    assert_eq!(status(4, "已保存", "试用"), "已..");
    assert_eq!(status(5, "已保存", ""), "已.. ");
    assert_eq!(status(0, "已保存", "试用"), "");
}

#[test]
fn bars_are_drawn_at_any_width_without_fail() {
    for columns in 0..200 {
        for open in 0..5 {
            tabs(columns, open, "2026-10-16 周五");
        }
        hints(columns);
    }
}
