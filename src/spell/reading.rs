//! The readings of single characters, in any text and in surnames.
//!
//! The package knows every reading of a character, the obsolete ones too, and not which of them
//! is a surname's. Two tables in `data/spell` decide: surnames (单 is shan), and the polyphones
//! that are alive (重庆). A character in neither has one reading. `ü` is typed as `v` or as `u`.
//! The home of the package `pinyin`.

use std::collections::HashMap;

use pinyin::ToPinyin;

/// The most readings of one character, variants of `ü` included.
pub const READINGS_MAX: usize = 6;

const SURNAMES: &str = include_str!("../../data/spell/surnames.tsv");
const POLYPHONES: &str = include_str!("../../data/spell/polyphones.tsv");

/// The place of a syllable among [`Speller::syllables`].
pub type SyllableId = u16;

/// The readings of one character, the usual ones first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Readings {
    ids: [SyllableId; READINGS_MAX],
    n: u8,
    n_usual: u8,
}

impl Readings {
    /// Every reading.
    #[inline]
    pub fn all(&self) -> &[SyllableId] {
        self.ids.get(..usize::from(self.n)).unwrap_or_default()
    }

    /// How many of them, from the first, are usual here; the others are accepted but rank lower.
    #[inline]
    pub const fn n_usual(&self) -> usize {
        self.n_usual as usize
    }

    fn add(&mut self, id: SyllableId) {
        if !self.all().contains(&id)
            && let Some(place) = self.ids.get_mut(usize::from(self.n))
        {
            *place = id;
            self.n += 1;
        }
    }

    fn then(mut self, others: &Self) -> Self {
        others.all().iter().for_each(|id| self.add(*id));
        self
    }
}

/// Reads Chinese characters aloud.
///
/// Made once by whoever needs it and kept: making it reads 21,000 characters, about a
/// millisecond; afterwards a character is one look into a table.
#[derive(Debug, Clone)]
pub struct Speller {
    // Syllable 0 and list 0 are empty: a character without readings.
    syllables: Vec<&'static str>,
    lists: Vec<Readings>,
    // For each common character its list and the flag below.
    common: Vec<u16>,
    // For each common character the list that also has its readings in surnames.
    anywhere: Vec<u16>,
    surnames: Vec<(char, u16)>,
    compounds: Vec<([char; 2], [u16; 2])>,
    // For each syllable as the package writes it its list.
    written: HashMap<&'static str, u16>,
}

/// The first character of the common block.
pub const HAN_FIRST: u32 = 0x4e00;
/// How many characters the common block has.
pub const HAN_COUNT: u32 = 0x5200;
const BEGINS_SURNAME: u16 = 1 << 15;
const LIST: u16 = BEGINS_SURNAME - 1;
const NO_READINGS: Readings = Readings { ids: [0; READINGS_MAX], n: 0, n_usual: 0 };

impl Default for Speller {
    fn default() -> Self {
        Self::new()
    }
}

impl Speller {
    /// A speller with the built-in tables.
    pub fn new() -> Self {
        let mut speller = Self {
            syllables: vec![""],
            lists: vec![NO_READINGS],
            common: Vec::with_capacity(HAN_COUNT as usize),
            anywhere: Vec::new(),
            surnames: Vec::new(),
            compounds: Vec::new(),
            written: HashMap::new(),
        };
        for code in HAN_FIRST..HAN_FIRST + HAN_COUNT {
            let plain = char::from_u32(code).and_then(|char| char.to_pinyin());
            let list = plain.map_or(0, |plain| speller.list_of(plain.plain()));
            speller.common.push(list);
        }
        speller.load_polyphones();
        speller.anywhere = speller.common.clone();
        speller.load_surnames();
        speller
    }

    /// Every syllable that a reading may be, in ASCII letters; one place is empty.
    pub fn syllables(&self) -> &[&'static str] {
        &self.syllables
    }

