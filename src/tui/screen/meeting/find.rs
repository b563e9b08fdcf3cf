//! The first screen of a meeting: the search is open, and below it stand the matters of the list.
//!
//! Type, Enter, and the answer is there. An Enter that comes before the hits waits for them, so that
//! a slow line asks for no fourth key.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::door::Notice;
use crate::api::meeting::MeetingView;
use crate::api::refusal::Refusal;
use crate::api::reply::{Found, Hit, Reply};
use crate::api::request::Request;
use crate::domain::ids::{CaseId, Kind};
use crate::domain::text::Lines;
use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::list::marked;
use crate::tui::screen::meeting::answer::AnswerScreen;
use crate::tui::screen::meeting::{MeetingScreen, said};
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, filter, row};
use crate::tui::widget::input::{Editor, Typed};
use crate::tui::widget::table::{Cell, Mark, Row, Table};

/// The most characters that one searches for.
const TEXT_MAX: usize = 100;
/// The most hits that are shown.
const HITS: u32 = 50;
/// The lines above the rows: the box, a line for the eye, the hint.
const LINES_ABOVE: usize = 3;

/// The search of a meeting.
pub struct FindScreen {
    editor: Editor,
    list: Option<MeetingView>,
    found: Option<Found>,
    /// Whether the hits are those of the text.
    is_found: bool,
    /// Whether the first hit is to be opened as soon as it is there.
    is_awaited: bool,
    roll: Roll,
}

impl FindScreen {
    /// The search before anything is typed.
    pub fn new() -> Self {
        Self::beginning("")
    }

    /// A search that begins with a text.
    pub fn beginning(text: &str) -> Self {
        let mut editor = Editor::new(Lines::One, TEXT_MAX);
        editor.set_text(text);
        let roll = Roll { height: 1, ..Roll::default() };
        Self { editor, list: None, found: None, is_found: false, is_awaited: false, roll }
    }

    fn text(&self) -> &str {
        self.editor.text().trim()
    }

    fn hits(&self) -> &[Hit] {
        self.found.as_ref().map_or(&[], |found| found.hits.as_slice())
    }

    fn n_rows(&self) -> usize {
        match (self.text().is_empty(), &self.list) {
            (true, Some(list)) => list.rows.len(),
            (true, None) => 0,
            (false, _) => self.hits().len(),
        }
    }

    fn changed(&mut self) -> Step {
        self.roll = Roll { height: self.roll.height, ..Roll::default() };
        (self.is_found, self.is_awaited) = (false, false);
        if self.text().is_empty() {
            self.found = None;
        }
        Step::Ask
    }

    fn go(&mut self, nav: Nav) -> Step {
        let n_rows = self.n_rows();
        self.roll.go(nav, n_rows);
        Step::Stay
    }

    fn open(&mut self) -> Step {
        if !self.text().is_empty() && !self.is_found {
            self.is_awaited = true;
            return Step::Stay;
        }
        let at = self.roll.at;
        if self.text().is_empty() {
            let rows = self.list.as_ref().map_or(&[][..], |list| list.rows.as_slice());
            return match rows.get(at) {
                Some(_) => {
                    let ids = rows.iter().map(|row| row.case.id).collect();
                    Step::Push(Box::new(AnswerScreen::new(ids, at)))
                }
                None => said("meeting.find.type"),
            };
        }
        match self.hits().get(at) {
            Some(Hit { kind: Kind::Case, id, .. }) => {
                let cases = self.hits().iter().filter(|hit| hit.kind == Kind::Case);
                let ids: Vec<CaseId> = cases.map(|hit| CaseId(hit.id)).collect();
                let at = ids.iter().position(|known| known.0 == *id).unwrap_or(0);
                Step::Push(Box::new(AnswerScreen::new(ids, at)))
            }
            Some(_) => said("find.no_sheet"),
            None => said("find.nothing"),
        }
    }

    /// The matters of the list, while nothing is typed.
    fn listed(&self, view: &View<'_>) -> Table {
        let matters = self.list.as_ref().map_or(&[][..], |list| list.rows.as_slice());
        let columns = vec![
            row::fixed(view, "row.number", 14),
            row::flex(view, "row.title", 16),
            row::fixed(view, "row.lead", 8),
            row::fixed(view, "row.holder", 8),
            row::flex(view, "meeting.question", 16),
        ];
        let cells = matters.iter().map(|matter| {
            vec![
                Cell::text(matter.case.number.clone()),
                Cell::role(matter.case.title.clone(), Role::Title),
                row::maybe(matter.case.lead.as_ref()),
                row::holder_name_cell(&matter.case, view.lang),
                row::maybe(matter.tabled.question.as_ref()),
            ]
        });
        self.in_sight(columns, cells)
    }

    /// The hits of what is typed.
    fn hit_table(&self, view: &View<'_>) -> Table {
        let columns = vec![row::flex(view, "", 20), row::flex(view, "", 24)];
        let cells = self.hits().iter().map(|hit| {
            let marks: &[(u32, u32)] = if hit.shown.is_none() { &hit.marks } else { &[] };
            let mut note = Cell::role(hit.note.clone(), Role::Dim);
            if let Some(shown) = &hit.shown {
                let why = locale::text(view.lang, &format!("why.{}", hit.why));
                note = note.and(format!("  {why}:"), Role::Dim);
                note.pieces.extend(marked(shown, &hit.marks, Role::Text));
            }
            vec![Cell { pieces: marked(&hit.title, marks, Role::Title) }, note]
        });
        self.in_sight(columns, cells)
    }

