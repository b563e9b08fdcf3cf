//! Bringing a table in, its first step: what it holds, what becomes of its rows, and which file of
//! the exchange folder it is. Columns and outcomes are the screens behind it.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::incoming::{Book, Known, Rows};
use crate::api::refusal::Refusal;
use crate::locale;
use crate::tui::incoming::{Folder, Heads, Origin, Outcome, ReadTerms, Work, extent};
use crate::tui::look::Role;
use crate::tui::screen::import::columns::ColumnsScreen;
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Screen, Step, View, row};
use crate::tui::text::{Align, cut_middle, pad_right};
use crate::tui::widget::table::{Cell, Column, Mark, Row, Table};

pub mod columns;
pub mod day;
pub mod outcome;
pub mod pick;
pub mod saved;
pub mod terms;
#[cfg(test)]
mod tests;
pub mod wait;

/// The steps of an import, in the order of its screens.
const STEPS: [&str; 3] = ["incoming.step.file", "incoming.step.columns", "incoming.step.outcome"];
/// What is said of a file before it is read, in the order of its rows.
const CHOICES: [Said; 3] = [Said::What, Said::Becomes, Said::Known];
/// The columns between two cells of the first line.
const GAP: usize = 2;
/// The columns of a table of the folder beside its name: marker, size, time and the gaps.
pub const BESIDE_NAME: usize = 2 + 9 + 16 + 2;
/// Lines that stand always: title, choices, folder, heads of columns, hint.
const FRAME_LINES: u16 = 7;

/// Something that is said of a file before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// What its rows are.
    What,
    /// What becomes of them.
    Becomes,
    /// What becomes of rows that are there already.
    Known,
}

/// The screen.
pub struct ImportScreen {
    terms: ReadTerms,
    folder: Option<Folder>,
    /// What was pasted here; it stands before the files.
    cells: Option<Arc<str>>,
    /// The selected row: first the choices, then what can be read.
    at: usize,
    roll: Roll,
}

impl Default for ImportScreen {
    fn default() -> Self {
        Self {
            terms: ReadTerms::new(Origin::File(String::new())),
            folder: None,
            cells: None,
            at: CHOICES.len(),
            roll: Roll::default(),
        }
    }
}

impl ImportScreen {
    /// The files of the exchange folder.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many tables can be read: what was pasted, and the files.
    fn n_tables(&self) -> usize {
        let n_files = self.folder.as_ref().map_or(0, |folder| folder.files.len());
        usize::from(self.cells.is_some()) + n_files
    }

    /// The table of that place.
    fn table(&self, at: usize) -> Option<Origin> {
        let files = || self.folder.as_ref().map_or(&[][..], |folder| &folder.files);
        match (&self.cells, at) {
            (Some(cells), 0) => Some(Origin::Cells(Arc::clone(cells), Heads::Guess)),
            (Some(_), _) => files().get(at - 1).map(|file| Origin::File(file.name.clone())),
            (None, _) => files().get(at).map(|file| Origin::File(file.name.clone())),
        }
    }

    fn go(&mut self, nav: Nav) {
        let last = (CHOICES.len() + self.n_tables()).saturating_sub(1);
        self.at = match nav {
            Nav::Row(digit) => (usize::from(digit) - 1).min(last),
            _ => nav.moved(self.at, (self.roll.height.max(1), last)).unwrap_or(self.at),
        };
        self.settle();
    }

    fn settle(&mut self) {
        let n_tables = self.n_tables();
        self.at = self.at.min((CHOICES.len() + n_tables).saturating_sub(1));
        self.roll.at = self.at.saturating_sub(CHOICES.len());
        self.roll.settle(n_tables);
    }

    /// The other value of a choice.
    fn turn(&mut self, said: Said, nav: Nav) -> Step {
        let terms = &mut self.terms;
        match said {
            Said::What => {
                let at = Rows::ALL.iter().position(|rows| *rows == terms.rows).unwrap_or(0);
                let steps = if nav == Nav::Left { Rows::ALL.len() - 1 } else { 1 };
                let next = (at + steps) % Rows::ALL.len();
                terms.rows = Rows::ALL.get(next).copied().unwrap_or_default();
            }
            Said::Becomes if terms.rows != Rows::Cases => {
                return Step::Say("incoming.only_cases".to_owned(), Vec::new());
            }
            Said::Becomes => {
                terms.book = match terms.book {
                    Book::Open => Book::History,
                    Book::History => Book::Open,
                };
            }
            Said::Known => {
                terms.known = match terms.known {
                    Known::Keep => Known::Update,
                    Known::Update => Known::Keep,
                };
            }
        }
        Step::Stay
    }

