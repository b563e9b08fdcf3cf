//! An old workbook: how many were answered after 15 and after 60 days, as a spreadsheet counts it.

use rust_xlsxwriter::{Format, Workbook};

use crate::trial::Trial;

/// The day that a spreadsheet numbers so, by its own count from the end of 1899: the calendar of the
/// program has no part in it.
fn written(serial: u32) -> (i32, u32, u32) {
    // 25,569 is the first of January 1970.
    let mut left = i64::from(serial) - 25_569;
    let mut year = 1970;
    loop {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = if is_leap { 366 } else { 365 };
        if left < length {
            let months =
                [31, if is_leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
            for (month, days) in (1..).zip(months) {
                if left < days {
                    return (year, month, u32::try_from(left).unwrap() + 1);
                }
                left -= days;
            }
        }
        left -= length;
        year += 1;
    }
}

/// Pairs of serial numbers, the second none where there was no answer.
fn rows() -> Vec<(u32, Option<u32>)> {
    let edges = [0, 1, 14, 15, 16, 59, 60, 61, 365];
    let mut rows: Vec<_> = edges.iter().map(|days| (43_466, Some(43_466 + days))).collect();
    // Numbers that look thrown and are the same each time.
    let mut seed = 7_u32;
    for _ in 0..191 {
        seed = seed.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        let received = 43_000 + (seed >> 16) % 2_000;
        let days = (seed >> 8) % 90;
        rows.push((received, (days < 80).then_some(received + days)));
    }
    rows
}

#[test]
fn late_answers_of_an_old_workbook_are_counted_as_its_own_formula_counts_them() {
    let trial = Trial::with_ledger();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let date = Format::new().set_num_format("yyyy/m/d");
    sheet.write(0, 0, "青石镇信访台账").unwrap();
    for (column, title) in ["编号", "姓名", "信访诉求", "信访日期", "回复日期"].iter().enumerate()
    {
        sheet.write(1, u16::try_from(column).unwrap(), *title).unwrap();
    }
    let rows = rows();
    for (place, (received, replied)) in (2..).zip(&rows) {
        sheet.write(place, 0, format!("J{place}")).unwrap();
        sheet.write(place, 1, "张小明").unwrap();
        sheet.write(place, 2, format!("道路破损第{place}件")).unwrap();
        sheet.write_with_format(place, 3, *received, &date).unwrap();
        let Some(replied) = replied else { continue };
        // As clerks have them: some are days, some are typed.
        let (year, month, day) = written(*replied);
        match place % 3 {
            0 => sheet.write(place, 4, format!("{year}年{month}月{day}日")).unwrap(),
            1 => sheet.write(place, 4, format!("{year}.{month:02}.{day:02}")).unwrap(),
            _ => sheet.write_with_format(place, 4, *replied, &date).unwrap(),
        };
    }
    book.save(trial.home().join("old.xlsx")).unwrap();
    // =COUNTIF(F:F,">15")，F 列为 =E3-D3。
    let later =
        |days: u32| rows.iter().filter(|(from, to)| to.is_some_and(|to| to - from > days)).count();
    let dated = rows.iter().filter(|(_, to)| to.is_some()).count();
    assert!(later(15) > later(60) && later(60) > 0 && dated < rows.len());
    let said = trial.run(&["import", "cases", "old.xlsx", "--as", "history", "--json"]).json();
    assert_eq!((&said["refused"], &said["new"]), (&0.into(), &rows.len().into()), "{said}");
    let counts = serde_json::json!({"dated": dated, "over_15": later(15), "over_60": later(60)});
    assert_eq!(said["answers"], counts);
}
