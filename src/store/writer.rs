//! The one thread that writes: it takes all changes that wait, and commits them together.
//!
//! Replies go out after the commit only. After an error of the storage the ledger is closed and
//! opened again; changes are refused until a probe has been committed.
//! A panic ends the process: an unclean stop is what the engine is tested for.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use crate::store::anchor::Anchor;
use crate::store::engine::{Batch, Engine};
use crate::store::fault::Fault;
use crate::store::journal::Head;
use crate::store::key::{self, Space};
use crate::store::place::{Identity, Place};
use crate::store::read::{Read, Snapshot};
use crate::store::write::{Pace, Work, Wrote};

/// How many changes may wait; whoever comes later waits at the door.
pub(super) const QUEUE_MAX: usize = 1_024;
/// How many changes share a commit at most.
const BATCH_MAX: usize = 256;
/// How long the thread waits for a change before it tries again to open a ledger that broke.
const REOPEN_AFTER: Duration = Duration::from_secs(15);
const PROBE_KEY: &[u8] = b"probe";

/// What all threads share.
pub(super) struct Shared {
    /// The ledger's folder.
    pub place: Place,
    /// Which file the ledger is.
    pub identity: Identity,
    /// The engine, or why there is none at the moment.
    pub engine: RwLock<Result<Engine, Fault>>,
    /// Why changes are refused at the moment, or why the anchor could not be written.
    pub trouble: RwLock<Trouble>,
}

/// What is wrong at the moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trouble {
    /// The storage error after which changes are refused until a probe succeeds.
    pub halted_by: Option<Fault>,
    /// The last error of the anchor's file; the ledger itself goes on.
    pub anchor: Option<Fault>,
}

impl Shared {
    /// The last committed state.
    pub(super) fn snapshot(&self) -> Result<Snapshot, Fault> {
        let engine = self.engine.read().unwrap_or_else(PoisonError::into_inner);
        match &*engine {
            Ok(engine) => engine.snapshot().map(Snapshot::new),
            Err(fault) => Err(fault.clone()),
        }
    }

    fn note(&self, change: impl FnOnce(&mut Trouble)) {
        change(&mut self.trouble.write().unwrap_or_else(PoisonError::into_inner));
    }
}

/// A change that waits, whatever it answers.
pub(super) trait Task: Send {
    /// Whether it shares a commit.
    fn pace(&self) -> Pace;
    /// Runs the closure; says whether it is to be kept.
    fn run(&mut self, work: &mut Work<'_>) -> Verdict;
    /// Answers whoever waits: with the closure's result, or with the fault that undid it.
    fn reply(self: Box<Self>, committed: Result<(), Fault>);
}

/// What became of a closure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It returned `Ok`: what it wrote goes into the batch.
    Keep,
    /// It refused: nothing of it is left.
    Drop,
}

/// A closure on its way to the writer, and the way back.
pub(super) struct Change<F, T, E> {
    pub pace: Pace,
    pub closure: Option<F>,
    pub result: Option<Result<T, E>>,
    pub reply: SyncSender<Result<T, E>>,
}

