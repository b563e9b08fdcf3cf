//! The program's state and the only place where it changes.
//!
//! Screens lie in a history that one can go back and forward in; over the present one lie finder,
//! menus, forms and questions, the last on top. A key goes to the top of them, else to the screen's
//! text box, else to the command table.
//! INVARIANT: there is always a screen, and `at` is its place; `visit` and `go_back` keep it.

use ratatui::layout::{Rect, Size};

use crate::api::door::Ticket;
use crate::api::export::ExportQuery;
use crate::api::own::OwnView;
use crate::api::print::PrintWanted;
use crate::api::reply::Me;
use crate::api::request::Order;
use crate::domain::act::Act;
use crate::locale::{self, Lang};
use crate::tui::app::act::{run, stepped};
use crate::tui::app::answer::answered;
use crate::tui::app::meeting::{Meeting, Room};
use crate::tui::app::mouse::{on_click, on_wheel};
use crate::tui::app::own::Kept;
use crate::tui::app::papers::PaperJob;
use crate::tui::app::paste::on_paste;
use crate::tui::app::present::Standing;
use crate::tui::app::settle::Redo;
use crate::tui::app::talk::{Call, Sent, Tickets};
use crate::tui::command::{self, Command};
use crate::tui::incoming::{Work, Writing};
use crate::tui::key::Key;
use crate::tui::listen::{Input, Loss};
use crate::tui::look::{Colours, Look, Role};
use crate::tui::prefs::{Prefs, layouts_of};
use crate::tui::screen::confirm::{Confirm, Question};
use crate::tui::screen::finder::Finder;
use crate::tui::screen::over::{Filled, Over};
use crate::tui::screen::place::Place;
use crate::tui::screen::{Layouts, Screen, Selection, Step, View};
use crate::tui::terminal;

pub mod act;
pub mod answer;
mod incoming;
pub mod meeting;
mod mouse;
pub mod outgoing;
pub mod own;
pub mod pace;
pub mod papers;
mod paste;
pub mod picture;
mod present;
pub mod settle;
pub mod talk;

/// The most screens that one can go back to.
pub const HISTORY_MAX: usize = 50;

/// What the program is told.
#[derive(Debug)]
pub enum Msg {
    /// From the terminal.
    Input(Input),
    /// From the door.
    Heard(talk::Heard),
    /// No key for a moment: the picture is completed.
    Rest,
    /// No key for longer: what is half typed is kept.
    Quiet,
    /// No key for long: the screen is covered.
    Idle,
}

impl From<Input> for Msg {
    fn from(input: Input) -> Self {
        Self::Input(input)
    }
}

impl From<talk::Heard> for Msg {
    fn from(heard: talk::Heard) -> Self {
        Self::Heard(heard)
    }
}

/// What is to be done outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Call the door.
    Call(Call),
    /// Take rows out as a file, in the clerk's language.
    Export(Box<ExportQuery>, Lang),
    /// Print a document into a file, in the clerk's language.
    Print(Box<PrintWanted>, Lang),
    /// Show a paper, or write it.
    Paper(PaperJob),
    /// Work with files, in the clerk's language.
    Files(Ticket, Box<Work>, Lang),
    /// End the program.
    End(Exit),
}

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The clerk left.
    Left,
    /// The terminal is gone, or somebody asked the program to end.
    Lost(Loss),
}

/// What the program is started with.
pub struct Setting {
    /// Who asks, and the office.
    pub me: Me,
    /// The language.
    pub lang: Lang,
    /// What the clerk has at the server: settings and half-typed forms.
    pub own: OwnView,
    /// The kind of terminal, as it calls itself.
    pub term: String,
    /// The colours that it has.
    pub colours: Colours,
    /// The size of the terminal.
    pub size: Size,
    /// Makes the screen of a place.
    pub open: fn(Place) -> Box<dyn Screen>,
    /// Random bits, from which the ids of orders are made.
    pub seed: u128,
    /// Where it is used.
    pub room: Room,
}

/// What every screen may know.
struct Base {
    me: Me,
    lang: Lang,
    look: Look,
    layouts: Layouts,
    writing: Option<Writing>,
}

impl Base {
    fn view(&self) -> View<'_> {
        let Self { me, lang, look, layouts, writing } = self;
        View { me, lang: *lang, look, layouts, writing: writing.as_ref() }
    }
}

/// A screen or what lies over it, with its open calls.
struct Seat<T> {
    it: T,
    tickets: Tickets,
    /// Under what it is kept while it is half typed.
    kept: Option<Kept>,
}

/// Something over a screen, and what it is for.
struct Laid {
    seat: Seat<Box<dyn Over>>,
    aim: Option<Aim>,
    /// The order of it that waits for its answer.
    waits: Option<Ticket>,
    /// What was typed on and sent while that answer is to come.
    after: Option<Filled>,
}

/// The command that a form or picker serves, with what was selected when it was opened.
struct Aim {
    command: &'static Command,
    selection: Selection,
    /// The order of which the answer is to come or unknown: asked again it is done once.
    sent: Option<Order>,
}

/// What the status line says, until the next key.
struct Said {
    text: String,
    role: Role,
}

