//! What a case needs before its procedure can be concluded, by its kind.
//!
//! Each requirement names the step that meets it, so that a screen can lead there. There is no way
//! to conclude several cases at once, and none to conclude by silence.

use serde::{Deserialize, Serialize};

use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::choice::Route;
use crate::domain::ids::OfficerId;
use crate::domain::procedure::supports;
use crate::domain::simple;
use crate::domain::step::{Deed, Step};
use crate::domain::step_choice::{Interest, PaperStep};

// A word, the step that meets it, and the article stand beside the name: a macro keeps a row a row.
macro_rules! requirements {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $act:ident, $article:literal;)*) => {
        /// Something that a concluded case has. Its text stands under `requirement.WORD`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Requirement {$(
            $(#[$doc])*
            #[serde(rename = $word)]
            $name,
        )*}

        impl Requirement {
            /// All requirements, in the order of a sheet.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word of the requirement.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// The step that meets it.
            pub const fn act(self) -> Act {
                match self { $(Self::$name => Act::$act),* }
            }

            /// The article on which it rests; empty for a test of the office's own plan.
            pub const fn article(self) -> &'static str {
                match self { $(Self::$name => $article),* }
            }
        }
    };
}

requirements! {
    /// Purpose and procedure are decided.
    Route = "route", Route, "31";
    /// The petitioner was told what happens, or is unknown.
    Notice = "notice", Notify, "23";
    /// Each extension was told, with its reason.
    ExtensionTold = "extension_told", TellExtension, "34";
    /// It was led into the procedure in which it belongs.
    Guided = "guided", Guide, "31";
    /// An accusation was handed to whoever may handle it, or answered.
    Handed = "handed", Forward, "30";
    /// Facts and reasons were looked into.
    Investigation = "investigation", Investigate, "31(6)";
    /// Handler and leader declared that they have no interest.
    Recusal = "recusal", Declare, "28(3)";
    /// Each request has a finding and a result.
    Claims = "claims", EditClaim, "32";
    /// The written opinion is made.
    Opinion = "opinion", Reply, "32";
    /// The opinion bears the seal of the office, and the day of it.
    Seal = "seal", Pass, "32";
    /// The opinion reached the petitioner.
    Delivery = "delivery", Deliver, "35";
    /// What was promised is carried out.
    Execution = "execution", CarryOut, "32(2)";
    /// The report went to the assigning body.
    Report = "report", Report, "22(1)(iii)";
    /// The petitioner was asked how satisfied they are.
    Rating = "rating", Rate, "21(2)";
    /// Facts are clear.
    Facts = "facts", Test, "";
    /// The nature is named rightly.
    Nature = "nature", Test, "";
    /// It was handled properly.
    Handling = "handling", Test, "";
    /// The procedure was kept.
    Procedure = "procedure", Test, "";
    /// The papers are complete.
    Papers = "papers", Test, "";
}

/// A requirement that a case of this kind has, and whether it is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Which.
    pub requirement: Requirement,
    /// Whether it is met.
    pub met: bool,
}

/// What is asked of a case, in the order of a sheet.
pub fn requirements(case: &Case) -> Vec<Asked> {
    let asked = Requirement::ALL.iter().filter(|one| is_asked(case, **one));
    asked.map(|one| Asked { requirement: *one, met: is_met(case, *one) }).collect()
}

/// Whether a case can be concluded.
///
/// # Errors
/// What is missing, as words of requirements, each with its article behind a colon.
pub fn judge(case: &Case) -> Result<(), Broken> {
    let missing: Vec<String> = requirements(case)
        .iter()
        .filter(|asked| !asked.met)
        .map(|asked| format!("{}:{}", asked.requirement.word(), asked.requirement.article()))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Broken::new("closing_is_not_complete").with("requirements", missing.join(" ")))
}

fn is_asked(case: &Case, requirement: Requirement) -> bool {
    let by_petition = case.route == Some(Route::Petition);
    let was_extended = case.day_of(|deed| matches!(deed, Deed::Extended { .. })).is_some();
    match requirement {
        Requirement::Route | Requirement::Notice => true,
        Requirement::Guided => case.route.is_some_and(is_elsewhere),
        Requirement::Handed => case.route == Some(Route::Accusation),
        Requirement::ExtensionTold => was_extended,
        Requirement::Investigation | Requirement::Recusal | Requirement::Delivery => by_petition,
        // That a simplified answer needs no sealed paper is not verified: the text of the rules of
        // 2022 is not at hand. The answer itself is asked either way.
        Requirement::Seal => by_petition && !simple::is_simple(case),
        Requirement::Claims => by_petition && !case.claims.is_empty(),
        Requirement::Opinion => by_petition || case.route == Some(Route::Suggestion),
        Requirement::Execution => supports(case),
        Requirement::Report => case.assignment().is_some(),
        // The first-time matters of the state system are rated.
        Requirement::Rating => by_petition && case.repeats.is_none() && !case.persons.is_empty(),
        // The five tests are those of the plan for serious matters; a short list does for others.
        Requirement::Facts
        | Requirement::Nature
        | Requirement::Handling
        | Requirement::Procedure
        | Requirement::Papers => by_petition || case.entrusted.is_some() || case.backlog,
    }
}

