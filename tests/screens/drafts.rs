//! What is half typed survives a lost line, a kill and a restart, and is offered again.

use std::sync::Arc;
use std::time::Duration;

use anjie::api::reply::Reply;
use anjie::api::request::Request;
use anjie::domain::ids::{DutyId, Kind};
use anjie::tui::listen::{Input, Loss};
use rustix::process::Signal;

use crate::desk::{Desk, Office};
use crate::paper::{choose, taken_on};
use crate::pty::{Window, town};

#[test]
fn a_half_typed_form_is_offered_at_the_next_start_with_every_character() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    desk.keys("n 王小明 <tab>")
        .paste("路灯坏了\n三个月")
        .keys("<tab><tab>")
        .keys("<bs> 12")
        .waits();
    assert_eq!(desk.own().drafts.len(), 1);
    // Keeping the same again is nothing new.
    desk.keys("<tab>").waits();
    assert_eq!(desk.own().drafts.len(), 1);

    let mut again = Desk::at(&office);
    again.sees("草稿").sees("王小明").keys("<ret>");
    again.sees("王小明").sees("路灯坏了").sees("三个月").sees("12");
    again.keys("<f10>");
    let sheet = again.case_called("路灯");
    assert_eq!((sheet.case.request.as_str(), sheet.case.people), ("路灯坏了\n三个月", 12));
    assert!(again.own().drafts.is_empty(), "what is sent is no draft any more");
    Desk::at(&office).sees_not("草稿");
}

#[test]
fn a_form_that_is_opened_again_offers_what_was_typed_or_begins_anew() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    desk.keys("n 王小明 <tab> 路灯坏了 <f10>");
    desk.keys("t <tab><tab> 已到现场").waits();
    let mut again = Desk::at(&office);
    again.sees("记进展").keys("<esc>");
    again.keys("n").sees_not("草稿").keys("<esc>");
    again.keys("f 0001 <ret>").keys("t").sees("新填一份").keys("2").sees_not("已到现场");
    again.keys("<esc> t 1").sees("已到现场").keys("<f10>");
    assert!(again.own().drafts.is_empty());
}

#[test]
fn a_draft_means_the_same_day_later_and_names_only_what_it_is_about() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.keys("2 <tab> n 王小明 <tab> 路灯坏了 <tab> <c-u> +5w").waits();
    let draft = desk.own().drafts.remove(0);
    assert_eq!(draft.fields.get("received_on").map(String::as_str), Some("2026-10-27"));
    assert_eq!((draft.on, draft.title.as_str()), (None, ""));
    desk.keys("<c-u> 不知道").waits();
    let draft = desk.own().drafts.remove(0);
    assert_eq!(draft.fields.get("received_on").map(String::as_str), Some("不知道"));
}

#[test]
fn a_form_that_is_thrown_away_is_no_draft_any_more() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    desk.keys("n 王小明").waits().keys("<esc> 2");
    assert!(desk.own().drafts.is_empty());
    desk.keys("n 李四").waits();
    let mut again = Desk::at(&office);
    again.sees("李四").keys("<del>").sees_not("李四");
    assert!(again.own().drafts.is_empty());
    again.keys("1").sees("[1今日]");
}

#[test]
fn a_lost_terminal_keeps_what_was_typed_in_the_last_two_seconds() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    desk.keys("n 王小明");
    desk.tell(Input::Gone(Loss::HungUp).into());
    assert!(desk.exit.is_some());
    assert_eq!(desk.own().drafts.len(), 1);
    Desk::at(&office).sees("王小明");
}

#[test]
fn what_is_kept_is_nobody_elses_and_changes_nothing() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    let before = desk.revision();
    desk.keys("n 王小明").waits();
    assert_eq!(desk.revision(), before);
}

