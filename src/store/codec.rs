//! Values to bytes and back: one byte for the form, then JSON with the names of its fields.
//!
//! An older program can show what a newer one wrote, because unknown fields are passed over.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::domain::ids::{RecordRef, Version};
use crate::domain::record::Record;
use crate::store::fault::Fault;

/// The first byte of every value that is JSON in the clear.
pub(super) const JSON: u8 = 1;

/// A value as bytes.
///
/// # Errors
/// [`Fault::Damaged`] if the value has no JSON form, which no type of ours lacks.
pub(super) fn encode(value: &impl Serialize) -> Result<Vec<u8>, Fault> {
    let mut bytes = vec![JSON];
    serde_json::to_writer(&mut bytes, value)
        .map_err(|_| Fault::Damaged("a value has no JSON form"))?;
    Ok(bytes)
}

/// Bytes as a value; none if they are not of that form.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (form, json) = bytes.split_first()?;
    if *form != JSON {
        return None;
    }
    serde_json::from_slice(json).ok()
}

/// Bytes as a record that is sound and is the one that its key says.
pub(super) fn decode_record<R: Record>(record: RecordRef, bytes: &[u8]) -> Result<R, Fault> {
    let value: R = decode(bytes).ok_or(Fault::Undecodable(record))?;
    if value.reference() != record || value.version() == Version(0) {
        return Err(Fault::Undecodable(record));
    }
    match value.flaw() {
        Some(field) => Err(Fault::Unsound { record, field }),
        None => Ok(value),
    }
}

/// A record as JSON, after making sure that it can be read back.
pub(super) fn record_value<R: Record>(record: &R) -> Result<Value, Fault> {
    let reference = record.reference();
    if let Some(field) = record.flaw() {
        return Err(Fault::Unsound { record: reference, field });
    }
    let unreadable = |_| Fault::Undecodable(reference);
    let value = serde_json::to_value(record).map_err(unreadable)?;
    let again: R = serde::Deserialize::deserialize(&value).map_err(unreadable)?;
    if again.reference() != reference || again.version() != record.version() {
        return Err(Fault::Undecodable(reference));
    }
    Ok(value)
}

/// The number and version that a record's JSON names.
pub(super) fn envelope(value: &Value) -> Option<(u64, Version)> {
    let id = value.get("id")?.as_u64()?;
    let version = value.get("version")?.as_u64()?;
    Some((id, Version(version)))
}
