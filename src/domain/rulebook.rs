//! The rules of the steps as a page tells them: the article of each, and what it refuses.
//!
//! What a step needs stands in its form, when it is possible in the table of steps, what it starts
//! and stops in the limits. A test reads the sources of the rules: no refusal is left out here.

use serde_json::{Map, Value};

use crate::domain::act::Act;
use crate::domain::choice::Source;
use crate::domain::course::Event;
use crate::domain::field::FieldKind;
use crate::domain::ids::{CaseId, ReceiptId};
use crate::domain::schema;
use crate::domain::step::Deed;
use crate::domain::{chronicle, procedure};

/// What a page tells of the rule of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The act.
    pub act: Act,
    /// The article of the Regulation; empty where none asks for it.
    pub article: &'static str,
    /// What it refuses, keys under `broken.`.
    pub refuses: &'static [&'static str],
}

/// What every step refuses.
pub const COMMON: &[&str] =
    &["day_is_in_the_future", "day_is_before_what_it_follows", "case_has_ended", "case_is_history"];

const fn rule(act: Act, article: &'static str, refuses: &'static [&'static str]) -> Rule {
    Rule { act, article, refuses }
}

/// Who may not hold a case.
const HOLDER: &[&str] = &[
    "officer_has_left",
    "officer_has_an_interest",
    "petition_is_about_them",
    "petition_is_about_their_unit",
    "handles_it_already",
];
/// Which unit may not have it.
const UNIT: &[&str] = &[
    "unit_is_above_the_town",
    "unit_has_ended",
    "petition_is_about_that_unit",
    "unit_has_it_already",
];
/// Which unit may not be asked to help.
const ASKED: &[&str] = &["unit_is_above_the_town", "unit_has_ended", "petition_is_about_that_unit"];
const DELIVERY: &[&str] = &[
    "no_opinion_yet",
    "delivery_needs_a_receiver",
    "delivery_needs_a_mail_number",
    "delivery_needs_consent",
    "delivery_needs_two_servers",
    "delivery_needs_a_witness",
    "delivery_needs_a_place",
    "delivery_needs_a_reason",
];
const SIMPLE: &[&str] = &[
    "simplified_is_off",
    "already_simplified",
    "simplified_comes_before_the_answer",
    "simplified_is_for_first_matters",
    "simplified_is_not_for_that_route",
    "assigned_is_not_simplified",
    "several_units_are_not_simplified",
    "group_is_not_simplified",
    "major_is_not_simplified",
    "refusable_is_not_simplified",
    "simplified_needs_its_reason",
];

/// The rules, in the order in which a case meets them.
pub const RULES: &[Rule] = &[
    rule(Act::Join, "", &["came_after_the_end"]),
    rule(Act::Split, "", &["only_receipt_of_its_case", "sealed_receipts_stay"]),
    rule(Act::MergeInto, "", &["that_is_the_same_case", "sealed_receipts_stay"]),
    rule(
        Act::Route,
        "29-31",
        &[
            "route_is_settled",
            "accusations_go_by_article_30",
            "accused_is_missing",
            "sealed_needs_a_reader",
        ],
    ),
    rule(
        Act::Readers,
        "30(3)",
        &[
            "case_is_not_sealed",
            "reader_is_accused",
            "reads_it_already",
            "reads_it_not",
            "sealed_needs_a_reader",
            "reader_holds_it",
        ],
    ),
    rule(Act::Notify, "23", &[]),
    rule(
        Act::Object,
        "23(3)",
        &["nothing_was_transferred", "already_accepted", "objection_is_too_late"],
    ),
    rule(Act::AnswerObjection, "23(3)", &["no_objection_waits"]),
    rule(
        Act::Accept,
        "31(6)",
        &["route_is_undecided", "only_petition_matters_are_accepted", "already_accepted"],
    ),
    rule(
        Act::Decline,
        "19(3), 23(2), 36(3)",
        &[
            "accepted_must_be_handled",
            "no_more_is_after_the_second_review",
            "competent_body_is_missing",
            "no_second_review_on_record",
        ],
    ),
    rule(
        Act::Forward,
        "22, 23",
        &["accepted_must_be_handled", "accused_may_not_receive_it", "petitioner_is_not_told"],
    ),
    rule(Act::Guide, "31(1)-(5)", &["accepted_must_be_handled", "that_is_no_other_procedure"]),
    rule(Act::Simplify, "", SIMPLE),
    rule(Act::MakeOrdinary, "", &["not_simplified"]),
    rule(
        Act::AssignLead,
        "18(2), 28(3)",
        &[
            "officer_may_not_lead",
            "officer_has_left",
            "officer_has_an_interest",
            "petition_is_about_them",
            "petition_is_about_their_unit",
            "leads_it_already",
        ],
    ),
    rule(Act::Allot, "28(3)", UNIT),
    rule(Act::HandTo, "28(3), 30(3)", HOLDER),
    rule(Act::Entrust, "", UNIT),
    rule(Act::Assist, "24", ASKED),
    rule(
        Act::Release,
        "30(3)",
        &["accused_may_not_know_of_it", "release_is_for_the_village_concerned"],
    ),
    rule(Act::Answer, "", &["nothing_was_asked", "unit_was_not_asked"]),
    rule(Act::Declare, "28(3)", &["officer_has_left"]),
    rule(Act::Investigate, "31(6)", &[]),
    rule(Act::Hear, "31(6)", &[]),
    rule(Act::Mediate, "33", &["mediation_needs_consent", "agreement_needs_a_document"]),
    rule(
        Act::Pass,
        "",
        &[
            "paper_is_not_checked",
            "paper_is_not_signed",
            "officer_has_left",
            "petition_is_about_them",
            "petition_is_about_their_unit",
        ],
    ),
    rule(Act::Record, "", &[]),
    rule(Act::Alarm, "25", &["reported_before_known"]),
    rule(Act::Instruct, "", &[]),
    rule(Act::FeedBack, "", &["no_instruction_waits"]),
    rule(Act::Nudge, "", &[]),
    rule(Act::Supervise, "39, 40", &["unit_has_ended"]),
    rule(
        Act::Extend,
        "34",
        &[
            "not_accepted",
            "nothing_to_extend",
            "extension_is_empty",
            "extension_is_too_late",
            "extension_is_too_long",
            "clock_stands_still",
            "approver_is_not_head",
            "told_before_approved",
        ],
    ),
    rule(Act::TellExtension, "34", &["not_accepted", "no_extension_to_tell"]),
    rule(Act::Pause, "36(2)", &["already_paused", "hearing_is_of_the_second_review"]),
    rule(Act::Resume, "36(2)", &["not_paused"]),
    rule(Act::Report, "22(1)(iii)", &["nobody_assigned_it"]),
    rule(Act::ReportPassed, "22(1)(iii)", &["no_report_waits"]),
    rule(Act::SendBack, "22(1)(iii)", &["no_report_waits"]),
    rule(Act::MoveTerm, "22(1)(iii)", &["nobody_assigned_it"]),
    rule(Act::EditClaim, "32", &["claim_needs_a_text"]),
    rule(
        Act::Reply,
        "31(6), 32, 35",
        &[
            "route_is_undecided",
            "opinion_needs_acceptance",
            "opinion_needs_an_investigation",
            "claims_are_not_answered",
            "opinion_states_the_review",
            "signer_is_not_head",
            "refusal_is_not_simplified",
        ],
    ),
    rule(Act::Deliver, "35", DELIVERY),
    rule(Act::ConfirmDelivery, "35", &["no_delivery_in_doubt"]),
    rule(Act::CarryOut, "32(2)", &["no_opinion_yet"]),
    rule(Act::Rate, "21(2)", &["no_opinion_yet"]),
    rule(Act::Test, "", &[]),
    rule(Act::Settle, "", &[]),
    rule(Act::StrikeOff, "", &["nobody_assigned_it"]),
    rule(Act::Conclude, "34", &["closing_is_not_complete"]),
    rule(Act::Stop, "", &[]),
    rule(Act::Archive, "", &["case_is_open", "already_archived"]),
    rule(Act::Reopen, "", &["case_is_open", "no_review_revoked_it", "nothing_was_promised"]),
    rule(Act::Review, "35", &["not_delivered", "review_is_late"]),
    rule(Act::ReviewResult, "35", &["no_review_waits"]),
    rule(Act::Recheck, "36(1)", &["no_review_opinion", "review_is_late"]),
    rule(Act::RecheckResult, "36(1)", &["no_recheck_waits"]),
    rule(Act::End, "36(3)", &["case_is_open", "no_recheck_opinion"]),
    rule(
        Act::CorrectStep,
        "",
        &[
            "no_such_step",
            "empty",
            "step_holds_no_such_value",
            "correction_changes_nothing",
            "paper_is_not_corrected",
            "correction_breaks_a_step",
            "correction_unmakes_a_step",
            "step_rests_on_it",
            "seal_is_no_slip",
        ],
    ),
];

/// The events that a step is for the clocks, by the word of its list where it is not the same for
/// all: each form is filled with every word of its first list, and the clocks are asked.
pub fn events(act: Act) -> Vec<Event> {
    let form = schema::form(act);
    let listed = form.iter().find_map(|field| match field.kind {
        FieldKind::OneOf(list) => Some((field.name(), list)),
        _ => None,
    });
    let words: Vec<Option<(&str, &str)>> = match listed {
        Some((name, list)) => list.words.iter().map(|word| Some((name, *word))).collect(),
        None => vec![None],
    };
    let mut events = Vec::new();
    for word in words {
        let deed = deed_of(act, word);
        for event in deed.iter().flat_map(chronicle::events) {
            if !events.contains(&event) {
                events.push(event);
            }
        }
    }
    events
}

/// A deed of an act with everything filled in.
fn deed_of(act: Act, word: Option<(&str, &str)>) -> Option<Deed> {
    match act {
        Act::Join => {
            let (receipt, source) = (ReceiptId(1), Source::Direct);
            return Some(Deed::Received { receipt, source, channel: None });
        }
        Act::Accept => return Some(Deed::Accepted),
        Act::Object => return Some(Deed::Objected { receipt: ReceiptId(1) }),
        Act::MergeInto => return Some(Deed::Merged { into: CaseId(2) }),
        _ => {}
    }
    let kind = match act {
        Act::Notify => "notified",
        Act::Extend => "extended",
        _ => procedure::of(act)?.deed,
    };
    let mut json: Map<String, Value> = Map::new();
    for field in schema::form(act) {
        let value = match field.kind {
            FieldKind::Link(_) | FieldKind::Count { .. } => Value::from(1),
            FieldKind::Date => Value::from("2026-01-01"),
            FieldKind::Time => Value::from("09:00:00"),
            FieldKind::Flag => Value::from(true),
            FieldKind::OneOf(list) => match word {
                Some((name, word)) if name == field.name() => Value::from(word),
                _ => Value::from(list.words.first().copied().unwrap_or_default()),
            },
            _ => Value::from("-"),
        };
        json.insert(field.name().to_owned(), value);
    }
    for outside in ["on", "text", "document"] {
        json.remove(outside);
    }
    json.insert("kind".to_owned(), Value::from(kind));
    serde_json::from_value(Value::Object(json)).ok()
}
