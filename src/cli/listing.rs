//! How lists are put in order and narrowed from the shell: `--sort`, `--only`.

use clap::ArgMatches;

use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::cli::orders;
use crate::domain::ids::Kind;
use crate::domain::listing::{Column, List, Narrow, Sort, Value};

/// The order that was asked for; none for the usual one.
///
/// # Errors
/// The list has no such order.
pub fn sort(matches: &ArgMatches, list: List) -> Result<Option<Sort>, Refusal> {
    let Some(word) = matches.get_one::<String>("sort") else { return Ok(None) };
    let sort = Sort::parse(word).filter(|sort| list.sorts().any(|by| by == sort.by));
    // A day of receipt is asked for the newest first, as on the screen, unless it is turned.
    let usual = |sort: Sort| match (word.starts_with('-'), Sort::usual(sort.by)) {
        (false, usual) => usual,
        (true, usual) => Sort { direction: usual.direction.turned(), ..usual },
    };
    let words = list.sorts().map(Column::word).collect::<Vec<_>>().join(", ");
    let refusal = Refusal::new(RefusalKind::Invalid, "no_such_sort").with("name", word);
    sort.map(usual).map(Some).ok_or_else(|| refusal.with("names", &words))
}

/// To what the list is narrowed: names of units and officers are looked up.
///
/// # Errors
/// The list cannot be narrowed so, or nobody has the name.
pub fn only(door: &mut dyn Door, matches: &ArgMatches, list: List) -> Result<Narrow, Refusal> {
    let mut narrow = Narrow::default();
    for term in matches.get_many::<String>("only").into_iter().flatten() {
        let words = list.narrows().map(Column::word).collect::<Vec<_>>().join(", ");
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
            return Err(odd());
        }
        narrow.set(column, Some(value));
    }
    Ok(narrow)
}
