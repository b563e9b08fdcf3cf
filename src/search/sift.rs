//! A question that is asked once: which records could be part of its answer at all.
//!
//! Whoever asks only once need not index everything: an index of what passes here gives the same
//! answer. Masks and long texts are tested as the scan tests them, so that loose matching, too,
//! looks at the same rows.
//! INVARIANT: what is left out here fits no word of the query, not even by its mask.

use crate::search::entry::{Entry, FieldTag};
use crate::search::mask;
use crate::search::query::Query;
use crate::search::row::{Draft, chars};
use crate::spell::reading::{Speller, is_han};
use crate::spell::spoken;
use crate::spell::term::Term;

/// The words of a query, ready to be held against entries.
#[derive(Debug)]
pub struct Sift {
    speller: Speller,
    /// The words as they were typed, and those of the question without what only asks.
    questions: Vec<Vec<Word>>,
}

#[derive(Debug)]
struct Word {
    mask: u64,
    // As it stands in a number.
    text: String,
    // What a long text must hold; none if the word is not looked for in long texts.
    han: Option<Vec<char>>,
}

impl Sift {
    /// A sift for a query.
    pub fn new(query: &Query) -> Self {
        let speller = Speller::new();
        let word = |term: Term| {
            let chars = term.chars();
            let han: Vec<char> = chars.iter().copied().filter(|char| is_han(*char)).collect();
            let is_text = !han.is_empty() && !chars.iter().any(char::is_ascii_alphabetic);
            Word {
                mask: mask::of_term(&speller, &term),
                text: term.text().to_owned(),
                han: Some(han).filter(|_| is_text),
            }
        };
        let texts = [Some(query.text.clone()), spoken::plain(&query.text)];
        let questions = texts
            .into_iter()
            .flatten()
            .map(|text| Term::parse(&speller, &text).into_iter().map(word).collect::<Vec<_>>());
        let questions = questions.collect();
        Self { speller, questions }
    }

    /// Whether an entry could be part of the answer.
    pub fn may_hold(&self, entry: &Entry) -> bool {
        let draft = Draft::of(&entry.fields);
        let own = mask::of_text(&self.speller, chars(&draft.spoken));
        let place = draft.place.as_deref().unwrap_or_default();
        let place = mask::of_text(&self.speller, place.chars());
        let texts = entry.fields.iter().filter(|(tag, _)| *tag == FieldTag::Text);
        let fits = |word: &Word| {
            own & word.mask == word.mask
                || place & word.mask == word.mask
                || holds(&draft.codes, &word.text)
                || holds(&draft.privates, &word.text)
                || word.han.as_ref().is_some_and(|han| {
                    han.iter().all(|char| texts.clone().any(|(_, text)| text.contains(*char)))
                })
        };
        self.questions.iter().any(|words| words.iter().all(fits))
    }
}

/// Whether a folded word stands in printed fields, in either case.
fn holds(printed: &str, word: &str) -> bool {
    let (bytes, word) = (printed.as_bytes(), word.as_bytes());
    bytes.windows(word.len().max(1)).any(|part| part.eq_ignore_ascii_case(word))
}
