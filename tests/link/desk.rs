//! The one helper that knows servers: a ledger in a folder, served by a child process.
//!
//! The child is this test program once more, because a server serves its own build only.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anjie::api::door::Door;
use anjie::api::refusal::Refusal;
use anjie::api::reply::{Reply, StatusView};
use anjie::api::request::{Order, Request};
use anjie::api::setting::{REPLY_MAX, REQUEST_MAX};
use anjie::domain::act::Act;
use anjie::domain::ids::RequestId;
use anjie::domain::office as settings;
use anjie::link::open::{self, Place, whoami};
use anjie::link::post;
use anjie::link::server::{Manner, Stay};
use anjie::link::start::Word;
use anjie::link::wire::{self, Down, Inbox, Up};
use anjie::service::Session;
use anjie::service::genesis::{Founding, found};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// No test waits longer for anything.
const WAIT: Duration = Duration::from_secs(60);

/// A folder with a ledger whose director is whoever runs the test.
pub struct Ledger {
    folder: TempDir,
}

impl Ledger {
    pub fn new() -> Self {
        Self::of(me())
    }

    /// A ledger whose director is somebody.
    pub fn of(admin: Session) -> Self {
        let ledger = Self::none();
        let office = settings::Office {
            trial_today: Some("2026-10-20".parse().unwrap()),
            ..settings::Office::new("青石镇", "青信", 50_000)
        };
        let officer = Some("李娟".to_owned());
        found(&ledger.data(), &Founding { office, admin, officer }).unwrap();
        ledger
    }

    /// A place where no ledger is.
    pub fn none() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// The same ledger in another folder.
    pub fn copy(&self) -> Self {
        let copy = Self::none();
        let status = Command::new("cp").arg("-a").arg(self.data()).arg(copy.data()).status();
        assert!(status.unwrap().success());
        copy
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("ledger")
    }

    pub fn place(&self) -> Place {
        Place { data: self.data(), named: true, socket: None }
    }

    /// Where its server listens.
    pub fn socket(&self) -> PathBuf {
        post::own_sockets(&self.data(), post::runtime().as_deref()).unwrap().remove(0)
    }

    pub fn brief(&self) -> Box<dyn Door> {
        open::brief_door(&self.place()).unwrap()
    }

    pub fn live(&self) -> Box<dyn Door> {
        self.try_live().unwrap()
    }

    pub fn try_live(&self) -> Result<Box<dyn Door>, Refusal> {
        open::live_door_by(&self.place(), recipe)
    }

    /// Ends whoever serves it, as a power cut would.
    pub fn kill_server(&self) {
        let stream = UnixStream::connect(self.socket()).unwrap();
        let pid = rustix::net::sockopt::socket_peercred(&stream).unwrap().pid;
        kill_process(pid, Signal::KILL).unwrap();
        // The kernel closes what it had open before it is gone.
        (&stream).write_all(b"x").unwrap_or_default();
        let _reset = (&stream).read(&mut [0; 64]);
    }

    pub fn serve(&self) -> Server {
        Server::start(&mut server(&self.data(), Some(600))).unwrap()
    }

    /// Serves it until nobody has been there for so many seconds.
    pub fn serve_until_idle(&self, seconds: u64) -> Server {
        Server::start(&mut server(&self.data(), Some(seconds))).unwrap()
    }

    /// Serves it at a named socket.
    pub fn serve_at(&self, socket: &Path) -> Result<Server, Refusal> {
        Server::start(server(&self.data(), None).env(SOCKET, socket))
    }
}

const DATA: &str = "ANJIE_LINK_TEST_DATA";
const IDLE: &str = "ANJIE_LINK_TEST_IDLE";
const SOCKET: &str = "ANJIE_LINK_TEST_SOCKET";

/// A server of a ledger as a command.
pub fn server(data: &Path, idle_exit: Option<u64>) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "desk::serves_if_it_is_the_child", "--nocapture"]);
    command.env(DATA, data).envs(idle_exit.map(|seconds| (IDLE, seconds.to_string())));
    command
}

/// How the tests' doors start a server: one that leaves soon after them.
fn recipe(data: &Path) -> Command {
    server(data, Some(3))
}

#[test]
fn serves_if_it_is_the_child() {
    let Some(data) = std::env::var_os(DATA) else { return };
    let socket = std::env::var_os(SOCKET).map(PathBuf::from);
    let place = Place { data: data.into(), named: true, socket };
    let idle_exit =
        std::env::var(IDLE).ok().map(|seconds| Duration::from_secs(seconds.parse().unwrap()));
    let stay = Stay { idle_exit, ..Stay::default() };
    let served = open::serve(&place, stay, Manner::Background);
    std::process::exit(if served.is_ok() { 0 } else { 69 });
}

