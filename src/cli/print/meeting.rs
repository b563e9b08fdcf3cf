//! The list of the meeting on paper: a table for each matter, with what the list says of it.

use crate::api::meeting::{MeetingView, TabledRow};
use crate::api::reply::Me;
use crate::cli::meeting::{Masked, parts, progress, told_next};
use crate::cli::print::Printed;
use crate::exchange::document::{Column, Document, Grid, Held, Part};
use crate::exchange::paper::layout::Sheet;
use crate::locale::{self, Lang};
use crate::tui::app::picture::dated;
use crate::tui::screen::row;

/// The widths of label and text in millimetres.
const WIDTHS: [u32; 2] = [24, 132];

/// The list as a document; without parts if nothing is on it.
pub fn list(lang: Lang, (me, masked): (&Me, Option<Masked>), view: &MeetingView) -> Printed {
    let args = [
        ("town", me.town.clone()),
        ("day", dated(lang, me.today)),
        ("count", view.rows.len().to_string()),
    ];
    let said = |key: &str| locale::fill(lang, key, &args);
    let rows = view.rows.iter().enumerate();
    let part = Part {
        name: locale::text(lang, "print.meeting"),
        title: said("print.meeting.title"),
        lines: vec![said("print.meeting.line")],
        words: Vec::new(),
        charts: String::new(),
        grids: rows.map(|(at, row)| matter(lang, (me, at + 1), row)).collect(),
        notes: masked.map(|_| locale::text(lang, "shell.meeting.masked")).into_iter().collect(),
    };
    let is_empty = view.rows.is_empty();
    Printed {
        document: Document {
            sheet: Sheet::Upright,
            parts: if is_empty { Vec::new() } else { vec![part] },
        },
        stem: format!("{}-{}", locale::text(Lang::Zh, "print.meeting"), me.today),
        n_rows: view.rows.len() as u64,
        n_sealed: 0,
    }
}

fn matter(lang: Lang, (me, number): (&Me, usize), own: &TabledRow) -> Grid {
    let case = &own.case;
    let who = row::petitioner(case.person.as_ref(), case.people, lang);
    let label = |key: &str| locale::text(lang, &format!("shell.meeting.{key}"));
    let nothing = || locale::text(lang, "shell.meeting.nothing");
    let line = |key: &str, text: Option<String>| {
        let text = text.filter(|text| !text.trim().is_empty()).unwrap_or_else(nothing);
        vec![Held::Text(label(key)), Held::Text(text)]
    };
    let mut rows = vec![
        vec![Held::Text(label("standing")), Held::Text(parts(lang, own).join("  "))],
        line("request", Some(own.request.clone())),
        line("progress", progress(lang, own)),
    ];
    rows.extend(told_next(lang, me, own).map(|text| line("next", Some(text))));
    rows.push(line("difficulty", own.tabled.difficulty.clone()));
    rows.push(line("advice", own.tabled.advice.clone()));
    rows.push(line("question", own.tabled.question.clone()));
    Grid {
        head: format!("{number}. {} {}  {who}", case.number, case.title),
        columns: WIDTHS.map(|width| Column::new(String::new(), width)).into(),
        rows,
        ..Grid::default()
    }
}
