//! Backups: made while others work, noted, fetched piece by piece, and brought back.
//!
//! The newest one lies beside the ledger under one name. What was made is noted in the ledger and in
//! the access log; it is no change, so it raises no revision.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::api::backup::{BackupPiece, BackupView, LateBackup, PIECE_BYTES, PieceQuery};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{CheckView, Reply};
use crate::domain::act::Act;
use crate::domain::choice::Role;
use crate::domain::ids::{Kind, RecordRef};
use crate::service::clock::Clock;
use crate::service::stop::{self, Stop};
use crate::service::tell::Finder;
use crate::service::{Asking, Service, verify};
use crate::store::Store;
use crate::store::access::{Access, Note};
use crate::store::backup::reading::{self, Rows};
use crate::store::backup::{Card, Key, Made, RECIPIENTS_MAX, Recipient, Spoilt};
use crate::store::fault::Fault;
use crate::store::history;
use crate::store::journal::Actor;
use crate::store::key::Space;
use crate::store::read::{Read, Snapshot};
use crate::store::vault::Loss;

/// Where the backups that were made are noted, the newest first.
const MADE_KEY: &[u8] = b"backups";
/// How many are noted.
const NOTED_MAX: usize = 30;

/// Answers `Backup`.
///
/// # Errors
/// A key that is none, another backup on its way, or a fault of the machine.
pub fn make(service: &Service, asking: &Asking, to: Vec<String>) -> Result<Reply, Stop> {
    let recipients = recipients(&to)?;
    let Ok(_alone) = service.backups.try_lock() else {
        return Err(Refusal::new(RefusalKind::Busy, "backup_is_made").into());
    };
    let made = service.store.back_up((asking.today, asking.now), &recipients).map_err(spoilt)?;
    let view = view(made, to);
    note(service, asking, view.clone())?;
    Ok(Reply::Backup(Box::new(view)))
}

fn recipients(to: &[String]) -> Result<Vec<Recipient>, Refusal> {
    if to.is_empty() || to.len() > RECIPIENTS_MAX {
        let refusal = Refusal::new(RefusalKind::Invalid, "backup_needs_keys");
        return Err(refusal.with("most", RECIPIENTS_MAX));
    }
    let parsed = to.iter().map(|text| {
        let bad = || Refusal::new(RefusalKind::Invalid, "no_public_key").with("name", text);
        text.parse().map_err(|()| bad())
    });
    parsed.collect()
}

fn view(made: Made, to: Vec<String>) -> BackupView {
    let Made { card, n_rows, n_files, n_bytes, digest } = made;
    let Card { revision, sequence: journal, head, on, at, n_lost, .. } = card;
    BackupView { digest, on, at, revision, journal, head, n_rows, n_files, n_lost, n_bytes, to }
}

fn note(service: &Service, asking: &Asking, view: BackupView) -> Result<(), Stop> {
    let access = Access {
        act: Act::Backup.word().to_owned(),
        actor: Actor::Clerk { uid: asking.session.uid, login: asking.session.login.clone() },
        on: asking.today,
        at: asking.now,
        records: vec![RecordRef { kind: Kind::Office, id: 1 }],
        n_rows: view.n_rows,
    };
    let notes = [Note { name: "reason".to_owned(), text: Some(view.to.join(" ")) }];
    service.store.write(move |work| {
        let mut noted: Vec<BackupView> = work.value(Space::Document, MADE_KEY)?.unwrap_or_default();
        noted.insert(0, view);
        noted.truncate(NOTED_MAX);
        work.put_value(Space::Document, MADE_KEY, &noted)?;
        work.log_access(&access, &notes).map_err(Stop::from)
    })
}

fn noted(ledger: &impl Read) -> Result<Vec<BackupView>, Fault> {
    Ok(ledger.value(Space::Document, MADE_KEY)?.unwrap_or_default())
}

/// Answers `Backups`.
///
/// # Errors
/// A damaged ledger.
pub fn list(snapshot: &Snapshot) -> Result<Reply, Stop> {
    Ok(Reply::Backups(noted(snapshot)?))
}

/// Answers `BackupPiece`.
///
/// # Errors
/// Another backup has taken its place, or a fault of the machine.
pub fn piece(service: &Service, snapshot: &Snapshot, query: &PieceQuery) -> Result<Reply, Stop> {
    let newest = noted(snapshot)?.into_iter().next();
    if newest.is_none_or(|newest| newest.digest != query.digest) {
        return Err(Refusal::new(RefusalKind::Conflict, "backup_is_gone").into());
    }
    let file = service.store.backup()?;
    let bytes = read_at(&file, query.from).map_err(|_| Fault::Halted)?;
    Ok(Reply::BackupPiece(BackupPiece::of(&bytes)))
}

