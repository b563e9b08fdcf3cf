//! A form that is half typed: what is kept of it, and how it is gone on with.

use crate::api::own::Draft;
use crate::domain::field::FieldKind;
use crate::domain::form;
use crate::domain::text::half_width;
use crate::tui::command::On;
use crate::tui::screen::form::{Form, Slot};

impl Form {
    /// The form as it was left half typed: every character is there again.
    pub fn resume(mut self, draft: &Draft) -> Self {
        for slot in &mut self.slots {
            if let Some(text) = draft.fields.get(slot.field.name()) {
                slot.editor.set_text(text);
                slot.is_resumed = true;
            } else if !form::is_edit(self.act) {
                slot.editor.set_text("");
            }
        }
        // What others changed since then is found by the version that the clerk saw.
        self.seen = draft.seen;
        self
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
