//! What can leave the ledger as a table: its subjects, and the columns of each.
//!
//! One table says of each column what stands in it, whether it must be named to be had in clear, and
//! which field of an import it comes back as. Persons are never counted or ranked: there is no column
//! for how often somebody petitioned.

use serde::{Deserialize, Serialize};

use crate::domain::act::Act;
use crate::domain::choice::{Choice, choices};
use crate::domain::listing::{Column, List};

choices! {
    /// What the rows of an export are.
    Subject("subject") {
        /// Cases.
        Cases = "cases",
        /// The roster.
        Roster = "roster",
        /// Persons.
        Persons = "persons",
        /// Deadlines.
        Deadlines = "deadlines",
        /// Tasks of a campaign.
        Tasks = "tasks",
        /// Units.
        Units = "units",
        /// Officers.
        Officers = "officers",
    }
}

/// The most characters of a purpose, a recipient or a reason.
pub const SAID_MAX: usize = 200;

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// A line of text.
    Line,
    /// Text of many lines.
    Text,
    /// Digits and letters that name something and are never computed with.
    Code,
    /// A day.
    Day,
    /// A whole number.
    Count,
    /// A word of a closed list.
    Word,
}

/// Whether a column goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// If nothing else is said.
    Usually,
    /// If it is named.
    Named,
    /// If it is named among those to be had in clear, with a reason: it is masked otherwise, and
    /// what is masked is left out.
    InClear,
}

/// What a column comes to in another table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meets {
    /// It fills that field of an import, and its own header is read as that field.
    Field(&'static str),
    /// It answers a superior's column for that field where the one before has nothing.
    Instead(&'static str),
    /// Nothing that an import knows.
    Nothing,
}

/// One column of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outgoing {
    /// Its key; the header stands in the catalogue under `export.KEY`.
    pub key: &'static str,
    /// What stands in it.
    pub holds: Holds,
    /// Whether it goes out.
    pub given: Given,
    /// What it comes to elsewhere.
    pub meets: Meets,
}

const fn of(key: &'static str, holds: Holds) -> Outgoing {
    Outgoing { key, holds, given: Given::Usually, meets: Meets::Nothing }
}

impl Outgoing {
    const fn named(mut self) -> Self {
        self.given = Given::Named;
        self
    }

    const fn in_clear(mut self) -> Self {
        self.given = Given::InClear;
        self
    }

    const fn field(mut self, key: &'static str) -> Self {
        self.meets = Meets::Field(key);
        self
    }

    const fn instead(mut self, key: &'static str) -> Self {
        self.meets = Meets::Instead(key);
        self
    }
}

const CASES: &[Outgoing] = &[
    of("number", Holds::Code).field("old_number"),
    of("state_number", Holds::Code).field("state_number"),
    of("received", Holds::Day).field("received_on"),
    of("channel", Holds::Word).field("channel"),
    of("petitioner", Holds::Line).field("petitioner.name"),
    of("people", Holds::Count).field("people"),
    of("phone", Holds::Code).in_clear().field("petitioner.phone"),
    of("id_number", Holds::Code).in_clear().field("petitioner.id_number"),
    of("village", Holds::Line).field("village"),
    of("title", Holds::Line).field("title"),
    of("request", Holds::Text).field("request"),
    of("class", Holds::Line).field("class"),
    of("unit", Holds::Line).field("unit"),
    of("lead", Holds::Line).field("lead"),
    of("handler", Holds::Line).field("handler"),
    of("agreed_on", Holds::Day).field("due_on"),
    of("due", Holds::Day).instead("due_on"),
    of("stage", Holds::Word),
    of("measures", Holds::Text).field("measures"),
    of("progress", Holds::Text).field("progress"),
    of("closed", Holds::Word).field("closed"),
    of("closed_on", Holds::Day).field("closed_on"),
    of("result", Holds::Text).named().field("result"),
    of("replied_on", Holds::Day).named().field("replied_on"),
    of("about", Holds::Line).named().field("about"),
    of("address", Holds::Line).named().field("petitioner.address"),
    of("sex", Holds::Word).named().field("petitioner.sex"),
    of("code", Holds::Code).named().field("petitioner.code"),
    of("left", Holds::Count).named(),
    of("limit", Holds::Word).named(),
    of("basis", Holds::Line).named(),
    of("holder", Holds::Line).named(),
    of("crowd", Holds::Word).named(),
    of("repeat", Holds::Word).named(),
    of("last", Holds::Text).named(),
];

const ROSTER: &[Outgoing] = &[
    of("number", Holds::Code).field("old_number"),
    of("petitioner", Holds::Line).field("petitioner.name"),
    of("phone", Holds::Code).in_clear().field("petitioner.phone"),
    of("id_number", Holds::Code).in_clear().field("petitioner.id_number"),
    of("address", Holds::Line).named().field("petitioner.address"),
    of("village", Holds::Line).field("village"),
    of("title", Holds::Line).field("title"),
    of("request", Holds::Text).named().field("request"),
    of("ground", Holds::Word),
    of("state", Holds::Word),
    of("lead", Holds::Line).field("lead"),
    of("officer", Holds::Line).field("handler"),
    of("measures", Holds::Text).field("measures"),
    of("progress", Holds::Text).named().field("progress"),
    of("owed", Holds::Word),
    of("due", Holds::Day).instead("due_on"),
    of("left", Holds::Count).named(),
    of("since", Holds::Day),
    of("last_contact", Holds::Day),
    of("contact", Holds::Day),
    of("review", Holds::Day),
];

