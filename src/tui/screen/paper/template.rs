//! A document of the exchange folder as the template of a paper, before it is put in: what it asks for
//! that nothing is behind, what the built-in one asks for and it does not, and what it says.
//!
//! Nothing is kept of it before the one question is answered with yes.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::refusal::Refusal;
use crate::api::reply::Done;
use crate::api::request::Order;
use crate::domain::act::Act;
use crate::domain::paper::Paper;
use crate::domain::text::{Lines, clean};
use crate::locale;
use crate::tui::incoming::{Outcome, TemplateRead, Work};
use crate::tui::look::Role;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::text::wrap;
use crate::tui::widget::table::Cell;

/// Lines above and below the text: paper and file, hint.
const FRAME_LINES: u16 = 2;

/// How far it is.
#[derive(Debug, Clone, PartialEq)]
enum State {
    /// It is to be read.
    Wanted,
    /// It is being read.
    Reading,
    /// It was read.
    Read(Arc<TemplateRead>),
    /// It is no template of that paper; why stands in the status line.
    Refused,
    /// It was put in.
    Kept(Arc<TemplateRead>),
}

/// The screen.
pub struct TemplateScreen {
    paper: Paper,
    name: String,
    state: State,
    top: usize,
    area: Rect,
}

impl TemplateScreen {
    /// A file of that name as the template of a paper.
    pub fn new(paper: Paper, name: &str) -> Self {
        let (state, area) = (State::Wanted, Rect::default());
        Self { paper, name: name.to_owned(), state, top: 0, area }
    }

    fn read(&self) -> Option<&TemplateRead> {
        match &self.state {
            State::Read(read) | State::Kept(read) => Some(read),
            State::Wanted | State::Reading | State::Refused => None,
        }
    }

    /// Whether it can be put in.
    fn can_keep(&self) -> bool {
        matches!(&self.state, State::Read(read) if !read.digest.is_empty())
    }

    fn title(&self, view: &View<'_>) -> String {
        locale::text(view.lang, &format!("choice.paper.{}", self.paper.word()))
    }

    /// What is to be known first, then the text itself.
    fn lines(&self, view: &View<'_>) -> Vec<(String, Role)> {
        let Some(read) = self.read() else { return Vec::new() };
        let gap = locale::text(view.lang, "page.and");
        let said = |key: &str, names: &[String]| {
            let args = [("n", names.len().to_string()), ("names", names.join(&gap))];
            (!names.is_empty()).then(|| (locale::fill(view.lang, key, &args), Role::Warning))
        };
        let unknown = said("templates.unknown", &read.unknown);
        let lacks = said("templates.lacks", &read.lacks);
        let whole = (unknown.is_none() && lacks.is_none())
            .then(|| (locale::text(view.lang, "templates.whole"), Role::Ok));
        let text = read.lines.iter().map(|line| (clean(line, Lines::One).text, Role::Text));
        let first = unknown.into_iter().chain(lacks).chain(whole);
        let lines = first.chain([(String::new(), Role::Text)]).chain(text);
        let width = usize::from(self.area.width).max(2);
        lines
            .flat_map(|(line, role)| match wrap(&line, width) {
                parts if parts.is_empty() => vec![(String::new(), role)],
                parts => parts.iter().map(|part| ((*part).to_string(), role)).collect(),
            })
            .collect()
    }

    fn height(&self) -> usize {
        usize::from(self.area.height.saturating_sub(FRAME_LINES)).max(1)
    }

    fn hint(&self, view: &View<'_>) -> Cell {
        let (key, role) = match &self.state {
            State::Wanted | State::Reading => ("row.waiting", Role::Dim),
            State::Refused => ("templates.hint.refused", Role::Hint),
            State::Kept(_) => ("templates.hint.kept", Role::Ok),
            State::Read(read) if read.digest.is_empty() => ("templates.hint.refused", Role::Hint),
            State::Read(_) => ("templates.hint.read", Role::Hint),
        };
        Cell::role(locale::text(view.lang, key), role)
    }
}

impl Screen for TemplateScreen {
    fn name(&self) -> &'static str {
        "template"
    }

    fn work(&mut self) -> Option<Work> {
        if self.state != State::Wanted {
            return None;
        }
        self.state = State::Reading;
        Some(Work::ReadTemplate(self.paper, self.name.clone()))
    }

    fn worked(&mut self, outcome: Result<Outcome, Refusal>) -> Step {
        match outcome {
            Ok(Outcome::Template(read)) => self.state = State::Read(read),
            Ok(_) => {}
            Err(_) => self.state = State::Refused,
        }
        Step::Stay
    }

    fn done(&mut self, order: &Order, _done: &Done) {
        let (State::Read(read) | State::Kept(read)) = &self.state else { return };
        let is_its = |name: &str, text: &str| order.fields.get(name).is_some_and(|own| own == text);
        // Other files wait on screens of their own, and one may be looked at for two papers.
        if !matches!(order.act, Act::LoadPaper | Act::DropPaper)
            || !is_its("paper", self.paper.word())
        {
            return;
        }
        let is_kept = order.act == Act::LoadPaper && is_its("file", &read.digest);
        let read = Arc::clone(read);
        self.state = if is_kept { State::Kept(read) } else { State::Read(read) };
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        let last = self.lines(view).len().saturating_sub(self.height());
        match nav {
            Nav::Open if self.can_keep() => Step::Run("load_paper"),
            Nav::Open => Step::Stay,
            // Somebody may have mended the file meanwhile.
            Nav::Tick => {
                self.state = State::Wanted;
                Step::Ask
            }
            _ => match nav.moved(self.top, (self.height(), last)) {
                Some(top) => {
                    self.top = top;
                    Step::Stay
                }
                None => Step::Pass,
            },
        }
    }

    fn labels(&self) -> &'static [(Nav, &'static str)] {
        &[(Nav::Tick, "cmd.tick.again")]
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::Tick]
    }

    fn selected(&self) -> Selection {
        let Some(read) = self.read().filter(|_| self.can_keep()) else {
            return Selection::default();
        };
        let given = [
            ("paper", self.paper.word()),
            ("file", read.digest.as_str()),
            ("name", read.name.as_str()),
        ];
        Selection {
            name: row::flat(&read.name),
            ahead: vec![Act::LoadPaper],
            given: given.map(|(name, text)| (name.to_owned(), text.to_owned())).into(),
            ..Selection::default()
        }
    }

    fn resized(&mut self, area: Rect) {
        self.area = area;
        self.top = 0;
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let title = Cell::role(self.title(view), Role::Title);
        let file = Cell::text(row::flat(&self.name));
        row::paint(frame, area, &[row::strip(view, &[title, file], width)]);
        let (room, bottom) = row::hinted(row::below(area, 1));
        let lines = self.lines(view);
        let shown = lines.iter().skip(self.top).take(usize::from(room.height));
        let shown = shown.map(|(line, role)| {
            row::strip(view, &[Cell::role(view.look.shown(line), *role)], width)
        });
        row::paint(frame, room, &shown.collect::<Vec<Line<'_>>>());
        if let Some(bottom) = bottom {
            let more = self.top + usize::from(room.height) < lines.len();
            row::paint(frame, bottom, &[row::foot(view, &[self.hint(view)], more, width)]);
        }
        None
    }
}
