//! Which door: somebody's server, the ledger's own server, or the file itself.
//!
//! The terminal program always talks to a server and starts one if need be; a one-shot command opens
//! the file when nobody serves. A socket that was named, or the machine's own, is never passed over.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use crate::api::door::{Door, Notice};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::link::client::{Client, Connection, Missed, connect};
use crate::link::peer::{self, Trust};
use crate::link::post;
use crate::link::start::{self, Pause, Recipe, START_WAIT, Starter, is_taken};
use crate::service::clock::Clock;
use crate::service::{LocalDoor, Service};

/// The socket of the machine's service.
pub const SYSTEM_SOCKET: &str = "/run/anjie/anjie.sock";
/// How long a service that is just being started again is waited for.
const RESTART_WAIT: Duration = Duration::from_secs(5);
/// How long a one-shot command waits for a ledger that another process has open.
const BRIEF_WAIT: Duration = Duration::from_secs(10);

/// Which ledger, and where its server may be.
#[derive(Debug, Clone)]
pub struct Place {
    /// The folder of the ledger.
    pub data: PathBuf,
    /// Who chose the folder.
    pub choice: Choice,
    /// The socket that was named; then there is no other.
    pub socket: Option<PathBuf>,
    /// The runtime folder, as [`post::runtime`] gives it.
    pub runtime: Option<PathBuf>,
    /// How a server is started, as [`start::own_program`] says.
    pub recipe: Recipe,
}

/// Who chose the folder of a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Nobody: it is the account's usual one, and the machine's service goes before it.
    Usual,
    /// A person, or it is the demo: the machine's service is never asked.
    Named,
}

impl Place {
    /// A ledger's place with this program as its server.
    pub fn new(data: PathBuf, choice: Choice, socket: Option<PathBuf>) -> Self {
        Self { data, choice, socket, runtime: post::runtime(), recipe: start::own_program }
    }

    /// The one socket that counts; none if the ledger's own server does.
    fn only_socket(&self) -> Option<PathBuf> {
        let system = || (self.choice == Choice::Usual).then(|| PathBuf::from(SYSTEM_SOCKET));
        self.socket.clone().or_else(|| system().filter(|socket| socket.exists()))
    }
}

/// The door of the terminal program: a server's, which is started if nobody serves the ledger.
///
/// The door connects again by itself, and starts a server again, with the first call after a loss.
///
/// # Errors
/// Kind `Closed`: nobody serves, or may serve, and why. Kind `Busy`: too many are connected.
pub fn live_door(place: &Place) -> Result<Box<dyn Door>, Refusal> {
    let mut reach: Box<dyn FnMut() -> Result<Connection, Refusal> + Send> =
        match place.only_socket() {
            Some(socket) => Box::new(move || only(&socket)),
            None => {
                let (place, mut starter) = (place.clone(), Starter::new(place.recipe));
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
    let sockets = post::own_sockets(&place.data, place.runtime.as_deref())?;
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
        match Service::open(&place.data, Clock::System) {
            Ok(service) => return Ok(Box::new(BriefDoor::new(service))),
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
    let sockets = post::own_sockets(&place.data, place.runtime.as_deref())?;
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
        let door = LocalDoor::new(Arc::clone(&service), peer::session(peer::own_uid()));
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
