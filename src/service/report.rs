//! Reports: receipts, steps and clocks of some days, and of those that they are compared with.
//!
//! Sealed matters are left out for everybody, so that the same report says the same whoever makes it;
//! so are those of an old ledger, whose clocks nobody kept. A report that goes out is written down
//! before it is answered.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use chrono::{Days, NaiveDate};

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::report::{ReportBy, ReportQuery, ReportRow, ReportView, Tally};
use crate::domain::act::Act;
use crate::domain::case::{Case, Stage};
use crate::domain::choice::{Channel, Route, UnitKind};
use crate::domain::ids::UnitId;
use crate::domain::policy::{self, Link, Scope};
use crate::domain::receipt::Receipt;
use crate::domain::report::{ReportKind, Span, spans};
use crate::domain::step::Deed;
use crate::law::deadline::{Deadline, State};
use crate::service::book::Book;
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service, campaign, clocks, count, export, judge};
use crate::store::read::{Read, Snapshot};
use crate::store::tables::Facet;

/// The clocks of the notice to the petitioner (Reg. 23).
const NOTICES: [&str; 2] = ["notice_direct", "notice_transfer"];
/// The clock of the sixty days (Reg. 34).
const CONCLUDE: &str = "conclude";

/// What was counted, by the place of what it is counted by.
type Rows = BTreeMap<(ReportBy, u64), [Tally; 3]>;

/// Nothing is reported of earlier days.
const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(1900, 1, 1).expect("it is a day");
/// So long before its latest day a clock may be met, in days: sixty, their extension and pauses.
const CLOCK_DAYS: u64 = 366;

/// Where what has no value stands: last.
const NOWHERE: u64 = u64::MAX;

/// What is being counted.
struct Counting<'c> {
    spans: [Span; 3],
    today: NaiveDate,
    book: &'c Book,
    total: [Tally; 3],
    rows: Rows,
}

/// Answers `Report`.
///
/// # Errors
/// A day ahead, what is missing if it goes out, or a damaged ledger.
pub fn read(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &ReportQuery,
) -> Result<Reply, Stop> {
    let until = query.until.unwrap_or(asking.today);
    if until > asking.today {
        return Err(Refusal::new(RefusalKind::Invalid, "report_ahead").with("day", until).into());
    }
    if until < FIRST_DAY {
        let early = Refusal::new(RefusalKind::Invalid, "report_too_early").with("day", until);
        return Err(early.into());
    }
    let said = match &query.said {
        Some(said) => {
            judge(asking, Act::Export, Link::Whole)?;
            Some(export::said_lines(&said.purpose, &said.recipient)?)
        }
        None => None,
    };
    let began = match query.kind {
        ReportKind::SelfInspection => campaign_from(service, snapshot, asking)?,
        ReportKind::Weekly | ReportKind::Monthly | ReportKind::Quarterly | ReportKind::Annual => {
            None
        }
    };
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let spans = spans(query.kind, until, began);
    let (total, rows) = counted(&eye, snapshot, spans)?;
    let (open, _, cut) = count::open(&eye, snapshot, &[Facet::All])?;
    if let Some((purpose, recipient)) = said {
        let notes = [
            ("purpose", purpose),
            ("recipient", recipient),
            ("rows", format!("report {} until={until}", query.kind.word())),
        ];
        export::note_bare(service, asking, (&notes, rows.len() as u64))?;
    }
    Ok(Reply::Report(Box::new(ReportView {
        kind: query.kind,
        town: book.office.town.clone(),
        today: asking.today,
        spans,
        total,
        rows,
        open,
        cut,
    })))
}

/// The first day of the newest campaign.
fn campaign_from(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
) -> Result<Option<NaiveDate>, Stop> {
    let Reply::Plan(Some(view)) = campaign::plan(service, snapshot, asking, None)? else {
        return Ok(None);
    };
    Ok(view.plan.phases.values().map(|phase| phase.from).min())
}

