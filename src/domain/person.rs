//! A person: somebody whose request is open or was answered, and nothing more about them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::choice::Sex;
use crate::domain::ids::{ClerkId, PersonId, UnitId, Version};

/// Weights of the first seventeen digits of an ID number (GB 11643).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The check character by the weighted sum modulo eleven (GB 11643).
const CHECKS: [u8; 11] = *b"10X98765432";

/// A person. `Debug` shows the number only, so that no log can hold a name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their number.
    pub id: PersonId,
    /// How often the record was changed.
    #[serde(default)]
    pub version: Version,
    /// Their name; none if they stay anonymous.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their sex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Their telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Their address for service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Their village.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub village: Option<UnitId>,
    /// Their ID number, only where it is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_number: Option<String>,
    /// Their code in an old ledger; equal codes are one person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The person that this record was found to be; it is then only an alias.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<PersonId>,
    /// That somebody asked for them to be erased, and that it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erasure: Option<Erasure>,
}

/// The erasure of a person, by two accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Why it may be done.
    pub basis: String,
    /// The account that asked for it.
    pub asked_by: ClerkId,
    /// The day on which it was asked for.
    pub asked_on: NaiveDate,
    /// The number of the paper by which it was approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The account that did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_by: Option<ClerkId>,
    /// The day on which it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_on: Option<NaiveDate>,
}

impl Person {
    /// A record that says nothing of anybody.
    pub fn bare(id: PersonId) -> Self {
        Self {
            id,
            version: Version::default(),
            name: None,
            sex: None,
            phone: None,
            address: None,
            village: None,
            id_number: None,
            code: None,
            same_as: None,
            erasure: None,
        }
    }

    /// What they are called in lists: the name, or the code of an old ledger; none if anonymous.
    pub fn label(&self) -> Option<String> {
        self.name.clone().or_else(|| self.code.clone())
    }
}

impl std::fmt::Debug for Person {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Person({})", self.id.0)
    }
}

/// Whether eighteen characters are an ID number with a right check character (GB 11643).
/// The text must already be in half width and upper case.
pub fn is_id_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(body), [_, .., last]) = (bytes.get(..17), bytes) else { return false };
    if bytes.len() != 18 || !body.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 =
        body.iter().zip(WEIGHTS).map(|(&digit, weight)| u32::from(digit - b'0') * weight).sum();
    CHECKS.get((sum % 11) as usize) == Some(last)
}

/// A name as a meeting may see it: the first character, then stars.
pub fn mask_name(name: &str) -> String {
    let mut chars = name.chars();
    match chars.next() {
        Some(first) => std::iter::once(first).chain(chars.map(|_| '*')).collect(),
        None => String::new(),
    }
}

/// The fewest characters of the reason to see an ID number: more than the words that go with a digit.
pub const ID_REASON_MIN: usize = 3;

/// A number with its middle hidden: a telephone keeps 3 and 4 digits, an ID number the last 4.
pub fn mask_number(number: &str) -> String {
    let n_chars = number.chars().count();
    let keep_head = if n_chars == 11 { 3 } else { 0 };
    let keep_tail = if n_chars > 7 { 4 } else { 0 };
    number
        .chars()
        .enumerate()
        .map(
            |(index, char)| {
                if index < keep_head || index + keep_tail >= n_chars { char } else { '*' }
            },
        )
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{is_id_number, mask_name, mask_number};

    #[test]
    fn a_published_id_number_passes_and_a_wrong_check_digit_fails() {
        assert!(is_id_number("11010519491231002X"));
        assert!(is_id_number("440524188001010014"));
        assert!(!is_id_number("110105194912310021"));
        assert!(!is_id_number("1101051949123100"));
        assert!(!is_id_number("身份证号十八个字符不是数字的东西啊哈"));
    }

    #[test]
    fn a_mask_keeps_what_a_clerk_needs_to_tell_two_apart() {
        assert_eq!(mask_name("张小明"), "张**");
        assert_eq!(mask_number("13800001234"), "138****1234");
        assert_eq!(mask_number("11010519491231002X"), "**************002X");
        assert_eq!(mask_number("5551234"), "*******");
    }
}
