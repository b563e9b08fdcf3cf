//! The files of the exchange folder for what is read whole: forms that villages sent back, exports of
//! the state system, templates of papers. What stands in one of them is the screen behind it.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::refusal::Refusal;
use crate::domain::paper::Paper;
use crate::locale;
use crate::tui::incoming::{Folder, Heads, Origin, Outcome, Work};
use crate::tui::look::Role;
use crate::tui::screen::import::{BESIDE_NAME, name, size_text};
use crate::tui::screen::paper::template::TemplateScreen;
use crate::tui::screen::returned::compare::CompareScreen;
use crate::tui::screen::returned::form::FormScreen;
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Screen, Step, View, row};
use crate::tui::text::{Align, cut_middle};
use crate::tui::widget::table::{Cell, Column, Mark, Row, Table};

pub mod compare;
pub mod form;
pub mod place;

/// Lines above and below the list: title, folder, titles of columns, hint.
const FRAME_LINES: u16 = 4;

/// What is looked for among the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sought {
    /// Forms that villages sent back.
    Form,
    /// Exports of the state system.
    Export,
    /// The template of a paper.
    Template(Paper),
}

/// The screen of the files.
pub struct FilesScreen {
    sought: Sought,
    folder: Option<Folder>,
    /// What was pasted here; it stands before the files.
    cells: Option<Arc<str>>,
    roll: Roll,
}

impl FilesScreen {
    /// The files of the exchange folder.
    pub fn new(sought: Sought) -> Self {
        Self { sought, folder: None, cells: None, roll: Roll::default() }
    }

    fn origins(&self) -> Vec<Origin> {
        let cells = self.cells.iter().map(|cells| Origin::Cells(Arc::clone(cells), Heads::Guess));
        let files = self.folder.iter().flat_map(|folder| &folder.files);
        cells.chain(files.map(|file| Origin::File(file.name.clone()))).collect()
    }

    fn open(&self) -> Step {
        match (self.origins().into_iter().nth(self.roll.at), self.sought) {
            (Some(origin), Sought::Form) => Step::Push(Box::new(FormScreen::new(origin))),
            (Some(origin), Sought::Export) => Step::Push(Box::new(CompareScreen::new(origin))),
            (Some(Origin::File(name)), Sought::Template(paper)) => {
                Step::Push(Box::new(TemplateScreen::new(paper, &name)))
            }
            (Some(Origin::Cells(..)), Sought::Template(_)) | (None, _) => Step::Ask,
        }
    }

    fn settle(&mut self) {
        let n_rows = self.origins().len();
        self.roll.settle(n_rows);
    }

    fn rows(&self, view: &View<'_>, width: usize) -> Vec<Vec<Cell>> {
        let room = width.saturating_sub(BESIDE_NAME);
        let cells = self.cells.iter().map(|cells| {
            let origin = Origin::Cells(Arc::clone(cells), Heads::Guess);
            vec![Cell::role(name(view, &origin), Role::Key), Cell::text(""), Cell::text("")]
        });
        let files = self.folder.iter().flat_map(|folder| &folder.files).map(|file| {
            let size = Cell::text(size_text(file.n_bytes));
            vec![Cell::text(cut_middle(&file.name, room)), size, Cell::text(&file.changed_at)]
        });
        cells.chain(files).collect()
    }

    /// What to do where there is no file.
    fn empty(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let key = match &self.folder {
            None => "row.waiting",
            Some(folder) if folder.is_set => match self.sought {
                Sought::Form => "village.empty",
                Sought::Export => "incoming.empty",
                Sought::Template(_) => "templates.no_files",
            },
            Some(_) => "incoming.no_folder",
        };
        let place = self.folder.as_ref().map_or("", |folder| folder.place.as_str());
        let text = locale::fill(view.lang, key, &[("place", place)]);
        let lines = text.lines().map(|line| row::strip(view, &[Cell::text(line)], width));
        std::iter::once(Line::default()).chain(lines).collect()
    }
}

