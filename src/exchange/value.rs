//! A cell as the text of a field, in the form that the field table understands.
//!
//! What can be read in one way only is brought into that form. What can be read in two ways, or
//! has lost something on its way through a spreadsheet, is refused with the key of the reason
//! (`wrong.KEY` in the catalogue) and keeps its text.

use chrono::{NaiveDateTime, NaiveTime};
use serde::Deserialize;

use crate::domain::text::{Lines, clean, half_width};
use crate::exchange::cell::{Cell, Epoch, serial_moment};
use crate::exchange::day::{in_years, parse_moment};

/// From here on a number has more digits than a spreadsheet keeps.
const EXACT_MAX: f64 = 1e15;
/// Serial numbers that are read as days: the years 1954 to 2119.
const SERIALS: std::ops::RangeInclusive<f64> = 20_000.0..=80_000.0;

/// How the cells of a column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// One line of text.
    Line,
    /// Text of many lines.
    Text,
    /// A name; hidden characters are refused.
    Name,
    /// A number that names something: digits and letters, never to be computed with.
    Code,
    /// Telephone numbers.
    Phone,
    /// An ID number.
    IdNumber,
    /// A day; a time of day behind it is left out.
    Date,
    /// A day, with its time of day if the cell has one.
    Moment,
    /// How many people or things.
    Count,
    /// One of a few words, which the table of columns translates.
    Choice,
}

/// The key of a reason.
pub type Why = &'static str;

/// The text of a cell for a field of this shape, or none if nothing visible stands there.
///
/// Days come as `2024-10-15`, moments as `2024-10-15 11:25:05`, counts as digits, everything else as cleaned text.
///
/// # Errors
/// The key of the reason.
pub fn field_text(cell: &Cell, shape: Shape, epoch: Epoch) -> Result<Option<String>, Why> {
    let text = match cell {
        Cell::Empty => return Ok(None),
        Cell::Error(_) => return Err("cell_error"),
        Cell::Long => return Err("too_long"),
        Cell::Bool(yes) => of_truth(*yes, shape)?,
        Cell::Number(number) => of_number(*number, shape, epoch)?,
        Cell::Date(moment) => of_moment(*moment, shape)?,
        Cell::Text(text) => return of_text(text, shape),
    };
    Ok(Some(text))
}

/// The text of a cell as a clerk sees it, for headers, totals and the list of refused rows.
pub fn shown_text(cell: &Cell) -> String {
    match cell {
        Cell::Empty | Cell::Long => String::new(),
        Cell::Text(text) => clean(text, Lines::Many).text,
        Cell::Number(number) => digits(*number),
        Cell::Date(moment) => moment_text(*moment),
        Cell::Bool(yes) => truth(*yes).to_owned(),
        Cell::Error(text) => clean(text, Lines::One).text,
    }
}

fn of_truth(yes: bool, shape: Shape) -> Result<String, Why> {
    match shape {
        Shape::Line | Shape::Text | Shape::Choice => Ok(truth(yes).to_owned()),
        Shape::Name | Shape::Code | Shape::Phone | Shape::IdNumber => Err("not_a_text"),
        Shape::Date | Shape::Moment => Err("bad_date"),
        Shape::Count => Err("not_a_number"),
    }
}

fn of_number(number: f64, shape: Shape, epoch: Epoch) -> Result<String, Why> {
    if !number.is_finite() {
        return Err("not_a_number");
    }
    if number.abs() >= EXACT_MAX {
        return Err("digits_lost");
    }
    let is_whole = number.fract() == 0.0 && number >= 0.0;
    match shape {
        Shape::Line | Shape::Text | Shape::Choice | Shape::Name => Ok(digits(number)),
        Shape::Code if number >= 0.0 => Ok(digits(number)),
        Shape::Phone | Shape::IdNumber | Shape::Count if is_whole => Ok(digits(number)),
        Shape::Code | Shape::Count => Err("not_a_number"),
        Shape::Phone => Err("bad_phone"),
        Shape::IdNumber => Err("bad_id_length"),
        Shape::Date => number_moment(number, epoch).map(|at| at.date().to_string()),
        Shape::Moment => number_moment(number, epoch).map(moment_text),
    }
}

