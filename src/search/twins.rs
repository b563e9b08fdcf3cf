//! Among many texts those that say the same or nearly so, without comparing each with each.
//!
//! The same Chinese characters, letters and digits are the same text, always; blanks and punctuation
//! make no difference. For nearly the same ones each text keeps the smallest hashes of its runs of four
//! Chinese characters (a bottom-k sketch: A. Broder, "On the resemblance and containment of documents",
//! 1997); what shares enough of them is read and compared by pairs, as in [`crate::search::like`]. Of a
//! run that very many texts hold, a greeting or a letter that was handed round, each text proposes its
//! next neighbours only: a letter handed round is a chain of them, and a greeting costs little.
//! Rejected: asking [`crate::search::Index::like_text`] for each text, which is made for one newcomer
//! and would take minutes for a county's ledger.

use std::collections::{BTreeMap, HashMap};

use crate::search::like::{Pairs, SHARED_MIN};
use crate::spell::fold::half_width;
use crate::spell::reading::is_han;

/// The least share of the shorter text that the other says too, in percent, of two that stand in one
/// group.
pub const SHARE_MIN: usize = 80;
/// The characters of a run.
const RUN: usize = 4;
/// The hashes that a text keeps.
const SKETCH: usize = 16;
/// The hashes that two texts share before they are compared.
const COMMON_MIN: usize = 6;
/// Of a run that more texts hold, only so many neighbours are proposed for each.
const HOLDERS_MAX: usize = 16;
const NEIGHBOURS: usize = 4;

/// Texts that are compared with each other.
#[derive(Debug, Default)]
pub struct Texts {
    ids: Vec<u64>,
    /// The first text of those characters.
    same: HashMap<u64, u32>,
    /// Which texts are one, each with an earlier one.
    links: Vec<(u32, u32, u8)>,
    /// The hashes that are kept, each with its text: sixteen bytes, where a map of lists takes sixty.
    runs: Vec<(u64, u32)>,
}

/// Texts that say the same or nearly so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Whose they are, in rising order; two at least.
    pub ids: Vec<u64>,
    /// How much the least like of those share that were compared, in percent; 100 where all say the
    /// same.
    pub share: u8,
}

impl Texts {
    /// Adds a text, with what may make one of two that are too short to say much: whoever raised it.
    pub fn add(&mut self, id: u64, text: &str, whose: &str) {
        let own: Vec<char> = text.chars().filter(|char| is_han(*char)).collect();
        let is_short = says_little(text);
        if is_short && (own.is_empty() || whose.is_empty()) {
            return;
        }
        let place = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        self.ids.push(id);
        let said = |char: &char| is_han(*char) || char.is_alphanumeric();
        let mut all = hash(&text.chars().map(half_width).filter(said).collect::<Vec<_>>());
        if is_short {
            all ^= hash(&whose.chars().collect::<Vec<_>>()).rotate_left(1);
        }
        if let Some(first) = self.same.get(&all) {
            self.links.push((*first, place, 100));
            return;
        }
        self.same.insert(all, place);
        if is_short {
            return;
        }
        let mut runs: Vec<u64> = own.windows(RUN).map(hash).collect();
        runs.sort_unstable();
        runs.dedup();
        self.runs.extend(runs.into_iter().take(SKETCH).map(|run| (run, place)));
    }

    /// The groups, those with the newest text first. `read` gives a text again; a text that is not
    /// there any more is like nothing.
    pub fn groups(mut self, mut read: impl FnMut(u64) -> Option<String>) -> Vec<Group> {
        let ids = self.ids.clone();
        let mut told = |place: u32| {
            let text = read(*ids.get(place as usize)?)?;
            Some(Pairs::of(&text))
        };
        // They come in order, so that of the first of two one is held, and not all.
        let mut held: Option<(u32, Option<Pairs>)> = None;
        let mut roots = self.roots();
        for (one, other) in self.proposed() {
            // What hangs together already is not read again.
            if root(&mut roots, one) == root(&mut roots, other) {
                continue;
            }
            if held.as_ref().is_none_or(|(place, _)| *place != one) {
                held = Some((one, told(one)));
            }
            let mine = held.as_ref().and_then(|(_, pairs)| pairs.as_ref());
            let (Some(mine), Some(theirs)) = (mine, told(other)) else { continue };
            if let Some((share, _)) = mine.share(&theirs).filter(|(share, _)| *share >= SHARE_MIN) {
                // Of two texts that share all their pairs one may still say more.
                let share = u8::try_from(share).unwrap_or(100).min(99);
                self.links.push((one, other, share));
                unite(&mut roots, one, other);
            }
        }
        self.gather()
    }

