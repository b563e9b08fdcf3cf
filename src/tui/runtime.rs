//! Runs the program: threads for keys, door and news; a loop that takes all there is, draws once.
//!
//! Nothing wakes without a reason. The door's thread owns the door; when the line is lost it says so,
//! makes another one with growing pauses, and asks again: an order under its own id.

use std::collections::BTreeMap;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use ratatui::layout::Size;

use crate::api::door::Door;
use crate::api::own::{Keep, OwnView};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{Me, Reply};
use crate::api::request::{AgendaQuery, Request};
use crate::locale::Lang;
use crate::tui::app::meeting::Room;
use crate::tui::app::outgoing::Files;
use crate::tui::app::own::KEEP_AFTER;
use crate::tui::app::pace::{ANSWERS_WITHIN, FIRST_WITHIN, REST_AFTER};
use crate::tui::app::papers::PaperJob;
use crate::tui::app::picture;
use crate::tui::app::talk::Heard;
use crate::tui::app::{Effect, Exit, Model, Msg, Setting, update};
use crate::tui::backend::Painter;
use crate::tui::listen::{Input, Listener, Signals};
use crate::tui::look::{Ambiguous, Colours, Look};
use crate::tui::prefs::{Prefs, kept_name};
use crate::tui::runtime::line::{Task, answer};
use crate::tui::screen::place::{Place, open};
use crate::tui::terminal::{Mouse, Tty};

mod line;

/// How long the next of several keys that came together may take.
const BURST_WAIT: Duration = Duration::from_millis(2);

/// How long a lost terminal waits for what is half typed to be kept.
const KEPT_WITHIN: Duration = Duration::from_secs(2);

/// Makes a door, the first time and after the line was lost.
pub type Maker = Box<dyn FnMut() -> Result<Box<dyn Door>, Refusal> + Send>;

/// Runs the program on the terminal of this process until the clerk leaves or the terminal is gone.
///
/// # Errors
/// No door can be had, or the terminal cannot be used.
pub fn run(
    (mut maker, files): (Maker, Files),
    (lang, colours, term): (Lang, Colours, String),
    (seed, room): (u128, Room),
) -> Result<Exit, Refusal> {
    let mut door = maker()?;
    let tty = Tty::of_process().map_err(|_| no_terminal())?;
    let size = tty.size();
    // News first: what changes between them and the answer is heard of.
    let news = door.notices();
    let (me, mut own, first) = begin(&mut *door, (size, room))?;
    tty.leave_on_panic();
    let signals = Signals::catch().map_err(|_| no_terminal())?;
    tty.enter(Prefs::of(&own.settings, &term).mouse).map_err(|_| no_terminal())?;
    remember_width(&mut own.settings, (&mut *door, &tty), &term);
    let look = Look::new(Prefs::of(&own.settings, &term).wish, colours);
    let writer = tty.writer().map_err(|_| no_terminal())?;
    let mut painter = Painter::new(writer, size, look).map_err(|_| no_terminal())?;
    let setting = Setting { me, lang, own, term, colours, size, open, seed, room };
    let (mut model, mut effects) = Model::new(setting);
    if let Some((asked, reply)) = first {
        effects = already_answered(&mut model, effects, (&asked, reply));
    }
    if !model.is_waiting() {
        // Before any thread is started: what the clerk waits for comes first. A terminal that
        // cannot be written is gone; the listener says so.
        let _ = painter.draw(|frame| picture::draw(&model, frame));
    }
    let (sender, messages) = mpsc::channel::<Msg>();
    let tasks = answer((door, news), (maker, files), sender.clone());
    let descriptors = tty.descriptors().map_err(|_| no_terminal())?;
    let listener = Listener::start(descriptors, signals, sender).map_err(|_| no_terminal())?;
    let exit = turn((model, effects), painter, (&messages, &tasks), &tty);
    tty.leave();
    drop(listener);
    Ok(exit)
}