/// A number in a column of days: a serial number, or eight digits; `1.10` could be 1 October as
/// well as 10 January, and has become 1.1 besides.
fn number_moment(number: f64, epoch: Epoch) -> Result<NaiveDateTime, Why> {
    if SERIALS.contains(&number) {
        return serial_moment(number, epoch).ok_or("no_such_day").and_then(in_years);
    }
    if number.fract() != 0.0 {
        return Err("date_ambiguous");
    }
    parse_moment(&digits(number))
}

fn of_moment(moment: NaiveDateTime, shape: Shape) -> Result<String, Why> {
    match shape {
        Shape::Date => in_years(moment).map(|at| at.date().to_string()),
        Shape::Moment => in_years(moment).map(moment_text),
        Shape::Line | Shape::Text => Ok(moment_text(moment)),
        // A number such as 3-1 that a spreadsheet took for a day cannot be told any more.
        Shape::Code | Shape::Phone | Shape::IdNumber => Err("became_date"),
        Shape::Count => Err("not_a_number"),
        Shape::Name | Shape::Choice => Err("not_a_text"),
    }
}

fn of_text(text: &str, shape: Shape) -> Result<Option<String>, Why> {
    let lines = if shape == Shape::Text { Lines::Many } else { Lines::One };
    let cleaned = clean(text, lines);
    if cleaned.text.is_empty() {
        return Ok(None);
    }
    let hides = cleaned.n_dropped > 0;
    let text = cleaned.text;
    let plain = || half_width(text.trim_start_matches(APOSTROPHES)).trim().to_owned();
    let value = match shape {
        Shape::Line | Shape::Text | Shape::Choice => unguarded(&text).to_owned(),
        Shape::Name | Shape::Code | Shape::Phone | Shape::IdNumber if hides => {
            return Err("hidden_characters");
        }
        Shape::Name => text,
        Shape::Code => exact(plain())?,
        Shape::Phone => exact(plain().replace('\u{3001}', ","))?,
        Shape::IdNumber => exact(plain())?.replace(' ', "").to_ascii_uppercase(),
        Shape::Date => parse_moment(&plain())?.date().to_string(),
        Shape::Moment => moment_text(parse_moment(&plain())?),
        Shape::Count => count(&plain())?,
    };
    Ok(Some(value).filter(|value| !value.is_empty()))
}

/// The signs with which clerks make a text of a number.
const APOSTROPHES: [char; 4] = ['\'', '\u{2018}', '\u{2019}', '\u{ff07}'];

/// The text without the apostrophe that keeps a spreadsheet from computing it.
fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => text,
    }
}

/// Refuses `3.20981E+17`: a number that was written out after its digits were lost.
fn exact(text: String) -> Result<String, Why> {
    let Some((front, power)) = text.split_once(['E', 'e']) else { return Ok(text) };
    let is_front = front.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_power = power.strip_prefix('+').is_some_and(|power| power.parse::<u32>().is_ok());
    if is_front && is_power && !front.is_empty() { Err("digits_lost") } else { Ok(text) }
}

/// A count with the word for persons, households or names behind it, or bare.
fn count(text: &str) -> Result<String, Why> {
    let bare = text.trim_end_matches(['\u{4eba}', '\u{6237}', '\u{540d}']).trim_end();
    let bare = bare.strip_suffix(".0").unwrap_or(bare);
    bare.parse::<u32>().map(|number| number.to_string()).map_err(|_| "not_a_number")
}

