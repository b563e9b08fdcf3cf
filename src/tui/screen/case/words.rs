//! The request word for word (Reg. 19(1)), what later receipts added, claims with their findings,
//! and what is planned.

use ratatui::text::{Line, Span};

use crate::api::reply::CaseSheet;
use crate::domain::case::Claim;
use crate::locale::{self, Lang};
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::case::pane::Body;
use crate::tui::screen::case::receipts;
use crate::tui::screen::row;
use crate::tui::text;

/// What stands before every line of a text.
const INDENT: &str = "  ";

/// The pane.
pub fn body(sheet: &CaseSheet, view: &View<'_>, width: usize) -> Body {
    let mut lines = Vec::new();
    let mut part = |title: String, text: &str| {
        if text.trim().is_empty() {
            return;
        }
        lines.push(Line::from(Span::styled(title, view.look.style(Role::Title))));
        let text = view.look.shown(text).replace('\t', INDENT);
        for line in text::wrap(&text, width.saturating_sub(INDENT.len()).max(2)) {
            lines.push(Line::from(format!("{INDENT}{line}")));
        }
    };
    let label = |key: &str| locale::text(view.lang, key);
    let case = &sheet.case;
    part(label("case.words.request"), &case.request);
    for (number, claim) in &case.claims {
        let args = [("number", number.to_string())];
        part(locale::fill(view.lang, "case.words.claim", &args), &claim_text(claim, view.lang));
    }
    for receipt in receipts::in_order(sheet) {
        let day = row::day(receipt.received_on, view.me.today);
        let channel = label(&format!("choice.channel.{}", receipt.channel.word()));
        let args = [("day", day), ("channel", channel)];
        let title = locale::fill(view.lang, "case.words.receipt", &args);
        part(title, receipt.words.as_deref().unwrap_or_default());
    }
    part(label("case.words.about"), case.about.as_deref().unwrap_or_default());
    part(label("case.words.place"), case.place.as_deref().unwrap_or_default());
    part(label("case.words.measures"), case.measures.as_deref().unwrap_or_default());
    let agreed = case.agreed_on.map(|on| row::day(on, view.me.today));
    part(label("case.words.agreed"), &agreed.unwrap_or_default());
    Body { head: Vec::new(), lines, selected: None, foot: Vec::new() }
}

/// A claim with what was found and what follows.
pub fn claim_text(claim: &Claim, lang: Lang) -> String {
    let mut parts = vec![claim.text.clone()];
    parts.extend(claim.finding.clone());
    let result = claim.result.map_or("case.claim.open".to_owned(), |result| {
        format!("choice.claim_result.{}", result.word())
    });
    parts.push(locale::text(lang, &result));
    parts.join(" ")
}
