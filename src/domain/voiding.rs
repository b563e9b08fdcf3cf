//! A paper that is not used any more: by its number, or by its step where it has none.
//!
//! INVARIANT: the step stays, with why, when and by whom; its number is never given out again.

use chrono::NaiveDate;

use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::ids::OfficerId;
use crate::domain::step::Deed;

/// Which paper of a case is voided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which<'w> {
    /// The one of that number.
    Number(&'w str),
    /// The one that was made by the step of that number.
    Step(u32),
}

/// That a paper is voided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voiding {
    /// Why.
    pub why: String,
    /// The day.
    pub on: NaiveDate,
    /// Who does it; none if the account has no officer.
    pub by: Option<OfficerId>,
}

impl Case {
    /// Says that a paper is not used any more, and why: by its number, or by its step where it has
    /// none.
    ///
    /// # Errors
    /// The case has no such paper, or it is voided already.
    pub fn void_paper(&self, which: Which<'_>, voiding: Voiding) -> Result<Self, Broken> {
        let (at, field) = match which {
            Which::Number(number) => {
                (self.step_of_number(number).map(|(at, _)| at), "void_paper.number")
            }
            Which::Step(at) => (Some(at), "void_paper.step"),
        };
        let missing = || match which {
            Which::Number(_) => Broken::new("no_such_paper_number").at(field),
            Which::Step(_) => Broken::new("step_made_no_paper").at(field),
        };
        let mut next = self.clone();
        let step = at.and_then(|at| next.steps.get_mut(&at)).ok_or_else(missing)?;
        let Deed::PaperMade { voided_on, voided_by, voided, .. } = &mut step.deed else {
            return Err(missing());
        };
        if voided.is_some() {
            return Err(Broken::new("paper_is_voided").at(field));
        }
        (*voided_on, *voided_by, *voided) = (Some(voiding.on), voiding.by, Some(voiding.why));
        Ok(next)
    }
}
