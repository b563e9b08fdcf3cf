//! Rows that leave the ledger: asked for with a purpose, written down before the first of them goes.
//!
//! The rows are chosen once, by the lists that screens show, so that filters, orders, villages and
//! seals cannot differ; all pages come from the snapshot in which they were chosen.
//! INVARIANT: the line of the access log is on disk before `begin` answers.

mod cells;
mod choose;

use std::time::Duration;

use crate::api::export::{ExportPage, ExportPiece, ExportQuery, OutCell};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::domain::act::Act;
use crate::domain::export::{Given, Outgoing, SAID_MAX, Subject};
use crate::domain::ids::RecordRef;
use crate::domain::policy::Link;
use crate::domain::text::{Lines, clean};
use crate::service::export::choose::{Chosen, Rows};
use crate::service::held::{Held, Terms};
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service, judge};
use crate::store::access::{Access, Note};
use crate::store::journal::Actor;
use crate::store::read::Snapshot;

/// About how many bytes of a page are enough: its frame must stay below the cap of a reply.
const PAGE_BYTES: usize = 300 << 10;
/// The most rows of a page.
const PAGE_ROWS: usize = 1_000;
/// How many exports may be under way, each holding a snapshot; the oldest gives way.
const GOING_MAX: usize = 8;
/// How long an export may rest between two pages.
const REST_MAX: Duration = Duration::from_secs(60);
/// The most records that one line of the access log names; a longer export has several lines.
const NAMED_MAX: usize = 500;

/// An export whose later pages are still to be fetched.
struct Going {
    asking: Asking,
    snapshot: Snapshot,
    columns: Vec<&'static Outgoing>,
    rows: Rows,
    head: ExportPage,
}

/// The exports that are under way: one of each user id.
pub struct Exports {
    going: Held<Going>,
}

impl Default for Exports {
    fn default() -> Self {
        let terms = Terms { most: GOING_MAX, rest: REST_MAX };
        Self { going: Held::new(terms) }
    }
}

impl Exports {
    /// Lets go all snapshots.
    pub fn stop(&self) {
        self.going.clear();
    }
}

/// Answers `Export`.
///
/// # Errors
/// What is missing, what may not be had, or a fault: then nothing went out.
pub fn begin(
    service: &Service,
    snapshot: Snapshot,
    asking: Asking,
    query: ExportQuery,
) -> Result<Reply, Stop> {
    let subject = query.rows.subject();
    judge(&asking, subject.act(), Link::Whole)?;
    let query = said(query)?;
    let (columns, left_out) = columns(subject, &query)?;
    if !query.in_clear.is_empty() {
        judge(&asking, Act::Reveal, Link::Whole)?;
    }
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking: &asking };
    let chosen = choose::choose((service, eye), &snapshot, (&query, &columns))?;
    note(service, &asking, (&query, &columns, &chosen))?;
    let head = ExportPage {
        ticket: 0,
        subject,
        town: book.office.town.clone(),
        today: asking.today,
        columns: columns.iter().map(|column| column.key.to_owned()).collect(),
        left_out,
        total: chosen.rows.len() as u64,
        n_sealed: chosen.n_sealed,
        cut: chosen.cut,
        rows: Vec::new(),
        more: false,
    };
    let rows = chosen.rows;
    page(service, Going { asking, snapshot, columns, rows, head }, 0)
}

/// Answers `ExportPiece`.
///
/// # Errors
/// The export is not under way any more, or a fault.
pub fn piece(service: &Service, asking: &Asking, piece: ExportPiece) -> Result<Reply, Stop> {
    let going =
        service.exports.going.take(asking.session.uid, |going| going.head.ticket == piece.ticket);
    let going = going.ok_or_else(|| Refusal::new(RefusalKind::Invalid, "export_is_over"))?;
    judge(asking, going.head.subject.act(), Link::Whole)?;
    page(service, going, usize::try_from(piece.from).unwrap_or(usize::MAX))
}

