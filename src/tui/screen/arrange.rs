//! How a list is put: in which order, narrowed to what, in which columns; the same for every list.
//!
//! A list keeps one `Arrangement`, says it on the line above its rows, and lays the menus below over
//! itself; what is chosen there comes back as an `Arrange`. What narrows a list always stands on
//! the screen, with the key that lets it go.

use std::collections::BTreeMap;

use crate::api::listing::{ListQuery, ViewRow};
use crate::api::request::Whose;
use crate::domain::case::Stage;
use crate::domain::cut::Cut;
use crate::domain::listing::{Column, List, Narrow, STAGES, Sort, Value, WHOSE, columns_text};
use crate::locale::{self, Lang};
use crate::tui::command;
use crate::tui::command::page::key_name;
use crate::tui::look::Role;
use crate::tui::screen::window::{DIGIT_WIDTH, Show};
use crate::tui::screen::{Nav, Step, View};
use crate::tui::widget::table::{self, Cell};

pub mod columns;
pub mod filters;
pub mod sorts;
#[cfg(test)]
mod tests;
pub mod views;

/// How a list is to be put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrange {
    /// In that order.
    Sort(Sort),
    /// Narrowed to a value of a column, whose name it has if it is a number; none for all values.
    Narrow(Column, Option<(Value, Option<String>)>),
    /// Not narrowed by anything.
    Clear,
    /// In the columns that the clerk has chosen.
    Own,
    /// As a saved filter says.
    Apply(Box<ViewRow>),
    /// Something else is to be counted.
    Count(Cut),
}

/// How a list is put now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrangement {
    /// Which list.
    pub list: List,
    /// In which order.
    pub sort: Sort,
    /// To what it is narrowed.
    pub only: Narrow,
    /// The names of units and officers among that.
    names: BTreeMap<Column, String>,
    /// Its columns, if they are not those that the clerk has chosen.
    columns: Option<Vec<Column>>,
    /// The saved filter by which it was put, as long as it is still put so.
    saved: Option<String>,
}

impl Arrangement {
    /// A list as it is put at first.
    pub fn usual(list: List) -> Self {
        let sort = match list {
            List::Cases | List::Deadlines | List::Counts => Sort::DUE,
            List::Roster => Sort::OWED,
        };
        Self {
            list,
            sort,
            only: Narrow::default(),
            names: BTreeMap::new(),
            columns: None,
            saved: None,
        }
    }

    /// Puts it another way; says whether its rows are others now.
    pub fn take(&mut self, arrange: Arrange) -> bool {
        let before = (self.sort, self.only.clone());
        if arrange != Arrange::Own {
            self.saved = None;
        }
        match arrange {
            Arrange::Sort(sort) => self.sort = sort,
            Arrange::Narrow(column, None) => {
                self.only.set(column, None);
                self.names.remove(&column);
            }
            Arrange::Narrow(column, Some((value, name))) => {
                self.only.set(column, Some(value));
                self.names.remove(&column);
                self.names.extend(name.map(|name| (column, name)));
            }
            Arrange::Clear => {
                self.only = Narrow::default();
                self.names.clear();
            }
            Arrange::Own => self.columns = None,
            Arrange::Apply(row) => self.apply(*row),
            // No list counts.
            Arrange::Count(_) => {}
        }
        before != (self.sort, self.only.clone())
    }

    /// Puts it as a saved filter says; whose rows they are is the list's own matter.
    fn apply(&mut self, row: ViewRow) {
        let usual = Self::usual(self.list);
        let only = Narrow::parse(self.list, &row.view.only).unwrap_or_default();
        let columns = self.list.columns(&row.view.columns);
        *self = Self {
            sort: Sort::parse(&row.view.sort).unwrap_or(usual.sort),
            only: only.without(Column::Whose),
            names: row.names,
            columns: Some(columns).filter(|columns| !columns.is_empty()),
            saved: Some(row.view.name),
            ..usual
        };
    }

