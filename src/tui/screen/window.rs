//! A window on a long list of cases or lines: a bounded number of rows, the selected one, and when the next
//! rows are wanted.
//!
//! A list asks for a few times as many rows as it shows; near an edge it asks again for rows that
//! overlap, so that neither memory nor a reply grows with the ledger. The selection stays on its
//! case, at its place on the screen, whatever comes in.
//! INVARIANT: `at` is a row of the window, or the window is empty.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::api::reply::{AgendaGroup, CaseRow, LineRow};
use crate::api::request::ROWS_MAX;
use crate::domain::case::Stage;
use crate::domain::ids::{CaseId, Kind, RecordRef, Version};
use crate::domain::line::LineKind;
use crate::tui::look::Role;
use crate::tui::screen::{Nav, Selection, Step, View, row};
use crate::tui::widget::table::{Cell, Column, Mark, Row, Table};

/// The rows of a window as a multiple of what the screen shows.
const SCREENS: usize = 4;
/// The least rows of a window.
const ROWS_MIN: usize = 40;

/// The columns of the digit that opens a row and of the sign that it was changed.
pub const DIGIT_WIDTH: u16 = 2;
/// The sign of a row that somebody changed.
const CHANGED: &str = "\u{b7}";

/// What stands in a column for a row.
pub type Show<R = CaseRow> = fn(&R, &View<'_>) -> Cell;

/// By what a row is known again when the list comes in anew.
pub type Identity = (RecordRef, Option<LineKind>);

/// What a list needs to know of its rows.
pub trait Listed {
    /// By what it is known again.
    fn identity(&self) -> Identity;
    /// The version of its record.
    fn version(&self) -> Version;
    /// Its due day.
    fn due_on(&self) -> Option<NaiveDate>;
    /// What it is called in questions and titles.
    fn name(&self) -> String;
    /// How far the case is that it is.
    fn stage(&self) -> Option<Stage> {
        None
    }
    /// The case that it is or is about.
    fn case(&self) -> Option<CaseId> {
        let (record, _) = self.identity();
        (record.kind == Kind::Case).then_some(CaseId(record.id))
    }
}

impl Listed for CaseRow {
    fn identity(&self) -> Identity {
        (self.id.into(), None)
    }

    fn version(&self) -> Version {
        self.version
    }

    fn due_on(&self) -> Option<NaiveDate> {
        self.next.as_ref()?.latest
    }

    fn name(&self) -> String {
        format!("{} {}", self.number, self.title)
    }

    fn stage(&self) -> Option<Stage> {
        Some(self.stage)
    }
}

impl Listed for LineRow {
    fn identity(&self) -> Identity {
        (self.record, Some(self.line))
    }

    fn version(&self) -> Version {
        self.version
    }

    fn due_on(&self) -> Option<NaiveDate> {
        self.clock.as_ref()?.latest
    }

    fn name(&self) -> String {
        format!("{} {}", self.number, self.title).trim_start().to_owned()
    }

    fn case(&self) -> Option<CaseId> {
        self.case
    }

    fn stage(&self) -> Option<Stage> {
        self.state.strip_prefix("stage.").and_then(Stage::parse)
    }
}

/// A row of the window, with its group where the list has groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item<R = CaseRow> {
    /// The group, which gets a heading before its first row.
    pub group: Option<AgendaGroup>,
    /// The row.
    pub row: R,
}

/// Whether the list has rows beyond the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beyond {
    /// Before its first row.
    pub before: bool,
    /// After its last row.
    pub after: bool,
}

/// Why new rows come in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Turn {
    /// Another list: the selection starts at its first row.
    #[default]
    Start,
    /// The end of the list: the selection goes to its last row.
    End,
    /// The window moved along the list.
    Along,
    /// The same rows again, since something changed.
    Again,
}

/// What a move needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Nothing: the window has it.
    Inside,
    /// Rows before the window.
    Before,
    /// Rows after the window.
    After,
    /// The first rows of the list.
    Start,
    /// The last rows of the list.
    End,
}

/// One line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown<'a, R> {
    /// The heading of a group.
    Heading(AgendaGroup),
    /// A row, the digit that opens it, and its place in the window.
    Row { row: &'a R, digit: Option<u8>, place: usize },
}

/// The window.
#[derive(Debug)]
pub struct Window<R = CaseRow> {
    items: Vec<Item<R>>,
    at: usize,
    /// The first line shown, when the selection was last seen there.
    top: usize,
    height: usize,
    beyond: Beyond,
    changed: BTreeSet<Identity>,
    /// The rows that the clerk marked, also those that are not in the window now.
    marked: BTreeSet<Identity>,
    /// Why the next rows come in, if they were asked for by a move.
    asked: Option<Turn>,
    /// How many rows the selection goes on when they are there.
    owed: isize,
    is_filled: bool,
    /// The name of the selected row that somebody took away, until that is said.
    gone: Option<String>,
}

impl<R> Default for Window<R> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            at: 0,
            top: 0,
            height: 0,
            beyond: Beyond::default(),
            changed: BTreeSet::new(),
            marked: BTreeSet::new(),
            asked: None,
            owed: 0,
            is_filled: false,
            gone: None,
        }
    }
}

