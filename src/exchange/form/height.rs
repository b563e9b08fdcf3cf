//! How high a row must be so that nothing of a wrapped text is cut: a program that opens the workbook
//! takes the heights that stand in it for right, and not all measure them anew.
//!
//! It is an estimate on the safe side: the fonts of whoever prints are not here. A wide character takes
//! two digits of the column's measure (ECMA-376-1, 18.3.1.13), scaled by its size.

use unicode_width::UnicodeWidthChar;

use crate::exchange::form::grid;
use crate::exchange::form::xml::{Odd, Stands, Tags};

/// The size of letters where nothing else is said, in points.
pub const SIZE: f64 = 11.0;
/// The width of a column where nothing else is said, in digits.
const WIDTH: f64 = 8.43;
/// What the borders of a cell take, in digits.
const PADDING: f64 = 0.8;
/// The height of a line, in sizes of its letters.
const LINE: f64 = 1.3;
/// What stands above and below the lines, in points.
const MARGIN: f64 = 3.0;
/// The highest that a row can be, in points.
const ROW_MAX: f64 = 409.0;

/// So many columns of a merged cell are measured: what is wider holds any line.
const MERGED_MAX: usize = 256;
/// A row without a height of its own holds one line of that height, in points.
const LINE_MAX: f64 = 20.0;

/// The columns of a sheet: their widths and styles; and how high its rows are.
pub struct Columns {
    all: Vec<Span>,
    width: f64,
    row: f64,
}

/// Columns that look alike.
struct Span {
    first: u16,
    last: u16,
    style: Option<u32>,
    width: Option<f64>,
    is_hidden: bool,
}

/// The merged cells of a sheet.
pub struct Merges(Vec<Merge>);

/// A merged cell: its first and last column, its first and last row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    columns: (u16, u16),
    rows: (u32, u32),
}

impl Merges {
    /// Those of the part of a sheet behind its rows.
    ///
    /// # Errors
    /// [`Odd`] if it is none.
    pub fn of(foot: &str) -> Result<Self, Odd> {
        let (mut tags, mut all) = (Tags::of(foot), Vec::new());
        while let Some(tag) = tags.next_tag()? {
            if (tag.name, tag.stands) == ("mergeCell", Stands::Closes) || tag.name != "mergeCell" {
                continue;
            }
            let ends = tag.get("ref").and_then(|range| range.split_once(':'));
            let ends = ends.and_then(|(first, last)| grid::place(first).zip(grid::place(last)));
            let (first, last) = ends.ok_or(Odd)?;
            all.push(Merge { columns: (first.0, last.0), rows: (first.1, last.1) });
        }
        Ok(Self(all))
    }

    /// Those that a row has; one that has none gets those of its pattern.
    pub fn of_row(&self, row: u32, pattern: Option<u32>) -> Vec<Merge> {
        let of = |row: u32| {
            let all = self.0.iter().copied();
            all.filter(move |merge| (merge.rows.0..=merge.rows.1).contains(&row))
        };
        let own: Vec<Merge> = of(row).collect();
        match pattern {
            Some(pattern) if own.is_empty() => of(pattern).filter(Merge::is_of_one_row).collect(),
            Some(_) | None => own,
        }
    }
}

impl Merge {
    const fn is_of_one_row(&self) -> bool {
        self.rows.0 == self.rows.1
    }
}

impl Columns {
    /// Those of the part of a sheet before its rows.
    ///
    /// # Errors
    /// [`Odd`] if it is none.
    pub fn of(head: &str) -> Result<Self, Odd> {
        let mut tags = Tags::of(head);
        let mut columns = Self { all: Vec::new(), width: WIDTH, row: LINE_MAX };
        while let Some(tag) = tags.next_tag()? {
            let number = |name: &str| tag.get(name).and_then(|text| text.parse::<f64>().ok());
            let index = |name: &str| tag.get(name).and_then(|text| text.parse().ok());
            if tag.name == "sheetFormatPr" {
                columns.width = number("defaultColWidth").unwrap_or(WIDTH);
                columns.row = number("defaultRowHeight").unwrap_or(LINE_MAX).max(LINE_MAX);
            }
            if tag.name != "col" {
                continue;
            }
            if let (Some(first), Some(last)) = (index("min"), index("max")) {
                let style = tag.get("style").and_then(|style| style.parse().ok());
                let width = number("width");
                let is_hidden = matches!(tag.get("hidden"), Some("1" | "true"));
                columns.all.push(Span { first, last, style, width, is_hidden });
            }
        }
        Ok(columns)
    }

    fn span(&self, column: u16) -> Option<&Span> {
        self.all.iter().find(|span| (span.first..=span.last).contains(&column))
    }

