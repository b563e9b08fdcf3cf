//! The steps of a case from acceptance to archive: what each needs, makes and refuses, and why.
//!
//! The table says when a step is possible and what it answers; `Case::step` asks what its form
//! must say, and what becomes of the case. Whoever greys a command asks the same table.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::case::{Case, Stage};
use crate::domain::choice::{ClaimResult, Route};
use crate::domain::delivery::is_doubtful;
use crate::domain::form::Filled;
use crate::domain::handling::Entry;
use crate::domain::office::{Officer, Unit};
use crate::domain::step::Deed;
use crate::domain::step_choice::{Interest, PauseGround};
use crate::domain::{closing, simple, step_rule};

/// A step: its act, the word of its deed, when it is possible, and what it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The act.
    pub act: Act,
    /// The word of the deed.
    pub deed: &'static str,
    /// When it is possible.
    pub when: When,
    /// What it answers or follows.
    pub after: Option<After>,
}

/// When a step is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// While the case is open and not yet taken on.
    BeforeAcceptance,
    /// While the case is open.
    Open,
    /// While the case is taken on and open.
    Accepted,
    /// After it ended, in whatever way.
    Over,
    /// Always, but for a case of an old ledger.
    Always,
}

/// What a step answers or follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Simplified handling.
    Simplified,
    /// An objection that nobody answered.
    Objection,
    /// A letter by which a superior assigned the case.
    Assignment,
    /// A report that the assigning body has not judged.
    Report,
    /// An extension of which the petitioner was not told.
    Extension,
    /// Clocks that stand still.
    Pause,
    /// A leader's instruction that was not answered.
    Instruction,
    /// A unit that was asked and did not answer.
    Request,
    /// An opinion.
    Opinion,
    /// A doubtful delivery.
    Doubt,
    /// A delivered opinion.
    Delivery,
    /// A review under way.
    Review,
    /// A review opinion that reached the petitioner.
    ReviewOpinion,
    /// A second review under way.
    Recheck,
    /// A second review's opinion.
    RecheckOpinion,
}

impl After {
    /// All that a step may answer.
    pub const ALL: [Self; 15] = [
        Self::Simplified,
        Self::Objection,
        Self::Assignment,
        Self::Report,
        Self::Extension,
        Self::Pause,
        Self::Instruction,
        Self::Request,
        Self::Opinion,
        Self::Doubt,
        Self::Delivery,
        Self::Review,
        Self::ReviewOpinion,
        Self::Recheck,
        Self::RecheckOpinion,
    ];

    /// The key of the rule that is broken where it is missing.
    pub const fn missing(self) -> &'static str {
        match self {
            Self::Simplified => "not_simplified",
            Self::Objection => "no_objection_waits",
            Self::Assignment => "nobody_assigned_it",
            Self::Report => "no_report_waits",
            Self::Extension => "no_extension_to_tell",
            Self::Pause => "not_paused",
            Self::Instruction => "no_instruction_waits",
            Self::Request => "nothing_was_asked",
            Self::Opinion => "no_opinion_yet",
            Self::Doubt => "no_delivery_in_doubt",
            Self::Delivery => "not_delivered",
            Self::Review => "no_review_waits",
            Self::ReviewOpinion => "no_review_opinion",
            Self::Recheck => "no_recheck_waits",
            Self::RecheckOpinion => "no_recheck_opinion",
        }
    }
}

const fn row(act: Act, deed: &'static str, when: When) -> Row {
    Row { act, deed, when, after: None }
}

const fn follows(act: Act, deed: &'static str, when: When, after: After) -> Row {
    Row { act, deed, when, after: Some(after) }
}

