//! A message in which a village reports a period, such as a clerk copies out of a chat: which village,
//! which month, whether there was nothing, and who says so. It only begins the form; the clerk confirms.

use std::cmp::Reverse;

use chrono::{Datelike, NaiveDate};

use crate::api::duty::{DutyGroup, DutyRow};
use crate::domain::choice::{Period, ReportManner, ReportWord};
use crate::domain::form::Fields;
use crate::domain::text::half_width;
use crate::locale::{self, Lang};

/// The most characters of such a message.
const CHARS_MAX: usize = 200;
/// The most characters of a name.
const NAME_MAX: usize = 4;
/// The sign behind a number of matters.
const MATTERS: char = '\u{4ef6}';
/// The sign behind the number of a month.
const MONTH: char = '\u{6708}';

/// The word behind the name of a village.
const VILLAGE: char = '\u{6751}';

/// What a message says.
#[derive(Debug, PartialEq, Eq)]
pub struct Told<'g> {
    /// Whose report it is.
    pub row: &'g DutyRow,
    /// The key of the period.
    pub period: String,
    /// What the form of the report begins with.
    pub fields: Fields,
}

/// What a message says of a duty of villages; none if it names no village of it, or several.
pub fn read<'g>(text: &str, group: &'g DutyGroup, today: NaiveDate) -> Option<Told<'g>> {
    let (whole, text) = (text.trim(), half_width(text.trim()));
    if text.chars().count() > CHARS_MAX {
        return None;
    }
    let row = named(&text, group)?;
    let is_zero = group.zero && says_nothing(&text);
    let word = if is_zero { ReportWord::Zero } else { ReportWord::Reported };
    let said = [
        ("word", word.word().to_owned()),
        ("via", ReportManner::Message.word().to_owned()),
        ("reporter", reporter(&text).unwrap_or_default()),
        ("text", whole.to_owned()),
    ];
    let said = said.into_iter().filter(|(_, text)| !text.is_empty());
    let fields = said.map(|(name, text)| (name.to_owned(), text)).collect();
    let period = month(&text, group, today).unwrap_or_else(|| row.key.clone());
    Some(Told { row, period, fields })
}

/// The row of the village that a message names. A name that is a part of a longer one is none where
/// the longer one stands.
fn named<'g>(text: &str, group: &'g DutyGroup) -> Option<&'g DutyRow> {
    let names = group.rows.iter().filter_map(|row| Some((short(row.village.as_deref()?), row)));
    let mut names: Vec<(&str, &DutyRow)> = names.collect();
    names.sort_by_key(|(name, _)| Reverse(name.chars().count()));
    let (mut rest, mut found) = (text.to_owned(), Vec::new());
    for (name, row) in names {
        if rest.contains(name) {
            found.push(row);
            rest = rest.replace(name, " ");
        }
    }
    match found.as_slice() {
        [row] => Some(row),
        _ => None,
    }
}

/// Whether a message says that there was nothing at all: in so many words, or of matters as a whole;
/// and no number of matters stands in it.
fn says_nothing(text: &str) -> bool {
    let says_zero = words("duty.told.zero").iter().any(|word| text.contains(word.as_str()));
    (says_zero || denies_all(text)) && !counts_any(text)
}

/// Whether matters are denied, and nothing of them is said further.
fn denies_all(text: &str) -> bool {
    let (subjects, tails) = (words("duty.told.subject"), words("duty.told.tail"));
    let ends = |rest: &str| !rest.starts_with(|char: char| char.is_alphanumeric());
    let is_whole = |rest: &str| {
        let said = subjects.iter().filter_map(|subject| rest.strip_prefix(subject.as_str()));
        said.into_iter().any(|rest| {
            ends(rest) || tails.iter().filter_map(|tail| rest.strip_prefix(tail.as_str())).any(ends)
        })
    };
    words("duty.told.none").iter().any(|none| {
        text.match_indices(none.as_str())
            .any(|(at, _)| text.get(at + none.len()..).is_some_and(is_whole))
    })
}

/// Whether some number of matters stands in a message that is not 0.
fn counts_any(text: &str) -> bool {
    let numerals = words("duty.told.numeral");
    text.match_indices(MATTERS).any(|(at, _)| {
        let front = text.get(..at).unwrap_or_default().trim_end();
        let digits = front.chars().rev().take_while(char::is_ascii_digit);
        digits.into_iter().any(|digit| digit != '0')
            || numerals.iter().any(|numeral| front.ends_with(numeral.as_str()))
    })
}

/// A village's name without the word for village, as people write it.
fn short(village: &str) -> &str {
    let short = village.strip_suffix(VILLAGE);
    short.filter(|name| name.chars().count() > 1).unwrap_or(village)
}

/// Words of the catalogue with blanks between; a message is Chinese, whatever the screen is.
fn words(key: &str) -> Vec<String> {
    locale::text(Lang::Zh, key).split(' ').map(str::to_owned).collect()
}

/// The name behind the word for whoever reports.
fn reporter(text: &str) -> Option<String> {
    let rest = words("duty.told.reporter")
        .iter()
        .find_map(|word| text.split_once(word.as_str()).map(|(_, rest)| rest.to_owned()))?;
    let name = rest.trim_start_matches(|char: char| char.is_whitespace() || char == ':');
    let name: String = name.chars().take_while(|char| char.is_alphabetic()).collect();
    let is_name = (1..=NAME_MAX).contains(&name.chars().count());
    is_name.then_some(name)
}

