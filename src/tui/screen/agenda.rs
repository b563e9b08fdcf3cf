//! Today: what is due, in groups, the most pressing first, and who holds it now.
//!
//! The second line of the program: counts for the clerk's own cases or the whole town. A hint below
//! says what the selected row asks for and by when.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::refusal::Refusal;
use crate::api::reply::{AgendaGroup, AgendaView, CaseRow, Reply};
use crate::api::request::{AgendaQuery, Cursor, Request, Whose};
use crate::domain::ids::Kind;
use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::row::{self, Cell, Column};
use crate::tui::screen::window::{Beyond, Item, MARKER_WIDTH, Reach, Shown, Turn, Window};
use crate::tui::screen::{Nav, Screen, Selection, Step, View};

/// Lines above and below the list: counts, titles, hint.
const FRAME_LINES: u16 = 3;
/// From this width on, number and stage stand in columns of their own.
const WIDE: usize = 100;
/// From this width on, leader and unit do too.
const WIDEST: usize = 118;

/// The agenda.
pub struct AgendaScreen {
    whose: Whose,
    /// After which places earlier windows began; the last is the present one's.
    starts: Vec<Cursor>,
    view: Option<AgendaView>,
    window: Window,
}

impl Default for AgendaScreen {
    fn default() -> Self {
        Self { whose: Whose::Mine, starts: Vec::new(), view: None, window: Window::default() }
    }
}

impl AgendaScreen {
    /// The agenda of one's own cases.
    pub fn new() -> Self {
        Self::default()
    }

    fn restart(&mut self, turn: Turn) -> Step {
        self.starts.clear();
        self.window.expect(turn);
        Step::Ask
    }

