//! The only door to the store: who asks, may they, do it, tell the others.
//!
//! One call takes the same way always: the session gives the account, policy judges, a handler
//! reads or hands one closure to the writer, the index and the other sessions are told.

pub mod agenda;
pub mod attachment;
pub mod backup;
pub mod bare;
pub mod book;
pub mod campaign;
pub mod care;
pub mod case;
mod change;
pub mod clash;
pub mod clock;
pub mod clocks;
pub mod compare;
pub mod count;
pub mod crowd;
pub mod cut;
pub mod dossier;
pub mod duty;
pub mod erase;
pub mod even;
pub mod export;
pub mod figure;
pub mod genesis;
pub mod given;
pub mod glance;
pub mod handover;
pub mod head;
pub mod health;
pub mod held;
pub mod import;
pub mod importchange;
pub mod importknown;
pub mod importlist;
pub mod importpage;
mod importplace;
pub mod importrow;
pub mod importtake;
pub mod indexed;
pub mod intake;
pub mod like;
pub mod line;
pub mod listing;
pub mod lists;
pub mod loading;
pub mod local;
pub mod log;
pub mod lookup;
pub mod mask;
pub mod meeting;
pub mod month;
pub mod office;
pub mod order;
pub mod owed;
pub mod own;
pub mod paper;
pub mod people;
pub mod phase;
pub mod presence;
pub mod recover;
pub mod report;
pub mod returned;
pub mod roster;
pub mod rules;
pub mod saved;
pub mod seal;
pub mod setting;
mod several;
pub mod sheet;
pub mod split;
pub mod staging;
pub mod step;
pub mod stop;
pub mod task;
pub mod tell;
pub mod trail;
pub mod undo;
pub mod unit;
pub mod verify;
pub mod view;
pub mod village;
pub mod warm;
pub mod why;

use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};

use crate::api::door::Notice;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::act::Act;
use crate::domain::ids::Revision;
use crate::domain::office::Clerk;
use crate::domain::policy::{self, Asker, Link, Sight, Verdict};
use crate::service::attachment::Uploads;
use crate::service::book::Book;
use crate::service::clock::Clock;
use crate::service::compare::Comparisons;
use crate::service::export::Exports;
use crate::service::log::{Log, When};
use crate::service::lookup::reveal;
use crate::service::rules::{InUse, Rules};
use crate::service::staging::Staging;
use crate::service::stop::Stop;
use crate::service::tell::{Finder, Listeners};
use crate::store::Store;
use crate::store::fault::Fault;
use crate::store::read::{Read, Snapshot};
use crate::store::vault::Vault;

/// What stays the same from call to call; shared with the writer's closures.
pub struct Core {
    /// Limits, days off and make-up days.
    pub rules: InUse,
    /// Day and moment.
    pub clock: Clock,
    /// Names of units and officers, and the settings of the office.
    pub book: RwLock<Arc<Book>>,
    /// The files of attachments; none where rows alone are made.
    pub vault: Option<Vault>,
    /// Who knows the logins of this machine; nobody in tests and trials.
    pub logins: OnceLock<Logins>,
}

/// Tells the user id of a login of this machine.
pub type Logins = fn(&str) -> Option<u32>;

impl Core {
    /// The newest names and settings.
    pub fn book(&self) -> Arc<Book> {
        Arc::clone(&self.book.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The files of attachments.
    ///
    /// # Errors
    /// Rows alone are made here; a defect.
    pub fn vault(&self) -> Result<&Vault, Fault> {
        self.vault.as_ref().ok_or(Fault::Halted)
    }

    /// Today: the trial's own day, or the clock's.
    pub fn today(&self) -> NaiveDate {
        self.book().office.trial_today.unwrap_or_else(|| self.clock.day())
    }
}

/// A ledger that is open for business.
pub struct Service {
    // Before the store: it writes what is left when it is dropped.
    log: Log,
    /// Before the store too: it holds snapshots.
    exports: Exports,
    comparisons: Comparisons,
    store: Arc<Store>,
    core: Arc<Core>,
    finder: Arc<Finder>,
    listeners: Arc<Listeners>,
    staging: Staging,
    uploads: Uploads,
    /// Held while a backup is made: one at a time.
    backups: Mutex<()>,
    /// Held while names, index and sessions follow a change: an older state never comes after a
    /// newer one.
    following: Mutex<()>,
}

/// Whom the kernel says is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The user id.
    pub uid: u32,
    /// The login.
    pub login: String,
}

/// Where something is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    /// At a desk.
    Office,
    /// Before a meeting.
    Meeting,
}

