//! Bringing a table in, its last step: what would become of each row, and then what became of it.
//!
//! Nothing is written before the clerk has said yes; then all of it is one change.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::door::Notice;
use crate::api::refusal::Refusal;
use crate::api::reply::{Done, ImportView};
use crate::api::request::Order;
use crate::api::undo::UndoWay;
use crate::domain::act::Act;
use crate::domain::ids::RequestId;
use crate::locale;
use crate::tui::incoming::table::{Fills, TableRead, column_label};
use crate::tui::incoming::{Outcome, ReadTerms, Work, Writing, why};
use crate::tui::look::Role;
use crate::tui::screen::import::wait::bar;
use crate::tui::screen::import::{becomes, known, name, terms, title, what};
use crate::tui::screen::roll::Roll;
use crate::tui::screen::twins::TwinsScreen;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::text::cut_middle;
use crate::tui::widget::table::{Cell, Row, Table};

/// Lines above and below the list: title, sums, parts, hint.
const FRAME_LINES: u16 = 4;
/// The columns of a place in the exchange folder, whose end names the file.
const PLACE: usize = 40;

/// Which rows are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// What is to be said of the whole.
    Sums,
    /// Rows that are refused.
    Refused,
    /// Rows that change what is there.
    Changed,
}

/// The parts, in the order of Tab.
const PARTS: [Part; 3] = [Part::Sums, Part::Refused, Part::Changed];

/// What stands in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    /// Bring it in.
    Take,
    /// Write the refused rows into the exchange folder.
    Write,
    /// See what is there twice now.
    Twins,
    /// Something to be said.
    Said(usize),
    /// A refusal.
    Refusal(usize),
    /// A record that is changed.
    Change(usize),
    /// One of its fields.
    Field(usize, usize),
}

/// The screen.
pub struct OutcomeScreen {
    terms: ReadTerms,
    read: Arc<TableRead>,
    /// What became of it, once it is brought in.
    done: Option<ImportView>,
    /// The order that brought it in.
    order: Option<RequestId>,
    /// Whether that was taken back.
    is_taken_back: bool,
    /// Where the refused rows were written.
    written: Option<String>,
    writes: bool,
    part: usize,
    roll: Roll,
}

impl OutcomeScreen {
    /// The outcomes of a table that was read.
    pub fn new(terms: ReadTerms, read: Arc<TableRead>) -> Self {
        Self {
            terms,
            read,
            done: None,
            order: None,
            is_taken_back: false,
            written: None,
            writes: false,
            part: 0,
            roll: Roll::default(),
        }
    }

    fn view(&self) -> &ImportView {
        self.done.as_ref().unwrap_or(&self.read.view)
    }

    /// How many rows would be written.
    fn n_taken(&self) -> u64 {
        self.read.view.new + self.read.view.updated
    }

    fn part(&self) -> Part {
        PARTS.get(self.part).copied().unwrap_or(Part::Sums)
    }

    fn items(&self) -> Vec<Item> {
        let read = &self.read.view;
        match self.part() {
            Part::Sums => {
                let mut items = Vec::new();
                items.extend((self.done.is_none() && self.n_taken() > 0).then_some(Item::Take));
                items.extend((read.refused > 0).then_some(Item::Write));
                let has_twins = read.alike.rows > 0 && self.done.is_some() && !self.is_taken_back;
                items.extend(has_twins.then_some(Item::Twins));
                items.extend((0..self.n_said()).map(Item::Said));
                items
            }
            Part::Refused => (0..read.refusals.len()).map(Item::Refusal).collect(),
            Part::Changed => {
                let of = |(at, fields): (usize, usize)| {
                    std::iter::once(Item::Change(at))
                        .chain((0..fields).map(move |field| Item::Field(at, field)))
                };
                let changes = read.changes.iter().map(|change| change.fields.len()).enumerate();
                changes.flat_map(of).collect()
            }
        }
    }

    /// How many things are to be said; the fixed ones come first.
    fn n_said(&self) -> usize {
        self.sums_said().len() + self.dropped().count() + self.read.notes.len()
    }

    /// What is said of this table before anything else.
    fn sums_said(&self) -> Vec<Sum> {
        let is_said = |sum: &Sum| match sum {
            Sum::Sheet => self.terms.sheet.is_some(),
            Sum::Day => self.terms.received_on.is_some() && self.read.n_undated > 0,
            Sum::Alike => self.read.view.alike.rows > 0,
            Sum::Terms | Sum::Persons | Sum::Units | Sum::Officers | Sum::Answers => true,
        };
        SAID.into_iter().filter(is_said).collect()
    }

