//! The templates that the program brings along: readable texts, one a paper, of which a docx is made
//! that an office can edit.
//!
//! A line begins with what it is: `title`, `number`, `to`, `head`, `text`, `note`, `sign`, `date`; a
//! table with the widths of its columns, then its rows, then `end`. The last cell of a row that has
//! too few takes the rest of its width.

use crate::domain::paper::Paper;
use crate::exchange::paper::PaperError;
use crate::exchange::paper::layout;

/// A block of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A line or paragraph.
    Line(Style, String),
    /// A table: the widths of its columns in millimetres, and its rows.
    Table(Vec<u32>, Vec<Vec<String>>),
    /// A list; no template has one.
    List(List),
    /// What follows begins on a page of its own; no template says so.
    Break,
}

/// A table of many rows below one head, which is said again on every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// The widths of its columns in millimetres.
    pub widths: Vec<u32>,
    /// Their titles; empty if it has no head.
    pub head: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The title of the paper.
    Title,
    /// Its number.
    Number,
    /// To whom it goes.
    To,
    /// The head of a part.
    Head,
    /// What stands above a list.
    Part,
    /// A paragraph.
    Text,
    /// What is said in small below.
    Note,
    /// Who signs it.
    Sign,
    /// Its day.
    Date,
}

impl Style {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "title" => Self::Title,
            "number" => Self::Number,
            "to" => Self::To,
            "head" => Self::Head,
            "text" => Self::Text,
            "note" => Self::Note,
            "sign" => Self::Sign,
            "date" => Self::Date,
            _ => return None,
        })
    }
}

/// The text of which a built-in template is made.
pub const fn source(paper: Paper) -> &'static str {
    match paper {
        Paper::Registration => include_str!("../../../data/paper/registration.txt"),
        Paper::Acceptance => include_str!("../../../data/paper/acceptance.txt"),
        Paper::Rejection => include_str!("../../../data/paper/rejection.txt"),
        Paper::NoMore => include_str!("../../../data/paper/no_more.txt"),
        Paper::Forwarding => include_str!("../../../data/paper/forwarding.txt"),
        Paper::Entrusting => include_str!("../../../data/paper/entrusting.txt"),
        Paper::Objection => include_str!("../../../data/paper/objection.txt"),
        Paper::Guidance => include_str!("../../../data/paper/guidance.txt"),
        Paper::ExtensionForm => include_str!("../../../data/paper/extension_form.txt"),
        Paper::ExtensionNotice => include_str!("../../../data/paper/extension_notice.txt"),
        Paper::Opinion => include_str!("../../../data/paper/opinion.txt"),
        Paper::DeliveryReceipt => include_str!("../../../data/paper/delivery_receipt.txt"),
        Paper::ClosingReport => include_str!("../../../data/paper/closing_report.txt"),
        Paper::Supervision => include_str!("../../../data/paper/supervision.txt"),
        Paper::FileList => include_str!("../../../data/paper/file_list.txt"),
        Paper::DataSheet => include_str!("../../../data/paper/data_sheet.txt"),
    }
}

/// A built-in template as a docx; always the same bytes.
///
/// # Errors
/// Its text is wrong.
pub fn template(paper: Paper) -> Result<Vec<u8>, PaperError> {
    let blocks = parse(source(paper)).ok_or(PaperError::Odd)?;
    layout::docx(&blocks, layout::Sheet::Upright)
}

/// The blocks of a text; none if a line is none.
pub fn parse(text: &str) -> Option<Vec<Block>> {
    let mut blocks = Vec::new();
    let mut table: Option<(Vec<u32>, Vec<Vec<String>>)> = None;
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match (word, &mut table) {
            ("table", None) => {
                let widths = rest.split(' ').map(|width| width.parse().ok());
                table = Some((widths.collect::<Option<_>>()?, Vec::new()));
            }
            ("row", Some((widths, rows))) => {
                let cells: Vec<String> =
                    rest.split('|').map(|cell| cell.trim_matches(' ').to_owned()).collect();
                if cells.len() > widths.len() {
                    return None;
                }
                rows.push(cells);
            }
            ("end", Some(_)) => {
                let (widths, rows) = table.take()?;
                blocks.push(Block::Table(widths, rows));
            }
            (word, None) => blocks.push(Block::Line(Style::parse(word)?, rest.to_owned())),
            (_, Some(_)) => return None,
        }
    }
    table.is_none().then_some(blocks)
}
