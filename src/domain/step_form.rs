//! The forms of the steps of a case.
//!
//! Besides day, text and document, a form's fields bear the names of the fields of its deed
//! (`step.rs`), so that what is filled in is what is kept.

use crate::domain::act::Act;
use crate::domain::choice::{Choice, ClaimResult, Manner, Purpose, Route, Work};
use crate::domain::field::FieldKind;
use crate::domain::ids::Kind;
use crate::domain::schema::{Field, LINE, SHORT, field};
use crate::domain::step_choice::{
    DeclineGround, Declining, Interest, MediationEnd, ObjectionAnswer, PaperStep, PauseGround,
    Rating, ReopenGround, Retention, SecondLook, SimpleGround, StopGround, SupervisionForm,
};

const OFFICER: FieldKind = FieldKind::Link(Kind::Officer);
const UNIT: FieldKind = FieldKind::Link(Kind::Unit);

const fn day(key: &'static str) -> Field {
    field(key, FieldKind::Date)
}

const fn text(key: &'static str) -> Field {
    field(key, FieldKind::Text)
}

const fn short(key: &'static str) -> Field {
    field(key, SHORT)
}

const fn line(key: &'static str) -> Field {
    field(key, LINE)
}

const fn one_of(key: &'static str, choice: Choice) -> Field {
    field(key, FieldKind::OneOf(choice)).required()
}

const SIMPLIFY: &[Field] = &[
    one_of("simplify.ground", SimpleGround::CHOICE),
    field("simplify.supportable", FieldKind::Flag),
    day("simplify.on").required(),
    text("simplify.text"),
    short("simplify.document"),
];
const MAKE_ORDINARY: &[Field] = &[
    day("make_ordinary.on").required(),
    text("make_ordinary.text").required(),
    short("make_ordinary.document"),
];
const DECLINE: &[Field] = &[
    one_of("decline.how", Declining::CHOICE),
    one_of("decline.ground", DeclineGround::CHOICE),
    day("decline.on").required(),
    text("decline.text").required(),
    short("decline.document").required(),
    line("decline.body"),
];
const FORWARD: &[Field] = &[
    line("forward.body").required(),
    day("forward.on").required(),
    short("forward.document").required(),
    day("forward.told_on"),
    text("forward.text"),
];
const GUIDE: &[Field] = &[
    one_of("guide.procedure", Route::CHOICE),
    line("guide.body").required(),
    day("guide.on").required(),
    short("guide.document"),
    text("guide.text").required(),
];
const ENTRUST: &[Field] = &[
    field("entrust.unit", UNIT).required(),
    day("entrust.on").required(),
    day("entrust.due_on").required(),
    short("entrust.document").required(),
    text("entrust.text"),
];
const ASSIST: &[Field] = &[
    field("assist.unit", UNIT).required(),
    day("assist.on").required(),
    day("assist.due_on").required(),
    text("assist.text").required(),
    short("assist.document"),
];
const RELEASE: &[Field] = &[
    field("release.unit", UNIT).required(),
    day("release.on").required(),
    day("release.due_on").required(),
    text("release.text").required(),
    short("release.document"),
];
const ANSWER: &[Field] = &[
    field("answer.unit", UNIT).required(),
    day("answer.on").required(),
    text("answer.text").required(),
    short("answer.document"),
];
const ANSWER_OBJECTION: &[Field] = &[
    one_of("answer_objection.answer", ObjectionAnswer::CHOICE),
    day("answer_objection.on").required(),
    short("answer_objection.document"),
    text("answer_objection.text"),
];
const PASS: &[Field] = &[
    one_of("pass.step", PaperStep::CHOICE),
    day("pass.on").required(),
    field("pass.to", OFFICER),
    short("pass.document"),
    text("pass.text"),
];
const REPORT: &[Field] =
    &[day("report.on").required(), short("report.document").required(), text("report.text")];
