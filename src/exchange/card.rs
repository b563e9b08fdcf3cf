//! A sheet that is one record: labels with their values beside them, as printed forms have it.
//!
//! A table has its labels in one row; on such a sheet most rows begin with one.

use std::collections::BTreeSet;

use crate::exchange::cell::{Cell, Line, Origin, Placed};
use crate::exchange::columns::{Columns, Meaning, fold};
use crate::exchange::header::{Column, Told, meaning_of};
use crate::exchange::value::shown_text;

/// The most rows of such a sheet.
pub const ROWS_MAX: usize = 200;
/// How many rows begin with a label that has its value beside it.
const LABELS_MIN: usize = 3;

/// The labels of such a sheet as columns, and their values as the cells of one row.
#[derive(Debug, Default)]
pub struct Card {
    /// The labels whose values may be taken or are refused.
    pub columns: Vec<Column>,
    /// The values; one that is refused stands nowhere.
    pub line: Line,
}

/// Whether a sheet that begins with these rows is one record.
pub fn is_card(rows: &[Line], tables: &Columns, told: &[Told]) -> bool {
    let mut labels = BTreeSet::new();
    for row in rows {
        let mut own = row.cells.iter().filter(|placed| placed.origin == Origin::Own);
        let (Some(first), Some(second)) = (own.next(), own.next()) else { continue };
        let label = label(&first.cell, (tables, told));
        if let Some((own, _)) = label
            && self::label(&second.cell, (tables, told)).is_none()
        {
            labels.insert(fold(&own));
        }
    }
    labels.len() >= LABELS_MIN
}

/// Reads the rows of such a sheet.
pub fn read(rows: &[Line], tables: &Columns, told: &[Told]) -> Card {
    let mut card = Card::default();
    for row in rows {
        let own = row.cells.iter().filter(|placed| placed.origin == Origin::Own);
        let mut cells = own.map(|placed| &placed.cell).peekable();
        while let Some(cell) = cells.next() {
            if let Some((text, meaning, value)) = labelled(cell, (tables, told)) {
                card.add(row.number, (text, meaning), Cell::Text(value));
                continue;
            }
            let Some((text, meaning)) = label(cell, (tables, told)) else { continue };
            let value = cells.next_if(|next| label(next, (tables, told)).is_none());
            if let Some(value) = value {
                card.add(row.number, (text, meaning), value.clone());
            }
        }
    }
    card
}

impl Card {
    fn add(&mut self, row: u32, (text, meaning): (String, Meaning), value: Cell) {
        let Ok(index) = u16::try_from(self.columns.len() + 1) else { return };
        if self.line.number == 0 {
            self.line.number = row;
        }
        if !matches!(meaning, Meaning::Refused(_)) {
            let placed = Placed { column: index, cell: value, origin: Origin::Own };
            self.line.cells.push(placed);
        }
        let own = fold(&text);
        self.columns.push(Column { index, text: text.replace('\n', " "), own, meaning });
    }
}

/// A cell that is a label and nothing else.
fn label(cell: &Cell, (tables, told): (&Columns, &[Told])) -> Option<(String, Meaning)> {
    let Cell::Text(_) = cell else { return None };
    let text = shown_text(cell);
    match meaning_of((&text, None), tables, told) {
        Meaning::Unknown | Meaning::Serial => None,
        meaning => Some((text, meaning)),
    }
}

/// A cell that holds a label, a colon and the value.
fn labelled(cell: &Cell, (tables, told): (&Columns, &[Told])) -> Option<(String, Meaning, String)> {
    let Cell::Text(_) = cell else { return None };
    let text = shown_text(cell);
    let (front, back) = text.split_once([':', '\u{ff1a}'])?;
    let (front, back) = (front.trim().to_owned(), back.trim().to_owned());
    let (front, meaning) = label(&Cell::Text(front), (tables, told))?;
    (!back.is_empty()).then_some((front, meaning, back))
}
