//! A table of which only the rows in sight are given: columns, a marker for the selected row,
//! headings of groups.
//!
//! The selected row is shown by a sign, not in reverse: moving it changes two cells.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::tui::look::{Look, Role};
use crate::tui::text::{Align, ELLIPSIS, cut, head, width};

/// The columns between two columns.
pub const GAP: usize = 1;

/// The columns of the marker before a row.
pub const MARKER: usize = 2;

/// How wide a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// So many columns of the terminal.
    Fixed(u16),
    /// A share of what the fixed ones leave, and at least so much.
    Flex(u16),
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What stands above it.
    pub title: String,
    /// How wide it is.
    pub rule: Rule,
    /// On which side its texts stand.
    pub align: Align,
}

/// One cell: pieces of text, each with its role.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// The pieces, from left to right.
    pub pieces: Vec<(String, Role)>,
}

impl Cell {
    /// A cell of ordinary text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::role(text, Role::Text)
    }

    /// A cell of one role.
    pub fn role(text: impl Into<String>, role: Role) -> Self {
        Self { pieces: vec![(text.into(), role)] }
    }

    /// The columns that its text takes.
    pub fn width(&self) -> usize {
        self.pieces.iter().map(|(text, _)| width(text)).sum()
    }

    /// The same cell with one more piece.
    pub fn and(mut self, text: impl Into<String>, role: Role) -> Self {
        self.pieces.push((text.into(), role));
        self
    }
}

/// One row in sight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// The heading of a group, drawn as `-- text ------`.
    Group(String),
    /// Cells, one for each column.
    Cells {
        /// The cells.
        cells: Vec<Cell>,
        /// Whether the clerk marked the row.
        mark: Mark,
    },
    /// One text across all columns.
    Note(String, Role),
}

/// Whether a row is marked for a change of many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mark {
    /// It is not.
    #[default]
    Off,
    /// It is: an asterisk stands before it.
    On,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// The rows in sight, from the first.
    pub rows: Vec<Row>,
    /// Which of them is selected.
    pub selected: Option<usize>,
}

impl Table {
    /// Draws the titles, if any column has one, and the rows below.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, look: &Look) {
        let area = area.intersection(buffer.area);
        let widths = self.widths(area.width);
        let mut ys = area.top()..area.bottom();
        if self.columns.iter().any(|column| !column.title.is_empty())
            && let Some(y) = ys.next()
        {
            let titles = self.columns.iter().map(|column| {
                let text = column.title.clone();
                Cell { pieces: vec![(text, Role::Dim)] }
            });
            let cells: Vec<Cell> = titles.collect();
            let spans = self.spans(&cells, &widths, look);
            draw_line(buffer, (area, y), (" ".repeat(MARKER), look.style(Role::Dim)), spans);
        }
        for ((at, row), y) in self.rows.iter().enumerate().zip(ys) {
            let marker = self.marker(at, row);
            let marker = (marker, look.style(Role::Marker));
            match row {
                Row::Cells { cells, .. } => {
                    draw_line(buffer, (area, y), marker, self.spans(cells, &widths, look));
                }
                Row::Group(text) => {
                    let text = group_line(&look.shown(text), usize::from(area.width));
                    let style = (text, look.style(Role::Group));
                    draw_line(buffer, (area, y), style, Vec::new());
                }
                Row::Note(text, role) => {
                    let room = usize::from(area.width).saturating_sub(MARKER);
                    let text = cut(&look.shown(text), room).into_owned();
                    draw_line(
                        buffer,
                        (area, y),
                        marker,
                        vec![Span::styled(text, look.style(*role))],
                    );
                }
            }
        }
    }

    /// The widths of the columns in a room: fixed ones first, from the left; what is left is shared
    /// by the others, each of which has its least before any has more.
    pub fn widths(&self, room: u16) -> Vec<usize> {
        let n_gaps = self.columns.len().saturating_sub(1);
        let mut left = usize::from(room).saturating_sub(MARKER + n_gaps * GAP);
        let mut widths: Vec<usize> = Vec::new();
        for column in &self.columns {
            let (Rule::Fixed(least) | Rule::Flex(least)) = column.rule;
            let given = usize::from(least).min(left);
            left -= given;
            widths.push(given);
        }
        let is_flex = |column: &Column| matches!(column.rule, Rule::Flex(_));
        let n_flex = self.columns.iter().filter(|column| is_flex(column)).count();
        let flexes = widths.iter_mut().zip(&self.columns).filter(|(_, column)| is_flex(column));
        for (at, (given, _)) in flexes.enumerate() {
            // The first ones take what cannot be shared evenly.
            *given += left / n_flex + usize::from(at < left % n_flex);
        }
        widths
    }

    fn marker(&self, at: usize, row: &Row) -> String {
        let selected = if self.selected == Some(at) { '>' } else { ' ' };
        let is_marked = matches!(row, Row::Cells { mark: Mark::On, .. });
        let marked = if is_marked { '*' } else { ' ' };
        [selected, marked].iter().collect()
    }

    fn spans(&self, cells: &[Cell], widths: &[usize], look: &Look) -> Vec<Span<'static>> {
        let mut spans = Vec::new();
        for (at, (column, columns)) in self.columns.iter().zip(widths).enumerate() {
            if at > 0 {
                spans.push(Span::raw(" ".repeat(GAP)));
            }
            match cells.get(at) {
                Some(cell) => cell_spans(cell, (*columns, column.align), look, &mut spans),
                None => spans.push(Span::raw(" ".repeat(*columns))),
            }
        }
        spans
    }
}

