//! A count on demand: a table of what is chosen, its sums beside those of the days before and of
//! last year, a bar for each row, and below it how it was counted.
//!
//! All receipts of the days are looked at for it, so it is counted again when it is asked for, not
//! with every change.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::api::cut::{CutHead, CutQuery, CutView};
use crate::api::listing::ViewRow;
use crate::api::request::Request;
use crate::domain::cut::{Cut, Turn};
use crate::domain::listing::List;
use crate::locale::{self, Lang};
use crate::tui::cut::{self, SUMS};
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::report;
use crate::tui::screen::arrange::{Arrange, views};
use crate::tui::screen::copy::Plain;
use crate::tui::screen::figures::choose::{Choose, Level};
use crate::tui::screen::figures::report::wrapped;
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Selection, Step, View, row};
use crate::tui::text::{Align, width};
use crate::tui::widget::table::{Cell, Column, GAP, MARKER, Mark, Row, Rule, Table};

/// Lines above the rows: what is counted, what it comes to, titles.
const HEAD_LINES: usize = 3;
/// The columns of the first column, of the widest title of a place, and the least of a place.
const WIDTHS: (u16, u16, u16) = (12, 10, 4);
/// The fewest and the most signs of a bar.
const BAR: (usize, usize) = (8, 30);

/// The part of the screen.
#[derive(Default)]
pub struct Counting {
    cut: Cut,
    view: Option<CutView>,
    /// The name under which it was saved, while it is still so.
    saved: Option<String>,
    roll: Roll,
    /// Where one is in the plain text, while that is seen.
    plain: Option<Plain>,
    /// The language in which what is selected is named.
    lang: Option<Lang>,
    area: Rect,
}

impl Counting {
    /// What is asked.
    pub fn wants(&self) -> Request {
        Request::Cut(CutQuery::Count { cut: self.cut, said: None })
    }

    /// Takes the answer.
    pub fn got(&mut self, view: CutView) {
        self.view = Some(view);
        self.settle();
    }

    /// What is counted.
    pub const fn cut(&self) -> Cut {
        self.cut
    }

    /// It is seen now, in that language.
    pub const fn shown_in(&mut self, lang: Lang) {
        self.lang = Some(lang);
    }

    /// Counts something else.
    pub fn arrange(&mut self, arrange: Arrange) -> Step {
        match arrange {
            Arrange::Count(cut) => (self.cut, self.saved) = (cut, None),
            Arrange::Apply(row) => self.apply(*row),
            Arrange::Sort(_) | Arrange::Narrow(..) | Arrange::Clear | Arrange::Own => {
                return Step::Stay;
            }
        }
        self.roll.at = 0;
        Step::Ask
    }

    fn apply(&mut self, row: ViewRow) {
        self.cut = Cut::parse(&row.view.only).unwrap_or_default();
        self.saved = Some(row.view.name);
    }

    fn n_rows(&self) -> usize {
        self.view.as_ref().map_or(0, |view| view.rows.len() + 1)
    }

