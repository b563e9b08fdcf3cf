//! Work on files for the terminal program: the exchange folder, a table that is read, the rows of it
//! that were refused.
//!
//! INVARIANT: only plain files directly in the exchange folder are opened, by the names that were
//! listed there.

use std::fs;
use std::io::Seek;
use std::ops::ControlFlow;
use std::path::PathBuf;

use chrono::{DateTime, Local};

use crate::api::compare::CompareQuery;
use crate::api::door::Door;
use crate::api::dossier::DossierQuery;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::cli::attach::{self, plain};
use crate::cli::export::{exchange_folder, free_in, put_in};
use crate::cli::import::glimpse::{columns, sheets};
use crate::cli::import::mapping::bad_column;
use crate::cli::import::places::Places;
use crate::cli::import::reading::{Source, Staged, read_all};
use crate::cli::import::{rejects, say, topic, unreadable, whole};
use crate::cli::remark::Seen;
use crate::cli::{compare, dossier, template, village};
use crate::domain::text::is_hidden;
use crate::exchange::columns::Columns;
use crate::exchange::file;
use crate::exchange::ledger::{HeaderRow, LedgerReader, Report, Terms};
use crate::exchange::sheet::own_program;
use crate::locale::{self, Lang};
use crate::tui::incoming::table::TableRead;
use crate::tui::incoming::{
    Dossiers, Fetch, FileRow, Folder, Heads, Matching, Origin, Outcome, Progress, ReadTerms, Stop,
    Told, Work, extent,
};

/// The most files that are listed.
const FILES_MAX: usize = 500;
/// The most columns of pasted cells without a header.
const CELLS_MAX: usize = 100;
/// How the names of tables end.
const ENDS: [&str; 8] = ["xlsx", "xlsm", "xls", "ods", "et", "csv", "tsv", "txt"];
/// How the names of what can be attached end; what it is, its content says.
const SCANS: [&str; 9] = ["pdf", "jpg", "jpeg", "png", "tif", "tiff", "docx", "xlsx", "ofd"];

/// Where files lie and who reads them.
#[derive(Debug, Clone)]
pub struct Shelf {
    /// The exchange folder.
    pub folder: PathBuf,
    /// The program that acts as the child in which files are read.
    pub program: PathBuf,
    /// The clerk's language.
    pub lang: Lang,
}

/// Does what the terminal program asks, in the clerk's own exchange folder.
///
/// # Errors
/// As [`Shelf::perform`].
pub fn work(
    door: &mut dyn Door,
    (work, lang): (&Work, Lang),
    told: Told<'_>,
) -> Result<Outcome, Refusal> {
    Shelf::own(lang).perform(door, work, told)
}

impl Shelf {
    /// The clerk's own.
    pub fn own(lang: Lang) -> Self {
        Self { folder: exchange_folder(), program: own_program(), lang }
    }

    /// Does what is asked.
    ///
    /// # Errors
    /// A file that cannot be read or written, or a refusal of the server.
    pub fn perform(
        &self,
        door: &mut dyn Door,
        work: &Work,
        told: Told<'_>,
    ) -> Result<Outcome, Refusal> {
        match work {
            Work::List => Ok(Outcome::Folder(self.list(&may_be_table))),
            Work::ListScans => Ok(Outcome::Folder(self.list(&may_be_scan))),
            Work::Send(name, stop) => self.send(door, (name, stop), told),
            Work::Fetch(wanted) => self.fetch(door, wanted),
            Work::Dossier(query) => self.dossier(door, query),
            Work::SendForms(wanted) => {
                village::into_folder(door, (wanted, self.lang), &self.folder).map(Outcome::Forms)
            }
            Work::ReadForm(origin) => self.form(door, origin),
            Work::TryForm(file, decided) => {
                let view = village::back::whole(door, file, decided)?;
                Ok(Outcome::Form(file.clone(), Box::new(view)))
            }
            Work::Compare(origin, matching) => {
                let source = self.source(&ReadTerms::new(origin.clone()), Heads::Guess)?;
                let file = compare::stage(door, source)?;
                let same = *matching == Matching::Listed;
                let query = CompareQuery { file: file.clone(), same, said: None };
                let view = compare::whole(door, query)?;
                Ok(Outcome::Compared(file, Box::new(view)))
            }
            Work::Read(terms, stop) => self.read(door, (terms, stop), told),
            Work::ListTemplates => Ok(Outcome::Folder(self.list(&may_be_template))),
            Work::TakeTemplate(paper) => {
                template::take_out(door, *paper, &self.folder).map(Outcome::Written)
            }
            Work::ReadTemplate(paper, name) => {
                let read = template::read(door, *paper, &self.folder.join(name))?;
                Ok(Outcome::Template(read.into()))
            }
            Work::Refused(terms, read) => self.refused(terms, read),
        }
    }

