//! The time line of a case: what was done day by day, who holds it now, which clocks run and how
//! much of each is gone, and what comes next.
//!
//! A bar is drawn of two signs that every terminal has, and stands beside its numbers: nothing here
//! means something by colour or by a border.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::api::reply::{CaseSheet, DeadlineView};
use crate::domain::ahead;
use crate::domain::standing::Standing;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::case::pane::Body;
use crate::tui::screen::case::{clocks, steps};
use crate::tui::screen::row::{self, NOTHING};
use crate::tui::text::{self, Align};
use crate::tui::widget::table::{MARKER, Row, Table};

/// The most lines of what was done; all of it stands in the pane of steps.
const CHAIN_MAX: usize = 3;
/// The least and the most signs of a bar.
const BAR: (usize, usize) = (10, 30);
/// The most columns of a clock's name.
const NAME_MAX: usize = 22;
/// The columns for the words of a standing.
const STATE: usize = 16;
/// What stands between two days.
const THEN: &str = " > ";

/// The pane.
pub fn body(sheet: &CaseSheet, view: &View<'_>, width: usize) -> Body {
    let labels = ["done", "now", "running", "next"]
        .map(|word| locale::text(view.lang, &format!("case.course.{word}")));
    let margin = labels.iter().map(|label| text::width(label)).max().unwrap_or(0) + 2;
    let room = width.saturating_sub(MARKER + margin).max(8);
    let [done, now, running, next] = labels;
    let mut rows = Vec::new();
    let mut part = |label: &str, lines: Vec<(String, Role)>| {
        for (place, (line, role)) in lines.into_iter().enumerate() {
            let head = text::fit(if place == 0 { label } else { "" }, margin, Align::Left);
            rows.push(Row::Note(format!("{head}{line}"), role));
        }
    };
    part(&done, chain(sheet, view, room).into_iter().map(|line| (line, Role::Text)).collect());
    if sheet.stage.is_open() || !running_clocks(sheet).is_empty() {
        part(&now, vec![(now_of(sheet, view), Role::Title)]);
        part(&running, bars(sheet, view, room));
    }
    let ahead = wrapped(&ahead_of(sheet, view), room);
    part(&next, ahead.into_iter().map(|line| (line, Role::Hint)).collect());
    Body { table: Table { rows, ..Table::default() }, foot: None }
}

/// What was done, the oldest day first; where that is long, the newest lines of it.
fn chain(sheet: &CaseSheet, view: &View<'_>, room: usize) -> Vec<String> {
    let mut days: BTreeMap<NaiveDate, Vec<String>> = BTreeMap::new();
    for step in sheet.case.steps.values() {
        let deeds = days.entry(step.on).or_default();
        let deed = steps::deed(&step.deed, view.lang);
        if !deeds.contains(&deed) {
            deeds.push(deed);
        }
    }
    let said = |(day, deeds): (NaiveDate, Vec<String>)| {
        format!("{} {}", row::day(day, view.me.today), deeds.join(" "))
    };
    let mut lines = filled(days.into_iter().map(said), (THEN, room));
    if lines.is_empty() {
        return vec![NOTHING.to_owned()];
    }
    let n_left_out = lines.len().saturating_sub(CHAIN_MAX);
    lines.drain(..n_left_out);
    if let Some(first) = lines.first_mut().filter(|_| n_left_out > 0) {
        *first = text::cut(&format!("{}{first}", text::ELLIPSIS), room).into_owned();
    }
    lines
}

/// Parts one behind the other, as many on a line as it has room for; none is broken that fits.
fn filled(parts: impl Iterator<Item = String>, (between, room): (&str, usize)) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if text::width(line) + text::width(between) + text::width(&part) <= room => {
                line.push_str(between);
                line.push_str(&part);
            }
            Some(_) => lines.push(format!("{}{part}", between.trim_start())),
            None => lines.push(part),
        }
    }
    lines
}

/// Who holds it now, and for how long by now (Reg. 28(1): nobody puts it off on somebody else).
fn now_of(sheet: &CaseSheet, view: &View<'_>) -> String {
    let case = &sheet.case;
    let today = view.me.today;
    let Some(holder) = case.holder() else { return locale::text(view.lang, "row.nobody") };
    let since = case.held_since();
    let days = today.signed_duration_since(since).num_days().max(0);
    let args = [
        ("name", steps::officer(sheet, holder).to_owned()),
        ("since", row::day(since, today)),
        ("days", days.to_string()),
    ];
    let key = if days == 0 { "case.course.held_today" } else { "case.course.held" };
    locale::fill(view.lang, key, &args)
}

