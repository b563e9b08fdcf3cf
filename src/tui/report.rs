//! A report in words and tables: the text that a screen and the shell show, and of which a document
//! is made.
//!
//! Numbers only; nothing of a person or of one matter stands in it. Villages and units stand in a
//! fixed order that no number changes.

use crate::api::campaign::PlanView;
use crate::api::figure::{FigureRow, FigureRule, FigureView};
use crate::api::report::{ReportBy, ReportRow, ReportView, Tally};
use crate::domain::choice::TaskState;
use crate::domain::report::ReportKind;
use crate::locale::{self, Lang};
use crate::tui::text::{pad_left, pad_right, width};

/// A report as it is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its title.
    pub title: String,
    /// What stands below: its days and those that they are compared with.
    pub lines: Vec<String>,
    /// What it comes to, in sentences.
    pub words: Vec<String>,
    /// Its tables.
    pub tables: Vec<SaidTable>,
    /// How it was counted.
    pub notes: Vec<String>,
}

/// A table of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidTable {
    /// What it is about.
    pub head: String,
    /// The titles of its columns, each with its width in millimetres.
    pub columns: Vec<(String, u32)>,
    /// Its rows.
    pub rows: Vec<Vec<SaidCell>>,
    /// The columns that are drawn over the first one.
    pub drawn: Vec<u16>,
    /// How many rows at its end are sums, which are not drawn.
    pub n_sums: u32,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaidCell {
    /// Text.
    Text(String),
    /// A number.
    Count(u64),
}

impl SaidCell {
    /// It as text.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => count.to_string(),
        }
    }
}

/// The report in words; a self-inspection says how the campaign and its indicators stand, too.
pub fn said(
    lang: Lang,
    view: &ReportView,
    (plan, figures): (Option<&PlanView>, Option<&FigureView>),
) -> Said {
    let [own, before, last_year] = view.spans;
    let kind = locale::text(lang, &format!("choice.report_kind.{}", view.kind.word()));
    let args = [
        ("town", view.town.clone()),
        ("kind", kind),
        ("today", view.today.to_string()),
        ("from", own.from.to_string()),
        ("until", own.until.to_string()),
        ("before_from", before.from.to_string()),
        ("before_until", before.until.to_string()),
        ("last_from", last_year.from.to_string()),
        ("last_until", last_year.until.to_string()),
        ("open", view.open.open.to_string()),
        ("late", view.open.late.to_string()),
        ("week", view.open.week.to_string()),
    ];
    let line = |key: &str| locale::fill(lang, key, &args);
    let mut tables = vec![overview(lang, &view.total)];
    for (by, key) in [
        (ReportBy::Channel, "channel"),
        (ReportBy::Kind, "kind"),
        (ReportBy::Village, "village"),
        (ReportBy::Unit, "unit"),
    ] {
        tables.push(by_value(lang, (by, key), &view.rows));
    }
    if view.kind == ReportKind::SelfInspection {
        tables.extend(plan.map(|plan| campaign(lang, plan)));
        tables.extend(figures.map(|figures| indicators(lang, figures)));
    }
    let how = ["how.receipts", "how.clocks", "how.rates", "how.spans", "how.left_out"];
    let how = how.map(|key| line(&format!("report.{key}")));
    let cut = view.cut.then(|| locale::text(lang, "count.cut"));
    Said {
        title: line("report.title"),
        lines: vec![line("report.days"), line("report.compared")],
        words: words(lang, &view.total).into_iter().chain([line("report.open")]).collect(),
        tables,
        notes: how.into_iter().chain(cut).collect(),
    }
}

/// What it comes to, in sentences.
fn words(lang: Lang, [own, before, last]: &[Tally; 3]) -> Vec<String> {
    let mut args: Vec<(&str, String)> =
        own.named().into_iter().map(|(name, count)| (name, count.to_string())).collect();
    args.push(("before", change(lang, own.receipts, before.receipts)));
    args.push(("last", change(lang, own.receipts, last.receipts)));
    args.push(("notice_rate", rate(own.notices_met, own.notices_met + own.notices_late)));
    args.push(("end_rate", rate(own.ends_met, own.ends_met + own.ends_late)));
    let keys = ["report.words.came", "report.words.clocks", "report.words.ended"];
    keys.map(|key| locale::fill(lang, key, &args)).to_vec()
}

