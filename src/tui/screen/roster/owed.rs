//! What the office owes under an entry of the roster, in words: never how much, never a number for
//! a person.

use crate::api::roster::{EntryRow, OwedView};
use crate::domain::entry::{EntryState, OwedKind};
use crate::locale::{self, Lang};
use crate::tui::look::Role;
use crate::tui::screen::{View, row};
use crate::tui::widget::table::Cell;

/// What is owed: its kind, with the limit's name or what was promised.
pub fn what(owed: &OwedView, lang: Lang) -> String {
    let kind = locale::text(lang, &format!("owed.{}", owed.kind.word()));
    match (&owed.rule, &owed.what) {
        (Some(rule), _) => locale::find(lang, &format!("limit.{rule}")).unwrap_or(rule).to_owned(),
        (None, Some(what)) => {
            let args = [("kind", kind), ("what", row::flat(what))];
            locale::fill(lang, "roster.promise", &args)
        }
        (None, None) => kind,
    }
}

/// How many days are left until then or have passed since.
pub fn left(owed: &OwedView, lang: Lang) -> String {
    let days = owed.days_left.unsigned_abs().to_string();
    let key = match owed.days_left {
        0 => "row.today",
        1.. => "row.days_left",
        _ => "row.days_late",
    };
    locale::fill(lang, key, &[("days", days)])
}

/// How urgent it is: a look and a sign that say the same.
fn urgency(owed: &OwedView, view: &View<'_>) -> (Role, &'static str) {
    let soon = i64::from(view.me.soon_workdays);
    match owed.days_left {
        ..0 => (Role::Late, "!"),
        0 => (Role::Today, "*"),
        days if days <= soon => (Role::Soon, "~"),
        _ => (Role::Text, " "),
    }
}

/// The day of what is owed first.
pub fn day_cell(entry: &EntryRow, view: &View<'_>) -> Cell {
    match entry.owed.first() {
        Some(owed) => {
            let (role, _) = urgency(owed, view);
            Cell::role(row::short_day(owed.on, view.me.today), role)
        }
        None => Cell::role(row::NOTHING, Role::Dim),
    }
}

/// The days that are left for it.
pub fn left_cell(entry: &EntryRow, view: &View<'_>) -> Cell {
    match entry.owed.first() {
        Some(owed) => {
            let (role, sign) = urgency(owed, view);
            Cell::role(format!("{sign}{}", left(owed, view.lang)), role)
        }
        None => Cell::role(format!(" {}", row::NOTHING), Role::Dim),
    }
}

/// What is owed first, and what else is late; of what is over, how it ended.
pub fn what_cell(entry: &EntryRow, view: &View<'_>) -> Cell {
    let Some(first) = entry.owed.first() else {
        return Cell::role(state(entry, view.lang), Role::Dim);
    };
    let late = entry.owed.iter().skip(1).filter(|owed| owed.days_left < 0);
    let words: Vec<String> =
        std::iter::once(first).chain(late).map(|owed| what(owed, view.lang)).collect();
    let is_said = matches!(first.kind, OwedKind::Approval | OwedKind::Decision);
    let is_unusual = matches!(entry.state, EntryState::Proposed | EntryState::Pending);
    let state = Some(state(entry, view.lang)).filter(|_| is_unusual && !is_said);
    let words: Vec<String> = state.into_iter().chain(words).collect();
    Cell::role(words.join("; "), urgency(first, view).0)
}

/// Everything that is owed, each with its day and what is left.
pub fn all(entry: &EntryRow, view: &View<'_>) -> Vec<Cell> {
    let cell = |owed: &OwedView| {
        let (role, sign) = urgency(owed, view);
        let day = row::short_day(owed.on, view.me.today);
        let words = format!("{} {day} {}", what(owed, view.lang), left(owed, view.lang));
        Cell::role(format!("{}{words}", sign.trim_end()), role)
    };
    entry.owed.iter().map(cell).collect()
}

/// Why it stands where it stands, in words: the reason for its place in the order.
pub fn reason(entry: &EntryRow, view: &View<'_>) -> String {
    let Some(owed) = entry.owed.first() else { return state(entry, view.lang) };
    let day = |on| row::short_day(on, view.me.today);
    let args = [
        ("what", what(owed, view.lang)),
        ("day", day(owed.on)),
        ("days", owed.days_left.unsigned_abs().to_string()),
        ("until", day(entry.pending_until)),
        ("last", row::maybe_day(entry.last_contact_on, view.me.today)),
    ];
    let key = match (owed.kind, owed.days_left < 0) {
        (OwedKind::Approval, _) => "roster.why.approval",
        (OwedKind::Decision, _) => "roster.why.decision",
        (OwedKind::Contact, true) => "roster.why.contact_late",
        (OwedKind::Promise, true) => "roster.why.promise_late",
        (OwedKind::Clock, true) => "roster.why.clock_late",
        (OwedKind::Contact, false) => "roster.why.contact",
        (OwedKind::Promise, false) => "roster.why.promise",
        (OwedKind::Clock, false) => "roster.why.clock",
        (OwedKind::Review, _) => "roster.why.review",
    };
    locale::fill(view.lang, key, &args)
}

/// How an entry stands.
pub fn state(entry: &EntryRow, lang: Lang) -> String {
    locale::text(lang, &format!("entry.state.{}", entry.state.word()))
}

/// The cell of how an entry stands.
pub fn state_cell(entry: &EntryRow, lang: Lang) -> Cell {
    let role = match entry.state {
        EntryState::Pending => Role::Late,
        EntryState::Proposed => Role::Soon,
        EntryState::Running => Role::Text,
        EntryState::Lapsed | EntryState::Ended => Role::Dim,
    };
    Cell::role(state(entry, lang), role)
}

/// An entry in one line: how it stands, who leads, and what is owed next.
pub fn told(entry: &EntryRow, view: &View<'_>) -> Vec<Cell> {
    let lead = entry.lead.clone().unwrap_or_else(|| row::NOTHING.to_owned());
    let lead = locale::fill(view.lang, "case.lead", &[("name", lead)]);
    let mut cells = vec![
        Cell::role(locale::text(view.lang, "roster.sheet_line"), Role::Title),
        state_cell(entry, view.lang),
        Cell::text(lead),
    ];
    cells.extend(all(entry, view));
    cells
}

/// The name, or that there is none.
pub fn name(entry: &EntryRow, lang: Lang) -> String {
    entry.name.clone().unwrap_or_else(|| locale::text(lang, "row.anonymous"))
}
