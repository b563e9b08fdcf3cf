//! How well a word can fit at the beginning of a text of common ideographs, whatever they are.

use crate::spell::term::Term;

/// What a word can be when no syllable of it is given by its initial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelling {
    /// The word is ideographs and syllables in full, but for its last syllable.
    pub is_full: bool,
    /// The most ideographs that the word can be and nothing else; zero if it cannot be any.
    pub n_whole: usize,
}

impl Term {
    /// What the word can be without initials.
    pub fn spelling(&self) -> Spelling {
        let n_chars = self.chars.len();
        // For each place the most ideographs that all before it can be; none if they cannot.
        let mut most: Vec<Option<usize>> = vec![None; n_chars + 1];
        let mut is_full = false;
        let reach = |most: &mut Vec<Option<usize>>, to: usize, n: usize| {
            if let Some(home) = most.get_mut(to) {
                *home = (*home).max(Some(n));
            }
        };
        reach(&mut most, 0, 0);
        for (at, char) in self.chars.iter().enumerate() {
            let Some(n) = most.get(at).copied().flatten() else { continue };
            if !char.is_ascii() {
                reach(&mut most, at + 1, n + 1);
            }
            for step in &self.steps {
                is_full |= step.end >> at & 1 == 1;
                if step.whole >> at & 1 == 1 {
                    reach(&mut most, at + step.n_letters as usize, n + 1);
                }
            }
        }
        let whole = most.last().copied().flatten();
        Spelling { is_full: is_full || whole.is_some(), n_whole: whole.unwrap_or(0) }
    }
}

#[cfg(test)]
mod tests {
    use super::Spelling;
    use crate::spell::pinyin::Sort;
    use crate::spell::reading::Speller;
    use crate::spell::term::{Grade, Term};
    use proptest::prelude::proptest;

    fn spelling(word: &str) -> (bool, usize) {
        let Spelling { is_full, n_whole } = Term::parse(&Speller::new(), word)[0].spelling();
        (is_full, n_whole)
    }

    #[test]
    fn a_word_is_read_as_syllables_wherever_it_can_be() {
        assert_eq!(spelling("wang"), (true, 1));
        assert_eq!(spelling("w"), (true, 0));
        assert_eq!(spelling("zs"), (false, 0));
        assert_eq!(spelling("xian"), (true, 3));
        assert_eq!(spelling("王xm"), (false, 0));
        assert_eq!(spelling("王小明"), (true, 3));
        assert_eq!(spelling("12"), (false, 0));
    }

    proptest! {
        #[test]
        fn no_text_of_ideographs_fits_better(
            word in "[王西安张zhangxiaew]{1,7}",
            text in "[王西安张单翟欧阿鹅先]{1,7}",
        ) {
            let speller = Speller::new();
            for term in Term::parse(&speller, &word) {
                let spelling = term.spelling();
                let Some(fit) = term.fit(&speller, &text, Sort::Name) else { continue };
                assert!(fit.grade < Grade::Prefix || spelling.is_full, "{word} {text}");
                let n_chars = text.chars().count();
                assert!(fit.grade < Grade::Exact || n_chars <= spelling.n_whole, "{word} {text}");
            }
        }
    }
}
