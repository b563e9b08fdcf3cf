//! The review of the month: every entry whose review falls due, one after the other, with what is
//! to be known for the decision beside the list: renew it, end it, or leave it to lapse.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::reply::Reply;
use crate::api::request::{ROWS_MAX, Request, Whose};
use crate::api::roster::{EntryRow, EntrySheet, RosterPart, RosterQuery, Round};
use crate::domain::ids::{EntryId, Kind};
use crate::domain::listing::{Column, Sort};
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::roll::{Roll, toggle};
use crate::tui::screen::roster::{columns, owed, sheet};
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::widget::table::{Cell, Mark, Row, Table};

/// The most rows of the list; the rest of the screen is the selected entry's.
const LIST_MAX: usize = 7;
/// Lines besides list and sheet: head, titles, rule, hint.
const FRAME_LINES: usize = 4;

/// The review.
#[derive(Default)]
pub struct RoundScreen {
    whose: Whose,
    rows: Vec<EntryRow>,
    round: Option<Round>,
    sheet: Option<Box<EntrySheet>>,
    /// Those that were left to lapse while the screen is open.
    left: Vec<EntryId>,
    roll: Roll,
    /// The first line of the sheet in sight.
    top: usize,
    area: Rect,
}

impl RoundScreen {
    /// The review of all entries that one may see.
    pub fn new() -> Self {
        Self { whose: Whose::All, ..Self::default() }
    }

    fn own(&self) -> Option<&EntryRow> {
        self.rows.get(self.roll.at)
    }

    /// The sheet of the selected entry, if it has come.
    fn own_sheet(&self) -> Option<&EntrySheet> {
        let own = self.own()?.id;
        self.sheet.as_deref().filter(|sheet| sheet.row.id == own)
    }

    fn go(&mut self, nav: Nav) -> Step {
        let before = self.own().map(|row| row.id);
        self.roll.go(nav, self.rows.len());
        if self.own().map(|row| row.id) == before {
            return Step::Stay;
        }
        self.top = 0;
        Step::Ask
    }

    /// Leaves the selected entry to lapse on its review day, or takes that back, and goes on.
    fn leave(&mut self) -> Step {
        let Some(id) = self.own().map(|row| row.id) else { return Step::Stay };
        toggle(&mut self.left, id);
        self.go(Nav::Down)
    }

    fn n_list(&self) -> usize {
        let room = usize::from(self.area.height).saturating_sub(FRAME_LINES);
        self.rows.len().min(LIST_MAX).min(room / 2).max(1)
    }

    fn n_sheet(&self) -> usize {
        usize::from(self.area.height).saturating_sub(FRAME_LINES + self.n_list())
    }

    fn scroll(&mut self, nav: Nav, view: &View<'_>) -> Step {
        let width = usize::from(self.area.width);
        let n_lines = self.own_sheet().map_or(0, |own| sheet::lines(own, view, width).len());
        let (page, last) = (self.n_sheet().max(1), n_lines.saturating_sub(self.n_sheet()));
        self.top = match nav {
            Nav::PageUp => self.top.saturating_sub(page),
            _ => (self.top + page).min(last),
        };
        Step::Stay
    }

    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let word = |key: &str| locale::text(view.lang, key);
        let whose = ["cases.mine", "cases.all"].map(word);
        let mut cells = vec![
            Cell::role(word("round.title"), Role::Title),
            row::tabs(&whose, usize::from(self.whose != Whose::Mine)),
        ];
        if let Some(round) = &self.round {
            let args = [
                ("until", row::short_day(round.until, view.me.today)),
                ("due", round.due.to_string()),
                ("pending", round.pending.to_string()),
                ("renewed", round.renewed.to_string()),
                ("ended", round.ended.to_string()),
                ("lapsed", round.lapsed.to_string()),
            ];
            cells.push(Cell::text(locale::fill(view.lang, "round.counts", &args)));
        }
        row::strip(view, &cells, width)
    }

    fn table(&self, view: &View<'_>) -> Table {
        let columns = vec![
            row::fixed(view, "round.review", 8),
            row::fixed(view, "row.petitioner", 8),
            row::fixed(view, "row.village", 8),
            row::words(view, "roster.ground", (20, 22)),
            row::flex(view, "round.state", 12),
            row::fixed(view, "roster.officer", 6),
        ];
        let cells = |entry: &EntryRow| {
            let is_left = self.left.contains(&entry.id);
            let state = match is_left {
                true => Cell::role(locale::text(view.lang, "round.left"), Role::Warning),
                false => owed::what_cell(entry, view),
            };
            vec![
                Cell::text(row::short_day(entry.review_on, view.me.today)),
                Cell::text(owed::name(entry, view.lang)),
                row::maybe(entry.village.as_ref()),
                Cell::text(columns::ground_text(entry, view.lang)),
                state,
                row::maybe(entry.officer.as_ref()),
            ]
        };
        let rows = self.rows.iter().skip(self.roll.top).take(self.n_list()).map(|entry| {
            let mark = if self.left.contains(&entry.id) { Mark::On } else { Mark::Off };
            Row::Cells { cells: cells(entry), mark }
        });
        let selected = Some(self.roll.at.saturating_sub(self.roll.top));
        Table { columns, rows: rows.collect(), selected }
    }

    fn draw_sheet(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) {
        let width = usize::from(area.width);
        let args = [("at", (self.roll.at + 1).to_string()), ("of", self.rows.len().to_string())];
        let place = Cell::role(locale::fill(view.lang, "round.place", &args), Role::Group);
        let lines = match self.own_sheet() {
            Some(own) => sheet::lines(own, view, width),
            None => {
                let text = Cell::text(locale::text(view.lang, "row.waiting"));
                vec![row::strip(view, &[text], width)]
            }
        };
        let more = lines.len() > self.top + self.n_sheet();
        let more = more.then(|| Cell::role(locale::text(view.lang, "round.more"), Role::Dim));
        row::paint(frame, area, &[row::rule(view, &[place], more.as_slice(), width)]);
        let shown: Vec<Line<'_>> = lines.into_iter().skip(self.top).take(self.n_sheet()).collect();
        row::paint(frame, row::below(area, 1), &shown);
    }

    fn empty(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let key = match (&self.round, self.whose == Whose::Mine) {
            (None, _) => "row.waiting",
            (Some(_), true) => "round.empty.mine",
            (Some(_), false) => "round.empty",
        };
        let text = locale::text(view.lang, key);
        let lines = text.lines().map(|line| row::strip(view, &[Cell::text(line)], width));
        std::iter::once(Line::default()).chain(lines).collect()
    }
}

