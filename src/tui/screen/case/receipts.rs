//! The receipts of a case: each letter, visit, call or transfer with its numbers in the state system.

use ratatui::text::{Line, Span};

use crate::api::reply::CaseSheet;
use crate::domain::receipt::Receipt;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::case::pane::Body;
use crate::tui::screen::row::{self, Cell, Column};
use crate::tui::text;

/// The most lines of a receipt's own words here; all of them stand in the pane of the request.
const WORDS_MAX: usize = 3;

/// The pane; `at` is the selected row if the pane is open.
pub fn body(sheet: &CaseSheet, view: &View<'_>, width: usize, at: Option<usize>) -> Body {
    let receipts = in_order(sheet);
    let days = receipts.iter().map(|receipt| receipt.received_on);
    let mut columns = [
        Column::new("", 1),
        Column::new("case.receipt.day", row::day_width(days, view.me.today)),
        Column::new("case.receipt.channel", 8),
        Column::new("case.receipt.source", 8),
        Column::new("case.receipt.people", 6),
        Column::new("case.receipt.state", 20),
        Column::new("case.receipt.letter", 0),
    ];
    row::share(&mut columns, width);
    let mut lines = Vec::new();
    let mut selected = None;
    for (place, receipt) in receipts.into_iter().enumerate() {
        let is_selected = at == Some(place);
        if is_selected {
            selected = Some(lines.len());
        }
        let mut cells = cells(receipt, sheet, view);
        cells.insert(0, Cell::new(Role::Marker, if is_selected { ">" } else { "" }));
        lines.push(row::lay(view, &columns, &cells));
        if is_selected {
            lines.extend(own_words(receipt, view, width));
        }
    }
    Body { head: vec![row::titles(view, &columns)], lines, selected, foot: Vec::new() }
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
        Cell::plain(row::day(receipt.received_on, view.me.today)),
        Cell::plain(choice("channel", receipt.channel.word())),
        Cell::plain(choice("source", receipt.source.word())),
        Cell::plain(locale::fill(view.lang, "case.receipt.n_people", &people)),
        state_system(receipt, view),
        Cell::plain(sender.join(" ")),
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
        Some(number) => Cell::new(role, format!("{word} {number}")),
        None => Cell::new(role, word),
    }
}

/// Repeat, what happened at once, the query code, and the beginning of its own words.
fn own_words(receipt: &Receipt, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
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
    let mut lines = Vec::new();
    if !facts.is_empty() {
        lines.push(format!("  {}", facts.join("  ")));
    }
    let words = row::flat(receipt.words.as_deref().unwrap_or_default());
    let shown = view.look.shown(&words);
    let wrapped = text::wrap(&shown, width.saturating_sub(4).max(2));
    if !words.is_empty() {
        lines.extend(wrapped.iter().take(WORDS_MAX).map(|line| format!("  {line}")));
    }
    if wrapped.len() > WORDS_MAX
        && let Some(last) = lines.last_mut()
    {
        last.push_str(text::ELLIPSIS);
    }
    let style = view.look.style(Role::Dim);
    lines.into_iter().map(|line| Line::from(Span::styled(line, style))).collect()
}
