//! The papers, each with the template that it uses: the built-in one, or the office's own, since when
//! and by whom it was put in.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::paper::TemplateView;
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::act::Act;
use crate::domain::ids::Kind;
use crate::domain::paper::{Paper, Template};
use crate::locale;
use crate::tui::incoming::{Outcome, Work};
use crate::tui::look::Role;
use crate::tui::screen::returned::{FilesScreen, Sought};
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::widget::table::{Cell, Column, Mark, Row, Table};

/// Lines above and below the list: title, titles of columns, hint.
const FRAME_LINES: u16 = 3;
/// The field of the paper whose template goes.
const PAPER: &str = "paper";

/// The screen.
#[derive(Default)]
pub struct TemplatesScreen {
    /// What the office has put in; none before the answer.
    own: Option<Vec<TemplateView>>,
    roll: Roll,
    /// The paper whose template is to be written into the exchange folder.
    wanted: Option<Paper>,
}

impl TemplatesScreen {
    /// The templates of all papers.
    pub fn new() -> Self {
        Self::default()
    }

    fn paper(&self) -> Option<Paper> {
        Paper::ALL.get(self.roll.at).copied()
    }

    fn template(&self, paper: Paper) -> Option<&Template> {
        let own = self.own.as_deref().unwrap_or_default().iter();
        own.clone().find(|one| one.paper == paper).map(|one| &one.template)
    }

    fn columns(view: &View<'_>) -> Vec<Column> {
        vec![
            row::words(view, "papers.paper", (18, 30)),
            row::flex(view, "templates.template", 16),
            row::fixed(view, "templates.on", 10),
            row::fixed(view, "templates.by", 8),
        ]
    }

    fn cells(&self, paper: Paper, view: &View<'_>) -> Vec<Cell> {
        let title = Cell::text(locale::text(view.lang, &format!("choice.paper.{}", paper.word())));
        let Some(own) = self.template(paper) else {
            let built_in = Cell::role(locale::text(view.lang, "templates.built_in"), Role::Dim);
            return vec![title, built_in, Cell::text(""), Cell::text("")];
        };
        vec![
            title,
            Cell::text(row::flat(&own.file)),
            Cell::text(row::day(own.on, view.me.today)),
            row::maybe(own.by.as_ref()),
        ]
    }

    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let title = Cell::role(locale::text(view.lang, "cmd.templates"), Role::Title);
        let n_own = self.own.as_ref().map_or(0, Vec::len);
        let args = [("n", n_own.to_string())];
        let count = Cell::role(locale::fill(view.lang, "templates.count", &args), Role::Dim);
        row::sides(view, &[title], &[count], width)
    }
}

impl Screen for TemplatesScreen {
    fn name(&self) -> &'static str {
        "templates"
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Templates]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        if let Reply::Templates(own) = reply {
            self.own = Some(own);
        }
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        notice.everything || notice.touched.iter().any(|record| record.kind == Kind::Office)
    }

    fn work(&mut self) -> Option<Work> {
        self.wanted.take().map(Work::TakeTemplate)
    }

    fn worked(&mut self, outcome: Result<Outcome, Refusal>) -> Step {
        match outcome {
            Ok(Outcome::Written(place)) => {
                Step::Say("templates.written".to_owned(), vec![("place".to_owned(), place)])
            }
            _ => Step::Stay,
        }
    }

    fn on(&mut self, nav: Nav, _view: &View<'_>) -> Step {
        match (nav, self.paper()) {
            (Nav::TakeOut, paper) => {
                self.wanted = paper;
                Step::Ask
            }
            (Nav::PutIn, Some(paper)) => {
                Step::Push(Box::new(FilesScreen::new(Sought::Template(paper))))
            }
            _ => self.roll.on(nav, Paper::ALL.len()),
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::TakeOut, Nav::PutIn]
    }

    fn clicked(&mut self, at: Position, area: Rect, _view: &View<'_>) -> Step {
        let line = at.y.checked_sub(area.y + FRAME_LINES - 1);
        if self.roll.click(line, Paper::ALL.len()) { Step::Run("actions") } else { Step::Stay }
    }

    fn selected(&self) -> Selection {
        let Some(paper) = self.paper() else { return Selection::default() };
        let own = self.template(paper);
        // Why it is grey stands beside it: there is nothing to go back from.
        let why = own.is_none().then(|| "templates.is_built_in".to_owned());
        Selection {
            name: own.map(|own| row::flat(&own.file)).unwrap_or_default(),
            permits: vec![(Act::DropPaper, why)],
            ahead: vec![Act::DropPaper],
            given: vec![(PAPER.to_owned(), paper.word().to_owned())],
            ..Selection::default()
        }
    }

    fn resized(&mut self, area: Rect) {
        self.roll.height = usize::from(area.height.saturating_sub(FRAME_LINES)).max(1);
        self.roll.settle(Paper::ALL.len());
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        row::paint(frame, area, &[self.head(view, width)]);
        let (list, bottom) = row::hinted(row::below(area, 1));
        if self.own.is_none() {
            let text = Cell::text(locale::text(view.lang, "row.waiting"));
            row::paint(frame, list, &[Line::default(), row::strip(view, &[text], width)]);
            return None;
        }
        let shown = Paper::ALL.iter().skip(self.roll.top).take(self.roll.height);
        let rows =
            shown.map(|paper| Row::Cells { cells: self.cells(*paper, view), mark: Mark::Off });
        let table = Table {
            columns: Self::columns(view),
            rows: rows.collect(),
            selected: Some(self.roll.at.saturating_sub(self.roll.top)),
        };
        table.draw(list, frame.buffer_mut(), view.look);
        if let Some(bottom) = bottom {
            let more = self.roll.has_more_below(Paper::ALL.len());
            let hint = Cell::role(locale::text(view.lang, "templates.hint"), Role::Hint);
            row::paint(frame, bottom, &[row::foot(view, &[hint], more, width)]);
        }
        None
    }
}
