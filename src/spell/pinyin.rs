//! A text to its syllables and initials, with several readings.
//!
//! The package knows every reading of a character, the obsolete ones too, and not which of them
//! is a surname's. Two tables in `data/spell` decide: surnames (单 is shan), and the polyphones
//! that are alive (重庆). A character in neither has one reading. `ü` is typed as `v` or as `u`.

use pinyin::ToPinyin;

use crate::spell::fold::fold;

/// The most readings of one character, variants of `ü` included.
pub const READINGS_MAX: usize = 6;

/// The most ways in which a whole text is spelled out.
pub const SPELLINGS_MAX: usize = 4;

const SURNAMES: &str = include_str!("../../data/spell/surnames.tsv");
const POLYPHONES: &str = include_str!("../../data/spell/polyphones.tsv");

/// What kind of text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A text that begins with a person's name: its surname is read as one.
    Name,
    /// Any other text.
    Plain,
}

/// The readings of one character, the usual ones first.
#[derive(Debug, Clone, Copy, Default)]
pub struct Readings {
    list: [&'static str; READINGS_MAX],
    n: usize,
    n_usual: usize,
}

impl Readings {
    /// Every reading, each in plain ASCII letters.
    pub fn all(&self) -> &[&'static str] {
        self.list.get(..self.n).unwrap_or_default()
    }

    /// The readings that are usual here; the others are accepted but rank lower.
    pub fn usual(&self) -> &[&'static str] {
        self.list.get(..self.n_usual).unwrap_or_default()
    }

    fn add(&mut self, reading: &'static str) {
        let variants: [&'static str; 2] = match reading {
            "l\u{fc}" => ["lv", "lu"],
            "n\u{fc}" => ["nv", "nu"],
            "l\u{fc}e" => ["lve", "lue"],
            "n\u{fc}e" => ["nve", "nue"],
            _ => [reading, reading],
        };
        for variant in variants {
            if variant.is_ascii() && !self.all().contains(&variant) {
                if let Some(place) = self.list.get_mut(self.n) {
                    *place = variant;
                    self.n += 1;
                }
            }
        }
    }
}

/// One way to spell a text out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    /// Every syllable in full; other characters folded.
    pub full: String,
    /// The first letter of every syllable; other characters folded.
    pub initials: String,
}

/// Reads Chinese characters aloud. Made once by whoever needs it: it parses two small tables.
#[derive(Debug, Clone)]
pub struct Speller {
    polyphones: Vec<(char, Readings)>,
    surnames: Vec<(char, Readings)>,
    compounds: Vec<([char; 2], [Readings; 2])>,
    // Every character of any surname with the readings that it has there.
    members: Vec<(char, Readings)>,
}

impl Default for Speller {
    fn default() -> Self {
        Self::new()
    }
}