/// The program's state.
pub struct Model {
    base: Base,
    size: Size,
    open: fn(Place) -> Box<dyn Screen>,
    history: Vec<Seat<Box<dyn Screen>>>,
    at: usize,
    overs: Vec<Laid>,
    said: Option<Said>,
    /// Why the connection is lost, while it is.
    lost: Option<String>,
    sent: Vec<Sent>,
    /// The order of a picker that has closed, while its conflict is asked about.
    redo: Option<Redo>,
    greeting: Option<Ticket>,
    /// The question what the paper of the present screen would say.
    draft: Option<Ticket>,
    /// Whether a paper is being written.
    is_writing: bool,
    standing: Standing,
    own: OwnView,
    prefs: Prefs,
    term: String,
    colours: Colours,
    /// What the server was told to keep and has not answered: for what, and by which call.
    keeps: Vec<(u64, Ticket)>,
    /// The meeting that is on.
    meeting: Option<Meeting>,
    is_covered: bool,
    /// Whether the last key moved the marker of a list, a moment ago.
    is_moving: bool,
    /// Whether an order went out and nothing was done by hand since all was answered.
    has_changed: bool,
    n_drafts: u64,
    n_tickets: u64,
    n_orders: u128,
    seed: u128,
}

impl Model {
    /// The program at its first screen, and the calls that fill it.
    pub fn new(setting: Setting) -> (Self, Vec<Effect>) {
        let Setting { me, lang, own, term, colours, size, open, seed, room } = setting;
        let prefs = Prefs::of(&own.settings, &term);
        let look = Look::new(prefs.wish, colours);
        let mut model = Self {
            base: Base { me, lang, look, layouts: layouts_of(&own.settings), writing: None },
            size,
            open,
            history: Vec::new(),
            at: 0,
            overs: Vec::new(),
            said: None,
            lost: None,
            sent: Vec::new(),
            redo: None,
            greeting: None,
            draft: None,
            is_writing: false,
            standing: Standing::default(),
            own,
            prefs,
            term,
            colours,
            keeps: Vec::new(),
            meeting: None,
            is_covered: false,
            is_moving: false,
            has_changed: false,
            n_drafts: 0,
            n_tickets: 0,
            n_orders: 0,
            seed,
        };
        if room == Room::Meeting || model.base.me.masked {
            let effects = model.begin_meeting();
            return (model, effects);
        }
        let place = model.first_place();
        let mut effects = model.visit(open(place));
        effects.extend(model.offer_drafts());
        (model, effects)
    }

    /// Where somebody begins: on what is due, else on the first list that they may see.
    fn first_place(&self) -> Place {
        let places = [
            (Act::ReadAgenda, Place::Today),
            (Act::ListCases, Place::Cases),
            (Act::ReadClerks, Place::Settings),
            (Act::ReadJournal, Place::Log),
        ];
        let is_open = |(act, _): &(Act, Place)| !self.base.me.denied.contains(act);
        places.into_iter().find(is_open).map_or(Place::Cases, |(_, place)| place)
    }

    /// The room between the bars.
    fn room(&self) -> Rect {
        picture::room(self.size)
    }

    /// What the present screen has selected.
    fn selection(&self) -> Selection {
        let Some(seat) = self.history.get(self.at) else { return Selection::default() };
        Selection {
            navs: Some(seat.it.navs()),
            labels: seat.it.labels(),
            goes_out: outgoing::rows_of(&*seat.it).is_some(),
            prints: seat.it.prints().is_some(),
            ..seat.it.selected()
        }
    }

    /// Whether an order, or what the present screen asked, has no answer yet.
    fn awaits_answers(&self) -> bool {
        let asks = self.history.get(self.at).is_some_and(|seat| seat.tickets.is_open());
        asks || !self.sent.is_empty()
    }

    fn say(&mut self, key: &str, args: &[(String, String)]) {
        let text = locale::fill(self.base.lang, key, args);
        self.said = Some(Said { text, role: Role::Warning });
    }

    fn say_done(&mut self, key: &str, args: &[(String, String)]) {
        let text = locale::fill(self.base.lang, key, args);
        self.said = Some(Said { text, role: Role::Ok });
    }

    /// Goes to a new screen; screens from which one had come back are forgotten.
    fn visit(&mut self, screen: Box<dyn Screen>) -> Vec<Effect> {
        self.overs.clear();
        if !self.history.is_empty() {
            self.history.truncate(self.at + 1);
        }
        if self.history.len() >= HISTORY_MAX {
            self.history.remove(0);
        }
        self.history.push(Seat { it: screen, tickets: Tickets::default(), kept: None });
        self.at = self.history.len() - 1;
        self.enter()
    }

    /// The present screen is seen again: it has the room, and asks.
    fn enter(&mut self) -> Vec<Effect> {
        self.leave_others(Some(self.at));
        let room = self.room();
        if let Some(seat) = self.history.get_mut(self.at) {
            seat.it.resized(room);
        }
        // How old the newest backup is stands in the greeting where no list of what is due says it.
        let mut effects = if self.tells_of_backup() { self.greet() } else { Vec::new() };
        effects.extend(self.ask_screen());
        effects
    }

