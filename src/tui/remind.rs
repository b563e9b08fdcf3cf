//! The daily reminder: what somebody owes today and in the next days, as text that may go anywhere.
//!
//! It is made of the lines of Today. INVARIANT: of a line it takes number, kind, limit, day and what is
//! left; no name, no title and no other free text, and nothing of what is sealed.

use std::fmt::Write as _;

use chrono::NaiveDate;
use serde::Serialize;

use crate::api::reply::{AgendaGroup, LineRow, Me};
use crate::api::request::{AgendaQuery, Layout, ROWS_MAX, Whose};
use crate::domain::ids::Kind;
use crate::locale::{self, Lang};
use crate::tui::app::picture::dated;
use crate::tui::screen::row;

/// A line of the reminder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The part of Today in which it stands.
    pub group: AgendaGroup,
    /// What kind of record it is about.
    pub kind: Kind,
    /// The record's printed number.
    pub number: String,
    /// The limit, in words.
    pub limit: String,
    /// Its basis: an article, or the number of a letter.
    pub basis: Option<String>,
    /// The latest day; none if no clock runs.
    pub due: Option<NaiveDate>,
    /// How many calendar days are left; negative when late.
    pub days_left: Option<i64>,
    /// The same in words.
    #[serde(skip)]
    left: String,
    /// How many working days are soon, for the heading of its part.
    #[serde(skip)]
    soon: u32,
}

/// The most characters of the mark of a body before the year of a letter.
const MARK_MAX: usize = 6;

/// Which lines a reminder is made of.
pub fn query(whose: Whose) -> AgendaQuery {
    AgendaQuery { whose, most: ROWS_MAX, layout: Layout::Today, ..AgendaQuery::default() }
}

/// What a reminder says of the lines of Today: all but what is due later.
pub fn dues(lang: Lang, me: &Me, rows: &[(AgendaGroup, LineRow)]) -> Vec<Due> {
    let is_said = |(group, row): &&(AgendaGroup, LineRow)| {
        !row.sealed && !matches!(group, AgendaGroup::Later | AgendaGroup::Week)
    };
    let due = |(group, row): &(AgendaGroup, LineRow)| {
        let clock = row.clock.as_ref();
        let own = || locale::text(lang, &format!("limit.{}", row.line.word()));
        Due {
            group: *group,
            kind: row.record.kind,
            number: row.number.clone(),
            limit: clock.map_or_else(own, |clock| row::limit(clock, lang)),
            basis: clock
                .filter(|clock| row::is_article(&clock.basis) || is_letter(&clock.basis))
                .map(|clock| row::basis(clock, lang)),
            due: clock.and_then(|clock| clock.latest),
            days_left: clock.and_then(|clock| clock.days_left),
            left: clock.map_or_else(String::new, |clock| row::days_left(clock, lang)),
            soon: me.soon_workdays,
        }
    };
    rows.iter().filter(is_said).map(due).collect()
}

/// Whether a text is the number of a letter and nothing else, such as a body's mark, the year and
/// the serial: in the title of a letter somebody may be named.
fn is_letter(text: &str) -> bool {
    let Some((mark, rest)) = text.split_once('\u{3014}') else { return false };
    let Some((year, serial)) = rest.split_once('\u{3015}') else { return false };
    let serial = serial.strip_suffix('\u{53f7}').unwrap_or(serial);
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|char| char.is_ascii_digit());
    (1..=MARK_MAX).contains(&mark.chars().count()) && is_number(year) && is_number(serial)
}

impl Due {
    /// The heading of its part, with how many stand there.
    pub fn heading(&self, lang: Lang, all: &[Self]) -> String {
        let count = all.iter().filter(|other| other.group == self.group).count();
        let args = [("count", count.to_string()), ("days", self.soon.to_string())];
        let key = match self.group {
            AgendaGroup::Late => "late",
            AgendaGroup::Today => "today",
            AgendaGroup::Soon => "soon",
            AgendaGroup::Nudge => "nudge",
            AgendaGroup::Fresh => "fresh",
            AgendaGroup::Week => "week",
            AgendaGroup::Later => "later",
        };
        locale::fill(lang, &format!("agenda.group.{key}"), &args)
    }

    /// What kind of record it is about, in words.
    pub fn kind(&self, lang: Lang) -> String {
        locale::text(lang, &format!("kind.{}", self.kind.key()))
    }

    /// The limit with its basis.
    pub fn limit_and_basis(&self) -> String {
        match &self.basis {
            Some(basis) => format!("{}({basis})", self.limit),
            None => self.limit.clone(),
        }
    }

    /// Its day and what is left.
    pub fn day_and_left(&self, lang: Lang) -> [String; 2] {
        let none = || locale::text(lang, "remind.no_day");
        let day = self.due.map_or_else(none, |due| due.to_string());
        [day, self.left.clone()]
    }
}

/// Who is reminded: their name, else the whole town.
pub fn name(lang: Lang, me: &Me, whose: (Whose, Option<&str>)) -> String {
    let own = || me.officer.as_ref().map(|(_, name)| name.clone());
    let named = || whose.1.map(str::to_owned);
    let found = match whose.0 {
        Whose::Mine => own().or_else(|| Some(me.login.clone())),
        Whose::Officer(_) | Whose::Unit(_) => named(),
        Whose::All => None,
    };
    found.unwrap_or_else(|| locale::text(lang, "remind.all"))
}

/// The reminder as text.
pub fn text(lang: Lang, (me, name): (&Me, &str), dues: &[Due]) -> String {
    let args =
        [("town", me.town.clone()), ("day", dated(lang, me.today)), ("name", name.to_owned())];
    let mut text = locale::fill(lang, "remind.head", &args) + "\n";
    if dues.is_empty() {
        return text + &locale::text(lang, "remind.none") + "\n";
    }
    let mut group = None;
    for (at, due) in dues.iter().enumerate() {
        if group != Some(due.group) {
            group = Some(due.group);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}", due.heading(lang, dues));
        }
        let [day, left] = due.day_and_left(lang);
        let args = [
            ("at", (at + 1).to_string()),
            ("number", due.number.clone()),
            ("kind", due.kind(lang)),
            ("limit", due.limit_and_basis()),
            ("day", day),
            ("left", left),
        ];
        let _ = writeln!(text, "{}", locale::fill(lang, "remind.line", &args).trim_end());
    }
    text + &locale::text(lang, "remind.end") + "\n"
}

#[cfg(test)]
mod tests {
    use super::is_letter;

    #[test]
    fn only_a_number_is_said_of_a_letter() {
        for number in ["\u{533a}\u{4fe1}\u{3014}2026\u{3015}88\u{53f7}", "A\u{3014}2026\u{3015}9"] {
            assert!(is_letter(number), "{number}");
        }
        let named =
            "\u{5173}\u{4e8e}\u{5f20}\u{5c0f}\u{660e}\u{4fe1}\u{8bbf}\u{3014}2026\u{3015}8\u{53f7}";
        for other in ["", named, "2026-88", "\u{3014}2026\u{3015}8", "A\u{3014}2026\u{3015}B"] {
            assert!(!is_letter(other), "{other}");
        }
    }
}
