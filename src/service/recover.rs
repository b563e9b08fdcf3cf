//! The way back without a door: for whoever owns the file, while nobody serves it.
//!
//! It tells what is left of a ledger, and makes a login of the machine an administrator where none can
//! enter any more. That is a line of the journal like any other, with the account that did it, and it
//! can never be taken back.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

use chrono::{NaiveDate, TimeDelta};

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::CheckView;
use crate::domain::choice::Role;
use crate::domain::ids::{ClerkId, Kind, RequestId, Version};
use crate::domain::office::Clerk;
use crate::domain::undo::RECOVERED;
use crate::service::backup::{self, Keys, Whole};
use crate::service::book::Book;
use crate::service::clock::Clock;
use crate::service::order::Indexed;
use crate::service::stop::{self, Stop};
use crate::service::{Service, Session, verify};
use crate::store::Store;
use crate::store::change::Swap;
use crate::store::fault::Fault;
use crate::store::history;
use crate::store::journal::{Actor, Head, Line, Stamp};
use crate::store::read::{Read, Snapshot};
use crate::store::write::Work;

/// Minutes that the office's clock is ahead of the world's.
const OFFICE_MINUTES: i64 = 8 * 60;

/// The most lines that are told apart.
const UNSAVED_MAX: u64 = 200;

/// How far a journal reaches: its last line, and the revision that this made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// The number of its last line.
    pub sequence: u64,
    /// The revision.
    pub revision: u64,
}

/// A line that no backup holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsaved {
    /// Its number.
    pub sequence: u64,
    /// When it was written, by the office's clock.
    pub at: String,
    /// The login of whoever made the change; none for the program itself.
    pub login: Option<String>,
    /// The word of the act.
    pub act: String,
    /// The record, such as `case:7`.
    pub record: String,
}

/// What is left of a ledger.
#[derive(Debug)]
pub struct Left {
    /// Why it does not open; none if it does.
    pub trouble: Option<Refusal>,
    /// Whether an earlier version wrote it, so that its accounts are known only once it was opened.
    pub is_older: bool,
    /// The accounts that are administrators, while it opens.
    pub admins: Vec<Session>,
    /// How far the noted head reaches.
    pub noted: Option<Reach>,
    /// How far its own journal reaches, where the file can be read.
    pub own: Option<Reach>,
    /// The bytes of the newest backup beside it.
    pub backup: Option<u64>,
    /// What that says of itself, where a key was given.
    pub whole: Option<Result<Whole, Refusal>>,
    /// The lines behind that backup which the file still holds, the oldest first.
    pub unsaved: Vec<Unsaved>,
    /// How many more of them there are.
    pub n_more: u64,
}

impl Left {
    /// How many lines of the journal were written that a restored backup would lack.
    pub fn n_missing(&self) -> Option<u64> {
        let saved = self.whole.as_ref()?.as_ref().ok()?.card.sequence;
        let newest = self.noted.iter().chain(&self.own).map(|reach| reach.sequence).max()?;
        Some(newest.saturating_sub(saved))
    }
}

/// Proves the whole ledger of a folder for whoever owns its file and is no user of it: what is told is
/// counts and numbers of records, and nothing of anybody.
///
/// # Errors
/// It is somebody else's, somebody serves it, or it does not open.
pub fn check(folder: &Path) -> Result<CheckView, Refusal> {
    verify::prove(Service::open_briefly(folder, Clock::System)?)
}

/// Looks at what is left of the ledger of a folder; nothing is changed.
///
/// # Errors
/// The folder is not there, or is somebody else's.
pub fn look(folder: &Path, keys: Option<&Keys>) -> Result<Left, Refusal> {
    let salvage = Store::salvage(folder).map_err(|fault| stop::closed(&fault))?;
    let backup = salvage.backup.as_ref().and_then(|file| Some(file.metadata().ok()?.len()));
    let again = salvage.backup.as_ref().and_then(|file| file.try_clone().ok());
    let whole = again.zip(keys).map(|(file, keys)| backup::read_through(file, keys));
    let saved = whole.as_ref().and_then(|whole| Some(whole.as_ref().ok()?.card.sequence));
    let mut left = Left {
        trouble: None,
        is_older: false,
        admins: Vec::new(),
        noted: salvage.noted.map(reach),
        own: None,
        backup,
        whole,
        unsaved: Vec::new(),
        n_more: 0,
    };
    let peeked = Store::peek(folder, |snapshot| {
        let head = snapshot.head()?;
        left.own = Some(reach(head));
        if let Some(saved) = saved {
            left.unsaved = lines_behind(snapshot, saved)?;
            left.n_more = head.sequence.saturating_sub(saved.saturating_add(UNSAVED_MAX));
        }
        left.admins = admins(snapshot)?;
        salvage.proves(snapshot)
    });
    match peeked {
        Ok(looked) => left.is_older = looked.is_none(),
        Err(fault) => left.trouble = Some(stop::closed(&fault)),
    }
    Ok(left)
}

