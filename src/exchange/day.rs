//! A day as old ledgers write it. Unlike a date box, a table has no today to complete it from, so
//! a day without its year is refused.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use crate::domain::text::half_width;
use crate::exchange::value::Why;

/// The earliest year that is read.
const YEAR_MIN: i32 = 1949;
/// The latest year that is read.
const YEAR_MAX: i32 = 2199;

const YEAR: char = '\u{5e74}';
const MONTH: char = '\u{6708}';
const DAY: char = '\u{65e5}';
const DAY_SPOKEN: char = '\u{53f7}';
const TEN: char = '\u{5341}';
/// The Chinese digits from zero to nine, and the two other signs for zero.
const DIGITS: &str =
    "\u{96f6}\u{4e00}\u{4e8c}\u{4e09}\u{56db}\u{4e94}\u{516d}\u{4e03}\u{516b}\u{4e5d}";
const ZEROS: [char; 2] = ['\u{3007}', '\u{25cb}'];

/// Reads `2024-10-15`, `2024.10.15`, `2024/1/5`, `20241015`, and the forms with the characters for
/// year, month and day, also in Chinese or full-width digits; a time of day may
/// stand behind it; without one it is midnight.
///
/// # Errors
/// `no_such_day`; `year_missing` and `day_missing`; `date_ambiguous` where the order of day, month
/// and year is open; `bad_date` for everything else.
pub fn parse_moment(text: &str) -> Result<NaiveDateTime, Why> {
    let text = from_chinese(&half_width(text));
    let (parts, rest) = split(text.trim());
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let number = |at: usize| parts.get(at).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    let (year, month, day) = match lengths.as_slice() {
        [8] => (number(0) / 10_000, number(0) / 100 % 100, number(0) % 100),
        [4, 1..=2, 1..=2] => (number(0), number(1), number(2)),
        [1..=2, 1..=2, 1..=2 | 4] => return Err("date_ambiguous"),
        [1..=2, 1..=2] => return Err("year_missing"),
        [4, 1..=2] | [6] => return Err("day_missing"),
        _ => return Err("bad_date"),
    };
    let time = parse_time(rest).ok_or("bad_date")?;
    let year = i32::try_from(year).map_err(|_| "bad_date")?;
    in_years(NaiveDate::from_ymd_opt(year, month, day).ok_or("no_such_day")?.and_time(time))
}

/// The moment, if its year is one that a ledger can hold.
///
/// # Errors
/// `no_such_day`.
pub fn in_years(moment: NaiveDateTime) -> Result<NaiveDateTime, Why> {
    if (YEAR_MIN..=YEAR_MAX).contains(&moment.year()) { Ok(moment) } else { Err("no_such_day") }
}

/// The groups of digits in front, at most three, and what stands behind them. Blanks may stand
/// around the mark between two groups.
fn split(text: &str) -> (Vec<&str>, &str) {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let end = rest.find(|char: char| !char.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, behind) = rest.split_at(end);
        if digits.is_empty() {
            break;
        }
        parts.push(digits);
        rest = behind.trim_start();
        let marked = rest.strip_prefix(['-', '.', '/', YEAR, MONTH]);
        match marked {
            Some(next) if parts.len() < 3 => rest = next.trim_start(),
            _ => break,
        }
    }
    (parts, rest.strip_prefix([DAY, DAY_SPOKEN]).unwrap_or(rest).trim())
}

/// A time of day; midnight if the text is empty.
fn parse_time(text: &str) -> Option<NaiveTime> {
    const HOUR: [char; 2] = ['\u{65f6}', '\u{70b9}'];
    const MINUTE: char = '\u{5206}';
    const SECOND: char = '\u{79d2}';
    let text = text.trim_start_matches('T').trim_end_matches('Z');
    if text.is_empty() {
        return Some(NaiveTime::MIN);
    }
    let text = text.replace(HOUR, ":").replace(MINUTE, ":").replace(SECOND, "");
    let text = text.trim_end_matches(':');
    let text = if text.contains(':') { text.to_owned() } else { format!("{text}:00") };
    ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|form| NaiveTime::parse_from_str(&text, form).ok())
}

