//! P1 to P6: the real program on a terminal of 80 by 24, beside the least program of its kind.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::report::{Limit, Report, Row, median, spread};
use crate::scene::{self, ANJIE, Ledger, Plan, Server, end_own_server};
use crate::terminal::{Sent, Terminal};
use crate::{peer, proc};

const DOWN: &str = "\x1b[B";
const PAGE_DOWN: &str = "\x1b[6~";
const HOME: &str = "\x1b[H";
const FIND: &str = "\x1bOR";
const ESCAPE: &str = "\x1b";
/// Empties what is typed in fzf.
const CLEAR_LINE: &str = "\x15";
const CASES: &str = "2";
/// How long an answer may take to begin.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long an answer that is not expected is waited for.
const DOUBT: Duration = Duration::from_millis(300);
const IDLE: Duration = Duration::from_secs(10);
/// What was done before is over then: a search is logged once nobody has typed on for three seconds.
const OVER: Duration = Duration::from_secs(6);
const N_CLIENTS: usize = 10;
const MEGA: f64 = 1e6;

/// The least program: the newest of its name beside this one; built if this one was built alone.
fn hello() -> PathBuf {
    built_hello().unwrap_or_else(|| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(["bench", "--no-run", "--bench", "hello"]);
        command.current_dir(env!("CARGO_MANIFEST_DIR"));
        assert!(command.status().expect("cargo runs").success(), "`hello` was not built");
        built_hello().expect("cargo has built the program `hello`")
    })
}

fn built_hello() -> Option<PathBuf> {
    let own = std::env::current_exe().expect("this program");
    let folder = own.parent().expect("a folder");
    let files = fs::read_dir(folder).expect("the folder can be read").filter_map(Result::ok);
    let is_hello = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with("hello-") && !name.contains('.')
    };
    let age = |path: &PathBuf| fs::metadata(path).and_then(|file| file.modified()).ok();
    files.map(|file| file.path()).filter(is_hello).max_by_key(age)
}

fn client(ledger: &Ledger, server: &Server) -> Terminal {
    let args = ["--data", ledger.path(), "--socket", server.path()];
    Terminal::start(Path::new(ANJIE), &args, &[])
}

/// P1: from start to the first full agenda while a server runs.
pub fn start_served(
    report: &mut Report,
    plan: &Plan,
    (small, large): (&(Ledger, Server), &(Ledger, Server)),
) {
    let hello = hello();
    let mut times = [const { Vec::new() }; 3];
    let mut spent = [const { Vec::new() }; 3];
    let mut bytes = 0;
    for _ in 0..plan.rounds {
        let starts: [&dyn Fn() -> Terminal; 3] =
            [&|| Terminal::start(&hello, &[], &[]), &|| client(&small.0, &small.1), &|| {
                client(&large.0, &large.1)
            }];
        for (start, (times, spent)) in starts.into_iter().zip(times.iter_mut().zip(&mut spent)) {
            let mut program = start();
            let sent = program.first_frame();
            times.push(sent.ms);
            spent.push(program.cpu_ms());
            bytes = sent.bytes;
        }
    }
    let [bare, few, many] = &times;
    report.tell("P1", "hello ratatui, first frame", spread(bare));
    report.tell("P1", "first full agenda, small ledger", spread(few));
    report.tell("P1", "its bytes, large ledger", format!("{bytes} B"));
    report.add(Row {
        budget: "P1",
        what: "processor time of the client, large ledger".to_owned(),
        figure: spread(&spent[2]),
        ratio: Some((median(&spent[2]) / median(&spent[0]), "hello")),
        limit: None,
    });
    report.add(Row {
        budget: "P1",
        what: "first full agenda, large ledger, served".to_owned(),
        figure: spread(many),
        ratio: Some((median(many) / median(bare), "hello")),
        limit: Some(Limit::AtMost(1.8)),
    });
    report.add(Row {
        budget: "P1",
        what: "the same beside the small ledger".to_owned(),
        figure: spread(many),
        ratio: Some((median(many) / median(few), "small")),
        limit: Some(Limit::AtMost(1.3)),
    });
}

