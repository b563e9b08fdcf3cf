//! The list of cases: whose, of which stage, in which order, narrowed by a text.
//!
//! It pages by key in both directions and from the end; it never counts rows by number.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::refusal::Refusal;
use crate::api::reply::{CaseRow, Reply};
use crate::api::request::{CaseQuery, Cursor, Request, Sort, Way, Whose};
use crate::domain::case::Stage;
use crate::domain::ids::Kind;
use crate::locale::{self, Lang};
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::assign::AssignScreen;
use crate::tui::screen::window::{Beyond, Item, Reach, Show, Turn, Window};
use crate::tui::screen::{Nav, Screen, Selection, Step, View, filter, row, why};
use crate::tui::widget::input::{Editor, Typed};
use crate::tui::widget::table::{Cell, Column};

/// Lines above and below the list: filters, titles, hint.
const FRAME_LINES: u16 = 3;
/// From this width on, names have more room and leader and unit stand in columns of their own.
const WIDE: usize = 110;
/// The most characters of the text that narrows the list.
const CHARS_MAX: usize = 100;

/// The list of cases.
pub struct CasesScreen {
    whose: Whose,
    only: Only,
    sort: Sort,
    /// The text that narrows the list.
    text: String,
    /// The box in which that text is typed, while it is open.
    text_box: Option<Editor>,
    /// From where the window goes, and which way.
    place: (Option<Cursor>, Way),
    total: Option<u64>,
    window: Window,
}

/// Which cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Only {
    /// All but those of an old ledger.
    All,
    /// Those past their latest day.
    Late,
    /// Those of one stage.
    At(Stage),
}

impl Only {
    /// The next one when the filter is turned: all, late, each stage, all.
    fn next(self) -> Self {
        let after = |stage| Stage::ALL.into_iter().find(|next| *next > stage);
        match self {
            Self::All => Self::Late,
            Self::Late => Stage::ALL.first().map_or(Self::All, |stage| Self::At(*stage)),
            Self::At(stage) => after(stage).map_or(Self::All, Self::At),
        }
    }

    fn text(self, lang: Lang) -> String {
        match self {
            Self::All => locale::text(lang, "cases.only.all"),
            Self::Late => locale::text(lang, "cases.only.late"),
            Self::At(stage) => locale::text(lang, &format!("stage.{}", stage.word())),
        }
    }
}

impl Default for CasesScreen {
    fn default() -> Self {
        Self {
            whose: Whose::Mine,
            only: Only::All,
            sort: Sort::Due,
            text: String::new(),
            text_box: None,
            place: (None, Way::Forward),
            total: None,
            window: Window::default(),
        }
    }
}

impl CasesScreen {
    /// One's own cases, the earliest due day first.
    pub fn new() -> Self {
        Self::default()
    }

    fn restart(&mut self) -> Step {
        self.place = (None, Way::Forward);
        self.window.expect(Turn::Start);
        Step::Ask
    }

    fn reach(&mut self, reach: Reach) -> Step {
        let cursor = |row: Option<&CaseRow>| row.map(|row| row.cursor.clone());
        let (place, turn) = match reach {
            Reach::Inside => return Step::Stay,
            Reach::Start => ((None, Way::Forward), Turn::Start),
            Reach::End => ((None, Way::FromEnd), Turn::End),
            Reach::After => ((cursor(self.window.seam_after()), Way::Forward), Turn::Along),
            Reach::Before => ((cursor(self.window.seam_before()), Way::Backward), Turn::Along),
        };
        self.place = place;
        self.window.expect(turn);
        Step::Ask
    }

    /// Narrows by the text of the box; asks only if it has changed.
    fn narrow(&mut self, text: String) -> Step {
        if text == self.text {
            return Step::Stay;
        }
        self.text = text;
        self.restart()
    }

    /// Takes a key into the text box; moving keys still move in the list.
    fn typed_in(&mut self, mut text_box: Editor, key: Key) -> Step {
        match key {
            // Enter closes the box and keeps the text, Esc lets it go.
            Key::Enter => return Step::Stay,
            Key::Esc => return self.narrow(String::new()),
            _ => {}
        }
        let typed = text_box.take(key);
        let text = text_box.text().trim().to_owned();
        self.text_box = Some(text_box);
        match (typed, key) {
            (Typed::Changed { .. }, _) => self.narrow(text),
            (Typed::Moved, _) => Step::Stay,
            (Typed::Full { most }, _) => filter::full(most),
            (Typed::NotMine, Key::Up) => self.go(Nav::Up),
            (Typed::NotMine, Key::Down) => self.go(Nav::Down),
            (Typed::NotMine, Key::PageUp) => self.go(Nav::PageUp),
            (Typed::NotMine, Key::PageDown) => self.go(Nav::PageDown),
            (Typed::NotMine, _) => Step::Pass,
        }
    }