impl<F, T, E> Task for Change<F, T, E>
where
    F: FnOnce(&mut Work<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Fault> + Send,
{
    fn pace(&self) -> Pace {
        self.pace
    }

    fn run(&mut self, work: &mut Work<'_>) -> Verdict {
        let Some(closure) = self.closure.take() else { return Verdict::Drop };
        let result = closure(work);
        let verdict = if result.is_ok() { Verdict::Keep } else { Verdict::Drop };
        self.result = Some(result);
        verdict
    }

    fn reply(self: Box<Self>, committed: Result<(), Fault>) {
        let result = match committed {
            Ok(()) => self.result.unwrap_or_else(|| Err(E::from(Fault::Closed))),
            Err(fault) => Err(E::from(fault)),
        };
        // Whoever asked may be gone; the change is kept all the same.
        let _nobody_waits = self.reply.send(result);
    }
}

/// The writer's own state.
pub(super) struct Writer {
    /// What it shares with the readers.
    pub shared: Arc<Shared>,
    /// Changes that wait.
    pub tasks: Receiver<Box<dyn Task>>,
    /// The note of the head.
    pub anchor: Anchor,
    /// The storage error after which no change is taken until a probe succeeds.
    pub halted_by: Option<Fault>,
}

/// How a batch broke, and what it would have left.
struct Broken {
    fault: Fault,
    /// The heads before and after, if the commit itself had begun.
    commit: Option<Box<(Head, Head)>>,
}

impl From<Fault> for Broken {
    fn from(fault: Fault) -> Self {
        Self { fault, commit: None }
    }
}

/// Ends the process if a panic unwinds through its scope.
struct AbortOnPanic;

impl Drop for AbortOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            std::process::abort();
        }
    }
}

