//! Which door: somebody's server, the ledger's own server, or the file itself.
//!
//! The terminal program always talks to a server and starts one if need be; a one-shot command opens
//! the file when nobody serves. A socket that was named, or the machine's own, is never passed over.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use crate::api::door::{Door, Notice};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::link::client::{Client, Connection, Missed, Reach, connect};
use crate::link::peer::{self, Trust};
use crate::link::post;
use crate::link::server::{self, Manner, Stay, Terms};
use crate::link::start::{self, Pause, Recipe, START_WAIT, Starter, is_taken};
use crate::link::wire::{self, Facts};
use crate::service::clock::Clock;
use crate::service::{LocalDoor, Service, Session};

/// The socket of the machine's service.
pub const SYSTEM_SOCKET: &str = "/run/anjie/anjie.sock";
/// Where the service keeps its ledger.
const SERVICE_DATA: &str = "/var/lib/anjie";
const ROOT: u32 = 0;
/// How long a service that is just being started again is waited for.
const RESTART_WAIT: Duration = Duration::from_secs(5);
/// How long a one-shot command waits for a ledger that another process has open.
const BRIEF_WAIT: Duration = Duration::from_secs(10);

/// Which ledger, and where its server may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The folder of the ledger.
    pub data: PathBuf,
    /// Whether a person named the folder, or it is the demo's: the machine's service, which goes
    /// before an account's usual ledger, is not asked then.
    pub named: bool,
    /// The socket that was named; then there is no other.
    pub socket: Option<PathBuf>,
}

impl Place {
    /// Whether there is a ledger in the folder, as far as this account can see.
    pub fn has_ledger(&self) -> bool {
        Service::is_there(&self.data)
    }

    /// Whether a server stands where one would be asked.
    pub fn is_served(&self) -> bool {
        match self.only_socket() {
            Some(socket) => post::connect(&socket).is_ok(),
            None => self.own_sockets().is_ok_and(|sockets| {
                sockets.iter().any(|socket| post::is_held(socket) || post::connect(socket).is_ok())
            }),
        }
    }

    /// Whether one socket counts, which was named or is the machine's, also while nobody answers.
    pub fn has_only_socket(&self) -> bool {
        self.only_socket().is_some()
    }

    /// The one socket that counts; none if the ledger's own server does.
    fn only_socket(&self) -> Option<PathBuf> {
        let system = || (!self.named).then(|| PathBuf::from(SYSTEM_SOCKET));
        self.socket.clone().or_else(|| system().filter(|socket| may_be_there(socket)))
    }

    fn own_sockets(&self) -> Result<Vec<PathBuf>, Refusal> {
        post::own_sockets(&self.data, post::runtime().as_deref())
    }
}

/// Whether something may stand at a path: who may not look into its folder is told so by the socket,
/// and gets no ledger of their own instead.
fn may_be_there(path: &Path) -> bool {
    path.try_exists().unwrap_or(true)
}

/// What stands where the server of a place would be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Served {
    /// Where that is.
    pub socket: PathBuf,
    /// Whether nobody else can put a file there; none if there is no such folder.
    pub is_safe: Option<bool>,
    /// Whether every account of the machine can come to it, in no group or not.
    pub is_for_all: bool,
    /// What the server says of itself, or why there is none that serves: nobody listens, or not
    /// one to be believed.
    pub facts: Result<Option<Facts>, Refusal>,
}

/// Looks for the server of a place, without starting one.
///
/// # Errors
/// There is no folder in which its socket could lie.
pub fn served(place: &Place) -> Result<Served, Refusal> {
    let only = place.only_socket();
    let trust = if only.is_some() { Trust::Service } else { Trust::Own };
    let sockets = match only {
        Some(socket) => vec![socket],
        None => place.own_sockets()?,
    };
    let is_there = |socket: &&PathBuf| socket.symlink_metadata().is_ok();
    let socket = sockets.iter().find(is_there).or_else(|| sockets.first());
    let socket = socket.cloned().unwrap_or_default();
    let facts = match connect(&socket, trust) {
        Ok(connection) => Ok(Some(connection.facts)),
        Err(Missed::Nobody | Missed::Left) => Ok(None),
        Err(Missed::Refused(refusal)) => Err(refusal),
    };
    let (is_safe, is_for_all) = (post::is_closed_to_others(&socket), post::is_for_all(&socket));
    Ok(Served { is_safe, is_for_all, socket, facts })
}

