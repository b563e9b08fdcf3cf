//! The field table: every field of every record and of every form, once.
//!
//! Forms, sheets, import, export, checks, masking and docs are made from it. A field's label stands
//! in the catalogue under `field.KEY`, its header synonyms in `data/import` under the same key.
//! INVARIANT: the fields of a record here are the keys of its JSON; a test compares them.

use crate::domain::act::Act;
use crate::domain::choice::{
    AtOnce, Channel, Choice, ContactManner, EndReason, Level, Manner, Position, Purpose, Role,
    RosterGround, Route, Sex, Source, UnitKind, Work,
};
use crate::domain::field::FieldKind;
use crate::domain::ids::Kind;
use crate::domain::schema_work;
use crate::domain::step_form;

/// Whether a form may leave the field empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It must be filled.
    Required,
    /// It may stay empty.
    Optional,
}

/// How the server hands the value out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shield {
    /// As it is.
    Clear,
    /// Masked, unless revealed.
    Masked,
}

/// Who may change the field after the record was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The form of the record.
    Typed,
    /// The form, until the matter is taken on (Reg. 19(1): recorded faithfully).
    UntilAccepted,
    /// A rule only.
    Ruled,
}

/// One field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its key, with its record or form in front: `case.title`.
    pub key: &'static str,
    /// What it may hold.
    pub kind: FieldKind,
    /// Whether it may be empty.
    pub need: Need,
    /// How it is handed out.
    pub shield: Shield,
    /// Who may change it.
    pub change: Change,
}

impl Field {
    /// The key without its record: `title` of `case.title`.
    pub fn name(&self) -> &'static str {
        self.key.split_once('.').map_or(self.key, |(_, name)| name)
    }

    /// Whether it is meant by a name, or by its whole key where a name alone could mean another form's.
    pub fn is_called(&self, name: &str) -> bool {
        name == self.name() || name == self.key
    }

    pub(in crate::domain) const fn required(mut self) -> Self {
        self.need = Need::Required;
        self
    }

    pub(in crate::domain) const fn masked(mut self) -> Self {
        self.shield = Shield::Masked;
        self
    }

    pub(in crate::domain) const fn until_accepted(mut self) -> Self {
        self.change = Change::UntilAccepted;
        self
    }

    pub(in crate::domain) const fn ruled(mut self) -> Self {
        self.change = Change::Ruled;
        self
    }
}

pub(in crate::domain) const fn field(key: &'static str, kind: FieldKind) -> Field {
    Field { key, kind, need: Need::Optional, shield: Shield::Clear, change: Change::Typed }
}

pub(in crate::domain) const fn inner(key: &'static str) -> Field {
    field(key, FieldKind::Inner).ruled()
}

pub(in crate::domain) const fn one_of(choice: Choice) -> FieldKind {
    FieldKind::OneOf(choice)
}

/// A line of text.
pub(in crate::domain) const LINE: FieldKind = FieldKind::Line { most: 200 };
/// A short line.
pub(in crate::domain) const SHORT: FieldKind = FieldKind::Line { most: 60 };
pub(in crate::domain) const PEOPLE: FieldKind = FieldKind::Count { least: 1, most: 100_000 };

/// Fields of the office's settings.
pub const OFFICE: &[Field] = &[
    inner("office.id"),
    inner("office.version"),
    field("office.town", FieldKind::Name).required(),
    field("office.code", FieldKind::Line { most: 12 }).required(),
    field("office.population", FieldKind::Count { least: 1, most: 10_000_000 }).required(),
    field("office.position", one_of(Position::CHOICE)).required(),
    field("office.soon_workdays", FieldKind::Count { least: 0, most: 30 }).required(),
    field("office.half_time_percent", FieldKind::Count { least: 0, most: 99 }),
    field("office.nudge_workdays", FieldKind::Count { least: 0, most: 60 }),
    field("office.enter_workdays", FieldKind::Count { least: 0, most: 60 }),
    field("office.return_workdays", FieldKind::Count { least: 0, most: 60 }),
    field("office.group_people", FieldKind::Count { least: 2, most: 100 }),
    field("office.idle_minutes", FieldKind::Count { least: 0, most: 120 }),
    field("office.per_account", FieldKind::Count { least: 2, most: 64 }),
    field("office.connections", FieldKind::Count { least: 8, most: 128 }),
    field("office.backup_days", FieldKind::Count { least: 0, most: 92 }),
    field("office.attachment_mib", FieldKind::Count { least: 1, most: 64 }),
    field("office.case_mib", FieldKind::Count { least: 1, most: 4_000 }),
    field("office.paper_prefix", FieldKind::Line { most: 12 }),
    field("office.review_body", LINE),
    inner("office.templates"),
    inner("office.skipped"),
    inner("office.loaded"),
    field("office.trial_today", FieldKind::Date).ruled(),
];

