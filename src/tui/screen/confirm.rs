//! A question before something is lost: asked once, naming what is lost. The safe answer is chosen
//! at first.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::locale::{self, Lang};
use crate::tui::command::Command;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::list::{self, Above, Panel};
use crate::tui::screen::over::{Answer, Over, Tip};

/// What is asked. Its texts stand in the catalogue under `confirm.WORD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// May the typed text of a form go?
    DropTyped,
    /// Leave the program with a form half filled?
    QuitTyped,
    /// Leave the program before the answer to an order has come?
    QuitWaiting,
    /// Do what a command says to what is selected?
    Give,
}

impl Question {
    /// The word of the question.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DropTyped => "drop_typed",
            Self::QuitTyped => "quit_typed",
            Self::QuitWaiting => "quit_waiting",
            Self::Give => "give",
        }
    }
}

/// The two answers, in the order of their digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    Stay,
    Go,
}

/// A question over everything.
#[derive(Debug)]
pub struct Confirm {
    question: Question,
    choice: Choice,
    /// Its text, where it names something.
    text: Option<String>,
}

impl Confirm {
    /// The question, with the safe answer chosen.
    pub fn new(question: Question) -> Self {
        Self { question, choice: Choice::Stay, text: None }
    }

    /// Whether a command is really meant for what is selected.
    pub fn give(command: &Command, name: &str, lang: Lang) -> Self {
        let label = locale::text(lang, &command.label());
        let args = [("label", label), ("name", name.to_owned())];
        let text = Some(locale::fill(lang, "confirm.give", &args));
        Self { question: Question::Give, choice: Choice::Stay, text }
    }
}

const TIPS: &[Tip] = &[
    Tip::new(Key::Char('1'), "confirm.stay"),
    Tip::new(Key::Char('2'), "confirm.go"),
    Tip::new(Key::Esc, "confirm.stay"),
];

impl Over for Confirm {
    fn name(&self) -> &'static str {
        self.question.name()
    }

    fn tips(&self) -> &'static [Tip] {
        TIPS
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        match key.fold() {
            Key::Up | Key::Down | Key::Tab | Key::BackTab | Key::Left | Key::Right => {
                self.choice = match self.choice {
                    Choice::Stay => Choice::Go,
                    Choice::Go => Choice::Stay,
                };
                Answer::Stay
            }
            Key::Esc | Key::Char('1' | 'n') => Answer::Close,
            Key::Char('2' | 'y') => Answer::Sure,
            Key::Enter => match self.choice {
                Choice::Stay => Answer::Close,
                Choice::Go => Answer::Sure,
            },
            _ => Answer::Stay,
        }
    }

    fn clicked(&mut self, at: Position, area: Rect, _: &View<'_>) -> Answer {
        let choice = list::Choice { at: usize::from(self.choice == Choice::Go) };
        match Panel::row_at((area, at), (2, choice), Above::Nothing) {
            Some(0) => Answer::Close,
            Some(_) => Answer::Sure,
            None => Answer::Stay,
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let usual = || locale::text(view.lang, &format!("confirm.{}", self.question.name()));
        let text = self.text.clone().unwrap_or_else(usual);
        let title = locale::text(view.lang, "confirm.title");
        let rows = [("1 ", "confirm.stay"), ("2 ", "confirm.go")].map(|(digit, label)| {
            vec![(digit.to_owned(), Role::Key), (locale::text(view.lang, label), Role::Text)]
        });
        let choice = list::Choice { at: usize::from(self.choice == Choice::Go) };
        let panel = Panel { title: &title, editor: None, rows: rows.to_vec(), choice, foot: text };
        panel.draw(frame, area, view.look)
    }
}
