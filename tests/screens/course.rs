//! A case from registration to archive with keys only, in Chinese, on 80 columns: once with letters
//! and once without; what is refused on the way says its article and what is missing.

use std::sync::Arc;

use anjie::api::reply::CaseSheet;
use anjie::api::request::{Order, Request};
use anjie::domain::act::Act;
use anjie::domain::case::Stage;
use anjie::domain::field::FieldKind;
use anjie::domain::form::typed;
use anjie::domain::ids::{CaseId, RequestId};
use anjie::domain::schema::Field;
use anjie::domain::step_field::correctable;

use crate::desk::{Desk, Office};

const REQUEST: &str = "承包地修路被占，补偿款没有到账。";

/// How a clerk gives a command.
#[derive(Clone, Copy)]
enum Way {
    /// By the initials of its name in the palette.
    Letters,
    /// By the digits of the menu.
    Digits,
}

impl Way {
    fn give(self, desk: &mut Desk, (word, initials): (&str, &str)) {
        match self {
            Self::Letters => drop(desk.keys(&format!(": {initials} <ret>"))),
            Self::Digits => drop(desk.menu(word)),
        }
    }

    /// Chooses a person by a name that an input method commits, or by its digit.
    fn pick(self, desk: &mut Desk, (letters, digit): (&str, &str)) {
        match self {
            Self::Letters => drop(desk.keys(letters).keys("<ret>")),
            Self::Digits => drop(desk.keys(digit)),
        }
    }
}

/// Fills the form of an act in the order of its fields, and sends it.
fn fill(desk: &mut Desk, act: Act, values: &[(&str, &str)]) {
    fill_those(desk, typed(act), values);
}

/// Fills the form by which a step is corrected: it has no other fields than those of the step.
fn correct(desk: &mut Desk, step: u32, values: &[(&str, &str)]) {
    let deed = desk.case(CaseId(1)).case.steps[&step].deed.clone();
    fill_those(desk, correctable(&deed).into_iter(), values);
}

fn fill_those(
    desk: &mut Desk,
    fields: impl Iterator<Item = &'static Field>,
    values: &[(&str, &str)],
) {
    let fields: Vec<_> = fields.collect();
    // A form begins where something is wanted; here it is filled from its first field on.
    for _ in &fields {
        desk.keys("<s-tab>");
    }
    for field in fields {
        if let Some((_, value)) = values.iter().find(|(name, _)| *name == field.name()) {
            match field.kind {
                FieldKind::OneOf(_) | FieldKind::Flag => desk.keys(value),
                _ => desk.keys("<c-u>").paste(value),
            };
        }
        desk.keys("<tab>");
    }
    desk.keys("<f10>");
}

fn opinion(desk: &mut Desk, signer: &str) {
    let values = [
        ("document", "青信处〔2026〕1号"),
        ("request", "补发补偿款差额"),
        ("facts", "漏登两亩一分"),
        ("opinion", "予以支持"),
        ("basis", "土地管理法第四十八条"),
        ("result", "1"),
        ("signed_by", signer),
        ("sealed_on", "2026-10-20"),
    ];
    fill(desk, Act::Reply, &values);
}

fn sheet(desk: &mut Desk) -> CaseSheet {
    desk.case(CaseId(1))
}