/// The form by which limits are loaded.
pub const LOAD_LAW: &[Field] = &[
    field("load_law.file", LINE),
    field("load_law.text", FieldKind::Text),
    field("load_law.built_in", SHORT),
];

/// The form by which loaded limits are taken out of force.
pub const DROP_LAW: &[Field] = &[field("drop_law.name", LINE).required()];

/// The form by which a notice of days off is loaded.
pub const LOAD_CALENDAR: &[Field] =
    &[field("load_calendar.file", LINE), field("load_calendar.text", FieldKind::Text).required()];

/// Fields of a unit.
pub const UNIT: &[Field] = &[
    inner("unit.id"),
    inner("unit.version"),
    field("unit.name", FieldKind::Name).required(),
    field("unit.kind", one_of(UnitKind::CHOICE)).required(),
    field("unit.code", SHORT),
    field("unit.population", FieldKind::Count { least: 0, most: 10_000_000 }),
    field("unit.head", FieldKind::Name),
    field("unit.phone", FieldKind::Phone),
    field("unit.looked_after_by", FieldKind::Link(Kind::Unit)),
    field("unit.ended_on", FieldKind::Date),
    inner("unit.notes"),
];

/// Fields of an officer.
pub const OFFICER: &[Field] = &[
    inner("officer.id"),
    inner("officer.version"),
    field("officer.name", FieldKind::Name).required(),
    field("officer.post", SHORT),
    field("officer.unit", FieldKind::Link(Kind::Unit)),
    field("officer.phone", FieldKind::Phone),
    field("officer.leads", FieldKind::Flag),
    field("officer.head_from", FieldKind::Date),
    field("officer.head_until", FieldKind::Date),
    field("officer.left_on", FieldKind::Date),
    field("officer.stand_in", FieldKind::Link(Kind::Officer)).ruled(),
    field("officer.away_from", FieldKind::Date).ruled(),
    field("officer.away_until", FieldKind::Date).ruled(),
];

/// The form by which what an officer holds is handed over; without items it is everything.
pub const HANDOVER: &[Field] = &[
    field("handover.to", FieldKind::Link(Kind::Officer)),
    field("handover.items", FieldKind::Text),
    field("handover.on", FieldKind::Date).required(),
    field("handover.text", LINE),
];

/// The form that says who stands in for an officer; nobody ends it.
pub const SUBSTITUTE: &[Field] = &[
    field("substitute.by", FieldKind::Link(Kind::Officer)),
    field("substitute.from", FieldKind::Date),
    field("substitute.until", FieldKind::Date),
];

/// The form by which many cases are given to somebody else.
pub const ASSIGN_MANY: &[Field] = &[
    field("assign_many.cases", FieldKind::Text).required(),
    field("assign_many.lead", FieldKind::Link(Kind::Officer)),
    field("assign_many.unit", FieldKind::Link(Kind::Unit)),
    field("assign_many.handler", FieldKind::Link(Kind::Officer)),
    field("assign_many.class", SHORT),
    field("assign_many.agreed_on", FieldKind::Date),
    // Whoever is given a case is told why; a class or a target that is put right needs no word.
    field("assign_many.text", LINE),
    field("assign_many.on", FieldKind::Date).required(),
];