impl Speller {
    /// A speller with the built-in tables.
    pub fn new() -> Self {
        let mut speller = Self {
            polyphones: Vec::new(),
            surnames: Vec::new(),
            compounds: Vec::new(),
            members: Vec::new(),
        };
        for (text, readings) in rows(POLYPHONES) {
            if let Some(char) = text.chars().next() {
                speller.polyphones.push((char, one_usual(readings)));
            }
        }
        speller.polyphones.sort_unstable_by_key(|(char, _)| *char);
        for (text, readings) in rows(SURNAMES) {
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (Some(first), Some(second)) => {
                    let mut pair = readings.split(' ').map(all_usual);
                    if let (Some(one), Some(two)) = (pair.next(), pair.next()) {
                        speller.compounds.push(([first, second], [one, two]));
                    }
                }
                (Some(char), None) => speller.surnames.push((char, all_usual(readings))),
                (None, _) => {}
            }
        }
        speller.surnames.sort_unstable_by_key(|(char, _)| *char);
        speller.compounds.sort_unstable_by_key(|(chars, _)| *chars);
        speller.members = speller.collect_members();
        speller
    }

    /// The readings of a character in any text; none if it is not a Chinese one.
    pub fn readings(&self, char: char) -> Readings {
        if !is_han(char) {
            return Readings::default();
        }
        if let Some(known) = found(&self.polyphones, char) {
            return known;
        }
        let mut readings = Readings::default();
        if let Some(first) = char.to_pinyin() {
            readings.add(first.plain());
        }
        readings.n_usual = readings.n;
        readings
    }

    /// The readings of a character with those that it has as a surname, whichever come first.
    pub fn readings_anywhere(&self, char: char) -> Readings {
        let mut readings = self.readings(char);
        if let Some(surname) = found(&self.members, char) {
            surname.all().iter().for_each(|reading| readings.add(reading));
        }
        readings
    }

    /// The readings of the surname that a name begins with, one entry a character: the surname's
    /// own first, the plain ones behind them, since people type both.
    pub fn surname(&self, name: &str) -> [Option<Readings>; 2] {
        let mut chars = name.chars();
        let (Some(first), second) = (chars.next(), chars.next()) else {
            return [None, None];
        };
        if let Some(second) = second {
            let key = [first, second];
            if let Ok(at) = self.compounds.binary_search_by_key(&key, |(chars, _)| *chars) {
                if let Some((_, [one, two])) = self.compounds.get(at) {
                    return [Some(self.then(*one, first)), Some(self.then(*two, second))];
                }
            }
        }
        [found(&self.surnames, first).map(|special| self.then(special, first)), None]
    }

    /// The ways to spell a text out, the likeliest first, at most [`SPELLINGS_MAX`].
    pub fn spellings(&self, text: &str, sort: Sort) -> Vec<Spelling> {
        let surname = match sort {
            Sort::Name => self.surname(text),
            Sort::Plain => [None, None],
        };
        let empty = Spelling { full: String::new(), initials: String::new() };
        let mut spellings = vec![empty];
        for (at, char) in text.chars().enumerate() {
            let special = surname.get(at).copied().flatten();
            let readings = special.unwrap_or_else(|| self.readings(char));
            let [first, others @ ..] = readings.all() else {
                let char = fold(char);
                for spelling in &mut spellings {
                    spelling.full.push(char);
                    spelling.initials.push(char);
                }
                continue;
            };
            let stems = spellings.clone();
            spellings.iter_mut().for_each(|spelling| spelling.say(first));
            for (stem, other) in others.iter().flat_map(|o| stems.iter().map(move |s| (s, o))) {
                if spellings.len() < SPELLINGS_MAX {
                    let mut spelling = stem.clone();
                    spelling.say(other);
                    spellings.push(spelling);
                }
            }
        }
        spellings
    }

    /// What people type to reach a name: the name, its full pinyin, its initials, and the surname
    /// in full with the initials of the rest (`王小明 wangxiaoming wxm wangxm`); alternative
    /// readings behind them, nothing twice.
    pub fn name_keys(&self, name: &str) -> Vec<String> {
        let n_surname = match self.surname(name) {
            [_, Some(_)] => 2,
            [_, None] => 1,
        };
        let split = name.char_indices().nth(n_surname).map_or(name.len(), |(at, _)| at);
        let (family, given) = name.split_at(split);
        let mut keys = vec![name.to_owned()];
        let mut add = |key: String| {
            if !keys.contains(&key) {
                keys.push(key);
            }
        };
        for spelling in self.spellings(name, Sort::Name) {
            add(spelling.full);
            add(spelling.initials);
        }
        for given in self.spellings(given, Sort::Plain) {
            for family in self.spellings(family, Sort::Name) {
                add(format!("{}{}", family.full, given.initials));
            }
        }
        keys
    }

    fn collect_members(&self) -> Vec<(char, Readings)> {
        let mut members = self.surnames.clone();
        for (char, special) in self.compounds.iter().flat_map(|(c, r)| c.iter().zip(r)) {
            match members.iter_mut().find(|(member, _)| member == char) {
                Some((_, known)) => special.all().iter().for_each(|reading| known.add(reading)),
                None => members.push((*char, *special)),
            }
        }
        members.sort_unstable_by_key(|(char, _)| *char);
        members
    }

    fn then(&self, mut readings: Readings, char: char) -> Readings {
        self.readings(char).all().iter().for_each(|reading| readings.add(reading));
        readings
    }
}

impl Spelling {
    fn say(&mut self, syllable: &str) {
        self.full.push_str(syllable);
        self.initials.extend(syllable.chars().next());
    }
}

