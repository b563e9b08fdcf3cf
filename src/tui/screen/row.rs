//! What rows are made of: cells in straight columns, and the words of days, clocks and persons.
//!
//! Every screen of lists and sheets lays its lines with these, so that a day, a clock and a name
//! look the same wherever they stand. All measuring is done by `tui/text.rs`.

use chrono::{Datelike, NaiveDate};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::api::reply::{CaseRow, DeadlineView};
use crate::domain::standing::Standing;
use crate::locale::{self, Lang};
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::text::{self, Align};

/// What stands where there is no value.
pub const NOTHING: &str = "--";
/// The columns between two cells.
const GAP: &str = " ";
/// The least columns that the cell which takes the rest keeps.
const REST_MIN: usize = 8;

/// A text and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The text, on one line.
    pub text: String,
    /// What it is.
    pub role: Role,
}

impl Cell {
    /// A cell of a role.
    pub fn new(role: Role, text: impl AsRef<str>) -> Self {
        Self { text: flat(text.as_ref()), role }
    }

    /// Ordinary text.
    pub fn plain(text: impl AsRef<str>) -> Self {
        Self::new(Role::Text, text)
    }

    /// A value that may be missing.
    pub fn maybe(text: Option<&String>) -> Self {
        text.map_or_else(|| Self::new(Role::Dim, NOTHING), Self::plain)
    }
}

/// A column of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The key of its title; empty for none.
    pub title: &'static str,
    /// Its width in columns of the terminal; 0 for the one that takes the rest.
    pub width: usize,
}

impl Column {
    /// A column with the key of its title.
    pub const fn new(title: &'static str, width: usize) -> Self {
        Self { title, width }
    }
}

/// Gives the column that has no width yet what the others leave of `total`.
pub fn share(columns: &mut [Column], total: usize) {
    let n_gaps = columns.len().saturating_sub(1) * GAP.len();
    let taken: usize = columns.iter().map(|column| column.width).sum();
    let rest = total.saturating_sub(taken + n_gaps).max(REST_MIN);
    for column in columns.iter_mut().filter(|column| column.width == 0) {
        column.width = rest;
    }
}

