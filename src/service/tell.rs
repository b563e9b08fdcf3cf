//! After a commit: the search index follows, and the other sessions are told.
//!
//! The index is warmed on a thread of its own from the snapshot of the start; a record that changes
//! meanwhile is entered from the newer state, and the warming leaves it alone.

use std::collections::{BTreeSet, HashSet};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use chrono::NaiveDate;

use crate::api::door::{Going, Notice};
use crate::api::presence::Presence;
use crate::api::undo::UndoWay;
use crate::domain::act::Act;
use crate::domain::campaign::Task;
use crate::domain::case::Case;
use crate::domain::duty::Duty;
use crate::domain::entry::Entry as RosterEntry;
use crate::domain::ids::{CaseId, Kind, PersonId, RecordRef, RequestId};
use crate::domain::meeting::Decision;
use crate::domain::office::Clerk;
use crate::domain::policy::{self, Asker};
use crate::search::Index;
use crate::search::entry::Entry;
use crate::search::query::Query;
use crate::search::sift::Sift;
use crate::service::book::Book;
use crate::service::like::twins::Held;
use crate::service::office::account;
use crate::service::presence::tell_presence;
use crate::service::stop::Stop;
use crate::service::warm::{each_entry, entry_of};
use crate::service::{Session, care, people};
use crate::store::Store;
use crate::store::fault::Fault;
use crate::store::key::{Order, Space, Span};
use crate::store::read::{Read, Snapshot};
use crate::store::{tables, taken};

/// The most notices that wait for one session.
pub const NOTICES_MAX: usize = 64;
/// Records entered into the index before others may look into it.
const PORTION: usize = 256;
/// The most cases of one person that are looked at to see whether all are sealed.
const CASES_OF_PERSON_MAX: usize = 1_000;

/// What one change touched.
#[derive(Debug, Clone, Default)]
pub struct Touched {
    records: BTreeSet<RecordRef>,
    /// The change that was taken back by it, or made again.
    pub taken_back: Option<(RequestId, UndoWay)>,
}

impl Touched {
    /// A case, and its persons, who may be sealed with it.
    pub fn add(&mut self, case: &Case) {
        self.records.insert(case.id.into());
        self.records.extend(case.persons.keys().map(|person| RecordRef::from(*person)));
    }

    /// Another record.
    pub fn add_record(&mut self, record: RecordRef) {
        self.records.insert(record);
    }

    /// Whether nothing was touched.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Whether names or settings of the office were touched.
    pub fn has_office(&self) -> bool {
        let office = |kind| matches!(kind, Kind::Office | Kind::Unit | Kind::Officer);
        self.records.iter().any(|record| office(record.kind))
    }
}

/// The search index with its warming.
pub struct Finder {
    index: RwLock<Index>,
    ready: AtomicBool,
    is_asleep: bool,
    stopped: AtomicBool,
    newer: Mutex<HashSet<RecordRef>>,
    /// What was found to be there twice.
    pub twins: Held,
}

impl Finder {
    /// Begins to warm the index of a ledger.
    pub fn warm(snapshot: Snapshot) -> Arc<Self> {
        let finder = Arc::new(Self {
            index: RwLock::new(Index::new()),
            ready: AtomicBool::new(false),
            is_asleep: false,
            stopped: AtomicBool::new(false),
            newer: Mutex::default(),
            twins: Held::default(),
        });
        let own = Arc::clone(&finder);
        let warming = move || {
            // A fault here leaves the index unfinished, which every search says.
            if own.fill(&snapshot).is_ok() {
                own.ready.store(true, Ordering::Release);
            }
        };
        // Without a thread the index is made before the first call instead.
        let builder = std::thread::Builder::new().name("index".to_owned());
        if let Err(_no_thread) = builder.spawn(warming) {
            finder.stopped.store(true, Ordering::Release);
        }
        finder
    }

    /// Makes no index: each search makes one of what could be part of its answer.
    pub fn asleep() -> Arc<Self> {
        Arc::new(Self {
            index: RwLock::new(Index::new()),
            ready: AtomicBool::new(true),
            is_asleep: true,
            stopped: AtomicBool::new(false),
            newer: Mutex::default(),
            twins: Held::default(),
        })
    }

