//! Forms of villages at the screen: sent out from the list of recurring work, filled in by hand, looked
//! at row by row, entered as one change and taken back; no key of it is a letter.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::sync::Arc;

use anjie::api::request::{Order, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::RequestId;
use anjie::exchange::cell::{Cell, Row};
use anjie::exchange::kind::Kind;
use anjie::exchange::sheet::read_rows_here;
use anjie::locale::Lang;
use rust_xlsxwriter::Workbook;

use crate::desk::{Desk, Office};

/// A town with three villages in the month of the first screening; one village has a matter.
fn office() -> Arc<Office> {
    let office = Arc::new(Office::campaign("2026-10-18"));
    let mut desk = Desk::at(&office);
    let units = match desk.ask(Request::Units).unwrap() {
        anjie::api::reply::Reply::Units(units) => units,
        other => panic!("{other:?}"),
    };
    let village = units.iter().find(|unit| unit.name == "张家庄村").unwrap().id.0.to_string();
    let fields = [
        ("name", "马玉兰"),
        ("title", "水渠漏水"),
        ("request", "村西水渠漏水，淹了麦田"),
        ("village", village.as_str()),
        ("received_on", "1009"),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "visit"),
        ("source", "direct"),
    ];
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let id = RequestId(40);
    let order = Order { id, act: Act::Register, on: None, seen: None, fields: fields.collect() };
    desk.ask(Request::Do(order)).unwrap();
    office
}

/// On the screening of the first village in the list of recurring work.
fn at_screening(desk: &mut Desk) {
    desk.keys("5");
    while !desk.drawn().contains("左右换期") {
        desk.keys("<tab>");
    }
    while !desk.drawn().lines().any(|line| line.starts_with('>') && line.contains("张家庄")) {
        desk.keys("<down>");
    }
}

fn send_out(desk: &mut Desk) {
    at_screening(desk);
    desk.menu("send_out")
        .sees("下发村表 M3 2026-10 欠报的3个村")
        .sees("用途")
        .paste("每月排查")
        .keys("<ret>")
        .paste("各村")
        .keys("<f10>");
    desk.sees("已写好3张村表").sees("下发-M3-2026-10");
}

/// The rows of the form that went out to the first village, as texts.
fn sent(office: &Office) -> Vec<(String, Vec<String>)> {
    let folder = office.exchange().join("下发-M3-2026-10");
    let bytes = std::fs::read(folder.join("张家庄村-M3-2026-10.xlsx")).unwrap();
    let mut rows = Vec::new();
    let mut take = |row: Row| {
        let text = |column| match row.line.cell(column) {
            Cell::Text(text) => text.clone(),
            _ => String::new(),
        };
        rows.push((row.sheet.name.clone(), (1..=9).map(text).collect()));
        ControlFlow::Continue(())
    };
    read_rows_here(Cursor::new(bytes), (Kind::Xlsx, None), &mut take).unwrap();
    rows
}

/// The form as a village head sends it back: under another name, filled in.
fn fill(office: &Office, name: &str, fill: impl Fn(&str, &mut [String])) -> Vec<Vec<String>> {
    let mut book = Workbook::new();
    let mut all = Vec::new();
    for part in ["事项", "任务"] {
        let sheet = book.add_worksheet();
        sheet.set_name(part).unwrap();
        let rows = sent(office).into_iter().filter(|(own, _)| own == part);
        for (at, (own, mut cells)) in (0_u32..).zip(rows) {
            fill(&own, &mut cells);
            for (column, text) in (0_u16..).zip(&cells) {
                sheet.write_string(at, column, text).unwrap();
            }
            all.push(cells);
        }
    }
    office.put(name, book.save_to_buffer().unwrap());
    all
}

fn filled(sheet: &str, cells: &mut [String]) {
    match (sheet, cells[0].as_str()) {
        ("事项", "1") => (cells[2], cells[3]) = ("李梅".to_owned(), "村口桥面塌陷".to_owned()),
        ("事项", "报送人") => cells[1] = "王建国".to_owned(),
        ("事项", "签字人") => cells[1] = "张村长".to_owned(),
        ("事项", "报送日期") => cells[1] = "10月17日".to_owned(),
        ("事项", id) if id.starts_with("C1-") => {
            (cells[6], cells[7]) = ("渠已修好".to_owned(), "10.15".to_owned());
        }
        ("任务", id) if id.starts_with('T') && cells[1] == "2.1" => {
            cells[4] = "2026-10-16".to_owned();
        }
        _ => {}
    }
}

