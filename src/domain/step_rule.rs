//! What the form of a step must say, beyond being filled.

use chrono::NaiveDate;

use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::choice::{Route, UnitKind};
use crate::domain::handling::Entry;
use crate::domain::ids::UnitId;
use crate::domain::office::{Officer, Unit};
use crate::domain::procedure::{Around, may_pause};
use crate::domain::step::Deed;
use crate::domain::step_choice::{
    DeclineGround, Declining, MediationEnd, PaperStep, ReopenGround, SecondLook,
};
use crate::domain::{closing, delivery, simple};

/// Judges a deed before it is done.
///
/// # Errors
/// The rule that stands against it.
pub fn judge(case: &Case, deed: &Deed, around: &Around, entry: &Entry) -> Result<(), Broken> {
    match deed {
        Deed::Simplified { ground, supportable } => {
            simple::judge((*ground, *supportable), entry.text.as_ref())
        }
        Deed::Declined { how, ground, body } => {
            decline((case, around), (*how, *ground), body.as_ref())
        }
        Deed::Forwarded { body, told_on } => forward((case, around), body, *told_on, entry),
        Deed::Guided { procedure, .. } => guide(*procedure),
        Deed::Entrusted { unit, due_on } => {
            below(case, around.unit.as_ref(), "entrust", entry)?;
            if case.unit == Some(*unit) {
                return Err(named("unit_has_it_already", around).at("entrust.unit"));
            }
            not_before(*due_on, entry.on, "entrust.due_on")
        }
        Deed::Assisted { due_on, .. } => {
            below(case, around.unit.as_ref(), "assist", entry)?;
            not_before(*due_on, entry.on, "assist.due_on")
        }
        Deed::Released { unit, due_on } => {
            if case.readers.is_some() {
                return Err(Broken::new("accused_may_not_know_of_it").at("release.unit"));
            }
            if case.about_unit != Some(*unit) {
                return Err(Broken::new("release_is_for_the_village_concerned").at("release.unit"));
            }
            not_before(*due_on, entry.on, "release.due_on")
        }
        Deed::Answered { unit } => answer(case, *unit, around),
        Deed::Passed { step, to } => pass(case, *step, to.and(around.officer.as_ref()), entry),
        Deed::SentBack { due_on } => not_before(*due_on, entry.on, "send_back.due_on"),
        Deed::TermMoved { due_on } => not_before(*due_on, entry.on, "move_term.due_on"),
        Deed::Paused { ground } if !may_pause(case, *ground) => {
            Err(Broken::new("hearing_is_of_the_second_review").at("pause.ground"))
        }
        Deed::Declared { .. } => in_office(around.officer.as_ref(), "declare.officer", entry),
        Deed::Mediated { end, consent } => mediate(*end, *consent, entry),
        Deed::Alarmed { .. } => alarm(deed, entry),
        Deed::Instructed { feedback_on: Some(day), .. } => {
            not_before(*day, entry.on, "instruct.feedback_on")
        }
        Deed::Supervised { .. } => supervise(around, entry),
        Deed::Replied { .. } => reply(case, deed, around, entry),
        Deed::Delivered { .. } => delivery::judge(deed, entry),
        Deed::ReviewAsked { .. } => in_time(around.latest, entry, "review"),
        Deed::RecheckAsked { .. } => in_time(around.latest, entry, "recheck"),
        Deed::Reviewed { delivered_on: Some(day), .. } => {
            delivered(*day, entry, "review_result.delivered_on")
        }
        Deed::Rechecked { delivered_on: Some(day), .. } => {
            delivered(*day, entry, "recheck_result.delivered_on")
        }
        Deed::Reopened { ground: Some(ReopenGround::Revoked) } if !was_revoked(case) => {
            Err(Broken::new("no_review_revoked_it").at("reopen.ground"))
        }
        Deed::Reopened { ground: Some(ReopenGround::NotCarriedOut) }
            if !crate::domain::procedure::supports(case) =>
        {
            Err(Broken::new("nothing_was_promised").at("reopen.ground"))
        }
        _ => Ok(()),
    }
}

/// Reg. 19(3), 23(2), 36(3): a case is turned away on one of three grounds only.
fn decline(
    (case, around): (&Case, &Around),
    (how, ground): (Option<Declining>, Option<DeclineGround>),
    body: Option<&String>,
) -> Result<(), Broken> {
    let is_over = ground == Some(DeclineGround::Ended);
    if (how == Some(Declining::NoMore)) != is_over {
        return Err(Broken::new("no_more_is_after_the_second_review").at("decline.ground"));
    }
    if ground == Some(DeclineGround::NotCompetent) && body.is_none() {
        return Err(Broken::new("competent_body_is_missing").at("decline.body"));
    }
    let was_rechecked = case.steps.values().any(|step| matches!(step.deed, Deed::Rechecked { .. }));
    if is_over && !was_rechecked && !around.was_rechecked {
        return Err(Broken::new("no_second_review_on_record").at("decline.ground"));
    }
    Ok(())
}

