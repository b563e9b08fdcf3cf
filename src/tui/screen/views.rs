//! All saved filters: opened, renamed, shared, removed.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::listing::ViewRow;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::cut::Cut;
use crate::domain::ids::Kind;
use crate::domain::listing::{List, Narrow, Sort};
use crate::locale;
use crate::tui::cut;
use crate::tui::look::Role;
use crate::tui::screen::arrange::{Arrange, sort_text, value_text, views};
use crate::tui::screen::cases::CasesScreen;
use crate::tui::screen::deadlines::DeadlinesScreen;
use crate::tui::screen::figures::FiguresScreen;
use crate::tui::screen::roll::Roll;
use crate::tui::screen::roster::RosterScreen;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::widget::table::{Cell, Column, Mark, Row, Table};

/// Lines above and below the list: title, heads of columns, hint.
const FRAME_LINES: u16 = 3;

/// The screen.
#[derive(Default)]
pub struct ViewsScreen {
    rows: Option<Vec<ViewRow>>,
    roll: Roll,
}

impl ViewsScreen {
    /// All filters that one may see.
    pub fn new() -> Self {
        Self::default()
    }

    fn rows(&self) -> &[ViewRow] {
        self.rows.as_deref().unwrap_or_default()
    }

    fn own(&self) -> Option<&ViewRow> {
        self.rows().get(self.roll.at)
    }

    /// The list of the selected filter, put as it says.
    fn open(&self, view: &View<'_>) -> Step {
        let Some(row) = self.own() else { return Step::Stay };
        let mut screen: Box<dyn Screen> = match row.view.list {
            List::Cases => Box::new(CasesScreen::new()),
            List::Roster => Box::new(RosterScreen::new()),
            List::Deadlines => Box::new(DeadlinesScreen::new()),
            List::Counts => Box::new(FiguresScreen::counting()),
        };
        screen.arrange(Arrange::Apply(Box::new(row.clone())), view);
        Step::Push(screen)
    }

    fn columns(view: &View<'_>) -> Vec<Column> {
        vec![
            row::fixed(view, "views.list", 6),
            row::fixed(view, "views.name", 20),
            row::flex(view, "views.only", 16),
            row::fixed(view, "views.sort", 12),
            row::words(view, "views.whose", (14, 20)),
        ]
    }

    fn cells(own: &ViewRow, view: &View<'_>) -> Vec<Cell> {
        let list = format!("choice.list.{}", own.view.list.word());
        let sort = Sort::parse(&own.view.sort).map(|sort| sort_text(view.lang, sort));
        vec![
            Cell::text(locale::text(view.lang, &list)),
            Cell::text(own.view.name.clone()),
            Cell::text(only_text(own, view)),
            Cell::text(sort.unwrap_or_default()),
            Cell::role(views::owner(own, view), Role::Dim),
        ]
    }
}

/// To what a filter narrows its list, or what is counted, in words.
pub fn only_text(own: &ViewRow, view: &View<'_>) -> String {
    if own.view.list == List::Counts {
        let counted = Cut::parse(&own.view.only).unwrap_or_default();
        return cut::what(view.lang, counted, None);
    }
    let narrow = Narrow::parse(own.view.list, &own.view.only).unwrap_or_default();
    let values = narrow.0.iter().map(|(column, value)| {
        let name = own.names.get(column).map(String::as_str);
        value_text(view.lang, *column, (value, name))
    });
    let values: Vec<String> = values.collect();
    match values.is_empty() {
        true => locale::text(view.lang, "list.any"),
        false => values.join(" "),
    }
}

