//! A question as it is spoken, such as `张家庄那件征地的到哪一步了`: the words that ask are taken away,
//! those that name something stay.
//!
//! Only for a question that as it was typed finds nothing: a village or a title may well contain
//! such a word. The words stand in `data/spell`; a particle is one only behind something else.

use crate::spell::fold::words;

const FILLERS: &str = include_str!("../../data/spell/fillers.txt");

/// What marks a word that is one only behind something else.
const PARTICLE: char = '-';

/// What of a question names something, its pieces apart; none if nothing would be taken away, or
/// nothing would be left.
pub fn plain(query: &str) -> Option<String> {
    let fillers = fillers();
    let mut pieces: Vec<String> = Vec::new();
    let mut is_shorter = false;
    for word in words(query) {
        let mut piece = String::new();
        let mut rest = word.as_str();
        while let Some(char) = rest.chars().next() {
            let is_first = rest.len() == word.len();
            let found = fillers
                .iter()
                .filter(|(_, manner)| !(is_first && *manner == Manner::Particle))
                .filter_map(|(filler, _)| rest.strip_prefix(filler))
                .next();
            if let Some(behind) = found {
                is_shorter = true;
                rest = behind;
                pieces.extend(Some(std::mem::take(&mut piece)).filter(|piece| !piece.is_empty()));
            } else {
                piece.push(char);
                rest = rest.get(char.len_utf8()..).unwrap_or_default();
            }
        }
        pieces.extend(Some(piece).filter(|piece| !piece.is_empty()));
    }
    (is_shorter && !pieces.is_empty()).then(|| pieces.join(" "))
}

/// Where a filler may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// Anywhere.
    Phrase,
    /// Behind something else.
    Particle,
}

/// The fillers, the longest first.
fn fillers() -> Vec<(&'static str, Manner)> {
    let lines = FILLERS.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut fillers: Vec<_> = lines
        .map(|line| match line.strip_prefix(PARTICLE) {
            Some(particle) => (particle, Manner::Particle),
            None => (line, Manner::Phrase),
        })
        .collect();
    fillers.sort_by_key(|(filler, _)| std::cmp::Reverse(filler.len()));
    fillers
}

#[cfg(test)]
mod tests {
    use super::{fillers, plain};

    #[test]
    fn what_asks_goes_and_what_names_stays() {
        for (spoken, left) in [
            ("张家庄那件征地的", "张家庄 征地"),
            ("张家庄那件征地的到哪一步了", "张家庄 征地"),
            ("张家庄那件征地的到哪一步了？", "张家庄 征地"),
            ("请问石桥村的路灯怎么样了", "石桥村 路灯"),
            ("马玉兰的那件事办到哪了呢", "马玉兰"),
            ("柳树沟那户拆迁的 谁包案", "柳树沟 拆迁"),
            ("XF-2026-000123办结了吗", "xf 2026 000123"),
        ] {
            assert_eq!(plain(spoken).as_deref(), Some(left), "{spoken}");
        }
    }

    #[test]
    fn a_question_without_such_words_or_with_nothing_else_stays_as_it_is() {
        for typed in ["张家庄征地", "zjz zd", "", "那件", "怎么样了呢", "了哥山村"]
        {
            assert_eq!(plain(typed), None, "{typed}");
        }
        // A particle begins no word, and a village may begin with one.
        assert_eq!(plain("了哥山村那件").as_deref(), Some("了哥山村"));
    }

    #[test]
    fn no_filler_stands_twice_in_the_table() {
        let all = fillers();
        for (place, (filler, _)) in all.iter().enumerate() {
            assert!(!filler.trim().is_empty() && filler.trim() == *filler);
            assert!(all.iter().skip(place + 1).all(|(other, _)| other != filler), "{filler}");
        }
    }
}
