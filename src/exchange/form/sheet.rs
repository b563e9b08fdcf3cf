//! The rows of a sheet, filled: ours below the header, in the styles of the rows that they replace,
//! what stands below moved down by as many as do not fit.

use std::collections::{BTreeMap, BTreeSet};

use crate::exchange::export::serial;
use crate::exchange::form::grid::{self, Edge, Shift};
use crate::exchange::form::height::{Columns, Merge, Merges};
use crate::exchange::form::style::{Day, Styles};
use crate::exchange::form::xml::{Odd, Stands, Tag, Tags, escaped};
use crate::exchange::outgoing::Shown;
use crate::exchange::write::cell_text;

/// Where rows go in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// The first of them.
    pub first: u32,
    /// The first row that belongs under the table.
    pub tail: Option<u32>,
}

/// What goes in.
pub struct Filling {
    /// Where.
    pub room: Room,
    /// The columns, from 1.
    pub columns: Vec<u16>,
    /// The rows, each with a cell for each column.
    pub rows: Vec<Vec<Shown>>,
    /// The row of the header.
    pub header_row: u32,
}

impl Filling {
    /// The rows that are put in because the room does not hold all.
    pub fn shift(&self) -> Shift {
        let n_rows = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        match self.room.tail {
            Some(tail) => {
                let room = tail.saturating_sub(self.room.first);
                Shift { from: tail, by: n_rows.saturating_sub(room) }
            }
            None => Shift { from: u32::MAX, by: 0 },
        }
    }

    fn is_below(&self, row: u32) -> bool {
        self.room.tail.is_some_and(|tail| row >= tail)
    }
}

struct OldRow<'x> {
    number: u32,
    open: Tag<'x>,
    text: &'x str,
    cells: Vec<OldCell<'x>>,
}

struct OldCell<'x> {
    column: u16,
    text: &'x str,
    style: Option<&'x str>,
}

/// The rows of a sheet, and where they begin and end.
struct Rows<'x> {
    begin: usize,
    end: usize,
    prefix: &'x str,
    rows: Vec<OldRow<'x>>,
}

/// The part of a sheet with the rows in it.
///
/// # Errors
/// [`Odd`] if it is no sheet.
pub fn filled(
    (text, name): (&str, &str),
    filling: &Filling,
    styles: Option<&mut Styles>,
) -> Result<String, Odd> {
    let old = rows_of(text)?;
    let shift = filling.shift();
    let edit = |part: &str| edited(part, shift, name);
    let head = text.get(..old.begin).ok_or(Odd)?;
    let first = filling.room.first;
    let is_room = |row: &&OldRow<'_>| row.number >= first && !filling.is_below(row.number);
    // Where no row is prepared, the last one that stands there is the pattern.
    let kept = |row: &&OldRow<'_>| row.number < first && row.number > filling.header_row;
    let pattern = old.rows.iter().find(is_room).or_else(|| old.rows.iter().rev().find(kept));
    let mut out = edit(head)?;
    for row in old.rows.iter().filter(|row| row.number < first) {
        out.push_str(&edit(row.text)?);
    }
    let columns = Columns::of(head)?;
    let foot = edit(text.get(old.end..).ok_or(Odd)?)?;
    let merges = Merges::of(&foot)?;
    let mut maker = Maker { prefix: old.prefix, filling, styles, columns, merges };
    let mut number = first;
    for cells in &filling.rows {
        let own = old.rows.iter().filter(is_room).find(|row| row.number == number);
        out.push_str(&maker.row(number, (own, pattern), cells));
        number += 1;
    }
    for row in old.rows.iter().filter(is_room).filter(|row| row.number >= number) {
        out.push_str(&edit(row.text)?);
    }
    for row in old.rows.iter().filter(|row| filling.is_below(row.number)) {
        out.push_str(&edit(row.text)?);
    }
    let pattern = pattern.map(|row| row.number);
    out.push_str(&merged(&foot, filling, pattern)?);
    Ok(out)
}

