//! The real program on a made-up terminal: it starts, is left as it was found, and ends when the
//! terminal does.

use std::cell::Cell;
use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZero;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anjie::cli::founding::write_demo;
use anjie::demo;
use anjie::link::post;
use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{
    Pid, PidfdFlags, PidfdGetfdFlags, Signal, getpid, kill_process, pidfd_getfd, pidfd_open,
};
use tempfile::TempDir;

/// No test waits longer for anything.
const WAIT: Duration = Duration::from_secs(60);

/// A window with the program in it, and a ledger of its own.
pub struct Window {
    keys: Option<File>,
    child: Box<dyn Child + Send + Sync>,
    seen: Arc<Mutex<Seen>>,
    is_closed: Arc<AtomicBool>,
    reader: Option<JoinHandle<()>>,
    cpu: Cell<u64>,
}

struct Seen {
    parser: vt100::Parser,
    bytes: Vec<u8>,
}

/// A folder with a small town, whose server goes with it.
pub struct Town {
    folder: TempDir,
}

pub fn town() -> Town {
    let town = Town { folder: tempfile::tempdir().unwrap() };
    let size = demo::Size { persons: 30, cases: 30, ..demo::Size::default() };
    write_demo(&town.path().join("ledger"), 1, size).unwrap();
    town
}

/// A home in which there is no ledger yet.
pub fn nowhere() -> Town {
    Town { folder: tempfile::tempdir().unwrap() }
}

impl Town {
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The processes that work on it.
    pub fn processes(&self) -> Vec<String> {
        let folder = self.path().to_string_lossy().into_owned();
        let all = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
        let lines = all.filter_map(|one| std::fs::read(one.path().join("cmdline")).ok());
        let lines = lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " "));
        lines.filter(|line| line.contains(&folder)).collect()
    }

    /// Waits until no process works on it any more.
    pub fn is_left_by_all(&self) {
        until(|| self.processes().is_empty());
    }

    /// Ends whoever serves it, as a power cut would; none if nobody does.
    pub fn kill_server(&self) -> Option<()> {
        let sockets = post::own_sockets(&self.path().join("ledger"), Some(self.path())).ok()?;
        let stream = sockets.iter().find_map(|socket| UnixStream::connect(socket).ok())?;
        let pid = rustix::net::sockopt::socket_peercred(&stream).ok()?.pid;
        kill_process(pid, Signal::KILL).ok()?;
        // The kernel closes what it had open before it is gone.
        (&stream).write_all(b"x").unwrap_or_default();
        let _reset = (&stream).read(&mut [0; 64]);
        Some(())
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        let _nobody = self.kill_server();
    }
}

impl Window {
    pub fn open(home: &Path, (columns, rows): (u16, u16)) -> Self {
        Self::with(home, (columns, rows), &[])
    }

    pub fn with(home: &Path, (columns, rows): (u16, u16), env: &[(&str, &str)]) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_anjie"));
        command.env_clear();
        command.arg("--data");
        command.arg(home.join("ledger"));
        command.env("HOME", home);
        command.env("XDG_RUNTIME_DIR", home);
        command.env("LANG", "C.UTF-8");
        command.env("TERM", "xterm-256color");
        for (name, value) in env {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut glass = own_copy(pair.master.as_raw_fd().unwrap());
        let keys = Some(glass.try_clone().unwrap());
        let [high, wide] = [rows, columns].map(|number| NonZero::new(number).unwrap());
        let parser = vt100::Parser::new(high, wide, 0);
        let seen = Arc::new(Mutex::new(Seen { parser, bytes: Vec::new() }));
        let is_closed = Arc::new(AtomicBool::new(false));
        let (into, closed) = (Arc::clone(&seen), Arc::clone(&is_closed));
        let reader = std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            let moment = Timespec { tv_sec: 0, tv_nsec: 10_000_000 };
            while !closed.load(Ordering::SeqCst) {
                if poll(&mut [PollFd::new(&glass, PollFlags::IN)], Some(&moment)) == Ok(0) {
                    continue;
                }
                let Ok(n_bytes @ 1..) = glass.read(&mut bytes) else { return };
                let mut seen = into.lock().unwrap();
                seen.parser.process(&bytes[..n_bytes]);
                seen.bytes.extend_from_slice(&bytes[..n_bytes]);
            }
        });
        Self { keys, child, seen, is_closed, reader: Some(reader), cpu: Cell::new(0) }
    }

    pub fn types(&mut self, text: &str) -> &mut Self {
        self.keys.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
        self
    }

    pub fn drawn(&self) -> String {
        self.seen.lock().unwrap().parser.screen().contents()
    }

    fn said(&self, bytes: &str) -> usize {
        let seen = self.seen.lock().unwrap();
        String::from_utf8_lossy(&seen.bytes).matches(bytes).count()
    }

    fn is_in_alternate_screen(&self) -> bool {
        self.seen.lock().unwrap().parser.screen().alternate_screen()
    }

    pub fn sees(&mut self, text: &str) -> &mut Self {
        let begun = Instant::now();
        while !self.drawn().contains(text) {
            assert!(begun.elapsed() < WAIT, "{text} is never seen:\n{}", self.drawn());
            std::thread::sleep(Duration::from_millis(5));
        }
        self
    }

    pub fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.process_id().unwrap()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
    }

    /// What the program has used of the processor by now, in hundredths of a second; while it has
    /// ended and is not buried, what it used in all.
    pub fn cpu(&self) -> u64 {
        self.cpu.get().max(self.cpu_now())
    }

    fn cpu_now(&self) -> u64 {
        let Some(pid) = self.child.process_id() else { return 0 };
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // Behind the name, which may hold anything: user and system time are 12th and 13th.
        let rest = stat.rsplit(')').next().unwrap_or_default();
        let ticks = rest.split_whitespace().skip(11).take(2);
        ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
    }

    /// Closes the window, as a dropped line does.
    pub fn hang_up(&mut self) {
        self.is_closed.store(true, Ordering::SeqCst);
        self.reader.take().unwrap().join().unwrap();
        self.keys = None;
    }

    /// Waits for the end and gives how long it took.
    pub fn ends(&mut self) -> (u32, Duration) {
        let begun = Instant::now();
        loop {
            self.cpu.set(self.cpu());
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status.exit_code(), begun.elapsed());
            }
            assert!(begun.elapsed() < WAIT, "it never ends:\n{}", self.drawn());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// A file of our own over a descriptor of this process: the library's own writer would type an end
