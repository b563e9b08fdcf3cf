//! A backup: all rows of one revision in the order of their keys, encrypted to keys kept elsewhere.
//!
//! Within the encryption lie a title, a card that says of itself which format and revision it is,
//! the rows with their lengths, the files of attachments with theirs, and a foot with the numbers and
//! the SHA-256 of all that. Format 1 has no files.
//! INVARIANT: nothing is read of a backup that is not whole; what is under the backup's name is.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::str::FromStr;

use age::secrecy::ExposeSecret;
use age::{Encryptor, x25519};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::ids::Revision;
use crate::store::Store;
use crate::store::attached;
use crate::store::backup::reading::read;
use crate::store::fault::Fault;
use crate::store::journal::{self, Hash};
use crate::store::read::{Pair, Read, Snapshot};
use crate::store::vault::{Chunk, Vault};

pub mod reading;

/// The format of the backups that are written; older ones are read.
pub const FORMAT: u32 = 2;
/// The first format with files.
const WITH_FILES: u32 = 2;
/// The most keys that one backup is encrypted to.
pub const RECIPIENTS_MAX: usize = 8;

const TITLE: &[u8] = b"anjie-backup\n";
/// Stands where a row's length would: the foot follows.
const FOOT: u32 = u32::MAX;
/// Stands there too: a file follows, with its digest and its length.
const FILE: u32 = u32::MAX - 1;
/// How many bytes of a file are handed on at once.
const CHUNK_BYTES: u64 = 256 << 10;
/// The longest key or value of a row, and the longest card: far beyond what is ever written.
const PART_MAX: u32 = 64 << 20;

/// What is wrong with a backup.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Spoilt {
    /// It is no backup of a ledger.
    #[error("the file is no backup of a ledger")]
    Foreign,
    /// It was changed or cut off.
    #[error("the backup is damaged")]
    Damaged,
    /// None of the keys opens it.
    #[error("none of the keys opens the backup")]
    Locked,
    /// A newer program has made it.
    #[error("the backup has format {0}, which this program does not know")]
    Newer(u32),
    /// The ledger, or the machine under it, failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A public key that a backup is encrypted to.
#[derive(Clone)]
pub struct Recipient(x25519::Recipient);

impl FromStr for Recipient {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        text.trim().parse().map(Self).map_err(|_| ())
    }
}

/// A private key that opens backups.
pub struct Key(x25519::Identity);

impl Key {
    /// A fresh one.
    pub fn fresh() -> Self {
        Self(x25519::Identity::generate())
    }

    /// The keys of a file of them, one a line; lines that begin with a number sign are remarks.
    pub fn parse_all(text: &str) -> Option<Vec<Self>> {
        let lines = text.lines().map(str::trim);
        let keys = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        keys.map(|line| line.parse().map(Self).ok()).collect()
    }

    /// The text of the private key; whoever has it can read every backup.
    pub fn secret(&self) -> String {
        self.0.to_string().expose_secret().to_owned()
    }

    /// The text of the public key.
    pub fn public(&self) -> String {
        self.0.to_public().to_string()
    }
}

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Its format.
    pub format: u32,
    /// The revision that it holds.
    pub revision: Revision,
    /// The number of the journal's last line.
    pub sequence: u64,
    /// The SHA-256 of that line, in hexadecimal digits.
    pub head: String,
    /// The ledger's day on which it was made.
    pub on: NaiveDate,
    /// The moment at which it was made.
    pub at: DateTime<Utc>,
    /// How many files of attachments were missing or damaged when it was made; it lacks them.
    #[serde(default, skip_serializing_if = "is_none")]
    pub n_lost: u64,
}

fn is_none(count: &u64) -> bool {
    *count == 0
}

/// What comes out of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A row of the ledger.
    Row(Pair),
    /// Bytes of a file of an attachment.
    File(Chunk),
}

