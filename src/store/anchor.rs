//! The head of the journal, noted in a small file beside the ledger.
//!
//! A ledger that ends before its anchor was rolled back, and one whose chain does not pass through
//! the anchor is another one. The file is overwritten by one unsynced write after each commit:
//! exact after a kill, up to `LINES_MAX` lines or `AGE_MAX` behind after a power cut.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use crate::domain::ids::Revision;
use crate::store::fault::Fault;
use crate::store::history;
use crate::store::journal::{self, Head};
use crate::store::key::Space;
use crate::store::read::Read;

/// How many lines may be written before the anchor is synced.
const LINES_MAX: u64 = 100;
/// How long it may stay unsynced while lines are written.
const AGE_MAX: Duration = Duration::from_secs(60);
const TITLE: &str = "anjie-head-1";

/// What the anchor said when the ledger was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// There was none, or it could not be read: nothing vouches for the end of the journal.
    Missing,
    /// The journal passes through it; so many lines behind it are unproven.
    Holds {
        /// Lines that were written after the anchor.
        n_unproven: u64,
    },
}

/// The anchor's file.
pub(super) struct Anchor {
    file: File,
    synced: u64,
    synced_at: Instant,
}

impl Anchor {
    pub(super) fn new(file: File) -> Self {
        Self { file, synced: 0, synced_at: Instant::now() }
    }

    /// Compares a ledger that was just opened with its anchor.
    ///
    /// # Errors
    /// [`Fault::RolledBack`] if the journal does not pass through the anchor.
    pub(super) fn verify(&self, ledger: &impl Read) -> Result<Standing, Fault> {
        compare(noted(&self.file)?, ledger)
    }

    /// Notes a head that is on disk; syncs it when that is due.
    ///
    /// # Errors
    /// An error of the machine; the ledger itself is not concerned.
    pub(super) fn note(&mut self, head: Head) -> Result<(), Fault> {
        let text = format!(
            "{TITLE} {:020} {:020} {}\n",
            head.sequence,
            head.revision.0,
            journal::hex(&head.hash)
        );
        self.file
            .write_all_at(text.as_bytes(), 0)
            .map_err(|error| Fault::from_io("writing the anchor", &error))?;
        let n_lines = head.sequence.saturating_sub(self.synced);
        if n_lines >= LINES_MAX || (n_lines > 0 && self.synced_at.elapsed() >= AGE_MAX) {
            self.sync()?;
            self.synced = head.sequence;
        }
        Ok(())
    }

    /// Puts the anchor on disk.
    ///
    /// # Errors
    /// An error of the machine.
    pub(super) fn sync(&mut self) -> Result<(), Fault> {
        self.file.sync_data().map_err(|error| Fault::from_io("writing the anchor", &error))?;
        self.synced_at = Instant::now();
        Ok(())
    }
}

/// The head that an anchor's file notes; none if it is empty or cannot be understood.
///
/// # Errors
/// An error of the machine.
pub(super) fn noted(file: &File) -> Result<Option<Head>, Fault> {
    let mut bytes = [0; 256];
    let n = file
        .read_at(&mut bytes, 0)
        .map_err(|error| Fault::from_io("reading the anchor", &error))?;
    Ok(bytes.get(..n).and_then(parse))
}

/// Whether a ledger passes through a head that was noted.
///
/// # Errors
/// [`Fault::RolledBack`] if it does not.
pub(super) fn compare(noted: Option<Head>, ledger: &impl Read) -> Result<Standing, Fault> {
    let Some(noted) = noted else { return Ok(Standing::Missing) };
    let head = ledger.head()?;
    let passes = match noted.sequence {
        _ if noted.sequence > head.sequence || noted.revision > head.revision => false,
        sequence if sequence == head.sequence => noted == head,
        0 => Some(noted.hash) == history::origin(ledger)?,
        sequence => ledger
            .get(Space::Line, &sequence.to_be_bytes())?
            .is_some_and(|bytes| journal::hash(&bytes) == noted.hash),
    };
    if passes {
        Ok(Standing::Holds { n_unproven: head.sequence - noted.sequence })
    } else {
        Err(Fault::RolledBack)
    }
}

fn parse(bytes: &[u8]) -> Option<Head> {
    let text = std::str::from_utf8(bytes).ok()?.strip_suffix('\n')?;
    let mut words = text.split(' ');
    if words.next()? != TITLE {
        return None;
    }
    let sequence = words.next()?.parse().ok()?;
    let revision = Revision(words.next()?.parse().ok()?);
    let hash = journal::parse_hex(words.next()?)?;
    words.next().is_none().then_some(Head { sequence, revision, hash })
}
