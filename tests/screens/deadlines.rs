//! The list of deadlines and its calendar, by keys and without letters.

use std::sync::Arc;

use anjie::locale::Lang;

use crate::desk::{Desk, Office};

#[test]
fn the_calendar_is_gone_through_and_a_day_opened_without_a_letter_key() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.keys("4 <tab><tab><tab>").sees("2026年10月").sees(">20 今").sees("[月历]");
    desk.keys("<home><pgdn>").sees("2026年11月").sees(">20");
    desk.keys("<pgup><up><down><left><right><end>").sees(">31 休");
    desk.keys("<home>").sees("2026-10-20 周二");
    // The first day from today on that has something.
    for _ in 0..30 {
        if !desk.drawn().contains("这一天没有到期的") {
            break;
        }
        desk.keys("<right>");
    }
    let before = desk.drawn();
    desk.keys("<ret>").sees("[全办").sees("到期");
    desk.keys("<ret><esc><esc>");
    assert_eq!(desk.drawn(), before, "Esc leads back to the calendar");
}

#[test]
fn what_narrows_the_list_narrows_the_calendar() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::with(&office, Lang::Zh, (120, 40));
    desk.keys("4 <tab><tab><tab>").sees("条件:全部");
    desk.menu("narrow").sees("时限种类").keys("2").sees("法定时限").keys("2");
    desk.sees("条件(c清除):法定时限").sees_not("自1").sees_not("自2");
    desk.keys("<backtab>").sees("条件(c清除):法定时限").sees("[全办");
    // A text is typed above the list, and narrows the calendar as well.
    desk.keys("<tab>").sees("[月历]").keys("<f4>").sees("[全办").paste("没有这样的事");
    desk.keys("<ret>").sees("没有符合条件的时限").keys("<tab>").sees("筛选:没有这样的事");
}

#[test]
fn a_day_is_counted_from_a_line_and_from_the_sheet_of_its_case() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.keys("2 <tab>").menu("why").sees("起算当日, 不计");
    desk.keys("<end>").sees("最迟日");
    desk.keys("<esc> <ret> y").sees("起算");
    // The first line of the agenda is a task of the plan, whose day nobody counted.
    desk.keys("<esc><esc> 1 <tab>").menu("why").sees("不是数出来的");
}

#[test]
fn a_sheet_is_seen_as_plain_text_and_left_by_esc() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.keys("2 <tab><ret>");
    let sheet = desk.drawn();
    let title = sheet.lines().nth(1).unwrap().split("  ").next().unwrap().to_owned();
    desk.menu("page").sees(&title).sees("拖选复制").sees_not("[时限");
    desk.keys("<pgdn><down><esc>");
    assert_eq!(desk.drawn(), sheet);
}
