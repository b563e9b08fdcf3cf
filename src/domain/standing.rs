//! How a clock stands on a day. The words stand in the catalogue under `standing.`.

use serde::{Deserialize, Serialize};

/// How a clock stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Past its latest day.
    Late,
    /// Its latest day is today.
    Today,
    /// Its latest day is at most so many working days away.
    Soon,
    /// Past its target, not past its latest day, because rest days lie between.
    Rolled,
    /// It runs.
    Running,
    /// It is paused.
    Paused,
    /// Met on or before its latest day.
    Met,
    /// Met after its latest day.
    MetLate,
    /// Not started; the view says why.
    NotStarted,
    /// An option whose time is over.
    Lapsed,
    /// Ended lawfully without being met: withdrawn, joined to another, led elsewhere.
    Ended,
}

impl Standing {
    /// All standings, the most pressing first.
    pub const ALL: [Self; 11] = [
        Self::Late,
        Self::Today,
        Self::Soon,
        Self::Rolled,
        Self::Running,
        Self::Paused,
        Self::Met,
        Self::MetLate,
        Self::NotStarted,
        Self::Lapsed,
        Self::Ended,
    ];

    /// The word of the standing, as in JSON and in the catalogue.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Today => "today",
            Self::Soon => "soon",
            Self::Rolled => "rolled",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Met => "met",
            Self::MetLate => "met_late",
            Self::NotStarted => "not_started",
            Self::Lapsed => "lapsed",
            Self::Ended => "ended",
        }
    }
}
