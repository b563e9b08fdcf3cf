//! Chance with a seed: the same seed makes the same town, on every machine.
//!
//! The generator is SplitMix64 (Steele, Lea, Flood, 2014): small, and good enough for a made-up
//! town. It is no source of secrets.

/// A stream of numbers that follow from a seed.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The stream of one thing: its seed, what it is, and its number among those.
    pub fn of(seed: u64, what: &str, id: u64) -> Self {
        let mut chance = Self(seed ^ id.wrapping_mul(0xd1b5_4a32_d192_ed03));
        for byte in what.bytes() {
            chance.0 = chance.0.wrapping_mul(31).wrapping_add(u64::from(byte));
            chance.next();
        }
        chance
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to one below `n`; 0 if `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        self.next().checked_rem(n).unwrap_or(0)
    }

    /// A number from `least` to `most`; `least` if `most` is smaller.
    pub fn between(&mut self, least: u32, most: u32) -> u32 {
        let width = u64::from(most.saturating_sub(least)) + 1;
        least.saturating_add(u32::try_from(self.below(width)).unwrap_or(0))
    }

    /// True so many times out of a hundred.
    pub fn in_hundred(&mut self, times: u32) -> bool {
        self.below(100) < u64::from(times)
    }

    /// One of several; none if there are none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let at = self.below(u64::try_from(items.len()).unwrap_or(0));
        items.get(usize::try_from(at).unwrap_or(0))
    }

    /// One of several texts; empty if there are none.
    pub fn text(&mut self, texts: &[&'static str]) -> &'static str {
        self.pick(texts).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn the_same_seed_makes_the_same_numbers_and_another_makes_others() {
        let numbers = |seed, id| {
            let mut chance = Chance::of(seed, "case", id);
            (0..8).map(|_| chance.next()).collect::<Vec<_>>()
        };
        assert_eq!(numbers(7, 1), numbers(7, 1));
        assert_ne!(numbers(7, 1), numbers(7, 2));
        assert_ne!(numbers(7, 1), numbers(8, 1));
    }

    #[test]
    fn a_number_lies_between_its_bounds_even_if_they_are_turned_round() {
        let mut chance = Chance::of(1, "bounds", 0);
        assert!((0..1_000).all(|_| (3..=9).contains(&chance.between(3, 9))));
        assert_eq!(chance.between(5, 2), 5);
        assert_eq!(chance.below(0), 0);
        assert_eq!(chance.pick::<u8>(&[]), None);
    }
}
