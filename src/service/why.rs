//! Why a day is due: the count of a clock, or of any number of days, one by one.

use chrono::NaiveDate;

use crate::api::days::{DayPart, WhyDay, WhyQuery, WhyView};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::domain::case::Case;
use crate::domain::ids::CaseId;
use crate::domain::line::LineKind;
use crate::domain::policy::{self, Scope};
use crate::law::calendar::{Calendar, OutOfRange};
use crate::law::count::{DayStep, Length, Role, count, explain};
use crate::law::deadline::{Basis, Deadline};
use crate::law::why::reckon;
use crate::service::rules::Rules;
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service, clocks, month, owed};
use crate::store::read::{Read, Snapshot};

/// Answers `Why`.
///
/// # Errors
/// Not found, a length that is none, a day that is not counted, or one beyond every calendar.
pub fn read(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &WhyQuery,
) -> Result<Reply, Stop> {
    let rules = service.core.rules();
    let (id, rule, receipt, from) = match query {
        WhyQuery::Plain { from, length } => return plain(&rules, *from, length),
        WhyQuery::Clock { case, rule, receipt, from } => (*case, rule, *receipt, *from),
    };
    let case = visible(snapshot, asking, id)?;
    let deadlines = clocks::of(&service.core, &case);
    let is_it = |clock: &&Deadline| {
        clock.limit == *rule && (clock.receipt, clock.from) == (receipt, Some(from))
    };
    let clock = match LineKind::parse(rule) {
        // Half the time of the next lawful clock is gone.
        Some(LineKind::HalfTime) => owed::next_lawful(&deadlines),
        Some(_) | None => deadlines.iter().find(is_it),
    };
    let clock = clock.ok_or_else(Refusal::not_found)?;
    let course = clocks::course(&service.core, &case);
    let reckoning = reckon(&course, &rules.law, &rules.calendar, clock)
        .map_err(beyond)?
        .ok_or_else(|| Refusal::new(RefusalKind::Invalid, "day_is_not_counted"))?;
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let n_plain = reckoning.length.n();
    Ok(Reply::Why(Box::new(WhyView {
        clock: Some(eye.deadline(clock)),
        norm: match &clock.basis {
            Basis::Article { norm, .. } => Some(norm.clone()),
            Basis::Letter { .. } | Basis::Agreement => None,
        },
        title: Some(format!("{} {}", case.number, case.title)),
        from: clock.from.unwrap_or(from),
        length: n_plain,
        unit: clocks::unit_word(reckoning.length.unit()).to_owned(),
        extensions: reckoning.extensions.iter().map(|one| (one.days, one.approved_on)).collect(),
        extended_days: reckoning.extended_days,
        pauses: reckoning
            .pauses
            .iter()
            .map(|pause| (clocks::word_of(pause.ground), pause.from, pause.to))
            .collect(),
        paused_since: reckoning.paused_since,
        target: reckoning.count.target,
        latest: reckoning.count.latest,
        provisional: reckoning.count.provisional,
        days: days(&rules.calendar, &reckoning.days, n_plain),
    })))
}

/// Counts days by the calendar alone.
///
/// # Errors
/// A length that is none, or a day beyond every calendar.
pub fn plain(rules: &Rules, from: NaiveDate, length: &str) -> Result<Reply, Stop> {
    let length = Length::parse(length)
        .map_err(|_| Refusal::new(RefusalKind::Invalid, "bad_length").with("length", length))?;
    let counted = count(from, length, &rules.calendar).map_err(beyond)?;
    let steps = explain(from, length, &[], &rules.calendar).map_err(beyond)?;
    Ok(Reply::Why(Box::new(WhyView {
        clock: None,
        norm: None,
        title: None,
        from,
        length: length.n(),
        unit: clocks::unit_word(length.unit()).to_owned(),
        extensions: Vec::new(),
        extended_days: 0,
        pauses: Vec::new(),
        paused_since: None,
        target: counted.target,
        latest: counted.latest,
        provisional: counted.provisional,
        days: days(&rules.calendar, &steps, length.n()),
    })))
}

/// The days of a count; those behind the norm's own length are an extension's.
fn days(calendar: &Calendar, steps: &[DayStep], n_plain: u32) -> Vec<WhyDay> {
    let day = |step: &DayStep| {
        let (part, n) = match step.role {
            Role::Trigger => (DayPart::Trigger, None),
            Role::Counted(n) if n > n_plain => (DayPart::Extended, Some(n)),
            Role::Counted(n) => (DayPart::Counted, Some(n)),
            Role::Skipped => (DayPart::Skipped, None),
            Role::Paused => (DayPart::Paused, None),
            Role::Rolled => (DayPart::Rolled, None),
            Role::Latest => (DayPart::Latest, None),
        };
        WhyDay { day: month::of_day(calendar, step.date), part, n }
    };
    steps.iter().map(day).collect()
}

fn visible(snapshot: &Snapshot, asking: &Asking, id: CaseId) -> Result<Case, Stop> {
    let case: Case = snapshot.load(id.0)?.ok_or_else(Refusal::not_found)?;
    if policy::sees(&asking.asker, &Scope::of(&case), case.readers.as_ref()) {
        Ok(case)
    } else {
        Err(Refusal::not_found().into())
    }
}

fn beyond(_: OutOfRange) -> Refusal {
    Refusal::new(RefusalKind::Invalid, "beyond_every_calendar")
}
