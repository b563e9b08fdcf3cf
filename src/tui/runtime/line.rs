//! The door's thread: it makes the calls, says when the line is lost, makes another one with growing
//! pauses, and hears news again.
//!
//! INVARIANT: an order that is asked again is asked under its own id.

use std::ops::ControlFlow;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use crate::api::door::{Door, Notice, Ticket};
use crate::api::export::ExportQuery;
use crate::api::print::PrintWanted;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::Request;
use crate::locale::Lang;
use crate::tui::app::Msg;
use crate::tui::app::outgoing::Files;
use crate::tui::app::papers::PaperJob;
use crate::tui::app::talk::{Call, Heard};
use crate::tui::incoming::{Outcome, Work};
use crate::tui::runtime::Maker;

/// The first pause before the door is tried again.
const PAUSE_FIRST: Duration = Duration::from_millis(50);
/// The longest pause before the door is tried again.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// What the door's thread is to do.
pub enum Task {
    /// Make a call.
    Call(Call),
    /// Take rows out as a file.
    Export(Box<ExportQuery>, Lang),
    /// Print a document into a file.
    Print(Box<PrintWanted>, Lang),
    /// Show what a paper would say, or write it.
    Paper(PaperJob),
    /// Work with files.
    Files(Ticket, Box<Work>, Lang),
    /// The news of that listening have ended: the line is lost.
    NewsEnded(u64),
}

/// Starts the thread that owns the door, and gives the channel of its tasks; `news` are those of
/// the door.
pub fn answer(
    (door, news): (Box<dyn Door>, Receiver<Notice>),
    (maker, files): (Maker, Files),
    to: Sender<Msg>,
) -> Sender<Task> {
    let (sender, tasks) = mpsc::channel::<Task>();
    let own = sender.clone();
    thread::spawn(move || {
        let mut line = Line { door, maker, files, to, own, n_listenings: 0 };
        line.hear(news);
        while let Ok(task) = tasks.recv() {
            let mut waiting = vec![task];
            waiting.extend(tasks.try_iter());
            for (at, task) in waiting.iter().enumerate() {
                let done = match task {
                    Task::Call(call) if is_stale(call, waiting.get(at + 1..)) => Ok(()),
                    Task::Call(call) => line.call(call),
                    Task::Export(query, lang) => line.export(query, *lang),
                    Task::Print(wanted, lang) => line.print(wanted, *lang),
                    Task::Paper(job) => line.paper(job),
                    Task::Files(ticket, work, lang) => line.work(*ticket, (work, *lang)),
                    Task::NewsEnded(listening) => line.news_ended(*listening),
                };
                if done.is_err() {
                    return;
                }
            }
        }
    });
    sender
}

/// Whether a newer question for the same thing waits, so that this one needs no answer.
fn is_stale(call: &Call, later: Option<&[Task]>) -> bool {
    let is_newer = |task: &Task| matches!(task, Task::Call(next) if next.slot == call.slot);
    call.slot.is_some() && later.unwrap_or_default().iter().any(is_newer)
}

/// The program has ended.
struct Ended;

/// The door and the way to another one.
struct Line {
    door: Box<dyn Door>,
    maker: Maker,
    files: Files,
    to: Sender<Msg>,
    own: Sender<Task>,
    /// How often it began to listen; an end of an earlier listening means nothing.
    n_listenings: u64,
}

impl Line {
    fn listen(&mut self) {
        let news = self.door.notices();
        self.hear(news);
    }

    /// News go to the loop on a thread of their own, which says when they have ended.
    fn hear(&mut self, news: Receiver<Notice>) {
        self.n_listenings += 1;
        let listening = self.n_listenings;
        let (to, own) = (self.to.clone(), self.own.clone());
        thread::spawn(move || {
            while let Ok(notice) = news.recv() {
                if to.send(Heard::News(notice).into()).is_err() {
                    return;
                }
            }
            // If the door's thread is gone, so is the program.
            let _ = own.send(Task::NewsEnded(listening));
        });
    }

    /// The line was lost while nothing was asked, or a call has connected again by itself: what
    /// happened meanwhile was not heard, so everything is asked again.
    fn news_ended(&mut self, listening: u64) -> Result<(), Ended> {
        if listening != self.n_listenings {
            return Ok(());
        }
        // A server that takes a listener and drops it at once must not keep this thread busy.
        thread::sleep(PAUSE_FIRST);
        match self.door.call(Request::Greet) {
            Err(refusal) if is_lost(&refusal) => {
                self.say(Heard::Lost(Box::new(refusal)))?;
                let mut pause = PAUSE_FIRST;
                self.renew(&mut pause)
            }
            Ok(_) | Err(_) => {
                self.listen();
                self.say(Heard::Back)
            }
        }
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

    /// Takes rows out. A line that is lost meanwhile takes the export with it: it is said, and what
    /// went out is in the log.
    fn export(&mut self, query: &ExportQuery, lang: Lang) -> Result<(), Ended> {
        let outcome = (self.files.export)(&mut *self.door, query.clone(), lang);
        self.say(Heard::Exported(Box::new(outcome)))
    }

    /// Prints a document; the line that is lost meanwhile takes it with it, as it does an export.
    fn print(&mut self, wanted: &PrintWanted, lang: Lang) -> Result<(), Ended> {
        let outcome = (self.files.print)(&mut *self.door, wanted, lang);
        self.say(Heard::Exported(Box::new(outcome)))
    }

    /// Shows a paper or writes it, through another door if the line is lost meanwhile: its order is
    /// asked under its own id, so that it never gets a second number.
    fn paper(&mut self, job: &PaperJob) -> Result<(), Ended> {
        let mut pause = PAUSE_FIRST;
        loop {
            let (heard, lost) = match job {
                PaperJob::Draft(ticket, wanted) => {
                    let outcome = (self.files.draft)(&mut *self.door, wanted);
                    let lost = outcome.as_ref().err().filter(|refusal| is_lost(refusal)).cloned();
                    (Heard::Drafted(*ticket, Box::new(outcome)), lost)
                }
                PaperJob::Write(id, wanted) => {
                    let outcome = (self.files.write)(&mut *self.door, wanted, *id);
                    let lost = outcome.as_ref().err().filter(|refusal| is_lost(refusal)).cloned();
                    (Heard::Filed(Box::new(outcome)), lost)
                }
            };
            let Some(refusal) = lost else { return self.say(heard) };
            self.say(Heard::Lost(Box::new(refusal)))?;
            self.renew(&mut pause)?;
        }
    }

    /// Works with files, and says how far it is.
    fn work(&mut self, ticket: Ticket, work: (&Work, Lang)) -> Result<(), Ended> {
        let to = &self.to;
        let mut told = |progress| {
            let heard = Heard::Worked(ticket, Box::new(Ok(Outcome::Going(progress))));
            match to.send(heard.into()) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        };
        let outcome = (self.files.work)(&mut *self.door, work, &mut told);
        self.say(Heard::Worked(ticket, Box::new(outcome)))
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
