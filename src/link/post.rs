//! The post of a server: where its socket lies, and that only one stands there.
//!
//! A lock on a file beside the socket decides who serves; whoever has it may remove a socket that a
//! killed server left behind, and nobody else removes one. The lock's file itself always stays.
//! INVARIANT: a socket is never open to others, not even for a moment: only its folder's group may
//! be let in, or whoever the service manager lets in, which hands its socket over as standard input.

use std::fs::{DirBuilder, File, TryLockError};
use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use rustix::net::AddressFamily;
use rustix::net::sockopt::{socket_acceptconn, socket_domain};
use rustix::process::umask;
use sha2::{Digest, Sha256};

use crate::api::refusal::{Refusal, RefusalKind};
use crate::link::peer;

const ROOT: u32 = 0;
/// The folder of sockets in the runtime folder.
const FOLDER: &str = "anjie";
/// The folder of the socket in the ledger's folder, where there is no runtime folder.
const OWN_FOLDER: &str = "run";
/// The socket in the ledger's folder.
const OWN_NAME: &str = "anjie.sock";
/// Bytes of the folder's hash in a socket's name.
const HASH_BYTES: usize = 8;
/// The longest path that the kernel takes as a socket's address, less its final zero.
const ADDRESS_MAX: usize = 107;
/// The group of those who may come, as the packaged socket names it.
const CLERKS: &str = "anjie-clerks";
/// What the group and others may do.
const OTHERS: u32 = 0o077;
/// Writing by the group and others.
const OTHERS_WRITE: u32 = 0o022;
/// What lies in the folder belongs to its group, who may go in.
const FOR_GROUP: u32 = 0o2010;

/// The runtime folder of this account: what the environment names, or the usual one; none unless
/// it is the account's own and closed to others.
pub fn runtime() -> Option<PathBuf> {
    let named = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let usual = PathBuf::from(format!("/run/user/{}", peer::own_uid()));
    named.into_iter().chain([usual]).find(|folder| folder.is_absolute() && is_private(folder))
}

/// Where the socket of a ledger's own server may lie: where it is made, then where one that was
/// started without a runtime folder made it.
///
/// # Errors
/// There is no such folder.
pub fn own_sockets(data: &Path, runtime: Option<&Path>) -> Result<Vec<PathBuf>, Refusal> {
    let real = data.canonicalize().map_err(|error| match error.kind() {
        ErrorKind::PermissionDenied => Refusal::new(RefusalKind::Closed, "wrong_owner"),
        _ => Refusal::new(RefusalKind::Closed, "no_ledger"),
    })?;
    let beside = real.join(OWN_FOLDER).join(OWN_NAME);
    let Some(runtime) = runtime else { return Ok(vec![beside]) };
    let hash = Sha256::digest(real.as_os_str().as_bytes());
    let name: String = hash.iter().take(HASH_BYTES).map(|byte| format!("{byte:02x}")).collect();
    Ok(vec![runtime.join(FOLDER).join(format!("{name}.sock")), beside])
}

/// Whether nobody else can put a file where a socket lies; none if its folder is not there.
pub fn is_closed_to_others(socket: &Path) -> Option<bool> {
    let folder = socket.parent().filter(|folder| folder.symlink_metadata().is_ok())?;
    // The service's own account may own it: a server that runs without a service manager made it.
    folder.symlink_metadata().ok().map(|found| {
        found.is_dir()
            && peer::Trust::Service.covers(found.uid())
            && found.mode() & OTHERS_WRITE == 0
    })
}

/// Whether every account may connect to a socket: it is open to others, and so is the way to it.
pub fn is_for_all(socket: &Path) -> bool {
    let lets = |path: Option<&Path>, bit: u32| {
        path.and_then(|path| path.symlink_metadata().ok()).is_some_and(|it| it.mode() & bit != 0)
    };
    lets(Some(socket), 0o002) && lets(socket.parent(), 0o001)
}

/// Connects to a socket, however long its path is.
///
/// # Errors
/// The machine's own.
pub fn connect(socket: &Path) -> io::Result<UnixStream> {
    let (address, _folder) = address(socket)?;
    UnixStream::connect(address)
}

/// The group that may come to a socket: its own, or that of its folder where even that is closed.
pub fn group_of(socket: &Path) -> String {
    let of = |path: &Path| path.symlink_metadata().ok().filter(|it| it.gid() != ROOT);
    let found = of(socket).or_else(|| of(socket.parent()?));
    let named = found.and_then(|it| uzers::get_group_by_gid(it.gid()));
    named.map_or_else(|| CLERKS.to_owned(), |group| group.name().to_string_lossy().into_owned())
}

