//! Lines of the agenda as rows of a table: the same columns wherever lines are listed.
//!
//! A line may be of any kind of record; what is known of all kinds is drawn here and nowhere else.

use crate::api::reply::LineRow;
use crate::domain::line::LineKind;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::window::{Show, Window};
use crate::tui::screen::{View, row};
use crate::tui::widget::table::{Cell, Column};

/// From this width on, number and stage stand in columns of their own.
const WIDE: usize = 100;
/// From this width on, leader and unit do too.
const WIDEST: usize = 118;

/// A window on lines.
pub type Lines = Window<LineRow>;

/// The columns that have room, with what stands in each.
pub fn columns(window: &Lines, view: &View<'_>, width: usize) -> Vec<(Column, Show<LineRow>)> {
    let due = row::due_width(window.due_days(), view.me.today);
    let due_cell: Show<LineRow> = |row, view| row::due_cell(row.clock.as_ref(), view.me.today);
    let left_cell: Show<LineRow> = |row, view| row::left_cell(row.clock.as_ref(), view.lang);
    let matter_cell: Show<LineRow> = |row, view| {
        let matter = matter(row, view);
        if is_for_another(row, view) {
            let mark = locale::text(view.lang, "agenda.stands_in");
            return Cell::role(format!("{mark} "), Role::Mark).and(matter, Role::Text);
        }
        Cell::text(matter)
    };
    let holder_cell: Show<LineRow> =
        |row, view| row::holding_cell((row.holder.as_ref(), row.unit.as_ref()), view.lang);
    let mut columns = Vec::new();
    if width >= WIDE {
        let number: Show<LineRow> = |row, _| Cell::text(row.number.clone());
        columns.push((row::fixed(view, "row.number", 13), number));
    }
    columns.push((row::fixed(view, "row.due", due), due_cell));
    columns.push((row::fixed(view, "row.left", 8), left_cell));
    columns.push((row::words(view, "agenda.limit", (16, 19)), limit_or_state as Show<LineRow>));
    columns.push((row::flex(view, "row.title", 8), matter_cell));
    if width >= WIDE {
        let state: Show<LineRow> = |row, view| Cell::text(state(row, view));
        columns.push((row::words(view, "row.stage", (8, 10)), state));
    }
    if width >= WIDEST {
        let lead: Show<LineRow> = |row, _| row::maybe(row.lead.as_ref());
        let unit: Show<LineRow> = |row, _| row::maybe(row.unit.as_ref());
        let holder: Show<LineRow> = |row, view| match &row.holder {
            Some(holder) => Cell::text(holder.clone()),
            None => row::holding_cell((None, row.unit.as_ref()), view.lang),
        };
        columns.push((row::fixed(view, "row.lead", 6), lead));
        columns.push((row::fixed(view, "row.unit", 10), unit));
        columns.push((row::fixed(view, "row.holder", 6), holder));
    } else {
        columns.push((row::fixed(view, "row.holder", 14), holder_cell));
    }
    columns
}

/// Who, where and what; a village that the title names already is not named twice.
pub fn matter(row: &LineRow, view: &View<'_>) -> String {
    let person =
        (row.people > 0).then(|| row::petitioner(row.person.as_ref(), row.people, view.lang));
    let village = row.village.as_deref().filter(|village| !row.title.contains(village));
    let title = row::sealed_title(row.sealed, &row.title, view.lang);
    [person.as_deref(), village, Some(title.as_str())]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether it is somebody's for whom one stands in, and not one's own.
fn is_for_another(row: &LineRow, view: &View<'_>) -> bool {
    let names = [row.lead.as_ref(), row.holder.as_ref()];
    let mut names = names.into_iter().flatten();
    let own = view.me.officer.as_ref().map(|(_, name)| name);
    !names.clone().any(|name| Some(name) == own)
        && names.any(|name| view.me.stands_in.contains(name))
}

/// How far the record is.
pub fn state(row: &LineRow, view: &View<'_>) -> String {
    locale::text(view.lang, &row.state)
}

/// What the line is about; of a new case without a clock, how far it is.
fn limit_or_state(row: &LineRow, view: &View<'_>) -> Cell {
    match &row.clock {
        Some(_) => row::limit_cell(row.clock.as_ref(), view.lang),
        None => Cell::text(state(row, view)),
    }
}

/// What the selected line asks for and by when.
pub fn advice(row: &LineRow, view: &View<'_>) -> String {
    let today = view.me.today;
    let name = if row.number.is_empty() { &row.title } else { &row.number };
    let Some(clock) = &row.clock else {
        let state = state(row, view);
        let args = [("number", name.as_str()), ("stage", &state)];
        return locale::fill(view.lang, "agenda.hint.none", &args);
    };
    let args = [
        ("number", name.clone()),
        ("limit", row::limit(clock, view.lang)),
        ("from", row::maybe_day(clock.from, today)),
        ("latest", row::maybe_day(clock.latest, today)),
    ];
    let key = match row.line {
        LineKind::Undecided => "agenda.hint.undecided",
        LineKind::HalfTime => "agenda.hint.half_time",
        _ if clock.provisional => "agenda.hint.provisional",
        _ if clock.from.is_none() => "agenda.hint.own",
        _ => "agenda.hint.due",
    };
    locale::fill(view.lang, key, &args)
}
