//! The folder and the files of a ledger: made, opened and watched so that nobody else gets between.
//!
//! Everything goes through the descriptor of the folder. A file must be plain, ours, closed to
//! everybody else, and have one name; the ledger's own file is looked at again for each commit.

use std::fs::{DirBuilder, File};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use rustix::fs::{AtFlags, FileType, FlockOperation, Mode, OFlags, RenameFlags, Stat};
use rustix::io::Errno;

use crate::store::fault::Fault;
use crate::store::vault::Vault;

const LEDGER: &str = "office.redb";
const LEDGER_NEW: &str = "office.redb.new";
const ANCHOR: &str = "head.anchor";
const BACKUP: &str = "backup.age";
const BACKUP_PART: &str = "backup.age.part";
const OTHERS: u32 = 0o077;
/// NFS, SMB, CIFS, SMB2, AFS, Ceph: their locks and syncs are not those of a disk.
const REMOTE: [u64; 6] = [0x6969, 0x517b, 0xff53_4d42, 0xfe53_4d42, 0x5346_414f, 0x00c3_6400];

/// Whether a folder holds something under the ledger's name.
pub(super) fn is_taken(folder: &Path) -> bool {
    folder.join(LEDGER).symlink_metadata().is_ok()
}

/// Removes the files of a ledger from a folder.
pub(super) fn unmake(folder: &Path) {
    for name in [LEDGER, ANCHOR] {
        // What cannot be removed is told of when somebody opens it.
        let _ = std::fs::remove_file(folder.join(name));
    }
    if let Ok(vault) = Place::open(folder).and_then(|place| place.vault()) {
        vault.unmake();
    }
}

/// A part of a ledger on disk, as whoever examines an installation names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its folder.
    Folder,
    /// Its file.
    File,
    /// The head that is noted beside it.
    Anchor,
    /// The folder of the files of attachments.
    Attachments,
    /// A file in which a ledger was being made.
    LeftOver,
}

impl Part {
    /// The word of the part, as in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::File => "file",
            Self::Anchor => "anchor",
            Self::Attachments => "attachments",
            Self::LeftOver => "left_over",
        }
    }
}

/// What is wrong with the folder and the files of a ledger, part by part; nothing is opened for
/// writing, and no lock is taken. Parts that need not be there and are not there are left out.
/// They are judged as those of one account: this process's own unless another is named.
pub(super) fn examine(path: &Path, owner: Option<u32>) -> Vec<(Part, Result<(), Fault>)> {
    let place = match Place::open_of(path, owner.unwrap_or_else(own_uid)) {
        Ok(place) => place,
        Err(fault) => return vec![(Part::Folder, Err(fault))],
    };
    let look = |name: &str| place.file(name, OFlags::RDONLY).map(|(_, stat)| stat.st_size);
    let file = match look(LEDGER) {
        Ok(0) => Err(Fault::Foreign),
        looked => looked.map(|_size| ()),
    };
    let mut parts = vec![(Part::Folder, Ok(())), (Part::File, file)];
    match look(ANCHOR) {
        Err(Fault::Missing) => {}
        looked => parts.push((Part::Anchor, looked.map(|_size| ()))),
    }
    match place.vault().and_then(|vault| vault.is_there()) {
        Ok(false) => {}
        looked => parts.push((Part::Attachments, looked.map(|_is_there| ()))),
    }
    if look(LEDGER_NEW).is_ok() {
        parts.push((Part::LeftOver, Err(Fault::Exists)));
    }
    parts
}

/// The bytes that are free where a folder lies, and those of the ledger's file.
pub(super) fn room(path: &Path) -> Option<(u64, u64)> {
    let disk = rustix::fs::statvfs(path).ok()?;
    let file = path.join(LEDGER).symlink_metadata().ok()?;
    Some((disk.f_bavail.saturating_mul(disk.f_frsize), file.len()))
}

/// The folder of a ledger.
pub(super) struct Place {
    folder: OwnedFd,
    /// Whose folder and files must be.
    owner: u32,
}

/// Which file it is, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
}

