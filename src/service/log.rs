//! Who looked at what: lines of the access log on their way to the disk.
//!
//! Looks, searches and refusals wait here and are written together, within a second, by a thread
//! that sleeps while there is nothing to write: reading is not slowed by them, and a kill may lose
//! that second. A search is written once it has been still for a while, with its last text.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};

use crate::api::like::{LikeQuery, LikeView};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{Found, Reply};
use crate::api::request::{Order, Request};
use crate::domain::act::Act;
use crate::domain::form::Fields;
use crate::domain::ids::{Kind, PersonId, RecordRef};
use crate::service::stop::Stop;
use crate::service::{Asking, Service, Session, sheet};
use crate::store::Store;
use crate::store::access::{Access, Note};
use crate::store::fault::Fault;
use crate::store::journal::Actor;

/// How long lines wait for others before they are written.
const WAIT: Duration = Duration::from_millis(700);
/// How long a search is still before it counts as ended: each key that is typed asks again.
const STILL: Duration = Duration::from_secs(3);
/// How long the same look by the same account is the same line: an open sheet asks again whenever
/// somebody changes what it shows.
const SAME_LOOK: Duration = Duration::from_secs(15 * 60);
/// How long the writing rests after the storage refused it.
const REST: Duration = Duration::from_secs(15);
/// Lines that wait at most while the storage takes none; the oldest give way and are counted.
const LINES_MAX: usize = 10_000;
/// Looks that are remembered so that they are not written twice.
const LOOKS_MAX: usize = 4_096;
/// The most characters of a request by which a newcomer was compared.
const SAID_MAX: usize = 40;
/// No record has so great a number.
const NOT_THERE: u64 = 1 << 63;
/// Records that one line names at most.
const RECORDS_MAX: usize = 32;

/// The day and the moment of a call.
#[derive(Debug, Clone, Copy)]
pub struct When {
    /// The ledger's day.
    pub on: NaiveDate,
    /// The moment.
    pub at: DateTime<Utc>,
}

/// How what is hidden or not there is refused.
const HIDDEN: &str = "refusal.not_found";

type Written = (Access, Vec<Note>);

/// The record that somebody asked about.
type About = Option<RecordRef>;

/// A search that may still be typed.
struct Search {
    access: Access,
    text: String,
    last: Instant,
}

#[derive(Default)]
struct State {
    lines: Vec<Written>,
    first_at: Option<Instant>,
    searches: HashMap<(u32, Act), Search>,
    looks: HashMap<(u32, Act, About), Instant>,
    n_lost: u64,
    is_over: bool,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    woken: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The lines that wait, and the thread that writes them. Dropping it writes what is left.
pub struct Log {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    key: RandomState,
}

impl Log {
    /// Begins to keep the log of a ledger.
    ///
    /// # Errors
    /// The machine gives no thread.
    pub fn keep(store: &Arc<Store>) -> Result<Self, Fault> {
        let shared = Arc::new(Shared::default());
        let (own, store) = (Arc::clone(&shared), Arc::clone(store));
        let thread = std::thread::Builder::new()
            .name("access".to_owned())
            .spawn(move || write_on(&own, &store))
            .map_err(|_| Fault::Halted)?;
        Ok(Self { shared, thread: Some(thread), key: RandomState::new() })
    }

    /// Notes what an answer showed, if it showed somebody's data.
    pub fn seen(&self, session: &Session, when: When, (act, reply): (Act, &Reply)) {
        match reply {
            Reply::Person(sheet) => self.look(session, when, (act, vec![sheet.id.into()])),
            Reply::Case(sheet) => {
                let persons = sheet.case.persons.keys().map(|person| RecordRef::from(*person));
                let records = std::iter::once(sheet.case.id.into()).chain(persons);
                self.look(session, when, (act, records.take(RECORDS_MAX).collect()));
            }
            Reply::Paper(view) => {
                let records = view.shown.iter().copied().take(RECORDS_MAX);
                self.look(session, when, (act, records.collect()));
            }
            _ => {}
        }
    }

    /// Notes a search and what it found.
    pub fn searched(&self, session: &Session, when: When, (text, found): (&str, &Found)) {
        self.searched_for(session, when, (text, found.total));
    }

    fn searched_for(&self, session: &Session, when: When, (text, n_found): (&str, u64)) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let access = access(session, when, (Act::Find, Vec::new(), n_found));
        let mut state = self.shared.lock();
        let key = (session.uid, Act::Find);
        // Typing on, or taking back, is the same search; another text begins another one.
        let is_same = state.searches.get(&key).is_some_and(|search| {
            search.text.starts_with(text) || text.starts_with(search.text.as_str())
        });
        if !is_same && let Some(ended) = state.searches.remove(&key) {
            state.push(ended.written());
        }
        let search = Search { access, text: text.to_owned(), last: Instant::now() };
        state.searches.insert(key, search);
        self.shared.woken.notify_one();
    }

