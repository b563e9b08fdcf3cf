//! A document as a workbook: a sheet for each part, its tables one below the other, and what is to be
//! drawn as charts on a sheet behind it, so that the tables are printed as wide as the page.

use std::collections::BTreeSet;

use rust_xlsxwriter::{Chart, ChartType, Color, Format, FormatAlign, FormatBorder, Workbook};
use rust_xlsxwriter::{ChartLegendPosition, Worksheet};

use crate::exchange::document::{Document, Grid, Held, Part};
use crate::exchange::paper::layout::Sheet;
use crate::exchange::write::{WriteError, cell_text, sheet_name};

/// How many millimetres of paper a character of the usual size takes.
const MM_IN_CHAR: f64 = 1.9;
/// How many rows a chart takes, with one between it and the next.
const CHART_ROWS: usize = 20;
/// How wide and high a chart is.
const CHART_SIZE: (u32, u32) = (640, 380);
/// How the height of the title is set, in points.
const TITLE_HEIGHT: f64 = 26.0;
/// The height of a line of a text that takes several, in points.
const LINE_HEIGHT: f64 = 14.0;

/// A table that is drawn, with its first and last row.
type Drawn<'p> = (&'p Grid, (u32, u32));

/// How the kinds of cells look.
struct Looks {
    title: Format,
    line: Format,
    head: Format,
    column: Format,
    text: Format,
    count: Format,
}

impl Looks {
    fn new() -> Self {
        let boxed = Format::new().set_align(FormatAlign::Top).set_border(FormatBorder::Thin);
        let column = boxed.clone().set_bold().set_background_color(Color::RGB(0xE7EDF3));
        let column = column.set_text_wrap().set_align(FormatAlign::Center);
        let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
        Self {
            title: title.set_align(FormatAlign::VerticalCenter),
            line: Format::new()
                .set_text_wrap()
                .set_align(FormatAlign::Top)
                .set_font_size(9)
                .set_font_color(Color::RGB(0x59_5959)),
            head: Format::new().set_bold().set_font_size(12),
            column: column.set_align(FormatAlign::VerticalCenter),
            text: boxed.clone().set_num_format("@").set_text_wrap(),
            count: boxed.set_num_format("0"),
        }
    }
}

/// The bytes of a document as a workbook.
///
/// # Errors
/// [`WriteError`] if it does not fit.
pub fn xlsx(document: &Document) -> Result<Vec<u8>, WriteError> {
    let mut book = Workbook::new();
    let looks = Looks::new();
    let mut names = BTreeSet::new();
    for (at, part) in document.parts.iter().enumerate() {
        let own = free_name(&mut names, (&part.name, at));
        let sheet = book.add_worksheet();
        sheet.set_name(&own)?;
        paged(sheet, document.sheet);
        let drawn = write(sheet, part, &looks)?;
        if drawn.is_empty() || part.charts.is_empty() {
            continue;
        }
        let sheet = book.add_worksheet();
        sheet.set_name(free_name(&mut names, (&part.charts, at)))?;
        paged(sheet, Sheet::Upright);
        for (row, (grid, rows)) in (0_u32..).step_by(CHART_ROWS).zip(drawn) {
            let chart = chart((&own, grid), rows);
            sheet.insert_chart(row, 0, &chart)?;
        }
    }
    Ok(book.save_to_buffer()?)
}

/// A name that no sheet before has.
fn free_name(names: &mut BTreeSet<String>, (name, at): (&str, usize)) -> String {
    let own = sheet_name(name, 0);
    let own = if names.contains(&own.to_lowercase()) { sheet_name(&own, at) } else { own };
    names.insert(own.to_lowercase());
    own
}

/// How a sheet is printed.
fn paged(sheet: &mut Worksheet, lies: Sheet) {
    if lies == Sheet::Across {
        sheet.set_landscape();
    }
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C&P / &N");
}

/// Writes a part; gives the tables that are drawn, each with its first and last row.
fn write<'p>(
    sheet: &mut Worksheet,
    part: &'p Part,
    looks: &Looks,
) -> Result<Vec<Drawn<'p>>, WriteError> {
    let n_columns = part.grids.iter().map(|grid| grid.columns.len()).max().unwrap_or(1);
    let n_columns = u16::try_from(n_columns).map_err(|_| WriteError)?;
    let mut n_chars = 0.0;
    for at in 0..n_columns {
        let own = part.grids.iter().filter_map(|grid| grid.columns.get(usize::from(at)));
        let width = own.map(|column| column.width).max().unwrap_or(0);
        let width = (f64::from(width) / MM_IN_CHAR).max(6.0);
        sheet.set_column_width(at, width)?;
        n_chars += width;
    }
    let across = (n_columns, n_chars);
    said(sheet, (0, across), (&part.title, &looks.title))?;
    sheet.set_row_height(0, TITLE_HEIGHT)?;
    let mut next = 1;
    for line in part.lines.iter().chain(&part.words) {
        said(sheet, (next, across), (line, &looks.line))?;
        next += 1;
    }
    let mut drawn = Vec::new();
    for grid in &part.grids {
        if !grid.head.is_empty() {
            sheet.write_string_with_format(next, 0, cell_text(&grid.head), &looks.head)?;
            next += 1;
        }
        let titles = grid.titles();
        for (at, title) in (0_u16..).zip(&titles) {
            sheet.write_string_with_format(next, at, cell_text(title), &looks.column)?;
        }
        next += u32::from(!titles.is_empty());
        let first = next;
        for cells in &grid.rows {
            for (at, cell) in (0_u16..).zip(cells) {
                match cell {
                    Held::Text(text) => {
                        sheet.write_string_with_format(next, at, cell_text(text), &looks.text)?
                    }
                    Held::Count(number) => {
                        sheet.write_number_with_format(next, at, *number as f64, &looks.count)?
                    }
                };
            }
            next += 1;
        }
        let behind = next.saturating_sub(grid.n_sums);
        if !grid.drawn.is_empty() && behind > first {
            drawn.push((grid, (first, behind - 1)));
        }
        next += 1;
    }
    for note in &part.notes {
        said(sheet, (next, across), (note, &looks.line))?;
        next += 1;
    }
    Ok(drawn)
}

/// Writes a line across all columns, as high as its text needs: no program makes merged cells higher
/// by itself.
fn said(
    sheet: &mut Worksheet,
    (row, (n_columns, n_chars)): (u32, (u16, f64)),
    (text, look): (&str, &Format),
) -> Result<(), WriteError> {
    if n_columns > 1 {
        sheet.merge_range(row, 0, row, n_columns - 1, "", look)?;
    }
    sheet.write_string_with_format(row, 0, cell_text(text), look)?;
    let n_wide: u32 = text.chars().map(|char| if char.is_ascii() { 1 } else { 2 }).sum();
    let n_lines = (f64::from(n_wide) / n_chars.max(1.0)).ceil();
    if n_lines > 1.0 {
        sheet.set_row_height(row, n_lines * LINE_HEIGHT)?;
    }
    Ok(())
}

/// A chart of the drawn columns over the first one.
fn chart((name, grid): (&str, &Grid), (first, last): (u32, u32)) -> Chart {
    let mut chart = Chart::new(ChartType::Column);
    for column in &grid.drawn {
        let title = grid.columns.get(usize::from(*column)).map_or("", |own| own.title.as_str());
        chart
            .add_series()
            .set_name(title)
            .set_categories((name, first, 0, last, 0))
            .set_values((name, first, *column, last, *column));
    }
    chart.set_width(CHART_SIZE.0).set_height(CHART_SIZE.1);
    chart.title().set_name(&grid.head);
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart
}
