//! One word of a query against one text: characters, full pinyin, initials, or a mix of them.
//!
//! The pinyin of a text is not stored: the word is walked along the characters and their readings,
//! as a set of states (how much of the word is used up), so `wangxm`, `张h` and both readings of
//! 重 need no keys of their own, and the characters that matched are known.
//! INVARIANT: a word has at most `WORD_CHARS_MAX` characters, so that the states fit 64 bits.

pub mod whole;

use crate::spell::fold::{WORD_CHARS_MAX, fold, is_passed_over, words};
use crate::spell::pinyin::Sort;
use crate::spell::reading::{Readings, Speller};

/// How well a word fits a text, the best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// The word's letters occur in their order, with gaps.
    Fuzzy,
    /// The word occurs inside the text.
    Inside,
    /// The text begins with the word if some syllables are given by their initials.
    Initials,
    /// The text begins with the word.
    Prefix,
    /// The word is the whole text.
    Exact,
}

/// Where and how well a word fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fit {
    /// How well.
    pub grade: Grade,
    /// Among fits of one grade the better has more: 4 for syllables in full, 2 for the text used
    /// up, 1 for usual readings.
    pub fine: u32,
    /// The character of the text at which the fit begins.
    pub from: usize,
    /// The character behind the fit.
    pub to: usize,
}

/// One folded word of a query, with what each syllable does to a walk along it.
#[derive(Debug, Clone)]
pub struct Term {
    chars: Vec<char>,
    text: String,
    // For each syllable of the speller.
    steps: Vec<Step>,
    // For each ASCII character the places where it stands.
    ascii: Vec<u64>,
}

/// What one character of a text does to all walks along a term at once, whatever their grade.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Effect {
    // From which places a walk goes on by so many characters of the term.
    moves: [u64; MOVE_MAX + 1],
    // At which places a walk ends within the character's syllable.
    ends: u64,
}

/// The most letters of a syllable.
const MOVE_MAX: usize = 6;

impl Effect {
    /// Whether the character does nothing to any walk.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a walk may begin with the character.
    pub fn may_begin(&self) -> bool {
        (self.ends | self.moves.iter().fold(0, |all, places| all | places)) & 1 == 1
    }

    /// Whether the character may be passed over.
    pub fn passes(&self) -> bool {
        self.moves.first().is_some_and(|places| *places != 0)
    }

    /// The states after the character; none if a walk is at its end.
    pub fn apply(&self, states: u64, goal: u64) -> Option<u64> {
        let moved = self.moved(states);
        (moved & goal == 0 && states & self.ends == 0).then_some(moved)
    }

    /// The states after the character, whether a walk is at its end or not.
    pub fn moved(&self, states: u64) -> u64 {
        (0..).zip(self.moves).fold(0, |all, (n, from)| all | (states & from) << n)
    }

    fn add(&mut self, n: usize, places: u64) {
        if let Some(moves) = self.moves.get_mut(n) {
            *moves |= places;
        }
    }
}

/// The places of a term, one bit each, at which a syllable can be taken.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    // The whole syllable stands there, and its length.
    whole: u64,
    n_letters: u32,
    // The term ends within the syllable.
    end: u64,
    // Its first letter stands there, or its first two if they are zh, ch or sh.
    initial: u64,
    double: u64,
}

// The flags of a walk: whether it used initials, whether it used an unusual reading.
const INITIALS: usize = 1;
const UNUSUAL: usize = 2;
const N_WALKS: usize = 4;

type States = [u64; N_WALKS];

impl Term {
    /// The terms of a query; all of them must fit.
    pub fn parse(speller: &Speller, query: &str) -> Vec<Self> {
        words(query).into_iter().map(|text| Self::of(speller, text)).collect()
    }

