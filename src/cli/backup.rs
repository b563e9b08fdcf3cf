//! `backup` and `restore`: a backup fetched into a file, looked at, and brought back.
//!
//! Nothing that is there is ever written over: a file gets its name when all of it is on the disk,
//! and a ledger is brought back only into an empty place.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use clap::ArgMatches;
use rustix::fs::{CWD, OFlags, RenameFlags};
use rustix::io::Errno;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::api::backup::{BackupView, PIECE_BYTES, PieceQuery};
use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::cli::place::Place;
use crate::cli::tell::{Outcome, Told, Voice, table};
use crate::locale::{self, Lang};
use crate::service::backup::{self, FreshKey, Keys, Whole};

/// Standard output in the place of a file.
const STDOUT: &str = "-";
/// The longest file of private keys that is read.
const KEYS_MAX: u64 = 64 << 10;
/// Minutes that the office's clock is ahead of the world's.
const OFFICE_MINUTES: i64 = 8 * 60;
/// The bits that let others in.
const OTHERS: u32 = 0o077;

/// What a backup says of itself, and what was found in it.
#[derive(Debug, Serialize)]
struct Found {
    on: chrono::NaiveDate,
    revision: u64,
    journal: u64,
    head: String,
    n_rows: u64,
    n_files: u64,
    n_lost: u64,
    good: bool,
}

fn odd() -> Refusal {
    Refusal::new(RefusalKind::Fault, "fault")
}

fn text<'m>(matches: &'m ArgMatches, name: &str) -> &'m str {
    matches.get_one::<String>(name).map_or("", String::as_str)
}

/// `backup FILE`: made by whoever has the ledger open, and fetched from there.
///
/// # Errors
/// A refusal, or a file that is there or cannot be written.
pub fn make(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let name = text(matches, "file");
    let to = matches.get_many::<String>("to").into_iter().flatten().cloned().collect();
    let mut target = Target::of(name)?;
    let Reply::Backup(view) = door.call(Request::Backup { to })? else { return Err(odd()) };
    fetch(door, &view, &mut target)?;
    target.finish(name)?;
    if name == STDOUT {
        let _ = write!(io::stderr().lock(), "{}", made_text(voice.lang, &view));
        return Ok(Told::Done);
    }
    voice.say(&*view, |lang| made_text(lang, &view))
}

fn made_text(lang: Lang, view: &BackupView) -> String {
    let args = [
        ("revision", view.revision.0.to_string()),
        ("journal", view.journal.to_string()),
        ("bytes", view.n_bytes.to_string()),
        ("count", view.to.len().to_string()),
        ("lost", view.n_lost.to_string()),
    ];
    let lost = match view.n_lost {
        0 => String::new(),
        _ => locale::fill(lang, "shell.backup.lost", &args) + "\n",
    };
    locale::fill(lang, "shell.backup.made", &args) + "\n" + &lost
}

/// Brings a backup piece by piece, and makes sure that it came as it was made.
fn fetch(door: &mut dyn Door, view: &BackupView, target: &mut Target) -> Result<(), Refusal> {
    let (mut from, mut hash) = (0, Sha256::new());
    while from < view.n_bytes {
        let query = PieceQuery { digest: view.digest.clone(), from };
        let Reply::BackupPiece(piece) = door.call(Request::BackupPiece(query))? else {
            return Err(odd());
        };
        let bytes = piece.bytes().filter(|bytes| !bytes.is_empty()).ok_or_else(odd)?;
        debug_assert!(bytes.len() as u64 <= PIECE_BYTES, "a piece is too long");
        target.write(&bytes)?;
        hash.update(&bytes);
        from += bytes.len() as u64;
    }
    let digest: [u8; 32] = hash.finalize().into();
    let came: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    if came == view.digest {
        return Ok(());
    }
    Err(Refusal::new(RefusalKind::Invalid, "backup_is_damaged"))
}

