//! How a list is narrowed, put in order and laid out: the words that screens, shell, door and saved
//! filters share.
//!
//! One table says what each list can show, be sorted and narrowed by; menus, shell and checks are
//! made from it. Persons are never put in order by what they ask or how often.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::broken::Broken;
use crate::domain::case::Stage;
use crate::domain::choice::{Channel, Choice, RosterGround, choices};
use crate::domain::line::LineKind;
use crate::domain::slip::Crowd;

choices! {
    /// A list that can be narrowed, put in order and laid out.
    List("list") {
        /// Cases.
        Cases = "cases",
        /// The roster.
        Roster = "roster",
        /// Deadlines.
        Deadlines = "deadlines",
        /// Counts on demand, which have neither rows of their own nor an order.
        Counts = "counts",
    }

    /// What a row of a list has: a column to show, to sort by, to narrow by.
    Column("column") {
        /// Whose rows they are: one's own or all.
        Whose = "whose",
        /// The printed number.
        Number = "number",
        /// The title.
        Title = "title",
        /// Who raises it, or whom it is about.
        Petitioner = "petitioner",
        /// The village.
        Village = "village",
        /// How far a case is.
        Stage = "stage",
        /// The latest day of the next clock.
        Due = "due",
        /// The days that are left to it.
        Left = "left",
        /// The limit or other thing that is owed.
        Kind = "kind",
        /// What the office owes under an entry of the roster.
        Owed = "owed",
        /// The ground of an entry.
        Ground = "ground",
        /// How an entry stands.
        State = "state",
        /// The leader who took it.
        Lead = "lead",
        /// The responsible unit.
        Unit = "unit",
        /// Who handles it.
        Officer = "officer",
        /// Who holds it now.
        Holder = "holder",
        /// The day of the first receipt.
        Received = "received",
        /// How it came first.
        Channel = "channel",
        /// How many came at most on one visit: a group, twenty, fifty.
        Crowd = "crowd",
        /// Whether it was raised more than once.
        Repeat = "repeat",
        /// The newest step.
        Last = "last",
        /// The next contact.
        Contact = "contact",
        /// The review.
        Review = "review",
    }
}

/// Which way an order goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The smallest, the earliest, the first one first.
    #[default]
    Up,
    /// The other way; what has no value comes last all the same.
    Down,
}

impl Direction {
    /// The other way.
    #[must_use]
    pub const fn turned(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }
}

/// An order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    /// By what.
    pub by: Column,
    /// Which way.
    pub direction: Direction,
}

impl Sort {
    /// The earliest due day first; those without one last.
    pub const DUE: Self = Self { by: Column::Due, direction: Direction::Up };
    /// The newest receipt first.
    pub const RECEIVED: Self = Self { by: Column::Received, direction: Direction::Down };
    /// What is owed longest first.
    pub const OWED: Self = Self { by: Column::Owed, direction: Direction::Up };

    /// The usual order by a column: days of receipt from the newest, all else upwards.
    pub const fn usual(by: Column) -> Self {
        match by {
            Column::Received | Column::Number => Self { by, direction: Direction::Down },
            _ => Self { by, direction: Direction::Up },
        }
    }

    /// The order as a word: that of its column, with a minus before it if it goes down.
    pub fn word(self) -> String {
        match self.direction {
            Direction::Up => self.by.word().to_owned(),
            Direction::Down => format!("-{}", self.by.word()),
        }
    }

    /// The order of a word.
    pub fn parse(word: &str) -> Option<Self> {
        let (by, direction) = match word.strip_prefix('-') {
            Some(by) => (by, Direction::Down),
            None => (word, Direction::Up),
        };
        Column::parse(by).map(|by| Self { by, direction })
    }
}

/// What a list can do with a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trait {
    /// The column.
    pub column: Column,
    /// Where it is shown.
    pub shown: Shown,
    /// Whether the list can be put in order by it.
    pub sorts: bool,
    /// Whether the list can be narrowed to one of its values.
    pub narrows: bool,
}

/// Where a column is shown if the clerk has not chosen any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// It is no column.
    Never,
    /// Only if it is chosen.
    Chosen,
    /// In a terminal that has so many columns.
    From(usize),
    /// Always.
    Always,
}

const fn of(column: Column, shown: Shown) -> Trait {
    Trait { column, shown, sorts: false, narrows: false }
}

impl Trait {
    const fn sorts(mut self) -> Self {
        self.sorts = true;
        self
    }

    const fn narrows(mut self) -> Self {
        self.narrows = true;
        self
    }
}

