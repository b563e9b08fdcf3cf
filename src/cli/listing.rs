//! Lists in the shell: how they are put in order and narrowed, and that of cases.

use clap::ArgMatches;

use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{CaseRow, Reply};
use crate::api::request::{AgendaQuery, CaseQuery, Layout, ROWS_MAX, Request, Whose};
use crate::cli::tell::{Outcome, Told, Voice, table};
use crate::cli::{orders, queries, view};
use crate::domain::case::Stage;
use crate::domain::ids::{Kind, OfficerId, UnitId};
use crate::domain::listing::{Column, List, Narrow, Sort, Value, WHOSE};
use crate::locale::{self, Lang};

/// The order that was asked for; none for the usual one.
///
/// # Errors
/// The list has no such order.
fn sort(matches: &ArgMatches, list: List) -> Result<Option<Sort>, Refusal> {
    let Some(word) = matches.get_one::<String>("sort") else { return Ok(None) };
    let sort = Sort::parse(word).filter(|sort| list.sorts().any(|by| by == sort.by));
    let words = list.sorts().map(Column::word).collect::<Vec<_>>().join(" ");
    let refusal = Refusal::new(RefusalKind::Invalid, "no_such_sort").with("name", word);
    sort.map(Some).ok_or_else(|| refusal.with("names", &words))
}

/// A list as it is asked for: by a saved filter, and by what is said besides.
pub struct Asked {
    /// The order; none for the usual one.
    pub sort: Option<Sort>,
    /// To what it is narrowed.
    pub only: Narrow,
    /// The columns of the saved filter; empty for the usual ones.
    pub columns: Vec<Column>,
    /// Whose rows the saved filter shows; none if it was not said.
    pub whose: Option<Whose>,
}

/// How a list is asked for: what is said besides a saved filter comes before it.
///
/// # Errors
/// There is no such filter, or the list cannot be put so.
pub fn asked(door: &mut dyn Door, matches: &ArgMatches, list: List) -> Result<Asked, Refusal> {
    let said = (sort(matches, list)?, only(door, matches, list)?);
    let Some(name) = matches.get_one::<String>("view") else {
        return Ok(Asked { sort: said.0, only: said.1, columns: Vec::new(), whose: None });
    };
    let row = view::named(door, Some(list), name)?.view;
    let saved = Narrow::parse(list, &row.only).map_err(|broken| {
        Refusal::new(RefusalKind::Invalid, "no_such_filter").with("name", &broken.key)
    })?;
    let whose = saved.word(Column::Whose).map(|word| match word == WHOSE[0] {
        true => Whose::Mine,
        false => Whose::All,
    });
    let mut only = saved.without(Column::Whose);
    only.0.extend(said.1.0);
    let sort = said.0.or_else(|| Sort::parse(&row.sort));
    Ok(Asked { sort, only, columns: list.columns(&row.columns), whose })
}

/// To what the list is narrowed: names of units and officers are looked up.
///
/// # Errors
/// The list cannot be narrowed so, or nobody has the name.
fn only(door: &mut dyn Door, matches: &ArgMatches, list: List) -> Result<Narrow, Refusal> {
    let mut narrow = Narrow::default();
    for term in matches.get_many::<String>("only").into_iter().flatten() {
        let words = list.narrows().map(Column::word).collect::<Vec<_>>().join(" ");
        let odd = || {
            let refusal = Refusal::new(RefusalKind::Invalid, "no_such_filter");
            refusal.with("name", term).with("names", &words)
        };
        let (word, text) = term.split_once('=').ok_or_else(odd)?;
        let column = list.narrows().find(|own| own.word() == word).ok_or_else(odd)?;
        let kind = match column {
            _ if text == "-" => None,
            column if column.is_of_units() => Some(Kind::Unit),
            column if column.is_of_officers() => Some(Kind::Officer),
            _ => None,
        };
        let value = match kind {
            Some(kind) => Value::Id(orders::named(door, kind, text)?),
            None => Value::from(text.to_owned()),
        };
        if !column.has(&value) {
            let values = column.words().join(" ");
            let refusal = Refusal::new(RefusalKind::Invalid, "no_such_value").with("name", term);
            return Err(refusal.with("values", &values));
        }
        narrow.set(column, Some(value));
    }
    Ok(narrow)
}

