//! `export SUBJECT FILE`: rows of a list as a workbook, a text with commas, or JSON.
//!
//! What for and to whom is asked before anything is fetched; the last answer is offered. Nothing is
//! written over unless that is wanted, and a file that could not be finished is not left behind.

use std::env;
use std::io::{self, IsTerminal, Write as _};
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use serde::Serialize;

use crate::api::door::Door;
use crate::api::export::{ExportQuery, ExportRows};
use crate::api::own::Keep;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::api::roster::PersonQuery;
use crate::cli::tell::{Outcome, Told, Voice};
use crate::cli::{import, listing, orders, plan, roster};
use crate::domain::export::{SAID_MAX, Subject};
use crate::domain::ids::{Kind, UnitId};
use crate::domain::listing::Column;
use crate::exchange::export::{Encoded, FileFormat, Unmapped, csv, json, xlsx};
use crate::exchange::file::{self, Existing, SaveError};
use crate::exchange::form::{Form, FormError, Wanted};
use crate::exchange::outgoing::{self, Table};
use crate::exchange::sheet::own_program;
use crate::locale::{self, Lang};
use crate::tui::app::outgoing::Saved;

/// Under which setting of the account the last purpose is kept.
pub const PURPOSE: &str = "export.purpose";
/// Under which setting of the account the last recipient is kept.
pub const RECIPIENT: &str = "export.recipient";
/// The variable that names the exchange folder.
const EXCHANGE: &str = "ANJIE_EXCHANGE";
/// The usual exchange folder in a clerk's home.
const EXCHANGE_FOLDER: &str = "anjie-exchange";
/// How many files of one name and day there may be.
const NAMES_MAX: u32 = 200;
/// The most characters without a code that are printed as text; all are in JSON.
const PRINTED_MAX: usize = 20;

/// What became of an export.
#[derive(Debug, Serialize)]
struct Exported<'e> {
    file: &'e str,
    subject: &'e str,
    rows: usize,
    columns: &'e [String],
    left_out: &'e [String],
    sealed_left_out: u64,
    cut: bool,
    unmatched: &'e [String],
    kept: u32,
    unmapped: &'e [Unmapped],
}

/// Runs the command.
///
/// # Errors
/// What is missing, a file that is there already, or a refusal.
pub fn export(door: &mut dyn Door, voice: Voice, (word, matches): (&str, &ArgMatches)) -> Outcome {
    let subject = Subject::parse(word).ok_or_else(Refusal::not_found)?;
    let name = matches.get_one::<String>("file").map_or("", String::as_str);
    let format = format(name, matches)?;
    let existing = if matches.get_flag("force") { Existing::Replace } else { Existing::Keep };
    is_free(name, existing)?;
    let (rows, shown) = rows(door, (subject, matches))?;
    let said = said(door, voice.lang, matches)?;
    let form = form(subject, matches)?;
    if form.is_some() && format != FileFormat::Xlsx {
        return Err(Refusal::new(RefusalKind::Invalid, "form_wants_xlsx").with("name", name));
    }
    let is_typed = said.is_typed;
    let query = ExportQuery {
        columns: match &form {
            Some(form) => form.keys(),
            None => columns(voice.lang, (subject, matches), &shown)?,
        },
        in_clear: keys(voice.lang, (subject, matches), "with")?,
        reason: matches.get_one::<String>("reason").cloned().unwrap_or_default(),
        purpose: said.purpose,
        recipient: said.recipient,
        sealed: matches.get_flag("sealed"),
        rows,
    };
    let (purpose, recipient) = (query.purpose.clone(), query.recipient.clone());
    let table = outgoing::fetch(door, query)?;
    if is_typed {
        remember(door, [(PURPOSE, purpose), (RECIPIENT, recipient)]);
    }
    let (bytes, unmapped) = match &form {
        Some(form) => (form.fill(voice.lang, &table).map_err(|why| unfit(&why))?, Vec::new()),
        None => bytes(voice.lang, &table, (format, matches))?,
    };
    put(name, &bytes, existing)?;
    say(voice, name, (&table, form.as_ref(), &unmapped));
    Ok(if table.rows.is_empty() { Told::Nothing } else { Told::Done })
}

