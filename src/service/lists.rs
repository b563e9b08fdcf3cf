//! Lists of cases: windows of rows by key, in a named order, filtered in the scan.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::api::reply::{CasePage, Reply};
use crate::api::request::{self, CaseQuery, ROWS_MAX, Way, Whose};
use crate::domain::case::{Case, Stage};
use crate::domain::ids::{CaseId, Kind};
use crate::domain::policy::{self, Scope};
use crate::search::query::Query;
use crate::service::agenda::{facets_of, own_sealed};
use crate::service::stop::Stop;
use crate::service::view::{self, Eye};
use crate::service::{Asking, Service, lookup};
use crate::store::key::{Order, Space, Span};
use crate::store::read::{Read, Snapshot};
use crate::store::tables::{self, Facet, Listed, Sort};

/// The most index rows that one page looks at.
const SCAN_MAX: usize = 20_000;

/// Answers `Cases`.
///
/// # Errors
/// A damaged ledger.
pub fn read(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &CaseQuery,
) -> Result<Reply, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let list = List { eye, snapshot, query };
    let page = match query.text.as_deref().map(str::trim) {
        Some(text) if !text.is_empty() => list.narrowed(service, text)?,
        Some(_) | None => list.page()?,
    };
    Ok(Reply::Cases(page))
}

struct List<'l> {
    eye: Eye<'l>,
    snapshot: &'l Snapshot,
    query: &'l CaseQuery,
}