    /// The columns that are never taken.
    fn dropped(&self) -> impl Iterator<Item = (&str, &str)> {
        self.read.columns.iter().filter_map(|column| match &column.fills {
            Fills::Never(reason) => Some((column.header.as_str(), reason.as_str())),
            Fills::Fields(_) | Fills::Nothing => None,
        })
    }

    fn said(&self, at: usize, view: &View<'_>) -> (String, Role) {
        let sums = self.sums_said();
        if let Some(said) = sums.get(at) {
            return (self.fixed(*said, view), Role::Text);
        }
        let at = at - sums.len();
        if let Some((header, reason)) = self.dropped().nth(at) {
            let reason = locale::text(view.lang, &format!("refused_column.{reason}"));
            let args = [("column", header.to_owned()), ("reason", reason)];
            return (locale::fill(view.lang, "incoming.dropped", &args), Role::Warning);
        }
        let note = self.read.notes.get(at - self.dropped().count());
        (note.cloned().unwrap_or_default(), Role::Warning)
    }

    fn fixed(&self, said: Sum, view: &View<'_>) -> String {
        let own = &self.read.view;
        let names = |names: &[String]| match names.len() {
            0 => row::NOTHING.to_owned(),
            _ => names.join(" "),
        };
        let args: Vec<(&str, String)> = match said {
            Sum::Terms => {
                let words = [what(self.terms.rows), becomes(&self.terms), known(self.terms.known)];
                let [rows, book, known] = words.map(|key| locale::text(view.lang, &key));
                vec![("rows", rows), ("book", book), ("known", known)]
            }
            Sum::Sheet => vec![("name", self.terms.sheet.clone().unwrap_or_default())],
            Sum::Day => vec![
                ("count", self.read.n_undated.to_string()),
                ("day", self.terms.received_on.clone().unwrap_or_default()),
            ],
            Sum::Persons => {
                vec![("new", own.new_persons.to_string()), ("known", own.known_persons.to_string())]
            }
            Sum::Alike => {
                vec![("groups", own.alike.groups.to_string()), ("rows", own.alike.rows.to_string())]
            }
            Sum::Units => vec![("names", names(&own.new_units))],
            Sum::Officers => vec![("names", names(&own.new_officers))],
            Sum::Answers => vec![
                ("dated", own.answers.dated.to_string()),
                ("over_15", own.answers.over_15.to_string()),
                ("over_60", own.answers.over_60.to_string()),
            ],
        };
        locale::fill(view.lang, said.key(), &args)
    }

