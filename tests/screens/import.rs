//! An old ledger brought in at the screen: chosen, its columns set, its outcomes seen, written as one
//! change and taken back; no key of it is a letter.

use std::sync::Arc;

use anjie::api::door::Door;
use anjie::api::reply::{CaseSheet, Reply};
use anjie::api::request::{CaseQuery, Request};
use anjie::domain::case::Case;
use anjie::domain::ids::CaseId;
use anjie::domain::listing::{List, Narrow};
use anjie::locale::Lang;

use crate::desk::{Desk, Office};

/// A ledger as a clerk keeps it: a column that is never taken, and a day that can be read in two ways.
const LEDGER: &str = "编号,姓名,诉求,日期,民族\n\
    7,王丽,修路到村口,2024-10-15,某\n\
    8,周强,补发补偿款,2024-11-02,某\n\
    9,李梅,路灯不亮,1.10,某\n";

fn office() -> Arc<Office> {
    Arc::new(Office::empty())
}

/// The cases of old ledgers, by what they are called.
fn cases(office: &Office) -> Vec<(CaseId, String)> {
    let only = Narrow::parse(List::Cases, "stage=history").unwrap();
    let query = CaseQuery { only, most: 200, ..CaseQuery::default() };
    let Ok(Reply::Cases(page)) = office.door().call(Request::Cases(query)) else {
        panic!("no page")
    };
    page.rows.into_iter().map(|row| (row.id, row.title)).collect()
}

fn n_cases(office: &Office) -> usize {
    cases(office).len()
}

/// The sheet of the only case whose title begins with a text.
fn sheet(desk: &mut Desk, office: &Office, title: &str) -> CaseSheet {
    let mut found = cases(office);
    found.retain(|(_, own)| own.starts_with(title));
    assert_eq!(found.len(), 1, "{title} {found:?}");
    desk.case(found[0].0)
}

/// That case.
fn case(desk: &mut Desk, office: &Office, title: &str) -> Case {
    sheet(desk, office, title).case
}

