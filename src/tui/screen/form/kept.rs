//! A form that is half typed: what is kept of it, and how it is gone on with.

use crate::api::own::Draft;
use crate::domain::field::FieldKind;
use crate::domain::form::{self, Fields};
use crate::domain::ids::Version;
use crate::domain::schema::Shield;
use crate::domain::text::half_width;
use crate::locale;
use crate::tui::command::On;
use crate::tui::screen::form::{Form, Slot};
use crate::tui::screen::over::{Answer, Pick, Settled};

/// From where the text of a field came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    /// It was made for the form, and may be made anew while it is empty.
    Made,
    /// It is offered, because it was said last time.
    Offered,
    /// A clerk typed it before, so that an empty text is what they want.
    Typed,
}

impl Form {
    /// The form as it was left half typed: every character is there again.
    pub fn resume(mut self, draft: &Draft) -> Self {
        for slot in &mut self.slots {
            if let Some(text) = draft.fields.get(slot.field.name()) {
                slot.editor.set_text(text);
                slot.came = Came::Typed;
            } else if !form::is_edit(self.act) {
                slot.editor.set_text("");
            }
        }
        // What others changed since then is found by the version that the clerk saw.
        self.seen = draft.seen;
        self
    }

    /// The form with texts that were typed in another one, where it has fields of their names.
    pub fn filled(mut self, fields: &Fields) -> Self {
        for slot in &mut self.slots {
            if let Some(text) = fields.get(slot.field.name()) {
                slot.editor.set_text(text);
                slot.came = Came::Typed;
            }
        }
        self
    }

    /// The form with texts that are offered: as long as nothing is changed, nothing is typed, and what
    /// is typed takes their place.
    pub fn offered(mut self, fields: &Fields) -> Self {
        self = self.filled(fields);
        for slot in &mut self.slots {
            slot.editor.text().clone_into(&mut slot.begun);
            if fields.contains_key(slot.field.name()) {
                slot.came = Came::Offered;
            }
        }
        self
    }

    /// The form with what its selection begins it with.
    pub fn begun(self) -> Self {
        let begun: Fields = self.selection.begun.iter().cloned().collect();
        self.offered(&begun)
    }

    /// Goes on after a conflict: what is settled is sent, or typed on; nothing typed is lost.
    pub(super) fn settled(&mut self, settled: &[Settled], now: Option<Version>) -> Answer {
        self.seen = now.or(self.seen);
        let mut typed_on = None;
        let mut is_given_up = false;
        for one in settled {
            let at = self.slots.iter().position(|slot| slot.field.name() == one.field);
            match (one.pick, at.and_then(|at| Some((at, self.slots.get_mut(at)?)))) {
                (Pick::Theirs, Some((_, slot))) => {
                    // What comes masked is no text to go on with: an empty box leaves it as it is.
                    let is_masked = slot.field.shield == Shield::Masked;
                    let text = if is_masked { "" } else { one.theirs.as_str() };
                    slot.editor.set_text(text);
                    text.clone_into(&mut slot.begun);
                    slot.wrong = None;
                }
                (Pick::Edit, Some((at, slot))) => {
                    let args = [("value", one.theirs.clone())];
                    slot.wrong = Some(locale::fill(self.lang, "conflict.theirs_is", &args));
                    typed_on = typed_on.or(Some(at));
                }
                // What the order rests on is no field of the form.
                (Pick::Theirs, None) => is_given_up = true,
                (Pick::Edit, None) => typed_on = typed_on.or(Some(self.focus)),
                (Pick::Mine, _) => {}
            }
        }
        if let Some(at) = typed_on {
            self.focus = at;
            return Answer::Stay;
        }
        let is_empty = form::is_edit(self.act) && !self.is_changed();
        if is_given_up || is_empty { Answer::Close } else { self.send() }
    }

    /// Notes with which texts it is on its way.
    pub(super) fn note_sent(&mut self) {
        for slot in &mut self.slots {
            slot.sent = Some(slot.editor.text().to_owned());
        }
    }

    /// Sends what was typed since it was on its way; what makes something has made it by then.
    pub(super) fn send_rest(&mut self, now: Version) -> Answer {
        for slot in &mut self.slots {
            slot.begun = slot.sent.take().unwrap_or_default();
        }
        self.seen = Some(now);
        if form::is_edit(self.act) && self.is_changed() { self.send() } else { Answer::Close }
    }

    /// What is typed and not yet sent; none if nothing is.
    pub(super) fn half_typed(&self) -> Option<Draft> {
        let is_edit = form::is_edit(self.act);
        let is_kept = |slot: &&Slot| {
            let text = slot.editor.text();
            if is_edit { text != slot.begun } else { !text.is_empty() }
        };
        let fields = self.slots.iter().filter(is_kept);
        let fields = fields.map(|slot| (slot.field.name().to_owned(), self.lasting(slot)));
        // What followed from the selection cannot be selected again: it is kept as if it were typed.
        let fields = fields.chain(self.selection.given.iter().cloned());
        // A form that makes something is about no record, whatever was selected.
        let is_about = matches!(self.command.on, On::One(_));
        let record = self.selection.record.filter(|_| is_about);
        self.is_changed().then(|| Draft {
            name: String::new(),
            command: self.command.word.to_owned(),
            on: record.map(|record| (record, self.selection.version)),
            around: self.selection.around.filter(|_| is_about),
            seen: self.seen,
            title: if is_about { self.selection.name.clone() } else { String::new() },
            fields: fields.collect(),
            kept_at: chrono::DateTime::UNIX_EPOCH,
        })
    }

    /// A text as it can be read again on another day: a day that is counted from today is written
    /// out, everything else stays as typed.
    fn lasting(&self, slot: &Slot) -> String {
        let text = slot.editor.text();
        let is_whole = |text: &str| text.starts_with(|char: char| char.is_ascii_digit());
        if slot.field.kind != FieldKind::Date || is_whole(half_width(text).trim()) {
            return text.to_owned();
        }
        let meant = self.days.meant(text, self.today);
        meant.map_or_else(|_| text.to_owned(), |meant| meant.day.to_string())
    }
}