/// Reg. 23: what is forwarded is told to the petitioner. Reg. 30(3): never to the accused.
fn forward(
    (case, around): (&Case, &Around),
    body: &str,
    told_on: Option<NaiveDate>,
    entry: &Entry,
) -> Result<(), Broken> {
    let is_accused = around.is_accused || case.about.as_deref() == Some(body.trim());
    if case.route == Some(Route::Accusation) && is_accused {
        return Err(Broken::new("accused_may_not_receive_it").at("forward.body"));
    }
    let was_told = case.day_of(|deed| matches!(deed, Deed::Notified { .. })).is_some();
    if told_on.is_none() && !was_told && !case.persons.is_empty() {
        return Err(Broken::new("petitioner_is_not_told").at("forward.told_on"));
    }
    match told_on {
        Some(day) if day > entry.today => {
            Err(Broken::new("day_is_in_the_future").at("forward.told_on").with("day", entry.today))
        }
        _ => Ok(()),
    }
}

/// Reg. 25: nothing is reported before it is known; what is known at night may be reported after
/// midnight.
fn alarm(deed: &Deed, entry: &Entry) -> Result<(), Broken> {
    let Deed::Alarmed { at, known_at, known_on, .. } = deed else { return Ok(()) };
    let known = (known_on.unwrap_or(entry.on), known_at.unwrap_or(*at));
    if known > (entry.on, *at) {
        return Err(Broken::new("reported_before_known").at("alarm.at"));
    }
    Ok(())
}

/// Reg. 40: a unit that is there, and a leader in office.
fn supervise(around: &Around, entry: &Entry) -> Result<(), Broken> {
    let unit = around.unit.as_ref();
    if unit.is_some_and(|unit| unit.ended_on.is_some_and(|ended| ended <= entry.on)) {
        return Err(named("unit_has_ended", around).at("supervise.unit"));
    }
    in_office(around.officer.as_ref(), "supervise.officer", entry)
}

/// Reg. 31(1) to (5) alone lead into another procedure.
fn guide(procedure: Route) -> Result<(), Broken> {
    match procedure {
        Route::Justice
        | Route::Arbitration
        | Route::Party
        | Route::Administrative
        | Route::Duty => Ok(()),
        Route::Petition | Route::Suggestion | Route::Accusation => {
            Err(Broken::new("that_is_no_other_procedure").at("guide.procedure"))
        }
    }
}

fn answer(case: &Case, unit: UnitId, around: &Around) -> Result<(), Broken> {
    let of = |is: fn(&Deed) -> Option<UnitId>| {
        let steps = case.steps_now().filter(|(_, step)| is(&step.deed) == Some(unit));
        steps.map(|(number, step)| (step.on, number)).max()
    };
    let asked = of(|deed| match deed {
        Deed::Entrusted { unit, .. }
        | Deed::Assisted { unit, .. }
        | Deed::Released { unit, .. } => Some(*unit),
        _ => None,
    });
    let answered = of(|deed| match deed {
        Deed::Answered { unit } => Some(*unit),
        _ => None,
    });
    if asked.is_none() || answered > asked {
        return Err(named("unit_was_not_asked", around).at("answer.unit"));
    }
    Ok(())
}

/// A paper is signed after it was drafted, and stamped after it was signed.
fn pass(case: &Case, step: PaperStep, to: Option<&Officer>, entry: &Entry) -> Result<(), Broken> {
    let went = |wanted: PaperStep| {
        case.day_of(|deed| matches!(deed, Deed::Passed { step, .. } if *step == wanted)).is_some()
    };
    let before = match step {
        PaperStep::Signature if !went(PaperStep::Checking) => Some("paper_is_not_checked"),
        // An opinion names who signed it, and goes to the seal without the way of a letter.
        PaperStep::Stamping
            if !went(PaperStep::Signature) && !closing::lacks_seal(case).unwrap_or(false) =>
        {
            Some("paper_is_not_signed")
        }
        _ => None,
    };
    if let Some(key) = before {
        return Err(Broken::new(key).at("pass.step"));
    }
    if let Some(officer) = to {
        case.accused().may_hold(officer).map_err(|broken| broken.at("pass.to"))?;
    }
    in_office(to, "pass.to", entry)
}

