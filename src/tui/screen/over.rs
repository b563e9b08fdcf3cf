//! What lies over a screen: finder, palette, menus, picker, form, question, help.
//!
//! It takes every key until it closes. What follows from its answer is decided by the program: a
//! picker does not know what its officer is for.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::door::Notice;
use crate::api::own::Draft;
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::form::Fields;
use crate::domain::ids::Version;
use crate::tui::command::Command;
use crate::tui::incoming::Reread;
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::screen::arrange::Arrange;
use crate::tui::screen::list::{Above, Choice, Panel};
use crate::tui::screen::numbered::Numbered;
use crate::tui::screen::pasted::Fate;
use crate::tui::screen::place::Place;
use crate::tui::screen::{Selection, View};

/// What follows from a key or a paste.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Nothing to do but draw.
    Stay,
    /// The queries have changed: ask again.
    Ask,
    /// The last query has changed: ask it again, and no other.
    AskLast,
    /// Open the form of a command on what was chosen, with these texts, above this.
    Above(&'static Command, Box<Selection>, Fields),
    /// Close this.
    Close,
    /// Close this after asking whether the typed text may go.
    CloseTyped,
    /// Close this and run a command.
    Run(&'static Command),
    /// Close this and run a command that chooses from a list, with this text in its box.
    RunWith(&'static Command, String),
    /// Close this and run a changing command on what was chosen in it.
    On(&'static Command, Box<Selection>),
    /// Close this and go to a screen.
    Go(Place),
    /// The record of that number was chosen.
    Chosen(u64),
    /// The form is filled and waits for its answer.
    Send(Filled),
    /// The question was answered with yes.
    Sure,
    /// Go on with the half-typed form of that name.
    Resume(String),
    /// Throw the half-typed form of that name away.
    DropDraft(String),
    /// Begin the form anew that was asked for.
    Fresh,
    /// Keep a setting of the screen: its name and its value.
    Prefer(String, String),
    /// The fields that somebody else changed are settled, as of that version.
    Settle(Vec<Settled>, Option<Version>),
    /// Close this and put the list of the screen another way.
    Arrange(Box<Arrange>),
    /// Close this and give the screen what was typed for its paper.
    Paper(Box<Typing>),
    /// Close this and read a table in this way.
    Reread(Reread),
    /// What was pasted is to become that.
    Paste(Fate, String),
    /// Say a text by its key.
    Say(String),
}

/// What was typed for a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typing {
    /// The texts by the key of their placeholder.
    pub texts: Vec<(String, String)>,
    /// Why ID numbers are needed.
    pub reason: String,
    /// What is to be done with it.
    pub then: Then,
}

/// What is to be done with a paper for which something was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It is to be seen.
    See,
    /// It is to be written, with blanks for what is empty.
    Write,
}

/// The way out of a clash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// What somebody else wrote stays.
    Theirs,
    /// What this clerk wrote goes in its place.
    Mine,
    /// This clerk types on.
    Edit,
}

impl Pick {
    /// The word of it, for its text under `conflict.`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Theirs => "theirs",
            Self::Mine => "mine",
            Self::Edit => "edit",
        }
    }
}

/// A clash that is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The name of the field.
    pub field: String,
    /// How.
    pub pick: Pick,
    /// What somebody else wrote, as a form takes it.
    pub theirs: String,
}

/// A form to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The texts by field name.
    pub fields: Fields,
    /// The version that the form was filled from, if it read the record itself.
    pub seen: Option<Version>,
}

/// One entry of the bottom bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tip {
    /// The key.
    pub key: Key,
    /// The key of its text in the catalogue.
    pub label: &'static str,
}

impl Tip {
    /// An entry.
    pub const fn new(key: Key, label: &'static str) -> Self {
        Self { key, label }
    }
}

/// What the bottom bar says of rows of which one is chosen.
pub const CHOOSING: &[Tip] = &[
    Tip::new(Key::Enter, "pick.choose"),
    Tip::new(Key::Up, "find.up"),
    Tip::new(Key::Down, "find.down"),
    Tip::new(Key::Esc, "find.close"),
];

/// The rows of a panel, of which one is chosen: how many there are, and which it is.
pub enum Rows<'o> {
    /// Nothing stands above them.
    Bare(usize, &'o mut Choice),
    /// A text box does.
    BelowEditor(usize, &'o mut Choice),
    /// They come in pages with digits.
    Numbered(usize, &'o mut Numbered),
}

impl Rows<'_> {
    /// Chooses the row that was clicked on; whether it was one.
    fn choose(self, place: (Rect, Position)) -> bool {
        let (row, choice) = match self {
            Self::Bare(n_rows, choice) => {
                (Panel::row_at(place, (n_rows, *choice), Above::Nothing), choice)
            }
            Self::BelowEditor(n_rows, choice) => {
                (Panel::row_at(place, (n_rows, *choice), Above::Editor), choice)
            }
            Self::Numbered(n_rows, numbered) => {
                (numbered.row_at(place, n_rows), &mut numbered.choice)
            }
        };
        choice.at = row.unwrap_or(choice.at);
        row.is_some()
    }
}

/// Something that lies over a screen.
pub trait Over {
    /// The name by which tests know it, such as `finder`.
    fn name(&self) -> &'static str;

    /// What the bottom bar says while it lies on top.
    fn tips(&self) -> &'static [Tip];

    /// A key.
    fn typed(&mut self, key: Key, view: &View<'_>) -> Answer;

    /// A paste, cleaned.
    fn pasted(&mut self, _pasted: &Pasted, _view: &View<'_>) -> Answer {
        Answer::Stay
    }

    /// Its rows, if it is a list of which one row is chosen.
    fn rows(&mut self) -> Option<Rows<'_>> {
        None
    }

    /// A click into the area that it draws in: one on a row does what Enter does on it.
    fn clicked(&mut self, at: Position, area: Rect, view: &View<'_>) -> Answer {
        let is_row = self.rows().is_some_and(|rows| rows.choose((area, at)));
        if is_row { self.typed(Key::Enter, view) } else { Answer::Stay }
    }

    /// The queries that fill it.
    fn wants(&self) -> Vec<Request> {
        Vec::new()
    }

    /// The answer to the query of that place in [`Over::wants`].
    fn got(&mut self, _place: usize, _reply: Reply, _view: &View<'_>) {}

    /// Its order is on its way as it is filled in now; it may be typed on meanwhile.
    fn is_sent(&mut self) {}

    /// What was on its way is done, as of that version, and something else was to be sent since.
    fn is_done(&mut self, _now: Version) -> Answer {
        Answer::Close
    }

    /// Its order was refused.
    fn refused(&mut self, _refusal: &Refusal) -> Answer {
        Answer::Stay
    }

    /// What clashed with its order is settled, as of that version.
    fn settle(&mut self, _settled: &[Settled], _now: Option<Version>) -> Answer {
        Answer::Stay
    }

    /// Whether a change by anyone touches what it shows, so that it must ask again.
    fn touched(&self, _notice: &Notice) -> bool {
        false
    }

    /// Whether something is typed that would be lost.
    fn has_text(&self) -> bool {
        false
    }

    /// What is half typed, to be kept until it is sent; its name is the program's matter.
    fn draft(&self) -> Option<Draft> {
        None
    }

    /// The area that it draws in has a new size.
    fn resized(&mut self, _area: Rect) {}

    /// Draws it in the room between the bars; returns where the cursor of a text box stands.
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position>;
}