    /// An index that is never made, as it is in the first moments of a large ledger.
    #[cfg(test)]
    pub fn unmade() -> Arc<Self> {
        let finder = Self {
            index: RwLock::new(Index::new()),
            ready: AtomicBool::new(false),
            is_asleep: false,
            stopped: AtomicBool::new(true),
            newer: Mutex::default(),
            twins: Held::default(),
        };
        Arc::new(finder)
    }

    /// Whether no index is kept.
    pub const fn is_asleep(&self) -> bool {
        self.is_asleep
    }

    /// Whether everything can be found already.
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// Whether there is an index in which everything can be found.
    pub fn is_made(&self) -> bool {
        self.is_ready() && !self.is_asleep
    }

    /// Breaks the warming off, so that the program can leave.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
    }

    /// Looks into the index.
    pub fn look<T>(&self, look: impl FnOnce(&Index) -> T) -> T {
        look(&self.index.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Enters what a change touched.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn follow(&self, snapshot: &Snapshot, touched: &Touched) -> Result<(), Stop> {
        if self.is_asleep {
            return Ok(());
        }
        if !self.is_ready() {
            let mut newer = self.newer.lock().unwrap_or_else(PoisonError::into_inner);
            newer.extend(touched.records.iter().copied());
        }
        let book = Book::read(snapshot)?;
        let mut entries = Vec::new();
        let mut gone = Vec::new();
        for record in &touched.records {
            match entry_of(snapshot, &book, *record)? {
                Some(entry) => entries.push(entry),
                None => gone.push(*record),
            }
        }
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        entries.iter().for_each(|entry| index.upsert(entry));
        gone.into_iter().for_each(|record| index.remove(record));
        Ok(())
    }

    fn fill(&self, snapshot: &Snapshot) -> Result<(), Fault> {
        let mut portion = Vec::with_capacity(PORTION);
        each_entry(snapshot, &|| self.go_on(), &mut |entry| {
            portion.push(entry);
            self.enter(&mut portion, PORTION);
        })?;
        self.enter(&mut portion, 1);
        Ok(())
    }

    fn go_on(&self) -> ControlFlow<()> {
        if self.stopped.load(Ordering::Acquire) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Enters a portion once it is large enough.
    fn enter(&self, portion: &mut Vec<Entry>, least: usize) {
        if portion.len() < least {
            return;
        }
        let newer = self.newer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        for entry in portion.drain(..).filter(|entry| !newer.contains(&entry.record)) {
            index.upsert(&entry);
        }
    }
}

/// An index of what could be part of one answer, for somebody who asks once.
///
/// # Errors
/// A damaged ledger.
pub fn index_for(snapshot: &Snapshot, query: &Query) -> Result<Index, Fault> {
    let (mut index, sift) = (Index::new(), Sift::new(query));
    each_entry(snapshot, &|| ControlFlow::Continue(()), &mut |entry| {
        if sift.may_hold(&entry) {
            index.upsert(&entry);
        }
    })?;
    Ok(index)
}

/// An index of all persons and cases, for somebody who asks once what is like a newcomer.
///
/// # Errors
/// A damaged ledger.
pub fn index_of_matters(snapshot: &Snapshot) -> Result<Index, Fault> {
    let mut index = Index::new();
    each_entry(snapshot, &|| ControlFlow::Continue(()), &mut |entry| {
        if matches!(entry.record.kind, Kind::Person | Kind::Case) {
            index.upsert(&entry);
        }
    })?;
    Ok(index)
}

/// The other sessions.
#[derive(Default)]
pub struct Listeners {
    all: Mutex<Vec<Listener>>,
    n_added: AtomicU64,
}

/// A session that hears of changes.
pub struct Listener {
    /// The number under which it can be removed.
    pub number: u64,
    /// Whose it is.
    pub session: Session,
    /// Where its news go.
    pub sender: SyncSender<Notice>,
    /// Whether some did not fit.
    pub missed: bool,
    /// The record whose sheet it shows.
    pub at: Option<RecordRef>,
    /// What it was told last of who else is there.
    pub told: Option<Presence>,
}

impl Listeners {
    /// Adds a session and gives the number under which it can be removed.
    pub fn add(&self, session: Session, sender: SyncSender<Notice>) -> u64 {
        let number = self.n_added.fetch_add(1, Ordering::Relaxed);
        let listener = Listener { number, session, sender, missed: false, at: None, told: None };
        self.lock().push(listener);
        number
    }

    /// Removes a session: whoever waits for its news learns that none will come. Gives the record
    /// on which it stood.
    pub fn remove(&self, number: u64) -> Option<RecordRef> {
        let mut all = self.lock();
        let place = all.iter().position(|listener| listener.number == number)?;
        all.remove(place).at
    }

    /// All of them, for as long as this is held.
    pub fn lock(&self) -> MutexGuard<'_, Vec<Listener>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the sessions of an account how far an order of theirs is. Whoever writes waits for
    /// nobody: where the list is in use or a session is full, the next telling says more.
    pub fn tell_going(&self, uid: u32, going: Going) {
        let Ok(all) = self.all.try_lock() else { return };
        for listener in all.iter().filter(|listener| listener.session.uid == uid) {
            let notice = Notice { going: Some(going), ..Notice::default() };
            let _next_says_more = listener.sender.try_send(notice);
        }
    }

    /// Tells every session what it may see of a change.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn tell(&self, (store, today): (&Store, NaiveDate), touched: &Touched) -> Result<(), Stop> {
        let mut all = self.lock();
        // Read while nobody goes elsewhere: who came since is judged by what is sealed since.
        let snapshot = &store.read()?;
        let mut kept = Vec::with_capacity(all.len());
        for mut listener in all.drain(..) {
            let Some(clerk) = account(snapshot, &listener.session)? else { continue };
            // An account that is closed hears of no change, and still that it stands nowhere.
            if !clerk.is_open_on(today) {
                listener.missed = true;
                kept.push(listener);
                continue;
            }
            let asker = Asker::of(&clerk);
            let (visible, everything) = if told_all(&listener, (&clerk, &asker), touched) {
                (Vec::new(), true)
            } else {
                let seen = visible(snapshot, &asker, touched)?;
                if seen.len() > Notice::TOUCHED_MAX { (Vec::new(), true) } else { (seen, false) }
            };
            if !everything && visible.is_empty() {
                kept.push(listener);
                continue;
            }
            let taken_back = touched.taken_back;
            let notice = Notice { touched: visible, everything, taken_back, ..Notice::default() };
            match listener.sender.try_send(notice) {
                Ok(()) => listener.missed = false,
                Err(TrySendError::Full(_)) => listener.missed = true,
                Err(TrySendError::Disconnected(_)) => continue,
            }
            kept.push(listener);
        }
        *all = kept;
        tell_presence(&mut all, (snapshot, today))
    }
}

/// Whether a session is told to ask for everything, whatever was touched: it missed something, or its
/// own account is another now, and with that its reach; or much was touched, and it is told what
/// counts every change. Of much in other villages a village hears nothing.
fn told_all(listener: &Listener, (clerk, asker): (&Clerk, &Asker), touched: &Touched) -> bool {
    listener.missed
        || touched.records.contains(&clerk.id.into())
        || touched.records.len() > Notice::TOUCHED_MAX && asker.is_told_counts()
}

/// What an asker may know of, as far as that decides whether it is named one by one.
fn visible(snapshot: &Snapshot, asker: &Asker, touched: &Touched) -> Result<Vec<RecordRef>, Stop> {
    let mut seen = Vec::new();
    for record in &touched.records {
        if is_visible(snapshot, asker, *record)? {
            seen.push(*record);
        }
        if seen.len() > Notice::TOUCHED_MAX {
            break;
        }
    }
    Ok(seen)
}

/// Whether an asker may know of a record.
///
/// # Errors
/// A damaged ledger.
pub fn is_visible(snapshot: &Snapshot, asker: &Asker, record: RecordRef) -> Result<bool, Stop> {
    Ok(match record.kind {
        Kind::Case => taken::last::<Case>(snapshot, record.id)?.is_some_and(|case| {
            policy::sees(asker, &policy::Scope::of(&case), case.readers.as_ref())
        }),
        Kind::Person => person_is_visible(snapshot, asker, PersonId(record.id))?,
        Kind::Task => snapshot
            .load::<Task>(record.id)?
            .is_none_or(|task| policy::sees_task(asker, &task.scope())),
        Kind::Duty => snapshot
            .load::<Duty>(record.id)?
            .is_none_or(|duty| policy::sees_duty(asker, &duty.scope())),
        Kind::Indicator | Kind::Given => {
            policy::may(asker, Act::ReadFigures, policy::Link::Whole) == policy::Verdict::Allow
        }
        Kind::Entry => entry_is_visible(snapshot, asker, record.id)?,
        Kind::Decision => decision_is_visible(snapshot, asker, record.id)?,
        // A saved filter is shown when it is asked for.
        Kind::Receipt | Kind::View => false,
        Kind::Office | Kind::Unit | Kind::Officer | Kind::Clerk | Kind::Plan => true,
    })
}

/// Whether an asker may know of a person: their village is in reach, or one of their cases is, and
/// not all of their cases are sealed from the asker.
///
/// # Errors
/// A damaged ledger.
pub fn person_is_visible(
    ledger: &impl Read,
    asker: &Asker,
    person: PersonId,
) -> Result<bool, Stop> {
    let Some(record) = people::load_root(ledger, person)? else { return Ok(false) };
    let cases = cases_of(ledger, person)?;
    let in_reach = cases
        .iter()
        .any(|case| policy::sees(asker, &policy::Scope::of(case), case.readers.as_ref()));
    let is_open = |case: &Case| case.readers.is_none() && !policy::is_withheld(asker, case);
    let open = cases.is_empty() || cases.iter().any(is_open);
    let scope = policy::Scope { village: record.village, ..policy::Scope::default() };
    Ok(in_reach || (open && policy::sees(asker, &scope, None)))
}

/// Whether an asker may know of an entry of the roster.
fn entry_is_visible(ledger: &impl Read, asker: &Asker, id: u64) -> Result<bool, Stop> {
    let Some(entry) = taken::last::<RosterEntry>(ledger, id)? else { return Ok(false) };
    let case = taken::last::<Case>(ledger, entry.case.0)?;
    Ok(case.is_some_and(|case| care::is_visible(asker, &entry, &case)))
}

/// Whether an asker may know of a decision of a meeting.
fn decision_is_visible(ledger: &impl Read, asker: &Asker, id: u64) -> Result<bool, Stop> {
    let Some(decision) = taken::last::<Decision>(ledger, id)? else { return Ok(false) };
    let case = taken::last::<Case>(ledger, decision.case.0)?;
    Ok(case
        .is_some_and(|case| policy::sees(asker, &policy::Scope::of(&case), case.readers.as_ref())))
}

/// The cases of a person under all their records, each record's newest last.
///
/// # Errors
/// A damaged ledger.
pub fn cases_of(ledger: &impl Read, person: PersonId) -> Result<Vec<Case>, Fault> {
    let mut cases: Vec<Case> = Vec::new();
    for record in people::records_of(ledger, person)? {
        let known: Vec<CaseId> = cases.iter().map(|case| case.id).collect();
        let own = cases_of_record(ledger, record)?.into_iter();
        cases.extend(own.filter(|case| !known.contains(&case.id)));
    }
    Ok(cases)
}

/// The cases that hang on one record of a person itself, the newest last.
///
/// # Errors
/// A damaged ledger.
pub fn cases_of_record(ledger: &impl Read, record: PersonId) -> Result<Vec<Case>, Fault> {
    let span = Span::prefix(Space::Index, &tables::cases_of_person(record));
    let mut cases = Vec::new();
    for (key, _) in ledger.page(&span, Order::Forward, CASES_OF_PERSON_MAX)? {
        let Some(id) = tables::last_id(&key) else { continue };
        cases.extend(ledger.load::<Case>(id)?);
    }
    Ok(cases)
}
