//! What a form that a village sent back would do, row by row, and then that it was done.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::refusal::Refusal;
use crate::api::reply::Done;
use crate::api::request::Order;
use crate::api::village::{Becomes, Decided, ReturnRow, ReturnView};
use crate::domain::act::Act;
use crate::domain::choice::ReportManner;
use crate::locale;
use crate::tui::incoming::{Origin, Outcome, Work, said_of};
use crate::tui::look::Role;
use crate::tui::screen::import::name;
use crate::tui::screen::plain::PlainScreen;
use crate::tui::screen::returned::place::{Fate, PlaceMenu};
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::text::pad_right;
use crate::tui::widget::table::{Cell, Mark, Row, Table};

/// Lines above and below the list: title, what it is, sums, titles of columns, hint.
const FRAME_LINES: u16 = 5;
/// The columns of a label.
const LABEL: usize = 12;

/// What stands in a row of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    /// Take it in.
    Take,
    /// In which way it came.
    Manner,
    /// A row of the form.
    Row(usize),
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It is to be read.
    Wanted,
    /// It is being read.
    Reading,
    /// It is read, or cannot be.
    Read,
    /// It was taken in.
    Taken,
}

/// The screen.
pub struct FormScreen {
    origin: Origin,
    /// The name under which its rows are kept aside.
    file: String,
    view: Option<Box<ReturnView>>,
    state: State,
    manner: ReportManner,
    decided: Decided,
    roll: Roll,
}

impl FormScreen {
    /// What a form of a file, or of pasted cells, would do.
    pub fn new(origin: Origin) -> Self {
        Self {
            origin,
            file: String::new(),
            view: None,
            state: State::Wanted,
            manner: ReportManner::Message,
            decided: Decided::default(),
            roll: Roll::default(),
        }
    }

    /// Whether it can be taken in now.
    fn can_take(&self) -> bool {
        self.state == State::Read && self.view.as_ref().is_some_and(|view| view.why_not.is_none())
    }

    fn items(&self) -> Vec<Item> {
        let Some(view) = &self.view else { return Vec::new() };
        let take = self.can_take().then_some(Item::Take);
        let manner = (self.state == State::Read).then_some(Item::Manner);
        // What is wrong is read first, and what nobody filled in last.
        let rank = |row: &ReturnRow| match row.becomes {
            Becomes::Refused => 0,
            Becomes::Progress | Becomes::Fresh | Becomes::Joined | Becomes::Task => 1,
            Becomes::LeftOut => 2,
            Becomes::Same => 3,
        };
        let mut rows: Vec<usize> = (0..view.rows.len()).collect();
        rows.sort_by_key(|at| view.rows.get(*at).map_or(3, rank));
        take.into_iter().chain(manner).chain(rows.into_iter().map(Item::Row)).collect()
    }

    fn item(&self) -> Option<Item> {
        self.items().get(self.roll.at).copied()
    }

    fn row_of(&self, item: Option<Item>) -> Option<&ReturnRow> {
        let Some(Item::Row(at)) = item else { return None };
        self.view.as_ref()?.rows.get(at)
    }

    fn turn(&mut self, nav: Nav) -> Step {
        let all = ReportManner::ALL;
        let at = all.iter().position(|manner| *manner == self.manner).unwrap_or(0);
        let steps = if nav == Nav::Left { all.len() - 1 } else { 1 };
        self.manner = all.get((at + steps) % all.len()).copied().unwrap_or(self.manner);
        Step::Stay
    }

    fn open(&self, view: &View<'_>) -> Step {
        let item = self.item();
        match item {
            Some(Item::Take) => Step::Run("take_return"),
            Some(Item::Manner) | None => Step::Stay,
            Some(Item::Row(_)) => match self.row_of(item) {
                Some(row) if self.can_take() && PlaceMenu::asks_about(row) => {
                    Step::Lay(Box::new(PlaceMenu::new(row)))
                }
                Some(row) => read(row, view),
                None => Step::Stay,
            },
        }
    }

    /// Leaves the selected row out, or takes it in again.
    fn mark(&mut self) -> Step {
        let row = self.row_of(self.item());
        let row = row.filter(|row| row.becomes != Becomes::Same && self.state == State::Read);
        let Some(index) = row.map(|row| row.index) else {
            return Step::Say("village.nothing_to_leave_out".to_owned(), Vec::new());
        };
        let without = &mut self.decided.without;
        if !without.remove(&index) {
            without.insert(index);
        }
        self.state = State::Wanted;
        Step::Ask
    }

    fn settle(&mut self) {
        let n_rows = self.items().len();
        self.roll.settle(n_rows);
    }