/// All steps that are made by a form of their own.
pub const ROWS: &[Row] = &[
    row(Act::Simplify, "simplified", When::Open),
    follows(Act::MakeOrdinary, "made_ordinary", When::Open, After::Simplified),
    row(Act::Decline, "declined", When::BeforeAcceptance),
    row(Act::Forward, "forwarded", When::BeforeAcceptance),
    row(Act::Guide, "guided", When::BeforeAcceptance),
    row(Act::Entrust, "entrusted", When::Open),
    row(Act::Assist, "assisted", When::Open),
    row(Act::Release, "released", When::Open),
    follows(Act::Answer, "answered", When::Always, After::Request),
    follows(Act::AnswerObjection, "objection_answered", When::Open, After::Objection),
    row(Act::Pass, "passed", When::Open),
    follows(Act::Report, "reported", When::Always, After::Assignment),
    follows(Act::ReportPassed, "report_passed", When::Always, After::Report),
    follows(Act::SendBack, "sent_back", When::Always, After::Report),
    follows(Act::MoveTerm, "term_moved", When::Always, After::Assignment),
    follows(Act::TellExtension, "extension_told", When::Accepted, After::Extension),
    row(Act::Pause, "paused", When::Always),
    follows(Act::Resume, "resumed", When::Always, After::Pause),
    row(Act::Declare, "declared", When::Open),
    row(Act::Investigate, "investigated", When::Open),
    row(Act::Hear, "heard", When::Always),
    row(Act::Mediate, "mediated", When::Open),
    row(Act::Alarm, "alarmed", When::Always),
    row(Act::Instruct, "instructed", When::Always),
    follows(Act::FeedBack, "fed_back", When::Always, After::Instruction),
    row(Act::Nudge, "nudged", When::Open),
    row(Act::Supervise, "supervised", When::Open),
    row(Act::Reply, "replied", When::Open),
    follows(Act::Deliver, "delivered", When::Always, After::Opinion),
    follows(Act::ConfirmDelivery, "delivery_confirmed", When::Always, After::Doubt),
    follows(Act::CarryOut, "carried_out", When::Always, After::Opinion),
    row(Act::Rate, "rated", When::Always),
    row(Act::Test, "tested", When::Open),
    row(Act::Settle, "settled", When::Always),
    follows(Act::StrikeOff, "struck_off", When::Always, After::Assignment),
    row(Act::Conclude, "concluded", When::Open),
    row(Act::Stop, "stopped", When::Open),
    row(Act::Archive, "archived", When::Over),
    row(Act::Reopen, "reopened", When::Over),
    follows(Act::Review, "review_asked", When::Always, After::Delivery),
    follows(Act::ReviewResult, "reviewed", When::Always, After::Review),
    follows(Act::Recheck, "recheck_asked", When::Always, After::ReviewOpinion),
    follows(Act::RecheckResult, "rechecked", When::Always, After::Recheck),
    follows(Act::End, "ended", When::Over, After::RecheckOpinion),
];

/// The row of an act; none if it is no step of this table.
pub fn of(act: Act) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.act == act)
}

/// What a rule must know besides the case and the form.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// The unit that the form names.
    pub unit: Option<Unit>,
    /// The officer that the form names.
    pub officer: Option<Officer>,
    /// The last day of the limit that the step uses, where one runs.
    pub latest: Option<NaiveDate>,
    /// Whether the body that the form names is whom the case is about.
    pub is_accused: bool,
    /// Whether an earlier case that it repeats had its second review, or was over before this ledger
    /// began, which holds no reviews of then.
    pub was_rechecked: bool,
}

/// The deed of a filled form; none if the act is no step of the table.
pub fn deed(act: Act, filled: &Filled) -> Option<Deed> {
    let mut json: Map<String, Value> = filled.values().clone();
    for outside in ["on", "text", "document"] {
        json.remove(outside);
    }
    json.insert("kind".to_owned(), Value::from(of(act)?.deed));
    serde_json::from_value(Value::Object(json)).ok()
}

/// Whether a step is possible as the case stands, whatever its form says.
///
/// # Errors
/// The rule that stands against it.
pub fn can(case: &Case, act: Act) -> Result<(), Broken> {
    let Some(row) = of(act) else { return Ok(()) };
    if case.history.is_some() {
        return Err(Broken::new("case_is_history"));
    }
    let stage = case.stage();
    let broken = match row.when {
        When::BeforeAcceptance | When::Open | When::Accepted if !stage.is_open() => {
            Some("case_has_ended")
        }
        When::BeforeAcceptance if was_accepted(case) => Some("accepted_must_be_handled"),
        When::Accepted if stage < Stage::Handling => Some("not_accepted"),
        When::Over if stage.is_open() => Some("case_is_open"),
        When::Over if stage == Stage::Archived && act == Act::Archive => Some("already_archived"),
        When::BeforeAcceptance | When::Open | When::Accepted | When::Over | When::Always => None,
    };
    if let Some(key) = broken {
        return Err(Broken::new(key));
    }
    if let Some(after) = row.after
        && after_day(case, after).is_none()
    {
        return Err(Broken::new(after.missing()));
    }
    match act {
        Act::Reply if case.route == Some(Route::Petition) && stage < Stage::Handling => {
            Err(Broken::new("opinion_needs_acceptance"))
        }
        Act::Reply if case.route.is_none() => Err(Broken::new("route_is_undecided")),
        Act::Pause if after_day(case, After::Pause).is_some() => Err(Broken::new("already_paused")),
        Act::End if stage == Stage::Ended => Err(Broken::new("case_has_ended")),
        Act::Rate if !case.steps.values().any(|step| matches!(step.deed, Deed::Replied { .. })) => {
            Err(Broken::new("no_opinion_yet"))
        }
        Act::Conclude => closing::judge(case),
        Act::Simplify => simple::can(case),
        _ => Ok(()),
    }
}

fn was_accepted(case: &Case) -> bool {
    case.day_of(|deed| matches!(deed, Deed::Accepted)).is_some()
}