fn rows_of(text: &str) -> Result<Rows<'_>, Odd> {
    let mut tags = Tags::of(text);
    let mut rows: Vec<OldRow<'_>> = Vec::new();
    let (mut begin, mut prefix, mut cell): (_, _, Option<Tag<'_>>) = (None, "", None);
    while let Some(tag) = tags.next_tag()? {
        if begin.is_none() {
            if (tag.name, tag.stands) == ("sheetData", Stands::Opens) {
                (begin, prefix) = (Some(tag.end), tag.prefix);
            }
            continue;
        }
        match (tag.name, tag.stands) {
            ("sheetData", _) => {
                let begin = begin.ok_or(Odd)?;
                return Ok(Rows { begin, end: tag.start, prefix, rows });
            }
            ("row", Stands::Opens | Stands::Alone) => {
                let next = rows.last().map_or(1, |row| row.number + 1);
                let number = tag.get("r").map_or(Some(next), |row| row.parse().ok()).ok_or(Odd)?;
                rows.push(OldRow { number, open: tag, text: tag.text, cells: Vec::new() });
            }
            ("row", Stands::Closes) => {
                let row = rows.last_mut().ok_or(Odd)?;
                row.text = text.get(row.open.start..tag.end).ok_or(Odd)?;
            }
            ("c", Stands::Opens) => cell = Some(tag),
            ("c", Stands::Alone | Stands::Closes) => {
                let open = cell.take().unwrap_or(tag);
                let row = rows.last_mut().ok_or(Odd)?;
                let next = row.cells.last().map_or(1, |cell| cell.column + 1);
                let place = |name| grid::place(name).map(|(column, _)| column);
                let column = open.get("r").map_or(Some(next), place).ok_or(Odd)?;
                let text = text.get(open.start..tag.end).ok_or(Odd)?;
                row.cells.push(OldCell { column, text, style: open.get("s") });
            }
            _ => {}
        }
    }
    Err(Odd)
}

/// Makes rows.
struct Maker<'m> {
    prefix: &'m str,
    filling: &'m Filling,
    styles: Option<&'m mut Styles>,
    columns: Columns,
    merges: Merges,
}

impl Maker<'_> {
    /// A row with our cells. Of the row that stood there everything else stays; of a pattern only
    /// the looks are taken.
    fn row(
        &mut self,
        number: u32,
        (own, pattern): (Option<&OldRow<'_>>, Option<&OldRow<'_>>),
        values: &[Shown],
    ) -> String {
        let prefix = self.prefix;
        let looks = own.or(pattern);
        let open = looks.map_or_else(
            || format!("<{prefix}row r=\"{number}\">"),
            |row| opened(&row.open, number),
        );
        let merges = self.merges.of_row(number, pattern.map(|row| row.number));
        let mut height = 0.0_f64;
        let mut cells: BTreeMap<u16, String> = BTreeMap::new();
        for cell in looks.into_iter().flat_map(|row| &row.cells) {
            let kept = match own {
                Some(_) => cell.text.to_owned(),
                None => self.blank(grid::name(cell.column, number), style_of(cell.style)),
            };
            cells.insert(cell.column, kept);
        }
        for (column, value) in self.filling.columns.clone().into_iter().zip(values) {
            let of_cell = looks.and_then(|row| row.cells.iter().find(|cell| cell.column == column));
            let style = match of_cell {
                Some(cell) => style_of(cell.style),
                None => self.columns.style(column),
            };
            height = height.max(self.height(column, &merges, (style, value)));
            cells.insert(column, self.cell(grid::name(column, number), style, value));
        }
        let open = raised(open, self.columns.row(), height);
        let cells: String = cells.into_values().collect();
        format!("{open}{cells}</{prefix}row>")
    }

    /// The height that a value takes; none unless it is wrapped.
    fn height(&self, column: u16, merges: &[Merge], (style, value): (Option<u32>, &Shown)) -> f64 {
        let size = self.styles.as_ref().and_then(|styles| styles.wraps(style.unwrap_or(0)));
        match (size, value) {
            (Some(size), Shown::Text(text)) => self.columns.height(column, merges, (text, size)),
            _ => 0.0,
        }
    }

    fn blank(&self, name: String, style: Option<u32>) -> String {
        let style = style.map(|style| format!(" s=\"{style}\"")).unwrap_or_default();
        format!("<{}c r=\"{name}\"{style}/>", self.prefix)
    }

    fn cell(&mut self, name: String, style: Option<u32>, value: &Shown) -> String {
        let prefix = self.prefix;
        let (style, number) = match value {
            Shown::Nothing => return self.blank(name, style),
            Shown::Text(_) => (style, None),
            Shown::Count(count) => (style, Some(count.to_string())),
            Shown::Day(on) => {
                let day = self.styles.as_mut().map(|styles| styles.day(style.unwrap_or(0)));
                match day {
                    Some(Day::Number(style)) => (Some(style), Some(serial(*on).to_string())),
                    Some(Day::Text) | None => (style, None),
                }
            }
        };
        let style = style.map(|style| format!(" s=\"{style}\"")).unwrap_or_default();
        match number {
            Some(number) => format!(
                "<{prefix}c r=\"{name}\"{style}><{prefix}v>{number}</{prefix}v></{prefix}c>"
            ),
            None => {
                let text = escaped(&cell_text(&value.text()));
                let open = format!("<{prefix}c r=\"{name}\"{style} t=\"inlineStr\"><{prefix}is>");
                let inner = format!("<{prefix}t xml:space=\"preserve\">{text}</{prefix}t>");
                format!("{open}{inner}</{prefix}is></{prefix}c>")
            }
        }
    }
}