/// P2: from start to the first full agenda when nobody serves the ledger.
pub fn start_alone(report: &mut Report, plan: &Plan, large: &Ledger) {
    let hello = hello();
    let file = large.file();
    let runtime = scene::runtime();
    let env = [("XDG_RUNTIME_DIR", runtime.to_str().expect("a path of letters"))];
    let (mut bare, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..plan.rounds {
        let path = file.to_str().expect("a path of letters");
        bare.push(Terminal::start(&hello, &[path], &[]).first_frame().ms);
        let mut client = Terminal::start(Path::new(ANJIE), &["--data", large.path()], &env);
        ours.push(client.first_frame().ms);
        drop(client);
        end_own_server(large);
    }
    report.tell("P2", "hello after opening the ledger, every page checked", spread(&bare));
    report.add(Row {
        budget: "P2",
        what: "first full agenda, large ledger, nobody serves".to_owned(),
        figure: spread(&ours),
        ratio: Some((median(&ours) / median(&bare), "hello + open")),
        limit: Some(Limit::AtMost(1.3)),
    });
    for (what, args) in [("due", &["due"][..]), ("find", &["find", "wangxm"])] {
        let mut times = Vec::new();
        for _ in 0..plan.rounds {
            let mut command = Command::new(ANJIE);
            command.args(args).args(["--data", large.path()]).envs(env).stdout(Stdio::null());
            let since = Instant::now();
            // Nothing found is an answer, too.
            let _asked = command.status().expect("the program runs");
            times.push(since.elapsed().as_secs_f64() * 1e3);
        }
        report.add(Row {
            budget: "P2",
            what: format!("`anjie {what}` from the shell, nobody serves"),
            figure: spread(&times),
            ratio: Some((median(&times) / median(&bare), "hello + open")),
            limit: None,
        });
    }
}

/// P3 at the screen: a key in the finder, beside one in fzf over the same persons and matters.
pub fn find_keys(
    report: &mut Report,
    plan: &Plan,
    ((ledger, server), list): (&(Ledger, Server), Option<&Path>),
) {
    let mut ours = client(ledger, server);
    ours.first_frame();
    let pids = [ours.pid(), server.pid()];
    let mut peer = list.map(|list| (peer::fzf(list), Typed::default()));
    if let Some((fzf, _)) = &mut peer {
        fzf.first_frame();
    }
    let mut typed = Typed::default();
    for _ in 0..plan.rounds {
        ours.press(FIND, PATIENCE);
        typed.word(&mut ours, &pids);
        ours.press(ESCAPE, PATIENCE);
        if let Some((fzf, typed)) = &mut peer {
            typed.word(fzf, &[fzf.pid()]);
            fzf.press(CLEAR_LINE, PATIENCE);
        }
    }
    report.tell("P3", "a key in the finder: bytes", format!("{} B", typed.bytes / typed.n_keys()));
    let Some((_, fzf)) = &peer else {
        report.tell("P3", "a key in the finder: key to frame", spread(&typed.times));
        report.tell("P3", "its processor time", spread(&typed.spent));
        report.tell("P3", "fzf", "the command is not there".to_owned());
        return;
    };
    let rows = [
        ("a key in the finder: key to frame", &typed.times, &fzf.times, 0.15),
        ("its processor time, client and server", &typed.spent, &fzf.spent, 0.1),
    ];
    for (what, ours, theirs, most) in rows {
        report.tell("P3", &format!("{what}: fzf"), spread(theirs));
        report.add(Row {
            budget: "P3",
            what: what.to_owned(),
            figure: spread(ours),
            ratio: Some((median(ours) / median(theirs), "fzf")),
            limit: Some(Limit::AtMost(most)),
        });
    }
}

/// What typing a word cost, key by key.
#[derive(Default)]
struct Typed {
    times: Vec<f64>,
    spent: Vec<f64>,
    bytes: usize,
}

impl Typed {
    fn word(&mut self, terminal: &mut Terminal, pids: &[u32]) {
        for key in "wangxm".chars() {
            let before: f64 = pids.iter().map(|pid| proc::cpu_ms(*pid)).sum();
            let sent = terminal.press(&key.to_string(), PATIENCE);
            let after: f64 = pids.iter().map(|pid| proc::cpu_ms(*pid)).sum();
            self.times.push(sent.ms);
            self.spent.push(after - before);
            self.bytes += sent.bytes;
        }
    }

    fn n_keys(&self) -> usize {
        self.times.len().max(1)
    }
}

/// P4: what goes over the line for one key.
pub fn keys(report: &mut Report, (ledger, server): &(Ledger, Server)) {
    let mut client = client(ledger, server);
    client.first_frame();
    client.press(CASES, PATIENCE);
    let down = client.press(DOWN, PATIENCE);
    report.judge(("P4", "one line down"), (bytes(down), "B"), Limit::AtMost(40.0));
    report.judge(("P4", "its writes"), (down.pieces as f64, ""), Limit::AtMost(1.0));
    report.tell("P4", "one line down: key to frame", format!("{:.2} ms", down.ms));
    let rest = client.listen(DOUBT);
    report.tell("P4", "what follows once the keys rest", format!("{} B", rest.bytes));
    // To the last line of the page, so that the next one scrolls.
    let mut scrolls = Vec::new();
    for _ in 0..60 {
        scrolls.push(bytes(client.press(DOWN, PATIENCE)));
    }
    let scrolls = scrolls.split_off(30);
    report.judge(("P4", "scroll by one line"), (median(&scrolls), "B"), Limit::AtMost(150.0));
    let rest = client.listen(DOUBT);
    report.tell("P4", "what follows a scroll once the keys rest", format!("{} B", rest.bytes));
    let page = client.press(PAGE_DOWN, PATIENCE);
    report.add(Row {
        budget: "P4",
        what: "a page".to_owned(),
        figure: format!("{} B in {} pieces, {:.2} ms", page.bytes, page.pieces, page.ms),
        ratio: Some((bytes(page) / page.text as f64, "its text")),
        limit: Some(Limit::AtMost(1.2)),
    });
    client.press(HOME, PATIENCE);
    client.listen(DOUBT);
    let still = client.press(HOME, DOUBT);
    report.judge(("P4", "a key that changes nothing"), (bytes(still), "B"), Limit::AtMost(0.0));
    client.press(PAGE_DOWN, PATIENCE);
    client.listen(DOUBT);
    let held = client.press(&DOWN.repeat(100), PATIENCE);
    report.add(Row {
        budget: "P4",
        what: "100 held keys".to_owned(),
        figure: format!("{} B, {:.2} ms", held.bytes, held.ms),
        ratio: Some((bytes(held) / bytes(page), "a page")),
        limit: Some(Limit::AtMost(1.2)),
    });
    report.judge(("P4", "their writes"), (held.pieces as f64, ""), Limit::AtMost(3.0));
}

fn bytes(sent: Sent) -> f64 {
    sent.bytes as f64
}

/// P5: ten seconds in which nobody does anything.
pub fn idle(report: &mut Report, (ledger, server): &(Ledger, Server)) {
    let mut client = client(ledger, server);
    client.first_frame();
    client.listen(OVER);
    let pids = [("client", client.pid()), ("server", server.pid())];
    let before = pids.map(|(_, pid)| (proc::wakes(pid), proc::cpu_ms(pid)));
    let sent = client.listen(IDLE);
    report.judge(("P5", "idle 10 s: bytes"), (bytes(sent), "B"), Limit::AtMost(0.0));
    for ((who, pid), (wakes, cpu)) in pids.into_iter().zip(before) {
        let wakes = (proc::wakes(pid) - wakes) as f64;
        let cpu = proc::cpu_ms(pid) - cpu;
        let what = format!("idle 10 s: times that the {who} woke");
        report.judge(("P5", &what), (wakes, ""), Limit::AtMost(2.0));
        let what = format!("idle 10 s: processor time of the {who}");
        report.judge(("P5", &what), (cpu, "ms"), Limit::AtMost(1.0));
    }
}

/// P6: memory of a client, of the server, and of ten clients with it.
pub fn memory(report: &mut Report, (ledger, server): &(Ledger, Server)) {
    let mut clients: Vec<Terminal> = Vec::new();
    for nth in 0..N_CLIENTS {
        let mut client = client(ledger, server);
        client.first_frame();
        client.press(CASES, PATIENCE);
        client.press(PAGE_DOWN, PATIENCE);
        client.press(FIND, PATIENCE);
        client.press("wang", PATIENCE);
        if nth == 0 {
            let own = proc::pss(client.pid()) as f64 / MEGA;
            report.judge(("P6", "one client, PSS"), (own, "MB"), Limit::AtMost(4.0));
        }
        clients.push(client);
    }
    thread::sleep(Duration::from_secs(1));
    let own = proc::pss(server.pid()) as f64 / MEGA;
    report.judge(("P6", "server with ten clients, PSS"), (own, "MB"), Limit::AtMost(48.0));
    let all: u64 = clients.iter().map(|client| proc::pss(client.pid())).sum();
    let all = all as f64 / MEGA + own;
    report.judge(("P6", "ten clients and server, PSS"), (all, "MB"), Limit::AtMost(96.0));
    let peak = proc::peak(server.pid()) as f64 / MEGA;
    report.tell("P6", "server, most at any time (resident)", format!("{peak:.1} MB"));
}
