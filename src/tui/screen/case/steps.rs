//! What was done about a case, the newest first.
//!
//! While the pane is open every text is shown in full; else one line a step.

use ratatui::text::{Line, Span};

use crate::api::reply::CaseSheet;
use crate::domain::case::{Deed, Step};
use crate::domain::ids::OfficerId;
use crate::locale::{self, Lang};
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::case::pane::Body;
use crate::tui::screen::row::{self, Cell, Column, NOTHING};
use crate::tui::text;

/// The pane; `at` is set if it is open.
pub fn body(sheet: &CaseSheet, view: &View<'_>, width: usize, at: Option<usize>) -> Body {
    let mut steps: Vec<_> = sheet.case.steps.iter().collect();
    steps.sort_by_key(|(number, step)| std::cmp::Reverse((step.cycle, step.on, **number)));
    let days = steps.iter().map(|(_, step)| step.on);
    let mut columns = [
        Column::new("", 1),
        Column::new("", row::day_width(days, view.me.today)),
        Column::new("", 8),
        Column::new("", 8),
        Column::new("", 0),
    ];
    row::share(&mut columns, width);
    let mut lines = Vec::new();
    for (_, step) in steps {
        let text = telling(step, sheet, view);
        let [.., rest] = columns;
        let texts = match at {
            Some(_) => text::wrap(&text, rest.width),
            None => vec![text.as_str()],
        };
        let (first, more) =
            texts.split_first().map_or(("", &[][..]), |(first, more)| (*first, more));
        let cells = [
            Cell::plain(""),
            Cell::plain(row::day(step.on, view.me.today)),
            Cell::new(Role::Title, deed(&step.deed, view.lang)),
            Cell::plain(step.by.map_or(NOTHING, |by| officer(sheet, by))),
            Cell::plain(first),
        ];
        lines.push(row::lay(view, &columns, &cells));
        let indent = " ".repeat(width.saturating_sub(rest.width));
        lines.extend(more.iter().map(|line| {
            let line = view.look.shown(line).into_owned();
            Line::from(vec![Span::raw(indent.clone()), Span::raw(line)])
        }));
    }
    Body { head: Vec::new(), lines, selected: None, foot: Vec::new() }
}

/// The word of a deed; plain work is named by its kind.
fn deed(deed: &Deed, lang: Lang) -> String {
    match deed {
        Deed::Worked { work } => locale::text(lang, &format!("choice.work.{}", work.word())),
        other => locale::text(lang, &format!("deed.{}", other.word())),
    }
}

/// What there is to tell of a step: details, document, text, the cycle, when it was entered.
fn telling(step: &Step, sheet: &CaseSheet, view: &View<'_>) -> String {
    let mut parts = Vec::new();
    if step.cycle != sheet.case.cycle {
        let args = [("cycle", step.cycle.to_string())];
        parts.push(locale::fill(view.lang, "case.cycle", &args));
    }
    parts.push(detail(&step.deed, sheet, view));
    parts.extend(step.document.clone());
    parts.extend(step.text.clone());
    if step.entered_on > step.on {
        let args = [("day", row::day(step.entered_on, view.me.today))];
        parts.push(locale::fill(view.lang, "case.entered_later", &args));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" ")
}

fn detail(deed: &Deed, sheet: &CaseSheet, view: &View<'_>) -> String {
    let choice = |list: &str, word: &str| locale::text(view.lang, &format!("choice.{list}.{word}"));
    match deed {
        Deed::Received { receipt, source } => {
            let receipt = sheet.receipts.iter().find(|own| own.id == *receipt);
            let channel = receipt.map(|receipt| choice("channel", receipt.channel.word()));
            let source = choice("source", source.word());
            channel.map_or(source.clone(), |channel| format!("{channel} {source}"))
        }
        Deed::Routed { route } => choice("route", route.word()),
        Deed::Notified { manner, .. } | Deed::Delivered { manner } => {
            choice("manner", manner.word())
        }
        Deed::Extended { days, approver, told_on } => {
            let told = told_on.map(|on| {
                let args = [("day", row::day(on, view.me.today))];
                locale::fill(view.lang, "case.told", &args)
            });
            let args = [
                ("days", days.to_string()),
                ("approver", officer(sheet, *approver).to_owned()),
                ("told", told.unwrap_or_else(|| locale::text(view.lang, "case.not_told"))),
            ];
            locale::fill(view.lang, "case.extended", &args)
        }
        Deed::LeadAssigned { lead } => officer(sheet, *lead).to_owned(),
        Deed::HandedTo { handler } => officer(sheet, *handler).to_owned(),
        Deed::Allotted { unit } => sheet.units.get(unit).map_or(NOTHING, String::as_str).to_owned(),
        Deed::Objected { .. }
        | Deed::Accepted
        | Deed::Declined
        | Deed::Worked { .. }
        | Deed::Replied
        | Deed::Reported
        | Deed::Settled
        | Deed::Concluded
        | Deed::Reopened => String::new(),
    }
}

/// The name of an officer that the sheet mentions.
pub fn officer(sheet: &CaseSheet, id: OfficerId) -> &str {
    sheet.officers.get(&id).map_or(NOTHING, String::as_str)
}
