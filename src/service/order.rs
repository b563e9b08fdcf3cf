//! One order: done already, allowed, in step with what others did, and then its handler.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::api::incoming::ImportRow;
use crate::api::refusal::Refusal;
use crate::api::reply::Done;
use crate::api::request::Order;
use crate::api::undo::UndoWay;
use crate::domain::act::Act;
use crate::domain::case::Case;
use crate::domain::ids::{CaseId, Kind, RecordRef, Version};
use crate::domain::office::{Clerk, Officer, Unit};
use crate::domain::person::Person;
use crate::domain::policy::{self, Scope};
use crate::domain::receipt::Receipt;
use crate::domain::record::Record;
use crate::domain::slip::Slip;
use crate::service::change::Staged;
use crate::service::stop::Stop;
use crate::service::tell::Touched;
use crate::service::{
    Asking, Core, attachment, case, duty, erase, figure, given, handover, import, intake, judge,
    loading, meeting, office, owed, paper, people, returned, roster, saved, seal, split, step,
    task, undo, unit,
};
use crate::store::change::Swap;
use crate::store::journal::{Actor, Stamp, TakesBack};
use crate::store::key::Row;
use crate::store::read::Read;
use crate::store::tables::{self, Due};
use crate::store::write::{Asked, Outcome, Work};

/// A unit of work at the desk: what a handler needs to read, decide and write.
pub struct Desk<'w, 'b> {
    /// Limits, calendar, names.
    pub core: &'w Core,
    /// Tells whoever ordered how far it is: rows that are done, and rows in all.
    pub tells: &'w dyn Fn(u64, u64),
    /// The unit of work.
    pub work: &'w mut Work<'b>,
    /// Who asks, and when.
    pub asking: &'w Asking,
    /// The order.
    pub order: &'w Order,
    /// The act that the journal tells; that of the order, unless another one would betray something.
    pub told_as: Act,
    /// The day of the event, for the journal; today unless the form says otherwise.
    pub on: NaiveDate,
    /// What was changed so far.
    pub touched: Touched,
    /// The change that is taken back just now, or made again.
    pub takes_back: Option<TakesBack>,
    /// Whether its lines belong to one batch, because those of what it takes back do.
    pub in_batch: bool,
}

/// What a handler made.
pub struct Made {
    /// The record that was made or changed first.
    pub record: RecordRef,
    /// Its version now.
    pub version: Version,
    /// The printed number, where one was given out.
    pub number: Option<String>,
    /// The outcome of an import.
    pub import: Option<Box<crate::api::reply::ImportView>>,
}

impl Made {
    /// A record that was made or changed.
    pub fn of(record: &impl Record) -> Self {
        Self { record: record.reference(), version: record.version(), number: None, import: None }
    }

    /// A case, with its printed number.
    pub fn case(case: &Case) -> Self {
        Self { number: Some(case.number.clone()), ..Self::of(case) }
    }
}

/// Performs an order on the writer's thread.
///
/// # Errors
/// A refusal, after which nothing of it is written, or a fault.
pub fn perform(
    (core, staged, tells): (&Core, Staged, &dyn Fn(u64, u64)),
    work: &mut Work<'_>,
    asking: &Asking,
    order: &Order,
) -> Result<(Done, Touched), Stop> {
    core.follow_rules(work)?;
    let asked = Asked { uid: asking.session.uid, request: order.id };
    if let Some(outcome) = work.request(asked)? {
        return Ok((again(&outcome), Touched::default()));
    }
    let on = asking.today;
    let mut desk = Desk {
        core,
        tells,
        work,
        asking,
        order,
        told_as: order.act,
        on,
        touched: Touched::default(),
        takes_back: None,
        in_batch: false,
    };
    roster::note_lapses(&mut desk, on)?;
    let made = match order.act {
        Act::Attach => attachment::attach(&mut desk, staged.upload.as_ref())?,
        Act::Detach => attachment::detach(&mut desk)?,
        Act::GiveFigure => given::give(&mut desk, staged.counted.as_ref())?,
        Act::TakeReturn => {
            let rows = staged.rows.as_deref();
            returned::take_in(&mut desk, rows.map_or(&[], Vec::as_slice))?
        }
        _ => dispatch(&mut desk, staged.rows.as_deref())?,
    };
    let way = if order.act == Act::Redo { UndoWay::Redo } else { UndoWay::Undo };
    let taken_back = desk.takes_back.as_ref().map(|taken| (taken.change, way));
    let mut touched = std::mem::take(&mut desk.touched);
    touched.taken_back = taken_back;
    let revision = work.revision_after();
    let outcome = Outcome {
        code: made.number.clone().unwrap_or_default(),
        record: Some(made.record),
        version: Some(made.version),
        revision,
        on: asking.today,
    };
    work.remember(asked, &outcome)?;
    let done = Done {
        record: Some(made.record),
        version: made.version,
        revision: Some(revision),
        number: made.number,
        import: made.import,
    };
    Ok((done, touched))
}

