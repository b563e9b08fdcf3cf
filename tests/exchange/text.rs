//! Tables of text with delimiters.

use anjie::exchange::cell::{Cell, Trouble};
use encoding_rs::GB18030;

use crate::book::{read, text};

#[test]
fn a_table_in_the_offices_own_encoding_is_read_and_named() {
    let (bytes, ..) = GB18030.encode("编号,标题\r\n1,湖㳇村路灯不亮\r\n");
    let (book, rows) = read(&bytes).unwrap();
    assert_eq!(book.remarks.encoding.as_deref(), Some("gb18030"));
    assert_eq!(book.remarks.n_replaced, 0);
    assert_eq!(text(&rows[1], 2), "湖㳇村路灯不亮");
    assert_eq!(rows[1].line.number, 2);
}

#[test]
fn a_table_with_a_mark_in_front_loses_the_mark_and_nothing_else() {
    for bytes in [
        "\u{feff}编号;标题\n1;桥\n".as_bytes().to_vec(),
        "\u{feff}编号\t标题\r1\t桥\r".encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "\u{feff}编号,标题\n1,桥".encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ] {
        let (_, rows) = read(&bytes).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!((text(&rows[0], 1), text(&rows[1], 2)), ("编号", "桥"));
    }
}

#[test]
fn quotes_hold_delimiters_line_breaks_and_quotes() {
    let (_, rows) =
        read("a,b,c\n1,\"两行\n文字, 带\"\"引号\"\"\",3\n4,5 \"寸\",\"\"\n".as_bytes()).unwrap();
    assert_eq!(text(&rows[1], 2), "两行\n文字, 带\"引号\"");
    assert_eq!(text(&rows[1], 3), "3");
    // The row number counts rows as a spreadsheet program does, not lines.
    assert_eq!(rows[2].line.number, 3);
    assert_eq!(text(&rows[2], 2), "5 \"寸\"");
    assert_eq!(rows[2].line.cell(3), &Cell::Empty);
}

#[test]
fn an_unclosed_quote_is_reported_at_the_line_where_it_opened() {
    let mut open = "编号,内容\n1,好\n2,\"没有结束\n".to_owned();
    for number in 3..2_000 {
        open.push_str(&format!("{number},内容\n"));
    }
    let error = read(open.as_bytes()).unwrap_err();
    assert_eq!((error.why, error.at.row), (Trouble::OpenQuote, Some(3)));
    let error = read("a,b\n\n\"x\n\",1\n1,\"末行".as_bytes()).unwrap_err();
    assert_eq!((error.why, error.at.row), (Trouble::OpenQuote, Some(5)));
    // A later quote closes it in the wrong place.
    let error = read("a,b\n1,\"没有结束\n2,\"内容\"\n".as_bytes()).unwrap_err();
    assert_eq!((error.why, error.at.row), (Trouble::OpenQuote, Some(2)));
}

#[test]
fn ragged_rows_blank_rows_and_a_missing_last_line_break_are_read() {
    let (book, rows) = read("a,b\n\n,,,\n1\n2,3,4,5".as_bytes()).unwrap();
    assert_eq!(book.n_rows, 3);
    let numbers: Vec<u32> = rows.iter().map(|row| row.line.number).collect();
    assert_eq!(numbers, [1, 4, 5]);
    assert_eq!(text(&rows[2], 4), "5");
}

#[test]
fn a_field_of_fifty_megabytes_is_named_and_never_held() {
    let long = format!("a,b\n1,{}\n2,\"{}\"\n", "x".repeat(25 << 20), "y".repeat(25 << 20));
    let (_, rows) = read(long.as_bytes()).unwrap();
    assert_eq!(rows[1].line.cell(2), &Cell::Long);
    assert_eq!(rows[2].line.cell(2), &Cell::Long);
}

#[test]
fn a_file_of_more_than_sixty_four_megabytes_is_refused() {
    let long = vec![b'x'; (64 << 20) + 1];
    assert_eq!(read(&long).unwrap_err().why, Trouble::TooLarge);
}

#[test]
fn a_million_rows_of_one_cell_are_read() {
    let (book, rows) = read("1,\n".repeat(1_000_000).as_bytes()).unwrap();
    assert_eq!((book.n_rows, rows.len()), (1_000_000, 1_000_000));
    let error = read("1,\n".repeat(1_048_577).as_bytes()).unwrap_err();
    assert_eq!(error.why, Trouble::OutOfGrid);
}

#[test]
fn digits_that_were_kept_from_computing_come_without_their_guard() {
    let (_, rows) =
        read("编号,身份证\n\"=\"\"0012\"\"\",=\"11010519491231002X\"\n".as_bytes()).unwrap();
    assert_eq!(text(&rows[1], 1), "0012");
    assert_eq!(text(&rows[1], 2), "11010519491231002X");
}

#[test]
fn nothing_and_blanks_are_a_blank_file() {
    for bytes in ["", "\u{feff}", "\n\n", " , ,\n"] {
        assert_eq!(read(bytes.as_bytes()).unwrap_err().why, Trouble::Blank, "{bytes:?}");
    }
}