    /// The texts that share enough of what they keep, each pair once.
    fn proposed(&mut self) -> Vec<(u32, u32)> {
        let mut runs = std::mem::take(&mut self.runs);
        runs.sort_unstable();
        let mut shared = Vec::new();
        for holders in runs.chunk_by(|(one, _), (other, _)| one == other) {
            let n_near = if holders.len() > HOLDERS_MAX { NEIGHBOURS } else { HOLDERS_MAX };
            for (nth, (_, one)) in holders.iter().enumerate() {
                let near = holders.iter().skip(nth + 1).take(n_near);
                shared.extend(near.map(|(_, other)| (*one, *other)));
            }
        }
        drop(runs);
        shared.sort_unstable();
        let often = shared.chunk_by(|one, other| one == other);
        let often = often.filter(|same| same.len() >= COMMON_MIN);
        often.filter_map(|same| same.first().copied()).collect()
    }

    /// For each text one that it hangs together with, by the links so far.
    fn roots(&self) -> Vec<u32> {
        let mut roots: Vec<u32> = (0..u32::try_from(self.ids.len()).unwrap_or(u32::MAX)).collect();
        for (one, other, _) in &self.links {
            unite(&mut roots, *one, *other);
        }
        roots
    }

    /// What hangs together.
    fn gather(self) -> Vec<Group> {
        let mut roots = self.roots();
        let mut groups: BTreeMap<u32, Group> = BTreeMap::new();
        for (one, _, share) in &self.links {
            let home = root(&mut roots, *one);
            let empty = Group { ids: Vec::new(), share: 100 };
            let group = groups.entry(home).or_insert(empty);
            group.share = group.share.min(*share);
        }
        for (place, id) in (0_u32..).zip(&self.ids) {
            let home = root(&mut roots, place);
            if let Some(group) = groups.get_mut(&home) {
                group.ids.push(*id);
            }
        }
        let mut groups: Vec<Group> = groups.into_values().collect();
        groups.iter_mut().for_each(|group| group.ids.sort_unstable());
        groups.sort_by_key(|group| std::cmp::Reverse(group.ids.last().copied()));
        groups
    }
}

/// Whether a text says so little that it may be the same only from the same person.
pub fn says_little(text: &str) -> bool {
    Pairs::of(text).len() < SHARED_MIN
}

/// The first of those that hang together with a place; ways are shortened as they are walked.
fn root(roots: &mut [u32], mut place: u32) -> u32 {
    while let Some(next) = roots.get(place as usize).copied().filter(|next| *next != place) {
        let above = roots.get(next as usize).copied().unwrap_or(next);
        if let Some(own) = roots.get_mut(place as usize) {
            *own = above;
        }
        place = next;
    }
    place
}

/// Two texts hang together.
fn unite(roots: &mut [u32], one: u32, other: u32) {
    let (one, other) = (root(roots, one), root(roots, other));
    if let Some(place) = roots.get_mut(one.max(other) as usize) {
        *place = one.min(other);
    }
}