fn running_clocks(sheet: &CaseSheet) -> Vec<&DeadlineView> {
    let mut running = clocks::in_order(sheet);
    running.retain(|clock| {
        matches!(
            clock.standing,
            Standing::Late
                | Standing::Today
                | Standing::Soon
                | Standing::Rolled
                | Standing::Running
                | Standing::Paused
        )
    });
    running
}

/// The running clocks, the earliest first, each with its bar.
fn bars(sheet: &CaseSheet, view: &View<'_>, room: usize) -> Vec<(String, Role)> {
    let clocks = running_clocks(sheet);
    if clocks.is_empty() {
        return vec![(locale::text(view.lang, "case.course.no_clock"), Role::Dim)];
    }
    let names: Vec<String> = clocks.iter().map(|clock| name(clock, view)).collect();
    let name_width = names.iter().map(|name| text::width(name)).max().unwrap_or(0).min(NAME_MAX);
    let gone: Vec<String> = clocks.iter().map(|clock| gone(clock, view)).collect();
    let gone_width = gone.iter().map(|gone| text::width(gone)).max().unwrap_or(0);
    let today = view.me.today;
    let days =
        row::due_width(clocks.iter().flat_map(|clock| [clock.from, clock.latest]).flatten(), today);
    let days = usize::from(days);
    let taken = name_width + gone_width + 2 * days + STATE + 5;
    let n_signs = room.saturating_sub(taken).clamp(BAR.0, BAR.1);
    let day = |on: Option<NaiveDate>| on.map(|on| row::short_day(on, today)).unwrap_or_default();
    let line = |(place, clock): (usize, &&DeadlineView)| {
        let part = |parts: &[String], width| {
            text::fit(parts.get(place).map_or("", String::as_str), width, Align::Left)
        };
        let from = text::fit(&day(clock.from), days, Align::Right);
        let latest = text::fit(&day(clock.latest), days, Align::Left);
        let bar = bar(clock, n_signs);
        let line = format!(
            "{} {from}{bar}{latest} {} {}",
            part(&names, name_width),
            part(&gone, gone_width),
            clocks::state(clock, view)
        );
        (text::cut(&line, room).into_owned(), row::role(clock.standing))
    };
    clocks.iter().enumerate().map(line).collect()
}

/// The limit's name with the article or letter on which it rests.
fn name(clock: &DeadlineView, view: &View<'_>) -> String {
    let name = clocks::name(clock, view.lang);
    match row::short_basis(&clock.basis) {
        "" => name,
        basis => format!("{name}({basis})"),
    }
}

/// How many of its days are gone, of how many.
fn gone(clock: &DeadlineView, view: &View<'_>) -> String {
    clock.spent.as_ref().map_or_else(String::new, |spent| {
        let args = [("n", spent.n.to_string()), ("length", spent.length.to_string())];
        locale::fill(view.lang, &format!("case.course.spent.{}", spent.unit), &args)
    })
}

/// A bar of so many signs between brackets; blanks for a clock without a length.
fn bar(clock: &DeadlineView, n_signs: usize) -> String {
    let Some(spent) = &clock.spent else { return " ".repeat(n_signs + 2) };
    let whole = u64::from(spent.length.max(1));
    let part = u64::from(spent.n).min(whole) * u64::try_from(n_signs).unwrap_or(0) / whole;
    let n_full = usize::try_from(part).unwrap_or(n_signs).min(n_signs);
    format!("[{}{}]", "#".repeat(n_full), ".".repeat(n_signs - n_full))
}

/// What comes next, each step with the article that asks for it.
fn ahead_of(sheet: &CaseSheet, view: &View<'_>) -> Vec<String> {
    let ahead = ahead::steps(&sheet.case);
    if ahead.is_empty() {
        return vec![locale::text(view.lang, "case.course.nothing")];
    }
    let named = |next: &ahead::Ahead| {
        let name = locale::text(view.lang, &format!("act.{}", next.act.word()));
        match next.article {
            "" => name,
            article => {
                let article = locale::fill(view.lang, "row.article", &[("article", article)]);
                format!("{name}({article})")
            }
        }
    };
    ahead.iter().map(named).collect()
}

fn wrapped(parts: &[String], room: usize) -> Vec<String> {
    filled(parts.iter().cloned(), (THEN, room))
}
