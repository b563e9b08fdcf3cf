//! The search over everything: type, see why it matched, Enter.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::door::Notice;
use crate::api::reply::{Found, Hit, Reply};
use crate::api::request::Request;
use crate::domain::ids::{CaseId, EntryId, Kind, PersonId, TaskId, UnitId};
use crate::domain::text::Lines;
use crate::locale;
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::list::{Above, Choice, Panel, Pieces, marked};
use crate::tui::screen::over::{Answer, Over, Rows, Tip};
use crate::tui::screen::place::Place;
use crate::tui::text::{pad_right, width};
use crate::tui::widget::input::{Editor, Typed};

/// The most characters that one searches for.
const TEXT_MAX: usize = 100;
/// The most hits that are shown.
const HITS: u32 = 50;

/// The search.
pub struct Finder {
    editor: Editor,
    found: Option<Found>,
    choice: Choice,
}

impl Finder {
    /// A search that begins with a text.
    pub fn new(text: &str) -> Self {
        let mut editor = Editor::new(Lines::One, TEXT_MAX);
        editor.set_text(text);
        Self { editor, found: None, choice: Choice::default() }
    }

    fn hits(&self) -> &[Hit] {
        self.found.as_ref().map_or(&[], |found| found.hits.as_slice())
    }

    fn changed(&mut self) -> Answer {
        self.choice = Choice::default();
        if self.editor.text().trim().is_empty() {
            self.found = None;
        }
        Answer::Ask
    }

    fn open(&self) -> Answer {
        match self.hits().get(self.choice.at) {
            Some(Hit { kind: Kind::Case, id, .. }) => Answer::Go(Place::Case(CaseId(*id))),
            Some(Hit { kind: Kind::Task, id, .. }) => Answer::Go(Place::Task(TaskId(*id))),
            Some(Hit { kind: Kind::Entry, id, .. }) => Answer::Go(Place::Entry(EntryId(*id))),
            Some(Hit { kind: Kind::Person, id, .. }) => Answer::Go(Place::Person(PersonId(*id))),
            Some(Hit { kind: Kind::Unit, id, .. }) => Answer::Go(Place::Unit(UnitId(*id))),
            Some(_) => Answer::Say("find.no_sheet".to_owned()),
            None => Answer::Stay,
        }
    }
}

const TIPS: &[Tip] = &[
    Tip::new(Key::Enter, "find.open"),
    Tip::new(Key::Up, "find.up"),
    Tip::new(Key::Down, "find.down"),
    Tip::new(Key::Esc, "find.close"),
];

impl Over for Finder {
    fn name(&self) -> &'static str {
        "finder"
    }

    fn tips(&self) -> &'static [Tip] {
        TIPS
    }

    fn wants(&self) -> Vec<Request> {
        let text = self.editor.text().trim().to_owned();
        if text.is_empty() {
            return Vec::new();
        }
        vec![Request::Find { text, kinds: Vec::new(), most: HITS }]
    }

    fn got(&mut self, _: usize, reply: Reply, _: &View<'_>) {
        if let Reply::Found(found) = reply {
            self.found = Some(found);
        }
    }

    fn touched(&self, _: &Notice) -> bool {
        !self.editor.text().trim().is_empty()
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        let n_hits = self.hits().len();
        match key {
            Key::Esc => Answer::Close,
            Key::Enter => self.open(),
            _ if self.choice.moved(key, n_hits) => Answer::Stay,
            _ => match self.editor.take(key) {
                Typed::Changed { .. } => self.changed(),
                _ => Answer::Stay,
            },
        }
    }

    fn rows(&mut self) -> Option<Rows<'_>> {
        let n_rows = self.hits().len();
        Some(Rows::BelowEditor(n_rows, &mut self.choice))
    }

    fn pasted(&mut self, pasted: &Pasted, _: &View<'_>) -> Answer {
        match self.editor.paste(pasted) {
            Typed::Changed { .. } => self.changed(),
            _ => Answer::Stay,
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let seen = Panel::seen(area, (self.hits().len(), self.choice), Above::Editor);
        let of = |(at, hit): (usize, &Hit)| match seen.contains(&at) {
            true => row(view, hit),
            false => Pieces::new(),
        };
        let rows = self.hits().iter().enumerate().map(of).collect();
        let foot = match &self.found {
            None => locale::text(view.lang, "find.hint"),
            Some(found) if found.hits.is_empty() && found.warming => {
                locale::text(view.lang, "find.warming")
            }
            Some(found) if found.hits.is_empty() => locale::text(view.lang, "find.nothing"),
            Some(found) => {
                let args =
                    [("shown", found.hits.len().to_string()), ("total", found.total.to_string())];
                let key = if found.at_least { "find.at_least" } else { "find.count" };
                locale::fill(view.lang, key, &args)
            }
        };
        let title = locale::text(view.lang, "find.title");
        let panel =
            Panel { title: &title, editor: Some(&self.editor), rows, choice: self.choice, foot };
        panel.draw(frame, area, view.look)
    }
}

fn row(view: &View<'_>, hit: &Hit) -> Pieces {
    const TITLE: usize = 32;
    let kind = locale::text(view.lang, &format!("kind.{}", hit.kind.key()));
    let mut pieces = vec![(pad_right(&kind, 9), Role::Dim)];
    let marks: &[(u32, u32)] = if hit.shown.is_none() { &hit.marks } else { &[] };
    pieces.extend(marked(&hit.title, marks, Role::Text));
    let gap = TITLE.saturating_sub(width(&hit.title)).max(2);
    pieces.push((" ".repeat(gap), Role::Text));
    pieces.push((format!("{}  ", hit.note), Role::Dim));
    if let Some(shown) = &hit.shown {
        let why = locale::text(view.lang, &format!("why.{}", hit.why));
        pieces.push((format!("{why}:"), Role::Dim));
        pieces.extend(marked(shown, &hit.marks, Role::Text));
    }
    pieces
}
