//! The request word for word (Reg. 19(1)), what later receipts added, claims with their findings,
//! and what is planned.

use crate::api::reply::CaseSheet;
use crate::domain::case::Claim;
use crate::locale::{self, Lang};
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::case::pane::Body;
use crate::tui::screen::case::receipts;
use crate::tui::screen::row;
use crate::tui::text;
use crate::tui::widget::table::{Row, Table};

/// What stands before every line of a text; as wide as the marker of a table, which is there too.
const INDENT: &str = "  ";

/// The pane.
pub fn body(sheet: &CaseSheet, view: &View<'_>, width: usize) -> Body {
    let mut rows = Vec::new();
    let mut part = |title: String, text: &str| {
        if text.trim().is_empty() {
            return;
        }
        rows.push(Row::Note(title, Role::Title));
        let text = view.look.shown(text).replace('\t', INDENT);
        let room = width.saturating_sub(2 * INDENT.len()).max(2);
        rows.extend(
            text::wrap(&text, room)
                .into_iter()
                .map(|line| Row::Note(format!("{INDENT}{line}"), Role::Text)),
        );
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
    Body { table: Table { rows, ..Table::default() }, foot: None }
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
