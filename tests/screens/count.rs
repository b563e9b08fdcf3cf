//! Counts on demand by keys: with an input method that swallows letters, and with letters.

use std::sync::Arc;

use anjie::api::request::{Order, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::RequestId;

use crate::desk::{Desk, Office};

/// An office with two visits of October about one village, and one of September.
fn office() -> Arc<Office> {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    for (id, (title, received_on)) in
        [("征地补偿款未到账", "1009"), ("路灯不亮", "1010"), ("水渠渗漏", "0910")]
            .into_iter()
            .enumerate()
    {
        register(&mut desk, 60 + id as u128, (title, received_on));
    }
    office
}

fn register(desk: &mut Desk, id: u128, (title, received_on): (&str, &str)) {
    let fields = [
        ("name", "马玉兰"),
        ("title", title),
        ("request", title),
        ("received_on", received_on),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "visit"),
        ("source", "direct"),
        ("village", "2"),
    ];
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let (act, on) = (Act::Register, None);
    let order = Order { id: RequestId(id), act, on, seen: None, fields: fields.collect() };
    desk.ask(Request::Do(order)).unwrap();
}

#[test]
fn a_superior_is_told_a_number_without_a_letter_and_it_is_kept_as_given() {
    let office = office();
    let mut desk = Desk::at(&office);
    desk.keys("6 <tab> <tab>").sees("定制统计").sees("2026年10月件次");
    // 2 the rows, 8 the village; 4 what is counted, 4 distinct persons.
    desk.keys("<ret> 2 8").sees("张家庄村").keys("<ret> 4 1").sees("件次合计 2");
    desk.sees("上期 1").sees("口径");
    desk.keys("<left>").sees("2026年9月件次").sees("件次合计 1").keys("<right>");
    // 5 keeps it as a figure given.
    desk.keys("<ret> 5").sees("报给谁").paste("区信访局王科长").keys("<f10>");
    desk.keys("<tab>").sees("区信访局王科长").sees("已报数 1");
    desk.keys("<ret>").sees("现在统计相同").keys("<esc>");
    register(&mut desk, 90, ("井盖破损", "1012"));
    desk.keys("<ret>").sees("报出 2，现在统计为 3（+1）");
    desk.keys("<esc> u 3").sees("记已报数");
}

#[test]
fn a_count_is_saved_by_name_opened_again_copied_and_written_by_letters() {
    let office = office();
    let mut desk = Desk::at(&office);
    desk.keys("6 <tab> <tab> s 2 8 w").sees("还没有保存过").keys("1");
    desk.paste("各村件次").keys("<f10>").keys("<ret> 2 1").sees_not("张家庄村");
    desk.keys("w").sees("各村件次").keys("1").sees("张家庄村").sees("各村件次");
    desk.keys("p").sees("青石镇2026年10月件次").sees("用鼠标拖选复制").keys("<esc>");
    desk.keys("i").sees("用途").paste("月度通报").keys("<ret>").paste("区信访局").keys("<f10>");
    desk.sees("定制统计-2026-10");
    // The list of all filters leads back to it.
    desk.menu("views_list").sees("问题属地").keys("<ret>").sees("张家庄村");
}