const PERSONS: &[Outgoing] = &[
    of("name", Holds::Line).field("person.name"),
    of("sex", Holds::Word).field("person.sex"),
    of("phone", Holds::Code).in_clear().field("person.phone"),
    of("id_number", Holds::Code).in_clear().field("person.id_number"),
    of("address", Holds::Line).field("person.address"),
    of("village", Holds::Line).field("person.village"),
    of("person_code", Holds::Code).named().field("person.code"),
];

const DEADLINES: &[Outgoing] = &[
    of("number", Holds::Code).field("old_number"),
    of("due", Holds::Day).instead("due_on"),
    of("left", Holds::Count),
    of("kind", Holds::Word),
    of("title", Holds::Line).field("title"),
    of("petitioner", Holds::Line).field("petitioner.name"),
    of("village", Holds::Line).field("village"),
    of("stage", Holds::Word),
    of("lead", Holds::Line).field("lead"),
    of("unit", Holds::Line).field("unit"),
    of("holder", Holds::Line).instead("handler"),
];

const TASKS: &[Outgoing] = &[
    of("phase", Holds::Count),
    of("task", Holds::Code),
    of("what", Holds::Line),
    of("deliverable", Holds::Line),
    of("who", Holds::Line),
    of("village", Holds::Line),
    of("officer", Holds::Line),
    of("from", Holds::Day),
    of("until", Holds::Day),
    of("task_state", Holds::Word),
    of("weight", Holds::Word),
    of("evidence", Holds::Count),
    of("left", Holds::Count).named(),
];

const UNITS: &[Outgoing] = &[
    of("unit_name", Holds::Line).field("unit.name"),
    of("unit_kind", Holds::Word).field("unit.kind"),
    of("unit_code", Holds::Code).field("unit.code"),
    of("population", Holds::Count).field("unit.population"),
    of("head", Holds::Line).field("unit.head"),
    of("phone", Holds::Code).field("unit.phone"),
    of("looked_after_by", Holds::Line).field("unit.looked_after_by"),
    of("ended_on", Holds::Day).named(),
];

const OFFICERS: &[Outgoing] = &[
    of("name", Holds::Line).field("officer.name"),
    of("post", Holds::Line).field("officer.post"),
    of("workplace", Holds::Line).field("officer.unit"),
    of("phone", Holds::Code).field("officer.phone"),
    of("leads", Holds::Word).field("officer.leads"),
    of("left_on", Holds::Day).named(),
];

impl Subject {
    /// Its columns, in their usual order.
    pub const fn columns(self) -> &'static [Outgoing] {
        match self {
            Self::Cases => CASES,
            Self::Roster => ROSTER,
            Self::Persons => PERSONS,
            Self::Deadlines => DEADLINES,
            Self::Tasks => TASKS,
            Self::Units => UNITS,
            Self::Officers => OFFICERS,
        }
    }

    /// The column of a key.
    pub fn column(self, key: &str) -> Option<&'static Outgoing> {
        self.columns().iter().find(|column| column.key == key)
    }

    /// The act of the list whose rows go out: who may not read it exports nothing of it.
    pub const fn act(self) -> Act {
        match self {
            Self::Cases => Act::ListCases,
            Self::Roster => Act::ListRoster,
            Self::Persons => Act::ListPersons,
            Self::Deadlines => Act::ReadAgenda,
            Self::Tasks => Act::ReadPlan,
            Self::Units | Self::Officers => Act::ReadOffice,
        }
    }

    /// The list that is put in order and narrowed by columns, if it is one.
    pub const fn list(self) -> Option<List> {
        match self {
            Self::Cases => Some(List::Cases),
            Self::Roster => Some(List::Roster),
            Self::Deadlines => Some(List::Deadlines),
            Self::Persons | Self::Tasks | Self::Units | Self::Officers => None,
        }
    }

    /// The key under which a column of a list stands here.
    pub fn key_of(self, column: Column) -> Option<&'static str> {
        let key = match (self, column) {
            (Self::Cases, Column::Officer) => "handler",
            (_, column) => column.word(),
        };
        self.column(key).map(|column| column.key)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Given, Subject};
    use crate::domain::listing::{Column, List};

    #[test]
    fn a_column_stands_once_and_every_column_of_a_list_can_go_out() {
        for subject in Subject::ALL {
            let keys: BTreeSet<_> = subject.columns().iter().map(|column| column.key).collect();
            assert_eq!(keys.len(), subject.columns().len(), "{}", subject.word());
            let shown = subject.list().into_iter().flat_map(List::shows);
            for column in shown.filter(|column| *column != Column::Whose) {
                let key = subject.key_of(column);
                assert!(key.is_some(), "{} {}", subject.word(), column.word());
            }
        }
    }

    #[test]
    fn a_number_that_reaches_a_person_is_in_clear_only_if_it_is_named() {
        for subject in [Subject::Cases, Subject::Roster, Subject::Persons] {
            for key in ["phone", "id_number"] {
                let column = subject.column(key).unwrap();
                assert_eq!(column.given, Given::InClear, "{} {key}", subject.word());
            }
        }
    }
}