impl<R: Listed> Window<R> {
    /// How many rows to ask for.
    pub fn rows_wanted(&self) -> u32 {
        let n_rows = u32::try_from((self.height * SCREENS).max(ROWS_MIN)).unwrap_or(ROWS_MAX);
        n_rows.min(ROWS_MAX)
    }

    /// Whether any answer has come.
    pub fn is_filled(&self) -> bool {
        self.is_filled
    }

    /// The rows.
    pub fn items(&self) -> &[Item<R>] {
        &self.items
    }

    /// The due days of the rows.
    pub fn due_days(&self) -> impl Iterator<Item = NaiveDate> {
        self.items.iter().filter_map(|item| item.row.due_on())
    }

    /// What lies beyond the window.
    pub fn beyond(&self) -> Beyond {
        self.beyond
    }

    /// The selected row.
    pub fn selected(&self) -> Option<&R> {
        self.items.get(self.at).map(|item| &item.row)
    }

    /// The lines that the list has on the screen.
    pub fn resize(&mut self, height: usize) {
        self.top = self.top_in(height);
        self.height = height;
    }

    /// The next rows come in for another reason than a change of the ledger.
    pub fn expect(&mut self, turn: Turn) {
        self.asked = Some(turn);
    }

    /// The rows that were asked for do not come.
    pub fn forget(&mut self) {
        self.asked = None;
        self.owed = 0;
    }

    /// Takes rows in; says which rows a move that was waiting for these needs besides.
    pub fn fill(&mut self, items: Vec<Item<R>>, beyond: Beyond) -> Reach {
        let turn = match self.asked.take() {
            Some(turn) => turn,
            None if self.is_filled => Turn::Again,
            None => Turn::Start,
        };
        let owed = std::mem::take(&mut self.owed);
        let offset = self.line_of(self.at).saturating_sub(self.top_in(self.height));
        let selected = self.selected().map(Listed::identity);
        let is_own = |item: &Item<R>| Some(item.row.identity()) == selected;
        let place = match turn {
            Turn::Again => self.nearest(&items),
            Turn::Start | Turn::End | Turn::Along => items.iter().position(is_own),
        };
        match turn {
            Turn::Again => self.note_changes(&items),
            Turn::Along => {}
            Turn::Start | Turn::End => self.changed.clear(),
        }
        self.items = items;
        self.beyond = beyond;
        self.is_filled = true;
        let last = self.items.len().saturating_sub(1);
        self.at = match turn {
            Turn::Start => 0,
            Turn::End => last,
            Turn::Along | Turn::Again => place.unwrap_or(self.at).min(last),
        };
        self.top = match turn {
            Turn::Start => 0,
            Turn::End => usize::MAX,
            Turn::Along | Turn::Again => self.line_of(self.at).saturating_sub(offset),
        };
        self.top = self.top_in(self.height);
        if owed == 0 { Reach::Inside } else { self.step(owed) }
    }

    /// Moves the selection; says which rows that needs. Other keys change nothing.
    pub fn go(&mut self, nav: Nav) -> Reach {
        let page = isize::try_from(self.height.saturating_sub(1).max(1)).unwrap_or(1);
        let by = match nav {
            Nav::Up => -1,
            Nav::Down => 1,
            Nav::PageUp => -page,
            Nav::PageDown => page,
            Nav::First if self.beyond.before => return Reach::Start,
            Nav::Last if self.beyond.after => return Reach::End,
            Nav::First => isize::MIN / 2,
            Nav::Last => isize::MAX / 2,
            Nav::Row(_)
            | Nav::Open
            | Nav::NextPane
            | Nav::PreviousPane
            | Nav::Sort
            | Nav::Filter
            | Nav::Stage
            | Nav::Clear
            | Nav::Columns
            | Nav::Views
            | Nav::Reveal
            | Nav::Left
            | Nav::Right
            | Nav::Mark
            | Nav::Tick
            | Nav::HandOver
            | Nav::TakeOut
            | Nav::PutIn
            | Nav::Page
            | Nav::Why => return Reach::Inside,
        };
        self.changed.clear();
        self.step(by)
    }

    /// The selected record for a command; what may be done with it is known when it is opened.
    pub fn selection(&self) -> Selection {
        self.selected().map_or_else(Selection::default, |row| Selection {
            record: Some(row.identity().0),
            version: Some(row.version()),
            name: row.name(),
            stage: row.stage(),
            ..Selection::default()
        })
    }

    /// Selects and opens the row beside which a digit stands.
    pub fn open_digit(&mut self, digit: u8, view: &View<'_>) -> Step {
        let lines = self.lines(self.height);
        let place = lines.into_iter().find_map(|shown| match shown {
            Shown::Row { digit: Some(own), place, .. } if own == digit => Some(place),
            Shown::Row { .. } | Shown::Heading(_) => None,
        });
        match place {
            Some(place) => {
                self.at = place;
                self.open(view)
            }
            None => Step::Stay,
        }
    }

    /// The row from which rows after the window overlap enough with what is shown.
    pub fn seam_after(&self) -> Option<&R> {
        let place = self.at.saturating_sub(self.height * 2);
        self.items.get(place).map(|item| &item.row)
    }

