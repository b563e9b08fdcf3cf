//! What is like a newcomer: texts that say much the same, persons who may be the same one.
//!
//! A text is compared by its pairs of neighbouring Chinese characters, all else left out: paste and
//! punctuation make no difference. The index holds for each character which texts have it, so that
//! for each text the pairs that it can share are counted without reading it; only texts that can
//! still reach the page are read. Rejected: hashed shingles, which would take as much memory again
//! as the whole index and still need the text to name a share.
//! INVARIANT: what is left unread is less like than the worst of a full page, or [`READS_MAX`] texts
//! were read.

use crate::domain::ids::{Kind, RecordRef};
use crate::search::Index;
use crate::search::arena::RowId;
use crate::search::body::RowSet;
use crate::search::entry::{FieldTag, Scope};
use crate::search::row::{Piece, chars};
use crate::search::sight::Sight;
use crate::spell::fold::half_width;
use crate::spell::reading::{Speller, is_han};

/// Texts with fewer pairs in common are not like each other, whatever their length.
pub const SHARED_MIN: usize = 5;
/// The least share of the shorter text that the other says too, in percent.
pub const SHARE_MIN: usize = 50;
/// A longer text is compared by so many pairs from its beginning.
pub const PAIRS_MAX: usize = 1_000;
/// The most texts that one comparison reads.
pub const READS_MAX: usize = 120;
/// The most persons that one comparison names.
pub const PERSONS_MAX: usize = 40;

/// A pair of neighbouring characters.
pub type Pair = (char, char);

/// The pairs of a text, each once, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pairs(Vec<Pair>);

/// A text that says much the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alike {
    /// Whose text.
    pub record: RecordRef,
    /// How much of the shorter of the two texts the other says too, in percent.
    pub share: usize,
    /// How many pairs they share.
    pub n_shared: usize,
}

/// What is known of a newcomer; empty where nothing is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Newcomer {
    /// The name.
    pub name: String,
    /// The telephone number.
    pub phone: String,
    /// The ID number.
    pub id_number: String,
    /// The name of the village.
    pub village: String,
}

/// Why a person may be the newcomer; the strongest reason first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bond {
    /// The same ID number.
    IdNumber,
    /// The same telephone number.
    Phone,
    /// The same name in the same village.
    NameAndVillage,
    /// The same name.
    Name,
    /// Another name that sounds the same.
    Sound,
}

impl Pairs {
    /// The pairs of a text.
    pub fn of(text: &str) -> Self {
        let mut han = text.chars().filter(|char| is_han(*char));
        let Some(mut before) = han.next() else { return Self::default() };
        let mut pairs: Vec<Pair> = Vec::new();
        for char in han.take(PAIRS_MAX) {
            pairs.push((before, char));
            before = char;
        }
        pairs.sort_unstable();
        pairs.dedup();
        Self(pairs)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The pairs in order.
    pub fn all(&self) -> &[Pair] {
        &self.0
    }

    /// How many of them another text has too.
    pub fn n_shared(&self, other: &Self) -> usize {
        let (mut mine, mut theirs, mut n_shared) = (self.0.iter(), other.0.iter().peekable(), 0);
        for pair in &mut mine {
            while theirs.next_if(|their| *their < pair).is_some() {}
            n_shared += usize::from(theirs.next_if_eq(&pair).is_some());
        }
        n_shared
    }

    /// How like another text is; none if it is not.
    pub fn share(&self, other: &Self) -> Option<(usize, usize)> {
        rate(self.n_shared(other), self.len().min(other.len()))
    }
}

/// The share of the shorter text that is shared, with the number of pairs; none if it is too small.
fn rate(n_shared: usize, n_shorter: usize) -> Option<(usize, usize)> {
    let share = (n_shared * 100).checked_div(n_shorter)?;
    (n_shared >= SHARED_MIN && share >= SHARE_MIN).then_some((share, n_shared))
}

impl Index {
    /// The texts that are like this one, the likest first, equals with the newer record first.
    ///
    /// `visible` and `read` are those of [`Index::find`]: a text that may not be seen is not read.
    pub fn like_text(
        &self,
        pairs: &Pairs,
        most: usize,
        visible: impl Fn(&Scope) -> bool,
        mut read: impl FnMut(RecordRef) -> Option<String>,
    ) -> Vec<Alike> {
        let mut sight = Sight::new(visible, &self.arena.groups);
        let mut hopeful: Vec<Alike> = Vec::new();
        for (row, n_shared, n_own) in self.bodies.shared_at_most(pairs) {
            let n_shorter = n_own.min(pairs.len());
            let Some((share, n_shared)) = rate(n_shared.min(n_shorter), n_shorter) else {
                continue;
            };
            if self.is_seen(&mut sight, row) {
                hopeful.push(Alike { record: self.arena.record(row), share, n_shared });
            }
        }
        hopeful.sort_by_key(Alike::place);
        let mut best: Vec<Alike> = Vec::new();
        for may_be in hopeful.into_iter().take(READS_MAX) {
            let bar = most.checked_sub(1).and_then(|last| best.get(last));
            if most == 0 || bar.is_some_and(|bar| bar.place() < may_be.place()) {
                break;
            }
            let own = Pairs::of(&read(may_be.record).unwrap_or_default());
            if let Some((share, n_shared)) = pairs.share(&own) {
                best.push(Alike { share, n_shared, ..may_be });
                best.sort_by_key(Alike::place);
                best.truncate(most);
            }
        }
        best
    }

