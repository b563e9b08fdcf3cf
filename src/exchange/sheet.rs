//! Reads the rows of a file that somebody else made, through a child process.
//!
//! The child may run out of memory or time or fall over a damaged file; this process then says
//! which of these it was and goes on. Rows come one by one, so that memory stays flat.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::ops::ControlFlow;
use std::os::fd::AsFd;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::exchange::cell::{Frame, Remarks, Row, Sheet, SheetError, Shown, Trouble};
use crate::exchange::child::{self, COMMAND, KIND_OPTION};
use crate::exchange::kind::Kind;
use crate::exchange::sink::{ROW_TEXT_MAX, Stop};

/// The most bytes of one frame: a row's text may grow sixfold when written as JSON.
const FRAME_MAX: u64 = 6 * ROW_TEXT_MAX + (1 << 20);
/// How many seconds the child may be silent; its processor time is limited to less.
const SILENT_SECONDS_MAX: i64 = 30;

/// How a file is read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The program that acts as the child.
    pub program: PathBuf,
    /// The kind of file.
    pub kind: Kind,
    /// The only sheet wanted; none for every sheet that the workbook shows.
    pub sheet: Option<String>,
}

/// What was seen of a file besides its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    /// Its sheets, the hidden ones too.
    pub sheets: Vec<Sheet>,
    /// How many rows of each are not blank, handed out or not.
    pub n_lines: Vec<u64>,
    /// Rows that were handed out.
    pub n_rows: u64,
    /// What the clerk should know.
    pub remarks: Remarks,
}

/// The program itself, even if its file was replaced since it started.
pub fn own_program() -> PathBuf {
    let own = PathBuf::from("/proc/self/exe");
    if own.exists() { own } else { std::env::current_exe().unwrap_or(own) }
}

/// Reads the rows of a file in a child process. Breaking off in `on_row` is no error.
///
/// The file must be a plain file (a pipe is first copied into memory with `file::spool`); its
/// position is moved.
///
/// # Errors
/// What is wrong with the file, and where. Rows handed out before stay handed out.
pub fn read_rows(
    reading: &Reading,
    mut file: File,
    on_row: &mut dyn FnMut(Row) -> ControlFlow<()>,
) -> Result<Book, SheetError> {
    file.rewind().map_err(|_| Trouble::NotAFile)?;
    let mut child = Running::start(&reading.program, reading.kind, file)?;
    let frames = child.frames().ok_or(Trouble::NotStarted)?;
    let mut frames = BufReader::with_capacity(64 << 10, Patient { from: frames });
    let mut assembly = Assembly::new(reading.sheet.as_deref(), on_row);
    let mut line = Vec::new();
    loop {
        line.clear();
        let n_read = match frames.by_ref().take(FRAME_MAX).read_until(b'\n', &mut line) {
            Ok(n_read) => n_read,
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                return Err(SheetError::from(Trouble::TooSlow));
            }
            Err(_) => return Err(SheetError::from(Trouble::Damaged)),
        };
        if n_read == 0 {
            return Err(assembly.stopped_at(child.end_trouble()));
        }
        let Ok(frame) = serde_json::from_slice(&line) else {
            // The child ended in the middle of a line.
            return Err(assembly.stopped_at(child.end_trouble()));
        };
        match assembly.take(frame)? {
            Going::On => {}
            Going::Ended => return assembly.finish(),
        }
    }
}

/// Reads the rows of a file in this process, without its own limits of memory and time: for
/// files that this program made, and for tests.
///
/// # Errors
/// As [`read_rows`].
pub fn read_rows_here<F: Read + Seek>(
    file: F,
    (kind, sheet): (Kind, Option<&str>),
    on_row: &mut dyn FnMut(Row) -> ControlFlow<()>,
) -> Result<Book, SheetError> {
    let mut assembly = Assembly::new(sheet, on_row);
    let mut put = |frame| match assembly.take(frame) {
        Ok(Going::On) => Ok(()),
        Ok(Going::Ended) => Err(Stop::Unheard),
        Err(error) => Err(Stop::Bad(error)),
    };
    match child::parse(file, kind, &mut put) {
        Err(Stop::Bad(error)) => Err(error),
        Ok(()) | Err(Stop::Unheard) => assembly.finish(),
    }
}

/// Whether more frames are wanted.
enum Going {
    On,
    Ended,
}

