//! Ledgers as clerks type them come in with the right rows, whatever kind of file they are.

pub mod grid;
pub mod ledgers;

use anjie::exchange::ledger::{LedgerRow, Report, Terms};

use crate::book::ledger;
use ledgers::{Ledger, all};

fn read(file: &str) -> (Report, Vec<LedgerRow>) {
    let found = all().into_iter().find(|ledger| ledger.file == file).unwrap();
    ledger(&found.bytes, &Terms::default())
}

fn values<'r>(rows: &'r [LedgerRow], field: &str) -> Vec<Option<&'r str>> {
    rows.iter().map(|row| row.value(field)).collect()
}

#[test]
fn every_ledger_has_its_rows_and_each_refusal_its_sheet_row_column_and_reason() {
    for Ledger { file, bytes, n_rows, refusals, dropped } in all() {
        let (report, rows) = ledger(&bytes, &Terms::default());
        assert_eq!((rows.len(), report.n_rows), (n_rows, n_rows as u64), "{file}");
        let problems: Vec<(&str, u32, &str, &str)> = rows
            .iter()
            .flat_map(|row| {
                let place = (row.sheet.name.as_str(), row.row);
                row.problems.iter().map(move |one| (place.0, place.1, one.field.as_str(), one.why))
            })
            .collect();
        assert_eq!(problems, refusals, "{file}");
        let left: Vec<String> =
            report.dropped_columns().into_iter().map(|(header, _)| header).collect();
        let mut dropped = dropped.to_vec();
        dropped.sort_unstable();
        let mut left: Vec<&str> = left.iter().map(String::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, dropped, "{file}");
    }
}

#[test]
fn the_twins_of_a_ledger_hold_the_same_rows() {
    for files in [
        &["L1.xlsx", "L1.xls", "L1.ods"][..],
        &["L2.xlsx", "L2.ods"],
        &["L3.xlsx", "L3.xls", "L3.ods"],
        &["L4.csv", "L4-tab.txt", "L4-bom.csv"],
    ] {
        let (first, others) = files.split_first().unwrap();
        let said = |file: &str| -> Vec<(u32, Vec<(String, String)>)> {
            read(file).1.into_iter().map(|row| (row.row, row.values)).collect()
        };
        let whole = said(first);
        for other in others {
            assert_eq!(said(other), whole, "{other}");
        }
    }
}

#[test]
fn a_bureaus_export_is_read_below_its_title_with_dates_of_every_kind() {
    let (report, rows) = read("L1.xlsx");
    assert_eq!((report.mappings[0].header_row, report.n_totals, report.n_footers), (3, 1, 1));
    assert_eq!(
        values(&rows, "received_on"),
        [
            Some("2024-10-15"),
            Some("2024-10-16"),
            Some("2024-10-17"),
            None,
            None,
            Some("2024-10-20 09:05:00")
        ]
    );
    assert_eq!(rows[0].value("title"), Some("宅基地纠纷"));
    assert_eq!(rows[0].value("channel"), Some("visit"));
    assert_eq!(rows[0].value("closed_on"), Some("2024-11-02"));
    assert_eq!(rows[1].value("due_on"), Some("2024-12-14"));
    let progress = rows[0].value("progress").unwrap();
    assert!(progress.contains("已现场勘察") && progress.contains("转办时间: 2024.10.16"));
}

#[test]
fn the_sheet_of_a_village_fills_the_village_and_a_sheet_of_counts_is_no_ledger() {
    let (report, rows) = read("L2.xlsx");
    let villages = ["张家庄村", "张家庄村", "李家沟村", "李家沟村"].map(Some);
    assert_eq!(values(&rows, "village"), villages);
    assert_eq!(report.headless, ["汇总"]);
    assert_eq!(report.n_blank, 2, "rows that were numbered and never filled");
    assert_eq!((rows[1].value("unit"), rows[1].value("handler")), (Some("水利站"), Some("王丽")));
    assert_eq!(values(&rows[..2], "closed"), [Some("no"), Some("yes")]);
}

