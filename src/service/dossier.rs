//! Whole files of cases that leave the ledger: written down before anything of them goes.
//!
//! INVARIANT: the line of the access log is on disk before the answer; each case, attachment and paper
//! is judged and logged once more when it is asked for.

use std::collections::BTreeSet;

use crate::api::dossier::{CASES_MAX, DossierQuery, DossierView};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::domain::act::Act;
use crate::domain::case::Case;
use crate::domain::ids::RecordRef;
use crate::domain::policy::{self, Scope};
use crate::service::export::said_lines;
use crate::service::stop::Stop;
use crate::service::{Asking, Service, judge};
use crate::store::access::{Access, Note};
use crate::store::journal::Actor;
use crate::store::read::{Read, Snapshot};

/// Answers `Dossier`.
///
/// # Errors
/// No purpose or recipient; a case that the asker may not take out; a fault.
pub fn begin(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &DossierQuery,
) -> Result<Reply, Stop> {
    let (purpose, recipient) = said_lines(&query.purpose, &query.recipient)?;
    if query.cases.is_empty() || query.cases.len() > CASES_MAX {
        let refusal = Refusal::new(RefusalKind::Invalid, "dossier_needs_cases");
        return Err(refusal.with("most", CASES_MAX).into());
    }
    let (mut known, mut n_sealed) = (BTreeSet::new(), 0);
    let (mut cases, mut open, mut sealed) = (Vec::new(), Vec::new(), Vec::new());
    for id in &query.cases {
        if !known.insert(*id) {
            continue;
        }
        let case: Case = snapshot.load(id.0)?.ok_or_else(Refusal::not_found)?;
        let scope = Scope::of(&case);
        if !policy::sees(&asking.asker, &scope, case.readers.as_ref()) {
            return Err(Refusal::not_found().into());
        }
        judge(asking, Act::Dossier, policy::link(&asking.asker, &scope))?;
        if case.readers.is_some() && !query.sealed {
            n_sealed += 1;
            continue;
        }
        cases.push(case.id);
        let about = if case.readers.is_some() { &mut sealed } else { &mut open };
        about.push(RecordRef::from(case.id));
        about.extend(case.persons.keys().map(|person| RecordRef::from(*person)));
    }
    note(service, asking, ([open, sealed], [("purpose", purpose), ("recipient", recipient)]))?;
    Ok(Reply::Dossier(DossierView { cases, n_sealed }))
}

/// Writes down whose files go out; sealed ones in a line of their own, which only their readers see.
fn note(
    service: &Service,
    asking: &Asking,
    (about, said): ([Vec<RecordRef>; 2], [(&str, String); 2]),
) -> Result<(), Stop> {
    let notes = said.map(|(name, text)| Note { name: name.to_owned(), text: Some(text) });
    let lines = about.into_iter().filter(|records| !records.is_empty()).map(|records| Access {
        act: Act::Dossier.word().to_owned(),
        actor: Actor::Clerk { uid: asking.session.uid, login: asking.session.login.clone() },
        on: asking.today,
        at: asking.now,
        n_rows: records.len() as u64,
        records,
    });
    let lines: Vec<Access> = lines.collect();
    service.store.write(move |work| {
        lines.iter().try_for_each(|access| work.log_access(access, &notes))?;
        Ok::<_, Stop>(())
    })
}
