//! A backup: all rows of one revision in the order of their keys, encrypted to keys kept elsewhere.
//!
//! Within the encryption lie a title, a card that says of itself which format and revision it is,
//! the rows with their lengths, and a foot with their number and SHA-256.
//! INVARIANT: nothing is read of a backup that is not whole; what is under the backup's name is.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, ErrorKind, Read as _, Write};
use std::ops::ControlFlow;
use std::str::FromStr;

use age::secrecy::ExposeSecret;
use age::stream::StreamReader;
use age::{DecryptError, Decryptor, Encryptor, x25519};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::ids::Revision;
use crate::store::Store;
use crate::store::fault::Fault;
use crate::store::journal::{self, Hash};
use crate::store::read::{Pair, Read, Snapshot};

/// The format of the backups that are written; older ones are read.
pub const FORMAT: u32 = 1;
/// The most keys that one backup is encrypted to.
pub const RECIPIENTS_MAX: usize = 8;

const TITLE: &[u8] = b"anjie-backup\n";
/// Stands where a row's length would: the foot follows.
const FOOT: u32 = u32::MAX;
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
}

/// A backup that was made, read again and found whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// What it says of itself.
    pub card: Card,
    /// How many rows it holds.
    pub n_rows: u64,
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
        (on, at): (NaiveDate, DateTime<Utc>),
        to: &[Recipient],
    ) -> Result<Made, Spoilt> {
        let snapshot = self.read()?;
        let head = snapshot.head()?;
        let card = Card {
            format: FORMAT,
            revision: head.revision,
            sequence: head.sequence,
            head: journal::hex(&head.hash),
            on,
            at,
        };
        let place = &self.shared.place;
        let proof = Key::fresh();
        let mut to = to.to_vec();
        to.push(Recipient(proof.0.to_public()));
        let file = place.backup_part()?;
        let (told, out) = write(&snapshot, &card, (&to, BufWriter::new(Counted::new(file))))?;
        drop(snapshot);
        let counted = out.into_inner().map_err(|error| writing(error.error()))?;
        let (file, n_bytes, digest) = counted.end();
        file.sync_all().map_err(|error| writing(&error))?;
        let mut rows = read(place.backup_again()?, &[proof])?;
        rows.by_ref().try_for_each(|row| row.map(|_row| ()))?;
        if rows.card != card || rows.told() != told {
            return Err(Spoilt::Damaged);
        }
        place.publish_backup()?;
        Ok(Made { card, n_rows: told.n_rows, n_bytes, digest: journal::hex(&digest) })
    }

    /// The file of the newest backup.
    ///
    /// # Errors
    /// [`Fault::Missing`] if there is none.
    pub fn backup(&self) -> Result<File, Fault> {
        self.shared.place.backup()
    }
}

/// How many rows there are, and their SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Told {
    n_rows: u64,
    digest: Hash,
}

/// Rows on their way in or out.
#[derive(Default)]
struct Sum {
    n_rows: u64,
    hash: Sha256,
}

impl Sum {
    fn add(&mut self, key: &[u8], value: &[u8]) {
        self.n_rows += 1;
        for part in [key, value] {
            self.hash.update((part.len() as u64).to_be_bytes());
            self.hash.update(part);
        }
    }

    fn told(&self) -> Told {
        Told { n_rows: self.n_rows, digest: self.hash.clone().finalize().into() }
    }
}

