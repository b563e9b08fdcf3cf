//! The ledgers that are measured, the programs that are run, and servers that never stay behind.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::proc;

/// The real program.
pub const ANJIE: &str = env!("CARGO_BIN_EXE_anjie");
/// No server needs longer to be there.
const START_WAIT: Duration = Duration::from_secs(60);
const REST: Duration = Duration::from_millis(20);

/// What to measure, and how often.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Cases and persons of the large ledger.
    pub n_large: u64,
    /// Repetitions of each measurement.
    pub rounds: usize,
    /// Only these budgets; all if there is none.
    pub only: Vec<String>,
}

/// What is measured beside the budgets.
const TRIALS: [&str; 3] = ["crowd", "kills", "room"];

/// Cases and persons of the small ledger.
pub const N_SMALL: u64 = 1_000;

impl Plan {
    /// What the arguments of the program say.
    pub fn of(args: impl Iterator<Item = String>) -> Self {
        let mut plan = Self { n_large: 100_000, rounds: 7, only: Vec::new() };
        for arg in args {
            match arg.split_once('=') {
                Some(("--cases", n)) => plan.n_large = n.parse().unwrap_or(plan.n_large),
                Some(("--rounds", n)) => plan.rounds = n.parse().unwrap_or(plan.rounds),
                None if arg == "--quick" => (plan.n_large, plan.rounds) = (10_000, 5),
                None if TRIALS.contains(&&*arg) || arg.starts_with('P') => plan.only.push(arg),
                _ => {}
            }
        }
        plan
    }

    /// Whether a budget is to be measured.
    pub fn wants(&self, budget: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == budget)
    }
}

/// A ledger in a folder.
#[derive(Debug, Clone)]
pub struct Ledger {
    /// The folder.
    pub folder: PathBuf,
    /// How many cases, and as many persons, it was made with.
    pub n: u64,
}

impl Ledger {
    /// The made-up town of a size; made once for each build of the program.
    pub fn of_size(n: u64) -> Self {
        let folder = scratch().join(format!("ledger-{n}"));
        let newer = |a: &Path, b: &Path| Some(modified(a)? > modified(b)?);
        if newer(&folder, Path::new(ANJIE)) != Some(true) {
            // What an older build left need not be there.
            let _none = fs::remove_dir_all(&folder);
            eprintln!("making a ledger of {n} cases and persons");
            let size = n.to_string();
            let mut command = Command::new(ANJIE);
            command.args(["demo", "--cases", &size, "--persons", &size, "--write"]).arg(&folder);
            assert!(command.status().expect("the program runs").success(), "no ledger was made");
        }
        Self { folder, n }
    }

    /// A copy that may be changed.
    pub fn copy(&self, name: &str) -> Self {
        let folder = scratch().join(format!("{name}-{}", self.n));
        let _none = fs::remove_dir_all(&folder);
        let mut command = Command::new("cp");
        command.args(["-a", "--reflink=auto"]).arg(&self.folder).arg(&folder);
        assert!(command.status().expect("cp runs").success(), "no copy was made");
        Self { folder, n: self.n }
    }

    /// The folder as an argument.
    pub fn path(&self) -> &str {
        self.folder.to_str().expect("a path of letters")
    }

    /// The size of the ledger's file, in bytes.
    pub fn bytes(&self) -> u64 {
        fs::metadata(self.file()).map_or(0, |file| file.len())
    }

    /// The ledger's file: the largest of its folder.
    pub fn file(&self) -> PathBuf {
        let files = fs::read_dir(&self.folder).expect("the folder is there").filter_map(Result::ok);
        let size = |file: &fs::DirEntry| file.metadata().map_or(0, |file| file.len());
        files.max_by_key(size).expect("the folder holds a file").path()
    }
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

/// The folder for all that is made here.
pub fn scratch() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(&folder).expect("the folder for what is measured");
    folder
}

/// An empty runtime folder, so that no server of anybody else answers.
pub fn runtime() -> PathBuf {
    let folder = scratch().join("run");
    fs::create_dir_all(&folder).expect("a runtime folder");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("its mode");
    folder
}

/// A server in the foreground; it ends with this value.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub socket: PathBuf,
}

impl Server {
    /// Serves a ledger by the real program.
    pub fn start(ledger: &Ledger) -> Self {
        let socket = socket_of(ledger);
        let mut command = Command::new(ANJIE);
        command.args(["serve", "--per-account", "64", "--data"]).arg(&ledger.folder);
        command.arg("--socket").arg(&socket);
        Self::wait(command, socket)
    }

    /// Serves a ledger by this program, whose own doors are of the same build.
    pub fn start_here(ledger: &Ledger) -> Self {
        let socket = socket_of(ledger);
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.arg("--serve").arg(&ledger.folder).arg(&socket);
        Self::wait(command, socket)
    }

    fn wait(mut command: Command, socket: PathBuf) -> Self {
        let _none = fs::remove_file(&socket);
        let child = command.stdin(Stdio::null()).spawn().expect("the server starts");
        let server = Self { child, socket };
        let since = Instant::now();
        while UnixStream::connect(&server.socket).is_err() {
            assert!(since.elapsed() < START_WAIT, "the server does not listen");
            thread::sleep(REST);
        }
        server
    }

    /// Waits until the index is made: until the server has nothing to do any more.
    pub fn warm(&self) {
        let mut before = -1.0;
        loop {
            let now = proc::cpu_ms(self.pid());
            if (now - before).abs() < 1.0 {
                return;
            }
            before = now;
            thread::sleep(Duration::from_millis(500));
        }
    }

    /// Ends it in the middle of whatever it does.
    pub fn kill(&mut self) {
        self.child.kill().expect("it may be killed");
        let _gone = self.child.wait();
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The socket as an argument.
    pub fn path(&self) -> &str {
        self.socket.to_str().expect("a path of letters")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        // It may have gone already.
        let _gone = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let _gone = self.child.wait();
    }
}

/// Where the server of a ledger listens.
pub fn socket_of(ledger: &Ledger) -> PathBuf {
    let name = ledger.folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    runtime().join(format!("{name}.sock"))
}

/// Ends the server that a client has started by itself at a ledger, if there is one.
pub fn end_own_server(ledger: &Ledger) {
    let sockets = anjie::link::post::own_sockets(&ledger.folder, Some(&runtime()));
    for socket in sockets.unwrap_or_default() {
        let Ok(stream) = anjie::link::post::connect(&socket) else { continue };
        let Ok(peer) = rustix::net::sockopt::socket_peercred(&stream) else { continue };
        let _gone = rustix::process::kill_process(peer.pid, rustix::process::Signal::TERM);
        let since = Instant::now();
        while anjie::link::post::is_held(&socket) && since.elapsed() < START_WAIT {
            thread::sleep(REST);
        }
    }
}
