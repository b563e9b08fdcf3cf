//! The command table: what the clerk can say, by which keys, about what, and what follows.
//!
//! Keys, bottom bar, menus, palette, help, greyed reasons and `docs/keys.md` are made from it. A
//! command's label stands in the catalogue under `cmd.WORD`, what it does under `cmd.WORD.help`.
//! INVARIANT: two commands share a key only if they act on different kinds, or one acts where none of
//! them is selected; a test reads the table.

use crate::api::reply::Me;
use crate::api::request::Order;
use crate::domain::act::Act;
use crate::domain::field::FieldKind;
use crate::domain::form::Fields;
use crate::domain::ids::{Kind, RequestId};
use crate::domain::{policy, schema};
use crate::tui::key::Key;
use crate::tui::screen::place::Place;
use crate::tui::screen::{Nav, Selection};

pub mod menu;
pub mod page;

/// One command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command {
    /// Its name in texts, tests and docs.
    pub word: &'static str,
    /// Its keys; the one that the bar shows first.
    pub keys: &'static [Key],
    /// What must be selected.
    pub on: On,
    /// The act that it asks for at the door.
    pub act: Option<Act>,
    /// Where it is offered.
    pub shown: Shown,
    /// What follows.
    pub does: Does,
}

/// What must be selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// Nothing.
    Nothing,
    /// A record of any kind.
    Any,
    /// A record of this kind, or one inside of it.
    One(Kind),
}

/// Where a command is offered, besides palette and help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// As a tab at the top.
    Tab,
    /// In the bottom bar.
    Bar,
    /// In the menu of what is selected.
    Menu,
    /// In the bottom bar and in the menu.
    Both,
    /// Nowhere else.
    Help,
}

/// What follows from a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// Go to a screen.
    Go(Place),
    /// Lay something over the screen.
    Lay(Lay),
    /// Offer these commands; a name typed instead of a number goes to the first.
    Offer(&'static [&'static str]),
    /// Move or look; the screen does it.
    Look(Nav),
    /// To the row of the digit that was pressed.
    Row,
    /// To the sheet of the record of this kind that what is selected belongs to.
    Visit(Kind),
    /// To the screen that was seen before.
    Back,
    /// To the screen from which one came back.
    Forward,
    /// Leave what is open.
    Close,
    /// End the program.
    Quit,
    /// Into a meeting, or out of it.
    Meeting,
    /// Change the ledger.
    Change(Takes),
}

/// What can be laid over a screen by a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lay {
    /// The search over everything.
    Finder,
    /// The search over commands.
    Palette,
    /// The keys and what they do.
    Help,
    /// The menu of what is selected.
    Actions,
    /// The forms that were left half typed.
    Drafts,
    /// How the screen looks.
    Preferences,
    /// What was changed in the selected record.
    History,
    /// The cases of a person, on one of which something is proposed.
    CasesOf,
    /// The papers of the selected case.
    Papers,
    /// The attachments of the selected case.
    Attachments,
}