/// Who asks, and when: read afresh for each call.
#[derive(Clone)]
pub struct Asking {
    /// Whom the kernel names.
    pub session: Session,
    /// The account.
    pub clerk: Clerk,
    /// What policy needs to know of it.
    pub asker: Asker,
    /// Today.
    pub today: NaiveDate,
    /// The moment.
    pub now: DateTime<Utc>,
}

impl Service {
    /// Whether there is a ledger in a folder, whatever its state.
    pub fn is_there(folder: &Path) -> bool {
        Store::is_there(folder)
    }

    /// Opens the ledger of a folder. The search index is made on a thread of its own meanwhile.
    ///
    /// # Errors
    /// A refusal of kind `Closed` that names what is wrong with the ledger.
    pub fn open(folder: &Path, clock: Clock) -> Result<Self, Refusal> {
        let store = Store::open_compacted(folder).map_err(|fault| stop::closed(&fault))?;
        let service = Self::over(store, clock).map_err(Refusal::from)?;
        // What cannot be removed keeps nobody from working; a check names it.
        let _ = service.store.sweep(service.core.today());
        Ok(service)
    }

    /// The service over an open store.
    ///
    /// # Errors
    /// What is wrong with the ledger, or with limits and calendar that are built in.
    pub fn over(store: Store, clock: Clock) -> Result<Self, Stop> {
        Self::with(store, clock, Finder::warm)
    }