/// Takes a case from the window to the archive.
fn walk(way: Way) {
    let office = Arc::new(Office::empty());
    let desk = &mut Desk::at(&office);
    desk.keys("<f6>").paste("张小明").keys("<tab>").paste(REQUEST).keys("<f10>");
    desk.sees("新登记：已办").sees("下一步").sees("定性分类(条例31)");
    way.give(desk, ("accept", "sl"));
    desk.sees("条例29").keys("<esc>");
    way.give(desk, ("route", "dxfl"));
    fill(desk, Act::Route, &[]);
    desk.sees("定性分类：已办").sees("受理(条例31(6))");
    way.give(desk, ("accept", "sl"));
    desk.keys("<f10>").sees("受理：已办").sees("0/60日").sees("[......");
    way.give(desk, ("accept", "sl"));
    desk.sees("条例31(6)").keys("<esc>");
    way.give(desk, ("assign_lead", "bald"));
    way.pick(desk, ("王", "1"));
    desk.sees("包案 王建国");
    way.give(desk, ("hand_to", "cbr"));
    way.pick(desk, ("赵", "3"));
    desk.sees("承办 赵敏").sees("赵敏，今日(10-20)起在手");
    way.give(desk, ("reply", "ccl"));
    opinion(desk, "王建国");
    desk.sees("条例31(6)").sees("土地管理法第四十八条").keys("<esc> 2");
    way.give(desk, ("investigate", "dc"));
    fill(desk, Act::Investigate, &[("text", "实地丈量，听取陈述")]);
    way.give(desk, ("claim", "sqrd"));
    fill(desk, Act::EditClaim, &[("number", "1"), ("text", "补偿款差额")]);
    way.give(desk, ("reply", "ccl"));
    opinion(desk, "王建国");
    desk.sees("条例32").keys("<esc> 2");
    way.give(desk, ("claim", "sqrd"));
    fill(desk, Act::EditClaim, &[("number", "1"), ("finding", "属实"), ("result", "1")]);
    way.give(desk, ("reply", "ccl"));
    opinion(desk, "赵敏");
    desk.sees("不是本机关负责人").sees("条例32");
    // What was typed stays; only the name is another.
    desk.keys("<c-u>").paste("王建国").keys("<f10>").sees("出处理意见书：已办");
    way.give(desk, ("deliver", "sd"));
    desk.keys("<f10>").sees("条例35").paste("张小明").keys("<f10>").sees("送达：已办");
    way.give(desk, ("conclude", "banjie"));
    desk.sees("办结要件不全").sees("> [ ] 回避申明").sees("条例28(3)").sees("条例32(2)");
    assert_eq!(sheet(desk).stage, Stage::Delivered);
    for officer in ["王建国", "赵敏"] {
        way.give(desk, ("declare", "hbsm"));
        fill(desk, Act::Declare, &[("officer", officer), ("interest", "1")]);
    }
    way.give(desk, ("carry_out", "zxls"));
    fill(desk, Act::CarryOut, &[("text", "差额已汇入一卡通")]);
    way.give(desk, ("rate", "mydpj"));
    fill(desk, Act::Rate, &[("rating", "2")]);
    way.give(desk, ("archive", "gd"));
    desk.sees("请先办结").keys("<esc>");
    way.give(desk, ("test", "wxjc"));
    let tests = ["facts", "nature", "handling", "procedure", "papers"].map(|name| (name, "有据"));
    fill(desk, Act::Test, &tests);
    desk.sees("办结要件已齐");
    way.give(desk, ("conclude", "banjie"));
    fill(desk, Act::Conclude, &[("text", "已落实")]);
    desk.sees("办结：已办").sees("[已办结]").sees_not("回车办结");
    way.give(desk, ("archive", "gd"));
    fill(desk, Act::Archive, &[("number", "2026-30-017"), ("retention", "2")]);
    desk.sees("归档：已办").sees("[已归档]");
    assert_eq!(sheet(desk).stage, Stage::Archived);
}

#[test]
fn a_case_goes_from_registration_to_archive_by_letters() {
    walk(Way::Letters);
}

#[test]
fn a_case_goes_from_registration_to_archive_without_a_letter() {
    walk(Way::Digits);
}

#[test]
fn a_receipt_joined_wrongly_is_split_off_by_keys_and_all_dates_are_back() {
    let office = Arc::new(Office::empty());
    let desk = &mut Desk::at(&office);
    for (name, request) in [("张小明", REQUEST), ("李英", "路灯不亮，晚上出门不便。")]
    {
        desk.keys("<f6>").paste(name).keys("<tab>").paste(request).keys("<f10>");
    }
    desk.keys("2").sees("李英").paste("青信2026-0001").keys("<ret>").sees("来件1");
    let dates = |desk: &mut Desk| {
        let sheet = sheet(desk);
        (sheet.case.received_on, sheet.deadlines)
    };
    let before = dates(desk);
    desk.menu("join");
    let values = [("received_on", "2026-10-12"), ("channel", "1"), ("words", "路灯还不亮")];
    fill(desk, Act::Join, &values);
    desk.sees("并入来件：已办").sees("来件2");
    assert_eq!(dates(desk).0.to_string(), "2026-10-12");
    desk.keys("<tab> <tab> <tab> <tab>").sees("[来件 2]").sees("> 10-12");
    desk.menu("split");
    fill(desk, Act::Split, &[("into", "青信2026-0009"), ("text", "误并")]);
    desk.sees("没有").keys("<esc> 2");
    desk.menu("split");
    fill(desk, Act::Split, &[("into", "青信2026-0002"), ("text", "误并")]);
    desk.sees("拆件：已办").sees("来件1");
    assert_eq!(dates(desk), before);
    let other = desk.case(CaseId(2));
    assert_eq!(other.receipts.len(), 2);
}

#[test]
fn a_wrong_leader_and_procedure_are_corrected_by_keys() {
    let office = Arc::new(Office::empty());
    let desk = &mut Desk::at(&office);
    desk.keys("<f6>").paste("张小明").keys("<tab>").paste(REQUEST).keys("<f10>");
    desk.menu("route");
    fill(desk, Act::Route, &[("route", "2")]);
    desk.sees("建议意见");
    desk.menu("correct").sees("第2步").sees("定性分类").keys("1").sees("更正经过 第2步");
    correct(desk, 2, &[("why", "看错"), ("route", "3")]);
    desk.sees("条例30(3)").keys("<esc> 2");
    desk.menu("correct").keys("<ret>");
    correct(desk, 2, &[("why", "看错"), ("route", "1")]);
    desk.sees("更正经过：已办").sees("信访程序（31(6)）");
    desk.menu("accept").keys("<f10>");
    desk.menu("correct").keys("dxfl").sees_not("第3步").keys("<ret>");
    correct(desk, 2, &[("why", "再改"), ("route", "2")]);
    desk.sees("第3步").sees("受理").keys("<esc> 2");
    desk.keys("<tab> <tab>").sees("更正，原为建议意见");
}

