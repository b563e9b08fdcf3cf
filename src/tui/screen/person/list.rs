//! The cases of a person as a list below their fields.

use ratatui::text::Line;

use crate::api::reply::PersonSheet;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::window::{Show, Window};
use crate::tui::screen::{View, row};
use crate::tui::widget::table::{Cell, Row, Table};

/// The heading of the sheet; `at` is set while the fields are the part that is open.
pub fn heading(view: &View<'_>, sheet: &PersonSheet, at: Option<usize>) -> Cell {
    let name = sheet.fields.iter().find(|(field, text)| field == "name" && !text.is_empty());
    let name =
        name.map_or_else(|| locale::text(view.lang, "row.anonymous"), |(_, name)| name.clone());
    title(locale::fill(view.lang, "person.title", &[("name", name)]), at.is_some())
}

/// The heading of the cases, and whether there are more below what is shown in a height.
pub fn rule(
    cases: &Window,
    view: &View<'_>,
    (width, height): (usize, usize),
    at: Option<usize>,
) -> Line<'static> {
    let count = [("count", cases.items().len().to_string())];
    let heading = title(locale::fill(view.lang, "person.cases", &count), at.is_none());
    let more = cases.has_more_below(height);
    let more = more.then(|| Cell::role(locale::text(view.lang, "row.more"), Role::Dim));
    row::rule(view, &[heading], more.as_slice(), width)
}

/// As many cases as have room in a height; none is selected while the fields are open.
pub fn table(cases: &Window, view: &View<'_>, height: usize, at: Option<usize>) -> Table {
    if cases.items().is_empty() {
        let text = locale::text(view.lang, "person.no_cases");
        return Table { rows: vec![Row::Note(text, Role::Dim)], ..Table::default() };
    }
    let due = row::due_width(cases.due_days(), view.me.today);
    let number: Show = |row, _| Cell::text(row.number.clone());
    let name: Show = |row, view| Cell::text(row::title(row, view.lang));
    let stage: Show = |row, view| Cell::text(row::stage(row, view.lang));
    let due_cell: Show = |row, view| row::due_cell(row.next.as_ref(), view.me.today);
    let left_cell: Show = |row, view| row::left_cell(row.next.as_ref(), view.lang);
    let holder: Show = |row, view| row::holder_name_cell(row, view.lang);
    let columns = vec![
        (row::fixed(view, "row.number", 13), number),
        (row::flex(view, "row.title", 8), name),
        (row::words(view, "row.stage", (8, 10)), stage),
        (row::fixed(view, "row.due", due), due_cell),
        (row::fixed(view, "row.left", 8), left_cell),
        (row::fixed(view, "row.holder", 8), holder),
    ];
    let table = cases.table(view, columns, (height, &|_| String::new()));
    Table { selected: table.selected.filter(|_| at.is_none()), ..table }
}

fn title(text: String, is_open: bool) -> Cell {
    if is_open { Cell::role(format!("[{text}]"), Role::Tab) } else { Cell::role(text, Role::Group) }
}
