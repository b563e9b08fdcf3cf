//! The menu of a list's orders: the one that is chosen again goes the other way.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::domain::listing::{Column, List, Sort};
use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::arrange::{Arrange, Arrangement, column_text};
use crate::tui::screen::list::Pieces;
use crate::tui::screen::numbered::{Numbered, Shown, Took};
use crate::tui::screen::over::{Answer, CHOOSING, Over, Rows, Tip};
use crate::tui::text::pad_right;

/// The menu.
pub struct Sorts {
    list: List,
    present: Sort,
    /// The orders that say nothing about the rows that are shown now, and why.
    dead: Vec<(Column, &'static str)>,
    numbered: Numbered,
}

impl Sorts {
    /// The orders of a list that is put so.
    pub fn new(arrangement: &Arrangement) -> Self {
        let (list, present) = (arrangement.list, arrangement.sort);
        let mut numbered = Numbered::default();
        numbered.choice.at = list.sorts().position(|by| by == present.by).unwrap_or(0);
        let dead = list.sorts().filter_map(|by| Some((by, arrangement.why_dead(by)?))).collect();
        Self { list, present, dead, numbered }
    }

    fn n_rows(&self) -> usize {
        self.list.sorts().count()
    }

    /// The order that a row stands for.
    fn order(&self, at: usize) -> Option<Sort> {
        let by = self.list.sorts().nth(at)?;
        Some(match by == self.present.by {
            true => Sort { direction: self.present.direction.turned(), ..self.present },
            false => Sort::usual(by),
        })
    }

    fn why_dead(&self, by: Column) -> Option<&'static str> {
        self.dead.iter().find(|(dead, _)| *dead == by).map(|(_, why)| *why)
    }

    fn choose(&self, at: usize) -> Answer {
        if let Some(why) = self.list.sorts().nth(at).and_then(|by| self.why_dead(by)) {
            return Answer::Say(why.to_owned());
        }
        self.order(at).map_or(Answer::Stay, |sort| Answer::Arrange(Box::new(Arrange::Sort(sort))))
    }

    fn row(&self, by: Column, view: &View<'_>) -> Pieces {
        let label = column_text(view.lang, (self.list, by));
        if let Some(why) = self.why_dead(by) {
            let why = locale::text(view.lang, why);
            return vec![(format!(" {label}  "), Role::Disabled), (why, Role::Dim)];
        }
        if by != self.present.by {
            return vec![(pad_right(&format!(" {label} "), 16), Role::Text)];
        }
        let is_usual = self.present == Sort::usual(by);
        let way = if is_usual { "list.way.usual" } else { "list.way.turned" };
        vec![
            (pad_right(&format!("[{label}]"), 16), Role::Title),
            (locale::text(view.lang, way), Role::Dim),
        ]
    }
}

impl Over for Sorts {
    fn name(&self) -> &'static str {
        "sorts"
    }

    fn tips(&self) -> &'static [Tip] {
        CHOOSING
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        match self.numbered.take(key, self.n_rows()) {
            Took::Close => Answer::Close,
            Took::Chose(at) => self.choose(at),
            Took::Moved | Took::Other(_) => Answer::Stay,
        }
    }

    fn rows(&mut self) -> Option<Rows<'_>> {
        let n_rows = self.n_rows();
        Some(Rows::Numbered(n_rows, &mut self.numbered))
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let rows: Vec<Pieces> = self.list.sorts().map(|by| self.row(by, view)).collect();
        let title = locale::text(view.lang, "cmd.sort");
        let foot = locale::text(view.lang, "list.sorts.foot");
        self.numbered.draw((frame, area), Shown { title: &title, rows: &rows, foot }, view);
        None
    }
}
