//! What can be asked: queries, orders, and the pieces of an import.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::api::attachment::{AttachmentQuery, UploadPiece};
use crate::api::backup::PieceQuery;
use crate::api::campaign::{MatrixQuery, TaskQuery, TickTerms};
use crate::api::cut::CutQuery;
use crate::api::days::{MonthQuery, WhyQuery};
use crate::api::dossier::DossierQuery;
use crate::api::duty::DutyQuery;
use crate::api::export::{ExportPiece, ExportQuery};
use crate::api::handover::{AssignTerms, HandoverTerms};
use crate::api::incoming::{ImportTerms, Piece};
use crate::api::like::{LikeQuery, TwinQuery};
use crate::api::listing::{LineFilter, ValueQuery};
use crate::api::meeting::DecisionQuery;
use crate::api::own::Keep;
use crate::api::paper::{PaperQuery, TemplateQuery};
use crate::api::report::ReportQuery;
use crate::api::roster::{PersonQuery, RosterQuery, StoodQuery};
use crate::api::undo::UndoQuery;
use crate::api::village::SheetQuery;
use crate::domain::act::{Act, Nature};
use crate::domain::case::Stage;
use crate::domain::form::Fields;
use crate::domain::ids::{
    CaseId, DutyId, EntryId, Kind, OfficerId, PersonId, PlanId, RecordRef, RequestId, TaskId,
    UnitId, Version,
};
use crate::domain::listing::{List, Narrow, Sort};

/// The most rows of one page.
pub const ROWS_MAX: u32 = 200;
/// The most hits of one search.
pub const HITS_MAX: u32 = 200;

/// The most questions that are asked at once.
pub const SEVERAL_MAX: usize = 8;