fn is_met(case: &Case, requirement: Requirement) -> bool {
    let has = |is: fn(&Deed) -> bool| case.day_of(is).is_some();
    match requirement {
        Requirement::Route => case.route.is_some(),
        Requirement::Notice => is_told(case),
        // Reg. 31(5): the office itself performs its duty, or answers.
        Requirement::Guided => {
            has(|deed| matches!(deed, Deed::Guided { .. }))
                || case.route == Some(Route::Duty)
                    && has(|deed| matches!(deed, Deed::Replied { .. }))
        }
        Requirement::Handed => {
            has(|deed| matches!(deed, Deed::Forwarded { .. } | Deed::Replied { .. }))
        }
        Requirement::ExtensionTold => !case.awaits(
            |deed| matches!(deed, Deed::Extended { told_on: None, .. }),
            |deed| matches!(deed, Deed::ExtensionTold { .. }),
        ),
        Requirement::Investigation => has(Deed::is_inquiry),
        Requirement::Recusal => {
            let holders: Vec<OfficerId> = [case.lead, case.handler].into_iter().flatten().collect();
            !holders.is_empty() && holders.iter().all(|officer| is_free(case, *officer))
        }
        Requirement::Claims => {
            case.claims.values().all(|claim| claim.finding.is_some() && claim.result.is_some())
        }
        Requirement::Opinion => has(|deed| matches!(deed, Deed::Replied { .. })),
        Requirement::Seal => lacks_seal(case) == Some(false),
        Requirement::Delivery => case.delivered_on().is_some(),
        Requirement::Execution => has(|deed| matches!(deed, Deed::CarriedOut)),
        Requirement::Report => !is_report_back(case) && has(|deed| matches!(deed, Deed::Reported)),
        Requirement::Rating => has(|deed| matches!(deed, Deed::Rated { .. })),
        Requirement::Facts
        | Requirement::Nature
        | Requirement::Handling
        | Requirement::Procedure
        | Requirement::Papers => is_tested(case, requirement),
    }
}

/// Whether the newest opinion lacks its seal: it says no day of it, and it was not sealed after it
/// was made; a paper of another number is another one. None if there is no opinion.
pub fn lacks_seal(case: &Case) -> Option<bool> {
    let is_stamped = |deed: &Deed| matches!(deed, Deed::Passed { step: PaperStep::Stamping, .. });
    let mut opinion: Option<&Step> = None;
    let mut is_sealed = false;
    for (_, step) in case.steps_now() {
        if let Deed::Replied { sealed_on, .. } = &step.deed {
            (opinion, is_sealed) = (Some(step), sealed_on.is_some());
        } else if let Some(opinion) = opinion.filter(|_| is_stamped(&step.deed)) {
            is_sealed |= step.document.is_none() || step.document == opinion.document;
        }
    }
    opinion.map(|_| !is_sealed)
}

/// Reg. 31(1) to (5): what another procedure decides is not concluded here.
const fn is_elsewhere(route: Route) -> bool {
    matches!(
        route,
        Route::Justice | Route::Arbitration | Route::Party | Route::Administrative | Route::Duty
    )
}

/// Whether the report was returned and none was sent since (Reg. 22(1)(iii)).
pub fn is_report_back(case: &Case) -> bool {
    case.awaits(|deed| matches!(deed, Deed::SentBack { .. }), |deed| matches!(deed, Deed::Reported))
}

/// Whether every receipt was answered or went back, or nobody can be told (Reg. 23).
pub fn is_told(case: &Case) -> bool {
    if case.persons.is_empty() {
        return true;
    }
    let answers = |receipt, on| {
        case.steps.values().any(|step| match &step.deed {
            Deed::Notified { receipt: Some(told), .. } => *told == receipt,
            Deed::Notified { receipt: None, .. }
            | Deed::Accepted
            | Deed::Declined { .. }
            | Deed::Stopped { .. } => step.on >= on,
            _ => false,
        })
    };
    let back = case.sent_back();
    case.steps.values().all(|step| match step.deed {
        Deed::Received { receipt, .. } => answers(receipt, step.on) || back.contains(&receipt),
        _ => true,
    })
}

fn is_free(case: &Case, officer: OfficerId) -> bool {
    case.steps.values().any(|step| {
        matches!(step.deed, Deed::Declared { officer: who, interest: Interest::Free } if who == officer)
    }) && !case.has_interest(officer)
}

fn is_tested(case: &Case, requirement: Requirement) -> bool {
    case.day_of(|deed| {
        let Deed::Tested { facts, nature, handling, procedure, papers } = deed else {
            return false;
        };
        let evidence = match requirement {
            Requirement::Facts => facts,
            Requirement::Nature => nature,
            Requirement::Handling => handling,
            Requirement::Procedure => procedure,
            Requirement::Papers => papers,
            _ => &None,
        };
        evidence.is_some()
    })
    .is_some()
}
