//! At the window: what is alike stands beside the form, and the clerk decides by keys.

use std::sync::Arc;

use anjie::api::reply::Reply;
use anjie::api::request::{CaseQuery, Order, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::RequestId;
use anjie::locale::Lang;
use anjie::tui::listen::Input;
use ratatui::layout::Position;

use crate::desk::{Desk, Office, TODAY};

const ROAD: &str = "我家承包地两亩一分在修路时被占，补偿款到现在一分钱没有拿到。";

/// A desk where somebody was registered before.
fn desk(office: &Arc<Office>, size: (u16, u16)) -> Desk {
    let mut desk = Desk::with(office, Lang::Zh, size);
    desk.keys("<f6> 张守田 <tab>").paste(ROAD).keys("<f10> 1");
    desk
}

fn n_cases(desk: &mut Desk) -> usize {
    match desk.ask(Request::Cases(CaseQuery::default())).unwrap() {
        Reply::Cases(page) => page.rows.len(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_repeat_is_seen_while_one_types_and_hung_on_the_pending_matter() {
    for size in [(80, 24), (120, 40)] {
        let office = Arc::new(Office::empty());
        let mut desk = desk(&office, size);
        desk.keys("<f6> 张守田").sees("查重 1").sees("同名").sees("2026-0001");
        desk.keys("<tab>").paste(ROAD).sees("诉求相近100%").sees("F5选用");
        desk.keys("<f5>").sees("回车选定").keys("<ret>").sees("并入(作重复来件)");
        desk.keys("1").sees("并入来件").sees("我家承包地两亩一分");
        desk.keys("<f10>").sees("青信2026-0001");
        let sheet = desk.case_called("承包地");
        assert_eq!(sheet.receipts.len(), 2);
        assert!(sheet.receipts.iter().any(|receipt| receipt.repeat));
        assert!(desk.own().drafts.is_empty(), "both forms are done with");
    }
}

#[test]
fn the_same_person_may_raise_another_matter() {
    let office = Arc::new(Office::empty());
    let mut desk = desk(&office, (80, 24));
    desk.keys("<f6> 张守田 <tab>").paste("村口的路灯坏了三个月，没有人修。");
    desk.keys("<f5> <ret> 2").sees("已选用原信访人，F10提交").keys("<f10>").sees("青信2026-0002");
    let (one, two) = (desk.case_called("承包地"), desk.case_called("路灯"));
    assert_eq!(one.persons[0].id, two.persons[0].id);
}

#[test]
fn whoever_decides_nothing_registers_a_new_person_with_a_new_matter() {
    let office = Arc::new(Office::empty());
    let mut desk = desk(&office, (80, 24));
    desk.keys("<f6> 张守田 <tab>").paste("村口的路灯坏了三个月，没有人修。");
    desk.keys("<f5> <esc> <f10>").sees("青信2026-0002");
    let (one, two) = (desk.case_called("承包地"), desk.case_called("路灯"));
    assert_ne!(one.persons[0].id, two.persons[0].id);
}

#[test]
fn a_joining_that_is_left_comes_back_to_the_form_with_every_character() {
    let office = Arc::new(Office::empty());
    let mut desk = desk(&office, (80, 24));
    desk.keys("<f6> 张守田 <tab>").paste(ROAD).keys("<f5> <ret> 1 <esc>");
    desk.sees("2 ").keys("2").sees("回车选定").sees("张守田").sees("我家承包地");
    desk.keys("<esc> <f10>").sees("青信2026-0002");
    assert_eq!(n_cases(&mut desk), 2);
}

#[test]
fn another_name_is_another_person() {
    let office = Arc::new(Office::empty());
    let mut desk = desk(&office, (80, 24));
    desk.keys("<f6> 张守田 <tab>").paste("村口的路灯坏了三个月，没有人修。");
    desk.keys("<f5> <ret> 2 <s-tab> <bs> 地 <f10>").sees("张守地");
    let (one, two) = (desk.case_called("承包地"), desk.case_called("路灯"));
    assert_ne!(one.persons[0].id, two.persons[0].id);
}

#[test]
fn nothing_alike_takes_no_room_and_says_so() {
    let office = Arc::new(Office::empty());
    let mut desk = desk(&office, (80, 24));
    desk.keys("<f6> 李四").sees_not("查重 1").keys("<f5>").sees("没有相近的人员和事项");
}

#[test]
fn what_is_raised_again_after_its_end_repeats_it_until_that_is_taken_back() {
    let office = Arc::new(Office::empty());
    let mut desk = desk(&office, (80, 24));
    let first = desk.case_called("承包地").case.id.0;
    let fields = [
        ("ground", "withdrawn"),
        ("on", TODAY),
        ("text", "本人撤回"),
        ("document", "青信止〔2026〕1号"),
    ];
    let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let (id, act) = (RequestId(0x51), Act::Stop);
    let order = Order { id, act, on: Some(first), seen: None, fields };
    desk.ask(Request::Do(order)).unwrap();
    desk.keys("<f6> 张守田 <tab>").paste(ROAD).keys("<f5> <ret>").sees("回车按重复信访另立");
    desk.keys("<ret>").sees("按重复信访另立，F10提交").keys("<f10>").sees("青信2026-0002");
    desk.sees("重复青信2026-0001");
    let again = desk.case_called("承包地");
    assert_eq!(again.case.repeats.unwrap().0, first);
    assert!(again.receipts[0].repeat);
    desk.menu("unrepeat").sees("取消重复标记").keys("2").sees_not("重复青信2026-0001");
    let apart = desk.case_called("承包地");
    assert_eq!(apart.case.repeats, None);
    assert!(!apart.receipts[0].repeat);
    desk.menu("unrepeat").sees("没有标为重复信访");
}

#[test]
fn a_click_on_a_field_while_among_the_rows_gives_the_keys_back_to_the_form() {
    let office = Arc::new(Office::empty());
    let mut desk = desk(&office, (80, 24));
    desk.keys("<f6> 张守田").sees("查重 1").keys("<f5>").sees("回车选定");
    let rows = desk.screen().0;
    let y = rows.iter().position(|row| row.contains("姓名或匿名")).unwrap();
    let before = rows[y].split("姓名或匿名").next().unwrap();
    let x = unicode_width::UnicodeWidthStr::width(before);
    let at = Position::new(u16::try_from(x).unwrap(), u16::try_from(y).unwrap());
    desk.tell(Input::Click(at).into());
    desk.sees_not("回车选定").keys("园").sees("张守田园");
}

#[test]
fn what_is_there_twice_is_joined_group_by_group_without_a_letter() {
    let office = Arc::new(Office::empty());
    let mut desk = desk(&office, (80, 24));
    for name in ["李二", "王五"] {
        desk.keys("<f6>").paste(name).keys("<tab>").paste(ROAD).keys("<f10>");
        while desk.drawn().contains("F10") {
            desk.keys("<f10>");
        }
        desk.keys("<esc><esc>");
    }
    desk.menu("twins").sees("疑似1组 3条").sees("诉求相同").sees("张守田").sees("王五");
    // The oldest takes the others.
    desk.keys("<f5>").sees("请选要并过来的");
    desk.keys("<down><f5>").sees("并入另一事项").sees("青信2026-0001");
    desk.keys("<tab><tab>").paste("同一封信").keys("<f10>").sees("疑似1组 2条");
    desk.keys("<ret>").sees("2026-000").keys("<esc>");
    // What is none is set apart for this account, and can be seen again.
    desk.keys("<space>").sees("没有疑似重复的").sees("已排除1组");
    desk.keys("c").sees("疑似1组 2条");
    desk.keys("<tab>").sees("[信访人]");
}

#[test]
fn persons_who_may_be_one_are_merged_from_their_group() {
    let office = Arc::new(Office::empty());
    let mut desk = desk(&office, (80, 24));
    let fields = [
        ("name", "张守天"),
        ("request", "路灯不亮"),
        ("phone", "13800001234"),
        ("received_on", TODAY),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "visit"),
        ("source", "direct"),
    ];
    for id in 50..52 {
        let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let id = RequestId(id);
        let order =
            Order { id, act: Act::Register, on: None, seen: None, fields: fields.collect() };
        desk.ask(Request::Do(order)).unwrap();
    }
    desk.menu("twins").keys("<tab>").sees("疑似1组 2条").sees("同电话").sees("138****1234");
    desk.keys("<f5>").sees("路灯不亮").keys("2").sees("没有疑似重复的");
}
