//! The list of what a file of a case holds, as a docx: numbered in order, with what is missing below.

use chrono::NaiveDate;

use crate::domain::text::{Lines, clean};
use crate::exchange::paper::PaperError;
use crate::exchange::paper::built_in::{Block, Style};
use crate::exchange::paper::layout;
use crate::locale::{self, Lang};

/// The widths of the columns, in millimetres: number, title, letter's number, day, file.
const WIDTHS: [u32; 5] = [12, 42, 40, 24, 38];

/// What stands above the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// The number of the case.
    pub case: String,
    /// Its title.
    pub title: String,
    /// The number of its file in the archive.
    pub file: Option<String>,
    /// What for, to whom, and on which day.
    pub made: String,
}

/// One thing in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub title: String,
    /// The number of the letter.
    pub document: String,
    /// Its day.
    pub on: NaiveDate,
    /// The name of its file.
    pub file: String,
}

/// The list of what a file holds, and what it lacks.
///
/// # Errors
/// The package cannot be made.
pub fn directory(head: &Head, items: &[Item], gaps: &[String]) -> Result<Vec<u8>, PaperError> {
    let text = |key: &str| locale::text(Lang::Zh, &format!("dossier.{key}"));
    let filled =
        |key: &str, args: &[(&str, &str)]| locale::fill(Lang::Zh, &format!("dossier.{key}"), args);
    let line = |style: Style, text: String| Block::Line(style, clean(&text, Lines::One).text);
    let mut blocks = vec![line(Style::Title, text("title"))];
    if let Some(file) = &head.file {
        blocks.push(line(Style::Number, filled("file", &[("file", file)])));
    }
    let about = [("case", head.case.as_str()), ("title", head.title.as_str())];
    blocks.push(line(Style::Text, filled("about", &about)));
    let heads = ["number", "name", "document", "day", "as"].map(text).to_vec();
    let rows = items.iter().enumerate().map(|(at, item)| {
        let (number, day) = ((at + 1).to_string(), item.on.to_string());
        let cells = [number, item.title.clone(), item.document.clone(), day, item.file.clone()];
        cells.map(|cell| clean(&cell, Lines::One).text).to_vec()
    });
    let rows = std::iter::once(heads).chain(rows).collect();
    blocks.push(Block::Table(WIDTHS.to_vec(), rows));
    let key = if gaps.is_empty() { "no_gaps" } else { "gaps" };
    blocks.push(line(Style::Head, filled(key, &[("n", &gaps.len().to_string())])));
    blocks.extend(gaps.iter().map(|gap| line(Style::Text, gap.clone())));
    blocks.push(line(Style::Note, head.made.clone()));
    layout::docx(&blocks, layout::Sheet::Upright)
}
