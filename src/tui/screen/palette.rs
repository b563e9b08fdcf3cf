//! The search over commands, by their names, pinyin and initials.

use std::cmp::Reverse;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::reply::Me;
use crate::domain::text::Lines;
use crate::locale;
use crate::spell::rank::rank;
use crate::spell::reading::Speller;
use crate::tui::command::page::key_names;
use crate::tui::command::{COMMANDS, Command, On};
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::look::Role;
use crate::tui::screen::list::{Choice, Panel, Pieces, marked};
use crate::tui::screen::over::{Answer, CHOOSING, Over, Rows, Tip};
use crate::tui::screen::{Selection, View};
use crate::tui::text::pad_right;
use crate::tui::widget::input::{Editor, Typed};

/// The search.
pub struct Palette {
    editor: Editor,
    speller: Speller,
    labels: Vec<String>,
    shown: Vec<(usize, Vec<(u32, u32)>)>,
    /// How near a command is here, by its place in the table; none if it is not offered.
    nearness: Vec<Option<Nearness>>,
    selection: Selection,
    choice: Choice,
}

/// Of two commands that a word fits alike the nearer one comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    /// It is done to what is selected.
    Selected,
    /// It can be done.
    Possible,
    /// It cannot be done now.
    Impossible,
}

impl Nearness {
    fn of(command: &Command, (me, selection): (&Me, &Selection)) -> Option<Self> {
        command.is_offered(me).then(|| match command.is_possible(me, selection) {
            Err(_) => Self::Impossible,
            Ok(()) if matches!(command.on, On::One(_)) => Self::Selected,
            Ok(()) => Self::Possible,
        })
    }
}

impl Palette {
    /// A search over all commands.
    pub fn new(view: &View<'_>, selection: &Selection) -> Self {
        let labels =
            COMMANDS.iter().map(|command| locale::text(view.lang, &command.label())).collect();
        let mut palette = Self {
            editor: Editor::new(Lines::One, 40),
            speller: Speller::new(),
            labels,
            shown: Vec::new(),
            nearness: COMMANDS
                .iter()
                .map(|command| Nearness::of(command, (view.me, selection)))
                .collect(),
            selection: selection.clone(),
            choice: Choice::default(),
        };
        palette.sift();
        palette
    }

    fn sift(&mut self) {
        let near = |at: usize| self.nearness.get(at).copied().flatten();
        let mut matches = rank(&self.speller, self.editor.text(), &self.labels);
        matches.retain(|found| near(found.index).is_some());
        // Without a word the commands stand as in their table.
        if !self.editor.text().is_empty() {
            matches.sort_by_key(|found| (Reverse(found.score), near(found.index)));
        }
        let shown = matches.into_iter().map(|found| (found.index, places(&found.marks)));
        self.shown = shown.collect();
        self.choice = Choice::default();
    }

    fn command(&self, at: usize) -> Option<&'static Command> {
        COMMANDS.get(self.shown.get(at)?.0)
    }

    fn row(&self, (index, marks): &(usize, Vec<(u32, u32)>), view: &View<'_>) -> Pieces {
        let Some(command) = COMMANDS.get(*index) else { return Vec::new() };
        let keys = pad_right(&key_names(command, view.lang), 14);
        let label = self.labels.get(*index).map_or("", String::as_str);
        match command.is_possible(view.me, &self.selection) {
            Ok(()) => {
                let mut pieces = vec![(keys, Role::Key)];
                pieces.extend(marked(label, marks, Role::Text));
                pieces
            }
            Err(why) => {
                let why = locale::text(view.lang, &why);
                vec![(format!("{keys}{label}  "), Role::Disabled), (why, Role::Dim)]
            }
        }
    }
}

/// Ranges of characters as the pairs that hits carry.
pub fn places(marks: &[std::ops::Range<usize>]) -> Vec<(u32, u32)> {
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    marks.iter().map(|mark| (place(mark.start), place(mark.end))).collect()
}

impl Over for Palette {
    fn name(&self) -> &'static str {
        "palette"
    }

    fn tips(&self) -> &'static [Tip] {
        CHOOSING
    }

    fn typed(&mut self, key: Key, view: &View<'_>) -> Answer {
        match key {
            Key::Esc => Answer::Close,
            Key::Enter => match self.command(self.choice.at) {
                Some(command) => match command.is_possible(view.me, &self.selection) {
                    Ok(()) => Answer::Run(command),
                    Err(why) => Answer::Say(why),
                },
                None => Answer::Stay,
            },
            _ if self.choice.moved(key, self.shown.len()) => Answer::Stay,
            _ => {
                if matches!(self.editor.take(key), Typed::Changed { .. }) {
                    self.sift();
                }
                Answer::Stay
            }
        }
    }

    fn rows(&mut self) -> Option<Rows<'_>> {
        Some(Rows::BelowEditor(self.shown.len(), &mut self.choice))
    }

    fn pasted(&mut self, pasted: &Pasted, _: &View<'_>) -> Answer {
        self.editor.paste(pasted);
        self.sift();
        Answer::Stay
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let rows = self.shown.iter().map(|row| self.row(row, view)).collect();
        let title = locale::text(view.lang, "find.commands");
        let foot = if self.shown.is_empty() {
            locale::text(view.lang, "find.nothing")
        } else {
            String::new()
        };
        let panel =
            Panel { title: &title, editor: Some(&self.editor), rows, choice: self.choice, foot };
        panel.draw(frame, area, view.look)
    }
}
