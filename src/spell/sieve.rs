//! Whether a term fits anywhere in a text, yes or no, as fast as tables allow.
//!
//! The walk of `term.rs` for many texts: each unit of a UTF-16 text has a class, the characters
//! that do the same to every walk, and the set of states after each class is worked out once, when
//! it first comes up. Most units have class 0, which ends every walk, and cost one look.
//! INVARIANT: the answer is never `No` where `Term::fit_at` finds a fit at some character.

use std::collections::HashMap;

use crate::spell::fold::is_passed_over;
use crate::spell::reading::{HAN_COUNT, HAN_FIRST, Speller};
use crate::spell::term::{Effect, Term};

/// The answer of a sieve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The term fits nowhere.
    No,
    /// It may fit; only a walk can tell.
    Maybe,
    /// It fits.
    Yes,
}

/// A term made ready for many texts.
#[derive(Debug)]
pub struct Sieve {
    classes: Box<[u8; UNITS]>,
    effects: Vec<Effect>,
    // For each state and class the next state, filled in as they come up.
    nexts: Vec<u16>,
    states: Vec<u64>,
    begins: [bool; CLASSES],
    goal: u64,
    is_exact: bool,
}

const UNITS: usize = 1 << 16;
const CLASSES: usize = 1 << 8;
// A class for units that only a walk can judge: ideographs of the rare blocks, other scripts,
// surnames with a reading of their own.
const ODD: u8 = u8::MAX;
const STATES_MAX: usize = 4_096;
const UNKNOWN: u16 = u16::MAX;
const FITS: u16 = u16::MAX - 1;

/// The units that are neither common ideographs nor ASCII but may be part of a term.
const ODD_RANGES: [std::ops::RangeInclusive<usize>; 7] = [
    0xaa..=0xb6,
    0xb8..=0x1fff,
    0x2070..=0x2bff,
    0x2c00..=0x2fff,
    0x3005..=0x30fa,
    0x30fc..=0x4dff,
    0xa000..=0xffff,
];

impl Sieve {
    /// The sieve of a term.
    pub fn new(speller: &Speller, term: &Term) -> Self {
        let mut classes: Box<[u8; UNITS]> =
            vec![0; UNITS].try_into().unwrap_or_else(|_| Box::new([0; UNITS]));
        for range in ODD_RANGES {
            classes.get_mut(range).unwrap_or_default().fill(ODD);
        }
        // A text has been cleaned of what controls, so private characters only part fields.
        classes.get_mut(PARTS).unwrap_or_default().fill(0);
        let mut sieve = Self {
            classes,
            effects: vec![Effect::default()],
            nexts: Vec::new(),
            states: Vec::new(),
            begins: [false; CLASSES],
            goal: term.goal(),
            is_exact: true,
        };
        sieve.classify(speller, term);
        for (begins, effect) in sieve.begins.iter_mut().zip(&sieve.effects) {
            *begins = effect.may_begin();
        }
        if let Some(odd) = sieve.begins.last_mut() {
            *odd = true;
        }
        sieve.state(1);
        sieve
    }

    /// Whether the term fits somewhere in a text.
    #[inline]
    pub fn look(&mut self, units: &[u16]) -> Answer {
        let mut state = 0;
        for unit in units {
            let class = self.class(*unit);
            if class == 0 {
                state = 0;
                continue;
            }
            if class == ODD {
                return Answer::Maybe;
            }
            let known = self.nexts.get(state << 8 | usize::from(class));
            let mut next = known.copied().unwrap_or(UNKNOWN);
            if next == UNKNOWN {
                next = self.work_out(state, class);
            }
            if next == FITS {
                return if self.is_exact { Answer::Yes } else { Answer::Maybe };
            }
            state = usize::from(next);
        }
        Answer::No
    }

    /// Whether the term may begin with a unit.
    #[inline]
    pub fn may_begin(&self, unit: u16) -> bool {
        self.begins.get(usize::from(self.class(unit))).copied().unwrap_or(true)
    }

    #[inline]
    fn class(&self, unit: u16) -> u8 {
        self.classes.get(usize::from(unit)).copied().unwrap_or(ODD)
    }

