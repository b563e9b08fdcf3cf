//! The one helper that knows the program and the door: a clerk at a desk, with keys and a screen.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Receiver;

use anjie::api::door::{Door, Notice, Ticket};
use anjie::api::own::OwnView;
use anjie::api::paper::Filed;
use anjie::api::refusal::Refusal;
use anjie::api::reply::{CaseSheet, Done, OfficerRow, Reply};
use anjie::api::request::{CaseQuery, Order, Request};
use anjie::cli::founding::write_demo;
use anjie::demo;
use anjie::domain::act::Act;
use anjie::domain::ids::{CaseId, RequestId};
use anjie::domain::office as settings;
use anjie::exchange::outgoing::{self, Table};
use anjie::exchange::paper::make;
use anjie::link::open::whoami;
use anjie::locale::{self, Lang};
use anjie::service::clock::Clock;
use anjie::service::genesis::{Founding, found};
use anjie::service::{LocalDoor, Service};
use anjie::tui::app::meeting::Room;
use anjie::tui::app::outgoing::Saved;
use anjie::tui::app::papers::PaperJob;
use anjie::tui::app::talk::{Call, Heard};
use anjie::tui::app::{Effect, Exit, Model, Msg, Setting, picture, update};
use anjie::tui::command::{COMMANDS, Command, Does};
use anjie::tui::incoming::Work;
use anjie::tui::key::{Key, script};
use anjie::tui::listen::{Input, Pasted};
use anjie::tui::look::{Colours, Look};
use anjie::tui::screen::place;
use anjie::tui::terminal::Mouse;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::{Position, Size};
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr;

mod files;

/// The day of every test: a Tuesday.
pub const TODAY: &str = "2026-10-20";

/// A ledger and who serves it.
pub struct Office {
    pub service: Arc<Service>,
    /// How many sat down: the orders of each have ids of their own.
    n_desks: AtomicU64,
    folder: TempDir,
}

impl Office {
    /// A town with two officers, and nothing to do yet.
    pub fn empty() -> Self {
        Self::empty_on(TODAY)
    }

    fn empty_on(today: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("ledger");
        let office = settings::Office {
            trial_today: Some(today.parse().unwrap()),
            ..settings::Office::new("青石镇", "青信", 50_000)
        };
        let officer = Some("李娟".to_owned());
        found(&place, &Founding { office, admin: whoami(), officer }).unwrap();
        let office = Self::open(&place, folder);
        let mut door = office.door();
        add(
            &mut door,
            1,
            Act::AddOfficer,
            &[("name", "王建国"), ("leads", "yes"), ("head_from", "2026-01-01")],
        );
        add(&mut door, 2, Act::AddOfficer, &[("name", "赵敏")]);
        add(&mut door, 3, Act::AddUnit, &[("name", "民政办"), ("kind", "department")]);
        add(&mut door, 4, Act::AddUnit, &[("name", "张家庄村"), ("kind", "village")]);
        office
    }

    /// A town with three villages that begins the campaign of the plan.
    pub fn campaign(today: &str) -> Self {
        let office = Self::empty_on(today);
        let mut door = office.door();
        let add_village = |(id, name): (u128, &str)| {
            add(&mut door, id, Act::AddUnit, &[("name", name), ("kind", "village")]);
        };
        (5..).zip(["石桥村", "柳树沟村"]).for_each(add_village);
        let plan = [("template", "demonstration-town"), ("year", "2026")];
        add(&mut door, 9, Act::LoadPlan, &plan);
        office
    }

    /// Moves the day of the trial ledger.
    pub fn move_to(&self, today: &str) {
        let digits: String = today.chars().filter(char::is_ascii_digit).collect();
        let id = digits.parse().unwrap();
        add(&mut self.door(), id, Act::MoveToday, &[("today", today)]);
    }

