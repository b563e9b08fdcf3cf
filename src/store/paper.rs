//! The index of the numbers of papers: which case used which serial of which series.

use crate::domain::case::Case;
use crate::domain::ids::CaseId;
use crate::domain::paper::{self, Place};
use crate::store::key::{Row, join};
use crate::store::tables::last_id;

/// The index, by the first byte of its keys.
const NUMBERS: u8 = 0x60;

/// The rows that follow from the papers of a case.
pub fn paper_rows(case: &Case) -> Vec<Row> {
    let row = |(step, place): (u32, Place)| {
        let tail = [&place.serial.to_be_bytes()[..], &step.to_be_bytes(), &case.id.0.to_be_bytes()];
        Row::Entry {
            key: join(&[&numbers_prefix(&place.series), &tail.concat()]),
            value: Vec::new(),
        }
    };
    paper::places(case).map(row).collect()
}

/// The head of the keys of a series.
pub fn numbers_prefix(series: &str) -> Vec<u8> {
    join(&[&[NUMBERS], series.as_bytes(), &[0]])
}

/// The serial, the step and the case of a key under [`numbers_prefix`].
pub fn number_of(prefix: &[u8], key: &[u8]) -> Option<(u32, u32, CaseId)> {
    let (serial, rest) = key.get(prefix.len()..)?.split_first_chunk::<4>()?;
    let (step, _) = rest.split_first_chunk::<4>()?;
    let case = CaseId(last_id(key)?);
    Some((u32::from_be_bytes(*serial), u32::from_be_bytes(*step), case))
}
