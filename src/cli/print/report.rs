//! `report KIND`: a report as text, as one JSON document, or as docx or a workbook with charts.

use clap::ArgMatches;

use crate::api::campaign::PlanView;
use crate::api::door::Door;
use crate::api::figure::FigureView;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::report::{ReportQuery, ReportSaid, ReportView};
use crate::api::request::Request;
use crate::cli::export::{self, PURPOSE, RECIPIENT};
use crate::cli::print::{Printed, file_of, written};
use crate::cli::queries::date;
use crate::cli::tell::{Outcome, Voice};
use crate::domain::report::ReportKind;
use crate::exchange::document::{Column, Document, Grid, Held, Part};
use crate::exchange::paper::layout::Sheet;
use crate::locale::{self, Lang};
use crate::tui::report::{self, Said, SaidCell, SaidTable};

/// Runs `report KIND`.
///
/// # Errors
/// What is missing, a file that is there already, or a refusal.
pub fn report(door: &mut dyn Door, voice: Voice, (word, matches): (&str, &ArgMatches)) -> Outcome {
    let unknown = || Refusal::new(RefusalKind::Invalid, "no_such_command");
    let kind = ReportKind::parse(&word.replace('-', "_")).ok_or_else(unknown)?;
    let file = matches.get_one::<String>("output").map(|_| file_of(matches)).transpose()?;
    let until = match matches.get_one::<String>("until") {
        Some(text) => {
            let Reply::Me(me) = door.call(Request::Greet)? else { return Err(odd()) };
            Some(date(text, me.today)?)
        }
        None => None,
    };
    let said = file.map(|_| export::said(door, voice.lang, matches)).transpose()?;
    let is_typed = said.as_ref().is_some_and(|said| said.is_typed);
    let said = said.map(|said| ReportSaid { purpose: said.purpose, recipient: said.recipient });
    let query = ReportQuery { kind, until, said };
    let Some(name) = file else {
        let (view, plan, figures) = read(door, query)?;
        return voice.say(&view, |lang| {
            report::text(&report::said(lang, &view, (plan.as_deref(), figures.as_deref())))
        });
    };
    let printed = page(door, voice.lang, query.clone())?;
    if let Some(said) = query.said.filter(|_| is_typed) {
        export::remember(door, [(PURPOSE, said.purpose), (RECIPIENT, said.recipient)]);
    }
    written(voice, (name, matches), &printed)
}

fn odd() -> Refusal {
    Refusal::new(RefusalKind::Fault, "fault")
}

/// A report with how the campaign and its indicators stand, where its kind asks for them.
type Read = (Box<ReportView>, Option<Box<PlanView>>, Option<Box<FigureView>>);

fn read(door: &mut dyn Door, query: ReportQuery) -> Result<Read, Refusal> {
    let kind = query.kind;
    let Reply::Report(view) = door.call(Request::Report(query))? else { return Err(odd()) };
    if kind != ReportKind::SelfInspection {
        return Ok((view, None, None));
    }
    let Reply::Plan(plan) = door.call(Request::Plan { id: None })? else { return Err(odd()) };
    let asked = Request::Figures { year: None };
    let Reply::Figures(figures) = door.call(asked)? else { return Err(odd()) };
    Ok((view, plan, Some(figures)))
}

/// A report as a document.
///
/// # Errors
/// A refusal.
pub fn page(door: &mut dyn Door, lang: Lang, query: ReportQuery) -> Result<Printed, Refusal> {
    let from = query.said.clone();
    let (view, plan, figures) = read(door, query)?;
    let said = report::said(lang, &view, (plan.as_deref(), figures.as_deref()));
    let kind = locale::text(Lang::Zh, &format!("choice.report_kind.{}", view.kind.word()));
    let until = view.spans.first().map_or(view.today, |span| span.until);
    Ok(Printed {
        n_rows: view.rows.len() as u64,
        n_sealed: 0,
        stem: format!("{kind}-{until}"),
        document: document(lang, said, from),
    })
}

/// What was said as a document, with what for and to whom it goes out.
pub fn document(lang: Lang, said: Said, from: Option<ReportSaid>) -> Document {
    let made = from.map(|from| {
        let args = [("purpose", from.purpose), ("recipient", from.recipient)];
        locale::fill(lang, "report.made", &args)
    });
    let part = Part {
        name: said.title.clone(),
        title: said.title,
        lines: said.lines.into_iter().chain(made).collect(),
        words: said.words,
        charts: locale::text(lang, "print.charts"),
        grids: said.tables.into_iter().map(grid).collect(),
        notes: said.notes,
    };
    Document { sheet: Sheet::Upright, parts: vec![part] }
}

fn grid(table: SaidTable) -> Grid {
    let held = |cell: SaidCell| match cell {
        SaidCell::Text(text) => Held::Text(text),
        SaidCell::Count(count) => Held::Count(i64::try_from(count).unwrap_or(i64::MAX)),
    };
    let rows = table.rows.into_iter().map(|row| row.into_iter().map(held).collect());
    Grid {
        head: table.head,
        columns: table
            .columns
            .into_iter()
            .map(|(title, width)| Column::new(title, width))
            .collect(),
        rows: rows.collect(),
        drawn: table.drawn,
        n_sums: table.n_sums,
    }
}
