//! Lists of cases: windows of rows by key, in a named order, narrowed in the scan.
//!
//! By due day and by receipt the rows of an index are the list. By who is responsible, by village
//! and by stage the lists of each of them, one behind the other, are. Every other order is made of
//! the rows that the narrowest list has, of which a bounded number is looked at; a page says when
//! that was not the whole list.

use std::collections::BTreeSet;

use crate::api::listing::ValuePage;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{CasePage, Reply};
use crate::api::request::{self, CaseQuery, ROWS_MAX, Way, Whose};
use crate::domain::case::{Case, Stage};
use crate::domain::ids::{CaseId, Kind, OfficerId, UnitId};
use crate::domain::listing::{Column, Narrow, STAGES, Sort, Value};
use crate::domain::policy::{self, Scope, Sight};
use crate::search::query::Query;
use crate::service::agenda::{facets_of, own_sealed};
use crate::service::listing::{self, Groups, Tally};
use crate::service::stop::Stop;
use crate::service::view::{self, Eye};
use crate::service::{Asking, Service, lookup, order as desk};
use crate::store::read::{Read, Snapshot};
use crate::store::tables::{self, Facet, Lack, Listed};

mod order;

/// The words that stand for several stages.
const OPEN: &str = STAGES[0];
const EVERY: &str = STAGES[1];

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
    let list = List::new(eye, snapshot, query)?;
    let page = match list.text() {
        Some(text) => list.narrowed(service, text)?,
        None => list.page()?,
    };
    Ok(Reply::Cases(page))
}

/// The values of a column of a list of cases.
///
/// # Errors
/// A damaged ledger.
pub fn values(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    (query, column): (&CaseQuery, Column),
) -> Result<ValuePage, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let mut query = CaseQuery { only: query.only.without(column), ..query.clone() };
    if column == Column::Stage {
        query.stage = None;
        query.only.set(Column::Stage, Some(Value::word(EVERY)));
    }
    let list = List::new(eye, snapshot, &query)?;
    let mut tally = Tally::default();
    let (rows, cut) = match list.text() {
        Some(text) => {
            let (cases, whole) = list.found(service, text)?;
            (cases.iter().map(|case| list.listed(case)).collect(), !whole)
        }
        None => list.rows(&list.narrowest()?, &list.only)?,
    };
    for row in rows {
        tally.add(listing::of_case(&row, column, &list.groups));
    }
    Ok(tally.page(&book, (column, cut)))
}

/// How far the cases of a list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stages {
    /// Open ones.
    Open,
    /// All but those of an old ledger.
    All,
    /// Those of one stage.
    At(Stage),
}

impl Stages {
    fn has(self, stage: Stage) -> bool {
        match self {
            Self::Open => stage.is_open(),
            Self::All => true,
            Self::At(own) => own == stage,
        }
    }

    const fn one(self) -> Option<Stage> {
        match self {
            Self::At(stage) => Some(stage),
            Self::Open | Self::All => None,
        }
    }
}

struct List<'l> {
    eye: Eye<'l>,
    snapshot: &'l Snapshot,
    query: &'l CaseQuery,
    sort: Sort,
    stages: Stages,
    /// Whether the stages were asked for, and do not follow from the order.
    is_asked: bool,
    /// What narrows it besides.
    only: Narrow,
    groups: Groups,
}

impl<'l> List<'l> {
    fn new(eye: Eye<'l>, snapshot: &'l Snapshot, query: &'l CaseQuery) -> Result<Self, Stop> {
        let asked = match (query.stage, query.only.get(Column::Stage)) {
            (Some(stage), _) => Some(Stages::At(stage)),
            (None, Some(value)) => Some(stages_of(value)?),
            (None, None) => None,
        };
        let is_received = query.sort.by == Column::Received;
        let usual = if is_received { Stages::All } else { Stages::Open };
        let stages = asked.unwrap_or(usual);
        let is_over = stages.one().is_some_and(|stage| !stage.is_open());
        let is_masked = eye.asking.asker.sight == Sight::Masked;
        let sort = match query.sort.by {
            // Only open cases have a due day.
            Column::Due if is_over => Sort::RECEIVED,
            // A place would tell the name that is covered.
            Column::Petitioner | Column::Title if is_masked => Sort::RECEIVED,
            _ => query.sort,
        };
        let only = query.only.without(Column::Stage).without(Column::Whose);
        let groups = Groups::of(&eye);
        Ok(Self { eye, snapshot, query, sort, stages, is_asked: asked.is_some(), only, groups })
    }

