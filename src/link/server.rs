//! The server: it owns a ledger and answers whoever the kernel says is there.
//!
//! One thread sleeps over listener, signals and freed seats; each connection has a thread, which
//! does its calls one after the other, and a second one once it asks for news. So a client has at
//! most one request and one reply in memory, the usual 64 clients 68 MiB at worst. Nothing wakes an idle server
//! but a service manager that wants to hear that it lives.

use std::io;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::thread::{self, Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use signal_hook::SigId;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::low_level;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::link::attend::Hall;
use crate::link::manager;
use crate::link::post::{self, Post};
use crate::link::seat::Seats;
use crate::link::start::{self, Word};
use crate::link::wire;
use crate::service::Service;

/// How long the server rests when the machine has no descriptor left for a newcomer.
const REST: Duration = Duration::from_millis(200);

/// What a server is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The folder of the ledger.
    pub data: PathBuf,
    /// Where its socket lies; none for the ledger's own place.
    pub socket: Option<PathBuf>,
    /// The runtime folder, as [`post::runtime`] gives it.
    pub runtime: Option<PathBuf>,
    /// How long it stays, and for how many.
    pub stay: Stay,
    /// Who started it.
    pub manner: Manner,
}

/// How long a server stays, and for how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stay {
    /// How long it stays without a client; none for ever.
    pub idle_exit: Option<Duration>,
    /// The most connections of one account; none for what the office has set.
    pub per_account: Option<usize>,
}

/// Who started a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// A person or the service manager.
    Foreground,
    /// A client that waits for one line on standard output.
    Background,
}

/// Serves a ledger until a signal, the idle time or a newer build ends it.
///
/// # Errors
/// Why it does not serve: told to the waiting client too, if one started it.
pub fn run(terms: &Terms) -> Result<(), Refusal> {
    if terms.manner == Manner::Background {
        start::detach();
    }
    let opened = Signals::catch().map_err(|_| fault()).and_then(|signals| {
        let open = Open::take(terms)?;
        Ok((signals, open))
    });
    if terms.manner == Manner::Background {
        let word = match &opened {
            Ok(_) => Word::Ready,
            Err(refusal) => Word::Refused(refusal.clone()),
        };
        start::announce(&word);
    }
    let (signals, open) = opened?;
    open.serve(&signals, terms.stay)
}

/// A ledger that is open, and a post that is taken.
struct Open {
    post: Post,
    service: Service,
    listener: UnixListener,
}

impl Open {
    fn take(terms: &Terms) -> Result<Self, Refusal> {
        let post = match (&terms.socket, Post::inherited()) {
            (Some(socket), _) => Post::take(socket)?,
            (None, Some(inherited)) => inherited,
            (None, None) => {
                let sockets = post::own_sockets(&terms.data, terms.runtime.as_deref())?;
                Post::take(sockets.first().ok_or_else(fault)?)?
            }
        };
        let service = start::open_patiently(&terms.data)?;
        let listener = post.listen()?;
        Ok(Self { post, service, listener })
    }

    fn serve(self, signals: &Signals, stay: Stay) -> Result<(), Refusal> {
        let Self { post, service, listener } = self;
        let seats = Seats::new().map_err(|_| fault())?;
        let hall = Hall {
            service: &service,
            seats: &seats,
            build: wire::build(),
            per_account: stay.per_account,
            idle_exit: stay.idle_exit,
        };
        manager::ready();
        thread::scope(|scope| {
            receive(&hall, scope, (&listener, signals));
            manager::stopping();
            post.close();
            seats.close();
        });
        let heir = seats.into_heir();
        let closed = service.close();
        drop(listener);
        drop(post);
        // Its end tells the newer build that the ledger is free.
        drop(heir);
        closed
    }
}

/// Receives newcomers until the server is to leave; each gets a thread.
fn receive<'scope>(
    hall: &'scope Hall<'_>,
    scope: &'scope Scope<'scope, '_>,
    (listener, signals): (&UnixListener, &Signals),
) {
    let mut threads = Vec::new();
    let mut empty_since = Some(Instant::now());
    let sign_every = manager::wants_sign_every();
    loop {
        let limit = hall.idle_exit.zip(empty_since);
        let limit = limit.map(|(limit, since)| limit.saturating_sub(since.elapsed()));
        if sign_every.is_some() {
            manager::alive();
        }
        let soonest = limit.into_iter().chain(sign_every).min();
        let found = wait((listener, signals, hall.seats), soonest);
        if found.has_signal || hall.seats.is_closing() {
            return;
        }
        let has_news = found.has_newcomer && admit_all(hall, scope, (listener, &mut threads));
        if !hall.seats.is_empty() {
            empty_since = None;
        } else if has_news || empty_since.is_none() {
            empty_since = Some(Instant::now());
        } else if limit.is_some_and(|limit| limit.is_zero()) {
            return;
        }
    }
}

/// Gives everybody who waits a thread, or a refusal; whether anybody was there.
fn admit_all<'scope>(
    hall: &'scope Hall<'_>,
    scope: &'scope Scope<'scope, '_>,
    (listener, threads): (&UnixListener, &mut Vec<ScopedJoinHandle<'scope, ()>>),
) -> bool {
    // Joined by name, a thread that panicked ends its own connection only.
    for ended in threads.extract_if(.., |thread| thread.is_finished()) {
        let _reported_by_the_hook = ended.join();
    }
    let mut was_there = false;
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                was_there = true;
                // Without a thread the newcomer sees the end of the stream and comes again.
                threads.extend(hall.admit(scope, stream));
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return was_there,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(_) => {
                thread::sleep(REST);
                return was_there;
            }
        }
    }
}

/// What woke the server.
#[derive(Default)]
struct Found {
    has_newcomer: bool,
    has_signal: bool,
}

/// Sleeps until something is there, or for so long.
fn wait(
    (listener, signals, seats): (&UnixListener, &Signals, &Seats),
    limit: Option<Duration>,
) -> Found {
    let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
    let mut fds = [
        PollFd::new(listener, PollFlags::IN),
        PollFd::new(&signals.pipe, PollFlags::IN),
        PollFd::new(seats.woken(), PollFlags::IN),
    ];
    match poll(&mut fds, limit.as_ref()) {
        Ok(_) => {}
        Err(Errno::INTR) => return Found::default(),
        // Out of memory, or a descriptor that is none: to leave in order is the best that is left.
        Err(_) => return Found { has_signal: true, ..Found::default() },
    }
    let [newcomer, signal, freed] = fds.map(|fd| !fd.revents().is_empty());
    if freed {
        seats.calm();
    }
    Found { has_newcomer: newcomer, has_signal: signal }
}

/// The signals that end a server in order.
#[derive(Debug)]
struct Signals {
    pipe: UnixStream,
    ids: Vec<SigId>,
}

impl Signals {
    fn catch() -> io::Result<Self> {
        let (pipe, wake) = UnixStream::pair()?;
        let mut signals = Self { pipe, ids: Vec::new() };
        for signal in [SIGTERM, SIGINT, SIGHUP] {
            signals.ids.push(low_level::pipe::register(signal, wake.try_clone()?)?);
        }
        Ok(signals)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for id in self.ids.drain(..) {
            low_level::unregister(id);
        }
    }
}

fn fault() -> Refusal {
    Refusal::new(RefusalKind::Fault, "fault")
}