    /// The import of this table, while it is being written.
    fn writing<'v>(&self, view: &View<'v>) -> Option<&'v Writing> {
        view.writing.filter(|writing| writing.file == self.read.hash)
    }

    /// What becomes of how many rows; while it is being written, how far that is.
    fn sums(&self, view: &View<'_>) -> Cell {
        if let Some(writing) = self.writing(view) {
            let said = writing.said(view.lang, "incoming.writing");
            return Cell::text(format!("{} {said}", bar(writing.percent())));
        }
        let own = self.view();
        let (key, role) = match self.done {
            Some(_) if self.is_taken_back => ("incoming.sums.taken_back", Role::Warning),
            Some(_) => ("incoming.sums.done", Role::Ok),
            None => ("incoming.sums.tried", Role::Text),
        };
        let args = [
            ("rows", own.rows.to_string()),
            ("new", own.new.to_string()),
            ("updated", own.updated.to_string()),
            ("same", own.same.to_string()),
            ("refused", own.refused.to_string()),
        ];
        Cell::role(locale::fill(view.lang, key, &args), role)
    }

    fn row(&self, item: Item, view: &View<'_>) -> Row {
        let own = &self.read.view;
        let count = |key: &str, n: u64| row::counted(view, key, n);
        match item {
            Item::Take if self.writing(view).is_some() => {
                Row::Note(locale::text(view.lang, "incoming.writing.row"), Role::Dim)
            }
            Item::Take => Row::Note(count("incoming.take", self.n_taken()), Role::Key),
            Item::Write => match &self.written {
                Some(place) => {
                    let args = [("place", cut_middle(place, PLACE))];
                    Row::Note(locale::fill(view.lang, "incoming.written", &args), Role::Ok)
                }
                None => Row::Note(count("incoming.write", own.refused), Role::Key),
            },
            Item::Twins => Row::Note(locale::text(view.lang, "incoming.twins"), Role::Key),
            Item::Said(at) => {
                let (text, role) = self.said(at, view);
                Row::Note(row::flat(&text), role)
            }
            Item::Refusal(at) => {
                let text = own.refusals.get(at).map(|refusal| {
                    let place = (refusal.sheet.as_str(), refusal.row);
                    let args = [
                        ("place", terms::place(view, &self.terms.origin, place)),
                        ("column", column_label(view.lang, refusal.column.as_deref())),
                        ("why", why(view.lang, refusal)),
                    ];
                    locale::fill(view.lang, "incoming.refusal", &args)
                });
                Row::Note(row::flat(text.unwrap_or_default().trim()), Role::Text)
            }
            Item::Change(at) => {
                let text = own.changes.get(at).map(|change| {
                    let place = (change.sheet.as_str(), change.row);
                    let args = [
                        ("place", terms::place(view, &self.terms.origin, place)),
                        ("name", change.name.clone()),
                    ];
                    locale::fill(view.lang, "incoming.change", &args)
                });
                Row::Note(row::flat(text.unwrap_or_default().trim()), Role::Text)
            }
            Item::Field(at, field) => {
                let field = own.changes.get(at).and_then(|change| change.fields.get(field));
                let Some(field) = field else { return Row::Note(String::new(), Role::Text) };
                let told =
                    |value: &Option<String>| value.clone().unwrap_or_else(|| "--".to_owned());
                let args = [
                    ("field", column_label(view.lang, Some(&field.field))),
                    ("old", told(&field.old)),
                    ("new", told(&field.new)),
                ];
                let text = locale::fill(view.lang, "incoming.field", &args);
                Row::Note(format!("  {}", row::flat(&text)), Role::Changed)
            }
        }
    }

    fn open(&mut self) -> Step {
        match self.items().get(self.roll.at) {
            Some(Item::Take) => self.take(),
            Some(Item::Twins) => Step::Push(Box::new(TwinsScreen::default())),
            Some(Item::Write) if self.written.is_none() => {
                self.writes = true;
                Step::Ask
            }
            Some(
                Item::Write | Item::Said(_) | Item::Refusal(_) | Item::Change(_) | Item::Field(..),
            )
            | None => Step::Stay,
        }
    }

    fn take(&self) -> Step {
        if self.done.is_some() {
            let key =
                if self.is_taken_back { "incoming.is_taken_back" } else { "incoming.is_done" };
            return Step::Say(key.to_owned(), Vec::new());
        }
        if self.n_taken() == 0 {
            let args = vec![("refused".to_owned(), self.read.view.refused.to_string())];
            return Step::Say("refusal.nothing_is_new".to_owned(), args);
        }
        Step::Run("bring_in")
    }
}

/// What may be said of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sum {
    Terms,
    /// Only if one was chosen.
    Sheet,
    /// Only if one was given, and rows need it.
    Day,
    /// Only if some are alike.
    Alike,
    Persons,
    Units,
    Officers,
    Answers,
}

const SAID: [Sum; 8] = [
    Sum::Terms,
    Sum::Sheet,
    Sum::Day,
    Sum::Alike,
    Sum::Persons,
    Sum::Units,
    Sum::Officers,
    Sum::Answers,
];

impl Sum {
    const fn key(self) -> &'static str {
        match self {
            Self::Terms => "incoming.sum.terms",
            Self::Sheet => "incoming.sum.sheet",
            Self::Day => "incoming.sum.day",
            Self::Alike => "incoming.sum.alike",
            Self::Persons => "incoming.sum.persons",
            Self::Units => "incoming.sum.units",
            Self::Officers => "incoming.sum.officers",
            Self::Answers => "incoming.sum.answers",
        }
    }
}

