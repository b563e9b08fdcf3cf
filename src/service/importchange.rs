//! What a row of a file would change in a case that is there already, field by field.
//!
//! A rule that keeps a field keeps the whole row back, with its reason. A clock is never moved by
//! a file: neither the day of receipt nor a closing is taken from one, unless the case came from an
//! old ledger and has no clocks.

use serde_json::{Map, Value};

use crate::api::handover::AssignTerms;
use crate::api::incoming::FieldChange;

use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::case::{Case, History, Stage};
use crate::domain::choice::{Tie, Work};
use crate::domain::handling::Entry;
use crate::domain::ids::{OfficerId, UnitId};
use crate::domain::person::{Person, mask_number};
use crate::domain::policy::{self, Scope, Verdict};
use crate::domain::schema::{self, Change};
use crate::domain::step::Deed;
use crate::service::case::set;
use crate::service::handover::assigned;
use crate::service::importrow::{Row, Wrong};
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::store::read::Read;

/// A case with its person before and after a row.
pub struct Changed {
    /// The case as it is.
    pub old: Case,
    /// The case as it becomes.
    pub new: Case,
    /// The petitioner before and after, if the row changes them.
    pub person: Option<(Person, Person)>,
    /// What changes.
    pub fields: Vec<FieldChange>,
}

/// What a row would change in a case; nothing where no field is another.
///
/// # Errors
/// The inner ones are why the row is refused; the outer ones are faults.
pub fn changed(
    (ledger, eye): (&impl Read, &Eye<'_>),
    row: &Row,
    case: Case,
) -> Result<Result<Changed, Vec<Wrong>>, Stop> {
    let mut work = Comparing {
        eye,
        row,
        new: case.clone(),
        person: None,
        fields: Vec::new(),
        wrongs: Vec::new(),
    };
    if row.received_on != case.received_on {
        work.wrong("received_on", "update_keeps_day", Some(case.received_on.to_string()));
    }
    work.texts(&case)?;
    work.people(ledger, &case)?;
    work.names(ledger, &case)?;
    work.end(&case);
    work.words(&case);
    if !work.wrongs.is_empty() {
        return Ok(Err(work.wrongs));
    }
    Ok(Ok(Changed { old: case, new: work.new, person: work.person, fields: work.fields }))
}

struct Comparing<'c> {
    eye: &'c Eye<'c>,
    row: &'c Row,
    new: Case,
    person: Option<(Person, Person)>,
    fields: Vec<FieldChange>,
    wrongs: Vec<Wrong>,
}

