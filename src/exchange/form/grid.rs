//! Cells and ranges by their names, and how they change when rows are put in between.

use std::fmt::Write as _;

/// Rows that are put in before a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// The first row that moves.
    pub from: u32,
    /// By how many rows.
    pub by: u32,
}

/// What becomes of a range that ends right before the rows that are put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// It stays: a merged cell.
    Firm,
    /// It grows over them: a sum, a filter, what is printed.
    Grows,
}

impl Shift {
    /// The row's number afterwards.
    pub const fn row(self, row: u32) -> u32 {
        if row >= self.from { row + self.by } else { row }
    }

    fn last(self, row: u32, edge: Edge) -> u32 {
        match edge {
            Edge::Grows if row + 1 == self.from => row + self.by,
            Edge::Grows | Edge::Firm => self.row(row),
        }
    }

    /// The name of a cell or range afterwards; what is none is left as it is.
    pub fn range(self, name: &str, edge: Edge) -> String {
        let (first, last) = name.split_once(':').unwrap_or((name, name));
        let (Some(first), Some(last)) = (Cell::parse(first), Cell::parse(last)) else {
            return name.to_owned();
        };
        // A single cell is no range, unless it stands for one.
        let is_range = name.contains(':') || edge == Edge::Grows;
        let end = if is_range { self.last(last.row, edge) } else { self.row(last.row) };
        let (first, last) = (first.at(self.row(first.row)), last.at(end));
        if first == last { first } else { format!("{first}:{last}") }
    }

    /// Several ranges with blanks between.
    pub fn ranges(self, names: &str) -> String {
        let all = names.split_whitespace().map(|name| self.range(name, Edge::Grows));
        all.collect::<Vec<_>>().join(" ")
    }

    /// A formula afterwards. `is_own` says of the name of a sheet before a cell, or of none, whether
    /// the rows are put into that sheet.
    pub fn formula(self, text: &str, is_own: impl Fn(Option<&str>) -> bool) -> String {
        let mut out = String::with_capacity(text.len() + 8);
        let mut rest = text;
        let mut sheet: Option<String> = None;
        while let Some(first) = rest.chars().next() {
            let length = token(rest, first);
            let (word, behind) = rest.split_at(length);
            let is_function = behind.starts_with('(');
            if behind.starts_with('!') {
                sheet = Some(word.trim_matches('\'').replace("''", "'"));
                out.push_str(word);
                out.push('!');
                rest = behind.get(1..).unwrap_or_default();
                continue;
            }
            match Cell::parse(word).filter(|_| !is_function && is_own(sheet.as_deref())) {
                Some(_) => {
                    let length = range_length(rest, length);
                    let (range, behind) = rest.split_at(length);
                    let edge = if range.contains(':') { Edge::Grows } else { Edge::Firm };
                    out.push_str(&self.range(range, edge));
                    rest = behind;
                }
                None => {
                    out.push_str(word);
                    rest = behind;
                }
            }
            sheet = None;
        }
        out
    }
}

/// How long the first word of a formula is: a text or name in quotes, letters and digits, or one
/// sign.
fn token(text: &str, first: char) -> usize {
    if matches!(first, '"' | '\'') {
        let inner = text.get(1..).unwrap_or_default();
        let mut from = 0;
        while let Some(found) = inner.get(from..).and_then(|rest| rest.find(first)) {
            let end = from + found + 1;
            if !inner.get(end..).is_some_and(|rest| rest.starts_with(first)) {
                return end + 1;
            }
            from = end + 1;
        }
        return text.len();
    }
    let is_word = |char: char| char.is_alphanumeric() || matches!(char, '$' | '_' | '.');
    if !is_word(first) {
        return first.len_utf8();
    }
    text.find(|char| !is_word(char)).unwrap_or(text.len())
}

/// How long a range is whose first cell is so long.
fn range_length(text: &str, first: usize) -> usize {
    let Some(behind) = text.get(first..).and_then(|rest| rest.strip_prefix(':')) else {
        return first;
    };
    let second = behind.chars().next().map_or(0, |char| token(behind, char));
    let is_cell = behind.get(..second).is_some_and(|word| Cell::parse(word).is_some());
    if is_cell { first + 1 + second } else { first }
}