/// A backup that was made, read again and found whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// What it says of itself.
    pub card: Card,
    /// How many rows it holds.
    pub n_rows: u64,
    /// How many files of attachments it holds.
    pub n_files: u64,
    /// How many bytes its file has.
    pub n_bytes: u64,
    /// The SHA-256 of the file, in hexadecimal digits.
    pub digest: String,
}

impl Store {
    /// Makes a backup of the last committed state beside the ledger, in the place of the one before.
    ///
    /// Before it gets its name it is read again from the disk and compared, with a key that is made
    /// for this and forgotten: the server cannot open its own backups.
    ///
    /// # Errors
    /// The machine failed, or what was read is not what was written; the one before is still there.
    pub fn back_up(
        &self,
        when: (NaiveDate, DateTime<Utc>),
        to: &[Recipient],
    ) -> Result<Made, Spoilt> {
        let made = self.back_up_all(when, to);
        if made.is_err() {
            // What was written so far may be what filled the disk.
            let _ = self.shared.place.drop_backup_part();
        }
        made
    }

    fn back_up_all(
        &self,
        (on, at): (NaiveDate, DateTime<Utc>),
        to: &[Recipient],
    ) -> Result<Made, Spoilt> {
        let snapshot = self.read()?;
        let head = snapshot.head()?;
        let vault = self.vault()?;
        let (mut files, mut n_lost) = (Vec::new(), 0);
        // What one file has lost keeps nobody from saving the rest; the card tells of it.
        for digest in attached::named(&snapshot)? {
            match vault.verify(&digest)? {
                None => files.push(digest),
                Some(_loss) => n_lost += 1,
            }
        }
        let card = Card {
            format: FORMAT,
            revision: head.revision,
            sequence: head.sequence,
            head: journal::hex(&head.hash),
            on,
            at,
            n_lost,
        };
        let place = &self.shared.place;
        let proof = Key::fresh();
        let mut to = to.to_vec();
        to.push(Recipient(proof.0.to_public()));
        let file = place.backup_part()?;
        let content = Content { snapshot: &snapshot, vault: &vault, files: &files };
        let (told, out) = write(&content, &card, (&to, BufWriter::new(Counted::new(file))))?;
        drop(snapshot);
        let counted = out.into_inner().map_err(|error| writing(error.error()))?;
        let (file, n_bytes, digest) = counted.end();
        file.sync_all().map_err(|error| writing(&error))?;
        let mut rows = read(place.backup_again()?, &[proof])?;
        rows.by_ref().try_for_each(|piece| piece.map(|_piece| ()))?;
        if rows.card != card || rows.told() != told {
            return Err(Spoilt::Damaged);
        }
        place.publish_backup()?;
        Ok(Made {
            card,
            n_rows: told.n_rows,
            n_files: told.n_files,
            n_bytes,
            digest: journal::hex(&digest),
        })
    }

    /// The file of the newest backup.
    ///
    /// # Errors
    /// [`Fault::Missing`] if there is none.
    pub fn backup(&self) -> Result<File, Fault> {
        self.shared.place.backup()
    }
}

/// What goes into a backup.
struct Content<'c> {
    snapshot: &'c Snapshot,
    vault: &'c Vault,
    /// The digests of the files.
    files: &'c [String],
}

/// How many rows and files there are, and the SHA-256 of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Told {
    n_rows: u64,
    n_files: u64,
    digest: Hash,
}

/// Rows on their way in or out.
#[derive(Default)]
struct Sum {
    n_rows: u64,
    n_files: u64,
    hash: Sha256,
}

impl Sum {
    /// The bytes of a file are those of its digest.
    fn add_file(&mut self, digest: &Hash, n_bytes: u64) {
        self.n_files += 1;
        self.hash.update(digest);
        self.hash.update(n_bytes.to_be_bytes());
    }

