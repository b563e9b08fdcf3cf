//! When a person may be erased: the office owes nothing on their matters, and no file of them need
//! be kept any longer.

use chrono::{Months, NaiveDate};

use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::office::Clerk;
use crate::domain::step::Deed;
use crate::domain::step_choice::Retention;

/// The months of a year.
const YEAR: u32 = 12;

impl Retention {
    /// For how many years a file is kept; none if for ever.
    pub const fn years(self) -> Option<u32> {
        match self {
            Self::Permanent => None,
            Self::Thirty => Some(30),
            Self::Ten => Some(10),
        }
    }
}

impl Case {
    /// Whether its persons may be erased: its file lies in the archive, and the term is over.
    ///
    /// # Errors
    /// The office owes something on it, it is not archived, or its file is still kept.
    pub fn lets_persons_go(&self, today: NaiveDate) -> Result<(), Broken> {
        if self.history.is_some() {
            return Ok(());
        }
        if self.stage().is_under_way() || self.is_reviewed_now() {
            return Err(Broken::new("person_has_open_case"));
        }
        // What was joined to another matter is kept with the file of that one.
        if self.day_of(|deed| matches!(deed, Deed::Merged { .. })).is_some() {
            return Ok(());
        }
        let archived = self.steps_now().find_map(|(_, step)| match step.deed {
            Deed::Archived { retention, .. } => Some((step.on, retention)),
            _ => None,
        });
        let (on, retention) = archived.ok_or_else(|| Broken::new("case_is_not_archived"))?;
        let years = retention.years().ok_or_else(|| Broken::new("file_is_kept_for_ever"))?;
        let until = on.checked_add_months(Months::new(years * YEAR)).unwrap_or(NaiveDate::MAX);
        if today < until {
            return Err(Broken::new("file_is_still_kept").with("day", until));
        }
        Ok(())
    }
}

impl Clerk {
    /// Whether two accounts are in the same hand: one officer's, or one login's of the machine.
    pub fn is_in_hand_of(&self, other: &Self) -> bool {
        let is_officers = self.officer.is_some() && self.officer == other.officer;
        self.id == other.id || self.uid == other.uid || is_officers
    }
}
