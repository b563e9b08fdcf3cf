//! The files of attachments, beside the ledger: one plain file for each content, named by its SHA-256.
//!
//! A file is written under the name of a part, put on disk, and only then gets its name, so that a
//! killed server leaves a part and never half a file. Nothing is removed while clerks work: what
//! nobody names any more, and what is left of parts, goes when a server starts.
//! INVARIANT: nothing is opened but by a digest or by the number of an account.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags};
use rustix::io::Errno;
use sha2::{Digest, Sha256};

use crate::domain::attachment::{
    DIRECTORY_MAX, Head, Media, TAIL_MAX, directory_of, head_of, is_digest, media_of, n_parts_of,
};
use crate::store::fault::Fault;
use crate::store::journal::{self, Hash};
use crate::store::packed::{self, Inside};

/// The folder within that of the ledger.
const FOLDER: &str = "attachments";
/// How the names of parts begin.
const PART: &str = "part-";
/// A file that is written by a backup that is brought back.
const RESTORED: &str = "part-restored";
/// The bits that let others in.
const OTHERS: u32 = 0o077;
/// How many bytes are read at once.
const CHUNK_BYTES: usize = 64 << 10;
/// How many bytes at the beginning tell what a file is.
const HEAD_BYTES: u64 = 16;

/// The files of attachments of a ledger.
pub struct Vault {
    ledger: OwnedFd,
    owner: u32,
}

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// It is not there.
    Missing,
    /// Its bytes are not those of its name.
    Damaged,
}

impl Loss {
    /// The word that stands for it in texts and JSON.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Missing => "attachment_missing",
            Self::Damaged => "attachment_damaged",
        }
    }
}

/// A part that is whole: what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The SHA-256 of its bytes.
    pub digest: String,
    /// How many there are.
    pub n_bytes: u64,
    /// What kind of file it is; none of a kind that is not taken.
    pub media: Option<Media>,
    /// Whether it is a document that holds a program.
    pub has_program: bool,
}

/// Some bytes of a file, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Of which file.
    pub digest: Hash,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Whether they are its last.
    pub place: ChunkPlace,
}

/// Whether more of a file follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChunkPlace {
    /// More follows.
    Within,
    /// The file is whole.
    Last,
}

impl Vault {
    /// The vault beside a ledger's files, in a folder that is open.
    pub(super) fn new(ledger: OwnedFd, owner: u32) -> Self {
        Self { ledger, owner }
    }

