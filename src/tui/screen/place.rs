//! Places: the screens that can be gone to by name, as values.

use crate::domain::ids::{CaseId, EntryId, PersonId, TaskId, UnitId};

/// A screen that can be gone to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// What is due.
    Today,
    /// The list of cases.
    Cases,
    /// The roster and all persons.
    Roster,
    /// The list of deadlines.
    Deadlines,
    /// Units and officers.
    Units,
    /// The settings of the office.
    Settings,
    /// The log.
    Log,
    /// The campaign.
    Campaign,
    /// Indicators and counts.
    Figures,
    /// The search of a meeting.
    Find,
    /// The list of the meeting, and decisions.
    Meeting,
    /// One task.
    Task(TaskId),
    /// One case.
    Case(CaseId),
    /// The review of the month.
    Round,
    /// The roster as it stood on a day.
    Stood,
    /// One entry of the roster.
    Entry(EntryId),
    /// One person.
    Person(PersonId),
    /// One unit.
    Unit(UnitId),
    /// The saved filters.
    Views,
    /// The numbers of papers.
    Numbers,
}

impl Place {
    /// The name of the screen at that place.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Today => "agenda",
            Self::Cases => "cases",
            Self::Roster => "roster",
            Self::Deadlines => "deadlines",
            Self::Units => "units",
            Self::Settings => "settings",
            Self::Log => "log",
            Self::Campaign => "campaign",
            Self::Figures => "figures",
            Self::Find => "find",
            Self::Meeting => "meeting",
            Self::Task(_) => "task",
            Self::Case(_) => "case",
            Self::Round => "round",
            Self::Stood => "stood",
            Self::Entry(_) => "entry",
            Self::Person(_) => "person",
            Self::Unit(_) => "unit",
            Self::Views => "views",
            Self::Numbers => "numbers",
        }
    }
}