/// Whether an order goes by itself, as a large change: it brings many records, or new rules that
/// may move every case, or takes such a thing back.
///
/// # Errors
/// A damaged ledger, or it names a change that is not there.
pub fn is_large(ledger: &impl Read, asking: &Asking, order: &Order) -> Result<bool, Stop> {
    let act = match order.act {
        Act::Undo | Act::Redo => undo::act_of(ledger, asking, order)?,
        act => Some(act),
    };
    let is_large = |act| {
        matches!(
            act,
            Act::Import
                | Act::LoadPlan
                | Act::LoadLaw
                | Act::DropLaw
                | Act::LoadCalendar
                | Act::EditOffice
                | Act::Erase
        )
    };
    Ok(act.is_some_and(is_large))
}

/// To the handler of the act.
fn dispatch(desk: &mut Desk<'_, '_>, staged: Option<&Vec<ImportRow>>) -> Result<Made, Stop> {
    match desk.order.act {
        Act::Register => intake::register(desk),
        Act::Join => intake::join(desk),
        Act::Split | Act::MergeInto => split::move_receipts(desk),
        Act::Repeat | Act::Unrepeat => split::mark(desk),
        Act::Route => case::route(desk),
        Act::Readers => seal::readers(desk),
        Act::Part => seal::part(desk),
        Act::Notify => case::notify(desk),
        Act::Object => case::object(desk),
        Act::Accept => case::accept(desk),
        Act::Extend => case::extend(desk),
        Act::AssignLead => case::assign_lead(desk),
        Act::Allot => case::allot(desk),
        Act::HandTo => case::hand_to(desk),
        Act::Record => case::record(desk),
        Act::CorrectStep => step::correct(desk),
        Act::EditClaim => step::claim(desk),
        Act::EditCase => case::edit(desk),
        Act::EditReceipt => case::edit_receipt(desk),
        Act::EditPerson => case::edit_person(desk),
        Act::MergePersons => people::merge(desk),
        Act::UnmergePersons => people::unmerge(desk),
        Act::AskErasure => erase::ask(desk),
        Act::WithdrawErasure => erase::withdraw(desk),
        Act::Erase => erase::erase(desk),
        Act::ProposeEntry => roster::propose(desk),
        Act::ApproveEntry => roster::approve(desk),
        Act::ContactEntry => roster::contact(desk),
        Act::RenewEntry => roster::renew(desk),
        Act::EndEntry => roster::end(desk),
        Act::EditEntry => roster::edit(desk),
        Act::Table => meeting::table(desk),
        Act::TableMany => meeting::table_many(desk),
        Act::SaveView | Act::EditView | Act::RemoveView => saved::perform(desk),
        Act::TakeOff => meeting::take_off(desk),
        Act::Decide => meeting::decide(desk),
        Act::FinishDecision => meeting::finish(desk),
        Act::EditDecision => meeting::edit(desk),
        Act::Import => import::take_in(desk, staged.map_or(&[], Vec::as_slice)),
        Act::AddUnit => office::add_unit(desk),
        Act::EditUnit => office::edit_unit(desk),
        Act::NoteUnit | Act::CorrectNote => unit::note(desk),
        Act::AddOfficer => office::add_officer(desk),
        Act::EditOfficer => office::edit_officer(desk),
        Act::AddClerk => office::add_clerk(desk),
        Act::EditClerk => office::edit_clerk(desk),
        Act::EditOffice => office::edit_office(desk),
        Act::MoveToday => office::move_today(desk),
        Act::Handover => handover::hand_over(desk),
        Act::Substitute => handover::substitute(desk),
        Act::AssignMany => handover::assign_many(desk),
        Act::Undo | Act::Redo => undo::perform(desk),
        Act::LoadLaw | Act::DropLaw | Act::LoadCalendar => loading::perform(desk),
        Act::LoadPlan
        | Act::ClosePhase
        | Act::ReopenPhase
        | Act::StartTask
        | Act::FinishTask
        | Act::AddEvidence
        | Act::ExcuseTask
        | Act::SendBackTask
        | Act::EditTask
        | Act::TickTasks => task::perform(desk, staged),
        Act::ReportDuty | Act::SendBackDuty | Act::EditDuty => duty::perform(desk),
        act if paper::makes(act) => paper::perform(desk, staged),
        Act::EnterFigure => figure::enter(desk),
        // The steps of the procedure are a table of their own; what only reads is refused there.
        _ => step::make(desk),
    }
}

