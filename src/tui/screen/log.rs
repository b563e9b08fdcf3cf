//! The log: what was changed by whom, and, for those who may know it, who looked at what.
//!
//! Both parts are narrowed by a text (a day, a login, a case's number, a person's name, which the
//! server reads) and by the kind of act. Below the list stands what the selected line says in full.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::{AccessQuery, JournalQuery, Request};
use crate::api::trail::{AccessRow, JournalRow};
use crate::domain::act::Act;
use crate::domain::ids::{CaseId, Kind, PersonId, RecordRef};
use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::arrange::nothing_to_clear;
use crate::tui::screen::case::CaseScreen;
use crate::tui::screen::person::PersonScreen;
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, filter, row};
use crate::tui::text::wrap;
use crate::tui::widget::input::{Editor, Typed};
use crate::tui::widget::table::{Cell, Mark, Row, Table};

mod line;

/// Rows that are asked for at a time.
const PAGE: u32 = 100;
/// Rows that are held at most; whoever looks further back narrows the list.
const ROWS_MAX: usize = 2_000;
/// The most characters of the text that narrows the list.
const CHARS_MAX: usize = 100;
/// The lines of the head and of the titles.
const LINES_ABOVE: usize = 2;
/// From this height on the selected line is told in full below.
const TELLS_FROM: u16 = 12;
/// The lines in which it is told, with its heading.
const TOLD_LINES: u16 = 7;
/// The kinds of act that the list can be narrowed to, by the head of their words.
const KINDS: [&str; 7] = ["", "case", "receipt", "person", "unit", "officer", "clerk"];

/// The parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Journal,
    Accesses,
}

/// The log.
pub struct LogScreen {
    part: Part,
    /// The place in [`KINDS`].
    kind: usize,
    text: String,
    text_box: Option<Editor>,
    journal: Vec<JournalRow>,
    accesses: Vec<AccessRow>,
    more_journal: Option<u64>,
    more_accesses: Option<(u32, u64)>,
    /// Whether the next answer goes on where the list ends.
    goes_on: bool,
    is_filled: bool,
    roll: Roll,
}

impl Default for LogScreen {
    fn default() -> Self {
        Self {
            part: Part::Journal,
            kind: 0,
            text: String::new(),
            text_box: None,
            journal: Vec::new(),
            accesses: Vec::new(),
            more_journal: None,
            more_accesses: None,
            goes_on: false,
            is_filled: false,
            roll: Roll::default(),
        }
    }
}

impl LogScreen {
    /// The newest changes.
    pub fn new() -> Self {
        Self::default()
    }

    fn n_rows(&self) -> usize {
        match self.part {
            Part::Journal => self.journal.len(),
            Part::Accesses => self.accesses.len(),
        }
    }

    fn has_more(&self) -> bool {
        let has_more = match self.part {
            Part::Journal => self.more_journal.is_some(),
            Part::Accesses => self.more_accesses.is_some(),
        };
        has_more && self.n_rows() < ROWS_MAX
    }

    fn restart(&mut self) -> Step {
        self.goes_on = false;
        self.is_filled = false;
        self.journal.clear();
        self.accesses.clear();
        (self.roll.at, self.roll.top) = (0, 0);
        Step::Ask
    }

    fn narrow(&mut self, text: String) -> Step {
        if text == self.text {
            return Step::Stay;
        }
        self.text = text;
        self.restart()
    }

    fn go(&mut self, nav: Nav) -> Step {
        self.roll.go(nav, self.n_rows());
        if self.has_more() && !self.goes_on && self.roll.nears_end(self.n_rows()) {
            self.goes_on = true;
            return Step::Ask;
        }
        Step::Stay
    }

    /// The record that the selected line is about.
    fn record(&self) -> Option<RecordRef> {
        match self.part {
            Part::Journal => self.journal.get(self.roll.at)?.record,
            Part::Accesses => self.accesses.get(self.roll.at)?.about.first().map(|(id, _)| *id),
        }
    }

    fn open(&self) -> Step {
        match self.record() {
            Some(RecordRef { kind: Kind::Case, id }) => {
                Step::Push(Box::new(CaseScreen::new(CaseId(id))))
            }
            Some(RecordRef { kind: Kind::Person, id }) => {
                Step::Push(Box::new(PersonScreen::new(PersonId(id))))
            }
            _ => Step::Say("log.no_sheet".to_owned(), Vec::new()),
        }
    }