    /// The persons who may be the newcomer, the strongest reason first, then the newer record; at
    /// most [`PERSONS_MAX`].
    pub fn like_person(
        &self,
        newcomer: &Newcomer,
        visible: impl Fn(&Scope) -> bool,
    ) -> Vec<(RecordRef, Vec<Bond>)> {
        let mut printed = RowSet::default();
        let numbers = [&newcomer.phone, &newcomer.id_number].map(|number| plain(number));
        for number in numbers.iter().filter(|number| !number.is_empty()) {
            self.arena.privates.rows_with(&number.to_ascii_lowercase(), &mut printed);
        }
        let name: Vec<char> = newcomer.name.trim().chars().collect();
        let sound = Sound::of(&self.speller, &name);
        let mut sight = Sight::new(visible, &self.arena.groups);
        let mut found = Vec::new();
        for (row, mask) in (0..self.arena.n_rows()).zip(self.arena.masks()).rev() {
            if self.arena.kind(row) != Kind::Person {
                continue;
            }
            if !printed.has(row) && !sound.may_be(*mask) || !self.is_seen(&mut sight, row) {
                continue;
            }
            let bonds = self.bonds(row, (&name, &sound), (&numbers, &newcomer.village));
            if !bonds.is_empty() {
                found.push((self.arena.record(row), bonds));
            }
        }
        found.sort_by_key(|(record, bonds)| (bonds.first().copied(), std::cmp::Reverse(record.id)));
        found.truncate(PERSONS_MAX);
        found
    }

    fn is_seen<V: Fn(&Scope) -> bool>(&self, sight: &mut Sight<V>, row: RowId) -> bool {
        let group = self.arena.group(row);
        group.is_some_and(|group| sight.sees(&self.arena.groups, group))
    }

    /// Why the person of a row may be the newcomer.
    fn bonds(
        &self,
        row: RowId,
        (name, sound): (&[char], &Sound),
        ([phone, id_number], village): (&[String; 2], &str),
    ) -> Vec<Bond> {
        let (mut bonds, mut is_near) = (Vec::new(), false);
        for (tag, piece) in self.arena.fields(row) {
            match (tag, piece) {
                (FieldTag::IdNumber, Piece::Printed(text)) if is_number(id_number, text) => {
                    bonds.push(Bond::IdNumber);
                }
                (FieldTag::Phone, Piece::Printed(text)) if is_number(phone, text) => {
                    bonds.push(Bond::Phone);
                }
                (FieldTag::Name, Piece::Spoken(units)) if !name.is_empty() => {
                    if chars(units).eq(name.iter().copied()) {
                        bonds.push(Bond::Name);
                    } else if sound.is(&self.speller, units) {
                        bonds.push(Bond::Sound);
                    }
                }
                (FieldTag::Place, Piece::Spoken(units)) if !village.is_empty() => {
                    is_near |= chars(units).eq(village.chars());
                }
                _ => {}
            }
        }
        for bond in bonds.iter_mut().filter(|bond| **bond == Bond::Name && is_near) {
            *bond = Bond::NameAndVillage;
        }
        bonds.sort_unstable();
        bonds.dedup();
        if bonds.iter().any(|bond| matches!(bond, Bond::Name | Bond::NameAndVillage)) {
            bonds.retain(|bond| *bond != Bond::Sound);
        }
        bonds
    }
}

impl Alike {
    /// Its place among others, the likest first.
    fn place(&self) -> impl Ord + use<> {
        use std::cmp::Reverse;
        (Reverse(self.share), Reverse(self.n_shared), Reverse(self.record.id))
    }
}

/// Whether a number is the one that a field holds, in either case.
fn is_number(wanted: &str, held: &str) -> bool {
    !wanted.is_empty() && wanted.eq_ignore_ascii_case(&plain(held))
}

/// A number in half width without blanks and hyphens.
fn plain(number: &str) -> String {
    number.chars().map(half_width).filter(char::is_ascii_alphanumeric).collect()
}

/// How a name may sound.
struct Sound {
    // For each character its syllables, those of surnames too, and the bits of each in a mask.
    chars: Vec<Vec<(u16, u64)>>,
}

impl Sound {
    fn of(speller: &Speller, name: &[char]) -> Self {
        let said = |char: &char| {
            let readings = speller.readings_anywhere(*char).all().iter();
            let bits = |id| crate::search::mask::of_syllable(speller.letters(id));
            readings.map(|id| (*id, bits(*id))).collect()
        };
        // One character alone is no name: too many would sound like it.
        Self { chars: if name.len() < 2 { Vec::new() } else { name.iter().map(said).collect() } }
    }

