//! Ranking of short lists: pickers and the palette, some dozens to some hundreds of labels.
//!
//! Exact before prefix before initials before inside before fuzzy; every word of the query must
//! fit; equals keep the order in which the caller gave them.

use std::cmp::Reverse;
use std::ops::Range;

use crate::spell::fuzzy::Fuzzy;
use crate::spell::pinyin::Sort;
use crate::spell::reading::Speller;
use crate::spell::term::{Grade, Term};

/// The most labels of one call that are looked at; a longer list belongs into the index.
pub const CANDIDATES_MAX: usize = 5_000;

// A grade weighs more than any fine difference or fuzzy score below it.
const GRADE_WEIGHT: u32 = 1 << 12;

/// One label that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The place of the label among the candidates.
    pub index: usize,
    /// The better, the more.
    pub score: u32,
    /// What to highlight, as ranges of characters of the label, in order and apart.
    pub marks: Vec<Range<usize>>,
}

/// The labels that fit a query, the best first. An empty query fits all and marks nothing.
pub fn rank<L: AsRef<str>>(speller: &Speller, query: &str, candidates: &[L]) -> Vec<Match> {
    let terms = Term::parse(speller, query);
    let mut fuzzy = Fuzzy::new();
    let mut matches: Vec<Match> = candidates
        .iter()
        .take(CANDIDATES_MAX)
        .enumerate()
        .filter_map(|(index, label)| {
            let mut found = Match { index, score: 0, marks: Vec::new() };
            for term in &terms {
                let (score, marks) = one(term, (speller, &mut fuzzy), label.as_ref())?;
                found.score += score;
                found.marks.extend(marks);
            }
            found.marks = apart(found.marks);
            Some(found)
        })
        .collect();
    matches.sort_by_key(|found| Reverse(found.score));
    matches
}

/// Ranges in order, overlapping and touching ones united.
pub fn apart(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut out: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

fn one(
    term: &Term,
    tools: (&Speller, &mut Fuzzy),
    label: &str,
) -> Option<(u32, Vec<Range<usize>>)> {
    let (speller, fuzzy) = tools;
    if let Some(fit) = term.fit(speller, label, Sort::Name) {
        let score = fit.grade as u32 * GRADE_WEIGHT + fit.fine;
        return Some((score, std::iter::once(fit.from..fit.to).collect()));
    }
    if !Fuzzy::takes(term) {
        return None;
    }
    let loose = fuzzy.look(term, speller, label.chars())?;
    let score = Grade::Fuzzy as u32 * GRADE_WEIGHT + loose.score.min(GRADE_WEIGHT - 1);
    Some((score, loose.marks))
}

#[cfg(test)]
mod tests {
    use super::{apart, rank};
    use crate::spell::reading::Speller;
    use proptest::prelude::{any, prop, proptest};

    const OFFICERS: [&str; 6] =
        ["王小明 副镇长", "王晓梅 所长", "李小明 镇长", "单小明 主任", "王小", "重庆路社区"];

    fn labels(query: &str) -> Vec<&'static str> {
        rank(&Speller::new(), query, &OFFICERS).iter().map(|found| OFFICERS[found.index]).collect()
    }

    #[test]
    fn an_empty_query_keeps_the_list_as_it_is() {
        assert_eq!(labels("  "), OFFICERS);
    }

    #[test]
    fn exact_comes_before_prefix_before_initials_before_inside() {
        assert_eq!(labels("王小"), ["王小", "王小明 副镇长"]);
        assert_eq!(labels("wangxiao"), ["王小", "王小明 副镇长", "王晓梅 所长"]);
        assert_eq!(labels("xiaom"), ["王小明 副镇长", "王晓梅 所长", "李小明 镇长", "单小明 主任"]);
        assert_eq!(labels("wxm"), ["王小明 副镇长", "王晓梅 所长"]);
    }

    #[test]
    fn every_word_must_fit() {
        assert_eq!(labels("xm zhenfu"), Vec::<&str>::new());
        assert_eq!(labels("xm zhenz"), ["王小明 副镇长", "李小明 镇长"]);
        assert_eq!(labels("小明　ＺＲ"), ["单小明 主任"]);
    }

    #[test]
    fn a_fuzzy_fit_comes_last() {
        assert_eq!(labels("王明"), ["王小明 副镇长"]);
        assert_eq!(labels("chongqlu"), ["重庆路社区"]);
    }

    #[test]
    fn the_marks_name_the_characters_that_matched() {
        let found = rank(&Speller::new(), "wangxm fz", &OFFICERS);
        assert_eq!(found[0].marks, [0..3, 4..6]);
        assert_eq!(apart(vec![4..6, 0..2, 1..5]), vec![0..6]);
    }

    proptest! {
        #[test]
        fn marks_always_lie_within_the_label(
            query in any::<String>(),
            labels in prop::collection::vec(any::<String>(), 0..8),
        ) {
            for found in rank(&Speller::new(), &query, &labels) {
                let n_chars = labels[found.index].chars().count();
                assert!(found.marks.iter().all(|mark| mark.start < mark.end && mark.end <= n_chars));
            }
        }
    }
}
