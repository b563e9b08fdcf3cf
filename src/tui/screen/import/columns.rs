//! Bringing a table in, its second step: it is read, and each column is shown with what stands in it
//! and the field that it fills, which the clerk can change.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::incoming::Rows;
use crate::api::refusal::Refusal;
use crate::locale;
use crate::tui::incoming::table::{ColumnRead, Fills, TableRead, column_label, some_sheets};
use crate::tui::incoming::{Heads, Origin, Outcome, Progress, ReadTerms, Reread, Stop, Work};
use crate::tui::look::Role;
use crate::tui::screen::import::day::DayBox;
use crate::tui::screen::import::outcome::OutcomeScreen;
use crate::tui::screen::import::pick::ListPicker;
use crate::tui::screen::import::saved::SavedColumns;
use crate::tui::screen::import::terms;
use crate::tui::screen::import::wait::Wait;
use crate::tui::screen::import::{name, title};
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Screen, Step, View, row};
use crate::tui::widget::table::{Cell, Column, Mark, Row, Table};

/// Lines above and below the list: title, heads of columns, hint.
const FRAME_LINES: u16 = 3;

/// How far the table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It is to be read.
    Wanted,
    /// It is being read.
    Reading(Progress),
    /// It was read, or not.
    Ended,
}

/// What stands in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    /// On to the outcomes.
    Next,
    /// Mappings that were saved.
    Saved,
    /// What the first row of pasted cells is.
    Heads,
    /// Which sheet is read.
    Sheet,
    /// The day of rows that name none.
    Day,
    /// A column.
    Column(usize),
    /// What is to be said of the table.
    Note(usize),
}

/// The screen.
pub struct ColumnsScreen {
    terms: ReadTerms,
    state: State,
    stop: Stop,
    read: Option<Arc<TableRead>>,
    /// The only sheet that was read then.
    sheet_read: Option<String>,
    /// Why it could not be read.
    why: Option<Refusal>,
    /// What the clerk has changed since it was read.
    is_changed: bool,
    /// Whether the outcomes are wanted as soon as it is read.
    goes_on: bool,
    roll: Roll,
}

impl ColumnsScreen {
    /// The columns of a table that is to be read.
    pub fn new(terms: ReadTerms) -> Self {
        Self {
            terms,
            state: State::Wanted,
            stop: Stop::default(),
            read: None,
            sheet_read: None,
            why: None,
            is_changed: false,
            goes_on: false,
            roll: Roll::default(),
        }
    }

    fn items(&self) -> Vec<Item> {
        let Some(read) = &self.read else { return Vec::new() };
        let mut items = vec![Item::Next, Item::Saved];
        if matches!(self.terms.origin, Origin::Cells(..)) {
            items.push(Item::Heads);
        }
        items.extend((!read.sheets.is_empty()).then_some(Item::Sheet));
        items.extend((self.terms.rows == Rows::Cases).then_some(Item::Day));
        items.extend((0..read.columns.len()).map(Item::Column));
        items.extend((0..read.notes.len()).map(Item::Note));
        items
    }

    fn item(&self) -> Option<Item> {
        self.items().get(self.roll.at).copied()
    }

    fn column(&self, at: usize) -> Option<&ColumnRead> {
        self.read.as_ref()?.columns.get(at)
    }

    /// What the clerk says that a column fills.
    fn told(&self, header: &str) -> Option<&str> {
        let told = self.terms.columns.iter().find(|(other, _)| other == header);
        told.map(|(_, field)| field.as_str())
    }

    /// On to the outcomes; what was changed is read again before.
    fn next(&mut self) -> Step {
        match (&self.read, self.is_changed) {
            (Some(read), false) => {
                let (terms, read) = (self.terms.clone(), Arc::clone(read));
                // What was brought in since is known by another reading alone.
                self.is_changed = true;
                Step::Push(Box::new(OutcomeScreen::new(terms, read)))
            }
            _ => {
                self.goes_on = self.read.is_some();
                self.again()
            }
        }
    }