    /// How many bytes of the disk are free for this program.
    ///
    /// # Errors
    /// An error of the machine.
    pub fn free(&self) -> Result<u64, Fault> {
        let disk = rustix::fs::fstatvfs(&self.ledger).map_err(opening)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// How many bytes of the part of an account are there.
    ///
    /// # Errors
    /// An error of the machine.
    pub fn part_length(&self, account: u32) -> Result<u64, Fault> {
        let Some(folder) = self.folder()? else { return Ok(0) };
        match self.file(&folder, &part_of(account), OFlags::RDONLY) {
            Ok(file) => length(&file),
            Err(Fault::Missing) => Ok(0),
            Err(fault) => Err(fault),
        }
    }

    /// Begins the part of an account anew.
    ///
    /// # Errors
    /// An error of the machine.
    pub fn begin(&self, account: u32) -> Result<(), Fault> {
        let folder = self.make()?;
        self.fresh(&folder, &part_of(account)).map(|_file| ())
    }

    /// Writes bytes to the part of an account from a place on; nothing lies behind them then.
    ///
    /// # Errors
    /// [`Fault::Missing`] if there is no part that long; an error of the machine.
    pub fn write(&self, account: u32, from: u64, bytes: &[u8]) -> Result<(), Fault> {
        let folder = self.folder()?.ok_or(Fault::Missing)?;
        let file = self.file(&folder, &part_of(account), OFlags::RDWR)?;
        if length(&file)? < from {
            return Err(Fault::Missing);
        }
        file.write_all_at(bytes, from).map_err(|error| writing(&error))?;
        file.set_len(from + bytes.len() as u64).map_err(|error| writing(&error))
    }

    /// What the part of an account is; none if there is none.
    ///
    /// # Errors
    /// An error of the machine.
    pub fn look(&self, account: u32) -> Result<Option<Kept>, Fault> {
        let Some(folder) = self.folder()? else { return Ok(None) };
        let file = match self.file(&folder, &part_of(account), OFlags::RDONLY) {
            Ok(file) => file,
            Err(Fault::Missing) => return Ok(None),
            Err(fault) => return Err(fault),
        };
        let (digest, n_bytes) = sum(&file)?;
        let (media, has_program) = media(&file, n_bytes)?;
        Ok(Some(Kept { digest: journal::hex(&digest), n_bytes, media, has_program }))
    }

    /// Gives the part of an account the name of its content.
    ///
    /// # Errors
    /// An error of the machine; the part is still there then.
    pub fn keep(&self, account: u32, kept: &Kept) -> Result<(), Fault> {
        let folder = self.folder()?.ok_or(Fault::Missing)?;
        self.publish(&folder, (&part_of(account), &kept.digest))
    }

    /// Removes the part of an account.
    ///
    /// # Errors
    /// An error of the machine.
    pub fn forget(&self, account: u32) -> Result<(), Fault> {
        match self.folder()? {
            Some(folder) => unlink(&folder, &part_of(account)),
            None => Ok(()),
        }
    }

    /// Bytes of a file from a place on.
    ///
    /// # Errors
    /// [`Fault::Missing`], or an error of the machine.
    pub fn read(&self, digest: &str, from: u64, most: u64) -> Result<Vec<u8>, Fault> {
        let file = self.open(digest)?;
        let left = length(&file)?.saturating_sub(from).min(most);
        let mut bytes = vec![0; usize::try_from(left).unwrap_or_default()];
        file.read_exact_at(&mut bytes, from).map_err(|error| reading(&error))?;
        Ok(bytes)
    }

    /// What is wrong with a file, all of which is read; none if it is whole.
    ///
    /// # Errors
    /// An error of the machine.
    pub fn verify(&self, digest: &str) -> Result<Option<Loss>, Fault> {
        let file = match self.open(digest) {
            Ok(file) => file,
            Err(Fault::Missing) => return Ok(Some(Loss::Missing)),
            // Something else stands where the file was, or others may write it.
            Err(Fault::Shape | Fault::Symlink | Fault::Owner | Fault::Mode) => {
                return Ok(Some(Loss::Damaged));
            }
            Err(fault) => return Err(fault),
        };
        match sum(&file) {
            Ok((own, _)) if journal::hex(&own) == digest => Ok(None),
            // A disk that gives a block back no more has lost the file.
            Ok(_) | Err(Fault::Io { .. }) => Ok(Some(Loss::Damaged)),
            Err(fault) => Err(fault),
        }
    }

    /// How many bytes a file has.
    ///
    /// # Errors
    /// [`Fault::Missing`], or an error of the machine.
    pub fn length(&self, digest: &str) -> Result<u64, Fault> {
        length(&self.open(digest)?)
    }

    /// Whether its folder is there.
    ///
    /// # Errors
    /// [`Fault::Owner`], [`Fault::Mode`]: others may get in; or an error of the machine.
    pub fn is_there(&self) -> Result<bool, Fault> {
        Ok(self.folder()?.is_some())
    }

    /// Whether a file is there, unread.
    pub fn has(&self, digest: &str) -> bool {
        self.open(digest).is_ok()
    }

    /// Visits a file in chunks.
    ///
    /// # Errors
    /// [`Fault::Missing`], an error of the machine, or the visitor's.
    pub(super) fn each_chunk(
        &self,
        digest: &str,
        visit: &mut dyn FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        chunks(&self.open(digest)?, visit)
    }

    /// Takes in a chunk of a file of a backup; with the last one the file gets its name. Says whether
    /// more of it is to come.
    ///
    /// # Errors
    /// [`Fault::Foreign`] if the bytes are not those of the digest; an error of the machine.
    pub(super) fn take(&self, chunk: &Chunk, begun: Begun) -> Result<Begun, Fault> {
        let folder = self.make()?;
        let mut file = match begun {
            Begun::No => self.fresh(&folder, RESTORED)?,
            Begun::Yes => self.file(&folder, RESTORED, OFlags::RDWR | OFlags::APPEND)?,
        };
        file.write_all(&chunk.bytes).map_err(|error| writing(&error))?;
        if chunk.place == ChunkPlace::Within {
            return Ok(Begun::Yes);
        }
        if sum(&file)?.0 != chunk.digest {
            return Err(Fault::Foreign);
        }
        self.publish(&folder, (RESTORED, &journal::hex(&chunk.digest)))?;
        Ok(Begun::No)
    }

    /// The digests of the files that are there.
    ///
    /// # Errors
    /// An error of the machine.
    pub fn names(&self) -> Result<BTreeSet<String>, Fault> {
        let mut names = self.all()?;
        names.retain(|name| is_digest(name));
        Ok(names)
    }

    /// Removes files that nobody names, and what is left of parts; says how many files went.
    ///
    /// # Errors
    /// An error of the machine.
    pub(super) fn sweep(&self, named: &BTreeSet<String>) -> Result<usize, Fault> {
        let Some(folder) = self.folder()? else { return Ok(0) };
        let mut n_gone = 0;
        for name in self.all()? {
            let is_orphan = is_digest(&name) && !named.contains(&name);
            if is_orphan || name.starts_with(PART) {
                unlink(&folder, &name)?;
                n_gone += usize::from(is_orphan);
            }
        }
        Ok(n_gone)
    }

    /// Removes the folder with all that this program made in it.
    pub(super) fn unmake(&self) {
        let Ok(Some(folder)) = self.folder() else { return };
        for name in self.all().unwrap_or_default() {
            if is_digest(&name) || name.starts_with(PART) {
                // What cannot be removed is told of when somebody looks.
                let _ = unlink(&folder, &name);
            }
        }
        let _ = rustix::fs::unlinkat(&self.ledger, FOLDER, AtFlags::REMOVEDIR);
    }

    fn all(&self) -> Result<BTreeSet<String>, Fault> {
        let Some(folder) = self.folder()? else { return Ok(BTreeSet::new()) };
        let entries = Dir::read_from(&folder).map_err(opening)?;
        let mut names = BTreeSet::new();
        for entry in entries {
            let entry = entry.map_err(opening)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name != "." && name != ".." {
                names.insert(name);
            }
        }
        Ok(names)
    }

    /// The folder, if it is there.
    fn folder(&self) -> Result<Option<OwnedFd>, Fault> {
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let folder = match rustix::fs::openat(&self.ledger, FOLDER, flags, Mode::empty()) {
            Ok(folder) => folder,
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(opening(error)),
        };
        let stat = rustix::fs::fstat(&folder).map_err(opening)?;
        self.judge(stat.st_uid, stat.st_mode)?;
        Ok(Some(folder))
    }

    fn make(&self) -> Result<OwnedFd, Fault> {
        match rustix::fs::mkdirat(&self.ledger, FOLDER, Mode::RWXU) {
            Ok(()) => rustix::fs::fsync(&self.ledger).map_err(opening)?,
            Err(Errno::EXIST) => {}
            Err(error) => return Err(opening(error)),
        }
        self.folder()?.ok_or(Fault::Missing)
    }

    fn open(&self, digest: &str) -> Result<File, Fault> {
        if !is_digest(digest) {
            return Err(Fault::Missing);
        }
        let folder = self.folder()?.ok_or(Fault::Missing)?;
        self.file(&folder, digest, OFlags::RDONLY)
    }

    fn fresh(&self, folder: &OwnedFd, name: &str) -> Result<File, Fault> {
        unlink(folder, name)?;
        self.file(folder, name, OFlags::RDWR | OFlags::CREATE | OFlags::EXCL)
    }

    fn file(&self, folder: &OwnedFd, name: &str, flags: OFlags) -> Result<File, Fault> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let file = rustix::fs::openat(folder, name, flags, Mode::RUSR | Mode::WUSR)
            .map(File::from)
            .map_err(opening)?;
        let stat = rustix::fs::fstat(&file).map_err(opening)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile || stat.st_nlink != 1 {
            return Err(Fault::Shape);
        }
        self.judge(stat.st_uid, stat.st_mode)?;
        Ok(file)
    }

