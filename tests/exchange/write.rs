//! Refused rows as a workbook, and the making of files.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use anjie::exchange::columns::{Columns, Topic};
use anjie::exchange::file::{Existing, SaveError, save};
use anjie::exchange::ledger::Terms;
use anjie::exchange::write::{Labels, Rejects};
use rust_xlsxwriter::Workbook;

use crate::book::{ledger, read, text};

fn labels() -> Labels {
    let label = str::to_owned;
    Labels {
        reason: label("不能导入的原因"), row: label("原行号"), sheet: label("台账")
    }
}

#[test]
fn refused_rows_come_back_as_they_were_with_the_reason_and_without_dropped_columns() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("一季度").unwrap();
    for (column, header) in ["信访人", "诉求", "民族", "收到时间", "其他栏"].iter().enumerate()
    {
        sheet.write(0, column as u16, *header).unwrap();
    }
    for (column, value) in ["张三", "=1+1", "某", "1.10", "\u{1b}[2J旧"].iter().enumerate() {
        sheet.write_string(1, column as u16, *value).unwrap();
    }
    sheet.write_number(1, 3, 1.1).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let (report, rows) = ledger(&bytes, &Terms::default());
    assert_eq!(rows[0].problems[0].why, "date_ambiguous");

    let labels = labels();
    let tables = Columns::built_in(Topic::Cases);
    let mut rejects = Rejects::new((&tables, &report.mappings), &labels);
    assert!(rejects.is_empty());
    for row in read(&bytes).unwrap().1.iter().skip(1) {
        rejects.push(row, "日期不明确");
    }
    let written = rejects.bytes().unwrap();
    let (book, back) = read(&written).unwrap();
    assert_eq!(book.sheets[0].name, "一季度");
    let header: Vec<&str> = (1..=6).map(|column| text(&back[0], column)).collect();
    assert_eq!(header, ["不能导入的原因", "原行号", "信访人", "诉求", "收到时间", "其他栏"]);
    let row: Vec<&str> = (1..=6).map(|column| text(&back[1], column)).collect();
    assert_eq!(row, ["日期不明确", "2", "张三", "=1+1", "1.1", "[2J旧"]);
    // Corrected in the list itself, the row can be read again.
    let (again, rows) = ledger(&written, &Terms::default());
    assert_eq!(again.mappings[0].dropped, []);
    assert_eq!(rows[0].value("request"), Some("=1+1"));
}

#[test]
fn a_file_is_its_owners_alone_and_never_written_over_without_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("refused.xlsx");
    save(&path, b"one", Existing::Keep).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(save(&path, b"two", Existing::Keep), Err(SaveError::Exists));
    assert_eq!(fs::read(&path).unwrap(), b"one");
    save(&path, b"two", Existing::Replace).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"two");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn nothing_is_written_through_a_link_or_into_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("target");
    fs::write(&target, b"precious").unwrap();
    let link = folder.path().join("link.xlsx");
    symlink(&target, &link).unwrap();
    let dangling = folder.path().join("dangling.xlsx");
    symlink(folder.path().join("nowhere"), &dangling).unwrap();
    for existing in [Existing::Keep, Existing::Replace] {
        assert_eq!(save(&link, b"x", existing), Err(SaveError::NotAFile));
        assert_eq!(save(&dangling, b"x", existing), Err(SaveError::NotAFile));
        assert_eq!(save(folder.path(), b"x", existing), Err(SaveError::NotAFile));
    }
    assert_eq!(fs::read(&target).unwrap(), b"precious");
    let nowhere = folder.path().join("no/such/folder.xlsx");
    assert_eq!(save(&nowhere, b"x", Existing::Keep), Err(SaveError::NotSaved));
}