    /// Notes the persons whose data a list was compared with.
    pub fn matched(&self, session: &Session, when: When, persons: &[PersonId]) {
        if persons.is_empty() {
            return;
        }
        let n_rows = persons.len() as u64;
        let records = persons.iter().take(RECORDS_MAX).map(|person| RecordRef::from(*person));
        let access = access(session, when, (Act::ReadPerson, records.collect(), n_rows));
        self.shared.lock().push((access, Vec::new()));
        self.shared.woken.notify_one();
    }

    /// Notes that a newcomer was compared with what is there: a search for whoever is named.
    pub fn compared(&self, session: &Session, when: When, (query, view): (&LikeQuery, &LikeView)) {
        let known = [&query.name, &query.phone, &query.id_number].map(|text| text.trim());
        let text = known.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
        // Where nobody is named yet, it is a search by what was said.
        let said: String = query.text.chars().take(SAID_MAX).collect();
        let text = if text.is_empty() { said } else { text };
        let n_found = (view.cases.len() + view.persons.len()) as u64;
        self.searched_for(session, when, (&text, n_found));
    }

    /// Notes that an act was refused to somebody, or that a record was asked for that they may not
    /// know of; one that is not there is noted alike, so that both take the same time.
    fn refused(&self, session: &Session, when: When, (act, about, key): (Act, About, &str)) {
        let mut state = self.shared.lock();
        if state.is_known((session.uid, act, about)) {
            return;
        }
        let note = Note { name: "refused".to_owned(), text: Some(key.to_owned()) };
        state.push((access(session, when, (act, about.into_iter().collect(), 0)), vec![note]));
        self.shared.woken.notify_one();
    }

    fn look(&self, session: &Session, when: When, (act, records): (Act, Vec<RecordRef>)) {
        let mut state = self.shared.lock();
        let first = records.first().copied();
        // A hit that is opened belongs to the search that found it.
        if let Some(record) = first
            && let Some(search) = state.searches.get_mut(&(session.uid, Act::Find))
            && search.access.records.len() < RECORDS_MAX
        {
            search.access.records.push(record);
        }
        if state.is_known((session.uid, act, first)) {
            return;
        }
        state.push((access(session, when, (act, records, 1)), Vec::new()));
        self.shared.woken.notify_one();
    }