    /// What it is, and who reported it.
    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let Some(own) = &self.view else { return Line::default() };
        let word = own
            .word
            .map(|word| locale::text(view.lang, &format!("choice.report_word.{}", word.word())));
        let nobody = || row::NOTHING.to_owned();
        let args = [
            ("village", own.village.clone()),
            ("code", own.duty.0.clone()),
            ("duty", own.duty.1.clone()),
            ("period", own.period.clone()),
            ("word", word.unwrap_or_default()),
            ("reporter", own.reporter.clone().unwrap_or_else(nobody)),
            ("signer", own.signer.clone().unwrap_or_else(nobody)),
            ("day", row::short_day(own.on, view.me.today)),
        ];
        let text = locale::fill(view.lang, "village.head", &args);
        row::strip(view, &[Cell::role(text, Role::Group)], width)
    }

    fn sums(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let Some(own) = &self.view else {
            let key = if self.state == State::Read { "village.unread" } else { "row.waiting" };
            return row::strip(view, &[Cell::text(locale::text(view.lang, key))], width);
        };
        if let Some((key, args)) = &own.why_not {
            let text = Cell::role(locale::fill(view.lang, key, args), Role::Warning);
            return row::strip(view, &[text], width);
        }
        let key = match self.state {
            State::Taken => "village.sums.taken",
            State::Wanted | State::Reading | State::Read => "village.sums.tried",
        };
        let counts = &own.counts;
        let args = [
            ("progress", counts.progress.to_string()),
            ("fresh", counts.fresh.to_string()),
            ("joined", counts.joined.to_string()),
            ("tasks", counts.tasks.to_string()),
            ("same", counts.same.to_string()),
            ("refused", counts.refused.to_string()),
        ];
        let role = if self.state == State::Taken { Role::Ok } else { Role::Text };
        let text = Cell::role(locale::fill(view.lang, key, &args), role);
        row::strip(view, &[text], width)
    }

    fn row(&self, item: Item, view: &View<'_>) -> Row {
        match item {
            Item::Take => Row::Note(locale::text(view.lang, "village.take"), Role::Key),
            Item::Manner => {
                let label = pad_right(&locale::text(view.lang, "village.manner"), LABEL);
                let word = self.manner.word();
                let word = locale::text(view.lang, &format!("choice.report_manner.{word}"));
                Row::Note(format!("{label}{word}"), Role::Text)
            }
            Item::Row(_) => {
                let cells = self.row_of(Some(item)).map(|row| cells(row, view));
                Row::Cells { cells: cells.unwrap_or_default(), mark: Mark::Off }
            }
        }
    }
}

/// All that a row says.
fn read(row: &ReturnRow, view: &View<'_>) -> Step {
    let text = format!("{}\n\n{}", place(view, row), said_of(view.lang, row));
    Step::Push(Box::new(PlainScreen::new(text)))
}

/// Where a row stands in the file.
fn place(view: &View<'_>, row: &ReturnRow) -> String {
    let args = [("sheet", row.sheet.clone()), ("row", row.row.to_string())];
    locale::fill(view.lang, "village.place", &args)
}

fn cells(row: &ReturnRow, view: &View<'_>) -> Vec<Cell> {
    let role = match row.becomes {
        Becomes::Refused => Role::Warning,
        Becomes::Same | Becomes::LeftOut => Role::Dim,
        Becomes::Fresh if !row.like.is_empty() && row.placed.is_none() => Role::Soon,
        Becomes::Progress | Becomes::Fresh | Becomes::Joined | Becomes::Task => Role::Changed,
    };
    let becomes = locale::text(view.lang, &row.becomes_key());
    let on = row.on.map(|on| row::short_day(on, view.me.today)).unwrap_or_default();
    vec![
        Cell::role(place(view, row), Role::Dim),
        Cell::role(becomes, role),
        Cell::text(row.name.clone()),
        Cell::text(on),
        Cell::text(row::flat(&said_of(view.lang, row))),
    ]
}

