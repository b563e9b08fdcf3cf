//! A document of lists: parts that begin on a page of their own, each with tables, as docx and as a
//! workbook.
//!
//! What stands in it is text that was made for people already; nothing of the ledger is read here.

use crate::exchange::paper::PaperError;
use crate::exchange::paper::built_in::{Block, List, Style};
use crate::exchange::paper::layout::{self, Sheet};

pub mod book;
mod fit;

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// How its pages lie.
    pub sheet: Sheet,
    /// Its parts.
    pub parts: Vec<Part>,
}

/// A part, which begins on a page of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// What its sheet in a workbook is called.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What stands below the title.
    pub lines: Vec<String>,
    /// What is said in sentences before the tables.
    pub words: Vec<String>,
    /// Its tables.
    pub grids: Vec<Grid>,
    /// What the sheet of its charts in a workbook is called; empty if it has none.
    pub charts: String,
    /// What stands in small below them.
    pub notes: Vec<String>,
}

/// A table of a part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grid {
    /// What stands above it; empty for nothing.
    pub head: String,
    /// Its columns; those without titles have no row for them.
    pub columns: Vec<Column>,
    /// Its rows, a cell for each column.
    pub rows: Vec<Vec<Held>>,
    /// The columns that a workbook draws as columns over the first one; none for no chart.
    pub drawn: Vec<u16>,
    /// How many rows at its end are sums, which are not drawn.
    pub n_sums: u32,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its title.
    pub title: String,
    /// Its width in millimetres.
    pub width: u32,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// Text.
    Text(String),
    /// A whole number, with which a workbook can compute.
    Count(i64),
}

impl Column {
    /// A column of that title and width.
    pub const fn new(title: String, width: u32) -> Self {
        Self { title, width }
    }
}

impl Held {
    /// It as text.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(number) => number.to_string(),
        }
    }
}

impl Grid {
    /// The titles of its columns; none if they have none.
    pub fn titles(&self) -> Vec<String> {
        let has_any = self.columns.iter().any(|column| !column.title.is_empty());
        let titles = self.columns.iter().map(|column| column.title.clone());
        if has_any { titles.collect() } else { Vec::new() }
    }
}

/// The bytes of a document as docx; always the same for the same document.
///
/// # Errors
/// The package cannot be made.
pub fn docx(document: &Document) -> Result<Vec<u8>, PaperError> {
    let (mut blocks, sheet) = (Vec::new(), fit::sheet(document));
    for (at, part) in document.parts.iter().enumerate() {
        if at > 0 {
            blocks.push(Block::Break);
        }
        blocks.push(Block::Line(Style::Title, part.title.clone()));
        let lines = part.lines.iter().map(|line| Block::Line(Style::Note, line.clone()));
        blocks.extend(lines);
        let words = part.words.iter().map(|line| Block::Line(Style::Text, line.clone()));
        blocks.extend(words);
        for grid in &part.grids {
            // Tables that nothing stands between are one to a program that shows them.
            if !grid.head.is_empty() || matches!(blocks.last(), Some(Block::List(_))) {
                blocks.push(Block::Line(Style::Part, grid.head.clone()));
            }
            for (at, share) in fit::shares(grid, sheet).iter().enumerate() {
                if at > 0 {
                    blocks.push(Block::Line(Style::Note, String::new()));
                }
                blocks.push(Block::List(list(grid, share)));
            }
        }
        blocks.extend(part.notes.iter().map(|line| Block::Line(Style::Note, line.clone())));
    }
    layout::docx(&blocks, sheet)
}

/// A table of some columns of a list.
fn list(grid: &Grid, share: &[(usize, u32)]) -> List {
    let titles = grid.titles();
    let head = share.iter().filter_map(|(at, _)| titles.get(*at).cloned());
    let row = |row: &Vec<Held>| {
        share.iter().map(|(at, _)| row.get(*at).map(Held::text).unwrap_or_default()).collect()
    };
    List {
        widths: share.iter().map(|(_, width)| *width).collect(),
        head: head.collect(),
        rows: grid.rows.iter().map(row).collect(),
    }
}
