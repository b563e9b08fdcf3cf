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
use crate::tui::screen::prompt::{Answer, Prompt};
use crate::tui::screen::row::{self, Cell, Column};
use crate::tui::screen::window::{Beyond, Item, MARKER_WIDTH, Reach, Shown, Turn, Window};
use crate::tui::screen::{Nav, Screen, Selection, Step, View};
use crate::tui::text;

/// Lines above and below the list: filters, titles, hint.
const FRAME_LINES: u16 = 3;
/// From this width on, names have more room and leader and unit stand in columns of their own.
const WIDE: usize = 110;
/// The most columns of a stage in a narrow list.
const STAGE_MAX: usize = 10;

/// What stands in a column for a row.
type Show = fn(&CaseRow, &View<'_>) -> Cell;

/// The list of cases.
pub struct CasesScreen {
    whose: Whose,
    only: Only,
    sort: Sort,
    /// The text that narrows the list.
    text: String,
    /// The box in which that text is typed, while it is open.
    prompt: Option<Prompt>,
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
            prompt: None,
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

    fn answered(&mut self, answer: Answer) -> Step {
        match answer {
            Answer::Typing => {
                let text = self.prompt.as_ref().map_or("", Prompt::text).trim().to_owned();
                self.narrow(text)
            }
            Answer::Given(_) => {
                self.prompt = None;
                Step::Stay
            }
            Answer::Left => {
                self.prompt = None;
                self.narrow(String::new())
            }
            Answer::Other(key) => match key {
                Key::Up => self.go(Nav::Up),
                Key::Down => self.go(Nav::Down),
                Key::PageUp => self.go(Nav::PageUp),
                Key::PageDown => self.go(Nav::PageDown),
                _ => Step::Pass,
            },
        }
    }

    fn go(&mut self, nav: Nav) -> Step {
        let reach = self.window.go(nav);
        self.reach(reach)
    }

    /// The line of filters, and where the cursor of the text box stands in it.
    fn head(&self, view: &View<'_>, width: usize) -> (Line<'static>, Option<usize>) {
        let tab = |whose: Whose, key: &str| {
            let text = locale::text(view.lang, key);
            if self.whose == whose {
                Cell::new(Role::Tab, format!("[{text}]"))
            } else {
                Cell::plain(format!(" {text} "))
            }
        };
        let fill = |key: &str, value: &str| locale::fill(view.lang, key, &[("value", value)]);
        let sort = match self.sort {
            Sort::Due => "cases.sort.due",
            Sort::Received => "cases.sort.received",
        };
        let mut cells = vec![
            tab(Whose::Mine, "cases.mine"),
            tab(Whose::All, "cases.all"),
            Cell::plain(fill("cases.only", &self.only.text(view.lang))),
            Cell::plain(fill("cases.sort", &locale::text(view.lang, sort))),
        ];
        let total = self.total.map(|count| fill("cases.total", &count.to_string()));
        let total: Vec<_> = total.map(|text| Cell::new(Role::Dim, text)).into_iter().collect();
        let Some(prompt) = &self.prompt else {
            if !self.text.is_empty() {
                cells.push(Cell::new(Role::Input, fill("cases.text", &self.text)));
            }
            return (row::sides(view, &cells, &total, width), None);
        };
        cells.push(Cell::new(Role::Key, fill("cases.text", "")));
        let mut line = row::strip(view, &cells, width);
        let (spans, column) = prompt.draw(view, width.saturating_sub(row::width_of(&line)));
        let cursor = row::width_of(&line) + column;
        line.extend(spans);
        (line, Some(cursor))
    }

    fn columns(&self, view: &View<'_>, width: usize) -> Vec<(Column, Show)> {
        let due_days = self.window.items().iter().filter_map(|item| item.row.next.as_ref()?.latest);
        let due = row::day_width(due_days, view.me.today);
        let stages = Stage::ALL
            .iter()
            .map(|stage| text::width(&locale::text(view.lang, &format!("stage.{}", stage.word()))));
        let stage = stages.max().unwrap_or(0).clamp(6, STAGE_MAX);
        let name = if width >= WIDE { 8 } else { 6 };
        let mut columns: Vec<(Column, Show)> = vec![
            (Column::new("", MARKER_WIDTH), |_, _| Cell::plain("")),
            (Column::new("row.number", 13), |row, _| Cell::plain(&row.number)),
            (Column::new("row.title", 0), |row, view| Cell::plain(row::title(row, view.lang))),
            (Column::new("row.petitioner", name + 2), |row, view| {
                Cell::plain(row::petitioner(row, view.lang))
            }),
            (Column::new("row.village", name), |row, _| Cell::maybe(row.village.as_ref())),
            (Column::new("row.stage", stage), |row, view| Cell::plain(row::stage(row, view.lang))),
            (Column::new("row.due", due), |row, view| {
                row::due_cell(row.next.as_ref(), view.me.today)
            }),
            (Column::new("row.left", 7), |row, view| row::left_cell(row.next.as_ref(), view.lang)),
        ];
        if width >= WIDE {
            columns.push((Column::new("row.lead", name), |row, _| Cell::maybe(row.lead.as_ref())));
            columns.push((Column::new("row.unit", 12), |row, _| Cell::maybe(row.unit.as_ref())));
        }
        columns.push((Column::new("row.holder", name), |row, view| match &row.holder {
            Some(holder) => Cell::plain(holder),
            None => row::holder_cell(row, view.lang),
        }));
        let mut widths: Vec<_> = columns.iter().map(|(column, _)| *column).collect();
        row::share(&mut widths, width);
        columns.into_iter().zip(widths).map(|((_, show), column)| (column, show)).collect()
    }

    fn rows(&self, view: &View<'_>, width: usize, height: usize) -> Vec<Line<'static>> {
        let columns = self.columns(view, width);
        let widths: Vec<_> = columns.iter().map(|(column, _)| *column).collect();
        let mut lines = vec![row::titles(view, &widths)];
        for shown in self.window.lines(height) {
            if let Shown::Row { row, .. } = shown {
                let mut cells: Vec<_> = columns.iter().map(|(_, show)| show(row, view)).collect();
                if let Some(first) = cells.first_mut() {
                    *first = shown.marker();
                }
                lines.push(row::lay(view, &widths, &cells));
            }
        }
        lines
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
        let lines = text.lines().map(|line| row::strip(view, &[Cell::plain(line)], width));
        std::iter::once(Line::default()).chain(lines).collect()
    }

    /// The newest step of the selected case, and whether there is more below.
    fn hint(&self, view: &View<'_>, width: usize, height: usize) -> Line<'static> {
        let more = self.window.has_more_below(height);
        let more = more.then(|| Cell::new(Role::Dim, locale::text(view.lang, "row.more")));
        let hint = self.window.selected().map(|row| {
            let last = row.last.as_ref().map_or_else(
                || locale::text(view.lang, "cases.no_step"),
                |(on, word)| {
                    let deed = locale::text(view.lang, &format!("deed.{word}"));
                    format!("{} {deed}", row::day(*on, view.me.today))
                },
            );
            let received = row::day(row.received_on, view.me.today);
            let args = [("number", row.number.as_str()), ("received", &received), ("last", &last)];
            Cell::new(Role::Hint, locale::fill(view.lang, "cases.hint", &args))
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
        let (from, way) = self.place.clone();
        vec![Request::Cases(CaseQuery {
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
        })]
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
        self.window.fill(items.collect(), beyond);
        self.total = page.total;
        Step::Stay
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
            Nav::Stage => {
                self.only = self.only.next();
                self.restart()
            }
            Nav::Filter => {
                self.prompt = Some(Prompt::new(&self.text));
                Step::Stay
            }
            Nav::Reveal => Step::Pass,
        }
    }

    fn is_typing(&self) -> bool {
        self.prompt.is_some()
    }

    fn typed(&mut self, key: Key, _view: &View<'_>) -> Step {
        match self.prompt.as_mut().map(|prompt| prompt.typed(key)) {
            Some(answer) => self.answered(answer),
            None => Step::Pass,
        }
    }

    fn pasted(&mut self, text: &str, _view: &View<'_>) -> Step {
        match self.prompt.as_mut().map(|prompt| prompt.pasted(text)) {
            Some(answer) => self.answered(answer),
            None => Step::Pass,
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
        let height = usize::from(area.height.saturating_sub(FRAME_LINES));
        let (head, cursor) = self.head(view, width);
        let mut lines = vec![head];
        if self.window.items().is_empty() {
            lines.extend(self.empty(view, width));
        } else {
            lines.extend(self.rows(view, width, height));
        }
        row::paint(frame, area, &lines);
        if area.height > FRAME_LINES {
            let bottom = Rect { y: area.bottom() - 1, height: 1, ..area };
            row::paint(frame, bottom, &[self.hint(view, width, height)]);
        }
        row::cursor_in(area, cursor?)
    }
}

#[cfg(test)]
mod tests;