/// The superior's workbook that is to be filled, if one is named.
fn form(subject: Subject, matches: &ArgMatches) -> Result<Option<Form>, Refusal> {
    let Some(path) = matches.get_one::<String>("form") else { return Ok(None) };
    let file = file::open(Path::new(path)).map_err(|why| import::unreadable(&why.into()))?;
    let sheet = matches.get_one::<String>("sheet").map(String::as_str);
    let wanted = Wanted { program: own_program(), subject, sheet };
    Form::read(file, &wanted).map(Some).map_err(|why| unfit(&why))
}

/// Why a form cannot be filled.
fn unfit(why: &FormError) -> Refusal {
    match why {
        FormError::Unreadable(error) => import::unreadable(error),
        other => Refusal::new(RefusalKind::Invalid, &other.to_string()),
    }
}

/// The kind of file: as it is named, or as the name ends.
fn format(name: &str, matches: &ArgMatches) -> Result<FileFormat, Refusal> {
    let said = matches.get_one::<String>("format").and_then(|word| FileFormat::parse(word));
    if name == "-" {
        let format = said.unwrap_or(FileFormat::Xlsx);
        if format == FileFormat::Xlsx && io::stdout().is_terminal() {
            return Err(Refusal::new(RefusalKind::Invalid, "workbook_on_terminal"));
        }
        return Ok(format);
    }
    said.or_else(|| FileFormat::of_name(name))
        .ok_or_else(|| Refusal::new(RefusalKind::Invalid, "no_such_format").with("name", name))
}

/// Whether the file can be made, before anybody is asked for anything.
pub(in crate::cli) fn is_free(name: &str, existing: Existing) -> Result<(), Refusal> {
    let is_there = name != "-" && Path::new(name).symlink_metadata().is_ok();
    if is_there && existing == Existing::Keep {
        return Err(not_saved(name, SaveError::Exists));
    }
    Ok(())
}

pub(in crate::cli) fn not_saved(name: &str, why: SaveError) -> Refusal {
    Refusal::new(RefusalKind::Invalid, &why.to_string()).with("name", name)
}

/// The rows that are asked for, and the columns of a saved filter.
fn rows(
    door: &mut dyn Door,
    (subject, matches): (Subject, &ArgMatches),
) -> Result<(ExportRows, Vec<Column>), Refusal> {
    Ok(match subject {
        Subject::Cases => {
            let (query, columns) = listing::case_query(door, matches)?;
            (ExportRows::Cases(query), columns)
        }
        Subject::Roster => {
            let (query, columns) = roster::query(door, matches)?;
            (ExportRows::Roster(query), columns)
        }
        Subject::Deadlines => {
            let (query, columns) = listing::line_query(door, matches)?;
            (ExportRows::Deadlines(query), columns)
        }
        Subject::Persons => {
            let village = match matches.get_one::<String>("unit") {
                Some(name) => Some(UnitId(orders::named(door, Kind::Unit, name)?)),
                None => None,
            };
            let text = matches.get_one::<String>("text").cloned();
            (
                ExportRows::Persons(PersonQuery { village, text, ..PersonQuery::default() }),
                Vec::new(),
            )
        }
        Subject::Tasks => (ExportRows::Tasks(plan::query(door, matches)?), Vec::new()),
        Subject::Units => (ExportRows::Units, Vec::new()),
        Subject::Officers => (ExportRows::Officers, Vec::new()),
    })
}

