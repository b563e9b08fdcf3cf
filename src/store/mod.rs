//! The ledger on disk: records, their rows, and a journal that tells of every change.
//!
//! One process has it open; one thread writes; readers see the last committed state. What is
//! acknowledged is on disk. Nothing outside this folder knows the engine.

use std::fs::File;
use std::path::Path;
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::JoinHandle;

use crate::store::anchor::{Anchor, Standing};
use crate::store::engine::Engine;
use crate::store::fault::Fault;
use crate::store::journal::Head;
use crate::store::key::Space;
use crate::store::migrate::Step;
use crate::store::place::Place;
use crate::store::read::{Read, Snapshot};
use crate::store::vault::Vault;
use crate::store::write::{Pace, Work};
use crate::store::writer::{Change, QUEUE_MAX, Shared, Task, Trouble, Writer};

pub mod access;
pub mod anchor;
pub mod attached;
pub mod backup;
pub mod campaign;
pub mod change;
pub mod check;
mod codec;
pub mod copy;
pub mod duty;
mod engine;
pub mod fault;
pub mod history;
pub mod journal;
pub mod key;
pub mod meeting;
mod migrate;
mod packed;
pub mod paper;
mod place;
pub mod read;
pub mod remake;
mod replay;
pub mod roster;
pub mod salvage;
pub mod tables;
pub mod taken;
#[cfg(test)]
mod tests;
pub mod vault;
pub mod write;
pub mod writer;

/// An open ledger. Dropping it waits for the changes that are on their way.
pub struct Store {
    shared: Arc<Shared>,
    tasks: Option<SyncSender<Box<dyn Task>>>,
    writer: Option<JoinHandle<Result<(), Fault>>>,
    standing: Standing,
}

impl Store {
    /// Makes a ledger in a folder, which is made too if need be, and opens it.
    ///
    /// `genesis` writes the first records. The file gets its name only when they are on disk.
    ///
    /// # Errors
    /// [`Fault::Exists`] if there is a ledger, [`Fault::Busy`] if somebody is making one; or what
    /// `genesis` refuses, and then nothing is left.
    pub fn create<E: From<Fault>>(
        folder: &Path,
        genesis: impl FnOnce(&mut Work<'_>) -> Result<(), E>,
    ) -> Result<Self, E> {
        Self::found(folder, |engine| {
            let name = journal::random::<16>()?;
            let origin = Head { hash: journal::hash(&name), ..Head::default() };
            alone(engine, origin, |work| {
                work.set(Space::Meta, history::NAME_KEY, Some(name.to_vec()));
                work.set(Space::Meta, Head::KEY, Some(origin.to_bytes()));
                migrate::set_schema(work, migrate::newest(migrate::STEPS));
                genesis(work)
            })
        })
    }

    /// Opens the ledger of a folder, checks every page of it, and brings an older one up to date.
    ///
    /// # Errors
    /// Each fault by its name: missing, busy, foreign, damaged, another's, open to others, a link,
    /// rolled back, newer than this program.
    pub fn open(folder: &Path) -> Result<Self, Fault> {
        Self::open_with(folder, migrate::STEPS)
    }

    /// Looks into the ledger of a folder that nobody has open, and changes nothing; none if it has an
    /// older shape than this program writes.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn peek<T, E: From<Fault>>(
        folder: &Path,
        look: impl FnOnce(&Snapshot) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        let (file, _) = Place::open(folder)?.ledger()?;
        let engine = Engine::open(file)?;
        let snapshot = Snapshot::new(engine.snapshot()?);
        let (schema, newest) = (migrate::schema(&snapshot)?, migrate::newest(migrate::STEPS));
        if schema > newest {
            return Err(Fault::Newer(schema).into());
        }
        let found = if schema < newest { None } else { Some(look(&snapshot)?) };
        drop(snapshot);
        engine.close()?;
        Ok(found)
    }

    /// Whether there is a ledger in a folder, whatever its state.
    pub fn is_there(folder: &Path) -> bool {
        place::is_taken(folder)
    }

    /// What is wrong with `folder`, `file` and `anchor` of a ledger, without opening it, and
    /// whether something is `left_over` from one that was being made; as the ledger of the account
    /// of a user id, else of this process.
    pub fn examine(folder: &Path, owner: Option<u32>) -> Vec<(&'static str, Result<(), Fault>)> {
        let parts = place::examine(folder, owner);
        parts.into_iter().map(|(part, looked)| (part.word(), looked)).collect()
    }

    /// The bytes that are free where a ledger lies, and those of its file.
    pub fn room(folder: &Path) -> Option<(u64, u64)> {
        place::room(folder)
    }

    /// The files of attachments beside it.
    ///
    /// # Errors
    /// An error of the machine.
    pub fn vault(&self) -> Result<Vault, Fault> {
        self.shared.place.vault()
    }

    /// The last committed state, without waiting for anybody.
    ///
    /// # Errors
    /// The fault after which the ledger could not be opened again.
    pub fn read(&self) -> Result<Snapshot, Fault> {
        self.shared.snapshot()
    }

