//! Looks at a packed workbook before it is parsed: how many parts, how large when unpacked.
//!
//! Declared sizes lie, so every part is also unpacked once and counted. The unpacked bytes are
//! thrown away; this costs a fraction of the parsing.

use std::io::{Read, Seek};

use memchr::memmem::Finder;
use zip::ZipArchive;

use crate::exchange::cell::Trouble;

/// The most bytes of all parts together when unpacked.
const UNPACKED_MAX: u64 = 64 << 20;
/// The most parts.
const PARTS_MAX: usize = 2_000;
/// How a merged range is told in a sheet of an xlsx and of an ods; both are equally long.
const MERGED: [&[u8]; 2] = [b"mergeCell ", b"s-spanned="];
/// How many bytes that is.
const MERGED_BYTES: usize = 10;

/// Whether a workbook has merged cells anywhere, so that a second look at its sheets is worth it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merging {
    /// None.
    Absent,
    /// In some sheet.
    Present,
}

/// Checks the size of a packed workbook.
///
/// # Errors
/// [`Trouble::TooLarge`] or [`Trouble::Damaged`].
pub fn check<F: Read + Seek>(file: F) -> Result<Merging, Trouble> {
    // It begins as a package does, so it was one: it was cut off on its way, or scrambled.
    let mut archive = ZipArchive::new(file).map_err(|_| Trouble::Damaged)?;
    if archive.len() > PARTS_MAX {
        return Err(Trouble::TooLarge);
    }
    let mut n_declared = 0_u64;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| Trouble::Damaged)?;
        n_declared = n_declared.saturating_add(part.size());
    }
    if n_declared > UNPACKED_MAX {
        return Err(Trouble::TooLarge);
    }
    let finders = MERGED.map(Finder::new);
    let mut count = Count { n_bytes: 0, merging: Merging::Absent, finders };
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| Trouble::Damaged)?;
        count.part(&mut part)?;
    }
    Ok(count.merging)
}

struct Count {
    n_bytes: u64,
    merging: Merging,
    finders: [Finder<'static>; 2],
}

impl Count {
    fn part(&mut self, part: &mut impl Read) -> Result<(), Trouble> {
        let mut buffer = vec![0_u8; 64 << 10];
        // The end of the last piece is kept in front, so that a word cut in two is found.
        let mut n_kept = 0;
        loop {
            let room = buffer.get_mut(n_kept..).unwrap_or_default();
            let n_read = part.read(room).map_err(|_| Trouble::Damaged)?;
            if n_read == 0 {
                return Ok(());
            }
            self.n_bytes += n_read as u64;
            if self.n_bytes > UNPACKED_MAX {
                return Err(Trouble::TooLarge);
            }
            let n_filled = n_kept + n_read;
            let filled = buffer.get(..n_filled).unwrap_or_default();
            let is_told = |finder: &Finder| finder.find(filled).is_some();
            if self.merging == Merging::Absent && self.finders.iter().any(is_told) {
                self.merging = Merging::Present;
            }
            n_kept = n_filled.min(MERGED_BYTES - 1);
            buffer.copy_within(n_filled - n_kept..n_filled, 0);
        }
    }
}
