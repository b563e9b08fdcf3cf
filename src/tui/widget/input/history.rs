//! What was typed into a box, so that it can be taken back: edits, not copies of the text.
//!
//! Characters typed one after the other are one edit, up to the next space, so that undo takes back
//! a phrase as an input method committed it and not one character of it.

/// The most edits that are remembered.
const EDITS_MAX: usize = 500;

/// One replacement of a piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The byte where it was made.
    pub at: usize,
    /// What stood there.
    pub removed: String,
    /// What stands there now.
    pub inserted: String,
}

/// Edits made and edits taken back.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// With the place of the cursor before each.
    done: Vec<(Edit, usize)>,
    undone: Vec<(Edit, usize)>,
    /// Whether the next character may join the last edit.
    is_open: bool,
}

impl History {
    /// Remembers an edit that was made with the cursor at this byte before it.
    pub fn push(&mut self, edit: Edit, cursor: usize) {
        self.undone.clear();
        let is_typing = edit.removed.is_empty() && edit.inserted.chars().count() == 1;
        if is_typing && self.join(&edit) {
            return;
        }
        self.done.push((edit, cursor));
        if self.done.len() > EDITS_MAX {
            self.done.remove(0);
        }
        self.is_open = is_typing;
    }

    /// Ends the edit that characters join.
    pub fn close(&mut self) {
        self.is_open = false;
    }

    /// The last edit, to be taken back, and where the cursor was before it.
    pub fn undo(&mut self) -> Option<(Edit, usize)> {
        self.is_open = false;
        let (edit, cursor) = self.done.pop()?;
        self.undone.push((edit.clone(), cursor));
        Some((edit, cursor))
    }

    /// The edit that was last taken back, to be made again.
    pub fn redo(&mut self) -> Option<Edit> {
        self.is_open = false;
        let (edit, cursor) = self.undone.pop()?;
        self.done.push((edit.clone(), cursor));
        Some(edit)
    }

    fn join(&mut self, edit: &Edit) -> bool {
        let Some((last, _)) = self.done.last_mut().filter(|_| self.is_open) else { return false };
        let begins_word = last.inserted.ends_with(char::is_whitespace)
            && !edit.inserted.starts_with(char::is_whitespace);
        if begins_word || last.at + last.inserted.len() != edit.at {
            return false;
        }
        last.inserted.push_str(&edit.inserted);
        true
    }
}
