//! Reading a backup: rows, then files, then a foot that says that these were all.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read as _};

use age::stream::StreamReader;
use age::{DecryptError, Decryptor};
use sha2::{Digest, Sha256};

use crate::store::backup::{
    CHUNK_BYTES, Card, FILE, FOOT, FORMAT, Key, PART_MAX, Piece, Spoilt, Sum, TITLE, Told,
    WITH_FILES,
};
use crate::store::fault::Fault;
use crate::store::journal::Hash;
use crate::store::vault::{Chunk, ChunkPlace};

/// The rows and files of a backup, one after the other. Only when all of them were read is it known to be
/// whole; what is wrong comes as an error in the place of a row.
pub struct Rows {
    /// What it says of itself.
    pub card: Card,
    input: StreamReader<BufReader<File>>,
    sum: Sum,
    /// The file that is being read.
    file: Option<Inside>,
    is_over: bool,
}

/// Where one is in a file.
struct Inside {
    digest: Hash,
    n_left: u64,
    hash: Sha256,
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
    let json = match take_part(&mut input)? {
        Part::Bytes(json) => json,
        Part::File | Part::Foot => return Err(Spoilt::Damaged),
    };
    let format = serde_json::from_slice(&json)
        .ok()
        .and_then(|card: serde_json::Value| card.get("format")?.as_u64())
        .and_then(|format| u32::try_from(format).ok())
        .ok_or(Spoilt::Damaged)?;
    if format > FORMAT {
        return Err(Spoilt::Newer(format));
    }
    let card = serde_json::from_slice(&json).map_err(|_| Spoilt::Damaged)?;
    Ok(Rows { card, input, sum: Sum::default(), file: None, is_over: false })
}

impl Rows {
    /// How many rows were read.
    pub fn n_rows(&self) -> u64 {
        self.sum.n_rows
    }

    /// How many files were read.
    pub fn n_files(&self) -> u64 {
        self.sum.n_files
    }

    pub(super) fn told(&self) -> Told {
        self.sum.told()
    }

    /// The next row, or bytes of a file; none when the foot says that these were all.
    fn piece(&mut self) -> Result<Option<Piece>, Spoilt> {
        if self.file.is_some() {
            return self.chunk().map(|chunk| Some(Piece::File(chunk)));
        }
        let key = match take_part(&mut self.input)? {
            Part::Bytes(key) if self.sum.n_files == 0 => key,
            // Rows come before files.
            Part::Bytes(_) => return Err(Spoilt::Damaged),
            Part::Foot => {
                self.foot()?;
                return Ok(None);
            }
            Part::File if self.card.format >= WITH_FILES => {
                self.begin_file()?;
                return self.chunk().map(|chunk| Some(Piece::File(chunk)));
            }
            Part::File => return Err(Spoilt::Damaged),
        };
        let Part::Bytes(value) = take_part(&mut self.input)? else { return Err(Spoilt::Damaged) };
        self.sum.add(&key, &value);
        Ok(Some(Piece::Row((key, value))))
    }

    fn begin_file(&mut self) -> Result<(), Spoilt> {
        let digest = self.take::<32>()?;
        let n_left = u64::from_be_bytes(self.take()?);
        self.sum.add_file(&digest, n_left);
        self.file = Some(Inside { digest, n_left, hash: Sha256::new() });
        Ok(())
    }

    /// The next bytes of the file that is being read.
    fn chunk(&mut self) -> Result<Chunk, Spoilt> {
        let Some(mut file) = self.file.take() else { return Err(Spoilt::Damaged) };
        let n_bytes = file.n_left.min(CHUNK_BYTES);
        let mut bytes = vec![0; usize::try_from(n_bytes).unwrap_or_default()];
        self.input.read_exact(&mut bytes).map_err(|error| reading(&error))?;
        file.hash.update(&bytes);
        file.n_left -= n_bytes;
        let digest = file.digest;
        if file.n_left > 0 {
            self.file = Some(file);
            return Ok(Chunk { digest, bytes, place: ChunkPlace::Within });
        }
        let own: Hash = file.hash.finalize().into();
        if own != digest {
            return Err(Spoilt::Damaged);
        }
        Ok(Chunk { digest, bytes, place: ChunkPlace::Last })
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], Spoilt> {
        let mut bytes = [0; N];
        self.input.read_exact(&mut bytes).map_err(|error| reading(&error))?;
        Ok(bytes)
    }

    fn foot(&mut self) -> Result<(), Spoilt> {
        let n_rows = u64::from_be_bytes(self.take()?);
        let n_files = match self.card.format {
            format if format >= WITH_FILES => u64::from_be_bytes(self.take()?),
            _ => 0,
        };
        let told = Told { n_rows, n_files, digest: self.take()? };
        let mut more = [0; 1];
        let n_more = self.input.read(&mut more).map_err(|error| reading(&error))?;
        if told != self.told() || n_more > 0 {
            return Err(Spoilt::Damaged);
        }
        Ok(())
    }
}

impl Iterator for Rows {
    type Item = Result<Piece, Spoilt>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let piece = self.piece();
        self.is_over = !matches!(piece, Ok(Some(_)));
        piece.transpose()
    }
}

/// What follows in a backup.
enum Part {
    /// A key, a value or the card.
    Bytes(Vec<u8>),
    /// A file begins.
    File,
    /// The foot begins.
    Foot,
}

/// The next part.
fn take_part(input: &mut impl io::Read) -> Result<Part, Spoilt> {
    let mut length = [0; 4];
    input.read_exact(&mut length).map_err(|error| reading(&error))?;
    match u32::from_be_bytes(length) {
        FOOT => Ok(Part::Foot),
        FILE => Ok(Part::File),
        length if length > PART_MAX => Err(Spoilt::Damaged),
        length => {
            // Memory is taken as bytes come: a length alone takes none.
            let mut part = Vec::new();
            let n_read = input.take(u64::from(length)).read_to_end(&mut part);
            let n_read = n_read.map_err(|error| reading(&error))?;
            if n_read as u64 == u64::from(length) {
                Ok(Part::Bytes(part))
            } else {
                Err(Spoilt::Damaged)
            }
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
