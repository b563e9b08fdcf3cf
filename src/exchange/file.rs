//! Opens files for reading and makes files for writing, with the care that shared machines ask.
//!
//! A file is made for its owner alone, never through a link, and never over another without the
//! caller's word; it is whole or not there.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, MemfdFlags, OFlags, RenameFlags, memfd_create, renameat_with};
use rustix::io::Errno;

use crate::exchange::cell::Trouble;

/// The most bytes of a file that is read.
const FILE_MAX: u64 = 64 << 20;
/// The rights of a file that is made: its owner's alone.
const OWNER_ONLY: u32 = 0o600;

/// What happens to a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It is kept, and nothing is written.
    Keep,
    /// It is replaced, if it is a plain file.
    Replace,
}

/// Why a file is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SaveError {
    /// There is one already.
    #[error("file_exists")]
    Exists,
    /// What stands there is a folder, a link or a device.
    #[error("file_not_plain")]
    NotAFile,
    /// It cannot be made or filled: no such folder, no right, no space.
    #[error("file_not_saved")]
    NotSaved,
}

/// Opens a plain file of a size that is read.
///
/// # Errors
/// [`Trouble::NotAFile`] or [`Trouble::TooLarge`].
pub fn open(path: &Path) -> Result<File, Trouble> {
    // Without NONBLOCK, opening a pipe would wait for somebody who writes.
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits();
    let flags = i32::try_from(flags).map_err(|_| Trouble::NotAFile)?;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path);
    let file = file.map_err(|_| Trouble::NotAFile)?;
    let meta = file.metadata().map_err(|_| Trouble::NotAFile)?;
    if !meta.is_file() {
        return Err(Trouble::NotAFile);
    }
    if meta.len() > FILE_MAX { Err(Trouble::TooLarge) } else { Ok(file) }
}

/// Copies a stream into a file in memory that has no name, so that it can be read twice.
///
/// # Errors
/// [`Trouble::TooLarge`], or [`Trouble::NotAFile`] if the stream breaks off.
pub fn spool(from: impl Read) -> Result<File, Trouble> {
    let file = memfd_create("anjie", MemfdFlags::CLOEXEC).map_err(|_| Trouble::NotAFile)?;
    let mut file = File::from(file);
    let n_bytes = io::copy(&mut from.take(FILE_MAX + 1), &mut file);
    let n_bytes = n_bytes.map_err(|_| Trouble::NotAFile)?;
    file.rewind().map_err(|_| Trouble::NotAFile)?;
    if n_bytes > FILE_MAX { Err(Trouble::TooLarge) } else { Ok(file) }
}

/// Makes a file that holds these bytes: it gets its name once all of them are on disk.
///
/// # Errors
/// Nothing is left behind; a file that was there is as it was.
pub fn save(path: &Path, bytes: &[u8], existing: Existing) -> Result<(), SaveError> {
    match fs::symlink_metadata(path) {
        Ok(meta) if !meta.is_file() => return Err(SaveError::NotAFile),
        Ok(_) if existing == Existing::Keep => return Err(SaveError::Exists),
        Ok(_) | Err(_) => {}
    }
    let part = part_of(path).ok_or(SaveError::NotSaved)?;
    fill(&part, bytes).map_err(|_| SaveError::NotSaved)?;
    name(&part, path, existing).inspect_err(|_| {
        let _ = fs::remove_file(&part);
    })
}

/// Gives a finished file its name; whoever took the name meanwhile keeps it.
fn name(part: &Path, path: &Path, existing: Existing) -> Result<(), SaveError> {
    if existing == Existing::Replace {
        return fs::rename(part, path).map_err(|_| SaveError::NotSaved);
    }
    match renameat_with(CWD, part, CWD, path, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(()),
        Err(Errno::EXIST) => Err(SaveError::Exists),
        // Some network drives cannot take a name only if it is free; a second name can be.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
            let linked = fs::hard_link(part, path);
            linked.map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => SaveError::Exists,
                _ => SaveError::NotSaved,
            })?;
            fs::remove_file(part).map_err(|_| SaveError::NotSaved)
        }
        Err(_) => Err(SaveError::NotSaved),
    }
}

fn fill(path: &Path, bytes: &[u8]) -> Result<(), SaveError> {
    let flags = i32::try_from(OFlags::NOFOLLOW.bits()).map_err(|_| SaveError::NotSaved)?;
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(OWNER_ONLY)
        .custom_flags(flags)
        .open(path);
    let mut file = file.map_err(|error| {
        let is_there = error.kind() == io::ErrorKind::AlreadyExists;
        if is_there { SaveError::Exists } else { SaveError::NotSaved }
    })?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|_| {
        let _ = fs::remove_file(path);
        SaveError::NotSaved
    })
}

fn part_of(path: &Path) -> Option<PathBuf> {
    let mut name = OsString::from(".");
    name.push(path.file_name()?);
    // Two programs that write the same file at once do not meet.
    name.push(format!(".{}.part", std::process::id()));
    Some(path.with_file_name(name))
}
