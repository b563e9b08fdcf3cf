//! Taking a file of cases in: a plan that only reads, and its execution as one change.
//!
//! The plan says of each row whether it is new, there already, or refused and why. Trying a file is
//! the plan; taking it in is the plan again on the writer's thread, and then its records.

use std::collections::{BTreeSet, HashMap};

use crate::api::incoming::{Book as Kept, ImportRow, ImportTerms, Known, RowChange, Rows};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::domain::case::Case;
use crate::domain::choice::UnitKind;
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::policy::{self, Scope};
use crate::service::book::Book;
use crate::service::importchange::changed;
use crate::service::importlist::{self, List};
use crate::service::importpage::Page;
use crate::service::importplace::Villages;
use crate::service::importrow::Row;
use crate::service::importtake::Taking;
use crate::service::like::twins;
use crate::service::log::When;
use crate::service::order::{Desk, Made};
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service};
use crate::store::fault::Fault;
use crate::store::key::{Order, Space, Span};
use crate::store::read::{Read, Snapshot};
use crate::store::tables;

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
    if terms.rows != Rows::Cases {
        let list = List::make(snapshot, (&book, asking), (terms.rows, terms.known, &rows))?;
        // The pages of one report are one look at them.
        if terms.from == 0 {
            let when = When { on: asking.today, at: asking.now };
            service.log.matched(&asking.session, when, list.persons());
        }
        return Ok(Reply::Import(Box::new(list.view(terms.from))));
    }
    let eye = Eye { core: &service.core, book: &book, asking };
    let plan = Plan::make((snapshot, &eye), &rows, (terms.book, terms.known))?;
    let mut view = plan.page.view(terms.from);
    if terms.from == 0 {
        view.alike = twins::among_rows(snapshot, asking, &plan.fresh)?;
    }
    Ok(Reply::Import(Box::new(view)))
}

/// Takes a staged file in.
///
/// # Errors
/// The file is not staged, nothing of it is new, or a fault.
pub fn take_in(desk: &mut Desk<'_, '_>, rows: &[ImportRow]) -> Result<Made, Stop> {
    if rows.is_empty() {
        return Err(not_staged().into());
    }
    let said = |name: &str| desk.order.fields.get(name).map_or("", String::as_str);
    let topic = Rows::parse(said("rows")).unwrap_or_default();
    let known = Known::parse(said("known")).unwrap_or_default();
    let book = desk.core.book();
    if topic != Rows::Cases {
        let list = List::make(desk.work, (&book, desk.asking), (topic, known, rows))?;
        return importlist::take_in(desk, &list);
    }
    let kept = Kept::parse(said("book"))
        .ok_or_else(|| Refusal::new(RefusalKind::Invalid, "book_is_missing"))?;
    let eye = Eye { core: desk.core, book: &book, asking: desk.asking };
    let plan = Plan::make((desk.work, &eye), rows, (kept, known))?;
    let mut view = plan.page.view(0);
    if plan.fresh.is_empty() && plan.updates.is_empty() {
        let refusal = Refusal::new(RefusalKind::Invalid, "nothing_is_new");
        return Err(refusal.with("refused", view.refused).into());
    }
    view.batch = Some(format!("{:032x}", desk.order.id.0));
    let first = Taking::begin(desk, &plan)?.all(desk, &plan)?;
    Ok(Made { import: Some(Box::new(view)), ..Made::case(&first) })
}

/// The server has no rows of the file.
pub fn not_staged() -> Refusal {
    Refusal::new(RefusalKind::Invalid, "file_is_not_staged")
}

/// What a file would do.
#[derive(Default)]
pub struct Plan {
    /// Rows that become new cases.
    pub fresh: Vec<Row>,
    /// Rows that change a case that is there.
    pub updates: Vec<(CaseId, Row)>,
    /// Persons who are there already, by their code.
    pub persons: HashMap<String, PersonId>,
    /// What is told of it.
    pub page: Page,
}

