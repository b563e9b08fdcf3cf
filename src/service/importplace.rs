//! Villages as ledgers write them: a sheet called by the bare name and a column with the full one mean
//! one village.
//!
//! INVARIANT: a name is changed only to the one village that it can mean.

use std::collections::BTreeMap;

use crate::domain::choice::UnitKind;
use crate::service::book::Book;

const ENDINGS: &str = include_str!("../../data/import/villages.txt");

/// The names of villages that are known, those that the import makes included.
pub struct Villages {
    /// Names with what their ending says, by the rest of them.
    by_rest: BTreeMap<String, Vec<(String, Option<&'static str>)>>,
}

impl Villages {
    /// Those of the office.
    pub fn of(book: &Book) -> Self {
        let mut villages = Self { by_rest: BTreeMap::new() };
        for unit in book.units.values().filter(|unit| unit.kind == UnitKind::Village) {
            villages.note(&unit.name);
        }
        villages
    }

    /// The name of the village that a cell means; the cell itself if it means none or several, and
    /// then it is known from now on.
    pub fn named(&mut self, cell: String) -> String {
        let (rest, says) = parted(&cell);
        let known = self.by_rest.get(rest).map_or(&[][..], Vec::as_slice);
        if known.iter().any(|(name, _)| *name == cell) {
            return cell;
        }
        let may_be = |own: &&(String, Option<&str>)| {
            says.is_none() || own.1.is_none_or(|it| says == Some(it))
        };
        let mut meant = known.iter().filter(may_be);
        if let (Some((name, _)), None) = (meant.next(), meant.next()) {
            return name.clone();
        }
        self.note(&cell);
        cell
    }

    fn note(&mut self, name: &str) {
        let (rest, says) = parted(name);
        self.by_rest.entry(rest.to_owned()).or_default().push((name.to_owned(), says));
    }
}

/// A name without its endings, which are several where a committee is called after its village, and
/// what they say.
pub fn parted(name: &str) -> (&str, Option<&'static str>) {
    let (mut rest, mut says) = (name, None);
    while let Some((shorter, own)) = shorter(rest).filter(|it| says.is_none_or(|says| says == it.1))
    {
        (rest, says) = (shorter, Some(own));
    }
    (rest, says)
}

fn shorter(name: &str) -> Option<(&str, &'static str)> {
    let endings = ENDINGS.lines().filter_map(|line| line.split_once(" = "));
    let mut found = endings.filter_map(|(ending, says)| Some((name.strip_suffix(ending)?, says)));
    found.find(|(rest, _)| !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Villages, parted};

    fn known(names: &[&str]) -> Villages {
        let mut villages = Villages { by_rest: std::collections::BTreeMap::new() };
        names.iter().for_each(|name| villages.note(name));
        villages
    }

    #[test]
    fn a_village_is_meant_with_and_without_its_ending() {
        let mut villages = known(&["张家庄村", "石桥社区"]);
        let mut named = |cell: &str| villages.named(cell.to_owned());
        assert_eq!(named("张家庄"), "张家庄村");
        assert_eq!(named("张家庄村委会"), "张家庄村");
        assert_eq!(named("张家庄村民委员会"), "张家庄村");
        assert_eq!(named("石桥社区居委会"), "石桥社区");
        assert_eq!(named("张家庄社区"), "张家庄社区", "a community is no village");
        assert_eq!(named("张家庄"), "张家庄", "two could be meant now");
        assert_eq!(named("村"), "村");
    }

    #[test]
    fn two_spellings_in_one_file_make_one_village() {
        let mut villages = known(&[]);
        assert_eq!(villages.named("柳树沟".to_owned()), "柳树沟");
        assert_eq!(villages.named("柳树沟村".to_owned()), "柳树沟");
    }

    #[test]
    fn the_longest_ending_counts() {
        assert_eq!(parted("南洼村村民委员会"), ("南洼", Some("village")));
        assert_eq!(parted("石桥社区居委会"), ("石桥", Some("community")));
        assert_eq!(parted("新村"), ("新", Some("village")));
    }
}
