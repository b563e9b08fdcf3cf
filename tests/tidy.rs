//! The one thing of the house style that a machine checks: which layer may import which, where each
//! outside package lives, and that a file opens with what it is and stays readable.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

use std::fs;
use std::path::{Path, PathBuf};

/// A layer and the layers that it may name, besides itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("locale", &[]),
    ("spell", &[]),
    ("api", &["domain"]),
    ("law", &["domain"]),
    ("store", &["domain"]),
    ("search", &["domain", "spell"]),
    ("demo", &["domain", "law"]),
    ("service", &["api", "demo", "domain", "law", "search", "store"]),
    ("exchange", &["api", "domain", "locale"]),
    ("link", &["api", "service"]),
    ("tui", &["api", "domain", "locale", "spell"]),
    ("cli", &["api", "demo", "domain", "exchange", "link", "locale", "service", "tui"]),
];

/// An outside package and the layers where it may be named.
const HOMES: &[(&str, &[&str])] = &[
    ("redb", &["store"]),
    ("age", &["store"]),
    ("ratatui", &["tui"]),
    ("crossterm", &["tui"]),
    ("ratatui_textarea", &["tui"]),
    ("unicode_segmentation", &["tui", "cli"]),
    ("unicode_linebreak", &["tui"]),
    ("unicode_width", &["tui", "cli", "exchange"]),
    ("unicode_normalization", &["domain", "tui"]),
    ("signal_hook", &["tui", "link", "cli"]),
    ("fuzzy_matcher", &["spell"]),
    ("pinyin", &["spell"]),
    ("memchr", &["locale", "spell", "search", "exchange"]),
    ("rustix", &["store", "link", "tui", "exchange", "cli"]),
    ("uzers", &["link", "cli"]),
    ("calamine", &["exchange"]),
    ("csv", &["exchange", "law"]),
    ("encoding_rs", &["exchange"]),
    ("rust_xlsxwriter", &["exchange"]),
    ("zip", &["exchange", "store"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("toml", &["law", "exchange"]),
    ("sha2", &["store", "exchange", "link", "cli"]),
    ("getrandom", &["store", "link", "cli", "tui", "exchange"]),
];

/// Layers in which nothing may fail by itself.
const PURE: &[&str] = &["domain", "law", "demo", "spell", "locale", "search", "api"];

/// Files that are one table or one list of plain shapes, which may be longer.
const TABLES: &[&str] = &["api/reply.rs", "api/request.rs", "domain/schema.rs", "tui/command.rs"];

/// Names of places and people that a file of the project has no reason to hold.
const STRAY: &[&str] = &["/work/", "../shared", "worktree", "TODO", "FIXME"];

struct Source {
    /// The path below `src`, with slashes.
    path: String,
    /// The whole text.
    text: String,
    /// Whether the whole file is tests.
    is_test: bool,
}

impl Source {
    /// The folder or file directly below `src`.
    fn layer(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// The lines of the program itself: without comments, and nothing from the tests on.
    fn code(&self) -> impl Iterator<Item = (usize, String)> {
        let program = match self.text.find("#[cfg(test)]\nmod tests {") {
            Some(end) => &self.text[..end],
            None => &self.text,
        };
        program.lines().enumerate().map(|(index, line)| (index + 1, without_comment(line)))
    }

    /// The modules that the file declares for tests alone, as paths below `src` without an end.
    fn test_modules(&self) -> Vec<String> {
        let own = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        let declared = self.text.split("#[cfg(test)]\n").skip(1);
        declared
            .filter_map(|rest| rest.trim_start_matches("pub ").strip_prefix("mod "))
            .filter_map(|rest| rest.split(['\n', ' ']).next()?.strip_suffix(';'))
            .map(|name| format!("{own}/{name}"))
            .collect()
    }
}

fn without_comment(line: &str) -> String {
    let (mut out, mut in_text, mut escaped) = (String::new(), false, false);
    let mut chars = line.chars().peekable();
    while let Some(char) = chars.next() {
        if !in_text && char == '/' && chars.peek() == Some(&'/') {
            break;
        }
        if char == '"' && !escaped && !out.ends_with('\'') {
            in_text = !in_text;
        }
        escaped = char == '\\' && !escaped;
        out.push(char);
    }
    out
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn collect(folder: &Path, end: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, end, found);
        } else if path.extension().is_some_and(|extension| extension == end) {
            found.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut files = Vec::new();
    collect(&src, "rs", &mut files);
    files.sort();
    let mut sources: Vec<Source> = files
        .into_iter()
        .map(|file| Source {
            path: file.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/"),
            text: fs::read_to_string(&file).unwrap(),
            is_test: false,
        })
        .collect();
    let tests: Vec<String> = sources.iter().flat_map(Source::test_modules).collect();
    for source in &mut sources {
        let own = source.path.trim_end_matches(".rs").trim_end_matches("/mod");
        source.is_test =
            tests.iter().any(|test| own == test || own.starts_with(&format!("{test}/")));
    }
    sources
}

/// The identifiers that stand directly after `head` in a line.
fn after<'a>(line: &'a str, head: &str) -> Vec<&'a str> {
    line.match_indices(head)
        .filter(|(at, _)| {
            !line[..*at].ends_with(|char: char| char.is_alphanumeric() || char == '_')
        })
        .map(|(at, _)| {
            let rest = &line[at + head.len()..];
            let end = rest.find(|char: char| !char.is_alphanumeric() && char != '_');
            &rest[..end.unwrap_or(rest.len())]
        })
        .collect()
}

#[test]
fn a_layer_names_only_the_layers_below_it() {
    let mut wrong = Vec::new();
    for source in sources() {
        let layer = source.layer().to_owned();
        let below: &[&str] = match LAYERS.iter().find(|(name, _)| *name == layer) {
            Some((_, below)) => below,
            None if ["main", "lib", "build"].contains(&layer.as_str()) => &["cli"],
            None => {
                wrong.push(format!("{}: no layer of that name", source.path));
                continue;
            }
        };
        for (number, line) in source.code() {
            let named = after(&line, "crate::").into_iter().chain(after(&line, "anjie::"));
            for name in named.filter(|name| !name.is_empty() && *name != layer) {
                if !below.contains(&name) {
                    wrong.push(format!("{}:{number} names {name}", source.path));
                }
            }
            if line.contains("crate::{") || line.contains("super::super") {
                wrong.push(format!("{}:{number} hides what it names", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_outside_package_has_one_home() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test) {
        for (number, line) in source.code() {
            for (package, homes) in HOMES {
                let head = format!("{package}::");
                let used = !after(&line, &head).is_empty()
                    || line.trim_start().starts_with(&format!("use {package};"));
                if used && !line.contains(&format!("::{head}")) && !homes.contains(&source.layer())
                {
                    wrong.push(format!("{}:{number} uses {package}", source.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_clock_of_the_service_reads_the_time() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test) {
        if source.path == "service/clock.rs" {
            continue;
        }
        for (number, line) in source.code() {
            if ["Utc::now", "Local::now", "SystemTime::now"].iter().any(|now| line.contains(now)) {
                wrong.push(format!("{}:{number} reads the time", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_rule_can_be_tested_by_calling_it() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| PURE.contains(&source.layer())) {
        for (number, line) in source.code() {
            let impure =
                ["std::fs", "std::net", "std::env", "std::process", "std::os", "std::thread"];
            if impure.iter().any(|path| line.contains(path)) {
                wrong.push(format!("{}:{number} reaches outside", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_people_read_stands_in_the_catalogue() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test) {
        for (number, line) in source.code() {
            if !line.is_ascii() {
                wrong.push(format!("{}:{number} holds a text", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_file_says_what_it_is_and_is_read_in_one_sitting() {
    let mut wrong = Vec::new();
    for source in sources() {
        let most = if TABLES.contains(&source.path.as_str()) { 800 } else { 500 };
        let n_lines = source.text.lines().count();
        if !source.is_test && !source.text.starts_with("//! ") {
            wrong.push(format!("{} does not say what it is", source.path));
        }
        if n_lines > most {
            wrong.push(format!("{} has {n_lines} lines", source.path));
        }
        if source.code().any(|(_, line)| line.contains("pub use ")) {
            wrong.push(format!("{} exports again what lives elsewhere", source.path));
        }
        let globs = source.code().filter(|(_, line)| line.trim_start().starts_with("use "));
        for (number, _) in globs.filter(|(_, line)| line.contains('*')) {
            wrong.push(format!("{}:{number} names everything", source.path));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_project_speaks_of_itself_alone() {
    let mut files = Vec::new();
    for folder in ["src", "tests", "docs", "data"] {
        for end in ["rs", "md", "txt", "toml", "csv"] {
            if root().join(folder).is_dir() {
                collect(&root().join(folder), end, &mut files);
            }
        }
    }
    files.retain(|file| !file.ends_with("tests/tidy.rs"));
    let mut wrong = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for word in STRAY.iter().filter(|word| text.contains(**word)) {
            wrong.push(format!("{} holds {word}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_map_of_the_house_is_the_house() {
    let map = fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    for (layer, below) in LAYERS {
        let head = format!("| `{layer}` | ");
        let row = map.lines().find(|line| line.starts_with(&head)).unwrap_or_default();
        let named = row.strip_prefix(&head).and_then(|rest| rest.split(" | ").next());
        let expected: Vec<String> = below.iter().map(|name| format!("`{name}`")).collect();
        let expected = if expected.is_empty() { "nothing".to_owned() } else { expected.join(", ") };
        assert_eq!(named, Some(expected.as_str()), "the row of {layer}");
    }
    let mut pages = Vec::new();
    collect(&root().join("docs"), "md", &mut pages);
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        let paths = text.split('`').filter(|word| {
            ["src/", "tests/", "data/"].iter().any(|head| word.starts_with(head))
                && !word.contains(' ')
        });
        for path in paths {
            assert!(root().join(path).exists(), "{} names {path}", page.display());
        }
    }
}

#[test]
fn the_unit_lets_the_server_see_who_its_clerks_are() {
    let unit = fs::read_to_string(root().join("data/systemd/anjie.service")).unwrap();
    let lines: Vec<&str> = unit.lines().filter(|line| !line.starts_with('#')).collect();
    for wanted in ["Type=notify", "StandardInput=socket", "User=anjie", "UMask=0077"] {
        assert!(lines.contains(&wanted), "{wanted} is missing");
    }
    assert!(!lines.iter().any(|line| line.starts_with("PrivateUsers=")), "all would be nobody");
    let serves = |line: &&str| line.starts_with("ExecStart=/usr/bin/anjie serve --data ");
    assert_eq!(lines.iter().filter(|line| serves(line)).count(), 1);
}