    fn judge(&self, owner: u32, mode: u32) -> Result<(), Fault> {
        if owner != self.owner {
            return Err(Fault::Owner);
        }
        if mode & OTHERS != 0 {
            return Err(Fault::Mode);
        }
        Ok(())
    }

    /// Gives a part its name: first its bytes are on disk, then its name is. One that was there
    /// under the name, and may be damaged, gives way to it.
    fn publish(&self, folder: &OwnedFd, (part, digest): (&str, &str)) -> Result<(), Fault> {
        if !is_digest(digest) {
            return Err(Fault::Missing);
        }
        let file = self.file(folder, part, OFlags::RDWR)?;
        file.sync_all().map_err(|error| writing(&error))?;
        rustix::fs::renameat(folder, part, folder, digest).map_err(opening)?;
        rustix::fs::fsync(folder).map_err(opening)
    }
}

/// Whether a file of a backup was begun with an earlier chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begun {
    /// It was.
    Yes,
    /// This chunk is its first.
    No,
}

fn part_of(account: u32) -> String {
    format!("{PART}{account}")
}

fn length(file: &File) -> Result<u64, Fault> {
    file.metadata().map(|meta| meta.len()).map_err(|error| reading(&error))
}

fn unlink(folder: &OwnedFd, name: &str) -> Result<(), Fault> {
    match rustix::fs::unlinkat(folder, name, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => Ok(()),
        Err(error) => Err(opening(error)),
    }
}

