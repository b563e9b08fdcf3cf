//! The clocks of a case: every limit with its basis, its days and how it stands.

use ratatui::text::Line;

use crate::api::reply::{CaseSheet, DeadlineView};
use crate::domain::standing::Standing;
use crate::locale::{self, Lang};
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::case::pane::Body;
use crate::tui::screen::row::{self, Cell, Column};

/// The least columns of the standing, which takes the rest.
const STATE_MIN: usize = 18;

/// The pane; `at` is the selected row if the pane is open.
pub fn body(sheet: &CaseSheet, view: &View<'_>, width: usize, at: Option<usize>) -> Body {
    let clocks = in_order(sheet);
    let columns = columns(&clocks, view, width);
    let lines = clocks.iter().enumerate().map(|(place, clock)| {
        let marker = if at == Some(place) { ">" } else { "" };
        let day = |on| Cell::plain(row::maybe_day(on, view.me.today));
        let due = Cell { role: row::role(clock.standing), ..day(clock.latest) };
        let cells = [
            Cell::new(Role::Marker, marker),
            Cell::plain(name(clock, view.lang)),
            Cell::new(Role::Dim, row::basis(clock, view.lang)),
            day(clock.from),
            day(clock.target),
            due,
            Cell::new(row::role(clock.standing), state(clock, view)),
        ];
        row::lay(view, &columns, &cells)
    });
    let selected = at.filter(|_| !clocks.is_empty());
    let lines: Vec<_> = if clocks.is_empty() {
        vec![row::strip(view, &[Cell::new(Role::Dim, none(sheet, view.lang))], width)]
    } else {
        lines.collect()
    };
    let head = if clocks.is_empty() { Vec::new() } else { vec![row::titles(view, &columns)] };
    Body { head, lines, selected, foot: extension(sheet, view, width).into_iter().collect() }
}

/// The clocks: those that run by their latest days, then those not started, then those that are over.
pub fn in_order(sheet: &CaseSheet) -> Vec<&DeadlineView> {
    let rank = |clock: &DeadlineView| match clock.standing {
        Standing::Late
        | Standing::Today
        | Standing::Soon
        | Standing::Rolled
        | Standing::Running
        | Standing::Paused => 0,
        Standing::NotStarted => 1,
        Standing::MetLate | Standing::Met | Standing::Lapsed => 2,
    };
    let mut clocks: Vec<_> = sheet.deadlines.iter().collect();
    clocks.sort_by_key(|clock| (rank(clock), clock.latest.is_none(), clock.latest));
    clocks
}

fn columns(clocks: &[&DeadlineView], view: &View<'_>, width: usize) -> Vec<Column> {
    let days = |of: fn(&DeadlineView) -> Option<chrono::NaiveDate>| {
        row::day_width(clocks.iter().filter_map(|clock| of(clock)), view.me.today)
    };
    let (from, target, latest) =
        (days(|clock| clock.from), days(|clock| clock.target), days(|clock| clock.latest));
    let gaps = 6;
    let spare = width.saturating_sub(1 + from + target + latest + gaps + STATE_MIN);
    let name = (spare / 2).clamp(12, 24);
    let mut columns = vec![
        Column::new("", 1),
        Column::new("case.clock.name", name),
        Column::new("case.clock.basis", spare.saturating_sub(name).clamp(10, 24)),
        Column::new("case.clock.from", from),
        Column::new("case.clock.target", target),
        Column::new("case.clock.latest", latest),
        Column::new("case.clock.state", 0),
    ];
    row::share(&mut columns, width);
    columns
}

/// The limit's name, with the days by which it was extended.
fn name(clock: &DeadlineView, lang: Lang) -> String {
    let name = row::limit(clock, lang);
    match clock.extended_days {
        0 => name,
        days => format!("{name}+{days}"),
    }
}

/// How a clock stands: a sign, a word, and the days.
fn state(clock: &DeadlineView, view: &View<'_>) -> String {
    let lang = view.lang;
    let word = locale::text(lang, &format!("standing.{}", clock.standing.word()));
    let words = match clock.standing {
        Standing::Late | Standing::Running => row::days_left(clock, lang),
        Standing::Soon | Standing::Rolled => format!("{word} {}", row::days_left(clock, lang)),
        Standing::Met | Standing::MetLate => {
            format!("{word} {}", row::maybe_day(clock.met_on, view.me.today))
        }
        Standing::NotStarted => match &clock.why {
            Some(why) => format!("{word}: {}", locale::text(lang, &format!("not_started.{why}"))),
            None => word,
        },
        Standing::Today | Standing::Paused | Standing::Lapsed => word,
    };
    let sign = row::sign(clock.standing);
    if clock.provisional {
        format!("{sign}{words} {}", locale::text(lang, "row.provisional"))
    } else {
        format!("{sign}{words}")
    }
}

/// How far the sixty days may still be extended (Reg. 34).
fn extension(sheet: &CaseSheet, view: &View<'_>, width: usize) -> Option<Line<'static>> {
    let extendable = sheet.extendable.as_ref()?;
    let args = [
        ("days", extendable.days.to_string()),
        ("latest", row::day(extendable.latest, view.me.today)),
        ("approve_by", row::day(extendable.approve_by, view.me.today)),
    ];
    let text = locale::fill(view.lang, "case.extendable", &args);
    Some(row::strip(view, &[Cell::new(Role::Hint, text)], width))
}

/// Why there are no clocks.
fn none(sheet: &CaseSheet, lang: Lang) -> String {
    let key =
        if sheet.case.history.is_some() { "case.no_clocks.history" } else { "case.no_clocks" };
    locale::text(lang, key)
}
