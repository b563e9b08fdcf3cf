//! A window on a long list of cases: a bounded number of rows, the selected one, and when the next
//! rows are wanted.
//!
//! A list asks for a few times as many rows as it shows; near an edge it asks again for rows that
//! overlap, so that neither memory nor a reply grows with the ledger. The selection stays on its
//! case, at its place on the screen, whatever comes in.
//! INVARIANT: `at` is a row of the window, or the window is empty.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::reply::{AgendaGroup, CaseRow};
use crate::api::request::ROWS_MAX;
use crate::domain::ids::CaseId;
use crate::tui::look::Role;
use crate::tui::screen::case::CaseScreen;
use crate::tui::screen::row::Cell;
use crate::tui::screen::{Nav, Selection, Step};

/// The rows of a window as a multiple of what the screen shows.
const SCREENS: usize = 4;
/// The least rows of a window.
const ROWS_MIN: usize = 40;

/// The columns of [`Shown::marker`].
pub const MARKER_WIDTH: usize = 4;
/// The sign of a row that somebody changed.
const CHANGED: char = '\u{b7}';

/// A row of the window, with its group where the list has groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The group, which gets a heading before its first row.
    pub group: Option<AgendaGroup>,
    /// The case.
    pub row: CaseRow,
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
pub enum Shown<'a> {
    /// The heading of a group.
    Heading(AgendaGroup),
    /// A row.
    Row {
        /// The row.
        row: &'a CaseRow,
        /// The digit that opens it.
        digit: Option<u8>,
        /// Whether it is selected.
        selected: bool,
        /// Whether somebody changed it since it was drawn first.
        changed: bool,
    },
}

impl Shown<'_> {
    /// The first cell of a row: the marker of the selection, the digit that opens it, and whether
    /// somebody changed it.
    pub fn marker(&self) -> Cell {
        let Shown::Row { digit, selected, changed, .. } = self else {
            return Cell::plain("");
        };
        let digit = digit.map_or(' ', |digit| char::from(b'0' + digit % 10));
        let marker = if *selected { '>' } else { ' ' };
        let change = if *changed { CHANGED } else { ' ' };
        let role = match (changed, selected) {
            (true, _) => Role::Changed,
            (false, true) => Role::Marker,
            (false, false) => Role::Key,
        };
        Cell::new(role, format!("{marker} {digit}{change}"))
    }
}

/// The window.
#[derive(Debug, Default)]
pub struct Window {
    items: Vec<Item>,
    at: usize,
    /// The first line shown, when the selection was last seen there.
    top: usize,
    height: usize,
    beyond: Beyond,
    changed: BTreeSet<CaseId>,
    /// Why the next rows come in, if they were asked for by a move.
    asked: Option<Turn>,
    /// How many rows the selection goes on when they are there.
    owed: isize,
    is_filled: bool,
}

impl Window {
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
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// What lies beyond the window.
    pub fn beyond(&self) -> Beyond {
        self.beyond
    }

    /// The selected case.
    pub fn selected(&self) -> Option<&CaseRow> {
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

    /// Takes rows in.
    pub fn fill(&mut self, items: Vec<Item>, beyond: Beyond) {
        let turn = match self.asked.take() {
            Some(turn) => turn,
            None if self.is_filled => Turn::Again,
            None => Turn::Start,
        };
        let owed = std::mem::take(&mut self.owed);
        let offset = self.line_of(self.at).saturating_sub(self.top_in(self.height));
        let selected = self.selected().map(|row| row.id);
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
            Turn::Along | Turn::Again => {
                let place = self.items.iter().position(|item| Some(item.row.id) == selected);
                place.unwrap_or(self.at).saturating_add_signed(owed).min(last)
            }
        };
        self.top = match turn {
            Turn::Start => 0,
            Turn::End => usize::MAX,
            Turn::Along | Turn::Again => self.line_of(self.at).saturating_sub(offset),
        };
        self.top = self.top_in(self.height);
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
            | Nav::Reveal => return Reach::Inside,
        };
        self.changed.clear();
        self.step(by)
    }

    /// Opens the selected case.
    pub fn open(&self) -> Step {
        match self.selected() {
            Some(row) => Step::Push(Box::new(CaseScreen::new(row.id))),
            None => Step::Stay,
        }
    }

    /// The selected case for a command; what may be done with it is known when it is opened.
    pub fn selection(&self) -> Selection {
        self.selected().map_or_else(Selection::default, |row| Selection {
            record: Some(row.id.into()),
            version: Some(row.version),
            name: format!("{} {}", row.number, row.title),
            permits: Vec::new(),
            around: None,
        })
    }

    /// Selects and opens the row beside which a digit stands.
    pub fn open_digit(&mut self, digit: u8) -> Step {
        let id = self.lines(self.height).find_map(|shown| match shown {
            Shown::Row { row, digit: Some(own), .. } if own == digit => Some(row.id),
            Shown::Row { .. } | Shown::Heading(_) => None,
        });
        match self.items.iter().position(|item| Some(item.row.id) == id) {
            Some(place) => {
                self.at = place;
                self.open()
            }
            None => Step::Stay,
        }
    }

    /// The row from which rows after the window overlap enough with what is shown.
    pub fn seam_after(&self) -> Option<&CaseRow> {
        let place = self.at.saturating_sub(self.height * 2);
        self.items.get(place).map(|item| &item.row)
    }

    /// The row up to which rows before the window overlap enough with what is shown.
    pub fn seam_before(&self) -> Option<&CaseRow> {
        let last = self.items.len().checked_sub(1)?;
        self.items.get((self.at + self.height * 2).min(last)).map(|item| &item.row)
    }

    /// The lines to draw in a height.
    pub fn lines(&self, height: usize) -> impl Iterator<Item = Shown<'_>> {
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
                shown.push(Shown::Row {
                    row: &item.row,
                    digit: Some(digit).filter(|digit| *digit < 10),
                    selected: place == self.at,
                    changed: self.changed.contains(&item.row.id),
                });
            }
            line += 1;
            if shown.len() >= height {
                break;
            }
        }
        shown.into_iter().take(height)
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

    /// Rows of another version than before, and rows that came in between.
    fn note_changes(&mut self, items: &[Item]) {
        let old: BTreeMap<_, _> =
            self.items.iter().map(|item| (item.row.id, item.row.version)).collect();
        let is_known = |item: &Item| old.contains_key(&item.row.id);
        let n_between = items.iter().rposition(is_known).unwrap_or(0);
        for (place, item) in items.iter().enumerate() {
            let is_changed = match old.get(&item.row.id) {
                Some(version) => *version != item.row.version,
                None => place < n_between,
            };
            if is_changed {
                self.changed.insert(item.row.id);
            }
        }
        self.changed.retain(|id| items.iter().any(|item| item.row.id == *id));
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

#[cfg(test)]
mod tests;