/// Fields of an account.
pub const CLERK: &[Field] = &[
    inner("clerk.id"),
    inner("clerk.version"),
    field("clerk.login", SHORT).required(),
    field("clerk.uid", FieldKind::Count { least: 0, most: u32::MAX }),
    field("clerk.officer", FieldKind::Link(Kind::Officer)),
    field("clerk.roles", FieldKind::SomeOf(Role::CHOICE)).required(),
    field("clerk.unit", FieldKind::Link(Kind::Unit)),
    field("clerk.closed_on", FieldKind::Date),
];

/// Fields of a person.
pub const PERSON: &[Field] = &[
    inner("person.id"),
    inner("person.version"),
    field("person.name", FieldKind::Name),
    field("person.sex", one_of(Sex::CHOICE)),
    field("person.phone", FieldKind::Phone).masked(),
    field("person.address", LINE),
    field("person.village", FieldKind::Link(Kind::Unit)),
    field("person.id_number", FieldKind::IdNumber).masked(),
    field("person.code", SHORT).ruled(),
    inner("person.same_as"),
    inner("person.erasure"),
];

/// The form that asks for an erasure.
const ASK_ERASURE: &[Field] = &[field("ask_erasure.basis", FieldKind::Text).required()];

/// The form of an erasure.
const ERASE: &[Field] = &[field("erase.document", SHORT).required()];

/// Fields of a receipt.
pub const RECEIPT: &[Field] = &[
    inner("receipt.id"),
    inner("receipt.version"),
    inner("receipt.case"),
    field("receipt.received_on", FieldKind::Date).required().ruled(),
    field("receipt.received_at", FieldKind::Time).ruled(),
    field("receipt.channel", one_of(Channel::CHOICE)).required().ruled(),
    field("receipt.source", one_of(Source::CHOICE)).required().ruled(),
    field("receipt.people", PEOPLE).required(),
    field("receipt.repeat", FieldKind::Flag).ruled(),
    field("receipt.state_number", SHORT),
    field("receipt.query_code", SHORT),
    field("receipt.entered_on", FieldKind::Date),
    field("receipt.returned_on", FieldKind::Date),
    field("receipt.from_body", SHORT),
    field("receipt.letter", SHORT),
    field("receipt.report_way", SHORT),
    field("receipt.sender_contact", SHORT),
    field("receipt.taken_by", FieldKind::Link(Kind::Officer)),
    field("receipt.at_once", one_of(AtOnce::CHOICE)).ruled(),
    inner("receipt.imported"),
    field("receipt.words", FieldKind::Text).ruled(),
];

/// Fields of a case.
pub const CASE: &[Field] = &[
    inner("case.id"),
    inner("case.version"),
    inner("case.number"),
    field("case.old_number", SHORT).ruled(),
    field("case.title", LINE).required(),
    field("case.request", FieldKind::Text).required().until_accepted(),
    inner("case.claims"),
    inner("case.persons"),
    field("case.people", PEOPLE).required(),
    field("case.level", one_of(Level::CHOICE)).required(),
    field("case.purpose", one_of(Purpose::CHOICE)).ruled(),
    field("case.route", one_of(Route::CHOICE)).ruled(),
    field("case.class", SHORT),
    inner("case.repeats"),
    inner("case.slips"),
    inner("case.attachments"),
    field("case.village", FieldKind::Link(Kind::Unit)),
    field("case.place", LINE),
    field("case.about", LINE),
    field("case.about_unit", FieldKind::Link(Kind::Unit)),
    field("case.about_officer", FieldKind::Link(Kind::Officer)),
    field("case.lead", FieldKind::Link(Kind::Officer)).ruled(),
    field("case.unit", FieldKind::Link(Kind::Unit)).ruled(),
    field("case.handler", FieldKind::Link(Kind::Officer)).ruled(),
    inner("case.registrar"),
    inner("case.held_by"),
    field("case.assisting", FieldKind::Links(Kind::Unit)),
    inner("case.entrusted"),
    field("case.measures", FieldKind::Text),
    field("case.agreed_on", FieldKind::Date),
    field("case.backlog", FieldKind::Flag),
    field("case.urgent", FieldKind::Flag),
    inner("case.urgent_on"),
    inner("case.history"),
    inner("case.received_on"),
    inner("case.readers"),
    inner("case.tabled"),
    inner("case.cycle"),
    inner("case.steps"),
    inner("case.last_step"),
];