    fn typed_in(&mut self, mut text_box: Editor, key: Key) -> Step {
        match key {
            // A name is whole only when it is entered: half of one is nobody's.
            Key::Enter => return self.narrow(text_box.text().trim().to_owned()),
            Key::Esc => return self.narrow(String::new()),
            Key::Up => {
                self.text_box = Some(text_box);
                return self.go(Nav::Up);
            }
            Key::Down => {
                self.text_box = Some(text_box);
                return self.go(Nav::Down);
            }
            _ => {}
        }
        let typed = text_box.take(key);
        self.text_box = Some(text_box);
        said(typed)
    }

    /// The line of parts and filters; while the text box is open it ends where that begins.
    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let fill = |key: &str, value: &str| locale::fill(view.lang, key, &[("value", value)]);
        let mut cells = Vec::new();
        let tabs = ["log.journal", "log.accesses"].map(|key| locale::text(view.lang, key));
        if view.me.denied.contains(&Act::ReadAccesses) {
            cells.push(row::tabs(&tabs[..1], 0));
        } else {
            cells.push(row::tabs(&tabs, usize::from(self.part == Part::Accesses)));
        }
        let kind = KINDS.get(self.kind).filter(|kind| !kind.is_empty());
        let kind = kind.map_or_else(
            || locale::text(view.lang, "log.every_kind"),
            |kind| locale::text(view.lang, &format!("kind.{kind}")),
        );
        cells.push(Cell::text(fill("log.kind", &kind)));
        if self.text_box.is_some() {
            cells.push(Cell::role(fill("log.only", ""), Role::Key));
            return row::strip(view, &cells, width);
        }
        if !self.text.is_empty() {
            cells.push(Cell::role(fill("log.only", &self.text), Role::Input));
        }
        let count = fill(
            if self.has_more() { "log.count_more" } else { "log.count" },
            &self.n_rows().to_string(),
        );
        row::sides(view, &cells, &[Cell::role(count, Role::Dim)], width)
    }

    fn table(&self, view: &View<'_>) -> Table {
        let columns = vec![
            row::fixed(view, "log.at", 11),
            row::fixed(view, "log.who", 10),
            row::fixed(view, "log.act", 14),
            row::fixed(view, "log.about", 14),
            row::flex(view, "log.what", 10),
        ];
        let cells: Vec<Vec<Cell>> = match self.part {
            Part::Journal => {
                self.journal.iter().map(|row| line::journal_cells(row, view)).collect()
            }
            Part::Accesses => {
                self.accesses.iter().map(|row| line::access_cells(row, view)).collect()
            }
        };
        let rows = cells.into_iter().skip(self.roll.top).take(self.roll.height);
        let rows = rows.map(|cells| Row::Cells { cells, mark: Mark::Off }).collect();
        let selected = (self.n_rows() > 0).then(|| self.roll.at - self.roll.top);
        Table { columns, rows, selected }
    }

    fn empty(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let is_narrowed = !self.text.is_empty() || self.kind > 0;
        let key = match (self.is_filled, is_narrowed) {
            (false, _) => "row.waiting",
            (true, true) => "log.empty.narrowed",
            (true, false) => "log.empty",
        };
        vec![Line::default(), row::strip(view, &[Cell::text(locale::text(view.lang, key))], width)]
    }

    /// What the selected line says, in full.
    fn told(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let texts = match self.part {
            Part::Journal => {
                self.journal.get(self.roll.at).map(|row| line::journal_text(row, view))
            }
            Part::Accesses => {
                self.accesses.get(self.roll.at).map(|row| line::access_text(row, view))
            }
        };
        let texts = texts.unwrap_or_default();
        let lines = texts.iter().flat_map(|text| wrap(text, width.saturating_sub(2).max(1)));
        lines.map(|text| row::strip(view, &[Cell::text(text.to_string())], width)).collect()
    }
}

fn said(typed: Typed) -> Step {
    match typed {
        Typed::Changed { .. } | Typed::Moved | Typed::NotMine => Step::Stay,
        Typed::Full { most } => filter::full(most),
    }
}

