//! The menu over a paste for which no text box was open: what is to become of it.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::locale;
use crate::tui::incoming::extent;
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::list::Pieces;
use crate::tui::screen::numbered::{Numbered, Shown, Took};
use crate::tui::screen::over::{Answer, CHOOSING, Over, Rows, Tip};

/// What can become of a paste.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Its cells are brought in.
    BringIn,
    /// It is the request of a receipt.
    Register,
    /// Its first line is looked for.
    Find,
}

impl Fate {
    /// The key of its text.
    const fn key(self) -> &'static str {
        match self {
            Self::BringIn => "paste.bring_in",
            Self::Register => "paste.register",
            Self::Find => "paste.find",
        }
    }
}

/// The menu.
pub struct PastedMenu {
    fates: [Fate; 2],
    text: String,
    cells: Option<String>,
    numbered: Numbered,
}

impl PastedMenu {
    /// A menu of what suits the paste best, and of looking for it.
    pub fn new(best: Fate, pasted: &Pasted) -> Self {
        Self {
            fates: [best, Fate::Find],
            text: pasted.text.clone(),
            cells: pasted.cells.clone(),
            numbered: Numbered::default(),
        }
    }

    fn choose(&self, at: usize) -> Answer {
        match (self.fates.get(at), &self.cells) {
            (Some(Fate::BringIn), Some(cells)) => Answer::Paste(Fate::BringIn, cells.clone()),
            (Some(fate), _) => Answer::Paste(*fate, self.text.clone()),
            (None, _) => Answer::Stay,
        }
    }

    /// What was pasted, in numbers.
    fn foot(&self, view: &View<'_>) -> String {
        match &self.cells {
            Some(cells) => {
                let (rows, columns) = extent(cells);
                let args = [("rows", rows.to_string()), ("columns", columns.to_string())];
                locale::fill(view.lang, "paste.cells", &args)
            }
            None => {
                let args = [("count", self.text.chars().count().to_string())];
                locale::fill(view.lang, "paste.text", &args)
            }
        }
    }
}

impl Over for PastedMenu {
    fn name(&self) -> &'static str {
        "pasted"
    }

    fn tips(&self) -> &'static [Tip] {
        CHOOSING
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        match self.numbered.take(key, self.fates.len()) {
            Took::Close => Answer::Close,
            Took::Chose(at) => self.choose(at),
            Took::Moved | Took::Other(_) => Answer::Stay,
        }
    }

    fn rows(&mut self) -> Option<Rows<'_>> {
        Some(Rows::Numbered(self.fates.len(), &mut self.numbered))
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let row = |fate: &Fate| vec![(locale::text(view.lang, fate.key()), Role::Text)];
        let rows: Vec<Pieces> = self.fates.iter().map(row).collect();
        let title = locale::text(view.lang, "paste.title");
        let shown = Shown { title: &title, rows: &rows, foot: self.foot(view) };
        self.numbered.draw((frame, area), shown, view);
        None
    }
}