/// The text with Chinese digits turned into others, if it is a day written in them.
fn from_chinese(text: &str) -> String {
    if !text.contains(YEAR) && !text.contains(MONTH) {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    for (at, char) in chars.iter().enumerate() {
        if *char == TEN {
            // Ten alone is 10, behind a digit it is a place, before a digit it is a one.
            let is_digit = |at: Option<usize>| {
                at.and_then(|at| chars.get(at)).and_then(|char| digit(*char)).is_some()
            };
            match (is_digit(at.checked_sub(1)), is_digit(at.checked_add(1))) {
                (true, true) => {}
                (true, false) => out.push('0'),
                (false, true) => out.push('1'),
                (false, false) => out.push_str("10"),
            }
        } else {
            out.push(digit(*char).unwrap_or(*char));
        }
    }
    out
}

fn digit(char: char) -> Option<char> {
    if ZEROS.contains(&char) {
        return Some('0');
    }
    let at = DIGITS.chars().position(|digit| digit == char)?;
    char::from_digit(u32::try_from(at).ok()?, 10)
}

#[cfg(test)]
mod tests {
    use super::{Why, parse_moment};

    fn parse_day(text: &str) -> Result<String, Why> {
        parse_moment(text).map(|at| at.date().to_string())
    }

    #[test]
    fn a_day_is_read_in_every_form_that_old_ledgers_hold() {
        for text in [
            "2024-10-15",
            "2024.10.15",
            "2024/10/15",
            "2024年10月15日",
            "2024年10月15号",
            "2024 年 10 月 15 日",
            "2024 . 10 - 15",
            "２０２４年１０月１５日",
            "２０２４．１０．１５",
            "二〇二四年十月十五日",
            "二○二四年十月十五日",
            "20241015",
            "2024/10/15 11:25:05",
            "2024-10-15 11:25",
            "2024-10-15T11:25:05",
            "2024-10-15 11:25:05.250",
            "2024年10月15日 9时5分",
            "2024年10月15日11点",
            "2024. 10. 15",
        ] {
            assert_eq!(
                parse_day(text).map(|day| day.to_string()),
                Ok("2024-10-15".into()),
                "{text}"
            );
        }
        for (text, day) in [
            ("2024/1/5", "2024-01-05"),
            ("二〇二四年二月二十九日", "2024-02-29"),
            ("二〇二三年十二月三十日", "2023-12-30"),
            ("2019/2/28 11:25:05", "2019-02-28"),
        ] {
            assert_eq!(parse_day(text), Ok(day.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_day_that_can_be_read_in_two_ways_is_refused() {
        for text in ["24.10.15", "10/15/2024", "15/10/24", "1-2-03"] {
            assert_eq!(parse_day(text), Err("date_ambiguous"), "{text}");
        }
    }

    #[test]
    fn a_day_without_year_or_day_is_refused_with_what_is_missing() {
        for text in ["10.15", "10月15日", "1/5", "十月十五日"] {
            assert_eq!(parse_day(text), Err("year_missing"), "{text}");
        }
        for text in ["2024.10", "2024年10月", "202410"] {
            assert_eq!(parse_day(text), Err("day_missing"), "{text}");
        }
    }

    #[test]
    fn the_thirty_first_of_february_is_no_day() {
        for text in ["2024-02-31", "2023年2月29日", "20240231", "2024-13-01", "1900-01-01"] {
            assert_eq!(parse_day(text), Err("no_such_day"), "{text}");
        }
    }

    #[test]
    fn two_days_or_a_day_with_words_are_refused() {
        for text in [
            "2024.10.15-10.20",
            "2024.10.15前",
            "待定",
            "",
            "2024-10-15 25:00",
            "2024-10-15-1",
            "15",
        ] {
            assert_eq!(parse_day(text), Err("bad_date"), "{text}");
        }
    }
}
