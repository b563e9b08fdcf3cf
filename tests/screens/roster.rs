//! The roster by keys: proposed, approved, told, contacted, reviewed, renewed, left to lapse; and
//! persons who are found to be one.

use std::sync::Arc;

use anjie::api::reply::Reply;
use anjie::api::request::{CaseQuery, Order, Request, Whose};
use anjie::api::roster::{EntrySheet, RosterPart, RosterQuery};
use anjie::domain::act::Act;
use anjie::domain::case::Stage;
use anjie::domain::choice::EndReason;
use anjie::domain::entry::{ApprovalWay, EntryState};
use anjie::domain::ids::{PersonId, RequestId};
use anjie::locale::Lang;

use crate::desk::{Desk, Office};

const REQUEST: &str = "家里塌了两间房，至今没有人来核实救助。";

/// An order given elsewhere in the office.
fn order(desk: &mut Desk, id: u128, act: Act, fields: &[(&str, &str)]) {
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let order =
        Order { id: RequestId(9_000 + id), act, on: None, seen: None, fields: fields.collect() };
    desk.ask(Request::Do(order)).unwrap();
}

fn second_account(desk: &mut Desk) {
    let fields = [("login", "zhaomin"), ("uid", "54321"), ("roles", "clerk")];
    order(desk, 1, Act::AddClerk, &fields);
}

fn day_comes(desk: &mut Desk, day: &str) {
    let id = day.bytes().map(u128::from).fold(0, |sum, byte| sum * 10 + byte);
    order(desk, id, Act::MoveToday, &[("today", day)]);
    // Whoever looks sees the new day.
    desk.keys("<esc> 1 3");
}

fn registered(desk: &mut Desk) {
    desk.keys("<f6> 马玉兰 <tab>").paste(REQUEST).keys("<f10>");
}

/// Fills the form of a proposal up to the measures, with characters that an input method commits.
fn proposal(desk: &mut Desk, ground: &str) {
    desk.menu("propose").sees("马玉兰").keys("<tab>").keys(ground).keys("<tab>");
    desk.paste("房屋倒塌，临时救助未到位").keys("<tab> 王 <tab> 赵 <tab>");
    desk.paste("申请临时救助，协调住处");
}

fn entry(desk: &mut Desk) -> EntrySheet {
    let parts = [RosterPart::Open, RosterPart::Ended];
    let id = parts.into_iter().find_map(|part| {
        let query = RosterQuery { part, whose: Whose::All, most: 9, ..RosterQuery::default() };
        let Ok(Reply::Roster(page)) = desk.ask(Request::Roster(query)) else { panic!("none") };
        page.rows.first().map(|row| row.id)
    });
    match desk.ask(Request::Entry { id: id.unwrap() }).unwrap() {
        Reply::Entry(sheet) => *sheet,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_entry_goes_by_keys_from_its_proposal_to_its_end() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    desk.keys("3").sees("名下没有帮扶").keys("<right>").sees("帮扶台账是空的");
    registered(&mut desk);
    proposal(&mut desk, "4");
    desk.keys("<f10>").sees("提请帮扶：已办");
    desk.keys("3 <right>").sees("待审批").sees("马玉兰").keys("<ret>").sees("待另一人审批");
    // The office has one account only: the entry says so.
    desk.menu("approve_entry").keys("<f10>").sees("须填告知本人的日期");
    desk.paste("今天").keys("<f10>").sees("审批帮扶：已办").sees("本办只有一个用户");
    assert_eq!(entry(&mut desk).row.state, EntryState::Running);
    desk.keys("t 2 <tab>").paste("送去救助申请表").keys("<f10>").sees("送去救助申请表");
    desk.keys("r").paste("救助款还没有到账").keys("<f10>");
    desk.sees("复评日期须晚于").keys("<esc> 2");
    day_comes(&mut desk, "2026-11-02");
    desk.keys("<right>").sees("联系").keys("<ret> r").paste("救助款还没有到账").keys("<f10>");
    desk.sees("续期至12-03");
    desk.menu("end_entry").keys("2 <tab>").paste("救助款已到账").keys("<f10>");
    desk.sees("已退出").sees("救助款已到账");
    assert_eq!(entry(&mut desk).row.state, EntryState::Ended);
    // What has ended says why nothing more can be done with it.
    desk.keys("r").sees("该帮扶已退出");
}

#[test]
fn the_same_is_done_without_a_letter_key() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    second_account(&mut desk);
    registered(&mut desk);
    proposal(&mut desk, "4");
    desk.keys("<f10>").keys("3 <right> <ret>");
    desk.menu("approve_entry").paste("今天").keys("<f10>").sees("提请人不能审批自己的提请");
    desk.keys("<esc> 2");
    desk.menu("approve_on_paper").paste("今天").keys("<tab><tab><tab> 王 <tab>");
    desk.paste("青信帮〔2026〕1号").keys("<f10>").sees("青信帮〔2026〕1号");
    let sheet = entry(&mut desk);
    assert_eq!(sheet.entry.approval.unwrap().way, ApprovalWay::Paper);
    desk.keys("<f7> 1 <tab>").paste("电话说明救助进度").keys("<f10>");
    desk.sees("电话说明救助进度");
    day_comes(&mut desk, "2026-11-05");
    desk.menu("review_round").sees("未复评1").sees("马玉兰").sees("第1条/共1条");
    desk.keys("<ret>").paste("救助款还没有到账").keys("<f10>");
    desk.sees("已续1").sees("本月没有到期应复评的帮扶");
    // Nobody renews it again: it lapses, may be renewed for ten working days, and is gone then.
    day_comes(&mut desk, "2026-12-08");
    desk.keys("<right>").sees("失效待定").keys("<ret>").sees("前可续期");
    day_comes(&mut desk, "2026-12-28");
    desk.keys("<right>").sees("帮扶台账是空的");
    let sheet = entry(&mut desk);
    assert_eq!(sheet.entry.ending.unwrap().why, EndReason::Lapsed);
}

