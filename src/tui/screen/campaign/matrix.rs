//! Villages by tasks: a table with a sign in each cell, the selected one in brackets.

use ratatui::text::Line;

use crate::api::campaign::{MatrixCell, MatrixView};
use crate::domain::ids::TaskId;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::campaign::mark;
use crate::tui::screen::{View, row};
use crate::tui::text::Align;
use crate::tui::widget::table::{Cell, Column, Mark, Row, Rule, Table};

/// The columns of a village's name, of its count, and of a task.
const WIDTHS: (u16, u16, u16) = (10, 7, 5);

/// What is shown of a matrix.
pub struct Shown<'s> {
    /// The row, 0 for the heads, and the column, 0 for the names.
    pub at: (usize, usize),
    /// The first village in sight.
    pub first: usize,
    /// How many there is room for.
    pub height: usize,
    /// The marked tasks.
    pub marked: &'s [TaskId],
}

/// The table; its columns follow the selected one.
pub fn table(matrix: &MatrixView, (view, columns): (&View<'_>, usize), shown: Shown<'_>) -> Table {
    let fixed = usize::from(WIDTHS.0 + WIDTHS.1) + 4;
    let n_fit = columns.saturating_sub(fixed) / (usize::from(WIDTHS.2) + 1);
    let n_fit = n_fit.clamp(1, matrix.columns.len().max(1));
    let (at_row, at_column) = shown.at;
    let first = at_column.saturating_sub(n_fit);
    let column =
        |title: String, width| Column { title, rule: Rule::Fixed(width), align: Align::Left };
    let corner = locale::text(view.lang, "campaign.village");
    let mut table = Table {
        columns: vec![column(bracket(&corner, shown.at == (0, 0)), WIDTHS.0)],
        rows: Vec::new(),
        selected: at_row.checked_sub(1).map(|at| at.saturating_sub(shown.first)),
    };
    table.columns.push(column(locale::text(view.lang, "campaign.done"), WIDTHS.1));
    for (place, own) in matrix.columns.iter().enumerate().skip(first).take(n_fit) {
        let is_at = at_row == 0 && at_column == place + 1;
        table.columns.push(column(bracket(&own.code, is_at), WIDTHS.2));
    }
    let rows = matrix.rows.iter().enumerate().skip(shown.first).take(shown.height);
    for (place, own) in rows {
        let is_at = at_row == place + 1;
        let town = || locale::text(view.lang, "campaign.town");
        let name = own.name.clone().unwrap_or_else(town);
        let (settled, total) = own.settled;
        let mut cells = vec![
            Cell::text(bracket(&name, is_at && at_column == 0)),
            Cell::text(format!("{settled}/{total}")),
        ];
        for (at, cell) in own.cells.iter().enumerate().skip(first).take(n_fit) {
            cells.push(drawn(*cell, is_at && at_column == at + 1, shown.marked));
        }
        table.rows.push(Row::Cells { cells, mark: Mark::Off });
    }
    table
}

fn bracket(text: &str, is_at: bool) -> String {
    if is_at { format!("[{text}]") } else { text.to_owned() }
}

fn drawn(cell: Option<MatrixCell>, is_at: bool, marked: &[TaskId]) -> Cell {
    let Some(cell) = cell else {
        let text = if is_at { "[ ]" } else { "" };
        return Cell::role(text, Role::Dim);
    };
    let role = mark::role(cell.state, cell.standing);
    let (before, after) = if is_at { ("[", "]") } else { (" ", " ") };
    let star = if marked.contains(&cell.id) { "+" } else { "" };
    let (sign, late) = (mark::sign(cell.state), mark::urgency(cell.standing));
    Cell::role(before, Role::Marker)
        .and(format!("{sign}{}", late.trim_end()), role)
        .and(after, Role::Marker)
        .and(star, Role::Mark)
}

/// What the selected cell is, and what the signs mean.
pub fn hint(
    matrix: Option<&MatrixView>,
    (view, columns): (&View<'_>, usize),
    (_, at_column): (usize, usize),
) -> Line<'static> {
    let own = matrix.and_then(|matrix| matrix.columns.get(at_column.checked_sub(1)?)).map(|own| {
        let weight = locale::text(view.lang, &format!("choice.weight.{}", own.weight.word()));
        Cell::role(format!("{} {} ({weight})", own.code, own.title), Role::Hint)
    });
    let legend = Cell::role(locale::text(view.lang, "campaign.legend"), Role::Dim);
    let own: Vec<Cell> = own.into_iter().collect();
    row::sides(view, &own, &[legend], columns)
}
