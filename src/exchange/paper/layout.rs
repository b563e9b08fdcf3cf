//! A docx as GB/T 9704-2012 lays out an official letter: A4, its margins, 22 lines of 28 characters.
//!
//! Fonts are named and never embedded: the office has them, and nobody may pass them on.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

use crate::exchange::form::xml::escaped;
use crate::exchange::paper::PaperError;
use crate::exchange::paper::built_in::{Block, List, Style};
use crate::locale::{self, Lang};

/// The names of things in the markup.
const SPACE: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const KIND: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
/// Twentieths of a point in ten millimetres.
const TWENTIETHS_IN_CM: u32 = 567;

/// How a page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// Higher than wide, with 156 millimetres for text.
    Upright,
    /// Wider than high, with 225 millimetres for text.
    Across,
}

/// Size, line and place of a kind of line. Sizes are in half points, lines in twentieths.
struct Look {
    font: &'static str,
    size: u32,
    line: u32,
    place: &'static str,
}

const fn look(style: Style) -> Look {
    const PLAIN: Look = Look { font: "paper.font.body", size: 32, line: 560, place: "" };
    match style {
        Style::Title => Look {
            font: "paper.font.title",
            size: 44,
            line: 700,
            place: "<w:jc w:val=\"center\"/>",
        },
        Style::Number => Look { place: "<w:jc w:val=\"center\"/>", ..PLAIN },
        Style::To => PLAIN,
        Style::Head => Look {
            font: "paper.font.head",
            place: "<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/>",
            ..PLAIN
        },
        Style::Part => Look { font: "paper.font.head", size: 28, line: 520, place: "" },
        Style::Text => Look {
            place: "<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:jc w:val=\"both\"/>",
            ..PLAIN
        },
        Style::Note => Look { size: 24, line: 400, ..PLAIN },
        Style::Sign => Look {
            place: "<w:ind w:rightChars=\"400\" w:right=\"1280\"/><w:jc w:val=\"right\"/>",
            ..PLAIN
        },
        Style::Date => Look {
            place: "<w:ind w:rightChars=\"400\" w:right=\"1280\"/><w:jc w:val=\"right\"/>",
            ..PLAIN
        },
    }
}

/// How what stands in a table looks.
const CELL: Look =
    Look { font: "paper.font.body", size: 28, line: 440, place: "<w:jc w:val=\"left\"/>" };
/// How the first cell of a row looks, which says what the others are.
const CELL_HEAD: Look = Look { place: "<w:jc w:val=\"center\"/>", ..CELL };

/// How what stands in a list looks; its rows are as high as their text.
const LISTED: Look = Look { font: "paper.font.body", size: 21, line: 300, place: "" };
/// How a narrow column of a list looks.
const LISTED_NARROW: Look = Look { place: "<w:jc w:val=\"center\"/>", ..LISTED };
/// How the head of a list looks.
const LISTED_HEAD: Look = Look { font: "paper.font.head", ..LISTED_NARROW };
/// How a paragraph begins that stays on one page with the next.
const KEPT: &str = "<w:pPr><w:keepNext/>";
/// Up to how many millimetres a column is narrow.
const NARROW_MM: u32 = 24;

/// A docx of blocks on pages that lie so; always the same bytes.
///
/// # Errors
/// The package cannot be made.
pub fn docx(blocks: &[Block], sheet: Sheet) -> Result<Vec<u8>, PaperError> {
    let parts = [
        ("[Content_Types].xml", types()),
        ("_rels/.rels", relations(&[("officeDocument", "word/document.xml")])),
        ("word/document.xml", document(blocks, sheet)),
        (
            "word/_rels/document.xml.rels",
            relations(&[
                ("styles", "styles.xml"),
                ("settings", "settings.xml"),
                ("footer", "footer1.xml"),
                ("footer", "footer2.xml"),
            ]),
        ),
        ("word/styles.xml", styles()),
        ("word/settings.xml", settings()),
        ("word/footer1.xml", footer("right", "right")),
        ("word/footer2.xml", footer("left", "left")),
    ];
    let odd = |_| PaperError::Odd;
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
    for (name, text) in parts {
        out.start_file(name, options).map_err(odd)?;
        out.write_all(text.as_bytes()).map_err(|_| PaperError::Odd)?;
    }
    Ok(out.finish().map_err(odd)?.into_inner())
}

