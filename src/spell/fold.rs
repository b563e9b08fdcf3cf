//! Folding: what the input method types in full width means its ASCII twin.
//!
//! INVARIANT: folding keeps the count of characters, so that a range found in a folded text is a
//! range of the shown one.

/// The most words of one query that count; what is typed after them is not looked at.
pub const WORDS_MAX: usize = 16;

/// The most characters of a word; a longer one becomes several words that must all match.
pub const WORD_CHARS_MAX: usize = 48;

/// A letter in lower case, a full-width sign as its ASCII twin, anything else as it is.
pub fn fold(char: char) -> char {
    match char {
        'A'..='Z' => char.to_ascii_lowercase(),
        '\0'..='\u{7f}' | '\u{3400}'..='\u{9fff}' => char,
        '\u{ff01}'..='\u{ff5e}' => half_width(char).to_ascii_lowercase(),
        '\u{3000}' => ' ',
        _ => {
            let mut lower = char.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(only), None) => only,
                _ => char,
            }
        }
    }
}

/// The ASCII twin of a full-width letter, digit or sign; any other character as it is.
pub fn half_width(char: char) -> char {
    match char {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(char) - 0xfee0).unwrap_or(char),
        _ => char,
    }
}

/// The words of a query, folded: split at everything that is neither a letter nor a digit.
///
/// A printed number such as `2026-0123` becomes two words, which is how its parts are found.
pub fn words(query: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut n_chars = 0;
    for char in query.chars().map(fold) {
        if !char.is_alphanumeric() {
            n_chars = 0;
            continue;
        }
        if n_chars == 0 || n_chars == WORD_CHARS_MAX {
            if words.len() == WORDS_MAX {
                break;
            }
            words.push(String::new());
            n_chars = 0;
        }
        if let Some(word) = words.last_mut() {
            word.push(char);
        }
        n_chars += 1;
    }
    words
}

/// Whether a character inside a text may be passed over: the dot and the padding in names such
/// as `阿卜杜·热合曼` and `王　明` are not typed.
pub fn is_passed_over(char: char) -> bool {
    matches!(char, '\u{b7}' | '\u{2022}' | '\u{2027}' | '\u{30fb}' | '\u{3000}' | ' ' | '\u{a0}')
}

#[cfg(test)]
mod tests {
    use super::{WORDS_MAX, fold, words};

    #[test]
    fn full_width_letters_and_digits_mean_their_ascii_twins() {
        assert_eq!(words("ＷＸＭ　１３８"), ["wxm", "138"]);
        assert_eq!("Ｗｘ１－".chars().map(fold).collect::<String>(), "wx1-");
    }

    #[test]
    fn a_printed_number_and_a_sentence_fall_into_words() {
        assert_eq!(words("XF-2026-000123"), ["xf", "2026", "000123"]);
        assert_eq!(words("王小明，征地。"), ["王小明", "征地"]);
        assert_eq!(words(" \t·——"), Vec::<String>::new());
    }

    #[test]
    fn a_pasted_page_gives_a_bounded_count_of_words() {
        assert_eq!(words(&"征地 ".repeat(1000)).len(), WORDS_MAX);
        let lengths: Vec<_> = words(&"地".repeat(100)).iter().map(|w| w.chars().count()).collect();
        assert_eq!(lengths, [48, 48, 4]);
    }
}
