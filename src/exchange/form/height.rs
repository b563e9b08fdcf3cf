//! How high a row must be so that nothing of a wrapped text is cut: a program that opens the workbook
//! takes the heights that stand in it for right, and not all measure them anew.
//!
//! It is an estimate on the safe side: the fonts of whoever prints are not here. A wide character takes
//! two digits of the column's measure (ECMA-376-1, 18.3.1.13), scaled by its size.

use unicode_width::UnicodeWidthChar;

use crate::exchange::form::xml::{Odd, Tags};

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

/// The columns of a sheet: their widths and styles.
pub struct Columns {
    all: Vec<Span>,
    width: f64,
}

/// Columns that look alike.
struct Span {
    first: u16,
    last: u16,
    style: Option<u32>,
    width: Option<f64>,
}

impl Columns {
    /// Those of the part of a sheet before its rows.
    ///
    /// # Errors
    /// [`Odd`] if it is none.
    pub fn of(head: &str) -> Result<Self, Odd> {
        let mut tags = Tags::of(head);
        let mut columns = Self { all: Vec::new(), width: WIDTH };
        while let Some(tag) = tags.next_tag()? {
            let number = |name: &str| tag.get(name).and_then(|text| text.parse::<f64>().ok());
            let index = |name: &str| tag.get(name).and_then(|text| text.parse().ok());
            if tag.name == "sheetFormatPr" {
                columns.width = number("defaultColWidth").unwrap_or(WIDTH);
            }
            if tag.name != "col" {
                continue;
            }
            if let (Some(first), Some(last)) = (index("min"), index("max")) {
                let style = tag.get("style").and_then(|style| style.parse().ok());
                columns.all.push(Span { first, last, style, width: number("width") });
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

    /// The height that a text of that size takes when it is wrapped in a column, in points.
    pub fn height(&self, column: u16, (text, size): (&str, f64)) -> f64 {
        let width = self.span(column).and_then(|span| span.width).unwrap_or(self.width);
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
    use super::Columns;

    #[test]
    fn a_text_is_as_high_as_the_lines_that_its_column_takes() {
        let head = "<sheetFormatPr defaultRowHeight=\"15\"/>\
                    <cols><col min=\"2\" max=\"3\" width=\"40\" style=\"5\"/></cols>";
        let columns = Columns::of(head).unwrap();
        assert_eq!((columns.style(2), columns.style(1)), (Some(5), None));
        let height = |column, text: &str| columns.height(column, (text, 11.0));
        let one = height(2, "修路");
        assert!((15.0..20.0).contains(&one), "{one}");
        // Nineteen wide characters fit into forty digits.
        let letter = "我家承包地两亩一分在修路时被占了补偿款";
        assert_eq!(height(2, letter), one);
        assert!(height(2, &letter.repeat(3)) > 2.5 * one);
        assert!(height(1, letter) > height(2, letter), "a narrow column takes more lines");
        assert_eq!(height(2, "修路\n路灯"), height(2, &letter.repeat(2)));
        assert!(columns.height(2, (letter, 16.0)) > height(2, letter));
        assert!(height(1, &letter.repeat(200)) <= 409.0, "no row is higher");
    }
}
