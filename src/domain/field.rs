//! What a field may hold: parse, check and print one value.
//!
//! A value is JSON, as it stands in a record. A text that is not a value is refused with the key of
//! a reason (`wrong.KEY` in the catalogue); it is never repaired where a repair could hide something.

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use serde_json::Value;

use crate::domain::choice::Choice;
use crate::domain::ids::Kind;
use crate::domain::person;
use crate::domain::text::{Lines, clean, half_width};

/// The most characters of a text of many lines.
pub const TEXT_MAX: usize = 20_000;
/// The most characters of a name.
const NAME_MAX: usize = 60;
/// The earliest year that a date may have.
const YEAR_MIN: i32 = 1949;
/// The latest year that a date may have.
const YEAR_MAX: i32 = 2199;

/// What a field may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of at most so many characters.
    Line {
        /// The most characters.
        most: usize,
    },
    /// Many lines of at most [`TEXT_MAX`] characters.
    Text,
    /// A name: one line without anything that hides.
    Name,
    /// A telephone number.
    Phone,
    /// An ID number with its check character (GB 11643).
    IdNumber,
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// A whole number.
    Count {
        /// The least value.
        least: u32,
        /// The greatest value.
        most: u32,
    },
    /// One word of a closed list.
    OneOf(Choice),
    /// Several words of a closed list.
    SomeOf(Choice),
    /// Another record.
    Link(Kind),
    /// Several other records.
    Links(Kind),
    /// Yes or not set.
    Flag,
    /// Kept by rules alone; never typed.
    Inner,
}

/// Why a text is not a value.
pub type Why = &'static str;

impl FieldKind {
    /// The value of a typed text; `Null` if the text is empty.
    ///
    /// Dates may be typed short (`1015`, `10.15`, `-3`) and then count from `today`.
    ///
    /// # Errors
    /// The key of the reason.
    pub fn parse(&self, text: &str, today: NaiveDate) -> Result<Value, Why> {
        let lines = if *self == Self::Text { Lines::Many } else { Lines::One };
        let cleaned = clean(text, lines);
        if cleaned.text.is_empty() {
            return Ok(Value::Null);
        }
        let text = cleaned.text;
        match self {
            Self::Line { most } => within(text, *most),
            Self::Text => within(text, TEXT_MAX),
            Self::Name if cleaned.n_dropped > 0 => Err("hidden_characters"),
            Self::Name => within(text, NAME_MAX),
            Self::Phone => phone(&text),
            Self::IdNumber => id_number(&text),
            Self::Date => parse_date(&text, today).map(|date| Value::from(date.to_string())),
            Self::Time => time(&text),
            Self::Count { least, most } => count(&text, *least, *most),
            Self::OneOf(choice) => one_of(*choice, &text).map(Value::from),
            Self::SomeOf(choice) => split(&text)
                .map(|word| one_of(*choice, word).map(Value::from))
                .collect::<Result<Vec<_>, _>>()
                .map(Value::from),
            Self::Link(_) => link(&text).map(Value::from),
            Self::Links(_) => split(&text)
                .map(|word| link(word).map(Value::from))
                .collect::<Result<Vec<_>, _>>()
                .map(Value::from),
            Self::Flag => flag(&text),
            Self::Inner => Err("not_typed"),
        }
    }

    /// The text of a value as a form holds it: the inverse of [`FieldKind::parse`].
    pub fn format(&self, value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            Value::Array(values) => {
                values.iter().map(|value| self.format(value)).collect::<Vec<_>>().join(" ")
            }
            Value::Bool(yes) => if *yes { "yes" } else { "" }.to_owned(),
            other => other.to_string(),
        }
    }
}

/// Reads a date as clerks write it: `2026-10-15`, `2026.10.15`, `2026/10/15`, with the Chinese
/// characters for year, month and day, `20261015`; short forms (`10-15`, `1015`, `today`, `-3`,
/// `+5`) count from `today`. Full-width digits are folded.
///
/// # Errors
/// `bad_date` if it is no date, `no_such_day` if the calendar lacks the day.
pub fn parse_date(text: &str, today: NaiveDate) -> Result<NaiveDate, Why> {
    let text = half_width(text);
    let text = text.trim();
    if text == "today" || text == "\u{4eca}\u{5929}" {
        return Ok(today);
    }
    if let Some(days) = text.strip_prefix('+') {
        let days = days.parse().map_err(|_| "bad_date")?;
        return in_years(today.checked_add_days(Days::new(days)));
    }
    if let Some(days) = text.strip_prefix('-') {
        let days = days.parse().map_err(|_| "bad_date")?;
        return in_years(today.checked_sub_days(Days::new(days)));
    }
    let parts: Vec<&str> = text
        .split(['-', '.', '/', '\u{5e74}', '\u{6708}', '\u{65e5}', ' '])
        .filter(|part| !part.is_empty())
        .collect();
    if !parts.iter().all(|part| part.len() <= 8 && part.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err("bad_date");
    }
    let number = |part: &str| part.parse::<u32>().map_err(|_| "bad_date");
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
            (number(year)?, number(month)?, number(day)?)
        }
        [month, day] if month.len() <= 2 && day.len() <= 2 => {
            (today.year().unsigned_abs(), number(month)?, number(day)?)
        }
        [whole] if whole.len() == 8 => {
            let whole = number(whole)?;
            (whole / 10_000, whole / 100 % 100, whole % 100)
        }
        [whole] if whole.len() == 4 => {
            let whole = number(whole)?;
            (today.year().unsigned_abs(), whole / 100, whole % 100)
        }
        _ => return Err("bad_date"),
    };
    let year = i32::try_from(year).map_err(|_| "bad_date")?;
    in_years(NaiveDate::from_ymd_opt(year, month, day))
}

