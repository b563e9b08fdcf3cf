//! The true child: the program itself, with limits of its own.

use std::fs::File;
use std::io::{Cursor, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use anjie::exchange::cell::{Row, SheetError, Trouble};
use anjie::exchange::file;
use anjie::exchange::kind::{Kind, Promise};
use anjie::exchange::sheet::{Book, Reading, read_rows};

use proptest::prelude::{ProptestConfig, any, prop_assert, proptest};

use crate::book::{open_document, packed, raw, text};

fn in_child(bytes: &[u8]) -> Result<(Book, Vec<Row>), SheetError> {
    let mut file = file::spool(Cursor::new(bytes)).unwrap();
    let kind = Kind::of(&mut file, Promise::Anything)?;
    let mut rows = Vec::new();
    let book = read_rows(&reading(kind), file, &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    Ok((book, rows))
}

fn reading(kind: Kind) -> Reading {
    Reading { program: PathBuf::from(env!("CARGO_BIN_EXE_anjie")), kind, sheet: None }
}

#[test]
fn rows_come_through_the_child_as_they_stand_in_the_file() {
    let data = r#"<sheetData><row r="3"><c r="B3" t="s"><v>0</v></c><c r="C3"><v>1e999</v></c></row></sheetData>"#;
    let (book, rows) = in_child(&raw(data, &["路灯\n不亮\u{1}"])).unwrap();
    assert_eq!(book.n_rows, 1);
    assert_eq!(rows[0].line.number, 3);
    assert_eq!(text(&rows[0], 2), "路灯\n不亮\u{1}");
    let (book, rows) = in_child("编号;标题\n1;桥\n".as_bytes()).unwrap();
    assert_eq!(book.remarks.encoding.as_deref(), Some("UTF-8"));
    assert_eq!(text(&rows[1], 2), "桥");
}

#[test]
fn what_is_wrong_with_a_file_comes_through_the_child_with_its_place() {
    let error = in_child("a,b\n1,\"x".as_bytes()).unwrap_err();
    assert_eq!((error.why, error.at.row), (Trouble::OpenQuote, Some(2)));
    let error = in_child(&packed(&[("letter.txt", "hello")])).unwrap_err();
    assert_eq!(error.why, Trouble::NotAWorkbook);
}

#[test]
fn a_workbook_that_asks_for_more_memory_than_the_child_has_is_too_large() {
    // An ods is read as a range: two far cells ask for all the cells between them.
    let rows = r#"<table:table-row table:number-rows-repeated="60000">
        <table:table-cell table:number-columns-repeated="250" office:value-type="float" office:value="5"/>
        </table:table-row>"#;
    let bytes = open_document(rows);
    assert_eq!(in_child(&bytes).unwrap_err().why, Trouble::TooLarge);
}

#[test]
fn a_reference_that_overflows_harms_the_child_alone() {
    for reference in ["AAAAAAAA1", "A99999999999"] {
        let data =
            format!(r#"<sheetData><row r="1"><c r="{reference}"><v>1</v></c></row></sheetData>"#);
        let why = in_child(&raw(&data, &[])).unwrap_err().why;
        assert!(matches!(why, Trouble::OutOfGrid | Trouble::Damaged), "{why:?}");
    }
}

#[test]
fn breaking_off_ends_the_child_and_is_no_error() {
    let mut file = file::spool(Cursor::new("1,2\n".repeat(100_000))).unwrap();
    let kind = Kind::of(&mut file, Promise::Anything).unwrap();
    let mut n_seen = 0;
    let book = read_rows(&reading(kind), file, &mut |_| {
        n_seen += 1;
        if n_seen == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((n_seen, book.unwrap().n_rows), (3, 3));
}

#[test]
fn a_program_that_is_not_there_is_an_error_and_no_fall() {
    let file = file::spool(Cursor::new("1,2\n")).unwrap();
    let mut reading = reading(Kind::Csv);
    reading.program = PathBuf::from("/nonexistent/anjie");
    let error = read_rows(&reading, file, &mut |_| ControlFlow::Continue(())).unwrap_err();
    assert_eq!(error.why, Trouble::NotStarted);
}

#[test]
fn only_a_plain_file_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(file::open(folder.path()).unwrap_err(), Trouble::NotAFile);
    let path = folder.path().join("ledger.csv");
    assert_eq!(file::open(&path).unwrap_err(), Trouble::NotAFile);
    File::create(&path).unwrap().write_all(b"a,b\n").unwrap();
    assert!(file::open(&path).is_ok());
    let pipe = folder.path().join("pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .unwrap();
    assert_eq!(file::open(&pipe).unwrap_err(), Trouble::NotAFile);
}

/// Characters that mean something in a sheet, so that a change reaches the parser.
const SIGNS: &[u8] = b"<>/\"= &;09AZar1c-. ";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_sheet_with_any_signs_in_it_is_refused_or_read_in_order(
        changes in proptest::collection::vec((any::<u32>(), any::<u8>()), 1..6)
    ) {
        let mut data = String::from("<sheetData>");
        for row in 1..12 {
            data.push_str(&format!(
                r#"<row r="{row}"><c r="A{row}" t="s"><v>0</v></c><c r="B{row}"><v>{row}.5</v></c></row>"#
            ));
        }
        data.push_str(r#"</sheetData><mergeCells><mergeCell ref="A3:B5"/></mergeCells>"#);
        let mut bytes = data.into_bytes();
        for (at, sign) in changes {
            let at = at as usize % bytes.len();
            bytes[at] = SIGNS[sign as usize % SIGNS.len()];
        }
        if let Ok((_, rows)) = in_child(&raw(&String::from_utf8(bytes).unwrap(), &["桥"])) {
            let numbers: Vec<u32> = rows.iter().map(|row| row.line.number).collect();
            prop_assert!(numbers.is_sorted_by(|one, next| one < next));
            for row in &rows {
                let columns = row.line.cells.iter().map(|placed| placed.column);
                prop_assert!(columns.is_sorted_by(|one, next| one < next));
            }
        }
    }
}
