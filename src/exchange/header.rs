//! Finds the header of a table among its first rows.
//!
//! Titles, notes and empty rows may stand above it, and it may have two rows. The row with the
//! most known headers is the header; a word that happens to be known makes no header alone.

use std::collections::BTreeSet;

use crate::exchange::cell::{Cell, Line, Origin, Span};
use crate::exchange::columns::{Columns, Meaning, fold, in_two};
use crate::exchange::value::shown_text;
use crate::locale::{self, Lang};

/// How many rows that are not blank are looked at.
pub const ROWS_MAX: usize = 20;
/// How many known headers make a header.
const KNOWN_MIN: usize = 2;

/// A header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its place among the rows that were looked at.
    pub at: usize,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// A column of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The column in the sheet, from 1.
    pub index: u16,
    /// Its text, with that of its group in front if it has one.
    pub text: String,
    /// Its own text, folded.
    pub own: String,
    /// What it means.
    pub meaning: Meaning,
}

impl Header {
    /// Whether labels stand in it side by side, where a form has their values.
    pub fn is_of_table(&self) -> bool {
        let is_label = |column: &Column| column.meaning != Meaning::Unknown;
        let pairs = self.columns.iter().zip(self.columns.iter().skip(1));
        let mut beside = pairs.filter(|(left, right)| left.index + 1 == right.index);
        beside.any(|(left, right)| is_label(left) && is_label(right))
    }
}

/// A column that the caller mapped: the header's text and what it shall mean.
pub type Told = (String, Meaning);

/// The header among the first rows of a sheet, or none.
pub fn find(rows: &[Line], tables: &Columns, told: &[Told]) -> Option<Header> {
    let mut best: Option<(usize, Header)> = None;
    for (at, row) in rows.iter().enumerate() {
        let above = at.checked_sub(1).and_then(|above| rows.get(above));
        let above = above.filter(|above| above.number + 1 == row.number);
        let columns = columns(row, above, (tables, told));
        let Some(score) = score(&columns, tables) else { continue };
        // A second row of a header knows as much as the first, with what comes down into it.
        let has_above = row.cells.iter().any(|placed| placed.origin == Origin::Above);
        let is_better =
            best.as_ref().is_none_or(|(other, _)| score > *other || (score == *other && has_above));
        if is_better {
            best = Some((score, Header { at, columns }));
        }
    }
    best.map(|(_, header)| without_side_tables(header, rows, (tables, told)))
}

/// The first row as a header, whatever stands in it.
pub fn first(rows: &[Line], tables: &Columns, told: &[Told]) -> Option<Header> {
    let row = rows.first()?;
    Some(Header { at: 0, columns: columns(row, None, (tables, told)) })
}

/// What a header means: as the caller says, else as the tables say. A column that is never taken
/// stays so, whatever the caller says.
pub fn meaning_of((own, group): (&str, Option<&str>), tables: &Columns, told: &[Told]) -> Meaning {
    let meaning = tables.meaning(own, group);
    let folded = fold(own);
    let whole = group.map(|group| fold(&format!("{group}{own}")));
    let is_meant = |told: &&Told| {
        let told = fold(&told.0);
        told == folded || Some(&told) == whole.as_ref()
    };
    match told.iter().find(is_meant) {
        Some((_, told)) if !matches!(meaning, Meaning::Refused(_)) => told.clone(),
        _ => meaning,
    }
}

