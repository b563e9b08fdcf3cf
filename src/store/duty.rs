//! Index keys of recurring work and of indicators.
//!
//! Recurring work is listed by its place in the template and its village; a row carries what a scan
//! must know before it loads anything. An indicator is found by year and key.

use crate::domain::choice::IndicatorKey;
use crate::domain::duty::Duty;
use crate::domain::figure::Indicator;
use crate::domain::ids::{DutyId, OfficerId, UnitId};
use crate::domain::policy::Scope;
use crate::domain::record::Record;
use crate::store::key::{Row, join};
use crate::store::tables::line::{Owner, line_rows};
use crate::store::tables::{Facet, plain_rows};

/// Indexes, by the first byte of their keys.
const DUTIES: u8 = 0x50;
const INDICATORS: u8 = 0x51;

/// What a row says of recurring work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedDuty {
    /// Which.
    pub id: DutyId,
    /// The place among the duties of the template.
    pub order: u32,
    /// Who may see it.
    pub scope: Scope,
}

/// The rows that follow from recurring work: its place in the list, and its line of the agenda.
pub fn duty_rows(duty: &Duty) -> Vec<Row> {
    let mut rows = plain_rows(duty.reference());
    let village = duty.village.map_or(0, |id| id.0).to_be_bytes();
    let id = duty.id.0.to_be_bytes();
    let key = join(&[
        &duties_prefix(),
        &duty.plan.0.to_be_bytes(),
        &duty.order.to_be_bytes(),
        &village,
        &id,
    ]);
    let officer = duty.officer.map_or(0, |id| id.0).to_be_bytes();
    let value = join(&[&id, &duty.order.to_be_bytes(), &village, &officer]);
    rows.push(Row::Entry { key, value });
    let owner = Owner { record: duty.id.into(), scope: duty.scope(), unit: duty.unit };
    let mut facets = vec![Facet::All];
    facets.extend(duty.village.map(Facet::Village));
    facets.extend(duty.unit.filter(|unit| duty.village != Some(*unit)).map(Facet::Unit));
    facets.extend(duty.officer.map(Facet::Officer));
    rows.extend(line_rows(owner, &facets, &duty.lines()));
    rows
}

/// The rows that follow from an indicator's year.
pub fn indicator_rows(own: &Indicator) -> Vec<Row> {
    let mut rows = plain_rows(own.reference());
    let key = join(&[&indicator_prefix(own.year, Some(own.key)), &own.id.0.to_be_bytes()]);
    rows.push(Row::Entry { key, value: Vec::new() });
    rows
}

/// The head of the keys of all recurring work, in the order of plans, template and villages.
pub fn duties_prefix() -> Vec<u8> {
    vec![DUTIES]
}

/// The head of the keys of the indicators of a year, or of one of them.
pub fn indicator_prefix(year: i32, key: Option<IndicatorKey>) -> Vec<u8> {
    let head = join(&[&[INDICATORS], &year.to_be_bytes()]);
    match key {
        Some(key) => join(&[&head, key.word().as_bytes(), &[0]]),
        None => head,
    }
}

/// What a row of [`duties_prefix`] says.
pub fn parse_duty(value: &[u8]) -> Option<ListedDuty> {
    let number = |at: usize| -> Option<u64> {
        Some(u64::from_be_bytes(value.get(at..at + 8)?.try_into().ok()?))
    };
    let maybe = |at| number(at).map(|id| (id != 0).then_some(id));
    Some(ListedDuty {
        id: DutyId(number(0)?),
        order: u32::from_be_bytes(value.get(8..12)?.try_into().ok()?),
        scope: Scope {
            village: maybe(12)?.map(UnitId),
            handler: maybe(20)?.map(OfficerId),
            ..Scope::default()
        },
    })
}
