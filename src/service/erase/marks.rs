//! What is looked for in texts when a person is erased, and where it is meant.
//!
//! In what is about the person, every mark goes. Anywhere else a name of two characters may be part
//! of somebody else's: there it counts alone, beside another mark, or on what is about the person.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::domain::fact::Fact;
use crate::domain::ids::{RecordRef, Version};
use crate::domain::person::Person;
use crate::domain::record::Record;
use crate::service::stop::Stop;
use crate::store::fault::Fault;
use crate::store::history;
use crate::store::journal::WHOLE;
use crate::store::read::Read;

/// What stands in a text where something of the person stood.
const PUT_OUT: &str = "***";
/// The fields of a person that are looked for in texts, with the least characters that such a value
/// must have: a shorter one would stand in texts about others too.
const TELLING: [(&str, usize); 4] = [("name", 2), ("phone", 5), ("id_number", 5), ("address", 6)];
/// So many characters tell a person wherever they stand.
const SURE: usize = 3;

/// What is looked for, the longest first.
pub struct Marks(Vec<String>);

impl Marks {
    /// All that the person's records hold and ever held.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn of(ledger: &impl Read, records: &[Person]) -> Result<Self, Stop> {
        let mut marks: Vec<String> = Vec::new();
        let mut note = |field: &str, value: &Value| {
            let least = TELLING.iter().find(|(name, _)| *name == field).map(|(_, least)| *least);
            let (Some(least), Some(text)) = (least, value.as_str()) else { return };
            let text = text.trim();
            if text.chars().count() >= least && !marks.iter().any(|mark| mark == text) {
                marks.push(text.to_owned());
            }
        };
        for record in records {
            for line in history::lines_of(ledger, record.reference(), Version(0), usize::MAX)? {
                for fact in history::facts_of(ledger, &line)?.into_iter().flatten() {
                    for value in [&fact.old, &fact.new] {
                        match (fact.field.as_str(), value) {
                            (WHOLE, Value::Object(fields)) => {
                                fields.iter().for_each(|(field, value)| note(field, value));
                            }
                            (field, value) => note(field, value),
                        }
                    }
                }
            }
        }
        marks.sort_by_key(|mark| std::cmp::Reverse(mark.len()));
        Ok(Self(marks))
    }

    /// Whether any mark stands in what a fact tells.
    pub fn are_in(&self, fact: &Fact) -> bool {
        let mut texts = Vec::new();
        texts_of(&fact.old, &mut texts);
        texts_of(&fact.new, &mut texts);
        texts.iter().any(|text| self.in_text(text).next().is_some())
    }

    /// Whether texts from anywhere tell of the person; `is_about` says whether what they belong to
    /// is about the person.
    pub fn tell_in(&self, texts: &[&str], is_about: impl FnOnce() -> bool) -> bool {
        let found: BTreeSet<&str> = texts.iter().flat_map(|text| self.in_text(text)).collect();
        let is_sure = |mark: &&str| {
            mark.chars().count() >= SURE || texts.iter().any(|text| text.trim() == *mark)
        };
        found.iter().any(is_sure) || found.len() > 1 || (!found.is_empty() && is_about())
    }

    fn in_text<'m>(&'m self, text: &str) -> impl Iterator<Item = &'m str> {
        self.0.iter().map(String::as_str).filter(move |mark| text.contains(mark))
    }

    /// A record without the person; none if nothing of them stands in it.
    ///
    /// # Errors
    /// A record that is none without them; a defect.
    pub fn without<R: Record>(&self, record: &R) -> Result<Option<R>, Stop> {
        let odd = |_| Stop::from(Fault::Undecodable(record.reference()));
        let mut value = serde_json::to_value(record).map_err(odd)?;
        if !self.put_out_of(&mut value) {
            return Ok(None);
        }
        serde_json::from_value(value).map(Some).map_err(odd)
    }

    /// Puts the marks out of all texts of a value; says whether there were any.
    fn put_out_of(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) => match self.put_out(text) {
                Some(next) => {
                    *text = next;
                    true
                }
                None => false,
            },
            Value::Array(values) => self.put_out_of_all(values.iter_mut()),
            Value::Object(fields) => self.put_out_of_all(fields.values_mut()),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }

    /// Every one of them, whether or not one before it had a mark.
    fn put_out_of_all<'v>(&self, values: impl Iterator<Item = &'v mut Value>) -> bool {
        let mut was = false;
        for value in values {
            was |= self.put_out_of(value);
        }
        was
    }

    /// A text without marks; none if it has none.
    pub fn put_out(&self, text: &str) -> Option<String> {
        self.in_text(text).fold(None, |next: Option<String>, mark| {
            Some(next.as_deref().unwrap_or(text).replace(mark, PUT_OUT))
        })
    }
}

/// The texts of a value as they were typed, without the signs by which JSON writes them.
pub fn texts_of<'v>(value: &'v Value, into: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => into.push(text),
        Value::Array(values) => values.iter().for_each(|value| texts_of(value, into)),
        Value::Object(fields) => fields.values().for_each(|value| texts_of(value, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The records that are about the person.
pub type About = BTreeSet<RecordRef>;

#[cfg(test)]
mod tests {
    use super::Marks;
    use crate::domain::fact::Fact;
    use serde_json::json;

    fn marks() -> Marks {
        Marks(vec!["13800001234".to_owned(), "\u{201c}桥头\\\"三组".to_owned(), "王伟".to_owned()])
    }

    #[test]
    fn a_name_of_two_characters_counts_only_where_the_person_is_meant() {
        let marks = marks();
        assert!(!marks.tell_in(&["王伟民来访"], || false), "somebody else's name");
        assert!(marks.tell_in(&["王伟民来访"], || true));
        assert!(marks.tell_in(&[" 王伟 ", "路灯"], || false), "the name alone");
        assert!(marks.tell_in(&["王伟来电", "13800001234"], || false));
        assert!(marks.tell_in(&["回电13800001234"], || false));
        assert!(!marks.tell_in(&["路灯"], || true), "nothing of them stands there");
    }

    #[test]
    fn a_mark_with_signs_that_json_writes_otherwise_is_found() {
        let text = json!({ "text": "住\u{201c}桥头\\\"三组" });
        let fact = Fact { field: "steps.1".to_owned(), old: json!(null), new: text };
        assert!(marks().are_in(&fact));
    }
}
