//! The numbered menu of what can be done; what is not possible is grey and says why.
//!
//! What is done with the selected thing is seen at once; two rows at its end open the rest.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::locale;
use crate::tui::command::Command;
use crate::tui::command::menu::Menu;
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::look::Role;
use crate::tui::screen::list::Pieces;
use crate::tui::screen::numbered::{Numbered, Shown, Took};
use crate::tui::screen::over::{Answer, CHOOSING, Over, Rows, Tip};
use crate::tui::screen::{Selection, View};

/// The menu.
pub struct Actions {
    menu: Menu,
    part: Part,
    selection: Selection,
    /// The command that takes a name typed instead of a digit.
    typed: Option<&'static Command>,
    numbered: Numbered,
}

/// The part of a menu that is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Own,
    Rest,
    NotNow,
}

/// What a row of the menu is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    Gives(&'static Command),
    /// It opens a folded part, of so many rows.
    Opens(Part, usize),
}

impl Actions {
    /// A menu of commands on what is selected.
    pub fn new(menu: Menu, selection: &Selection, typed: Option<&'static Command>) -> Self {
        let selection = selection.clone();
        Self { menu, part: Part::Own, selection, typed, numbered: Numbered::default() }
    }

    /// The rows of the part that is seen; those that open the other parts stand last.
    fn items(&self) -> Vec<Item> {
        let commands = match self.part {
            Part::Own => &self.menu.own,
            Part::Rest => &self.menu.rest,
            Part::NotNow => &self.menu.not_now,
        };
        let folded = [(Part::Rest, &self.menu.rest), (Part::NotNow, &self.menu.not_now)];
        let folded = folded.into_iter().filter(|_| self.part == Part::Own);
        let folded = folded.map(|(part, commands)| (part, commands.len()));
        let folded = folded.filter(|(_, n_rows)| *n_rows > 0);
        let own = commands.iter().map(|command| Item::Gives(command));
        own.chain(folded.map(|(part, n_rows)| Item::Opens(part, n_rows))).collect()
    }

    fn run(&mut self, at: usize, view: &View<'_>) -> Answer {
        match self.items().get(at) {
            None => Answer::Stay,
            Some(Item::Opens(part, _)) => {
                self.part = *part;
                self.numbered = Numbered::default();
                Answer::Stay
            }
            Some(Item::Gives(command)) => match command.is_possible(view.me, &self.selection) {
                Ok(()) => Answer::Run(command),
                Err(why) => Answer::Say(why),
            },
        }
    }

    /// Back to the part that was seen first, on the row that led here; closes the menu there.
    fn back(&mut self) -> Answer {
        let from = std::mem::replace(&mut self.part, Part::Own);
        if from == Part::Own {
            return Answer::Close;
        }
        let is_way = |item: &Item| matches!(item, Item::Opens(part, _) if *part == from);
        self.numbered.choice.at = self.items().iter().position(is_way).unwrap_or_default();
        Answer::Stay
    }

    fn row(&self, item: Item, view: &View<'_>) -> Pieces {
        let command = match item {
            Item::Gives(command) => command,
            Item::Opens(part, n_rows) => {
                let key = if part == Part::Rest { "pick.rest" } else { "pick.not_now" };
                let text = locale::fill(view.lang, key, &[("count", n_rows.to_string())]);
                return vec![(text, Role::Dim)];
            }
        };
        let label = locale::text(view.lang, &command.label_on(&self.selection));
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
        let n_rows = self.items().len();
        match (self.numbered.take(key, n_rows), self.typed) {
            (Took::Close, _) => self.back(),
            (Took::Chose(at), _) => self.run(at, view),
            (Took::Other(Key::Char(char)), Some(command)) if char.is_alphanumeric() => {
                Answer::RunWith(command, char.to_string())
            }
            (Took::Moved | Took::Other(_), _) => Answer::Stay,
        }
    }

    fn rows(&mut self) -> Option<Rows<'_>> {
        Some(Rows::Numbered(self.items().len(), &mut self.numbered))
    }

    fn pasted(&mut self, pasted: &Pasted, _: &View<'_>) -> Answer {
        match self.typed {
            Some(command) => Answer::RunWith(command, pasted.text.trim().to_owned()),
            None => Answer::Stay,
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let rows: Vec<Pieces> = self.items().into_iter().map(|item| self.row(item, view)).collect();
        let foot = match (&self.typed, rows.is_empty()) {
            (_, true) => locale::text(view.lang, "pick.no_actions"),
            (Some(_), false) => locale::text(view.lang, "pick.type_a_name"),
            (None, false) => String::new(),
        };
        let actions = locale::text(view.lang, "cmd.actions");
        let selection = &self.selection;
        let marked = [("count", selection.n_marked.to_string())];
        let title = match (selection.has_marks(), selection.name.is_empty()) {
            (true, _) => &locale::fill(view.lang, "pick.marked", &marked),
            (false, true) => &actions,
            (false, false) => &selection.name,
        };
        self.numbered.draw((frame, area), Shown { title, rows: &rows, foot }, view);
        None
    }
}
