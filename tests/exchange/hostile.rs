//! Files that mean harm, through the true child: a clear reason, little memory, and no fall.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::PathBuf;

use anjie::exchange::cell::{Cell, Row, SheetError, Trouble};
use anjie::exchange::columns::{Columns, Topic};
use anjie::exchange::file;
use anjie::exchange::kind::{Kind, Promise};
use anjie::exchange::ledger::{LedgerReader, LedgerRow, Terms};
use anjie::exchange::sheet::{Book, Reading, read_rows};

use crate::book::{open_document, packed, raw, text};
use crate::messy::grid::{Days, Grid, compound, ods, t, xls, xlsx};

fn in_child(bytes: &[u8]) -> Result<(Book, Vec<Row>), SheetError> {
    let mut file = file::spool(Cursor::new(bytes)).unwrap();
    let kind = Kind::of(&mut file, Promise::Anything)?;
    let program = PathBuf::from(env!("CARGO_BIN_EXE_anjie"));
    let mut rows = Vec::new();
    let book = read_rows(&Reading { program, kind, sheet: None }, file, &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    Ok((book, rows))
}

fn records(bytes: &[u8]) -> Vec<LedgerRow> {
    let (tables, terms) = (Columns::built_in(Topic::Cases), Terms::default());
    let mut reader = LedgerReader::new(&tables, &terms).unwrap();
    let mut found = Vec::new();
    let mut out = |row| {
        found.push(row);
        ControlFlow::Continue(())
    };
    for row in in_child(bytes).unwrap().1 {
        let _ = reader.take(row, &mut out);
    }
    let _ = reader.finish(&mut out);
    found
}

#[test]
fn a_workbook_with_a_password_says_so_whatever_program_locked_it() {
    // An xlsx with a password is a compound file whose parts are scrambled.
    let scrambled = compound("EncryptedPackage", vec![7; 5_000]);
    assert_eq!(in_child(&scrambled).unwrap_err().why, Trouble::Encrypted);
    // An xls with a password has a record that says so before its sheets.
    let mut locked = xls(&[Grid::new("台账").texts(&["信访人", "诉求"])]);
    let first = 3 * 512;
    assert_eq!(locked[first..first + 2], [0x09, 0x08]);
    let record = [[0x2F, 0x00, 6, 0].as_slice(), &[1, 0, 1, 0, 1, 0]].concat();
    let at = first + 4 + 16;
    locked[at..at + record.len()].copy_from_slice(&record);
    assert_eq!(in_child(&locked).unwrap_err().why, Trouble::Encrypted);
    // An ods with a password says so in its list of parts.
    let manifest = r#"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"#;
    let locked = packed(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", "scrambled"),
    ]);
    assert_eq!(in_child(&locked).unwrap_err().why, Trouble::Encrypted);
}

