//! Papers by keys: the list of a case, the preview, what is typed for it, the file, and the numbers
//! of the year; with letters and without.

use std::sync::Arc;

use anjie::api::paper::{NumberRow, NumberState};
use anjie::api::reply::Reply;
use anjie::api::request::{Order, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::{CaseId, RequestId};
use anjie::domain::step::Deed;

use crate::desk::{Desk, Office};

/// A matter that was taken on.
const MATTER: [(&str, &str); 9] = [
    ("name", "张小明"),
    ("request", "征地补偿款没有到账"),
    ("title", "征地补偿款未到账"),
    ("received_on", "2026-10-12"),
    ("people", "1"),
    ("at_once", "registered"),
    ("channel", "letter"),
    ("source", "direct"),
    ("id_number", "11010519491231002X"),
];

fn order(desk: &mut Desk, (id, act): (u128, Act), fields: &[(&str, &str)]) {
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let on = (act != Act::Register).then_some(1);
    let order = Order { id: RequestId(id), act, on, seen: None, fields: fields.collect() };
    desk.ask(Request::Do(order)).unwrap();
}

/// A ledger with a matter that was taken on.
pub fn taken_on() -> Arc<Office> {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    order(&mut desk, (900, Act::Register), &MATTER);
    let route = [("purpose", "request"), ("route", "31(6)"), ("on", "2026-10-13")];
    order(&mut desk, (901, Act::Route), &route);
    order(&mut desk, (902, Act::Accept), &[("on", "2026-10-14")]);
    order(&mut desk, (903, Act::Allot), &[("unit", "1"), ("on", "2026-10-14")]);
    office
}

fn numbers(desk: &mut Desk) -> Vec<NumberRow> {
    match desk.ask(Request::PaperNumbers(None)).unwrap() {
        Reply::PaperNumbers(rows) => rows,
        other => panic!("{other:?}"),
    }
}

/// Opens a paper of the list that is seen.
pub fn choose(desk: &mut Desk, paper: &str) {
    let rows = desk.keys("<home>").screen().0;
    let first = rows.iter().position(|row| row.starts_with('>')).unwrap();
    let at = rows.iter().position(|row| row.contains(paper)).unwrap();
    desk.keys(&"<down>".repeat(at - first)).keys("<ret>");
}

#[test]
fn a_paper_is_seen_first_and_then_written_under_the_next_number() {
    let office = taken_on();
    let desk = &mut Desk::at(&office);
    desk.keys("2 <f8>").sees("宜出").sees("受理告知书").sees("下一号 青信受〔2026〕1号");
    desk.sees("可出").sees("延期之前签批用").sees("未到").sees("尚未出处理意见");
    let rows = desk.screen().0;
    let place = |text: &str| rows.iter().position(|row| row.contains(text)).unwrap();
    assert!(place("受理告知书") < place("延期审批表") && place("延期审批表") < place("办结报告"));
    desk.keys("<down> <ret>").sees("信访事项受理告知书").sees("张小明：").sees("2026年10月14日");
    assert_eq!(numbers(desk), [], "a look gives out no number");
    desk.keys("<ret>").sees("下一号 青信受〔2026〕1号").keys("<f10>");
    desk.sees("已写入 /srv/lijuan/1.docx（青信受〔2026〕1号）");
    assert!(desk.paper_says().contains("青信受〔2026〕1号"));
    let newest = desk.case(CaseId(1)).case.steps.into_values().last().unwrap();
    assert!(matches!(newest.deed, Deed::PaperMade { .. }));
    // The same key writes it once more under its number; another way gives a new one.
    desk.sees("原号再写").keys("<ret> <f10>").sees("2.docx");
    assert_eq!(numbers(desk).len(), 1);
    desk.keys("<tab>").sees("下一号 青信受〔2026〕2号").keys("<ret> <f10>").sees("〔2026〕2号");
    assert_eq!(numbers(desk).len(), 2);
    desk.keys("<esc>").sees("已出").sees("青信受〔2026〕2号").keys("<esc>").sees("[2事项]");
}

#[test]
fn what_is_empty_is_named_typed_or_left_as_a_blank() {
    let office = taken_on();
    let desk = &mut Desk::at(&office);
    desk.keys("2 <ret> <f8>");
    choose(desk, "延期审批表");
    desk.sees("还缺 3 项").sees("延长天数").sees("延期后期限").keys("<ret>");
    desk.sees("*延长天数").keys("<f10>").sees("还空着 延长天数、延期后期限、延期理由");
    assert_eq!(numbers(desk), []);
    desk.paste("40").keys("<f5>").sees("30").sees("40日");
    desk.sees("还缺").keys("<ret> <c-u>").paste("20").keys("<f5>");
    desk.sees("2027年1月4日").sees("暂推").sees("还缺 1 项").keys("<ret> <tab>");
    // Leaving it asks first, and every character stays.
    desk.paste("面积需要重测").keys("<esc>").sees("面积需要重测").keys("1");
    desk.sees("面积需要重测").keys("<f10>").sees("青信延审〔2026〕1号）");
    let said = desk.paper_says();
    assert!(said.contains("面积需要重测") && said.contains("20日"), "{said}");
    assert!(said.contains("2027年1月"), "{said}");
    // The extension is put on record: now the petitioner is told of it.
    desk.keys("<esc>");
    order(
        desk,
        (904, Act::Extend),
        &[("days", "20"), ("approver", "2"), ("on", "2026-10-20"), ("text", "面积需要重测")],
    );
    desk.hears_news();
    let rows = desk.screen().0;
    assert!(rows.iter().any(|row| row.contains("宜出 延期告知书")), "{rows:#?}");
}

#[test]
fn an_id_number_is_masked_until_a_reason_is_typed() {
    let office = taken_on();
    let desk = &mut Desk::at(&office);
    desk.keys("2 <f8>").sees("信访事项登记表").keys("<ret>").sees("信访事项登记表");
    desk.sees("*002X").sees_not("11010519491231002X");
    desk.keys("<ret>").sees("身份证号用途").keys("<f10>").sees("须填事由");
    assert!(desk.written.is_empty());
    desk.paste("出文书").keys("<f10>").sees("（信访事项登记表）");
    assert!(desk.paper_says().contains("11010519491231002X"));
}

#[test]
fn a_paper_goes_to_nobody_who_is_complained_of() {
    let office = taken_on();
    let desk = &mut Desk::at(&office);
    order(desk, (905, Act::EditCase), &[("about", "张家庄村委会"), ("about_unit", "2")]);
    desk.keys("2 <f8>");
    choose(desk, "转送函");
    desk.sees("关于转送信访事项的函");
    desk.keys("<ret>").sees("*转送单位").paste("张家庄 村委会").keys("<f10>");
    desk.sees("被反映").sees("不得发给他们");
    assert_eq!(numbers(desk), []);
    // The preview shows what is typed now, not what stood there before.
    desk.sees("张家庄 村委会").keys("<ret> <c-u>").paste("区人社局").keys("<f5>");
    desk.sees("区人社局").sees_not("不得发给他们");
}

#[test]
fn numbers_are_seen_voided_and_left_out_without_a_letter() {
    let office = taken_on();
    let desk = &mut Desk::at(&office);
    desk.keys("2 <f8> <down> <ret> <ret> <f10> <esc> <esc>");
    desk.keys("6").menu("paper_numbers").sees("文号 2026年").sees("已用 1 作废 0 空号 0");
    desk.sees("青信受〔2026〕1号")
        .menu("void_number")
        .sees("作废文书 受理告知书 青信受〔2026〕1号");
    desk.paste("标题写错").keys("<f10>").sees("作废").sees("标题写错");
    let told: Vec<_> = numbers(desk).into_iter().map(|row| row.state).collect();
    assert_eq!(told, [NumberState::Voided]);
    // What is voided stays so; leaving numbers out begins with the kind that is seen.
    desk.keys("<f2>").sees("跳过文号").sees_not("作废文书 受理").keys("<esc>");
    desk.menu("skip_numbers").sees("受理告知书").keys("<tab>").paste("9").keys("<tab>");
    desk.paste("纸质已用");
    desk.keys("<f10>").sees("青信受〔2026〕2号 至 9号").sees("纸质已用");
    desk.keys("<tab>").sees("[受理告知书]").keys("<left>").sees("2025").sees("还没有给出文号");
    desk.keys("<right> <ret>").sees("征地补偿款未到账");
}

#[test]
fn a_day_that_is_none_is_named_with_its_box_and_stays_typed() {
    let office = taken_on();
    let desk = &mut Desk::at(&office);
    desk.keys("2 <f8>");
    choose(desk, "延期审批表");
    desk.keys("<ret> <tab>").paste("0231").keys("<tab>").sees("延期后期限: 没有这一天");
    desk.sees("!延期后期限").keys("<f5>").sees("0231").sees(">!延期后期限");
    desk.keys("<f10>").sees("延期后期限: 没有这一天").sees("0231");
    assert!(desk.written.is_empty() && numbers(desk).is_empty());
    desk.keys("<c-u>").paste("1105").sees("2026-11-05").sees_not("没有这一天").keys("<f5>");
    desk.sees("2026年11月5日").keys("<ret>").sees("2026-11-05");
}

#[test]
fn a_refusal_is_not_written_for_a_matter_that_is_taken_on() {
    let office = taken_on();
    let desk = &mut Desk::at(&office);
    desk.keys("2 <f8>");
    choose(desk, "不予受理告知书");
    desk.sees("事项已受理").sees("先撤销受理").keys("<ret> <f10>");
    assert!(desk.written.is_empty() && numbers(desk).is_empty());
}

#[test]
fn a_paper_without_a_number_is_voided_from_the_list_and_seen_there_and_in_the_steps() {
    let office = taken_on();
    let desk = &mut Desk::at(&office);
    desk.keys("2 <f8>").sees("信访事项登记表");
    choose(desk, "信访事项登记表");
    desk.keys("<ret>").paste("出文书").keys("<f10>").sees("（信访事项登记表）").keys("<esc>");
    let rows = desk.keys("<home>").screen().0;
    let at = rows.iter().position(|row| row.contains("信访事项登记表")).unwrap();
    let first = rows.iter().position(|row| row.starts_with('>')).unwrap();
    desk.keys(&"<down>".repeat(at - first)).menu("void_number").sees_not("经过序号");
    desk.sees("作废文书 信访事项登记表 青信2026-0001 征地补偿款未到账");
    desk.paste("姓名写错").keys("<f10>").sees("已作废（姓名写错；10-20 李娟）");
    desk.sees("作废文书 信访事项登记表：已办");
    let newest = desk.case(CaseId(1)).case.steps.into_values().last().unwrap();
    assert!(matches!(newest.deed, Deed::PaperMade { voided: Some(_), .. }));
    // In the steps of its sheet it stays, with who, when and why; another is voided from there.
    order(desk, (950, Act::WritePaper), &[("paper", "data_sheet"), ("template", "0")]);
    desk.keys("<esc> <ret>").sees("征地补偿款未到账").keys("<tab>");
    while !desk.screen().0.iter().any(|row| row.starts_with('>') && row.contains("出文书")) {
        desk.keys("<tab>");
    }
    desk.sees("信访事项登记表 已作废（姓名写错；10-20 李娟）").menu("void_number");
    desk.sees("作废文书 本人信息查阅表 青信2026-0001").sees_not("经过序号");
    desk.paste("未向本人出具").keys("<f10>").sees("作废文书 本人信息查阅表：已办");
    desk.sees("本人信息查阅表 已作废（未向本人出具；10-20 李娟）");
}
