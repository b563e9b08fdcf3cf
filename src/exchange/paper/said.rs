//! What stands for a placeholder, as an official letter writes it: days, articles, words.
//!
//! Papers are in Chinese, whatever language the screen has.

use chrono::{Datelike, NaiveDate};

use crate::api::paper::Said;
use crate::locale::{self, Lang};

/// The text of a value.
pub fn text(said: &Said) -> String {
    match said {
        Said::Text(text) => text.clone(),
        Said::Word(key) => locale::text(Lang::Zh, key),
        Said::Day(on) => day(*on),
        Said::Provisional(on) => locale::fill(Lang::Zh, "paper.provisional", &[("day", day(*on))]),
        Said::Count(count) => count.to_string(),
        Said::Basis(article) => basis(article),
    }
}

/// A day as letters write it: without zeros in front.
pub fn day(on: NaiveDate) -> String {
    let args = [
        ("year", on.year().to_string()),
        ("month", on.month().to_string()),
        ("day", on.day().to_string()),
    ];
    locale::fill(Lang::Zh, "paper.day", &args)
}

/// An article such as `23(3)`, cited in full; what is none is left as it is.
pub fn basis(article: &str) -> String {
    let mut parts = article.split('(').map(|part| part.trim_end_matches(')'));
    let Some(number) = parts.next().and_then(|part| part.parse().ok()) else {
        return article.to_owned();
    };
    let mut text = locale::fill(Lang::Zh, "paper.article", &[("n", numeral(number))]);
    for (depth, part) in parts.enumerate() {
        // Article 31 lists its items without paragraphs.
        let is_item = depth > 0 || number == ITEMS_ONLY;
        let key = if is_item { "paper.item" } else { "paper.paragraph" };
        let n = roman(part).or_else(|| part.parse().ok()).map_or(part.to_owned(), numeral);
        text.push_str(&locale::fill(Lang::Zh, key, &[("n", n)]));
    }
    text
}

/// The article whose items stand directly below it.
const ITEMS_ONLY: u32 = 31;

fn roman(text: &str) -> Option<u32> {
    ["i", "ii", "iii", "iv", "v", "vi"].iter().position(|own| *own == text).map(|at| at as u32 + 1)
}

/// A number below a hundred in Chinese characters.
fn numeral(number: u32) -> String {
    let digits: Vec<char> = locale::text(Lang::Zh, "paper.digits").chars().collect();
    let digit = |at: u32| digits.get(at as usize).copied().unwrap_or_default().to_string();
    let ten = digit(10);
    match (number / 10, number % 10) {
        (0, ones) => digit(ones),
        (1, 0) => ten,
        (1, ones) => ten + &digit(ones),
        (tens @ 2..=9, 0) => digit(tens) + &ten,
        (tens @ 2..=9, ones) => digit(tens) + &ten + &digit(ones),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{basis, day};

    #[test]
    fn a_day_and_an_article_are_written_as_letters_write_them() {
        assert_eq!(day("2026-11-28".parse().unwrap()), "2026年11月28日");
        assert_eq!(day("2026-01-05".parse().unwrap()), "2026年1月5日");
        assert_eq!(basis("34"), "《信访工作条例》第三十四条");
        assert_eq!(basis("23(3)"), "《信访工作条例》第二十三条第三款");
        assert_eq!(basis("31(6)"), "《信访工作条例》第三十一条第六项");
        assert_eq!(basis("22(1)(iii)"), "《信访工作条例》第二十二条第一款第三项");
        assert_eq!(basis("某省条例12"), "某省条例12");
    }
}
