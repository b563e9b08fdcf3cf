//! A line of the agenda: something that is owed on a day, or a hint that holds for some days.
//!
//! Every kind of record that owes something gives lines; index rows, counts, today, the list of
//! deadlines and its calendar are made of them. A line says no more than kind and day: what stands
//! on the row is read from the record.
//! INVARIANT: a record gives at most one line of a kind and day; codes are never given again.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a line is about. The words stand in the catalogue under `line.`, and under `limit.` for
/// kinds whose clock is no limit of the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// A lawful clock of a case ends.
    Clock,
    /// The date that the assigning body set (Reg. 22(1)(iii)).
    Assigned,
    /// The day agreed for settling a case.
    Agreed,
    /// The next contact that a roster entry promises.
    Contact,
    /// The review of a roster entry.
    Review,
    /// A roster entry has lapsed and nobody has said what follows.
    Lapsed,
    /// A task of a campaign.
    Task,
    /// Recurring work.
    Duty,
    /// What a meeting decided is to be done.
    Decision,
    /// Half the time of a lawful clock is gone without any step.
    HalfTime,
    /// Somebody is to be asked to get on.
    Nudge,
    /// A new case that nobody has decided about. It has no day and no row: lists of cases hold it.
    Fresh,
    /// A village that a petition is about owes what it was asked.
    Cooperate,
    /// Nobody has decided in time whether a case is taken on.
    Undecided,
    /// A receipt is not in the state system.
    Unentered,
    /// The result of a case is not in the state system.
    Unreturned,
    /// A unit that was given a case or asked to help has not answered.
    Answer,
    /// A leader's instruction is not answered.
    Feedback,
    /// A major or urgent matter is not reported (Reg. 25).
    Unreported,
}

/// How a kind of line is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It is owed on its day, and late afterwards.
    Owed,
    /// It is said from its day on until another, and is never late.
    Hint,
}

impl LineKind {
    /// All kinds, in the order in which lines of one day stand.
    pub const ALL: [Self; 19] = [
        Self::Clock,
        Self::Assigned,
        Self::Agreed,
        Self::Contact,
        Self::Review,
        Self::Lapsed,
        Self::Task,
        Self::Duty,
        Self::Decision,
        Self::HalfTime,
        Self::Nudge,
        Self::Fresh,
        Self::Cooperate,
        Self::Undecided,
        Self::Unentered,
        Self::Unreturned,
        Self::Answer,
        Self::Feedback,
        Self::Unreported,
    ];

    /// The byte that stands for it in index rows; 0 is none.
    pub const fn code(self) -> u8 {
        self as u8 + 1
    }

    /// The kind of a byte.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The word of the kind, as in JSON and in the catalogue.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Assigned => "assigned",
            Self::Agreed => "agreed",
            Self::Contact => "contact",
            Self::Review => "entry_review",
            Self::Lapsed => "lapsed",
            Self::Task => "task",
            Self::Duty => "duty",
            Self::Decision => "decision",
            Self::HalfTime => "half_time",
            Self::Nudge => "nudge",
            Self::Fresh => "fresh",
            Self::Cooperate => "cooperate",
            Self::Undecided => "undecided",
            Self::Unentered => "unentered",
            Self::Unreturned => "unreturned",
            Self::Answer => "answer",
            Self::Feedback => "feedback",
            Self::Unreported => "unreported",
        }
    }

    /// The kind of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// How it is read.
    pub const fn manner(self) -> Manner {
        match self {
            Self::Lapsed | Self::HalfTime | Self::Nudge | Self::Fresh | Self::Undecided => {
                Manner::Hint
            }
            Self::Clock
            | Self::Assigned
            | Self::Agreed
            | Self::Contact
            | Self::Review
            | Self::Task
            | Self::Duty
            | Self::Decision
            | Self::Cooperate
            | Self::Unentered
            | Self::Unreturned
            | Self::Answer
            | Self::Feedback
            | Self::Unreported => Manner::Owed,
        }
    }
}

/// The longest time for which a hint is said, in calendar days.
pub const HINT_DAYS_MAX: u64 = 100;

/// Something owed on a day, or a hint from that day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The day.
    pub on: NaiveDate,
    /// What it is about.
    pub kind: LineKind,
    /// The last day on which a hint is said; of no meaning for what is owed.
    pub until: Option<NaiveDate>,
    /// Whether a calendar that is not loaded may change the day.
    pub provisional: bool,
}

impl Line {
    /// Something that is owed on a day.
    pub const fn new(kind: LineKind, on: NaiveDate) -> Self {
        Self { on, kind, until: None, provisional: false }
    }

    /// A hint that is said from a day until another, both included.
    pub const fn hint(kind: LineKind, on: NaiveDate, until: NaiveDate) -> Self {
        Self { on, kind, until: Some(until), provisional: false }
    }

    /// The last day on which a hint is said, at most [`HINT_DAYS_MAX`] days after its first.
    pub fn said_until(&self) -> NaiveDate {
        let most = chrono::Days::new(HINT_DAYS_MAX);
        let most = self.on.checked_add_days(most).unwrap_or(NaiveDate::MAX);
        self.until.unwrap_or(most).min(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_code_and_a_word_of_its_own() {
        for kind in LineKind::ALL {
            assert_eq!(LineKind::from_code(kind.code()), Some(kind));
            assert_eq!(LineKind::parse(kind.word()), Some(kind));
        }
        assert_eq!(LineKind::from_code(0), None);
    }
}