const REPORT_PASSED: &[Field] = &[
    day("report_passed.on").required(),
    short("report_passed.document"),
    text("report_passed.text"),
];
const SEND_BACK: &[Field] = &[
    day("send_back.on").required(),
    day("send_back.due_on").required(),
    text("send_back.text").required(),
    short("send_back.document"),
];
const MOVE_TERM: &[Field] = &[
    day("move_term.on").required(),
    day("move_term.due_on").required(),
    short("move_term.document").required(),
    text("move_term.text"),
];
const TELL_EXTENSION: &[Field] = &[
    day("tell_extension.on").required(),
    one_of("tell_extension.manner", Manner::CHOICE),
    short("tell_extension.document"),
    text("tell_extension.text"),
];
const PAUSE: &[Field] = &[
    one_of("pause.ground", PauseGround::CHOICE),
    day("pause.on").required(),
    short("pause.document").required(),
    text("pause.text").required(),
];
const RESUME: &[Field] =
    &[day("resume.on").required(), short("resume.document"), text("resume.text")];
const DECLARE: &[Field] = &[
    field("declare.officer", OFFICER).required(),
    one_of("declare.interest", Interest::CHOICE),
    day("declare.on").required(),
    text("declare.text"),
];
const INVESTIGATE: &[Field] = &[
    day("investigate.on").required(),
    text("investigate.text").required(),
    short("investigate.document"),
];
const HEAR: &[Field] =
    &[day("hear.on").required(), text("hear.text").required(), short("hear.document").required()];
const MEDIATE: &[Field] = &[
    field("mediate.consent", FieldKind::Flag),
    one_of("mediate.end", MediationEnd::CHOICE),
    day("mediate.on").required(),
    text("mediate.text").required(),
    short("mediate.document"),
];
const ALARM: &[Field] = &[
    day("alarm.on").required(),
    day("alarm.known_on"),
    field("alarm.known_at", FieldKind::Time).required(),
    field("alarm.at", FieldKind::Time).required(),
    line("alarm.to").required(),
    text("alarm.text").required(),
    short("alarm.document"),
];
const INSTRUCT: &[Field] = &[
    short("instruct.leader").required(),
    day("instruct.on").required(),
    text("instruct.text").required(),
    day("instruct.feedback_on"),
    short("instruct.document"),
];
const FEED_BACK: &[Field] = &[
    day("feed_back.on").required(),
    text("feed_back.text").required(),
    short("feed_back.document"),
];
const NUDGE: &[Field] =
    &[day("nudge.on").required(), field("nudge.officer", OFFICER), text("nudge.text").required()];
const SUPERVISE: &[Field] = &[
    one_of("supervise.form", SupervisionForm::CHOICE),
    field("supervise.unit", UNIT).required(),
    field("supervise.officer", OFFICER),
    day("supervise.on").required(),
    short("supervise.document").required(),
    text("supervise.text").required(),
];
const REPLY: &[Field] = &[
    day("reply.on").required(),
    short("reply.document").required(),
    text("reply.request").required(),
    text("reply.facts").required(),
    text("reply.opinion").required(),
    text("reply.basis").required(),
    one_of("reply.result", ClaimResult::CHOICE),
    field("reply.signed_by", OFFICER).required(),
    day("reply.sealed_on"),
    field("reply.states_review", FieldKind::Flag),
    text("reply.text"),
];
const DELIVER: &[Field] = &[
    one_of("deliver.manner", Manner::CHOICE),
    day("deliver.on").required(),
    short("deliver.receiver"),
    short("deliver.mail"),
    field("deliver.consent", FieldKind::Flag),
    short("deliver.servers"),
    short("deliver.witness"),
    line("deliver.place"),
    short("deliver.document"),
    text("deliver.text"),
];
const CONFIRM_DELIVERY: &[Field] =
    &[day("confirm_delivery.on").required(), text("confirm_delivery.text").required()];
