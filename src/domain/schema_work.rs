//! The part of the field table that is about what the office sets itself to do: campaign, recurring
//! work, indicators, meetings. `schema` has the table's columns and is where it is read.

use crate::domain::act::Act;
use crate::domain::attachment::Matter;
use crate::domain::choice::{IndicatorKey, Period, ReportManner, ReportWord, TaskState, Weight};
use crate::domain::field::FieldKind;
use crate::domain::ids::Kind;
use crate::domain::listing::List;
use crate::domain::paper::Paper;
use crate::domain::schema::{Field, LINE, SHORT, field, inner, one_of};
use crate::domain::unit_note::NoteKind;

/// Fields of a campaign.
pub const PLAN: &[Field] = &[
    inner("plan.id"),
    inner("plan.version"),
    inner("plan.key"),
    inner("plan.name"),
    inner("plan.year"),
    inner("plan.phases"),
    inner("plan.loaded_on"),
];

/// Fields of a task.
pub const TASK: &[Field] = &[
    inner("task.id"),
    inner("task.version"),
    inner("task.plan"),
    inner("task.phase"),
    inner("task.order"),
    inner("task.code"),
    field("task.title", LINE).required(),
    field("task.deliverable", LINE),
    field("task.who", LINE),
    inner("task.village"),
    field("task.unit", FieldKind::Link(Kind::Unit)),
    field("task.officer", FieldKind::Link(Kind::Officer)),
    field("task.from", FieldKind::Date).required(),
    field("task.until", FieldKind::Date).required(),
    field("task.weight", one_of(Weight::CHOICE)).required().ruled(),
    field("task.proof", FieldKind::Flag).ruled(),
    inner("task.needs"),
    inner("task.basis"),
    field("task.state", one_of(TaskState::CHOICE)).ruled(),
    inner("task.over"),
    inner("task.turns"),
    inner("task.last_turn"),
    inner("task.evidence"),
    inner("task.last_evidence"),
];

/// Fields of recurring work.
pub const DUTY: &[Field] = &[
    inner("duty.id"),
    inner("duty.version"),
    inner("duty.plan"),
    inner("duty.order"),
    inner("duty.code"),
    field("duty.title", LINE).required(),
    field("duty.output", LINE),
    field("duty.who", LINE),
    inner("duty.village"),
    field("duty.unit", FieldKind::Link(Kind::Unit)),
    field("duty.officer", FieldKind::Link(Kind::Officer)),
    field("duty.period", one_of(Period::CHOICE)).required().ruled(),
    field("duty.day", FieldKind::Count { least: 1, most: 31 }).required(),
    field("duty.from", FieldKind::Date).required().ruled(),
    field("duty.until", FieldKind::Date),
    field("duty.proof", FieldKind::Flag).ruled(),
    field("duty.zero", FieldKind::Flag).ruled(),
    inner("duty.basis"),
    inner("duty.turns"),
    inner("duty.last_turn"),
];

/// The form of a record about a unit.
pub const NOTE_UNIT: &[Field] = &[
    field("note_unit.kind", one_of(NoteKind::CHOICE)).required(),
    field("note_unit.on", FieldKind::Date).required(),
    field("note_unit.decided_by", LINE).required(),
    field("note_unit.why", FieldKind::Text).required(),
    field("note_unit.follows", FieldKind::Text),
    field("note_unit.document", SHORT),
];

/// The form that puts such a record right.
pub const CORRECT_NOTE: &[Field] = &[
    field("correct_note.note", FieldKind::Count { least: 1, most: 100_000 }).required(),
    field("correct_note.kind", one_of(NoteKind::CHOICE)).required(),
    field("correct_note.on", FieldKind::Date).required(),
    field("correct_note.decided_by", LINE).required(),
    field("correct_note.why", FieldKind::Text).required(),
    field("correct_note.follows", FieldKind::Text),
    field("correct_note.document", SHORT),
];

/// The form of a report; without a period it is the oldest one that is owed.
pub const REPORT_DUTY: &[Field] = &[
    field("report_duty.period", SHORT),
    field("report_duty.word", one_of(ReportWord::CHOICE)).required(),
    field("report_duty.on", FieldKind::Date).required(),
    field("report_duty.reporter", FieldKind::Name),
    field("report_duty.via", one_of(ReportManner::CHOICE)),
    field("report_duty.signer", FieldKind::Name),
    field("report_duty.document", SHORT),
    field("report_duty.place", LINE),
    field("report_duty.text", FieldKind::Text),
];