/// A question with its answer.
type Answered = (Request, Reply);

/// Who asks, what is theirs and, at a desk, what the first screen asks for: in one journey.
fn begin(
    door: &mut dyn Door,
    (size, room): (Size, Room),
) -> Result<(Me, OwnView, Option<Answered>), Refusal> {
    let question = first_question(size);
    let replies = match room {
        Room::Office => match door.call(Request::Begin(question.clone()))? {
            Reply::Begun(replies) => replies,
            other => vec![other],
        },
        // Before a meeting nothing is asked for that is not masked.
        Room::Meeting => vec![door.call(Request::Greet)?, door.call(Request::Own)?],
    };
    let mut replies = replies.into_iter();
    let (Some(Reply::Me(me)), Some(Reply::Own(own))) = (replies.next(), replies.next()) else {
        return Err(no_terminal());
    };
    Ok((*me, own, replies.next().map(|reply| (Request::Agenda(question), reply))))
}

/// What the first screen asks for at that size.
fn first_question(size: Size) -> AgendaQuery {
    let mut screen = open(Place::Today);
    screen.resized(picture::room(size));
    let mut wants = screen.wants().into_iter();
    let agenda = wants.find_map(|request| match request {
        Request::Agenda(query) => Some(query),
        _ => None,
    });
    agenda.unwrap_or_default()
}

/// Gives the model the answer to a question that was asked before it; the other effects are left.
fn already_answered(
    model: &mut Model,
    effects: Vec<Effect>,
    (asked, reply): (&Request, Reply),
) -> Vec<Effect> {
    let mut reply = Some(Box::new(reply));
    let mut left = Vec::new();
    for effect in effects {
        let Effect::Call(call) = &effect else {
            left.push(effect);
            continue;
        };
        match reply.take_if(|_| call.request == *asked) {
            Some(reply) => left.extend(update(model, Heard::Reply(call.ticket, reply).into())),
            None => left.push(effect),
        }
    }
    left
}

/// Measures how wide this kind of terminal draws ambiguous characters: only at the first start ever
/// on it, later ones remember.
fn remember_width(
    settings: &mut BTreeMap<String, String>,
    (door, tty): (&mut dyn Door, &Tty),
    term: &str,
) {
    let name = kept_name("width", term);
    if settings.contains_key(&name) {
        return;
    }
    let measured = tty.measure_ambiguous().ok().flatten().unwrap_or_default();
    let word = Ambiguous::ALL.iter().find(|(it, _)| *it == measured).map(|(_, word)| *word);
    let value = word.unwrap_or_default().to_owned();
    let keep = Keep::Setting { name: name.clone(), value: Some(value.clone()) };
    // What cannot be kept is measured again next time.
    let _ = door.call(Request::Keep(keep));
    settings.insert(name, value);
}

