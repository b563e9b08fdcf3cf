//! The settings of the office, one row each: where its value stands, in what it is measured, and what
//! holds where nobody has set it.
//!
//! Screen, shell and docs are made from this table; the range of a value is that of its field in the
//! field table, its label stands in the catalogue under `field.office.NAME`, what it does under
//! `setting.NAME`, its measure under `measure.WORD`.

use crate::domain::attachment::Room;
use crate::domain::field::FieldKind;
use crate::domain::office::Office;
use crate::domain::schema::{self, Field};

/// In what a value is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// A text or a word of a list.
    Plain,
    /// People.
    People,
    /// Working days.
    Workdays,
    /// Days.
    Days,
    /// Hundredths of a clock.
    Percent,
    /// Minutes.
    Minutes,
    /// Connections to the server.
    Connections,
    /// Mebibytes.
    Mebibytes,
}

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The name of its field among those of the office.
    pub name: &'static str,
    /// In what it is measured.
    pub measure: Measure,
    /// What holds where nobody has set it; none where it must be set.
    pub usual: Option<u32>,
}

const fn setting(name: &'static str, measure: Measure, usual: Option<u32>) -> Setting {
    Setting { name, measure, usual }
}

/// Half the time.
const HALF: u32 = 50;
/// Reg. 2025 leaves the number open; offices count a visit of five or more as one of a group.
const GROUP: u32 = 5;
/// A week's work is what an office may lose at most.
const BACKUP: u32 = 7;

/// Some terminals and a shell for each clerk, so that nobody can keep the others out.
const PER_ACCOUNT: u32 = 8;
/// What a small machine bears: each connection may hold a request and an answer in memory.
const CONNECTIONS: u32 = 64;

/// A scan of some pages; and the scans of a matter that fills a folder.
const ATTACHMENT: u32 = 20;
const CASE: u32 = 200;

/// A week of working days before a clock ends.
const NUDGE: u32 = 5;
/// The Regulation names no time for entering a receipt and for its result (Reg. 21(2)).
const ENTER: u32 = 3;
const RETURN: u32 = 5;

/// All settings, in the order of the screen.
pub const SETTINGS: &[Setting] = &[
    setting("town", Measure::Plain, None),
    setting("code", Measure::Plain, None),
    setting("population", Measure::People, None),
    setting("position", Measure::Plain, None),
    setting("soon_workdays", Measure::Workdays, Some(3)),
    setting("half_time_percent", Measure::Percent, Some(HALF)),
    setting("nudge_workdays", Measure::Workdays, Some(NUDGE)),
    setting("enter_workdays", Measure::Workdays, Some(ENTER)),
    setting("return_workdays", Measure::Workdays, Some(RETURN)),
    setting("group_people", Measure::People, Some(GROUP)),
    setting("idle_minutes", Measure::Minutes, Some(0)),
    setting("per_account", Measure::Connections, Some(PER_ACCOUNT)),
    setting("connections", Measure::Connections, Some(CONNECTIONS)),
    setting("backup_days", Measure::Days, Some(BACKUP)),
    setting("attachment_mib", Measure::Mebibytes, Some(ATTACHMENT)),
    setting("case_mib", Measure::Mebibytes, Some(CASE)),
    setting("paper_prefix", Measure::Plain, None),
    setting("review_body", Measure::Plain, None),
];

impl Measure {
    /// The word of the measure.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::People => "people",
            Self::Workdays => "workdays",
            Self::Days => "days",
            Self::Percent => "percent",
            Self::Minutes => "minutes",
            Self::Connections => "connections",
            Self::Mebibytes => "mebibytes",
        }
    }
}

impl Setting {
    /// The setting of a name.
    pub fn find(name: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.name == name)
    }

    /// The field that holds it.
    pub fn field(&self) -> Option<&'static Field> {
        schema::OFFICE.iter().find(|field| field.name() == self.name)
    }

    /// The least and the greatest value of a number.
    pub fn range(&self) -> Option<(u32, u32)> {
        match self.field()?.kind {
            FieldKind::Count { least, most } => Some((least, most)),
            _ => None,
        }
    }

    /// The text that an office has set, as its form takes it; empty where it has set none.
    pub fn text(&self, office: &Office) -> String {
        let json = serde_json::to_value(office).unwrap_or_default();
        let value = json.get(self.name).cloned().unwrap_or_default();
        self.field().map_or_else(String::new, |field| field.kind.format(&value))
    }
}

