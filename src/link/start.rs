//! A server that starts by itself: a client runs its own program in the background and waits for
//! one line, which says that it serves or why it does not.
//!
//! Apart from the child that parses files this is the only time that the program runs another, and
//! the other is itself, by the kernel's link to the file that runs.

use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use crate::api::refusal::{Refusal, RefusalKind};
use crate::link::peer;
use crate::service::Service;
use crate::service::clock::Clock;

/// The flag of `serve` for a server that a client starts.
pub const BACKGROUND: &str = "background";
/// How long a server that a client started stays without a client.
pub const IDLE_EXIT: Duration = Duration::from_secs(30 * 60);

/// How long a client waits for a server to open its ledger, of which every page is checked.
pub const START_WAIT: Duration = Duration::from_secs(60);
/// How long a ledger that another process has open is waited for: a one-shot command has it.
const OPEN_WAIT: Duration = Duration::from_secs(5);
const PAUSE_LEAST: Duration = Duration::from_millis(10);
const PAUSE_MOST: Duration = Duration::from_millis(320);
/// The most bytes that are read in search of the line.
const LINE_MAX: usize = 64 << 10;

/// What a server that a client started says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// It serves.
    Ready,
    /// It does not.
    Refused(Refusal),
}

/// Says the word to the client that waits, and lets go of standard output.
pub fn announce(word: &Word) {
    let mut line = serde_json::to_vec(word).unwrap_or_default();
    line.push(b'\n');
    // The client may have been ended meanwhile; the server serves whoever comes next.
    let _nobody = io::stdout().write_all(&line).and_then(|()| io::stdout().flush());
    if let Ok(nothing) = OpenOptions::new().write(true).open("/dev/null") {
        let _kept = rustix::stdio::dup2_stdout(nothing);
    }
}

/// Leaves the terminal of whoever started this process, so that its end does not end the server.
pub fn detach() {
    // Refused where a shell made it the leader of a group; then the shell is the one that decides.
    let _already = rustix::process::setsid();
}

/// Opens a ledger, and waits a while for another process that has it open.
///
/// # Errors
/// What is wrong with the ledger.
pub fn open_patiently(data: &Path) -> Result<Service, Refusal> {
    let mut pause = Pause::of(OPEN_WAIT);
    loop {
        match Service::open(data, Clock::System) {
            Err(refusal) if is_taken(&refusal) && pause.rest() => {}
            opened => {
                return opened.inspect(|service| service.ask_logins_of(peer::uid_of_login));
            }
        }
    }
}

/// Whether a ledger is refused only because another process has it.
pub fn is_taken(refusal: &Refusal) -> bool {
    refusal.key == "refusal.already_open"
}

/// Growing pauses up to an end.
pub struct Pause {
    until: Instant,
    next: Duration,
}

impl Pause {
    /// Pauses that end after so long.
    pub fn of(wait: Duration) -> Self {
        Self { until: Instant::now() + wait, next: PAUSE_LEAST }
    }

    /// Rests; false if there is no time left for it.
    pub fn rest(&mut self) -> bool {
        if Instant::now() + self.next > self.until {
            return false;
        }
        thread::sleep(self.next);
        self.next = (self.next * 2).min(PAUSE_MOST);
        true
    }
}

/// How to run a server for a ledger's folder: the program and its arguments.
pub type Recipe = fn(&Path) -> Command;

/// This program as a server.
pub fn own_program(data: &Path) -> Command {
    let mut command = Command::new("/proc/self/exe");
    command.arg0("anjie").arg("serve").arg(format!("--{BACKGROUND}"));
    command.args(["--idle-exit", &IDLE_EXIT.as_secs().to_string()]);
    command.arg("--data").arg(data);
    command
}

/// Starts servers, one after the other.
#[derive(Debug)]
pub struct Starter {
    recipe: Recipe,
    child: Option<Child>,
}

impl Starter {
    /// Starts servers by a recipe.
    pub fn new(recipe: Recipe) -> Self {
        Self { recipe, child: None }
    }

    /// Starts a server and waits until it serves.
    ///
    /// # Errors
    /// Why it does not.
    pub fn start(&mut self, data: &Path) -> Result<(), Refusal> {
        self.bury();
        let data = std::path::absolute(data).map_err(|_| fault())?;
        let mut child = (self.recipe)(&data)
            .env_remove("ANJIE_SOCKET")
            .env_remove("ANJIE_DATA")
            .env_remove("ANJIE_TODAY")
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|_| fault())?;
        let word = child.stdout.take().and_then(|mut stdout| hear(&mut stdout));
        self.child = Some(child);
        match word {
            Some(Word::Ready) => Ok(()),
            Some(Word::Refused(refusal)) => Err(refusal),
            None => Err(fault()),
        }
    }

    /// Asks after the last one, so that the kernel need not keep its name when it has left.
    fn bury(&mut self) {
        if let Some(child) = &mut self.child {
            let _still_there = child.try_wait();
        }
    }
}

impl Drop for Starter {
    fn drop(&mut self) {
        self.bury();
    }
}

/// The first line that is a word; others, such as a loader's warning, are passed over.
fn hear(stdout: &mut ChildStdout) -> Option<Word> {
    let until = Instant::now() + START_WAIT;
    let (mut heard, mut bytes) = (Vec::new(), [0; 1 << 10]);
    while heard.len() < LINE_MAX && is_readable(stdout, until) {
        let n_bytes = stdout.read(&mut bytes).ok().filter(|n_bytes| *n_bytes > 0)?;
        heard.extend_from_slice(bytes.get(..n_bytes)?);
        let whole = heard.iter().rposition(|byte| *byte == b'\n').unwrap_or_default();
        let mut lines = heard.get(..whole)?.split(|byte| *byte == b'\n');
        if let Some(word) = lines.find_map(|line| serde_json::from_slice(line).ok()) {
            return Some(word);
        }
    }
    None
}

fn is_readable(stdout: &ChildStdout, until: Instant) -> bool {
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let Ok(left) = Timespec::try_from(left) else { return false };
        match poll(&mut [PollFd::new(stdout, PollFlags::IN)], Some(&left)) {
            Err(Errno::INTR) => {}
            n_ready => return n_ready.is_ok_and(|n_ready| n_ready > 0),
        }
    }
}

fn fault() -> Refusal {
    Refusal::new(RefusalKind::Fault, "fault")
}
