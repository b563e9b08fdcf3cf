//! What rows are made of: the words of days, clocks and persons, and lines of cells.
//!
//! Every screen of lists and sheets uses these, so that a day, a clock and a name look the same
//! wherever they stand. All measuring is done by `tui/text.rs`, all columns by `widget/table.rs`.

use chrono::{Datelike, NaiveDate};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::api::reply::{CaseRow, DeadlineView};
use crate::domain::standing::Standing;
use crate::locale::{self, Lang};
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::text::{self, Align};
use crate::tui::widget::table::{Cell, Column, Rule};

/// What stands where there is no value.
pub const NOTHING: &str = "--";
/// The word for village, which ends most names of villages.
const VILLAGE: char = '\u{6751}';
/// The spaces between two cells of a line.
const GAP: usize = 2;

/// A column of so many columns of the terminal; `key` is that of its title, empty for none.
pub fn fixed(view: &View<'_>, key: &str, width: u16) -> Column {
    let title = title_of(view, key);
    // A title is read whole in every language.
    let width = width.max(u16::try_from(text::width(&title)).unwrap_or(width));
    Column { title, rule: Rule::Fixed(width), align: Align::Left }
}

/// A column of words, some of which are longer in English.
pub fn words(view: &View<'_>, key: &str, (zh, en): (u16, u16)) -> Column {
    fixed(view, key, if view.lang == Lang::Zh { zh } else { en })
}

/// A column that takes what the others leave, at least so much.
pub fn flex(view: &View<'_>, key: &str, least: u16) -> Column {
    Column { title: title_of(view, key), rule: Rule::Flex(least), align: Align::Left }
}

fn title_of(view: &View<'_>, key: &str) -> String {
    if key.is_empty() { String::new() } else { locale::text(view.lang, key) }
}

/// A value that may be missing.
pub fn maybe(text: Option<&String>) -> Cell {
    text.map_or_else(|| Cell::role(NOTHING, Role::Dim), |text| Cell::text(text.clone()))
}

/// Cells one after the other with two spaces between, cut where `width` ends.
pub fn strip(view: &View<'_>, cells: &[Cell], width: usize) -> Line<'static> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    let mut room = width;
    let is_empty = |cell: &&Cell| cell.pieces.iter().all(|(text, _)| text.is_empty());
    for cell in cells.iter().filter(|cell| !is_empty(cell)) {
        let gap = if spans.is_empty() { 0 } else { GAP };
        if room <= gap {
            break;
        }
        spans.push(Span::raw(" ".repeat(gap)));
        room -= gap;
        for (text, role) in &cell.pieces {
            let shown = text::cut(&view.look.shown(text), room).into_owned();
            room -= text::width(&shown).min(room);
            spans.push(Span::styled(shown, view.look.style(*role)));
        }
    }
    Line::from(spans)
}

/// A name with a count in it.
pub fn counted(view: &View<'_>, key: &str, count: u64) -> String {
    locale::fill(view.lang, key, &[("count", count.to_string())])
}

/// Names of parts beside one another, the open one in brackets, which take the place of blanks.
pub fn tabs(names: &[String], open: usize) -> Cell {
    let pieces = names.iter().enumerate().map(|(at, name)| {
        if at == open {
            (format!("[{name}]"), Role::Tab)
        } else {
            (format!(" {name} "), Role::Text)
        }
    });
    Cell { pieces: pieces.collect() }
}

