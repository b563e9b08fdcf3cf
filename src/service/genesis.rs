//! The first records of a ledger, and the filling of one with records that were made elsewhere.

use std::path::Path;
use std::sync::{Arc, RwLock};

use chrono::{DateTime, NaiveDate, Utc};

use crate::api::refusal::Refusal;
use crate::domain::campaign::{Plan, Task};
use crate::domain::case::Case;
use crate::domain::choice::Role;
use crate::domain::duty::Duty;
use crate::domain::entry::Entry;
use crate::domain::figure::Indicator;
use crate::domain::ids::{ClerkId, Kind, OfficerId, RequestId, Version};
use crate::domain::meeting::Decision;
use crate::domain::office::{Clerk, Office, Officer, Unit};
use crate::domain::person::Person;
use crate::domain::receipt::Receipt;
use crate::domain::record::Record;
use crate::service::book::Book;
use crate::service::clock::Clock;
use crate::service::order::{self, Indexed};
use crate::service::roster;
use crate::service::rules::{self, Rules};
use crate::service::stop::{self, Stop};
use crate::service::{Core, Session};
use crate::store::Store;
use crate::store::journal::{Actor, Stamp};
use crate::store::tables;
use crate::store::write::Work;

/// What a new ledger begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founding {
    /// The settings of the office.
    pub office: Office,
    /// The first administrator, who is also director.
    pub admin: Session,
    /// The name of the first administrator as an officer; none if the officer with number 1 comes
    /// with the records that fill the ledger.
    pub officer: Option<String>,
}

/// Records that were made elsewhere, in the order in which they may be written.
#[derive(Debug, Default)]
pub struct Records {
    /// Units.
    pub units: Vec<Unit>,
    /// Officers.
    pub officers: Vec<Officer>,
    /// Persons.
    pub persons: Vec<Person>,
    /// Receipts.
    pub receipts: Vec<Receipt>,
    /// Cases.
    pub cases: Vec<Case>,
    /// Campaigns.
    pub plans: Vec<Plan>,
    /// Their tasks.
    pub tasks: Vec<Task>,
    /// Recurring work.
    pub duties: Vec<Duty>,
    /// Indicators by year.
    pub indicators: Vec<Indicator>,
    /// Entries of the roster.
    pub entries: Vec<Entry>,
    /// What meetings decided.
    pub decisions: Vec<Decision>,
}

/// Makes a ledger in a folder: its office, its first officer and account.
///
/// # Errors
/// There is one already, or the folder cannot be written.
pub fn found(folder: &Path, founding: &Founding) -> Result<(), Refusal> {
    let clock = Clock::System;
    let (now, today) = (clock.now(), founding.office.trial_today.unwrap_or_else(|| clock.day()));
    let founding = founding.clone();
    let store = Store::create(folder, |work| begin(work, &founding, (today, now)))
        .map_err(|fault| stop::closed(&fault))?;
    store.close().map_err(|fault| stop::closed(&fault))
}

/// Fills a ledger that nobody serves with records made elsewhere, batch by batch.
///
/// # Errors
/// The ledger cannot be opened, a number is taken, or a batch could not be made; the batches before
/// it are kept.
pub fn fill(
    folder: &Path,
    batches: impl Iterator<Item = Result<Records, Refusal>>,
) -> Result<(), Refusal> {
    let store = Store::open(folder).map_err(|fault| stop::closed(&fault))?;
    let snapshot = store.read().map_err(|fault| stop::closed(&fault))?;
    let mut book = Book::read(&snapshot).map_err(|fault| stop::closed(&fault))?;
    drop(snapshot);
    rules::bring_up(&store, &Arc::new(core_of(&book)))?;
    let clock = Clock::System;
    let today = book.office.trial_today.unwrap_or_else(|| clock.day());
    for (number, batch) in batches.enumerate() {
        let batch = batch?;
        book.units.extend(batch.units.iter().map(|unit| (unit.id, unit.clone())));
        let core = core_of(&book);
        let stamp = stamp((today, clock.now()), number as u128 + 2);
        store
            .write_large(move |work| write(work, (&core, &stamp), batch))
            .map_err(Refusal::from)?;
    }
    store.close().map_err(|fault| stop::closed(&fault))
}

