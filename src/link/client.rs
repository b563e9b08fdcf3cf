//! The door of a client: calls go out as frames, a thread brings answers and news back.
//!
//! Nothing is sent before the kernel has said that the server is one to be believed. There is no
//! timer: a call ends with its answer or with the connection, and the next one connects again.

use std::io::ErrorKind;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender, TrySendError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};

use crate::api::door::{Door, Notice, Ticket};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::api::setting::{REPLY_MAX, REQUEST_MAX};
use crate::link::line::{Ear, Ended, Mouth, Wait};
use crate::link::peer::{self, Trust};
use crate::link::post;
use crate::link::wire::{self, Bad, Down, Facts, Up};

/// The most notices that wait for whoever asked for them.
const NOTICES_MAX: usize = 64;
/// The stack of the thread that reads: address space, of which only what is used takes memory.
const STACK_BYTES: usize = 512 << 10;

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq)]
pub enum Missed {
    /// Nobody listens there.
    Nobody,
    /// A server was leaving; its post is free now.
    Left,
    /// Somebody listens who will not, or must not, serve.
    Refused(Refusal),
}

/// A connection that has been greeted.
#[derive(Debug)]
pub struct Connection {
    stream: UnixStream,
    ear: Ear,
    /// What the server says of itself.
    pub facts: Facts,
}

/// Connects to a server and greets it.
///
/// # Errors
/// See [`Missed`].
pub fn connect(socket: &Path, trust: Trust) -> Result<Connection, Missed> {
    let stream = post::connect(socket).map_err(|error| match error.kind() {
        ErrorKind::PermissionDenied => {
            let login = peer::session(peer::own_uid()).login;
            let refusal = Refusal::new(RefusalKind::Denied, "not_in_group");
            let refusal = refusal.with("login", login).with("group", post::group_of(socket));
            Missed::Refused(refusal)
        }
        _ => Missed::Nobody,
    })?;
    if !peer::uid_of(&stream).is_ok_and(|uid| trust.covers(uid)) {
        return Err(Missed::Refused(Refusal::new(RefusalKind::Closed, "not_your_server")));
    }
    greet(stream)
}

fn greet(stream: UnixStream) -> Result<Connection, Missed> {
    let (Ok(reading), Ok(writing)) = (stream.try_clone(), stream.try_clone()) else {
        return Err(Missed::Refused(lost()));
    };
    let mut mouth = Mouth::new(writing, None).map_err(|_| Missed::Left)?;
    let greeting = Up::Greeting { build: wire::build() };
    let frame = wire::encode(&greeting, REQUEST_MAX).map_err(|_| Missed::Refused(too_large()))?;
    // A server that is full says so and closes, perhaps before it is greeted: hear it all the same.
    let _heard_below = mouth.say(&frame);
    let mut ear = Ear::new(reading, REPLY_MAX);
    match ear.hear(Wait::FromNow) {
        Ok(Down::Greeting(facts)) => Ok(Connection { stream, ear, facts }),
        Ok(Down::Refused(refusal)) => Err(Missed::Refused(refusal)),
        Ok(Down::Leaving) => {
            // The socket is the last thing that it closes: then the ledger is free.
            while ear.hear::<Down>(Wait::FromNow).is_ok() {}
            Err(Missed::Left)
        }
        Ok(Down::Answer { .. } | Down::Notice(_)) | Err(Ended::Bad(Bad::Garbage)) => {
            Err(Missed::Refused(Refusal::new(RefusalKind::Closed, "not_your_server")))
        }
        Err(Ended::Bad(Bad::Version | Bad::TooLarge)) => {
            Err(Missed::Refused(Refusal::new(RefusalKind::Closed, "other_build")))
        }
        Err(Ended::Slow) => Err(Missed::Refused(Refusal::new(RefusalKind::Busy, "busy"))),
        Err(Ended::Closed) => Err(Missed::Left),
    }
}

/// How a client finds its server again after a loss.
pub type Reach = Box<dyn FnMut() -> Result<Connection, Refusal> + Send>;

/// A door through a socket. Calls are made one at a time; after a loss the next one connects again.
pub struct Client {
    reach: Reach,
    live: Option<Live>,
    n_calls: u64,
}

impl Client {
    /// A door through a connection, and through others that `reach` makes once it is lost.
    ///
    /// # Errors
    /// No more threads or descriptors.
    pub fn over(connection: Connection, reach: Reach) -> Result<Self, Refusal> {
        let live = Live::start(connection)?;
        Ok(Self { reach, live: Some(live), n_calls: 0 })
    }

    /// What the server said of itself; none while there is no connection.
    pub fn facts(&self) -> Option<&Facts> {
        self.live.as_ref().filter(|live| live.is_up()).map(|live| &live.facts)
    }

    /// A connection that is up as far as anybody knows.
    fn live(&mut self) -> Result<&mut Live, Refusal> {
        let live = match self.live.take().filter(Live::is_up) {
            Some(live) => live,
            None => Live::start((self.reach)()?)?,
        };
        Ok(self.live.insert(live))
    }
}

impl Door for Client {
    fn call(&mut self, request: Request) -> Result<Reply, Refusal> {
        self.n_calls += 1;
        let ticket = Ticket(self.n_calls);
        let is_order = matches!(request, Request::Do(_));
        let call = Up::Call { ticket, request };
        let frame = wire::encode(&call, REQUEST_MAX).map_err(|_| too_large())?;
        if self.live()?.say(&frame).is_err() {
            // Part of a frame is no call, so it can be made again on a new connection.
            self.live = None;
            self.live()?.say(&frame).map_err(|_| lost())?;
        }
        let answer = self.live.as_ref().and_then(|live| live.answer(ticket));
        answer.unwrap_or_else(|| {
            self.live = None;
            Err(if is_order { Refusal::new(RefusalKind::Unknown, "unknown") } else { lost() })
        })
    }

