//! A rule that would be broken, as a value: which, about which field, and the words it needs.

use serde::{Deserialize, Serialize};

/// A rule that would be broken. Its text stands in the catalogue under `broken.KEY`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{key}")]
pub struct Broken {
    /// The key of the rule.
    pub key: String,
    /// The field that it is about, as a key of the field table, if one field is to blame.
    pub field: Option<String>,
    /// The values that its text names, such as a day.
    pub args: Vec<(String, String)>,
}

impl Broken {
    /// The rule of that key.
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned(), field: None, args: Vec::new() }
    }

    /// The same, about a field.
    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// The same, with a value for its text.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.push((name.to_owned(), value.to_string()));
        self
    }
}
