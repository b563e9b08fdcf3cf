//! Beside the form of the window: the matters and persons that the newcomer may be.
//!
//! They come while one types. The clerk decides: hang the receipt on a pending matter, or open a
//! new one for a person who is known; to go on typing opens a new one for a new person. Nothing is
//! joined by itself.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::api::like::{LikeCase, LikePerson, LikeQuery, LikeView, MATTERS_MAX, Reason};
use crate::api::request::Request;
use crate::domain::act::Act;
use crate::domain::form::Fields;
use crate::domain::ids::{Kind, PersonId, UnitId};
use crate::locale::{self, Lang};
use crate::spell::reading::is_han;
use crate::tui::command;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::form::{Form, Slot};
use crate::tui::screen::list::{Choice, Pieces, draw_pieces};
use crate::tui::screen::over::{Answer, Tip};
use crate::tui::screen::picker::Item;
use crate::tui::screen::{Selection, View, row};
use crate::tui::widget::frame::draw_box;

/// The fields that are compared.
const COMPARED: [&str; 5] = ["name", "phone", "id_number", "village", "request"];
/// A request is compared anew after so many characters.
const CHARS_STEP: usize = 4;
/// The columns from which on the rows stand beside the form, and their share of them.
const BESIDE_FROM: u16 = 110;
const BESIDE_COLUMNS: u16 = 46;
/// The lines that the rows take below the form, borders included.
const BELOW_LINES: u16 = 7;
/// The least lines of an area that the rows share.
const LINES_MIN: u16 = 16;

/// What is like the newcomer, and where the clerk is in it.
#[derive(Default)]
pub struct Likes {
    asked: LikeQuery,
    view: LikeView,
    choice: Choice,
    stand: Stand,
    /// The name with which a known person was chosen: another name is another person.
    linked: Option<String>,
}

/// Where the clerk is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Stand {
    /// In the form.
    #[default]
    Form,
    /// Among the rows.
    Rows,
    /// Asked what is to follow from the chosen matter.
    Asked,
}

/// One row.
#[derive(Clone, Copy)]
enum Found<'l> {
    Case(&'l LikeCase),
    Person(&'l LikePerson),
}

impl Likes {
    /// The matters, then the persons of whom no matter is listed.
    fn rows(&self) -> Vec<Found<'_>> {
        let is_listed = |person: &&LikePerson| {
            self.view.cases.iter().any(|case| case.persons.contains(&person.id))
        };
        let persons = self.view.persons.iter().filter(|person| !is_listed(person));
        self.view.cases.iter().map(Found::Case).chain(persons.map(Found::Person)).collect()
    }
}

/// The keys where it is asked what follows from a matter.
const ASKED: &[Tip] = &[
    Tip::new(Key::Char('1'), "like.hang"),
    Tip::new(Key::Char('2'), "like.link"),
    Tip::new(Key::Esc, "find.close"),
];
/// The keys among the rows.
const AMONG: &[Tip] = &[
    Tip::new(Key::Enter, "pick.choose"),
    Tip::new(Key::Up, "find.up"),
    Tip::new(Key::Down, "find.down"),
    Tip::new(Key::Esc, "like.back"),
];

