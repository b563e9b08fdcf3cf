//! The agenda: what is due, group by group, read from index rows by owner and day.
//!
//! Counts come from rows that are kept per owner and day, so that a page costs what it shows.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use chrono::{Days, NaiveDate};

use crate::api::reply::{AgendaGroup, AgendaView, CaseRow, Reply};
use crate::api::request::{AgendaQuery, ROWS_MAX, Whose};
use crate::domain::case::Case;
use crate::domain::choice::Role;
use crate::domain::ids::CaseId;
use crate::domain::policy;
use crate::service::stop::Stop;
use crate::service::view::{self, Eye};
use crate::service::{Asking, Service};
use crate::store::key::{Order, Space, Span, join, split_number};
use crate::store::read::{Read, Snapshot};
use crate::store::tables::{self, Facet, Sort};

/// The most index rows that one page looks at, so that a scope with few rows cannot cost a walk.
const SCAN_MAX: usize = 5_000;

/// Answers `Agenda`.
///
/// # Errors
/// A damaged ledger.
pub fn read(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &AgendaQuery,
) -> Result<Reply, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let facets = facets_of(asking, query.whose);
    let spans = Spans::of(&eye, &facets);
    let mut view = AgendaView {
        today: asking.today,
        counts: spans.counts(snapshot, &facets)?,
        mine: open_of(snapshot, &facets_of(asking, Whose::Mine))?,
        all: open_of(snapshot, &facets_of(asking, Whose::All))?,
        rows: Vec::new(),
        more: false,
    };
    let most = query.most.clamp(1, ROWS_MAX) as usize;
    let after = query.after.as_ref().and_then(view::key_of);
    let mut seen: BTreeSet<CaseId> = BTreeSet::new();
    for (group, place) in AGENDA {
        let after_here = match &after {
            Some(key) if key.first() > Some(&place) => continue,
            Some(key) if key.first() == Some(&place) => key.get(1..),
            Some(_) | None => None,
        };
        let fill = Fill { eye, snapshot, group, place, until: query.until };
        if fill.rows((&spans, &facets, after_here), &mut seen, (&mut view, most))? {
            view.more = true;
            break;
        }
    }
    Ok(Reply::Agenda(view))
}

/// The groups in their order, each with the byte that stands for it in a cursor.
const AGENDA: [(AgendaGroup, u8); 5] = [
    (AgendaGroup::Late, 1),
    (AgendaGroup::Today, 2),
    (AgendaGroup::Soon, 3),
    (AgendaGroup::Fresh, 4),
    (AgendaGroup::Later, 5),
];

/// The lists that make up what somebody asks for.
pub fn facets_of(asking: &Asking, whose: Whose) -> Vec<Facet> {
    let own_sealed = Facet::Reader(asking.asker.clerk);
    let mut facets = match whose {
        Whose::All if asking.asker.sees_town() => vec![Facet::All],
        // A village clerk's town is the village.
        Whose::All => asking.asker.village.map(Facet::Village).into_iter().collect(),
        Whose::Mine if asking.asker.roles.contains(&Role::Village) => {
            asking.asker.village.map(Facet::Village).into_iter().collect()
        }
        Whose::Mine => asking.asker.officer.map(Facet::Officer).into_iter().collect(),
        Whose::Officer(officer) => return vec![Facet::Officer(officer)],
        Whose::Unit(unit) => return vec![Facet::Unit(unit), Facet::Village(unit)],
    };
    facets.push(own_sealed);
    facets
}

/// How many open cases several lists have together; lists of one asker do not overlap.
pub fn open_of(ledger: &impl Read, facets: &[Facet]) -> Result<u64, Stop> {
    let mut sum = 0;
    for facet in facets {
        sum += ledger.count(&tables::open_count(*facet))?;
    }
    Ok(sum)
}

/// The days that separate the groups.
struct Spans {
    today: NaiveDate,
    soon_until: NaiveDate,
}

impl Spans {
    fn of(eye: &Eye<'_>, _facets: &[Facet]) -> Self {
        let today = eye.asking.today;
        let soon = u64::from(eye.book.office.soon_workdays);
        let mut soon_until = today;
        let mut n_workdays = 0;
        while n_workdays < soon {
            let Some(next) = soon_until.succ_opt() else { break };
            soon_until = next;
            n_workdays += u64::from(eye.core.rules().calendar.is_working(next));
        }
        // Rest days behind the last of them end no clock, but a date that an assigner set may.
        while let Some(next) = soon_until.succ_opt() {
            if eye.core.rules().calendar.is_working(next) {
                break;
            }
            soon_until = next;
        }
        Self { today, soon_until }
    }