#[test]
fn a_hang_up_a_kill_of_the_client_and_one_of_the_server_lose_no_typed_form() {
    let town = town();
    let mut window = Window::open(town.path(), (80, 24));
    window.sees("全办").types("n").sees("新登记").types("甲一");
    window.sees("甲一").hang_up();
    assert!(window.ends().1 < Duration::from_secs(3));

    let mut window = Window::open(town.path(), (80, 24));
    window.sees("草稿").sees("甲一").types("\r").sees("姓名或匿名").types("乙二");
    window.sees("甲一乙二");
    std::thread::sleep(Duration::from_millis(2_500));
    window.signal(Signal::KILL);
    window.ends();

    let mut window = Window::open(town.path(), (80, 24));
    window.sees("甲一乙二").types("\r").sees("姓名或匿名").types("丙三");
    window.sees("甲一乙二丙三");
    town.kill_server().expect("somebody serves");
    window.sees("甲一乙二丙三");
    std::thread::sleep(Duration::from_millis(3_500));
    window.signal(Signal::TERM);
    window.ends();

    let mut window = Window::open(town.path(), (80, 24));
    window.sees("甲一乙二丙三");
}
#[test]
fn a_half_typed_report_of_recurring_work_is_gone_on_with_at_the_next_start() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.keys("5 <tab><tab> <f7>").sees("记已报").sees("报送内容");
    desk.keys("<tab><tab>").paste("赵敏").keys("<tab><tab>").paste("王建国").waits();
    let kept = desk.own().drafts.remove(0);
    assert_eq!(kept.command, "report_duty");
    let (record, _) = kept.on.expect("it is about recurring work");
    assert_eq!(record.kind, Kind::Duty);
    let owed = |desk: &mut Desk| match desk.ask(Request::Duty { id: DutyId(record.id) }).unwrap() {
        Reply::Duty(sheet) => sheet.duty,
        other => panic!("{other:?}"),
    };
    let before = owed(&mut desk);

    let mut again = Desk::at(&office);
    again.sees("草稿").sees("记已报").keys("<ret>");
    again.sees("赵敏").sees("王建国").sees(&kept.title);
    again.sees("期次").keys("<tab> 1 <f10>").sees("此项要有佐证").sees("赵敏").sees("王建国");
    again.paste("青联席〔2026〕10号").keys("<f10>").sees_not("报送内容");
    assert!(again.own().drafts.is_empty(), "what is sent is no draft any more");
    let after = owed(&mut again);
    assert_ne!(before, after, "the report is in the ledger");
    assert!(serde_json::to_string(&after).unwrap().contains("王建国"));
}

#[test]
fn a_half_typed_paper_is_offered_at_the_next_start_until_it_is_written() {
    let office = taken_on();
    let mut desk = Desk::at(&office);
    desk.keys("2 <f8>");
    choose(&mut desk, "延期审批表");
    desk.keys("<ret>").paste("20").keys("<tab><tab>").paste("面积需要\n重测").waits();
    assert_eq!(desk.own().drafts.len(), 1);
    let mut again = Desk::at(&office);
    again.sees("草稿").sees("延期审批表").sees("青信2026-0001").keys("<ret>");
    again.sees("*延长天数").sees("20").sees("重测").keys("<f5>");
    // Seen and not written, it is kept too, and the list of papers lies behind it.
    again.sees("2027年1月4日").sees("面积需要").sees("重测").keys("<esc>").sees("宜出").waits();
    let mut third = Desk::at(&office);
    third.sees("草稿").keys("<ret>").sees("20").sees("重测").keys("<f10>");
    third.sees("青信延审〔2026〕1号）");
    assert!(third.paper_says().contains("面积需要"));
    assert!(third.own().drafts.is_empty(), "what is written is no draft any more");
    // What was written may be written once more without becoming one.
    third.keys("<ret>").sees("重测").waits();
    assert!(third.own().drafts.is_empty());
    third.keys("<esc>").sees("原号再写");
    Desk::at(&office).sees_not("草稿");
}

#[test]
fn the_form_of_a_paper_that_is_opened_again_offers_what_was_typed_or_begins_anew() {
    let office = taken_on();
    let mut desk = Desk::at(&office);
    desk.keys("2 <f8>");
    choose(&mut desk, "延期审批表");
    desk.keys("<ret>").paste("20");
    desk.tell(Input::Gone(Loss::HungUp).into());
    let mut again = Desk::at(&office);
    again.sees("草稿").keys("<esc>").keys("2 <f8>");
    choose(&mut again, "延期审批表");
    again.sees("还缺 3 项").keys("<ret>").sees("新填一份").keys("2").sees("*延长天数");
    again
        .sees("*延长天数        缺")
        .keys("<esc>")
        .keys("<ret> 1")
        .sees("20")
        .keys("<f5>")
        .sees("20日");
    // Another paper of the matter has its own.
    again.keys("<esc>");
    choose(&mut again, "转送函");
    again.keys("<ret>").sees("*转送单位").sees_not("新填一份").keys("<esc> <esc>");
    // What is thrown away is none any more, neither here nor at the next start.
    choose(&mut again, "延期审批表");
    again.keys("<ret> <del>").sees_not("新填一份").keys("<ret>").sees("*延长天数");
    assert!(again.own().drafts.is_empty());
}

#[test]
fn what_is_typed_on_and_thrown_away_leaves_what_was_typed_for_the_paper_before() {
    let office = taken_on();
    let mut desk = Desk::at(&office);
    desk.keys("2 <f8>");
    choose(&mut desk, "延期审批表");
    desk.keys("<ret>").paste("20").keys("<f5>").sees("20日");
    desk.keys("<ret> <tab><tab>").paste("面积需要重测").waits().keys("<esc> 2");
    let kept = desk.own().drafts.remove(0).fields;
    assert_eq!(kept.get("extension_days").map(String::as_str), Some("20"));
    assert_eq!(kept.get("extension_reason"), None);
}
