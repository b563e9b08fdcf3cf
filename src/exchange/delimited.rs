//! Text with delimiters: encoding, delimiter, quotes.
//!
//! The file is decoded piece by piece and never held whole. A quote that is never closed would
//! swallow the rest of the table into one cell, so it is an error that names its line.

use std::io::{Read, Seek, SeekFrom};

use crate::exchange::cell::{CELL_CHARS_MAX, Cell, Sheet, Trouble};
use crate::exchange::encoding::{Decoded, Decoding};
use crate::exchange::packed::is_blank_text;
use crate::exchange::sink::{Sink, Stop};

/// The most bytes of a text file.
const FILE_MAX: u64 = 64 << 20;
/// The most lines of one quoted field; a request as people write it has far fewer.
const FIELD_LINES_MAX: u32 = 500;
/// How many lines are looked at to find the delimiter.
const SAMPLE_LINES: usize = 20;
/// The delimiters that are tried; on equal terms the first one wins.
const DELIMITERS: [char; 3] = [',', '\t', ';'];

/// Reads a text file as one sheet without a name.
///
/// # Errors
/// A file that is too large or cannot be read, or quotes that are wrong, with their line.
pub fn read<F: Read + Seek>(mut file: F, sink: &mut Sink) -> Result<(), Stop> {
    let length = file.seek(SeekFrom::End(0)).map_err(|_| Trouble::NotAFile)?;
    if length > FILE_MAX {
        return Err(Stop::from(Trouble::TooLarge));
    }
    let decoding = Decoding::detect(&mut file).map_err(|_| Trouble::NotAFile)?;
    let mut text = Decoded::new(file, decoding).map_err(|_| Trouble::NotAFile)?;
    sink.sheet(Sheet::default())?;
    let mut table: Option<Table> = None;
    while let Some(piece) = text.next_piece().map_err(|_| Trouble::NotAFile)? {
        // The first piece is tens of kilobytes: enough to see the delimiter.
        let table = table.get_or_insert_with(|| Table::new(delimiter(piece)));
        for char in piece.chars() {
            table.take(char, sink)?;
        }
    }
    if let Some(mut table) = table {
        table.finish(sink)?;
    }
    sink.remarks.encoding = Some(decoding.name().to_owned());
    sink.remarks.n_replaced = text.n_replaced();
    Ok(())
}

/// The delimiter that splits most of the first lines into the same number of fields.
fn delimiter(sample: &str) -> char {
    let lines: Vec<&str> = sample.lines().take(SAMPLE_LINES).collect();
    if let Some(char) = lines.first().and_then(|line| declared(line)) {
        return char;
    }
    let mut best = (',', (0, 0));
    for candidate in DELIMITERS {
        let counts: Vec<usize> = lines.iter().map(|line| outside_quotes(line, candidate)).collect();
        let alike = |count: usize| counts.iter().filter(|other| **other == count).count();
        let score = counts.iter().filter(|count| **count > 0).map(|count| (alike(*count), *count));
        if let Some(score) = score.max()
            && score > best.1
        {
            best = (candidate, score);
        }
    }
    best.0
}

/// The delimiter of a first line `sep=;`, as spreadsheet programs understand it.
fn declared(line: &str) -> Option<char> {
    let mut rest = line.strip_prefix("sep=")?.chars();
    let char = rest.next()?;
    (rest.next().is_none() && DELIMITERS.contains(&char)).then_some(char)
}

fn outside_quotes(line: &str, wanted: char) -> usize {
    let mut quoted = false;
    let mut n_found = 0;
    for char in line.chars() {
        if char == '"' {
            quoted = !quoted;
        } else if char == wanted && !quoted {
            n_found += 1;
        }
    }
    n_found
}

/// Where in a field reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Before its first character.
    Start,
    /// In a field without quotes.
    Plain,
    /// Between quotes.
    Quoted,
    /// Behind a quote between quotes: its end, or the first of two.
    Closing,
}

struct Table {
    delimiter: char,
    at: At,
    field: String,
    n_chars: usize,
    row: u32,
    column: u32,
    /// The line of the file, from 1.
    line: u32,
    /// The line on which the present quote opened.
    opened: u32,
    /// A carriage return was the last character, so that a line feed now ends no second line.
    after_return: bool,
}