/// One call at the door.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Who am I, what is this office, what day is it.
    Greet,
    /// All that a terminal needs for its first picture.
    Begin(AgendaQuery),
    /// Several questions at once, each judged and answered by itself; at most [`SEVERAL_MAX`].
    Several(Vec<Request>),
    /// What is due.
    Agenda(AgendaQuery),
    /// A month with what is due on each of its days.
    Month(MonthQuery),
    /// A page of a list of cases.
    Cases(CaseQuery),
    /// What stands in a column of a list, and how often.
    Values(ValueQuery),
    /// The saved filters of a list, or of all.
    Views(Option<List>),
    /// One case in full.
    Case {
        /// Which.
        id: CaseId,
    },
    /// The case of a printed number, an old number or a state system's number.
    CaseByNumber {
        /// The number as typed.
        number: String,
    },
    /// One person with their cases.
    Person {
        /// Which.
        id: PersonId,
    },
    /// A page of all persons.
    Persons(PersonQuery),
    /// A page of the roster.
    Roster(RosterQuery),
    /// The roster as it stood on a day.
    RosterOn(StoodQuery),
    /// An entry of the roster in full.
    Entry {
        /// Which.
        id: EntryId,
    },
    /// A unit in full.
    Unit {
        /// Which.
        id: UnitId,
    },
    /// A masked value in clear; goes into the access log.
    Reveal {
        /// Whose.
        id: PersonId,
        /// The field's name, such as `phone`.
        field: String,
        /// Why.
        reason: String,
    },
    /// Search.
    Find {
        /// What was typed.
        text: String,
        /// Kinds to look among; empty for all.
        kinds: Vec<Kind>,
        /// The most hits wanted, at most [`HITS_MAX`].
        most: u32,
    },
    /// What is like a newcomer at the window.
    Like(LikeQuery),
    /// What is there twice.
    Twins(TwinQuery),
    /// All officers.
    Officers,
    /// All units.
    Units,
    /// All settings of the office.
    Settings,
    /// All accounts.
    Clerks,
    /// A campaign with its phases and counts; the newest if none is named.
    Plan {
        /// Which.
        id: Option<PlanId>,
    },
    /// Villages by tasks.
    Matrix(MatrixQuery),
    /// A page of tasks.
    Tasks(TaskQuery),
    /// One task in full.
    Task {
        /// Which.
        id: TaskId,
    },
    /// A report: what was counted in some days and those before.
    Report(ReportQuery),
    /// What the ledger counts now.
    Counts,
    /// A count on demand, or the figures that were given of such counts.
    Cut(CutQuery),
    /// Recurring work by period.
    Duties(DutyQuery),
    /// Recurring work of one place in full.
    Duty {
        /// Which.
        id: DutyId,
    },
    /// The indicators of a year; the present one if none is named.
    Figures {
        /// Which year.
        year: Option<i32>,
    },
    /// What an officer holds, and what a handing over would do.
    Holdings(HandoverTerms),
    /// What giving many cases to somebody else would do.
    TryAssign(AssignTerms),
    /// What a change of several tasks would do.
    TryTick(TickTerms),
    /// Count days by the calendar.
    Days {
        /// The day of the trigger.
        from: NaiveDate,
        /// `15` for calendar days, `5w` for working days.
        length: String,
    },
    /// Count day by day.
    Why(WhyQuery),
    /// All limits.
    Limits,
    /// The days off and make-up days of a year.
    Calendar {
        /// Which year.
        year: i32,
    },
    /// A page of the journal.
    Journal(JournalQuery),
    /// A page of the access log.
    Accesses(AccessQuery),
    /// The state of the server and the ledger.
    Status,
    /// Verify the whole ledger.
    Check,
    /// Make a backup of everything.
    Backup {
        /// The public keys that it is encrypted to.
        to: Vec<String>,
    },
    /// Bytes of the newest backup.
    BackupPiece(PieceQuery),
    /// The backups that were made, the newest first.
    Backups,
    /// A piece of a file to import; kept aside until it is tried or taken in.
    Stage(Piece),
    /// A piece of a file to be attached; kept aside until it is.
    Upload(UploadPiece),
    /// Bytes of an attachment.
    Attachment(AttachmentQuery),
    /// What the staged file would do.
    TryImport(ImportTerms),
    /// A piece of a template of a paper; kept aside until it is loaded.
    StageTemplate(Piece),
    /// What a case has for a template.
    Paper(Box<PaperQuery>),
    /// The papers that can be made of a case.
    Papers {
        /// The case.
        case: CaseId,
    },
    /// The templates that the office has loaded.
    Templates,
    /// Bytes of one of them.
    Template(TemplateQuery),
    /// The numbers of papers of a year; none for the present one.
    PaperNumbers(Option<i32>),
    /// Rows that leave the ledger.
    Export(Box<ExportQuery>),
    /// A further page of them.
    ExportPiece(ExportPiece),
    /// Whole files of cases that leave the ledger.
    Dossier(DossierQuery),
    /// Tables that go out to villages, come back from them, or come from the state system.
    Sheets(SheetQuery),
    /// What belongs to the asker alone: settings and half-typed forms.
    Own,
    /// Keep something of the asker's own, or let it go.
    Keep(Keep),
    /// On which record's sheet this session stands; notices say who else has it open.
    At(Option<RecordRef>),
    /// The matters on the list of the meeting.
    Meeting,
    /// A page of what meetings decided.
    Decisions(DecisionQuery),
    /// What taking a change back, or making it again, would do.
    TryUndo(UndoQuery),
    /// A change.
    Do(Order),
    /// The same as in a meeting: the answer holds no person's name or number and nothing sealed, and
    /// what does not belong there is refused.
    Masked(Box<Request>),
}

