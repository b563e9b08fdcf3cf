//! The agenda: what is due, group by group, read from index rows by owner and day.
//!
//! Counts come from rows that are kept per owner and day, so that a page costs what it shows. Today,
//! the list of deadlines and `due` of the shell are all answered here, so that they cannot differ.

use chrono::{Days as Span, NaiveDate};

use crate::api::listing::{LineFilter, ValuePage};
use crate::api::reply::{AgendaGroup, AgendaView, Reply};
use crate::api::request::{AgendaQuery, Layout, ROWS_MAX, Whose};
use crate::domain::choice::Role;
use crate::domain::listing::{Column, Sort};
use crate::domain::policy::Sight;
use crate::service::head;
use crate::service::line::found::Found;
use crate::service::line::{self, Part, Reading};
use crate::service::listing::{self, Groups, Tally, WEEK_DAYS};
use crate::service::stop::Stop;
use crate::service::view::{self, Eye};
use crate::service::{Asking, Service, backup, lookup};
use crate::store::read::{Read, Snapshot};
use crate::store::tables::line::Days;
use crate::store::tables::{self, Facet};

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
    let only = only_of(asking, query.whose, &query.only);
    let found = Found::of(service, (eye, snapshot), &only)?;
    let reading = reading((eye, snapshot), (&facets, &only, found.as_ref()), query);
    let parts = parts(&eye, query);
    let wanted: Vec<Option<Part>> = parts.iter().map(|(.., part)| bounded(*part, query)).collect();
    let groups = parts.iter().map(|(group, ..)| *group);
    let (counts, cut) = reading.counts(&wanted)?;
    let counts = groups.zip(counts).collect();
    let mut view = AgendaView {
        today: asking.today,
        counts,
        mine: open_of_own(snapshot, asking)?,
        all: open_of(snapshot, &facets_of(asking, Whose::All))?,
        rows: Vec::new(),
        more: false,
        cut,
        missing_year: lookup::missing_year(&eye, snapshot)?,
        late_backup: backup::late(service, snapshot, asking)?,
        head: match (query.layout, query.until) {
            (Layout::Today, None) => head::read(&eye, snapshot)?,
            (Layout::Today | Layout::Deadlines, _) => None,
        },
    };
    let most = query.most.clamp(1, ROWS_MAX) as usize;
    let after = query.after.as_ref().and_then(view::key_of);
    for (group, place, part) in &parts {
        let after_here = match &after {
            Some(key) if key.first() > Some(place) => continue,
            Some(key) if key.first() == Some(place) => key.get(1..),
            Some(_) | None => None,
        };
        let Some(part) = bounded(*part, query) else { continue };
        let wanted = most - view.rows.len();
        let page = reading.page(part, after_here, wanted)?;
        view.cut |= page.cut;
        for (key, lined) in &page.lines {
            let key = view::grouped(*place, key);
            if let Some(row) = line::row(&eye, snapshot, (lined, &key))? {
                view.rows.push((*group, row));
            }
        }
        if page.more {
            view.more = true;
            break;
        }
    }
    Ok(Reply::Agenda(view))
}

/// The lines of some owners as a query wants them; only the list of deadlines has other orders than
/// by day.
fn reading<'r>(
    (eye, ledger): (Eye<'r>, &'r Snapshot),
    (facets, only, found): (&'r [Facet], &'r LineFilter, Option<&'r Found>),
    query: &AgendaQuery,
) -> Reading<'r> {
    let is_sorted = |sort: &Sort| query.layout == Layout::Deadlines && *sort != Sort::DUE;
    let sort = query.sort.filter(is_sorted);
    Reading { eye, ledger, facets, only, sort, groups: Groups::of(&eye), found }
}

/// The values of a column of a list of deadlines.
///
/// # Errors
/// A damaged ledger.
pub fn values(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    (query, column): (&AgendaQuery, Column),
) -> Result<ValuePage, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let facets = facets_of(asking, query.whose);
    let mut only = only_of(asking, query.whose, &query.only);
    only.narrow = only.narrow.without(column);
    if column == Column::Kind {
        only.kinds.clear();
    }
    let found = Found::of(service, (eye, snapshot), &only)?;
    let reading = reading((eye, snapshot), (&facets, &only, found.as_ref()), query);
    let mut tally = Tally::default();
    let mut cut = false;
    for (_, _, part) in parts(&eye, query) {
        let Some(part) = bounded(part, query) else { continue };
        let page = reading.page(part, None, line::SCAN_MAX)?;
        cut |= page.more || page.cut;
        for (_, lined) in &page.lines {
            tally.add(listing::of_line(lined, column, &reading.groups));
        }
    }
    Ok(tally.page(&book, (column, cut)))
}