impl List<'_> {
    /// A window of the list by key.
    fn page(&self) -> Result<CasePage, Stop> {
        let facets = self.facets();
        let most = self.query.most.clamp(1, ROWS_MAX) as usize;
        let from = self.query.from.as_ref().and_then(view::key_of);
        let order = match self.query.way {
            Way::Forward => Order::Forward,
            Way::Backward | Way::FromEnd => Order::Backward,
        };
        let mut found: Vec<(Vec<u8>, CaseId)> = Vec::new();
        for facet in &facets {
            found.extend(self.scan(*facet, (from.as_deref(), order), most + 1)?);
        }
        found.sort_unstable();
        found.dedup_by_key(|(_, id)| *id);
        if order == Order::Backward {
            found.reverse();
        }
        let more = found.len() > most;
        found.truncate(most);
        if order == Order::Backward {
            found.reverse();
        }
        let mut rows = Vec::with_capacity(found.len());
        for (place, id) in &found {
            if let Some(case) = self.visible(*id)? {
                rows.push(self.eye.row(self.snapshot, &case, place)?);
            }
        }
        let (before, after) = match self.query.way {
            Way::Forward => (from.is_some(), more),
            Way::Backward => (more, from.is_some()),
            Way::FromEnd => (more, false),
        };
        Ok(CasePage { rows, total: self.total(&facets)?, before, after })
    }

    /// The rows of a list that a text finds, the best first; one page only.
    fn narrowed(&self, service: &Service, text: &str) -> Result<CasePage, Stop> {
        let mut wanted = Query::new(text, request::HITS_MAX as usize);
        wanted.kinds = vec![Kind::Case];
        let found = lookup::search(service, self.snapshot, self.eye.asking, &wanted)?;
        let mut rows = Vec::new();
        let mut passed_all = true;
        for hit in &found.hits {
            let Some(case) = self.visible(CaseId(hit.record.id))? else { continue };
            if self.passes_case(&case) {
                rows.push(self.eye.row(self.snapshot, &case, &[])?);
            } else {
                passed_all = false;
            }
        }
        let complete = found.hits.len() == found.total && found.n_unread == 0;
        let total = if complete {
            Some(rows.len() as u64)
        } else if passed_all && found.n_unread == 0 {
            Some(found.total as u64)
        } else {
            None
        };
        rows.truncate(self.query.most.clamp(1, ROWS_MAX) as usize);
        Ok(CasePage { rows, total, before: false, after: false })
    }

    /// The lists to read: that of the stage if only a stage is asked for, else those of the owner.
    fn facets(&self) -> Vec<Facet> {
        let asker = &self.eye.asking.asker;
        match (self.query.whose, self.query.stage) {
            (Whose::All, Some(stage)) if asker.sees_town() => {
                std::iter::once(Facet::Stage(stage)).chain(own_sealed(self.eye.asking)).collect()
            }
            (_, Some(Stage::History)) => vec![Facet::Stage(Stage::History)],
            (whose, _) => facets_of(self.eye.asking, whose),
        }
    }

    /// The order that the list is read in: only open cases have a place by due day.
    fn sort(&self) -> Sort {
        match (self.query.sort, self.query.stage) {
            (request::Sort::Due, Some(stage)) if !stage.is_open() => Sort::Received,
            (request::Sort::Due, _) => Sort::Due,
            (request::Sort::Received, _) => Sort::Received,
        }
    }

    fn scan(
        &self,
        facet: Facet,
        (from, order): (Option<&[u8]>, Order),
        most: usize,
    ) -> Result<Vec<(Vec<u8>, CaseId)>, Stop> {
        let prefix = tables::list_prefix(facet, self.sort());
        let mut span = Span::prefix(Space::Index, &prefix);
        if let Some(from) = from {
            let place = [prefix.as_slice(), from].concat();
            span = if order == Order::Forward { span.after(&place) } else { span.before(&place) };
        }
        let mut found = Vec::new();
        let mut n_looked = 0;
        self.snapshot.scan(&span, order, &mut |key, value| {
            n_looked += 1;
            if let Some(listed) = tables::parse_listed(key, value).filter(|row| self.passes(row)) {
                found.push((key.get(prefix.len()..).unwrap_or_default().to_vec(), listed.id));
            }
            let enough = found.len() >= most || n_looked >= SCAN_MAX;
            Ok(if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        Ok(found)
    }

    /// Whether a row passes filters and scope; tested before anything is counted or loaded.
    fn passes(&self, row: &Listed) -> bool {
        let asking = self.eye.asking;
        let stage_fits = self.query.stage.is_none_or(|stage| stage == row.stage);
        let late_fits = !self.query.late_only || row.due_on.is_some_and(|due| due < asking.today);
        // A sealed row stands in its readers' lists only.
        let may = row.scope.sealed || policy::sees(&asking.asker, &row.scope, None);
        stage_fits && late_fits && may
    }

    fn passes_case(&self, case: &Case) -> bool {
        let asker = &self.eye.asking.asker;
        let stage = case.stage();
        let stage_fits = self.query.stage.is_none_or(|wanted| wanted == stage);
        let whose_fits = match self.query.whose {
            Whose::All => true,
            Whose::Mine => {
                let officers: BTreeSet<_> = case.officers();
                asker.officer.is_some_and(|officer| officers.contains(&officer))
                    || !officers.is_disjoint(&asker.stands_in)
                    || (asker.village.is_some() && asker.village == case.village)
            }
            Whose::Officer(officer) => case.officers().contains(&officer),
            Whose::Unit(unit) => case.unit == Some(unit) || case.village == Some(unit),
        };
        let late_fits = !self.query.late_only
            || self
                .eye
                .deadlines(case)
                .iter()
                .any(|clock| clock.standing == crate::domain::standing::Standing::Late);
        stage_fits && whose_fits && late_fits
    }

    fn visible(&self, id: CaseId) -> Result<Option<Case>, Stop> {
        let case: Option<Case> = self.snapshot.load(id.0)?;
        Ok(case.filter(|case| {
            policy::sees(&self.eye.asking.asker, &Scope::of(case), case.readers.as_ref())
        }))
    }

    /// How many the list has, where a kept count says so.
    fn total(&self, facets: &[Facet]) -> Result<Option<u64>, Stop> {
        let by_stage = self.query.stage.is_some()
            && !facets.iter().any(|facet| matches!(facet, Facet::Stage(_)));
        let sealed_by_stage = self.query.stage.is_some();
        if self.query.late_only || by_stage {
            return Ok(None);
        }
        let of_officers = facets.iter().filter(|facet| matches!(facet, Facet::Officer(_)));
        if of_officers.count() > 1 {
            // Whoever stands in may have the same case twice.
            let mut own = BTreeSet::new();
            for facet in facets {
                let found = self.scan(*facet, (None, Order::Forward), SCAN_MAX)?;
                own.extend(found.into_iter().map(|(_, id)| id));
            }
            return Ok(Some(own.len() as u64));
        }
        let mut sum = 0;
        for facet in facets {
            if sealed_by_stage && matches!(facet, Facet::Reader(_)) {
                // Few enough to be counted one by one.
                sum += self.scan(*facet, (None, Order::Forward), SCAN_MAX)?.len() as u64;
                continue;
            }
            let key = if self.sort() == Sort::Due {
                tables::open_count(*facet)
            } else {
                tables::listed_count(*facet)
            };
            sum += self.snapshot.count(&key)?;
        }
        Ok(Some(sum))
    }
}