/// What an order needs besides the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// An officer, for the field of that name.
    Officer(&'static str),
    /// A unit, for the field of that name.
    Unit(&'static str),
    /// A person, for the field of that name, after a look at what follows.
    Person(&'static str),
    /// The form of its act.
    Form,
    /// A step of the case, chosen where none is selected, and then the form of its act.
    Step,
    /// Nothing more than a yes: what is selected gives its fields.
    Sure,
    /// Nothing: it is done at once.
    Nothing,
    /// A look at what taking a change back, or making it again, would do.
    Look,
}

const fn nothing(word: &'static str, keys: &'static [Key], does: Does) -> Command {
    Command { word, keys, on: On::Nothing, act: None, shown: Shown::Help, does }
}

const fn change(word: &'static str, keys: &'static [Key], act: Act, takes: Takes) -> Command {
    let on = match act.on() {
        Some(kind) => On::One(kind),
        None => On::Nothing,
    };
    Command { word, keys, on, act: Some(act), shown: Shown::Menu, does: Does::Change(takes) }
}

/// A step of the procedure; the menus of its part offer it.
const fn step(word: &'static str, act: Act) -> Command {
    change(word, &[], act, Takes::Form).shown(Shown::Help)
}

/// A part of the procedure, as an entry of the menu of a case.
const fn offer(word: &'static str, words: &'static [&'static str]) -> Command {
    nothing(word, &[], Does::Offer(words)).on(On::One(Kind::Case)).shown(Shown::Menu)
}

impl Command {
    const fn needs(mut self, act: Act) -> Self {
        self.act = Some(act);
        self
    }

    const fn on(mut self, on: On) -> Self {
        self.on = on;
        self
    }

    const fn shown(mut self, shown: Shown) -> Self {
        self.shown = shown;
        self
    }
}

/// The command that prints what the screen offers as a document.
pub const PRINT: &str = "print";

/// The command that writes the forms of villages for a period.
pub const SEND_OUT: &str = "send_out";

const ROW_KEYS: &[Key] = &[
    Key::Alt('1'),
    Key::Alt('2'),
    Key::Alt('3'),
    Key::Alt('4'),
    Key::Alt('5'),
    Key::Alt('6'),
    Key::Alt('7'),
    Key::Alt('8'),
    Key::Alt('9'),
];

/// What the menu of assigning offers.
const ASSIGN: &[&str] = &[
    "assign_lead",
    "allot",
    "hand_to",
    "entrust",
    "assist",
    "answer",
    "declare",
    "readers",
    "part",
    "release",
];
/// Whether and where a case is handled.
const INTAKE: &[&str] = &[
    "route",
    "notify",
    "accept",
    "decline",
    "forward",
    "guide",
    "object",
    "answer_objection",
    "simplify",
    "make_ordinary",
];
/// How it is handled.
const WORK: &[&str] = &[
    "investigate",
    "hear",
    "mediate",
    "pass",
    "instruct",
    "feed_back",
    "nudge",
    "supervise",
    "alarm",
];
/// Terms of the law and of the superior.
const TERM: &[&str] = &[
    "extend",
    "tell_extension",
    "pause",
    "resume",
    "report",
    "report_passed",
    "send_back",
    "move_term",
    "strike_off",
];
/// The answer and what follows from it.
const REPLY: &[&str] = &["claim", "reply", "deliver", "confirm_delivery", "carry_out", "rate"];
/// The end.
const CLOSE: &[&str] = &[
    "test",
    "conclude",
    "settle",
    "stop",
    "archive",
    "reopen",
    "merge_into",
    "repeat",
    "unrepeat",
];
/// Reviews.
const REVIEW: &[&str] = &["review", "review_result", "recheck", "recheck_result", "end"];

/// All commands, in the order of bar, menu and help. Function keys come first: an input method that
/// is on swallows letters.
pub const COMMANDS: &[Command] = &[
    nothing("today", &[Key::Char('1')], Does::Go(Place::Today))
        .needs(Act::ReadAgenda)
        .shown(Shown::Tab),
    nothing("cases", &[Key::Char('2')], Does::Go(Place::Cases))
        .needs(Act::ListCases)
        .shown(Shown::Tab),
    nothing("roster", &[Key::Char('3')], Does::Go(Place::Roster))
        .needs(Act::ListRoster)
        .shown(Shown::Tab),
    nothing("deadlines", &[Key::Char('4')], Does::Go(Place::Deadlines))
        .needs(Act::ReadAgenda)
        .shown(Shown::Tab),
    nothing("campaign", &[Key::Char('5')], Does::Go(Place::Campaign))
        .needs(Act::ReadPlan)
        .shown(Shown::Tab),
    nothing("figures", &[Key::Char('6')], Does::Go(Place::Figures))
        .needs(Act::ReadFigures)
        .shown(Shown::Tab),
    nothing("units", &[Key::Char('7')], Does::Go(Place::Units))
        .needs(Act::ReadOffice)
        .shown(Shown::Tab),
    nothing("log", &[Key::Char('8')], Does::Go(Place::Log))
        .needs(Act::ReadJournal)
        .shown(Shown::Tab),
    nothing("help", &[Key::F(1), Key::Char('?')], Does::Lay(Lay::Help)).shown(Shown::Bar),
    nothing("actions", &[Key::F(2)], Does::Lay(Lay::Actions)).shown(Shown::Bar),
    nothing("find", &[Key::F(3), Key::Char('f')], Does::Lay(Lay::Finder))
        .needs(Act::Find)
        .shown(Shown::Bar),
    nothing("filter", &[Key::F(4), Key::Char('/')], Does::Look(Nav::Filter)).shown(Shown::Bar),
    nothing("sort", &[Key::Char('o')], Does::Look(Nav::Sort)),
    nothing("narrow", &[Key::Char('s')], Does::Look(Nav::Stage)),
    nothing("clear", &[Key::Char('c')], Does::Look(Nav::Clear)),
    nothing("views", &[Key::Char('w')], Does::Look(Nav::Views)).needs(Act::ListViews),
    change("save_view", &[], Act::SaveView, Takes::Form),
    nothing("views_list", &[], Does::Go(Place::Views)).needs(Act::ListViews),
    change("export", &[], Act::Export, Takes::Form),
    change(PRINT, &[Key::Char('i')], Act::Export, Takes::Form),
    change("dossier", &[], Act::Dossier, Takes::Form),
    nothing("import", &[], Does::Go(Place::Import)).needs(Act::Import),
    nothing("compare", &[], Does::Go(Place::Compare)).needs(Act::Import),
    nothing("twins", &[], Does::Go(Place::Twins)).needs(Act::Register),
    change("bring_in", &[], Act::Import, Takes::Sure).shown(Shown::Help),
    nothing("columns", &[Key::Char('l')], Does::Look(Nav::Columns)).needs(Act::KeepOwn),
    change("register", &[Key::F(6), Key::Char('n')], Act::Register, Takes::Form).shown(Shown::Bar),
    change("undo", &[Key::Char('u')], Act::Undo, Takes::Look),
    change("redo", &[Key::Ctrl('r')], Act::Redo, Takes::Look),
    change("record", &[Key::F(7), Key::Char('t')], Act::Record, Takes::Form).shown(Shown::Both),
    nothing("papers", &[Key::F(8), Key::Char('p')], Does::Lay(Lay::Papers))
        .needs(Act::WritePaper)
        .on(On::One(Kind::Case))
        .shown(Shown::Both),
    nothing("attachments", &[Key::Char('z')], Does::Lay(Lay::Attachments))
        .needs(Act::ReadAttachment)
        .on(On::One(Kind::Case))
        .shown(Shown::Menu),
    offer("intake_menu", INTAKE),
    nothing("assign", &[Key::Char('a')], Does::Offer(ASSIGN))
        .on(On::One(Kind::Case))
        .shown(Shown::Both),
    offer("work_menu", WORK),
    offer("term_menu", TERM),
    offer("reply_menu", REPLY),
    offer("close_menu", CLOSE),
    offer("review_menu", REVIEW),
    step("route", Act::Route),
    step("readers", Act::Readers),
    step("part", Act::Part),
    step("accept", Act::Accept),
    step("notify", Act::Notify),
    change("assign_lead", &[], Act::AssignLead, Takes::Officer("lead")).shown(Shown::Help),
    change("allot", &[], Act::Allot, Takes::Unit("unit")).shown(Shown::Help),
    change("hand_to", &[], Act::HandTo, Takes::Officer("handler")).shown(Shown::Help),
    step("simplify", Act::Simplify),
    step("make_ordinary", Act::MakeOrdinary),
    step("extend", Act::Extend),
    step("object", Act::Object),
    step("decline", Act::Decline),
    step("forward", Act::Forward),
    step("guide", Act::Guide),
    step("entrust", Act::Entrust),
    step("assist", Act::Assist),
    step("release", Act::Release),
    step("answer", Act::Answer),
    step("answer_objection", Act::AnswerObjection),
    step("pass", Act::Pass),
    step("report", Act::Report),
    step("report_passed", Act::ReportPassed),
    step("send_back", Act::SendBack),
    step("move_term", Act::MoveTerm),
    step("tell_extension", Act::TellExtension),
    step("pause", Act::Pause),
    step("resume", Act::Resume),
    step("declare", Act::Declare),
    step("investigate", Act::Investigate),
    step("hear", Act::Hear),
    step("mediate", Act::Mediate),
    step("alarm", Act::Alarm),
    step("instruct", Act::Instruct),
    step("feed_back", Act::FeedBack),
    step("nudge", Act::Nudge),
    step("supervise", Act::Supervise),
    step("claim", Act::EditClaim),
    step("reply", Act::Reply),
    step("deliver", Act::Deliver),
    step("confirm_delivery", Act::ConfirmDelivery),
    step("carry_out", Act::CarryOut),
    step("rate", Act::Rate),
    step("test", Act::Test),
    step("settle", Act::Settle),
    step("strike_off", Act::StrikeOff),
    step("conclude", Act::Conclude),
    step("stop", Act::Stop),
    step("archive", Act::Archive),
    step("reopen", Act::Reopen),
    change("correct", &[], Act::CorrectStep, Takes::Step),
    step("review", Act::Review),
    step("review_result", Act::ReviewResult),
    step("recheck", Act::Recheck),
    step("recheck_result", Act::RecheckResult),
    step("end", Act::End),
    change("join", &[], Act::Join, Takes::Form),
    step("merge_into", Act::MergeInto),
    step("repeat", Act::Repeat),
    change("unrepeat", &[], Act::Unrepeat, Takes::Sure).shown(Shown::Help),
    change("propose", &[], Act::ProposeEntry, Takes::Form),
    change("edit_case", &[Key::Char('e')], Act::EditCase, Takes::Form).shown(Shown::Both),
    change("edit_receipt", &[Key::Char('e')], Act::EditReceipt, Takes::Form).shown(Shown::Both),
    change("split", &[], Act::Split, Takes::Form),
    change("edit_person", &[Key::Char('e')], Act::EditPerson, Takes::Form).shown(Shown::Both),
    change("merge_person", &[], Act::MergePersons, Takes::Person("other")),
    change("unmerge_person", &[], Act::UnmergePersons, Takes::Person("other")),
    change("ask_erasure", &[], Act::AskErasure, Takes::Form),
    change("withdraw_erasure", &[], Act::WithdrawErasure, Takes::Sure),
    change("erase", &[], Act::Erase, Takes::Form),
    nothing("propose_for", &[], Does::Lay(Lay::CasesOf))
        .needs(Act::ProposeEntry)
        .on(On::One(Kind::Person))
        .shown(Shown::Menu),
    change("edit_unit", &[Key::Char('e')], Act::EditUnit, Takes::Form).shown(Shown::Both),
    change("note_unit", &[Key::F(7), Key::Char('t')], Act::NoteUnit, Takes::Form)
        .shown(Shown::Both),
    change("correct_note", &[], Act::CorrectNote, Takes::Form),
    change("edit_officer", &[Key::Char('e')], Act::EditOfficer, Takes::Form).shown(Shown::Both),
    change("edit_clerk", &[Key::Char('e')], Act::EditClerk, Takes::Form).shown(Shown::Both),
    change("edit_office", &[Key::Char('e')], Act::EditOffice, Takes::Form).shown(Shown::Both),
    change("add_clerk", &[], Act::AddClerk, Takes::Form).on(On::One(Kind::Office)),
    change("load_calendar", &[], Act::LoadCalendar, Takes::Form).on(On::One(Kind::Office)),
    change("load_law", &[], Act::LoadLaw, Takes::Form).on(On::One(Kind::Office)),
    change("law_on", &[], Act::LoadLaw, Takes::Sure).on(On::One(Kind::Office)).shown(Shown::Help),
    change("law_off", &[], Act::DropLaw, Takes::Sure).on(On::One(Kind::Office)).shown(Shown::Help),
    nothing("holdings", &[], Does::Look(Nav::HandOver))
        .needs(Act::Handover)
        .on(On::One(Kind::Officer))
        .shown(Shown::Menu),
    change("handover", &[], Act::Handover, Takes::Form).shown(Shown::Help),
    change("substitute", &[], Act::Substitute, Takes::Form),
    change("assign_many", &[], Act::AssignMany, Takes::Form)
        .on(On::One(Kind::Case))
        .shown(Shown::Help),
    change("add_unit", &[], Act::AddUnit, Takes::Form),
    change("add_officer", &[], Act::AddOfficer, Takes::Form),
    change("finish_task", &[Key::F(7), Key::Char('t')], Act::FinishTask, Takes::Form)
        .shown(Shown::Both),
    change("start_task", &[], Act::StartTask, Takes::Form),
    change("add_evidence", &[], Act::AddEvidence, Takes::Form),
    change("edit_task", &[Key::Char('e')], Act::EditTask, Takes::Form).shown(Shown::Both),
    change("task_officer", &[Key::Char('a')], Act::EditTask, Takes::Officer("officer")),
    change("send_back_task", &[], Act::SendBackTask, Takes::Form),
    change("excuse_task", &[], Act::ExcuseTask, Takes::Form),
    nothing("meeting", &[Key::F(9), Key::Char('m')], Does::Meeting)
        .needs(Act::ReadMeeting)
        .shown(Shown::Bar),
    change("decide", &[Key::Char('d')], Act::Decide, Takes::Form).shown(Shown::Both),
    change("table", &[], Act::Table, Takes::Form),
    change("table_many", &[], Act::TableMany, Takes::Form),
    change("take_off", &[], Act::TakeOff, Takes::Nothing),
    change("finish_decision", &[Key::F(7), Key::Char('t')], Act::FinishDecision, Takes::Form)
        .shown(Shown::Both),
    change("edit_decision", &[Key::Char('e')], Act::EditDecision, Takes::Form).shown(Shown::Both),
    change("edit_view", &[Key::Char('e')], Act::EditView, Takes::Form).shown(Shown::Both),
    change("remove_view", &[], Act::RemoveView, Takes::Sure),
    nothing("meeting_list", &[], Does::Go(Place::Meeting)).needs(Act::ReadMeeting),
    change("contact_entry", &[Key::F(7), Key::Char('t')], Act::ContactEntry, Takes::Form)
        .shown(Shown::Both),
    change("approve_entry", &[], Act::ApproveEntry, Takes::Form),
    change("approve_on_paper", &[], Act::ApproveEntry, Takes::Form),
    change("renew_entry", &[Key::Char('r')], Act::RenewEntry, Takes::Form),
    change("end_entry", &[], Act::EndEntry, Takes::Form),
    change("tell_entry", &[], Act::EditEntry, Takes::Form),
    change("entry_lead", &[Key::Char('a')], Act::EditEntry, Takes::Officer("lead")),
    change("entry_officer", &[], Act::EditEntry, Takes::Officer("officer")),
    change("edit_entry", &[Key::Char('e')], Act::EditEntry, Takes::Form).shown(Shown::Both),
    nothing("visit_case", &[], Does::Visit(Kind::Case)).on(On::One(Kind::Entry)).shown(Shown::Menu),
    nothing("visit_person", &[], Does::Visit(Kind::Person))
        .on(On::One(Kind::Entry))
        .shown(Shown::Menu),
    nothing("case_entry", &[Key::Char('r')], Does::Visit(Kind::Entry))
        .needs(Act::ReadEntry)
        .on(On::One(Kind::Case))
        .shown(Shown::Menu),
    nothing("person_entry", &[Key::Char('r')], Does::Visit(Kind::Entry))
        .needs(Act::ReadEntry)
        .on(On::One(Kind::Person))
        .shown(Shown::Menu),
    nothing("mark", &[Key::Char(' ')], Does::Look(Nav::Mark)).shown(Shown::Bar),
    nothing("tick_marked", &[Key::F(5), Key::Char('x')], Does::Look(Nav::Tick)).shown(Shown::Bar),
    change("tick", &[], Act::TickTasks, Takes::Form).on(On::One(Kind::Task)),
    change("report_duty", &[Key::F(7), Key::Char('t')], Act::ReportDuty, Takes::Form)
        .shown(Shown::Both),
    change("edit_duty", &[Key::Char('e')], Act::EditDuty, Takes::Form).shown(Shown::Both),
    change("duty_officer", &[Key::Char('a')], Act::EditDuty, Takes::Officer("officer")),
    change("send_back_duty", &[], Act::SendBackDuty, Takes::Form),
    change(SEND_OUT, &[], Act::Export, Takes::Form).on(On::One(Kind::Duty)),
    nothing("take_back", &[], Does::Go(Place::Returns))
        .needs(Act::TakeReturn)
        .on(On::One(Kind::Duty))
        .shown(Shown::Menu),
    change("take_return", &[], Act::TakeReturn, Takes::Sure).shown(Shown::Help),
    change("enter_figure", &[], Act::EnterFigure, Takes::Form),
    change("give_figure", &[], Act::GiveFigure, Takes::Form),
    change("attach", &[], Act::Attach, Takes::Form).shown(Shown::Help),
    change("detach", &[], Act::Detach, Takes::Form),
    change("void_number", &[], Act::VoidPaper, Takes::Form),
    nothing("templates", &[], Does::Go(Place::Templates)).needs(Act::ReadPapers),
    nothing("template_out", &[], Does::Look(Nav::TakeOut)).needs(Act::ReadPapers),
    nothing("template_in", &[], Does::Look(Nav::PutIn)).needs(Act::LoadPaper),
    change("load_paper", &[], Act::LoadPaper, Takes::Sure).shown(Shown::Help),
    change("drop_paper", &[], Act::DropPaper, Takes::Sure).shown(Shown::Help),
    nothing("paper_numbers", &[], Does::Go(Place::Numbers)).needs(Act::ReadPapers),
    change("skip_numbers", &[], Act::SkipNumbers, Takes::Form),
    nothing("page", &[Key::F(8), Key::Char('p'), Key::Char('b')], Does::Look(Nav::Page))
        .shown(Shown::Bar),
    change("close_phase", &[], Act::ClosePhase, Takes::Form),
    change("reopen_phase", &[], Act::ReopenPhase, Takes::Form),
    change("load_plan", &[], Act::LoadPlan, Takes::Form),
    nothing("reveal", &[Key::Char('v')], Does::Look(Nav::Reveal))
        .needs(Act::Reveal)
        .on(On::Any)
        .shown(Shown::Bar),
    nothing("history", &[Key::Char('h')], Does::Lay(Lay::History))
        .needs(Act::ReadJournal)
        .on(On::Any),
    nothing("pane", &[Key::Tab], Does::Look(Nav::NextPane)).shown(Shown::Bar),
    nothing("close", &[Key::Esc], Does::Close).shown(Shown::Bar),
    nothing("open", &[Key::Enter], Does::Look(Nav::Open)).shown(Shown::Bar),
    nothing("why", &[Key::Char('y')], Does::Look(Nav::Why)),
    nothing("palette", &[Key::Ctrl('p'), Key::Char(':')], Does::Lay(Lay::Palette))
        .shown(Shown::Bar),
    nothing("review_round", &[Key::Char('g')], Does::Go(Place::Round)).needs(Act::ListRoster),
    nothing("roster_on", &[], Does::Go(Place::Stood)).needs(Act::ListRoster),
    nothing("drafts", &[], Does::Lay(Lay::Drafts)).needs(Act::KeepOwn),
    nothing("preferences", &[], Does::Lay(Lay::Preferences)).needs(Act::KeepOwn),
    nothing("settings", &[], Does::Go(Place::Settings)).needs(Act::ReadOffice),
    nothing("back", &[Key::Char('[')], Does::Back),
    nothing("onward", &[Key::Char(']')], Does::Forward),
    nothing("pane_before", &[Key::BackTab], Does::Look(Nav::PreviousPane)),
    nothing("up", &[Key::Up, Key::Char('k')], Does::Look(Nav::Up)),
    nothing("down", &[Key::Down, Key::Char('j')], Does::Look(Nav::Down)),
    nothing("left", &[Key::Left], Does::Look(Nav::Left)),
    nothing("right", &[Key::Right], Does::Look(Nav::Right)),
    nothing("page_up", &[Key::PageUp], Does::Look(Nav::PageUp)),
    nothing("page_down", &[Key::PageDown], Does::Look(Nav::PageDown)),
    nothing("first", &[Key::Home], Does::Look(Nav::First)),
    nothing("last", &[Key::End], Does::Look(Nav::Last)),
    nothing("row", ROW_KEYS, Does::Row),
    nothing("quit", &[Key::Char('q')], Does::Quit).shown(Shown::Bar),
];

/// The command of that name.
pub fn find(word: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.word == word)
}

/// The first command that asks for an act.
pub fn of_act(act: Act) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.act == Some(act))
}