    /// Whether a row with that mask may hold a name that sounds so.
    fn may_be(&self, mask: u64) -> bool {
        !self.chars.is_empty()
            && self
                .chars
                .iter()
                .all(|said| said.is_empty() || said.iter().any(|(_, bits)| mask & bits == *bits))
    }

    fn is(&self, speller: &Speller, units: &[u16]) -> bool {
        let mut other = chars(units);
        let all_alike = self.chars.iter().all(|said| {
            let Some(char) = other.next() else { return false };
            let readings = speller.readings_anywhere(char).all();
            readings.iter().any(|own| said.iter().any(|(id, _)| id == own))
        });
        all_alike && !self.chars.is_empty() && other.next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop, proptest};

    use super::{Alike, Bond, Newcomer, Pairs, READS_MAX};
    use crate::domain::ids::{Kind, RecordRef};
    use crate::search::Index;
    use crate::search::entry::{Entry, FieldTag, Scope};

    fn case(id: usize) -> RecordRef {
        RecordRef { kind: Kind::Case, id: u64::try_from(id).unwrap() }
    }

    fn index(texts: &[String], sealed: Option<usize>) -> Index {
        let mut index = Index::new();
        for (id, text) in texts.iter().enumerate() {
            let seal = crate::domain::ids::CaseId(7);
            let scope = Scope { sealed: (sealed == Some(id)).then_some(seal), ..Scope::default() };
            let fields = vec![(FieldTag::Text, text.clone())];
            index.upsert(&Entry { record: case(id), scope, fields, is_over: false });
        }
        index
    }

    /// All texts compared with the new one, without an index.
    fn naive(texts: &[String], new: &str, (most, sealed): (usize, Option<usize>)) -> Vec<Alike> {
        let pairs = Pairs::of(new);
        let seen = texts.iter().enumerate().filter(|(id, _)| sealed != Some(*id));
        let mut alike: Vec<Alike> = seen
            .filter_map(|(id, text)| {
                let (share, n_shared) = pairs.share(&Pairs::of(text))?;
                Some(Alike { record: case(id), share, n_shared })
            })
            .collect();
        alike.sort_by_key(Alike::place);
        alike.truncate(most);
        alike
    }

    proptest! {
        #[test]
        fn the_index_finds_the_same_texts_as_a_comparison_with_all(
            texts in prop::collection::vec("[补偿款没有到账村里说路灯坏了，a 1]{0,30}", 0..60),
            new in "[补偿款没有到账村里说路灯坏了，b 2]{0,30}",
            most in 0_usize..12,
            sealed in prop::option::of(0_usize..60),
        ) {
            assert!(texts.len() <= READS_MAX);
            let index = index(&texts, sealed);
            let read = |record: RecordRef| {
                let at = usize::try_from(record.id).unwrap();
                assert_ne!(Some(at), sealed, "what may not be seen is not read");
                texts.get(at).cloned()
            };
            let found =
                index.like_text(&Pairs::of(&new), most, |scope| scope.sealed.is_none(), read);
            assert_eq!(found, naive(&texts, &new, (most, sealed)));
        }
    }

