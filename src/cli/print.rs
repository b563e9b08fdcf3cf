//! Documents about several matters, as docx or as a workbook: what leaders lead, what somebody is
//! reminded of, the list of the meeting, reports.
//!
//! Where names go out, and with reports, what for and to whom is asked and logged as for any export.

use std::io::{self, IsTerminal, Write as _};
use std::path::Path;

use clap::ArgMatches;
use serde::Serialize;

use crate::api::compare::CompareQuery;
use crate::api::door::Door;
use crate::api::print::{Print, PrintWanted};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::report::{ReportQuery, ReportSaid};
use crate::api::request::Request;
use crate::cli::count;
use crate::cli::export::{self, PURPOSE, RECIPIENT, is_free, put};
use crate::cli::meeting::Masked;
use crate::cli::tell::{Outcome, Told, Voice};
use crate::cli::{compare, orders};
use crate::domain::ids::{Kind, OfficerId};
use crate::exchange::document::{self, Document, book};
use crate::exchange::export::{Encoded, Unmapped, grid_csv};
use crate::exchange::file::Existing;
use crate::exchange::paper::make::unfit;
use crate::locale::{self, Lang};
use crate::tui::app::outgoing::Saved;

pub mod due;
mod leads;
pub mod meeting;
pub mod report;

/// A document and what is in it.
pub struct Printed {
    /// The document.
    pub document: Document,
    /// What its file is called, without its ending.
    pub stem: String,
    /// How many rows it has.
    pub n_rows: u64,
    /// How many sealed matters were left out.
    pub n_sealed: u64,
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Docx,
    Xlsx,
    Csv,
}

/// A document that was written, as JSON.
#[derive(Debug, Serialize)]
struct Made<'m> {
    file: &'m str,
    parts: usize,
    rows: u64,
    sealed_left_out: u64,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    unmapped: &'m [Unmapped],
}

