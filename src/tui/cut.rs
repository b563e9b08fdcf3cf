//! Counts on demand in words and tables: the text that a screen and the shell show, and of which a
//! document is made. What was counted, and how, always stands beside the numbers.

use chrono::{Datelike, NaiveDate};

use crate::api::cut::{CutHead, CutView, GivenLine, GivenRow, GivenView};
use crate::domain::cut::{Cut, Dimension, Measure, Timeframe, Whole};
use crate::domain::listing::Value;
use crate::locale::{self, Lang};
use crate::tui::report::{Said, SaidCell, SaidTable, change};

/// The width of a column of numbers, and of the first one, in millimetres.
const WIDTHS: (u32, u32) = (16, 40);

/// A count in words.
pub fn said(lang: Lang, view: &CutView) -> Said {
    let [own, before, last] = view.spans;
    let days = [
        ("from", own.from),
        ("until", own.until),
        ("before_from", before.from),
        ("before_until", before.until),
        ("last_from", last.from),
        ("last_until", last.until),
        ("today", view.today),
    ];
    let days = days.map(|(name, day)| (name, day.to_string()));
    let title = [("town", view.town.clone()), ("what", title(lang, view))];
    let lines = ["report.days", "report.compared"].map(|key| locale::fill(lang, key, &days));
    Said {
        title: locale::fill(lang, "cut.title", &title),
        lines: lines.to_vec(),
        words: vec![total(lang, view)],
        tables: vec![table(lang, view)],
        notes: notes(lang, view),
    }
}

/// What was counted, of which days, without the town.
pub fn title(lang: Lang, view: &CutView) -> String {
    let first = view.spans.first().map(|span| span.from);
    what(lang, view.cut, first)
}

/// What is counted, of which days; `first` is the first of them, where the days are the present
/// ones.
pub fn what(lang: Lang, cut: Cut, first: Option<NaiveDate>) -> String {
    let name = |dimension: Dimension| dimension_text(lang, dimension);
    let args = [
        ("days", days_text(lang, cut.days, first)),
        ("rows", name(cut.rows)),
        ("columns", cut.columns.map(name).unwrap_or_default()),
        ("measure", measure_text(lang, cut.measure)),
    ];
    let key = if cut.columns.is_some() { "cut.what.both" } else { "cut.what.rows" };
    locale::fill(lang, key, &args)
}

/// The name of a measure.
pub fn measure_text(lang: Lang, measure: Measure) -> String {
    locale::text(lang, &format!("choice.measure.{}", measure.word()))
}

/// The name of what stands in rows or columns.
pub fn dimension_text(lang: Lang, dimension: Dimension) -> String {
    locale::text(lang, &format!("choice.dimension.{}", dimension.word()))
}

/// Days as they are said; the present ones by their word, unless the first of them is known.
pub fn days_text(lang: Lang, days: Timeframe, first: Option<NaiveDate>) -> String {
    let (whole, first) = match days {
        Timeframe::Between(span) => {
            let is_one_year = span.from.year() == span.until.year();
            let until = span.until.format(if is_one_year { "%m-%d" } else { "%Y-%m-%d" });
            let args = [("from", span.from.to_string()), ("until", until.to_string())];
            return locale::fill(lang, "cut.days.between", &args);
        }
        Timeframe::Whole(whole, own) => match own.or(first) {
            Some(first) => (whole, first),
            None => return locale::text(lang, &format!("choice.whole.{}", whole.word())),
        },
    };
    let year = match whole {
        Whole::Week => first.iso_week().year(),
        Whole::Day | Whole::Month | Whole::Quarter | Whole::Year => first.year(),
    };
    let args = [
        ("day", first.to_string()),
        ("year", year.to_string()),
        ("month", first.month().to_string()),
        ("quarter", (first.month0() / 3 + 1).to_string()),
        ("week", first.iso_week().week().to_string()),
    ];
    locale::fill(lang, &format!("cut.days.{}", whole.word()), &args)
}

