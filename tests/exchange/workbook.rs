//! Workbooks as clerks keep them, cell by cell.

use anjie::exchange::cell::{Cell, Epoch, Origin, Place, Shown, Span, Trouble};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use crate::book::{open_document, raw, raw_with, read, read_sheet, text};

#[test]
fn cells_come_with_their_sheet_row_and_column() {
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = book.add_worksheet().set_name("张家庄村").unwrap();
    sheet.write(1, 1, "路灯不亮").unwrap();
    sheet.write(1, 2, 13_800_138_000_f64).unwrap();
    let moment = ExcelDateTime::from_ymd(2024, 10, 15).unwrap().and_hms(11, 25, 5).unwrap();
    sheet.write_datetime_with_format(1, 3, moment, &day).unwrap();
    sheet.write(1, 4, true).unwrap();
    sheet.write_formula(1, 5, Formula::new("=1+1").set_result("2")).unwrap();
    sheet.write_formula(1, 6, Formula::new("=NA()").set_result("#N/A")).unwrap();
    let (read, rows) = read(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(read.n_rows, 1);
    let row = &rows[0];
    assert_eq!((row.sheet.name.as_str(), row.line.number), ("张家庄村", 2));
    assert_eq!(text(row, 2), "路灯不亮");
    assert_eq!(row.line.cell(3), &Cell::Number(13_800_138_000.0));
    let Cell::Date(moment) = row.line.cell(4) else { panic!("no date") };
    assert_eq!(moment.to_string(), "2024-10-15 11:25:05");
    assert_eq!(row.line.cell(5), &Cell::Bool(true));
    assert_eq!(row.line.cell(6), &Cell::Number(2.0));
    assert_eq!(row.line.cell(7), &Cell::Error("#N/A".to_owned()));
    assert_eq!(row.line.cell(1), &Cell::Empty);
}

#[test]
fn a_date_in_the_chinese_format_is_a_true_date() {
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    let sheet = book.add_worksheet();
    let moment = ExcelDateTime::from_ymd(2024, 10, 15).unwrap();
    sheet.write_datetime_with_format(0, 0, &moment, &day).unwrap();
    let built_in = Format::new().set_num_format_index(31);
    sheet.write_datetime_with_format(0, 1, &moment, &built_in).unwrap();
    let (_, rows) = read(&book.save_to_buffer().unwrap()).unwrap();
    for column in [1, 2] {
        let Cell::Date(moment) = rows[0].line.cell(column) else { panic!("no date") };
        assert_eq!(moment.to_string(), "2024-10-15 00:00:00");
    }
}

#[test]
fn a_workbook_that_counts_from_1904_says_so() {
    let data = r#"<sheetData><row r="1"><c r="A1"><v>44118</v></c></row></sheetData>"#;
    let (book, rows) = read(&raw_with(data, &[], r#"<workbookPr date1904="1"/>"#)).unwrap();
    assert_eq!(book.sheets[0].epoch, Epoch::From1904);
    assert_eq!(rows[0].sheet.epoch, Epoch::From1904);
    assert_eq!(rows[0].line.cell(1), &Cell::Number(44_118.0));
}

#[test]
fn rows_that_are_only_formatted_or_hold_blanks_are_no_rows() {
    let mut book = Workbook::new();
    let grey = Format::new().set_background_color("#EEEEEE");
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "标题").unwrap();
    for row in 1..5_000 {
        for column in 0..6 {
            sheet.write_blank(row, column, &grey).unwrap();
        }
    }
    for (row, blank) in [(100, " "), (200, "\u{3000}\n"), (300, "\u{200b}\u{a0}"), (400, "")] {
        sheet.write(row, 0, blank).unwrap();
    }
    sheet.write(4_000, 1, "末行").unwrap();
    let (read, rows) = read(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(read.n_rows, 2);
    assert_eq!(rows[1].line.number, 4_001);
}

#[test]
fn a_value_merged_downwards_reaches_every_row_that_has_content() {
    let mut book = Workbook::new();
    let plain = Format::new();
    let sheet = book.add_worksheet();
    sheet.merge_range(0, 0, 3, 0, "张家庄村", &plain).unwrap();
    sheet.write(0, 1, "第一件").unwrap();
    sheet.write(1, 1, "第二件").unwrap();
    sheet.write(3, 1, "第四件").unwrap();
    sheet.write(4, 1, "第五件").unwrap();
    sheet.merge_range(5, 1, 5, 3, "横向", &plain).unwrap();
    let (_, rows) = read(&book.save_to_buffer().unwrap()).unwrap();
    let numbers: Vec<u32> = rows.iter().map(|row| row.line.number).collect();
    assert_eq!(numbers, [1, 2, 4, 5, 6]);
    for row in &rows[..3] {
        assert_eq!(text(row, 1), "张家庄村");
    }
    assert_eq!(rows[0].line.cells[0].origin, Origin::Own);
    assert_eq!(rows[1].line.cells[0].origin, Origin::Above);
    assert_eq!(rows[3].line.cell(1), &Cell::Empty);
    assert_eq!(rows[4].line.spans, [Span { first: 2, last: 4 }]);
    assert_eq!(rows[4].line.cell(3), &Cell::Empty);
}

#[test]
fn a_hidden_sheet_is_read_only_when_it_is_asked_for() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("台账").unwrap().write(0, 0, "甲").unwrap();
    let list = book.add_worksheet();
    list.set_name("下拉项").unwrap().set_hidden(true);
    list.write(0, 0, "乙").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let (read, rows) = read(&bytes).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(read.sheets[1].shown, Shown::Hidden);
    let (_, rows) = read_sheet(&bytes, Some("下拉项")).unwrap();
    assert_eq!(text(&rows[0], 1), "乙");
    let error = read_sheet(&bytes, Some("没有")).unwrap_err();
    assert_eq!(error.why, Trouble::NoSuchSheet);
}

#[test]
fn two_cells_in_opposite_corners_cost_nothing_and_the_far_one_is_named() {
    let data = r#"<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row>
        <row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>"#;
    let (book, rows) = read(&raw(data, &[])).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(book.remarks.n_outside, 1);
    let place =
        Place { sheet: Some("Sheet1".to_owned()), row: Some(1_048_576), column: Some(16_384) };
    assert_eq!(book.remarks.outside, Some(place));
}

#[test]
fn a_cell_outside_of_any_grid_is_refused() {
    for reference in ["XFE1", "A1048577", "ZZZ9999999"] {
        let data =
            format!(r#"<sheetData><row r="1"><c r="{reference}"><v>1</v></c></row></sheetData>"#);
        assert_eq!(read(&raw(&data, &[])).unwrap_err().why, Trouble::OutOfGrid, "{reference}");
    }
}

#[test]
fn rows_or_cells_that_do_not_rise_are_refused_with_their_row() {
    let back = r#"<sheetData><row r="5"><c r="A5"><v>1</v></c></row>
        <row r="2"><c r="A2"><v>1</v></c></row></sheetData>"#;
    let twice =
        r#"<sheetData><row r="3"><c r="B3"><v>1</v></c><c r="B3"><v>2</v></c></row></sheetData>"#;
    for (data, row) in [(back, 2), (twice, 3)] {
        let error = read(&raw(data, &[])).unwrap_err();
        assert_eq!((error.why, error.at.row), (Trouble::Disordered, Some(row)));
        assert_eq!(error.at.sheet.as_deref(), Some("Sheet1"));
    }
}

#[test]
fn a_number_beyond_all_bounds_stays_what_it_is_until_its_field_judges() {
    let data = r#"<sheetData><row r="1"><c r="A1"><v>1e999</v></c><c r="B1"><v>NaN</v></c>
        <c r="C1"><v>320981199001010000</v></c></row></sheetData>"#;
    let (_, rows) = read(&raw(data, &[])).unwrap();
    assert_eq!(rows[0].line.cell(1), &Cell::Number(f64::INFINITY));
    assert!(matches!(rows[0].line.cell(2), Cell::Number(number) if number.is_nan()));
    assert!(matches!(rows[0].line.cell(3), Cell::Number(number) if *number > 1e17));
}

#[test]
fn a_cell_of_more_characters_than_a_cell_holds_is_named_and_not_cut() {
    let fits = "字".repeat(32_767);
    let long = "字".repeat(32_768);
    let data = r#"<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row></sheetData>"#;
    let (_, rows) = read(&raw(data, &[&fits, &long])).unwrap();
    assert!(text(&rows[0], 1) == fits);
    assert_eq!(rows[0].line.cell(2), &Cell::Long);
}

#[test]
fn an_open_document_sheet_is_read_with_its_dates() {
    let cells = r#"<table:table-row>
        <table:table-cell office:value-type="string"><text:p>路灯不亮</text:p></table:table-cell>
        <table:table-cell office:value-type="date" office:date-value="2024-10-15"/>
        <table:table-cell office:value-type="float" office:value="5"/></table:table-row>"#;
    let (book, rows) = read(&open_document(cells)).unwrap();
    assert_eq!(book.sheets[0].name, "台账");
    assert_eq!(text(&rows[0], 1), "路灯不亮");
    let Cell::Date(moment) = rows[0].line.cell(2) else { panic!("no date") };
    assert_eq!(moment.to_string(), "2024-10-15 00:00:00");
    assert_eq!(rows[0].line.cell(3), &Cell::Number(5.0));
}