/// The form that sends a report back.
pub const SEND_BACK_DUTY: &[Field] = &[
    field("send_back_duty.period", SHORT),
    field("send_back_duty.on", FieldKind::Date).required(),
    field("send_back_duty.text", FieldKind::Text).required(),
    field("send_back_duty.until", FieldKind::Date),
];

/// Fields of an indicator's year.
pub const INDICATOR: &[Field] = &[
    inner("indicator.id"),
    inner("indicator.version"),
    field("indicator.key", one_of(IndicatorKey::CHOICE)).ruled(),
    inner("indicator.year"),
    inner("indicator.months"),
];

/// The form of a monthly total.
pub const ENTER_FIGURE: &[Field] = &[
    field("enter_figure.indicator", one_of(IndicatorKey::CHOICE)).required(),
    field("enter_figure.year", FieldKind::Count { least: 2000, most: 2199 }).required(),
    field("enter_figure.month", FieldKind::Count { least: 1, most: 12 }).required(),
    field("enter_figure.value", FieldKind::Count { least: 0, most: 10_000_000 }).required(),
    field("enter_figure.source", LINE).required(),
    field("enter_figure.on", FieldKind::Date).required(),
    field("enter_figure.text", LINE),
];

/// Fields of a figure that was given.
pub const GIVEN: &[Field] = &[
    inner("given.id"),
    inner("given.version"),
    inner("given.cut"),
    inner("given.value"),
    inner("given.counts"),
    inner("given.on"),
    inner("given.to"),
    inner("given.by"),
    inner("given.text"),
];

/// The form by which a figure is kept that was given: what was counted, and the number that was
/// said.
pub const GIVE_FIGURE: &[Field] = &[
    field("give_figure.cut", LINE).required(),
    field("give_figure.counted", FieldKind::Count { least: 0, most: 1_000_000_000 }).required(),
    field("give_figure.to", LINE).required(),
    field("give_figure.on", FieldKind::Date).required(),
    field("give_figure.text", LINE),
];

/// The form of an order on a number.
pub const fn of_figure(act: Act) -> &'static [Field] {
    if matches!(act, Act::EnterFigure) { ENTER_FIGURE } else { GIVE_FIGURE }
}

/// The form that begins a campaign: a template that is built in, or a staged file.
pub const LOAD_PLAN: &[Field] = &[
    field("load_plan.template", SHORT),
    field("load_plan.file", LINE),
    field("load_plan.year", FieldKind::Count { least: 2000, most: 2199 }).required(),
];

/// The form that closes a phase.
pub const CLOSE_PHASE: &[Field] = &[
    field("close_phase.phase", FieldKind::Count { least: 1, most: 99 }).required(),
    field("close_phase.on", FieldKind::Date).required(),
    field("close_phase.text", FieldKind::Text),
];

/// The form that opens a closed phase again.
pub const REOPEN_PHASE: &[Field] = &[
    field("reopen_phase.phase", FieldKind::Count { least: 1, most: 99 }).required(),
    field("reopen_phase.on", FieldKind::Date).required(),
    field("reopen_phase.text", FieldKind::Text).required(),
];

/// The form that begins a task.
pub const START_TASK: &[Field] = &[
    field("start_task.on", FieldKind::Date).required(),
    field("start_task.text", FieldKind::Text),
    field("start_task.reporter", FieldKind::Name),
    field("start_task.source", SHORT),
];

/// The form of a task that is done, with its evidence.
pub const FINISH_TASK: &[Field] = &[
    field("finish_task.on", FieldKind::Date).required(),
    field("finish_task.document", SHORT),
    field("finish_task.place", LINE),
    field("finish_task.note", LINE),
    field("finish_task.reporter", FieldKind::Name),
    field("finish_task.source", SHORT),
    field("finish_task.text", FieldKind::Text),
];

/// The form of a piece of evidence.
pub const ADD_EVIDENCE: &[Field] = &[
    field("add_evidence.on", FieldKind::Date).required(),
    field("add_evidence.document", SHORT),
    field("add_evidence.place", LINE),
    field("add_evidence.note", LINE),
];

/// The form that excuses a task.
pub const EXCUSE_TASK: &[Field] = &[
    field("excuse_task.on", FieldKind::Date).required(),
    field("excuse_task.text", FieldKind::Text).required(),
];

/// The form that sends a task back.
pub const SEND_BACK_TASK: &[Field] = &[
    field("send_back_task.on", FieldKind::Date).required(),
    field("send_back_task.text", FieldKind::Text).required(),
    field("send_back_task.until", FieldKind::Date),
];