impl Screen for RoundScreen {
    fn name(&self) -> &'static str {
        "round"
    }

    fn wants(&self) -> Vec<Request> {
        let list = Request::Roster(RosterQuery {
            part: RosterPart::Review,
            sort: Sort::usual(Column::Review),
            whose: self.whose,
            most: ROWS_MAX,
            ..RosterQuery::default()
        });
        let sheet = self.own().map(|row| Request::Entry { id: row.id });
        std::iter::once(list).chain(sheet).collect()
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        match reply {
            Reply::Roster(page) => {
                let before = self.own().map(|row| row.id);
                self.rows = page.rows;
                self.round = page.round;
                let same = self.rows.iter().position(|row| Some(row.id) == before);
                self.roll.at = same.unwrap_or(self.roll.at);
                self.roll.height = self.n_list();
                self.roll.settle(self.rows.len());
                let is_same = self.own().map(|row| row.id) == before;
                if is_same { Step::Stay } else { Step::Ask }
            }
            Reply::Entry(sheet) => {
                self.sheet = Some(sheet);
                Step::Stay
            }
            _ => Step::Stay,
        }
    }

    fn touched(&self, notice: &Notice) -> bool {
        let shows = |kind| !matches!(kind, Kind::Clerk | Kind::Plan | Kind::Task);
        notice.everything || notice.touched.iter().any(|record| shows(record.kind))
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        match nav {
            Nav::Up | Nav::Down | Nav::First | Nav::Last | Nav::Row(_) => self.go(nav),
            Nav::PageUp | Nav::PageDown => self.scroll(nav, view),
            Nav::Open if !self.rows.is_empty() => Step::Run("renew_entry"),
            Nav::Mark => self.leave(),
            Nav::NextPane | Nav::PreviousPane | Nav::Left | Nav::Right => {
                self.whose = match self.whose {
                    Whose::Mine => Whose::All,
                    Whose::All | Whose::Officer(_) | Whose::Unit(_) => Whose::Mine,
                };
                Step::Ask
            }
            _ => Step::Pass,
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane, Nav::Left, Nav::Right, Nav::Mark]
    }

    fn selected(&self) -> Selection {
        self.own_sheet().map_or_else(Selection::default, sheet::selection)
    }

    fn resized(&mut self, area: Rect) {
        self.area = area;
        self.roll.height = self.n_list();
        self.roll.settle(self.rows.len());
        self.top = 0;
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        row::paint(frame, area, &[self.head(view, width)]);
        if self.rows.is_empty() {
            row::paint(frame, row::below(area, 1), &self.empty(view, width));
            return None;
        }
        let height = u16::try_from(self.n_list() + 1).unwrap_or(u16::MAX);
        let list = row::below(area, 1);
        let list = Rect { height: list.height.min(height), ..list };
        self.table(view).draw(list, frame.buffer_mut(), view.look);
        let below = row::below(area, 1 + usize::from(height));
        self.draw_sheet(frame, below, view);
        if let Some(bottom) = row::bottom(area, 3) {
            let hint = Cell::role(locale::text(view.lang, "round.hint"), Role::Hint);
            row::paint(frame, bottom, &[row::padded(row::strip(view, &[hint], width), width)]);
        }
        None
    }
}
