//! Many cases given to somebody else: those of the list as it is filtered, or the marked ones of them.
//!
//! The server says for each whether it can go there; nothing is closed here, and nothing is changed
//! without a reason.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::handover::{AssignRow, AssignTerms, HANDED_MAX};
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::{CaseQuery, ROWS_MAX, Request, Way};
use crate::domain::handover::{Shown, format_shown};
use crate::domain::ids::{CaseId, Kind, OfficerId, UnitId};
use crate::locale;
use crate::tui::command;
use crate::tui::look::Role;
use crate::tui::screen::picker::Picker;
use crate::tui::screen::roll::{Roll, toggle};
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::widget::table::{Cell, Column, Mark, Row, Table};

/// Lines above and below the list: title, heads of columns, hint.
const FRAME_LINES: u16 = 3;

/// What can be given, in the order of Tab: the command whose picker chooses, and the field.
const GIVEN: [(&str, &str); 3] =
    [("assign_lead", "lead"), ("allot", "unit"), ("hand_to", "handler")];

/// The preview.
pub struct AssignScreen {
    query: CaseQuery,
    /// The cases, once all pages have come.
    cases: Vec<CaseId>,
    is_read: bool,
    what: usize,
    to: Option<u64>,
    rows: Vec<AssignRow>,
    marked: Vec<CaseId>,
    roll: Roll,
}

impl AssignScreen {
    /// The preview for the cases of a list.
    pub fn new(query: CaseQuery) -> Self {
        Self {
            query: CaseQuery { from: None, way: Way::Forward, most: ROWS_MAX, ..query },
            cases: Vec::new(),
            is_read: false,
            what: 0,
            to: None,
            rows: Vec::new(),
            marked: Vec::new(),
            roll: Roll::default(),
        }
    }

    /// The preview for cases that were marked.
    pub fn of(cases: Vec<CaseId>) -> Self {
        Self { cases, is_read: true, ..Self::new(CaseQuery::default()) }
    }

    fn given(&self) -> (&'static str, &'static str) {
        GIVEN.get(self.what).copied().unwrap_or(("assign_lead", "lead"))
    }

    /// The cases that would go.
    fn going(&self) -> Vec<Shown> {
        let is_meant = |id: CaseId| self.marked.is_empty() || self.marked.contains(&id);
        let goes = self.rows.iter().filter(|own| own.why.is_none() && self.to.is_some());
        let goes = goes.filter(|own| is_meant(own.row.id));
        goes.map(|own| Shown { case: own.row.id, version: Some(own.row.version) }).collect()
    }

    fn columns(view: &View<'_>) -> Vec<Column> {
        vec![
            row::fixed(view, "row.number", 13),
            row::flex(view, "row.title", 12),
            row::fixed(view, "row.lead", 8),
            row::fixed(view, "row.unit", 10),
            row::fixed(view, "assign.handler", 8),
            row::words(view, "handover.result", (18, 20)),
        ]
    }

    fn cells(&self, own: &AssignRow, view: &View<'_>) -> Vec<Cell> {
        vec![
            Cell::text(own.row.number.clone()),
            Cell::text(row::title(&own.row, view.lang)),
            row::maybe(own.row.lead.as_ref()),
            row::maybe(own.row.unit.as_ref()),
            row::maybe(own.handler.as_ref()),
            self.result(own, view),
        ]
    }

    fn result(&self, own: &AssignRow, view: &View<'_>) -> Cell {
        let is_left = !self.marked.is_empty() && !self.marked.contains(&own.row.id);
        match (&own.why, self.to) {
            _ if is_left => Cell::role(locale::text(view.lang, "assign.unmarked"), Role::Dim),
            (Some((key, args)), _) => {
                let args: Vec<(&str, String)> =
                    args.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
                Cell::role(locale::fill(view.lang, key, &args), Role::Warning)
            }
            (None, Some(_)) => Cell::role(locale::text(view.lang, "assign.goes"), Role::Ok),
            (None, None) => Cell::role(locale::text(view.lang, "handover.nobody"), Role::Dim),
        }
    }

    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let tabs = GIVEN.map(|(command, _)| locale::text(view.lang, &format!("cmd.{command}")));
        let args = [
            ("count", self.rows.len().to_string()),
            ("marked", self.marked.len().to_string()),
            ("goes", self.going().len().to_string()),
        ];
        let cells = [
            Cell::role(locale::text(view.lang, "cmd.assign_many"), Role::Title),
            row::tabs(&tabs, self.what),
            Cell::text(locale::fill(view.lang, "assign.counts", &args)),
        ];
        row::strip(view, &cells, width)
    }
}

