//! A package that was sent, looked at from within: whether it holds a program.
//!
//! A program may bear any name. What a part is stands in the package's own list of kinds and in what
//! its parts say of each other; and every program of an office document is a compound file, which its
//! first bytes tell. So little of each part is unpacked, and never more than [`TOLD_MAX`] of all.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;

use zip::ZipArchive;

use crate::domain::attachment::COMPOUND;

/// The most bytes of lists of kinds and of relations that are read of one package.
const TOLD_MAX: u64 = 8 << 20;
/// The bytes by which a part is told.
const HEAD_BYTES: u64 = COMPOUND.len() as u64;
/// The name of the list of kinds.
const KINDS: &str = "[content_types].xml";
/// How the names of lists of relations end.
const RELATIONS: &str = ".rels";
/// What stands there of a program.
const SAID: [&str; 2] = ["vbaproject", "macroenabled"];

/// What a package holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inside {
    /// Texts and pictures.
    Plain,
    /// A program.
    Program,
    /// It does not hold together, so that nobody can say.
    Odd,
}

/// What the package of so many parts holds.
pub fn inside(file: &File, n_bytes: u64, n_parts: usize) -> Inside {
    let reader = Reader { file, n_bytes, at: 0 };
    let Ok(mut archive) = ZipArchive::new(reader) else { return Inside::Odd };
    // Of two parts of one name another reader may take the other.
    if archive.len() != n_parts {
        return Inside::Odd;
    }
    let mut left = TOLD_MAX;
    for index in 0..archive.len() {
        match part(&mut archive, index, &mut left) {
            Some(Inside::Plain) => {}
            Some(other) => return other,
            None => return Inside::Odd,
        }
    }
    Inside::Plain
}

/// What a part is; none if it cannot be read, or says more than such a part does.
fn part(archive: &mut ZipArchive<Reader<'_>>, index: usize, left: &mut u64) -> Option<Inside> {
    let mut part = archive.by_index(index).ok()?;
    let name = part.name().ok()?.to_ascii_lowercase();
    let tells = name == KINDS || name.ends_with(RELATIONS);
    let most = if tells { *left + 1 } else { HEAD_BYTES };
    let mut bytes = Vec::new();
    (&mut part).take(most).read_to_end(&mut bytes).ok()?;
    if bytes.starts_with(&COMPOUND) {
        return Some(Inside::Program);
    }
    if !tells {
        return Some(Inside::Plain);
    }
    *left = left.checked_sub(bytes.len() as u64)?;
    // In two bytes a sign, every other one is nothing.
    bytes.retain(|byte| *byte != 0);
    let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
    let is_said = SAID.iter().any(|said| text.contains(said));
    Some(if is_said { Inside::Program } else { Inside::Plain })
}

/// A file that is read by place, so that nobody else's reading moves it.
struct Reader<'f> {
    file: &'f File,
    n_bytes: u64,
    at: u64,
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_read = self.file.read_at(buffer, self.at)?;
        self.at += n_read as u64;
        Ok(n_read)
    }
}

impl Seek for Reader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.n_bytes.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