    fn add(&mut self, key: &[u8], value: &[u8]) {
        self.n_rows += 1;
        for part in [key, value] {
            self.hash.update((part.len() as u64).to_be_bytes());
            self.hash.update(part);
        }
    }

    fn told(&self) -> Told {
        let (n_rows, n_files) = (self.n_rows, self.n_files);
        Told { n_rows, n_files, digest: self.hash.clone().finalize().into() }
    }
}

/// Writes all rows of a snapshot and the files that it names; gives what was written, and the writer back.
///
/// # Errors
/// The ledger or the machine failed; what was written is then no backup.
fn write<W: Write>(
    content: &Content<'_>,
    card: &Card,
    (to, out): (&[Recipient], W),
) -> Result<(Told, W), Spoilt> {
    let recipients = to.iter().map(|recipient| &recipient.0 as &dyn age::Recipient);
    let encryptor = Encryptor::with_recipients(recipients).map_err(|_| Spoilt::Locked)?;
    let mut out = encryptor.wrap_output(out).map_err(|error| writing(&error))?;
    let json = serde_json::to_vec(card).map_err(|_| Fault::Damaged("a card has no JSON form"))?;
    out.write_all(TITLE).map_err(|error| writing(&error))?;
    put(&mut out, &json)?;
    let mut sum = Sum::default();
    content.snapshot.dump(&mut |key, value| {
        sum.add(key, value);
        put(&mut out, key)?;
        put(&mut out, value)?;
        Ok(ControlFlow::Continue(()))
    })?;
    for digest in content.files {
        put_file(&mut out, content.vault, (digest, &mut sum))?;
    }
    let told = sum.told();
    let counts = [told.n_rows.to_be_bytes(), told.n_files.to_be_bytes()].concat();
    let foot = [&FOOT.to_be_bytes()[..], &counts, &told.digest].concat();
    out.write_all(&foot).map_err(|error| writing(&error))?;
    let out = out.finish().map_err(|error| writing(&error))?;
    Ok((told, out))
}

/// Writes a file with its digest and its length.
fn put_file(
    out: &mut impl Write,
    vault: &Vault,
    (digest, sum): (&str, &mut Sum),
) -> Result<(), Fault> {
    let hash = journal::parse_hex(digest).ok_or(Fault::Damaged("a digest is none"))?;
    let n_bytes = vault.length(digest)?;
    sum.add_file(&hash, n_bytes);
    let head = [&FILE.to_be_bytes()[..], &hash, &n_bytes.to_be_bytes()].concat();
    out.write_all(&head).map_err(|error| writing(&error))?;
    let mut n_written = 0;
    vault.each_chunk(digest, &mut |bytes| {
        n_written += bytes.len() as u64;
        out.write_all(bytes).map_err(|error| writing(&error))
    })?;
    // Nothing writes a file that has its name; the machine did.
    if n_written == n_bytes { Ok(()) } else { Err(Fault::Damaged("a file has changed")) }
}

fn put(out: &mut impl Write, part: &[u8]) -> Result<(), Fault> {
    let length = u32::try_from(part.len()).ok().filter(|length| *length <= PART_MAX);
    let length = length.ok_or(Fault::Damaged("a row is too long"))?;
    let written = out.write_all(&length.to_be_bytes()).and_then(|()| out.write_all(part));
    written.map_err(|error| writing(&error))
}

fn writing(error: &io::Error) -> Fault {
    Fault::from_io("writing a backup", error)
}

/// A file whose bytes are counted and summed up while they are written.
struct Counted {
    file: File,
    n_bytes: u64,
    hash: Sha256,
}

impl Counted {
    fn new(file: File) -> Self {
        Self { file, n_bytes: 0, hash: Sha256::new() }
    }

    fn end(self) -> (File, u64, Hash) {
        (self.file, self.n_bytes, self.hash.finalize().into())
    }
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        self.n_bytes += n as u64;
        self.hash.update(bytes.get(..n).unwrap_or_default());
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
