//! The menus of what a list is narrowed by: first the columns, with what each is narrowed to, then
//! the values that stand in the chosen one, with how many rows each has.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::listing::{ListQuery, ValuePage, ValueQuery, ValueRow};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::api::roster::RosterPart;
use crate::domain::listing::{Column, List, Value};
use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::arrange::{Arrange, Arrangement, column_text, value_text};
use crate::tui::screen::list::Pieces;
use crate::tui::screen::numbered::{Numbered, Shown, Took};
use crate::tui::screen::over::{Answer, CHOOSING, Over, Rows, Tip};
use crate::tui::text::pad_right;

/// The menus.
pub struct Filters {
    arrangement: Arrangement,
    query: ListQuery,
    numbered: Numbered,
    /// The column whose values are seen.
    column: Option<Column>,
    /// Its values; none while they are on their way.
    values: Option<ValuePage>,
}

impl Filters {
    /// The columns of a list that is put so and asked for so.
    pub fn new(arrangement: &Arrangement, query: ListQuery) -> Self {
        Self {
            arrangement: arrangement.clone(),
            query,
            numbered: Numbered::default(),
            column: None,
            values: None,
        }
    }

    fn columns(&self) -> Vec<Column> {
        self.arrangement.list.narrows().collect()
    }

    fn is_narrowed(&self) -> bool {
        !self.arrangement.only.is_empty()
    }

    fn n_rows(&self) -> usize {
        match (self.column, &self.values) {
            (None, _) => self.columns().len() + usize::from(self.is_narrowed()),
            (Some(_), None) => 0,
            // The first row is that of all values.
            (Some(_), Some(page)) => page.values.len() + 1,
        }
    }

    /// Into the values of a column.
    fn enter(&mut self, column: Column) -> Answer {
        self.column = Some(column);
        self.numbered = Numbered::default();
        self.values = match (self.arrangement.list, column) {
            (List::Roster, Column::State) => Some(parts()),
            _ => None,
        };
        if self.values.is_some() { Answer::Stay } else { Answer::Ask }
    }

    fn choose(&mut self, at: usize) -> Answer {
        let Some(column) = self.column else {
            return match self.columns().get(at) {
                Some(column) => self.enter(*column),
                None => Answer::Arrange(Box::new(Arrange::Clear)),
            };
        };
        let value = match (at.checked_sub(1), &self.values) {
            (None, _) => None,
            (Some(at), values) => {
                let row = values.as_ref().and_then(|page| page.values.get(at));
                let Some(row) = row else { return Answer::Stay };
                Some((row.value.clone(), row.name.clone()))
            }
        };
        Answer::Arrange(Box::new(Arrange::Narrow(column, value)))
    }

    /// Back from the values to the columns, or away.
    fn back(&mut self) -> Answer {
        let Some(column) = self.column.take() else { return Answer::Close };
        self.values = None;
        self.numbered = Numbered::default();
        self.numbered.choice.at =
            self.columns().iter().position(|own| *own == column).unwrap_or_default();
        Answer::Stay
    }

    fn column_rows(&self, view: &View<'_>) -> Vec<Pieces> {
        let any = locale::text(view.lang, "list.any");
        let mut rows: Vec<Pieces> = Vec::new();
        for column in self.columns() {
            let label = column_text(view.lang, (self.arrangement.list, column));
            let value = self.arrangement.only.get(column).map(|value| {
                let name = self.arrangement.names.get(&column).map(String::as_str);
                value_text(view.lang, column, (value, name))
            });
            let piece = match value {
                Some(value) => (format!("[{value}]"), Role::Title),
                None => (format!(" {any}"), Role::Dim),
            };
            rows.push(vec![(pad_right(&label, 14), Role::Text), piece]);
        }
        if self.is_narrowed() {
            rows.push(vec![(locale::text(view.lang, "cmd.clear"), Role::Text)]);
        }
        rows
    }

    fn value_rows(&self, column: Column, view: &View<'_>) -> Vec<Pieces> {
        let Some(page) = &self.values else { return Vec::new() };
        let present = self.arrangement.only.get(column);
        let piece = |text: String, is_present: bool| match is_present {
            true => (pad_right(&format!("[{text}]"), 24), Role::Title),
            false => (pad_right(&format!(" {text} "), 24), Role::Text),
        };
        let mut rows = vec![vec![piece(locale::text(view.lang, "list.any"), present.is_none())]];
        rows.extend(page.values.iter().map(|row| {
            let text = value_text(view.lang, column, (&row.value, row.name.as_deref()));
            let mut pieces = vec![piece(text, present == Some(&row.value))];
            if row.count > 0 {
                let args = [("count", row.count.to_string())];
                pieces.push((locale::fill(view.lang, "list.count", &args), Role::Dim));
            }
            pieces
        }));
        rows
    }

    fn foot(&self, view: &View<'_>) -> String {
        let key = match (self.column, &self.values) {
            (None, _) => "list.filters.foot",
            (Some(_), None) => "row.waiting",
            (Some(_), Some(page)) if page.cut => "list.cut",
            (Some(_), Some(_)) => "list.values.foot",
        };
        locale::text(view.lang, key)
    }
}

/// The parts of the roster, which are not counted.
fn parts() -> ValuePage {
    let row =
        |part: &RosterPart| ValueRow { value: Value::word(part.word()), name: None, count: 0 };
    ValuePage { values: RosterPart::ALL.iter().map(row).collect(), cut: false }
}

impl Over for Filters {
    fn name(&self) -> &'static str {
        "filters"
    }

    fn tips(&self) -> &'static [Tip] {
        CHOOSING
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        match self.numbered.take(key, self.n_rows()) {
            Took::Close => self.back(),
            Took::Chose(at) => self.choose(at),
            Took::Moved | Took::Other(_) => Answer::Stay,
        }
    }

    fn rows(&mut self) -> Option<Rows<'_>> {
        let n_rows = self.n_rows();
        Some(Rows::Numbered(n_rows, &mut self.numbered))
    }

    fn wants(&self) -> Vec<Request> {
        let is_asked =
            |column: &Column| (self.arrangement.list, *column) != (List::Roster, Column::State);
        let column = self.column.filter(is_asked);
        let query = |column| ValueQuery { list: self.query.clone(), column };
        column.map(|column| Request::Values(query(column))).into_iter().collect()
    }

    fn got(&mut self, _: usize, reply: Reply, _: &View<'_>) {
        let (Reply::Values(mut page), Some(column)) = (reply, self.column) else { return };
        if (self.arrangement.list, column) == (List::Cases, Column::Stage) {
            let several = ["open", "all"].map(Value::word);
            let several = several.map(|value| ValueRow { value, name: None, count: 0 });
            page.values.splice(0..0, several);
        }
        let present = self.arrangement.only.get(column);
        if self.values.is_none() {
            let place = page.values.iter().position(|row| Some(&row.value) == present);
            self.numbered.choice.at = place.map_or(0, |place| place + 1);
        }
        self.values = Some(page);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let label = locale::text(view.lang, "cmd.narrow");
        let (title, rows) = match self.column {
            None => (label, self.column_rows(view)),
            Some(column) => {
                let column_label = column_text(view.lang, (self.arrangement.list, column));
                (format!("{label}: {column_label}"), self.value_rows(column, view))
            }
        };
        let foot = self.foot(view);
        self.numbered.draw((frame, area), Shown { title: &title, rows: &rows, foot }, view);
        None
    }
}