    fn in_sight(
        &self,
        columns: Vec<crate::tui::widget::table::Column>,
        cells: impl Iterator<Item = Vec<Cell>>,
    ) -> Table {
        let rows = cells.skip(self.roll.top).take(self.roll.height);
        let rows: Vec<Row> = rows.map(|cells| Row::Cells { cells, mark: Mark::Off }).collect();
        let selected = (!rows.is_empty()).then(|| self.roll.at.saturating_sub(self.roll.top));
        Table { columns, rows, selected }
    }

    /// What stands between the box and the rows.
    fn hint(&self, view: &View<'_>) -> String {
        let text = |key: &str| locale::text(view.lang, key);
        let count =
            |key: &str, count: usize| locale::fill(view.lang, key, &[("count", count.to_string())]);
        if self.text().is_empty() {
            return match &self.list {
                None => text("meeting.find.type"),
                Some(list) if list.rows.is_empty() => text("meeting.find.empty"),
                Some(list) => count("meeting.find.list", list.rows.len()),
            };
        }
        match &self.found {
            None => text("row.waiting"),
            Some(found) if found.hits.is_empty() && found.warming => text("find.warming"),
            Some(found) if found.hits.is_empty() => text("find.nothing"),
            Some(found) => count("meeting.find.hits", found.hits.len()),
        }
    }
}

impl Default for FindScreen {
    fn default() -> Self {
        Self::new()
    }
}

impl Screen for FindScreen {
    fn name(&self) -> &'static str {
        "find"
    }

    fn wants(&self) -> Vec<Request> {
        let mut wants = Vec::new();
        // The list of the meeting is seen while nothing is typed.
        if self.text().is_empty() || self.list.is_none() {
            wants.push(Request::Meeting);
        }
        if !self.text().is_empty() {
            let text = self.text().to_owned();
            wants.push(Request::Find { text, kinds: vec![Kind::Case], most: HITS });
        }
        wants
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        match reply {
            Reply::Meeting(list) => self.list = Some(list),
            Reply::Found(found) => {
                self.is_found = !found.warming;
                self.found = Some(found);
                if std::mem::take(&mut self.is_awaited) {
                    self.roll.settle(self.n_rows());
                    return self.open();
                }
            }
            _ => {}
        }
        let n_rows = self.n_rows();
        self.roll.settle(n_rows);
        Step::Stay
    }

    fn refused(&mut self, _place: usize, _refusal: &Refusal) -> Step {
        self.is_awaited = false;
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        notice.everything || notice.touched.iter().any(|record| record.kind == Kind::Case)
    }

    fn on(&mut self, nav: Nav, _view: &View<'_>) -> Step {
        match nav {
            Nav::NextPane | Nav::PreviousPane => Step::Push(Box::new(MeetingScreen::new())),
            Nav::Open => self.open(),
            Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown | Nav::First | Nav::Last => {
                self.go(nav)
            }
            Nav::Row(_) => self.go(nav),
            _ => Step::Pass,
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane]
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn typed(&mut self, key: Key, _view: &View<'_>) -> Step {
        match key {
            Key::Esc => return Step::Run("meeting"),
            Key::Enter => return self.open(),
            Key::Up => return self.go(Nav::Up),
            Key::Down => return self.go(Nav::Down),
            Key::PageUp => return self.go(Nav::PageUp),
            Key::PageDown => return self.go(Nav::PageDown),
            _ => {}
        }
        match self.editor.take(key) {
            Typed::Changed { .. } => self.changed(),
            Typed::Moved => Step::Stay,
            Typed::Full { most } => filter::full(most),
            Typed::NotMine => Step::Pass,
        }
    }

    fn pasted(&mut self, text: &str, _view: &View<'_>) -> Step {
        match filter::paste(&mut self.editor, text) {
            Typed::Changed { .. } => self.changed(),
            Typed::Full { most } => filter::full(most),
            Typed::Moved | Typed::NotMine => Step::Stay,
        }
    }

    fn selected(&self) -> Selection {
        let at = self.roll.at;
        let listed = self.list.as_ref().and_then(|list| list.rows.get(at));
        match (self.text().is_empty(), listed, self.hits().get(at)) {
            (true, Some(row), _) => Selection {
                record: Some(row.case.id.into()),
                version: Some(row.case.version),
                name: format!("{} {}", row.case.number, row.case.title),
                permits: row.permits.clone(),
                ..Selection::default()
            },
            // A hit says neither version nor permits; its own sheet does.
            (_, _, _) => Selection::default(),
        }
    }

    fn resized(&mut self, area: Rect) {
        self.editor.set_columns(area.width);
        self.roll.height = usize::from(area.height).saturating_sub(LINES_ABOVE + 1).max(1);
        let n_rows = self.n_rows();
        self.roll.settle(n_rows);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let label = Cell::role(locale::text(view.lang, "meeting.find.label"), Role::Title);
        let head = row::strip(view, &[label], width);
        let n_head = row::width_of(&head) + 1;
        let hint = row::strip(view, &[Cell::role(self.hint(view), Role::Hint)], width);
        row::paint(frame, area, &[head, ratatui::text::Line::default(), hint]);
        let table = match self.text().is_empty() {
            true => self.listed(view),
            false => self.hit_table(view),
        };
        if !table.rows.is_empty() {
            table.draw(row::below(area, LINES_ABOVE), frame.buffer_mut(), view.look);
        }
        filter::draw(Some(&self.editor), frame, (area, n_head), view)
    }
}