    /// The style of a whole column.
    pub fn style(&self, column: u16) -> Option<u32> {
        self.span(column)?.style
    }

    /// What a row without a height of its own holds, in points.
    pub fn row(&self) -> f64 {
        self.row
    }

    /// The width of a column in digits; none if it is hidden.
    fn width(&self, column: u16) -> f64 {
        match self.span(column) {
            Some(span) if span.is_hidden => 0.0,
            span => span.and_then(|span| span.width).unwrap_or(self.width),
        }
    }

    /// The height that a text of that size takes when it is wrapped in a column, in points.
    ///
    /// Where the row has merged cells, a text has the width of the whole one that begins with its
    /// column. What is hidden, or lies below another row or column, takes no height of this row.
    pub fn height(&self, column: u16, merges: &[Merge], (text, size): (&str, f64)) -> f64 {
        let is_in = |merge: &&Merge| (merge.columns.0..=merge.columns.1).contains(&column);
        let (first, last) = match merges.iter().find(is_in) {
            None => (column, column),
            Some(own) if own.is_of_one_row() && own.columns.0 == column => own.columns,
            Some(_) => return 0.0,
        };
        let width: f64 = (first..=last).take(MERGED_MAX).map(|column| self.width(column)).sum();
        if width <= 0.0 {
            return 0.0;
        }
        let room = (width - PADDING).max(1.0);
        let n_lines: u32 = text.split('\n').map(|line| lines(line, (room, size))).sum();
        (f64::from(n_lines) * size * LINE + MARGIN).min(ROW_MAX)
    }
}

/// The lines of a text without breaks of its own.
fn lines(text: &str, (room, size): (f64, f64)) -> u32 {
    let (mut n_lines, mut taken) = (1, 0.0);
    for char in text.chars() {
        let halves = if char.width().unwrap_or(0) > 1 { 2.0 } else { 1.0 };
        let own = halves * size / SIZE;
        if taken + own > room && taken > 0.0 {
            n_lines += 1;
            taken = 0.0;
        }
        taken += own;
    }
    n_lines
}

#[cfg(test)]
mod tests {
    use super::{Columns, Merges};

    #[test]
    fn a_text_is_as_high_as_the_lines_that_its_column_takes() {
        let head = "<sheetFormatPr defaultRowHeight=\"15\"/>\
                    <cols><col min=\"2\" max=\"3\" width=\"40\" style=\"5\"/></cols>";
        let columns = Columns::of(head).unwrap();
        assert_eq!((columns.style(2), columns.style(1)), (Some(5), None));
        let height = |column, text: &str| columns.height(column, &[], (text, 11.0));
        let one = height(2, "修路");
        assert!((15.0..20.0).contains(&one), "{one}");
        // Nineteen wide characters fit into forty digits.
        let letter = "我家承包地两亩一分在修路时被占了补偿款";
        assert_eq!(height(2, letter), one);
        assert!(height(2, &letter.repeat(3)) > 2.5 * one);
        assert!(height(1, letter) > height(2, letter), "a narrow column takes more lines");
        assert_eq!(height(2, "修路\n路灯"), height(2, &letter.repeat(2)));
        assert!(columns.height(2, &[], (letter, 16.0)) > height(2, letter));
        assert!(height(1, &letter.repeat(200)) <= 409.0, "no row is higher");
    }

    #[test]
    fn what_is_hidden_takes_no_height_and_a_merged_cell_is_as_wide_as_all_of_it() {
        let head = "<cols><col min=\"1\" max=\"2\" width=\"12\"/>\
                    <col min=\"3\" max=\"3\" width=\"12\" hidden=\"1\"/>\
                    <col min=\"4\" max=\"4\" width=\"0\"/></cols>";
        let foot = "<mergeCells count=\"3\"><mergeCell ref=\"A5:C5\"/><mergeCell ref=\"A7:A9\"/>\
                    <mergeCell ref=\"F6:G6\"></mergeCell></mergeCells>";
        let (columns, merges) = (Columns::of(head).unwrap(), Merges::of(foot).unwrap());
        let text = "我家承包地两亩一分在修路时被占了补偿款";
        let height =
            |column, row| columns.height(column, &merges.of_row(row, Some(5)), (text, 11.0));
        assert_eq!((height(3, 6), height(4, 6)), (0.0, 0.0), "hidden");
        assert!(height(1, 5) < height(1, 6), "two columns of it are seen");
        assert_eq!(height(2, 5), 0.0, "it lies below the first column");
        assert_eq!(height(1, 7), 0.0, "three rows have room for it");
        assert_eq!(height(1, 10), height(1, 5), "a row that is made has the cells of its pattern");
    }
}
