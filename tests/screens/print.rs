//! Documents by keys: what a screen shows is written into the exchange folder as docx and workbook.

use std::sync::Arc;

use anjie::api::request::{Order, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::RequestId;
use anjie::locale::Lang;

use crate::desk::{Desk, Office};

fn give(desk: &mut Desk, (id, act, on): (u128, Act, Option<u64>), fields: &[(&str, &str)]) {
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let order = Order { id: RequestId(id), act, on, seen: None, fields: fields.collect() };
    desk.ask(Request::Do(order)).unwrap();
}

/// An office in which Wang Jianguo leads one of two matters.
fn office() -> Arc<Office> {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    let lead = desk.officer("王建国").id.0.to_string();
    for (id, title) in [(1_u64, "征地补偿款未到账"), (2, "路灯不亮")] {
        let fields = [
            ("name", "马玉兰"),
            ("title", title),
            ("request", title),
            ("received_on", "1009"),
            ("people", "1"),
            ("at_once", "registered"),
            ("channel", "visit"),
            ("source", "direct"),
        ];
        give(&mut desk, (60 + u128::from(id), Act::Register, None), &fields);
    }
    give(&mut desk, (71, Act::AssignLead, Some(1)), &[("lead", &lead)]);
    office
}

/// The files of the exchange folder.
fn files(office: &Office) -> Vec<String> {
    let folder = std::fs::read_dir(office.exchange()).unwrap();
    let mut names: Vec<String> =
        folder.map(|file| file.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn the_page_of_a_leader_is_written_from_where_the_leader_stands() {
    let office = office();
    let mut desk = Desk::at(&office);
    desk.keys("7 <tab>").sees("王建国");
    while !desk.drawn().lines().any(|line| line.starts_with('>') && line.contains("王建国")) {
        desk.keys("<down>");
    }
    desk.keys("i").sees("用途").paste("包案督办").keys("<ret>").paste("党政办").keys("<f10>");
    desk.sees("已导出 1 行").sees("包案一览");
    let files = files(&office);
    assert!(files.len() == 2 && files[0].ends_with(".docx") && files[1].ends_with(".xlsx"));
    let text = desk.printed(&files[0]);
    assert!(text.contains("征地补偿款未到账") && text.contains("包案督办"), "{text}");
    assert!(!text.contains("路灯不亮"), "what nobody leads is on no page");
    // The purpose that was given last is offered again.
    desk.keys("i").sees("包案督办");
}

#[test]
fn a_screen_that_has_no_document_says_so() {
    let office = office();
    let mut desk = Desk::with(&office, Lang::Zh, (80, 24));
    desk.keys("8 i");
    assert!(files(&office).is_empty());
    desk.sees("这一屏没有");
}

#[test]
fn the_reminder_of_an_officer_is_seen_and_printed_without_a_question() {
    let office = office();
    let mut desk = Desk::at(&office);
    desk.keys("7 <tab>");
    while !desk.drawn().lines().any(|line| line.starts_with('>') && line.contains("王建国")) {
        desk.keys("<down>");
    }
    desk.keys("b").sees("每日提醒").sees("王建国").sees("信访事项");
    desk.sees_not("马玉兰").sees_not("征地");
    desk.keys("i").sees("每日提醒单").sees_not("用途");
    let files = files(&office);
    assert_eq!(files.len(), 2);
    let text = desk.printed(&files[0]);
    assert!(
        text.contains("王建国") && !text.contains("马玉兰") && !text.contains("征地"),
        "{text}"
    );
    desk.keys("<esc> 4 b").sees("每日提醒");
}

#[test]
fn the_list_of_the_meeting_is_printed_from_its_screen_with_names_covered() {
    let office = office();
    let mut desk = Desk::at(&office);
    give(&mut desk, (80, Act::Table, Some(1)), &[("question", "由谁来付")]);
    desk.menu("meeting_list").sees("由谁来付").keys("i").sees("上会清单");
    let text = desk.printed(&files(&office)[0]);
    assert!(text.contains("由谁来付") && !text.contains("马玉兰"), "{text}");
}

#[test]
fn a_report_is_seen_on_the_figures_and_written_with_its_purpose() {
    let office = office();
    let mut desk = Desk::at(&office);
    desk.keys("6 <f8>").sees("周报").sees("件次").sees("环比");
    desk.keys("<tab>").sees("2026-10-01 至");
    desk.keys("<left>").sees("2026-09-01 至 2026-09-30");
    desk.keys("<right>").sees("2026-10-01 至");
    desk.keys("i").sees("用途").paste("月例会").keys("<ret>").paste("党政办").keys("<f10>");
    desk.sees("月报-2026-10");
    let text = desk.printed(&files(&office)[0]);
    assert!(text.contains("月例会") && text.contains("口径") && !text.contains("马玉兰"), "{text}");
}