/// The columns that are asked for: as named, else those of the saved filter, else the usual ones.
fn columns(
    lang: Lang,
    (subject, matches): (Subject, &ArgMatches),
    shown: &[Column],
) -> Result<Vec<String>, Refusal> {
    let named = keys(lang, (subject, matches), "columns")?;
    if !named.is_empty() {
        return Ok(named);
    }
    let shown = shown.iter().filter_map(|column| subject.key_of(*column));
    Ok(shown.map(str::to_owned).collect())
}

/// Columns with commas between, by key or header.
fn keys(
    lang: Lang,
    (subject, matches): (Subject, &ArgMatches),
    name: &str,
) -> Result<Vec<String>, Refusal> {
    let Some(text) = matches.get_one::<String>(name) else { return Ok(Vec::new()) };
    let words = text.split([',', '\u{ff0c}', '\u{3001}']).map(str::trim);
    let key = |word: &str| {
        let wanted = word.replace('-', "_");
        let mut all = subject.columns().iter().map(|column| column.key);
        let found = all.find(|key| *key == wanted || outgoing::header(lang, key) == word);
        found.map(str::to_owned).ok_or_else(|| {
            let keys: Vec<&str> = subject.columns().iter().map(|column| column.key).collect();
            let refusal = Refusal::new(RefusalKind::Invalid, "no_such_column").with("name", word);
            refusal.with("names", keys.join(" "))
        })
    };
    words.filter(|word| !word.is_empty()).map(key).collect()
}

/// What for and to whom.
pub(in crate::cli) struct Said {
    /// What for.
    pub purpose: String,
    /// To whom.
    pub recipient: String,
    /// Whether somebody sits at a terminal: what a command of every night names is no answer to offer.
    pub is_typed: bool,
}

/// What for and to whom: as named, else asked at the terminal with the last answer offered.
///
/// # Errors
/// A refusal.
pub(in crate::cli) fn said(
    door: &mut dyn Door,
    lang: Lang,
    matches: &ArgMatches,
) -> Result<Said, Refusal> {
    let named = |name: &str| matches.get_one::<String>(name).cloned();
    let (purpose, recipient) = (named("purpose"), named("recipient"));
    let may_ask = io::stdin().is_terminal() && io::stderr().is_terminal();
    let is_whole = purpose.is_some() && recipient.is_some();
    if is_whole || !may_ask {
        let (purpose, recipient) = (purpose.unwrap_or_default(), recipient.unwrap_or_default());
        return Ok(Said { purpose, recipient, is_typed: may_ask });
    }
    let last = match door.call(Request::Own)? {
        Reply::Own(own) => own.settings,
        _ => return Err(Refusal::new(RefusalKind::Fault, "fault")),
    };
    let ask = |said: Option<String>, (key, setting): (&str, &str)| {
        said.unwrap_or_else(|| asked(lang, key, last.get(setting).map_or("", String::as_str)))
    };
    Ok(Said {
        purpose: ask(purpose, ("shell.export.purpose", PURPOSE)),
        recipient: ask(recipient, ("shell.export.recipient", RECIPIENT)),
        is_typed: true,
    })
}

/// An answer at the terminal; nothing typed means the one that is offered.
fn asked(lang: Lang, key: &str, offered: &str) -> String {
    let args = [("offered", offered.to_owned())];
    let key = if offered.is_empty() { key.to_owned() } else { format!("{key}.again") };
    // Whoever reads may have gone; the answer is then empty too.
    let _ = write!(io::stderr().lock(), "{} ", locale::fill(lang, &key, &args));
    let mut answer = String::new();
    let _ = io::stdin().read_line(&mut answer);
    let answer = answer.trim();
    if answer.is_empty() { offered.to_owned() } else { answer.chars().take(SAID_MAX).collect() }
}

/// Keeps purpose and recipient, to be offered next time.
pub(in crate::cli) fn remember(door: &mut dyn Door, said: [(&str, String); 2]) {
    for (name, value) in said {
        let keep = Keep::Setting { name: name.to_owned(), value: Some(value) };
        // What cannot be kept is typed again.
        let _ = door.call(Request::Keep(keep));
    }
}