/// The command of a key. Of several on different kinds it is the one for what is selected, else the
/// one for what lies around it, else the first, which then says what it needs.
pub fn of_key(key: Key, selection: &Selection) -> Option<&'static Command> {
    let named = || COMMANDS.iter().filter(|command| command.keys.contains(&key));
    let for_kind = |kind| named().find(|command| command.on == On::One(kind));
    let selected = selection.record.and_then(|record| for_kind(record.kind));
    let around = || selection.around.and_then(|(record, _)| for_kind(record.kind));
    let anywhere = || named().find(|command| command.on == On::Nothing);
    let found = selected.or_else(around).or_else(anywhere).or_else(|| named().next());
    // Who is given what is marked is chosen for all of it.
    found.map(|command| match command.does {
        Does::Offer(words) if selection.has_marks() && words == ASSIGN => {
            find("tick_marked").unwrap_or(command)
        }
        _ => command,
    })
}

impl Command {
    /// The key of its label.
    pub fn label(&self) -> String {
        format!("cmd.{}", self.word)
    }

    /// The key of its label where that is selected: a screen may call it otherwise.
    pub fn label_on(&self, selection: &Selection) -> String {
        let own = selection.labels.iter().find(|(nav, _)| self.does == Does::Look(*nav));
        own.map_or_else(|| self.label(), |(_, label)| (*label).to_owned())
    }