/// Which part of the agenda.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaQuery {
    /// Whose; none for all that one may see.
    pub whose: Whose,
    /// Only what is owed on or before this day; none for no bound.
    pub until: Option<NaiveDate>,
    /// Only what is owed on or after this day; none for no bound.
    #[serde(default)]
    pub since: Option<NaiveDate>,
    /// Continue after this place.
    pub after: Option<Cursor>,
    /// The most rows wanted, at most [`ROWS_MAX`].
    pub most: u32,
    /// In which groups.
    #[serde(default)]
    pub layout: Layout,
    /// Which lines.
    #[serde(default)]
    pub only: LineFilter,
    /// In which order within each group; by day if it is not said.
    #[serde(default)]
    pub sort: Option<Sort>,
}

/// The groups of the agenda.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// Those of today, with the new cases.
    #[default]
    Today,
    /// Those of the list of deadlines, with the next seven days and without the new cases.
    Deadlines,
}

/// Which lines of the journal, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalQuery {
    /// Only those of a person and their cases.
    pub person: Option<PersonId>,
    /// Only those of a case and its receipts.
    pub case: Option<CaseId>,
    /// Only those of this record alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordRef>,
    /// Only those of the account with that login.
    pub clerk: Option<String>,
    /// Only those that a text means: a day, login, officer's name, case number or person's name.
    pub text: Option<String>,
    /// Only acts whose word begins so.
    pub act: Option<String>,
    /// Only those entered on or after this day.
    pub from: Option<NaiveDate>,
    /// Only those entered on or before this day.
    pub to: Option<NaiveDate>,
    /// Only lines with smaller numbers, as the page before said.
    pub before: Option<u64>,
    /// The most rows wanted, at most [`ROWS_MAX`].
    pub most: u32,
}

/// Which lines of the access log, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessQuery {
    /// Only those about a person.
    pub person: Option<PersonId>,
    /// Only those of the account with that login.
    pub clerk: Option<String>,
    /// Only those that a text means: a day, login, officer's name, case number or person's name.
    pub text: Option<String>,
    /// Only acts whose word begins so.
    pub act: Option<String>,
    /// Only those on or after this day.
    pub from: Option<NaiveDate>,
    /// Only those on or before this day.
    pub to: Option<NaiveDate>,
    /// Only lines before this month and number, as the page before said.
    pub before: Option<(u32, u64)>,
    /// The most rows wanted, at most [`ROWS_MAX`].
    pub most: u32,
}

/// Whose cases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// All that one may see.
    #[default]
    All,
    /// One's own.
    Mine,
    /// Those that an officer leads or handles.
    Officer(OfficerId),
    /// Those of a unit or village.
    Unit(UnitId),
}

/// A place in a list, as the server gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(
    /// Opaque.
    pub String,
);

/// Which page of which list of cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseQuery {
    /// In which order; by anything but the receipt only open ones, unless a stage is asked for.
    pub sort: Sort,
    /// Whose.
    pub whose: Whose,
    /// Only this stage; none for all but those of an old ledger.
    pub stage: Option<Stage>,
    /// Only those in whose columns these values stand.
    #[serde(default, skip_serializing_if = "Narrow::is_empty")]
    pub only: Narrow,
    /// Only those narrowed by this text.
    pub text: Option<String>,
    /// Continue from this place.
    pub from: Option<Cursor>,
    /// Which way from there.
    pub way: Way,
    /// The most rows wanted, at most [`ROWS_MAX`].
    pub most: u32,
}

impl Default for CaseQuery {
    fn default() -> Self {
        Self {
            sort: Sort::DUE,
            whose: Whose::All,
            stage: None,
            only: Narrow::default(),
            text: None,
            from: None,
            way: Way::Forward,
            most: 50,
        }
    }
}

/// Which way a page goes from its cursor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The rows after it.
    #[default]
    Forward,
    /// The rows before it, still in the order of the list.
    Backward,
    /// The last rows of the list.
    FromEnd,
}

/// A change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Chosen by the client; asking twice with one id does it once.
    pub id: RequestId,
    /// What to do.
    pub act: Act,
    /// The number of the record to do it on, of the kind that the act names.
    pub on: Option<u64>,
    /// The version that the clerk saw.
    pub seen: Option<Version>,
    /// The form, as typed.
    pub fields: Fields,
}

