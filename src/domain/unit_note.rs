//! What the office records about a unit: talks with its leaders, circulars, extra points.
//!
//! It names bodies and their leaders, never petitioners (Reg. 39, 40), and nothing of it is computed:
//! who decided, why, and what follows are what somebody wrote.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::broken::Broken;
use crate::domain::choice::{Choice, choices};
use crate::domain::ids::OfficerId;
use crate::domain::office::Unit;

choices! {
    /// What is recorded about a unit.
    NoteKind("note_kind") {
        /// The conveners asked its leaders to a talk.
        Meeting = "meeting",
        /// The town's first leaders admonished its leaders.
        Admonition = "admonition",
        /// A talk of supervision (Reg. 39).
        Talk = "talk",
        /// A circular to the whole town.
        Circular = "circular",
        /// Points added at the year's end, for good work.
        Points = "points",
    }
}

/// One record about a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitNote {
    /// What it is.
    pub kind: NoteKind,
    /// The day.
    pub on: NaiveDate,
    /// The day on which it was entered.
    pub entered_on: NaiveDate,
    /// The officer who entered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// Who decided it.
    pub decided_by: String,
    /// Why.
    pub why: String,
    /// What follows from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// The number of the paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

/// A unit with one more record, or with one put right.
///
/// # Errors
/// A day in the future, or a unit that did not exist any more.
pub fn note(
    unit: &Unit,
    (number, note): (Option<u32>, UnitNote),
    today: NaiveDate,
) -> Result<Unit, Broken> {
    if note.on > today {
        return Err(Broken::new("day_is_in_the_future").at("note_unit.on").with("day", today));
    }
    if let Some(ended_on) = unit.ended_on.filter(|ended_on| note.on >= *ended_on) {
        let broken = Broken::new("unit_had_ended").at("note_unit.on");
        return Err(broken.with("name", &unit.name).with("day", ended_on));
    }
    let next = unit.notes.keys().next_back().map_or(1, |last| last + 1);
    let mut changed = unit.clone();
    changed.notes.insert(number.unwrap_or(next), note);
    Ok(changed)
}