    /// The row from which the rows after the window overlap with its end.
    pub fn seam_end(&self) -> Option<&R> {
        let last = self.items.len().checked_sub(1)?;
        self.items.get(last.saturating_sub(self.height * 2)).map(|item| &item.row)
    }

    /// The row up to which rows before the window overlap enough with what is shown.
    pub fn seam_before(&self) -> Option<&R> {
        let last = self.items.len().checked_sub(1)?;
        self.items.get((self.at + self.height * 2).min(last)).map(|item| &item.row)
    }

    /// The rows of a height as a table: the digit that opens a row, then these columns.
    pub fn table(
        &self,
        view: &View<'_>,
        columns: Vec<(Column, Show<R>)>,
        (height, heading): (usize, &dyn Fn(AgendaGroup) -> String),
    ) -> Table {
        let (columns, shows): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
        let mut table = Table { columns, rows: Vec::with_capacity(height), selected: None };
        table.columns.insert(0, row::fixed(view, "row.digit", DIGIT_WIDTH));
        for shown in self.lines(height) {
            table.rows.push(match shown {
                Shown::Heading(group) => Row::Group(heading(group)),
                Shown::Row { row, digit, place } => {
                    if place == self.at {
                        table.selected = Some(table.rows.len());
                    }
                    let mut cells = vec![self.digit_cell(row, digit)];
                    cells.extend(shows.iter().map(|show| show(row, view)));
                    let is_marked = self.marked.contains(&row.identity());
                    Row::Cells { cells, mark: if is_marked { Mark::On } else { Mark::Off } }
                }
            });
        }
        table
    }

    fn digit_cell(&self, row: &R, digit: Option<u8>) -> Cell {
        let digit = digit.map_or_else(|| " ".to_owned(), |digit| digit.to_string());
        let changed = if self.changed.contains(&row.identity()) { CHANGED } else { "" };
        Cell::role(digit, Role::Key).and(changed, Role::Changed)
    }

    /// The lines to draw in a height.
    fn lines(&self, height: usize) -> Vec<Shown<'_, R>> {
        let (top, mut line, mut digit) = (self.top_in(height), 0, 0);
        let mut group = None;
        let mut shown = Vec::with_capacity(height);
        for (place, item) in self.items.iter().enumerate() {
            if let Some(next) = item.group.filter(|next| group != Some(*next)) {
                group = Some(next);
                if line >= top {
                    shown.push(Shown::Heading(next));
                }
                line += 1;
            }
            if line >= top {
                digit += 1;
                let digit = Some(digit).filter(|digit| *digit < 10);
                shown.push(Shown::Row { row: &item.row, digit, place });
            }
            line += 1;
            if shown.len() >= height {
                break;
            }
        }
        shown.truncate(height);
        shown
    }

    /// Whether there are rows below what is shown in a height.
    pub fn has_more_below(&self, height: usize) -> bool {
        let n_lines = self.line_of(self.items.len().saturating_sub(1)) + 1;
        self.beyond.after || (!self.items.is_empty() && self.top_in(height) + height < n_lines)
    }

    fn step(&mut self, by: isize) -> Reach {
        let Some(last) = self.items.len().checked_sub(1) else {
            return Reach::Inside;
        };
        let wanted = isize::try_from(self.at).unwrap_or(isize::MAX / 2).saturating_add(by);
        self.at = usize::try_from(wanted).unwrap_or(0).min(last);
        let over = wanted.saturating_sub(isize::try_from(self.at).unwrap_or(0));
        let (near_start, near_end) = (self.at < self.height, self.at + self.height > last);
        let reach = if by > 0 && near_end && self.beyond.after {
            Reach::After
        } else if by < 0 && near_start && self.beyond.before {
            Reach::Before
        } else {
            Reach::Inside
        };
        if reach != Reach::Inside {
            self.owed = self.owed.saturating_add(over);
        }
        self.top = self.top_in(self.height);
        if self.asked.is_some() { Reach::Inside } else { reach }
    }

    /// The line on which a row stands.
    fn line_of(&self, place: usize) -> usize {
        let mut group = None;
        let mut line: usize = 0;
        for item in self.items.iter().take(place + 1) {
            if item.group.is_some() && item.group != group {
                group = item.group;
                line += 1;
            }
            line += 1;
        }
        line.saturating_sub(1)
    }

    /// The first line shown in a height, so that the selected row is among them, with the heading
    /// before it if it is the first.
    fn top_in(&self, height: usize) -> usize {
        let line = self.line_of(self.at);
        let n_lines = self.line_of(self.items.len().saturating_sub(1)) + 1;
        let is_first_of_group = match self.at.checked_sub(1) {
            Some(before) => self.line_of(before) + 1 < line,
            None => true,
        };
        let head = if is_first_of_group && height > 1 { line.saturating_sub(1) } else { line };
        let top = self.top.min(n_lines.saturating_sub(height)).min(head);
        top.max((line + 1).saturating_sub(height))
    }
}

mod change;
mod hand;
#[cfg(test)]
mod tests;