    fn text(&self) -> Option<&'l str> {
        self.query.text.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }

    /// A window of the list by key.
    fn page(&self) -> Result<CasePage, Stop> {
        let facets = self.narrowest()?;
        // What is put in order here was read whole, and need not be read again to be counted.
        let mut counted = None;
        let (mut found, cut) = if self.is_native() {
            self.native(&facets)?
        } else if let Some(column) = self.chains() {
            self.chained(column)?
        } else {
            let read = self.rows(&facets, &self.only)?;
            counted = Some(length(&read));
            self.gathered(read)?
        };
        let most = self.most();
        let more = found.len() > most;
        found.truncate(most);
        if self.is_backward() {
            found.reverse();
        }
        let mut rows = Vec::with_capacity(found.len());
        for (place, id) in &found {
            if let Some(case) = self.visible(*id)? {
                rows.push(self.eye.row(self.snapshot, &case, place)?);
            }
        }
        let has_from = self.query.from.is_some();
        let (before, after) = match self.query.way {
            Way::Forward => (has_from, more),
            Way::Backward => (more, has_from),
            Way::FromEnd => (more, false),
        };
        Ok(CasePage { rows, total: self.total(&facets, counted)?, before, after, cut })
    }

    /// The rows of a list that a text finds, the best first; one page only.
    fn narrowed(&self, service: &Service, text: &str) -> Result<CasePage, Stop> {
        let (cases, whole) = self.found(service, text)?;
        let total = whole.then_some(cases.len() as u64);
        let mut rows = Vec::new();
        for case in cases.iter().take(self.most()) {
            rows.push(self.eye.row(self.snapshot, case, &[])?);
        }
        Ok(CasePage { rows, total, before: false, after: false, cut: false })
    }

    /// The cases that a text finds, and whether they are all.
    fn found(&self, service: &Service, text: &str) -> Result<(Vec<Case>, bool), Stop> {
        let mut wanted = Query::new(text, request::HITS_MAX as usize);
        wanted.kinds = vec![Kind::Case];
        let found = lookup::search(
            service,
            (self.snapshot, self.eye.asking),
            (&wanted, !service.finder.is_made()),
        )?;
        let mut cases = Vec::new();
        for hit in &found.hits {
            let case = self.visible(CaseId(hit.record.id))?;
            cases.extend(case.filter(|case| self.passes_case(case)));
        }
        let whole = found.hits.len() == found.total && found.n_unread == 0;
        Ok((cases, whole))
    }

    fn most(&self) -> usize {
        self.query.most.clamp(1, ROWS_MAX) as usize
    }

    const fn is_backward(&self) -> bool {
        matches!(self.query.way, Way::Backward | Way::FromEnd)
    }

    /// The list in the index that has all its rows, and the fewest others.
    fn tag(&self) -> tables::Sort {
        match (self.stages, self.sort.by) {
            (Stages::At(_), Column::Received) | (Stages::All, _) => tables::Sort::Received,
            (Stages::At(stage), _) if !stage.is_open() => tables::Sort::Received,
            (Stages::At(_) | Stages::Open, _) => tables::Sort::Due,
        }
    }

    /// Whether the rows of the index are the list in its order.
    fn is_native(&self) -> bool {
        let is_its_own = match self.tag() {
            tables::Sort::Due => self.sort.by == Column::Due,
            tables::Sort::Received => self.sort.by == Column::Received,
            tables::Sort::Fresh => false,
        };
        is_its_own && self.only.is_empty()
    }

    /// Whether the town's whole list is asked for, by somebody who sees it.
    fn is_whole(&self) -> bool {
        self.query.whose == Whose::All && self.eye.asking.asker.sees_town()
    }

    /// The column whose values, one behind the other, are the list.
    fn chains(&self) -> Option<Column> {
        let is_wide = self.is_whole() && self.stages.one().is_none();
        let has_list = |column: &Column| !facets_of_value(*column, &Value::Nothing).is_empty();
        let narrows = self.only.0.keys().any(has_list);
        let by = self.sort.by;
        (is_wide && !narrows && (by == Column::Stage || has_list(&by))).then_some(by)
    }

    /// The lists to read: of those that have all that is asked for the shortest.
    fn narrowest(&self) -> Result<Vec<Facet>, Stop> {
        if self.stages == Stages::At(Stage::History) && !self.is_whole() {
            return Ok(vec![Facet::Stage(Stage::History)]);
        }
        if !self.is_whole() {
            return Ok(facets_of(self.eye.asking, self.query.whose));
        }
        let of_stage = self.stages.one().map(|stage| vec![Facet::Stage(stage)]);
        let of_values = self.only.0.iter().map(|(column, value)| facets_of_value(*column, value));
        let lists = of_stage.into_iter().chain(of_values.filter(|list| !list.is_empty()));
        let mut shortest: Option<(u64, Vec<Facet>)> = None;
        for facets in lists {
            // What is of an old ledger stands in the list of its stage alone.
            if self.stages == Stages::At(Stage::History) && facets != [Facet::Stage(Stage::History)]
            {
                continue;
            }
            let length = self.kept(&facets)?;
            if shortest.as_ref().is_none_or(|(least, _)| length < *least) {
                shortest = Some((length, facets));
            }
        }
        let mut facets = shortest.map_or_else(|| vec![Facet::All], |(_, facets)| facets);
        facets.extend(own_sealed(self.eye.asking));
        Ok(facets)
    }

    /// How many rows some lists have, as kept counts say.
    fn kept(&self, facets: &[Facet]) -> Result<u64, Stop> {
        let mut sum = 0;
        for facet in facets {
            sum += self.snapshot.count(&match self.tag() {
                tables::Sort::Due => tables::open_count(*facet),
                tables::Sort::Received | tables::Sort::Fresh => tables::listed_count(*facet),
            })?;
        }
        Ok(sum)
    }

    fn from(&self) -> Option<Vec<u8>> {
        self.query.from.as_ref().and_then(view::key_of)
    }

    /// Whether a row is of the asked stages and in scope; tested before it is counted or loaded.
    fn passes(&self, row: &Listed) -> bool {
        // A sealed row stands in its readers' lists only.
        let may = row.scope.sealed || policy::sees(&self.eye.asking.asker, &row.scope, None);
        self.stages.has(row.stage) && may
    }

    fn listed(&self, case: &Case) -> Listed {
        Listed::of(case, &desk::due(self.eye.core, case))
    }

    fn passes_case(&self, case: &Case) -> bool {
        let asker = &self.eye.asking.asker;
        let stage_fits = !self.is_asked || self.stages.has(case.stage());
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
        let row = self.listed(case);
        stage_fits
            && whose_fits
            && self.only.passes(|column| listing::of_case(&row, column, &self.groups))
    }

    fn visible(&self, id: CaseId) -> Result<Option<Case>, Stop> {
        let case: Option<Case> = self.snapshot.load(id.0)?;
        Ok(case.filter(|case| {
            policy::sees(&self.eye.asking.asker, &Scope::of(case), case.readers.as_ref())
        }))
    }

    /// How many the list has: as kept counts say, or as it is counted where those do not say it;
    /// none where it is too long for that. `counted` is the length of its rows, if they were read.
    fn total(&self, facets: &[Facet], counted: Option<Option<u64>>) -> Result<Option<u64>, Stop> {
        let stage = self.stages.one();
        let is_of_stage = facets.iter().any(|facet| matches!(facet, Facet::Stage(_)));
        let of_officers = facets.iter().filter(|facet| matches!(facet, Facet::Officer(_)));
        // The list of a stage is the town's; what others see in it is not for everybody to count.
        let is_by_stage = stage.is_some() && !(is_of_stage && self.is_whole());
        // Whoever stands in may have the same case twice.
        if !self.only.is_empty() || is_by_stage || of_officers.count() > 1 {
            return match counted {
                Some(counted) => Ok(counted),
                None => Ok(length(&self.rows(facets, &self.only)?)),
            };
        }
        let (sealed, own): (Vec<_>, Vec<_>) =
            facets.iter().copied().partition(|facet| matches!(facet, Facet::Reader(_)));
        // Few enough to be counted one by one, where their counts are not by stage.
        let n_sealed = match stage {
            Some(_) => self.rows(&sealed, &self.only)?.0.len() as u64,
            None => self.kept(&sealed)?,
        };
        Ok(Some(self.kept(&own)? + n_sealed))
    }
}

