//! A day at the window, by keys: from the registration to the extended clock, and found again.

use std::sync::Arc;

use anjie::domain::case::Stage;
use anjie::domain::step::Deed;

use crate::desk::{Desk, Office};

const REQUEST: &str = "村口的路灯坏了三个月，\n一直没有人修。";

fn deeds(desk: &mut Desk, title: &str) -> Vec<Deed> {
    desk.case_called(title).case.steps.values().map(|step| step.deed.clone()).collect()
}

#[test]
fn a_request_goes_by_keys_from_the_window_to_the_extended_clock() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    desk.keys("n 王小明 <tab>").paste(REQUEST).keys("<f10>");
    desk.sees("青信2026-0001").sees("新登记：已办");
    assert_eq!(desk.case_called("路灯").case.request, REQUEST);

    desk.menu("route").keys("<f10>").menu("accept").keys("<f10>");
    assert_eq!(desk.case_called("路灯").stage, Stage::Handling);
    desk.keys("a wjg");
    desk.sees("王建国");
    desk.keys("<ret>");
    let lead = desk.officer("王建国").id;
    assert_eq!(desk.case_called("路灯").case.lead, Some(lead));

    let before = clock(&mut desk);
    desk.menu("extend").keys("<tab> wjg <tab><tab> 案情复杂 <f10>");
    assert!(clock(&mut desk) > before, "{before:?} {}", desk.drawn());
    desk.keys("t <tab><tab> 已到现场看过 <f10>");
    assert!(matches!(deeds(&mut desk, "路灯").last(), Some(Deed::Worked { .. })));
    desk.sees("已到现场看过");

    for text in ["f wxm <ret>", "f 王小明 <ret>", "f ludeng <ret>", "f 0001 <ret>"] {
        desk.keys("<esc> 1").keys(text);
        desk.sees("王小明").sees("村口的路灯");
    }
}

fn clock(desk: &mut Desk) -> Option<chrono::NaiveDate> {
    let sheet = desk.case_called("路灯");
    sheet.deadlines.iter().find(|clock| clock.rule == "conclude").and_then(|clock| clock.latest)
}

#[test]
fn the_same_is_done_without_a_letter_key() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    // What an input method commits are characters, never letters.
    desk.keys("<f6> 陈英 <down>").paste("宅基地确权").keys("<f10>");
    desk.sees("陈英");
    desk.menu("route").keys("<f10>").menu("accept").keys("<f10>");
    desk.menu("assign_lead").sees("王建国");
    desk.keys("1");
    desk.menu("allot").sees("民政办");
    desk.keys("<down><up><ret>");
    desk.menu("hand_to").keys("赵 <ret>");
    let sheet = desk.case_called("宅基地");
    assert_eq!(sheet.case.handler, Some(desk.officer("赵敏").id));
    assert!(sheet.case.unit.is_some() && sheet.case.lead.is_some());
    desk.menu("extend").keys("<tab> 王 <tab><tab> 需要测绘 <f10>");
    desk.keys("<f7> <right> <tab><tab> 已联系 <f10>");
    let steps = deeds(&mut desk, "宅基地");
    assert!(steps.iter().any(|deed| matches!(deed, Deed::Extended { days: 30, .. })), "{steps:?}");
    assert!(matches!(steps.last(), Some(Deed::Worked { .. })));
    // A character typed while nothing is open begins a search.
    desk.keys("1 陈").sees("1 ").keys("英 <ret>").sees("宅基地确权");
    desk.keys("<esc>").keys("<f2> 0").keys("<esc><esc>");
}

#[test]
fn a_form_that_is_refused_keeps_every_character() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    desk.keys("n 张三丰 <tab> 反映拖欠工资 <tab>");
    for _ in 0..10 {
        desk.keys("<bs>");
    }
    desk.keys("2月31日 <f10>");
    desk.sees("张三丰").sees("反映拖欠工资").sees("2月31日").sees("! ");
    // The village is none that is known: told at the field, and nothing is gone.
    for _ in 0..10 {
        desk.keys("<bs>");
    }
    desk.keys("1019 <f10>");
    assert_eq!(desk.case_called("反映拖欠工资").case.received_on.to_string(), "2026-10-19");
}

#[test]
fn a_form_that_is_left_asks_before_its_text_goes() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    desk.keys("n 张三丰 <esc>").sees("1 ").keys("1").sees("张三丰");
    desk.keys("<esc> 2").sees_not("张三丰");
    desk.keys("q");
    assert!(desk.exit.is_some());
}

#[test]
fn a_date_box_takes_what_is_quickest_and_shows_the_day_it_means() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    desk.keys("n 王小明 <tab> 路灯坏了 <tab>");
    for (typed, seen) in [
        ("1015", "2026-10-15 周四"),
        ("10.17", "2026-10-17 周六 休息日"),
        ("今天", "2026-10-20 周二"),
        ("-3", "2026-10-17 周六 休息日"),
        ("1001", "2026-10-01 周四"),
        ("+5w", "2026-10-27 周二"),
        ("-5w", "2026-10-13 周二"),
    ] {
        desk.keys("<c-u>").keys(typed).sees(seen);
    }
    desk.keys("<f10>");
    assert_eq!(desk.case_called("路灯").case.received_on.to_string(), "2026-10-13");
}
