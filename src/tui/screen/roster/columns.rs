//! The columns of the roster and of the list of persons, and what is said of the selected row.

use crate::api::roster::{EntryRow, PersonRow};
use crate::domain::listing;
use crate::locale::{self, Lang};
use crate::tui::screen::roster::owed;
use crate::tui::screen::window::{Listed, Show, Window};
use crate::tui::screen::{View, row};
use crate::tui::widget::table::{Cell, Column};

/// From this width on, case and ground have columns of their own.
const WIDE: usize = 110;

/// The columns of a list that cannot be arranged.
pub fn usual(
    window: &Window<EntryRow>,
    (view, width): (&View<'_>, usize),
) -> Vec<(Column, Show<EntryRow>)> {
    use listing::Column as C;
    let of_all = [C::Due, C::Left, C::Owed, C::Petitioner, C::Village, C::Ground];
    let if_wide = [C::Number, C::State].into_iter().filter(|_| width >= WIDE);
    let columns = of_all.into_iter().chain(if_wide).chain([C::Lead, C::Officer]);
    columns.filter_map(|column| entry(column, window, (view, width))).collect()
}

/// A column with what stands in it; none if entries have no such column.
pub fn entry(
    column: listing::Column,
    window: &Window<EntryRow>,
    (view, width): (&View<'_>, usize),
) -> Option<(Column, Show<EntryRow>)> {
    let due = row::due_width(window.due_days(), view.me.today);
    let day = row::due_width(
        window.items().iter().flat_map(|it| [it.row.contact_on, it.row.review_on]),
        view.me.today,
    );
    let is_wide = width >= WIDE;
    let name = if is_wide { 10 } else { 6 };
    Some(match column {
        listing::Column::Due => (row::fixed(view, "row.due", due), owed::day_cell),
        listing::Column::Left => (row::fixed(view, "row.left", 8), owed::left_cell),
        listing::Column::Owed => (row::flex(view, "roster.owed", 12), owed::what_cell),
        listing::Column::Petitioner => (row::fixed(view, "row.petitioner", name), |entry, view| {
            Cell::text(owed::name(entry, view.lang))
        }),
        listing::Column::Village => (row::fixed(view, "row.village", name), village),
        listing::Column::Ground if is_wide => {
            (row::words(view, "roster.ground", (20, 22)), |entry, view| {
                Cell::text(ground_text(entry, view.lang))
            })
        }
        listing::Column::Ground => (row::words(view, "roster.ground", (4, 8)), |entry, view| {
            Cell::text(short_ground(entry, view.lang))
        }),
        listing::Column::Number => {
            (row::fixed(view, "row.number", 13), |entry, _| Cell::text(entry.number.clone()))
        }
        listing::Column::Title => {
            (row::fixed(view, "row.title", 16), |entry, _| Cell::text(row::flat(&entry.title)))
        }
        listing::Column::State => (row::words(view, "roster.state", (8, 12)), |entry, view| {
            owed::state_cell(entry, view.lang)
        }),
        listing::Column::Lead => {
            (row::fixed(view, "row.lead", 6), |entry, _| row::maybe(entry.lead.as_ref()))
        }
        listing::Column::Officer => {
            (row::fixed(view, "roster.officer", 6), |entry, _| row::maybe(entry.officer.as_ref()))
        }
        listing::Column::Contact => (row::fixed(view, "row.contact", day), |entry, view| {
            Cell::text(row::short_day(entry.contact_on, view.me.today))
        }),
        listing::Column::Review => (row::fixed(view, "row.review", day), |entry, view| {
            Cell::text(row::short_day(entry.review_on, view.me.today))
        }),
        _ => return None,
    })
}

fn village(entry: &EntryRow, _: &View<'_>) -> Cell {
    match &entry.village {
        Some(village) => Cell::text(row::short_village(village).to_owned()),
        None => row::maybe(None),
    }
}

/// The ground of an entry.
pub fn ground_text(entry: &EntryRow, lang: Lang) -> String {
    locale::text(lang, &format!("choice.roster_ground.{}", entry.ground.word()))
}

fn short_ground(entry: &EntryRow, lang: Lang) -> String {
    locale::text(lang, &format!("roster.ground.{}", entry.ground.word()))
}

/// Why an entry stands where it stands, and its case.
pub fn entry_hint(entry: &EntryRow, view: &View<'_>) -> String {
    let why = owed::reason(entry, view);
    format!("{why}  {} {}", entry.number, row::flat(&entry.title))
}

/// The columns of persons.
pub fn persons(view: &View<'_>, width: usize) -> Vec<(Column, Show<PersonRow>)> {
    let name: Show<PersonRow> = |person, view| Cell::text(person_name(person, view.lang));
    let phone: Show<PersonRow> = |person, _| row::maybe(person.phone.as_ref());
    let village: Show<PersonRow> = |person, _| row::maybe(person.village.as_ref());
    let number: Show<PersonRow> =
        |person, _| row::maybe(person.case.as_ref().map(|(number, _)| number));
    let title: Show<PersonRow> =
        |person, _| row::maybe(person.case.as_ref().map(|(_, title)| title));
    let mut columns = vec![
        (row::fixed(view, "row.petitioner", 10), name),
        (row::fixed(view, "units.phone", 13), phone),
        (row::fixed(view, "row.village", 10), village),
        (row::fixed(view, "roster.newest_case", 13), number),
        (row::flex(view, "row.title", 8), title),
    ];
    if width >= WIDE {
        let address: Show<PersonRow> = |person, _| row::maybe(person.address.as_ref());
        columns.push((row::fixed(view, "roster.address", 24), address));
    }
    columns
}

fn person_name(person: &PersonRow, lang: Lang) -> String {
    person.name.clone().unwrap_or_else(|| locale::text(lang, "row.anonymous"))
}

/// What more is known of a person than the columns hold.
pub fn person_hint(person: &PersonRow, view: &View<'_>) -> String {
    let address = person.address.clone().unwrap_or_else(|| row::NOTHING.to_owned());
    let args = [
        ("name", Listed::name(person)),
        ("address", row::flat(&address)),
        ("count", person.n_aliases.to_string()),
    ];
    let key = if person.n_aliases > 0 { "roster.person.merged" } else { "roster.person" };
    locale::fill(view.lang, key, &args)
}