#[test]
fn forms_go_out_and_one_comes_back_as_one_change_without_a_letter() {
    let office = office();
    let mut desk = Desk::at(&office);
    send_out(&mut desk);
    fill(&office, "微信收到的.xlsx", filled);
    desk.menu("take_back").sees("微信收到的.xlsx");
    desk.keys("<ret>").sees("张家庄村 M3").sees("王建国").sees("签字 张村长");
    desk.sees("进展1 新诉求1").sees("还没有入账").sees("被拒1").sees("2.3");
    let revision = desk.revision();
    desk.keys("<down><down>").sees("> 任务").keys("<ret>").sees("2.3").keys("<esc>");
    assert_eq!(desk.revision(), revision, "nothing is written before yes");
    // In which way it came is turned by the arrows.
    desk.keys("<home><down><right>").sees("电话").keys("<left>").sees("微信");
    desk.keys("<f5>").sees("张家庄村").keys("2").sees("已入账：进展1 新诉求1").sees("u整张撤销");
    desk.keys("<f5>").sees("已经带入");
    desk.keys("<esc><esc>");
    at_screening(&mut desk);
    desk.sees("已报1").sees("王建国").sees("微信");
    let sheet = desk.case_called("水渠漏水");
    let step = sheet.case.steps.values().next_back().unwrap();
    assert_eq!(step.told_by.as_deref(), Some("张家庄村 王建国 M3 2026-10"));
    desk.menu("undo").keys("2").sees("已撤销");
    assert_eq!(desk.case_called("水渠漏水").case.steps.len(), 1);
}

#[test]
fn what_was_told_by_a_village_says_so_on_the_sheet_of_the_matter() {
    let office = office();
    let mut desk = Desk::with(&office, Lang::Zh, (100, 30));
    send_out(&mut desk);
    fill(&office, "a.xlsx", filled);
    desk.menu("take_back").keys("<ret><f5>2").sees("已入账");
    desk.keys("2").sees("水渠漏水");
    while !desk.drawn().lines().any(|line| line.starts_with('>') && line.contains("水渠漏水")) {
        desk.keys("<down>");
    }
    desk.keys("<ret>").sees("渠已修好").sees("张家庄村 王建国 M3 2026-10报");
}

#[test]
fn a_new_request_that_is_like_a_matter_is_hung_on_it_by_a_digit() {
    let office = office();
    let mut desk = Desk::at(&office);
    send_out(&mut desk);
    fill(&office, "a.xlsx", |sheet, cells| match (sheet, cells[0].as_str()) {
        ("事项", "1") => {
            (cells[2], cells[3]) = ("马玉兰".to_owned(), "村西水渠又漏水，淹了麦田".to_owned());
        }
        ("事项", "报送人") => cells[1] = "王建国".to_owned(),
        _ => {}
    });
    desk.menu("take_back").keys("<ret>").sees("新诉求1").sees("疑似");
    while !desk.drawn().lines().any(|line| line.starts_with('>') && line.contains("马玉兰")) {
        desk.keys("<down>");
    }
    desk.keys("<ret>").sees("马玉兰：村西水渠又漏水").sees("1 另立新件").sees("2 并入");
    desk.sees("3 同一人 马玉兰").sees("看全文").keys("<esc>").sees("新诉求1 并入0");
    desk.keys("<ret>2").sees("新诉求0 并入1").sees("并入").sees("水渠漏水");
    // It can be decided otherwise, and back again.
    desk.keys("<ret>1").sees("新诉求1 并入0").keys("<ret>2").sees("新诉求0 并入1");
    desk.keys("<f5>2").sees("已入账：进展0 新诉求0 并入1");
    let sheet = desk.case_called("水渠漏水");
    assert_eq!(sheet.receipts.len(), 2);
    assert_eq!(sheet.receipts[1].words.as_deref(), Some("村西水渠又漏水，淹了麦田"));
    desk.menu("undo").keys("2").sees("已撤销");
    assert_eq!(desk.case_called("水渠漏水").receipts.len(), 1);
}

