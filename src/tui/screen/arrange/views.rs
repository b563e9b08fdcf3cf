//! The menu of the filters that were saved for a list; the last rows save the present one and lead
//! to where filters are renamed and removed.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::listing::ViewRow;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::listing::List;
use crate::locale;
use crate::tui::command;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::arrange::Arrange;
use crate::tui::screen::list::Pieces;
use crate::tui::screen::numbered::{Numbered, Shown, Took};
use crate::tui::screen::over::{Answer, CHOOSING, Over, Rows, Tip};
use crate::tui::text::pad_right;

/// The commands behind the filters.
const MORE: [&str; 2] = ["save_view", "views_list"];

/// The menu.
pub struct Views {
    list: List,
    rows: Option<Vec<ViewRow>>,
    numbered: Numbered,
}

impl Views {
    /// The filters of a list.
    pub fn new(list: List) -> Self {
        Self { list, rows: None, numbered: Numbered::default() }
    }

    fn n_rows(&self) -> usize {
        self.rows.as_ref().map_or(0, Vec::len) + MORE.len()
    }

    fn choose(&self, at: usize) -> Answer {
        let rows = self.rows.as_deref().unwrap_or_default();
        match rows.get(at) {
            Some(row) => Answer::Arrange(Box::new(Arrange::Apply(Box::new(row.clone())))),
            None => {
                let word = MORE.get(at - rows.len());
                let command = word.and_then(|word| command::find(word));
                command.map_or(Answer::Stay, Answer::Run)
            }
        }
    }
}

/// A filter as a row: its name, whose it is.
pub fn owner(row: &ViewRow, view: &View<'_>) -> String {
    let key = match (row.own, row.view.shared) {
        (true, false) => "views.own",
        (true, true) => "views.own_shared",
        (false, _) => "views.shared",
    };
    let by = row.by.clone().unwrap_or_default();
    locale::fill(view.lang, key, &[("name", by)])
}

impl Over for Views {
    fn name(&self) -> &'static str {
        "views"
    }

    fn tips(&self) -> &'static [Tip] {
        CHOOSING
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Views(Some(self.list))]
    }

    fn got(&mut self, _: usize, reply: Reply, _: &View<'_>) {
        if let Reply::Views(rows) = reply {
            self.rows = Some(rows);
        }
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
        let saved = self.rows.iter().flatten().map(|row| {
            let name = pad_right(&row.view.name, 24);
            vec![(name, Role::Text), (format!("  {}", owner(row, view)), Role::Dim)]
        });
        let more =
            MORE.map(|word| vec![(locale::text(view.lang, &format!("cmd.{word}")), Role::Text)]);
        let rows: Vec<Pieces> = saved.chain(more).collect();
        let key = match &self.rows {
            None => "row.waiting",
            Some(rows) if rows.is_empty() => "views.none",
            Some(_) => "views.foot",
        };
        let title = locale::text(view.lang, "cmd.views");
        let foot = locale::text(view.lang, key);
        self.numbered.draw((frame, area), Shown { title: &title, rows: &rows, foot }, view);
        None
    }
}
