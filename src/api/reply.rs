//! What is answered: rows and sheets, already masked, each with what this account may do with it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::api::backup::{BackupPiece, BackupView, LateBackup};
use crate::api::campaign::{MatrixView, PlanView, TaskPage, TaskSheet, TickView};
use crate::api::compare::CompareView;
use crate::api::cut::{CutView, GivenPage, GivenView};
use crate::api::days::{MonthView, Spent, WhyView};
use crate::api::dossier::DossierView;
use crate::api::duty::{DutySheet, DutyView, HeadView};
use crate::api::export::ExportPage;
use crate::api::figure::{CountView, FigureView};
use crate::api::handover::{AssignView, HoldingsView, Why};
use crate::api::incoming::RowChange;
use crate::api::like::{LikeView, TwinView};
use crate::api::limit::LimitRow;
use crate::api::listing::{ValuePage, ViewRow};
use crate::api::meeting::{DecisionPage, DecisionRow, MeetingView};
use crate::api::own::OwnView;
use crate::api::paper::{NumberRow, PaperOffers, PaperView, TemplateView};
use crate::api::refusal::Refusal;
use crate::api::report::ReportView;
use crate::api::request::Cursor;
use crate::api::roster::{Alias, EntryRow, EntrySheet, PersonPage, RosterPage, StoodView};
use crate::api::setting::{ClerkRow, SettingsView, SourceView};
use crate::api::trail::{AccessPage, JournalPage};
use crate::api::undo::UndoView;
use crate::api::unit::UnitSheet;
use crate::api::village::{FormView, ReturnView};
use crate::domain::act::Act;
use crate::domain::case::{Case, Stage};
use crate::domain::choice::{Channel, Role, Tie, UnitKind};
use crate::domain::closing::Asked;
use crate::domain::ids::{
    CaseId, ClerkId, Kind, OfficerId, PersonId, ReceiptId, RecordRef, Revision, UnitId, Version,
};
use crate::domain::line::LineKind;
use crate::domain::receipt::Receipt;
use crate::domain::standing::Standing;

/// The answer to a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// To `Greet`.
    Me(Box<Me>),
    /// To `Begin`: the answers to `Greet`, `Own` and, if it may be read, `Agenda`, in this order.
    Begun(Vec<Reply>),
    /// To `Agenda`.
    Agenda(AgendaView),
    /// To `Month`.
    Month(MonthView),
    /// To `Cases`.
    Cases(CasePage),
    /// To `Values`.
    Values(ValuePage),
    /// To `Views`.
    Views(Vec<ViewRow>),
    /// To `Case` and `CaseByNumber`.
    Case(Box<CaseSheet>),
    /// To `Person`.
    Person(Box<PersonSheet>),
    /// To `Persons`.
    Persons(PersonPage),
    /// To `Roster`.
    Roster(RosterPage),
    /// To `Unit`.
    Unit(Box<UnitSheet>),
    /// To `RosterOn`.
    RosterOn(StoodView),
    /// To `Entry`.
    Entry(Box<EntrySheet>),
    /// To `Reveal`.
    Revealed(String),
    /// To `Find`.
    Found(Found),
    /// To `Like`.
    Like(LikeView),
    /// To `Twins`.
    Twins(Box<TwinView>),
    /// To `Several`, in the order of the questions.
    Several(Vec<Result<Reply, Refusal>>),
    /// To `Officers`.
    Officers(Vec<OfficerRow>),
    /// To `Units`.
    Units(Vec<UnitRow>),
    /// To `Settings`.
    Settings(Box<SettingsView>),
    /// To `Clerks`.
    Clerks(Vec<ClerkRow>),
    /// To `Plan`; none if there is no campaign.
    Plan(Option<Box<PlanView>>),
    /// To `Matrix`.
    Matrix(MatrixView),
    /// To `Tasks`.
    Tasks(TaskPage),
    /// To `Task`.
    Task(Box<TaskSheet>),
    /// To `Duties`.
    Duties(DutyView),
    /// To `Duty`.
    Duty(Box<DutySheet>),
    /// To `Figures`.
    Figures(Box<FigureView>),
    /// To `Report`.
    Report(Box<ReportView>),
    /// To `Counts`.
    Counts(Box<CountView>),
    /// To `Cut`.
    Cut(Box<CutView>),
    /// To `Given`.
    Given(GivenPage),
    /// To `GivenFigure`.
    GivenFigure(Box<GivenView>),
    /// To `Holdings`.
    Holdings(HoldingsView),
    /// To `TryAssign`.
    Assign(AssignView),
    /// To `TryTick`.
    Tick(TickView),
    /// To `Days`.
    Days(DaysView),
    /// To `Why`.
    Why(Box<WhyView>),
    /// To `Limits`.
    Limits(Vec<LimitRow>),
    /// To `Calendar`.
    Calendar(YearView),
    /// To `Journal`.
    Journal(JournalPage),
    /// To `Accesses`.
    Accesses(AccessPage),
    /// To `Status`.
    Status(StatusView),
    /// To `Check`.
    Check(CheckView),
    /// To `Backup`.
    Backup(Box<BackupView>),
    /// To `BackupPiece`.
    BackupPiece(BackupPiece),
    /// To `Backups`.
    Backups(Vec<BackupView>),
    /// To `Stage` and `Upload`: how many rows or bytes are kept aside.
    Staged(u64),
    /// To `Attachment`.
    AttachmentPiece(BackupPiece),
    /// To `TryImport`.
    Import(Box<ImportView>),
    /// To `Export` and `ExportPiece`.
    Export(Box<ExportPage>),
    /// To `Dossier`.
    Dossier(DossierView),
    /// To `Sheets`: the form of a village.
    VillageForm(Box<FormView>),
    /// To `Sheets`: what a comparison found.
    Compare(Box<CompareView>),
    /// To `Sheets`: what a returned form would do.
    Return(Box<ReturnView>),
    /// To `Paper`.
    Paper(Box<PaperView>),
    /// To `Papers`.
    Papers(Box<PaperOffers>),
    /// To `Templates`.
    Templates(Vec<TemplateView>),
    /// To `Template`.
    TemplatePiece(BackupPiece),
    /// To `PaperNumbers`.
    PaperNumbers(Vec<NumberRow>),
    /// To `Own`.
    Own(OwnView),
    /// To `Keep`.
    Kept,
    /// To `At`.
    Stands,
    /// To `Meeting`.
    Meeting(MeetingView),
    /// To `Decisions`.
    Decisions(DecisionPage),
    /// To `TryUndo`.
    Undo(Box<UndoView>),
    /// To `Do`.
    Done(Done),
}

