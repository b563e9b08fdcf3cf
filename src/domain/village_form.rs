//! The form that goes out to a village and comes back: by what it and its rows are known again.
//!
//! Whoever fills it in may rename the file, sort rows away, or copy a row from another month. So the
//! form and each of its rows carry a name with a check: a slip is found, and so is a row whose number
//! or title is not the one that went out. It keeps nobody from forging a form; the clerk looks.

use crate::domain::ids::{DutyId, UnitId};
use crate::domain::text::half_width;

/// The most rows of a form, filled or not.
pub const ROWS_MAX: usize = 1_000;

/// By what a form is known: the town, the duty and its period, the village.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormId {
    /// The town's code.
    pub town: String,
    /// The duty's number, such as `M3`.
    pub code: String,
    /// The key of the period, such as `2026-10`.
    pub period: String,
    /// The village.
    pub village: UnitId,
    /// The duty of that village.
    pub duty: DutyId,
}

/// What a row of a form is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowOf {
    /// A matter, by the number of its case.
    Matter(u64),
    /// A task of a campaign.
    Task(u64),
}

impl FormId {
    /// The id as it stands on the form.
    pub fn print(&self) -> String {
        let bare = self.bare();
        let check = check(&bare);
        format!("{bare}/{check:04x}")
    }

    /// The form of an id; none if it is none, or not as it went out.
    pub fn parse(text: &str) -> Option<Self> {
        let text = squeezed(text);
        let mut parts = text.rsplitn(6, '/');
        let mut part = || parts.next().filter(|part| !part.is_empty());
        let (check, duty, village) = (part()?, part()?, part()?);
        let (period, code, town) = (part()?, part()?, part()?);
        let id = Self {
            town: town.to_owned(),
            code: code.to_owned(),
            period: period.to_owned(),
            village: UnitId(village.parse().ok()?),
            duty: DutyId(duty.parse().ok()?),
        };
        is_check(check, self::check(&id.bare())).then_some(id)
    }

    /// The id of a row, which holds for these two texts of it and on this form alone.
    pub fn print_row(&self, row: RowOf, words: [&str; 2]) -> String {
        let (letter, id) = row.parts();
        format!("{letter}{id}-{:04x}", self.row_check(row, words))
    }

    /// Whether an id of a row is that of these two texts on this form.
    pub fn is_row(&self, id: &str, row: RowOf, words: [&str; 2]) -> bool {
        let id = squeezed(id);
        let said = id.split_once('-').map_or("", |(_, check)| check);
        is_check(said, self.row_check(row, words))
    }

    fn row_check(&self, row: RowOf, words: [&str; 2]) -> u32 {
        let (letter, id) = row.parts();
        let [one, other] = words.map(squeezed);
        check(&format!("{}/{letter}{id}/{one}/{other}", self.bare()))
    }

    fn bare(&self) -> String {
        let (village, duty) = (self.village.0, self.duty.0);
        format!("{}/{}/{}/{village}/{duty}", squeezed(&self.town), self.code, self.period)
    }
}

impl RowOf {
    const fn parts(self) -> (char, u64) {
        match self {
            Self::Matter(id) => ('C', id),
            Self::Task(id) => ('T', id),
        }
    }

    /// What the id of a row is about, whether or not its check is right.
    pub fn parse(text: &str) -> Option<Self> {
        let text = squeezed(text);
        let (row, _) = text.split_once('-')?;
        let mut chars = row.chars();
        let letter = chars.next()?.to_ascii_uppercase();
        let id = chars.as_str().parse().ok()?;
        match letter {
            'C' => Some(Self::Matter(id)),
            'T' => Some(Self::Task(id)),
            _ => None,
        }
    }
}

/// A text without white space, which spreadsheets add and lose, and without full-width twins.
fn squeezed(text: &str) -> String {
    half_width(text).chars().filter(|char| !char.is_whitespace()).collect()
}

fn is_check(said: &str, check: u32) -> bool {
    said.len() == 4 && u32::from_str_radix(said, 16) == Ok(check)
}

/// Sixteen bits of a text (FNV-1a, folded).
fn check(text: &str) -> u32 {
    let hash = text
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash >> 16) ^ (hash & 0xffff)
}

#[cfg(test)]
mod tests {
    use super::{FormId, RowOf};
    use crate::domain::ids::{DutyId, UnitId};

    fn form(period: &str) -> FormId {
        FormId {
            town: "青信".to_owned(),
            code: "M3".to_owned(),
            period: period.to_owned(),
            village: UnitId(5),
            duty: DutyId(17),
        }
    }

    #[test]
    fn a_form_is_known_by_its_id_whatever_a_spreadsheet_did_to_it() {
        let id = form("2026-10");
        assert_eq!(FormId::parse(&id.print()), Some(id.clone()));
        assert_eq!(FormId::parse(&format!(" {} \n", id.print())), Some(id.clone()));
        assert_eq!(FormId::parse(&id.print().replace('/', "／")), Some(id.clone()));
        let other = id.print().replace("2026-10", "2026-11");
        assert_eq!(FormId::parse(&other), None, "a period that was typed over");
        for wrong in ["", "/", "青信/M3/2026-10", "//////", "青信信2026-0187"] {
            assert_eq!(FormId::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_row_is_known_by_its_id_and_no_other_text_or_month_goes_with_it() {
        let (form, row) = (form("2026-10"), RowOf::Matter(123));
        let words = ["青信2026-0187", "要求修路"];
        let id = form.print_row(row, words);
        assert_eq!(RowOf::parse(&id), Some(row));
        assert!(form.is_row(&id, row, words));
        assert!(form.is_row(&id, row, [words[0], "要求\n修路 "]), "a line that was broken");
        assert!(!form.is_row(&id, row, [words[0], "要求修桥"]));
        assert!(!form.is_row(&id, RowOf::Matter(124), words));
        assert!(!self::form("2026-11").is_row(&id, row, words));
        assert_eq!(RowOf::parse("T7-0000"), Some(RowOf::Task(7)));
        for wrong in ["", "C", "C7", "X7-0000", "7-0000"] {
            assert_eq!(RowOf::parse(wrong), None, "{wrong}");
        }
    }
}
