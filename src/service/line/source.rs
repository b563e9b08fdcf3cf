//! Where lines lie in the index: next clocks in the lists of cases, all other lines in their own.

use chrono::Days as Span;

use crate::api::listing::LineFilter;
use crate::domain::line::{HINT_DAYS_MAX, LineKind};
use crate::service::line::{Part, Placed};
use crate::store::key;
use crate::store::tables::line::{self, Days};
use crate::store::tables::{self, Facet};

/// Where lines lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The list of cases by due day.
    Clocks,
    /// The rows of all other lines.
    Lines,
    /// The list of new cases.
    Fresh,
}

impl Source {
    pub(super) fn of(part: Part, only: &LineFilter) -> Vec<Self> {
        let wants = |kinds: &[LineKind]| {
            only.kinds.is_empty() || only.kinds.iter().any(|kind| kinds.contains(kind))
        };
        let is_clock = wants(&[LineKind::Clock, LineKind::Assigned, LineKind::Agreed]);
        match part {
            Part::Owed(_) | Part::OwedButFresh(_) if is_clock => vec![Self::Clocks, Self::Lines],
            Part::Owed(_) | Part::OwedButFresh(_) | Part::Hints(_) => vec![Self::Lines],
            Part::Fresh(_) if wants(&[LineKind::Fresh]) => vec![Self::Fresh],
            Part::Fresh(_) => Vec::new(),
        }
    }

    /// The rows to look at: those behind a place lie on its day or later.
    pub(super) fn span(self, facet: Facet, part: Part, after: Option<&[u8]>) -> key::Span {
        let days = match part {
            Part::Owed(days) | Part::OwedButFresh(days) => days,
            Part::Hints(today) => {
                let first = today.checked_sub_days(Span::new(HINT_DAYS_MAX));
                Days { first: first.unwrap_or_default(), last: today }
            }
            Part::Fresh(_) => {
                let prefix = tables::list_prefix(facet, tables::Sort::Fresh);
                let span = key::Span::prefix(key::Space::Index, &prefix);
                return match after {
                    Some(after) => span.after(&key::join(&[&prefix, after])),
                    None => span,
                };
            }
        };
        let first = after.and_then(|after| line::day_at(after, 0));
        let days = Days { first: first.map_or(days.first, |day| day.max(days.first)), ..days };
        match self {
            Self::Clocks => line::clocks(facet, days),
            Self::Lines | Self::Fresh => line::lines(facet, days),
        }
    }

    pub(super) fn parse(self, key: &[u8], value: &[u8]) -> Option<Placed> {
        let lined = match self {
            Self::Clocks => line::parse_clock(key, value)?,
            Self::Lines => line::parse_line(key, value)?,
            Self::Fresh => {
                // The order is that of the list: the newest receipt first.
                let place =
                    key.get(tables::list_prefix(Facet::All, tables::Sort::Fresh).len()..)?;
                return Some((place.to_vec(), line::parse_fresh(key, value)?));
            }
        };
        Some((lined.place(), lined))
    }
}