/// Who asks, and the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The account.
    pub clerk: ClerkId,
    /// The login.
    pub login: String,
    /// Its officer, and their name.
    pub officer: Option<(OfficerId, String)>,
    /// Its roles.
    pub roles: Vec<Role>,
    /// The town's name.
    pub town: String,
    /// The town's code.
    pub code: String,
    /// Today, the server's.
    pub today: NaiveDate,
    /// Whether today is a rest day.
    pub rest_day: bool,
    /// Whether the ledger is a trial.
    pub trial: bool,
    /// Up to how many working days before its latest day a clock is soon.
    pub soon_workdays: u32,
    /// The names of those for whom the account's officer stands in today.
    pub stands_in: Vec<String>,
    /// From how many people on a visit is one of a group.
    pub group_people: u32,
    /// After how many minutes without a key the screen of whoever has not chosen is covered; 0 for
    /// never.
    pub idle_minutes: u32,
    /// That the newest backup is too old, for an administrator, who may see no agenda.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_backup: Option<LateBackup>,
    /// Whether it sees persons masked, as in a meeting.
    #[serde(default)]
    pub masked: bool,
    /// Acts that this account may never do here, so that the program can grey them.
    pub denied: Vec<Act>,
    /// The ledger's revision, for whoever is told what counts every change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
}

/// One clock of a case, on the day of the reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadlineView {
    /// The limit's id, with its text in the catalogue under `limit.ID`.
    pub rule: String,
    /// The article, or the number of the letter.
    pub basis: String,
    /// The receipt that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ReceiptId>,
    /// The day of the trigger.
    pub from: Option<NaiveDate>,
    /// The target day.
    pub target: Option<NaiveDate>,
    /// The latest day.
    pub latest: Option<NaiveDate>,
    /// How it stands.
    pub standing: Standing,
    /// Whether the calendar of a year that it touches is not loaded.
    pub provisional: bool,
    /// Calendar days from today to the latest day; negative when late.
    pub days_left: Option<i64>,
    /// Whose it is, a key under `who.` in the catalogue; empty for this office.
    #[serde(default)]
    pub who: String,
    /// The mark of certainty of its limit; none for a day that somebody named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certainty: Option<String>,
    /// Its own name, where the catalogue does not know the limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The day on which it was met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met_on: Option<NaiveDate>,
    /// Why it has not started, a key under `not_started.` in the catalogue; of one that ended
    /// lawfully, what ended it, a key under `event.`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Calendar days by which it was extended.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub extended_days: u32,
    /// How much of it is gone; none if it has not started or has no length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spent: Option<Spent>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A case as a row of a list or of the agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRow {
    /// Which case.
    pub id: CaseId,
    /// Its version.
    pub version: Version,
    /// Its printed number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// The petitioner's name, or none if anonymous.
    pub person: Option<String>,
    /// How many people it concerns.
    pub people: u32,
    /// The village's name.
    pub village: Option<String>,
    /// How far it is.
    pub stage: Stage,
    /// The next clock that is due.
    pub next: Option<DeadlineView>,
    /// The leader's name.
    pub lead: Option<String>,
    /// The responsible unit's name.
    pub unit: Option<String>,
    /// The name of whoever holds it now.
    pub holder: Option<String>,
    /// The day of its first receipt.
    pub received_on: NaiveDate,
    /// How it came first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The newest step: its day and the word of its deed.
    pub last: Option<(NaiveDate, String)>,
    /// Whether it is sealed.
    pub sealed: bool,
    /// How many came at most on one visit; 0 if nobody came.
    #[serde(default)]
    pub visitors: u32,
    /// Whether it was raised more than once.
    #[serde(default)]
    pub repeat: bool,
    /// Whether nobody has decided about its acceptance in time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undecided: bool,
    /// The place of this row in its list.
    pub cursor: Cursor,
}