fn bytes(
    lang: Lang,
    table: &Table,
    (format, matches): (FileFormat, &ArgMatches),
) -> Result<(Vec<u8>, Vec<Unmapped>), Refusal> {
    let cannot = |_| Refusal::new(RefusalKind::Invalid, "rows_do_not_fit");
    let encoded = matches.get_one::<String>("encoding").and_then(|word| Encoded::parse(word));
    match format {
        FileFormat::Xlsx => Ok((xlsx(lang, table).map_err(cannot)?, Vec::new())),
        FileFormat::Csv => csv(lang, table, encoded.unwrap_or(Encoded::Utf8)).map_err(cannot),
        FileFormat::Json => Ok((json(table), Vec::new())),
    }
}

/// Writes the file, or everything to standard output.
pub(in crate::cli) fn put(name: &str, bytes: &[u8], existing: Existing) -> Result<(), Refusal> {
    if name == "-" {
        let mut out = io::stdout().lock();
        let written = out.write_all(bytes).and_then(|()| out.flush());
        return written.map_err(|_| not_saved(name, SaveError::NotSaved));
    }
    file::save(Path::new(name), bytes, existing).map_err(|why| not_saved(name, why))
}

/// Says what became of it; on standard error where standard output is the file.
fn say(voice: Voice, name: &str, (table, form, unmapped): (&Table, Option<&Form>, &[Unmapped])) {
    let head = &table.head;
    let exported = Exported {
        file: name,
        subject: head.subject.word(),
        rows: table.rows.len(),
        columns: &head.columns,
        left_out: &head.left_out,
        sealed_left_out: head.n_sealed,
        cut: head.cut,
        unmatched: form.map_or(&[], |form| &form.unmatched),
        kept: form.map_or(0, |form| form.n_kept),
        unmapped,
    };
    let text = match voice.json {
        true => serde_json::to_string_pretty(&exported).unwrap_or_default() + "\n",
        false => text(voice.lang, &exported),
    };
    // Whoever reads may have gone; the file is there.
    let _ = match name {
        "-" => io::stderr().lock().write_all(text.as_bytes()),
        _ => io::stdout().lock().write_all(text.as_bytes()),
    };
}

fn text(lang: Lang, exported: &Exported<'_>) -> String {
    let args = [
        ("rows", exported.rows.to_string()),
        ("columns", exported.columns.len().to_string()),
        ("file", exported.file.to_owned()),
    ];
    let key = if exported.file == "-" { "shell.export.sent" } else { "shell.export.done" };
    let mut lines = vec![locale::fill(lang, key, &args)];
    for key in exported.left_out {
        let args = [("column", outgoing::header(lang, key)), ("key", key.clone())];
        lines.push(locale::fill(lang, "shell.export.left_out", &args));
    }
    if exported.sealed_left_out > 0 {
        let args = [("n", exported.sealed_left_out.to_string())];
        lines.push(locale::fill(lang, "shell.export.sealed", &args));
    }
    if exported.cut {
        lines.push(locale::text(lang, "shell.export.cut"));
    }
    if !exported.unmatched.is_empty() {
        let args = [("columns", exported.unmatched.join(", "))];
        lines.push(locale::fill(lang, "shell.export.unmatched", &args));
    }
    if exported.kept > 0 {
        let args = [("n", exported.kept.to_string())];
        lines.push(locale::fill(lang, "shell.export.kept", &args));
    }
    lines.extend(unmapped_lines(lang, exported.unmapped));
    lines.join("\n") + "\n"
}

/// The characters that an encoding does not have, a line each, the first of them.
pub(in crate::cli) fn unmapped_lines(lang: Lang, unmapped: &[Unmapped]) -> Vec<String> {
    let mut lines = Vec::new();
    for miss in unmapped.iter().take(PRINTED_MAX) {
        let args = [
            ("row", miss.row.to_string()),
            ("column", miss.column.clone()),
            ("char", miss.char.to_string()),
            ("code", format!("U+{:04X}", u32::from(miss.char))),
        ];
        lines.push(locale::fill(lang, "shell.export.unmapped", &args));
    }
    if unmapped.len() > PRINTED_MAX {
        let args = [("more", (unmapped.len() - PRINTED_MAX).to_string())];
        lines.push(locale::fill(lang, "shell.export.unmapped_more", &args));
    }
    lines
}