/// `case list`.
///
/// # Errors
/// A refusal.
pub fn case_list(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let (query, columns) = case_query(door, matches)?;
    let most = matches.get_one::<u32>("limit").copied().unwrap_or(50).min(ROWS_MAX);
    let query = CaseQuery { most, ..query };
    let Reply::Cases(page) = door.call(Request::Cases(query))? else {
        return Err(Refusal::new(RefusalKind::Fault, "fault"));
    };
    voice.say(&page, |lang| {
        let columns = if columns.is_empty() { USUAL } else { &columns };
        let cells = |row: &CaseRow| columns.iter().map(|own| case_cell(lang, row, *own)).collect();
        let rows: Vec<Vec<String>> = page.rows.iter().map(cells).collect();
        let total = page.total.map_or_else(|| "?".to_owned(), |total| total.to_string());
        let args = [("shown", page.rows.len().to_string()), ("total", total)];
        let cut = if page.cut { locale::text(lang, "shell.cut") + "\n" } else { String::new() };
        table(&rows) + &locale::fill(lang, "shell.found", &args) + "\n" + &cut
    })?;
    Ok(if page.rows.is_empty() { Told::Nothing } else { Told::Done })
}

/// Which cases are asked for, and the columns of the saved filter; none for the usual ones.
///
/// # Errors
/// There is no such filter, stage or name.
pub fn case_query(
    door: &mut dyn Door,
    matches: &ArgMatches,
) -> Result<(CaseQuery, Vec<Column>), Refusal> {
    let stage = match matches.get_one::<String>("stage") {
        Some(word) => Some(Stage::parse(word).ok_or_else(|| {
            Refusal::new(RefusalKind::Invalid, "no_such_stage").with("name", word)
        })?),
        None => None,
    };
    let asked = asked(door, matches, List::Cases)?;
    let mut only = asked.only;
    if matches.get_flag("late") {
        only.set(Column::Due, Some(Value::word("late")));
    }
    let query = CaseQuery {
        sort: asked.sort.unwrap_or(Sort::DUE),
        whose: match matches.get_flag("mine") {
            true => Whose::Mine,
            false => asked.whose.unwrap_or(Whose::All),
        },
        stage,
        only,
        text: matches.get_one::<String>("text").cloned(),
        ..CaseQuery::default()
    };
    Ok((query, asked.columns))
}

/// Which deadlines are asked for, and the columns of the saved filter; none for the usual ones.
///
/// # Errors
/// There is no such filter, day or name.
pub fn line_query(
    door: &mut dyn Door,
    matches: &ArgMatches,
) -> Result<(AgendaQuery, Vec<Column>), Refusal> {
    let asked = asked(door, matches, List::Deadlines)?;
    let mut query = AgendaQuery { layout: Layout::Deadlines, ..AgendaQuery::default() };
    if let Some(text) = matches.get_one::<String>("until") {
        let Reply::Me(me) = door.call(Request::Greet)? else {
            return Err(Refusal::new(RefusalKind::Fault, "fault"));
        };
        query.until = Some(queries::date(text, me.today)?);
    }
    query.whose = asked.whose.unwrap_or(Whose::All);
    if matches.get_flag("mine") {
        query.whose = Whose::Mine;
    } else if let Some(name) = matches.get_one::<String>("officer") {
        query.whose = Whose::Officer(OfficerId(orders::named(door, Kind::Officer, name)?));
    } else if let Some(name) = matches.get_one::<String>("unit") {
        query.whose = Whose::Unit(UnitId(orders::named(door, Kind::Unit, name)?));
    }
    query.sort = asked.sort;
    query.only.narrow = asked.only;
    query.only.text = matches.get_one::<String>("text").cloned();
    if matches.get_flag("late") {
        query.only.narrow.set(Column::Due, Some(Value::word("late")));
    }
    Ok((query, asked.columns))
}

/// The columns of a list of cases that no saved filter names others for.
const USUAL: &[Column] = &[
    Column::Number,
    Column::Stage,
    Column::Received,
    Column::Petitioner,
    Column::Title,
    Column::Holder,
];

fn case_cell(lang: Lang, row: &CaseRow, column: Column) -> String {
    let next = row.next.as_ref();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    match column {
        Column::Number => row.number.clone(),
        Column::Title => row.title.clone(),
        Column::Petitioner => text(&row.person),
        Column::Village => text(&row.village),
        Column::Stage => locale::text(lang, &format!("stage.{}", row.stage.word())),
        Column::Due => {
            next.and_then(|next| next.latest).map(|day| day.to_string()).unwrap_or_default()
        }
        Column::Left => {
            next.and_then(|next| next.days_left).map(|days| days.to_string()).unwrap_or_default()
        }
        Column::Lead => text(&row.lead),
        Column::Unit => text(&row.unit),
        Column::Holder => text(&row.holder),
        Column::Received => row.received_on.to_string(),
        Column::Channel => row.channel.map_or_else(String::new, |channel| {
            locale::text(lang, &format!("choice.channel.{}", channel.word()))
        }),
        Column::Last => row.last.as_ref().map_or_else(String::new, |(on, word)| {
            format!("{on} {}", locale::text(lang, &format!("deed.{word}")))
        }),
        _ => String::new(),
    }
}
