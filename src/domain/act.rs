//! Everything that can be asked at the door, by name: one list for permissions, requests, commands
//! and journal lines.

use serde::{Deserialize, Serialize};

use crate::domain::ids::Kind;

// One list, three views of it (word, kind of record, reading or changing): a macro keeps a row a row.
macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $what:ident, $on:expr;)*) => {
        /// Something that can be asked at the door.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Act {$(
            $(#[$doc])*
            #[serde(rename = $word)]
            $name,
        )*}

        impl Act {
            /// All acts, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word that stands for the act in journal lines, permissions and texts.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// Whether it reads or changes.
            pub const fn nature(self) -> Nature {
                match self { $(Self::$name => Nature::$what),* }
            }

            /// The kind of record on which it acts; none if it acts on the ledger.
            pub const fn on(self) -> Option<Kind> {
                match self { $(Self::$name => $on),* }
            }
        }
    };
}

/// Whether an act reads or changes the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// It reads.
    Read,
    /// It changes.
    Change,
}

acts! {
    /// Ask who one is and what the office is.
    Greet = "greet", Read, None;
    /// Read the agenda.
    ReadAgenda = "agenda.read", Read, None;
    /// Read lists of cases.
    ListCases = "case.list", Read, None;
    /// Open a case.
    ReadCase = "case.read", Read, Some(Kind::Case);
    /// Open a person's sheet.
    ReadPerson = "person.read", Read, Some(Kind::Person);
    /// See a masked value.
    Reveal = "person.reveal", Read, Some(Kind::Person);
    /// Read lists of persons.
    ListPersons = "person.list", Read, None;
    /// Read the roster.
    ListRoster = "roster.list", Read, None;
    /// Open an entry of the roster.
    ReadEntry = "roster.read", Read, Some(Kind::Entry);
    /// Search.
    Find = "find", Read, None;
    /// Read units and officers.
    ReadOffice = "office.read", Read, None;
    /// List the accounts.
    ReadClerks = "clerk.list", Read, None;
    /// Read limits, the calendar and counts of days.
    ReadLaw = "law.read", Read, None;
    /// Keep settings of one's own screen and half-typed forms.
    KeepOwn = "own.keep", Read, None;
    /// Read the state of the server.
    ReadStatus = "status.read", Read, None;
    /// Read the journal.
    ReadJournal = "journal.read", Read, None;
    /// Read the access log.
    ReadAccesses = "access.read", Read, None;
    /// Verify the ledger.
    Check = "ledger.check", Read, None;
    /// Read a campaign: phases, matrix, lists of tasks.
    ReadPlan = "plan.read", Read, None;
    /// Open a task.
    ReadTask = "task.read", Read, Some(Kind::Task);
    /// Read the list of the meeting.
    ReadMeeting = "meeting.read", Read, None;
    /// Read what meetings decided.
    ReadDecisions = "decision.read", Read, None;
    /// Open recurring work.
    ReadDuty = "duty.read", Read, Some(Kind::Duty);
    /// Open a unit.
    ReadUnit = "unit.read", Read, Some(Kind::Unit);
    /// Read indicators and counts.
    ReadFigures = "figure.read", Read, None;
    /// Read the saved filters of lists.
    ListViews = "view.list", Read, None;
    /// See what taking a change back would do.
    TryUndo = "change.try", Read, None;
    /// Register a receipt and its case.
    Register = "case.register", Change, None;
    /// Attach a receipt to a case.
    Join = "case.join", Change, Some(Kind::Case);
    /// Split a receipt off its case.
    Split = "receipt.split", Change, Some(Kind::Receipt);
    /// Join a whole case to another.
    MergeInto = "case.merge_into", Change, Some(Kind::Case);
    /// Find that a case repeats an earlier one that has ended.
    Repeat = "case.repeat", Change, Some(Kind::Case);
    /// Take the finding back that a case repeats an earlier one.
    Unrepeat = "case.unrepeat", Change, Some(Kind::Case);
    /// Decide purpose and procedure.
    Route = "case.route", Change, Some(Kind::Case);
    /// Name a reader of a sealed case, or take the name back.
    Readers = "case.readers", Change, Some(Kind::Case);
    /// Take the open part out of a sealed petition.
    Part = "case.part", Change, Some(Kind::Case);
    /// Tell the petitioner in writing.
    Notify = "case.notify", Change, Some(Kind::Case);
    /// Object to a transfer.
    Object = "case.object", Change, Some(Kind::Case);
    /// Take a case on.
    Accept = "case.accept", Change, Some(Kind::Case);
    /// Choose simplified handling.
    Simplify = "case.simplify", Change, Some(Kind::Case);
    /// Give simplified handling up for the ordinary procedure.
    MakeOrdinary = "case.make_ordinary", Change, Some(Kind::Case);
    /// Extend the sixty days.
    Extend = "case.extend", Change, Some(Kind::Case);
    /// Give a case to a leader.
    AssignLead = "case.assign_lead", Change, Some(Kind::Case);
    /// Give a case to a unit.
    Allot = "case.allot", Change, Some(Kind::Case);
    /// Give a case to an officer.
    HandTo = "case.hand_to", Change, Some(Kind::Case);
    /// Record a step.
    Record = "case.record", Change, Some(Kind::Case);
    /// Turn a case away.
    Decline = "case.decline", Change, Some(Kind::Case);
    /// Forward a case to another body.
    Forward = "case.forward", Change, Some(Kind::Case);
    /// Lead the petitioner into another procedure.
    Guide = "case.guide", Change, Some(Kind::Case);
    /// Assign a case to a unit below and want a report.
    Entrust = "case.entrust", Change, Some(Kind::Case);
    /// Ask another unit to help.
    Assist = "case.assist", Change, Some(Kind::Case);
    /// Ask a village that the petition is about to help, with that and no more.
    Release = "case.release", Change, Some(Kind::Case);
    /// Record the answer of a unit that was asked.
    Answer = "case.answer", Change, Some(Kind::Case);
    /// Record the answer to an objection.
    AnswerObjection = "case.answer_objection", Change, Some(Kind::Case);
    /// Pass the paper on.
    Pass = "case.pass", Change, Some(Kind::Case);
    /// Report to the body that assigned the case.
    Report = "case.report", Change, Some(Kind::Case);
    /// Record that the report was accepted.
    ReportPassed = "case.report_passed", Change, Some(Kind::Case);
    /// Record that the report came back.
    SendBack = "case.send_back", Change, Some(Kind::Case);
    /// Record a later day given by the body that assigned the case.
    MoveTerm = "case.move_term", Change, Some(Kind::Case);
    /// Tell the petitioner of an extension.
    TellExtension = "case.tell_extension", Change, Some(Kind::Case);
    /// Stop the clocks.
    Pause = "case.pause", Change, Some(Kind::Case);
    /// Let the clocks go on.
    Resume = "case.resume", Change, Some(Kind::Case);
    /// Declare an officer's interest, or that there is none.
    Declare = "case.declare", Change, Some(Kind::Case);
    /// Record an investigation.
    Investigate = "case.investigate", Change, Some(Kind::Case);
    /// Record a hearing.
    Hear = "case.hear", Change, Some(Kind::Case);
    /// Record a mediation.
    Mediate = "case.mediate", Change, Some(Kind::Case);
    /// Report a major or urgent matter.
    Alarm = "case.alarm", Change, Some(Kind::Case);
    /// Record a leader's instruction.
    Instruct = "case.instruct", Change, Some(Kind::Case);
    /// Answer a leader's instruction.
    FeedBack = "case.feed_back", Change, Some(Kind::Case);
    /// Remind whoever holds a case.
    Nudge = "case.nudge", Change, Some(Kind::Case);
    /// Supervise a unit formally.
    Supervise = "case.supervise", Change, Some(Kind::Case);
    /// Make the written opinion.
    Reply = "case.reply", Change, Some(Kind::Case);
    /// Record the delivery of the opinion.
    Deliver = "case.deliver", Change, Some(Kind::Case);
    /// Confirm a doubtful delivery.
    ConfirmDelivery = "case.confirm_delivery", Change, Some(Kind::Case);
    /// Record what was carried out.
    CarryOut = "case.carry_out", Change, Some(Kind::Case);
    /// Record how satisfied the petitioner is.
    Rate = "case.rate", Change, Some(Kind::Case);
    /// Answer the five tests of closing.
    Test = "case.test", Change, Some(Kind::Case);
    /// Record that the matter is settled.
    Settle = "case.settle", Change, Some(Kind::Case);
    /// Record that the superior struck it off.
    StrikeOff = "case.strike_off", Change, Some(Kind::Case);
    /// Conclude a case.
    Conclude = "case.close", Change, Some(Kind::Case);
    /// End a case without an opinion.
    Stop = "case.stop", Change, Some(Kind::Case);
    /// Put a case into the archive.
    Archive = "case.archive", Change, Some(Kind::Case);
    /// Open a case again.
    Reopen = "case.reopen", Change, Some(Kind::Case);
    /// Record a request for review.
    Review = "case.review", Change, Some(Kind::Case);
    /// Record the review opinion.
    ReviewResult = "case.review_result", Change, Some(Kind::Case);
    /// Record a request for a second review.
    Recheck = "case.recheck", Change, Some(Kind::Case);
    /// Record the second review's opinion.
    RecheckResult = "case.recheck_result", Change, Some(Kind::Case);
    /// Record that the procedure is over for good.
    End = "case.end", Change, Some(Kind::Case);
    /// Put a case on the list of the meeting.
    Table = "meeting.table", Change, Some(Kind::Case);
    /// Put several cases on the list of the meeting.
    TableMany = "meeting.table_many", Change, None;
    /// Take a case off the list of the meeting.
    TakeOff = "meeting.take_off", Change, Some(Kind::Case);
    /// Write down what a meeting decided on a case.
    Decide = "decision.add", Change, Some(Kind::Case);
    /// Say what came of a decision.
    FinishDecision = "decision.done", Change, Some(Kind::Decision);
    /// Correct a decision.
    EditDecision = "decision.edit", Change, Some(Kind::Decision);
    /// Correct a step that was made.
    CorrectStep = "case.correct", Change, Some(Kind::Case);
    /// Make a paper of a case.
    WritePaper = "case.write_paper", Change, Some(Kind::Case);
    /// Say that the number of a paper is not used any more.
    VoidPaper = "case.void_paper", Change, Some(Kind::Case);
    /// Attach a scan or evidence.
    Attach = "attachment.add", Change, Some(Kind::Case);
    /// Remove an attachment.
    Detach = "attachment.remove", Change, Some(Kind::Case);
    /// Fetch an attachment.
    ReadAttachment = "attachment.read", Read, Some(Kind::Case);
    /// Say what was found about a claim.
    EditClaim = "case.claim", Change, Some(Kind::Case);
    /// Correct or complete a case.
    EditCase = "case.edit", Change, Some(Kind::Case);
    /// Complete a receipt.
    EditReceipt = "receipt.edit", Change, Some(Kind::Receipt);
    /// Correct or complete a person.
    EditPerson = "person.edit", Change, Some(Kind::Person);
    /// Say that two records are one person.
    MergePersons = "person.merge", Change, Some(Kind::Person);
    /// Take such a finding back.
    UnmergePersons = "person.unmerge", Change, Some(Kind::Person);
    /// Ask that a person be erased.
    AskErasure = "person.ask_erasure", Change, Some(Kind::Person);
    /// Take an erasure back that was asked for.
    WithdrawErasure = "person.withdraw_erasure", Change, Some(Kind::Person);
    /// Erase a person whose erasure somebody else has asked for.
    Erase = "person.erase", Change, Some(Kind::Person);
    /// Propose somebody for the roster, on a case.
    ProposeEntry = "roster.propose", Change, Some(Kind::Case);
    /// Approve a proposal for the roster.
    ApproveEntry = "roster.approve", Change, Some(Kind::Entry);
    /// Record a contact with somebody on the roster.
    ContactEntry = "roster.contact", Change, Some(Kind::Entry);
    /// Renew an entry of the roster after a review.
    RenewEntry = "roster.renew", Change, Some(Kind::Entry);
    /// End an entry of the roster.
    EndEntry = "roster.end", Change, Some(Kind::Entry);
    /// Correct or complete an entry of the roster.
    EditEntry = "roster.edit", Change, Some(Kind::Entry);
    /// Make a backup, fetch it, and see which were made.
    Backup = "backup.make", Read, None;
    /// Take a file of cases in.
    Import = "case.import", Change, None;
    /// Take rows out of the ledger, as a file or a text.
    Export = "export.make", Read, None;
    /// Take whole files of cases out of the ledger.
    Dossier = "export.dossier", Read, None;
    /// Begin a campaign from a template.
    LoadPlan = "plan.load", Change, None;
    /// Close a phase.
    ClosePhase = "plan.close_phase", Change, Some(Kind::Plan);
    /// Open a closed phase again.
    ReopenPhase = "plan.reopen_phase", Change, Some(Kind::Plan);
    /// Begin a task.
    StartTask = "task.start", Change, Some(Kind::Task);
    /// Record that a task is done.
    FinishTask = "task.finish", Change, Some(Kind::Task);
    /// Add evidence to a task.
    AddEvidence = "task.evidence", Change, Some(Kind::Task);
    /// Excuse a task as not applicable.
    ExcuseTask = "task.excuse", Change, Some(Kind::Task);
    /// Send a task back.
    SendBackTask = "task.send_back", Change, Some(Kind::Task);
    /// Correct a task or say whose it is.
    EditTask = "task.edit", Change, Some(Kind::Task);
    /// Bring several tasks to one state.
    TickTasks = "task.tick", Change, None;
    /// Record the report of a period of recurring work.
    ReportDuty = "duty.done", Change, Some(Kind::Duty);
    /// Send such a report back.
    SendBackDuty = "duty.send_back", Change, Some(Kind::Duty);
    /// Take in the form that a village sent back for a period.
    TakeReturn = "duty.take", Change, None;
    /// Correct recurring work: its day, its end, whose it is.
    EditDuty = "duty.edit", Change, Some(Kind::Duty);
    /// Enter the monthly total of an indicator.
    EnterFigure = "figure.enter", Change, None;
    /// Keep a figure that was given to somebody.
    GiveFigure = "figure.give", Change, None;
    /// Save how a list is narrowed, put in order and laid out.
    SaveView = "view.save", Change, None;
    /// Rename a saved filter, or share it with the office.
    EditView = "view.edit", Change, Some(Kind::View);
    /// Remove a saved filter.
    RemoveView = "view.remove", Change, Some(Kind::View);
    /// Take a change back.
    Undo = "change.undo", Change, None;
    /// Make a change again that was taken back.
    Redo = "change.redo", Change, None;
    /// Add a unit.
    AddUnit = "unit.add", Change, None;
    /// Change a unit.
    EditUnit = "unit.edit", Change, Some(Kind::Unit);
    /// Record a talk with a unit, a circular or extra points.
    NoteUnit = "unit.note", Change, Some(Kind::Unit);
    /// Put such a record right.
    CorrectNote = "unit.correct", Change, Some(Kind::Unit);
    /// Add an officer.
    AddOfficer = "officer.add", Change, None;
    /// Change an officer.
    EditOfficer = "officer.edit", Change, Some(Kind::Officer);
    /// Hand over what an officer holds.
    Handover = "officer.handover", Change, Some(Kind::Officer);
    /// Say who stands in for an officer.
    Substitute = "officer.substitute", Change, Some(Kind::Officer);
    /// Give many cases to somebody else.
    AssignMany = "case.assign_many", Change, None;
    /// Add an account.
    AddClerk = "clerk.add", Change, None;
    /// Change an account.
    EditClerk = "clerk.edit", Change, Some(Kind::Clerk);
    /// Change the settings of the office.
    EditOffice = "office.edit", Change, Some(Kind::Office);
    /// Load limits.
    LoadLaw = "law.load", Change, None;
    /// Take loaded limits out of force.
    DropLaw = "law.drop", Change, None;
    /// Read the numbers and templates of papers.
    ReadPapers = "paper.read", Read, None;
    /// Load a template of a paper.
    LoadPaper = "paper.load", Change, None;
    /// Go back to the built-in template of a paper.
    DropPaper = "paper.drop", Change, None;
    /// Leave numbers of papers out that were used before this ledger.
    SkipNumbers = "paper.skip", Change, None;
    /// Load a notice of days off.
    LoadCalendar = "calendar.load", Change, None;
    /// Move the day of a trial ledger.
    MoveToday = "trial.move_today", Change, None;
}

impl Act {
    /// The act of a word, or none if the list does not have it.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|act| act.word() == word)
    }
}