const CASES: &[Trait] = &[
    of(Column::Number, Shown::Always).sorts(),
    of(Column::Title, Shown::Always).sorts(),
    of(Column::Petitioner, Shown::Always).sorts(),
    of(Column::Village, Shown::Always).sorts().narrows(),
    of(Column::Stage, Shown::Always).sorts().narrows(),
    of(Column::Due, Shown::Always).sorts().narrows(),
    of(Column::Left, Shown::Always),
    of(Column::Lead, Shown::From(110)).sorts().narrows(),
    of(Column::Unit, Shown::From(110)).sorts().narrows(),
    of(Column::Holder, Shown::Always).sorts().narrows(),
    of(Column::Received, Shown::Chosen).sorts(),
    of(Column::Channel, Shown::Chosen).sorts().narrows(),
    of(Column::Crowd, Shown::Chosen).narrows(),
    of(Column::Repeat, Shown::Chosen).narrows(),
    of(Column::Last, Shown::Chosen),
];

/// In order of what the office owes and of who is responsible, never of the person.
const ROSTER: &[Trait] = &[
    of(Column::Due, Shown::Always),
    of(Column::Left, Shown::Always),
    of(Column::Owed, Shown::Always).sorts(),
    of(Column::Petitioner, Shown::Always),
    of(Column::Village, Shown::Always).sorts().narrows(),
    of(Column::Ground, Shown::Always).narrows(),
    of(Column::Number, Shown::From(110)),
    of(Column::State, Shown::From(110)).narrows(),
    of(Column::Lead, Shown::Always).sorts().narrows(),
    of(Column::Officer, Shown::Always).sorts().narrows(),
    of(Column::Contact, Shown::Chosen).sorts(),
    of(Column::Review, Shown::Chosen).sorts(),
    of(Column::Title, Shown::Chosen),
];

const DEADLINES: &[Trait] = &[
    of(Column::Number, Shown::From(100)),
    of(Column::Due, Shown::Always).sorts().narrows(),
    of(Column::Left, Shown::Always),
    of(Column::Kind, Shown::Always).sorts().narrows(),
    of(Column::Title, Shown::Always),
    of(Column::Stage, Shown::From(100)),
    of(Column::Village, Shown::Chosen).sorts().narrows(),
    of(Column::Lead, Shown::From(118)).sorts().narrows(),
    of(Column::Unit, Shown::From(118)).sorts().narrows(),
    of(Column::Holder, Shown::Always),
    of(Column::Officer, Shown::Never).sorts().narrows(),
];

impl List {
    /// What it can do with each of its columns, in their usual order.
    pub const fn traits(self) -> &'static [Trait] {
        match self {
            Self::Cases => CASES,
            Self::Roster => ROSTER,
            Self::Deadlines => DEADLINES,
            Self::Counts => &[],
        }
    }

    /// The columns that it can be put in order by.
    pub fn sorts(self) -> impl Iterator<Item = Column> {
        self.traits().iter().filter(|own| own.sorts).map(|own| own.column)
    }

    /// The columns that it can be narrowed by.
    pub fn narrows(self) -> impl Iterator<Item = Column> {
        self.traits().iter().filter(|own| own.narrows).map(|own| own.column)
    }

    /// The columns that can be shown.
    pub fn shows(self) -> impl Iterator<Item = Column> {
        self.traits().iter().filter(|own| own.shown != Shown::Never).map(|own| own.column)
    }

    /// The columns that are shown in a terminal of that width if none are chosen.
    pub fn usual(self, width: usize) -> Vec<Column> {
        let is_shown = |own: &&Trait| match own.shown {
            Shown::Always => true,
            Shown::From(least) => width >= least,
            Shown::Chosen | Shown::Never => false,
        };
        self.traits().iter().filter(is_shown).map(|own| own.column).collect()
    }

    /// The columns of a text of words with commas between; words that it does not know and columns
    /// named twice are left out.
    pub fn columns(self, text: &str) -> Vec<Column> {
        let mut columns = Vec::new();
        for column in text.split(',').filter_map(|word| Column::parse(word.trim())) {
            if self.shows().any(|own| own == column) && !columns.contains(&column) {
                columns.push(column);
            }
        }
        columns
    }
}

/// The words of the groups of due days, in their order.
pub const DUE_GROUPS: [&str; 5] = ["late", "today", "soon", "week", "later"];
/// The words that stand for several stages: open ones, and all but those of an old ledger.
pub const STAGES: [&str; 2] = ["open", "all"];
/// The word of what was raised more than once.
pub const REPEAT: &str = "repeat";
/// The words of whose rows they are.
pub const WHOSE: [&str; 2] = ["mine", "all"];

impl Column {
    /// Whether its values are numbers of units.
    pub const fn is_of_units(self) -> bool {
        matches!(self, Self::Unit | Self::Village)
    }

    /// Whether its values are numbers of officers.
    pub const fn is_of_officers(self) -> bool {
        matches!(self, Self::Lead | Self::Officer | Self::Holder)
    }