fn read_at(file: &File, from: u64) -> std::io::Result<Vec<u8>> {
    let left = file.metadata()?.len().saturating_sub(from);
    let mut bytes = vec![0; usize::try_from(left.min(PIECE_BYTES)).unwrap_or_default()];
    file.read_exact_at(&mut bytes, from)?;
    Ok(bytes)
}

/// That the newest backup is older than the office wants, for whoever has to see to it.
///
/// # Errors
/// A damaged ledger.
pub fn late(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
) -> Result<Option<LateBackup>, Stop> {
    let office = &service.core.book().office;
    let days_max = i64::from(office.backup_every());
    let is_told = asking.clerk.roles.contains(&Role::Admin);
    if !is_told || days_max == 0 || office.trial_today.is_some() {
        return Ok(None);
    }
    let on = noted(snapshot)?.first().map(|newest| newest.on);
    let begun = || -> Result<_, Fault> { Ok(history::line(snapshot, 1)?.map(|one| one.stamp.on)) };
    let since = if on.is_some() { on } else { begun()? };
    let days = since.map_or(0, |since| (asking.today - since).num_days());
    Ok((days > days_max).then_some(LateBackup { on, days }))
}

/// Private keys that open backups.
pub struct Keys(Vec<Key>);

impl Keys {
    /// The keys of a file of them; none if it holds none, or anything else.
    pub fn parse(text: &str) -> Option<Self> {
        Key::parse_all(text).filter(|keys| !keys.is_empty()).map(Self)
    }
}

/// A pair of keys that was just made.
pub struct FreshKey {
    /// The text of the private one.
    pub secret: String,
    /// The text of the public one.
    pub public: String,
}

impl FreshKey {
    /// Makes one.
    pub fn make() -> Self {
        let key = Key::fresh();
        Self { secret: key.secret(), public: key.public() }
    }
}

/// A backup that was read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// What it says of itself.
    pub card: Card,
    /// How many rows it holds.
    pub n_rows: u64,
    /// How many files of attachments it holds.
    pub n_files: u64,
}

/// Reads a backup to its end, and makes nothing of it.
///
/// # Errors
/// It is no backup, is damaged, or no key opens it.
pub fn read_through(file: File, keys: &Keys) -> Result<Whole, Refusal> {
    let mut rows = open(file, keys)?;
    rows.by_ref()
        .try_for_each(|piece| piece.map(|_piece| ()))
        .map_err(|wrong| Refusal::from(spoilt(wrong)))?;
    Ok(whole(&rows))
}

/// Makes a ledger of a backup in a folder where there is none, and verifies all of it.
///
/// # Errors
/// There is a ledger; the backup is none, is damaged, or does not hold together. Then nothing is
/// left in the folder.
pub fn restore(folder: &Path, file: File, keys: &Keys) -> Result<(Whole, CheckView), Refusal> {
    let mut rows = open(file, keys)?;
    let store = Store::restore::<Spoilt>(folder, rows.by_ref());
    let store = store.map_err(|wrong| match wrong {
        Spoilt::Fault(fault) => stop::closed(&fault),
        other => Refusal::from(spoilt(other)),
    })?;
    let whole = whole(&rows);
    match prove(store) {
        Ok(view) if view.good || lacks_only(&view, whole.card.n_lost) => Ok((whole, view)),
        refused => {
            Store::unmake(folder);
            Err(refused.err().unwrap_or_else(|| Refusal::from(spoilt(Spoilt::Damaged))))
        }
    }
}

fn whole(rows: &Rows) -> Whole {
    Whole { card: rows.card.clone(), n_rows: rows.n_rows(), n_files: rows.n_files() }
}

/// Whether nothing is wrong but the files that were lost before the backup was made.
fn lacks_only(view: &CheckView, n_lost: u64) -> bool {
    let is_missing = |(key, _): &(String, String)| key == Loss::Missing.key();
    view.findings.iter().all(is_missing) && view.findings.len() as u64 <= n_lost
}

/// Verifies all of a ledger that was just made.
fn prove(store: Store) -> Result<CheckView, Refusal> {
    verify::prove(Service::with(store, Clock::System, |_unread| Finder::asleep())?)
}

fn open(file: File, keys: &Keys) -> Result<Rows, Refusal> {
    reading::read(file, &keys.0).map_err(|wrong| Refusal::from(spoilt(wrong)))
}

fn spoilt(wrong: Spoilt) -> Stop {
    let refusal = |key: &str| Refusal::new(RefusalKind::Invalid, key);
    match wrong {
        Spoilt::Foreign => refusal("not_a_backup").into(),
        Spoilt::Damaged => refusal("backup_is_damaged").into(),
        Spoilt::Locked => refusal("backup_is_locked").into(),
        Spoilt::Newer(format) => refusal("backup_is_newer").with("format", format).into(),
        Spoilt::Fault(fault) => fault.into(),
    }
}