/// What stands in a row or a column.
pub fn head_text(lang: Lang, dimension: Dimension, head: &CutHead) -> String {
    value_text(lang, dimension, (&head.value, head.name.as_deref()))
}

fn value_text(lang: Lang, dimension: Dimension, (value, name): (&Value, Option<&str>)) -> String {
    let word = match (value, name) {
        (Value::Nothing, _) => return locale::text(lang, "report.none"),
        (Value::Id(_), Some(name)) => return name.to_owned(),
        (Value::Id(id), None) => return format!("{}{id}", locale::text(lang, "list.number")),
        (Value::Word(word), _) => word,
    };
    let key = match dimension {
        Dimension::Channel => format!("choice.channel.{word}"),
        Dimension::Source => format!("choice.source.{word}"),
        Dimension::Repeat => format!("cut.repeat.{word}"),
        Dimension::Purpose => format!("choice.purpose.{word}"),
        Dimension::Route => format!("choice.route.{word}"),
        Dimension::Level => format!("choice.level.{word}"),
        Dimension::Stage => format!("stage.{word}"),
        Dimension::Month | Dimension::Class | Dimension::Village | Dimension::Unit => {
            return word.clone();
        }
    };
    locale::find(lang, &key).map_or_else(|| word.clone(), str::to_owned)
}

/// What it comes to in all, beside the days before and last year.
pub fn total(lang: Lang, view: &CutView) -> String {
    let [own, before, last] = view.total;
    let args = [
        ("measure", measure_text(lang, view.cut.measure)),
        ("own", own.to_string()),
        ("before", before.to_string()),
        ("to_before", change(lang, own, before)),
        ("last", last.to_string()),
        ("to_last", change(lang, own, last)),
    ];
    locale::fill(lang, "cut.total", &args)
}

/// How it was counted.
pub fn notes(lang: Lang, view: &CutView) -> Vec<String> {
    let number = |key: &str, count: u64| {
        (count > 0).then(|| locale::fill(lang, key, &[("n", count.to_string())]))
    };
    let how = format!("cut.how.{}", view.cut.measure.word());
    let mut notes = vec![locale::text(lang, &how), locale::text(lang, "cut.how.left_out")];
    notes.extend(number("cut.how.history", view.history));
    notes.extend(number("cut.how.sealed", view.sealed));
    notes.extend(number("cut.how.rows", view.left_out));
    notes.extend(view.cut_off.then(|| locale::text(lang, "cut.how.cut_off")));
    notes
}

/// The numbers of a row behind its places: what it comes to, before, last year, and how they
/// compare.
pub fn sums(lang: Lang, [own, before, last]: [u64; 3]) -> Vec<SaidCell> {
    vec![
        SaidCell::Count(own),
        SaidCell::Count(before),
        SaidCell::Text(change(lang, own, before)),
        SaidCell::Count(last),
        SaidCell::Text(change(lang, own, last)),
    ]
}

/// The keys of the titles of [`sums`], each with the least columns of a terminal that it takes.
pub const SUMS: [(&str, u16); 5] = [
    ("cut.sum", 6),
    ("report.column.before", 6),
    ("report.column.to_before", 7),
    ("report.column.last", 6),
    ("report.column.to_last", 7),
];