fn style_of(style: Option<&str>) -> Option<u32> {
    style.and_then(|style| style.parse().ok())
}

/// The tag of a row at another place. What it says of its extent is left out: it may not hold.
fn opened(tag: &Tag<'_>, number: u32) -> String {
    let text = tag.with("r", &number.to_string());
    let text = match Tags::of(&text).next_tag() {
        Ok(Some(tag)) => tag.without("spans"),
        Ok(None) | Err(_) => text,
    };
    match text.strip_suffix("/>") {
        Some(open) => format!("{}>", open.trim_end()),
        None => text,
    }
}

/// The tag of a row that is at least so high; what it says itself is the least, else what every row
/// of its sheet holds.
fn raised(open: String, every: f64, height: f64) -> String {
    let Ok(Some(tag)) = Tags::of(&open).next_tag() else { return open };
    let own = tag.get("ht").and_then(|text| text.parse::<f64>().ok());
    if height <= own.unwrap_or(every) {
        return open;
    }
    tag.with("ht", &format!("{height:.1}"))
}

/// A part of a sheet after rows were put in: names of cells and ranges follow.
fn edited(text: &str, shift: Shift, own: &str) -> Result<String, Odd> {
    if shift.by == 0 {
        return Ok(text.to_owned());
    }
    let mut out = String::with_capacity(text.len() + 64);
    let mut tags = Tags::of(text);
    let (mut at, mut in_breaks, mut in_formula) = (0, false, false);
    while let Some(tag) = tags.next_tag()? {
        let between = text.get(at..tag.start).ok_or(Odd)?;
        if in_formula {
            out.push_str(&shift.formula(between, |sheet| sheet.is_none_or(|sheet| sheet == own)));
        } else {
            out.push_str(between);
        }
        in_formula = matches!(tag.name, "f" | "formula" | "formula1" | "formula2")
            && tag.stands == Stands::Opens;
        if tag.name == "rowBreaks" {
            in_breaks = tag.stands == Stands::Opens;
        }
        out.push_str(&moved(&tag, shift, in_breaks));
        at = tag.end;
    }
    out.push_str(text.get(at..).ok_or(Odd)?);
    Ok(out)
}

fn moved(tag: &Tag<'_>, shift: Shift, in_breaks: bool) -> String {
    let (name, edge) = match tag.name {
        "c" => ("r", Edge::Firm),
        "mergeCell" | "hyperlink" | "f" => ("ref", Edge::Firm),
        "dimension" | "autoFilter" => ("ref", Edge::Grows),
        "dataValidation" | "conditionalFormatting" | "protectedRange" => {
            let ranges = tag.get("sqref").map(|ranges| shift.ranges(ranges));
            return ranges.map_or_else(|| tag.text.to_owned(), |to| tag.with("sqref", &to));
        }
        "row" | "brk" => {
            let name = if tag.name == "row" { "r" } else { "id" };
            let row = tag.get(name).and_then(|row| row.parse().ok());
            let row = row.filter(|_| tag.name == "row" || in_breaks).map(|row| shift.row(row));
            return row.map_or_else(|| tag.text.to_owned(), |row| tag.with(name, &row.to_string()));
        }
        _ => return tag.text.to_owned(),
    };
    let to = tag.get(name).map(|range| shift.range(range, edge));
    to.map_or_else(|| tag.text.to_owned(), |to| tag.with(name, &to))
}

