//! A table is straight at any width, and the marker is all that moves.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use crate::tui::look::{Look, Role};
use crate::tui::text::{Align, width};
use crate::tui::widget::table::{Cell, Column, Mark, Row, Rule, Table, follow};

fn column(title: &str, rule: Rule, align: Align) -> Column {
    Column { title: title.into(), rule, align }
}

fn agenda() -> Table {
    let row = |number: &str, left: &str, matter: &str, mark| Row::Cells {
        cells: vec![
            Cell::text(number),
            Cell::role(left, Role::Late),
            Cell::text(matter).and(" 新", Role::Changed),
        ],
        mark,
    };
    Table {
        columns: vec![
            column("号", Rule::Fixed(3), Align::Right),
            column("还剩", Rule::Fixed(6), Align::Left),
            column("事项", Rule::Flex(6), Align::Left),
        ],
        rows: vec![
            Row::Group("超期 2".into()),
            row("1", "超3日", "征地补偿款未到账", Mark::Off),
            row("12", "超2日", "路灯", Mark::On),
            Row::Note("另有 2 条".into(), Role::Dim),
        ],
        selected: Some(1),
    }
}

fn drawn(table: &Table, columns: u16, rows: u16) -> (Vec<String>, Buffer) {
    let area = Rect::new(0, 0, columns, rows);
    let mut buffer = Buffer::empty(area);
    table.draw(area, &mut buffer, &Look::default());
    let lines = (0..rows).map(|y| {
        let mut line = String::new();
        let mut x = 0;
        while x < columns {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += u16::try_from(width(symbol)).unwrap().max(1);
        }
        line
    });
    (lines.collect(), buffer.clone())
}

#[test]
fn a_table_has_a_marker_groups_and_straight_columns() {
    let (lines, buffer) = drawn(&agenda(), 34, 5);
    assert_eq!(
        lines,
        [
            "   号 还剩   事项                 ",
            "-- 超期 2 ------------------------",
            ">   1 超3日  征地补偿款未到账 新  ",
            " * 12 超2日  路灯 新              ",
            "  另有 2 条                       ",
        ]
    );
    let all = buffer.content.iter();
    assert!(all.clone().all(|cell| !cell.modifier.contains(Modifier::REVERSED)));
    assert!(all.filter(|cell| cell.modifier.contains(Modifier::BOLD)).count() > 0);
}

#[test]
fn what_does_not_fit_is_cut_with_an_ellipsis() {
    let (lines, _) = drawn(&agenda(), 22, 5);
    assert_eq!(lines[2], ">   1 超3日  征地补.. ");
    assert_eq!(lines[3], " * 12 超2日  路灯 新  ");
    assert_eq!(lines[1], "-- 超期 2 ------------");
}

#[test]
fn room_goes_to_fixed_columns_first_and_then_to_the_others_alike() {
    let table = Table {
        columns: vec![
            column("", Rule::Flex(2), Align::Left),
            column("", Rule::Fixed(5), Align::Left),
            column("", Rule::Flex(4), Align::Left),
        ],
        ..Table::default()
    };
    assert_eq!(table.widths(25), [7, 5, 9]);
    assert_eq!(table.widths(15), [2, 5, 4]);
    assert_eq!(table.widths(9), [2, 3, 0]);
    assert_eq!(table.widths(0), [0, 0, 0]);
}

#[test]
fn a_table_without_titles_begins_with_its_rows() {
    let mut table = agenda();
    table.columns.iter_mut().for_each(|column| column.title.clear());
    let (lines, _) = drawn(&table, 34, 1);
    assert!(lines[0].starts_with("-- "));
}

#[test]
fn moving_the_marker_changes_two_cells() {
    let mut table = agenda();
    let (_, before) = drawn(&table, 80, 10);
    table.selected = Some(2);
    let (_, after) = drawn(&table, 80, 10);
    let pairs = before.content.iter().zip(&after.content);
    assert_eq!(pairs.filter(|(one, other)| one.symbol() != other.symbol()).count(), 2);
}

#[test]
fn the_selected_row_is_always_in_sight_and_the_rest_stays() {
    assert_eq!(follow(0, 5, 10), 0);
    assert_eq!(follow(0, 10, 10), 1);
    assert_eq!(follow(7, 10, 10), 7);
    assert_eq!(follow(7, 3, 10), 3);
    assert_eq!(follow(7, 3, 0), 3);
    for first in 0..30 {
        for selected in 0..30 {
            for height in 1..12 {
                let first = follow(first, selected, height);
                assert!(first <= selected && selected < first + height);
            }
        }
    }
}

#[test]
fn a_table_is_drawn_at_any_size_without_fail() {
    let table = agenda();
    for columns in 0..200 {
        for rows in 0..6 {
            let area = Rect::new(0, 0, columns, rows);
            let mut buffer = Buffer::empty(area);
            table.draw(area, &mut buffer, &Look::default());
            table.draw(Rect::new(3, 1, 90, 90), &mut buffer, &Look::default());
        }
    }
}
