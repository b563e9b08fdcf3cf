//! The keys as people read them, and the page `docs/keys.md`, from the command table.

use std::fmt::Write;

use crate::locale::{self, Lang};
use crate::tui::command::{COMMANDS, Command};
use crate::tui::key::Key;

/// A key as it stands on the keyboard: `F3`, `Ctrl+P`, `Esc`.
pub fn key_name(key: Key, lang: Lang) -> String {
    match key {
        Key::F(number) => format!("F{number}"),
        Key::Ctrl(char) => format!("Ctrl+{}", char.to_ascii_uppercase()),
        Key::Alt(char) => format!("Alt+{char}"),
        Key::Char(char) if char != ' ' => char.to_string(),
        named => {
            let key = format!("bar.key.{named}");
            locale::find(lang, &key).map_or_else(|| named.to_string(), str::to_owned)
        }
    }
}

/// The keys of a command, the one that the bar shows first; a run of keys as first and last.
pub fn key_names(command: &Command, lang: Lang) -> String {
    let names: Vec<String> = command.keys.iter().map(|key| key_name(*key, lang)).collect();
    match names.as_slice() {
        [first, .., last] if names.len() > 3 => format!("{first}..{last}"),
        _ => names.join(" "),
    }
}

/// The page of all commands, in both languages.
pub fn keys_page() -> String {
    let mut page = String::new();
    for (depth, lang) in [("#", Lang::Zh), ("#", Lang::En)] {
        let text = |key: &str| locale::text(lang, key);
        let gap = if page.is_empty() { "" } else { "\n" };
        let head = ["keys", "label", "what"].map(|name| text(&format!("help.page.{name}")));
        let [keys, label, what] = head;
        // Writing into a text does not fail.
        let _ = writeln!(
            page,
            "{gap}{depth} {}\n\n{}\n\n| {keys} | {label} | {what} |\n|---|---|---|",
            text("help.page.title"),
            text("help.page.intro"),
        );
        for command in COMMANDS {
            let names = key_names(command, lang);
            let keys = if names.is_empty() { text("help.menu") } else { format!("`{names}`") };
            let label = text(&command.label());
            let what = text(&format!("{}.help", command.label()));
            let _ = writeln!(page, "| {keys} | {label} | {what} |");
        }
    }
    page
}