/// The answer to an order that was done before.
fn again(outcome: &Outcome) -> Done {
    Done {
        record: outcome.record,
        version: outcome.version.unwrap_or_default(),
        revision: Some(outcome.revision),
        number: (!outcome.code.is_empty()).then(|| outcome.code.clone()),
        import: None,
    }
}

impl Desk<'_, '_> {
    /// One more row of many is done: whoever ordered hears of it as often as a bar moves.
    pub fn going(&self, n_done: usize, n_all: usize) {
        const ROWS_MIN: usize = 100;
        const PARTS: usize = 50;
        if n_done == n_all || n_done.is_multiple_of((n_all / PARTS).max(ROWS_MIN)) {
            (self.tells)(n_done as u64, n_all as u64);
        }
    }

    /// The stamp of the change's journal lines.
    pub fn stamp(&self) -> Stamp {
        let session = &self.asking.session;
        let is_batch = self.in_batch
            || matches!(
                self.order.act,
                Act::Import
                    | Act::LoadPlan
                    | Act::TickTasks
                    | Act::Handover
                    | Act::AssignMany
                    | Act::TableMany
                    | Act::TakeReturn
            );
        Stamp {
            change: self.order.id,
            batch: is_batch.then_some(self.order.id),
            act: self.told_as.word().to_owned(),
            actor: Actor::Clerk { uid: session.uid, login: session.login.clone() },
            on: self.on,
            at: self.asking.now,
            takes_back: self.takes_back.clone(),
        }
    }

    /// The case that the order is about, if the asker may do the act on it and nobody has changed
    /// meanwhile what the act depends on.
    ///
    /// # Errors
    /// Not found, denied, or a conflict.
    pub fn case(&self, depends_on: &[&str]) -> Result<Case, Stop> {
        let id = self.order.on.ok_or_else(Refusal::not_found)?;
        let case: Case = self.work.load(id)?.ok_or_else(Refusal::not_found)?;
        self.may_touch(&case)?;
        self.in_step(&case, depends_on)?;
        Ok(case)
    }

    /// Whether the asker may do the act on a case.
    ///
    /// # Errors
    /// Not found where they may not see it, denied where they may see it only.
    pub fn may_touch(&self, case: &Case) -> Result<(), Stop> {
        let (asker, scope) = (&self.asking.asker, Scope::of(case));
        if self.order.act == Act::Answer && policy::asked_village(asker, case).is_some() {
            return judge(self.asking, Act::Answer, policy::Link::Village);
        }
        if !policy::sees(asker, &scope, case.readers.as_ref()) {
            return Err(Refusal::not_found().into());
        }
        judge(self.asking, self.order.act, policy::link(asker, &scope))
    }

    /// What a case owes.
    pub fn due(&self, case: &Case) -> Due {
        due(self.core, case)
    }

