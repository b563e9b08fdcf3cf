//! A case as text for the shell: short lines that 80 columns hold, in the order of the sheet.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::api::reply::{CaseSheet, DeadlineView};
use crate::cli::roster;
use crate::cli::tell::{label, table};
use crate::domain::ahead;
use crate::domain::ids::OfficerId;
use crate::domain::standing::Standing;
use crate::domain::step::{Deed, Step};
use crate::locale::{self, Lang};

/// The width of a line.
const COLUMNS: usize = 80;
/// How far the text of a step or a request is moved in.
const INDENT: usize = 2;

/// A case in full.
pub fn case(lang: Lang, sheet: &CaseSheet) -> String {
    let mut text = wrapped(&format!("{}  {}", sheet.case.number, sheet.case.title), 0);
    text.push_str(&head(lang, sheet));
    heading(&mut text, lang, "shell.case.clocks");
    let clocks: Vec<Vec<String>> =
        sheet.deadlines.iter().map(|clock| clock_row(lang, clock)).collect();
    text.push_str(&narrow(&clocks));
    if sheet.deadlines.iter().any(|clock| clock.certainty.is_some() && clock.from.is_some()) {
        let args = [("number", sheet.case.number.clone())];
        text.push_str(&wrapped(&locale::fill(lang, "shell.case.why", &args), 0));
    }
    let ahead = ahead(lang, sheet);
    if !ahead.is_empty() {
        heading(&mut text, lang, "shell.case.ahead");
        text.push_str(&narrow(&ahead));
    }
    heading(&mut text, lang, "shell.case.steps");
    let mut steps: Vec<&Step> = sheet.case.steps.values().collect();
    steps.sort_by_key(|step| std::cmp::Reverse(step.on));
    for step in steps {
        let by = step.by.map(|id| officer(sheet, id)).unwrap_or_default();
        let deed = deed(lang, sheet, step);
        text.push_str(format!("{}  {deed}  {by}", step.on).trim_end());
        text.push('\n');
        if let Some(told) = &step.text {
            text.push_str(&wrapped(told, INDENT));
        }
        if let Some(who) = &step.told_by {
            let told = locale::fill(lang, "case.told_by", &[("who", who)]);
            text.push_str(&wrapped(&told, INDENT));
        }
    }
    heading(&mut text, lang, "shell.case.request");
    text.push_str(&wrapped(&sheet.case.request, INDENT));
    text
}

fn head(lang: Lang, sheet: &CaseSheet) -> String {
    let case = &sheet.case;
    let persons: Vec<String> =
        sheet.persons.iter().filter_map(|person| person.name.clone()).collect();
    let of = |id: Option<OfficerId>| id.map(|id| officer(sheet, id)).unwrap_or_default();
    let facts = [
        ("case.stage", locale::text(lang, &format!("stage.{}", sheet.stage.word()))),
        ("case.persons", persons.join(" ")),
        ("case.lead", of(case.lead)),
        ("case.holder", of(case.holder())),
    ];
    let rows: Vec<Vec<String>> = facts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(field, value)| vec![label(lang, field), value])
        .collect();
    let entries = sheet.entries.iter().map(|entry| roster::line(lang, entry));
    narrow(&rows.into_iter().chain(entries).collect::<Vec<_>>())
}

/// What comes next, each step with its article.
fn ahead(lang: Lang, sheet: &CaseSheet) -> Vec<Vec<String>> {
    let row = |next: ahead::Ahead| {
        let article = match next.article {
            "" => String::new(),
            article => locale::fill(lang, "row.article", &[("article", article)]),
        };
        vec![locale::text(lang, &format!("act.{}", next.act.word())), article]
    };
    ahead::steps(&sheet.case).into_iter().map(row).collect()
}

