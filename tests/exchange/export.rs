//! Rows on their way out: workbook, text and JSON, and the workbook of a superior, filled.

use std::fs::File;
use std::io::{Cursor, Read, Write};
use std::path::PathBuf;

use anjie::api::export::{ExportPage, OutCell};
use anjie::domain::export::{Meets, Subject};
use anjie::exchange::cell::Cell;
use anjie::exchange::columns::{Columns, Meaning, Topic};
use anjie::exchange::document::{Column, Grid, Held};
use anjie::exchange::export::{Encoded, csv, grid_csv, json, xlsx};
use anjie::exchange::form::{Form, FormError, Wanted};
use anjie::exchange::ledger::Terms;
use anjie::exchange::outgoing::{Table, header};
use anjie::locale::{self, Lang};
use chrono::NaiveDate;
use rust_xlsxwriter::{Format, FormatBorder, Workbook, Worksheet};
use zip::ZipArchive;

use crate::book::{ledger, read, text};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn said(text: &str) -> Option<OutCell> {
    Some(OutCell::Text(text.to_owned()))
}

/// A table of cases with these columns.
fn table(columns: &[&str], rows: Vec<Vec<Option<OutCell>>>) -> Table {
    let head = ExportPage {
        ticket: 0,
        subject: Subject::Cases,
        town: "青石镇".to_owned(),
        today: day("2026-10-20"),
        columns: columns.iter().map(|key| (*key).to_owned()).collect(),
        left_out: Vec::new(),
        total: rows.len() as u64,
        n_sealed: 0,
        cut: false,
        rows: Vec::new(),
        more: false,
    };
    let (purpose, recipient) = ("月报".to_owned(), "区信访局".to_owned());
    Table { head, rows, purpose, recipient, by: "李娟".to_owned() }
}

/// Texts that a spreadsheet would compute, and one that breaks lines and quotes.
const HOSTILE: [&str; 8] = [
    "=1+1",
    "+8613800001234",
    "-3度",
    "@SUM(A1)",
    "=HYPERLINK(\"http://x\",\"y\")",
    "{=1}",
    "第一行\n第二行, \"引号\"",
    "'=1",
];

fn hostile() -> Table {
    let rows = HOSTILE.iter().enumerate().map(|(at, request)| {
        let number = said(&format!("青信2026-{at:04}"));
        let received = Some(OutCell::Day(day("2026-08-05")));
        vec![number, received, said("张小明"), Some(OutCell::Count(3)), said(request)]
    });
    table(&["number", "received", "petitioner", "people", "request"], rows.collect())
}

fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let read = |at| {
        let mut file = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (file.name().unwrap().into_owned(), bytes)
    };
    (0..ZipArchive::new(Cursor::new(bytes)).unwrap().len()).map(read).collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    let found = parts(bytes).into_iter().find(|(own, _)| own == name);
    String::from_utf8(found.unwrap().1).unwrap()
}

#[test]
fn a_workbook_has_titles_a_frozen_header_a_filter_true_days_and_no_formula() {
    let bytes = xlsx(Lang::Zh, &hostile()).unwrap();
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>") && !sheet.contains("hyperlink"), "{sheet}");
    assert!(sheet.contains("ySplit=\"3\"") && sheet.contains("<autoFilter ref=\"A3:E11\""));
    let (book, rows) = read(&bytes).unwrap();
    assert_eq!(book.sheets[0].name, "青石镇信访事项台账");
    assert_eq!(text(&rows[0], 1), "青石镇信访事项台账");
    let line = text(&rows[1], 1);
    for word in ["2026-10-20", "李娟", "月报", "区信访局", "8"] {
        assert!(line.contains(word), "{line}");
    }
    assert!(matches!(rows[3].line.cell(2), Cell::Date(_)), "a day is a day");
    assert!(matches!(rows[3].line.cell(4), Cell::Number(3.0)), "a number is a number");
    assert_eq!(text(&rows[3], 5), "=1+1");
}