/// Whether somebody serves there, or is about to.
pub fn is_held(socket: &Path) -> bool {
    // The probe holds the lock for an instant; a server that comes just then is told to try again.
    File::open(lock_path(socket))
        .is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

/// A post that this process has taken.
#[derive(Debug)]
pub struct Post {
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// At this path, with the lock beside it.
    Path { socket: PathBuf, _lock: File },
    /// The service manager listens, and hands over what it listens on.
    Inherited(OwnedFd),
}

impl Post {
    /// The socket that the service manager handed over as standard input, if it did.
    pub fn inherited() -> Option<Self> {
        let input = io::stdin();
        let is_listening = socket_acceptconn(input.as_fd()).is_ok_and(|is_listening| is_listening)
            && socket_domain(input.as_fd()).is_ok_and(|domain| domain == AddressFamily::UNIX);
        let place = is_listening.then(|| input.as_fd().try_clone_to_owned().ok()).flatten()?;
        Some(Self { place: Place::Inherited(place) })
    }

    /// Takes a post for which nobody stands; its folder is made if need be.
    ///
    /// # Errors
    /// `already_open` if somebody serves there; the folder is not ours, or open to others.
    pub fn take(socket: &Path) -> Result<Self, Refusal> {
        let folder = socket.parent().ok_or_else(fault)?;
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|error| opening(&error))?;
        if !is_safe(folder) {
            return Err(Refusal::new(RefusalKind::Closed, "wrong_mode"));
        }
        let flags =
            OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let lock = rustix::fs::open(lock_path(socket), flags, Mode::RUSR | Mode::WUSR)
            .map(File::from)
            .map_err(|error| opening(&error.into()))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { place: Place::Path { socket: socket.to_owned(), _lock: lock } }),
            Err(TryLockError::WouldBlock) => Err(Refusal::new(RefusalKind::Closed, "already_open")),
            Err(TryLockError::Error(error)) => Err(opening(&error)),
        }
    }

    /// Listens, in place of whoever was killed here.
    ///
    /// # Errors
    /// The machine's own.
    pub fn listen(&self) -> Result<UnixListener, Refusal> {
        let listener = match &self.place {
            Place::Inherited(socket) => socket.try_clone().map(UnixListener::from),
            Place::Path { socket, .. } => bind(socket),
        };
        let listener = listener.map_err(|error| opening(&error))?;
        listener.set_nonblocking(true).map_err(|error| opening(&error))?;
        Ok(listener)
    }

    /// Takes the name of the socket away, so that nobody new comes; the lock is held on.
    pub fn close(&self) {
        if let Place::Path { socket, .. } = &self.place {
            // A name that is gone already is as good; any other is replaced by the next server.
            let _gone = std::fs::remove_file(socket);
        }
    }
}

fn bind(path: &Path) -> io::Result<UnixListener> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let (address, _folder) = address(path)?;
    // A mode that is set after `bind` leaves a moment in which anybody may connect.
    let usual = umask(Mode::from_raw_mode(if is_for_group(path) { 0o117 } else { 0o177 }));
    let bound = UnixListener::bind(address);
    umask(usual);
    bound
}

/// A path as short as the kernel wants it; what is returned with it must live as long as it is used.
fn address(socket: &Path) -> io::Result<(PathBuf, Option<OwnedFd>)> {
    if socket.as_os_str().len() <= ADDRESS_MAX {
        return Ok((socket.to_owned(), None));
    }
    let (Some(folder), Some(name)) = (socket.parent(), socket.file_name()) else {
        return Err(ErrorKind::InvalidInput.into());
    };
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder = rustix::fs::open(folder, flags, Mode::empty())?;
    Ok((PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd())).join(name), Some(folder)))
}

fn lock_path(socket: &Path) -> PathBuf {
    let mut path = socket.as_os_str().to_owned();
    path.push(".lock");
    path.into()
}

/// Whether it is a folder, no link, of this account, and closed to others.
fn is_private(folder: &Path) -> bool {
    folder.symlink_metadata().is_ok_and(|found| {
        found.is_dir() && found.uid() == peer::own_uid() && found.mode() & OTHERS == 0
    })
}

/// Whether nobody else can put a file there.
fn is_safe(folder: &Path) -> bool {
    folder.symlink_metadata().is_ok_and(|found| {
        found.is_dir()
            && [ROOT, peer::own_uid()].contains(&found.uid())
            && found.mode() & OTHERS_WRITE == 0
    })
}

/// Whether a person has made the folder of a socket so that its group may come in (`chmod g+xs`).
fn is_for_group(socket: &Path) -> bool {
    let folder = socket.parent().and_then(|folder| folder.symlink_metadata().ok());
    folder.is_some_and(|found| found.mode() & FOR_GROUP == FOR_GROUP)
}

fn opening(error: &io::Error) -> Refusal {
    match error.kind() {
        ErrorKind::PermissionDenied => Refusal::new(RefusalKind::Closed, "wrong_owner"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            Refusal::new(RefusalKind::Busy, "disk_full")
        }
        ErrorKind::ReadOnlyFilesystem => Refusal::new(RefusalKind::Busy, "read_only"),
        _ => fault(),
    }
}

fn fault() -> Refusal {
    Refusal::new(RefusalKind::Fault, "fault")
}

#[cfg(test)]
mod tests {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::net::UnixListener;

    use super::is_for_all;

    #[test]
    fn a_socket_is_for_all_only_where_the_way_to_it_is_too() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("a.sock");
        let _listener = UnixListener::bind(&socket).unwrap();
        let modes = [(0o755, 0o666, true), (0o755, 0o660, false), (0o710, 0o666, false)];
        for (way, own, wanted) in modes {
            set_permissions(folder.path(), Permissions::from_mode(way)).unwrap();
            set_permissions(&socket, Permissions::from_mode(own)).unwrap();
            assert_eq!(is_for_all(&socket), wanted, "{way:o} {own:o}");
        }
    }
}
