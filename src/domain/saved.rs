//! A saved filter: how a list is narrowed, put in order and laid out, under a name.
//!
//! It belongs to whoever saved it, and is theirs alone or shared with the office. It holds numbers
//! of units and officers and words of closed lists, never a text that was looked for, which may name
//! a person.
//! INVARIANT: what it says is what its list can do; `check` is asked before each write.

use serde::{Deserialize, Serialize};

use crate::domain::broken::Broken;
use crate::domain::cut::Cut;
use crate::domain::ids::{ClerkId, Version, ViewId};
use crate::domain::listing::{List, Narrow, Sort, columns_text};
use crate::domain::office::is_false;

/// The most filters that one account saves.
pub const VIEWS_MAX: usize = 50;

/// A saved filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// Its number.
    pub id: ViewId,
    /// How often it was changed.
    #[serde(default)]
    pub version: Version,
    /// Whose it is.
    pub owner: ClerkId,
    /// Of which list.
    pub list: List,
    /// Its name.
    pub name: String,
    /// Whether the whole office sees it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub shared: bool,
    /// The order, as a word.
    pub sort: String,
    /// To what it narrows the list, or what it counts, as a text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub only: String,
    /// The columns, as words with commas between; empty for those that each clerk has chosen.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub columns: String,
}

impl SavedView {
    /// Whether its list can do what it says.
    ///
    /// # Errors
    /// It cannot.
    pub fn check(&self) -> Result<(), Broken> {
        if self.list == List::Counts {
            let is_bare = self.sort.is_empty() && self.columns.is_empty();
            Cut::parse(&self.only)?;
            return is_bare.then_some(()).ok_or_else(|| Broken::new("counts_have_no_order"));
        }
        let sort = Sort::parse(&self.sort);
        if !sort.is_some_and(|sort| self.list.sorts().any(|by| by == sort.by)) {
            return Err(Broken::new("no_such_order").with("name", &self.sort));
        }
        Narrow::parse(self.list, &self.only)?;
        if columns_text(&self.list.columns(&self.columns)) != self.columns {
            return Err(Broken::new("no_such_columns").with("name", &self.columns));
        }
        Ok(())
    }

    /// Whether an account may know of it.
    pub fn is_seen_by(&self, clerk: ClerkId) -> bool {
        self.shared || self.owner == clerk
    }
}

#[cfg(test)]
mod tests {
    use super::SavedView;
    use crate::domain::ids::{ClerkId, Version, ViewId};
    use crate::domain::listing::List;

    #[test]
    fn a_filter_says_only_what_its_list_can_do() {
        let view = |sort: &str, only: &str, columns: &str| SavedView {
            id: ViewId(1),
            version: Version(1),
            owner: ClerkId(1),
            list: List::Cases,
            name: "急件".to_owned(),
            shared: false,
            sort: sort.to_owned(),
            only: only.to_owned(),
            columns: columns.to_owned(),
        };
        assert!(view("-due", "lead=3 whose=all", "number,title").check().is_ok());
        let key = |view: SavedView| view.check().unwrap_err().key;
        assert_eq!(key(view("owed", "", "")), "no_such_order");
        assert_eq!(key(view("due", "mood=bad", "")), "no_such_filter");
        assert_eq!(key(view("due", "", "number,ground")), "no_such_columns");
        let counts =
            |sort: &str, only: &str| SavedView { list: List::Counts, ..view(sort, only, "") };
        assert!(counts("", "days=month rows=village measure=persons").check().is_ok());
        assert_eq!(key(counts("due", "rows=village")), "counts_have_no_order");
        assert_eq!(key(counts("", "rows=person")), "no_such_count");
    }
}
