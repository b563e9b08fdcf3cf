//! A sheet that is one record: labels with their values beside them, as printed forms have it.
//!
//! A table has its labels in one row; on such a sheet most rows begin with one.

use std::collections::{BTreeMap, BTreeSet};

use crate::exchange::cell::{Cell, Line, Origin, Placed};
use crate::exchange::columns::{Columns, Meaning, fold};
use crate::exchange::header::{Column, Told, meaning_of};
use crate::exchange::value::shown_text;

/// The most rows of such a sheet.
pub const ROWS_MAX: usize = 200;
/// How many rows begin with a label that has its value beside it.
const LABELS_MIN: usize = 3;
/// The most characters of a label that nothing is known of.
const LABEL_CHARS_MAX: usize = 12;

/// The labels of such a sheet as columns, and their values as the cells of one row.
#[derive(Debug, Default)]
pub struct Card {
    /// The labels: of values that may be taken, that are refused, and that nothing is known of.
    pub columns: Vec<Column>,
    /// The values; one that is refused stands nowhere.
    pub line: Line,
    /// Rows after the first value in which no label stands.
    pub n_unread: u64,
}

/// By what labels are known.
type Words<'w> = (&'w Columns, &'w [Told]);

/// Whether a sheet that begins with these rows is one record.
pub fn is_card(rows: &[Line], tables: &Columns, told: &[Told]) -> bool {
    let words = (tables, told);
    let mut labels = BTreeSet::new();
    for row in rows {
        let mut own = row.cells.iter().filter(|placed| placed.origin == Origin::Own);
        let (Some(first), Some(second)) = (own.next(), own.next()) else { continue };
        // What is never taken is known by a part of a text, which any row may begin with.
        if let Some((own, Meaning::Field(..) | Meaning::Pair(_))) = label(&first.cell, None, words)
            && is_value((row, first), second, words)
        {
            labels.insert(fold(&own));
        }
    }
    labels.len() >= LABELS_MIN
}

/// Reads the rows of such a sheet.
pub fn read(rows: &[Line], tables: &Columns, told: &[Told]) -> Card {
    let mut card = Card::default();
    let mut groups = BTreeMap::new();
    for row in rows {
        card.read(row, &mut groups, (tables, told));
    }
    card
}

impl Card {
    /// Reads a row. A label with another one beside it is the header of a group: it governs what
    /// stands right of it, in its row and in those that it is merged over.
    fn read(&mut self, row: &Line, groups: &mut BTreeMap<u16, String>, words: Words<'_>) {
        groups.retain(|column, _| {
            let is_it =
                |placed: &Placed| placed.column == *column && placed.origin == Origin::Above;
            row.cells.iter().any(is_it)
        });
        let own = row.cells.iter().filter(|placed| placed.origin == Origin::Own);
        let mut cells = own.peekable();
        let mut unknown = Vec::new();
        let (mut n_cells, n_before) = (0, self.columns.len());
        while let Some(placed) = cells.next() {
            n_cells += 1;
            let group = groups.range(..placed.column).next_back().map(|(_, group)| group.clone());
            if let Some((text, meaning, value)) = labelled(&placed.cell, group.as_deref(), words) {
                self.add(row.number, (named(group, text), meaning), Some(Cell::Text(value)));
                continue;
            }
            let known = label(&placed.cell, group.as_deref(), words);
            let value = cells.next_if(|next| is_value((row, placed), next, words));
            n_cells += u32::from(value.is_some());
            match (known, value) {
                (Some((text, meaning)), Some(value)) => {
                    self.add(row.number, (named(group, text), meaning), Some(value.cell.clone()));
                }
                (Some((text, meaning)), None) => {
                    let is_group = cells.peek().is_some_and(|next| is_beside((row, placed), next));
                    if matches!(meaning, Meaning::Refused(_)) {
                        self.add(row.number, (text.clone(), meaning), None);
                    }
                    if is_group {
                        groups.insert(placed.column, text);
                    }
                }
                (None, Some(_)) => unknown.extend(text_of(&placed.cell)),
                (None, None) => {}
            }
        }
        if self.columns.len() > n_before || n_cells == 2 {
            // Without a known label, or a value of its own, a row is none of the form's.
            for text in unknown {
                self.add(row.number, (text, Meaning::Unknown), None);
            }
        }
        self.n_unread += u64::from(self.line.number > 0 && self.columns.len() == n_before);
    }

    fn add(&mut self, row: u32, (text, meaning): (String, Meaning), value: Option<Cell>) {
        let Ok(index) = u16::try_from(self.columns.len() + 1) else { return };
        if let Some(cell) = value.filter(|_| !matches!(meaning, Meaning::Refused(_))) {
            if self.line.number == 0 {
                self.line.number = row;
            }
            self.line.cells.push(Placed { column: index, cell, origin: Origin::Own });
        }
        let own = fold(&text);
        self.columns.push(Column { index, text: text.replace('\n', " "), own, meaning });
    }
}

/// Whether a cell is the value of the one before it. A word that is never taken may stand within a
/// value too; where the value is due, only a label that is nothing else is none.
fn is_value((row, before): (&Line, &Placed), next: &Placed, words: Words<'_>) -> bool {
    match label(&next.cell, None, words) {
        None => true,
        Some((text, Meaning::Refused(_))) => {
            let is_known = label(&before.cell, None, words).is_some_and(|(_, meaning)| {
                matches!(meaning, Meaning::Field(..) | Meaning::Pair(_))
            });
            is_known && is_beside((row, before), next) && !words.0.is_refused_word(&text)
        }
        Some(_) => false,
    }
}

/// Whether a cell stands right behind another one, which may be merged over several columns.
fn is_beside((row, before): (&Line, &Placed), next: &Placed) -> bool {
    let span = row.spans.iter().find(|span| span.first == before.column);
    span.map_or(before.column, |span| span.last) + 1 == next.column
}

/// A label with the header of its group in front.
fn named(group: Option<String>, text: String) -> String {
    match group {
        Some(group) => format!("{group} {text}"),
        None => text,
    }
}

/// The text of a cell that may be a label.
fn text_of(cell: &Cell) -> Option<String> {
    let Cell::Text(_) = cell else { return None };
    Some(shown_text(cell)).filter(|text| text.chars().count() <= LABEL_CHARS_MAX)
}

/// A cell that is a label and nothing else, alone or in a group.
fn label(cell: &Cell, group: Option<&str>, words: Words<'_>) -> Option<(String, Meaning)> {
    let Cell::Text(_) = cell else { return None };
    let text = shown_text(cell);
    match meaning_of((&text, None), words.0, words.1) {
        Meaning::Unknown | Meaning::Serial => None,
        meaning if group.is_none() => Some((text, meaning)),
        _ => {
            let meaning = meaning_of((&text, group), words.0, words.1);
            Some((text, meaning))
        }
    }
}

/// A cell that holds a label, a colon and the value.
fn labelled(
    cell: &Cell,
    group: Option<&str>,
    words: Words<'_>,
) -> Option<(String, Meaning, String)> {
    let Cell::Text(_) = cell else { return None };
    let text = shown_text(cell);
    let (front, back) = text.split_once([':', '\u{ff1a}'])?;
    let (front, back) = (front.trim().to_owned(), back.trim().to_owned());
    let (front, meaning) = label(&Cell::Text(front), group, words)?;
    (!back.is_empty()).then_some((front, meaning, back))
}