/// Whether a character is a Chinese one.
pub const fn is_han(char: char) -> bool {
    matches!(char,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{3007}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

fn found(table: &[(char, Readings)], char: char) -> Option<Readings> {
    let at = table.binary_search_by_key(&char, |(char, _)| *char).ok()?;
    table.get(at).map(|(_, readings)| *readings)
}

fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

fn all_usual(column: &'static str) -> Readings {
    let mut readings = Readings::default();
    column.split('/').for_each(|reading| readings.add(reading));
    readings.n_usual = readings.n;
    readings
}

fn one_usual(column: &'static str) -> Readings {
    let mut readings = Readings::default();
    for (at, reading) in column.split('/').enumerate() {
        readings.add(reading);
        if at == 0 {
            readings.n_usual = readings.n;
        }
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::{POLYPHONES, READINGS_MAX, SPELLINGS_MAX, SURNAMES, Sort, Speller, is_han, rows};

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
                let readings = speller.readings_anywhere(char);
                assert!(readings.all().len() <= READINGS_MAX);
                if !column.contains(' ') {
                    for reading in column.split('/').filter(|reading| reading.is_ascii()) {
                        assert!(readings.all().contains(&reading), "{text} {reading}");
                    }
                }
            }
        }
    }

    #[test]
    fn surnames_are_read_as_surnames_first() {
        let speller = Speller::new();
        let first = |name: &str| speller.spellings(name, Sort::Name).remove(0).full;
        for (name, full) in [
            ("单小明", "shanxiaoming"),
            ("解放", "xiefang"),
            ("仇英", "qiuying"),
            ("曾国", "zengguo"),
            ("查良", "zhaliang"),
            ("朴成", "piaocheng"),
            ("区明", "ouming"),
            ("盖军", "gejun"),
            ("尉迟恭", "yuchigong"),
            ("万俟明", "moqiming"),
            ("长孙明", "zhangsunming"),
            ("令狐冲", "linghuchong"),
            ("澹台明", "tantaiming"),
            ("种师", "chongshi"),
            ("员外", "yunwai"),
            ("召明", "shaoming"),
            ("繁明", "poming"),
            ("乐明", "yueming"),
            ("缪明", "miaoming"),
            ("翟明", "zhaiming"),
            ("任明", "renming"),
            ("盛明", "shengming"),
            ("宓明", "miming"),
            ("欧阳明", "ouyangming"),
        ] {
            assert_eq!(first(name), full, "{name}");
        }
    }

    #[test]
    fn a_plain_text_keeps_its_plain_reading() {
        let speller = Speller::new();
        let spelled = |text: &str| -> Vec<String> {
            speller.spellings(text, Sort::Plain).into_iter().map(|s| s.full).collect()
        };
        assert_eq!(spelled("征地3组"), ["zhengdi3zu", "zhengde3zu"]);
        assert!(spelled("重庆").contains(&"chongqing".to_owned()));
        assert!(!spelled("朱庄").iter().any(|full| full.starts_with("shu")));
    }

    #[test]
    fn the_letter_that_no_keyboard_has_is_typed_as_v_or_u() {
        let speller = Speller::new();
        assert_eq!(speller.readings('吕').usual(), ["lv", "lu"]);
        assert_eq!(speller.readings('略').usual(), ["lve", "lue"]);
    }

    #[test]
    fn a_name_is_reached_by_every_key_that_people_type() {
        let speller = Speller::new();
        assert_eq!(speller.name_keys("王小明"), ["王小明", "wangxiaoming", "wxm", "wangxm"]);
        let keys = speller.name_keys("单明");
        for key in ["shanming", "sm", "shanm", "danming", "dm", "danm"] {
            assert!(keys.contains(&key.to_owned()), "{key} in {keys:?}");
        }
        assert!(speller.name_keys("尉迟恭").contains(&"yuchig".to_owned()));
        assert_eq!(speller.name_keys(""), [""]);
    }

    #[test]
    fn many_polyphones_give_a_bounded_count_of_spellings() {
        let speller = Speller::new();
        assert_eq!(speller.spellings(&"乐行长".repeat(50), Sort::Name).len(), SPELLINGS_MAX);
    }
}
