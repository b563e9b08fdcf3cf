//! The clocks of a case: every limit with its basis, its days and how it stands.

use chrono::NaiveDate;

use crate::api::reply::{CaseSheet, DeadlineView};
use crate::domain::standing::Standing;
use crate::locale::{self, Lang};
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::case::pane::Body;
use crate::tui::screen::row::{self, NOTHING};
use crate::tui::text;
use crate::tui::widget::table::{Cell, Column, Mark, Row, Table};

/// The least columns of the standing, which takes the rest.
const STATE_MIN: u16 = 20;
/// The most columns of a name and of a basis.
const PART_MAX: u16 = 24;
/// The mark of a limit that no source confirms.
const UNVERIFIED: &str = "C";
/// The columns of the marker and between six columns.
const N_BLANKS: u16 = 7;

/// The pane; `at` is the selected row if the pane is open.
pub fn body(sheet: &CaseSheet, view: &View<'_>, width: usize, at: Option<usize>) -> Body {
    let clocks = in_order(sheet);
    let foot = extension(sheet, view);
    if clocks.is_empty() {
        let rows = vec![Row::Note(none(sheet, view.lang), Role::Dim)];
        return Body { table: Table { rows, ..Table::default() }, foot };
    }
    let day = |on: Option<NaiveDate>| {
        on.map_or_else(|| NOTHING.to_owned(), |on| row::short_day(on, view.me.today))
    };
    let row = |clock: &&DeadlineView| {
        let role = row::role(clock.standing);
        let cells = vec![
            Cell::text(name(clock, view.lang)),
            Cell::role(row::basis(clock, view.lang), Role::Dim),
            Cell::text(day(clock.from)),
            Cell::text(day(clock.target)),
            Cell::role(day(clock.latest), role),
            Cell::role(state(clock, view), role),
        ];
        Row::Cells { cells, mark: Mark::Off }
    };
    let rows = clocks.iter().map(row).collect();
    Body { table: Table { columns: columns(&clocks, view, width), rows, selected: at }, foot }
}

/// The clocks: those that run by their latest days, those not started, those that are over.
pub fn in_order(sheet: &CaseSheet) -> Vec<&DeadlineView> {
    let rank = |clock: &DeadlineView| match clock.standing {
        Standing::Late
        | Standing::Today
        | Standing::Soon
        | Standing::Rolled
        | Standing::Running
        | Standing::Paused => 0,
        Standing::NotStarted => 1,
        Standing::MetLate | Standing::Met | Standing::Lapsed | Standing::Ended => 2,
    };
    let mut clocks: Vec<_> = sheet.deadlines.iter().collect();
    clocks.sort_by_key(|clock| (rank(clock), clock.latest.is_none(), clock.latest));
    clocks
}

fn columns(clocks: &[&DeadlineView], view: &View<'_>, width: usize) -> Vec<Column> {
    let days = |of: fn(&DeadlineView) -> Option<NaiveDate>| {
        row::due_width(clocks.iter().filter_map(|clock| of(clock)), view.me.today)
    };
    let (from, target, latest) =
        (days(|clock| clock.from), days(|clock| clock.target), days(|clock| clock.latest));
    let widest = |of: &dyn Fn(&DeadlineView) -> String| {
        let widths = clocks.iter().map(|clock| text::width(&of(clock)));
        u16::try_from(widths.max().unwrap_or(0)).unwrap_or(u16::MAX).clamp(6, PART_MAX)
    };
    let room = u16::try_from(width).unwrap_or(u16::MAX);
    let spare = room.saturating_sub(STATE_MIN + from + target + latest + N_BLANKS);
    let name = widest(&|clock| name(clock, view.lang)).min(spare * 2 / 3);
    let basis = widest(&|clock| row::basis(clock, view.lang)).min(spare - name);
    vec![
        row::fixed(view, "case.clock.name", name),
        row::fixed(view, "case.clock.basis", basis),
        row::fixed(view, "case.clock.from", from),
        row::fixed(view, "case.clock.target", target),
        row::fixed(view, "case.clock.latest", latest),
        row::flex(view, "case.clock.state", 8),
    ]
}

/// The limit's name, with the days by which it was extended.
pub fn name(clock: &DeadlineView, lang: Lang) -> String {
    let name = row::limit(clock, lang);
    match clock.extended_days {
        0 => name,
        days => format!("{name}+{days}"),
    }
}

/// How a clock stands: a sign, a word, and the days.
pub fn state(clock: &DeadlineView, view: &View<'_>) -> String {
    let lang = view.lang;
    let word = locale::text(lang, &format!("standing.{}", clock.standing.word()));
    let words = match clock.standing {
        Standing::Late => format!("{word} {}", n_days(clock, "case.clock.late", lang)),
        Standing::Running => n_days(clock, "case.clock.left", lang),
        Standing::Soon | Standing::Rolled => {
            format!("{word} {}", n_days(clock, "case.clock.left", lang))
        }
        Standing::Met | Standing::MetLate => {
            format!("{word} {}", row::maybe_day(clock.met_on, view.me.today))
        }
        Standing::NotStarted => match &clock.why {
            Some(why) => format!("{word}: {}", locale::text(lang, &format!("not_started.{why}"))),
            None => word,
        },
        Standing::Today | Standing::Paused | Standing::Lapsed => word,
        Standing::Ended => match &clock.why {
            Some(why) => format!("{word}: {}", locale::text(lang, &format!("event.{why}"))),
            None => word,
        },
    };
    let mut words = format!("{}{words}", row::sign(clock.standing));
    // A limit found in no source runs where an office has loaded it, and says so.
    let unverified = clock.certainty.as_deref() == Some(UNVERIFIED);
    for (says, key) in [(clock.provisional, "row.provisional"), (unverified, "row.unverified")] {
        if says {
            words.push(' ');
            words.push_str(&locale::text(lang, key));
        }
    }
    words
}

fn n_days(clock: &DeadlineView, key: &str, lang: Lang) -> String {
    let days = clock.days_left.map_or(0, i64::unsigned_abs);
    locale::fill(lang, key, &[("days", days.to_string())])
}

/// How far the sixty days may still be extended (Reg. 34).
fn extension(sheet: &CaseSheet, view: &View<'_>) -> Option<Cell> {
    let extendable = sheet.extendable.as_ref()?;
    let args = [
        ("days", extendable.days.to_string()),
        ("latest", row::day(extendable.latest, view.me.today)),
        ("approve_by", row::day(extendable.approve_by, view.me.today)),
    ];
    Some(Cell::role(locale::fill(view.lang, "case.extendable", &args), Role::Hint))
}

/// Why there are no clocks.
fn none(sheet: &CaseSheet, lang: Lang) -> String {
    let key =
        if sheet.case.history.is_some() { "case.no_clocks.history" } else { "case.no_clocks" };
    locale::text(lang, key)
}
