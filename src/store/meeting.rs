//! Index keys of meetings, as pure functions of a record: the list of matters, and decisions by
//! case, by the day they are owed, by the day they were done, and by meeting.

use chrono::NaiveDate;

use crate::domain::case::Case;
use crate::domain::ids::CaseId;
use crate::domain::meeting::Decision;
use crate::domain::record::Record;
use crate::store::key::{Row, join};
use crate::store::tables::line::{Owner, line_rows};
use crate::store::tables::{Facet, day_number, plain_rows};

/// Indexes, by the first byte of their keys.
const TABLED: u8 = 0xe0;
const BY_CASE: u8 = 0xe1;
const OWED: u8 = 0xe2;
const DONE: u8 = 0xe3;
const BY_MEETING: u8 = 0xe4;

/// The row of a case on the list of the meeting: by its day, those without one last.
pub fn tabled_row(case: &Case) -> Option<Row> {
    let tabled = case.tabled.as_ref().filter(|_| case.readers.is_none())?;
    let day = tabled.on.map_or(u32::MAX, day_number).to_be_bytes();
    let put_on = day_number(tabled.put_on).to_be_bytes();
    let key = join(&[&[TABLED], &day, &put_on, &case.id.0.to_be_bytes()]);
    Some(Row::Entry { key, value: Vec::new() })
}

/// The rows that follow from a decision and from what it owes.
pub fn decision_rows(decision: &Decision) -> Vec<Row> {
    let id = decision.id.0.to_be_bytes();
    let mut rows = plain_rows(decision.reference());
    let mut enter = |parts: &[&[u8]]| {
        rows.push(Row::Entry { key: join(parts), value: Vec::new() });
    };
    enter(&[&of_case(decision.case), &id]);
    enter(&[&of_meeting(decision.met_on), &id]);
    match &decision.outcome {
        None => enter(&[&owed(), &day_number(decision.due_on).to_be_bytes(), &id]),
        Some(outcome) => {
            let newest_first = u32::MAX - day_number(outcome.on);
            enter(&[&done(), &newest_first.to_be_bytes(), &id]);
        }
    }
    let owner = Owner { record: decision.id.into(), scope: decision.scope(), unit: None };
    // Not in the list of its village: what a meeting says is not for whom it may be about.
    let facets = [Facet::All, Facet::Officer(decision.officer)];
    rows.extend(line_rows(owner, &facets, &decision.owes()));
    rows
}

/// The head of the keys of all matters on the list.
pub fn tabled() -> Vec<u8> {
    vec![TABLED]
}

/// The head of the keys of a case's decisions, in the order of their making.
pub fn of_case(case: CaseId) -> Vec<u8> {
    join(&[&[BY_CASE], &case.0.to_be_bytes()])
}

/// The head of the keys of a meeting's decisions, in the order of their making.
pub fn of_meeting(on: NaiveDate) -> Vec<u8> {
    join(&[&[BY_MEETING], &day_number(on).to_be_bytes()])
}

/// The head of the keys of all decisions by meeting.
pub fn by_meeting() -> Vec<u8> {
    vec![BY_MEETING]
}

/// The head of the keys of decisions that are owed, the earliest first.
pub fn owed() -> Vec<u8> {
    vec![OWED]
}

/// The head of the keys of decisions that are done, the newest first.
pub fn done() -> Vec<u8> {
    vec![DONE]
}