#[test]
fn a_million_columns_are_refused_or_counted_and_never_held() {
    let cells: String = (0..1_000_000).map(|_| "<c><v>1</v></c>").collect();
    let wide = raw(&format!(r#"<sheetData><row r="1">{cells}</row></sheetData>"#), &[]);
    assert!(wide.len() < 200_000, "a small file");
    assert_eq!(in_child(&wide).unwrap_err().why, Trouble::OutOfGrid);
    let text = format!("信访人,诉求{}\n王丽,修路\n", ",x".repeat(1_000_000));
    let why = in_child(text.as_bytes()).map(|(book, _)| book.remarks.n_outside);
    assert!(matches!(&why, Err(error) if error.why == Trouble::OutOfGrid), "{why:?}");
    let row = r#"<table:table-row><table:table-cell table:number-columns-repeated="1000000" office:value-type="float" office:value="5"/></table:table-row>"#;
    let counted = in_child(&open_document(row)).map(|(book, _)| book.remarks.n_outside);
    assert!(matches!(counted, Ok(n) if n > 1_000), "{counted:?}");
}

#[test]
fn entities_are_expanded_in_no_kind_of_file() {
    let mut laughs = r#"<!ENTITY e0 "laugh">"#.to_owned();
    for level in 1..12 {
        let inner = format!("&e{};", level - 1).repeat(10);
        laughs.push_str(&format!(r#"<!ENTITY e{level} "{inner}">"#));
    }
    let content = format!(
        r#"<!DOCTYPE x [{laughs}]><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="a"><table:table-row><table:table-cell office:value-type="string"><text:p>&e11;</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    let bytes = packed(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest xmlns:manifest=\"m\"/>"),
        ("content.xml", &content),
    ]);
    match in_child(&bytes) {
        Err(error) => assert!(matches!(error.why, Trouble::Damaged | Trouble::Blank), "{error:?}"),
        Ok((_, rows)) => assert!(text(&rows[0], 1).len() < 20),
    }
}

#[test]
fn the_far_corners_of_an_old_or_open_workbook_cost_the_child_alone() {
    let far = |place: [u16; 2]| {
        let mut cells = vec![t(""); usize::from(place[1])];
        cells.push(t("远"));
        let mut sheet = Grid::new("台账").texts(&["近"]);
        for _ in 1..place[0] {
            sheet = sheet.texts(&[]);
        }
        sheet.row(&cells)
    };
    let (_, rows) = in_child(&xls(&[far([300, 200])])).unwrap();
    assert_eq!((rows.len(), rows[1].line.number), (2, 301));
    // The last cell of the grid of an xls: its reader makes a range of all cells between.
    let mut corner = xls(&[far([1, 1])]);
    let units: Vec<u8> = "远".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let at = corner.windows(2).position(|two| two == units).unwrap() - 9;
    corner[at..at + 4].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0x00]);
    match in_child(&corner) {
        Err(error) => assert_eq!(error.why, Trouble::TooLarge),
        Ok((_, rows)) => assert_eq!(rows[1].line.number, 65_536),
    }
}

#[test]
fn an_old_or_open_workbook_that_was_cut_off_or_scrambled_is_refused_or_read() {
    let sheet = [Grid::new("台账").texts(&["信访人", "诉求"]).texts(&["王丽", "修路"])];
    let (old, open) = (xls(&sheet), ods(&sheet));
    for bytes in [&old, &open] {
        assert_eq!(in_child(bytes).unwrap().1.len(), 2);
        let step = bytes.len() / 8 + 1;
        for end in (8..bytes.len()).step_by(step) {
            if let Ok((_, rows)) = in_child(&bytes[..end]) {
                assert!(rows.len() <= 2);
            }
        }
        for at in (8..bytes.len()).step_by(step) {
            let mut bytes = bytes.clone();
            bytes[at] ^= 0x55;
            let _ = in_child(&bytes);
        }
    }
}

#[test]
fn a_file_is_named_for_what_it_is_and_not_for_its_ending() {
    let whole = xlsx(&[Grid::new("台账").texts(&["信访人", "诉求"])], Days::From1900);
    let kind = |bytes: &[u8], name: &str| Kind::of(&mut Cursor::new(bytes), Promise::of_name(name));
    assert_eq!(kind(&whole, "台账.csv"), Ok(Kind::Xlsx));
    assert_eq!(kind(&xls(&[Grid::new("a").texts(&["b"])]), "台账.xlsx"), Ok(Kind::Xls));
    assert_eq!(kind("信访人,诉求\n".as_bytes(), "台账.xlsx"), Err(Trouble::NotAWorkbook));
    assert_eq!(kind(b"%PDF-1.7\n\x00\x00", "ledger.csv"), Err(Trouble::NotAWorkbook));
    assert_eq!(kind(b"<html>", "ledger.xls"), Err(Trouble::WebPage));
}

#[test]
fn lone_surrogates_and_signs_that_turn_text_round_are_cleaned_or_refused() {
    // Half of a character, as broken programs cut it: in an xls, and in a text of UTF-16.
    let mut old = xls(&[Grid::new("a").texts(&["信访人", "诉求"]).texts(&["王丽", "修路Q"])]);
    let at = old.windows(2).position(|two| two == [0x51, 0x00]).unwrap();
    old[at..at + 2].copy_from_slice(&[0x00, 0xD8]);
    let rows = records(&old);
    assert_eq!(rows[0].value("request"), Some("修路\u{fffd}"));
    let mut wide: Vec<u8> =
        "\u{feff}信访人,诉求\n王丽,修路Q\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let at = wide.windows(2).position(|two| two == [0x51, 0x00]).unwrap();
    wide[at..at + 2].copy_from_slice(&[0x00, 0xD8]);
    let (book, _) = in_child(&wide).unwrap();
    assert_eq!(book.remarks.n_replaced, 1);
    // Turned text and control characters: gone from a request, and no name.
    let sheet = Grid::new("a").texts(&["信访人", "诉求", "联系电话"]).texts(&[
        "王\u{202e}丽",
        "修\u{2066}路\u{7}\u{9b}2J",
        "138\u{200f}00138000",
    ]);
    let rows = records(&ods(&[sheet]));
    assert_eq!(rows[0].value("request"), Some("修路2J"));
    let whys: Vec<(&str, &str)> =
        rows[0].problems.iter().map(|one| (one.field.as_str(), one.why)).collect();
    let hidden = "hidden_characters";
    assert_eq!(whys, [("petitioner.name", hidden), ("petitioner.phone", hidden)]);
}

#[test]
fn a_cell_of_ten_thousand_characters_is_kept_whole_and_a_longer_one_is_named() {
    let long = "诉".repeat(10_000);
    let sheet = |text: &str| [Grid::new("a").texts(&["信访人", "诉求"]).texts(&["王丽", text])];
    for bytes in [xlsx(&sheet(&long), Days::From1900), ods(&sheet(&long))] {
        assert_eq!(records(&bytes)[0].value("request"), Some(long.as_str()));
    }
    let longer = "诉".repeat(40_000);
    let (_, rows) = in_child(&ods(&sheet(&longer))).unwrap();
    assert_eq!(rows[1].line.cell(2), &Cell::Long);
    assert_eq!(records(&ods(&sheet(&longer)))[0].problems[0].why, "too_long");
}
