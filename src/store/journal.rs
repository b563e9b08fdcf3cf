//! The journal: one line for each record of each change, chained by hashes.
//!
//! A line names fields and holds salted commitments to their old and new values; the values lie
//! beside it, so that a value can be erased and the chain stays whole.
//! INVARIANT: each line holds the SHA-256 of the line before it; the head is the last line's.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::domain::fact::Fact;
use crate::domain::ids::{RecordRef, RequestId, Revision, Version};
use crate::store::codec;
use crate::store::fault::Fault;
use crate::store::key::{self, Space};
use crate::store::write::Work;

/// The field of a fact that is a whole record: it was made or removed.
pub const WHOLE: &str = "*";

/// A SHA-256.
pub type Hash = [u8; 32];

const SALT_BYTES: usize = 16;
/// The first byte of a value that was erased.
const ERASED: u8 = 0;

/// Who changed something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Somebody with an account.
    Clerk {
        /// The account's number, as the kernel gave it.
        uid: u32,
        /// The account's name at that time.
        login: String,
    },
    /// The program itself, by a rule.
    System,
}

/// What the lines of one change have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The name that the client gave to the change.
    pub change: RequestId,
    /// The import or other batch that the change belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<RequestId>,
    /// The key of the act, such as `case.accept`.
    pub act: String,
    /// Who did it.
    pub actor: Actor,
    /// The day on which it happened.
    pub on: NaiveDate,
    /// The moment at which it was entered.
    pub at: DateTime<Utc>,
    /// The change that it takes back, or makes again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takes_back: Option<TakesBack>,
}

/// Which change another one takes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakesBack {
    /// The name of the change.
    pub change: RequestId,
    /// The key of its act.
    pub act: String,
}

/// What a line says about its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// The record was made.
    Created,
    /// Fields of it were changed.
    Changed,
    /// It was taken out of the ledger.
    Removed,
    /// A month of the access log was closed; there is no record.
    Sealed,
    /// The lines of a month of the access log were dropped after their time; there is no record.
    Dropped,
}

/// The end of a chain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Head {
    /// The number of the last line; 0 if there is none.
    pub sequence: u64,
    /// How often the ledger has been changed.
    pub revision: Revision,
    /// The SHA-256 of the last line; of the ledger's own name if there is no line.
    pub hash: Hash,
}

impl Head {
    pub(super) const KEY: &'static [u8] = b"head";

    pub(super) fn to_bytes(self) -> Vec<u8> {
        let (sequence, revision) = (self.sequence.to_be_bytes(), self.revision.0.to_be_bytes());
        key::join(&[&[codec::JSON], &sequence, &revision, &self.hash])
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (_, rest) = bytes.split_first()?;
        let (sequence, rest) = key::split_number(rest)?;
        let (revision, rest) = key::split_number(rest)?;
        let hash = rest.try_into().ok()?;
        Some(Self { sequence, revision: Revision(revision), hash })
    }
}

/// A line as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number; lines are numbered without gaps from 1.
    pub sequence: u64,
    /// The revision that the change made.
    pub revision: Revision,
    /// What happened.
    pub deed: Deed,
    /// The record; none if the line is about a month of the access log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordRef>,
    /// The record's version afterwards.
    pub version: Version,
    /// Who, when and why.
    pub stamp: Stamp,
    /// The fields, in the order of the commitments; [`WHOLE`] for the whole record.
    pub fields: Vec<String>,
    /// The month that was closed or dropped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Seal>,
}

/// The end of a month of the access log, as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// Year times hundred plus month.
    pub month: u32,
    /// How many lines the month has.
    pub n_lines: u64,
    /// The SHA-256 of its last line, in hexadecimal digits.
    pub head: String,
}

/// A line with what its bytes say beyond it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sealed<L> {
    /// The line.
    pub line: L,
    /// The SHA-256 of the line before.
    pub previous: Hash,
    /// One commitment for each salted text that lies beside.
    pub commitments: Vec<Hash>,
}

/// A salted text beside a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Beside {
    /// The JSON of it, and the salt.
    Kept {
        /// Random bytes, so that nobody can guess the text from its commitment.
        salt: [u8; SALT_BYTES],
        /// What was said.
        json: Vec<u8>,
    },
    /// It was erased by the change with this line.
    Erased {
        /// The line that orders the erasure.
        by: u64,
    },
}

/// What happens to one record in one change.
pub(super) struct Entry<'e> {
    /// What happened.
    pub deed: Deed,
    /// The record.
    pub record: RecordRef,
    /// Its version afterwards.
    pub version: Version,
    /// The fields that changed.
    pub facts: &'e [Fact],
}

/// Appends a line and what lies beside it.
pub(super) fn append(work: &mut Work<'_>, stamp: &Stamp, entry: &Entry<'_>) -> Result<(), Fault> {
    let sequence = work.chain().sequence + 1;
    let revision = work.raise(sequence);
    let mut commitments = Vec::with_capacity(entry.facts.len());
    for (place, fact) in entry.facts.iter().enumerate() {
        let beside = salt(&(&fact.old, &fact.new))?;
        commitments.push(commitment(&fact.field, &beside));
        work.set(Space::Value, &key::value_key(sequence, place), Some(beside_bytes(&beside)));
    }
    let line = Line {
        sequence,
        revision,
        deed: entry.deed,
        record: Some(entry.record),
        version: entry.version,
        stamp: stamp.clone(),
        fields: entry.facts.iter().map(|fact| fact.field.clone()).collect(),
        seal: None,
    };
    let by_record = key::version_key(entry.record, entry.version);
    work.set(Space::LineOfRecord, &by_record, Some(sequence.to_be_bytes().to_vec()));
    push(work, line, commitments)
}

