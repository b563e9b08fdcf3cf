//! The taking in of a plan as one change: names are made first, then row after row.

use std::collections::HashMap;

use crate::domain::case::{Case, History};
use crate::domain::choice::{Source, Tie, Work};
use crate::domain::handling::Entry;
use crate::domain::ids::{CaseId, Kind, OfficerId, PersonId, ReceiptId, UnitId, Version};
use crate::domain::number::Series;
use crate::domain::office::{Officer, Unit};
use crate::domain::person::Person;
use crate::domain::receipt::Receipt;
use crate::domain::step::Deed;
use crate::service::import::{Plan, not_staged};
use crate::service::importchange::changed;
use crate::service::importrow::Row;
use crate::service::intake;
use crate::service::order::Desk;
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::store::read::Read;

/// The taking in of a plan: names are made first, then row after row.
pub struct Taking {
    units: HashMap<String, UnitId>,
    officers: HashMap<String, OfficerId>,
    persons: HashMap<String, PersonId>,
    code: String,
}

impl Taking {
    /// Makes the units and officers that the plan needs.
    ///
    /// # Errors
    /// A fault of the ledger.
    pub fn begin(desk: &mut Desk<'_, '_>, plan: &Plan) -> Result<Self, Stop> {
        let book = desk.core.book();
        let mut units: HashMap<_, _> =
            book.units.values().map(|unit| (unit.name.clone(), unit.id)).collect();
        let mut officers: HashMap<_, _> =
            book.officers.values().map(|one| (one.name.clone(), one.id)).collect();
        for (name, kind) in &plan.page.units {
            let id = UnitId(desk.work.allot_id(Kind::Unit)?);
            desk.create(Unit::named(id, name, *kind))?;
            units.insert(name.clone(), id);
        }
        for (name, leads) in &plan.page.officers {
            let id = OfficerId(desk.work.allot_id(Kind::Officer)?);
            desk.create(Officer { leads: *leads, ..Officer::named(id, name) })?;
            officers.insert(name.clone(), id);
        }
        let code = book.office.code.clone();
        Ok(Self { units, officers, persons: plan.persons.clone(), code })
    }

    /// Takes all rows in; the first case that was made or changed stands for them.
    ///
    /// # Errors
    /// Nothing is left to do, or a fault of the ledger.
    pub fn all(mut self, desk: &mut Desk<'_, '_>, plan: &Plan) -> Result<Case, Stop> {
        let (mut first, n_all) = (None, plan.fresh.len() + plan.updates.len());
        for (at, row) in plan.fresh.iter().enumerate() {
            let case = self.one(desk, row)?;
            first.get_or_insert(case);
            desk.going(at + 1, n_all);
        }
        for (at, (id, row)) in plan.updates.iter().enumerate() {
            if let Some(case) = update(desk, (*id, row))? {
                first.get_or_insert(case);
            }
            desk.going(plan.fresh.len() + at + 1, n_all);
        }
        first.ok_or_else(|| not_staged().into())
    }

    fn one(&mut self, desk: &mut Desk<'_, '_>, row: &Row) -> Result<Case, Stop> {
        desk.on = row.received_on;
        let person = self.person(desk, row)?;
        let id = CaseId(desk.work.allot_id(Kind::Case)?);
        let receipt = self.receipt(desk, row, id)?;
        let case = self.case(desk, row, (id, person, receipt))?;
        desk.create_case(case)
    }

    fn person(&mut self, desk: &mut Desk<'_, '_>, row: &Row) -> Result<Option<PersonId>, Stop> {
        let known = row.person.code.as_ref().and_then(|code| self.persons.get(code));
        if known.is_some() {
            return Ok(known.copied());
        }
        if row.person.code.is_none() && row.person.name.is_none() {
            return Ok(None);
        }
        let id = PersonId(desk.work.allot_id(Kind::Person)?);
        let village = row.village.as_ref().and_then(|name| self.units.get(name));
        desk.create(Person { id, village: village.copied(), ..row.person.clone() })?;
        if let Some(code) = &row.person.code {
            self.persons.insert(code.clone(), id);
        }
        Ok(Some(id))
    }