    /// Moves, goes to other days, and lays the menus over it.
    pub fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        let turned = |turn| self.cut.days.turned(view.me.today, turn);
        let days = match nav {
            Nav::Left => turned(Turn::Back),
            Nav::Right => turned(Turn::Forwards),
            Nav::Open | Nav::Stage => {
                return Step::Lay(Box::new(Choose::new(self.cut, Level::Top)));
            }
            Nav::Columns => return Step::Lay(Box::new(Choose::new(self.cut, Level::Columns))),
            Nav::Views => return Step::Lay(Box::new(views::Views::new(List::Counts))),
            Nav::Page => {
                self.plain = self.view.as_ref().map(|_| Plain::new(self.area));
                return Step::Stay;
            }
            _ => {
                self.roll.go(nav, self.n_rows());
                return Step::Stay;
            }
        };
        match days {
            Some(days) => self.arrange(Arrange::Count(Cut { days, ..self.cut })),
            None => Step::Say("cut.no_such_days_yet".to_owned(), Vec::new()),
        }
    }

    /// Whether the plain text is seen, which takes all keys.
    pub const fn is_plain(&self) -> bool {
        self.plain.is_some()
    }

    /// A key while the plain text is seen.
    pub fn typed(&mut self, key: Key) -> Step {
        let Some(plain) = &mut self.plain else { return Step::Pass };
        let step = plain.typed(key);
        self.plain = self.plain.filter(|plain| !plain.is_done());
        step
    }

    /// What is saved, given and printed of it.
    pub fn selected(&self) -> Selection {
        let mut given = vec![
            ("list".to_owned(), List::Counts.word().to_owned()),
            ("only".to_owned(), self.cut.text()),
        ];
        let Some(own) = &self.view else { return Selection { given, ..Selection::default() } };
        let [total, ..] = own.total;
        let lang = self.lang.unwrap_or(Lang::Zh);
        given.push(("cut".to_owned(), self.cut.text()));
        given.push(("counted".to_owned(), total.to_string()));
        let args = [("what", cut::title(lang, own)), ("value", total.to_string())];
        let name = locale::fill(lang, "cut.named", &args);
        Selection { name, given, ..Selection::default() }
    }

    /// How much room it has.
    pub fn resized(&mut self, area: Rect) {
        self.area = area;
        self.settle();
    }

    fn settle(&mut self) {
        let n_notes = self.view.as_ref().map_or(0, |own| self.n_note_lines(own));
        let taken = HEAD_LINES + n_notes + 1;
        self.roll.height = usize::from(self.area.height).saturating_sub(taken).max(1);
        self.roll.settle(self.n_rows());
    }

    /// How it was counted takes a third of the room at most; all of it stands in the plain text.
    fn n_note_lines(&self, own: &CutView) -> usize {
        let most = usize::from(self.area.height) / 3;
        let lang = self.lang.unwrap_or(Lang::Zh);
        note_lines(lang, (own, self.area.width)).len().min(most.max(1))
    }

    /// Draws it, with the names of the parts before its head.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, (view, tabs): (&View<'_>, Cell)) {
        let room = usize::from(area.width);
        let Some(own) = &self.view else {
            let waiting = Cell::text(locale::text(view.lang, "row.waiting"));
            row::paint(frame, area, &[row::strip(view, &[tabs, waiting], room)]);
            return;
        };
        if let Some(plain) = self.plain {
            let text = report::text(&cut::said(view.lang, own));
            let lines: Vec<String> = text.lines().map(str::to_owned).collect();
            return plain.draw(&lines, frame, area, view);
        }
        let saved = self.saved.iter().map(|name| Cell::role(name.clone(), Role::Input));
        let saved: Vec<Cell> = saved.collect();
        let head = [tabs, Cell::role(cut::title(view.lang, own), Role::Title)];
        let total = Cell::text(cut::total(view.lang, own));
        let (table, n_hidden) = self.table(own, view, room);
        let hidden = [("count", n_hidden.to_string())];
        let hidden = (n_hidden > 0).then(|| locale::fill(view.lang, "list.left_out", &hidden));
        let hidden: Vec<Cell> =
            hidden.into_iter().map(|text| Cell::role(text, Role::Dim)).collect();
        let lines =
            [row::sides(view, &head, &saved, room), row::sides(view, &[total], &hidden, room)];
        row::paint(frame, area, &lines);
        let list = row::below(area, lines.len());
        let height = u16::try_from(self.roll.height + 1).unwrap_or(u16::MAX);
        table.draw(Rect { height: height.min(list.height), ..list }, frame.buffer_mut(), view.look);
        let n_notes = self.n_note_lines(own);
        let notes = note_lines(view.lang, (own, area.width)).into_iter().take(n_notes);
        let notes: Vec<_> =
            notes.map(|text| row::strip(view, &[Cell::role(text, Role::Dim)], room)).collect();
        let below = row::below(area, HEAD_LINES + self.roll.height);
        row::paint(frame, below, &notes);
        if let Some(bottom) = row::bottom(area, 1) {
            let more = self.roll.has_more_below(self.n_rows());
            let hint = [Cell::role(locale::text(view.lang, "cut.hint"), Role::Hint)];
            row::paint(frame, bottom, &[row::foot(view, &hint, more, room)]);
        }
    }

    /// The rows in sight, with as many columns as have room, and how many have none.
    fn table(&self, own: &CutView, view: &View<'_>, room: usize) -> (Table, usize) {
        let by = own.cut.columns.unwrap_or(own.cut.rows);
        let number = |title: String, least: u16| Column {
            rule: Rule::Fixed(least.max(u16::try_from(width(&title)).unwrap_or(least))),
            title,
            align: Align::Right,
        };
        let sums: Vec<Column> =
            SUMS.iter().map(|(key, least)| number(locale::text(view.lang, key), *least)).collect();
        let taken = |column: &Column| match column.rule {
            Rule::Fixed(own) | Rule::Flex(own) => usize::from(own) + GAP,
        };
        let used = MARKER + usize::from(WIDTHS.0) + sums.iter().map(taken).sum::<usize>();
        let mut left = room.saturating_sub(used);
        let titles = own.columns.iter().map(|head| {
            let title = cut::head_text(view.lang, by, head);
            let title = crate::tui::text::cut(&title, usize::from(WIDTHS.1)).into_owned();
            number(title, WIDTHS.2)
        });
        let fits = |column: &Column| {
            let fits = taken(column) <= left;
            left = left.saturating_sub(if fits { taken(column) } else { left });
            fits
        };
        let places: Vec<Column> = titles.take_while(fits).collect();
        let n_hidden = own.columns.len() - places.len();
        let n_places = places.len();
        let n_signs = left.saturating_sub(GAP).min(BAR.1);
        let is_drawn = n_hidden == 0 && own.cut.rows.may_be_drawn();
        let n_signs = if is_drawn && n_signs >= BAR.0 { n_signs } else { 0 };
        let name = cut::dimension_text(view.lang, own.cut.rows);
        let name = Column { title: name, rule: Rule::Flex(WIDTHS.0), align: Align::Left };
        let bar = Column {
            title: locale::text(view.lang, "cut.bar"),
            rule: Rule::Fixed(u16::try_from(n_signs).unwrap_or(0)),
            align: Align::Left,
        };
        let bar = (n_signs > 0).then_some(bar);
        let columns = std::iter::once(name).chain(places).chain(sums).chain(bar).collect();
        let shown = (self.roll.top..own.rows.len() + 1).take(self.roll.height);
        let rows = shown.map(|at| Row::Cells {
            cells: cells(own, view, (at, n_places, n_signs)),
            mark: Mark::Off,
        });
        let selected = self.roll.at.checked_sub(self.roll.top);
        (Table { columns, rows: rows.collect(), selected }, n_hidden)
    }
}