#[test]
fn what_goes_out_comes_in_again_as_it_was_from_a_workbook_and_from_text() {
    let table = hostile();
    let workbook = xlsx(Lang::Zh, &table).unwrap();
    let (plain, unmapped) = csv(Lang::Zh, &table, Encoded::Utf8).unwrap();
    let (chinese, missing) = csv(Lang::Zh, &table, Encoded::Gb18030).unwrap();
    assert!(plain.starts_with("\u{feff}编号".as_bytes()));
    assert_eq!((unmapped, missing), (Vec::new(), Vec::new()));
    for bytes in [workbook, plain, chinese] {
        let (report, rows) = ledger(&bytes, &Terms::default());
        assert_eq!((rows.len(), report.mappings[0].ignored.len()), (HOSTILE.len(), 0));
        for (at, (row, request)) in rows.iter().zip(HOSTILE).enumerate() {
            assert_eq!(row.problems, []);
            assert_eq!(row.value("old_number"), Some(format!("青信2026-{at:04}").as_str()));
            assert_eq!(row.value("received_on").map(|day| &day[..10]), Some("2026-08-05"));
            assert_eq!(row.value("people"), Some("3"));
            // An apostrophe of one's own before a sign is taken for the guard.
            let kept = if request == "'=1" { "=1" } else { request };
            assert_eq!(row.value("request"), Some(kept), "{request}");
        }
    }
}

#[test]
fn every_character_without_a_code_is_named_by_row_and_column() {
    let rows = vec![vec![said("甲𠮷乙")], vec![said("丙")], vec![said("€𠮷")]];
    let table = table(&["title"], rows);
    let (bytes, missing) = csv(Lang::Zh, &table, Encoded::Gbk).unwrap();
    let places: Vec<_> =
        missing.iter().map(|one| (one.row, one.column.as_str(), one.char)).collect();
    assert_eq!(places, [(2, "标题", '𠮷'), (4, "标题", '𠮷')]);
    assert!(bytes.windows(5).any(|part| part == b"\xbc\xd7?\xd2\xd2"));
    assert_eq!(csv(Lang::Zh, &table, Encoded::Gb18030).unwrap().1, []);
}

#[test]
fn json_is_the_same_in_every_language_and_words_are_keys() {
    let channel = Some(OutCell::Word("choice.channel.visit".to_owned()));
    let table = table(&["number", "channel"], vec![vec![said("1"), channel]]);
    let document: serde_json::Value = serde_json::from_slice(&json(&table)).unwrap();
    assert_eq!(document["rows"][0]["channel"], "visit");
    assert_eq!(document["total"], 1);
}

#[test]
fn a_header_that_fills_a_field_is_read_as_that_field_in_both_languages() {
    let of = [
        (Subject::Cases, Topic::Cases),
        (Subject::Roster, Topic::Cases),
        (Subject::Persons, Topic::Persons),
        (Subject::Units, Topic::Units),
        (Subject::Officers, Topic::Officers),
    ];
    for (subject, topic) in of {
        let tables = Columns::built_in(topic);
        for column in subject.columns() {
            for lang in [Lang::Zh, Lang::En] {
                let text = header(lang, column.key);
                let meaning = tables.meaning(&text, None);
                let field = match &meaning {
                    Meaning::Field(at, _) => Some(tables.fields[*at].key.as_str()),
                    _ => None,
                };
                match column.meets {
                    Meets::Field(key) => assert_eq!(field, Some(key), "{} {text}", subject.word()),
                    Meets::Instead(_) | Meets::Nothing => {
                        assert_eq!(field, None, "{} {text}", subject.word());
                    }
                }
                assert!(!matches!(meaning, Meaning::Refused(_)), "{text}");
            }
        }
        // The words of closed lists are read back too.
        let channels = ["visit", "letter", "call", "online", "hotline", "fax"];
        for word in channels.iter().filter(|_| topic == Topic::Cases) {
            let own = locale::text(Lang::Zh, &format!("choice.channel.{word}"));
            let field = &tables.fields[tables.field("channel").unwrap()];
            assert!(field.words[*word].contains(&own), "{own}");
        }
    }
}

