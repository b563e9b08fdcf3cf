//! The parsing child: the same program, started with the open file as its standard input.
//!
//! It limits itself before it looks at a byte: memory, time, no further file, no core dump. Then
//! it parses and writes frames to its standard output, one JSON line each.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, Write};
use std::os::fd::AsFd;
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::exchange::cell::Frame;
use crate::exchange::delimited;
use crate::exchange::kind::Kind;
use crate::exchange::packed;
use crate::exchange::sink::{Sink, Stop};

/// The hidden command of the program that makes it the child.
pub const COMMAND: &str = "parse-sheet";
/// The child's option that names the kind of file.
pub const KIND_OPTION: &str = "--kind";
/// The most bytes of memory that the child may map.
const MEMORY_MAX: u64 = 160 << 20;
/// The most seconds of processor time.
const SECONDS_MAX: u64 = 10;

/// Acts as the child if the arguments, without the program's name, ask for it; none if they do
/// not. Call it before anything else.
pub fn run_if_asked(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    if arguments.next()? != COMMAND {
        return None;
    }
    let kind = arguments.next().filter(|option| option == KIND_OPTION);
    let kind = kind.and_then(|_| arguments.next()).and_then(|word| Kind::parse(word.to_str()?));
    let Some(kind) = kind else { return Some(ExitCode::from(2)) };
    let (Ok(file), Ok(out)) = (
        io::stdin().as_fd().try_clone_to_owned().map(File::from),
        io::stdout().as_fd().try_clone_to_owned().map(File::from),
    ) else {
        return Some(ExitCode::FAILURE);
    };
    let done = parse_sheet_main(file, kind, out);
    Some(if done.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Limits this process, parses the file and writes its frames.
///
/// # Errors
/// The limits cannot be set, or nobody reads the frames. A wrong file is a frame, not an error.
pub fn parse_sheet_main(file: File, kind: Kind, out: impl Write) -> io::Result<()> {
    confine()?;
    let mut out = BufWriter::with_capacity(64 << 10, out);
    let mut put = |frame: Frame| {
        let written = serde_json::to_writer(&mut out, &frame).map_err(io::Error::from);
        written.and_then(|()| out.write_all(b"\n")).map_err(|_| Stop::Unheard)
    };
    let parsed = match parse(file, kind, &mut put) {
        Err(Stop::Bad(error)) => put(Frame::Bad(error)),
        other => other,
    };
    parsed.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
    out.flush()
}

/// Parses a file in this process, without limits of memory and time. The last frame is
/// [`Frame::End`], unless reading stopped.
///
/// # Errors
/// What is wrong with the file, or what `put` returned.
pub fn parse<F: Read + Seek>(
    file: F,
    kind: Kind,
    put: &mut dyn FnMut(Frame) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut sink = Sink::new(put);
    match kind {
        Kind::Xlsx => packed::read_xlsx(file, &mut sink)?,
        Kind::Xls => packed::read_xls(file, &mut sink)?,
        Kind::Ods => packed::read_ods(file, &mut sink)?,
        Kind::Csv => delimited::read(file, &mut sink)?,
    }
    sink.end()
}

fn confine() -> io::Result<()> {
    let limits = [
        (Resource::As, MEMORY_MAX),
        (Resource::Cpu, SECONDS_MAX),
        (Resource::Nofile, 0),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}
