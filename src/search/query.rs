//! What is asked of the index, and what it answers.

use std::ops::Range;

use crate::domain::ids::{Kind, RecordRef};
use crate::search::entry::FieldTag;
use crate::spell::term::Grade;

/// The most hits of one answer.
pub const HITS_MAX: usize = 200;

/// Beyond so many it is only said that there are more: nobody reads the number, and counting costs
/// more than finding.
pub const COUNTED_MAX: usize = 1_000;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// What was typed; its words, at most `fold::WORDS_MAX`, must all fit.
    pub text: String,
    /// The kinds of record wanted; empty means all.
    pub kinds: Vec<Kind>,
    /// Fields in which this clerk may not search, not even to learn that something is there.
    pub barred: Vec<FieldTag>,
    /// How many hits are wanted, at most [`HITS_MAX`].
    pub most: usize,
    /// How far what fits is counted; at least to where nothing is looked for loosely any more.
    pub counted: usize,
}

impl Query {
    /// A question over all kinds and fields.
    pub fn new(text: &str, most: usize) -> Self {
        let (kinds, barred) = (Vec::new(), Vec::new());
        Self { text: text.to_owned(), kinds, barred, most, counted: COUNTED_MAX }
    }
}

/// Why a record was found: one mark a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The place of the field among the hit's fields.
    pub field: usize,
    /// The characters of that field to highlight.
    pub chars: Range<usize>,
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Which record.
    pub record: RecordRef,
    /// Its short fields as they are shown, in the order of their tags, unmasked: masking is the
    /// caller's duty. Barred ones are left out. A [`FieldTag::Text`] at the end is an excerpt of
    /// a long text.
    pub fields: Vec<(FieldTag, String)>,
    /// What to highlight.
    pub why: Vec<Why>,
    /// The grade of its poorest word.
    pub grade: Grade,
}

/// An answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The best hits, the best first; equals by kind, then what is under way before what is over,
    /// then the newer record first.
    pub hits: Vec<Hit>,
    /// How many visible records fit for certain, the hits among them, as far as was counted.
    pub total: usize,
    /// Whether more fit than were counted.
    pub is_more: bool,
    /// How many more may fit by their long text, which was not read: with any of them the total
    /// is shown as "at least".
    pub n_unread: usize,
}
