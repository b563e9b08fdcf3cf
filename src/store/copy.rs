//! The ledger as a whole: brought back from a copy of its rows, or made smaller.
//!
//! A copy is what [`Snapshot::dump`](crate::store::read::Snapshot::dump) visits: it is consistent
//! while others write, and knows nothing of the engine's pages.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;

use chrono::NaiveDate;

use crate::store::Store;
use crate::store::attached;
use crate::store::backup::Piece;
use crate::store::engine::Engine;
use crate::store::fault::Fault;
use crate::store::journal::Head;
use crate::store::key::{self, Space};
use crate::store::migrate;
use crate::store::place::Place;
use crate::store::read::{Read, Snapshot};
use crate::store::vault::Begun;
use crate::store::write::Work;

/// Where the ledger notes that something was erased and still lies in pages that are out of use.
const COMPACT_KEY: &[u8] = b"compact";

impl Work<'_> {
    /// Notes that the file is to be made smaller at the next start of a server.
    pub fn want_compaction(&mut self) {
        self.set(Space::Meta, COMPACT_KEY, Some(Vec::new()));
    }
}

impl Store {
    /// Makes a ledger of the rows of a copy, in the order in which they were dumped, and of the files
    /// behind them, and opens it. The files are on disk before the ledger has its name.
    ///
    /// Let `check` look at it before anybody works with it.
    ///
    /// # Errors
    /// [`Fault::Exists`] if there is a ledger, for a copy never replaces one; [`Fault::Foreign`]
    /// if the rows are not those of a ledger; or what the source of the rows says.
    pub fn restore<E: From<Fault>>(
        folder: &Path,
        pieces: impl Iterator<Item = Result<Piece, E>>,
    ) -> Result<Self, E> {
        let vault = Place::make(folder)?.vault()?;
        let made = Self::found(folder, |engine| {
            let batch = engine.begin()?;
            {
                let (mut sheet, mut begun) = (batch.sheet()?, Begun::No);
                for piece in pieces {
                    match piece? {
                        Piece::Row((key, value)) => sheet.set(&key, Some(&value))?,
                        Piece::File(chunk) => begun = vault.take(&chunk, begun)?,
                    }
                }
                let head = sheet.get(&key::raw(Space::Meta, Head::KEY), |_| ())?;
                head.ok_or(Fault::Foreign)?;
            }
            batch.commit()?;
            let snapshot = Snapshot::new(engine.snapshot()?);
            let schema = migrate::schema(&snapshot)?;
            if schema > migrate::newest(migrate::STEPS) {
                return Err(E::from(Fault::Newer(schema)));
            }
            Ok(snapshot.head()?)
        });
        if made.is_err() && !Self::is_there(folder) {
            vault.unmake();
        }
        made
    }

    /// Removes files of attachments that no case names any more and that were not removed just lately,
    /// and what is left of those that were on their way. Nobody may be working with the ledger yet; its rows must be those of this program.
    ///
    /// # Errors
    /// Those of the machine.
    pub fn sweep(&self, today: NaiveDate) -> Result<usize, Fault> {
        self.vault()?.sweep(&attached::kept(&self.read()?, today)?)
    }

    /// Opens the ledger of a folder; where something was erased since, its file is made smaller
    /// first, and the backup beside it, which may hold what was erased, is removed.
    ///
    /// # Errors
    /// Those of opening, and of the machine.
    pub fn open_compacted(folder: &Path) -> Result<Self, Fault> {
        let store = Self::open(folder)?;
        if store.read()?.get(Space::Meta, COMPACT_KEY)?.is_none() {
            return Ok(store);
        }
        store.close()?;
        Place::open(folder)?.discard_backup()?;
        match Self::compact(folder) {
            Ok(()) => {}
            // A full disk must not keep anybody from reading: the next start tries again.
            Err(Fault::Full) => return Self::open(folder),
            Err(fault) => return Err(fault),
        }
        let store = Self::open(folder)?;
        store.write(|work| {
            work.set(Space::Meta, COMPACT_KEY, None);
            Ok::<_, Fault>(())
        })?;
        Ok(store)
    }

    /// Writes the rows of a ledger that nobody has open into a file of their own, which takes the
    /// place of the old one.
    ///
    /// What was erased is then no longer in the file: neither in pages that are out of use nor in
    /// what a row left behind in a page that is. To move the pages together would move that along.
    ///
    /// # Errors
    /// Those of opening, and of the machine; the old file is as it was then.
    pub fn compact(folder: &Path) -> Result<(), Fault> {
        let place = Place::open(folder)?;
        let (file, identity) = place.ledger()?;
        let engine = Engine::open(file)?;
        let snapshot = Snapshot::new(engine.snapshot()?);
        let fresh = place.prepare_again()?;
        if let Err(fault) = copied(&snapshot, fresh) {
            // Whoever makes a new file next removes what is left of this one.
            let _ = place.discard();
            return Err(fault);
        }
        place.verify(identity)?;
        place.replace()?;
        drop(snapshot);
        engine.close()
    }
}

/// Writes all rows into an empty file, which is on disk then.
fn copied(snapshot: &Snapshot, file: File) -> Result<(), Fault> {
    let mut engine = Engine::open(file)?;
    let batch = engine.begin()?;
    {
        let mut sheet = batch.sheet()?;
        snapshot.dump(&mut |key, value| {
            sheet.set(key, Some(value))?;
            Ok(ControlFlow::Continue(()))
        })?;
    }
    batch.commit()?;
    engine.compact()?;
    engine.close()
}