impl Place {
    /// The folder of a ledger that is there.
    ///
    /// # Errors
    /// [`Fault::Missing`], [`Fault::Symlink`], [`Fault::Owner`], [`Fault::Mode`],
    /// [`Fault::Remote`], or an error of the machine.
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        Self::open_of(path, own_uid())
    }

    /// The same of another account's ledger.
    fn open_of(path: &Path, owner: u32) -> Result<Self, Fault> {
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let folder = match rustix::fs::open(path, flags, Mode::empty()) {
            Ok(folder) => folder,
            Err(Errno::NOTDIR) if path.is_symlink() => return Err(Fault::Symlink),
            Err(error) => return Err(opening(error)),
        };
        let stat = rustix::fs::fstat(&folder).map_err(opening)?;
        check_owner(&stat, owner)?;
        let system = rustix::fs::fstatfs(&folder).map_err(opening)?;
        if REMOTE.contains(&u64::try_from(system.f_type).unwrap_or_default()) {
            return Err(Fault::Remote);
        }
        Ok(Self { folder, owner })
    }

    /// The folder of a ledger, made if it is not there.
    pub(super) fn make(path: &Path) -> Result<Self, Fault> {
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| match error
            .kind()
        {
            io::ErrorKind::NotFound
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::AlreadyExists => Fault::NoFolder,
            _ => Fault::from_io("making the folder", &error),
        })?;
        Self::open(path)
    }

    /// Opens the ledger's file and says which one it is.
    pub(super) fn ledger(&self) -> Result<(File, Identity), Fault> {
        let (file, stat) = self.file(LEDGER, OFlags::RDWR)?;
        if stat.st_size == 0 {
            return Err(Fault::Foreign);
        }
        Ok((file, identity(&stat)))
    }

    /// Makes the empty file in which a new ledger is prepared.
    ///
    /// What a broken attempt left behind is removed, unless somebody is still at it.
    pub(super) fn prepare(&self) -> Result<File, Fault> {
        if self.is_taken()? {
            return Err(Fault::Exists);
        }
        self.prepare_again()
    }

    /// Makes the empty file in which the ledger that is there is written anew, as [`Self::prepare`].
    pub(super) fn prepare_again(&self) -> Result<File, Fault> {
        match self.create_new() {
            Err(Errno::EXIST) => {
                let (old, _) = self.file(LEDGER_NEW, OFlags::RDWR)?;
                lock(&old)?;
                self.discard()?;
                self.create_new().map_err(opening)
            }
            result => result.map_err(opening),
        }
        .and_then(|file| lock(&file).map(|()| file))
    }

    /// Gives the prepared file its name, which makes it the ledger.
    pub(super) fn publish(&self) -> Result<(), Fault> {
        let (file, _) = self.file(LEDGER_NEW, OFlags::RDWR)?;
        file.sync_all().map_err(|error| Fault::from_io("writing", &error))?;
        let folder = &self.folder;
        let renamed =
            rustix::fs::renameat_with(folder, LEDGER_NEW, folder, LEDGER, RenameFlags::NOREPLACE);
        match renamed {
            Ok(()) => {}
            Err(Errno::EXIST) => return Err(Fault::Exists),
            // Some file systems cannot rename without replacing; then the check above must do.
            Err(Errno::INVAL | Errno::NOSYS) if !self.is_taken()? => {
                rustix::fs::renameat(folder, LEDGER_NEW, folder, LEDGER).map_err(opening)?;
            }
            Err(error) => return Err(opening(error)),
        }
        rustix::fs::fsync(folder).map_err(opening)
    }

    /// Gives the prepared file the name of the ledger whose rows it holds.
    pub(super) fn replace(&self) -> Result<(), Fault> {
        let (file, _) = self.file(LEDGER_NEW, OFlags::RDWR)?;
        file.sync_all().map_err(|error| Fault::from_io("writing", &error))?;
        let folder = &self.folder;
        rustix::fs::renameat(folder, LEDGER_NEW, folder, LEDGER).map_err(opening)?;
        rustix::fs::fsync(folder).map_err(opening)
    }

    /// Removes a prepared file that did not become a ledger.
    pub(super) fn discard(&self) -> Result<(), Fault> {
        rustix::fs::unlinkat(&self.folder, LEDGER_NEW, AtFlags::empty()).map_err(opening)
    }

    /// Makes sure that the ledger's name still stands for the file that is open.
    ///
    /// # Errors
    /// [`Fault::Replaced`]: writing on would write into nothing.
    pub(super) fn verify(&self, identity: Identity) -> Result<(), Fault> {
        let stat = match rustix::fs::statat(&self.folder, LEDGER, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => stat,
            Err(Errno::NOENT) => return Err(Fault::Replaced),
            Err(error) => return Err(opening(error)),
        };
        if self::identity(&stat) != identity || stat.st_nlink != 1 {
            return Err(Fault::Replaced);
        }
        Ok(())
    }

    /// Opens the anchor's file, made if it is not there.
    pub(super) fn anchor(&self) -> Result<File, Fault> {
        self.file(ANCHOR, OFlags::RDWR | OFlags::CREATE).map(|(file, _)| file)
    }

    /// Opens the anchor's file, if it is there, to be read.
    pub(super) fn noted(&self) -> Result<File, Fault> {
        self.file(ANCHOR, OFlags::RDONLY).map(|(file, _)| file)
    }

    /// Removes what a broken attempt at a backup left.
    pub(super) fn drop_backup_part(&self) -> Result<(), Fault> {
        match rustix::fs::unlinkat(&self.folder, BACKUP_PART, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(opening(error)),
        }
    }

    /// Makes the empty file in which a backup is written; what a broken attempt left is removed.
    pub(super) fn backup_part(&self) -> Result<File, Fault> {
        self.drop_backup_part()?;
        self.file(BACKUP_PART, OFlags::RDWR | OFlags::CREATE | OFlags::EXCL).map(|(file, _)| file)
    }

    /// Opens what was just written, to read it again.
    pub(super) fn backup_again(&self) -> Result<File, Fault> {
        self.file(BACKUP_PART, OFlags::RDONLY).map(|(file, _)| file)
    }

    /// Gives a backup its name, in the place of the one before.
    pub(super) fn publish_backup(&self) -> Result<(), Fault> {
        let folder = &self.folder;
        rustix::fs::renameat(folder, BACKUP_PART, folder, BACKUP).map_err(opening)?;
        rustix::fs::fsync(folder).map_err(opening)
    }

    /// Removes the newest backup, and what is left of one.
    pub(super) fn discard_backup(&self) -> Result<(), Fault> {
        for name in [BACKUP, BACKUP_PART] {
            match rustix::fs::unlinkat(&self.folder, name, AtFlags::empty()) {
                Ok(()) | Err(Errno::NOENT) => {}
                Err(error) => return Err(opening(error)),
            }
        }
        Ok(())
    }

    /// The files of attachments in it.
    pub(super) fn vault(&self) -> Result<Vault, Fault> {
        let folder = self.folder.try_clone();
        let folder = folder.map_err(|error| Fault::from_io("opening", &error))?;
        Ok(Vault::new(folder, self.owner))
    }

    /// Opens the newest backup.
    pub(super) fn backup(&self) -> Result<File, Fault> {
        self.file(BACKUP, OFlags::RDONLY).map(|(file, _)| file)
    }

    fn is_taken(&self) -> Result<bool, Fault> {
        match rustix::fs::statat(&self.folder, LEDGER, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(_) => Ok(true),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(opening(error)),
        }
    }

    fn create_new(&self) -> Result<File, Errno> {
        let flags =
            OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        rustix::fs::openat(&self.folder, LEDGER_NEW, flags, Mode::RUSR | Mode::WUSR).map(File::from)
    }

    fn file(&self, name: &str, flags: OFlags) -> Result<(File, Stat), Fault> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let file = rustix::fs::openat(&self.folder, name, flags, Mode::RUSR | Mode::WUSR)
            .map(File::from)
            .map_err(opening)?;
        let stat = rustix::fs::fstat(&file).map_err(opening)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile || stat.st_nlink != 1 {
            return Err(Fault::Shape);
        }
        check_owner(&stat, self.owner)?;
        Ok((file, stat))
    }
}

fn own_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

fn check_owner(stat: &Stat, owner: u32) -> Result<(), Fault> {
    if stat.st_uid != owner {
        return Err(Fault::Owner);
    }
    if stat.st_mode & OTHERS != 0 {
        return Err(Fault::Mode);
    }
    Ok(())
}

fn identity(stat: &Stat) -> Identity {
    Identity { device: stat.st_dev, inode: stat.st_ino }
}

fn lock(file: &File) -> Result<(), Fault> {
    match rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(()),
        Err(Errno::WOULDBLOCK) => Err(Fault::Busy),
        Err(error) => Err(opening(error)),
    }
}

fn opening(error: Errno) -> Fault {
    match error {
        Errno::NOENT => Fault::Missing,
        Errno::LOOP => Fault::Symlink,
        Errno::NOTDIR | Errno::ISDIR | Errno::NXIO => Fault::Shape,
        error => Fault::from_io("opening", &error.into()),
    }
}
