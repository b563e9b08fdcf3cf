//! The office's book: settings and names, small enough to keep at hand.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use chrono::NaiveDate;

use crate::domain::ids::{OfficerId, UnitId};
use crate::domain::office::{Office, Officer, Unit};
use crate::store::fault::Fault;
use crate::store::read::Read;

/// Settings, units and officers, as of the newest change to any of them.
#[derive(Debug, Clone)]
pub struct Book {
    /// The settings.
    pub office: Office,
    /// All units by number.
    pub units: BTreeMap<UnitId, Unit>,
    /// All officers by number.
    pub officers: BTreeMap<OfficerId, Officer>,
}

impl Book {
    /// Reads it from the ledger.
    ///
    /// # Errors
    /// A damaged ledger, or one without settings.
    pub fn read(ledger: &impl Read) -> Result<Self, Fault> {
        let office =
            ledger.load(1)?.ok_or(Fault::Damaged("the settings of the office are missing"))?;
        let (mut units, mut officers) = (BTreeMap::new(), BTreeMap::new());
        ledger.each::<Unit>(&mut |unit| {
            units.insert(unit.id, unit);
            Ok(ControlFlow::Continue(()))
        })?;
        ledger.each::<Officer>(&mut |officer| {
            officers.insert(officer.id, officer);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(Self { office, units, officers })
    }

    /// For whom an officer stands in on a day.
    pub fn stood_in_by(&self, by: Option<OfficerId>, day: NaiveDate) -> BTreeSet<OfficerId> {
        let Some(by) = by else { return BTreeSet::new() };
        let away = self.officers.values().filter(|one| one.stand_in_on(day) == Some(by));
        away.map(|one| one.id).collect()
    }

    /// The name of a unit.
    pub fn unit(&self, id: Option<UnitId>) -> Option<String> {
        self.units.get(&id?).map(|unit| unit.name.clone())
    }

    /// The name of an officer.
    pub fn officer(&self, id: Option<OfficerId>) -> Option<String> {
        self.officers.get(&id?).map(|officer| officer.name.clone())
    }
}
