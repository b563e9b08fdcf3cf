//! Which long texts hold which Chinese characters, without keeping the texts.
//!
//! For each character the list of the texts that hold it: gaps as bytes, or one bit a text where
//! it is common. For 100,000 texts of 300 characters this is about nine megabytes. Rejected: a
//! Bloom filter of character pairs in that room lets one text in five through for a word like 噪音,
//! each to be read from the store; the texts packed take three times the room. Two characters of
//! a word that are both in a text mostly stand together there, and the caller's read decides.
//! INVARIANT: the rows of `docs` rise, and a row's text is appended when the row is.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::search::arena::{RowId, grow};
use crate::search::like::Pairs;
use crate::spell::reading::is_han;

const HAN_FIRST: u32 = 0x4e00;
const HAN_COUNT: usize = 0x5200;
const NONE: u32 = u32::MAX;

/// The long texts of all rows.
#[derive(Debug)]
pub struct Bodies {
    docs: Vec<Doc>,
    lists: Vec<List>,
    // The list of each common character; the others are looked up.
    common: Vec<u32>,
    rare: BTreeMap<char, usize>,
}

#[derive(Debug, Clone, Copy)]
struct Doc {
    row: RowId,
    hash: [u32; 2],
    // How many pairs of neighbouring characters it has, for what is like it.
    n_pairs: u16,
}

#[derive(Debug)]
enum List {
    Gaps { bytes: Vec<u8>, next: u32 },
    Bits(Vec<u64>),
}

/// A set of rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowSet {
    words: Vec<u64>,
}

