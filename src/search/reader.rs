//! Reading long texts through the caller, so many and no more, to see whether a word that may
//! stand in one does, and to cut out the place where it stands.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::domain::ids::RecordRef;
use crate::spell::fold::fold;
use crate::spell::term::Term;

/// The most long texts that one search reads.
pub const READS_MAX: usize = 128;

/// Characters shown before and behind the word that was found.
const EXCERPT_CHARS: usize = 16;

/// The texts read so far in one search.
pub struct Reader<F> {
    read: F,
    texts: BTreeMap<RecordRef, Vec<char>>,
    n_reads: usize,
}

/// A piece of a long text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The piece, on one line.
    pub text: String,
    /// The characters of it that fit.
    pub chars: Range<usize>,
}

impl<F: FnMut(RecordRef) -> Option<String>> Reader<F> {
    /// A reader that asks the caller for a record's long texts, joined by line breaks.
    pub const fn new(read: F) -> Self {
        Self { read, texts: BTreeMap::new(), n_reads: 0 }
    }

    /// Whether another text may be read.
    pub const fn may_read(&self) -> bool {
        self.n_reads < READS_MAX
    }

    /// Whether all of these words stand in a record's long texts.
    pub fn holds<'t>(
        &mut self,
        record: RecordRef,
        mut terms: impl Iterator<Item = &'t Term>,
    ) -> bool {
        self.text(record).is_some_and(|text| terms.all(|term| place(text, term).is_some()))
    }

    /// The piece of a record's long texts around a word.
    pub fn excerpt(&mut self, record: RecordRef, term: &Term) -> Option<Excerpt> {
        let text = self.text(record)?;
        let at = place(text, term)?;
        let from = at.saturating_sub(EXCERPT_CHARS);
        let end = (at + term.chars().len() + EXCERPT_CHARS).min(text.len());
        let piece = text.get(from..end)?.iter();
        let text = piece.map(|char| if char.is_control() { ' ' } else { *char }).collect();
        Some(Excerpt { text, chars: at - from..at - from + term.chars().len() })
    }

    fn text(&mut self, record: RecordRef) -> Option<&Vec<char>> {
        if !self.texts.contains_key(&record) {
            if !self.may_read() {
                return None;
            }
            self.n_reads += 1;
            let text = (self.read)(record).unwrap_or_default();
            self.texts.insert(record, text.chars().collect());
        }
        self.texts.get(&record)
    }
}

fn place(text: &[char], term: &Term) -> Option<usize> {
    let word = term.chars();
    let is_word = |part: &[char]| part.iter().zip(word).all(|(a, b)| fold(*a) == *b);
    text.windows(word.len().max(1)).position(is_word)
}

#[cfg(test)]
mod tests {
    use super::{READS_MAX, Reader};
    use crate::domain::ids::{Kind, RecordRef};
    use crate::spell::reading::Speller;
    use crate::spell::term::Term;

    fn case(id: u64) -> RecordRef {
        RecordRef { kind: Kind::Case, id }
    }

    #[test]
    fn an_excerpt_shows_the_word_with_what_stands_around_it() {
        let text = format!("{}夜间施工\n噪音扰民{}", "前".repeat(50), "后".repeat(50));
        let mut reader = Reader::new(|_| Some(text.clone()));
        let found =
            reader.excerpt(case(1), &Term::parse(&Speller::new(), "噪音")[0]).expect("found");
        let marked: String =
            found.text.chars().skip(found.chars.start).take(found.chars.len()).collect();
        assert_eq!(marked, "噪音");
        assert!(found.text.contains("夜间施工 噪音扰民") && found.text.chars().count() <= 34);
    }

    #[test]
    fn one_search_reads_no_more_than_its_limit() {
        let mut n_reads = 0;
        let mut reader = Reader::new(|_| {
            n_reads += 1;
            None
        });
        let terms = Term::parse(&Speller::new(), "噪音");
        for id in 0..1_000 {
            assert!(!reader.holds(case(id), terms.iter()));
        }
        assert!(!reader.may_read());
        assert_eq!(n_reads, READS_MAX);
    }
}
