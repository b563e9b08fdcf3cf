//! Petitions about somebody: who may neither hold nor see them, and the readers of a sealed one.
//!
//! An accusation is sealed: its named readers alone know that it is there, and they alone name
//! others (Reg. 30(3)). Whoever a petition is about holds nothing of it (Reg. 28(3)).
//! INVARIANT: a sealed case has at least one reader, and none of them is whom it accuses.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::choice::Level;
use crate::domain::handling::Entry;
use crate::domain::ids::{ClerkId, OfficerId, UnitId};
use crate::domain::office::{Clerk, Officer, Unit};
use crate::domain::step::{Deed, Step};

/// Whom a petition is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accused {
    /// By name, as the petitioner says it.
    pub name: Option<String>,
    /// A unit of this ledger.
    pub unit: Option<UnitId>,
    /// An officer of this ledger.
    pub officer: Option<OfficerId>,
}

impl Accused {
    /// Whether anybody is named.
    pub const fn is_known(&self) -> bool {
        self.name.is_some() || self.unit.is_some() || self.officer.is_some()
    }

    /// Whether an officer is meant, by number or by name.
    pub fn is(&self, officer: &Officer) -> bool {
        let by_name = self.name.as_deref().is_some_and(|name| name.trim() == officer.name);
        self.officer == Some(officer.id) || by_name
    }

    /// Whether an officer works where it is about.
    pub fn is_of(&self, officer: &Officer) -> bool {
        self.unit.is_some() && self.unit == officer.unit
    }

    /// Whether a unit is meant, by number or by name.
    pub fn is_unit(&self, unit: &Unit) -> bool {
        let by_name = self.name.as_deref().is_some_and(|name| name.trim() == unit.name);
        self.unit == Some(unit.id) || by_name
    }

    /// Whether a name that somebody typed means the accused: theirs, that of their unit, or that of
    /// whoever works there. One name of a unit within the other counts, for a village is called by
    /// its committee's name too; what the petitioner says counts only as a whole, since it may name
    /// the body above, to which such a matter goes.
    pub fn is_called<'b>(
        &self,
        text: &str,
        (mut units, mut officers): (
            impl Iterator<Item = &'b Unit>,
            impl Iterator<Item = &'b Officer>,
        ),
    ) -> bool {
        let has = |outer: &str, inner: &str| {
            let [outer, inner] = [outer, inner].map(squeezed);
            inner.chars().count() > 1 && outer.contains(&inner)
        };
        self.name.as_deref().is_some_and(|name| has(text, name))
            || units
                .any(|unit| self.is_unit(unit) && (has(text, &unit.name) || has(&unit.name, text)))
            || officers
                .any(|one| (self.is(one) || self.is_of(one)) && squeezed(text).contains(&one.name))
    }

    /// Whether an account is that of the accused, or of the accused unit.
    pub fn has(&self, clerk: &Clerk, officer: Option<&Officer>) -> bool {
        let of_unit = self.unit.is_some() && self.unit == clerk.unit;
        of_unit || officer.is_some_and(|officer| self.is(officer) || self.is_of(officer))
    }

    /// Whether an officer may hold the petition.
    ///
    /// # Errors
    /// It is about them, or about their unit (Reg. 28(3), 30(3)).
    pub fn may_hold(&self, officer: &Officer) -> Result<(), Broken> {
        let broken = |key| Err(Broken::new(key).with("name", &officer.name));
        if self.is(officer) {
            broken("petition_is_about_them")
        } else if self.is_of(officer) {
            broken("petition_is_about_their_unit")
        } else {
            Ok(())
        }
    }
}

/// A name without the blanks in it.
fn squeezed(text: &str) -> String {
    text.chars().filter(|char| !char.is_whitespace()).collect()
}

/// Who reads a case that is sealed from now on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sealing {
    /// Their accounts.
    pub readers: BTreeSet<ClerkId>,
    /// The officers whose accounts these are.
    pub officers: BTreeSet<OfficerId>,
}

/// A change of who reads a sealed case.
#[derive(Debug, Clone, Copy)]
pub enum Naming<'n> {
    /// An officer with an account reads it from now on.
    Add(&'n Officer, &'n Clerk),
    /// An officer with an account reads it no longer.
    Remove(&'n Officer, &'n Clerk),
}

impl Case {
    /// Whom it is about.
    pub fn accused(&self) -> Accused {
        Accused { name: self.about.clone(), unit: self.about_unit, officer: self.about_officer }
    }

    /// Whether the village's own account sees it: not where the petition is about the village.
    pub fn village_that_sees(&self) -> Option<UnitId> {
        self.village.filter(|village| self.about_unit != Some(*village))
    }