    /// Sends a file, so that it can be attached.
    fn send(
        &self,
        door: &mut dyn Door,
        (name, stop): (&str, &Stop),
        told: Told<'_>,
    ) -> Result<Outcome, Refusal> {
        let path = self.folder.join(name);
        let file = file::open(&path).map_err(|why| unreadable(&why.into()))?;
        let mut last = 0;
        let digest = attach::upload(door, file, &mut |percent| {
            if stop.is_set() {
                return ControlFlow::Break(());
            }
            if percent == last {
                return ControlFlow::Continue(());
            }
            last = percent;
            told(Progress { n_rows: 0, percent })
        })?;
        Ok(digest.map_or(Outcome::Stopped, |digest| Outcome::Sent(name.to_owned(), digest)))
    }

    /// Writes an attachment under the number of its case and its own, and what it is: nobody is named
    /// by a file in the folder.
    fn fetch(&self, door: &mut dyn Door, wanted: &Fetch) -> Result<Outcome, Refusal> {
        let (case, number) = &wanted.case;
        let bytes = attach::fetch(door, (*case, wanted.number), &wanted.own)?;
        let what = attach::what(&wanted.own);
        let stem = format!("{}-{}-{}", plain(number), wanted.number, plain(&what));
        put_in((&self.folder, &stem, wanted.own.media.ending()), &bytes).map(Outcome::Written)
    }

    /// Writes the files of cases into a folder of their own, under a name that is free.
    fn dossier(&self, door: &mut dyn Door, query: &DossierQuery) -> Result<Outcome, Refusal> {
        let Reply::Me(me) = door.call(Request::Greet)? else {
            return Err(Refusal::new(RefusalKind::Fault, "fault"));
        };
        let stem = format!("{}-{}", locale::text(Lang::Zh, "dossier.folder"), me.today);
        let path = free_in(&self.folder, &stem);
        let (view, made) = dossier::write(door, query.clone(), &path)?;
        Ok(Outcome::Dossiers(Dossiers {
            place: path.display().to_string(),
            n_cases: made.len(),
            n_gaps: made.iter().map(|one| one.gaps.len()).sum(),
            n_sealed: view.n_sealed,
        }))
    }