impl Table {
    fn new(delimiter: char) -> Self {
        Self {
            delimiter,
            at: At::Start,
            field: String::new(),
            n_chars: 0,
            row: 1,
            column: 1,
            line: 1,
            opened: 1,
            after_return: false,
        }
    }

    fn take(&mut self, char: char, sink: &mut Sink) -> Result<(), Stop> {
        let after_return = std::mem::replace(&mut self.after_return, char == '\r');
        let is_break = char == '\r' || (char == '\n' && !after_return);
        if is_break {
            self.line = self.line.saturating_add(1);
        }
        if self.at == At::Quoted {
            return self.take_quoted(char, sink);
        }
        match char {
            '\n' if after_return => Ok(()),
            '\r' | '\n' => self.end_row(sink),
            _ if char == self.delimiter => self.end_field(sink),
            '"' if self.at == At::Start => {
                self.at = At::Quoted;
                self.opened = self.line;
                Ok(())
            }
            '"' if self.at == At::Closing => {
                self.at = At::Quoted;
                self.push('"');
                Ok(())
            }
            // Some programs put blanks behind the closing quote.
            ' ' if self.at == At::Closing => Ok(()),
            _ if self.at == At::Closing => sink.bad(Trouble::OpenQuote, Some(self.opened)),
            _ => {
                self.at = At::Plain;
                self.push(char);
                Ok(())
            }
        }
    }

    fn take_quoted(&mut self, char: char, sink: &Sink) -> Result<(), Stop> {
        if self.line - self.opened > FIELD_LINES_MAX {
            return sink.bad(Trouble::OpenQuote, Some(self.opened));
        }
        if char == '"' {
            self.at = At::Closing;
        } else {
            self.push(char);
        }
        Ok(())
    }

    fn push(&mut self, char: char) {
        self.n_chars += 1;
        if self.n_chars <= CELL_CHARS_MAX {
            self.field.push(char);
        }
    }

    fn end_field(&mut self, sink: &mut Sink) -> Result<(), Stop> {
        let cell = if self.n_chars > CELL_CHARS_MAX {
            Cell::Long
        } else {
            Cell::Text(unguarded(std::mem::take(&mut self.field)))
        };
        let (row, column) = (self.row, self.column);
        self.column = self.column.saturating_add(1);
        self.at = At::Start;
        self.n_chars = 0;
        self.field.clear();
        match &cell {
            Cell::Text(text) if is_blank_text(text) => Ok(()),
            _ => sink.cell(row, column, cell),
        }
    }

    fn end_row(&mut self, sink: &mut Sink) -> Result<(), Stop> {
        let is_hint = self.row == 1 && self.column == 1 && declared(&self.field).is_some();
        if is_hint {
            self.field.clear();
            self.n_chars = 0;
        }
        self.end_field(sink)?;
        sink.end_row(&[], Vec::new())?;
        self.row = self.row.saturating_add(1);
        self.column = 1;
        Ok(())
    }

    fn finish(&mut self, sink: &mut Sink) -> Result<(), Stop> {
        if self.at == At::Quoted {
            return sink.bad(Trouble::OpenQuote, Some(self.opened));
        }
        self.end_row(sink)
    }
}

/// The text of `="0012"`, by which tables keep a spreadsheet from making numbers of digits.
fn unguarded(field: String) -> String {
    match field.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.to_owned(),
        None => field,
    }
}

#[cfg(test)]
mod tests {
    use super::delimiter;

    #[test]
    fn the_delimiter_is_the_one_that_splits_the_lines_alike() {
        assert_eq!(delimiter("编号;标题\n1;路灯, 水渠, 桥\n2;低保\n"), ';');
        assert_eq!(delimiter("编号\t标题\n1\t路灯,水渠\n"), '\t');
        assert_eq!(delimiter("台账\n编号,标题\n1,\"a;b;c;d\"\n"), ',');
        assert_eq!(delimiter("sep=;\n编号;标题,二\n"), ';');
        assert_eq!(delimiter("只有一列\n"), ',');
    }
}
