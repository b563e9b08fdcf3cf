//! The terminal as a device: entering and leaving it, its size, what it does with widths.
//!
//! INVARIANT: a terminal that was entered is left as it was found, once, on every way out: by
//! `leave`, by drop, and by a panic in any thread.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::queue;
use crossterm::terminal::{DisableLineWrap, EnableLineWrap};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen};
use ratatui::layout::Size;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::termios::{self, OptionalActions, Termios};

use crate::tui::look::Ambiguous;

/// The smallest terminal in which screens are drawn; below it one line says so.
pub const SIZE_MIN: Size = Size { width: 40, height: 10 };

/// The size that is assumed of a terminal that does not know its own.
const SIZE_USUAL: Size = Size { width: 80, height: 24 };

/// How long a terminal may take to say where its cursor is.
const ANSWER_WAIT: Timespec = Timespec { tv_sec: 0, tv_nsec: 500_000_000 };

/// Presses and the wheel, without motion, in SGR form: a mouse at rest or moved sends nothing.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";

/// Whether the wheel and clicks come to the program; text cannot be copied with the mouse then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mouse {
    /// The mouse is the terminal's, for copying.
    #[default]
    Off,
    /// The mouse is the program's.
    On,
}

/// A terminal.
#[derive(Debug)]
pub struct Tty {
    device: Arc<Device>,
}

#[derive(Debug)]
struct Device {
    input: OwnedFd,
    output: OwnedFd,
    found: Termios,
    is_entered: AtomicBool,
}

impl Tty {
    /// The terminal of this process.
    ///
    /// # Errors
    ///
    /// Standard input or standard output is no terminal.
    pub fn of_process() -> io::Result<Self> {
        let input = io::stdin().as_fd().try_clone_to_owned()?;
        let output = io::stdout().as_fd().try_clone_to_owned()?;
        Self::new(input, output)
    }

    /// A terminal that is read and written through these descriptors.
    ///
    /// # Errors
    ///
    /// One of them is no terminal.
    pub fn new(input: OwnedFd, output: OwnedFd) -> io::Result<Self> {
        let found = termios::tcgetattr(&input)?;
        if !termios::isatty(&output) {
            return Err(io::Error::other("standard output is no terminal"));
        }
        let is_entered = AtomicBool::new(false);
        Ok(Self { device: Arc::new(Device { input, output, found, is_entered }) })
    }

    /// Takes the terminal: raw keys, the alternate screen, pastes in brackets, no cursor. Once
    /// more after the program was stopped and went on.
    ///
    /// # Errors
    ///
    /// The terminal is gone.
    pub fn enter(&self, mouse: Mouse) -> io::Result<()> {
        let mut raw = self.device.found.clone();
        raw.make_raw();
        self.device.is_entered.store(true, Ordering::SeqCst);
        termios::tcsetattr(&self.device.input, OptionalActions::Now, &raw)?;
        let mut bytes = Vec::new();
        queue!(bytes, EnterAlternateScreen, EnableBracketedPaste, DisableLineWrap, Hide)?;
        bytes.extend_from_slice(if mouse == Mouse::On { MOUSE_ON } else { MOUSE_OFF });
        self.writer()?.write_all(&bytes)
    }

    /// Leaves the terminal as it was found; does nothing the second time. A terminal that is gone
    /// is no error.
    pub fn leave(&self) {
        self.device.leave();
    }

    /// Leaves the terminal before a panic is reported, and reports where it was but not what it
    /// says: a message may hold persons' data.
    pub fn leave_on_panic(&self) {
        let device = Arc::clone(&self.device);
        panic::set_hook(Box::new(move |info| {
            device.leave();
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            // Standard error may be gone with the terminal; there is nobody to tell then.
            let _ = writeln!(io::stderr(), "anjie: stopped by a defect at {place}");
        }));
    }

    /// The terminal's size now.
    pub fn size(&self) -> Size {
        match termios::tcgetwinsize(&self.device.output) {
            Ok(size) if size.ws_col > 0 && size.ws_row > 0 => Size::new(size.ws_col, size.ws_row),
            Ok(_) | Err(_) => SIZE_USUAL,
        }
    }

    /// A writer without a buffer: one write is one packet.
    ///
    /// # Errors
    ///
    /// No more descriptors.
    pub fn writer(&self) -> io::Result<File> {
        Ok(File::from(self.device.output.try_clone()?))
    }

    /// The descriptors for a listener: input, and output to see the terminal go.
    ///
    /// # Errors
    ///
    /// No more descriptors.
    pub fn descriptors(&self) -> io::Result<(OwnedFd, OwnedFd)> {
        Ok((self.device.input.try_clone()?, self.device.output.try_clone()?))
    }

    /// Asks the terminal how wide it draws an ambiguous character; `None` if it does not answer.
    /// To be asked after entering and before anything listens: the answer comes as if typed.
    ///
    /// # Errors
    ///
    /// The terminal is gone.
    pub fn measure_ambiguous(&self) -> io::Result<Option<Ambiguous>> {
        self.writer()?.write_all("\r\u{2460}\x1b[6n\r\x1b[K".as_bytes())?;
        let mut input = File::from(self.device.input.try_clone()?);
        let mut answer = Vec::new();
        while answer.len() < 256 {
            let mut fds = [PollFd::new(&self.device.input, PollFlags::IN)];
            match poll(&mut fds, Some(&ANSWER_WAIT)) {
                Ok(0) => return Ok(None),
                // A signal, such as a new size: look again.
                Err(Errno::INTR) => continue,
                ready => ready?,
            };
            let mut byte = [0];
            if input.read(&mut byte)? == 0 {
                return Ok(None);
            }
            answer.extend_from_slice(&byte);
            if byte == [b'R'] {
                return Ok(column_in(&answer).and_then(|column| match column {
                    2 => Some(Ambiguous::Narrow),
                    3 => Some(Ambiguous::Wide),
                    _ => None,
                }));
            }
        }
        Ok(None)
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Device {
    fn leave(&self) {
        if !self.is_entered.swap(false, Ordering::SeqCst) {
            return;
        }
        let mut bytes = MOUSE_OFF.to_vec();
        // Writing to memory does not fail; writing to a terminal that is gone does, and so does
        // setting it: there is nothing to restore then.
        let _ = queue!(bytes, DisableBracketedPaste, EnableLineWrap, Show, LeaveAlternateScreen);
        if let Ok(output) = self.output.try_clone() {
            let _ = File::from(output).write_all(&bytes);
        }
        let _ = termios::tcsetattr(&self.input, OptionalActions::Now, &self.found);
    }
}

/// Whether a terminal is too small for screens.
pub fn is_too_small(size: Size) -> bool {
    size.width < SIZE_MIN.width || size.height < SIZE_MIN.height
}

/// The column, from 1, in the last `ESC [ row ; column R`.
fn column_in(answer: &[u8]) -> Option<u16> {
    let text = str::from_utf8(answer).ok()?;
    let (_, report) = text.strip_suffix('R')?.rsplit_once("\x1b[")?;
    report.split_once(';')?.1.parse().ok()
}

#[cfg(test)]
pub mod tests;