    /// A small made-up town at work.
    pub fn demo() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("ledger");
        let size = demo::Size { persons: 60, cases: 60, ..demo::Size::default() };
        write_demo(&place, 1, size).unwrap();
        Self::open(&place, folder)
    }

    fn open(place: &std::path::Path, folder: TempDir) -> Self {
        let service = Arc::new(Service::open(place, Clock::System).unwrap());
        let office = Self { service, n_desks: AtomicU64::new(0), folder };
        let find = || Request::Find { text: "zs".to_owned(), kinds: Vec::new(), most: 1 };
        let begun = std::time::Instant::now();
        while matches!(office.door().call(find()), Ok(Reply::Found(found)) if found.warming) {
            assert!(begun.elapsed().as_secs() < 60, "the index is never ready");
            std::thread::yield_now();
        }
        office
    }

    pub fn door(&self) -> LocalDoor {
        LocalDoor::new(Arc::clone(&self.service), whoami())
    }
}

fn add(door: &mut LocalDoor, id: u128, act: Act, fields: &[(&str, &str)]) -> Done {
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let order = Order { id: RequestId(id), act, on: None, seen: None, fields: fields.collect() };
    match door.call(Request::Do(order)).unwrap() {
        Reply::Done(done) => done,
        other => panic!("{other:?}"),
    }
}

/// A clerk at the program.
pub struct Desk {
    office: Arc<Office>,
    door: LocalDoor,
    news: Receiver<Notice>,
    model: Model,
    size: Size,
    pub exit: Option<Exit>,
    /// Whether calls get lost on the way.
    pub is_cut_off: bool,
    /// Answers to orders that are still on their way, while the line is slow.
    slow: Option<Vec<Heard>>,
    lang: Lang,
    /// Work with files that waits; none if none is to wait.
    held: Option<Option<(Ticket, Box<Work>)>>,
    /// The papers that were written.
    pub written: Vec<Vec<u8>>,
}

impl Desk {
    pub fn at(office: &Arc<Office>) -> Self {
        Self::with(office, Lang::Zh, (80, 24))
    }

    pub fn with(office: &Arc<Office>, lang: Lang, size: (u16, u16)) -> Self {
        Self::sitting(office, (lang, Room::Office), size)
    }

    /// Begun somewhere else than at the desk.
    pub fn begun(office: &Arc<Office>, lang: Lang, room: Room) -> Self {
        Self::sitting(office, (lang, room), (80, 24))
    }

    fn sitting(
        office: &Arc<Office>,
        (lang, room): (Lang, Room),
        (width, height): (u16, u16),
    ) -> Self {
        let mut door = office.door();
        let news = door.notices();
        let Reply::Me(me) = door.call(Request::Greet).unwrap() else { panic!("no greeting") };
        let size = Size::new(width, height);
        let seed = u128::from(office.n_desks.fetch_add(1, Ordering::Relaxed) + 1) << 64;
        let Reply::Own(own) = door.call(Request::Own).unwrap() else { panic!("nothing is own") };
        let (term, colours) = ("xterm-256color".to_owned(), Colours::default());
        let open = place::open;
        let setting = Setting { me: *me, lang, own, term, colours, size, open, seed, room };
        let (model, effects) = Model::new(setting);
        let office = Arc::clone(office);
        let mut desk = Self {
            office,
            door,
            news,
            model,
            size,
            exit: None,
            is_cut_off: false,
            slow: None,
            lang,
            held: None,
            written: Vec::new(),
        };
        desk.perform(effects);
        desk
    }