#[test]
fn a_step_is_selected_in_the_sheet_and_corrected_without_typing_what_stands_there() {
    let office = Arc::new(Office::empty());
    let desk = &mut Desk::at(&office);
    desk.keys("<f6>").paste("张小明").keys("<tab>").paste(REQUEST).keys("<f10>");
    desk.menu("route").keys("<f10>");
    desk.menu("accept").keys("<f10>");
    let today = desk.case(CaseId(1)).case.steps[&3].on;
    desk.menu("notify");
    let notice = [("manner", "2"), ("document", "青信告〔2026〕1号"), ("text", "邮寄")];
    fill(desk, Act::Notify, &notice);
    // The newest step stands at the top and is the selected one.
    desk.keys("<tab> <tab>").sees("[经过 4]").sees("> 4 ");
    desk.keys("<down> <up>").sees("> 4 ");
    desk.menu("correct").sees("更正经过 第4步").sees("青信告〔2026〕1号").sees("[2邮寄]");
    desk.sees_not("签收人").sees_not("第几步").sees_not("延长天数");
    correct(desk, 4, &[("why", "文号看错"), ("document", "青信告〔2026〕2号")]);
    desk.sees("更正经过：已办");
    let step = desk.case(CaseId(1)).case.steps[&4].clone();
    assert_eq!(step.document.as_deref(), Some("青信告〔2026〕2号"));
    assert_eq!((step.text.as_deref(), step.on), (Some("邮寄"), today), "nothing else changed");
    assert_eq!(step.why.as_deref(), Some("文号看错"));
    desk.sees("> 4 ").keys("<down>").sees("> 3 ");
    desk.menu("correct").sees("更正经过 第3步").sees_not("青信告");
}

#[test]
fn two_clerks_at_one_step_see_both_values_and_choose() {
    let office = Arc::new(Office::empty());
    let (mut one, mut other) = (Desk::at(&office), Desk::at(&office));
    one.keys("<f6>").paste("张小明").keys("<tab>").paste(REQUEST).keys("<f10>");
    one.menu("notify");
    fill(&mut one, Act::Notify, &[("document", "告1号")]);
    other.keys("2 <ret> <tab> <tab>").sees("> 2 ").menu("correct").sees("告1号");
    one.keys("<tab> <tab>").sees("> 2 ").menu("correct");
    correct(&mut one, 2, &[("why", "看错"), ("document", "告2号")]);
    correct(&mut other, 2, &[("why", "笔误"), ("document", "告3号")]);
    other.sees("他人的").sees("告2号").sees("告3号");
    assert_eq!(one.case(CaseId(1)).case.steps[&2].document.as_deref(), Some("告2号"));
    other.keys("2").sees_not("他人的");
    assert_eq!(one.case(CaseId(1)).case.steps[&2].document.as_deref(), Some("告3号"));
}

#[test]
fn a_sealed_petition_is_registered_by_keys_and_gone_for_whoever_is_no_reader() {
    let office = Arc::new(Office::empty());
    let desk = &mut Desk::at(&office);
    let fields = [("login", "wangjg"), ("uid", "54321"), ("roles", "leader"), ("officer", "2")];
    let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let act = Act::AddClerk;
    let order = Order { id: RequestId(7), act, on: None, seen: None, fields };
    desk.ask(Request::Do(order)).unwrap();
    let form = |readers: &'static str| {
        [
            ("name", "章守中"),
            ("request", "郝站长截留沙石款"),
            ("about", "郝站长"),
            ("sealed", "1"),
            ("readers", readers),
        ]
    };
    desk.keys("<f6>");
    fill(desk, Act::Register, &form("赵敏"));
    // Who has no account can read nothing; what was typed stays.
    desk.sees("赵敏").sees("郝站长截留沙石款").keys("<esc> 2");
    desk.keys("<f6>");
    fill(desk, Act::Register, &form("王建国"));
    desk.sees("新登记：已办").sees("青信X2026-0001").sees("限阅");
    // Whoever took it down reads it, until they take themselves off.
    desk.menu("readers");
    fill(desk, Act::Readers, &[("remove", "李娟"), ("text", "不再承办")]);
    desk.sees_not("沙石款");
    desk.keys("2 <tab>").sees_not("章守中").sees_not("青信X");
    desk.keys("章守中").sees_not("沙石").keys("<esc>");
    desk.keys("<f6>").paste("李英").keys("<tab>").paste("路灯不亮").keys("<f10>");
    desk.sees("青信2026-0001");
}
