//! The office's own work by keys: settings, handing over, a substitute, and many cases at once; each
//! with letters or without.

use std::sync::Arc;

use anjie::api::handover::{HandoverTerms, HoldingsView};
use anjie::api::reply::Reply;
use anjie::api::request::{Order, Request};
use anjie::api::setting::SettingsView;
use anjie::domain::act::Act;
use anjie::domain::ids::{OfficerId, RequestId};
use anjie::locale::Lang;

use crate::desk::{Desk, Office};

fn give(desk: &mut Desk, (id, act, on): (u128, Act, Option<u64>), fields: &[(&str, &str)]) {
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let order = Order { id: RequestId(id), act, on, seen: None, fields: fields.collect() };
    desk.ask(Request::Do(order)).unwrap();
}

/// An office in which Wang Jianguo leads two matters, and Zhao Min may lead too.
fn office() -> Arc<Office> {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    let lead = desk.officer("王建国").id.0.to_string();
    let other = desk.officer("赵敏").id.0;
    give(&mut desk, (50, Act::EditOfficer, Some(other)), &[("leads", "yes")]);
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
        give(&mut desk, (70 + u128::from(id), Act::AssignLead, Some(id)), &[("lead", &lead)]);
    }
    office
}

fn settings(desk: &mut Desk) -> SettingsView {
    match desk.ask(Request::Settings).unwrap() {
        Reply::Settings(view) => *view,
        other => panic!("{other:?}"),
    }
}

fn setting(desk: &mut Desk, name: &str) -> String {
    let view = settings(desk);
    view.values.into_iter().find(|(own, _)| own == name).unwrap().1
}

fn held(desk: &mut Desk, name: &str) -> HoldingsView {
    let officer = desk.officer(name).id;
    let terms = HandoverTerms { officer, to: None, given: Vec::new() };
    match desk.ask(Request::Holdings(terms)).unwrap() {
        Reply::Holdings(view) => view,
        other => panic!("{other:?}"),
    }
}

/// Goes down from the first row until a text is selected.
fn select(desk: &mut Desk, text: &str) {
    desk.keys("<home>");
    for _ in 0..20 {
        let drawn = desk.drawn();
        if drawn.lines().any(|row| row.starts_with('>') && row.contains(text)) {
            return;
        }
        desk.keys("<down>");
    }
    panic!("{text} is nowhere to be selected:\n{}", desk.drawn());
}

#[test]
fn a_setting_is_changed_without_a_letter_key_and_holds_at_once() {
    let mut desk = Desk::at(&office());
    desk.menu("settings").sees("[本机关]").sees("临期天数");
    select(&mut desk, "临期天数");
    // The form begins on the selected setting, with its present value.
    desk.keys("<ret> <bs> 5 <f10>").sees("已办");
    assert_eq!(setting(&mut desk, "soon_workdays"), "5");
    desk.sees("5");
    // What cannot be is refused at its field, and every character stays.
    select(&mut desk, "集体访人数");
    desk.keys("<ret> 1 <f10>").sees("! ").sees("集体访人数");
    desk.keys("<bs> 12 <f10>");
    assert_eq!(setting(&mut desk, "group_people"), "12");
}

#[test]
fn accounts_calendar_limits_and_caps_are_reached_by_tab() {
    let mut desk = Desk::at(&office());
    desk.menu("settings").keys("<tab>").sees("[用户]").sees("新增用户");
    select(&mut desk, "新增用户");
    desk.keys("<ret>").sees("登录名").keys("<esc>");
    desk.keys("<tab>").sees("[日历]").sees("2026");
    desk.keys("<tab>").sees("[时限]").keys("<tab>").sees("[上限]").keys("<tab>").sees("[本机关]");
    desk.keys("<esc>").sees("今日");
}

#[test]
fn all_that_somebody_holds_is_handed_over_in_one_change_without_a_letter_key() {
    let mut desk = Desk::at(&office());
    let lead = desk.officer("王建国").id.0.to_string();
    let decided = [("text", "一周内付清差额"), ("officer", lead.as_str()), ("due_on", "+5")];
    give(&mut desk, (80, Act::Decide, Some(1)), &decided);
    desk.keys("7 <tab>");
    select(&mut desk, "王建国");
    desk.menu("holdings").sees("王建国 手上").sees("包案").sees("议定事项").sees("未选人");
    // Everything goes to one, and one thing of it to another.
    desk.keys("<ret> 赵 <ret>").sees("可交3").sees_not("未选人");
    select(&mut desk, "议定事项");
    desk.keys("<space> <ret> 李 <ret>").sees("可交3").sees("李娟");
    desk.keys("<f5>").sees("交接");
    desk.keys("<f10>");
    assert_eq!(held(&mut desk, "王建国").rows, []);
    let parts: Vec<_> =
        held(&mut desk, "赵敏").rows.iter().map(|row| row.held.part.word()).collect();
    assert_eq!(parts, ["lead", "lead"]);
    let parts: Vec<_> =
        held(&mut desk, "李娟").rows.iter().map(|row| row.held.part.word()).collect();
    assert!(parts.contains(&"decision"), "{parts:?}");
}