/// The rows from a place on; what is behind them waits with the snapshot.
fn page(service: &Service, mut going: Going, from: usize) -> Result<Reply, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking: &going.asking };
    let (mut rows, mut n_bytes) = (Vec::new(), 0);
    while rows.len() < PAGE_ROWS && n_bytes < PAGE_BYTES {
        let at = from.saturating_add(rows.len());
        let Some(row) = going.rows.row((eye, &going.snapshot), &going.columns, at)? else { break };
        n_bytes += row.iter().map(size).sum::<usize>();
        rows.push(row);
    }
    let more = from.saturating_add(rows.len()) < going.rows.len();
    if more && going.head.ticket == 0 {
        going.head.ticket = service.exports.going.ticket();
    }
    let page = ExportPage { rows, more, ..going.head.clone() };
    if more {
        service.exports.going.put(going.asking.session.uid, going);
    }
    Ok(Reply::Export(Box::new(page)))
}

fn size(cell: &Option<OutCell>) -> usize {
    match cell {
        None => 5,
        Some(OutCell::Text(text) | OutCell::Word(text)) => text.len() + 8,
        Some(OutCell::Day(_) | OutCell::Count(_)) => 20,
        Some(OutCell::Steps(steps)) => {
            steps.iter().map(|(_, word, text)| word.len() + text.len() + 24).sum()
        }
    }
}

/// The query with purpose, recipient and reason in one clean line each.
fn said(query: ExportQuery) -> Result<ExportQuery, Refusal> {
    let (purpose, recipient) = said_lines(&query.purpose, &query.recipient)?;
    let reason = said_line(&query.reason)?;
    if reason.is_empty() && !query.in_clear.is_empty() {
        return Err(Refusal::new(RefusalKind::Invalid, "reason_is_missing"));
    }
    Ok(ExportQuery { purpose, recipient, reason, ..query })
}

/// What for and to whom something goes out, in one clean line each.
///
/// # Errors
/// One of them is missing or too long.
pub fn said_lines(purpose: &str, recipient: &str) -> Result<(String, String), Refusal> {
    let (purpose, recipient) = (said_line(purpose)?, said_line(recipient)?);
    let missing = [
        (purpose.is_empty(), "purpose_is_missing"),
        (recipient.is_empty(), "recipient_is_missing"),
    ];
    match missing.iter().find(|(is_missing, _)| *is_missing) {
        Some((_, key)) => Err(Refusal::new(RefusalKind::Invalid, key)),
        None => Ok((purpose, recipient)),
    }
}

fn said_line(text: &str) -> Result<String, Refusal> {
    let line = clean(text, Lines::One).text;
    if line.chars().count() > SAID_MAX {
        return Err(Refusal::new(RefusalKind::Invalid, "said_is_too_long").with("most", SAID_MAX));
    }
    Ok(line)
}

/// The line that tells of an export, about nobody yet.
fn access(asking: &Asking, n_rows: u64) -> Access {
    Access {
        act: Act::Export.word().to_owned(),
        actor: Actor::Clerk { uid: asking.session.uid, login: asking.session.login.clone() },
        on: asking.today,
        at: asking.now,
        records: Vec::new(),
        n_rows,
    }
}

/// Writes down that figures go out, which are about no record.
///
/// # Errors
/// A fault of the storage: then nothing goes out.
pub fn note_bare(
    service: &Service,
    asking: &Asking,
    (said, n_rows): (&[(&str, String)], u64),
) -> Result<(), Stop> {
    note_about(service, asking, (said, n_rows), vec![Vec::new()])
}