/// Fields of an entry of the roster.
pub const ENTRY: &[Field] = &[
    inner("entry.id"),
    inner("entry.version"),
    inner("entry.person"),
    inner("entry.case"),
    field("entry.ground", one_of(RosterGround::CHOICE)).required().ruled(),
    field("entry.reason", FieldKind::Text).required().ruled(),
    inner("entry.village"),
    inner("entry.proposed_by"),
    inner("entry.proposer"),
    field("entry.proposed_on", FieldKind::Date).ruled(),
    inner("entry.approval"),
    field("entry.lead", FieldKind::Link(Kind::Officer)).required(),
    field("entry.officer", FieldKind::Link(Kind::Officer)).required(),
    field("entry.measures", FieldKind::Text).required(),
    field("entry.help_called", LINE),
    field("entry.reported_on", FieldKind::Date),
    field("entry.told_on", FieldKind::Date),
    field("entry.not_told", LINE),
    field("entry.contact_on", FieldKind::Date).ruled(),
    inner("entry.promise"),
    field("entry.review_on", FieldKind::Date).ruled(),
    inner("entry.reviews"),
    inner("entry.contacts"),
    inner("entry.last_line"),
    inner("entry.lapsed_on"),
    inner("entry.ending"),
];

/// The form of an export: what for and to whom; which rows in which columns is what the list shows.
pub const EXPORT: &[Field] =
    &[field("export.use", LINE).required(), field("export.recipient", LINE).required()];

/// The form that proposes somebody for the roster.
pub const PROPOSE: &[Field] = &[
    field("propose.person", FieldKind::Link(Kind::Person)),
    field("propose.ground", one_of(RosterGround::CHOICE)).required(),
    field("propose.reason", FieldKind::Text).required(),
    field("propose.lead", FieldKind::Link(Kind::Officer)).required(),
    field("propose.officer", FieldKind::Link(Kind::Officer)).required(),
    field("propose.measures", FieldKind::Text).required(),
    field("propose.contact_on", FieldKind::Date).required(),
    field("propose.review_on", FieldKind::Date).required(),
    field("propose.told_on", FieldKind::Date),
    field("propose.not_told", LINE),
    field("propose.promise", LINE),
    field("propose.promise_by", FieldKind::Date),
    field("propose.help_called", LINE),
    field("propose.reported_on", FieldKind::Date),
];

/// The form that approves a proposal; approver and document only for an approval on paper.
pub const APPROVE: &[Field] = &[
    field("approve.told_on", FieldKind::Date),
    field("approve.not_told", LINE),
    field("approve.review_on", FieldKind::Date),
    field("approve.approver", FieldKind::Link(Kind::Officer)),
    field("approve.document", SHORT),
    field("approve.on", FieldKind::Date),
];

/// The form of a contact.
pub const CONTACT: &[Field] = &[
    field("contact.on", FieldKind::Date).required(),
    field("contact.manner", one_of(ContactManner::CHOICE)).required(),
    field("contact.text", FieldKind::Text).required(),
    field("contact.next_on", FieldKind::Date).required(),
    field("contact.given", FieldKind::Flag),
    field("contact.promise", LINE),
    field("contact.promise_by", FieldKind::Date),
];

/// The form that renews an entry.
pub const RENEW: &[Field] = &[
    field("renew.text", FieldKind::Text).required(),
    field("renew.review_on", FieldKind::Date).required(),
];

/// The form that ends an entry.
pub const END: &[Field] = &[
    field("leave.why", one_of(EndReason::CHOICE)).required(),
    field("leave.text", FieldKind::Text).required(),
    field("leave.on", FieldKind::Date).required(),
];