#[test]
fn a_row_is_left_out_and_a_form_of_a_reported_period_is_refused_as_a_whole() {
    let office = office();
    let mut desk = Desk::at(&office);
    send_out(&mut desk);
    fill(&office, "a.xlsx", filled);
    desk.menu("take_back").keys("<ret>").sees("新诉求1");
    desk.keys("<end>");
    while !desk.drawn().lines().any(|line| line.starts_with('>') && line.contains("新诉求")) {
        desk.keys("<up>");
    }
    desk.keys("<space>").sees("新诉求0").sees("不收");
    desk.keys("<f5>2").sees("已入账：进展1 新诉求0");
    desk.keys("<esc><f5><ret>").sees("已经报过").sees("退回");
    desk.keys("<f5>").sees("已经报过");
}

#[test]
fn the_sheet_of_one_village_sends_only_its_own_form_and_none_once_it_has_reported() {
    let office = office();
    let mut desk = Desk::at(&office);
    at_screening(&mut desk);
    let send = |desk: &mut Desk| {
        desk.menu("send_out").sees("下发村表 M3 2026-10 张家庄村");
        desk.paste("每月排查").keys("<ret>").paste("张家庄村").keys("<f10>");
    };
    desk.keys("<ret>").sees("一月一排查");
    send(&mut desk);
    desk.sees("已写好1张村表");
    let folder = office.exchange().join("下发-M3-2026-10");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1);
    desk.keys("<esc>").paste("张家庄 10月 零报告 报送人王小川").keys("<f10>");
    while desk.drawn().contains("F10") {
        desk.keys("<f10>");
    }
    at_screening(&mut desk);
    desk.keys("<ret>");
    send(&mut desk);
    desk.sees("本期都已经报了");
}

#[test]
fn what_is_seen_of_a_form_is_what_would_be_entered_whatever_became_of_its_file() {
    let office = office();
    let mut desk = Desk::at(&office);
    send_out(&mut desk);
    fill(&office, "a.xlsx", filled);
    desk.menu("take_back").keys("<ret>").sees("新诉求1");
    let to_fresh = |desk: &mut Desk| {
        desk.keys("<end>");
        while !desk.drawn().lines().any(|line| line.starts_with('>') && line.contains("李梅")) {
            desk.keys("<up>");
        }
    };
    to_fresh(&mut desk);
    let bytes = std::fs::read(office.exchange().join("a.xlsx")).unwrap();
    std::fs::remove_file(office.exchange().join("a.xlsx")).unwrap();
    desk.keys("<space>").sees("新诉求0").sees("不收");
    // Another table takes the place of its rows: nothing of it is seen, and nothing can be entered.
    office.put("系统.csv", "系统编号,姓名\nXF001,马玉兰\n");
    Desk::at(&office).menu("compare").keys("<ret>").sees("[只在台账");
    to_fresh(&mut desk);
    let revision = desk.revision();
    desk.keys("<space>").sees("没有读成").sees_not("进展1");
    office.put("a.xlsx", bytes);
    desk.keys("<f5>").sees("进展1 新诉求1");
    assert_eq!(desk.revision(), revision, "nothing was entered");
}

#[test]
fn cells_of_a_form_that_are_pasted_are_read_like_a_file() {
    let office = office();
    let mut desk = Desk::at(&office);
    send_out(&mut desk);
    let rows = fill(&office, "a.xlsx", filled);
    std::fs::remove_file(office.exchange().join("a.xlsx")).unwrap();
    desk.menu("take_back").sees("没有表格");
    let lines: Vec<String> = rows.iter().map(|cells| cells.join("\t")).collect();
    desk.paste(&lines.join("\n")).sees("粘贴的").keys("<ret>").sees("进展1 新诉求1");
    desk.paste("姓名\t诉求\n李梅\t修路\n");
    desk.keys("<esc>").sees("粘贴的");
}

#[test]
fn a_file_that_is_no_form_says_what_to_do() {
    let office = office();
    office.put("名单.csv", "姓名,诉求\n李梅,修路\n");
    let mut desk = Desk::at(&office);
    at_screening(&mut desk);
    desk.menu("take_back").keys("<ret>").sees("没有读成").sees("表号");
}

#[test]
fn a_message_from_a_chat_begins_the_report_of_its_village() {
    let office = office();
    let mut desk = Desk::at(&office);
    at_screening(&mut desk);
    desk.paste("石桥村 10月 零报告 报送人王小川").sees("石桥村").sees("零报告").sees("王小川");
    desk.keys("<f10>");
    while desk.drawn().contains("F10") {
        desk.keys("<f10>");
    }
    at_screening(&mut desk);
    desk.sees("零报告1").sees("王小川");
}