    /// The page that is asked for.
    fn query(&self) -> CaseQuery {
        let (from, way) = self.place.clone();
        CaseQuery {
            sort: self.sort,
            whose: self.whose,
            stage: match self.only {
                Only::At(stage) => Some(stage),
                Only::All | Only::Late => None,
            },
            text: Some(self.text.clone()).filter(|text| !text.is_empty()),
            late_only: self.only == Only::Late,
            from,
            way,
            most: self.window.rows_wanted(),
        }
    }

    fn go(&mut self, nav: Nav) -> Step {
        let reach = self.window.go(nav);
        self.reach(reach)
    }

    /// The line of filters; while the text box is open it ends where that begins.
    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let tabs = ["cases.mine", "cases.all"].map(|key| locale::text(view.lang, key));
        let open = usize::from(self.whose != Whose::Mine);
        let fill = |key: &str, value: &str| locale::fill(view.lang, key, &[("value", value)]);
        let sort = match self.sort {
            Sort::Due if self.text.is_empty() => "cases.sort.due",
            Sort::Received if self.text.is_empty() => "cases.sort.received",
            // What a text finds comes in the order of how well it fits.
            Sort::Due | Sort::Received => "cases.sort.best",
        };
        let mut cells = vec![
            row::tabs(&tabs, open),
            Cell::text(fill("cases.only", &self.only.text(view.lang))),
            Cell::text(fill("cases.sort", &locale::text(view.lang, sort))),
        ];
        let total = self.total.map(|count| fill("cases.total", &count.to_string()));
        let total: Vec<_> = total.map(|text| Cell::role(text, Role::Dim)).into_iter().collect();
        if self.text_box.is_some() {
            cells.push(Cell::role(fill("cases.text", ""), Role::Key));
            return row::strip(view, &cells, width);
        }
        if !self.text.is_empty() {
            cells.push(Cell::role(fill("cases.text", &self.text), Role::Input));
        }
        row::sides(view, &cells, &total, width)
    }

    /// The columns that have room, with what stands in each.
    fn columns(&self, view: &View<'_>, width: usize) -> Vec<(Column, Show)> {
        let due = row::due_width(self.window.due_days(), view.me.today);
        let is_wide = width >= WIDE;
        let (name, village, stage) = if is_wide { (10, 8, 10) } else { (8, 6, 8) };
        let number: (Column, Show) = if is_wide {
            (row::fixed(view, "row.number", 13), |row, _| Cell::text(row.number.clone()))
        } else {
            (row::fixed(view, "row.number", 10), |row, view| {
                Cell::text(row::short_number(row, view))
            })
        };
        let title: Show = |row, view| Cell::text(row::title_beside_village(row, view.lang));
        let person: Show =
            |row, view| Cell::text(row::petitioner(row.person.as_ref(), row.people, view.lang));
        let village_cell: Show = |row, _| row::short_village_cell(row);
        let stage_cell: Show = |row, view| {
            let role = if row.undecided { Role::Late } else { Role::Text };
            Cell::role(row::stage(row, view.lang), role)
        };
        let due_cell: Show = |row, view| row::due_cell(row.next.as_ref(), view.me.today);
        let left_cell: Show = |row, view| row::left_cell(row.next.as_ref(), view.lang);
        let holder: Show = |row, view| row::holder_name_cell(row, view.lang);
        let mut columns = vec![
            number,
            (row::flex(view, "row.title", 8), title),
            (row::fixed(view, "row.petitioner", name), person),
            (row::fixed(view, "row.village", village), village_cell),
            (row::words(view, "row.stage", (stage, 10)), stage_cell),
            (row::fixed(view, "row.due", due), due_cell),
            (row::fixed(view, "row.left", 8), left_cell),
        ];
        if is_wide {
            let lead: Show = |row, _| row::maybe(row.lead.as_ref());
            let unit: Show = |row, _| row::maybe(row.unit.as_ref());
            columns.push((row::fixed(view, "row.lead", 6), lead));
            columns.push((row::fixed(view, "row.unit", 10), unit));
        }
        columns.push((row::fixed(view, "row.holder", 6), holder));
        columns
    }

    fn draw_rows(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) {
        let height = usize::from(area.height.saturating_sub(1));
        let columns = self.columns(view, usize::from(area.width));
        let table = self.window.table(view, columns, (height, &|_| String::new()));
        table.draw(area, frame.buffer_mut(), view.look);
    }

    fn empty(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let is_narrowed = !self.text.is_empty() || self.only != Only::All;
        let key = match (self.window.is_filled(), is_narrowed, &self.whose) {
            (false, ..) => "row.waiting",
            (true, true, _) => "cases.empty.narrowed",
            (true, false, Whose::Mine) => "cases.empty.mine",
            (true, false, _) => "cases.empty.all",
        };
        let text = locale::text(view.lang, key);
        let lines = text.lines().map(|line| row::strip(view, &[Cell::text(line)], width));
        std::iter::once(Line::default()).chain(lines).collect()
    }

    /// The newest step of the selected case with its whole title, and whether there is more below.
    fn hint(&self, view: &View<'_>, width: usize, height: usize) -> Line<'static> {
        let more = self.window.has_more_below(height);
        let more = more.then(|| Cell::role(locale::text(view.lang, "row.more"), Role::Dim));
        let hint = self.window.selected().map(|row| {
            let last = row.last.as_ref().map_or_else(
                || locale::text(view.lang, "cases.no_step"),
                |(on, word)| {
                    let deed = locale::text(view.lang, &format!("deed.{word}"));
                    format!("{} {deed}", row::day(*on, view.me.today))
                },
            );
            let received = row::day(row.received_on, view.me.today);
            let title = row::title(row, view.lang);
            let person = row::petitioner(row.person.as_ref(), row.people, view.lang);
            let args =
                [("received", received), ("last", last), ("person", person), ("title", title)];
            Cell::role(locale::fill(view.lang, "cases.hint", &args), Role::Hint)
        });
        let hint: Vec<_> = hint.into_iter().collect();
        row::sides(view, &hint, more.as_slice(), width)
    }
}

