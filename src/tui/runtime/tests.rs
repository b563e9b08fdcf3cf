//! The door's thread: what it says when the line is lost, and how it hears news again.

use std::collections::VecDeque;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{Msg, answer};
use crate::api::door::{Door, Notice};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::tui::app::outgoing::Files;
use crate::tui::app::talk::Heard;

const PATIENCE: Duration = Duration::from_secs(10);

/// A door whose news end when the test lets go of their sender.
#[derive(Clone, Default)]
struct Lines {
    news: Arc<Mutex<Vec<SyncSender<Notice>>>>,
    answers: Arc<Mutex<VecDeque<Result<Reply, Refusal>>>>,
}

impl Door for Lines {
    fn call(&mut self, _: Request) -> Result<Reply, Refusal> {
        self.answers.lock().unwrap().pop_front().unwrap_or(Ok(Reply::Staged(0)))
    }

    fn notices(&mut self) -> Receiver<Notice> {
        let (sender, receiver) = mpsc::sync_channel(4);
        self.news.lock().unwrap().push(sender);
        receiver
    }
}

fn no_files() -> Files {
    Files {
        export: |_, _, _| Err(Refusal::not_found()),
        print: |_, _, _| Err(Refusal::not_found()),
        draft: |_, _| Err(Refusal::not_found()),
        write: |_, _, _| Err(Refusal::not_found()),
        work: |_, _, _| Err(Refusal::not_found()),
    }
}

fn begun(lines: &Lines) -> (Receiver<Msg>, mpsc::Sender<super::Task>) {
    let (sender, messages) = mpsc::channel();
    let again = lines.clone();
    let maker = Box::new(move || Ok(Box::new(again.clone()) as Box<dyn Door>));
    let mut first = lines.clone();
    let news = first.notices();
    let tasks = answer((Box::new(first), news), (maker, no_files()), sender);
    (messages, tasks)
}

fn is_back(msg: &Msg) -> bool {
    matches!(msg, Msg::Heard(Heard::Back))
}

fn until(messages: &Receiver<Msg>, fits: impl Fn(&Msg) -> bool) {
    while !fits(&messages.recv_timeout(PATIENCE).unwrap()) {}
}

fn newest(lines: &Lines) -> SyncSender<Notice> {
    lines.news.lock().unwrap().last().unwrap().clone()
}

#[test]
fn an_idle_terminal_asks_for_news_again_when_the_server_was_lost() {
    let lines = Lines::default();
    let (messages, _tasks) = begun(&lines);
    while lines.news.lock().unwrap().is_empty() {
        std::thread::yield_now();
    }
    lines.news.lock().unwrap().clear();
    until(&messages, is_back);
    let notice = Notice { everything: true, ..Notice::default() };
    newest(&lines).send(notice).unwrap();
    until(&messages, |msg| matches!(msg, Msg::Heard(Heard::News(_))));
    assert_eq!(lines.news.lock().unwrap().len(), 1, "it listens once, not in a circle");
}

#[test]
fn a_loss_that_lasts_is_said_and_then_over() {
    let lines = Lines::default();
    let lost = Refusal::new(RefusalKind::Closed, "closed");
    lines.answers.lock().unwrap().push_back(Err(lost));
    let (messages, _tasks) = begun(&lines);
    while lines.news.lock().unwrap().is_empty() {
        std::thread::yield_now();
    }
    lines.news.lock().unwrap().clear();
    until(&messages, |msg| matches!(msg, Msg::Heard(Heard::Lost(_))));
    until(&messages, is_back);
}