/// How it was counted, in the lines of a width.
fn note_lines(lang: Lang, (own, width): (&CutView, u16)) -> Vec<String> {
    wrapped(&cut::notes(lang, own).join("\n"), width)
}

/// A row: its name, its places, its sums, its bar; behind all others what they come to.
fn cells(
    own: &CutView,
    view: &View<'_>,
    (at, n_places, n_signs): (usize, usize, usize),
) -> Vec<Cell> {
    let number = |count: u64| match count {
        0 => Cell::role("0", Role::Dim),
        count => Cell::text(count.to_string()),
    };
    let head = own.rows.get(at);
    let name = |head: &CutHead| Cell::text(cut::head_text(view.lang, own.cut.rows, head));
    let sum = || Cell::role(locale::text(view.lang, "cut.sum"), Role::Group);
    let of_columns = || {
        own.columns.iter().map(|head| head.counts.first().copied().unwrap_or(0)).collect::<Vec<_>>()
    };
    let places = own.cells.get(at).cloned().unwrap_or_else(of_columns);
    let counts = head.map_or(own.total, |head| head.counts);
    let mut cells = vec![head.map_or_else(sum, name)];
    cells.extend(places.into_iter().take(n_places).map(number));
    cells.extend(cut::sums(view.lang, counts).into_iter().map(|cell| Cell::text(cell.text())));
    if n_signs > 0 {
        let largest = own.rows.iter().map(|head| head.counts[0]).max().unwrap_or(0);
        let bar = head.map(|head| bar(head.counts[0], (largest, n_signs)));
        cells.push(Cell::role(bar.unwrap_or_default(), Role::Group));
    }
    cells
}

/// A bar of as many signs as a number is of the largest one; what is more than nothing has one.
fn bar(count: u64, (largest, n_signs): (u64, usize)) -> String {
    let most = n_signs as u64;
    let n_full = (count * most).div_ceil(largest.max(1)).min(most);
    "#".repeat(usize::try_from(n_full).unwrap_or(0))
}
