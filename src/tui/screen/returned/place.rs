//! The menu over a new request of a returned form: whether it is a matter of its own, belongs to one that
//! is there, or is raised by somebody who is known. The clerk decides; nothing is joined by itself.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::like::{LikeCase, LikePerson};
use crate::api::village::{Belongs, ReturnRow};
use crate::locale::{self, Lang};
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::form::like::{person_text, reasons_text};
use crate::tui::screen::list::Pieces;
use crate::tui::screen::numbered::{Numbered, Shown, Took};
use crate::tui::screen::over::{Answer, CHOOSING, Over, Rows, Tip};
use crate::tui::screen::{View, row};

/// What can become of a new request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// A matter of its own by somebody new.
    New,
    /// It belongs somewhere.
    Belongs(Belongs),
    /// Its whole text is to be read.
    Read,
}

impl Fate {
    /// What can become of a row, in the order of the menu.
    fn all(row: &ReturnRow) -> Vec<Self> {
        let matters = row.like.iter().map(|case| Belongs::Matter(case.id));
        let persons = row.persons.iter().map(|person| Belongs::Person(person.id));
        let belongs = matters.chain(persons).map(Self::Belongs);
        std::iter::once(Self::New).chain(belongs).chain([Self::Read]).collect()
    }

    /// What was chosen by its place.
    pub fn of(row: &ReturnRow, place: u64) -> Option<Self> {
        Self::all(row).get(usize::try_from(place).ok()?).copied()
    }
}

/// The menu.
pub struct PlaceMenu {
    row: ReturnRow,
    numbered: Numbered,
}

impl PlaceMenu {
    /// Whether there is something to decide about a row.
    pub fn asks_about(row: &ReturnRow) -> bool {
        !(row.like.is_empty() && row.persons.is_empty())
    }

    /// The menu of a row; it begins where the clerk decided before.
    pub fn new(row: &ReturnRow) -> Self {
        let placed = row.placed.as_ref().map(|placed| Fate::Belongs(placed.belongs));
        let at = Fate::all(row).iter().position(|fate| Some(*fate) == placed).unwrap_or(0);
        let mut numbered = Numbered::default();
        numbered.choice.at = at;
        Self { row: row.clone(), numbered }
    }

    fn n_rows(&self) -> usize {
        self.row.like.len() + self.row.persons.len() + 2
    }

    fn choose(&self, at: usize) -> Answer {
        // The matter that stands in that row of the menu, behind the first.
        let case = at.checked_sub(1).and_then(|at| self.row.like.get(at));
        match case.filter(|case| case.stage.is_open()).and_then(|case| case.not_joined.clone()) {
            Some(why) => Answer::Say(why),
            None => u64::try_from(at).map_or(Answer::Stay, Answer::Chosen),
        }
    }
}

impl Over for PlaceMenu {
    fn name(&self) -> &'static str {
        "place"
    }

    fn tips(&self) -> &'static [Tip] {
        CHOOSING
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        match self.numbered.take(key, self.n_rows()) {
            Took::Close => Answer::Close,
            Took::Chose(at) => self.choose(at),
            Took::Moved | Took::Other(_) => Answer::Stay,
        }
    }

    fn rows(&mut self) -> Option<Rows<'_>> {
        Some(Rows::Numbered(self.n_rows(), &mut self.numbered))
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let plain = |key: &str| vec![(locale::text(view.lang, key), Role::Text)];
        let matters = self.row.like.iter().map(|case| matter(case, view));
        let persons = self.row.persons.iter().map(|own| person(own, view.lang));
        let rows: Vec<Pieces> = std::iter::once(plain("village.place.new"))
            .chain(matters)
            .chain(persons)
            .chain([plain("village.place.read")])
            .collect();
        let args = [("name", self.row.name.clone()), ("text", row::flat(&self.row.text))];
        let title = locale::fill(view.lang, "village.place.title", &args);
        let foot = locale::text(view.lang, "village.place.foot");
        let shown = Shown { title: &title, rows: &rows, foot };
        self.numbered.draw((frame, area), shown, view);
        None
    }
}

/// What belongs to a matter: it takes the receipt, or has ended and is repeated.
fn matter(case: &LikeCase, view: &View<'_>) -> Pieces {
    let is_open = case.stage.is_open();
    let key = if is_open { "village.place.join" } else { "village.place.repeat" };
    let role = if is_open && case.not_joined.is_some() { Role::Disabled } else { Role::Text };
    let number = row::short(&case.number, view);
    let person = case.person.clone();
    let args = [
        ("number", number.to_owned()),
        ("stage", locale::text(view.lang, &format!("stage.{}", case.stage.word()))),
        ("person", person.unwrap_or_else(|| locale::text(view.lang, "row.anonymous"))),
        ("title", case.title.clone()),
    ];
    let text = locale::fill(view.lang, key, &args);
    vec![
        (text, role),
        ("  ".to_owned(), Role::Text),
        (reasons_text(&case.reasons, view.lang), Role::Hint),
    ]
}

/// A matter of its own by somebody who is known.
fn person(own: &LikePerson, lang: Lang) -> Pieces {
    let name = person_text(own, lang);
    let text = locale::fill(lang, "village.place.person", &[("name", name)]);
    vec![
        (text, Role::Text),
        ("  ".to_owned(), Role::Text),
        (reasons_text(&own.reasons, lang), Role::Hint),
    ]
}