    /// Whether it is offered at all: in a meeting only what belongs there.
    pub fn is_offered(&self, me: &Me) -> bool {
        let belongs = match (self.act, self.does) {
            (_, Does::Lay(Lay::Drafts) | Does::Look(Nav::Reveal | Nav::Mark | Nav::Tick)) => false,
            (_, Does::Visit(kind)) => kind == Kind::Case,
            (_, Does::Offer(words)) => {
                words.iter().filter_map(|word| find(word)).any(|command| command.is_offered(me))
            }
            (Some(act), _) => policy::is_for_meetings(act),
            (None, _) => true,
        };
        belongs || !me.masked
    }

    /// Whether it is possible now.
    ///
    /// # Errors
    /// The key of the text that says why not.
    pub fn is_possible(&self, me: &Me, selection: &Selection) -> Result<(), String> {
        if !self.is_offered(me) {
            return Err("cmd.in_meeting".to_owned());
        }
        let missing = match self.on {
            On::Nothing => None,
            On::Any => selection.record.is_none().then_some("cmd.needs.any".to_owned()),
            On::One(kind) => {
                selection.of(kind).is_none().then(|| format!("cmd.needs.{}", kind.key()))
            }
        };
        if let Some(key) = missing {
            return Err(key);
        }
        let is_for_one =
            matches!(self.does, Does::Change(_) | Does::Offer(_)) && matches!(self.on, On::One(_));
        if is_for_one && selection.has_marks() {
            return Err("cmd.marked".to_owned());
        }
        if let Does::Offer(words) = self.does {
            let offered = words.iter().filter_map(|word| find(word));
            let mut reasons: Vec<String> =
                offered.map_while(|own| own.is_possible(me, selection).err()).collect();
            if reasons.len() == words.len() {
                reasons.dedup();
                let same = reasons.pop().filter(|_| reasons.is_empty());
                return Err(same.unwrap_or_else(|| "cmd.none_now".to_owned()));
            }
        }
        // What an order of that kind needs besides the record is given by the selected row.
        let needs = self.act.is_some_and(|act| !schema::form(act).is_empty());
        if self.does == Does::Change(Takes::Sure) && needs && selection.given.is_empty() {
            return Err("cmd.needs.given".to_owned());
        }
        let has = |wanted: &str| {
            selection.given.iter().any(|(name, text)| name == wanted && !text.is_empty())
        };
        if self.about().is_some_and(|name| !has(name)) {
            return Err("cmd.not_here".to_owned());
        }
        let has_any = match self.word {
            PRINT => selection.prints,
            SEND_OUT => has("forms"),
            _ => selection.goes_out,
        };
        if self.act == Some(Act::Export) && !has_any {
            return Err("cmd.not_here".to_owned());
        }
        let is_taken = |nav| selection.navs.is_none_or(|navs| navs.contains(&nav));
        if let Does::Look(nav) = self.does
            && Nav::SPECIAL.contains(&nav)
            && !is_taken(nav)
        {
            return Err("cmd.not_here".to_owned());
        }
        let leads = match self.does {
            Does::Visit(kind) => selection.links.iter().any(|link| link.kind == kind),
            _ => true,
        };
        let leads = if leads { Ok(()) } else { Err("cmd.open_first".to_owned()) };
        let Some(act) = self.act else {
            return leads;
        };
        if me.denied.contains(&act) {
            return Err("refusal.denied".to_owned());
        }
        let said = selection.permits.iter().find(|(permitted, _)| *permitted == act);
        match said {
            Some((_, Some(why))) => Err(why.clone()),
            Some((_, None)) | None => leads,
        }
    }

