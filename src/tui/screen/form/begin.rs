//! The values that a form of a unit or officer begins with.

use crate::domain::ids::Version;
use crate::domain::schema::Field;
use crate::tui::screen::form::Form;

impl Form {
    /// The present values of a unit or officer, which come with its row.
    pub(super) fn begin_row(&mut self, version: Version, values: &[(String, String)]) {
        self.seen.get_or_insert(version);
        let value = |field: &Field| {
            let found = values.iter().find(|(name, _)| name == field.name());
            found.map(|(_, text)| text.clone())
        };
        self.begin(&value);
    }
}