    fn go_back(&mut self) -> Vec<Effect> {
        match self.at.checked_sub(1) {
            Some(before) => {
                self.at = before;
                self.enter()
            }
            None => {
                self.say("app.no_way_back", &[]);
                Vec::new()
            }
        }
    }

    fn go_forward(&mut self) -> Vec<Effect> {
        if self.at + 1 < self.history.len() {
            self.at += 1;
            return self.enter();
        }
        self.say("app.no_way_forward", &[]);
        Vec::new()
    }

    fn lay(&mut self, over: Box<dyn Over>, aim: Option<Aim>) -> Vec<Effect> {
        let seat = Seat { it: over, tickets: Tickets::default(), kept: None };
        self.overs.push(Laid { seat, aim, waits: None, after: None });
        let room = self.room();
        if let Some(laid) = self.overs.last_mut() {
            laid.seat.it.resized(room);
        }
        self.ask_over(self.overs.len() - 1)
    }

    fn end(&mut self) -> Vec<Effect> {
        let question = if !self.sent.is_empty() || self.is_writing {
            Some(Question::QuitWaiting)
        } else if self.overs.iter().any(|laid| laid.seat.it.has_text()) {
            Some(Question::QuitTyped)
        } else {
            None
        };
        match question {
            Some(question) => self.lay(Box::new(Confirm::new(question)), None),
            None => vec![Effect::End(Exit::Left)],
        }
    }
}

/// Takes one message; the only place where the state changes.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut effects = take(model, msg);
    model.follow_writing();
    effects.extend(model.stand());
    effects
}

fn take(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let is_by_hand = matches!(
        msg,
        Msg::Input(Input::Key(_) | Input::Paste(_) | Input::Click(_) | Input::Wheel(_))
    );
    model.is_moving &= !is_by_hand;
    model.has_changed &= !is_by_hand || model.awaits_answers();
    if is_by_hand && model.is_covered {
        // The key that takes the cover away does nothing else.
        model.is_covered = false;
        return Vec::new();
    }
    match msg {
        Msg::Rest => {
            model.is_moving = false;
            Vec::new()
        }
        Msg::Quiet => model.keep_forms(),
        Msg::Idle => {
            model.is_covered = true;
            model.keep_forms()
        }
        Msg::Input(Input::Key(key)) => on_key(model, key),
        Msg::Input(Input::Paste(pasted)) => on_paste(model, &pasted),
        Msg::Input(Input::Resize(size)) => on_resize(model, size),
        Msg::Input(Input::Wheel(wheel)) => on_wheel(model, wheel),
        Msg::Input(Input::Gone(loss)) => {
            let mut effects = model.keep_forms();
            effects.push(Effect::End(Exit::Lost(loss)));
            effects
        }
        Msg::Input(Input::Click(at)) => on_click(model, at),
        Msg::Input(Input::Resumed) => Vec::new(),
        Msg::Heard(heard) => model.hear(heard),
    }
}

fn on_key(model: &mut Model, key: Key) -> Vec<Effect> {
    if terminal::is_too_small(model.size) {
        // What is not seen is not changed.
        return Vec::new();
    }
    model.said = None;
    let view = model.base.view();
    if let Some(laid) = model.overs.last_mut() {
        let answer = laid.seat.it.typed(key, &view);
        return answered(model, answer);
    }
    let Some(seat) = model.history.get_mut(model.at) else {
        return Vec::new();
    };
    if seat.it.is_typing() {
        let step = seat.it.typed(key, &view);
        let passes = matches!(step, Step::Pass);
        let effects = stepped(model, step);
        if !passes || matches!(key, Key::Char(_)) {
            return effects;
        }
    }
    match command::of_key(key.fold(), &model.selection()) {
        Some(command) => run(model, command, key),
        None if key.is_chinese_text() => find(model, &key_text(key)),
        None => {
            let key = command::page::key_name(key, model.base.lang);
            model.say("app.unknown_key", &[("key".to_owned(), key)]);
            Vec::new()
        }
    }
}

fn on_resize(model: &mut Model, size: Size) -> Vec<Effect> {
    model.size = size;
    let room = model.room();
    for laid in &mut model.overs {
        laid.seat.it.resized(room);
    }
    let Some(seat) = model.history.get_mut(model.at) else {
        return Vec::new();
    };
    let before = seat.it.wants();
    seat.it.resized(room);
    if seat.it.wants() == before { Vec::new() } else { model.ask_screen() }
}

fn key_text(key: Key) -> String {
    match key {
        Key::Char(char) => char.to_string(),
        _ => String::new(),
    }
}

fn find(model: &mut Model, text: &str) -> Vec<Effect> {
    let Some(command) = command::find("find") else {
        return Vec::new();
    };
    if let Err(why) = command.is_possible(&model.base.me, &model.selection()) {
        model.say(&why, &[]);
        return Vec::new();
    }
    if model.meeting.is_some() {
        return model.find_in_meeting(text);
    }
    model.lay(Box::new(Finder::new(text)), None)
}