impl Screen for AssignScreen {
    fn name(&self) -> &'static str {
        "assign_many"
    }

    fn wants(&self) -> Vec<Request> {
        if !self.is_read {
            return vec![Request::Cases(self.query.clone())];
        }
        let of = |field: &str| self.to.filter(|_| self.given().1 == field);
        vec![Request::TryAssign(AssignTerms {
            cases: self.cases.clone(),
            lead: of("lead").map(OfficerId),
            unit: of("unit").map(UnitId),
            handler: of("handler").map(OfficerId),
        })]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        match reply {
            Reply::Cases(page) => {
                self.query.from = page.rows.last().map(|row| row.cursor.clone());
                self.cases.extend(page.rows.iter().map(|row| row.id));
                self.cases.truncate(HANDED_MAX);
                self.is_read = !page.after || self.cases.len() >= HANDED_MAX;
                Step::Ask
            }
            Reply::Assign(view) => {
                self.rows = view.rows;
                let n_rows = self.rows.len();
                self.roll.settle(n_rows);
                Step::Stay
            }
            _ => Step::Stay,
        }
    }

    fn refused(&mut self, _place: usize, _refusal: &Refusal) -> Step {
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let kinds = [Kind::Case, Kind::Officer, Kind::Unit];
        notice.everything || notice.touched.iter().any(|record| kinds.contains(&record.kind))
    }

    fn on(&mut self, nav: Nav, _view: &View<'_>) -> Step {
        let n_rows = self.rows.len();
        match nav {
            Nav::NextPane | Nav::Right | Nav::PreviousPane | Nav::Left => {
                let is_next = matches!(nav, Nav::NextPane | Nav::Right);
                let steps = if is_next { 1 } else { GIVEN.len() - 1 };
                self.what = (self.what + steps) % GIVEN.len();
                self.to = None;
                Step::Ask
            }
            Nav::Open if n_rows == 0 => Step::Stay,
            Nav::Open => {
                let (word, field) = self.given();
                let args = [n_rows, self.marked.len()];
                let count = if self.marked.is_empty() { args[0] } else { args[1] };
                match command::find(word) {
                    Some(command) => {
                        let name = format!("({count})");
                        let selection = Selection { name, ..Selection::default() };
                        Step::Lay(Box::new(Picker::new((command, field), &selection, "")))
                    }
                    None => Step::Pass,
                }
            }
            Nav::Mark => {
                if let Some(id) = self.rows.get(self.roll.at).map(|own| own.row.id) {
                    toggle(&mut self.marked, id);
                }
                self.roll.go(Nav::Down, n_rows);
                Step::Stay
            }
            Nav::Tick if self.going().is_empty() => {
                Step::Say("assign.choose_first".to_owned(), Vec::new())
            }
            Nav::Tick => Step::Run("assign_many"),
            Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown | Nav::First | Nav::Last => {
                self.roll.go(nav, n_rows);
                Step::Stay
            }
            Nav::Row(_) => {
                self.roll.go(nav, n_rows);
                Step::Stay
            }
            _ => Step::Pass,
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane, Nav::Left, Nav::Right, Nav::Mark, Nav::Tick]
    }

    fn chosen(&mut self, id: u64, _view: &View<'_>) -> Step {
        self.to = Some(id);
        Step::Ask
    }

    fn selected(&self) -> Selection {
        let own = self.rows.get(self.roll.at);
        let cases = format_shown(&self.going());
        let field = self.given().1;
        let mut given = vec![("cases".to_owned(), cases.clone())];
        for (_, name) in GIVEN {
            let to = self.to.filter(|_| name == field).map(|id| id.to_string());
            given.push((name.to_owned(), to.unwrap_or_default()));
        }
        given.push(("previewed".to_owned(), cases));
        Selection {
            record: own.map(|own| own.row.id.into()),
            version: own.map(|own| own.row.version),
            name: format!("({})", self.going().len()),
            given,
            ..Selection::default()
        }
    }

    fn resized(&mut self, area: Rect) {
        self.roll.height = usize::from(area.height.saturating_sub(FRAME_LINES)).max(1);
        let n_rows = self.rows.len();
        self.roll.settle(n_rows);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        row::paint(frame, area, &[self.head(view, width)]);
        let (list, bottom) = row::hinted(row::below(area, 1));
        if self.rows.is_empty() {
            let key = if self.is_read { "assign.empty" } else { "row.waiting" };
            let text = Cell::text(locale::text(view.lang, key));
            row::paint(frame, list, &[Line::default(), row::strip(view, &[text], width)]);
            return None;
        }
        let shown = self.rows.iter().skip(self.roll.top).take(self.roll.height);
        let rows = shown.map(|own| {
            let mark = if self.marked.contains(&own.row.id) { Mark::On } else { Mark::Off };
            Row::Cells { cells: self.cells(own, view), mark }
        });
        let table = Table {
            columns: Self::columns(view),
            rows: rows.collect(),
            selected: Some(self.roll.at.saturating_sub(self.roll.top)),
        };
        table.draw(list, frame.buffer_mut(), view.look);
        if let Some(bottom) = bottom {
            let why = self.rows.get(self.roll.at).filter(|own| own.why.is_some());
            let hint = match why {
                Some(own) => self.result(own, view),
                None => Cell::role(locale::text(view.lang, "assign.hint"), Role::Hint),
            };
            row::paint(frame, bottom, &[row::strip(view, &[hint], width)]);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::AssignScreen;
    use crate::api::handover::{AssignRow, AssignView};
    use crate::api::reply::{CasePage, Reply};
    use crate::api::request::{CaseQuery, Request};
    use crate::domain::ids::OfficerId;
    use crate::locale::Lang;
    use crate::tui::screen::sample::{Desk, assert_frame, case_row};
    use crate::tui::screen::{Nav, Screen, Step};

    fn filled() -> AssignScreen {
        let mut screen = AssignScreen::new(CaseQuery::default());
        let rows = vec![case_row(1, "征地补偿款未到账", None), case_row(2, "路灯不亮", None)];
        let page = CasePage {
            rows: rows.clone(),
            total: Some(2),
            before: false,
            after: false,
            cut: false,
        };
        assert!(matches!(screen.got(0, Reply::Cases(page)), Step::Ask));
        let why = Some(("broken.case_has_ended".to_owned(), Vec::new()));
        let rows = rows.into_iter().enumerate().map(|(at, row)| AssignRow {
            row,
            handler: Some("赵敏".to_owned()),
            why: why.clone().filter(|_| at == 1),
        });
        screen.got(0, Reply::Assign(AssignView { rows: rows.collect() }));
        screen
    }

    #[test]
    fn many_cases_are_drawn_with_what_would_become_of_each() {
        let mut desk = Desk::default();
        let mut screen = filled();
        screen.chosen(3, &desk.view());
        assert_frame("assign-80x24", &desk.drawn(&mut screen, (80, 24)));
        assert_frame("assign-120x40", &desk.drawn(&mut filled(), (120, 40)));
        assert_frame("assign-200x60", &desk.drawn(&mut filled(), (200, 60)));
        desk.lang = Lang::En;
        assert_frame("assign-en-80x24", &desk.drawn(&mut filled(), (80, 24)));
        desk.draw_in_every_size(&mut filled());
    }

    #[test]
    fn only_what_can_go_and_is_meant_is_sent() {
        let desk = Desk::default();
        let view = desk.view();
        let mut screen = filled();
        assert!(matches!(screen.on(Nav::Tick, &view), Step::Say(..)));
        screen.chosen(3, &view);
        let Some(Request::TryAssign(terms)) = screen.wants().pop() else { panic!("not asked") };
        assert_eq!((terms.cases.len(), terms.lead), (2, Some(OfficerId(3))));
        assert!(matches!(screen.on(Nav::Tick, &view), Step::Run("assign_many")));
        let given = screen.selected().given;
        assert_eq!(given[0], ("cases".to_owned(), "1@1".to_owned()));
        assert_eq!(given[1], ("lead".to_owned(), "3".to_owned()));
        screen.on(Nav::Last, &view);
        screen.on(Nav::Mark, &view);
        assert_eq!(screen.selected().given[0].1, "");
    }
}
