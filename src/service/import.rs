//! Taking a file of cases in: a plan that only reads, and its execution as one change.
//!
//! The plan says of each row whether it is new, there already, or refused and why. Trying a file is
//! the plan; taking it in is the plan again on the writer's thread, and then its records.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{Answers, ImportView, Reply, RowRefusal};
use crate::api::request::{Book as Kept, ImportRow, ImportTerms};
use crate::domain::case::{Case, History};
use crate::domain::choice::{Source, Tie, UnitKind, Work};
use crate::domain::handling::Entry;
use crate::domain::ids::{CaseId, Kind, OfficerId, PersonId, ReceiptId, UnitId, Version};
use crate::domain::number::Series;
use crate::domain::office::{Officer, Unit};
use crate::domain::person::Person;
use crate::domain::receipt::Receipt;
use crate::domain::step::Deed;
use crate::service::book::Book;
use crate::service::importrow::Row;
use crate::service::intake;
use crate::service::order::{Desk, Made};
use crate::service::stop::Stop;
use crate::service::{Asking, Service};
use crate::store::fault::Fault;
use crate::store::key::{Order, Space, Span};
use crate::store::read::{Read, Snapshot};
use crate::store::tables;

/// The most refusals of one page of a report.
const REFUSALS_MAX: usize = 100;
/// The most new names of units or officers that a report lists.
const NAMES_MAX: usize = 100;

/// Answers `TryImport`.
///
/// # Errors
/// The file is not staged, or a damaged ledger.
pub fn attempt(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    terms: &ImportTerms,
) -> Result<Reply, Stop> {
    let rows = service.staging.rows(asking.session.uid, &terms.file).ok_or_else(not_staged)?;
    let book = service.core.book();
    let plan = Plan::make(snapshot, (&book, asking), &rows, terms.book)?;
    Ok(Reply::Import(Box::new(plan.view(terms.from))))
}

/// Takes a staged file in.
///
/// # Errors
/// The file is not staged, nothing of it is new, or a fault.
pub fn take_in(desk: &mut Desk<'_, '_>, rows: &[ImportRow]) -> Result<Made, Stop> {
    if rows.is_empty() {
        return Err(not_staged().into());
    }
    let book = desk
        .order
        .fields
        .get("book")
        .and_then(|word| Kept::parse(word))
        .ok_or_else(|| Refusal::new(RefusalKind::Invalid, "book_is_missing"))?;
    let plan = Plan::make(desk.work, (&desk.core.book(), desk.asking), rows, book)?;
    if plan.fresh.is_empty() {
        let refusal = Refusal::new(RefusalKind::Invalid, "nothing_is_new");
        return Err(refusal.with("refused", plan.refusals.len()).into());
    }
    let mut view = plan.view(0);
    view.batch = Some(format!("{:032x}", desk.order.id.0));
    let first = Taking::begin(desk, &plan)?.all(desk, &plan)?;
    Ok(Made { import: Some(Box::new(view)), ..Made::case(&first) })
}

fn not_staged() -> Refusal {
    Refusal::new(RefusalKind::Invalid, "file_is_not_staged")
}

/// What a file would do.
struct Plan {
    fresh: Vec<Row>,
    refusals: Vec<RowRefusal>,
    n_rows: u64,
    n_same: u64,
    new_persons: u64,
    known_persons: u64,
    persons: HashMap<String, PersonId>,
    units: BTreeMap<String, UnitKind>,
    officers: BTreeMap<String, bool>,
    answers: Answers,
}

impl Plan {
    fn make(
        ledger: &impl Read,
        (book, asking): (&Book, &Asking),
        rows: &[ImportRow],
        kept: Kept,
    ) -> Result<Self, Fault> {
        let mut plan = Self {
            fresh: Vec::with_capacity(rows.len()),
            refusals: Vec::new(),
            n_rows: rows.len() as u64,
            n_same: 0,
            new_persons: 0,
            known_persons: 0,
            persons: HashMap::new(),
            units: BTreeMap::new(),
            officers: BTreeMap::new(),
            answers: Answers::default(),
        };
        let mut numbers: HashMap<String, u32> = HashMap::new();
        let mut codes: BTreeSet<String> = BTreeSet::new();
        for (index, raw) in rows.iter().enumerate() {
            let index = index as u64;
            let row = match Row::parse(raw, asking.today, kept) {
                Ok(row) => row,
                Err(wrongs) => {
                    plan.refuse(index, raw, wrongs);
                    continue;
                }
            };
            if let Some(number) = &row.number
                && let Some(first) = numbers.insert(number.clone(), raw.row)
            {
                numbers.insert(number.clone(), first);
                let why = ("old_number", "repeated_number", Some(first.to_string()));
                plan.refuse(index, raw, vec![why.into()]);
                continue;
            }
            match there(ledger, &row)? {
                There::No => plan.count_answer(&row),
                There::Same => {
                    plan.count_answer(&row);
                    plan.n_same += 1;
                    continue;
                }
                There::Other(number) => {
                    let why = ("old_number", "number_is_there", Some(number));
                    plan.refuse(index, raw, vec![why.into()]);
                    continue;
                }
            }
            plan.count_person(ledger, &row, &mut codes)?;
            plan.note_names(book, &row);
            plan.fresh.push(row);
        }
        Ok(plan)
    }

    fn refuse(
        &mut self,
        index: u64,
        raw: &ImportRow,
        wrongs: Vec<crate::service::importrow::Wrong>,
    ) {
        for wrong in wrongs {
            self.refusals.push(RowRefusal {
                index,
                sheet: raw.sheet.clone(),
                row: raw.row,
                column: Some(wrong.column),
                why: wrong.why,
                arg: wrong.arg,
            });
        }
    }

