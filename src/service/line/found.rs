//! A text that narrows lines: which of them it finds.
//!
//! Cases and tasks are asked of the index; of what the index does not hold, which are few, the row
//! is read.

use std::collections::BTreeSet;

use crate::api::listing::LineFilter;
use crate::api::request::HITS_MAX;
use crate::domain::ids::{Kind, RecordRef};
use crate::search::query::Query;
use crate::service::line::{self, Placed, Reading};
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Service, lookup};
use crate::store::read::Snapshot;

/// What a text finds.
pub struct Found {
    /// The text.
    pub text: String,
    /// The cases and tasks.
    pub records: BTreeSet<RecordRef>,
    /// Whether those are all.
    pub is_whole: bool,
}

impl Found {
    /// What the text of a filter finds; none if it has none.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn of(
        service: &Service,
        (eye, ledger): (Eye<'_>, &Snapshot),
        only: &LineFilter,
    ) -> Result<Option<Self>, Stop> {
        let Some(text) = only.wanted_text() else { return Ok(None) };
        let mut wanted = Query::new(text, HITS_MAX as usize);
        wanted.kinds = vec![Kind::Case, Kind::Task];
        let hits = lookup::search(service, ledger, eye.asking, &wanted)?;
        let is_whole = hits.hits.len() == hits.total && hits.n_unread == 0;
        let records = hits.hits.iter().map(|hit| hit.record).collect();
        Ok(Some(Self { text: text.to_owned(), records, is_whole }))
    }

    /// Whether the text finds a line: by its case or task, else by what its row
    /// says.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn has(&self, reading: &Reading<'_>, (key, lined): &Placed) -> Result<bool, Stop> {
        if matches!(lined.owner.record.kind, Kind::Case | Kind::Task) {
            return Ok(self.records.contains(&lined.owner.record));
        }
        let Some(row) = line::row(&reading.eye, reading.ledger, (lined, key))? else {
            return Ok(false);
        };
        let of_case = row.case.is_some_and(|case| self.records.contains(&case.into()));
        let said = [Some(&row.title), Some(&row.number), row.person.as_ref(), row.village.as_ref()];
        Ok(of_case || said.into_iter().flatten().any(|said| said.contains(&self.text)))
    }
}
