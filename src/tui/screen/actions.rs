//! The numbered menu of what can be done, nine rows a page; what is not possible is grey and says
//! why. Digits choose on the page that is seen, 0 turns it.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::locale;
use crate::tui::command::Command;
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::look::Role;
use crate::tui::screen::list::{Choice, Panel, Pieces};
use crate::tui::screen::over::{Answer, Over, Tip};
use crate::tui::screen::{Selection, View};

/// The rows of a page: as many as there are digits.
const PAGE: usize = 9;

/// The menu.
pub struct Actions {
    commands: Vec<&'static Command>,
    selection: Selection,
    /// The command that takes a name typed instead of a digit.
    typed: Option<&'static Command>,
    choice: Choice,
}

impl Actions {
    /// A menu of commands on what is selected.
    pub fn new(
        commands: Vec<&'static Command>,
        selection: &Selection,
        typed: Option<&'static Command>,
    ) -> Self {
        Self { commands, selection: selection.clone(), typed, choice: Choice::default() }
    }

    /// The place of the first row of the page that is seen.
    const fn first(&self) -> usize {
        self.choice.at / PAGE * PAGE
    }

    fn turn(&mut self) {
        let next = self.first() + PAGE;
        self.choice.at = if next < self.commands.len() { next } else { 0 };
    }

    fn run(&self, at: usize, view: &View<'_>) -> Answer {
        let Some(command) = self.commands.get(at) else { return Answer::Stay };
        match command.is_possible(view.me, &self.selection) {
            Ok(()) => Answer::Run(command),
            Err(why) => Answer::Say(why),
        }
    }

    fn row(&self, (at, command): (usize, &&'static Command), view: &View<'_>) -> Pieces {
        let label = locale::text(view.lang, &command.label());
        let digit = format!("{} ", at + 1);
        match command.is_possible(view.me, &self.selection) {
            Ok(()) => vec![(digit, Role::Key), (label, Role::Text)],
            Err(why) => {
                let why = locale::text(view.lang, &why);
                vec![(format!("{digit}{label}  "), Role::Disabled), (why, Role::Dim)]
            }
        }
    }
}

const TIPS: &[Tip] = &[
    Tip::new(Key::Enter, "pick.choose"),
    Tip::new(Key::Up, "find.up"),
    Tip::new(Key::Down, "find.down"),
    Tip::new(Key::Esc, "find.close"),
];

impl Over for Actions {
    fn name(&self) -> &'static str {
        "actions"
    }

    fn tips(&self) -> &'static [Tip] {
        TIPS
    }

    fn typed(&mut self, key: Key, view: &View<'_>) -> Answer {
        match key.fold() {
            Key::Esc => Answer::Close,
            Key::Enter => self.run(self.choice.at, view),
            Key::Char(char) => match (char.to_digit(10), self.typed) {
                (Some(0), _) => {
                    self.turn();
                    Answer::Stay
                }
                (Some(digit), _) => self.run(self.first() + digit as usize - 1, view),
                (None, Some(command)) if char.is_alphanumeric() => {
                    Answer::RunWith(command, char.to_string())
                }
                (_, _) => Answer::Stay,
            },
            key => {
                self.choice.moved(key, self.commands.len());
                Answer::Stay
            }
        }
    }

    fn pasted(&mut self, pasted: &Pasted, _: &View<'_>) -> Answer {
        match self.typed {
            Some(command) => Answer::RunWith(command, pasted.text.trim().to_owned()),
            None => Answer::Stay,
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let page = self.commands.iter().skip(self.first()).take(PAGE);
        let rows = page.enumerate().map(|row| self.row(row, view)).collect();
        let pages = self.commands.len().div_ceil(PAGE);
        let args = [("page", self.first() / PAGE + 1), ("pages", pages)];
        let args = args.map(|(name, number)| (name, number.to_string()));
        let foot = match (&self.typed, self.commands.is_empty()) {
            (_, true) => locale::text(view.lang, "pick.no_actions"),
            (Some(_), false) => locale::text(view.lang, "pick.type_a_name"),
            (None, false) if pages > 1 => locale::fill(view.lang, "pick.pages", &args),
            (None, false) => String::new(),
        };
        let choice = Choice { at: self.choice.at % PAGE };
        let actions = locale::text(view.lang, "cmd.actions");
        let name = &self.selection.name;
        let title = if name.is_empty() { &actions } else { name };
        let panel = Panel { title, editor: None, rows, choice, foot };
        panel.draw(frame, area, view.look)
    }
}
