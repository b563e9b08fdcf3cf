//! What the screen and the shell show of the office's settings.

use std::ops::ControlFlow;

use chrono::{Datelike, NaiveDate};

use crate::api::reply::Reply;
use crate::api::setting::{ClerkRow, SetRow, SettingsView, YearRow};
use crate::domain::act::Act;
use crate::domain::office::{Clerk, Office};
use crate::domain::policy::{self, Link, Verdict};
use crate::domain::setting::SETTINGS;
use crate::law::calendar::{Calendar, DayKind};
use crate::law::rule::{Law, OPTIONAL};
use crate::service::stop::Stop;
use crate::service::{Asking, Service, loading, lookup};
use crate::store::read::{Read, Snapshot};

impl Service {
    /// How many connections one account may have, and how many there may be in all, as set now.
    pub fn connections_max(&self) -> (usize, usize) {
        let (per_account, in_all) = self.core.book().office.connections_max();
        let many = |most: u32| usize::try_from(most).unwrap_or(usize::MAX);
        (many(per_account), many(in_all))
    }
}

/// Answers `Settings`.
///
/// # Errors
/// A damaged ledger.
pub fn read(service: &Service, snapshot: &Snapshot, asking: &Asking) -> Result<Reply, Stop> {
    let book = service.core.book();
    let office = &book.office;
    let may = policy::may(&asking.asker, Act::ReadClerks, Link::Whole) == Verdict::Allow;
    let values = SETTINGS.iter().map(|row| (row.name.to_owned(), row.text(office)));
    Ok(Reply::Settings(Box::new(SettingsView {
        version: office.version,
        values: values.collect(),
        clerks: if may { Some(clerks(service, snapshot, asking)?) } else { None },
        sets: sets(snapshot, office)?,
        years: years(&service.core.rules().calendar, office),
    })))
}

/// All accounts, the open ones first.
///
/// # Errors
/// A damaged ledger.
pub fn clerks(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
) -> Result<Vec<ClerkRow>, Stop> {
    let book = service.core.book();
    let mut rows = Vec::new();
    snapshot.each::<Clerk>(&mut |clerk| {
        rows.push(ClerkRow {
            id: clerk.id,
            version: clerk.version,
            login: clerk.login.clone(),
            uid: clerk.uid,
            officer: book.officer(clerk.officer),
            roles: clerk.roles.iter().copied().collect(),
            unit: book.unit(clerk.unit),
            is_open: clerk.closed_on.is_none_or(|closed| asking.today < closed),
            closed_on: clerk.closed_on,
            values: lookup::values(&book, &clerk),
        });
        Ok(ControlFlow::Continue(()))
    })?;
    rows.sort_by_key(|row| (!row.is_open, row.id));
    Ok(rows)
}

/// The sets that the program brings along and that are off, and what the office loaded itself.
fn sets(snapshot: &Snapshot, office: &Office) -> Result<Vec<SetRow>, Stop> {
    let in_force = loading::norms_in_force(snapshot)?;
    let row = |built_in: Option<&str>, (norm, n_limits): (&str, usize)| {
        let loaded = office.loaded.get(norm);
        SetRow {
            built_in: built_in.map(str::to_owned),
            norm: norm.to_owned(),
            is_on: in_force.iter().any(|(other, _)| other == norm),
            n_limits,
            on: loaded.map(|loaded| loaded.on),
            n_moved: loaded.map_or(0, |loaded| loaded.n_moved),
        }
    };
    let mut rows = Vec::new();
    for (name, text) in OPTIONAL {
        let norm = loading::norm_of(text).unwrap_or_else(|| name.to_owned());
        let n_limits = Law::parse(text).map_or(0, |law| law.limits().len());
        rows.push(row(Some(name), (&norm, n_limits)));
    }
    for (norm, n_limits) in &in_force {
        if !rows.iter().any(|known| known.norm == *norm) {
            rows.push(row(None, (norm, *n_limits)));
        }
    }
    Ok(rows)
}

fn years(calendar: &Calendar, office: &Office) -> Vec<YearRow> {
    let row = |year: i32| {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
        let days = || first.iter_days().take_while(|day| day.year() == year);
        let kinds = || days().map(|day| calendar.day(day).kind);
        YearRow {
            year,
            n_workdays: days().map(|day| u32::from(calendar.is_working(day))).sum(),
            n_off: kinds().filter(|kind| matches!(kind, DayKind::Off(_))).count(),
            n_work: kinds().filter(|kind| matches!(kind, DayKind::MakeUp)).count(),
            notice: Some(calendar.notices(year).join("; ")).filter(|text| !text.is_empty()),
            loaded_on: loading::source_of_year(Some(office), year).map(|source| source.on),
        }
    };
    calendar.years().map(row).collect()
}
