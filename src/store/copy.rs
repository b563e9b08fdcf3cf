//! The ledger as a whole: brought back from a copy of its rows, or made smaller.
//!
//! A copy is what [`Snapshot::dump`](crate::store::read::Snapshot::dump) visits: it is consistent
//! while others write, and knows nothing of the engine's pages.

use std::path::Path;

use crate::store::Store;
use crate::store::engine::Engine;
use crate::store::fault::Fault;
use crate::store::journal::Head;
use crate::store::key::{self, Space};
use crate::store::migrate;
use crate::store::place::Place;
use crate::store::read::{Pair, Read, Snapshot};
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
    /// Makes a ledger of the rows of a copy, in the order in which they were dumped, and opens it.
    ///
    /// Let `check` look at it before anybody works with it.
    ///
    /// # Errors
    /// [`Fault::Exists`] if there is a ledger, for a copy never replaces one; [`Fault::Foreign`]
    /// if the rows are not those of a ledger; or what the source of the rows says.
    pub fn restore<E: From<Fault>>(
        folder: &Path,
        rows: impl Iterator<Item = Result<Pair, E>>,
    ) -> Result<Self, E> {
        Self::found(folder, |engine| {
            let batch = engine.begin()?;
            {
                let mut sheet = batch.sheet()?;
                for row in rows {
                    let (key, value) = row?;
                    sheet.set(&key, Some(&value))?;
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
        })
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
        Self::compact(folder)?;
        let store = Self::open(folder)?;
        store.write(|work| {
            work.set(Space::Meta, COMPACT_KEY, None);
            Ok::<_, Fault>(())
        })?;
        Ok(store)
    }

    /// Makes the file of a ledger that nobody has open as small as it can be; says whether it
    /// became smaller.
    ///
    /// What was erased is then no longer in the file, not even in pages that are out of use.
    ///
    /// # Errors
    /// Those of opening, and of the machine.
    pub fn compact(folder: &Path) -> Result<bool, Fault> {
        let place = Place::open(folder)?;
        let (file, identity) = place.ledger()?;
        let mut engine = Engine::open(file)?;
        let is_smaller = engine.compact()?;
        engine.close()?;
        place.verify(identity)?;
        Ok(is_smaller)
    }
}
