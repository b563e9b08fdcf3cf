//! What a meeting works with: matters put on its list, and what it decided.
//!
//! A matter stands on the list until something is decided on it or it is taken off. A decision names
//! who does what by when, and is owed until somebody says what came of it.
//! INVARIANT: neither is ever about a sealed case: a meeting sees none (Reg. 30(3)).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::broken::Broken;
use crate::domain::case::{Case, Stage};
use crate::domain::ids::{CaseId, DecisionId, OfficerId, UnitId, Version};
use crate::domain::line::{Line, LineKind};
use crate::domain::office::Officer;
use crate::domain::policy::Scope;

/// What the list of a meeting says of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tabled {
    /// The day of the meeting; none for the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// The day on which it was put on the list.
    pub put_on: NaiveDate,
    /// Who put it there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// What makes it hard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difficulty: Option<String>,
    /// What the office advises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// What the meeting is asked to decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
}

/// What a meeting decided on a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its number.
    pub id: DecisionId,
    /// How often it was changed.
    #[serde(default)]
    pub version: Version,
    /// The case.
    pub case: CaseId,
    /// The village of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub village: Option<UnitId>,
    /// Who led the case when it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<OfficerId>,
    /// The day of the meeting.
    pub met_on: NaiveDate,
    /// Who wrote it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// What is to be done.
    pub text: String,
    /// Who answers for it.
    pub officer: OfficerId,
    /// By when.
    pub due_on: NaiveDate,
    /// What came of it; none while it is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// What came of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The day.
    pub on: NaiveDate,
    /// The day on which it was entered.
    pub entered_on: NaiveDate,
    /// Who said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// What was done.
    pub text: String,
}

/// A decision as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deciding {
    /// The number that it gets.
    pub id: DecisionId,
    /// What is to be done.
    pub text: String,
    /// By when.
    pub due_on: NaiveDate,
    /// The day of the meeting.
    pub met_on: NaiveDate,
    /// Who writes it down.
    pub by: Option<OfficerId>,
}

/// Whether a meeting may work with a case at all.
///
/// # Errors
/// It is sealed, or from an old ledger.
pub fn may_be_met_about(case: &Case) -> Result<(), Broken> {
    if case.readers.is_some() {
        return Err(Broken::new("sealed_is_not_for_meetings"));
    }
    if case.stage() == Stage::History {
        return Err(Broken::new("case_is_history"));
    }
    Ok(())
}

/// Puts a case on the list, or changes what the list says of it. A day that passed already is
/// refused only if it is new.
///
/// # Errors
/// The case is not for meetings; the day of the meeting has passed.
pub fn table(case: &Case, tabled: Tabled, today: NaiveDate) -> Result<Case, Broken> {
    may_be_met_about(case)?;
    let was_on = case.tabled.as_ref().and_then(|tabled| tabled.on);
    if tabled.on.is_some_and(|on| on < today) && tabled.on != was_on {
        return Err(Broken::new("day_has_passed").at("table.on").with("day", today));
    }
    Ok(Case { tabled: Some(tabled), ..case.clone() })
}

/// Takes a case off the list.
///
/// # Errors
/// It does not stand on it.
pub fn take_off(case: &Case) -> Result<Case, Broken> {
    if case.tabled.is_none() {
        return Err(Broken::new("case_is_not_tabled"));
    }
    Ok(Case { tabled: None, ..case.clone() })
}

/// Decides something on a case, which leaves the list of the meeting.
///
/// # Errors
/// The case is not for meetings; the meeting lies ahead; the officer has left or has declared an
/// interest; the day lies before the meeting.
pub fn decide(
    case: &Case,
    deciding: Deciding,
    officer: &Officer,
    today: NaiveDate,
) -> Result<(Decision, Case), Broken> {
    may_be_met_about(case)?;
    if deciding.met_on > today {
        return Err(Broken::new("day_is_in_the_future").at("decide.met_on").with("day", today));
    }
    if deciding.met_on < case.received_on {
        let broken = Broken::new("day_is_before_what_it_follows").at("decide.met_on");
        return Err(broken.with("day", case.received_on));
    }
    must_answer(case, officer, (deciding.met_on, "decide.officer"))?;
    in_time(deciding.due_on, deciding.met_on, "decide.due_on")?;
    let decision = Decision {
        id: deciding.id,
        version: Version::default(),
        case: case.id,
        village: case.village,
        lead: case.lead,
        met_on: deciding.met_on,
        by: deciding.by,
        text: deciding.text,
        officer: officer.id,
        due_on: deciding.due_on,
        outcome: None,
    };
    Ok((decision, Case { tabled: None, ..case.clone() }))
}

/// Whether an officer may answer for a decision on a case.
///
/// # Errors
/// They have left, or have declared an interest in the case (Reg. 28(3)).
pub fn must_answer(
    case: &Case,
    officer: &Officer,
    (on, field): (NaiveDate, &str),
) -> Result<(), Broken> {
    let broken = |key| Err(Broken::new(key).at(field).with("name", &officer.name));
    if !officer.is_in_office_on(on) {
        return broken("officer_has_left");
    }
    if case.has_interest(officer.id) {
        return broken("officer_has_an_interest");
    }
    Ok(())
}

/// Whether a day is not before a meeting.
///
/// # Errors
/// It is.
pub fn in_time(due_on: NaiveDate, met_on: NaiveDate, field: &str) -> Result<(), Broken> {
    if due_on >= met_on {
        return Ok(());
    }
    Err(Broken::new("day_is_before_what_it_follows").at(field).with("day", met_on))
}

impl Decision {
    /// Who may see it besides those who may see its case.
    pub fn scope(&self) -> Scope {
        Scope { village: self.village, lead: self.lead, handler: Some(self.officer), sealed: false }
    }

    /// What it owes: nothing once it is done.
    pub fn owes(&self) -> Vec<Line> {
        match self.outcome {
            Some(_) => Vec::new(),
            None => vec![Line::new(LineKind::Decision, self.due_on)],
        }
    }

    /// Whether it is still to be done.
    ///
    /// # Errors
    /// It is done.
    pub fn must_be_owed(&self) -> Result<(), Broken> {
        match &self.outcome {
            Some(outcome) => Err(Broken::new("decision_is_done").with("day", outcome.on)),
            None => Ok(()),
        }
    }

    /// Says what came of it.
    ///
    /// # Errors
    /// It is done already; the day is out of order.
    pub fn finish(&self, outcome: Outcome) -> Result<Self, Broken> {
        self.must_be_owed()?;
        if outcome.on > outcome.entered_on {
            let broken = Broken::new("day_is_in_the_future").at("finish_decision.on");
            return Err(broken.with("day", outcome.entered_on));
        }
        in_time(outcome.on, self.met_on, "finish_decision.on")?;
        Ok(Self { outcome: Some(outcome), ..self.clone() })
    }
}
