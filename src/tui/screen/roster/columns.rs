//! The columns of the roster and of the list of persons, and what is said of the selected row.

use crate::api::roster::{EntryRow, PersonRow};
use crate::locale::{self, Lang};
use crate::tui::screen::roster::owed;
use crate::tui::screen::window::{Listed, Show, Window};
use crate::tui::screen::{View, row};
use crate::tui::widget::table::{Cell, Column};

/// From this width on, case and ground have columns of their own.
const WIDE: usize = 110;

/// The columns of entries that have room.
pub fn entries(
    window: &Window<EntryRow>,
    view: &View<'_>,
    width: usize,
) -> Vec<(Column, Show<EntryRow>)> {
    let due = row::due_width(window.due_days(), view.me.today);
    let is_wide = width >= WIDE;
    let name: Show<EntryRow> = |entry, view| Cell::text(owed::name(entry, view.lang));
    let village: Show<EntryRow> = |entry, _| match &entry.village {
        Some(village) => Cell::text(row::short_village(village).to_owned()),
        None => row::maybe(None),
    };
    let ground: Show<EntryRow> = |entry, view| Cell::text(short_ground(entry, view.lang));
    let lead: Show<EntryRow> = |entry, _| row::maybe(entry.lead.as_ref());
    let officer: Show<EntryRow> = |entry, _| row::maybe(entry.officer.as_ref());
    let mut columns = vec![
        (row::fixed(view, "row.due", due), owed::day_cell as Show<EntryRow>),
        (row::fixed(view, "row.left", 8), owed::left_cell as Show<EntryRow>),
        (row::flex(view, "roster.owed", 12), owed::what_cell as Show<EntryRow>),
        (row::fixed(view, "row.petitioner", if is_wide { 10 } else { 6 }), name),
        (row::fixed(view, "row.village", if is_wide { 10 } else { 6 }), village),
    ];
    if is_wide {
        let whole: Show<EntryRow> = |entry, view| Cell::text(ground_text(entry, view.lang));
        let number: Show<EntryRow> = |entry, _| Cell::text(entry.number.clone());
        let state: Show<EntryRow> = |entry, view| owed::state_cell(entry, view.lang);
        columns.push((row::words(view, "roster.ground", (20, 22)), whole));
        columns.push((row::fixed(view, "row.number", 13), number));
        columns.push((row::words(view, "roster.state", (8, 12)), state));
    } else {
        columns.push((row::words(view, "roster.ground", (4, 8)), ground));
    }
    columns.push((row::fixed(view, "row.lead", 6), lead));
    columns.push((row::fixed(view, "roster.officer", 6), officer));
    columns
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