    /// The first and the last day of a group; none for the one that has no days.
    fn days(&self, group: AgendaGroup) -> Option<(NaiveDate, NaiveDate)> {
        let tomorrow = self.today.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
        let after = self.soon_until.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
        match group {
            AgendaGroup::Late => Some((NaiveDate::default(), self.today.pred_opt()?)),
            AgendaGroup::Today => Some((self.today, self.today)),
            AgendaGroup::Soon => Some((tomorrow, self.soon_until)),
            AgendaGroup::Later => Some((after, NaiveDate::from_ymd_opt(9999, 1, 1)?)),
            AgendaGroup::Fresh => None,
        }
    }

    fn counts(
        &self,
        ledger: &impl Read,
        facets: &[Facet],
    ) -> Result<Vec<(AgendaGroup, u64)>, Stop> {
        let mut counts = Vec::with_capacity(AGENDA.len());
        for (group, _) in AGENDA {
            let mut sum = 0;
            for facet in facets {
                sum += match self.days(group) {
                    Some(days) => count_days(ledger, *facet, days)?,
                    None => ledger.count(&tables::fresh_count(*facet))?,
                };
            }
            counts.push((group, sum));
        }
        Ok(counts)
    }
}

/// How many clocks of a list end on the days from the first to the last.
fn count_days(
    ledger: &impl Read,
    facet: Facet,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<u64, Stop> {
    let mut to = tables::due_count_key(facet, last);
    to.push(0);
    let span =
        Span { space: Space::Count, from: tables::due_count_key(facet, first), to: Some(to) };
    let mut sum = 0;
    ledger.scan(&span, Order::Forward, &mut |_, value| {
        sum += split_number(value).map_or(0, |(count, _)| count);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(sum)
}

struct Fill<'f> {
    eye: Eye<'f>,
    snapshot: &'f Snapshot,
    group: AgendaGroup,
    place: u8,
    until: Option<NaiveDate>,
}

impl Fill<'_> {
    /// Adds the rows of one group; says whether there are more than the page holds.
    fn rows(
        &self,
        (spans, facets, after): (&Spans, &[Facet], Option<&[u8]>),
        seen: &mut BTreeSet<CaseId>,
        (view, most): (&mut AgendaView, usize),
    ) -> Result<bool, Stop> {
        let mut merged: Vec<(Vec<u8>, CaseId)> = Vec::new();
        let mut cut = false;
        for facet in facets {
            let span = match (spans.days(self.group), self.until) {
                (Some((first, last)), until) => {
                    let last = until.map_or(last, |until| until.min(last));
                    due_span(*facet, (first, last))
                }
                // A bound on days leaves nothing of a group that has none.
                (None, Some(_)) => continue,
                (None, None) => {
                    Span::prefix(Space::Index, &tables::list_prefix(*facet, Sort::Fresh))
                }
            };
            let mut n_looked = 0;
            let wanted = most - view.rows.len() + 1;
            let mut n_here = 0;
            self.snapshot.scan(&span, Order::Forward, &mut |key, value| {
                n_looked += 1;
                let Some(listed) = tables::parse_listed(key, value) else {
                    return Ok(ControlFlow::Continue(()));
                };
                // The order of lists is that of their keys behind facet and sort.
                let place = key.get(11..).unwrap_or_default();
                let is_new = after.is_none_or(|after| place > after);
                if is_new && !seen.contains(&listed.id) {
                    merged.push((place.to_vec(), listed.id));
                    n_here += 1;
                }
                let enough = n_here >= wanted || n_looked >= SCAN_MAX;
                cut |= n_looked >= SCAN_MAX;
                Ok(if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            })?;
        }
        merged.sort_unstable();
        merged.dedup_by_key(|(_, id)| *id);
        for (place, id) in merged {
            if view.rows.len() >= most {
                return Ok(true);
            }
            let Some(case) = self.snapshot.load::<Case>(id.0)? else { continue };
            let scope = policy::Scope::of(&case);
            if !policy::sees(&self.eye.asking.asker, &scope, case.readers.as_ref()) {
                continue;
            }
            if !seen.insert(id) {
                continue;
            }
            let key = view::grouped(self.place, &place);
            let row: CaseRow = self.eye.row(self.snapshot, &case, &key)?;
            view.rows.push((self.group, row));
        }
        Ok(cut)
    }
}

/// The rows of a list by due day from a first to a last day.
fn due_span(facet: Facet, (first, last): (NaiveDate, NaiveDate)) -> Span {
    let from = match first.pred_opt() {
        Some(before) => tables::due_until(facet, before),
        None => tables::list_prefix(facet, Sort::Due),
    };
    let to = if last < first { from.clone() } else { tables::due_until(facet, last) };
    Span { space: Space::Index, from, to: Some(join(&[&to])) }
}