impl Request {
    /// Whether it may be asked together with others: what only reads.
    pub fn may_be_among_several(&self) -> bool {
        let is_own = matches!(self, Self::Several(_) | Self::Masked(_) | Self::At(_));
        let is_heavy =
            matches!(self, Self::Backup { .. } | Self::Check | Self::Export(_) | Self::Report(_))
                || matches!(self, Self::Dossier(_) | Self::Sheets(_) | Self::Cut(_));
        // What is kept is written, though it is the asker's own.
        !is_own
            && !matches!(self, Self::Keep(_))
            && !is_heavy
            && self.act().nature() == Nature::Read
    }

    /// The act that policy judges.
    pub fn act(&self) -> Act {
        match self {
            Self::Greet | Self::Begin(_) | Self::Several(_) => Act::Greet,
            Self::Agenda(_) | Self::Month(_) => Act::ReadAgenda,
            Self::Cases(_) | Self::Counts => Act::ListCases,
            Self::Cut(query) => query.act(),
            Self::Values(query) => query.act(),
            Self::Views(_) => Act::ListViews,
            Self::Case { .. } | Self::CaseByNumber { .. } | Self::Why(WhyQuery::Clock { .. }) => {
                Act::ReadCase
            }
            Self::Person { .. } => Act::ReadPerson,
            Self::Persons(_) => Act::ListPersons,
            Self::Roster(_) | Self::RosterOn(_) => Act::ListRoster,
            Self::Entry { .. } => Act::ReadEntry,
            Self::Unit { .. } => Act::ReadUnit,
            Self::Reveal { .. } => Act::Reveal,
            Self::Find { .. } => Act::Find,
            // Whoever may register compares with what is there.
            Self::Like(_) | Self::Twins(_) => Act::Register,
            Self::Officers | Self::Units | Self::Settings => Act::ReadOffice,
            Self::Clerks => Act::ReadClerks,
            Self::Days { .. }
            | Self::Why(WhyQuery::Plain { .. })
            | Self::Limits
            | Self::Calendar { .. } => Act::ReadLaw,
            Self::Journal(_) => Act::ReadJournal,
            Self::Accesses(_) => Act::ReadAccesses,
            Self::Plan { .. } | Self::Matrix(_) | Self::Tasks(_) | Self::Duties(_) => Act::ReadPlan,
            Self::Duty { .. } => Act::ReadDuty,
            Self::Figures { .. } | Self::Report(_) => Act::ReadFigures,
            Self::Task { .. } => Act::ReadTask,
            Self::Holdings(_) => Act::Handover,
            Self::TryAssign(_) => Act::AssignMany,
            Self::TryTick(_) => Act::TickTasks,
            Self::Status => Act::ReadStatus,
            Self::Check => Act::Check,
            Self::Backup { .. } | Self::BackupPiece(_) | Self::Backups => Act::Backup,
            Self::Stage(_) | Self::TryImport(_) => Act::Import,
            Self::StageTemplate(_) => Act::LoadPaper,
            Self::Upload(_) => Act::Attach,
            Self::Attachment(_) => Act::ReadAttachment,
            Self::Paper(_) | Self::Papers { .. } => Act::WritePaper,
            Self::Templates | Self::Template(_) | Self::PaperNumbers(_) => Act::ReadPapers,
            Self::Export(_) | Self::ExportPiece(_) => Act::Export,
            Self::Dossier(_) => Act::Dossier,
            Self::Sheets(query) => query.act(),
            Self::Own | Self::Keep(_) => Act::KeepOwn,
            Self::At(on) => crate::api::presence::act_at(*on),
            Self::Meeting => Act::ReadMeeting,
            Self::Decisions(_) => Act::ReadDecisions,
            Self::TryUndo(_) => Act::TryUndo,
            Self::Do(order) => order.act,
            Self::Masked(request) => request.act(),
        }
    }
}