impl Form {
    /// The keys among the rows; none while the clerk is in the form.
    pub(super) fn like_tips(&self) -> Option<&'static [Tip]> {
        match self.likes.stand {
            Stand::Form => None,
            Stand::Rows => Some(AMONG),
            Stand::Asked => Some(ASKED),
        }
    }

    /// The question that the typed texts make; none if nothing is to be compared.
    pub(super) fn like_request(&self) -> Option<Request> {
        let query = self.like_query();
        let is_empty = query == LikeQuery { most: query.most, ..LikeQuery::default() };
        (self.act == Act::Register && !is_empty).then_some(Request::Like(query))
    }

    /// What is like the newcomer has come.
    pub(super) fn got_likes(&mut self, view: LikeView) {
        self.likes.view = view;
        let n_rows = self.likes.rows().len();
        self.likes.choice.at = self.likes.choice.at.min(n_rows.saturating_sub(1));
        if n_rows == 0 {
            self.likes.stand = Stand::Form;
        }
        let lang = self.lang;
        let known = self.likes.view.persons.iter();
        let known: Vec<Item> = known.map(|person| item(person, lang)).collect();
        // Whoever was chosen stays known when the list has moved on.
        let linked = self.slot("person").map(|slot| slot.editor.text().to_owned());
        self.persons.retain(|old| Some(&old.name) == linked.as_ref());
        for item in known {
            if !self.persons.iter().any(|old| old.name == item.name) {
                self.persons.push(item);
            }
        }
    }

    /// The keys belong to the form again.
    pub(super) fn leave_likes(&mut self) {
        self.likes.stand = Stand::Form;
    }

    /// After a key in the form: asks again if what is compared has changed enough.
    pub(super) fn compare(&mut self, answer: Answer, was_in: usize) -> Answer {
        if self.act != Act::Register || answer != Answer::Stay {
            return answer;
        }
        self.unlink();
        let query = self.like_query();
        if query == self.likes.asked && !self.likes.view.warming {
            return answer;
        }
        let chars = |text: &str| text.chars().filter(|char| is_han(*char)).count();
        let is_step = chars(&query.text).abs_diff(chars(&self.likes.asked.text)) >= CHARS_STEP;
        let others = |query: &LikeQuery| LikeQuery { text: String::new(), ..query.clone() };
        let is_only_text = others(&query) == others(&self.likes.asked);
        let is_still = is_only_text && !is_step && was_in == self.focus;
        if is_still && !self.likes.view.warming {
            return answer;
        }
        self.likes.asked = query;
        if self.like_request().is_none() {
            self.got_likes(LikeView::default());
            return answer;
        }
        Answer::AskLast
    }

    /// A key among the rows; none if it belongs to the form.
    pub(super) fn typed_in_likes(&mut self, key: Key) -> Option<Answer> {
        let n_rows = self.likes.rows().len();
        let answer = match (self.likes.stand, key.fold()) {
            (Stand::Form, Key::F(5)) if n_rows > 0 => {
                self.leave();
                self.likes.stand = Stand::Rows;
                Answer::Stay
            }
            // The server has just started: it is asked again.
            (Stand::Form, Key::F(5)) if self.likes.view.warming => Answer::AskLast,
            (Stand::Form, Key::F(5)) if self.act == Act::Register => {
                Answer::Say("like.nothing".to_owned())
            }
            (Stand::Form, _) => return None,
            (Stand::Asked, Key::Char('1') | Key::Enter) => self.hang(),
            (Stand::Asked, Key::Char('2')) => self.link(),
            (Stand::Asked, Key::Esc) => {
                self.likes.stand = Stand::Rows;
                Answer::Stay
            }
            (Stand::Rows, Key::Enter) => self.choose(),
            (Stand::Rows, Key::Esc | Key::F(5)) => {
                self.likes.stand = Stand::Form;
                Answer::Stay
            }
            (Stand::Rows, key) => {
                self.likes.choice.moved(key, n_rows);
                Answer::Stay
            }
            (Stand::Asked, _) => Answer::Stay,
        };
        Some(answer)
    }

    fn slot(&self, name: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.field.name() == name)
    }

    fn like_query(&self) -> LikeQuery {
        let text = |name: &str| {
            self.slot(name).map(|slot| slot.editor.text().trim().to_owned()).unwrap_or_default()
        };
        let [name, phone, id_number, _, request] = COMPARED.map(text);
        let village = self.slot("village").and_then(|slot| self.value(slot).ok());
        LikeQuery {
            name,
            phone,
            id_number,
            village: village.and_then(|id| id.parse().ok()).map(UnitId),
            text: request,
            most: MATTERS_MAX,
        }
    }

    /// Enter on a row: a person is taken at once, a matter is asked about.
    fn choose(&mut self) -> Answer {
        match self.likes.rows().get(self.likes.choice.at) {
            Some(Found::Case(_)) => {
                self.likes.stand = Stand::Asked;
                Answer::Stay
            }
            Some(Found::Person(_)) => self.link(),
            None => Answer::Stay,
        }
    }

    /// The receipt is to hang on the chosen matter: the form of joining opens with what is typed.
    fn hang(&mut self) -> Answer {
        self.likes.stand = Stand::Rows;
        let Some(Found::Case(case)) = self.likes.rows().get(self.likes.choice.at).copied() else {
            return Answer::Stay;
        };
        if !case.stage.is_open() {
            let number = case.number.clone();
            return self.repeat(&number);
        }
        if let Some(why) = &case.not_joined {
            return Answer::Say(why.clone());
        }
        let Some(join) = command::find("join") else { return Answer::Stay };
        let selection = Selection {
            record: Some(case.id.into()),
            version: Some(case.version),
            name: format!("{} {}", case.number, case.title),
            ..Selection::default()
        };
        let typed = self.slots.iter().filter(|slot| !slot.editor.is_empty());
        let fields: Fields = typed
            .map(|slot| {
                let name = match slot.field.name() {
                    // What was said this time adds to the request of the matter.
                    "request" => "words",
                    name => name,
                };
                (name.to_owned(), slot.editor.text().to_owned())
            })
            .collect();
        Answer::Above(join, Box::new(selection), fields)
    }

    /// A matter that has ended takes no receipt: the new one repeats it.
    fn repeat(&mut self, number: &str) -> Answer {
        let number = number.to_owned();
        // Whose matter it is may be somebody else.
        let _known = self.link();
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.field.name() == "repeats") {
            slot.editor.set_text(&number);
            slot.wrong = None;
        }
        self.likes.stand = Stand::Form;
        Answer::Say("like.repeats".to_owned())
    }

    /// The newcomer is somebody who is known; the matter is a new one.
    fn link(&mut self) -> Answer {
        let rows = self.likes.rows();
        let id: Option<PersonId> = match rows.get(self.likes.choice.at) {
            Some(Found::Case(case)) => case.persons.first().copied(),
            Some(Found::Person(person)) => Some(person.id),
            None => None,
        };
        let persons = &self.likes.view.persons;
        let Some(person) = id.and_then(|id| persons.iter().find(|person| person.id == id)) else {
            self.likes.stand = Stand::Rows;
            return Answer::Say("like.nobody".to_owned());
        };
        let label = item(person, self.lang).name;
        self.likes.stand = Stand::Form;
        self.likes.linked = self.slot("name").map(|slot| slot.editor.text().to_owned());
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.field.name() == "person") {
            slot.editor.set_text(&label);
            slot.wrong = None;
        }
        Answer::Say("like.linked".to_owned())
    }

    /// Another name is another person.
    fn unlink(&mut self) {
        let name = self.slot("name").map(|slot| slot.editor.text().to_owned());
        if self.likes.linked.is_none() || self.likes.linked == name {
            return;
        }
        self.likes.linked = None;
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.field.name() == "person") {
            slot.editor.set_text("");
        }
    }
}