/// Where a backup goes.
enum Target {
    Out,
    /// A file beside its name, which it gets when it is whole; dropped before, it is removed.
    Part(Part),
}

struct Part {
    file: File,
    path: PathBuf,
    is_kept: bool,
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_kept {
            // What cannot be removed is seen to be a part by its name.
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Target {
    fn of(name: &str) -> Result<Self, Refusal> {
        if name == STDOUT {
            return Ok(Self::Out);
        }
        if Path::new(name).symlink_metadata().is_ok() {
            return Err(Refusal::new(RefusalKind::Invalid, "file_is_there").with("name", name));
        }
        let path = PathBuf::from(format!("{name}.part"));
        let file = create(&path).map_err(|_| cannot_write(name))?;
        Ok(Self::Part(Part { file, path, is_kept: false }))
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        match self {
            Self::Out => io::stdout().lock().write_all(bytes).map_err(|_| cannot_write(STDOUT)),
            Self::Part(part) => {
                let name = part.path.display().to_string();
                part.file.write_all(bytes).map_err(|_| cannot_write(&name))
            }
        }
    }

    fn finish(self, name: &str) -> Result<(), Refusal> {
        let Self::Part(mut part) = self else {
            return io::stdout().lock().flush().map_err(|_| cannot_write(STDOUT));
        };
        part.file.sync_all().map_err(|_| cannot_write(name))?;
        let renamed = rustix::fs::renameat_with(CWD, &part.path, CWD, name, RenameFlags::NOREPLACE);
        match renamed {
            Ok(()) => {}
            Err(Errno::EXIST) => {
                return Err(Refusal::new(RefusalKind::Invalid, "file_is_there").with("name", name));
            }
            // Some file systems cannot rename without replacing; the look at the start must do.
            Err(Errno::INVAL | Errno::NOSYS) => {
                fs::rename(&part.path, name).map_err(|_| cannot_write(name))?;
            }
            Err(_) => return Err(cannot_write(name)),
        }
        part.is_kept = true;
        let folder = Path::new(name).parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = File::open(folder.unwrap_or(Path::new(".")));
        folder.and_then(|folder| folder.sync_all()).map_err(|_| cannot_write(name))
    }
}

/// A new file that only its owner reads; never one that is there, nor through a link.
fn create(path: &Path) -> io::Result<File> {
    let flags = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or_default();
    OpenOptions::new().write(true).create_new(true).mode(0o600).custom_flags(flags).open(path)
}

fn cannot_write(name: &str) -> Refusal {
    Refusal::new(RefusalKind::Invalid, "cannot_write").with("name", name)
}

fn cannot_read(name: &str) -> Refusal {
    Refusal::new(RefusalKind::Invalid, "cannot_read").with("name", name)
}

/// `backup list`.
///
/// # Errors
/// A refusal.
pub fn list(door: &mut dyn Door, voice: Voice) -> Outcome {
    let Reply::Backups(views) = door.call(Request::Backups)? else { return Err(odd()) };
    let row = |view: &BackupView| {
        vec![
            view.on.to_string(),
            (view.at + TimeDelta::minutes(OFFICE_MINUTES)).format("%H:%M").to_string(),
            view.revision.0.to_string(),
            view.n_bytes.to_string(),
            view.digest.chars().take(16).collect(),
            view.to
                .iter()
                .map(|key| key.chars().take(12).collect::<String>())
                .collect::<Vec<_>>()
                .join(" "),
        ]
    };
    voice.say(&views, |_| table(&views.iter().map(row).collect::<Vec<_>>()))?;
    Ok(if views.is_empty() { Told::Nothing } else { Told::Done })
}

/// `backup key FILE`: a new private key in a file of its own, and its public key on the screen.
///
/// # Errors
/// The file is there, or cannot be written.
pub fn key(voice: Voice, matches: &ArgMatches) -> Outcome {
    let name = text(matches, "file");
    if Path::new(name).symlink_metadata().is_ok() {
        return Err(Refusal::new(RefusalKind::Invalid, "file_is_there").with("name", name));
    }
    let key = FreshKey::make();
    let mut file = create(Path::new(name)).map_err(|_| cannot_write(name))?;
    let lines = format!("# public key: {}\n{}\n", key.public, key.secret);
    let written = file.write_all(lines.as_bytes()).and_then(|()| file.sync_all());
    written.map_err(|_| cannot_write(name))?;
    let public = key.public;
    voice.say(&BTreeMap::from([("public", &public)]), |lang| {
        locale::fill(lang, "shell.backup.key", &[("name", name), ("key", &public)]) + "\n"
    })
}

/// The private keys of a file that only its owner reads.
///
/// # Errors
/// It cannot be read, is open to others, or holds none.
pub fn keys(matches: &ArgMatches) -> Result<Keys, Refusal> {
    use std::os::unix::fs::PermissionsExt;

    let name = text(matches, "identity");
    let file = fs::metadata(name).map_err(|_| cannot_read(name))?;
    if file.permissions().mode() & OTHERS != 0 {
        return Err(Refusal::new(RefusalKind::Invalid, "key_is_open_to_others").with("name", name));
    }
    if file.len() > KEYS_MAX {
        return Err(Refusal::new(RefusalKind::Invalid, "no_private_key").with("name", name));
    }
    let lines = fs::read_to_string(name).map_err(|_| cannot_read(name))?;
    Keys::parse(&lines)
        .ok_or_else(|| Refusal::new(RefusalKind::Invalid, "no_private_key").with("name", name))
}

fn backup_of(matches: &ArgMatches) -> Result<File, Refusal> {
    let name = text(matches, "file");
    File::open(name).map_err(|_| cannot_read(name))
}

fn found(whole: &Whole) -> Found {
    Found {
        on: whole.card.on,
        revision: whole.card.revision.0,
        journal: whole.card.sequence,
        head: whole.card.head.clone(),
        n_rows: whole.n_rows,
        n_files: whole.n_files,
        n_lost: whole.card.n_lost,
        good: true,
    }
}

fn found_text(lang: Lang, key: &str, found: &Found) -> String {
    let args = [
        ("day", found.on.to_string()),
        ("revision", found.revision.to_string()),
        ("journal", found.journal.to_string()),
        ("rows", found.n_rows.to_string()),
        ("head", found.head.clone()),
    ];
    locale::fill(lang, key, &args) + "\n"
}

/// `backup verify FILE`: reads it to its end, and makes nothing of it.
///
/// # Errors
/// It is no backup, is damaged, or the key does not open it.
pub fn verify(voice: Voice, matches: &ArgMatches) -> Outcome {
    let whole = backup::read_through(backup_of(matches)?, &keys(matches)?)?;
    let found = found(&whole);
    voice.say(&found, |lang| found_text(lang, "shell.backup.whole", &found))
}

/// `restore FILE [INTO]`: a ledger in an empty place.
///
/// # Errors
/// As for [`verify`], or something is there already; then nothing is left.
pub fn restore(place: &Place, voice: Voice, matches: &ArgMatches) -> Outcome {
    let into = matches.get_one::<String>("into").map_or_else(|| place.data.clone(), PathBuf::from);
    let (file, keys) = (backup_of(matches)?, keys(matches)?);
    let is_new = !into.exists();
    if !is_new && fs::read_dir(&into).map_or(true, |mut entries| entries.next().is_some()) {
        return Err(Refusal::new(RefusalKind::Invalid, "place_is_not_empty"));
    }
    let restored = backup::restore(&into, file, &keys);
    if restored.is_err() && is_new {
        // Only what is empty goes.
        let _ = fs::remove_file(into.join("head.anchor"));
        let _ = fs::remove_dir(&into);
    }
    let (whole, _) = restored?;
    let found = found(&whole);
    voice.say(&found, |lang| found_text(lang, "shell.backup.restored", &found))
}