impl Screen for ViewsScreen {
    fn name(&self) -> &'static str {
        "views"
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Views(None)]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        if let Reply::Views(rows) = reply {
            self.roll.settle(rows.len());
            self.rows = Some(rows);
        }
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        notice.everything || notice.touched.iter().any(|record| record.kind == Kind::View)
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        let n_rows = self.rows().len();
        match nav {
            Nav::Open => self.open(view),
            Nav::Row(_) => {
                self.roll.go(nav, n_rows);
                self.open(view)
            }
            _ => self.roll.on(nav, n_rows),
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[]
    }

    fn clicked(&mut self, at: Position, area: Rect, view: &View<'_>) -> Step {
        let line = at.y.checked_sub(area.y + FRAME_LINES - 1);
        let n_rows = self.rows().len();
        if self.roll.click(line, n_rows) { self.open(view) } else { Step::Stay }
    }

    fn selected(&self) -> Selection {
        let Some(own) = self.own() else { return Selection::default() };
        Selection {
            record: Some(own.view.id.into()),
            version: Some(own.view.version),
            name: own.view.name.clone(),
            permits: own.permits.clone(),
            given: vec![("view".to_owned(), own.view.name.clone())],
            ..Selection::default()
        }
    }

    fn resized(&mut self, area: Rect) {
        self.roll.height = usize::from(area.height.saturating_sub(FRAME_LINES)).max(1);
        let n_rows = self.rows().len();
        self.roll.settle(n_rows);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let title = Cell::role(locale::text(view.lang, "cmd.views_list"), Role::Title);
        row::paint(frame, area, &[row::strip(view, &[title], width)]);
        let (list, bottom) = row::hinted(row::below(area, 1));
        if self.rows().is_empty() {
            let key = if self.rows.is_some() { "views.empty" } else { "row.waiting" };
            let text = locale::text(view.lang, key);
            let lines = text.lines().map(|line| row::strip(view, &[Cell::text(line)], width));
            let lines: Vec<Line<'static>> = std::iter::once(Line::default()).chain(lines).collect();
            row::paint(frame, list, &lines);
            return None;
        }
        let shown = self.rows().iter().skip(self.roll.top).take(self.roll.height);
        let rows = shown.map(|own| Row::Cells { cells: Self::cells(own, view), mark: Mark::Off });
        let table = Table {
            columns: Self::columns(view),
            rows: rows.collect(),
            selected: Some(self.roll.at.saturating_sub(self.roll.top)),
        };
        table.draw(list, frame.buffer_mut(), view.look);
        if let Some(bottom) = bottom {
            let hint = Cell::role(locale::text(view.lang, "views.hint"), Role::Hint);
            row::paint(frame, bottom, &[row::strip(view, &[hint], width)]);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::ViewsScreen;
    use crate::api::listing::ViewRow;
    use crate::api::reply::Reply;
    use crate::api::request::Request;
    use crate::domain::ids::{ClerkId, Version, ViewId};
    use crate::domain::listing::{Column, List};
    use crate::domain::saved::SavedView;
    use crate::locale::Lang;
    use crate::tui::screen::sample::{Desk, assert_frame};
    use crate::tui::screen::{Nav, Screen, Step};

    fn rows() -> Vec<ViewRow> {
        let row = |id, list, name: &str, only: &str, own: bool| ViewRow {
            view: SavedView {
                id: ViewId(id),
                version: Version(1),
                owner: ClerkId(1),
                list,
                name: name.to_owned(),
                shared: !own,
                sort: if list == List::Roster { "owed" } else { "-due" }.to_owned(),
                only: only.to_owned(),
                columns: String::new(),
            },
            by: Some("李娟".to_owned()),
            own,
            names: BTreeMap::from([(Column::Lead, "王建国".to_owned())]),
            permits: Vec::new(),
        };
        vec![
            row(1, List::Cases, "王镇长的急件", "due=late lead=3 whose=all", true),
            row(2, List::Roster, "本月要复评的", "state=review", false),
            row(3, List::Deadlines, "法定的", "kind=clock", true),
        ]
    }

    #[test]
    fn saved_filters_are_listed_and_opened_as_they_say() {
        let mut desk = Desk::default();
        let mut screen = ViewsScreen::new();
        screen.got(0, Reply::Views(rows()));
        assert_frame("views-80x24", &desk.drawn(&mut screen, (80, 24)));
        let Step::Push(cases) = screen.on(Nav::Open, &desk.view()) else { panic!("not opened") };
        let Some(Request::Cases(query)) = cases.wants().pop() else { panic!("no list") };
        assert_eq!(query.only.text(), "stage=open due=late lead=3");
        assert_eq!(query.sort.word(), "-due");
        screen.on(Nav::Down, &desk.view());
        let Step::Push(roster) = screen.on(Nav::Open, &desk.view()) else { panic!("not opened") };
        let Some(Request::Roster(query)) = roster.wants().pop() else { panic!("no list") };
        assert_eq!(query.part.word(), "review");
        desk.lang = Lang::En;
        assert_frame("views-en-80x24", &desk.drawn(&mut screen, (80, 24)));
        desk.draw_in_every_size(&mut screen);
        desk.draw_in_every_size(&mut ViewsScreen::new());
    }
}
