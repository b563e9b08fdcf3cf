//! The index of the numbers of papers: which case used which serial of which series, and who bears
//! which number, typed by hand or given out.

use std::ops::ControlFlow;

use crate::domain::case::Case;
use crate::domain::ids::CaseId;
use crate::domain::paper::{self, Bears, Place};
use crate::store::fault::Fault;
use crate::store::key::{Order, Row, Space, Span, join};
use crate::store::read::Read;
use crate::store::tables::last_id;

/// The index, by the first byte of its keys.
const NUMBERS: u8 = 0x60;

/// The index of whole numbers, typed or given out, by the first byte of its keys.
const BORNE: u8 = 0x61;
const PAPER: u8 = 1;
const STEP: u8 = 0;

/// The rows that follow from the papers of a case, and from the numbers that its steps bear.
pub fn paper_rows(case: &Case) -> Vec<Row> {
    let row = |(step, place): (u32, Place)| {
        let tail = [&place.serial.to_be_bytes()[..], &step.to_be_bytes(), &case.id.0.to_be_bytes()];
        Row::Entry {
            key: join(&[&numbers_prefix(&place.series), &tail.concat()]),
            value: Vec::new(),
        }
    };
    let borne = |(step, number, bears): (u32, String, Bears)| {
        let tail = [&step.to_be_bytes()[..], &case.id.0.to_be_bytes()].concat();
        let by = if bears == Bears::Paper { PAPER } else { STEP };
        Row::Entry { key: join(&[&borne_prefix(&number), &tail]), value: vec![by] }
    };
    paper::places(case).map(row).chain(paper::borne(case).map(borne)).collect()
}

/// The head of the keys of those who bear a folded number.
fn borne_prefix(number: &str) -> Vec<u8> {
    join(&[&[BORNE], number.as_bytes(), &[0]])
}

/// Who bears a number: the case, its step, and how.
///
/// # Errors
/// A fault of the ledger.
pub fn bearers(ledger: &impl Read, number: &str) -> Result<Vec<(CaseId, u32, Bears)>, Fault> {
    let prefix = borne_prefix(&paper::folded(number));
    let mut found = Vec::new();
    ledger.scan(&Span::prefix(Space::Index, &prefix), Order::Forward, &mut |key, value| {
        let step = key.get(prefix.len()..).and_then(|rest| rest.first_chunk::<4>());
        if let Some((step, case)) = step.zip(last_id(key)) {
            let bears = if value == [PAPER] { Bears::Paper } else { Bears::Step };
            found.push((CaseId(case), u32::from_be_bytes(*step), bears));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(found)
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