    fn of(speller: &Speller, text: String) -> Self {
        let chars: Vec<char> = text.chars().take(WORD_CHARS_MAX).collect();
        let mut term = Self { chars, text, steps: Vec::new(), ascii: vec![0; 128] };
        for (at, char) in term.chars.iter().enumerate() {
            if let Some(places) = term.ascii.get_mut(u32::from(*char) as usize) {
                *places |= 1 << at;
            }
        }
        // Characters alone are walked without any syllable.
        if term.chars.iter().any(char::is_ascii_lowercase) {
            let syllables = speller.syllables().iter();
            term.steps = syllables.map(|syllable| term.step_of(syllable.as_bytes())).collect();
        }
        term
    }

    fn step_of(&self, syllable: &[u8]) -> Step {
        let mut step =
            Step { n_letters: u32::try_from(syllable.len()).unwrap_or(0), ..Step::default() };
        let [first, ..] = syllable else { return step };
        let mut open = self.ascii.get(usize::from(*first)).copied().unwrap_or(0);
        if syllable.len() > 1 {
            step.initial = open;
        }
        while open != 0 {
            let at = open.trailing_zeros() as usize;
            open &= open - 1;
            let rest = self.chars.get(at..).unwrap_or_default();
            let n = rest.iter().zip(syllable).take_while(|(a, b)| **a == char::from(**b)).count();
            if n == syllable.len() {
                step.whole |= 1 << at;
            } else if n == rest.len() {
                step.end |= 1 << at;
            }
            if n >= 2 && syllable.get(1) == Some(&b'h') {
                step.double |= 1 << at;
            }
        }
        step
    }

    /// The folded text of the term.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The folded characters of the term; there is at least one.
    pub fn chars(&self) -> &[char] {
        &self.chars
    }

    /// Whether the term consists of ASCII digits only.
    pub fn is_number(&self) -> bool {
        self.chars.iter().all(char::is_ascii_digit)
    }

    /// The state in which all of the term is used up, as a bit.
    pub fn goal(&self) -> u64 {
        1 << self.chars.len()
    }

    /// What a character with these readings does to walks along the term.
    pub fn effect(&self, char: char, readings: &Readings) -> Effect {
        let mut effect = Effect::default();
        let folded = fold(char);
        effect.add(1, self.places(folded));
        if is_passed_over(folded) {
            effect.add(0, !1);
        }
        for step in readings.all().iter().filter_map(|id| self.steps.get(usize::from(*id))) {
            effect.add(step.n_letters as usize, step.whole);
            effect.add(1, step.initial);
            effect.add(2, step.double);
            effect.ends |= step.end;
        }
        effect
    }

    /// The best fit anywhere in a text: at its beginning, else the first one inside.
    pub fn fit(&self, speller: &Speller, text: &str, sort: Sort) -> Option<Fit> {
        let mut rest = text.chars();
        (0..).find_map(|from| {
            let fit = self.fit_at(speller, rest.clone(), (from, sort));
            fit.map(Some).or_else(|| rest.next().is_none().then_some(None))
        })?
    }

    /// The best fit at the beginning of what is left of a text from some character on.
    pub fn fit_at(
        &self,
        speller: &Speller,
        mut rest: impl Iterator<Item = char> + Clone,
        at: (usize, Sort),
    ) -> Option<Fit> {
        let (from, sort) = at;
        let surname = match sort {
            Sort::Name if from == 0 => speller.surname(rest.clone()),
            Sort::Name | Sort::Plain => [None, None],
        };
        let goal = self.goal();
        let mut states: States = [1, 0, 0, 0];
        let mut best: Option<Fit> = None;
        let mut n_taken = 0;
        while let Some(char) = rest.next() {
            let special = surname.get(n_taken).copied().flatten();
            n_taken += 1;
            let readings = special.unwrap_or_else(|| speller.readings(char));
            let (next, ends) = self.step(states, fold(char), readings);
            let reached = next.iter().fold(0, |all, state| all | state);
            if reached & goal != 0 || ends != 0 {
                let is_last = rest.clone().next().is_none();
                for (walk, state) in next.iter().enumerate() {
                    if state & goal != 0 || ends >> walk & 1 == 1 {
                        let is_whole = state & goal != 0 && is_last;
                        let fit = judge((from, from + n_taken), walk, is_whole);
                        if best.is_none_or(|best| fit.is_better(&best)) {
                            best = Some(fit);
                        }
                    }
                }
            }
            if reached & !goal == 0 {
                break;
            }
            states = next.map(|state| state & !goal);
        }
        best
    }

