//! A month of the calendar: what each day is, and how many lines stand on it.
//!
//! Counts come from the rows that are kept per owner and day, as those of the list of deadlines do,
//! so that the calendar and the list cannot differ.

use chrono::{Datelike, Days as Span, NaiveDate};

use crate::api::days::{CalendarDay, DayMark, MonthDay, MonthQuery, MonthView};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Whose;
use crate::law::calendar::{Calendar, DayKind};
use crate::service::agenda::{facets_of, only_of, open_of, open_of_own};
use crate::service::line::Reading;
use crate::service::line::found::Found;
use crate::service::listing::Groups;
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service};
use crate::store::read::Snapshot;
use crate::store::tables::line::Days;

/// Answers `Month`.
///
/// # Errors
/// A day beyond every calendar, or a damaged ledger.
pub fn read(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &MonthQuery,
) -> Result<Reply, Stop> {
    let days = weeks_of(query.on)
        .ok_or_else(|| Refusal::new(RefusalKind::Invalid, "beyond_every_calendar"))?;
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let facets = facets_of(asking, query.whose);
    let only = only_of(asking, query.whose, &query.only);
    let groups = Groups::of(&eye);
    let found = Found::of(service, (eye, snapshot), &only)?;
    let reading = Reading {
        eye,
        ledger: snapshot,
        facets: &facets,
        only: &only,
        sort: None,
        groups,
        found: found.as_ref(),
    };
    let (mut counts, cut) = reading.by_day(days)?;
    let rules = service.core.rules();
    let dates = days.first.iter_days().take_while(|on| *on <= days.last);
    Ok(Reply::Month(MonthView {
        today: asking.today,
        mine: open_of_own(snapshot, asking)?,
        all: open_of(snapshot, &facets_of(asking, Whose::All))?,
        days: dates
            .map(|on| MonthDay {
                day: of_day(&rules.calendar, on),
                counts: counts.remove(&on).unwrap_or_default().into_iter().collect(),
            })
            .collect(),
        cut,
    }))
}

/// What a day is by the calendar at hand.
pub fn of_day(calendar: &Calendar, on: NaiveDate) -> CalendarDay {
    let day = calendar.day(on);
    let (mark, name) = match day.kind {
        DayKind::Working => (DayMark::Working, None),
        DayKind::Rest => (DayMark::Rest, None),
        DayKind::MakeUp => (DayMark::MakeUp, None),
        DayKind::Off(name) => (DayMark::Off, Some(name)),
    };
    CalendarDay { on, mark, name, known: day.known }
}

/// The whole weeks that a month stands in.
fn weeks_of(on: NaiveDate) -> Option<Days> {
    let first = on.with_day(1)?;
    let next_month = first.checked_add_months(chrono::Months::new(1))?;
    let last = next_month.pred_opt()?;
    let before = u64::from(first.weekday().num_days_from_monday());
    let behind = u64::from(6 - last.weekday().num_days_from_monday());
    let first = first.checked_sub_days(Span::new(before))?;
    Some(Days { first, last: last.checked_add_days(Span::new(behind))? })
}