/// The form that brings several tasks to one state.
pub const TICK_TASKS: &[Field] = &[
    field("tick_tasks.tasks", FieldKind::Links(Kind::Task)).required(),
    field("tick_tasks.state", one_of(TaskState::CHOICE)).required(),
    field("tick_tasks.on", FieldKind::Date).required(),
    field("tick_tasks.document", SHORT),
    field("tick_tasks.place", LINE),
    field("tick_tasks.note", LINE),
    field("tick_tasks.reporter", FieldKind::Name),
    field("tick_tasks.source", SHORT),
    field("tick_tasks.text", FieldKind::Text),
];

/// Fields of what a meeting decided.
pub const DECISION: &[Field] = &[
    inner("decision.id"),
    inner("decision.version"),
    inner("decision.case"),
    inner("decision.village"),
    inner("decision.lead"),
    field("decision.met_on", FieldKind::Date).ruled(),
    inner("decision.by"),
    field("decision.text", FieldKind::Text).required(),
    field("decision.officer", FieldKind::Link(Kind::Officer)).required(),
    field("decision.due_on", FieldKind::Date).required(),
    inner("decision.outcome"),
];

/// The form that puts a case on the list of the meeting.
pub const TABLE: &[Field] = &[
    field("table.question", LINE),
    field("table.difficulty", LINE),
    field("table.advice", LINE),
    field("table.on", FieldKind::Date),
];

/// The form that puts several cases on the list of the meeting.
pub const TABLE_MANY: &[Field] = &[
    field("table_many.cases", FieldKind::Links(Kind::Case)).required(),
    field("table_many.question", LINE),
    field("table_many.on", FieldKind::Date),
];

/// Fields of a saved filter; what it says follows from the list that it was saved from.
pub const VIEW: &[Field] = &[
    inner("view.id"),
    inner("view.version"),
    inner("view.owner"),
    field("view.name", SHORT).required(),
    field("view.shared", FieldKind::Flag),
    field("view.list", one_of(List::CHOICE)).required().ruled(),
    field("view.sort", SHORT).ruled(),
    field("view.only", LINE).ruled(),
    field("view.columns", LINE).ruled(),
];

/// The form of what a meeting decided.
pub const DECIDE: &[Field] = &[
    field("decide.text", FieldKind::Text).required(),
    field("decide.officer", FieldKind::Link(Kind::Officer)).required(),
    field("decide.due_on", FieldKind::Date).required(),
    field("decide.met_on", FieldKind::Date),
];

/// The form of what came of a decision.
pub const FINISH_DECISION: &[Field] = &[
    field("finish_decision.text", FieldKind::Text).required(),
    field("finish_decision.on", FieldKind::Date).required(),
];

/// The form by which a file is attached: the hash under which its bytes were kept aside.
pub const ATTACH: &[Field] = &[
    field("attach.file", LINE).required(),
    field("attach.name", FieldKind::Name).required(),
    field("attach.matter", one_of(Matter::CHOICE)).required(),
    field("attach.step", FieldKind::Count { least: 1, most: 100_000 }),
    field("attach.note", LINE),
];

/// The form by which an attachment is removed.
pub const DETACH: &[Field] = &[
    field("detach.number", FieldKind::Count { least: 1, most: 100_000 }).required(),
    field("detach.why", LINE).required(),
];

/// The form of an order on attachments.
pub const fn of_attachment(act: Act) -> &'static [Field] {
    if matches!(act, Act::Attach) { ATTACH } else { DETACH }
}

/// The form by which a paper is made.
pub const WRITE_PAPER: &[Field] = &[
    field("write_paper.paper", one_of(Paper::CHOICE)).required(),
    field("write_paper.template", LINE).required(),
    field("write_paper.text", FieldKind::Text),
];

/// The form by which a paper is voided: by its number, or by the number of its step.
pub const VOID_PAPER: &[Field] = &[
    field("void_paper.number", SHORT),
    field("void_paper.step", FieldKind::Count { least: 1, most: 100_000 }),
    field("void_paper.why", FieldKind::Text).required(),
];

/// The form by which a template is loaded: the hash under which its bytes were kept aside.
pub const LOAD_PAPER: &[Field] = &[
    field("load_paper.paper", one_of(Paper::CHOICE)).required(),
    field("load_paper.file", LINE).required(),
    field("load_paper.name", LINE).required(),
];

/// The form by which a built-in template is used again.
pub const DROP_PAPER: &[Field] = &[field("drop_paper.paper", one_of(Paper::CHOICE)).required()];

/// The form by which serials are left out that an earlier ledger used.
pub const SKIP_NUMBERS: &[Field] = &[
    field("skip_numbers.paper", one_of(Paper::CHOICE)).required(),
    field("skip_numbers.until", FieldKind::Count { least: 1, most: 100_000 }).required(),
    field("skip_numbers.why", FieldKind::Text).required(),
];