    /// Asks for what a move needs; earlier windows are known by the places where they began.
    fn reach(&mut self, reach: Reach) -> Step {
        match reach {
            Reach::Inside => return Step::Stay,
            Reach::Start => return self.restart(Turn::Start),
            Reach::Before => {
                self.starts.pop();
            }
            Reach::After | Reach::End => {
                let Some(row) = self.window.seam_after() else { return Step::Stay };
                self.starts.push(row.cursor.clone());
            }
        }
        self.window.expect(if reach == Reach::End { Turn::End } else { Turn::Along });
        Step::Ask
    }

    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let Some(agenda) = &self.view else {
            return row::strip(view, &[Cell::new(Role::Title, &view.me.town)], width);
        };
        let tab = |own: Whose, key: &str, count: u64| {
            let text = locale::fill(view.lang, key, &[("count", count.to_string())]);
            if self.whose == own {
                Cell::new(Role::Tab, format!("[{text}]"))
            } else {
                Cell::plain(format!(" {text} "))
            }
        };
        let mut cells = vec![
            Cell::new(Role::Title, &view.me.town),
            tab(Whose::Mine, "agenda.mine", agenda.mine),
            tab(Whose::All, "agenda.all", agenda.all),
        ];
        cells.extend(agenda.counts.iter().map(|(group, count)| {
            let role = if *count > 0 { role_of(*group) } else { Role::Dim };
            let args = [("count", count.to_string()), ("days", view.me.soon_workdays.to_string())];
            Cell::new(
                role,
                locale::fill(view.lang, &format!("agenda.count.{}", key(*group)), &args),
            )
        }));
        row::strip(view, &cells, width)
    }

    fn heading(&self, view: &View<'_>, group: AgendaGroup, width: usize) -> Line<'static> {
        let counts = self.view.iter().flat_map(|agenda| &agenda.counts);
        let count = counts.filter(|(own, _)| *own == group).map(|(_, count)| *count).sum::<u64>();
        let args = [("count", count.to_string()), ("days", view.me.soon_workdays.to_string())];
        let text = locale::fill(view.lang, &format!("agenda.group.{}", key(group)), &args);
        row::rule(view, &[Cell::new(role_of(group), text)], &[], width)
    }

    /// The columns that fit, with a function of the row for each.
    fn columns(&self, view: &View<'_>, width: usize) -> Vec<(Column, Show)> {
        let today = view.me.today;
        let due_days = self.window.items().iter().filter_map(|item| item.row.next.as_ref()?.latest);
        let due = row::day_width(due_days, today);
        let mut columns: Vec<(Column, Show)> = vec![
            (Column::new("agenda.due", due), |row, view| {
                row::due_cell(row.next.as_ref(), view.me.today)
            }),
            (Column::new("agenda.left", 8), |row, view| {
                row::left_cell(row.next.as_ref(), view.lang)
            }),
            (Column::new("agenda.limit", 18), limit_or_stage),
            (Column::new("agenda.matter", 0), |row, view| Cell::plain(matter(row, view))),
        ];
        if width >= WIDE {
            let number: Show = |row, _| Cell::plain(&row.number);
            let stage: Show = |row, view| Cell::plain(row::stage(row, view.lang));
            columns.insert(0, (Column::new("row.number", 14), number));
            columns.push((Column::new("row.stage", 8), stage));
        }
        if width >= WIDEST {
            columns.push((Column::new("row.lead", 8), |row, _| Cell::maybe(row.lead.as_ref())));
            columns.push((Column::new("row.unit", 12), |row, _| Cell::maybe(row.unit.as_ref())));
            columns.push((Column::new("row.holder", 8), |row, view| match &row.holder {
                Some(holder) => Cell::plain(holder),
                None => row::holder_cell(row, view.lang),
            }));
        } else {
            columns.push((Column::new("row.holder", 14), |row, view| {
                row::holder_cell(row, view.lang)
            }));
        }
        columns.insert(0, (Column::new("", MARKER_WIDTH), |_, _| Cell::plain("")));
        let mut widths: Vec<_> = columns.iter().map(|(column, _)| *column).collect();
        row::share(&mut widths, width);
        columns.into_iter().zip(widths).map(|((_, show), column)| (column, show)).collect()
    }

    fn rows(&self, view: &View<'_>, width: usize, height: usize) -> Vec<Line<'static>> {
        let columns = self.columns(view, width);
        let widths: Vec<_> = columns.iter().map(|(column, _)| *column).collect();
        let mut lines = vec![row::titles(view, &widths)];
        for shown in self.window.lines(height) {
            lines.push(match shown {
                Shown::Heading(group) => self.heading(view, group, width),
                Shown::Row { row, .. } => {
                    let mut cells: Vec<_> =
                        columns.iter().map(|(_, show)| show(row, view)).collect();
                    if let Some(first) = cells.first_mut() {
                        *first = shown.marker();
                    }
                    row::lay(view, &widths, &cells)
                }
            });
        }
        lines
    }

    fn empty(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let key = match (self.window.is_filled(), self.whose) {
            (false, _) => "row.waiting",
            (true, Whose::Mine) => "agenda.empty.mine",
            (true, _) => "agenda.empty.all",
        };
        let text = locale::text(view.lang, key);
        let lines = text.lines().map(|line| row::strip(view, &[Cell::plain(line)], width));
        std::iter::once(Line::default()).chain(lines).collect()
    }

    /// What the selected row asks for, and whether there is more below.
    fn hint(&self, view: &View<'_>, width: usize, height: usize) -> Line<'static> {
        let more = self.window.has_more_below(height);
        let more = more.then(|| Cell::new(Role::Dim, locale::text(view.lang, "row.more")));
        let hint = self.window.selected().map(|row| Cell::new(Role::Hint, advice(row, view)));
        let hint: Vec<_> = hint.into_iter().collect();
        row::sides(view, &hint, more.as_slice(), width)
    }
}

/// What stands in a column for a row.
type Show = fn(&CaseRow, &View<'_>) -> Cell;

impl Screen for AgendaScreen {
    fn name(&self) -> &'static str {
        "agenda"
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Agenda(AgendaQuery {
            whose: self.whose,
            until: None,
            after: self.starts.last().cloned(),
            most: self.window.rows_wanted(),
        })]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        let Reply::Agenda(mut agenda) = reply else { return Step::Stay };
        let rows = std::mem::take(&mut agenda.rows);
        if rows.is_empty() && self.starts.pop().is_some() {
            self.window.expect(Turn::End);
            return Step::Ask;
        }
        let beyond = Beyond { before: !self.starts.is_empty(), after: agenda.more };
        let items = rows.into_iter().map(|(group, row)| Item { group: Some(group), row });
        self.window.fill(items.collect(), beyond);
        self.view = Some(agenda);
        Step::Stay
    }

    fn refused(&mut self, _place: usize, _refusal: &Refusal) -> Step {
        self.window.forget();
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        // Any case may enter or leave the agenda; only accounts never show on it.
        notice.everything || notice.touched.iter().any(|record| record.kind != Kind::Clerk)
    }

    fn on(&mut self, nav: Nav, _view: &View<'_>) -> Step {
        match nav {
            Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown | Nav::First | Nav::Last => {
                let reach = self.window.go(nav);
                self.reach(reach)
            }
            Nav::Open => self.window.open(),
            Nav::Row(digit) => self.window.open_digit(digit),
            Nav::NextPane | Nav::PreviousPane => {
                self.whose = match self.whose {
                    Whose::Mine => Whose::All,
                    Whose::All | Whose::Officer(_) | Whose::Unit(_) => Whose::Mine,
                };
                self.restart(Turn::Start)
            }
            Nav::Sort | Nav::Filter | Nav::Stage | Nav::Reveal => Step::Pass,
        }
    }

    fn is_typing(&self) -> bool {
        false
    }

    fn typed(&mut self, _key: Key, _view: &View<'_>) -> Step {
        Step::Pass
    }

    fn pasted(&mut self, _text: &str, _view: &View<'_>) -> Step {
        Step::Pass
    }

    fn selected(&self) -> Selection {
        self.window.selection()
    }

    fn resized(&mut self, area: Rect) {
        self.window.resize(usize::from(area.height.saturating_sub(FRAME_LINES)));
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let mut lines = vec![self.head(view, width)];
        lines.extend(missing_year(view, width));
        let n_above = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let height = usize::from(area.height.saturating_sub(FRAME_LINES - 1 + n_above));
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
        None
    }
}

/// From November: that next year's calendar is missing.
fn missing_year(view: &View<'_>, width: usize) -> Option<Line<'static>> {
    let (year, count) = view.me.missing_year?;
    let args = [("year", year.to_string()), ("count", count.to_string())];
    let text = locale::fill(view.lang, "agenda.missing_year", &args);
    Some(row::strip(view, &[Cell::new(Role::Warning, text)], width))
}

/// Who, where and what.
fn matter(row: &CaseRow, view: &View<'_>) -> String {
    let village = row.village.as_deref().unwrap_or_default();
    let words = [&row::petitioner(row, view.lang), village, &row::title(row, view.lang)];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The limit that is due next; without one, how far the case is.
fn limit_or_stage(row: &CaseRow, view: &View<'_>) -> Cell {
    match &row.next {
        Some(_) => row::limit_cell(row.next.as_ref(), view.lang),
        None => Cell::plain(row::stage(row, view.lang)),
    }
}

fn advice(row: &CaseRow, view: &View<'_>) -> String {
    let today = view.me.today;
    let Some(next) = &row.next else {
        let stage = row::stage(row, view.lang);
        let args = [("number", row.number.as_str()), ("stage", &stage)];
        return locale::fill(view.lang, "agenda.hint.none", &args);
    };
    let args = [
        ("number", row.number.clone()),
        ("limit", row::limit(next, view.lang)),
        ("from", row::maybe_day(next.from, today)),
        ("latest", row::maybe_day(next.latest, today)),
    ];
    let key = if next.provisional { "agenda.hint.provisional" } else { "agenda.hint.due" };
    locale::fill(view.lang, key, &args)
}

const fn key(group: AgendaGroup) -> &'static str {
    match group {
        AgendaGroup::Late => "late",
        AgendaGroup::Today => "today",
        AgendaGroup::Soon => "soon",
        AgendaGroup::Fresh => "fresh",
        AgendaGroup::Later => "later",
    }
}

const fn role_of(group: AgendaGroup) -> Role {
    match group {
        AgendaGroup::Late => Role::Late,
        AgendaGroup::Today => Role::Today,
        AgendaGroup::Soon => Role::Soon,
        AgendaGroup::Fresh | AgendaGroup::Later => Role::Group,
    }
}

#[cfg(test)]
mod tests;