/// Writes a line at the end of the chain.
pub(super) fn push(work: &mut Work<'_>, line: Line, commitments: Vec<Hash>) -> Result<(), Fault> {
    let sequence = line.sequence;
    let bytes = line_bytes(&Sealed { line, previous: work.chain().hash, commitments })?;
    work.advance(sequence, hash(&bytes));
    work.set(Space::Line, &sequence.to_be_bytes(), Some(bytes));
    Ok(())
}

/// A line as bytes: form, hash of the line before, number of commitments, commitments, JSON.
pub(super) fn line_bytes<L: Serialize>(sealed: &Sealed<L>) -> Result<Vec<u8>, Fault> {
    let json = codec::encode(&sealed.line)?;
    let n = u32::try_from(sealed.commitments.len())
        .map_err(|_| Fault::Damaged("a change has too many fields"))?;
    let mut bytes = vec![codec::JSON];
    bytes.extend_from_slice(&sealed.previous);
    bytes.extend_from_slice(&n.to_be_bytes());
    for commitment in &sealed.commitments {
        bytes.extend_from_slice(commitment);
    }
    bytes.extend_from_slice(json.get(1..).unwrap_or_default());
    Ok(bytes)
}

/// A line from bytes; none if they are not of that form.
pub(super) fn parse_line<L: serde::de::DeserializeOwned>(bytes: &[u8]) -> Option<Sealed<L>> {
    let (form, rest) = bytes.split_first()?;
    if *form != codec::JSON {
        return None;
    }
    let (previous, rest) = rest.split_first_chunk::<32>()?;
    let (n, mut rest) = rest.split_first_chunk::<4>()?;
    let mut commitments = Vec::new();
    for _ in 0..u32::from_be_bytes(*n) {
        let (commitment, behind) = rest.split_first_chunk::<32>()?;
        commitments.push(*commitment);
        rest = behind;
    }
    let line = serde_json::from_slice(rest).ok()?;
    Some(Sealed { line, previous: *previous, commitments })
}

/// A text with a fresh salt.
pub(super) fn salt(text: &impl Serialize) -> Result<Beside, Fault> {
    let json = serde_json::to_vec(text).map_err(|_| Fault::Damaged("a value has no JSON form"))?;
    Ok(Beside::Kept { salt: random()?, json })
}

/// Random bytes from the kernel.
pub(super) fn random<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Fault::Io { doing: "drawing a salt", code: 0 })?;
    Ok(bytes)
}

/// The commitment to a named text: SHA-256(salt, length of the name, name, JSON).
///
/// An erased text has none; its line keeps the one that was made.
pub(super) fn commitment(field: &str, beside: &Beside) -> Hash {
    let mut hash = Sha256::new();
    if let Beside::Kept { salt, json } = beside {
        hash.update(salt);
        hash.update((field.len() as u64).to_be_bytes());
        hash.update(field);
        hash.update(json);
    }
    hash.finalize().into()
}

/// What lies beside a line, as bytes.
pub(super) fn beside_bytes(beside: &Beside) -> Vec<u8> {
    match beside {
        Beside::Kept { salt, json } => key::join(&[&[codec::JSON], salt, json]),
        Beside::Erased { by } => key::join(&[&[ERASED], &by.to_be_bytes()]),
    }
}

/// What lies beside a line, from bytes.
pub(super) fn parse_beside(bytes: &[u8]) -> Option<Beside> {
    let (form, rest) = bytes.split_first()?;
    match *form {
        codec::JSON => {
            let (salt, json) = rest.split_first_chunk::<SALT_BYTES>()?;
            Some(Beside::Kept { salt: *salt, json: json.to_vec() })
        }
        ERASED => match key::split_number(rest)? {
            (by, []) => Some(Beside::Erased { by }),
            _ => None,
        },
        _ => None,
    }
}

/// The fact that a kept text tells; none if it was erased.
pub(super) fn fact(field: &str, beside: &Beside) -> Result<Option<Fact>, Fault> {
    let Beside::Kept { json, .. } = beside else { return Ok(None) };
    let (old, new): (Value, Value) =
        serde_json::from_slice(json).map_err(|_| Fault::Damaged("a fact has an odd form"))?;
    Ok(Some(Fact { field: field.to_owned(), old, new }))
}

/// The free text that is kept; none if it was erased or there never was one.
pub(super) fn text(beside: &Beside) -> Result<Option<String>, Fault> {
    let Beside::Kept { json, .. } = beside else { return Ok(None) };
    serde_json::from_slice(json).map_err(|_| Fault::Damaged("a text has an odd form"))
}

/// The SHA-256 of bytes.
pub(super) fn hash(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// A hash as hexadecimal digits.
pub fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A hash from hexadecimal digits.
pub(super) fn parse_hex(text: &str) -> Option<Hash> {
    let digits = text.as_bytes();
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut hash = [0; 32];
    for (place, byte) in hash.iter_mut().enumerate() {
        let pair = text.get(2 * place..2 * place + 2)?;
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(hash)
}