    fn receipt(&self, desk: &mut Desk<'_, '_>, row: &Row, case: CaseId) -> Result<ReceiptId, Stop> {
        let id = ReceiptId(desk.work.allot_id(Kind::Receipt)?);
        desk.create(Receipt {
            id,
            version: Version::default(),
            case,
            received_on: row.received_on,
            received_at: row.received_at,
            channel: row.channel,
            source: Source::Direct,
            people: row.people,
            repeat: false,
            state_number: row.state_number.clone(),
            query_code: None,
            entered_on: None,
            returned_on: None,
            from_body: None,
            letter: None,
            report_way: None,
            sender_contact: None,
            taken_by: None,
            at_once: None,
            words: None,
            imported: true,
        })?;
        Ok(id)
    }

    fn case(
        &self,
        desk: &mut Desk<'_, '_>,
        row: &Row,
        (id, person, receipt): (CaseId, Option<PersonId>, ReceiptId),
    ) -> Result<Case, Stop> {
        let series = match &row.history {
            Some(_) => Series::History,
            None => Series::Case { year: chrono::Datelike::year(&desk.asking.today) },
        };
        let number = series.print(&self.code, desk.work.allot(&series.counter())?);
        let unit = |name: &Option<String>| self.units.get(name.as_ref()?).copied();
        let officer = |name: &Option<String>| self.officers.get(name.as_ref()?).copied();
        let mut case = Case {
            title: row.title.clone(),
            request: row.request.clone(),
            old_number: row.number.clone(),
            class: row.class.clone(),
            measures: row.measures.clone(),
            agreed_on: row.due_on.filter(|_| row.history.is_none()),
            received_on: row.received_on,
            people: row.people,
            about: row.about.clone(),
            village: unit(&row.village),
            place: row.place.clone(),
            unit: unit(&row.unit),
            lead: officer(&row.lead),
            handler: officer(&row.handler),
            registrar: if row.history.is_some() { None } else { desk.asking.clerk.officer },
            history: row.history.clone(),
            persons: person.iter().map(|person| (*person, Tie::Petitioner)).collect(),
            ..intake::blank(id, number, &crate::domain::form::Filled::default())
        };
        let mut entry = Entry {
            on: row.received_on,
            today: desk.asking.today,
            by: desk.asking.clerk.officer,
            text: None,
            document: None,
        };
        let (source, channel) = (Source::Direct, Some(row.channel));
        case.add(Deed::Received { receipt, source, channel }, entry.clone());
        for words in [&row.progress, &row.result].into_iter().flatten() {
            // An old ledger says what was done but not when: the day of its closing, or of entry.
            let closed_on = row.history.as_ref().and_then(|history: &History| history.closed_on);
            entry.on = closed_on.unwrap_or(desk.asking.today);
            entry.text = Some(words.clone());
            case.add(Deed::Worked { work: Work::Other }, entry.clone());
        }
        Ok(case)
    }
}

/// Changes a case as a row says. A row that an earlier row of the file has left nothing to do for,
/// or that no longer fits, changes nothing.
fn update(desk: &mut Desk<'_, '_>, (id, row): (CaseId, &Row)) -> Result<Option<Case>, Stop> {
    let Some(case) = desk.work.load::<Case>(id.0)? else { return Ok(None) };
    let (core, asking, book) = (desk.core, desk.asking, desk.core.book());
    let eye = Eye { core, book: &book, asking };
    let Ok(changed) = changed((&*desk.work, &eye), row, case)? else { return Ok(None) };
    if changed.fields.is_empty() {
        return Ok(None);
    }
    desk.on = desk.asking.today;
    if let Some((old, new)) = changed.person {
        desk.put(&old, new)?;
    }
    if changed.new == changed.old {
        return Ok(Some(changed.old));
    }
    desk.put_case(&changed.old, changed.new).map(Some)
}
