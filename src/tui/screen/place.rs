//! Places: the screens that can be gone to by name, as values.

use crate::domain::ids::{CaseId, EntryId, PersonId, TaskId, UnitId};
use crate::tui::screen::Screen;
use crate::tui::screen::agenda::AgendaScreen;
use crate::tui::screen::campaign::CampaignScreen;
use crate::tui::screen::campaign::sheet::TaskScreen;
use crate::tui::screen::case::CaseScreen;
use crate::tui::screen::cases::CasesScreen;
use crate::tui::screen::deadlines::DeadlinesScreen;
use crate::tui::screen::figures::FiguresScreen;
use crate::tui::screen::import::ImportScreen;
use crate::tui::screen::log::LogScreen;
use crate::tui::screen::meeting::MeetingScreen;
use crate::tui::screen::meeting::find::FindScreen;
use crate::tui::screen::paper::numbers::NumbersScreen;
use crate::tui::screen::paper::templates::TemplatesScreen;
use crate::tui::screen::person::PersonScreen;
use crate::tui::screen::returned::{FilesScreen, Sought};
use crate::tui::screen::roster::RosterScreen;
use crate::tui::screen::roster::round::RoundScreen;
use crate::tui::screen::roster::sheet::EntryScreen;
use crate::tui::screen::roster::stood::StoodScreen;
use crate::tui::screen::settings::SettingsScreen;
use crate::tui::screen::twins::TwinsScreen;
use crate::tui::screen::units::UnitsScreen;
use crate::tui::screen::units::sheet::UnitScreen;
use crate::tui::screen::views::ViewsScreen;

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
    /// The templates of papers.
    Templates,
    /// The files that can be brought in.
    Import,
    /// Forms that villages sent back.
    Returns,
    /// Exports of the state system, to be compared with.
    Compare,
    /// What is there twice.
    Twins,
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
            Self::Templates => "templates",
            Self::Import => "import",
            Self::Returns => "returns",
            Self::Compare => "compare",
            Self::Twins => "twins",
        }
    }
}

/// Makes the screen of a place.
pub fn open(place: Place) -> Box<dyn Screen> {
    match place {
        Place::Today => Box::new(AgendaScreen::new()),
        Place::Cases => Box::new(CasesScreen::new()),
        Place::Roster => Box::new(RosterScreen::new()),
        Place::Deadlines => Box::new(DeadlinesScreen::new()),
        Place::Units => Box::new(UnitsScreen::new()),
        Place::Settings => Box::new(SettingsScreen::new()),
        Place::Log => Box::new(LogScreen::new()),
        Place::Campaign => Box::new(CampaignScreen::new()),
        Place::Figures => Box::new(FiguresScreen::new()),
        Place::Find => Box::new(FindScreen::new()),
        Place::Meeting => Box::new(MeetingScreen::new()),
        Place::Task(id) => Box::new(TaskScreen::new(id)),
        Place::Case(id) => Box::new(CaseScreen::new(id)),
        Place::Round => Box::new(RoundScreen::new()),
        Place::Stood => Box::new(StoodScreen::new()),
        Place::Entry(id) => Box::new(EntryScreen::new(id)),
        Place::Person(id) => Box::new(PersonScreen::new(id)),
        Place::Unit(id) => Box::new(UnitScreen::new(id)),
        Place::Views => Box::new(ViewsScreen::new()),
        Place::Import => Box::new(ImportScreen::new()),
        Place::Returns => Box::new(FilesScreen::new(Sought::Form)),
        Place::Compare => Box::new(FilesScreen::new(Sought::Export)),
        Place::Templates => Box::new(TemplatesScreen::new()),
        Place::Numbers => Box::new(NumbersScreen::new()),
        Place::Twins => Box::new(TwinsScreen::default()),
    }
}