    /// The files that are meant, the newest first.
    fn list(&self, is_meant: &dyn Fn(&str) -> bool) -> Folder {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().filter_map(Result::ok);
        let mut files: Vec<_> = entries
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                let meta = entry.metadata().ok().filter(fs::Metadata::is_file)?;
                let changed = DateTime::<Local>::from(meta.modified().ok()?);
                is_meant(&name).then(|| {
                    let changed_at = changed.format("%Y-%m-%d %H:%M").to_string();
                    (changed, FileRow { name, n_bytes: meta.len(), changed_at })
                })
            })
            .collect();
        files.sort_by(|(left, a), (right, b)| right.cmp(left).then_with(|| a.name.cmp(&b.name)));
        let n_more = files.len().saturating_sub(FILES_MAX);
        let files = files.into_iter().map(|(_, file)| file).take(FILES_MAX).collect();
        let is_set = self.folder.is_absolute();
        Folder { place: self.folder.display().to_string(), is_set, files, n_more }
    }

    fn read(
        &self,
        door: &mut dyn Door,
        (terms, stop): (&ReadTerms, &Stop),
        told: Told<'_>,
    ) -> Result<Outcome, Refusal> {
        let heads = match &terms.origin {
            Origin::Cells(_, heads) => *heads,
            Origin::File(_) => Heads::First,
        };
        let source = self.source(terms, heads)?;
        let Some(read) = staged(door, (&source, terms), (stop, &mut *told))? else {
            return Ok(Outcome::Stopped);
        };
        if !read.report.mappings.is_empty() {
            return self.told(door, (&source, terms), (&read, heads == Heads::Without));
        }
        if heads != Heads::Guess {
            let key = match terms.origin {
                Origin::File(_) => "no_header_here",
                Origin::Cells(..) => "no_header_in_cells",
            };
            return Err(Refusal::new(RefusalKind::Invalid, key));
        }
        // No row of what was pasted is a header: all of them are rows.
        let source = self.source(terms, Heads::Without)?;
        match staged(door, (&source, terms), (stop, told))? {
            Some(read) => self.told(door, (&source, terms), (&read, true)),
            None => Ok(Outcome::Stopped),
        }
    }

    /// Reads a form that a village sent back.
    fn form(&self, door: &mut dyn Door, origin: &Origin) -> Result<Outcome, Refusal> {
        let terms = ReadTerms::new(origin.clone());
        let source = self.source(&terms, Heads::Guess)?;
        let view = village::back::read(door, &source, self.lang)?;
        Ok(Outcome::Form(source.hash, Box::new(view)))
    }

    /// What is told of a table that was read and is kept aside.
    fn told(
        &self,
        door: &mut dyn Door,
        (source, terms): (&Source, &ReadTerms),
        (read, is_headless): (&Staged, bool),
    ) -> Result<Outcome, Refusal> {
        let view = whole(door, &terms.staged(&source.hash))?;
        let seen = Seen::of(&read.book.remarks, &read.report);
        let places = Places::of(&read.report);
        let ignored = say::ignored(&read.report).into_iter();
        let ignored: Vec<String> = ignored.map(|header| places.said(self.lang, &header)).collect();
        // Without a header all columns are unknown at first.
        let ignored = if is_headless { &[] } else { ignored.as_slice() };
        let notes = seen.lines(self.lang, "incoming.note.", ignored);
        let fields = Columns::built_in(source.topic).fields.into_iter();
        let name = match &terms.origin {
            Origin::File(name) => name.clone(),
            Origin::Cells(cells, _) => {
                let count = [("count", extent(cells).0.to_string())];
                locale::fill(self.lang, "incoming.cells", &count)
            }
        };
        let table = TableRead {
            name,
            hash: source.hash.clone(),
            columns: columns(read),
            sheets: sheets(read),
            n_undated: read.n_undated,
            fields: fields.map(|field| field.key).collect(),
            notes,
            is_headless,
            view,
        };
        Ok(Outcome::Read(table.into()))
    }

    /// Where the rows come from, opened.
    fn source(&self, terms: &ReadTerms, heads: Heads) -> Result<Source, Refusal> {
        let mut source = match &terms.origin {
            Origin::File(name) => {
                let path = self.folder.join(name).display().to_string();
                Source::open(&path, terms.sheet.clone())?
            }
            Origin::Cells(cells, _) if heads == Heads::Without => {
                let headers = self.headers(cells);
                Source::pasted(cells, Some(&headers))?
            }
            Origin::Cells(cells, _) => Source::pasted(cells, None)?,
        };
        if matches!(terms.origin, Origin::Cells(..)) && heads == Heads::First {
            source.header = HeaderRow::First;
        }
        source.topic = topic(terms.rows);
        source.received_on.clone_from(&terms.received_on);
        source.reading.program.clone_from(&self.program);
        Ok(source)
    }

    /// Names for the columns of cells that have none.
    fn headers(&self, cells: &str) -> Vec<String> {
        let (_, n_columns) = extent(cells);
        let name = |at: usize| locale::fill(self.lang, "incoming.column", &[("n", at.to_string())]);
        (1..=n_columns.min(CELLS_MAX)).map(name).collect()
    }

    /// Writes the rows that were refused into the exchange folder.
    fn refused(&self, terms: &ReadTerms, read: &TableRead) -> Result<Outcome, Refusal> {
        let heads = match (&terms.origin, read.is_headless) {
            (_, true) => Heads::Without,
            (Origin::Cells(_, Heads::First), false) => Heads::First,
            (_, false) => Heads::Guess,
        };
        let source = self.source(terms, heads)?;
        if source.hash != read.hash {
            return Err(Refusal::new(RefusalKind::Invalid, "file_has_changed"));
        }
        let report = report(&source, terms)?;
        let bytes = rejects::workbook(self.lang, &source, (&report, &read.view.refusals))?;
        let name = match &terms.origin {
            Origin::File(name) => name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem),
            Origin::Cells(..) => "",
        };
        let pasted = || locale::text(self.lang, "incoming.pasted.file");
        let name = if name.is_empty() { pasted() } else { name.to_owned() };
        let stem = format!("{name}-{}", locale::text(self.lang, "incoming.refused.file"));
        put_in((&self.folder, &stem, "xlsx"), &bytes).map(Outcome::Written)
    }
}