fn overview(lang: Lang, [own, before, last]: &[Tally; 3]) -> SaidTable {
    let others = before.named().into_iter().zip(last.named());
    let rows =
        own.named().into_iter().zip(others).map(|((name, own), ((_, before), (_, last)))| {
            vec![
                SaidCell::Text(locale::text(lang, &format!("report.count.{name}"))),
                SaidCell::Count(own),
                SaidCell::Count(before),
                SaidCell::Text(change(lang, own, before)),
                SaidCell::Count(last),
                SaidCell::Text(change(lang, own, last)),
            ]
        });
    let columns = [
        ("report.column.what", 52),
        ("report.column.own", 18),
        ("report.column.before", 18),
        ("report.column.to_before", 24),
        ("report.column.last", 20),
        ("report.column.to_last", 24),
    ];
    table(lang, ("report.table.overview", &columns), (rows.collect(), Vec::new()))
}

fn by_value(lang: Lang, (by, key): (ReportBy, &str), rows: &[ReportRow]) -> SaidTable {
    let rows = rows.iter().filter(|row| row.by == by).map(|row| {
        let [own, before, last] = &row.counts;
        let mut cells = vec![
            SaidCell::Text(name(lang, row)),
            SaidCell::Count(own.receipts),
            SaidCell::Count(before.receipts),
            SaidCell::Count(last.receipts),
        ];
        let more = match by {
            ReportBy::Channel => vec![own.visits, own.people],
            ReportBy::Kind => vec![own.people, own.matters, own.accepted, own.concluded],
            ReportBy::Village | ReportBy::Unit => vec![own.matters],
        };
        cells.extend(more.into_iter().map(SaidCell::Count));
        if matches!(by, ReportBy::Village | ReportBy::Unit) {
            let n_ends = own.notices_met + own.ends_met;
            let in_time = rate(n_ends, n_ends + own.notices_late + own.ends_late);
            cells.push(SaidCell::Text(in_time));
            cells.push(SaidCell::Count(own.concluded));
            cells.push(SaidCell::Text(rate(own.settled.min(own.concluded), own.concluded)));
            cells.push(SaidCell::Count(own.reopened));
        }
        cells
    });
    let named = match by {
        ReportBy::Channel | ReportBy::Kind => 48,
        ReportBy::Village | ReportBy::Unit => 34,
    };
    let first = format!("report.by.{key}");
    let mut columns = vec![
        (first.as_str(), named),
        ("report.column.receipts", 16),
        ("report.column.before_receipts", 16),
        ("report.column.last_receipts", 16),
    ];
    columns.extend(match by {
        ReportBy::Channel => vec![("report.count.visits", 18), ("report.count.people", 18)],
        ReportBy::Kind => vec![
            ("report.count.people", 15),
            ("report.count.matters", 15),
            ("report.count.accepted", 15),
            ("report.count.concluded", 15),
        ],
        ReportBy::Village | ReportBy::Unit => vec![
            ("report.count.matters", 14),
            ("report.column.in_time", 16),
            ("report.count.concluded", 14),
            ("report.column.settled", 16),
            ("report.count.reopened", 14),
        ],
    });
    let title = format!("report.table.{key}");
    table(lang, (&title, &columns), (rows.collect(), vec![1, 2, 3]))
}

fn name(lang: Lang, row: &ReportRow) -> String {
    let none = || locale::text(lang, "report.none");
    match (row.by, &row.word) {
        (ReportBy::Channel, Some(word)) => locale::text(lang, &format!("choice.channel.{word}")),
        (ReportBy::Kind, Some(word)) => locale::text(lang, &format!("choice.route.{word}")),
        _ => row.name.clone().unwrap_or_else(none),
    }
}

/// How the phases of the campaign stand.
fn campaign(lang: Lang, plan: &PlanView) -> SaidTable {
    let states = [TaskState::Done, TaskState::Doing, TaskState::Todo, TaskState::SentBack];
    let rows = plan.phases.iter().map(|phase| {
        let own = plan.plan.phases.get(&phase.number);
        let days = own.map_or_else(String::new, |own| format!("{} .. {}", own.from, own.until));
        let name = own.map_or_else(|| phase.number.to_string(), |own| own.name.clone());
        let mut cells = vec![SaidCell::Text(name), SaidCell::Text(days)];
        cells.push(SaidCell::Count(phase.total()));
        cells.extend(states.map(|state| SaidCell::Count(phase.count(state))));
        cells.extend([phase.late, phase.missing].map(SaidCell::Count));
        cells
    });
    let state = |state: TaskState| format!("choice.task_state.{}", state.word());
    let [done, doing, todo, back] = states.map(state);
    let columns = [
        ("report.column.phase", 22),
        ("report.column.days", 46),
        ("report.column.tasks", 12),
        (done.as_str(), 13),
        (doing.as_str(), 13),
        (todo.as_str(), 13),
        (back.as_str(), 13),
        ("report.column.late", 12),
        ("report.column.missing", 12),
    ];
    table(lang, ("report.table.campaign", &columns), (rows.collect(), Vec::new()))
}