    /// Runs a closure on the writer's thread and commits what it wrote, together with others.
    ///
    /// On `Ok` it is on disk. On `Err` nothing of it is, with one exception: [`Fault::Unsure`].
    /// The closure must not call `write`, and reads no clock: it holds up everybody.
    ///
    /// # Errors
    /// What the closure refuses, or the fault that undid it.
    pub fn write<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: FnOnce(&mut Work<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        self.send(Pace::Shared, change)
    }

    /// The same for a change of thousands of rows: it has a commit to itself and needs little
    /// memory, because it may write while it runs. If it is refused, all of it is undone.
    ///
    /// # Errors
    /// What the closure refuses, or the fault that undid it.
    pub fn write_large<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: FnOnce(&mut Work<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        self.send(Pace::Alone, change)
    }

    /// Removes the files of a ledger that was made a moment ago and was never of use to anybody.
    pub fn unmake(folder: &Path) {
        place::unmake(folder);
    }

    /// What the head anchor said when the ledger was opened.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// What is wrong at the moment.
    pub fn trouble(&self) -> Trouble {
        self.shared.trouble.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for the changes that are on their way, and closes the file.
    ///
    /// # Errors
    /// An error of the machine; what was acknowledged is on disk all the same.
    pub fn close(mut self) -> Result<(), Fault> {
        self.stop()
    }

    /// Prepares a file beside the ledger's place, gives it its name when it is whole, and opens it.
    ///
    /// `fill` commits the rows and gives the chain's end.
    fn found<E: From<Fault>>(
        folder: &Path,
        fill: impl FnOnce(&Engine) -> Result<Head, E>,
    ) -> Result<Self, E> {
        let place = Place::make(folder)?;
        let file = place.prepare()?;
        let prepared = Self::prepare(&place, file, fill);
        if prepared.is_err() {
            place.discard()?;
        }
        prepared?;
        place.publish()?;
        Ok(Self::open(folder)?)
    }

    fn prepare<E: From<Fault>>(
        place: &Place,
        file: File,
        fill: impl FnOnce(&Engine) -> Result<Head, E>,
    ) -> Result<(), E> {
        let engine = Engine::open(file)?;
        let head = fill(&engine)?;
        engine.close()?;
        // A folder may have had another ledger, whose anchor would say that this one is too short.
        let mut anchor = Anchor::new(place.anchor()?);
        anchor.note(head)?;
        Ok(anchor.sync()?)
    }

    fn open_with(folder: &Path, steps: &[Step]) -> Result<Self, Fault> {
        let place = Place::open(folder)?;
        let (file, identity) = place.ledger()?;
        let engine = Engine::open(file)?;
        let snapshot = Snapshot::new(engine.snapshot()?);
        let schema = migrate::schema(&snapshot)?;
        if schema > migrate::newest(steps) {
            return Err(Fault::Newer(schema));
        }
        let mut anchor = Anchor::new(place.anchor()?);
        let standing = anchor.verify(&snapshot)?;
        let mut head = snapshot.head()?;
        drop(snapshot);
        if schema < migrate::newest(steps) {
            head = alone(&engine, head, |work| migrate::bring_up(work, steps))?;
        }
        // A full disk must not keep anybody from reading: what the anchor lacks is told instead.
        let noted = anchor.note(head).and_then(|()| anchor.sync()).err();
        let trouble = RwLock::new(Trouble { halted_by: None, anchor: noted });
        let engine = RwLock::new(Ok(engine));
        let shared = Arc::new(Shared { place, identity, engine, trouble });
        let (sender, tasks) = mpsc::sync_channel(QUEUE_MAX);
        let writer = Writer { shared: Arc::clone(&shared), tasks, anchor, halted_by: None };
        let writer = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer.run())
            .map_err(|error| Fault::from_io("starting the writer", &error))?;
        Ok(Self { shared, tasks: Some(sender), writer: Some(writer), standing })
    }

    fn send<T, E, F>(&self, pace: Pace, change: F) -> Result<T, E>
    where
        F: FnOnce(&mut Work<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        let (reply, answer) = mpsc::sync_channel(1);
        let task = Change { pace, closure: Some(change), result: None, reply };
        let tasks = self.tasks.as_ref().ok_or(Fault::Closed)?;
        tasks.send(Box::new(task)).map_err(|_| Fault::Closed)?;
        answer.recv().unwrap_or_else(|_| Err(E::from(Fault::Unsure)))
    }

    fn stop(&mut self) -> Result<(), Fault> {
        self.tasks = None;
        match self.writer.take().map(JoinHandle::join) {
            Some(Ok(result)) => result,
            Some(Err(_)) | None => Ok(()),
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // Whoever wants to know calls `close`.
        let _told_by_close = self.stop();
    }
}

/// Runs a closure in a transaction of its own, before the writer exists.
fn alone<E: From<Fault>>(
    engine: &Engine,
    head: Head,
    change: impl FnOnce(&mut Work<'_>) -> Result<(), E>,
) -> Result<Head, E> {
    let batch = engine.begin()?;
    let mut work = Work::new(batch.sheet()?, head, Pace::Alone);
    change(&mut work)?;
    if let Some(fault) = work.failure() {
        return Err(fault.into());
    }
    let (head, _) = work.absorb()?;
    batch.commit()?;
    Ok(head)
}