    /// Opens the ledger of a folder for a few questions: no index is made, and a search looks
    /// through the records themselves.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_briefly(folder: &Path, clock: Clock) -> Result<Self, Refusal> {
        let store = Store::open(folder).map_err(|fault| stop::closed(&fault))?;
        Self::with(store, clock, |_unread| Finder::asleep()).map_err(Refusal::from)
    }

    fn with(
        store: Store,
        clock: Clock,
        make: impl FnOnce(Snapshot) -> Arc<Finder>,
    ) -> Result<Self, Stop> {
        let snapshot = store.read()?;
        let book = Arc::new(Book::read(&snapshot)?);
        let core = Arc::new(Core {
            rules: rules::in_use(Rules::read(&snapshot)?),
            clock,
            book: RwLock::new(book),
            vault: Some(store.vault()?),
            logins: OnceLock::new(),
        });
        drop(snapshot);
        rules::bring_up(&store, &core)?;
        let finder = make(store.read()?);
        let store = Arc::new(store);
        Ok(Self {
            log: Log::keep(&store)?,
            exports: Exports::default(),
            comparisons: Comparisons::default(),
            store,
            core,
            finder,
            listeners: Arc::default(),
            staging: Staging::default(),
            uploads: Uploads::default(),
            backups: Mutex::default(),
            following: Mutex::default(),
        })
    }

    /// Says who knows the logins of this machine, so that an account can be added by its login.
    pub fn ask_logins_of(&self, logins: Logins) {
        let _ = self.core.logins.set(logins);
    }

    /// Answers one call.
    ///
    /// # Errors
    /// A refusal; nothing was written then.
    pub fn call(&self, session: &Session, request: Request) -> Result<Reply, Refusal> {
        let (request, room) = match request {
            Request::Masked(request) => (*request, Room::Meeting),
            request => (request, Room::Office),
        };
        if let Request::Several(asked) = request {
            return self.several((session, room), asked);
        }
        let when = When { on: self.core.today(), at: self.core.clock.now() };
        let (act, asked) = (request.act(), log::asked(&request));
        let begun = Instant::now();
        let answer = self.answer((session, room), request).map_err(Refusal::from);
        even::out(&answer, begun.elapsed());
        match (&answer, asked) {
            (Ok(Reply::Found(found)), Some(Request::Find { text, .. })) => {
                self.log.searched(session, when, (&text, found));
            }
            (Ok(Reply::Like(view)), Some(Request::Like(query))) => {
                self.log.compared(session, when, (&query, view));
            }
            (Ok(reply), _) => self.log.seen(session, when, (act, reply)),
            (Err(refusal), Some(asked)) if log::is_noted(refusal, &asked) => {
                self.note_refused((session, when), (&asked, &refusal.key));
            }
            (Err(_), _) => {}
        }
        answer
    }

    /// News for one session.
    pub fn listen(&self, session: &Session) -> Receiver<Notice> {
        self.hear(session).1
    }

    /// News for one session until it is hushed by the number.
    pub fn hear(&self, session: &Session) -> (u64, Receiver<Notice>) {
        let (sender, receiver) = sync_channel(tell::NOTICES_MAX);
        (self.listeners.add(session.clone(), sender), receiver)
    }

    /// Waits for changes on their way and closes the ledger.
    ///
    /// # Errors
    /// A fault of the machine; what was acknowledged is on disk all the same.
    pub fn close(mut self) -> Result<(), Refusal> {
        self.finder.stop();
        self.log.stop();
        self.exports.stop();
        match Arc::into_inner(self.store) {
            Some(store) => store.close().map_err(|fault| stop::closed(&fault)),
            // Whoever else holds it closes it.
            None => Ok(()),
        }
    }

    fn answer(&self, (session, room): (&Session, Room), request: Request) -> Result<Reply, Stop> {
        let snapshot = self.store.read()?;
        let mut asking = self.asking(&snapshot, session)?;
        if room == Room::Meeting {
            asking.asker.sight = Sight::Masked;
            if !policy::is_for_meetings(request.act()) {
                let refusal = Refusal::new(RefusalKind::Denied, "in_meeting");
                return Err(refusal.with("act", request.act().word()).into());
            }
        }
        judge(&asking, request.act(), Link::Whole)?;
        let shown = asking.clone();
        let reply = match request {
            Request::Do(order) => self.change(&snapshot, asking, order)?,
            Request::Like(query) => like::read(self, &snapshot, &asking, &query)?,
            Request::Twins(query) => like::twins::read(self, &snapshot, &asking, query)?,
            question => self.reply(snapshot, asking, question)?,
        };
        mask::answer(&shown, reply)
    }

    /// Answers what only reads or keeps aside.
    fn reply(&self, snapshot: Snapshot, asking: Asking, request: Request) -> Result<Reply, Stop> {
        match request {
            Request::Greet => lookup::greet(self, &snapshot, &asking),
            Request::Begin(query) => lookup::begin(self, &snapshot, &asking, &query),
            Request::Agenda(query) => agenda::read(self, &snapshot, &asking, &query),
            Request::Month(query) => month::read(self, &snapshot, &asking, &query),
            Request::Cases(query) => lists::read(self, &snapshot, &asking, &query),
            Request::Values(query) => listing::read(self, &snapshot, &asking, &query),
            Request::Views(list) => saved::list(self, &snapshot, &asking, list),
            Request::Case { id } => sheet::case(self, &snapshot, &asking, id),
            Request::CaseByNumber { number } => sheet::by_number(self, &snapshot, &asking, &number),
            Request::Person { id } => sheet::person(self, &snapshot, &asking, id),
            Request::Persons(query) => people::list(self, &snapshot, &asking, &query),
            Request::Roster(query) => care::list::read(self, &snapshot, &asking, &query),
            Request::RosterOn(query) => care::stood::read(self, &snapshot, &asking, query),
            Request::Entry { id } => care::sheet(self, &snapshot, &asking, id),
            Request::Unit { id } => unit::sheet(self, &snapshot, &asking, id),
            Request::Reveal { id, field, reason } => reveal(self, &asking, (id, field, reason)),
            Request::Find { text, kinds, most } => {
                lookup::find(self, &snapshot, &asking, (&text, &kinds, most))
            }
            Request::Officers => lookup::officers(self, &snapshot, &asking),
            Request::Units => Ok(lookup::units(self, &asking)),
            Request::Settings => setting::read(self, &snapshot, &asking),
            Request::Clerks => setting::clerks(self, &snapshot, &asking).map(Reply::Clerks),
            Request::Days { from, length } => lookup::days(&self.core.rules(), from, &length),
            Request::Why(query) => why::read(self, &snapshot, &asking, &query),
            Request::Limits => Ok(lookup::limits_at(self)),
            Request::Calendar { year } => self.calendar(year),
            Request::Journal(query) => trail::journal(self, &snapshot, &asking, &query),
            Request::Accesses(query) => trail::look::accesses(self, &snapshot, &asking, &query),
            Request::Plan { id } => campaign::plan(self, &snapshot, &asking, id),
            Request::Matrix(query) => campaign::matrix(self, &snapshot, &asking, &query),
            Request::Tasks(query) => campaign::tasks(self, &snapshot, &asking, &query),
            Request::Task { id } => campaign::task(self, &snapshot, &asking, id),
            Request::Duties(query) => duty::list(self, &snapshot, &asking, &query),
            Request::Duty { id } => duty::sheet(self, &snapshot, &asking, id),
            Request::Figures { year } => figure::list(self, &snapshot, &asking, year),
            Request::Report(query) => report::read(self, &snapshot, &asking, &query),
            Request::Counts => count::read(self, &snapshot, &asking),
            Request::Cut(query) => cut::answer(self, &snapshot, &asking, query),
            Request::Holdings(terms) => handover::holdings(self, &snapshot, &asking, &terms),
            Request::TryAssign(terms) => handover::try_assign(self, &snapshot, &asking, &terms),
            Request::TryTick(terms) => task::try_tick(self, &snapshot, &asking, &terms),
            Request::Status => lookup::status(self, &snapshot, &asking),
            Request::Check => verify::check(self, &snapshot).map(Reply::Check),
            Request::Backup { to } => backup::make(self, &asking, to),
            Request::BackupPiece(query) => backup::piece(self, &snapshot, &query),
            Request::Backups => backup::list(&snapshot),
            Request::Stage(one) | Request::StageTemplate(one) => self.staging.stage(&asking, one),
            Request::Upload(piece) => attachment::upload(self, &asking, &piece),
            Request::Attachment(query) => attachment::piece(self, &snapshot, &asking, query),
            Request::TryImport(terms) => import::attempt(self, &snapshot, &asking, &terms),
            Request::Export(query) => export::begin(self, snapshot, asking, *query),
            Request::Dossier(query) => dossier::begin(self, &snapshot, &asking, &query),
            Request::Sheets(query) => village::answer(self, &snapshot, &asking, &query),
            Request::ExportPiece(piece) => export::piece(self, &asking, piece),
            Request::Paper(query) => paper::view(self, &snapshot, &asking, &query),
            Request::Papers { case } => paper::offer::list(self, &snapshot, &asking, case),
            Request::Templates => Ok(paper::templates(self)),
            Request::Template(query) => paper::template(&snapshot, &query),
            Request::PaperNumbers(year) => paper::number::list(self, &snapshot, &asking, year),
            Request::Own => own::read(&snapshot, &asking),
            Request::Keep(keep) => own::keep(self, asking, keep),
            Request::At(on) => presence::at(&snapshot, &asking, on),
            Request::Meeting => meeting::list(self, &snapshot, &asking),
            Request::Decisions(query) => meeting::decisions(self, &snapshot, &asking, &query),
            Request::TryUndo(query) => undo::preview(self, &snapshot, &asking, &query),
            Request::Do(_) | Request::Like(_) | Request::Twins(_) => Err(Stop::no_question()),
            Request::Masked(_) | Request::Several(_) => Err(Stop::no_question()),
        }
    }

    fn calendar(&self, year: i32) -> Result<Reply, Stop> {
        lookup::calendar(&self.core.rules(), Some(&self.core.book().office), year)
    }

    /// Who asks, from the same snapshot as the data.
    fn asking(&self, snapshot: &Snapshot, session: &Session) -> Result<Asking, Stop> {
        let today = self.core.today();
        let clerk = office::open_account(snapshot, session, (&self.core.book(), today))?;
        Ok(Asking {
            session: session.clone(),
            asker: Asker {
                stands_in: self.core.book().stood_in_by(clerk.officer, today),
                ..Asker::of(&clerk)
            },
            clerk,
            today,
            now: self.core.clock.now(),
        })
    }
}