/// The form that says that two records are one person, or that they are not.
pub const MERGE: &[Field] = &[field("merge.other", FieldKind::Link(Kind::Person)).required()];

/// The form at the window: receipt, person and request on one screen.
pub const REGISTER: &[Field] = &[
    field("register.name", FieldKind::Name).required(),
    field("register.request", FieldKind::Text).required(),
    field("register.received_on", FieldKind::Date).required(),
    field("register.people", PEOPLE).required(),
    field("register.taken_by", FieldKind::Link(Kind::Officer)),
    field("register.at_once", one_of(AtOnce::CHOICE)).required(),
    field("register.channel", one_of(Channel::CHOICE)).required(),
    field("register.representatives", LINE),
    field("register.title", LINE),
    field("register.phone", FieldKind::Phone),
    field("register.village", FieldKind::Link(Kind::Unit)),
    field("register.address", LINE),
    field("register.about", LINE),
    field("register.about_unit", FieldKind::Link(Kind::Unit)),
    field("register.about_officer", FieldKind::Link(Kind::Officer)),
    field("register.sealed", FieldKind::Flag),
    field("register.readers", FieldKind::Links(Kind::Officer)),
    field("register.open_part", FieldKind::Text),
    field("register.source", one_of(Source::CHOICE)).required(),
    field("register.from_body", SHORT),
    field("register.letter", SHORT),
    field("register.letter_on", FieldKind::Date),
    field("register.due_on", FieldKind::Date),
    field("register.report_way", SHORT),
    field("register.sender_contact", SHORT),
    field("register.state_number", SHORT),
    field("register.query_code", SHORT),
    field("register.id_number", FieldKind::IdNumber),
    field("register.sex", one_of(Sex::CHOICE)),
    field("register.person", FieldKind::Link(Kind::Person)),
    field("register.repeats", SHORT),
];

/// The form that attaches a receipt to a case.
pub const JOIN: &[Field] = &[
    field("join.received_on", FieldKind::Date).required(),
    field("join.channel", one_of(Channel::CHOICE)).required(),
    field("join.source", one_of(Source::CHOICE)).required(),
    field("join.people", PEOPLE).required(),
    field("join.words", FieldKind::Text),
    field("join.from_body", SHORT),
    field("join.letter", SHORT),
    field("join.letter_on", FieldKind::Date),
    field("join.due_on", FieldKind::Date),
    field("join.report_way", SHORT),
    field("join.sender_contact", SHORT),
    field("join.state_number", SHORT),
    field("join.query_code", SHORT),
    field("join.taken_by", FieldKind::Link(Kind::Officer)),
    field("join.representatives", LINE),
];

/// The form that splits a receipt off: to the case of a number, or to a matter of its own.
pub const SPLIT: &[Field] = &[
    field("split.into", SHORT),
    field("split.request", FieldKind::Text),
    field("split.title", LINE),
    field("split.on", FieldKind::Date).required(),
    field("split.text", FieldKind::Text).required(),
];

/// The form that joins a whole case to another, with its basis.
pub const MERGE_INTO: &[Field] = &[
    field("merge_into.into", SHORT).required(),
    field("merge_into.on", FieldKind::Date).required(),
    field("merge_into.text", FieldKind::Text).required(),
    field("merge_into.document", SHORT),
];

/// The form that says which earlier case a case repeats.
pub const REPEAT: &[Field] = &[field("repeat.of", SHORT).required()];

/// The form that decides purpose and procedure.
pub const ROUTE: &[Field] = &[
    field("route.purpose", one_of(Purpose::CHOICE)).required(),
    field("route.route", one_of(Route::CHOICE)).required(),
    field("route.on", FieldKind::Date).required(),
    field("route.about", LINE),
    field("route.about_unit", FieldKind::Link(Kind::Unit)),
    field("route.about_officer", FieldKind::Link(Kind::Officer)),
    field("route.readers", FieldKind::Links(Kind::Officer)),
    field("route.text", FieldKind::Text),
];