impl Screen for FilesScreen {
    fn name(&self) -> &'static str {
        match self.sought {
            Sought::Form => "returns",
            Sought::Export => "compare",
            Sought::Template(_) => "template_files",
        }
    }

    fn takes_cells(&mut self, cells: &str) -> bool {
        if matches!(self.sought, Sought::Template(_)) {
            return false;
        }
        self.cells = Some(cells.into());
        self.roll.at = 0;
        self.settle();
        true
    }

    fn work(&mut self) -> Option<Work> {
        Some(match self.sought {
            Sought::Form | Sought::Export => Work::List,
            Sought::Template(_) => Work::ListTemplates,
        })
    }

    fn worked(&mut self, outcome: Result<Outcome, Refusal>) -> Step {
        if let Ok(Outcome::Folder(folder)) = outcome {
            self.folder = Some(folder);
            self.settle();
        }
        Step::Stay
    }

    fn on(&mut self, nav: Nav, _view: &View<'_>) -> Step {
        match nav {
            Nav::Open => self.open(),
            Nav::Tick => Step::Ask,
            _ => {
                let n_rows = self.origins().len();
                self.roll.on(nav, n_rows)
            }
        }
    }

    fn labels(&self) -> &'static [(Nav, &'static str)] {
        &[(Nav::Tick, "cmd.tick.again")]
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::Tick]
    }

    fn clicked(&mut self, at: Position, area: Rect, _view: &View<'_>) -> Step {
        let line = at.y.checked_sub(area.y + FRAME_LINES - 1);
        let n_rows = self.origins().len();
        if self.roll.click(line, n_rows) { self.open() } else { Step::Stay }
    }

    fn resized(&mut self, area: Rect) {
        self.roll.height = usize::from(area.height.saturating_sub(FRAME_LINES)).max(1);
        self.settle();
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let command = match self.sought {
            Sought::Form => "cmd.take_back",
            Sought::Export => "cmd.compare",
            Sought::Template(_) => "cmd.template_in",
        };
        let title = Cell::role(locale::text(view.lang, command), Role::Title);
        let about = match self.sought {
            Sought::Form => "village.about".to_owned(),
            Sought::Export => "compare.about".to_owned(),
            Sought::Template(paper) => format!("choice.paper.{}", paper.word()),
        };
        let about = locale::text(view.lang, &about);
        let place = self.folder.as_ref().map(|folder| folder.place.clone()).unwrap_or_default();
        let head = locale::fill(view.lang, "incoming.folder", &[("place", place)]);
        let lines = [
            row::strip(view, &[title, Cell::text(about)], width),
            row::rule(view, &[Cell::role(head, Role::Group)], &[], width),
        ];
        row::paint(frame, area, &lines);
        let (list, bottom) = row::hinted(row::below(area, lines.len()));
        let rows = self.rows(view, width);
        if rows.is_empty() {
            row::paint(frame, list, &self.empty(view, width));
        } else {
            let shown = rows.into_iter().skip(self.roll.top).take(self.roll.height);
            let size = row::fixed(view, "incoming.size", 9);
            let table = Table {
                columns: vec![
                    row::flex(view, "incoming.file", 20),
                    Column { align: Align::Right, ..size },
                    row::fixed(view, "incoming.changed", 16),
                ],
                rows: shown.map(|cells| Row::Cells { cells, mark: Mark::Off }).collect(),
                selected: Some(self.roll.at.saturating_sub(self.roll.top)),
            };
            table.draw(list, frame.buffer_mut(), view.look);
        }
        if let Some(bottom) = bottom {
            let hint = match self.sought {
                Sought::Form | Sought::Export => "village.hint.files",
                Sought::Template(_) => "templates.hint.files",
            };
            let hint = Cell::role(locale::text(view.lang, hint), Role::Hint);
            row::paint(frame, bottom, &[row::strip(view, &[hint], width)]);
        }
        None
    }
}