/// A person as the field of the form names them: what tells namesakes apart stands behind the name.
fn item(person: &LikePerson, lang: Lang) -> Item {
    Item { id: person.id.0, name: person_text(person, lang), note: String::new() }
}

/// The name of a person with what tells namesakes apart.
pub fn person_text(person: &LikePerson, lang: Lang) -> String {
    let name = person.name.clone().unwrap_or_else(|| locale::text(lang, "row.anonymous"));
    let parts = [Some(name), person.village.clone(), person.phone.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Takes the room of the rows off the area of a form; none if there is nothing to show.
pub fn room(form: &Form, area: Rect) -> Option<(Rect, Rect)> {
    let has_rows = !form.likes.rows().is_empty() || form.likes.view.warming;
    if !has_rows || area.height < LINES_MIN {
        return None;
    }
    if area.width >= BESIDE_FROM {
        let left = Rect { width: area.width - BESIDE_COLUMNS, ..area };
        let right = Rect { x: left.right(), width: BESIDE_COLUMNS, ..area };
        return Some((left, right));
    }
    let above = Rect { height: area.height - BELOW_LINES, ..area };
    Some((above, Rect { y: above.bottom(), height: BELOW_LINES, ..area }))
}

/// Draws the rows.
pub fn draw(form: &Form, buffer: &mut Buffer, area: Rect, view: &View<'_>) {
    let likes = &form.likes;
    let rows = likes.rows();
    let args = [("count", rows.len().to_string())];
    let title = locale::fill(view.lang, "like.title", &args);
    let inner = draw_box(area, buffer, &title, view.look);
    if inner.height < 2 || inner.width < 10 {
        return;
    }
    let per_row = if inner.width < BESIDE_FROM / 2 { 2 } else { 1 };
    let shown = usize::from((inner.height - 1) / per_row).max(1);
    let first = likes.choice.first(shown);
    let mut y = inner.y;
    for (at, found) in rows.iter().enumerate().skip(first).take(shown) {
        let is_chosen = likes.stand != Stand::Form && at == likes.choice.at;
        let marker = (if is_chosen { "> " } else { "  " }.to_owned(), Role::Marker);
        let (what, why) = (what(*found, view), why(*found, view.lang));
        let lines: Vec<Pieces> = if per_row == 2 {
            vec![what, vec![("  ".to_owned(), Role::Text), why]]
        } else {
            vec![[vec![why, ("  ".to_owned(), Role::Text)], what].concat()]
        };
        for (nth, line) in lines.into_iter().enumerate() {
            let head = if nth == 0 { marker.clone() } else { ("  ".to_owned(), Role::Text) };
            let place = Rect { y, height: 1, ..inner };
            draw_pieces(buffer, place, std::iter::once(head).chain(line), view.look);
            y += 1;
        }
    }
    let key = match likes.stand {
        Stand::Form if likes.view.warming => "like.warming",
        Stand::Form => "like.hint",
        Stand::Rows => "like.choose",
        Stand::Asked if is_over(&rows, likes.choice.at) => "like.asked_over",
        Stand::Asked => "like.asked",
    };
    let role = if likes.stand == Stand::Asked { Role::Key } else { Role::Dim };
    let foot = Rect { y: inner.bottom() - 1, height: 1, ..inner };
    let text = locale::text(view.lang, key);
    draw_pieces(buffer, foot, std::iter::once((text, role)), view.look);
}

/// Whether the matter of a row has ended, so that it takes no receipt.
fn is_over(rows: &[Found<'_>], at: usize) -> bool {
    matches!(rows.get(at), Some(Found::Case(case)) if !case.stage.is_open())
}

/// What a row is: the matter and how far it is, or the person.
fn what(found: Found<'_>, view: &View<'_>) -> Pieces {
    match found {
        Found::Case(case) => {
            let number = row::short(&case.number, view);
            let stage = locale::text(view.lang, &format!("stage.{}", case.stage.word()));
            let args = [
                ("count", case.n_receipts.to_string()),
                ("day", row::short_day(case.last_on, view.me.today)),
            ];
            let person = case.person.clone();
            let person = person.unwrap_or_else(|| locale::text(view.lang, "row.anonymous"));
            let role = if case.stage.is_open() { Role::Warning } else { Role::Dim };
            vec![
                (format!("{number} "), Role::Title),
                (format!("[{stage}] "), role),
                (locale::fill(view.lang, "like.receipts", &args), Role::Dim),
                (format!(" {person} {}", case.title), Role::Text),
            ]
        }
        Found::Person(person) => {
            let kind = locale::text(view.lang, &format!("kind.{}", Kind::Person.key()));
            vec![(format!("{kind} "), Role::Dim), (person_text(person, view.lang), Role::Text)]
        }
    }
}

/// Why it may be the same.
fn why(found: Found<'_>, lang: Lang) -> (String, Role) {
    let reasons = match found {
        Found::Case(case) => &case.reasons,
        Found::Person(person) => &person.reasons,
    };
    (reasons_text(reasons, lang), Role::Hint)
}

/// The reasons, in words.
pub fn reasons_text(reasons: &[Reason], lang: Lang) -> String {
    reasons.iter().map(|reason| reason_text(*reason, lang)).collect::<Vec<_>>().join(" ")
}

/// A reason, in words.
fn reason_text(reason: Reason, lang: Lang) -> String {
    let percent = match reason {
        Reason::Text { percent } => percent.to_string(),
        _ => String::new(),
    };
    locale::fill(lang, &format!("like.{}", reason.word()), &[("percent", percent)])
}
