//! P10: what a question or a change costs at the door, in a small ledger and in a large one; and of
//! P8 the likeness of a newcomer.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anjie::api::door::Door;
use anjie::api::like::LikeQuery;
use anjie::api::reply::Reply;
use anjie::api::request::{AgendaQuery, CaseQuery, Order, Request, Way};
use anjie::domain::act::Act;
use anjie::domain::ids::RequestId;
use anjie::link::open::{self, whoami};
use anjie::service::clock::Clock;
use anjie::service::{LocalDoor, Service};

use crate::report::{Limit, Report, Row, median, spread};
use crate::scene::{Ledger, Plan, Server};

/// The rows that a screen of 24 lines asks for.
const PAGE: u32 = 50;
/// How often a question is asked for one figure.
const REPEATS: usize = 20;
/// Orders given so far.
static N_ORDERS: AtomicU64 = AtomicU64::new(0);
/// What is typed, key by key.
const TYPED: [&str; 6] = ["w", "wa", "wan", "wang", "wangx", "wangxm"];

/// An office whose door is in this process.
pub struct Desk {
    door: Box<dyn Door>,
    /// Open cases that may be changed.
    cases: Vec<u64>,
}

impl Desk {
    /// A desk at a door, with the open cases of its first page.
    pub fn at(mut door: Box<dyn Door>) -> Self {
        let query = CaseQuery { most: 200, ..CaseQuery::default() };
        let cases = match door.call(Request::Cases(query)) {
            Ok(Reply::Cases(page)) => page.rows.iter().map(|row| row.id.0).collect(),
            _ => Vec::new(),
        };
        assert!(!cases.is_empty(), "the ledger has no open case");
        Self { door, cases }
    }

    /// Asks, and gives the milliseconds that it took.
    pub fn ask(&mut self, request: Request) -> f64 {
        let since = Instant::now();
        black_box(self.door.call(request).expect("an answer"));
        since.elapsed().as_secs_f64() * 1e3
    }

    /// Records a step of handling in one of the open cases.
    pub fn change_one(&mut self, nth: usize) -> f64 {
        let case = self.cases.get(nth % self.cases.len()).copied();
        // No two orders of any desk bear one name, nor those of two runs on one ledger.
        let run = u128::from(std::process::id()) << 64;
        let name = run | u128::from(N_ORDERS.fetch_add(1, Ordering::Relaxed));
        let fields = [("work", "talk"), ("on", "2026-10-20"), ("text", "到户谈话")];
        let order = Order {
            id: RequestId(name),
            act: Act::Record,
            on: case,
            seen: None,
            fields: fields.map(|(name, text)| (name.to_owned(), text.to_owned())).into(),
        };
        self.ask(Request::Do(order))
    }
}

