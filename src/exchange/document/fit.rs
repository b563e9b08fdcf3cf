//! How the columns of a list share a page: as wide as they were meant to be where that has room, and
//! never so narrow that a number or a percentage breaks over two lines.
//!
//! What does not fit an upright page goes on one that lies across; what does not fit that either is
//! told in several tables, each with the first column again.

use crate::exchange::document::{Document, Grid};
use crate::exchange::paper::layout::Sheet;

/// The millimetres for text on an upright page, and on one across.
const ROOM: (u32, u32) = (156, 225);
/// The hundredths of a millimetre that a sign of half width takes in a list.
const HALF: u32 = 186;
/// The millimetres beside the text of a cell, with a little to spare.
const BESIDE: u32 = 3;
/// The least millimetres of a column, and of the first one.
const LEAST: (u32, u32) = (9, 24);

/// A table of some columns: each by its place, with its width.
pub type Share = Vec<(usize, u32)>;

/// How the pages of a document lie: across where a list needs that.
pub fn sheet(document: &Document) -> Sheet {
    let needs = |grid: &Grid| least(grid).iter().sum::<u32>() > ROOM.0;
    let is_wide = document.parts.iter().flat_map(|part| &part.grids).any(needs);
    if is_wide { Sheet::Across } else { document.sheet }
}

/// The tables in which a list is told on such pages.
pub fn shares(grid: &Grid, sheet: Sheet) -> Vec<Share> {
    let room = match sheet {
        Sheet::Upright => ROOM.0,
        Sheet::Across => ROOM.1,
    };
    let least = least(grid);
    let first = least.first().copied().unwrap_or_default();
    let mut tables: Vec<Vec<usize>> = vec![Vec::new()];
    let mut used = first;
    for (at, own) in least.iter().enumerate().skip(1) {
        if used + own > room && used > first {
            tables.push(Vec::new());
            used = first;
        }
        used += own;
        if let Some(table) = tables.last_mut() {
            table.push(at);
        }
    }
    let whole = |table: Vec<usize>| {
        let columns: Vec<usize> =
            (!least.is_empty()).then_some(0).into_iter().chain(table).collect();
        share(grid, (&columns, &least), room)
    };
    tables.into_iter().map(whole).collect()
}

/// Columns with their widths: what they were meant to have, or their share of what there is.
fn share(grid: &Grid, (columns, least): (&[usize], &[u32]), room: u32) -> Share {
    let own = |at: usize| {
        let meant = grid.columns.get(at).map_or(0, |column| column.width);
        let least = least.get(at).copied().unwrap_or_default();
        (least, meant.max(least))
    };
    let meant: u32 = columns.iter().map(|at| own(*at).1).sum();
    if meant <= room {
        return columns.iter().map(|at| (*at, own(*at).1)).collect();
    }
    let needed: u32 = columns.iter().map(|at| own(*at).0).sum();
    let (left, wanted) = (room.saturating_sub(needed), (meant - needed).max(1));
    let width = |(least, meant): (u32, u32)| least + (meant - least) * left / wanted;
    columns.iter().map(|at| (*at, width(own(*at)))).collect()
}

/// The least widths of columns, in which nothing breaks that must not.
fn least(grid: &Grid) -> Vec<u32> {
    let of = |(at, column): (usize, &crate::exchange::document::Column)| {
        let cells =
            grid.rows.iter().filter_map(|row| row.get(at)).map(|cell| longest(&cell.text()));
        // A title of a month may break behind its year; a number never.
        let title = column.title.split('-').map(longest).max();
        let halves = cells.chain(title).max().unwrap_or(0);
        let need = (halves * HALF).div_ceil(100) + BESIDE;
        let least = if at == 0 { LEAST.1 } else { LEAST.0 };
        // A text that was given less room than its longest word is meant to break.
        need.max(least).min(column.width.max(numbers(grid, at)).max(least))
    };
    grid.columns.iter().enumerate().map(of).collect()
}

