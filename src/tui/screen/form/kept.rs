//! A form that is half typed: what is kept of it, and how it is gone on with.

use crate::api::own::Draft;
use crate::domain::form;
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
        let fields = fields.map(|slot| (slot.field.name().to_owned(), slot.editor.text().into()));
        self.is_changed().then(|| Draft {
            name: String::new(),
            command: self.command.word.to_owned(),
            on: self.selection.record.map(|record| (record, self.selection.version)),
            around: self.selection.around,
            seen: self.seen,
            title: self.selection.name.clone(),
            fields: fields.collect(),
            kept_at: chrono::DateTime::UNIX_EPOCH,
        })
    }
}