/// The SHA-256 and the number of all bytes of a file.
fn sum(file: &File) -> Result<(Hash, u64), Fault> {
    let (mut hash, mut n_bytes) = (Sha256::new(), 0);
    chunks(file, &mut |bytes| {
        n_bytes += bytes.len() as u64;
        hash.update(bytes);
        Ok(())
    })?;
    Ok((hash.finalize().into(), n_bytes))
}

fn chunks(file: &File, visit: &mut dyn FnMut(&[u8]) -> Result<(), Fault>) -> Result<(), Fault> {
    let (mut buffer, mut at) = (vec![0; CHUNK_BYTES], 0);
    loop {
        let n = file.read_at(&mut buffer, at).map_err(|error| reading(&error))?;
        if n == 0 {
            return Ok(());
        }
        visit(buffer.get(..n).unwrap_or_default())?;
        at += n as u64;
    }
}

/// What kind of file it is by its content, and whether it holds a program.
fn media(file: &File, n_bytes: u64) -> Result<(Option<Media>, bool), Fault> {
    let at = |from: u64, length: u64| -> Result<Vec<u8>, Fault> {
        let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
        file.read_exact_at(&mut bytes, from).map_err(|error| reading(&error))?;
        Ok(bytes)
    };
    match head_of(&at(0, n_bytes.min(HEAD_BYTES))?) {
        Head::Sure(media) => Ok((Some(media), false)),
        Head::Unknown => Ok((None, false)),
        Head::Package => {
            let n_tail = n_bytes.min(TAIL_MAX as u64);
            let tail = at(n_bytes - n_tail, n_tail)?;
            let Some((from, length)) = directory_of(&tail, n_bytes) else {
                return Ok((None, false));
            };
            debug_assert!(length <= DIRECTORY_MAX, "a directory is too long");
            let directory = at(from, length)?;
            let Some(media) = media_of(&directory) else { return Ok((None, false)) };
            if !matches!(media, Media::Docx | Media::Xlsx) {
                return Ok((Some(media), false));
            }
            Ok(match packed::inside(file, n_bytes, n_parts_of(&directory)) {
                Inside::Plain => (Some(media), false),
                Inside::Program => (Some(media), true),
                Inside::Odd => (None, false),
            })
        }
    }
}

fn writing(error: &io::Error) -> Fault {
    Fault::from_io("writing an attachment", error)
}

fn reading(error: &io::Error) -> Fault {
    Fault::from_io("reading an attachment", error)
}

fn opening(error: Errno) -> Fault {
    match error {
        Errno::NOENT => Fault::Missing,
        Errno::LOOP => Fault::Symlink,
        Errno::NOTDIR | Errno::ISDIR | Errno::NXIO => Fault::Shape,
        error => Fault::from_io("opening an attachment", &error.into()),
    }
}