/// Writes down that something goes out, with the records of each line.
///
/// # Errors
/// A fault of the storage: then nothing goes out.
pub fn note_about(
    service: &Service,
    asking: &Asking,
    (said, n_rows): (&[(&str, String)], u64),
    parts: Vec<Vec<RecordRef>>,
) -> Result<(), Stop> {
    let n_parts = parts.len();
    let access = access(asking, n_rows);
    let lines = parts.into_iter().enumerate().map(|(at, records)| {
        let part = (n_parts > 1).then(|| ("part", format!("{}/{n_parts}", at + 1)));
        let notes = said.iter().cloned().chain(part);
        let notes = notes.map(|(name, text)| Note { name: name.to_owned(), text: Some(text) });
        (Access { records, ..access.clone() }, notes.collect::<Vec<_>>())
    });
    let lines: Vec<(Access, Vec<Note>)> = lines.collect();
    let is_large = lines.len() > 1;
    let run = move |work: &mut crate::store::write::Work<'_>| {
        for (access, notes) in &lines {
            work.log_access(access, notes)?;
        }
        Ok::<_, Stop>(())
    };
    if is_large { service.store.write_large(run) } else { service.store.write(run) }
}

/// The columns that go out, and those that were asked for and are left out because they are masked.
fn columns(
    subject: Subject,
    query: &ExportQuery,
) -> Result<(Vec<&'static Outgoing>, Vec<String>), Refusal> {
    let known = |key: &String| {
        subject.column(key).ok_or_else(|| {
            let keys: Vec<&str> = subject.columns().iter().map(|column| column.key).collect();
            let refusal = Refusal::new(RefusalKind::Invalid, "no_such_column");
            refusal.with("name", key).with("names", keys.join(" "))
        })
    };
    for key in &query.in_clear {
        if known(key)?.given != Given::InClear {
            return Err(Refusal::new(RefusalKind::Invalid, "column_is_clear").with("name", key));
        }
    }
    let is_in_clear = |key: &str| query.in_clear.iter().any(|own| own == key);
    if query.columns.is_empty() {
        let all = subject.columns().iter();
        let usual = all.filter(|column| match column.given {
            Given::Usually => true,
            Given::Named => false,
            Given::InClear => is_in_clear(column.key),
        });
        return Ok((usual.collect(), Vec::new()));
    }
    let (mut columns, mut left_out): (Vec<&Outgoing>, Vec<String>) = (Vec::new(), Vec::new());
    for key in query.columns.iter().chain(&query.in_clear) {
        let column = known(key)?;
        if column.given == Given::InClear && !is_in_clear(key) {
            left_out.push(key.clone());
        } else if !columns.contains(&column) {
            columns.push(column);
        }
    }
    if columns.is_empty() {
        return Err(Refusal::new(RefusalKind::Invalid, "no_column_is_left"));
    }
    Ok((columns, left_out))
}

/// Writes down what goes out, about whom, what for and to whom: all of it before any of it goes.
fn note(
    service: &Service,
    asking: &Asking,
    (query, columns, chosen): (&ExportQuery, &[&'static Outgoing], &Chosen),
) -> Result<(), Stop> {
    let keys: Vec<&str> = columns.iter().map(|column| column.key).collect();
    let mut said = vec![
        ("purpose", query.purpose.clone()),
        ("recipient", query.recipient.clone()),
        ("rows", choose::told(&query.rows)),
        ("columns", keys.join(" ")),
    ];
    if !query.in_clear.is_empty() {
        said.push(("in_clear", query.in_clear.join(" ")));
        said.push(("reason", query.reason.clone()));
    }
    let parts = parts(&chosen.about, &chosen.about_sealed);
    note_about(service, asking, (&said, chosen.rows.len() as u64), parts)
}

/// The records of each line: sealed ones in lines of their own, which only their readers see.
pub fn parts(open: &[RecordRef], sealed: &[RecordRef]) -> Vec<Vec<RecordRef>> {
    let mut parts: Vec<Vec<RecordRef>> = open.chunks(NAMED_MAX).map(<[_]>::to_vec).collect();
    if parts.is_empty() && sealed.is_empty() {
        parts.push(Vec::new());
    }
    parts.extend(sealed.chunks(NAMED_MAX).map(<[_]>::to_vec));
    parts
}
