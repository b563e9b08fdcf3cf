//! What a command says: tables by display width, one JSON document, or a refusal with its exit code.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::locale::{self, Lang};

/// What a command comes to.
pub type Outcome = Result<Told, Refusal>;

/// What a command found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It is done.
    Done,
    /// Nothing was found, or a check failed.
    Nothing,
    /// The command line lacks something, and that was said.
    Misuse,
}

/// A refusal as JSON: its key and values, and the words that say the article and what to do now.
#[derive(Debug, Serialize)]
struct Refused<'r> {
    #[serde(flatten)]
    refusal: &'r Refusal,
    text: String,
}

/// Where a command speaks to.
#[derive(Debug, Clone, Copy)]
pub struct Voice {
    /// The language.
    pub lang: Lang,
    /// Whether one JSON document is wanted instead of text.
    pub json: bool,
}

impl Voice {
    /// Prints a value as JSON, or the text that is made of it.
    ///
    /// # Errors
    /// The output is closed.
    pub fn say(&self, value: &impl Serialize, text: impl FnOnce(Lang) -> String) -> Outcome {
        let out = if self.json {
            let mut json = serde_json::to_string_pretty(value).unwrap_or_default();
            json.push('\n');
            json
        } else {
            text(self.lang)
        };
        // A reader that has seen enough, such as `head`, closes the pipe: that is no failure.
        let _ = io::stdout().lock().write_all(out.as_bytes());
        Ok(Told::Done)
    }

    /// Prints a refusal on standard error and gives its exit code.
    pub fn refuse(&self, refusal: &Refusal) -> ExitCode {
        let text = if self.json {
            let told = Refused { refusal, text: refusal_text(self.lang, refusal) };
            serde_json::to_string(&told).unwrap_or_default()
        } else {
            refusal_text(self.lang, refusal)
        };
        let _ = writeln!(io::stderr().lock(), "{text}");
        ExitCode::from(exit_code(refusal.kind))
    }
}

/// The exit code of a kind of refusal.
pub const fn exit_code(kind: RefusalKind) -> u8 {
    match kind {
        RefusalKind::NotFound => 1,
        RefusalKind::Invalid => 65,
        RefusalKind::Closed => 69,
        RefusalKind::Fault => 70,
        RefusalKind::Conflict | RefusalKind::Busy | RefusalKind::Unknown => 75,
        RefusalKind::Denied => 77,
    }
}

/// A refusal in words: what, then every wrong field with its reason.
pub fn refusal_text(lang: Lang, refusal: &Refusal) -> String {
    let args: Vec<(&str, String)> = refusal
        .args
        .iter()
        .map(|(name, value)| (name.as_str(), locale::said(lang, name, value)))
        .collect();
    let mut text = locale::fill(lang, &refusal.key, &args);
    let is_rule = refusal.key.starts_with("broken.");
    for wrong in &refusal.wrongs {
        let label = label(lang, &wrong.field);
        if is_rule {
            let _ = write!(text, " ({label})");
        } else {
            let why = locale::text(lang, &format!("wrong.{}", wrong.why));
            let label = if label.is_empty() { label } else { label + ": " };
            let _ = write!(text, "\n  {label}{why}");
        }
    }
    for clash in &refusal.clashes {
        let theirs = clash.theirs.as_str().map_or_else(|| clash.theirs.to_string(), str::to_owned);
        let _ = write!(text, "\n  {}: {theirs} ({}, {})", clash.field, clash.who, clash.when);
    }
    text
}

/// The label of a field, or its key if it has none.
pub fn label(lang: Lang, field: &str) -> String {
    if let Some((line, about)) = field.strip_prefix("line.").and_then(|at| at.split_once('.')) {
        return locale::fill(lang, "shell.line", &[("line", line), ("about", about)]);
    }
    locale::find(lang, &format!("field.{field}")).map_or_else(|| field.to_owned(), str::to_owned)
}

/// Rows in columns, aligned by what a terminal shows.
pub fn table(rows: &[Vec<String>]) -> String {
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..n_columns)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.width())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width - cell.width() + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
