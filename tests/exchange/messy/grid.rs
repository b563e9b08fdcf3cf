//! A table of cells, and its twins: xlsx, xls, ods and texts with delimiters.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What stands in a cell.
#[derive(Clone)]
pub enum Value {
    /// Nothing.
    Blank,
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// A true date.
    Day(i32, u32, u32),
    /// A formula with the number that was last computed.
    Formula(&'static str, f64),
}

/// A text, or nothing.
pub fn t(text: &str) -> Value {
    if text.is_empty() { Value::Blank } else { Value::Text(text.to_owned()) }
}

/// A number.
pub fn n(number: f64) -> Value {
    Value::Number(number)
}

/// A true date.
pub fn day(year: i32, month: u32, day: u32) -> Value {
    Value::Day(year, month, day)
}

/// Rows and columns of a merged range, all from 0 and the last ones in it.
pub type Merge = (u32, u32, u32, u32);

/// A sheet.
#[derive(Clone, Default)]
pub struct Grid {
    name: String,
    rows: Vec<Vec<Value>>,
    merges: Vec<Merge>,
    n_phantoms: u32,
}

/// From which day a workbook counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// The usual one.
    From1900,
    /// The one of old workbooks.
    From1904,
}

impl Days {
    fn serial(self, (year, month, day): (i32, u32, u32)) -> f64 {
        let zero = match self {
            Self::From1900 => chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap(),
            Self::From1904 => chrono::NaiveDate::from_ymd_opt(1904, 1, 1).unwrap(),
        };
        let day = chrono::NaiveDate::from_ymd_opt(year, month, day).unwrap();
        day.signed_duration_since(zero).num_days() as f64
    }
}

impl Grid {
    /// An empty sheet.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Adds a row.
    pub fn row(mut self, cells: &[Value]) -> Self {
        self.rows.push(cells.to_vec());
        self
    }

    /// Adds a row of texts.
    pub fn texts(self, cells: &[&str]) -> Self {
        let cells: Vec<Value> = cells.iter().map(|text| t(text)).collect();
        self.row(&cells)
    }

    /// Merges cells.
    pub fn merge(mut self, merge: Merge) -> Self {
        self.merges.push(merge);
        self
    }

    /// Adds rows that are formatted and hold nothing.
    pub fn phantoms(mut self, n_rows: u32) -> Self {
        self.n_phantoms = n_rows;
        self
    }