#[test]
fn two_rows_of_headers_and_a_leader_for_several_rows_are_understood() {
    let (report, rows) = read("L3.ods");
    assert_eq!(report.mappings[0].header_row, 4);
    let id = Some("11010519491231002X");
    assert_eq!(values(&rows, "petitioner.id_number"), [id, id, None, None]);
    assert_eq!(
        values(&rows, "petitioner.phone"),
        [Some("13800138000"), Some("138 0013 8000"), Some("0317-1234567"), None]
    );
    assert!(rows.iter().all(|row| row.value("lead") == Some("刘建国13800138001")));
    assert_eq!(rows[1].value("petitioner.address"), Some("试点镇张家庄12号"));
    assert_eq!(rows[1].value("petitioner.name"), Some("李 四"));
}

#[test]
fn a_name_beside_a_telephone_number_is_the_petitioners_and_rare_characters_stay() {
    let (_, rows) = read("L4.csv");
    assert_eq!(
        values(&rows, "petitioner.name"),
        [Some("𠮷小明"), Some("王䶮"), Some("李四"), Some("周强")]
    );
    assert_eq!(
        values(&rows, "petitioner.phone"),
        [Some("13800138000"), Some("0317-1234567"), Some("138 0013 8000"), None]
    );
    assert_eq!(rows[0].value("petitioner.address"), Some("湖㳇村3组"));
    assert_eq!(rows[0].value("request"), Some("路灯,\"不亮\"；水渠漏水"));
    assert_eq!(rows[2].value("received_on"), Some("2024-03-03"));
}

#[test]
fn nobodys_business_reaches_no_row_of_the_police_ledger() {
    let (_, rows) = read("L5.xls");
    assert_eq!(rows[0].value("state_number"), Some("X2019001"));
    assert_eq!(values(&rows, "received_on"), [Some("2019-02-28 11:25:05"), Some("2019-03-01")]);
    assert_eq!((rows[0].value("people"), rows[0].value("place")), (Some("2"), Some("东街")));
    let all: String =
        rows.iter().flat_map(|row| &row.values).map(|(_, text)| text.as_str()).collect();
    assert!(!all.contains("无") && !all.contains("治安治安"), "{all}");
}

#[test]
fn a_workbook_that_counts_from_1904_has_its_own_days() {
    let (_, rows) = read("L6.xlsx");
    assert_eq!(
        values(&rows, "received_on"),
        [Some("2024-05-06"), Some("2024-05-07"), Some("2024-05-08")]
    );
    assert_eq!(values(&rows, "due_on"), [Some("2024-12-31"), Some("2024-11-30"), None]);
    assert_eq!(rows[1].value("closed_on"), Some("2024-11-20"));
    assert_eq!(values(&rows, "old_number"), [Some("1"), Some("2"), Some("3")]);
}

#[test]
fn a_printed_form_is_one_record_with_the_values_beside_its_labels() {
    let (report, rows) = read("L7.xlsx");
    assert_eq!(values(&rows, "petitioner.name"), [Some("王 丽"), Some("李四")]);
    assert_eq!(values(&rows, "received_on"), [Some("2024-05-06"), Some("2024-05-09")]);
    assert_eq!(rows[0].value("request"), Some("反映宅基地被占，\n要求确权"));
    assert_eq!(rows[0].value("petitioner.sex"), Some("female"));
    assert_eq!((rows[0].value("unit"), rows[0].value("handler")), (Some("土地所"), Some("周强")));
    assert_eq!(rows[0].row, 2);
    assert_eq!(report.mappings.len(), 2);
}

#[test]
fn a_table_of_counts_beside_the_ledger_is_left_out_and_named() {
    let (report, rows) = read("L8.ods");
    assert_eq!(values(&rows, "class"), [Some("邻里"); 3]);
    let ignored: Vec<&str> =
        report.mappings[0].ignored.iter().map(|one| one.header.as_str()).collect();
    assert!(ignored.contains(&"件数") && ignored.contains(&"类型"), "{ignored:?}");
    assert_eq!(values(&rows, "people"), [Some("3"), Some("5"), None]);
    assert_eq!(values(&rows, "village"), [Some("东街社区"); 3]);
}