/// Takes rows out into the clerk's exchange folder, for the terminal program: a workbook under a
/// name that says what and when, and nothing of anybody.
///
/// # Errors
/// A refusal, or no room for the file.
pub fn into_folder(door: &mut dyn Door, query: ExportQuery, lang: Lang) -> Result<Saved, Refusal> {
    let table = outgoing::fetch(door, query)?;
    let bytes =
        xlsx(lang, &table).map_err(|_| Refusal::new(RefusalKind::Invalid, "rows_do_not_fit"))?;
    let subject = locale::text(lang, &format!("export.subject.{}", table.head.subject.word()));
    let stem = format!("{}-{}", subject.replace(' ', "-"), table.head.today);
    let place = put_apart((&stem, "xlsx"), &bytes)?;
    Ok(Saved {
        place,
        n_rows: table.rows.len() as u64,
        left_out: table.head.left_out,
        n_sealed: table.head.n_sealed,
    })
}

/// Writes a file into the clerk's exchange folder under a name that is free there; gives its place.
///
/// # Errors
/// No room, no such folder, or too many files of that name.
pub(in crate::cli) fn put_apart(
    (stem, ending): (&str, &str),
    bytes: &[u8],
) -> Result<String, Refusal> {
    put_in((&exchange_folder(), stem, ending), bytes)
}

/// The same in a folder that is named.
///
/// # Errors
/// As [`put_apart`].
pub(in crate::cli) fn put_in(
    (folder, stem, ending): (&Path, &str, &str),
    bytes: &[u8],
) -> Result<String, Refusal> {
    for at in 1..=NAMES_MAX {
        let number = if at == 1 { String::new() } else { format!("-{at}") };
        let path = folder.join(format!("{stem}{number}.{ending}"));
        match file::save(&path, bytes, Existing::Keep) {
            Ok(()) => return Ok(path.display().to_string()),
            Err(SaveError::Exists) => {}
            Err(why) => return Err(not_saved(&path.display().to_string(), why)),
        }
    }
    Err(not_saved(stem, SaveError::Exists))
}

/// A folder of that name, or of that name and a number, which is not there yet.
pub(in crate::cli) fn free_in(folder: &Path, stem: &str) -> PathBuf {
    let names = std::iter::once(stem.to_owned()).chain((2..).map(|at| format!("{stem}-{at}")));
    let mut paths = names.map(|name| folder.join(name));
    paths.find(|path| path.symlink_metadata().is_err()).unwrap_or_default()
}

/// Whether files can go into the exchange folder, before anything is made for it.
///
/// # Errors
/// It is not there, or cannot be written.
pub(in crate::cli) fn is_folder() -> Result<(), Refusal> {
    let folder = exchange_folder();
    let is_open = folder.metadata().is_ok_and(|it| it.is_dir() && !it.permissions().readonly());
    match is_open {
        true => Ok(()),
        false => Err(not_saved(&folder.display().to_string(), SaveError::NotSaved)),
    }
}

/// The clerk's exchange folder: the one that is named, else the usual one in their home, else where
/// the program was started.
pub fn exchange_folder() -> PathBuf {
    let named = env::var_os(EXCHANGE).map(PathBuf::from).filter(|path| path.is_absolute());
    let usual = || env::var_os("HOME").map(|home| PathBuf::from(home).join(EXCHANGE_FOLDER));
    let usual = || usual().filter(|path| path.is_absolute() && path.is_dir());
    named.or_else(usual).unwrap_or_else(|| PathBuf::from("."))
}
