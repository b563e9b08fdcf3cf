//! Workbooks made by hand, and the rows that are read from them.

use std::io::{Cursor, Write};
use std::ops::ControlFlow;

use anjie::exchange::cell::{Cell, Row, SheetError};
use anjie::exchange::columns::{Columns, Topic};
use anjie::exchange::kind::{Kind, Promise};
use anjie::exchange::ledger::{LedgerReader, LedgerRow, Report, Terms};
use anjie::exchange::sheet::{Book, read_rows_here};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What is read from the bytes of a file in this process.
pub fn read(bytes: &[u8]) -> Result<(Book, Vec<Row>), SheetError> {
    read_sheet(bytes, None)
}

/// The same for one sheet.
pub fn read_sheet(bytes: &[u8], sheet: Option<&str>) -> Result<(Book, Vec<Row>), SheetError> {
    let mut file = Cursor::new(bytes);
    let kind = Kind::of(&mut file, Promise::Anything)?;
    let mut rows = Vec::new();
    let book = read_rows_here(file, (kind, sheet), &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    Ok((book, rows))
}

/// The rows of a ledger of cases.
pub fn ledger(bytes: &[u8], terms: &Terms) -> (Report, Vec<LedgerRow>) {
    let tables = Columns::built_in(Topic::Cases);
    let mut reader = LedgerReader::new(&tables, terms).unwrap();
    let mut found = Vec::new();
    let mut out = |row| {
        found.push(row);
        ControlFlow::Continue(())
    };
    for row in read(bytes).unwrap().1 {
        let _ = reader.take(row, &mut out);
    }
    let report = reader.finish(&mut out);
    (report, found)
}

/// The text of a cell that holds one.
pub fn text(row: &Row, column: u16) -> &str {
    match row.line.cell(column) {
        Cell::Text(text) => text,
        other => panic!("no text in column {column} but {other:?}"),
    }
}

/// A zip of these parts.
pub fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK_RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// An xlsx with one sheet whose XML is given, and its shared strings.
pub fn raw(sheet_data: &str, shared: &[&str]) -> Vec<u8> {
    raw_with(sheet_data, shared, "")
}

/// The same with properties of the workbook.
pub fn raw_with(sheet_data: &str, shared: &[&str], properties: &str) -> Vec<u8> {
    let items: String = shared.iter().map(|text| format!("<si><t>{text}</t></si>")).collect();
    let strings = format!(
        r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{items}</sst>"#
    );
    raw_parts(sheet_data, &strings, properties)
}

/// The same with the whole part of shared strings.
pub fn raw_parts(sheet_data: &str, strings: &str, properties: &str) -> Vec<u8> {
    let book = format!(
        r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">{properties}<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let sheet = format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{sheet_data}</worksheet>"#
    );
    packed(&[
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELS),
        ("xl/workbook.xml", &book),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", &sheet),
    ])
}

/// An ods with one sheet whose rows are given.
pub fn open_document(rows: &str) -> Vec<u8> {
    // Programs write no blanks between cells.
    let rows: String = rows.lines().map(str::trim_start).collect();
    let content = format!(
        r#"<?xml version="1.0"?><office:document-content
        xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
        xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
        xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>
        <office:spreadsheet><table:table table:name="台账">{rows}</table:table>
        </office:spreadsheet></office:body></office:document-content>"#
    );
    let manifest = r#"<?xml version="1.0"?><manifest:manifest
        xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"#;
    packed(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", &content),
    ])
}
