//! What became of a file, as text and as JSON.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::api::incoming::RowChange;
use crate::api::reply::{AlikeRows, Answers, ImportView, RowRefusal};
use crate::cli::import::places::Places;
use crate::cli::import::reading::{Sample, Staged};
use crate::cli::remark::Seen;
use crate::cli::tell::{Outcome, Voice};
use crate::exchange::ledger::Report;
use crate::locale::{self, Lang};
use crate::tui::incoming::table::column_label;
use crate::tui::incoming::why;

/// The most refusals that are printed as text; all are in JSON and in the list of rejects.
const PRINTED_MAX: usize = 20;

#[derive(Debug, Serialize)]
struct Imported<'a> {
    batch: Option<&'a String>,
    rows: u64,
    new: u64,
    same: u64,
    updated: u64,
    refused: u64,
    new_persons: u64,
    known_persons: u64,
    new_units: &'a [String],
    new_officers: &'a [String],
    columns: Vec<Shown<'a>>,
    dropped_columns: Vec<String>,
    ignored_columns: Vec<String>,
    seen: Seen,
    answers: Answers,
    alike: AlikeRows,
    changes: &'a [RowChange],
    refusals: &'a [RowRefusal],
}

/// A field, the headers that fill it, and what stands there.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    field: &'a str,
    headers: Vec<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    samples: &'a [String],
}

/// Says what became of a file, with samples of its columns where it was only tried.
///
/// # Errors
/// The output is closed.
pub fn say(voice: Voice, (read, samples): (&Staged, &[Sample]), view: &ImportView) -> Outcome {
    let refusals = view.refusals.as_slice();
    let report = &read.report;
    let dropped: BTreeSet<(String, String)> = report.dropped_columns();
    let imported = Imported {
        batch: view.batch.as_ref(),
        rows: view.rows,
        new: view.new,
        same: view.same,
        updated: view.updated,
        refused: view.refused,
        new_persons: view.new_persons,
        known_persons: view.known_persons,
        new_units: &view.new_units,
        new_officers: &view.new_officers,
        columns: shown(report, samples),
        dropped_columns: dropped.iter().map(|(header, _)| header.clone()).collect(),
        ignored_columns: ignored(report),
        seen: Seen::of(&read.book.remarks, report),
        answers: view.answers,
        alike: view.alike,
        changes: &view.changes,
        refusals,
    };
    voice.say(&imported, |lang| {
        let mut text = headline(lang, view);
        let places = Places::of(report);
        for shown in imported.columns.iter().filter(|_| !samples.is_empty()) {
            text.push_str(&(shown.print(lang, &places) + "\n"));
        }
        for (header, reason) in &dropped {
            let reason = locale::text(lang, &format!("refused_column.{reason}"));
            let args = [("column", places.said(lang, header)), ("reason", reason)];
            text.push_str(&(locale::fill(lang, "shell.import.dropped", &args) + "\n"));
        }
        let ignored = imported.ignored_columns.iter();
        let ignored: Vec<String> = ignored.map(|header| places.said(lang, header)).collect();
        text.push_str(&imported.seen.print(lang, &ignored));
        if view.alike.rows > 0 {
            let args = [("groups", view.alike.groups), ("rows", view.alike.rows)];
            let args = args.map(|(name, n)| (name, n.to_string()));
            text.push_str(&(locale::fill(lang, "shell.import.alike", &args) + "\n"));
        }
        for change in view.changes.iter().take(PRINTED_MAX) {
            text.push_str(&change_lines(lang, change));
        }
        if view.changes.len() > PRINTED_MAX {
            let more = (view.changes.len() - PRINTED_MAX).to_string();
            text.push_str(&(locale::fill(lang, "shell.import.changes", &[("more", more)]) + "\n"));
        }
        for refusal in refusals.iter().take(PRINTED_MAX) {
            text.push_str(&(refusal_line(lang, refusal) + "\n"));
        }
        if refusals.len() > PRINTED_MAX {
            let more = (refusals.len() - PRINTED_MAX).to_string();
            text.push_str(&(locale::fill(lang, "shell.import.more", &[("more", more)]) + "\n"));
        }
        text
    })
}

fn headline(lang: Lang, view: &ImportView) -> String {
    let args = [
        ("rows", view.rows.to_string()),
        ("new", view.new.to_string()),
        ("same", view.same.to_string()),
        ("updated", view.updated.to_string()),
        ("refused", view.refused.to_string()),
        ("persons", view.new_persons.to_string()),
    ];
    let key = if view.batch.is_some() { "shell.import.done" } else { "shell.import.tried" };
    let mut text = locale::fill(lang, key, &args) + "\n";
    if view.answers.dated > 0 {
        let args = [
            ("dated", view.answers.dated.to_string()),
            ("over_15", view.answers.over_15.to_string()),
            ("over_60", view.answers.over_60.to_string()),
        ];
        text.push_str(&(locale::fill(lang, "shell.import.answers", &args) + "\n"));
    }
    text
}

/// The headers that fill no field, each once; one without a text is not among them.
pub fn ignored(report: &Report) -> Vec<String> {
    let ignored = report.mappings.iter().flat_map(|mapping| &mapping.ignored);
    let headers: BTreeSet<&String> =
        ignored.map(|column| &column.header).filter(|header| !header.is_empty()).collect();
    headers.into_iter().cloned().collect()
}

/// The fields that are filled, in the order of the columns.
fn shown<'a>(report: &'a Report, samples: &'a [Sample]) -> Vec<Shown<'a>> {
    let mut order: Vec<&str> = Vec::new();
    let mut headers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for column in report.mappings.iter().flat_map(|mapping| &mapping.columns) {
        let of = headers.entry(&column.field).or_default();
        if !of.contains(&column.header.as_str()) {
            of.push(&column.header);
        }
        if !order.contains(&column.field.as_str()) {
            order.push(&column.field);
        }
    }
    let shown = |field: &'a str| Shown {
        field,
        headers: headers.get(field).cloned().unwrap_or_default(),
        samples: samples
            .iter()
            .find(|sample| sample.field == field)
            .map_or(&[], |sample| sample.values.as_slice()),
    };
    order.into_iter().map(shown).collect()
}

impl Shown<'_> {
    fn print(&self, lang: Lang, places: &Places) -> String {
        let headers = self.headers.iter().map(|header| places.said(lang, header));
        let args = [
            ("columns", headers.collect::<Vec<_>>().join(" + ")),
            ("field", column_label(lang, Some(self.field))),
            ("samples", self.samples.join(" | ")),
        ];
        locale::fill(lang, "shell.import.column", &args)
    }
}

/// A changed row: which record, and each field with its old and new value.
fn change_lines(lang: Lang, change: &RowChange) -> String {
    let args = [
        ("sheet", change.sheet.clone()),
        ("row", change.row.to_string()),
        ("name", change.name.clone()),
    ];
    let mut text = locale::fill(lang, "shell.import.change", &args) + "\n";
    let told = |value: &Option<String>| value.clone().unwrap_or_else(|| "--".to_owned());
    for field in &change.fields {
        let label = column_label(lang, Some(&field.field));
        let line = format!("    {label}: {} -> {}", told(&field.old), told(&field.new));
        text.push_str(&(line.replace('\n', " ") + "\n"));
    }
    text
}

fn refusal_line(lang: Lang, refusal: &RowRefusal) -> String {
    let args = [
        ("sheet", refusal.sheet.clone()),
        ("row", refusal.row.to_string()),
        ("column", column_label(lang, refusal.column.as_deref())),
        ("why", why(lang, refusal)),
    ];
    locale::fill(lang, "shell.import.refusal", &args)
}