fn reach(head: Head) -> Reach {
    Reach { sequence: head.sequence, revision: head.revision.0 }
}

/// The accounts that are administrators and not closed.
fn admins(snapshot: &Snapshot) -> Result<Vec<Session>, Fault> {
    let mut admins = Vec::new();
    let today = Book::read(snapshot)?.office.trial_today.unwrap_or_else(|| Clock::System.day());
    snapshot.each::<Clerk>(&mut |clerk| {
        let is_open = clerk.closed_on.is_none_or(|closed| today < closed);
        if is_open && clerk.roles.contains(&Role::Admin) {
            admins.push(Session { uid: clerk.uid, login: clerk.login });
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(admins)
}

/// The lines behind a number, the oldest first.
fn lines_behind(snapshot: &Snapshot, saved: u64) -> Result<Vec<Unsaved>, Fault> {
    let last = snapshot.head()?.sequence.min(saved.saturating_add(UNSAVED_MAX));
    let mut lines = Vec::new();
    for sequence in saved.saturating_add(1)..=last {
        lines.extend(history::line(snapshot, sequence)?.as_ref().map(unsaved));
    }
    Ok(lines)
}

fn unsaved(line: &Line) -> Unsaved {
    let at = line.stamp.at + TimeDelta::minutes(OFFICE_MINUTES);
    Unsaved {
        sequence: line.sequence,
        at: at.format("%Y-%m-%d %H:%M").to_string(),
        login: match &line.stamp.actor {
            Actor::Clerk { login, .. } => Some(login.clone()),
            Actor::System => None,
        },
        act: line.stamp.act.clone(),
        record: line.record.map(|record| record.to_string()).unwrap_or_default(),
    }
}

/// Makes a login an administrator, and closes accounts that stand in its way: those of the same login
/// under another number, or of the same number under another login, into which nobody can come.
///
/// # Errors
/// The ledger is served or cannot be opened, or the login is an administrator already.
pub fn grant(
    folder: &Path,
    (change, by): (RequestId, Session),
    to: Session,
) -> Result<(), Refusal> {
    let service = Service::open_briefly(folder, Clock::System)?;
    let on = service.core.today();
    let stamp = Stamp {
        change,
        batch: None,
        act: RECOVERED.to_owned(),
        actor: Actor::Clerk { uid: by.uid, login: by.login },
        on,
        at: service.core.clock.now(),
        takes_back: None,
    };
    let granted = service.store.write(move |work| give(work, &stamp, (&to, on)));
    service.close()?;
    granted.map_err(Refusal::from)
}

fn give(work: &mut Work<'_>, stamp: &Stamp, (to, on): (&Session, NaiveDate)) -> Result<(), Stop> {
    let mut open: Vec<Clerk> = Vec::new();
    work.each::<Clerk>(&mut |clerk| {
        let is_open = clerk.closed_on.is_none_or(|closed| on < closed);
        if is_open && (clerk.login == to.login || clerk.uid == to.uid) {
            open.push(clerk);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let is_own = |clerk: &Clerk| clerk.login == to.login && clerk.uid == to.uid;
    let own = open.iter().position(is_own).map(|place| open.remove(place));
    // Whoever is to be closed one day is not refused: that they stay is what is granted.
    let stays = |own: &Clerk| own.roles.contains(&Role::Admin) && own.closed_on.is_none();
    if own.as_ref().is_some_and(stays) && open.is_empty() {
        let refusal = Refusal::new(RefusalKind::Invalid, "is_administrator");
        return Err(refusal.with("login", &to.login).into());
    }
    let officer =
        open.iter().filter(|clerk| clerk.login == to.login).find_map(|clerk| clerk.officer);
    for clerk in open {
        let closed = Clerk { closed_on: Some(on), ..clerk.clone() };
        put(work, stamp, (&clerk, closed))?;
    }
    match own {
        Some(own) => {
            let roles: BTreeSet<Role> = own.roles.iter().copied().chain([Role::Admin]).collect();
            put(work, stamp, (&own, Clerk { roles, closed_on: None, ..own.clone() }))?;
        }
        None => {
            let clerk = Clerk {
                id: ClerkId(work.allot_id(Kind::Clerk)?),
                version: Version::default(),
                login: to.login.clone(),
                uid: to.uid,
                officer,
                roles: [Role::Admin].into(),
                unit: None,
                closed_on: None,
            };
            let rows = clerk.rows();
            work.create(stamp, clerk, rows)?;
        }
    }
    Ok(())
}

fn put(work: &mut Work<'_>, stamp: &Stamp, (old, new): (&Clerk, Clerk)) -> Result<(), Fault> {
    let swap = Swap { old: old.rows(), new: new.rows() };
    work.patch(stamp, new, &swap).map(|_clerk| ())
}
