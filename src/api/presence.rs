//! Who else has a record open now.

use serde::{Deserialize, Serialize};

use crate::domain::act::Act;
use crate::domain::ids::{Kind, RecordRef};

/// Who else has a record open, as far as the one who is told may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// Which record.
    pub on: RecordRef,
    /// The others by name, each once, however many windows they have.
    pub names: Vec<String>,
    /// How many other windows of one's own account have it open.
    pub own: u32,
}

impl Presence {
    /// Nobody else.
    pub const fn alone(on: RecordRef) -> Self {
        Self { on, names: Vec::new(), own: 0 }
    }

    /// Whether nobody else is there.
    pub fn is_alone(&self) -> bool {
        self.names.is_empty() && self.own == 0
    }
}

/// The act that looks at a record's sheet.
pub fn act_at(on: Option<RecordRef>) -> Act {
    match on.map(|record| record.kind) {
        None => Act::Greet,
        Some(Kind::Case) => Act::ReadCase,
        Some(Kind::Person) => Act::ReadPerson,
        Some(Kind::Entry) => Act::ReadEntry,
        Some(Kind::Task) => Act::ReadTask,
        Some(Kind::Duty) => Act::ReadDuty,
        Some(Kind::Unit) => Act::ReadUnit,
        // Others have no sheet, which is said where the record is looked for.
        Some(_) => Act::ReadOffice,
    }
}
