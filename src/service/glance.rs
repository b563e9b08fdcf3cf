//! Records as the search index sees them: the few fields that can be found, read without the rest.
//!
//! A ledger has hundreds of thousands of records, and most bytes of a case are its steps: an index
//! is made from these in a fraction of the time that whole records would take.
//! INVARIANT: fields have the names and forms that they have in the record.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::domain::case::Case;
use crate::domain::ids::{CaseId, ClerkId, OfficerId, PersonId, UnitId};

/// What can be found of a case.
#[cfg_attr(test, derive(Debug))]
#[derive(Deserialize)]
pub struct CaseGlance {
    /// Its number among all cases.
    pub id: CaseId,
    /// The printed number.
    pub number: String,
    /// The number in an old ledger.
    #[serde(default)]
    pub old_number: Option<String>,
    /// A short title.
    pub title: String,
    /// The request.
    pub request: String,
    /// The persons tied to it.
    #[serde(default)]
    pub persons: BTreeMap<PersonId, IgnoredAny>,
    /// The village where it happened.
    #[serde(default)]
    pub village: Option<UnitId>,
    /// The unit that it is about.
    #[serde(default)]
    pub about_unit: Option<UnitId>,
    /// The place within it.
    #[serde(default)]
    pub place: Option<String>,
    /// The leader who took it.
    #[serde(default)]
    pub lead: Option<OfficerId>,
    /// The responsible unit.
    #[serde(default)]
    pub unit: Option<UnitId>,
    /// The officer who handles it.
    #[serde(default)]
    pub handler: Option<OfficerId>,
    /// The officer who registered it.
    #[serde(default)]
    pub registrar: Option<OfficerId>,
    /// Whether it is sealed.
    #[serde(default, rename = "readers")]
    pub sealed: Option<IgnoredAny>,
    /// What the list of the meeting says of it.
    #[serde(default)]
    pub tabled: Option<TabledGlance>,
}

/// What a meeting is to decide on a case.
#[cfg_attr(test, derive(Debug))]
#[derive(Deserialize)]
pub struct TabledGlance {
    /// The question.
    #[serde(default)]
    pub question: Option<String>,
}

/// Who may know of a case.
#[cfg_attr(test, derive(Debug))]
#[derive(Deserialize)]
pub struct ReadersGlance {
    /// The named readers of a sealed one.
    #[serde(default)]
    pub readers: Option<BTreeSet<ClerkId>>,
}

/// What a case asks for.
#[cfg_attr(test, derive(Debug))]
#[derive(Deserialize)]
pub struct RequestGlance {
    /// The request.
    pub request: String,
}

impl From<Case> for CaseGlance {
    fn from(case: Case) -> Self {
        Self {
            id: case.id,
            number: case.number,
            old_number: case.old_number,
            title: case.title,
            request: case.request,
            persons: case.persons.keys().map(|person| (*person, IgnoredAny)).collect(),
            village: case.village,
            about_unit: case.about_unit,
            place: case.place,
            lead: case.lead,
            unit: case.unit,
            handler: case.handler,
            registrar: case.registrar,
            sealed: case.readers.map(|_| IgnoredAny),
            tabled: case.tabled.map(|tabled| TabledGlance { question: tabled.question }),
        }
    }
}

/// The numbers of a receipt.
#[cfg_attr(test, derive(Debug))]
#[derive(Deserialize)]
pub struct ReceiptGlance {
    /// The case on which it hangs.
    pub case: CaseId,
    /// The state system's number.
    #[serde(default)]
    pub state_number: Option<String>,
    /// The state system's query code.
    #[serde(default)]
    pub query_code: Option<String>,
}

/// A person's number and name.
#[cfg_attr(test, derive(Debug))]
#[derive(Deserialize)]
pub struct NameGlance {
    /// Their number.
    pub id: PersonId,
    /// Their name; none if they stay anonymous.
    #[serde(default)]
    pub name: Option<String>,
}

/// Names of persons by number, in one piece: a small box for each of a hundred thousand would leave
/// holes in memory that the server never gives back.
#[derive(Default)]
pub struct Names {
    text: String,
    // A person and where the name begins, in the order of their numbers.
    starts: Vec<(PersonId, usize)>,
}

impl Names {
    /// Adds the name of a person whose number is higher than all before.
    pub fn push(&mut self, person: PersonId, name: &str) {
        self.starts.push((person, self.text.len()));
        self.text.push_str(name);
    }

    /// The name of a person.
    pub fn get(&self, person: PersonId) -> Option<&str> {
        let at = self.starts.binary_search_by_key(&person, |(id, _)| *id).ok()?;
        let (_, start) = self.starts.get(at)?;
        let end = self.starts.get(at + 1).map_or(self.text.len(), |(_, start)| *start);
        self.text.get(*start..end)
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{CaseGlance, NameGlance, Names, ReceiptGlance};
    use crate::demo::{Made, Size, Town};
    use crate::domain::ids::PersonId;

    #[test]
    fn names_are_found_by_their_persons() {
        let mut names = Names::default();
        names.push(PersonId(2), "王小明");
        names.push(PersonId(3), "");
        names.push(PersonId(7), "张华");
        let got = [1, 2, 3, 4, 7].map(|id| names.get(PersonId(id)));
        assert_eq!(got, [None, Some("王小明"), Some(""), None, Some("张华")]);
    }

    #[test]
    fn a_glance_reads_what_the_whole_record_holds() {
        let today = NaiveDate::from_ymd_opt(2026, 10, 20).expect("a day");
        let town = Town::make(3, today, Size { cases: 200, ..Size::default() });
        for made in town.records() {
            match made.expect("a lawful town") {
                Made::Case(case, receipts) => {
                    let json = serde_json::to_string(&*case).expect("JSON");
                    let read: CaseGlance = serde_json::from_str(&json).expect("a glance");
                    let made = CaseGlance::from(*case);
                    assert_eq!(format!("{read:?}"), format!("{made:?}"));
                    for receipt in receipts {
                        let json = serde_json::to_string(&receipt).expect("JSON");
                        let read: ReceiptGlance = serde_json::from_str(&json).expect("a glance");
                        assert_eq!(read.case, receipt.case);
                        assert_eq!(read.state_number, receipt.state_number);
                        assert_eq!(read.query_code, receipt.query_code);
                    }
                }
                Made::Person(person) => {
                    let json = serde_json::to_string(&person).expect("JSON");
                    let read: NameGlance = serde_json::from_str(&json).expect("a glance");
                    assert_eq!((read.id, read.name), (person.id, person.name));
                }
                Made::Office(_)
                | Made::Unit(_)
                | Made::Officer(_)
                | Made::Plan(_)
                | Made::Task(_)
                | Made::Duty(_)
                | Made::Indicator(_)
                | Made::Entry(_)
                | Made::Decision(_) => {}
            }
        }
    }
}