/// What is measured: its name, its budget, and how.
type Measure = (&'static str, bool, fn(&mut Desk, usize) -> f64);

const MEASURES: [Measure; 5] = [
    ("agenda", true, |desk, _| {
        desk.ask(Request::Agenda(AgendaQuery { most: PAGE, ..AgendaQuery::default() }))
    }),
    ("a page of cases", true, |desk, _| {
        desk.ask(Request::Cases(CaseQuery { most: PAGE, ..CaseQuery::default() }))
    }),
    ("the last page of cases", true, |desk, _| {
        let way = Way::FromEnd;
        desk.ask(Request::Cases(CaseQuery { most: PAGE, way, ..CaseQuery::default() }))
    }),
    ("find, one key", false, |desk, nth| {
        let text = TYPED.get(nth % TYPED.len()).copied().unwrap_or_default().to_owned();
        desk.ask(Request::Find { text, kinds: Vec::new(), most: 40 })
    }),
    ("one change", true, Desk::change_one),
];

/// Measures all at both ledgers, in turn, by a door in this process and by one through a server.
pub fn costs(report: &mut Report, plan: &Plan, (small, large): (&Ledger, &Ledger)) {
    let (small, large) = (small.copy("work"), large.copy("work"));
    let mut opens = [Vec::new(), Vec::new()];
    for _ in 0..plan.rounds.min(5) {
        for (ledger, opens) in [&small, &large].into_iter().zip(&mut opens) {
            let since = Instant::now();
            let service = Service::open(&ledger.folder, Clock::System).expect("the ledger opens");
            opens.push(since.elapsed().as_secs_f64() * 1e3);
            service.close().expect("it closes");
        }
    }
    for (size, opens) in ["small", "large"].iter().zip(&opens) {
        report.tell(
            "P10",
            &format!("opening the {size} ledger, every page checked"),
            spread(opens),
        );
    }
    {
        let desks = [&small, &large].map(|ledger| {
            let service = Service::open(&ledger.folder, Clock::System).expect("the ledger opens");
            let service = Arc::new(service);
            wait_for_index(&service);
            Desk::at(Box::new(LocalDoor::new(service, whoami())))
        });
        compare(report, plan, (desks, "service"));
    }
    let servers = [&small, &large].map(Server::start_here);
    servers.iter().for_each(Server::warm);
    let desks = [&small, &large].map(|ledger| Desk::at(door(ledger)));
    compare(report, plan, (desks, "server"));
}

/// P8: what is like one newcomer at the window, whose request is a letter of that length.
const LETTERS: [usize; 3] = [20, 500, 5_000];
/// The longest that one of them may take, in milliseconds.
const LIKENESS_MAX: f64 = 100.0;

/// Measures likeness at a ledger, through the server.
pub fn likeness(report: &mut Report, plan: &Plan, ledger: &Ledger) {
    let ledger = ledger.copy("like");
    let server = Server::start_here(&ledger);
    server.warm();
    let mut desk = Desk::at(door(&ledger));
    let text = "反映村里修路占用承包地，补偿款至今没有发到户，多次询问没有答复。";
    for n_chars in LETTERS {
        let mut times = Vec::new();
        for nth in 0..plan.rounds {
            let number = format!("第{nth}次来信。");
            let text: String = number.chars().chain(text.chars().cycle()).take(n_chars).collect();
            let (name, phone) = ("王小明".to_owned(), "13800000000".to_owned());
            let like = LikeQuery { name, phone, text, most: 10, ..LikeQuery::default() };
            times.push(desk.ask(Request::Like(like)));
        }
        let most = times.iter().copied().fold(0.0, f64::max);
        let what = format!("likeness of a newcomer, {n_chars} characters: the longest");
        report.judge(("P8", &what), (most, "ms"), Limit::AtMost(LIKENESS_MAX));
    }
}

/// A door to the server of a ledger.
pub fn door(ledger: &Ledger) -> Box<dyn Door> {
    let socket = Some(crate::scene::socket_of(ledger));
    let place = open::Place { data: ledger.folder.clone(), named: true, socket };
    open::live_door(&place).expect("a server answers")
}

fn wait_for_index(service: &Arc<Service>) {
    let mut door = LocalDoor::new(Arc::clone(service), whoami());
    loop {
        match door.call(Request::Status) {
            Ok(Reply::Status(view)) if !view.index_ready => {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            _ => return,
        }
    }
}

fn compare(report: &mut Report, plan: &Plan, (mut desks, through): ([Desk; 2], &str)) {
    for (name, is_judged, measure) in MEASURES {
        let mut times = [Vec::new(), Vec::new()];
        for nth in 0..plan.rounds * REPEATS {
            for (desk, times) in desks.iter_mut().zip(&mut times) {
                times.push(measure(desk, nth));
            }
        }
        let [few, many] = &times;
        report.add(Row {
            budget: "P10",
            what: format!("{name}, through the {through}"),
            figure: spread(many),
            ratio: Some((median(many) / median(few), "small")),
            limit: is_judged.then_some(Limit::AtMost(1.5)),
        });
    }
}
