//! What a conclusion lacks leads to the form that supplies it and back, by keys only.

use std::sync::Arc;

use anjie::domain::case::Stage;

use crate::desk::{Desk, Office};

/// A matter that was taken on, with the desk on its sheet.
fn taken_on(office: &Arc<Office>) -> Desk {
    let mut desk = Desk::at(office);
    desk.keys("<f6> 王小明 <tab> 村口的路灯坏了三个月 <f10>");
    desk.menu("route").keys("<f10>").menu("accept").keys("<f10>");
    desk
}

/// Supplies everything, from the list of what is missing, one after the other.
fn supply_all(desk: &mut Desk) {
    desk.sees("[办结要件 2/13]").sees("> [ ] 调查记录").sees("条例31(6)");
    desk.keys("<ret> 实地看过 <f10>").sees("[办结要件 3/13]").sees("> [ ] 回避申明");
    desk.keys("<ret> 王建国 <tab> 1 <f10>").sees("[办结要件 4/13]").sees("> [ ] 处理意见书");
    desk.keys("<ret> 青信意1号 <tab> 修路灯 <tab> 灯座锈坏 <tab> 说明情况 <tab> 条例三十二条");
    desk.keys("<tab> 2 <tab> 王建国 <tab> 今天 <f10>");
    desk.sees("[办结要件 6/13]").sees("> [ ] 送达");
    desk.keys("<ret> <tab> <tab> 王小明 <f10>").sees("[办结要件 7/13]").sees("> [ ] 邀请评价");
    desk.keys("<ret> 1 <f10>").sees("[办结要件 8/13]").sees("> [ ] 事实清楚");
    desk.keys("<ret> 现场照片 <tab> 求决 <tab> 已换灯 <tab> 各期限内 <tab> 齐全 <f10>");
    desk.sees("[办结要件 13/13]").sees("办结要件已齐，回车办结");
}

#[test]
fn what_is_missing_is_supplied_item_by_item_until_the_case_is_concluded() {
    let office = Arc::new(Office::empty());
    let mut desk = taken_on(&office);
    desk.keys("a wjg <ret>");
    desk.menu("conclude").sees("办结要件不全");
    supply_all(&mut desk);
    desk.keys("<ret> 路灯已换 <f10>");
    desk.sees("[已办结]");
}

#[test]
fn the_same_is_done_without_a_letter_key_and_the_list_is_a_pane_like_any_other() {
    let office = Arc::new(Office::empty());
    let mut desk = taken_on(&office);
    desk.menu("assign_lead").keys("1").sees("王建国");
    desk.keys("<s-tab>").sees("[办结要件 2/13]");
    desk.keys("<end>").sees("> [x]").keys("<ret>").sees("这一项已有");
    desk.keys("<home>");
    supply_all(&mut desk);
    desk.keys("<ret> 路灯已换 <f10>");
    desk.sees("[已办结]");
}

#[test]
fn nobody_declares_before_somebody_handles_it_so_that_row_leads_to_assigning() {
    let office = Arc::new(Office::empty());
    let mut desk = taken_on(&office);
    desk.keys("<s-tab> <down>").sees("> [ ] 回避申明").keys("<ret>").sees("1 包案");
    desk.keys("<esc>").sees("[办结要件 2/13]");
}

#[test]
fn a_conclusion_that_is_refused_leads_to_what_is_missing_and_keeps_its_text() {
    let office = Arc::new(Office::empty());
    let mut desk = taken_on(&office);
    desk.keys("a wjg <ret>").keys("2");
    desk.menu("conclude").keys("路灯已换好并试亮 <f10>");
    desk.sees("办结还缺：").sees("[办结要件 2/13]");
    assert_eq!(desk.case_called("路灯").stage, Stage::Handling);
    supply_all(&mut desk);
    desk.keys("<ret>").sees("办结").keys("<ret>").sees("路灯已换好并试亮");
    desk.keys("<f10>");
    desk.sees("[已办结]");
}
