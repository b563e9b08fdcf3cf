//! What can be learnt of a ledger that may not open: the head noted beside it, and its backup.

use std::fs::File;
use std::path::Path;

use crate::store::Store;
use crate::store::anchor;
use crate::store::fault::Fault;
use crate::store::journal::Head;
use crate::store::place::Place;
use crate::store::read::Read;

/// What lies in the folder of a ledger, beside its file.
pub struct Salvage {
    /// The head that is noted there.
    pub noted: Option<Head>,
    /// The newest backup.
    pub backup: Option<File>,
}

impl Store {
    /// Looks for what is left in the folder of a ledger; nothing is written.
    ///
    /// # Errors
    /// The folder is not there, is somebody else's, or cannot be read.
    pub fn salvage(folder: &Path) -> Result<Salvage, Fault> {
        let place = Place::open(folder)?;
        let noted = place.noted().ok().and_then(|file| anchor::noted(&file).ok().flatten());
        Ok(Salvage { noted, backup: place.backup().ok() })
    }
}

impl Salvage {
    /// Whether a ledger passes through the head that is noted.
    ///
    /// # Errors
    /// [`Fault::RolledBack`], or a ledger that cannot be read.
    pub fn proves(&self, ledger: &impl Read) -> Result<(), Fault> {
        anchor::compare(self.noted, ledger).map(|_standing| ())
    }
}