    fn classify(&mut self, speller: &Speller, term: &Term) {
        let mut known = HashMap::from([(Effect::default(), 0)]);
        let (lists, commons) = speller.lists();
        let of_lists: Vec<u8> =
            lists.iter().map(|list| self.class_of(&mut known, term.effect('\0', list))).collect();
        let han = HAN_FIRST as usize..(HAN_FIRST + HAN_COUNT) as usize;
        let homes = self.classes.get_mut(han).unwrap_or_default();
        for (home, (plain, anywhere)) in homes.iter_mut().zip(commons) {
            let (plain, anywhere) = (of_lists.get(plain), of_lists.get(anywhere));
            // Where only a surname's reading counts, the walk knows whether it is one.
            *home = anywhere.filter(|class| plain == Some(class)).copied().unwrap_or(ODD);
        }
        let passed = (0x80..0xffff).filter_map(char::from_u32).filter(|c| is_passed_over(*c));
        let own = term.chars().iter().copied().chain('\0'..='\u{7f}').chain(passed);
        for char in own {
            let effect = term.effect(char, speller.readings_anywhere(char));
            let class = self.class_of(&mut known, effect);
            if let Some(home) = self.classes.get_mut(u32::from(char) as usize) {
                *home = class;
            }
        }
    }

    fn class_of(&mut self, known: &mut HashMap<Effect, u8>, effect: Effect) -> u8 {
        if let Some(class) = known.get(&effect) {
            return *class;
        }
        let class = u8::try_from(self.effects.len()).unwrap_or(ODD);
        if class != ODD {
            self.effects.push(effect);
            known.insert(effect, class);
        }
        class
    }

    fn work_out(&mut self, state: usize, class: u8) -> u16 {
        let states = self.states.get(state).copied().unwrap_or(1);
        let effect = self.effects.get(usize::from(class)).copied().unwrap_or_default();
        let next = match effect.apply(states, self.goal) {
            None => FITS,
            Some(moved) => self.state(moved | 1),
        };
        if let Some(home) = self.nexts.get_mut(state << 8 | usize::from(class)) {
            *home = next;
        }
        next
    }

    /// The number of a set of states; a new walk may begin in every one.
    fn state(&mut self, states: u64) -> u16 {
        if let Some(known) = self.states.iter().position(|known| *known == states) {
            return u16::try_from(known).unwrap_or(FITS);
        }
        // A term that needs so many is a freak: call everything after it a fit to be checked.
        if self.states.len() == STATES_MAX {
            self.is_exact = false;
            return FITS;
        }
        self.states.push(states);
        self.nexts.resize(self.states.len() << 8, UNKNOWN);
        u16::try_from(self.states.len() - 1).unwrap_or(FITS)
    }
}

/// Units that part the fields of a longer text; no term fits across one.
pub const PARTS: std::ops::RangeInclusive<usize> = 0xe000..=0xf8ff;

#[cfg(test)]
mod tests {
    use super::{Answer, Sieve};
    use crate::spell::pinyin::Sort;
    use crate::spell::reading::Speller;
    use crate::spell::term::Term;
    use proptest::prelude::{ProptestConfig, any, proptest};

    fn agree(speller: &Speller, word: &str, text: &str) {
        let units: Vec<u16> = text.encode_utf16().collect();
        for term in Term::parse(speller, word) {
            let answer = Sieve::new(speller, &term).look(&units);
            let fit = |sort| term.fit(speller, text, sort).is_some();
            if fit(Sort::Name) {
                assert_ne!(answer, Answer::No, "{word} {text}");
            }
            if answer == Answer::Yes {
                assert!(fit(Sort::Plain), "{word} {text}");
            }
        }
    }

    #[test]
    fn a_sieve_says_what_a_walk_says() {
        let speller = Speller::new();
        let look = |word: &str, text: &str| {
            let units: Vec<u16> = text.encode_utf16().collect();
            Sieve::new(&speller, &Term::parse(&speller, word)[0]).look(&units)
        };
        assert_eq!(look("zhengdi", "关于征地补偿"), Answer::Yes);
        assert_eq!(look("zhengd", "关于郑店"), Answer::Yes);
        assert_eq!(look("zhengdi", "关于郑村"), Answer::No);
        assert_eq!(look("zzs", "赵庄周生"), Answer::Yes);
        assert_eq!(look("chongs", "种生"), Answer::Yes);
        assert_ne!(look("moqi", "万俟明"), Answer::No);
        assert_eq!(look("热合曼", "阿卜杜·热合曼"), Answer::Yes);
        assert_eq!(look("杜热", "阿卜杜·热合曼"), Answer::Yes);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_fit_is_ever_lost(word in "[王单万俟zhwanxodi1a ]{1,9}", text in "[王单万俟地征晚安阿·恶zw1]{0,9}") {
            agree(&Speller::new(), &word, &text);
        }

        #[test]
        fn strange_texts_are_left_to_the_walk(word in any::<String>(), text in any::<String>()) {
            agree(&Speller::new(), &word, &text);
        }
    }
}