/// A cell's name in its parts.
struct Cell<'c> {
    column: &'c str,
    fixed: &'c str,
    row: u32,
}

impl<'c> Cell<'c> {
    fn parse(name: &'c str) -> Option<Self> {
        let digits = name.find(|char: char| char.is_ascii_digit())?;
        let (head, row) = name.split_at(digits);
        let (column, fixed) = match head.strip_suffix('$') {
            Some(column) => (column, "$"),
            None => (head, ""),
        };
        let letters = column.strip_prefix('$').unwrap_or(column);
        let is_column = (1..=3).contains(&letters.len())
            && letters.bytes().all(|byte| byte.is_ascii_alphabetic());
        let is_row = row.len() <= 7 && row.bytes().all(|byte| byte.is_ascii_digit());
        let row = row.parse().ok().filter(|row| *row > 0 && is_row && is_column)?;
        Some(Self { column, fixed, row })
    }

    fn at(&self, row: u32) -> String {
        format!("{}{}{row}", self.column, self.fixed)
    }
}

/// Column and row of a cell's name, from 1.
pub fn place(name: &str) -> Option<(u16, u32)> {
    let cell = Cell::parse(name)?;
    let letters = cell.column.trim_start_matches('$').bytes();
    let column =
        letters.fold(0_u32, |sum, byte| sum * 26 + u32::from(byte.to_ascii_uppercase() - b'A') + 1);
    Some((u16::try_from(column).ok()?, cell.row))
}

/// The name of a cell.
pub fn name(column: u16, row: u32) -> String {
    let mut letters = Vec::new();
    let mut left = column;
    while left > 0 {
        let digit = (left - 1) % 26;
        letters.push(char::from(b'A' + u8::try_from(digit).unwrap_or_default()));
        left = (left - 1) / 26;
    }
    let mut out: String = letters.into_iter().rev().collect();
    // Writing to a string cannot fail.
    let _ = write!(out, "{row}");
    out
}

#[cfg(test)]
mod tests {
    use super::{Edge, Shift, name, place};

    const TWO: Shift = Shift { from: 6, by: 2 };

    #[test]
    fn a_cell_has_one_name() {
        for (column, row, text) in [(1, 1, "A1"), (26, 9, "Z9"), (27, 10, "AA10"), (703, 5, "AAA5")]
        {
            assert_eq!((name(column, row).as_str(), place(text)), (text, Some((column, row))));
        }
        assert_eq!(place("A"), None);
        assert_eq!(place("12"), None);
    }

    #[test]
    fn what_lies_below_moves_and_what_ends_above_grows_only_where_it_should() {
        assert_eq!(TWO.range("A6:N6", Edge::Firm), "A8:N8");
        assert_eq!(TWO.range("A5:N5", Edge::Firm), "A5:N5");
        assert_eq!(TWO.range("A4:A7", Edge::Firm), "A4:A9");
        assert_eq!(TWO.range("C4:C5", Edge::Grows), "C4:C7");
        assert_eq!(TWO.ranges("C5 D1:D3"), "C5:C7 D1:D3");
    }

    #[test]
    fn a_formula_follows_and_its_texts_functions_and_other_sheets_do_not() {
        let own = |sheet: Option<&str>| sheet.is_none_or(|name| name == "台账");
        for (before, after) in [
            ("SUM(C4:C5)+$D$7", "SUM(C4:C7)+$D$9"),
            ("IF(A6=\"A6\",LOG10(B6),Sheet2!A6)", "IF(A8=\"A6\",LOG10(B8),Sheet2!A6)"),
            ("'台账'!$A$1:$N$9", "'台账'!$A$1:$N$11"),
            ("COUNTA(A4:A5)&\"件\"", "COUNTA(A4:A7)&\"件\""),
        ] {
            assert_eq!(TWO.formula(before, own), after);
        }
    }
}
