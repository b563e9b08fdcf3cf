//! What a screen is: queries, and a picture of their answers.
//!
//! A screen has no code for commands that change the ledger; it says what is selected, and the
//! command table does the rest. It keeps the replies and nothing that could be derived from them.

pub mod actions;
pub mod agenda;
pub mod arrange;
pub mod assign;
pub mod attachment;
pub mod campaign;
pub mod case;
pub mod cases;
pub mod changed;
pub mod confirm;
pub mod conflict;
pub mod copy;
pub mod deadlines;
pub mod drafts;
pub mod figures;
pub mod filter;
pub mod finder;
pub mod form;
pub mod handover;
pub mod help;
pub mod history;
pub mod import;
pub mod line;
pub mod list;
pub mod loaded;
pub mod log;
pub mod meeting;
pub mod month;
pub mod numbered;
pub mod over;
pub mod palette;
pub mod paper;
pub mod pasted;
pub mod person;
pub mod picker;
pub mod place;
pub mod plain;
pub mod preferences;
pub mod returned;
pub mod roll;
pub mod roster;
pub mod row;
#[cfg(test)]
mod sample;
pub mod settings;
pub mod step_picker;
pub mod twins;
pub mod undo;
pub mod units;
pub mod views;
pub mod why;
pub mod window;

use std::collections::BTreeMap;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::door::Notice;
use crate::api::own;
use crate::api::paper::{Draft, Filed, Wanted};
use crate::api::print::Print;
use crate::api::refusal::Refusal;
use crate::api::reply::{Done, Me, Reply};
use crate::api::request::{Order, Request};
use crate::domain::act::Act;
use crate::domain::case::Stage;
use crate::domain::form::Fields;
use crate::domain::ids::{
    CaseId, DutyId, EntryId, Kind, PersonId, RecordRef, TaskId, UnitId, Version,
};
use crate::domain::listing::{Column, List};
use crate::domain::paper::Paper;
use crate::locale::Lang;
use crate::tui::incoming::{Outcome, Reread, Work, Writing};
use crate::tui::key::Key;
use crate::tui::look::Look;
use crate::tui::screen::arrange::Arrange;
use crate::tui::screen::over::{Over, Typing};

/// What every screen may know while it draws.
pub struct View<'a> {
    /// Who asks, the office, today.
    pub me: &'a Me,
    /// The language.
    pub lang: Lang,
    /// Colours and borders.
    pub look: &'a Look,
    /// The columns that the clerk has chosen, by list.
    pub layouts: &'a Layouts,
    /// The import that was ordered and has no answer yet.
    pub writing: Option<&'a Writing>,
}

/// The columns that a clerk has chosen, by list.
pub type Layouts = BTreeMap<List, Vec<Column>>;

/// What a command would act on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The record, if one is selected.
    pub record: Option<RecordRef>,
    /// The version that the clerk sees.
    pub version: Option<Version>,
    /// What it is called, for a question or a title.
    pub name: String,
    /// What may be done with it, and why not, as the server said; empty if it did not say.
    pub permits: Vec<(Act, Option<String>)>,
    /// The record around it and its version, such as the case of a receipt: commands that need that
    /// kind act on it.
    pub around: Option<(RecordRef, Version)>,
    /// What that is called, where it has another name than what is selected.
    pub around_name: String,
    /// What the present screen takes besides moving; none if nobody asked it.
    pub navs: Option<&'static [Nav]>,
    /// Fields of a form that follow from what is selected: they are sent and not shown.
    pub given: Vec<(String, String)>,
    /// The paper that what is given voids.
    pub paper: Option<Paper>,
    /// Fields by name that a form begins with and shows, such as the kind of what is seen.
    pub begun: Vec<(String, String)>,
    /// How far the case is that is selected or that what is selected is about.
    pub stage: Option<Stage>,
    /// The steps that come next in it.
    pub ahead: Vec<Act>,
    /// The number of the step that is selected in it.
    pub step: Option<u32>,
    /// The field on which a form begins.
    pub focus: Option<&'static str>,
    /// Records that it belongs to and that have sheets of their own.
    pub links: Vec<RecordRef>,
    /// How many rows are marked: what is done to one row alone waits until they are let go.
    pub n_marked: usize,
    /// What moving and looking is called here, where it is anything else than everywhere.
    pub labels: &'static [(Nav, &'static str)],
    /// Whether the present screen shows a list that can go out.
    pub goes_out: bool,
    /// Whether the present screen offers a document.
    pub prints: bool,
}

impl Selection {
    /// Whether rows are marked.
    pub const fn has_marks(&self) -> bool {
        self.n_marked > 0
    }

    /// The record of that kind on which a command acts: the selected one, else the one around it.
    pub fn of(&self, kind: Kind) -> Option<(RecordRef, Option<Version>)> {
        let selected = self.record.map(|record| (record, self.version));
        let around = self.around.map(|(record, version)| (record, Some(version)));
        [selected, around].into_iter().flatten().find(|(record, _)| record.kind == kind)
    }