/// Leaves out the columns of a small table that stands beside the ledger: behind a column in which
/// nothing stands, with counts, or with nothing that the ledger does not have itself.
fn without_side_tables(
    mut header: Header,
    rows: &[Line],
    (tables, told): (&Columns, &[Told]),
) -> Header {
    let below = rows.get(header.at..).unwrap_or_default();
    let is_empty = |column: u16| {
        let stands = |row: &Line| row.cells.iter().any(|placed| placed.column == column);
        !below.iter().any(stands)
    };
    let mut blocks: Vec<Vec<Column>> = Vec::new();
    for column in std::mem::take(&mut header.columns) {
        let before = blocks.last().and_then(|block| block.last()).map(|last| last.index);
        let is_apart = before.is_some_and(|before| (before + 1..column.index).any(is_empty));
        match blocks.last_mut() {
            Some(block) if !is_apart => block.push(column),
            _ => blocks.push(vec![column]),
        }
    }
    let best = (0..blocks.len()).max_by_key(|at| {
        let known = blocks.get(*at).and_then(|block| score(block, tables)).unwrap_or(0);
        (known, std::cmp::Reverse(*at))
    });
    let fields = |block: &[Column]| -> BTreeSet<usize> {
        let field = |column: &Column| match &column.meaning {
            Meaning::Field(field, _) => Some(*field),
            _ => None,
        };
        block.iter().filter_map(field).collect()
    };
    let main = best.and_then(|at| blocks.get(at)).map(|block| fields(block)).unwrap_or_default();
    for (at, block) in blocks.iter_mut().enumerate() {
        let is_told = block.iter().any(|one| told.iter().any(|told| fold(&told.0) == one.own));
        if Some(at) == best || block.len() < 2 || is_told {
            continue;
        }
        let counts = |one: &Column| tables.words.tallies.contains(&one.own);
        if block.iter().any(counts) || fields(block).is_subset(&main) {
            // A column that is never taken is still named as such.
            let kept = |one: &&mut Column| !matches!(one.meaning, Meaning::Refused(_));
            block.iter_mut().filter(kept).for_each(|one| one.meaning = Meaning::LeftOut);
        }
    }
    header.columns = blocks.into_iter().flatten().collect();
    header
}

fn columns(row: &Line, above: Option<&Line>, (tables, told): (&Columns, &[Told])) -> Vec<Column> {
    let texts = row.cells.iter().filter_map(|placed| match &placed.cell {
        Cell::Text(_) => Some((placed.column, shown_text(&placed.cell))),
        Cell::Number(_)
        | Cell::Date(_)
        | Cell::Bool(_)
        | Cell::Error(_)
        | Cell::Long
        | Cell::Empty => None,
    });
    let is_written = is_list_of_refused(row);
    let column = |(index, own): (u16, String)| {
        let group = above.and_then(|above| group_over(above, index));
        let folded = fold(&own);
        let mut meaning = meaning_of((&own, group.as_deref()), tables, told);
        if let Some((group, rest)) = in_two(&own)
            && is_written
            && meaning == Meaning::Unknown
        {
            meaning = meaning_of((rest, Some(group)), tables, told);
        }
        let text = match &group {
            Some(group) => format!("{group} {own}"),
            None => own,
        };
        Column { index, text: text.replace('\n', " "), own: folded, meaning }
    };
    texts.map(column).collect()
}

/// Whether a row is the header of a list of refused rows, in which this program writes the header
/// of a group before each of its columns.
fn is_list_of_refused(row: &Line) -> bool {
    let stands = |column: u16, key: &str| {
        let text = fold(&shown_text(row.cell(column)));
        [Lang::Zh, Lang::En].iter().any(|lang| fold(&locale::text(*lang, key)) == text)
    };
    stands(1, "shell.import.reason") && stands(2, "shell.import.row")
}

/// The text of the merged cell over a column, unless the row above holds nothing else: then it is
/// a title.
fn group_over(above: &Line, column: u16) -> Option<String> {
    let covers = |span: &&Span| span.first <= column && column <= span.last;
    let span = above.spans.iter().find(covers)?;
    if above.cells.len() < 2 {
        return None;
    }
    Some(shown_text(above.cell(span.first))).filter(|text| !text.is_empty())
}

/// How many different things a row knows; none if it is no header.
fn score(columns: &[Column], tables: &Columns) -> Option<usize> {
    let mut known = BTreeSet::new();
    let mut n_others = 0;
    for column in columns {
        match &column.meaning {
            Meaning::Field(field, _) => {
                known.insert(*field);
            }
            Meaning::Pair(_) | Meaning::Refused(_) | Meaning::Serial | Meaning::LeftOut => {
                n_others += 1;
            }
            Meaning::Unknown => {}
        }
    }
    let n_known = known.len() + n_others;
    let has_field =
        columns.iter().any(|one| matches!(one.meaning, Meaning::Field(..) | Meaning::Pair(_)));
    // A table of one column has a header too, if the column is one that the topic asks for.
    let is_wanted = |field: &usize| tables.fields.get(*field).is_some_and(|field| field.wanted);
    let is_alone = columns.len() == 1 && known.iter().all(is_wanted);
    (has_field && (n_known >= KNOWN_MIN || is_alone)).then_some(n_known)
}