/// The period of a month that is named by its number: the newest one that has begun.
fn month(text: &str, group: &DutyGroup, today: NaiveDate) -> Option<String> {
    let (front, _) = text.split_once(MONTH).filter(|_| group.period == Period::Month)?;
    let digits = front.chars().rev().take_while(char::is_ascii_digit).collect::<Vec<_>>();
    let number: u32 = digits.iter().rev().collect::<String>().parse().ok()?;
    let years = [today.year(), today.year() - 1];
    let mut days = years.iter().filter_map(|year| NaiveDate::from_ymd_opt(*year, number, 1));
    days.find(|day| *day <= today).map(|day| group.period.around(day).key())
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::api::duty::{DutyGroup, DutyRow};
    use crate::domain::choice::{Period, ReportState};
    use crate::domain::ids::{DutyId, Version};
    use crate::domain::standing::Standing;

    fn group() -> DutyGroup {
        let row = |id: u64, village: &str| DutyRow {
            id: DutyId(id),
            version: Version(1),
            code: "M3".to_owned(),
            title: "一月一排查".to_owned(),
            village: Some(village.to_owned()),
            officer: None,
            key: "2026-10".to_owned(),
            due: "2026-10-20".parse().unwrap(),
            due_workday: None,
            state: ReportState::Owed,
            standing: Standing::Running,
            days_left: 2,
            newest: None,
            n_before: 0,
        };
        DutyGroup {
            code: "M3".to_owned(),
            title: "一月一排查".to_owned(),
            output: None,
            who: None,
            period: Period::Month,
            key: "2026-10".to_owned(),
            days: ("2026-10-01".parse().unwrap(), "2026-10-31".parse().unwrap()),
            due: "2026-10-20".parse().unwrap(),
            due_workday: None,
            zero: true,
            counts: Vec::new(),
            rows: vec![row(1, "张家庄村"), row(2, "石桥村")],
        }
    }

    #[test]
    fn a_message_begins_the_report_of_its_village_and_month() {
        let (group, today) = (group(), "2026-11-02".parse().unwrap());
        let told = read("张家庄 １０月 零报告 报送人：王建国", &group, today).unwrap();
        assert_eq!((told.row.id, told.period.as_str()), (DutyId(1), "2026-10"));
        let field = |name: &str| told.fields.get(name).map(String::as_str);
        assert_eq!((field("word"), field("reporter")), (Some("zero"), Some("王建国")));
        assert_eq!(field("via"), Some("message"));
        assert_eq!(
            field("text"),
            Some("张家庄 １０月 零报告 报送人：王建国"),
            "nothing typed is lost"
        );
        let told = read("石桥村12月排查2件，已报送", &group, today).unwrap();
        assert_eq!((told.row.id, told.period.as_str()), (DutyId(2), "2025-12"));
        assert_eq!(told.fields["word"], "reported");
        assert!(told.fields["text"].contains("排查2件") && !told.fields.contains_key("reporter"));
        assert_eq!(read("石桥村 零报告", &group, today).unwrap().period, "2026-10");
    }

    #[test]
    fn only_a_message_that_denies_all_matters_is_a_zero_report() {
        let (group, today) = (group(), "2026-11-02".parse().unwrap());
        let word = |text: &str| read(text, &group, today).unwrap().fields["word"].clone();
        for zero in [
            "张家庄10月零报告",
            "张家庄村本月没有矛盾纠纷",
            "张家庄10月无来访，无矛盾纠纷",
            "张家庄 10月 没有情况",
            "张家庄10月排查0件，没有矛盾纠纷上报",
        ] {
            assert_eq!(word(zero), "zero", "{zero}");
        }
        for told in [
            "张家庄10月排查2件，没有矛盾激化",
            "张家庄10月没有矛盾激化",
            "张家庄10月零报告，另有１ 件待核",
            "张家庄10月两件，其他没有情况",
            "张家庄10月没有来访人员信息",
            "张家庄10月排查表已报",
        ] {
            assert_eq!(word(told), "reported", "{told}");
            assert_eq!(read(told, &group, today).unwrap().fields["text"], told);
        }
    }

    #[test]
    fn the_longer_name_of_a_village_is_meant_where_it_stands() {
        let (mut group, today) = (group(), "2026-10-18".parse().unwrap());
        group.rows[0].village = Some("大石桥村".to_owned());
        let whose = |text: &str| read(text, &group, today).map(|told| told.row.id);
        assert_eq!(whose("大石桥 10月 零报告"), Some(DutyId(1)));
        assert_eq!(whose("石桥村 10月 零报告"), Some(DutyId(2)));
        assert_eq!(whose("大石桥、石桥都是零报告"), None);
    }

    #[test]
    fn a_message_of_no_village_or_of_several_is_none() {
        let (group, today) = (group(), "2026-10-18".parse().unwrap());
        for text in ["零报告", "张家庄、石桥都是零报告", "柳树沟 零报告", ""] {
            assert_eq!(read(text, &group, today), None, "{text}");
        }
    }
}
