//! The last resort of matching: letters in their order, with gaps.
//!
//! Only behind everything else and never for digits: as a subsequence four digits occur in most
//! ID numbers. The home of `fuzzy-matcher`.

use std::ops::Range;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use crate::spell::fold::fold;
use crate::spell::reading::Speller;
use crate::spell::term::Term;

/// The fewest characters of a word that is worth a fuzzy look: two Chinese ones or three letters.
const CHARS_MIN: usize = 2;
const LETTERS_MIN: usize = 3;

/// Characters that match must not lie further apart than this many times their number.
const SPREAD_MAX: usize = 3;

/// A fuzzy match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loose {
    /// The better, the more; comparable only between texts for one word.
    pub score: u32,
    /// The characters that matched, as ranges of characters of the text.
    pub marks: Vec<Range<usize>>,
}

/// The matcher with the buffers that it reuses from text to text.
pub struct Fuzzy {
    matcher: SkimMatcherV2,
    letters: String,
    // For each character of `letters` the character of the text that it spells.
    homes: Vec<usize>,
}

impl Default for Fuzzy {
    fn default() -> Self {
        Self::new()
    }
}

impl Fuzzy {
    /// A matcher with empty buffers.
    pub fn new() -> Self {
        Self {
            matcher: SkimMatcherV2::default().ignore_case(),
            letters: String::new(),
            homes: Vec::new(),
        }
    }

    /// Whether a word may be looked for loosely at all.
    pub fn takes(term: &Term) -> bool {
        let n_least = if term.text().is_ascii() { LETTERS_MIN } else { CHARS_MIN };
        term.chars().len() >= n_least && !term.chars().iter().any(char::is_ascii_digit)
    }

    /// Looks for a word in the characters of a text and in its pinyin.
    pub fn look(
        &mut self,
        term: &Term,
        speller: &Speller,
        text: impl Iterator<Item = char> + Clone,
    ) -> Option<Loose> {
        let is_latin = term.text().is_ascii();
        let surname = if is_latin { speller.surname(text.clone()) } else { [None, None] };
        let spelled = text.enumerate().map(|(nth, char)| {
            let special = surname.get(nth).copied().flatten();
            let readings = special.unwrap_or_else(|| speller.readings(char));
            match readings.all().first() {
                Some(first) if is_latin => Spelled::Letters(speller.letters(*first)),
                _ => Spelled::Char(fold(char)),
            }
        });
        // The matcher sets up a good deal before it sees that the letters are not all there.
        if !are_in_order(term.chars(), spelled.clone()) {
            return None;
        }
        self.letters.clear();
        self.homes.clear();
        for (nth, spelled) in spelled.enumerate() {
            match spelled {
                Spelled::Letters(letters) => {
                    self.letters.push_str(letters);
                    self.homes.extend(std::iter::repeat_n(nth, letters.len()));
                }
                Spelled::Char(char) => {
                    self.letters.push(char);
                    self.homes.push(nth);
                }
            }
        }
        let (score, indices) = self.matcher.fuzzy_indices(&self.letters, term.text())?;
        let mut chars: Vec<usize> =
            indices.iter().filter_map(|at| self.homes.get(*at).copied()).collect();
        chars.dedup();
        let spread = chars.last()? - chars.first()? + 1;
        if spread > SPREAD_MAX * chars.len() {
            return None;
        }
        Some(Loose { score: u32::try_from(score).unwrap_or(0), marks: join(&chars) })
    }
}

/// A character of a text as it is looked at: by its reading, or as it is.
#[derive(Clone, Copy)]
enum Spelled<'a> {
    Letters(&'a str),
    Char(char),
}

/// Whether all characters of a word stand in a text in their order.
fn are_in_order<'a>(word: &[char], text: impl Iterator<Item = Spelled<'a>>) -> bool {
    let mut rest = word;
    let mut take = |letter: char| {
        if let Some(behind) = rest.strip_prefix(&[letter]) {
            rest = behind;
        }
        rest.is_empty()
    };
    for spelled in text {
        let is_done = match spelled {
            Spelled::Letters(letters) => letters.bytes().any(|letter| take(char::from(letter))),
            Spelled::Char(char) => take(char),
        };
        if is_done {
            return true;
        }
    }
    false
}

/// Numbers in rising order as ranges; neighbours become one range.
fn join(chars: &[usize]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for char in chars {
        match ranges.last_mut() {
            Some(last) if last.end == *char => last.end = char + 1,
            _ => ranges.push(*char..char + 1),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::{Fuzzy, Loose};
    use crate::spell::reading::Speller;
    use crate::spell::term::Term;

    fn look(word: &str, text: &str) -> Option<Loose> {
        Fuzzy::new().look(&Term::parse(&Speller::new(), word)[0], &Speller::new(), text.chars())
    }

    #[test]
    fn characters_with_a_gap_are_found_and_marked() {
        let found = look("张家庄征地", "张家庄村征地补偿").expect("found");
        assert_eq!(found.marks, [0..3, 4..6]);
    }

    #[test]
    fn pinyin_with_a_letter_left_out_is_found_and_marked_by_character() {
        let found = look("zangsan", "张三反映").expect("found");
        assert_eq!(found.marks, vec![0..2]);
    }

    #[test]
    fn letters_strewn_over_a_long_text_are_no_match() {
        assert_eq!(look("地偿", "征地以后一直没有得到任何答复和补偿"), None);
    }

    #[test]
    fn digits_and_single_letters_are_never_looked_for_loosely() {
        for (word, takes) in
            [("9912", false), ("w", false), ("wx", false), ("wxm", true), ("征地", true)]
        {
            assert_eq!(Fuzzy::takes(&Term::parse(&Speller::new(), word)[0]), takes, "{word}");
        }
    }
}
