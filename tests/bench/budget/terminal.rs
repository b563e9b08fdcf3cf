//! A program on a pseudo-terminal: what it sends, when, in how many pieces, and what stands on the
//! screen then.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use vt100::Parser;

use crate::proc;

const ROWS: u16 = 24;
const COLUMNS: u16 = 80;
/// A frame is over when nothing came for so long.
pub const SILENCE: Duration = Duration::from_millis(60);
/// A start is over when nothing came for so long.
pub const LONG_SILENCE: Duration = Duration::from_millis(250);
/// Nothing is waited for longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A piece of output as it arrived.
struct Piece {
    at: Instant,
    bytes: Vec<u8>,
}

/// A program on a terminal of 80 by 24.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    pieces: Receiver<Piece>,
    screen: Parser,
    _master: Box<dyn MasterPty + Send>,
    began: Instant,
}

/// What a program sent for one thing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sent {
    /// From the cause to the last piece that changed the picture, in milliseconds.
    pub ms: f64,
    /// Bytes.
    pub bytes: usize,
    /// Pieces in which they came: no more than the program's writes to the terminal.
    pub pieces: usize,
    /// Bytes of the text on the screen afterwards, without blanks at the ends of lines.
    pub text: usize,
}

impl Terminal {
    /// Starts a program.
    pub fn start(program: &Path, args: &[&str], env: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: ROWS, cols: COLUMNS, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        env.iter().for_each(|(name, value)| command.env(name, value));
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        let (sender, pieces) = channel();
        thread::spawn(move || {
            let mut buffer = vec![0; 64 << 10];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                let bytes = buffer.get(..n).unwrap_or_default().to_vec();
                if sender.send(Piece { at: Instant::now(), bytes }).is_err() {
                    return;
                }
            }
        });
        let began = Instant::now();
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        Self { child, writer, pieces, screen: screen(), _master: pair.master, began }
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap_or(0)
    }

    /// Waits for the first frame to be complete.
    pub fn first_frame(&mut self) -> Sent {
        let began = self.began;
        self.settle(began, (PATIENCE, LONG_SILENCE))
    }

    /// Sends keys at once and waits until the answer is complete; `patience` is how long the first
    /// byte may take.
    pub fn press(&mut self, keys: &str, patience: Duration) -> Sent {
        let sent = Instant::now();
        self.writer.write_all(keys.as_bytes()).expect("the terminal takes keys");
        self.writer.flush().expect("the terminal takes keys");
        self.settle(sent, (patience, SILENCE))
    }

    /// What the program sends by itself in a time.
    pub fn listen(&mut self, time: Duration) -> Sent {
        self.settle(Instant::now(), (time, time))
    }

    /// The text on the screen.
    pub fn text(&self) -> String {
        self.screen.screen().contents()
    }

    fn settle(&mut self, from: Instant, (patience, silence): (Duration, Duration)) -> Sent {
        let mut sent = Sent::default();
        let mut shown = self.text();
        let mut wait = patience;
        while let Ok(piece) = self.pieces.recv_timeout(wait) {
            sent.bytes += piece.bytes.len();
            sent.pieces += 1;
            self.screen.process(&piece.bytes);
            let now = self.text();
            // What only moves the cursor is part of a frame, too, if the frame has a text.
            if now != shown || sent.ms == 0.0 {
                sent.ms = piece.at.duration_since(from).as_secs_f64() * 1e3;
                shown = now;
            }
            wait = silence;
        }
        sent.text = shown.lines().map(|line| line.trim_end().len()).sum();
        sent
    }

    /// Processor time so far, in milliseconds.
    pub fn cpu_ms(&self) -> f64 {
        proc::cpu_ms(self.pid())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have gone already.
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

fn screen() -> Parser {
    let (rows, columns) = (NonZeroU16::new(ROWS), NonZeroU16::new(COLUMNS));
    Parser::new(rows.expect("not zero"), columns.expect("not zero"), 0)
}
