//! What comes next in a case: the steps that somebody owes or waits for, each with its article.
//!
//! It is read from the same facts as the rules of the steps and the requirements of closing, so
//! that what is named here can be done, in this order.

use chrono::NaiveDate;

use crate::domain::act::Act;
use crate::domain::case::{Case, Stage};
use crate::domain::choice::Route;
use crate::domain::closing::{self, Requirement};
use crate::domain::procedure::{After, after_day};
use crate::domain::simple;
use crate::domain::step::Deed;
use crate::domain::step_choice::PauseGround;

/// A step that comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ahead {
    /// The act that makes it.
    pub act: Act,
    /// The article of the Regulation that asks for it; empty if none does.
    pub article: &'static str,
}

/// The article by which a major or urgent matter is reported.
pub const ALARM_ARTICLE: &str = "25(1)";

/// What waits for an answer, whatever else the case needs.
const ANSWERS: &[(After, Act, &str)] = &[
    (After::Pause, Act::Resume, ""),
    (After::Objection, Act::AnswerObjection, "23(3)"),
    (After::Report, Act::ReportPassed, "22(1)(iii)"),
    (After::Instruction, Act::FeedBack, ""),
    (After::Doubt, Act::ConfirmDelivery, "35"),
    (After::Review, Act::ReviewResult, "35"),
    (After::Recheck, Act::RecheckResult, "36(1)"),
];

/// The steps that come next, in the order in which they are made.
pub fn steps(case: &Case) -> Vec<Ahead> {
    if case.history.is_some() {
        return Vec::new();
    }
    let waits = ANSWERS.iter().filter(|(after, ..)| after_day(case, *after).is_some());
    let mut ahead: Vec<Ahead> =
        waits.map(|(_, act, article)| Ahead { act: *act, article }).collect();
    // Reg. 36(2) knows one pause: a hearing of the second review.
    let paused = case.newest(|deed| matches!(deed, Deed::Paused { .. })).map(|step| &step.deed);
    if let Some(Deed::Paused { ground: PauseGround::Hearing }) = paused {
        ahead.iter_mut().filter(|next| next.act == Act::Resume).for_each(|next| {
            next.article = "36(2)";
        });
    }
    let stage = case.stage();
    // Reg. 25(1): without delay, so before all else.
    if case.unreported_since().is_some() && stage != Stage::Archived {
        ahead.insert(0, Ahead { act: Act::Alarm, article: ALARM_ARTICLE });
    }
    if simple::is_simple(case) && simple::fits(case).is_err() {
        ahead.push(Ahead { act: Act::MakeOrdinary, article: "" });
    }
    if stage.is_open() {
        for next in of_open(case, stage) {
            if !ahead.iter().any(|own| own.act == next.act) {
                ahead.push(next);
            }
        }
    } else if matches!(stage, Stage::Concluded | Stage::Elsewhere | Stage::Ended) {
        ahead.push(Ahead { act: Act::Archive, article: "" });
    }
    ahead
}

/// What an open case needs: to be taken on or led elsewhere, then what its closing asks.
fn of_open(case: &Case, stage: Stage) -> Vec<Ahead> {
    let step = |act, article| Ahead { act, article };
    let missing: Vec<Requirement> = closing::requirements(case)
        .into_iter()
        .filter(|asked| !asked.met)
        .map(|asked| asked.requirement)
        .collect();
    // The opinion itself says when it was sealed: one step, unless it went out unsealed.
    let has_opinion = !missing.iter().any(|one| matches!(one, Requirement::Opinion));
    let missing =
        missing.into_iter().filter(|one| has_opinion || !matches!(one, Requirement::Seal));
    let mut ahead = Vec::new();
    let needs = |one: Requirement| step(one.act(), one.article());
    let (first, later): (Vec<Requirement>, Vec<Requirement>) =
        missing.partition(|one| matches!(one, Requirement::Route | Requirement::Notice));
    ahead.extend(first.into_iter().map(needs));
    match case.route {
        Some(Route::Petition) if stage < Stage::Handling => ahead.push(step(Act::Accept, "31(6)")),
        // Reg. 22(2), 30: to the body that is competent for the cadre.
        Some(Route::Accusation) => ahead.push(step(Act::Forward, "30")),
        Some(
            Route::Justice
            | Route::Arbitration
            | Route::Party
            | Route::Administrative
            | Route::Duty,
        ) => ahead.push(step(Act::Guide, "31")),
        None | Some(Route::Petition | Route::Suggestion) => {}
    }
    let is_ready = ahead.is_empty() && later.is_empty();
    ahead.extend(later.into_iter().map(needs));
    if is_ready {
        ahead.push(step(Act::Conclude, "34"));
    }
    ahead
}

impl Case {
    /// Since when its holder has it: since it was given to them, else since it came.
    pub fn held_since(&self) -> NaiveDate {
        let holder = self.holder();
        let given = self.day_of(|deed| match deed {
            Deed::Passed { to: Some(officer), .. }
            | Deed::HandedTo { handler: officer }
            | Deed::LeadAssigned { lead: officer } => Some(*officer) == holder,
            _ => false,
        });
        given.unwrap_or(self.received_on)
    }
}