    /// News until the connection is lost, which ends them: then ask for them again. On a lost
    /// connection this connects; if it cannot, the news have ended already.
    fn notices(&mut self) -> Receiver<Notice> {
        let (sender, receiver) = mpsc::sync_channel(NOTICES_MAX);
        if let Ok(live) = self.live() {
            live.listen(sender);
        }
        receiver
    }
}

/// The answer to a call; without a ticket it says why the server cuts the connection off.
type Answer = (Option<Ticket>, Result<Reply, Refusal>);

struct Live {
    stream: UnixStream,
    mouth: Mouth,
    facts: Facts,
    answers: Receiver<Answer>,
    news: Arc<Mutex<News>>,
    reader: Option<JoinHandle<()>>,
}

/// Where news go.
#[derive(Default)]
struct News {
    has_ended: bool,
    was_asked: bool,
    to: Option<SyncSender<Notice>>,
    /// The newest that did not fit; it then stands for everything.
    missed: Option<Notice>,
}

impl Live {
    fn start(connection: Connection) -> Result<Self, Refusal> {
        let Connection { stream, ear, facts } = connection;
        let mouth = stream.try_clone().and_then(|stream| Mouth::new(stream, None));
        let mouth = mouth.map_err(|_| lost())?;
        let (sender, answers) = mpsc::channel();
        let news = Arc::new(Mutex::new(News::default()));
        let own = Arc::clone(&news);
        let reader = Builder::new()
            .name("answers".to_owned())
            .stack_size(STACK_BYTES)
            .spawn(move || route(ear, &sender, &own))
            .map_err(|_| Refusal::new(RefusalKind::Fault, "fault"))?;
        Ok(Self { stream, mouth, facts, answers, news, reader: Some(reader) })
    }

    fn is_up(&self) -> bool {
        !lock(&self.news).has_ended
    }

    fn say(&mut self, frame: &[u8]) -> Result<(), Ended> {
        self.mouth.say(frame)
    }

    /// Waits for the answer to a call; none if the connection was lost first.
    fn answer(&self, wanted: Ticket) -> Option<Result<Reply, Refusal>> {
        let is_wanted = |answer: &Answer| answer.0.is_none_or(|ticket| ticket == wanted);
        self.answers.iter().find(is_wanted).map(|(_, result)| result)
    }

    fn listen(&mut self, to: SyncSender<Notice>) {
        let mut news = lock(&self.news);
        if news.has_ended {
            return;
        }
        news.to = Some(to);
        let was_asked = std::mem::replace(&mut news.was_asked, true);
        drop(news);
        if was_asked {
            return;
        }
        let frame = wire::encode(&Up::Listen, REQUEST_MAX);
        if !frame.is_ok_and(|frame| self.mouth.say(&frame).is_ok()) {
            lock(&self.news).to = None;
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        // The server sees the end of the stream in any case; the word only says that it is meant.
        if let Ok(frame) = wire::encode(&Up::Leave, REQUEST_MAX) {
            let _said = self.mouth.say(&frame);
        }
        let _closed_already = self.stream.shutdown(Shutdown::Both);
        if let Some(reader) = self.reader.take() {
            // It has no result, and a panic in it was reported where it happened.
            let _ = reader.join();
        }
    }
}

/// Brings what comes to whoever waits for it, until nothing more comes.
fn route(mut ear: Ear, answers: &Sender<Answer>, news: &Mutex<News>) {
    loop {
        let answer = match ear.hear(Wait::FromItsStart) {
            Ok(Down::Answer { ticket, result }) => (Some(ticket), result),
            Ok(Down::Notice(notice)) => {
                lock(news).tell(notice);
                continue;
            }
            Ok(Down::Refused(refusal)) => {
                lock(news).end();
                let _waits = answers.send((None, Err(refusal)));
                return;
            }
            Ok(Down::Greeting(_) | Down::Leaving) | Err(_) => break,
        };
        let _waits = answers.send(answer);
        lock(news).tell_missed();
    }
    lock(news).end();
}

impl News {
    fn end(&mut self) {
        self.has_ended = true;
        self.to = None;
    }

    fn tell(&mut self, notice: Notice) {
        let notice = match self.missed.take() {
            Some(_) => Notice { touched: Vec::new(), everything: true, ..notice },
            None => notice,
        };
        let Some(to) = &self.to else { return };
        match to.try_send(notice) {
            Err(TrySendError::Full(notice)) => self.missed = Some(notice),
            Err(TrySendError::Disconnected(_)) => self.to = None,
            Ok(()) => {}
        }
    }

    /// Whoever was too busy for news asks something sooner or later; then they have time again.
    fn tell_missed(&mut self) {
        if let Some(notice) = self.missed.clone() {
            self.tell(notice);
        }
    }
}

fn lock(news: &Mutex<News>) -> MutexGuard<'_, News> {
    news.lock().unwrap_or_else(PoisonError::into_inner)
}

fn lost() -> Refusal {
    Refusal::new(RefusalKind::Closed, "lost")
}

fn too_large() -> Refusal {
    Refusal::new(RefusalKind::Invalid, "too_large")
}
