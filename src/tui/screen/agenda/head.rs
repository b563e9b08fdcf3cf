//! What stands above today: a line for each running phase, and one for each period that villages
//! have not all reported.

use ratatui::text::Line;

use crate::api::duty::{DutyGlance, HeadView, PhaseGlance};
use crate::domain::choice::ReportState;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::{View, row};
use crate::tui::text::{cut, width};
use crate::tui::widget::table::Cell;

/// The least height of the screen for which one line more is shown.
const LINES_A_LINE: usize = 6;

/// The lines, as many as leave room for the list.
pub fn lines(
    head: &HeadView,
    (view, columns): (&View<'_>, usize),
    height: usize,
) -> Vec<Line<'static>> {
    let most = height / LINES_A_LINE;
    // A phase that runs is never pushed out by what villages owe, nor by one that is over.
    let n_phases = head.phases.len().min(most);
    let duties = head.duties.iter().take(most - n_phases);
    let phases = head.phases.iter().skip(head.phases.len() - n_phases);
    let duties = duties.map(|own| duty(own, (view, columns)));
    duties.chain(phases.map(|own| phase(own, (view, columns)))).collect()
}

/// How many lines there are at most.
pub fn n_lines(head: &HeadView, height: usize) -> usize {
    (head.duties.len() + head.phases.len()).min(height / LINES_A_LINE)
}

fn phase(own: &PhaseGlance, (view, columns): (&View<'_>, usize)) -> Line<'static> {
    let today = view.me.today;
    let (from, until) = own.days;
    let n_days = (until - from).num_days() + 1;
    let when = match (today < from, today > until) {
        (true, _) => ("campaign.ahead", (from - today).num_days()),
        (_, true) => ("campaign.over", (today - until).num_days()),
        (false, false) => ("agenda.phase.day", (today - from).num_days() + 1),
    };
    let days = [("day", when.1.to_string()), ("days", n_days.to_string())];
    let args = [
        ("number", own.number.to_string()),
        ("name", own.name.clone()),
        ("when", locale::fill(view.lang, when.0, &days)),
        ("settled", own.settled.to_string()),
        ("total", own.total.to_string()),
        ("doing", own.doing.to_string()),
        ("back", own.back.to_string()),
        ("late", own.late.to_string()),
    ];
    let left = Cell::text(locale::fill(view.lang, "agenda.phase", &args));
    let late = (own.late > 0).then(|| locale::fill(view.lang, "agenda.phase.late", &args));
    let left: Vec<Cell> =
        std::iter::once(left).chain(late.map(|late| Cell::role(late, Role::Late))).collect();
    let (day, near, name) = &own.next;
    let shown = match near {
        Some(near) => {
            let args =
                [("day", row::short_day(*day, today)), ("near", row::short_day(*near, today))];
            locale::fill(view.lang, "agenda.rest_day", &args)
        }
        None => row::short_day(*day, today),
    };
    let args = [("day", shown), ("name", name.clone().unwrap_or_default())];
    let key = if name.is_some() { "agenda.phase.next" } else { "agenda.phase.end" };
    let right = Cell::role(locale::fill(view.lang, key, &args), Role::Dim);
    row::sides(view, &left, &[right], columns)
}

fn duty(own: &DutyGlance, (view, columns): (&View<'_>, usize)) -> Line<'static> {
    let today = view.me.today;
    // What a bracket adds stands in the list itself.
    let title = own.title.split('(').next().unwrap_or_default();
    let args = [
        ("title", title.to_owned()),
        ("period", own.key.clone()),
        ("due", row::short_day(own.due, today)),
    ];
    let mut text = locale::fill(view.lang, "agenda.duty", &args);
    let states =
        [ReportState::Reported, ReportState::Zero, ReportState::Owed, ReportState::SentBack];
    for state in states {
        let counts = own.counts.iter().filter(|(own, _)| *own == state);
        let count = counts.map(|(_, count)| *count).sum::<u64>();
        if count > 0 {
            let word = locale::text(view.lang, &format!("choice.report_state.{}", state.word()));
            let args = [("state", word), ("count", count.to_string())];
            text += &locale::fill(view.lang, "agenda.duty.count", &args);
        }
    }
    let names: Vec<&str> = own.owing.iter().map(|name| row::short_village(name)).collect();
    let hint = locale::text(view.lang, "agenda.duty.hint");
    let room = columns.saturating_sub(width(&text) + width(&hint) + 5);
    let names = cut(&names.join(" "), room).into_owned();
    let role = if own.due < today { Role::Late } else { Role::Soon };
    let left = [Cell::role(text, role), Cell::text(names)];
    row::sides(view, &left, &[Cell::role(hint, Role::Dim)], columns)
}