    /// Lays the menu over the list that a key asks for; none if it asks for no menu.
    pub fn menu(&self, nav: Nav, query: ListQuery, (view, width): (&View<'_>, usize)) -> Step {
        match nav {
            Nav::Sort => Step::Lay(Box::new(sorts::Sorts::new(self))),
            Nav::Stage => Step::Lay(Box::new(filters::Filters::new(self, query))),
            Nav::Views => Step::Lay(Box::new(views::Views::new(self.list))),
            Nav::Columns => {
                let shown = self.columns(view, width);
                Step::Lay(Box::new(columns::Columns::new(self.list, shown)))
            }
            _ => Step::Pass,
        }
    }

    /// The columns that it shows if there is room.
    pub fn columns(&self, view: &View<'_>, width: usize) -> Vec<Column> {
        let chosen = self.columns.clone().or_else(|| view.layouts.get(&self.list).cloned());
        chosen.unwrap_or_else(|| self.list.usual(width))
    }

    /// As many of its columns as have room in a width, each with what stands in it, and how many
    /// have none.
    pub fn laid_out<R>(
        &self,
        (view, width): (&View<'_>, usize),
        of: &dyn Fn(Column) -> Option<(table::Column, Show<R>)>,
    ) -> (Vec<(table::Column, Show<R>)>, usize) {
        let columns = self.columns(view, width).into_iter().filter_map(of).collect();
        fitted(columns, width)
    }

    /// What is said of its order above the list.
    pub fn sort_cell(&self, view: &View<'_>, sort: Option<&str>) -> Cell {
        let order = sort.map_or_else(|| sort_text(view.lang, self.order()), str::to_owned);
        Cell::text(locale::fill(view.lang, "cases.sort", &[("value", order)]))
    }

    /// The order in which its rows come: what is over has no due day.
    fn order(&self) -> Sort {
        let is_dead = self.list == List::Cases && self.why_dead(self.sort.by).is_some();
        if is_dead { Sort::RECEIVED } else { self.sort }
    }

    /// Why an order says nothing about the rows that are shown now; none if it does.
    pub fn why_dead(&self, by: Column) -> Option<&'static str> {
        let stage = self.only.word(Column::Stage).and_then(Stage::parse);
        let is_over = stage.is_some_and(|stage| !stage.is_open());
        let has_left = self.only.word(Column::State) == Some("ended");
        match self.list {
            List::Cases if is_over && by == Column::Due => Some("list.dead.due"),
            List::Roster if has_left => Some("list.dead.ended"),
            List::Cases | List::Roster | List::Deadlines | List::Counts => None,
        }
    }

    /// What it is asked with: a list of cases is of those that are open in every order, unless
    /// another stage was chosen.
    pub fn asked(&self) -> Narrow {
        let mut only = self.only.clone();
        if self.list == List::Cases && only.get(Column::Stage).is_none() {
            only.set(Column::Stage, Some(Value::word(STAGES[0])));
        }
        only
    }

    /// To what it is narrowed, behind the key that lets it go, so that values are what is cut. A
    /// text finds cases of every stage.
    pub fn filter_cell(&self, view: &View<'_>, is_found: bool) -> Cell {
        let clear = |key: &str| {
            let clear = command::find("clear").and_then(|command| command.keys.first());
            let clear = clear.map(|key| key_name(*key, view.lang)).unwrap_or_default();
            Cell::role(locale::fill(view.lang, key, &[("key", clear)]), Role::Dim)
        };
        if let Some(name) = &self.saved {
            return clear("list.saved").and(name.clone(), Role::Input);
        }
        let usual = match self.list {
            List::Cases if is_found => self.only.is_empty().then_some("list.any"),
            List::Cases if self.only.get(Column::Stage).is_none() => Some("list.stage.open"),
            List::Roster if self.only.get(Column::State).is_none() => Some("roster.part.open"),
            List::Deadlines if self.only.is_empty() => Some("list.any"),
            List::Cases | List::Roster | List::Deadlines | List::Counts => None,
        };
        let usual = usual.map(|key| locale::text(view.lang, key));
        let chosen = self.only.0.iter().map(|(column, value)| {
            let name = self.names.get(column);
            value_text(view.lang, *column, (value, name.map(String::as_str)))
        });
        let values = usual.into_iter().chain(chosen).collect::<Vec<_>>().join(" ");
        if self.only.is_empty() {
            return Cell::text(locale::fill(view.lang, "list.only", &[("value", values)]));
        }
        clear("list.narrowed").and(values, Role::Input)
    }

    /// How many columns have no room, if there are any.
    pub fn left_out(view: &View<'_>, count: usize) -> Option<Cell> {
        let args = [("count", count.to_string())];
        let text = || locale::fill(view.lang, "list.left_out", &args);
        (count > 0).then(|| Cell::role(text(), Role::Dim))
    }

    /// What a filter is saved with; whose rows they are is the list's own matter.
    pub fn given(&self, whose: Whose) -> Vec<(String, String)> {
        let mut only = self.only.clone();
        let word = if whose == Whose::Mine { WHOSE[0] } else { WHOSE[1] };
        only.set(Column::Whose, Some(Value::word(word)));
        let columns = self.columns.as_deref().map(columns_text).unwrap_or_default();
        vec![
            ("list".to_owned(), self.list.word().to_owned()),
            ("sort".to_owned(), self.sort.word()),
            ("only".to_owned(), only.text()),
            ("columns".to_owned(), columns),
        ]
    }
}

/// As many columns as have room in a width behind marker and digit, and how many have none: those
/// that come first have it.
fn fitted<R>(
    columns: Vec<(table::Column, Show<R>)>,
    width: usize,
) -> (Vec<(table::Column, Show<R>)>, usize) {
    let n_columns = columns.len();
    let mut used = table::MARKER + usize::from(DIGIT_WIDTH);
    let has_room = |(column, _): &(table::Column, Show<R>)| {
        let (table::Rule::Fixed(least) | table::Rule::Flex(least)) = column.rule;
        used += table::GAP + usize::from(least);
        used <= width
    };
    let kept: Vec<_> = columns.into_iter().take_while(has_room).collect();
    let n_left_out = n_columns - kept.len();
    (kept, n_left_out)
}

/// Whose rows a saved filter shows; none if that was not said.
pub fn whose_of(arrange: &Arrange) -> Option<Whose> {
    let Arrange::Apply(row) = arrange else { return None };
    let narrow = Narrow::parse(row.view.list, &row.view.only).ok()?;
    narrow.word(Column::Whose).map(|word| match word == WHOSE[0] {
        true => Whose::Mine,
        false => Whose::All,
    })
}

/// That nothing narrows the list, which was to be let go of.
pub fn nothing_to_clear() -> Step {
    Step::Say("list.nothing_to_clear".to_owned(), Vec::new())
}

/// How many rows are marked, and the keys that deal with them and let them go.
pub fn marked_text(view: &View<'_>, count: usize) -> String {
    let key = |word: &str| {
        let key = command::find(word).and_then(|command| command.keys.first());
        key.map(|key| key_name(*key, view.lang)).unwrap_or_default()
    };
    let args = [("value", count.to_string()), ("do", key("tick_marked")), ("clear", key("clear"))];
    locale::fill(view.lang, "list.marked", &args)
}

/// The name of a column.
pub fn column_text(lang: Lang, (list, column): (List, Column)) -> String {
    let own = format!("list.{}.{}", list.word(), column.word());
    locale::find(lang, &own).map_or_else(
        || locale::text(lang, &format!("choice.column.{}", column.word())),
        str::to_owned,
    )
}

/// An order: by what, and whether it goes the other way than usual.
pub fn sort_text(lang: Lang, sort: Sort) -> String {
    let by = locale::text(lang, &format!("choice.column.{}", sort.by.word()));
    if sort == Sort::usual(sort.by) {
        return by;
    }
    locale::fill(lang, "list.turned", &[("value", by)])
}

/// What stands in a column, as it is shown in menus and above a list.
pub fn value_text(lang: Lang, column: Column, (value, name): (&Value, Option<&str>)) -> String {
    let word = match (value, name) {
        (Value::Nothing, _) => {
            let own = format!("list.without.{}", column.word());
            let own = locale::find(lang, &own).map(str::to_owned);
            return own.unwrap_or_else(|| locale::text(lang, "list.without"));
        }
        (Value::Id(_), Some(name)) => return name.to_owned(),
        (Value::Id(id), None) => return format!("{}{id}", locale::text(lang, "list.number")),
        (Value::Word(word), _) => word,
    };
    let key = match (column, word.as_str()) {
        (Column::Stage, "open" | "all") => format!("list.stage.{word}"),
        (Column::Whose, _) => format!("cases.{word}"),
        (Column::Stage, _) => format!("stage.{word}"),
        (Column::Channel, _) => format!("choice.channel.{word}"),
        (Column::Crowd | Column::Repeat, _) => format!("crowd.{word}"),
        (Column::Kind, "clock") => "agenda.only.clock".to_owned(),
        (Column::Kind, _) => format!("limit.{word}"),
        (Column::Ground, _) => format!("choice.roster_ground.{word}"),
        (Column::State, _) => format!("roster.part.{word}"),
        (_, _) => format!("list.due.{word}"),
    };
    locale::find(lang, &key).map_or_else(|| word.clone(), str::to_owned)
}
