//! What comes from outside the program: keys, pastes, the mouse, a new size, the end of the
//! terminal.
//!
//! One thread sleeps in one poll over the keyboard, the screen, the signals and a stop line. It has
//! no timer: an idle program is never woken. Only a key that was begun and not ended is waited for,
//! for a moment. A terminal that hangs up is seen by the same poll, once, and ends the thread: so
//! no second thread guards it, and nothing reads a lost terminal in circles.

use std::fs::File;
use std::io::{self, PipeWriter, Read, pipe};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread::{self, JoinHandle};

use crossterm::event::{Event, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Size};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::termios;
use signal_hook::SigId;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGWINCH};
use signal_hook::{flag, low_level};

use crate::domain::text::{Lines, clean, is_hidden};
use crate::tui::decode::Decoder;
use crate::tui::key::Key;

/// The most characters of one paste.
pub const PASTE_CHARS_MAX: usize = 100_000;

/// How long the rest of a key may take: longer than between two packets of one write, shorter than
/// a clerk notices after Escape.
const REST_WAIT: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// What came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed.
    Key(Key),
    /// A text was pasted: text only, whatever it holds.
    Paste(Pasted),
    /// The left button was pressed in this cell.
    Click(Position),
    /// The wheel was turned.
    Wheel(Wheel),
    /// The terminal has a new size.
    Resize(Size),
    /// The program was stopped and goes on: enter the terminal again and draw everything.
    Resumed,
    /// The terminal is gone, or the program is to end: save what is typed and leave.
    Gone(Loss),
}

/// A pasted text, cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pasted {
    /// The text; lines end with `\n`.
    pub text: String,
    /// How many characters were dropped because they act or hide.
    pub n_dropped: usize,
    /// Whether it was longer than [`PASTE_CHARS_MAX`], and only its beginning is here.
    pub is_cut: bool,
    /// The same as cells of a table, with tabs between, if it has any.
    pub cells: Option<String>,
}

impl Pasted {
    /// What a terminal has sent between the marks of a paste.
    pub fn of(text: &str) -> Self {
        let end = text.char_indices().nth(PASTE_CHARS_MAX).map(|(at, _)| at);
        let head = end.and_then(|end| text.get(..end)).unwrap_or(text);
        // In a paste a terminal sends line ends as Enter.
        let cleaned = clean(head, Lines::Many);
        let (text, n_dropped) = (cleaned.text, cleaned.n_dropped);
        Self { text, n_dropped, is_cut: end.is_some(), cells: cells(head) }
    }

    /// A text that is no table.
    pub fn text(text: &str) -> Self {
        Self { text: text.to_owned(), n_dropped: 0, is_cut: false, cells: None }
    }
}

/// Cells as a spreadsheet program copies them; nothing in them acts or hides.
fn cells(text: &str) -> Option<String> {
    if !text.contains('\t') {
        return None;
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_kept = |char: &char| matches!(char, '\t' | '\n') || !is_hidden(*char);
    Some(text.trim_matches('\n').chars().filter(is_kept).collect())
}

/// A direction of the wheel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wheel {
    /// Away from the hand.
    Up,
    /// Towards the hand.
    Down,
}

/// Why the program is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// The line dropped or the window was closed.
    HungUp,
    /// Somebody asked the program to end.
    Terminated,
}

impl Loss {
    /// The exit code: 128 and the number of the signal, as shells count.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::HungUp => 129,
            Self::Terminated => 143,
        }
    }
}

/// A running listener; dropping it ends its thread.
#[derive(Debug)]
pub struct Listener {
    stop: Option<PipeWriter>,
    thread: Option<JoinHandle<()>>,
}

impl Listener {
    /// Listens to a terminal and sends what comes, until the terminal is gone, the receiver is
    /// dropped, or the listener is.
    ///
    /// # Errors
    ///
    /// No more descriptors or threads.
    pub fn start<T>(
        (input, output): (OwnedFd, OwnedFd),
        signals: Signals,
        to: Sender<T>,
    ) -> io::Result<Self>
    where
        T: From<Input> + Send + 'static,
    {
        let (stopped, stop) = pipe()?;
        let ear = Ear {
            input: File::from(input),
            output,
            signals,
            stopped: OwnedFd::from(stopped),
            decoder: Decoder::default(),
        };
        let thread = thread::Builder::new().name("keys".into()).stack_size(256 << 10);
        let thread = thread.spawn(move || ear.run(&to))?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // The thread has no result, and a panic in it was reported by the hook.
            let _ = thread.join();
        }
    }
}

/// The signals that concern the terminal. They are caught before it is taken: one that comes before
/// a listener runs waits for it, and does not end the program with the terminal left as it is.
#[derive(Debug)]
pub struct Signals {
    pipe: UnixStream,
    hung_up: Arc<AtomicBool>,
    terminated: Arc<AtomicBool>,
    resized: Arc<AtomicBool>,
    resumed: Arc<AtomicBool>,
    ids: Vec<SigId>,
}

