//! The cases of a person as a list below their fields.

use ratatui::text::Line;

use crate::api::reply::PersonSheet;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::row::{self, Cell, Column};
use crate::tui::screen::window::{MARKER_WIDTH, Shown, Window};

/// The heading of the fields, the heading of the cases, and the titles of their columns.
pub const LINES_ABOVE: usize = 3;

/// The heading of the sheet; `at` is set while the fields are the part that is open.
pub fn heading(view: &View<'_>, sheet: &PersonSheet, at: Option<usize>) -> Cell {
    let name = sheet.fields.iter().find(|(field, text)| field == "name" && !text.is_empty());
    let name =
        name.map_or_else(|| locale::text(view.lang, "row.anonymous"), |(_, name)| name.clone());
    title(locale::fill(view.lang, "person.title", &[("name", name)]), at.is_some())
}

/// The heading, the titles and as many cases as fit. `size` is the width and the lines of the list.
pub fn lines(
    cases: &Window,
    view: &View<'_>,
    size: (usize, usize),
    at: Option<usize>,
) -> Vec<Line<'static>> {
    let (width, height) = size;
    let count = [("count", cases.items().len().to_string())];
    let heading = title(locale::fill(view.lang, "person.cases", &count), at.is_none());
    let more = cases.has_more_below(height);
    let more = more.then(|| Cell::new(Role::Dim, locale::text(view.lang, "row.more")));
    let mut lines = vec![row::rule(view, &[heading], more.as_slice(), width)];
    if cases.items().is_empty() {
        let text = Cell::new(Role::Dim, locale::text(view.lang, "person.no_cases"));
        lines.push(row::strip(view, &[text], width));
        return lines;
    }
    let days = cases.items().iter().filter_map(|item| item.row.next.as_ref()?.latest);
    let mut columns = [
        Column::new("", MARKER_WIDTH),
        Column::new("row.number", 13),
        Column::new("row.title", 0),
        Column::new("row.stage", 8),
        Column::new("row.due", row::day_width(days, view.me.today)),
        Column::new("row.left", 8),
        Column::new("row.holder", 8),
    ];
    row::share(&mut columns, width);
    lines.push(row::titles(view, &columns));
    for shown in cases.lines(height) {
        let Shown::Row { row, .. } = shown else { continue };
        let cells = [
            marker(&shown, at),
            Cell::plain(&row.number),
            Cell::plain(row::title(row, view.lang)),
            Cell::plain(row::stage(row, view.lang)),
            row::due_cell(row.next.as_ref(), view.me.today),
            row::left_cell(row.next.as_ref(), view.lang),
            row.holder.as_ref().map_or_else(|| row::holder_cell(row, view.lang), Cell::plain),
        ];
        lines.push(row::lay(view, &columns, &cells));
    }
    lines
}

/// The marker of a row; none is selected while the fields are the part that is open.
fn marker(shown: &Shown<'_>, at: Option<usize>) -> Cell {
    let marker = shown.marker();
    match at {
        Some(_) => Cell::new(Role::Key, marker.text.replace('>', " ")),
        None => marker,
    }
}

fn title(text: String, is_open: bool) -> Cell {
    if is_open { Cell::new(Role::Tab, format!("[{text}]")) } else { Cell::new(Role::Group, text) }
}
