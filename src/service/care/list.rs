//! Lists of the roster: windows by key in the order of what the office owes, and how far the review
//! of the month is.
//!
//! Open entries are few and are put in order here; ended ones stand in the index by their end.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use crate::api::listing::ValuePage;
use crate::api::reply::Reply;
use crate::api::request::{self, ROWS_MAX, Way};
use crate::api::roster::{EntryRow, RosterPage, RosterPart, RosterQuery, Round};
use crate::domain::choice::EndReason;
use crate::domain::entry::{Entry, EntryState};
use crate::domain::ids::{EntryId, Kind};
use crate::domain::listing::{Column, Value};
use crate::search::query::Query;
use crate::service::agenda::facets_of;
use crate::service::care::{day_number, row, visible};
use crate::service::listing::{self, Tally};
use crate::service::stop::Stop;
use crate::service::view::{self, Eye};
use crate::service::{Asking, Service, lookup};
use crate::store::key::{Order, Space, Span};
use crate::store::read::{Read, Snapshot};
use crate::store::roster::{self as keys, Shelf};

/// The most entries of one list that are put in order; an office has a few dozen.
const ENTRIES_MAX: usize = 2_000;

/// Answers `Roster`.
///
/// # Errors
/// A damaged ledger.
pub fn read(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &RosterQuery,
) -> Result<Reply, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let list = List { eye, snapshot, query };
    let wanted = list.named(service)?;
    let open = list.open()?;
    let round = (query.part == RosterPart::Review).then(|| list.round(&open)).transpose()?;
    let is_wanted = |id: EntryId| wanted.as_ref().is_none_or(|wanted| wanted.contains(&id));
    let own = open.into_iter().filter(|(entry, row)| {
        let is_of_part = is_wanted(row.id) && fits(query.part, row, asking.today);
        is_of_part && list.passes(entry)
    });
    let mut places: Vec<Place> = own.map(|(entry, row)| list.place(&entry, row)).collect();
    let total = (query.part != RosterPart::Ended).then_some(places.len() as u64);
    if query.part == RosterPart::Ended {
        let ended = list.ended()?.into_iter().filter(|(_, id)| is_wanted(*id));
        places.extend(ended.map(|(key, id)| Place { key, id, row: None }));
    }
    places.sort_by(|one, two| one.key.cmp(&two.key));
    let page = list.window(places)?;
    Ok(Reply::Roster(RosterPage { total, round, ..page }))
}

/// The values of a column of the roster.
///
/// # Errors
/// A damaged ledger.
pub fn values(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    (query, column): (&RosterQuery, Column),
) -> Result<ValuePage, Stop> {
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let query = RosterQuery { only: query.only.without(column), from: None, ..query.clone() };
    let list = List { eye, snapshot, query: &query };
    let wanted = list.named(service)?;
    let mut tally = Tally::default();
    let mut add = |entry: &Entry| {
        let is_named = wanted.as_ref().is_none_or(|wanted| wanted.contains(&entry.id));
        if is_named && list.passes(entry) {
            tally.add(value_of(entry, column));
        }
    };
    for (entry, row) in list.open()? {
        if fits(query.part, &row, asking.today) {
            add(&entry);
        }
    }
    if query.part == RosterPart::Ended {
        for (_, id) in list.ended()? {
            if let Some((entry, _)) = visible(asking, snapshot, id)? {
                add(&entry);
            }
        }
    }
    Ok(tally.page(&book, (column, false)))
}

/// What stands in a column of an entry.
fn value_of(entry: &Entry, column: Column) -> Value {
    match column {
        Column::Lead => Value::Id(entry.lead.0),
        Column::Officer => Value::Id(entry.officer.0),
        Column::Village => Value::id(entry.village.map(|id| id.0)),
        Column::Ground => Value::word(entry.ground.word()),
        _ => Value::Nothing,
    }
}

/// An entry at its place in the list, loaded where that was needed to know the place.
struct Place {
    key: Vec<u8>,
    id: EntryId,
    row: Option<EntryRow>,
}