impl Screen for FormScreen {
    fn name(&self) -> &'static str {
        "returned_form"
    }

    fn work(&mut self) -> Option<Work> {
        if self.state != State::Wanted {
            return None;
        }
        self.state = State::Reading;
        // What is seen is asked of the rows that are kept aside: those are what would be entered.
        if self.view.is_some() {
            return Some(Work::TryForm(self.file.clone(), self.decided.clone()));
        }
        self.decided = Decided::default();
        Some(Work::ReadForm(self.origin.clone()))
    }

    fn worked(&mut self, outcome: Result<Outcome, Refusal>) -> Step {
        match outcome {
            Ok(Outcome::Form(file, view)) => {
                (self.file, self.view, self.state) = (file, Some(view), State::Read);
                self.settle();
            }
            Ok(Outcome::Going(_)) => {}
            Ok(_) | Err(_) => {
                (self.view, self.state) = (None, State::Read);
                self.settle();
            }
        }
        Step::Stay
    }

    fn done(&mut self, order: &Order, _done: &Done) {
        if order.act == Act::TakeReturn && order.fields.get("file") == Some(&self.file) {
            self.state = State::Taken;
            self.settle();
        }
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        match nav {
            Nav::Open => self.open(view),
            Nav::Tick if self.can_take() => Step::Run("take_return"),
            Nav::Tick if self.state == State::Taken => {
                Step::Say("incoming.is_done".to_owned(), Vec::new())
            }
            Nav::Tick => {
                // The file may be another by now.
                (self.view, self.state) = (None, State::Wanted);
                Step::Ask
            }
            Nav::Mark => self.mark(),
            Nav::Left | Nav::Right if self.item() == Some(Item::Manner) => self.turn(nav),
            Nav::Left | Nav::Right => Step::Stay,
            _ => {
                let n_rows = self.items().len();
                self.roll.on(nav, n_rows)
            }
        }
    }

    fn labels(&self) -> &'static [(Nav, &'static str)] {
        if self.can_take() {
            &[(Nav::Tick, "cmd.take_return"), (Nav::Mark, "cmd.mark.leave_out")]
        } else {
            &[(Nav::Tick, "cmd.tick.again")]
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::Tick, Nav::Mark, Nav::Left, Nav::Right]
    }

    fn chosen(&mut self, place: u64, view: &View<'_>) -> Step {
        let Some(row) = self.row_of(self.item()) else { return Step::Stay };
        let (index, fate) = (row.index, Fate::of(row, place));
        match fate {
            Some(Fate::New) => drop(self.decided.belongs.remove(&index)),
            Some(Fate::Belongs(belongs)) => drop(self.decided.belongs.insert(index, belongs)),
            Some(Fate::Read) => return read(row, view),
            None => return Step::Stay,
        }
        self.state = State::Wanted;
        Step::Ask
    }

    fn clicked(&mut self, at: Position, area: Rect, view: &View<'_>) -> Step {
        let line = at.y.checked_sub(area.y + FRAME_LINES - 1);
        let n_rows = self.items().len();
        if self.roll.click(line, n_rows) { self.open(view) } else { Step::Stay }
    }

    fn selected(&self) -> Selection {
        if !self.can_take() {
            return Selection::default();
        }
        let given =
            [("file", self.file.clone()), ("manner", self.manner.word().to_owned())].into_iter();
        let given = given.chain(self.decided.fields());
        let name = self.view.as_ref().map(|view| format!("{} {}", view.village, view.period));
        Selection {
            name: name.unwrap_or_default(),
            given: given.map(|(name, text)| (name.to_owned(), text)).collect(),
            ..Selection::default()
        }
    }

    fn resized(&mut self, area: Rect) {
        self.roll.height = usize::from(area.height.saturating_sub(FRAME_LINES)).max(1);
        self.settle();
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let title = Cell::role(locale::text(view.lang, "cmd.take_back"), Role::Title);
        let file = Cell::text(name(view, &self.origin));
        let lines = [
            row::sides(view, &[title], &[file], width),
            self.head(view, width),
            self.sums(view, width),
        ];
        row::paint(frame, area, &lines);
        let (list, bottom) = row::hinted(row::below(area, lines.len()));
        let items = self.items();
        let shown = items.iter().skip(self.roll.top).take(self.roll.height);
        let table = Table {
            columns: vec![
                row::words(view, "village.row", (9, 12)),
                row::words(view, "village.becomes", (6, 10)),
                row::fixed(view, "village.name", 14),
                row::fixed(view, "duty.on", 5),
                row::flex(view, "village.said", 20),
            ],
            rows: shown.map(|item| self.row(*item, view)).collect(),
            selected: Some(self.roll.at.saturating_sub(self.roll.top)),
        };
        table.draw(list, frame.buffer_mut(), view.look);
        if let Some(bottom) = bottom {
            let key = match self.state {
                State::Taken => "village.hint.taken",
                State::Wanted | State::Reading | State::Read => "village.hint.form",
            };
            let hint = Cell::role(locale::text(view.lang, key), Role::Hint);
            row::paint(frame, bottom, &[row::strip(view, &[hint], width)]);
        }
        None
    }
}