    fn open(&mut self, nav: Nav) -> Step {
        if let Some(said) = CHOICES.get(self.at) {
            // Where there is nothing to read, Enter looks again and changes nothing.
            let looks_again = nav == Nav::Open && self.n_tables() == 0;
            return if looks_again { Step::Ask } else { self.turn(*said, nav) };
        }
        let table = self.table(self.at - CHOICES.len()).filter(|_| nav == Nav::Open);
        let Some(origin) = table else { return Step::Stay };
        let terms = ReadTerms { origin, ..self.terms.clone() };
        Step::Push(Box::new(ColumnsScreen::new(terms)))
    }

    /// What to do where there is no table.
    fn empty(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let key = match &self.folder {
            None => "row.waiting",
            Some(folder) if folder.is_set => "incoming.empty",
            Some(_) => "incoming.no_folder",
        };
        let place = self.folder.as_ref().map_or("", |folder| folder.place.as_str());
        let text = locale::fill(view.lang, key, &[("place", place)]);
        let lines = text.lines().map(|line| row::strip(view, &[Cell::text(line)], width));
        std::iter::once(Line::default()).chain(lines).collect()
    }

    fn choices(&self, view: &View<'_>, area: Rect) -> Table {
        let rows = CHOICES.iter().map(|said| {
            let (label, value) = match said {
                Said::What => ("what", what(self.terms.rows)),
                Said::Becomes => ("becomes", becomes(&self.terms)),
                Said::Known => ("known", known(self.terms.known)),
            };
            let label = locale::text(view.lang, &format!("incoming.{label}"));
            let cell = Cell::role(pad_right(&label, 12), Role::Dim);
            let cells = vec![cell.and(locale::text(view.lang, &value), Role::Text)];
            Row::Cells { cells, mark: Mark::Off }
        });
        let selected = Some(self.at).filter(|at| *at < CHOICES.len());
        Table { columns: vec![row::flex(view, "", area.width)], rows: rows.collect(), selected }
    }

    fn tables(&self, view: &View<'_>, width: usize) -> Table {
        let room = width.saturating_sub(BESIDE_NAME);
        let cells = self.cells.iter().map(|cells| {
            let origin = Origin::Cells(Arc::clone(cells), Heads::Guess);
            vec![Cell::role(name(view, &origin), Role::Key), Cell::text(""), Cell::text("")]
        });
        let files = self.folder.iter().flat_map(|folder| &folder.files).map(|file| {
            let size = Cell::text(size_text(file.n_bytes));
            vec![Cell::text(cut_middle(&file.name, room)), size, Cell::text(&file.changed_at)]
        });
        let shown = cells.chain(files).skip(self.roll.top).take(self.roll.height);
        let at = self.at.checked_sub(CHOICES.len()).map(|at| at.saturating_sub(self.roll.top));
        let size = row::fixed(view, "incoming.size", 9);
        Table {
            columns: vec![
                row::flex(view, "incoming.file", 20),
                Column { align: Align::Right, ..size },
                row::fixed(view, "incoming.changed", 16),
            ],
            rows: shown.map(|cells| Row::Cells { cells, mark: Mark::Off }).collect(),
            selected: at,
        }
    }
}