/// The build of this program, as it tells it to a server.
pub fn own_build() -> String {
    wire::build()
}

/// The session of whoever runs this program.
pub fn whoami() -> Session {
    peer::session(peer::own_uid())
}

/// The folder of the ledger that a place leads to, as far as this account may look: root looks after
/// that of the machine's service; none if there is none to be seen.
pub fn kept_at(place: &Place) -> Option<PathBuf> {
    let services = || (peer::own_uid() == ROOT).then(|| PathBuf::from(SERVICE_DATA));
    let is_services = place.socket.is_none() && place.has_only_socket();
    let found = is_services.then(services).flatten().filter(|data| Service::is_there(data));
    found.or_else(|| place.has_ledger().then(|| place.data.clone()))
}

/// As whose a ledger's files are to be judged, where that is not this account: root only looks after
/// those whose ledger it is, who have to open what root can open anyway. That in the service's place
/// is the service's, whoever owns it by mistake; any other is its owner's.
pub fn judged_as(data: &Path) -> Option<u32> {
    if peer::own_uid() != ROOT {
        return None;
    }
    let service = peer::service_uid().filter(|_| data.starts_with(SERVICE_DATA));
    let owner = || std::fs::metadata(data).ok().map(|meta| meta.uid());
    service.or_else(owner).filter(|uid| *uid != ROOT)
}

/// The session of a login; none if nobody has it.
pub fn account(login: &str) -> Option<Session> {
    peer::account(login)
}

/// Serves a ledger until a signal, or as long as it is told to stay.
///
/// # Errors
/// Kind `Closed`: somebody serves it already, or it cannot be opened.
pub fn serve(place: &Place, stay: Stay, manner: Manner) -> Result<(), Refusal> {
    server::run(&Terms {
        data: place.data.clone(),
        socket: place.socket.clone(),
        runtime: post::runtime(),
        stay,
        manner,
    })
}

/// The door of the terminal program: a server's, which is started if nobody serves the ledger.
///
/// The door connects again by itself, and starts a server again, with the first call after a loss.
///
/// # Errors
/// Kind `Closed`: nobody serves, or may serve, and why. Kind `Busy`: too many are connected.
pub fn live_door(place: &Place) -> Result<Box<dyn Door>, Refusal> {
    live_door_by(place, start::own_program)
}

/// The same for a program that is not the server's: it says how one is started.
///
/// # Errors
/// As [`live_door`].
pub fn live_door_by(place: &Place, recipe: Recipe) -> Result<Box<dyn Door>, Refusal> {
    let mut reach: Reach = match place.only_socket() {
        Some(socket) => Box::new(move || only(&socket)),
        None => {
            let (place, mut starter) = (place.clone(), Starter::new(recipe));
            Box::new(move || own(&place, &mut starter))
        }
    };
    let connection = reach()?;
    Ok(Box::new(Client::over(connection, reach)?))
}

/// The door of a one-shot command: a server's if there is one, else the file in this process.
///
/// # Errors
/// Kind `Closed`: no ledger, or somebody else's, or one that another process keeps.
pub fn brief_door(place: &Place) -> Result<Box<dyn Door>, Refusal> {
    if let Some(socket) = place.only_socket() {
        let connection = only(&socket)?;
        return Ok(Box::new(Client::over(connection, Box::new(move || only(&socket)))?));
    }
    let sockets = place.own_sockets()?;
    let mut pause = Pause::of(BRIEF_WAIT);
    loop {
        match first(&sockets) {
            Ok(connection) => {
                let reach = move || first(&sockets).map_err(refusal);
                return Ok(Box::new(Client::over(connection, Box::new(reach))?));
            }
            Err(Missed::Refused(refusal)) => return Err(refusal),
            Err(Missed::Nobody | Missed::Left) => {}
        }
        match Service::open_briefly(&place.data, Clock::System) {
            Ok(service) => {
                service.ask_logins_of(peer::uid_of_login);
                return Ok(Box::new(BriefDoor::new(service)));
            }
            // Somebody begins to serve, or another command has it: soon either is over.
            Err(refusal) if is_taken(&refusal) && pause.rest() => {}
            Err(refusal) => return Err(refusal),
        }
    }
}

