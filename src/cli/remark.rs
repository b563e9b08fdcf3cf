//! What a clerk should know of a file beyond its rows: nothing is left out silently.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::exchange::cell::Remarks;
use crate::exchange::ledger::Report;
use crate::locale::{self, Lang};
use crate::tui::incoming::table::{column_label, in_sheets};

/// Headers that are named at most; the number of the rest is told.
const NAMED_MAX: usize = 12;

/// What was seen of a file besides its rows, as JSON has it.
#[derive(Debug, Serialize)]
pub struct Seen {
    encoding: Option<String>,
    replaced_characters: u64,
    cells_beyond_columns: u64,
    first_cell_beyond: Option<String>,
    sheets_without_header: Vec<String>,
    missing_columns: Vec<String>,
    /// The sheets that lack each of them, of so many that were read.
    #[serde(skip)]
    lacking: (BTreeMap<String, Vec<String>>, usize),
    left_out: LeftOut,
}

/// Rows that are none of the table.
#[derive(Debug, Serialize)]
struct LeftOut {
    totals: u64,
    footers: u64,
    headers: u64,
    blank: u64,
    without_header: u64,
}

impl Seen {
    /// What was seen of a file.
    pub fn of(remarks: &Remarks, report: &Report) -> Self {
        let mut lacking: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for mapping in &report.mappings {
            for field in &mapping.missing {
                lacking.entry(field.clone()).or_default().push(mapping.sheet.clone());
            }
        }
        Self {
            encoding: remarks.encoding.clone(),
            replaced_characters: remarks.n_replaced,
            cells_beyond_columns: remarks.n_outside,
            first_cell_beyond: remarks.outside.as_ref().map(crate::exchange::cell::Place::print),
            sheets_without_header: report.headless.clone(),
            missing_columns: lacking.keys().cloned().collect(),
            lacking: (lacking, report.mappings.len()),
            left_out: LeftOut {
                totals: report.n_totals,
                footers: report.n_footers,
                headers: report.n_headers,
                blank: report.n_blank,
                without_header: report.n_headless,
            },
        }
    }

    /// The same in words, one line for each thing there is to say.
    pub fn print(&self, lang: Lang, ignored: &[String]) -> String {
        let lines = self.lines(lang, "shell.import.", ignored);
        lines.into_iter().map(|line| line + "\n").collect()
    }

    /// The same, line by line, in the words whose keys begin so.
    pub fn lines(&self, lang: Lang, words: &str, ignored: &[String]) -> Vec<String> {
        let mut lines = Vec::new();
        let mut say = |key: &str, args: &[(&str, String)]| {
            lines.push(locale::fill(lang, &format!("{words}{key}"), args));
        };
        if self.replaced_characters > 0 {
            let encoding = self.encoding.clone().unwrap_or_default();
            let n = self.replaced_characters.to_string();
            say("replaced", &[("n", n), ("encoding", encoding)]);
        }
        if self.cells_beyond_columns > 0 {
            let place = self.first_cell_beyond.clone().unwrap_or_default();
            say("beyond", &[("n", self.cells_beyond_columns.to_string()), ("place", place)]);
        }
        if !self.sheets_without_header.is_empty() {
            let n = self.left_out.without_header.to_string();
            say("headless", &[("sheets", listed(&self.sheets_without_header)), ("n", n)]);
        }
        if !self.missing_columns.is_empty() {
            let (lacking, n_sheets) = &self.lacking;
            let label = |(field, sheets): (&String, &Vec<String>)| {
                in_sheets(lang, &column_label(lang, Some(field)), (sheets, *n_sheets))
            };
            let names: Vec<String> = lacking.iter().map(label).collect();
            say("missing", &[("columns", listed(&names))]);
        }
        if !ignored.is_empty() {
            say("ignored", &[("columns", listed(ignored))]);
        }
        let n_others = self.left_out.totals + self.left_out.footers + self.left_out.headers;
        if n_others > 0 {
            say("others", &[("n", n_others.to_string())]);
        }
        lines
    }
}

fn listed(names: &[String]) -> String {
    let mut text = names.iter().take(NAMED_MAX).cloned().collect::<Vec<_>>().join("  ");
    if names.len() > NAMED_MAX {
        let _ = write!(text, "  +{}", names.len() - NAMED_MAX);
    }
    text
}