/// A line of the agenda: what any kind of record owes on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRow {
    /// Which record.
    pub record: RecordRef,
    /// Its version.
    pub version: Version,
    /// What the line is about.
    pub line: LineKind,
    /// Its day: the latest day of what is owed, the first of a hint, the receipt of a new case.
    pub on: NaiveDate,
    /// The clock that it stands for, or the one that a hint is about; none if none runs.
    pub clock: Option<DeadlineView>,
    /// The record's printed number; empty if it has none.
    pub number: String,
    /// What stands on the row.
    pub title: String,
    /// The petitioner's name; none if anonymous, or if it is not about one.
    pub person: Option<String>,
    /// How many people it concerns; 0 if it is not about persons.
    pub people: u32,
    /// The village's name.
    pub village: Option<String>,
    /// How far the record is: a key in the catalogue, such as `stage.handling`.
    pub state: String,
    /// The leader's name.
    pub lead: Option<String>,
    /// The responsible unit's name.
    pub unit: Option<String>,
    /// The name of whoever holds it now.
    pub holder: Option<String>,
    /// The newest step: its day and the word of its deed.
    pub last: Option<(NaiveDate, String)>,
    /// Whether it is sealed.
    pub sealed: bool,
    /// The case that it is about, if it is about one.
    pub case: Option<CaseId>,
    /// The place of this row in its list.
    pub cursor: Cursor,
}

/// A part of the agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgendaGroup {
    /// Past the latest day.
    Late,
    /// The latest day is today.
    Today,
    /// Within the next working days.
    Soon,
    /// Hints: nothing is late yet, but somebody should get on.
    Nudge,
    /// Within the next seven days, in the list of deadlines.
    Week,
    /// New: nobody has decided its procedure yet.
    Fresh,
    /// Later.
    Later,
}

/// What is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaView {
    /// Today.
    pub today: NaiveDate,
    /// How many there are in each group, also beyond this page.
    pub counts: Vec<(AgendaGroup, u64)>,
    /// How many open cases are one's own, and how many there are in all.
    pub mine: u64,
    /// How many open cases there are that one may see.
    pub all: u64,
    /// The rows of this page, in the order of the groups.
    pub rows: Vec<(AgendaGroup, LineRow)>,
    /// Whether there are more.
    pub more: bool,
    /// Whether the list was too long to be looked at whole.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// From November: the next year whose calendar is missing, and how many due days are
    /// provisional.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing_year: Option<(i32, u64)>,
    /// That the newest backup is too old, for an administrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_backup: Option<LateBackup>,
    /// What stands above today; none in other lists, or if there is nothing to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<Box<HeadView>>,
}

/// A page of cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CasePage {
    /// The rows.
    pub rows: Vec<CaseRow>,
    /// How many there are in the whole list; none where counting would cost a walk.
    pub total: Option<u64>,
    /// Whether there are rows before these.
    pub before: bool,
    /// Whether there are rows after these.
    pub after: bool,
    /// Whether the list was too long to be looked at whole: only what was looked at is in order.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