/// Reads a table and keeps its rows aside at the server; nothing if it was to end.
fn staged(
    door: &mut dyn Door,
    (source, terms): (&Source, &ReadTerms),
    (stop, told): (&Stop, Told<'_>),
) -> Result<Option<Staged>, Refusal> {
    // The child reads through the same open file, so its position says how far that is.
    let mut same = source.handle()?;
    let length = same.metadata().map_or(1, |meta| meta.len()).max(1);
    let mut percent = 0;
    let mut watch = |n_rows| {
        if stop.is_set() {
            return ControlFlow::Break(());
        }
        let n_read = same.stream_position().unwrap_or(0);
        let now = u8::try_from((n_read.saturating_mul(100) / length).min(99)).unwrap_or(99);
        if now == percent {
            return ControlFlow::Continue(());
        }
        percent = now;
        told(Progress { n_rows, percent })
    };
    let read = read_all(door, source, (&terms.columns, &mut watch))?;
    Ok((!stop.is_set()).then_some(read))
}

/// How the columns of a table are read, without keeping any of its rows.
fn report(source: &Source, terms: &ReadTerms) -> Result<Report, Refusal> {
    let tables = Columns::built_in(source.topic);
    let columns = terms.columns.clone();
    let told = Terms { columns, header: source.header, ..Terms::default() };
    let mut reader =
        LedgerReader::new(&tables, &told).map_err(|why| bad_column(source.topic, &why))?;
    source.rows(&mut |row| reader.take(row, &mut |_| ControlFlow::Continue(())))?;
    Ok(reader.finish(&mut |_| ControlFlow::Continue(())))
}

/// Whether a file's name is that of a table that somebody has put there.
fn may_be_table(name: &str) -> bool {
    may_be(name, &ENDS)
}

/// Whether a file's name is that of a scan or of a paper that somebody has put there.
fn may_be_scan(name: &str) -> bool {
    may_be(name, &SCANS)
}

/// Whether a file's name is that of a document that somebody has put there.
fn may_be_template(name: &str) -> bool {
    may_be(name, &["docx"])
}

fn may_be(name: &str, ends: &[&str]) -> bool {
    let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    let is_one = end.is_some_and(|end| ends.contains(&end.as_str()));
    // Office programs leave such names beside a file that is open.
    is_one && !name.starts_with(['.', '~']) && !name.chars().any(is_hidden)
}