fn table(lang: Lang, view: &CutView) -> SaidTable {
    let by = view.cut.columns.unwrap_or(view.cut.rows);
    let mut columns = vec![(dimension_text(lang, view.cut.rows), WIDTHS.1)];
    columns.extend(view.columns.iter().map(|head| (head_text(lang, by, head), WIDTHS.0)));
    columns.extend(SUMS.map(|(key, _)| (locale::text(lang, key), WIDTHS.0)));
    let row = |(head, cells): (&CutHead, &Vec<u64>)| {
        let name = SaidCell::Text(head_text(lang, view.cut.rows, head));
        let cells = cells.iter().map(|count| SaidCell::Count(*count));
        std::iter::once(name).chain(cells).chain(sums(lang, head.counts)).collect()
    };
    let mut rows: Vec<Vec<SaidCell>> = view.rows.iter().zip(&view.cells).map(row).collect();
    let all = std::iter::once(SaidCell::Text(locale::text(lang, "cut.sum")));
    let of_columns = view.columns.iter().map(|head| head.counts.first().copied().unwrap_or(0));
    rows.push(all.chain(of_columns.map(SaidCell::Count)).chain(sums(lang, view.total)).collect());
    let first = u16::try_from(view.columns.len()).unwrap_or(0) + 1;
    SaidTable {
        head: title(lang, view),
        columns,
        rows,
        drawn: if view.cut.rows.may_be_drawn() {
            vec![first, first + 1, first + 3]
        } else {
            Vec::new()
        },
        n_sums: 1,
    }
}

/// Figures that were given, as rows: day, what was counted, the number, to whom, by whom, what for.
pub fn given_cells(lang: Lang, row: &GivenRow) -> Vec<String> {
    vec![
        row.on.to_string(),
        what(lang, row.cut, None),
        row.value.to_string(),
        row.to.clone(),
        row.by.clone().unwrap_or_default(),
        row.text.clone().unwrap_or_default(),
    ]
}

/// A figure that was given beside what is counted now, in words.
pub fn given_said(lang: Lang, view: &GivenView) -> Said {
    let args = [
        ("on", view.row.on.to_string()),
        ("to", view.row.to.clone()),
        ("by", view.row.by.clone().unwrap_or_default()),
        ("value", view.row.value.to_string()),
        ("now", view.now.to_string()),
        ("today", view.today.to_string()),
        ("differs", differs(u64::from(view.row.value), view.now)),
    ];
    let same = view.lines.iter().all(|line| line.then == line.now);
    let key = if same { "given.same" } else { "given.differs" };
    let line = |line: &GivenLine| {
        vec![
            SaidCell::Text(line_text(lang, view.row.cut, line)),
            SaidCell::Count(line.then),
            SaidCell::Count(line.now),
            SaidCell::Text(differs(line.then, line.now)),
        ]
    };
    let columns = ["given.place", "given.then", "given.now", "given.difference"];
    let columns = columns.map(|key| (locale::text(lang, key), WIDTHS.1));
    let how = format!("cut.how.{}", view.row.cut.measure.word());
    Said {
        title: what(lang, view.row.cut, None),
        lines: std::iter::once(locale::fill(lang, "given.said", &args))
            .chain(view.row.text.clone())
            .collect(),
        words: vec![locale::fill(lang, key, &args)],
        tables: vec![SaidTable {
            head: locale::text(lang, "given.beside"),
            columns: columns.to_vec(),
            rows: view.lines.iter().map(line).collect(),
            drawn: Vec::new(),
            n_sums: 0,
        }],
        notes: vec![locale::text(lang, &how), locale::text(lang, "cut.how.left_out")],
    }
}

/// Where a number of a figure stands: its row, its column, both, or all of it.
pub fn line_text(lang: Lang, cut: Cut, line: &GivenLine) -> String {
    let by = cut.columns.unwrap_or(cut.rows);
    let row = line.row.as_ref();
    let row = row.map(|value| value_text(lang, cut.rows, (value, line.row_name.as_deref())));
    let column = line.column.as_ref();
    let column = column.map(|value| value_text(lang, by, (value, line.column_name.as_deref())));
    match (row, column) {
        (None, None) => locale::text(lang, "cut.sum"),
        (Some(row), Some(column)) => format!("{row} / {column}"),
        (Some(one), None) | (None, Some(one)) => one,
    }
}

/// How much more or less there is now.
pub fn differs(then: u64, now: u64) -> String {
    match now.cmp(&then) {
        std::cmp::Ordering::Equal => "0".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", now - then),
        std::cmp::Ordering::Less => format!("-{}", then - now),
    }
}