#[test]
fn the_slip_of_a_handover_is_a_page_to_be_signed() {
    let mut desk = Desk::at(&office());
    desk.keys("7 <tab>");
    select(&mut desk, "王建国");
    desk.menu("holdings").keys("<ret> 赵 <ret> <tab>").sees("[清单]").sees("-> 赵敏");
    desk.sees("青信2026-0001 征地补偿款未到账");
}

#[test]
fn a_substitute_stands_in_from_day_to_day_and_sees_what_is_owed() {
    let mut desk = Desk::at(&office());
    desk.keys("1").sees_not("代 ");
    desk.keys("7 <tab>");
    select(&mut desk, "王建国");
    desk.menu("substitute").keys("李娟 <tab> 1019 <tab> +3 <f10>").sees("已办");
    let officer = desk.officer("王建国");
    let by = desk.officer("李娟").name;
    let value = |name: &str| {
        officer.values.iter().find(|(own, _)| own == name).map(|(_, text)| text.clone())
    };
    assert_eq!(value("stand_in").as_deref(), Some(by.as_str()));
    // Whose it is stays; whoever stands in has it on their own agenda, marked.
    desk.keys("1").sees("[我的").sees("代");
    // Somebody who is away cannot stand in for another.
    desk.keys("7 <tab>");
    select(&mut desk, "赵敏");
    desk.menu("substitute").keys("王建国 <tab> 1020 <tab> 1021 <f10>").sees("! ");
}

#[test]
fn many_cases_go_to_another_leader_at_once_with_a_reason_and_none_without() {
    let mut desk = Desk::at(&office());
    desk.keys("2 <tab> <f5>").sees("批量调整").sees("[包案领导]").sees("共2");
    desk.keys("<f5>").sees("批量调整");
    // Marked ones only, then the rest; without a letter key.
    desk.keys("<home> <space> <ret> 赵 <ret>").sees("可改1");
    desk.keys("<f5> <f10>").sees("! ");
    desk.keys("工作分工调整 <f10>").sees("1/1");
    let officer = desk.officer("赵敏").id;
    let led = |desk: &mut Desk| {
        let cases = ["征地", "路灯"].map(|title| desk.case_called(title).case.lead);
        cases.into_iter().filter(|lead| *lead == Some(officer)).count()
    };
    assert_eq!(led(&mut desk), 1);
    // The old name is kept in the case's course.
    let sheet = desk.case_called("路灯");
    let leads: Vec<OfficerId> =
        sheet.case.steps.values().filter_map(|step| step.deed.officer()).collect();
    assert!(leads.contains(&desk.officer("王建国").id), "{leads:?}");
}

#[test]
fn a_unit_has_a_sheet_on_which_talks_are_recorded_without_a_letter_key() {
    let mut desk = Desk::at(&office());
    desk.keys("7");
    select(&mut desk, "张家庄村");
    desk.keys("<ret>").sees("还没有约见、告诫、通报或者加分的记录");
    desk.keys("<f7> <right> <tab> <tab>").paste("联席会议召集人");
    desk.keys("<tab>").paste("三件初访超期未答复");
    desk.keys("<f10>").sees("约见谈话").sees("三件初访超期未答复");
    desk.menu("correct_note").keys("<tab> <tab> <tab>").paste("（补一件）");
    desk.keys("<f10>").sees("（补一件）");
    desk.keys("<esc>").sees("张家庄村");
    // In English the same sheet is there, and from the search too.
    let mut english = Desk::with(&office(), Lang::En, (80, 24));
    english.keys("f 张家庄村 <ret>").sees("Village");
}

#[test]
fn the_roster_of_another_day_is_asked_for_by_keys_and_printed() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.menu("roster_on").sees("时点名册").sees("2026-10-20");
    let now = desk.drawn();
    desk.keys("<left>").sees("2026-10-19").keys("<right>");
    assert_eq!(desk.drawn(), now);
    desk.keys("<right>").sees("还没有到那一天");
    desk.keys("<f4> 1005 <ret>").sees("2026-10-05");
    desk.keys("<f4> 2月31日 <ret>").sees("哪一天").keys("<esc>").sees("2026-10-05");
    desk.keys("<f8>").sees("帮扶化解台账").keys("<esc>");
    desk.keys("<f4> 今天 <ret>").sees("2026-10-20");
    // The entry leads to its letters, to its case and back, and the case to the entry.
    desk.keys("<home> <ret>").menu("page").sees("包案告知").keys("<esc>");
    desk.menu("visit_case").sees("[时间线").sees("帮扶").menu("case_entry").sees("欠办");
    desk.menu("visit_person").sees("信访人").keys("r").sees("欠办");
}