pub fn me() -> Session {
    whoami()
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    child: Child,
}

impl Server {
    /// Starts one and waits for its word.
    pub fn start(command: &mut Command) -> Result<Self, Refusal> {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let mut server = Self { child };
        // The test program itself says a line or two first.
        let mut words = stdout.lines().map_while(Result::ok);
        match words.find_map(|line| serde_json::from_str(&line).ok()) {
            Some(Word::Ready) => Ok(server),
            Some(Word::Refused(refusal)) => {
                assert_eq!(server.exit_code(), 69);
                Err(refusal)
            }
            None => panic!("a server said nothing"),
        }
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits until it has left by itself.
    pub fn exit_code(&mut self) -> i32 {
        let mut code = None;
        until("the server has left", || {
            code = self.child.try_wait().unwrap();
            code.is_some()
        });
        code.unwrap().code().unwrap()
    }

    pub fn terminate(mut self) -> i32 {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        self.exit_code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _buried = self.child.wait();
    }
}

/// Waits for something, with a limit.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < WAIT, "waited too long until {what}");
        std::thread::park_timeout(Duration::from_millis(1));
    }
}

pub fn status(door: &mut dyn Door) -> StatusView {
    match door.call(Request::Status).unwrap() {
        Reply::Status(view) => view,
        other => panic!("{other:?} is no status"),
    }
}

pub fn order(id: u128, act: Act, fields: &[(&str, &str)]) -> Order {
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    Order { id: RequestId(id), act, on: None, seen: None, fields: fields.collect() }
}

pub fn register(id: u128, name: &str, request: &str) -> Request {
    Request::Do(order(
        id,
        Act::Register,
        &[
            ("name", name),
            ("request", request),
            ("received_on", "2026-10-19"),
            ("people", "1"),
            ("at_once", "registered"),
            ("channel", "visit"),
            ("source", "direct"),
        ],
    ))
}

/// A client that speaks bytes.
pub struct Raw {
    stream: UnixStream,
    inbox: Inbox,
}

impl Raw {
    pub fn connect(ledger: &Ledger) -> Self {
        let stream = UnixStream::connect(ledger.socket()).unwrap();
        stream.set_read_timeout(Some(WAIT)).unwrap();
        Self { stream, inbox: Inbox::new(REPLY_MAX) }
    }

    /// Connects and greets as another build of this program.
    pub fn of_build(ledger: &Ledger, build: &str) -> Self {
        let mut raw = Self::connect(ledger);
        raw.say(&Up::Greeting { build: build.to_owned() });
        raw
    }

    /// Connects and is greeted.
    pub fn greeted(ledger: &Ledger) -> Self {
        let mut raw = Self::of_build(ledger, &wire::build());
        assert!(matches!(raw.hear(), Some(Down::Greeting(_))));
        raw
    }

    pub fn say(&mut self, message: &Up) {
        self.send(&wire::encode(message, REQUEST_MAX).unwrap());
    }

    /// Sends JSON that the program itself would never send.
    pub fn say_json(&mut self, json: &str) {
        let mut frame = u32::try_from(json.len() + 1).unwrap().to_be_bytes().to_vec();
        frame.push(wire::VERSION);
        frame.extend_from_slice(json.as_bytes());
        self.send(&frame);
    }

    /// Sends bytes; a server that has cut the line off already is no matter.
    pub fn send(&mut self, bytes: &[u8]) {
        let _cut_off = self.stream.write_all(bytes);
    }

    /// The next message; none at the end of the stream.
    pub fn hear(&mut self) -> Option<Down> {
        let mut bytes = [0; 4096];
        loop {
            if let Some(message) = self.inbox.take().unwrap() {
                return Some(message);
            }
            match self.stream.read(&mut bytes) {
                Ok(0) => return None,
                Ok(n_bytes) => self.inbox.feed(&bytes[..n_bytes]),
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return None,
                Err(error) => panic!("nothing more is heard: {error}"),
            }
        }
    }

    /// Why the server cuts the line off; then it is cut off.
    pub fn refusal(&mut self) -> Refusal {
        let refusal = match self.hear() {
            Some(Down::Refused(refusal)) => refusal,
            other => panic!("{other:?} is no refusal"),
        };
        assert_eq!(self.hear(), None);
        refusal
    }
}