/// The millimetres of the longest number of a column.
fn numbers(grid: &Grid, at: usize) -> u32 {
    let is_number = |text: &String| {
        let is_of_one = |char: char| char.is_ascii_digit() || "+-.,%".contains(char);
        !text.is_empty() && text.chars().all(is_of_one)
    };
    let texts = grid.rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.text());
    let halves = texts.filter(is_number).map(|text| longest(&text)).max().unwrap_or(0);
    (halves * HALF).div_ceil(100) + BESIDE
}

/// The signs of half width in the longest run of a text that stays together; signs beside a number are
/// wide in fonts that take the place of those that a letter names.
fn longest(text: &str) -> u32 {
    let runs = text.split(|char: char| !char.is_ascii_graphic());
    let wide = |char: char| match char {
        '%' => 3,
        '+' => 2,
        _ => 1,
    };
    let width = |run: &str| run.chars().map(wide).sum();
    runs.map(width).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{ROOM, shares, sheet};
    use crate::exchange::document::{Column, Document, Grid, Held, Part};
    use crate::exchange::paper::layout::Sheet;

    /// A count by so many months, as wide as it is meant to be.
    fn counted(n_months: usize) -> Document {
        let titles = (1..=n_months).map(|month| format!("2026-{month:02}"));
        let titles = titles.chain(["合计", "环比", "同比"].map(str::to_owned));
        let columns: Vec<_> = titles.map(|title| Column::new(title, 16)).collect();
        let mut row = vec![Held::Text("石桥村".to_owned())];
        row.extend((0..n_months).map(|_| Held::Count(1234)));
        row.extend([Held::Count(12_340), Held::Text("+1233.3%".to_owned())]);
        row.push(Held::Text("-66.7%".to_owned()));
        let columns = std::iter::once(Column::new("属地".to_owned(), 40)).chain(columns).collect();
        let grid = Grid { columns, rows: vec![row], ..Grid::default() };
        let part = Part { grids: vec![grid], ..Part::default() };
        Document { sheet: Sheet::Upright, parts: vec![part] }
    }

    #[test]
    fn no_percentage_breaks_and_no_table_leaves_its_page() {
        for n_months in [0, 1, 3, 6, 12, 24, 60] {
            let document = counted(n_months);
            let (grid, sheet) = (&document.parts[0].grids[0], sheet(&document));
            let room = if sheet == Sheet::Upright { ROOM.0 } else { ROOM.1 };
            let tables = shares(grid, sheet);
            for table in &tables {
                let sum: u32 = table.iter().map(|(_, width)| width).sum();
                assert!(sum <= room, "{n_months} months take {sum} of {room}");
                assert_eq!(table[0].0, 0, "the name of the row stands in each");
            }
            // Eight signs, of which the first and the last are wide.
            let places = tables.iter().flatten();
            let mut growth = places.filter(|(at, _)| *at == n_months + 2).map(|(_, width)| *width);
            assert!(growth.next().is_some_and(|width| width >= 23), "{n_months}");
            let all: Vec<usize> = tables.iter().flatten().map(|(at, _)| *at).collect();
            assert!((1..n_months + 4).all(|at| all.iter().filter(|own| **own == at).count() == 1));
        }
        assert_eq!(sheet(&counted(3)), Sheet::Upright);
        assert_eq!(sheet(&counted(12)), Sheet::Across);
        let a_year = shares(&counted(12).parts[0].grids[0], Sheet::Across);
        assert_eq!(a_year.len(), 1, "a year by months is one table");
        assert!(shares(&counted(60).parts[0].grids[0], Sheet::Across).len() > 1);
    }

    #[test]
    fn what_fits_stays_as_it_was_meant() {
        let columns = [("姓名", 30), ("编号", 31), ("事由", 90)];
        let columns = columns.map(|(title, width)| Column::new(title.to_owned(), width));
        let row =
            ["张小明", "青信2026-0187", "https://a-name-that-is-longer-than-its-column-is-wide.cn"];
        let grid = Grid {
            columns: columns.into(),
            rows: vec![row.map(|text| Held::Text(text.to_owned())).into()],
            ..Grid::default()
        };
        assert_eq!(shares(&grid, Sheet::Upright), [[(0, 30), (1, 31), (2, 90)]]);
    }
}
