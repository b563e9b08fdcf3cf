//! The roster as it stood on a day, with a way to the day before, the day after, or any other.

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::{Request, Whose};
use crate::api::roster::{EntryRow, StoodQuery, StoodView};
use crate::domain::field::parse_date;
use crate::domain::ids::Kind;
use crate::locale;
use crate::tui::app::picture::dated;
use crate::tui::key::Key;
use crate::tui::letter;
use crate::tui::look::Role;
use crate::tui::screen::plain::PlainScreen;
use crate::tui::screen::roster::columns;
use crate::tui::screen::window::{Beyond, Item, Window};
use crate::tui::screen::{Nav, Screen, Selection, Step, View, filter, row};
use crate::tui::widget::input::{Editor, Typed};
use crate::tui::widget::table::Cell;

/// Lines above and below the list: the day, titles, hint.
const FRAME_LINES: u16 = 3;
/// The most characters of a day.
const CHARS_MAX: usize = 10;

/// The screen.
#[derive(Default)]
pub struct StoodScreen {
    /// The wanted day; none for today.
    on: Option<NaiveDate>,
    whose: Whose,
    view: Option<StoodView>,
    window: Window<EntryRow>,
    /// The box in which a day is typed, while it is open.
    text_box: Option<Editor>,
}

impl StoodScreen {
    /// The roster of today, of the whole office.
    pub fn new() -> Self {
        Self { whose: Whose::All, ..Self::default() }
    }

    fn turn(&mut self, on: Option<NaiveDate>, view: &View<'_>) -> Step {
        let Some(on) = on.filter(|on| *on <= view.me.today) else {
            let args = vec![("day".to_owned(), view.me.today.to_string())];
            return Step::Say("refusal.roster_of_the_future".to_owned(), args);
        };
        self.on = Some(on);
        Step::Ask
    }

    fn shown_on(&self, view: &View<'_>) -> NaiveDate {
        self.on.unwrap_or(view.me.today)
    }

    /// Takes a key into the box of the day.
    fn typed_in(&mut self, mut text_box: Editor, key: Key, view: &View<'_>) -> Step {
        match key {
            Key::Esc => return Step::Stay,
            Key::Enter => {
                let text = text_box.text().trim().to_owned();
                return match parse_date(&text, view.me.today) {
                    Ok(on) => self.turn(Some(on), view),
                    Err(why) => {
                        self.text_box = Some(text_box);
                        Step::Say(format!("wrong.{why}"), Vec::new())
                    }
                };
            }
            _ => {}
        }
        let typed = text_box.take(key);
        self.text_box = Some(text_box);
        match typed {
            Typed::Full { most } => filter::full(most),
            Typed::Changed { .. } | Typed::Moved => Step::Stay,
            Typed::NotMine => Step::Pass,
        }
    }

    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let word = |key: &str| locale::text(view.lang, key);
        let on = self.shown_on(view);
        let mut cells = vec![
            Cell::role(word("stood.title"), Role::Title),
            Cell::role(dated(view.lang, on), Role::Title),
        ];
        let whose = ["cases.all", "cases.mine"].map(word);
        cells.push(row::tabs(&whose, usize::from(self.whose == Whose::Mine)));
        if let Some(text_box) = &self.text_box {
            let key = if text_box.text().is_empty() { "stood.day_hint" } else { "stood.day" };
            cells.push(Cell::role(word(key), Role::Warning));
            return row::strip(view, &cells, width);
        }
        let count = self.view.as_ref().map(|stood| {
            let key = if stood.more { "stood.at_least" } else { "roster.total" };
            let args = [("value", stood.rows.len().to_string())];
            Cell::role(locale::fill(view.lang, key, &args), Role::Dim)
        });
        row::sides(view, &cells, &count.into_iter().collect::<Vec<_>>(), width)
    }

    fn hint(&self, view: &View<'_>, (width, height): (usize, usize)) -> Line<'static> {
        let hint = self.window.selected().map(|entry| {
            let args = [
                ("since", row::maybe_day(entry.since, view.me.today)),
                ("number", entry.number.clone()),
                ("title", row::flat(&entry.title)),
            ];
            let key = if entry.since.is_some() { "stood.hint" } else { "stood.hint_proposed" };
            Cell::role(locale::fill(view.lang, key, &args), Role::Hint)
        });
        let more = self.window.has_more_below(height);
        let hint: Vec<_> = hint.into_iter().collect();
        row::foot(view, &hint, more, width)
    }

    fn empty(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let key = match (&self.view, self.whose) {
            (None, _) => "row.waiting",
            (Some(_), Whose::Mine) => "stood.empty_mine",
            (Some(_), _) => "stood.empty",
        };
        let text = locale::text(view.lang, key);
        let lines = text.lines().map(|line| row::strip(view, &[Cell::text(line)], width));
        std::iter::once(Line::default()).chain(lines).collect()
    }
}

