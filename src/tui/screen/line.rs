//! Lines of the agenda as rows of a table: the same columns wherever lines are listed.
//!
//! A line may be of any kind of record; what is known of all kinds is drawn here and nowhere else.

use crate::api::reply::LineRow;
use crate::domain::line::LineKind;
use crate::domain::listing::{self, List};
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::window::{Show, Window};
use crate::tui::screen::{View, row};
use crate::tui::widget::table::{Cell, Column};

/// From this width on, the unit stands in a column of its own.
const WIDEST: usize = 118;

/// A window on lines.
pub type Lines = Window<LineRow>;

/// The columns of a list of lines that is put as usual.
pub fn usual(window: &Lines, view: &View<'_>, width: usize) -> Vec<(Column, Show<LineRow>)> {
    let columns = List::Deadlines.usual(width).into_iter();
    columns.filter_map(|column| of(column, window, (view, width))).collect()
}

/// A column with what stands in it; none if lines have no such column.
pub fn of(
    column: listing::Column,
    window: &Lines,
    (view, width): (&View<'_>, usize),
) -> Option<(Column, Show<LineRow>)> {
    let due = row::due_width(window.due_days(), view.me.today);
    Some(match column {
        listing::Column::Number => {
            (row::fixed(view, "row.number", 13), |row, _| Cell::text(row.number.clone()))
        }
        listing::Column::Due => (row::fixed(view, "row.due", due), |row, view| {
            row::due_cell(row.clock.as_ref(), view.me.today)
        }),
        listing::Column::Left => (row::fixed(view, "row.left", 8), |row, view| {
            row::left_cell(row.clock.as_ref(), view.lang)
        }),
        listing::Column::Kind => (row::words(view, "agenda.limit", (16, 19)), limit_or_state),
        listing::Column::Title => (row::flex(view, "row.title", 8), matter_cell),
        listing::Column::Stage => {
            (row::words(view, "row.stage", (8, 10)), |row, view| Cell::text(state(row, view)))
        }
        listing::Column::Village => {
            (row::fixed(view, "row.village", 8), |row, _| row::maybe(row.village.as_ref()))
        }
        listing::Column::Lead => {
            (row::fixed(view, "row.lead", 6), |row, _| row::maybe(row.lead.as_ref()))
        }
        listing::Column::Unit => {
            (row::fixed(view, "row.unit", 10), |row, _| row::maybe(row.unit.as_ref()))
        }
        listing::Column::Holder if width >= WIDEST => (row::fixed(view, "row.holder", 6), holder),
        listing::Column::Holder => (row::fixed(view, "row.holder", 14), |row, view| {
            row::holding_cell((row.holder.as_ref(), row.unit.as_ref()), view.lang)
        }),
        _ => return None,
    })
}

fn matter_cell(row: &LineRow, view: &View<'_>) -> Cell {
    let matter = matter(row, view);
    if is_for_another(row, view) {
        let mark = locale::text(view.lang, "agenda.stands_in");
        return Cell::role(format!("{mark} "), Role::Mark).and(matter, Role::Text);
    }
    Cell::text(matter)
}

fn holder(row: &LineRow, view: &View<'_>) -> Cell {
    match &row.holder {
        Some(holder) => Cell::text(holder.clone()),
        None => row::holding_cell((None, row.unit.as_ref()), view.lang),
    }
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
        LineKind::Unreported => "agenda.hint.unreported",
        _ if clock.provisional => "agenda.hint.provisional",
        _ if clock.from.is_none() => "agenda.hint.own",
        _ => "agenda.hint.due",
    };
    locale::fill(view.lang, key, &args)
}