    fn again(&mut self) -> Step {
        self.state = State::Wanted;
        self.why = None;
        Step::Ask
    }

    fn open(&mut self, view: &View<'_>) -> Step {
        if matches!(self.state, State::Wanted | State::Reading(_)) {
            return Step::Stay;
        }
        match self.item() {
            None => self.again(),
            Some(Item::Next) => self.next(),
            Some(Item::Saved) => {
                let (rows, columns) = (self.terms.rows, self.terms.columns.clone());
                Step::Lay(Box::new(SavedColumns::new(rows.word(), columns)))
            }
            Some(Item::Heads) => self.turn_heads(),
            Some(Item::Sheet) => {
                let sheets = self.read.as_ref().map_or(&[][..], |read| &read.sheets);
                Step::Lay(Box::new(ListPicker::of_sheets(sheets, view)))
            }
            Some(Item::Day) => {
                let day = self.terms.received_on.as_deref();
                Step::Lay(Box::new(DayBox::new(view.me.today, day)))
            }
            Some(Item::Column(at)) => self.pick(at, view),
            Some(Item::Note(_)) => Step::Stay,
        }
    }

    /// The first row of pasted cells is a header, or it is not.
    fn turn_heads(&mut self) -> Step {
        let is_headless = self.read.as_ref().is_some_and(|read| read.is_headless);
        if let Origin::Cells(_, heads) = &mut self.terms.origin {
            *heads = if is_headless { Heads::First } else { Heads::Without };
        }
        self.terms.columns.clear();
        self.is_changed = false;
        self.again()
    }

    /// The sheet of that place was chosen; it is read again.
    fn choose_sheet(&mut self, place: Option<usize>) -> Step {
        let sheets = self.read.iter().flat_map(|read| &read.sheets);
        let names = place.and_then(|at| sheets.map(|sheet| sheet.name.clone()).nth(at));
        self.terms.sheet = names;
        self.again()
    }

    fn pick(&self, at: usize, view: &View<'_>) -> Step {
        let Some(column) = self.column(at) else { return Step::Stay };
        match (&column.fills, &self.read) {
            (Fills::Never(_), _) => {
                let args = vec![("name".to_owned(), column.header.clone())];
                Step::Say("incoming.never".to_owned(), args)
            }
            (_, Some(read)) => Step::Lay(Box::new(ListPicker::of_fields(column, read, view))),
            (_, None) => Step::Stay,
        }
    }

    fn fills(&self, column: &ColumnRead, view: &View<'_>) -> Cell {
        let label = |key: &str| column_label(view.lang, Some(key));
        if let Fills::Never(reason) = &column.fills {
            let reason = locale::text(view.lang, &format!("refused_column.{reason}"));
            let args = [("reason", reason)];
            return Cell::role(locale::fill(view.lang, "incoming.refused", &args), Role::Warning);
        }
        let left_out = || locale::text(view.lang, "incoming.left_out");
        match (self.told(&column.header), &column.fills) {
            (Some(""), _) => Cell::role(left_out(), Role::Changed),
            (Some(field), _) => Cell::role(label(field), Role::Changed),
            (None, Fills::Fields(fields)) => {
                let labels: Vec<String> = fields.iter().map(|key| label(key)).collect();
                Cell::text(labels.join(" + "))
            }
            (None, Fills::Nothing | Fills::Never(_)) => {
                Cell::role(locale::text(view.lang, "incoming.unknown"), Role::Dim)
            }
        }
    }

    fn sheets_of(&self, column: &ColumnRead, view: &View<'_>) -> Cell {
        let n_sheets = self.read.as_ref().map_or(1, |read| read.n_sheets());
        match some_sheets(view.lang, (&column.sheets, n_sheets)) {
            Some(sheets) => Cell::text(row::flat(&sheets)),
            None => Cell::role(locale::text(view.lang, "incoming.sheets.all"), Role::Dim),
        }
    }