impl Screen for StoodScreen {
    fn name(&self) -> &'static str {
        "stood"
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::RosterOn(StoodQuery { on: self.on, whose: self.whose })]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        let Reply::RosterOn(stood) = reply else { return Step::Stay };
        let items = stood.rows.iter().map(|row| Item { group: None, row: row.clone() });
        // The answer holds all rows: no move needs others.
        let _inside = self.window.fill(items.collect(), Beyond::default());
        self.view = Some(stood);
        Step::Stay
    }

    fn refused(&mut self, _place: usize, _refusal: &Refusal) -> Step {
        self.window.forget();
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let kinds = [Kind::Entry, Kind::Case, Kind::Person, Kind::Officer, Kind::Unit];
        notice.everything || notice.touched.iter().any(|record| kinds.contains(&record.kind))
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        match nav {
            Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown | Nav::First | Nav::Last => {
                let _inside = self.window.go(nav);
                Step::Stay
            }
            Nav::Open => self.window.open(view),
            Nav::Row(digit) => self.window.open_digit(digit, view),
            Nav::Left => self.turn(self.shown_on(view).pred_opt(), view),
            Nav::Right => self.turn(self.shown_on(view).succ_opt(), view),
            Nav::NextPane | Nav::PreviousPane => {
                self.whose = if self.whose == Whose::All { Whose::Mine } else { Whose::All };
                Step::Ask
            }
            Nav::Filter => {
                self.text_box = Some(filter::open("", CHARS_MAX));
                Step::Stay
            }
            Nav::Page => match &self.view {
                Some(stood) => {
                    let text = letter::stood(view.lang, view.me, stood);
                    Step::Push(Box::new(PlainScreen::new(text)))
                }
                None => Step::Stay,
            },
            _ => Step::Pass,
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane, Nav::Left, Nav::Right, Nav::Filter, Nav::Page]
    }

    fn is_typing(&self) -> bool {
        self.text_box.is_some()
    }

    fn typed(&mut self, key: Key, view: &View<'_>) -> Step {
        match self.text_box.take() {
            Some(text_box) => self.typed_in(text_box, key, view),
            None => Step::Pass,
        }
    }

    fn pasted(&mut self, text: &str, _view: &View<'_>) -> Step {
        let Some(text_box) = &mut self.text_box else { return Step::Pass };
        match filter::pasted(text_box, text) {
            Ok(_text) => Step::Stay,
            Err(full) => full,
        }
    }

    fn selected(&self) -> Selection {
        let links = self.window.selected();
        let links = links.map(|entry| vec![entry.case.into(), entry.person.into()]);
        Selection { links: links.unwrap_or_default(), ..self.window.selection() }
    }

    fn resized(&mut self, area: Rect) {
        self.window.resize(usize::from(area.height.saturating_sub(FRAME_LINES)));
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let head = self.head(view, width);
        let n_head = row::width_of(&head);
        row::paint(frame, area, &[head]);
        let (list, bottom) = row::hinted(row::below(area, 1));
        let height = usize::from(list.height.saturating_sub(1));
        if self.window.items().is_empty() {
            row::paint(frame, list, &self.empty(view, width));
        } else {
            let columns = columns::usual(&self.window, (view, width));
            let table = self.window.table(view, columns, (height, &|_| String::new()));
            table.draw(list, frame.buffer_mut(), view.look);
        }
        if let Some(bottom) = bottom {
            row::paint(frame, bottom, &[self.hint(view, (width, height))]);
        }
        filter::draw(self.text_box.as_ref(), frame, (area, n_head), view)
    }
}
