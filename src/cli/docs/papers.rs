//! The page of papers: what the office makes, how its numbers look, and what a template may ask for.

use crate::cli::docs::{both, heading, row, table_head};
use crate::domain::paper::{Paper, Seal};
use crate::domain::placeholder::{Guard, PLACEHOLDERS, Placeholder};
use crate::exchange::paper::{built_in, label};
use crate::locale::{self, Lang};

/// The year of the example of a number.
const YEAR: i32 = 2026;

/// The page of all papers and placeholders.
pub fn papers_page() -> String {
    let mut page = format!("# {}\n\n{}\n\n", both("docs.papers.title"), both("docs.papers.intro"));
    let head = ["name", "paper", "series", "number"].map(|key| format!("docs.papers.{key}"));
    table_head(&mut page, &head.each_ref().map(String::as_str));
    for paper in Paper::ALL.iter().copied() {
        let number = paper.mark().map(|_| paper.print("", (YEAR, Seal::Open), 1));
        let cells = [
            format!("`{}`", paper.word()),
            both(&format!("choice.paper.{}", paper.word())),
            paper.mark().unwrap_or_default().to_owned(),
            number.unwrap_or_default(),
        ];
        row(&mut page, &cells);
    }
    heading(&mut page, "##", &both("docs.papers.placeholders"));
    let head = ["label", "key", "origin", "masked", "used"].map(|key| format!("docs.papers.{key}"));
    table_head(&mut page, &head.each_ref().map(String::as_str));
    for placeholder in PLACEHOLDERS {
        row(&mut page, &cells(placeholder));
    }
    page
}

fn cells(placeholder: &Placeholder) -> [String; 5] {
    let name = label(placeholder.key);
    let is_asked = |paper: &&Paper| {
        let source = built_in::source(**paper);
        source.contains(&format!("{{{{{name}}}}}")) || source.contains(&format!("{{{{{name}?}}}}"))
    };
    let used = Paper::ALL.iter().filter(is_asked);
    let used: Vec<String> = used
        .map(|paper| locale::text(Lang::Zh, &format!("choice.paper.{}", paper.word())))
        .collect();
    [
        format!(
            "`{{{{{name}}}}}` {}",
            locale::text(Lang::En, &format!("placeholder.{}", placeholder.key))
        ),
        format!("`{}`", placeholder.key),
        both(&format!("origin.{}", placeholder.origin.word())),
        match placeholder.guard {
            Guard::Clear => String::new(),
            Guard::Phone => both("docs.papers.phone"),
            Guard::IdNumber => both("docs.papers.id_number"),
        },
        used.join("\u{3001}"),
    ]
}