const CARRY_OUT: &[Field] = &[
    day("carry_out.on").required(),
    text("carry_out.text").required(),
    short("carry_out.document"),
];
const RATE: &[Field] = &[
    one_of("rate.rating", Rating::CHOICE),
    field("rate.office_rating", FieldKind::OneOf(Rating::CHOICE)),
    day("rate.on").required(),
    text("rate.text"),
];
const TEST: &[Field] = &[
    text("test.facts"),
    text("test.nature"),
    text("test.handling"),
    text("test.procedure"),
    text("test.papers"),
    day("test.on").required(),
];
const SETTLE: &[Field] =
    &[day("settle.on").required(), text("settle.text").required(), short("settle.document")];
const STRIKE_OFF: &[Field] = &[
    day("strike_off.on").required(),
    line("strike_off.body").required(),
    short("strike_off.document"),
    text("strike_off.text"),
];
const CONCLUDE: &[Field] =
    &[day("conclude.on").required(), text("conclude.text").required(), short("conclude.document")];
const STOP: &[Field] = &[
    one_of("stop.ground", StopGround::CHOICE),
    day("stop.on").required(),
    text("stop.text").required(),
    short("stop.document").required(),
];
const ARCHIVE: &[Field] = &[
    short("archive.number").required(),
    one_of("archive.retention", Retention::CHOICE),
    day("archive.on").required(),
    short("archive.case_box"),
    field("archive.pages", FieldKind::Count { least: 1, most: 100_000 }),
    text("archive.text"),
];
const REOPEN: &[Field] = &[
    one_of("reopen.ground", ReopenGround::CHOICE),
    day("reopen.on").required(),
    text("reopen.text").required(),
    short("reopen.document"),
];
const REVIEW: &[Field] = &[
    line("review.body").required(),
    day("review.on").required(),
    short("review.document"),
    text("review.text"),
];
const REVIEW_RESULT: &[Field] = &[
    one_of("review_result.outcome", SecondLook::CHOICE),
    day("review_result.on").required(),
    short("review_result.document").required(),
    day("review_result.delivered_on"),
    text("review_result.text"),
];
const RECHECK: &[Field] = &[
    line("recheck.body").required(),
    day("recheck.on").required(),
    short("recheck.document"),
    text("recheck.text"),
];
const RECHECK_RESULT: &[Field] = &[
    one_of("recheck_result.outcome", SecondLook::CHOICE),
    day("recheck_result.on").required(),
    short("recheck_result.document").required(),
    day("recheck_result.delivered_on"),
    text("recheck_result.text"),
];
const END: &[Field] =
    &[day("end.on").required(), text("end.text").required(), short("end.document")];

/// Whatever a step may hold that can be corrected; a step that has no such field refuses it. What
/// lists of several deeds share a name bears its deed in front (`step_field::target`).
const CORRECT: &[Field] = &[
    field("correct.step", FieldKind::Count { least: 1, most: 100_000 }).required(),
    text("correct.why").required(),
    day("correct.on"),
    field("correct.purpose", FieldKind::OneOf(Purpose::CHOICE)),
    field("correct.route", FieldKind::OneOf(Route::CHOICE)),
    field("correct.how", FieldKind::OneOf(Declining::CHOICE)),
    field("correct.decline_ground", FieldKind::OneOf(DeclineGround::CHOICE)),
    field("correct.simple_ground", FieldKind::OneOf(SimpleGround::CHOICE)),
    field("correct.supportable", FieldKind::Flag),
    field("correct.pause_ground", FieldKind::OneOf(PauseGround::CHOICE)),
    field("correct.stop_ground", FieldKind::OneOf(StopGround::CHOICE)),
    field("correct.reopen_ground", FieldKind::OneOf(ReopenGround::CHOICE)),
    field("correct.lead", OFFICER),
    field("correct.unit", UNIT),
    field("correct.handler", OFFICER),
    field("correct.days", FieldKind::Count { least: 1, most: 366 }),
    field("correct.approver", OFFICER),
    day("correct.told_on"),
    day("correct.due_on"),
    short("correct.leader"),
    day("correct.feedback_on"),
    day("correct.known_on"),
    field("correct.known_at", FieldKind::Time),
    field("correct.at", FieldKind::Time),
    line("correct.to"),
    field("correct.work", FieldKind::OneOf(Work::CHOICE)),
    field("correct.form", FieldKind::OneOf(SupervisionForm::CHOICE)),
    field("correct.officer", OFFICER),
    field("correct.end", FieldKind::OneOf(MediationEnd::CHOICE)),
    text("correct.request"),
    text("correct.facts"),
    text("correct.opinion"),
    text("correct.basis"),
    field("correct.result", FieldKind::OneOf(ClaimResult::CHOICE)),
    field("correct.signed_by", OFFICER),
    day("correct.sealed_on"),
    field("correct.states_review", FieldKind::Flag),
    text("correct.nature"),
    text("correct.handling"),
    text("correct.procedure"),
    text("correct.papers"),
    field("correct.manner", FieldKind::OneOf(Manner::CHOICE)),
    short("correct.receiver"),
    short("correct.mail"),
    field("correct.consent", FieldKind::Flag),
    short("correct.servers"),
    short("correct.witness"),
    line("correct.place"),
    field("correct.rating", FieldKind::OneOf(Rating::CHOICE)),
    field("correct.office_rating", FieldKind::OneOf(Rating::CHOICE)),
    day("correct.delivered_on"),
    field("correct.outcome", FieldKind::OneOf(SecondLook::CHOICE)),
    field("correct.answer", FieldKind::OneOf(ObjectionAnswer::CHOICE)),
    line("correct.body"),
    short("correct.number"),
    field("correct.retention", FieldKind::OneOf(Retention::CHOICE)),
    short("correct.case_box"),
    field("correct.pages", FieldKind::Count { least: 1, most: 100_000 }),
    text("correct.text"),
    short("correct.document"),
];