    /// Presses keys: `f zs <ret> a li <ret>`.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for key in script(keys).unwrap() {
            self.key(key);
        }
        self
    }

    /// Gives a command by its digit in the numbered menu, wherever it stands there.
    pub fn menu(&mut self, word: &str) -> &mut Self {
        let holds = |command: &&Command| matches!(command.does, Does::Offer(words) if words.contains(&word));
        self.keys("<f2>");
        if let Some(part) = COMMANDS.iter().find(holds) {
            self.choose(part.word);
        }
        self.choose(word)
    }

    fn choose(&mut self, word: &str) -> &mut Self {
        let label = locale::text(Lang::Zh, &format!("cmd.{word}"));
        if self.chose(&format!("{label}  ")) {
            return self;
        }
        for part in ["其他操作", "现在不能办的"] {
            if self.chose(part) {
                if self.chose(&format!("{label}  ")) {
                    return self;
                }
                self.keys("<esc>");
            }
        }
        panic!("{label} is in no menu:\n{}", self.drawn());
    }

    /// Chooses the row of a menu that begins so, if there is one.
    pub fn chose(&mut self, beginning: &str) -> bool {
        for _ in 0..9 {
            let (rows, _) = self.screen();
            let has = |digit: &char| {
                let wanted = format!("{digit} {beginning}");
                rows.iter().any(|row| row.contains(&wanted))
            };
            if let Some(digit) = ('1'..='9').find(has) {
                self.keys(&digit.to_string());
                return true;
            }
            if !rows.iter().any(|row| row.contains("0 翻页")) {
                return false;
            }
            self.keys("0");
        }
        false
    }

    pub fn key(&mut self, key: Key) {
        self.tell(Input::Key(key).into());
    }

    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.tell(Input::Paste(Pasted::of(text)).into());
        self
    }

    pub fn resize(&mut self, (width, height): (u16, u16)) -> &mut Self {
        self.size = Size::new(width, height);
        self.tell(Input::Resize(self.size).into());
        self
    }

    pub fn tell(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg);
        self.perform(effects);
    }

    /// No key for two seconds.
    pub fn waits(&mut self) -> &mut Self {
        self.tell(Msg::Quiet);
        assert!(!self.model.has_unkept() && !self.model.is_keeping());
        self
    }

    /// No key for as long as the clerk's preferences say.
    pub fn goes_away(&mut self) -> &mut Self {
        assert!(self.model.covers_after().is_some(), "the screen is never covered");
        self.tell(Msg::Idle);
        self
    }

    pub fn look(&self) -> Look {
        self.model.look()
    }

    /// Whether a part of the picture waits until the keys rest.
    pub fn is_held(&self) -> bool {
        self.model.held().is_some()
    }

    pub fn mouse(&self) -> Mouse {
        self.model.mouse()
    }

    pub fn revision(&mut self) -> u64 {
        match self.ask(Request::Greet).unwrap() {
            Reply::Me(me) => me.revision.unwrap().0,
            other => panic!("{other:?}"),
        }
    }

    /// What the server keeps for this clerk.
    pub fn own(&mut self) -> OwnView {
        match self.ask(Request::Own).unwrap() {
            Reply::Own(view) => view,
            other => panic!("{other:?}"),
        }
    }

    /// Makes the calls, and the calls that follow from their answers, until nothing is left to do.
    fn perform(&mut self, effects: Vec<Effect>) {
        let mut waiting: VecDeque<Effect> = effects.into();
        loop {
            while let Some(effect) = waiting.pop_front() {
                match effect {
                    Effect::Call(call) => waiting.extend(self.call(call)),
                    Effect::Export(query, _) => {
                        let outcome = outgoing::fetch(&mut self.door, *query).map(saved);
                        let heard = Heard::Exported(Box::new(outcome));
                        waiting.extend(update(&mut self.model, heard.into()));
                    }
                    Effect::Print(wanted, lang) => {
                        let heard = self.print(&wanted, lang);
                        waiting.extend(update(&mut self.model, heard.into()));
                    }
                    Effect::Paper(job) => {
                        let heard = self.paper(job);
                        waiting.extend(update(&mut self.model, heard.into()));
                    }
                    Effect::Files(ticket, work, _) => waiting.extend(self.work(ticket, work)),
                    Effect::End(exit) => self.exit = Some(exit),
                }
            }
            let Ok(notice) = self.news.try_recv() else { return };
            waiting.extend(update(&mut self.model, Heard::News(notice).into()));
        }
    }

    /// Shows a paper or makes it; what would lie in a file is kept here.
    fn paper(&mut self, job: PaperJob) -> Heard {
        match job {
            PaperJob::Draft(ticket, wanted) => {
                Heard::Drafted(ticket, Box::new(make::draft(&mut self.door, &wanted)))
            }
            PaperJob::Write(id, wanted) => {
                let outcome = make::write(&mut self.door, &wanted, id).map(|written| {
                    let place = format!("/srv/lijuan/{}.docx", self.written.len() + 1);
                    self.written.push(written.bytes);
                    let (case, paper, person) = (wanted.case, wanted.paper, wanted.person);
                    Filed { place, case, paper, person, number: written.number }
                });
                Heard::Filed(Box::new(outcome))
            }
        }
    }

    /// What the document of the newest paper says, without its markup.
    pub fn paper_says(&self) -> String {
        let bytes = self.written.last().expect("no paper was written");
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        let mut part = archive.by_name("word/document.xml").unwrap();
        std::io::Read::read_to_string(&mut part, &mut text).unwrap();
        text.split('<').filter_map(|part| part.split_once('>')).map(|(_, said)| said).collect()
    }

    fn call(&mut self, call: Call) -> Vec<Effect> {
        if self.is_cut_off {
            return Vec::new();
        }
        let is_order = matches!(call.request, Request::Do(_));
        let heard = match self.door.call(call.request) {
            Ok(reply) => Heard::Reply(call.ticket, Box::new(reply)),
            Err(refusal) => Heard::Refusal(call.ticket, Box::new(refusal)),
        };
        if let Some(slow) = self.slow.as_mut().filter(|_| is_order) {
            slow.push(heard);
            return Vec::new();
        }
        update(&mut self.model, heard.into())
    }

    /// What was told since the last key comes in.
    pub fn hears_news(&mut self) -> &mut Self {
        self.perform(Vec::new());
        self
    }

    /// From now on orders are done and their answers are slow.
    pub fn slows(&mut self) -> &mut Self {
        self.slow = Some(Vec::new());
        self
    }

    /// The answers that were slow come in.
    pub fn hears(&mut self) -> &mut Self {
        for heard in self.slow.take().unwrap_or_default() {
            self.tell(heard.into());
        }
        self
    }

    /// What is seen, row by row, and where the cursor stands.
    pub fn screen(&self) -> (Vec<String>, Option<Position>) {
        let Size { width, height } = self.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| picture::draw(&self.model, frame)).unwrap();
        let buffer = terminal.backend().buffer().clone();
        let mut rows = Vec::new();
        for y in 0..height {
            let (mut row, mut skip) = (String::new(), 0);
            for x in 0..width {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let symbol = buffer[(x, y)].symbol();
                row.push_str(symbol);
                skip = symbol.width().saturating_sub(1);
            }
            assert_eq!(row.width(), usize::from(width), "a crooked row: {row}");
            rows.push(row.trim_end().to_owned());
        }
        let backend = terminal.backend();
        let cursor = backend.cursor_visible().then(|| backend.cursor_position());
        (rows, cursor)
    }

    pub fn drawn(&self) -> String {
        self.screen().0.join("\n")
    }

    /// Asserts that a text is seen.
    pub fn sees(&mut self, text: &str) -> &mut Self {
        let drawn = self.drawn();
        assert!(drawn.contains(text), "{text} is not seen:\n{drawn}");
        self
    }

    pub fn sees_not(&mut self, text: &str) -> &mut Self {
        let drawn = self.drawn();
        assert!(!drawn.contains(text), "{text} is seen:\n{drawn}");
        self
    }

    /// The only case whose title holds a text.
    pub fn case_called(&mut self, text: &str) -> CaseSheet {
        let query = CaseQuery { most: 200, ..CaseQuery::default() };
        let Reply::Cases(page) = self.ask(Request::Cases(query)).unwrap() else {
            panic!("no page")
        };
        let found: Vec<_> = page.rows.iter().filter(|row| row.title.contains(text)).collect();
        assert_eq!(found.len(), 1, "{} cases are called {text}", found.len());
        self.case(found[0].id)
    }

    pub fn case(&mut self, id: CaseId) -> CaseSheet {
        match self.ask(Request::Case { id }).unwrap() {
            Reply::Case(sheet) => *sheet,
            other => panic!("{other:?}"),
        }
    }

    pub fn officer(&mut self, name: &str) -> OfficerRow {
        let Reply::Officers(rows) = self.ask(Request::Officers).unwrap() else { panic!("none") };
        rows.into_iter().find(|row| row.name == name).unwrap()
    }

    pub fn ask(&mut self, request: Request) -> Result<Reply, Refusal> {
        self.office.door().call(request)
    }
}

/// What is said of rows that were taken out; no file is written.
fn saved(table: Table) -> Saved {
    Saved {
        place: "/srv/lijuan/out.xlsx".to_owned(),
        n_rows: table.rows.len() as u64,
        left_out: table.head.left_out,
        n_sealed: table.head.n_sealed,
    }
}
