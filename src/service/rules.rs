//! Limits and calendar in use, and the rows that follow from them.
//!
//! They are what the ledger says: each change reads them again once the ledger's note differs from
//! those at hand, on the writer's thread, so that rows are always removed by the rules that made
//! them. INVARIANT: the ledger's note is the [`Rules::origin`] of the rules behind its rows; it
//! changes only with them, in one transaction (`anjie check` makes all rows again).

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use crate::domain::case::Case;
use crate::domain::choice::Position;
use crate::domain::ids::{Kind, RecordRef};
use crate::law::calendar::Calendar;
use crate::law::deadline::SOON_WORKDAYS;
use crate::law::rule::Law;
use crate::service::clock::Clock;
use crate::service::stop::Stop;
use crate::service::{Core, loading, order, verify};
use crate::store::change::Swap;
use crate::store::read::Read;
use crate::store::write::Work;
use crate::store::{Store, check, remake};

/// The code from which rows follow, as a number that `src/build.rs` takes from the sources.
const CODE: &str = env!("ANJIE_ROWS_CODE");

/// The limits and the calendar by which due days are computed.
#[derive(Debug)]
pub struct Rules {
    /// The limits.
    pub law: Law,
    /// Days off and make-up days.
    pub calendar: Calendar,
    /// The names of the texts of limits that were loaded, in the order of their layers.
    pub loaded: Vec<String>,
    /// Which article binds the office.
    pub position: Position,
    /// From which part of a clock, in percent, a hint says that nothing was done; 0 for never.
    pub half_time: u32,
    /// In how many working days something is soon due.
    pub soon_workdays: u32,
    /// How many working days before a clock ends somebody is asked to get on; 0 for never.
    pub nudge: u32,
    /// Within how many working days the state system has a receipt, and the result of a case; 0
    /// where that is not owed.
    pub filing: (u32, u32),
}

/// What new rules did to the rows of the ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    /// Cases whose next due day is another now.
    pub n_days: u64,
    /// Cases whose next due day is the same and is no longer, or is now, provisional.
    pub n_certain: u64,
}

impl Rules {
    /// What the program brings along.
    pub fn national() -> Self {
        Self {
            law: Law::national(),
            calendar: Calendar::national(),
            loaded: Vec::new(),
            position: Position::Handling,
            half_time: 50,
            soon_workdays: SOON_WORKDAYS,
            nudge: 5,
            filing: (3, 5),
        }
    }

    /// The rules of a ledger: what the program brings along, and what the office has loaded.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn read(ledger: &impl Read) -> Result<Self, Stop> {
        let mut rules = Self::national();
        loading::add_loaded(ledger, &mut rules)?;
        Ok(rules)
    }

    /// What rows made by these rules and this program are made of, as one hash.
    pub fn origin(&self) -> Vec<u8> {
        remake::digest(format!("{CODE}{self:?}").as_bytes())
    }
}

/// Rules behind a lock, with their origin, as the [`Core`] holds them.
pub type InUse = RwLock<(Arc<Rules>, Vec<u8>)>;

/// Rules as the [`Core`] holds them.
pub fn in_use(rules: Rules) -> InUse {
    let origin = rules.origin();
    RwLock::new((Arc::new(rules), origin))
}

impl Core {
    /// The limits and the calendar in use.
    pub fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.rules.read().unwrap_or_else(PoisonError::into_inner).0)
    }

    /// Takes the rules over that the ledger has by now. Only the writer's thread may call it.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn follow_rules(&self, work: &Work<'_>) -> Result<(), Stop> {
        let noted = remake::origin(work)?.unwrap_or_default();
        let is_known = {
            let present = self.rules.read().unwrap_or_else(PoisonError::into_inner);
            present.1 == noted
        };
        if !is_known {
            let rules = Rules::read(work)?;
            let mut present = self.rules.write().unwrap_or_else(PoisonError::into_inner);
            *present = (Arc::new(rules), noted);
        }
        Ok(())
    }
}

/// Makes all rows anew if they were made by another program or other rules; it says whether.
///
/// Either all rows and the note are changed or, on a fault or a kill, nothing is.
///
/// # Errors
/// A fault of the storage, after which the ledger must not be served.
pub fn bring_up(store: &Store, core: &Arc<Core>) -> Result<bool, Stop> {
    let wanted = core.rules().origin();
    if remake::origin(&store.read()?)?.as_ref() == Some(&wanted) {
        return Ok(false);
    }
    let core = Arc::clone(core);
    store.write_large(move |work| remake_all(&core, work).map(|_remade| true))
}

/// Makes all rows anew, whatever the ledger says of them.
///
/// # Errors
/// A fault of the storage.
pub fn remake_all(core: &Core, work: &mut Work<'_>) -> Result<remake::Remade, Stop> {
    let remade = work.remake_rows(&|record, bytes| verify::rows_of(core, record, bytes))?;
    work.note_origin(&core.rules().origin());
    Ok(remade)
}

/// Puts new rules in force: every case whose rows are others by them gets its new rows.
///
/// It is the last thing that an order does, as a large change; `new` is what [`Rules::read`] will
/// say after it. The rules at hand follow with the next change, on the writer's thread.
///
/// # Errors
/// A fault of the storage; nothing is changed then.
pub fn put_in_force(core: &Core, work: &mut Work<'_>, new: Rules) -> Result<Moved, Stop> {
    let origin = new.origin();
    // Rows ask for no clock.
    let book = RwLock::new(core.book());
    let logins = OnceLock::new();
    let new = Core { rules: in_use(new), clock: Clock::System, book, vault: None, logins };
    let mut moved = Moved::default();
    work.move_rows(&mut |record, bytes| {
        let rows_by = |core| verify::rows_of(core, record, bytes).unwrap_or_default();
        let swap = Swap { old: rows_by(core), new: rows_by(&new) };
        if swap.old != swap.new {
            moved.count((core, &new), record, bytes);
        }
        swap
    })?;
    work.note_origin(&origin);
    Ok(moved)
}

impl Moved {
    fn count(&mut self, (old, new): (&Core, &Core), record: RecordRef, bytes: &[u8]) {
        if record.kind != Kind::Case {
            return;
        }
        let Some(case) = check::record::<Case>(record, bytes) else { return };
        let (old, new) = (order::due(old, &case), order::due(new, &case));
        self.n_days += u64::from(old.on() != new.on());
        self.n_certain +=
            u64::from(old.on() == new.on() && old.is_provisional() != new.is_provisional());
    }
}