/// Asks the table of permissions about an act on the ledger or on a thing.
///
/// # Errors
/// Denied, or not found where one may not even know of the thing.
pub fn judge(asking: &Asking, act: Act, link: Link) -> Result<(), Stop> {
    // An act on one thing is judged again with its tie; here only whether any tie could allow it.
    let links: &[Link] =
        if link == Link::Whole && act.on().is_some() { &Link::ALL } else { &[link] };
    let verdicts: Vec<_> =
        links.iter().map(|link| policy::may(&asking.asker, act, *link)).collect();
    if verdicts.contains(&Verdict::Allow) {
        Ok(())
    } else if links.len() > 1 || verdicts.contains(&Verdict::Deny) {
        Err(Refusal::new(RefusalKind::Denied, "denied").with("act", act.word()).into())
    } else {
        Err(Refusal::not_found().into())
    }
}

/// The door of one session in the same process.
pub struct LocalDoor {
    service: Arc<Service>,
    session: Session,
    /// The number under which it listens.
    listener: Option<u64>,
}

impl LocalDoor {
    /// A door to a service for a session.
    pub fn new(service: Arc<Service>, session: Session) -> Self {
        Self { service, session, listener: None }
    }
}

/// The revision that a snapshot shows.
///
/// # Errors
/// A damaged ledger.
pub fn revision(snapshot: &Snapshot) -> Result<Revision, Stop> {
    Ok(snapshot.revision()?)
}
