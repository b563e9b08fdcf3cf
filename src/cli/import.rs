//! `import cases FILE`: read in a child process, staged in pieces, tried or taken in as one change.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{IsTerminal, Read, Seek, Write as _};
use std::ops::ControlFlow;
use std::path::Path;

use clap::ArgMatches;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{Answers, ImportView, Reply, RowRefusal};
use crate::api::request::{Book, ImportRow, ImportTerms, Piece, Request};
use crate::cli::orders;
use crate::cli::remark::Seen;
use crate::cli::tell::{Outcome, Told, Voice};
use crate::domain::act::Act;
use crate::exchange::cell::{Remarks, Row, SheetError, Trouble};
use crate::exchange::columns::{Columns, Topic, fold};
use crate::exchange::file::{self, Existing};
use crate::exchange::kind::{Kind, Promise};
use crate::exchange::ledger::{LedgerReader, LedgerRow, Report, Terms, TermsError};
use crate::exchange::sheet::{Reading, own_program, read_rows};
use crate::exchange::write::{Labels, Rejects};
use crate::locale::{self, Lang};

/// The most bytes of rows in one piece, so that its frame stays below the cap of a request.
const PIECE_BYTES_MAX: usize = 40 * 1024;
/// The most refusals that are printed as text; all are in JSON and in the list of rejects.
const PRINTED_MAX: usize = 20;

#[derive(Debug, Serialize)]
struct Imported<'a> {
    batch: Option<&'a String>,
    rows: u64,
    new: u64,
    same: u64,
    updated: u64,
    refused: u64,
    new_persons: u64,
    known_persons: u64,
    new_units: &'a [String],
    new_officers: &'a [String],
    dropped_columns: Vec<String>,
    ignored_columns: Vec<String>,
    seen: Seen,
    answers: Answers,
    refusals: Vec<&'a RowRefusal>,
}

/// Runs the command.
///
/// # Errors
/// A file that cannot be read, or a refusal.
pub fn cases(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let name = matches.get_one::<String>("file").map_or("", String::as_str);
    let sheet = matches.get_one::<String>("sheet").cloned();
    let mut source = open(name)?;
    let hash = hash(&mut source)?;
    let promise = Promise::of_name(name);
    let reading = Reading {
        program: own_program(),
        kind: Kind::of(&mut source, promise).map_err(|why| unreadable(&why.into()))?,
        sheet,
    };
    let columns = told_columns(voice.lang, matches)?;
    let read = read_all(door, (&reading, &source, &hash), &columns)?;
    if read.report.mappings.is_empty() {
        return Err(Refusal::new(RefusalKind::Invalid, "no_header"));
    }
    all_are_there(&columns, &read.report)?;
    let book = book(voice.lang, matches)?;
    let terms = ImportTerms { file: hash.clone(), book, from: 0 };
    let mut view = attempt(door, &terms)?;
    let refusals = all_refusals(door, &terms, &view)?;
    if !matches.get_flag("dry-run") && view.new > 0 {
        let fields = [("file", hash.as_str()), ("book", book.word())]
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .into();
        let done = orders::send(door, (Act::Import, None, None), fields)?;
        view.batch = done.import.and_then(|import| import.batch);
    }
    if let Some(out) = matches.get_one::<String>("rejects") {
        write_rejects(voice.lang, (out, &reading, &source), (&read.report, &refusals))?;
    }
    say(voice, &read, (&view, &refusals))?;
    Ok(if view.new + view.same == 0 { Told::Nothing } else { Told::Done })
}

fn open(name: &str) -> Result<File, Refusal> {
    let opened =
        if name == "-" { file::spool(std::io::stdin()) } else { file::open(Path::new(name)) };
    opened.map_err(|why| unreadable(&why.into()))
}

/// What is wrong with a file, and where.
pub fn unreadable(error: &SheetError) -> Refusal {
    let mut refusal = Refusal::new(RefusalKind::Invalid, "file_is_unreadable");
    refusal.wrongs.push(crate::domain::form::Wrong {
        field: error.at.print(),
        why: error.why.key().to_owned(),
    });
    refusal
}