    #[test]
    fn a_text_told_again_in_other_line_breaks_is_the_same_and_another_is_not() {
        let told = "我家承包地两亩一分在修路时被占，补偿款一分钱没有拿到。";
        let again = Pairs::of("我家承包地两亩一分\n在修路时被占 补偿款一分钱没有拿到");
        assert_eq!(again.share(&Pairs::of(told)), Some((100, again.len())));
        assert_eq!(again.share(&Pairs::of("村口的路灯坏了三个月，一直没有人修。")), None);
        assert_eq!(Pairs::of("路灯坏了").share(&Pairs::of("路灯坏了")), None, "too short to say");
    }

    #[test]
    fn a_text_that_was_changed_or_removed_is_compared_as_it_is_now() {
        let texts = ["村口的路灯坏了三个月没有人修".to_owned()];
        let mut index = index(&texts, None);
        let like = |index: &Index, texts: &[String]| {
            let read = |record: RecordRef| texts.get(usize::try_from(record.id).unwrap()).cloned();
            index.like_text(&Pairs::of("村口路灯坏了三个月没有人修"), 5, |_| true, read).len()
        };
        assert_eq!(like(&index, &texts), 1);
        let changed = ["低保金三个月没有发放到位请查清".to_owned()];
        let fields = vec![(FieldTag::Text, changed[0].clone())];
        index.upsert(&Entry { record: case(0), scope: Scope::default(), fields, is_over: false });
        assert_eq!(like(&index, &changed), 0);
        index.remove(case(0));
        assert_eq!(like(&index, &texts), 0);
    }

    #[test]
    fn whoever_is_of_the_same_village_is_named_before_all_namesakes() {
        let mut index = Index::new();
        for id in 1..=100 {
            let village = if id == 1 { "张家庄村" } else { "石桥村" };
            let fields = [(FieldTag::Name, "张伟"), (FieldTag::Place, village)];
            let fields = fields.map(|(tag, text)| (tag, text.to_owned())).to_vec();
            let record = RecordRef { kind: Kind::Person, id };
            index.upsert(&Entry { record, scope: Scope::default(), fields, is_over: false });
        }
        let newcomer = Newcomer {
            name: "张伟".to_owned(),
            village: "张家庄村".to_owned(),
            ..Newcomer::default()
        };
        let found = index.like_person(&newcomer, |_| true);
        assert_eq!(found.len(), super::PERSONS_MAX);
        assert_eq!(found[0].0.id, 1);
        assert_eq!(found[0].1, [Bond::NameAndVillage]);
    }

    #[test]
    fn a_person_is_met_again_by_number_name_or_sound() {
        let mut index = Index::new();
        let people = [
            ("张伟", "13800001234", "张家庄"),
            ("章玮", "13900005678", "石桥村"),
            ("张伟", "", "石桥村"),
            ("张小伟", "", ""),
            ("单小明", "", ""),
        ];
        for (id, (name, phone, village)) in (1..).zip(people) {
            let mut fields = vec![(FieldTag::Name, name.to_owned())];
            for (tag, text) in [(FieldTag::Place, village), (FieldTag::Phone, phone)] {
                fields.extend((!text.is_empty()).then(|| (tag, text.to_owned())));
            }
            let record = RecordRef { kind: Kind::Person, id };
            index.upsert(&Entry { record, scope: Scope::default(), fields, is_over: false });
        }
        let like = |name: &str, phone: &str| {
            let newcomer = Newcomer {
                name: name.to_owned(),
                phone: phone.to_owned(),
                id_number: String::new(),
                village: String::new(),
            };
            let found = index.like_person(&newcomer, |_| true);
            found.into_iter().map(|(record, bonds)| (record.id, bonds)).collect::<Vec<_>>()
        };
        assert_eq!(
            like("张伟", "138 0000 1234"),
            [(1, vec![Bond::Phone, Bond::Name]), (3, vec![Bond::Name]), (2, vec![Bond::Sound])]
        );
        assert_eq!(like("李四", "13900005678"), [(2, vec![Bond::Phone])]);
        assert_eq!(like("善小明", ""), [(5, vec![Bond::Sound])], "a surname is read as one");
        assert!(like("张", "").is_empty() && like("", "").is_empty());
    }
}
