//! Which column fills which field: as the clerk says, as they saved it by name, else as the tables
//! say.

use std::collections::BTreeSet;

use clap::ArgMatches;

use crate::api::door::Door;
use crate::api::own::{Keep, NAME_MAX, OwnView, SETTING_MAX, SETTINGS_MAX};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::exchange::columns::{Columns, Topic, fold};
use crate::exchange::ledger::{Report, TermsError};
use crate::locale::{self, Lang};
use crate::tui::incoming::{Pairs, mapping_head};

/// What the clerk says of columns.
pub struct ToldColumns {
    /// What was typed, which the file must have.
    pub typed: Pairs,
    /// That and what was saved.
    pub all: Pairs,
}

/// The columns that `--map` names, then those that were saved under the name of `--mapping`.
///
/// # Errors
/// No such field or saved mapping.
pub fn told(
    door: &mut dyn Door,
    lang: Lang,
    (topic, matches): (Topic, &ArgMatches),
) -> Result<ToldColumns, Refusal> {
    let typed = matches.get_many::<String>("map").into_iter().flatten();
    let typed = typed.map(|text| pair((lang, topic), text)).collect::<Result<Pairs, Refusal>>()?;
    let mut all = typed.clone();
    if let Some(name) = matches.get_one::<String>("mapping").map(|name| name.trim()) {
        let is_new = |(header, _): &(String, String)| {
            !typed.iter().any(|(other, _)| fold(other) == fold(header))
        };
        all.extend(saved(door, (topic, name))?.into_iter().filter(is_new));
    }
    Ok(ToldColumns { typed, all })
}

/// A header and a field by its key or its label, with an equals sign between.
fn pair((lang, topic): (Lang, Topic), told: &str) -> Result<(String, String), Refusal> {
    let tables = Columns::built_in(topic);
    let bad = || Refusal::new(RefusalKind::Invalid, "bad_column").with("name", told);
    let (header, field) = told.rsplit_once('=').ok_or_else(bad)?;
    let wanted = fold(&field.replace(' ', "_"));
    let header = header.trim().to_owned();
    // A field of no name leaves the column out.
    if wanted.is_empty() {
        return Ok((header, String::new()));
    }
    let is_named = |key: &str| {
        let label = locale::find(lang, &format!("import.{key}")).unwrap_or_default();
        [fold(key), fold(key).replace('.', ""), fold(label)].contains(&wanted)
    };
    let key = tables.fields.iter().map(|field| field.key.as_str()).find(|key| is_named(key));
    key.map(|key| (header, key.to_owned())).ok_or_else(|| no_such_field(&tables, field))
}

fn no_such_field(tables: &Columns, name: &str) -> Refusal {
    let keys: Vec<&str> = tables.fields.iter().map(|field| field.key.as_str()).collect();
    Refusal::new(RefusalKind::Invalid, "no_such_field")
        .with("name", name)
        .with("fields", keys.join(" "))
}

/// Why a column cannot be read as the clerk says.
pub fn bad_column(topic: Topic, why: &TermsError) -> Refusal {
    match why {
        TermsError::NoSuchField(name) => no_such_field(&Columns::built_in(topic), name),
        TermsError::Refused { header, .. } => {
            Refusal::new(RefusalKind::Invalid, "column_is_never_taken").with("name", header)
        }
    }
}

/// Whether every column that was mapped by hand stands in the file: a header that is misspelt
/// would otherwise be left out without a word.
///
/// # Errors
/// The first header that is not there.
pub fn all_are_there(columns: &[(String, String)], report: &Report) -> Result<(), Refusal> {
    let headers: BTreeSet<String> = report
        .mappings
        .iter()
        .flat_map(|mapping| {
            let mapped = mapping.columns.iter().map(|column| &column.header);
            let dropped = mapping.dropped.iter().map(|column| &column.header);
            mapped.chain(dropped).chain(mapping.ignored.iter().map(|column| &column.header))
        })
        .flat_map(|header| {
            // Under the header of a group the column's own text stands last.
            let own = header.rsplit(' ').next().unwrap_or_default();
            [fold(header), fold(own)]
        })
        .collect();
    match columns.iter().find(|(header, _)| !headers.contains(&fold(header))) {
        Some((header, _)) => {
            Err(Refusal::new(RefusalKind::Invalid, "no_such_header").with("name", header))
        }
        None => Ok(()),
    }
}

/// The mapping that was saved under a name.
fn saved(door: &mut dyn Door, (topic, name): (Topic, &str)) -> Result<Pairs, Refusal> {
    let own = own(door)?;
    let head = head(topic);
    if let Some(text) = own.settings.get(&format!("{head}{name}")) {
        return serde_json::from_str(text).map_err(|_| Refusal::new(RefusalKind::Fault, "fault"));
    }
    let names = own.settings.keys().filter_map(|key| key.strip_prefix(head.as_str()));
    let names: Vec<&str> = names.collect();
    let refusal = Refusal::new(RefusalKind::Invalid, "no_such_mapping").with("name", name);
    Err(refusal.with("names", names.join(" ")))
}

/// What stands before the names of mappings for such rows.
pub fn head(topic: Topic) -> String {
    let word = match topic {
        Topic::Cases => "cases",
        Topic::Units => "units",
        Topic::Officers => "officers",
        Topic::Persons => "persons",
        Topic::State => "state",
    };
    mapping_head(word)
}

fn own(door: &mut dyn Door) -> Result<OwnView, Refusal> {
    match door.call(Request::Own)? {
        Reply::Own(own) => Ok(own),
        _ => Err(Refusal::new(RefusalKind::Fault, "fault")),
    }
}

/// Whether a mapping can be saved under a name, before anything is taken in.
///
/// # Errors
/// It is too long, has no name, or there are too many.
pub fn can_keep(
    door: &mut dyn Door,
    (topic, name): (Topic, &str),
    columns: &[(String, String)],
) -> Result<(), Refusal> {
    let (name, value) = saved_as((topic, name), columns);
    let settings = own(door)?.settings;
    let has_room = settings.len() < SETTINGS_MAX || settings.contains_key(&name);
    let is_named = name != head(topic) && name.len() <= NAME_MAX;
    if has_room && is_named && value.len() <= SETTING_MAX {
        return Ok(());
    }
    Err(Refusal::new(RefusalKind::Invalid, "cannot_keep"))
}

/// The setting of a mapping: its name and its value.
fn saved_as((topic, name): (Topic, &str), columns: &[(String, String)]) -> (String, String) {
    let value = serde_json::to_string(columns).unwrap_or_default();
    (format!("{}{}", head(topic), name.trim()), value)
}

/// Saves a mapping under a name, in place of an older one.
///
/// # Errors
/// It is too long, or there are too many.
pub fn keep_told(
    door: &mut dyn Door,
    (topic, name): (Topic, &str),
    columns: &[(String, String)],
) -> Result<(), Refusal> {
    let (name, value) = saved_as((topic, name), columns);
    let keep = Keep::Setting { name, value: Some(value) };
    door.call(Request::Keep(keep)).map(drop)
}
