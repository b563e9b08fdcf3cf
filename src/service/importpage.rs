//! The report of a file: how many rows become what, and page by page what is refused and changed.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::incoming::{ImportRow, RowChange};
use crate::api::reply::{AlikeRows, Answers, ImportView, RowRefusal};
use crate::domain::choice::UnitKind;
use crate::service::importrow::Wrong;

/// The most rows of one page of a report.
const ROWS_MAX: usize = 100;
/// The most new names of units or officers that a report lists.
const NAMES_MAX: usize = 100;

/// What is counted and told of a file.
#[derive(Debug, Default)]
pub struct Page {
    /// Rows in all.
    pub n_rows: u64,
    /// Rows that become new records.
    pub n_new: u64,
    /// Rows that are there already, unchanged.
    pub n_same: u64,
    /// New persons.
    pub new_persons: u64,
    /// Rows that hang on a person who is there already.
    pub known_persons: u64,
    /// Units that are made with it.
    pub units: BTreeMap<String, UnitKind>,
    /// Officers that are made with it, and whether they lead.
    pub officers: BTreeMap<String, bool>,
    /// How long answers took.
    pub answers: Answers,
    /// Rows that are refused, and why.
    pub refusals: Vec<RowRefusal>,
    /// Rows that change what is there.
    pub changes: Vec<RowChange>,
}

impl Page {
    /// Notes why a row is refused.
    pub fn refuse(&mut self, index: u64, raw: &ImportRow, wrongs: Vec<Wrong>) {
        for wrong in wrongs {
            self.refusals.push(RowRefusal {
                index,
                sheet: raw.sheet.clone(),
                row: raw.row,
                column: Some(wrong.column),
                why: wrong.why,
                arg: wrong.arg,
                rule: wrong.rule,
            });
        }
    }

    /// The report, from a row on.
    pub fn view(&self, from: u64) -> ImportView {
        let refused: BTreeSet<u64> = self.refusals.iter().map(|refusal| refusal.index).collect();
        let told = self.refusals.iter().map(|one| one.index);
        let told = told.chain(self.changes.iter().map(|one| one.index));
        let told: BTreeSet<u64> = told.filter(|index| *index >= from).collect();
        let last = told.iter().copied().take(ROWS_MAX).max().unwrap_or(from);
        let is_on = |index: u64| (from..=last).contains(&index);
        ImportView {
            batch: None,
            rows: self.n_rows,
            new: self.n_new,
            same: self.n_same,
            updated: self.changes.len() as u64,
            refused: refused.len() as u64,
            new_persons: self.new_persons,
            known_persons: self.known_persons,
            new_units: self.units.keys().take(NAMES_MAX).cloned().collect(),
            new_officers: self.officers.keys().take(NAMES_MAX).cloned().collect(),
            answers: self.answers,
            alike: AlikeRows::default(),
            more: told.len() > ROWS_MAX,
            refusals: self.refusals.iter().filter(|one| is_on(one.index)).cloned().collect(),
            changes: self.changes.iter().filter(|one| is_on(one.index)).cloned().collect(),
        }
    }
}