/// The form that names a reader of a sealed case, or takes the name back.
pub const READERS: &[Field] = &[
    field("readers.add", FieldKind::Link(Kind::Officer)),
    field("readers.remove", FieldKind::Link(Kind::Officer)),
    field("readers.text", FieldKind::Text).required(),
];

/// The form that takes the open part out of a sealed petition.
pub const PART: &[Field] = &[
    field("part.request", FieldKind::Text).required(),
    field("part.title", LINE),
    field("part.village", FieldKind::Link(Kind::Unit)),
];

/// The form of a written notice.
pub const NOTIFY: &[Field] = &[
    field("notify.on", FieldKind::Date).required(),
    field("notify.manner", one_of(Manner::CHOICE)).required(),
    field("notify.document", SHORT),
    field("notify.text", FieldKind::Text),
];

/// The form of an objection.
pub const OBJECT: &[Field] = &[
    field("object.on", FieldKind::Date).required(),
    field("object.document", SHORT),
    field("object.text", FieldKind::Text).required(),
];

/// The form of acceptance.
pub const ACCEPT: &[Field] = &[
    field("accept.on", FieldKind::Date).required(),
    field("accept.document", SHORT),
    field("accept.text", FieldKind::Text),
];

/// The form of an extension.
pub const EXTEND: &[Field] = &[
    field("extend.days", FieldKind::Count { least: 1, most: 366 }).required(),
    field("extend.approver", FieldKind::Link(Kind::Officer)).required(),
    field("extend.on", FieldKind::Date).required(),
    field("extend.text", FieldKind::Text).required(),
    field("extend.document", SHORT),
    field("extend.told_on", FieldKind::Date),
];

/// The form that gives a case to a leader.
pub const ASSIGN_LEAD: &[Field] = &[
    field("assign_lead.lead", FieldKind::Link(Kind::Officer)).required(),
    field("assign_lead.on", FieldKind::Date),
    field("assign_lead.text", FieldKind::Text),
];

/// The form that gives a case to a unit.
pub const ALLOT: &[Field] = &[
    field("allot.unit", FieldKind::Link(Kind::Unit)).required(),
    field("allot.on", FieldKind::Date),
    field("allot.text", FieldKind::Text),
];

/// The form that gives a case to an officer.
pub const HAND_TO: &[Field] = &[
    field("hand_to.handler", FieldKind::Link(Kind::Officer)).required(),
    field("hand_to.on", FieldKind::Date),
    field("hand_to.text", FieldKind::Text),
];

/// The form of a plain step.
pub const RECORD: &[Field] = &[
    field("record.work", one_of(Work::CHOICE)).required(),
    field("record.on", FieldKind::Date).required(),
    field("record.text", FieldKind::Text).required(),
    field("record.document", SHORT),
];

/// The form that moves the day of a trial ledger.
pub const MOVE_TODAY: &[Field] = &[field("move_today.today", FieldKind::Date).required()];

/// The fields of a kind of record.
pub const fn record(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Office => OFFICE,
        Kind::Unit => UNIT,
        Kind::Officer => OFFICER,
        Kind::Clerk => CLERK,
        Kind::Person => PERSON,
        Kind::Receipt => RECEIPT,
        Kind::Case => CASE,
        Kind::Plan => schema_work::PLAN,
        Kind::Task => schema_work::TASK,
        Kind::Entry => ENTRY,
        Kind::Decision => schema_work::DECISION,
        Kind::Duty => schema_work::DUTY,
        Kind::Indicator => schema_work::INDICATOR,
        Kind::View => schema_work::VIEW,
        Kind::Given => schema_work::GIVEN,
    }
}