/// Makes rows of frames.
struct Assembly<'a> {
    wanted: Option<&'a str>,
    on_row: &'a mut dyn FnMut(Row) -> ControlFlow<()>,
    book: Book,
    sheet: Option<Arc<Sheet>>,
    row: u32,
}

impl<'a> Assembly<'a> {
    fn new(wanted: Option<&'a str>, on_row: &'a mut dyn FnMut(Row) -> ControlFlow<()>) -> Self {
        Self { wanted, on_row, book: Book::default(), sheet: None, row: 0 }
    }

    fn take(&mut self, frame: Frame) -> Result<Going, SheetError> {
        match frame {
            Frame::Sheet(sheet) => {
                let is_wanted = match self.wanted {
                    Some(name) => sheet.name == name,
                    None => sheet.shown == Shown::Yes,
                };
                self.book.sheets.push(sheet.clone());
                self.book.n_lines.push(0);
                self.sheet = is_wanted.then(|| Arc::new(sheet));
                self.row = 0;
            }
            Frame::Line(line) => {
                if let Some(n_lines) = self.book.n_lines.last_mut() {
                    *n_lines += 1;
                }
                let Some(sheet) = self.sheet.clone() else { return Ok(Going::On) };
                self.row = line.number;
                self.book.n_rows += 1;
                if (self.on_row)(Row { sheet, line }).is_break() {
                    return Ok(Going::Ended);
                }
            }
            Frame::End(remarks) => {
                self.book.remarks = remarks;
                return Ok(Going::Ended);
            }
            Frame::Bad(error) => return Err(error),
        }
        Ok(Going::On)
    }

    fn finish(self) -> Result<Book, SheetError> {
        let is_there = |name| self.book.sheets.iter().any(|sheet| sheet.name == name);
        if self.wanted.is_some_and(|name| !is_there(name)) {
            return Err(SheetError::from(Trouble::NoSuchSheet));
        }
        if self.book.n_rows == 0 {
            return Err(SheetError::from(Trouble::Blank));
        }
        Ok(self.book)
    }

    fn stopped_at(&self, why: Trouble) -> SheetError {
        let mut error = SheetError::from(why);
        error.at.sheet = self.sheet.as_ref().map(|sheet| sheet.name.clone());
        error.at.row = Some(self.row).filter(|row| *row > 0);
        error
    }
}

/// The child; it does not outlive this value.
struct Running(Child);

impl Running {
    fn start(program: &Path, kind: Kind, file: File) -> Result<Self, Trouble> {
        // The only process that the client ever starts: its own program, with an empty
        // environment and nothing of the file's name or contents on its command line.
        Command::new(program)
            .args([COMMAND, KIND_OPTION, kind.word()])
            .env_clear()
            .stdin(Stdio::from(file))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map(Self)
            .map_err(|_| Trouble::NotStarted)
    }

    fn frames(&mut self) -> Option<ChildStdout> {
        self.0.stdout.take()
    }

    /// Why the child ended without saying so.
    fn end_trouble(&mut self) -> Trouble {
        self.0.wait().map_or(Trouble::Damaged, trouble_of)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already unless reading was broken off; then both calls do nothing.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What the end of a child means that did not say what was wrong.
fn trouble_of(status: ExitStatus) -> Trouble {
    const ABORTED: i32 = rustix::process::Signal::ABORT.as_raw();
    const KILLED: i32 = rustix::process::Signal::KILL.as_raw();
    const OUT_OF_TIME: i32 = rustix::process::Signal::XCPU.as_raw();
    match status.signal() {
        // An allocation beyond the limit aborts.
        Some(ABORTED) => Trouble::TooLarge,
        Some(KILLED | OUT_OF_TIME) => Trouble::TooSlow,
        _ => Trouble::Damaged,
    }
}

/// Reads from the child, but does not wait for it for ever.
struct Patient {
    from: ChildStdout,
}

impl Read for Patient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wait = Timespec { tv_sec: SILENT_SECONDS_MAX, tv_nsec: 0 };
        let fd = self.from.as_fd();
        if poll(&mut [PollFd::new(&fd, PollFlags::IN)], Some(&wait))? == 0 {
            return Err(io::Error::from(io::ErrorKind::TimedOut));
        }
        self.from.read(buffer)
    }
}