    /// Whether a command on that kind acts on what lies around the selected record.
    pub fn is_around(&self, kind: Kind) -> bool {
        self.record.is_none_or(|record| record.kind != kind)
            && self.around.is_some_and(|(record, _)| record.kind == kind)
    }
}

/// Moving and looking: what a screen does itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nav {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// Open what is selected.
    Open,
    /// To the next part: another list, another pane.
    NextPane,
    /// To the part before.
    PreviousPane,
    /// Change the order of the list.
    Sort,
    /// Narrow the list by a text.
    Filter,
    /// Narrow the list by what stands in it, such as the stage.
    Stage,
    /// Let go of everything that narrows the list.
    Clear,
    /// Choose the columns of the list.
    Columns,
    /// Choose among the filters that were saved.
    Views,
    /// See masked values in clear.
    Reveal,
    /// To the cell before.
    Left,
    /// To the cell behind.
    Right,
    /// Mark what is selected for a change of several.
    Mark,
    /// Change what is marked.
    Tick,
    /// Hand over what the selected officer holds.
    HandOver,
    /// See a page of it as plain text, to be copied or printed.
    Page,
    /// Count the day of what is selected, one by one.
    Why,
    /// Write what the selected row names into the exchange folder.
    TakeOut,
    /// Choose a file of the exchange folder in the place of what the selected row names.
    PutIn,
    /// The row of that number, from 1, as shown.
    Row(u8),
}

impl Nav {
    /// Where a move leads from a row, or a first line, up to the last one; none if it is no move.
    pub fn moved(self, at: usize, (page, last): (usize, usize)) -> Option<usize> {
        let to = match self {
            Self::Up => at.saturating_sub(1),
            Self::Down => at + 1,
            Self::PageUp => at.saturating_sub(page),
            Self::PageDown => at + page,
            Self::First => 0,
            Self::Last => last,
            _ => return None,
        };
        Some(to.min(last))
    }

    /// What some screens take and others do not.
    pub const SPECIAL: [Self; 18] = [
        Self::NextPane,
        Self::PreviousPane,
        Self::Sort,
        Self::Filter,
        Self::Stage,
        Self::Clear,
        Self::Columns,
        Self::Views,
        Self::Reveal,
        Self::Left,
        Self::Right,
        Self::Mark,
        Self::Tick,
        Self::HandOver,
        Self::Page,
        Self::Why,
        Self::TakeOut,
        Self::PutIn,
    ];
}

/// What follows from a key or a reply.
pub enum Step {
    /// Nothing to do but draw.
    Stay,
    /// The queries have changed: ask again.
    Ask,
    /// Open another screen above this one.
    Push(Box<dyn Screen>),
    /// Lay something over this screen; what is chosen there comes back to [`Screen::chosen`].
    Lay(Box<dyn Over>),
    /// Run the command of that name, as if its key had been pressed.
    Run(&'static str),
    /// Open the form of the paper that it shows, or what was half typed for it before.
    Fill,
    /// Write this paper into the clerk's exchange folder.
    Write(Box<Wanted>),
    /// Keep a setting of this account, its name and its value, and ask again.
    Prefer(String, String),
    /// Leave this screen.
    Close,
    /// Say something in the status line: key of the text and its values.
    Say(String, Vec<(String, String)>),
    /// The selected row of that name is gone; said unless one has just changed something oneself.
    Gone(String),
    /// The screen does not know this; the program decides (Esc, unknown keys).
    Pass,
}

/// The sheet of a record, if its kind has one; in a meeting that of a case is its answer.
pub fn sheet_of(record: RecordRef, view: &View<'_>) -> Option<Box<dyn Screen>> {
    match record.kind {
        Kind::Case if view.me.masked => {
            Some(Box::new(meeting::answer::AnswerScreen::new(vec![CaseId(record.id)], 0)))
        }
        Kind::Case => Some(Box::new(case::CaseScreen::new(CaseId(record.id)))),
        Kind::Person => Some(Box::new(person::PersonScreen::new(PersonId(record.id)))),
        Kind::Entry => Some(Box::new(roster::sheet::EntryScreen::new(EntryId(record.id)))),
        Kind::Task => Some(Box::new(campaign::sheet::TaskScreen::new(TaskId(record.id)))),
        Kind::Duty => Some(Box::new(campaign::duty::DutyScreen::new(DutyId(record.id)))),
        Kind::Unit => Some(Box::new(units::sheet::UnitScreen::new(UnitId(record.id)))),
        Kind::Office
        | Kind::Officer
        | Kind::Clerk
        | Kind::Receipt
        | Kind::Plan
        | Kind::Decision
        | Kind::Indicator
        | Kind::View
        | Kind::Given => None,
    }
}

/// A screen.
pub trait Screen {
    /// The name by which texts and tests know it, such as `agenda`.
    fn name(&self) -> &'static str;

    /// The record whose sheet it shows, once it is there.
    fn stands_on(&self) -> Option<RecordRef> {
        None
    }

