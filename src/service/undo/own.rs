//! Which change is taken back next: one's newest that stands, in whatever session it was made.
//!
//! The journal is read backwards. A line that takes a change back names it, and the newest word
//! about a change counts.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::undo::UndoWay;
use crate::domain::act::Act;
use crate::domain::ids::{RequestId, Revision};
use crate::service::stop::Stop;
use crate::store::journal::{Actor, Stamp};
use crate::store::read::Read;
use crate::store::taken::{self, Change};

/// The most changes that are looked through for one of one's own.
const CHANGES_MAX: usize = 20_000;
/// Changes that are read at a time.
const PORTION: usize = 256;

/// A change that can come next.
#[derive(Debug, Clone)]
pub struct Target {
    /// Which way.
    pub way: UndoWay,
    /// The name of the change.
    pub change: RequestId,
    /// The word of its act.
    pub act: String,
    /// Who made it.
    pub actor: Actor,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Whether it was made on many records at once.
    pub is_batch: bool,
    /// The revision whose facts are turned round: the change itself, or what last took it back or
    /// made it again.
    pub revision: Revision,
    /// The change of one's own before it.
    pub older: Option<RequestId>,
}

/// Whose change, which way, and which one; one's newest if none is named.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// The user id of whoever asks.
    pub uid: u32,
    /// Which way.
    pub way: UndoWay,
    /// The change.
    pub change: Option<RequestId>,
}

/// The change that is meant, if there is one that can come next.
///
/// # Errors
/// A change that was named is not there, is somebody else's, or is taken back already; or a
/// damaged ledger.
pub fn find(ledger: &impl Read, wanted: Wanted) -> Result<Option<Target>, Stop> {
    let mut search = Search { wanted, states: HashMap::new(), found: None };
    let (mut before, mut n_looked) = (None, 0);
    loop {
        let (changes, more) = taken::changes_before(ledger, before, PORTION)?;
        for change in &changes {
            if search.look(change)? == Looked::Enough {
                return Ok(search.found);
            }
        }
        n_looked += PORTION;
        before = more;
        if before.is_none() || n_looked >= CHANGES_MAX {
            return match (wanted.change, search.found) {
                (Some(_), None) => Err(Refusal::not_found().into()),
                (_, found) => Ok(found),
            };
        }
    }
}

struct Search {
    wanted: Wanted,
    /// The newest word about each change that was taken back: which way, and by which revision.
    states: HashMap<RequestId, (UndoWay, Revision)>,
    found: Option<Target>,
}

#[derive(PartialEq, Eq)]
enum Looked {
    GoOn,
    Enough,
}

impl Search {
    fn look(&mut self, change: &Change) -> Result<Looked, Stop> {
        let (Wanted { way, .. }, stamp) = (self.wanted, &change.stamp);
        let Some(taken) = &stamp.takes_back else {
            return match way {
                UndoWay::Undo => self.look_at_change(change),
                // What one did since ends what could be made again.
                UndoWay::Redo if self.wanted.change.is_none() && self.is_own(stamp) => {
                    Ok(Looked::Enough)
                }
                UndoWay::Redo => Ok(Looked::GoOn),
            };
        };
        let own_way = if stamp.act == Act::Undo.word() { UndoWay::Undo } else { UndoWay::Redo };
        let is_newest = !self.states.contains_key(&taken.change);
        self.states.entry(taken.change).or_insert((own_way, change.revision));
        let is_meant = self.wanted.change.is_none_or(|change| change == taken.change);
        if (way, own_way, is_newest) == (UndoWay::Redo, UndoWay::Undo, true)
            && self.is_own(stamp)
            && is_meant
        {
            self.found = Some(Target {
                act: taken.act.clone(),
                ..self.target(taken.change, (stamp, change.revision))
            });
            return Ok(Looked::Enough);
        }
        Ok(Looked::GoOn)
    }

    fn look_at_change(&mut self, change: &Change) -> Result<Looked, Stop> {
        let stamp = &change.stamp;
        let state = self.states.get(&stamp.change).copied();
        let is_back = matches!(state, Some((UndoWay::Undo, _)));
        if self.found.is_some() {
            if !self.is_own(stamp) || is_back {
                return Ok(Looked::GoOn);
            }
            if let Some(found) = &mut self.found {
                found.older = Some(stamp.change);
            }
            return Ok(Looked::Enough);
        }
        let is_meant = match self.wanted.change {
            Some(wanted) => wanted == stamp.change,
            None => self.is_own(stamp) && !is_back,
        };
        if !is_meant {
            return Ok(Looked::GoOn);
        }
        if is_back {
            let refusal = Refusal::new(RefusalKind::Invalid, "taken_back_already");
            return Err(refusal.into());
        }
        // What was brought in from a file may be taken back by whoever may bring it in.
        let is_brought_in = [Act::Import, Act::LoadPlan].iter().any(|act| act.word() == stamp.act);
        if !is_brought_in && !self.is_own(stamp) {
            return Err(Refusal::not_found().into());
        }
        let revision = state.map_or(change.revision, |(_, revision)| revision);
        self.found = Some(self.target(stamp.change, (stamp, revision)));
        Ok(Looked::GoOn)
    }

    fn is_own(&self, stamp: &Stamp) -> bool {
        matches!(&stamp.actor, Actor::Clerk { uid, .. } if *uid == self.wanted.uid)
    }

    fn target(&self, change: RequestId, (stamp, revision): (&Stamp, Revision)) -> Target {
        Target {
            way: self.wanted.way,
            change,
            act: stamp.act.clone(),
            actor: stamp.actor.clone(),
            at: stamp.at,
            is_batch: stamp.batch.is_some(),
            revision,
            older: None,
        }
    }
}