fn in_years(date: Option<NaiveDate>) -> Result<NaiveDate, Why> {
    date.filter(|date| (YEAR_MIN..=YEAR_MAX).contains(&date.year())).ok_or("no_such_day")
}

fn within(text: String, most: usize) -> Result<Value, Why> {
    if text.chars().count() > most { Err("too_long") } else { Ok(Value::from(text)) }
}

fn phone(text: &str) -> Result<Value, Why> {
    let folded = half_width(text);
    let plain = folded.trim_start_matches('\'');
    let n_digits = plain.bytes().filter(u8::is_ascii_digit).count();
    let fits = plain.chars().all(|char| char.is_ascii_digit() || "-+() /,;".contains(char));
    if plain.len() > 40 || n_digits < 3 || !fits {
        return Err("bad_phone");
    }
    Ok(Value::from(plain.trim()))
}

fn id_number(text: &str) -> Result<Value, Why> {
    let plain = half_width(text).trim_start_matches('\'').trim().to_ascii_uppercase();
    if plain.len() != 18 {
        return Err("bad_id_length");
    }
    if !person::is_id_number(&plain) {
        return Err("bad_id_check");
    }
    Ok(Value::from(plain))
}

fn time(text: &str) -> Result<Value, Why> {
    let folded = half_width(text);
    NaiveTime::parse_from_str(&folded, "%H:%M:%S")
        .or_else(|_| NaiveTime::parse_from_str(&folded, "%H:%M"))
        .map(|time| Value::from(time.format("%H:%M:%S").to_string()))
        .map_err(|_| "bad_time")
}

fn count(text: &str, least: u32, most: u32) -> Result<Value, Why> {
    let number: u32 = half_width(text).parse().map_err(|_| "not_a_number")?;
    if (least..=most).contains(&number) { Ok(Value::from(number)) } else { Err("out_of_range") }
}

fn one_of(choice: Choice, text: &str) -> Result<&'static str, Why> {
    choice.words.iter().find(|word| **word == text).copied().ok_or("not_in_list")
}

fn link(text: &str) -> Result<u64, Why> {
    text.parse().map_err(|_| "no_such_record")
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', ',']).filter(|word| !word.is_empty())
}

fn flag(text: &str) -> Result<Value, Why> {
    match text {
        "yes" | "y" | "true" | "1" | "\u{662f}" => Ok(Value::Bool(true)),
        "no" | "n" | "false" | "0" | "\u{5426}" => Ok(Value::Null),
        _ => Err("not_yes_or_no"),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use serde_json::{Value, json};

    use super::{FieldKind, parse_date};

    fn day(text: &str) -> NaiveDate {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
    }

    #[test]
    fn a_date_is_read_in_every_form_that_clerks_write() {
        let today = day("2026-10-20");
        for text in [
            "2026-10-15",
            "2026.10.15",
            "2026/10/15",
            "2026年10月15日",
            "２０２６.10.15",
            "20261015",
            "1015",
            "10.15",
            "10月15日",
            "-5",
        ] {
            assert_eq!(parse_date(text, today), Ok(day("2026-10-15")), "{text}");
        }
        assert_eq!(parse_date("今天", today), Ok(today));
        assert_eq!(parse_date("+3", today), Ok(day("2026-10-23")));
    }

    #[test]
    fn the_thirty_first_of_february_is_refused_with_its_reason() {
        let today = day("2026-10-20");
        assert_eq!(parse_date("2026-02-31", today), Err("no_such_day"));
        assert_eq!(parse_date("26-10-15", today), Err("bad_date"));
        assert_eq!(parse_date("明天再说", today), Err("bad_date"));
        assert_eq!(parse_date("+99999999999", today), Err("no_such_day"));
    }

    #[test]
    fn an_id_number_is_normalised_and_a_wrong_check_digit_refused() {
        let today = day("2026-10-20");
        let kind = FieldKind::IdNumber;
        assert_eq!(kind.parse("'11010519491231002x", today), Ok(json!("11010519491231002X")));
        assert_eq!(
            kind.parse("１１０１０５１９４９１２３１００２Ｘ", today),
            Ok(json!("11010519491231002X"))
        );
        assert_eq!(kind.parse("110105194912310021", today), Err("bad_id_check"));
        assert_eq!(kind.parse("", today), Ok(Value::Null));
    }

    #[test]
    fn a_name_with_hidden_characters_is_refused_and_a_text_is_cleaned() {
        let today = day("2026-10-20");
        assert_eq!(FieldKind::Name.parse("张\u{202e}三", today), Err("hidden_characters"));
        assert_eq!(
            FieldKind::Text.parse("\n\t路灯\u{a0}不亮\u{200b}\n", today),
            Ok(json!("路灯 不亮"))
        );
    }
}