    /// The field that must be given by what the list shows or what is marked in it.
    fn about(&self) -> Option<&'static str> {
        match self.act {
            Some(Act::SaveView) => Some("list"),
            Some(Act::TableMany | Act::Dossier) => Some("cases"),
            Some(Act::TickTasks) => Some("tasks"),
            // What was sent, and what is selected among what is attached.
            Some(Act::Attach) => Some("file"),
            Some(Act::Detach) => Some("number"),
            // Nothing is changed in many that was not shown before, one by one.
            Some(Act::AssignMany) => Some("previewed"),
            Some(Act::GiveFigure) => Some("cut"),
            Some(Act::LoadPaper) if matches!(self.does, Does::Change(_)) => Some("file"),
            Some(Act::DropPaper) => Some("paper"),
            Some(Act::Import) if self.does == Does::Change(Takes::Sure) => Some("file"),
            Some(Act::TakeReturn) if self.does == Does::Change(Takes::Sure) => Some("file"),
            _ => None,
        }
    }

    /// The order that it makes of what is selected and of a filled form; none if it makes none, or
    /// if what it needs is not selected.
    pub fn order(&self, id: RequestId, selection: &Selection, mut fields: Fields) -> Option<Order> {
        let Does::Change(_) = self.does else {
            return None;
        };
        let act = self.act?;
        let (on, seen) = match self.on {
            On::Nothing | On::Any => (None, None),
            On::One(kind) => {
                let (record, version) = selection.of(kind)?;
                (Some(record.id), version)
            }
        };
        if matches!(act, Act::Import | Act::TakeReturn) {
            // A table that was read has no form: its terms are what the screen gives.
            fields.extend(selection.given.iter().cloned());
        }
        // What rules alone keep is in no form, whatever a screen gives under that name.
        for field in schema::form(act).iter().filter(|field| field.kind != FieldKind::Inner) {
            let given = selection.given.iter().find(|(name, _)| field.is_called(name));
            if let Some((_, text)) = given {
                fields.entry(field.name().to_owned()).or_insert_with(|| text.clone());
            }
        }
        Some(Order { id, act, on, seen, fields })
    }
}

#[cfg(test)]
mod tests;
