//! What a meeting may see of persons: nothing that names or reaches them.
//!
//! Names of the persons of a case are covered wherever they stand in what is told of it, in texts
//! too; numbers of telephones and ID cards are covered in every answer.
//! INVARIANT: an answer to somebody with masked sight passes `answer` last of all.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::api::reply::{CaseSheet, Reply};
use crate::domain::attachment;
use crate::domain::case::Case;
use crate::domain::person::mask_name;
use crate::domain::policy::Sight;
use crate::service::Asking;
use crate::service::indexed::beside;
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::store::fault::Fault;
use crate::store::read::Read;

/// The fewest digits in a row that may be a telephone.
const DIGITS_MIN: usize = 7;
/// The digits of a date without separators.
const DATE_DIGITS: usize = 8;
/// The digits of an ID number before its check letter (GB 11643).
const ID_DIGITS: usize = 17;
/// The groups in which a mobile number is written.
const GROUPS: [usize; 3] = [3, 4, 4];
/// The most characters of what may be the name of a person whom a petition is about.
const NAME_MAX: usize = 4;
/// A place in a list: no text, and of no use if it were changed.
const CURSOR: &str = "cursor";

/// Names that are covered, the longest first.
pub struct Names(Vec<String>);

impl Names {
    /// The names of the persons of a case, under all their records.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn of(ledger: &impl Read, case: &Case) -> Result<Self, Fault> {
        let mut names = beside(ledger, case)?.names;
        names.retain(|name| name.chars().count() > 1);
        names.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
        Ok(Self(names))
    }

    /// A text without the names and without numbers of telephones and ID cards.
    fn cover(&self, text: &str) -> String {
        let mut text = cover_numbers(text);
        for name in &self.0 {
            if text.contains(name.as_str()) {
                text = text.replace(name.as_str(), &mask_name(name));
            }
        }
        text
    }
}

impl Eye<'_> {
    /// What is told of a case, as the asker may see it.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn told<T: Serialize + DeserializeOwned>(
        &self,
        ledger: &impl Read,
        case: &Case,
        told: T,
    ) -> Result<T, Stop> {
        match self.asking.asker.sight {
            Sight::Clear => Ok(told),
            Sight::Masked => covered(told, &Names::of(ledger, case)?),
        }
    }

    /// The sheet of a case, as the asker may see it.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn told_sheet(&self, ledger: &impl Read, sheet: CaseSheet) -> Result<CaseSheet, Stop> {
        if self.asking.asker.sight == Sight::Clear {
            return Ok(sheet);
        }
        let names = Names::of(ledger, &sheet.case)?;
        let mut sheet = sheet;
        sheet.case.attachments = attachment::covered(&sheet.case.attachments);
        let mut sheet = covered(sheet, &names)?;
        for person in &mut sheet.persons {
            person.phone = None;
        }
        for receipt in &mut sheet.receipts {
            receipt.state_number = None;
            receipt.query_code = None;
        }
        let about = sheet.case.about.filter(|_| sheet.case.about_unit.is_none());
        // Whether it names a person or a unit is not known; what is short enough may be a name.
        sheet.case.about = about.map(|about| match about.chars().count() {
            0..=NAME_MAX => mask_name(&about),
            _ => about,
        });
        Ok(sheet)
    }
}

/// An answer without numbers that reach a person, for whoever sees them masked.
///
/// # Errors
/// An answer that is none any more; a defect.
pub fn answer(asking: &Asking, reply: Reply) -> Result<Reply, Stop> {
    let is_about_nobody = matches!(
        reply,
        Reply::Me(_)
            | Reply::Own(_)
            | Reply::Kept
            | Reply::Done(_)
            | Reply::Days(_)
            | Reply::Limits(_)
            | Reply::Calendar(_)
            | Reply::Status(_)
            | Reply::Backup(_)
            | Reply::BackupPiece(_)
            | Reply::Backups(_)
    );
    if asking.asker.sight == Sight::Clear || is_about_nobody {
        return Ok(reply);
    }
    covered(reply, &Names(Vec::new()))
}