/// of file when it is dropped.
fn own_copy(descriptor: i32) -> File {
    let own = pidfd_open(getpid(), PidfdFlags::empty()).unwrap();
    File::from(pidfd_getfd(&own, descriptor, PidfdGetfdFlags::empty()).unwrap())
}

impl Drop for Window {
    fn drop(&mut self) {
        self.is_closed.store(true, Ordering::SeqCst);
        let _gone = self.child.kill();
        let _buried = self.child.wait();
    }
}

#[test]
fn it_starts_with_what_is_due_and_leaves_the_terminal_as_it_was() {
    let town = town();
    let mut window = Window::open(town.path(), (80, 24));
    window.sees("今日").sees("F1帮助");
    assert!(window.is_in_alternate_screen());
    window.types("q");
    assert_eq!(window.ends().0, 0);
    until(|| !window.is_in_alternate_screen());
    assert_eq!(window.said("\x1b[?2004l"), 1);
    assert_eq!(window.said("\x1b[?1049l"), 1);
}

fn until(is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < WAIT, "waited too long");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_terminal_of_twenty_by_five_says_what_is_wrong() {
    let town = town();
    let mut window = Window::open(town.path(), (20, 5));
    window.sees("40");
    window.types("q");
    window.types("\x03");
    window.signal(Signal::TERM);
    assert_eq!(window.ends().0, 143);
}

#[test]
fn a_lost_terminal_ends_the_program_within_three_seconds() {
    let town = town();
    let mut window = Window::open(town.path(), (80, 24));
    window.sees("F1帮助");
    window.types("n 王小明");
    window.hang_up();
    let (_, took) = window.ends();
    assert!(took < Duration::from_secs(3), "{took:?}");
}

#[test]
fn a_signal_to_end_restores_the_terminal() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let town = town();
        let mut window = Window::open(town.path(), (80, 24));
        window.sees("F1帮助");
        window.signal(signal);
        let (ended, took) = window.ends();
        assert_eq!(ended, code);
        assert!(took < Duration::from_secs(3), "{took:?}");
        until(|| !window.is_in_alternate_screen());
    }
}

#[test]
fn a_signal_that_comes_before_the_first_picture_restores_the_terminal() {
    for _ in 0..5 {
        let town = town();
        let mut window = Window::open(town.path(), (80, 24));
        until(|| window.is_in_alternate_screen());
        window.signal(Signal::HUP);
        assert_eq!(window.ends().0, 129);
        until(|| !window.is_in_alternate_screen());
    }
}

#[test]
fn a_program_that_was_stopped_takes_its_terminal_again() {
    let town = town();
    let mut window = Window::open(town.path(), (80, 24));
    window.sees("全办");
    let before = window.drawn();
    let entered = window.said("\x1b[?1049h");
    window.signal(Signal::STOP);
    // Whoever has the terminal meanwhile leaves its screen and writes over it.
    window.seen.lock().unwrap().parser.process(b"\x1b[?1049l\x1b[2J$ ");
    window.signal(Signal::CONT);
    until(|| window.said("\x1b[?1049h") > entered && window.drawn() == before);
    assert!(window.is_in_alternate_screen());
    window.types("2").sees("[2事项]").types("q");
    assert_eq!(window.ends().0, 0);
}

#[test]
fn a_first_start_makes_a_ledger_on_the_screen() {
    let home = nowhere();
    let mut window = Window::open(home.path(), (80, 24));
    window.sees("新建台账").sees("看演示").types("1").sees("镇名").sees("青石镇");
    window.types("南山镇\r五万\r李娟\r").sees("! ");
    window.types("\x7f\x7f").types("50000\r\r").sees("F1帮助").sees("南山镇").sees("李娟");
    window.types("q");
    assert_eq!(window.ends().0, 0);
    let mut again = Window::open(home.path(), (80, 24));
    again.sees("F1帮助").sees("南山镇");
}

#[test]
fn a_first_start_that_is_left_makes_nothing() {
    let home = nowhere();
    let mut window = Window::open(home.path(), (80, 24));
    window.sees("新建台账").types("\x1b");
    assert_eq!(window.ends().0, 0);
    until(|| !window.is_in_alternate_screen());
    assert!(!home.path().join("ledger").exists());
}

#[test]
fn the_line_below_tells_of_the_selected_row_once_the_keys_rest() {
    let town = town();
    let mut window = Window::open(town.path(), (80, 24));
    window.sees("F1帮助").types("2\t").sees("[2事项]").sees("[全办]");
    let told = |window: &Window| window.drawn().lines().nth(21).map(str::to_owned);
    until(|| told(&window).is_some_and(|line| line.starts_with("收件")));
    let before = told(&window);
    window.types("\x1b[B");
    until(|| told(&window) != before);
}