impl RowSet {
    /// Whether a row is in the set.
    #[inline]
    pub fn has(&self, row: RowId) -> bool {
        self.words.get(row as usize / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// Whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Adds a row.
    #[inline]
    pub fn add(&mut self, row: RowId) {
        let at = row as usize / 64;
        if at >= self.words.len() {
            self.words.resize(at + 1, 0);
        }
        if let Some(word) = self.words.get_mut(at) {
            *word |= 1 << (row % 64);
        }
    }
}

impl Default for Bodies {
    fn default() -> Self {
        Self {
            docs: Vec::new(),
            lists: Vec::new(),
            common: vec![NONE; HAN_COUNT],
            rare: BTreeMap::new(),
        }
    }
}

impl Bodies {
    /// What is held even when there are no texts, in bytes.
    pub const FIXED_BYTES: usize = HAN_COUNT * size_of::<u32>();

    /// Appends the long texts of a row that was just appended; nothing if it has none.
    pub fn push(&mut self, row: RowId, texts: &[&str]) {
        if texts.is_empty() {
            return;
        }
        let doc = u32::try_from(self.docs.len()).unwrap_or(u32::MAX);
        let mut chars: Vec<char> =
            texts.iter().flat_map(|text| text.chars()).filter(|char| is_han(*char)).collect();
        chars.sort_unstable();
        chars.dedup();
        for char in chars {
            if let Some(list) = self.list_mut(char) {
                list.push(doc);
            }
        }
        grow(&mut self.docs);
        let n_pairs = u16::try_from(Pairs::of(&texts.join("\n")).len()).unwrap_or(u16::MAX);
        self.docs.push(Doc { row, hash: hash_of(texts), n_pairs });
    }

    /// Whether a row's long texts are these.
    pub fn is_same(&self, row: RowId, texts: &[&str]) -> bool {
        match self.docs.binary_search_by_key(&row, |doc| doc.row) {
            Ok(at) => self.docs.get(at).is_some_and(|doc| doc.hash == hash_of(texts)),
            Err(_) => texts.is_empty(),
        }
    }

    /// The rows whose long texts hold every Chinese character of a word.
    pub fn rows_with(&self, word: &[char]) -> RowSet {
        let mut lists = Vec::new();
        for char in word.iter().filter(|char| is_han(**char)) {
            match self.list(*char) {
                Some(list) => lists.push(list),
                None => return RowSet::default(),
            }
        }
        lists.sort_by_key(|list| list.weight());
        let mut rows = RowSet::default();
        let Some((rarest, others)) = lists.split_first() else { return rows };
        let mut docs = rarest.docs();
        for other in others {
            other.keep(&mut docs);
        }
        for doc in docs {
            if let Some(doc) = self.docs.get(doc as usize) {
                rows.add(doc.row);
            }
        }
        rows
    }

    /// For each row how many pairs of a text its long texts can have at most, where that is any, and
    /// how many pairs they have themselves. The rows of dead entries are among them.
    pub fn shared_at_most(&self, pairs: &Pairs) -> impl Iterator<Item = (RowId, usize, usize)> {
        let n_words = self.docs.len().div_ceil(64);
        let mut known: BTreeMap<char, Option<Vec<u64>>> = BTreeMap::new();
        for char in pairs.all().iter().flat_map(|(first, second)| [*first, *second]) {
            known.entry(char).or_insert_with(|| self.list(char).map(|list| list.bits(n_words)));
        }
        let bits = |char: &char| known.get(char).and_then(Option::as_ref);
        let mut n_shared: Vec<u16> = vec![0; self.docs.len()];
        for (first, second) in pairs.all() {
            let (Some(first), Some(second)) = (bits(first), bits(second)) else { continue };
            for ((first, second), docs) in first.iter().zip(second).zip(n_shared.chunks_mut(64)) {
                let mut open = first & second;
                while open != 0 {
                    if let Some(count) = docs.get_mut(open.trailing_zeros() as usize) {
                        *count += 1;
                    }
                    open &= open - 1;
                }
            }
        }
        let counted = n_shared.into_iter().zip(&self.docs).filter(|(count, _)| *count > 0);
        counted.map(|(count, doc)| (doc.row, usize::from(count), usize::from(doc.n_pairs)))
    }

    /// Follows the rows to their new places and drops the texts of dead ones.
    pub fn compact(&mut self, moved: &[Option<RowId>]) {
        let mut next = 0;
        let mut places = Vec::with_capacity(self.docs.len());
        self.docs.retain_mut(|doc| {
            let row = moved.get(doc.row as usize).copied().flatten();
            places.push(row.map(|_| next));
            if let Some(row) = row {
                doc.row = row;
                next += 1;
            }
            row.is_some()
        });
        for list in &mut self.lists {
            let mut kept = List::new();
            for doc in list.docs() {
                if let Some(place) = places.get(doc as usize).copied().flatten() {
                    kept.push(place);
                }
            }
            *list = kept;
        }
    }

    /// How many bytes are held.
    pub fn bytes(&self) -> usize {
        let lists: usize = self.lists.iter().map(|list| list.bytes() + size_of::<List>()).sum();
        lists + self.docs.capacity() * size_of::<Doc>()
    }

    fn list(&self, char: char) -> Option<&List> {
        let place = match common_place(char) {
            Some(nth) => self.common.get(nth).copied().filter(|place| *place != NONE)? as usize,
            None => *self.rare.get(&char)?,
        };
        self.lists.get(place)
    }

    fn list_mut(&mut self, char: char) -> Option<&mut List> {
        let place = match common_place(char) {
            Some(nth) => {
                let home = self.common.get_mut(nth)?;
                if *home == NONE {
                    *home = u32::try_from(self.lists.len()).ok()?;
                    self.lists.push(List::new());
                }
                *home as usize
            }
            None => *self.rare.entry(char).or_insert_with(|| {
                self.lists.push(List::new());
                self.lists.len() - 1
            }),
        };
        self.lists.get_mut(place)
    }
}

impl List {
    const fn new() -> Self {
        Self::Gaps { bytes: Vec::new(), next: 0 }
    }

    /// Appends a text that is newer than all before.
    fn push(&mut self, doc: u32) {
        match self {
            Self::Bits(words) => set_bit(words, doc),
            Self::Gaps { bytes, next } => {
                let mut gap = doc - *next;
                *next = doc + 1;
                while gap >= 0x80 {
                    grow(bytes);
                    bytes.push(u8::try_from(gap & 0x7f).unwrap_or(0) | 0x80);
                    gap >>= 7;
                }
                grow(bytes);
                bytes.push(u8::try_from(gap).unwrap_or(0));
                if bytes.len() > 64 && bytes.len() > doc as usize / 8 {
                    let mut words = Vec::new();
                    self.docs().into_iter().for_each(|doc| set_bit(&mut words, doc));
                    *self = Self::Bits(words);
                }
            }
        }
    }

    fn docs(&self) -> Vec<u32> {
        let mut docs = Vec::new();
        match self {
            Self::Bits(words) => {
                for (base, word) in (0_u32..).step_by(64).zip(words) {
                    let mut open = *word;
                    while open != 0 {
                        docs.push(base + open.trailing_zeros());
                        open &= open - 1;
                    }
                }
            }
            Self::Gaps { bytes, .. } => {
                let (mut next, mut gap, mut shift) = (0_u32, 0_u32, 0);
                for byte in bytes {
                    gap |= u32::from(byte & 0x7f) << shift;
                    shift += 7;
                    if byte & 0x80 == 0 {
                        docs.push(next + gap);
                        next += gap + 1;
                        (gap, shift) = (0, 0);
                    }
                }
            }
        }
        docs
    }

    /// One bit a text, for so many texts by sixty-four.
    fn bits(&self, n_words: usize) -> Vec<u64> {
        let mut words = match self {
            Self::Bits(words) => words.clone(),
            Self::Gaps { .. } => {
                let mut words = vec![0; n_words];
                self.docs().into_iter().for_each(|doc| set_bit(&mut words, doc));
                words
            }
        };
        words.resize(n_words, 0);
        words
    }

    /// Keeps of some texts in rising order those that the list holds.
    fn keep(&self, docs: &mut Vec<u32>) {
        match self {
            Self::Bits(words) => docs.retain(|doc| {
                words.get(*doc as usize / 64).is_some_and(|word| word >> (doc % 64) & 1 == 1)
            }),
            Self::Gaps { .. } => {
                let mut mine = self.docs().into_iter().peekable();
                docs.retain(|doc| {
                    while mine.next_if(|found| found < doc).is_some() {}
                    mine.peek() == Some(doc)
                });
            }
        }
    }

    /// Lists with less weight hold fewer texts.
    fn weight(&self) -> (u8, usize) {
        match self {
            Self::Gaps { bytes, .. } => (0, bytes.len()),
            Self::Bits(words) => (1, words.len()),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Gaps { bytes, .. } => bytes.capacity(),
            Self::Bits(words) => words.capacity() * size_of::<u64>(),
        }
    }
}

fn set_bit(words: &mut Vec<u64>, doc: u32) {
    let at = doc as usize / 64;
    while words.len() <= at {
        grow(words);
        words.push(0);
    }
    if let Some(word) = words.get_mut(at) {
        *word |= 1 << (doc % 64);
    }
}

fn common_place(char: char) -> Option<usize> {
    let nth = usize::try_from(u32::from(char).checked_sub(HAN_FIRST)?).ok()?;
    (nth < HAN_COUNT).then_some(nth)
}

fn hash_of(texts: &[&str]) -> [u32; 2] {
    let mut hasher = DefaultHasher::new();
    texts.hash(&mut hasher);
    let hash = hasher.finish();
    // Two halves instead of eight aligned bytes: a text costs twelve bytes, not sixteen.
    [u32::try_from(hash >> 32).unwrap_or(0), u32::try_from(hash & 0xffff_ffff).unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::Bodies;
    use proptest::prelude::{prop, proptest};

    #[test]
    fn a_text_that_holds_all_characters_of_a_word_is_a_candidate() {
        let mut bodies = Bodies::default();
        bodies.push(3, &["夜间施工噪音很大", "影响休息"]);
        bodies.push(9, &["音乐声"]);
        let rows = |word: &str| {
            let set = bodies.rows_with(&word.chars().collect::<Vec<_>>());
            (0..16).filter(|row| set.has(*row)).collect::<Vec<_>>()
        };
        assert_eq!(rows("噪音"), [3]);
        assert_eq!(rows("音"), [3, 9]);
        assert_eq!(rows("休息"), [3]);
        assert!(rows("补偿").is_empty());
        assert!(bodies.is_same(9, &["音乐声"]) && !bodies.is_same(9, &["音乐"]));
        assert!(bodies.is_same(4, &[]) && !bodies.is_same(9, &[]));
    }

    proptest! {
        #[test]
        fn common_and_rare_characters_are_kept_alike(
            texts in prop::collection::vec("[的了一二三四五六七八九十]{0,6}", 0..400),
            word in "[的了一二三]{1,3}",
            drop in 1_u32..5,
        ) {
            let mut bodies = Bodies::default();
            let row_of = |nth: usize| u32::try_from(nth * 2).expect("small");
            for (nth, text) in texts.iter().enumerate() {
                bodies.push(row_of(nth), &[text.as_str()]);
            }
            let chars: Vec<char> = word.chars().collect();
            let holds = |text: &str| chars.iter().all(|char| text.contains(*char));
            let set = bodies.rows_with(&chars);
            for (nth, text) in texts.iter().enumerate() {
                assert_eq!(set.has(row_of(nth)), holds(text));
            }
            let n_rows = row_of(texts.len());
            let moved: Vec<_> =
                (0..n_rows).map(|row| (row % drop == 0).then_some(row / drop)).collect();
            bodies.compact(&moved);
            let set = bodies.rows_with(&chars);
            for (nth, text) in texts.iter().enumerate() {
                if let Some(row) = moved[row_of(nth) as usize] {
                    assert_eq!(set.has(row), holds(text));
                }
            }
        }
    }
}