    /// The letters of a syllable.
    pub fn letters(&self, id: SyllableId) -> &'static str {
        self.syllables.get(usize::from(id)).copied().unwrap_or_default()
    }

    /// The readings of a character in any text; none if it is not a Chinese one.
    #[inline]
    pub fn readings(&self, char: char) -> &Readings {
        match common_place(char).and_then(|nth| self.common.get(nth)) {
            Some(entry) => self.list(entry & LIST),
            None => self.rare(char),
        }
    }

    /// The readings of a character with those that it has in surnames.
    pub fn readings_anywhere(&self, char: char) -> &Readings {
        match common_place(char).and_then(|nth| self.anywhere.get(nth)) {
            Some(list) => self.list(*list),
            None => self.rare(char),
        }
    }

    /// Every list of readings, and for each of the [`HAN_COUNT`] common characters from
    /// [`HAN_FIRST`] on its two lists: in any text, and with the readings in surnames.
    pub fn lists(&self) -> (&[Readings], impl Iterator<Item = (usize, usize)>) {
        let plain = self.common.iter().map(|entry| usize::from(entry & LIST));
        (&self.lists, plain.zip(self.anywhere.iter().map(|list| usize::from(*list))))
    }

    /// The readings of the surname that a name begins with, one entry a character: the surname's
    /// own first, the plain ones behind them, since people type both.
    #[inline]
    pub fn surname(&self, mut chars: impl Iterator<Item = char>) -> [Option<&Readings>; 2] {
        let Some(first) = chars.next().filter(|first| self.entry(*first) & BEGINS_SURNAME != 0)
        else {
            return [None, None];
        };
        if let Some(second) = chars.next() {
            let key = [first, second];
            if let Ok(at) = self.compounds.binary_search_by_key(&key, |(chars, _)| *chars)
                && let Some((_, [one, two])) = self.compounds.get(at)
            {
                return [Some(self.list(*one)), Some(self.list(*two))];
            }
        }
        [found(&self.surnames, first).map(|list| self.list(list)), None]
    }

    fn load_polyphones(&mut self) {
        for (text, column) in rows(POLYPHONES) {
            let mut readings = Readings::default();
            for reading in column.split('/') {
                let list = self.list_of(reading);
                readings = readings.then(self.list(list));
                if readings.n_usual == 0 {
                    readings.n_usual = readings.n;
                }
            }
            let list = self.keep(readings);
            let place = text.chars().next().and_then(common_place);
            if let Some(entry) = place.and_then(|at| self.common.get_mut(at)) {
                *entry = list;
            }
        }
    }

    fn load_surnames(&mut self) {
        for (text, column) in rows(SURNAMES) {
            let mut surname = Vec::new();
            for (char, column) in text.chars().zip(column.split(' ')) {
                let mut readings = Readings::default();
                for reading in column.split('/') {
                    let list = self.list_of(reading);
                    readings = readings.then(self.list(list));
                }
                readings.n_usual = readings.n;
                let readings = readings.then(self.readings(char));
                surname.push((char, self.keep(readings)));
            }
            match surname.as_slice() {
                [one, two] => self.compounds.push(([one.0, two.0], [one.1, two.1])),
                _ => self.surnames.extend_from_slice(&surname),
            }
            for (nth, (char, list)) in surname.into_iter().enumerate() {
                if let Some(entry) = common_place(char).and_then(|at| self.common.get_mut(at)) {
                    *entry |= if nth == 0 { BEGINS_SURNAME } else { 0 };
                }
                let joined = self.readings_anywhere(char).then(self.list(list));
                let joined = self.keep(joined);
                if let Some(entry) = common_place(char).and_then(|at| self.anywhere.get_mut(at)) {
                    *entry = joined;
                }
            }
        }
        self.surnames.sort_unstable_by_key(|(char, _)| *char);
        self.compounds.sort_unstable_by_key(|(chars, _)| *chars);
    }

    /// The list of one reading as the package and the tables write it, with both variants of `ü`.
    fn list_of(&mut self, reading: &'static str) -> u16 {
        if let Some(list) = self.written.get(reading) {
            return *list;
        }
        let variants: &[&'static str] = match reading {
            "l\u{fc}" => &["lv", "lu"],
            "n\u{fc}" => &["nv", "nu"],
            "l\u{fc}e" => &["lve", "lue"],
            "n\u{fc}e" => &["nve", "nue"],
            _ if reading.is_ascii() => &[],
            // A sound such as \u{ea}, which nobody types.
            _ => return 0,
        };
        let mut readings = Readings::default();
        if variants.is_empty() {
            readings.add(SyllableId::try_from(self.syllables.len()).unwrap_or(0));
            self.syllables.push(reading);
        }
        for variant in variants {
            let list = self.list_of(variant);
            readings = readings.then(self.list(list));
        }
        readings.n_usual = readings.n;
        let list = self.keep(readings);
        self.written.insert(reading, list);
        list
    }

    fn keep(&mut self, readings: Readings) -> u16 {
        self.lists.push(readings);
        u16::try_from(self.lists.len() - 1).unwrap_or(0)
    }

    #[inline]
    fn list(&self, list: u16) -> &Readings {
        self.lists.get(usize::from(list)).unwrap_or(&NO_READINGS)
    }

    #[inline]
    fn entry(&self, char: char) -> u16 {
        common_place(char).and_then(|nth| self.common.get(nth)).copied().unwrap_or(0)
    }

    /// The readings of a character outside the common block.
    fn rare(&self, char: char) -> &Readings {
        let plain = if is_han(char) { char.to_pinyin() } else { None };
        self.list(plain.and_then(|plain| self.written.get(plain.plain())).copied().unwrap_or(0))
    }
}

