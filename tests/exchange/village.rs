//! Forms of villages out and in again: unchanged they say nothing, and whatever was done to them by
//! hand, each row keeps its name.

use anjie::api::incoming::ImportRow;
use anjie::api::village::{FormMatter, FormTask, FormView};
use anjie::domain::case::Stage;
use anjie::domain::ids::{DutyId, UnitId};
use anjie::domain::village_form::{FormId, ROWS_MAX, RowOf};
use anjie::exchange::village::read::Reader;
use anjie::exchange::village::xlsx;
use anjie::locale::Lang;
use rust_xlsxwriter::Workbook;

use crate::book::read;

fn form() -> FormView {
    let id = FormId {
        town: "青信".to_owned(),
        code: "M3".to_owned(),
        period: "2026-10".to_owned(),
        village: UnitId(1),
        duty: DutyId(2),
    };
    let matter = |number: u64, title: &str| {
        let printed = format!("青信2026-{number:04}");
        FormMatter {
            row: id.print_row(RowOf::Matter(number), [&printed, title]),
            number: printed,
            person: Some("张小明".to_owned()),
            title: title.to_owned(),
            stage: Stage::Handling,
            lead: None,
        }
    };
    let task = FormTask {
        row: id.print_row(RowOf::Task(7), ["2.1", "积案化解"]),
        code: "2.1".to_owned(),
        title: "积案化解".to_owned(),
        until: "2026-10-25".parse().unwrap(),
    };
    FormView {
        form: id.print(),
        town: "青石镇".to_owned(),
        duty: ("M3".to_owned(), "一月一排查".to_owned()),
        period: "2026-10".to_owned(),
        due: "2026-10-20".parse().unwrap(),
        zero: true,
        village: "张家庄村".to_owned(),
        matters: vec![matter(1, "水渠漏水"), matter(2, "=1+1 路灯不亮")],
        tasks: vec![task],
        n_left_out: 0,
    }
}

fn returned(bytes: &[u8]) -> Result<Vec<ImportRow>, String> {
    let mut reader = Reader::new(Lang::Zh);
    for row in read(bytes).unwrap().1 {
        if reader.take(&row).is_break() {
            break;
        }
    }
    reader.finish().map_err(|broken| broken.key)
}

fn value<'r>(row: &'r ImportRow, name: &str) -> &'r str {
    row.values.iter().find(|(own, _)| own == name).map_or("", |(_, text)| text)
}