impl Signals {
    /// Catches them from now on.
    ///
    /// # Errors
    ///
    /// No more descriptors.
    pub fn catch() -> io::Result<Self> {
        let (pipe, wake) = UnixStream::pair()?;
        pipe.set_nonblocking(true)?;
        let mut signals = Self {
            pipe,
            hung_up: Arc::default(),
            terminated: Arc::default(),
            resized: Arc::default(),
            resumed: Arc::default(),
            ids: Vec::new(),
        };
        let caught = [
            (SIGHUP, Arc::clone(&signals.hung_up)),
            (SIGTERM, Arc::clone(&signals.terminated)),
            (SIGINT, Arc::clone(&signals.terminated)),
            (SIGWINCH, Arc::clone(&signals.resized)),
            (SIGCONT, Arc::clone(&signals.resumed)),
        ];
        for (signal, heard) in caught {
            // The flag first: it must be up when the pipe wakes the thread.
            signals.ids.push(flag::register(signal, heard)?);
            signals.ids.push(low_level::pipe::register(signal, wake.try_clone()?)?);
        }
        Ok(signals)
    }

    fn drain(&mut self) {
        let mut bytes = [0; 64];
        while self.pipe.read(&mut bytes).is_ok_and(|n_bytes| n_bytes > 0) {}
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for id in self.ids.drain(..) {
            low_level::unregister(id);
        }
    }
}

/// The thread's own.
struct Ear {
    input: File,
    output: OwnedFd,
    signals: Signals,
    stopped: OwnedFd,
    decoder: Decoder,
}

/// What a poll found.
#[derive(Default)]
struct Found {
    has_keys: bool,
    has_signal: bool,
    is_lost: bool,
    is_stopped: bool,
    is_quiet: bool,
}

impl Ear {
    fn run<T: From<Input>>(mut self, to: &Sender<T>) {
        let send = |input| to.send(T::from(input)).is_ok();
        loop {
            let found = self.wait();
            if found.is_stopped {
                return;
            }
            if found.is_quiet {
                self.decoder.settle();
            }
            let mut loss = found.is_lost.then_some(Loss::HungUp);
            if found.has_keys && !self.read() {
                // What was typed before the line dropped still counts.
                self.decoder.settle();
                loss = Some(Loss::HungUp);
            }
            while let Some(event) = self.decoder.next_event() {
                if input_of(event).is_some_and(|input| !send(input)) {
                    return;
                }
            }
            if found.has_signal {
                self.signals.drain();
                let is_up = |heard: &AtomicBool| heard.swap(false, Ordering::SeqCst);
                if is_up(&self.signals.resumed) && !send(Input::Resumed) {
                    return;
                }
                if is_up(&self.signals.resized) && !self.size().is_none_or(&send) {
                    return;
                }
                if is_up(&self.signals.terminated) {
                    loss = Some(Loss::Terminated);
                }
                if is_up(&self.signals.hung_up) {
                    loss = Some(Loss::HungUp);
                }
            }
            if let Some(loss) = loss {
                send(Input::Gone(loss));
                return;
            }
        }
    }

    /// Sleeps until something is there.
    fn wait(&self) -> Found {
        let lost = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
        let timeout = self.decoder.is_waiting().then_some(&REST_WAIT);
        let mut fds = [
            PollFd::new(&self.input, PollFlags::IN),
            PollFd::new(&self.output, PollFlags::empty()),
            PollFd::new(&self.signals.pipe, PollFlags::IN),
            PollFd::new(&self.stopped, PollFlags::IN),
        ];
        let n_ready = loop {
            match poll(&mut fds, timeout) {
                Ok(n_ready) => break n_ready,
                Err(Errno::INTR) => {}
                // Out of memory, or a descriptor that is none: nothing can be heard any more.
                Err(_) => return Found { is_lost: true, ..Found::default() },
            }
        };
        let [keys, screen, signal, stop] = fds.map(|fd| fd.revents());
        let has_keys = keys.contains(PollFlags::IN);
        Found {
            has_keys,
            has_signal: signal.intersects(PollFlags::IN | lost),
            // While something can still be read, it is; the end is found behind it.
            is_lost: !has_keys && (keys.intersects(lost) || screen.intersects(lost)),
            is_stopped: !stop.is_empty(),
            is_quiet: n_ready == 0,
        }
    }

    /// Reads once; false at the end of the terminal.
    fn read(&mut self) -> bool {
        let mut bytes = [0; 4096];
        match self.input.read(&mut bytes) {
            Ok(0) => false,
            Ok(n_bytes) => {
                self.decoder.feed(bytes.get(..n_bytes).unwrap_or_default());
                true
            }
            Err(error) => {
                matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock)
            }
        }
    }

    fn size(&self) -> Option<Input> {
        let size = termios::tcgetwinsize(&self.output).ok()?;
        Some(Input::Resize(Size::new(size.ws_col, size.ws_row)))
    }
}

fn input_of(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) => Key::from_event(&key).map(Input::Key),
        Event::Paste(text) => Some(Input::Paste(Pasted::of(&text))),
        Event::Mouse(MouseEvent { kind, column, row, .. }) => match kind {
            MouseEventKind::Down(_) => Some(Input::Click(Position::new(column, row))),
            MouseEventKind::ScrollUp => Some(Input::Wheel(Wheel::Up)),
            MouseEventKind::ScrollDown => Some(Input::Wheel(Wheel::Down)),
            MouseEventKind::Up(_)
            | MouseEventKind::Drag(_)
            | MouseEventKind::Moved
            | MouseEventKind::ScrollLeft
            | MouseEventKind::ScrollRight => None,
        },
        Event::Resize(width, height) => Some(Input::Resize(Size::new(width, height))),
        Event::FocusGained | Event::FocusLost => None,
    }
}

#[cfg(test)]
mod tests;
