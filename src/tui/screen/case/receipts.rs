//! The receipts of a case: each with its day, its way and its numbers in the state system.

use crate::api::reply::CaseSheet;
use crate::domain::receipt::Receipt;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::case::pane::Body;
use crate::tui::screen::row;
use crate::tui::text;
use crate::tui::widget::table::{Cell, Mark, Row, Table};

/// The most lines of a receipt's own words here; all of them stand in the pane of the request.
const WORDS_MAX: usize = 3;

/// The pane; `at` is the selected row if the pane is open.
pub fn body(sheet: &CaseSheet, view: &View<'_>, width: usize, at: Option<usize>) -> Body {
    let receipts = in_order(sheet);
    let days = row::day_width(receipts.iter().map(|receipt| receipt.received_on), view.me.today);
    let columns = vec![
        row::fixed(view, "case.receipt.day", days),
        row::words(view, "case.receipt.channel", (8, 10)),
        row::words(view, "case.receipt.source", (8, 10)),
        row::fixed(view, "case.receipt.people", 6),
        row::fixed(view, "case.receipt.state", 20),
        row::flex(view, "case.receipt.letter", 8),
    ];
    let mut table = Table { columns, ..Table::default() };
    for (place, receipt) in receipts.into_iter().enumerate() {
        let is_selected = at == Some(place);
        if is_selected {
            table.selected = Some(table.rows.len());
        }
        let cells = cells(receipt, sheet, view);
        table.rows.push(Row::Cells { cells, mark: Mark::Off });
        if is_selected {
            table.rows.extend(own_words(receipt, view, width));
        }
    }
    Body { table, foot: None }
}

/// The receipts by the day on which they came.
pub fn in_order(sheet: &CaseSheet) -> Vec<&Receipt> {
    let mut receipts: Vec<_> = sheet.receipts.iter().collect();
    receipts.sort_by_key(|receipt| (receipt.received_on, receipt.id));
    receipts
}

fn cells(receipt: &Receipt, sheet: &CaseSheet, view: &View<'_>) -> Vec<Cell> {
    let choice = |list: &str, word: &str| locale::text(view.lang, &format!("choice.{list}.{word}"));
    let people = [("people", receipt.people.to_string())];
    let taker = receipt.taken_by.and_then(|by| sheet.officers.get(&by).cloned());
    let sender: Vec<_> =
        [receipt.from_body.clone(), receipt.letter.clone(), taker].into_iter().flatten().collect();
    vec![
        Cell::text(row::day(receipt.received_on, view.me.today)),
        Cell::text(choice("channel", receipt.channel.word())),
        Cell::text(choice("source", receipt.source.word())),
        Cell::text(locale::fill(view.lang, "case.receipt.n_people", &people)),
        state_system(receipt, view),
        Cell::text(sender.join(" ")),
    ]
}

/// Whether it stands in the state system, and under which number (Reg. 21(2)).
fn state_system(receipt: &Receipt, view: &View<'_>) -> Cell {
    let key = match (receipt.entered_on, receipt.returned_on) {
        (_, Some(_)) => "case.receipt.returned",
        (Some(_), None) => "case.receipt.entered",
        (None, None) => "case.receipt.not_entered",
    };
    let word = locale::text(view.lang, key);
    let role = if receipt.entered_on.is_none() { Role::Warning } else { Role::Text };
    match &receipt.state_number {
        Some(number) => Cell::role(format!("{word} {number}"), role),
        None => Cell::role(word, role),
    }
}

/// Repeat, what happened at once, the query code, and the beginning of its own words.
fn own_words(receipt: &Receipt, view: &View<'_>, width: usize) -> Vec<Row> {
    let mut facts = Vec::new();
    if receipt.repeat {
        facts.push(locale::text(view.lang, "case.receipt.repeat"));
    }
    if let Some(at_once) = receipt.at_once {
        facts.push(locale::text(view.lang, &format!("choice.at_once.{}", at_once.word())));
    }
    if let Some(code) = &receipt.query_code {
        let args = [("code", code)];
        facts.push(locale::fill(view.lang, "case.receipt.query_code", &args));
    }
    for (value, key) in [
        (&receipt.report_way, "case.receipt.report_way"),
        (&receipt.sender_contact, "case.receipt.sender_contact"),
    ] {
        facts.extend(value.as_ref().map(|value| locale::fill(view.lang, key, &[("text", value)])));
    }
    let mut lines = vec![facts.join("  ")];
    let words = row::flat(receipt.words.as_deref().unwrap_or_default());
    let shown = view.look.shown(&words);
    let wrapped = text::wrap(&shown, width.saturating_sub(6).max(2));
    lines.extend(wrapped.iter().take(WORDS_MAX).map(|line| (*line).to_owned()));
    if wrapped.len() > WORDS_MAX
        && let Some(last) = lines.last_mut()
    {
        last.push_str(text::ELLIPSIS);
    }
    lines.retain(|line| !line.is_empty());
    lines.into_iter().map(|line| Row::Note(format!("  {line}"), Role::Dim)).collect()
}