/// The headers of a superior's form, in an order of their own.
const THEIRS: [&str; 14] = [
    "序号",
    "信访人",
    "身份证号",
    "诉求\n摘要",
    "主要诉求",
    "属地村",
    "责任单位/责任人",
    "包案领导",
    "收到时间",
    "化解时限",
    "办理情况",
    "稳控单位",
    "人数",
    "备注",
];

/// Their workbook: a title over three merged rows, fourteen columns, rows prepared with borders, a
/// sum and a line for signatures below, and a second sheet.
fn theirs(n_prepared: u32) -> Vec<u8> {
    let mut book = Workbook::new();
    let border = Format::new().set_border(FormatBorder::Thin).set_text_wrap();
    let dotted = Format::new().set_border(FormatBorder::Thin).set_num_format("yyyy\".\"m\".\"d");
    let title = Format::new().set_bold().set_font_size(18);
    let sheet = book.add_worksheet().set_name("汇总表").unwrap();
    sheet.merge_range(0, 0, 2, 13, "区信访积案化解汇总表", &title).unwrap();
    for (column, text) in (0..).zip(THEIRS) {
        sheet.write_with_format(3, column, text, &title).unwrap();
        sheet.set_column_width(column, 11.5).unwrap();
    }
    for row in 4..4 + n_prepared {
        sheet.set_row_height(row, 33).unwrap();
        for column in 0..14 {
            let format = if column == 8 { &dotted } else { &border };
            sheet.write_blank(row, column, format).unwrap();
        }
    }
    let foot = 4 + n_prepared;
    sheet.write(foot, 0, "合计").unwrap();
    let sum = format!("=SUM(M5:M{foot})");
    sheet.write_formula(foot, 12, sum.as_str()).unwrap();
    sheet.merge_range(foot + 1, 0, foot + 1, 13, "填表人：        审核人：", &border).unwrap();
    sheet.set_print_area(0, 0, foot + 1, 13).unwrap();
    let other = book.add_worksheet().set_name("说明").unwrap();
    other.write(0, 0, "本表每月5日前报").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn no_title_and_no_cell_of_a_count_is_computed_and_numbers_keep_their_signs() {
    let column = |title: &str| Column { title: title.to_owned(), width: 20 };
    let text = |text: &str| Held::Text(text.to_owned());
    let grid = Grid {
        columns: ["责任单位", "=1+1村", "@东关社区"].map(column).into(),
        rows: vec![
            vec![text("+石桥"), text("-12.5%"), Held::Count(-3)],
            vec![text("nan"), text("+inf"), text("-Infinity%")],
            vec![text("-"), text("+3"), text("-1+2")],
        ],
        ..Grid::default()
    };
    let (bytes, _) = grid_csv(&grid, Encoded::Utf8).unwrap();
    let written = String::from_utf8(bytes).unwrap();
    let lines: Vec<&str> = written.trim_start_matches('\u{feff}').lines().collect();
    let expected =
        ["责任单位,'=1+1村,'@东关社区", "'+石桥,-12.5%,-3", "nan,'+inf,'-Infinity%", "'-,+3,'-1+2"];
    assert_eq!(lines, expected);
}

fn form(bytes: &[u8]) -> Result<Form, FormError> {
    let mut file: File = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let program = PathBuf::from(env!("CARGO_BIN_EXE_anjie"));
    Form::read(file, &Wanted { program, subject: Subject::Cases, sheet: None })
}

fn matters(n_rows: usize, keys: &[String]) -> Table {
    matters_that_say("=征地<补偿>&款", n_rows, keys)
}

fn matters_that_say(request: &str, n_rows: usize, keys: &[String]) -> Table {
    let keys: Vec<&str> =
        keys.iter().map(String::as_str).filter(|key| *key != "id_number").collect();
    let cell = |key: &str, at: usize| match key {
        "petitioner" => said(&format!("张{at}")),
        "request" => said(request),
        "village" => said("张家庄村"),
        "unit" => said("民政办"),
        "handler" => said("赵敏"),
        "received" => Some(OutCell::Day(day("2026-08-05"))),
        "due" => Some(OutCell::Day(day("2026-10-19"))),
        "people" => Some(OutCell::Count(2)),
        _ => None,
    };
    let rows = (1..=n_rows).map(|at| keys.iter().map(|key| cell(key, at)).collect());
    table(&keys, rows.collect())
}

#[test]
fn a_superiors_workbook_is_filled_in_its_own_columns_and_order() {
    let bytes = theirs(6);
    let form = form(&bytes).unwrap();
    assert_eq!((form.sheet.as_str(), form.header_row, form.n_kept), ("汇总表", 4, 0));
    assert_eq!(form.unmatched, ["诉求 摘要", "稳控单位", "备注"]);
    let filled = form.fill(Lang::Zh, &matters(3, &form.keys())).unwrap();
    let (_, rows) = read(&filled).unwrap();
    assert_eq!(text(&rows[0], 1), "区信访积案化解汇总表");
    let first = rows.iter().find(|row| row.line.number == 5).unwrap();
    assert!(matches!(first.line.cell(1), Cell::Number(1.0)));
    assert_eq!(text(first, 2), "张1");
    assert_eq!(text(first, 5), "=征地<补偿>&款");
    assert_eq!(text(first, 7), "民政办/赵敏");
    assert!(matches!(first.line.cell(9), Cell::Date(_)), "in their format of days");
    assert!(matches!(first.line.cell(10), Cell::Date(_)), "with a format of days of its own");
    assert!(matches!(first.line.cell(3), Cell::Empty), "what is masked stays out");
    assert!(matches!(first.line.cell(12), Cell::Empty), "what is never kept stays out");
    // The sum and the signatures stand where they stood.
    let foot = rows.iter().find(|row| row.line.number == 12).unwrap();
    assert!(text(foot, 1).starts_with("填表人"));
    let sheet = part(&filled, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<f>SUM(M5:M10)</f>"), "{sheet}");
    assert!(sheet.contains("ht=\"33\"") && sheet.contains("<mergeCell ref=\"A1:N3\"/>"));
}

#[test]
fn a_row_is_as_high_as_what_stands_in_it_and_never_lower_than_theirs() {
    let form = form(&theirs(2)).unwrap();
    let heights = |request: &str| {
        let filled = form.fill(Lang::Zh, &matters_that_say(request, 2, &form.keys())).unwrap();
        let sheet = part(&filled, "xl/worksheets/sheet1.xml");
        let row = sheet.split("<row r=\"5\"").nth(1).unwrap();
        let height = row.split("ht=\"").nth(1).unwrap().split('"').next().unwrap();
        height.parse::<f64>().unwrap()
    };
    assert_eq!(heights("修路"), 33.0, "theirs");
    let long = heights(&"我家承包地在修路时被占".repeat(6));
    assert!((180.0..300.0).contains(&long), "sixty-six characters, five a line: {long}");
    assert_eq!(heights(&"我家承包地在修路时被占".repeat(200)), 409.0, "no row is higher");
}

/// How high the first row of a small form becomes, by what it says of its petition.
fn height_in(dress: impl Fn(&mut Worksheet, &Format), request: &str) -> Option<f64> {
    let mut book = Workbook::new();
    let wrapped = Format::new().set_text_wrap();
    let sheet = book.add_worksheet();
    for (column, header) in (0..).zip(["信访人", "信访诉求", "督办科室意见", "村"]) {
        sheet.write(0, column, header).unwrap();
        sheet.set_column_width(column, 11.5).unwrap();
        sheet.write_blank(1, column, &wrapped).unwrap();
    }
    dress(sheet, &wrapped);
    let form = form(&book.save_to_buffer().unwrap()).unwrap();
    let filled = form.fill(Lang::Zh, &matters_that_say(request, 2, &form.keys())).unwrap();
    let sheet = part(&filled, "xl/worksheets/sheet1.xml");
    let row = sheet.split("<row r=\"2\"").nth(1).unwrap().split('>').next().unwrap();
    let height = row.split("ht=\"").nth(1)?.split('"').next().unwrap();
    Some(height.parse().unwrap())
}

#[test]
fn what_is_hidden_makes_no_row_higher_and_a_merged_cell_has_all_its_width() {
    let text = "我家承包地在修路时被占".repeat(3);
    let plain = height_in(|_, _| {}, &text).unwrap();
    let merged = |sheet: &mut Worksheet, wrapped: &Format| {
        sheet.merge_range(1, 1, 1, 2, "", wrapped).unwrap();
    };
    assert!(height_in(merged, &text).is_some_and(|height| height < plain));
    let hidden = |sheet: &mut Worksheet, _: &Format| {
        sheet.set_column_hidden(1).unwrap();
    };
    assert_eq!(height_in(hidden, &text), None);
}

#[test]
fn rows_that_have_no_room_move_what_stands_below_and_sums_and_print_follow() {
    let bytes = theirs(2);
    let form = form(&bytes).unwrap();
    let filled = form.fill(Lang::Zh, &matters(5, &form.keys())).unwrap();
    let (_, rows) = read(&filled).unwrap();
    let numbers: Vec<u32> = rows.iter().map(|row| row.line.number).collect();
    assert_eq!(numbers, [1, 4, 5, 6, 7, 8, 9, 10, 11, 1]);
    let sheet = part(&filled, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<f>SUM(M5:M9)</f>"), "{sheet}");
    assert!(sheet.contains("<mergeCell ref=\"A11:N11\"/>") && sheet.contains("\"A1:N3\""));
    assert_eq!(sheet.matches("ht=\"33\"").count(), 5, "new rows look as the prepared ones");
    let workbook = part(&filled, "xl/workbook.xml");
    assert!(workbook.contains("$A$1:$N$11"), "{workbook}");
}

#[test]
fn every_other_part_of_the_package_keeps_its_bytes() {
    let bytes = theirs(6);
    let form = form(&bytes).unwrap();
    let filled = form.fill(Lang::Zh, &matters(3, &form.keys())).unwrap();
    let (before, after) = (parts(&bytes), parts(&filled));
    assert_eq!(before.len(), after.len());
    for ((name, old), (again, new)) in before.iter().zip(&after) {
        assert_eq!(name, again);
        let may_differ = ["xl/worksheets/sheet1.xml", "xl/styles.xml"].contains(&name.as_str());
        assert!(may_differ || old == new, "{name}");
    }
}

#[test]
fn rows_that_stand_in_a_form_are_kept_and_ours_go_below_them() {
    let first = theirs(6);
    let form_of_first = form(&first).unwrap();
    let filled = form_of_first.fill(Lang::Zh, &matters(2, &form_of_first.keys())).unwrap();
    let again = form(&filled).unwrap();
    assert_eq!(again.n_kept, 2);
    let filled = again.fill(Lang::Zh, &matters(1, &again.keys())).unwrap();
    let (_, rows) = read(&filled).unwrap();
    let third = rows.iter().find(|row| row.line.number == 7).unwrap();
    assert!(matches!(third.line.cell(1), Cell::Number(3.0)), "numbers go on");
    assert_eq!(text(third, 2), "张1");
}

#[test]
fn what_is_no_form_is_refused_with_its_reason() {
    assert!(matches!(form("编号,标题\n".as_bytes()), Err(FormError::NotXlsx)));
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "今天天气好").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    assert!(matches!(form(&bytes), Err(FormError::NoHeader)));
    let damaged = &theirs(2)[..900];
    assert!(matches!(form(damaged), Err(FormError::Unreadable(_))));
}