impl Screen for CasesScreen {
    fn name(&self) -> &'static str {
        "cases"
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Cases(self.query())]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        let Reply::Cases(page) = reply else { return Step::Stay };
        if page.rows.is_empty() && self.place.0.is_some() {
            // Everything on this side was taken out meanwhile.
            return match self.place.1 {
                Way::Forward => self.reach(Reach::End),
                Way::Backward | Way::FromEnd => self.restart(),
            };
        }
        let beyond = Beyond { before: page.before, after: page.after };
        let items = page.rows.into_iter().map(|row| Item { group: None, row });
        let reach = self.window.fill(items.collect(), beyond);
        self.total = page.total;
        self.reach(reach)
    }

    fn refused(&mut self, _place: usize, _refusal: &Refusal) -> Step {
        self.window.forget();
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        // Any case may enter or leave the list; only accounts never show on it.
        notice.everything || notice.touched.iter().any(|record| record.kind != Kind::Clerk)
    }

    fn on(&mut self, nav: Nav, _view: &View<'_>) -> Step {
        match nav {
            Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown | Nav::First | Nav::Last => {
                self.go(nav)
            }
            Nav::Open => self.window.open(),
            Nav::Row(digit) => self.window.open_digit(digit),
            Nav::NextPane | Nav::PreviousPane => {
                self.whose = match self.whose {
                    Whose::Mine => Whose::All,
                    Whose::All | Whose::Officer(_) | Whose::Unit(_) => Whose::Mine,
                };
                self.restart()
            }
            Nav::Sort => {
                self.sort = match self.sort {
                    Sort::Due => Sort::Received,
                    Sort::Received => Sort::Due,
                };
                self.restart()
            }
            Nav::Why => match self.window.selected() {
                Some(row) => why::open(row.id.into(), row.next.as_ref()),
                None => Step::Stay,
            },
            Nav::Stage => {
                self.only = self.only.next();
                self.restart()
            }
            Nav::Tick => Step::Push(Box::new(AssignScreen::new(self.query()))),
            Nav::Filter => {
                self.text_box = Some(filter::open(&self.text, CHARS_MAX));
                Step::Stay
            }
            Nav::Reveal | Nav::Left | Nav::Right | Nav::Mark | Nav::HandOver | Nav::Page => {
                Step::Pass
            }
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane, Nav::Sort, Nav::Filter, Nav::Stage, Nav::Why, Nav::Tick]
    }

    fn tells_of_row(&self) -> bool {
        true
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
        match filter::pasted(text_box, text) {
            Ok(text) => self.narrow(text),
            Err(full) => full,
        }
    }

    fn selected(&self) -> Selection {
        self.window.selection()
    }

    fn resized(&mut self, area: Rect) {
        self.window.resize(usize::from(area.height.saturating_sub(FRAME_LINES)));
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let head = self.head(view, width);
        let n_head = row::width_of(&head);
        row::paint(frame, area, &[head]);
        let mut list = row::below(area, 1);
        let bottom = row::bottom(list, 2);
        list.height -= u16::from(bottom.is_some());
        if self.window.items().is_empty() {
            row::paint(frame, list, &self.empty(view, width));
        } else {
            self.draw_rows(frame, list, view);
        }
        if let Some(bottom) = bottom {
            let height = usize::from(list.height.saturating_sub(1));
            row::paint(frame, bottom, &[self.hint(view, width, height)]);
        }
        filter::draw(self.text_box.as_ref(), frame, (area, n_head), view)
    }
}

#[cfg(test)]
mod tests;