impl Comparing<'_> {
    fn wrong(&mut self, column: &str, why: &str, arg: Option<String>) {
        self.wrongs.push((column, why, arg).into());
    }

    fn note(&mut self, field: &str, (old, new): (Option<String>, String)) {
        self.fields.push(FieldChange { field: field.to_owned(), old, new: Some(new) });
    }

    fn may(&mut self, act: Act, column: &str) -> bool {
        let asker = &self.eye.asking.asker;
        let link = policy::link(asker, &Scope::of(&self.new));
        let may = policy::may(asker, act, link) == Verdict::Allow;
        if !may {
            self.wrong(column, "update_is_denied", None);
        }
        may
    }

    /// The fields that a form of the case has too.
    fn texts(&mut self, case: &Case) -> Result<(), Stop> {
        let row = self.row;
        let due_on = row.due_on.filter(|_| case.history.is_none());
        let texts = [
            ("title", Some(&row.title), Some(&case.title)),
            ("request", Some(&row.request), Some(&case.request)),
            ("class", row.class.as_ref(), case.class.as_ref()),
            ("place", row.place.as_ref(), case.place.as_ref()),
            ("about", row.about.as_ref(), case.about.as_ref()),
            ("measures", row.measures.as_ref(), case.measures.as_ref()),
        ];
        let mut values: Map<String, Value> = Map::new();
        for (name, new, old) in texts {
            let Some(new) = new.filter(|new| Some(*new) != old) else { continue };
            if self.row.made_title && name == "title" {
                continue;
            }
            values.insert(name.to_owned(), new.as_str().into());
            self.note(name, (old.cloned(), new.clone()));
        }
        if let Some(day) = due_on.filter(|day| Some(*day) != case.agreed_on) {
            values.insert("agreed_on".to_owned(), day.to_string().into());
            self.note("due_on", (case.agreed_on.map(|day| day.to_string()), day.to_string()));
        }
        if let Some(people) = row.said_people.filter(|people| *people != case.people) {
            values.insert("people".to_owned(), people.into());
            self.note("people", (Some(case.people.to_string()), people.to_string()));
        }
        if values.is_empty() {
            return Ok(());
        }
        // What is history is fixed too: neither the screen nor a change taken back changes it.
        let is_fixed = case.stage() >= Stage::Handling;
        let why = if case.history.is_some() { "update_keeps_request" } else { "update_is_fixed" };
        for field in schema::CASE.iter().filter(|_| is_fixed) {
            if field.change == Change::UntilAccepted && values.contains_key(field.name()) {
                self.wrong(field.name(), why, None);
            }
        }
        if self.may(Act::EditCase, "title") {
            self.new = set(&self.new, &values)?;
        }
        Ok(())
    }

    /// Units and officers, by their names; who is not in the ledger is added there first.
    fn names(&mut self, ledger: &impl Read, case: &Case) -> Result<(), Stop> {
        let (book, row) = (self.eye.book, self.row);
        let unit = |name: &String| book.units.values().find(|one| one.name == *name);
        let officer = |name: &String| book.officers.values().find(|one| one.name == *name);
        let unit = |name: &Option<String>| name.as_ref().map(|name| unit(name).map(|one| one.id));
        let officer =
            |name: &Option<String>| name.as_ref().map(|name| officer(name).map(|one| one.id));
        let village = self.unit("village", (unit(&row.village), &row.village), case.village);
        let mut terms = AssignTerms {
            unit: self.unit("unit", (unit(&row.unit), &row.unit), case.unit),
            ..AssignTerms::default()
        };
        terms.lead = self.officer("lead", (officer(&row.lead), &row.lead), case.lead);
        terms.handler =
            self.officer("handler", (officer(&row.handler), &row.handler), case.handler);
        if let Some(village) = village
            && self.may(Act::EditCase, "village")
        {
            self.new.village = Some(village);
        }
        if terms == AssignTerms::default() {
            return Ok(());
        }
        if case.history.is_some() {
            // Of what is history nobody is told: it has no clocks and no owner.
            if self.may(Act::EditCase, "unit") {
                self.new.unit = terms.unit.or(self.new.unit);
                self.new.lead = terms.lead.or(self.new.lead);
                self.new.handler = terms.handler.or(self.new.handler);
            }
            return Ok(());
        }
        let entry = self.entry(None);
        match assigned((self.eye, ledger), &self.new, &terms, &|| entry.clone())? {
            Ok(next) => self.new = next,
            Err(broken) => self.kept_by("lead", &broken),
        }
        Ok(())
    }

    fn kept_by(&mut self, column: &str, broken: &Broken) {
        let rule = Some((format!("broken.{}", broken.key), broken.args.clone()));
        let mut wrong: Wrong = (column, "update_is_broken", None).into();
        wrong.rule = rule;
        self.wrongs.push(wrong);
    }

    /// The unit of a row, if it is another than the case has.
    fn unit(
        &mut self,
        column: &str,
        (found, name): (Option<Option<UnitId>>, &Option<String>),
        old: Option<UnitId>,
    ) -> Option<UnitId> {
        let old_name = self.eye.book.unit(old);
        self.named(column, (found, name), (old, old_name))
    }

    /// The officer of a row, if it is another than the case has.
    fn officer(
        &mut self,
        column: &str,
        (found, name): (Option<Option<OfficerId>>, &Option<String>),
        old: Option<OfficerId>,
    ) -> Option<OfficerId> {
        let old_name = self.eye.book.officer(old);
        self.named(column, (found, name), (old, old_name))
    }

    fn named<I: PartialEq + Copy>(
        &mut self,
        column: &str,
        (found, name): (Option<Option<I>>, &Option<String>),
        (old, old_name): (Option<I>, Option<String>),
    ) -> Option<I> {
        // An old ledger may name somebody of the same name; then nothing is another.
        let (found, name) = (found?, name.clone()?);
        if old_name.as_ref() == Some(&name) {
            return None;
        }
        let Some(id) = found.filter(|id| Some(*id) != old) else {
            self.wrong(column, "update_knows_no_such_name", Some(name));
            return None;
        };
        self.note(column, (old_name, name));
        Some(id)
    }

    /// The petitioner, if it is the same one.
    fn people(&mut self, ledger: &impl Read, case: &Case) -> Result<(), Stop> {
        let first = case.persons.iter().find(|(_, tie)| **tie == Tie::Petitioner);
        let Some((id, _)) = first else { return Ok(()) };
        let Some(person) = ledger.load::<Person>(id.0)? else { return Ok(()) };
        let row = &self.row.person;
        let is_other = row.name.is_some() && person.name.is_some() && row.name != person.name;
        if is_other {
            self.wrong("petitioner.name", "update_is_of_another", None);
            return Ok(());
        }
        if person.erasure.is_some() || person.same_as.is_some() {
            return Ok(());
        }
        let mut next = person.clone();
        let texts = [
            ("petitioner.phone", &row.phone, &mut next.phone),
            ("petitioner.address", &row.address, &mut next.address),
            ("petitioner.id_number", &row.id_number, &mut next.id_number),
        ];
        for (column, new, old) in texts {
            let Some(text) = new.as_ref().filter(|_| new != old) else { continue };
            let is_masked = column != "petitioner.address";
            let shown = |text: &String| match is_masked {
                true => mask_number(text),
                false => text.clone(),
            };
            let (was, is) = (old.as_ref().map(shown), shown(text));
            *old = Some(text.clone());
            self.note(column, (was, is));
        }
        if next == person {
            return Ok(());
        }
        let scope = Scope { village: person.village, ..Scope::default() };
        let asker = &self.eye.asking.asker;
        if policy::may(asker, Act::EditPerson, policy::link(asker, &scope)) != Verdict::Allow {
            self.wrong("petitioner.name", "update_is_denied", None);
        }
        self.person = Some((person, next));
        Ok(())
    }

    /// What the old ledger says of its end.
    fn end(&mut self, case: &Case) {
        let Some(said) = self.row.history.clone() else { return };
        let Some(old) = case.history.clone() else {
            if said.closed && case.stage().is_open() {
                self.wrong("closed", "update_closes_nothing", None);
            }
            return;
        };
        let next = History {
            closed: old.closed || said.closed,
            closed_on: said.closed_on.or(old.closed_on),
            replied_on: said.replied_on.or(old.replied_on),
        };
        let days = [
            ("closed_on", old.closed_on, next.closed_on),
            ("replied_on", old.replied_on, next.replied_on),
        ];
        for (column, old, new) in days {
            if let Some(day) = new.filter(|_| new != old) {
                self.note(column, (old.map(|day| day.to_string()), day.to_string()));
            }
        }
        if next.closed && !old.closed {
            self.note("closed", (None, "yes".to_owned()));
        }
        if next != old && self.may(Act::EditCase, "closed") {
            self.new.history = Some(next);
        }
    }

    /// What was done and what came of it: a step of its own, if no step says it yet.
    fn words(&mut self, case: &Case) {
        let row = self.row;
        for (column, words) in [("progress", &row.progress), ("result", &row.result)] {
            let Some(words) = words else { continue };
            let is_said =
                |case: &Case| case.steps.values().any(|step| step.text.as_ref() == Some(words));
            if is_said(case) || is_said(&self.new) || !self.may(Act::Record, column) {
                continue;
            }
            self.note(column, (None, words.clone()));
            let entry = self.entry(Some(words.clone()));
            self.new.add(Deed::Worked { work: Work::Other }, entry);
        }
    }

    fn entry(&self, text: Option<String>) -> Entry {
        let (today, by) = (self.eye.asking.today, self.eye.asking.clerk.officer);
        Entry { on: today, today, by, text, document: None }
    }
}