impl Ending {
    /// The kind of file that a name promises.
    fn of_name(name: &str) -> Result<Self, Refusal> {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        match ending.as_deref() {
            Some("docx") => Ok(Self::Docx),
            Some("xlsx") => Ok(Self::Xlsx),
            Some("csv") => Ok(Self::Csv),
            // Standard output has no name: a document is what is printed first.
            None if name == "-" => Ok(Self::Docx),
            Some(_) | None => {
                Err(Refusal::new(RefusalKind::Invalid, "no_such_print").with("name", name))
            }
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }

    fn bytes(
        self,
        document: &Document,
        encoded: Encoded,
    ) -> Result<(Vec<u8>, Vec<Unmapped>), Refusal> {
        let cannot = || Refusal::new(RefusalKind::Invalid, "rows_do_not_fit");
        match self {
            Self::Docx => {
                let bytes = document::docx(document).map_err(|error| unfit(&error))?;
                Ok((bytes, Vec::new()))
            }
            Self::Xlsx => Ok((book::xlsx(document).map_err(|_| cannot())?, Vec::new())),
            Self::Csv => {
                let mut grids = document.parts.iter().flat_map(|part| &part.grids);
                grid_csv(grids.next().ok_or_else(cannot)?, encoded).map_err(|_| cannot())
            }
        }
    }
}

/// `paper leads`: a page for each leader.
///
/// # Errors
/// What is missing, a file that is there already, or a refusal.
pub fn leads(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let mut officers = Vec::new();
    for name in matches.get_many::<String>("officers").into_iter().flatten() {
        officers.push(OfficerId(orders::named(door, Kind::Officer, name)?));
    }
    let name = file_of(matches)?;
    let said = export::said(door, voice.lang, matches)?;
    let wanted = PrintWanted {
        print: Print::Leads(officers),
        purpose: said.purpose,
        recipient: said.recipient,
        sealed: matches.get_flag("sealed"),
    };
    let printed = printed(door, voice.lang, &wanted)?;
    if said.is_typed {
        export::remember(door, [(PURPOSE, wanted.purpose), (RECIPIENT, wanted.recipient)]);
    }
    written(voice, (name, matches), &printed)
}

/// The file of `-o`, which can be made and is of a known kind.
pub(in crate::cli) fn file_of(matches: &ArgMatches) -> Result<&str, Refusal> {
    let name = matches.get_one::<String>("output").map_or("", String::as_str);
    // What is more than one table has no encoding to be asked for, and is no text with commas.
    let is_one_table = matches.try_contains_id("encoding").is_ok();
    if Ending::of_name(name)? == Ending::Csv && !is_one_table {
        return Err(Refusal::new(RefusalKind::Invalid, "no_such_print").with("name", name));
    }
    is_free(name, existing(matches))?;
    if name == "-" && io::stdout().is_terminal() {
        return Err(Refusal::new(RefusalKind::Invalid, "paper_on_terminal"));
    }
    Ok(name)
}

fn existing(matches: &ArgMatches) -> Existing {
    if matches.get_flag("force") { Existing::Replace } else { Existing::Keep }
}

/// Writes the file, and says what is in it.
pub(in crate::cli) fn written(
    voice: Voice,
    (name, matches): (&str, &ArgMatches),
    printed: &Printed,
) -> Outcome {
    let n_parts = printed.document.parts.len();
    if n_parts == 0 {
        return Ok(Told::Nothing);
    }
    let encoded = matches.try_get_one::<String>("encoding").ok().flatten();
    let encoded = encoded.and_then(|word| Encoded::parse(word)).unwrap_or(Encoded::Utf8);
    let (bytes, unmapped) = Ending::of_name(name)?.bytes(&printed.document, encoded)?;
    put(name, &bytes, existing(matches))?;
    let made = Made {
        file: name,
        parts: n_parts,
        rows: printed.n_rows,
        sealed_left_out: printed.n_sealed,
        unmapped: &unmapped,
    };
    let text = match voice.json {
        true => serde_json::to_string_pretty(&made).unwrap_or_default() + "\n",
        false => told(voice.lang, &made),
    };
    // Whoever reads may have gone; the file is there.
    let _ = match name {
        "-" => io::stderr().lock().write_all(text.as_bytes()),
        _ => io::stdout().lock().write_all(text.as_bytes()),
    };
    Ok(Told::Done)
}

fn told(lang: Lang, made: &Made<'_>) -> String {
    let args = [
        ("file", made.file.to_owned()),
        ("parts", made.parts.to_string()),
        ("rows", made.rows.to_string()),
        ("n", made.sealed_left_out.to_string()),
    ];
    let mut text = locale::fill(lang, "shell.print.done", &args) + "\n";
    if made.sealed_left_out > 0 {
        text += &(locale::fill(lang, "shell.export.sealed", &args) + "\n");
    }
    let missing = export::unmapped_lines(lang, made.unmapped).into_iter();
    text + &missing.map(|line| line + "\n").collect::<String>()
}

/// Makes a document.
fn printed(door: &mut dyn Door, lang: Lang, wanted: &PrintWanted) -> Result<Printed, Refusal> {
    let said =
        || ReportSaid { purpose: wanted.purpose.clone(), recipient: wanted.recipient.clone() };
    match &wanted.print {
        Print::Leads(officers) => leads::pages(door, lang, (officers, wanted)),
        Print::Reminder(whose) => due::page(door, lang, *whose),
        Print::Report(query) => {
            report::page(door, lang, ReportQuery { said: Some(said()), ..query.clone() })
        }
        Print::Compare(file) => {
            let said = Some(said());
            compare::page(door, lang, CompareQuery { file: file.clone(), same: true, said })
        }
        Print::Cut(own) => count::page(door, lang, (*own, said())),
        Print::Meeting => {
            let odd = || Refusal::new(RefusalKind::Fault, "fault");
            let Reply::Me(me) = door.call(Request::Greet)? else { return Err(odd()) };
            let asked = Request::Masked(Box::new(Request::Meeting));
            let Reply::Meeting(view) = door.call(asked)? else { return Err(odd()) };
            Ok(meeting::list(lang, (&me, Some(Masked)), &view))
        }
    }
}

/// Prints into the clerk's exchange folder, for the terminal program: what is wanted as docx, and
/// beside it as a workbook, under names that say what and when and nothing of anybody.
///
/// # Errors
/// A refusal, nothing to print, or no room for the file.
pub fn into_folder(
    door: &mut dyn Door,
    wanted: &PrintWanted,
    lang: Lang,
) -> Result<Saved, Refusal> {
    export::is_folder()?;
    into(door, wanted, (&export::exchange_folder(), lang))
}

/// The same into a folder that is named.
///
/// # Errors
/// As [`into_folder`].
pub fn into(
    door: &mut dyn Door,
    wanted: &PrintWanted,
    (folder, lang): (&Path, Lang),
) -> Result<Saved, Refusal> {
    let printed = printed(door, lang, wanted)?;
    if printed.document.parts.is_empty() {
        return Err(Refusal::new(RefusalKind::NotFound, "nothing_to_print"));
    }
    let mut places = Vec::new();
    for ending in [Ending::Docx, Ending::Xlsx] {
        let (bytes, _) = ending.bytes(&printed.document, Encoded::Utf8)?;
        places.push(export::put_in((folder, &printed.stem, ending.word()), &bytes)?);
    }
    Ok(Saved {
        place: places.swap_remove(0),
        n_rows: printed.n_rows,
        left_out: Vec::new(),
        n_sealed: printed.n_sealed,
    })
}