impl Screen for ImportScreen {
    fn name(&self) -> &'static str {
        "import"
    }

    fn takes_cells(&mut self, cells: &str) -> bool {
        self.cells = Some(cells.into());
        self.at = CHOICES.len();
        self.settle();
        true
    }

    fn work(&mut self) -> Option<Work> {
        Some(Work::List)
    }

    fn worked(&mut self, outcome: Result<Outcome, Refusal>) -> Step {
        if let Ok(Outcome::Folder(folder)) = outcome {
            if self.n_tables() == 0 {
                // Enter is to read the first one, not to change what stands above.
                self.at = CHOICES.len();
            }
            self.folder = Some(folder);
            self.settle();
        }
        Step::Stay
    }

    fn on(&mut self, nav: Nav, _view: &View<'_>) -> Step {
        match nav {
            Nav::Open | Nav::Left | Nav::Right => self.open(nav),
            Nav::Tick => Step::Ask,
            Nav::Up
            | Nav::Down
            | Nav::PageUp
            | Nav::PageDown
            | Nav::First
            | Nav::Last
            | Nav::Row(_) => {
                self.go(nav);
                Step::Stay
            }
            _ => Step::Pass,
        }
    }

    fn labels(&self) -> &'static [(Nav, &'static str)] {
        &[(Nav::Tick, "cmd.tick.again")]
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::Left, Nav::Right, Nav::Tick]
    }

    fn clicked(&mut self, at: Position, area: Rect, _view: &View<'_>) -> Step {
        let Some(line) = at.y.checked_sub(area.y + 1).map(usize::from) else { return Step::Stay };
        let choices = CHOICES.len();
        // Between the choices and the files stand the folder and the heads of columns.
        let clicked = match line {
            line if line < choices => Some(line),
            line => line.checked_sub(choices + 2).map(|file| choices + self.roll.top + file),
        };
        match clicked.filter(|row| *row < choices + self.n_tables()) {
            Some(row) if row == self.at => self.open(Nav::Open),
            Some(row) => {
                self.at = row;
                self.settle();
                Step::Stay
            }
            None => Step::Stay,
        }
    }

    fn resized(&mut self, area: Rect) {
        self.roll.height = usize::from(area.height.saturating_sub(FRAME_LINES)).max(1);
        self.settle();
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        row::paint(frame, area, &[title(view, (0, ""), width)]);
        let (rest, bottom) = row::hinted(row::below(area, 1));
        self.choices(view, rest).draw(rest, frame.buffer_mut(), view.look);
        let below = row::below(rest, CHOICES.len());
        let place = self.folder.as_ref().map(|folder| folder.place.clone()).unwrap_or_default();
        let args = [("place", place.clone())];
        let head = Cell::role(locale::fill(view.lang, "incoming.folder", &args), Role::Group);
        row::paint(frame, below, &[row::rule(view, &[head], &[], width)]);
        let list = row::below(below, 1);
        if self.n_tables() > 0 {
            self.tables(view, width).draw(list, frame.buffer_mut(), view.look);
        } else {
            row::paint(frame, list, &self.empty(view, width));
        }
        let more = self.folder.as_ref().map_or(0, |folder| folder.n_more);
        let hint = match more {
            0 => locale::text(view.lang, "incoming.hint.file"),
            _ => row::counted(view, "incoming.more_files", more as u64),
        };
        if let Some(bottom) = bottom {
            row::paint(frame, bottom, &[row::strip(view, &[Cell::role(hint, Role::Hint)], width)]);
        }
        None
    }
}

/// The first line of each step: what is done, the steps, and what is brought in.
fn title(view: &View<'_>, (step, right): (usize, &str), width: usize) -> Line<'static> {
    let steps = STEPS.map(|key| locale::text(view.lang, key));
    let left =
        [Cell::role(locale::text(view.lang, "cmd.import"), Role::Title), row::tabs(&steps, step)];
    // A long name gives way: the steps always stand.
    let n_left: usize = left.iter().map(|cell| cell.width() + GAP).sum();
    let right = cut_middle(right, width.saturating_sub(n_left));
    row::sides(view, &left, &[Cell::text(right)], width)
}

/// The key of what rows are.
fn what(rows: Rows) -> String {
    format!("incoming.rows.{}", rows.word())
}

/// The key of what becomes of them.
fn becomes(terms: &ReadTerms) -> String {
    match terms.rows {
        Rows::Cases => format!("incoming.book.{}", terms.book.word()),
        Rows::Units | Rows::Officers | Rows::Persons => "incoming.book.none".to_owned(),
    }
}

/// The key of what becomes of rows that are there already.
fn known(known: Known) -> String {
    format!("incoming.known.{}", known.word())
}

/// What a table is called.
pub fn name(view: &View<'_>, origin: &Origin) -> String {
    match origin {
        Origin::File(name) => name.clone(),
        Origin::Cells(cells, _) => row::counted(view, "incoming.cells", extent(cells).0 as u64),
    }
}

/// A size as people read it.
pub fn size_text(n_bytes: u64) -> String {
    const UNITS: [&str; 3] = ["KB", "MB", "GB"];
    let mut tenths = n_bytes.saturating_mul(10).div_ceil(1024);
    let mut unit = 0;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths = tenths.div_ceil(1024);
        unit += 1;
    }
    let unit = UNITS.get(unit).copied().unwrap_or_default();
    match tenths {
        0..100 => format!("{}.{} {unit}", tenths / 10, tenths % 10),
        _ => format!("{} {unit}", tenths.div_ceil(10)),
    }
}