struct List<'l> {
    eye: Eye<'l>,
    snapshot: &'l Snapshot,
    query: &'l RosterQuery,
}

impl List<'_> {
    /// All entries without an ending that may be seen.
    fn open(&self) -> Result<Vec<(Entry, EntryRow)>, Stop> {
        let mut known = BTreeSet::new();
        let mut open = Vec::new();
        for facet in facets_of(self.eye.asking, self.query.whose) {
            let span = Span::prefix(Space::Index, &keys::entries_prefix(facet, Shelf::Open));
            for (key, _) in self.snapshot.page(&span, Order::Forward, ENTRIES_MAX)? {
                let id = keys::entry_of_key(Shelf::Open, &key).map(EntryId);
                let Some(id) = id.filter(|id| known.insert(*id)) else { continue };
                let found = visible(self.eye.asking, self.snapshot, id)?;
                let Some((entry, case)) = found else { continue };
                let row = row(&self.eye, self.snapshot, (&entry, &case))?;
                open.push((entry, row));
            }
        }
        Ok(open)
    }

    /// Places of ended entries on the wanted side of where the page goes from.
    fn ended(&self) -> Result<Vec<(Vec<u8>, EntryId)>, Stop> {
        let mut found = Vec::new();
        for facet in facets_of(self.eye.asking, self.query.whose) {
            let prefix = keys::entries_prefix(facet, Shelf::Ended);
            let mut span = Span::prefix(Space::Index, &prefix);
            let order = self.order();
            if let Some(from) = self.from() {
                let place = [prefix.as_slice(), &from].concat();
                span = match order {
                    Order::Forward => span.after(&place),
                    Order::Backward => span.before(&place),
                };
            }
            for (key, _) in self.snapshot.page(&span, order, ENTRIES_MAX)? {
                let Some(id) = keys::entry_of_key(Shelf::Ended, &key) else { continue };
                let place = key.get(prefix.len()..).unwrap_or_default().to_vec();
                found.push((place, EntryId(id)));
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    fn order(&self) -> Order {
        match self.query.way {
            Way::Forward => Order::Forward,
            Way::Backward | Way::FromEnd => Order::Backward,
        }
    }

    fn from(&self) -> Option<Vec<u8>> {
        self.query.from.as_ref().and_then(view::key_of)
    }

    /// The place of an open entry: by the day of the wanted duty; one that has lapsed stands among
    /// the ended ones by that day.
    fn place(&self, entry: &Entry, row: EntryRow) -> Place {
        let owed_first = view::key_of(&row.cursor).unwrap_or_default();
        if self.query.part == RosterPart::Ended {
            return Place { key: owed_first, id: row.id, row: Some(row) };
        }
        let day = |on: NaiveDate| Some(day_number(on).to_be_bytes().to_vec());
        let rank = match self.query.sort.by {
            Column::Contact => day(row.contact_on),
            Column::Review => day(row.review_on),
            by @ (Column::Lead | Column::Officer | Column::Village) => match value_of(entry, by) {
                Value::Id(id) => Some(id.to_be_bytes().to_vec()),
                Value::Word(_) | Value::Nothing => None,
            },
            _ => row.owed.first().and_then(|owed| day(owed.on)),
        };
        // What is owed first comes first where nothing else tells them apart.
        let head = listing::head(rank.as_deref(), self.query.sort.direction);
        Place { key: [head, owed_first].concat(), id: row.id, row: Some(row) }
    }

    fn passes(&self, entry: &Entry) -> bool {
        self.query.only.without(Column::Whose).passes(|column| value_of(entry, column))
    }

    /// As many rows as are wanted, from where they are wanted.
    fn window(&self, mut places: Vec<Place>) -> Result<RosterPage, Stop> {
        let most = self.query.most.clamp(1, ROWS_MAX) as usize;
        let from = self.from();
        let is_backward = self.order() == Order::Backward;
        if is_backward {
            places.reverse();
        }
        let is_behind = |place: &Place| {
            from.as_ref()
                .is_none_or(|from| if is_backward { place.key < *from } else { place.key > *from })
        };
        let mut rows: Vec<EntryRow> = Vec::new();
        for place in places.into_iter().filter(is_behind) {
            if rows.len() > most {
                break;
            }
            let row = match place.row {
                Some(row) => Some(row),
                None => match visible(self.eye.asking, self.snapshot, place.id)? {
                    Some((entry, case)) if self.passes(&entry) => {
                        Some(row(&self.eye, self.snapshot, (&entry, &case))?)
                    }
                    Some(_) | None => None,
                },
            };
            rows.extend(row.map(|row| EntryRow { cursor: view::cursor(&place.key), ..row }));
        }
        let more = rows.len() > most;
        rows.truncate(most);
        if is_backward {
            rows.reverse();
        }
        let (before, after) = match self.query.way {
            Way::Forward => (from.is_some(), more),
            Way::Backward => (more, from.is_some()),
            Way::FromEnd => (more, false),
        };
        Ok(RosterPage { rows, total: None, before, after, round: None })
    }

    /// The entries that a text finds; none if no text narrows the list.
    fn named(&self, service: &Service) -> Result<Option<BTreeSet<EntryId>>, Stop> {
        let text = self.query.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let Some(text) = text else { return Ok(None) };
        let mut wanted = Query::new(text, request::HITS_MAX as usize);
        wanted.kinds = vec![Kind::Entry];
        let found = lookup::search(
            service,
            (self.snapshot, self.eye.asking),
            (&wanted, !service.finder.is_made()),
        )?;
        Ok(Some(found.hits.iter().map(|hit| EntryId(hit.record.id)).collect()))
    }

    /// How far the review of this month is, over all that the list could hold.
    fn round(&self, open: &[(Entry, EntryRow)]) -> Result<Round, Stop> {
        let today = self.eye.asking.today;
        let first = today.with_day(1).unwrap_or(today);
        let mut round = Round {
            until: end_of_month(today),
            due: 0,
            renewed: 0,
            ended: 0,
            pending: 0,
            lapsed: 0,
        };
        for (entry, row) in open {
            match row.state {
                EntryState::Running if row.review_on <= round.until => round.due += 1,
                EntryState::Pending => round.pending += 1,
                EntryState::Lapsed if entry.review_on >= first => round.lapsed += 1,
                _ => {}
            }
            round.renewed += u64::from(entry.reviews.values().any(|review| review.on >= first));
        }
        let whole = RosterQuery { from: None, way: Way::Forward, ..self.query.clone() };
        let list = List { eye: self.eye, snapshot: self.snapshot, query: &whole };
        for (_, id) in list.ended()? {
            let Some((entry, _)) = visible(self.eye.asking, self.snapshot, id)? else { continue };
            let Some(ending) = entry.ending.as_ref().filter(|ending| ending.on >= first) else {
                break;
            };
            match ending.why {
                EndReason::Lapsed => round.lapsed += 1,
                _ => round.ended += 1,
            }
        }
        Ok(round)
    }
}

fn fits(part: RosterPart, row: &EntryRow, today: NaiveDate) -> bool {
    match part {
        RosterPart::Open => row.state.is_open(),
        RosterPart::Late => row.state.is_open() && row.owed.iter().any(|owed| owed.days_left < 0),
        RosterPart::Approval => row.state == EntryState::Proposed,
        RosterPart::Review => match row.state {
            EntryState::Running => row.review_on <= end_of_month(today),
            EntryState::Pending => true,
            EntryState::Proposed | EntryState::Lapsed | EntryState::Ended => false,
        },
        RosterPart::Pending => row.state == EntryState::Pending,
        RosterPart::Ended => !row.state.is_open(),
    }
}

fn end_of_month(today: NaiveDate) -> NaiveDate {
    let (year, month) =
        if today.month() == 12 { (today.year() + 1, 1) } else { (today.year(), today.month() + 1) };
    NaiveDate::from_ymd_opt(year, month, 1).and_then(|next| next.pred_opt()).unwrap_or(today)
}