/// The SHA-256 of a file, in hex: the name under which its rows are staged.
fn hash(source: &mut File) -> Result<String, Refusal> {
    let broken = |_| unreadable(&Trouble::NotAFile.into());
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    source.rewind().map_err(broken)?;
    loop {
        let n_read = source.read(&mut buffer).map_err(broken)?;
        let Some(part) = buffer.get(..n_read).filter(|part| !part.is_empty()) else { break };
        hasher.update(part);
    }
    source.rewind().map_err(broken)?;
    let mut text = String::new();
    for byte in hasher.finalize() {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

/// The columns that `--column` maps: a header, and a field by its key or its label.
fn told_columns(lang: Lang, matches: &ArgMatches) -> Result<Vec<(String, String)>, Refusal> {
    let tables = Columns::built_in(Topic::Cases);
    let told = matches.get_many::<String>("column").into_iter().flatten();
    told.map(|told| {
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
    })
    .collect()
}

fn no_such_field(tables: &Columns, name: &str) -> Refusal {
    let keys: Vec<&str> = tables.fields.iter().map(|field| field.key.as_str()).collect();
    Refusal::new(RefusalKind::Invalid, "no_such_field")
        .with("name", name)
        .with("fields", keys.join(" "))
}

fn bad_column(why: &TermsError) -> Refusal {
    match why {
        TermsError::NoSuchField(name) => no_such_field(&Columns::built_in(Topic::Cases), name),
        TermsError::Refused { header, .. } => {
            Refusal::new(RefusalKind::Invalid, "column_is_never_taken").with("name", header)
        }
    }
}

/// Whether every column that was mapped by hand stands in the file: a header that is misspelt
/// would otherwise be left out without a word.
fn all_are_there(columns: &[(String, String)], report: &Report) -> Result<(), Refusal> {
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

/// What was read and staged.
struct Staged {
    report: Report,
    remarks: Remarks,
}

/// Reads a file and stages its rows piece by piece as they come.
fn read_all(
    door: &mut dyn Door,
    (reading, source, hash): (&Reading, &File, &str),
    told: &[(String, String)],
) -> Result<Staged, Refusal> {
    let columns = Columns::built_in(Topic::Cases);
    let villages = match door.call(Request::Units)? {
        Reply::Units(units) => units.into_iter().map(|unit| unit.name).collect(),
        _ => BTreeSet::new(),
    };
    let terms = Terms { villages, columns: told.to_vec() };
    let mut reader = LedgerReader::new(&columns, &terms).map_err(|why| bad_column(&why))?;
    let mut stage =
        Stage { door, file: hash, first: 0, rows: Vec::new(), n_bytes: 0, failed: None };
    // The first piece, even an empty one, clears what an earlier attempt left.
    stage.send();
    let handle = source.try_clone().map_err(|_| unreadable(&Trouble::NotAFile.into()))?;
    let book = read_rows(reading, handle, &mut |row| reader.take(row, &mut |row| stage.take(row)))
        .map_err(|error| unreadable(&error))?;
    let report = reader.finish(&mut |row| stage.take(row));
    stage.send();
    match stage.failed {
        Some(refusal) => Err(refusal),
        None => Ok(Staged { report, remarks: book.remarks }),
    }
}

/// Rows on their way to the server.
struct Stage<'d> {
    door: &'d mut dyn Door,
    file: &'d str,
    first: u64,
    rows: Vec<ImportRow>,
    n_bytes: usize,
    failed: Option<Refusal>,
}

impl Stage<'_> {
    fn take(&mut self, row: LedgerRow) -> ControlFlow<()> {
        let values = row.values;
        let size: usize = values.iter().map(|(name, text)| name.len() + text.len() + 8).sum();
        if self.n_bytes + size > PIECE_BYTES_MAX {
            self.send();
        }
        self.n_bytes += size + 64;
        let problems = row.problems.iter();
        let problems = problems.map(|problem| (problem.field.clone(), problem.why.to_string()));
        self.rows.push(ImportRow {
            sheet: row.sheet.name.clone(),
            row: row.row,
            problems: problems.collect(),
            values,
        });
        if self.failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn send(&mut self) {
        if self.failed.is_some() {
            return;
        }
        let rows = std::mem::take(&mut self.rows);
        let n_rows = rows.len() as u64;
        let piece = Piece { file: self.file.to_owned(), first: self.first, rows };
        self.failed = self.door.call(Request::Stage(piece)).err();
        self.first += n_rows;
        self.n_bytes = 0;
    }
}

/// What the rows become: the flag, an answer at the terminal, else history.
fn book(lang: Lang, matches: &ArgMatches) -> Result<Book, Refusal> {
    if let Some(word) = matches.get_one::<String>("as") {
        return Book::parse(word)
            .ok_or_else(|| Refusal::new(RefusalKind::Invalid, "book_is_missing"));
    }
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(Book::History);
    }
    // Whoever reads may have gone; the answer is then empty too.
    let _ = write!(std::io::stderr().lock(), "{} ", locale::text(lang, "shell.import.ask"));
    let mut answer = String::new();
    let _ = std::io::stdin().read_line(&mut answer);
    Ok(if answer.trim() == "1" { Book::Open } else { Book::History })
}

fn attempt(door: &mut dyn Door, terms: &ImportTerms) -> Result<ImportView, Refusal> {
    match door.call(Request::TryImport(terms.clone()))? {
        Reply::Import(view) => Ok(*view),
        _ => Err(Refusal::new(RefusalKind::Fault, "fault")),
    }
}

/// All refusals, page by page.
fn all_refusals(
    door: &mut dyn Door,
    terms: &ImportTerms,
    first: &ImportView,
) -> Result<Vec<RowRefusal>, Refusal> {
    let mut refusals = first.refusals.clone();
    let mut more = first.more;
    while more {
        let Some(last) = refusals.last() else { break };
        let next = attempt(door, &ImportTerms { from: last.index + 1, ..terms.clone() })?;
        more = next.more && !next.refusals.is_empty();
        refusals.extend(next.refusals);
    }
    Ok(refusals)
}

fn say(voice: Voice, read: &Staged, (view, refusals): (&ImportView, &[RowRefusal])) -> Outcome {
    let report = &read.report;
    let dropped: BTreeSet<(String, String)> = report.dropped_columns();
    let ignored: BTreeSet<&String> = report
        .mappings
        .iter()
        .flat_map(|mapping| &mapping.ignored)
        .map(|column| &column.header)
        .filter(|header| !header.is_empty())
        .collect();
    let imported = Imported {
        batch: view.batch.as_ref(),
        rows: view.rows,
        new: view.new,
        same: view.same,
        updated: view.updated,
        refused: view.refused,
        new_persons: view.new_persons,
        known_persons: view.known_persons,
        new_units: &view.new_units,
        new_officers: &view.new_officers,
        dropped_columns: dropped.iter().map(|(header, _)| header.clone()).collect(),
        ignored_columns: ignored.into_iter().cloned().collect(),
        seen: Seen::of(&read.remarks, report),
        answers: view.answers,
        refusals: refusals.iter().collect(),
    };
    voice.say(&imported, |lang| {
        let args = [
            ("rows", view.rows.to_string()),
            ("new", view.new.to_string()),
            ("same", view.same.to_string()),
            ("refused", view.refused.to_string()),
            ("persons", view.new_persons.to_string()),
        ];
        let key = if view.batch.is_some() { "shell.import.done" } else { "shell.import.tried" };
        let mut text = locale::fill(lang, key, &args) + "\n";
        if view.answers.dated > 0 {
            let args = [
                ("dated", view.answers.dated.to_string()),
                ("over_15", view.answers.over_15.to_string()),
                ("over_60", view.answers.over_60.to_string()),
            ];
            text.push_str(&(locale::fill(lang, "shell.import.answers", &args) + "\n"));
        }
        for (header, reason) in &dropped {
            let reason = locale::text(lang, &format!("refused_column.{reason}"));
            let args = [("column", header.as_str()), ("reason", reason.as_str())];
            text.push_str(&(locale::fill(lang, "shell.import.dropped", &args) + "\n"));
        }
        text.push_str(&imported.seen.print(lang, &imported.ignored_columns));
        for refusal in refusals.iter().take(PRINTED_MAX) {
            text.push_str(&(refusal_line(lang, refusal) + "\n"));
        }
        if refusals.len() > PRINTED_MAX {
            let more = (refusals.len() - PRINTED_MAX).to_string();
            text.push_str(&(locale::fill(lang, "shell.import.more", &[("more", more)]) + "\n"));
        }
        text
    })
}

fn refusal_line(lang: Lang, refusal: &RowRefusal) -> String {
    let args = [
        ("sheet", refusal.sheet.clone()),
        ("row", refusal.row.to_string()),
        ("column", column_label(lang, refusal.column.as_deref())),
        ("why", why(lang, refusal)),
    ];
    locale::fill(lang, "shell.import.refusal", &args)
}

fn why(lang: Lang, refusal: &RowRefusal) -> String {
    let arg = refusal.arg.clone().unwrap_or_default();
    locale::fill(lang, &format!("wrong.{}", refusal.why), &[("arg", arg)])
}

fn column_label(lang: Lang, column: Option<&str>) -> String {
    let column = column.unwrap_or_default();
    locale::find(lang, &format!("import.{column}")).unwrap_or(column).to_owned()
}

/// Writes the refused rows, as they stand in the file, with a column of reasons.
fn write_rejects(
    lang: Lang,
    (out, reading, source): (&str, &Reading, &File),
    (report, refusals): (&Report, &[RowRefusal]),
) -> Result<(), Refusal> {
    let mut reasons: BTreeMap<(&str, u32), String> = BTreeMap::new();
    for refusal in refusals {
        let reason = reasons.entry((refusal.sheet.as_str(), refusal.row)).or_default();
        let label = column_label(lang, refusal.column.as_deref());
        let _ = write!(reason, "{label}: {}  ", why(lang, refusal));
    }
    let labels = Labels {
        reason: locale::text(lang, "shell.import.reason"),
        row: locale::text(lang, "shell.import.row"),
        sheet: locale::text(lang, "shell.import.sheet"),
    };
    let mut rejects = Rejects::new(&report.mappings, &labels);
    let handle = source.try_clone().map_err(|_| unreadable(&Trouble::NotAFile.into()))?;
    read_rows(reading, handle, &mut |row: Row| {
        if let Some(reason) = reasons.get(&(row.sheet.name.as_str(), row.line.number)) {
            rejects.push(&row, reason.trim_end());
        }
        ControlFlow::Continue(())
    })
    .map_err(|error| unreadable(&error))?;
    let cannot = || Refusal::new(RefusalKind::Invalid, "cannot_write").with("name", "--rejects");
    let bytes = rejects.bytes().map_err(|_| cannot())?;
    file::save(Path::new(out), &bytes, Existing::Keep).map_err(|_| cannot())
}