/// The fields of the form of an act; empty for an act that takes none. A form that makes or edits
/// a record has the record's own fields.
pub const fn form(act: Act) -> &'static [Field] {
    match act {
        Act::Export | Act::Dossier => EXPORT,
        Act::Register => REGISTER,
        Act::Join => JOIN,
        Act::Split => SPLIT,
        Act::MergeInto | Act::Repeat => of_another_case(act),
        Act::Route => ROUTE,
        Act::Readers => READERS,
        Act::Part => PART,
        Act::Notify => NOTIFY,
        Act::Object => OBJECT,
        Act::Accept => ACCEPT,
        Act::Extend => EXTEND,
        Act::AssignLead => ASSIGN_LEAD,
        Act::Allot => ALLOT,
        Act::HandTo => HAND_TO,
        Act::Record => RECORD,
        Act::EditCase => CASE,
        Act::EditReceipt => RECEIPT,
        Act::EditPerson => PERSON,
        Act::MergePersons | Act::UnmergePersons => MERGE,
        Act::AskErasure => ASK_ERASURE,
        Act::Erase => ERASE,
        Act::ProposeEntry => PROPOSE,
        Act::ApproveEntry => APPROVE,
        Act::ContactEntry => CONTACT,
        Act::RenewEntry => RENEW,
        Act::EndEntry => END,
        Act::EditEntry => ENTRY,
        Act::AddUnit | Act::EditUnit => UNIT,
        Act::NoteUnit => schema_work::NOTE_UNIT,
        Act::CorrectNote => schema_work::CORRECT_NOTE,
        Act::AddOfficer | Act::EditOfficer => OFFICER,
        Act::AddClerk | Act::EditClerk => CLERK,
        Act::EditOffice => OFFICE,
        Act::MoveToday => MOVE_TODAY,
        Act::LoadPlan => schema_work::LOAD_PLAN,
        Act::ClosePhase => schema_work::CLOSE_PHASE,
        Act::ReopenPhase => schema_work::REOPEN_PHASE,
        Act::StartTask => schema_work::START_TASK,
        Act::FinishTask => schema_work::FINISH_TASK,
        Act::AddEvidence => schema_work::ADD_EVIDENCE,
        Act::ExcuseTask => schema_work::EXCUSE_TASK,
        Act::SendBackTask => schema_work::SEND_BACK_TASK,
        Act::EditTask => schema_work::TASK,
        Act::Handover => HANDOVER,
        Act::Substitute => SUBSTITUTE,
        Act::AssignMany => ASSIGN_MANY,
        Act::TickTasks => schema_work::TICK_TASKS,
        Act::Table => schema_work::TABLE,
        Act::TableMany => schema_work::TABLE_MANY,
        Act::SaveView | Act::EditView => schema_work::VIEW,
        Act::Decide => schema_work::DECIDE,
        Act::FinishDecision => schema_work::FINISH_DECISION,
        Act::EditDecision => schema_work::DECISION,
        Act::ReportDuty => schema_work::REPORT_DUTY,
        Act::SendBackDuty => schema_work::SEND_BACK_DUTY,
        Act::EditDuty => schema_work::DUTY,
        Act::EnterFigure | Act::GiveFigure => schema_work::of_figure(act),
        Act::LoadLaw => LOAD_LAW,
        Act::DropLaw => DROP_LAW,
        Act::LoadCalendar => LOAD_CALENDAR,
        Act::Attach | Act::Detach => schema_work::of_attachment(act),
        Act::WritePaper => schema_work::WRITE_PAPER,
        Act::VoidPaper => schema_work::VOID_PAPER,
        Act::LoadPaper => schema_work::LOAD_PAPER,
        Act::DropPaper => schema_work::DROP_PAPER,
        Act::SkipNumbers => schema_work::SKIP_NUMBERS,
        // The steps of a case have theirs together; what only reads has none.
        _ => step_form::form(act),
    }
}

/// The forms that name another case.
const fn of_another_case(act: Act) -> &'static [Field] {
    match act {
        Act::Repeat => REPEAT,
        _ => MERGE_INTO,
    }
}

/// The field of a key, among all records and forms.
pub fn find(key: &str) -> Option<&'static Field> {
    let of_records = Kind::ALL.into_iter().map(record);
    let of_forms = Act::ALL.iter().map(|act| form(*act));
    of_records.chain(of_forms).flatten().find(|field| field.key == key)
}