    /// The words that could stand in it; none where the values are numbers or free.
    pub fn words(self) -> Vec<&'static str> {
        match self {
            Self::Whose => WHOSE.to_vec(),
            Self::Due => DUE_GROUPS.to_vec(),
            Self::Stage => STAGES.into_iter().chain(Stage::ALL.map(Stage::word)).collect(),
            Self::Channel => Channel::ALL.iter().map(|own| own.word()).collect(),
            Self::Crowd => Crowd::ALL.iter().map(|own| own.word()).collect(),
            Self::Repeat => vec![REPEAT],
            Self::Kind => LineKind::ALL.iter().map(|own| own.word()).collect(),
            Self::Ground => RosterGround::ALL.iter().map(|own| own.word()).collect(),
            Self::State => ROSTER_PARTS.to_vec(),
            _ => Vec::new(),
        }
    }

    /// Whether a value could stand in it.
    pub fn has(self, value: &Value) -> bool {
        let word = match value {
            Value::Nothing => return !matches!(self, Self::Whose | Self::Stage | Self::State),
            Value::Id(_) => return self.is_of_units() || self.is_of_officers(),
            Value::Word(word) => word.as_str(),
        };
        self.words().contains(&word)
    }
}

/// The words of the parts of the roster.
pub const ROSTER_PARTS: [&str; 6] = ["open", "late", "approval", "review", "pending", "ended"];

/// Columns as a text that [`List::columns`] reads.
pub fn columns_text(columns: &[Column]) -> String {
    columns.iter().map(|column| column.word()).collect::<Vec<_>>().join(",")
}

/// What stands in a column of a row, as lists are narrowed by it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Value {
    /// The number of a unit or an officer.
    Id(u64),
    /// A word of a closed list.
    Word(String),
    /// Nothing stands there.
    Nothing,
}

/// How nothing is written.
const NOTHING: &str = "-";

impl Value {
    /// A number that may be missing.
    pub fn id(id: Option<u64>) -> Self {
        id.map_or(Self::Nothing, Self::Id)
    }

    /// A word.
    pub fn word(word: &str) -> Self {
        Self::Word(word.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        match text.parse() {
            _ if text == NOTHING => Self::Nothing,
            Ok(id) => Self::Id(id),
            Err(_) => Self::Word(text),
        }
    }
}

impl From<Value> for String {
    fn from(value: Value) -> Self {
        match value {
            Value::Id(id) => id.to_string(),
            Value::Word(word) => word,
            Value::Nothing => NOTHING.to_owned(),
        }
    }
}

/// To which values a list is narrowed: one of each column, and all of them must stand in a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Narrow(pub BTreeMap<Column, Value>);

impl Narrow {
    /// Whether nothing narrows the list.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value that a column is narrowed to.
    pub fn get(&self, column: Column) -> Option<&Value> {
        self.0.get(&column)
    }

    /// The number that a column is narrowed to.
    pub fn id(&self, column: Column) -> Option<u64> {
        match self.get(column) {
            Some(Value::Id(id)) => Some(*id),
            Some(Value::Word(_) | Value::Nothing) | None => None,
        }
    }

    /// The word that a column is narrowed to.
    pub fn word(&self, column: Column) -> Option<&str> {
        match self.get(column) {
            Some(Value::Word(word)) => Some(word),
            Some(Value::Id(_) | Value::Nothing) | None => None,
        }
    }

    /// Narrows a column to a value, or lets it be.
    pub fn set(&mut self, column: Column, value: Option<Value>) {
        match value {
            Some(value) => drop(self.0.insert(column, value)),
            None => drop(self.0.remove(&column)),
        }
    }

    /// The same with one column let be.
    #[must_use]
    pub fn without(&self, column: Column) -> Self {
        let mut other = self.clone();
        other.set(column, None);
        other
    }

    /// Whether a row passes, whose values are asked for one by one.
    pub fn passes(&self, mut value: impl FnMut(Column) -> Value) -> bool {
        self.0.iter().all(|(column, wanted)| value(*column) == *wanted)
    }

    /// It as a text that [`Narrow::parse`] reads: `lead=12 stage=handling`.
    pub fn text(&self) -> String {
        let terms = self.0.iter().map(|(column, value)| {
            let value = String::from(value.clone());
            format!("{}={value}", column.word())
        });
        terms.collect::<Vec<_>>().join(" ")
    }

    /// What such a text says about a list.
    ///
    /// # Errors
    /// The list cannot be narrowed by one of the columns.
    pub fn parse(list: List, text: &str) -> Result<Self, Broken> {
        let mut narrow = Self::default();
        for term in text.split_whitespace() {
            let odd = || Broken::new("no_such_filter").with("name", term);
            let (column, value) = term.split_once('=').ok_or_else(odd)?;
            let column = Column::parse(column).ok_or_else(odd)?;
            let value = Value::from(value.to_owned());
            let is_own = column == Column::Whose || list.narrows().any(|own| own == column);
            if !is_own || !column.has(&value) {
                return Err(odd());
            }
            narrow.set(column, Some(value));
        }
        Ok(narrow)
    }
}

#[cfg(test)]
mod tests;