/// A row: each cell exactly as wide as its column.
pub fn lay(view: &View<'_>, columns: &[Column], cells: &[Cell]) -> Line<'static> {
    let mut spans = Vec::with_capacity(columns.len() * 2);
    for (column, cell) in columns.iter().zip(cells) {
        if !spans.is_empty() {
            spans.push(Span::raw(GAP));
        }
        let shown = text::fit(&view.look.shown(&cell.text), column.width, Align::Left);
        spans.push(Span::styled(shown, view.look.style(cell.role)));
    }
    Line::from(spans)
}

/// The titles of the columns as a row.
pub fn titles(view: &View<'_>, columns: &[Column]) -> Line<'static> {
    let title = |column: &Column| match column.title {
        "" => Cell::plain(""),
        key => Cell::new(Role::Title, locale::text(view.lang, key)),
    };
    let cells: Vec<_> = columns.iter().map(title).collect();
    lay(view, columns, &cells)
}

/// Cells one after the other with two spaces between, cut where `width` ends.
pub fn strip(view: &View<'_>, cells: &[Cell], width: usize) -> Line<'static> {
    let mut spans: Vec<Span<'static>> = Vec::with_capacity(cells.len() * 2);
    let mut room = width;
    for cell in cells.iter().filter(|cell| !cell.text.is_empty()) {
        let gap = if spans.is_empty() { 0 } else { 2 };
        if room <= gap {
            break;
        }
        if gap > 0 {
            spans.push(Span::raw("  "));
        }
        let shown = text::cut(&view.look.shown(&cell.text), room - gap).into_owned();
        room = room.saturating_sub(gap + text::width(&shown));
        spans.push(Span::styled(shown, view.look.style(cell.role)));
    }
    Line::from(spans)
}

/// A line with cells on its left and cells on its right; the right ones keep their room.
pub fn sides(view: &View<'_>, left: &[Cell], right: &[Cell], width: usize) -> Line<'static> {
    let right = strip(view, right, width);
    let n_right = width_of(&right);
    let room = width.saturating_sub(if n_right == 0 { 0 } else { n_right + 2 });
    let mut line = strip(view, left, room);
    if n_right > 0 {
        let n_spaces = width.saturating_sub(width_of(&line) + n_right);
        line.push_span(Span::raw(" ".repeat(n_spaces)));
        line.extend(right.spans);
    }
    line
}

/// A line across the area with cells on its left and on its right.
pub fn rule(view: &View<'_>, left: &[Cell], right: &[Cell], width: usize) -> Line<'static> {
    let dash = view.look.border_set().horizontal_top;
    let border = view.look.style(Role::Border);
    let mut line = Line::from(Span::styled(format!("{} ", dash.repeat(2)), border));
    let right = strip(view, right, width.saturating_sub(8));
    let n_right = match width_of(&right) {
        0 => 0,
        n_columns => n_columns + 4,
    };
    line.extend(strip(view, left, width.saturating_sub(n_right + 4)).spans);
    line.push_span(Span::raw(" "));
    let n_dashes = width.saturating_sub(width_of(&line) + n_right);
    line.push_span(Span::styled(dash.repeat(n_dashes), border));
    if n_right > 0 {
        line.push_span(Span::raw(" "));
        line.extend(right.spans);
        line.push_span(Span::styled(format!(" {}", dash.repeat(2)), border));
    }
    line
}

/// The columns that a line takes.
pub fn width_of(line: &Line<'_>) -> usize {
    line.spans.iter().map(|span| text::width(&span.content)).sum()
}

/// Draws lines from the top of an area; what does not fit is left out.
pub fn paint(frame: &mut Frame<'_>, area: Rect, lines: &[Line<'_>]) {
    let area = area.intersection(frame.area());
    for (y, line) in (area.top()..area.bottom()).zip(lines) {
        frame.buffer_mut().set_line(area.x, y, line, area.width);
    }
}

/// A text on one line.
pub fn flat(text: &str) -> String {
    text.replace(['\n', '\r', '\t'], " ")
}

/// A day: `10-13`, or with its year if that is not this year.
pub fn day(day: NaiveDate, today: NaiveDate) -> String {
    let format = if day.year() == today.year() { "%m-%d" } else { "%Y-%m-%d" };
    day.format(format).to_string()
}

/// A day that may be missing.
pub fn maybe_day(on: Option<NaiveDate>, today: NaiveDate) -> String {
    on.map_or_else(|| NOTHING.to_owned(), |on| day(on, today))
}

/// The columns that days take: more if any of them is not in this year.
pub fn day_width(days: impl Iterator<Item = NaiveDate>, today: NaiveDate) -> usize {
    let has_other_year = days.into_iter().any(|day| day.year() != today.year());
    if has_other_year { 10 } else { 5 }
}

/// What a standing looks like; the word and the sign say the same without colours.
pub const fn role(standing: Standing) -> Role {
    match standing {
        Standing::Late | Standing::MetLate => Role::Late,
        Standing::Today => Role::Today,
        Standing::Soon | Standing::Rolled => Role::Soon,
        Standing::Met => Role::Ok,
        Standing::Running => Role::Text,
        Standing::Paused | Standing::NotStarted | Standing::Lapsed => Role::Dim,
    }
}

/// The sign of a standing, one column wide.
pub const fn sign(standing: Standing) -> &'static str {
    match standing {
        Standing::Late | Standing::MetLate => "!",
        Standing::Today => "*",
        Standing::Soon | Standing::Rolled => "~",
        Standing::Running
        | Standing::Paused
        | Standing::Met
        | Standing::NotStarted
        | Standing::Lapsed => " ",
    }
}

/// How many days are left, in words without a sign: three days late, today, three days left.
pub fn days_left(deadline: &DeadlineView, lang: Lang) -> String {
    let Some(days) = deadline.days_left else {
        return NOTHING.to_owned();
    };
    let n_days = days.unsigned_abs().to_string();
    let key = match days {
        0 => "row.today",
        1.. => "row.days_left",
        _ => "row.days_late",
    };
    locale::fill(lang, key, &[("days", &n_days)])
}

/// The cell of the days that are left, with the sign of the standing before it.
pub fn left_cell(deadline: Option<&DeadlineView>, lang: Lang) -> Cell {
    let Some(deadline) = deadline else {
        return Cell::new(Role::Dim, format!(" {NOTHING}"));
    };
    let word = match deadline.standing {
        Standing::Paused => locale::text(lang, "standing.paused"),
        _ => days_left(deadline, lang),
    };
    Cell::new(role(deadline.standing), format!("{}{word}", sign(deadline.standing)))
}

/// The cell of a due day.
pub fn due_cell(deadline: Option<&DeadlineView>, today: NaiveDate) -> Cell {
    match deadline {
        Some(deadline) => Cell::new(role(deadline.standing), maybe_day(deadline.latest, today)),
        None => Cell::new(Role::Dim, NOTHING),
    }
}

/// The name of a limit.
pub fn limit(deadline: &DeadlineView, lang: Lang) -> String {
    locale::text(lang, &format!("limit.{}", deadline.rule))
}

/// The name of a limit with its basis in short, and first whether its day is provisional.
pub fn limit_cell(deadline: Option<&DeadlineView>, lang: Lang) -> Cell {
    let Some(deadline) = deadline else {
        return Cell::new(Role::Dim, NOTHING);
    };
    let mut words = String::new();
    if deadline.provisional {
        words.push_str(&locale::text(lang, "row.provisional"));
        words.push(' ');
    }
    words.push_str(&limit(deadline, lang));
    let basis = short_basis(&deadline.basis);
    if !basis.is_empty() {
        words.push_str(&format!("({basis})"));
    }
    Cell::plain(words)
}

/// The basis of a limit: an article with its norm's short name, or the number of a letter.
pub fn basis(deadline: &DeadlineView, lang: Lang) -> String {
    if deadline.basis.starts_with(|char: char| char.is_ascii_digit()) {
        locale::fill(lang, "row.article", &[("article", &deadline.basis)])
    } else {
        deadline.basis.clone()
    }
}

/// An article without its paragraph, or a letter's number without its body and year.
fn short_basis(basis: &str) -> &str {
    if basis.starts_with(|char: char| char.is_ascii_digit()) {
        return basis.split_once('(').map_or(basis, |(article, _)| article);
    }
    basis.rsplit_once('\u{3015}').map_or(basis, |(_, serial)| serial)
}

/// Who raises a case: the name, or that there is none; and how many they are.
pub fn petitioner(row: &CaseRow, lang: Lang) -> String {
    let name = row.person.clone().unwrap_or_else(|| locale::text(lang, "row.anonymous"));
    if row.people < 2 {
        return name;
    }
    locale::fill(lang, "row.people", &[("name", name), ("people", row.people.to_string())])
}

/// Who holds a case now and where, or that nobody does.
pub fn holder_cell(row: &CaseRow, lang: Lang) -> Cell {
    match (&row.holder, &row.unit) {
        (Some(holder), Some(unit)) => Cell::plain(format!("{holder} {unit}")),
        (Some(one), None) | (None, Some(one)) => Cell::plain(one),
        (None, None) => Cell::new(Role::Warning, locale::text(lang, "row.nobody")),
    }
}

/// The word of a stage.
pub fn stage(row: &CaseRow, lang: Lang) -> String {
    locale::text(lang, &format!("stage.{}", row.stage.word()))
}

/// The title of a case, with a sign before it if it is sealed.
pub fn title(row: &CaseRow, lang: Lang) -> String {
    if row.sealed {
        format!("[{}] {}", locale::text(lang, "row.sealed"), row.title)
    } else {
        row.title.clone()
    }
}

/// The place of a cursor on the first line of an area; none if it lies outside.
pub fn cursor_in(area: Rect, column: usize) -> Option<Position> {
    let column = u16::try_from(column).ok().filter(|column| *column < area.width)?;
    let has_line = area.height > 0;
    has_line.then(|| Position::new(area.x.saturating_add(column), area.y))
}

/// A line that covers a width to its end, over what was drawn before.
pub fn padded(mut line: Line<'static>, width: usize) -> Line<'static> {
    let n_spaces = width.saturating_sub(width_of(&line));
    line.push_span(Span::raw(" ".repeat(n_spaces)));
    line
}