/// A connection to the one server that counts, also while it is being started again.
fn only(socket: &Path) -> Result<Connection, Refusal> {
    let mut pause = Pause::of(RESTART_WAIT);
    loop {
        match connect(socket, Trust::Service) {
            Err(Missed::Left) if pause.rest() => {}
            connected => return connected.map_err(refusal),
        }
    }
}

/// A connection to the ledger's own server, which is started if need be.
fn own(place: &Place, starter: &mut Starter) -> Result<Connection, Refusal> {
    let sockets = place.own_sockets()?;
    let mut pause = Pause::of(START_WAIT);
    let mut has_started = false;
    loop {
        match first(&sockets) {
            Ok(connection) => return Ok(connection),
            Err(Missed::Refused(refusal)) => return Err(refusal),
            // One that has just started was found, unless somebody ended it at once.
            Err(_) if has_started => return Err(Refusal::new(RefusalKind::Closed, "closed")),
            Err(Missed::Nobody | Missed::Left) => {}
        }
        if !sockets.iter().any(|socket| post::is_held(socket)) {
            match starter.start(&place.data) {
                Ok(()) => {
                    has_started = true;
                    continue;
                }
                // Another process has the ledger for a moment, or was quicker to serve it.
                Err(refusal) if is_taken(&refusal) => {}
                Err(refusal) => return Err(refusal),
            }
        }
        if !pause.rest() {
            return Err(Refusal::new(RefusalKind::Closed, "already_open"));
        }
    }
}

/// A connection to the first of the ledger's own sockets at which somebody listens.
fn first(sockets: &[PathBuf]) -> Result<Connection, Missed> {
    let mut missed = Missed::Nobody;
    for socket in sockets {
        match connect(socket, Trust::Own) {
            Err(Missed::Nobody) => {}
            Err(Missed::Left) => missed = Missed::Left,
            found => return found,
        }
    }
    Err(missed)
}

fn refusal(missed: Missed) -> Refusal {
    match missed {
        Missed::Nobody | Missed::Left => Refusal::new(RefusalKind::Closed, "closed"),
        Missed::Refused(refusal) => refusal,
    }
}

/// The file in this process; closed in order when the door is dropped.
struct BriefDoor {
    service: Option<Arc<Service>>,
    door: Option<LocalDoor>,
}

impl BriefDoor {
    fn new(service: Service) -> Self {
        let service = Arc::new(service);
        let door = LocalDoor::new(Arc::clone(&service), whoami());
        Self { service: Some(service), door: Some(door) }
    }
}

impl Door for BriefDoor {
    fn call(&mut self, request: Request) -> Result<Reply, Refusal> {
        let closed = || Refusal::new(RefusalKind::Closed, "closed");
        self.door.as_mut().ok_or_else(closed)?.call(request)
    }

    fn notices(&mut self) -> Receiver<Notice> {
        self.door.as_mut().map_or_else(|| std::sync::mpsc::sync_channel(0).1, |door| door.notices())
    }
}

impl Drop for BriefDoor {
    fn drop(&mut self) {
        self.door = None;
        if let Some(Ok(service)) = self.service.take().map(Arc::try_unwrap) {
            // What was acknowledged is on disk, whatever the closing says.
            let _acknowledged_already = service.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::may_be_there;

    #[test]
    fn a_socket_that_cannot_be_looked_at_counts_as_there() {
        let folder = tempfile::tempdir().unwrap();
        let ring = folder.path().join("ring");
        std::os::unix::fs::symlink(&ring, &ring).unwrap();
        assert!(!may_be_there(&folder.path().join("none")));
        assert!(may_be_there(&ring), "what hinders the look is no proof of absence");
    }
}