/// The end of a sheet, with the merged cells of the pattern in every row that was made after it.
fn merged(foot: &str, filling: &Filling, pattern: Option<u32>) -> Result<String, Odd> {
    let Some(pattern) = pattern else { return Ok(foot.to_owned()) };
    let mut tags = Tags::of(foot);
    let (mut open, mut wide, mut rows) = (None, Vec::new(), BTreeSet::new());
    let mut count = 0_u32;
    while let Some(tag) = tags.next_tag()? {
        match (tag.name, tag.stands) {
            ("mergeCells", Stands::Opens) => open = Some(tag),
            ("mergeCell", Stands::Opens | Stands::Alone) => {
                count += 1;
                let (first, last) =
                    tag.get("ref").and_then(|range| range.split_once(':')).ok_or(Odd)?;
                let (first, last) = (grid::place(first).ok_or(Odd)?, grid::place(last).ok_or(Odd)?);
                rows.extend(first.1..=last.1);
                if first.1 == pattern && last.1 == pattern {
                    wide.push((first.0, last.0));
                }
            }
            ("mergeCells", Stands::Closes) => {
                let Some(open) = open else { return Err(Odd) };
                let n_rows = u32::try_from(filling.rows.len()).unwrap_or(u32::MAX);
                let made = filling.room.first..filling.room.first.saturating_add(n_rows);
                let mut added = String::new();
                for row in made.filter(|row| !rows.contains(row)) {
                    for (first, last) in &wide {
                        let (first, last) = (grid::name(*first, row), grid::name(*last, row));
                        added.push_str(&format!(
                            "<{}mergeCell ref=\"{first}:{last}\"/>",
                            tag.prefix
                        ));
                        count += 1;
                    }
                }
                let head = foot.get(..open.start).ok_or(Odd)?;
                let own = foot.get(open.end..tag.start).ok_or(Odd)?;
                let tail = foot.get(tag.start..).ok_or(Odd)?;
                let open = match added.is_empty() {
                    true => open.text.to_owned(),
                    false => open.with("count", &count.to_string()),
                };
                return Ok(format!("{head}{open}{own}{added}{tail}"));
            }
            _ => {}
        }
    }
    Ok(foot.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Filling, Room, filled};
    use crate::exchange::form::style::Styles;
    use crate::exchange::outgoing::Shown;

    #[test]
    fn a_row_is_never_made_lower_than_all_rows_of_its_sheet_are() {
        let row = |format: &str, text: &str| {
            let sheet = format!(
                "<worksheet>{format}<cols><col min=\"1\" max=\"1\" width=\"12\"/></cols><sheetData>\
                 <row r=\"1\"><c r=\"A1\"/></row><row r=\"2\"><c r=\"A2\" s=\"0\"/></row>\
                 </sheetData></worksheet>"
            );
            let styles = "<styleSheet><cellXfs><xf><alignment wrapText=\"1\"/></xf></cellXfs>\
                          </styleSheet>";
            let filling = Filling {
                room: Room { first: 2, tail: None },
                columns: vec![1],
                rows: vec![vec![Shown::Text(text.to_owned())]],
                header_row: 1,
            };
            let mut styles = Styles::parse(styles.to_owned()).unwrap();
            let filled = filled((&sheet, "A"), &filling, Some(&mut styles)).unwrap();
            let row = filled.split("<row r=\"2\"").nth(1).unwrap().split('>').next().unwrap();
            row.trim().to_owned()
        };
        let text = "我家承包地在修路时被占";
        let high = "<sheetFormatPr defaultRowHeight=\"60\" customHeight=\"1\"/>";
        assert_eq!(row("", text), "ht=\"45.9\"");
        assert_eq!(row(high, text), "", "sixty points hold three lines");
        assert_eq!(row(high, &text.repeat(2)), "ht=\"74.5\"");
        let low = "<sheetFormatPr defaultRowHeight=\"13.5\"/>";
        assert_eq!(row(low, "修路"), "", "one line stays as it is");
    }
}