    fn row(&self, (item, names_sheets): (Item, bool), view: &View<'_>) -> Row {
        let text = |key: &str| locale::text(view.lang, key);
        match item {
            Item::Next => Row::Note(text("incoming.next"), Role::Key),
            Item::Saved => {
                let count = [("count", self.terms.columns.len().to_string())];
                Row::Note(locale::fill(view.lang, "incoming.saved", &count), Role::Text)
            }
            Item::Heads => {
                let is_headless = self.read.as_ref().is_some_and(|read| read.is_headless);
                let key = if is_headless { "incoming.heads.no" } else { "incoming.heads.yes" };
                Row::Note(text(key), Role::Text)
            }
            Item::Sheet => {
                Row::Note(terms::sheets(view, self.read.as_deref(), &self.terms), Role::Text)
            }
            Item::Day => Row::Note(terms::day(view, self.read.as_deref(), &self.terms), Role::Text),
            Item::Note(at) => {
                let note = self.read.as_ref().and_then(|read| read.notes.get(at));
                Row::Note(note.cloned().unwrap_or_default(), Role::Warning)
            }
            Item::Column(at) => {
                let cells = self.column(at).map(|column| {
                    let letter = Cell::role(&column.letter, Role::Dim);
                    let header = Cell::text(row::flat(&column.header));
                    let samples = Cell::role(row::flat(&column.samples.join(" | ")), Role::Dim);
                    let sheets = names_sheets.then(|| self.sheets_of(column, view));
                    let cells = std::iter::once(letter).chain(sheets);
                    cells.chain([header, self.fills(column, view), samples]).collect()
                });
                Row::Cells { cells: cells.unwrap_or_default(), mark: Mark::Off }
            }
        }
    }

    fn table(&self, view: &View<'_>) -> Table {
        let items = self.items();
        let shown = items.iter().skip(self.roll.top).take(self.roll.height);
        let names_sheets = self.read.as_ref().is_some_and(|read| read.is_unlike());
        let mut columns: Vec<Column> = vec![
            row::fixed(view, "incoming.letter", 3),
            row::flex(view, "incoming.header", 12),
            row::fixed(view, "incoming.fills", 22),
            row::flex(view, "incoming.samples", 16),
        ];
        if names_sheets {
            columns.insert(1, row::fixed(view, "incoming.sheets", 14));
        }
        Table {
            columns,
            rows: shown.map(|item| self.row((*item, names_sheets), view)).collect(),
            selected: Some(self.roll.at.saturating_sub(self.roll.top)),
        }
    }
}