    /// Takes one folded character of the text: the states after it, and in the second value one
    /// bit for each walk that ends within a syllable here.
    #[inline]
    fn step(&self, states: States, char: char, readings: &Readings) -> (States, u8) {
        let mut next: States = [0; N_WALKS];
        let mut ends = 0;
        let places = self.places(char);
        let passed = if is_passed_over(char) { !1 } else { 0 };
        for (walk, state) in states.into_iter().enumerate() {
            if state == 0 {
                continue;
            }
            add(&mut next, walk, (state & places) << 1 | state & passed);
            for (nth, id) in readings.all().iter().enumerate() {
                let Some(step) = self.steps.get(usize::from(*id)) else { break };
                let walk = if nth < readings.n_usual() { walk } else { walk | UNUSUAL };
                add(&mut next, walk, (state & step.whole) << step.n_letters);
                if state & step.end != 0 {
                    ends |= 1 << walk;
                }
                let initials = (state & step.initial) << 1 | (state & step.double) << 2;
                add(&mut next, walk | INITIALS, initials);
            }
        }
        (next, ends)
    }

    /// The places at which a folded character stands in the term.
    #[inline]
    fn places(&self, char: char) -> u64 {
        if let Some(places) = self.ascii.get(u32::from(char) as usize) {
            return *places;
        }
        let places = self.chars.iter().enumerate().filter(|(_, found)| **found == char);
        places.fold(0, |places, (at, _)| places | 1 << at)
    }
}

impl Fit {
    fn is_better(&self, other: &Self) -> bool {
        (self.grade, self.fine) > (other.grade, other.fine)
    }
}

#[inline]
fn add(states: &mut States, walk: usize, places: u64) {
    if let Some(state) = states.get_mut(walk) {
        *state |= places;
    }
}

fn judge(range: (usize, usize), walk: usize, is_whole: bool) -> Fit {
    let has_initials = walk & INITIALS != 0;
    let grade = match (range.0, has_initials, is_whole) {
        (0, false, true) => Grade::Exact,
        (0, false, false) => Grade::Prefix,
        (0, true, _) => Grade::Initials,
        _ => Grade::Inside,
    };
    let fine = if has_initials { 0 } else { 4 }
        + if is_whole { 2 } else { 0 }
        + if walk & UNUSUAL == 0 { 1 } else { 0 };
    Fit { grade, fine, from: range.0, to: range.1 }
}

#[cfg(test)]
mod tests {
    use super::{Grade, Term};
    use crate::spell::pinyin::Sort;
    use crate::spell::reading::Speller;
    use proptest::prelude::{any, proptest};

    fn grade(word: &str, text: &str) -> Option<Grade> {
        let terms = Term::parse(&Speller::new(), word);
        assert_eq!(terms.len(), 1);
        terms[0].fit(&Speller::new(), text, Sort::Name).map(|fit| fit.grade)
    }

    fn matched(word: &str, text: &str) -> Option<String> {
        let fit = Term::parse(&Speller::new(), word)[0].fit(&Speller::new(), text, Sort::Name)?;
        Some(text.chars().skip(fit.from).take(fit.to - fit.from).collect())
    }