/// Takes a ledger away again that was made a moment ago and could not be filled.
pub fn unmake(folder: &Path) {
    Store::unmake(folder);
}

/// What rows of a ledger that nobody serves are made with.
fn core_of(book: &Book) -> Core {
    Core {
        rules: rules::in_use(Rules::national()),
        clock: Clock::System,
        book: RwLock::new(Arc::new(book.clone())),
        vault: None,
        logins: std::sync::OnceLock::new(),
    }
}

fn begin(
    work: &mut Work<'_>,
    founding: &Founding,
    moment: (NaiveDate, DateTime<Utc>),
) -> Result<(), crate::store::fault::Fault> {
    let stamp = stamp(moment, 1);
    work.note_origin(&Rules::national().origin());
    put(work, &stamp, founding.office.clone())?;
    if let Some(name) = &founding.officer {
        let officer = OfficerId(work.allot_id(Kind::Officer)?);
        put(work, &stamp, Officer::named(officer, name))?;
    }
    let clerk = Clerk {
        id: ClerkId(work.allot_id(Kind::Clerk)?),
        version: Version::default(),
        login: founding.admin.login.clone(),
        uid: founding.admin.uid,
        officer: Some(OfficerId(1)),
        roles: [Role::Admin, Role::Director].into(),
        unit: None,
        closed_on: None,
    };
    put(work, &stamp, clerk)
}

fn write(work: &mut Work<'_>, (core, stamp): (&Core, &Stamp), batch: Records) -> Result<(), Stop> {
    for unit in batch.units {
        reserve(work, &unit)?;
        put(work, stamp, unit)?;
    }
    for officer in batch.officers {
        reserve(work, &officer)?;
        put(work, stamp, officer)?;
    }
    for person in batch.persons {
        reserve(work, &person)?;
        put(work, stamp, person)?;
    }
    for receipt in batch.receipts {
        reserve(work, &receipt)?;
        put(work, stamp, receipt)?;
    }
    for plan in batch.plans {
        reserve(work, &plan)?;
        put(work, stamp, plan)?;
    }
    for task in batch.tasks {
        reserve(work, &task)?;
        put(work, stamp, task)?;
    }
    for duty in batch.duties {
        reserve(work, &duty)?;
        put(work, stamp, duty)?;
    }
    for decision in batch.decisions {
        reserve(work, &decision)?;
        put(work, stamp, decision)?;
    }
    for indicator in batch.indicators {
        reserve(work, &indicator)?;
        put(work, stamp, indicator)?;
    }
    for case in batch.cases {
        reserve(work, &case)?;
        reserve_number(work, &case)?;
        let rows = tables::case_rows(&case, &order::due(core, &case));
        work.create(stamp, case, rows)?;
    }
    for entry in batch.entries {
        reserve(work, &entry)?;
        let rows = roster::rows(core, &entry);
        work.create(stamp, entry, rows)?;
    }
    Ok(())
}

fn put<R: Indexed>(
    work: &mut Work<'_>,
    stamp: &Stamp,
    record: R,
) -> Result<(), crate::store::fault::Fault> {
    let rows = record.rows();
    work.create(stamp, record, rows).map(|_record| ())
}

fn reserve(work: &mut Work<'_>, record: &impl Record) -> Result<(), Stop> {
    let reference = record.reference();
    Ok(work.reserve(&format!("id.{}", reference.kind.key()), reference.id)?)
}

/// A printed number that was made elsewhere is not given out again.
fn reserve_number(work: &mut Work<'_>, case: &Case) -> Result<(), Stop> {
    let Some((head, serial)) = case.number.rsplit_once('-') else { return Ok(()) };
    let Ok(serial) = serial.parse() else { return Ok(()) };
    let year = head.get(head.len().saturating_sub(4)..).and_then(|year| year.parse().ok());
    let series = match year {
        Some(year) => crate::domain::number::Series::Case { year },
        None => crate::domain::number::Series::History,
    };
    Ok(work.reserve(&series.counter(), serial)?)
}

fn stamp((on, at): (NaiveDate, DateTime<Utc>), change: u128) -> Stamp {
    Stamp {
        change: RequestId(change),
        batch: None,
        act: "ledger.found".to_owned(),
        actor: Actor::System,
        on,
        at,
        takes_back: None,
    }
}