/// A number without exponent, with the fifteen digits that a spreadsheet shows.
fn digits(number: f64) -> String {
    if !number.is_finite() {
        return String::new();
    }
    if number.fract() == 0.0 || number.abs() >= EXACT_MAX {
        return format!("{number:.0}");
    }
    let n_whole = number.abs().log10().floor().max(0.0) as usize + 1;
    let text = format!("{number:.*}", 15_usize.saturating_sub(n_whole));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn moment_text(moment: NaiveDateTime) -> String {
    if moment.time() == NaiveTime::MIN {
        return moment.date().to_string();
    }
    moment.format("%Y-%m-%d %H:%M:%S").to_string()
}

const fn truth(yes: bool) -> &'static str {
    if yes { "TRUE" } else { "FALSE" }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, proptest};

    use super::{Shape, Why, field_text, shown_text};
    use crate::exchange::cell::{Cell, Epoch, serial_moment};

    fn text(value: &str, shape: Shape) -> Result<Option<String>, Why> {
        field_text(&Cell::Text(value.to_owned()), shape, Epoch::From1900)
    }

    fn number(value: f64, shape: Shape) -> Result<Option<String>, Why> {
        field_text(&Cell::Number(value), shape, Epoch::From1900)
    }

    fn is(value: &str) -> Result<Option<String>, Why> {
        Ok(Some(value.to_owned()))
    }

    #[test]
    fn an_id_number_is_normalised_and_never_rounded() {
        let id = "11010519491231002X";
        for given in [
            id,
            "'11010519491231002x",
            "１１０１０５１９４９１２３１００２Ｘ",
            "\u{3000}110105 19491231 002X ",
        ] {
            assert_eq!(text(given, Shape::IdNumber), is(id), "{given}");
        }
        assert_eq!(number(4.405_241_880_010_1e17, Shape::IdNumber), Err("digits_lost"));
        assert_eq!(text("4.40524E+17", Shape::IdNumber), Err("digits_lost"));
        assert_eq!(text("440524\u{200b}188001010014", Shape::IdNumber), Err("hidden_characters"));
        // The check character is judged where the field is.
        assert_eq!(text("110105194912310021", Shape::IdNumber), is("110105194912310021"));
    }

    #[test]
    fn a_phone_has_no_exponent_and_several_phones_stay_several() {
        assert_eq!(number(13_800_138_000.0, Shape::Phone), is("13800138000"));
        assert_eq!(text("１３８００１３８０００", Shape::Phone), is("13800138000"));
        assert_eq!(text("0317-123456、13800138000", Shape::Phone), is("0317-123456,13800138000"));
        assert_eq!(text("138****8000", Shape::Phone), is("138****8000"));
        assert_eq!(text("1.38E+10", Shape::Phone), Err("digits_lost"));
        assert_eq!(number(0.5, Shape::Phone), Err("bad_phone"));
    }

    #[test]
    fn infinity_and_what_is_no_number_are_refused_everywhere() {
        let shapes =
            [Shape::Line, Shape::Text, Shape::Code, Shape::Phone, Shape::Date, Shape::Count];
        for shape in shapes {
            for bad in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
                assert_eq!(number(bad, shape), Err("not_a_number"));
            }
        }
    }

    #[test]
    fn a_number_in_a_column_of_days_is_a_serial_number_or_ambiguous() {
        assert_eq!(number(45_580.0, Shape::Date), is("2024-10-15"));
        assert_eq!(number(45_580.5, Shape::Date), is("2024-10-15"));
        assert_eq!(number(20_241_015.0, Shape::Date), is("2024-10-15"));
        assert_eq!(number(1.1, Shape::Date), Err("date_ambiguous"));
        assert_eq!(number(2_024.1, Shape::Date), Err("date_ambiguous"));
        assert_eq!(number(20_240_231.0, Shape::Date), Err("no_such_day"));
        let old = field_text(&Cell::Number(44_118.0), Shape::Date, Epoch::From1904);
        assert_eq!(old, is("2024-10-15"));
    }

    #[test]
    fn a_true_date_is_a_day_in_its_column_and_a_loss_in_a_column_of_numbers() {
        let cell = Cell::Date(serial_moment(45_580.475_752_314_815, Epoch::From1900).unwrap());
        let read = |shape| field_text(&cell, shape, Epoch::From1900);
        assert_eq!(read(Shape::Date), is("2024-10-15"));
        assert_eq!(read(Shape::Moment), is("2024-10-15 11:25:05"));
        assert_eq!(read(Shape::Text), is("2024-10-15 11:25:05"));
        assert_eq!(read(Shape::Code), Err("became_date"));
        assert_eq!(shown_text(&cell), "2024-10-15 11:25:05");
    }

    #[test]
    fn a_moment_keeps_its_time_of_day_and_a_day_has_none() {
        assert_eq!(text("2019/2/28 11:25:05", Shape::Moment), is("2019-02-28 11:25:05"));
        assert_eq!(text("2019/2/28", Shape::Moment), is("2019-02-28"));
        assert_eq!(text("2019/2/28 11:25:05", Shape::Date), is("2019-02-28"));
        assert_eq!(number(45_580.5, Shape::Moment), is("2024-10-15 12:00:00"));
        assert_eq!(number(1.1, Shape::Moment), Err("date_ambiguous"));
    }

    #[test]
    fn a_text_is_cleaned_and_a_text_of_nothing_visible_is_empty() {
        assert_eq!(
            text("\n\t\t\n\u{3000}路灯\u{a0}不亮_x000D_\n请修\u{200b}", Shape::Text),
            is("路灯 不亮\n请修")
        );
        assert_eq!(text("\u{feff}\u{3000}\n", Shape::Text), Ok(None));
        assert_eq!(text("'=1+1", Shape::Line), is("=1+1"));
        assert_eq!(text("'引文", Shape::Line), is("'引文"));
    }

    #[test]
    fn a_name_that_hides_something_is_refused_and_not_repaired() {
        assert_eq!(text("张\u{202e}三", Shape::Name), Err("hidden_characters"));
        assert_eq!(text(" 尉迟\u{3000}恭 ", Shape::Name), is("尉迟 恭"));
    }

    #[test]
    fn a_count_may_carry_its_word() {
        assert_eq!(text("5人", Shape::Count), is("5"));
        assert_eq!(text("１２ 户", Shape::Count), is("12"));
        assert_eq!(number(5.0, Shape::Count), is("5"));
        assert_eq!(text("十余人", Shape::Count), Err("not_a_number"));
        assert_eq!(number(-1.0, Shape::Count), Err("not_a_number"));
    }

    #[test]
    fn a_spreadsheets_error_and_a_cell_that_is_too_long_are_refused() {
        let error = Cell::Error("#REF!".to_owned());
        assert_eq!(field_text(&error, Shape::Text, Epoch::From1900), Err("cell_error"));
        assert_eq!(field_text(&Cell::Long, Shape::Text, Epoch::From1900), Err("too_long"));
        assert_eq!(field_text(&Cell::Empty, Shape::Text, Epoch::From1900), Ok(None));
    }

    #[test]
    fn a_number_shows_the_digits_that_the_spreadsheet_shows() {
        assert_eq!(number(0.1 + 0.2, Shape::Line), is("0.3"));
        assert_eq!(number(188_006.0, Shape::Code), is("188006"));
        assert_eq!(number(-2.5, Shape::Line), is("-2.5"));
        assert_eq!(number(1e-20, Shape::Line), is("0"));
    }

    proptest! {
        #[test]
        fn no_cell_is_read_with_an_exponent(bits in any::<u64>()) {
            let cell = Cell::Number(f64::from_bits(bits));
            for shape in [Shape::Line, Shape::Code, Shape::Phone, Shape::IdNumber, Shape::Date] {
                if let Ok(Some(text)) = field_text(&cell, shape, Epoch::From1900) {
                    prop_assert!(text.chars().all(|char| char.is_ascii_digit() || "-.".contains(char)));
                }
            }
        }

        #[test]
        fn every_text_is_read_or_refused_without_a_fall(text in ".{0,40}") {
            for shape in [Shape::Line, Shape::Name, Shape::Phone, Shape::Date, Shape::Count] {
                let _ = field_text(&Cell::Text(text.clone()), shape, Epoch::From1900);
            }
        }
    }
}
