//! Printed numbers: the town's code, the year, and a number that is never used again.
//!
//! The code in front lets two towns be merged without renumbering.

/// Which series of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Series {
    /// Cases registered here, by year.
    Case {
        /// The year of registration.
        year: i32,
    },
    /// Sealed cases, by year.
    Sealed {
        /// The year of registration.
        year: i32,
    },
    /// Cases taken over from an old ledger.
    History,
}

impl Series {
    /// The name of the series' counter in the store.
    pub fn counter(self) -> String {
        match self {
            Self::Case { year } => format!("case-{year}"),
            Self::Sealed { year } => format!("sealed-{year}"),
            Self::History => "case-history".to_owned(),
        }
    }

    /// The printed number.
    pub fn print(self, code: &str, serial: u64) -> String {
        match self {
            Self::Case { year } => format!("{code}{year}-{serial:04}"),
            Self::Sealed { year } => format!("{code}X{year}-{serial:04}"),
            Self::History => format!("{code}H-{serial:05}"),
        }
    }
}