impl Screen for ColumnsScreen {
    fn name(&self) -> &'static str {
        "import_columns"
    }

    fn work(&mut self) -> Option<Work> {
        if self.state != State::Wanted {
            return None;
        }
        self.state = State::Reading(Progress::default());
        self.stop = Stop::default();
        Some(Work::Read(Box::new(self.terms.clone()), self.stop.clone()))
    }

    fn worked(&mut self, outcome: Result<Outcome, Refusal>) -> Step {
        match outcome {
            Ok(Outcome::Going(progress)) => {
                if matches!(self.state, State::Reading(_)) {
                    self.state = State::Reading(progress);
                }
                return Step::Stay;
            }
            Ok(Outcome::Read(read)) => {
                self.read = Some(read);
                self.sheet_read.clone_from(&self.terms.sheet);
                self.is_changed = false;
                self.state = State::Ended;
                let n_rows = self.items().len();
                self.roll.settle(n_rows);
                if std::mem::take(&mut self.goes_on) {
                    return self.next();
                }
            }
            Ok(Outcome::Stopped) => {
                // Somebody has left; whoever comes back reads it anew.
                self.state = State::Wanted;
            }
            Ok(
                Outcome::Folder(_)
                | Outcome::Sent(..)
                | Outcome::Written(_)
                | Outcome::Dossiers(_)
                | Outcome::Forms(_)
                | Outcome::Form(..)
                | Outcome::Compared(..)
                | Outcome::Template(_),
            ) => {}
            Err(refusal) => {
                self.goes_on = false;
                self.state = State::Ended;
                // What was read before is seen again, but the server keeps it aside no more.
                self.terms.sheet.clone_from(&self.sheet_read);
                self.is_changed = true;
                self.why = self.read.is_none().then_some(refusal);
            }
        }
        Step::Stay
    }

    fn left(&mut self) {
        if matches!(self.state, State::Reading(_)) {
            self.stop.set();
            self.state = State::Wanted;
        }
    }

    fn reread(&mut self, how: Reread) -> Step {
        match how {
            Reread::Columns(columns) => {
                self.terms.columns = columns;
                self.is_changed = true;
                Step::Stay
            }
            Reread::Day(day) => {
                self.terms.received_on = day.map(|day| day.to_string());
                self.again()
            }
        }
    }

    /// A field was picked for the selected column: first what the program reads, then nothing, then
    /// the fields; or a sheet: first all of them.
    fn chosen(&mut self, id: u64, _view: &View<'_>) -> Step {
        let at = match self.item() {
            Some(Item::Column(at)) => at,
            Some(Item::Sheet) => {
                let place = usize::try_from(id).ok().and_then(|id| id.checked_sub(1));
                return self.choose_sheet(place);
            }
            _ => return Step::Stay,
        };
        let Some(header) = self.column(at).map(|column| column.header.clone()) else {
            return Step::Stay;
        };
        let picked = usize::try_from(id).ok().and_then(|id| id.checked_sub(2));
        let field = picked.and_then(|at| self.read.as_ref()?.fields.get(at).cloned());
        self.terms.columns.retain(|(other, _)| *other != header);
        if id > 0 {
            // Of two tellings of one header, written unlike, the first holds.
            self.terms.columns.insert(0, (header, field.unwrap_or_default()));
        }
        self.is_changed = true;
        let n_rows = self.items().len();
        self.roll.go(Nav::Down, n_rows);
        Step::Stay
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        let n_rows = self.items().len();
        match nav {
            Nav::Open => self.open(view),
            Nav::Tick if self.read.is_some() && self.state == State::Ended => self.next(),
            Nav::Tick => Step::Stay,
            _ => self.roll.on(nav, n_rows),
        }
    }

    fn labels(&self) -> &'static [(Nav, &'static str)] {
        &[(Nav::Tick, "cmd.tick.outcome")]
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::Tick]
    }

    fn clicked(&mut self, at: Position, area: Rect, view: &View<'_>) -> Step {
        let line = at.y.checked_sub(area.y + FRAME_LINES - 1);
        let n_rows = self.items().len();
        if self.roll.click(line, n_rows) { self.open(view) } else { Step::Stay }
    }

    fn resized(&mut self, area: Rect) {
        self.roll.height = usize::from(area.height.saturating_sub(FRAME_LINES)).max(1);
        let n_rows = self.items().len();
        self.roll.settle(n_rows);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let name = name(view, &self.terms.origin);
        row::paint(frame, area, &[title(view, (1, &name), width)]);
        let (list, bottom) = row::hinted(row::below(area, 1));
        if self.read.is_none() || self.state != State::Ended {
            let wait = match (&self.why, self.state) {
                (Some(why), _) => Wait::Why(why),
                (None, State::Reading(progress)) => Wait::Reading(progress),
                (None, State::Wanted | State::Ended) => Wait::Begins,
            };
            row::paint(frame, list, &wait.lines(view, width));
            return None;
        }
        self.table(view).draw(list, frame.buffer_mut(), view.look);
        if let Some(bottom) = bottom {
            let hint = Cell::role(locale::text(view.lang, "incoming.hint.columns"), Role::Hint);
            row::paint(frame, bottom, &[row::strip(view, &[hint], width)]);
        }
        None
    }
}
