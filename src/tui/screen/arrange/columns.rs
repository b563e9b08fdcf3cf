//! The columns of a list: which are shown, and in which order; kept for the clerk at once.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::domain::listing::{Column, List, columns_text};
use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::prefs::columns_name;
use crate::tui::screen::View;
use crate::tui::screen::arrange::{Arrange, column_text};
use crate::tui::screen::list::Pieces;
use crate::tui::screen::numbered::{Numbered, Shown, Took};
use crate::tui::screen::over::{Answer, Over, Rows, Tip};

/// The columns, those that are shown first.
pub struct Columns {
    list: List,
    columns: Vec<Column>,
    n_shown: usize,
    numbered: Numbered,
    has_changed: bool,
}

impl Columns {
    /// The columns of a list that shows these.
    pub fn new(list: List, shown: Vec<Column>) -> Self {
        let n_shown = shown.len();
        let mut columns = shown;
        let others: Vec<_> = list.shows().filter(|own| !columns.contains(own)).collect();
        columns.extend(others);
        Self { list, columns, n_shown, numbered: Numbered::default(), has_changed: false }
    }

    /// The columns, and behind them the row that gives the usual ones back.
    fn n_rows(&self) -> usize {
        self.columns.len() + 1
    }

    fn choose(&mut self, at: usize) -> Answer {
        self.numbered.choice.at = at;
        if at >= self.columns.len() {
            *self = Self { has_changed: true, ..Self::new(self.list, self.list.usual(0)) };
            return self.keep(String::new());
        }
        if at < self.n_shown {
            if self.n_shown == 1 {
                return Answer::Say("list.one_column_stays".to_owned());
            }
            self.move_row(at, self.n_shown - 1);
            self.n_shown -= 1;
        } else {
            self.move_row(at, self.n_shown);
            self.n_shown += 1;
        }
        self.keep_shown()
    }

    /// A column that is shown goes one place to the left or to the right.
    fn shift(&mut self, key: Key) -> Answer {
        let at = self.numbered.choice.at;
        let to = match key {
            Key::Left => at.checked_sub(1),
            Key::Right => Some(at + 1),
            _ => None,
        };
        match to.filter(|to| at < self.n_shown && *to < self.n_shown) {
            Some(to) => {
                self.move_row(at, to);
                self.numbered.choice.at = to;
                self.keep_shown()
            }
            None => Answer::Stay,
        }
    }

    fn move_row(&mut self, from: usize, to: usize) {
        if from < self.columns.len() && to < self.columns.len() {
            let column = self.columns.remove(from);
            self.columns.insert(to, column);
        }
    }

    fn keep_shown(&mut self) -> Answer {
        let shown = self.columns.get(..self.n_shown).map(columns_text);
        self.keep(shown.unwrap_or_default())
    }

    fn keep(&mut self, columns: String) -> Answer {
        self.has_changed = true;
        Answer::Prefer(columns_name(self.list), columns)
    }
}

const TIPS: &[Tip] = &[
    Tip::new(Key::Enter, "list.toggle"),
    Tip::new(Key::Left, "list.left"),
    Tip::new(Key::Right, "list.right"),
    Tip::new(Key::Up, "find.up"),
    Tip::new(Key::Down, "find.down"),
    Tip::new(Key::Esc, "find.close"),
];

impl Over for Columns {
    fn name(&self) -> &'static str {
        "columns"
    }

    fn tips(&self) -> &'static [Tip] {
        TIPS
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        match self.numbered.take(key, self.n_rows()) {
            Took::Close if self.has_changed => Answer::Arrange(Box::new(Arrange::Own)),
            Took::Close => Answer::Close,
            Took::Chose(at) => self.choose(at),
            Took::Other(Key::Char(' ')) => self.choose(self.numbered.choice.at),
            Took::Other(key) => self.shift(key),
            Took::Moved => Answer::Stay,
        }
    }

    fn rows(&mut self) -> Option<Rows<'_>> {
        let n_rows = self.n_rows();
        Some(Rows::Numbered(n_rows, &mut self.numbered))
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let row = |(at, column): (usize, &Column)| -> Pieces {
            let label = column_text(view.lang, (self.list, *column));
            match at < self.n_shown {
                true => vec![("[x] ".to_owned(), Role::Title), (label, Role::Text)],
                false => vec![("[ ] ".to_owned(), Role::Dim), (label, Role::Dim)],
            }
        };
        let mut rows: Vec<Pieces> = self.columns.iter().enumerate().map(row).collect();
        rows.push(vec![(locale::text(view.lang, "list.usual_columns"), Role::Text)]);
        let title = locale::text(view.lang, "cmd.columns");
        let foot = locale::text(view.lang, "list.columns.foot");
        self.numbered.draw((frame, area), Shown { title: &title, rows: &rows, foot }, view);
        None
    }
}