#[test]
fn what_may_not_be_on_the_roster_is_refused_with_its_reason_and_every_character_stays() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    registered(&mut desk);
    proposal(&mut desk, "");
    desk.keys("<f10>").sees("! ").sees("申请临时救助，协调住处");
    desk.keys("4").keys("<tab><tab><tab><tab><tab><tab><c-u>").paste("+32").keys("<f10>");
    desk.sees("复评日期最多往后31天").sees("申请临时救助，协调住处");
    desk.keys("<c-u>").paste("+31").keys("<f10>").sees("提请帮扶：已办");
    // The person is on the roster for this case already.
    proposal(&mut desk, "4");
    desk.keys("<f10>").sees("此人因该事项已在帮扶台账");
}

#[test]
fn a_matter_that_is_closed_carries_no_ground() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::with(&office, Lang::Zh, (120, 40));
    let query = CaseQuery { stage: Some(Stage::Concluded), most: 50, ..CaseQuery::default() };
    let Ok(Reply::Cases(page)) = desk.ask(Request::Cases(query)) else { panic!("no cases") };
    let row = page.rows.iter().find(|row| row.person.is_some()).unwrap();
    desk.keys("f").paste(&row.number).keys("<ret>").sees(&row.number);
    desk.menu("propose").keys("<tab> 4 <tab>").paste("生活困难").keys("<tab>");
    let lead = desk.officer("王建国").name;
    desk.keys("<c-u>").paste(&lead).keys("<tab> <c-u>").paste(&lead).keys("<tab>");
    desk.paste("申请救助").keys("<f10>").sees("事项已办结或已转其他程序，不再构成该事由");
}

#[test]
fn a_person_is_proposed_from_their_sheet_on_the_case_that_is_chosen() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    registered(&mut desk);
    desk.keys("3 <tab>").sees("马玉兰").keys("<ret>").sees("信访人");
    desk.menu("propose_for").sees("选一件构成事由的事项").keys("1");
    desk.keys("4 <tab>").paste("房屋倒塌").keys("<tab> 王 <tab> 赵 <tab>");
    desk.paste("申请临时救助").keys("<f10>").sees("提请帮扶：已办");
    assert_eq!(entry(&mut desk).row.person, PersonId(1));
    desk.keys("3 <right>");
    desk.menu("visit_case").sees("青信2026-0001");
}

#[test]
fn two_records_become_one_person_after_a_look_and_are_told_apart_again() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    registered(&mut desk);
    desk.keys("<f6> 马玉蓝 <tab>").paste("临时救助没有下文").keys("<f10>");
    desk.keys("3 <tab> / 马玉兰 <ret> <ret>").sees("青信2026-0001");
    desk.menu("unmerge_person").sees("没有并入的记录可拆回").keys("<esc>");
    desk.menu("merge_person").sees("马玉蓝").keys("马玉蓝 <ret>");
    desk.sees("马玉蓝 并入 马玉兰").sees("青信2026-0002").sees("确认合并");
    // The safe answer is chosen at first.
    desk.keys("<ret>").sees_not("确认合并").keys("<ret>").sees("确认合并").keys("2");
    desk.sees("合并信访人：已办").sees("青信2026-0001").sees("青信2026-0002");
    desk.keys("3 <tab>").sees_not("马玉蓝").sees("已并入1条记录").keys("<ret>");
    desk.menu("unmerge_person").keys("1").sees("马玉蓝 从 马玉兰 拆回").sees("青信2026-0002");
    desk.keys("<down> <ret>").sees("拆回信访人：已办").sees_not("青信2026-0002");
    desk.keys("3 <tab>").sees("马玉蓝");
}

#[test]
fn the_demo_shows_a_roster_with_something_to_do() {
    let office = Arc::new(Office::demo());
    for (lang, size) in [(Lang::Zh, (80, 24)), (Lang::Zh, (120, 40)), (Lang::En, (80, 24))] {
        let mut desk = Desk::with(&office, lang, size);
        desk.keys("3 <right>").sees("> 1");
        let reply = desk.ask(Request::Roster(RosterQuery {
            whose: Whose::All,
            most: 50,
            ..RosterQuery::default()
        }));
        let Ok(Reply::Roster(page)) = reply else { panic!("no roster") };
        assert!(page.rows.len() > 3, "{}", page.rows.len());
        let days: Vec<_> = page.rows.iter().map(|row| row.owed[0].on).collect();
        assert!(days.is_sorted(), "{days:?}");
    }
}
