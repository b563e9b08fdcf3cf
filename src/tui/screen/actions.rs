//! The numbered menu of what can be done; what is not possible is grey and says why.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::locale;
use crate::tui::command::Command;
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::look::Role;
use crate::tui::screen::list::Pieces;
use crate::tui::screen::numbered::{Numbered, Shown, Took};
use crate::tui::screen::over::{Answer, CHOOSING, Over, Rows, Tip};
use crate::tui::screen::{Selection, View};

/// The menu.
pub struct Actions {
    commands: Vec<&'static Command>,
    selection: Selection,
    /// The command that takes a name typed instead of a digit.
    typed: Option<&'static Command>,
    numbered: Numbered,
}

impl Actions {
    /// A menu of commands on what is selected.
    pub fn new(
        commands: Vec<&'static Command>,
        selection: &Selection,
        typed: Option<&'static Command>,
    ) -> Self {
        Self { commands, selection: selection.clone(), typed, numbered: Numbered::default() }
    }

    fn run(&self, at: usize, view: &View<'_>) -> Answer {
        let Some(command) = self.commands.get(at) else { return Answer::Stay };
        match command.is_possible(view.me, &self.selection) {
            Ok(()) => Answer::Run(command),
            Err(why) => Answer::Say(why),
        }
    }

    fn row(&self, command: &'static Command, view: &View<'_>) -> Pieces {
        let label = locale::text(view.lang, &command.label());
        match command.is_possible(view.me, &self.selection) {
            Ok(()) => vec![(label, Role::Text)],
            Err(why) => {
                let why = locale::text(view.lang, &why);
                vec![(format!("{label}  "), Role::Disabled), (why, Role::Dim)]
            }
        }
    }
}

impl Over for Actions {
    fn name(&self) -> &'static str {
        "actions"
    }

    fn tips(&self) -> &'static [Tip] {
        CHOOSING
    }

    fn typed(&mut self, key: Key, view: &View<'_>) -> Answer {
        match (self.numbered.take(key, self.commands.len()), self.typed) {
            (Took::Close, _) => Answer::Close,
            (Took::Chose(at), _) => self.run(at, view),
            (Took::Other(Key::Char(char)), Some(command)) if char.is_alphanumeric() => {
                Answer::RunWith(command, char.to_string())
            }
            (Took::Moved | Took::Other(_), _) => Answer::Stay,
        }
    }

    fn rows(&mut self) -> Option<Rows<'_>> {
        Some(Rows::Numbered(self.commands.len(), &mut self.numbered))
    }

    fn pasted(&mut self, pasted: &Pasted, _: &View<'_>) -> Answer {
        match self.typed {
            Some(command) => Answer::RunWith(command, pasted.text.trim().to_owned()),
            None => Answer::Stay,
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let rows: Vec<Pieces> =
            self.commands.iter().map(|command| self.row(command, view)).collect();
        let foot = match (&self.typed, rows.is_empty()) {
            (_, true) => locale::text(view.lang, "pick.no_actions"),
            (Some(_), false) => locale::text(view.lang, "pick.type_a_name"),
            (None, false) => String::new(),
        };
        let actions = locale::text(view.lang, "cmd.actions");
        let name = &self.selection.name;
        let title = if name.is_empty() { &actions } else { name };
        self.numbered.draw((frame, area), Shown { title, rows: &rows, foot }, view);
        None
    }
}