impl Case {
    /// Makes a step.
    ///
    /// # Errors
    /// The rule that stands against it, with the article where a norm says so.
    pub fn step(
        &self,
        act: Act,
        deed: Deed,
        around: &Around,
        entry: Entry,
    ) -> Result<Self, Broken> {
        can(self, act)?;
        let row = of(act).ok_or_else(|| Broken::new("case_has_ended"))?;
        let (_, form) = act.word().split_once('.').unwrap_or_default();
        let form = if act == Act::Conclude { "conclude" } else { form };
        let after = row.after.and_then(|after| after_day(self, after)).unwrap_or(self.received_on);
        self.in_order(&entry, after, &format!("{form}.on"))?;
        step_rule::judge(self, &deed, around, &entry)?;
        let mut next = self.clone();
        next.follow(&deed);
        next.add(deed, entry);
        Ok(next)
    }

    /// What becomes of the case by a deed, besides the step itself.
    fn follow(&mut self, deed: &Deed) {
        match deed {
            Deed::Guided { procedure, .. } => self.route = Some(*procedure),
            Deed::Entrusted { unit, .. } => self.unit = Some(*unit),
            Deed::Assisted { unit, .. } => {
                self.assisting.insert(*unit);
            }
            Deed::Passed { to, .. } => self.held_by = *to,
            Deed::Declared { officer, interest: Interest::Held } => {
                for place in [&mut self.lead, &mut self.handler, &mut self.held_by] {
                    if *place == Some(*officer) {
                        *place = None;
                    }
                }
            }
            Deed::Alarmed { .. } => self.urgent = true,
            Deed::Reopened { .. } => {
                self.cycle += 1;
                self.held_by = None;
            }
            Deed::Reported | Deed::Concluded | Deed::Stopped { .. } | Deed::Forwarded { .. } => {
                self.held_by = None;
            }
            _ => {}
        }
    }
}

/// The day of what a step answers; none if nothing waits for it.
pub(in crate::domain) fn after_day(case: &Case, after: After) -> Option<NaiveDate> {
    type Is = fn(&Deed) -> bool;
    let waiting =
        |first: Is, then: Is| case.awaits(first, then).then(|| case.day_of(first)).flatten();
    match after {
        After::Simplified => waiting(
            |deed| matches!(deed, Deed::Simplified { .. }),
            |deed| matches!(deed, Deed::MadeOrdinary),
        ),
        After::Objection => waiting(
            |deed| matches!(deed, Deed::Objected { .. }),
            |deed| matches!(deed, Deed::ObjectionAnswered { .. }),
        ),
        After::Assignment => case.assignment().map(|_| case.received_on),
        After::Report => waiting(
            |deed| matches!(deed, Deed::Reported),
            |deed| matches!(deed, Deed::ReportPassed | Deed::SentBack { .. }),
        ),
        After::Extension => waiting(
            |deed| matches!(deed, Deed::Extended { told_on: None, .. }),
            |deed| matches!(deed, Deed::ExtensionTold { .. }),
        ),
        After::Pause => waiting(
            |deed| matches!(deed, Deed::Paused { .. }),
            |deed| matches!(deed, Deed::Resumed),
        ),
        After::Instruction => waiting(
            |deed| matches!(deed, Deed::Instructed { .. }),
            |deed| matches!(deed, Deed::FedBack),
        ),
        After::Request => {
            let asks = |deed: &Deed| {
                matches!(
                    deed,
                    Deed::Entrusted { .. } | Deed::Assisted { .. } | Deed::Released { .. }
                )
            };
            case.day_of(asks)
        }
        After::Opinion => case.day_of(|deed| matches!(deed, Deed::Replied { .. })),
        After::Doubt => waiting(
            |deed| matches!(deed, Deed::Delivered { manner, .. } if is_doubtful(*manner)),
            |deed| matches!(deed, Deed::DeliveryConfirmed),
        ),
        After::Delivery => case.delivered_on(),
        After::Review => waiting(
            |deed| matches!(deed, Deed::ReviewAsked { .. }),
            |deed| matches!(deed, Deed::Reviewed { .. }),
        ),
        After::ReviewOpinion => case.steps_now().find_map(|(_, step)| match step.deed {
            Deed::Reviewed { delivered_on, .. } => delivered_on,
            _ => None,
        }),
        After::Recheck => waiting(
            |deed| matches!(deed, Deed::RecheckAsked { .. }),
            |deed| matches!(deed, Deed::Rechecked { .. }),
        ),
        After::RecheckOpinion => case.day_of(|deed| matches!(deed, Deed::Rechecked { .. })),
    }
}

/// Whether an opinion of the present cycle supports a request, so that it must be carried out
/// (Reg. 32(2)).
pub fn supports(case: &Case) -> bool {
    let opinion = case.newest(|deed| matches!(deed, Deed::Replied { .. }));
    let by_opinion = opinion.is_some_and(|step| {
        matches!(step.deed, Deed::Replied { result: Some(ClaimResult::Supported), .. })
    });
    let by_claim = case.claims.values().any(|claim| claim.result == Some(ClaimResult::Supported));
    opinion.is_some() && (by_opinion || by_claim)
}

/// Whether a pause of that ground fits the case: the Regulation stops clocks only for a hearing of
/// the second review (Reg. 36(2)).
pub fn may_pause(case: &Case, ground: PauseGround) -> bool {
    ground != PauseGround::Hearing || after_day(case, After::Recheck).is_some()
}
