//! Who has which record open now: held in memory alone, for as long as somebody listens.
//!
//! A session that listens says on which sheet it stands; whoever stands there too is told, and nobody
//! else. Nobody is told of a record that they, or the other, may not know of, nor of somebody whose
//! being there would betray a sealed matter.

use chrono::NaiveDate;

use crate::api::door::Notice;
use crate::api::presence::Presence;
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::act::Act;
use crate::domain::campaign::Task;
use crate::domain::duty::Duty;
use crate::domain::ids::{Kind, PersonId, RecordRef};
use crate::domain::office::{Clerk, Officer, Unit};
use crate::domain::policy::{self, Asker, Scope, Verdict};
use crate::service::office::account;
use crate::service::stop::Stop;
use crate::service::tell::{Listener, Listeners, cases_of, is_visible};
use crate::service::{Asking, Service, Session, unit};
use crate::store::Store;
use crate::store::read::{Read, Snapshot};

/// The ledger as it is, and the day.
type Now<'a> = (&'a Snapshot, NaiveDate);

/// Answers `At`: whether an asker may stand there.
///
/// # Errors
/// Not found, also where the asker may not know of the record.
pub fn at(snapshot: &Snapshot, asking: &Asking, on: Option<RecordRef>) -> Result<Reply, Stop> {
    match on {
        Some(record) if !may_stand(snapshot, &asking.asker, record)? => {
            Err(Refusal::not_found().into())
        }
        Some(_) | None => Ok(Reply::Stands),
    }
}

/// Whether a record has a sheet, and an asker may know of it.
fn may_stand(ledger: &Snapshot, asker: &Asker, record: RecordRef) -> Result<bool, Stop> {
    // A removal is told to everybody, but where nothing is, nobody stands.
    Ok(match record.kind {
        Kind::Case | Kind::Person | Kind::Entry => is_visible(ledger, asker, record)?,
        Kind::Task => ledger
            .load::<Task>(record.id)?
            .is_some_and(|task| policy::sees_task(asker, &task.scope())),
        Kind::Duty => ledger
            .load::<Duty>(record.id)?
            .is_some_and(|duty| policy::sees_duty(asker, &duty.scope())),
        Kind::Unit => ledger.load::<Unit>(record.id)?.is_some_and(|unit| {
            policy::may(asker, Act::ReadUnit, unit::link(asker, unit.id)) == Verdict::Allow
        }),
        _ => false,
    })
}

impl Service {
    /// The session that listens under that number stands on that record from now on, or on none.
    /// A session that does not listen is nowhere.
    ///
    /// # Errors
    /// Not found, also where the session may not know of the record; then it stands on none.
    pub fn stand(
        &self,
        (session, listener): (&Session, Option<u64>),
        on: Option<RecordRef>,
    ) -> Result<Reply, Refusal> {
        let answer = self.call(session, Request::At(on));
        if let Some(number) = listener {
            let on = on.filter(|_| answer.is_ok());
            self.listeners.place((&self.store, self.core.today()), number, on)?;
        }
        answer
    }

    /// Ends the news of a session, so that nobody waits for them any longer; it stands nowhere then.
    pub fn hush(&self, listener: u64) {
        if self.listeners.remove(listener).is_some() {
            // A ledger that cannot be read is said to whoever asks next.
            let _damaged = self.listeners.place((&self.store, self.core.today()), listener, None);
        }
    }
}

impl Listeners {
    /// A listener goes to a record, or is gone: whoever is left and whoever is met there is told.
    fn place(
        &self,
        (store, today): (&Store, NaiveDate),
        number: u64,
        on: Option<RecordRef>,
    ) -> Result<(), Stop> {
        let mut all = self.lock();
        // Read while nobody else tells: an older state could tell of a reader what is sealed by now.
        let snapshot = store.read()?;
        for listener in all.iter_mut().filter(|listener| listener.number == number) {
            listener.at = on;
            listener.told = None;
        }
        tell_presence(&mut all, (&snapshot, today))
    }
}

/// Tells all who stand where somebody came, left, or may be known of no more.
///
/// # Errors
/// A damaged ledger.
pub fn tell_presence(all: &mut [Listener], now: Now<'_>) -> Result<(), Stop> {
    for place in 0..all.len() {
        let Some(present) = seen_from(all, now, place)? else { continue };
        let Some(listener) = all.get_mut(place) else { continue };
        let told = listener.told.as_ref();
        if told == Some(&present) || (told.is_none() && present.is_alone()) {
            continue;
        }
        let notice = Notice { present: Some(present.clone()), ..Notice::default() };
        match listener.sender.try_send(notice) {
            Ok(()) => listener.told = Some(present),
            // It is told that it missed something with the next change, and stands there anew.
            Err(_full_or_gone) => listener.missed = true,
        }
    }
    Ok(())
}

/// Whom a listener may know to stand where it stands; none if it stands nowhere.
fn seen_from(all: &[Listener], now: Now<'_>, place: usize) -> Result<Option<Presence>, Stop> {
    let Some((own, on)) = all.get(place).and_then(|own| Some((own, own.at?))) else {
        return Ok(None);
    };
    let mut present = Presence::alone(on);
    let others: Vec<_> =
        all.iter().filter(|other| other.number != own.number && other.at == Some(on)).collect();
    let viewer = match others.is_empty() {
        true => None,
        false => viewer_of(now, &own.session, on)?,
    };
    let Some(viewer) = viewer else { return Ok(Some(present)) };
    for other in others {
        let Some(met) = viewer_of(now, &other.session, on)? else { continue };
        if met.id == viewer.id {
            present.own += 1;
        } else if !betrays(now.0, (&Asker::of(&viewer), &Asker::of(&met)), on)? {
            present.names.push(name_of(now.0, met)?);
        }
    }
    present.names.sort();
    present.names.dedup();
    Ok(Some(present))
}

/// The account of a session, if it still may know of a record.
fn viewer_of(
    (snapshot, today): Now<'_>,
    session: &Session,
    on: RecordRef,
) -> Result<Option<Clerk>, Stop> {
    let Some(clerk) = account(snapshot, session)? else { return Ok(None) };
    let is_open = clerk.closed_on.is_none_or(|closed| today < closed);
    let may = is_open && may_stand(snapshot, &Asker::of(&clerk), on)?;
    Ok(may.then_some(clerk))
}

/// Whether somebody's being at a person tells of a sealed matter of theirs, which brings its readers
/// there and is not for whoever would be told.
fn betrays(
    snapshot: &Snapshot,
    (viewer, met): (&Asker, &Asker),
    on: RecordRef,
) -> Result<bool, Stop> {
    if on.kind != Kind::Person {
        return Ok(false);
    }
    let sealed = cases_of(snapshot, PersonId(on.id))?;
    Ok(sealed.iter().filter(|case| case.readers.is_some()).any(|case| {
        let sees = |asker| policy::sees(asker, &Scope::of(case), case.readers.as_ref());
        sees(met) && !sees(viewer)
    }))
}

/// What an account is called: by its officer, or by its login.
fn name_of(snapshot: &Snapshot, clerk: Clerk) -> Result<String, Stop> {
    let officer = match clerk.officer {
        Some(id) => snapshot.load::<Officer>(id.0)?,
        None => None,
    };
    Ok(officer.map_or(clerk.login, |officer| officer.name))
}