/// A value whose texts are all covered.
fn covered<T: Serialize + DeserializeOwned>(value: T, names: &Names) -> Result<T, Stop> {
    let odd = |_| Stop::from(Fault::Damaged("an answer cannot be masked"));
    let mut json = serde_json::to_value(value).map_err(odd)?;
    cover(&mut json, names);
    serde_json::from_value(json).map_err(odd)
}

fn cover(value: &mut Value, names: &Names) {
    match value {
        Value::String(text) => *text = names.cover(text),
        Value::Array(values) => values.iter_mut().for_each(|value| cover(value, names)),
        Value::Object(fields) => {
            for (_, value) in fields.iter_mut().filter(|(key, _)| *key != CURSOR) {
                cover(value, names);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A text in which every run of digits that may be a telephone or an ID number is covered.
fn cover_numbers(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut covered = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(char) = chars.get(at) {
        let taken = if is_digit(*char) { number_at(&chars, at) } else { None };
        match taken {
            Some(n_chars) => {
                covered.extend(std::iter::repeat_n('*', n_chars));
                at += n_chars;
            }
            None => {
                let n_digits = run_at(&chars, at).max(1);
                covered.extend(chars.iter().skip(at).take(n_digits));
                at += n_digits;
            }
        }
    }
    covered
}

/// How many characters at a place are a number that reaches a person; none if it is no such number.
fn number_at(chars: &[char], at: usize) -> Option<usize> {
    let n_digits = run_at(chars, at);
    let is_check = |char: &&char| matches!(**char, 'x' | 'X' | '\u{ff38}' | '\u{ff58}');
    if n_digits == ID_DIGITS && chars.get(at + n_digits).filter(is_check).is_some() {
        return Some(n_digits + 1);
    }
    if n_digits >= DIGITS_MIN {
        let is_date = n_digits == DATE_DIGITS
            && matches!(chars.get(at..at + 2), Some(['1', '9'] | ['2', '0']));
        return (!is_date).then_some(n_digits);
    }
    in_groups(chars, at)
}

/// The length of a mobile number that is written in groups.
fn in_groups(chars: &[char], at: usize) -> Option<usize> {
    let mut end = at;
    for (nth, n_digits) in GROUPS.into_iter().enumerate() {
        if nth > 0 {
            chars.get(end).filter(|char| matches!(**char, ' ' | '-'))?;
            end += 1;
        }
        if run_at(chars, end) != n_digits {
            return None;
        }
        end += n_digits;
    }
    (chars.get(at) == Some(&'1')).then_some(end - at)
}

fn run_at(chars: &[char], at: usize) -> usize {
    chars.iter().skip(at).take_while(|char| is_digit(**char)).count()
}

const fn is_digit(char: char) -> bool {
    char.is_ascii_digit() || matches!(char, '\u{ff10}'..='\u{ff19}')
}

#[cfg(test)]
mod tests {
    use super::{Names, cover_numbers};

    #[test]
    fn a_number_that_reaches_a_person_is_covered_and_a_date_is_not() {
        assert_eq!(cover_numbers("电话13800001234，再打"), "电话***********，再打");
        assert_eq!(cover_numbers("138 0000 1234"), "*************");
        assert_eq!(cover_numbers("0510-5551234"), "0510-*******");
        assert_eq!(cover_numbers("身份证11010519491231002X"), "身份证******************");
        assert_eq!(cover_numbers("１３８００００１２３４"), "***********");
        for kept in ["20261015", "2026-10-15", "青信告〔2026〕61号", "8.6万元", "青信2026-0187"]
        {
            assert_eq!(cover_numbers(kept), kept);
        }
    }

    #[test]
    fn a_name_is_covered_inside_of_a_text_and_the_longer_one_first() {
        let names = Names(vec!["欧阳小明".to_owned(), "小明".to_owned()]);
        assert_eq!(names.cover("欧阳小明到场，小明签字"), "欧***到场，小*签字");
    }
}
