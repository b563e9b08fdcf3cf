//! Every text that a person reads, by key, in both languages.
//!
//! The texts lie in sorted flat files, `key = text` a line, built in and searched in place: nothing is
//! parsed at start. `\n` in a text is a line break. A test checks that both languages have the same
//! keys, in order, with the same placeholders.

use memchr::{memchr, memrchr};

/// The languages of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// Chinese; the default.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The language of a word such as `zh`, `en` or `zh_CN.UTF-8`.
    pub fn parse(word: &str) -> Option<Self> {
        if word.starts_with("zh") {
            Some(Self::Zh)
        } else if word.starts_with("en") {
            Some(Self::En)
        } else {
            None
        }
    }
}

/// The files of a language: words of the ledger, of the shell commands, of the terminal program.
const ZH: [&str; 3] = [
    include_str!("../../data/locale/zh/ledger.txt"),
    include_str!("../../data/locale/zh/shell.txt"),
    include_str!("../../data/locale/zh/screen.txt"),
];
/// The same in English.
const EN: [&str; 3] = [
    include_str!("../../data/locale/en/ledger.txt"),
    include_str!("../../data/locale/en/shell.txt"),
    include_str!("../../data/locale/en/screen.txt"),
];

/// The files of a language, for tests and docs.
pub const fn files(lang: Lang) -> &'static [&'static str] {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

/// The text of a key, as it stands in the file; none if no file has it.
pub fn find(lang: Lang, key: &str) -> Option<&'static str> {
    files(lang).iter().find_map(|file| search(file, key))
}

/// The text of a key; the key itself if it is missing, so that a gap is seen and not hidden.
pub fn text(lang: Lang, key: &str) -> String {
    find(lang, key).map_or_else(|| key.to_owned(), |text| text.replace("\\n", "\n"))
}

/// The text of a key with `{name}` replaced by values.
pub fn fill<N: AsRef<str>, V: AsRef<str>>(lang: Lang, key: &str, args: &[(N, V)]) -> String {
    args.iter().fold(text(lang, key), |text, (name, value)| {
        text.replace(&format!("{{{}}}", name.as_ref()), value.as_ref())
    })
}

/// A value that a refusal names, in words: an act by its name, requirements by theirs.
pub fn said(lang: Lang, name: &str, value: &str) -> String {
    let words = |head: &str, gap: &str| {
        let words = value.split(' ').map(|word| text(lang, &format!("{head}{word}")));
        words.collect::<Vec<_>>().join(gap)
    };
    match name {
        "act" => words("act.", " "),
        "deed" => words("deed.", " "),
        "requirement" => words("requirement.", if lang == Lang::Zh { "\u{3001}" } else { ", " }),
        "requirements" => {
            let named = value.split(' ').map(|one| requirement(lang, one));
            named.collect::<Vec<_>>().join(if lang == Lang::Zh { "\u{3001}" } else { ", " })
        }
        "unit_of_law" => words("shell.unit.", " "),
        "field_of_law" => words("law.field.", " "),
        // Behind the word for whom to ask; where nobody is named, the word alone.
        "admins" if value.is_empty() => String::new(),
        "admins" => {
            let (head, gap) = if lang == Lang::Zh { ("", "\u{3001}") } else { (" ", ", ") };
            format!("{head}{}", value.lines().collect::<Vec<_>>().join(gap))
        }
        "faults" => value.lines().map(|line| fault(lang, line)).collect(),
        _ => value.to_owned(),
    }
}

/// A requirement of closing with the article on which it rests, if any.
fn requirement(lang: Lang, one: &str) -> String {
    let (word, article) = one.split_once(':').unwrap_or((one, ""));
    let name = text(lang, &format!("requirement.{word}"));
    match article {
        "" => name,
        article => format!("{name}({})", fill(lang, "row.article", &[("article", article)])),
    }
}

/// One of several refusals: its key and values, on a line of its own; what to do is said once.
fn fault(lang: Lang, line: &str) -> String {
    let mut parts = line.split('\t');
    let key = parts.next().unwrap_or_default();
    let args = parts.filter_map(|part| part.split_once('='));
    let args: Vec<_> = args.map(|(name, value)| (name, said(lang, name, value))).collect();
    let told = fill(lang, key, &args);
    let end = told.find(['\u{ff1b}', ';']).unwrap_or(told.len());
    format!("\n  {}", told.get(..end).unwrap_or(&told))
}

/// Halves the file until the line of the key is found.
fn search(file: &'static str, key: &str) -> Option<&'static str> {
    let (mut low, mut high) = (0, file.len());
    let bytes = file.as_bytes();
    while low < high {
        let middle = low + (high - low) / 2;
        let start = memrchr(b'\n', bytes.get(low..middle)?).map_or(low, |at| low + at + 1);
        let rest = bytes.get(start..)?;
        let line = file.get(start..start + memchr(b'\n', rest).unwrap_or(rest.len()))?;
        // No key has a space, so the first one ends it.
        let end = memchr(b' ', line.as_bytes()).unwrap_or(line.len());
        let (found, rest) = line.split_at(end);
        let Some(text) = rest.strip_prefix(" = ") else {
            return file.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
        };
        match found.cmp(key) {
            std::cmp::Ordering::Equal => return Some(text),
            std::cmp::Ordering::Less => low = start + line.len() + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Lang, files, find};

    fn keys(file: &str) -> Vec<&str> {
        file.lines().filter_map(|line| line.split_once(" = ").map(|(key, _)| key)).collect()
    }

    #[test]
    fn both_languages_have_the_same_keys_in_order() {
        for (zh, en) in files(Lang::Zh).iter().zip(files(Lang::En)) {
            assert_eq!(keys(zh), keys(en));
            assert!(keys(zh).is_sorted());
            assert_eq!(zh.lines().count(), keys(zh).len(), "every line is `key = text`");
        }
    }

    #[test]
    fn every_key_is_found_and_no_other() {
        for lang in [Lang::Zh, Lang::En] {
            for key in files(lang).iter().flat_map(|file| keys(file)) {
                assert!(find(lang, key).is_some(), "{key}");
            }
            assert_eq!(find(lang, "no.such.key"), None);
        }
    }
}
