//! Fields that are turned instead of typed: a word of a list, several of them, yes or no; and what a
//! new form begins with.

use crate::domain::field::FieldKind;
use crate::domain::roster::REVIEW_DAYS_MAX;
use crate::domain::schema::{Field, Need};
use crate::tui::key::Key;
use crate::tui::screen::View;
use crate::tui::screen::form::kept::Came;
use crate::tui::screen::form::{Form, Slot};
use crate::tui::screen::over::Answer;

/// The days from a contact to the next one that a new form proposes.
const CONTACT_DAYS: u64 = 7;

/// Which way a field is turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Next,
    Before,
    To(usize),
}

impl Turn {
    /// The way of a key.
    pub(super) fn of(key: Key) -> Option<Self> {
        match key {
            Key::Right | Key::Char(' ') => Some(Self::Next),
            Key::Left => Some(Self::Before),
            Key::Char(digit @ '1'..='9') => {
                digit.to_digit(10).map(|digit| Self::To(digit as usize))
            }
            _ => None,
        }
    }
}

impl Slot {
    /// Whether it is turned and not typed.
    pub(super) const fn is_turned(&self) -> bool {
        matches!(self.field.kind, FieldKind::OneOf(_) | FieldKind::SomeOf(_) | FieldKind::Flag)
    }

    /// A day that stood there before, or a text that was offered, goes when another is typed, as in a
    /// cell of a table: nobody rubs out ten characters to write `+5w`. Arrows and Backspace change it
    /// as it stands.
    pub(super) fn make_room(&mut self) {
        let stands = !self.begun.is_empty() && self.editor.text() == self.begun;
        let is_at_end = self.editor.cursor() == self.begun.len();
        let gives_way = self.field.kind == FieldKind::Date || self.came == Came::Offered;
        if gives_way && stands && is_at_end {
            self.editor.take(Key::Ctrl('u'));
        }
    }
}

impl Form {
    /// A click on a field, and of a closed list on the word of that number: it has the focus now,
    /// and the word is chosen; a flag that had the focus is turned.
    pub(super) fn clicked_on(&mut self, (field, word): (usize, Option<usize>)) -> Answer {
        let (was_in, had_focus) = (self.focus, field == self.focus);
        self.leave_likes();
        let answer = self.go(field);
        let is_flag = self.slots.get(field).is_some_and(|slot| slot.field.kind == FieldKind::Flag);
        match word {
            Some(word) => drop(self.turn(Turn::To(word))),
            None if is_flag && had_focus => drop(self.turn(Turn::Next)),
            None => {}
        }
        self.compare(answer, was_in)
    }

    /// Steps through the words of a closed list, or sets and unsets a flag.
    pub(super) fn turn(&mut self, way: Turn) -> bool {
        let Some(slot) = self.slots.get_mut(self.focus) else { return false };
        match slot.field.kind {
            FieldKind::OneOf(choice) => {
                let n_words = choice.words.len();
                let at = choice.words.iter().position(|word| *word == slot.editor.text());
                // What need not be said is unsaid again behind the last word and before the first.
                let is_free = slot.field.need != Need::Required;
                let next = match (way, at) {
                    (Turn::Next, Some(at)) if at + 1 == n_words && is_free => n_words,
                    (Turn::Before, Some(0)) if is_free => n_words,
                    (Turn::Next, Some(at)) => (at + 1) % n_words,
                    (Turn::Before, Some(at)) => (at + n_words - 1) % n_words,
                    (Turn::Next, None) => 0,
                    (Turn::Before, None) => n_words.saturating_sub(1),
                    (Turn::To(digit), _) if digit <= n_words => digit - 1,
                    (Turn::To(_), _) => return true,
                };
                slot.editor.set_text(choice.words.get(next).copied().unwrap_or_default());
                true
            }
            FieldKind::SomeOf(choice) => {
                let text = slot.editor.text().to_owned();
                let has = |word: &&&str| text.split(' ').any(|own| own == **word);
                let words = || choice.words.iter();
                let word = match way {
                    Turn::To(digit) => words().nth(digit.saturating_sub(1)),
                    Turn::Next => words().find(|word| !has(word)),
                    Turn::Before => words().rev().find(has),
                };
                let Some(turned) = word else { return true };
                // The words stand in the order of their list, however they were chosen.
                let is_set = |word: &&&str| has(word) != (*word == turned);
                let set: Vec<&str> = words().filter(is_set).copied().collect();
                slot.editor.set_text(&set.join(" "));
                true
            }
            FieldKind::Flag => {
                let is_set = !slot.editor.is_empty();
                slot.editor.set_text(if is_set { "" } else { "yes" });
                true
            }
            _ => false,
        }
    }
}

/// What a new form begins with.
pub(super) fn usual(field: &Field, view: &View<'_>) -> String {
    let in_days = |days| view.me.today.checked_add_days(chrono::Days::new(days));
    let text = match field.name() {
        "contact_on" | "next_on" => {
            return in_days(CONTACT_DAYS).map(|on| on.to_string()).unwrap_or_default();
        }
        "review_on" if field.key != "approve.review_on" => {
            return in_days(REVIEW_DAYS_MAX).map(|on| on.to_string()).unwrap_or_default();
        }
        "manner" if field.key == "contact.manner" => "call",
        "received_on" | "on" | "met_on" => return view.me.today.to_string(),
        "taken_by" => {
            return view.me.officer.as_ref().map(|(_, name)| name.clone()).unwrap_or_default();
        }
        "people" => "1",
        "channel" => "visit",
        "source" if field.key != "register.source" && field.key != "join.source" => "",
        "source" => "direct",
        "template" => "demonstration-town",
        "year" => return chrono::Datelike::year(&view.me.today).to_string(),
        "at_once" => "registered",
        "manner" => "in_person",
        "purpose" => "request",
        "route" => "31(6)",
        "work" => "talk",
        "days" if field.key == "extend.days" => "30",
        "states_review" => "yes",
        _ => "",
    };
    text.to_owned()
}
