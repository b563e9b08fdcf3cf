//! How the screen looks to this clerk: a row for each setting, turned with the arrows or a digit.

use std::collections::BTreeMap;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::prefs::{NAMES, kept_name, words};
use crate::tui::screen::View;
use crate::tui::screen::list::{Choice, Panel, Pieces};
use crate::tui::screen::over::{Answer, Over, Rows, Tip};
use crate::tui::text::pad_right;

/// The settings of the screen.
pub struct Preferences {
    settings: BTreeMap<String, String>,
    term: String,
    choice: Choice,
}

impl Preferences {
    /// The settings as they are kept, on a terminal of that kind.
    pub fn new(settings: &BTreeMap<String, String>, term: &str) -> Self {
        Self { settings: settings.clone(), term: term.to_owned(), choice: Choice::default() }
    }

    /// The place of the present word among those that a setting may have.
    fn at(&self, name: &str) -> usize {
        let word = self.settings.get(&kept_name(name, &self.term));
        let place = |word: &String| words(name).iter().position(|other| other == word);
        word.and_then(place).unwrap_or_default()
    }

    fn turn(&mut self, row: usize, steps: usize) -> Answer {
        let Some(name) = NAMES.get(row) else { return Answer::Stay };
        self.choice.at = row;
        let words = words(name);
        let at = (self.at(name) + steps) % words.len().max(1);
        let Some(word) = words.get(at) else { return Answer::Stay };
        let name = kept_name(name, &self.term);
        self.settings.insert(name.clone(), (*word).to_owned());
        Answer::Prefer(name, (*word).to_owned())
    }

    fn row(&self, (at, name): (usize, &&str), view: &View<'_>) -> Pieces {
        let present = self.at(name);
        let label = locale::text(view.lang, &format!("pref.{name}"));
        let mut pieces =
            vec![(format!("{} ", at + 1), Role::Key), (pad_right(&label, 20), Role::Text)];
        pieces.extend(words(name).iter().enumerate().map(|(at, word)| {
            let text = locale::text(view.lang, &format!("pref.{name}.{word}"));
            if at == present {
                (format!("[{text}]"), Role::Title)
            } else {
                (format!(" {text} "), Role::Dim)
            }
        }));
        pieces
    }
}

const TIPS: &[Tip] = &[
    Tip::new(Key::Right, "form.turn"),
    Tip::new(Key::Up, "find.up"),
    Tip::new(Key::Down, "find.down"),
    Tip::new(Key::Esc, "find.close"),
];

impl Over for Preferences {
    fn name(&self) -> &'static str {
        "preferences"
    }

    fn tips(&self) -> &'static [Tip] {
        TIPS
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        let n_words = NAMES.get(self.choice.at).map_or(1, |name| words(name).len());
        match key.fold() {
            Key::Esc => Answer::Close,
            Key::Enter | Key::Right | Key::Char(' ') => self.turn(self.choice.at, 1),
            Key::Left => self.turn(self.choice.at, n_words - 1),
            Key::Char(digit @ '1'..='9') => self.turn(digit as usize - '1' as usize, 1),
            key => {
                self.choice.moved(key, NAMES.len());
                Answer::Stay
            }
        }
    }

    fn rows(&mut self) -> Option<Rows<'_>> {
        Some(Rows::Bare(NAMES.len(), &mut self.choice))
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let rows = NAMES.iter().enumerate().map(|row| self.row(row, view)).collect();
        let title = locale::text(view.lang, "cmd.preferences");
        let foot = locale::text(view.lang, "pref.foot");
        let panel = Panel { title: &title, editor: None, rows, choice: self.choice, foot };
        panel.draw(frame, area, view.look)
    }
}