const CLAIM: &[Field] = &[
    field("claim.number", FieldKind::Count { least: 1, most: 99 }).required(),
    line("claim.text"),
    text("claim.finding"),
    field("claim.result", FieldKind::OneOf(ClaimResult::CHOICE)),
];

/// The fields of the form of a step; empty for an act that is none.
pub const fn form(act: Act) -> &'static [Field] {
    match act {
        Act::Simplify => SIMPLIFY,
        Act::MakeOrdinary => MAKE_ORDINARY,
        Act::Decline => DECLINE,
        Act::Forward => FORWARD,
        Act::Guide => GUIDE,
        Act::Entrust => ENTRUST,
        Act::Assist => ASSIST,
        Act::Release => RELEASE,
        Act::Answer => ANSWER,
        Act::AnswerObjection => ANSWER_OBJECTION,
        Act::Pass => PASS,
        Act::Report => REPORT,
        Act::ReportPassed => REPORT_PASSED,
        Act::SendBack => SEND_BACK,
        Act::MoveTerm => MOVE_TERM,
        Act::TellExtension => TELL_EXTENSION,
        Act::Pause => PAUSE,
        Act::Resume => RESUME,
        Act::Declare => DECLARE,
        Act::Investigate => INVESTIGATE,
        Act::Hear => HEAR,
        Act::Mediate => MEDIATE,
        Act::Alarm => ALARM,
        Act::Instruct => INSTRUCT,
        Act::FeedBack => FEED_BACK,
        Act::Nudge => NUDGE,
        Act::Supervise => SUPERVISE,
        Act::Reply => REPLY,
        Act::Deliver => DELIVER,
        Act::ConfirmDelivery => CONFIRM_DELIVERY,
        Act::CarryOut => CARRY_OUT,
        Act::Rate => RATE,
        Act::Test => TEST,
        Act::Settle => SETTLE,
        Act::StrikeOff => STRIKE_OFF,
        Act::Conclude => CONCLUDE,
        Act::Stop => STOP,
        Act::Archive => ARCHIVE,
        Act::Reopen => REOPEN,
        Act::Review => REVIEW,
        Act::ReviewResult => REVIEW_RESULT,
        Act::Recheck => RECHECK,
        Act::RecheckResult => RECHECK_RESULT,
        Act::End => END,
        Act::CorrectStep => CORRECT,
        Act::EditClaim => CLAIM,
        _ => &[],
    }
}
