//! The columns of a list of cases, and what is said of the selected one.

use crate::api::reply::CaseRow;
use crate::domain::listing;
use crate::domain::slip::Crowd;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::window::{Show, Window};
use crate::tui::screen::{View, row};
use crate::tui::widget::table::{Cell, Column};

/// From this width on, names and numbers have more room.
const WIDE: usize = 110;

/// A column with what stands in it; none if cases have no such column.
pub fn of(
    column: listing::Column,
    window: &Window,
    (view, width): (&View<'_>, usize),
) -> Option<(Column, Show)> {
    let is_wide = width >= WIDE;
    let (name, village, stage) = if is_wide { (10, 8, 10) } else { (8, 6, 8) };
    let due = row::due_width(window.due_days(), view.me.today);
    let received =
        row::due_width(window.items().iter().map(|it| it.row.received_on), view.me.today);
    Some(match column {
        listing::Column::Number if is_wide => (row::fixed(view, "row.number", 13), number),
        listing::Column::Number => (row::fixed(view, "row.number", 10), short_number),
        listing::Column::Title => (row::flex(view, "row.title", 8), title),
        listing::Column::Petitioner => (row::fixed(view, "row.petitioner", name), petitioner),
        listing::Column::Village => (row::fixed(view, "row.village", village), village_cell),
        listing::Column::Stage => (row::words(view, "row.stage", (stage, 10)), stage_cell),
        listing::Column::Due => (row::fixed(view, "row.due", due), due_cell),
        listing::Column::Left => (row::fixed(view, "row.left", 8), left_cell),
        listing::Column::Lead => {
            (row::fixed(view, "row.lead", 6), |row, _| row::maybe(row.lead.as_ref()))
        }
        listing::Column::Unit => {
            (row::fixed(view, "row.unit", 10), |row, _| row::maybe(row.unit.as_ref()))
        }
        listing::Column::Holder => (row::fixed(view, "row.holder", 6), holder),
        listing::Column::Received => (row::fixed(view, "row.received", received), received_cell),
        listing::Column::Channel => (row::words(view, "row.channel", (6, 8)), channel),
        listing::Column::Crowd => (row::words(view, "row.crowd", (8, 10)), crowd),
        listing::Column::Repeat => (row::words(view, "row.repeat", (4, 6)), repeat),
        listing::Column::Last => (row::words(view, "row.last", (14, 18)), last),
        _ => return None,
    })
}

fn number(row: &CaseRow, _: &View<'_>) -> Cell {
    Cell::text(row.number.clone())
}

fn short_number(row: &CaseRow, view: &View<'_>) -> Cell {
    Cell::text(row::short_number(row, view))
}

fn title(row: &CaseRow, view: &View<'_>) -> Cell {
    Cell::text(row::title_beside_village(row, view.lang))
}

fn petitioner(row: &CaseRow, view: &View<'_>) -> Cell {
    Cell::text(row::petitioner(row.person.as_ref(), row.people, view.lang))
}

fn village_cell(row: &CaseRow, _: &View<'_>) -> Cell {
    row::short_village_cell(row)
}

fn stage_cell(row: &CaseRow, view: &View<'_>) -> Cell {
    let role = if row.undecided { Role::Late } else { Role::Text };
    Cell::role(row::stage(row, view.lang), role)
}

fn crowd(row: &CaseRow, view: &View<'_>) -> Cell {
    let flags = Crowd::of(row.visitors, view.me.group_people);
    flags.last().map_or_else(Cell::default, |crowd| {
        Cell::role(locale::text(view.lang, &format!("crowd.{}", crowd.word())), Role::Warning)
    })
}

fn repeat(row: &CaseRow, view: &View<'_>) -> Cell {
    let text = locale::text(view.lang, "crowd.repeat");
    if row.repeat { Cell::role(text, Role::Warning) } else { Cell::default() }
}

fn due_cell(row: &CaseRow, view: &View<'_>) -> Cell {
    row::due_cell(row.next.as_ref(), view.me.today)
}

fn left_cell(row: &CaseRow, view: &View<'_>) -> Cell {
    row::left_cell(row.next.as_ref(), view.lang)
}

fn holder(row: &CaseRow, view: &View<'_>) -> Cell {
    row::holder_name_cell(row, view.lang)
}

fn received_cell(row: &CaseRow, view: &View<'_>) -> Cell {
    Cell::text(row::short_day(row.received_on, view.me.today))
}

fn channel(row: &CaseRow, view: &View<'_>) -> Cell {
    let word = row
        .channel
        .map(|channel| locale::text(view.lang, &format!("choice.channel.{}", channel.word())));
    row::maybe(word.as_ref())
}

fn last(row: &CaseRow, view: &View<'_>) -> Cell {
    let step = row.last.as_ref().map(|(on, word)| {
        let deed = locale::text(view.lang, &format!("deed.{word}"));
        format!("{} {deed}", row::short_day(*on, view.me.today))
    });
    row::maybe(step.as_ref())
}

/// The newest step of the selected case with its whole title.
pub fn hint(row: &CaseRow, view: &View<'_>) -> String {
    let last = row.last.as_ref().map_or_else(
        || locale::text(view.lang, "cases.no_step"),
        |(on, word)| {
            let deed = locale::text(view.lang, &format!("deed.{word}"));
            format!("{} {deed}", row::day(*on, view.me.today))
        },
    );
    let received = row::day(row.received_on, view.me.today);
    let title = row::title(row, view.lang);
    let person = row::petitioner(row.person.as_ref(), row.people, view.lang);
    let args = [("received", received), ("last", last), ("person", person), ("title", title)];
    locale::fill(view.lang, "cases.hint", &args)
}