fn types() -> String {
    let part = |name: &str, kind: &str| {
        format!("<Override PartName=\"/word/{name}.xml\" ContentType=\"{KIND}.{kind}+xml\"/>")
    };
    format!(
        "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>{}{}{}{}{}</Types>",
        part("document", "document.main"),
        part("styles", "styles"),
        part("settings", "settings"),
        part("footer1", "footer"),
        part("footer2", "footer"),
    )
}

fn relations(of: &[(&str, &str)]) -> String {
    let mut text = format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for (at, (kind, target)) in of.iter().enumerate() {
        // Writing into a text does not fail.
        let _ = write!(
            text,
            "<Relationship Id=\"rId{}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>",
            at + 1
        );
    }
    text + "</Relationships>"
}

/// The fonts of a run: Latin letters in one, Chinese characters in the named one.
fn fonts(key: &str) -> String {
    let name = escaped(&locale::text(Lang::Zh, key));
    format!(
        "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" \
         w:cs=\"Times New Roman\" w:eastAsia=\"{name}\" w:hint=\"eastAsia\"/>"
    )
}

fn styles() -> String {
    format!(
        "{HEAD}<w:styles xmlns:w=\"{SPACE}\"><w:docDefaults><w:rPrDefault><w:rPr>{}\
         <w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/>\
         <w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault>\
         <w:pPrDefault><w:pPr><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"560\" \
         w:lineRule=\"exact\"/></w:pPr></w:pPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\">\
         <w:name w:val=\"Normal\"/></w:style></w:styles>",
        fonts("paper.font.body")
    )
}

fn settings() -> String {
    format!("{HEAD}<w:settings xmlns:w=\"{SPACE}\"><w:evenAndOddHeaders/></w:settings>")
}

/// The number of the page, on the outer side, between two dashes.
fn footer(side: &str, indent: &str) -> String {
    let run = |inner: &str| {
        format!("<w:r><w:rPr>{}<w:sz w:val=\"28\"/></w:rPr>{inner}</w:r>", fonts("paper.font.page"))
    };
    let field = |kind: &str| run(&format!("<w:fldChar w:fldCharType=\"{kind}\"/>"));
    let text = |text: &str| run(&format!("<w:t xml:space=\"preserve\">{text}</w:t>"));
    format!(
        "{HEAD}<w:ftr xmlns:w=\"{SPACE}\"><w:p><w:pPr><w:ind w:{indent}Chars=\"100\" \
         w:{indent}=\"280\"/><w:jc w:val=\"{side}\"/></w:pPr>{}{}{}{}{}{}{}</w:p></w:ftr>",
        text("&#8212; "),
        field("begin"),
        run("<w:instrText xml:space=\"preserve\"> PAGE </w:instrText>"),
        field("separate"),
        text("1"),
        field("end"),
        text(" &#8212;"),
    )
}

fn document(blocks: &[Block], sheet: Sheet) -> String {
    let mut body = String::new();
    for (at, block) in blocks.iter().enumerate() {
        match block {
            Block::Line(style, text) => {
                if *style == Style::Sign {
                    let free = paragraph(&look(Style::To), "");
                    body += &free.replacen("<w:pPr>", KEPT, 1);
                }
                let line = paragraph(&look(*style), text);
                let is_first = at.checked_sub(1).and_then(|before| blocks.get(before));
                let is_first = is_first == Some(&Block::Break);
                let kept = match (is_first, style) {
                    (true, _) => "<w:pPr><w:pageBreakBefore/>",
                    // No head stands alone at the foot of a page.
                    (false, Style::Part) => KEPT,
                    // Nor do seal and date: the end of the letter stands above them.
                    (false, _) if is_signed(blocks.get(at + 1)) => KEPT,
                    (false, _) => "<w:pPr>",
                };
                body += &line.replacen("<w:pPr>", kept, 1);
                // One line stands free below the number; a table follows more closely.
                let is_letter = !matches!(blocks.get(at + 1), Some(Block::Table(..)));
                if *style == Style::Number && is_letter {
                    body += &paragraph(&look(Style::To), "");
                }
            }
            Block::Table(widths, rows) => body += &table(widths, rows),
            Block::List(own) => body += &list(own),
            // The line behind it begins a page.
            Block::Break => {}
        }
    }
    let size = match sheet {
        Sheet::Upright => {
            "<w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"2098\" w:right=\"1474\" \
             w:bottom=\"1984\" w:left=\"1588\""
        }
        Sheet::Across => {
            "<w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/><w:pgMar w:top=\"1588\" \
             w:right=\"1984\" w:bottom=\"1474\" w:left=\"2098\""
        }
    };
    // A4 with a text of 156 by 225 millimetres, 37 from the upper and 28 from the left edge.
    format!(
        "{HEAD}<w:document xmlns:w=\"{SPACE}\" xmlns:r=\"{RELATIONS}\"><w:body>{body}<w:sectPr>\
         <w:footerReference w:type=\"default\" r:id=\"rId3\"/>\
         <w:footerReference w:type=\"even\" r:id=\"rId4\"/>\
         {size} w:header=\"851\" w:footer=\"1418\" w:gutter=\"0\"/>\
         </w:sectPr></w:body></w:document>"
    )
}