/// Writes all rows of a snapshot; gives what was written, and the writer back.
///
/// # Errors
/// The ledger or the machine failed; what was written is then no backup.
fn write<W: Write>(
    snapshot: &Snapshot,
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
    snapshot.dump(&mut |key, value| {
        sum.add(key, value);
        put(&mut out, key)?;
        put(&mut out, value)?;
        Ok(ControlFlow::Continue(()))
    })?;
    let told = sum.told();
    let foot = [&FOOT.to_be_bytes()[..], &told.n_rows.to_be_bytes(), &told.digest].concat();
    out.write_all(&foot).map_err(|error| writing(&error))?;
    let out = out.finish().map_err(|error| writing(&error))?;
    Ok((told, out))
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

/// The rows of a backup, one after the other. Only when all of them were read is it known to be
/// whole; what is wrong comes as an error in the place of a row.
pub struct Rows {
    /// What it says of itself.
    pub card: Card,
    input: StreamReader<BufReader<File>>,
    sum: Sum,
    is_over: bool,
}

/// Opens a backup with the keys that are at hand.
///
/// # Errors
/// It is no backup, is damaged at its beginning, is newer, or no key opens it.
pub fn read(file: File, keys: &[Key]) -> Result<Rows, Spoilt> {
    let decryptor = Decryptor::new_buffered(BufReader::new(file)).map_err(opening)?;
    let identities = keys.iter().map(|key| &key.0 as &dyn age::Identity);
    let mut input = decryptor.decrypt(identities).map_err(opening)?;
    let mut title = [0; TITLE.len()];
    input.read_exact(&mut title).map_err(|error| reading(&error))?;
    if title != TITLE {
        return Err(Spoilt::Foreign);
    }
    let json = take_part(&mut input)?.ok_or(Spoilt::Damaged)?;
    let format = serde_json::from_slice(&json)
        .ok()
        .and_then(|card: serde_json::Value| card.get("format")?.as_u64())
        .and_then(|format| u32::try_from(format).ok())
        .ok_or(Spoilt::Damaged)?;
    if format > FORMAT {
        return Err(Spoilt::Newer(format));
    }
    let card = serde_json::from_slice(&json).map_err(|_| Spoilt::Damaged)?;
    Ok(Rows { card, input, sum: Sum::default(), is_over: false })
}

impl Rows {
    /// How many rows were read.
    pub fn n_rows(&self) -> u64 {
        self.sum.n_rows
    }

    fn told(&self) -> Told {
        self.sum.told()
    }

    /// The next row; none when the foot says that these were all.
    fn row(&mut self) -> Result<Option<Pair>, Spoilt> {
        let Some(key) = take_part(&mut self.input)? else {
            self.foot()?;
            return Ok(None);
        };
        let value = take_part(&mut self.input)?.ok_or(Spoilt::Damaged)?;
        self.sum.add(&key, &value);
        Ok(Some((key, value)))
    }

    fn foot(&mut self) -> Result<(), Spoilt> {
        let (mut n_rows, mut digest, mut more) = ([0; 8], [0; 32], [0; 1]);
        self.input.read_exact(&mut n_rows).map_err(|error| reading(&error))?;
        self.input.read_exact(&mut digest).map_err(|error| reading(&error))?;
        let told = Told { n_rows: u64::from_be_bytes(n_rows), digest };
        let n_more = self.input.read(&mut more).map_err(|error| reading(&error))?;
        if told != self.told() || n_more > 0 {
            return Err(Spoilt::Damaged);
        }
        Ok(())
    }
}

impl Iterator for Rows {
    type Item = Result<Pair, Spoilt>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let row = self.row();
        self.is_over = !matches!(row, Ok(Some(_)));
        row.transpose()
    }
}

/// The next part; none where the foot begins.
fn take_part(input: &mut impl io::Read) -> Result<Option<Vec<u8>>, Spoilt> {
    let mut length = [0; 4];
    input.read_exact(&mut length).map_err(|error| reading(&error))?;
    match u32::from_be_bytes(length) {
        FOOT => Ok(None),
        length if length > PART_MAX => Err(Spoilt::Damaged),
        length => {
            // Memory is taken as bytes come: a length alone takes none.
            let mut part = Vec::new();
            let n_read = input.take(u64::from(length)).read_to_end(&mut part);
            let n_read = n_read.map_err(|error| reading(&error))?;
            if n_read as u64 == u64::from(length) { Ok(Some(part)) } else { Err(Spoilt::Damaged) }
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the kernel's list of errors may grow")]
fn reading(error: &io::Error) -> Spoilt {
    match error.kind() {
        ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::Other => Spoilt::Damaged,
        _ => Fault::from_io("reading a backup", error).into(),
    }
}

fn opening(error: DecryptError) -> Spoilt {
    match error {
        DecryptError::NoMatchingKeys => Spoilt::Locked,
        DecryptError::InvalidHeader | DecryptError::UnknownFormat => Spoilt::Foreign,
        DecryptError::Io(error) => match reading(&error) {
            // Too short to be one.
            Spoilt::Damaged => Spoilt::Foreign,
            other => other,
        },
        DecryptError::DecryptionFailed
        | DecryptError::InvalidMac
        | DecryptError::KeyDecryptionFailed
        | DecryptError::ExcessiveWork { .. } => Spoilt::Damaged,
    }
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