/// The first row in sight: the one that was first, or the nearest from which the selected row is
/// seen. From 0, it depends on the selection alone.
pub fn follow(first: usize, selected: usize, height: usize) -> usize {
    let lowest = (selected + 1).saturating_sub(height.max(1));
    first.clamp(lowest, selected)
}

/// A group's heading over the whole width.
fn group_line(text: &str, columns: usize) -> String {
    let text = cut(text, columns.saturating_sub(4));
    let line = if text.is_empty() { String::new() } else { format!("-- {text} ") };
    let n_dashes = columns.saturating_sub(width(&line));
    format!("{line}{}", "-".repeat(n_dashes))
}

/// The pieces of a cell in exactly the columns it has; where they are cut stands an ellipsis.
fn cell_spans(
    cell: &Cell,
    (columns, align): (usize, Align),
    look: &Look,
    spans: &mut Vec<Span<'static>>,
) {
    let shown = cell.pieces.iter().map(|(text, role)| (look.shown(text), look.style(*role)));
    let shown: Vec<(Cow<'_, str>, Style)> = shown.collect();
    let total: usize = shown.iter().map(|(text, _)| width(text)).sum();
    let spaces = Span::raw(" ".repeat(columns.saturating_sub(total)));
    if align == Align::Right {
        spans.push(spaces.clone());
    }
    let is_cut = total > columns;
    let mut left = columns.saturating_sub(if is_cut { ELLIPSIS.len() } else { 0 });
    let mut last = Style::new();
    for (text, style) in shown {
        let seen = head(&text, left);
        left -= width(seen);
        last = style;
        spans.push(Span::styled(seen.to_owned(), style));
        if seen.len() < text.len() {
            break;
        }
    }
    if is_cut {
        spans.push(Span::styled(head(ELLIPSIS, columns), last));
        spans.push(Span::raw(" ".repeat(left)));
    } else if align == Align::Left {
        spans.push(spaces);
    }
}

fn draw_line(
    buffer: &mut Buffer,
    (area, y): (Rect, u16),
    (first, style): (String, Style),
    rest: Vec<Span<'static>>,
) {
    let mut spans = vec![Span::styled(head(&first, usize::from(area.width)).to_owned(), style)];
    spans.extend(rest);
    if area.width > 0 {
        buffer.set_line(area.x, y, &Line::from(spans), area.width);
    }
}

#[cfg(test)]
mod tests;
