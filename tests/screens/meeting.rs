//! A meeting: the answer in three strokes, masked; what it decides is owed; the desk comes back.

use std::sync::Arc;

use anjie::api::meeting::{DecisionQuery, MeetingView};
use anjie::api::reply::Reply;
use anjie::api::request::{Order, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::RequestId;
use anjie::locale::Lang;
use anjie::tui::app::meeting::Room;

use crate::desk::{Desk, Office};

const PHONE: &str = "13800001234";

/// An office with a matter of Zhangjiazhuang and another one.
fn office() -> Arc<Office> {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    let matters = [
        ("马玉兰", "张家庄征地补偿款未到账", "修路占了两亩一分地，马玉兰家的补偿款一直没有到账。"),
        ("周平", "石桥村路灯不亮", "村口的路灯坏了三个月。"),
        ("马玉兰", "张家庄征地青苗补偿费", "青苗费少算了一亩。"),
    ];
    for (id, (name, title, request)) in (50..).zip(matters) {
        let fields = [
            ("name", name),
            ("title", title),
            ("request", request),
            ("phone", PHONE),
            ("received_on", "1009"),
            ("people", "1"),
            ("at_once", "registered"),
            ("channel", "visit"),
            ("source", "direct"),
        ];
        give(&mut desk, (id, Act::Register, None), &fields);
    }
    let lead = desk.officer("王建国").id.0.to_string();
    give(&mut desk, (60, Act::AssignLead, Some(1)), &[("lead", &lead)]);
    // The newest of the village is over.
    let ended =
        [("ground", "withdrawn"), ("on", "1015"), ("text", "书面撤回"), ("document", "1号")];
    give(&mut desk, (61, Act::Stop, Some(3)), &ended);
    office
}

fn give(desk: &mut Desk, (id, act, on): (u128, Act, Option<u64>), fields: &[(&str, &str)]) {
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let order = Order { id: RequestId(id), act, on, seen: None, fields: fields.collect() };
    desk.ask(Request::Do(order)).unwrap();
}

fn list(desk: &mut Desk) -> MeetingView {
    match desk.ask(Request::Meeting).unwrap() {
        Reply::Meeting(view) => view,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_answer_is_found_in_three_strokes() {
    let mut desk = Desk::at(&office());
    // One to type what is asked about, with initials; one for Enter; the search is open already.
    desk.keys("m").sees("会议 (只读 已遮盖)").keys("zjz zd <ret>");
    for told in ["张家庄征地补偿款未到账", "王建国", "现在谁手里", "上一步", "下一到期", "诉求"]
    {
        desk.sees(told);
    }
    desk.sees("马**").sees_not("马玉兰").sees_not("1380").sees_not("1234");
    desk.keys("<esc> <esc>").sees_not("已遮盖").sees("今日");
}

#[test]
fn how_far_is_the_one_of_zhangjiazhuang_is_answered_in_three_strokes_however_it_is_typed() {
    let office = office();
    for typed in [
        "张家庄 征地",
        "zjz zd",
        "张家庄征地",
        "zjz 征地",
        "张家庄那件征地的",
        "张家庄那件征地的到哪一步了",
        "张家庄征地的事怎么样了？",
    ] {
        let mut desk = Desk::at(&office);
        // The search is open: a text, Enter, and what is still open comes before what is over.
        desk.keys("m").paste(typed).keys("<ret>");
        for told in ["张家庄征地补偿款未到账", "包案", "王建国", "现在谁手里", "上一步", "下一到期"]
        {
            desk.sees(told);
        }
        desk.sees("1/2").keys("<right>").sees("张家庄征地青苗补偿费").sees("2/2");
    }
}

#[test]
fn a_question_that_names_two_things_finds_no_matter_with_one_of_them() {
    let mut desk = Desk::at(&office());
    desk.keys("m").paste("石桥村那件征地的").sees_not("张家庄征地").sees_not("路灯不亮");
    desk.keys("<ctrl-u>").paste("石桥村路灯的怎么样了").sees("石桥村路灯不亮");
}

#[test]
fn what_is_to_be_decided_is_found_in_a_meeting() {
    let mut desk = Desk::at(&office());
    desk.keys("2").menu("table").keys("是否由财政先行垫付 <f10>");
    let title = match list(&mut desk).rows.first() {
        Some(row) => row.case.title.clone(),
        None => panic!("nothing is on the list"),
    };
    desk.keys("m xxdf").sees("议题:..财政先行").keys("<ret>").sees(&title).sees("下一到期");
}

#[test]
fn a_matter_is_answered_wherever_it_is_selected_in_a_meeting() {
    let mut desk = Desk::at(&office());
    let answered = |desk: &mut Desk| {
        desk.sees("现在谁手里").sees("上一步").sees("下一到期").sees(" 1/");
        desk.sees_not("马玉兰").sees_not("1380");
    };
    for place in ["m <tab> 2 <tab>", "1 <tab>", "4 <tab><tab>"] {
        desk.keys(place).keys("<home><ret>");
        answered(&mut desk);
        desk.keys("<right>").sees(" 2/").keys("<esc>").sees_not("现在谁手里");
        desk.keys("<alt-1>");
        answered(&mut desk);
        desk.keys("<esc>");
    }
    // At the desk the same keys open the whole sheet.
    desk.keys("m 2 <tab><ret>").sees("[时间线").sees("马玉兰");
}

#[test]
fn the_line_of_a_decision_leads_to_its_matter() {
    let mut desk = Desk::at(&office());
    let lead = desk.officer("王建国").id.0.to_string();
    let decided = [("text", "一周内付清差额"), ("officer", lead.as_str()), ("due_on", "+5")];
    give(&mut desk, (70, Act::Decide, Some(1)), &decided);
    let select = |desk: &mut Desk, keys: &str| {
        desk.keys(keys).keys("<home>");
        for _ in 0..9 {
            let drawn = desk.drawn();
            if drawn.lines().any(|row| row.starts_with('>') && row.contains("一周内付清")) {
                return;
            }
            desk.keys("<down>");
        }
        panic!("no line of the decision:\n{}", desk.drawn());
    };
    select(&mut desk, "4 <tab><tab>");
    desk.keys("<ret>").sees("[时间线").sees("张家庄征地补偿款未到账");
    select(&mut desk, "m <tab> 4 <tab><tab>");
    desk.keys("<ret>").sees("现在谁手里").sees("张家庄征地补偿款未到账").sees("一周内付清差额");
}

#[test]
fn the_answer_is_found_without_a_letter_and_the_meeting_is_left_without_one() {
    let mut desk = Desk::at(&office());
    desk.keys("<f9> 张家庄 <ret>").sees("下一到期").sees("王建国").sees_not("马玉兰");
    desk.keys("<f9>").sees_not("已遮盖");
    // What one was doing at the desk is there again.
    desk.keys("2").sees("马玉兰").keys("<f9> <f9>").sees("马玉兰");
}

#[test]
fn nothing_is_changed_in_a_meeting_but_what_it_decides() {
    let mut desk = Desk::at(&office());
    desk.keys("m zjz zd <ret>");
    let before = desk.revision();
    desk.keys("t").sees("会议中只读").keys("e").sees("会议中只读").keys("a").sees("会议中只读");
    desk.keys("<f6>").sees("会议中只读").keys("v").sees("会议中只读");
    assert_eq!(desk.revision(), before);
    desk.keys("<f2>").sees("议定").sees("上会").sees_not("记进展").sees_not("新登记").keys("<esc>");
    desk.keys("d 一周内付清差额 <tab> wjg <tab> +7 <f10>").sees("青信2026-0001");
    desk.sees_not("马玉兰").sees("王建国");
    let query = DecisionQuery { most: 9, ..DecisionQuery::default() };
    let Reply::Decisions(page) = desk.ask(Request::Decisions(query)).unwrap() else { panic!() };
    assert_eq!(page.rows.len(), 1);
    assert_eq!(page.rows[0].text, "一周内付清差额");
    assert_eq!(page.rows[0].officer.as_deref(), Some("王建国"));
    // It is owed on the agenda of the office, and on the sheet of the case.
    desk.keys("<f9> 4 <tab> <tab>").sees("议定事项");
}

#[test]
fn a_matter_is_put_on_the_list_and_answered_without_a_letter_key() {
    let mut desk = Desk::at(&office());
    desk.keys("2").menu("table").keys("是否先行垫付 <f10>");
    assert_eq!(list(&mut desk).rows[0].tabled.question.as_deref(), Some("是否先行垫付"));
    desk.keys("<f9>").sees("上会清单 1件").sees("是否先行垫付").sees_not("马玉兰");
    desk.keys("<ret>").sees("下一到期").menu("decide");
    desk.keys("先由财政垫付 <tab> 王建国 <tab> +3 <f10>");
    assert!(list(&mut desk).rows.is_empty());
    desk.keys("<esc> <tab>").sees("上会清单是空的").keys("<tab>").sees("先由财政垫付");
    desk.keys("<f7> 已垫付 <f10>").sees("没有待落实的议定事项");
    desk.keys("<tab>").sees("已垫付");
}

#[test]
fn a_matter_is_taken_off_the_list_at_once() {
    let mut desk = Desk::at(&office());
    desk.keys("2").menu("table").keys("<f10>");
    assert_eq!(list(&mut desk).rows.len(), 1);
    desk.menu("take_off");
    assert!(list(&mut desk).rows.is_empty());
}

#[test]
fn left_and_right_go_through_the_matters_that_were_found() {
    let mut desk = Desk::at(&office());
    desk.keys("m 2026 <ret>").sees("1/3");
    desk.keys("<right>").sees("2/3").keys("] ]").sees("没有别的了").sees("3/3");
    desk.keys("[ [").sees("1/3").keys("<left>").sees("没有别的了");
}

#[test]
fn a_program_that_begins_in_a_meeting_ends_with_it() {
    let office = office();
    let mut desk = Desk::begun(&office, Lang::Zh, Room::Meeting);
    desk.sees("已遮盖").keys("zjz <ret>").sees("下一到期").sees_not("马玉兰");
    assert!(desk.exit.is_none());
    desk.keys("<esc> <esc>");
    assert!(desk.exit.is_some());
}