    /// What a village that it is about was asked, and what it answered, in this cycle.
    pub fn asks_of(&self, village: UnitId) -> impl Iterator<Item = (u32, &Step)> {
        self.steps_now().filter(move |(_, step)| match step.deed {
            Deed::Released { unit, .. } | Deed::Answered { unit } => unit == village,
            _ => false,
        })
    }

    /// The village that owes an answer to what it was asked, and the day on which it owes it.
    pub fn owed_by_village(&self) -> Option<(UnitId, NaiveDate)> {
        let village = self.about_unit.filter(|_| self.stage().is_open())?;
        match self.asks_of(village).last()?.1.deed {
            Deed::Released { due_on, .. } => Some((village, due_on)),
            _ => None,
        }
    }

    /// What a village that it is about sees of it: what it was asked, and what it answered.
    pub fn for_village(&self, village: UnitId) -> Self {
        let steps: BTreeMap<u32, Step> =
            self.asks_of(village).map(|(number, step)| (number, step.clone())).collect();
        let asked = steps.values().rev().find(|step| matches!(step.deed, Deed::Released { .. }));
        let first = steps.values().map(|step| step.on).min();
        Self {
            id: self.id,
            version: self.version,
            number: self.number.clone(),
            old_number: None,
            title: asked.and_then(|step| step.text.clone()).unwrap_or_default(),
            request: String::new(),
            claims: BTreeMap::new(),
            persons: BTreeMap::new(),
            people: 1,
            level: Level::Town,
            purpose: None,
            route: None,
            class: None,
            repeats: None,
            village: Some(village),
            place: None,
            about: None,
            about_unit: Some(village),
            about_officer: None,
            lead: None,
            unit: None,
            handler: None,
            registrar: None,
            held_by: None,
            assisting: BTreeSet::new(),
            entrusted: None,
            measures: None,
            agreed_on: None,
            backlog: false,
            urgent: false,
            urgent_on: None,
            history: None,
            tabled: None,
            slips: BTreeMap::new(),
            attachments: BTreeMap::new(),
            received_on: first.unwrap_or(self.received_on),
            readers: None,
            cycle: self.cycle,
            last_step: self.last_step,
            steps,
        }
    }

    /// Seals it for readers; whoever holds it and is none of them holds it no longer.
    ///
    /// # Errors
    /// Nobody would read it, or nobody is accused.
    pub fn seal(&mut self, sealing: &Sealing) -> Result<(), Broken> {
        if !self.accused().is_known() {
            return Err(Broken::new("accused_is_missing"));
        }
        if sealing.readers.is_empty() {
            return Err(Broken::new("sealed_needs_a_reader"));
        }
        self.readers = Some(sealing.readers.clone());
        for place in [&mut self.lead, &mut self.handler, &mut self.held_by, &mut self.registrar] {
            *place = place.filter(|officer| sealing.officers.contains(officer));
        }
        Ok(())
    }

    /// Names a reader of a sealed case, or takes the name back.
    ///
    /// # Errors
    /// It is not sealed; the officer is accused, reads it already, holds it, or reads it alone.
    pub fn name_reader(&self, naming: Naming<'_>, entry: Entry) -> Result<Self, Broken> {
        let Some(readers) = &self.readers else { return Err(Broken::new("case_is_not_sealed")) };
        self.in_order(&entry, self.received_on, "readers.on")?;
        let mut next = self.clone();
        let mut named = readers.clone();
        let deed = match naming {
            Naming::Add(officer, clerk) => {
                let broken =
                    |key| Err(Broken::new(key).at("readers.add").with("name", &officer.name));
                if self.accused().has(clerk, Some(officer)) {
                    return broken("reader_is_accused");
                }
                if !named.insert(clerk.id) {
                    return broken("reads_it_already");
                }
                Deed::ReaderAdded { officer: officer.id }
            }
            Naming::Remove(officer, clerk) => {
                let broken =
                    |key| Err(Broken::new(key).at("readers.remove").with("name", &officer.name));
                if !named.remove(&clerk.id) {
                    return broken("reads_it_not");
                }
                if named.is_empty() {
                    return broken("sealed_needs_a_reader");
                }
                if self.officers().contains(&officer.id) && self.registrar != Some(officer.id) {
                    return broken("reader_holds_it");
                }
                next.registrar = next.registrar.filter(|registrar| *registrar != officer.id);
                Deed::ReaderRemoved { officer: officer.id }
            }
        };
        next.readers = Some(named);
        next.add(deed, entry);
        Ok(next)
    }
}