/// A sheet as somebody may send it back: texts as they stand in its cells.
fn sheet(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let own = book.add_worksheet();
    for (at, cells) in (0_u32..).zip(rows) {
        for (column, text) in (0_u16..).zip(*cells) {
            own.write_string(at, column, *text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_form_that_is_read_as_it_went_out_names_its_rows_and_says_nothing() {
    let form = form();
    for lang in [Lang::Zh, Lang::En] {
        let rows = returned(&xlsx(lang, &form).unwrap()).unwrap();
        assert_eq!(value(&rows[0], "form"), form.form);
        assert_eq!(rows[0].values.len(), 2, "nobody has reported it yet");
        let told: Vec<_> =
            rows[1..].iter().map(|row| (value(row, "kind"), value(row, "row"))).collect();
        let own = |at: usize| ("matter", form.matters[at].row.as_str());
        assert_eq!(told, [own(0), own(1), ("task", form.tasks[0].row.as_str())]);
        assert_eq!(value(&rows[2], "title"), "=1+1 路灯不亮", "a text that is never computed");
        assert!(rows.iter().all(|row| row.problems.is_empty()));
        assert!(rows[1..].iter().all(|row| row.values.len() == 4));
    }
}

#[test]
fn the_cells_of_a_form_are_texts_and_its_sheets_have_no_program() {
    let bytes = xlsx(Lang::Zh, &form()).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert!(
        !names.iter().any(|name| name.contains("vba") || name.contains("external")),
        "{names:?}"
    );
    let mut sheet = String::new();
    let mut part = archive.by_name("xl/worksheets/sheet1.xml").unwrap();
    std::io::Read::read_to_string(&mut part, &mut sheet).unwrap();
    assert!(!sheet.contains("<f>"), "nothing is computed");
    assert!(sheet.contains("ySplit=\"4\"") && sheet.contains("dataValidation"), "{sheet}");
}

#[test]
fn what_a_village_fills_in_is_read_whatever_it_did_to_the_rows() {
    let form = form();
    let own = &form.matters;
    let bytes = sheet(&[
        &["备注：本月召开一次会", "", ""],
        &["表号", &form.form],
        // Columns in another order, headers with blanks, and one that nobody asked for.
        &["行 号", "编号", "本期进展", "事项", "进展日期：", "群众意见", "经手人"],
        &[&own[1].row, &own[1].number, "已装灯", &own[1].title, "10月15日", "同意", "老王"],
        &[&own[0].row, &own[0].number, "", &own[0].title, "2026/10/12", "", ""],
        &["", "", "", "", "", "", ""],
        &["序号", "姓名", "新诉求", "联系电话", "日期"],
        &["1", "李梅", "桥面塌陷", "１３８００００１２３４", "10.9"],
        &["2", "", "", "", ""],
        &["零报告", "否"],
        &["报送人：王建国"],
        &["签字人", "张村长"],
        &["报送日期", "二〇二六年十月十八日"],
    ]);
    let rows = returned(&bytes).unwrap();
    let kinds: Vec<&str> = rows.iter().map(|row| value(row, "kind")).collect();
    assert_eq!(kinds, ["head", "matter", "matter", "new"]);
    let foot = ["reporter", "signer", "on", "zero"].map(|name| value(&rows[0], name));
    assert_eq!(foot, ["王建国", "张村长", "2026-10-18", ""]);
    assert_eq!(
        (value(&rows[1], "row"), value(&rows[1], "on")),
        (own[1].row.as_str(), "2026-10-15")
    );
    assert_eq!(value(&rows[1], "text"), "已装灯\n群众意见: 同意");
    assert_eq!((value(&rows[2], "text"), value(&rows[2], "on")), ("", "2026-10-12"));
    assert_eq!((value(&rows[3], "phone"), value(&rows[3], "on")), ("13800001234", "2026-10-09"));
    assert_eq!((rows[3].row, rows[3].problems.len()), (8, 0));
}

#[test]
fn a_day_without_its_year_is_one_of_the_period_and_what_is_no_day_is_named() {
    let form = form();
    let row = |day: &'static str| {
        let bytes = sheet(&[
            &["表号", &form.form],
            &["行号", "编号", "事项", "本期进展", "进展日期"],
            &[&form.matters[0].row, &form.matters[0].number, "水渠漏水", "已修", day],
        ]);
        returned(&bytes).unwrap().remove(1)
    };
    assert_eq!(value(&row("12-30"), "on"), "2026-12-30");
    assert_eq!(value(&row("1.5"), "on"), "2027-01-05");
    assert_eq!(value(&row("3月1日"), "on"), "2026-03-01");
    for wrong in ["昨天", "2026-02-30", "13.45"] {
        assert_eq!(row(wrong).problems[0].0, "on", "{wrong}");
    }
}

#[test]
fn what_is_no_form_and_what_is_two_of_them_is_refused() {
    let form = form();
    assert_eq!(
        returned(&sheet(&[&["姓名", "诉求"], &["李梅", "修路"]])),
        Err("return_is_no_form".to_owned())
    );
    let id = FormId::parse(&form.form).unwrap();
    let other = FormId { village: UnitId(2), duty: DutyId(3), ..id }.print();
    let two = sheet(&[&["表号", &form.form], &["表号", &other]]);
    assert_eq!(returned(&two), Err("return_of_two_forms".to_owned()));
    // An id that somebody typed over is handed on, so that it is told what is the matter.
    let changed = form.form.replace("/1/", "/9/");
    assert_eq!(value(&returned(&sheet(&[&["表号", &changed]])).unwrap()[0], "form"), changed);
}

#[test]
fn a_form_full_of_words_for_nothing_is_empty_and_may_be_a_zero_report() {
    let form = form();
    let (own, task) = (&form.matters, &form.tasks[0]);
    let bytes = sheet(&[
        &["表号", &form.form],
        &["行号", "编号", "事项", "本期进展", "进展日期", "群众意见"],
        &[&own[0].row, &own[0].number, &own[0].title, "无", "/", " 没有 "],
        &[&own[1].row, &own[1].number, &own[1].title, "—", "－", "没"],
        &["序号", "姓名", "新诉求", "联系电话", "日期"],
        &["1", "无", "无", "无", "无"],
        &["2", "", "-", "", ""],
        &["零报告", "是"],
        &["报送人：王建国"],
        &["签字人", "无"],
        &["报送日期", "/"],
        &["行号", "编码", "任务", "完成日期", "文号", "存放处", "说明"],
        &[&task.row, &task.code, &task.title, "无", "——", "无", "没有"],
    ]);
    let rows = returned(&bytes).unwrap();
    assert!(rows.iter().all(|row| row.problems.is_empty()), "{rows:?}");
    let foot = ["reporter", "zero", "signer", "on"].map(|name| value(&rows[0], name));
    assert_eq!(foot, ["王建国", "yes", "", ""]);
    let kinds: Vec<&str> = rows[1..].iter().map(|row| value(row, "kind")).collect();
    assert_eq!(kinds, ["matter", "matter", "task"], "no new request");
    // As they went out: the kind, the id, the number and the title.
    assert!(rows[1..].iter().all(|row| row.values.len() == 4), "{rows:?}");
    // A sentence that begins with the word is a sentence.
    let bytes = sheet(&[
        &["表号", &form.form],
        &["行号", "编号", "事项", "本期进展", "进展日期"],
        &[&own[0].row, &own[0].number, &own[0].title, "无法联系本人", ""],
    ]);
    assert_eq!(value(&returned(&bytes).unwrap()[1], "text"), "无法联系本人");
}

#[test]
fn a_form_of_too_many_rows_is_broken_off_and_its_foot_is_kept_once() {
    let form = form();
    let mut rows: Vec<Vec<String>> = vec![
        vec!["表号".to_owned(), form.form],
        vec!["序号", "姓名", "新诉求"].into_iter().map(str::to_owned).collect(),
    ];
    rows.extend(
        (0..ROWS_MAX + 50).map(|at| vec![at.to_string(), "李梅".to_owned(), "修路".to_owned()]),
    );
    let made = |rows: &[Vec<String>]| {
        let rows: Vec<Vec<&str>> =
            rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        sheet(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
    };
    let bytes = made(&rows);
    let mut reader = Reader::new(Lang::Zh);
    let read_rows = read(&bytes).unwrap().1;
    let n_taken = read_rows.iter().take_while(|row| reader.take(row).is_continue()).count();
    assert_eq!(n_taken, 2 + ROWS_MAX, "the row behind the last one breaks it off");
    let why = reader.finish().unwrap_err();
    assert_eq!((why.key.as_str(), why.args[0].1.as_str()), ("return_is_too_long", "1000"));
    rows.truncate(2 + ROWS_MAX);
    rows.extend((0..50).map(|at| vec!["报送人".to_owned(), format!("王建国{at}")]));
    let kept = returned(&made(&rows)).unwrap();
    assert_eq!(kept.len(), 1 + ROWS_MAX);
    assert_eq!((kept[0].values.len(), value(&kept[0], "reporter")), (3, "王建国0"));
}