fn names(office: &Office) -> Vec<String> {
    let entries = std::fs::read_dir(office.exchange()).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_file_of_the_exchange_folder_comes_in_as_one_change_and_is_taken_back() {
    let office = office();
    office.put("旧台账.csv", LEDGER);
    let mut desk = Desk::at(&office);
    desk.menu("import").sees("旧台账.csv").sees("历史件");
    desk.keys("<ret>").sees("民族").sees("不收").sees("王丽 | 周强");
    desk.keys("<ret>").sees("共3行：新2").sees("被拒1").sees("还没有写入");
    desk.keys("<tab>").sees("第4行 日期");
    desk.keys("<tab><tab>");
    assert_eq!(n_cases(&office), 0, "nothing is written before yes");
    desk.keys("<ret>").sees("旧台账.csv (2)");
    desk.keys("2").sees("已带入").sees("u整批撤销");
    assert_eq!(case(&mut desk, &office, "修路到村口").old_number.as_deref(), Some("7"));
    // It is in: nothing is left to bring in.
    desk.keys("<f5>").sees("已经带入");
    desk.keys("u").sees("导入");
    desk.keys("2");
    assert_eq!(n_cases(&office), 0);
}

#[test]
fn refused_rows_are_written_into_the_folder_and_come_in_once_they_are_mended() {
    let office = office();
    office.put("旧台账.csv", LEDGER);
    let mut desk = Desk::at(&office);
    desk.menu("import").keys("<ret><ret><down><ret>").sees("旧台账-被拒.xlsx");
    assert_eq!(names(&office), ["旧台账-被拒.xlsx", "旧台账.csv"]);
    desk.keys("<up><ret>2").sees("已带入");
    // The list of refused rows is a table like any other; the row is still refused.
    desk.keys("<esc><esc>").sees("旧台账-被拒.xlsx");
    office.put("旧台账.csv", LEDGER.replace("1.10", "2024-01-10"));
    // The newest file stands first.
    desk.keys("<f5><home><down><down><down>").sees("> 旧台账.csv");
    desk.keys("<ret><ret>").sees("共3行：新1").sees("已有2").sees("被拒0");
}

#[test]
fn a_column_is_set_by_hand_saved_by_name_and_used_for_the_next_file() {
    let office = office();
    office.put("a.csv", "谁,诉求,几时,姓名\n甲,修路到村口,2024-10-15,王丽\n");
    let mut desk = Desk::at(&office);
    desk.menu("import").keys("<ret>").sees("几时").sees("不认识");
    // Rows: next, saved mappings, the day, then the columns; the third is the unknown day.
    desk.keys("<a-6><ret>").sees("几时 带入哪个栏目");
    desk.keys("日期<ret>").sees("日期");
    desk.keys("<home><down><ret>").sees("栏目方案");
    desk.keys("村表<ret>").sees("已存：村表");
    desk.keys("<esc><home><ret>").sees("共1行：新1");
    desk.keys("<esc><esc>");
    std::fs::remove_file(office.exchange().join("a.csv")).unwrap();
    office.put("b.csv", "诉求,姓名,几时\n修桥,周强,2024-10-16\n");
    desk.keys("<f5>").sees("b.csv").keys("<ret><down><ret>").sees("选用 村表");
    desk.keys("<ret><home><ret>").sees("共1行：新1").sees("被拒0");
    desk.keys("<ret>2").sees("已带入");
    assert_eq!(case(&mut desk, &office, "修桥").received_on.to_string(), "2024-10-16");
}

#[test]
fn rows_that_are_there_are_changed_by_their_number_with_old_and_new_value() {
    let office = office();
    office.put("a.csv", "编号,诉求,日期,包案领导\n7,修路,2024-10-15,王建国\n");
    let mut desk = Desk::at(&office);
    desk.menu("import").keys("<ret><ret><ret>2").sees("已带入");
    office.put("a.csv", "编号,诉求,日期,包案领导\n7,修路,2024-10-15,赵敏\n");
    desk.keys("<esc><esc><home><down><down><ret>").sees("按编号更新");
    desk.keys("<down><ret><ret>").sees("更新1");
    desk.keys("<tab><tab>").sees("包案领导：王建国 -> 赵敏");
}

#[test]
fn esc_ends_the_reading_before_anything_is_written_and_the_keys_go_on() {
    let office = office();
    office.put("旧台账.csv", LEDGER);
    let mut desk = Desk::at(&office);
    desk.menu("import").holds_files().keys("<ret>").sees("Esc停止").sees("0%");
    desk.keys("<esc>").sees("选文件");
    desk.works_on().sees_not("民族");
    desk.keys("]").sees("民族");
    assert_eq!(n_cases(&office), 0);
}

#[test]
fn what_comes_in_twice_is_said_before_and_decided_about_after() {
    let office = office();
    let request = "我家承包地两亩一分在修路时被占，补偿款到现在一分钱没有拿到";
    let text = format!(
        "编号,姓名,诉求,日期\n7,王丽,{request},2024-10-15\n8,周强,{request}。,2024-11-02\n\
         9,李梅,低保金停发了两个月请查一查原因,2024-11-03\n"
    );
    office.put("旧台账.csv", text);
    let mut desk = Desk::at(&office);
    desk.menu("import").keys("<ret><f5>").sees("疑似重复 1 组，含 2 行");
    desk.sees_not("看查重清单，").keys("<f5>2").sees("看查重清单，");
    while !desk.drawn().lines().any(|line| line.starts_with('>') && line.contains("查重清单")) {
        desk.keys("<down>");
    }
    desk.keys("<ret>")
        .sees("疑似1组 2条")
        .sees("王丽")
        .sees("周强")
        .keys("<f5>")
        .sees("排除这一组");
    desk.keys("<esc>").sees("看查重清单");
}

#[test]
fn while_it_is_written_keys_are_answered_and_esc_breaks_nothing_off() {
    let office = office();
    office.put("旧台账.csv", LEDGER);
    let mut desk = Desk::at(&office);
    desk.menu("import").keys("<ret><ret>").slows().keys("<ret>2");
    desk.sees("2 行已写好，正在存盘").sees("按键照收，存完就答").sees("一次提交，不能中断");
    desk.keys("<ret>").sees("正在写入；请等这一次提交完成");
    desk.keys("<esc>").sees("Esc 不能中断").sees("[看结果]");
    desk.keys("<tab>").sees("第4行 日期");
    // One may go elsewhere meanwhile; what came in is said when one comes back.
    desk.keys("2").sees_not("看结果").hears().keys("<esc>").sees("已带入");
    assert_eq!(n_cases(&office), 2);
    desk.keys("u").keys("2").sees("带入的已撤销");
    assert_eq!(n_cases(&office), 0);
    desk.keys("<f5>").sees("要再带入，请按 Esc");
    desk.keys("<esc><home><f5>").sees("共3行：新2");
}

#[test]
fn what_is_taken_back_in_another_window_is_said_where_it_was_brought_in() {
    let office = office();
    office.put("旧台账.csv", LEDGER);
    let mut desk = Desk::at(&office);
    desk.menu("import").keys("<ret><ret><ret>2").sees("已带入");
    let mut other = Desk::at(&office);
    other.keys("u").keys("2");
    assert_eq!(n_cases(&office), 0);
    desk.hears_news().sees("带入的已撤销");
    other.keys("<c-r>").keys("2");
    desk.hears_news().sees("已带入");
}

#[test]
fn what_is_no_table_is_named_with_its_reason() {
    let office = office();
    let mut desk = Desk::at(&office);
    desk.menu("import").sees("交换目录里没有表格");
    office.put("a.xlsx", "这不是表格");
    desk.keys("<f5><ret>").sees("既不是表格也不是文本").sees("回车再读一次");
    office.put("a.xlsx", "");
    desk.keys("<ret>").sees("文件是空的");
    desk.keys("<esc>").sees("选文件");
    office.put("b.csv", "甲,乙\n1,2\n");
    std::fs::remove_file(office.exchange().join("a.xlsx")).unwrap();
    desk.keys("<f5><ret>").sees("没有找到表头");
}

#[test]
fn pasted_cells_are_a_table_like_a_file() {
    let office = office();
    let mut desk = Desk::at(&office);
    // A comma and a line break in a cell are neither a column nor a row.
    let cells = "姓名\t诉求\t日期\r王丽\t\"修路,修桥\r还有水渠\"\t2024-10-15\r李梅\t路灯\t1.10";
    desk.paste(cells).sees("3 行 3 列").sees("导入这些单元格");
    desk.keys("1").sees("粘贴的").sees("选文件");
    desk.keys("<ret>").sees("首行：是表头").sees("修路,修桥");
    desk.keys("<ret>").sees("共2行：新1").sees("被拒1");
    desk.keys("<tab>").sees("粘贴的第3行 日期");
    desk.keys("<tab><tab><down><ret>").sees("粘贴-被拒.xlsx");
    desk.keys("<up><ret>").sees("粘贴的 3 行 (1)");
    desk.keys("2").sees("已带入");
    assert_eq!(case(&mut desk, &office, "还有水渠").request, "修路,修桥\n还有水渠");
}

#[test]
fn what_is_wrong_with_pasted_cells_is_said_of_what_was_pasted_and_of_no_file() {
    let office = office();
    let mut desk = Desk::at(&office);
    let mut is_said = |cells: &str, said: &[&str]| {
        desk.menu("import").paste(cells).keys("<ret>");
        for text in said {
            desk.sees(text);
        }
        desk.sees_not("文件读不了").sees_not("文件是空的").keys("<esc><esc>");
    };
    let open = "姓名\t诉求\r王丽\t\"修路\r李梅\t路灯";
    is_said(open, &["粘贴的第2行读不了", "引号没有成对；请在 WPS 里改好"]);
    // Something stands in it, and no row of a table.
    is_said("\u{3000}\t\u{3000}\r\u{3000}\t\u{3000}", &["粘贴的内容读不了", "粘贴的没有内容"]);
    let wide = format!("姓名\t诉求\t日期{}多\r王丽\t修路\t2024-10-15", "\t".repeat(260));
    is_said(&wide, &["首个在 R1C263"]);
}

#[test]
fn pasted_cells_without_a_header_are_set_column_by_column() {
    let office = office();
    let mut desk = Desk::at(&office);
    desk.menu("import").paste("王丽\t修路到村口\t2024-10-15\r周强\t修桥\t2024-10-16");
    desk.keys("<ret>").sees("首行：是数据").sees("第2列").sees("王丽 | 周强");
    desk.keys("<a-5><ret>姓名<ret>");
    desk.keys("<a-6><ret>诉求<ret>");
    desk.keys("<a-7><ret>日期<ret>");
    desk.keys("<home><ret>").sees("共2行：新2").sees("被拒0");
    desk.keys("<ret>2").sees("已带入");
    assert_eq!(n_cases(&office), 2);
}

/// A workbook whose sheets are laid out unlike one another, and one that explains them.
fn several_sheets() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheets: [(&str, &[&[&str]]); 3] = [
        ("石桥村", &[&["姓名", "诉求"], &["王丽", "修路到村口"], &["周强", "补发补偿款"]]),
        (
            "镇区",
            &[
                &["信访人", "反映问题", "电话", "登记日期"],
                &["李梅", "路灯不亮", "13800000001", "2024-11-02"],
            ],
        ),
        ("说明", &[&["本表由各村汇总"]]),
    ];
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        for (row, texts) in (0..).zip(rows) {
            for (column, text) in (0..).zip(*texts) {
                sheet.write_string(row, column, *text).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn the_clerk_chooses_a_sheet_and_gives_the_day_of_rows_that_name_none() {
    let office = office();
    office.put("各村.xlsx", several_sheets());
    let mut desk = Desk::at(&office);
    desk.menu("import").keys("<ret>").sees("工作表：读了 2 张").sees("没有日期的 2 行：未给日期");
    desk.keys("<down><down><ret>").sees("石桥村  3 行  已读").sees("说明  1 行  没有表头");
    desk.keys("4").sees("没有找到表头").sees("工作表：读了 2 张");
    desk.keys("<ret>2").sees("工作表：只读 石桥村").sees_not("反映问题");
    desk.keys("<down><ret>").sees("没有日期的行按哪一天收到");
    desk.keys("1301<ret>").sees("没有这一天");
    desk.keys("<bs><bs><bs><bs>-3").sees("10-17").keys("<ret>").sees("按 2026-10-17；回车改");
    desk.keys("<f5>").sees("共2行：新2").sees("被拒0").sees("只读了工作表 石桥村");
    desk.keys("<f5>2").sees("已带入");
    assert_eq!(case(&mut desk, &office, "补发").received_on.to_string(), "2026-10-17");
    assert_eq!(n_cases(&office), 2, "of the other sheet nothing came in");
}

#[test]
fn where_sheets_have_other_columns_each_names_its_own_and_one_mapping_holds_in_all() {
    let office = office();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheets = [
        ("张庄", ["谁", "诉求", "日期"], ["王丽", "修路到村口", "2024-10-15"]),
        ("李庄", ["日期", "谁", "反映问题"], ["2024-10-16", "周强", "补发补偿款"]),
    ];
    for (name, headers, cells) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        for (column, (header, cell)) in (0..).zip(headers.iter().zip(cells)) {
            sheet.write_string(0, column, *header).unwrap();
            sheet.write_string(1, column, cell).unwrap();
        }
    }
    office.put("各村.xlsx", book.save_to_buffer().unwrap());
    let mut desk = Desk::at(&office);
    desk.menu("import").keys("<ret>").sees("工作表：读了 2 张");
    desk.sees("A   都有           谁").sees("C   李庄           反映问题");
    desk.sees("没有这些栏目的列：姓名").sees("不认识的列不带入：谁；");
    // Rows: next, saved mappings, sheet, day, then the columns.
    desk.keys("<a-5><ret>").sees("谁 带入哪个栏目").keys("姓名<ret><f5>").sees("共2行：新2");
    desk.keys("<f5>2").sees("已带入");
    for (title, name) in [("修路到村口", "王丽"), ("补发补偿款", "周强")] {
        let sheet = sheet(&mut desk, &office, title);
        assert_eq!(sheet.persons[0].name.as_deref(), Some(name), "{title}");
    }
}

#[test]
fn a_pasted_letter_is_offered_as_a_receipt_and_is_never_a_command() {
    let office = office();
    let mut desk = Desk::at(&office);
    desk.paste("2\r领导您好，村口的路坏了三年\r请来看看q").sees("登记为一件来件");
    assert!(desk.exit.is_none());
    desk.keys("1").sees("领导您好，村口的路坏了三年");
    assert_eq!(n_cases(&office), 0);
    desk.keys("<esc>").sees("已输入的内容将丢弃");
}

#[test]
fn the_steps_are_read_in_english_and_on_a_wide_screen_too() {
    let office = office();
    office.put("old.csv", LEDGER);
    let mut desk = Desk::with(&office, Lang::En, (120, 40));
    desk.keys(":import<ret>").sees("old.csv").sees("Exchange folder");
    desk.keys("<ret>").sees("Never").keys("<ret>").sees("3 rows: new 2");
}