    /// The queries that fill it.
    fn wants(&self) -> Vec<Request> {
        Vec::new()
    }

    /// The answer to the query of that place in [`Screen::wants`]. A screen that knows now that it
    /// wants something else says [`Step::Ask`].
    fn got(&mut self, _place: usize, _reply: Reply) -> Step {
        Step::Stay
    }

    /// The query of that place was refused; the program shows the refusal in the status line.
    fn refused(&mut self, _place: usize, _refusal: &Refusal) -> Step {
        Step::Stay
    }

    /// Whether a change by anyone touches what it shows, so that it must ask again.
    fn touched(&self, _notice: &Notice) -> bool {
        false
    }

    /// Moving and looking.
    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step;

    /// What it takes besides moving and opening; commands for anything else are grey on it.
    fn navs(&self) -> &'static [Nav] {
        &Nav::SPECIAL
    }

    /// What moving and looking is called here, by the keys of the texts, where it is anything else
    /// than everywhere.
    fn labels(&self) -> &'static [(Nav, &'static str)] {
        &[]
    }

    /// A command was not possible for that reason: a screen that shows what it lacks goes there, and
    /// says that it did.
    fn leads(&mut self, _why: &str) -> bool {
        false
    }

    /// The row of that number was chosen in what this screen had laid over itself.
    fn chosen(&mut self, _id: u64, _view: &View<'_>) -> Step {
        Step::Stay
    }

    /// The list is to be put another way, as was chosen in what this screen had laid over itself.
    fn arrange(&mut self, _arrange: Arrange, _view: &View<'_>) -> Step {
        Step::Stay
    }

    /// The document that it offers, which is written into the clerk's exchange folder.
    fn prints(&self) -> Option<Print> {
        None
    }

    /// The paper that it shows, which is asked for whenever its queries are.
    fn drafts(&self) -> Option<Wanted> {
        None
    }

    /// What that paper would say, or why that is not to be had.
    fn drafted(&mut self, _outcome: Result<Draft, Refusal>) -> Step {
        Step::Stay
    }

    /// The form for what can be typed for that paper.
    fn form(&self, _view: &View<'_>) -> Option<Box<dyn Over>> {
        None
    }

    /// What was typed for that paper and is not written yet, to be kept until it is; its name is the
    /// program's matter.
    fn draft(&self) -> Option<own::Draft> {
        None
    }

    /// The clerk goes on with what was half typed for that paper.
    fn go_on(&mut self, _draft: &own::Draft) -> Step {
        Step::Stay
    }

    /// Something was typed for its paper in what it had laid over itself.
    fn typed_for_paper(&mut self, _typing: Typing) -> Step {
        Step::Stay
    }

    /// A paper was written.
    fn filed(&mut self, _filed: &Filed) -> Step {
        Step::Ask
    }

    /// Cells of a table were pasted while no text box was open: whether it takes them.
    fn takes_cells(&mut self, _cells: &str) -> bool {
        false
    }

    /// What a text that was pasted while no text box was open tells it: what is selected by it, and
    /// what the form of its report begins with.
    fn tells(&self, _text: &str, _view: &View<'_>) -> Option<(Selection, Fields)> {
        None
    }

    /// What it wants done with files, once each time.
    fn work(&mut self) -> Option<Work> {
        None
    }

    /// How far that is, or what became of it; the program says a refusal in the status line.
    fn worked(&mut self, _outcome: Result<Outcome, Refusal>) -> Step {
        Step::Stay
    }

    /// It is not seen any more.
    fn left(&mut self) {}

    /// An order that was given on it, or on another screen of this window, is done.
    fn done(&mut self, _order: &Order, _done: &Done) {}

    /// News: something was taken back, or made again, in whatever window.
    fn hears(&mut self, _notice: &Notice) {}

    /// Why one cannot go back from it just now, if so.
    fn holds(&self, _view: &View<'_>) -> Option<&'static str> {
        None
    }

    /// Its table is to be read in this way.
    fn reread(&mut self, _how: Reread) -> Step {
        Step::Stay
    }

    /// A click into the area that it draws in.
    fn clicked(&mut self, _at: Position, _area: Rect, _view: &View<'_>) -> Step {
        Step::Stay
    }

    /// Whether a text box has the focus, so that letters are text.
    fn is_typing(&self) -> bool {
        false
    }

    /// A key while a text box has the focus.
    fn typed(&mut self, _key: Key, _view: &View<'_>) -> Step {
        Step::Pass
    }

    /// A paste while a text box has the focus; already cleaned.
    fn pasted(&mut self, _text: &str, _view: &View<'_>) -> Step {
        Step::Pass
    }

    /// Whether its last line tells about the selected row, so that it may wait until the keys rest.
    fn tells_of_row(&self) -> bool {
        false
    }

    /// What a command would act on.
    fn selected(&self) -> Selection {
        Selection::default()
    }

    /// How many rows of its list it can show in that area, so that it can ask for a page.
    fn resized(&mut self, area: Rect);

    /// Draws it; returns where the cursor of a text box stands.
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position>;
}
