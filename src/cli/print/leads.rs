//! A page for each leader: the open cases that they lead and the entries of the roster, with what is
//! owed next and by what.
//!
//! The rows are those of exports, so that filters, seals and the access log are theirs. Leaders stand
//! in the order of the officers, never in one of their figures.

use crate::api::door::Door;
use crate::api::export::{ExportQuery, ExportRows};
use crate::api::print::PrintWanted;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{OfficerRow, Reply};
use crate::api::request::{CaseQuery, Request};
use crate::api::roster::RosterQuery;
use crate::cli::print::Printed;
use crate::domain::ids::OfficerId;
use crate::domain::listing::{Column as By, Narrow, Value};
use crate::exchange::document::{Column, Document, Grid, Held, Part};
use crate::exchange::outgoing::{self, Shown, Table, shown};
use crate::exchange::paper::layout::Sheet;
use crate::locale::{self, Lang};
use crate::tui::screen::row;

/// The columns of cases that are asked for.
const CASES: [&str; 9] =
    ["number", "title", "petitioner", "unit", "stage", "due", "left", "limit", "last"];
/// What stands behind the limit.
const BASIS: &str = "basis";
/// Those that stand on the page, with their widths in millimetres.
const CASES_SHOWN: [(&str, u32); 9] = [
    ("number", 34),
    ("title", 40),
    ("petitioner", 17),
    ("unit", 26),
    ("stage", 17),
    ("due", 24),
    ("left", 12),
    ("limit", 31),
    ("last", 24),
];
/// The columns of the roster, with their widths.
const ROSTER_SHOWN: [(&str, u32); 8] = [
    ("number", 34),
    ("petitioner", 18),
    ("title", 53),
    ("officer", 18),
    ("state", 24),
    ("owed", 30),
    ("due", 24),
    ("contact", 24),
];

/// The pages.
///
/// # Errors
/// A refusal.
pub fn pages(
    door: &mut dyn Door,
    lang: Lang,
    (officers, wanted): (&[OfficerId], &PrintWanted),
) -> Result<Printed, Refusal> {
    let odd = || Refusal::new(RefusalKind::Fault, "fault");
    let Reply::Me(me) = door.call(Request::Greet)? else { return Err(odd()) };
    let Reply::Officers(all) = door.call(Request::Officers)? else { return Err(odd()) };
    let is_named = |row: &OfficerRow| officers.contains(&row.id);
    let is_wanted = |row: &OfficerRow| match officers.is_empty() {
        // Whoever left and still leads something is the one to know of.
        true => row.leads && (row.in_office || row.n_cases > 0),
        false => is_named(row),
    };
    let mut printed = Printed {
        document: Document { sheet: Sheet::Across, parts: Vec::new() },
        stem: format!("{}-{}", locale::text(Lang::Zh, "print.leads"), me.today),
        n_rows: 0,
        n_sealed: 0,
    };
    for row in all.iter().filter(|row| is_wanted(row)) {
        let only = Narrow([(By::Lead, Value::Id(row.id.0))].into());
        let cases = ExportRows::Cases(CaseQuery { only: only.clone(), ..CaseQuery::default() });
        let columns = CASES.into_iter().chain([BASIS]).map(str::to_owned).collect();
        let cases = fetch(door, (cases, columns), wanted)?;
        let roster = ExportRows::Roster(RosterQuery { only, ..RosterQuery::default() });
        let columns = ROSTER_SHOWN.map(|(key, _)| key.to_owned()).to_vec();
        let roster = fetch(door, (roster, columns), wanted)?;
        printed.n_sealed += cases.head.n_sealed;
        let n_rows = (cases.rows.len() + roster.rows.len()) as u64;
        if n_rows == 0 && officers.is_empty() {
            continue;
        }
        printed.n_rows += n_rows;
        printed.document.parts.push(page(lang, row, (&cases, &roster)));
    }
    Ok(printed)
}

fn fetch(
    door: &mut dyn Door,
    (rows, columns): (ExportRows, Vec<String>),
    wanted: &PrintWanted,
) -> Result<Table, Refusal> {
    let query = ExportQuery {
        rows,
        columns,
        in_clear: Vec::new(),
        reason: String::new(),
        purpose: wanted.purpose.clone(),
        recipient: wanted.recipient.clone(),
        sealed: wanted.sealed,
    };
    outgoing::fetch(door, query)
}

fn page(lang: Lang, row: &OfficerRow, (cases, roster): (&Table, &Table)) -> Part {
    let left = cases.place("left");
    let left = cases.rows.iter().filter_map(|cells| {
        match shown(lang, cells.get(left?).and_then(Option::as_ref)) {
            Shown::Count(days) => Some(days),
            Shown::Nothing | Shown::Text(_) | Shown::Day(_) => None,
        }
    });
    let args = [
        ("town", cases.head.town.clone()),
        ("name", row.name.clone()),
        ("post", row.post.clone().unwrap_or_default()),
        ("cases", cases.rows.len().to_string()),
        ("late", left.filter(|days| *days < 0).count().to_string()),
        ("roster", roster.rows.len().to_string()),
        ("day", cases.head.today.to_string()),
        ("purpose", cases.purpose.clone()),
        ("recipient", cases.recipient.clone()),
        ("by", cases.by.clone()),
    ];
    let said = |key: &str| locale::fill(lang, key, &args);
    Part {
        name: row.name.clone(),
        title: said("print.leads.title"),
        lines: vec![said("print.leads.line"), said("print.leads.made")],
        words: Vec::new(),
        charts: String::new(),
        grids: vec![
            grid(lang, said("print.leads.cases"), (cases, &CASES_SHOWN)),
            grid(lang, said("print.leads.roster"), (roster, &ROSTER_SHOWN)),
        ],
        notes: vec![said("print.leads.how"), said("print.leads.sign")],
    }
}

fn grid(lang: Lang, head: String, (table, columns): (&Table, &[(&str, u32)])) -> Grid {
    let rows = table.rows.iter().map(|cells| {
        let cell = |key: &str| {
            let cell = table.place(key).and_then(|at| cells.get(at)).and_then(Option::as_ref);
            shown(lang, cell)
        };
        let held = columns.iter().map(|(key, _)| match (cell(key), *key) {
            (Shown::Count(number), _) => Held::Count(number),
            (limit, "limit") => Held::Text(based(lang, &limit.text(), &cell(BASIS).text())),
            // What was done, not when, is in one cell with its day below.
            (last, "last") => Held::Text(last.text().replacen(' ', "\n", 1)),
            (other, _) => Held::Text(other.text()),
        });
        held.collect()
    });
    let titles =
        columns.iter().map(|(key, width)| Column::new(outgoing::header(lang, key), *width));
    Grid { head, columns: titles.collect(), rows: rows.collect(), ..Grid::default() }
}

/// A limit with its basis: an article, or the number of a letter.
pub fn based(lang: Lang, limit: &str, basis: &str) -> String {
    match basis {
        "" => limit.to_owned(),
        basis => format!("{limit} {}", row::based(lang, basis)),
    }
}