/// A hash of characters that is the same on every machine and at every start (FNV-1a, 64 bits,
/// stirred so that the smallest are spread over all texts).
fn hash(chars: &[char]) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let add = |hash: u64, char: &char| (hash ^ u64::from(u32::from(*char))).wrapping_mul(PRIME);
    let mut hash = chars.iter().fold(0xcbf2_9ce4_8422_2325, add);
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::{prop, proptest};

    use super::{Group, Texts};

    fn groups(texts: &[&str]) -> Vec<Group> {
        let mut all = Texts::default();
        for (id, text) in (0_u64..).zip(texts) {
            all.add(id, text, "");
        }
        all.groups(|id| texts.get(usize::try_from(id).unwrap()).map(ToString::to_string))
    }

    const LETTER: &str = "我家承包地两亩一分在修路时被占，补偿款一分钱没有拿到，村里说已经发了，\
                          可是存折上没有，请领导派人查一查到底发到哪里去了。";

    #[test]
    fn the_same_text_with_other_breaks_is_one_group_and_another_matter_is_none() {
        let again = LETTER.replace('，', "\n \u{3000}");
        let texts = ["村口的路灯坏了三个月一直没有人修", LETTER, "低保金停发了两个月", &again];
        assert_eq!(groups(&texts), [Group { ids: vec![1, 3], share: 100 }]);
    }

    #[test]
    fn a_letter_with_a_sentence_more_is_nearly_the_same() {
        let more = format!("尊敬的书记：{LETTER}此致敬礼");
        let found = groups(&[LETTER, "村口的路灯坏了三个月一直没有人修", &more]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].ids, [0, 2]);
        assert!((80..100).contains(&found[0].share), "{found:?}");
    }

    /// A text of characters that no other number gives.
    fn body(seed: u32, n_chars: u32) -> String {
        let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from_u32(0x4e00 + (state >> 8) % 5_000).unwrap()
        };
        (0..n_chars).map(|_| next()).collect()
    }

    #[test]
    fn a_greeting_that_all_use_makes_no_group() {
        let greeting = "尊敬的镇党委领导您好我是本村村民今天向您反映一个问题";
        let texts: Vec<String> = (0..60).map(|at| format!("{greeting}{}", body(at, 60))).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        assert_eq!(groups(&texts), []);
    }

    #[test]
    fn a_letter_that_was_handed_round_is_one_group_however_many_sign_it() {
        let told = |at: u32| format!("{LETTER}{}", body(at, 6));
        let letters = (0..40).map(told);
        let others = (40..80).map(|at| body(at, 60));
        let texts: Vec<String> =
            letters.zip(others).flat_map(|(one, other)| [one, other]).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let found = groups(&texts);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].ids, (0..80).step_by(2).collect::<Vec<_>>());
    }

    #[test]
    fn another_year_or_sum_is_another_text_and_nearly_the_same() {
        let letter = LETTER.replace("两亩一分", "2亩1分");
        let other = LETTER.replace("两亩一分", "7亩3分");
        let wide = LETTER.replace("两亩一分", "２亩１分");
        let found = groups(&[&letter, &other, &wide]);
        assert_eq!(found, [Group { ids: vec![0, 1, 2], share: 99 }]);
        assert_eq!(groups(&[&letter, &wide]), [Group { ids: vec![0, 1], share: 100 }]);
    }

    #[test]
    fn a_word_or_two_is_the_same_only_from_the_same_person() {
        let mut texts = Texts::default();
        for (id, whose) in [(1, "张小明"), (2, "李梅"), (3, "张小明"), (4, "")] {
            texts.add(id, "修路", whose);
        }
        assert_eq!(texts.groups(|_| None), [Group { ids: vec![1, 3], share: 100 }]);
    }

    #[test]
    fn the_newest_comes_first() {
        let [first, second] = ["水渠漏水淹了麦田请尽快来修", "路灯坏了三个月没有人来修理"];
        let found = groups(&[first, second, second, first]);
        let ids: Vec<_> = found.iter().map(|group| group.ids.clone()).collect();
        assert_eq!(ids, [vec![0, 3], vec![1, 2]]);
    }

    proptest! {
        #[test]
        fn all_that_say_the_same_are_found_and_stand_in_one_group_only(
            texts in prop::collection::vec("[补偿款路灯水渠]{6,9}", 0..40),
        ) {
            let told: Vec<&str> = texts.iter().map(String::as_str).collect();
            let found = groups(&told);
            let mut seen = BTreeSet::new();
            for group in &found {
                assert!(group.ids.len() > 1);
                assert!(group.ids.iter().all(|id| seen.insert(*id)), "{found:?}");
            }
            let enough = |text: &str| crate::search::like::Pairs::of(text).len() >= 5;
            for (one, text) in texts.iter().enumerate().filter(|(_, text)| enough(text)) {
                for (other, _) in texts.iter().enumerate().filter(|(_, own)| *own == text) {
                    let ids = [one, other].map(|id| u64::try_from(id).unwrap());
                    let together =
                        found.iter().any(|group| ids.iter().all(|id| group.ids.contains(id)));
                    assert!(one == other || together, "{text}: {found:?}");
                }
            }
        }
    }
}