impl Writer {
    /// Serves until nobody can send any more; then syncs the anchor and closes the file.
    pub(super) fn run(mut self) -> Result<(), Fault> {
        let _guard = AbortOnPanic;
        loop {
            match self.tasks.recv_timeout(self.patience()) {
                Ok(first) => {
                    let waiting = self.tasks.try_iter().take(BATCH_MAX - 1);
                    let tasks = std::iter::once(first).chain(waiting).collect();
                    self.serve(tasks);
                }
                Err(RecvTimeoutError::Timeout) => {
                    let _told_with_next_change = self.revive();
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let synced = self.anchor.sync();
        let mut engine = self.shared.engine.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *engine, Err(Fault::Closed)).and_then(Engine::close).and(synced)
    }

    /// A ledger that works needs no timer; one that cannot be read is tried again now and then.
    fn patience(&self) -> Duration {
        let engine = self.shared.engine.read().unwrap_or_else(PoisonError::into_inner);
        if engine.is_err() { REOPEN_AFTER } else { Duration::MAX }
    }

    /// Commits the tasks in their order, those that want to be alone each by itself.
    fn serve(&mut self, mut tasks: VecDeque<Box<dyn Task>>) {
        while let Some(first) = tasks.pop_front() {
            let pace = first.pace();
            let mut batch = vec![first];
            while pace == Pace::Shared
                && let Some(next) = tasks.pop_front_if(|task| task.pace() == Pace::Shared)
            {
                batch.push(next);
            }
            let committed = self.commit(&mut batch);
            for task in batch {
                task.reply(committed.clone());
            }
        }
    }

    fn commit(&mut self, tasks: &mut [Box<dyn Task>]) -> Result<(), Fault> {
        self.revive()?;
        // Before anything is written: a file that comes back to its name holds nothing that was
        // refused meanwhile.
        self.must_be_in_place()?;
        let result = {
            let engine = self.shared.engine.read().unwrap_or_else(PoisonError::into_inner);
            match &*engine {
                Ok(engine) => run(engine, tasks),
                Err(fault) => return Err(fault.clone()),
            }
        };
        let head = match result {
            Ok(head) => head,
            Err(broken) => return Err(self.recover(broken)),
        };
        let Some(head) = head else { return Ok(()) };
        // After the commit: a file that lost its name in the meantime holds nothing for anybody.
        self.must_be_in_place()?;
        let noted = self.anchor.note(head).err();
        self.shared.note(|trouble| trouble.anchor = noted);
        Ok(())
    }

    /// Takes no changes any more if the ledger's name stands for another file, or for none.
    fn must_be_in_place(&mut self) -> Result<(), Fault> {
        let found = self.shared.place.verify(self.shared.identity);
        if let Err(fault) = &found {
            self.halt(fault);
        }
        found
    }

    /// Makes sure that the ledger takes changes again after an error.
    fn revive(&mut self) -> Result<(), Fault> {
        let Some(cause) = self.halted_by.clone() else { return Ok(()) };
        if cause == Fault::Replaced {
            return Err(cause);
        }
        let is_open = self.shared.engine.read().unwrap_or_else(PoisonError::into_inner).is_ok();
        if !is_open {
            self.reopen()?;
        }
        let probed = {
            let engine = self.shared.engine.read().unwrap_or_else(PoisonError::into_inner);
            engine.as_ref().map_err(Fault::clone).and_then(probe)
        };
        if let Err(fault) = probed {
            return Err(self.recover(Broken::from(fault)));
        }
        self.halted_by = None;
        self.shared.note(|trouble| trouble.halted_by = None);
        Ok(())
    }

    /// Opens the ledger again after an error and says what the clerks are to be told.
    fn recover(&mut self, broken: Broken) -> Fault {
        self.halt(&broken.fault);
        let reopened = self.reopen();
        let Some(heads) = broken.commit else { return broken.fault };
        let (before, after) = *heads;
        let found = reopened.and_then(|()| self.shared.snapshot()?.head());
        match found {
            Ok(found) if found == before && before != after => broken.fault,
            _ => Fault::Unsure,
        }
    }

    fn halt(&mut self, fault: &Fault) {
        self.halted_by = Some(fault.clone());
        self.shared.note(|trouble| trouble.halted_by = Some(fault.clone()));
    }

    fn reopen(&mut self) -> Result<(), Fault> {
        let shared = &self.shared;
        let mut engine = shared.engine.write().unwrap_or_else(PoisonError::into_inner);
        if let Ok(old) = std::mem::replace(&mut *engine, Err(Fault::Halted)) {
            // It is closed because it failed; that closing fails too is no news.
            let _known = old.close();
        }
        let opened = shared.place.ledger().and_then(|(file, identity)| {
            if identity == shared.identity { Engine::open(file) } else { Err(Fault::Replaced) }
        });
        let result = match &opened {
            Ok(_) => Ok(()),
            Err(fault) => Err(fault.clone()),
        };
        *engine = opened;
        result
    }
}

/// Runs the tasks in one batch and commits it; gives the new head, or none if nothing was written.
fn run(engine: &Engine, tasks: &mut [Box<dyn Task>]) -> Result<Option<Head>, Broken> {
    let batch = engine.begin()?;
    let before = read_head(&batch)?;
    let (mut after, mut wrote) = (before, Wrote::Nothing);
    for task in tasks {
        let pace = task.pace();
        let mut work = Work::new(batch.sheet()?, after, pace);
        let guard = AbortOnPanic;
        let verdict = task.run(&mut work);
        drop(guard);
        if let Some(fault) = work.failure() {
            return Err(fault.into());
        }
        match verdict {
            Verdict::Keep => {
                let (head, what) = work.absorb()?;
                after = head;
                if what == Wrote::Something {
                    wrote = what;
                }
            }
            // What it has spilled goes with its transaction, which is its own.
            Verdict::Drop => {}
        }
    }
    if wrote == Wrote::Nothing {
        batch.abort()?;
        return Ok(None);
    }
    let commit = Some(Box::new((before, after)));
    batch.commit().map_err(|fault| Broken { fault, commit })?;
    Ok(Some(after))
}

fn read_head(batch: &Batch) -> Result<Head, Fault> {
    let key = key::raw(Space::Meta, Head::KEY);
    batch
        .sheet()?
        .get(&key, Head::from_bytes)?
        .flatten()
        .ok_or(Fault::Damaged("the journal has no head"))
}

/// Commits a row that means nothing, to see whether the storage takes changes.
fn probe(engine: &Engine) -> Result<(), Fault> {
    let batch = engine.begin()?;
    let key = key::raw(Space::Meta, PROBE_KEY);
    {
        let mut sheet = batch.sheet()?;
        let n = sheet.get(&key, |bytes| bytes.first().copied())?.flatten().unwrap_or(0);
        sheet.set(&key, Some(&[n.wrapping_add(1)]))?;
    }
    batch.commit()
}
