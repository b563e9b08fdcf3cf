//! The access log as it is read: who looked at what.
//!
//! A page looks at a bounded number of lines and goes on from where it stopped.

use chrono::{Datelike, NaiveDate};

use crate::api::reply::Reply;
use crate::api::request::{AccessQuery, ROWS_MAX};
use crate::api::trail::{AccessPage, AccessRow};
use crate::domain::act::Act;
use crate::domain::ids::RecordRef;
use crate::service::clock::at_office;
use crate::service::stop::Stop;
use crate::service::trail::{ABOUT_MAX, Meant, PORTION, Reader, SCAN_MAX, login};
use crate::service::{Asking, Service};
use crate::store::access::{self, AccessLine, Months};
use crate::store::read::Snapshot;

/// Answers `Accesses`.
///
/// # Errors
/// A damaged ledger.
pub fn accesses(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &AccessQuery,
) -> Result<Reply, Stop> {
    let book = service.core.book();
    let reader = Reader { snapshot, asking, book: &book };
    let mut query = query.clone();
    let mut about: Option<RecordRef> = query.person.map(RecordRef::from);
    match reader.meant(service, query.text.as_deref())? {
        Some(Meant::Day(day)) => (query.from, query.to) = (Some(day), Some(day)),
        Some(Meant::Clerk(login)) => query.clerk = Some(login),
        Some(Meant::Case(id)) => about = Some(id.into()),
        Some(Meant::Person(id)) => about = Some(id.into()),
        None => {}
    }
    let query = &query;
    let most = query.most.clamp(1, ROWS_MAX) as usize;
    let months =
        Months { from: query.from.map_or(0, month), to: query.to.map_or(u32::MAX - 1, month) };
    let mut page = AccessPage { rows: Vec::new(), more: None };
    let fits = |line: &AccessLine| {
        query.from.is_none_or(|from| from <= line.access.on)
            && query.to.is_none_or(|to| line.access.on <= to)
            && query
                .clerk
                .as_ref()
                .is_none_or(|clerk| login(&line.access.actor).as_ref() == Some(clerk))
            && query.act.as_ref().is_none_or(|act| line.access.act.starts_with(act.as_str()))
    };
    if let Some(record) = about {
        let mut lines = access::accesses_of(snapshot, record, months, SCAN_MAX)?;
        lines.reverse();
        lines.retain(|line| query.before.is_none_or(|seen| (line.month, line.number) < seen));
        for line in lines.iter().filter(|line| fits(line)) {
            if page.rows.len() >= most {
                page.more = page.rows.last().map(|row| (row.month, row.number));
                break;
            }
            page.rows.extend(reader.access(line)?);
        }
        return Ok(Reply::Accesses(page));
    }
    let (mut seen, mut n_looked) = (query.before, 0);
    loop {
        let lines = access::accesses(snapshot, months, seen, PORTION)?;
        let is_last = lines.len() < PORTION;
        for line in &lines {
            if fits(line) && page.rows.len() >= most {
                page.more = seen;
                return Ok(Reply::Accesses(page));
            }
            seen = Some((line.month, line.number));
            n_looked += 1;
            if fits(line) {
                page.rows.extend(reader.access(line)?);
            }
        }
        if is_last || n_looked >= SCAN_MAX {
            page.more = if is_last { None } else { seen };
            return Ok(Reply::Accesses(page));
        }
    }
}

fn month(day: NaiveDate) -> u32 {
    u32::try_from(day.year()).unwrap_or_default() * 100 + day.month()
}

impl Reader<'_> {
    /// A line of the access log as a row; none if it is about a sealed case of others.
    fn access(&self, line: &AccessLine) -> Result<Option<AccessRow>, Stop> {
        let mut about = Vec::new();
        // An export is about each of its rows for itself; any other line is about the first.
        let is_export = line.access.act == Act::Export.word();
        // An export may name hundreds; who asks for one of them knows whom they asked for.
        for record in &line.access.records {
            if about.len() == ABOUT_MAX {
                break;
            }
            match self.name(*record)? {
                Some(name) => about.push((*record, name)),
                None if about.is_empty() && !is_export => return Ok(None),
                None => {}
            }
        }
        if about.is_empty() && !line.access.records.is_empty() {
            return Ok(None);
        }
        Ok(Some(AccessRow {
            month: line.month,
            number: line.number,
            at: at_office(line.access.at).naive_local(),
            on: line.access.on,
            who: login(&line.access.actor),
            act: line.access.act.clone(),
            about,
            n_rows: line.access.n_rows,
            notes: line.notes.iter().map(|note| (note.name.clone(), note.text.clone())).collect(),
        }))
    }
}