impl Screen for LogScreen {
    fn name(&self) -> &'static str {
        "log"
    }

    fn wants(&self) -> Vec<Request> {
        let text = Some(self.text.clone()).filter(|text| !text.is_empty());
        let act = KINDS.get(self.kind).filter(|kind| !kind.is_empty());
        let act = act.map(|kind| format!("{kind}."));
        let goes_on = self.goes_on;
        match self.part {
            Part::Journal => vec![Request::Journal(JournalQuery {
                act,
                text,
                before: self.more_journal.filter(|_| goes_on),
                most: PAGE,
                ..JournalQuery::default()
            })],
            Part::Accesses => vec![Request::Accesses(AccessQuery {
                act,
                text,
                before: self.more_accesses.filter(|_| goes_on),
                most: PAGE,
                ..AccessQuery::default()
            })],
        }
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        let goes_on = std::mem::take(&mut self.goes_on);
        match (reply, self.part) {
            (Reply::Journal(page), Part::Journal) => {
                if !goes_on {
                    self.journal.clear();
                }
                self.journal.extend(page.rows);
                self.more_journal = page.more;
            }
            (Reply::Accesses(page), Part::Accesses) => {
                if !goes_on {
                    self.accesses.clear();
                }
                self.accesses.extend(page.rows);
                self.more_accesses = page.more;
            }
            _ => return Step::Stay,
        }
        self.is_filled = true;
        self.roll.settle(self.n_rows());
        // A page may hold few rows that fit; the list goes on until the screen is full.
        self.go(Nav::Open)
    }

    fn refused(&mut self, _place: usize, _refusal: &Refusal) -> Step {
        self.goes_on = false;
        self.is_filled = true;
        Step::Stay
    }

    fn touched(&self, _notice: &Notice) -> bool {
        // Every change is a new line; who reads further down is not moved.
        self.part == Part::Journal && self.roll.at == 0
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        match nav {
            Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown | Nav::First | Nav::Last => {
                self.go(nav)
            }
            Nav::Row(_) => {
                self.roll.go(nav, self.n_rows());
                self.open()
            }
            Nav::Open => self.open(),
            Nav::NextPane | Nav::PreviousPane => {
                if view.me.denied.contains(&Act::ReadAccesses) {
                    return Step::Say("log.accesses_denied".to_owned(), Vec::new());
                }
                self.part = match self.part {
                    Part::Journal => Part::Accesses,
                    Part::Accesses => Part::Journal,
                };
                self.restart()
            }
            Nav::Stage => {
                self.kind = (self.kind + 1) % KINDS.len();
                self.restart()
            }
            Nav::Filter => {
                let mut text_box = filter::open(&self.text, CHARS_MAX);
                text_box.set_hint(locale::text(view.lang, "log.hint"));
                self.text_box = Some(text_box);
                Step::Stay
            }
            Nav::Clear if self.kind == 0 && self.text.is_empty() => nothing_to_clear(),
            Nav::Clear => {
                self.kind = 0;
                self.text.clear();
                self.restart()
            }
            Nav::Sort
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
            | Nav::Why => Step::Pass,
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane, Nav::Filter, Nav::Stage, Nav::Clear]
    }

    fn is_typing(&self) -> bool {
        self.text_box.is_some()
    }

    fn typed(&mut self, key: Key, _view: &View<'_>) -> Step {
        match self.text_box.take() {
            Some(text_box) => self.typed_in(text_box, key),
            None => Step::Pass,
        }
    }

    fn pasted(&mut self, text: &str, _view: &View<'_>) -> Step {
        let Some(text_box) = &mut self.text_box else { return Step::Pass };
        said(filter::paste(text_box, text))
    }

    fn selected(&self) -> Selection {
        Selection { record: self.record(), ..Selection::default() }
    }

    fn resized(&mut self, area: Rect) {
        let told = if area.height >= TELLS_FROM { TOLD_LINES } else { 0 };
        self.roll.height =
            usize::from(area.height.saturating_sub(told)).saturating_sub(LINES_ABOVE);
        self.roll.settle(self.n_rows());
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let head = self.head(view, width);
        let n_head = row::width_of(&head);
        row::paint(frame, area, &[head]);
        let list = row::below(area, 1);
        if self.n_rows() == 0 {
            row::paint(frame, list, &self.empty(view, width));
        } else {
            let table = Rect { height: list.height.min(cap(self.roll.height + 1)), ..list };
            self.table(view).draw(table, frame.buffer_mut(), view.look);
            if area.height >= TELLS_FROM {
                let below = row::below(area, usize::from(area.height - TOLD_LINES));
                let more = self.roll.has_more_below(self.n_rows()) || self.has_more();
                let more = more.then(|| Cell::role(locale::text(view.lang, "row.more"), Role::Dim));
                let name = Cell::role(locale::text(view.lang, "log.in_full"), Role::Group);
                let mut lines = vec![row::rule(view, &[name], more.as_slice(), width)];
                lines.extend(self.told(view, width));
                row::paint(frame, below, &lines);
            }
        }
        filter::draw(self.text_box.as_ref(), frame, (area, n_head), view)
    }
}

fn cap(rows: usize) -> u16 {
    u16::try_from(rows).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests;
