//! The merged cells of an OpenDocument workbook, which its reader does not tell: they stand in the
//! content part as cells that span more than themselves.
//!
//! What cannot be followed ends the search; the cells themselves are read without it.

use std::collections::HashMap;
use std::io::{Read, Seek};

use calamine::Dimensions;
use zip::ZipArchive;

use crate::exchange::form::xml::{Stands, Tag, Tags, unescaped};

/// The most bytes of a content part that is searched: it lies in memory as a whole.
const CONTENT_MAX: u64 = 24 << 20;
/// The part that holds the sheets.
const CONTENT: &str = "content.xml";

/// The merged ranges by the name of their sheet, counted from 0.
pub fn ranges<F: Read + Seek>(file: F) -> HashMap<String, Vec<Dimensions>> {
    content(file).map(|text| search(&text)).unwrap_or_default()
}

fn content<F: Read + Seek>(file: F) -> Option<String> {
    let mut archive = ZipArchive::new(file).ok()?;
    let part = archive.by_name(CONTENT).ok()?;
    let mut text = String::new();
    part.take(CONTENT_MAX + 1).read_to_string(&mut text).ok()?;
    (text.len() as u64 <= CONTENT_MAX).then_some(text)
}

fn search(text: &str) -> HashMap<String, Vec<Dimensions>> {
    let mut found: HashMap<String, Vec<Dimensions>> = HashMap::new();
    let mut tags = Tags::of(text);
    let mut sheet = String::new();
    // Rows that were begun, and the columns before the next cell.
    let (mut row, mut next_row, mut column) = (0_u32, 0_u32, 0_u32);
    while let Ok(Some(tag)) = tags.next_tag() {
        if tag.prefix != "table:" || tag.stands == Stands::Closes {
            continue;
        }
        match tag.name {
            "table" => {
                sheet = tag.get("table:name").map(unescaped).unwrap_or_default();
                (row, next_row, column) = (0, 0, 0);
            }
            "table-row" => {
                row = next_row;
                next_row = row.saturating_add(number(&tag, "table:number-rows-repeated"));
                column = 0;
            }
            "table-cell" | "covered-table-cell" => {
                let rows = number(&tag, "table:number-rows-spanned");
                let columns = number(&tag, "table:number-columns-spanned");
                if rows > 1 || columns > 1 {
                    let end = (row.saturating_add(rows - 1), column.saturating_add(columns - 1));
                    let range = Dimensions::new((row, column), end);
                    found.entry(sheet.clone()).or_default().push(range);
                }
                column = column.saturating_add(number(&tag, "table:number-columns-repeated"));
            }
            _ => {}
        }
    }
    found
}

/// A count of an attribute: one where it is missing or none.
fn number(tag: &Tag<'_>, name: &str) -> u32 {
    tag.get(name).and_then(|text| text.parse().ok()).unwrap_or(1).max(1)
}