/// A line with cells on its left and cells on its right; the right ones keep their room.
pub fn sides(view: &View<'_>, left: &[Cell], right: &[Cell], width: usize) -> Line<'static> {
    let right = strip(view, right, width);
    let n_right = width_of(&right);
    if n_right == 0 {
        return strip(view, left, width);
    }
    let mut line = strip(view, left, width.saturating_sub(n_right + GAP));
    let n_spaces = width.saturating_sub(width_of(&line) + n_right);
    line.push_span(Span::raw(" ".repeat(n_spaces)));
    line.extend(right.spans);
    line
}

/// A line whose cells give way where room is short: first those of `rest` from the last one, then
/// those on the right but the first, so that what is kept is cut last.
pub fn yielding(
    view: &View<'_>,
    (kept, rest): (&[Cell], &[Cell]),
    right: &[Cell],
    width: usize,
) -> Line<'static> {
    let n_columns = |cells: &[Cell]| width_of(&strip(view, cells, usize::MAX));
    let (mut n_rest, mut n_right) = (rest.len(), right.len());
    loop {
        let left: Vec<Cell> = kept.iter().chain(rest.iter().take(n_rest)).cloned().collect();
        let right = right.get(..n_right).unwrap_or_default();
        let gap = if n_right == 0 { 0 } else { GAP };
        let fits = n_columns(&left) + gap + n_columns(right) <= width;
        if fits || (n_rest == 0 && n_right <= 1) {
            return sides(view, &left, right, width);
        }
        match n_rest {
            0 => n_right -= 1,
            _ => n_rest -= 1,
        }
    }
}

/// The line above a list while its text is typed: what is kept, the rest if it leaves room for a
/// text, and the name of the box.
pub fn before_box(
    view: &View<'_>,
    (kept, rest): (&[Cell], &[Cell]),
    name: Cell,
    width: usize,
) -> Line<'static> {
    const TEXT: usize = 24;
    let whole: Vec<Cell> =
        kept.iter().chain(rest).cloned().chain(std::iter::once(name.clone())).collect();
    let line = strip(view, &whole, width);
    match width_of(&line) + TEXT <= width {
        true => line,
        false => {
            let short: Vec<Cell> = kept.iter().cloned().chain(std::iter::once(name)).collect();
            strip(view, &short, width)
        }
    }
}

