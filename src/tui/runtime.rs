//! Runs the program: threads for keys, door and news; a loop that takes all there is, draws once.
//!
//! Nothing wakes without a reason. The door's thread owns the door; when the line is lost it says so,
//! makes another one with growing pauses, and asks again: an order under its own id.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::locale::Lang;
use crate::tui::app::picture;
use crate::tui::app::talk::{Call, Heard};
use crate::tui::app::{Effect, Exit, Model, Msg, Setting, update};
use crate::tui::backend::Painter;
use crate::tui::listen::{Input, Listener};
use crate::tui::look::Look;
use crate::tui::screen::Screen;
use crate::tui::screen::agenda::AgendaScreen;
use crate::tui::screen::case::CaseScreen;
use crate::tui::screen::cases::CasesScreen;
use crate::tui::screen::person::PersonScreen;
use crate::tui::screen::place::Place;
use crate::tui::terminal::{Mouse, Tty};

/// The first pause before the door is tried again.
const PAUSE_FIRST: Duration = Duration::from_millis(50);
/// The longest pause before the door is tried again.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Makes a door, the first time and after the line was lost.
pub type Maker = Box<dyn FnMut() -> Result<Box<dyn Door>, Refusal> + Send>;

/// Runs the program on the terminal of this process until the clerk leaves or the terminal is gone.
///
/// # Errors
/// No door can be had, or the terminal cannot be used.
pub fn run(mut maker: Maker, (lang, look): (Lang, Look), seed: u128) -> Result<Exit, Refusal> {
    let mut door = maker()?;
    let Reply::Me(me) = door.call(Request::Greet)? else { return Err(no_terminal()) };
    let tty = Tty::of_process().map_err(|_| no_terminal())?;
    let (sender, messages) = mpsc::channel::<Msg>();
    let calls = answer(door, maker, sender.clone());
    tty.leave_on_panic();
    tty.enter(Mouse::Off).map_err(|_| no_terminal())?;
    let descriptors = tty.descriptors().map_err(|_| no_terminal())?;
    let listener = Listener::start(descriptors, sender).map_err(|_| no_terminal())?;
    let size = tty.size();
    let writer = tty.writer().map_err(|_| no_terminal())?;
    let painter = Painter::new(writer, size, look).map_err(|_| no_terminal())?;
    let setting = Setting { me: *me, lang, look, size, open, seed };
    let exit = turn(setting, painter, (&messages, &calls));
    tty.leave();
    drop(listener);
    Ok(exit)
}

/// The loop: all messages that are there, then one picture.
fn turn<W: std::io::Write>(
    setting: Setting,
    mut painter: Painter<W>,
    (messages, calls): (&Receiver<Msg>, &Sender<Call>),
) -> Exit {
    let (mut model, first) = Model::new(setting);
    let mut effects = first;
    loop {
        for effect in effects.drain(..) {
            match effect {
                // The door's thread lives as long as its channel, which is this loop's.
                Effect::Call(call) => drop(calls.send(call)),
                Effect::End(exit) => return exit,
            }
        }
        // A terminal that cannot be written is gone; the listener says so.
        let _ = painter.draw(|frame| picture::draw(&model, frame));
        let Ok(mut next) = messages.recv() else { return Exit::Left };
        loop {
            if let Msg::Input(Input::Resize(size)) = &next {
                painter.resize(*size);
            }
            if matches!(next, Msg::Input(Input::Resumed)) {
                painter.forget();
            }
            effects.extend(update(&mut model, next));
            match messages.try_recv() {
                Ok(more) => next = more,
                Err(_) => break,
            }
        }
    }
}

/// Starts the thread that owns the door, and gives the channel of its calls.
fn answer(door: Box<dyn Door>, maker: Maker, to: Sender<Msg>) -> Sender<Call> {
    let (sender, calls) = mpsc::channel::<Call>();
    thread::spawn(move || {
        let mut line = Line { door, maker, to };
        line.listen();
        while let Ok(call) = calls.recv() {
            let mut waiting = vec![call];
            waiting.extend(calls.try_iter());
            for (at, call) in waiting.iter().enumerate() {
                // Of two waiting questions for one thing only the newer needs an answer.
                let newer = waiting.iter().skip(at + 1);
                let is_stale =
                    call.slot.is_some() && newer.clone().any(|next| next.slot == call.slot);
                if !is_stale && line.call(call).is_err() {
                    return;
                }
            }
        }
    });
    sender
}

/// The program has ended.
struct Ended;

/// The door and the way to another one.
struct Line {
    door: Box<dyn Door>,
    maker: Maker,
    to: Sender<Msg>,
}

impl Line {
    /// News go to the loop on a thread of their own, which ends with the door.
    fn listen(&mut self) {
        let news = self.door.notices();
        let to = self.to.clone();
        thread::spawn(move || {
            while let Ok(notice) = news.recv() {
                if to.send(Heard::News(notice).into()).is_err() {
                    return;
                }
            }
        });
    }

    /// Makes one call, through another door if the line is lost meanwhile.
    fn call(&mut self, call: &Call) -> Result<(), Ended> {
        let mut pause = PAUSE_FIRST;
        loop {
            let heard = match self.door.call(call.request.clone()) {
                Ok(reply) => Heard::Reply(call.ticket, Box::new(reply)),
                Err(refusal) if is_lost(&refusal) => {
                    self.say(Heard::Lost(Box::new(refusal)))?;
                    self.renew(&mut pause)?;
                    continue;
                }
                Err(refusal) => Heard::Refusal(call.ticket, Box::new(refusal)),
            };
            return self.say(heard);
        }
    }

    fn renew(&mut self, pause: &mut Duration) -> Result<(), Ended> {
        loop {
            thread::sleep(*pause);
            *pause = (*pause * 2).min(PAUSE_MAX);
            match (self.maker)() {
                Ok(door) => {
                    self.door = door;
                    self.listen();
                    return self.say(Heard::Back);
                }
                Err(refusal) => self.say(Heard::Lost(Box::new(refusal)))?,
            }
        }
    }

    fn say(&self, heard: Heard) -> Result<(), Ended> {
        self.to.send(heard.into()).map_err(|_| Ended)
    }
}

fn is_lost(refusal: &Refusal) -> bool {
    matches!(refusal.kind, RefusalKind::Closed | RefusalKind::Unknown)
}

/// Makes the screen of a place.
fn open(place: Place) -> Box<dyn Screen> {
    match place {
        Place::Today => Box::new(AgendaScreen::new()),
        Place::Cases => Box::new(CasesScreen::new()),
        Place::Case(id) => Box::new(CaseScreen::new(id)),
        Place::Person(id) => Box::new(PersonScreen::new(id)),
    }
}

fn no_terminal() -> Refusal {
    Refusal::new(RefusalKind::Invalid, "no_terminal")
}