    fn cells(&self) -> impl Iterator<Item = (usize, usize, &Value)> {
        self.rows.iter().enumerate().flat_map(|(row, cells)| {
            cells.iter().enumerate().map(move |(column, value)| (row, column, value))
        })
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn reference(row: usize, column: usize) -> String {
    let mut letters = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.insert(0, char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    format!("{letters}{}", row + 1)
}

fn zip(parts: &[(String, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// A workbook of today's programs.
pub fn xlsx(sheets: &[Grid], days: Days) -> Vec<u8> {
    let (mut list, mut rels, mut parts) = (String::new(), String::new(), Vec::new());
    for (at, sheet) in sheets.iter().enumerate() {
        let id = at + 1;
        let name = escaped(&sheet.name);
        let _ = write!(list, r#"<sheet name="{name}" sheetId="{id}" r:id="rId{id}"/>"#);
        let _ = write!(
            rels,
            r#"<Relationship Id="rId{id}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{id}.xml"/>"#
        );
        parts.push((format!("xl/worksheets/sheet{id}.xml"), xlsx_sheet(sheet, days)));
    }
    let _ =
        write!(rels, r#"<Relationship Id="rId900" Type="{OFFICE}/styles" Target="styles.xml"/>"#);
    let old = if days == Days::From1904 { r#"<workbookPr date1904="1"/>"# } else { "" };
    let rel = format!(
        r#"<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>"#
    );
    let wrapped = |inner: &str| {
        format!(r#"<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>"#)
    };
    let book = format!(
        r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{old}<sheets>{list}</sheets></workbook>"#
    );
    let styles = format!(
        r#"<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
    );
    let types = format!(r#"<Types xmlns="{PACKAGE}/content-types"/>"#);
    let mut all = vec![
        ("[Content_Types].xml".to_owned(), types),
        ("_rels/.rels".to_owned(), wrapped(&rel)),
        ("xl/workbook.xml".to_owned(), book),
        ("xl/_rels/workbook.xml.rels".to_owned(), wrapped(&rels)),
        ("xl/styles.xml".to_owned(), styles),
    ];
    all.extend(parts);
    zip(&all)
}

fn xlsx_sheet(sheet: &Grid, days: Days) -> String {
    let mut rows = String::new();
    for (row, cells) in sheet.rows.iter().enumerate() {
        let _ = write!(rows, r#"<row r="{}">"#, row + 1);
        for (column, value) in cells.iter().enumerate() {
            let at = reference(row, column);
            let _ = match value {
                Value::Blank => write!(rows, r#"<c r="{at}" s="1"/>"#),
                Value::Text(text) => write!(
                    rows,
                    r#"<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>"#,
                    escaped(text)
                ),
                Value::Number(number) => write!(rows, r#"<c r="{at}"><v>{number}</v></c>"#),
                Value::Day(year, month, day) => write!(
                    rows,
                    r#"<c r="{at}" s="1"><v>{}</v></c>"#,
                    days.serial((*year, *month, *day))
                ),
                Value::Formula(formula, number) => {
                    write!(rows, r#"<c r="{at}"><f>{formula}</f><v>{number}</v></c>"#)
                }
            };
        }
        rows.push_str("</row>");
    }
    for phantom in 0..sheet.n_phantoms as usize {
        let row = sheet.rows.len() + phantom;
        let (first, second) = (reference(row, 0), reference(row, 1));
        let _ = write!(
            rows,
            r#"<row r="{}"><c r="{first}" s="1"/><c r="{second}" t="inlineStr"><is><t> </t></is></c></row>"#,
            row + 1
        );
    }
    let merges: String = sheet
        .merges
        .iter()
        .map(|(first, left, last, right)| {
            let from = reference(*first as usize, *left as usize);
            let to = reference(*last as usize, *right as usize);
            format!(r#"<mergeCell ref="{from}:{to}"/>"#)
        })
        .collect();
    format!(
        r#"<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData><mergeCells>{merges}</mergeCells></worksheet>"#
    )
}

/// An OpenDocument workbook.
pub fn ods(sheets: &[Grid]) -> Vec<u8> {
    let tables: String = sheets.iter().map(ods_table).collect();
    let namespace = "urn:oasis:names:tc:opendocument:xmlns";
    let content = format!(
        r#"<office:document-content xmlns:office="{namespace}:office:1.0" xmlns:table="{namespace}:table:1.0" xmlns:text="{namespace}:text:1.0"><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"#
    );
    let manifest = format!(r#"<manifest:manifest xmlns:manifest="{namespace}:manifest:1.0"/>"#);
    zip(&[
        ("mimetype".to_owned(), "application/vnd.oasis.opendocument.spreadsheet".to_owned()),
        ("META-INF/manifest.xml".to_owned(), manifest),
        ("content.xml".to_owned(), content),
    ])
}

fn ods_table(sheet: &Grid) -> String {
    let mut rows = String::new();
    for (row, cells) in sheet.rows.iter().enumerate() {
        rows.push_str("<table:table-row>");
        for (column, value) in cells.iter().enumerate() {
            let (row, column) = (row as u32, column as u32);
            let begins = sheet.merges.iter().find(|one| (one.0, one.1) == (row, column));
            let span = begins.map_or(String::new(), |one| {
                format!(
                    r#" table:number-rows-spanned="{}" table:number-columns-spanned="{}""#,
                    one.2 - one.0 + 1,
                    one.3 - one.1 + 1
                )
            });
            let paragraphs = |text: &str| -> String {
                text.lines().map(|line| format!("<text:p>{}</text:p>", escaped(line))).collect()
            };
            let number =
                |number: f64| format!(r#" office:value-type="float" office:value="{number}""#);
            let (kind, inner) = match value {
                Value::Blank => (String::new(), String::new()),
                Value::Text(text) => {
                    (r#" office:value-type="string""#.to_owned(), paragraphs(text))
                }
                Value::Number(value) => (number(*value), String::new()),
                Value::Day(year, month, day) => (
                    format!(
                        r#" office:value-type="date" office:date-value="{year}-{month:02}-{day:02}""#
                    ),
                    String::new(),
                ),
                Value::Formula(formula, value) => {
                    (format!(r#" table:formula="of:={formula}"{}"#, number(*value)), String::new())
                }
            };
            let _ = write!(rows, "<table:table-cell{span}{kind}>{inner}</table:table-cell>");
        }
        rows.push_str("</table:table-row>");
    }
    if sheet.n_phantoms > 0 {
        let _ = write!(
            rows,
            r#"<table:table-row table:number-rows-repeated="{}"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>"#,
            sheet.n_phantoms
        );
    }
    format!(r#"<table:table table:name="{}">{rows}</table:table>"#, escaped(&sheet.name))
}

/// A workbook of older programs.
pub fn xls(sheets: &[Grid]) -> Vec<u8> {
    let bodies: Vec<Vec<u8>> = sheets.iter().map(xls_sheet).collect();
    let globals = |positions: &[u32]| {
        let mut out = record(0x0809, &words(&[0x0600, 0x0005, 0, 0, 0, 0, 0, 0]));
        for format in [0, 14] {
            out.extend(record(0x00E0, &words(&[0, format, 0, 0, 0, 0, 0, 0, 0, 0])));
        }
        for (sheet, position) in sheets.iter().zip(positions) {
            let units: Vec<u16> = sheet.name.encode_utf16().collect();
            let mut data = position.to_le_bytes().to_vec();
            data.extend([0, 0, units.len() as u8, 1]);
            data.extend(words(&units));
            out.extend(record(0x0085, &data));
        }
        out.extend(record(0x000A, &[]));
        out
    };
    let mut at = globals(&vec![0; sheets.len()]).len() as u32;
    let positions: Vec<u32> = bodies
        .iter()
        .map(|body| {
            let position = at;
            at += body.len() as u32;
            position
        })
        .collect();
    let mut stream = globals(&positions);
    bodies.iter().for_each(|body| stream.extend(body));
    compound("Workbook", stream)
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut out = words(&[kind, data.len() as u16]);
    out.extend(data);
    out
}

fn xls_sheet(sheet: &Grid) -> Vec<u8> {
    let mut out = record(0x0809, &words(&[0x0600, 0x0010, 0, 0, 0, 0, 0, 0]));
    for (row, column, value) in sheet.cells() {
        let place = |format: u16| words(&[row as u16, column as u16, format]);
        let number = |format: u16, number: f64| {
            record(0x0203, &[place(format), number.to_le_bytes().to_vec()].concat())
        };
        match value {
            Value::Blank => out.extend(record(0x0201, &place(1))),
            Value::Text(text) => {
                let units: Vec<u16> = text.encode_utf16().collect();
                let head = [place(0), words(&[units.len() as u16]), vec![1]].concat();
                out.extend(record(0x0204, &[head, words(&units)].concat()));
            }
            Value::Number(value) => out.extend(number(0, *value)),
            Value::Day(year, month, day) => {
                out.extend(number(1, Days::From1900.serial((*year, *month, *day))));
            }
            Value::Formula(_, value) => {
                let tail = [value.to_le_bytes().to_vec(), words(&[0, 0, 0, 0])].concat();
                out.extend(record(0x0006, &[place(0), tail].concat()));
            }
        }
    }
    for merge in &sheet.merges {
        let range = [1, merge.0 as u16, merge.2 as u16, merge.1 as u16, merge.3 as u16];
        out.extend(record(0x00E5, &words(&range)));
    }
    out.extend(record(0x000A, &[]));
    out
}

/// A compound file with one stream, as old programs write it.
pub fn compound(name: &str, mut stream: Vec<u8>) -> Vec<u8> {
    const SECTOR: usize = 512;
    const END: u32 = 0xFFFF_FFFE;
    const FREE: u32 = 0xFFFF_FFFF;
    // A shorter stream would lie elsewhere.
    stream.resize(stream.len().max(4_096).next_multiple_of(SECTOR), 0);
    let n_sectors = (stream.len() / SECTOR) as u32;
    assert!(n_sectors + 2 <= 128, "one sector of the table is enough");
    let mut out = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    out.extend([0; 16]);
    out.extend(words(&[0x003E, 3, 0xFFFE, 9, 6, 0, 0, 0]));
    for word in [0, 1, 1, 0, 4_096, END, 0, END, 0, 0] {
        out.extend(u32::to_le_bytes(word));
    }
    out.resize(SECTOR, 0xFF);
    let chain = (3..2 + n_sectors).chain([END]);
    let mut table: Vec<u32> = [0xFFFF_FFFD, END].into_iter().chain(chain).collect();
    table.resize(128, FREE);
    out.extend(table.iter().flat_map(|entry| entry.to_le_bytes()));
    let mut entry = |name: &str, kind: u8, (child, start, length): (u32, u32, u32)| {
        let units: Vec<u16> = name.encode_utf16().chain([0]).collect();
        let mut data = words(&units);
        data.resize(64, 0);
        data.extend(words(&[units.len() as u16 * 2]));
        data.extend([kind, 1]);
        for link in [FREE, FREE, child] {
            data.extend(link.to_le_bytes());
        }
        data.resize(116, 0);
        data.extend([start, length, 0].iter().flat_map(|word| word.to_le_bytes()));
        out.extend(data);
    };
    entry("Root Entry", 5, (1, END, 0));
    entry(name, 2, (FREE, 2, stream.len() as u32));
    out.resize(3 * SECTOR, 0);
    out.extend(stream);
    out
}

/// A text with delimiters; only texts and numbers stand in it.
pub fn delimited(sheet: &Grid, delimiter: char) -> String {
    let mut out = String::new();
    for cells in &sheet.rows {
        let texts: Vec<String> = cells
            .iter()
            .map(|value| match value {
                Value::Blank => String::new(),
                Value::Text(text) => format!("\"{}\"", text.replace('"', "\"\"")),
                Value::Number(number) | Value::Formula(_, number) => number.to_string(),
                Value::Day(year, month, day) => format!("{year}/{month}/{day}"),
            })
            .collect();
        out.push_str(&texts.join(&delimiter.to_string()));
        out.push_str("\r\n");
    }
    out
}