/// Whether a character is a Chinese one.
pub const fn is_han(char: char) -> bool {
    matches!(char,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{3007}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

fn common_place(char: char) -> Option<usize> {
    let nth = u32::from(char).wrapping_sub(HAN_FIRST);
    (nth < HAN_COUNT).then_some(nth as usize)
}

fn found(table: &[(char, u16)], char: char) -> Option<u16> {
    let at = table.binary_search_by_key(&char, |(char, _)| *char).ok()?;
    table.get(at).map(|(_, list)| *list)
}

fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

#[cfg(test)]
mod tests {
    use super::{POLYPHONES, READINGS_MAX, SURNAMES, Speller, is_han, rows};

    fn all(speller: &Speller, char: char) -> Vec<&'static str> {
        let readings = speller.readings_anywhere(char).all();
        readings.iter().map(|id| speller.letters(*id)).collect()
    }

    #[test]
    fn every_row_of_both_tables_can_be_read() {
        for (table, n_least) in [(SURNAMES, 100), (POLYPHONES, 150)] {
            assert!(rows(table).count() >= n_least);
            assert_eq!(
                rows(table).count(),
                table.lines().filter(|line| !line.starts_with('#')).count()
            );
            for (text, column) in rows(table) {
                let n_chars = text.chars().count();
                assert!(text.chars().all(is_han) && (1..=2).contains(&n_chars), "{text}");
                assert_eq!(column.split(' ').count(), n_chars, "{text}");
                for reading in column.split([' ', '/']) {
                    let is_letters = |c: char| c.is_ascii_lowercase() || c == 'ü';
                    assert!(!reading.is_empty() && reading.chars().all(is_letters), "{text}");
                }
            }
        }
    }

    #[test]
    fn no_character_of_the_tables_has_more_readings_than_fit() {
        let speller = Speller::new();
        for (text, column) in rows(POLYPHONES).chain(rows(SURNAMES)) {
            for char in text.chars() {
                let readings = all(&speller, char);
                assert!(readings.len() <= READINGS_MAX);
                if !column.contains(' ') {
                    for reading in column.split('/').filter(|reading| reading.is_ascii()) {
                        assert!(readings.contains(&reading), "{text} {reading}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_letter_that_no_keyboard_has_is_typed_as_v_or_u() {
        let speller = Speller::new();
        assert_eq!(all(&speller, '吕'), ["lv", "lu"]);
        assert_eq!(all(&speller, '略'), ["lve", "lue"]);
    }

    #[test]
    fn a_rare_character_is_read_too_and_a_letter_is_not() {
        let speller = Speller::new();
        assert!(!speller.readings('\u{20000}').all().is_empty());
        assert!(speller.readings('a').all().is_empty());
        assert!(speller.readings('。').all().is_empty());
    }
}