/// Reg. 33: by consent only, and an agreement is a document.
fn mediate(end: MediationEnd, consent: Option<bool>, entry: &Entry) -> Result<(), Broken> {
    if consent != Some(true) {
        return Err(Broken::new("mediation_needs_consent").at("mediate.consent"));
    }
    if end == MediationEnd::Agreed && entry.document.is_none() {
        return Err(Broken::new("agreement_needs_a_document").at("mediate.document"));
    }
    Ok(())
}

/// Reg. 31(6), 32, 35: an opinion rests on an investigation, answers each request, is signed by the
/// head, and states the right to a review.
fn reply(case: &Case, deed: &Deed, around: &Around, entry: &Entry) -> Result<(), Broken> {
    let Deed::Replied { signed_by, states_review, result, sealed_on, .. } = deed else {
        return Ok(());
    };
    // The seal may have come before the day on which the opinion was recorded.
    if let Some(day) = sealed_on.filter(|day| *day > entry.today) {
        let broken = Broken::new("day_is_in_the_future").at("reply.sealed_on");
        return Err(broken.with("day", day));
    }
    simple::may_answer(case, *result)?;
    if case.route != Some(Route::Petition) {
        return Ok(());
    }
    if case.day_of(Deed::is_inquiry).is_none() {
        return Err(Broken::new("opinion_needs_an_investigation"));
    }
    let open: Vec<String> = case
        .claims
        .iter()
        .filter(|(_, claim)| claim.finding.is_none() || claim.result.is_none())
        .map(|(number, _)| number.to_string())
        .collect();
    if !open.is_empty() {
        return Err(Broken::new("claims_are_not_answered").with("numbers", open.join(" ")));
    }
    if *states_review != Some(true) {
        return Err(Broken::new("opinion_states_the_review").at("reply.states_review"));
    }
    let signer = around.officer.as_ref().filter(|officer| Some(officer.id) == *signed_by);
    match signer {
        Some(signer) if !signer.is_head_on(entry.on) => Err(Broken::new("signer_is_not_head")
            .at("reply.signed_by")
            .with("name", &signer.name)
            .with("day", entry.on)),
        _ => Ok(()),
    }
}

/// Reg. 35, 36(1): thirty days from the delivery; a later request says why it is taken all the same.
fn in_time(latest: Option<NaiveDate>, entry: &Entry, form: &str) -> Result<(), Broken> {
    match latest {
        Some(latest) if entry.on > latest && entry.text.is_none() => {
            Err(Broken::new("review_is_late").at(&format!("{form}.text")).with("day", latest))
        }
        _ => Ok(()),
    }
}

fn delivered(day: NaiveDate, entry: &Entry, field: &str) -> Result<(), Broken> {
    if day > entry.today {
        return Err(Broken::new("day_is_in_the_future").at(field).with("day", entry.today));
    }
    not_before(day, entry.on, field)
}

fn was_revoked(case: &Case) -> bool {
    case.steps.values().any(|step| {
        matches!(
            step.deed,
            Deed::Reviewed { outcome: SecondLook::Revoked, .. }
                | Deed::Rechecked { outcome: SecondLook::Revoked, .. }
        )
    })
}

/// A unit that may be given the case: of the town, still there, and not the one it is about.
fn below(case: &Case, unit: Option<&Unit>, form: &str, entry: &Entry) -> Result<(), Broken> {
    let Some(unit) = unit else { return Ok(()) };
    may_have(case, unit, entry.on).map_err(|broken| broken.at(&format!("{form}.unit")))
}

/// Whether a unit may handle a case or help with it.
///
/// # Errors
/// It is above the town, has ended, or is the one that the petition is about (Reg. 28(3), 30(3)).
pub fn may_have(case: &Case, unit: &Unit, on: NaiveDate) -> Result<(), Broken> {
    let broken = |key| Err(Broken::new(key).with("name", &unit.name));
    if unit.kind == UnitKind::Superior {
        return broken("unit_is_above_the_town");
    }
    if unit.ended_on.is_some_and(|ended| ended <= on) {
        return broken("unit_has_ended");
    }
    if case.accused().is_unit(unit) {
        return broken("petition_is_about_that_unit");
    }
    Ok(())
}

fn in_office(officer: Option<&Officer>, field: &str, entry: &Entry) -> Result<(), Broken> {
    match officer {
        Some(officer) if !officer.is_in_office_on(entry.on) => {
            Err(Broken::new("officer_has_left").at(field).with("name", &officer.name))
        }
        _ => Ok(()),
    }
}

fn not_before(day: NaiveDate, first: NaiveDate, field: &str) -> Result<(), Broken> {
    if day < first {
        return Err(Broken::new("day_is_before_what_it_follows").at(field).with("day", first));
    }
    Ok(())
}

fn named(key: &str, around: &Around) -> Broken {
    let name = around.unit.as_ref().map_or("", |unit| unit.name.as_str());
    Broken::new(key).with("name", name)
}