/// How many rows were read, if they are all.
fn length((rows, cut): &(Vec<Listed>, bool)) -> Option<u64> {
    (!cut).then_some(rows.len() as u64)
}

/// The stages of a word.
fn stages_of(value: &Value) -> Result<Stages, Stop> {
    let word = String::from(value.clone());
    match word.as_str() {
        OPEN => Ok(Stages::Open),
        EVERY => Ok(Stages::All),
        other => Stage::parse(other).map(Stages::At).ok_or_else(|| {
            Refusal::new(RefusalKind::Invalid, "no_such_stage").with("name", other).into()
        }),
    }
}

/// The lists that hold all cases with a value in a column, if there are such: each of them may hold
/// others too.
fn facets_of_value(column: Column, value: &Value) -> Vec<Facet> {
    match (column, value) {
        (Column::Stage, Value::Word(word)) => {
            Stage::parse(word).map(Facet::Stage).into_iter().collect()
        }
        (Column::Lead | Column::Holder, Value::Id(id)) => vec![Facet::Officer(OfficerId(*id))],
        (Column::Unit | Column::Village, Value::Id(id)) => {
            vec![Facet::Unit(UnitId(*id)), Facet::Village(UnitId(*id))]
        }
        (Column::Lead, Value::Nothing) => vec![Facet::Without(Lack::Lead)],
        (Column::Holder, Value::Nothing) => vec![Facet::Without(Lack::Holder)],
        (Column::Unit, Value::Nothing) => vec![Facet::Without(Lack::Unit)],
        (Column::Village, Value::Nothing) => vec![Facet::Without(Lack::Village)],
        _ => Vec::new(),
    }
}