    /// Writes what waits and ends the thread.
    pub fn stop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.woken.notify_one();
        if let Some(thread) = self.thread.take() {
            // A thread that fell has nothing left to write.
            let _ = thread.join();
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Search {
    fn written(self) -> Written {
        let note = Note { name: "search".to_owned(), text: Some(self.text) };
        (self.access, vec![note])
    }
}

impl State {
    fn push(&mut self, line: Written) {
        if self.lines.len() >= LINES_MAX {
            self.lines.remove(0);
            self.n_lost += 1;
        }
        self.lines.push(line);
        self.first_at.get_or_insert_with(Instant::now);
    }

    /// Whether the same look was noted a moment ago; remembers it otherwise.
    fn is_known(&mut self, look: (u32, Act, About)) -> bool {
        let now = Instant::now();
        if self.looks.get(&look).is_some_and(|at| now.duration_since(*at) < SAME_LOOK) {
            return true;
        }
        if self.looks.len() >= LOOKS_MAX {
            self.looks.retain(|_, at| now.duration_since(*at) < SAME_LOOK);
        }
        if self.looks.len() >= LOOKS_MAX {
            self.looks.clear();
        }
        self.looks.insert(look, now);
        false
    }

    /// Ends the searches that are still.
    fn end_searches(&mut self) {
        let now = Instant::now();
        let is_still = |search: &Search| now.duration_since(search.last) >= STILL;
        let over = self.is_over;
        let ended: Vec<_> =
            self.searches.extract_if(|_, search| over || is_still(search)).collect();
        for (_, search) in ended {
            self.push(search.written());
        }
    }

    /// How long until something is to be written; none while nothing waits.
    fn patience(&self) -> Option<Duration> {
        let lines = self.first_at.map(|at| WAIT.saturating_sub(at.elapsed()));
        let searches =
            self.searches.values().map(|search| STILL.saturating_sub(search.last.elapsed()));
        lines.into_iter().chain(searches).min()
    }
}

fn access(
    session: &Session,
    when: When,
    (act, records, n_rows): (Act, Vec<RecordRef>, u64),
) -> Access {
    Access {
        act: act.word().to_owned(),
        actor: Actor::Clerk { uid: session.uid, login: session.login.clone() },
        on: when.on,
        at: when.at,
        records,
        n_rows,
    }
}

impl Service {
    /// Notes that an act was refused, or that a record was asked for that is hidden or not there; a
    /// printed number counts as the record that has it.
    pub(in crate::service) fn note_refused(
        &self,
        (session, when): (&Session, When),
        (request, key): (&Request, &str),
    ) {
        let about = match request {
            Request::CaseByNumber { number } => {
                let found =
                    self.store.read().ok().and_then(|it| sheet::of_number(&it, number).ok());
                let found = found.and_then(|cases| cases.first().copied());
                Some(found.map_or_else(|| nothing_of(number, &self.log.key), RecordRef::from))
            }
            request => record_of(request),
        };
        self.log.refused(session, when, (request.act(), about, key));
    }

    /// Writes a line of the access log with what was shown and why, before the answer goes out.
    ///
    /// # Errors
    /// A fault of the storage.
    pub(in crate::service) fn note(
        &self,
        asking: &Asking,
        act: Act,
        (record, notes): (RecordRef, Vec<Note>),
    ) -> Result<(), Stop> {
        let access = Access {
            act: act.word().to_owned(),
            actor: Actor::Clerk { uid: asking.session.uid, login: asking.session.login.clone() },
            on: asking.today,
            at: asking.now,
            records: vec![record],
            n_rows: 1,
        };
        self.store.write(move |work| work.log_access(&access, &notes).map_err(Stop::from))
    }
}

/// Writes lines until the log is stopped.
fn write_on(shared: &Shared, store: &Store) {
    let mut state = shared.lock();
    loop {
        state.end_searches();
        let is_due = state.first_at.is_some_and(|at| at.elapsed() >= WAIT);
        if is_due || state.is_over {
            let lines = std::mem::take(&mut state.lines);
            let n_lost = std::mem::take(&mut state.n_lost);
            state.first_at = None;
            let is_over = state.is_over;
            drop(state);
            let left = write(store, lines, n_lost);
            state = shared.lock();
            if is_over {
                return;
            }
            if let Some((lines, n_lost)) = left {
                let newer = std::mem::replace(&mut state.lines, lines);
                state.lines.extend(newer);
                state.n_lost += n_lost;
                // The storage takes nothing at the moment: it is asked again after a rest.
                state.first_at = Some(Instant::now() + REST);
            }
            continue;
        }
        state = match state.patience() {
            Some(most) => {
                let waited = shared.woken.wait_timeout(state, most.max(Duration::from_millis(1)));
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => shared.woken.wait(state).unwrap_or_else(PoisonError::into_inner),
        };
    }
}

/// Writes lines in one change; gives them back if the storage took none.
fn write(store: &Store, lines: Vec<Written>, n_lost: u64) -> Option<(Vec<Written>, u64)> {
    if lines.is_empty() {
        return None;
    }
    let kept = lines.clone();
    let done = store.write(move |work| {
        for (place, (access, notes)) in lines.iter().enumerate() {
            work.log_access(access, notes)?;
            if place == 0 && n_lost > 0 {
                let lost = Access {
                    act: "log.lost".to_owned(),
                    actor: Actor::System,
                    records: Vec::new(),
                    n_rows: n_lost,
                    ..access.clone()
                };
                work.log_access(&lost, &[])?;
            }
        }
        Ok::<_, Stop>(())
    });
    done.is_err().then_some((kept, n_lost))
}

/// Whether a refusal stands in the log: an act that is not allowed, and a record that is hidden.
pub fn is_noted(refusal: &Refusal, request: &Request) -> bool {
    match (refusal.kind, request) {
        (RefusalKind::Denied, _) => true,
        // That its registration was taken back is told to those alone who may know of it.
        (RefusalKind::NotFound, Request::CaseByNumber { .. }) => refusal.key == HIDDEN,
        (RefusalKind::NotFound, request) => record_of(request).is_some(),
        _ => false,
    }
}

/// What the log needs of a call once it is answered; nothing of those that carry files or forms.
pub fn asked(request: &Request) -> Option<Request> {
    match request {
        Request::Stage(_) | Request::Upload(_) | Request::TryImport(_) => None,
        Request::Do(order) => Some(Request::Do(Order { fields: Fields::new(), ..order.clone() })),
        other => Some(other.clone()),
    }
}

/// A record that is not there, for a printed number that no record has: its line is hidden like that
/// of a number among all records, so that nobody reads from the log which of the two it was, nor by
/// trying numbers which one was asked for: the key is drawn anew at each start.
fn nothing_of(number: &str, key: &RandomState) -> RecordRef {
    RecordRef { kind: Kind::Case, id: key.hash_one(number.trim()) | NOT_THERE }
}

/// The record that is asked about by its number, if one is.
fn record_of(request: &Request) -> Option<RecordRef> {
    match request {
        Request::Case { id } => Some((*id).into()),
        Request::Person { id } | Request::Reveal { id, .. } => Some((*id).into()),
        Request::Entry { id } => Some((*id).into()),
        Request::Task { id } => Some((*id).into()),
        Request::Duty { id } => Some((*id).into()),
        Request::Unit { id } => Some((*id).into()),
        Request::Paper(query) => Some(query.case.into()),
        Request::Papers { case } => Some((*case).into()),
        Request::Attachment(query) => Some(query.case.into()),
        Request::Do(order) => Some(RecordRef { kind: order.act.on()?, id: order.on? }),
        Request::At(on) => *on,
        _ => None,
    }
}