/// How the indicators stand.
fn indicators(lang: Lang, figures: &FigureView) -> SaidTable {
    let number =
        |count: Option<u64>| count.map_or_else(|| SaidCell::Text("-".to_owned()), SaidCell::Count);
    let rows = figures.rows.iter().map(|row| {
        vec![
            SaidCell::Text(row.key.word().to_owned()),
            SaidCell::Text(locale::text(lang, &format!("choice.indicator.{}", row.key.word()))),
            SaidCell::Text(target(lang, row)),
            number(row.total),
            number(row.last_year),
            number(row.ceiling),
            SaidCell::Text(locale::text(lang, &format!("figure.standing.{}", row.standing.word()))),
        ]
    });
    let columns = [
        ("figure.code", 12),
        ("figure.name", 56),
        ("figure.target", 30),
        ("figure.total", 13),
        ("figure.last", 15),
        ("figure.ceiling", 13),
        ("figure.standing", 17),
    ];
    table(lang, ("report.table.indicators", &columns), (rows.collect(), Vec::new()))
}

/// By what an indicator is measured, in words.
fn target(lang: Lang, row: &FigureRow) -> String {
    match row.rule {
        FigureRule::Zero => locale::text(lang, "figure.rule.zero"),
        FigureRule::Less => locale::text(lang, "figure.rule.less"),
        FigureRule::Ceiling(per) => {
            locale::fill(lang, "figure.rule.ceiling", &[("per", per.to_string())])
        }
    }
}

fn table(
    lang: Lang,
    (head, columns): (&str, &[(&str, u32)]),
    (rows, drawn): (Vec<Vec<SaidCell>>, Vec<u16>),
) -> SaidTable {
    let columns = columns.iter().map(|(key, width)| (locale::text(lang, key), *width));
    SaidTable { head: locale::text(lang, head), columns: columns.collect(), rows, drawn, n_sums: 0 }
}

/// How much more or less there is than there was, in a hundred; nothing is divided by nothing.
pub fn change(lang: Lang, own: u64, other: u64) -> String {
    let (own, other) = (i128::from(own), i128::from(other));
    match (own, other) {
        _ if own == other => locale::text(lang, "report.level"),
        (_, 0) => format!("+{own}"),
        _ => {
            let sign = if own < other { "-" } else { "+" };
            let tenths = rounded((own - other).unsigned_abs() * 1_000, other.unsigned_abs());
            format!("{sign}{}.{}%", tenths / 10, tenths % 10)
        }
    }
}

/// A quotient to the nearest whole number.
fn rounded(number: u128, by: u128) -> u128 {
    (number + by / 2) / by
}

/// A part of a whole in a hundred; a dash where there is nothing.
fn rate(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    if part == whole {
        return "100%".to_owned();
    }
    let tenths = rounded(u128::from(part) * 1_000, u128::from(whole));
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// The report as plain text, its tables in columns.
pub fn text(said: &Said) -> String {
    let mut lines = vec![said.title.clone()];
    lines.extend(said.lines.iter().chain(&said.words).cloned());
    for table in &said.tables {
        lines.push(String::new());
        lines.push(table.head.clone());
        lines.extend(in_columns(table));
    }
    lines.push(String::new());
    lines.extend(said.notes.iter().cloned());
    lines.join("\n") + "\n"
}

fn in_columns(table: &SaidTable) -> Vec<String> {
    let titles: Vec<String> = table.columns.iter().map(|(title, _)| title.clone()).collect();
    let rows = table.rows.iter().map(|row| row.iter().map(SaidCell::text).collect::<Vec<_>>());
    let rows: Vec<Vec<String>> = std::iter::once(titles).chain(rows).collect();
    let widest = |at: usize| {
        rows.iter().filter_map(|row| row.get(at)).map(|text| width(text)).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..table.columns.len()).map(widest).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).enumerate();
        let cells = cells.map(|(at, (text, own))| match at {
            0 => pad_right(text, *own),
            _ => pad_left(text, *own),
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::{change, rate};
    use crate::locale::Lang;

    #[test]
    fn nothing_is_divided_by_nothing() {
        assert_eq!(rate(0, 0), "-");
        assert_eq!(rate(1, 3), "33.3%");
        assert_eq!(rate(3, 3), "100%");
        assert_eq!(change(Lang::Zh, 3, 0), "+3");
        assert_eq!(change(Lang::Zh, 3, 4), "-25.0%");
        assert_eq!(change(Lang::Zh, 4, 3), "+33.3%");
        assert_eq!(change(Lang::Zh, 1, 3), "-66.7%");
        assert_eq!(change(Lang::Zh, 0, 0), "持平");
        assert_eq!(change(Lang::Zh, 5, 5), "持平");
    }
}