    #[test]
    fn a_name_is_found_by_any_mix_of_characters_pinyin_and_initials() {
        for (word, found) in [
            ("王小明", Grade::Exact),
            ("wangxiaoming", Grade::Exact),
            ("王xiaoming", Grade::Exact),
            ("王小", Grade::Prefix),
            ("wangx", Grade::Prefix),
            ("wangxia", Grade::Prefix),
            ("王x", Grade::Prefix),
            ("wxm", Grade::Initials),
            ("wangxm", Grade::Initials),
            ("wxming", Grade::Initials),
            ("王xm", Grade::Initials),
            ("小明", Grade::Inside),
            ("xm", Grade::Inside),
            ("ming", Grade::Inside),
        ] {
            assert_eq!(grade(word, "王小明"), Some(found), "{word}");
        }
        for word in ["wangm", "mx", "ang", "wangxn", "小王"] {
            assert_eq!(grade(word, "王小明"), None, "{word}");
        }
    }

    #[test]
    fn a_character_and_an_initial_together_find_a_name() {
        assert_eq!(grade("张h", "张华"), Some(Grade::Prefix));
        assert_eq!(grade("zhangh", "张华"), Some(Grade::Prefix));
        assert_eq!(grade("zhh", "张华"), Some(Grade::Initials));
        assert_eq!(grade("张h", "张三"), None);
    }

    #[test]
    fn a_surname_is_found_by_its_own_and_by_its_plain_reading() {
        for (word, name) in [
            ("shan", "单小明"),
            ("dan", "单小明"),
            ("xie", "解明"),
            ("yuchi", "尉迟恭"),
            ("moqi", "万俟明"),
            ("qin", "覃明"),
            ("lv", "吕明"),
            ("lu", "吕明"),
        ] {
            assert_eq!(grade(word, name), Some(Grade::Prefix), "{word} {name}");
        }
        let speller = Speller::new();
        let fine = |word: &str| {
            Term::parse(&Speller::new(), word)[0]
                .fit(&speller, "单小明", Sort::Name)
                .map(|fit| fit.fine)
        };
        assert!(fine("shan") > fine("dan"));
        assert_eq!(grade("chong", "村中种地"), Some(Grade::Inside));
        assert_eq!(grade("mo", "村里万元"), None);
    }

    #[test]
    fn a_place_with_a_polyphone_is_found_by_both_readings() {
        for word in ["chongqing", "zhongqing", "cq", "zq"] {
            assert!(grade(word, "重庆").is_some(), "{word}");
        }
        assert_eq!(grade("lequan", "乐泉村"), Some(Grade::Prefix));
        assert_eq!(grade("xian", "西安路"), Some(Grade::Prefix));
    }

    #[test]
    fn the_characters_that_matched_are_known() {
        assert_eq!(matched("zhengdi", "关于征地补偿"), Some("征地".to_owned()));
        assert_eq!(matched("bc", "关于征地补偿"), Some("补偿".to_owned()));
        assert_eq!(matched("k12", "县道Ｋ12线"), Some("Ｋ12".to_owned()));
    }

    #[test]
    fn a_dot_or_a_space_within_a_name_need_not_be_typed() {
        assert_eq!(grade("阿卜杜热合曼", "阿卜杜·热合曼"), Some(Grade::Exact));
        assert_eq!(grade("wangm", "王　明"), Some(Grade::Prefix));
    }

    proptest! {
        #[test]
        fn no_word_and_no_text_can_make_the_walk_fail(word in any::<String>(), text in any::<String>()) {
            let speller = Speller::new();
            for term in Term::parse(&speller, &word) {
                if let Some(fit) = term.fit(&speller, &text, Sort::Name) {
                    assert!(fit.from < fit.to && fit.to <= text.chars().count());
                }
            }
        }

        #[test]
        fn every_key_of_a_name_finds_the_name(name in "[王单解尉迟小明乐重强长]{1,4}") {
            let speller = Speller::new();
            for key in speller.name_keys(&name) {
                let terms = Term::parse(&speller, &key);
                assert!(terms[0].fit(&speller, &name, Sort::Name).is_some(), "{key} {name}");
            }
        }
    }
}