/// One case in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseSheet {
    /// The case.
    pub case: Case,
    /// How far it is.
    pub stage: Stage,
    /// Its receipts.
    pub receipts: Vec<Receipt>,
    /// Its persons, masked.
    pub persons: Vec<PersonOf>,
    /// All its clocks.
    pub deadlines: Vec<DeadlineView>,
    /// What it must do next; none if no duty of the office runs.
    #[serde(default)]
    pub next: Option<DeadlineView>,
    /// If the sixty days run and are not yet over: how many calendar days may still be added, the
    /// latest day after that, and the last day on which it may be approved (Reg. 34).
    pub extendable: Option<Extendable>,
    /// Names of the units and officers that it mentions.
    pub units: BTreeMap<UnitId, String>,
    /// Names of officers.
    pub officers: BTreeMap<OfficerId, String>,
    /// What meetings decided on it, the newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<DecisionRow>,
    /// The entries of the roster on it, those that are open first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<EntryRow>,
    /// Sixty days from its receipt, if nobody has decided about its acceptance in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undecided: Option<NaiveDate>,
    /// Who reads it, if it is sealed: names of officers, or logins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readers: Vec<String>,
    /// What its closing asks for, and what of it is met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<Asked>,
    /// The number of the case that it repeats, if the asker may know of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<String>,
    /// What may be done with it, and why not: the key of a refusal, or none if it may.
    pub permits: Vec<(Act, Option<String>)>,
}

/// How far the sixty days may still be extended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extendable {
    /// Calendar days that may still be added.
    pub days: u32,
    /// The latest day after that.
    pub latest: NaiveDate,
    /// The last day on which the head may approve.
    pub approve_by: NaiveDate,
}

/// A person tied to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonOf {
    /// Who.
    pub id: PersonId,
    /// What they are to the case.
    pub tie: Tie,
    /// Their name; none if anonymous.
    pub name: Option<String>,
    /// Their telephone, masked.
    pub phone: Option<String>,
    /// The village's name.
    pub village: Option<String>,
}

/// A person with their cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonSheet {
    /// Who.
    pub id: PersonId,
    /// The version of the record.
    pub version: Version,
    /// Fields as texts by name, masked where the field table says so.
    pub fields: Vec<(String, String)>,
    /// Names of fields whose value is masked.
    pub masked: Vec<String>,
    /// Their cases that this account may see.
    pub cases: Vec<CaseRow>,
    /// Records that were found to be this person.
    #[serde(default)]
    pub aliases: Vec<Alias>,
    /// Their entries of the roster that this account may see, those that are open first.
    #[serde(default)]
    pub entries: Vec<EntryRow>,
    /// What may be done, and why not.
    pub permits: Vec<(Act, Option<String>)>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// How many there are in all; at least so many if `at_least` is set.
    pub total: u64,
    /// Whether not all were counted, or texts of further cases were not looked through.
    pub at_least: bool,
    /// Whether the index is still being made, so that something may be missing.
    pub warming: bool,
    /// The best hits.
    pub hits: Vec<Hit>,
}

/// One hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// What kind of thing.
    pub kind: Kind,
    /// Its number.
    pub id: u64,
    /// What stands on the row.
    pub title: String,
    /// What stands beside it: number, village, stage.
    pub note: String,
    /// The field that matched, a key under `why.` in the catalogue.
    pub why: String,
    /// The text that matched, if it is not the title.
    pub shown: Option<String>,
    /// Which characters of the title, or of `shown`, matched: first and one past the last.
    pub marks: Vec<(u32, u32)>,
}

/// An officer as a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficerRow {
    /// Who.
    pub id: OfficerId,
    /// The version of the record.
    pub version: Version,
    /// Their name.
    pub name: String,
    /// Their post.
    pub post: Option<String>,
    /// Their unit's name.
    pub unit: Option<String>,
    /// Whether they may lead cases.
    pub leads: bool,
    /// Whether they count as head of the office today.
    pub head: bool,
    /// Whether they still work here.
    pub in_office: bool,
    /// How many open cases they lead or handle.
    pub n_cases: u64,
    /// Their fields that a form has, with their texts.
    pub values: Vec<(String, String)>,
}

/// A unit as a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRow {
    /// Which.
    pub id: UnitId,
    /// The version of the record.
    pub version: Version,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// Its head.
    pub head: Option<String>,
    /// Whether it still exists.
    pub exists: bool,
    /// Its fields that a form has, with their texts.
    pub values: Vec<(String, String)>,
}

/// Counted days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaysView {
    /// The day of the trigger.
    pub from: NaiveDate,
    /// The number of days.
    pub length: u32,
    /// `day` or `workday`.
    pub unit: String,
    /// The target day.
    pub target: NaiveDate,
    /// The latest day.
    pub latest: NaiveDate,
    /// Whether the calendar of a year that it touches is not loaded.
    pub provisional: bool,
}