/// The loop: all messages that are there, then one picture.
fn turn<W: std::io::Write>(
    (mut model, mut effects): (Model, Vec<Effect>),
    mut painter: Painter<W>,
    (messages, tasks): (&Receiver<Msg>, &Sender<Task>),
    tty: &Tty,
) -> Exit {
    let (mut look, mut mouse) = (model.look(), model.mouse());
    let mut last_key = Instant::now();
    // Before the first answer there is nothing to see.
    let mut draw_by = last_key + FIRST_WITHIN;
    loop {
        let asks = |effect: &Effect| {
            matches!(effect, Effect::Call(_) | Effect::Paper(PaperJob::Draft(..)))
        };
        let asks = effects.iter().any(asks);
        if asks && draw_by < Instant::now() {
            draw_by = Instant::now() + ANSWERS_WITHIN;
        }
        for effect in effects.drain(..) {
            match effect {
                // The door's thread lives as long as its channel, which is this loop's.
                Effect::Call(call) => drop(tasks.send(Task::Call(call))),
                Effect::Export(query, lang) => drop(tasks.send(Task::Export(query, lang))),
                Effect::Print(wanted, lang) => drop(tasks.send(Task::Print(wanted, lang))),
                Effect::Paper(job) => drop(tasks.send(Task::Paper(job))),
                Effect::Files(ticket, work, lang) => {
                    drop(tasks.send(Task::Files(ticket, work, lang)));
                }
                Effect::End(exit) => {
                    hear_kept(&mut model, messages);
                    return exit;
                }
            }
        }
        if look != model.look() {
            look = model.look();
            painter.set_look(look);
            painter.forget();
        }
        if mouse != model.mouse() {
            mouse = model.mouse();
            let _ = tty.enter(mouse);
            painter.forget();
        }
        let early = draw_by.checked_duration_since(Instant::now()).filter(|_| model.is_waiting());
        let next = match early {
            Some(early) => messages.recv_timeout(early),
            None => {
                painter.hold(model.held());
                // A terminal that cannot be written is gone; the listener says so.
                let _ = painter.draw(|frame| picture::draw(&model, frame));
                next(&model, messages, last_key)
            }
        };
        let mut next = match next {
            Ok(msg) => msg,
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return Exit::Left,
        };
        let mut n_inputs = 0;
        loop {
            if matches!(next, Msg::Input(_)) {
                last_key = Instant::now();
                n_inputs += 1;
            }
            effects.extend(take(next, (&mut model, &mut painter), (tty, mouse)));
            // Keys that come together are still coming: one picture shows what they all did.
            let wait = if n_inputs > 1 { BURST_WAIT } else { Duration::ZERO };
            match messages.recv_timeout(wait) {
                Ok(more) => next = more,
                Err(_) => break,
            }
        }
    }
}

/// Takes one message, and what it means for the terminal.
fn take<W: std::io::Write>(
    mut msg: Msg,
    (model, painter): (&mut Model, &mut Painter<W>),
    (tty, mouse): (&Tty, Mouse),
) -> Vec<Effect> {
    if matches!(msg, Msg::Input(Input::Resumed)) {
        // Whoever had the terminal meanwhile has set it as they like; one that is gone is found by
        // the listener.
        let _ = tty.enter(mouse);
        painter.forget();
        msg = Input::Resize(tty.size()).into();
    }
    if let Msg::Input(Input::Resize(size)) = &msg {
        painter.resize(*size);
    }
    update(model, msg)
}

/// The next message. Nothing wakes the program but a message, except after the last key: to complete
/// the picture, while something is half typed, and when the screen is to be covered; once each.
fn next(
    model: &Model,
    messages: &Receiver<Msg>,
    last_key: Instant,
) -> Result<Msg, RecvTimeoutError> {
    let rests = model.held().map(|_| (REST_AFTER, Msg::Rest));
    let keeps = model.has_unkept().then_some((KEEP_AFTER, Msg::Quiet));
    let covers = model.covers_after().map(|after| (after, Msg::Idle));
    let soonest = rests.into_iter().chain(keeps).chain(covers).min_by_key(|(after, _)| *after);
    let Some((after, msg)) = soonest else {
        return messages.recv().map_err(|_| RecvTimeoutError::Disconnected);
    };
    match messages.recv_timeout(after.saturating_sub(last_key.elapsed())) {
        Err(RecvTimeoutError::Timeout) => Ok(msg),
        heard => heard,
    }
}

/// Waits for a moment until the server has said that it keeps what is half typed.
fn hear_kept(model: &mut Model, messages: &Receiver<Msg>) {
    let begun = Instant::now();
    while model.is_keeping() {
        let left = KEPT_WITHIN.saturating_sub(begun.elapsed());
        match messages.recv_timeout(left) {
            // What else would follow is not done any more.
            Ok(msg) => drop(update(model, msg)),
            Err(_) => return,
        }
    }
}

fn no_terminal() -> Refusal {
    Refusal::new(RefusalKind::Invalid, "no_terminal")
}

#[cfg(test)]
mod tests;