impl Plan {
    fn make(
        (ledger, eye): (&impl Read, &Eye<'_>),
        rows: &[ImportRow],
        (kept, known): (Kept, Known),
    ) -> Result<Self, Stop> {
        let mut plan = Self::default();
        plan.page.n_rows = rows.len() as u64;
        let mut numbers: HashMap<String, u32> = HashMap::new();
        let mut codes: BTreeSet<String> = BTreeSet::new();
        let mut villages = Villages::of(eye.book);
        for (index, raw) in rows.iter().enumerate() {
            let index = index as u64;
            let row = match Row::parse(raw, eye.asking.today, kept) {
                Ok(row) => Row { village: row.village.map(|cell| villages.named(cell)), ..row },
                Err(wrongs) => {
                    plan.page.refuse(index, raw, wrongs);
                    continue;
                }
            };
            let case = there(ledger, eye.asking, &row)?;
            let is_update = known == Known::Update && case.is_some() && row.number.is_some();
            if let Some(number) = row.number.as_ref().filter(|_| !is_update)
                && let Some(first) = numbers.insert(number.clone(), raw.row)
            {
                numbers.insert(number.clone(), first);
                let why = ("old_number", "repeated_number", Some(first.to_string()));
                plan.page.refuse(index, raw, vec![why.into()]);
                continue;
            }
            match case {
                Some(case) if is_update => plan.update((ledger, eye), (index, raw, row), case)?,
                Some(case)
                    if case.request == row.request && case.received_on == row.received_on =>
                {
                    plan.count_answer(&row);
                    plan.page.n_same += 1;
                }
                Some(case) => {
                    let why = ("old_number", "number_is_there", Some(case.number));
                    plan.page.refuse(index, raw, vec![why.into()]);
                }
                None => {
                    plan.count_answer(&row);
                    plan.count_person(ledger, &row, &mut codes)?;
                    plan.note_names(eye.book, &row);
                    plan.page.n_new += 1;
                    plan.fresh.push(row);
                }
            }
        }
        Ok(plan)
    }

    /// A row of a case that is there already.
    fn update(
        &mut self,
        (ledger, eye): (&impl Read, &Eye<'_>),
        (index, raw, row): (u64, &ImportRow, Row),
        case: Case,
    ) -> Result<(), Stop> {
        let (id, name) = (case.id, case.number.clone());
        match changed((ledger, eye), &row, case)? {
            Err(wrongs) => self.page.refuse(index, raw, wrongs),
            Ok(changed) if changed.fields.is_empty() => {
                self.count_answer(&row);
                self.page.n_same += 1;
            }
            Ok(changed) => {
                self.count_answer(&row);
                self.page.changes.push(RowChange {
                    index,
                    sheet: raw.sheet.clone(),
                    row: raw.row,
                    name,
                    fields: changed.fields,
                });
                self.updates.push((id, row));
            }
        }
        Ok(())
    }

    /// The days from receipt to answer, or to the closing where no answer is dated.
    fn count_answer(&mut self, row: &Row) {
        let Some(history) = &row.history else { return };
        let Some(on) = history.replied_on.or(history.closed_on) else { return };
        let days = on.signed_duration_since(row.received_on).num_days();
        self.page.answers.dated += 1;
        self.page.answers.over_15 += u64::from(days > 15);
        self.page.answers.over_60 += u64::from(days > 60);
    }

    /// Equal codes are one person; equal names alone never are.
    fn count_person(
        &mut self,
        ledger: &impl Read,
        row: &Row,
        codes: &mut BTreeSet<String>,
    ) -> Result<(), Fault> {
        let Some(code) = &row.person.code else {
            self.page.new_persons += u64::from(row.person.name.is_some());
            return Ok(());
        };
        if !codes.insert(code.clone()) {
            self.page.known_persons += 1;
            return Ok(());
        }
        let span = Span::prefix(Space::Index, &tables::code_key(code));
        let known = ledger.page(&span, Order::Forward, 1)?.pop();
        match known.and_then(|(key, _)| tables::last_id(&key)) {
            Some(id) => {
                self.page.known_persons += 1;
                self.persons.insert(code.clone(), PersonId(id));
            }
            None => self.page.new_persons += 1,
        }
        Ok(())
    }

    /// Units and officers that the office does not have yet are made with the import.
    fn note_names(&mut self, book: &Book, row: &Row) {
        let names = [(&row.village, UnitKind::Village), (&row.unit, UnitKind::Department)];
        for (name, kind) in names {
            let Some(name) = name else { continue };
            if !book.units.values().any(|unit| unit.name == *name) {
                self.page.units.entry(name.clone()).or_insert(kind);
            }
        }
        for (name, leads) in [(&row.lead, true), (&row.handler, false)] {
            let Some(name) = name else { continue };
            if !book.officers.values().any(|officer| officer.name == *name) {
                *self.page.officers.entry(name.clone()).or_default() |= leads;
            }
        }
    }
}

/// The case of a row that the ledger has already: by its number, or, without one, by its day and
/// text.
fn there(ledger: &impl Read, asking: &Asking, row: &Row) -> Result<Option<Case>, Fault> {
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
        // A sealed case, or one of another village, must not be betrayed by an import.
        if case.readers.is_some() || !policy::sees(&asking.asker, &Scope::of(&case), None) {
            continue;
        }
        return Ok(Some(case));
    }
    Ok(None)
}