/// A year of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearView {
    /// Which year.
    pub year: i32,
    /// Whether it is loaded.
    pub known: bool,
    /// The notice.
    pub notice: Option<String>,
    /// Where it was loaded from; none if the program brings it along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loaded: Option<SourceView>,
    /// Days off: the day and its name.
    pub off: Vec<(NaiveDate, String)>,
    /// Make-up working days.
    pub work: Vec<(NaiveDate, String)>,
    /// How many working days the year has.
    pub n_workdays: u32,
}

/// The state of the server and the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusView {
    /// The build.
    pub build: String,
    /// The ledger's revision; this and all below to the counts only for whoever is told what counts
    /// every change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
    /// The last sequence number of the journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journal: Option<u64>,
    /// The head of the journal, in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// How many records of each kind there are, but for those that could tell of a sealed petition.
    pub n_records: Vec<(Kind, u64)>,
    /// Connections now; none when no server is asked.
    pub connections: Option<u32>,
    /// Whether changes are refused now, and why: a key under `refusal.`.
    pub read_only: Option<String>,
    /// Whether the search index is ready.
    pub index_ready: bool,
}

/// What the verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckView {
    /// Whether nothing is wrong.
    pub good: bool,
    /// How many records were looked at.
    pub n_records: u64,
    /// How many journal lines were verified.
    pub n_lines: u64,
    /// How many index rows were compared.
    pub n_rows: u64,
    /// How many files of attachments were read.
    #[serde(default)]
    pub n_files: u64,
    /// How many files lie there that no case names; they go when a server starts.
    #[serde(default)]
    pub n_orphans: u64,
    /// Findings, each with a key under `finding.` and what it is about.
    pub findings: Vec<(String, String)>,
    /// What could not be proven, keys under `unproven.`.
    pub unproven: Vec<String>,
}

/// What a staged file would do, or did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportView {
    /// The name of the batch, once it was taken in.
    pub batch: Option<String>,
    /// Rows in all.
    pub rows: u64,
    /// Rows that become new cases.
    pub new: u64,
    /// Rows that are there already, unchanged.
    pub same: u64,
    /// Rows that would change a case that is there.
    pub updated: u64,
    /// Rows that are refused.
    pub refused: u64,
    /// New persons.
    pub new_persons: u64,
    /// Rows that hang on a person who is there already, by their code.
    pub known_persons: u64,
    /// Names of units that are made with it.
    pub new_units: Vec<String>,
    /// Names of officers that are made with it.
    pub new_officers: Vec<String>,
    /// How long answers took, by the file's own days.
    #[serde(default)]
    pub answers: Answers,
    /// New rows that may be there twice, as the first page of a trial tells.
    #[serde(default)]
    pub alike: AlikeRows,
    /// Refusals of this page.
    pub refusals: Vec<RowRefusal>,
    /// Changes of this page.
    #[serde(default)]
    pub changes: Vec<RowChange>,
    /// Whether there are more refusals or changes after these.
    pub more: bool,
}

impl ImportView {
    /// The row from which the next page is read; none after the last one.
    pub fn next(&self) -> Option<u64> {
        let refused = self.refusals.iter().map(|one| one.index);
        let last = refused.chain(self.changes.iter().map(|one| one.index)).max()?;
        self.more.then_some(last + 1)
    }
}

/// How many new rows say the same as others, or as matters that are there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlikeRows {
    /// Groups of them.
    pub groups: u64,
    /// The rows in those.
    pub rows: u64,
}

/// How many calendar days lie between the day of receipt and the day of the answer in an old
/// ledger: a difference of two days, no clock of the law.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// Rows that are kept as history and have both days.
    pub dated: u64,
    /// Those answered more than fifteen days after the receipt.
    pub over_15: u64,
    /// Those answered more than sixty days after the receipt.
    pub over_60: u64,
}

/// Why a row is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowRefusal {
    /// The row's place among all rows of the file, from 0.
    pub index: u64,
    /// The sheet.
    pub sheet: String,
    /// The row in the sheet, from 1.
    pub row: u32,
    /// The field, if one is to blame.
    pub column: Option<String>,
    /// The key of the reason, under `wrong.`.
    pub why: String,
    /// The value that the reason names, such as another row's number.
    pub arg: Option<String>,
    /// The rule that keeps the row back, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Why,
}

/// A change is done and on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The record that was made or changed first; none if none was.
    pub record: Option<RecordRef>,
    /// Its version now.
    pub version: Version,
    /// The ledger's revision now, for whoever is told what counts every change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
    /// The printed number, where one was given out.
    pub number: Option<String>,
    /// The outcome of an import.
    pub import: Option<Box<ImportView>>,
}