/// A rule across the area with cells on its left and on its right, as a table heads its groups.
pub fn rule(view: &View<'_>, left: &[Cell], right: &[Cell], width: usize) -> Line<'static> {
    let style = view.look.style(Role::Group);
    let right = strip(view, right, width.saturating_sub(8));
    let n_right = match width_of(&right) {
        0 => 0,
        n_columns => n_columns + 4,
    };
    let mut line = Line::from(Span::styled("-- ", style));
    line.extend(strip(view, left, width.saturating_sub(n_right + 4)).spans);
    line.push_span(Span::raw(" "));
    let n_dashes = width.saturating_sub(width_of(&line) + n_right);
    line.push_span(Span::styled("-".repeat(n_dashes), style));
    if n_right > 0 {
        line.push_span(Span::raw(" "));
        line.extend(right.spans);
        line.push_span(Span::styled(" --", style));
    }
    line
}

/// The columns that a line takes.
pub fn width_of(line: &Line<'_>) -> usize {
    line.spans.iter().map(|span| text::width(&span.content)).sum()
}

/// A line that covers a width to its end, over what was drawn before.
pub fn padded(mut line: Line<'static>, width: usize) -> Line<'static> {
    let n_spaces = width.saturating_sub(width_of(&line));
    line.push_span(Span::raw(" ".repeat(n_spaces)));
    line
}

/// Draws lines from the top of an area; what does not fit is left out.
pub fn paint(frame: &mut Frame<'_>, area: Rect, lines: &[Line<'_>]) {
    let area = area.intersection(frame.area());
    for (y, line) in (area.top()..area.bottom()).zip(lines) {
        frame.buffer_mut().set_line(area.x, y, line, area.width);
    }
}

/// The part of an area below its first lines.
pub fn below(area: Rect, n_lines: usize) -> Rect {
    let n_lines = u16::try_from(n_lines).unwrap_or(u16::MAX).min(area.height);
    Rect { y: area.y + n_lines, height: area.height - n_lines, ..area }
}

/// The last line of an area, if it has more lines than `n_others`.
pub fn bottom(area: Rect, n_others: u16) -> Option<Rect> {
    let has_room = area.height > n_others;
    has_room.then(|| Rect { y: area.bottom() - 1, height: 1, ..area })
}

/// The room of a list, and the line below it for a hint where heading and a row leave one.
pub fn hinted(area: Rect) -> (Rect, Option<Rect>) {
    let hint = bottom(area, 2);
    (Rect { height: area.height - u16::from(hint.is_some()), ..area }, hint)
}

/// The rest of the first line of an area behind so many columns; none if nothing is left.
pub fn behind(area: Rect, n_columns: usize) -> Option<Rect> {
    let n_columns = u16::try_from(n_columns).ok().filter(|n_columns| *n_columns < area.width)?;
    let has_line = area.height > 0;
    let rest = Rect { x: area.x + n_columns, width: area.width - n_columns, height: 1, ..area };
    has_line.then_some(rest)
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

/// A due day in a list, where room is short: `10-13`, or `27-01-05` if that is not this year.
pub fn short_day(day: NaiveDate, today: NaiveDate) -> String {
    let format = if day.year() == today.year() { "%m-%d" } else { "%y-%m-%d" };
    day.format(format).to_string()
}

/// The columns that such days take.
pub fn due_width(mut days: impl Iterator<Item = NaiveDate>, today: NaiveDate) -> u16 {
    if days.any(|day| day.year() != today.year()) { 8 } else { 5 }
}

/// The columns that days take: more if any of them is not in this year.
pub fn day_width(days: impl Iterator<Item = NaiveDate>, today: NaiveDate) -> u16 {
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
        Standing::Paused | Standing::NotStarted | Standing::Lapsed | Standing::Ended => Role::Dim,
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
        | Standing::Lapsed
        | Standing::Ended => " ",
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
        return Cell::role(format!(" {NOTHING}"), Role::Dim);
    };
    let word = match deadline.standing {
        Standing::Paused => locale::text(lang, "standing.paused"),
        _ => days_left(deadline, lang),
    };
    Cell::role(format!("{}{word}", sign(deadline.standing)), role(deadline.standing))
}

/// The cell of a due day.
pub fn due_cell(deadline: Option<&DeadlineView>, today: NaiveDate) -> Cell {
    match deadline {
        Some(deadline) => {
            let day = deadline.latest.map(|day| short_day(day, today));
            Cell::role(day.unwrap_or_else(|| NOTHING.to_owned()), role(deadline.standing))
        }
        None => Cell::role(NOTHING, Role::Dim),
    }
}

/// The name of a limit.
pub fn limit(deadline: &DeadlineView, lang: Lang) -> String {
    locale::find(lang, &format!("limit.{}", deadline.rule))
        .map(str::to_owned)
        .or_else(|| deadline.name.clone())
        .unwrap_or_else(|| deadline.rule.clone())
}

/// The name of a limit with its basis in short, and first whether its day is provisional.
pub fn limit_cell(deadline: Option<&DeadlineView>, lang: Lang) -> Cell {
    let Some(deadline) = deadline else {
        return Cell::role(NOTHING, Role::Dim);
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
    Cell::text(words)
}

/// The basis of a limit: an article with its norm's short name, or the number of a letter.
pub fn basis(deadline: &DeadlineView, lang: Lang) -> String {
    match deadline.basis.as_str() {
        "" => NOTHING.to_owned(),
        basis => based(lang, basis),
    }
}

/// A basis that is there.
pub fn based(lang: Lang, basis: &str) -> String {
    match is_article(basis) {
        true => locale::fill(lang, "row.article", &[("article", basis)]),
        false => basis.to_owned(),
    }
}

/// Whether a basis is an article such as `22(1)(iii)`; the number of a letter may begin with a digit
/// too.
pub fn is_article(basis: &str) -> bool {
    basis.starts_with(|char: char| char.is_ascii_digit())
        && basis.chars().all(|char| char.is_ascii_digit() || "()ivx".contains(char))
}

/// An article without its paragraph, or a letter's number without its body and year.
pub fn short_basis(basis: &str) -> &str {
    if is_article(basis) {
        return basis.split_once('(').map_or(basis, |(article, _)| article);
    }
    basis.rsplit_once('\u{3015}').map_or(basis, |(_, serial)| serial)
}

/// The last line of a list: what is said of it, and whether there is more below.
pub fn foot(view: &View<'_>, said: &[Cell], has_more: bool, width: usize) -> Line<'static> {
    let more = has_more.then(|| Cell::role(locale::text(view.lang, "row.more"), Role::Dim));
    sides(view, said, more.as_slice(), width)
}

/// The number of a case without the office's code, which all its cases share.
pub fn short_number(row: &CaseRow, view: &View<'_>) -> String {
    short(&row.number, view).to_owned()
}

/// The same of a number alone.
pub fn short<'n>(number: &'n str, view: &View<'_>) -> &'n str {
    number.strip_prefix(&view.me.code).unwrap_or(number)
}

/// Who raises a case: the name, or that there is none; and how many they are.
pub fn petitioner(name: Option<&String>, people: u32, lang: Lang) -> String {
    let name = name.cloned().unwrap_or_else(|| locale::text(lang, "row.anonymous"));
    if people < 2 {
        return name;
    }
    locale::fill(lang, "row.people", &[("name", name), ("people", people.to_string())])
}

/// Who holds a case now and where, or that nobody does.
pub fn holder_cell(row: &CaseRow, lang: Lang) -> Cell {
    holding_cell((row.holder.as_ref(), row.unit.as_ref()), lang)
}

/// Who holds something now and where, of an officer's and a unit's name.
pub fn holding_cell(names: (Option<&String>, Option<&String>), lang: Lang) -> Cell {
    match names {
        (Some(holder), Some(unit)) => Cell::text(format!("{holder} {unit}")),
        (Some(one), None) | (None, Some(one)) => Cell::text(one.clone()),
        (None, None) => Cell::role(locale::text(lang, "row.nobody"), Role::Warning),
    }
}

/// Who holds a case now, without where.
pub fn holder_name_cell(row: &CaseRow, lang: Lang) -> Cell {
    match &row.holder {
        Some(holder) => Cell::text(holder.clone()),
        None => holder_cell(row, lang),
    }
}

/// The word of a stage.
pub fn stage(row: &CaseRow, lang: Lang) -> String {
    if row.undecided {
        return locale::text(lang, "row.undecided");
    }
    locale::text(lang, &format!("stage.{}", row.stage.word()))
}

/// The title of a case, with a sign before it if it is sealed.
pub fn title(row: &CaseRow, lang: Lang) -> String {
    sealed_title(row.sealed, &row.title, lang)
}

/// A title, with a sign before it if what it names is sealed.
pub fn sealed_title(sealed: bool, title: &str, lang: Lang) -> String {
    if sealed {
        format!("[{}] {title}", locale::text(lang, "row.sealed"))
    } else {
        title.to_owned()
    }
}

/// The title of a case beside its village: without the village's name at its start.
pub fn title_beside_village(row: &CaseRow, lang: Lang) -> String {
    let village = row.village.as_deref().unwrap_or_default();
    let rest = row.title.strip_prefix(village).map(str::trim_start);
    match rest.filter(|rest| !rest.is_empty() && !row.sealed) {
        Some(rest) => rest.to_owned(),
        None => title(row, lang),
    }
}

/// A village's name where room is short.
pub fn short_village(name: &str) -> &str {
    name.strip_suffix(VILLAGE).filter(|name| text::width(name) > 4).unwrap_or(name)
}

/// The village where room is short: without the word for village behind its name.
pub fn short_village_cell(row: &CaseRow) -> Cell {
    let short = |village: &String| {
        let name = village.strip_suffix(VILLAGE).filter(|name| text::width(name) > 4);
        Cell::text(name.unwrap_or(village))
    };
    row.village.as_ref().map_or_else(|| Cell::role(NOTHING, Role::Dim), short)
}
