//! The printed fields of all rows, one text, and the search in it.

use memchr::{memchr2_iter, memmem};

use crate::search::arena::{RowId, grow};
use crate::search::body::RowSet;

/// Printed fields of one sort.
#[derive(Debug, Default)]
pub struct Column {
    text: String,
    starts: Vec<u32>,
    // A bit for each ASCII character that stands anywhere, letters in lower case.
    held: u128,
}

impl Column {
    /// Appends what a row has.
    pub fn push(&mut self, text: &str) {
        grow(&mut self.starts);
        if self.text.capacity() - self.text.len() < text.len() {
            self.text.reserve_exact(text.len() + self.text.len() / 8 + 256);
        }
        // Four gigabytes of numbers are beyond any office's memory.
        self.starts.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        self.text.push_str(text);
        self.held |= ascii_in(text);
    }

    /// What a row has.
    pub fn row(&self, row: RowId) -> &str {
        let start = self.starts.get(row as usize).map_or(usize::MAX, |start| *start as usize);
        self.text.get(start..self.end(row)).unwrap_or_default()
    }

    /// How many bytes are held.
    pub fn bytes(&self) -> usize {
        self.text.capacity() + self.starts.capacity() * size_of::<u32>()
    }

    /// Adds the rows in which a folded word stands, and perhaps a few in which it does not.
    pub fn rows_with(&self, word: &str, rows: &mut RowSet) {
        if ascii_in(word) & !self.held != 0 {
            return;
        }
        let (bytes, word) = (self.text.as_bytes(), word.as_bytes());
        // Every hit of one row costs little; a second search from the row's end would cost more.
        let mut row = 0;
        let mut add = |at: usize| {
            row = self.row_at(at, row);
            rows.add(row);
        };
        match word.iter().position(u8::is_ascii_lowercase) {
            None => memmem::find_iter(bytes, word).for_each(&mut add),
            Some(nth) => {
                let letter = word.get(nth).copied().unwrap_or_default();
                for at in memchr2_iter(letter, letter.to_ascii_uppercase(), bytes) {
                    let Some(from) = at.checked_sub(nth) else { continue };
                    let found = bytes.get(from..from + word.len());
                    if found.is_some_and(|found| found.eq_ignore_ascii_case(word)) {
                        add(from);
                    }
                }
            }
        }
    }

    fn end(&self, row: RowId) -> usize {
        let next = self.starts.get(row as usize + 1);
        next.map_or(self.text.len(), |start| *start as usize)
    }

    /// The row that holds a byte, not before a given row.
    fn row_at(&self, byte: usize, from: RowId) -> RowId {
        // The next hit is near: steps that double find it sooner than halving the whole.
        let starts = self.starts.get(from as usize..).unwrap_or_default();
        let is_before = |start: &u32| *start as usize <= byte;
        let mut step = 1;
        while starts.get(step).is_some_and(is_before) {
            step *= 2;
        }
        let low = step / 2;
        let near = starts.get(low..starts.len().min(step + 1)).unwrap_or_default();
        let n = low + near.partition_point(is_before);
        from + RowId::try_from(n.saturating_sub(1)).unwrap_or(0)
    }
}

/// A bit for each ASCII character of a text, letters in lower case.
fn ascii_in(text: &str) -> u128 {
    let ascii = text.bytes().filter(u8::is_ascii);
    ascii.fold(0, |bits, byte| bits | 1 << byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::Column;
    use crate::search::body::RowSet;

    #[test]
    fn a_word_leads_to_its_rows_in_either_case() {
        let mut column = Column::default();
        for text in ["XF-2026-01", "", "", "xf-2025-02", "AB-2026-3", "", "K3xf"] {
            column.push(text);
        }
        let rows = |word: &str| {
            let mut rows = RowSet::default();
            column.rows_with(word, &mut rows);
            (0..8).filter(|row| rows.has(*row)).collect::<Vec<_>>()
        };
        assert_eq!(rows("2026"), [0, 4]);
        assert_eq!(rows("xf"), [0, 3, 6]);
        assert_eq!(rows("3xf"), [6]);
        assert!(rows("7").is_empty() && rows("xfw").is_empty());
        assert_eq!(column.row(3), "xf-2025-02");
    }
}
