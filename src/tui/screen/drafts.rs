//! The forms that were left half typed: go on with one, begin anew, or throw one away.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::own::Draft;
use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::list::{Choice, Panel, Pieces};
use crate::tui::screen::over::{Answer, Over, Rows, Tip};
use crate::tui::screen::paper::kept::{PAPER, PAPERS};
use crate::tui::screen::row::flat;
use crate::tui::text::{cut, pad_right};

/// Minutes that the office's clock is ahead of the world's.
const OFFICE_MINUTES: i64 = 8 * 60;
/// The columns of the first texts of a form.
const TEXTS: usize = 48;

/// Half-typed forms.
pub struct Drafts {
    drafts: Vec<Draft>,
    /// Whether the form of one command was asked for, which may also be begun anew.
    may_begin: bool,
    choice: Choice,
}

impl Drafts {
    /// All that are kept.
    pub fn new(drafts: Vec<Draft>) -> Self {
        Self { drafts, may_begin: false, choice: Choice::default() }
    }

    /// Those of the form that is about to be opened.
    pub fn before_form(drafts: Vec<Draft>) -> Self {
        Self { may_begin: true, ..Self::new(drafts) }
    }

    fn n_rows(&self) -> usize {
        self.drafts.len() + usize::from(self.may_begin)
    }

    fn choose(&self, at: usize) -> Answer {
        match self.drafts.get(at) {
            Some(draft) => Answer::Resume(draft.name.clone()),
            None if self.may_begin && at == self.drafts.len() => Answer::Fresh,
            None => Answer::Stay,
        }
    }

    fn drop_chosen(&mut self) -> Answer {
        if self.choice.at >= self.drafts.len() {
            return Answer::Stay;
        }
        let draft = self.drafts.remove(self.choice.at);
        self.choice.at = self.choice.at.min(self.n_rows().saturating_sub(1));
        Answer::DropDraft(draft.name)
    }

    fn row(at: usize, draft: &Draft, view: &View<'_>) -> Pieces {
        let label = locale::text(view.lang, &format!("cmd.{}", draft.command));
        let at_office = draft.kept_at + chrono::TimeDelta::minutes(OFFICE_MINUTES);
        let typed: Vec<&str> = ["name", "request", "text", "reason", "words", "title"]
            .iter()
            .filter_map(|field| draft.fields.get(*field))
            .map(String::as_str)
            .filter(|text| !text.trim().is_empty())
            .collect();
        // Which paper it is says more than that it is one.
        let paper = draft.fields.get(PAPER).filter(|_| draft.command == PAPERS);
        let paper =
            paper.map(|word| locale::text(view.lang, &format!("choice.paper.{word}")) + " ");
        let paper = paper.unwrap_or_default();
        let texts = flat(&format!("{paper}{} {}", draft.title, typed.join(" ")));
        vec![
            (digit(at), Role::Key),
            (pad_right(&label, 12), Role::Text),
            (at_office.format("%m-%d %H:%M  ").to_string(), Role::Dim),
            (cut(texts.trim(), TEXTS).into_owned(), Role::Text),
        ]
    }
}

fn digit(at: usize) -> String {
    if at < 9 { format!("{} ", at + 1) } else { "  ".to_owned() }
}

const TIPS: &[Tip] = &[
    Tip::new(Key::Enter, "drafts.go_on"),
    Tip::new(Key::Delete, "drafts.drop"),
    Tip::new(Key::Up, "find.up"),
    Tip::new(Key::Down, "find.down"),
    Tip::new(Key::Esc, "drafts.later"),
];

impl Over for Drafts {
    fn name(&self) -> &'static str {
        "drafts"
    }

    fn tips(&self) -> &'static [Tip] {
        TIPS
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        match key.fold() {
            Key::Esc => Answer::Close,
            Key::Enter => self.choose(self.choice.at),
            Key::Char(digit @ '1'..='9') => self.choose(digit as usize - '1' as usize),
            Key::Delete | Key::Backspace => self.drop_chosen(),
            key => {
                self.choice.moved(key, self.n_rows());
                Answer::Stay
            }
        }
    }

    fn rows(&mut self) -> Option<Rows<'_>> {
        Some(Rows::Bare(self.drafts.len(), &mut self.choice))
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let rows = self.drafts.iter().enumerate().map(|(at, draft)| Self::row(at, draft, view));
        let begin = self.may_begin.then(|| {
            let text = locale::text(view.lang, "drafts.begin");
            vec![(digit(self.drafts.len()), Role::Key), (text, Role::Text)]
        });
        let title = locale::text(view.lang, "cmd.drafts");
        let panel = Panel {
            title: &title,
            editor: None,
            rows: rows.chain(begin).collect(),
            choice: self.choice,
            foot: locale::text(view.lang, "drafts.foot"),
        };
        panel.draw(frame, area, view.look)
    }
}