    /// The days from receipt to answer, or to the closing where no answer is dated.
    fn count_answer(&mut self, row: &Row) {
        let Some(history) = &row.history else { return };
        let Some(on) = history.replied_on.or(history.closed_on) else { return };
        let days = on.signed_duration_since(row.received_on).num_days();
        self.answers.dated += 1;
        self.answers.over_15 += u64::from(days > 15);
        self.answers.over_60 += u64::from(days > 60);
    }

    /// Equal codes are one person; equal names alone never are.
    fn count_person(
        &mut self,
        ledger: &impl Read,
        row: &Row,
        codes: &mut BTreeSet<String>,
    ) -> Result<(), Fault> {
        let Some(code) = &row.person.code else {
            self.new_persons += u64::from(row.person.name.is_some());
            return Ok(());
        };
        if !codes.insert(code.clone()) {
            self.known_persons += 1;
            return Ok(());
        }
        let span = Span::prefix(Space::Index, &tables::code_key(code));
        let known = ledger.page(&span, Order::Forward, 1)?.pop();
        match known.and_then(|(key, _)| tables::last_id(&key)) {
            Some(id) => {
                self.known_persons += 1;
                self.persons.insert(code.clone(), PersonId(id));
            }
            None => self.new_persons += 1,
        }
        Ok(())
    }

    /// Units and officers that the office does not have yet are made with the import.
    fn note_names(&mut self, book: &Book, row: &Row) {
        let names = [(&row.village, UnitKind::Village), (&row.unit, UnitKind::Department)];
        for (name, kind) in names {
            let Some(name) = name else { continue };
            if !book.units.values().any(|unit| unit.name == *name) {
                self.units.entry(name.clone()).or_insert(kind);
            }
        }
        for (name, leads) in [(&row.lead, true), (&row.handler, false)] {
            let Some(name) = name else { continue };
            if !book.officers.values().any(|officer| officer.name == *name) {
                *self.officers.entry(name.clone()).or_default() |= leads;
            }
        }
    }

    fn view(&self, from: u64) -> ImportView {
        let page = self.refusals.iter().filter(|refusal| refusal.index >= from);
        let refused: BTreeSet<u64> = self.refusals.iter().map(|refusal| refusal.index).collect();
        let refusals: Vec<RowRefusal> = page.clone().take(REFUSALS_MAX).cloned().collect();
        ImportView {
            batch: None,
            rows: self.n_rows,
            new: self.fresh.len() as u64,
            same: self.n_same,
            updated: 0,
            refused: refused.len() as u64,
            new_persons: self.new_persons,
            known_persons: self.known_persons,
            new_units: self.units.keys().take(NAMES_MAX).cloned().collect(),
            new_officers: self.officers.keys().take(NAMES_MAX).cloned().collect(),
            answers: self.answers,
            more: page.count() > refusals.len(),
            refusals,
        }
    }
}

enum There {
    No,
    Same,
    Other(String),
}

/// Whether the ledger has a row already: by its number, or, without one, by its day and text.
fn there(ledger: &impl Read, row: &Row) -> Result<There, Fault> {
    let prefix = match &row.number {
        Some(number) => tables::number_prefix(number),
        None => tables::digest_prefix(row.received_on, &row.title, &row.request),
    };
    let span = Span::prefix(Space::Index, &prefix);
    for (key, _) in ledger.page(&span, Order::Forward, 4)? {
        let id = match &row.number {
            Some(_) => tables::case_of_number(&prefix, &key),
            None => tables::last_id(&key).map(CaseId),
        };
        let Some(id) = id else { continue };
        let Some(case) = ledger.load::<Case>(id.0)? else { continue };
        if case.readers.is_some() {
            // A sealed case must not be betrayed by an import.
            continue;
        }
        let is_same = case.request == row.request && case.received_on == row.received_on;
        return Ok(if is_same { There::Same } else { There::Other(case.number) });
    }
    Ok(There::No)
}

/// The taking in of a plan: names are made first, then row after row.
struct Taking {
    units: HashMap<String, UnitId>,
    officers: HashMap<String, OfficerId>,
    persons: HashMap<String, PersonId>,
    code: String,
}

impl Taking {
    fn begin(desk: &mut Desk<'_, '_>, plan: &Plan) -> Result<Self, Stop> {
        let book = desk.core.book();
        let mut units: HashMap<_, _> =
            book.units.values().map(|unit| (unit.name.clone(), unit.id)).collect();
        let mut officers: HashMap<_, _> =
            book.officers.values().map(|one| (one.name.clone(), one.id)).collect();
        for (name, kind) in &plan.units {
            let id = UnitId(desk.work.allot_id(Kind::Unit)?);
            desk.create(Unit::named(id, name, *kind))?;
            units.insert(name.clone(), id);
        }
        for (name, leads) in &plan.officers {
            let id = OfficerId(desk.work.allot_id(Kind::Officer)?);
            desk.create(Officer { leads: *leads, ..Officer::named(id, name) })?;
            officers.insert(name.clone(), id);
        }
        let code = book.office.code.clone();
        Ok(Self { units, officers, persons: plan.persons.clone(), code })
    }

    fn all(mut self, desk: &mut Desk<'_, '_>, plan: &Plan) -> Result<Case, Stop> {
        let mut first = None;
        for row in &plan.fresh {
            let case = self.one(desk, row)?;
            first.get_or_insert(case);
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
