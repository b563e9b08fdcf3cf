//! A text to its syllables and initials, with several readings.
//!
//! The index needs none of this, since it walks along the characters; it serves whoever needs
//! a spelling as text: sorting by pinyin, a column for another program, measuring.

use crate::spell::fold::fold;
use crate::spell::reading::Speller;

/// The most ways in which a whole text is spelled out.
pub const SPELLINGS_MAX: usize = 4;

/// What kind of text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A text that begins with a person's name: its surname is read as one.
    Name,
    /// Any other text.
    Plain,
}

/// One way to spell a text out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    /// Every syllable in full; other characters folded.
    pub full: String,
    /// The first letter of every syllable; other characters folded.
    pub initials: String,
}

impl Speller {
    /// The ways to spell a text out, the likeliest first, at most [`SPELLINGS_MAX`].
    pub fn spellings(&self, text: &str, sort: Sort) -> Vec<Spelling> {
        let surname = match sort {
            Sort::Name => self.surname(text.chars()),
            Sort::Plain => [None, None],
        };
        let empty = Spelling { full: String::new(), initials: String::new() };
        let mut spellings = vec![empty];
        for (at, char) in text.chars().enumerate() {
            let special = surname.get(at).copied().flatten();
            let readings = special.unwrap_or_else(|| self.readings(char));
            let mut said = readings.all().iter().map(|id| self.letters(*id));
            let Some(first) = said.next() else {
                let char = fold(char);
                for spelling in &mut spellings {
                    spelling.full.push(char);
                    spelling.initials.push(char);
                }
                continue;
            };
            let stems = spellings.clone();
            spellings.iter_mut().for_each(|spelling| spelling.say(first));
            for (stem, other) in said.flat_map(|o| stems.iter().map(move |s| (s, o))) {
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
        let n_surname = match self.surname(name.chars()) {
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
}

impl Spelling {
    fn say(&mut self, syllable: &str) {
        self.full.push_str(syllable);
        self.initials.extend(syllable.chars().next());
    }
}

#[cfg(test)]
mod tests {
    use super::{SPELLINGS_MAX, Sort};
    use crate::spell::reading::Speller;

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
        assert_eq!(spelled("征地3组"), ["zhengdi3zu"]);
        assert!(spelled("重庆").contains(&"chongqing".to_owned()));
        assert!(!spelled("朱庄").iter().any(|full| full.starts_with("shu")));
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