    /// Makes a case.
    ///
    /// # Errors
    /// A fault of the ledger.
    pub fn create_case(&mut self, case: Case) -> Result<Case, Stop> {
        let case = self.with_slips(case)?;
        let rows = tables::case_rows(&case, &self.due(&case));
        let case = self.work.create(&self.stamp(), case, rows)?;
        self.touched.add(&case);
        Ok(case)
    }

    /// Puts a changed case in the place of the old one.
    ///
    /// # Errors
    /// A fault of the ledger.
    pub fn put_case(&mut self, old: &Case, new: Case) -> Result<Case, Stop> {
        let new = self.with_slips(new)?;
        let swap = Swap {
            old: tables::case_rows(old, &self.due(old)),
            new: tables::case_rows(&new, &self.due(&new)),
        };
        let case = self.work.patch(&self.stamp(), new, &swap)?;
        self.touched.add(&case);
        roster::follow_case(self, &case)?;
        Ok(case)
    }

    /// A case with what its receipts say by now.
    fn with_slips(&self, case: Case) -> Result<Case, Stop> {
        let mut slips = BTreeMap::new();
        for id in case.receipts() {
            let receipt = self.work.load::<Receipt>(id.0)?;
            slips.extend(receipt.map(|receipt| (id, Slip::of(&receipt))));
        }
        Ok(Case { slips, ..case })
    }

    /// Makes a record of a kind other than a case.
    ///
    /// # Errors
    /// A fault of the ledger.
    pub fn create<R: Indexed>(&mut self, record: R) -> Result<R, Stop> {
        let rows = record.rows();
        let record = self.work.create(&self.stamp(), record, rows)?;
        self.touched.add_record(record.reference());
        Ok(record)
    }

    /// Puts a changed record of a kind other than a case in the place of the old one.
    ///
    /// # Errors
    /// A fault of the ledger.
    pub fn put<R: Indexed>(&mut self, old: &R, new: R) -> Result<R, Stop> {
        let swap = Swap { old: old.rows(), new: new.rows() };
        let record = self.work.patch(&self.stamp(), new, &swap)?;
        self.touched.add_record(record.reference());
        Ok(record)
    }

    /// The officer of a number.
    ///
    /// # Errors
    /// The number is nobody's: a wrong field.
    pub fn officer(&self, id: Option<u64>, field: &str) -> Result<Option<Officer>, Stop> {
        let Some(id) = id else { return Ok(None) };
        self.work.load(id)?.map(Some).ok_or_else(|| no_such(field))
    }

    /// The unit of a number.
    ///
    /// # Errors
    /// The number is no unit's: a wrong field.
    pub fn unit(&self, id: Option<u64>, field: &str) -> Result<Option<Unit>, Stop> {
        let Some(id) = id else { return Ok(None) };
        self.work.load(id)?.map(Some).ok_or_else(|| no_such(field))
    }
}

fn no_such(field: &str) -> Stop {
    let wrong =
        crate::domain::form::Wrong { field: field.to_owned(), why: "no_such_record".to_owned() };
    vec![wrong].into()
}

/// What a case owes, for its index rows.
pub fn due(core: &Core, case: &Case) -> Due {
    owed::of_case(core, case)
}

/// A record whose rows follow from itself alone.
pub trait Indexed: Record {
    /// Its rows.
    fn rows(&self) -> Vec<Row>;
}

impl Indexed for Receipt {
    fn rows(&self) -> Vec<Row> {
        tables::receipt_rows(self)
    }
}

impl Indexed for Person {
    fn rows(&self) -> Vec<Row> {
        tables::person_rows(self)
    }
}

impl Indexed for Clerk {
    fn rows(&self) -> Vec<Row> {
        tables::clerk_rows(self)
    }
}

impl Indexed for Unit {
    fn rows(&self) -> Vec<Row> {
        tables::plain_rows(self.reference())
    }
}

impl Indexed for Officer {
    fn rows(&self) -> Vec<Row> {
        tables::plain_rows(self.reference())
    }
}

impl Indexed for crate::domain::office::Office {
    fn rows(&self) -> Vec<Row> {
        tables::plain_rows(self.reference())
    }
}

/// The case of an id, for those who hold one.
pub fn case_ref(id: CaseId) -> RecordRef {
    RecordRef { kind: Kind::Case, id: id.0 }
}