impl Office {
    /// From which part of a lawful clock, in percent, it is hinted that nothing was done; 0 for
    /// never.
    pub fn half_time(&self) -> u32 {
        self.half_time_percent.unwrap_or(HALF)
    }

    /// How many working days before a clock ends somebody is asked to get on; 0 for never.
    pub fn nudge(&self) -> u32 {
        self.nudge_workdays.unwrap_or(NUDGE)
    }

    /// Within how many working days the state system has a receipt, and the result of a case; 0
    /// where that is not owed.
    pub fn filing(&self) -> (u32, u32) {
        (self.enter_workdays.unwrap_or(ENTER), self.return_workdays.unwrap_or(RETURN))
    }

    /// From how many people on a visit is one of a group.
    pub fn group(&self) -> u32 {
        self.group_people.unwrap_or(GROUP)
    }

    /// After how many minutes without a key the screen of whoever has not chosen is covered.
    pub fn idle(&self) -> u32 {
        self.idle_minutes.unwrap_or(0)
    }

    /// How many connections one account may have, and how many there may be in all.
    pub fn connections_max(&self) -> (u32, u32) {
        let in_all = self.connections.unwrap_or(CONNECTIONS);
        (self.per_account.unwrap_or(PER_ACCOUNT).min(in_all), in_all)
    }

    /// How many bytes attachments may have.
    pub fn attachment_room(&self) -> Room {
        let bytes = |mebibytes: u32| u64::from(mebibytes) << 20;
        Room {
            one: bytes(self.attachment_mib.unwrap_or(ATTACHMENT)),
            case: bytes(self.case_mib.unwrap_or(CASE)),
        }
    }

    /// What the numbers of papers begin with: what was set, else the town's code.
    pub fn papers_begin_with(&self) -> &str {
        self.paper_prefix.as_deref().unwrap_or(&self.code)
    }

    /// After how many days without a backup an administrator is told; 0 for never.
    pub fn backup_every(&self) -> u32 {
        self.backup_days.unwrap_or(BACKUP)
    }
}

#[cfg(test)]
mod tests {
    use super::{Measure, Office, SETTINGS, Setting};
    use crate::domain::schema::{self, Change, Need};

    #[test]
    fn every_field_of_the_office_that_can_be_typed_is_a_setting() {
        let typed = schema::OFFICE.iter().filter(|field| field.change == Change::Typed);
        let typed: Vec<_> = typed.map(schema::Field::name).collect();
        let known: Vec<_> = SETTINGS.iter().map(|setting| setting.name).collect();
        assert_eq!(typed, known);
    }

    #[test]
    fn what_may_stay_empty_has_a_usual_value_within_its_range() {
        for setting in SETTINGS {
            let field = setting.field().unwrap();
            // What a text is where nobody has set it, its description says.
            let is_told = setting.usual.is_some() || setting.measure == Measure::Plain;
            assert!(field.need == Need::Required || is_told, "{}", setting.name);
            if let (Some((least, most)), Some(usual)) = (setting.range(), setting.usual) {
                assert!((least..=most).contains(&usual), "{}", setting.name);
            }
        }
    }

    #[test]
    fn a_setting_that_nobody_made_has_no_text_and_its_usual_value_holds() {
        let office = Office::new("青石镇", "青信", 50_000);
        assert_eq!(Setting::find("group_people").unwrap().text(&office), "");
        assert_eq!(office.group(), 5);
        assert_eq!(Setting::find("population").unwrap().text(&office), "50000");
        let set = Office { half_time_percent: Some(0), ..office };
        assert_eq!(Setting::find("half_time_percent").unwrap().text(&set), "0");
    }
}