/// Whether a block is who signs, or when.
const fn is_signed(block: Option<&Block>) -> bool {
    matches!(block, Some(Block::Line(Style::Sign | Style::Date, _)))
}

fn paragraph(look: &Look, text: &str) -> String {
    let size = look.size;
    let run = if text.is_empty() {
        String::new()
    } else {
        format!(
            "<w:r><w:rPr>{}<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/></w:rPr>\
             <w:t xml:space=\"preserve\">{}</w:t></w:r>",
            fonts(look.font),
            escaped(text)
        )
    };
    format!(
        "<w:p><w:pPr><w:spacing w:line=\"{}\" w:lineRule=\"exact\"/>{}</w:pPr>{run}</w:p>",
        look.line, look.place
    )
}

/// The beginning of a table: its edges and the widths of its columns.
fn opened(widths: &[u32]) -> String {
    let edges = ["top", "left", "bottom", "right", "insideH", "insideV"].map(|edge| {
        format!("<w:{edge} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>")
    });
    let grid = widths.iter().map(|width| format!("<w:gridCol w:w=\"{}\"/>", twentieths(*width)));
    format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:tblBorders>{}</w:tblBorders>\
         <w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>{}</w:tblGrid>",
        twentieths(widths.iter().sum()),
        edges.concat(),
        grid.collect::<String>()
    )
}

const fn twentieths(width: u32) -> u32 {
    width * TWENTIETHS_IN_CM / 10
}

/// A list: rows are never torn apart, and the head stands on every page.
fn list(own: &List) -> String {
    // A millimetre on both sides, so that days and numbers stay on one line.
    let close = "<w:tblCellMar><w:left w:w=\"57\" w:type=\"dxa\"/><w:right w:w=\"57\" \
                 w:type=\"dxa\"/></w:tblCellMar></w:tblPr>";
    let mut text = opened(&own.widths).replacen("</w:tblPr>", close, 1);
    let head = Some(&own.head).filter(|head| !head.is_empty());
    for (row, is_head) in
        head.map(|row| (row, true)).into_iter().chain(own.rows.iter().map(|row| (row, false)))
    {
        let again = if is_head { "<w:tblHeader/>" } else { "" };
        text += &format!("<w:tr><w:trPr><w:cantSplit/>{again}</w:trPr>");
        for (cell, width) in row.iter().zip(&own.widths) {
            let look = match (is_head, *width <= NARROW_MM) {
                (true, _) => &LISTED_HEAD,
                (false, true) => &LISTED_NARROW,
                (false, false) => &LISTED,
            };
            let lines: String = cell.split('\n').map(|line| paragraph(look, line)).collect();
            let _ = write!(
                text,
                "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/>\
                 </w:tcPr>{lines}</w:tc>",
                twentieths(*width),
            );
        }
        text += "</w:tr>";
    }
    text + "</w:tbl>"
}

fn table(widths: &[u32], rows: &[Vec<String>]) -> String {
    let mut text = opened(widths);
    for row in rows {
        text += "<w:tr><w:trPr><w:trHeight w:val=\"600\" w:hRule=\"atLeast\"/>\
                 </w:trPr>";
        for (at, cell) in row.iter().enumerate() {
            let is_last = at + 1 == row.len();
            let span = if is_last { widths.len() - at } else { 1 };
            let width: u32 = widths.iter().skip(at).take(span).sum();
            // Every second cell of a form says what the next one is.
            let look = if at % 2 == 0 && row.len() % 2 == 0 { &CELL_HEAD } else { &CELL };
            let _ = write!(
                text,
                "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/><w:gridSpan w:val=\"{span}\"/>\
                 <w:vAlign w:val=\"center\"/></w:tcPr>{}</w:tc>",
                twentieths(width),
                paragraph(look, cell)
            );
        }
        text += "</w:tr>";
    }
    text + "</w:tbl>"
}
