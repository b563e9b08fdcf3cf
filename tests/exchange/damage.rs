//! Files that are broken or mean harm: each is refused with its reason, or read right.

use std::io::Write;

use anjie::exchange::cell::Trouble;
use proptest::prelude::{ProptestConfig, any, proptest};
use rust_xlsxwriter::Workbook;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::book::{packed, raw, raw_parts, read, text};

const FIRST: &str = r#"<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>"#;

#[test]
fn a_small_file_that_unpacks_to_hundreds_of_megabytes_is_refused() {
    let spaces = " ".repeat(65 << 20);
    let in_sheet = raw(&format!("{spaces}{FIRST}"), &["x"]);
    let in_strings = raw(FIRST, &[&spaces]);
    for bytes in [in_sheet, in_strings] {
        assert!(bytes.len() < 1 << 20);
        assert_eq!(read(&bytes).unwrap_err().why, Trouble::TooLarge);
    }
}

#[test]
fn sizes_that_lie_do_not_help() {
    let bytes = raw(FIRST, &[&" ".repeat(65 << 20)]);
    // The size of each part stands 24 bytes behind the mark of its entry in the directory.
    let mut lying = bytes.clone();
    for at in 0..lying.len() - 4 {
        if &lying[at..at + 4] == b"PK\x01\x02" {
            lying[at + 24..at + 28].copy_from_slice(&1_000_u32.to_le_bytes());
        }
    }
    let why = read(&lying).unwrap_err().why;
    assert!(matches!(why, Trouble::TooLarge | Trouble::Damaged), "{why:?}");
}

#[test]
fn one_long_text_that_is_named_many_times_is_refused() {
    let cells: String = (1..=9_000)
        .map(|row| format!(r#"<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>"#))
        .collect();
    let data = format!("<sheetData>{cells}</sheetData>");
    let bytes = raw(&data, &["x".repeat(30_000).as_str()]);
    assert!(bytes.len() < 200_000);
    assert_eq!(read(&bytes).unwrap_err().why, Trouble::TooLarge);
}

#[test]
fn a_zip_of_too_many_parts_is_refused() {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for part in 0..2_001 {
        zip.start_file(format!("part{part}"), SimpleFileOptions::default()).unwrap();
        zip.write_all(b"x").unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert_eq!(read(&bytes).unwrap_err().why, Trouble::TooLarge);
}

#[test]
fn a_zip_that_is_no_workbook_is_refused() {
    let why = read(&packed(&[("letter.txt", "hello")])).unwrap_err().why;
    assert_eq!(why, Trouble::NotAWorkbook);
}

#[test]
fn an_old_workbook_that_is_none_is_refused() {
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    bytes.resize(4_096, 0);
    assert_eq!(read(&bytes).unwrap_err().why, Trouble::Damaged);
}

#[test]
fn a_workbook_that_was_cut_off_anywhere_is_refused_as_damaged() {
    let whole = raw(FIRST, &["路灯不亮"]);
    for end in (8..whole.len()).step_by(37) {
        assert_eq!(read(&whole[..end]).unwrap_err().why, Trouble::Damaged, "cut at {end}");
    }
}

#[test]
fn entities_are_never_expanded_into_a_flood_or_a_file() {
    let mut laughs = r#"<!ENTITY e0 "laugh"><!ENTITY file SYSTEM "file:///etc/passwd">"#.to_owned();
    for level in 1..12 {
        let inner = format!("&e{};", level - 1).repeat(10);
        laughs.push_str(&format!(r#"<!ENTITY e{level} "{inner}">"#));
    }
    for entity in ["&e11;", "&file;", "&e0;"] {
        let strings = format!(
            r#"<?xml version="1.0"?><!DOCTYPE sst [{laughs}]><sst><si><t>{entity}</t></si></sst>"#
        );
        match read(&raw_parts(FIRST, &strings, "")) {
            Err(error) => assert!(matches!(error.why, Trouble::Damaged | Trouble::Blank)),
            Ok((_, rows)) => {
                let text = text(&rows[0], 1);
                assert!(text.len() < 20 && !text.contains("root"), "{text:?}");
            }
        }
    }
}

#[test]
fn a_text_that_does_not_exist_is_refused() {
    let data = r#"<sheetData><row r="1"><c r="A1" t="s"><v>7</v></c></row></sheetData>"#;
    let error = read(&raw(data, &["x"])).unwrap_err();
    assert_eq!(error.why, Trouble::Damaged);
    assert_eq!(error.at.sheet.as_deref(), Some("Sheet1"));
}

#[test]
fn merged_ranges_that_cover_the_grid_or_each_other_cost_nothing() {
    let data = format!(
        r#"{FIRST}<mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="A1:B2"/></mergeCells>"#
    );
    assert_eq!(read(&raw(&data, &["x"])).unwrap().1.len(), 1);
}

fn whole() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..40 {
        sheet.write(row, 0, format!("信访事项{row}")).unwrap();
        sheet.write(row, 1, f64::from(row) * 1.5).unwrap();
    }
    book.save_to_buffer().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_change_of_bytes_makes_the_reader_fall(
        changes in proptest::collection::vec((any::<u32>(), any::<u8>()), 1..8)
    ) {
        let mut bytes = whole();
        for (at, byte) in changes {
            let at = at as usize % bytes.len();
            bytes[at] = byte;
        }
        let _ = read(&bytes);
    }

    #[test]
    fn no_text_makes_the_reader_fall(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
    }
}
