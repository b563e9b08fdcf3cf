//! The ledger beside an export of the state system at the screen: lists, a matter that is opened, and a
//! file of it; no key is a letter.

use std::sync::Arc;

use anjie::api::request::{Order, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::RequestId;

use crate::desk::{Desk, Office};

const EXPORT: &str = "系统编号,姓名,信访日期,办理状态,办结日期\n\
    XF001,马玉兰,2026-10-08,已办结,2026-10-18\n\
    XF777,陈强,2026-10-12,办理中,\n";

fn office() -> Arc<Office> {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    for (id, number) in [(40, "XF001"), (41, "XF002")] {
        let fields = [
            ("name", "马玉兰"),
            ("request", "水渠漏水"),
            ("received_on", "1008"),
            ("people", "1"),
            ("at_once", "registered"),
            ("channel", "visit"),
            ("source", "direct"),
            ("state_number", number),
        ];
        let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let id = RequestId(id);
        let fields = fields.collect();
        desk.ask(Request::Do(Order { id, act: Act::Register, on: None, seen: None, fields }))
            .unwrap();
    }
    office.put("系统.csv", EXPORT);
    office
}

#[test]
fn lists_are_turned_through_and_a_matter_is_opened_without_a_letter() {
    let office = office();
    let mut desk = Desk::at(&office);
    desk.menu("compare").sees("系统.csv").keys("<ret>");
    desk.sees("[只在台账1]").sees("只在系统1").sees("不一致1").sees("XF002");
    let revision = desk.revision();
    desk.keys("<tab>").sees("[只在系统1]").sees("陈强").keys("<ret>").sees("台账里没有");
    desk.keys("<tab>").sees("是否办结：待定性 | 已办结").keys("<ret>").sees("水渠漏水");
    desk.keys("<esc>").sees("[不一致1]");
    assert_eq!(desk.revision(), revision, "nothing is written");
    desk.menu("print").sees("用途").paste("月底对账").keys("<ret>").paste("区信访局");
    desk.keys("<f10>").sees("系统对账-2026-10-20");
}

#[test]
fn what_is_the_same_is_fetched_when_its_list_is_looked_at() {
    let office = office();
    office.put("系统.csv", "系统编号,姓名\nXF001,马玉兰\nXF002,马玉兰\n");
    let mut desk = Desk::at(&office);
    desk.menu("compare")
        .keys("<ret>")
        .sees("一致2")
        .sees("这一类没有")
        .keys("<s-tab>")
        .sees("[一致2]");
    desk.sees("XF001").sees("水渠漏水");
}

#[test]
fn a_table_without_numbers_says_what_it_needs() {
    let office = office();
    office.put("系统.csv", "姓名,诉求\n李梅,修路\n");
    let mut desk = Desk::at(&office);
    desk.menu("compare").keys("<ret>").sees("系统编号").sees("没有读成").sees_not("正在读取");
    desk.keys("<esc>").paste(&EXPORT.replace(',', "\t")).sees("粘贴的").keys("<home><ret>");
    desk.sees("[只在台账1]");
}