fn clock_row(lang: Lang, clock: &DeadlineView) -> Vec<String> {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let basis = if clock.basis.is_empty() { String::new() } else { format!("({})", clock.basis) };
    let mut standing = locale::text(lang, &format!("standing.{}", clock.standing.word()));
    if let Some(why) = &clock.why {
        let head = if clock.standing == Standing::NotStarted { "not_started" } else { "event" };
        standing = format!("{standing}: {}", locale::text(lang, &format!("{head}.{why}")));
    }
    if let Some(spent) = &clock.spent {
        let args = [("n", spent.n.to_string()), ("length", spent.length.to_string())];
        let key = format!("case.course.spent.{}", spent.unit);
        standing = format!("{standing} {}", locale::fill(lang, &key, &args));
    }
    if clock.provisional {
        standing.push(' ');
        standing.push_str(&locale::text(lang, "shell.case.provisional"));
    }
    let name = crate::cli::law::name(lang, (&clock.rule, clock.name.as_ref()));
    vec![format!("{name}{basis}"), day(clock.latest), standing]
}

/// What was done; of a paper which one, its number, and when, why and by whom it was voided.
fn deed(lang: Lang, sheet: &CaseSheet, step: &Step) -> String {
    let name = locale::text(lang, &format!("deed.{}", step.deed.word()));
    let Deed::PaperMade { paper, voided, voided_on, voided_by, .. } = &step.deed else {
        return name;
    };
    let title = locale::text(lang, &format!("choice.paper.{}", paper.word()));
    let title = match voided {
        Some(why) => {
            let by = voided_by.map(|by| officer(sheet, by)).unwrap_or_default();
            let day = voided_on.map(|on| on.to_string()).unwrap_or_default();
            let when = format!("{day} {by}").trim_end().to_owned();
            let args = [("paper", title), ("why", why.clone()), ("when", when)];
            locale::fill(lang, "case.voided", &args)
        }
        None => title,
    };
    let number = step.document.clone().unwrap_or_default();
    format!("{name} {title} {number}").trim_end().to_owned()
}

fn officer(sheet: &CaseSheet, id: OfficerId) -> String {
    sheet.officers.get(&id).cloned().unwrap_or_default()
}

fn heading(text: &mut String, lang: Lang, key: &str) {
    let name = locale::text(lang, key);
    let rule = COLUMNS.saturating_sub(name.width() + 4);
    text.push_str(&format!("-- {name} {}\n", "-".repeat(rule)));
}

/// A table whose lines are wrapped where they do not fit.
fn narrow(rows: &[Vec<String>]) -> String {
    table(rows).lines().map(|line| wrapped(line, 0)).collect()
}

/// A text in lines of the width of the page; a word that is longer than a line is cut.
fn wrapped(text: &str, indent: usize) -> String {
    let (room, margin) = (COLUMNS - indent, " ".repeat(indent));
    let mut out = String::new();
    for line in text.lines() {
        let (mut width, mut part) = (0, String::new());
        for word in line.split_word_bounds().flat_map(|word| pieces(word, room)) {
            if width + word.width() > room && width > 0 {
                out.push_str(&margin);
                out.push_str(part.trim_end());
                out.push('\n');
                (width, part) = (0, String::new());
            }
            // A blank at the head of a line is that of the break.
            if width > 0 || !word.trim().is_empty() || part.is_empty() && out.is_empty() {
                width += word.width();
                part.push_str(word);
            }
        }
        out.push_str(&margin);
        out.push_str(part.trim_end());
        out.push('\n');
    }
    out
}

/// A word in pieces that a line can hold.
fn pieces(word: &str, room: usize) -> Vec<&str> {
    if word.width() <= room { vec![word] } else { word.graphemes(true).collect() }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::{COLUMNS, wrapped};

    #[test]
    fn no_line_is_wider_than_the_page_and_nothing_is_lost() {
        let chinese = "村口的路灯坏了三个月，一直没有人修。".repeat(9);
        let word = "x".repeat(300);
        for text in [chinese.as_str(), "one two  three", word.as_str(), "第一行\n第二行", ""]
        {
            for indent in [0, 2] {
                let out = wrapped(text, indent);
                assert!(out.lines().all(|line| line.width() <= COLUMNS), "{out}");
                let bare = |text: &str| text.split_whitespace().collect::<String>();
                assert_eq!(bare(&out), bare(text));
            }
        }
    }
}