/// The groups in their order, each with the byte that stands for it in a cursor.
fn parts(eye: &Eye<'_>, query: &AgendaQuery) -> Vec<(AgendaGroup, u8, Part)> {
    let today = eye.asking.today;
    let soon = soon_until(eye);
    let week = today.checked_add_days(Span::new(WEEK_DAYS)).unwrap_or(today).max(soon);
    let late = Days { first: NaiveDate::default(), last: line::before(today) };
    let after = |day| Days { first: next(day), last: line::LAST_DAY };
    let mut parts = vec![
        (AgendaGroup::Late, 1, Part::Owed(late)),
        (AgendaGroup::Today, 2, Part::Owed(Days { first: today, last: today })),
        (AgendaGroup::Soon, 3, Part::Owed(Days { first: next(today), last: soon })),
    ];
    match query.layout {
        Layout::Today => parts.extend([
            (AgendaGroup::Nudge, 4, Part::Hints(today)),
            (AgendaGroup::Fresh, 5, Part::Fresh(soon)),
            // What stands among the new cases is not said twice; a bound on days leaves those out.
            (
                AgendaGroup::Later,
                7,
                match (query.since, query.until) {
                    (None, None) => Part::OwedButFresh(after(soon)),
                    (Some(_), _) | (_, Some(_)) => Part::Owed(after(soon)),
                },
            ),
        ]),
        Layout::Deadlines => parts.extend([
            (AgendaGroup::Nudge, 4, Part::Hints(today)),
            (AgendaGroup::Week, 6, Part::Owed(Days { first: next(soon), last: week })),
            (AgendaGroup::Later, 7, Part::Owed(after(week))),
        ]),
    }
    parts
}

/// A part between the days that are asked for; none if nothing of it is left.
fn bounded(part: Part, query: &AgendaQuery) -> Option<Part> {
    if query.since.is_none() && query.until.is_none() {
        return Some(part);
    }
    let cut = |days: Days| {
        let first = query.since.map_or(days.first, |since| since.max(days.first));
        let last = query.until.map_or(days.last, |until| until.min(days.last));
        (first <= last).then_some(Days { first, last })
    };
    match part {
        Part::Owed(days) => cut(days).map(Part::Owed),
        Part::OwedButFresh(days) => cut(days).map(Part::OwedButFresh),
        // A bound on days leaves nothing of what has none.
        Part::Hints(_) | Part::Fresh(_) => None,
    }
}

/// The lists that make up what somebody asks for.
pub fn facets_of(asking: &Asking, whose: Whose) -> Vec<Facet> {
    let own_sealed = own_sealed(asking);
    let mut facets = match whose {
        // A village clerk's town is the village, whoever is asked about.
        Whose::All | Whose::Officer(_) | Whose::Unit(_) if !asking.asker.sees_town() => {
            asking.asker.village.map(Facet::Village).into_iter().collect()
        }
        Whose::All => vec![Facet::All],
        Whose::Mine if asking.asker.roles.contains(&Role::Village) => {
            asking.asker.village.map(Facet::Village).into_iter().collect()
        }
        Whose::Mine => {
            let stands_in = asking.asker.stands_in.iter().copied();
            asking.asker.officer.into_iter().chain(stands_in).map(Facet::Officer).collect()
        }
        Whose::Officer(officer) => return vec![Facet::Officer(officer)],
        Whose::Unit(unit) => return vec![Facet::Unit(unit), Facet::Village(unit)],
    };
    facets.extend(own_sealed);
    facets
}

/// How many open cases are one's own; those for whom one stands in keep theirs.
///
/// # Errors
/// A damaged ledger.
pub fn open_of_own(ledger: &impl Read, asking: &Asking) -> Result<u64, Stop> {
    let mut facets = facets_of(asking, Whose::Mine);
    let is_own = |facet: &Facet| match facet {
        Facet::Officer(officer) => !asking.asker.stands_in.contains(officer),
        _ => true,
    };
    facets.retain(is_own);
    open_of(ledger, &facets)
}

/// The list of what is sealed and open to the asker; none in a meeting.
pub fn own_sealed(asking: &Asking) -> Option<Facet> {
    (asking.asker.sight == Sight::Clear).then_some(Facet::Reader(asking.asker.clerk))
}

/// The filter of lines; where the lists hold more than was asked for, the scan tests the rest.
pub fn only_of(asking: &Asking, whose: Whose, only: &LineFilter) -> LineFilter {
    let mut only = only.clone();
    if !asking.asker.sees_town() {
        match whose {
            Whose::Unit(unit) => only.unit = Some(unit),
            Whose::Officer(officer) => only.lead = Some(officer),
            Whose::All | Whose::Mine => {}
        }
    }
    only
}

/// How many open cases several lists have together; lists of one asker do not overlap.
pub fn open_of(ledger: &impl Read, facets: &[Facet]) -> Result<u64, Stop> {
    let mut sum = 0;
    for facet in facets {
        sum += ledger.count(&tables::open_count(*facet))?;
    }
    Ok(sum)
}

/// The last day that is soon.
pub fn soon_until(eye: &Eye<'_>) -> NaiveDate {
    let calendar = &eye.core.rules().calendar;
    let soon = u64::from(eye.book.office.soon_workdays);
    let mut until = eye.asking.today;
    let mut n_workdays = 0;
    while n_workdays < soon {
        let Some(next) = until.succ_opt() else { break };
        until = next;
        n_workdays += u64::from(calendar.is_working(next));
    }
    // Rest days behind the last of them end no clock, but a date that an assigner set may.
    while let Some(next) = until.succ_opt() {
        if calendar.is_working(next) {
            break;
        }
        until = next;
    }
    until
}

fn next(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}
