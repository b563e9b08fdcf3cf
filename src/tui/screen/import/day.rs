//! The box for the day of rows that name none: typed as in every date box, or left empty.

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::text::Lines;
use crate::locale;
use crate::tui::incoming::Reread;
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::screen::View;
use crate::tui::screen::form::day::{Days, Meant};
use crate::tui::screen::list::{Choice, Panel};
use crate::tui::screen::over::{Answer, Over, Tip};
use crate::tui::widget::input::Editor;

/// The most characters of a day.
const CHARS_MAX: usize = 20;

/// The box.
pub struct DayBox {
    today: NaiveDate,
    editor: Editor,
    days: Days,
}

const TIPS: &[Tip] = &[Tip::new(Key::Enter, "pick.choose"), Tip::new(Key::Esc, "find.close")];

impl DayBox {
    /// A box with the day that holds now.
    pub fn new(today: NaiveDate, now: Option<&str>) -> Self {
        let mut editor = Editor::new(Lines::One, CHARS_MAX);
        editor.set_text(now.unwrap_or_default());
        Self { today, editor, days: Days::default() }
    }

    /// The typed day, none if nothing is typed.
    ///
    /// # Errors
    /// The key of the reason why it is none, or not one on which anything came.
    fn meant(&self) -> Result<Option<Meant>, &'static str> {
        if self.editor.text().trim().is_empty() {
            return Ok(None);
        }
        match self.days.meant(self.editor.text(), self.today)? {
            meant if meant.day > self.today => Err("day_is_in_the_future"),
            meant => Ok(Some(meant)),
        }
    }
}

impl Over for DayBox {
    fn name(&self) -> &'static str {
        "day_box"
    }

    fn tips(&self) -> &'static [Tip] {
        TIPS
    }

    fn wants(&self) -> Vec<Request> {
        Days::wants(self.today).collect()
    }

    fn got(&mut self, _: usize, reply: Reply, _: &View<'_>) {
        if let Reply::Calendar(view) = reply {
            self.days.got(view);
        }
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        match key {
            Key::Esc => Answer::Close,
            Key::Enter => match self.meant() {
                Ok(meant) => Answer::Reread(Reread::Day(meant.map(|meant| meant.day))),
                Err(why) => Answer::Say(format!("wrong.{why}")),
            },
            _ => {
                self.editor.take(key);
                Answer::Stay
            }
        }
    }

    fn pasted(&mut self, pasted: &Pasted, _: &View<'_>) -> Answer {
        self.editor.paste(pasted);
        Answer::Stay
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let foot = match self.meant() {
            Ok(None) => locale::text(view.lang, "incoming.day.hint"),
            Ok(Some(meant)) => self.days.note(meant, view.lang),
            Err(why) => locale::text(view.lang, &format!("wrong.{why}")),
        };
        let title = locale::text(view.lang, "incoming.day.title");
        let (editor, choice) = (Some(&self.editor), Choice::default());
        Panel { title: &title, editor, rows: Vec::new(), choice, foot }.draw(frame, area, view.look)
    }
}