fn counted(
    eye: &Eye<'_>,
    ledger: &Snapshot,
    spans: [Span; 3],
) -> Result<([Tally; 3], Vec<ReportRow>), Stop> {
    let (today, book) = (eye.asking.today, eye.book);
    let total = [Tally::default(); 3];
    let mut counting = Counting { spans, today, book, total, rows: places(book) };
    let first = spans.iter().map(|span| span.from).min().unwrap_or(today);
    let first_end = first.checked_sub_days(Days::new(CLOCK_DAYS)).unwrap_or(first);
    ledger.each::<Case>(&mut |case| {
        let is_counted = case.readers.is_none()
            && case.stage() != Stage::History
            && policy::sees(&eye.asking.asker, &Scope::of(&case), None);
        // What ended long before all of the days has neither steps nor clocks in them.
        let is_over = !case.stage().is_open() && case.ended_on().is_some_and(|on| on < first_end);
        let has_steps = case.steps.values().any(|step| step.on >= first);
        if !is_counted || (is_over && !has_steps) {
            return Ok(ControlFlow::Continue(()));
        }
        for id in case.receipts() {
            // A receipt that went to another matter is counted there.
            let receipt = ledger.load::<Receipt>(id.0)?.filter(|it| it.case == case.id);
            if let Some(receipt) = receipt {
                counting.receipt(&case, &receipt);
            }
        }
        counting.steps(&case);
        for clock in clocks::of(eye.core, &case) {
            counting.clock(&case, &clock);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let rows =
        counting.rows.into_iter().map(|((by, place), counts)| row(book, (by, place), counts));
    Ok((counting.total, rows.collect()))
}

/// All that is counted by, also where nothing comes from: channels and kinds in the order of their
/// lists, villages and units in that of their numbers.
fn places(book: &Book) -> Rows {
    let none = [Tally::default(); 3];
    let channels = (0_u64..).zip(Channel::ALL).map(|(at, _)| (ReportBy::Channel, at));
    let kinds = (0_u64..).zip(Route::ALL).map(|(at, _)| (ReportBy::Kind, at));
    let units = book.units.values().filter_map(|unit| match unit.kind {
        UnitKind::Village => Some((ReportBy::Village, unit.id.0)),
        UnitKind::Department | UnitKind::Station => Some((ReportBy::Unit, unit.id.0)),
        UnitKind::Superior => None,
    });
    channels.chain(kinds).chain(units).map(|key| (key, none)).collect()
}

fn row(book: &Book, (by, place): (ReportBy, u64), counts: [Tally; 3]) -> ReportRow {
    let at = usize::try_from(place).ok();
    let word = match by {
        ReportBy::Channel => at.and_then(|at| Channel::ALL.get(at)).map(|it| it.word()),
        ReportBy::Kind => at.and_then(|at| Route::ALL.get(at)).map(|it| it.word()),
        ReportBy::Village | ReportBy::Unit => None,
    };
    let name = match by {
        ReportBy::Channel | ReportBy::Kind => None,
        ReportBy::Village | ReportBy::Unit => book.unit(Some(UnitId(place))),
    };
    ReportRow { by, word: word.map(str::to_owned), name, counts }
}

impl Counting<'_> {
    fn receipt(&mut self, case: &Case, receipt: &Receipt) {
        let channel = Channel::ALL.iter().position(|channel| *channel == receipt.channel);
        let channel = channel.map(|at| (ReportBy::Channel, at as u64));
        self.add((case, receipt.received_on), channel, &|tally| {
            tally.receipts += 1;
            tally.visits += u64::from(receipt.channel == Channel::Visit);
            tally.people += u64::from(receipt.people);
        });
    }

    fn steps(&mut self, case: &Case) {
        self.add((case, case.received_on), None, &|tally| tally.matters += 1);
        for step in case.steps.values() {
            let Some(field) = field_of(&step.deed) else { continue };
            self.add((case, step.on), None, &|tally| *field(tally) += 1);
        }
    }

    /// A clock counts where its latest day lies: whether what it asks for was done by then.
    fn clock(&mut self, case: &Case, clock: &Deadline) {
        let is_notice = NOTICES.contains(&clock.limit.as_str());
        let Some(latest) = clock.latest.filter(|_| is_notice || clock.limit == CONCLUDE) else {
            return;
        };
        let is_late = match clock.state {
            State::Met { on } => on > latest,
            State::Ended { on, .. } if on > latest => true,
            State::Running if latest < self.today => true,
            // It may still be met, or ended lawfully before its day.
            State::Running | State::Ended { .. } => return,
            State::Paused { .. } | State::Lapsed | State::NotStarted(_) => return,
        };
        self.add((case, latest), None, &|tally| {
            *match (is_notice, is_late) {
                (true, false) => &mut tally.notices_met,
                (true, true) => &mut tally.notices_late,
                (false, false) => &mut tally.ends_met,
                (false, true) => &mut tally.ends_late,
            } += 1;
        });
    }

    /// Adds something of a case to each of the days in which it lies.
    fn add(
        &mut self,
        (case, on): (&Case, NaiveDate),
        channel: Option<(ReportBy, u64)>,
        count: &dyn Fn(&mut Tally),
    ) {
        if !self.spans.iter().any(|span| span.has(on)) {
            return;
        }
        let route = case.route.and_then(|own| Route::ALL.iter().position(|other| *other == own));
        let kind = (ReportBy::Kind, route.map_or(NOWHERE, |at| at as u64));
        let place = |unit: Option<UnitId>| unit.map_or(NOWHERE, |unit| unit.0);
        let village = (ReportBy::Village, place(case.village));
        // A village that answers for itself stands among the villages.
        let is_village = case.unit.and_then(|id| self.book.units.get(&id));
        let is_village = is_village.is_some_and(|unit| unit.kind == UnitKind::Village);
        let unit = (!is_village).then_some((ReportBy::Unit, place(case.unit)));
        for key in channel.into_iter().chain([kind, village]).chain(unit) {
            let row = self.rows.entry(key).or_default();
            for (tally, span) in row.iter_mut().zip(self.spans) {
                if span.has(on) {
                    count(tally);
                }
            }
        }
        for (tally, span) in self.total.iter_mut().zip(self.spans) {
            if span.has(on) {
                count(tally);
            }
        }
    }
}

/// What a step is counted as, if it is.
fn field_of(deed: &Deed) -> Option<fn(&mut Tally) -> &mut u64> {
    Some(match deed {
        Deed::Accepted => |tally| &mut tally.accepted,
        Deed::Declined { .. } => |tally| &mut tally.declined,
        Deed::Forwarded { .. } | Deed::Guided { .. } => |tally| &mut tally.forwarded,
        Deed::Extended { .. } => |tally| &mut tally.extended,
        Deed::Concluded => |tally| &mut tally.concluded,
        Deed::Settled => |tally| &mut tally.settled,
        Deed::ReviewAsked { .. } => |tally| &mut tally.reviews,
        Deed::RecheckAsked { .. } => |tally| &mut tally.second_reviews,
        Deed::Reopened { .. } => |tally| &mut tally.reopened,
        _ => return None,
    })
}