impl Screen for OutcomeScreen {
    fn name(&self) -> &'static str {
        "import_outcome"
    }

    fn work(&mut self) -> Option<Work> {
        let terms = Box::new(self.terms.clone());
        std::mem::take(&mut self.writes).then(|| Work::Refused(terms, Arc::clone(&self.read)))
    }

    fn worked(&mut self, outcome: Result<Outcome, Refusal>) -> Step {
        let Ok(Outcome::Written(place)) = outcome else { return Step::Stay };
        self.written = Some(place.clone());
        Step::Say("incoming.written".to_owned(), vec![("place".to_owned(), place)])
    }

    fn done(&mut self, order: &Order, done: &Done) {
        let is_its = |name: &str, text: &str| order.fields.get(name).is_some_and(|own| own == text);
        if order.act == Act::Import && self.done.is_none() && is_its("file", &self.read.hash) {
            // An answer that was lost and asked for again says no numbers any more.
            let view = done.import.as_deref().unwrap_or(&self.read.view);
            self.done = Some(view.clone());
            self.order = Some(order.id);
            self.part = 0;
            self.roll = Roll { height: self.roll.height, ..Roll::default() };
        }
    }

    fn hears(&mut self, notice: &Notice) {
        if let Some((change, way)) = notice.taken_back
            && Some(change) == self.order
        {
            self.is_taken_back = way == UndoWay::Undo;
        }
    }

    fn holds(&self, view: &View<'_>) -> Option<&'static str> {
        self.writing(view).map(|_| "incoming.writing.esc")
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        let n_rows = self.items().len();
        match nav {
            Nav::Open | Nav::Tick if self.writing(view).is_some() => {
                Step::Say("incoming.writing.key".to_owned(), Vec::new())
            }
            Nav::Open => self.open(),
            Nav::Tick => self.take(),
            Nav::NextPane | Nav::Right | Nav::PreviousPane | Nav::Left => {
                let is_next = matches!(nav, Nav::NextPane | Nav::Right);
                let steps = if is_next { 1 } else { PARTS.len() - 1 };
                self.part = (self.part + steps) % PARTS.len();
                self.roll = Roll { height: self.roll.height, ..Roll::default() };
                Step::Stay
            }
            _ => self.roll.on(nav, n_rows),
        }
    }

    fn labels(&self) -> &'static [(Nav, &'static str)] {
        &[(Nav::Tick, "cmd.bring_in")]
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane, Nav::Left, Nav::Right, Nav::Tick]
    }

    fn clicked(&mut self, at: Position, area: Rect, view: &View<'_>) -> Step {
        let line = at.y.checked_sub(area.y + FRAME_LINES - 1);
        let n_rows = self.items().len();
        if self.roll.click(line, n_rows) { self.on(Nav::Open, view) } else { Step::Stay }
    }

    fn selected(&self) -> Selection {
        if self.done.is_some() || self.n_taken() == 0 {
            return Selection::default();
        }
        // The question has to show how many rows it is about, too.
        const NAME: usize = 40;
        let name = cut_middle(&self.read.name, NAME);
        Selection {
            name: format!("{name} ({})", self.n_taken()),
            given: self.terms.order(&self.read.hash).into_iter().collect(),
            ..Selection::default()
        }
    }

    fn resized(&mut self, area: Rect) {
        self.roll.height = usize::from(area.height.saturating_sub(FRAME_LINES)).max(1);
        let n_rows = self.items().len();
        self.roll.settle(n_rows);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let own = &self.read.view;
        let parts = [
            locale::text(view.lang, "incoming.part.sums"),
            row::counted(view, "incoming.part.refused", own.refusals.len() as u64),
            row::counted(view, "incoming.part.changed", own.changes.len() as u64),
        ];
        let lines = [
            title(view, (2, &name(view, &self.terms.origin)), width),
            row::strip(view, &[self.sums(view)], width),
            row::strip(view, &[row::tabs(&parts, self.part)], width),
        ];
        row::paint(frame, area, &lines);
        let (list, bottom) = row::hinted(row::below(area, lines.len()));
        let items = self.items();
        if items.is_empty() {
            let text = Cell::text(locale::text(view.lang, "incoming.part.none"));
            row::paint(frame, list, &[row::strip(view, &[text], width)]);
        }
        let shown = items.iter().skip(self.roll.top).take(self.roll.height);
        let table = Table {
            columns: vec![row::flex(view, "", area.width)],
            rows: shown.map(|item| self.row(*item, view)).collect(),
            selected: Some(self.roll.at.saturating_sub(self.roll.top)),
        };
        table.draw(list, frame.buffer_mut(), view.look);
        if let Some(bottom) = bottom {
            let key = match (self.writing(view), &self.done) {
                (Some(_), _) => "incoming.hint.writing",
                (None, Some(_)) if self.is_taken_back => "incoming.hint.taken_back",
                (None, Some(_)) => "incoming.hint.done",
                (None, None) if self.n_taken() == 0 => "incoming.hint.nothing",
                (None, None) => "incoming.hint.outcome",
            };
            let hint = Cell::role(locale::text(view.lang, key), Role::Hint);
            row::paint(frame, bottom, &[row::strip(view, &[hint], width)]);
        }
        None
    }
}
